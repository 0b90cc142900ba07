//! OneBot v11: messages are made and read by aiocqhttp and nonebot's adapter, connections by aiohttp.

use std::time::Duration;

use qunying::chat::{Deed, GatewayName, Happening, JoinedHow, LeftHow, Message, Segment, text_of};
use qunying::gateway::{Gateway, MessageForm, OneBot11, OneBot11Settings};
use serde_json::{Value, json};

use crate::house::{House, free_port, open, word};
use crate::kit::{Peer, started};

fn gateway(api: Option<String>, edit: impl FnOnce(&mut OneBot11Settings)) -> Gateway {
    let mut settings = OneBot11Settings::new(GatewayName::new("qq"));
    settings.api = api;
    settings.token = Some("sesame".into());
    edit(&mut settings);
    Gateway::OneBot11(OneBot11::new(settings).unwrap())
}

async fn peer(how: Value) -> Option<Peer> {
    let mut peer = started("onebot11.py", &[&how.to_string()])?;
    peer.tells("ready").await;
    Some(peer)
}

async fn message(house: &mut House) -> Message {
    match house.heard().await.happening {
        Happening::Message(message) => message,
        other => panic!("a message was expected: {other:?}"),
    }
}

/// What members type, with everything that means something to somebody.
const HOSTILE: &str = "a&b [CQ:at,qq=all] &#91;x&#93; <at type=\"all\"/>, =，@所有人 \u{1f375}\n第二行";

fn hostile() -> Value {
    json!([["text", {"text": HOSTILE}], ["at", {"qq": "9000"}], ["text", {"text": " 好"}], ["face", {"id": "178"}]])
}

#[tokio::test]
async fn reports_in_both_forms_say_what_others_read_in_them() {
    let mut house = open(gateway(None, |it| it.secret = Some("sec".into()))).await;
    let post = format!("http://{}", house.hook);
    let Some(mut peer) = peer(json!({"post": post, "secret": "sec"})).await else {
        return;
    };
    for form in ["array", "string"] {
        peer.tell(&json!({"say": {"group": 3001, "user": 7001, "pieces": hostile(), "as": form}}));
        let emitted = peer.tells("emitted").await;
        assert_eq!((&emitted["status"], &emitted["body"]), (&json!(204), &json!("")));
        let message = message(&mut house).await;
        assert_eq!(emitted["nonebot"]["name"], "message.group.normal");
        assert_eq!(text_of(&message.segments), format!("{HOSTILE} 好"), "{form}");
        assert_eq!(
            emitted["nonebot"]["text"],
            text_of(&message.segments).as_str(),
            "{form}"
        );
        assert!(message.calls_bot && message.segments.contains(&Segment::Mention("qq/9000".into())));
        assert!(message.segments.contains(&Segment::Other("face".to_owned())));
    }
    peer.tell(&json!({"say": {"user": 7002, "name": "老王", "pieces": [["text", {"text": "在吗"}]]}}));
    assert_eq!(peer.tells("emitted").await["nonebot"]["name"], "message.private.friend");
    let whispered = message(&mut house).await;
    assert_eq!((whispered.group, whispered.name.as_str()), (None, "老王"));
}

