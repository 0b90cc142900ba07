//! One `[[test]]`: a group on a virtual clock, a script, and what must follow from it — all of it, and nothing else.
//!
//! Actions are done at once, unless a line says otherwise. The story's own book plays; the others lend their coupons and,
//! where it has none, the telling of birthdays.

pub mod alignment;
mod past;
mod speech;
mod stage;
pub mod watch;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::chat::{ActionId, Event, Happening, Moment, RuleName, StaffOrder};
use crate::community::outbox::State;
use crate::engine::{Dice, roster};
use crate::playbook::guard::short_of;
use crate::playbook::{Playbook, Playbooks, Story};

use super::driver::{Options, Rehearsal};
use super::notation::{Decided, Doing, Happens, Problem, ScriptLine, read_expectation, read_given, read_script};
use super::state;

use alignment::aligned;
pub use alignment::{Made, Row};
use past::Past;
pub use stage::OWN_GUARD;
use stage::Stage;
use watch::{Broke, Watch, Why};

/// What came of one test.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub book: String,
    pub name: String,
    /// The line its `[[test]]` stands on.
    pub line: usize,
    /// The file that line is in, without `.toml`.
    pub file: String,
    /// Script lines played.
    pub events: usize,
    /// What they came to, in order of time and, within a second, of production.
    pub rows: Vec<Row>,
    /// Lines that are not in the notation; then nothing was played.
    pub problems: Vec<Problem>,
    /// Why rules did not fire.
    pub why: Vec<Why>,
    /// What became of rules and mechanics, by the words of their verdicts.
    pub seen: BTreeSet<(RuleName, &'static str)>,
    /// Guards that broke and should not have.
    pub broken: Vec<Broke>,
    /// Guards that should have broken, as `breaks` names them.
    pub unbroken: Vec<String>,
    /// Timers that stand beyond the settling time.
    pub beyond: usize,
}

impl Outcome {
    /// Everything expected happened and nothing else, and every guard held but those that must break.
    pub fn passed(&self) -> bool {
        let guarded = self.broken.is_empty() && self.unbroken.is_empty();
        guarded && self.problems.is_empty() && self.rows.iter().all(|row| matches!(row, Row::Met(..)))
    }

    /// What was produced.
    pub fn actions(&self) -> usize {
        self.rows.iter().filter(|row| !matches!(row, Row::Missing(_))).count()
    }
}

/// Plays one story of one book.
pub fn play(books: &Playbooks, book: &Playbook, story: &Story, dice: &Dice) -> Outcome {
    let named = |name: &String| name.trim_end_matches('*').to_owned();
    let members: Vec<String> = story.members.iter().map(named).collect();
    let (script, mut problems) = read_script(&story.script, story.script_line, story.clock, &members);
    let mut names = members.clone();
    for line in &script {
        match &line.happens {
            Happens::Person { name, .. } if !names.contains(name) => names.push(name.clone()),
            Happens::ListRead(listed) => names.extend(listed.iter().cloned()),
            _ => {}
        }
    }
    let (given, more) = read_given(&story.given, story.given_line, story.clock, &names);
    problems.extend(more);
    let (expected, more) = read_expectation(&story.expect, story.expect_line, story.clock, &names);
    problems.extend(more);
    let mut stage = Stage::new(books, book, story);
    stage.know(&names);
    let begin = stage.moment(story.clock);
    let past = Past {
        books,
        book,
        gateway: &stage.gateway,
        group: &stage.group,
        group_name: &story.group,
        told: [&story.script, &story.expect],
        begin,
    };
    let (community, more) = past.community(&members, &given);
    problems.extend(more);
    problems.sort_by_key(|problem| problem.line);
    let mut outcome = Outcome {
        book: book.name.clone(),
        name: story.name.clone(),
        line: story.line,
        file: story.file.clone(),
        events: script.len(),
        rows: Vec::new(),
        problems,
        why: Vec::new(),
        seen: BTreeSet::new(),
        broken: Vec::new(),
        unbroken: Vec::new(),
        beyond: 0,
    };
    if outcome.problems.is_empty() {
        let run = Rehearsal::resumed(
            state::State::of(community),
            stage.books.clone(),
            dice.clone(),
            Options::default(),
        );
        let mut performance = Performance {
            stage,
            run,
            watch: Watch::default(),
            down: None,
        };
        let settled = performance.perform(&script, (begin, story.settle));
        let pending = performance.run.pending();
        outcome.beyond = pending.iter().filter(|(_, entry)| entry.due > settled).count();
        let made = performance.watch.made(story, &performance.stage.books);
        (outcome.broken, outcome.unbroken) = guards(story, performance.watch.broken);
        outcome.why = performance.watch.why;
        outcome.seen = performance.watch.seen;
        outcome.rows = aligned(expected, made);
    }
    outcome
}

