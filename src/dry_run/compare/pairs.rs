//! Pairs the effects of two runs by rule, cause and occasion.
//!
//! Effects of one rule that follow from common events and reach the same place are one matter: two greetings that became
//! one, a message that moved. Within a matter the same are paired first, the rest in order.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::side::{Made, Side};
use crate::chat::{EventId, Fen, Moment, PersonId, RuleName, TillName};
use crate::dry_run::cards::CardDone;
use crate::dry_run::effects::{Effect, Reached};
use crate::engine::Verdict;

/// How an effect of the new playbooks stands to one of the old.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    pub rule: RuleName,
    #[serde(flatten)]
    pub how: How,
    /// Why the side that lacks it does not do it, in that run's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Verdict>,
    /// The place of the difference that gave rise to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caused_by: Option<usize>,
    #[serde(skip)]
    pub roots: BTreeSet<EventId>,
}

/// The same, different, gone or new.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "how", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "a difference holds what differs")]
pub enum How {
    Same {
        old: Effect,
        new: Effect,
    },
    Changed {
        old: Effect,
        new: Effect,
        what: BTreeSet<Differs>,
    },
    /// Several became fewer, or one became several.
    Merged {
        old: Vec<Effect>,
        new: Vec<Effect>,
    },
    Gone {
        old: Effect,
    },
    Added {
        new: Effect,
    },
}

/// What differs between two effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Differs {
    Time,
    Words,
    Mentions,
    Worth,
    Coupon,
    Validity,
    Kind,
}

impl Pair {
    /// When the difference is seen first.
    pub fn at(&self) -> Moment {
        let first = |effects: &[Effect]| effects.iter().map(|it| it.at).min().unwrap_or_default();
        match &self.how {
            How::Same { old, new } | How::Changed { old, new, .. } => old.at.min(new.at),
            How::Merged { old, new } => first(old).min(first(new)),
            How::Gone { old: it } | How::Added { new: it } => it.at,
        }
    }

    /// Whether there is any difference.
    pub fn is_same(&self) -> bool {
        matches!(self.how, How::Same { .. })
    }

    /// The old and the new effects.
    pub fn sides(&self) -> (&[Effect], &[Effect]) {
        match &self.how {
            How::Same { old, new } | How::Changed { old, new, .. } => {
                (std::slice::from_ref(old), std::slice::from_ref(new))
            }
            How::Merged { old, new } => (old, new),
            How::Gone { old } => (std::slice::from_ref(old), &[]),
            How::Added { new } => (&[], std::slice::from_ref(new)),
        }
    }
}

/// Where an effect arrives; effects that arrive elsewhere are no pair.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Group(String),
    Private(PersonId),
    Staff,
    Wallet(PersonId),
    /// Coupons taken back.
    Returned(PersonId),
    /// Coupons used, and not used after all.
    Till(PersonId),
    /// Coupons kept for a checkout, and let go.
    Checkout(PersonId),
    /// Membership cards, by what was done with them.
    Membership(PersonId, CardDone),
    /// What a till was told.
    Counter(TillName),
    Points(PersonId),
    Field(PersonId, String),
    Name(String),
    Card(PersonId),
    Message(String),
    Member(PersonId),
    Call(String),
    Tag(PersonId, String),
    Untag(PersonId, String),
    Tier(PersonId),
    Source(PersonId),
}

fn place(what: &Reached) -> Place {
    match what {
        Reached::Said { group, .. } => Place::Group(group.id.to_string()),
        Reached::Whispered { person, .. } => Place::Private(person.id.clone()),
        Reached::ToldStaff { .. } => Place::Staff,
        Reached::Given { person, .. } => Place::Wallet(person.id.clone()),
        Reached::TakenBack { person, .. } => Place::Returned(person.id.clone()),
        Reached::Used { person, .. } | Reached::Restored { person, .. } => Place::Till(person.id.clone()),
        Reached::Held { person, .. } | Reached::Freed { person, .. } => Place::Checkout(person.id.clone()),
        Reached::Card { person, done, .. } => Place::Membership(person.id.clone(), *done),
        Reached::ToldTill { till, .. } => Place::Counter(till.clone()),
        Reached::PointsMoved { person, .. } => Place::Points(person.id.clone()),
        Reached::FieldSet { person, field, .. } => Place::Field(person.id.clone(), field.clone()),
        Reached::GroupRenamed { group, .. } => Place::Name(group.id.to_string()),
        Reached::CardSet { person, .. } => Place::Card(person.id.clone()),
        Reached::Recalled { message, .. } => Place::Message(message.clone()),
        Reached::Called { call, .. } => Place::Call(call.to_string()),
        Reached::Kicked { person } => Place::Member(person.id.clone()),
        Reached::Tagged { person, tag } => Place::Tag(person.id.clone(), tag.clone()),
        Reached::Untagged { person, tag } => Place::Untag(person.id.clone(), tag.clone()),
        Reached::TierMoved { person, .. } => Place::Tier(person.id.clone()),
        Reached::SourceKept { person, .. } => Place::Source(person.id.clone()),
    }
}

