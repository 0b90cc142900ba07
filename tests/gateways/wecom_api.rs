//! Asking WeCom: tokens, staff, robots, proposals, lists; and every way in which it can go wrong.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;
use qunying::chat::{Action, ActionId, Capability, Deed, GatewayName, Moment, Outcome, Segment};
use qunying::gateway::picture::{Picture, Sort};
use qunying::gateway::wecom::encode::{self, Part, is_outside};
use qunying::gateway::{Form, Gateway, KnownGroup, Longest, Trouble, WeCom, WeComSettings};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::fake::action;
use crate::qyapi::{Answer, Qyapi, err, ok};
use crate::telling::arrival;
use crate::wecom_reports::{asked, settings};
use crate::wecom_stream::pending;

const NOW: Moment = Moment::START;

fn at(qyapi: &Qyapi, edit: impl FnOnce(&mut WeComSettings)) -> Gateway {
    let mut settings = settings();
    settings.api = format!("{}/prefix/", qyapi.address);
    settings.secret = Some(SecretString::from("canary secret&"));
    settings.agent = Some("1000002".to_owned());
    settings
        .robots
        .insert("ops".to_owned(), SecretString::from("canary-key"));
    settings.groups.insert("wrOPS".to_owned(), "ops".to_owned());
    settings.timeout = Duration::from_millis(300);
    settings.patience = Duration::from_millis(50);
    settings.settle = Duration::from_millis(1);
    edit(&mut settings);
    Gateway::WeCom(Box::new(WeCom::new(settings).unwrap()))
}

fn words(text: &str) -> Vec<Segment> {
    vec![Segment::Text(text.to_owned())]
}

fn say(group: &str, content: Vec<Segment>) -> Action {
    action(Deed::Say {
        group: format!("wecom/{group}").as_str().into(),
        content,
    })
}

fn whisper(person: &str) -> Action {
    action(Deed::Whisper {
        person: format!("wecom/{person}").as_str().into(),
        content: words("今日有货"),
    })
}

/// The outcome in short: a word, the delay before the next attempt, and the reason.
fn told(outcome: Outcome) -> String {
    let wait = |again: Moment| again.since(NOW).as_secs();
    let told = match outcome {
        Outcome::Done { .. } => "done".to_owned(),
        Outcome::Refused { why } => format!("refused: {why}"),
        Outcome::Postponed { why, again } => format!("postponed {}s: {why}", wait(again)),
        Outcome::Unknown { why, again } => format!("unknown {}s: {why}", wait(again)),
        Outcome::Proposed { proposal, why, again } => format!("proposed {}s as {proposal}: {why}", wait(again)),
        other => format!("{other:?}"),
    };
    assert!(
        !told.contains("canary") && !told.contains("127.0.0.1:"),
        "secrets and addresses stay inside: {told}"
    );
    told
}

#[tokio::test]
async fn one_token_serves_all_calls() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    let actions: Vec<Action> = (0..8).map(|_| whisper("zhang")).collect();
    let calls = actions.iter().map(|action| gateway.perform(action, NOW));
    for outcome in futures_util::future::join_all(calls).await {
        assert_eq!(told(outcome), "done");
    }
    let tokens = qyapi.asked("gettoken");
    assert_eq!(tokens.len(), 1, "whoever comes while it is fetched waits for it");
    assert_eq!(tokens[0].path, "/prefix/cgi-bin/gettoken");
    assert_eq!(tokens[0].query, "corpid=wx5823bf96d3bd56c7&corpsecret=canary+secret%26");
    let sent = qyapi.asked("message/send");
    assert!(sent.len() == 8 && sent.iter().all(|call| call.query == "access_token=T1"));
    assert_eq!(
        sent[0].body,
        json!({"touser": "zhang", "agentid": 1_000_002, "msgtype": "text", "text": {"content": "今日有货"}})
    );
}

