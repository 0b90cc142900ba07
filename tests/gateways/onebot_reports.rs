//! Reports of OneBot v11 gateways in the shapes they really have.

use std::collections::BTreeSet;

use hyper::HeaderMap;
use proptest::prelude::*;
use qunying::chat::{EventId, GatewayName, Happening, Moment};
use qunying::gateway::{Decoded, OneBot11, OneBot11Settings, Refusal};
use serde_json::{Value, json};

use crate::telling::{arrival, tell};

fn decode(body: &[u8]) -> Result<Decoded, Refusal> {
    let onebot = OneBot11::new(OneBot11Settings::new(GatewayName::new("qq"))).unwrap();
    onebot.decode(&HeaderMap::new(), body, arrival())
}

#[track_caller]
fn check(report: Value, expected: &str) {
    assert_eq!(tell(decode(report.to_string().as_bytes())), expected, "{report}");
}

fn id_of(report: &Value) -> EventId {
    decode(report.to_string().as_bytes()).unwrap().events[0].id.clone()
}

/// A group message with some fields put in place of the usual ones; null takes a field out.
fn message(changes: Value) -> Value {
    with(
        json!({
            "time": 1772330400, "self_id": 10001, "post_type": "message", "message_type": "group", "sub_type": "normal",
            "message_id": 301, "group_id": 3001, "user_id": 7001, "anonymous": null, "font": 0,
            "message": [{"type": "text", "data": {"text": "签到"}}], "raw_message": "签到",
            "sender": {"user_id": 7001, "nickname": "lin", "card": "小林", "role": "member", "level": "1"},
        }),
        changes,
    )
}

fn notice(kind: &str, changes: Value) -> Value {
    let base = json!({
        "time": 1772330400, "self_id": 10001, "post_type": "notice", "notice_type": kind,
        "group_id": 3001, "user_id": 7001, "operator_id": 7002,
    });
    with(base, changes)
}

fn with(mut report: Value, changes: Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        if value.is_null() {
            report.as_object_mut().unwrap().remove(key);
        } else {
            report[key] = value.clone();
        }
    }
    report
}

#[test]
fn a_message_is_read_in_all_three_forms() {
    let said = "7001/lin/小林 Member in qq/3001: «hi » @7002 «!»";
    check(message(json!({"message": "hi [CQ:at,qq=7002]!"})), said);
    let segments = json!([
        {"type": "text", "data": {"text": "hi "}}, {"type": "at", "data": {"qq": 7002, "name": "wang"}}, "!"
    ]);
    check(message(json!({"message": segments})), said);
    check(
        message(json!({"message": {"type": "text", "data": {"text": "签到"}}})),
        "7001/lin/小林 Member in qq/3001: «签到»",
    );
    check(
        message(json!({"message": null})),
        "7001/lin/小林 Member in qq/3001: «签到»",
    );
    check(
        message(json!({"message": null, "raw_message": null})),
        "7001/lin/小林 Member in qq/3001: ",
    );
}

#[test]
fn segments_of_every_kind_are_kept_as_what_they_are() {
    let row = json!([
        {"type": "reply", "data": {"id": -55}}, {"type": "at", "data": {"qq": "all"}},
        {"type": "image", "data": {"file": "a.jpg", "url": "https://img.example/a"}},
        {"type": "image", "data": {"file": "b.jpg", "url": ""}},
        {"type": "face", "data": {"id": "14"}}, {"type": "rps", "data": null}, {"type": "dice"},
        {"type": "at", "data": {"qq": 0}}, {"type": "text", "data": {"text": 5}}, {"type": "text", "data": {"text": ""}},
        {"type": "newer_than_us", "data": {"deep": {"er": []}}},
    ]);
    check(
        message(json!({"message": row})),
        "7001/lin/小林 Member in qq/3001: reply -55 @everybody image https://img.example/a image b.jpg other face \
         other rps other dice other at «5» other newer_than_us",
    );
}

