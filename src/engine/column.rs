//! Columns: the next piece is said, by the host whose turn it is.
//!
//! The next piece is the first that the group has not had; where kinds are mixed, of the kind that lags behind most. One
//! that advertises is passed over for one that does not, where manners let no advertising out.

use std::time::Duration;

use crate::chat::{ColumnName, GroupId, Kind, PersonId, RuleName};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::column::{ColumnId, Drawn};
use crate::playbook::column::{Column, Piece};
use crate::playbook::{Effect, Playbook, To, trigger};

use super::draft::{Cause, Draft};
use super::effects::{self, Speech, Spoken, here};
use super::probe::Asked;
use super::verdict::Verdict;
use super::{matching, schedule};

/// Staff are told so long before a column runs dry.
const AHEAD: Duration = Duration::from_secs(7 * 24 * 3600);

/// The most times of a column that are looked ahead to.
const TIMES_MOST: usize = 200;

/// Says the next piece of a column.
pub fn say(
    draft: &mut Draft<'_>,
    cause: &Cause<'_>,
    name: &ColumnName,
    occasion: &Occasion,
) -> Result<Spoken, Verdict> {
    let group = here(draft, occasion)?;
    let books = draft.books;
    let Some((book, column)) = books.column(name) else {
        return Err(Verdict::NoSuchRule);
    };
    let book = draft.played(book, Some(&group));
    let column = book.columns.get(name).unwrap_or(column);
    let id = (name.clone(), group);
    let mut drawn = drawn(draft, &id);
    let all_said = column.pieces.iter().all(|piece| is_said(&drawn, piece));
    if all_said && column.again && !column.pieces.is_empty() {
        draft.change(Change::ColumnBegun { id: id.clone() });
        drawn.said.clear();
    }
    let said = u32::try_from(drawn.said.len()).unwrap_or(u32::MAX);
    let first = next(column, &drawn, false);
    draft.probe.asked(None, first.is_some(), || Asked::Piece {
        column: name.clone(),
        said,
        of: u32::try_from(column.pieces.len()).unwrap_or(u32::MAX),
    });
    let Some(piece) = first else {
        return Err(Verdict::NoPieces { said });
    };
    let host = host(draft, column, &id.1, &drawn);
    match speak(draft, (cause, column), (piece, host.as_ref()), (&id, occasion)) {
        Err(Verdict::TooMuchPromo { .. }) if piece.promo => {}
        spoken => return told(draft, (book, column, cause), (piece, host), (&id, occasion), spoken),
    }
    let Some(piece) = next(column, &drawn, true) else {
        return Err(Verdict::NoPieces { said });
    };
    let spoken = speak(draft, (cause, column), (piece, host.as_ref()), (&id, occasion));
    told(draft, (book, column, cause), (piece, host), (&id, occasion), spoken)
}

fn is_said(drawn: &Drawn, piece: &Piece) -> bool {
    drawn.said.iter().any(|said| **said == *piece.name)
}

fn drawn(draft: &Draft<'_>, id: &ColumnId) -> Drawn {
    let mut drawn = draft.community.columns().get(id).cloned().unwrap_or_default();
    for change in &draft.decision.changes {
        match change {
            Change::PieceSaid {
                id: of,
                piece,
                kind,
                host,
            } if of == id => drawn.drew((piece, kind), host.as_ref()),
            Change::ColumnBegun { id: of } if of == id => drawn.said.clear(),
            Change::ColumnWarned { id: of, pieces } if of == id => drawn.warned_of = Some(*pieces),
            _ => {}
        }
    }
    drawn
}

/// The next piece a group has not had.
fn next<'c>(column: &'c Column, drawn: &Drawn, no_promo: bool) -> Option<&'c Piece> {
    let mut left = column
        .pieces
        .iter()
        .filter(|piece| !is_said(drawn, piece))
        .filter(|piece| !(no_promo && piece.promo));
    if column.mix.is_empty() {
        return left.next();
    }
    let had = |kind: &str| u64::from(drawn.kinds.get(kind).copied().unwrap_or(0));
    let share = |kind: &str| u64::from(column.mix.get(kind).copied().unwrap_or(1).max(1));
    // Of a kind that has had n of its share s, one more makes (n + 1) / s: the smallest is furthest behind.
    let pieces: Vec<&Piece> = left.collect();
    let behind = |one: &&&Piece, other: &&&Piece| {
        let one_more = |piece: &Piece, other: &Piece| (had(&piece.kind) + 1) * share(&other.kind);
        one_more(one, other).cmp(&one_more(other, one))
    };
    pieces.iter().min_by(behind).copied()
}

