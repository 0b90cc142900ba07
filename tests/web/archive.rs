//! The message archive: the end of a file and the output of a command become events, once, wherever it is broken off.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use qunying::chat::{GatewayName, Happening, text_of};
use qunying::gateway::wecom::ArchiveSource;
use qunying::gateway::{Gateway, WeCom, WeComSettings};
use qunying::inbox::Letter;
use qunying::intake::Intake;
use qunying::intake::archive::Archive;
use qunying::metrics::Metrics;
use serde_json::json;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::house::{Letters, inbox_that, noon};

/// An archived line, some seconds after noon.
fn line(number: i64, after: i64, words: &str) -> String {
    let at = noon().millis() + after * 1_000;
    let line = json!({"seq": number, "msgid": format!("m{number}"), "action": "send", "from": "wmLIN", "roomid": "wrTEA",
        "msgtime": at, "msgtype": "text", "text": {"content": words}});
    format!("{line}\n")
}

/// Reads until it is dropped.
fn reading(source: ArchiveSource, kept: &Path) -> (Letters, DropGuard) {
    let mut settings = WeComSettings::new(GatewayName::new("wecom"));
    settings.archive = Some(source);
    let gateway = Arc::new(Gateway::WeCom(Box::new(WeCom::new(settings).unwrap())));
    let (inbox, letters) = inbox_that(Ok(()));
    let intake = Intake::new(inbox, Arc::new(Metrics::new()));
    let stop = CancellationToken::new();
    let mut archive = Archive::new(gateway, intake, kept.to_owned(), noon, stop.clone());
    archive.every = Duration::from_millis(1);
    tokio::spawn(archive.run());
    (letters, stop.drop_guard())
}

fn said(letters: &Letters) -> Vec<String> {
    let letters = letters.lock().unwrap();
    let events = letters.iter().flat_map(|letter| match letter {
        Letter::Events(events) => events.clone(),
        Letter::Till(event) => vec![event.clone()],
        Letter::Roster(_) | Letter::Look { .. } => Vec::new(),
    });
    events
        .map(|event| match event.happening {
            Happening::Message(message) => text_of(&message.segments),
            other => format!("{other:?}"),
        })
        .collect()
}

async fn until(letters: &Letters, expected: &[&str]) {
    while said(letters).len() < expected.len() {
        tokio::task::yield_now().await;
    }
    assert_eq!(said(letters), expected);
}

/// Waits until it is written down how far was read.
async fn until_kept(kept: &Path, part: &str) {
    while !std::fs::read_to_string(kept).is_ok_and(|text| text.contains(part)) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_end_of_a_file_is_followed_and_found_again() {
    let dir = tempfile::tempdir().unwrap();
    let (file, kept) = (
        dir.path().join("archive.jsonl"),
        dir.path().join("data/archive-wecom.json"),
    );
    let write = |text: &str| {
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(&file)
            .unwrap();
        file.write_all(text.as_bytes()).unwrap();
    };
    write(&line(1, 1, "早就说了"));
    let (letters, guard) = reading(ArchiveSource::File(file.clone()), &kept);
    until_kept(&kept, "offset").await;
    write(&line(2, -1, "开机之前说的"));
    write("this is no JSON\n\n");
    let whole = line(3, 1, "签到");
    write(&whole[..20]);
    write(&whole[20..]);
    until(&letters, &["签到"]).await;
    until_kept(&kept, "\"seq\":3").await;
    drop(guard);

    write(&line(4, 2, "停机时说的"));
    let (letters, guard) = reading(ArchiveSource::File(file.clone()), &kept);
    until(&letters, &["停机时说的"]).await;
    until_kept(&kept, "\"seq\":4").await;
    drop(guard);

    std::fs::write(&file, line(5, 3, "换了一个文件")).unwrap();
    let (letters, _guard) = reading(ArchiveSource::File(file.clone()), &kept);
    until(&letters, &["换了一个文件"]).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_command_is_listened_to_and_told_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let kept = dir.path().join("archive-wecom.json");
    let script = dir.path().join("lines");
    std::fs::write(&script, line(7, 1, "签到") + &line(8, 2, "领券")).unwrap();
    let command = |text: String| ArchiveSource::Command(["sh", "-c", &text].map(str::to_owned).to_vec());
    let (letters, guard) = reading(command(format!("cat {}; exec sleep 1000", script.display())), &kept);
    until(&letters, &["签到", "领券"]).await;
    until_kept(&kept, "\"seq\":8").await;
    drop(guard);

    let told = line(9, 3, "SEQ").replace("SEQ", "'$QUNYING_ARCHIVE_SEQ'");
    let (letters, _guard) = reading(
        command(format!("printf '%s\\n' '{}'; exec sleep 1000", told.trim())),
        &kept,
    );
    until(&letters, &["8"]).await;
}
