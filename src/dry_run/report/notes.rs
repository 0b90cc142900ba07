//! What an operator should look at first.

use jiff::civil::Date;
use serde::Serialize;

use crate::chat::{CouponName, Fen, Lang, Moment, PersonId, RuleName};
use crate::engine::Verdict;
use crate::engine::guards::Breach;
use crate::playbook::guard::short_of;
use crate::playbook::{Effect as Step, Playbooks, To};

use super::caps::{CapKind, CapLine};
use super::closing::{RuleLine, Speech};
use super::disturbance::{Monologue, Week};
use super::guards::GuardLine;
use super::money::CouponLine;
use super::pending::{PendingLine, PendingWhat};
use super::tally::Tally;
use crate::dry_run::effects::{Effect, plain};

/// Messages in a row that nobody answered, from which on it is worth a word.
const LONG: u64 = 8;

/// One thing that matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// A guard broke.
    GuardBroken {
        breach: Box<Breach>,
        rule: RuleName,
        at: Moment,
        pauses: bool,
        times: u64,
    },
    /// A budget ran out.
    BudgetTooSmall {
        rule: RuleName,
        period: String,
        since: Moment,
        first: String,
        first_id: PersonId,
        refused: u64,
        people: u64,
        budget: Fen,
        enough: Fen,
    },
    /// A number of coupons ran out.
    TooFew {
        rule: RuleName,
        period: String,
        since: Moment,
        first: String,
        first_id: PersonId,
        refused: u64,
        people: u64,
        given: u64,
        enough: u64,
    },
    /// Neither a number nor a budget bounds what coupons may cost.
    Uncapped { coupon: CouponName, ceiling: Fen },
    /// The bot spoke unasked in quiet hours.
    AtNight { messages: u64 },
    /// Nobody answered while the bot went on.
    LongMonologue(Monologue),
    /// More than a third of a week's messages were advertising.
    MuchPromo { weeks: u64, worst: Week },
    /// Wording or a condition failed.
    Failed { rule: RuleName, why: String, times: u64 },
    /// Messages nobody would have seen until after the end.
    NotSentYet { messages: u64, next: Moment, day: Date },
    /// Triggers that wait for their window.
    StillWaiting { triggers: u64, day: Date },
    /// A rule no event ever touched: nothing here shows that it is right.
    NeverTriggered { rules: Vec<RuleName> },
    /// The gateway cannot do what a rule asks.
    GatewayCannot { rule: RuleName, times: u64 },
    /// Rules that tell staff, where the config names no staff.
    NoStaff { rules: Vec<RuleName> },
    /// More than a third of what the group hears is the bot.
    TalksTooMuch { share_permille: u64 },
}

/// Guards that broke, the first of all notes.
fn broken(guards: &[GuardLine]) -> Vec<Note> {
    let bounds = guards
        .iter()
        .flat_map(|guard| guard.bounds.iter().map(|bound| (guard.pauses, bound)));
    let broken = bounds.filter_map(|(pauses, bound)| Some((pauses, bound.broken.as_ref()?)));
    broken
        .map(|(pauses, broken)| Note::GuardBroken {
            breach: Box::new(broken.first.clone()),
            rule: broken.rule.clone(),
            at: broken.at,
            pauses,
            times: broken.times,
        })
        .collect()
}

