//! Bytes become text: the encoding is found by decoding strictly, never by putting replacement characters.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::trouble::{BadBytes, Trouble};

/// The longest single record that is read: a line, a table's row, an element of a list.
pub const RECORD_MAX: u64 = 64 << 20;

/// Of a line, as much as is looked at to tell which encoding it is in.
const LOOKED_AT: usize = 4096;

/// Chinese letters in one line that decode as UTF-8: so many do by no accident.
const NO_ACCIDENT: usize = 4;

/// A short file's text, whatever its encoding.
pub fn text_of(path: &Path) -> Result<String, Trouble> {
    let name = path.display().to_string();
    let open = || File::open(path).map_err(|error| Trouble::io(&name, error));
    let encoding = encoding_of(&name, open()?)?;
    let mut text = String::new();
    BufReader::new(Decoded::new(open()?, encoding))
        .take(RECORD_MAX)
        .read_to_string(&mut text)
        .map_err(|error| Trouble::io(&name, error))?;
    Ok(text)
}

/// Reads a whole file once and says how it is encoded.
pub fn encoding_of(file: &str, reader: impl Read) -> Result<&'static Encoding, Trouble> {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let head = reader.fill_buf().map_err(|error| Trouble::io(file, error))?;
    if let Some((encoding, _)) = Encoding::for_bom(head)
        && encoding != UTF_8
    {
        return strictly(file, reader, encoding);
    }
    if let Some(encoding) = wide(head) {
        return strictly(file, reader, encoding);
    }
    let mut exam = Exam::new();
    loop {
        let bytes = reader.fill_buf().map_err(|error| Trouble::io(file, error))?;
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        if let Some(zero) = bytes.iter().position(|byte| *byte == 0) {
            let line = exam.line + bytes[..zero].iter().filter(|byte| **byte == b'\n').count() as u64;
            return Err(Trouble::Zero {
                file: file.to_owned(),
                line,
            });
        }
        exam.take(bytes);
        reader.consume(length);
    }
    exam.end(file)
}

/// UTF-16 without a mark: every other byte of plain letters is zero.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(4096) & !1];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if head.len() < 8 || (even + odd) * 8 < head.len() {
        None
    } else if odd > even * 4 {
        Some(UTF_16LE)
    } else if even > odd * 4 {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn strictly(file: &str, reader: impl Read, encoding: &'static Encoding) -> Result<&'static Encoding, Trouble> {
    let mut text = BufReader::new(Decoded::new(reader, encoding));
    let mut line = 1;
    loop {
        match text.fill_buf() {
            Ok([]) => return Ok(encoding),
            Ok(bytes) => {
                line += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
                let length = bytes.len();
                text.consume(length);
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(Trouble::Encoding {
                    file: file.to_owned(),
                    line,
                    why: BadBytes::Neither,
                });
            }
            Err(error) => return Err(Trouble::io(file, error)),
        }
    }
}

/// Both encodings tried side by side, and every line by itself: a file that is half of each fits GB18030 by accident.
struct Exam {
    line: u64,
    utf8: Try,
    gb18030: Try,
    /// The beginning of the line at hand.
    beginning: Vec<u8>,
    /// The first line that is surely UTF-8, and the first that surely is not.
    is_utf8: Option<u64>,
    is_other: Option<u64>,
}

struct Try {
    decoder: Decoder,
    /// The line it failed on.
    failed: Option<u64>,
}

impl Try {
    fn new(encoding: &'static Encoding) -> Self {
        Self {
            decoder: encoding.new_decoder_without_bom_handling(),
            failed: None,
        }
    }

    fn take(&mut self, bytes: &[u8], line: u64, last: bool) {
        let mut rest = bytes;
        let mut out = [0_u8; 4096];
        while self.failed.is_none() {
            let (result, read, _) = self.decoder.decode_to_utf8_without_replacement(rest, &mut out, last);
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => rest = &rest[read..],
                DecoderResult::Malformed(_, _) => {
                    let before = bytes.len() - rest.len() + read;
                    let breaks = bytes[..before].iter().filter(|byte| **byte == b'\n').count() as u64;
                    self.failed = Some(line + breaks);
                }
            }
        }
    }
}

impl Exam {
    fn new() -> Self {
        Self {
            line: 1,
            utf8: Try::new(UTF_8),
            gb18030: Try::new(GB18030),
            beginning: Vec::new(),
            is_utf8: None,
            is_other: None,
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.utf8.take(bytes, self.line, false);
        // The usual file is UTF-8; what it would be otherwise matters only once it is not.
        self.gb18030.take(bytes, self.line, false);
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = LOOKED_AT.saturating_sub(self.beginning.len());
            self.beginning.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.ends_with(b"\n") {
                self.look();
                self.line += 1;
            }
        }
    }

    fn look(&mut self) {
        let line = std::mem::take(&mut self.beginning);
        if !line.is_ascii() {
            let chinese = |text: &str| text.chars().filter(|it| ('\u{3000}'..='\u{FFEF}').contains(it)).count();
            match std::str::from_utf8(&line) {
                Ok(text) if chinese(text) >= NO_ACCIDENT => _ = self.is_utf8.get_or_insert(self.line),
                Ok(_) => {}
                // The beginning may be cut in the middle of a letter.
                Err(error) if error.error_len().is_none() && line.len() >= LOOKED_AT => {
                    _ = self.is_utf8.get_or_insert(self.line);
                }
                Err(_) => _ = self.is_other.get_or_insert(self.line),
            }
        }
        self.beginning = line;
        self.beginning.clear();
    }

    fn end(mut self, file: &str) -> Result<&'static Encoding, Trouble> {
        self.look();
        self.utf8.take(&[], self.line, true);
        self.gb18030.take(&[], self.line, true);
        let bad = |line, why| {
            Err(Trouble::Encoding {
                file: file.to_owned(),
                line,
                why,
            })
        };
        match (self.utf8.failed, self.gb18030.failed) {
            (None, _) => Ok(UTF_8),
            (Some(_), _) if self.is_utf8.is_some() && self.is_other.is_some() => {
                let (first, second) = (self.is_utf8.unwrap_or(1), self.is_other.unwrap_or(1));
                bad(first.max(second), BadBytes::Mixed)
            }
            (Some(line), _) if self.is_utf8.is_some() => bad(line, BadBytes::Neither),
            (Some(_), None) => Ok(GB18030),
            (Some(first), Some(second)) => bad(first.max(second), BadBytes::Neither),
        }
    }
}

