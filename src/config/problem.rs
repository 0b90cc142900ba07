//! What is wrong with a config, said in English and Chinese. No value of a secret is ever in it: where a type is wrong
//! the value is not shown, whatever key it stands at.

use std::fmt;
use std::io;

use thiserror::Error;

use crate::calendar::BadHoliday;
use crate::gateway::mapped::BadMapping;
use crate::gateway::{BadCall, BadSecret, BadSettings};

/// Why a config cannot be used. Display is English; [`BadConfig::in_chinese`] says the same in Chinese.
#[derive(Debug, Error)]
#[error("{place}: {}{why}", within(key.as_deref()))]
pub struct BadConfig {
    pub place: Place,
    /// The key as it would be written on the command line of a search: `server.listen`. `None`: the file as a whole.
    pub key: Option<String>,
    pub why: Why,
}

/// Where in which file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    /// Line and column, from 1, in characters.
    pub at: Option<(usize, usize)>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some((line, column)) => write!(f, "{}:{line}:{column}", self.file),
            None => write!(f, "{}", self.file),
        }
    }
}

/// The reason and the next step.
#[derive(Debug, Error)]
pub enum Why {
    #[error("cannot be read ({0}); create it, or name another with --config")]
    Unreadable(io::Error),
    /// The TOML reader's own words; it quotes nothing.
    #[error("this is not TOML ({0}); is a quote, a bracket or an equals sign missing?")]
    Toml(String),
    #[error("there is no key {key}; there are {known}")]
    UnknownKey { key: String, known: String },
    #[error("there is no {word}; write {known}")]
    UnknownWord { word: String, known: String },
    #[error("the key {0} is missing; add it")]
    MissingKey(String),
    #[error("this is of the wrong kind; {0} is wanted here")]
    WrongType(Wanted),
    #[error("the environment variable {0} is not set; set it, or write the value here")]
    NotSet(String),
    #[error("`${{` without `}}`; write ${{NAME}}")]
    Unclosed,
    #[error("\"{0}\" is no time zone; write one like \"Asia/Shanghai\"")]
    NotAZone(String),
    #[error("\"{0}\" is no address; write one like \"127.0.0.1:8080\"")]
    NotAnAddress(String),
    #[error("\"{0}\" is no length of time; write one like \"30s\", \"6h\" or \"2d\"")]
    NotALength(String),
    #[error("\"{0}\" is no size of a file; write one like \"500KB\" or \"10MB\"")]
    NotASize(String),
    #[error("\"{0}\" is no address of a folder on the web; write one like \"https://shop.example/media\"")]
    NotALink(String),
    #[error("\"{0}\" is no span of hours; write one like \"22:00-08:00\", or \"\" for none")]
    NotHours(String),
    #[error("\"{0}\" is no store known here; write \"sled:DIRECTORY\"")]
    NotAStore(String),
    #[error("a secret is empty; remove the key or give it a value")]
    EmptySecret,
    #[error("a token of fewer than 16 characters can be guessed; make one with `openssl rand -base64 32`")]
    ShortToken,
    #[error("two tills have the same token; give each its own, so that the record tells them apart")]
    SameToken,
    #[error("\"{file}\" cannot be read ({source})")]
    Holidays { file: String, source: io::Error },
    #[error("\"{file}\": {source}")]
    BadHoliday { file: String, source: BadHoliday },
    #[error("\"{0}\" names no gateway; write GATEWAY/ID, like \"qq/10001\"")]
    NoGateway(String),
    #[error("a gateway of kind {kind} has no such key; it has {}", known.join(", "))]
    NotOfThisKind {
        kind: &'static str,
        known: &'static [&'static str],
    },
    #[error("this and {0} exclude each other; keep one")]
    NotBoth(&'static str),
    #[error(transparent)]
    Gateway(BadSettings),
    #[error("{0}")]
    Secret(BadSecret),
    #[error(transparent)]
    Call(BadCall),
    /// What is wrong inside the tables of a mapping.
    #[error(transparent)]
    Mapping(BadMapping),
}

fn within(key: Option<&str>) -> String {
    key.map(|key| format!("{key}: ")).unwrap_or_default()
}

impl BadConfig {
    /// The same in Chinese, for operators.
    pub fn in_chinese(&self) -> String {
        let place = match self.place.at {
            Some((line, column)) => format!("{} 第 {line} 行第 {column} 列", self.place.file),
            None => self.place.file.clone(),
        };
        let key = self.key.as_deref().map(|key| format!("{key}：")).unwrap_or_default();
        format!("{place}：{key}{}", self.why.in_chinese())
    }
}

