//! Gateways we have no code for, connected by what docs/mappings says. Shapes as the programs send them, names invented.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::HeaderMap;
use proptest::prelude::*;
use qunying::chat::{Capability, Deed, Moment, Outcome, Segment};
use qunying::config::Config;
use qunying::gateway::Gateway;
use qunying::gateway::mapped::template::{Body, Filling, Hole};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::fake::{Answers, Fake, action, fake};
use crate::telling::{arrival, segments, tell};

const GEWECHAT: &str = include_str!("../../docs/mappings/gewechat.toml");
const PADPRO: &str = include_str!("../../docs/mappings/wechatpadpro.toml");
const FERRY: &str = include_str!("../../docs/mappings/wechatferry.toml");

/// The only gateway of a config, every variable of the environment standing for its own name.
fn gateway(text: &str) -> Arc<Gateway> {
    let mut plain = text.to_owned();
    while let Some(at) = plain.find("${") {
        let end = at + plain[at..].find('}').unwrap();
        plain.remove(end);
        plain.replace_range(at..at + 2, "");
    }
    let config = Config::from_text(&plain, "c.toml");
    let config = config.unwrap_or_else(|bad| panic!("{}", bad.iter().map(|it| format!("{it}\n")).collect::<String>()));
    config.gateways[0].clone()
}

/// The same, called at another address.
fn at(text: &str, fake: &Fake) -> Arc<Gateway> {
    let line = text.lines().find(|line| line.starts_with("api ")).unwrap();
    gateway(&text.replace(line, &format!("api = \"{}/base\"", fake.address)))
}

fn told(gateway: &Gateway, body: &Value) -> String {
    tell(gateway.decode(&HeaderMap::new(), None, body.to_string().as_bytes(), arrival()))
}

fn gewechat(kind: u32, from: &str, content: &str) -> Value {
    json!({
        "TypeName": "AddMsg", "Appid": "wx_app", "Wxid": "wxid_me",
        "Data": {
            "MsgId": 1040356095, "FromUserName": {"string": from}, "ToUserName": {"string": "wxid_me"},
            "MsgType": kind, "Content": {"string": content}, "Status": 3, "ImgStatus": 1, "ImgBuf": {"iLen": 0},
            "CreateTime": 1772330400, "MsgSource": "<msgsource></msgsource>", "PushContent": "小明 : 签到",
            "NewMsgId": 7773749793478223190i64, "MsgSeq": 640356095
        }
    })
}

#[test]
fn gewechat_is_read() {
    let gateway = gateway(GEWECHAT);
    let room = "34757816141@chatroom";
    assert_eq!(
        told(&gateway, &gewechat(1, room, "wxid_a:\n签到")),
        "wxid_a/小明/ Member in gewe/34757816141@chatroom: «签到»"
    );
    let mut called = gewechat(1, room, "wxid_a:\n@茶小二\u{2005}开奖");
    called["Data"]["MsgSource"] = json!("<msgsource><atuserlist><![CDATA[wxid_me,wxid_b]]></atuserlist></msgsource>");
    let decoded = gateway
        .decode(&HeaderMap::new(), None, called.to_string().as_bytes(), arrival())
        .unwrap();
    let event = &decoded.events[0];
    assert_eq!(event.id.as_str(), "gewe/7773749793478223190");
    assert_eq!(event.at, Moment::from_seconds(1_772_330_400));
    let qunying::chat::Happening::Message(message) = &event.happening else {
        panic!("{event:?}")
    };
    assert!(message.calls_bot);
    assert_eq!(segments(&message.segments), "@wxid_me @wxid_b «开奖»");
    assert_eq!(
        told(&gateway, &gewechat(1, "wxid_a", "你好:\n在吗")),
        "wxid_a/小明/ Member in private: «你好:\n在吗»"
    );
    // What the bot says itself is addressed to the group and has no speaker before it.
    let mut own = gewechat(1, "wxid_me", "公告:\n明天见");
    own["Data"]["ToUserName"]["string"] = json!(room);
    assert_eq!(
        told(&gateway, &own),
        "wxid_me/小明/ Member in gewe/34757816141@chatroom (own): «公告:\n明天见»"
    );
    assert!(told(&gateway, &gewechat(3, room, "wxid_a:\n<msg/>")).ends_with(": other picture"));
    assert!(told(&gateway, &gewechat(34, room, "wxid_a:\n<msg/>")).ends_with(": other 34"));
    assert_eq!(
        told(&gateway, &gewechat(10000, room, "小红加入了群聊")),
        "set aside: unresolved_member"
    );
    assert_eq!(
        told(&gateway, &gewechat(10000, "wxid_a", "已添加")),
        "set aside: system_hint"
    );
    assert_eq!(
        told(&gateway, &json!({"testMsg": "回调地址链接成功！", "token": "t"})),
        "set aside: not_listened_to"
    );
    assert!(!gateway.presence().unwrap().is_away());
    let offline = json!({"TypeName": "Offline", "Appid": "wx_app", "Wxid": "wxid_me"});
    assert_eq!(
        told(&gateway, &offline),
        "Account { gateway: GatewayName(gewe), online: false, why: \"\" }"
    );
    assert_eq!(told(&gateway, &offline), "set aside: meta");
    assert!(gateway.presence().unwrap().is_away());
    assert_eq!(
        told(&gateway, &gewechat(1, room, "wxid_a:\n在")),
        "Account { gateway: GatewayName(gewe), online: true, why: \"\" }\nwxid_a/小明/ Member in gewe/34757816141@chatroom: «在»"
    );
    assert!(!gateway.presence().unwrap().is_away());
}

