//! The truth in every shape, with what each shape loses.

use jiff::tz::TimeZone;
use qunying::chat::Moment;
use serde_json::{Value, json};

use super::truth::{PEOPLE, ROOM, ROOM_NAME, ROOM_NUMBER, START, Thing, truth};

/// What a shape keeps of the truth.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "a column of a table each")]
pub struct Keeps {
    /// Speakers have the network's ids.
    pub ids: bool,
    /// Times have seconds.
    pub seconds: bool,
    pub joins: Joins,
    /// Who goes of their own accord.
    pub leaves: bool,
    pub kicks: bool,
    pub renames: bool,
    pub recalls: bool,
    /// Lines of the network's that nobody knows.
    pub odd: bool,
    /// Speakers have names.
    pub names: bool,
    /// What the network tells has a time of its own.
    pub own_times: bool,
    /// Whoever comes in by a code tells their own id.
    pub scans_by_id: bool,
    /// The network's lines are marked as such, and do not only stand where no member's could.
    pub marked: bool,
}

/// What is left of who came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joins {
    Ids,
    Names,
    /// Somebody came in.
    Nameless,
    Dropped,
}

/// One shape of the truth.
pub struct Shape {
    pub format: &'static str,
    pub file: &'static str,
    pub bytes: Vec<u8>,
    pub keeps: Keeps,
}

const WECHAT: Keeps = Keeps {
    ids: true,
    seconds: true,
    joins: Joins::Names,
    leaves: false,
    kicks: true,
    renames: true,
    recalls: true,
    odd: true,
    names: true,
    own_times: true,
    scans_by_id: false,
    marked: true,
};

const TEXT: Keeps = Keeps {
    ids: false,
    marked: false,
    ..WECHAT
};

pub fn local(second: i64, form: &str) -> String {
    let zone = TimeZone::get("Asia/Shanghai").expect("the zone is bundled");
    Moment::from_seconds(START + second)
        .in_zone(&zone)
        .strftime(form)
        .to_string()
}

fn full(second: i64) -> String {
    local(second, "%Y-%m-%d %H:%M:%S")
}

/// A person as a sentence names them.
type Named<'n> = &'n dyn Fn(usize) -> String;

fn name(person: usize) -> String {
    PEOPLE[person].name.to_owned()
}

fn with_id(person: usize) -> String {
    format!("{}({})", PEOPLE[person].name, PEOPLE[person].id)
}

/// WeChat's sentence for it, as the owner's phone shows it.
pub fn wechat(thing: &Thing, named: Named<'_>) -> Option<String> {
    let all = |people: &[usize]| people.iter().map(|it| named(*it)).collect::<Vec<_>>().join("、");
    Some(match thing {
        Thing::Invited(people, 0) => format!("你邀请\"{}\"加入了群聊  撤销", all(people)),
        Thing::Invited(people, by) => format!("\"{}\"邀请\"{}\"加入了群聊", named(*by), all(people)),
        Thing::Scanned(who, 0) => format!("\"{}\"通过扫描你分享的二维码加入群聊  ", named(*who)),
        Thing::Scanned(who, by) => format!("\" {}\"通过扫描\"{}\"分享的二维码加入群聊", named(*who), named(*by)),
        Thing::Kicked(who, 0) => format!("你将\"{}\"移出了群聊", named(*who)),
        Thing::Renamed(by, title) => format!("\"{}\"修改群名为“{title}”", named(*by)),
        Thing::Recalls(who) => format!("\"{}\" 撤回了一条消息", named(*who)),
        Thing::Pats(who, whom) => format!("\"{}\" 拍了拍 \"{}\" 的茶杯", named(*who), named(*whom)),
        Thing::Odd(text) => (*text).to_owned(),
        Thing::Kicked(..) | Thing::Leaves(_) | Thing::Says(..) => return None,
    })
}

/// QQ's sentence for it.
fn qq(thing: &Thing) -> Option<String> {
    Some(match thing {
        Thing::Invited(people, by) if people.len() == 1 => format!("{}邀请{}加入了群聊。", name(*by), name(people[0])),
        Thing::Scanned(who, by) => format!("{}通过{}分享的二维码加入了群聊", name(*who), name(*by)),
        Thing::Renamed(by, title) => format!("{}修改群名称为“{title}”", name(*by)),
        Thing::Recalls(who) => format!("{} 撤回了一条消息", name(*who)),
        Thing::Pats(who, whom) => format!("{}戳了戳{}", name(*who), name(*whom)),
        Thing::Odd(text) => (*text).to_owned(),
        _ => return None,
    })
}

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(value).expect("plain data serializes")
}

