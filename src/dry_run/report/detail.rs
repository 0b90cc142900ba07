//! What a page shows beyond figures: when it happened, what each member got, how the chat looked, what each rule cost.
//!
//! Bounded whatever the log's length: what is over is counted, never dropped silently.

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::chat::{Event, GroupId, Happening, Lang, Moment, PersonId, RuleName};
use crate::community::Community;
use crate::dry_run::driver::Entry;
use crate::dry_run::effects::{Effect, Reached, Who, who, words};
use crate::dry_run::redact::Redaction;
use crate::dry_run::transcript;
use crate::engine::{Verdict, Weighed};
use crate::playbook::Playbooks;

pub mod chat;
pub mod cost;
pub mod received;
pub mod timeline;

pub use chat::{Bubble, Chats, Day, Said};
pub use cost::{Costs, Curve};
pub use received::{Letters, Received};
pub use timeline::{Hour, Timeline};

/// Examples kept of one rule, and of one reason of it.
const EXAMPLES: usize = 200;
const HELD_EXAMPLES: usize = 5;

/// Everything a page shows beyond figures.
#[derive(Clone, Debug)]
pub struct Detail {
    lang: Lang,
    zone: Option<TimeZone>,
    pub timeline: Timeline,
    pub letters: Letters,
    pub chats: Chats,
    pub costs: Costs,
    /// Quiet hours, if there are any.
    pub quiet: Option<(Time, Time)>,
    pub rules: BTreeMap<RuleName, RuleDetail>,
    /// Whom the rules that fired for the cause at hand are about.
    about: Vec<(RuleName, Who)>,
}

/// What is kept of one rule.
#[derive(Clone, Debug, Default)]
pub struct RuleDetail {
    pub examples: Vec<Effect>,
    /// The first of each reason.
    pub held: BTreeMap<&'static str, Vec<HeldBack>>,
}

/// One time a rule was held back.
#[derive(Clone, Debug)]
pub struct HeldBack {
    pub at: Moment,
    pub person: Option<Who>,
    pub verdict: Verdict,
}

impl Detail {
    /// Nothing yet. `lang` is the language of what happens.
    pub fn new(lang: Lang) -> Self {
        Self {
            lang,
            zone: None,
            timeline: Timeline::default(),
            letters: Letters::default(),
            chats: Chats::default(),
            costs: Costs::default(),
            quiet: None,
            rules: BTreeMap::new(),
            about: Vec::new(),
        }
    }

    /// Something happened that members see.
    pub fn happened(&mut self, entry: &Entry<'_>, event: &Event) {
        self.about.clear();
        self.chats.another_cause();
        let zone = self.zone.get_or_insert_with(|| entry.books.house.zone.clone());
        let (group, bubble) = match &event.happening {
            Happening::Message(message) => {
                if message.group.is_some() && !message.own {
                    self.timeline.member(entry.at, zone);
                }
                let group = message.group.as_ref();
                let said = Said {
                    at: entry.at,
                    who: who(entry.community, group, &message.from),
                    text: words(&message.segments, entry.community, group),
                    private: message.group.is_none(),
                    own: message.own,
                    weighed: false,
                };
                let home = group.cloned().or_else(|| home(entry.community, &message.from));
                (home, Bubble::Said(said))
            }
            _ => {
                let Some(text) = transcript::happened(event, &entry.names(), self.lang) else {
                    return;
                };
                let group = match &event.happening {
                    Happening::OrderPaid(order) | Happening::Refunded(order) => home(entry.community, &order.person),
                    Happening::Sale(sale) => sale.person.as_ref().and_then(|person| home(entry.community, person)),
                    _ => transcript::group_of(event).cloned(),
                };
                (group, Bubble::Notice { at: entry.at, text })
            }
        };
        self.chats.put(group, bubble, zone);
    }

    /// People whom a timer of a rule is about.
    pub fn carries(&mut self, rule: &RuleName, people: &[PersonId], community: &Community) {
        for person in people {
            self.about.push((rule.clone(), who(community, None, person)));
        }
    }

