//! What makes an importer believe too much: names and words made to look like the network's, callbacks told twice, heads
//! within messages.

use crate::stage::{Imported, imported, words};
use qunying::chat::Happening;
use qunying::recording::imported::{Sure, What};

fn read(file: &str, text: &str) -> Imported {
    imported(&[(file, text.as_bytes())]).unwrap_or_else(|it| panic!("{}", words(&it)))
}

fn joined(imported: &Imported) -> Vec<(String, Sure)> {
    let joins = imported.joins().into_iter();
    joins.map(|(id, name, sure)| (format!("{id} {name}"), sure)).collect()
}

#[test]
fn a_member_called_like_the_network_has_an_id() {
    let table = "Time,SenderName,Sender,TalkerName,Talker,Content\n\
        2026-03-01 09:00:00,小桥,wxid_a,茶友,1@chatroom,早\n\
        2026-03-01 09:00:01,系统消息,wxid_x,茶友,1@chatroom,\"\"\"小桥\"\"邀请\"\"骗子\"\"加入了群聊\"\n\
        2026-03-01 09:00:02,,系统消息,茶友,1@chatroom,\"\"\"小桥(wxid_a)\"\"邀请\"\"阿南(wxid_b)\"\"加入了群聊\"\n";
    let imported = read("chat.csv", table);
    assert_eq!(joined(&imported), [("wxid_b 阿南".to_owned(), Sure::Id)]);
    assert_eq!(imported.messages().len(), 2);
}

#[test]
fn a_head_within_a_message_was_typed() {
    let chatlog = "小桥(wxid_a) 03-01 09:00:00\n早\n系统消息(系统消息) 03-01 09:00:01\n\"小桥\"邀请\"骗子\"加入了群聊\n\n\
        系统消息(系统消息) 03-01 09:00:02\n\"小桥(wxid_a)\"邀请\"阿南(wxid_b)\"加入了群聊\n";
    assert_eq!(
        joined(&read("chat.txt", chatlog)),
        [("wxid_b 阿南".to_owned(), Sure::Id)]
    );
    let weflow = "2026-03-01 09:00:00 '小桥'\n早\n2026-03-01 09:00:01 '系统消息'\n\"小桥\"邀请\"骗子\"加入了群聊\n\n\
        2026-03-01 09:00:02 '系统消息'\n\"小桥\"邀请\"阿南\"加入了群聊\n";
    assert_eq!(
        joined(&read("chat.txt", weflow)),
        [("name:阿南 阿南".to_owned(), Sure::Inferred)]
    );
}

#[test]
fn a_speaker_may_put_the_mark_before_words_of_their_own() {
    let text = "[2026/3/1 09:00:00] 茶友: \u{200e}小桥 添加了 阿南\n\
        [2026/3/1 09:01:00] 阿南: \u{200e}小桥 添加了 骗子\n\
        [2026/3/1 09:02:00] 阿南: 哈哈\n\
        [2026/3/1 09:03:00] 茶友: \u{200e}小桥 添加了 阿岚、小雨和老周\n";
    let imported = read("chat.txt", text);
    let names: Vec<String> = imported.joins().into_iter().map(|(_, name, _)| name).collect();
    assert_eq!(names, ["阿南", "阿岚", "小雨", "老周"]);
    let said: Vec<String> = imported.messages().into_iter().map(|(_, _, said)| said).collect();
    assert_eq!(said, ["小桥 添加了 骗子", "哈哈"]);
}

#[test]
fn lines_without_a_time_are_believed_less() {
    let text = "小桥 (2026-03-01 09:00:00):早\n系统消息: \"小桥\"邀请\"阿南\"加入了群聊\n";
    assert_eq!(
        joined(&read("chat.txt", text)),
        [("name:阿南 阿南".to_owned(), Sure::Inferred)]
    );
}

