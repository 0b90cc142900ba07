//! Known answers of both signatures, from their specifications, and every way to get them wrong.

use hyper::HeaderMap;
use hyper::header::HeaderValue;
use qunying::chat::{GatewayName, Moment};
use qunying::gateway::signature::{WebhookKey, is_timely, sha1_of};
use qunying::gateway::{Arrival, Native, NativeSettings, OneBot11, OneBot11Settings, Refusal};
use secrecy::SecretString;

const META: &[u8] = br#"{"post_type":"meta_event"}"#;
const TOLD: &str = "sha1=6ded9d45283b8f8916b100947106b419ad3ff985";

const WHSEC: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const MSG_ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const STAMP: i64 = 1_614_265_330;
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const V1: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_str(value).unwrap()))
        .collect()
}

fn status(refused: &Result<qunying::gateway::Decoded, Refusal>) -> u16 {
    refused
        .as_ref()
        .map_or_else(|refusal| refusal.status().as_u16(), |_| 200)
}

fn onebot_answers(headers: &HeaderMap, body: &[u8]) -> u16 {
    let mut settings = OneBot11Settings::new(GatewayName::new("qq"));
    settings.secret = Some(SecretString::from("sec"));
    let arrived = Arrival {
        at: Moment::START,
        nth: 0,
    };
    status(&OneBot11::new(settings).unwrap().decode(headers, body, arrived))
}

#[test]
fn onebot_signs_as_its_specification_says() {
    assert_eq!(sha1_of(&SecretString::from("sec"), META), TOLD);
    assert_eq!(onebot_answers(&headers(&[("x-signature", TOLD)]), META), 200);
}

