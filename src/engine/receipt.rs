//! Draws with a receipt: the dice are bound before anybody knows who takes part, and shown afterwards.
//!
//! Every draw has a secret of its own, made from the community's. Its hash is told when the draw opens, so nobody can
//! choose another secret later; the secret is told when it is drawn, so anybody can draw again. How:
//!
//! - commit = SHA-256 of `secret`, `rule`, `occasion`, joined by line breaks
//! - entries in order of their bytes; list = SHA-256 of them, joined by line breaks
//! - key = SHA-256 of `secret` and list (64 hex digits), joined by a line break; again as 64 hex digits
//! - the n-th number (from 0) = the first 8 bytes, big-endian, of HMAC-SHA256(key, n as 8 bytes, big-endian)
//! - to draw one of m: numbers not below the largest multiple of m within 2^64 are passed over; the first other one, modulo
//!   m, is the place of the winner among those left

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::dice::Dice;
use crate::chat::RuleName;
use crate::community::receipt::Receipt;

/// The purpose under which a draw's own secret is made.
const PURPOSE: &str = "receipt";

/// What drawing again shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The hash of what the receipt calls its secret.
    pub commit: String,
    /// The hash of its entries.
    pub list: String,
    /// Each number that was thrown: it, how many were left, and whom it drew (nobody: it was passed over).
    pub throws: Vec<(u64, usize, Option<String>)>,
    pub winners: Vec<String>,
}

impl Checked {
    /// Whether the receipt is right.
    pub fn holds(&self, receipt: &Receipt) -> bool {
        self.commit == receipt.commit && self.winners == receipt.winners
    }
}

/// What is told when a draw opens.
pub fn commit(dice: &Dice, rule: &RuleName, occasion: &str) -> String {
    committed(&dice.own_secret(rule, PURPOSE, occasion), rule.as_str(), occasion)
}

/// Draws `count` of the entries, none of them twice.
pub fn draw(dice: &Dice, (rule, occasion): (&RuleName, &str), mut entries: Vec<String>, count: usize) -> Receipt {
    entries.sort();
    entries.dedup();
    let secret = dice.own_secret(rule, PURPOSE, occasion);
    let drawn = throw(&secret, &entries, count);
    Receipt {
        rule: rule.to_string(),
        occasion: occasion.to_owned(),
        commit: committed(&secret, rule.as_str(), occasion),
        entries,
        secret,
        winners: drawn.winners,
    }
}

/// Draws again with what a receipt tells.
pub fn check(receipt: &Receipt) -> Checked {
    let mut entries = receipt.entries.clone();
    entries.sort();
    let mut checked = throw(&receipt.secret, &entries, receipt.winners.len());
    checked.commit = committed(&receipt.secret, &receipt.rule, &receipt.occasion);
    checked
}

fn committed(secret: &str, rule: &str, occasion: &str) -> String {
    hash(&format!("{secret}\n{rule}\n{occasion}"))
}

fn throw(secret: &str, entries: &[String], count: usize) -> Checked {
    let list = hash(&entries.join("\n"));
    let key = hash(&format!("{secret}\n{list}"));
    let mut left = entries.to_vec();
    let mut checked = Checked {
        commit: String::new(),
        list,
        throws: Vec::new(),
        winners: Vec::new(),
    };
    let mut thrown = 0_u64;
    while checked.winners.len() < count && !left.is_empty() {
        let number = number(&key, thrown);
        thrown += 1;
        let sides = left.len() as u64;
        // The largest multiple of the sides within 2^64; what lies beyond it would favour small places.
        let fair = (1_u128 << 64) - (1_u128 << 64) % u128::from(sides);
        let among = left.len();
        let winner = (u128::from(number) < fair)
            .then(|| usize::try_from(number % sides).unwrap_or(0))
            .map(|place| left.remove(place));
        checked.winners.extend(winner.clone());
        checked.throws.push((number, among, winner));
    }
    checked
}

fn number(key: &str, nth: u64) -> u64 {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(&nth.to_be_bytes());
    let bytes = mac.finalize().into_bytes();
    let mut first = [0; 8];
    first.copy_from_slice(&bytes[..8]);
    u64::from_be_bytes(first)
}

fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
