//! Standing up: the community from what is on disk.

use std::path::Path;

use crate::community::{Community, Row};
use crate::recording::Record;
use crate::store::{self, How, Lesson, Places, Seq, StartUp, Store, StoreError};

/// The version of rows. Another one on disk means that the derived state is rebuilt.
pub const LAYOUT: u32 = 2;

/// How much room a full disk must have again before anything is accepted.
const ROOM: usize = 4 << 20;

/// A community that stands, and the store behind it.
#[derive(Debug)]
pub struct Arose {
    pub community: Community,
    pub store: Store,
    pub places: Places,
    pub start: StartUp,
}

/// Opens the store and makes the community from it: rows first, then the records after them, applied and not decided
/// again. A derived state that was rebuilt is written anew, behind.
pub fn arise(places: Places) -> Result<Arose, StoreError> {
    let mut community = Community::default();
    let mut whole = false;
    let (mut store, start) = Store::open(places.clone(), LAYOUT, &mut |lesson| {
        learn(&mut community, &mut whole, &lesson)
    })?;
    if !whole {
        community.made_whole();
    }
    if let How::Rebuilt { .. } = start.how {
        store.refill(community.all_rows().map(|(key, value)| (key.into_bytes(), value)));
    }
    Ok(Arose {
        community,
        store,
        places,
        start,
    })
}

/// Makes the community from recordings and snapshots alone, touching nothing: for looking at a directory that another
/// process works in, and for the recount.
pub fn stand(recording: &Path, snapshot: Option<&Path>) -> Result<Community, StoreError> {
    stand_before(recording, snapshot, Seq::MAX)
}

/// The same, as it stood before one record.
pub fn stand_before(recording: &Path, snapshot: Option<&Path>, before: Seq) -> Result<Community, StoreError> {
    let (mut community, mut from) = (Community::default(), 1);
    if let Some(file) = snapshot {
        let (stands, applied) = stood(file)?;
        (community, from) = (stands, applied + 1);
    }
    let mut whole = true;
    // There may be nothing to read: not even that the recording begins later is of interest then.
    if from >= before {
        return Ok(community);
    }
    for record in store::read_from(recording, from)? {
        let record = record?;
        if record.seq >= before {
            break;
        }
        learn(&mut community, &mut whole, &Lesson::Record(&record)).map_err(|why| StoreError::NotUnderstood {
            file: record.file.to_path_buf(),
            line: record.line,
            why,
        })?;
    }
    Ok(community)
}

/// The community as one snapshot has it, and the record it was taken after.
pub fn stood(snapshot: &Path) -> Result<(Community, store::Seq), StoreError> {
    let mut community = Community::default();
    let mut whole = false;
    let read = store::snapshot::read(snapshot, |key, value| {
        learn(&mut community, &mut whole, &Lesson::Row { key, value }).map(|_| ())
    })?;
    community.made_whole();
    Ok((community, read.applied))
}

fn learn(community: &mut Community, whole: &mut bool, lesson: &Lesson<'_>) -> Result<Vec<store::Row>, String> {
    match lesson {
        Lesson::StartOver { layout } => {
            *community = Community::default();
            *whole = false;
            (*layout == LAYOUT)
                .then(Vec::new)
                .ok_or_else(|| format!("layout {layout} is not {LAYOUT}"))
        }
        Lesson::Row { key, value } => {
            let key = str::from_utf8(key).map_err(|_| "a key is not text".to_owned())?;
            community
                .restore(key, value)
                .map(|()| Vec::new())
                .map_err(|error| error.to_string())
        }
        Lesson::Record(record) => {
            if !*whole {
                community.made_whole();
                *whole = true;
            }
            let read = Record::read(&record.body).map_err(|error| error.to_string())?;
            let rows = read.replay(community);
            Ok(rows.iter().map(|row| stored(community, row)).collect())
        }
    }
}

/// Whether the disk takes a few megabytes again.
pub(super) fn has_room(places: &Places) -> bool {
    let file = places.recording.join(".room");
    let fits = std::fs::write(&file, vec![b' '; ROOM]).is_ok();
    let _ = std::fs::remove_file(&file);
    fits
}

/// A row as the store keeps it.
pub(super) fn stored(community: &Community, row: &Row) -> store::Row {
    match community.stored(row) {
        (key, Some(value)) => store::Row::put(key, value),
        (key, None) => store::Row::remove(key),
    }
}
