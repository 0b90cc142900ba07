//! OneBot v12: pylibob's implementation, with events read again by nonebot's adapter.

use std::time::Duration;

use qunying::chat::{Capability, Deed, GatewayName, Happening, JoinedHow, LeftHow, Message, Segment, text_of};
use qunying::gateway::{Gateway, OneBot12, OneBot12Settings};
use serde_json::{Value, json};

use crate::house::{House, free_port, open, word};
use crate::kit::{Peer, started};

fn gateway(api: Option<String>, edit: impl FnOnce(&mut OneBot12Settings)) -> Gateway {
    let mut settings = OneBot12Settings::new(GatewayName::new("wx"));
    settings.api = api;
    settings.token = Some("sesame".into());
    edit(&mut settings);
    Gateway::OneBot12(OneBot12::new(settings).unwrap())
}

async fn peer(how: Value) -> Option<Peer> {
    let mut peer = started("onebot12.py", &[&how.to_string()])?;
    peer.tells("ready").await;
    Some(peer)
}

/// What members type, with everything that means something to somebody.
const HOSTILE: &str = "a&b [CQ:at,qq=all] <at type=\"all\"/> @所有人 \u{1f375}\n第二行";

fn hostile() -> Value {
    json!({"type": "message", "detail_type": "group", "message_id": "m-1", "group_id": "3001@chatroom", "user_id": "wxid_yue",
        "alt_message": HOSTILE, "message": [
            {"type": "text", "data": {"text": HOSTILE}}, {"type": "mention", "data": {"user_id": "wxid_bot"}},
            {"type": "text", "data": {"text": " 好"}}, {"type": "wx.emoji", "data": {"file_id": "1"}},
            {"type": "reply", "data": {"message_id": "m-0", "user_id": "wxid_yue"}}]})
}

async fn message(house: &mut House) -> Message {
    match house.heard().await.happening {
        Happening::Message(message) => message,
        other => panic!("a message was expected: {other:?}"),
    }
}

async fn hears(house: &mut House, peer: &mut Peer) {
    peer.tell(&json!({"emit": hostile()}));
    let emitted = peer.tells("emitted").await;
    assert_eq!(emitted["nonebot"]["name"], "message.group");
    let message = message(house).await;
    assert_eq!(text_of(&message.segments), format!("{HOSTILE} 好"));
    assert_eq!(emitted["nonebot"]["text"], text_of(&message.segments).as_str());
    assert!(message.calls_bot && message.segments.contains(&Segment::Reply("m-0".into())));
    assert_eq!(message.group, Some("wx/3001@chatroom".into()));
}

/// Everything that is said arrives as it was meant.
async fn says(house: &House, peer: &mut Peer) {
    let content = vec![
        Segment::Mention("wx/wxid_yue".into()),
        Segment::Text(format!(" {HOSTILE}")),
    ];
    let asking = house.saying("wx/3001@chatroom", content);
    let called = peer.tells("called").await;
    assert_eq!(called["action"], "send_message");
    assert_eq!(called["params"]["group_id"], "3001@chatroom");
    assert_eq!(called["at"], json!(["wxid_yue"]), "nobody else is called");
    let said = HOSTILE.replace("@所有人", "＠所有人");
    assert_eq!(called["text"].as_str().unwrap().trim_start(), said);
    let outcome = asking.await.unwrap();
    assert!(word(&outcome).starts_with("done said-"), "{outcome:?}");
}

fn rename() -> Deed {
    Deed::RenameGroup {
        group: "wx/3001@chatroom".into(),
        name: "春茶".to_owned(),
    }
}

/// What can go wrong with a call, and what it comes to.
async fn fails(house: &House, peer: &mut Peer) {
    let outcomes = [
        (json!("hang"), "unknown: no answer in time"),
        (json!("crash"), "unknown: retcode 20002"),
        (json!(10003), "refused: retcode 10003"),
        (json!(33001), "unknown: retcode 33001"),
        (json!(34001), "refused: retcode 34001: 不行"),
        (json!(36001), "postponed: retcode 36001"),
        (Value::Null, "done said-"),
    ];
    for (fault, expected) in outcomes {
        peer.tell(&json!({"fault": fault}));
        peer.tells("minded").await;
        let outcome = house
            .saying("wx/3001@chatroom", vec![Segment::Text("喂".to_owned())])
            .await
            .unwrap();
        assert!(word(&outcome).starts_with(expected), "{fault}: {outcome:?}");
    }
}

