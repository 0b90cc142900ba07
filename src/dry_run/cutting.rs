//! A test cut out of what really happened: the hour around one event, as a script, with what was so before it and what
//! today's playbooks make of it.
//!
//! Only one group is cut out, and of its people those who do something in that time. What cannot be said in a test (an
//! open vote, a list of sign-ups, timers under way) is left out, and said so.

mod aliases;
mod past;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::chat::{Event, GroupId, Happening, Lang, MessageId, Moment, PersonId, Segment};
use crate::community::Community;
use crate::engine::Dice;
use crate::playbook::{Playbook, Playbooks, Story};

use super::bless;
use super::driver::{Books, Options, REHEARSAL_SECRET, Rehearsal};
use super::input::Input;
use super::stories::clock_time;
use super::story::play;
use super::transcript;

use aliases::Aliases;
use past::Past;

/// What is to be cut out.
#[derive(Clone, Debug)]
pub struct Wish {
    /// An event's id or how it begins, or a local date and time.
    pub around: String,
    /// So long before and after it.
    pub window: Duration,
    /// What the test is called; what happened, if nobody says.
    pub name: Option<String>,
    /// The playbook it is for; the one that has most to say, if nobody says.
    pub book: Option<String>,
    pub lang: Lang,
}

/// A test, ready to be put at the end of its playbook.
#[derive(Clone, Debug)]
pub struct Cut {
    pub book: String,
    pub name: String,
    pub toml: String,
    /// What of the past could not be said.
    pub left_out: Vec<&'static str>,
}

/// Why nothing could be cut out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CannotCut {
    NoSuchEvent,
    /// Several events begin so; the first of them.
    Several(Vec<String>),
    /// It happened in no group.
    NoGroup,
    /// No playbook of this name plays in the group.
    NoBook,
    /// What was written could not be read again; the reason.
    Unreadable(String),
}

impl CannotCut {
    /// The reason and the next step.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            CannotCut::NoSuchEvent => lang
                .pick(
                    "记录里没有这个事件。--around 可以写事件编号（或它的开头），也可以写时间，如「2026-03-07 20:10」。",
                    "the logs hold no such event; `--around` takes an event's id (or its beginning) or a time like `2026-03-07 20:10`",
                )
                .to_owned(),
            CannotCut::Several(some) => lang.pick(
                format!("有几个事件都这样开头，请写完整：{}", some.join("、")),
                format!("several events begin so; write one of them whole: {}", some.join(", ")),
            ),
            CannotCut::NoGroup => lang
                .pick(
                    "这个事件不在任何群里发生，请选群里的一件事。",
                    "it happened in no group; choose something that happened in one",
                )
                .to_owned(),
            CannotCut::NoBook => lang
                .pick(
                    "没有这个剧本，或者它不在这个群里生效。--to 要写剧本文件。",
                    "there is no such playbook, or it does not play in this group; `--to` takes a playbook file",
                )
                .to_owned(),
            CannotCut::Unreadable(why) => lang.pick(
                format!("切出来的测试读不回来（{why}），请报告这个问题。"),
                format!("the test that was cut cannot be read again ({why}); please report this"),
            ),
        }
    }
}

/// Cuts a test out of inputs in order of time.
///
/// # Errors
/// [`CannotCut`].
pub fn cut(inputs: &[Input], books: &Playbooks, wish: &Wish) -> Result<Cut, CannotCut> {
    let zone = &books.house.zone;
    let around = find(inputs, &wish.around, zone)?;
    let mut before = Rehearsal::new(
        books.clone(),
        Dice::of(REHEARSAL_SECRET),
        Options {
            books: Books::Recorded,
            ..Options::default()
        },
    );
    // A test begins at a whole second.
    let from = Moment::from_seconds(around.time.minus(wish.window).millis() / 1000);
    let until = around.time.plus(wish.window);
    for input in inputs.iter().filter(|input| input.time < from) {
        before.feed(&input.event, input.time, &mut |_| {});
    }
    before.run_until(from.minus(Duration::from_millis(1)), &mut |_| {});
    let community = before.community();
    let group = group_of(&around.event, community).ok_or(CannotCut::NoGroup)?;
    let scene = Scene {
        books,
        community,
        group,
        from,
        lang: wish.lang,
    };
    let span: Vec<&Input> = inputs.iter().filter(|it| it.time >= from && it.time <= until).collect();
    scene.cut(&span, around, wish)
}

fn find<'i>(inputs: &'i [Input], around: &str, zone: &TimeZone) -> Result<&'i Input, CannotCut> {
    if let Some(exact) = inputs.iter().find(|input| input.event.id.as_str() == around) {
        return Ok(exact);
    }
    if let Some((from, length)) = minute(around) {
        let from = Moment::at_local(from, zone);
        let within = |input: &&Input| input.time >= from && input.time < from.plus(length);
        let people = |input: &&Input| transcript::is_seen(&input.event.happening);
        return inputs.iter().filter(within).find(people).ok_or(CannotCut::NoSuchEvent);
    }
    let begins = |input: &&Input| !around.is_empty() && input.event.id.as_str().starts_with(around);
    let found: Vec<&Input> = inputs.iter().filter(begins).take(4).collect();
    match found.as_slice() {
        [] => Err(CannotCut::NoSuchEvent),
        [one] => Ok(one),
        several => Err(CannotCut::Several(
            several.iter().map(|input| input.event.id.to_string()).collect(),
        )),
    }
}

