//! What a rule was asked on its way to its verdict, noted while it is decided.
//!
//! There is no second interpreter: a question is noted where it is asked, by the code that asks it, and only if somebody
//! wants to know. Without a probe nothing is noted and nothing is allocated.

use std::cell::RefCell;
use std::ops::Range;
use std::time::Duration;

use serde::Serialize;

use crate::chat::{Capability, ColumnName, CouponName, Fen, GroupId, Moment, PersonId, RuleName};
use crate::community::change::{Fact, Occasion};
use crate::playbook::Part;
use crate::playbook::guard::Measure;

use super::guards::Breach;
use super::term::{Request, Term};
use super::verdict::Verdict;

/// One way of one rule through its questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Weighing {
    pub rule: RuleName,
    /// For whom the verdict is, if for somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Where it would happen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// Everybody the occasion was about.
    pub people: Vec<PersonId>,
    /// In the order they were asked.
    pub steps: Vec<Step>,
    /// `None`: the event is none the rule waits for.
    pub verdict: Option<Verdict>,
    /// The actions and the changes of the decision that followed from it.
    #[serde(skip)]
    pub actions: Range<usize>,
    #[serde(skip)]
    pub changes: Range<usize>,
}

/// How far a decision had come: actions, and changes.
pub type Mark = (usize, usize);

/// One question, and whether it let the rule pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    #[serde(flatten)]
    pub asked: Asked,
    /// About whom alone, where an occasion has several people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    pub passed: bool,
}

/// What a rule is asked. The list is closed; the numbers are those that decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "asked", rename_all = "snake_case")]
pub enum Asked {
    /// Does its playbook play in this group?
    Plays,
    /// Does it wait for this kind of event?
    Trigger,
    /// Did orders, money or points come to a mark? `mark` is the one crossed, else the next; `None` beyond the last.
    Mark {
        had: Fact,
        has: Fact,
        #[serde(skip_serializing_if = "Option::is_none")]
        mark: Option<Fact>,
    },
    /// Was it said where it listens: in a group, in private?
    Place,
    /// Was the bot called by name, where it must be?
    Called,
    /// Does it ask something, where it must?
    Question,
    /// Does it quote something the bot said, where it must?
    Quotes,
    /// Does the message say what it waits for?
    Words,
    /// May this person say it?
    From,
    /// Is it a customer?
    Customer,
    /// Is it switched on?
    On,
    /// Has no rule before it answered and let no other answer?
    First { answered: RuleName },
    /// Is it open: in its hours, dates and days?
    Opening { only: Option<String> },
    /// Is it told in time?
    InTime {
        #[serde(serialize_with = "seconds")]
        by: Duration,
        #[serde(serialize_with = "seconds")]
        allowed: Duration,
    },
    /// How near is the question to an answer? Nameless: to the nearest of all, where none is near.
    Alike { answer: String, score: u32, needs: u32 },
    /// Does its condition hold?
    Condition {
        condition: String,
        parts: Vec<Part>,
        #[serde(skip_serializing_if = "Option::is_none")]
        unsaid: Option<String>,
    },
    /// Is it known who it is, where it counts by person?
    Known,
    /// When did it fire last?
    Cooldown {
        fired_at: Option<Moment>,
        #[serde(serialize_with = "seconds")]
        length: Duration,
    },
    /// How often did it fire in this period?
    Limit { count: u32, most: u32, period: String },
    /// Until when does it wait, for others or for its `after`?
    Window { until: Moment, shared_by: u32 },
    /// Is somebody in it who was not yet?
    Newcomer,
    /// Who of them is still there?
    Present { of: u32, here: u32 },
    /// Is there a group, or somebody, to do it to?
    Somebody,
    /// Is the bot in the group?
    Inside,
    /// How many of the coupon did the person have?
    PerPerson {
        coupon: CouponName,
        count: u32,
        most: u32,
        period: String,
    },
    /// How many of the coupon were given?
    Stock {
        coupon: CouponName,
        given: u32,
        most: u32,
        period: String,
    },
    /// How many codes of its file were handed out?
    Pool { coupon: CouponName, given: u32, most: u32 },
    /// Is a piece of the column left?
    Piece { column: ColumnName, said: u32, of: u32 },
    /// What did the coupon cost so far?
    Budget {
        coupon: CouponName,
        spent: Fen,
        worth: Fen,
        budget: Fen,
        period: String,
    },
    /// Has the person enough points?
    Points { has: i64, needs: i64 },
    /// Has the person one that can be taken back?
    InHand { coupon: CouponName },
    /// Is it open, where it should be closed; or not, where it should be opened?
    Open { name: String, until: Option<Moment> },
    /// Could its words be made out?
    Wording {
        #[serde(skip_serializing_if = "Option::is_none")]
        unsaid: Option<String>,
    },
    /// Is it quiet now? What is not an answer waits; this holds nothing back for good.
    Quiet { until: Option<Moment> },
    /// How much did the group hear today?
    GroupDay { told: u32, limit: u32 },
    /// How much advertising did it hear in seven days?
    Promo { promo: u32, messages: u32, one_in: u32 },
    /// How often was the person called by name today? Who was called enough is named without being called.
    Mentions { mentions: u32, limit: u32 },
    /// Has the person not opted out?
    Listens,
    /// Would a guard of the playbook still hold?
    Guard(Box<Breach>),
    /// Is its playbook not paused by a guard?
    Released { guard: RuleName, since: Moment },
    /// May the person be removed: no staff, and not asked about or being removed already?
    Removable { until: Option<Moment> },
    /// Are these words news to staff, or were they alerted with them a moment ago?
    NewsToStaff { until: Option<Moment> },
    /// It was refused: may `otherwise` be said instead?
    Otherwise,
    /// Can the gateway do it?
    Capability { needs: Capability },
    /// What does the message ask of a mechanic?
    Requested(Request),
    /// Is a condition of the mechanic met?
    Term(Term),
    /// Does it stand in the playbooks still?
    Written,
    /// Have staff agreed, where they were asked?
    Agreed {
        #[serde(skip_serializing_if = "Option::is_none")]
        declined_by: Option<PersonId>,
    },
}

