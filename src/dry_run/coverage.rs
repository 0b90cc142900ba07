//! What tests have seen of a set of playbooks: which rules and mechanics fired, and which of the reasons a rule can give
//! for not firing came up. The reasons are derived from the rule's own keys.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::chat::{Fen, Lang, Moment, RuleName};
use crate::engine::Verdict;
use crate::playbook::trigger::{From, Trigger};
use crate::playbook::{Coupon, Effect, Opening, Playbook, Playbooks, Rule, Stand};

use super::effects::plain;

/// The most unseen reasons that are listed one by one for people.
const LISTED: usize = 12;

/// What can become of one rule or mechanic.
#[derive(Clone, Debug)]
pub struct Covered {
    pub rule: RuleName,
    pub stands: Option<Stand>,
    /// Every branch, firing among them, with whether a test has seen it. A verdict stands here for its kind; its numbers
    /// mean nothing.
    pub branches: Vec<(Verdict, bool)>,
}

/// All of a set.
#[derive(Clone, Debug)]
pub struct Coverage {
    pub rules: Vec<Covered>,
}

/// So many out of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub seen: usize,
    pub all: usize,
}

impl Share {
    /// At least this many in a hundred; nothing at all is covered by nothing.
    pub fn reaches(self, percent: u8) -> bool {
        self.seen * 100 >= self.all * usize::from(percent)
    }
}

impl Coverage {
    /// `seen` are the verdicts of all tests.
    pub fn of(books: &Playbooks, seen: &BTreeSet<(RuleName, &'static str)>) -> Self {
        let covered = |rule: RuleName, stands, branches: Vec<Verdict>| {
            let gathers = branches.contains(&Verdict::Merged);
            let was_seen = |verdict: &Verdict| match verdict {
                // What waits for the morning has fired, and so has what shares a message.
                Verdict::Fired => ["fired", "deferred", "merged"]
                    .iter()
                    .filter(|word| **word != "merged" || !gathers)
                    .any(|word| seen.contains(&(rule.clone(), word))),
                verdict => seen.contains(&(rule.clone(), verdict.word())),
            };
            let branches = branches.into_iter().map(|verdict| (was_seen(&verdict), verdict));
            let branches = branches.map(|(was_seen, verdict)| (verdict, was_seen)).collect();
            Covered { rule, stands, branches }
        };
        let mut rules = Vec::new();
        for book in &books.books {
            for rule in book.rules.iter().filter(|rule| !rule.off) {
                let branches = branches(books, rule);
                rules.push(covered(rule.name.clone(), Some(rule.stand()), branches));
            }
            for (mechanic, line) in mechanics(book) {
                let stands = line.map(|line| Stand { line, file: None });
                rules.push(covered(mechanic, stands, vec![Verdict::Fired]));
            }
        }
        Self { rules }
    }

    /// Rules and mechanics that fired.
    pub fn fired(&self) -> Share {
        let fired = |covered: &&Covered| {
            covered
                .branches
                .iter()
                .any(|(verdict, seen)| *seen && is_firing(verdict))
        };
        Share {
            seen: self.rules.iter().filter(fired).count(),
            all: self.rules.len(),
        }
    }

    /// Reasons not to fire that came up.
    pub fn reasons(&self) -> Share {
        let reasons = || {
            let all = self.rules.iter().flat_map(|covered| &covered.branches);
            all.filter(|(verdict, _)| !is_firing(verdict))
        };
        Share {
            seen: reasons().filter(|(_, seen)| *seen).count(),
            all: reasons().count(),
        }
    }

    /// Both reach so many in a hundred.
    pub fn reaches(&self, percent: u8) -> bool {
        self.fired().reaches(percent) && self.reasons().reaches(percent)
    }

    /// For people: the figures, and what no test has seen.
    pub fn text(&self, lang: Lang) -> String {
        let (fired, reasons) = (self.fired(), self.reasons());
        let mut out = match lang {
            Lang::Zh => format!(
                "覆盖 规则 {}/{} 原因 {}/{}",
                fired.seen, fired.all, reasons.seen, reasons.all
            ),
            Lang::En => format!(
                "covered: rules {}/{} reasons {}/{}",
                fired.seen, fired.all, reasons.seen, reasons.all
            ),
        };
        let unseen: Vec<&Covered> = self
            .rules
            .iter()
            .filter(|covered| covered.branches.iter().any(|(_, seen)| !seen))
            .collect();
        for covered in unseen.iter().take(LISTED) {
            let labels = covered.branches.iter().filter(|(_, seen)| !seen);
            let labels: Vec<&str> = labels.map(|(verdict, _)| verdict.label(lang)).collect();
            let place = covered.stands.as_ref().map(|stands| stands.aside(lang));
            let place = plain(&place.unwrap_or_default());
            let _ = write!(
                out,
                "\n  {}  {}{place}  {}",
                lang.pick("没测到", "unseen"),
                covered.rule,
                labels.join(lang.pick("、", ", "))
            );
        }
        if let Some(more) = unseen.len().checked_sub(LISTED).filter(|more| *more > 0) {
            let _ = match lang {
                Lang::Zh => write!(out, "\n  另有 {more} 条，见 --format json"),
                Lang::En => write!(out, "\n  and {more} more, see --format json"),
            };
        }
        out
    }

    /// For programs. Names are stable.
    pub fn json(&self) -> Value {
        let share = |share: Share| json!({ "seen": share.seen, "all": share.all });
        let words = |covered: &Covered, wanted: bool| -> Vec<&'static str> {
            let some = covered.branches.iter().filter(|(_, seen)| *seen == wanted);
            some.map(|(verdict, _)| verdict.word()).collect()
        };
        let rules = self.rules.iter().map(|covered| {
            json!({
                "rule": covered.rule,
                "line": covered.stands.as_ref().map(|stands| stands.line),
                "seen": words(covered, true),
                "unseen": words(covered, false),
            })
        });
        json!({
            "fired": share(self.fired()),
            "reasons": share(self.reasons()),
            "rules": rules.collect::<Vec<Value>>(),
        })
    }
}

