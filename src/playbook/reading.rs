//! From texts to checked playbooks, or to problems: all of them at once, each with its place.
//!
//! Reading goes over every file first and over the whole set after that: names that stand for something in another
//! file, words two rules answer, amounts that differ.

mod alert;
mod book;
mod cadence;
mod call;
mod coupon;
mod draft;
mod effect;
mod field;
mod gathering;
mod guard;
mod kick;
mod lint;
mod mechanic;
mod opening;
mod phrase;
mod picture;
mod points;
mod punctuation;
mod redemption;
mod rule;
mod sense;
mod silence;
mod story;
mod telling;
mod trigger;
mod vote;
pub(crate) mod words;

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use toml::de::DeTable;

use crate::chat::Fold;

use super::house::House;
use super::keys::Shape;
use super::keyword::Keyword;
use super::picture::Picture;
use super::problem::{Code, Place, Problem, Problems, Severity};
use super::written::{Sheet, Table};
use super::{HousePhrases, Playbooks};
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
}

impl Reading {
    /// What was found here and elsewhere, less what is allowed by `allow`; an `allow` that allows nothing is found too,
    /// but for the codes in `unsought`, which nobody looked for.
    pub fn settled(&self, more: Vec<Problem>, unsought: &[Code]) -> Vec<Problem> {
        let books: Vec<String> = self.playbooks.books.iter().map(|book| book.name.clone()).collect();
        let mut found = self.problems.clone();
        found.extend(more);
        silence::settle(found, &self.silences, &books, unsought)
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
    let parsed: Vec<_> = sources
        .iter()
        .map(|source| DeTable::parse_recoverable(&source.text))
        .collect();
    let mut draft = Draft {
        problems: Problems::default(),
        house: &house,
        sources,
        fields: field::all(parsed.iter().map(|(table, _)| table.get_ref())),
        defined: BTreeMap::new(),
        worth: BTreeMap::new(),
        uses: Vec::new(),
        said: Vec::new(),
        heard: Vec::new(),
        rules: Vec::new(),
        planned: BTreeSet::new(),
        guards: Vec::new(),
        silences: Vec::new(),
        keywords: Vec::new(),
        pictures: Vec::new(),
        broken: BTreeMap::new(),
    };
    let mut books = Vec::new();
    for (index, (source, (table, errors))) in sources.iter().zip(&parsed).enumerate() {
        let sheet = Sheet {
            index,
            text: &source.text,
            fold: Fold::default(),
        };
        if !errors.is_empty() {
            let first = errors
                .iter()
                .filter_map(|error| Some(error.span()?.start))
                .min()
                .unwrap_or(0);
            draft.broken.insert(index, first);
            punctuation::explain(sheet, errors, &mut draft.problems);
        }
        books.push(book::read(
            &source.name,
            Table::whole(sheet, table.get_ref(), &Shape::Table(&[WHOLE])),
            &mut draft,
        ));
    }
    guard::sense(&books, &mut draft);
    sense::names(&mut draft);
    sense::words(&mut draft);
    sense::amounts(&mut draft);
    lint::all(&mut draft);
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
        Code::UnknownName | Code::OutOfPlace => !here,
        // A header that cannot be read leaves its keys to the section before.
        Code::UnknownKey => broken_at.is_none_or(|(first, start)| start < first),
        Code::UnknownCoupon | Code::UnknownVote | Code::UnknownEvent | Code::UnknownRule => broken.is_empty(),
        Code::UnknownGuard | Code::NeverBreaks => broken.is_empty(),
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