#[tokio::test]
async fn a_token_that_is_over_is_exchanged_once_for_everybody() {
    for code in [40001, 40014, 42001] {
        let qyapi = Qyapi::open().await;
        let gateway = at(&qyapi, |_| ());
        qyapi.answers("message/send", [err(code), ok()]);
        assert_eq!(told(gateway.perform(&whisper("zhang"), NOW).await), "done");
        let queries: Vec<String> = qyapi.asked("message/send").into_iter().map(|call| call.query).collect();
        assert_eq!(queries, ["access_token=T1", "access_token=T2"]);
    }
    // Over for many at once: each was told so about T1, one of them fetches T2.
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    qyapi.answers("message/send", [err(42001), err(42001), err(42001), err(42001), ok()]);
    let actions: Vec<Action> = (0..4).map(|_| whisper("zhang")).collect();
    let outcomes = futures_util::future::join_all(actions.iter().map(|action| gateway.perform(action, NOW))).await;
    assert!(
        outcomes.iter().filter(|it| matches!(it, Outcome::Done { .. })).count() >= 1,
        "{outcomes:?}"
    );
    assert!(
        qyapi.asked("gettoken").len() <= 3,
        "{:?}",
        qyapi.asked("gettoken").len()
    );
    // Over again at once: no circle.
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    qyapi.answers("message/send", [err(40014)]);
    assert_eq!(
        told(gateway.perform(&whisper("zhang"), NOW).await),
        "postponed 60s: errcode 40014: told"
    );
    assert_eq!(
        (qyapi.asked("message/send").len(), qyapi.asked("gettoken").len()),
        (2, 2)
    );
}

#[tokio::test]
async fn a_refused_secret_is_not_tried_again_and_again() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    qyapi.answers("gettoken", [err(40001)]);
    for _ in 0..5 {
        assert_eq!(
            told(gateway.perform(&whisper("zhang"), NOW).await),
            "postponed 10s: errcode 40001: told; compare `corp` and `secret`"
        );
    }
    assert_eq!(
        qyapi.asked("gettoken").len(),
        1,
        "wrong secrets tried too often block the address"
    );
    assert!(qyapi.asked("message/send").is_empty());
}

async fn outcome_of(answer: Answer) -> String {
    let qyapi = Qyapi::open().await;
    qyapi.answers("message/send", [answer]);
    told(at(&qyapi, |_| ()).perform(&whisper("zhang"), NOW).await)
}

#[tokio::test]
async fn what_an_answer_means() {
    let table = [
        (ok(), "done"),
        (err(-1), "postponed 10s: errcode -1: told; WeCom is busy"),
        (err(45009), "postponed 60s: errcode 45009: told; asked too often"),
        (err(45033), "postponed 60s: errcode 45033: told; asked too often"),
        (
            err(60020),
            "postponed 600s: errcode 60020: told; add this machine's address to the application's trusted IPs in the admin console",
        ),
        (
            err(40013),
            "postponed 600s: errcode 40013: told; compare `corp` with the CorpID in the admin console",
        ),
        (
            err(48002),
            "postponed 600s: errcode 48002: told; give the application this right in the admin console",
        ),
        (err(81013), "refused: errcode 81013: told"),
        (
            Answer::Json(json!({"errcode": 0, "invaliduser": "zhang"})),
            "refused: nobody in the application's visible range has this user id",
        ),
        (Answer::Json(json!({"errcode": 0, "invaliduser": ""})), "done"),
        (
            Answer::Json(json!({"access_token": "x"})),
            "unknown 10s: an answer without errcode",
        ),
        (
            Answer::Raw(200, b"<html>"),
            "unknown 10s: HTTP 200: the answer is not WeCom's; is `api` the base address?",
        ),
        (Answer::Raw(500, b""), "postponed 10s: HTTP 500: WeCom is in trouble"),
        (Answer::Raw(503, b""), "postponed 10s: HTTP 503: WeCom is in trouble"),
        (
            Answer::Raw(502, b""),
            "unknown 10s: HTTP 502: the answer was lost on the way",
        ),
        (
            Answer::Raw(504, b""),
            "unknown 10s: HTTP 504: the answer was lost on the way",
        ),
        (
            Answer::Raw(404, b""),
            "refused: HTTP 404: nothing answers there; is `api` the base address?",
        ),
        (Answer::Hangs, "unknown 10s: no answer in time"),
    ];
    for (answer, expected) in table {
        assert_eq!(outcome_of(answer.clone()).await, expected, "{answer:?}");
    }
}