#[test]
fn a_missing_onebot_signature_is_401_and_a_wrong_one_403_whatever_the_body() {
    assert_eq!(onebot_answers(&HeaderMap::new(), META), 401);
    assert_eq!(onebot_answers(&HeaderMap::new(), b"not json"), 401);
    let upper = TOLD.to_uppercase();
    for wrong in [
        "",
        "sha1=",
        "sha1=00",
        &TOLD[..44],
        // Well-formed beginnings of the right signature.
        &TOLD[..7],
        &TOLD[..43],
        &TOLD[5..],
        "sha256=6ded",
        &upper,
        "sha1=zzed9d45283b8f8916b100947106b419ad3ff985",
    ] {
        assert_eq!(
            onebot_answers(&headers(&[("x-signature", wrong)]), META),
            403,
            "{wrong}"
        );
    }
    assert_eq!(
        onebot_answers(&headers(&[("x-signature", TOLD)]), br#"{"post_type": "meta_event"}"#),
        403
    );
}

fn native(secrets: &[&str]) -> Native {
    let mut settings = NativeSettings::new(GatewayName::new("shop"));
    settings.secrets = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
    Native::new(settings).unwrap()
}

/// 400 means the signature was fine: the known answer's body is no event.
fn native_answers(native: &Native, pairs: &[(&'static str, &str)], now: i64) -> u16 {
    let arrived = Arrival {
        at: Moment::from_seconds(now),
        nth: 0,
    };
    status(&native.decode(&headers(pairs), BODY, arrived))
}

#[test]
fn standard_webhooks_sign_as_their_specification_says() {
    let key = WebhookKey::read(&SecretString::from(WHSEC)).unwrap();
    assert_eq!(key.sign(MSG_ID, STAMP, BODY), V1);
    let stamp = STAMP.to_string();
    for prefix in ["webhook", "svix"] {
        let [id, time, signature] = match prefix {
            "webhook" => ["webhook-id", "webhook-timestamp", "webhook-signature"],
            _ => ["svix-id", "svix-timestamp", "svix-signature"],
        };
        let pairs = [(id, MSG_ID), (time, stamp.as_str()), (signature, V1)];
        assert_eq!(native_answers(&native(&[WHSEC]), &pairs, STAMP), 400, "{prefix}");
        assert_eq!(
            native_answers(&native(&[&WHSEC[6..]]), &pairs, STAMP),
            400,
            "without whsec_"
        );
    }
}

#[test]
fn any_matching_signature_of_any_secret_in_force_is_enough() {
    let other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let stamp = STAMP.to_string();
    let several = format!("v1a,Zm9v v1,Zm9v v2,{} {V1}", &V1[3..]);
    let pairs = [
        ("webhook-id", MSG_ID),
        ("webhook-timestamp", &*stamp),
        ("webhook-signature", &*several),
    ];
    assert_eq!(native_answers(&native(&[other, WHSEC]), &pairs, STAMP), 400);
    assert_eq!(native_answers(&native(&[other]), &pairs, STAMP), 403);
    let renamed = format!("v2,{}", &V1[3..]);
    let pairs = [
        ("webhook-id", MSG_ID),
        ("webhook-timestamp", &*stamp),
        ("webhook-signature", &*renamed),
    ];
    assert_eq!(native_answers(&native(&[WHSEC]), &pairs, STAMP), 403);
}

#[test]
fn a_webhook_is_believed_for_five_minutes_either_way() {
    let stamp = STAMP.to_string();
    let pairs = [
        ("webhook-id", MSG_ID),
        ("webhook-timestamp", &*stamp),
        ("webhook-signature", V1),
    ];
    for (now, answer) in [(-301, 401), (-300, 400), (300, 400), (301, 401)] {
        assert_eq!(native_answers(&native(&[WHSEC]), &pairs, STAMP + now), answer, "{now}");
    }
    for odd in [
        "",
        "NaN",
        "-1",
        "+1614265330",
        "1e9",
        "16142653300",
        "99999999999999999999",
        "1614265330.5",
    ] {
        assert!(is_timely(odd, Moment::from_seconds(STAMP)).is_err(), "{odd}");
    }
}

#[test]
fn a_missing_webhook_header_is_401_and_a_broken_signature_403() {
    let stamp = STAMP.to_string();
    let all = [
        ("webhook-id", MSG_ID),
        ("webhook-timestamp", &*stamp),
        ("webhook-signature", V1),
    ];
    for missing in 0..3 {
        let mut pairs = all.to_vec();
        pairs.remove(missing);
        assert_eq!(native_answers(&native(&[WHSEC]), &pairs, STAMP), 401, "{missing}");
    }
    // The last two are well-formed beginnings of the right signature.
    for broken in ["", "v1", "v1,", "v1,!!", &V1[..40], &V1[3..], &V1[..7], &V1[..43]] {
        let pairs = [all[0], all[1], ("webhook-signature", broken)];
        assert_eq!(native_answers(&native(&[WHSEC]), &pairs, STAMP), 403, "{broken}");
    }
    let pairs = [("webhook-id", "msg_other"), all[1], all[2]];
    assert_eq!(native_answers(&native(&[WHSEC]), &pairs, STAMP), 403, "another id");
}

#[test]
fn secrets_that_protect_nothing_are_refused_and_none_is_ever_shown() {
    for weak in ["", "  ", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all!"] {
        let mut settings = NativeSettings::new(GatewayName::new("shop"));
        settings.secrets = vec![SecretString::from(weak)];
        assert!(Native::new(settings).is_err(), "{weak}");
    }
    let mut settings = OneBot11Settings::new(GatewayName::new("qq"));
    settings.secret = Some(SecretString::from(""));
    assert!(OneBot11::new(settings.clone()).is_err());
    settings.secret = Some(SecretString::from("canary-secret"));
    settings.token = Some(SecretString::from("canary-token"));
    settings.api = Some("http://127.0.0.1:3000".to_owned());
    let shown = format!(
        "{settings:?} {:?} {:?}",
        OneBot11::new(settings.clone()).unwrap(),
        native(&[WHSEC])
    );
    assert!(!shown.contains("canary") && !shown.contains("MfKQ9r8G"), "{shown}");
}

#[test]
fn addresses_that_hold_secrets_or_are_none_are_refused() {
    for api in [
        "127.0.0.1:3000",
        "ftp://x",
        "http://",
        "http://u:p@h",
        "http://h/?access_token=s",
        "http://h/#a",
        "",
    ] {
        let mut settings = OneBot11Settings::new(GatewayName::new("qq"));
        settings.api = Some(api.to_owned());
        assert!(OneBot11::new(settings).is_err(), "{api}");
    }
    for name in ["", "a/b", "群", "a b"] {
        assert!(
            OneBot11::new(OneBot11Settings::new(GatewayName::new(name))).is_err(),
            "{name}"
        );
    }
}
