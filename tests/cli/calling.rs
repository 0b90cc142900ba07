//! What goes out to other programs: calls to the shop's own, and removals staff agreed to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::Value;

use super::house::House;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A program on the other end: answers with these statuses in turn, the last one for ever, and tells what it heard.
fn other_end(statuses: &'static [u16]) -> (String, Receiver<Heard>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, heard) = channel();
    std::thread::spawn(move || {
        for (nth, stream) in listener.incoming().enumerate() {
            let status = statuses.get(nth).or(statuses.last()).copied().unwrap();
            answer(stream.unwrap(), status, &tell);
        }
    });
    (address, heard)
}

#[derive(Debug)]
struct Heard {
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Heard {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn verify(&self) {
        let mut headers = hyper::HeaderMap::new();
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            headers.insert(name, self.headers[name].parse().unwrap());
        }
        let verifier = standardwebhooks::Webhook::new(SECRET).unwrap();
        verifier.verify(&self.body, &headers).unwrap();
    }
}

fn answer(stream: TcpStream, status: u16, tell: &Sender<Heard>) {
    let mut reader = BufReader::new(stream);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() == 0 {
            return;
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) => drop(headers.insert(name.to_ascii_lowercase(), value.to_owned())),
            None if line.trim_end().is_empty() => break,
            None => {}
        }
    }
    let length = headers.get("content-length").map_or(0, |it| it.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let _ = tell.send(Heard { headers, body });
    let said = format!("HTTP/1.1 {status} x\r\nRetry-After: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");
    reader.get_mut().write_all(said.as_bytes()).unwrap();
}

fn next(heard: &Receiver<Heard>) -> Heard {
    heard.recv_timeout(Duration::from_secs(120)).unwrap()
}

fn config(url: &str) -> String {
    format!(
        "[manners]\nquiet = \"\"\n[staff]\nids = [\"terminal/店长\"]\n[calls.crm]\nurl = \"{url}/hooks\"\nsecret = \"{SECRET}\"\n"
    )
}

const COMPLAINTS: &str = r#"
title = "投诉"
[[rule]]
name = "投诉"
on   = { contains = "投诉" }
then = [ { call = "crm", with = { words = "{{ text }}", who = "{{ who }}" } }, { say = "记下了" } ]
"#;

#[test]
fn a_call_is_signed_tried_again_under_the_same_id_and_given_up_where_it_is_refused() {
    let (address, heard) = other_end(&[503, 200, 422]);
    let house = House::new(&config(&address));
    house.write("playbooks/complaints.toml", COMPLAINTS);
    let mut bot = house.run();
    bot.type_in("小明: 我要投诉");
    bot.until("记下了");
    let (first, again) = (next(&heard), next(&heard));
    first.verify();
    again.verify();
    assert_eq!(first.headers["webhook-id"], again.headers["webhook-id"]);
    assert_eq!(first.body, again.body);
    let told = first.json();
    assert_eq!(told["type"], "message");
    assert_eq!(told["data"]["person"]["name"], "小明");
    assert_eq!(told["data"]["with"]["words"], "我要投诉");
    assert_eq!(told["data"]["rule"], "complaints/投诉");
    bot.type_in("小红: 投诉");
    bot.until("有一件事没有做成：外呼「crm」（HTTP 422");
    assert_ne!(next(&heard).headers["webhook-id"], first.headers["webhook-id"]);
    house.ask(&["outbox"]).is(0, "crm ← message");
}

#[test]
fn a_rehearsal_shows_the_call_and_calls_nobody_and_an_unknown_name_is_a_problem() {
    let (address, heard) = other_end(&[200]);
    let house = House::new(&config(&address));
    house.write(
        "playbooks/complaints.toml",
        &format!(
            "{COMPLAINTS}\n[[test]]\nname = \"外呼\"\nclock = \"2026-03-01 10:00\"\nmembers = [\"小明\"]\nscript = \"10:00  小明: 投诉\"\nexpect = \"\"\"\n10:00  外呼 crm who=小明 words=投诉\n10:00  群: 记下了\n\"\"\"\n"
        ),
    );
    house.ask(&["check"]).is(0, "");
    house.ask(&["test"]).is(0, "外呼");
    let mut bot = house.run();
    bot.type_in("小明: 投诉");
    bot.until("记下了");
    next(&heard);
    bot.stop();
    let recording = house.dir().join("data/recording");
    let recording = recording.to_str().unwrap();
    house
        .ask(&["dry-run", recording, "--show", "events"])
        .is(0, "外呼 crm who=小明 words=投诉");
    assert!(
        heard.recv_timeout(Duration::from_millis(1)).is_err(),
        "a rehearsal called"
    );
    house.write("playbooks/complaints.toml", &COMPLAINTS.replace("\"crm\"", "\"crn\""));
    house.ask(&["check"]).is(1, "是不是想写「crm」？");
    house.ask(&["check", "--lang", "en"]).is(1, "did you mean `crm`?");
    house.write("config.toml", "");
    house.ask(&["check"]).is(1, "在 config.toml 里写一节 [calls.crn]");
}

#[test]
fn a_member_is_removed_by_the_gateway_once_staff_agree() {
    let (address, heard) = other_end(&[200]);
    let house = House::new(&format!(
        "[staff]\nids = [\"shop/boss\"]\n[gateway.shop]\nkind = \"native\"\napi = \"{address}\"\n"
    ));
    house.write(
        "playbooks/ads.toml",
        "[[rule]]\nname = \"ads\"\non = { contains = \"加微信\", from = \"member\" }\nthen = [ { kick = \"发广告：{{ text }}\" } ]\n",
    );
    let bot = house.run();
    let says = |id: &str, person: &str, group: &str, text: &str| {
        let body = format!(
            r#"{{"type": "message", "id": "{id}", {group} "person": "{person}", "name": "{person}", "text": "{text}"}}"#
        );
        assert_eq!(bot.post("/hooks/shop", &body).0, 200);
    };
    says("1", "p1", r#""group": "g1","#, "加微信领红包");
    let asked = next(&heard).json();
    assert_eq!((&asked["type"], &asked["person"]), (&"whisper".into(), &"boss".into()));
    assert!(asked["text"].as_str().unwrap().contains("「同意 K1」"), "{asked}");
    says("2", "p2", "", "同意 K1");
    says("3", "boss", "", "同意 K1");
    let mut done: Vec<Value> = vec![next(&heard).json(), next(&heard).json()];
    done.sort_by_key(|it| it["type"].to_string());
    assert_eq!((&done[0]["type"], &done[0]["person"]), (&"kick".into(), &"p1".into()));
    assert_eq!(&done[0]["group"], "g1");
    assert!(done[1]["text"].as_str().unwrap().contains("正在把 p1 移出"), "{done:?}");
    says("4", "boss", "", "同意 K1");
    assert!(next(&heard).json()["text"].as_str().unwrap().contains("已经处理过了"));
}
