//! Lines of a transcript wait in a file until the figures that stand before them are known: a long one needs no memory.

use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};

use tempfile::SpooledTempFile;

use super::dry_run::Written;
use crate::chat::Lang;
use crate::dry_run::report::Line;
use crate::dry_run::{Report, show};

/// So much of it stays in memory: short transcripts make no file.
const IN_MEMORY: usize = 1 << 20;

/// What was said so far.
#[derive(Debug)]
pub struct Spool {
    file: BufWriter<SpooledTempFile>,
    written: Written,
    broken: Option<io::Error>,
}

impl Spool {
    pub fn new(written: Written) -> Self {
        Self {
            file: BufWriter::new(SpooledTempFile::new(IN_MEMORY)),
            written,
            broken: None,
        }
    }

    /// Keeps one line. What cannot be written is told at the end.
    pub fn put(&mut self, line: &Line, zone: &jiff::tz::TimeZone, lang: Lang) {
        if self.broken.is_some() {
            return;
        }
        let put = match self.written {
            Written::Records => serde_json::to_writer(&mut self.file, &show::of_line(line)),
            Written::Text => match show::printed(line, zone, lang) {
                Some(printed) => serde_json::to_writer(&mut self.file, &printed),
                None => return,
            },
        };
        if let Err(error) = put.map_err(io::Error::from).and_then(|()| self.file.write_all(b"\n")) {
            self.broken = Some(error);
        }
    }

    /// Writes all of it out, with the figures around it.
    pub fn pour(self, out: &mut dyn Write, report: &Report, lang: Lang) -> io::Result<()> {
        if let Some(error) = self.broken {
            return Err(error);
        }
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let mut file = BufReader::with_capacity(1 << 18, file);
        match self.written {
            Written::Records => {
                writeln!(out, "{}", show::before(report))?;
                io::copy(&mut file, out)?;
                let mut result = Ok(());
                show::after(report, lang, |record| {
                    if result.is_ok() {
                        result = writeln!(out, "{record}");
                    }
                });
                result
            }
            Written::Text => {
                let mut page = show::Page::new(report, lang);
                let mut text = String::new();
                for line in file.lines() {
                    page.put(&mut text, &serde_json::from_str(&line?)?);
                    out.write_all(text.as_bytes())?;
                    text.clear();
                }
                page.end(&mut text);
                text.push_str(&show::figures_of(report, lang));
                out.write_all(text.as_bytes())
            }
        }
    }
}
