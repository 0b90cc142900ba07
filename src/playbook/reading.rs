//! From texts to checked playbooks, or to problems: all of them at once, each with its place.
//!
//! Reading goes over every file first and over the whole set after that: names that stand for something in another
//! file, words two rules answer, amounts that differ.

mod admission;
mod alert;
mod answered;
mod answers;
mod book;
mod cadence;
mod call;
mod check_in;
mod claim;
mod column;
mod coupon;
mod draft;
mod draw;
mod effect;
mod extends;
mod field;
mod gathering;
mod guard;
mod income;
mod kick;
mod linking;
mod lint;
mod mechanic;
mod membership;
mod named;
mod opening;
mod opting_out;
mod overrides;
mod phrase;
mod picture;
mod points;
mod pool;
mod privacy;
mod punctuation;
mod quiz;
mod redemption;
mod referral;
mod rule;
mod scores;
mod sense;
mod shop;
mod silence;
mod source;
mod story;
mod suggestions;
mod survey;
mod tagging;
mod telling;
mod tier;
mod trigger;
mod vote;
mod winback;
pub(crate) mod words;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use toml::de::DeTable;

use super::beside::is_beside;
use super::house::House;
use super::keys::Shape;
use super::keyword::Keyword;
use super::picture::Picture;
use super::problem::{Code, Place, Problem, Problems, Severity};
use super::shelf::{Sheet, Shelf, moved, start_of};
use super::wording::Given;
use super::written::Table;
use super::{Edition, HousePhrases, Playbook, Playbooks};
use draft::Draft;
use silence::Silence;

pub(crate) use book::WHOLE;
pub(crate) use book::name_of as book_name;
pub use words::parse_length;

/// One file, as it was found. The last part of its name without `.toml` is the playbook's name.
pub use crate::chat::Source;

/// What came of reading.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The parts that are sound.
    pub playbooks: Playbooks,
    /// In the order of their places; warnings that are allowed are among them.
    pub problems: Vec<Problem>,
    /// Words listened for anywhere in what members say.
    pub keywords: Vec<Keyword>,
    /// Pictures of the media folder; nobody has looked there yet.
    pub pictures: Vec<Picture>,
    silences: Vec<Silence>,
    /// What each source is called.
    files: Vec<String>,
}

impl Reading {
    /// What was found here and elsewhere, less what is allowed by `allow`; an `allow` that allows nothing is found too,
    /// but for the codes in `unsought`, which nobody looked for.
    pub fn settled(&self, more: Vec<Problem>, unsought: &[Code]) -> Vec<Problem> {
        let mut found = self.problems.clone();
        found.extend(more);
        silence::settle(found, &self.silences, &self.files, unsought)
    }

    /// The set, if nothing but warnings was found; else everything that was found.
    pub fn sound(self) -> Result<Playbooks, Vec<Problem>> {
        if self
            .problems
            .iter()
            .any(|problem| problem.severity() == Severity::Error)
        {
            Err(self.problems)
        } else {
            Ok(self.playbooks)
        }
    }
}

