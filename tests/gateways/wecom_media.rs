//! Files and pictures of the media folder on their way to WeCom: uploaded once, kept for three days, uploaded again where
//! their id is good no more.

use std::time::Duration;

use qunying::chat::{Action, Deed, Moment, Outcome, Segment};
use qunying::gateway::document::Document;
use qunying::gateway::picture::{Picture, Sort};
use qunying::gateway::{Gateway, WeCom, parts};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::fake::action;
use crate::qyapi::{Answer, Qyapi, err, ok};
use crate::wecom_reports::settings;

const HOUR: Duration = Duration::from_secs(3_600);

async fn standing() -> (Qyapi, Gateway) {
    let qyapi = Qyapi::open().await;
    let mut settings = settings();
    settings.api.clone_from(&qyapi.address);
    settings.secret = Some(SecretString::from("S"));
    settings.agent = Some("1000002".to_owned());
    settings.robots.insert("ops".to_owned(), SecretString::from("K&"));
    let id = |id: &str| Answer::Json(json!({"errcode": 0, "media_id": id}));
    qyapi.answers("media/upload", [id("A1"), id("A2"), id("A3")]);
    qyapi.answers("webhook/upload_media", [id("R1"), id("R2")]);
    (qyapi, Gateway::WeCom(Box::new(WeCom::new(settings).unwrap())))
}

fn file(name: &str, bytes: &[u8]) -> Segment {
    let document = Document {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
    };
    Segment::File {
        place: document.address(),
        name: name.to_owned(),
    }
}

fn picture(sort: Sort, bytes: &[u8]) -> Segment {
    let picture = Picture {
        name: "tea".to_owned(),
        sort,
        bytes: bytes.to_vec(),
    };
    Segment::Image(picture.place())
}

fn whisper(content: Vec<Segment>) -> Action {
    let person = "wecom/zhang".into();
    action(Deed::Whisper { person, content })
}

fn say(group: &str, content: Vec<Segment>) -> Action {
    let group = format!("wecom/{group}").as_str().into();
    action(Deed::Say { group, content })
}

fn menu() -> Segment {
    file("菜单.pdf", b"%PDF-1.7")
}

async fn done(gateway: &Gateway, action: &Action, now: Moment) {
    let outcome = gateway.perform(action, now).await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
}

async fn refusal(gateway: &Gateway, action: &Action) -> String {
    match gateway.perform(action, Moment::START).await {
        Outcome::Refused { why } => why,
        other => panic!("{other:?}"),
    }
}

fn bodies(qyapi: &Qyapi, path: &str) -> Vec<Value> {
    qyapi.asked(path).into_iter().map(|asked| asked.body).collect()
}

#[tokio::test]
async fn a_file_is_uploaded_once_in_three_days() {
    let (qyapi, gateway) = standing().await;
    let message =
        |id: &str| json!({"touser": "zhang", "agentid": 1_000_002, "msgtype": "file", "file": {"media_id": id}});
    for (hours, id) in [(0, "A1"), (1, "A1"), (70, "A1"), (71, "A2"), (72, "A2")] {
        done(&gateway, &whisper(vec![menu()]), Moment::START.plus(HOUR * hours)).await;
        assert_eq!(
            bodies(&qyapi, "message/send").last(),
            Some(&message(id)),
            "after {hours} hours"
        );
    }
    let uploads = qyapi.asked("media/upload");
    assert_eq!(uploads.len(), 2);
    assert_eq!(uploads[0].query, "access_token=T1&type=file");
    // Another file is another one, though it has the same name.
    done(
        &gateway,
        &whisper(vec![file("菜单.pdf", b"%PDF-1.8")]),
        Moment::START.plus(HOUR * 72),
    )
    .await;
    assert_eq!(qyapi.asked("media/upload").len(), 3);
}

#[tokio::test]
async fn an_id_that_is_good_no_more_is_asked_for_again_once() {
    let (qyapi, gateway) = standing().await;
    qyapi.answers("message/send", [ok(), err(40007), ok()]);
    done(&gateway, &whisper(vec![menu()]), Moment::START).await;
    done(&gateway, &whisper(vec![menu()]), Moment::START).await;
    let sent: Vec<Value> = bodies(&qyapi, "message/send")
        .into_iter()
        .map(|it| it["file"]["media_id"].clone())
        .collect();
    assert_eq!(sent, ["A1", "A1", "A2"]);
    // A new one that is refused is refused.
    qyapi.answers("message/send", [err(40007)]);
    assert_eq!(refusal(&gateway, &whisper(vec![menu()])).await, "errcode 40007: told");
    assert_eq!(qyapi.asked("media/upload").len(), 3);
}

