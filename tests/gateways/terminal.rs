//! Typed lines and printed actions.

use hyper::HeaderMap;
use proptest::prelude::*;
use qunying::chat::{Deed, GatewayName, Lang, Segment};
use qunying::gateway::terminal::{Reader, Typed, print};
use qunying::gateway::{Terminal, TerminalSettings};

use crate::telling::{arrival, line, tell};

fn settings() -> TerminalSettings {
    TerminalSettings::new(GatewayName::new("terminal"), Lang::Zh)
}

fn typed(reader: &mut Reader, text: &str) -> String {
    match reader.read(text, arrival(), 0) {
        Ok(Typed::Help) => "help".to_owned(),
        Ok(Typed::Events(events)) => events.iter().map(line).collect::<Vec<_>>().join("; "),
        Err(why) => format!("? {why}"),
    }
}

#[test]
fn a_conversation_can_be_typed() {
    let mut reader = Reader::new(settings());
    for (text, expected) in [
        ("小明: 签到", "小明/小明/ Member in terminal/体验群: «签到»"),
        ("  小明：签 到  ", "小明/小明/ Member in terminal/体验群: «签 到»"),
        ("小明: 10:30 见", "小明/小明/ Member in terminal/体验群: «10:30 见»"),
        (
            "小明: @机器人 签到 @所有人",
            "小明/小明/ Member in terminal/体验群: @机器人 « 签到 » @everybody",
        ),
        (
            "小明: a@b.example @",
            "小明/小明/ Member in terminal/体验群: «a@b.example @»",
        ),
        ("小明 -> 机器人: 你好", "小明/小明/ Member in private: «你好»"),
        ("小明→机器人：你好", "小明/小明/ Member in private: «你好»"),
        (
            "机器人: 我说的",
            "机器人/机器人/ Member in terminal/体验群 (own): «我说的»",
        ),
        ("+小明", "小明 joined terminal/体验群 Unknown"),
        ("＋小明 by 老王", "小明 joined terminal/体验群 Invited by 老王"),
        ("-小明", "小明 left terminal/体验群 Left"),
        ("!小明 29.90 茶叶 茶杯", "小明 paid 29.90 for [\"茶叶\", \"茶杯\"]"),
        ("！小明 -29.90", "小明 refunded 29.90"),
        ("#周末群", "bot joined terminal/周末群; terminal/周末群 read «周末群» 0"),
        ("小明: 到了", "小明/小明/ Member in terminal/周末群: «到了»"),
        ("", ""),
        ("?", "help"),
        ("？", "help"),
        ("签到", "? this is no line of chat; type ? to see what may be typed"),
        (": 签到", "? a name is missing; type ? to see what may be typed"),
        ("+", "? a name is missing; type ? to see what may be typed"),
        ("!小明", "? an order is typed like: !小明 29.90 茶叶"),
        (
            "!小明 很多",
            "? `很多` is not an amount in yuan; write it like 25 or 25.00",
        ),
        ("小明 -> 老王: 你好", "? in private one writes to 机器人 only"),
    ] {
        assert_eq!(typed(&mut reader, text), expected, "{text}");
    }
}

#[test]
fn lines_can_be_posted() {
    let terminal = Terminal::new(settings()).unwrap();
    let post = |body: &str| tell(terminal.decode(&HeaderMap::new(), body.as_bytes(), arrival()));
    let opening = "bot joined terminal/体验群\nterminal/体验群 read «体验群» 0";
    assert_eq!(
        post("+小明\r\n小明: 签到\n"),
        format!("{opening}\n小明 joined terminal/体验群 Unknown\n小明/小明/ Member in terminal/体验群: «签到»")
    );
    assert_eq!(
        post("小明: 1\n签到"),
        "400 line 2: this is no line of chat; type ? to see what may be typed"
    );
    assert_eq!(post(r#" {"type":"bot_joined","group":"g"}"#), "bot joined terminal/g");
    let bytes = terminal.decode(&HeaderMap::new(), b"a: \xff", arrival());
    assert_eq!(tell(bytes), "400 byte 3: this is not UTF-8");
}

#[test]
fn typing_it_again_is_a_new_fact_but_a_group_is_there_only_once() {
    let terminal = Terminal::new(settings()).unwrap();
    let ids = |nth: u64| -> Vec<String> {
        let arrived = qunying::gateway::Arrival { nth, ..arrival() };
        let decoded = terminal
            .decode(&HeaderMap::new(), "小明: 1\n小明: 1".as_bytes(), arrived)
            .unwrap();
        decoded.events.iter().map(|event| event.id.to_string()).collect()
    };
    let (once, again) = (ids(1), ids(2));
    assert_eq!(once[..2], again[..2]);
    assert!(once[2] != once[3] && once[2] != again[2]);
}

/// What is printed where colours are not shown.
fn printed(deed: Deed) -> String {
    anstream::adapter::strip_str(&print::line(&deed, &settings())).to_string()
}

#[test]
fn actions_are_printed_as_chat() {
    let group = || "terminal/体验群".into();
    let person = || "terminal/小明".into();
    let say = |text: &str| Deed::Say {
        group: group(),
        content: vec![Segment::Mention(person()), Segment::Text(text.to_owned())],
    };
    assert_eq!(printed(say("欢迎")), "体验群 | 机器人: @小明 欢迎");
    assert_eq!(printed(say("一\n二")), "体验群 | 机器人: @小明 一\n    二");
    let whisper = Deed::Whisper {
        person: person(),
        content: vec![Segment::Text("你好".to_owned())],
    };
    assert_eq!(printed(whisper), "私聊 小明 | 机器人: 你好");
    assert_eq!(
        printed(Deed::RenameGroup {
            group: group(),
            name: "春".to_owned()
        }),
        "体验群 | 机器人 把群名改为「春」"
    );
    let card = Deed::SetCard {
        group: group(),
        person: person(),
        card: "茶王".to_owned(),
    };
    assert_eq!(printed(card), "体验群 | 机器人 把 小明 的群名片设为「茶王」");
    assert_eq!(
        printed(Deed::Recall {
            group: group(),
            message: "m1".into()
        }),
        "体验群 | 机器人 撤回了消息 m1"
    );
    assert_eq!(
        printed(Deed::Kick {
            group: group(),
            person: person()
        }),
        "体验群 | 机器人 把 小明 移出了群"
    );
}

#[test]
fn member_text_cannot_paint_the_screen() {
    let hostile = "a\u{1b}[2J\u{9b}31m\r\u{7}\u{202e}b";
    let deed = Deed::Say {
        group: "terminal/g".into(),
        content: vec![Segment::Text(hostile.to_owned())],
    };
    assert!(print::line(&deed, &settings()).ends_with(": a[2J31mb"));
}

proptest! {
    #[test]
    fn no_bytes_can_break_it(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Terminal::new(settings()).unwrap().decode(&HeaderMap::new(), &body, arrival());
    }

    #[test]
    fn no_line_can_break_it(text in "[-+#!?@:：>→ 小明a.0-9\\PC]{0,40}") {
        let _ = typed(&mut Reader::new(settings()), &text);
    }
}
