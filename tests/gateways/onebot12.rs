//! What OneBot v12 implementations report and answer, in the shapes that were recorded, with invented names.

use std::time::Duration;

use hyper::HeaderMap;
use qunying::chat::{Capability, Deed, Event, GatewayName, Happening, Moment, Outcome, Segment};
use qunying::gateway::{Arrival, BadSettings, Confirmed, Gateway, OneBot12, OneBot12Settings, Refusal, SetAside};
use serde_json::{Value, json};

use crate::fake::{Answers, action, fake};

fn arrived() -> Arrival {
    Arrival {
        at: Moment::from_millis(5),
        nth: 0,
    }
}

fn gateway(edit: impl FnOnce(&mut OneBot12Settings)) -> Gateway {
    let mut settings = OneBot12Settings::new(GatewayName::new("wx"));
    settings.timeout = Duration::from_millis(300);
    edit(&mut settings);
    Gateway::OneBot12(OneBot12::new(settings).unwrap())
}

fn read(report: &Value) -> Result<Event, SetAside> {
    let decoded = gateway(|_| ()).decode(&HeaderMap::new(), None, report.to_string().as_bytes(), arrived());
    let mut decoded = decoded.unwrap_or_else(|refusal| panic!("{report}: {refusal}"));
    match decoded.events.pop() {
        Some(event) => Ok(event),
        None => Err(decoded.set_aside.remove(0)),
    }
}

fn said(message: Value) -> Value {
    json!({"id": "e-1", "time": 1_772_330_400.25, "type": "message", "detail_type": "group", "sub_type": "",
        "self": {"platform": "wechat", "user_id": "wxid_bot"}, "message_id": "m-1", "message": message, "alt_message": "茶",
        "group_id": "3001@chatroom", "user_id": "wxid_yue"})
}

fn segments(message: Value) -> Vec<Segment> {
    match read(&said(message)).unwrap().happening {
        Happening::Message(message) => message.segments,
        other => panic!("{other:?}"),
    }
}

#[test]
fn times_have_a_fraction_and_ids_are_texts() {
    let event = read(&said(json!([]))).unwrap();
    assert_eq!((event.id.as_str(), event.at.millis()), ("wx/e-1", 1_772_330_400_250));
    for (time, millis) in [
        (json!(1_772_330_400), 1_772_330_400_000),
        (json!(1_772_330_400.062_5), 1_772_330_400_062),
        (json!("1772330400.5"), 1_772_330_400_500),
        (json!(1_772_330_400_123_i64), 1_772_330_400_123),
        (json!(0), 5),
        (json!(-3.5), 5),
        (Value::Null, 5),
        (json!("soon"), 5),
        (json!(1e300), 5),
    ] {
        let mut report = said(json!([]));
        report["time"] = time.clone();
        assert_eq!(read(&report).unwrap().at.millis(), millis, "{time}");
    }
    let mut nameless = said(json!([]));
    nameless["id"] = "".into();
    let id = read(&nameless).unwrap().id;
    assert!(id.as_str().starts_with("wx/event/") && id == read(&nameless).unwrap().id);
}

#[test]
fn segments_of_the_specification_and_of_comwechat() {
    let text = |words: &str| Segment::Text(words.to_owned());
    assert_eq!(
        segments(json!([
            {"type": "text", "data": {"text": "看 "}}, {"type": "mention", "data": {"user_id": "wxid_wang"}},
            {"type": "mention_all", "data": {}}, {"type": "image", "data": {"file_id": "f-1"}},
            {"type": "reply", "data": {"message_id": "m-0", "user_id": ""}}, {"type": "voice", "data": {"file_id": "f-2"}},
            {"type": "wx.link", "data": {"title": "茶单", "des": "", "url": "https://x.example"}}, {"type": "wx.app", "data": null},
        ])),
        [
            text("看 "),
            Segment::Mention("wx/wxid_wang".into()),
            Segment::MentionAll,
            Segment::Image("f-1".to_owned()),
            Segment::Reply("m-0".into()),
            Segment::Other("voice".to_owned()),
            Segment::Link {
                url: "https://x.example".to_owned(),
                title: "茶单".to_owned()
            },
            Segment::Other("wx.app".to_owned()),
        ]
    );
    assert_eq!(segments(json!("words")), [text("words")]);
    assert_eq!(
        segments(json!({"type": "text", "data": {"text": "one"}})),
        [text("one")]
    );
    assert_eq!(
        segments(Value::Null),
        [text("茶")],
        "what is left is the text beside it"
    );
}

