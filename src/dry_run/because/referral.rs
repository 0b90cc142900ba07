//! Why a newcomer does not count, or is for staff to judge.

use super::period::period_zh;
use crate::chat::Lang;
use crate::community::referral::{Doubt, Uncounted};
use crate::dry_run::effects::plain;

/// With the numbers that decided.
pub fn uncounted(why: &Uncounted, lang: Lang) -> String {
    let (zh, en) = match why {
        Uncounted::NotNew { joins } => (
            format!("以前来过（进群 {joins} 次，或在别的群、买过东西）"),
            format!("was here before (came {joins} times, or is in another group, or has bought)"),
        ),
        Uncounted::Yourself => ("写的是自己的口令".to_owned(), "named themselves".to_owned()),
        Uncounted::Ring { steps } => (
            format!("邀请人是 TA 自己带来的（隔 {steps} 步）"),
            format!("brought the one who brings them, {steps} steps away"),
        ),
        Uncounted::Late { hours, within } => (
            format!("进群 {hours} 小时后才写，{within} 小时内才算"),
            format!("wrote it {hours} hours after coming, {within} are allowed"),
        ),
        Uncounted::Already { by } => {
            let by = plain(by.wire());
            (format!("已记在 {by} 名下"), format!("came by {by} already"))
        }
        Uncounted::Left { hours, stay } => (
            format!("{hours} 小时就走了，要留满 {stay} 小时"),
            format!("left after {hours} hours, {stay} are wanted"),
        ),
        Uncounted::Full { count, most, period } => (
            format!("邀请人{}已有 {count} 位，最多 {most} 位", period_zh(period)),
            format!("whoever invited them has {count} of {most} in {period}"),
        ),
        Uncounted::AllFull { count, most, period } => (
            format!("{}已有 {count} 位，最多 {most} 位", period_zh(period)),
            format!("{count} of {most} count in {period}"),
        ),
        Uncounted::InviterGone => (
            "邀请人不在群里了".to_owned(),
            "whoever invited them is in no group".to_owned(),
        ),
        Uncounted::Declined { by } => {
            let by = plain(by.wire());
            (format!("{by} 说不算"), format!("{by} did not let it count"))
        }
    };
    lang.pick(zh, en)
}

/// With the numbers that decided.
pub fn doubted(why: &Doubt, lang: Lang) -> String {
    let (zh, en) = match why {
        Doubt::TooMany { count, most, period } => (
            format!("邀请人{}第 {count} 位，超过 {most} 位要看", period_zh(period)),
            format!("number {count} in {period}, more than {most} are looked at"),
        ),
        Doubt::SameName { name } => {
            let name = plain(name);
            (
                format!("和邀请人同名「{name}」"),
                format!("has the inviter's name, “{name}”"),
            )
        }
    };
    lang.pick(zh, en)
}
