//! Streams of the intelligent robot: opened by a callback, asked for again and again, ended by the words; and that an
//! answer goes exactly one way, whoever asks when.

use std::time::Duration;

use qunying::chat::{Action, ActionId, Deed, Lang, Moment, Outcome, Segment};
use qunying::community::outbox::{Pending, State};
use qunying::gateway::document::Document;
use qunying::gateway::picture::{Picture, Sort};
use qunying::gateway::wecom::desk::End;
use qunying::gateway::{Arrival, Gateway, WeCom};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::fake::action;
use crate::qyapi::Qyapi;
use crate::wecom_envelope::{address, seal};
use crate::wecom_reports::settings;

const NOON: i64 = 1_772_330_400;

fn noon(seconds: i64) -> Moment {
    Moment::from_seconds(NOON + seconds)
}

/// A gateway that waits a moment for words, and a moment for them to be fetched.
fn standing(qyapi: &Qyapi, (patience, grace): (u64, u64)) -> Gateway {
    let mut settings = settings();
    settings.api.clone_from(&qyapi.address);
    settings.robots.insert("ops".to_owned(), SecretString::from("K"));
    settings.groups.insert("wrOPS".to_owned(), "ops".to_owned());
    settings.patience = Duration::from_millis(patience);
    settings.grace = Duration::from_millis(grace);
    Gateway::WeCom(Box::new(WeCom::new(settings).unwrap()))
}

/// WeCom brings a message; what it is answered with.
async fn brought(gateway: &Gateway, message: &Value, seconds: i64) -> Option<Value> {
    let ciphertext = seal().encrypt(message.to_string().as_bytes(), "", [7; 16]);
    let (query, body) = (address(&ciphertext, NOON + seconds), json!({"encrypt": ciphertext}));
    let arrived = Arrival {
        at: noon(seconds),
        nth: 0,
    };
    let headers = hyper::HeaderMap::new();
    let decoded = gateway.decode(&headers, Some(&query), body.to_string().as_bytes(), arrived);
    let reply = gateway.reply(&decoded.unwrap().awaited.unwrap(), arrived.at).await?;
    let reply: Value = serde_json::from_slice(&reply).unwrap();
    let (message, receiver) = seal().decrypt(reply["encrypt"].as_str().unwrap()).unwrap();
    assert!(receiver.is_empty());
    let message: Value = serde_json::from_slice(&message).unwrap();
    assert_eq!(
        (&message["msgtype"], &message["stream"]["id"]),
        (&json!("stream"), &json!("M1"))
    );
    Some(message["stream"].clone())
}

fn question(qyapi: &Qyapi) -> Value {
    json!({"msgid": "M1", "aibotid": "A", "chatid": "wrOPS", "chattype": "group", "from": {"userid": "zhang"},
        "response_url": format!("{}/respond?code=1", qyapi.address), "msgtype": "text", "text": {"content": "@茶 签到"}})
}

fn poll() -> Value {
    json!({"msgid": "P1", "aibotid": "A", "chatid": "wrOPS", "chattype": "group", "from": {"userid": "zhang"},
        "msgtype": "stream", "stream": {"id": "M1"}})
}

/// The nth thing that is said about the question.
fn answer(nth: usize, group: &str, content: Vec<Segment>) -> Action {
    Action {
        id: ActionId::of(&"wecom/aibot/M1".into(), nth),
        due: noon(0),
        ..action(Deed::Say {
            group: format!("wecom/{group}").as_str().into(),
            content,
        })
    }
}

fn words(text: &str) -> Vec<Segment> {
    vec![Segment::Text(text.to_owned())]
}

/// It waits in the outbox.
pub fn pending(action: &Action) -> Pending {
    Pending {
        action: action.clone(),
        number: 1,
        queued_at: noon(0),
        next_at: noon(0),
        attempts: 0,
        answer: String::new(),
        proposal: None,
        parts: 0,
        first: None,
        state: State::Waiting,
    }
}

/// It is in the outbox, or no more.
fn committed(gateway: &Gateway, action: &Action, is_there: bool) {
    gateway.committed(&action.id, is_there.then(|| pending(action)).as_ref());
}

fn open() -> Option<Value> {
    Some(json!({"id": "M1", "finish": false, "content": ""}))
}

fn whole(content: &str) -> Option<Value> {
    Some(json!({"id": "M1", "finish": true, "content": content}))
}

fn is_done(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Done { .. })
}

