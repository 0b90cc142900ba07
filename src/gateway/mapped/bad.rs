//! What is wrong with a mapping, said with the next step.

use thiserror::Error;

/// Why a part of a mapping cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadMapping {
    /// Not a way through JSON.
    #[error("\"{0}\" is no path; write names with dots between, like Data.Content.string, or /Data/Content/string")]
    Path(String),
    /// The pattern reader's own words.
    #[error("\"{pattern}\" is no pattern ({why})")]
    Pattern { pattern: String, why: String },
    /// Neither a path nor a list or table of them.
    #[error("a path stands here, a table with `path` and `match`, or a list of them")]
    Pick,
    /// A word that is none of a closed list.
    #[error("there is no {word}; write one of {known}")]
    Word { word: String, known: String },
    /// A placeholder nothing stands for in this request.
    #[error("nothing stands for {{{hole}}} here; there are {known}")]
    Hole { hole: String, known: String },
    #[error("`{{` without `}}`; write {{{{ for a brace that is meant")]
    Unclosed,
    /// A secret without a recipe, or a recipe without a secret.
    #[error("reports are signed with `secrets`; say how under [gateway.{0}.sign], or take `secrets` away")]
    NoRecipe(String),
    #[error("nothing is signed without a secret; write secrets = [\"${{NAME}}\"] in [gateway.{0}]")]
    NoSecret(String),
    /// A signature over something that does not hold the body.
    #[error("a signature protects a report only if it is made over {{body}}; it may also hold {{time}} and {{id}}")]
    NoBody,
    /// `{time}` without the header that tells it.
    #[error("{{time}} is read from a header; write time = \"X-Webhook-Timestamp\"")]
    NoTime,
    #[error("\"{0}\" is no header's name")]
    Header(String),
    #[error("\"{0}\" is no method; write GET, POST, PUT, PATCH or DELETE")]
    Method(String),
    /// TOML has dates, JSON has none.
    #[error("a date has no form in JSON; write it in quotes")]
    Date,
    #[error("the table needs `{0}`")]
    Missing(&'static str),
}

impl BadMapping {
    /// The same in Chinese, for operators.
    pub fn in_chinese(&self) -> String {
        match self {
            Self::Path(path) => {
                format!("「{path}」不是路径。请用点连起名字，如 Data.Content.string，或写成 /Data/Content/string。")
            }
            Self::Pattern { pattern, why } => format!("「{pattern}」不是正则表达式（{why}）。"),
            Self::Pick => "这里写路径，或带 path 和 match 的表，或它们的列表。".into(),
            Self::Word { word, known } => format!("没有「{word}」。可以写：{}。", known.replace(", ", "、")),
            Self::Hole { hole, known } => {
                format!(
                    "这里没有什么可以代入「{{{hole}}}」。可以写：{}。",
                    known.replace(", ", "、")
                )
            }
            Self::Unclosed => "「{」没有对应的「}」。要写花括号本身，请写成「{{」。".into(),
            Self::NoRecipe(name) => {
                format!("写了 secrets，却没有说怎样签名。请在 [gateway.{name}.sign] 里写明，或删去 secrets。")
            }
            Self::NoSecret(name) => {
                format!("没有密钥就没有签名。请在 [gateway.{name}] 里写 secrets = [\"${{名字}}\"]。")
            }
            Self::NoBody => "签名必须覆盖 {body} 才能保护报告，另外可以有 {time} 和 {id}。".into(),
            Self::NoTime => "{time} 来自请求头，请写 time = \"X-Webhook-Timestamp\"。".into(),
            Self::Header(name) => format!("「{name}」不是请求头的名字。"),
            Self::Method(name) => format!("「{name}」不是请求方法。请写 GET、POST、PUT、PATCH 或 DELETE。"),
            Self::Date => "JSON 里没有日期，请加引号写成文字。".into(),
            Self::Missing(key) => format!("这张表缺少「{key}」。"),
        }
    }
}
