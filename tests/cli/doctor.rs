//! `doctor`: what every gateway says of itself, and what to do where it says nothing.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;

use super::house::{CONFIG, House};

/// A OneBot that answers the questions `doctor` has, and nothing else; its clock is what `date` says.
fn onebot(date: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            lines.read_line(&mut head).unwrap();
            let mut length = 0;
            loop {
                let mut line = String::new();
                lines.read_line(&mut line).unwrap();
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            lines.read_exact(&mut vec![0; length]).unwrap();
            let action = head.split(' ').nth(1).unwrap_or_default();
            let data = match action {
                "/get_login_info" => r#"{"user_id":10001,"nickname":"茶小二"}"#,
                "/get_group_list" => r#"[{"group_id":3001,"group_name":"茶友会","member_count":3}]"#,
                "/get_group_member_list" => {
                    r#"[{"user_id":10001,"nickname":"茶小二","role":"member"},{"user_id":9001,"nickname":"店长","role":"owner"}]"#
                }
                // Anything that is sent would be a fault.
                _ => "null",
            };
            let body = format!(r#"{{"status":"ok","retcode":0,"data":{data}}}"#);
            let answer = format!(
                "HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

fn config(gateway: &str) -> String {
    format!(
        "[server]\nlisten = \"127.0.0.1:9\"\n[staff]\nids = [\"qq/9001\", \"qq/9002\"]\n[gateway.qq]\nkind = \"onebot11\"\n{gateway}"
    )
}

#[test]
fn without_a_config_there_is_a_terminal_and_nothing_is_wrong() {
    let house = House::new(CONFIG);
    std::fs::remove_file(house.dir().join("config.toml")).unwrap();
    let answer = house.ask(&["doctor"]);
    answer.is(0, "没有配置文件，用的是默认的终端");
    for words in [
        "下一步：运行 qunying init 写一份",
        "账号 机器人（terminal/机器人）",
        "体验群",
        "没有问题",
    ] {
        assert!(answer.out.contains(words), "no {words} in\n{}", answer.out);
    }
    house.ask(&["--lang", "en", "doctor"]).is(0, "nothing is wrong");
}

#[test]
fn a_gateway_tells_who_it_is_where_it_is_and_what_it_may_do() {
    let address = onebot("Sun, 01 Mar 2026 02:00:00 GMT");
    let house = House::new(&config(&format!("api = \"http://{address}\"\n")));
    let answer = house.ask(&["doctor"]);
    // Its clock is wrong by months.
    answer.is(1, "账号 茶小二（qq/10001）");
    for words in [
        "1 个群",
        "qq/3001 茶友会，3 人，机器人是普通成员",
        "请群主把它设为管理员",
        "这些店员不在任何群里：qq/9002",
        "它的时钟",
        "下一步：两边都打开 NTP 对时",
        "改群名",
        "1 个问题",
    ] {
        assert!(answer.out.contains(words), "no {words} in\n{}", answer.out);
    }
    let json = house.ask(&["doctor", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json.code, Some(1));
    assert_eq!(told["fine"], false);
    assert_eq!(told["gateways"][0]["account"]["person"], "qq/10001");
    assert_eq!(told["gateways"][0]["groups"][0]["bot"], "member");
}

#[test]
fn a_gateway_that_is_not_there_fails_with_the_next_step() {
    let house = House::new(&config("api = \"http://127.0.0.1:9\"\n"));
    house.ask(&["doctor"]).is(1, "问账号没有回答：");
    let answer = house.ask(&["--lang", "en", "doctor"]);
    answer.is(1, "no answer about the account: ");
    assert!(
        answer.out.contains("next: see whether the gateway runs"),
        "{}",
        answer.out
    );
    // One that connects to us cannot be asked, which is nothing wrong.
    house.write("config.toml", &config("api = \"reverse\"\n"));
    house.ask(&["doctor"]).is(0, "这个网关自己连过来");
    house.write("config.toml", "[gateway.qq]\nkind = \"onebot11\"\napi = 5\n");
    house.ask(&["doctor"]).is(2, "出错：config.toml");
}

#[test]
fn a_gateway_that_cannot_be_asked_for_its_account_is_knocked_at() {
    let address = onebot("Sun, 01 Mar 2026 02:00:00 GMT");
    let mapped = |api: &str| {
        format!(
            "[server]\nlisten = \"127.0.0.1:9\"\n[staff]\nids = [\"x/a\"]\n[gateway.x]\nkind = \"mapped\"\napi = \"http://{api}\"\n"
        )
    };
    let house = House::new(&mapped("127.0.0.1:9"));
    house.ask(&["doctor"]).is(1, "问接口没有回答：");
    house.write("config.toml", &mapped(&address));
    // It answers, and what time it is there is told with it.
    let answer = house.ask(&["doctor"]);
    answer.is(1, "它的接口有回应");
    assert!(answer.out.contains("它的时钟"), "{}", answer.out);
}
