//! Two accounts at once: groups on both in one community, and one person who has an account on each.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::{Value, json};

use super::house::{Bot, House};

const BOOK: &str = r#"
title = "积分"
[points]
[linking]
[[rule]]
name  = "签到"
on    = { message = "签到" }
limit = "1 per day"
then  = [ { points = 5 }, { say = "{{ who }} 有 {{ person.points }} 分" } ]
"#;

/// A gateway's program: everything it is asked for is done, and told.
fn stand_in() -> (String, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, asked) = channel();
    std::thread::spawn(move || {
        for (nth, stream) in listener.incoming().enumerate() {
            let tell = tell.clone();
            let stream = stream.unwrap();
            std::thread::spawn(move || serve(stream, nth, &tell));
        }
    });
    (address, asked)
}

fn serve(stream: TcpStream, nth: usize, tell: &Sender<(String, Value)>) {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    if reader.read_line(&mut first).unwrap_or(0) == 0 {
        return;
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end().to_ascii_lowercase().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let action = first.split(' ').nth(1).unwrap().trim_start_matches('/').to_owned();
    let data = match action.as_str() {
        "get_login_info" => json!({"user_id": 1, "nickname": "机器人"}),
        it if it.starts_with("send_") => json!({"message_id": nth}),
        _ => json!([]),
    };
    let said = json!({"status": "ok", "retcode": 0, "data": data}).to_string();
    let _ = tell.send((action, serde_json::from_slice(&body).unwrap_or_default()));
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}",
        said.len()
    );
    let _ = write!(reader.get_mut(), "{head}\r\nConnection: close\r\n\r\n{said}");
}

/// What is said next by an account, and to whom.
fn next(asked: &Receiver<(String, Value)>) -> (Value, String) {
    loop {
        let (action, told) = asked.recv_timeout(Duration::from_secs(120)).unwrap();
        if action.starts_with("send_") {
            let to = if told["group_id"].is_null() {
                &told["user_id"]
            } else {
                &told["group_id"]
            };
            return (to.clone(), text_of(&told["message"]));
        }
    }
}

fn text_of(message: &Value) -> String {
    match message {
        Value::Array(segments) => segments.iter().filter_map(|it| it["data"]["text"].as_str()).collect(),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

fn now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.unwrap().as_secs()
}

/// Somebody says something, in a group or in private.
fn says(bot: &Bot, account: &str, (user, group): (u32, Option<u32>), words: &str) {
    static SERIAL: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);
    let serial = SERIAL.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let mut report = json!({"time": now(), "self_id": 1, "post_type": "message", "sub_type": "normal",
        "message_id": serial, "user_id": user, "raw_message": words, "sender": {"nickname": format!("客{user}")},
        "message": [{"type": "text", "data": {"text": words}}],
        "message_type": if group.is_some() { "group" } else { "private" }});
    if let Some(group) = group {
        report["group_id"] = group.into();
    }
    let (status, _) = bot.post(&format!("/hooks/{account}"), &report.to_string());
    assert!((200..300).contains(&status), "{status}");
}

#[test]
fn an_account_that_is_thrown_out_waits_through_a_restart() {
    let (api, asked) = stand_in();
    let house = House::new(&format!(
        "[manners]\nquiet = \"\"\n[staff]\nids = [\"terminal/店长\"]\n[delivery]\nper_minute = 6000\n[gateway.qa]\nkind = \"onebot11\"\napi = \"{api}\"\n[gateway.terminal]\nkind = \"terminal\"\n"
    ));
    house.write("playbooks/gift.toml", BOOK);
    let mut bot = house.run();
    let thrown_out = json!({"time": 1, "self_id": 1, "post_type": "notice", "notice_type": "bot_offline",
        "user_id": 1, "tag": "下线通知", "message": "在别处登录"});
    bot.post("/hooks/qa", &thrown_out.to_string());
    bot.until("账号「qa」掉线了（下线通知 在别处登录）");
    // Staff write from elsewhere that somebody is to be greeted; nothing goes out by the account.
    let order = json!({"time": now(), "self_id": 1, "post_type": "notice", "notice_type": "group_increase",
        "group_id": 31, "user_id": 1001, "sub_type": "approve"});
    house.write(
        "playbooks/gift.toml",
        &format!(
            "{BOOK}\n[[rule]]\nname = \"来\"\non = \"joined\"\ngather = \"1s\"\nthen = [ {{ say = \"欢迎\" }} ]\n"
        ),
    );
    bot.until("剧本已重新读入");
    bot.post("/hooks/qa", &order.to_string());
    let waits = |house: &House| loop {
        let said = house.ask(&["outbox"]).out;
        if said.contains("1 条等它登录") {
            break said;
        }
    };
    let said = waits(&house);
    assert!(said.contains("账号「qa」从") && said.contains("下线通知"), "{said}");
    assert!(
        bot.get("/metrics")
            .1
            .contains("qunying_account_logged_out{gateway=\"qa\"} 1")
    );
    drop(bot);
    let bot = house.run();
    waits(&house);
    house
        .ask(&["outbox", "--format", "json"])
        .is(0, "\"paused\":{\"since\"");
    assert!(house.ask(&["doctor"]).out.contains("1 条等它登录"));
    let sent = || asked.try_iter().any(|(action, _)| action.starts_with("send_"));
    assert!(!sent(), "nothing is sent while it is away");
    let beat = json!({"time": 2, "self_id": 1, "post_type": "meta_event", "meta_event_type": "heartbeat",
        "status": {"online": true, "good": true}, "interval": 5000});
    bot.post("/hooks/qa", &beat.to_string());
    assert_eq!(next(&asked), (json!(31), "欢迎".to_owned()));
}

