//! Pictures of the media folder and long texts, from the playbook to a gateway that is only pretended.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use super::house::House;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nhi";

const PLAYBOOK: &str = r#"title = "茶"
[[rule]]
name = "茶单"
on = { message = "茶单" }
then = [ { say = "第一句话在这里说完。第二句话也在这里说完。第三句。", image = "2026/tea.png" } ]
[[rule]]
name = "海报"
on = { message = "海报" }
then = [ { say = "看海报", image = "poster.png" } ]
"#;

/// A OneBot v11: what is said to it in groups is told; the second time it asks to be asked later.
fn onebot() -> (String, Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, heard) = channel();
    std::thread::spawn(move || {
        let mut said = 0;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (path, body) = request(&stream);
            let mut status = 200;
            if path.ends_with("send_group_msg") {
                said += 1;
                status = if said == 2 { 429 } else { 200 };
                let _ = tell.send(body);
            }
            let answer = json!({"status": "ok", "retcode": 0, "data": {"message_id": said}}).to_string();
            let length = answer.len();
            write!(
                stream,
                "HTTP/1.1 {status} x\r\nRetry-After: 1\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{answer}"
            )
            .unwrap();
        }
    });
    (address, heard)
}

fn request(stream: &TcpStream) -> (String, Value) {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim_end().is_empty() {
            break;
        }
        lines.push(line.trim_end().to_ascii_lowercase());
    }
    let length = lines.iter().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |it| it.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    let path = lines.first().and_then(|line| line.split(' ').nth(1));
    (
        path.unwrap_or_default().to_owned(),
        serde_json::from_slice(&body).unwrap_or_default(),
    )
}

fn house(api: &str) -> House {
    let house = House::new(&format!(
        "[manners]\nquiet = \"\"\n[delivery]\ntext_max = 20\nchat_gap = \"0s\"\n[gateway.qq]\nkind = \"onebot11\"\napi = \"{api}\"\n"
    ));
    house.write("playbooks/gift.toml", PLAYBOOK);
    std::fs::create_dir_all(house.dir().join("media/2026")).unwrap();
    std::fs::write(house.dir().join("media/2026/tea.png"), PNG).unwrap();
    house
}

fn message(id: u32, text: &str) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    json!({
        "time": now.unwrap().as_secs(), "self_id": 10001, "post_type": "message", "message_type": "group",
        "sub_type": "normal", "message_id": id, "group_id": 3001, "user_id": 7001, "font": 0,
        "message": [{"type": "text", "data": {"text": text}}], "raw_message": text,
        "sender": {"user_id": 7001, "nickname": "lin", "card": "小林", "role": "member"},
    })
    .to_string()
}

#[test]
fn parts_go_out_in_order_and_none_twice_and_a_missing_picture_is_said() {
    let (api, heard) = onebot();
    let house = house(&api);
    let mut bot = house.run();
    assert_eq!(bot.post("/hooks/qq", &message(301, "茶单")).0, 204);
    let next = || heard.recv_timeout(Duration::from_secs(120)).unwrap()["message"].clone();
    let text = |words: &str| json!({"type": "text", "data": {"text": words}});
    let image = json!({"type": "image", "data": {"file": "base64://iVBORw0KGgpoaQ=="}});
    assert_eq!(next(), json!([text("第一句话在这里说完。")]));
    let second = json!([text("第二句话也在这里说完。第三句。"), image]);
    assert_eq!(next(), second, "the second part");
    bot.until("part 2 of 2, those before it are sent");
    assert_eq!(next(), second, "only what was not sent is sent again");
    bot.post("/hooks/qq", &message(302, "海报"));
    bot.until("the picture cannot be sent: media/poster.png is not there");
    let (code, said) = bot.stop();
    assert_eq!(code, Some(0), "{said}");
    assert!(heard.try_recv().is_err(), "nothing else went out");
}

