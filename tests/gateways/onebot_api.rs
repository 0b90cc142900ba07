//! Asking a OneBot: what is asked, and what its answer is taken for.

use std::time::Duration;

use qunying::chat::{Action, Deed, GatewayName, GroupId, Moment, Outcome, Segment};
use qunying::gateway::{Confirmed, Gateway, IdForm, MessageForm, OneBot11, OneBot11Settings, Trouble};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::fake::{Answers, Fake, action, fake};

const NOW: Moment = Moment::START;

fn at(fake: &Fake, edit: impl FnOnce(&mut OneBot11Settings)) -> Gateway {
    let mut settings = OneBot11Settings::new(GatewayName::new("qq"));
    settings.api = Some(format!("{}/mock/10001//", fake.address));
    settings.token = Some(SecretString::from("canary-token"));
    settings.timeout = Duration::from_millis(300);
    edit(&mut settings);
    Gateway::OneBot11(OneBot11::new(settings).unwrap())
}

fn say() -> Action {
    action(Deed::Say {
        group: "qq/3001".into(),
        content: vec![
            Segment::Mention("qq/7001".into()),
            Segment::Text(" 欢迎[CQ:at,qq=all]".to_owned()),
        ],
    })
}

fn rename() -> Action {
    action(Deed::RenameGroup {
        group: "qq/3001".into(),
        name: "春茶群".to_owned(),
    })
}

/// The outcome in short: a word, the delay before the next attempt, and the reason.
async fn outcome(answers: Answers) -> String {
    let fake = fake(answers).await;
    let outcome = at(&fake, |_| ()).perform(&say(), NOW).await;
    let told = match outcome {
        Outcome::Done { message } => format!("done {}", message.map_or("-".to_owned(), |id| id.to_string())),
        Outcome::Refused { why } => format!("refused: {why}"),
        Outcome::Postponed { why, again } => format!("postponed {}s: {why}", again.millis() / 1000),
        Outcome::Unknown { why, again } => format!("unknown {}s: {why}", again.millis() / 1000),
        other => format!("{other:?}"),
    };
    assert!(
        !told.contains("canary") && !told.contains("127.0.0.1:"),
        "secrets and addresses stay inside: {told}"
    );
    told
}