fn notice(detail: &str, edit: impl FnOnce(&mut Value)) -> Value {
    let mut report = json!({"id": "e-2", "time": 1, "type": "notice", "detail_type": detail, "sub_type": "",
        "self": {"platform": "wechat", "user_id": "wxid_bot"}, "group_id": "3001@chatroom", "user_id": "wxid_yue",
        "operator_id": "", "message_id": "m-1"});
    edit(&mut report);
    report
}

#[test]
fn an_empty_operator_is_nobody_and_an_empty_member_is_looked_up() {
    let joined = read(&notice("group_member_increase", |_| ())).unwrap();
    assert!(matches!(joined.happening, Happening::Joined { by: None, .. }));
    let recalled = read(&notice("group_message_delete", |_| ())).unwrap();
    assert!(matches!(recalled.happening, Happening::Recalled { .. }));
    for detail in ["group_member_increase", "group_member_decrease"] {
        let unknown = read(&notice(detail, |it| it["user_id"] = "".into()));
        assert!(matches!(unknown, Err(SetAside::UnresolvedMember { .. })));
    }
}

#[test]
fn what_is_none_of_ours_is_set_aside() {
    let extension = |detail: &str| notice(detail, |_| ());
    assert_eq!(read(&extension("wx.get_group_poke")), Err(SetAside::NotListenedTo));
    assert_eq!(read(&extension("friend_increase")), Err(SetAside::NotListenedTo));
    for (kind, detail, reason) in [
        ("meta", "heartbeat", SetAside::Meta),
        ("meta", "connect", SetAside::Meta),
        ("request", "wx.friend_request", SetAside::Request),
        ("future", "x", SetAside::NotListenedTo),
        ("message", "channel", SetAside::NotListenedTo),
    ] {
        let report = json!({"id": "e", "time": 1, "type": kind, "detail_type": detail, "sub_type": "", "user_id": "1"});
        assert_eq!(read(&report), Err(reason), "{kind}.{detail}");
    }
    let refused = |body: &str| {
        gateway(|_| ())
            .decode(&HeaderMap::new(), None, body.as_bytes(), arrived())
            .unwrap_err()
    };
    for body in [
        "",
        "[]",
        "{}",
        "{\"type\":5}",
        "not JSON",
        "{\"type\":\"message\",\"detail_type\":\"group\"}",
    ] {
        assert!(matches!(refused(body), Refusal::Malformed { .. }), "{body}");
    }
}

#[test]
fn an_account_is_named_whole_or_not_at_all() {
    let mut settings = OneBot12Settings::new(GatewayName::new("wx"));
    settings.bot = Some("wxid_bot".to_owned());
    let bad = OneBot12::new(settings).unwrap_err();
    assert!(matches!(
        bad,
        BadSettings::Alone {
            key: "bot",
            other: "platform",
            ..
        }
    ));
    assert_eq!(
        bad.to_string(),
        "[gateway.wx]: `bot` says nothing without `platform`; write both or neither"
    );
    assert!(bad.in_chinese().contains("只写 bot、不写 platform 没有意义"));
}