    /// A rule was weighed.
    pub fn weighed(&mut self, entry: &Entry<'_>, weighed: &Weighed) {
        let Weighed { rule, person, verdict } = weighed;
        self.chats.weighed();
        let person = person.as_ref().map(|person| who(entry.community, None, person));
        if let (Verdict::OptedOut { .. }, Some(person)) = (verdict, &person) {
            self.letters.kept_from(person);
        }
        let waits = matches!(verdict, Verdict::Waits { .. } | Verdict::Merged);
        if waits || matches!(verdict, Verdict::Fired | Verdict::Deferred { .. }) {
            self.about.extend(person.map(|person| (rule.clone(), person)));
            return;
        }
        self.costs.weighed(rule, verdict, (entry.at, entry.books));
        let held = HeldBack {
            at: entry.at,
            person,
            verdict: verdict.clone(),
        };
        let zone = self.zone.get_or_insert_with(|| entry.books.house.zone.clone());
        let home = held.person.as_ref().and_then(|who| home(entry.community, &who.id));
        self.chats.held((rule.clone(), held.clone()), home, zone);
        let kept = self.rules.entry(rule.clone()).or_default();
        let kept = kept.held.entry(verdict.word()).or_default();
        if kept.len() < HELD_EXAMPLES {
            kept.push(held);
        }
    }

    /// Something reached somebody. Its rule is settled.
    pub fn reached(&mut self, entry: &Entry<'_>, effect: &Effect) {
        let zone = self.zone.get_or_insert_with(|| entry.books.house.zone.clone());
        let bubble = Bubble::Bot(Box::new(effect.clone()));
        if effect.failed {
            // Nobody got it; it stands in the chat, and nowhere else.
            let group = entry_group(entry, effect);
            return self.chats.put(group, bubble, zone);
        }
        if let (Reached::Said { .. } | Reached::Whispered { .. }, Some(kind)) = (&effect.what, effect.kind) {
            self.timeline.bot(effect.at, kind, zone);
        }
        if let Some(rule) = &effect.rule {
            let kept = self.rules.entry(rule.clone()).or_default();
            if kept.examples.len() < EXAMPLES {
                kept.examples.push(effect.clone());
            }
        }
        self.costs.reached(effect, entry.books);
        self.letters.deliver(effect, &self.about);
        let group = entry_group(entry, effect);
        self.chats.put(group, bubble, zone);
    }

    /// Covers up what members typed, and what repeats it.
    pub fn redact(&mut self, redaction: &Redaction) {
        for day in self.chats.days.values_mut() {
            day.group = redaction.text(&day.group);
            for bubble in &mut day.lines {
                match bubble {
                    Bubble::Said(said) if said.weighed => said.text = redaction.text(&said.text),
                    Bubble::Said(said) => redaction.nothing().clone_into(&mut said.text),
                    Bubble::Notice { text, .. } => *text = redaction.text(text),
                    Bubble::Bot(effect) => redaction.effect(effect),
                    Bubble::Held { .. } | Bubble::Folded(_) => {}
                }
            }
        }
        let letters = self.letters.members.values_mut().flat_map(|it| &mut it.first);
        let examples = self.rules.values_mut().flat_map(|it| &mut it.examples);
        letters.chain(examples).for_each(|effect| redaction.effect(effect));
    }

    /// The run is over.
    pub fn close(&mut self, community: &Community, books: &Playbooks) {
        self.chats.close(community);
        self.letters.close(community);
        self.costs.close(books);
        self.quiet = books.house.manners.quiet;
    }
}

/// The group whose chat an effect is shown in.
fn entry_group(entry: &Entry<'_>, effect: &Effect) -> Option<GroupId> {
    match &effect.what {
        Reached::Said { group, .. } | Reached::GroupRenamed { group, .. } | Reached::Recalled { group, .. } => {
            Some(group.id.clone())
        }
        Reached::Given { person, .. }
        | Reached::TakenBack { person, .. }
        | Reached::Used { person, .. }
        | Reached::Restored { person, .. }
        | Reached::Held { person, .. }
        | Reached::Freed { person, .. }
        | Reached::Card { person, .. }
        | Reached::PointsMoved { person, .. }
        | Reached::CardSet { person, .. }
        | Reached::TierMoved { person, .. }
        | Reached::Kicked { person } => home(entry.community, &person.id),
        Reached::Whispered { person, .. } => home(entry.community, &person.id),
        Reached::ToldStaff { .. }
        | Reached::ToldTill { .. }
        | Reached::Called { .. }
        | Reached::FieldSet { .. }
        | Reached::SourceKept { .. }
        | Reached::Tagged { .. }
        | Reached::Untagged { .. } => None,
    }
}

fn home(community: &Community, person: &PersonId) -> Option<GroupId> {
    community.people().get(person)?.home.clone()
}
