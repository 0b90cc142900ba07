//! Every send and every silence can be explained: the same reason, the values, and a change that was really tried.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use qunying::chat::{Lang, Moment, PersonId, RuleName};
use qunying::community::Community;
use qunying::dry_run::explain::question::{Question, group, person, rule};
use qunying::dry_run::explain::remedy::Outcome;
use qunying::dry_run::explain::trace::{Key, trace};
use qunying::dry_run::explain::{Explanation, Setup, explain, show, silence};
use qunying::dry_run::{Input, Ledger, Options, REHEARSAL_SECRET, Rehearsal, Show, What};
use qunying::engine::{Dice, Verdict, Weighed};
use qunying::playbook::Playbooks;

use crate::stage::{golden, inputs, shipped, tea};

const THREE_MONTHS: &str = "recordings/tea-friends.jsonl";
const ONE_DAY: &str = "recordings/onebot11-day.jsonl";

pub fn setup(books: Playbooks) -> Setup {
    Setup {
        books,
        dice: Dice::of(REHEARSAL_SECRET),
        options: Options::default(),
        community: Community::default(),
        until: None,
        lang: Lang::Zh,
    }
}

pub fn feeding(inputs: &[Input]) -> impl FnMut(&mut dyn FnMut(Input) -> ControlFlow<()>) {
    move |each| {
        for input in inputs {
            if each(input.clone()).is_break() {
                break;
            }
        }
    }
}

pub fn is_held(verdict: &Verdict) -> bool {
    !matches!(
        verdict,
        Verdict::Fired | Verdict::Deferred { .. } | Verdict::Merged | Verdict::Waits { .. }
    )
}

