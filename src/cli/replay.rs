//! Recordings that are read more than once.

use std::cell::Cell;
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::import::{How, readable};
use super::rehearse::{foreknown, log_files};
use crate::chat::{GatewayName, Lang};
use crate::dry_run::Input;
use crate::logs::{BadLog, Foreknown, Logs};

/// Files in the order of time, read from their beginning each time they are asked for.
#[derive(Debug)]
pub struct Recordings {
    pub files: Vec<PathBuf>,
    /// So many inputs at the beginning are known already.
    pub skip: u64,
    gateway: GatewayName,
    broken: Option<BadLog>,
    /// What logs of other programs became; it is gone when this is dropped.
    _imported: Option<tempfile::TempPath>,
}

impl Recordings {
    /// `gateway` is the name foreign ids are put under.
    pub fn of(logs: &[PathBuf], how: &How, (gateway, lang): (&str, Lang)) -> Result<Self, anyhow::Error> {
        let (files, imported) = readable(log_files(logs)?, how, (gateway, lang))?;
        Ok(Self {
            files,
            skip: 0,
            gateway: GatewayName::new(gateway),
            broken: None,
            _imported: imported,
        })
    }

    /// A directory of our own.
    pub fn own(dir: &Path) -> Result<Self, anyhow::Error> {
        Ok(Self {
            files: log_files(&[dir.to_path_buf()])?,
            skip: 0,
            gateway: GatewayName::new("live"),
            broken: None,
            _imported: None,
        })
    }

    /// What they tell of their own future.
    pub fn foreknown(&self, lang: Lang) -> Result<Foreknown, anyhow::Error> {
        foreknown(&self.files, lang)
    }

    /// Hands over every input until it is told to break off. What cannot be read is told by [`Recordings::read_whole`].
    pub fn feed(&mut self, each: &mut dyn FnMut(Input) -> ControlFlow<()>) {
        if let Err(bad) = self.read(each) {
            self.broken = Some(bad);
        }
    }

    fn read(&mut self, each: &mut dyn FnMut(Input) -> ControlFlow<()>) -> Result<(), BadLog> {
        let mut logs = Logs::new(self.gateway.clone());
        let stopped = Cell::new(false);
        let mut known = self.skip;
        let mut hand_over = |input: Input| {
            if known > 0 {
                known -= 1;
                return ControlFlow::Continue(());
            }
            let flow = each(input);
            stopped.set(stopped.get() || flow.is_break());
            flow
        };
        for path in &self.files {
            let file = path.display().to_string();
            let opened = File::open(path).map_err(|source| BadLog::Io {
                file: file.clone(),
                source,
            })?;
            logs.read(&file, BufReader::with_capacity(1 << 20, opened), &mut hand_over)?;
            if stopped.get() {
                return Ok(());
            }
        }
        let foreign = logs.foreign();
        for input in foreign {
            if each(input).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Whether everything could be read.
    pub fn read_whole(&self, lang: Lang) -> Result<(), anyhow::Error> {
        match &self.broken {
            Some(bad) => Err(anyhow::anyhow!(bad.text(lang))),
            None => Ok(()),
        }
    }
}
