//! Logs as they come: damaged, unfinished, unsorted, doubled, foreign.

use std::ops::ControlFlow;

use qunying::chat::Lang;
use qunying::dry_run::{Input, Losses};
use qunying::logs::{BadLog, Logs};

fn read(text: &[u8]) -> Result<(Vec<Input>, Losses), BadLog> {
    let mut logs = Logs::new("shop".into());
    let mut inputs = Vec::new();
    logs.read("log.jsonl", text, &mut |input| {
        inputs.push(input);
        ControlFlow::Continue(())
    })?;
    inputs.extend(logs.foreign());
    Ok((inputs, logs.losses().clone()))
}

fn recording() -> Vec<u8> {
    let whole = std::fs::read("recordings/tea-friends.jsonl").expect("the recording is there");
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').take(20).collect();
    lines.concat()
}

#[test]
fn damage_in_our_own_recording_is_an_error_with_its_line() {
    let mut bytes = recording();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let error = read(&bytes).expect_err("a checksum does not fit");
    assert!(
        matches!(&error, BadLog::Damaged { line, .. } if (5..16).contains(line)),
        "{error}"
    );
    assert!(error.text(Lang::Zh).contains("录音已损坏"), "{}", error.text(Lang::Zh));
}

#[test]
fn a_missing_line_is_damage() {
    let bytes = recording();
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let holed = [&lines[..7], &lines[8..]].concat().concat();
    assert!(matches!(read(&holed), Err(BadLog::Damaged { line: 8, .. })));
}

#[test]
fn a_write_that_was_broken_off_is_left_out_and_said() {
    let bytes = recording();
    let (inputs, losses) = read(&bytes[..bytes.len() - 10]).expect("an unfinished end is no damage");
    assert_eq!(inputs.len(), 19);
    assert_eq!(losses.unfinished, Some(("log.jsonl".to_owned(), 20)));
}

#[test]
fn something_else_is_refused_with_the_place() {
    for text in ["hello\n", "{\"a\":1}\n", "[1]\n", "\u{feff}time,who\n"] {
        let error = read(text.as_bytes()).expect_err("it is no log");
        assert!(matches!(error, BadLog::UnknownForm { line: 1, .. }), "{error}");
    }
    assert!(read(b"").is_ok_and(|(inputs, _)| inputs.is_empty()));
}

#[test]
fn foreign_lines_are_sorted_and_every_bad_one_is_named() {
    let message = |time: i64, id: i64, text: &str| {
        format!(
            r#"{{"time":{time},"self_id":9,"post_type":"message","message_type":"group","message_id":{id},"group_id":1,"user_id":2,"message":"{text}","sender":{{"nickname":"小明"}}}}"#
        )
    };
    let join =
        r#"{"time":90,"self_id":9,"post_type":"notice","notice_type":"group_increase","group_id":1,"user_id":2}"#;
    let lines = [
        message(100, 1, "一"),
        "{broken".to_owned(),
        message(300, 3, "三"),
        message(200, 2, "二"),
        r#"{"time":1,"post_type":"meta_event","meta_event_type":"heartbeat"}"#.to_owned(),
        message(100, 1, "一"),
        join.to_owned(),
        String::new(),
        r#"{"time":100,"post_type":"message","message_type":"group","message":[]}"#.to_owned(),
    ];
    let (inputs, losses) = read(lines.join("\n").as_bytes()).expect("a foreign log is read as far as it goes");
    let times: Vec<i64> = inputs.iter().map(|input| input.time.millis() / 1000).collect();
    assert_eq!(times, [90, 100, 100, 200, 300]);
    assert_eq!(inputs[1].event.id, inputs[2].event.id);
    assert_eq!(losses.lines, 8);
    assert_eq!(losses.unreadable, 2);
    assert_eq!(losses.named.iter().map(|bad| bad.line).collect::<Vec<_>>(), [2, 9]);
    assert_eq!(losses.set_aside.get("meta"), Some(&1));
    assert_eq!(losses.out_of_order, 3);
    let joined = serde_json::to_string(&inputs[0].event).expect("an event serializes");
    assert!(
        joined.contains("小明"),
        "the newcomer has the name they speak under later: {joined}"
    );
}