pub(super) fn gather(
    tally: &Tally,
    (rules, coupons, caps, guards, speech): (&[RuleLine], &[CouponLine], &[CapLine], &[GuardLine], &Speech),
    (pending, unsent): (&[PendingLine], &[&Effect]),
    books: &Playbooks,
) -> Vec<Note> {
    let mut notes = broken(guards);
    notes.extend(caps.iter().map(ran_out));
    notes.extend(coupons.iter().filter(|line| line.uncapped).map(|line| Note::Uncapped {
        coupon: line.coupon.clone(),
        ceiling: line.ceiling,
    }));
    for ((rule, why), times) in &tally.failures {
        notes.push(Note::Failed {
            rule: rule.clone(),
            why: plain(why),
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
    notes.extend(too_much(speech));
    let wanted = rules.iter().filter(|line| line.triggers > 0).map(|line| &line.rule);
    let unheard: Vec<RuleName> = wanted.filter(|rule| tells_no_staff(rule, books)).cloned().collect();
    if !unheard.is_empty() {
        notes.push(Note::NoStaff { rules: unheard });
    }
    if let Some(next) = unsent.iter().map(|effect| effect.at).min() {
        notes.push(Note::NotSentYet {
            messages: unsent.len() as u64,
            next,
            day: next.date(&books.house.zone),
        });
    }
    let waiting = pending
        .iter()
        .filter(|line| matches!(line.what, PendingWhat::Carry { .. }));
    if let Some(last) = waiting.clone().map(|line| line.due).max() {
        notes.push(Note::StillWaiting {
            triggers: waiting.count() as u64,
            day: last.date(&books.house.zone),
        });
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

fn ran_out(cap: &CapLine) -> Note {
    let CapLine {
        rule,
        period,
        since,
        refused,
        people,
        ..
    } = cap.clone();
    let (first, first_id) = (cap.first.name.clone(), cap.first.id.clone());
    match cap.cap {
        CapKind::Budget { budget, enough } => Note::BudgetTooSmall {
            rule,
            period,
            since,
            first,
            first_id,
            refused,
            people,
            budget,
            enough,
        },
        CapKind::Total { total, enough } => Note::TooFew {
            rule,
            period,
            since,
            first,
            first_id,
            refused,
            people,
            given: total,
            enough,
        },
    }
}

/// What members may find too much.
fn too_much(speech: &Speech) -> Vec<Note> {
    let mut notes = Vec::new();
    if speech.night.others > 0 {
        notes.push(Note::AtNight {
            messages: speech.night.others,
        });
    }
    if speech.share_permille > 333 && speech.said >= 20 {
        notes.push(Note::TalksTooMuch {
            share_permille: speech.share_permille,
        });
    }
    let much = |week: &&Week| week.messages >= 6 && week.promo * 3 > week.messages;
    if let Some(worst) = speech
        .weeks
        .iter()
        .filter(much)
        .max_by_key(|week| week.promo * 1000 / week.messages)
    {
        notes.push(Note::MuchPromo {
            weeks: speech.weeks.iter().filter(much).count() as u64,
            worst: *worst,
        });
    }
    if let Some(longest) = speech.monologue.as_ref().filter(|it| it.messages >= LONG) {
        notes.push(Note::LongMonologue(longest.clone()));
    }
    notes
}

impl Note {
    /// What looks closer: to be added to the command that made the report, or a command of its own.
    pub fn closer(&self) -> String {
        match self {
            Note::BudgetTooSmall { rule, first_id, .. } | Note::TooFew { rule, first_id, .. } => format!(
                "qunying explain --rule {} --who {}",
                quoted(rule.as_str()),
                quoted(first_id.as_str())
            ),
            Note::GuardBroken { rule, .. } => format!("qunying explain --rule {}", quoted(rule.as_str())),
            Note::GatewayCannot { rule, .. } => format!("--only {} --show events", quoted(rule.as_str())),
            Note::Uncapped { .. } | Note::Failed { .. } => "qunying check".to_owned(),
            Note::AtNight { .. } | Note::LongMonologue(_) | Note::MuchPromo { .. } | Note::TalksTooMuch { .. } => {
                "--show events".to_owned()
            }
            Note::NotSentYet { day, .. } | Note::StillWaiting { day, .. } => format!("--until {day}"),
            Note::NeverTriggered { .. } => "qunying test".to_owned(),
            Note::NoStaff { .. } => "qunying check".to_owned(),
        }
    }

    /// What it says; `when` writes a moment.
    pub fn text(&self, lang: Lang, when: impl Fn(Moment) -> String) -> String {
        match lang {
            Lang::Zh => self.in_chinese(when),
            Lang::En => self.in_english(when),
        }
    }

    #[allow(clippy::too_many_lines, reason = "one arm a note: a table")]
    fn in_chinese(&self, when: impl Fn(Moment) -> String) -> String {
        match self {
            Note::BudgetTooSmall {
                rule,
                period,
                since,
                first,
                refused,
                people,
                budget,
                enough,
                ..
            } => format!(
                "「{rule}」{}的额度 ¥{budget} 在 {} 用完，{people} 人 {refused} 次没有发成，最先是 {first}；这段时间需要 ¥{enough} 才够。",
                period_zh(period),
                when(*since)
            ),
            Note::TooFew {
                rule,
                period,
                since,
                first,
                refused,
                people,
                given,
                enough,
                ..
            } => format!(
                "「{rule}」{}的 {given} 张在 {} 发完，{people} 人 {refused} 次没有发成，最先是 {first}；需要 {enough} 张才够。",
                period_zh(period),
                when(*since)
            ),
            Note::Failed { rule, why, times } => {
                format!("「{rule}」有 {times} 次写不出话来：{why}。请用 qunying check 检查措辞和条件。")
            }
            Note::Uncapped { coupon, ceiling } => {
                format!("券「{coupon}」没有上限：总数和额度都没有写，这次已到 ¥{ceiling}。")
            }
            Note::AtNight { messages } => format!("安静时段里主动发言 {messages} 条（答问不计）。"),
            Note::LongMonologue(it) => format!(
                "机器人在「{}」连说 {} 条没有人接话（{} 到 {}）。",
                it.group,
                it.messages,
                when(it.from),
                when(it.to)
            ),
            Note::MuchPromo { weeks, worst } => format!(
                "有 {weeks} 周推广超过三分之一，最多的一周从 {} 起：{} 条里 {} 条是推广。",
                worst.week, worst.messages, worst.promo
            ),
            Note::NotSentYet { messages, next, .. } => {
                format!("记录结束时还有 {messages} 条因夜间改期未发，最早 {}。", when(*next))
            }
            Note::StillWaiting { triggers, .. } => {
                format!("记录结束时还有 {triggers} 个定时在等（合并或延后）。")
            }
            Note::NeverTriggered { rules } => {
                format!(
                    "在这份记录里从未触发，没有任何证据说明它们是对的：{}。请写 [[test]]。",
                    names(rules, "、")
                )
            }
            Note::GuardBroken {
                breach,
                rule,
                at,
                pauses,
                times,
            } => {
                let (guard, at, said) = (short_of(&breach.guard), when(*at), breach.said(Lang::Zh));
                let then = match pauses {
                    true => "真跑时会拦下，剧本暂停",
                    false => "真跑时会照发，只提醒店员",
                };
                format!("守卫「{guard}」破了 {times} 次：{at} {rule}，{said}；{then}。")
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

    #[allow(clippy::too_many_lines, reason = "one arm a note: a table")]
    fn in_english(&self, when: impl Fn(Moment) -> String) -> String {
        match self {
            Note::BudgetTooSmall {
                rule,
                period,
                since,
                first,
                refused,
                people,
                budget,
                enough,
                ..
            } => format!(
                "the budget of {rule} ({period}, ¥{budget}) was spent at {}; {people} people refused {refused} times, {first} first. ¥{enough} would have been enough",
                when(*since)
            ),
            Note::TooFew {
                rule,
                period,
                since,
                first,
                refused,
                people,
                given,
                enough,
                ..
            } => format!(
                "the {given} coupons of {rule} ({period}) were gone at {}; {people} people refused {refused} times, {first} first. {enough} would have been enough",
                when(*since)
            ),
            Note::Failed { rule, why, times } => {
                format!(
                    "{rule} could not be worded {times} times: {why}. Look at its wording and condition with `qunying check`"
                )
            }
            Note::Uncapped { coupon, ceiling } => {
                format!("nothing bounds the coupon {coupon}, neither a number nor a budget; it came to ¥{ceiling} here")
            }
            Note::AtNight { messages } => format!("{messages} message(s) unasked in quiet hours (answers not counted)"),
            Note::LongMonologue(it) => format!(
                "the bot said {} messages in a row in {} and nobody spoke ({} to {})",
                it.messages,
                it.group,
                when(it.from),
                when(it.to)
            ),
            Note::MuchPromo { weeks, worst } => format!(
                "more than a third was advertising in {weeks} week(s), most from {}: {} of {} messages",
                worst.week, worst.promo, worst.messages
            ),
            Note::NotSentYet { messages, next, .. } => {
                format!(
                    "{messages} message(s) still wait for quiet hours to end, the first until {}",
                    when(*next)
                )
            }
            Note::StillWaiting { triggers, .. } => {
                format!("{triggers} timer(s) of rules still wait (`gather`, `after`)")
            }
            Note::NeverTriggered { rules } => {
                format!(
                    "never triggered here, so nothing shows that they are right: {}. Write a [[test]]",
                    names(rules, ", ")
                )
            }
            Note::GuardBroken {
                breach,
                rule,
                at,
                pauses,
                times,
            } => {
                let (guard, at, said) = (short_of(&breach.guard), when(*at), breach.said(Lang::En));
                let then = match pauses {
                    true => "live it is held back and the playbook paused",
                    false => "live it is sent and staff are told",
                };
                format!("The guard “{guard}” broke {times} time(s), first by {rule} at {at}: {said}; {then}.")
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

/// A word as a shell takes it, whatever is in it: these lines are made to be copied, and ids come from outside.
fn quoted(word: &str) -> String {
    format!("'{}'", plain(word).replace('\'', r"'\''"))
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