#[test]
fn ids_are_numbers_or_texts_negative_or_large() {
    let report = message(json!({"message_id": -2147483648i64, "group_id": "3001", "user_id": 9007199254740993u64}));
    assert_eq!(id_of(&report).as_str(), "qq/10001/g3001/-2147483648");
    check(report, "9007199254740993/lin/小林 Member in qq/3001: «签到»");
    check(
        message(json!({"group_id": "55@chatroom", "user_id": "wxid_abc"})),
        "wxid_abc/lin/小林 Member in qq/55@chatroom: «签到»",
    );
    for (bad, why) in [
        (
            json!(1.5),
            "an id is a whole number of at most 64 bits, or a text in quotes",
        ),
        (
            json!(1e30),
            "an id is a whole number of at most 64 bits, or a text in quotes",
        ),
        (json!(""), "an id may not be empty"),
        (json!("a\u{0}b"), "an id may not hold control characters"),
        (json!(["x"]), "an id is a number or a text, not a list"),
        (json!("x".repeat(257)), "an id is at most 256 bytes long"),
    ] {
        check(message(json!({"user_id": bad})), &format!("400 $.user_id: {why}"));
    }
}

#[test]
fn the_same_message_told_again_is_the_same_event() {
    let once = message(json!({}));
    let again = message(json!({"message": "签到", "message_seq": 301, "real_id": 301, "group_name": "茶友会"}));
    assert_eq!(id_of(&once), id_of(&again));
    assert_ne!(id_of(&once), id_of(&message(json!({"group_id": 3002}))));
    let private = message(json!({"message_type": "private", "group_id": null, "sub_type": "friend"}));
    assert_eq!(id_of(&private).as_str(), "qq/10001/p7001/301");
    let without = message(json!({"message_id": null}));
    assert!(id_of(&without).as_str().starts_with("qq/message/"));
    assert_ne!(
        id_of(&without),
        id_of(&message(json!({"message_id": 0, "time": 1772330401})))
    );
}

#[test]
fn what_the_bot_said_itself_is_marked() {
    check(
        message(json!({"user_id": 10001})),
        "10001/lin/小林 Member in qq/3001 (own): «签到»",
    );
    check(
        message(json!({"user_id": "10001"})),
        "10001/lin/小林 Member in qq/3001 (own): «签到»",
    );
    check(
        message(json!({"post_type": "message_sent", "message_sent_type": "self", "user_id": 10001})),
        "10001/lin/小林 Member in qq/3001 (own): «签到»",
    );
}

#[test]
fn a_header_that_names_another_self_is_not_believed() {
    let onebot = OneBot11::new(OneBot11Settings::new(GatewayName::new("qq"))).unwrap();
    let headers = HeaderMap::from_iter([("x-self-id".parse().unwrap(), "7001".parse().unwrap())]);
    let report = message(json!({"self_id": 61830248631u64})).to_string();
    let told = tell(onebot.decode(&headers, report.as_bytes(), arrival()));
    assert_eq!(told, "7001/lin/小林 Member in qq/3001: «签到»");
}

#[test]
fn a_sender_may_be_incomplete() {
    check(
        message(json!({"sender": {"nickname": "lin"}})),
        "7001/lin/ Member in qq/3001: «签到»",
    );
    check(message(json!({"sender": null})), "7001// Member in qq/3001: «签到»");
    check(
        message(json!({"sender": {"card": 520, "role": "owner"}})),
        "7001//520 Owner in qq/3001: «签到»",
    );
    check(
        message(json!({"sender": {"role": "archon"}})),
        "7001// Member in qq/3001: «签到»",
    );
}

#[test]
fn nobody_in_particular_collects_nothing() {
    check(message(json!({"sub_type": "anonymous"})), "set aside: anonymous");
    check(
        message(json!({"anonymous": {"id": 1, "name": "x", "flag": "f"}})),
        "set aside: anonymous",
    );
    check(message(json!({"sub_type": "notice"})), "set aside: system_hint");
    check(message(json!({"message_type": "guild"})), "set aside: not_listened_to");
    check(message(json!({"user_id": null})), "400 $: `user_id` is missing");
    check(message(json!({"group_id": null})), "400 $: `group_id` is missing");
}

