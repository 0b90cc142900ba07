//! Texts with names in them: what members will read, and what decides whether they do.

use std::collections::BTreeSet;

use crate::chat::Lang;
use crate::playbook::To;
use crate::playbook::formula::Formula;
use crate::playbook::phrases::{
    AnswersPhrases, CheckInPhrases, ClaimPhrases, ColumnPhrases, DrawPhrases, ExchangePhrases, GatheringPhrases,
    LinkingPhrases, MembershipPhrases, OptingOutPhrases, PointsPhrases, PrivacyPhrases, QuizPhrases, RedemptionPhrases,
    ReferralPhrases, SourcePhrases, SuggestionsPhrases, SurveyPhrases, TagPhrases, TellingPhrases, TierPhrases,
    VotePhrases,
};
use crate::playbook::problem::{Place, Problems, both};
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::wording::{BadWording, Condition, Fault, Given, Wording};
use crate::playbook::written::{Item, Table};

use super::draft::{Draft, Said};
use super::named;

/// A wording whose names are all there on this occasion.
pub(super) fn wording(item: &Item<'_>, vocabulary: &Vocabulary, problems: &mut Problems) -> Option<Wording> {
    let text = item.text(problems)?;
    if text.trim().is_empty() {
        problems.nothing(&item.place(), item.key);
        return None;
    }
    let given = item.shelf.given;
    match Wording::with(text, given) {
        Ok(wording) => {
            let found = wording.check(&named::with(given, vocabulary.clone()));
            fits(item, wording.given(), (found, vocabulary), problems);
            Some(wording)
        }
        Err(why) => {
            unreadable(item, &why, problems);
            None
        }
    }
}

/// The parts of a wording without names in them.
pub(super) fn parts(wording: Option<&Wording>) -> Vec<(usize, String)> {
    wording.map_or_else(Vec::new, Wording::plain_parts)
}

/// The same of a text that is said without being checked as a wording.
pub(super) fn plain(item: &Item<'_>) -> Vec<(usize, String)> {
    parts(item.as_text().and_then(|text| Wording::parse(text).ok()).as_ref())
}

/// A condition whose names are all there on this occasion.
pub(super) fn condition(item: &Item<'_>, vocabulary: &Vocabulary, problems: &mut Problems) -> Option<Condition> {
    let given = item.shelf.given;
    match Condition::with(item.text(problems)?, given) {
        Ok(condition) => {
            let found = condition.check(&named::with(given, vocabulary.clone()));
            fits(item, condition.given(), (found, vocabulary), problems);
            Some(condition)
        }
        Err(why) => {
            unreadable(item, &why, problems);
            None
        }
    }
}

/// An expression that comes to a number, whose names are all there on this occasion.
pub(super) fn formula(item: &Item<'_>, vocabulary: &Vocabulary, problems: &mut Problems) -> Option<Formula> {
    let given = item.shelf.given;
    match Formula::with(item.text(problems)?, given) {
        Ok(formula) => {
            let found = formula.check(&named::with(given, vocabulary.clone()));
            fits(item, formula.given(), (found, vocabulary), problems);
            Some(formula)
        }
        Err(why) => {
            unreadable(item, &why, problems);
            None
        }
    }
}

/// An audience as it stands in its section: about a person, and of no other audience.
pub(super) fn audience(item: &Item<'_>, given: &Given, vocabulary: &Vocabulary, problems: &mut Problems) {
    match item.as_text().map(|text| Condition::with(text, given)) {
        Some(Ok(condition)) => faults(item, condition.check(vocabulary), problems),
        Some(Err(why)) => unreadable(item, &why, problems),
        None => {}
    }
}

/// Says what is wrong, where it stands; of what stands elsewhere under a name, also where it is used.
fn fits(item: &Item<'_>, uses: &Given, (found, vocabulary): (Vec<Fault>, &Vocabulary), problems: &mut Problems) {
    if let Some(place) = item.use_place() {
        unfit(&place, item, &found, problems);
    }
    faults(item, found, problems);
    for name in uses.audiences() {
        let audience = item.shelf.named("audiences", name);
        let constants = item.shelf.given.constants();
        let condition = audience.and_then(|it| Condition::with(it.as_text()?, &constants).ok());
        if let (Some(audience), Some(condition)) = (audience, condition) {
            let found = condition.check(&named::with(&constants, vocabulary.clone()));
            let place = item.use_place().unwrap_or_else(|| item.place());
            unfit(&place, &audience, &found, problems);
        }
    }
}