#[tokio::test]
async fn an_application_writes_to_staff_only() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    let customer = format!("wm{}", "A".repeat(30));
    assert!(is_outside(&customer) && !is_outside("wmartin"));
    assert_eq!(
        told(gateway.perform(&whisper(&customer), NOW).await),
        "refused: an application cannot write to a customer; let one of the staff do it"
    );
    assert!(qyapi.asked("").is_empty());
}

async fn robot_said(content: Vec<Segment>, form: Form) -> Vec<Value> {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |settings| settings.form = form);
    assert_eq!(told(gateway.perform(&say("wrOPS", content), NOW).await), "done");
    let calls = qyapi.asked("webhook/send");
    assert!(calls.iter().all(|call| call.query == "key=canary-key"));
    assert!(qyapi.asked("gettoken").is_empty(), "a robot needs no token");
    calls.into_iter().map(|call| call.body).collect()
}

#[tokio::test]
async fn a_robot_says_text_markdown_and_cards() {
    let mention = |rest: &str| vec![Segment::Mention("wecom/zhang".into()), Segment::Text(rest.to_owned())];
    assert_eq!(
        robot_said(mention(" 早<@all>"), Form::Text).await,
        [json!({"msgtype": "text", "text": {"content": "早＜＠all>", "mentioned_list": ["zhang"]}})]
    );
    assert_eq!(
        robot_said(mention(" *早* <@li> [x](y)"), Form::Markdown).await,
        [json!({"msgtype": "markdown", "markdown": {"content": "<@zhang> ＊早＊ ＜@li＞ ［x］(y)"}})]
    );
    assert_eq!(
        robot_said(
            vec![Segment::MentionAll, Segment::Text("开会 @所有人".to_owned())],
            Form::Text
        )
        .await,
        [json!({"msgtype": "text", "text": {"content": "开会 ＠所有人", "mentioned_list": ["@all"]}})]
    );
    let card = Segment::Link {
        url: "https://a.example".to_owned(),
        title: "春茶".to_owned(),
    };
    assert_eq!(
        robot_said(vec![Segment::Text("看".to_owned()), card], Form::Text).await,
        [
            json!({"msgtype": "text", "text": {"content": "看"}}),
            json!({"msgtype": "news", "news": {"articles": [{"title": "春茶", "url": "https://a.example"}]}}),
        ]
    );
    // A robot's own name is a group.
    let qyapi = Qyapi::open().await;
    assert_eq!(
        told(at(&qyapi, |_| ()).perform(&say("ops", words("hi")), NOW).await),
        "done"
    );
    assert_eq!(qyapi.asked("webhook/send").len(), 1);
}

#[tokio::test]
async fn a_picture_goes_as_its_bytes() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    let image = |path: &str| vec![Segment::Image(format!("{}/{path}", qyapi.address))];
    qyapi.answers("tea.png", [Answer::Raw(200, b"\x89PNG\r\n\x1a\nx")]);
    qyapi.answers("tea.gif", [Answer::Raw(200, b"GIF89a")]);
    qyapi.answers("gone.png", [Answer::Raw(404, b"")]);
    assert_eq!(told(gateway.perform(&say("ops", image("tea.png")), NOW).await), "done");
    assert_eq!(
        qyapi.asked("webhook/send")[0].body,
        json!({"msgtype": "image", "image": {"base64": "iVBORw0KGgp4", "md5": "c7e69a9b989ef43cfabe9b7fbe817e05"}})
    );
    let gone = say("ops", image("gone.png"));
    assert_eq!(
        told(gateway.perform(&gone, NOW).await),
        "refused: HTTP 404: the picture is not there"
    );
    assert_eq!(told(gateway.perform(&say("ops", image("tea.gif")), NOW).await), "done");
    assert_eq!(qyapi.asked("webhook/send")[1].body["msgtype"], "text");
    let own = |kind: &str| format!("data:image/{kind};base64,iVBORw0KGgp4;name=tea.{kind}");
    let own = |kind: &str| say("ops", vec![Segment::Image(own(kind))]);
    assert_eq!(told(gateway.perform(&own("png"), NOW).await), "done");
    let sent = qyapi.asked("webhook/send");
    assert_eq!(sent[2].body, sent[0].body);
    assert_eq!(
        told(gateway.perform(&own("gif"), NOW).await),
        "refused: a robot takes PNG and JPEG pictures"
    );
}

