//! Callbacks of WeCom in the shapes they really have, and what becomes of them.

use proptest::prelude::*;
use qunying::chat::{GatewayName, Moment};
use qunying::gateway::{Arrival, Decoded, Refusal, WeCom, WeComSettings};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::telling::{arrival, tell};
use crate::wecom_envelope::{CORP, KEY, TOKEN, address, seal};

const NOW: i64 = 1_772_330_400;

pub fn settings() -> WeComSettings {
    let mut settings = WeComSettings::new(GatewayName::new("wecom"));
    settings.corp = Some(CORP.to_owned());
    settings.token = Some(SecretString::from(TOKEN));
    settings.aes_key = Some(SecretString::from(KEY));
    settings
}

fn wecom() -> WeCom {
    WeCom::new(settings()).unwrap()
}

/// What WeCom posts for a message: the envelope of applications.
fn envelope(message: &str) -> (String, String) {
    let ciphertext = seal().encrypt(message.as_bytes(), CORP, [7; 16]);
    let body = format!(
        "<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[218]]></AgentID><Encrypt><![CDATA[{ciphertext}]]></Encrypt></xml>"
    );
    (address(&ciphertext, NOW), body)
}

fn told(wecom: &WeCom, message: &str) -> Result<Decoded, Refusal> {
    let (query, body) = envelope(message);
    wecom.decode(Some(&query), body.as_bytes(), arrival())
}

#[track_caller]
fn check(message: &str, expected: &str) {
    assert_eq!(tell(told(&wecom(), message)), expected, "{message}");
}

fn chat(fields: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>\
         <CreateTime>1772330400</CreateTime><MsgType><![CDATA[event]]></MsgType>\
         <Event><![CDATA[change_external_chat]]></Event><ChatId><![CDATA[wrTEA]]></ChatId>{fields}</xml>"
    )
}

fn update(detail: &str, fields: &str) -> String {
    chat(&format!(
        "<ChangeType><![CDATA[update]]></ChangeType><UpdateDetail><![CDATA[{detail}]]></UpdateDetail>{fields}"
    ))
}

fn list(ids: &[&str], last: &str, current: &str) -> String {
    let items: String = ids.iter().map(|id| format!("<Item><![CDATA[{id}]]></Item>")).collect();
    format!(
        "<MemChangeList>{items}</MemChangeList><LastMemVer><![CDATA[{last}]]></LastMemVer><CurMemVer><![CDATA[{current}]]></CurMemVer>"
    )
}

#[test]
fn members_come_and_go_as_the_callback_lists_them() {
    check(
        &update(
            "add_member",
            &format!(
                "<JoinScene>3</JoinScene><MemChangeCnt>2</MemChangeCnt>{}",
                list(&["wmLIN", "zhang"], "v1", "v2")
            ),
        ),
        "wmLIN joined wecom/wrTEA Scanned\nzhang joined wecom/wrTEA Scanned",
    );
    check(
        &update(
            "add_member",
            &format!("<JoinScene>0</JoinScene>{}", list(&["wmLIN"], "v1", "v2")),
        ),
        "wmLIN joined wecom/wrTEA Invited",
    );
    check(
        &update(
            "del_member",
            &format!("<QuitScene>0</QuitScene>{}", list(&["wmLIN"], "v1", "v2")),
        ),
        "wmLIN left wecom/wrTEA Left",
    );
    check(
        &update(
            "del_member",
            &format!("<QuitScene>1</QuitScene>{}", list(&["wmLIN"], "v1", "v2")),
        ),
        "wmLIN left wecom/wrTEA Kicked",
    );
}

#[test]
fn what_a_callback_leaves_open_is_read_again() {
    check(
        &update("add_member", "<JoinScene>0</JoinScene><MemChangeCnt>1</MemChangeCnt>"),
        "set aside: unresolved_member",
    );
    check(&update("del_member", ""), "set aside: unresolved_member");
    check(&update("change_owner", ""), "set aside: changed");
    check(&update("change_name", ""), "set aside: changed");
    check(&update("change_notice", ""), "set aside: not_listened_to");
    check(&chat("<ChangeType>create</ChangeType>"), "bot joined wecom/wrTEA");
    check(&chat("<ChangeType>dismiss</ChangeType>"), "bot removed wecom/wrTEA");
}