/// Where on a rule's way a question stands; later stages are not reached when an earlier one says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Plays,
    Trigger,
    Mark,
    Words,
    Who,
    On,
    Late,
    Condition,
    Terms,
    Bounds,
    Window,
    Present,
    Coupon,
    Speech,
}

fn seconds<S: serde::Serializer>(length: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u64(length.as_secs())
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 14] = [
        Stage::Plays,
        Stage::Trigger,
        Stage::Mark,
        Stage::Words,
        Stage::Who,
        Stage::On,
        Stage::Late,
        Stage::Condition,
        Stage::Terms,
        Stage::Bounds,
        Stage::Window,
        Stage::Present,
        Stage::Coupon,
        Stage::Speech,
    ];
}

impl Asked {
    /// Where on the way it is asked.
    pub fn stage(&self) -> Stage {
        match self {
            Asked::Plays | Asked::Written => Stage::Plays,
            Asked::Trigger => Stage::Trigger,
            Asked::Mark { .. } => Stage::Mark,
            Asked::Place | Asked::Called | Asked::Question | Asked::Quotes | Asked::Words | Asked::Requested(_) => {
                Stage::Words
            }
            Asked::From | Asked::Customer => Stage::Who,
            Asked::On | Asked::First { .. } => Stage::On,
            Asked::Guard(breach) if breach.bound.of == Measure::Spends => Stage::Coupon,
            Asked::Guard(_) | Asked::Released { .. } => Stage::Speech,
            Asked::InTime { .. } | Asked::Opening { .. } => Stage::Late,
            Asked::Condition { .. } => Stage::Condition,
            Asked::Alike { .. } => Stage::Words,
            Asked::Term(_) => Stage::Terms,
            Asked::Known | Asked::Cooldown { .. } | Asked::Limit { .. } => Stage::Bounds,
            Asked::Window { .. } | Asked::Newcomer => Stage::Window,
            Asked::Present { .. } | Asked::Inside | Asked::Somebody => Stage::Present,
            Asked::PerPerson { .. }
            | Asked::Stock { .. }
            | Asked::Pool { .. }
            | Asked::Piece { .. }
            | Asked::Budget { .. }
            | Asked::Points { .. }
            | Asked::InHand { .. }
            | Asked::Open { .. }
            | Asked::Removable { .. }
            | Asked::Agreed { .. } => Stage::Coupon,
            Asked::Wording { .. }
            | Asked::Quiet { .. }
            | Asked::GroupDay { .. }
            | Asked::Promo { .. }
            | Asked::Mentions { .. }
            | Asked::Listens
            | Asked::NewsToStaff { .. }
            | Asked::Otherwise
            | Asked::Capability { .. } => Stage::Speech,
        }
    }

