//! The quarter that is shipped: the generator writes it again byte for byte, it holds what its truth says, and the pages
//! that tell it are what the shipped playbooks do. `UPDATE=1` writes all of them.

use std::path::Path;
use std::sync::LazyLock;

use qunying::chat::Lang;
use qunying::config::Config;
use qunying::dry_run::{Plan, Report, Show};
use qunying::playbook;

use super::stage::{inputs, shipped_files};

#[path = "../../recordings/generate/journal.rs"]
mod journal;
#[path = "quarter/page.rs"]
mod page;
#[allow(dead_code, reason = "the generator uses all of it")]
#[path = "../../recordings/generate/people.rs"]
mod people;
#[allow(dead_code, reason = "the generator uses all of it")]
#[path = "../../recordings/generate/quarter.rs"]
mod told;

const RECORDING: &str = "recordings/a-quarter.jsonl";

const PAGES: [(Lang, &str); 2] = [
    (Lang::Zh, "docs/a-quarter-of-a-tea-shop.zh-CN.md"),
    (Lang::En, "docs/a-quarter-of-a-tea-shop.md"),
];

/// What the generator writes; with `UPDATE` the files are that from the first look at them.
static WRITTEN: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    if is_to_be_written() {
        told::write_all(Path::new("recordings")).expect("the quarter can be told");
    }
    told::files(Path::new("recordings/generate/quarter")).expect("the quarter can be told")
});

fn is_to_be_written() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// A run with the shipped config and playbooks, as an operator's; up to the end of that month, or of the recording.
fn rehearsed(month: Option<i8>, show: Show, lang: Lang) -> Report {
    LazyLock::force(&WRITTEN);
    let config = Config::read(Path::new("config.toml")).expect("the config is sound");
    let house = config.house();
    let zone = house.zone.clone();
    let books = match playbook::read(&shipped_files(), house).sound() {
        Ok(books) => books,
        Err(problems) => panic!("{problems:#?}"),
    };
    let (mut inputs, losses) = inputs(RECORDING);
    inputs.retain(|input| month.is_none_or(|month| input.time.date(&zone).month() <= month));
    let mut report = Plan::new(books, show, lang).run(inputs);
    report.losses = losses;
    report
}

#[test]
fn the_generator_writes_the_quarter_again_byte_for_byte() {
    for (name, bytes) in told::NAMES.iter().zip(&*WRITTEN) {
        let kept = std::fs::read(Path::new("recordings").join(name)).unwrap_or_default();
        assert!(
            &kept == bytes,
            "recordings/{name} is not what the generator writes; UPDATE=1 writes it"
        );
    }
}

#[test]
fn a_dry_run_of_the_quarter_sees_what_is_in_it() {
    let report = rehearsed(None, Show::Summary, Lang::En);
    let truth = String::from_utf8(WRITTEN[1].clone()).expect("the truth is text");
    let counted = |what: &str| {
        let line = truth.lines().find_map(|line| line.strip_prefix(what));
        line.and_then(|count| count.trim().parse::<u64>().ok())
    };
    assert_eq!(counted("events "), Some(report.inputs), "{truth}");
    // Two of the accounts are one person's, who says so in October.
    assert_eq!(counted("accounts "), Some(report.people + 1), "{truth}");
    assert_eq!((report.duplicates, report.losses.unreadable), (0, 0));
}

#[test]
fn the_pages_of_the_quarter_are_what_the_playbooks_do() {
    for (lang, name) in PAGES {
        let page = page::page(&|month, show| rehearsed(month, show, lang), lang);
        if is_to_be_written() {
            std::fs::write(name, &page).expect("the page can be written");
        }
        let kept = std::fs::read_to_string(name).unwrap_or_default();
        assert!(
            kept == page,
            "{name} is not what the playbooks do any more; look at it and run again with UPDATE=1"
        );
        let kilobytes = page.len() / 1024;
        assert!(kilobytes < 48, "{name} has {kilobytes} KB; nobody reads as much");
    }
}
