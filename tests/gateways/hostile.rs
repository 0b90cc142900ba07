//! Member names and texts made to do harm, through every gateway's encoder: nobody is called, nothing becomes markup.

use proptest::prelude::*;
use qunying::chat::{Action, ActionId, Deed, GatewayName, IfUnknown, Kind, Lang, Moment, Segment, calling_nobody};
use qunying::gateway::onebot11::cq;
use qunying::gateway::terminal::print;
use qunying::gateway::{MessageForm, TerminalSettings, native, onebot11};

const NASTY: &[&str] = &[
    "[CQ:at,qq=all]",
    "[CQ:at,qq=all",
    "&#91;CQ:at,qq=all&#93;",
    "&amp;#91;CQ:at,qq=all]",
    "[CQ:image,file=file:///etc/passwd]",
    "[CQ:record,file=http://127.0.0.1/]",
    "]] [CQ:reply,id=1] [[",
    "@所有人",
    "@ 所有人",
    "@\u{200B}所有人",
    "@@所有人",
    "@全体成员 领券",
    "@全體成員",
    "@all",
    "@ALL!",
    "@everyone @here @channel",
    "<@all>",
    "<at user_id=\"all\">everyone</at>",
    "<script>alert(1)</script>",
    "{{ house.name }}",
    "{% for x in people %}{{ x }}{% endfor %}",
    "{# nothing #}",
    "${SECRET}",
    "\u{202E}gnp.tpircs",
    "\u{1b}[2J\u{1b}]0;title\u{7}",
    "a\r\nb\u{0}c\u{2028}d",
    "**bold** [link](http://example.com) `code`",
    "\"},{\"mention_all\":true},{\"text\":\"",
    "'; DROP TABLE members; --",
    "👨‍👩‍👧‍👦 e\u{301}\u{301}\u{301}",
];

/// Words for everybody that receivers look for in plain text.
const CALLS: &[&str] = &[
    "@所有人",
    "@全体成员",
    "@全體成員",
    "@all",
    "@everyone",
    "@here",
    "@channel",
];

fn calls_nobody(text: &str) {
    let seen: String = text
        .chars()
        .filter(|it| !qunying::chat::fold::is_invisible(*it))
        .collect();
    let seen = seen.to_lowercase();
    for call in CALLS {
        for (at, _) in seen.match_indices(call) {
            let next = seen[at + call.len()..].chars().next();
            // @allen is somebody.
            let goes_on = call.is_ascii() && next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_');
            assert!(goes_on, "{text:?} calls {call}");
        }
    }
}

fn harmless(text: &str) {
    let content = [Segment::Text(text.to_owned())];

    for form in [MessageForm::Segments, MessageForm::CqString] {
        let Some(message) = onebot11::encode::message(&content, form) else {
            assert!(text.is_empty());
            continue;
        };
        match message.as_str() {
            Some(string) => {
                for piece in cq::parse(string) {
                    assert_eq!(piece.kind, "text", "{text:?} became {string:?}");
                    calls_nobody(piece.get("text").unwrap_or_default());
                }
            }
            None => {
                let pieces = message.as_array().unwrap();
                assert_eq!(pieces.len(), 1);
                assert_eq!(pieces[0]["type"], "text");
                calls_nobody(pieces[0]["data"]["text"].as_str().unwrap());
            }
        }
    }

    let deed = Deed::Say {
        group: "shop/g1".into(),
        content: content.to_vec(),
    };
    let action = Action {
        id: ActionId::new("a1"),
        deed: deed.clone(),
        kind: Kind::Care,
        due: Moment::START,
        if_unknown: IfUnknown::Resend,
        rule: "tea/greet".into(),
    };
    let body = native::encode::body(&action);
    let segments = body["segments"].as_array().unwrap();
    assert_eq!(segments.len(), 1);
    assert_eq!(segments[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["text"]);
    calls_nobody(segments[0]["text"].as_str().unwrap());
    calls_nobody(body["text"].as_str().unwrap());

    let settings = TerminalSettings::new(GatewayName::new("terminal"), Lang::Zh);
    let printed = print::line(&deed, &settings);
    let words = printed.split_once(": ").unwrap().1;
    assert!(words.chars().all(|it| !it.is_control() || it == '\n'), "{printed:?}");
    calls_nobody(words);
}

#[test]
fn nasty_texts_are_only_texts() {
    for text in NASTY {
        harmless(text);
        harmless(&format!("欢迎 {text} 进群"));
        for other in NASTY {
            harmless(&format!("{text}{other}"));
        }
    }
}

#[test]
fn a_person_called_like_everybody_is_a_person() {
    for wire in ["all", "所有人", "everyone"] {
        let content = [Segment::Mention(format!("qq/{wire}").as_str().into())];
        let message = onebot11::encode::message(&content, MessageForm::CqString).unwrap();
        assert!(!message.as_str().unwrap().contains("qq=all"), "{message}");
    }
}

#[test]
fn only_words_for_everybody_are_touched() {
    for text in [
        "@allen",
        "@Alliance 好",
        "a@b.example",
        "@小明 所有人都到了",
        "@",
        "@@",
        "所有人",
        "me@all_in.example",
    ] {
        assert_eq!(calling_nobody(text), text);
    }
    assert_eq!(calling_nobody("@所有人 a@all"), "＠所有人 a＠all");
}

proptest! {
    #[test]
    fn any_text_is_only_text(text in "\\PC{1,60}") {
        harmless(&text);
    }

    #[test]
    fn whatever_is_put_together_calls_nobody(parts in proptest::collection::vec(proptest::sample::select(vec![
        "@", "＠", "all", "所有人", "\u{200B}", " ", "[", "]", "CQ:at,qq=", "&amp;", "&#91;", ",", "{", "}", "a", "全体", "成员", "\n",
    ]), 1..14)) {
        harmless(&parts.concat());
    }
}