#[tokio::test]
async fn a_slow_answer_is_the_content_of_a_stream() {
    let qyapi = Qyapi::open().await;
    let gateway = standing(&qyapi, (20, 20_000));
    let said = answer(0, "wrOPS", words("+5 分 <b>"));
    committed(&gateway, &said, true);
    assert_eq!(brought(&gateway, &question(&qyapi), 0).await, open());
    // Brought again, as WeCom does where the answer was lost, and asked for while nothing is there.
    assert_eq!(brought(&gateway, &question(&qyapi), 1).await, open());
    assert_eq!(brought(&gateway, &poll(), 2).await, open());
    let (outcome, _) = tokio::join!(gateway.perform(&said, noon(3)), async {
        tokio::task::yield_now().await;
        assert_eq!(brought(&gateway, &poll(), 3).await, whole("+5 分 ＜b＞"));
    });
    assert!(is_done(&outcome), "{outcome:?}");
    committed(&gateway, &said, false);
    // Whoever asks again hears the same, long after.
    for seconds in [4, 5, 200] {
        assert_eq!(brought(&gateway, &poll(), seconds).await, whole("+5 分 ＜b＞"));
    }
    assert_eq!(brought(&gateway, &question(&qyapi), 201).await, whole("+5 分 ＜b＞"));
    assert!(qyapi.asked("").is_empty(), "it went one way only");
    // What else is said about it goes to the address, then by the robot.
    for (nth, path) in [(1, "respond"), (2, "webhook/send")] {
        assert!(is_done(
            &gateway.perform(&answer(nth, "wrOPS", words("还有")), noon(6)).await
        ));
        assert_eq!(qyapi.asked(path).len(), 1);
    }
}

#[tokio::test]
async fn where_nothing_is_coming_nobody_waits() {
    let qyapi = Qyapi::open().await;
    let gateway = standing(&qyapi, (3_600_000, 1));
    assert_eq!(brought(&gateway, &question(&qyapi), 0).await, None);
    // What is said elsewhere, in private, or tomorrow, or is a draft, does not answer here.
    let gateway = standing(&qyapi, (3_600_000, 1));
    committed(&gateway, &answer(0, "wrELSE", words("有人问")), true);
    let mut private = answer(1, "wrOPS", Vec::new());
    private.deed = Deed::Whisper {
        person: "wecom/zhang".into(),
        content: words("嘘"),
    };
    committed(&gateway, &private, true);
    let mut tomorrow = answer(2, "wrOPS", words("早"));
    tomorrow.due = noon(40_000);
    committed(&gateway, &tomorrow, true);
    let draft = Pending {
        state: State::Draft,
        ..pending(&answer(3, "wrOPS", words("草稿")))
    };
    gateway.committed(&draft.action.id, Some(&draft));
    assert_eq!(brought(&gateway, &question(&qyapi), 0).await, None);
    // It was answered with nothing, so what comes after all goes to the address.
    assert!(is_done(
        &gateway.perform(&answer(4, "wrOPS", words("来了")), noon(1)).await
    ));
    assert_eq!(qyapi.asked("respond").len(), 1);
    // And what belongs elsewhere never goes there.
    assert!(!is_done(
        &gateway.perform(&answer(5, "wrELSE", words("有人问")), noon(1)).await
    ));
    assert_eq!(qyapi.asked("respond").len(), 1);
}

#[tokio::test]
async fn a_stream_ends_when_what_was_coming_is_given_up() {
    let qyapi = Qyapi::open().await;
    let gateway = standing(&qyapi, (20, 1));
    let said = answer(0, "wrOPS", words("x"));
    committed(&gateway, &said, true);
    assert_eq!(brought(&gateway, &question(&qyapi), 0).await, open());
    committed(&gateway, &said, false);
    assert_eq!(brought(&gateway, &poll(), 1).await, whole(""));
    assert_eq!(brought(&gateway, &poll(), 2).await, whole(""));
}

#[tokio::test]
async fn what_nobody_asks_for_goes_to_the_address_and_never_both_ways() {
    let qyapi = Qyapi::open().await;
    let gateway = standing(&qyapi, (5, 5));
    let said = answer(0, "wrOPS", words("+5 分"));
    committed(&gateway, &said, true);
    assert_eq!(brought(&gateway, &question(&qyapi), 0).await, open());
    // Asked for a moment ago, and then no more.
    assert!(is_done(&gateway.perform(&said, noon(3)).await));
    assert_eq!(
        qyapi.asked("respond")[0].body,
        json!({"msgtype": "markdown", "markdown": {"content": "+5 分"}})
    );
    assert_eq!(brought(&gateway, &poll(), 4).await, whole(""), "it went the other way");
    // Not asked for at all since long: nobody waits.
    let gateway = standing(&qyapi, (5, 3_600_000));
    committed(&gateway, &said, true);
    assert_eq!(brought(&gateway, &question(&qyapi), 0).await, open());
    assert!(is_done(&gateway.perform(&said, noon(15)).await));
    assert_eq!(qyapi.asked("respond").len(), 2);
}

