//! Logs of other programs become one normalised log: `qunying import`.
//!
//! ```text
//! file ─ encoding ─ form ─▶ reader ─▶ rows ─▶ sorted by time ─▶ settled ─▶ lines
//!                                      └──▶ who is who ─────────────┘
//! ```
//!
//! - [`text`], [`detect`], [`formats`]: bytes become text, the form is found, one reader a form makes rows.
//! - [`sentences`]: what the network's own lines mean; a table in TOML that operators extend.
//! - [`people`], [`settle`], [`align`]: who is meant, how surely, and which rows of several files are the same.
//! - [`summary`]: what was found and, louder, what was lost.
//! - [`sheet`], [`columns`], [`takeover`]: tables of customers and orders, which are no logs.
//!
//! Memory is bounded by the number of people and by the longest record, not by the length of the log: rows wait on disk
//! when they must. Reads files that are already there; it never decrypts or looks for a chat program's database.

pub mod align;
pub mod columns;
pub mod csv_map;
pub mod detect;
pub mod formats;
pub mod json;
pub mod people;
pub mod redact;
pub mod roster;
pub mod row;
pub mod sentences;
pub mod settle;
pub mod sheet;
pub mod sorting;
pub mod source;
pub mod summary;
pub mod sysmsg;
pub mod takeover;
pub mod text;
pub mod trouble;
pub mod when;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, Write};
use std::path::PathBuf;

use encoding_rs::Encoding;
use sha2::{Digest, Sha256};

use crate::chat::GroupId;
use crate::recording::imported::{Head, Line, Missing, ReadFile, VERSION};
use align::Spans;
use detect::Looks;
use formats::Format;
use people::Directory;
use redact::{Redacting, Wish};
use roster::Roster;
use row::{Room, Row, What};
use sentences::Sentences;
use settle::{FileNote, Ground, Settling, key_of};
use sorting::Sorting;
use source::{Context, Found, Source};
use summary::{FileSummary, Summary};
use text::Decoded;
use trouble::Trouble;

/// Rows looked at before it is decided whether a file tells the newest first.
const DIRECTION: usize = 256;

/// The group of files that name none.
const HOME: &str = "group";

/// What is to be imported, and how.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub files: Vec<PathBuf>,
    /// The form of all files, where it is not to be found out.
    pub format: Option<Format>,
    pub context: Context,
    pub zone_name: String,
    /// Ids or names of the one who made the log.
    pub own: Vec<String>,
    pub sentences: Sentences,
    /// Member lists of different days, the earliest first.
    pub rosters: Vec<Roster>,
    /// The log is to be handed on.
    pub redact: Option<Wish>,
    /// Where rows wait that do not fit into memory.
    pub scratch: PathBuf,
}

/// Told as a file is read: how many bytes more.
pub type Progress<'p> = dyn Fn(u64) + 'p;

/// Reads all files and writes one log. Every file that cannot be read has its own error; then nothing is written.
pub fn import(wanted: &Wanted, out: &mut dyn Write, progress: &Progress<'_>) -> Result<Summary, Vec<Trouble>> {
    let mut gathering = Gathering::new(wanted);
    let mut troubles = Vec::new();
    for path in &wanted.files {
        if let Err(trouble) = gathering.read(path, progress) {
            troubles.push(trouble);
        }
    }
    if troubles.is_empty() {
        gathering.settle(out).map_err(|trouble| vec![trouble])
    } else {
        Err(troubles)
    }
}

/// The form a file has, by its beginning.
pub fn form_of(path: &std::path::Path) -> Result<Format, Trouble> {
    let name = path.display().to_string();
    let mut beginning = Vec::new();
    open(&name, path)?
        .take(1 << 16)
        .read_to_end(&mut beginning)
        .map_err(|error| Trouble::io(&name, error))?;
    let beginning = String::from_utf8_lossy(&beginning);
    // What is read line by line needs not be read through first.
    if let Looks::Like(format @ (Format::Recording | Format::Imported | Format::OneBot11)) = detect::look(&beginning) {
        return Ok(format);
    }
    let encoding = text::encoding_of(&name, open(&name, path)?)?;
    found_form(&name, &head_of(&name, path, encoding)?)
}

