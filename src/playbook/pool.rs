//! Codes bought elsewhere, in the order they are handed out.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::chat::CouponCode;

/// The most codes of one file.
pub const CODES_MAX: usize = 20_000;

/// The longest code, in bytes.
pub const CODE_MAX: usize = 64;

/// The codes of one file.
#[derive(Clone, PartialEq, Eq)]
pub struct Pool {
    pub codes: Vec<CouponCode>,
    /// Staff are told when so many are left.
    pub warn_at: u32,
}

impl fmt::Debug for Pool {
    /// Codes are money: no debugging shows one. Other codes show as another pool.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digest = Sha256::new();
        self.codes.iter().for_each(|code| digest.update(format!("{code}\n")));
        let sum: String = digest
            .finalize()
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        write!(f, "Pool({} codes, {sum}, {})", self.codes.len(), self.warn_at)
    }
}

impl Pool {
    /// The same with codes that only stand for the real ones: what a rehearsal hands out and prints.
    #[must_use]
    pub fn masked(&self) -> Self {
        Self {
            codes: self.codes.iter().map(stand_in).collect(),
            warn_at: self.warn_at,
        }
    }
}

/// What stands for a code where it must not be shown: how it begins, and a mark of the whole. The same code has always the
/// same, so a code that was said can be found by it.
pub fn stand_in(code: &CouponCode) -> CouponCode {
    if code.as_str().contains('…') {
        return code.clone();
    }
    let first: String = code.as_str().chars().take(2).collect();
    let digest = Sha256::digest(code.as_str().as_bytes());
    let mark: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    CouponCode::new(format!("{first}…{mark}"))
}
