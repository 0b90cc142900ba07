//! What an operator should look at first.

use serde::Serialize;

use crate::chat::{Fen, Lang, Moment, RuleName};
use crate::engine::Verdict;
use crate::playbook::{Effect as Step, Playbooks};

use super::closing::{PendingLine, PendingWhat, RuleLine};
use super::{SpentUp, Tally};
use crate::dry_run::effects::Effect;

/// One thing that matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// A budget ran out.
    BudgetTooSmall {
        rule: RuleName,
        period: String,
        since: Moment,
        first: String,
        refused: u64,
        budget: Fen,
        enough: Fen,
    },
    /// A number of coupons ran out.
    TooFew {
        rule: RuleName,
        period: String,
        since: Moment,
        first: String,
        refused: u64,
        given: u64,
        enough: u64,
    },
    /// Wording or a condition failed.
    Failed { rule: RuleName, why: String, times: u64 },
    /// Messages nobody would have seen until after the end.
    NotSentYet { messages: u64, next: Moment },
    /// Triggers that wait for their window.
    StillWaiting { triggers: u64 },
    /// A rule no event ever touched: nothing here shows that it is right.
    NeverTriggered { rules: Vec<RuleName> },
    /// The gateway cannot do what a rule asks.
    GatewayCannot { rule: RuleName, times: u64 },
    /// More than a third of what the group hears is the bot.
    TalksTooMuch { share_permille: u64 },
}

pub(super) fn gather(
    tally: &Tally,
    rules: &[RuleLine],
    (pending, unsent): (&[PendingLine], &[&Effect]),
    books: &Playbooks,
) -> Vec<Note> {
    let mut notes: Vec<Note> = tally
        .spent_up
        .iter()
        .filter_map(|((rule, period), spent)| spent_up(rule, period, spent, books))
        .collect();
    for ((rule, why), times) in &tally.failures {
        notes.push(Note::Failed {
            rule: rule.clone(),
            why: crate::dry_run::effects::plain(why),
            times: *times,
        });
    }
    for line in rules {
        if let Some(cannot) = line
            .remarks
            .iter()
            .find(|remark| remark.first == Verdict::GatewayCannot)
        {
            notes.push(Note::GatewayCannot {
                rule: line.rule.clone(),
                times: cannot.times,
            });
        }
    }
    let everything = tally.member_messages + tally.said;
    let share_permille = (tally.said * 1000).checked_div(everything).unwrap_or(0);
    if share_permille > 333 && tally.said >= 20 {
        notes.push(Note::TalksTooMuch { share_permille });
    }
    if let Some(next) = unsent.iter().map(|effect| effect.at).min() {
        notes.push(Note::NotSentYet {
            messages: unsent.len() as u64,
            next,
        });
    }
    let triggers = pending
        .iter()
        .filter(|line| matches!(line.what, PendingWhat::Carry { .. }))
        .count() as u64;
    if triggers > 0 {
        notes.push(Note::StillWaiting { triggers });
    }
    let never = |line: &&RuleLine| line.triggers == 0 && line.line.is_some() && !line.off;
    let untouched: Vec<RuleName> = rules.iter().filter(never).map(|line| line.rule.clone()).collect();
    if !untouched.is_empty() {
        notes.push(Note::NeverTriggered { rules: untouched });
    }
    notes
}

fn spent_up(rule: &RuleName, period: &str, spent: &SpentUp, books: &Playbooks) -> Option<Note> {
    let (rule, period) = (rule.clone(), period.to_owned());
    let SpentUp {
        since,
        refused,
        first,
        verdict,
    } = spent.clone();
    match verdict {
        Verdict::BudgetSpent { spent, budget, .. } => {
            let each = books.rule(&rule).and_then(|(_, rule)| {
                rule.then.iter().find_map(|step| match step {
                    Step::Give { coupon } => books.coupon(coupon).map(|coupon| coupon.worth),
                    _ => None,
                })
            });
            let enough = spent + each.unwrap_or_default().times(refused);
            Some(Note::BudgetTooSmall {
                rule,
                period,
                since,
                first,
                refused,
                budget,
                enough,
            })
        }
        Verdict::SoldOut { given, .. } => {
            let given = u64::from(given);
            Some(Note::TooFew {
                rule,
                period,
                since,
                first,
                refused,
                given,
                enough: given + refused,
            })
        }
        _ => None,
    }
}

