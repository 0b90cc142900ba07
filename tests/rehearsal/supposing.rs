//! What if: sends fail, the process is down, the gateway is slow; the same at another time; the same with other dice; and
//! what nobody can know once the recording has ended.

use std::time::Duration;

use qunying::chat::{Event, Fen, Lang, Moment, PersonId};
use qunying::dry_run::effects::Who;
use qunying::dry_run::report::Line;
use qunying::dry_run::runs::Making;
use qunying::dry_run::world::{Failing, Fails, Outage, PARTS};
use qunying::dry_run::{AsIf, Input, Plan, Report, Show, show};
use qunying::engine::Verdict;
use qunying::playbook::Playbooks;

use crate::stage::{inputs, shipped, tea};

const THREE_MONTHS: &str = "recordings/tea-friends.jsonl";

/// Noon of 1 March 2026, a Sunday.
const NOON: i64 = 1_772_337_600_000;
const HOUR: i64 = 3_600_000;

fn at(millis: i64, id: &str, what: &str) -> Input {
    let event: Event =
        serde_json::from_str(&format!(r#"{{"id":"{id}","at":{millis},"what":{what}}}"#)).expect("an event");
    Input {
        time: Moment::from_millis(millis),
        event,
    }
}

fn says(millis: i64, who: &str, words: &str) -> Input {
    let what = format!(
        r#"{{"message":{{"group":"shop/1","from":"shop/{who}","name":"{who}","message":"{millis}","segments":[{{"text":"{words}"}}]}}}}"#
    );
    at(millis, &format!("m{who}{millis}"), &what)
}

fn joins(millis: i64, who: &str) -> Input {
    let what = format!(
        r#"{{"joined":{{"group":"shop/1","person":"shop/{who}","name":"{who}","how":"unknown","by":null,"inferred":false}}}}"#
    );
    at(millis, &format!("j{who}{millis}"), &what)
}

fn plan(books: Playbooks) -> Plan {
    Plan::new(books, Show::Events, Lang::Zh)
}

/// When each effect reached somebody, in minutes after noon.
fn reached(report: &Report) -> Vec<i64> {
    let effects = report.lines.iter().filter_map(|line| match line {
        Line::Effect(effect) => Some((effect.at.millis() - NOON) / 60_000),
        _ => None,
    });
    effects.collect()
}

fn reasons(report: &Report, word: &str) -> u64 {
    let of = |it: &&qunying::dry_run::report::closing::ReasonLine| it.reason == word;
    report
        .rules
        .iter()
        .flat_map(|rule| &rule.reasons)
        .filter(of)
        .map(|it| it.times)
        .sum()
}

const BOOK: &str = r#"
[[rule]]
name = "greet"
on   = "joined"
late = "30m"
then = [ { say = "欢迎 {{ who }}" } ]

[[rule]]
name  = "later"
on    = "joined"
after = "1h"
late  = "30m"
then  = [ { say = "{{ who }} 住得惯吗" } ]

[[rule]]
name = "rename"
on   = { message = "改名" }
then = [ { rename_group = "新名" }, { say = "改好了" } ]
"#;

#[test]
fn what_happens_while_the_process_is_down_is_heard_late() {
    let mut down = plan(tea(BOOK));
    down.options.world.outages = vec![Outage {
        from: Moment::from_millis(NOON),
        until: Moment::from_millis(NOON + 2 * HOUR),
    }];
    // The second comes within half an hour of the end, and the first waits for a timer that falls into the outage.
    let report = down.run([
        joins(NOON - HOUR / 2, "早到"),
        joins(NOON + HOUR, "错过"),
        joins(NOON + 105 * 60_000, "赶上"),
        says(NOON + 4 * HOUR, "早到", "好"),
    ]);
    assert_eq!(reached(&report), [-30, 120, 180], "{}", show::text(&report, Lang::Zh));
    assert_eq!(reasons(&report, "too_late"), 3);
    assert_eq!(report.inputs, 4);
}

#[test]
fn an_outage_holds_back_what_was_due_in_it() {
    // Greeted in quiet hours, due at eight, and at eight the process is down.
    let mut down = plan(tea(
        "[[rule]]\nname = \"greet\"\non = \"joined\"\nkind = \"care\"\nthen = [ { say = \"欢迎\" } ]\n",
    ));
    let eight = NOON + 20 * HOUR;
    down.options.world.outages = vec![Outage {
        from: Moment::from_millis(eight - HOUR),
        until: Moment::from_millis(eight + HOUR),
    }];
    let report = down.run([joins(NOON + 12 * HOUR, "夜里"), says(eight + 2 * HOUR, "夜里", "早")]);
    assert_eq!(reached(&report), [21 * 60]);
}

#[test]
fn a_slow_gateway_answers_later_and_members_see_it_later() {
    let run = |seconds| {
        let mut slow = plan(tea(BOOK));
        slow.options.world.latency = Duration::from_secs(seconds);
        slow.run([says(NOON, "小明", "改名"), says(NOON + HOUR, "小明", "好")])
    };
    assert_eq!(reached(&run(0)), [0, 0]);
    // The words wait for the rename to be done: twice as late.
    assert_eq!(reached(&run(120)), [2, 4]);
    // Nothing of that was put off to the morning.
    assert_eq!(run(120).speech.deferred, 0);
}

#[test]
fn sends_fail_as_often_as_asked_and_the_same_ones_again() {
    let run = |parts, seed: &str| {
        let mut failing = plan(shipped()).seeded(seed);
        failing.options.world.fails = vec![Fails {
            what: Failing::Send,
            parts,
        }];
        failing.run(inputs(THREE_MONTHS).0)
    };
    let plain = plan(shipped()).seeded("甲").run(inputs(THREE_MONTHS).0);
    assert_eq!(run(0, "甲").fingerprint, plain.fingerprint);
    let some = run(100_000, "甲");
    assert_eq!(some.fingerprint, run(100_000, "甲").fingerprint);
    assert_ne!(some.fingerprint, plain.fingerprint);
    let sent = some.speech.said + some.speech.whispered + some.speech.told_staff;
    let share = some.failed_sends * 1000 / (some.failed_sends + sent);
    assert!((70..=130).contains(&share), "{share} of a thousand");
    let all = run(PARTS, "甲");
    assert_eq!((all.speech.said, all.speech.told_staff), (0, 0));
    assert!(show::text(&all, Lang::Zh).contains("✗ 未送达"));
    // What cannot be said is given all the same.
    assert_eq!(all.ceiling, plain.ceiling);
}

#[test]
fn a_recording_is_moved_by_whole_weeks_or_to_the_very_day() {
    let wish = "[[rule]]\nname = \"wish\"\non = { birthday = \"09:00\" }\nthen = [ { say = \"{{ who }} 生日快乐\" } ]\n[birthday]\nwords = [\"生日\"]\n";
    let told = [
        says(NOON, "小明", "生日 农历三月三"),
        says(NOON + 90 * 24 * HOUR, "小明", "再见"),
    ];
    let as_if = |as_if| {
        let mut moved = plan(tea(wish));
        moved.as_if = Some(as_if);
        moved.run(told.clone())
    };
    let date = |text: &str| text.parse().expect("a date");
    // The third of the third lunar month: 2026-04-19, 2025-03-31.
    let weeks = as_if(AsIf::Weeks(date("2025-02-25")));
    assert_eq!(weeks.moved_days, Some(-52 * 7));
    let text = show::text(&weeks, Lang::Zh);
    assert!(text.contains("2025-03-02"), "{text}");
    assert!(text.contains("2025-03-31"), "{text}");
    assert!(text.contains("星期几不变"), "{text}");
    let days = as_if(AsIf::Days(date("2025-02-25")));
    let text = show::text(&days, Lang::Zh);
    assert!(text.contains("2025-02-25") && text.contains("星期几变了"), "{text}");
    assert!(text.contains("2025-03-31"), "{text}");
    // The same local times of day.
    assert!(text.contains("12:00     小明: 生日"), "{text}");
    let beyond = as_if(AsIf::Weeks(date("2090-01-01")));
    assert_eq!(beyond.unknown_year.map(|it| it.year), Some(2090));
}

const DRAWN: &str = r#"
[[rule]]
name = "name"
on   = { message = "起名" }
then = [ { open_vote = "group-name" } ]

[vote.group-name]
about    = "group"
open     = ["给群起名"]
nominate = "起名字"
ballot   = "投"
open_for = "1d"
quorum   = "50%"
then     = [ { rename_group = "{{ winner }}" }, { say = "改好了" } ]

[[rule]]
name = "thanks"
on   = { fact = "vote.closed" }
then = [ { say = "谢谢大家" } ]
"#;

#[test]
fn a_vote_that_closes_after_the_recording_has_no_outcome() {
    let mut beyond = plan(tea(DRAWN));
    beyond.until = Some(Moment::from_millis(NOON + 3 * 24 * HOUR));
    let report = beyond.run([
        joins(NOON - HOUR, "小明"),
        joins(NOON - HOUR, "小红"),
        says(NOON, "小明", "起名"),
        says(NOON + 1000, "小明", "起名字 山野茶友"),
        says(NOON + 2000, "小红", "投1"),
        says(NOON + 3000, "小明", "投1"),
    ]);
    let text = show::text(&report, Lang::Zh);
    assert!(text.contains("演练看不到：要看群友怎么做"), "{text}");
    assert!(!text.contains("改群名") && !text.contains("谢谢大家"), "{text}");
    assert_eq!((report.votes.won, report.votes.failed), (0, 0));
    let unknown = report.lines.iter().filter(
        |line| matches!(line, Line::Decided(it) if matches!(it.verdict, Verdict::NoEvidence { .. }) && it.projected),
    );
    assert_eq!(unknown.count(), 1);
    for rule in &report.rules {
        assert_eq!(
            rule.triggers,
            rule.fired + rule.merged + rule.held + rule.waiting,
            "{rule:?}"
        );
    }
}

#[test]
fn many_runs_show_what_chance_does() {
    let book = r#"
[[rule]]
name = "greet"
on   = "joined"
then = [ { say = ["甲 {{ who }}", "乙 {{ who }}"] }, { give = "small" } ]

[coupon.small]
title = "小券"
worth = "1.00"
valid = "7d"
limit = { per_person = 1, total = 100 }
"#;
    let mut making = Making::default();
    for run in 0..5 {
        let told = [joins(NOON, "小明"), joins(NOON + 1, "小红")];
        making.add(&plan(tea(book)).seeded(&run.to_string()).run(told));
    }
    let runs = making.done().expect("there were runs");
    assert_eq!((runs.runs, runs.certain), (5, 2));
    assert!(runs.chances.is_empty());
    assert_eq!((runs.cost.min, runs.cost.max), (runs.cost.median, runs.cost.median));
}

#[test]
fn a_known_distribution_comes_out_as_it_went_in() {
    let base = plan(tea("")).run([joins(NOON, "小明"), joins(NOON + 1, "小红")]);
    let who = |name: &str| Who {
        id: PersonId::new(format!("log/{name}")),
        name: name.to_owned(),
    };
    let mut making = Making::default();
    // 小明 is given 3 yuan in every fourth run, 小红 one yuan in each, 小蓝 in the last one alone.
    for run in 0..20_i64 {
        let mut report = base.clone();
        let mut given = vec![("小红", 100)];
        given.extend((run % 4 == 0).then_some(("小明", 300)));
        given.extend((run == 19).then_some(("小蓝", 5_000)));
        report.ceiling = Fen(given.iter().map(|(_, worth)| worth).sum());
        report.speech.said = u64::try_from(run).unwrap();
        report.received = given
            .into_iter()
            .map(|(name, worth)| (who(name).id.clone(), (who(name), Fen(worth))))
            .collect();
        making.add(&report);
    }
    let runs = making.done().expect("there were runs");
    assert_eq!((runs.runs, runs.certain), (20, 1));
    assert_eq!(
        (runs.cost.min, runs.cost.median, runs.cost.max),
        (Fen(100), Fen(100), Fen(5_100))
    );
    assert_eq!((runs.said.min, runs.said.median, runs.said.max), (0, 10, 19));
    let chances: Vec<_> = runs
        .chances
        .iter()
        .map(|it| {
            (
                it.who.name.as_str(),
                it.given_in,
                it.permille,
                it.worth.median,
                it.worth.max,
            )
        })
        .collect();
    assert_eq!(
        chances,
        [("小明", 5, 250, Fen(0), Fen(300)), ("小蓝", 1, 50, Fen(0), Fen(5_000))]
    );
}

#[test]
fn coupons_taken_back_cost_nothing() {
    let book = r#"
[[rule]]
name = "pack"
on   = { message = "礼包", from = "anyone" }
then = [ { give = "small" } ]

[[rule]]
name = "back"
on   = { message = "退券", from = "anyone" }
then = [ { take = "small" } ]

[coupon.small]
title = "小券"
worth = "3.00"
valid = "7d"
limit = { per_person = 5, total = 100 }
"#;
    let told = [
        says(NOON, "小明", "礼包"),
        says(NOON + 1, "小红", "礼包"),
        says(NOON + 2, "小明", "退券"),
    ];
    let report = plan(tea(book)).run(told);
    let line = &report.coupons[0];
    assert_eq!((line.given, line.taken_back, line.worth_back), (2, 1, Fen(300)));
    assert_eq!((line.ceiling, report.ceiling), (Fen(300), Fen(300)));
    let text = show::text(&report, Lang::Zh);
    assert!(text.contains("小券 2×¥3.00（收回 1 张 ¥3.00，余 ¥3.00）"), "{text}");
    let text = show::text(&report, Lang::En);
    assert!(text.contains("(1 taken back, ¥3.00; ¥3.00 left)"), "{text}");
}

#[test]
fn the_bots_own_account_is_read_by_its_name() {
    let own = r#"{"message":{"group":"shop/1","from":"shop/wxid_boss","name":"老板娘","message":"m1","segments":[{"text":"大家好"}],"own":true}}"#;
    let joined = r#"{"joined":{"group":"shop/1","person":"shop/ming","name":"小明","how":"invited","by":"shop/wxid_boss","inferred":false}}"#;
    let told = [at(NOON, "own", own), at(NOON + 1, "joined", joined)];
    let text = show::text(&plan(tea("")).run(told), Lang::Zh);
    assert!(text.contains("小明 进群 邀请人 老板娘"), "{text}");
}