fn lines(values: impl IntoIterator<Item = Value>) -> Vec<u8> {
    values
        .into_iter()
        .map(|value| format!("{value}\n"))
        .collect::<String>()
        .into_bytes()
}

fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// All shapes.
#[allow(clippy::too_many_lines, reason = "an entry a shape: a table")]
pub fn all() -> Vec<Shape> {
    let shape = |format, file, bytes, keeps| Shape {
        format,
        file,
        bytes,
        keeps,
    };
    vec![
        shape(
            "chatlog",
            "chatlog.json",
            chatlog_json(),
            Keeps {
                joins: Joins::Ids,
                ..WECHAT
            },
        ),
        shape(
            "chatlog",
            "chatlog.csv",
            chatlog_csv(),
            Keeps {
                joins: Joins::Ids,
                ..WECHAT
            },
        ),
        shape(
            "chatlog",
            "chatlog.txt",
            chatlog_txt(),
            Keeps {
                joins: Joins::Ids,
                ..WECHAT
            },
        ),
        shape(
            "weflow",
            "weflow.json",
            weflow_json(),
            Keeps {
                joins: Joins::Nameless,
                ..WECHAT
            },
        ),
        shape("weflow", "weflow.txt", weflow_txt(), TEXT),
        shape(
            "chatlab",
            "chatlab.json",
            chatlab(false),
            Keeps {
                joins: Joins::Dropped,
                kicks: false,
                renames: false,
                recalls: false,
                odd: false,
                ..WECHAT
            },
        ),
        shape("chatlab", "chatlab.jsonl", chatlab(true), WECHAT),
        shape("wechatmsg", "wechatmsg.csv", wechatmsg_csv(), WECHAT),
        shape("wechatmsg", "wechatmsg.txt", wechatmsg_txt(), TEXT),
        shape("pywxdump", "pywxdump.csv", pywxdump(false), WECHAT),
        shape(
            "pywxdump",
            "pywxdump-excel.csv",
            excel(),
            Keeps {
                seconds: false,
                ..WECHAT
            },
        ),
        shape(
            "wechat-exporter",
            "exporter.txt",
            exporter(),
            Keeps {
                own_times: false,
                ..TEXT
            },
        ),
        shape(
            "gewechat",
            "gewechat.jsonl",
            gewechat(),
            Keeps {
                joins: Joins::Ids,
                ..WECHAT
            },
        ),
        shape("qq-chat-exporter", "qce.json", qce(false), WECHAT),
        shape("qq-chat-exporter", "qce.jsonl", qce(true), WECHAT),
        shape("qq-text", "qq.txt", qq_text(), WECHAT),
        shape(
            "onebot11",
            "onebot11.jsonl",
            onebot11(),
            Keeps {
                joins: Joins::Ids,
                leaves: true,
                odd: false,
                ..WECHAT
            },
        ),
        shape(
            "onebot12",
            "onebot12.jsonl",
            onebot12(),
            Keeps {
                joins: Joins::Ids,
                leaves: true,
                renames: false,
                odd: false,
                names: false,
                ..WECHAT
            },
        ),
        shape(
            "wecom",
            "wecom.jsonl",
            wecom(),
            Keeps {
                joins: Joins::Ids,
                leaves: true,
                renames: false,
                odd: false,
                names: false,
                ..WECHAT
            },
        ),
        shape(
            "telegram",
            "result.json",
            telegram(),
            Keeps {
                leaves: true,
                scans_by_id: true,
                recalls: false,
                odd: false,
                ..WECHAT
            },
        ),
        shape(
            "whatsapp",
            "android.txt",
            whatsapp(),
            Keeps {
                leaves: true,
                seconds: false,
                recalls: false,
                odd: false,
                ..TEXT
            },
        ),
    ]
}

