//! Satori: satori-python's server, and Koishi's and satori-python's readers and writers of elements.

use std::time::Duration;

use qunying::chat::{Capability, Deed, GatewayName, Happening, LeftHow, Message, Segment, text_of};
use qunying::gateway::satori::{Events, content};
use qunying::gateway::{Gateway, Satori, SatoriSettings};
use serde_json::{Value, json};

use crate::house::{House, free_port, open, word};
use crate::kit::{Peer, started, started_by_node};

fn gateway(port: u16, edit: impl FnOnce(&mut SatoriSettings)) -> Gateway {
    let mut settings = SatoriSettings::new(GatewayName::new("qq"));
    settings.api = Some(format!("http://127.0.0.1:{port}/satori"));
    settings.token = Some("sesame".into());
    edit(&mut settings);
    Gateway::Satori(Satori::new(settings).unwrap())
}

async fn peer(how: Value) -> Option<Peer> {
    let mut peer = started("satori_server.py", &[&how.to_string()])?;
    peer.tells("ready").await;
    Some(peer)
}

/// What members type, with everything that means something to somebody.
const HOSTILE: &str = "a&b <at type=\"all\"/> &lt;b&gt; [CQ:at,qq=all] 'x' \"y\" {z} -->@所有人 \u{1f375}\n第二行";

fn said(id: &str, content: &str) -> Value {
    json!({"type": "message-created", "channel": {"id": "3001", "type": 0}, "guild": {"id": "3001", "name": "茶友会"},
        "user": {"id": "7001", "name": "阿月"}, "member": {"nick": "茶王"}, "message": {"id": id, "content": content}})
}

async fn message(house: &mut House) -> Message {
    match house.heard().await.happening {
        Happening::Message(message) => message,
        other => panic!("a message was expected: {other:?}"),
    }
}

async fn hears(house: &mut House, peer: &mut Peer) {
    let pieces = json!([
        ["text", HOSTILE],
        ["at", "9000"],
        ["b", " 好"],
        ["img", "https://img.example/a?b=1&c=2"]
    ]);
    peer.tell(&json!({"emit": said("m-1", ""), "pieces": pieces}));
    peer.tells("emitted").await;
    let message = message(house).await;
    assert_eq!(text_of(&message.segments), format!("{HOSTILE} 好"));
    assert!(message.calls_bot && !message.segments.contains(&Segment::MentionAll));
    assert!(
        message
            .segments
            .contains(&Segment::Image("https://img.example/a?b=1&c=2".to_owned()))
    );
    assert_eq!((message.name.as_str(), message.card.as_str()), ("阿月", "茶王"));
}

/// Everything that is said arrives as it was meant.
async fn says(house: &House, peer: &mut Peer) {
    let content = vec![
        Segment::Reply("m-1".into()),
        Segment::Mention("qq/7001".into()),
        Segment::Text(format!("\n\n {HOSTILE}\n")),
    ];
    let asking = house.saying("qq/3001", content);
    let called = loop {
        let called = peer.tells("called").await;
        if called["action"] == "message.create" {
            break called;
        }
        assert_eq!(called["action"], "channel.list", "where its text channel is");
    };
    assert_eq!(called["params"]["channel_id"], "3001");
    assert_eq!((&called["at"], &called["quote"]), (&json!(["7001"]), &json!(["m-1"])));
    let words = HOSTILE.replace("@所有人", "＠所有人");
    assert_eq!(called["text"], format!("\n\n {words}\n"));
    let headers = json!({"satori-platform": "qq", "satori-user-id": "9000", "x-platform": "qq", "x-self-id": "9000"});
    assert_eq!(called["headers"], headers);
    let outcome = asking.await.unwrap();
    assert!(word(&outcome).starts_with("done said-"), "{outcome:?}");
}

async fn until_connected(peer: &mut Peer) {
    loop {
        peer.tell(&json!({"connections": true}));
        if peer.tells("connections").await == 1 {
            return;
        }
    }
}

