//! What Satori servers report, in the shapes that were recorded, with invented names.

use hyper::HeaderMap;
use qunying::chat::{Capability, Event, GatewayName, Happening, Moment, Role, Segment};
use qunying::gateway::satori::Events;
use qunying::gateway::{Arrival, Gateway, Refusal, Satori, SatoriSettings, SetAside};
use serde_json::{Value, json};

use crate::fake::{Answers, fake};

fn arrived() -> Arrival {
    Arrival {
        at: Moment::from_millis(5),
        nth: 0,
    }
}

fn gateway(edit: impl FnOnce(&mut SatoriSettings)) -> Gateway {
    let mut settings = SatoriSettings::new(GatewayName::new("qq"));
    settings.api = Some("http://127.0.0.1:5140/satori/v1/".to_owned());
    edit(&mut settings);
    Gateway::Satori(Satori::new(settings).unwrap())
}

fn hear(gateway: &Gateway, event: &Value) -> Result<Event, SetAside> {
    let frame = json!({"op": 0, "body": event}).to_string();
    let mut decoded = gateway
        .heard(&frame, arrived())
        .unwrap_or_else(|refusal| panic!("{event}: {refusal}"));
    match decoded.events.pop() {
        Some(event) => Ok(event),
        None => Err(decoded.set_aside.remove(0)),
    }
}

fn said() -> Value {
    json!({"sn": 7, "type": "message-created", "timestamp": 1_772_330_400_250_i64,
        "login": {"sn": 1, "platform": "qq", "user": {"id": "9000"}},
        "channel": {"id": "3001", "type": 0}, "guild": {"id": "3001", "name": "茶友会"}, "user": {"id": "7001", "name": "阿月"},
        "member": {"nick": "茶王", "roles": [{"id": "1", "name": "admin"}]},
        "message": {"id": "m-1", "content": "<at id=\"9000\"/> 在吗", "quote": {"id": "m-0", "content": "x"}}})
}

#[test]
fn a_message_has_what_stands_beside_it() {
    let event = hear(&gateway(|_| ()), &said()).unwrap();
    assert_eq!(
        (event.id.as_str(), event.at.millis()),
        ("qq/c3001/m-1", 1_772_330_400_250)
    );
    let Happening::Message(message) = event.happening else {
        panic!()
    };
    assert_eq!(message.group, Some("qq/3001".into()));
    assert_eq!(
        (message.name.as_str(), message.card.as_str(), message.role),
        ("阿月", "茶王", Role::Admin)
    );
    assert!(message.calls_bot && !message.own);
    assert_eq!(message.segments[0], Segment::Reply("m-0".into()));
}

#[test]
fn null_is_absent_and_older_shapes_are_read() {
    // Koishi's server writes the account beside the event, and what is not known as null.
    let mut old = said();
    old["login"] = Value::Null;
    old["platform"] = "qq".into();
    old["self_id"] = "9000".into();
    for key in ["member", "guild", "timestamp"] {
        old[key] = Value::Null;
    }
    old["message"]["quote"] = Value::Null;
    let event = hear(&gateway(|_| ()), &old).unwrap();
    assert_eq!(event.at, arrived().at);
    let Happening::Message(message) = event.happening else {
        panic!()
    };
    assert!(message.calls_bot && !message.own);
    assert_eq!(message.group, Some("qq/3001".into()), "a channel without a guild");
    let mut direct = said();
    direct["guild"] = Value::Null;
    direct["channel"] = json!({"id": "private:7001", "type": 1});
    let Happening::Message(message) = hear(&gateway(|_| ()), &direct).unwrap().happening else {
        panic!()
    };
    assert_eq!(message.group, None);
}

#[test]
fn the_greeting_says_where_to_go_on() {
    let gateway = gateway(|it| it.token = Some("sesame".into()));
    let greeting = |gateway: &Gateway| serde_json::from_str::<Value>(&gateway.greeting().unwrap()).unwrap();
    assert_eq!(greeting(&gateway), json!({"op": 3, "body": {"token": "sesame"}}));
    hear(&gateway, &said()).unwrap();
    let again = json!({"op": 3, "body": {"token": "sesame", "sn": 7, "sequence": 7}});
    assert_eq!(greeting(&gateway), again);
    // A server that began anew counts anew.
    let mut first = said();
    first["sn"] = 0.into();
    hear(&gateway, &first).unwrap();
    assert_eq!(greeting(&gateway)["body"]["sn"], 0);
}