fn chatlog_json() -> Vec<u8> {
    let rows: Vec<Value> = truth().iter().enumerate().filter_map(|(nth, (second, thing))| {
        let (kind, sender, named, text) = match thing {
            Thing::Says(who, text) => (1, PEOPLE[*who].id, PEOPLE[*who].name, (*text).to_owned()),
            other => (10000, "系统消息", "", wechat(other, &with_id)?),
        };
        Some(json!({"seq": (START + second) * 1000 + nth as i64, "time": local(*second, "%Y-%m-%dT%H:%M:%S%:z"), "talker": ROOM, "talkerName": ROOM_NAME,
            "isChatRoom": true, "sender": sender, "senderName": named, "isSelf": sender == "wxid_boss", "type": kind, "subType": 0, "content": text}))
    }).collect();
    bytes(&Value::Array(rows))
}

fn chatlog_csv() -> Vec<u8> {
    let mut out = "Time,SenderName,Sender,TalkerName,Talker,Content\n".to_owned();
    for (second, thing) in truth() {
        let row = match &thing {
            Thing::Says(0, text) => ("我", PEOPLE[0].id, (*text).to_owned()),
            Thing::Says(who, text) => (PEOPLE[*who].name, PEOPLE[*who].id, (*text).to_owned()),
            other => match wechat(other, &with_id) {
                Some(text) => ("", "系统消息", text),
                None => continue,
            },
        };
        out.push_str(&format!(
            "{},{},{},{},{ROOM},{}\n",
            full(second),
            cell(row.0),
            row.1,
            cell(ROOM_NAME),
            cell(&row.2)
        ));
    }
    out.into_bytes()
}

fn chatlog_txt() -> Vec<u8> {
    let mut out = String::new();
    for (second, thing) in truth() {
        let (head, text) = match &thing {
            Thing::Says(0, text) => ("我".to_owned(), (*text).to_owned()),
            Thing::Says(who, text) => (with_id(*who), (*text).to_owned()),
            other => match wechat(other, &with_id) {
                Some(text) => ("系统消息".to_owned(), text),
                None => continue,
            },
        };
        out.push_str(&format!("{head} {}\n{text}\n\n", local(second, "%m-%d %H:%M:%S")));
    }
    out.into_bytes()
}

/// Joins are bare templates.
fn weflow_json() -> Vec<u8> {
    let messages: Vec<Value> = truth().iter().enumerate().filter_map(|(nth, (second, thing))| {
        let (kind, word, sender, named, text) = match thing {
            Thing::Says(who, text) => (1, "文本消息", PEOPLE[*who].id, PEOPLE[*who].name, (*text).to_owned()),
            Thing::Invited(_, 0) => (10000, "系统消息", ROOM, "", "你邀请\"$names$\"加入了群聊  $revoke$".to_owned()),
            Thing::Invited(..) => (10000, "系统消息", ROOM, "", "\"$username$\"邀请\"$names$\"加入了群聊".to_owned()),
            Thing::Scanned(..) => (10000, "系统消息", ROOM, "", "\" $adder$\"通过扫描\"$from$\"分享的二维码加入群聊".to_owned()),
            Thing::Recalls(who) => (10000, "系统消息", PEOPLE[*who].id, PEOPLE[*who].name, wechat(thing, &name)?),
            Thing::Pats(..) => (10000, "系统消息", ROOM, "", "\"\" 拍了拍 \"\"".to_owned()),
            other => (10000, "系统消息", ROOM, "", wechat(other, &name)?),
        };
        Some(json!({"localId": nth + 1, "createTime": START + second, "formattedTime": full(*second), "type": word, "localType": kind, "content": text,
            "isSend": i32::from(sender == "wxid_boss"), "senderUsername": sender, "senderDisplayName": named, "source": "", "platformMessageId": format!("70{nth:03}")}))
    }).collect();
    bytes(
        &json!({"weflow": {"version": "1.0.3", "exportedAt": START + 9000, "generator": "WeFlow"},
        "session": {"wxid": ROOM, "nickname": ROOM_NAME, "type": "群聊", "messageCount": messages.len()}, "messages": messages}),
    )
}