#[tokio::test]
async fn a_robot_speaks_twenty_times_a_minute_and_no_more() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    for nth in 0..20 {
        let now = NOW.plus(Duration::from_secs(nth));
        assert_eq!(told(gateway.perform(&say("ops", words("hi")), now).await), "done");
    }
    let now = NOW.plus(Duration::from_secs(20));
    assert_eq!(
        told(gateway.perform(&say("ops", words("hi")), now).await),
        "postponed 60s: this robot spoke twenty times within a minute"
    );
    let later = NOW.plus(Duration::from_secs(60));
    assert_eq!(told(gateway.perform(&say("ops", words("hi")), later).await), "done");
    assert_eq!(qyapi.asked("webhook/send").len(), 21);
}

#[tokio::test]
async fn a_long_message_that_stopped_half_way_goes_on_from_there() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    let line = "今天的茶很好，明天的茶也很好。".repeat(30);
    let long = say("ops", words(&format!("{line}\n{line}\n{line}")));
    qyapi.answers("webhook/send", [ok(), err(45009), ok()]);
    assert_eq!(
        told(gateway.perform(&long, NOW).await),
        "postponed 60s: errcode 45009: told; asked too often"
    );
    assert_eq!(told(gateway.perform(&long, NOW).await), "done");
    let said: Vec<String> = qyapi
        .asked("webhook/send")
        .iter()
        .map(|call| call.body["text"]["content"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(said.len(), 4, "the refused part once more, the first not again");
    assert_eq!(said[1], said[2]);
    assert!(said.iter().all(|part| part.len() <= 2048 && part.ends_with('。')));
    let endless = say("ops", words(&"茶".repeat(20_000)));
    assert!(told(gateway.perform(&endless, NOW).await).starts_with("refused: the message is longer than twenty"));
}

#[tokio::test]
async fn a_robots_refusals_are_final_where_they_are() {
    for (code, expected) in [
        (
            93000,
            "refused: errcode 93000: told; the robot's key is wrong, or it was removed from the group",
        ),
        (93004, "refused: errcode 93004: told; the robot is disabled"),
        (45009, "postponed 60s: errcode 45009: told; asked too often"),
    ] {
        let qyapi = Qyapi::open().await;
        qyapi.answers("webhook/send", [err(code)]);
        assert_eq!(
            told(at(&qyapi, |_| ()).perform(&say("ops", words("hi")), NOW).await),
            expected
        );
    }
}

fn chat(version: &str, members: Value) -> Answer {
    Answer::Json(json!({"errcode": 0, "group_chat": {
        "chat_id": "wrTEA", "name": "茶友会", "owner": "zhang", "member_version": version,
        "member_list": members, "admin_list": [{"userid": "li"}],
    }}))
}

#[tokio::test]
async fn a_message_to_a_customer_group_is_proposed_and_followed() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    qyapi.answers("groupchat/get", [chat("v1", json!([]))]);
    qyapi.answers(
        "add_msg_template",
        [Answer::Json(json!({"errcode": 0, "fail_list": [], "msgid": "msgX"}))],
    );
    let action = say(
        "wrTEA",
        vec![
            Segment::Mention("wecom/wmLIN".into()),
            Segment::Text(" 春茶上市".to_owned()),
        ],
    );
    let first = gateway.perform(&action, NOW).await;
    let Outcome::Proposed { proposal, .. } = &first else {
        panic!("{first:?}")
    };
    let proposal = proposal.clone();
    assert_eq!(
        told(first),
        "proposed 300s as msgX:zhang: proposed; zhang has not confirmed it in WeCom yet"
    );
    assert_eq!(
        qyapi.asked("add_msg_template")[0].body,
        json!({"chat_type": "group", "sender": "zhang", "chat_id_list": ["wrTEA"], "text": {"content": "春茶上市"}})
    );
    let result = |status: i64| {
        Answer::Json(json!({"errcode": 0, "send_list": [
            {"chat_id": "wrOTHER", "userid": "zhang", "status": 1}, {"chat_id": "wrTEA", "userid": "zhang", "status": status},
        ]}))
    };
    let waits = "proposed 300s as msgX:zhang: proposed; zhang has not confirmed it in WeCom yet";
    for (answer, expected) in [
        (result(0), waits),
        (result(1), "done"),
        (result(2), "refused: WeCom could not send it to this group"),
        (
            result(3),
            "refused: this group has had its broadcast of the day already",
        ),
        (Answer::Json(json!({"errcode": 0, "send_list": []})), waits),
        (
            err(45009),
            "proposed 300s as msgX:zhang: it is not known whether zhang confirmed it in WeCom: errcode 45009: told; asked too often",
        ),
        (
            Answer::Hangs,
            "proposed 300s as msgX:zhang: it is not known whether zhang confirmed it in WeCom: no answer in time",
        ),
    ] {
        qyapi.answers("get_groupmsg_send_result", [answer]);
        assert_eq!(told(gateway.follow(&action, &proposal, NOW).await), expected);
    }
    assert_eq!(qyapi.asked("get_groupmsg_send_result")[0].body["msgid"], "msgX");
    assert_eq!(qyapi.asked("add_msg_template").len(), 1, "following proposes nothing");
}