#[tokio::test]
async fn what_it_is_is_told_by_its_bytes() {
    let (qyapi, gateway) = standing().await;
    let mp4 = b"\0\0\0\x18ftypmp42";
    for (segment, word) in [
        (file("a.amr", b"#!AMR\n..."), "voice"),
        (file("a.mp4", mp4), "video"),
        (file("a.png", b"\x89PNG\r\n\x1a\nx"), "file"),
        (picture(Sort::Png, b"\x89PNG\r\n\x1a\nx"), "image"),
        (picture(Sort::Jpeg, b"\xff\xd8\xff\xe0x"), "image"),
    ] {
        done(&gateway, &whisper(vec![segment]), Moment::START).await;
        assert_eq!(
            qyapi.asked("media/upload").last().unwrap().query,
            format!("access_token=T1&type={word}")
        );
        let sent = bodies(&qyapi, "message/send").pop().unwrap();
        assert!(sent["msgtype"] == word && sent[word]["media_id"].is_string(), "{sent}");
    }
    // With an address it is fetched; what is no picture WeCom takes is said by its address.
    let elsewhere = |path: &str| Segment::Image(format!("{}/{path}", qyapi.address));
    qyapi.answers("tea.png", [Answer::Raw(200, b"\x89PNG\r\n\x1a\ny")]);
    qyapi.answers("tea.gif", [Answer::Raw(200, b"GIF89a")]);
    for (path, word) in [("tea.png", "image"), ("tea.gif", "text")] {
        done(&gateway, &whisper(vec![elsewhere(path)]), Moment::START).await;
        assert_eq!(bodies(&qyapi, "message/send").pop().unwrap()["msgtype"], word);
    }
    for (segment, why) in [
        (picture(Sort::Gif, b"GIF89a"), "WeCom takes PNG and JPEG pictures"),
        (file("a", b"1234"), "WeCom takes no file of less than five bytes"),
    ] {
        assert_eq!(refusal(&gateway, &whisper(vec![segment])).await, why);
    }
}

#[tokio::test]
async fn a_robot_gives_files_to_its_group() {
    let (qyapi, gateway) = standing().await;
    let content = vec![
        Segment::Text("今日茶单".to_owned()),
        menu(),
        file("a.mp4", b"\0\0\0\x18ftypmp42"),
    ];
    done(&gateway, &say("ops", content), Moment::START).await;
    assert_eq!(
        bodies(&qyapi, "webhook/send"),
        [
            json!({"msgtype": "text", "text": {"content": "今日茶单"}}),
            json!({"msgtype": "file", "file": {"media_id": "R1"}}),
            json!({"msgtype": "file", "file": {"media_id": "R2"}}),
        ]
    );
    let uploads = qyapi.asked("webhook/upload_media");
    assert_eq!(uploads[0].query, "key=K%26&type=file");
    // What the robot was given the application was not.
    done(&gateway, &say("ops", vec![menu()]), Moment::START).await;
    assert_eq!(qyapi.asked("webhook/upload_media").len(), 2);
    done(&gateway, &whisper(vec![menu()]), Moment::START).await;
    assert_eq!(qyapi.asked("media/upload").len(), 1);
    // An upload that was lost has shown nobody anything.
    qyapi.answers("webhook/upload_media", [Answer::Raw(502, b"")]);
    let outcome = gateway
        .perform(&say("ops", vec![file("b", b"12345")]), Moment::START)
        .await;
    assert!(matches!(outcome, Outcome::Postponed { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_customer_group_gets_words_pictures_and_files_as_one_message() {
    let (qyapi, gateway) = standing().await;
    qyapi.answers(
        "groupchat/get",
        [Answer::Json(
            json!({"errcode": 0, "group_chat": {"chat_id": "wrTEA", "owner": "zhang", "member_list": []}}),
        )],
    );
    qyapi.answers(
        "add_msg_template",
        [Answer::Json(json!({"errcode": 0, "fail_list": [], "msgid": "msgX"}))],
    );
    let content = vec![
        Segment::Text("春茶上市".to_owned()),
        picture(Sort::Png, b"\x89PNG\r\n\x1a\nx"),
        menu(),
    ];
    assert_eq!(
        parts::parts(&content, &gateway.limits()).len(),
        1,
        "a group takes one message a day"
    );
    let outcome = gateway.perform(&say("wrTEA", content), Moment::START).await;
    assert!(matches!(outcome, Outcome::Proposed { .. }), "{outcome:?}");
    let proposed = bodies(&qyapi, "add_msg_template").pop().unwrap();
    assert_eq!(proposed["text"]["content"], "春茶上市");
    assert_eq!(
        proposed["attachments"],
        json!([{"msgtype": "image", "image": {"media_id": "A1"}}, {"msgtype": "file", "file": {"media_id": "A2"}}])
    );
}

#[test]
fn files_are_taken_where_somebody_can_give_them() {
    let limits = |edit: fn(&mut qunying::gateway::WeComSettings)| {
        let mut settings = settings();
        edit(&mut settings);
        WeCom::new(settings).unwrap().limits().file
    };
    assert_eq!(limits(|_| ()), 0, "an intelligent robot gives none");
    assert_eq!(limits(|it| it.secret = Some(SecretString::from("S"))), 20 << 20);
    assert_eq!(
        limits(|it| drop(it.robots.insert("ops".to_owned(), SecretString::from("K")))),
        20 << 20
    );
}
