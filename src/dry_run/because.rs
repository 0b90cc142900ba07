//! Verdicts in a sentence, with the numbers that decided.

mod period;
mod referral;

pub use period::period_zh;

use jiff::tz::TimeZone;

use crate::chat::{Lang, Moment};
use crate::dry_run::effects::plain;
use crate::dry_run::terms::missed;
use crate::engine::Verdict;
use crate::playbook::guard::short_of;

/// Why a rule fired or did not.
pub fn because(verdict: &Verdict, lang: Lang, zone: &TimeZone) -> String {
    let numbers = match lang {
        Lang::Zh => in_chinese(verdict, zone),
        Lang::En => in_english(verdict, zone),
    };
    let label = verdict.label(lang);
    match (numbers, lang) {
        (None, _) => label.to_owned(),
        (Some(numbers), Lang::Zh) => format!("{label}：{numbers}"),
        (Some(numbers), Lang::En) => format!("{label}: {numbers}"),
    }
}

/// A moment on the community's clock: `03-07 20:00`, with seconds if there are any.
pub fn when(at: Moment, zone: &TimeZone) -> String {
    let local = at.in_zone(zone);
    let form = if local.second() == 0 {
        "%m-%d %H:%M"
    } else {
        "%m-%d %H:%M:%S"
    };
    local.strftime(form).to_string()
}

fn in_chinese(verdict: &Verdict, zone: &TimeZone) -> Option<String> {
    Some(match verdict {
        Verdict::Deferred { until } => format!("到 {} 才说", when(*until, zone)),
        Verdict::Waits { until } => format!("到 {}", when(*until, zone)),
        Verdict::CoolingDown { until } | Verdict::AlreadyOpen { until } | Verdict::AlreadyAsked { until } => {
            format!("到 {} 为止", when(*until, zone))
        }
        Verdict::Declined { by } => format!("{} 拒绝", super::effects::plain(by.wire())),
        Verdict::ToldAlready { until } => format!("同样的话到 {} 才再提醒", when(*until, zone)),
        Verdict::LimitReached { count, period } => format!("{}已经 {count} 次", period_zh(period)),
        Verdict::AlreadyHad { count, period } => format!("{}已经 {count} 张", period_zh(period)),
        Verdict::SoldOut { given, period } => format!("{}发了 {given} 张", period_zh(period)),
        Verdict::NoPieces { said } => format!("{said} 篇都说过了"),
        Verdict::NoCodes { given } => format!("发了 {given} 个，文件里没有剩的"),
        Verdict::BudgetSpent { spent, budget, period } => format!("{}已用 ¥{spent}，额度 ¥{budget}", period_zh(period)),
        Verdict::Short { has, needs } => format!("有 {has}，要 {needs}"),
        Verdict::AlreadyCheckedIn { day } => day.to_string(),
        Verdict::NothingAlike { score, needs } => format!("最近的 {score} 分，要 {needs} 分"),
        Verdict::TooPlain { letters, needs } => format!("{letters} 个不同的字，要 {needs} 个"),
        Verdict::NotNow { only } => format!("只在 {only}"),
        Verdict::Preempted { by } => format!("{by} 已经回应"),
        Verdict::GroupFull { told, limit } => format!("今天已说 {told} 条，上限 {limit} 条"),
        Verdict::MentionedEnough { mentions, limit } => format!("今天已 @ {mentions} 次，上限 {limit} 次"),
        Verdict::OptedOut { done: true } => "别的照做，只是不对他说".to_owned(),
        Verdict::TooMuchPromo {
            promo,
            messages,
            one_in,
        } => {
            format!("七天 {messages} 条里已有 {promo} 条推广，每 {one_in} 条最多 1 条")
        }
        Verdict::Guarded(breach) | Verdict::Warned(breach) => {
            format!("「{}」{}", plain(short_of(&breach.guard)), breach.said(Lang::Zh))
        }
        Verdict::Paused { guard, since } => format!("守卫「{}」从 {} 起", plain(short_of(guard)), when(*since, zone)),
        Verdict::ConditionFalse { condition } => format!("`{}` 不成立", plain(condition)),
        Verdict::Failed { why } => plain(why),
        Verdict::Refused(why) => missed(why, Lang::Zh, zone),
        Verdict::TooLate { minutes } => format!("晚了 {minutes} 分钟"),
        Verdict::Uncounted(why) => referral::uncounted(why, Lang::Zh),
        Verdict::Doubted(why) => referral::doubted(why, Lang::Zh),
        Verdict::NoEvidence { nobody, everybody } => {
            format!("要看群友怎么做；没人再说话花 ¥{nobody}，人人参加花 ¥{everybody}")
        }
        _ => return None,
    })
}

fn in_english(verdict: &Verdict, zone: &TimeZone) -> Option<String> {
    Some(match verdict {
        Verdict::Deferred { until }
        | Verdict::Waits { until }
        | Verdict::CoolingDown { until }
        | Verdict::AlreadyOpen { until }
        | Verdict::AlreadyAsked { until } => {
            format!("until {}", when(*until, zone))
        }
        Verdict::Declined { by } => format!("by {}", super::effects::plain(by.wire())),
        Verdict::ToldAlready { until } => format!("the same words not again until {}", when(*until, zone)),
        Verdict::LimitReached { count, period } => format!("{count} times in {period}"),
        Verdict::AlreadyHad { count, period } => format!("{count} in {period}"),
        Verdict::SoldOut { given, period } => format!("{given} given in {period}"),
        Verdict::NoPieces { said } => format!("all {said} were said"),
        Verdict::NoCodes { given } => format!("{given} given, none left in the file"),
        Verdict::BudgetSpent { spent, budget, period } => format!("¥{spent} of ¥{budget} spent in {period}"),
        Verdict::Short { has, needs } => format!("{has} of {needs}"),
        Verdict::AlreadyCheckedIn { day } => day.to_string(),
        Verdict::NothingAlike { score, needs } => format!("nearest {score}, {needs} needed"),
        Verdict::TooPlain { letters, needs } => format!("{letters} different letters of {needs}"),
        Verdict::NotNow { only } => format!("only {only}"),
        Verdict::Preempted { by } => format!("{by} answered"),
        Verdict::GroupFull { told, limit } => format!("{told} messages today, {limit} allowed"),
        Verdict::MentionedEnough { mentions, limit } => format!("{mentions} times today, {limit} allowed"),
        Verdict::OptedOut { done: true } => "the rest was done, nothing was said to them".to_owned(),
        Verdict::TooMuchPromo {
            promo,
            messages,
            one_in,
        } => {
            format!("{promo} promotions in {messages} messages over seven days, one in {one_in} allowed")
        }
        Verdict::Guarded(breach) | Verdict::Warned(breach) => {
            format!("“{}”, {}", plain(short_of(&breach.guard)), breach.said(Lang::En))
        }
        Verdict::Paused { guard, since } => {
            format!("by the guard “{}” since {}", plain(short_of(guard)), when(*since, zone))
        }
        Verdict::ConditionFalse { condition } => format!("`{}` does not hold", plain(condition)),
        Verdict::Failed { why } => plain(why),
        Verdict::Refused(why) => missed(why, Lang::En, zone),
        Verdict::TooLate { minutes } => format!("by {minutes} minutes"),
        Verdict::Uncounted(why) => referral::uncounted(why, Lang::En),
        Verdict::Doubted(why) => referral::doubted(why, Lang::En),
        Verdict::NoEvidence { nobody, everybody } => {
            format!(
                "members would decide it; ¥{nobody} if nobody says another word, ¥{everybody} if everybody takes part"
            )
        }
        _ => return None,
    })
}
