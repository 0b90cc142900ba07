//! One `[[test]]`: a group on a virtual clock, a script, and what must follow from it — all of it, and nothing else.
//!
//! The group is called `test/group`, the staff's `test/staff`; a person's id is their name. Actions are done at once.
//! The story's own book plays; the others lend their coupons and, where it has none, the telling of birthdays.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use serde::Serialize;

use crate::chat::{
    Event, EventId, GatewayName, GroupId, Happening, JoinedHow, LeftHow, Message, MessageId, Moment, Order, OrderId,
    PersonId, Role, RuleName, Segment,
};
use crate::engine::{Dice, Verdict};
use crate::playbook::{House, Playbook, Playbooks, Story};

use super::driver::{Entry, Options, Rehearsal, What};
use super::effects::{Effect, Reached, effect_of, who};
use super::notation::{Doing, Expected, Happens, Problem, ScriptLine, read_expectation, read_script};
use super::report::giver;

/// What came of one test.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub book: String,
    pub name: String,
    /// The line its `[[test]]` stands on.
    pub line: usize,
    /// Script lines played.
    pub events: usize,
    /// What they came to, in order of time and, within a second, of production.
    pub rows: Vec<Row>,
    /// Lines that are not in the notation; then nothing was played.
    pub problems: Vec<Problem>,
    /// Why rules did not fire.
    pub why: Vec<Why>,
    /// Rules and mechanics that fired.
    pub fired: BTreeSet<RuleName>,
    /// Timers that stand beyond the settling time.
    pub beyond: usize,
}

/// Expected and produced, side by side.
#[derive(Clone, Debug)]
pub enum Row {
    /// As expected.
    Met(Made),
    Missing(Expected),
    Unexpected(Made),
}

/// One effect with its local time.
#[derive(Clone, Debug)]
pub struct Made {
    /// To the second.
    pub at: DateTime,
    pub effect: Effect,
    /// The line of the rule it follows from.
    pub rule_line: Option<usize>,
}

/// Why a rule did not fire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    pub at: Moment,
    pub rule: RuleName,
    pub line: Option<usize>,
    pub person: Option<String>,
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl Outcome {
    /// Everything expected happened and nothing else.
    pub fn passed(&self) -> bool {
        self.problems.is_empty() && self.rows.iter().all(|row| matches!(row, Row::Met(_)))
    }

    /// What was produced.
    pub fn actions(&self) -> usize {
        self.rows.iter().filter(|row| !matches!(row, Row::Missing(_))).count()
    }
}

/// Plays one story of one book.
pub fn play(books: &Playbooks, book: &Playbook, story: &Story, dice: &Dice) -> Outcome {
    let members: Vec<String> = story
        .members
        .iter()
        .map(|name| name.trim_end_matches('*').to_owned())
        .collect();
    let (script, mut problems) = read_script(&story.script, story.script_line, story.clock, &members);
    let mut names = members.clone();
    names.extend(script.iter().filter_map(|line| match &line.happens {
        Happens::Person { name, .. } => Some(name.clone()),
        Happens::GroupRenamed(_) => None,
    }));
    let (expected, more) = read_expectation(&story.expect, story.expect_line, story.clock, &names);
    problems.extend(more);
    let mut outcome = Outcome {
        book: book.name.clone(),
        name: story.name.clone(),
        line: story.line,
        events: script.len(),
        rows: Vec::new(),
        problems,
        why: Vec::new(),
        fired: BTreeSet::new(),
        beyond: 0,
    };
    if outcome.problems.is_empty() {
        let stage = Stage::new(books, book, story);
        let made = stage.perform(&script, dice, &mut outcome);
        outcome.rows = aligned(expected, made);
    }
    outcome
}

/// The group and the clock a story plays on.
struct Stage<'s> {
    story: &'s Story,
    books: Playbooks,
    gateway: GatewayName,
    group: GroupId,
    /// Everybody the script names, the longest name first.
    names: Vec<String>,
}