impl Why {
    fn in_chinese(&self) -> String {
        match self {
            Self::Unreadable(source) => {
                format!("无法读取（{}）。请创建它，或用 --config 指定另一个。", refused(source))
            }
            Self::Toml(words) => format!("不是正确的 TOML（{words}）。是否少了引号、括号或等号？"),
            Self::UnknownKey { key, known } => format!("没有「{key}」这个键。可以写：{}。", known.replace(", ", "、")),
            Self::UnknownWord { word, known } => format!("不认识「{word}」。可以写：{}。", known.replace(", ", "、")),
            Self::MissingKey(key) => format!("缺少「{key}」这个键，请补上。"),
            Self::WrongType(wanted) => format!("类型不对，这里应该写{}。", wanted.in_chinese()),
            Self::NotSet(name) => format!("环境变量 {name} 没有设置。请设置它，或把值直接写在这里。"),
            Self::Unclosed => "「${」没有对应的「}」。请写成 ${名字}。".into(),
            Self::NotAZone(text) => format!("「{text}」不是时区。请写成 \"Asia/Shanghai\" 这样。"),
            Self::NotAnAddress(text) => format!("「{text}」不是地址。请写成 \"127.0.0.1:8080\" 这样。"),
            Self::NotALength(text) => format!("「{text}」不是时长。请写成 \"30s\"、\"6h\" 或 \"2d\" 这样。"),
            Self::NotALink(text) => format!("「{text}」不是网址。请写成 \"https://shop.example/media\" 这样。"),
            Self::NotASize(text) => format!("「{text}」不是文件大小。请写成 \"500KB\" 或 \"10MB\" 这样。"),
            Self::NotHours(text) => {
                format!("「{text}」不是时间段。请写成 \"22:00-08:00\" 这样；写 \"\" 表示没有。")
            }
            Self::NotAStore(text) => format!("「{text}」不是可用的存储。请写成 \"sled:目录\"。"),
            Self::EmptySecret => "密钥是空的。请删去这个键，或给它一个值。".into(),
            Self::ShortToken => "令牌不到 16 个字符，会被猜到。请用 openssl rand -base64 32 生成一个。".into(),
            Self::SameToken => "两个收银台用了同一个令牌。请每台各用一个，记录里才分得清。".into(),
            Self::Holidays { file, source } => format!("无法读取「{file}」（{}）。", refused(source)),
            Self::BadHoliday { file, source } => format!("「{file}」{}", source.in_chinese()),
            Self::NoGateway(id) => format!("「{id}」没有对应的网关。请写成 网关名/编号，如 \"qq/10001\"。"),
            Self::NotOfThisKind { kind, known } => format!("{kind} 网关没有这个键。可以写：{}。", known.join("、")),
            Self::NotBoth(other) => format!("不能同时写这个和 {other}。请只留一个。"),
            Self::Gateway(bad) => bad.in_chinese(),
            Self::Secret(bad) => bad.in_chinese().to_owned(),
            Self::Call(bad) => bad.in_chinese(),
            Self::Mapping(bad) => bad.in_chinese(),
        }
    }

    /// What the TOML reader and serde say, taken apart; values they quote are left out, as they may be secrets.
    pub(super) fn of_toml(message: &str) -> Self {
        let quoted = |rest: &str| rest.split('`').nth(1).unwrap_or_default().to_owned();
        let expected = || {
            let (_, after) = message.rsplit_once(", expected ").unwrap_or(("", "something else"));
            after
                .trim_start_matches("one of ")
                .replace('`', "")
                .replace(" or ", ", ")
        };
        if message.starts_with("unknown field") {
            Self::UnknownKey {
                key: quoted(message),
                known: expected(),
            }
        } else if message.starts_with("unknown variant") {
            Self::UnknownWord {
                word: quoted(message),
                known: expected(),
            }
        } else if message.starts_with("missing field") {
            Self::MissingKey(quoted(message))
        } else if message.starts_with("invalid type") || message.starts_with("invalid value") {
            Self::WrongType(Wanted::of_serde(&expected()))
        } else {
            Self::Toml(message.to_owned())
        }
    }
}

/// What was wanted where something else stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    Number,
    YesOrNo,
    Text,
    List,
    Table,
    /// In serde's words.
    Other(String),
}

impl Wanted {
    /// What serde calls it after the Rust type.
    fn of_serde(expected: &str) -> Self {
        match expected {
            "usize" | "u32" | "u64" => Self::Number,
            "a boolean" => Self::YesOrNo,
            "a string" => Self::Text,
            "a sequence" => Self::List,
            other if other.starts_with("struct ") || other.contains("map") => Self::Table,
            other => Self::Other(other.to_owned()),
        }
    }

    fn in_chinese(&self) -> &str {
        match self {
            Self::Number => "一个整数（0 或更大）",
            Self::YesOrNo => " true 或 false",
            Self::Text => "加英文引号的文字",
            Self::List => "一个列表：[…]",
            Self::Table => "一张表：[…] 及其下的键",
            Self::Other(words) => words,
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "a whole number, 0 or more",
            Self::YesOrNo => "true or false",
            Self::Text => "a text in quotes",
            Self::List => "a list, […],",
            Self::Table => "a table, […] with keys below it,",
            Self::Other(words) => words,
        })
    }
}

/// What the system said, in Chinese where it is common.
pub(crate) fn refused(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "文件不存在".to_owned(),
        io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
        _ => error.to_string(),
    }
}
