//! The forms that are read, one file each.

pub mod chatlab;
pub mod chatlog;
pub mod csv_table;
pub mod gewechat;
pub mod imported;
pub mod onebot11;
pub mod onebot12;
pub mod pywxdump;
pub mod qce;
pub mod qq_text;
pub mod recording;
pub mod telegram;
pub mod wechat_exporter;
pub mod wechatmsg;
pub mod wecom;
pub mod weflow;
pub mod whatsapp;

use super::detect::Useless;
use super::sentences::Network;
use super::source::{Sink, Source};
use super::trouble::Trouble;
use crate::recording::imported::Missing;

pub use chatlog::is_text_head as is_chatlog_text;
pub use qq_text::is_text_head as is_qq_text;
pub use wechat_exporter::is_text_head as is_wechat_exporter;
pub use wechatmsg::is_text_head as is_wechatmsg_text;
pub use weflow::is_text_head as is_weflow_text;
pub use whatsapp::is_text_head as is_whatsapp;

/// A form logs come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Normalised already.
    Imported,
    /// Our own.
    Recording,
    OneBot11,
    OneBot12,
    ChatLog,
    WeFlow,
    ChatLab,
    WeChatMsg,
    PyWxDump,
    Qce,
    QqText,
    WeCom,
    GeWeChat,
    Telegram,
    WhatsApp,
    WechatExporter,
    /// A table whose columns the operator names.
    CsvMap,
    /// A list of members; it is compared, not read as a log.
    Roster,
}

impl Format {
    pub const ALL: [Format; 17] = [
        Format::Imported,
        Format::Recording,
        Format::OneBot11,
        Format::OneBot12,
        Format::ChatLog,
        Format::WeFlow,
        Format::ChatLab,
        Format::WeChatMsg,
        Format::PyWxDump,
        Format::Qce,
        Format::QqText,
        Format::WeCom,
        Format::GeWeChat,
        Format::Telegram,
        Format::WhatsApp,
        Format::WechatExporter,
        Format::CsvMap,
    ];

    /// The word it is asked for by.
    pub fn word(self) -> &'static str {
        match self {
            Format::Imported => "imported",
            Format::Recording => "recording",
            Format::OneBot11 => "onebot11",
            Format::OneBot12 => "onebot12",
            Format::ChatLog => "chatlog",
            Format::WeFlow => "weflow",
            Format::ChatLab => "chatlab",
            Format::WeChatMsg => "wechatmsg",
            Format::PyWxDump => "pywxdump",
            Format::Qce => "qq-chat-exporter",
            Format::QqText => "qq-text",
            Format::WeCom => "wecom",
            Format::GeWeChat => "gewechat",
            Format::Telegram => "telegram",
            Format::WhatsApp => "whatsapp",
            Format::WechatExporter => "wechat-exporter",
            Format::CsvMap => "csv-map",
            Format::Roster => "roster",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Format::Imported => "qunying import",
            Format::Recording => "qunying",
            Format::OneBot11 => "OneBot v11",
            Format::OneBot12 => "OneBot v12",
            Format::ChatLog => "chatlog",
            Format::WeFlow => "WeFlow",
            Format::ChatLab => "ChatLab",
            Format::WeChatMsg => "WeChatMsg 留痕",
            Format::PyWxDump => "PyWxDump",
            Format::Qce => "qq-chat-exporter",
            Format::QqText => "QQ TXT",
            Format::WeCom => "WeCom 企业微信",
            Format::GeWeChat => "GeWeChat",
            Format::Telegram => "Telegram",
            Format::WhatsApp => "WhatsApp",
            Format::WechatExporter => "WechatExporter",
            Format::CsvMap => "CSV",
            Format::Roster => "群成员名单 roster",
        }
    }

    /// Whose sentences it holds; `None`: anybody's.
    pub fn network(self) -> Option<Network> {
        Some(match self {
            Format::CsvMap | Format::Roster => return None,
            Format::Imported | Format::Recording | Format::OneBot11 | Format::OneBot12 | Format::WeCom => Network::Bot,
            Format::Qce | Format::QqText => Network::Qq,
            Format::Telegram => Network::Telegram,
            Format::WhatsApp => Network::WhatsApp,
            Format::ChatLog
            | Format::WeFlow
            | Format::ChatLab
            | Format::WeChatMsg
            | Format::PyWxDump
            | Format::GeWeChat
            | Format::WechatExporter => Network::WeChat,
        })
    }

    /// What it always tells; the rest is missing unless it was seen.
    pub fn tells(self) -> &'static [Missing] {
        match self {
            Format::Imported | Format::Recording => &[
                Missing::Joins,
                Missing::Leaves,
                Missing::Renames,
                Missing::Cards,
                Missing::Orders,
            ],
            Format::OneBot11 | Format::OneBot12 => &[Missing::Joins, Missing::Leaves, Missing::Renames, Missing::Cards],
            Format::Telegram | Format::WhatsApp => &[Missing::Joins, Missing::Leaves, Missing::Renames],
            Format::GeWeChat => &[Missing::Joins, Missing::Renames],
            Format::ChatLog
            | Format::WeFlow
            | Format::ChatLab
            | Format::WeChatMsg
            | Format::PyWxDump
            | Format::Qce
            | Format::QqText
            | Format::WeCom
            | Format::WechatExporter
            | Format::CsvMap
            | Format::Roster => &[],
        }
    }

    /// Reads a file of this form.
    pub fn read(self, source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
        match self {
            Format::Imported => imported::read(source, sink),
            Format::Recording => recording::read(source, sink),
            Format::OneBot11 => onebot11::read(source, sink),
            Format::OneBot12 => onebot12::read(source, sink),
            Format::ChatLog => chatlog::read(source, sink),
            Format::WeFlow => weflow::read(source, sink),
            Format::ChatLab => chatlab::read(source, sink),
            Format::WeChatMsg => wechatmsg::read(source, sink),
            Format::PyWxDump => pywxdump::read(source, sink),
            Format::Qce => qce::read(source, sink),
            Format::QqText => qq_text::read(source, sink),
            Format::WeCom => wecom::read(source, sink),
            Format::GeWeChat => gewechat::read(source, sink),
            Format::Telegram => telegram::read(source, sink),
            Format::WhatsApp => whatsapp::read(source, sink),
            Format::WechatExporter => wechat_exporter::read(source, sink),
            Format::CsvMap | Format::Roster => csv_table::mapped(source, sink),
        }
    }
}

/// Why a form is not read.
pub fn refusal(file: &str, useless: Useless) -> Trouble {
    let (why, next, zh) = match useless {
        Useless::Training => (
            "it holds conversations cut up and shuffled for training a model: no history can be replayed from it",
            "export the same chat as CSV or TXT",
            "这是为训练模型而切碎打乱的对话，还原不出历史。请把同一个群另导出为 CSV 或 TXT。",
        ),
        Useless::Page => (
            "it is a web page",
            "export the same chat as JSON, CSV or TXT",
            "这是网页。请把同一个群另导出为 JSON、CSV 或 TXT。",
        ),
        Useless::Sheet => (
            "it is a spreadsheet or an archive",
            "save the sheet as CSV, or unpack the archive",
            "这是电子表格或压缩包。请把表格另存为 CSV，或先解压。",
        ),
    };
    Trouble::Refused {
        file: file.to_owned(),
        why,
        next,
        zh,
    }
}
