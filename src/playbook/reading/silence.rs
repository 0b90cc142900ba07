//! `allow`: a warning that is meant, with the reason why.

use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::{Code, Place, Problem, Problems, Severity};
use crate::playbook::written::{Item, Table};

use super::draft::Draft;

/// The key, wherever it may stand.
pub(super) const ALLOW: Key = key(
    "allow",
    Shape::Codes,
    r#"{ P70 = "有检测报告" }"#,
    (
        "消声：哪个提醒是有意的，为什么。",
        "Silences a warning that is meant, with the reason.",
    ),
);

/// One warning that is meant.
#[derive(Clone, Debug)]
pub struct Silence {
    code: Code,
    /// Where it is written.
    place: Place,
    source: usize,
    /// What it is about, and the line its section begins on; nothing: the whole file.
    about: Option<(Vec<Place>, usize)>,
}

/// Reads `allow` of a section, or of the whole file.
pub(super) fn read<'t>(table: &mut Table<'t>, section: Option<&Item<'t>>, draft: &mut Draft<'t, '_>) {
    let Some(allowed) = table.take("allow").and_then(|item| item.table(&mut draft.problems)) else {
        return;
    };
    for item in allowed.all() {
        let warning = |code: &&Code| code.id() == item.key && code.severity() == Severity::Warning;
        let code = Code::ALL.iter().copied().find(|code| warning(&code));
        let reason = item.text(&mut draft.problems).map(str::trim);
        match (code, reason) {
            (_, None) => {}
            (Some(code), Some(reason)) if !reason.is_empty() => draft.silences.push(Silence {
                code,
                place: item.key_place(),
                source: item.source(),
                about: section.map(|section| (section.places(), section.line())),
            }),
            (code, Some(reason)) => {
                draft
                    .problems
                    .bad_silence(&item.key_place(), item.key, code.is_some(), !reason.is_empty());
            }
        }
    }
}

impl Silence {
    fn covers(&self, problem: &Problem, books: &[String]) -> bool {
        self.code == problem.code
            && match (&problem.place, &self.about) {
                (Place::At { source, .. }, None) => *source == self.source,
                (Place::At { source, start, .. }, Some((places, _))) => places.iter().any(|place| match place {
                    Place::At {
                        source: of,
                        start: from,
                        end,
                    } => of == source && (from..=end).contains(&start),
                    Place::Line { .. } => false,
                }),
                (Place::Line { book, line }, about) => {
                    books.get(self.source) == Some(book) && about.as_ref().is_none_or(|(_, first)| first == line)
                }
            }
    }
}

/// What is left of all that was found. A silence with nothing to silence is a problem, but for codes nobody looked for
/// this time.
pub(super) fn settle(found: Vec<Problem>, silences: &[Silence], books: &[String], unsought: &[Code]) -> Vec<Problem> {
    let mut left = Problems::default();
    let covered = |problem: &Problem| silences.iter().any(|silence| silence.covers(problem, books));
    for silence in silences {
        let idle = !found.iter().any(|problem| silence.covers(problem, books));
        if idle && !unsought.contains(&silence.code) {
            left.idle_silence(&silence.place, silence.code);
        }
    }
    let mut left = left.in_order();
    left.extend(found.into_iter().filter(|problem| !covered(problem)));
    left.sort_by(|one, other| (&one.place, one.code).cmp(&(&other.place, other.code)));
    left
}
