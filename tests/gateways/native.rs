//! The native form: every fact, every complaint, and actions on their way out.

use std::collections::BTreeSet;
use std::time::Duration;

use hyper::HeaderMap;
use proptest::prelude::*;
use qunying::chat::{Capability, Deed, GatewayName, Moment, Outcome, Segment};
use qunying::gateway::signature::WebhookKey;
use qunying::gateway::{Decoded, Gateway, Native, NativeSettings, Refusal};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::fake::{Answers, Fake, action, fake};
use crate::telling::{arrival, tell};

fn decode(headers: &HeaderMap, body: &[u8]) -> Result<Decoded, Refusal> {
    Native::new(NativeSettings::new(GatewayName::new("shop")))
        .unwrap()
        .decode(headers, body, arrival())
}

#[track_caller]
fn check(body: Value, expected: &str) {
    assert_eq!(
        tell(decode(&HeaderMap::new(), body.to_string().as_bytes())),
        expected,
        "{body}"
    );
}

#[test]
fn every_fact_can_be_told() {
    let at = |kind: &str, rest: Value| {
        let mut event =
            json!({"type": kind, "id": "e1", "time": "2026-03-01T10:00:00+08:00", "group": "g1", "person": "p1"});
        for (key, value) in rest.as_object().unwrap() {
            match value {
                Value::Null => drop(event.as_object_mut().unwrap().remove(key)),
                value => event[key] = value.clone(),
            }
        }
        event
    };
    check(
        at("message", json!({"name": "小明", "text": "签到"})),
        "p1/小明/ Member in shop/g1: «签到»",
    );
    let row = json!(["你好 ", {"mention": 7}, {"mention_all": true}, {"image": "https://i.example/a"}, {"reply": "m0"}, {"other": "face"}, {"text": "!"}]);
    check(
        at(
            "message",
            json!({"segments": row, "role": "admin", "card": "茶王", "own": true, "message": 5}),
        ),
        "p1//茶王 Admin in shop/g1 (own): «你好 » @7 @everybody image https://i.example/a reply m0 other face «!»",
    );
    check(
        at("message", json!({"group": null, "text": "在吗"})),
        "p1// Member in private: «在吗»",
    );
    check(
        at("joined", json!({"how": "invited", "by": "p2"})),
        "p1 joined shop/g1 Invited by p2",
    );
    check(at("left", json!({"how": "kicked"})), "p1 left shop/g1 Kicked");
    check(
        at("group_renamed", json!({"person": null, "name": "春茶群"})),
        "shop/g1 renamed «春茶群»",
    );
    check(at("card_changed", json!({"card": ""})), "p1 card in shop/g1 «»");
    check(at("recalled", json!({"message": "m1"})), "p1 recalled m1 in shop/g1");
    check(
        at(
            "order_paid",
            json!({"group": null, "order": "A-1", "amount": "29.90", "items": ["茶叶"]}),
        ),
        "p1 paid 29.90 for [\"茶叶\"]",
    );
    check(
        at("refunded", json!({"group": null, "order": 12, "amount": "29.9"})),
        "p1 refunded 29.90",
    );
    check(at("bot_joined", json!({"person": null})), "bot joined shop/g1");
    check(at("bot_removed", json!({"person": null})), "bot removed shop/g1");
    let members =
        json!([{"person": "p1", "name": "小明", "joined_at": 1772330400000i64}, {"person": "p2", "role": "owner"}]);
    check(
        at("roster", json!({"person": null, "name": "茶友会", "members": members})),
        "roster shop/g1 «茶友会»: p1 p2",
    );
}

#[test]
fn a_body_is_one_event_or_a_list_that_stands_or_falls_together() {
    let joined = json!({"type": "bot_joined", "group": "g1"});
    check(
        json!([joined, {"type": "bot_removed", "group": "g1"}]),
        "bot joined shop/g1\nbot removed shop/g1",
    );
    check(json!([]), "");
    check(json!([joined, {"type": "bot_removed"}]), "400 $[1]: `group` is missing");
    let too_many = Value::Array(vec![joined; 1001]);
    assert_eq!(
        tell(decode(&HeaderMap::new(), too_many.to_string().as_bytes())),
        "400 $: at most 1000 events are taken at once"
    );
}

