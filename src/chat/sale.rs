//! What the shop tells of an order before it is known whose it is.

use serde::{Deserialize, Serialize};

use super::{Fen, OrderId, PersonId};

/// How many digits of a phone number are kept, and told in a chat.
pub const TAIL: usize = 4;

/// One thing the shop tells of one order. The event's time is when it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    pub order: OrderId,
    pub what: SaleWhat,
    /// Whose order it is, where the shop knows the chat's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// What was bought, in the shop's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
}

/// What happened to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleWhat {
    Paid {
        amount: Fen,
    },
    /// Money went back: so much, or all that is left. `refund` is the shop's own id of it; the same one counts once.
    Refunded {
        #[serde(default, skip_serializing_if = "String::is_empty")]
        refund: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Fen>,
    },
    /// The order is none any more: what is left went back.
    Cancelled,
}

impl SaleWhat {
    /// The word it is told by.
    pub fn word(&self) -> &'static str {
        match self {
            SaleWhat::Paid { .. } => "paid",
            SaleWhat::Refunded { .. } => "refunded",
            SaleWhat::Cancelled => "cancelled",
        }
    }
}

/// A phone number nobody can read back: a mark made with the community's secret, and the last digits, by which a member
/// tells that it is theirs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Phone {
    pub mark: String,
    pub tail: String,
}

/// The digits of a phone number however it is written: `+86 138-0000-1234`, `１３８００００１２３４`. `None`: it is none.
pub fn phone_digits(written: &str) -> Option<String> {
    let mut digits = String::new();
    for letter in super::fold(written).chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            '+' | '-' | ' ' | '(' | ')' | '.' => {}
            _ => return None,
        }
    }
    let bare = digits.strip_prefix("00").unwrap_or(&digits);
    // A number of mainland China with its country's code is the same number.
    let bare = match bare.strip_prefix("86") {
        Some(rest) if rest.len() == 11 && rest.starts_with('1') => rest,
        _ => bare,
    };
    (7..=15).contains(&bare.len()).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::phone_digits;

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for written in [
            "13800001234",
            "+86 138-0000-1234",
            "0086 13800001234",
            "１３８００００１２３４",
            " 138 0000 1234 ",
        ] {
            assert_eq!(phone_digits(written).as_deref(), Some("13800001234"), "{written}");
        }
        assert_eq!(phone_digits("+44 20 7946 0000").as_deref(), Some("442079460000"));
        for none in ["", "1234", "138****1234", "abc", "1380000123413800001234"] {
            assert_eq!(phone_digits(none), None, "{none}");
        }
    }
}