/// Reads a text in one form, without settling anything: for tests and fuzzing.
pub fn rows_of(format: Format, bytes: &[u8], context: &Context) -> Result<(Vec<Row>, Found), Trouble> {
    let name = "text";
    let encoding = text::encoding_of(name, bytes)?;
    let open = || -> io::Result<Box<dyn Read + '_>> { Ok(Box::new(Decoded::new(bytes, encoding))) };
    let mut source = Source::new(name, context, &open);
    let mut rows = Vec::new();
    format.read(&mut source, &mut |row| {
        rows.push(row);
        Ok(())
    })?;
    Ok((rows, source.found))
}

fn open(name: &str, path: &std::path::Path) -> Result<File, Trouble> {
    File::open(path).map_err(|error| Trouble::io(name, error))
}

fn head_of(name: &str, path: &std::path::Path, encoding: &'static Encoding) -> Result<String, Trouble> {
    let mut head = Vec::new();
    BufReader::new(Decoded::new(open(name, path)?, encoding))
        .take(detect::LOOKED_AT as u64)
        .read_to_end(&mut head)
        .map_err(|error| Trouble::io(name, error))?;
    // The end may cut a letter.
    Ok(String::from_utf8_lossy(&head).trim_end_matches('\u{fffd}').to_owned())
}

fn found_form(name: &str, head: &str) -> Result<Format, Trouble> {
    match detect::look(head) {
        Looks::Like(format) => Ok(format),
        Looks::Useless(useless) => Err(formats::refusal(name, useless)),
        Looks::LikeNothing => Err(Trouble::UnknownForm { file: name.to_owned() }),
    }
}

/// Bytes read are told.
struct Told<'p, R> {
    inner: R,
    progress: &'p Progress<'p>,
}

impl<R: Read> Read for Told<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        (self.progress)(read as u64);
        Ok(read)
    }
}

/// All files' rows, on their way to be sorted.
struct Gathering<'w> {
    wanted: &'w Wanted,
    sorting: Sorting,
    directory: Directory,
    spans: Spans,
    notes: Vec<FileNote>,
    files: Vec<FileSummary>,
    rooms: BTreeMap<String, Room>,
    seen: BTreeSet<Vec<u8>>,
    heads: Vec<Head>,
    /// Rooms whose name changes within the log: what they were called before is not known.
    renamed: BTreeSet<String>,
    /// A file has whole minutes only.
    minutes: bool,
}

impl<'w> Gathering<'w> {
    fn new(wanted: &'w Wanted) -> Self {
        let mut directory = Directory::default();
        wanted.own.iter().for_each(|own| directory.is_own(own));
        Self {
            wanted,
            sorting: Sorting::new(wanted.scratch.clone()),
            directory,
            spans: Spans::default(),
            notes: Vec::new(),
            files: Vec::new(),
            rooms: BTreeMap::new(),
            seen: BTreeSet::new(),
            heads: Vec::new(),
            renamed: BTreeSet::new(),
            minutes: false,
        }
    }

    fn read(&mut self, path: &std::path::Path, progress: &Progress<'_>) -> Result<(), Trouble> {
        let shown = path.display().to_string();
        let name = path
            .file_name()
            .map_or_else(|| shown.clone(), |name| name.to_string_lossy().into_owned());
        let encoding = text::encoding_of(
            &shown,
            Told {
                inner: open(&shown, path)?,
                progress,
            },
        )?;
        let head = head_of(&shown, path, encoding)?;
        let format = match (&self.wanted.format, &self.wanted.context.csv_map) {
            (Some(format), _) => *format,
            (None, Some(_)) => Format::CsvMap,
            (None, None) => found_form(&shown, &head)?,
        };
        if format == Format::Imported
            && let Some(Ok(head)) = head.lines().next().map(serde_json::from_str::<Head>)
        {
            self.heads.push(head);
        }
        let repeated = !self.seen.insert(digest(&shown, path)?);
        let mut summary = FileSummary {
            file: name.clone(),
            format: format.word(),
            title: format.title(),
            made_by: String::new(),
            encoding: encoding.name(),
            rows: 0,
            dates: None,
            unreadable: 0,
            named: Vec::new(),
            set_aside: BTreeMap::new(),
            repeated,
        };
        let number = u32::try_from(self.notes.len()).unwrap_or(u32::MAX);
        self.notes.push(FileNote {
            file: name,
            format,
            network: format.network(),
        });
        if !repeated {
            self.read_rows(path, (number, encoding, progress), &mut summary)?;
        }
        self.files.push(summary);
        Ok(())
    }