#[tokio::test]
async fn a_message_to_a_customer_group_brings_pictures() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    qyapi.answers("groupchat/get", [chat("v1", json!([]))]);
    qyapi.answers(
        "media/upload",
        [Answer::Json(json!({"errcode": 0, "type": "image", "media_id": "M1"}))],
    );
    qyapi.answers(
        "add_msg_template",
        [Answer::Json(json!({"errcode": 0, "fail_list": [], "msgid": "msgX"}))],
    );
    let picture = Picture {
        name: "tea.png".to_owned(),
        sort: Sort::Png,
        bytes: b"\x89PNG\r\n\x1a\nhi".to_vec(),
    };
    let content = vec![Segment::Text("春茶上市".to_owned()), Segment::Image(picture.place())];
    let outcome = gateway.perform(&say("wrTEA", content), NOW).await;
    assert!(matches!(outcome, Outcome::Proposed { .. }), "{outcome:?}");
    assert_eq!(
        qyapi.asked("add_msg_template")[0].body,
        json!({"chat_type": "group", "sender": "zhang", "chat_id_list": ["wrTEA"], "text": {"content": "春茶上市"},
            "attachments": [{"msgtype": "image", "image": {"media_id": "M1"}}]})
    );
    // A GIF is taken by nobody there.
    let gif = Picture {
        name: "tea.gif".to_owned(),
        sort: Sort::Gif,
        bytes: b"GIF89a".to_vec(),
    };
    assert_eq!(
        told(
            gateway
                .perform(&say("wrTEA", vec![Segment::Image(gif.place())]), NOW)
                .await
        ),
        "refused: WeCom takes PNG and JPEG pictures"
    );
}