#[tokio::test]
async fn posted_reports_and_calls_over_http() {
    let port = free_port();
    let api = format!("http://127.0.0.1:{port}");
    let mut house = open(gateway(Some(api.clone()), |it| it.timeout = Duration::from_millis(700))).await;
    let post = format!("http://{}", house.hook);
    let how = json!({"way": "http", "port": port, "post": post, "token": "sesame", "comwechat": true});
    let Some(mut peer) = peer(how).await else { return };
    hears(&mut house, &mut peer).await;
    says(&house, &mut peer).await;

    // Told at any time, known by its id.
    peer.tell(&json!({"emit": hostile(), "times": 2}));
    let emitted = peer.tells("emitted").await;
    let (one, other) = (house.heard().await, house.heard().await);
    assert_eq!(one, other, "what is told twice is the same event");
    assert_eq!(one.id.as_str(), format!("wx/{}", emitted["id"].as_str().unwrap()));
    let seconds = one.at.millis() as f64 / 1000.0;
    assert!((seconds - emitted["time"].as_f64().unwrap()).abs() < 0.002);

    for (deed, action) in [
        (rename(), "set_group_name"),
        (
            Deed::Recall {
                group: "wx/3001@chatroom".into(),
                message: "m-1".into(),
            },
            "delete_message",
        ),
        (
            Deed::Kick {
                group: "wx/3001@chatroom".into(),
                person: "wx/wxid_yue".into(),
            },
            "wx.delete_groupmember",
        ),
    ] {
        let asking = house.asking(deed);
        assert_eq!(peer.tells("called").await["action"], action);
        assert_eq!(word(&asking.await.unwrap()), "done");
    }
    let asking = house.saying(
        "wx/3001@chatroom",
        vec![Segment::Image("https://img.example/tea.jpg".to_owned())],
    );
    assert_eq!(peer.tells("called").await["params"]["name"], "tea.jpg");
    assert_eq!(
        peer.tells("called").await["params"]["message"][0]["data"]["file_id"],
        "file-1"
    );
    assert!(word(&asking.await.unwrap()).starts_with("done said-"));

    fails(&house, &mut peer).await;
    assert_eq!(house.gateway.who_am_i().await.unwrap().name, "小群");
    assert_eq!(
        house.gateway.groups().await.unwrap()[0].group.as_str(),
        "wx/3001@chatroom"
    );
    let members = house.gateway.members(&"wx/3001@chatroom".into()).await.unwrap();
    assert_eq!((members[0].name.as_str(), members[0].card.as_str()), ("阿月", "茶王"));

    let wrong = open(gateway(Some(api), |it| it.token = Some("guess".into()))).await;
    let outcome = wrong
        .saying("wx/3001@chatroom", vec![Segment::Text("喂".to_owned())])
        .await
        .unwrap();
    assert!(word(&outcome).starts_with("postponed: HTTP 401"), "{outcome:?}");
}

