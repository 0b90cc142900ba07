//! The CQ string, and what members type into it.

use std::collections::BTreeMap;

use proptest::prelude::*;
use qunying::chat::Segment;
use qunying::gateway::MessageForm;
use qunying::gateway::onebot11::cq::{Piece, parse, write};
use qunying::gateway::onebot11::encode;
use serde_json::{Value, json};

fn code() -> impl Strategy<Value = Piece> {
    let kind = "[a-z][a-z_]{0,8}".prop_filter("text is no code", |kind| kind != "text");
    (
        kind,
        proptest::collection::btree_map("[a-z_]{1,6}", any::<String>(), 0..4),
    )
        .prop_map(|(kind, data)| Piece { kind, data })
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\[\\]&,;#0-9CQ:amp=]{1,30}",
        Just("[CQ:at,qq=all]".to_owned()),
        Just("&amp;#91;CQ:at,qq=all&#93;".to_owned()),
    ]
    .prop_filter("texts are not empty", |words| !words.is_empty())
}

/// Texts and codes in turn, so that no two texts touch.
fn row() -> impl Strategy<Value = Vec<Piece>> {
    proptest::collection::vec((proptest::option::of(words()), code()), 0..5).prop_map(|pairs| {
        pairs
            .into_iter()
            .flat_map(|(words, code)| words.map(Piece::text).into_iter().chain([code]))
            .collect()
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(row in row()) {
        prop_assert_eq!(parse(&write(&row)), row);
    }

    #[test]
    fn nothing_a_member_types_becomes_markup(words in words()) {
        let pieces = parse(&write(&[Piece::text(words.clone())]));
        prop_assert_eq!(pieces, vec![Piece::text(words.clone())]);
        let said = [Segment::Text(words.clone())];
        let string = encode::message(&said, MessageForm::CqString);
        prop_assert!(!string.unwrap().as_str().unwrap().contains('['));
        let segments = encode::message(&said, MessageForm::Segments);
        prop_assert_eq!(segments, Some(json!([{"type": "text", "data": {"text": words}}])));
    }

    #[test]
    fn any_string_can_be_read(string in any::<String>()) {
        let _ = parse(&string);
    }
}

fn data(piece: &Piece) -> BTreeMap<&str, &str> {
    piece
        .data
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect()
}

#[test]
fn the_specifications_examples_are_read() {
    let row = parse("&#91;第一部分&#93;[CQ:image,file=123.jpg]后面");
    assert_eq!(
        row,
        [
            Piece::text("[第一部分]"),
            Piece::with("image", "file", "123.jpg"),
            Piece::text("后面")
        ]
    );
    let share = parse("[CQ:share,title=标题中有=等号,url=http://baidu.com/?a=1&amp;b=2]");
    assert_eq!(
        data(&share[0]),
        BTreeMap::from([("title", "标题中有=等号"), ("url", "http://baidu.com/?a=1&b=2")])
    );
}

#[test]
fn escapes_are_undone_once() {
    assert_eq!(
        parse("&amp;#91;CQ:at,qq=all&amp;#93;"),
        [Piece::text("&#91;CQ:at,qq=all&#93;")]
    );
    assert_eq!(parse("a & b &lt; &#9"), [Piece::text("a & b &lt; &#9")]);
}

#[test]
fn what_is_no_whole_code_is_text() {
    for text in [
        "[CQ:at,qq=1",
        "[CQ:]",
        "[CQ:,a=b]",
        "[cq:at]",
        "[CQ:a b]",
        "[CQ:at [CQ:",
    ] {
        assert_eq!(parse(text), [Piece::text(text)], "{text}");
    }
    assert_eq!(
        parse("[CQ:[CQ:face,id=1]"),
        [Piece::text("[CQ:"), Piece::with("face", "id", "1")]
    );
}

#[test]
fn a_member_who_is_called_all_does_not_call_everybody() {
    let said = [Segment::Mention("qq/all".into())];
    let Some(Value::Array(row)) = encode::message(&said, MessageForm::Segments) else {
        panic!("no message")
    };
    assert_eq!(row[0]["type"], "text");
}