/// Of the members who host, the one who did so least.
fn host(draft: &Draft<'_>, column: &Column, group: &GroupId, drawn: &Drawn) -> Option<PersonId> {
    let tag = column.hosts.as_ref()?;
    let hosts = draft.community.members_of(group).filter(|(person, _)| {
        let known = draft.community.people().get(*person);
        known.is_some_and(|it| it.tags.contains(tag))
    });
    let times = |person: &PersonId| drawn.hosted.get(person).copied().unwrap_or(0);
    hosts
        .min_by_key(|(person, _)| times(person))
        .map(|(person, _)| person.clone())
}

fn about(
    draft: &Draft<'_>,
    column: &Column,
    (piece, host): (&Piece, Option<&PersonId>),
    (id, occasion): (&ColumnId, &Occasion),
) -> Occasion {
    let name = host.map_or_else(String::new, |host| draft.community.name_of(Some(&id.1), host));
    let facts = [
        ("column.title", column.title.clone()),
        ("piece.title", piece.title.clone()),
        ("piece.kind", piece.kind.clone()),
        ("piece.text", piece.text.clone()),
        ("host", name),
    ];
    let mut about = occasion.clone();
    let facts = facts.map(|(name, text)| (name.to_owned(), Fact::Text(text)));
    about.facts.extend(facts);
    about
}

fn speak(
    draft: &mut Draft<'_>,
    (cause, column): (&Cause<'_>, &Column),
    told: (&Piece, Option<&PersonId>),
    (id, occasion): (&ColumnId, &Occasion),
) -> Result<Spoken, Verdict> {
    let kind = if told.0.promo { Kind::Promo } else { cause.kind };
    let occasion = about(draft, column, told, (id, occasion));
    let speech = Speech::plain(&column.phrases.said, To::Group, kind);
    effects::speak(draft, &speech, &cause.name, &occasion)
}

/// What was said is remembered, and staff are told when little is left.
fn told(
    draft: &mut Draft<'_>,
    (book, column, cause): (&Playbook, &Column, &Cause<'_>),
    (piece, host): (&Piece, Option<PersonId>),
    (id, occasion): (&ColumnId, &Occasion),
    spoken: Result<Spoken, Verdict>,
) -> Result<Spoken, Verdict> {
    let spoken = spoken?;
    draft.change(Change::PieceSaid {
        id: id.clone(),
        piece: piece.name.clone(),
        kind: piece.kind.clone(),
        host: host.clone(),
    });
    let about = about(draft, column, (piece, host.as_ref()), (id, occasion));
    matching::raise(draft, trigger::Fact::PieceSaid, column.name.as_str(), &about);
    warn(draft, (book, column), id, (&cause.name, &about));
    Ok(spoken)
}

/// Staff are told once, a week before there is nothing left, whichever group comes to it first.
fn warn(
    draft: &mut Draft<'_>,
    (book, column): (&Playbook, &Column),
    id: &ColumnId,
    (rule, about): (&RuleName, &Occasion),
) {
    if column.again {
        return;
    }
    let drawn = drawn(draft, id);
    let left = column.pieces.iter().filter(|piece| !is_said(&drawn, piece)).count();
    let pieces = u32::try_from(column.pieces.len()).unwrap_or(u32::MAX);
    let of_this = |other: &&ColumnId| other.0 == id.0;
    let known = draft.community.columns().iter();
    let told = known
        .filter(|(other, _)| of_this(other))
        .any(|(_, it)| it.warned_of == Some(pieces));
    if told || drawn.warned_of == Some(pieces) || left > times_ahead(draft, book, &column.name) {
        return;
    }
    draft.change(Change::ColumnWarned { id: id.clone(), pieces });
    let mut occasion = about.clone();
    let left = i64::try_from(left).unwrap_or(i64::MAX);
    occasion.facts.insert("left".to_owned(), Fact::Number(left));
    effects::alarm(draft, &column.phrases.low, rule, &occasion);
}

/// How often a column comes in the week ahead, at least once.
fn times_ahead(draft: &Draft<'_>, book: &Playbook, name: &ColumnName) -> usize {
    let says = |effect: &Effect| matches!(effect, Effect::Piece { column } if column == name);
    let rules = book.rules.iter().filter(|rule| rule.then.iter().any(says));
    let until = draft.now.plus(AHEAD);
    let triggers = rules.flat_map(|rule| &rule.on);
    let times = triggers.map(|trigger| {
        let mut at = draft.now;
        let mut times = 0;
        while times < TIMES_MOST
            && let Some(next) = schedule::next_due(draft, trigger, at).filter(|next| *next <= until)
        {
            at = next;
            times += 1;
        }
        times
    });
    times.sum::<usize>().max(1)
}