fn weflow_txt() -> Vec<u8> {
    let mut out = String::new();
    for (second, thing) in truth() {
        let (who, text) = match &thing {
            Thing::Says(0, text) => ("我", (*text).to_owned()),
            Thing::Says(who, text) => (PEOPLE[*who].name, (*text).to_owned()),
            other => match wechat(other, &name) {
                Some(text) => ("系统消息", text),
                None => continue,
            },
        };
        out.push_str(&format!("{} '{who}'\n{text}\n\n", full(second)));
    }
    out.into_bytes()
}

/// As a laundered document without the network's lines, or line by line with them.
fn chatlab(whole: bool) -> Vec<u8> {
    let members = PEOPLE
        .iter()
        .map(|it| json!({"platformId": it.id, "accountName": it.name}));
    let messages = truth().into_iter().enumerate().filter_map(|(nth, (second, thing))| {
        let (sender, account, kind, text) = match &thing {
            Thing::Says(who, text) => (PEOPLE[*who].id, PEOPLE[*who].name, 0, (*text).to_owned()),
            other if whole => (ROOM, "", 80, wechat(other, &name)?),
            _ => return None,
        };
        Some(json!({"sender": sender, "accountName": account, "timestamp": START + second, "type": kind, "content": text, "platformMessageId": format!("c{nth}")}))
    });
    let head = json!({"version": "0.0.2", "exportedAt": START + 9000});
    let meta =
        json!({"name": ROOM_NAME, "platform": "wechat", "type": "group", "groupId": ROOM, "ownerId": "wxid_boss"});
    if !whole {
        return bytes(
            &json!({"chatlab": head, "meta": meta, "members": members.collect::<Vec<_>>(), "messages": messages.collect::<Vec<_>>()}),
        );
    }
    let typed = |kind: &str, mut value: Value| {
        value["_type"] = kind.into();
        value
    };
    let mut out = b"# exported\n".to_vec();
    let all = std::iter::once(json!({"_type": "header", "chatlab": head, "meta": meta}))
        .chain(members.map(|it| typed("member", it)))
        .chain(messages.map(|it| typed("message", it)));
    out.extend(lines(all));
    out
}

fn wechatmsg_csv() -> Vec<u8> {
    let mut out = "\u{feff}localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\r\n".to_owned();
    for (nth, (second, thing)) in truth().into_iter().enumerate() {
        let (kind, own, text, named, id) = match &thing {
            Thing::Says(who, text) => (
                1,
                u8::from(*who == 0),
                (*text).to_owned(),
                PEOPLE[*who].name,
                PEOPLE[*who].id,
            ),
            other => match wechat(other, &name) {
                Some(text) => (10000, 0, text, "", ""),
                None => continue,
            },
        };
        out.push_str(&format!(
            "{nth},3,{kind},0,{own},{},,{},{},,{},{id}\r\n",
            START + second,
            cell(&text),
            full(second),
            cell(named)
        ));
    }
    out.into_bytes()
}

fn wechatmsg_txt() -> Vec<u8> {
    let mut out = String::new();
    for (second, thing) in truth() {
        match &thing {
            Thing::Says(0, text) => out.push_str(&format!("{} 我\n{text}\n\n", full(second))),
            Thing::Says(who, text) => out.push_str(&format!("{} {}\n{text}\n\n", full(second), PEOPLE[*who].name)),
            other => {
                if let Some(text) = wechat(other, &name) {
                    out.push_str(&format!("{} {text}\n\n", full(second)));
                }
            }
        }
    }
    out.into_bytes()
}

fn pywxdump(excel: bool) -> Vec<u8> {
    let mut out = "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\r\n".to_owned();
    for (nth, (second, thing)) in truth().into_iter().enumerate() {
        let (kind, own, talker, text) = match &thing {
            Thing::Says(0, text) => ("文本", 1, "我", (*text).to_owned()),
            Thing::Says(who, text) => ("文本", 0, PEOPLE[*who].id, (*text).to_owned()),
            other => match wechat(other, &name) {
                Some(text) if matches!(other, Thing::Pats(..)) => ("拍一拍", 0, "未知", text),
                Some(text) => ("系统通知", 0, "未知", text),
                None => continue,
            },
        };
        let id = if excel {
            "6.10000E+18".to_owned()
        } else {
            format!("61000000000000{nth:05}")
        };
        let time = if excel {
            local(second, "%Y/%-m/%-d %-H:%M")
        } else {
            full(second)
        };
        out.push_str(&format!(
            "{nth},{id},{kind},{own},{talker},{ROOM},{},,{time}\r\n",
            cell(&text)
        ));
    }
    out.into_bytes()
}