#[test]
fn a_version_that_does_not_follow_is_a_gap() {
    let wecom = wecom();
    let joined =
        |who: &str, last: &str, current: &str| tell(told(&wecom, &update("add_member", &list(&[who], last, current))));
    assert_eq!(joined("a", "v1", "v2"), "a joined wecom/wrTEA Unknown");
    // Told again: nothing was missed.
    assert_eq!(joined("a", "v1", "v2"), "a joined wecom/wrTEA Unknown");
    assert_eq!(joined("b", "v2", "v3"), "b joined wecom/wrTEA Unknown");
    // v3 → v4 never came.
    assert_eq!(
        joined("d", "v4", "v5"),
        "d joined wecom/wrTEA Unknown\nset aside: changed"
    );
    // Older corporations are told no versions at all.
    assert_eq!(joined("e", "", ""), "e joined wecom/wrTEA Unknown");
}

#[test]
fn a_callback_told_again_is_the_same_and_another_is_not() {
    let id = |message: &str| told(&wecom(), message).unwrap().events[0].id.clone();
    let first = update("add_member", &list(&["a"], "v1", "v2"));
    assert_eq!(id(&first), id(&first));
    assert!(id(&first).as_str().starts_with("wecom/event/") && id(&first).as_str().ends_with("/a"));
    for other in [
        update("add_member", &list(&["a"], "v2", "v3")),
        update("del_member", &list(&["a"], "v1", "v2")),
        first.replace("1772330400", "1772330401"),
        first.replace("wrTEA", "wrTWO"),
    ] {
        assert_ne!(id(&first), id(&other), "{other}");
    }
}

fn from_staff(fields: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[zhang]]></FromUserName>\
         <CreateTime>1772330400</CreateTime>{fields}<MsgId>4561255354251345929</MsgId><AgentID>218</AgentID></xml>"
    )
}

#[test]
fn staff_write_to_the_application() {
    let said =
        |fields: &str, expected: &str| check(&from_staff(fields), &format!("zhang// Member in private: {expected}"));
    said(
        "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[ <b>]] & 你好]]></Content>",
        "« <b>]] & 你好»",
    );
    said(
        "<MsgType>text</MsgType><Content>a &lt;b&gt; &amp;&#65;</Content>",
        "«a <b> &A»",
    );
    said(
        "<MsgType>image</MsgType><PicUrl>https://img.example/a</PicUrl>",
        "image https://img.example/a",
    );
    said(
        "<MsgType>link</MsgType><Title>t</Title><Url>https://a.example</Url>",
        "link https://a.example «t»",
    );
    said("<MsgType>voice</MsgType><MediaId>m</MediaId>", "other voice");
    said(
        "<MsgType>event</MsgType><Event>click</Event><EventKey>今日</EventKey>",
        "«今日»",
    );
    let id = told(&wecom(), &from_staff("<MsgType>text</MsgType><Content>x</Content>"))
        .unwrap()
        .events[0]
        .id
        .clone();
    assert_eq!(id.as_str(), "wecom/message/4561255354251345929");
    check(
        &from_staff("<MsgType>event</MsgType><Event>enter_agent</Event>"),
        "set aside: not_listened_to",
    );
    check(
        &from_staff(
            "<MsgType>event</MsgType><Event>change_external_contact</Event><ChangeType>edit_external_contact</ChangeType>",
        ),
        "set aside: contact",
    );
    let contact = |kind: &str| {
        from_staff(&format!(
            "<MsgType>event</MsgType><Event>change_external_contact</Event><ChangeType>{kind}</ChangeType>\
             <UserID>zhang</UserID><ExternalUserID>wmAAAABBBBCCCCDDDDEEEEFFFFGGGGHH</ExternalUserID>"
        ))
    };
    let between = "person: PersonId(wecom/wmAAAABBBBCCCCDDDDEEEEFFFFGGGGHH), by: PersonId(wecom/zhang)";
    for (kind, notice) in [
        ("add_external_contact", format!("Befriended {{ {between} }}")),
        ("del_follow_user", format!("Unfriended {{ {between}, how: Left }}")),
        (
            "del_external_contact",
            format!("Unfriended {{ {between}, how: Kicked }}"),
        ),
    ] {
        let expected = format!("Noticed {{ gateway: GatewayName(wecom), notice: {notice} }}");
        check(&contact(kind), &expected);
    }
}