/// A playbook in which about everything is refused to somebody sooner or later.
fn refusing() -> Playbooks {
    tea(r#"
title = "处处设限"

[[rule]]
name = "常客"
on   = { contains = "茶" }
if   = "member.spoken >= 3 and person.orders >= 1"
once = "7d"
kind = "care"
then = [ { say = "{{ who }}，又来啦" } ]

[[rule]]
name  = "限次"
on    = { message = ["礼包", "领礼包", "领取礼包"], from = "member" }
limit = { count = "2 per day", per = "group" }
then  = [ { give = "small" }, { say = "{{ who }}，{{ coupon.title }}" } ]
otherwise = [ { say = "{{ who }}，{{ reason }}" } ]

[[rule]]
name   = "等一等"
on     = "joined"
gather = "1h"
after  = "2d"
then   = [ { say = "{{ who }} 住得惯吗" } ]

[[rule]]
name = "停用的"
on   = "joined"
off  = true
then = [ { say = "不会说" } ]

[[rule]]
name = "店员的话"
on   = { contains = "好", from = "staff" }
then = [ { say = "收到" } ]

[[rule]]
name = "推广"
on   = { contains = "好" }
kind = "promo"
then = [ { say = "今日特价", mention = true } ]

[[rule]]
name = "点名"
on   = { contains = ["了", "茶", "吗"] }
kind = "care"
then = [ { say = "好的", mention = true } ]

[coupon.small]
title = "小券"
worth = "10.00"
valid = "7d"
limit = { per_person = 1, total = 30, budget = "150.00 per month" }
"#)
}

/// All decisions of a run: the verdicts, and the keys they can be asked for with.
pub fn decisions(setup: &Setup, inputs: &[Input]) -> Vec<(Key, Weighed)> {
    let mut run = setup.begun(true);
    let mut all = Vec::new();
    for input in inputs {
        run.feed(&input.event, input.time, &mut |entry| {
            if let What::Verdict { verdict, .. } = entry.what {
                let told = entry.trail.iter().find(|weighing| {
                    weighing.rule == verdict.rule
                        && weighing.person == verdict.person
                        && weighing.verdict.as_ref() == Some(&verdict.verdict)
                });
                let told = told.unwrap_or_else(|| panic!("{verdict:?} was never asked about: {:?}", entry.trail));
                let known = rule(&setup.books, verdict.rule.as_str());
                assert!(known.is_ok() || verdict.verdict == Verdict::NoSuchRule, "{known:?}");
                if is_held(&verdict.verdict) {
                    let step = told
                        .stopped_by()
                        .unwrap_or_else(|| panic!("nothing says why: {told:?}"));
                    assert!(step.asked.accounts_for(&verdict.verdict), "{told:?}");
                    let key = Key {
                        event: entry.cause.clone(),
                        rule: verdict.rule.clone(),
                        person: verdict.person.clone(),
                    };
                    all.push((key, verdict.clone()));
                }
            }
        });
    }
    all
}

#[test]
fn every_suppressed_decision_is_explained_with_its_own_reason() {
    for (log, books) in [
        (THREE_MONTHS, shipped()),
        (THREE_MONTHS, refusing()),
        (ONE_DAY, shipped()),
        (ONE_DAY, refusing()),
    ] {
        let (inputs, _) = inputs(log);
        let suppressed = every_silence_is_explained(&setup(books), &inputs);
        println!("{log}: {suppressed} suppressed decisions");
    }
}

/// Asks `explain` about every suppressed decision of a run, of rules and of mechanics, and compares; tells how many.
pub fn every_silence_is_explained(setup: &Setup, inputs: &[Input]) -> usize {
    let held = decisions(setup, inputs);
    let keys: Vec<Key> = held.iter().map(|(key, _)| key.clone()).collect();
    let cases = trace(setup, None, &mut feeding(inputs), &keys);
    assert_eq!(cases.len(), held.len());
    for ((key, weighed), case) in held.iter().zip(&cases) {
        let case = case
            .as_ref()
            .unwrap_or_else(|| panic!("{key:?} does not come up again"));
        // A rule may be weighed twice for one event and person; then the last word counts.
        let last = held
            .iter()
            .rev()
            .find(|(other, _)| other == key)
            .map(|(_, weighed)| &weighed.verdict);
        assert!(
            case.weighing.verdict.as_ref() == last || !is_held(case.weighing.verdict.as_ref().expect("weighed")),
            "{key:?}: {weighed:?} but {case:?}"
        );
    }
    held.len()
}

#[test]
fn the_refusing_playbook_refuses_for_many_reasons() {
    let (inputs, _) = inputs(THREE_MONTHS);
    let setup = setup(refusing());
    let reasons: BTreeSet<&str> = decisions(&setup, &inputs)
        .iter()
        .map(|(_, weighed)| weighed.verdict.word())
        .collect();
    for expected in [
        "already_had",
        "condition_false",
        "cooling_down",
        "gone",
        "group_full",
        "limit_reached",
        "mentioned_enough",
        "nobody_there",
        "off",
        "sold_out",
        "budget_spent",
        "too_much_promo",
    ] {
        if !reasons.contains(expected) {
            println!("never: {expected}");
        }
    }
    assert!(reasons.len() >= 10, "{reasons:?}");
}

#[test]
fn asking_changes_nothing() {
    let (inputs, _) = inputs(THREE_MONTHS);
    let fingerprint = |probe: bool| {
        let options = Options {
            probe,
            ..Options::default()
        };
        let mut run = Rehearsal::new(shipped(), Dice::of(REHEARSAL_SECRET), options);
        let mut ledger = Ledger::new(Show::Summary, Lang::Zh);
        for input in &inputs {
            run.feed(&input.event, input.time, &mut |entry| ledger.take(&entry));
        }
        ledger.close(&run).fingerprint
    };
    assert_eq!(fingerprint(true), fingerprint(false));
}

fn answer(setup: &Setup, inputs: &[Input], ask: (&str, Option<&str>, Option<(Moment, Moment)>)) -> Explanation {
    let (name, who, at) = ask;
    let mut feed = feeding(inputs);
    let who = who.map(|who| person(setup, &mut feed, who).expect("somebody is called so"));
    let question = Question {
        event: None,
        rule: Some(rule(&setup.books, name).expect("there is such a rule")),
        who,
        at,
    };
    explain(setup, &mut feed, &question).expect("there is an answer")
}

#[test]
fn explanations_as_they_are_read() {
    let (inputs, _) = inputs(THREE_MONTHS);
    for (lang, file) in [(Lang::Zh, "explain.zh.txt"), (Lang::En, "explain.en.txt")] {
        let mut said = String::new();
        for (books, rules) in [
            (
                shipped(),
                vec![
                    ("欢迎新人", None),
                    ("领礼包", None),
                    ("群规", Some("星桥77")),
                    ("生日祝福", None),
                ],
            ),
            (
                refusing(),
                vec![
                    ("常客", None),
                    ("限次", None),
                    ("等一等", None),
                    ("停用的", None),
                    ("推广", None),
                ],
            ),
        ] {
            let mut setup = setup(books);
            setup.lang = lang;
            let zone = setup.books.house.zone.clone();
            for (rule, who) in rules {
                said.push_str(&show::text(&answer(&setup, &inputs, (rule, who, None)), lang, &zone));
                said.push_str("────\n");
            }
        }
        golden(file, &said);
    }
}

#[test]
fn a_silence_is_ranked() {
    let (inputs, _) = inputs(THREE_MONTHS);
    for (lang, file) in [(Lang::Zh, "silence.zh.txt"), (Lang::En, "silence.en.txt")] {
        let setup = setup(refusing());
        let zone = setup.books.house.zone.clone();
        let day = |month, day| Moment::start_of(jiff::civil::date(2026, month, day), &zone);
        let span = silence::Span {
            from: day(4, 1),
            until: day(4, 8),
            group: Some(group(&setup, &mut feeding(&inputs), "山野茶社客友群").expect("there is one")),
        };
        let silence = silence::silence(&setup, &mut feeding(&inputs), &span);
        golden(file, &silence.text(lang, &zone));
    }
}

const GREETING: &str = r#"
[[rule]]
name = "greet"
on   = "joined"
once = "ONCE"
then = [ { say = "欢迎 {{ who }}" } ]
"#;

/// What is promised of a change holds when the operator writes it.
#[test]
fn a_change_that_helps_helps_when_it_is_written() {
    let (inputs, _) = inputs(THREE_MONTHS);
    let written = |once: &str| setup(tea(&GREETING.replace("ONCE", once)));
    let explanation = answer(&written("30d"), &inputs, ("greet", None, None));
    let explained = explanation.cases.first().expect("somebody came twice within a month");
    let helps: Vec<_> = explained
        .tried
        .iter()
        .filter(|tried| matches!(tried.outcome, Outcome::Fires { .. }))
        .collect();
    assert_eq!(helps.len(), 2, "{:?}", explained.tried);
    assert_eq!(helps[0].edit.written(Lang::En), "cooldown = \"14d\"");
    let keys = [explained.case.key.clone()];
    let case = trace(&written("14d"), None, &mut feeding(&inputs), &keys)
        .remove(0)
        .expect("it comes up");
    assert!(case.fired());
    let case = trace(&written("30d"), None, &mut feeding(&inputs), &keys)
        .remove(0)
        .expect("it comes up");
    assert!(!case.fired());
}

#[test]
fn a_near_miss_tells_by_how_much() {
    let (inputs, _) = inputs(THREE_MONTHS);
    let books = tea(r#"
[[rule]]
name = "vip"
on   = { message = "礼包" }
if   = "member.spoken >= 100 or person.spend > 1000 and not member.here"
then = [ { say = "贵客" } ]
"#);
    let setup = setup(books);
    let text = show::text(
        &answer(&setup, &inputs, ("vip", None, None)),
        Lang::Zh,
        &setup.books.house.zone,
    );
    assert!(text.contains("≥ 100，差 "), "{text}");
    assert!(text.contains("或 person.spend > 1000：0 > 1000，差 1000"), "{text}");
    assert!(text.contains("✓ 去掉 if"), "{text}");
}

#[test]
fn a_rule_nothing_came_near_is_explained_all_the_same() {
    let (inputs, _) = inputs(THREE_MONTHS);
    let books = tea("[[rule]]\nname = \"never\"\non = { message = \"没人会说的话\" }\nthen = [ { say = \"好\" } ]\n");
    let setup = setup(books);
    let text = show::text(
        &answer(&setup, &inputs, ("never", None, None)),
        Lang::Zh,
        &setup.books.house.zone,
    );
    assert!(
        text.contains("✗ 话对得上：它等的是 有人说「没人会说的话」    → 没有触发"),
        "{text}"
    );
    assert!(text.contains("✓ on = { message = … } 里加上"), "{text}");
}

#[test]
fn names_that_fit_nobody_or_several_are_said() {
    let (inputs, _) = inputs(THREE_MONTHS);
    let setup = setup(shipped());
    assert_eq!(rule(&setup.books, "领礼包"), Ok(RuleName::new("welcome/领礼包")));
    let nobody = rule(&setup.books, "领礼").expect_err("there is none");
    assert_eq!(nobody.text(Lang::Zh), "剧本里没有规则「领礼」；是不是「领礼包」？");
    let mut feed = feeding(&inputs);
    assert_eq!(person(&setup, &mut feed, "shop/10184"), Ok(PersonId::new("shop/10184")));
    assert!(person(&setup, &mut feed, "nobody is called so").is_err());
}

#[test]
fn a_mark_that_was_not_reached_tells_by_how_much() {
    let (inputs, _) = inputs(THREE_MONTHS);
    let books = tea(r#"
[[rule]]
name = "earn"
on   = { message = "礼包" }
then = [ { points = 30 } ]

[[rule]]
name = "hundred"
on   = { reaches = "points", mark = [100000, 100] }
once = "ever"
then = [ { say = "{{ who }} 满 {{ mark }}" } ]

[[rule]]
name = "thousand"
on   = { reaches = "points", mark = [1000, 2000] }
then = [ { say = "{{ who }} 满 {{ mark }}" } ]
"#);
    let setup = setup(books);
    let zone = &setup.books.house.zone;
    for (rule, zh, en) in [
        (
            "thousand",
            "✗ 够数：有 30，下一档 1000，差 970",
            "✗ mark: 30 of 1000, 970 short",
        ),
        (
            "hundred",
            "✗ 够数：有 30，下一档 100，差 70",
            "✗ mark: 30 of 100, 70 short",
        ),
    ] {
        let explained = answer(&setup, &inputs, (rule, None, None));
        let text = show::text(&explained, Lang::Zh, zone);
        assert!(text.contains(zh), "{text}");
        let text = show::text(&explained, Lang::En, zone);
        assert!(text.contains(en), "{text}");
    }
}
