//! The recount against recordings with one thing wrong in them: each fault it knows must be found, and named. These are
//! doctored lines, not processes; `controls` shows the same for a real bot with a part of it taken out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::fault::Fault;
use super::receiver::Answer;
use super::recount::{Recount, Waiting};
use super::sheet;

/// A small recording with nothing wrong: a coupon asked for and answered, an order, a reminder and its timer, a rename.
fn sound() -> Vec<Value> {
    let says = |text: &str| json!({"message": {"segments": [{"text": text}]}});
    let bodies = [
        (
            "camp/e1",
            1_000,
            says("领券"),
            json!([coupon("rush", "p1", "AA")]),
            json!([say("camp/e1#0")]),
        ),
        (
            "d1",
            1_001,
            done("camp/e1#0"),
            json!([{"settled": {"action": "camp/e1#0"}}]),
            json!([]),
        ),
        (
            "shop/w1/0",
            1_002,
            json!({"order_paid": {}}),
            json!([{"ordered": {"order": "o1", "amount": 100}}]),
            json!([]),
        ),
        (
            "camp/e2",
            1_003,
            says("提醒我"),
            json!([{"scheduled": {"key": "k1", "due": 2_003}}]),
            json!([]),
        ),
        (
            "due/k1",
            2_003,
            json!({"came_due": {"key": "k1", "due": 2_003}}),
            json!([{"unscheduled": {"key": "k1"}}]),
            json!([say("due/k1#0")]),
        ),
        (
            "camp/e3",
            2_100,
            json!({"message": {}}),
            json!([]),
            json!([rename("camp/e3#0")]),
        ),
        (
            "camp/e4",
            2_101,
            says("预算券"),
            json!([coupon("budget", "p1", "BB")]),
            json!([say("camp/e4#0")]),
        ),
    ];
    let mut records = Vec::new();
    for (place, (id, now, what, changes, actions)) in bodies.into_iter().enumerate() {
        let seq = place + 1;
        let event = json!({"id": id, "at": now, "what": what});
        records.push(json!({"v": 1, "seq": seq, "batch": seq, "now": now, "event": event, "changes": changes, "actions": actions}));
    }
    records
}

fn coupon(name: &str, person: &str, code: &str) -> Value {
    let worth = if name == "budget" { 250 } else { 300 };
    json!({"coupon_given": {"coupon": {"coupon": name, "person": person, "code": code, "worth": worth, "given_at": 1_000}}})
}

fn say(id: &str) -> Value {
    json!({"id": id, "deed": {"say": {}}})
}

fn rename(id: &str) -> Value {
    json!({"id": id, "deed": {"rename_group": {}}})
}

fn done(action: &str) -> Value {
    json!({"delivered": {"action": action, "outcome": {"done": {"message": null}}}})
}

/// The recount of records written to disk as lines.
fn counted(records: &[Value]) -> Recount {
    let dir = tempfile::tempdir().unwrap();
    let text: String = records.iter().map(sheet::write_line).collect();
    std::fs::write(dir.path().join("recording-2026-03-01.jsonl"), text).unwrap();
    let mut recount = Recount::of(dir.path());
    recount.is_whole(dir.path());
    recount
}

fn numbered(mut records: Vec<Value>) -> Vec<Value> {
    for (place, record) in records.iter_mut().enumerate() {
        record["seq"] = json!(place + 1);
        record["batch"] = json!(place + 1);
    }
    records
}

/// The faults after an edit of the sound recording, numbered anew.
fn after(edit: impl FnOnce(&mut Vec<Value>)) -> Vec<Fault> {
    let mut records = sound();
    edit(&mut records);
    counted(&numbered(records)).faults
}

/// Another record at the end, with these changes and a message nobody must answer.
fn later(id: &str, changes: Value) -> Value {
    json!({"v": 1, "now": 3_000, "event": {"id": id, "what": {"message": {}}}, "changes": changes, "actions": []})
}

fn calls(actions: &[&str]) -> BTreeMap<String, Vec<(u32, Answer)>> {
    actions
        .iter()
        .map(|action| ((*action).to_owned(), vec![(1, Answer::Done)]))
        .collect()
}

const ALL: [&str; 4] = ["camp/e1#0", "due/k1#0", "camp/e3#0", "camp/e4#0"];

#[test]
fn a_sound_recording_has_no_fault() {
    let mut recount = counted(&sound());
    recount.holds(&BTreeSet::from(["camp/e1".to_owned(), "shop/w1/0".to_owned()]));
    recount.knows(calls(&ALL).keys());
    recount.delivered(&calls(&ALL));
    assert_eq!(recount.faults, []);
}

#[test]
fn lost_and_doubled_events_are_found() {
    let mut recount = counted(&sound());
    recount.holds(&BTreeSet::from(["camp/e9".to_owned()]));
    assert_eq!(
        recount.faults,
        [Fault::LostAcknowledged {
            event: "camp/e9".into()
        }]
    );
    assert_eq!(
        after(|all| all.push(later("camp/e3", json!([])))),
        [Fault::DecidedTwice {
            event: "camp/e3".into()
        }]
    );
    let mut gap = sound();
    gap.remove(2);
    assert_eq!(counted(&gap).faults, [Fault::OutOfOrder { expected: 3, found: 4 }]);
    assert_eq!(
        after(|all| all[6]["now"] = json!(2_050)),
        [Fault::ClockBackwards { seq: 7 }]
    );
}