fn excel() -> Vec<u8> {
    let text = String::from_utf8(pywxdump(true)).expect("it was text");
    encoding_rs::GB18030.encode(&text).0.into_owned()
}

/// Names, as PyWxDump keeps them beside its tables.
pub fn users() -> Vec<u8> {
    let users: serde_json::Map<String, Value> = PEOPLE
        .iter()
        .map(|it| {
            (
                it.id.to_owned(),
                json!({"wxid": it.id, "nickName": it.name, "remark": ""}),
            )
        })
        .collect();
    bytes(&Value::Object(users))
}

fn exporter() -> Vec<u8> {
    let mut out = String::new();
    for (second, thing) in truth() {
        match &thing {
            Thing::Says(who, text) => out.push_str(&format!(
                "{} ({}):{text}\n\n",
                if *who == 0 { "我" } else { PEOPLE[*who].name },
                full(second)
            )),
            other => {
                if let Some(text) = wechat(other, &name) {
                    out.push_str(&format!("系统消息: {text}\n\n"));
                }
            }
        }
    }
    out.into_bytes()
}

/// Sentences of joins are XML with ids; every call comes twice.
fn gewechat() -> Vec<u8> {
    let calls = truth().into_iter().enumerate().filter_map(|(nth, (second, thing))| {
        let link = |variable: &str, people: &[usize]| {
            let members: String = people.iter().map(|it| format!("<member><username><![CDATA[{}]]></username><nickname><![CDATA[{}]]></nickname></member>", PEOPLE[*it].id, PEOPLE[*it].name)).collect();
            format!("<link name=\"{variable}\" type=\"link_profile\"><memberlist>{members}</memberlist></link>")
        };
        let template = |words: &str, links: String| {
            format!("{ROOM}:\n<sysmsg type=\"sysmsgtemplate\"><sysmsgtemplate><content_template type=\"tmpl_type_profile\"><plain><![CDATA[]]></plain><template><![CDATA[{words}]]></template><link_list>{links}</link_list></content_template></sysmsgtemplate></sysmsg>")
        };
        let (kind, from, content, shown) = match &thing {
            Thing::Says(0, text) => (1, "wxid_boss", (*text).to_owned(), String::new()),
            Thing::Says(who, text) => (1, ROOM, format!("{}:\n{text}", PEOPLE[*who].id), format!("{} : {text}", PEOPLE[*who].name)),
            Thing::Invited(people, 0) => (10002, ROOM, template("你邀请\"$names$\"加入了群聊  $revoke$", link("names", people)), String::new()),
            Thing::Invited(people, by) => (10002, ROOM, template("\"$username$\"邀请\"$names$\"加入了群聊", link("username", &[*by]) + &link("names", people)), String::new()),
            Thing::Scanned(who, 0) => (10002, ROOM, template("\" $adder$\"通过扫描你分享的二维码加入群聊  $revoke$", link("adder", &[*who])), String::new()),
            Thing::Scanned(who, by) => (10002, ROOM, template("\" $adder$\"通过扫描\"$from$\"分享的二维码加入群聊", link("adder", &[*who]) + &link("from", &[*by])), String::new()),
            Thing::Recalls(who) => (10002, ROOM, format!("{}:\n<sysmsg type=\"revokemsg\"><revokemsg><session>{ROOM}</session><newmsgid>8003</newmsgid></revokemsg></sysmsg>", PEOPLE[*who].id), String::new()),
            Thing::Pats(who, whom) => (10002, ROOM, format!("{ROOM}:\n<sysmsg type=\"pat\"><pat><fromusername>{}</fromusername><pattedusername>{}</pattedusername></pat></sysmsg>", PEOPLE[*who].id, PEOPLE[*whom].id), String::new()),
            other => (10000, ROOM, wechat(other, &name)?, String::new()),
        };
        let to = if from == ROOM { "wxid_boss" } else { ROOM };
        Some(json!({"TypeName": "AddMsg", "Appid": "wx_app", "Wxid": "wxid_boss", "Data": {"MsgId": nth, "FromUserName": {"string": from}, "ToUserName": {"string": to},
            "MsgType": kind, "Content": {"string": content}, "CreateTime": START + second, "NewMsgId": 8000 + nth, "PushContent": shown}}))
    });
    lines(calls.flat_map(|call| [call.clone(), call]))
}

