//! WeCom's callbacks over the wire: the address is verified, a callback is answered with nothing, a question with words.

use std::sync::Arc;
use std::time::Duration;

use qunying::chat::{Action, ActionId, Deed, GatewayName, IfUnknown, Kind, Moment};
use qunying::community::outbox::{Pending, State};
use qunying::gateway::wecom::envelope::Seal;
use qunying::gateway::{Gateway, WeCom, WeComSettings};
use qunying::inbox::{Inbound, Inbox, Letter, NotAccepted};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::house::{House, client, inbox_that, noon, open};

const TOKEN: &str = "QDG6eK";
const KEY: &str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
const CORP: &str = "wx5823bf96d3bd56c7";

fn seal() -> Seal {
    Seal::new(SecretString::from(TOKEN), &SecretString::from(KEY)).unwrap()
}

fn gateway() -> Arc<Gateway> {
    let mut settings = WeComSettings::new(GatewayName::new("wecom"));
    settings.corp = Some(CORP.to_owned());
    settings.token = Some(SecretString::from(TOKEN));
    settings.aes_key = Some(SecretString::from(KEY));
    settings.patience = Duration::from_secs(30);
    Arc::new(Gateway::WeCom(Box::new(WeCom::new(settings).unwrap())))
}

async fn standing(inbox: Inbox, gateway: &Arc<Gateway>) -> House {
    let gateway = Arc::clone(gateway);
    open(inbox, |doors| {
        drop(doors.gateways.insert(GatewayName::new("wecom"), gateway))
    })
    .await
}

/// The query a ciphertext is signed with.
fn signed(ciphertext: &str) -> Vec<(&'static str, String)> {
    let timestamp = (noon().millis() / 1_000).to_string();
    let signature = seal().signature(&timestamp, "n1", ciphertext);
    vec![
        ("msg_signature", signature),
        ("timestamp", timestamp),
        ("nonce", "n1".to_owned()),
    ]
}

fn address(house: &House, query: &[(&str, String)]) -> String {
    let url = reqwest::Url::parse_with_params(&format!("http://{}/hooks/wecom", house.address), query).unwrap();
    url.to_string()
}

#[tokio::test]
async fn the_address_is_verified_with_exactly_what_was_encrypted() {
    let house = standing(inbox_that(Ok(())).0, &gateway()).await;
    for receiver in [CORP, ""] {
        let echo = seal().encrypt(b"1616140317555161061", receiver, [3; 16]);
        let mut query = signed(&echo);
        query.push(("echostr", echo.clone()));
        let answer = client().get(address(&house, &query)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.text().await.unwrap(), "1616140317555161061");
        // A proxy that does not encode the plus signs.
        let bare = address(&house, &query).replace("%2B", "+");
        assert_eq!(
            client().get(bare).send().await.unwrap().text().await.unwrap(),
            "1616140317555161061"
        );
        query[0].1 = "0".repeat(40);
        assert_eq!(
            client().get(address(&house, &query)).send().await.unwrap().status(),
            403
        );
    }
    let nothing = client()
        .get(format!("http://{}/hooks/wecom", house.address))
        .send()
        .await
        .unwrap();
    assert_eq!(nothing.status(), 405);
}

#[tokio::test]
async fn a_callback_is_answered_with_nothing_once_it_is_durable() {
    let message = "<xml><FromUserName>zhang</FromUserName><CreateTime>1772330400</CreateTime><MsgType>text</MsgType>\
                   <Content>签到</Content><MsgId>1</MsgId></xml>";
    let ciphertext = seal().encrypt(message.as_bytes(), CORP, [3; 16]);
    let body = format!("<xml><Encrypt><![CDATA[{ciphertext}]]></Encrypt></xml>");
    let (inbox, letters) = inbox_that(Ok(()));
    let house = standing(inbox, &gateway()).await;
    let post = |house: &House, query: Vec<(&'static str, String)>| {
        client().post(address(house, &query)).body(body.clone()).send()
    };
    let answer = post(&house, signed(&ciphertext)).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.text().await.unwrap().as_str()),
        (200, "")
    );
    assert!(matches!(&letters.lock().unwrap()[..], [Letter::Events(events)] if events.len() == 1));
    assert_eq!(post(&house, Vec::new()).await.unwrap().status(), 401);
    // What could not be stored is brought again: WeCom repeats whatever is not answered 200.
    let house = standing(inbox_that(Err(NotAccepted::Full)).0, &gateway()).await;
    assert_eq!(post(&house, signed(&ciphertext)).await.unwrap().status(), 503);
}

/// An event loop that answers every question in the way a delivery loop would.
fn loop_that_answers(gateway: &Arc<Gateway>) -> Inbox {
    let (inbox, mut reader) = Inbox::new(8);
    let gateway = Arc::clone(gateway);
    tokio::spawn(async move {
        while let Some(Inbound { what, answer, .. }) = reader.recv().await {
            let Letter::Events(events) = what else { continue };
            let action = Action {
                id: ActionId::of(&events[0].id, 0),
                deed: Deed::Say {
                    group: "wecom/wrX".into(),
                    content: vec![qunying::chat::Segment::Text("+5 分".to_owned())],
                },
                kind: Kind::Service,
                due: Moment::START,
                if_unknown: IfUnknown::Resend,
                rule: "tea/sign-in".into(),
            };
            let pending = Pending {
                action: action.clone(),
                number: 1,
                queued_at: noon(),
                next_at: noon(),
                attempts: 0,
                answer: String::new(),
                proposal: None,
                parts: 0,
                first: None,
                state: State::Waiting,
            };
            gateway.committed(&action.id, Some(&pending));
            let _ = answer.send(Ok(()));
            let outcome = gateway.perform(&action, noon()).await;
            assert!(matches!(outcome, qunying::chat::Outcome::Done { .. }), "{outcome:?}");
        }
    });
    inbox
}

#[tokio::test]
async fn a_question_to_the_robot_gets_its_words_in_the_answer() {
    let gateway = gateway();
    let house = standing(loop_that_answers(&gateway), &gateway).await;
    let question = json!({"msgid": "M1", "aibotid": "A", "chatid": "wrX", "chattype": "group", "from": {"userid": "zhang"},
        "msgtype": "text", "text": {"content": "@茶 签到"}});
    let ciphertext = seal().encrypt(question.to_string().as_bytes(), "", [3; 16]);
    let post = || {
        client()
            .post(address(&house, &signed(&ciphertext)))
            .body(json!({"encrypt": ciphertext}).to_string())
            .send()
    };
    let answer: Value = serde_json::from_str(&post().await.unwrap().text().await.unwrap()).unwrap();
    let sealed = answer["encrypt"].as_str().unwrap();
    let (timestamp, nonce) = (answer["timestamp"].to_string(), answer["nonce"].as_str().unwrap());
    assert_eq!(answer["msgsignature"], seal().signature(&timestamp, nonce, sealed));
    let stream: Value = serde_json::from_slice(&seal().decrypt(sealed).unwrap().0).unwrap();
    assert_eq!(
        stream["stream"],
        json!({"id": "M1", "finish": true, "content": "+5 分"})
    );
}