impl Note {
    /// What it says; `when` writes a moment.
    pub fn text(&self, lang: Lang, when: impl Fn(Moment) -> String) -> String {
        match (self, lang) {
            (
                Note::BudgetTooSmall {
                    rule,
                    since,
                    first,
                    refused,
                    budget,
                    enough,
                    period,
                },
                Lang::Zh,
            ) => format!(
                "「{rule}」{}的额度 ¥{budget} 在 {} 用完，{refused} 次没有发成，最先是 {first}；这段时间需要 ¥{enough} 才够。",
                period_zh(period),
                when(*since)
            ),
            (
                Note::BudgetTooSmall {
                    rule,
                    since,
                    first,
                    refused,
                    budget,
                    enough,
                    period,
                },
                Lang::En,
            ) => format!(
                "the budget of {rule} ({period}, ¥{budget}) was spent at {}; {refused} refused, {first} first. ¥{enough} would have been enough",
                when(*since)
            ),
            (
                Note::TooFew {
                    rule,
                    since,
                    first,
                    refused,
                    given,
                    enough,
                    period,
                },
                Lang::Zh,
            ) => format!(
                "「{rule}」{}的 {given} 张在 {} 发完，{refused} 次没有发成，最先是 {first}；需要 {enough} 张才够。",
                period_zh(period),
                when(*since)
            ),
            (
                Note::TooFew {
                    rule,
                    since,
                    first,
                    refused,
                    given,
                    enough,
                    period,
                },
                Lang::En,
            ) => format!(
                "the {given} coupons of {rule} ({period}) were gone at {}; {refused} refused, {first} first. {enough} would have been enough",
                when(*since)
            ),
            (Note::Failed { rule, why, times }, Lang::Zh) => {
                format!("「{rule}」有 {times} 次写不出话来：{why}。请用 qunying check 检查措辞和条件。")
            }
            (Note::Failed { rule, why, times }, Lang::En) => {
                format!(
                    "{rule} could not be worded {times} times: {why}. Look at its wording and condition with `qunying check`"
                )
            }
            (Note::NotSentYet { messages, next }, Lang::Zh) => {
                format!("记录结束时还有 {messages} 条因夜间改期未发，最早 {}。", when(*next))
            }
            (Note::NotSentYet { messages, next }, Lang::En) => {
                format!(
                    "{messages} message(s) still wait for quiet hours to end, the first until {}",
                    when(*next)
                )
            }
            (Note::StillWaiting { triggers }, Lang::Zh) => {
                format!("记录结束时还有 {triggers} 个定时在等（合并或延后）。")
            }
            (Note::StillWaiting { triggers }, Lang::En) => {
                format!("{triggers} timer(s) of rules still wait (`gather`, `after`)")
            }
            (Note::NeverTriggered { rules }, Lang::Zh) => {
                format!(
                    "在这份记录里从未触发，没有任何证据说明它们是对的：{}。请写 [[test]]。",
                    names(rules, "、")
                )
            }
            (Note::NeverTriggered { rules }, Lang::En) => {
                format!(
                    "never triggered here, so nothing shows that they are right: {}. Write a [[test]]",
                    names(rules, ", ")
                )
            }
            (Note::GatewayCannot { rule, times }, Lang::Zh) => {
                format!("「{rule}」要做的事网关做不到（{times} 次），已改为通知店员。")
            }
            (Note::GatewayCannot { rule, times }, Lang::En) => {
                format!("the gateway cannot do what {rule} asks ({times} times); staff are told instead")
            }
            (Note::TalksTooMuch { share_permille }, Lang::Zh) => {
                format!("群里 {} 的话是机器人说的，超过三分之一。", percent(*share_permille))
            }
            (Note::TalksTooMuch { share_permille }, Lang::En) => {
                format!(
                    "{} of all messages are the bot's, more than a third",
                    percent(*share_permille)
                )
            }
        }
    }
}

fn names(rules: &[RuleName], between: &str) -> String {
    rules.iter().map(RuleName::as_str).collect::<Vec<_>>().join(between)
}

fn period_zh(period: &str) -> String {
    if period == "ever" {
        "全部".to_owned()
    } else {
        format!(" {period} ")
    }
}

/// Tenths of a percent as `10.1%`.
pub fn percent(permille: u64) -> String {
    format!("{}.{}%", permille / 10, permille % 10)
}