fn qce(parts: bool) -> Vec<u8> {
    let messages: Vec<Value> = truth().iter().enumerate().filter_map(|(nth, (second, thing))| {
        let time = if parts { json!((START + second) * 1000) } else { json!(local(*second, "%Y-%m-%dT%H:%M:%S%:z")) };
        Some(match thing {
            Thing::Says(who, text) => json!({"id": format!("q{nth}"), "timestamp": time, "sender": {"uid": PEOPLE[*who].id, "uin": PEOPLE[*who].number.to_string(), "name": PEOPLE[*who].name},
                "content": {"text": text, "elements": [{"type": "text", "data": {"text": text}}], "resources": [], "mentions": []}, "recalled": false, "system": false}),
            Thing::Invited(people, by) if people.len() > 1 => json!({"id": format!("q{nth}"), "timestamp": time, "sender": {"uid": "未知", "uin": "0", "name": "0"},
                "content": {"text": format!("{}邀请{}加入了群聊", name(*by), people.iter().map(|it| name(*it)).collect::<Vec<_>>().join("、")), "elements": []}, "system": true}),
            Thing::Kicked(who, by) => json!({"id": format!("q{nth}"), "timestamp": time, "sender": {"uin": "0"}, "content": {"text": format!("{}将{}移出了本群", name(*by), name(*who)), "elements": []}, "system": true}),
            other => json!({"messageId": format!("q{nth}"), "timestamp": time, "sender": {"uid": "未知", "uin": "0", "name": "0"}, "content": {"text": qq(other)?, "elements": []}, "isSystemMessage": true}),
        })
    }).collect();
    if parts {
        return lines(messages);
    }
    bytes(
        &json!({"metadata": {"name": "QQChatExporter", "version": "5.0.0"}, "chatInfo": {"name": ROOM_NAME, "type": "group", "peerUin": ROOM_NUMBER.to_string()},
        "statistics": {"totalMessages": messages.len()}, "messages": messages}),
    )
}

fn qq_text() -> Vec<u8> {
    let rule = "=".repeat(64);
    let mut out = format!(
        "\u{feff}消息记录（此消息记录为文本格式，不支持重新导入）\r\n\r\n{rule}\r\n消息分组:我的群聊\r\n{rule}\r\n消息对象:{ROOM_NAME}\r\n{rule}\r\n\r\n"
    );
    for (second, thing) in truth() {
        let (who, text) = match &thing {
            Thing::Says(who, text) => (
                format!("【活跃】{}({})", PEOPLE[*who].name, PEOPLE[*who].number),
                (*text).to_owned(),
            ),
            Thing::Invited(people, by) if people.len() > 1 => (
                "系统消息(10000)".to_owned(),
                format!(
                    "{}邀请{}加入了本群。",
                    name(*by),
                    people.iter().map(|it| name(*it)).collect::<Vec<_>>().join("、")
                ),
            ),
            Thing::Kicked(who, by) => (
                "系统消息(1000000)".to_owned(),
                format!("{}将{}移出了本群", name(*by), name(*who)),
            ),
            other => match qq(other) {
                Some(text) => ("系统消息(10000)".to_owned(), text),
                None => continue,
            },
        };
        out.push_str(&format!(
            "{} {who}\r\n{}\r\n\r\n",
            local(second, "%Y-%m-%d %-I:%M:%S %p"),
            text.replace('\n', "\r\n")
        ));
    }
    out.into_bytes()
}