#[tokio::test]
async fn what_cannot_be_proposed_is_refused() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    qyapi.answers("groupchat/get", [err(90501), chat("v1", json!([]))]);
    let told_of = |content: Vec<Segment>| async { told(gateway.perform(&say("wrTEA", content), NOW).await) };
    assert_eq!(
        told_of(words("x")).await,
        "refused: errcode 90501: told; this is no customer group WeCom knows"
    );
    qyapi.answers(
        "add_msg_template",
        [Answer::Json(
            json!({"errcode": 0, "fail_list": ["wrTEA"], "msgid": "m"}),
        )],
    );
    assert_eq!(
        told_of(words("x")).await,
        "refused: WeCom takes no broadcast for this group"
    );
    assert_eq!(
        told_of(words(&"茶".repeat(1_334))).await,
        "refused: a message to a customer group is at most 4000 bytes long; shorten it"
    );
    assert_eq!(
        told_of(vec![Segment::MentionAll]).await,
        "refused: nothing of the message can be said in a customer group"
    );
    // Nobody to call without a secret.
    let bare = at(&qyapi, |settings| (settings.secret, settings.agent) = (None, None));
    assert_eq!(
        told(bare.perform(&say("wrTEA", words("x")), NOW).await),
        "refused: no robot speaks in this group; bind one in `bound`"
    );
}

#[tokio::test]
async fn a_question_is_answered_in_the_answer_then_at_its_address_then_by_the_robot() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |settings| settings.patience = Duration::from_secs(20));
    let question = json!({"msgid": "M1", "aibotid": "A", "chatid": "wrOPS", "chattype": "group", "from": {"userid": "zhang"},
        "response_url": format!("{}/respond?code=1", qyapi.address), "msgtype": "text", "text": {"content": "@茶 签到"}});
    let (query, body) = asked(&question);
    let decoded = gateway
        .decode(&hyper::HeaderMap::new(), Some(&query), body.as_bytes(), arrival())
        .unwrap();
    assert_eq!(decoded.awaited.as_deref(), Some("M1"));
    let mut answer = say("wrOPS", words("签到成功 <b>"));
    answer.id = ActionId::of(&decoded.events[0].id, 0);
    let now = arrival().at;
    gateway.committed(&answer.id, Some(&pending(&answer)));
    let (reply, outcome) = tokio::join!(gateway.reply("M1", now), gateway.perform(&answer, now));
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    let reply: Value = serde_json::from_slice(&reply.unwrap()).unwrap();
    let (stream, receiver) = crate::wecom_envelope::seal()
        .decrypt(reply["encrypt"].as_str().unwrap())
        .unwrap();
    assert_eq!(
        serde_json::from_slice::<Value>(&stream).unwrap(),
        json!({"msgtype": "stream", "stream": {"id": "M1", "finish": true, "content": "签到成功 ＜b＞"}})
    );
    assert!(receiver.is_empty() && reply["timestamp"].is_i64());
    // The callback again, and the stream asked for: the same words.
    assert!(gateway.reply("M1", now).await.is_some());
    assert!(qyapi.asked("respond").is_empty());

    let second = Action {
        id: ActionId::of(&decoded.events[0].id, 1),
        ..answer.clone()
    };
    assert!(matches!(gateway.perform(&second, now).await, Outcome::Done { .. }));
    assert_eq!(
        qyapi.asked("respond")[0].body,
        json!({"msgtype": "markdown", "markdown": {"content": "签到成功 ＜b＞"}})
    );
    let third = Action {
        id: ActionId::of(&decoded.events[0].id, 2),
        ..answer
    };
    assert!(matches!(gateway.perform(&third, now).await, Outcome::Done { .. }));
    assert_eq!(
        (qyapi.asked("respond").len(), qyapi.asked("webhook/send").len()),
        (1, 1)
    );
}

#[tokio::test]
async fn silence_is_answered_with_nothing() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    assert_eq!(gateway.reply("nobody", NOW).await, None);
    let (query, body) = asked(
        &json!({"msgid": "M1", "chatid": "wrX", "chattype": "group", "from": {"userid": "z"}, "msgtype": "text"}),
    );
    let decoded = gateway
        .decode(&hyper::HeaderMap::new(), Some(&query), body.as_bytes(), arrival())
        .unwrap();
    assert_eq!(gateway.reply("M1", NOW).await, None);
    // Without an address the answer that comes late has no way.
    let mut late = say("wrX", words("x"));
    late.id = ActionId::of(&decoded.events[0].id, 0);
    qyapi.answers("groupchat/get", [err(90501)]);
    assert!(told(gateway.perform(&late, NOW).await).starts_with("refused: errcode 90501"));
}

