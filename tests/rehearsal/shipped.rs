//! The playbooks and the recording that are shipped.

use qunying::chat::Lang;
use qunying::dry_run::{Show, show, stories};

use crate::stage::{golden, rehearse, shipped};

#[test]
fn the_shipped_tests_pass() {
    let tests = stories::run(&shipped(), "");
    assert!(tests.failed() == 0, "{}", tests.text(Lang::Zh));
    assert!(tests.coverage.reaches(90), "{}", tests.text(Lang::Zh));
}

const THREE_MONTHS: &str = "recordings/tea-friends.jsonl";

#[test]
fn three_months_in_figures() {
    for (lang, name) in [(Lang::Zh, "three-months.zh.txt"), (Lang::En, "three-months.en.txt")] {
        golden(
            name,
            &show::text(&rehearse(THREE_MONTHS, shipped(), Show::Rules, lang), lang),
        );
    }
}

#[test]
fn a_day_of_a_foreign_gateway_as_a_transcript() {
    let report = rehearse("recordings/onebot11-day.jsonl", shipped(), Show::Events, Lang::Zh);
    golden("onebot11-day.zh.txt", &show::text(&report, Lang::Zh));
}