/// A local time, and how long it lasts as written.
fn minute(text: &str) -> Option<(DateTime, Duration)> {
    let read = |form, seconds| Some((DateTime::strptime(form, text).ok()?, Duration::from_secs(seconds)));
    read("%Y-%m-%d %H:%M:%S", 1).or_else(|| read("%Y-%m-%d %H:%M", 60))
}

/// Where an event belongs: its group, or the home of the one it is about.
fn group_of(event: &Event, community: &Community) -> Option<GroupId> {
    let home = |person: &PersonId| community.people().get(person)?.home.clone();
    match &event.happening {
        Happening::Message(message) => message.group.clone().or_else(|| home(&message.from)),
        Happening::OrderPaid(order) | Happening::Refunded(order) => home(&order.person),
        Happening::Sale(sale) => home(sale.person.as_ref()?),
        Happening::Joined { group, .. }
        | Happening::Left { group, .. }
        | Happening::GroupRenamed { group, .. }
        | Happening::CardChanged { group, .. }
        | Happening::Recalled { group, .. }
        | Happening::Found { group, .. }
        | Happening::RosterRead { group, .. }
        | Happening::BotJoined { group }
        | Happening::BotRemoved { group } => Some(group.clone()),
        _ => None,
    }
}

/// Where the test begins.
struct Scene<'c> {
    books: &'c Playbooks,
    community: &'c Community,
    group: GroupId,
    from: Moment,
    lang: Lang,
}

impl Scene<'_> {
    fn cut(&self, span: &[&Input], around: &Input, wish: &Wish) -> Result<Cut, CannotCut> {
        let mine: Vec<&Input> = span
            .iter()
            .copied()
            .filter(|input| self.is_mine(&input.event))
            .collect();
        let mut people = BTreeSet::new();
        for input in &mine {
            people.extend(concerned(&input.event.happening));
        }
        let staff = &self.books.house.staff;
        people.extend(staff.iter().filter(|it| self.is_here(it)).cloned());
        let aliases = Aliases::new(self.community, &people, &mine);
        let local = |at: Moment| at.in_zone(&self.books.house.zone).datetime();
        let clock = local(self.from);
        let mut replies = BTreeMap::new();
        let mut script = String::new();
        let mut date = clock.date();
        for input in &mine {
            if let Some(line) = self.line(&input.event, &aliases, &mut replies) {
                script.push_str(&stamped(local(input.time), &line, &mut date));
            }
        }
        let members: Vec<String> = people
            .iter()
            .filter(|person| self.is_here(person))
            .map(|person| {
                let star = if staff.contains(person) { "*" } else { "" };
                format!("{}{star}", aliases.name(person))
            })
            .collect();
        let named = self.line(&around.event, &aliases, &mut replies).unwrap_or_default();
        let past = Past {
            community: self.community,
            group: &self.group,
            people: &people,
            aliases: &aliases,
            books: self.books,
            from: self.from,
        };
        let story = Story {
            name: wish
                .name
                .clone()
                .unwrap_or_else(|| titled(&named, local(around.time).date())),
            line: 1,
            file: String::new(),
            clock,
            members,
            group: self
                .community
                .groups()
                .get(&self.group)
                .map_or_else(String::new, |it| it.name.clone()),
            given: String::new(),
            given_line: 1,
            script,
            script_line: 1,
            expect: String::new(),
            expect_line: 1,
            expect_span: 0..0,
            settle: wish.window,
            only: Vec::new(),
            breaks: Vec::new(),
            guard: Vec::new(),
        };
        self.told(story, &past, wish)
    }

    /// The test with its expectation, in the book that is meant or has most to say.
    fn told(&self, story: Story, past: &Past<'_>, wish: &Wish) -> Result<Cut, CannotCut> {
        let name = self.community.groups().get(&self.group).map_or("", |it| &it.name);
        let plays = |book: &&Playbook| book.groups.admits(&self.group, name);
        let meant = |book: &&Playbook| wish.book.as_ref().is_none_or(|wanted| book.name == *wanted);
        let dice = Dice::of(REHEARSAL_SECRET);
        let mut best: Option<(&Playbook, Story, Vec<_>)> = None;
        for book in self.books.books.iter().filter(plays).filter(meant) {
            let story = Story {
                given: past.given(book),
                ..story.clone()
            };
            let outcome = play(self.books, book, &story, &dice);
            if let Some(problem) = outcome.problems.first() {
                let why = format!("{}: {}", problem.written, problem.mistake.text(self.lang));
                return Err(CannotCut::Unreadable(why));
            }
            if best.as_ref().is_none_or(|(.., rows)| rows.len() < outcome.rows.len()) {
                best = Some((book, story, outcome.rows));
            }
        }
        let (book, mut story, rows) = best.ok_or(CannotCut::NoBook)?;
        let taken = |name: &str| book.stories.iter().any(|it| it.name == name);
        let numbered = (2..).map(|n: u32| format!("{} {n}", story.name));
        let free = std::iter::once(story.name.clone())
            .chain(numbered)
            .find(|name| !taken(name));
        story.name = free.unwrap_or_default();
        story.expect = bless::expectation(&story, &rows, self.lang);
        let again = play(self.books, book, &story, &dice);
        if !again.passed() {
            return Err(CannotCut::Unreadable(story.expect));
        }
        Ok(Cut {
            book: book.name.clone(),
            toml: written(&story),
            name: story.name,
            left_out: past.left_out(),
        })
    }

    fn is_here(&self, person: &PersonId) -> bool {
        self.community
            .member(&self.group, person)
            .is_some_and(|member| member.is_here())
    }

    /// In this group; or in private, or about money, of somebody in it.
    fn is_mine(&self, event: &Event) -> bool {
        match &event.happening {
            Happening::Message(message) if message.own => false,
            Happening::Message(message) => match &message.group {
                Some(group) => *group == self.group,
                None => self.is_here(&message.from),
            },
            Happening::OrderPaid(order) | Happening::Refunded(order) => self.is_here(&order.person),
            Happening::Sale(sale) => {
                transcript::is_seen(&event.happening) && sale.person.as_ref().is_some_and(|person| self.is_here(person))
            }
            Happening::Woke { .. } | Happening::Account { .. } => true,
            happening => {
                transcript::is_seen(happening) && group_of(event, self.community).as_ref() == Some(&self.group)
            }
        }
    }

    fn line(&self, event: &Event, aliases: &Aliases, said: &mut BTreeMap<MessageId, PersonId>) -> Option<String> {
        let Happening::Message(message) = &event.happening else {
            return transcript::happened(event, aliases, self.lang);
        };
        let answered = message.segments.iter().find_map(|segment| match segment {
            Segment::Reply(to) => Some(said.get(to).cloned()),
            _ => None,
        });
        said.insert(message.message.clone(), message.from.clone());
        let line = transcript::happened(event, aliases, self.lang)?;
        let (Some(Some(whom)), Some(_)) = (answered, &message.group) else {
            return Some(line);
        };
        let name = aliases.name(&message.from);
        let words = line.strip_prefix(&format!("{name}: "))?;
        let verb = self.lang.pick("回复", "answers");
        Some(format!("{name} {verb} {}: {words}", aliases.name(&whom)))
    }
}

