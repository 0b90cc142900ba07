//! Where the virtual clock stands: after downtime, and under the playbooks a recording was made with.

use qunying::chat::{Event, Lang};
use qunying::dry_run::{Books, Ledger, Options, REHEARSAL_SECRET, Rehearsal, Report, Show, show};
use qunying::engine::Dice;
use qunying::playbook::Playbooks;

use crate::stage::{golden, tea};

/// Noon of 2026-03-01 in Shanghai.
const NOON: i64 = 1_772_337_600_000;
const HOUR: i64 = 3_600_000;

const GREETING: &str = r#"
[[rule]]
name   = "greet"
on     = "joined"
gather = "1h"
kind   = "service"
then   = [ { say = "欢迎 {{ who }}！" } ]
"#;

fn event(id: &str, at: i64, what: &str) -> Event {
    serde_json::from_str(&format!(r#"{{"id":"{id}","at":{at},"what":{what}}}"#)).expect("an event")
}

fn joins(who: &str, at: i64) -> Event {
    let what = format!(
        r#"{{"joined":{{"group":"shop/1","person":"shop/{who}","name":"{who}","how":"unknown","by":null,"inferred":false}}}}"#
    );
    event(&format!("join-{who}"), at, &what)
}

fn run(books: Playbooks, options: Options, events: &[Event]) -> (Report, Rehearsal) {
    let mut run = Rehearsal::new(books, Dice::of(REHEARSAL_SECRET), options);
    let mut ledger = Ledger::new(Show::Events, Lang::Zh);
    for event in events {
        run.feed(event, event.at, &mut |entry| ledger.take(&entry));
    }
    run.run_until(events.last().expect("there are events").at, &mut |entry| {
        ledger.take(&entry)
    });
    (ledger.close(&run), run)
}

/// Hours after noon at which something was said.
fn said_at(report: &Report) -> Vec<i64> {
    let effects = report.lines.iter().filter_map(|line| match line {
        qunying::dry_run::report::Line::Effect(effect) => Some((effect.at.millis() - NOON) / HOUR),
        _ => None,
    });
    effects.collect()
}

#[test]
fn a_timer_missed_while_the_process_was_down_fires_when_it_stands_again() {
    let woke = event(
        "woke",
        NOON + 5 * HOUR,
        &format!(r#"{{"woke":{{"down_since":{}}}}}"#, NOON + HOUR / 2),
    );
    let events = [joins("小明", NOON), woke, joins("小红", NOON + 6 * HOUR)];
    let (report, _) = run(tea(GREETING), Options::default(), &events);
    assert_eq!(said_at(&report), [5]);
    // What was due before it went down was said in time.
    let woke = event(
        "woke",
        NOON + 5 * HOUR,
        &format!(r#"{{"woke":{{"down_since":{}}}}}"#, NOON + 2 * HOUR),
    );
    let (report, _) = run(tea(GREETING), Options::default(), &[joins("小明", NOON), woke]);
    assert_eq!(said_at(&report), [1]);
}

#[test]
fn a_recording_can_be_followed_with_the_playbooks_it_was_made_with() {
    let text = serde_json::to_string(&GREETING.replace("欢迎", "您好")).expect("a text serializes");
    let set = |text: &str| {
        format!(r#"{{"playbooks_in_force":{{"fingerprint":"f","sources":[{{"name":"tea.toml","text":{text}}}]}}}}"#)
    };
    let events = [
        joins("小明", NOON),
        event("p1", NOON + 2 * HOUR, &set(&text)),
        joins("小红", NOON + 3 * HOUR),
        event("p2", NOON + 5 * HOUR, &set("\"[[rule\"")),
        joins("小刚", NOON + 6 * HOUR),
        joins("小李", NOON + 9 * HOUR),
    ];
    let said = |books| {
        let options = Options {
            books,
            ..Options::default()
        };
        let (report, run) = run(tea(GREETING), options, &events);
        let text = show::text(&report, Lang::Zh);
        (
            text.matches("欢迎 小").count(),
            text.matches("您好 小").count(),
            run.counts().made_anew,
            run.counts().books_unread,
        )
    };
    // Each is told of in the transcript and once more among the rule's first effects.
    assert_eq!(said(Books::Given), (6, 0, 2, 0));
    assert_eq!(said(Books::Recorded), (2, 4, 0, 1));
}

#[test]
fn the_form_for_programs() {
    let (report, _) = run(
        tea(GREETING),
        Options::default(),
        &[joins("小明", NOON), joins("小红", NOON + 2 * HOUR)],
    );
    let json = serde_json::to_string_pretty(&show::json(&report)).expect("it serializes");
    golden("report.json", &json);
}

#[test]
fn a_rule_for_staff_where_there_are_none_is_said() {
    let mut books = tea(&GREETING.replace(
        "{ say = \"欢迎 {{ who }}！\" }",
        "{ say = \"来了 {{ who }}\", to = \"staff\" }",
    ));
    books.house.staff.clear();
    let (report, _) = run(
        books,
        Options::default(),
        &[joins("小明", NOON), joins("小红", NOON + 2 * HOUR)],
    );
    let text = show::text(&report, Lang::Zh);
    assert!(text.contains("没有人听到：tea/greet"), "{text}");
}
