//! A report as one page that needs nothing else: no network, no script from elsewhere, readable without any script.
//!
//! Whatever a log says is text here, never markup: askama escapes it, charts hold no words of it, and the page's own
//! policy lets nothing run but the one script and the one style whose hashes it names. The same report, provenance and
//! language give the same bytes.

mod changes;
pub mod charts;
mod chats;
mod first;
mod members;
pub mod policy;
mod polls;
mod rules;
mod timeline;

use askama::Template;

use super::report::{Detail, Report};
use crate::chat::Lang;
use policy::{SCRIPT, STYLE, policy};

pub use changes::changes;

/// The most a page may weigh.
const HEAVIEST: usize = 3_000_000;

/// What made the report, so that anybody can make it again.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// The command, without where its page went.
    pub command: String,
    pub version: String,
    /// The fingerprint of the playbooks as a set.
    pub playbooks: String,
    pub files: Vec<Hashed>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hashed {
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// How much is shown line by line; the rest is counted.
#[derive(Clone, Copy, Debug)]
struct Budget {
    examples: usize,
    letters: usize,
    lines: usize,
}

#[derive(Template)]
#[template(path = "dry_run/html/page.html", escape = "html")]
struct Page<'a> {
    lang: Lang,
    policy: String,
    style: &'static str,
    script: &'static str,
    report: &'a Report,
    provenance: &'a Provenance,
    first: first::First,
    polls: Vec<polls::Shown<'a>>,
    timeline: timeline::Timeline,
    rules: rules::Rules,
    members: members::Members,
    chats: chats::Chats,
}

impl Page<'_> {
    /// One of two wordings.
    fn say<'s>(&self, zh: &'s str, en: &'s str) -> &'s str {
        self.lang.pick(zh, en)
    }
}

/// The page of a report that was made with its details.
pub fn page(report: &Report, provenance: &Provenance, lang: Lang) -> String {
    let nothing = Detail::new(lang);
    let detail = report.detail.as_deref().unwrap_or(&nothing);
    let mut budget = Budget {
        examples: 2_400,
        letters: 4_000,
        lines: 4_500,
    };
    loop {
        let page = within(report, detail, (provenance, lang), budget);
        if page.len() <= HEAVIEST || budget.lines < 50 {
            return page;
        }
        budget = Budget {
            examples: budget.examples / 2,
            letters: budget.letters / 2,
            lines: budget.lines / 2,
        };
    }
}

fn within(report: &Report, detail: &Detail, (provenance, lang): (&Provenance, Lang), budget: Budget) -> String {
    let chats = chats::Chats::of(detail, (&report.zone, lang), budget.lines);
    let page = Page {
        lang,
        policy: policy(),
        style: STYLE,
        script: SCRIPT,
        report,
        provenance,
        first: first::First::of(report, lang),
        polls: polls::shown(&report.polls),
        timeline: timeline::Timeline::of(report, detail, &chats),
        rules: rules::Rules::of(report, detail, (&chats, lang), budget.examples),
        members: members::Members::of(detail, (&report.zone, lang), budget.letters),
        chats,
    };
    page.render().expect("writing into memory does not fail")
}
