//! Names and texts made to do harm, through the engine: they are said as they are, and nothing else comes of them.

use proptest::prelude::*;
use qunying::chat::{Deed, Happening, JoinedHow, Segment, fold};
use qunying::dry_run::{Entry, What};

use super::stage::{World, books, group, house, person, says};

const BOOK: &str = r#"
[[rule]]
name = "greet"
on   = "joined"
once = "1d"
then = [ { say = "欢迎 {{ who }}！" } ]
[[rule]]
name = "echo"
on   = { matches = '^说(?<what>.+)$' }
if   = "member.card != '{{ who }}' and text != captures.what"
then = [ { say = "{{ who }} 说：{{ captures.what }}" } ]
"#;

/// What is said when somebody of this name comes in and says this.
fn said(name: &str, words: &str) -> Vec<Vec<Segment>> {
    let mut world = World::new(books(BOOK, house()));
    let at = world.at("2026-03-02 10:00");
    world.open(at, "群", &["老陈"]);
    let joined = Happening::Joined {
        group: group("群"),
        person: person("p1"),
        name: name.to_owned(),
        how: JoinedHow::Unknown,
        by: None,
        inferred: false,
    };
    let mut message = says(Some("群"), "p1", "", 7);
    if let Happening::Message(message) = &mut message {
        message.name = name.to_owned();
        message.segments = vec![Segment::Text(format!("说{words}"))];
    }
    let mut heard = Vec::new();
    for (n, happening) in [joined, message].into_iter().enumerate() {
        let event = qunying::chat::Event {
            id: format!("e{n}").as_str().into(),
            at,
            happening,
        };
        world.run.feed(&event, at, &mut |entry: Entry<'_>| {
            if let What::Action(action) = entry.what
                && let Deed::Say { content, .. } = &action.deed
            {
                heard.push(content.clone());
            }
        });
    }
    heard
}

fn only_text(content: &[Segment]) -> &str {
    let [Segment::Text(text)] = content else {
        panic!("{content:?}");
    };
    text
}

#[test]
fn nasty_names_are_greeted_by_their_letters() {
    for name in [
        "{{ house.name }}",
        "{% raw %}",
        "{#",
        "[CQ:at,qq=all]",
        "@所有人",
        "<b>老陈</b>",
        "\u{202E}反过来",
        "a\nb",
        "${SECRET}",
        "%s%n",
    ] {
        let heard = said(name, name);
        let shown = fold::shown(name);
        let shown = if shown.is_empty() { "p1".to_owned() } else { shown };
        assert_eq!(only_text(&heard[0]), format!("欢迎 {shown}！"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_name_and_no_text_becomes_code(name in "[\\PC{}%#@\\[\\]]{1,30}", words in "[\\PC{}%#@\\[\\]]{1,60}") {
        for content in said(&name, &words) {
            let text = only_text(&content);
            prop_assert!(text.starts_with("欢迎 ") || text.contains(" 说："), "{}", text);
        }
    }
}
