//! What a till asks for, as a line of a script.

use std::time::Duration;

use super::lines::after_word;
use super::problem::Mistake;
use crate::chat::{CouponCode, Fen, TillAsk};
use crate::playbook::reading::parse_length;

/// For how many minutes a till keeps coupons where no line says how long.
const MINUTES: u16 = 10;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtTill {
    pub does: Does,
    pub codes: Vec<CouponCode>,
    pub bill: Option<Fen>,
    pub minutes: u16,
}

/// What the till wants done. What it confirms or lets go is what it reserved last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    Reserves,
    Redeems,
    Confirms,
    LetsGo,
    Undoes,
}

const WORDS: [(&[&str], Does); 5] = [
    (&["预留", "reserves"], Does::Reserves),
    (&["核销", "redeems"], Does::Redeems),
    (&["确认", "confirms"], Does::Confirms),
    (&["放开", "lets go"], Does::LetsGo),
    (&["撤销", "undoes"], Does::Undoes),
];

/// `预留 K7QF2M9XAB 10m 68.00`.
pub(super) fn at_till(text: &str) -> Result<AtTill, Mistake> {
    let found = WORDS
        .iter()
        .find_map(|(words, does)| Some((*does, after_word(text, words)?)));
    let (does, rest) = found.ok_or(Mistake::UnknownAtTill)?;
    let mut at_till = AtTill {
        does,
        codes: Vec::new(),
        bill: None,
        minutes: MINUTES,
    };
    for word in rest.split_whitespace() {
        // A code has letters and digits; an amount has no letters, and a length ends with one.
        if let Ok(bill) = word.parse::<Fen>() {
            at_till.bill = Some(bill);
        } else if let Some(length) = parse_length(word).filter(|it| *it >= Duration::from_secs(60)) {
            at_till.minutes = u16::try_from(length.as_secs() / 60).map_err(|_| Mistake::UnknownAtTill)?;
        } else {
            at_till.codes.push(CouponCode::new(word));
        }
    }
    let wants_codes = matches!(does, Does::Reserves | Does::Redeems | Does::Undoes);
    match wants_codes == at_till.codes.is_empty() {
        true => Err(Mistake::UnknownAtTill),
        false => Ok(at_till),
    }
}

impl AtTill {
    /// What is asked; `reserved` is the key of what was reserved last.
    pub fn ask(&self, reserved: &str) -> TillAsk {
        let (codes, bill) = (self.codes.clone(), self.bill);
        let reservation = reserved.to_owned();
        match self.does {
            Does::Reserves => TillAsk::Reserve {
                codes,
                bill,
                minutes: self.minutes,
            },
            Does::Redeems => TillAsk::Redeem { codes, bill },
            Does::Confirms => TillAsk::Confirm { reservation, bill },
            Does::LetsGo => TillAsk::Release { reservation },
            Does::Undoes => TillAsk::Undo { codes },
        }
    }
}