/// Those that broke and are not meant to, and those that are meant to and did not.
fn guards(story: &Story, broken: Vec<Broke>) -> (Vec<Broke>, Vec<String>) {
    let is_named = |broke: &Broke, name: &String| {
        let guard = &broke.breach.guard;
        guard.as_str() == name || short_of(guard) == name
    };
    let unbroken = story
        .breaks
        .iter()
        .filter(|name| !broken.iter().any(|broke| is_named(broke, name)));
    let unbroken = unbroken.cloned().collect();
    let unmeant = |broke: &Broke| !story.breaks.iter().any(|name| is_named(broke, name));
    (broken.into_iter().filter(unmeant).collect(), unbroken)
}

/// A story being played.
struct Performance {
    stage: Stage,
    run: Rehearsal,
    watch: Watch,
    /// Since when the process is down, and what nobody could tell it yet.
    down: Option<(Moment, Vec<Event>)>,
}

impl Performance {
    /// Plays the script, and what follows until all has settled; returns until when that was.
    fn perform(&mut self, script: &[ScriptLine], (begin, settle): (Moment, Duration)) -> Moment {
        let Self { run, watch, .. } = self;
        run.begin(begin, &mut |entry| watch.take(&entry));
        let mut end = begin;
        for line in script {
            end = self.stage.moment(line.at);
            if matches!(
                &line.happens,
                Happens::Person {
                    doing: Doing::Answers { .. },
                    ..
                }
            ) && self.down.is_none()
            {
                // What the bot said until then is there to be answered.
                self.run_until(end);
                self.stage.bot_said(self.run.community());
            }
            match self.stage.event(line) {
                Some(event) => self.tell(event, end),
                None => self.beside(line, end),
            }
        }
        let settled = end.plus(settle);
        let Self { run, watch, .. } = self;
        run.run_until(settled, &mut |entry| watch.take(&entry));
        settled
    }

    /// Somebody tells the process of an event, or tries to.
    fn tell(&mut self, event: Event, time: Moment) {
        match &mut self.down {
            Some((_, untold)) => untold.push(event),
            None => self.feed(&event, time),
        }
    }

    fn feed(&mut self, event: &Event, time: Moment) {
        let Self { run, watch, .. } = self;
        run.feed(event, time, &mut |entry| watch.take(&entry));
    }

    /// A line about the process, a gateway or the staff's command line.
    fn beside(&mut self, line: &ScriptLine, at: Moment) {
        // What was to happen before it has happened: it is about what stands then.
        if !matches!(line.happens, Happens::ComesBack { .. }) {
            self.run_until(at);
        }
        match &line.happens {
            Happens::GoesDown => self.down = Some((at, Vec::new())),
            Happens::ComesBack { after } => {
                let since = after.map_or(at, |length| at.minus(length));
                let (down_since, untold) = self.down.take().unwrap_or((since, Vec::new()));
                let woke = self.stage.told(at, Happening::Woke { down_since });
                self.feed(&woke, at);
                for event in untold {
                    self.feed(&event, at);
                }
            }
            Happens::NextDelivery(fate) => self.run.answer_next(fate.clone()),
            Happens::ListRead(names) => {
                let list = self.stage.list(names, self.run.community());
                for event in roster::differences(self.run.community(), &list, at) {
                    self.tell(event, at);
                }
            }
            Happens::GivenUp(decided) => {
                let action = self.given_up().unwrap_or_else(|| ActionId::new("none"));
                let order = match decided {
                    Decided::Retry => StaffOrder::Retry { action },
                    Decided::Drop => StaffOrder::Drop { action },
                };
                let event = self.stage.told(at, Happening::Ordered(order));
                self.tell(event, at);
            }
            Happens::Person { .. }
            | Happens::GroupRenamed(_)
            | Happens::AtTill(_)
            | Happens::BotJoins
            | Happens::BotIsRemoved
            | Happens::Account { .. } => {}
        }
    }

    fn run_until(&mut self, at: Moment) {
        if self.down.is_some() {
            return;
        }
        let Self { run, watch, .. } = self;
        run.run_until(at, &mut |entry| watch.take(&entry));
    }

    /// The action that was given up last.
    fn given_up(&self) -> Option<ActionId> {
        let dead = self
            .run
            .community()
            .outbox_in_order()
            .filter(|it| it.state == State::Dead);
        dead.last().map(|pending| pending.action.id.clone())
    }
}
