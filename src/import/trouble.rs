//! What keeps a file from being imported: one error a file, with the place, the reason and the next step.

use std::io;

use thiserror::Error;

use crate::chat::Lang;

/// Why a file was not imported.
#[derive(Debug, Error)]
pub enum Trouble {
    #[error("{file}: {source}; check that it exists and can be read")]
    Io { file: String, source: io::Error },
    #[error(
        "{file}: its form is not recognised; say which it is with --format, or name the columns with --csv-map (docs/import.md lists the forms)"
    )]
    UnknownForm { file: String },
    #[error("{file}: {why}; {next}")]
    Refused {
        file: String,
        why: &'static str,
        next: &'static str,
        zh: &'static str,
    },
    #[error("{file}:{line}: a zero byte: the file is damaged, or no text; export it again")]
    Zero { file: String, line: u64 },
    #[error("{file}:{line}: {why}; save the file again as UTF-8")]
    Encoding { file: String, line: u64, why: BadBytes },
    #[error("{file}:{line}: one record is longer than {} MiB; the file is damaged, or no chat log", .limit >> 20)]
    TooLong { file: String, line: u64, limit: u64 },
    #[error("{file}:{line}: not sound JSON ({why}); export it again, or cut the file before this line")]
    Json { file: String, line: u64, why: String },
    #[error("{file}:{line}: not sound XML ({why}); export it again")]
    Xml { file: String, line: u64, why: String },
    #[error("{file}:{line}: not a sound table ({why}); save it again as CSV")]
    Table { file: String, line: u64, why: String },
    #[error("{file}: the table has no column `{column}`; it has: {has}")]
    NoColumn { file: String, column: String, has: String },
    #[error(
        "{file}: its dates can be read as day/month and as month/day, and both run forward; say which with --dates dmy or --dates mdy"
    )]
    WhichDates { file: String },
    #[error("{file}: its dates cannot be read in any order that makes sense; say which with --dates ymd, dmy or mdy")]
    NoDates { file: String },
    #[error("{file}:{line}: its times have no date; say on which day it begins with --begins 2026-03-01")]
    NeedsDate { file: String, line: u64 },
    #[error("{file}:{line}: a line of an imported log that is not understood ({why}); use the qunying that wrote it")]
    NotOurs { file: String, line: u64, why: String },
    #[error("{file}: the table of sentences cannot be used: {why}; see docs/import.md")]
    Sentences { file: String, why: String },
    #[error("{file}: no message was found in it; say which form it has with --format")]
    Nothing { file: String },
}

/// What is wrong with bytes that should be text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadBytes {
    /// Neither of the encodings.
    Neither,
    /// One part in one, another part in the other.
    Mixed,
}

impl std::fmt::Display for BadBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            BadBytes::Neither => "neither UTF-8 nor GB18030",
            BadBytes::Mixed => "the file mixes UTF-8 and another encoding from here on",
        })
    }
}

impl Trouble {
    pub fn io(file: &str, source: io::Error) -> Self {
        Trouble::Io {
            file: file.to_owned(),
            source,
        }
    }

    /// The same in Chinese.
    pub fn in_chinese(&self) -> String {
        match self {
            Trouble::Io { file, source } => format!("{file}：{source}。请检查文件是否存在、是否可读。"),
            Trouble::UnknownForm { file } => format!(
                "{file}：认不出是哪种记录。请用 --format 指明，或用 --csv-map 指明各列（可读的格式见 docs/import.zh-CN.md）。"
            ),
            Trouble::Refused { file, zh, .. } => format!("{file}：{zh}"),
            Trouble::Zero { file, line } => {
                format!("{file} 第 {line} 行：含有零字节，文件已损坏或不是文本。请重新导出。")
            }
            Trouble::Encoding { file, line, why } => {
                let why = match why {
                    BadBytes::Neither => "既不是 UTF-8，也不是 GB18030",
                    BadBytes::Mixed => "从这里起混用了 UTF-8 与另一种编码",
                };
                format!("{file} 第 {line} 行：{why}。请把文件另存为 UTF-8。")
            }
            Trouble::TooLong { file, line, limit } => format!(
                "{file} 第 {line} 行：一条记录超过 {} MiB，文件已损坏或不是聊天记录。",
                limit >> 20
            ),
            Trouble::Json { file, line, why } => {
                format!("{file} 第 {line} 行：不是完好的 JSON（{why}）。请重新导出，或从这一行之前截断。")
            }
            Trouble::Xml { file, line, why } => {
                format!("{file} 第 {line} 行：不是完好的 XML（{why}）。请重新导出。")
            }
            Trouble::Table { file, line, why } => {
                format!("{file} 第 {line} 行：不是完好的表格（{why}）。请另存为 CSV。")
            }
            Trouble::NoColumn { file, column, has } => format!("{file}：表格里没有「{column}」这一列；有：{has}。"),
            Trouble::WhichDates { file } => format!(
                "{file}：日期按「日/月」和「月/日」读都说得通。请用 --dates dmy（日/月/年）或 --dates mdy（月/日/年）指明。"
            ),
            Trouble::NoDates { file } => {
                format!("{file}：日期按哪种顺序都读不通。请用 --dates ymd、dmy 或 mdy 指明。")
            }
            Trouble::NeedsDate { file, line } => {
                format!("{file} 第 {line} 行：时间没有日期。请用 --begins 2026-03-01 指明记录从哪一天开始。")
            }
            Trouble::NotOurs { file, line, why } => {
                format!("{file} 第 {line} 行：导入过的记录里有一行无法理解（{why}）。请用写成它的那个版本的群营。")
            }
            Trouble::Sentences { file, why } => {
                format!("{file}：句型表不能用：{why}。写法见 docs/import.zh-CN.md。")
            }
            Trouble::Nothing { file } => format!("{file}：没有找到任何消息。请用 --format 指明格式。"),
        }
    }

    /// In the language asked for.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.in_chinese(),
            Lang::En => self.to_string(),
        }
    }
}
