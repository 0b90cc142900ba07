//! `[membership.NAME]` and `[memberships]`: cards of a month or a year that are redeemed day by day.

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use crate::chat::{Fen, MembershipName};

use super::phrases::MembershipPhrases;

/// How staff open cards and take them, and how members ask for theirs.
#[derive(Clone, Debug)]
pub struct Memberships {
    /// It stands in the playbook; if not, it is what goes without saying.
    pub written: bool,
    /// What staff begin a message with, each for one thing that is done with a card.
    pub open: Vec<String>,
    pub renew: Vec<String>,
    /// Members too, where a card lets them.
    pub redeem: Vec<String>,
    pub undo: Vec<String>,
    pub pause: Vec<String>,
    pub resume: Vec<String>,
    pub cancel: Vec<String>,
    /// What is never done, and answered.
    pub transfer: Vec<String>,
    /// A message that is one of these words is answered, in private, with the cards its sender has.
    pub ask: Vec<String>,
    /// What staff ask with for what cards came to.
    pub figures: Vec<String>,
    pub phrases: MembershipPhrases,
}

/// One kind of card.
#[derive(Clone, Debug)]
pub struct Membership {
    pub name: MembershipName,
    pub line: usize,
    pub title: String,
    /// What one use is, as members are told.
    pub benefit: String,
    pub price: Fen,
    /// What one use costs the shop.
    pub cost: Fen,
    pub valid: Validity,
    /// How often it may be used on a day, in a week from Monday on, and in all.
    pub per_day: Option<u32>,
    pub per_week: Option<u32>,
    pub total: Option<u32>,
    /// When its day begins.
    pub day_starts: Time,
    /// What an order calls it, folded: whoever buys that has one.
    pub goods: Vec<String>,
    /// Members use it by their own word.
    pub by_member: bool,
    /// How many days it may be paused from one renewal to the next; none, if nothing is said.
    pub pause_days: Option<u16>,
    /// So many days before its last one its owner is told.
    pub remind_days: Option<u16>,
}

/// How long a card is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Its first day among them.
    Days(u16),
    /// To the day before the same day of a later month; where that month is shorter, to its end.
    Months(u16),
}

impl Validity {
    /// The last day of a card whose first one this is.
    pub fn last(self, first: Date) -> Date {
        match self {
            Validity::Days(days) => first.saturating_add((i64::from(days) - 1).max(0).days()),
            Validity::Months(months) => {
                let same = first.saturating_add(i64::from(months).months());
                match same.day() == first.day() {
                    true => same.yesterday().unwrap_or(same),
                    false => same,
                }
            }
        }
    }

    /// The most days it can be.
    pub fn most_days(self) -> u32 {
        match self {
            Validity::Days(days) => u32::from(days),
            Validity::Months(12) => 366,
            Validity::Months(months) => u32::from(months).saturating_mul(31),
        }
    }
}

impl Membership {
    /// How often a card can be used at most in the days of one sale; `None`: nothing bounds it.
    pub fn most_uses(&self) -> Option<u32> {
        let by_days = self.most_by_days();
        match (self.total, by_days) {
            (Some(total), Some(days)) => Some(total.min(days)),
            (total, days) => total.or(days),
        }
    }

    /// The same, by its days and weeks alone.
    pub fn most_by_days(&self) -> Option<u32> {
        let days = self.valid.most_days();
        let daily = self.per_day.map(|most| most.saturating_mul(days));
        // A first week and a last one are parts of weeks.
        let weekly = self.per_week.map(|most| most.saturating_mul(days.div_ceil(7) + 1));
        match (daily, weekly) {
            (Some(daily), Some(weekly)) => Some(daily.min(weekly)),
            (daily, weekly) => daily.or(weekly),
        }
    }

    /// What it costs the shop at most; `None`: nothing bounds it.
    pub fn most_cost(&self) -> Option<Fen> {
        match self.cost {
            Fen::ZERO => Some(Fen::ZERO),
            cost => self.most_uses().map(|uses| cost.times(u64::from(uses))),
        }
    }

    /// After how many uses it has cost what it brought; `None`: it never does.
    pub fn break_even(&self) -> Option<i64> {
        self.price.0.checked_div(self.cost.0)
    }

    /// How many of it an order bought: `月卡`, `月卡 ×2`.
    pub fn ordered(&self, item: &str) -> Option<u32> {
        let folded = crate::chat::fold(item);
        self.goods.iter().find_map(|good| {
            let rest = folded.strip_prefix(good.as_str())?.trim();
            match rest.trim_start_matches(['x', '×', '*']) {
                "" if rest.is_empty() => Some(1),
                count if count.len() < rest.len() => count.trim().parse().ok().filter(|it| (1..=12).contains(it)),
                _ => None,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Validity::{Days, Months};

    #[test]
    fn a_month_ends_the_day_before_the_same_day_or_with_a_shorter_month() {
        for (valid, first, last) in [
            (Days(1), date(2026, 3, 1), date(2026, 3, 1)),
            (Days(30), date(2026, 3, 1), date(2026, 3, 30)),
            (Months(1), date(2026, 3, 15), date(2026, 4, 14)),
            (Months(1), date(2026, 1, 1), date(2026, 1, 31)),
            (Months(1), date(2026, 1, 31), date(2026, 2, 28)),
            (Months(1), date(2028, 1, 30), date(2028, 2, 29)),
            (Months(12), date(2028, 2, 29), date(2029, 2, 28)),
        ] {
            assert_eq!(valid.last(first), last, "{valid:?} from {first}");
        }
    }
}
