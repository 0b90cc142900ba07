//! wechatbot-webhook: forms in, names as addresses, partial failures. Shapes as the real program 2.8.2 sends and answers
//! them; names are invented.

use std::time::Duration;

use hyper::HeaderMap;
use proptest::prelude::*;
use qunying::chat::{Deed, GatewayName, Moment, Outcome, Segment};
use qunying::gateway::names::{Met, Names};
use qunying::gateway::{Arrival, Gateway, Refusal, WechatBot, WechatBotSettings};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::fake::{Answers, Fake, action, fake};
use crate::telling::{arrival, tell};

const BOUNDARY: &str = "--------------------------015406372514713092145431";

fn bot(edit: impl FnOnce(&mut WechatBotSettings)) -> Gateway {
    let mut settings = WechatBotSettings::new(GatewayName::new("wx"));
    settings.bot = Some("茶小二".to_owned());
    settings.timeout = Duration::from_millis(300);
    edit(&mut settings);
    Gateway::WechatBot(WechatBot::new(settings).unwrap())
}

/// A form as node-fetch and form-data write it: no blank after the semicolon, no types on fields.
fn form(parts: &[(&str, &str)], file: Option<(&str, &str, &[u8])>) -> (HeaderMap, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in parts {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    if let Some((name, mime, bytes)) = file {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"content\"; filename=\"{name}\"\r\nContent-Type: {mime}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data;boundary={BOUNDARY}");
    let headers = HeaderMap::from_iter([("content-type".parse().unwrap(), kind.parse().unwrap())]);
    (headers, body)
}

fn person(id: &str, name: &str, alias: &str) -> Value {
    json!({"id": id, "payload": {"alias": alias, "avatar": "", "friend": false, "gender": 1, "id": id, "name": name, "phone": [], "type": 1}})
}

fn room(id: &str, topic: &str, members: &[(&str, &str)]) -> Value {
    let members: Vec<Value> = members
        .iter()
        .map(|(id, name)| json!({"id": id, "name": name, "alias": "", "avatar": ""}))
        .collect();
    json!({"id": id, "payload": {"adminIdList": [], "avatar": "", "id": id, "topic": topic, "memberList": members}})
}

fn source(room: Value, from: &Value) -> String {
    json!({"room": room, "to": {}, "from": from}).to_string()
}

fn text(source: &str, words: &str) -> (HeaderMap, Vec<u8>) {
    let fields = [
        ("source", source),
        ("isMentioned", "0"),
        ("isMsgFromSelf", "0"),
        ("isSystemEvent", "0"),
        ("type", "text"),
        ("content", words),
    ];
    form(&fields, None)
}

fn said(bot: &Gateway, (headers, body): (HeaderMap, Vec<u8>)) -> String {
    tell(bot.decode(&headers, None, &body, arrival()))
}

fn event(bot: &Gateway, kind: &str, content: &str) -> String {
    let fields = [
        ("source", "{\"room\":\"\",\"to\":\"\",\"from\":\"\"}"),
        ("isSystemEvent", "1"),
        ("type", kind),
        ("content", content),
    ];
    said(bot, form(&fields, None))
}

#[test]
fn what_is_said_in_a_group_comes_from_names() {
    let bot = bot(|_| ());
    let tea = room("@@1f", "茶友会", &[]);
    let ming = person("@a1", "小明", "");
    assert_eq!(
        said(&bot, text(&source(tea.clone(), &ming), "签到")),
        "n/小明/小明/ Member in wx/茶友会: «签到»"
    );
    let boss = person("@b2", "老王", "店长");
    assert_eq!(
        said(&bot, text(&source(tea.clone(), &boss), "@茶小二\u{2005}开奖")),
        "r/店长/老王/ Member in wx/茶友会: «开奖»"
    );
    assert_eq!(
        said(&bot, text(&source(json!({}), &ming), "你好")),
        "n/小明/小明/ Member in private: «你好»"
    );
}

#[test]
fn a_call_of_somebody_with_a_longer_name_is_none_of_the_bot() {
    let bot = bot(|_| ());
    let from = source(room("@@1f", "茶友会", &[]), &person("@a1", "小明", ""));
    let (headers, body) = text(&from, "@茶小二哥 在吗");
    let decoded = bot.decode(&headers, None, &body, arrival()).unwrap();
    assert!(format!("{:?}", decoded.events[0]).contains("calls_bot: false"));
    let (headers, body) = text(&from, "在吗 @茶小二");
    let decoded = bot.decode(&headers, None, &body, arrival()).unwrap();
    assert!(format!("{:?}", decoded.events[0]).contains("calls_bot: true"));
}

#[test]
fn files_links_and_friends() {
    let bot = bot(|_| ());
    let from = source(room("@@1f", "茶友会", &[]), &person("@a1", "小明", ""));
    let fields = [("source", from.as_str()), ("isMsgFromSelf", "1"), ("type", "file")];
    let picture = form(
        &fields,
        Some(("茶.jpg", "image/jpeg", b"\xff\xd8\r\n--not the boundary\r\n\x00")),
    );
    assert_eq!(
        said(&bot, picture),
        "n/小明/小明/ Member in wx/茶友会 (own): image 茶.jpg"
    );
    let voice = form(&fields, Some(("1.sil", "audio/silk", b"#!SILK")));
    assert!(said(&bot, voice).ends_with("other audio"));
    let link = r#"{"title":"春茶","description":"","url":"https://tea.example/1","thumbnailUrl":""}"#;
    let fields = [("source", from.as_str()), ("type", "urlLink"), ("content", link)];
    assert!(said(&bot, form(&fields, None)).ends_with("link https://tea.example/1 «春茶»"));
    assert_eq!(
        event(&bot, "friendship", r#"{"name":"小红","hello":"我是小红"}"#),
        "set aside: request"
    );
    assert_eq!(event(&bot, "unknown", "小红加入了群聊"), "set aside: system_hint");
    assert_eq!(event(&bot, "system_event_push_notify", "{}"), "set aside: meta");
    let fields = [("source", from.as_str()), ("type", "hologram"), ("content", "{}")];
    assert_eq!(said(&bot, form(&fields, None)), "set aside: not_listened_to");
}

#[test]
fn two_equal_messages_are_two_messages() {
    let bot = bot(|_| ());
    let (headers, body) = text(&source(room("@@1f", "茶友会", &[]), &person("@a1", "小明", "")), "签到");
    let id = |nth| {
        let arrived = Arrival { nth, ..arrival() };
        bot.decode(&headers, None, &body, arrived).unwrap().events[0]
            .id
            .to_string()
    };
    assert_ne!(id(1), id(2));
    assert!(id(1).starts_with("wx/1772330400000-1/"));
}

#[test]
fn a_group_keeps_its_id_when_its_name_changes() {
    let bot = bot(|_| ());
    let ming = person("@a1", "小明", "");
    said(&bot, text(&source(room("@@1f", "茶友会", &[]), &ming), "1"));
    assert_eq!(
        said(&bot, text(&source(room("@@1f", "春茶群", &[]), &ming), "2")),
        "wx/茶友会 renamed «春茶群»\nn/小明/小明/ Member in wx/茶友会: «2»"
    );
    // A login changes every id; the name is what lasts.
    event(
        &bot,
        "system_event_login",
        r#"{"event":"login","user":{"id":"@z","payload":{"name":"茶小二"}}}"#,
    );
    assert_eq!(
        said(
            &bot,
            text(&source(room("@@2f", "春茶群", &[]), &person("@a9", "小明", "")), "3")
        ),
        "n/小明/小明/ Member in wx/茶友会: «3»"
    );
    // Another group that takes the old name is another group.
    assert_eq!(
        said(
            &bot,
            text(&source(room("@@3f", "茶友会", &[]), &person("@a9", "小明", "")), "4")
        ),
        "n/小明/小明/ Member in wx/茶友会#2: «4»"
    );
}

#[test]
fn what_was_renamed_before_the_start_is_known_from_the_community_or_the_config() {
    let bot = bot(|settings| {
        settings.aliases.insert("夏茶群".to_owned(), "秋茶群".to_owned());
    });
    bot.learn_group(&"wx/茶友会".into(), "春茶群");
    bot.learn_person(&"wx/n/小明".into(), "明哥");
    let from = |topic: &str| source(room(&format!("@@{topic}"), topic, &[]), &person("@a1", "明哥", ""));
    assert_eq!(
        said(&bot, text(&from("春茶群"), "1")),
        "n/小明/明哥/ Member in wx/茶友会: «1»"
    );
    assert!(said(&bot, text(&from("夏茶群"), "2")).contains("in wx/秋茶群: «2»"));
}

#[test]
fn two_with_one_name_are_nobody_until_one_is_renamed() {
    let bot = bot(|_| ());
    let tea = || room("@@1f", "茶友会", &[]);
    said(&bot, text(&source(tea(), &person("@a1", "小明", "")), "签到"));
    assert_eq!(
        said(&bot, text(&source(tea(), &person("@a2", "小明", "")), "签到")),
        "set aside: same_name"
    );
    assert_eq!(
        said(&bot, text(&source(tea(), &person("@a1", "小明", "")), "签到")),
        "set aside: same_name"
    );
    // A remark is the operator's own and tells them apart.
    assert!(said(&bot, text(&source(tea(), &person("@a3", "小明", "店长")), "开奖")).starts_with("r/店长"));
    assert!(said(&bot, text(&source(tea(), &person("@a2", "小明二", "")), "签到")).starts_with("n/小明二"));
    assert!(said(&bot, text(&source(tea(), &person("@a1", "小明", "")), "签到")).starts_with("n/小明/"));
}

#[test]
fn staff_are_told_of_two_groups_with_one_name_when_it_is_seen_first() {
    let bot = bot(|_| ());
    let ming = person("@a1", "小明", "");
    let from = |id: &str, topic: &str| said(&bot, text(&source(room(id, topic, &[]), &ming), "在"));
    from("@@1", "茶友会");
    let clash = "Noticed { gateway: GatewayName(wx), notice: SameName { name: \"茶友会\" } }\nset aside: same_name";
    assert_eq!(from("@@2", "茶友会"), clash);
    assert_eq!(from("@@1", "茶友会"), "set aside: same_name");
    // Renamed, both are heard; if it happens again it is told again.
    assert!(from("@@2", "春茶会").contains("in wx/春茶会"));
    assert!(from("@@1", "茶友会").contains("in wx/茶友会"));
    assert_eq!(from("@@2", "茶友会"), clash);
}

#[test]
fn member_lists_come_with_messages_and_are_told_when_they_change() {
    let bot = bot(|_| ());
    let ming = person("@a1", "小明", "");
    let said = |members: &[(&str, &str)]| said(&bot, text(&source(room("@@1f", "茶友会", members), &ming), "在"));
    let two = [("@z", "茶小二"), ("@a1", "小明"), ("@a2", "小红")];
    assert!(said(&two).ends_with("roster wx/茶友会 «茶友会»: n/小明 n/小红"));
    assert!(!said(&two).contains("roster"));
    assert!(said(&two[..2]).contains("roster wx/茶友会 «茶友会»: n/小明"));
    // A list in which somebody has no name, or shares one, tells nothing.
    assert!(!said(&[("@a1", "小明"), ("@a2", "")]).contains("roster"));
    assert!(!said(&[("@a1", "小明"), ("@a2", "小红"), ("@a3", "小红")]).contains("roster"));
}

#[test]
fn what_cannot_be_read_says_where() {
    let bot = bot(|_| ());
    let check = |(headers, body): (HeaderMap, Vec<u8>), expected: &str| {
        assert_eq!(tell(bot.decode(&headers, None, &body, arrival())), expected);
    };
    check(form(&[("source", "{}")], None), "400 form: part `type` is missing");
    check(
        form(&[("type", "text"), ("type", "text")], None),
        "400 form: part `type` stands twice in one report",
    );
    check(
        text("{\"from\":", "x"),
        "400 part source, line 1 column 8: EOF while parsing a value at line 1 column 8",
    );
    check(text("{}", "x"), "400 part source, $.from: nobody said this");
    let (headers, mut body) = text("{}", "x");
    body.truncate(100);
    assert!(tell(bot.decode(&headers, None, &body, arrival())).starts_with("400 form: "));
    assert!(tell(bot.decode(&HeaderMap::new(), None, &body, arrival())).starts_with("400 header Content-Type: "),);
}

#[test]
fn the_secret_stands_in_the_address() {
    let open = bot(|_| ());
    assert!(!open.is_signed() && open.lets_in(None).is_ok());
    let bot = bot(|settings| settings.secret = Some(SecretString::from("a b&c")));
    assert!(bot.is_signed());
    assert_eq!(bot.lets_in(Some("secret=a%20b%26c")), Ok(()));
    for query in [
        None,
        Some(""),
        Some("secret="),
        Some("secret=a b"),
        Some("token=a%20b%26c"),
    ] {
        assert_eq!(bot.lets_in(query), Err(Refusal::WrongAddress), "{query:?}");
    }
}

const NOW: Moment = Moment::START;

fn sender(fake: &Fake) -> Gateway {
    bot(|settings| {
        settings.api = Some(fake.address.clone());
        settings.token = Some(SecretString::from("t+k"));
    })
}

fn say(group: &str) -> Deed {
    Deed::Say {
        group: group.into(),
        content: vec![
            Segment::Text("欢迎".to_owned()),
            Segment::Image("https://img.example/a,b.jpg".to_owned()),
            Segment::Link {
                url: "https://tea.example".to_owned(),
                title: "春茶".to_owned(),
            },
        ],
    }
}

const SENT: &str = r#"{"success":true,"message":"Message sent successfully","task":{"successCount":3,"totalCount":3,"failedCount":0,"reject":[],"sentFailed":[],"notFound":[]}}"#;

#[tokio::test]
async fn messages_go_to_the_name_a_group_has_now() {
    let fake = fake(Answers::With(200, "", SENT)).await;
    let gateway = sender(&fake);
    gateway.learn_group(&"wx/茶友会".into(), "春茶群");
    assert_eq!(
        gateway.perform(&action(say("wx/茶友会")), NOW).await,
        Outcome::Done { message: None }
    );
    let whisper = |person: &str| Deed::Whisper {
        person: person.into(),
        content: vec![Segment::Text("券码 A1".to_owned())],
    };
    gateway.perform(&action(whisper("wx/r/店长")), NOW).await;
    gateway.perform(&action(whisper("wx/n/小明")), NOW).await;
    let calls = fake.calls();
    assert_eq!(calls[0].path, "/webhook/msg/v2");
    assert_eq!(calls[0].query.as_deref(), Some("token=t%2Bk"));
    assert_eq!(
        calls[0].json(),
        json!({"to": "春茶群", "isRoom": true, "data": [
            {"type": "text", "content": "欢迎"},
            {"type": "fileUrl", "content": "https://img.example/a%2Cb.jpg"},
            {"type": "text", "content": "\n春茶 https://tea.example"},
        ]})
    );
    assert_eq!(calls[1].json()["to"], json!({"alias": "店长"}));
    assert_eq!(calls[2].json()["to"], json!("小明"));
    assert_eq!(calls[2].json()["isRoom"], json!(false));
}

#[tokio::test]
async fn nothing_is_sent_to_a_name_two_share() {
    let fake = fake(Answers::With(200, "", SENT)).await;
    let gateway = sender(&fake);
    for id in ["@@1", "@@2"] {
        said(
            &gateway,
            text(&source(room(id, "茶友会", &[]), &person("@a1", "小明", "")), "1"),
        );
    }
    let outcome = gateway.perform(&action(say("wx/茶友会")), NOW).await;
    assert!(
        matches!(&outcome, Outcome::Refused { why } if why.contains("two groups are called")),
        "{outcome:?}"
    );
    assert!(fake.calls().is_empty());
}

#[tokio::test]
async fn a_logged_out_account_sends_nothing_until_its_login() {
    let fake = fake(Answers::With(200, "", SENT)).await;
    let gateway = sender(&fake);
    event(&gateway, "system_event_logout", r#"{"event":"logout"}"#);
    assert!(gateway.presence().unwrap().is_away());
    assert!(matches!(
        gateway.perform(&action(say("wx/茶友会")), NOW).await,
        Outcome::Postponed { .. }
    ));
    assert!(fake.calls().is_empty());
    event(&gateway, "system_event_login", r#"{"event":"login"}"#);
    gateway.presence().unwrap().back().await;
    assert!(matches!(
        gateway.perform(&action(say("wx/茶友会")), NOW).await,
        Outcome::Done { .. }
    ));
}

#[tokio::test]
async fn what_became_of_each_part_is_told() {
    let task = |body: &'static str| Answers::With(200, "", body);
    let table = [
        (task(SENT), "Done"),
        (
            task(
                r#"{"success":true,"message":"Part of the message sent successfully","task":{"successCount":2,"totalCount":3,"failedCount":1,"reject":[],"sentFailed":[{"to":"茶友会","isRoom":true,"data":[{"type":"fileUrl","content":"x","error":"404"}]}],"notFound":[]}}"#,
            ),
            "Refused only 2 of 3 parts were sent: 404",
        ),
        (
            task(
                r#"{"success":false,"task":{"successCount":0,"totalCount":1,"failedCount":1,"reject":[],"sentFailed":[{"to":"茶友会","data":[{"error":"busy"}]}],"notFound":[]}}"#,
            ),
            "Postponed nothing was sent: busy",
        ),
        (
            task(
                r#"{"success":false,"task":{"successCount":0,"totalCount":1,"failedCount":1,"reject":[],"sentFailed":[],"notFound":[{"to":"茶友会","isRoom":true,"error":"Room is not found","data":{}}]}}"#,
            ),
            "Refused nobody of this name is there: Room is not found",
        ),
        (
            task(
                r#"{"success":false,"task":{"successCount":0,"totalCount":1,"failedCount":1,"reject":[{"error":"type 不能为空"}],"sentFailed":[],"notFound":[]}}"#,
            ),
            "Refused the gateway did not understand the message: type 不能为空",
        ),
        (task("OK"), "Unknown"),
        (task("{}"), "Unknown"),
        (
            Answers::With(
                401,
                "",
                r#"{"success":false,"message":"you must login first before sending messages"}"#,
            ),
            "Postponed HTTP 401: the account is not logged in",
        ),
        (
            Answers::With(401, "", "Unauthorized: Access is denied"),
            "Postponed HTTP 401: the gateway does not take our token",
        ),
        (Answers::With(404, "", ""), "Postponed HTTP 404"),
        (Answers::With(500, "", ""), "Unknown HTTP 500"),
        (Answers::With(503, "", ""), "Postponed HTTP 503"),
        (Answers::Never, "Unknown"),
        (Answers::ByHangingUp, "Unknown"),
        (Answers::NotThere, "Postponed"),
    ];
    for (answers, expected) in table {
        let fake = fake(answers.clone()).await;
        let told = match sender(&fake).perform(&action(say("wx/茶友会")), NOW).await {
            Outcome::Done { .. } => "Done".to_owned(),
            Outcome::Postponed { why, .. } => format!("Postponed {why}"),
            Outcome::Unknown { why, .. } => format!("Unknown {why}"),
            Outcome::Refused { why } => format!("Refused {why}"),
            other => format!("{other:?}"),
        };
        assert!(told.starts_with(expected), "{answers:?}: {told}");
    }
}

proptest! {
    #[test]
    fn no_bytes_can_break_it(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let (headers, _) = form(&[], None);
        let _ = bot(|_| ()).decode(&headers, None, &body, arrival());
    }

    #[test]
    fn no_form_can_break_it(
        source in "[\\[{\"a1}\\]:,]{0,8}|\\{\"from\":\\{\"id\":\"@a\",\"payload\":\\{\"name\":\"\\PC{0,20}\"\\}\\}\\}",
        kind in "(text|file|urlLink|system_event_login|unknown|\\PC{0,5})",
        content in "\\PC{0,40}",
    ) {
        let (headers, body) = form(&[("source", &source), ("type", &kind), ("content", &content)], None);
        let _ = bot(|_| ()).decode(&headers, None, &body, arrival());
    }

    /// Whatever names people take, in whatever order they are met: a lasting id never means two at once.
    #[test]
    fn nobody_is_mistaken_for_somebody_else(steps in proptest::collection::vec((0usize..5, 0usize..4), 1..60)) {
        let names = Names::default();
        let mut called: Vec<Option<usize>> = vec![None; 5];
        let mut owner = std::collections::BTreeMap::new();
        for (who, name) in steps {
            called[who] = Some(name);
            let met = names.meet(&format!("@{who}"), &format!("n{name}"));
            let shared = called.iter().filter(|it| **it == Some(name)).count() > 1;
            match met {
                Met::Shared => prop_assert!(shared),
                Met::One { id, .. } => {
                    prop_assert!(!shared);
                    prop_assert_eq!(names.address(&id), Some(format!("n{name}")));
                    prop_assert_eq!(*owner.entry(id).or_insert(who), who);
                }
            }
        }
    }
}