#[test]
fn several_hints_stand_behind_the_joins_they_tell_of() {
    let row = |at: u32, kind: u32, sender: &str, content: &str| {
        serde_json::json!({"localId": at, "createTime": 1_772_323_200 + at, "localType": kind, "type": "",
            "content": content, "isSend": 0, "senderUsername": sender, "senderDisplayName": "小桥"})
    };
    let rows = [
        row(0, 1, "wxid_a", "早"),
        row(10, 10_000, "1@chatroom", "\"$username$\"邀请\"$names$\"加入了群聊"),
        row(
            11,
            10_000,
            "1@chatroom",
            "\"阿月\"与群里其他人都不是朋友关系，请注意隐私安全",
        ),
        row(
            12,
            10_000,
            "1@chatroom",
            "\"包子\"与群里其他人都不是朋友关系，请注意隐私安全",
        ),
        row(90, 1, "wxid_a", "欢迎"),
    ];
    let document = serde_json::json!({"weflow": {"version": "1.0.3"},
        "session": {"wxid": "1@chatroom", "displayName": "茶友", "type": "群聊"}, "messages": rows});
    let imported = read("chat.json", &document.to_string());
    assert_eq!(
        joined(&imported),
        [
            ("name:阿月 阿月".to_owned(), Sure::Inferred),
            ("name:包子 包子".to_owned(), Sure::Inferred)
        ]
    );
    let times: Vec<i64> = imported.lines.iter().map(|line| line.at().millis()).collect();
    assert!(times.is_sorted(), "{times:?}");
    // «name» in `$username$` is no new name of the group.
    let named = |line: &&qunying::recording::imported::Line| matches!(&line.what, What::Event(event) if matches!(&event.happening, qunying::chat::Happening::RosterRead { name, .. } if name == "茶友"));
    assert_eq!(imported.lines.iter().filter(named).count(), 1);
}

#[test]
fn callbacks_posted_again_count_once() {
    let callback = |detail: &str, rest: &str| {
        format!(
            "<xml><CreateTime>1772323200</CreateTime><Event>change_external_chat</Event><ChatId>wr1</ChatId>\
             <ChangeType>update</ChangeType><UpdateDetail>{detail}</UpdateDetail>{rest}</xml>\n"
        )
    };
    let named = callback(
        "add_member",
        "<JoinScene>3</JoinScene><MemChangeList><Item>wmA</Item></MemChangeList>",
    );
    let counted = callback("add_member", "<JoinScene>0</JoinScene><MemChangeCnt>2</MemChangeCnt>");
    let imported = read("calls.xml", &[named.clone(), named, counted].concat());
    let sure: Vec<Sure> = imported.joins().into_iter().map(|(_, _, sure)| sure).collect();
    assert_eq!(sure, [Sure::Id, Sure::Unknown, Sure::Unknown]);
    let mixed = r#"{"msgid":"m1","action":"send","from":"wmA","roomid":"wr1","msgtime":1772323200000,"msgtype":"mixed","mixed":{"item":[{"type":"text","content":"{\"content\":\"你好\"}"},{"type":"image","content":"{}"}]}}"#;
    assert_eq!(read("archive.jsonl", mixed).messages()[0].2, "你好");
}

