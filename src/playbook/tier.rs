//! `[tiers]` and `[[tier]]`: the ladder customers climb, from its lowest rung to its highest.

use jiff::civil::Time;

use crate::calendar::MonthDay;
use crate::chat::{CouponName, Fen, MembershipName, Tag, TierName};

use super::phrases::TierPhrases;

/// A whole ladder. It never is empty.
#[derive(Clone, Debug)]
pub struct Ladder {
    /// From the lowest to the highest.
    pub tiers: Vec<Tier>,
    /// Which orders count.
    pub span: Span,
    /// When people are judged; never: nobody falls.
    pub judge: Option<Judge>,
    /// When everybody on a tier has the month's benefits.
    pub month: Option<(MonthDay, Time)>,
    /// A message that is one of these words is answered with the tier of whoever asks.
    pub ask: Vec<String>,
    /// What staff begin a message with to put somebody on a tier, and to let go of them.
    pub set: Vec<String>,
    pub free: Vec<String>,
    pub phrases: TierPhrases,
}

/// One rung.
#[derive(Clone, Debug)]
pub struct Tier {
    pub name: TierName,
    pub title: String,
    /// What it is good for, as members are told.
    pub benefits: String,
    /// Whoever comes up to one of these stands on it; none: everybody does.
    pub needs: Vec<Needs>,
}

/// All of this together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    pub spend: Option<Fen>,
    pub orders: Option<i64>,
    /// Points that ever came in: what is spent of them takes nobody down.
    pub points: Option<i64>,
    pub tag: Option<Tag>,
    /// One that can still be used: a card somebody bought.
    pub coupon: Option<CouponName>,
    /// A membership card that is good.
    pub card: Option<MembershipName>,
    /// A field that is set.
    pub field: Option<String>,
}

impl Needs {
    /// Whoever comes up to these comes up to `other` as well.
    pub fn imply(&self, other: &Needs) -> bool {
        self.spend >= other.spend
            && self.orders >= other.orders
            && self.points >= other.points
            && (other.tag.is_none() || self.tag == other.tag)
            && (other.coupon.is_none() || self.coupon == other.coupon)
            && (other.card.is_none() || self.card == other.card)
            && (other.field.is_none() || self.field == other.field)
    }
}

impl Tier {
    /// Whoever comes up to this one comes up to `other` as well.
    pub fn implies(&self, other: &Tier) -> bool {
        let implied = |needs: &Needs| other.needs.iter().any(|it| needs.imply(it));
        other.needs.is_empty() || (!self.needs.is_empty() && self.needs.iter().all(implied))
    }
}

/// Which orders count for a tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    #[default]
    Ever,
    /// Today and so many days less one before it.
    Days(u16),
    /// The year it is, or the year before it, whichever is more.
    Year,
}

/// When people are judged, and how long they have after that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judge {
    pub on: Day,
    pub at: Time,
    pub grace_days: u16,
}

/// A day that comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    OfMonth(MonthDay),
    /// Month and day.
    OfYear(i8, i8),
}

impl Ladder {
    /// The place of a tier, counted from 1; 0: it is none of this ladder.
    pub fn rank(&self, tier: Option<&TierName>) -> usize {
        let place = self.tiers.iter().position(|it| Some(&it.name) == tier);
        place.map_or(0, |place| place + 1)
    }

    /// The tier at a place.
    pub fn at(&self, rank: usize) -> Option<&Tier> {
        self.tiers.get(rank.checked_sub(1)?)
    }

    /// The place of whoever comes up to nothing: 1 where the lowest rung asks for nothing.
    pub fn foot(&self) -> usize {
        usize::from(self.tiers.first().is_some_and(|it| it.needs.is_empty()))
    }
}