#[test]
fn what_it_can_do_follows_from_what_is_written() {
    use Capability::{Kick, Mention, ReadMembers, RenameGroup, Say, Whisper};
    let gewechat = gateway(GEWECHAT);
    assert_eq!(
        gewechat.capabilities(),
        BTreeSet::from([Say, Whisper, Mention, RenameGroup, Kick, ReadMembers])
    );
    assert!(!gewechat.is_signed());
    assert_eq!(
        gateway(FERRY).capabilities(),
        BTreeSet::from([Say, Whisper, Mention, Kick])
    );
    assert!(gateway(PADPRO).is_signed());
}

fn say(group: &str) -> Deed {
    Deed::Say {
        group: group.into(),
        content: vec![
            Segment::Mention("gewe/wxid_a".into()),
            Segment::Text("欢迎\"},{\"x\":1} {group}".to_owned()),
        ],
    }
}

const NOW: Moment = Moment::START;

#[tokio::test]
async fn gewechat_is_called() {
    let done = r#"{"ret":200,"msg":"操作成功","data":{"toWxid":"x","createTime":1,"msgId":0,"newMsgId":3768973957878705021,"type":1}}"#;
    let fake = fake(Answers::With(200, "", done)).await;
    let gateway = at(GEWECHAT, &fake);
    told(&gateway, &gewechat(1, "1@chatroom", "wxid_a:\n签到"));
    let outcome = gateway.perform(&action(say("gewe/1@chatroom")), NOW).await;
    assert_eq!(
        outcome,
        Outcome::Done {
            message: Some("3768973957878705021".into())
        }
    );
    let call = &fake.calls()[0];
    assert_eq!(call.path, "/base/message/postText");
    assert_eq!(call.headers["x-gewe-token"], "GEWE_TOKEN");
    assert_eq!(
        call.json(),
        json!({"appId": "GEWE_APP_ID", "toWxid": "1@chatroom",
               "content": "@小明\u{2005}欢迎\"},{\"x\":1} {group}", "ats": "wxid_a"})
    );
    let kick = Deed::Kick {
        group: "gewe/1@chatroom".into(),
        person: "gewe/wxid_a".into(),
    };
    gateway.perform(&action(kick), NOW).await;
    assert_eq!(
        fake.calls()[1].json(),
        json!({"appId": "GEWE_APP_ID", "chatroomId": "1@chatroom", "wxids": "wxid_a"})
    );
}

#[tokio::test]
async fn a_member_list_is_read_where_the_mapping_says() {
    let list = r#"{"ret":200,"msg":"操作成功","data":{"memberList":[
        {"wxid":"wxid_a","nickName":"小明","displayName":null,"memberFlag":1},
        {"wxid":"wxid_b","nickName":"小红","displayName":"茶王","memberFlag":1}]}}"#;
    let heard = fake(Answers::With(200, "", list)).await;
    let gateway = at(GEWECHAT, &heard);
    let members = gateway.members(&"gewe/1@chatroom".into()).await.unwrap();
    let told: Vec<String> = members
        .iter()
        .map(|it| format!("{} {} {}", it.person, it.name, it.card))
        .collect();
    assert_eq!(told, ["gewe/wxid_a 小明 ", "gewe/wxid_b 小红 茶王"]);
    for (answer, expected) in [
        (r#"{"ret":500,"msg":"掉线"}"#, "refused list members: ret is 500: 掉线"),
        (
            r#"{"ret":200,"data":{}}"#,
            "something unexpected: at `data.memberList` stands no list",
        ),
        (
            r#"{"ret":200,"data":{"memberList":[{"nickName":"x"}]}}"#,
            "something unexpected: an entry of `data.memberList` has nothing at `wxid`",
        ),
        ("<html>", "something unexpected"),
    ] {
        let fake = fake(Answers::With(200, "", answer)).await;
        let trouble = at(GEWECHAT, &fake)
            .members(&"gewe/1@chatroom".into())
            .await
            .unwrap_err();
        assert!(trouble.to_string().contains(expected), "{trouble}");
    }
}

