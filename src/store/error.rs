//! What can go wrong with the disk, said in English and Chinese.
//!
//! Every message names the place, the reason and the next step: it is read by whoever has to repair it, at night.
//! Absent on purpose: a variant for "the derived state is damaged". That is not an error; it is rebuilt ([`super::why::Why`]).

use std::io;
use std::path::{Path, PathBuf};

use super::Seq;

/// What stops the store. Display is English; [`StoreError::in_chinese`] says the same in Chinese.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the directory's lock.
    #[error("{}: in use by another running qunying{}; stop that one first, or give this one its own directory", dir.display(), holder_en(*holder))]
    InUse {
        /// The locked directory.
        dir: PathBuf,
        /// Process id of the holder, if its lock file tells.
        holder: Option<u32>,
    },
    /// A recording does not read back as it was written. Nothing is skipped or repaired.
    #[error("{}:{line}: the recording is damaged: {damage}; restore this file from a backup, the records after it depend on it", file.display())]
    Damaged {
        /// The damaged recording file.
        file: PathBuf,
        /// Line number, from 1.
        line: u64,
        /// What is wrong with the line.
        damage: Damage,
    },
    /// The recording ends before a record that the derived state or a snapshot has already seen as durable.
    #[error(
        "{}: the recording ends at record {ends_at}, but record {known} was already kept; its end is missing: put back the newest recording files, or restore a backup",
        dir.display()
    )]
    Behind {
        /// The recording directory.
        dir: PathBuf,
        /// Last record found.
        ends_at: Seq,
        /// Last record known to have existed.
        known: Seq,
    },
    /// Records are needed that no file holds any more and no snapshot covers.
    #[error(
        "{}: record {needs} is needed, but the recording starts at {first} and no usable snapshot covers the records before; put back the older recording files or a snapshot",
        dir.display()
    )]
    Gone {
        /// The recording directory.
        dir: PathBuf,
        /// First record needed.
        needs: Seq,
        /// First record there is.
        first: Seq,
    },
    /// No space left. Nothing was recorded; the same call may be made again once there is space.
    #[error("{}: no space left on the disk; nothing was recorded. Free some space, it goes on by itself", file.display())]
    Full {
        /// The file that could not grow.
        file: PathBuf,
    },
    /// A write or sync of the recording failed; what is on disk is unknown until it is opened again.
    #[error("{}: writing the recording failed ({why}); it takes no more records. Check the disk, then start again", file.display())]
    Broken {
        /// The recording file.
        file: PathBuf,
        /// What the system said.
        why: String,
    },
    /// A record body that would not read back: a mistake of the calling code.
    #[error("record body refused: {why}; this is a defect in qunying, please report it")]
    BadBody {
        /// Which rule it breaks.
        why: String,
    },
    /// A row key that is empty or longer than [`super::KEY_MAX`] bytes: a mistake of the calling code.
    #[error("row key of {len} bytes refused (1 to {max} are allowed); this is a defect in qunying, please report it", max = super::KEY_MAX)]
    BadKey {
        /// Bytes in the key.
        len: usize,
    },
    /// The derived state cannot be written any more. The recording goes on; the next start rebuilds.
    #[error("{}: the derived state cannot be written ({why}); the recording goes on and the next start rebuilds it", dir.display())]
    Derived {
        /// Its directory.
        dir: PathBuf,
        /// What sled said.
        why: String,
    },
    /// A snapshot does not read back.
    #[error("{}: not a whole snapshot ({why}); delete it, an older one or the recording is used instead", file.display())]
    Snapshot {
        /// The snapshot file.
        file: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The caller could not make sense of a record whose checksum is right.
    #[error("{}:{line}: this record is whole but not understood ({why}); it was probably written by a newer qunying: use that one", file.display())]
    NotUnderstood {
        /// The recording file.
        file: PathBuf,
        /// Line number, from 1.
        line: u64,
        /// The caller's reason.
        why: String,
    },
    /// A backup or restore would write over something.
    #[error("{}: not empty; choose an empty directory, nothing is ever overwritten", dir.display())]
    NotEmpty {
        /// The directory or file in the way.
        dir: PathBuf,
    },
    /// A directory that is not a whole backup.
    #[error("{}: not a whole backup ({why}); take another backup", path.display())]
    NotABackup {
        /// The directory, or the file in it that differs.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The system refused a file operation.
    #[error("{}: {source}; check that it exists, who owns it and that the disk is healthy", path.display())]
    Io {
        /// File or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What is wrong with one line of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The line does not have the form of a record.
    NotARecord,
    /// The checksum differs from the line's content.
    Checksum,
    /// The line is whole but its form is newer than this program.
    Version {
        /// The version it carries.
        found: u64,
    },
    /// The line is whole but not the next record.
    Order {
        /// The sequence number that should stand here.
        expected: Seq,
        /// The one that does.
        found: Seq,
    },
    /// A file that is not the newest ends in the middle of a line.
    NoNewline,
    /// Longer than any line this program writes.
    TooLong,
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotARecord => write!(f, "the line is not a record"),
            Self::Checksum => write!(f, "the checksum does not fit the line"),
            Self::Version { found } => write!(f, "the line has form {found}, newer than this program knows"),
            Self::Order { expected, found } => write!(
                f,
                "record {expected} should stand here, but it is {found} (is a file missing or doubled?)"
            ),
            Self::NoNewline => write!(f, "the file ends in the middle of a line"),
            Self::TooLong => write!(f, "the line is longer than any record"),
        }
    }
}