#[test]
fn people_come_and_go() {
    let came = |changes| notice("group_increase", changes);
    check(
        came(json!({"sub_type": "approve"})),
        "7001 joined qq/3001 Approved by 7002",
    );
    check(
        came(json!({"sub_type": "invite"})),
        "7001 joined qq/3001 Invited by 7002",
    );
    check(came(json!({"operator_id": 0})), "7001 joined qq/3001 Unknown");
    check(came(json!({"user_id": 10001})), "bot joined qq/3001");
    check(came(json!({"user_id": 0})), "set aside: unresolved_member");
    let went = |changes| notice("group_decrease", changes);
    check(
        went(json!({"sub_type": "leave", "operator_id": 7001})),
        "7001 left qq/3001 Left",
    );
    check(
        went(json!({"sub_type": "leave", "operator_id": 0})),
        "7001 left qq/3001 Left",
    );
    check(went(json!({"sub_type": "kick"})), "7001 left qq/3001 Kicked by 7002");
    check(
        went(json!({"sub_type": "leave", "user_id": 0})),
        "set aside: unresolved_member",
    );
    check(
        went(json!({"sub_type": "leave", "user_id": 10001})),
        "bot removed qq/3001",
    );
    check(
        went(json!({"sub_type": "kick_me", "user_id": 0})),
        "bot removed qq/3001",
    );
    check(
        went(json!({"sub_type": "disband", "user_id": 0})),
        "bot removed qq/3001",
    );
}

#[test]
fn names_cards_and_second_thoughts() {
    check(
        notice("group_card", json!({"card_new": "茶王", "card_old": ""})),
        "7001 card in qq/3001 «茶王»",
    );
    check(notice("group_card", json!({"card_new": ""})), "7001 card in qq/3001 «»");
    check(
        notice("group_recall", json!({"message_id": -9})),
        "7001 recalled -9 in qq/3001",
    );
    check(
        notice("notify", json!({"sub_type": "group_name", "name_new": "春茶群"})),
        "qq/3001 renamed «春茶群» by 7001",
    );
    check(
        notice(
            "notify",
            json!({"sub_type": "group_name", "name_new": "春茶群", "user_id": 0}),
        ),
        "qq/3001 renamed «春茶群»",
    );
}

#[test]
fn what_nobody_listens_to_is_accepted_without_events() {
    for kind in [
        "group_admin",
        "group_ban",
        "group_upload",
        "friend_add",
        "essence",
        "from_the_future",
    ] {
        check(notice(kind, json!({})), "set aside: not_listened_to");
    }
    check(
        notice("notify", json!({"sub_type": "poke", "target_id": 10001})),
        "set aside: not_listened_to",
    );
    check(
        json!({"post_type": "request", "request_type": "group", "flag": "f"}),
        "set aside: request",
    );
    let beat =
        json!({"post_type": "meta_event", "meta_event_type": "heartbeat", "self_id": 1, "status": {"online": null}});
    check(beat, "set aside: meta");
    check(json!({"post_type": "poem"}), "set aside: not_listened_to");
}

#[test]
fn an_account_that_is_thrown_out_is_told_once_and_is_back_once_somebody_is_heard() {
    let onebot = OneBot11::new(OneBot11Settings::new(GatewayName::new("qq"))).unwrap();
    let told = |report: Value| tell(onebot.decode(&HeaderMap::new(), report.to_string().as_bytes(), arrival()));
    let beat = |online: bool| {
        json!({"post_type": "meta_event", "meta_event_type": "heartbeat", "self_id": 1, "time": 1772330400,
            "status": {"online": online, "good": true}, "interval": 5000})
    };
    assert_eq!(told(beat(true)), "set aside: meta");
    let thrown_out = notice("bot_offline", json!({"tag": "下线通知", "message": "账号在别处登录"}));
    assert_eq!(
        told(thrown_out.clone()),
        "Account { gateway: GatewayName(qq), online: false, why: \"下线通知 账号在别处登录\" }"
    );
    assert!(onebot.presence().is_away());
    assert_eq!(told(beat(false)), "set aside: meta");
    assert_eq!(told(thrown_out), "set aside: not_listened_to");
    let heard = told(message(json!({})));
    assert!(
        heard.starts_with("Account { gateway: GatewayName(qq), online: true, why: \"\" }\n7001/"),
        "{heard}"
    );
    assert!(!onebot.presence().is_away());
    assert!(told(beat(false)).contains("online: false"));
    assert!(told(beat(true)).contains("online: true"));
}

