//! The books are closed: figures as they are shown and written.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::chat::{CouponName, Fen, Moment, PersonId, RuleName};
use crate::community::Community;
use crate::community::agenda::{Due, Entry as AgendaEntry};
use crate::community::gathering::Stage;
use crate::engine::Verdict;
use crate::playbook::Playbooks;

use super::detail::Detail;
use super::notes::{self, Note};
use super::tally::{CouponCount, GatheringCount, Line, NightCount, RuleCount, Show, Tally, VoteCount};
use crate::dry_run::driver::{Counts, Rehearsal};
use crate::dry_run::effects::{Effect, place, short_fingerprint, who};
use crate::dry_run::input::Losses;

/// What a whole run came to. Its JSON form has stable names and holds nothing of the time it was made.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub community: String,
    /// Names of the groups, the staff's own left out.
    pub groups: Vec<String>,
    #[serde(skip)]
    pub zone: TimeZone,
    #[serde(skip)]
    pub show: Show,
    /// When the first input happened, and the last.
    pub from: Moment,
    pub to: Moment,
    /// Up to when timers were run.
    pub until: Moment,
    pub inputs: u64,
    pub duplicates: u64,
    pub timers: u64,
    /// Customers known at the end, staff left out.
    pub people: u64,
    pub fingerprint: String,
    /// The first eight digits of it.
    pub short: String,
    /// All coupons at face value.
    pub ceiling: Fen,
    pub coupons: Vec<CouponLine>,
    pub speech: Speech,
    pub votes: VoteCount,
    pub gatherings: GatheringCount,
    pub birthdays_told: u64,
    pub rules: Vec<RuleLine>,
    pub pending: Vec<PendingLine>,
    pub notes: Vec<Note>,
    /// What reading lost; filled in by whoever read.
    pub losses: Losses,
    /// What the recording held that this run makes itself, or has no use for.
    pub made_anew: u64,
    pub answers_ignored: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    /// What a page shows beyond figures, where one is wanted.
    #[serde(skip)]
    pub detail: Option<Box<Detail>>,
}

/// One kind of coupon.
#[derive(Clone, Debug, Serialize)]
pub struct CouponLine {
    pub coupon: CouponName,
    pub title: String,
    pub each: Fen,
    pub given: u64,
    /// Face value of all that were given.
    pub ceiling: Fen,
}

/// How much the bot says.
#[derive(Clone, Debug, Serialize)]
pub struct Speech {
    /// In groups.
    pub said: u64,
    pub whispered: u64,
    pub told_staff: u64,
    /// What members said in groups.
    pub members: u64,
    /// The bot's messages of all in groups, in tenths of a percent.
    pub share_permille: u64,
    pub busiest_day: Option<(Date, u64)>,
    pub night: NightCount,
    /// Messages that waited until quiet hours were over.
    pub deferred: u64,
    pub per_day: BTreeMap<Date, u64>,
}

/// One rule or mechanic.
#[derive(Clone, Debug, Serialize)]
pub struct RuleLine {
    pub rule: RuleName,
    /// The line of its `[[rule]]`; none for mechanics.
    pub line: Option<usize>,
    pub off: bool,
    pub triggers: u64,
    pub fired: u64,
    pub merged: u64,
    pub held: u64,
    pub waiting: u64,
    /// Why it was held back, the most frequent first.
    pub reasons: Vec<ReasonLine>,
    /// What was remarked without stopping it.
    pub remarks: Vec<ReasonLine>,
    pub deferred: u64,
    pub messages: u64,
    pub coupons: u64,
    pub worth: Fen,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Effect>,
}

/// How often a reason held a rule back.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonLine {
    pub reason: &'static str,
    /// The first verdict of this kind, with its numbers.
    pub first: Verdict,
    pub times: u64,
}

/// A timer that still stands.
#[derive(Clone, Debug, Serialize)]
pub struct PendingLine {
    pub due: Moment,
    pub key: String,
    pub what: PendingWhat,
}

/// What a timer is for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PendingWhat {
    Schedule {
        rule: RuleName,
    },
    /// A rule that waits for its window or its `after`.
    Carry {
        rule: RuleName,
        people: Vec<String>,
    },
    VoteCloses {
        vote: String,
        group: String,
    },
    Gathering {
        event: String,
        group: String,
        day: String,
        stage: Stage,
    },
    /// The planner looks ahead every midnight.
    Plan,
}

pub(super) fn close(show: Show, mut tally: Tally, run: &Rehearsal) -> Report {
    let (books, community) = (run.books(), run.community());
    let until = community.now().max(run.ran_until());
    let Counts {
        inputs,
        duplicates,
        timers,
        answers_ignored,
        made_anew,
        ..
    } = run.counts();
    let pending: Vec<PendingLine> = run
        .pending()
        .into_iter()
        .map(|(key, entry)| pending_line(key, entry, community))
        .collect();
    let rules = rule_lines(&tally.rules, books);
    let unsent: Vec<&Effect> = tally.unsent.iter().filter(|effect| effect.at > until).collect();
    let notes = notes::gather(&tally, &rules, (&pending, &unsent), books);
    let mut lines = std::mem::take(&mut tally.lines);
    lines.sort_by_key(Line::at);
    let coupons = coupon_lines(&tally.coupons, books);
    let speech = speech(&tally);
    let fingerprint = tally.fingerprint.full();
    Report {
        community: crate::dry_run::effects::plain(&books.house.name),
        groups: groups(community, books),
        zone: books.house.zone.clone(),
        show,
        from: tally.first.unwrap_or(tally.last),
        to: tally.last,
        until,
        inputs,
        duplicates,
        timers,
        people: community
            .people()
            .keys()
            .filter(|person| !books.house.is_staff(person))
            .count() as u64,
        short: short_fingerprint(&fingerprint),
        fingerprint,
        ceiling: coupons.iter().map(|coupon| coupon.ceiling).sum(),
        coupons,
        speech,
        votes: tally.votes,
        gatherings: tally.gatherings,
        birthdays_told: tally.birthdays_told,
        rules,
        pending,
        notes,
        losses: Losses::default(),
        made_anew,
        answers_ignored,
        lines,
        detail: None,
    }
}

