//! What an operator should look at first.

use serde::Serialize;

use crate::chat::{Fen, Lang, Moment, RuleName};
use crate::engine::Verdict;
use crate::playbook::{Effect as Step, Playbooks, To};

use super::closing::{PendingLine, PendingWhat, RuleLine};
use super::tally::{SpentUp, Tally};
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
    /// Rules that tell staff, where the config names no staff.
    NoStaff { rules: Vec<RuleName> },
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
    let wanted = rules.iter().filter(|line| line.triggers > 0).map(|line| &line.rule);
    let unheard: Vec<RuleName> = wanted.filter(|rule| tells_no_staff(rule, books)).cloned().collect();
    if !unheard.is_empty() {
        notes.push(Note::NoStaff { rules: unheard });
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

/// Whether a rule speaks to staff and there are none.
fn tells_no_staff(rule: &RuleName, books: &Playbooks) -> bool {
    let to_staff = |step: &Step| matches!(step, Step::Say { to: To::Staff, .. });
    books.house.staff.is_empty()
        && books.house.staff_group.is_none()
        && books.rule(rule).is_some_and(|(_, rule)| rule.then.iter().any(to_staff))
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
        match lang {
            Lang::Zh => self.in_chinese(when),
            Lang::En => self.in_english(when),
        }
    }

    fn in_chinese(&self, when: impl Fn(Moment) -> String) -> String {
        match self {
            Note::BudgetTooSmall {
                rule,
                period,
                since,
                first,
                refused,
                budget,
                enough,
            } => format!(
                "「{rule}」{}的额度 ¥{budget} 在 {} 用完，{refused} 次没有发成，最先是 {first}；这段时间需要 ¥{enough} 才够。",
                period_zh(period),
                when(*since)
            ),
            Note::TooFew {
                rule,
                period,
                since,
                first,
                refused,
                given,
                enough,
            } => format!(
                "「{rule}」{}的 {given} 张在 {} 发完，{refused} 次没有发成，最先是 {first}；需要 {enough} 张才够。",
                period_zh(period),
                when(*since)
            ),
            Note::Failed { rule, why, times } => {
                format!("「{rule}」有 {times} 次写不出话来：{why}。请用 qunying check 检查措辞和条件。")
            }
            Note::NotSentYet { messages, next } => {
                format!("记录结束时还有 {messages} 条因夜间改期未发，最早 {}。", when(*next))
            }
            Note::StillWaiting { triggers } => {
                format!("记录结束时还有 {triggers} 个定时在等（合并或延后）。")
            }
            Note::NeverTriggered { rules } => {
                format!(
                    "在这份记录里从未触发，没有任何证据说明它们是对的：{}。请写 [[test]]。",
                    names(rules, "、")
                )
            }
            Note::GatewayCannot { rule, times } => {
                format!("「{rule}」要做的事网关做不到（{times} 次），已改为通知店员。")
            }
            Note::NoStaff { rules } => format!(
                "要告诉店员，但没有人听到：{}。请在 config.toml 的 [staff] 里写上店员。",
                names(rules, "、")
            ),
            Note::TalksTooMuch { share_permille } => {
                format!("群里 {} 的话是机器人说的，超过三分之一。", percent(*share_permille))
            }
        }
    }

    fn in_english(&self, when: impl Fn(Moment) -> String) -> String {
        match self {
            Note::BudgetTooSmall {
                rule,
                period,
                since,
                first,
                refused,
                budget,
                enough,
            } => format!(
                "the budget of {rule} ({period}, ¥{budget}) was spent at {}; {refused} refused, {first} first. ¥{enough} would have been enough",
                when(*since)
            ),
            Note::TooFew {
                rule,
                period,
                since,
                first,
                refused,
                given,
                enough,
            } => format!(
                "the {given} coupons of {rule} ({period}) were gone at {}; {refused} refused, {first} first. {enough} would have been enough",
                when(*since)
            ),
            Note::Failed { rule, why, times } => {
                format!(
                    "{rule} could not be worded {times} times: {why}. Look at its wording and condition with `qunying check`"
                )
            }
            Note::NotSentYet { messages, next } => {
                format!(
                    "{messages} message(s) still wait for quiet hours to end, the first until {}",
                    when(*next)
                )
            }
            Note::StillWaiting { triggers } => {
                format!("{triggers} timer(s) of rules still wait (`gather`, `after`)")
            }
            Note::NeverTriggered { rules } => {
                format!(
                    "never triggered here, so nothing shows that they are right: {}. Write a [[test]]",
                    names(rules, ", ")
                )
            }
            Note::GatewayCannot { rule, times } => {
                format!("the gateway cannot do what {rule} asks ({times} times); staff are told instead")
            }
            Note::NoStaff { rules } => format!(
                "meant for staff, but there are none to hear it: {}. Name them under [staff] in config.toml",
                names(rules, ", ")
            ),
            Note::TalksTooMuch { share_permille } => {
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