#[tokio::test]
async fn events_over_a_websocket_and_calls_over_http() {
    let port = free_port();
    let Some(mut peer) = peer(json!({"port": port, "token": "sesame"})).await else {
        return;
    };
    let mut house = open(gateway(port, |it| it.timeout = Duration::from_millis(700))).await;
    until_connected(&mut peer).await;
    says(&house, &mut peer).await;
    hears(&mut house, &mut peer).await;
    for (deed, action, params) in [
        (
            Deed::RenameGroup {
                group: "qq/3001".into(),
                name: "春茶".to_owned(),
            },
            "channel.update",
            json!({"channel_id": "3001", "data": {"name": "春茶"}}),
        ),
        (
            Deed::Recall {
                group: "qq/3001".into(),
                message: "m-1".into(),
            },
            "message.delete",
            json!({"channel_id": "3001", "message_id": "m-1"}),
        ),
        (
            Deed::Kick {
                group: "qq/3001".into(),
                person: "qq/7001".into(),
            },
            "guild.member.kick",
            json!({"guild_id": "3001", "user_id": "7001"}),
        ),
    ] {
        // Koishi answers with words where there is nothing to tell.
        for fault in [Value::Null, json!("words")] {
            peer.tell(&json!({"fault": fault}));
            peer.tells("minded").await;
            let asking = house.asking(deed.clone());
            let called = peer.tells("called").await;
            assert_eq!((&called["action"], &called["params"]), (&json!(action), &params));
            assert_eq!(word(&asking.await.unwrap()), "done");
        }
    }
    let outcomes = [
        (json!("hang"), "unknown: no answer in time"),
        (json!(400), "refused: HTTP 400"),
        (json!(403), "postponed: HTTP 403"),
        (json!(404), "refused: HTTP 404"),
        (json!(429), "postponed: HTTP 429"),
        (json!(500), "unknown: HTTP 500"),
        (json!(501), "refused: HTTP 501"),
        (json!(503), "postponed: HTTP 503"),
        (Value::Null, "done said-"),
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
    assert_eq!(house.gateway.who_am_i().await.unwrap().name, "小群");
    assert_eq!(house.gateway.groups().await.unwrap()[0].name, "茶友会");
    let members = house.gateway.members(&"qq/3001".into()).await.unwrap();
    let names: Vec<&str> = members.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["阿月", "老王"], "over two pages");
}

#[tokio::test]
async fn comings_and_goings_and_whispers() {
    let port = free_port();
    let Some(mut peer) = peer(json!({"port": port, "token": "sesame"})).await else {
        return;
    };
    let mut house = open(gateway(port, |_| ())).await;
    until_connected(&mut peer).await;
    let about = |kind: &str, user: &str, operator: &str| {
        json!({"type": kind, "guild": {"id": "3001"}, "channel": {"id": "3001", "type": 0}, "user": {"id": user},
            "operator": {"id": operator}, "message": {"id": "m-1"}})
    };
    for (kind, user, operator) in [
        ("guild-member-added", "7002", "7001"),
        ("guild-member-removed", "7002", "7001"),
        ("guild-member-removed", "7002", "7002"),
        ("message-deleted", "7002", "7002"),
        ("guild-member-added", "9000", "7001"),
        ("guild-removed", "9000", "7001"),
        ("reaction-added", "7001", "7001"),
    ] {
        peer.tell(&json!({"emit": about(kind, user, operator)}));
        peer.tells("emitted").await;
        if kind == "reaction-added" {
            continue;
        }
        let happening = house.heard().await.happening;
        assert_eq!(happening.group().unwrap().as_str(), "qq/3001");
        match (kind, happening) {
            ("guild-member-added", Happening::Joined { by, .. }) => assert_eq!(by, Some("qq/7001".into())),
            ("guild-member-removed", Happening::Left { how, .. }) => {
                assert_eq!(how == LeftHow::Kicked, user != operator);
            }
            ("message-deleted", Happening::Recalled { message, .. }) => assert_eq!(message.as_str(), "m-1"),
            ("guild-member-added", Happening::BotJoined { .. }) => assert_eq!(user, "9000"),
            ("guild-removed", Happening::BotRemoved { .. }) => {}
            (kind, other) => panic!("{kind}: {other:?}"),
        }
    }
    let whisper = |words: &str| Deed::Whisper {
        person: "qq/7001".into(),
        content: vec![Segment::Text(words.to_owned())],
    };
    let asking = house.asking(whisper("在"));
    assert_eq!(peer.tells("called").await["action"], "user.channel.create");
    assert_eq!(peer.tells("called").await["params"]["channel_id"], "private:7001");
    assert!(word(&asking.await.unwrap()).starts_with("done said-"));
}

