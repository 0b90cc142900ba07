//! `[draw.NAME]`: members enter, the dice choose, and prizes are claimed (抽奖).

use std::time::Duration;

use jiff::civil::Time;

use crate::chat::{CouponName, DrawName, Fen};

use super::formula::Formula;
use super::phrases::DrawPhrases;

/// One kind of draw.
#[derive(Clone, Debug)]
pub struct Draw {
    pub name: DrawName,
    pub line: usize,
    pub title: String,
    /// A message of the staff's that is one of these words opens it.
    pub open: Vec<String>,
    /// A message of the staff's that is one of these words draws now.
    pub close: Vec<String>,
    pub entry: Entry,
    pub ends: Ends,
    /// The first one drawn gets the first prize.
    pub prizes: Vec<Prize>,
    /// One person may win more than once.
    pub again: bool,
    /// `None`: prizes are given as they are drawn.
    pub claim: Option<Claim>,
    /// `None`: every chance is one ticket.
    pub weight: Option<Weight>,
    /// Words the staff draw again with; none: they cannot.
    pub redraw: Vec<String>,
    pub phrases: DrawPhrases,
}

/// How many tickets a chance is.
#[derive(Clone, Debug)]
pub struct Weight {
    pub tickets: Formula,
    /// The same in words.
    pub told: String,
}

impl Weight {
    /// Tickets for one chance: everybody who has a chance has at least one, and a receipt stays a text one can read.
    pub const MOST: i64 = 100;
}

/// How members enter.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Words that enter; none where only orders or presence do.
    pub words: Vec<String>,
    /// What a chance costs in points.
    pub cost: Option<u32>,
    /// An order of at least so much, paid while it is open, is a chance.
    pub by_order: Option<Fen>,
    /// Whoever spoke so long before it is drawn has a chance.
    pub spoke_within: Option<Duration>,
    /// The most chances one person may have.
    pub most: u32,
}

/// When it is drawn. Staff may always draw earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    After(Duration),
    /// The next time it is this time of day.
    At(Time),
    ByStaff,
}

/// One kind of prize.
#[derive(Clone, Debug)]
pub struct Prize {
    /// Without one it is called as its coupon is.
    pub title: Option<String>,
    /// How many there are.
    pub stock: u32,
    /// Without one it is worth what its coupon is.
    pub worth: Option<Fen>,
    /// Given through this coupon, within its limits; without one staff hand it over.
    pub coupon: Option<CouponName>,
}

/// How prizes are claimed.
#[derive(Clone, Debug)]
pub struct Claim {
    pub words: Vec<String>,
    pub within: Duration,
    pub unclaimed: Unclaimed,
}

/// What becomes of a prize nobody claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclaimed {
    /// It is drawn again, among those who have not won and are still there, so many times.
    Redraw { most: u32 },
    /// It goes back into the stock.
    Keep,
}
