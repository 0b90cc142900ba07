//! `--html`: a report written as one page.

use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::books::{Books, sources, unreadable};
use crate::chat::{Lang, Source};
use crate::config::Config;
use crate::dry_run::Report;
use crate::dry_run::compare::Comparison;
use crate::dry_run::html::{Hashed, Provenance, changes, page};

/// What a page says of its own making.
#[derive(Debug)]
pub struct Making<'a> {
    pub books: &'a Books,
    pub logs: &'a [PathBuf],
    /// The fingerprint of the playbooks as a set.
    pub playbooks: String,
}

/// Writes the page, and says where it is.
pub fn write(file: &Path, report: &Report, making: &Making<'_>, (config, lang): (&Config, Lang)) -> anyhow::Result<()> {
    let provenance = provenance(making, (config, lang))?;
    put(file, &page(report, &provenance, lang), lang)
}

/// Writes the page of a comparison.
pub fn write_changes(
    file: &Path,
    comparison: &Comparison,
    (old, new): (&[Source], &[Source]),
    (logs, zone, lang): (&[PathBuf], &TimeZone, Lang),
) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for (side, sources) in [(lang.pick("现在", "now"), old), (lang.pick("改后", "then"), new)] {
        files.extend(sources.iter().map(|source| Hashed {
            name: format!("{side} {}", source.name),
            sha256: hex(&Sha256::digest(source.text.as_bytes())),
        }));
    }
    let provenance = Provenance {
        playbooks: comparison.new.playbooks.clone(),
        ..made((files, logs), lang)?
    };
    put(file, &changes(comparison, &provenance, (zone, lang)), lang)
}

fn put(file: &Path, text: &str, lang: Lang) -> anyhow::Result<()> {
    std::fs::write(file, text).map_err(|error| {
        let place = file.display();
        anyhow::anyhow!(lang.pick(
            format!("{place}：网页写不进去（{error}）。请换一个可写的位置。"),
            format!("{place}: the page cannot be written ({error}); name a place that can be written to"),
        ))
    })?;
    // Figures go to stdout; this is news about a file.
    anstream::eprintln!(
        "{}",
        lang.pick(
            format!("网页写在 {}，用浏览器打开即可，不需要网络。", file.display()),
            format!(
                "the page is in {}; open it with a browser, it needs no network",
                file.display()
            ),
        )
    );
    Ok(())
}

fn provenance(making: &Making<'_>, (config, lang): (&Config, Lang)) -> anyhow::Result<Provenance> {
    let mut files = Vec::new();
    for source in sources(making.books, config, lang)? {
        files.push(Hashed {
            name: source.name,
            sha256: hex(&Sha256::digest(source.text.as_bytes())),
        });
    }
    Ok(Provenance {
        playbooks: making.playbooks.clone(),
        ..made((files, making.logs), lang)?
    })
}

/// The command, the version, and the files with the logs after them.
fn made((mut files, logs): (Vec<Hashed>, &[PathBuf]), lang: Lang) -> anyhow::Result<Provenance> {
    for log in logs {
        files.push(Hashed {
            name: log.display().to_string(),
            sha256: hash(log).map_err(|error| unreadable(log, &error, lang))?,
        });
    }
    Ok(Provenance {
        command: command(),
        version: format!("qunying {}", env!("CARGO_PKG_VERSION")),
        playbooks: String::new(),
        files,
    })
}

/// What was typed, but for where the page goes: the same page is the same wherever it lies.
fn command() -> String {
    let mut words = vec!["qunying".to_owned()];
    let mut typed = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned());
    while let Some(word) = typed.next() {
        if word == "--html" {
            typed.next();
        } else if !word.starts_with("--html=") {
            words.push(quoted(&word));
        }
    }
    words.join(" ")
}

/// A word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || "-_./=:@,+%".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

fn hash(file: &Path) -> io::Result<String> {
    let mut reader = BufReader::with_capacity(1 << 20, std::fs::File::open(file)?);
    let mut hash = Sha256::new();
    let mut bytes = vec![0; 1 << 20];
    loop {
        match reader.read(&mut bytes)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&bytes[..read]),
        }
    }
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