fn onebot11() -> Vec<u8> {
    let own = PEOPLE[0].number;
    let at = |person: usize| PEOPLE[person].number;
    let notice = |second: i64, kind: &str, how: &str, who: usize, by: usize| json!({"time": START + second, "self_id": own, "post_type": "notice", "notice_type": kind, "sub_type": how, "group_id": ROOM_NUMBER, "user_id": at(who), "operator_id": at(by)});
    let reports = truth().into_iter().enumerate().flat_map(|(nth, (second, thing))| match &thing {
        Thing::Says(who, text) => {
            let kind = if *who == 0 { "message_sent" } else { "message" };
            let message = if nth % 2 == 0 { json!([{"type": "text", "data": {"text": text}}]) } else { json!(text.replace('&', "&amp;").replace('[', "&#91;").replace(']', "&#93;")) };
            vec![json!({"time": START + second, "self_id": own, "post_type": kind, "message_type": "group", "message_id": 600 + nth, "group_id": ROOM_NUMBER, "user_id": at(*who),
                "message": message, "sender": {"nickname": PEOPLE[*who].name, "card": ""}})]
        }
        Thing::Invited(people, by) => people.iter().map(|who| notice(second, "group_increase", "invite", *who, *by)).collect(),
        Thing::Scanned(who, by) => vec![notice(second, "group_increase", "approve", *who, *by)],
        Thing::Kicked(who, by) => vec![notice(second, "group_decrease", "kick", *who, *by), notice(second, "group_decrease", "kick", *who, *by)],
        Thing::Leaves(who) => vec![notice(second, "group_decrease", "leave", *who, 0)],
        Thing::Renamed(by, title) => vec![json!({"time": START + second, "self_id": own, "post_type": "notice", "notice_type": "notify", "sub_type": "group_name", "group_id": ROOM_NUMBER, "user_id": at(*by), "name_new": title})],
        Thing::Recalls(who) => vec![json!({"time": START + second, "self_id": own, "post_type": "notice", "notice_type": "group_recall", "group_id": ROOM_NUMBER, "user_id": at(*who), "operator_id": at(*who), "message_id": 603})],
        Thing::Pats(who, whom) => vec![json!({"time": START + second, "self_id": own, "post_type": "notice", "notice_type": "notify", "sub_type": "poke", "group_id": ROOM_NUMBER, "user_id": at(*who), "target_id": at(*whom)})],
        Thing::Odd(_) => vec![json!({"time": START + second, "self_id": own, "post_type": "meta_event", "meta_event_type": "heartbeat"})],
    });
    lines(reports)
}

fn onebot12() -> Vec<u8> {
    let event = |nth: usize, second: i64, kind: &str, detail: &str, how: &str, who: usize| json!({"id": format!("e{nth}-{who}"), "time": (START + second) as f64, "type": kind, "detail_type": detail, "sub_type": how, "self": {"platform": "x", "user_id": "wxid_boss"}, "group_id": ROOM, "user_id": PEOPLE[who].id});
    let events = truth().into_iter().enumerate().flat_map(|(nth, (second, thing))| match &thing {
        Thing::Says(who, text) => {
            let mut value = event(nth, second, "message", "group", "", *who);
            value["message_id"] = format!("m{nth}").into();
            value["message"] = json!([{"type": "text", "data": {"text": text}}]);
            vec![value]
        }
        Thing::Invited(people, by) => people.iter().map(|who| {
            let mut value = event(nth, second, "notice", "group_member_increase", "invite", *who);
            value["operator_id"] = PEOPLE[*by].id.into();
            value
        }).collect(),
        Thing::Scanned(who, _) => vec![event(nth, second, "notice", "group_member_increase", "join", *who)],
        Thing::Kicked(who, by) => {
            let mut value = event(nth, second, "notice", "group_member_decrease", "kick", *who);
            value["operator_id"] = PEOPLE[*by].id.into();
            vec![value]
        }
        Thing::Leaves(who) => vec![event(nth, second, "notice", "group_member_decrease", "leave", *who)],
        Thing::Recalls(who) => {
            let mut value = event(nth, second, "notice", "group_message_delete", "recall", *who);
            value["message_id"] = "m3".into();
            vec![value]
        }
        _ => vec![json!({"id": format!("h{nth}"), "time": START + second, "type": "meta", "detail_type": "heartbeat", "sub_type": ""})],
    });
    lines(events)
}