impl<'s> Stage<'s> {
    fn new(books: &Playbooks, book: &Playbook, story: &'s Story) -> Self {
        let gateway = GatewayName::new("test");
        let person = |name: &str| PersonId::at(&gateway, name);
        let staff = story
            .members
            .iter()
            .filter_map(|name| name.strip_suffix('*'))
            .map(person)
            .collect();
        let staff_group = Some(GroupId::at(&gateway, "staff"));
        let house = House {
            staff,
            staff_group,
            gateways: BTreeMap::new(),
            ..books.house.clone()
        };
        let group = GroupId::at(&gateway, "group");
        let names = story
            .members
            .iter()
            .map(|name| name.trim_end_matches('*').to_owned())
            .collect();
        let books = Playbooks {
            books: alone(books, book),
            house,
            phrases: books.phrases.clone(),
            fields: books.fields.clone(),
            fingerprint: format!("test/{}", book.name),
        };
        Self {
            story,
            books,
            gateway,
            group,
            names,
        }
    }

    fn moment(&self, at: DateTime) -> Moment {
        Moment::at_local(at, &self.books.house.zone)
    }

    fn person(&self, name: &str) -> PersonId {
        PersonId::at(&self.gateway, name)
    }

    fn perform(mut self, script: &[ScriptLine], dice: &Dice, outcome: &mut Outcome) -> Vec<Made> {
        for line in script {
            if let Happens::Person { name, .. } = &line.happens
                && !self.names.contains(name)
            {
                self.names.push(name.clone());
            }
        }
        self.names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let mut made = Vec::new();
        let mut fired_now = Vec::new();
        let mut run = Rehearsal::new(self.books.clone(), dice.clone(), Options::default());
        let mut told = |entry: Entry<'_>| take(&entry, (&mut fired_now, &mut made), outcome);
        let begin = self.moment(self.story.clock);
        run.begin(begin, &mut told);
        for event in self.opening(begin) {
            run.feed(&event, begin, &mut told);
        }
        let mut orders = BTreeMap::new();
        let mut end = begin;
        for line in script {
            let event = self.event(line, &mut orders);
            end = event.at;
            run.feed(&event, event.at, &mut told);
        }
        let settled = end.plus(self.story.settle);
        run.run_until(settled, &mut told);
        outcome.beyond = run.pending().iter().filter(|(_, entry)| entry.due > settled).count();
        let zone = &self.books.house.zone;
        let meant = |effect: &Effect| {
            self.story.only.is_empty() || effect.rule.as_ref().is_some_and(|rule| self.is_meant(rule))
        };
        let mut made: Vec<Made> = made
            .into_iter()
            .filter(meant)
            .map(|effect| Made {
                at: to_the_second(effect.at.in_zone(zone).datetime()),
                rule_line: line_of(&self.books, effect.rule.as_ref()),
                effect,
            })
            .collect();
        made.sort_by_key(|made| made.at);
        made
    }

    fn is_meant(&self, rule: &RuleName) -> bool {
        self.story
            .only
            .iter()
            .any(|only| rule.as_str() == only || rule.as_str().split_once('/').is_some_and(|(_, name)| name == only))
    }

    /// The bot comes into a group that is there already.
    fn opening(&self, at: Moment) -> Vec<Event> {
        let event = |id: String, happening| Event {
            id: EventId::new(id),
            at,
            happening,
        };
        let mut opening = vec![event(
            "story/group".to_owned(),
            Happening::BotJoined {
                group: self.group.clone(),
            },
        )];
        for (place, name) in self.story.members.iter().enumerate() {
            let name = name.trim_end_matches('*');
            let happening = Happening::Found {
                group: self.group.clone(),
                person: self.person(name),
                name: name.to_owned(),
                card: String::new(),
                role: Role::Member,
                joined_at: None,
            };
            opening.push(event(format!("story/member/{place}"), happening));
        }
        let members = u32::try_from(self.story.members.len()).unwrap_or(u32::MAX);
        let happening = Happening::RosterRead {
            group: self.group.clone(),
            name: self.story.group.clone(),
            members,
        };
        opening.push(event("story/roster".to_owned(), happening));
        opening
    }

