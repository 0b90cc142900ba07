//! Compares two sets of playbooks over the same logs: what would be the same, otherwise, gone and new, and what it costs.
//!
//! Both are really run, with the same dice; what differs, differs by the playbooks alone. The sums are those of two dry
//! runs. Looked at from the other side, the same comparison shows the same differences with their signs turned.

pub mod cascade;
pub mod guards;
pub mod looking;
pub mod markdown;
pub mod pairs;
pub mod show;
pub mod side;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Plan;
use super::door::{Admitted, Door};
use super::driver::Rehearsal;
use super::input::Input;
use super::report::Redeem;
use super::report::guards::GuardLine;
use super::report::money::Redeemed;
use super::state::State;
use crate::chat::{CouponName, Fen, Moment, RuleName};
use crate::playbook::{Effect as Step, Playbooks, Rule};
use guards::GuardChange;
use pairs::{How, Pair, worth};
use side::{Noting, Side};

/// A rule counts as renamed where this many hundredths of its effects are the same as another's.
const COINCIDES: u64 = 90;

/// What changing the playbooks would change.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// What both were run with, apart from the logs; filled in by whoever ran them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    pub old: Sum,
    pub new: Sum,
    /// Guards that differ: those that hold less than before come first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<GuardChange>,
    /// Guards of the new playbooks that break over these logs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<GuardLine>,
    /// The most important first.
    pub rules: Vec<RuleChange>,
    /// Every effect, in order of time.
    pub pairs: Vec<Pair>,
    /// Texts written otherwise, each once.
    pub wordings: Vec<WordingChange>,
    pub hints: Vec<Hint>,
}

/// What one side comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sum {
    pub playbooks: String,
    pub fingerprint: String,
    /// All coupons at face value.
    pub ceiling: Fen,
    /// If only so many are used as the operator assumes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redeemed: Option<Redeemed>,
    /// Messages in groups.
    pub said: u64,
    pub whispered: u64,
    /// Messages at night that nobody asked for.
    pub night: u64,
    /// Answers at night.
    pub night_answers: u64,
    pub effects: u64,
    pub until: Moment,
}

/// One rule on both sides.
#[derive(Clone, Debug, Serialize)]
pub struct RuleChange {
    pub rule: RuleName,
    /// What it was called before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<RuleName>,
    pub mark: Mark,
    pub old: Count,
    pub new: Count,
    pub same: u64,
    pub changed: u64,
    pub gone: u64,
    pub added: u64,
}

/// How a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Changed,
    Added,
    Removed,
    Same,
}

/// What a rule does on one side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    pub effects: u64,
    pub messages: u64,
    /// People called by name, and people written to.
    pub people: u64,
    pub night: u64,
    pub worth: Fen,
}

/// A wording that is written otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WordingChange {
    pub rule: RuleName,
    pub old: String,
    pub new: String,
    /// Messages that differ in words only.
    pub messages: u64,
}

/// Something the operator may want to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "hint", rename_all = "snake_case")]
pub enum Hint {
    /// Two rules do the same under two names.
    Renamed { old: RuleName, new: RuleName, percent: u64 },
    /// A rule that is gone did nothing in these logs.
    NeverFired { rule: RuleName },
}

/// A run that is compared.
#[derive(Debug)]
pub struct Running {
    run: Rehearsal,
    noting: Noting,
    door: Door,
    until: Option<Moment>,
    redeem: Option<Redeem>,
}

impl Running {
    /// Before the first input, from nothing or from where another run stood. What a rehearsal shows is no matter here.
    pub fn new(plan: Plan, state: Option<State>) -> Self {
        let door = Door::new((plan.span, plan.as_if), plan.books.house.zone.clone(), None);
        let run = Rehearsal::resumed(state.unwrap_or_default(), plan.books, plan.dice, plan.options);
        Self {
            noting: Noting::new(plan.lang, &run),
            run,
            door,
            until: plan.until,
            redeem: plan.redeem,
        }
    }

    /// One input.
    pub fn feed(&mut self, input: &Input) {
        if self.door.is_open() {
            return self.decide(input);
        }
        if let Admitted::In(input) = self.door.admit(input.clone(), &self.run.books().house) {
            self.decide(&input);
        }
    }

