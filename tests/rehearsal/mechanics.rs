//! What a vote, an event, telling a birthday and redeeming decide is explained as a rule is: what was asked, each
//! condition with its values, the first that was not met, and a change that was really tried.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use qunying::chat::{Event, Lang, Moment};
use qunying::dry_run::Input;
use qunying::dry_run::explain::question::{Question, rule};
use qunying::dry_run::explain::remedy::Outcome;
use qunying::dry_run::explain::{Explanation, Setup, explain, show};
use qunying::engine::{Asked, Verdict};

use crate::explaining::{decisions, every_silence_is_explained, feeding, setup};
use crate::stage::{golden, tea};

/// A playbook whose mechanics refuse whatever can be refused.
const STRICT: &str = r#"
[vote.name]
about = "group"
open  = ["起群名"]
callers = 2
nominate = ["提名"]
ballot = ["投"]
count = ["票数"]
nominate_for = "6h"
open_for = "1d"
quorum = 2
tie = "nobody"
length = [2, 4]
per_member = 1
forbidden = ["第一"]
then = [ { rename_group = "{{ winner }}" } ]

[event.tea]
title = "品茶会"
tease = "3d"
remind = "1h"
lasts = "2h"
review = "1h"
sign_up = { join = ["报名"], leave = ["取消报名"], list = ["名单"], capacity = 3, waiting = false, seats_each = 2 }

[[rule]]
name = "开团"
on   = { message = "开团" }
then = [ { open_event = "tea", starts_in = "1d" } ]

[birthday]
words = ["我生日"]
corrections = 1

[redemption]
words = ["核销"]
undo  = ["撤销核销"]
ask   = ["我的券"]

[coupon.small]
title = "小券"
worth = "5.00"
min_spend = "20.00"
valid = "2d"
alone = true
limit = { total = 500 }

[coupon.big]
title = "大券"
worth = "9.00"
valid = "9d"
limit = { total = 500 }

[[rule]]
name = "礼包"
on   = { message = "礼包" }
then = [ { give = "small" } ]

[[rule]]
name = "大礼包"
on   = { message = "大礼包" }
then = [ { give = "big" } ]
"#;

const START: i64 = 1_772_323_200_000;

fn said(nth: usize, who: u32, at: i64, segments: &str) -> Input {
    let event: Event = serde_json::from_str(&format!(
        r#"{{"id":"shop/e{nth}","at":{at},"what":{{"message":{{"group":"shop/1","from":"shop/{who}","name":"客{who}","message":"{nth}","segments":[{segments}]}}}}}}"#
    ))
    .expect("an event");
    let time = Moment::from_millis(at);
    Input { event, time }
}