#[tokio::test]
async fn success_is_a_status_and_a_retcode_together() {
    let table = [
        (r#"{"status":"ok","retcode":0,"data":{"message_id":-301}}"#, "done -301"),
        (
            r#"{"status":"ok","retcode":0,"data":{"message_id":"abc"},"echo":null,"stream":"normal"}"#,
            "done abc",
        ),
        (r#"{"status":"async","retcode":1,"data":null}"#, "done -"),
        (r#"{"status":"ok","retcode":0}"#, "done -"),
        // go-cqhttp: unknown action, failed action.
        (
            r#"{"status":"failed","retcode":404,"msg":"API_NOT_FOUND","wording":"API不存在"}"#,
            "refused: retcode 404: API不存在",
        ),
        (
            r#"{"status":"failed","retcode":100,"data":null,"msg":"SEND_MSG_API_ERROR","wording":"请参考 go-cqhttp 端输出"}"#,
            "refused: retcode 100: 请参考 go-cqhttp 端输出",
        ),
        // NapCat: the same, and its own waiting given as a failure.
        (
            r#"{"status":"failed","retcode":200,"data":null,"message":"不支持的Api x","wording":""}"#,
            "refused: retcode 200: 不支持的Api x",
        ),
        (
            r#"{"status":"failed","retcode":1200,"message":"Timeout: NTEvent sendMsg","wording":"Timeout: NTEvent sendMsg"}"#,
            "unknown 10s: retcode 1200: Timeout: NTEvent sendMsg",
        ),
        // onebots.
        (
            r#"{"status":"failed","retcode":-1,"msg":"no such group"}"#,
            "refused: retcode -1: no such group",
        ),
        // Contradictions are no success.
        (r#"{"status":"ok","retcode":100,"msg":"x"}"#, "refused: retcode 100: x"),
        (r#"{"status":"ok"}"#, "unknown 10s: success without a retcode"),
        (r#"{"retcode":0}"#, "refused: retcode 0: "),
        (
            "OK",
            "unknown 10s: HTTP 200: the answer is not OneBot's; is `api` the base address?",
        ),
        (
            "",
            "unknown 10s: HTTP 200: the answer is not OneBot's; is `api` the base address?",
        ),
    ];
    for (body, expected) in table {
        assert_eq!(outcome(Answers::With(200, "", body)).await, expected, "{body}");
    }
}

#[tokio::test]
async fn what_somebody_must_mend_first_is_postponed() {
    let napcat = r#"{"message":"token verify failed!"}"#;
    assert_eq!(
        outcome(Answers::With(403, "", napcat)).await,
        "postponed 10s: HTTP 403: the gateway does not take our token; set `token` to its access_token (token verify failed!)"
    );
    let onebots = r#"{"status":"failed","retcode":1403,"msg":"no token"}"#;
    for status in [401, 403] {
        assert!(
            outcome(Answers::With(status, "", onebots))
                .await
                .starts_with("postponed 10s")
        );
    }
    assert!(
        outcome(Answers::With(200, "", onebots))
            .await
            .starts_with("postponed 10s")
    );
    assert!(
        outcome(Answers::With(302, "", ""))
            .await
            .starts_with("postponed 10s: HTTP 302: a redirect")
    );
}

#[tokio::test]
async fn a_busy_gateway_says_when_to_come_back() {
    assert!(
        outcome(Answers::With(429, "7", ""))
            .await
            .starts_with("postponed 7s: HTTP 429")
    );
    assert!(
        outcome(Answers::With(503, "", ""))
            .await
            .starts_with("postponed 10s: HTTP 503")
    );
    assert!(
        outcome(Answers::With(500, "0", "<html>"))
            .await
            .starts_with("postponed 1s: HTTP 500")
    );
    assert!(
        outcome(Answers::With(503, "999999999999", ""))
            .await
            .starts_with("postponed 3600s")
    );
    assert!(
        outcome(Answers::With(429, "soon", ""))
            .await
            .starts_with("postponed 10s")
    );
    let date = "Thu, 01 Jan 1970 00:02:00 GMT";
    assert!(
        outcome(Answers::With(429, date, ""))
            .await
            .starts_with("postponed 120s")
    );
    let past = "Mon, 01 Jan 1900 00:00:00 GMT";
    assert!(outcome(Answers::With(429, past, "")).await.starts_with("postponed 1s"));
}

#[tokio::test]
async fn other_refusals_are_final() {
    for status in [400, 404, 406, 413] {
        assert!(
            outcome(Answers::With(status, "", ""))
                .await
                .starts_with(&format!("refused: HTTP {status}"))
        );
    }
}

#[tokio::test]
async fn a_call_that_never_left_is_postponed_and_a_lost_answer_is_unknown() {
    assert!(
        outcome(Answers::NotThere)
            .await
            .starts_with("postponed 10s: the gateway cannot be reached")
    );
    assert_eq!(outcome(Answers::Never).await, "unknown 10s: no answer in time");
    assert!(outcome(Answers::ByHangingUp).await.starts_with("unknown 10s: "));
}

const OK: Answers = Answers::With(200, "", r#"{"status":"ok","retcode":0,"data":null}"#);

async fn asked(deed: Deed, edit: impl FnOnce(&mut OneBot11Settings)) -> (String, Value) {
    let fake = fake(OK).await;
    at(&fake, edit).perform(&action(deed), NOW).await;
    let call = fake.calls().remove(0);
    assert_eq!(call.headers["authorization"], "Bearer canary-token");
    assert_eq!(call.headers["content-type"], "application/json");
    (call.path.clone(), call.json())
}

#[tokio::test]
async fn deeds_are_asked_for_under_the_base_address_with_one_slash() {
    let (group, person) = ("qq/3001", "qq/7001");
    let (path, body) = asked(say().deed, |_| ()).await;
    assert_eq!(path, "/mock/10001/send_group_msg");
    let row = json!([
        {"type": "at", "data": {"qq": "7001"}}, {"type": "text", "data": {"text": " 欢迎[CQ:at,qq=all]"}}
    ]);
    assert_eq!(body, json!({"group_id": 3001, "message": row, "auto_escape": false}));
    let (_, body) = asked(say().deed, |settings| settings.messages = MessageForm::CqString).await;
    assert_eq!(body["message"], "[CQ:at,qq=7001] 欢迎&#91;CQ:at,qq=all&#93;");
    let content = vec![Segment::Text("hi".to_owned())];
    let (path, body) = asked(
        Deed::Whisper {
            person: person.into(),
            content,
        },
        |_| (),
    )
    .await;
    assert_eq!(
        (&*path, &body["user_id"]),
        ("/mock/10001/send_private_msg", &json!(7001))
    );
    let (path, body) = asked(rename().deed, |_| ()).await;
    assert_eq!(
        (&*path, body),
        (
            "/mock/10001/set_group_name",
            json!({"group_id": 3001, "group_name": "春茶群"})
        )
    );
    let card = Deed::SetCard {
        group: group.into(),
        person: person.into(),
        card: String::new(),
    };
    let (path, body) = asked(card, |_| ()).await;
    assert_eq!(path, "/mock/10001/set_group_card");
    assert_eq!(body, json!({"group_id": 3001, "user_id": 7001, "card": ""}));
    let (path, body) = asked(
        Deed::Recall {
            group: group.into(),
            message: "-9".into(),
        },
        |_| (),
    )
    .await;
    assert_eq!((&*path, body), ("/mock/10001/delete_msg", json!({"message_id": -9})));
    let (path, body) = asked(
        Deed::Kick {
            group: group.into(),
            person: person.into(),
        },
        |_| (),
    )
    .await;
    assert_eq!(path, "/mock/10001/set_group_kick");
    assert_eq!(body["reject_add_request"], json!(false));
}

#[tokio::test]
async fn ids_go_back_in_the_form_they_came() {
    let written = |wire: &'static str, form: IdForm| async move {
        let deed = Deed::RenameGroup {
            group: GroupId::at(&"qq".into(), wire),
            name: "x".to_owned(),
        };
        asked(deed, |settings| settings.ids = form).await.1["group_id"].clone()
    };
    for (wire, expected) in [
        ("3001", json!(3001)),
        ("-5", json!(-5)),
        ("9223372036854775807", json!(i64::MAX)),
        ("18446744073709551615", json!(u64::MAX)),
        ("18446744073709551616", json!("18446744073709551616")),
        ("007", json!("007")),
        ("-0", json!("-0")),
        ("+5", json!("+5")),
        ("1e3", json!("1e3")),
        ("55@chatroom", json!("55@chatroom")),
        ("a/b", json!("a/b")),
    ] {
        assert_eq!(written(wire, IdForm::AsItLooks).await, expected, "{wire}");
    }
    assert_eq!(written("3001", IdForm::Text).await, json!("3001"));
}

async fn read_back(deed: Deed, answers: Answers) -> Confirmed {
    let fake = fake(answers).await;
    let confirmed = at(&fake, |_| ()).confirm(&action(deed)).await;
    for call in fake.calls() {
        assert_eq!(call.json()["no_cache"], json!(true));
        assert!(call.path.contains("/get_"), "reading back changes nothing");
    }
    confirmed
}

#[tokio::test]
async fn renames_and_cards_are_read_back() {
    let named = Answers::With(
        200,
        "",
        r#"{"status":"ok","retcode":0,"data":{"group_id":3001,"group_name":"春茶群"}}"#,
    );
    assert_eq!(read_back(rename().deed, named.clone()).await, Confirmed::Done);
    let other = Deed::RenameGroup {
        group: "qq/3001".into(),
        name: "夏茶群".to_owned(),
    };
    assert_eq!(read_back(other, named).await, Confirmed::NotDone);
    let card = |card: &str| Deed::SetCard {
        group: "qq/3001".into(),
        person: "qq/7001".into(),
        card: card.to_owned(),
    };
    let told = Answers::With(
        200,
        "",
        r#"{"status":"ok","retcode":0,"data":{"user_id":7001,"card":"茶王"}}"#,
    );
    assert_eq!(read_back(card("茶王"), told.clone()).await, Confirmed::Done);
    assert_eq!(read_back(card(""), told).await, Confirmed::NotDone);
    let kick = |person: &str| Deed::Kick {
        group: "qq/3001".into(),
        person: person.into(),
    };
    let list = Answers::With(200, "", r#"{"status":"ok","retcode":0,"data":[{"user_id":7001}]}"#);
    assert_eq!(read_back(kick("qq/7001"), list.clone()).await, Confirmed::NotDone);
    assert_eq!(read_back(kick("qq/7002"), list).await, Confirmed::Done);
}

#[tokio::test]
async fn what_cannot_be_read_back_is_said_so() {
    for answers in [Answers::Never, Answers::NotThere, Answers::With(500, "", ""), OK] {
        assert!(matches!(
            read_back(rename().deed, answers).await,
            Confirmed::CannotTell { .. }
        ));
    }
    assert!(matches!(read_back(say().deed, OK).await, Confirmed::CannotTell { .. }));
}

#[tokio::test]
async fn lists_and_the_own_account_are_read() {
    let members = r#"{"status":"ok","retcode":0,"data":[
        {"group_id":3001,"user_id":7001,"nickname":"lin","card":"小林","role":"owner","join_time":1700000000},
        {"group_id":3001,"user_id":"wxid_b","nickname":null,"join_time":0}]}"#;
    let fake_members = fake(Answers::With(200, "", members)).await;
    let list = at(&fake_members, |_| ()).members(&"qq/3001".into()).await.unwrap();
    assert_eq!(list[0].person, "qq/7001".into());
    assert_eq!(
        (&*list[0].card, list[0].joined_at),
        ("小林", Some(Moment::from_seconds(1_700_000_000)))
    );
    assert_eq!(
        (list[1].person.wire(), &*list[1].name, list[1].joined_at),
        ("wxid_b", "", None)
    );
    let groups = r#"{"status":"ok","retcode":0,"data":[{"group_id":3001,"group_name":"茶友会","member_count":12}]}"#;
    let fake_groups = fake(Answers::With(200, "", groups)).await;
    let list = at(&fake_groups, |_| ()).groups().await.unwrap();
    assert_eq!(
        (list[0].group.as_str(), &*list[0].name, list[0].members),
        ("qq/3001", "茶友会", Some(12))
    );
    let me = r#"{"status":"ok","retcode":0,"data":{"user_id":10001,"nickname":"小营"}}"#;
    let fake_me = fake(Answers::With(200, "", me)).await;
    let account = at(&fake_me, |_| ()).who_am_i().await.unwrap();
    assert_eq!((account.person.as_str(), &*account.name), ("qq/10001", "小营"));
    assert!(matches!(
        at(&fake_me, |_| ()).groups().await,
        Err(Trouble::Garbled { .. })
    ));
    let away = fake(Answers::NotThere).await;
    assert!(matches!(at(&away, |_| ()).who_am_i().await, Err(Trouble::Away { .. })));
    let mute = at(&away, |settings| settings.api = None);
    assert!(matches!(mute.groups().await, Err(Trouble::NotOffered { .. })));
    assert!(matches!(mute.perform(&say(), NOW).await, Outcome::Refused { .. }));
}
