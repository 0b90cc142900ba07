//! A row of the derived state, and its print: what the state's digest is made of.

use super::error::StoreError;

/// Longest key in bytes.
pub const KEY_MAX: usize = 256;

/// One edit to the derived state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// 1 to [`KEY_MAX`] bytes.
    pub key: Vec<u8>,
    /// The new value, any length; `None` removes the row.
    pub value: Option<Vec<u8>>,
}

impl Row {
    /// A row that now has this value.
    pub fn put(key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> Self {
        Self {
            key: key.into(),
            value: Some(value.into()),
        }
    }

    /// A row that is no more.
    pub fn remove(key: impl Into<Vec<u8>>) -> Self {
        Self {
            key: key.into(),
            value: None,
        }
    }
}

/// Checks a key's length.
pub fn check_key(key: &[u8]) -> Result<(), StoreError> {
    if key.is_empty() || key.len() > KEY_MAX {
        return Err(StoreError::BadKey { len: key.len() });
    }
    Ok(())
}

/// A row's part of the digest. The digest of a state is the wrapping sum over its rows, so it is kept up to date row by row in any order.
///
/// A bare CRC will not do: CRCs are linear, and two rows changed alike and both rolled back would cancel out. The mixing step (the
/// finalizer of `SplitMix64`, Steele, Lea and Flood 2014) ends that.
pub fn print(key: &[u8], value: &[u8]) -> u64 {
    let mut key_first = crc32fast::Hasher::new();
    key_first.update(&(key.len() as u32).to_be_bytes());
    key_first.update(key);
    key_first.update(value);
    let mut mixed =
        (u64::from(key_first.finalize()) << 32 | value.len() as u64 & 0xffff_ffff).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