#[test]
fn envelopes_of_every_form_are_read_and_others_refused() {
    let wecom = wecom();
    let message = chat("<ChangeType>create</ChangeType>");
    let ciphertext = seal().encrypt(message.as_bytes(), CORP, [7; 16]);
    let query = address(&ciphertext, NOW);
    let posted = |body: &str| tell(wecom.decode(Some(&query), body.as_bytes(), arrival()));
    for body in [
        format!("<xml><Encrypt>{ciphertext}</Encrypt></xml>"),
        format!("<xml>\n<Encrypt><![CDATA[{ciphertext}]]></Encrypt><AgentID/><ToUserName>x</ToUserName></xml>\n"),
        format!("<?xml version=\"1.0\"?><xml><Encrypt> {ciphertext} </Encrypt></xml>"),
    ] {
        assert_eq!(posted(&body), "bot joined wecom/wrTEA", "{body}");
    }
    let evil = "<!DOCTYPE xml [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    for (body, why) in [
        (
            format!("{evil}<xml><Encrypt>{ciphertext}</Encrypt></xml>"),
            "400 xml: it declares a document type",
        ),
        (
            "<xml><Encrypt>&x;</Encrypt></xml>".to_owned(),
            "400 xml: it names an entity that is not XML's own",
        ),
        ("<xml></xml>".to_owned(), "400 Encrypt: it is missing"),
        ("<xml><Encrypt>".to_owned(), "400 xml: it ends in the middle"),
        (String::new(), "400 xml: it is missing"),
        ("{}".to_owned(), "400 $: `encrypt` is missing"),
        (
            "{\"encrypt\":5}".to_owned(),
            "400 $.encrypt: a text in quotes is wanted here, not a number",
        ),
    ] {
        assert_eq!(posted(&body), why, "{body}");
    }
    // Somebody else's message in a good envelope.
    assert_eq!(
        tell(told(&wecom, "<!DOCTYPE x><xml/>")),
        "400 xml: it declares a document type"
    );
    assert_eq!(tell(told(&wecom, "<xml/>")), "400 MsgType: it is missing");
    assert_eq!(
        tell(told(&wecom, &chat("").replace("wrTEA", ""))),
        "400 ChatId: an id may not be empty"
    );
}

#[test]
fn nothing_is_taken_without_a_token_and_a_key() {
    let mut bare = settings();
    (bare.token, bare.aes_key) = (None, None);
    let (query, body) = envelope("<xml/>");
    let told = WeCom::new(bare)
        .unwrap()
        .decode(Some(&query), body.as_bytes(), arrival());
    assert_eq!(
        tell(told),
        "401 this gateway has no `token` and `aes_key` to open reports with"
    );
    let unsigned = wecom().decode(None, body.as_bytes(), arrival());
    assert_eq!(tell(unsigned), "401 the address has no msg_signature");
    let late = Arrival {
        at: Moment::from_seconds(NOW + 301),
        nth: 1,
    };
    assert_eq!(
        tell(wecom().decode(Some(&query), body.as_bytes(), late)),
        "401 the timestamp in the address is too old"
    );
    let mut other = settings();
    other.corp = Some("ww1".to_owned());
    let told = WeCom::new(other)
        .unwrap()
        .decode(Some(&query), body.as_bytes(), arrival());
    assert_eq!(tell(told), "403 it is addressed to another corporation");
}

/// What WeCom posts for the intelligent robot.
pub fn asked(message: &Value) -> (String, String) {
    let ciphertext = seal().encrypt(message.to_string().as_bytes(), "", [7; 16]);
    (address(&ciphertext, NOW), json!({"encrypt": ciphertext}).to_string())
}

#[track_caller]
fn robot(message: Value, expected: &str) {
    let (query, body) = asked(&message);
    assert_eq!(
        tell(wecom().decode(Some(&query), body.as_bytes(), arrival())),
        expected,
        "{message}"
    );
}

