//! `config.toml`: every key is there, it loads as it stands, and it says what the defaults are.

use std::path::Path;

use qunying::config::problem::Why;
use qunying::config::{BadConfig, Config};

fn shipped() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config.toml")).unwrap()
}

/// The keys the program knows below a heading: it names them when it is shown one it does not know.
fn known_keys(heading: &str) -> Vec<String> {
    let text = format!("{heading}\nno_such_key = 1\n");
    let bad = Config::from_text(&text, "c.toml").unwrap_err();
    match bad.as_slice() {
        [
            BadConfig {
                why: Why::UnknownKey { known, .. },
                ..
            },
        ] => known.split(", ").map(str::to_owned).collect(),
        other => panic!("{heading}: {other:?}"),
    }
}

/// The keys the shipped file has below a heading, commented out or not.
fn written_keys(text: &str, heading: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.strip_prefix("# ").unwrap_or(line));
    let below = lines
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('['));
    let key = |line: &str| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim();
        let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        is_key.then(|| key.to_owned())
    };
    below.filter_map(key).collect()
}

#[test]
fn every_key_is_there() {
    let text = shipped();
    for table in known_keys("")
        .into_iter()
        .filter(|table| !["gateway", "calls", "till"].contains(&table.as_str()))
    {
        let heading = format!("[{table}]");
        let written = written_keys(&text, &heading);
        assert!(!written.is_empty(), "{heading} is not in config.toml");
        for key in known_keys(&heading) {
            assert!(
                written.contains(&key),
                "config.toml does not mention {key} of {heading}"
            );
        }
    }
}

#[test]
fn every_key_of_a_call_is_there() {
    let written = written_keys(&shipped(), "[calls.crm]");
    assert_eq!(written, known_keys("[calls.x]"));
}

#[test]
fn every_key_of_every_kind_of_gateway_is_there() {
    let text = shipped();
    let kinds = [
        ("terminal", "[gateway.terminal]"),
        ("native", "[gateway.mine]"),
        ("onebot11", "[gateway.qq]"),
        ("onebot12", "[gateway.comwechat]"),
        ("satori", "[gateway.koishi]"),
        ("wechatbot-webhook", "[gateway.wx]"),
        ("mapped", "[gateway.other]"),
        ("wecom", "[gateway.wecom]"),
    ];
    for (kind, heading) in kinds {
        let written = written_keys(&text, heading);
        assert!(
            text.contains(&format!("# kind = \"{kind}\"")),
            "no {kind} gateway in config.toml"
        );
        for key in known_keys(&format!("[gateway.x]\nkind = \"{kind}\"")) {
            let bad = Config::from_text(&format!("[gateway.x]\nkind = \"{kind}\"\n{key} = \"x\""), "c.toml");
            let is_foreign = |bad: &BadConfig| matches!(bad.why, Why::NotOfThisKind { .. });
            // A key of another kind is refused by name; every other one belongs to this kind.
            let foreign = bad.is_err_and(|bad| bad.iter().any(is_foreign)) || another_kinds(kind, &key);
            assert_eq!(written.contains(&key), !foreign, "{key} of a {kind} gateway");
        }
    }
}

/// Keys that take no text, so that a text in them is refused before anybody asks whose they are.
fn another_kinds(kind: &str, key: &str) -> bool {
    match key {
        "can" => kind != "native",
        "secrets" => !matches!(kind, "native" | "mapped"),
        "sign" | "event" | "send" | "groups" | "members" => kind != "mapped",
        "ids" | "messages" => kind != "onebot11",
        "events" => kind != "satori",
        "aliases" => kind != "wechatbot-webhook",
        "robots" | "bound" | "form" | "archive_command" => kind != "wecom",
        _ => false,
    }
}

#[test]
fn it_loads_as_it_stands_and_says_the_defaults() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config.toml");
    let mut read = Config::read(&file).unwrap();
    let staff: Vec<&str> = read.staff.iter().map(|id| id.as_str()).collect();
    assert_eq!(staff, ["terminal/店长", "shop/9001"]);
    // Somebody must be able to give orders in the first five minutes; nothing else differs.
    read.staff.clear();
    assert_eq!(format!("{read:#?}"), format!("{:#?}", Config::without_file().unwrap()));
}

#[test]
fn what_is_commented_out_is_right_too() {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let aes_key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
    let mut text = String::new();
    for line in shipped().lines() {
        let bare = line.strip_prefix("# ").unwrap_or(line);
        let is_setting = bare.starts_with('[') || bare.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        let line = if is_setting { bare } else { line };
        // There is no such file here.
        if !line.starts_with("holidays") {
            text.push_str(line);
            text.push('\n');
        }
    }
    text = text.replace("${WECOM_AES_KEY}", aes_key);
    // The end of a file or a command, not both.
    text = text.replace("archive_command = [\"./archive\"]", "");
    while let Some(at) = text.find("\"${") {
        let end = at + text[at..].find("}\"").unwrap() + 2;
        text.replace_range(at..end, &format!("\"{secret}\""));
    }
    let config = Config::from_text(&text, "config.toml");
    let config = config.unwrap_or_else(|bad| panic!("{}", bad.iter().map(|it| format!("{it}\n")).collect::<String>()));
    assert_eq!(config.gateways.len(), 8);
    assert!(config.secret.is_some() && config.token.is_some() && config.staff_group.is_some());
}