#[tokio::test]
async fn comings_and_goings_are_what_others_take_them_for() {
    let mut house = open(gateway(None, |it| it.secret = Some("sec".into()))).await;
    let post = format!("http://{}", house.hook);
    let Some(mut peer) = peer(json!({"post": post, "secret": "sec"})).await else {
        return;
    };
    let notices = [
        ("group_increase", "invite", "notice.group_increase.invite"),
        ("group_decrease", "kick", "notice.group_decrease.kick"),
    ];
    for (kind, how, name) in notices {
        let notice = json!({"post_type": "notice", "notice_type": kind, "sub_type": how, "group_id": 3001,
            "user_id": 7002, "operator_id": 7001});
        peer.tell(&json!({"emit": notice}));
        assert_eq!(peer.tells("emitted").await["nonebot"]["name"], name);
        match house.heard().await.happening {
            Happening::Joined { how, by, .. } => {
                assert_eq!((how, by), (JoinedHow::Invited, Some("qq/7001".into())));
            }
            Happening::Left { how, by, .. } => assert_eq!((how, by), (LeftHow::Kicked, Some("qq/7001".into()))),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_wrong_signature_is_turned_away_and_a_missing_one_too() {
    let house = open(gateway(None, |it| it.secret = Some("sec".into()))).await;
    let post = format!("http://{}", house.hook);
    for (how, status) in [
        (json!({"post": post, "secret": "other"}), 403),
        (json!({"post": post}), 401),
    ] {
        let Some(mut peer) = peer(how).await else { return };
        peer.tell(&json!({"say": {"group": 3001, "user": 7001, "pieces": hostile()}}));
        assert_eq!(peer.tells("emitted").await["status"], status);
    }
}

/// Everything that is said arrives as it was meant, in both readers.
async fn says(house: &House, peer: &mut Peer) {
    let content = vec![Segment::Mention("qq/7001".into()), Segment::Text(format!(" {HOSTILE}"))];
    let asking = house.saying("qq/3001", content);
    let called = peer.tells("called").await;
    assert_eq!(called["action"], "send_group_msg");
    assert_eq!(called["params"]["group_id"], 3001);
    assert_eq!(called["at"], json!(["7001"]), "nobody else is called");
    // What calls everybody in plain words is made harmless, nothing else is changed.
    let said = HOSTILE.replace("@所有人", "＠所有人");
    for reader in ["text", "nonebot"] {
        assert_eq!(called[reader].as_str().unwrap().trim_start(), said, "{reader}");
    }
    assert!(word(&asking.await.unwrap()).starts_with("done 7000"));
}

#[tokio::test]
async fn calls_over_http_and_what_can_go_wrong_with_them() {
    let port = free_port();
    let api = format!("http://127.0.0.1:{port}");
    let Some(mut peer) = peer(json!({"listen": port, "token": "sesame"})).await else {
        return;
    };
    for form in [MessageForm::Segments, MessageForm::CqString] {
        says(
            &open(gateway(Some(api.clone()), |it| it.messages = form)).await,
            &mut peer,
        )
        .await;
    }
    let house = open(gateway(Some(api.clone()), |it| it.timeout = Duration::from_millis(500))).await;
    let outcomes = [
        ("hang", "unknown"),
        ("drop", "unknown"),
        ("half", "unknown"),
        ("500", "postponed"),
        ("words", "unknown"),
        ("none", "done"),
    ];
    for (fault, expected) in outcomes {
        peer.tell(&json!({"fault": fault}));
        peer.tells("minded").await;
        let outcome = house
            .saying("qq/3001", vec![Segment::Text("喂".to_owned())])
            .await
            .unwrap();
        assert!(word(&outcome).starts_with(expected), "{fault}: {outcome:?}");
    }
    let wrong = open(gateway(Some(api), |it| it.token = Some("guess".into()))).await;
    let outcome = wrong
        .saying("qq/3001", vec![Segment::Text("喂".to_owned())])
        .await
        .unwrap();
    assert!(word(&outcome).starts_with("postponed: HTTP 403"), "{outcome:?}");
    assert_eq!(house.gateway.who_am_i().await.unwrap().name, "小群");
    assert_eq!(house.gateway.groups().await.unwrap()[0].name, "茶友会");
    assert_eq!(house.gateway.members(&"qq/3001".into()).await.unwrap()[0].name, "阿月");
}

#[tokio::test]
async fn a_websocket_we_open_carries_everything_and_is_opened_again() {
    let port = free_port();
    let Some(mut peer) = peer(json!({"listen": port, "token": "sesame"})).await else {
        return;
    };
    let mut house = open(gateway(Some(format!("ws://127.0.0.1:{port}/")), |_| ())).await;
    peer.tells("connected").await;
    both_ways(&mut house, &mut peer).await;
    peer.tell(&json!({"close": true}));
    peer.tells("closed").await;
    peer.tells("connected").await;
    both_ways(&mut house, &mut peer).await;
}

#[tokio::test]
async fn a_websocket_opened_to_us_carries_everything_whether_one_or_two() {
    for split in [false, true] {
        let mut house = open(gateway(Some("reverse".to_owned()), |_| ())).await;
        let dial = format!("ws://{}", house.hook);
        let Some(mut peer) = peer(json!({"dial": dial, "token": "sesame", "split": split})).await else {
            return;
        };
        peer.tells("connected").await;
        if split {
            peer.tells("connected").await;
        }
        both_ways(&mut house, &mut peer).await;
        peer.tell(&json!({"fault": "drop"}));
        peer.tells("minded").await;
        let lost = house
            .saying("qq/3001", vec![Segment::Text("喂".to_owned())])
            .await
            .unwrap();
        assert!(word(&lost).starts_with("unknown: the connection was lost"), "{lost:?}");
    }
    let house = open(gateway(Some("reverse".to_owned()), |_| ())).await;
    let dial = format!("ws://{}", house.hook);
    for (how, status) in [
        (json!({"dial": dial, "token": "guess"}), 403),
        (json!({"dial": dial}), 401),
    ] {
        let Some(mut peer) = peer(how).await else { return };
        assert_eq!(peer.tells("turned_away").await, status);
    }
}

#[tokio::test]
async fn a_storm_of_connections_leaves_the_last_one_standing() {
    let mut house = open(gateway(Some("reverse".to_owned()), |_| ())).await;
    let dial = format!("ws://{}", house.hook);
    let Some(mut peer) = peer(json!({"dial": dial, "token": "sesame"})).await else {
        return;
    };
    peer.tells("connected").await;
    for _ in 0..20 {
        peer.tell(&json!({"again": true}));
        // The one before is closed by us, and they may tell of it first.
        let told = [peer.told().await, peer.told().await];
        assert!(told.iter().any(|it| it["closed"] == true), "{told:?}");
        assert!(told.iter().any(|it| it["connected"] == "Universal"), "{told:?}");
    }
    both_ways(&mut house, &mut peer).await;
}

async fn both_ways(house: &mut House, peer: &mut Peer) {
    peer.tell(&json!({"say": {"group": 3001, "user": 7001, "pieces": hostile()}}));
    peer.tells("emitted").await;
    assert_eq!(text_of(&message(house).await.segments), format!("{HOSTILE} 好"));
    house.until_connected().await;
    says(house, peer).await;
    let renaming = house.asking(Deed::RenameGroup {
        group: "qq/3001".into(),
        name: "春茶".to_owned(),
    });
    assert_eq!(
        peer.tells("called").await["params"],
        json!({"group_id": 3001, "group_name": "春茶"})
    );
    assert_eq!(word(&renaming.await.unwrap()), "done");
}
