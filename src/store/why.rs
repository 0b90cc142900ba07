//! Why the derived state is rebuilt from the recording. Never an error: the recording is the truth.

use super::Seq;

/// The reason for a rebuild, for the log and the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// There is a recording but no derived state beside it.
    Missing,
    /// sled could not open or read its own files (its words).
    Unreadable(String),
    /// Written under another layout.
    Layout {
        /// The layout found.
        found: u32,
        /// The layout this program writes.
        wanted: u32,
    },
    /// sled put this many values into files that it never syncs.
    Blobs(usize),
    /// An earlier rebuild did not finish.
    Interrupted,
    /// The rows are not the ones the last commit left: torn, rolled back in part, or changed by a bad disk.
    Differs,
    /// A row was whole but the caller did not understand it (its words).
    NotUnderstood(String),
    /// The recording no longer reaches back to where the derived state stands.
    Outrun {
        /// Where the derived state stands.
        applied: Seq,
        /// First record still there.
        first: Seq,
    },
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => write!(f, "the derived state is not there"),
            Self::Unreadable(said) => write!(f, "the derived state could not be read ({said})"),
            Self::Layout { found, wanted } => {
                write!(f, "the derived state has layout {found}, this program uses {wanted}")
            }
            Self::Blobs(count) => write!(f, "the derived state holds {count} values in files that are not synced"),
            Self::Interrupted => write!(f, "an earlier rebuild was interrupted"),
            Self::Differs => write!(f, "the derived state is not what was last committed"),
            Self::NotUnderstood(said) => write!(f, "a row of the derived state was not understood ({said})"),
            Self::Outrun { applied, first } => write!(
                f,
                "the derived state stands at record {applied}, the recording starts at {first}"
            ),
        }
    }
}

impl Why {
    /// The same in Chinese.
    pub fn in_chinese(&self) -> String {
        match self {
            Self::Missing => "派生状态不存在".into(),
            Self::Unreadable(said) => format!("派生状态无法读取（{said}）"),
            Self::Layout { found, wanted } => format!("派生状态的布局版本是 {found}，本程序使用 {wanted}"),
            Self::Blobs(count) => format!("派生状态有 {count} 个值存放在未落盘的文件里"),
            Self::Interrupted => "上一次重建被中断".into(),
            Self::Differs => "派生状态与最后一次提交不符".into(),
            Self::NotUnderstood(said) => format!("派生状态中有一行无法理解（{said}）"),
            Self::Outrun { applied, first } => format!("派生状态停在第 {applied} 条记录，而录音从第 {first} 条开始"),
        }
    }
}