fn is_firing(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Fired)
}

/// Votes, events and the telling of birthdays, by the names their verdicts go under.
fn mechanics(book: &Playbook) -> Vec<(RuleName, Option<usize>)> {
    let named = |kind: &str, name: &str| RuleName::new(format!("{}/{kind}.{name}", book.name));
    let votes = book
        .votes
        .values()
        .map(|vote| (named("vote", vote.name.as_str()), Some(vote.line)));
    let gatherings = book.gatherings.values();
    let gatherings = gatherings.map(|it| (named("event", it.name.as_str()), Some(it.line)));
    let answers = book.faq.iter().map(|it| (it.name.clone(), Some(it.line)));
    let surveys = book.surveys.values();
    let surveys = surveys.map(|it| (named("survey", it.name.as_str()), Some(it.line)));
    let quizzes = book.quizzes.values();
    let quizzes = quizzes.map(|it| (named("quiz", it.name.as_str()), Some(it.line)));
    let draws = book.draws.values();
    let draws = draws.map(|it| (named("draw", it.name.as_str()), Some(it.line)));
    let goods = book.goods.values();
    let goods = goods.map(|it| (named("shop", it.name.as_str()), Some(it.line)));
    let referrals = book.referrals.values();
    let referrals = referrals.map(|it| (named("referral", it.name.as_str()), Some(it.line)));
    let ladder = book
        .ladder
        .iter()
        .map(|_| (RuleName::new(format!("{}/tiers", book.name)), None));
    let admissions = book.admissions.keys().map(|name| (named("admission", name), None));
    let cards = book.memberships.values();
    let cards = cards.map(|it| (named("membership", it.name.as_str()), Some(it.line)));
    let winbacks = book.winbacks.values();
    let winbacks = winbacks.map(|it| (named("winback", it.name.as_str()), Some(it.line)));
    votes
        .chain(gatherings)
        .chain(draws)
        .chain(goods)
        .chain(referrals)
        .chain(ladder)
        .chain(admissions)
        .chain(winbacks)
        .chain(cards)
        .chain(surveys)
        .chain(quizzes)
        .chain(answers)
        .collect()
}