fn speech(tally: &Tally) -> Speech {
    let everything = tally.member_messages + tally.said;
    // Of days with as many messages, the first.
    let busiest = tally.per_day.iter().rev().max_by_key(|(_, count)| **count);
    Speech {
        said: tally.said,
        whispered: tally.whispered,
        told_staff: tally.told_staff,
        members: tally.member_messages,
        share_permille: (tally.said * 1000).checked_div(everything).unwrap_or(0),
        busiest_day: busiest.map(|(date, count)| (*date, *count)),
        night: tally.night,
        deferred: tally.deferred,
        per_day: tally.per_day.clone(),
    }
}

fn groups(community: &Community, books: &Playbooks) -> Vec<String> {
    let customers = community
        .groups()
        .keys()
        .filter(|id| books.house.staff_group.as_ref() != Some(id));
    customers.map(|id| place(community, id).name).collect()
}

fn coupon_lines(counts: &BTreeMap<CouponName, CouponCount>, books: &Playbooks) -> Vec<CouponLine> {
    let line = |(name, count): (&CouponName, &CouponCount)| {
        let written = books.coupon(name);
        CouponLine {
            coupon: name.clone(),
            title: written.map_or_else(|| name.to_string(), |coupon| coupon.title.clone()),
            each: written.map_or(Fen::ZERO, |coupon| coupon.worth),
            given: count.given,
            ceiling: count.worth,
        }
    };
    counts.iter().map(line).collect()
}

/// Every rule of the books in file order, then what mechanics weighed.
fn rule_lines(counts: &BTreeMap<RuleName, RuleCount>, books: &Playbooks) -> Vec<RuleLine> {
    let nothing = RuleCount::default();
    let mut lines = Vec::new();
    for book in &books.books {
        for rule in &book.rules {
            let count = counts.get(&rule.name).unwrap_or(&nothing);
            lines.push(RuleLine {
                line: Some(rule.line),
                off: rule.off,
                ..rule_line(&rule.name, count)
            });
        }
        let of_book = |name: &RuleName| {
            name.as_str()
                .strip_prefix(book.name.as_str())
                .is_some_and(|it| it.starts_with('/'))
        };
        let mechanics = counts
            .iter()
            .filter(|(name, _)| of_book(name) && books.rule(name).is_none());
        lines.extend(mechanics.map(|(name, count)| rule_line(name, count)));
    }
    let listed = |name: &RuleName| lines.iter().any(|line: &RuleLine| line.rule == *name);
    let others: Vec<_> = counts.iter().filter(|(name, _)| !listed(name)).collect();
    lines.extend(others.into_iter().map(|(name, count)| rule_line(name, count)));
    lines
}

fn rule_line(name: &RuleName, count: &RuleCount) -> RuleLine {
    let reasons = reason_lines(&count.reasons);
    RuleLine {
        rule: name.clone(),
        line: None,
        off: false,
        triggers: count.triggers,
        fired: count.fired,
        merged: count.merged,
        held: reasons.iter().map(|reason| reason.times).sum(),
        waiting: count.waiting(),
        reasons,
        remarks: reason_lines(&count.remarks),
        deferred: count.deferred,
        messages: count.messages,
        coupons: count.coupons,
        worth: count.worth,
        examples: count.examples.clone(),
    }
}

fn reason_lines(reasons: &BTreeMap<&'static str, (Verdict, u64)>) -> Vec<ReasonLine> {
    let mut lines: Vec<ReasonLine> = reasons
        .iter()
        .map(|(reason, (first, times))| ReasonLine {
            reason,
            first: first.clone(),
            times: *times,
        })
        .collect();
    lines.sort_by_key(|line| (std::cmp::Reverse(line.times), line.reason));
    lines
}

fn pending_line(key: &str, entry: &AgendaEntry, community: &Community) -> PendingLine {
    let name = |person: &PersonId| who(community, None, person).name;
    let what = match &entry.what {
        Due::Schedule { rule, .. } => PendingWhat::Schedule { rule: rule.clone() },
        Due::Carry { rule, occasion } => PendingWhat::Carry {
            rule: rule.clone(),
            people: occasion.people.iter().map(name).collect(),
        },
        Due::VoteCloses((vote, group)) => PendingWhat::VoteCloses {
            vote: vote.to_string(),
            group: place(community, group).name,
        },
        Due::Gathering {
            id: ((event, group), day),
            stage,
        } => PendingWhat::Gathering {
            event: event.to_string(),
            group: place(community, group).name,
            day: day.clone(),
            stage: *stage,
        },
        Due::Plan => PendingWhat::Plan,
    };
    PendingLine {
        due: entry.due,
        key: crate::dry_run::effects::plain(key),
        what,
    }
}
