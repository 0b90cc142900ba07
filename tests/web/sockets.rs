//! Gateways that speak over WebSockets, whichever side opens them.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use qunying::chat::{
    Action, ActionId, Deed, GatewayName, Happening, IfUnknown, Kind, Moment, Outcome, RuleName, Segment,
};
use qunying::gateway::{Gateway, OneBot11, OneBot11Settings};
use qunying::inbox::{Inbound, Inbox, Letter};
use qunying::intake::Intake;
use qunying::intake::socket::Socket;
use qunying::metrics::Metrics;
use qunying::web::{Doors, ServerLimits, routes, serve};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, accept_async, connect_async};
use tokio_util::sync::CancellationToken;

use crate::house::noon;

type Peer = WebSocketStream<MaybeTlsStream<TcpStream>>;

fn gateway(api: &str, token: Option<&str>, timeout: Duration) -> Arc<Gateway> {
    let mut settings = OneBot11Settings::new(GatewayName::new("qq"));
    settings.api = Some(api.to_owned());
    settings.token = token.map(Into::into);
    settings.timeout = timeout;
    Arc::new(Gateway::OneBot11(OneBot11::new(settings).unwrap()))
}

/// An intake that accepts everything, and what was taken in.
fn intake() -> (Intake, mpsc::UnboundedReceiver<Letter>) {
    let (inbox, mut reader): (_, mpsc::Receiver<Inbound>) = Inbox::new(64);
    let (kept, letters) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(inbound) = reader.recv().await {
            kept.send(inbound.what).unwrap();
            let _ = inbound.answer.send(Ok(()));
        }
    });
    (Intake::new(inbox, Arc::new(Metrics::new())), letters)
}

struct Standing {
    gateway: Arc<Gateway>,
    letters: mpsc::UnboundedReceiver<Letter>,
    address: String,
}

/// A listener behind which a gateway stands that opens its WebSocket to us.
async fn listening(token: Option<&str>, timeout: Duration) -> Standing {
    let gateway = gateway("reverse", token, timeout);
    let (intake, letters) = intake();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("ws://{}/hooks/qq", listener.local_addr().unwrap());
    let doors = Doors::new(vec![Arc::clone(&gateway)], intake.clone(), noon);
    let limits = ServerLimits {
        idle: Duration::from_millis(200),
        ..ServerLimits::default()
    };
    tokio::spawn(serve(
        listener,
        routes(doors),
        limits,
        intake.metrics,
        CancellationToken::new(),
    ));
    Standing {
        gateway,
        letters,
        address,
    }
}