/// Text out of bytes, in UTF-8 and without its mark.
pub struct Decoded<R> {
    bytes: R,
    decoder: Decoder,
    input: Vec<u8>,
    from: usize,
    ended: bool,
    /// The decoder was told so, and may not be asked again.
    done: bool,
}

impl<R: Read> Decoded<R> {
    pub fn new(bytes: R, encoding: &'static Encoding) -> Self {
        Self {
            bytes,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: Vec::new(),
            from: 0,
            ended: false,
            done: false,
        }
    }
}

impl<R> std::fmt::Debug for Decoded<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoded")
            .field("encoding", &self.decoder.encoding())
            .finish_non_exhaustive()
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.len() < 8 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the buffer holds no letter",
            ));
        }
        while !self.done {
            if self.from == self.input.len() && !self.ended {
                self.input.resize(1 << 16, 0);
                let read = self.bytes.read(&mut self.input)?;
                self.input.truncate(read);
                self.from = 0;
                self.ended = read == 0;
            }
            let rest = &self.input[self.from..];
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(rest, out, self.ended);
            self.from += read;
            if let DecoderResult::Malformed(_, _) = result {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the bytes are no text"));
            }
            self.done = self.ended && matches!(result, DecoderResult::InputEmpty);
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

/// Counts what is read since the last record was whole, and refuses to read a record without end.
#[derive(Debug)]
pub struct Gauge<R> {
    inner: R,
    since: Rc<Cell<u64>>,
}

impl<R> Gauge<R> {
    pub fn new(inner: R, since: Rc<Cell<u64>>) -> Self {
        Self { inner, since }
    }
}

/// What a [`Gauge`] answers for a record without end.
pub const ENDLESS: &str = "a record without end";

impl<R: Read> Read for Gauge<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.since.set(self.since.get() + read as u64);
        match self.since.get() > RECORD_MAX {
            true => Err(io::Error::other(ENDLESS)),
            false => Ok(read),
        }
    }
}

/// Lines of text, each at most [`RECORD_MAX`] long.
pub struct Lines<'a> {
    file: &'a str,
    reader: Box<dyn BufRead + 'a>,
    bytes: Vec<u8>,
    number: u64,
}

impl std::fmt::Debug for Lines<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lines({}:{})", self.file, self.number)
    }
}

impl<'a> Lines<'a> {
    pub fn new(file: &'a str, reader: Box<dyn BufRead + 'a>) -> Self {
        Self {
            file,
            reader,
            bytes: Vec::new(),
            number: 0,
        }
    }

    /// The number of the line last read, counted from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line without its end.
    pub fn line(&mut self) -> Result<Option<&str>, Trouble> {
        self.bytes.clear();
        self.number += 1;
        let mut limited = Read::take(&mut self.reader, RECORD_MAX + 1);
        let read = limited
            .read_until(b'\n', &mut self.bytes)
            .map_err(|error| match error.kind() {
                io::ErrorKind::Other if error.to_string() == ENDLESS => self.endless(),
                _ => Trouble::io(self.file, error),
            })?;
        if read == 0 {
            return Ok(None);
        }
        if read as u64 > RECORD_MAX {
            return Err(self.endless());
        }
        let text = std::str::from_utf8(&self.bytes).map_err(|_| Trouble::Encoding {
            file: self.file.to_owned(),
            line: self.number,
            why: BadBytes::Neither,
        })?;
        Ok(Some(text.trim_end_matches(['\n', '\r'])))
    }

    fn endless(&self) -> Trouble {
        Trouble::TooLong {
            file: self.file.to_owned(),
            line: self.number,
            limit: RECORD_MAX,
        }
    }
}
