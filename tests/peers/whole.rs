//! The whole program, from its config to the group: somebody types a word, and the group is answered.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::house::free_port;
use crate::kit::{Peer, started};

const PLAYBOOK: &str = r#"
title = "茶"

[[rule]]
name = "在"
kind = "service"
on   = { message = ["在吗"] }
then = [ { say = "{{ who }}，在的 <好> & [茶]" } ]
"#;

/// `qunying run` in a directory of its own; it ends with this.
struct Running {
    child: Child,
    _dir: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(port: u16, gateway: &str) -> Running {
    run_with(port, gateway, PLAYBOOK)
}

fn run_with(port: u16, gateway: &str, playbook: &str) -> Running {
    let dir = tempfile::tempdir().unwrap();
    let write = |file: &Path, text: &str| std::fs::write(file, text).unwrap();
    std::fs::create_dir(dir.path().join("playbooks")).unwrap();
    write(&dir.path().join("playbooks/tea.toml"), playbook);
    let config = format!("[server]\nlisten = \"127.0.0.1:{port}\"\n\n[delivery]\nper_minute = 6000\n\n{gateway}");
    write(&dir.path().join("config.toml"), &config);
    let log = std::fs::File::create(dir.path().join("log")).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_qunying"))
        .arg("run")
        .current_dir(dir.path())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    Running { child, _dir: dir }
}

/// Waits until the program has opened its WebSocket, asks, and gives the call by which the group is answered.
async fn answered(peer: &mut Peer, ask: &Value) -> Value {
    loop {
        peer.tell(&json!({"connections": true}));
        if peer.tells("connections").await != 0 {
            break;
        }
    }
    peer.tell(ask);
    loop {
        let called = peer.tells("called").await;
        if called["text"].is_string() {
            return called;
        }
    }
}

const SAID: &str = "，在的 <好> & [茶]";

#[tokio::test]
async fn onebot11() {
    let (ours, port) = (free_port(), free_port());
    let how = json!({"listen": port, "token": "sesame"}).to_string();
    let Some(mut peer) = started("onebot11.py", &[&how]) else {
        return;
    };
    peer.tells("ready").await;
    let gateway = format!("[gateway.qq]\nkind = \"onebot11\"\napi = \"ws://127.0.0.1:{port}\"\ntoken = \"sesame\"\n");
    let _running = run(ours, &gateway);
    let ask = json!({"say": {"group": 3001, "user": 7001, "pieces": [["text", {"text": "在吗"}]]}});
    let called = answered(&mut peer, &ask).await;
    assert!(called["text"].as_str().unwrap().ends_with(SAID), "{called}");
}

#[tokio::test]
async fn onebot12() {
    let (ours, port) = (free_port(), free_port());
    let gateway = format!("[gateway.wx]\nkind = \"onebot12\"\napi = \"ws://127.0.0.1:{port}\"\ntoken = \"sesame\"\n");
    let how = json!({"way": "ws", "port": port, "token": "sesame"}).to_string();
    let Some(mut peer) = started("onebot12.py", &[&how]) else {
        return;
    };
    peer.tells("ready").await;
    let _running = run(ours, &gateway);
    let ask = json!({"emit": {"type": "message", "detail_type": "group", "message_id": "m-1", "group_id": "3001@chatroom",
            "user_id": "wxid_yue", "message": [{"type": "text", "data": {"text": "在吗"}}]}});
    let called = answered(&mut peer, &ask).await;
    assert!(called["text"].as_str().unwrap().ends_with(SAID), "{called}");
    assert_eq!(called["params"]["group_id"], "3001@chatroom");
}

#[tokio::test]
async fn satori() {
    let (ours, port) = (free_port(), free_port());
    let how = json!({"port": port, "token": "sesame"}).to_string();
    let Some(mut peer) = started("satori_server.py", &[&how]) else {
        return;
    };
    peer.tells("ready").await;
    let gateway =
        format!("[gateway.qq]\nkind = \"satori\"\napi = \"http://127.0.0.1:{port}/satori\"\ntoken = \"sesame\"\n");
    let _running = run(ours, &gateway);
    let ask = json!({"emit": {"type": "message-created", "channel": {"id": "3001", "type": 0}, "guild": {"id": "3001"},
            "user": {"id": "7001", "name": "阿月"}, "message": {"id": "m-1", "content": "在吗"}}});
    let called = answered(&mut peer, &ask).await;
    assert!(called["text"].as_str().unwrap().ends_with(SAID), "{called}");
}

/// Reports come doubled, and in another order than they happened: nobody is greeted twice, nothing is answered twice.
#[tokio::test]
async fn doubled_and_reordered_reports_come_to_the_same() {
    let (ours, port) = (free_port(), free_port());
    let post = format!("http://127.0.0.1:{ours}/hooks/qq");
    let how = json!({"post": post, "secret": "sec", "listen": port, "token": "sesame"}).to_string();
    let Some(mut peer) = started("onebot11.py", &[&how]) else {
        return;
    };
    peer.tells("ready").await;
    let gateway = format!(
        "[gateway.qq]\nkind = \"onebot11\"\napi = \"http://127.0.0.1:{port}\"\ntoken = \"sesame\"\nsecret = \"sec\"\n"
    );
    let rules = r#"
[[rule]]
name = "来"
kind = "service"
on   = "joined"
then = [ { say = "欢迎" } ]

[[rule]]
name = "完"
on   = { message = ["完了吗"] }
then = [ { say = "完" } ]
"#;
    let _running = run_with(ours, &gateway, &format!("{PLAYBOOK}{rules}"));
    while std::net::TcpStream::connect(("127.0.0.1", ours)).is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let notice = |kind: &str, user: u32, ago: u64| {
        json!({"emit": {"post_type": "notice", "notice_type": kind, "sub_type": "", "group_id": 3001, "user_id": user,
            "operator_id": 7001, "time": since.as_secs() - ago}})
    };
    let said = json!({"emit": {"post_type": "message", "message_type": "group", "sub_type": "normal", "message_id": 77,
        "group_id": 3001, "user_id": 7001, "message": [{"type": "text", "data": {"text": "在吗"}}], "raw_message": "在吗",
        "font": 0, "sender": {"user_id": 7001, "nickname": "阿月"}}});
    // 7003 went and came back, and the later is told first.
    let reports = [
        notice("group_increase", 7002, 20),
        notice("group_increase", 7003, 5),
        notice("group_decrease", 7003, 15),
        notice("group_decrease", 7002, 10),
        said,
    ];
    let last = json!({"say": {"group": 3001, "user": 7001, "pieces": [["text", {"text": "完了吗"}]]}});
    let doubled = reports.iter().flat_map(|report| [report, report]);
    let mut texts: Vec<String> = Vec::new();
    for report in doubled.chain([&last]) {
        peer.tell(report);
    }
    while texts.last().is_none_or(|text| text != "完") {
        let told = peer.told().await;
        if !told["emitted"].is_null() {
            assert_eq!(told["emitted"]["status"], 204);
        }
        texts.extend(told["called"]["text"].as_str().map(str::to_owned));
    }
    let said = |what: &str| texts.iter().filter(|text| text.ends_with(what)).count();
    assert_eq!((said("欢迎"), said(SAID)), (2, 1), "{texts:?}");
}