/// Reads a whole set.
pub fn read(sources: &[Source], house: House) -> Reading {
    let fingerprint = fingerprint(sources, &house);
    let mut problems = Problems::default();
    let mut broken = BTreeMap::new();
    let own = parsed(sources, &mut broken, &mut problems);
    let wholes = extends::wholes(sources, &own, &mut problems);
    for (index, whole) in wholes.iter().enumerate() {
        // What is absent from a text may be absent from whatever takes it over.
        if whole.base.is_some_and(|base| broken.contains_key(&base)) {
            broken.entry(index).or_insert(sources[index].text.len());
        }
    }
    let playing = || wholes.iter().enumerate().filter(|(_, whole)| whole.plays);
    let fields = field::all(playing().map(|(_, whole)| &whole.table));
    // Each book, and what it is in some groups.
    let tables: Vec<(usize, Vec<DeTable<'_>>)> = playing()
        .map(|(index, whole)| (index, overrides::editions(&whole.table)))
        .collect();
    let nothing = Given::default();
    let mut given_in = |book| named::given(Shelf::of(sources, book, &nothing), &fields, &mut problems);
    let given: Vec<Vec<Given>> = tables
        .iter()
        .map(|(_, tables)| tables.iter().map(&mut given_in).collect())
        .collect();
    let mut draft = Draft::new(sources, &house, (fields, broken, problems));
    let mut books = Vec::new();
    for ((index, tables), given) in tables.iter().zip(&given) {
        let shelves = tables
            .iter()
            .zip(given)
            .map(|(book, given)| Shelf::of(sources, book, given));
        books.extend(editions((*index, &sources[*index].name), shelves, &mut draft));
    }
    answers::settle(&mut books, &mut draft);
    guard::sense(&books, &mut draft);
    sense::names(&mut draft);
    sense::words(&mut draft);
    sense::amounts(&mut draft);
    lint::all(&books, &mut draft);
    let (broken, silences) = (draft.broken, draft.silences);
    let (fields, keywords, pictures) = (draft.fields, draft.keywords, draft.pictures);
    let mut problems = draft.problems.in_order();
    problems.retain(|problem| is_certain(problem, &broken));
    Reading {
        playbooks: Playbooks {
            phrases: HousePhrases::defaults(house.lang).expect("our own phrases parse; a test proves it"),
            fields,
            books,
            house,
            fingerprint,
        },
        problems,
        keywords,
        pictures,
        silences,
        files: sources
            .iter()
            .map(|source| book_name(&source.name).to_owned())
            .collect(),
    }
}

/// A book, with what it is in some groups.
fn editions<'t>(
    (index, path): (usize, &'t str),
    mut shelves: impl Iterator<Item = Shelf<'t>>,
    draft: &mut Draft<'t, '_>,
) -> Option<Playbook> {
    let whole = |shelf| Table::whole(shelf, index, &SHAPE);
    draft.through = None;
    let book = book::read((index, path), whole(shelves.next()?), draft);
    let changed = std::mem::take(&mut draft.overrides);
    draft.again = true;
    let mut editions = Vec::new();
    for (shelf, (groups, line)) in shelves.zip(changed) {
        let book = book::read((index, path), whole(shelf), draft);
        editions.push(Edition { groups, line, book });
    }
    draft.again = false;
    Some(Playbook { editions, ..book })
}

/// What may stand in a file.
pub(crate) static SHAPE: Shape = Shape::Table(&[WHOLE]);

/// Every file's own keys, their places counted through all of them.
fn parsed<'t>(sources: &'t [Source], broken: &mut BTreeMap<usize, usize>, problems: &mut Problems) -> Vec<DeTable<'t>> {
    let mut tables = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        // What stands beside playbooks is none.
        let text = if is_beside(&source.name) {
            ""
        } else {
            source.text.as_str()
        };
        let (table, errors) = DeTable::parse_recoverable(text);
        syntax(Sheet { index, text }, &errors, broken, problems);
        tables.push(moved(table.into_inner(), start_of(sources, index)));
    }
    tables
}

/// Says why a text is not TOML, and remembers the first place that is not.
fn syntax(sheet: Sheet<'_>, errors: &[toml::de::Error], broken: &mut BTreeMap<usize, usize>, problems: &mut Problems) {
    let places = errors.iter().filter_map(|error| Some(error.span()?.start));
    if !errors.is_empty() {
        broken.insert(sheet.index, places.min().unwrap_or(0));
        punctuation::explain(sheet, errors, problems);
    }
}

/// Where a text could not be read to its end, nobody can say what is absent from it.
fn is_certain(problem: &Problem, broken: &BTreeMap<usize, usize>) -> bool {
    let broken_at = match &problem.place {
        Place::At { source, start, .. } => broken.get(source).map(|first| (*first, *start)),
        Place::Line { .. } => None,
    };
    let here = broken_at.is_some();
    match problem.code {
        Code::Syntax | Code::FullWidth => true,
        Code::MissingKey | Code::Nothing | Code::Uncapped | Code::UnknownDeed | Code::UnknownTrigger => !here,
        Code::EmptyGuard => !here,
        Code::UnknownName | Code::OutOfPlace | Code::UnknownNamed | Code::Unfit | Code::NotThere => !here,
        // A header that cannot be read leaves its keys to the section before.
        Code::UnknownKey => broken_at.is_none_or(|(first, start)| start < first),
        Code::UnknownCoupon | Code::UnknownVote | Code::UnknownEvent | Code::UnknownRule => broken.is_empty(),
        Code::UnknownTier => broken.is_empty(),
        Code::BadTiers | Code::BadScores => !here,
        Code::BadSource | Code::BadWinback => broken.is_empty(),
        Code::UnknownGuard | Code::NeverBreaks => broken.is_empty(),
        Code::UnknownAnswer | Code::NeverAnswered | Code::UnknownSurvey => broken.is_empty(),
        Code::EarnsNothing => broken.is_empty(),
        Code::NoDeadline => !here,
        _ => !here || problem.severity() == Severity::Error,
    }
}

/// Twelve hexadecimal digits over the texts and the facts of the house that deciding depends on.
fn fingerprint(sources: &[Source], house: &House) -> String {
    let mut digest = Sha256::new();
    let mut take = |part: &str| {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    };
    for source in sources {
        take(book::name_of(&source.name));
        take(&source.text);
    }
    take(&house.name);
    take(house.zone.iana_name().unwrap_or_default());
    take(&format!("{:?}{:?}{:?}", house.lang, house.staff, house.staff_group));
    take(&format!("{:?}{:?}{:?}", house.manners, house.gateways, house.workdays));
    let sum = digest.finalize();
    sum.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
