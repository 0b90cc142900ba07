//! `[points]`, and what a rule gives or takes.

use jiff::civil::{Date, Time};

use super::phrases::PointsPhrases;
use super::wording::Wording;

/// How points are called and asked for.
#[derive(Clone, Debug)]
pub struct Points {
    /// What one is called: 积分, 茶籽.
    pub title: String,
    /// A message that is one of these words (folded) is answered with the balance.
    pub ask: Vec<String>,
    /// When what came in ends; never, if nothing is said.
    pub expire: Option<Expiry>,
    pub speaking: Option<Speaking>,
    pub orders: Option<PerOrder>,
    /// Each newcomer who counts for whoever brought them.
    pub invited: Option<Service>,
    /// Each suggestion that is adopted.
    pub suggested: Option<Service>,
    /// Each time somebody says how it was.
    pub feedback: Option<Service>,
    /// What staff begin a message with to give points, and to take them.
    pub grant: Vec<String>,
    pub deduct: Vec<String>,
    /// The most they move at once.
    pub grant_most: i64,
    /// Nobody is told who leads, if nothing is said.
    pub board: Option<Board>,
    pub phrases: PointsPhrases,
}

impl Points {
    /// What they are called and asked for by, and nothing that is earned or ends.
    pub fn at_rest(self) -> Self {
        Self {
            expire: None,
            speaking: None,
            orders: None,
            invited: None,
            suggested: None,
            feedback: None,
            board: None,
            ..self
        }
    }
}

/// How long points last: to the end of a month or of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry {
    pub lasting: Lasting,
    /// Whoever has some is told so many days before, at this time.
    pub remind: Option<(u16, Time)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// To the end of the month so many months after the one they came in.
    Months(u16),
    /// To the end of a year: 1 is the one they came in.
    YearEnds(u16),
}

impl Expiry {
    /// The last day on which what came in on this one can be spent.
    pub fn until(&self, earned_on: Date) -> Option<Date> {
        match self.lasting {
            Lasting::Months(months) => {
                let month = earned_on.first_of_month();
                let last = month.checked_add(jiff::Span::new().months(i64::from(months))).ok()?;
                Some(last.last_of_month())
            }
            Lasting::YearEnds(years) => {
                let year = earned_on
                    .year()
                    .checked_add(i16::try_from(years).ok()?)?
                    .checked_sub(1)?;
                Date::new(year, 12, 31).ok()
            }
        }
    }
}

/// What is said in groups earns points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speaking {
    /// For each message.
    pub points: i64,
    pub per_day: i64,
    /// A message needs so many different letters.
    pub letters: u32,
}

/// So many points for each whole `per_yuan` yuan of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerOrder {
    pub points: i64,
    pub per_yuan: u32,
}

/// What a member does for the shop is worth so much, so many times a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    pub points: i64,
    pub per_month: u32,
}

/// Words that ask who leads, and how many are shown.
#[derive(Clone, Debug)]
pub struct Board {
    pub month: Vec<String>,
    pub ever: Vec<String>,
    pub top: usize,
}

/// Points a rule gives, or takes where `amount` is below zero.
#[derive(Clone, Debug)]
pub struct Award {
    /// Never zero.
    pub amount: i64,
    /// So many points for each whole `per_yuan` yuan of the order, instead of once.
    pub per_yuan: Option<u32>,
    /// What they are for, as the ledger keeps it.
    pub why: Option<Wording>,
    /// The balance may fall below zero.
    pub below_zero: bool,
}
