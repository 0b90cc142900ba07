//! What is known while reading: problems so far, names and where they stand, what is said and heard.

use std::collections::{BTreeMap, BTreeSet};

use crate::chat::{Capability, Source};
use crate::playbook::guard::Bound;
use crate::playbook::house::House;
use crate::playbook::keyword::Keyword;
use crate::playbook::picture::Picture;
use crate::playbook::problem::{Place, Problems};
use crate::playbook::shelf::Sheet;
use crate::playbook::trigger::From;
use crate::playbook::written::Item;
use crate::playbook::{Coupon, GroupFilter, Rule, To};

use super::silence::Silence;

/// What a name can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Book,
    Rule,
    Coupon,
    Vote,
    Draw,
    Event,
    /// An event in a cadence: the calendar of a book plans the book's own events only.
    OwnEvent,
    Cadence,
    CheckIn,
    /// Something to be had for points.
    Goods,
    Exchange,
    Telling,
    Points,
    Redemption,
    Claim,
    Referral,
    Column,
    Ladder,
    Tier,
    Rfm,
    SuperUsers,
    Tagging,
    Sources,
    Source,
    Admission,
    Winback,
    Memberships,
    Membership,
    Answers,
    Answer,
    Suggestions,
    Survey,
    Quiz,
    Linking,
    OptingOut,
    Privacy,
    Guard,
    Story,
}

impl Thing {
    /// As `without` names it.
    fn section(self, name: &str) -> String {
        match self {
            Thing::Coupon => format!("coupon.{name}"),
            Thing::Vote => format!("vote.{name}"),
            Thing::Draw => format!("draw.{name}"),
            Thing::Event | Thing::OwnEvent => format!("event.{name}"),
            Thing::Survey => format!("survey.{name}"),
            Thing::Quiz => format!("quiz.{name}"),
            Thing::Cadence => format!("cadence.{name}"),
            Thing::CheckIn => format!("check_in.{name}"),
            Thing::Goods => format!("shop.{name}"),
            Thing::Column => format!("column.{name}"),
            Thing::Referral => format!("referral.{name}"),
            Thing::Source => format!("source.{name}"),
            Thing::Admission => format!("admission.{name}"),
            Thing::Winback => format!("winback.{name}"),
            Thing::Membership => format!("membership.{name}"),
            Thing::Book
            | Thing::Rule
            | Thing::Telling
            | Thing::Exchange
            | Thing::Points
            | Thing::Redemption
            | Thing::Claim
            | Thing::Ladder
            | Thing::Tier
            | Thing::Rfm
            | Thing::SuperUsers
            | Thing::Tagging
            | Thing::Sources
            | Thing::Memberships
            | Thing::Answers
            | Thing::Answer
            | Thing::Suggestions
            | Thing::Linking
            | Thing::OptingOut
            | Thing::Privacy
            | Thing::Guard
            | Thing::Story => name.to_owned(),
        }
    }
}

/// A name used where it should stand for something.
#[derive(Debug)]
pub(super) struct Use<'t> {
    pub thing: Thing,
    pub written: &'t str,
    pub place: Place,
}

/// A text the bot says.
#[derive(Debug)]
pub(super) struct Said<'t> {
    pub item: Item<'t>,
    /// The parts without names in them, each with the byte it begins at; none if it cannot be read.
    pub parts: Vec<(usize, String)>,
    /// The coupons given on the same occasion.
    pub coupons: Vec<&'t str>,
    /// Whose text it is, for a problem.
    pub by: String,
    pub to: To,
    /// The rule it stands in, by its place among [`Draft::rules`].
    pub rule: Option<usize>,
}

impl Said<'_> {
    /// Whether members read it.
    pub fn is_for_members(&self) -> bool {
        self.to != To::Staff
    }
}

/// A rule as it was read, sound or not, and where it stands.
#[derive(Debug)]
pub(super) struct Ruled<'t> {
    pub rule: Rule,
    pub on: Item<'t>,
    pub condition: Option<Item<'t>>,
    /// The groups its book plays in.
    pub groups: GroupFilter,
    /// Its trigger, its condition or its timing could not be read: nobody can say when it fires, and how often.
    pub unsure: bool,
    /// What its effects ask of a gateway, and where each stands.
    pub asked: Vec<(Capability, Place)>,
}

/// A bound of a guard as it was read, the playbook it stands in, and where.
#[derive(Debug)]
pub(super) struct Guarded {
    pub book: String,
    pub bound: Bound,
    pub place: Place,
}