    fn decide(&mut self, input: &Input) {
        let noting = &mut self.noting;
        self.run
            .feed(&input.event, input.time, &mut |entry| noting.take(&entry));
    }

    /// Everything due until the end that was asked for.
    pub fn close(mut self) -> Side {
        if let Some(until) = self.until {
            let noting = &mut self.noting;
            noting.beyond_the_recording();
            self.run.beyond_the_recording();
            self.run.run_until(until, &mut |entry| noting.take(&entry));
        }
        let mut side = self.noting.close(&self.run);
        self.door.tell(&mut side.report);
        side.report.redeemed = self.redeem.map(|share| share.of(side.report.coupons_at_most()));
        side.report.assume(self.redeem);
        side
    }
}

/// Compares two runs over the same inputs.
pub fn compare(old: &Side, new: &Side) -> Comparison {
    let renamed = renamed(old, new);
    let mut pairs = pairs::pairs(old, new, &renamed);
    let zone = new.books.house.zone.clone();
    cascade::follow(&mut pairs, &edited(old, new, &renamed), &coupons_of(old, new), &zone);
    let mut rules = rules(old, new, &renamed);
    for pair in &pairs {
        count(&mut rules, pair, (old, new));
    }
    let mut rules: Vec<RuleChange> = rules.into_values().collect();
    for rule in &mut rules {
        let differs = rule.changed + rule.gone + rule.added > 0;
        if differs && rule.mark == Mark::Same {
            rule.mark = Mark::Changed;
        }
    }
    rules.sort_by_cached_key(importance);
    Comparison {
        options: BTreeMap::new(),
        old: sum(old),
        new: sum(new),
        guards: guards::changes(&old.books, &new.books),
        breaks: new.report.guards.iter().filter(|line| !line.held).cloned().collect(),
        wordings: wordings(old, new, (&pairs, &renamed)),
        hints: hints(old, new, &rules),
        rules,
        pairs,
    }
}

impl Comparison {
    /// Nothing differs, in text or effect.
    pub fn is_empty(&self) -> bool {
        self.guards.is_empty()
            && self.pairs.iter().all(Pair::is_same)
            && self.rules.iter().all(|rule| rule.mark == Mark::Same)
    }

    /// Differences that are no follow-ups, each with the number of those that follow from it.
    pub fn heads(&self) -> Vec<(&Pair, u64)> {
        let mut follow: BTreeMap<usize, u64> = BTreeMap::new();
        for cause in self.pairs.iter().filter_map(|pair| pair.caused_by) {
            *follow.entry(cause).or_default() += 1;
        }
        let heads = self.pairs.iter().enumerate();
        heads
            .filter(|(_, pair)| !pair.is_same() && pair.caused_by.is_none())
            .map(|(at, pair)| (pair, follow.get(&at).copied().unwrap_or(0)))
            .collect()
    }
}

/// What a rule is put in order by.
type Importance = (bool, Reverse<i64>, Reverse<i64>, Reverse<i64>, Mark, RuleName);

/// Money first, then the night, then whom it disturbs; what is the same comes last. Within each by name.
fn importance(rule: &RuleChange) -> Importance {
    let more = |old: u64, new: u64| Reverse(i64::try_from(new.saturating_sub(old)).unwrap_or(i64::MAX));
    (
        rule.mark == Mark::Same,
        Reverse((rule.new.worth.0 - rule.old.worth.0).max(0)),
        more(rule.old.night, rule.new.night),
        more(rule.old.people + rule.old.messages, rule.new.people + rule.new.messages),
        rule.mark,
        rule.rule.clone(),
    )
}

fn sum(side: &Side) -> Sum {
    let report = &side.report;
    Sum {
        playbooks: side.books.fingerprint.clone(),
        fingerprint: report.fingerprint.clone(),
        ceiling: report.ceiling,
        redeemed: report.redeemed,
        said: report.speech.said,
        whispered: report.speech.whispered,
        night: report.speech.night.others,
        night_answers: report.speech.night.answers,
        effects: side.effects.len() as u64,
        until: report.until,
    }
}