fn words(nth: usize, who: u32, at: i64, words: &str) -> Input {
    said(nth, who, at, &format!(r#"{{"text":"{words}"}}"#))
}

fn came(nth: usize, who: u32, at: i64, joins: bool) -> Input {
    let what = match joins {
        true => format!(
            r#"{{"joined":{{"group":"shop/1","person":"shop/{who}","name":"客{who}","how":"unknown","by":null,"inferred":false}}}}"#
        ),
        false => {
            format!(r#"{{"left":{{"group":"shop/1","person":"shop/{who}","how":"left","by":null,"inferred":false}}}}"#)
        }
    };
    let event: Event =
        serde_json::from_str(&format!(r#"{{"id":"shop/e{nth}","at":{at},"what":{what}}}"#)).expect("an event");
    let time = Moment::from_millis(at);
    Input { event, time }
}

/// What may be said, by anybody, in any order.
const SAYINGS: [&str; 31] = [
    "起群名",
    "提名 山野",
    "提名 山野",
    "提名 半日闲",
    "提名 第一茶",
    "提名 一个太长太长的名字",
    "投1",
    "投2",
    "投9",
    "票数",
    "开团",
    "报名",
    "报名 2",
    "报名 5",
    "取消报名",
    "名单",
    "我生日3月5日",
    "我生日3月5日",
    "我生日4月1日",
    "我生日5月2日",
    "我生日2月30日",
    "礼包",
    "大礼包",
    "我的券",
    "核销",
    "核销 ABC123",
    "撤销核销 ABC123",
    "提名 小满",
    "提名 白露",
    "起群名",
    "提名 谷雨",
];

fn history() -> impl Strategy<Value = Vec<(u8, u8, u32)>> {
    proptest::collection::vec((0_u8..48, 0_u8..6, 0_u32..7_200), 1..100)
}

fn played(history: Vec<(u8, u8, u32)>) -> Vec<Input> {
    let mut at = START;
    // The vote is open and the event announced from the beginning, so that there is something to refuse.
    let mut inputs = vec![words(1_000, 9_001, at, "起群名"), words(1_001, 9_001, at, "开团")];
    for (nth, (what, who, gap)) in history.into_iter().enumerate() {
        at += i64::from(gap) * 1_000;
        // One in six is staff.
        let (whom, who) = (
            100 + u32::from(what % 5),
            if who == 5 { 9_001 } else { 100 + u32::from(who) },
        );
        inputs.push(match what {
            31..=33 => came(nth, who, at, true),
            34 => came(nth, who, at, false),
            35..=42 => {
                let bill = if what % 2 == 0 { " 25" } else { "" };
                let staff = if what == 35 { who } else { 9_001 };
                said(
                    nth,
                    staff,
                    at,
                    &format!(r#"{{"text":"核销 "}},{{"mention":"shop/{whom}"}},{{"text":"{bill}"}}"#),
                )
            }
            43 => said(
                nth,
                9_001,
                at,
                &format!(r#"{{"text":"核销 "}},{{"mention":"shop/{whom}"}},{{"text":" 小券 9"}}"#),
            ),
            44..=47 => said(
                nth,
                9_001,
                at,
                &format!(r#"{{"text":"撤销核销 "}},{{"mention":"shop/{whom}"}}"#),
            ),
            what => words(nth, who, at, SAYINGS[usize::from(what)]),
        });
    }
    inputs
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_a_mechanic_refuses_is_explained_with_its_own_reason(history in history()) {
        every_silence_is_explained(&setup(tea(STRICT)), &played(history));
    }
}

/// The random histories do meet the conditions: over a few hundred messages nearly every one is missed by somebody.
#[test]
fn every_condition_is_missed_by_somebody() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut missed = BTreeSet::new();
    for _ in 0..40 {
        let history = history().new_tree(&mut runner).expect("a history").current();
        let held = decisions(&setup(tea(STRICT)), &played(history));
        missed.extend(held.into_iter().filter_map(|(_, weighed)| match weighed.verdict {
            Verdict::Refused(term) => serde_json::to_value(&term).ok()?["term"].as_str().map(str::to_owned),
            _ => None,
        }));
    }
    for term in [
        "nominations_until",
        "length",
        "wholesome",
        "new_name",
        "names_each",
        "listed",
        "wishes",
        "quorum",
        "not_yet_in",
        "seats_each",
        "room",
        "signed_up",
        "day",
        "new_day",
        "corrections",
        "named",
        "known",
        "min_spend",
        "one_kind",
    ] {
        assert!(missed.contains(term), "nobody missed {term}: {missed:?}");
    }
}

/// A few days in which everything is refused to somebody once.
fn days() -> Vec<Input> {
    let minute = 60_000;
    let hour = 60 * minute;
    let day = 24 * hour;
    let mut inputs = Vec::new();
    let mut put = |who: u32, at: i64, text: &str| inputs.push(words(inputs.len(), who, START + at, text));
    put(101, 0, "早");
    put(102, minute, "早");
    put(101, 2 * minute, "起群名");
    put(9_001, 3 * minute, "起群名");
    put(101, 4 * minute, "提名 山野茶友会所");
    put(101, 5 * minute, "提名 第一茶");
    put(101, 6 * minute, "提名 山野");
    put(102, 7 * minute, "提名 山野");
    put(101, 8 * minute, "提名 半日闲");
    put(102, 9 * minute, "投7");
    put(102, 7 * hour, "提名 小满");
    put(102, 8 * hour, "投1");
    put(101, day + hour, "开团");
    put(101, day + hour + minute, "报名 2");
    put(102, day + hour + 2 * minute, "报名 2");
    put(102, day + hour + 3 * minute, "报名 4");
    put(101, day + hour + 4 * minute, "我生日3月5日");
    put(101, day + hour + 5 * minute, "我生日4月1日");
    put(101, day + hour + 6 * minute, "我生日5月2日");
    put(102, day + hour + 7 * minute, "我生日2月30日");
    put(101, day + hour + 8 * minute, "礼包");
    let with = |nth: usize, at: i64, bill: &str| {
        let segments = format!(r#"{{"text":"核销 "}},{{"mention":"shop/101"}},{{"text":"{bill}"}}"#);
        said(nth, 9_001, START + at, &segments)
    };
    inputs.push(with(inputs.len(), day + hour + 9 * minute, " 15"));
    inputs.push(with(inputs.len(), day + hour + 10 * minute, " 25"));
    inputs
}

fn about_event(setup: &Setup, inputs: &[Input], nth: usize) -> Explanation {
    let question = Question {
        event: Some(format!("shop/e{nth}")),
        ..Question::default()
    };
    explain(setup, &mut feeding(inputs), &question).expect("there is an answer")
}

#[test]
fn mechanics_explained_as_they_are_read() {
    let inputs = days();
    for (lang, file) in [(Lang::Zh, "mechanics.zh.txt"), (Lang::En, "mechanics.en.txt")] {
        let mut setup = setup(tea(STRICT));
        setup.lang = lang;
        let zone = setup.books.house.zone.clone();
        let mut text = String::new();
        for nth in 2..inputs.len() {
            let mut explanation = about_event(&setup, &inputs, nth);
            explanation.elsewhere.clear();
            if !explanation.cases.is_empty() {
                text.push_str(&show::text(&explanation, lang, &zone));
                text.push_str("────\n");
            }
        }
        for name in ["vote.name", "redemption", "birthday"] {
            let question = Question {
                rule: Some(rule(&setup.books, name).expect("there is such a mechanic")),
                ..Question::default()
            };
            let explanation = explain(&setup, &mut feeding(&inputs), &question).expect("there is an answer");
            text.push_str(&show::text(&explanation, lang, &zone));
            text.push_str("────\n");
        }
        golden(file, &text);
    }
}

/// Where the playbook is at fault, the change that is promised to help does, when it is written.
#[test]
fn a_change_to_a_mechanic_helps_when_it_is_written() {
    let inputs = days();
    for (nth, from, to, edit) in [
        (4, "length = [2, 4]", "length = [2, 6]", "length = [2, 6]"),
        (
            5,
            "forbidden = [\"第一\"]",
            "forbidden = [\"最佳\"]",
            "\"第一\" taken out of forbidden",
        ),
        (8, "per_member = 1", "per_member = 2", "per_member = 2"),
        (
            10,
            "nominate_for = \"6h\"",
            "nominate_for = \"7h\"",
            "nominate_for = \"7h\"",
        ),
        (14, "capacity = 3", "capacity = 4", "sign_up = { capacity = 4 }"),
        (18, "corrections = 1", "corrections = 2", "corrections = 2"),
        (
            21,
            "min_spend = \"20.00\"",
            "min_spend = \"15.00\"",
            "[coupon.small] min_spend = \"15.00\"",
        ),
    ] {
        let explanation = about_event(&setup(tea(STRICT)), &inputs, nth);
        let case = explanation.cases.first().expect("it was weighed");
        let helps = case
            .tried
            .iter()
            .find(|tried| matches!(tried.outcome, Outcome::Fires { .. }));
        let helps = helps.unwrap_or_else(|| panic!("nothing helps: {case:#?}"));
        assert_eq!(helps.edit.written(Lang::En), edit);
        let stopped_by = case.case.last().stopped_by().expect("something stopped it");
        assert!(matches!(stopped_by.asked, Asked::Term(_)), "{stopped_by:?}");
        let mended = about_event(&setup(tea(&STRICT.replace(from, to))), &inputs, nth);
        assert!(mended.cases.first().expect("it was weighed").case.fired(), "{edit}");
    }
}