    fn read_rows(
        &mut self,
        path: &std::path::Path,
        (number, encoding, progress): (u32, &'static Encoding, &Progress<'_>),
        summary: &mut FileSummary,
    ) -> Result<(), Trouble> {
        let shown = path.display().to_string();
        let format = self.notes[number as usize].format;
        let open = || -> io::Result<Box<dyn Read + '_>> {
            let inner = File::open(path)?;
            Ok(Box::new(Decoded::new(Told { inner, progress }, encoding)))
        };
        let context = &self.wanted.context;
        let mut source = Source::new(&shown, context, &open);
        let mut taking = Taking::new(number);
        format.read(&mut source, &mut |row| taking.take(row, self))?;
        taking.end(self)?;
        if taking.rows + taking.known == 0 && source.found.set_aside.is_empty() {
            return Err(match source.found.unreadable.first() {
                Some((line, why)) => Trouble::Json {
                    file: shown.clone(),
                    line: *line,
                    why: why.clone(),
                },
                None => Trouble::Nothing { file: shown.clone() },
            });
        }
        source.found.own.iter().for_each(|own| self.directory.is_own(own));
        self.minutes |= taking.minutes();
        if let Some(note) = self.notes.last_mut()
            && source.found.network.is_some()
        {
            note.network = source.found.network;
        }
        summary.rows = taking.rows;
        summary.made_by = source.found.made_by;
        summary.dates = source.found.dates;
        summary.unreadable = source.found.unreadable_count;
        summary.named = source.found.unreadable;
        summary.set_aside = source.found.set_aside;
        Ok(())
    }

    fn put(&mut self, file: u32, row: &Row, backwards: bool) -> Result<(), Trouble> {
        self.directory.note(row);
        if matches!(row.what, What::Known(_)) {
            return Ok(());
        }
        let key = key_of(&row.room);
        if tells_new_name(&row.what) {
            self.renamed.insert(key.clone());
        }
        self.spans.note(file, &key, row.at);
        if !key.is_empty() && !row.room.private && !self.rooms.contains_key(&key) {
            self.rooms.insert(key, row.room.clone());
        }
        let shown = || self.notes[file as usize].file.clone();
        self.sorting
            .push(file, row, backwards)
            .map_err(|error| Trouble::io(&shown(), error))
    }

    /// The room of files that name none: the only one there is, or one of its own.
    fn home(&self) -> Room {
        match self.rooms.values().next() {
            Some(only) if self.rooms.len() == 1 => only.clone(),
            _ => Room {
                id: HOME.to_owned(),
                ..Room::default()
            },
        }
    }

    fn settle(mut self, out: &mut dyn Write) -> Result<Summary, Trouble> {
        let scratch = self.wanted.scratch.display().to_string();
        let io = |error: io::Error| Trouble::io(&scratch, error);
        let home = self.home();
        self.spans.at_home(&key_of(&home));
        self.directory.close(&key_of(&home));
        self.compare_rosters(&home)?;
        let mut sorted = std::mem::replace(&mut self.sorting, Sorting::new(PathBuf::new()))
            .sorted()
            .map_err(io)?;
        let mut settling = Settling::new(Ground {
            gateway: self.wanted.context.gateway.clone(),
            files: &self.notes,
            directory: &self.directory,
            sentences: &self.wanted.sentences,
            spans: &self.spans,
            bucket: if self.minutes { 60_000 } else { 1_000 },
            room: home,
            renamed: &self.renamed,
        });
        let mut body = BufWriter::with_capacity(1 << 18, tempfile::tempfile_in(&self.wanted.scratch).map_err(io)?);
        let mut lines = 0;
        let salt = self.seen.iter().flatten().copied().collect();
        let gateway = self.wanted.context.gateway.clone();
        let redacting = |wish: &Wish| Redacting::new(wish.clone(), gateway.clone(), salt, &self.directory);
        let mut redacting = self.wanted.redact.as_ref().map(redacting);
        let mut write = |ready: Vec<Line>| -> io::Result<()> {
            for mut line in ready {
                if let Some(redacting) = &mut redacting {
                    redacting.line(&mut line);
                }
                serde_json::to_writer(&mut body, &line)?;
                body.write_all(b"\n")?;
                lines += 1;
            }
            Ok(())
        };
        while let Some((file, row)) = sorted.pop().map_err(io)? {
            settling.take(file, row);
            write(settling.ready()).map_err(io)?;
        }
        write(settling.end()).map_err(io)?;
        let told_before = self.heads.iter().flat_map(|head| head.missing.clone()).collect();
        let missing = settling.counts.missing(&told_before);
        let mut summary = Summary::of(&settling.counts, &missing, self.files.clone());
        summary.lines = lines;
        summary.zone.clone_from(&self.wanted.zone_name);
        summary.own = self.directory.own_names().cloned().collect();
        let mut head = self.head(missing);
        if let Some(redacting) = &mut redacting {
            redacting.head(&mut head);
        }
        summary.redacted = head.redacted;
        let mut file = body.into_inner().map_err(|error| io(error.into_error()))?;
        file.rewind().map_err(io)?;
        let mut copy = |out: &mut dyn Write| -> io::Result<()> {
            serde_json::to_writer(&mut *out, &head)?;
            out.write_all(b"\n")?;
            io::copy(&mut file, out)?;
            out.flush()
        };
        copy(out).map_err(io)?;
        Ok(summary)
    }

    /// Who is on one list and not on the next has gone by then; who is new on it has come.
    fn compare_rosters(&mut self, home: &Room) -> Result<(), Trouble> {
        let wanted = self.wanted;
        for pair in wanted.rosters.windows(2) {
            let [before, after] = pair else { continue };
            let at = crate::chat::Moment::start_of(after.date, &wanted.context.zone);
            let wires = |roster: &Roster| -> BTreeMap<String, row::Who> {
                let resolved = |who: &row::Who| (self.directory.resolve(home, who, "").wire, who.clone());
                roster.members.iter().map(resolved).collect()
            };
            let (old, new) = (wires(before), wires(after));
            let only = |these: &BTreeMap<String, row::Who>, those: &BTreeMap<String, row::Who>| {
                let missing = these.iter().filter(|(wire, _)| !those.contains_key(*wire));
                missing.map(|(_, who)| who.clone()).collect::<Vec<_>>()
            };
            let facts = [
                row::Fact::Left {
                    members: only(&old, &new),
                    by: None,
                    how: crate::chat::LeftHow::Unknown,
                },
                row::Fact::Joined {
                    members: only(&new, &old),
                    by: None,
                    how: crate::chat::JoinedHow::Unknown,
                    there: Vec::new(),
                },
            ];
            let file = u32::try_from(self.notes.len()).unwrap_or(u32::MAX);
            self.notes.push(FileNote {
                file: after.file.clone(),
                format: Format::Roster,
                network: None,
            });
            self.files.push(FileSummary::roster(after));
            for (place, fact) in facts.into_iter().enumerate() {
                let is_empty = matches!(&fact, row::Fact::Left { members, .. } | row::Fact::Joined { members, .. } if members.is_empty());
                if !is_empty {
                    let row = Row::new(at, home, place as u64 + 1, What::Fact(fact)).inferred();
                    self.sorting
                        .push(file, &row, false)
                        .map_err(|error| Trouble::io(&after.file, error))?;
                }
            }
        }
        Ok(())
    }

    /// A log that is imported again keeps its head: nothing has changed.
    fn head(&self, missing: BTreeMap<GroupId, BTreeSet<Missing>>) -> Head {
        let fresh = self
            .files
            .iter()
            .filter(|file| !file.repeated && file.format != Format::Imported.word());
        let fresh = fresh.map(|file| ReadFile {
            file: file.file.clone(),
            format: file.format.to_owned(),
            made_by: file.made_by.clone(),
            rows: file.rows,
        });
        let mut files: Vec<ReadFile> = self
            .heads
            .iter()
            .flat_map(|head| head.files.clone())
            .chain(fresh)
            .collect();
        let mut seen = BTreeSet::new();
        files.retain(|file| seen.insert((file.file.clone(), file.rows)));
        let (zone, gateway) = match self.heads.first() {
            Some(head) if self.heads.len() == self.files.len() => (head.zone.clone(), head.gateway.clone()),
            _ => (self.wanted.zone_name.clone(), self.wanted.context.gateway.clone()),
        };
        Head {
            version: VERSION,
            zone,
            gateway,
            files,
            missing,
            redacted: self.heads.iter().any(|head| head.redacted),
        }
    }
}

