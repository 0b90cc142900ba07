//! What every kind's settings are checked for.

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use crate::chat::GatewayName;

/// Why a gateway cannot be built from its settings.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadSettings {
    /// Not an address that can be called.
    #[error("[gateway.{gateway}] api: {why}; write it like http://127.0.0.1:3000")]
    Address { gateway: String, why: BadAddress },
    /// A secret that protects nothing.
    #[error("[gateway.{gateway}] {key}: {why}")]
    Secret {
        gateway: String,
        key: &'static str,
        why: BadSecret,
    },
    /// A name that cannot be part of an address or an id.
    #[error("[gateway.{gateway}]: a gateway's name is made of a-z, A-Z, 0-9, -, _ and . only")]
    Name { gateway: String },
    /// A name that is there must hold something.
    #[error("[gateway.{gateway}]: `{key}` is empty; give it a name")]
    Empty { gateway: String, key: &'static str },
    /// Two keys that mean something together only.
    #[error("[gateway.{gateway}]: `{key}` says nothing without `{other}`; write both or neither")]
    Alone {
        gateway: String,
        key: &'static str,
        other: &'static str,
    },
    /// A group bound to a robot nobody named.
    #[error("[gateway.{gateway}] bound: there is no robot \"{robot}\"; add it to `robots`, or name one of {known}")]
    NoRobot {
        gateway: String,
        robot: String,
        known: String,
    },
    /// The system's root certificates or the HTTP client could not be set up.
    #[error("[gateway.{gateway}]: no HTTP client could be made: {why}; install the ca-certificates package")]
    Client { gateway: String, why: String },
}

impl BadSettings {
    /// The same in Chinese, for operators.
    pub fn in_chinese(&self) -> String {
        match self {
            Self::Address { gateway, why } => {
                format!(
                    "[gateway.{gateway}] api：{}。请写成 http://127.0.0.1:3000 这样。",
                    why.in_chinese()
                )
            }
            Self::Secret { gateway, key, why } => format!("[gateway.{gateway}] {key}：{}", why.in_chinese()),
            Self::Name { gateway } => {
                format!("[gateway.{gateway}]：网关名只能由 a-z、A-Z、0-9、-、_ 和 . 组成。")
            }
            Self::Empty { gateway, key } => format!("[gateway.{gateway}] {key} 是空的，请给它一个名字。"),
            Self::Alone { gateway, key, other } => {
                format!("[gateway.{gateway}]：只写 {key}、不写 {other} 没有意义。请两个都写，或都不写。")
            }
            Self::NoRobot { gateway, robot, known } => {
                format!("[gateway.{gateway}] bound：没有叫「{robot}」的机器人。请把它写进 robots，或改用：{known}。")
            }
            Self::Client { gateway, why } => {
                format!("[gateway.{gateway}]：无法建立 HTTP 客户端（{why}）。请安装 ca-certificates 软件包。")
            }
        }
    }
}

/// What is wrong with an address.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadAddress {
    /// The parser's words.
    #[error("this is no address ({0})")]
    Unreadable(String),
    #[error("an address starts with http:// or https://")]
    Scheme,
    #[error("an address holds no user, password, query or #; the token has its own key")]
    TooMuch,
}

impl BadAddress {
    /// The same in Chinese, without an end.
    pub fn in_chinese(&self) -> String {
        match self {
            Self::Unreadable(why) => format!("这不是地址（{why}）"),
            Self::Scheme => "地址要以 http:// 或 https:// 开头".into(),
            Self::TooMuch => "地址里不能有用户名、密码、问号参数或 #，令牌有自己的键".into(),
        }
    }
}

/// What is wrong with a secret. Nothing of it is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadSecret {
    #[error("it is empty; remove the key or give it a value")]
    Empty,
    #[error("it is not base64; write whsec_ and the base64 of 24 to 64 random bytes")]
    NotBase64,
    #[error("it is shorter than 24 bytes; make one with: openssl rand -base64 32")]
    Short,
    #[error("it is no EncodingAESKey; copy the 43 letters and digits from the admin console")]
    NotAesKey,
}

impl BadSecret {
    /// The same in Chinese.
    pub fn in_chinese(self) -> &'static str {
        match self {
            Self::Empty => "密钥是空的。请删去这个键，或给它一个值。",
            Self::NotBase64 => "密钥不是 base64。请写 whsec_ 加上 24 到 64 个随机字节的 base64。",
            Self::Short => "密钥不足 24 字节。请用 openssl rand -base64 32 生成一个。",
            Self::NotAesKey => "不是 EncodingAESKey。请从管理后台复制那 43 个字母和数字。",
        }
    }
}

/// A name is part of addresses (`/hooks/NAME`) and of ids (`NAME/…`): letters, digits, `-`, `_` and `.` of ASCII.
pub fn plain_name(name: &GatewayName) -> Result<(), BadSettings> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    match name.as_str() {
        text if !text.is_empty() && text.bytes().all(plain) => Ok(()),
        text => Err(BadSettings::Name {
            gateway: text.to_owned(),
        }),
    }
}

/// A secret that is there must hold something: an empty one signs for everybody. `key` is its key in the config.
pub fn not_empty(name: &GatewayName, key: &'static str, secret: Option<&SecretString>) -> Result<(), BadSettings> {
    match secret {
        Some(secret) if secret.expose_secret().trim().is_empty() => Err(BadSettings::Secret {
            gateway: name.to_string(),
            key,
            why: BadSecret::Empty,
        }),
        _ => Ok(()),
    }
}

/// Two keys of which each needs the other, with what they hold.
pub fn together(
    name: &GatewayName,
    (one, first): (&'static str, Option<&str>),
    (other, second): (&'static str, Option<&str>),
) -> Result<(), BadSettings> {
    let alone = |key, other| BadSettings::Alone {
        gateway: name.to_string(),
        key,
        other,
    };
    match (first.filter(|it| !it.is_empty()), second.filter(|it| !it.is_empty())) {
        (Some(_), None) => Err(alone(one, other)),
        (None, Some(_)) => Err(alone(other, one)),
        (Some(_), Some(_)) | (None, None) => Ok(()),
    }
}
