//! A decision while it is being made: what is asked, and what has been decided so far.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use jiff::Zoned;
use jiff::civil::{Date, Time};

use crate::calendar::shop_day;
use crate::chat::{
    Action, ActionId, Deed, DrawName, Event, GatheringName, GroupId, Happening, IfUnknown, Kind, Lang, Message, Moment,
    PersonId, RuleName, Segment, VoteName,
};
use crate::community::agenda::Due;
use crate::community::change::{Change, Occasion};
use crate::community::{Community, Mark};
use crate::playbook::{Draw, Effect, Gathering, Playbook, Playbooks, Rule, Vote};

use super::accounts;
use super::decision::Decision;
use super::dice::Dice;
use super::merging;
use super::probe::{self, Asked, Probe};
use super::so_far::SoFar;
use super::verdict::Verdict;

/// How deep facts may trigger rules that give rise to facts.
const DEEPEST: u8 = 4;

/// One event being decided.
#[derive(Debug)]
pub struct Draft<'a> {
    pub books: &'a Playbooks,
    pub community: &'a Community,
    pub event: &'a Event,
    /// The same as the gateway told it: of accounts, where [`Draft::event`] is about people.
    pub told: &'a Event,
    pub now: Moment,
    pub dice: &'a Dice,
    pub decision: Decision,
    /// Places of messages that may share one with others.
    pub shared: Vec<usize>,
    /// The rule that fired and lets no other rule be weighed for this event.
    pub stopped_by: Option<RuleName>,
    /// Notes what is asked, where somebody wants to know.
    pub probe: Probe,
    depth: u8,
    /// What plays in the place it was asked of last: many ask, mostly of the same.
    playing: RefCell<Option<(Option<GroupId>, Rc<Playing<'a>>)>>,
}

/// What plays in a place.
#[derive(Debug)]
pub struct Playing<'a> {
    pub books: Vec<&'a Playbook>,
    /// The rules of these books, the most urgent first.
    pub rules: Vec<&'a Rule>,
}

/// Effects, and the rule or mechanic they belong to.
#[derive(Clone, Debug)]
pub struct Cause<'a> {
    pub name: RuleName,
    pub kind: Kind,
    pub then: &'a [Effect],
    pub otherwise: &'a [Effect],
}

/// How far a decision had come; what was added since can be taken back.
#[derive(Clone, Copy, Debug)]
pub struct Bookmark {
    changes: usize,
    actions: usize,
    verdicts: usize,
    weighings: usize,
}

impl<'a> Draft<'a> {
    /// Nothing decided yet.
    pub fn new(books: &'a Playbooks, community: &'a Community, event: &'a Event, now: Moment, dice: &'a Dice) -> Self {
        Self {
            books,
            community,
            event,
            told: event,
            now,
            dice,
            decision: Decision::default(),
            shared: Vec::new(),
            stopped_by: None,
            probe: Probe::default(),
            depth: 0,
            playing: RefCell::default(),
        }
    }

    /// The decision, made.
    pub fn decided(self) -> Decision {
        let mut decision = self.decision;
        let mut trail = self.probe.trail();
        for gone in merging::join(&mut decision, &self.shared).into_iter().rev() {
            for weighing in &mut trail {
                let Range { start, end } = weighing.actions;
                weighing.actions = start - usize::from(gone < start)..end - usize::from(gone < end);
            }
        }
        Decision { trail, ..decision }
    }

    /// The community's wall clock.
    pub fn local(&self) -> Zoned {
        self.now.in_zone(&self.books.house.zone)
    }

    /// The day it is.
    pub fn today(&self) -> Date {
        self.now.date(&self.books.house.zone)
    }

    /// The shop's day a moment lies in, where its days begin at `begins`.
    pub fn shop_day(&self, at: Moment, begins: Time) -> Date {
        shop_day(at.in_zone(&self.books.house.zone).datetime(), begins)
    }

    /// The language members are spoken to in.
    pub fn lang(&self) -> Lang {
        self.books.house.lang
    }

