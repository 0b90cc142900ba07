//! The three things that matter most, each with what looks closer.

use std::fmt::Write as _;

use crate::chat::Lang;
use crate::dry_run::because::when;
use crate::dry_run::effects::plain;
use crate::dry_run::report::Show;
use crate::dry_run::report::closing::Report;

/// A summary shows so many; the others are folded, and that is said.
const SHOWN: usize = 3;

/// What an operator should look at first.
pub fn notes(out: &mut String, report: &Report, lang: Lang) {
    if report.notes.is_empty() {
        return;
    }
    let shown = match report.show {
        Show::Summary => report.notes.len().min(SHOWN),
        Show::Rules | Show::Events => report.notes.len(),
    };
    let _ = match lang {
        Lang::Zh => writeln!(out, " 要紧的 {shown} 件事"),
        Lang::En => writeln!(out, " {shown} thing(s) to look at"),
    };
    for (place, note) in report.notes.iter().take(shown).enumerate() {
        let said = plain(&note.text(lang, |at| when(at, &report.zone)));
        let _ = writeln!(out, " {}. {said}  → {}", place + 1, note.closer());
    }
    let folded = report.notes.len() - shown;
    if folded > 0 {
        let _ = match lang {
            Lang::Zh => writeln!(out, "    另有 {folded} 件：--show rules"),
            Lang::En => writeln!(out, "    {folded} more: --show rules"),
        };
    }
    out.push('\n');
}
