//! Figures add up, and the same inputs give the same lines.

use qunying::chat::{Event, Lang, Moment};
use qunying::community::agenda::Due;
use qunying::dry_run::{Ledger, Options, REHEARSAL_SECRET, Rehearsal, Report, Show, show};
use qunying::engine::Dice;
use qunying::playbook::Playbooks;

use crate::stage::{inputs, rehearse, shipped, tea};

const THREE_MONTHS: &str = "recordings/tea-friends.jsonl";

fn waiting_on_the_agenda(run: &Rehearsal, rule: &str) -> u64 {
    run.pending()
        .iter()
        .filter(|(_, entry)| matches!(&entry.what, Due::Carry { rule: of, .. } if of.as_str() == rule))
        .count() as u64
}

/// Feeds inputs with `between` called before each.
fn run(
    books: Playbooks,
    cut: usize,
    mut between: impl FnMut(&mut Rehearsal, &mut Ledger, Moment),
) -> (Report, Rehearsal) {
    let (inputs, _) = inputs(THREE_MONTHS);
    let mut run = Rehearsal::new(books, Dice::of(REHEARSAL_SECRET), Options::default());
    let mut ledger = Ledger::new(Show::Events, Lang::Zh);
    for input in inputs.iter().take(cut) {
        between(&mut run, &mut ledger, input.time);
        run.feed(&input.event, input.time, &mut |entry| ledger.take(&entry));
    }
    (ledger.close(&run), run)
}

#[test]
fn every_trigger_of_every_rule_ends_once() {
    let (inputs, _) = inputs(THREE_MONTHS);
    // Cut anywhere: what is still waiting stands on the agenda.
    for cut in [40, 333, 1_000, 1_234, 1_800, inputs.len()] {
        let (report, run) = run(shipped(), cut, |_, _, _| {});
        for rule in &report.rules {
            let held: u64 = rule.reasons.iter().map(|reason| reason.times).sum();
            assert_eq!(rule.held, held, "{}", rule.rule);
            assert_eq!(
                rule.triggers,
                rule.fired + rule.merged + rule.held + rule.waiting,
                "{} at {cut}",
                rule.rule
            );
            assert_eq!(
                rule.waiting,
                waiting_on_the_agenda(&run, rule.rule.as_str()),
                "{} at {cut}",
                rule.rule
            );
        }
    }
}

#[test]
fn coupons_add_up_to_the_ceiling_and_to_the_community() {
    let (report, run) = run(shipped(), usize::MAX, |_, _, _| {});
    let given: u64 = report.coupons.iter().map(|coupon| coupon.given).sum();
    let by_rules: u64 = report.rules.iter().map(|rule| rule.coupons).sum();
    assert_eq!(given, run.community().coupons().len() as u64);
    assert_eq!(given, by_rules);
    let coupons = run.community().coupons().values();
    let kept = coupons.filter(|coupon| coupon.taken_at.is_none());
    assert_eq!(report.ceiling, kept.map(|coupon| coupon.worth).sum());
}

#[test]
fn the_same_run_twice_is_the_same_to_the_byte() {
    let once = rehearse(THREE_MONTHS, shipped(), Show::Events, Lang::Zh);
    let again = rehearse(THREE_MONTHS, shipped(), Show::Events, Lang::Zh);
    assert_eq!(show::text(&once, Lang::Zh), show::text(&again, Lang::Zh));
    assert_eq!(show::json(&once).to_string(), show::json(&again).to_string());
}

#[test]
fn stopping_between_inputs_changes_nothing() {
    let (whole, _) = run(shipped(), usize::MAX, |_, _, _| {});
    let mut turn = 0_i64;
    let (split, _) = run(shipped(), usize::MAX, |run, ledger, next| {
        // Up to any moment before the next input, and up to the input's own.
        turn += 1;
        let until = if turn % 3 == 0 {
            next
        } else {
            Moment::from_millis(next.millis() - 1 - turn * 977 % 60_000)
        };
        run.run_until(until, &mut |entry| ledger.take(&entry));
    });
    assert_eq!(whole.fingerprint, split.fingerprint);
    assert_eq!(whole.lines, split.lines);
}

#[test]
fn showing_less_or_speaking_english_changes_no_effect() {
    let events = rehearse(THREE_MONTHS, shipped(), Show::Events, Lang::Zh);
    let summary = rehearse(THREE_MONTHS, shipped(), Show::Summary, Lang::En);
    assert_eq!(events.fingerprint, summary.fingerprint);
}

#[test]
fn nothing_printed_can_move_a_cursor() {
    for lang in [Lang::Zh, Lang::En] {
        let report = rehearse(THREE_MONTHS, shipped(), Show::Events, lang);
        let text = show::text(&report, lang);
        let bad = |c: &char| *c != '\n' && *c != '\u{fe0f}' && qunying::chat::fold::is_invisible(*c);
        assert_eq!(text.chars().find(bad), None);
    }
}

#[test]
fn a_budget_that_runs_out_is_said_with_what_would_have_been_enough() {
    let books = tea(r#"
[[rule]]
name = "pack"
on   = { message = "礼包" }
then = [ { give = "small" } ]

[coupon.small]
title = "小券"
worth = "10.00"
valid = "7d"
limit = { budget = "50.00 per month" }
"#);
    let report = rehearse(THREE_MONTHS, books, Show::Summary, Lang::Zh);
    let text = show::text(&report, Lang::Zh);
    assert!(text.contains("的额度 ¥50.00 在"), "{text}");
    assert!(report.rules[0].reasons[0].reason == "budget_spent", "{text}");
}

/// Live, a recording says what became of each action; the rehearsal of the same playbooks uses that.
#[test]
fn a_recorded_answer_comes_at_its_recorded_time() {
    let books = tea(r#"
[[rule]]
name = "name"
on   = { message = "改名" }
then = [ { rename_group = "新名" }, { say = "改好了" } ]
"#);
    let event = |id: &str, at: i64, what: &str| -> Event {
        serde_json::from_str(&format!(r#"{{"id":"{id}","at":{at},"what":{what}}}"#)).expect("an event")
    };
    let asked = event(
        "m1",
        1_772_323_200_000,
        r#"{"message":{"group":"shop/1","from":"shop/2","name":"小明","message":"1","segments":[{"text":"改名"}]}}"#,
    );
    let answer = event(
        "d1",
        1_772_323_260_000,
        r##"{"delivered":{"action":"m1#0","outcome":{"done":{"message":null}}}}"##,
    );
    let said_at = |answered: bool| {
        let mut options = Options::default();
        if answered {
            options.answered.insert("m1#0".into());
        }
        let mut run = Rehearsal::new(books.clone(), Dice::of(REHEARSAL_SECRET), options);
        let mut ledger = Ledger::new(Show::Events, Lang::Zh);
        for event in [&asked, &answer] {
            run.feed(event, event.at, &mut |entry| ledger.take(&entry));
        }
        run.run_until(answer.at, &mut |entry| ledger.take(&entry));
        let report = ledger.close(&run);
        let last = report.lines.last().expect("something was said").at();
        (last.millis() - asked.at.millis(), report.answers_ignored)
    };
    assert_eq!(said_at(true), (60_000, 0));
    assert_eq!(said_at(false), (0, 1));
}
