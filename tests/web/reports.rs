//! Reports at the door.

use std::time::Duration;

use qunying::gateway::signature::{WebhookKey, sha1_of};
use qunying::inbox::{Inbox, Letter, NotAccepted};
use qunying::web::{ServerLimits, check_exposure};
use reqwest::{Method, Response};
use secrecy::SecretString;
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::house::{House, client, gateways, inbox_that, noon, open, open_house, raw, until_closed};

const JOINED: &str = r#"{"time":1772330400,"self_id":10001,"post_type":"notice","notice_type":"group_increase","sub_type":"approve","group_id":3001,"user_id":7001,"operator_id":7002}"#;

async fn post(house: &House, path: &str, signature: Option<&str>, body: impl Into<reqwest::Body>) -> Response {
    let mut request = client().post(format!("http://{}{path}", house.address)).body(body);
    if let Some(signature) = signature {
        request = request.header("X-Signature", signature);
    }
    request.send().await.unwrap()
}

fn signed(body: &str) -> String {
    sha1_of(&SecretString::from("sec"), body.as_bytes())
}

/// The status, and that a refusal says why and what next.
async fn refused(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/json");
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert!(!body["next"].as_str().unwrap().is_empty());
    (status, body["error"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn onebot_is_answered_204_and_nothing_else() {
    let (house, letters) = open_house().await;
    let response = post(&house, "/hooks/qq", Some(&signed(JOINED)), JOINED).await;
    assert_eq!(response.status(), 204);
    assert_eq!(response.text().await.unwrap(), "");
    let letters = letters.lock().unwrap();
    assert!(matches!(&letters[..], [Letter::Events(events)] if events.len() == 1));
}

#[tokio::test]
async fn a_report_without_events_is_accepted_without_a_letter() {
    let (house, letters) = open_house().await;
    let beat = r#"{"post_type":"meta_event","meta_event_type":"heartbeat","self_id":1,"time":1}"#;
    assert_eq!(post(&house, "/hooks/qq", Some(&signed(beat)), beat).await.status(), 204);
    assert!(letters.lock().unwrap().is_empty());
    assert!(
        house
            .metrics
            .render()
            .contains(r#"reports_set_aside_total{kind="meta"} 1"#)
    );
}

#[tokio::test]
async fn signatures_are_asked_for_before_anything_is_read() {
    let (house, letters) = open_house().await;
    let (status, why) = refused(post(&house, "/hooks/qq", None, "no json").await).await;
    assert_eq!((status, &*why), (401, "header X-Signature is missing"));
    let (status, _) = refused(post(&house, "/hooks/qq", Some("sha1=00"), "no json").await).await;
    assert_eq!(status, 403);
    let (status, why) = refused(post(&house, "/hooks/qq", Some(&signed("{}")), "{}").await).await;
    assert_eq!((status, &*why), (400, "$: `post_type` is missing"));
    assert!(letters.lock().unwrap().is_empty());
}

/// A form with a file in it, as wechatbot-webhook posts one.
fn form(file: &[u8]) -> (&'static str, Vec<u8>) {
    let source = r#"{"room":{"id":"@@1","payload":{"id":"@@1","topic":"茶友会"}},"to":{},"from":{"id":"@a","payload":{"id":"@a","name":"小明"}}}"#;
    let mut body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"source\"\r\n\r\n{source}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nfile\r\n\
         --b\r\nContent-Disposition: form-data; name=\"content\"; filename=\"tea.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--b--\r\n");
    ("multipart/form-data;boundary=b", body)
}

#[tokio::test]
async fn forms_may_be_long_and_the_secret_in_the_address_is_asked_for_first() {
    let (house, letters) = open_house().await;
    let (kind, body) = form(&vec![0xd8; 1 << 20]);
    let post = |query: &str| {
        let address = format!("http://{}/hooks/wx{query}", house.address);
        client()
            .post(address)
            .header("content-type", kind)
            .body(body.clone())
            .send()
    };
    for query in ["", "?secret=", "?secret=other"] {
        let (status, why) = refused(post(query).await.unwrap()).await;
        assert_eq!(
            (status, &*why),
            (403, "the secret in the address is missing or another one")
        );
    }
    let response = post("?secret=sec").await.unwrap();
    assert_eq!(response.status(), 200);
    // The program takes `success` for a yes, and reads every answer as JSON.
    let answer: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(answer, serde_json::json!({"accepted": 1, "success": false}));
    assert_eq!(letters.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn native_events_and_rosters_come_in_signed() {
    let (house, letters) = open_house().await;
    let body = r#"[{"type":"roster","group":"g1","members":[{"person":"p1"}]},{"type":"bot_joined","group":"g1"}]"#;
    let key = WebhookKey::read(&SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).unwrap();
    let send = |seconds: i64| {
        client()
            .post(format!("http://{}/hooks/shop", house.address))
            .header("webhook-id", "msg_1")
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", key.sign("msg_1", seconds, body.as_bytes()))
            .body(body)
            .send()
    };
    let now = noon().millis() / 1000;
    let response = send(now).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.text().await.unwrap(), r#"{"accepted":2}"#);
    assert!(matches!(
        &letters.lock().unwrap()[..],
        [Letter::Events(_), Letter::Roster(_)]
    ));
    assert_eq!(send(now - 301).await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_terminal_takes_lines_from_this_machine_and_from_no_web_page() {
    let (house, letters) = open_house().await;
    let response = post(&house, "/hooks/terminal", None, "小明: 签到").await;
    assert_eq!(response.status(), 200);
    assert_eq!(letters.lock().unwrap().len(), 1);
    for (header, value) in [("origin", "https://evil.example"), ("x-forwarded-for", "203.0.113.9")] {
        let request = client()
            .post(format!("http://{}/hooks/terminal", house.address))
            .header(header, value);
        assert_eq!(
            refused(request.body("小明: 签到").send().await.unwrap()).await.0,
            403,
            "{header}"
        );
    }
    assert_eq!(letters.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn unknown_places_and_methods_are_told_so() {
    let (house, _) = open_house().await;
    for path in [
        "/",
        "/hooks",
        "/hooks/",
        "/hooks/nobody",
        "/hooks/a/b",
        "/hooks/%ff",
        "/%2e%2e/etc/passwd",
    ] {
        assert_eq!(refused(post(&house, path, None, "").await).await.0, 404, "{path}");
    }
    for (method, path) in [
        (Method::GET, "/hooks/qq"),
        (Method::PUT, "/hooks/qq"),
        (Method::POST, "/metrics"),
    ] {
        let response = client()
            .request(method, format!("http://{}{path}", house.address))
            .send()
            .await
            .unwrap();
        assert!(response.headers().contains_key("allow"), "{path}");
        assert_eq!(refused(response).await.0, 405, "{path}");
    }
}

#[tokio::test]
async fn a_body_has_a_longest_length_however_it_is_sent() {
    let (house, letters) = open_house().await;
    let longest = ServerLimits::default().body_max;
    let lines = |length: usize| "a: ".to_owned() + &"x".repeat(length - 3);
    assert_eq!(
        post(&house, "/hooks/terminal", None, lines(longest)).await.status(),
        200
    );
    assert_eq!(
        refused(post(&house, "/hooks/terminal", None, lines(longest + 1)).await)
            .await
            .0,
        413
    );
    let chunk = format!("{:x}\r\n{}\r\n", 100_000, "x".repeat(100_000));
    let head = "POST /hooks/terminal HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunked = raw(house.address, format!("{head}{}0\r\n\r\n", chunk.repeat(3)).as_bytes()).await;
    assert!(chunked.starts_with("HTTP/1.1 413"), "{chunked}");
    assert_eq!(letters.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn compressed_bodies_are_not_unfolded() {
    let (house, _) = open_house().await;
    let request = client()
        .post(format!("http://{}/hooks/terminal", house.address))
        .header("content-encoding", "gzip");
    assert_eq!(refused(request.body("x").send().await.unwrap()).await.0, 415);
}

#[tokio::test]
async fn two_lengths_are_refused_and_the_connection_ended() {
    let (house, letters) = open_house().await;
    let body = "4\r\na: b\r\n0\r\n\r\n";
    for head in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "transfer-encoding: chunked\r\nX-A: b\r\nCONTENT-LENGTH: 4\r\n",
    ] {
        let answer = raw(
            house.address,
            format!("POST /hooks/terminal HTTP/1.1\r\nHost: x\r\n{head}\r\n{body}").as_bytes(),
        )
        .await;
        assert!(
            answer.starts_with("HTTP/1.1 400") && answer.contains("both Content-Length"),
            "{answer}"
        );
    }
    let twice = "Content-Length: 4\r\nContent-Length: 5\r\n";
    let answer = raw(
        house.address,
        format!("POST /hooks/terminal HTTP/1.1\r\nHost: x\r\n{twice}\r\na: b").as_bytes(),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(letters.lock().unwrap().is_empty());
    let fine = format!("POST /hooks/terminal HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
    assert!(raw(house.address, fine.as_bytes()).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn success_waits_for_the_record() {
    let (inbox, mut reader) = Inbox::new(4);
    let house = open(inbox, |_| ()).await;
    let report = signed(JOINED);
    let request = post(&house, "/hooks/qq", Some(&report), JOINED);
    tokio::pin!(request);
    let inbound = tokio::select! {
        _ = &mut request => panic!("answered before the record was durable"),
        inbound = reader.recv() => inbound.unwrap(),
    };
    // The connection is as far as it gets without the answer: nothing more can happen on it.
    for _ in 0..100 {
        tokio::select! {
            biased;
            _ = &mut request => panic!("answered before the record was durable"),
            () = tokio::task::yield_now() => {}
        }
    }
    inbound.answer.send(Ok(())).unwrap();
    assert_eq!(request.await.status(), 204);
}

#[tokio::test]
async fn what_the_inbox_does_not_take_is_503_and_comes_again() {
    for why in [NotAccepted::Full, NotAccepted::Stopped] {
        let (inbox, _) = inbox_that(Err(why));
        let house = open(inbox, |_| ()).await;
        let response = post(&house, "/hooks/qq", Some(&signed(JOINED)), JOINED).await;
        assert_eq!(response.headers()["retry-after"], "5");
        assert_eq!(refused(response).await, (503, why.to_string()));
    }
    let (inbox, reader) = Inbox::new(1);
    let house = open(inbox, |_| ()).await;
    drop(reader);
    let response = post(&house, "/hooks/qq", Some(&signed(JOINED)), JOINED).await;
    assert_eq!(refused(response).await, (503, NotAccepted::Stopped.to_string()));
}

#[tokio::test]
async fn a_full_inbox_is_waited_for_only_so_long() {
    let (inbox, _reader) = Inbox::with_patience(1, Duration::from_millis(20));
    let first = inbox.accept(Letter::Events(Vec::new()));
    tokio::pin!(first);
    tokio::select! {
        biased;
        _ = &mut first => panic!("nobody answers"),
        () = std::future::ready(()) => {}
    }
    assert_eq!(inbox.accept(Letter::Events(Vec::new())).await, Err(NotAccepted::Full));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_408() {
    let (inbox, _) = inbox_that(Ok(()));
    let house = open(inbox, |doors| doors.limits.body = Duration::from_millis(50)).await;
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    stream
        .write_all(b"POST /hooks/terminal HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\na:")
        .await
        .unwrap();
    let answer = until_closed(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[test]
fn gateways_without_a_secret_are_not_put_on_the_network() {
    let gateways = gateways();
    let all = || gateways.iter().map(|gateway| &**gateway);
    for here in ["127.0.0.1:80", "127.9.9.9:80", "[::1]:80", "[::ffff:127.0.0.1]:80"] {
        assert_eq!(check_exposure(here.parse().unwrap(), all()), Ok(()), "{here}");
    }
    for anywhere in ["0.0.0.0:80", "[::]:80", "192.0.2.1:80", "[2001:db8::1]:80"] {
        let exposed = check_exposure(anywhere.parse().unwrap(), all()).unwrap_err();
        assert_eq!(exposed.gateways, ["terminal"], "{anywhere}");
        assert!(exposed.to_string().contains("set its secret, or listen on 127.0.0.1"));
    }
    let signed = all().filter(|gateway| gateway.is_signed());
    assert_eq!(check_exposure("0.0.0.0:80".parse().unwrap(), signed), Ok(()));
}