    /// Whether a «no» here is what this verdict says.
    pub fn accounts_for(&self, verdict: &Verdict) -> bool {
        match verdict {
            Verdict::Fired | Verdict::Deferred { .. } | Verdict::Merged | Verdict::Waits { .. } => false,
            Verdict::CoolingDown { .. } => matches!(self, Asked::Cooldown { .. }),
            Verdict::LimitReached { .. } => matches!(self, Asked::Limit { .. }),
            Verdict::AlreadyHad { .. } => matches!(self, Asked::PerPerson { .. } | Asked::Term(Term::Share { .. })),
            Verdict::SoldOut { .. } => matches!(self, Asked::Stock { .. } | Asked::Term(Term::InStock { .. })),
            Verdict::NoPieces { .. } => matches!(self, Asked::Piece { .. }),
            Verdict::NoCodes { .. } => matches!(self, Asked::Pool { .. }),
            Verdict::BudgetSpent { .. } => matches!(self, Asked::Budget { .. }),
            Verdict::Short { .. } => matches!(self, Asked::Points { .. }),
            Verdict::HasNone => matches!(self, Asked::InHand { .. }),
            Verdict::AlreadyOpen { .. } | Verdict::NotOpen => matches!(self, Asked::Open { .. }),
            Verdict::AlreadyAsked { .. } => matches!(self, Asked::Removable { until: Some(_) }),
            Verdict::Declined { .. } => matches!(self, Asked::Agreed { declined_by: Some(_) }),
            Verdict::Lapsed => matches!(self, Asked::Agreed { declined_by: None }),
            Verdict::Refused(why) => matches!(self, Asked::Term(term) if term.is_like(why)),
            Verdict::AlreadyCheckedIn { .. } => matches!(self, Asked::Term(Term::NotCheckedIn { .. })),
            Verdict::NothingMissed => matches!(self, Asked::Term(Term::Missed { .. })),
            Verdict::NoCard => matches!(self, Asked::Term(Term::MakeUpCard { .. })),
            Verdict::HeldOut => matches!(self, Asked::Term(Term::Treated { .. })),
            Verdict::TooPlain { .. } => matches!(self, Asked::Term(Term::Letters { .. })),
            Verdict::SaidBefore => matches!(self, Asked::Term(Term::New)),
            Verdict::OptedOut { .. } => matches!(self, Asked::Listens),
            Verdict::ToldAlready { .. } => matches!(self, Asked::NewsToStaff { .. }),
            Verdict::NotNow { .. } => matches!(self, Asked::Opening { .. }),
            Verdict::Preempted { .. } => matches!(self, Asked::First { .. }),
            Verdict::GroupFull { .. } => matches!(self, Asked::GroupDay { .. }),
            Verdict::MentionedEnough { .. } => matches!(self, Asked::Mentions { .. }),
            Verdict::TooMuchPromo { .. } => matches!(self, Asked::Promo { .. }),
            Verdict::Guarded(breach) | Verdict::Warned(breach) => {
                matches!(self, Asked::Guard(asked) if asked.guard == breach.guard)
            }
            Verdict::Paused { .. } => matches!(self, Asked::Released { .. }),
            Verdict::NothingAlike { .. } => matches!(self, Asked::Alike { .. }),
            Verdict::ConditionFalse { .. } => matches!(self, Asked::Condition { unsaid: None, .. }),
            Verdict::Failed { .. } => matches!(self, Asked::Condition { unsaid: Some(_), .. } | Asked::Wording { .. }),
            Verdict::Gone => matches!(self, Asked::Present { .. } | Asked::Inside),
            Verdict::NobodyThere => matches!(self, Asked::Somebody | Asked::From),
            Verdict::NoNews => matches!(self, Asked::Newcomer),
            Verdict::TooLate { .. } => matches!(self, Asked::InTime { .. }),
            Verdict::IsStaff => matches!(self, Asked::Customer | Asked::From | Asked::Removable { until: None }),
            Verdict::Off => matches!(self, Asked::On),
            Verdict::NoSuchRule => matches!(self, Asked::Written),
            // A rehearsal's own.
            Verdict::NoEvidence { .. } => false,
            Verdict::Uncounted(_) | Verdict::Doubted(_) => false,
            Verdict::GatewayCannot => matches!(self, Asked::Capability { .. }),
            Verdict::UnknownMember => matches!(self, Asked::Known),
        }
    }
}