/// Whom an effect is for, where it is for one.
pub fn whom(effect: &Effect) -> Option<&PersonId> {
    match &effect.what {
        Reached::Said { mentions, .. } => mentions.first().map(|who| &who.id),
        what => what.person().map(|who| &who.id),
    }
}

/// The worth of what was given.
pub fn worth(effect: &Effect) -> Fen {
    match &effect.what {
        Reached::Given { worth, .. } => *worth,
        _ => Fen::ZERO,
    }
}

/// One rule's effects at one place, old and new.
#[derive(Default)]
struct Matter<'s> {
    old: Vec<&'s Made>,
    new: Vec<&'s Made>,
}

/// Pairs everything. `renamed` maps old names of rules to new ones.
pub fn pairs(old: &Side, new: &Side, renamed: &BTreeMap<RuleName, RuleName>) -> Vec<Pair> {
    let mut places: BTreeMap<(RuleName, Place), Matter<'_>> = BTreeMap::new();
    let nobody = RuleName::new("");
    for made in &old.effects {
        let rule = made.effect.rule.as_ref().unwrap_or(&nobody);
        let rule = renamed.get(rule).unwrap_or(rule).clone();
        places
            .entry((rule, place(&made.effect.what)))
            .or_default()
            .old
            .push(made);
    }
    for made in &new.effects {
        let rule = made.effect.rule.clone().unwrap_or_else(|| nobody.clone());
        places
            .entry((rule, place(&made.effect.what)))
            .or_default()
            .new
            .push(made);
    }
    let back: BTreeMap<&RuleName, &RuleName> = renamed.iter().map(|(old, new)| (new, old)).collect();
    let mut found = Vec::new();
    for ((rule, _), matter) in places {
        for matter in by_roots(matter) {
            paired(&rule, matter, &mut found);
        }
    }
    moved(&mut found);
    for pair in &mut found {
        let before = back.get(&pair.rule).copied().unwrap_or(&pair.rule);
        pair.because = match &pair.how {
            How::Gone { old: it } => new.verdict(&pair.rule, &pair.roots, whom(it)).cloned(),
            How::Added { new: it } => old.verdict(before, &pair.roots, whom(it)).cloned(),
            How::Same { .. } | How::Changed { .. } | How::Merged { .. } => None,
        };
    }
    found.sort_by(|one, other| (one.at(), &one.rule, &one.roots).cmp(&(other.at(), &other.rule, &other.roots)));
    found
}