#[tokio::test]
async fn groups_and_members_are_listed() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    let page =
        |ids: Value, next: &str| Answer::Json(json!({"errcode": 0, "group_chat_list": ids, "next_cursor": next}));
    qyapi.answers(
        "groupchat/list",
        [
            page(json!([{"chat_id": "wrA", "status": 0}]), "p2"),
            page(json!([{"chat_id": "wrB"}]), ""),
        ],
    );
    let groups: Vec<String> = gateway
        .groups()
        .await
        .unwrap()
        .into_iter()
        .map(|known| known.group.to_string())
        .collect();
    assert_eq!(groups, ["wecom/wrA", "wecom/wrB"]);
    assert_eq!(qyapi.asked("groupchat/list")[1].body["cursor"], "p2");
    let only = BTreeSet::from(["wecom/wrA".into(), "wecom/wrOPS".into()]);
    let known = gateway.known(Some(&only)).await.unwrap();
    assert_eq!(known.len(), 1, "a robot's group has no list, and nothing was asked");
    qyapi.answers("groupchat/get", [chat("v1", json!([
        {"userid": "zhang", "type": 1, "join_time": 1_700_000_000, "name": "张三"},
        {"userid": "li", "type": 1, "join_time": 0, "name": "李四"},
        {"userid": "wmLIN", "type": 2, "join_time": 1_700_000_001, "name": "小林", "group_nickname": "茶王", "unionid": "u"},
    ]))]);
    let roster = gateway.roster(&known[0]).await.unwrap();
    let lines: Vec<String> = roster
        .entries
        .iter()
        .map(|it| {
            format!(
                "{} {} {} {:?} {}",
                it.person.wire(),
                it.name,
                it.card,
                it.role,
                it.joined_at.is_some()
            )
        })
        .collect();
    assert_eq!(roster.name, "茶友会");
    assert_eq!(
        lines,
        [
            "zhang 张三  Owner true",
            "li 李四  Admin false",
            "wmLIN 小林 茶王 Member true"
        ]
    );
    qyapi.answers("agent/get", [Answer::Json(json!({"errcode": 0, "name": "茶社助手"}))]);
    let account = gateway.who_am_i().await.unwrap();
    assert_eq!(
        (account.person.as_str(), account.name.as_str()),
        ("wecom/agent-1000002", "茶社助手")
    );
    qyapi.answers("groupchat/get", [err(90501)]);
    assert!(matches!(gateway.roster(&known[0]).await, Err(Trouble::Refused { .. })));
    qyapi.answers("groupchat/get", [Answer::Raw(200, b"no json")]);
    assert!(matches!(gateway.roster(&known[0]).await, Err(Trouble::Away { .. })));
}

#[tokio::test]
async fn a_list_that_lags_behind_its_callback_is_read_again() {
    let qyapi = Qyapi::open().await;
    let gateway = at(&qyapi, |_| ());
    let callback = "<xml><FromUserName>sys</FromUserName><CreateTime>1772330400</CreateTime><MsgType>event</MsgType>\
        <Event>change_external_chat</Event><ChatId>wrTEA</ChatId><ChangeType>update</ChangeType><UpdateDetail>add_member</UpdateDetail>\
        <MemChangeList><Item>wmLIN</Item></MemChangeList><LastMemVer>v1</LastMemVer><CurMemVer>v2</CurMemVer></xml>";
    let ciphertext = crate::wecom_envelope::seal().encrypt(callback.as_bytes(), crate::wecom_envelope::CORP, [1; 16]);
    let query = crate::wecom_envelope::address(&ciphertext, 1_772_330_400);
    let body = format!("<xml><Encrypt>{ciphertext}</Encrypt></xml>");
    gateway
        .decode(&hyper::HeaderMap::new(), Some(&query), body.as_bytes(), arrival())
        .unwrap();
    let (old, new) = (
        json!([{"userid": "zhang"}]),
        json!([{"userid": "zhang"}, {"userid": "wmLIN"}]),
    );
    qyapi.answers("groupchat/get", [chat("v1", old.clone()), chat("v2", new)]);
    let known = KnownGroup {
        group: "wecom/wrTEA".into(),
        name: String::new(),
        members: None,
    };
    assert_eq!(
        gateway.roster(&known).await.unwrap().entries.len(),
        2,
        "the first list did not know the newcomer yet"
    );
    assert_eq!(qyapi.asked("groupchat/get").len(), 2);
    // One that stays different is believed in the end.
    gateway
        .decode(&hyper::HeaderMap::new(), Some(&query), body.as_bytes(), arrival())
        .unwrap();
    qyapi.answers("groupchat/get", [chat("v9", old)]);
    assert_eq!(gateway.roster(&known).await.unwrap().entries.len(), 1);
    assert_eq!(qyapi.asked("groupchat/get").len(), 5);
}