/// Everybody an event names.
fn concerned(happening: &Happening) -> Vec<PersonId> {
    match happening {
        Happening::Message(message) => {
            let called = message.segments.iter().filter_map(|segment| match segment {
                Segment::Mention(person) => Some(person.clone()),
                _ => None,
            });
            called.chain([message.from.clone()]).collect()
        }
        Happening::Joined { person, by, .. } | Happening::Left { person, by, .. } => {
            by.iter().chain([person]).cloned().collect()
        }
        Happening::GroupRenamed { by, .. } => by.iter().cloned().collect(),
        Happening::CardChanged { person, .. } | Happening::Recalled { person, .. } => vec![person.clone()],
        Happening::OrderPaid(order) | Happening::Refunded(order) => vec![order.person.clone()],
        Happening::Sale(sale) => sale.person.iter().cloned().collect(),
        _ => Vec::new(),
    }
}

fn stamped(at: DateTime, line: &str, date: &mut Date) -> String {
    let day = match at.date() {
        day if day == *date => String::new(),
        day => format!("{day} "),
    };
    *date = at.date();
    format!("{day}{}  {line}\n", clock_time(at.time()))
}

/// What happened, shortly, and when.
fn titled(line: &str, date: Date) -> String {
    const LONGEST: usize = 24;
    let short: String = line.chars().take(LONGEST).collect();
    let more = if line.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("{date} {short}{more}")
}

fn written(story: &Story) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let members: Vec<String> = story.members.iter().map(|name| quoted(name)).collect();
    let block = |text: &str| bless::toml_text(text, "");
    let hours = story.settle.as_secs();
    let given = match story.given.is_empty() {
        true => String::new(),
        false => format!("given   = {}\n", block(&story.given)),
    };
    let members = match members.is_empty() {
        true => String::new(),
        false => format!("members = [{}]\n", members.join(", ")),
    };
    format!(
        "\n[[test]]\nname    = {}\nclock   = {}\ngroup   = {}\n{members}{given}script  = {}\nexpect  = {}\nsettle  = \"{hours}s\"\n",
        quoted(&story.name),
        quoted(&story.clock.strftime("%Y-%m-%d %H:%M:%S").to_string()),
        quoted(&story.group),
        block(&story.script),
        block(&story.expect),
    )
}