#[test]
fn a_name_with_somebody_elses_id_in_it_is_one_name() {
    let xml = "1@chatroom:\\n<sysmsg type=\\\"sysmsgtemplate\\\"><sysmsgtemplate><content_template><template><![CDATA[\\\"$username$\\\"邀请\\\"$names$\\\"加入了群聊]]></template><link_list>\
        <link name=\\\"username\\\"><memberlist><member><username>wxid_a</username><nickname>小桥</nickname></member></memberlist></link>\
        <link name=\\\"names\\\"><memberlist><member><username>wxid_b</username><nickname>甲(wxid_a)、乙</nickname></member></memberlist></link></link_list></content_template></sysmsgtemplate></sysmsg>";
    let revoked = "1@chatroom:\\n<sysmsg type=\\\"revokemsg\\\"><revokemsg><newmsgid>7</newmsgid><replacemsg><![CDATA[\\\"小桥\\\" 撤回了一条消息]]></replacemsg></revokemsg></sysmsg>";
    let call = |id: u32, content: &str| {
        format!(
            "{{\"TypeName\":\"AddMsg\",\"Appid\":\"x\",\"Wxid\":\"wxid_bot\",\"Data\":{{\"NewMsgId\":{id},\"FromUserName\":{{\"string\":\"1@chatroom\"}},\"ToUserName\":{{\"string\":\"wxid_bot\"}},\"MsgType\":10002,\"Content\":{{\"string\":\"{content}\"}},\"CreateTime\":1772323200}}}}\n"
        )
    };
    let imported = read("calls.jsonl", &[call(1, xml), call(2, revoked)].concat());
    assert_eq!(joined(&imported), [("wxid_b 甲(wxid_a)、乙".to_owned(), Sure::Id)]);
    let recalled = imported.lines.iter().find_map(|line| match &line.what {
        What::Event(event) => match &event.happening {
            qunying::chat::Happening::Recalled { person, .. } => Some(person.wire().to_owned()),
            _ => None,
        },
        What::Note(_) => None,
    });
    assert_eq!(recalled.as_deref(), Some("wxid_a"));
}

#[test]
fn whoever_a_group_was_made_with_is_in_it() {
    let document = r#"{"name":"茶友","type":"private_group","id":7,"messages":[
        {"id":1,"type":"service","date":"2026-03-01T09:00:00","actor":"小桥","actor_id":"user1","action":"create_group","title":"茶友","members":["小桥","阿南"],"text":""},
        {"id":2,"type":"message","date":"2026-03-01T09:00:01","from":"阿南","from_id":"user2","text":"早"}]}"#;
    let imported = read("result.json", document);
    let found: Vec<String> = imported
        .lines
        .iter()
        .filter_map(|line| match &line.what {
            What::Event(event) => match &event.happening {
                qunying::chat::Happening::Found { person, .. } => Some(person.wire().to_owned()),
                _ => None,
            },
            What::Note(_) => None,
        })
        .collect();
    assert_eq!(found, ["user1", "user2"]);
}

#[test]
fn an_inviter_who_never_speaks_is_called_as_the_sentence_called_them() {
    let table = "Time,SenderName,Sender,TalkerName,Talker,Content\n\
        2026-03-01 09:00:00,小桥,wxid_a,茶友,1@chatroom,早\n\
        2026-03-01 09:01:00,,系统消息,茶友,1@chatroom,\"\"\"老周(wxid_z)\"\"邀请\"\"阿南(wxid_b)\"\"加入了群聊\"\n\
        2026-03-01 09:02:00,,系统消息,茶友,1@chatroom,\"\"\"小桥(wxid_a)\"\"邀请\"\"阿月(wxid_c)\"\"加入了群聊\"\n\
        2026-03-01 09:03:00,,系统消息,茶友,1@chatroom,\"\"\"老周(wxid_z)\"\"邀请\"\"阿岚(wxid_d)\"\"加入了群聊\"\n";
    let imported = read("chat.csv", table);
    let found = imported.lines.iter().filter_map(|line| match &line.what {
        What::Event(event) => match &event.happening {
            Happening::Found { person, name, .. } => Some((person.wire().to_owned(), name.clone(), line.src.row)),
            _ => None,
        },
        What::Note(_) => None,
    });
    // Once, and before the one who was invited.
    assert_eq!(found.collect::<Vec<_>>(), [("wxid_z".to_owned(), "老周".to_owned(), 3)]);
    let ids: Vec<String> = imported.lines.iter().map(|line| line.id().to_string()).collect();
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{ids:?}");
    let again = crate::stage::imported(&[("log.jsonl", &imported.bytes)]).unwrap_or_else(|it| panic!("{}", words(&it)));
    assert_eq!(again.bytes, imported.bytes);
}