#[test]
fn a_part_that_is_out_is_not_sent_again_after_a_kill() {
    let (api, heard) = onebot();
    let house = house(&api);
    let mut bot = house.run();
    assert_eq!(bot.post("/hooks/qq", &message(301, "茶单")).0, 204);
    let next = || heard.recv_timeout(Duration::from_secs(120)).unwrap()["message"].to_string();
    assert!(next().contains("第一句话"));
    assert!(next().contains("第二句话"));
    bot.until("part 2 of 2, those before it are sent");
    drop(bot);
    let _bot = house.run();
    assert!(
        next().contains("第二句话"),
        "the first part was recorded before the second was asked for"
    );
}

#[test]
fn a_file_is_a_message_of_its_own() {
    let (api, heard) = onebot();
    let house = house(&api);
    house.write(
        "playbooks/gift.toml",
        "title = \"单\"\n[[rule]]\nname = \"单\"\non = { message = \"单\" }\nthen = [ { say = \"价目表\", file = \"2026/menu.pdf\" } ]\n",
    );
    house.ask(&["check"]).is(1, "P55");
    std::fs::write(house.dir().join("media/2026/menu.pdf"), "%PDF").unwrap();
    house.ask(&["check"]).is(0, "");
    let bot = house.run();
    bot.post("/hooks/qq", &message(301, "单"));
    let next = || heard.recv_timeout(Duration::from_secs(120)).unwrap()["message"].clone();
    assert_eq!(next()[0]["data"]["text"], "价目表");
    let file = json!([{"type": "file", "data": {"file": "base64://JVBERg==", "name": "menu.pdf"}}]);
    assert_eq!(next(), file);
}

#[test]
fn check_looks_into_the_media_folder() {
    let house = house("http://127.0.0.1:1");
    let missing = house.ask(&["check"]);
    missing.is(1, "P55");
    assert!(
        missing.out.contains("media/poster.png 不存在。") && missing.out.contains("把图片放进 media 目录"),
        "{missing:?}"
    );
    assert!(!missing.out.contains("tea.png"), "{missing:?}");
    std::fs::write(house.dir().join("media/poster.png"), "words").unwrap();
    house
        .ask(&["check"])
        .is(1, "media/poster.png 不是 PNG、JPEG、GIF 或 WebP 图片。");
    house.ask(&["check", "--lang", "en"]).is(1, "save it as PNG or JPEG");
    let mut large = PNG.to_vec();
    large.resize((10 << 20) + 1, 0);
    std::fs::write(house.dir().join("media/poster.png"), large).unwrap();
    house.ask(&["check"]).is(1, "media/poster.png 有 10.1 MB，最多 10 MB。");
    std::fs::write(house.dir().join("media/poster.png"), PNG).unwrap();
    house.ask(&["check"]).is(0, "");
    house.write("playbooks/gift.toml", &PLAYBOOK.replace("poster.png", "../secret.png"));
    house.ask(&["check"]).is(1, "P54");
}

#[test]
fn check_tells_where_only_an_address_is_said() {
    let mapped = |more: &str, send: &str| {
        let house = House::new(&format!(
            "[manners]\nquiet = \"\"\n{more}[gateway.own]\nkind = \"mapped\"\napi = \"http://127.0.0.1:1\"\n\
             [gateway.own.send]\nsay = {{ path = \"say\", body = {{ to = \"{{group}}\", text = \"{{text}}\" }} }}\n{send}"
        ));
        house.write(
            "playbooks/gift.toml",
            "title = \"单\"\n[[rule]]\nname = \"单\"\non = { message = \"单\" }\nthen = [ { say = \"茶单\", image = \"tea.png\" } ]\n",
        );
        std::fs::create_dir_all(house.dir().join("media")).unwrap();
        std::fs::write(house.dir().join("media/tea.png"), PNG).unwrap();
        house
    };
    let url = "[media]\nurl = \"https://shop.example/media\"\n";
    mapped("", "").ask(&["check"]).is(1, "网关 own 收不了素材目录里的图片");
    mapped(url, "").ask(&["check"]).is(0, "P175");
    mapped(url, "")
        .ask(&["check", "--lang", "en"])
        .is(0, "the address of `tea.png` is said instead");
    let shows = "say_picture = { path = \"p\", body = { to = \"{group}\", url = \"{url}\" } }\n";
    let shown = mapped(url, shows).ask(&["check"]);
    assert!(!shown.out.contains("P175"), "{shown:?}");
}
