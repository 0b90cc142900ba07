//! Pictures of the media folder, as each protocol takes them.

use hyper::HeaderMap;
use hyper::header::CONTENT_TYPE;
use qunying::chat::{Deed, GatewayName, GroupId, Moment, Outcome, Segment};
use qunying::gateway::document::Document;
use qunying::gateway::picture::Sort;
use qunying::gateway::{
    Gateway, MessageForm, Native, NativeSettings, OneBot11, OneBot11Settings, OneBot12, OneBot12Settings, Picture,
    WechatBot, WechatBotSettings, multipart, satori,
};
use serde_json::json;

use crate::fake::{Answers, Fake, action, fake};

/// Its base64 is `iVBORw0KGgpoaQ==`.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nhi";

fn picture() -> Segment {
    let picture = Picture {
        name: "茶单.png".to_owned(),
        sort: Sort::Png,
        bytes: PNG.to_vec(),
    };
    Segment::Image(picture.place())
}

fn said(gateway: &str, content: Vec<Segment>) -> Deed {
    let group = GroupId::at(&GatewayName::new(gateway), "3001");
    Deed::Say { group, content }
}

fn words() -> Segment {
    Segment::Text("今天的茶单".to_owned())
}

async fn ok(answer: &'static str) -> Fake {
    fake(Answers::With(200, "", answer)).await
}