#[test]
fn settings_that_miss_something_say_what() {
    let new = |edit: fn(&mut WeComSettings)| {
        let mut settings = WeComSettings::new(GatewayName::new("wecom"));
        edit(&mut settings);
        WeCom::new(settings)
            .map(|it| it.capabilities())
            .map_err(|bad| (bad.to_string(), bad.in_chinese()))
    };
    assert!(new(|_| ()).unwrap().is_empty());
    type Edit = fn(&mut WeComSettings);
    let table: [(Edit, &str); 4] = [
        (|it| it.token = Some(SecretString::from("x")), "`aes_key`"),
        (|it| it.secret = Some(SecretString::from("x")), "`corp`"),
        (|it| it.agent = Some("1".to_owned()), "`secret`"),
        (
            |it| drop(it.groups.insert("wrX".to_owned(), "nobody".to_owned())),
            "\"nobody\"",
        ),
    ];
    for (edit, named) in table {
        let (english, chinese) = new(edit).unwrap_err();
        assert!(
            english.contains(named) && chinese.starts_with("[gateway.wecom]"),
            "{english} {chinese}"
        );
    }
    let robots_only = new(|it| drop(it.robots.insert("ops".to_owned(), SecretString::from("k")))).unwrap();
    assert_eq!(robots_only, BTreeSet::from([Capability::Say, Capability::Mention]));
}

proptest! {
    #[test]
    fn no_part_is_too_long_and_nothing_is_lost(text in "[a-z。，！ \n茶]{0,3000}", markdown: bool) {
        let form = if markdown { Form::Markdown } else { Form::Text };
        let mut kept = String::new();
        for part in encode::parts(&words(&text), form) {
            match part {
                Part::Text { words, .. } => { prop_assert!(words.len() <= encode::TEXT_MAX); kept.push_str(&words); }
                Part::Markdown(words) => { prop_assert!(words.len() <= encode::MARKDOWN_MAX); kept.push_str(&words); }
                other => prop_assert!(false, "{other:?}"),
            }
        }
        let solid = |text: &str| text.chars().filter(|it| !it.is_whitespace()).collect::<String>();
        prop_assert_eq!(solid(&kept), solid(&text));
    }

    #[test]
    fn member_text_is_never_markdown(text in "\\PC{0,60}") {
        let written = encode::plain(&text);
        prop_assert!(!written.contains(['<', '>', '[', ']', '*', '`', '#', '_', '|', '~']), "{}", written);
    }

    #[test]
    fn a_text_is_split_within_any_limit(text in "\\PC{0,300}", most in 0_usize..64) {
        let pieces = qunying::gateway::parts::split(&text, Longest::Bytes(most));
        for piece in &pieces {
            // No limit is smaller than any one character.
            prop_assert!(piece.len() <= most.max(4));
        }
        let solid = |text: &str| text.chars().filter(|it| !it.is_whitespace()).collect::<String>();
        prop_assert_eq!(solid(&pieces.concat()), solid(&text));
    }
}
