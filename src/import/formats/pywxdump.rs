//! PyWxDump: a table, and beside it a list of users. Tables are often saved again by Excel: other encodings, no seconds,
//! ids as `6.1E+18`, which are no ids any more.

use serde_json::Value;

use super::csv_table;
use crate::chat::{Moment, Segment};
use crate::import::json::{self, Piece, Shape, first, text};
use crate::import::people::is_placeholder;
use crate::import::row::{Room, Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::sysmsg;
use crate::import::trouble::Trouble;

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let is_users = source.first_line()?.0.starts_with(['{', '[']);
    if is_users {
        users(source, sink)
    } else {
        table(source, sink)
    }
}

/// `{"wxid_…": {"wxid": …, "nickName": …, "remark": …}, …}`, or a list of such.
fn users(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    json::document(source, Shape::default(), &mut |_, piece| {
        let (key, value) = match piece {
            Piece::Field(key, value) => (key, value),
            Piece::Item(_, value) => (String::new(), value),
            Piece::Begins => return Ok(()),
        };
        sink(Row::new(
            Moment::START,
            &Room::default(),
            0,
            What::Known(user(&key, &value)),
        ))
    })
}

fn user(key: &str, value: &Value) -> Vec<Who> {
    let id = match first(value, &["wxid", "UserName", "userName"]) {
        id if id.is_empty() => key.to_owned(),
        id => id,
    };
    let names = ["nickname", "nickName", "NickName", "remark", "Remark", "roomNickname"];
    let names = names.iter().map(|key| text(value, key)).filter(|name| !name.is_empty());
    names.map(|name| Who::new(&id, name)).collect()
}

fn table(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let order = csv_table::order_of(source, &["CreateTime"])?;
    csv_table::rows(source, &mut |source, cells| {
        let Some(at) = csv_table::moment(source, cells.get("CreateTime"), order) else {
            let why = format!("`{}` is no time", cells.get("CreateTime"));
            source.found.unreadable(cells.line, why);
            return Ok(());
        };
        let room = cells.get("room_name").trim();
        let room = Room {
            // An id ends so; a name does not.
            id: if room.ends_with("@chatroom") { room } else { "" }.to_owned(),
            name: if room.ends_with("@chatroom") { "" } else { room }.to_owned(),
            private: false,
        };
        let message = cells.get("msg");
        let own = cells.get("is_sender").trim() == "1" || cells.get("talker") == "我";
        let talker = cells.get("talker").trim();
        let what = match cells.get("type_name").trim() {
            "系统通知" | "邀请加群" | "拍一拍" | "系统消息" | "撤回消息" => {
                sysmsg::read(message).unwrap_or_else(|| What::sentence(message))
            }
            kind => {
                let who = match talker {
                    "我" => Who::own(),
                    talker if is_placeholder(talker) => Who::default(),
                    talker if is_id(talker) => Who::new(talker, ""),
                    talker => Who::named(talker),
                };
                What::said(who, own, segments(kind, message))
            }
        };
        let id = cells.first(&["MsgSvrID"]);
        let is_whole = !id.is_empty() && id != "0" && id.bytes().all(|byte| byte.is_ascii_digit());
        sink(Row::new(at, &room, cells.line, what).with_id(if is_whole { id } else { String::new() }))
    })
}

/// Whether a talker is an id of the network's, and no name.
fn is_id(talker: &str) -> bool {
    talker.starts_with("wxid_")
        || talker.ends_with("@openim")
        || talker.ends_with("@chatroom")
        || (talker.len() >= 6
            && talker.bytes().next().is_some_and(|first| first.is_ascii_alphabetic())
            && talker
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)))
}

fn segments(kind: &str, message: &str) -> Vec<Segment> {
    let other = |word: &str| vec![Segment::Other(word.to_owned())];
    match kind {
        "图片" => vec![Segment::Image(String::new())],
        "语音" => other("voice"),
        "视频" => other("video"),
        "动画表情" => other("sticker"),
        "位置" => other("location"),
        _ => vec![Segment::Text(message.to_owned())],
    }
}
