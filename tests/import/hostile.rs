//! Files that are damaged, or made to do harm: one clear error each, and never a panic.

use proptest::prelude::*;
use qunying::import::formats::Format;
use qunying::import::rows_of;

use super::shapes;
use super::stage::{context, imported, words};

#[track_caller]
fn refused(file: &str, bytes: &[u8], expected: &str) {
    let Err(troubles) = imported(&[(file, bytes)]) else {
        panic!("{file} was imported");
    };
    let said = words(&troubles);
    assert_eq!(troubles.len(), 1, "{said}");
    assert!(said.contains(file) && said.contains(expected), "{said}");
    let zh = troubles[0].in_chinese();
    assert!(zh.contains(file) && zh.contains('。'), "{zh}");
}

#[test]
fn json_within_json_without_end() {
    let deep = format!(
        "{{\"weflow\":{{}},\"session\":{{}},\"messages\":[{}",
        "[".repeat(100_000)
    );
    refused(
        "deep.json",
        deep.as_bytes(),
        "deep.json:1: not sound JSON (recursion limit",
    );
}

#[test]
fn json_that_ends_in_the_middle_names_its_line() {
    let shape = shapes::all()
        .into_iter()
        .find(|shape| shape.file == "weflow.json")
        .expect("there is one");
    refused(
        "cut.json",
        &shape.bytes[..shape.bytes.len() - 40],
        "it ends in the middle",
    );
}

#[test]
fn zero_bytes() {
    refused(
        "zeros.txt",
        b"2026-03-02 09:00:00 'a'\nhi\n\n\0\0\n",
        "zeros.txt:4: a zero byte",
    );
}

#[test]
fn two_encodings_in_one_file() {
    let mut bytes = "2026-03-02 09:00:00 '小桥'\n大家早上好\n\n".as_bytes().to_vec();
    let other = encoding_rs::GB18030
        .encode("2026-03-02 09:01:00 '阿南'\n早上好呀各位\n\n")
        .0;
    bytes.extend_from_slice(&other);
    refused(
        "mixed.txt",
        &bytes,
        "mixed.txt:4: the file mixes UTF-8 and another encoding",
    );
    let turned = [other.as_ref(), "2026-03-02 09:00:00 '小桥'\n大家早上好\n\n".as_bytes()].concat();
    refused("turned.txt", &turned, "mixes UTF-8 and another encoding");
}

#[test]
fn a_line_without_end() {
    let mut bytes = b"2026-03-02 09:00:00 'a'\n".to_vec();
    bytes.resize(bytes.len() + (65 << 20), b'a');
    refused("endless.txt", &bytes, "endless.txt:2: one record is longer than 64 MiB");
}

#[test]
fn a_document_may_be_one_line_of_any_length() {
    let message = r#"{"createTime":1772413200,"localType":1,"content":"CONTENT","senderUsername":"wxid_a","senderDisplayName":"a"}"#;
    let message = message.replace("CONTENT", &"早".repeat(300_000));
    let messages = vec![message; 80].join(",");
    let file = format!(r#"{{"weflow":{{"version":"1"}},"session":{{"wxid":"1@chatroom"}},"messages":[{messages}]}}"#);
    assert!(file.len() > 64 << 20);
    let imported = imported(&[("long.json", file.as_bytes())]).unwrap_or_else(|it| panic!("{}", words(&it)));
    assert_eq!(imported.messages().len(), 80);
}

#[test]
fn something_else_says_what_to_do() {
    refused("song.txt", "啦啦啦\n啦啦\n".as_bytes(), "--format");
    refused(
        "train.json",
        b"[{\"conversations\":[{\"from\":\"human\",\"value\":\"x\"}]}]",
        "training",
    );
    refused("page.html", b"<!DOCTYPE html><html></html>", "web page");
    refused("empty.txt", b"", "--format");
}

#[test]
fn dates_that_can_be_read_in_two_ways_are_asked_about() {
    let both = "1/2/2026 09:00 - 甲: 一\n2/3/2026 09:00 - 乙: 二\n3/4/2026 09:00 - 甲: 三\n";
    refused("both.txt", both.as_bytes(), "--dates dmy or --dates mdy");
    let forward = "30/1/26, 09:00 - 甲: 一\n1/2/26, 09:00 - 乙: 二\n";
    let imported = imported(&[("dmy.txt", forward.as_bytes())]).unwrap_or_else(|it| panic!("{}", words(&it)));
    assert_eq!(imported.messages().len(), 2);
}

#[test]
fn other_encodings_are_read() {
    let text = "2026-03-02 09:00:00 '小桥'\n大家早上好\n\n";
    let wide: Vec<u8> = std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    let marked = format!("\u{feff}{text}").into_bytes();
    for bytes in [wide, gb, marked] {
        let imported = imported(&[("a.txt", &bytes)]).unwrap_or_else(|it| panic!("{}", words(&it)));
        assert_eq!(imported.messages()[0].2, "大家早上好");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_reader_panics_on_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for format in Format::ALL {
            let _ = rows_of(format, &bytes, &context());
        }
    }

    #[test]
    fn no_reader_panics_on_a_damaged_log(shape in 0..21_usize, at in 0..4000_usize, cut in any::<bool>(), byte in any::<u8>()) {
        let mut bytes = shapes::all().swap_remove(shape).bytes;
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        for format in Format::ALL {
            let _ = rows_of(format, &bytes, &context());
        }
        let _ = imported(&[("x", &bytes)]);
    }
}