fn signature(secret: &str, parts: &[&str]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    parts.iter().for_each(|part| mac.update(part.as_bytes()));
    mac.finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn headers(told: &[(&'static str, &str)]) -> HeaderMap {
    told.iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect()
}

fn padpro(history: bool) -> String {
    json!({"key": "k", "msgId": "8127", "timestamp": 1772330400, "fromUser": "2@chatroom", "toUser": "wxid_bot", "msgType": 1,
           "content": "wxid_a:\n签到", "isSelfMsg": false, "createTime": 1772330399, "isHistory": history})
    .to_string()
}

#[test]
fn padpro_is_signed_and_history_is_set_aside() {
    let gateway = gateway(PADPRO);
    let seconds = (arrival().at.millis() / 1000).to_string();
    let body = padpro(false);
    let signed = signature("PAD_SECRET", &[&seconds, ":", &body]);
    let decode = |told: &[(&'static str, &str)], body: &str| {
        tell(gateway.decode(&headers(told), None, body.as_bytes(), arrival()))
    };
    let good = [
        ("x-webhook-timestamp", seconds.as_str()),
        ("x-webhook-signature", &signed),
    ];
    assert_eq!(decode(&good, &body), "wxid_a// Member in pad/2@chatroom: «签到»");
    assert_eq!(
        decode(&good, &padpro(true)),
        "401 header X-Webhook-Signature does not fit this body"
    );
    let old = padpro(true);
    let signed = signature("PAD_SECRET", &[&seconds, ":", &old]);
    let again = [
        ("x-webhook-timestamp", seconds.as_str()),
        ("x-webhook-signature", &signed),
    ];
    assert_eq!(decode(&again, &old), "set aside: history");
    assert_eq!(decode(&good[..1], &body), "401 header X-Webhook-Signature is missing");
    assert_eq!(decode(&good[1..], &body), "401 header X-Webhook-Timestamp is missing");
    let stale = signature("PAD_SECRET", &["1000", ":", &body]);
    assert_eq!(
        decode(
            &[("x-webhook-timestamp", "1000"), ("x-webhook-signature", &stale)],
            &body
        ),
        "401 header X-Webhook-Timestamp is not within five minutes of now"
    );
}

#[test]
fn every_recipe_lets_its_own_in_and_nobody_else() {
    let body = r#"{"text":"hi","person":"p"}"#;
    let mapping = |sign: &str| {
        gateway(&format!(
            "[gateway.x]\nkind = \"mapped\"\nsecrets = [\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\", \"old\"]\n\
             [gateway.x.event]\nperson = \"person\"\ntext = \"text\"\n[gateway.x.sign]\n{sign}"
        ))
    };
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let base64 = |secret: &str| {
        use base64::Engine as _;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
    };
    let bearer = format!("Bearer {secret}");
    let hex = format!("sha256={}", signature("old", &[body]));
    let table = [
        ("recipe = \"token\"", "authorization", bearer.clone()),
        ("recipe = \"token\"\nheader = \"X-Token\"", "x-token", "old".to_owned()),
        (
            "recipe = \"hmac\"\nheader = \"X-Sig\"\nprefix = \"sha256=\"",
            "x-sig",
            hex,
        ),
        (
            "recipe = \"hmac\"\nheader = \"X-Sig\"\ndigits = \"base64\"",
            "x-sig",
            base64(secret),
        ),
    ];
    for (sign, header, value) in table {
        let gateway = mapping(sign);
        let decode = |value: &str, body: &str| {
            let told = headers(&[(header, value)]);
            tell(gateway.decode(&told, None, body.as_bytes(), arrival()))
        };
        assert_eq!(decode(&value, body), "p// Member in private: «hi»", "{sign}");
        assert!(decode("nonsense", body).starts_with("401 header "), "{sign}");
        assert!(decode("", body).starts_with("401 header "), "{sign}");
        if sign.contains("hmac") {
            assert!(
                decode(&value, &body.replace("hi", "ho")).starts_with("401 header "),
                "{sign}"
            );
        }
    }
}

#[test]
fn ferry_is_read() {
    let gateway = gateway(FERRY);
    let body = json!({"id": 7349123456789012345u64, "ts": 1772330400, "sign": "", "type": 1, "xml": "<msgsource/>",
        "sender": "wxid_a", "roomid": "3@chatroom", "content": "签到", "thumb": "", "extra": "", "is_at": false,
        "is_self": false, "is_group": true});
    assert_eq!(told(&gateway, &body), "wxid_a// Member in wcf/3@chatroom: «签到»");
    let mut alone = body.clone();
    alone["roomid"] = json!("wxid_a");
    assert_eq!(told(&gateway, &alone), "wxid_a// Member in private: «签到»");
    let mut own = body;
    own["is_self"] = json!(true);
    assert!(told(&gateway, &own).contains("(own)"));
}

#[test]
fn where_nothing_stands_is_told_with_its_place() {
    let gateway = gateway(GEWECHAT);
    let mut nobody = gewechat(1, "wxid_a", "x");
    nobody["Data"]["FromUserName"] = json!("wxid_a");
    assert_eq!(
        told(&gateway, &nobody),
        "400 $: at `Data.FromUserName.string` stands nothing; [gateway.….event] person in config.toml says to look there"
    );
    let mut blurred = gewechat(1, "wxid_a", "x");
    blurred["Data"]["NewMsgId"] = json!(1e300);
    assert!(told(&gateway, &blurred).starts_with("400 $: at `Data.NewMsgId` stands a number with a fraction"));
    let mut late = gewechat(1, "wxid_a", "x");
    late["Data"]["CreateTime"] = json!("gestern");
    assert!(told(&gateway, &late).starts_with("400 $: at `Data.CreateTime` stands no time"));
}

#[tokio::test]
async fn answers_are_judged_by_the_rule() {
    let table = [
        (Answers::With(200, "", r#"{"Code":200}"#), "Done"),
        (
            Answers::With(200, "", r#"{"Code":-2,"Text":"群不存在"}"#),
            "Refused Code is -2: 群不存在",
        ),
        (Answers::With(200, "", "{}"), "Refused Code is missing: "),
        (Answers::With(200, "", "OK"), "Unknown"),
        (Answers::With(302, "", ""), "Postponed"),
        (Answers::With(401, "", ""), "Postponed HTTP 401"),
        (Answers::With(404, "", ""), "Postponed HTTP 404"),
        (Answers::With(400, "", ""), "Refused HTTP 400"),
        (Answers::With(503, "30", ""), "Postponed HTTP 503"),
        (Answers::ByHangingUp, "Unknown"),
        (Answers::NotThere, "Postponed"),
    ];
    for (answers, expected) in table {
        let fake = fake(answers.clone()).await;
        let told = match at(PADPRO, &fake).perform(&action(say("pad/2@chatroom")), NOW).await {
            Outcome::Done { .. } => "Done".to_owned(),
            Outcome::Postponed { why, .. } => format!("Postponed {why}"),
            Outcome::Unknown { why, .. } => format!("Unknown {why}"),
            Outcome::Refused { why } => format!("Refused {why}"),
            other => format!("{other:?}"),
        };
        assert!(told.starts_with(expected), "{answers:?}: {told}");
        for call in fake.calls() {
            assert_eq!(call.query.as_deref(), Some("key=PAD_KEY"));
            assert_eq!(call.json()["MsgItem"][0]["AtWxIDList"], json!(["wxid_a"]));
        }
    }
}

static MAPPED: LazyLock<(Arc<Gateway>, Arc<Gateway>)> = LazyLock::new(|| (gateway(GEWECHAT), gateway(FERRY)));

/// Everything is filled with one text.
struct All(String);

impl Filling for All {
    fn value(&self, _: Hole) -> Value {
        Value::String(self.0.clone())
    }
}

proptest! {
    #[test]
    fn no_bytes_can_break_a_mapping(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        for gateway in [&*MAPPED.0, &*MAPPED.1] {
            let _ = gateway.decode(&HeaderMap::new(), None, &body, arrival());
        }
    }

    #[test]
    fn no_value_can_break_a_mapping(key in 0usize..10, value in "[\\[{\"a1}\\]:,]{0,8}|[0-9]{1,25}|null|\"\\PC{0,12}\"") {
        let keys = ["MsgId", "FromUserName", "ToUserName", "MsgType", "Content", "CreateTime", "MsgSource", "PushContent", "NewMsgId", "x"];
        let whole = gewechat(1, "1@chatroom", "wxid_a:\n签到").to_string();
        let at = whole.find(&format!("\"{}\":", keys[key])).unwrap_or(1);
        let body = format!("{}\"{}\":{value},{}", &whole[..at], keys[key], &whole[at..]);
        let _ = MAPPED.0.decode(&HeaderMap::new(), None, body.as_bytes(), arrival());
    }

    /// Whatever members say, the request has the shape the mapping gives it.
    #[test]
    fn no_text_becomes_json(text in "\\PC{0,60}") {
        let written: toml::Value = toml::from_str("a = \"{text}\"\nb = [\"x {text} y\", 1]").unwrap();
        let allowed = [Hole::Text];
        let body = Body::read::<qunying::gateway::mapped::BadMapping>(&written, &allowed, &mut |it| Ok(it.to_owned())).unwrap();
        let sent: Value = serde_json::from_str(&body.fill(&All(text.clone())).to_string()).unwrap();
        prop_assert_eq!(sent, json!({"a": text, "b": [format!("x {text} y"), 1]}));
    }
}