/// Old names of rules by `was`, whichever side it is written on.
fn renamed(old: &Side, new: &Side) -> BTreeMap<RuleName, RuleName> {
    let mut renamed = BTreeMap::new();
    let declared = |from: &Playbooks, to: &Playbooks| -> Vec<(RuleName, RuleName)> {
        let rules = from
            .books
            .iter()
            .flat_map(|book| book.rules.iter().map(move |rule| (book, rule)));
        rules
            .filter_map(|(book, rule)| {
                let was = rule.was.as_deref()?;
                let whole = RuleName::new(if was.contains('/') {
                    was.to_owned()
                } else {
                    format!("{}/{was}", book.name)
                });
                // A name both sides have is no former name.
                (to.rule(&whole).is_some() && from.rule(&whole).is_none()).then(|| (whole, rule.name.clone()))
            })
            .collect()
    };
    for (before, now) in declared(&new.books, &old.books) {
        renamed.insert(before, now);
    }
    for (before, now) in declared(&old.books, &new.books) {
        renamed.insert(now, before);
    }
    renamed
}

/// Rules that differ in themselves or in the coupons they give. The form a rule is checked into says all there is to it.
fn edited(old: &Side, new: &Side, renamed: &BTreeMap<RuleName, RuleName>) -> BTreeSet<RuleName> {
    let mut edited = BTreeSet::new();
    let back: BTreeMap<&RuleName, &RuleName> = renamed.iter().map(|(before, now)| (now, before)).collect();
    let house = |side: &Side| format!("{:?}{:?}", side.books.house.manners, side.books.house.staff);
    let house_differs = house(old) != house(new);
    for rule in new.books.books.iter().flat_map(|book| &book.rules) {
        let before = back.get(&rule.name).copied().unwrap_or(&rule.name);
        let same = old.books.rule(before).is_some_and(|(book, was)| {
            let now = new.books.rule(&rule.name).map(|(book, _)| &book.groups);
            everywhere(was, &old.books) == everywhere(rule, &new.books) && now == Some(&book.groups)
        });
        if !same || house_differs {
            edited.insert(rule.name.clone());
        }
    }
    for rule in old.books.books.iter().flat_map(|book| &book.rules) {
        let now = renamed.get(&rule.name).unwrap_or(&rule.name);
        if new.books.rule(now).is_none() {
            edited.insert(now.clone());
        }
    }
    let (before, after) = (mechanics(old), mechanics(new));
    let names = before.keys().chain(after.keys());
    edited.extend(names.filter(|name| before.get(*name) != after.get(*name)).cloned());
    edited
}

/// What a rule says, and what it says instead in some groups.
fn everywhere(rule: &Rule, books: &Playbooks) -> Vec<String> {
    let book = books.rule(&rule.name).map(|(book, _)| book);
    let editions = book.into_iter().flat_map(|book| &book.editions);
    let elsewhere = editions.filter_map(|edition| {
        let rule = edition.book.rules.iter().find(|it| it.name == rule.name)?;
        Some(format!("{:?}{}", edition.groups, written(rule, books)))
    });
    [written(rule, books)].into_iter().chain(elsewhere).collect()
}

/// What a rule says, apart from its name and its place in the file.
fn written(rule: &Rule, books: &Playbooks) -> String {
    let mut bare = rule.clone();
    bare.name = RuleName::new("");
    bare.line = 0;
    bare.file.clear();
    bare.was = None;
    let coupons: Vec<String> = given(rule).map(|name| format!("{:?}", books.coupon(name))).collect();
    format!("{bare:?}{coupons:?}")
}

fn given(rule: &Rule) -> impl Iterator<Item = &CouponName> {
    rule.then.iter().filter_map(|step| match step {
        Step::Give { coupon } => Some(coupon),
        _ => None,
    })
}