    fn event(&self, line: &ScriptLine, orders: &mut BTreeMap<String, OrderId>) -> Event {
        let happening = match &line.happens {
            Happens::GroupRenamed(name) => Happening::GroupRenamed {
                group: self.group.clone(),
                name: name.clone(),
                by: None,
                inferred: false,
            },
            Happens::Person { name, doing } => self.doing(line, (name, doing), orders),
        };
        Event {
            id: EventId::new(format!("story/line/{}", line.line)),
            at: self.moment(line.at),
            happening,
        }
    }

    fn doing(
        &self,
        line: &ScriptLine,
        (name, doing): (&str, &Doing),
        orders: &mut BTreeMap<String, OrderId>,
    ) -> Happening {
        let (group, person) = (self.group.clone(), self.person(name));
        let joined = |how, by: Option<&String>| Happening::Joined {
            group: group.clone(),
            person: person.clone(),
            name: name.to_owned(),
            how,
            by: by.map(|by| self.person(by)),
            inferred: false,
        };
        let left = |how| Happening::Left {
            group: group.clone(),
            person: person.clone(),
            how,
            by: None,
            inferred: false,
        };
        match doing {
            Doing::Joins => joined(JoinedHow::Unknown, None),
            Doing::JoinsByCode => joined(JoinedHow::Scanned, None),
            Doing::JoinsInvited { by } => joined(JoinedHow::Invited, Some(by)),
            Doing::Leaves => left(LeftHow::Left),
            Doing::IsRemoved => left(LeftHow::Kicked),
            Doing::Says(words) => Happening::Message(self.message(line, (name, words), Some(group))),
            Doing::Whispers(words) => Happening::Message(self.message(line, (name, words), None)),
            Doing::Orders { amount, items } => {
                let order = OrderId::new(format!("order/{}", line.line));
                orders.insert(name.to_owned(), order.clone());
                Happening::OrderPaid(Order {
                    order,
                    person,
                    amount: *amount,
                    items: items.clone(),
                })
            }
            Doing::IsRefunded { amount } => {
                // Of the last order; a refund of an order from before the story has one of its own.
                let order = orders.get(name).cloned();
                let order = order.unwrap_or_else(|| OrderId::new(format!("order/{}", line.line)));
                Happening::Refunded(Order {
                    order,
                    person,
                    amount: *amount,
                    items: Vec::new(),
                })
            }
            Doing::ChangesCard(card) => Happening::CardChanged {
                group,
                person,
                card: card.clone(),
                inferred: false,
            },
        }
    }

    fn message(&self, line: &ScriptLine, (name, words): (&str, &str), group: Option<GroupId>) -> Message {
        let (segments, calls_bot) = self.segments(words);
        Message {
            group,
            from: self.person(name),
            name: name.to_owned(),
            card: String::new(),
            role: Role::Member,
            message: MessageId::new(format!("line-{}", line.line)),
            segments,
            own: false,
            calls_bot,
        }
    }

    /// `@name` calls somebody the story knows, `@机器人` the bot, `@所有人` everybody; any other `@` is text.
    fn segments(&self, words: &str) -> (Vec<Segment>, bool) {
        let mut segments = Vec::new();
        let mut calls_bot = false;
        let mut text = String::new();
        let mut rest = words;
        while let Some(at) = rest.find('@') {
            text.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let (called, length) = match self.called(after) {
                Some(found) => found,
                None => {
                    text.push('@');
                    rest = after;
                    continue;
                }
            };
            if !text.is_empty() {
                segments.push(Segment::Text(std::mem::take(&mut text).replace('⏎', "\n")));
            }
            match called {
                Called::Bot => calls_bot = true,
                Called::Everybody => segments.push(Segment::MentionAll),
                Called::Person(name) => segments.push(Segment::Mention(self.person(name))),
            }
            rest = &after[length..];
        }
        text.push_str(rest);
        if !text.is_empty() || segments.is_empty() {
            segments.push(Segment::Text(text.replace('⏎', "\n")));
        }
        (segments, calls_bot)
    }

    fn called(&self, after: &str) -> Option<(Called<'_>, usize)> {
        let fixed = [
            ("机器人", Called::Bot),
            ("bot", Called::Bot),
            ("所有人", Called::Everybody),
            ("all", Called::Everybody),
        ];
        let person = self
            .names
            .iter()
            .find(|name| !name.is_empty() && after.starts_with(name.as_str()));
        match person {
            Some(name) => Some((Called::Person(name), name.len())),
            None => fixed
                .into_iter()
                .find(|(word, _)| after.starts_with(word))
                .map(|(word, called)| (called, word.len())),
        }
    }
}

