//! Looking closer: a stretch of time, one rule, one person, other dice. The run is the same whatever is looked at.

use qunying::chat::{Lang, Moment};
use qunying::dry_run::report::Line;
use qunying::dry_run::{Focus, Plan, Report, Show, Span, show};

use crate::stage::{inputs, shipped};

const THREE_MONTHS: &str = "recordings/tea-friends.jsonl";

fn plan() -> Plan {
    Plan::new(shipped(), Show::Events, Lang::Zh)
}

fn run(plan: Plan) -> Report {
    plan.run(inputs(THREE_MONTHS).0)
}

#[test]
fn one_rule_is_shown_and_everything_is_decided() {
    let whole = run(plan());
    let mut looking = plan();
    looking.focus.only = vec!["领礼包".to_owned()];
    let report = run(looking);
    assert_eq!(report.fingerprint, whole.fingerprint);
    let [rule] = report.rules.as_slice() else {
        panic!("one rule is shown")
    };
    let of_rule = |line: &&Line| match line {
        Line::Effect(effect) => effect.rule.as_ref() == Some(&rule.rule),
        Line::Decided(decided) => decided.rule == rule.rule,
        Line::Happened { .. } => false,
    };
    let kept: Vec<&Line> = whole.lines.iter().filter(of_rule).collect();
    let shown: Vec<&Line> = report.lines.iter().filter(of_rule).collect();
    assert_eq!(kept, shown);
    // What it answers stands beside it, and nothing else of the talk.
    assert!(report.lines.len() > shown.len());
    assert!(report.lines.len() <= 2 * shown.len());
}

#[test]
fn one_person_is_shown_with_what_they_did() {
    let mut looking = plan();
    looking.focus = Focus {
        only: Vec::new(),
        who: vec!["闲梨儿".to_owned()],
    };
    let text = show::text(&run(looking), Lang::Zh);
    assert!(text.contains("闲梨儿: 我的生日是4月18号"), "{text}");
    assert!(text.contains("给 闲梨儿 birthday"), "{text}");
    assert!(!text.contains("听茗: "), "{text}");
}

#[test]
fn a_stretch_is_as_if_the_rest_had_not_been_recorded() {
    let (all, _) = inputs(THREE_MONTHS);
    let (from, to) = (
        Moment::from_millis(1_772_700_000_000),
        Moment::from_millis(1_775_000_000_000),
    );
    let mut part = plan();
    part.span = Span {
        from: Some(from),
        to: Some(to),
    };
    let within: Vec<_> = all.iter().filter(|it| (from..to).contains(&it.time)).cloned().collect();
    let (inside, everything) = (within.len() as u64, all.len() as u64);
    let report = part.run(all);
    assert_eq!(report.left_out, everything - inside);
    assert_eq!(report.fingerprint, plan().run(within).fingerprint);
}

#[test]
fn another_word_throws_other_dice_and_the_same_word_the_same() {
    let with = |word: &str| run(plan().seeded(word)).fingerprint;
    assert_eq!(with("甲"), with("甲"));
    assert_ne!(with("甲"), with("乙"));
    assert_ne!(with(""), run(plan()).fingerprint);
}

/// The line that says the recording has ended is drawn, and everything beyond is marked in every form.
#[test]
fn what_lies_beyond_the_recording_is_marked() {
    let (all, _) = inputs(THREE_MONTHS);
    let end = all.last().expect("there are inputs").time;
    let mut beyond = plan();
    beyond.until = Some(end.plus(std::time::Duration::from_secs(8 * 24 * 3600)));
    let report = beyond.run(all);
    let text = show::text(&report, Lang::Zh);
    assert!(text.contains("记录到此为止，以下是推演"), "{text}");
    assert!(text.contains("其中推演"), "{text}");
    let projected = |line: &&Line| matches!(line, Line::Effect(effect) if effect.projected);
    let effects: Vec<&Line> = report.lines.iter().filter(projected).collect();
    assert!(!effects.is_empty());
    assert!(effects.iter().all(|line| line.at() > end));
    let mut records = Vec::new();
    show::records(&report, Lang::Zh, |record| records.push(record.clone()));
    let marked = records
        .iter()
        .filter(|it| it["record"] == "effect" && it["projected"] == true);
    assert_eq!(marked.count(), effects.len());
}

/// Every effect and every decision of the run is a record, and the records add up to the report.
#[test]
fn records_say_what_the_report_says() {
    let report = run(plan());
    let mut records = Vec::new();
    show::records(&report, Lang::Zh, |record| records.push(record.clone()));
    let of = |kind: &str| records.iter().filter(|it| it["record"] == kind).count() as u64;
    assert_eq!(of("run"), 1);
    assert_eq!(of("rule"), report.rules.len() as u64);
    let held = records
        .iter()
        .filter(|it| it["record"] == "decision" && it["verdict"] == "already_had");
    let counted: u64 = report
        .rules
        .iter()
        .flat_map(|rule| &rule.reasons)
        .filter(|it| it.reason == "already_had")
        .map(|it| it.times)
        .sum();
    assert_eq!(held.count() as u64, counted);
    let worth = |effect: &str| -> i64 {
        let those = records.iter().filter(|it| it["effect"] == effect);
        those.filter_map(|it| it["worth"].as_i64()).sum()
    };
    assert_eq!(worth("given") - worth("taken_back"), report.ceiling.0);
    let total = records.last().expect("there are records");
    assert_eq!(total["record"], "total");
    assert_eq!(total["ceiling"], report.ceiling.0);
}

/// Columns stand under one another where letters are two cells wide, and where what is shown is many characters.
#[test]
fn columns_align_whatever_names_are_made_of() {
    use qunying::dry_run::layout::{columns, table};
    let names = ["欢迎新人", "a", "🍵茶", "👨‍👩‍👧‍👦", "é", "ｆｕｌｌ", "…"];
    let rows = names
        .iter()
        .map(|name| vec![(*name).to_owned(), "7".to_owned(), "说明".to_owned()]);
    let text = table(&["规则", "触发", "备注"], rows.collect(), &[1]);
    let before = |line: &str| columns(line.split_once("说明").expect("three columns").0);
    let ends: Vec<usize> = text.lines().skip(1).map(before).collect();
    assert_eq!(ends.len(), names.len());
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}\n{text}");
}