#[test]
fn complaints_name_the_place_and_the_remedy() {
    let event = |more: Value| {
        let mut event = json!({"type": "message", "group": "g1", "person": "p1", "text": "hi"});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    check(json!(5), "400 $: `type` is missing");
    check(
        event(json!({"grop": "g1"})),
        "400 $: `grop` is not read here; did you mean `group`?",
    );
    check(
        event(json!({"time": 1772330400})),
        "400 $.time: a time in numbers is whole milliseconds since 1970; this looks like seconds",
    );
    check(
        event(json!({"time": "yesterday"})),
        "400 $.time: a time is written like 2026-03-01T10:00:00+08:00, or as milliseconds since 1970",
    );
    check(
        event(json!({"segments": []})),
        "400 $: a message has `text` or `segments`, not both",
    );
    check(
        event(json!({"role": "boss"})),
        "400 $.role: this is one of member, admin, owner",
    );
    check(
        event(json!({"text": 5})),
        "400 $.text: a text in quotes is wanted here, not a number",
    );
    check(event(json!({"own": "yes"})), "400 $.own: this is true or false");
    check(
        json!([{"type": "mesage"}]),
        &format!(
            "400 $[0].type: this is one of {}",
            qunying::gateway::native::decode::TYPES.join(", ")
        ),
    );
    let order = |amount: Value| json!({"type": "order_paid", "order": "A", "person": "p1", "amount": amount});
    check(
        order(json!(29.9)),
        "400 $.amount: an amount is written in yuan and in quotes, like \"29.90\"",
    );
    check(
        order(json!("29.999")),
        "400 $.amount: `29.999` has more than two decimals; the smallest amount is 0.01",
    );
    check(
        order(json!("-1")),
        "400 $.amount: an amount is not negative; money that goes back is of type refunded",
    );
    let roster = json!({"type": "roster", "group": "g1", "members": [{"person": "p1"}, {"name": "x"}]});
    check(roster, "400 $.members[1]: `person` is missing");
}

fn ids(headers: &HeaderMap, body: &Value) -> Vec<String> {
    let decoded = decode(headers, body.to_string().as_bytes()).unwrap();
    decoded.events.iter().map(|event| event.id.to_string()).collect()
}

#[test]
fn an_event_is_known_by_its_id_its_delivery_its_content_or_its_arrival() {
    let bare = json!({"type": "bot_joined", "group": "g1"});
    let timed = json!({"type": "bot_joined", "group": "g1", "time": 1772330400000i64});
    let named = json!({"type": "bot_joined", "group": "g1", "id": 42});
    let delivered = HeaderMap::from_iter([("webhook-id".parse().unwrap(), "msg_1".parse().unwrap())]);
    let none = HeaderMap::new();
    let list = json!([named, bare, timed]);
    assert_eq!(ids(&delivered, &list), ["shop/42", "shop/msg_1/1", "shop/msg_1/2"]);
    assert_eq!(ids(&none, &bare), ["shop/arrived/1772330400000-7/0"]);
    assert_eq!(ids(&none, &timed), ids(&none, &timed));
    assert!(ids(&none, &timed)[0].starts_with("shop/body/"));
    let later = json!({"type": "bot_joined", "group": "g1", "time": 1772330400001i64});
    assert_ne!(ids(&none, &timed), ids(&none, &later));
}

const WHSEC: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NOW: Moment = Moment::START;

fn receiver(fake: &Fake) -> Gateway {
    let mut settings = NativeSettings::new(GatewayName::new("shop"));
    settings.api = Some(format!("{}/actions", fake.address));
    settings.secrets = vec![
        SecretString::from(WHSEC),
        SecretString::from("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ];
    settings.timeout = Duration::from_millis(300);
    Gateway::Native(Native::new(settings).unwrap())
}

fn say() -> Deed {
    Deed::Say {
        group: "shop/g1".into(),
        content: vec![Segment::Mention("shop/p1".into()), Segment::Text(" 欢迎".to_owned())],
    }
}

#[tokio::test]
async fn actions_are_signed_and_keep_their_id() {
    let fake = fake(Answers::With(202, "", "")).await;
    let gateway = receiver(&fake);
    let mut said = action(say());
    said.id = "shop/小明#0".into();
    let now = Moment::from_seconds(1_772_330_400);
    assert_eq!(gateway.perform(&said, now).await, Outcome::Done { message: None });
    gateway.perform(&said, now.plus(Duration::from_secs(60))).await;
    let calls = fake.calls();
    assert_eq!(calls[0].path, "/actions");
    assert_eq!(calls[0].headers["webhook-id"], "shop/%E5%B0%8F%E6%98%8E#0");
    assert_eq!(calls[0].headers["webhook-id"], calls[1].headers["webhook-id"]);
    assert_eq!(calls[0].body, calls[1].body);
    let key = WebhookKey::read(&SecretString::from(WHSEC)).unwrap();
    for (call, seconds) in calls.iter().zip([1_772_330_400, 1_772_330_460]) {
        let id = call.headers["webhook-id"].to_str().unwrap();
        assert_eq!(call.headers["webhook-timestamp"], seconds.to_string().as_str());
        assert_eq!(
            call.headers["webhook-signature"],
            key.sign(id, seconds, &call.body).as_str()
        );
    }
    let body = json!({"type": "say", "id": "shop/小明#0", "group": "g1", "text": "@p1 欢迎",
                      "segments": [{"mention": "p1"}, {"text": " 欢迎"}], "kind": "service", "rule": "tea/greet"});
    assert_eq!(calls[0].json(), body);
}

#[tokio::test]
async fn answers_of_a_receiver_are_judged() {
    let table = [
        (
            Answers::With(200, "", r#"{"message":"m77"}"#),
            "Done { message: Some(MessageId(m77)) }",
        ),
        (
            Answers::With(200, "", r#"{"message":77}"#),
            "Done { message: Some(MessageId(77)) }",
        ),
        (Answers::With(204, "", ""), "Done { message: None }"),
        (Answers::With(200, "", "thanks"), "Done { message: None }"),
        (Answers::With(302, "", ""), "Postponed 10"),
        (Answers::With(400, "", ""), "Refused"),
        (Answers::With(401, "", ""), "Postponed 10"),
        (Answers::With(404, "", ""), "Postponed 10"),
        (Answers::With(410, "", ""), "Refused"),
        (Answers::With(422, "", ""), "Refused"),
        (Answers::With(429, "30", ""), "Postponed 30"),
        (Answers::With(500, "", ""), "Postponed 10"),
        (Answers::With(502, "5", ""), "Postponed 5"),
        (Answers::With(504, "", ""), "Postponed 10"),
        (Answers::Never, "Unknown 10"),
        (Answers::ByHangingUp, "Unknown 10"),
        (Answers::NotThere, "Postponed 10"),
    ];
    for (answers, expected) in table {
        let fake = fake(answers.clone()).await;
        let told = match receiver(&fake).perform(&action(say()), NOW).await {
            done @ Outcome::Done { .. } => format!("{done:?}"),
            Outcome::Postponed { again, .. } => format!("Postponed {}", again.millis() / 1000),
            Outcome::Unknown { again, .. } => format!("Unknown {}", again.millis() / 1000),
            Outcome::Refused { .. } => "Refused".to_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(told, expected, "{answers:?}");
    }
}

#[tokio::test]
async fn what_a_receiver_cannot_do_is_not_asked_for() {
    let fake = fake(Answers::With(200, "", "")).await;
    let mut settings = NativeSettings::new(GatewayName::new("shop"));
    settings.api = Some(fake.address.clone());
    settings.can = BTreeSet::from([Capability::Say, Capability::ReadMembers]);
    let gateway = Gateway::Native(Native::new(settings).unwrap());
    let told = Capability::told().into_iter();
    assert_eq!(gateway.capabilities(), told.chain([Capability::Say]).collect());
    let kick = Deed::Kick {
        group: "shop/g1".into(),
        person: "shop/p1".into(),
    };
    assert!(matches!(
        gateway.perform(&action(kick), NOW).await,
        Outcome::Refused { .. }
    ));
    assert!(fake.calls().is_empty());
}

proptest! {
    #[test]
    fn no_bytes_can_break_it(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&HeaderMap::new(), &body);
    }

    #[test]
    fn no_field_can_break_it(kind in 0usize..11, key in "(group|person|time|id|text|segments|members|amount|by|how)", value in "[\\[{\"a1}\\]:,]{0,8}|[0-9]{1,25}|null") {
        let kind = qunying::gateway::native::decode::TYPES[kind];
        let body = format!(r#"{{"type":"{kind}","{key}":{value}}}"#);
        let _ = decode(&HeaderMap::new(), body.as_bytes());
    }
}

#[test]
fn an_account_behind_a_sender_logs_out_and_in() {
    let native = Native::new(NativeSettings::new(GatewayName::new("shop"))).unwrap();
    let told = |body: Value| {
        let decoded = native.decode(&HeaderMap::new(), body.to_string().as_bytes(), arrival());
        (tell(decoded), native.presence().is_away())
    };
    let account =
        |online: bool, why: &str| format!("Account {{ gateway: GatewayName(shop), online: {online}, why: \"{why}\" }}");
    let said = json!({"type": "message", "group": "g1", "person": "p1", "text": "在"});
    let heard = "p1// Member in shop/g1: «在»";
    assert_eq!(told(said.clone()), (heard.to_owned(), false));
    let out = json!({"type": "offline", "id": "o1", "why": "被踢下线"});
    assert_eq!(told(out.clone()), (account(false, "被踢下线"), true));
    // Told again it is the same event; whether it is news is not for us to say.
    assert_eq!(told(out), (account(false, "被踢下线"), true));
    assert_eq!(told(json!({"type": "online"})), (account(true, ""), false));
    assert!(told(json!([{"type": "online"}, {"type": "offline"}])).1);
    // Who hears people is there.
    assert_eq!(told(said), (format!("{}\n{heard}", account(true, "")), false));
    assert_eq!(
        told(json!({"type": "online", "why": "x"})).0,
        "400 $: `why` is not read here; the fields are type, id, time"
    );
}