#[tokio::test]
async fn onebot11_gets_its_bytes_in_the_message() {
    for form in [MessageForm::Segments, MessageForm::CqString] {
        let fake = ok(r#"{"status":"ok","retcode":0,"data":{"message_id":5}}"#).await;
        let mut settings = OneBot11Settings::new(GatewayName::new("qq"));
        (settings.api, settings.messages) = (Some(fake.address.clone()), form);
        let gateway = Gateway::OneBot11(OneBot11::new(settings).unwrap());
        let outcome = gateway
            .perform(&action(said("qq", vec![words(), picture()])), Moment::START)
            .await;
        assert!(matches!(outcome, Outcome::Done { message: Some(_) }), "{outcome:?}");
        let message = &fake.calls()[0].json()["message"];
        let expected = match form {
            MessageForm::Segments => json!([
                {"type": "text", "data": {"text": "今天的茶单"}},
                {"type": "image", "data": {"file": "base64://iVBORw0KGgpoaQ=="}},
            ]),
            MessageForm::CqString => json!("今天的茶单[CQ:image,file=base64://iVBORw0KGgpoaQ==]"),
        };
        assert_eq!(*message, expected);
    }
}

#[tokio::test]
async fn onebot12_is_given_a_picture_once_a_day() {
    let fake = ok(r#"{"status":"ok","retcode":0,"data":{"file_id":"f-1","message_id":"m-1"},"message":""}"#).await;
    let mut settings = OneBot12Settings::new(GatewayName::new("wx"));
    settings.api = Some(fake.address.clone());
    let gateway = Gateway::OneBot12(OneBot12::new(settings).unwrap());
    let say = action(said("wx", vec![words(), picture()]));
    let hour = std::time::Duration::from_secs(3600);
    for at in [Moment::START, Moment::START.plus(hour), Moment::START.plus(25 * hour)] {
        let outcome = gateway.perform(&say, at).await;
        assert!(matches!(outcome, Outcome::Done { message: Some(_) }), "{outcome:?}");
    }
    let calls = fake.calls();
    let named = |name: &str| {
        calls
            .iter()
            .map(|call| call.json())
            .filter(|it| it["action"] == name)
            .collect::<Vec<_>>()
    };
    let uploads = named("upload_file");
    assert_eq!(uploads.len(), 2);
    assert_eq!(
        uploads[0]["params"],
        json!({"type": "data", "name": "茶单.png", "data": "iVBORw0KGgpoaQ=="})
    );
    let sent = named("send_message");
    assert_eq!(sent.len(), 3);
    assert_eq!(
        sent[2]["params"]["message"][1],
        json!({"type": "image", "data": {"file_id": "f-1"}})
    );
}

#[test]
fn satori_gets_an_element_with_its_bytes() {
    let written = satori::content::write(&[picture()]).unwrap();
    assert_eq!(written, "<img src=\"data:image/png;base64,iVBORw0KGgpoaQ==\"/>");
}

#[tokio::test]
async fn the_native_form_has_its_bytes_and_its_name() {
    let fake = ok("{}").await;
    let mut settings = NativeSettings::new(GatewayName::new("mine"));
    settings.api = Some(fake.address.clone());
    let gateway = Gateway::Native(Native::new(settings).unwrap());
    gateway
        .perform(&action(said("mine", vec![words(), picture()])), Moment::START)
        .await;
    let body = fake.calls()[0].json();
    assert_eq!(body["text"], "今天的茶单茶单.png");
    assert_eq!(
        body["segments"][1],
        json!({"image": "data:image/png;base64,iVBORw0KGgpoaQ==", "name": "茶单.png"})
    );
}

/// `%PDF` in base64 is `JVBERg==`.
fn file() -> Segment {
    let document = Document {
        name: "菜单.pdf".to_owned(),
        bytes: b"%PDF".to_vec(),
    };
    Segment::File {
        place: document.address(),
        name: document.name,
    }
}

#[tokio::test]
async fn a_file_to_keep_goes_as_each_protocol_has_it() {
    let fake = ok(r#"{"status":"ok","retcode":0,"data":{"message_id":5}}"#).await;
    let mut settings = OneBot11Settings::new(GatewayName::new("qq"));
    settings.api = Some(fake.address.clone());
    let gateway = Gateway::OneBot11(OneBot11::new(settings).unwrap());
    gateway.perform(&action(said("qq", vec![file()])), Moment::START).await;
    let expected = json!([{"type": "file", "data": {"file": "base64://JVBERg==", "name": "菜单.pdf"}}]);
    assert_eq!(fake.calls()[0].json()["message"], expected);

    let fake = ok(r#"{"status":"ok","retcode":0,"data":{"file_id":"f-1","message_id":"m-1"},"message":""}"#).await;
    let mut settings = OneBot12Settings::new(GatewayName::new("wx"));
    settings.api = Some(fake.address.clone());
    let gateway = Gateway::OneBot12(OneBot12::new(settings).unwrap());
    gateway.perform(&action(said("wx", vec![file()])), Moment::START).await;
    let calls: Vec<_> = fake.calls().iter().map(|call| call.json()).collect();
    let is = |name: &str| calls.iter().find(|it| it["action"] == name).unwrap()["params"].clone();
    assert_eq!(
        is("upload_file"),
        json!({"type": "data", "name": "菜单.pdf", "data": "JVBERg=="})
    );
    assert_eq!(
        is("send_message")["message"],
        json!([{"type": "file", "data": {"file_id": "f-1"}}])
    );

    let written = satori::content::write(&[file()]).unwrap();
    let expected = "<file src=\"data:application/octet-stream;base64,JVBERg==\" title=\"菜单.pdf\"/>";
    assert_eq!(written, expected);
}

#[tokio::test]
async fn wechatbot_gets_a_form() {
    let fake = ok(r#"{"success":true,"message":"Message sent successfully"}"#).await;
    let mut settings = WechatBotSettings::new(GatewayName::new("wx"));
    settings.api = Some(fake.address.clone());
    let gateway = Gateway::WechatBot(WechatBot::new(settings).unwrap());
    let outcome = gateway
        .perform(&action(said("wx", vec![picture()])), Moment::START)
        .await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    let call = &fake.calls()[0];
    assert_eq!(call.path, "/webhook/msg");
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, call.headers["content-type"].clone())]);
    let parts = multipart::parts(&headers, &call.body).unwrap();
    let told: Vec<_> = parts
        .iter()
        .map(|part| (part.name.as_str(), part.file.as_deref(), &part.bytes[..]))
        .collect();
    assert_eq!(
        told,
        [
            ("to", None, &b"3001"[..]),
            ("isRoom", None, b"1"),
            ("content", Some("茶单.png"), PNG),
        ]
    );
}
