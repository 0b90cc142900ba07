//! The books are closed: figures as they are shown and written.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::chat::{Fen, Moment, PersonId, RuleName};
use crate::community::Community;
use crate::community::winback::Outcome;
use crate::engine::Verdict;
use crate::playbook::{Playbooks, Stand};
use crate::recording::imported::Missing;

use super::caps::CapLine;
use super::cards::CardLine;
use super::detail::Detail;
use super::disturbance::{Borne, Monologue, Week};
use super::exchanges::ExchangeCount;
use super::focus::Focus;
use super::guards::GuardLine;
use super::human::HumanCount;
use super::money::{self, CouponLine, OwedLine, Redeem, Redeemed};
use super::notes::{self, Note};
use super::pending::{self, PendingLine};
use super::polls::{Poll, polls};
use super::tally::{
    DrawCount, GatheringCount, Line, NightCount, Projection, QuestionCount, RuleCount, Show, SurveyCount, Tally,
    VoteCount,
};
use crate::dry_run::as_if::UnknownYear;
use crate::dry_run::driver::Rehearsal;
use crate::dry_run::effects::{Effect, Who, place, short_fingerprint};
use crate::dry_run::evidence;
use crate::dry_run::input::Losses;
use crate::dry_run::runs::Runs;

/// People shown who had to bear most.
const MOST_SHOWN: usize = 5;

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
    /// Inputs outside the stretch that was asked for.
    pub left_out: u64,
    /// What the dice are called that were thrown.
    pub seed: String,
    pub duplicates: u64,
    pub timers: u64,
    /// Customers known at the end, staff left out.
    pub people: u64,
    pub fingerprint: String,
    /// The first eight digits of it.
    pub short: String,
    /// All coupons at face value, and what membership cards cost at most. was exchanged for points at cost.
    pub ceiling: Fen,
    /// Between how much and how much it comes to if only so many are used: the operator's assumption, not a finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redeemed: Option<Redeemed>,
    pub coupons: Vec<CouponLine>,
    /// Membership cards: what was taken for them, and what they cost at most.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<CardLine>,
    /// Coupons members have at the end and can still use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owed: Vec<OwedLine>,
    /// Budgets and stocks that ran out.
    pub caps: Vec<CapLine>,
    /// Guards of the playbooks, and whether they held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<GuardLine>,
    pub speech: Speech,
    pub humans: HumanCount,
    /// What lies beyond the end of the recording, if timers were run there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projection: Option<Projection>,
    pub votes: VoteCount,
    #[serde(skip_serializing_if = "DrawCount::is_empty")]
    pub draws: DrawCount,
    #[serde(skip_serializing_if = "ExchangeCount::is_nothing")]
    pub exchanges: ExchangeCount,
    pub gatherings: GatheringCount,
    #[serde(skip_serializing_if = "QuestionCount::is_nothing")]
    pub questions: QuestionCount,
    #[serde(skip_serializing_if = "SurveyCount::is_nothing")]
    pub surveys: SurveyCount,
    pub birthdays_told: u64,
    /// What winning people back came to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub winbacks: Vec<WinbackLine>,
    pub rules: Vec<RuleLine>,
    pub pending: Vec<PendingLine>,
    pub notes: Vec<Note>,
    /// What reading lost; filled in by whoever read.
    pub losses: Losses,
    /// What the recording held that this run makes itself, or has no use for.
    pub made_anew: u64,
    pub answers_ignored: u64,
    /// What the gateway refused in the rehearsal.
    #[serde(skip_serializing_if = "is_zero")]
    pub failed_sends: u64,
    /// By how many days the recording was moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_days: Option<i32>,
    /// The run broke off where it was moved into a year whose holidays are not known.
    #[serde(skip)]
    pub unknown_year: Option<UnknownYear>,
    /// What the run began with: nothing, a list of members, or where another run stood.
    pub began_with: Began,
    /// What chance does, if the run was made several times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<Runs>,
    /// What surveys came to.
    #[serde(skip)]
    pub polls: Vec<Poll>,
    /// The worth of what each person was given.
    #[serde(skip)]
    pub received: BTreeMap<PersonId, (Who, Fen)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    /// What a page shows beyond figures, where one is wanted.
    #[serde(skip)]
    pub detail: Option<Box<Detail>>,
}