#[tokio::test]
async fn comings_and_goings_are_what_others_take_them_for() {
    let port = free_port();
    let mut house = open(gateway(None, |_| ())).await;
    let how = json!({"way": "http", "port": port, "post": format!("http://{}", house.hook), "token": "sesame"});
    let Some(mut peer) = peer(how).await else { return };
    let notice = |detail: &str, how: &str, user: &str| {
        json!({"type": "notice", "detail_type": detail, "sub_type": how, "group_id": "3001@chatroom", "user_id": user,
            "operator_id": "wxid_wang", "message_id": "m-1"})
    };
    let notices = [
        notice("group_member_increase", "invite", "wxid_hong"),
        notice("group_member_decrease", "kick", "wxid_hong"),
        notice("group_message_delete", "delete", "wxid_hong"),
        notice("friend_increase", "", "wxid_hong"),
        notice("group_member_increase", "", "wxid_bot"),
        notice("group_member_decrease", "kick", "wxid_bot"),
    ];
    for notice in notices {
        peer.tell(&json!({"emit": notice}));
        let emitted = peer.tells("emitted").await;
        let name = format!("notice.{}", notice["detail_type"].as_str().unwrap());
        assert!(emitted["nonebot"]["name"].as_str().unwrap().starts_with(&name));
        if name.ends_with("friend_increase") {
            continue;
        }
        let own = notice["user_id"] == "wxid_bot";
        match house.heard().await.happening {
            Happening::Joined { person, how, by, .. } => {
                assert_eq!((person.as_str(), how), ("wx/wxid_hong", JoinedHow::Invited));
                assert_eq!(by, Some("wx/wxid_wang".into()));
            }
            Happening::Left { how, by, .. } => assert_eq!((how, by), (LeftHow::Kicked, Some("wx/wxid_wang".into()))),
            Happening::Recalled { message, .. } => assert_eq!(message.as_str(), "m-1"),
            Happening::BotJoined { .. } | Happening::BotRemoved { .. } => assert!(own),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn who_shows_no_token_or_a_wrong_one_reports_nothing() {
    let mut house = open(gateway(None, |it| it.secret = Some("other".into()))).await;
    let post = format!("http://{}", house.hook);
    for shows in [json!("guess"), Value::Null] {
        let how = json!({"way": "http", "port": free_port(), "post": post, "token": "sesame", "shows": shows});
        let Some(mut peer) = peer(how).await else { return };
        peer.tell(&json!({"emit": hostile()}));
        peer.tells("emitted").await;
    }
    // In the address it is as good as in the header.
    let how = json!({"way": "http", "port": free_port(), "post": format!("{post}?access_token=other"), "shows": null,
        "token": "sesame"});
    let Some(mut peer) = peer(how).await else { return };
    peer.tell(
        &json!({"emit": {"type": "message", "detail_type": "private", "message_id": "m-9", "user_id": "wxid_wang",
        "message": [{"type": "text", "data": {"text": "在吗"}}]}}),
    );
    let whispered = message(&mut house).await;
    assert_eq!(
        (whispered.group, whispered.from.as_str()),
        (None, "wx/wxid_wang"),
        "the first that was let in"
    );
}

#[tokio::test]
async fn a_websocket_we_open_carries_everything() {
    let port = free_port();
    let Some(mut peer) = peer(json!({"way": "ws", "port": port, "token": "sesame"})).await else {
        return;
    };
    let mut house = open(gateway(Some(format!("ws://127.0.0.1:{port}/")), |_| ())).await;
    house.until_connected().await;
    // Its list of actions is asked for before the first call.
    says(&house, &mut peer).await;
    hears(&mut house, &mut peer).await;
    let can = house.gateway.capabilities();
    assert!(can.contains(&Capability::RenameGroup) && !can.contains(&Capability::Kick));
    let kick = house.asking(Deed::Kick {
        group: "wx/3001@chatroom".into(),
        person: "wx/wxid_yue".into(),
    });
    assert!(word(&kick.await.unwrap()).starts_with("refused: gateway wx cannot do this"));
}

#[tokio::test]
async fn a_websocket_opened_to_us_carries_everything_and_is_opened_again() {
    // pylibob shows no token when it opens a WebSocket.
    let mut house = open(gateway(Some("reverse".to_owned()), |it| it.token = None)).await;
    let how = json!({"way": "reverse", "url": format!("ws://{}", house.hook)});
    let Some(mut first) = peer(how.clone()).await else {
        return;
    };
    hears(&mut house, &mut first).await;
    says(&house, &mut first).await;
    // Another process takes its place.
    drop(first);
    let Some(mut next) = peer(how).await else { return };
    hears(&mut house, &mut next).await;
    says(&house, &mut next).await;
}

#[tokio::test]
async fn of_several_accounts_ours_is_named() {
    let port = free_port();
    let api = format!("http://127.0.0.1:{port}");
    let ours = |it: &mut OneBot12Settings| (it.platform, it.bot) = (Some("wx".to_owned()), Some("wxid_two".to_owned()));
    let mut house = open(gateway(Some(api.clone()), ours)).await;
    let how = json!({"way": "http", "port": port, "post": format!("http://{}", house.hook), "token": "sesame",
        "bots": ["wxid_bot", "wxid_two"]});
    let Some(mut peer) = peer(how).await else { return };
    let asking = house.asking(rename());
    assert_eq!(peer.tells("called").await["bot"], "wxid_two");
    assert_eq!(word(&asking.await.unwrap()), "done");
    let nobody = open(gateway(Some(api), |_| ())).await;
    let outcome = nobody.asking(rename()).await.unwrap();
    assert!(word(&outcome).starts_with("postponed: retcode 10101"), "{outcome:?}");
    // What happens to the other account is none of ours.
    for bot in ["wxid_bot", "wxid_two"] {
        let mut message = hostile();
        message["message_id"] = bot.into();
        peer.tell(&json!({"emit": message, "bot": bot}));
        peer.tells("emitted").await;
    }
    assert_eq!(message(&mut house).await.message.as_str(), "wxid_two");
}
