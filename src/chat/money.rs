//! Money is whole fen. No float touches it.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Hundredths of a yuan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// Why a text is no amount of money.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BadMoney {
    /// Something other than digits and one point.
    #[error("`{0}` is not an amount in yuan; write it like 25 or 25.00")]
    NotANumber(String),
    /// Smaller than a fen.
    #[error("`{0}` has more than two decimals; the smallest amount is 0.01")]
    TooFine(String),
    /// More than 64 bits of fen.
    #[error("`{0}` is too large")]
    TooLarge(String),
}

impl BadMoney {
    /// The same in Chinese.
    pub fn in_chinese(&self) -> String {
        match self {
            Self::NotANumber(text) => format!("「{text}」不是金额，单位是元，请写成 25 或 25.00 这样。"),
            Self::TooFine(text) => format!("「{text}」的小数多于两位，最小金额是 0.01。"),
            Self::TooLarge(text) => format!("「{text}」太大了。"),
        }
    }
}

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);

    /// It is nothing.
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// `self` times a count; stops at the largest amount instead of wrapping.
    #[must_use]
    pub fn times(self, count: u64) -> Fen {
        Fen(self.0.saturating_mul(i64::try_from(count).unwrap_or(i64::MAX)))
    }
}

impl FromStr for Fen {
    type Err = BadMoney;

    /// Reads yuan: `25`, `25.5`, `25.00`, `-3.20`. No sign of currency, no thousands separator, no exponent.
    fn from_str(text: &str) -> Result<Self, BadMoney> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (yuan, fen) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(yuan) || !all_digits(fen) {
            return Err(BadMoney::NotANumber(text.to_owned()));
        }
        if fen.len() > 2 {
            return Err(BadMoney::TooFine(text.to_owned()));
        }
        let too_large = || BadMoney::TooLarge(text.to_owned());
        let whole: i64 = yuan.parse().map_err(|_| too_large())?;
        let part: i64 = format!("{fen:0<2}").parse().map_err(|_| too_large())?;
        let amount = whole
            .checked_mul(100)
            .and_then(|hundreds| hundreds.checked_add(part))
            .ok_or_else(too_large)?;
        Ok(Fen(if negative { -amount } else { amount }))
    }
}

impl fmt::Display for Fen {
    /// `25.00`: yuan with two decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let amount = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", amount / 100, amount % 100))
    }
}

impl Add for Fen {
    type Output = Fen;
    fn add(self, other: Fen) -> Fen {
        Fen(self.0.saturating_add(other.0))
    }
}

impl Sub for Fen {
    type Output = Fen;
    fn sub(self, other: Fen) -> Fen {
        Fen(self.0.saturating_sub(other.0))
    }
}

impl Neg for Fen {
    type Output = Fen;
    fn neg(self) -> Fen {
        Fen(self.0.saturating_neg())
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Fen>>(amounts: I) -> Fen {
        amounts.fold(Fen::ZERO, Add::add)
    }
}