fn question(changes: Value) -> Value {
    let mut message = json!({
        "msgid": "CAIQ1", "aibotid": "AIBOT", "chatid": "wrGROUP", "chattype": "group",
        "from": {"userid": "zhang"}, "response_url": "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=x",
        "msgtype": "text", "text": {"content": "@茶小二 签到"},
    });
    for (key, value) in changes.as_object().unwrap() {
        message[key] = value.clone();
    }
    message
}

#[test]
fn the_intelligent_robot_is_asked() {
    robot(question(json!({})), "zhang// Member in wecom/wrGROUP: @AIBOT «签到»");
    robot(
        question(json!({"text": {"content": "@茶小二"}})),
        "zhang// Member in wecom/wrGROUP: @AIBOT «»",
    );
    robot(
        question(json!({"text": {"content": "没有点名"}})),
        "zhang// Member in wecom/wrGROUP: «没有点名»",
    );
    robot(
        question(json!({"chattype": "single"})),
        "zhang// Member in private: «@茶小二 签到»",
    );
    robot(
        question(json!({"msgtype": "mixed", "mixed": {"msg_item": [
            {"msgtype": "text", "text": {"content": "@茶小二 看"}}, {"msgtype": "image", "image": {"url": "https://img.example/a"}},
        ]}})),
        "zhang// Member in wecom/wrGROUP: @AIBOT «看» image https://img.example/a",
    );
    robot(
        question(json!({"msgtype": "file", "file": {"url": "x"}})),
        "zhang// Member in wecom/wrGROUP: other file",
    );
    robot(json!({"msgtype": "stream", "stream": {"id": "s1"}}), "set aside: meta");
    robot(
        json!({"msgtype": "event", "event": {"eventtype": "enter_chat"}}),
        "set aside: not_listened_to",
    );
    robot(json!({"msgtype": "text"}), "400 $: `msgid` is missing");
}

#[test]
fn archived_lines_are_what_was_said() {
    let line = |value: Value| tell(wecom().archived(&value.to_string()));
    let said = json!({"msgid": "1_external", "action": "send", "from": "wmLIN", "tolist": ["zhang"], "roomid": "wrTEA",
        "msgtime": 1_772_330_400_123_i64, "msgtype": "text", "text": {"content": "签到"}});
    assert_eq!(line(said.clone()), "wmLIN// Member in wecom/wrTEA: «签到»");
    assert_eq!(
        line(json!({"seq": 5, "msg": said.clone()})),
        "wmLIN// Member in wecom/wrTEA: «签到»"
    );
    let with = |changes: Value| {
        let mut value = said.clone();
        for (key, change) in changes.as_object().unwrap() {
            value[key] = change.clone();
        }
        value
    };
    assert_eq!(line(with(json!({"roomid": ""}))), "set aside: not_listened_to");
    assert_eq!(
        line(json!({"msgid": "2", "action": "switch", "user": "zhang"})),
        "set aside: meta"
    );
    assert_eq!(
        line(with(
            json!({"action": "recall", "msgtype": "revoke", "revoke": {"pre_msgid": "0"}})
        )),
        "wmLIN recalled 0 in wecom/wrTEA"
    );
    assert_eq!(
        line(with(json!({"from": "wbROBOT"}))),
        "wbROBOT// Member in wecom/wrTEA (own): «签到»"
    );
    assert_eq!(
        line(with(json!({"msgtype": "link", "link": {"title": "t"}}))),
        "wmLIN// Member in wecom/wrTEA: other link «t»"
    );
    assert_eq!(line(json!([])), "400 $: an object is wanted here, not a list");
    assert_eq!(line(json!({"roomid": "r"})), "400 $: `msgid` is missing");
}

proptest! {
    #[test]
    fn no_callback_breaks_the_reader(text in "\\PC{0,200}", word in "[a-z_]{0,20}") {
        let wecom = wecom();
        for message in [text.clone(), chat(&text), update(&word, &text), from_staff(&text)] {
            let _ = told(&wecom, &message);
        }
        let _ = wecom.decode(Some(&text), text.as_bytes(), arrival());
        let _ = wecom.archived(&text);
        let (query, body) = asked(&json!({"msgtype": word, "msgid": text, "from": {"userid": text}}));
        let _ = wecom.decode(Some(&query), body.as_bytes(), arrival());
    }
}
