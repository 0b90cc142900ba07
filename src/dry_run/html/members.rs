//! What each member would have received, for the owner who asks «what will old Chen see?».

use jiff::tz::TimeZone;

use crate::chat::{Fen, Lang};
use crate::dry_run::because::when;
use crate::dry_run::effects::Reached;
use crate::dry_run::report::Detail;

/// Members shown one by one.
const SHOWN: usize = 400;

/// The members of a page.
pub struct Members {
    pub shown: Vec<MemberView>,
    /// Members who received something and are not shown.
    pub left_out: usize,
    pub for_everybody: u64,
}

/// One member.
pub struct MemberView {
    pub name: String,
    pub messages: u64,
    pub coupons: u64,
    /// Messages they did not get, because they opted out.
    pub unheard: u64,
    pub opted_out: bool,
    pub worth: Fen,
    pub letters: Vec<LetterView>,
    pub left_out: u64,
}

/// One thing they received.
pub struct LetterView {
    pub time: String,
    pub mark: &'static str,
    pub text: String,
}

impl Members {
    /// Those with most come first; letters are shared out evenly.
    pub fn of(detail: &Detail, (zone, lang): (&TimeZone, Lang), most: usize) -> Self {
        let mut members: Vec<_> = detail.letters.members.iter().collect();
        members.sort_by_key(|(id, received)| (std::cmp::Reverse(received.total()), (*id).clone()));
        let left_out = members.len().saturating_sub(SHOWN);
        members.truncate(SHOWN);
        let each = most.checked_div(members.len()).unwrap_or(0).max(3);
        let view = |received: &crate::dry_run::report::detail::Received| MemberView {
            name: received.name.clone(),
            messages: received.messages,
            coupons: received.coupons,
            unheard: received.unheard,
            opted_out: received.opted_out,
            worth: received.worth,
            letters: received
                .first
                .iter()
                .take(each)
                .map(|effect| {
                    let (mark, text) = letter(&effect.what, lang);
                    LetterView {
                        time: when(effect.at, zone),
                        mark,
                        text,
                    }
                })
                .collect(),
            left_out: received.total() - received.first.len().min(each) as u64,
        };
        Self {
            shown: members.into_iter().map(|(_, received)| view(received)).collect(),
            left_out,
            for_everybody: detail.letters.for_everybody,
        }
    }
}

fn letter(what: &Reached, lang: Lang) -> (&'static str, String) {
    match what {
        Reached::Said { text, .. } => (lang.pick("群里", "group"), text.clone()),
        Reached::Whispered { text, .. } => (lang.pick("私聊", "private"), text.clone()),
        Reached::Given {
            coupon, worth, code, ..
        } => (lang.pick("券", "coupon"), format!("{coupon} ¥{worth} · {code}")),
        Reached::CardSet { card, .. } => (lang.pick("名片", "card"), card.clone()),
        _ => (lang.pick("其他", "other"), what.line(lang)),
    }
}
