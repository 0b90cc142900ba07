//! Which form a file has: its beginning says so. Only keys of JSON and heads of tables are looked at, never what people
//! wrote.

use std::collections::BTreeSet;

use super::formats::Format;

/// As much of a file as is looked at.
pub const LOOKED_AT: usize = 256 << 10;

/// What a file's beginning says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    Like(Format),
    /// A form that holds no history: it is refused, with this reason.
    Useless(Useless),
    LikeNothing,
}

/// Forms that cannot be replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Useless {
    /// Shuffled conversations for training.
    Training,
    /// A web page.
    Page,
    /// A spreadsheet or another container of zeros and ones.
    Sheet,
}

/// Looks at a file's beginning.
pub fn look(head: &str) -> Looks {
    let head = head.trim_start_matches('\u{feff}').trim_start();
    if head.starts_with("{\"qunying_log\":") {
        return Looks::Like(Format::Imported);
    }
    if head.starts_with("{\"crc\":") {
        return Looks::Like(Format::Recording);
    }
    let lower = head.get(..15).unwrap_or(head).to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Looks::Useless(Useless::Page);
    }
    if head.starts_with("PK\u{3}") {
        return Looks::Useless(Useless::Sheet);
    }
    let looks = match head.chars().next() {
        Some('{' | '[' | '#') => json(head).or_else(|| lines(head)),
        Some('<') => head.contains("<xml").then_some(Looks::Like(Format::WeCom)),
        _ => table(head).or_else(|| lines(head)),
    };
    looks.unwrap_or(Looks::LikeNothing)
}

fn json(head: &str) -> Option<Looks> {
    let keys = keys(head);
    let has = |all: &[&str]| all.iter().all(|key| keys.contains(*key));
    let table: [(&[&str], Format); 22] = [
        (&["weflow", "session"], Format::WeFlow),
        (&["chatlab", "meta"], Format::ChatLab),
        (&["_type", "chatlab"], Format::ChatLab),
        (&["_type", "platformId"], Format::ChatLab),
        (&["chatInfo", "statistics"], Format::Qce),
        (&["chatInfo", "metadata"], Format::Qce),
        (&["sender", "uin", "content", "elements"], Format::Qce),
        (&["TypeName", "Appid"], Format::GeWeChat),
        (&["NewMsgId", "MsgType"], Format::GeWeChat),
        (&["talkerName", "isChatRoom"], Format::ChatLog),
        (&["seq", "talker", "sender", "content"], Format::ChatLog),
        (&["post_type"], Format::OneBot11),
        (&["detail_type", "type", "id"], Format::OneBot12),
        (&["msgid", "msgtype", "action"], Format::WeCom),
        (&["ChangeType", "ChatId"], Format::WeCom),
        (&["msgid", "action", "user"], Format::WeCom),
        (&["date_unixtime", "from_id"], Format::Telegram),
        (&["date_unixtime", "actor_id"], Format::Telegram),
        // Of before 2022, without counted times.
        (&["date", "from", "from_id"], Format::Telegram),
        (&["date", "actor", "actor_id"], Format::Telegram),
        (&["personal_information", "chats"], Format::Telegram),
        (&["localType", "senderUsername"], Format::WeFlow),
    ];
    let users: [&[&str]; 3] = [&["wxid", "nickname"], &["wxid", "nickName"], &["wxid", "remark"]];
    if let Some((_, format)) = table.iter().find(|(all, _)| has(all)) {
        return Some(Looks::Like(*format));
    }
    if users.iter().any(|all| has(all)) {
        return Some(Looks::Like(Format::PyWxDump));
    }
    let trains = has(&["conversations"]) || has(&["messages", "role", "content"]) || has(&["instruction", "output"]);
    trains.then_some(Looks::Useless(Useless::Training))
}

/// The keys of JSON, complete or not. A text that stands before a colon is one.
fn keys(head: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut texts = head.char_indices().peekable();
    while let Some((start, character)) = texts.next() {
        if character != '"' {
            continue;
        }
        let mut end = None;
        while let Some((at, character)) = texts.next() {
            match character {
                '\\' => _ = texts.next(),
                '"' => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
        }
        let Some(end) = end else { break };
        if head[end + 1..].trim_start().starts_with(':') && end - start <= 40 {
            keys.insert(head[start + 1..end].to_owned());
        }
    }
    keys
}

/// The marks between the columns of a table.
pub const BETWEEN: [u8; 3] = *b",\t;";

/// The cells of a table's head.
pub fn cells(line: &str, between: u8) -> Vec<String> {
    let clean = |cell: &str| cell.trim().trim_matches('"').trim().to_owned();
    line.trim_start_matches('\u{feff}')
        .split(char::from(between))
        .map(clean)
        .collect()
}

fn table(head: &str) -> Option<Looks> {
    let line = head.lines().next()?;
    BETWEEN.iter().find_map(|between| {
        let cells = cells(line, *between);
        let has = |all: &[&str]| all.iter().all(|name| cells.iter().any(|cell| cell == name));
        if has(&["Time", "Sender", "Content"]) {
            Some(Looks::Like(Format::ChatLog))
        } else if has(&["StrContent", "CreateTime"]) || has(&["StrContent", "StrTime"]) {
            Some(Looks::Like(Format::WeChatMsg))
        } else if has(&["type_name", "talker", "CreateTime"]) {
            Some(Looks::Like(Format::PyWxDump))
        } else {
            None
        }
    })
}

/// Whether a message begins with a line.
type Begins = fn(&str) -> bool;

/// Texts without a head: what most of the first lines look like.
fn lines(head: &str) -> Option<Looks> {
    if head.starts_with("消息记录") || head.contains("消息分组:") || head.contains("消息对象:") {
        return Some(Looks::Like(Format::QqText));
    }
    let scores: [(Format, Begins); 6] = [
        (Format::WhatsApp, super::formats::is_whatsapp),
        (Format::WeFlow, super::formats::is_weflow_text),
        (Format::QqText, super::formats::is_qq_text),
        (Format::ChatLog, super::formats::is_chatlog_text),
        (Format::WechatExporter, super::formats::is_wechat_exporter),
        (Format::WeChatMsg, super::formats::is_wechatmsg_text),
    ];
    let sample: Vec<&str> = head.lines().take(400).collect();
    let best = scores
        .iter()
        .map(|(format, is)| (*format, sample.iter().filter(|line| is(line)).count()))
        .rev()
        .max_by_key(|(_, count)| *count)?;
    (best.1 > 0).then_some(Looks::Like(best.0))
}