async fn outcome(body: &'static str) -> String {
    let fake = fake(Answers::With(200, "", body)).await;
    let gateway = gateway(|it| it.api = Some(fake.address.clone()));
    let deed = Deed::Say {
        group: "wx/3001@chatroom".into(),
        content: vec![Segment::Text("好".to_owned())],
    };
    match gateway.perform(&action(deed), Moment::START).await {
        Outcome::Done { message } => format!("done {}", message.map_or("-".to_owned(), |id| id.to_string())),
        Outcome::Refused { why } => format!("refused: {why}"),
        Outcome::Postponed { why, .. } => format!("postponed: {why}"),
        Outcome::Unknown { why, .. } => format!("unknown: {why}"),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn success_is_a_status_and_a_retcode_together() {
    for (body, expected) in [
        (
            r#"{"status":"ok","retcode":0,"data":{"message_id":"m-7"},"message":null,"echo":null}"#,
            "done m-7",
        ),
        (r#"{"status":"ok","retcode":0,"data":null,"message":""}"#, "done -"),
        (
            r#"{"status":"failed","retcode":10002,"data":null,"message":"没有"}"#,
            "refused: retcode 10002: 没有",
        ),
        (
            r#"{"status":"failed","retcode":20002,"data":null,"message":""}"#,
            "unknown: retcode 20002: ",
        ),
        (
            r#"{"status":"failed","retcode":34000,"message":"timed out"}"#,
            "unknown: retcode 34000: timed out",
        ),
        (
            r#"{"status":"failed","retcode":36000,"message":"累了"}"#,
            "postponed: retcode 36000: 累了",
        ),
        (r#"{"status":"ok","retcode":5}"#, "refused: retcode 5: "),
        (r#"{"status":"ok"}"#, "unknown: success without a retcode"),
        (r#"{"status":"failed"}"#, "refused: retcode none: "),
        (
            "OK",
            "unknown: HTTP 200: the answer is not OneBot's; is `api` the base address?",
        ),
    ] {
        assert_eq!(outcome(body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn what_it_can_do_is_asked_once_and_again_after_it_connected_anew() {
    let supported =
        r#"{"status":"ok","retcode":0,"data":["send_message","wx.delete_groupmember","get_supported_actions"]}"#;
    let fake = fake(Answers::With(200, "", supported)).await;
    let gateway = gateway(|it| it.api = Some(fake.address.clone()));
    let before = gateway.capabilities();
    assert!(before.contains(&Capability::RenameGroup) && !before.contains(&Capability::Kick));
    gateway.meet().await;
    gateway.meet().await;
    let asked: Vec<Value> = fake.calls().iter().map(|call| call.json()["action"].clone()).collect();
    assert_eq!(asked, ["get_supported_actions"]);
    let after = gateway.capabilities();
    assert!(!after.contains(&Capability::RenameGroup) && after.contains(&Capability::Kick));
    assert!(!after.contains(&Capability::SetCard));
    let connect = json!({"id": "e", "time": 1, "type": "meta", "detail_type": "connect", "sub_type": "",
        "version": {"impl": "x", "version": "2", "onebot_version": "12"}});
    gateway
        .decode(&HeaderMap::new(), None, connect.to_string().as_bytes(), arrived())
        .unwrap();
    assert_eq!(gateway.capabilities(), before);
}

#[tokio::test]
async fn a_name_is_read_back() {
    let answer = r#"{"status":"ok","retcode":0,"data":{"group_id":"1","group_name":"春茶 "}}"#;
    let fake = fake(Answers::With(200, "", answer)).await;
    let gateway = gateway(|it| it.api = Some(fake.address.clone()));
    for (name, confirmed) in [("春茶", Confirmed::Done), ("秋茶", Confirmed::NotDone)] {
        let rename = action(Deed::RenameGroup {
            group: "wx/1".into(),
            name: name.to_owned(),
        });
        assert_eq!(gateway.confirm(&rename).await, confirmed);
    }
}

#[test]
fn the_subprotocol_of_its_version_is_taken() {
    let gateway = gateway(|it| it.api = Some("reverse".to_owned()));
    for (offered, taken) in [
        ("12.ComWeChat", Some("12.ComWeChat")),
        ("11.x, 12.y", Some("12.y")),
        ("11.x", None),
        ("12", None),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert("sec-websocket-protocol", offered.parse().unwrap());
        let answer = gateway.subprotocol(&headers);
        assert_eq!(answer.as_ref().map(|it| it.to_str().unwrap()), taken, "{offered}");
    }
}
