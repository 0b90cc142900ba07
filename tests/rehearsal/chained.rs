//! Where a rehearsal begins: from nothing, from a list of members, or where another one stood.

use jiff::tz::TimeZone;
use qunying::chat::{GatewayName, Lang, Moment};
use qunying::dry_run::members::{BadList, Columns, Home, Known};
use qunying::dry_run::report::Line;
use qunying::dry_run::world::{Failing, Fails, World};
use qunying::dry_run::{Input, Plan, Report, Show, Span, State, show};

use crate::stage::{inputs, shipped, tea};

const THREE_MONTHS: &str = "recordings/tea-friends.jsonl";

fn plan(from: Option<Moment>, to: Option<Moment>) -> Plan {
    let mut plan = Plan::new(shipped(), Show::Events, Lang::Zh);
    plan.span = Span { from, to };
    // Answers that come late and some that fail lie across every cut.
    plan.options.world = World {
        fails: vec![Fails {
            what: Failing::Send,
            parts: 50_000,
        }],
        latency: std::time::Duration::from_secs(40),
        ..World::default()
    };
    plan
}

fn file(state: &State) -> String {
    state.lines().map(|line| line + "\n").collect()
}

/// Effects and decisions, as JSON, in the order they were made.
fn made(reports: &[&Report]) -> Vec<String> {
    let mut lines: Vec<&Line> = reports.iter().flat_map(|report| &report.lines).collect();
    lines.retain(|line| !matches!(line, Line::Happened { .. }));
    lines.sort_by_key(|line| line.at());
    lines
        .iter()
        .map(|line| serde_json::to_string(line).expect("it serializes"))
        .collect()
}

#[test]
fn runs_chained_over_saved_states_are_one_run_to_the_byte() {
    let (all, _) = inputs(THREE_MONTHS);
    let (whole, end) = plan(None, None).run_on(None, all.clone());
    for cut in [7, 150, 151, 600, 1_111, 1_700, 2_100] {
        let at = Some(all[cut].time);
        let (first, stood) = plan(None, at).run_on(None, all.clone());
        let kept = file(&stood);
        let stood = State::read(kept.lines()).expect("it reads back");
        assert_eq!(file(&stood), kept);
        let (second, stands) = plan(at, None).run_on(Some(stood), all.clone());
        assert_eq!(made(&[&first, &second]), made(&[&whole]), "cut at {cut}");
        assert_eq!(file(&stands), file(&end), "cut at {cut}");
        // What waited across the cut is counted on both sides, and adds up on both.
        for rule in first.rules.iter().chain(&second.rules) {
            assert_eq!(
                rule.triggers,
                rule.fired + rule.merged + rule.held + rule.waiting,
                "{rule:?}"
            );
        }
        let waiting: u64 = first.rules.iter().map(|rule| rule.waiting).sum();
        let carried: u64 = second.rules.iter().map(|rule| rule.carried).sum();
        assert_eq!(waiting, carried);
    }
}

#[test]
fn a_state_that_is_none_is_refused_with_the_next_step() {
    let read = |text: &str| State::read(text.lines()).expect_err("it is refused").text(Lang::Zh);
    assert!(read("").contains("--save-state"));
    assert!(read("{\"rows\":1}\n").contains("--save-state"));
    assert!(read("{\"qunying_state\":99}\n").contains("格式是 99"));
    let (_, state) = plan(None, None).run_on(None, inputs(THREE_MONTHS).0.into_iter().take(50));
    let kept = file(&state);
    let (head, _) = kept.trim_end().rsplit_once('\n').expect("it has lines");
    assert!(read(head).contains("没有写完"));
    let lines = kept.lines().count();
    let lost: String = kept
        .lines()
        .enumerate()
        .filter(|(nth, _)| *nth != lines / 2)
        .map(|(_, line)| format!("{line}\n"))
        .collect();
    assert!(read(&lost).contains("没有写完"));
    let broken = kept.replacen("[\"", "[\"\u{1}", 1);
    assert!(read(&broken).contains("第 2 行"), "{}", read(&broken));
}