/// Votes, events and the telling of birthdays under the names their effects go by.
fn mechanics(side: &Side) -> BTreeMap<RuleName, String> {
    let mut all = BTreeMap::new();
    for book in &side.books.books {
        for (name, vote) in &book.votes {
            let mut vote = vote.clone();
            vote.line = 0;
            all.insert(RuleName::new(format!("{}/vote.{name}", book.name)), format!("{vote:?}"));
        }
        for (name, draw) in &book.draws {
            let mut draw = draw.clone();
            draw.line = 0;
            all.insert(RuleName::new(format!("{}/draw.{name}", book.name)), format!("{draw:?}"));
        }
        for (name, goods) in &book.goods {
            let mut goods = goods.clone();
            goods.line = 0;
            all.insert(
                RuleName::new(format!("{}/shop.{name}", book.name)),
                format!("{goods:?}"),
            );
        }
        for (name, event) in &book.gatherings {
            let mut event = event.clone();
            event.line = 0;
            all.insert(
                RuleName::new(format!("{}/event.{name}", book.name)),
                format!("{event:?}{:?}", book.cadences),
            );
        }
        for (name, referral) in &book.referrals {
            let mut referral = referral.clone();
            referral.line = 0;
            let name = RuleName::new(format!("{}/referral.{name}", book.name));
            all.insert(name, format!("{referral:?}"));
        }
        for (name, survey) in &book.surveys {
            let mut survey = survey.clone();
            survey.line = 0;
            all.insert(
                RuleName::new(format!("{}/survey.{name}", book.name)),
                format!("{survey:?}"),
            );
        }
        for (name, quiz) in &book.quizzes {
            let mut quiz = quiz.clone();
            quiz.line = 0;
            all.insert(RuleName::new(format!("{}/quiz.{name}", book.name)), format!("{quiz:?}"));
        }
        for answer in &book.faq {
            let mut answer = answer.clone();
            answer.line = 0;
            answer.file.clear();
            all.insert(answer.name.clone(), format!("{answer:?}"));
        }
        if let Some(suggestions) = &book.suggestions {
            let name = RuleName::new(format!("{}/suggestions", book.name));
            all.insert(name, format!("{suggestions:?}"));
        }
        if let Some(answers) = &book.answers {
            all.insert(RuleName::new(format!("{}/answers", book.name)), format!("{answers:?}"));
        }
        if let Some(telling) = &book.telling {
            all.insert(RuleName::new(format!("{}/birthday", book.name)), format!("{telling:?}"));
        }
    }
    all
}

fn coupons_of(old: &Side, new: &Side) -> BTreeMap<RuleName, Vec<CouponName>> {
    let rules = [old, new]
        .into_iter()
        .flat_map(|side| &side.books.books)
        .flat_map(|book| &book.rules);
    rules
        .map(|rule| (rule.name.clone(), given(rule).cloned().collect()))
        .collect()
}

/// Every rule and mechanic of either side, with nothing counted yet.
fn rules(old: &Side, new: &Side, renamed: &BTreeMap<RuleName, RuleName>) -> BTreeMap<RuleName, RuleChange> {
    let edited = edited(old, new, renamed);
    let names = |side: &Side| -> BTreeSet<RuleName> {
        let rules = side
            .books
            .books
            .iter()
            .flat_map(|book| &book.rules)
            .map(|rule| rule.name.clone());
        rules.chain(mechanics(side).into_keys()).collect()
    };
    let (before, after) = (names(old), names(new));
    let back: BTreeMap<&RuleName, &RuleName> = renamed.iter().map(|(before, now)| (now, before)).collect();
    let now = before.iter().map(|name| renamed.get(name).unwrap_or(name).clone());
    let all: BTreeSet<RuleName> = now.chain(after.iter().cloned()).collect();
    all.into_iter()
        .map(|rule| {
            let was = back.get(&rule).map(|was| (*was).clone());
            let had = before.contains(was.as_ref().unwrap_or(&rule));
            let mark = match (had, after.contains(&rule)) {
                (true, false) => Mark::Removed,
                (false, true) => Mark::Added,
                _ if edited.contains(&rule) || was.is_some() => Mark::Changed,
                _ => Mark::Same,
            };
            let change = RuleChange {
                rule: rule.clone(),
                was,
                mark,
                old: Count::default(),
                new: Count::default(),
                same: 0,
                changed: 0,
                gone: 0,
                added: 0,
            };
            (rule, change)
        })
        .collect()
}

fn count(rules: &mut BTreeMap<RuleName, RuleChange>, pair: &Pair, (old, new): (&Side, &Side)) {
    let change = rules.entry(pair.rule.clone()).or_insert_with(|| RuleChange {
        rule: pair.rule.clone(),
        was: None,
        mark: Mark::Same,
        old: Count::default(),
        new: Count::default(),
        same: 0,
        changed: 0,
        gone: 0,
        added: 0,
    });
    let (before, after) = pair.sides();
    before.iter().for_each(|effect| change.old.add(effect, &old.books));
    after.iter().for_each(|effect| change.new.add(effect, &new.books));
    match &pair.how {
        How::Same { .. } => change.same += 1,
        How::Changed { .. } | How::Merged { .. } => change.changed += 1,
        How::Gone { .. } => change.gone += 1,
        How::Added { .. } => change.added += 1,
    }
}