#[test]
fn events_of_one_kind_are_told_apart_by_whom_and_when() {
    let joined = |user: &str, stamp: i64| json!({"sn": 1, "type": "guild-member-added", "timestamp": stamp, "guild": {"id": "3001"}, "user": {"id": user}});
    let id = |event: &Value| hear(&gateway(|_| ()), event).unwrap().id;
    let one = id(&joined("7001", 1_772_330_400_250));
    assert_eq!(one.as_str(), "qq/guild-member-added/3001/7001/1772330400250");
    assert_ne!(one, id(&joined("7002", 1_772_330_400_250)));
    assert_ne!(one, id(&joined("7001", 1_772_330_400_251)));
    let mut later = joined("7001", 1_772_330_400_250);
    later["sn"] = 99.into();
    assert_eq!(one, id(&later), "the number is none of its identity");
}

#[test]
fn what_is_not_listened_to_is_set_aside() {
    let gateway = gateway(|_| ());
    for (kind, reason) in [
        ("login-added", SetAside::Meta),
        ("friend-request", SetAside::Request),
        ("interaction/button", SetAside::NotListenedTo),
        ("internal", SetAside::NotListenedTo),
        ("new-in-v2", SetAside::NotListenedTo),
    ] {
        assert_eq!(
            hear(&gateway, &json!({"sn": 1, "type": kind, "timestamp": 1})),
            Err(reason),
            "{kind}"
        );
    }
    let changed = json!({"sn": 1, "type": "guild-updated", "timestamp": 1, "guild": {"id": "3001", "name": "春茶"}});
    let group = "qq/3001".into();
    assert_eq!(
        hear(&gateway, &changed),
        Err(SetAside::Changed { group }),
        "the list is read again"
    );
    for op in [2, 4, 5] {
        let frame = json!({"op": op, "body": {"logins": [], "proxy_urls": []}}).to_string();
        assert_eq!(gateway.heard(&frame, arrived()).unwrap().set_aside, [SetAside::Meta]);
    }
    for frame in [
        "",
        "5",
        "{}",
        "{\"op\":0,\"body\":[]}",
        "{\"op\":0,\"body\":{\"type\":\"message-created\"}}",
    ] {
        assert!(
            matches!(gateway.heard(frame, arrived()), Err(Refusal::Malformed { .. })),
            "{frame}"
        );
    }
}

#[test]
fn the_only_account_is_ours_and_what_it_lists_is_what_it_can_do() {
    let gateway = gateway(|_| ());
    assert!(gateway.capabilities().contains(&Capability::Kick));
    let login = |user: &str| {
        json!({"sn": 1, "platform": "qq", "user": {"id": user}, "status": 1,
            "features": ["message.create", "guild.member.list", "user.channel.create"]})
    };
    let ready = |logins: Value| json!({"op": 4, "body": {"logins": logins, "proxy_urls": []}}).to_string();
    gateway.heard(&ready(json!([login("9000")])), arrived()).unwrap();
    let can = gateway.capabilities();
    assert!(
        can.contains(&Capability::Whisper) && !can.contains(&Capability::Kick) && !can.contains(&Capability::SetCard)
    );
    let mut others = said();
    others["login"]["user"]["id"] = "9009".into();
    assert_eq!(
        hear(&gateway, &others),
        Err(SetAside::NotListenedTo),
        "what happened to another account"
    );
    assert!(hear(&gateway, &said()).is_ok());
}

