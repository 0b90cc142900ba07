//! What watches the process.

use std::net::SocketAddr;

use axum::http::HeaderMap;
use qunying::chat::{GroupId, Happening};
use qunying::metrics::{CONTENT_TYPE, Metrics};
use qunying::web::peer::may_watch;
use qunying::web::{Peer, Readiness};
use secrecy::SecretString;
use tokio::sync::watch;

use crate::house::{client, inbox_that, open, open_house};

#[tokio::test]
async fn health_readiness_and_metrics_are_open_on_this_machine() {
    let (inbox, _) = inbox_that(Ok(()));
    let (say, readiness) = watch::channel(Readiness::Starting);
    let house = open(inbox, |doors| doors.readiness = readiness).await;
    let get = |path: &str| client().get(format!("http://{}{path}", house.address)).send();
    assert_eq!(get("/healthz").await.unwrap().status(), 200);
    for (readiness, status) in [
        (Readiness::Starting, 503),
        (Readiness::Ready, 200),
        (Readiness::Stopping, 503),
    ] {
        say.send_replace(readiness);
        assert_eq!(get("/readyz").await.unwrap().status(), status, "{readiness:?}");
    }
    let response = get("/metrics").await.unwrap();
    assert_eq!(response.headers()["content-type"], CONTENT_TYPE);
    let text = response.text().await.unwrap();
    assert!(
        text.contains(r#"qunying_http_requests_total{route="/readyz",status="503"} 2"#),
        "{text}"
    );
}

#[tokio::test]
async fn addresses_never_become_labels() {
    let (house, _) = open_house().await;
    for path in ["/a", "/b", "/hooks/x", "/hooks/y"] {
        client()
            .get(format!("http://{}{path}", house.address))
            .send()
            .await
            .unwrap();
    }
    let text = house.metrics.render();
    assert!(text.contains(r#"{route="unknown",status="404"} 2"#), "{text}");
    assert!(text.contains(r#"{route="/hooks/{gateway}",status="405"} 2"#), "{text}");
}

#[test]
fn elsewhere_the_token_is_wanted() {
    let token = SecretString::from("canary");
    let none = HeaderMap::new();
    let with = |name: &'static str, value: &'static str| {
        HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
    };
    let may = |peer: &str, headers: &HeaderMap, token: Option<&SecretString>| {
        may_watch(Peer(peer.parse::<SocketAddr>().unwrap()), headers, token).is_ok()
    };
    assert!(may("127.0.0.1:1", &none, None));
    assert!(may("[::ffff:127.0.0.1]:1", &none, None));
    assert!(!may("192.0.2.1:1", &none, None));
    assert!(!may("192.0.2.1:1", &none, Some(&token)));
    assert!(may(
        "192.0.2.1:1",
        &with("authorization", "Bearer canary"),
        Some(&token)
    ));
    for wrong in ["Bearer canar", "Bearer canaryy", "Bearer ", "Basic canary", "canary"] {
        assert!(
            !may("192.0.2.1:1", &with("authorization", wrong), Some(&token)),
            "{wrong}"
        );
    }
    assert!(
        !may("127.0.0.1:1", &with("x-forwarded-for", "127.0.0.1"), None),
        "passed on by a proxy"
    );
}

/// Every line is a comment or `name{labels} value`, and the text ends as OpenMetrics wants.
#[test]
fn metrics_are_open_metrics() {
    let metrics = Metrics::new();
    let group = GroupId::new("qq/1");
    metrics.event_accepted(Happening::BotJoined { group }.kind());
    metrics.verdict("cooling_down");
    metrics.verdict("a\"b\\c\nd");
    metrics.delivery("done");
    metrics.outbox(3, std::time::Duration::from_millis(1500));
    metrics.dead_actions(1);
    metrics.committed(std::time::Duration::from_micros(123));
    let text = metrics.render();
    assert!(text.ends_with("# EOF\n"));
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("qunying_"), "{line}");
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
    for expected in [
        r#"qunying_events_accepted_total{kind="bot_joined"} 1"#,
        r#"qunying_verdicts_total{word="cooling_down"} 1"#,
        r#"qunying_verdicts_total{word="a\"b\\c\nd"} 1"#,
        "qunying_outbox_actions 3",
        "qunying_outbox_oldest_seconds 1.5",
        "qunying_dead_actions 1",
        "qunying_commit_seconds_count 1",
    ] {
        assert!(text.lines().any(|line| line == expected), "{expected}\n{text}");
    }
}