#[test]
fn notices_are_known_by_their_whole_body() {
    let joined = notice("group_increase", json!({}));
    assert_eq!(id_of(&joined), id_of(&joined));
    let others = [
        json!({"user_id": 7003}),
        json!({"time": 1772330401}),
        json!({"group_id": 3002}),
    ];
    let ids: BTreeSet<EventId> = others
        .into_iter()
        .map(|other| id_of(&notice("group_increase", other)))
        .collect();
    assert_eq!(ids.len(), 3);
    assert!(!ids.contains(&id_of(&joined)));
}

#[test]
fn time_is_in_seconds_and_may_be_missing() {
    let at = |time: Value| {
        decode(message(json!({"time": time})).to_string().as_bytes())
            .unwrap()
            .events[0]
            .at
    };
    assert_eq!(at(json!(1772330399)), Moment::from_seconds(1772330399));
    assert_eq!(at(json!("1772330399")), Moment::from_seconds(1772330399));
    assert_eq!(at(json!(1772330399123i64)), Moment::from_millis(1772330399123));
    for unknown in [json!(null), json!(0), json!(-5)] {
        assert_eq!(at(unknown), arrival().at);
    }
}

#[test]
fn what_cannot_be_read_is_400_with_the_place() {
    let refused = |body: &str| tell(decode(body.as_bytes()));
    assert!(refused("").starts_with("400 line 1 column 0: EOF"), "{}", refused(""));
    assert_eq!(refused("[]"), "400 $: an object is wanted here, not a list");
    assert_eq!(refused("{}"), "400 $: `post_type` is missing");
    assert!(refused(r#"{"post_type":"notice","post_type":"message"}"#).contains("key `post_type` stands twice"));
    assert!(refused(r#"{"post_type":"meta_event","a":[{"b":{"c":1,"c":1}}]}"#).contains("key `c` stands twice"));
    assert!(refused(r#"{"post_type":"meta_event"} {}"#).starts_with("400 line 1 column"));
    assert!(refused(&"[".repeat(1_000_000)).starts_with("400 line 1 column 128"));
    assert!(refused(r#"{"post_type":"\ud800"}"#).starts_with("400"));
    assert!(tell(decode(b"{\"post_type\":\"\xff\"}")).starts_with("400"));
    check(
        message(json!({"message": [5]})),
        "400 $.message[0]: an object is wanted here, not a number",
    );
    check(
        message(json!({"message": [{"data": {}}]})),
        "400 $.message[0]: `type` is missing",
    );
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!([])),
        Just(json!({"type": "at", "data": {"qq": []}})),
    ]
}

proptest! {
    #[test]
    fn no_bytes_can_break_it(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&body);
    }

    #[test]
    fn no_field_can_break_it(key in 0usize..12, value in scalar(), kind in 0usize..4) {
        let keys = ["time", "self_id", "message_id", "group_id", "user_id", "message", "sender", "sub_type",
                    "operator_id", "card_new", "anonymous", "name_new"];
        let base = match kind {
            0 => message(json!({})),
            1 => notice("group_increase", json!({})),
            2 => notice("group_recall", json!({"message_id": 1})),
            _ => notice("notify", json!({"sub_type": "group_name", "name_new": "x"})),
        };
        if let Ok(decoded) = decode(with(base, json!({keys[key]: value})).to_string().as_bytes()) {
            prop_assert_eq!(decoded.events.len() + decoded.set_aside.len(), 1);
            for event in decoded.events {
                prop_assert!(!matches!(event.happening, Happening::OrderPaid(_)));
            }
        }
    }
}