impl Report {
    /// All coupons at face value.
    pub fn coupons_at_most(&self) -> Fen {
        self.coupons.iter().map(|coupon| coupon.ceiling).sum()
    }

    /// What it comes to if only this share of coupons is used; what was exchanged for points costs what it costs.
    pub fn assume(&mut self, share: Option<Redeem>) {
        let cost = self.exchanges.cost;
        self.redeemed = share.map(|share| share.of(self.ceiling - cost).and(cost));
    }

    /// Takes what reading lost. A rule that waits for what the logs do not tell cannot be judged.
    pub fn take_losses(&mut self, losses: Losses) {
        for rule in &mut self.rules {
            rule.no_evidence = losses.missing_of(&rule.needs);
        }
        self.losses = losses;
    }
}

/// What a run began with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Began {
    /// Nobody is known, no coupon given, no cooldown running.
    #[default]
    Empty,
    /// So many members are known, nothing else.
    Members(u64),
    /// Everything another run left.
    State,
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
    /// Messages a day, in tenths, over all days of the run.
    pub per_day_tenths: u64,
    pub weeks: Vec<Week>,
    /// Times members were called by name, and those who had to bear most.
    pub called: u64,
    pub most: Vec<Borne>,
    /// How many people were called by name or spoken to in private.
    pub bothered: u64,
    /// The longest the bot talked with no word of a person between.
    pub monologue: Option<Monologue>,
}

/// One rule or mechanic.
#[derive(Clone, Debug, Serialize)]
pub struct RuleLine {
    pub rule: RuleName,
    /// The line of its `[[rule]]`; none for mechanics.
    pub line: Option<usize>,
    /// The file of that line, without `.toml`, if the book took the rule over from another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    pub off: bool,
    pub triggers: u64,
    pub fired: u64,
    pub merged: u64,
    pub held: u64,
    pub waiting: u64,
    /// Why it was held back, the most frequent first.
    pub reasons: Vec<ReasonLine>,
    /// What it waits for and nothing else.
    #[serde(skip)]
    pub needs: BTreeSet<Missing>,
    /// It cannot be judged: the log holds nothing of what it waits for.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub no_evidence: BTreeSet<Missing>,
    /// What was remarked without stopping it.
    pub remarks: Vec<ReasonLine>,
    /// Triggers that waited already when the run began.
    #[serde(skip_serializing_if = "is_zero")]
    pub carried: u64,
    /// Triggers beyond the end of the recording.
    #[serde(skip_serializing_if = "is_zero")]
    pub projected: u64,
    pub deferred: u64,
    pub messages: u64,
    pub coupons: u64,
    pub worth: Fen,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Effect>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl RuleLine {
    /// Where the rule stands; nowhere, for mechanics.
    pub fn stands(&self) -> Option<Stand> {
        let file = self.file.clone();
        self.line.map(|line| Stand { line, file })
    }
}

/// How often a reason held a rule back.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonLine {
    /// Its number in the list of reasons.
    pub number: u8,
    pub reason: &'static str,
    /// The first verdict of this kind, with its numbers.
    pub first: Verdict,
    pub times: u64,
}

