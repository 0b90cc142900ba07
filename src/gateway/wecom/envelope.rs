//! The envelope WeCom's callbacks come in: signed with a token, encrypted with a key, addressed to a receiver.
//!
//! * Signature: lower-case hex SHA-1 of token, timestamp, nonce and ciphertext, sorted as bytes and put together.
//! * Ciphertext: AES-256-CBC, the vector being the key's first 16 bytes, of 16 random bytes ‖ the message's length
//!   (32 bits, big-endian) ‖ the message ‖ the receiver, padded to a multiple of 32 with bytes that tell how many they are.
//!
//! The signature is checked before anything is decrypted, so nobody without the token can try ciphertexts out.

use std::fmt;

use aes::Aes256;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use hyper::StatusCode;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha1::{Digest as _, Sha1};
use subtle::ConstantTimeEq as _;
use thiserror::Error;

use crate::chat::Moment;
use crate::gateway::settings::BadSecret;
use crate::gateway::signature::{hex, is_timely};

/// What is padded to, in bytes; twice the cipher's own block.
const PAD: usize = 32;

/// Random bytes and length before the message.
const HEAD: usize = 20;

/// An EncodingAESKey carries two bits more than 32 bytes have; the official example has some of them set.
const KEY_BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Why an envelope was not opened. Nothing of what is in it is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadSeal {
    /// The config has no token and key to open it with.
    #[error("this gateway has no `token` and `aes_key` to open reports with")]
    NoKey,
    /// The address does not carry what is signed with.
    #[error("the address has no {0}")]
    Missing(&'static str),
    /// The time in the address is too far from now, or is no time.
    #[error("the timestamp in the address is {0}")]
    Stale(&'static str),
    /// Somebody else's token.
    #[error("msg_signature does not fit")]
    Signature,
    /// Signed with our token, but not readable with our key.
    #[error("it cannot be decrypted: {0}")]
    Unreadable(&'static str),
    /// Well sealed, for another corporation.
    #[error("it is addressed to another corporation")]
    Stranger,
}

impl BadSeal {
    /// The HTTP status it is answered with.
    pub fn status(self) -> StatusCode {
        match self {
            BadSeal::NoKey | BadSeal::Missing(_) | BadSeal::Stale(_) => StatusCode::UNAUTHORIZED,
            BadSeal::Signature | BadSeal::Stranger => StatusCode::FORBIDDEN,
            BadSeal::Unreadable(_) => StatusCode::BAD_REQUEST,
        }
    }

    /// What the one who set the callback up should do about it.
    pub fn next_step(self) -> &'static str {
        match self {
            BadSeal::NoKey => "set `corp`, `token` and `aes_key` of this gateway in config.toml",
            BadSeal::Missing(_) => "only WeCom's own callbacks are taken here; their address carries the signature",
            BadSeal::Stale(_) => "set this machine's clock; a callback is taken for five minutes",
            BadSeal::Signature => "copy Token from the callback's settings in the admin console to `token`",
            BadSeal::Unreadable(_) => {
                "copy EncodingAESKey from the callback's settings in the admin console to `aes_key`"
            }
            BadSeal::Stranger => "compare `corp` with the CorpID in the admin console",
        }
    }
}

/// What stands in the address of a callback.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signed {
    pub signature: Option<String>,
    pub timestamp: Option<String>,
    pub nonce: Option<String>,
    /// Only where WeCom asks whether the address is ours.
    pub echo: Option<String>,
}

impl Signed {
    /// Reads what stands after the `?`. A `+` that a proxy left bare is a blank by now; base64 has none, so it is put back.
    pub fn read(query: Option<&str>) -> Self {
        let mut signed = Self::default();
        let Ok(address) = Url::parse(&format!("http://here/?{}", query.unwrap_or_default())) else {
            return signed;
        };
        for (key, value) in address.query_pairs() {
            match key.as_ref() {
                "msg_signature" => signed.signature = Some(value.into_owned()),
                "timestamp" => signed.timestamp = Some(value.into_owned()),
                "nonce" => signed.nonce = Some(value.into_owned()),
                "echostr" => signed.echo = Some(value.replace(' ', "+")),
                _ => {}
            }
        }
        signed
    }
}

/// Opens and seals envelopes.
pub struct Seal {
    token: SecretString,
    key: SecretBox<[u8; 32]>,
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// Reads an EncodingAESKey: 43 letters and digits.
    pub fn new(token: SecretString, aes_key: &SecretString) -> Result<Self, BadSecret> {
        let written = aes_key.expose_secret().trim();
        let bytes = KEY_BASE64.decode(written).map_err(|_| BadSecret::NotAesKey)?;
        let key = <[u8; 32]>::try_from(bytes).map_err(|_| BadSecret::NotAesKey)?;
        Ok(Self {
            token,
            key: SecretBox::new(Box::new(key)),
        })
    }

    /// The signature of a ciphertext.
    pub fn signature(&self, timestamp: &str, nonce: &str, ciphertext: &str) -> String {
        let mut parts = [self.token.expose_secret(), timestamp, nonce, ciphertext];
        parts.sort_unstable();
        hex(&Sha1::digest(parts.concat()))
    }

    /// The message in an envelope, if it is ours, of now, and addressed to one of `receivers`.
    pub fn open(&self, signed: &Signed, ciphertext: &str, receivers: &[&str], now: Moment) -> Result<Vec<u8>, BadSeal> {
        let need = |part: &'static str, value: &Option<String>| value.clone().ok_or(BadSeal::Missing(part));
        let told = need("msg_signature", &signed.signature)?;
        let timestamp = need("timestamp", &signed.timestamp)?;
        let nonce = need("nonce", &signed.nonce)?;
        let ours = self.signature(&timestamp, &nonce, ciphertext);
        if !bool::from(ours.as_bytes().ct_eq(told.as_bytes())) {
            return Err(BadSeal::Signature);
        }
        is_timely(&timestamp, now).map_err(BadSeal::Stale)?;
        let (message, receiver) = self.decrypt(ciphertext)?;
        match receivers.iter().any(|it| it.as_bytes() == receiver) {
            true => Ok(message),
            false => Err(BadSeal::Stranger),
        }
    }

    /// A message and whom it is for.
    pub fn decrypt(&self, ciphertext: &str) -> Result<(Vec<u8>, Vec<u8>), BadSeal> {
        let mut bytes = STANDARD
            .decode(ciphertext.trim())
            .map_err(|_| BadSeal::Unreadable("it is not base64"))?;
        let plain = cbc::Decryptor::<Aes256>::new(self.key.expose_secret().into(), self.vector().into())
            .decrypt_padded::<NoPadding>(&mut bytes)
            .map_err(|_| BadSeal::Unreadable("its length is not that of whole blocks"))?;
        let pad = plain.last().copied().unwrap_or_default();
        let kept = plain
            .len()
            .checked_sub(usize::from(pad))
            .filter(|_| (1..=PAD).contains(&usize::from(pad)));
        let (plain, padding) = kept.and_then(|kept| plain.split_at_checked(kept)).ok_or(NOT_OUR_KEY)?;
        if padding.iter().any(|byte| *byte != pad) {
            return Err(NOT_OUR_KEY);
        }
        let (head, rest) = plain.split_at_checked(HEAD).ok_or(NOT_OUR_KEY)?;
        let length = head
            .last_chunk::<4>()
            .map(|it| u32::from_be_bytes(*it))
            .unwrap_or_default();
        let length = usize::try_from(length).map_err(|_| NOT_OUR_KEY)?;
        let (message, receiver) = rest.split_at_checked(length).ok_or(NOT_OUR_KEY)?;
        Ok((message.to_vec(), receiver.to_vec()))
    }

    /// The ciphertext of a message for `receiver`.
    pub fn encrypt(&self, message: &[u8], receiver: &str, random: [u8; 16]) -> String {
        let mut plain = random.to_vec();
        plain.extend_from_slice(&u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes());
        plain.extend_from_slice(message);
        plain.extend_from_slice(receiver.as_bytes());
        let pad = PAD - plain.len() % PAD;
        plain.resize(plain.len() + pad, u8::try_from(pad).unwrap_or_default());
        let bytes = cbc::Encryptor::<Aes256>::new(self.key.expose_secret().into(), self.vector().into())
            .encrypt_padded_vec::<NoPadding>(&plain);
        STANDARD.encode(bytes)
    }

    fn vector(&self) -> &[u8; 16] {
        self.key.expose_secret().first_chunk().expect("32 bytes begin with 16")
    }
}

/// Padding or lengths that make no sense.
const NOT_OUR_KEY: BadSeal = BadSeal::Unreadable("what comes out of it makes no sense");