#[tokio::test]
async fn a_stream_that_lasts_too_long_says_so_and_the_answer_follows() {
    let qyapi = Qyapi::open().await;
    let gateway = standing(&qyapi, (5, 3_600_000));
    let said = answer(0, "wrOPS", words("+5 分"));
    committed(&gateway, &said, true);
    assert_eq!(brought(&gateway, &question(&qyapi), 0).await, open());
    assert_eq!(brought(&gateway, &poll(), 339).await, open());
    assert_eq!(brought(&gateway, &poll(), 340).await, whole(End::Later.words(Lang::Zh)));
    assert!(is_done(&gateway.perform(&said, noon(341)).await));
    assert_eq!(qyapi.asked("respond").len(), 1);
}

#[tokio::test]
async fn after_a_restart_an_open_stream_is_answered_or_honestly_ended() {
    let qyapi = Qyapi::open().await;
    let gateway = standing(&qyapi, (20, 20_000));
    // The outbox still holds it: it is asked for before the deliverer brings it, or after.
    let said = answer(0, "wrOPS", words("+5 分"));
    committed(&gateway, &said, true);
    let (outcome, _) = tokio::join!(gateway.perform(&said, noon(9)), async {
        tokio::task::yield_now().await;
        assert_eq!(brought(&gateway, &poll(), 9).await, whole("+5 分"));
    });
    assert!(is_done(&outcome), "{outcome:?}");
    assert!(qyapi.asked("").is_empty());
    // Nothing is coming any more.
    let gateway = standing(&qyapi, (5, 1));
    assert_eq!(
        brought(&gateway, &poll(), 10).await,
        open(),
        "the outbox may not have told yet"
    );
    let restarted = whole(End::Restarted.words(Lang::Zh));
    assert_eq!(brought(&gateway, &poll(), 15).await, restarted);
    assert_eq!(brought(&gateway, &poll(), 16).await, restarted);
    // Where it was asked is not told: nothing is known to belong there.
    let gateway = standing(&qyapi, (5, 1));
    let bare = json!({"msgtype": "stream", "stream": {"id": "M1"}});
    assert_eq!(brought(&gateway, &bare, 10).await, None);
}

#[tokio::test]
async fn pictures_are_shown_in_the_stream_and_files_go_another_way() {
    let qyapi = Qyapi::open().await;
    let gateway = standing(&qyapi, (20, 20_000));
    let picture = Picture {
        name: "tea.png".to_owned(),
        sort: Sort::Png,
        bytes: b"\x89PNG\r\n\x1a\nx".to_vec(),
    };
    let content = vec![Segment::Text("今日茶单".to_owned()), Segment::Image(picture.place())];
    let said = answer(0, "wrOPS", content);
    committed(&gateway, &said, true);
    let (outcome, _) = tokio::join!(gateway.perform(&said, noon(0)), async {
        let shown = brought(&gateway, &question(&qyapi), 0).await.unwrap();
        assert_eq!(
            (&shown["finish"], &shown["content"]),
            (&json!(true), &json!("今日茶单"))
        );
        assert_eq!(
            shown["msg_item"],
            json!([{"msgtype": "image", "image": {"base64": "iVBORw0KGgp4", "md5": "c7e69a9b989ef43cfabe9b7fbe817e05"}}])
        );
    });
    assert!(is_done(&outcome), "{outcome:?}");
    let gateway = standing(&qyapi, (20, 20_000));
    let document = Document {
        name: "menu.pdf".to_owned(),
        bytes: b"%PDF-1.7".to_vec(),
    };
    let file = Segment::File {
        place: document.address(),
        name: "menu.pdf".to_owned(),
    };
    let said = answer(0, "wrOPS", vec![file]);
    committed(&gateway, &said, true);
    assert_eq!(brought(&gateway, &question(&qyapi), 0).await, open());
    drop(gateway.perform(&said, noon(1)).await);
    assert!(qyapi.asked("respond").is_empty(), "an address takes no files");
    committed(&gateway, &said, false);
    assert_eq!(brought(&gateway, &poll(), 2).await, whole(""));
}