/// Words the bot answers.
#[derive(Debug)]
pub(super) struct Heard<'t> {
    pub word: String,
    pub item: Item<'t>,
    /// Anywhere in the message instead of being the message.
    pub within: bool,
    /// Whatever else holds: without a condition.
    pub surely: bool,
    pub from: From,
    /// Whoever answers keeps the others from answering, so it does not quarrel with them.
    pub stops: bool,
    /// What answers: two triggers of one rule do not quarrel.
    pub by: String,
    pub groups: GroupFilter,
}

/// What is known while reading.
#[derive(Debug)]
pub(super) struct Draft<'t, 'h> {
    pub problems: Problems,
    pub house: &'h House,
    pub sources: &'t [Source],
    /// Where each name stands first; rules are `book/rule`.
    pub defined: BTreeMap<(Thing, String), Place>,
    pub worth: BTreeMap<String, Coupon>,
    /// What membership cards are called, by staff and by orders: the card's own name, and where it stands.
    pub cards: BTreeMap<String, (String, Place)>,
    /// The fields any rule of the set sets.
    pub fields: BTreeSet<String>,
    pub uses: Vec<Use<'t>>,
    pub said: Vec<Said<'t>>,
    pub heard: Vec<Heard<'t>>,
    pub rules: Vec<Ruled<'t>>,
    /// Days of the month on which a cadence has an event.
    pub planned: BTreeSet<i8>,
    /// The bounds of guards, and where they stand.
    pub guards: Vec<Guarded>,
    pub silences: Vec<Silence>,
    pub keywords: Vec<Keyword>,
    pub pictures: Vec<Picture>,
    /// What the effects read last ask of a gateway, and where each stands.
    pub asked: Vec<(Capability, Place)>,
    /// The book that is being read was read before, as it plays in other groups.
    pub again: bool,
    /// Where the book that is being read says which other it extends.
    pub through: Option<Place>,
    /// The groups a book that was read is another in, and the lines that say so.
    pub overrides: Vec<(GroupFilter, usize)>,
    /// Texts that are not TOML, with the byte of the first place that is not: nobody can say what is absent from them.
    pub broken: BTreeMap<usize, usize>,
}

impl<'t, 'h> Draft<'t, 'h> {
    /// Nothing read yet; `fields` are those of people, `broken` the texts that are not TOML.
    pub fn new(
        sources: &'t [Source],
        house: &'h House,
        (fields, broken, problems): (BTreeSet<String>, BTreeMap<usize, usize>, Problems),
    ) -> Self {
        Self {
            problems,
            house,
            sources,
            fields,
            defined: BTreeMap::new(),
            worth: BTreeMap::new(),
            cards: BTreeMap::new(),
            uses: Vec::new(),
            said: Vec::new(),
            heard: Vec::new(),
            rules: Vec::new(),
            planned: BTreeSet::new(),
            guards: Vec::new(),
            silences: Vec::new(),
            keywords: Vec::new(),
            pictures: Vec::new(),
            asked: Vec::new(),
            again: false,
            through: None,
            overrides: Vec::new(),
            broken,
        }
    }

    /// Takes a name; one that is taken is a problem.
    pub fn define(&mut self, thing: Thing, name: &str, place: Place) {
        if self.again {
            return;
        }
        let key = (thing, name.to_owned());
        if let Some(first) = self.defined.get(&key) {
            let same = *first == place;
            let first = self.shown(first);
            if same {
                let place = self.through.as_ref().unwrap_or(&place);
                return self.problems.taken_over_twice(place, &thing.section(name), &first);
            }
            match thing {
                Thing::Telling
                | Thing::Exchange
                | Thing::Points
                | Thing::Redemption
                | Thing::Answers
                | Thing::Suggestions
                | Thing::Ladder
                | Thing::Rfm
                | Thing::SuperUsers
                | Thing::Tagging
                | Thing::Sources
                | Thing::OptingOut
                | Thing::Privacy
                | Thing::Linking
                | Thing::Memberships
                | Thing::Claim => self.problems.second_section(&place, name, &first),
                _ => self
                    .problems
                    .name_taken(&place, name.rsplit('/').next().unwrap_or(name), &first),
            }
        } else {
            self.defined.insert(key, place);
        }
    }

    pub fn uses(&mut self, thing: Thing, written: &'t str, place: Place) {
        self.uses.push(Use { thing, written, place });
    }

    /// `playbooks/tea.toml:3`.
    pub fn shown(&self, place: &Place) -> String {
        match place {
            Place::At { source, start, .. } => {
                let text = self.sources.get(*source).map_or("", |source| source.text.as_str());
                let name = self.sources.get(*source).map_or("", |source| source.name.as_str());
                format!("{name}:{}", Sheet { index: *source, text }.line(*start))
            }
            Place::Line { book, line } => format!("{book}:{line}"),
        }
    }
}
