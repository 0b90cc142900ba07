//! A month as an operator sees it.

use qunying::chat::Lang;
use qunying::dry_run::month::month;

use crate::stage::{golden, shipped};

#[test]
fn april_with_its_festival_and_its_distances() {
    let books = shipped();
    for (lang, name) in [(Lang::Zh, "april.zh.txt"), (Lang::En, "april.en.txt")] {
        golden(
            name,
            &month(&books, (2026, 4), lang).expect("there is an April").text(lang),
        );
    }
    let april = month(&books, (2026, 4), Lang::Zh).expect("there is an April");
    golden("april.ics", &april.ics(&books.house).replace("\r\n", "\n"));
    assert_eq!(april.events.len(), 3);
    assert!(month(&books, (2026, 13), Lang::Zh).is_none());
}
