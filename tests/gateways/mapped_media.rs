//! Pictures and files through a mapping: by address, by path, by their bytes, and in words where nothing shows them.

use std::sync::Arc;

use qunying::chat::{Deed, Moment, Outcome, Segment};
use qunying::config::Config;
use qunying::gateway::document::Document;
use qunying::gateway::picture::Sort;
use qunying::gateway::{Gateway, Picture, parts};
use serde_json::{Value, json};

use crate::fake::{Answers, Fake, action, fake};

const GEWECHAT: &str = include_str!("../../docs/mappings/gewechat.toml");
const FERRY: &str = include_str!("../../docs/mappings/wechatferry.toml");

/// A mapping of one's own, with requests for pictures and files.
fn own(send: &str) -> String {
    format!(
        "[gateway.own]\nkind = \"mapped\"\napi = \"http://127.0.0.1:1\"\n[gateway.own.send]\n\
         say = {{ path = \"say\", body = {{ to = \"{{group}}\", text = \"{{text}}\" }} }}\n\
         whisper = {{ path = \"whisper\", body = {{ to = \"{{person}}\", text = \"{{text}}\" }} }}\n{send}\n"
    )
}

fn served(text: &str) -> String {
    format!("{text}\n[media]\ndir = \"/shop/media\"\nurl = \"https://shop.example/media/\"\n")
}

fn at(text: &str, fake: &Fake) -> Arc<Gateway> {
    let line = text.lines().find(|line| line.starts_with("api ")).unwrap();
    let text = text.replace(line, &format!("api = \"{}\"", fake.address));
    let text = text.replace("${GEWE_APP_ID}", "wx_app").replace("${GEWE_TOKEN}", "T");
    let config = Config::from_text(&text, "c.toml");
    let config = config.unwrap_or_else(|bad| panic!("{}", bad.iter().map(|it| format!("{it}\n")).collect::<String>()));
    config.gateways[0].clone()
}

fn tea() -> Segment {
    let picture = Picture {
        name: "2026/茶 单.png".to_owned(),
        sort: Sort::Png,
        bytes: b"\x89PNG\r\n\x1a\nhi".to_vec(),
    };
    Segment::Image(picture.place())
}

fn menu() -> Segment {
    let document = Document {
        name: "menu.pdf".to_owned(),
        bytes: b"%PDF".to_vec(),
    };
    Segment::File {
        place: document.place(),
        name: "菜单.pdf".to_owned(),
    }
}

fn words(text: &str) -> Segment {
    Segment::Text(text.to_owned())
}

/// What the other end is asked for a message, in parts as it is sent.
async fn asked(gateway: &Gateway, fake: &Fake, content: Vec<Segment>, in_private: bool) -> Vec<(String, Value)> {
    let before = fake.calls().len();
    for content in parts::parts(&content, &gateway.limits()) {
        let name = gateway.name();
        let deed = match in_private {
            true => Deed::Whisper {
                person: format!("{name}/p").as_str().into(),
                content,
            },
            false => Deed::Say {
                group: format!("{name}/g").as_str().into(),
                content,
            },
        };
        let outcome = gateway.perform(&action(deed), Moment::START).await;
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    }
    let calls = fake.calls();
    calls[before..]
        .iter()
        .map(|call| (call.path.clone(), call.json()))
        .collect()
}

async fn yes(answer: &'static str) -> Fake {
    fake(Answers::With(200, "", answer)).await
}