/// Whether a row may tell that a group has another name from then on.
fn tells_new_name(what: &What) -> bool {
    match what {
        What::Fact(row::Fact::Renamed { .. }) => true,
        // «name» also stands in `$username$`.
        What::Sentence { text, .. } => {
            let text = text.to_ascii_lowercase();
            let words = [
                "群名",
                "群聊名",
                "群組名",
                "群组名",
                "名称",
                "名稱",
                "主题",
                "主題",
                "subject",
                "group name",
                "chat name",
            ];
            words.iter().any(|word| text.contains(word))
        }
        _ => false,
    }
}

fn digest(name: &str, path: &std::path::Path) -> Result<Vec<u8>, Trouble> {
    let mut reader = BufReader::with_capacity(1 << 18, open(name, path)?);
    let mut digest = Sha256::new();
    loop {
        let bytes = reader.fill_buf().map_err(|error| Trouble::io(name, error))?;
        if bytes.is_empty() {
            return Ok(digest.finalize().to_vec());
        }
        digest.update(bytes);
        let length = bytes.len();
        reader.consume(length);
    }
}

/// The rows of one file, the first of them held back until it is clear in which direction it runs.
struct Taking {
    file: u32,
    rows: u64,
    /// Rows that only say who is who.
    known: u64,
    /// Rows whose time is no whole minute.
    with_seconds: u64,
    held: Vec<Row>,
    backwards: Option<bool>,
}