#[allow(clippy::too_many_lines, reason = "one line a figure: a table")]
pub(super) fn close(
    (show, focus): (Show, &Focus),
    (mut tally, humans): (Tally, HumanCount),
    run: &Rehearsal,
) -> Report {
    let (books, community) = (run.books(), run.community());
    let until = community.now().max(run.ran_until());
    let counts = run.counts();
    tally.see_until(until, books);
    let pending = pending::lines(run);
    let mut rules = rule_lines(&tally.rules, books);
    let caps = tally.caps.lines(books);
    let lines = std::mem::take(&mut tally.lines).rest();
    let unsent: Vec<&Effect> = tally.disturbance.coming().collect();
    let coupons = money::coupon_lines(&tally.coupons, books);
    let cards = tally.cards.lines(books);
    let at_most = coupons
        .iter()
        .map(|it| it.ceiling)
        .chain(cards.iter().map(|it| it.ceiling));
    let ceiling = at_most.sum::<Fen>() + tally.exchanges.cost;
    let speech = speech(&tally, until, books);
    let guards = tally.guards.lines(books);
    let parts = (&rules[..], &coupons[..], &caps[..], &guards[..], &speech);
    let notes = notes::gather(&tally, parts, (&pending, &unsent), books);
    rules.retain(|line| focus.has_rule(&line.rule));
    let fingerprint = tally.fingerprint.full();
    Report {
        community: crate::dry_run::effects::plain(&books.house.name),
        groups: groups(community, books),
        zone: books.house.zone.clone(),
        show,
        from: tally.first.unwrap_or(tally.last),
        to: tally.last,
        until,
        inputs: counts.inputs,
        left_out: 0,
        seed: String::new(),
        duplicates: counts.duplicates,
        timers: counts.timers,
        people: customers(community, books),
        short: short_fingerprint(&fingerprint),
        fingerprint,
        ceiling,
        cards,
        redeemed: None,
        coupons,
        owed: money::owed_lines(community, until, books),
        caps,
        guards,
        speech,
        humans,
        projection: tally.projection,
        votes: tally.votes,
        draws: tally.draws,
        exchanges: tally.exchanges,
        gatherings: tally.gatherings,
        questions: tally.questions,
        surveys: SurveyCount {
            replies: replies(community),
            ..tally.surveys
        },
        birthdays_told: tally.birthdays_told,
        winbacks: winback_lines(community),
        rules,
        pending,
        notes,
        losses: Losses::default(),
        made_anew: counts.made_anew,
        answers_ignored: counts.answers_ignored,
        failed_sends: tally.failed_sends,
        moved_days: None,
        unknown_year: None,
        began_with: Began::default(),
        runs: None,
        polls: polls(run),
        received: tally.received,
        lines,
        detail: None,
    }
}

/// One ladder of offers: to how many people something was sent, how many of them came back, and the same of those who
/// were held out.
#[derive(Clone, Debug, Serialize)]
pub struct WinbackLine {
    pub winback: String,
    #[serde(flatten)]
    pub outcome: Outcome,
}

fn winback_lines(community: &Community) -> Vec<WinbackLine> {
    let outcomes = community.outcomes().iter();
    let line = |(name, outcome): (&crate::chat::WinbackName, &Outcome)| WinbackLine {
        winback: name.to_string(),
        outcome: *outcome,
    };
    outcomes.map(line).collect()
}

/// How often surveys were answered to the end.
fn replies(community: &Community) -> u64 {
    let whole = community.replies().values().filter(|reply| reply.is_whole());
    whole.count() as u64
}

/// Everybody known who is not staff.
fn customers(community: &Community, books: &Playbooks) -> u64 {
    let people = community.people().keys();
    people.filter(|person| !books.house.is_staff(person)).count() as u64
}

fn speech(tally: &Tally, until: Moment, books: &Playbooks) -> Speech {
    let zone = &books.house.zone;
    let from = tally.first.unwrap_or(tally.last).date(zone);
    let days = from.until(until.date(zone)).map_or(0, |span| span.get_days());
    let days = u64::try_from(days).unwrap_or(0) + 1;
    let (most, bothered) = tally.disturbance.most(MOST_SHOWN);
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
        per_day_tenths: tally.said * 10 / days,
        weeks: tally.disturbance.weeks(),
        called: tally.disturbance.called(),
        most,
        bothered,
        monologue: tally.disturbance.longest(),
    }
}

fn groups(community: &Community, books: &Playbooks) -> Vec<String> {
    let customers = community
        .groups()
        .keys()
        .filter(|id| books.house.staff_group.as_ref() != Some(id));
    customers.map(|id| place(community, id).name).collect()
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
                file: rule.stand().file,
                off: rule.off,
                needs: evidence::needs(rule),
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
        file: None,
        off: false,
        triggers: count.triggers,
        fired: count.fired,
        merged: count.merged,
        held: reasons.iter().map(|reason| reason.times).sum(),
        waiting: count.waiting(),
        reasons,
        needs: BTreeSet::new(),
        no_evidence: BTreeSet::new(),
        remarks: reason_lines(&count.remarks),
        carried: count.carried,
        projected: count.projected,
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
            number: first.number(),
            reason,
            first: first.clone(),
            times: *times,
        })
        .collect();
    lines.sort_by_key(|line| (std::cmp::Reverse(line.times), line.reason));
    lines
}
