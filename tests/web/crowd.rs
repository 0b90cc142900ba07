//! Many connections that bring nothing, and one that does.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use qunying::web::ServerLimits;
use qunying::web::ear::HeadScan;
use qunying::web::seats::Seats;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::house::{client, inbox_that, open, open_house, until_closed};

const PARTIAL_HEAD: &[u8] = b"POST /hooks/terminal HTTP/1.1\r\nHost: x\r\nX-Slow: ";
const PARTIAL_BODY: &[u8] = b"POST /hooks/terminal HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\na: ";

/// Hundreds of slow connections from the same address, arriving all the while: every honest report gets through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_connections_leave_honest_reports_alone() {
    let (house, letters) = open_house().await;
    let address = house.address;
    let crowd = tokio::spawn(async move {
        let mut held = Vec::new();
        for count in 0..600 {
            let Ok(mut stream) = TcpStream::connect(address).await else {
                continue;
            };
            let part: &[u8] = [&b""[..], b"P", PARTIAL_HEAD, PARTIAL_BODY][count % 4];
            let _ = stream.write_all(part).await;
            held.push(stream);
        }
        held
    });
    // A new connection each time: the hardest case, for it has to find a seat.
    let report = async || {
        let request = client()
            .post(format!("http://{address}/hooks/terminal"))
            .body("小明: 签到");
        assert_eq!(request.send().await.unwrap().status(), 200);
    };
    let mut reports = 50;
    for _ in 0..reports {
        report().await;
    }
    let _held = crowd.await.unwrap();
    // Nobody goes before its grace is over; then each newcomer has the place of somebody who brought nothing.
    let made_room = || {
        let figures = house.metrics.render();
        figures.contains(r#"http_connections_cut_total{kind="made_room"}"#)
    };
    while !made_room() {
        report().await;
        reports += 1;
    }
    report().await;
    assert_eq!(letters.lock().unwrap().len(), reports + 1);
}

#[tokio::test]
async fn headers_that_do_not_come_end_the_connection() {
    let (inbox, _) = inbox_that(Ok(()));
    let house = open(inbox, |doors| doors.limits.head = Duration::from_millis(40)).await;
    for part in [&b""[..], PARTIAL_HEAD] {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        stream.write_all(part).await.unwrap();
        assert_eq!(until_closed(&mut stream).await, "");
    }
    assert!(
        house
            .metrics
            .render()
            .contains(r#"http_connections_cut_total{kind="overdue"} 2"#)
    );
}

#[tokio::test]
async fn a_connection_that_rests_too_long_is_ended() {
    let (inbox, _) = inbox_that(Ok(()));
    let house = open(inbox, |doors| doors.limits.idle = Duration::from_millis(40)).await;
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    assert!(until_closed(&mut stream).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn stopping_lets_no_one_in_and_ends_those_at_rest() {
    let (house, _) = open_house().await;
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    house.stop.cancel();
    until_closed(&mut stream).await;
    while TcpStream::connect(house.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

fn limits(connections: usize, per_peer: usize) -> ServerLimits {
    ServerLimits {
        connections,
        per_peer,
        ..ServerLimits::default()
    }
}

fn peer(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

#[test]
fn whoever_waited_longest_makes_room_but_never_one_being_answered() {
    let start = Instant::now();
    let later = |seconds| start + Duration::from_secs(seconds);
    let seats = Seats::new(limits(100, 3));
    let (answering, _) = seats.take(peer(1), later(0)).unwrap();
    answering.answering(later(0));
    let (proven, _) = seats.take(peer(1), later(1)).unwrap();
    proven.answered(true, later(1));
    let (fresh, _) = seats.take(peer(1), later(2)).unwrap();
    let is_gone = |place: &qunying::web::seats::Place| {
        let mut gone = Box::pin(place.taken_away());
        gone.as_mut()
            .poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
            .is_ready()
    };
    let (next, pushed) = seats.take(peer(1), later(3)).unwrap();
    assert!(
        pushed && is_gone(&fresh) && !is_gone(&proven),
        "those that brought something go last"
    );
    next.answering(later(3));
    let (last, pushed) = seats.take(peer(1), later(4)).unwrap();
    assert!(pushed && is_gone(&proven));
    last.answering(later(4));
    assert!(seats.take(peer(1), later(5)).is_none(), "everybody is being answered");
    assert!(seats.take(peer(2), later(5)).is_some(), "others have their own seats");
    assert!(!is_gone(&answering) && !is_gone(&next) && !is_gone(&last));
}

#[test]
fn seats_are_counted_and_given_back() {
    let now = Instant::now();
    let seats = Seats::new(limits(2, 2));
    let (one, _) = seats.take(peer(1), now).unwrap();
    let (two, _) = seats.take(peer(2), now).unwrap();
    assert!(seats.take(peer(3), now).is_none(), "whoever came just now is safe");
    let later = now + Duration::from_secs(1);
    let (_three, pushed) = seats.take(peer(3), later).unwrap();
    assert!(pushed);
    assert_eq!(seats.taken(), 2);
    drop((one, two));
    assert_eq!(seats.taken(), 1);
    assert_eq!(seats.close_overdue(now + Duration::from_secs(10)), 0);
    assert_eq!(seats.close_overdue(now + Duration::from_secs(11)), 1);
    assert_eq!(seats.taken(), 0);
}

#[test]
fn a_head_is_followed_in_pieces_of_any_size() {
    let head = b"\r\nPOST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n";
    for size in 1..head.len() {
        let mut scan = HeadScan::default();
        for piece in head.chunks(size) {
            scan.feed(piece);
        }
        assert!(
            scan.lengths().content_length && scan.lengths().transfer_encoding,
            "{size}"
        );
    }
    let mut scan = HeadScan::default();
    scan.feed(b"POST / HTTP/1.1\r\nX-Content-Length: 5\r\n\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\n");
    assert!(
        !scan.lengths().content_length && !scan.lengths().transfer_encoding,
        "the body is not the head"
    );
}