#[test]
fn one_person_on_two_accounts_is_one_person() {
    let ((one, by_one), (other, by_other)) = (stand_in(), stand_in());
    let gateway = |name: &str, api: &str| format!("[gateway.{name}]\nkind = \"onebot11\"\napi = \"{api}\"\n");
    let config = format!(
        "[manners]\nquiet = \"\"\n[staff]\nids = [\"qa/9\"]\n[delivery]\nper_minute = 6000\n{}{}",
        gateway("qa", &one),
        gateway("qb", &other)
    );
    let house = House::new(&config);
    house.write("playbooks/gift.toml", BOOK);
    let bot = house.run();
    // Groups on both accounts play the same playbook, each answered by its own account.
    says(&bot, "qa", (1001, Some(31)), "签到");
    assert_eq!(next(&by_one), (json!(31), "客1001 有 5 分".to_owned()));
    says(&bot, "qb", (2002, Some(32)), "签到");
    assert_eq!(next(&by_other), (json!(32), "客2002 有 5 分".to_owned()));
    // A code by one account, used by the other: told on both.
    says(&bot, "qa", (1001, None), "绑定账号");
    let (to, told) = next(&by_one);
    assert_eq!(to, json!(1001));
    let code: String = told.split("绑定码是 ").nth(1).unwrap().chars().take(10).collect();
    says(&bot, "qb", (2002, Some(32)), &format!("绑定账号 {code}"));
    assert!(next(&by_other).1.contains("关联好了"));
    assert!(next(&by_one).1.contains("客2002（qb）"));
    says(&bot, "qb", (2002, Some(32)), "我的积分");
    assert!(next(&by_other).1.contains("您有 10 积分"));
    house.ask(&["accounts"]).is(0, "qa/1001  客1001");
    // Killed without a word, it is so still; and the limit was used up by the one person they are.
    drop(bot);
    let bot = house.run();
    // Orders go where the bot really listens.
    let listen = format!("{config}[server]\nlisten = \"127.0.0.1:{}\"\n", bot.port());
    house.write("config.toml", &listen);
    says(&bot, "qb", (2002, Some(32)), "签到");
    says(&bot, "qb", (2002, Some(32)), "我的积分");
    assert!(next(&by_other).1.contains("您有 10 积分"));
    house.ask(&["accounts", "--unlink", "qb/2"]).is(2, "没有见过账号");
    house
        .ask(&["accounts", "--unlink", "qa/1001"])
        .is(2, "没有关联到别的账号");
    house.ask(&["accounts", "--unlink", "qb/2002"]).is(0, "已记下");
    says(&bot, "qb", (2002, Some(32)), "我的积分");
    assert!(next(&by_other).1.contains("您有 5 积分"));
    house.ask(&["accounts", "--link", "qa/1001", "qb/2002"]).is(0, "已记下");
    says(&bot, "qa", (1001, Some(31)), "我的积分");
    assert!(next(&by_one).1.contains("您有 10 积分"));
    drop(bot);
    house.ask(&["parity"]).is(0, "");
    house.ask(&["store", "check"]).is(0, "一致");
}
