//! Satori's message elements: what is written is read again, and nothing at all breaks the reader.

use std::collections::BTreeMap;

use proptest::prelude::*;
use qunying::chat::Segment;
use qunying::gateway::satori::content;
use qunying::gateway::satori::elements::{Element, parse, write};

fn text() -> impl Strategy<Value = String> {
    // No line break at either end: readers drop those.
    "[ -~&<>\"'一二\u{1f375}\u{1}]{0,6}[a-z&<>\"'一][ -~\n]{0,4}[b&<>;#]".prop_map(|text| text)
}

fn elements() -> impl Strategy<Value = Vec<Element>> {
    let attributes = prop::collection::btree_map("[a-z][a-z-]{0,5}", "[ -~\n一&<>\"']{0,8}", 0..3);
    let tag = |children: BoxedStrategy<Vec<Element>>, attributes: BoxedStrategy<BTreeMap<String, String>>| {
        ("[a-z][a-z0-9-]{0,6}", attributes, children).prop_map(|(name, attributes, children)| Element::Tag {
            name,
            attributes,
            children: apart(children),
        })
    };
    let attributes = attributes.boxed();
    let leaf = prop_oneof![
        text().prop_map(Element::Text),
        tag(Just(Vec::new()).boxed(), attributes.clone())
    ];
    let nested = leaf.prop_recursive(5, 40, 4, move |inner| {
        tag(prop::collection::vec(inner, 0..4).boxed(), attributes.clone())
    });
    prop::collection::vec(nested, 0..6).prop_map(apart)
}

/// No two texts touch.
fn apart(mut elements: Vec<Element>) -> Vec<Element> {
    elements.dedup_by(|one, other| matches!((one, other), (Element::Text(_), Element::Text(_))));
    elements
}

fn segments() -> impl Strategy<Value = Vec<Segment>> {
    let segment = prop_oneof![
        "[ -~\n一&<>\"'\t]{1,12}".prop_map(Segment::Text),
        "[!-~一]{1,8}".prop_map(|wire| Segment::Mention(format!("qq/{wire}").as_str().into())),
        Just(Segment::MentionAll),
        "[!-~]{1,8}".prop_map(Segment::Image),
        "[!-~]{1,8}".prop_map(|id| Segment::Reply(id.as_str().into())),
    ];
    prop::collection::vec(segment, 1..8).prop_map(|mut all| {
        all.dedup_by(|one, other| matches!((one, other), (Segment::Text(_), Segment::Text(_))));
        all
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(elements in elements()) {
        prop_assert_eq!(parse(&write(&elements)), elements);
    }

    #[test]
    fn what_is_said_is_heard(segments in segments()) {
        let harmless: Vec<Segment> = segments
            .iter()
            .map(|it| match it {
                Segment::Text(words) => Segment::Text(qunying::chat::calling_nobody(words).into_owned()),
                other => other.clone(),
            })
            .collect();
        prop_assert_eq!(content::read(&"qq".into(), &content::write(&segments).unwrap()), harmless);
    }

    #[test]
    fn anything_is_read(text in "(\\PC|<|>|</|/>|<at |=\"|\"|<!--|-->|&|;|#|\n){0,40}") {
        let read = parse(&text);
        // What was read once and written is read the same.
        let again = write(&read);
        prop_assert_eq!(write(&parse(&again)), again);
        content::read(&"qq".into(), &text);
    }

    #[test]
    fn member_text_never_becomes_a_tag(text in "\\PC*") {
        if let Some(written) = content::write(&[Segment::Text(text)]) {
            let parts = parse(&written);
            let harmless = |it: &Element| match it {
                Element::Text(_) => true,
                Element::Tag { name, .. } => name == "br",
            };
            prop_assert!(parts.iter().all(harmless));
        }
    }
}

fn read(content: &str) -> Vec<Segment> {
    content::read(&"qq".into(), content)
}

fn words(text: &str) -> Segment {
    Segment::Text(text.to_owned())
}

#[test]
fn what_is_not_known_is_read_for_what_stands_in_it() {
    assert_eq!(
        read("<b>粗<i>斜</i></b><qq:thing x=1>里面</qq:thing>"),
        [words("粗斜里面")]
    );
    assert_eq!(read("一<p>二</p><p>三</p>四"), [words("一\n二\n三\n四")]);
    assert_eq!(
        read("<quote id=\"9\"><author id=\"1\"/>别人的话</quote>好"),
        [Segment::Reply("9".into()), words("好")]
    );
    assert_eq!(read("<at id='1' name='小红'/>"), [Segment::Mention("qq/1".into())]);
    assert_eq!(
        read("<at type=\"all\"/><at role=\"x\"/>"),
        [Segment::MentionAll, Segment::Other("at".to_owned())]
    );
    let link = |title: &str| Segment::Link {
        url: "https://x.example/?a=1&b=2".to_owned(),
        title: title.to_owned(),
    };
    assert_eq!(
        read("<a href=\"https://x.example/?a=1&amp;b=2\">茶<b>单</b></a>"),
        [link("茶单")]
    );
    assert_eq!(read("<a href=\"https://x.example/?a=1&amp;b=2\"/>"), [link("")]);
    assert_eq!(
        read("<img src=\"u\"/><audio src=\"v\"/>"),
        [Segment::Image("u".to_owned()), Segment::Other("audio".to_owned())]
    );
    assert_eq!(read("a<!-- <at type=\"all\"/> -->b"), [words("ab")]);
    assert_eq!(read("\n  a &#39;&#x27;&apos;&nbsp; \n"), [words("a '''&nbsp;")]);
    assert_eq!(read("1 < 2 > 3, <3, a<b, </at>, <"), [words("1 < 2 > 3, <3, a<b, , <")]);
    assert_eq!(read("<b>没有关"), [words("没有关")]);
}

#[test]
fn no_depth_and_no_length_breaks_the_reader() {
    for piece in ["<b>", "<", "<!--", "</b>", "<b a=\"", "&#", "<b x"] {
        read(&piece.repeat(60_000));
    }
    let deep = format!("{}里面{}", "<b>".repeat(20_000), "</b>".repeat(20_000));
    assert_eq!(read(&deep), [words("里面")]);
    let deep = format!("{}<at id=\"1\"/>{}", "<x>".repeat(100), "</x>".repeat(100));
    assert_eq!(read(&deep), [Segment::Mention("qq/1".into())]);
}
