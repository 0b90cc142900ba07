//! What members ask about themselves — linking accounts, opting out, their data — is explained as everything else is.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use qunying::chat::{Event, Lang, Moment};
use qunying::dry_run::Input;
use qunying::dry_run::explain::question::Question;
use qunying::dry_run::explain::{explain, show};
use qunying::engine::Verdict;

use crate::explaining::{decisions, every_silence_is_explained, feeding, setup};
use crate::stage::{golden, tea};

const OWN: &str = r#"
[linking]
[privacy]
[birthday]
[opting_out]
"#;

const START: i64 = 1_772_323_200_000;

/// Said by `who`, in the group or in private.
fn said(nth: usize, who: u32, at: i64, (in_group, words): (bool, &str)) -> Input {
    let group = if in_group { r#""shop/1""# } else { "null" };
    let event: Event = serde_json::from_str(&format!(
        r#"{{"id":"shop/e{nth}","at":{at},"what":{{"message":{{"group":{group},"from":"shop/{who}","name":"客{who}","message":"{nth}","segments":[{{"text":"{words}"}}]}}}}}}"#
    ))
    .expect("an event");
    let time = Moment::from_millis(at);
    Input { event, time }
}

const SAYINGS: [&str; 22] = [
    "绑定账号",
    "绑定账号 ABCDE12345",
    "绑定账号 ABCDE-54321",
    "绑定账号 大家好",
    "关联",
    "关联 shop/101",
    "关联 shop/101 shop/102",
    "关联 shop/103 shop/104",
    "关联 shop/102 shop/9001",
    "关联 shop/101 shop/777",
    "关联 shop/102 shop/103",
    "取消关联",
    "取消关联 shop/102",
    "退订",
    "恢复订阅",
    "同意记录",
    "撤回同意",
    "生日 3月5日",
    "手机 13800001234",
    "我的资料",
    "忘记我",
    "确认忘记我",
];

fn history() -> impl Strategy<Value = Vec<(usize, u32, bool, u32)>> {
    proptest::collection::vec((0..SAYINGS.len(), 0_u32..7, any::<bool>(), 0_u32..4_000), 1..100)
}

fn played(history: Vec<(usize, u32, bool, u32)>) -> Vec<Input> {
    let mut at = START;
    let told = history
        .into_iter()
        .enumerate()
        .map(|(nth, (what, who, in_group, gap))| {
            at += i64::from(gap) * 1_000;
            let who = if who > 4 { 9_001 } else { 101 + who };
            said(nth, who, at, (in_group, SAYINGS[what]))
        });
    told.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_refused_to_members_is_explained_with_its_own_reason(history in history()) {
        every_silence_is_explained(&setup(tea(OWN)), &played(history));
    }
}

#[test]
fn every_condition_of_theirs_is_missed_by_somebody() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut missed = BTreeSet::new();
    for _ in 0..40 {
        let history = history().new_tree(&mut runner).expect("a history").current();
        let held = decisions(&setup(tea(OWN)), &played(history));
        missed.extend(held.into_iter().filter_map(|(_, weighed)| match weighed.verdict {
            Verdict::Refused(term) => serde_json::to_value(&term).ok()?["term"].as_str().map(str::to_owned),
            _ => None,
        }));
    }
    for term in [
        "accounts_named",
        "in_private",
        "good_code",
        "seen_before",
        "not_linked",
        "customers",
        "one_alone",
        "linked",
        "opted_out",
        "whom",
        "consented",
        "asked_before",
    ] {
        assert!(missed.contains(term), "nobody missed {term}: {missed:?}");
    }
}

#[test]
fn what_members_ask_about_themselves_explained_as_it_is_read() {
    let minute = 60_000;
    let story: [(u32, bool, &str); 21] = [
        (101, true, "绑定账号"),
        (101, false, "绑定账号"),
        (102, false, "绑定账号 ABCDE12345"),
        (9_001, true, "关联 shop/101 shop/102"),
        (9_001, true, "关联 shop/102 shop/101"),
        (103, true, "取消关联"),
        (103, true, "退订"),
        (103, true, "退订"),
        (103, true, "退订"),
        (104, true, "生日 3月5日"),
        (104, true, "同意记录"),
        (104, true, "同意记录"),
        (104, true, "确认忘记我"),
        (104, true, "忘记我"),
        (104, true, "确认忘记我"),
        (105, false, "绑定账号 ABCDE12345"),
        (105, false, "绑定账号 ABCDE12346"),
        (105, false, "绑定账号 ABCDE12347"),
        (105, false, "绑定账号 ABCDE12348"),
        (105, false, "绑定账号 ABCDE12349"),
        (105, false, "绑定账号 ABCDE12350"),
    ];
    let inputs: Vec<Input> = story
        .iter()
        .zip(0_i64..)
        .enumerate()
        .map(|(nth, ((who, in_group, words), minutes))| said(nth, *who, START + minutes * minute, (*in_group, words)))
        .collect();
    for (lang, file) in [(Lang::Zh, "personal.zh.txt"), (Lang::En, "personal.en.txt")] {
        let mut setup = setup(tea(OWN));
        setup.lang = lang;
        let zone = setup.books.house.zone.clone();
        let mut text = String::new();
        for nth in 0..inputs.len() {
            let question = Question {
                event: Some(format!("shop/e{nth}")),
                ..Question::default()
            };
            let mut explanation = explain(&setup, &mut feeding(&inputs), &question).expect("there is an answer");
            explanation.elsewhere.clear();
            text.push_str(&show::text(&explanation, lang, &zone));
            text.push_str("────\n");
        }
        golden(file, &text);
    }
}
