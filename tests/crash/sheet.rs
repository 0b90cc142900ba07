//! The recording's lines, read and written by this test's own hand: the form is `{"crc":"…","v":1,"seq":…,"batch":…,…}`,
//! the checksum CRC-32 (IEEE) over everything after `"crc":"…",`. Shares no code with the program.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// CRC-32 as IEEE 802.3 has it, bit by bit through a table of sixteen.
pub fn crc32(bytes: &[u8]) -> u32 {
    let table: [u32; 16] = std::array::from_fn(|place| {
        (0..4).fold(place as u32, |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    });
    !bytes.iter().fold(!0_u32, |crc, byte| {
        let crc = crc ^ u32::from(*byte);
        let crc = (crc >> 4) ^ table[(crc & 15) as usize];
        (crc >> 4) ^ table[(crc & 15) as usize]
    })
}

/// A line's record, if its checksum fits.
pub fn read_line(line: &[u8]) -> Option<Value> {
    let rest = line.strip_prefix(b"{\"crc\":\"")?;
    let (told, rest) = rest.split_at_checked(8)?;
    let covered = rest.strip_prefix(b"\",")?;
    (format!("{:08x}", crc32(covered)).as_bytes() == told)
        .then(|| serde_json::from_slice(line).ok())
        .flatten()
}

/// A record as a line, with its checksum made anew. Member order is kept as given, the head goes first.
pub fn write_line(record: &Value) -> String {
    let mut members: Vec<String> = Vec::new();
    for name in ["v", "seq", "batch"] {
        members.push(format!("\"{name}\":{}", record[name]));
    }
    for (name, value) in record.as_object().unwrap() {
        if !["crc", "v", "seq", "batch"].contains(&name.as_str()) {
            members.push(format!("{}:{value}", Value::from(name.as_str())));
        }
    }
    let covered = members.join(",") + "}";
    format!("{{\"crc\":\"{:08x}\",{covered}\n", crc32(covered.as_bytes()))
}

/// The recording's files in order: by day, and by part within a day.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut named: Vec<(String, u32, PathBuf)> = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(middle) = name
            .strip_prefix("recording-")
            .and_then(|rest| rest.strip_suffix(".jsonl"))
        else {
            continue;
        };
        let (day, part) = middle.split_once('.').unwrap_or((middle, "1"));
        named.push((day.to_owned(), part.parse().unwrap(), path));
    }
    named.sort();
    named.into_iter().map(|(_, _, path)| path).collect()
}

/// What a file holds from a place on.
pub fn bytes_from(file: &Path, at: u64) -> Vec<u8> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let mut opened = std::fs::File::open(file).unwrap();
    opened.seek(SeekFrom::Start(at)).unwrap();
    let mut bytes = Vec::new();
    opened.read_to_end(&mut bytes).unwrap();
    bytes
}

/// Rewrites every record of a recording (which must be whole) through `edit`.
pub fn doctor(dir: &Path, mut edit: impl FnMut(&mut Value)) {
    for file in files(dir) {
        let mut text = String::new();
        for line in std::fs::read(&file)
            .unwrap()
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
        {
            let mut record = read_line(line).expect("the recording is whole");
            edit(&mut record);
            text += &write_line(&record);
        }
        std::fs::write(&file, text).unwrap();
    }
}

#[test]
fn the_checksum_is_the_one_everybody_knows() {
    assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    let line = write_line(&serde_json::json!({"v": 1, "seq": 1, "batch": 1, "now": 5}));
    assert!(read_line(line.trim_end().as_bytes()).is_some(), "{line}");
    assert!(read_line(line.trim_end().replace("\"now\":5", "\"now\":6").as_bytes()).is_none());
}