#[tokio::test]
async fn what_was_missed_is_asked_for_again_and_told_once() {
    let port = free_port();
    let Some(mut peer) = peer(json!({"port": port, "token": "sesame"})).await else {
        return;
    };
    let mut house = open(gateway(port, |_| ())).await;
    until_connected(&mut peer).await;
    peer.tell(&json!({"emit": said("m-1", "第一句"), "times": 2}));
    let (one, other) = (house.heard().await, house.heard().await);
    assert_eq!(one.id, other.id, "what is told twice is the same event");
    peer.tell(&json!({"drop": true}));
    peer.tells("dropped").await;
    peer.tell(&json!({"emit": said("m-2", "不在的时候")}));
    peer.tells("emitted").await;
    // Nobody was there to hear it; it comes with the next connection.
    assert_eq!(text_of(&message(&mut house).await.segments), "不在的时候");
    until_connected(&mut peer).await;
    hears(&mut house, &mut peer).await;
}

#[tokio::test]
async fn posted_events_show_the_secret() {
    let port = free_port();
    let posted = |it: &mut SatoriSettings| {
        it.events = Events::Posted;
        it.secret = Some("knock".into());
    };
    let mut house = open(gateway(port, posted)).await;
    let post = format!("http://{}", house.hook);
    let how = json!({"port": port, "token": "sesame", "post": post, "secret": "knock"});
    let Some(mut peer) = peer(how).await else { return };
    hears(&mut house, &mut peer).await;
    says(&house, &mut peer).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for (shown, status) in [("Bearer wrong", 403), ("Bearer ", 403), ("", 401)] {
        let mut asking = client
            .post(&post)
            .header("satori-opcode", "0")
            .body(said("m-9", "x").to_string());
        if !shown.is_empty() {
            asking = asking.header("authorization", shown);
        }
        assert_eq!(asking.send().await.unwrap().status(), status, "{shown}");
    }
    // A socket's gateway takes nothing that is posted.
    let socket = open(gateway(port, |_| ())).await;
    let posting = client
        .post(format!("http://{}", socket.hook))
        .body(said("m-9", "x").to_string());
    assert_eq!(posting.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn of_several_accounts_ours_is_named_and_its_features_are_what_it_can_do() {
    let port = free_port();
    let features = [
        "message.create",
        "message.delete",
        "channel.update",
        "guild.member.list",
    ];
    let how = json!({"port": port, "token": "sesame", "bots": ["9000", "9001"], "features": features});
    let Some(mut peer) = peer(how).await else { return };
    let nobody = open(gateway(port, |it| it.events = Events::Posted)).await;
    let outcome = nobody
        .saying("qq/3001", vec![Segment::Text("喂".to_owned())])
        .await
        .unwrap();
    assert!(
        word(&outcome).starts_with("postponed: the gateway holds several accounts"),
        "{outcome:?}"
    );
    let ours = |it: &mut SatoriSettings| (it.platform, it.bot) = (Some("qq".to_owned()), Some("9001".to_owned()));
    let mut house = open(gateway(port, ours)).await;
    until_connected(&mut peer).await;
    for bot in ["9000", "9001"] {
        peer.tell(&json!({"emit": said(bot, "在吗"), "bot": bot}));
    }
    let heard = message(&mut house).await;
    assert_eq!(
        heard.message.as_str(),
        "9001",
        "what happens to the other account is none of ours"
    );
    let can = house.gateway.capabilities();
    assert!(
        can.contains(&Capability::RenameGroup) && !can.contains(&Capability::Kick),
        "{can:?}"
    );
}

/// Texts that have hurt somebody.
const TEXTS: [&str; 12] = [
    HOSTILE,
    "",
    " ",
    "\n",
    "  \n\n x \n y\n\nz  \n",
    "&amp;lt; &#60; &#x3c; &",
    "<<<>>> </at> <!-- x --> <",
    "a=\"b\" 'c' no-d",
    "\u{3000}\n\u{3000}",
    "{{ x }} {#if} @all",
    "<p>x</p><br/>",
    "\u{200b}\t\r",
];

#[tokio::test]
async fn elements_are_read_by_others_as_we_meant_them_and_by_us_as_others_meant_them() {
    let Some(mut koishi) = started_by_node("elements.cjs", &[]) else {
        return;
    };
    let Some(mut python) = peer(json!({"port": free_port()})).await else {
        return;
    };
    for text in TEXTS {
        let content = [
            Segment::Text(text.to_owned()),
            Segment::Mention("qq/7\"<1>&".into()),
            Segment::Text(text.to_owned()),
            Segment::MentionAll,
        ];
        let written = content::write(&content).unwrap();
        for other in [&mut koishi, &mut python] {
            other.tell(&json!({"read": written}));
            let read = other.tells("read").await;
            let words = qunying::chat::calling_nobody(text).repeat(2);
            assert_eq!(
                (&read["text"], &read["at"]),
                (&json!(words), &json!(["7\"<1>&", "all"])),
                "{written}"
            );
        }
        koishi.tell(&json!({"write": [["text", text], ["at", "7001"], ["b", text], ["all", ""], ["img", "x&y\"z"]]}));
        let written = koishi.tells("write").await;
        let read = content::read(&"qq".into(), written.as_str().unwrap());
        // Line breaks beside tags are for whoever reads the source.
        koishi.tell(&json!({"read": written}));
        assert_eq!(koishi.tells("read").await["text"], text_of(&read), "{written}");
        let others: Vec<&Segment> = read.iter().filter(|it| !matches!(it, Segment::Text(_))).collect();
        let meant = [
            &Segment::Mention("qq/7001".into()),
            &Segment::MentionAll,
            &Segment::Image("x&y\"z".to_owned()),
        ];
        assert_eq!(others, meant);
    }
}

#[tokio::test]
async fn its_login_says_whether_the_account_is_there() {
    let port = free_port();
    let Some(mut peer) = peer(json!({"port": port, "token": "sesame"})).await else {
        return;
    };
    let mut house = open(gateway(port, |_| ())).await;
    until_connected(&mut peer).await;
    // A connection that is made again (4) is no news.
    for (status, news) in [
        (0, Some(false)),
        (4, None),
        (1, Some(true)),
        (3, Some(false)),
        (1, Some(true)),
    ] {
        let login = json!({"sn": 0, "platform": "qq", "user": {"id": "9000"}, "status": status});
        peer.tell(&json!({"emit": {"type": "login-updated", "login": login}}));
        peer.tells("emitted").await;
        let Some(expected) = news else { continue };
        let heard = house.heard().await.happening;
        assert!(
            matches!(heard, Happening::Account { online, .. } if online == expected),
            "{heard:?}"
        );
    }
    assert_eq!(house.gateway.is_online().await, Some(true));
}
