//! WeCom's envelopes: the official example and what two independent libraries made, everything that must be refused, and
//! that whatever is sealed can be opened.

use proptest::prelude::*;
use qunying::chat::Moment;
use qunying::gateway::wecom::envelope::{BadSeal, Seal, Signed};
use secrecy::SecretString;

pub const TOKEN: &str = "QDG6eK";
pub const KEY: &str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
pub const CORP: &str = "wx5823bf96d3bd56c7";

pub fn seal() -> Seal {
    Seal::new(SecretString::from(TOKEN), &SecretString::from(KEY)).unwrap()
}

/// The address a ciphertext comes to at `seconds`.
pub fn address(ciphertext: &str, seconds: i64) -> String {
    let (timestamp, nonce) = (seconds.to_string(), "1372623149");
    let signature = seal().signature(&timestamp, nonce, ciphertext);
    format!("msg_signature={signature}&timestamp={timestamp}&nonce={nonce}")
}

/// WeCom's own example of a callback.
const OFFICIAL: &str = "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==";

#[test]
fn the_official_example_is_opened() {
    let query = format!(
        "msg_signature=477715d11cdb4164915debcba66cb864d751f3e6&timestamp=1409659813&nonce=1372623149&x={}",
        1
    );
    let now = Moment::from_seconds(1_409_659_813 + 300);
    let message = seal()
        .open(&Signed::read(Some(&query)), OFFICIAL, &[CORP], now)
        .unwrap();
    let message = String::from_utf8(message).unwrap();
    assert!(message.contains("<Content><![CDATA[hello]]></Content>"), "{message}");
    assert!(message.contains("<MsgId>4561255354251345929</MsgId>"), "{message}");
}

#[test]
fn what_two_libraries_opened_is_what_we_write() {
    let made = |message: &str, receiver: &str| seal().encrypt(message.as_bytes(), receiver, *b"0123456789abcdef");
    let table = [
        (
            "1616140317555161061",
            CORP,
            "sKqRbbiSUnDhFHOvPjtUMWzf2R8PrpMiTTPaicBgqZlYW/WsF6SiFd2z9CriX2YpWYzF1yrNNQ0SomM3ovdnfA==",
        ),
        // A whole block of padding, a single byte of it, and letters of three bytes.
        (
            "xxxxxxxxxxxx",
            "",
            "sKqRbbiSUnDhFHOvPjtUMT04SBXqyecnV0R+mVLqu11Se0CAxtEP8Zs4hONFU+GhnY2XmfYUSF/20UR5dRgc0w==",
        ),
        ("xxxxxxxxxxx", "", "sKqRbbiSUnDhFHOvPjtUMbCwyM4wynM1lbm+o7dYHGo="),
        ("你好", "", "sKqRbbiSUnDhFHOvPjtUMbvdz1fqHBAWVyaDQP/STB0="),
    ];
    for (message, receiver, ciphertext) in table {
        assert_eq!(made(message, receiver), ciphertext, "{message}");
        let (opened, for_whom) = seal().decrypt(ciphertext).unwrap();
        assert_eq!(
            (opened.as_slice(), for_whom.as_slice()),
            (message.as_bytes(), receiver.as_bytes())
        );
    }
}

#[test]
fn an_address_carries_all_it_is_signed_with() {
    let now = Moment::from_seconds(1_772_330_400);
    let ciphertext = seal().encrypt("你好".as_bytes(), CORP, [7; 16]);
    let open = |query: &str, ciphertext: &str, receivers: &[&str]| {
        seal().open(&Signed::read(Some(query)), ciphertext, receivers, now)
    };
    let good = address(&ciphertext, 1_772_330_400);
    assert_eq!(open(&good, &ciphertext, &[CORP]).unwrap(), "你好".as_bytes());

    for part in ["msg_signature", "timestamp", "nonce"] {
        let without = good.replace(part, "x");
        assert_eq!(
            open(&without, &ciphertext, &[CORP]),
            Err(BadSeal::Missing(part)),
            "{part}"
        );
    }
    let forged = good.replace("nonce=1", "nonce=2");
    assert_eq!(open(&forged, &ciphertext, &[CORP]), Err(BadSeal::Signature));
    assert_eq!(open(&good, &ciphertext[4..], &[CORP]), Err(BadSeal::Signature));
    assert_eq!(
        open(&good, &ciphertext, &["ww0000000000000000", ""]),
        Err(BadSeal::Stranger)
    );
    for (seconds, word) in [(-301, "too old"), (301, "too new")] {
        let query = address(&ciphertext, 1_772_330_400 + seconds);
        assert_eq!(open(&query, &ciphertext, &[CORP]), Err(BadSeal::Stale(word)));
    }
    for within in [-300, 0, 300] {
        assert!(open(&address(&ciphertext, 1_772_330_400 + within), &ciphertext, &[CORP]).is_ok());
    }
}

#[test]
fn what_is_signed_but_broken_is_unreadable() {
    let now = Moment::from_seconds(1_772_330_400);
    let whole = seal().encrypt(b"x", "", [0; 16]);
    for ciphertext in ["", "A", "AAAA", "****", &whole[..24], "AAAAAAAAAAAAAAAAAAAAAA=="] {
        let query = address(ciphertext, 1_772_330_400);
        let opened = seal().open(&Signed::read(Some(&query)), ciphertext, &[""], now);
        assert!(
            matches!(opened, Err(BadSeal::Unreadable(_))),
            "{ciphertext}: {opened:?}"
        );
    }
}

#[test]
fn a_plus_that_a_proxy_left_bare_is_put_back() {
    let bare = Signed::read(Some("echostr=a+b%2Bc&nonce=1"));
    assert_eq!(bare.echo.as_deref(), Some("a+b+c"));
}

#[test]
fn a_key_is_43_letters_and_digits() {
    for bad in [
        "",
        "short",
        &KEY[1..],
        "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2CAA",
        "！",
    ] {
        assert!(
            Seal::new(SecretString::from(TOKEN), &SecretString::from(bad)).is_err(),
            "{bad}"
        );
    }
    assert!(Seal::new(SecretString::from(TOKEN), &SecretString::from(format!("{KEY}="))).is_ok());
    assert!(!format!("{:?}", seal()).contains(TOKEN));
}

proptest! {
    #[test]
    fn whatever_is_sealed_is_opened(message in proptest::collection::vec(any::<u8>(), 0..200), receiver in "[a-z0-9]{0,40}", random: [u8; 16]) {
        let ciphertext = seal().encrypt(&message, &receiver, random);
        let (opened, for_whom) = seal().decrypt(&ciphertext).unwrap();
        prop_assert_eq!(opened, message);
        prop_assert_eq!(for_whom, receiver.into_bytes());
    }

    #[test]
    fn no_bytes_break_the_opening(blocks in proptest::collection::vec(any::<[u8; 16]>(), 0..8), query in "\\PC{0,80}") {
        use base64::Engine as _;
        let ciphertext = base64::engine::general_purpose::STANDARD.encode(blocks.concat());
        let _ = seal().decrypt(&ciphertext);
        let _ = seal().open(&Signed::read(Some(&query)), &ciphertext, &[""], Moment::START);
    }
}