fn known(text: &str) -> Result<Vec<Known>, BadList> {
    let zone = TimeZone::get("Asia/Shanghai").expect("the zone is bundled");
    let gateway = GatewayName::new("shop");
    let home = Home {
        gateway: &gateway,
        zone: &zone,
    };
    let mut rows = text.lines().zip(1_u64..);
    let (first, _) = rows.next().expect("there is a heading");
    let columns = Columns::read(first.split(','))?;
    rows.map(|(row, line)| columns.row(line, &row.split(',').collect::<Vec<_>>(), home))
        .collect()
}

const WISHES: &str = r#"
[[rule]]
name = "wish"
on   = { birthday = "09:00" }
then = [ { say = "{{ who }} 生日快乐" } ]

[[rule]]
name   = "vote"
on     = { message = "改名" }
after  = "1h"
then   = [ { give = "thanks" }, { say = "谢谢" } ]

[coupon.thanks]
title = "谢谢券"
worth = "3.00"
valid = "7d"
limit = { per_person = 1, total = 100 }
"#;

fn said(id: &str, at: i64, who: &str, words: &str) -> Input {
    let event = format!(
        r#"{{"id":"{id}","at":{at},"what":{{"message":{{"group":"shop/1","from":"shop/{who}","name":"","message":"1","segments":[{{"text":"{words}"}}]}}}}}}"#
    );
    Input {
        time: Moment::from_millis(at),
        event: serde_json::from_str(&event).expect("an event"),
    }
}

/// Noon of 1 March 2026.
const NOON: i64 = 1_772_337_600_000;
const DAY: i64 = 24 * 3_600_000;

#[test]
fn members_of_a_list_are_there_from_the_first_moment() {
    let mut wishes = Plan::new(tea(WISHES), Show::Events, Lang::Zh);
    wishes.options.members = known("id,name,birthday,joined\n7,小明,3-2,2024-05-01\n8,小红,,").expect("a list");
    wishes.until = Some(Moment::from_millis(NOON + 2 * DAY));
    let (report, state) = wishes.run_on(None, [said("m", NOON, "9", "早")]);
    let text = show::text(&report, Lang::Zh);
    assert!(text.contains("群: 小明 生日快乐"), "{text}");
    assert!(text.contains("起点：2 位群友的名单"), "{text}");
    let member = state
        .community
        .member(&"shop/1".into(), &"shop/7".into())
        .expect("a member");
    assert_eq!(member.joined_at.map(Moment::millis), Some(1_714_492_800_000));
    assert_eq!(report.people, 3);
}

#[test]
fn a_bad_list_names_its_line() {
    let bad = |text: &str| known(text).expect_err("it is refused").text(Lang::Zh);
    assert!(bad("name\n小明").contains("id"));
    assert!(bad("id,积分\n1,2").contains("「积分」"));
    assert!(bad("id,birthday\n1,下个月").contains("第 2 行：「下个月」不是生日"));
    assert!(bad("id,joined\n1,2024-05-01\n2,昨天").contains("第 3 行：「昨天」不是日期"));
    assert!(bad("id,name\n1").contains("第 2 行：有 1 个字段"));
    assert!(bad("id,name\n,小明").contains("第 2 行：id 是空的"));
    // Columns may stand in any order and in Chinese, and an id may name its gateway.
    let list = known("生日,编号\n农历八月十五,qq/5").expect("a list");
    assert_eq!(list[0].person.as_str(), "qq/5");
    assert!(list[0].birthday.is_some());
}

#[test]
fn a_timer_that_stands_at_the_end_says_what_it_would_cost() {
    let report = Plan::new(tea(WISHES), Show::Summary, Lang::Zh).run([said("m", NOON, "9", "改名")]);
    let waits = report
        .pending
        .iter()
        .find(|line| line.cost.0 > 0)
        .expect("the coupon waits");
    assert_eq!(waits.cost.0, 300);
    assert!(show::text(&report, Lang::Zh).contains("若执行：¥3.00"));
}
