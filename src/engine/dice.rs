//! Chance: unpredictable to members, the same on replay.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::codes::Codes;
use crate::chat::sale::{Phone, TAIL, phone_digits};
use crate::chat::{CouponCode, EventId, RuleName};

/// The community's secret, and every throw that follows from it.
#[derive(Clone)]
pub struct Dice {
    secret: Vec<u8>,
    /// In a rehearsal, what coupons were called when it was recorded.
    codes: Codes,
}

impl std::fmt::Debug for Dice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dice(…)")
    }
}

/// Letters and digits nobody mistakes for one another.
const CODE_LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

impl Dice {
    /// From the community's secret.
    pub fn of(secret: &[u8]) -> Self {
        Self {
            secret: secret.to_vec(),
            codes: Codes::default(),
        }
    }

    /// The same dice, for a rehearsal of a recording whose coupons had these codes.
    #[must_use]
    pub fn knowing(mut self, codes: Codes) -> Self {
        self.codes = codes;
        self
    }

    /// The codes of the recording that is rehearsed; live there are none.
    pub fn codes(&self) -> &Codes {
        &self.codes
    }

    /// A number below `sides` (at least 1) for this event, rule and purpose; every number is equally likely.
    pub fn throw(&self, event: &EventId, rule: &RuleName, purpose: &str, sides: u64) -> u64 {
        let sides = sides.max(1);
        // The largest multiple of `sides`; what lies beyond it is thrown again, else small numbers came up more often.
        let fair = u64::MAX - u64::MAX % sides;
        for round in 0_u32..64 {
            let bytes = self.bytes(&[event.as_str(), rule.as_str(), purpose, &round.to_string()]);
            let mut first = [0; 8];
            first.copy_from_slice(&bytes[..8]);
            let number = u64::from_be_bytes(first);
            if number < fair {
                return number % sides;
            }
        }
        0
    }

    /// A code of ten letters (50 bits) for one coupon.
    pub fn code(&self, event: &EventId, rule: &RuleName, purpose: &str) -> CouponCode {
        let bytes = self.bytes(&[event.as_str(), rule.as_str(), purpose, "code"]);
        let letters: String = bytes
            .iter()
            .take(10)
            .map(|byte| char::from(CODE_LETTERS[usize::from(byte % 32)]))
            .collect();
        CouponCode::new(letters)
    }

    /// A secret of its own for one occasion of a rule, as 64 hex digits. It may be told: the community's does not follow
    /// from it.
    pub fn own_secret(&self, rule: &RuleName, purpose: &str, occasion: &str) -> String {
        let bytes = self.bytes(&[rule.as_str(), purpose, occasion, "secret"]);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A phone number nobody can read back without the community's secret; `None` if it is none. The same number has the
    /// same mark for as long as the secret is the same.
    pub fn phone(&self, written: &str) -> Option<Phone> {
        let digits = phone_digits(written)?;
        let bytes = self.bytes(&["phone", &digits]);
        Some(Phone {
            mark: bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect(),
            tail: digits[digits.len() - TAIL..].to_owned(),
        })
    }

    fn bytes(&self, parts: &[&str]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes a key of any length");
        for part in parts {
            // The length goes before the part, so that no two rows of parts run into the same bytes.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}