impl Damage {
    /// The same in Chinese.
    pub fn in_chinese(&self) -> String {
        match self {
            Self::NotARecord => "这一行不是一条记录".into(),
            Self::Checksum => "校验和与内容不符".into(),
            Self::Version { found } => format!("这一行的格式版本是 {found}，比本程序认识的更新"),
            Self::Order { expected, found } => {
                format!("此处应为第 {expected} 条记录，实际是第 {found} 条（是否缺了文件，或文件重复？）")
            }
            Self::NoNewline => "文件在一行中间断开".into(),
            Self::TooLong => "这一行比任何记录都长".into(),
        }
    }
}

fn holder_en(holder: Option<u32>) -> String {
    holder.map(|pid| format!(" (process {pid})")).unwrap_or_default()
}

impl StoreError {
    /// The same message in Chinese, for operators.
    pub fn in_chinese(&self) -> String {
        match self {
            Self::InUse { dir, holder } => {
                let holder = holder.map(|pid| format!("（进程 {pid}）")).unwrap_or_default();
                format!(
                    "{}：另一个正在运行的群营{holder}占用了此目录。请先停掉它，或为这一个另设目录。",
                    dir.display()
                )
            }
            Self::Damaged { file, line, damage } => format!(
                "{} 第 {line} 行：录音已损坏：{}。请从备份恢复此文件，其后的记录都依赖它。",
                file.display(),
                damage.in_chinese()
            ),
            Self::Behind { dir, ends_at, known } => format!(
                "{}：录音止于第 {ends_at} 条，但第 {known} 条早已保存过，说明末尾缺失。请放回最新的录音文件，或从备份恢复。",
                dir.display()
            ),
            Self::Gone { dir, needs, first } => format!(
                "{}：需要第 {needs} 条记录，但录音从第 {first} 条开始，也没有可用的快照覆盖之前的记录。请放回更早的录音文件或快照。",
                dir.display()
            ),
            Self::Full { file } => format!(
                "{}：磁盘已满，本次未记录任何内容。请腾出空间，之后会自动继续。",
                file.display()
            ),
            Self::Broken { file, why } => format!(
                "{}：写录音失败（{why}），不再接受新记录。请检查磁盘后重新启动。",
                file.display()
            ),
            Self::BadBody { why } => format!("拒绝写入这条记录：{why}。这是群营的缺陷，请报告。"),
            Self::BadKey { len } => format!(
                "拒绝长度为 {len} 字节的键（允许 1 到 {} 字节）。这是群营的缺陷，请报告。",
                super::KEY_MAX
            ),
            Self::Derived { dir, why } => format!(
                "{}：派生状态无法写入（{why}）。录音照常进行，下次启动时自动重建。",
                dir.display()
            ),
            Self::Snapshot { file, why } => format!(
                "{}：快照不完整（{why}）。请删除它，程序会改用更早的快照或录音。",
                file.display()
            ),
            Self::NotUnderstood { file, line, why } => format!(
                "{} 第 {line} 行：记录完整但无法理解（{why}）。它可能由更新版本的群营写成，请使用那个版本。",
                file.display()
            ),
            Self::NotEmpty { dir } => format!("{}：不是空的。请选择空目录，任何内容都不会被覆盖。", dir.display()),
            Self::NotABackup { path, why } => {
                format!("{}：不是完整的备份（{why}）。请改用另一份备份。", path.display())
            }
            Self::Io { path, source } => format!(
                "{}：{source}。请检查它是否存在、归谁所有，以及磁盘是否正常。",
                path.display()
            ),
        }
    }

    /// Whether the same call may be made again later with nothing lost: only [`StoreError::Full`].
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full { .. })
    }

    /// An [`io::Error`] at a path; a full disk keeps its own name.
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        if no_space(&source) {
            return Self::Full { file: path.into() };
        }
        Self::Io {
            path: path.into(),
            source,
        }
    }
}

/// Whether the system said that a disk or a quota is full.
pub(crate) fn no_space(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