/// Effects that have a root in common belong together.
fn by_roots(matter: Matter<'_>) -> Vec<Matter<'_>> {
    let mut owner: BTreeMap<&EventId, usize> = BTreeMap::new();
    let mut parts: Vec<Option<Matter<'_>>> = Vec::new();
    let all = matter
        .old
        .iter()
        .map(|made| (*made, true))
        .chain(matter.new.iter().map(|made| (*made, false)));
    for (made, is_old) in all {
        let met: BTreeSet<usize> = made.roots.iter().filter_map(|root| owner.get(root).copied()).collect();
        let mut joined = Matter::default();
        for place in met {
            if let Some(part) = parts[place].take() {
                joined.old.extend(part.old);
                joined.new.extend(part.new);
            }
        }
        let side = if is_old { &mut joined.old } else { &mut joined.new };
        side.push(made);
        let roots: BTreeSet<&EventId> = joined.old.iter().chain(&joined.new).flat_map(|it| &it.roots).collect();
        for root in roots {
            owner.insert(root, parts.len());
        }
        parts.push(Some(joined));
    }
    parts.into_iter().flatten().collect()
}

fn paired(rule: &RuleName, mut matter: Matter<'_>, found: &mut Vec<Pair>) {
    let roots: BTreeSet<EventId> = matter
        .old
        .iter()
        .chain(&matter.new)
        .flat_map(|made| made.roots.iter().cloned())
        .collect();
    let mut put = |how| {
        found.push(Pair {
            rule: rule.clone(),
            how,
            because: None,
            caused_by: None,
            roots: roots.clone(),
        });
    };
    let mut rest = Vec::new();
    for old in std::mem::take(&mut matter.old) {
        match matter.new.iter().position(|new| differs(old, new).is_empty()) {
            Some(at) => {
                let new = matter.new.remove(at);
                put(How::Same {
                    old: old.effect.clone(),
                    new: new.effect.clone(),
                });
            }
            None => rest.push(old),
        }
    }
    let effects = |made: &[&Made]| made.iter().map(|made| made.effect.clone()).collect::<Vec<_>>();
    match (rest.as_slice(), matter.new.as_slice()) {
        ([], []) => {}
        (old, new) if old.len() == new.len() => {
            for (old, new) in old.iter().zip(new) {
                put(How::Changed {
                    old: old.effect.clone(),
                    new: new.effect.clone(),
                    what: differs(old, new),
                });
            }
        }
        ([], new) => effects(new).into_iter().for_each(|new| put(How::Added { new })),
        (old, []) => effects(old).into_iter().for_each(|old| put(How::Gone { old })),
        (old, new) => put(How::Merged {
            old: effects(old),
            new: effects(new),
        }),
    }
}

/// What differs. The time is that of arrival; codes are each run's own.
fn differs(old: &Made, new: &Made) -> BTreeSet<Differs> {
    let (one, other) = (&old.effect, &new.effect);
    let mut what = BTreeSet::new();
    let mut note = |differs: bool, as_what| {
        if differs {
            what.insert(as_what);
        }
    };
    note(one.at != other.at, Differs::Time);
    note(old.words != new.words, Differs::Words);
    note(one.kind != other.kind, Differs::Kind);
    match (&one.what, &other.what) {
        (Reached::Said { mentions: before, .. }, Reached::Said { mentions: after, .. }) => {
            let ids = |all: &[crate::dry_run::effects::Who]| all.iter().map(|who| who.id.clone()).collect::<Vec<_>>();
            note(ids(before) != ids(after), Differs::Mentions);
        }
        (
            Reached::Given {
                coupon: before,
                worth: was,
                expires_at: ended,
                ..
            },
            Reached::Given {
                coupon,
                worth,
                expires_at,
                ..
            },
        ) => {
            note(before != coupon, Differs::Coupon);
            note(was != worth, Differs::Worth);
            note(ended != expires_at, Differs::Validity);
        }
        _ => {}
    }
    what
}

/// What is gone and what is new of one rule at one place within a day has moved, where both come of timers: its schedule
/// was written otherwise, so its cause has another name. The nearest are paired first, from whichever side one looks.
fn moved(found: &mut Vec<Pair>) {
    const A_DAY: i64 = 86_400_000;
    let mut here: BTreeMap<(RuleName, Place), (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, pair) in found.iter().enumerate() {
        let (effect, is_gone) = match &pair.how {
            How::Gone { old } => (old, true),
            How::Added { new } => (new, false),
            How::Same { .. } | How::Changed { .. } | How::Merged { .. } => continue,
        };
        if effect.cause.as_str().starts_with("due/") {
            let (gone, added) = here.entry((pair.rule.clone(), place(&effect.what))).or_default();
            let here = if is_gone { gone } else { added };
            here.push(at);
        }
    }
    let mut near: Vec<(i64, Moment, Moment, usize, usize)> = Vec::new();
    for (gone, added) in here.into_values() {
        for (one, other) in gone
            .iter()
            .flat_map(|one| added.iter().map(move |other| (*one, *other)))
        {
            let (before, after) = (found[one].at(), found[other].at());
            let apart = (before.millis() - after.millis()).abs();
            if apart < A_DAY {
                near.push((apart, before.min(after), before.max(after), one, other));
            }
        }
    }
    near.sort();
    let mut taken = BTreeSet::new();
    let mut dropped = BTreeSet::new();
    for (_, _, _, one, other) in near {
        if taken.contains(&one) || dropped.contains(&other) {
            continue;
        }
        if let (How::Gone { old }, How::Added { new }) = (&found[one].how, &found[other].how) {
            let mut what = differs(&alone(old), &alone(new));
            what.insert(Differs::Time);
            found[one].how = How::Changed {
                old: old.clone(),
                new: new.clone(),
                what,
            };
            taken.insert(one);
            dropped.insert(other);
        }
    }
    let mut at = 0;
    found.retain(|_| {
        at += 1;
        !dropped.contains(&(at - 1))
    });
}

fn alone(effect: &Effect) -> Made {
    Made {
        words: words_of(effect),
        effect: effect.clone(),
        roots: BTreeSet::new(),
    }
}

fn words_of(effect: &Effect) -> String {
    match &effect.what {
        Reached::Said { text, .. } | Reached::Whispered { text, .. } | Reached::ToldStaff { text } => text.clone(),
        _ => String::new(),
    }
}