#[tokio::test]
async fn gewechat_fetches_pictures_and_files() {
    let fake = yes(r#"{"ret":200}"#).await;
    let gateway = at(&served(GEWECHAT), &fake);
    assert!(gateway.limits().picture > 0 && gateway.limits().file > 0);
    let content = vec![words("今日茶单"), tea(), words("请看"), menu()];
    assert_eq!(
        asked(&gateway, &fake, content, false).await,
        [
            (
                "/message/postText".to_owned(),
                json!({"appId": "wx_app", "toWxid": "g", "content": "今日茶单", "ats": ""})
            ),
            (
                "/message/postImage".to_owned(),
                json!({"appId": "wx_app", "toWxid": "g", "imgUrl": "https://shop.example/media/2026/%E8%8C%B6%20%E5%8D%95.png"})
            ),
            (
                "/message/postText".to_owned(),
                json!({"appId": "wx_app", "toWxid": "g", "content": "请看", "ats": ""})
            ),
            (
                "/message/postFile".to_owned(),
                json!({"appId": "wx_app", "toWxid": "g", "fileUrl": "https://shop.example/media/menu.pdf", "fileName": "菜单.pdf"})
            ),
        ]
    );
    let picture = Segment::Image("https://img.example/a.png".to_owned());
    assert_eq!(
        asked(&gateway, &fake, vec![picture], true).await,
        [(
            "/message/postImage".to_owned(),
            json!({"appId": "wx_app", "toWxid": "p", "imgUrl": "https://img.example/a.png"})
        )]
    );
    // Without an address to fetch it from it cannot be given what stands in the folder.
    let limits = at(GEWECHAT, &fake).limits();
    assert_eq!((limits.picture, limits.file), (0, 0));
}

#[tokio::test]
async fn ferry_reads_them_from_its_own_disk() {
    let fake = yes(r#"{"status":0}"#).await;
    let gateway = at(&served(FERRY), &fake);
    let asked = asked(&gateway, &fake, vec![tea(), menu()], false).await;
    assert_eq!(
        asked[0],
        (
            "/image".to_owned(),
            json!({"path": "/shop/media/2026/茶 单.png", "receiver": "g"})
        )
    );
    assert_eq!(
        asked[1],
        (
            "/file".to_owned(),
            json!({"path": "/shop/media/menu.pdf", "receiver": "g"})
        )
    );
    assert!(at(FERRY, &fake).limits().picture > 0, "a path needs no address");
}

#[tokio::test]
async fn bytes_go_as_base64() {
    let fake = yes("{}").await;
    let send = "say_picture = { path = \"picture\", body = { to = \"{group}\", data = \"{data}\", mime = \"{mime}\" } }\n\
                whisper_file = { path = \"file/{file}\", body = { to = \"{person}\", address = \"{data_url}\" } }";
    let gateway = at(&own(send), &fake);
    assert_eq!(
        asked(&gateway, &fake, vec![tea()], false).await,
        [(
            "/picture".to_owned(),
            json!({"to": "g", "data": "iVBORw0KGgpoaQ==", "mime": "image/png"})
        )]
    );
    assert_eq!(
        asked(&gateway, &fake, vec![menu()], true).await,
        [(
            "/file/%E8%8F%9C%E5%8D%95.pdf".to_owned(),
            json!({"to": "p", "address": "data:application/octet-stream;base64,JVBERg=="})
        )]
    );
    // Only its address is known of a picture elsewhere: it is said.
    let elsewhere = vec![words("看"), Segment::Image("https://img.example/a.png".to_owned())];
    let said: Vec<String> = asked(&gateway, &fake, elsewhere, false)
        .await
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(said, ["/say", "/say"]);
}

#[tokio::test]
async fn where_nothing_shows_them_their_address_is_said_or_they_are_refused() {
    let fake = yes("{}").await;
    let gateway = at(&served(&own("")), &fake);
    assert!(gateway.limits().picture > 0 && gateway.limits().file > 0);
    let told = asked(&gateway, &fake, vec![words("看 "), tea(), menu()], false).await;
    let texts: Vec<&str> = told.iter().map(|(_, body)| body["text"].as_str().unwrap()).collect();
    assert_eq!(
        texts,
        [
            "看 https://shop.example/media/2026/%E8%8C%B6%20%E5%8D%95.png",
            "菜单.pdf https://shop.example/media/menu.pdf"
        ]
    );
    let gateway = at(&own(""), &fake);
    assert_eq!((gateway.limits().picture, gateway.limits().file), (0, 0));
    let deed = Deed::Say {
        group: "own/g".into(),
        content: vec![tea()],
    };
    let outcome = gateway.perform(&action(deed), Moment::START).await;
    let Outcome::Refused { why } = outcome else {
        panic!("{outcome:?}")
    };
    assert!(
        why.starts_with("`茶 单.png` can be given to this gateway neither by a request"),
        "{why}"
    );
}

#[test]
fn a_mapping_is_told_what_stands_for_what() {
    let wrong = |text: String| {
        let bad = Config::from_text(&text, "c.toml").unwrap_err();
        bad.iter().map(|it| format!("{it}\n")).collect::<String>()
    };
    let text = wrong(own("say_file = { path = \"x\", body = { text = \"{text}\" } }"));
    assert!(text.contains("nothing stands for {text} here"), "{text}");
    let url = wrong("[media]\nurl = \"media\"\n".to_owned());
    assert!(url.contains("is no address of a folder on the web"), "{url}");
}