impl Taking {
    fn new(file: u32) -> Self {
        Self {
            file,
            rows: 0,
            known: 0,
            with_seconds: 0,
            held: Vec::new(),
            backwards: None,
        }
    }

    fn take(&mut self, row: Row, into: &mut Gathering<'_>) -> Result<(), Trouble> {
        if matches!(row.what, What::Known(_)) {
            self.known += 1;
        } else {
            self.rows += 1;
            self.with_seconds += u64::from(row.at.millis() % 60_000 != 0);
        }
        match self.backwards {
            Some(backwards) => into.put(self.file, &row, backwards),
            None => {
                self.held.push(row);
                match self.held.len() >= DIRECTION {
                    true => self.end(into),
                    false => Ok(()),
                }
            }
        }
    }

    fn end(&mut self, into: &mut Gathering<'_>) -> Result<(), Trouble> {
        let steps = self.held.windows(2);
        let (forwards, back) = steps.fold((0, 0), |(forwards, back), pair| {
            (
                forwards + u32::from(pair[1].at > pair[0].at),
                back + u32::from(pair[1].at < pair[0].at),
            )
        });
        let backwards = *self.backwards.get_or_insert(back > forwards);
        for row in std::mem::take(&mut self.held) {
            into.put(self.file, &row, backwards)?;
        }
        Ok(())
    }

    /// Whether the file tells no seconds.
    fn minutes(&self) -> bool {
        self.rows >= 3 && self.with_seconds == 0
    }
}