impl Count {
    fn add(&mut self, effect: &super::effects::Effect, books: &Playbooks) {
        use super::effects::Reached;
        self.effects += 1;
        self.worth = self.worth + worth(effect);
        let people = match &effect.what {
            Reached::Said { mentions, .. } => mentions.len() as u64,
            Reached::Whispered { person, .. } if !books.house.is_staff(&person.id) => 1,
            _ => 0,
        };
        self.people += people;
        let heard = match &effect.what {
            Reached::Said { .. } => true,
            Reached::Whispered { person, .. } => !books.house.is_staff(&person.id),
            _ => false,
        };
        if heard {
            self.messages += 1;
            let asked = effect.kind == Some(crate::chat::Kind::Service);
            self.night += u64::from(!asked && super::report::night::is_night(effect.at, books));
        }
    }
}

/// Texts that differ, once each: by the order they stand in the rule.
fn wordings(old: &Side, new: &Side, (pairs, renamed): (&[Pair], &BTreeMap<RuleName, RuleName>)) -> Vec<WordingChange> {
    let texts = |rule: &Rule| -> Vec<String> {
        let steps = rule.then.iter().chain(&rule.otherwise);
        let said = steps.filter_map(|step| match step {
            Step::Say { wordings, .. } => Some(
                wordings
                    .iter()
                    .map(|it| it.written_out().trim().to_owned())
                    .collect::<Vec<_>>(),
            ),
            Step::RenameGroup { name } => Some(vec![name.written_out()]),
            Step::SetCard { card } => Some(vec![card.written_out()]),
            _ => None,
        });
        said.flatten().collect()
    };
    let mut changes = Vec::new();
    for before in old.books.books.iter().flat_map(|book| &book.rules) {
        let now = renamed.get(&before.name).unwrap_or(&before.name);
        let Some((_, after)) = new.books.rule(now) else {
            continue;
        };
        let (was, is) = (texts(before), texts(after));
        let words_only = |pair: &&Pair| {
            pair.rule == *now
                && matches!(&pair.how, How::Changed { what, .. } if what.iter().all(|it| *it == pairs::Differs::Words))
        };
        let messages = pairs.iter().filter(words_only).count() as u64;
        for (was, is) in was.iter().zip(&is).filter(|(was, is)| was != is) {
            changes.push(WordingChange {
                rule: now.clone(),
                old: was.clone(),
                new: is.clone(),
                messages,
            });
        }
    }
    changes
}

fn hints(old: &Side, new: &Side, rules: &[RuleChange]) -> Vec<Hint> {
    let mut hints = Vec::new();
    let of = |mark: Mark| rules.iter().filter(move |rule| rule.mark == mark);
    for gone in of(Mark::Removed) {
        if gone.old.effects == 0 {
            hints.push(Hint::NeverFired {
                rule: gone.rule.clone(),
            });
            continue;
        }
        let did = done(old, &gone.rule);
        for came in of(Mark::Added) {
            let does: BTreeSet<_> = done(new, &came.rule).into_iter().collect();
            let common = did.iter().filter(|it| does.contains(*it)).count() as u64;
            let most = did.len().max(does.len()) as u64;
            let percent = (common * 100).checked_div(most).unwrap_or(0);
            if percent >= COINCIDES {
                hints.push(Hint::Renamed {
                    old: gone.rule.clone(),
                    new: came.rule.clone(),
                    percent,
                });
            }
        }
    }
    hints
}

/// What a rule did, without its name.
fn done(side: &Side, rule: &RuleName) -> Vec<(Moment, String)> {
    let own = side
        .effects
        .iter()
        .filter(|made| made.effect.rule.as_ref() == Some(rule));
    own.map(|made| {
        let what = match &made.effect.what {
            super::effects::Reached::Given { person, coupon, .. } => format!("{} {coupon}", person.id),
            _ => made.words.clone(),
        };
        (made.effect.at, what)
    })
    .collect()
}