enum Called<'n> {
    Bot,
    Everybody,
    Person(&'n str),
}

/// Only this book acts; the others lend what it may name.
fn alone(books: &Playbooks, own: &Playbook) -> Vec<Playbook> {
    let lend = |book: &Playbook| Playbook {
        rules: Vec::new(),
        votes: BTreeMap::new(),
        gatherings: BTreeMap::new(),
        cadences: BTreeMap::new(),
        telling: book.telling.clone().filter(|_| own.telling.is_none()),
        points: book.points.clone().filter(|_| own.points.is_none()),
        stories: Vec::new(),
        ..book.clone()
    };
    books
        .books
        .iter()
        .map(|book| if book.name == own.name { own.clone() } else { lend(book) })
        .collect()
}

fn take(entry: &Entry<'_>, (fired_now, made): (&mut Vec<RuleName>, &mut Vec<Effect>), outcome: &mut Outcome) {
    match entry.what {
        What::Input { .. } => fired_now.clear(),
        What::Verdict { verdict: weighed, .. } => match &weighed.verdict {
            Verdict::Fired | Verdict::Deferred { .. } | Verdict::Merged => {
                fired_now.push(weighed.rule.clone());
                outcome.fired.insert(weighed.rule.clone());
            }
            Verdict::Waits { .. } => {}
            verdict => {
                let person = weighed
                    .person
                    .as_ref()
                    .map(|person| who(entry.community, None, person).name);
                let line = line_of(entry.books, Some(&weighed.rule));
                let (rule, verdict) = (weighed.rule.clone(), verdict.clone());
                outcome.why.push(Why {
                    at: entry.at,
                    rule,
                    line,
                    person,
                    verdict,
                });
            }
        },
        What::Change(_) | What::Action(_) => {
            if let Some(mut effect) = effect_of(entry) {
                if let Reached::Given { coupon, .. } = &effect.what {
                    effect.rule = giver(fired_now, entry.books, coupon);
                }
                made.push(effect);
            }
        }
    }
}

fn line_of(books: &Playbooks, rule: Option<&RuleName>) -> Option<usize> {
    books.rule(rule?).map(|(_, rule)| rule.line)
}

fn to_the_second(at: DateTime) -> DateTime {
    at.with().subsec_nanosecond(0).build().unwrap_or(at)
}

/// Lines up what was expected with what was made: the longest common run is met, the rest is missing or unexpected.
fn aligned(expected: Vec<Expected>, made: Vec<Made>) -> Vec<Row> {
    let fits = |wanted: &Expected, made: &Made| wanted.at == made.at && wanted.what.is(&made.effect.what);
    // longest[i][j]: the longest common run of what is left from i and from j on.
    let mut longest = vec![vec![0_usize; made.len() + 1]; expected.len() + 1];
    for i in (0..expected.len()).rev() {
        for j in (0..made.len()).rev() {
            longest[i][j] = if fits(&expected[i], &made[j]) {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut rows, mut j) = (Vec::new(), 0);
    let mut made: Vec<Option<Made>> = made.into_iter().map(Some).collect();
    for (i, wanted) in expected.into_iter().enumerate() {
        loop {
            let here = made.get(j).and_then(Option::as_ref);
            match here {
                Some(it) if fits(&wanted, it) && longest[i][j] == longest[i + 1][j + 1] + 1 => {
                    rows.extend(made[j].take().map(Row::Met));
                    j += 1;
                    break;
                }
                // What comes earlier is shown earlier.
                Some(it)
                    if longest[i][j + 1] == longest[i][j]
                        && (it.at <= wanted.at || longest[i + 1][j] < longest[i][j]) =>
                {
                    rows.extend(made[j].take().map(Row::Unexpected));
                    j += 1;
                }
                _ => {
                    rows.push(Row::Missing(wanted));
                    break;
                }
            }
        }
    }
    rows.extend(made.into_iter().skip(j).flatten().map(Row::Unexpected));
    rows
}
