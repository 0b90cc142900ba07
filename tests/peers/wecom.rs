//! WeCom: envelopes are sealed and opened by wechatpy and by WeCom's own Node package, and the API is asked as wechatpy's
//! client asks it.

use std::time::Duration;

use qunying::chat::{Action, ActionId, Deed, GatewayName, Happening, IfUnknown, Kind, Outcome, Segment, text_of};
use qunying::community::outbox::{Pending, State};
use qunying::gateway::wecom::envelope::Seal;
use qunying::gateway::{Gateway, WeCom, WeComSettings};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::house::{House, noon, open, word};
use crate::kit::{Peer, started, started_by_node};

const TOKEN: &str = "QDG6eK";
const KEY: &str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
const CORP: &str = "wx5823bf96d3bd56c7";

/// What hurts: the end of a CDATA section, letters of three and four bytes, markup, lengths around a block.
const HOSTILE: [&str; 5] = [
    "",
    "签到",
    "a&b <x> ]]> 🍵 @所有人\n第二行",
    "xxxxxxxxxxx",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

fn timestamp() -> String {
    (noon().millis() / 1_000).to_string()
}

fn seal() -> Seal {
    Seal::new(SecretString::from(TOKEN), &SecretString::from(KEY)).unwrap()
}

fn gateway(edit: impl FnOnce(&mut WeComSettings)) -> Gateway {
    let mut settings = WeComSettings::new(GatewayName::new("wecom"));
    settings.corp = Some(CORP.to_owned());
    settings.token = Some(SecretString::from(TOKEN));
    settings.aes_key = Some(SecretString::from(KEY));
    edit(&mut settings);
    Gateway::WeCom(Box::new(WeCom::new(settings).unwrap()))
}

fn with() -> String {
    json!({"token": TOKEN, "key": KEY, "corp": CORP, "timestamp": timestamp(), "nonce": "1372623149"}).to_string()
}

/// wechatpy, and where its stand-in for the API listens.
async fn wechatpy() -> Option<(Peer, String)> {
    let mut peer = started("wecom.py", &[&with()])?;
    let base = peer.tells("ready").await["base"].as_str().unwrap().to_owned();
    Some((peer, base))
}

fn text(content: &str) -> String {
    let content = content.replace("]]>", "]]]]><![CDATA[>");
    format!(
        "<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[zhang]]></FromUserName>\
         <CreateTime>{}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content>\
         <MsgId>{}</MsgId><AgentID>218</AgentID></xml>",
        timestamp(),
        content.len(),
    )
}

async fn heard(house: &mut House) -> String {
    match house.heard().await.happening {
        Happening::Message(message) => text_of(&message.segments),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn wechatpy_verifies_the_address_and_posts_callbacks() {
    let mut house = open(gateway(|_| ())).await;
    let hook = format!("http://{}", house.hook);
    let Some((mut peer, _)) = wechatpy().await else { return };
    peer.tell(&json!({"verify": "1616140317555161061", "hook": hook}));
    assert_eq!(
        peer.tells("verified").await,
        json!({"status": 200, "body": "1616140317555161061"})
    );
    peer.tell(&json!({"verify": "1616140317555161061", "hook": hook, "forged": true}));
    assert_eq!(peer.tells("verified").await["status"], 403);
    for content in HOSTILE {
        peer.tell(&json!({"post": text(content), "hook": hook}));
        let posted = peer.tells("posted").await;
        assert_eq!(
            (&posted["status"], &posted["body"]),
            (&json!(200), &json!("")),
            "{content}"
        );
        assert_eq!(posted["read"]["class"], "TextMessage");
        assert_eq!(heard(&mut house).await, content);
        assert_eq!(
            posted["read"]["content"].as_str().unwrap_or_default(),
            content,
            "both read the same"
        );
    }
    let came = format!(
        "<xml><FromUserName>sys</FromUserName><CreateTime>{}</CreateTime><MsgType>event</MsgType><Event>change_external_chat</Event>\
         <ChatId>wrTEA</ChatId><ChangeType>update</ChangeType><UpdateDetail>add_member</UpdateDetail><JoinScene>3</JoinScene>\
         <MemChangeList><Item>wmLIN</Item></MemChangeList></xml>",
        timestamp()
    );
    peer.tell(&json!({"post": came, "hook": hook}));
    assert_eq!(peer.tells("posted").await["read"]["class"], "ChangeExternalChatEvent");
    assert!(
        matches!(house.heard().await.happening, Happening::Joined { person, .. } if person == "wecom/wmLIN".into())
    );
}

#[tokio::test]
async fn wechatpy_opens_what_we_seal() {
    let Some((mut peer, _)) = wechatpy().await else { return };
    for message in HOSTILE {
        let encrypt = seal().encrypt(message.as_bytes(), CORP, *b"0123456789abcdef");
        let signature = seal().signature(&timestamp(), "n", &encrypt);
        peer.tell(
            &json!({"open": {"encrypt": encrypt, "signature": signature, "timestamp": timestamp(), "nonce": "n"}}),
        );
        assert_eq!(peer.tells("opened").await, message);
    }
}

#[tokio::test]
async fn we_ask_as_wechatpys_client_asks() {
    let Some((mut peer, base)) = wechatpy().await else {
        return;
    };
    peer.tell(&json!({"call": true}));
    peer.tells("called").await;
    peer.tell(&json!({"heard": true}));
    let theirs = peer.tells("heard").await;
    let house = open(gateway(|settings| {
        settings.api.clone_from(&base);
        settings.secret = Some(SecretString::from("hush"));
        settings.agent = Some("1000002".to_owned());
    }))
    .await;
    let words = |text: &str| vec![Segment::Text(text.to_owned())];
    let whispered = house.asking(Deed::Whisper {
        person: "wecom/zhang".into(),
        content: words("今日有货"),
    });
    assert_eq!(word(&whispered.await.unwrap()), "done");
    let said = house.saying("wecom/wrTEA", words("春茶上市")).await.unwrap();
    assert!(matches!(said, Outcome::Proposed { .. }), "{said:?}");
    peer.tell(&json!({"heard": true}));
    let ours = peer.tells("heard").await;
    for (theirs, ours) in theirs.as_array().unwrap().iter().zip(ours.as_array().unwrap()) {
        assert_eq!((&ours["path"], &ours["query"]), (&theirs["path"], &theirs["query"]));
        // What we write stands in theirs as we write it; they add empty defaults.
        for (key, value) in ours["body"].as_object().into_iter().flatten() {
            if key != "need_name" {
                assert_eq!(&theirs["body"][key], value, "{key} of {}", ours["path"]);
            }
        }
    }
    assert_eq!(ours.as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn wecoms_own_package_seals_and_opens() {
    let mut house = open(gateway(|_| ())).await;
    let hook = format!("http://{}", house.hook);
    let Some(mut peer) = started_by_node("wecom.js", &[&with()]) else {
        return;
    };
    peer.tells("ready").await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for content in HOSTILE {
        peer.tell(
            &json!({"seal": {"message": text(content), "receiver": CORP, "timestamp": timestamp(), "nonce": "n"}}),
        );
        let sealed = peer.tells("sealed").await;
        let query = [
            ("msg_signature", sealed["signature"].as_str().unwrap()),
            ("timestamp", &timestamp()),
            ("nonce", "n"),
        ];
        let address = reqwest::Url::parse_with_params(&hook, query).unwrap();
        let body = format!("<xml><Encrypt>{}</Encrypt></xml>", sealed["encrypt"].as_str().unwrap());
        assert_eq!(client.post(address).body(body).send().await.unwrap().status(), 200);
        assert_eq!(heard(&mut house).await, content);

        let encrypt = seal().encrypt(content.as_bytes(), CORP, *b"0123456789abcdef");
        peer.tell(&json!({"open": {"encrypt": encrypt, "timestamp": timestamp(), "nonce": "n"}}));
        let opened: Value = peer.tells("opened").await;
        assert_eq!(
            opened,
            json!({"message": content, "id": CORP, "signature": seal().signature(&timestamp(), "n", &encrypt)})
        );
    }
}

/// What is said about the question of that name, waiting in the outbox.
fn coming(question: &str) -> Pending {
    let action = Action {
        id: ActionId::of(&format!("wecom/aibot/{question}").as_str().into(), 0),
        deed: Deed::Say {
            group: "wecom/wrTEA".into(),
            content: vec![Segment::Text("签到成功 🍵 <b>".to_owned())],
        },
        kind: Kind::Service,
        due: noon(),
        if_unknown: IfUnknown::Resend,
        rule: "tea/sign-in".into(),
    };
    Pending {
        action,
        number: 1,
        queued_at: noon(),
        next_at: noon(),
        attempts: 0,
        answer: String::new(),
        proposal: None,
        parts: 0,
        first: None,
        state: State::Waiting,
    }
}

#[tokio::test]
async fn wecoms_own_package_follows_a_stream_to_its_end() {
    let house = open(gateway(|settings| settings.patience = Duration::from_millis(200))).await;
    let hook = format!("http://{}", house.hook);
    let Some(mut peer) = started_by_node("wecom.js", &[&with()]) else {
        return;
    };
    peer.tells("ready").await;
    let question = |name: &str| {
        let question = json!({"msgid": name, "aibotid": "A", "chatid": "wrTEA", "chattype": "group", "from": {"userid": "zhang"},
            "msgtype": "text", "text": {"content": "@茶 签到"}});
        json!({"ask": {"hook": hook, "timestamp": timestamp(), "question": question}})
    };
    let pending = coming("M1");
    house.gateway.committed(&pending.action.id, Some(&pending));
    peer.tell(&question("M1"));
    let open = json!({"id": "M1", "finish": false, "content": ""});
    assert_eq!(peer.tells("opened").await, open);
    let outcome = house.gateway.perform(&pending.action, noon()).await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    house.gateway.committed(&pending.action.id, None);
    let whole = json!({"id": "M1", "finish": true, "content": "签到成功 🍵 ＜b＞"});
    assert_eq!(peer.tells("closed").await, whole);
    assert_eq!(peer.tells("again").await, whole);
    // Nothing is said about it.
    peer.tell(&question("M2"));
    assert_eq!(peer.tells("opened").await, "nothing");
}
