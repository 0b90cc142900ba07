//! Tests cut out of real history pass.

use std::time::Duration;

use qunying::chat::Lang;
use qunying::dry_run::cutting::{CannotCut, Cut, Wish, cut};
use qunying::dry_run::{Input, stories};
use qunying::playbook;

use crate::stage::{house, inputs, shipped, shipped_files};

fn wish(around: &str, lang: Lang) -> Wish {
    Wish {
        around: around.to_owned(),
        window: Duration::from_secs(1800),
        name: None,
        book: None,
        lang,
    }
}

/// The shipped playbooks with a test at the end of one.
fn passes(cut: &Cut) {
    let file = format!("playbooks/{}.toml", cut.book);
    let mut sources = shipped_files();
    let source = sources.iter_mut().find(|source| source.name == file);
    source.expect("the playbook is shipped").text.push_str(&cut.toml);
    let reading = playbook::read(&sources, house());
    let shown = playbook::show(&reading.problems, &sources, Lang::En, playbook::Format::Human);
    let books = reading.sound().unwrap_or_else(|_| panic!("{shown}\n{}", cut.toml));
    let tests = stories::run(&books, &cut.name);
    assert!(
        tests.failed() == 0 && tests.passed() > 0,
        "{}\n{}",
        tests.text(Lang::Zh),
        cut.toml
    );
}

/// Every so many events of a recording.
fn some_of(recording: &str, every: usize, lang: Lang) {
    let (inputs, _) = inputs(recording);
    let mut cuts = 0;
    for input in inputs.iter().step_by(every) {
        match cut(&inputs, &shipped(), &wish(input.event.id.as_str(), lang)) {
            Ok(cut) => {
                passes(&cut);
                cuts += 1;
            }
            Err(CannotCut::NoGroup) => {}
            Err(why) => panic!("{}: {}", input.event.id, why.text(Lang::En)),
        }
    }
    assert!(cuts >= 5, "{cuts} tests were cut out");
}

#[test]
fn of_our_own_recording() {
    some_of("recordings/tea-friends.jsonl", 331, Lang::Zh);
}

#[test]
fn of_a_foreign_log() {
    some_of("recordings/onebot11-day.jsonl", 23, Lang::En);
}

#[test]
fn by_time_and_by_the_beginning_of_an_id() {
    let (inputs, _) = inputs("recordings/tea-friends.jsonl");
    let at = |text: &str| cut(&inputs, &shipped(), &wish(text, Lang::Zh));
    assert_eq!(at("nobody").err(), Some(CannotCut::NoSuchEvent));
    assert!(matches!(at("shop/000000"), Err(CannotCut::Several(some)) if some.len() == 4));
    let first = |input: &&Input| matches!(input.event.happening, qunying::chat::Happening::Joined { .. });
    let joined = inputs.iter().find(first).expect("somebody joins");
    let zone = house().zone;
    let time = joined.time.in_zone(&zone).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let cut = at(&time).expect("it can be cut out");
    assert!(cut.toml.contains(" 进群"), "{}", cut.toml);
    passes(&cut);
}