/// Archive lines, and callbacks among them.
fn wecom() -> Vec<u8> {
    let call = |second: i64, detail: &str, scene: (&str, u8), people: &[usize]| {
        json!({"ChatId": ROOM, "Event": "change_external_chat", "ChangeType": "update", "UpdateDetail": detail, scene.0: scene.1, "MemChangeCnt": people.len(),
            "MemChangeList": people.iter().map(|it| PEOPLE[*it].id).collect::<Vec<_>>().join(","), "CreateTime": START + second})
    };
    let rows = truth().into_iter().enumerate().map(|(nth, (second, thing))| match &thing {
        Thing::Says(who, text) => json!({"msgid": format!("w{nth}"), "action": "send", "from": PEOPLE[*who].id, "tolist": ["x"], "roomid": ROOM, "msgtime": (START + second) * 1000, "msgtype": "text", "text": {"content": text}}),
        Thing::Invited(people, _) => call(second, "add_member", ("JoinScene", 0), people),
        Thing::Scanned(who, _) => call(second, "add_member", ("JoinScene", 3), &[*who]),
        Thing::Kicked(who, _) => call(second, "del_member", ("QuitScene", 1), &[*who]),
        Thing::Leaves(who) => call(second, "del_member", ("QuitScene", 0), &[*who]),
        Thing::Recalls(who) => json!({"msgid": format!("w{nth}"), "action": "recall", "from": PEOPLE[*who].id, "tolist": ["x"], "roomid": ROOM, "msgtime": (START + second) * 1000, "msgtype": "revoke", "revoke": {"pre_msgid": "w3"}}),
        _ => json!({"msgid": format!("w{nth}"), "action": "switch", "time": (START + second) * 1000, "user": "x"}),
    });
    lines(rows)
}

fn telegram() -> Vec<u8> {
    let id = |person: usize| format!("user{}", PEOPLE[person].number);
    let service = |second: i64, nth: usize, actor: usize, action: &str| json!({"id": nth, "type": "service", "date": local(second, "%Y-%m-%dT%H:%M:%S"), "date_unixtime": (START + second).to_string(), "actor": PEOPLE[actor].name, "actor_id": id(actor), "action": action, "text": ""});
    let with = |mut value: Value, key: &str, what: Value| {
        value[key] = what;
        value
    };
    let messages: Vec<Value> = truth().iter().enumerate().filter_map(|(nth, (second, thing))| {
        let names = |people: &[usize]| json!(people.iter().map(|it| PEOPLE[*it].name).collect::<Vec<_>>());
        Some(match thing {
            Thing::Says(who, text) => json!({"id": nth, "type": "message", "date": local(*second, "%Y-%m-%dT%H:%M:%S"), "date_unixtime": (START + second).to_string(), "from": PEOPLE[*who].name, "from_id": id(*who),
                "text": [text, {"type": "bold", "text": ""}]}),
            Thing::Invited(people, by) => with(service(*second, nth, *by, "invite_members"), "members", names(people)),
            Thing::Scanned(who, _) => service(*second, nth, *who, "join_group_by_link"),
            Thing::Kicked(who, by) => with(service(*second, nth, *by, "remove_members"), "members", names(&[*who])),
            Thing::Leaves(who) => with(service(*second, nth, *who, "remove_members"), "members", names(&[*who])),
            Thing::Renamed(by, title) => with(service(*second, nth, *by, "edit_group_title"), "title", json!(title)),
            Thing::Recalls(_) | Thing::Pats(..) | Thing::Odd(_) => return None,
        })
    }).collect();
    bytes(&json!({"name": ROOM_NAME, "type": "private_supergroup", "id": 1234, "messages": messages}))
}

fn whatsapp() -> Vec<u8> {
    let mut out = String::new();
    for (second, thing) in truth() {
        let time = local(second, "%Y/%-m/%-d %H:%M");
        let text = match &thing {
            Thing::Says(who, text) => format!("{}: {text}", PEOPLE[*who].name),
            Thing::Invited(people, by) => format!(
                "{} 添加了 {}",
                name(*by),
                people.iter().map(|it| name(*it)).collect::<Vec<_>>().join("、")
            ),
            Thing::Scanned(who, _) => format!("{} 使用此群组的邀请链接加入了", name(*who)),
            Thing::Kicked(who, by) => format!("{} 移除了 {}", name(*by), name(*who)),
            Thing::Leaves(who) => format!("{} 退出了群组", name(*who)),
            Thing::Renamed(by, title) => format!("{} 将本群组名称更改为“{title}”", name(*by)),
            Thing::Recalls(_) | Thing::Pats(..) | Thing::Odd(_) => continue,
        };
        out.push_str(&format!("{time} - {text}\n"));
    }
    out.into_bytes()
}