#[test]
fn posted_events_have_an_opcode() {
    let gateway = gateway(|it| it.events = Events::Posted);
    assert!(!gateway.is_signed());
    let mut headers = HeaderMap::new();
    for (op, events) in [("0", 1), ("5", 0)] {
        headers.insert("Satori-OpCode", op.parse().unwrap());
        let decoded = gateway
            .decode(&headers, None, said().to_string().as_bytes(), arrived())
            .unwrap();
        assert_eq!(decoded.events.len(), events);
    }
    let first =
        json!({"sn": 2, "type": "login-added", "timestamp": 1, "login": {"platform": "qq", "user": {"id": "1"}}});
    headers.remove("Satori-OpCode");
    let decoded = gateway
        .decode(&headers, None, first.to_string().as_bytes(), arrived())
        .unwrap();
    assert_eq!(decoded.set_aside, [SetAside::Meta]);
}

/// What is told of our account, as lines; nothing where it is no news.
fn told(gateway: &Gateway, frame: &Value) -> String {
    let decoded = gateway.heard(&frame.to_string(), arrived()).unwrap();
    let lines = decoded.events.iter().map(|event| match &event.happening {
        Happening::Account { online, why, .. } => format!("online {online} {why}").trim().to_owned(),
        Happening::Message(_) => "said".to_owned(),
        other => format!("{other:?}"),
    });
    lines.collect::<Vec<_>>().join(", ")
}

#[test]
fn an_account_is_logged_in_or_out_as_its_login_says() {
    let gateway = gateway(|_| ());
    let login = |user: &str, status: Value| json!({"platform": "qq", "user": {"id": user}, "status": status});
    let event =
        |kind: &str, login: Value| json!({"op": 0, "body": {"sn": 1, "type": kind, "timestamp": 1, "login": login}});
    let ready = |status: i64| json!({"op": 4, "body": {"logins": [login("9000", status.into())]}});
    let updated = |status: i64| event("login-updated", login("9000", status.into()));
    let table = [
        (ready(1), ""),
        (updated(0), "online false OFFLINE"),
        // Told again, and on its way back: no news.
        (updated(0), ""),
        (updated(2), ""),
        (updated(1), "online true"),
        // A connection that is made again is neither.
        (updated(4), ""),
        (event("login-updated", login("9009", 0.into())), ""),
        (updated(3), "online false DISCONNECT"),
        (ready(1), "online true"),
        (
            event("login-removed", login("9000", Value::Null)),
            "online false login-removed",
        ),
        (event("login-added", login("9000", Value::Null)), "online true"),
        (ready(0), "online false OFFLINE"),
        // Who hears people is there.
        (json!({"op": 0, "body": said()}), "online true, said"),
    ];
    for (frame, expected) in table {
        assert_eq!(told(&gateway, &frame), expected, "{frame}");
        assert_eq!(
            gateway.presence().unwrap().is_away(),
            match expected {
                "" => gateway.presence().unwrap().is_away(),
                news => news.starts_with("online false"),
            }
        );
    }
    // Which of several is ours is not known, so nothing is.
    let two = json!({"op": 4, "body": {"logins": [login("1", 1.into()), login("2", 0.into())]}});
    let several = self::gateway(|_| ());
    assert_eq!(told(&several, &two), "");
    assert_eq!(told(&several, &event("login-removed", login("2", Value::Null))), "");
    let named = self::gateway(|it| (it.platform, it.bot) = (Some("qq".to_owned()), Some("2".to_owned())));
    assert_eq!(told(&named, &two), "online false OFFLINE");
}

#[tokio::test]
async fn an_account_is_asked_whether_it_is_logged_in() {
    for (status, answer, expected) in [
        (200, r#"{"platform":"qq","user":{"id":"9000"},"status":1}"#, Some(true)),
        (200, r#"{"platform":"qq","user":{"id":"9000"},"status":0}"#, Some(false)),
        (200, r#"{"platform":"qq","user":{"id":"9000"},"status":4}"#, None),
        (200, r#"{"platform":"qq","user":{"id":"9000"}}"#, Some(true)),
        (404, "", None),
        (502, "", None),
    ] {
        let fake = fake(Answers::With(status, "", answer)).await;
        let gateway = gateway(|it| {
            it.api = Some(fake.address.clone());
            (it.platform, it.bot) = (Some("qq".to_owned()), Some("9000".to_owned()));
        });
        assert_eq!(gateway.is_online().await, expected, "{status} {answer}");
        assert!(fake.calls().iter().all(|call| call.path == "/v1/login.get"));
    }
}