impl Weighing {
    /// The question that stopped it: the one its verdict says; for an event of another kind, the first «no».
    pub fn stopped_by(&self) -> Option<&Step> {
        let mut no = self.steps.iter().filter(|step| !step.passed);
        match &self.verdict {
            None => no.next(),
            Some(verdict) => {
                let accounts: Vec<&Step> = no.filter(|step| step.asked.accounts_for(verdict)).collect();
                let theirs = |step: &&&Step| step.person.is_some() && step.person == self.person;
                accounts.iter().find(theirs).or(accounts.last()).copied()
            }
        }
    }
}

/// Notes questions and verdicts. Off, it notes nothing.
#[derive(Debug, Default)]
pub struct Probe(Option<RefCell<Notes>>);

#[derive(Debug, Default)]
struct Notes {
    /// Rules being weighed, the innermost last: what one gives rise to may trigger another.
    ways: Vec<Way>,
    /// Asked for a mechanic, outside of any rule.
    loose: Vec<Step>,
    trail: Vec<Weighing>,
}

#[derive(Debug)]
struct Way {
    rule: RuleName,
    group: Option<GroupId>,
    people: Vec<PersonId>,
    steps: Vec<Step>,
    weighed: bool,
    begun: Mark,
}

impl Probe {
    /// One that notes everything.
    pub fn on() -> Self {
        Self(Some(RefCell::default()))
    }

    /// Whether anything is noted.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// A rule is about to be asked.
    pub fn enter(&self, rule: &RuleName, occasion: &Occasion, begun: Mark) {
        if let Some(notes) = &self.0 {
            notes.borrow_mut().ways.push(Way {
                rule: rule.clone(),
                group: occasion.group.clone(),
                people: occasion.people.clone(),
                steps: Vec::new(),
                weighed: false,
                begun,
            });
        }
    }

    /// The rule was asked all it is asked. One that was asked something and not weighed did not wait for this event.
    pub fn leave(&self) {
        let Some(notes) = &self.0 else { return };
        let mut notes = notes.borrow_mut();
        if let Some(way) = notes.ways.pop()
            && !way.weighed
            && !way.steps.is_empty()
        {
            notes.trail.push(Weighing {
                rule: way.rule,
                person: way.people.first().cloned(),
                group: way.group,
                people: way.people,
                steps: way.steps,
                verdict: None,
                actions: 0..0,
                changes: 0..0,
            });
        }
    }

    /// A question was asked; what it was is made out only if it is noted.
    pub fn asked(&self, person: Option<&PersonId>, passed: bool, asked: impl FnOnce() -> Asked) {
        let Some(notes) = &self.0 else { return };
        let step = Step {
            asked: asked(),
            person: person.cloned(),
            passed,
        };
        let mut notes = notes.borrow_mut();
        let notes = &mut *notes;
        let steps = notes.ways.last_mut().map_or(&mut notes.loose, |way| &mut way.steps);
        if !steps.contains(&step) {
            steps.push(step);
        }
    }

    /// A verdict was given.
    pub fn weighed(&self, (rule, person): (&RuleName, Option<&PersonId>), verdict: &Verdict, now: Mark) {
        let Some(notes) = &self.0 else { return };
        let mut notes = notes.borrow_mut();
        let way = notes.ways.last_mut().filter(|way| way.rule == *rule);
        let begun = way.as_ref().map_or(now, |way| way.begun);
        let (group, people, steps) = match way {
            Some(way) => {
                way.weighed = true;
                let about = |step: &&Step| step.person.is_none() || step.person.as_ref() == person || !step.passed;
                (
                    way.group.clone(),
                    way.people.clone(),
                    way.steps.iter().filter(about).cloned().collect(),
                )
            }
            None => {
                let people = person.into_iter().cloned().collect();
                (None, people, std::mem::take(&mut notes.loose))
            }
        };
        notes.trail.push(Weighing {
            rule: rule.clone(),
            person: person.cloned(),
            group,
            people,
            steps,
            verdict: Some(verdict.clone()),
            actions: begun.0..now.0,
            changes: begun.1..now.1,
        });
    }

    /// How many weighings are noted, to come back to.
    pub fn length(&self) -> usize {
        self.0.as_ref().map_or(0, |notes| notes.borrow().trail.len())
    }

    /// What was decided since is taken back; the questions stay asked.
    pub fn back_to(&self, length: usize) {
        if let Some(notes) = &self.0 {
            notes.borrow_mut().trail.truncate(length);
        }
    }

    /// Everything noted.
    pub fn trail(self) -> Vec<Weighing> {
        self.0.map_or_else(Vec::new, |notes| notes.into_inner().trail)
    }
}
