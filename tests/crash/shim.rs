//! The model of the disk: `powerloss.c`, compiled once, and what survives of a directory after the power was lost.

use std::collections::BTreeMap;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::camp::Camp;
use super::chance::Chance;

/// Bytes that survive or are lost together.
const PAGE: usize = 4096;

/// The compiled shim; `None` if there is no compiler and the caller was told so.
pub fn library() -> Option<&'static Path> {
    static LIBRARY: OnceLock<Option<PathBuf>> = OnceLock::new();
    LIBRARY.get_or_init(compile).as_deref()
}

fn compile() -> Option<PathBuf> {
    if std::env::var_os("QUNYING_WITHOUT_GCC").is_some() {
        eprintln!("NOT PROVEN: power loss and bad disks are not tested, as QUNYING_WITHOUT_GCC says");
        return None;
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/powerloss.c");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("powerloss-{}.so", std::process::id()));
    let output = Command::new("gcc")
        .args(["-O1", "-Wall", "-shared", "-fPIC", "-o"])
        .args([&target, &source])
        .args(["-ldl", "-lpthread"])
        .output()
        .expect("gcc is needed to model power loss; install it, or set QUNYING_WITHOUT_GCC=1 to go without this proof");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(target)
}

/// The environment in which the bot's disk is the model's.
#[derive(Clone, Debug)]
pub struct Disk(Vec<(String, String)>);

impl Disk {
    /// A disk that does what it is told. `None`: see [`library`].
    pub fn of(camp: &Camp) -> Option<Self> {
        let library = library()?.display().to_string();
        let root = camp.kept().display().to_string();
        Some(Self(vec![("LD_PRELOAD".into(), library)]).with("ROOT", root))
    }

    /// One that remembers what was synced.
    pub fn remembering(camp: &Camp) -> Option<Self> {
        Some(Self::of(camp)?.with("SHADOW", camp.shadow().display().to_string()))
    }

    /// Sets a variable of the shim.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0.push((format!("QUNYING_SHIM_{name}"), value.to_string()));
        self
    }

    pub fn environment(&self) -> &[(String, String)] {
        &self.0
    }
}

/// Watched calls so far, as the shim counted them in `file`.
pub fn counted(file: &Path) -> u64 {
    let bytes = std::fs::read(file).unwrap_or_default();
    bytes.first_chunk().map_or(0, |first| u64::from_ne_bytes(*first))
}

/// The power is lost: of what was not synced, each page survives in `percent` of a hundred cases, each new name too.
pub fn power_loss(camp: &Camp, percent: u64, chance: &mut Chance) {
    lose_names(camp, &camp.kept(), percent, chance);
    lose_pages(&camp.kept(), &camp.shadow(), percent, chance);
    std::fs::remove_dir_all(camp.shadow()).unwrap();
    std::fs::create_dir_all(camp.shadow()).unwrap();
}

fn lose_pages(dir: &Path, shadow: &Path, percent: u64, chance: &mut Chance) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let meta = std::fs::symlink_metadata(&path).unwrap();
        if meta.is_dir() {
            lose_pages(&path, shadow, percent, chance);
        } else if let Ok(synced) = std::fs::read(shadow.join(meta.ino().to_string())) {
            let written = std::fs::read(&path).unwrap();
            let survives = mixed(&synced, &written, percent, chance);
            if survives != written {
                let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
                file.set_len(survives.len() as u64).unwrap();
                file.write_all_at(&survives, 0).unwrap();
            }
        }
    }
}

/// What survives of one file: the length somewhere between the two, each page from one or the other.
fn mixed(synced: &[u8], written: &[u8], percent: u64, chance: &mut Chance) -> Vec<u8> {
    let (short, long) = (synced.len().min(written.len()), synced.len().max(written.len()));
    let length = match chance.below(4) {
        _ if percent == 0 => synced.len(),
        0 => synced.len(),
        1 => short + usize::try_from(chance.below((long - short) as u64 + 1)).unwrap(),
        _ => written.len(),
    };
    let mut survives = vec![0; length];
    for (number, page) in survives.chunks_mut(PAGE).enumerate() {
        let from = if chance.percent(percent) { written } else { synced };
        let bytes = from.get(number * PAGE..).unwrap_or(&[]);
        let known = bytes.len().min(page.len());
        page[..known].copy_from_slice(&bytes[..known]);
    }
    survives
}

/// Names made since their directory was last synced may be gone again; a renamed one may have its old name. A file that
/// was renamed over is not brought back, and removed names stay removed.
fn lose_names(camp: &Camp, dir: &Path, percent: u64, chance: &mut Chance) {
    let inode = std::fs::metadata(dir).unwrap().ino();
    // A directory made in this life and never synced has no name that is sure.
    let synced = std::fs::read_to_string(camp.shadow().join(format!("names-{inode}"))).unwrap_or_default();
    let synced: BTreeMap<&str, &str> = synced
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(ino, name)| (name, ino))
        .collect();
    let entries: Vec<PathBuf> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    for path in entries {
        let meta = std::fs::symlink_metadata(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if synced.contains_key(&*name) || chance.percent(percent) {
            if meta.is_dir() {
                lose_names(camp, &path, percent, chance);
            }
            continue;
        }
        let inode = meta.ino().to_string();
        let before = synced
            .iter()
            .find(|(_, ino)| **ino == inode)
            .map(|(name, _)| dir.join(name));
        match before {
            Some(before) if !before.exists() => std::fs::rename(&path, before).unwrap(),
            _ if meta.is_dir() => std::fs::remove_dir_all(&path).unwrap(),
            _ => std::fs::remove_file(&path).unwrap(),
        }
    }
}

/// From here on every name there is counts as durable: a life begins, whatever was before it.
pub fn names_are_sure(camp: &Camp) {
    note_names(camp, &camp.kept());
}

fn note_names(camp: &Camp, dir: &Path) {
    let mut names = String::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let meta = std::fs::symlink_metadata(entry.path()).unwrap();
        names += &format!("{} {}\n", meta.ino(), entry.file_name().to_string_lossy());
        if meta.is_dir() {
            note_names(camp, &entry.path());
        }
    }
    let inode = std::fs::metadata(dir).unwrap().ino();
    std::fs::write(camp.shadow().join(format!("names-{inode}")), names).unwrap();
}