    /// What is so, what has been decided so far included.
    pub fn so_far(&self) -> SoFar<'_> {
        SoFar {
            community: self.community,
            changes: &self.decision.changes,
        }
    }

    /// Adds a change.
    pub fn change(&mut self, change: Change) {
        self.decision.changes.push(change);
    }

    /// Notes a verdict.
    pub fn weighed(&mut self, rule: &RuleName, person: Option<&PersonId>, verdict: Verdict) {
        if verdict == Verdict::NoSuchRule {
            self.probe.asked(None, false, || Asked::Written);
        }
        self.probe.weighed((rule, person), &verdict, self.mark_now());
        self.decision.weighed(rule, person, verdict);
    }

    /// A rule is about to be weighed.
    pub fn enter(&self, rule: &RuleName, occasion: &Occasion) {
        self.probe.enter(rule, occasion, self.mark_now());
    }

    fn mark_now(&self) -> probe::Mark {
        (self.decision.actions.len(), self.decision.changes.len())
    }

    /// Where the decision stands.
    pub fn bookmark(&self) -> Bookmark {
        Bookmark {
            changes: self.decision.changes.len(),
            actions: self.decision.actions.len(),
            verdicts: self.decision.verdicts.len(),
            weighings: self.probe.length(),
        }
    }

    /// Takes back what was added since.
    pub fn back_to(&mut self, bookmark: Bookmark) {
        self.decision.changes.truncate(bookmark.changes);
        self.decision.actions.truncate(bookmark.actions);
        self.decision.verdicts.truncate(bookmark.verdicts);
        self.shared.retain(|place| *place < bookmark.actions);
        self.probe.back_to(bookmark.weighings);
    }

    /// Asks a gateway for something, not before `due`. Returns the action's id; where several accounts are meant, that of
    /// the last.
    pub fn act(&mut self, deed: Deed, kind: Kind, due: Moment, rule: &RuleName) -> ActionId {
        let mut deeds = accounts::asked((self.community, &self.books.house), deed).into_iter();
        let first = deeds.next().map(|deed| self.act_on(deed, kind, due, rule));
        let last = deeds.map(|deed| self.act_on(deed, kind, due, rule)).last();
        last.or(first)
            .unwrap_or_else(|| ActionId::of(&self.event.id, self.decision.actions.len()))
    }

    fn act_on(&mut self, deed: Deed, kind: Kind, due: Moment, rule: &RuleName) -> ActionId {
        let if_unknown = match deed {
            // Who is called knows a repetition by its id.
            Deed::Say { .. } | Deed::Whisper { .. } | Deed::Recall { .. } | Deed::Call { .. } => IfUnknown::Resend,
            Deed::RenameGroup { .. } | Deed::SetCard { .. } => IfUnknown::Confirm,
            Deed::Kick { .. } => IfUnknown::Drop,
        };
        let id = ActionId::of(&self.event.id, self.decision.actions.len());
        self.decision.actions.push(Action {
            id: id.clone(),
            deed,
            kind,
            due,
            if_unknown,
            rule: rule.clone(),
        });
        id
    }

    /// Says something to the staff, at once: in the staff group, or in private to each who is on the same gateway as
    /// `group` (where there is none, on any that is configured). `false` if there is nobody to tell.
    pub fn tell_staff(&mut self, content: &[Segment], rule: &RuleName, group: Option<&GroupId>) -> bool {
        let house = &self.books.house;
        if let Some(group) = self.staff_group() {
            let deed = Deed::Say {
                group: group.clone(),
                content: content.to_vec(),
            };
            self.act(deed, Kind::Service, self.now, rule);
            return true;
        }
        let near = |person: &&PersonId| group.is_some_and(|group| group.gateway() == person.gateway());
        let mut told: Vec<&PersonId> = house.staff.iter().filter(near).collect();
        if told.is_empty() {
            let reached = |person: &&PersonId| house.gateways.contains_key(&person.gateway());
            told = house.staff.iter().filter(reached).collect();
        }
        for person in &told {
            let deed = Deed::Whisper {
                person: (*person).clone(),
                content: content.to_vec(),
            };
            self.act(deed, Kind::Service, self.now, rule);
        }
        !told.is_empty()
    }

    /// The staff's own group, while the bot is in it.
    pub fn staff_group(&self) -> Option<&'a GroupId> {
        let books: &'a Playbooks = self.books;
        books.house.staff_group.as_ref().filter(|group| self.is_inside(group))
    }

    /// The books that play in a group.
    pub fn books_in(&self, group: &GroupId) -> impl Iterator<Item = &'a Playbook> + use<'a> {
        let playing = self.playing(Some(group));
        (0..playing.books.len()).map(move |place| playing.books[place])
    }

    /// Whether a book plays in a group.
    ///
    /// A book for every group means every group of customers: in the staff group it answers what is said and does
    /// nothing of itself, no greetings, no schedules, no events.
    pub fn plays_in(&self, book: &Playbook, group: &GroupId) -> bool {
        let answers = matches!(self.event.happening, Happening::Message(_));
        let among_staff = !answers && self.books.house.staff_group.as_ref() == Some(group);
        match book.groups.patterns.is_empty() {
            true => !among_staff,
            false => book.groups.admits(group, self.group_name(group)),
        }
    }

    /// What plays in a group; where there is none, what plays everywhere.
    pub fn playing(&self, group: Option<&GroupId>) -> Rc<Playing<'a>> {
        if let Some((place, playing)) = &*self.playing.borrow()
            && place.as_ref() == group
        {
            return Rc::clone(playing);
        }
        let all = self.books.books.iter();
        let books: Vec<&'a Playbook> = match group {
            None => all.filter(|book| book.groups.patterns.is_empty()).collect(),
            Some(group) => all
                .filter(|book| self.plays_in(book, group))
                .map(|book| self.played(book, Some(group)))
                .collect(),
        };
        let mut rules: Vec<&'a Rule> = Vec::with_capacity(books.iter().map(|book| book.rules.len()).sum());
        rules.extend(books.iter().flat_map(|book| &book.rules));
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.priority));
        let playing = Rc::new(Playing { books, rules });
        self.playing.replace(Some((group.cloned(), Rc::clone(&playing))));
        playing
    }

    /// Whether a book hears what is said in a group. What is said in private is heard by every book.
    pub fn hears_in(&self, book: &Playbook, group: Option<&GroupId>) -> bool {
        book.groups.patterns.is_empty() || group.is_none_or(|group| book.groups.admits(group, self.group_name(group)))
    }

    /// Whether a mechanic of a book answers what was said: where the book plays; in private, where whoever said it is.
    pub fn answers_here(&self, book: &Playbook, message: &Message) -> bool {
        let home = || self.community.people().get(&message.from)?.home.as_ref();
        book.groups.patterns.is_empty()
            || (message.group.as_ref().or_else(home)).is_some_and(|group| self.hears_in(book, Some(group)))
    }

    /// A rule as it plays in a group: there its book may be another edition.
    pub fn as_played<'r>(&self, rule: &'r Rule, group: Option<&GroupId>) -> &'r Rule
    where
        'a: 'r,
    {
        let played = group.and_then(|group| {
            let book = rule.name.as_str().split_once('/')?.0;
            let mut books = self.books.books.iter().filter(|it| !it.editions.is_empty());
            let book = books.find(|it| it.name == book)?;
            let played = book.played_in(group, self.group_name(group));
            played.rules.iter().find(|it| it.name == rule.name)
        });
        played.unwrap_or(rule)
    }

    /// A book as it plays in a group.
    pub fn played(&self, book: &'a Playbook, group: Option<&GroupId>) -> &'a Playbook {
        match group {
            Some(group) if !book.editions.is_empty() => book.played_in(group, self.group_name(group)),
            _ => book,
        }
    }

    /// A vote as it is held in a group, and its book.
    pub fn vote(&self, name: &VoteName, group: &GroupId) -> Option<(&'a Playbook, &'a Vote)> {
        let book = self.played(self.books.vote(name)?.0, Some(group));
        Some((book, book.votes.get(name)?))
    }

    /// A draw as it is held in a group, and its book.
    pub fn draw(&self, name: &DrawName, group: &GroupId) -> Option<(&'a Playbook, &'a Draw)> {
        let book = self.played(self.books.draw(name)?.0, Some(group));
        Some((book, book.draws.get(name)?))
    }

    /// An event as it is held in a group, and its book.
    pub fn gathering(&self, name: &GatheringName, group: &GroupId) -> Option<(&'a Playbook, &'a Gathering)> {
        let book = self.played(self.books.gathering(name)?.0, Some(group));
        Some((book, book.gatherings.get(name)?))
    }

    /// Whether the bot is in a group, as far as it was told.
    pub fn is_inside(&self, group: &GroupId) -> bool {
        self.community.groups().get(group).is_none_or(|group| group.inside)
    }

    /// A timer as it stands after what has been decided so far.
    pub fn on_agenda(&self, key: &str) -> Option<(Moment, &Due)> {
        let decided = self.decision.changes.iter().rev().find_map(|change| match change {
            Change::Scheduled { key: of, due, what } if of == key => Some(Some((*due, what))),
            Change::Unscheduled { key: of } if of == key => Some(None),
            _ => None,
        });
        decided.unwrap_or_else(|| self.community.agenda().get(key).map(|entry| (entry.due, &entry.what)))
    }

    /// How often and when last a rule fired in a scope, what has been decided so far included.
    pub fn mark(&self, rule: &RuleName, scope: &str) -> Option<Mark> {
        let key = (rule.clone(), scope.to_owned());
        let mut mark = self.community.fired().get(&key).cloned();
        for change in &self.decision.changes {
            if let Change::Fired {
                rule: of,
                scope: here,
                at,
                period,
            } = change
                && of == rule
                && here == scope
            {
                mark.get_or_insert_default().fired(*at, period);
            }
        }
        mark
    }

    /// The fields of a person, what has been decided so far included.
    pub fn fields_of(&self, person: &PersonId) -> BTreeMap<Box<str>, Box<str>> {
        let known = self.community.people().get(person);
        let mut fields = known.map(|person| person.fields.clone()).unwrap_or_default();
        for change in &self.decision.changes {
            if let Change::FieldSet {
                person: of,
                field,
                value,
            } = change
                && of == person
            {
                match value.is_empty() {
                    true => drop(fields.remove(field.as_str())),
                    false => drop(fields.insert(field.as_str().into(), value.as_str().into())),
                }
            }
        }
        fields
    }

    /// What a group is called; empty if nobody said.
    pub fn group_name(&self, group: &GroupId) -> &'a str {
        self.community.groups().get(group).map_or("", |group| &group.name)
    }

    /// What to call a group: its name, or the wire's id where nobody said.
    pub fn group_label(&self, group: &GroupId) -> String {
        match self.group_name(group) {
            "" => group.wire().to_owned(),
            name => crate::chat::fold::shown(name),
        }
    }

    /// Goes one level deeper into facts that trigger rules; `false` when it is deep enough.
    pub fn descend(&mut self) -> bool {
        if self.depth >= DEEPEST {
            return false;
        }
        self.depth += 1;
        true
    }

    /// Comes back up.
    pub fn ascend(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

/// Finds the effects a name stands for: a rule's, or those of a vote, a survey or a quiz (`book/vote.NAME`).
pub fn cause<'a>(draft: &Draft<'a>, name: &RuleName, group: Option<&GroupId>) -> Option<Cause<'a>> {
    let books = draft.books;
    if let Some((_, rule)) = books.rule(name) {
        let rule = draft.as_played(rule, group);
        return Some(Cause {
            name: name.clone(),
            kind: rule.kind,
            then: &rule.then,
            otherwise: &rule.otherwise,
        });
    }
    let (book, mechanic) = name.as_str().split_once('/')?;
    let book = books.books.iter().find(|it| it.name == book)?;
    let book = draft.played(book, group);
    let (kind, then) = match mechanic.split_once('.')? {
        ("vote", vote) => (Kind::Care, &book.votes.get(&vote.into())?.then),
        // Whoever took part is answered, whatever the hour.
        ("survey", survey) => (Kind::Service, &book.surveys.get(&survey.into())?.then),
        ("quiz", quiz) => (Kind::Service, &book.quizzes.get(&quiz.into())?.then),
        _ => return None,
    };
    Some(Cause {
        name: name.clone(),
        kind,
        then,
        otherwise: &[],
    })
}
