//! Programs of the shop's that rules call: what they are told, how it is signed, and what their answers mean.

use std::time::Duration;

use qunying::chat::call::{Named, Told};
use qunying::chat::{Action, CallName, Deed, Moment, Outcome};
use qunying::gateway::{BadCall, Callee, CalleeSettings};
use secrecy::SecretString;
use serde_json::json;

use crate::fake::{Answers, action, fake};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NOW: i64 = 1_772_330_400_000;

fn callee(url: &str) -> Callee {
    let mut settings = CalleeSettings::new(CallName::new("crm"), url.to_owned(), SecretString::from(SECRET));
    settings.timeout = Duration::from_millis(300);
    Callee::new(&settings).unwrap()
}

fn told() -> Action {
    let named = |id: &str, name: &str| Named {
        id: id.to_owned(),
        name: name.to_owned(),
    };
    action(Deed::Call {
        call: CallName::new("crm"),
        told: Box::new(Told {
            event: "message".to_owned(),
            at: Moment::from_millis(NOW),
            group: Some(named("qq/3001", "茶友会")),
            people: vec![named("qq/301", "小明")],
            facts: [("text".to_owned(), json!("我要投诉"))].into(),
            with: [("kind".to_owned(), "投诉".to_owned())].into(),
        }),
    })
}

#[tokio::test]
async fn it_is_told_what_happened_and_another_hand_verifies_the_signature() {
    let other_end = fake(Answers::With(204, "", "")).await;
    let address = format!("{}/hooks/qunying", other_end.address);
    let callee = callee(&address);
    for _ in 0..2 {
        let outcome = callee.perform(&told(), Moment::from_millis(NOW)).await;
        assert_eq!(outcome, Outcome::Done { message: None });
    }
    let calls = other_end.calls();
    let [first, again] = calls.as_slice() else {
        panic!("{calls:?}");
    };
    assert_eq!(first.path, "/hooks/qunying");
    assert_eq!(
        first.json(),
        json!({
            "type": "message",
            "timestamp": "2026-03-01T02:00:00Z",
            "data": {
                "call": "crm",
                "rule": "tea/greet",
                "group": {"id": "qq/3001", "name": "茶友会"},
                "person": {"id": "qq/301", "name": "小明"},
                "people": [{"id": "qq/301", "name": "小明"}],
                "facts": {"text": "我要投诉"},
                "with": {"kind": "投诉"},
            },
        })
    );
    let header = |name: &str| first.headers[name].to_str().unwrap();
    let verifier = standardwebhooks::Webhook::new(SECRET).unwrap();
    let signed = verifier.sign(header("webhook-id"), NOW / 1000, &first.body).unwrap();
    assert_eq!(header("webhook-timestamp"), (NOW / 1000).to_string());
    assert_eq!(header("webhook-signature"), signed);
    assert_eq!(first.headers["webhook-id"], again.headers["webhook-id"]);
    assert_eq!(first.body, again.body);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_will_not_is_given_up() {
    let after = |seconds: i64| Moment::from_millis(NOW + seconds * 1000);
    for (status, retry_after, again) in [
        (500, "", Some(10)),
        (503, "120", Some(120)),
        (429, "30", Some(30)),
        (408, "", Some(10)),
        (400, "", None),
        (401, "", None),
        (404, "", None),
        (410, "", None),
        (302, "", None),
    ] {
        let other_end = fake(Answers::With(status, retry_after, "")).await;
        let outcome = callee(&other_end.address).perform(&told(), after(0)).await;
        match (outcome, again) {
            (Outcome::Postponed { again: when, .. }, Some(seconds)) => assert_eq!(when, after(seconds), "{status}"),
            (Outcome::Refused { why }, None) => assert!(why.contains(&status.to_string()), "{why}"),
            (other, _) => panic!("{status}: {other:?}"),
        }
        assert_eq!(other_end.calls().len(), 1, "a redirect is not followed");
    }
}

#[tokio::test]
async fn without_an_answer_nobody_knows_and_without_a_connection_nothing_happened() {
    for silent in [Answers::Never, Answers::ByHangingUp] {
        let other_end = fake(silent).await;
        let outcome = callee(&other_end.address).perform(&told(), Moment::START).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    }
    let nobody = fake(Answers::NotThere).await;
    let outcome = callee(&nobody.address).perform(&told(), Moment::START).await;
    assert!(matches!(outcome, Outcome::Postponed { .. }), "{outcome:?}");
}

#[test]
fn what_cannot_be_called_is_said_without_the_secret() {
    let bad = |name: &str, url: &str, secret: &str| {
        let settings = CalleeSettings::new(CallName::new(name), url.to_owned(), SecretString::from(secret));
        Callee::new(&settings).unwrap_err()
    };
    let good = "http://127.0.0.1:1";
    for (bad, begins) in [
        (bad("crm", "ftp://x", SECRET), "[calls.crm] url: an address starts with"),
        (
            bad("crm", "http://me:hush@x", SECRET),
            "[calls.crm] url: an address holds no user",
        ),
        (bad("crm", good, "whsec_hush!"), "[calls.crm] secret: it is not base64"),
        (bad("crm", good, "whsec_aHVzaA=="), "[calls.crm] secret: it is shorter"),
        (bad("c/m", good, SECRET), "[calls.c/m]: a call's name"),
    ] {
        let (en, zh, debug) = (bad.to_string(), bad.in_chinese(), format!("{bad:?}"));
        assert!(en.starts_with(begins), "{en}");
        assert!(zh.starts_with("[calls.c"), "{zh}");
        for said in [en, zh, debug] {
            assert!(!said.contains("hush"), "{said}");
        }
        assert!(!matches!(bad, BadCall::Client { .. }));
    }
}