/// Something that has a name names something that is not there where it is used.
fn unfit(place: &Place, item: &Item<'_>, found: &[Fault], problems: &mut Problems) {
    let missing: BTreeSet<String> = found
        .iter()
        .filter_map(|fault| match fault {
            Fault::Unknown { name, .. } => Some(name.clone()),
            Fault::Refused { .. } | Fault::Mixed { .. } | Fault::Window { .. } => None,
        })
        .collect();
    if !missing.is_empty() {
        let missing: Vec<String> = missing.into_iter().collect();
        problems.unfit(place, (item.key, &item.shown()), &missing);
    }
}

fn unreadable(item: &Item<'_>, why: &BadWording, problems: &mut Problems) {
    let place = why
        .place
        .clone()
        .map_or_else(|| item.place(), |place| item.place_in(place));
    problems.bad_wording(&place, both(why.in_chinese.clone(), format!("{why}")));
}

fn faults(item: &Item<'_>, faults: Vec<Fault>, problems: &mut Problems) {
    for fault in faults {
        match fault {
            Fault::Refused { place, zh, en } => problems.bad_wording(&item.place_in(place), both(zh, en)),
            Fault::Mixed { place, zh, en } => problems.mixed(&item.place_in(place), both(zh, en)),
            Fault::Window { place, zh, en } => problems.bad_window(&item.place_in(place), both(zh, en)),
            Fault::Unknown { place, name, known } => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                problems.unknown_name(&item.place_in(place), &name, &known);
            }
        }
    }
}

/// What a mechanic says: its defaults, and what `wording` replaces.
pub(super) trait Phrases: Sized {
    /// The section it belongs to, as `vocabulary` calls it.
    const SECTION: &'static str;
    const NAMES: &'static [&'static str];
    fn in_lang(lang: Lang) -> Result<Self, BadWording>;
    fn replace(&mut self, key: &str, wording: Wording) -> bool;
}

macro_rules! phrases {
    ($($name:ident $section:literal)*) => {$(
        impl Phrases for $name {
            const SECTION: &'static str = $section;
            const NAMES: &'static [&'static str] = $name::KEYS;
            fn in_lang(lang: Lang) -> Result<Self, BadWording> {
                $name::defaults(lang)
            }
            fn replace(&mut self, key: &str, wording: Wording) -> bool {
                self.set(key, wording)
            }
        }
    )*};
}

phrases! { TellingPhrases "birthday" VotePhrases "vote" DrawPhrases "draw" GatheringPhrases "event" PointsPhrases "points" RedemptionPhrases "redemption" ReferralPhrases "referral" ColumnPhrases "column" AnswersPhrases "answers" SuggestionsPhrases "suggestions" SurveyPhrases "survey" QuizPhrases "quiz" OptingOutPhrases "opting_out" PrivacyPhrases "privacy" LinkingPhrases "linking" CheckInPhrases "check_in" TierPhrases "tiers" TagPhrases "tags" SourcePhrases "sources" ClaimPhrases "claim" MembershipPhrases "memberships" ExchangePhrases "exchange" }

pub(super) fn phrases<'t, P: Phrases>(table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> P {
    let mut phrases = P::in_lang(draft.house.lang).expect("default phrases are read by a test");
    let Some(written) = table.take("wording").and_then(|item| item.table(&mut draft.problems)) else {
        return phrases;
    };
    for item in written.all() {
        if P::NAMES.contains(&item.key) {
            let vocabulary = Vocabulary::of_phrase(P::SECTION, item.key);
            let wording = wording(&item, &vocabulary, &mut draft.problems);
            draft.said.push(Said {
                item,
                parts: parts(wording.as_ref()),
                coupons: Vec::new(),
                by: P::SECTION.to_owned(),
                to: To::Group,
                rule: None,
            });
            if let Some(wording) = wording {
                phrases.replace(item.key, wording);
            }
        } else {
            draft.problems.unknown_key(&item.key_place(), item.key, P::NAMES);
        }
    }
    phrases
}