async fn connected(address: &str, headers: &[(&'static str, &str)]) -> Result<Peer, u16> {
    let mut request = address.into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((peer, _)) => Ok(peer),
        Err(Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

fn report(words: &str) -> Message {
    let report = json!({
        "time": 1_772_330_400, "self_id": 9000, "post_type": "message", "message_type": "group", "sub_type": "normal",
        "message_id": words.len(), "group_id": 3001, "user_id": 7001, "message": [{"type": "text", "data": {"text": words}}],
        "sender": {"user_id": 7001, "nickname": "阿月"},
    });
    Message::text(report.to_string())
}

/// The words of the messages in the next letter.
async fn heard(letters: &mut mpsc::UnboundedReceiver<Letter>) -> Vec<String> {
    let Some(Letter::Events(events)) = letters.recv().await else {
        panic!("events were expected")
    };
    let words = events.iter().filter_map(|event| match &event.happening {
        Happening::Message(message) => Some(qunying::chat::text_of(&message.segments)),
        _ => None,
    });
    words.collect()
}

fn say(words: &str) -> Action {
    Action {
        id: ActionId::new("one"),
        deed: Deed::Say {
            group: "qq/3001".into(),
            content: vec![Segment::Text(words.to_owned())],
        },
        kind: Kind::Service,
        due: Moment::START,
        if_unknown: IfUnknown::Resend,
        rule: RuleName::new("book/rule"),
    }
}

/// The next call the gateway gets.
async fn called<S>(peer: &mut WebSocketStream<S>) -> Value
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    loop {
        match peer.next().await.unwrap().unwrap() {
            Message::Text(text) => return serde_json::from_str(&text).unwrap(),
            Message::Ping(_) => {}
            other => panic!("a call was expected, not {other:?}"),
        }
    }
}

fn performing(gateway: &Arc<Gateway>, words: &str) -> tokio::task::JoinHandle<Outcome> {
    let (gateway, action) = (Arc::clone(gateway), say(words));
    tokio::spawn(async move { gateway.perform(&action, Moment::START).await })
}

fn answer(call: &Value, message: i64) -> Message {
    let answer = json!({"status": "ok", "retcode": 0, "data": {"message_id": message}, "echo": call["echo"]});
    Message::text(answer.to_string())
}

const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn one_connection_carries_reports_and_calls_and_their_answers() {
    let mut house = listening(Some("sesame"), LONG).await;
    let mut peer = connected(
        &house.address,
        &[("authorization", "Bearer sesame"), ("x-client-role", "Universal")],
    )
    .await
    .unwrap();
    peer.send(report("在吗")).await.unwrap();
    assert_eq!(heard(&mut house.letters).await, ["在吗"]);

    let (one, other) = (performing(&house.gateway, "甲"), performing(&house.gateway, "乙"));
    let (first, second) = (called(&mut peer).await, called(&mut peer).await);
    assert_eq!(first["action"], "send_group_msg");
    assert_ne!(first["echo"], second["echo"]);
    // Answers may come in any order, with reports between them.
    peer.send(answer(&second, 22)).await.unwrap();
    peer.send(report("中间")).await.unwrap();
    peer.send(answer(&first, 11)).await.unwrap();
    let message = |outcome: Outcome| match outcome {
        Outcome::Done { message } => message.unwrap().to_string(),
        other => panic!("{other:?}"),
    };
    let asked_first = first["params"]["message"][0]["data"]["text"] == "甲";
    let wanted = if asked_first { ["11", "22"] } else { ["22", "11"] };
    assert_eq!([message(one.await.unwrap()), message(other.await.unwrap())], wanted);
    assert_eq!(heard(&mut house.letters).await, ["中间"]);
}

#[tokio::test]
async fn only_who_shows_the_token_is_let_in() {
    let house = listening(Some("sesame"), LONG).await;
    assert_eq!(connected(&house.address, &[]).await.err(), Some(401));
    assert_eq!(
        connected(&house.address, &[("authorization", "Bearer wrong")])
            .await
            .err(),
        Some(403)
    );
    assert_eq!(
        connected(&format!("{}?access_token=wrong", house.address), &[])
            .await
            .err(),
        Some(403)
    );
    assert!(
        connected(&format!("{}?access_token=sesame", house.address), &[])
            .await
            .is_ok()
    );
    assert!(
        connected(&house.address, &[("authorization", "Token sesame")])
            .await
            .is_ok()
    );
    let posted = house.address.replace("ws://", "http://");
    let post = crate::house::client().post(posted).body("{}").send().await.unwrap();
    assert_eq!(post.status(), 401, "what is posted shows the token too");
}

#[tokio::test]
async fn a_web_page_opens_nothing_where_no_token_is_asked_for() {
    let house = listening(None, LONG).await;
    assert_eq!(
        connected(&house.address, &[("origin", "https://example.com")])
            .await
            .err(),
        Some(403)
    );
    assert!(connected(&house.address, &[]).await.is_ok());
}

#[tokio::test]
async fn a_new_connection_takes_the_place_of_the_old_and_fails_what_waits_on_it() {
    let house = listening(None, LONG).await;
    let mut old = connected(&house.address, &[]).await.unwrap();
    let waiting = performing(&house.gateway, "甲");
    called(&mut old).await;
    let mut new = connected(&house.address, &[]).await.unwrap();
    assert!(
        matches!(waiting.await.unwrap(), Outcome::Unknown { .. }),
        "it may have been done"
    );
    while let Some(Ok(message)) = old.next().await {
        assert!(matches!(message, Message::Close(_) | Message::Ping(_)));
    }
    let again = performing(&house.gateway, "乙");
    let call = called(&mut new).await;
    new.send(answer(&call, 1)).await.unwrap();
    assert!(matches!(again.await.unwrap(), Outcome::Done { .. }));
    new.close(None).await.unwrap();
    while let Some(Ok(_)) = new.next().await {}
}

#[tokio::test]
async fn calls_go_where_calls_are_carried() {
    let mut house = listening(None, LONG).await;
    let mut events = connected(&house.address, &[("x-client-role", "Event")]).await.unwrap();
    let nobody = house.gateway.perform(&say("甲"), Moment::START).await;
    assert!(matches!(nobody, Outcome::Postponed { .. }), "it never left: {nobody:?}");
    let mut calls = connected(&house.address, &[("x-client-role", "API")]).await.unwrap();
    events.send(report("在吗")).await.unwrap();
    assert_eq!(heard(&mut house.letters).await, ["在吗"]);
    let done = performing(&house.gateway, "乙");
    let call = called(&mut calls).await;
    calls.send(answer(&call, 1)).await.unwrap();
    assert!(matches!(done.await.unwrap(), Outcome::Done { .. }));
}

#[tokio::test]
async fn who_does_not_answer_is_not_waited_for_and_a_late_answer_harms_nobody() {
    let house = listening(None, Duration::from_millis(50)).await;
    let mut peer = connected(&house.address, &[]).await.unwrap();
    let slow = performing(&house.gateway, "甲");
    let call = called(&mut peer).await;
    assert!(matches!(slow.await.unwrap(), Outcome::Unknown { .. }));
    peer.send(answer(&call, 1)).await.unwrap();
    peer.send(Message::text("not JSON")).await.unwrap();
    peer.send(Message::text(
        json!({"status": "ok", "retcode": 0, "data": null}).to_string(),
    ))
    .await
    .unwrap();
    let refused = performing(&house.gateway, "乙");
    let call = called(&mut peer).await;
    let answer = json!({"status": "failed", "retcode": 1404, "data": null, "echo": call["echo"], "wording": "不支持"});
    peer.send(Message::text(answer.to_string())).await.unwrap();
    let refused = refused.await.unwrap();
    assert!(
        matches!(&refused, Outcome::Refused { why } if why.contains("不支持")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_connection_we_open_is_opened_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("ws://{}/", listener.local_addr().unwrap());
    let gateway = gateway(&address, Some("sesame"), LONG);
    let (intake, mut letters) = intake();
    let stop = CancellationToken::new();
    let dialing = tokio::spawn(Socket::new(Arc::clone(&gateway), intake, noon, stop.clone()).dial());
    for words in ["第一次", "第二次来"] {
        let (stream, _) = listener.accept().await.unwrap();
        let mut peer = accept_async(stream).await.unwrap();
        peer.send(report(words)).await.unwrap();
        assert_eq!(heard(&mut letters).await, [words]);
        let done = performing(&gateway, "甲");
        let call = called(&mut peer).await;
        peer.send(answer(&call, 1)).await.unwrap();
        assert!(matches!(done.await.unwrap(), Outcome::Done { .. }));
        // Gone without a word.
        drop(peer);
    }
    stop.cancel();
    dialing.await.unwrap();
}