#[test]
fn a_changed_byte_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let lines: Vec<String> = sound().iter().map(sheet::write_line).collect();
    let text = lines.concat().replacen("\"amount\":100", "\"amount\":900", 1);
    let file = dir.path().join("recording-2026-03-01.jsonl");
    std::fs::write(&file, text).unwrap();
    let mut recount = Recount::of(dir.path());
    recount.is_whole(dir.path());
    assert_eq!(
        recount.faults,
        [Fault::NotARecord {
            file: file.display().to_string(),
            line: 3
        }]
    );
}

#[test]
fn doubled_coupons_and_money_are_found() {
    let twice = after(|all| all.push(later("x", json!([coupon("rush", "p2", "AA")]))));
    assert_eq!(twice, [Fault::CodeTwice { code: "AA".into() }]);
    let third = json!([
        coupon("rush", "p1", "C1"),
        coupon("rush", "p1", "C2"),
        coupon("rush", "p1", "C3")
    ]);
    let (rush, person) = ("rush".to_owned(), "p1".to_owned());
    assert_eq!(
        after(|all| all.push(later("x", third))),
        [Fault::OverPerson {
            coupon: rush.clone(),
            person
        }]
    );
    let many: Vec<Value> = (0..220)
        .map(|nth| coupon("rush", &format!("q{nth}"), &format!("D{nth}")))
        .collect();
    assert_eq!(
        after(|all| all.push(later("x", json!(many)))),
        [Fault::OverTotal { coupon: rush }]
    );
    let many: Vec<Value> = (0..36)
        .map(|nth| coupon("budget", &format!("q{nth}"), &format!("E{nth}")))
        .collect();
    assert_eq!(
        after(|all| all.push(later("x", json!(many)))),
        [Fault::OverBudget {
            coupon: "budget".into()
        }]
    );
    let daily = json!([coupon("daily", "p1", "F1"), coupon("daily", "p1", "F2")]);
    let over = Fault::OverPerson {
        coupon: "daily".into(),
        person: "p1".into(),
    };
    assert_eq!(after(|all| all.push(later("x", daily))), [over]);
    let again = json!([{"ordered": {"order": "o1", "amount": 1}}]);
    assert_eq!(
        after(|all| all.push(later("x", again))),
        [Fault::OrderMiscounted { order: "o1".into() }]
    );
}

#[test]
fn lost_and_strange_timers_are_found() {
    let key = || "k1".to_owned();
    let lost = after(|all| drop(all.remove(4)));
    assert_eq!(lost[0], Fault::TimerLost { key: key() });
    let twice = after(|all| {
        let mut again = all[4].clone();
        again["event"]["id"] = json!("due/k1/again");
        all.insert(5, again);
    });
    assert_eq!(twice, [Fault::TimerFromNowhere { key: key() }]);
    let overtaken = after(|all| {
        all[3]["changes"] =
            json!([{"scheduled": {"key": "k1", "due": 2_003}}, {"scheduled": {"key": "k0", "due": 1_500}}]);
    });
    assert_eq!(overtaken[0], Fault::TimerOutOfTurn { key: key() });
}

#[test]
fn missing_answers_are_found() {
    let unanswered = |event: &str| {
        vec![Fault::Unanswered {
            event: event.to_owned(),
        }]
    };
    assert_eq!(after(|all| all[0]["actions"] = json!([]))[0], unanswered("camp/e1")[0]);
    assert_eq!(after(|all| all[4]["actions"] = json!([])), unanswered("due/k1"));
    // Without its timer a reminder is unanswered, and what then comes due is from nowhere.
    assert_eq!(after(|all| all[3]["changes"] = json!([]))[0], unanswered("camp/e2")[0]);
}

#[test]
fn undelivered_and_repeated_actions_are_found() {
    let mut recount = counted(&sound());
    recount.delivered(&calls(&ALL[1..]));
    let missing = Fault::NotDelivered { action: ALL[0].into() };
    assert_eq!(recount.faults, [missing.clone(), missing]);
    let mut recount = counted(&sound());
    let mut twice = calls(&ALL);
    twice.get_mut("camp/e3#0").unwrap().push((2, Answer::Hung));
    recount.delivered(&twice);
    assert_eq!(
        recount.faults,
        [Fault::RepeatedBlindly {
            action: "camp/e3#0".into()
        }]
    );
    let mut recount = counted(&sound());
    recount.knows(calls(&["camp/e7#0"]).keys());
    assert_eq!(
        recount.faults,
        [Fault::NotRecorded {
            action: "camp/e7#0".into()
        }]
    );
}

#[test]
fn an_outbox_that_shows_something_else_is_found() {
    let pending = |id: &str, attempts: u64| json!({"action": {"id": id}, "attempts": attempts, "state": "waiting"});
    let differs = |id: &str| vec![Fault::OutboxDiffers { action: id.to_owned() }];
    let shown = |ids: &[(&str, u64)]| {
        let mut recount = counted(&sound());
        assert_eq!(
            recount.waiting.get("camp/e3#0"),
            Some(&Waiting {
                attempts: 0,
                state: "waiting"
            })
        );
        recount.shows(
            &ids.iter()
                .map(|(id, attempts)| pending(id, *attempts))
                .collect::<Vec<_>>(),
        );
        recount.faults
    };
    assert_eq!(shown(&[("due/k1#0", 0), ("camp/e3#0", 0), ("camp/e4#0", 0)]), []);
    assert_eq!(shown(&[("due/k1#0", 0), ("camp/e3#0", 0)]), differs("camp/e4#0"));
    assert_eq!(
        shown(&[("due/k1#0", 2), ("camp/e3#0", 0), ("camp/e4#0", 0)]),
        differs("due/k1#0")
    );
    let all = [("due/k1#0", 0), ("camp/e3#0", 0), ("camp/e4#0", 0), ("camp/e1#0", 0)];
    assert_eq!(shown(&all), differs("camp/e1#0"));
}