/// Everything that can become of a rule by its own keys. What the house's manners refuse can become of any.
#[allow(clippy::too_many_lines, reason = "one arm an effect: a table")]
fn branches(books: &Playbooks, rule: &Rule) -> Vec<Verdict> {
    // A key that can keep a rule from firing belongs here.
    let Rule {
        name: _,
        was: _,
        line: _,
        file: _,
        kind: _,
        off: _,
        on,
        condition,
        gather,
        after,
        late: _,
        opening,
        // Whether another rule goes first is nothing this one decides.
        priority: _,
        stop: _,
        cooldown,
        limit,
        then,
        otherwise: _,
    } = rule;
    let outlasts = on
        .iter()
        .any(|trigger| !matches!(trigger, Trigger::Left | Trigger::At(_)));
    let says = |from: From| {
        let heard_from = |trigger: &Trigger| matches!(trigger, Trigger::Message(heard) if heard.from == from);
        on.iter().any(heard_from)
    };
    let (until, count, period) = (Moment::START, 0, String::new);
    let possible = [
        condition.as_ref().map(|condition| Verdict::ConditionFalse {
            condition: condition.source().to_owned(),
        }),
        (*opening != Opening::default()).then(|| Verdict::NotNow { only: String::new() }),
        gather.map(|_| Verdict::Merged),
        gather.or(*after).filter(|_| outlasts).map(|_| Verdict::Gone),
        cooldown.map(|_| Verdict::CoolingDown { until }),
        limit.map(|_| Verdict::LimitReached {
            count,
            period: period(),
        }),
        says(From::Member).then_some(Verdict::IsStaff),
        says(From::Staff).then_some(Verdict::NobodyThere),
    ];
    let mut branches = vec![Verdict::Fired];
    branches.extend(possible.into_iter().flatten());
    let given = then.iter().filter_map(|effect| match effect {
        Effect::Give { coupon } => books.coupon(coupon),
        _ => None,
    });
    branches.extend(given.flat_map(refusals));
    branches.extend(then.iter().filter_map(|effect| match effect {
        Effect::Points(award) if award.amount < 0 && !award.below_zero => Some(Verdict::Short { has: 0, needs: 0 }),
        Effect::Take { .. } => Some(Verdict::HasNone),
        Effect::OpenVote { .. }
        | Effect::OpenDraw { .. }
        | Effect::OpenSurvey { .. }
        | Effect::OpenQuiz { .. }
        | Effect::OpenEvent { .. } => Some(Verdict::AlreadyOpen { until }),
        Effect::CloseVote { .. }
        | Effect::CloseDraw { .. }
        | Effect::CloseSurvey { .. }
        | Effect::CloseQuiz { .. }
        | Effect::CloseEvent { .. } => Some(Verdict::NotOpen),
        Effect::Kick { .. } => Some(Verdict::AlreadyAsked { until }),
        Effect::Piece { .. } => Some(Verdict::NoPieces { said: 0 }),
        Effect::Alert { .. } => Some(Verdict::ToldAlready { until }),
        _ => None,
    }));
    // Two coupons that can both be sold out are one reason.
    let mut words = BTreeSet::new();
    branches.retain(|verdict| words.insert(verdict.word()));
    branches
}

/// Why a coupon may not be given.
fn refusals(coupon: &Coupon) -> impl Iterator<Item = Verdict> + use<> {
    let (count, period, spent) = (0, String::new, Fen::ZERO);
    let possible = [
        coupon.per_person.map(|_| Verdict::AlreadyHad {
            count,
            period: period(),
        }),
        coupon.total.map(|_| Verdict::SoldOut {
            given: count,
            period: period(),
        }),
        coupon.pool.as_ref().map(|_| Verdict::NoCodes { given: count }),
        coupon.budget.map(|(budget, _)| Verdict::BudgetSpent {
            spent,
            budget,
            period: period(),
        }),
    ];
    possible.into_iter().flatten()
}
