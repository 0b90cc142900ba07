//! `POST /orders`, as a shop's system meets it.

use qunying::chat::sale::SaleWhat;
use qunying::chat::{Event, Fen, Happening};
use qunying::engine::Dice;
use qunying::gateway::Shop;
use qunying::gateway::signature::{WebhookKey, headers};
use qunying::inbox::{Letter, NotAccepted};
use reqwest::Response;
use secrecy::SecretString;
use serde_json::Value;

use crate::house::{House, Letters, client, inbox_that, noon, open};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async fn shop_house(answers: Result<(), NotAccepted>) -> (House, Letters) {
    let (inbox, letters) = inbox_that(answers);
    let shop = Shop::new(
        &[SecretString::from(SECRET)],
        Dice::of(b"shop"),
        ["qq".into(), "wx".into()],
    );
    let house = open(inbox, |doors| doors.shop = Some(shop.unwrap())).await;
    (house, letters)
}

async fn post(house: &House, body: &str, signed: bool) -> Response {
    let key = WebhookKey::read(&SecretString::from(SECRET)).unwrap();
    let request = client()
        .post(format!("http://{}/orders", house.address))
        .body(body.to_owned());
    let headers = headers(Some(&key).filter(|_| signed), "d1", body.as_bytes(), noon());
    request.headers(headers).send().await.unwrap()
}

async fn refused(response: Response) -> (u16, String, String) {
    let status = response.status().as_u16();
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    let text = |key: &str| body[key].as_str().unwrap().to_owned();
    (status, text("error"), text("next"))
}

fn events(letters: &Letters) -> Vec<Event> {
    let letters = letters.lock().unwrap();
    let all = letters.iter().flat_map(|letter| match letter {
        Letter::Events(events) => events.clone(),
        _ => Vec::new(),
    });
    all.collect()
}

#[tokio::test]
async fn one_order_or_a_batch_is_taken_as_one_letter_and_no_number_is_in_it() {
    let (house, letters) = shop_house(Ok(())).await;
    let one = r#"{"order":"A1","kind":"paid","amount":"29.90","person":"qq/7001","phone":"13800001234","items":["茶"],"at":"2026-03-01T10:00:00+08:00"}"#;
    let response = post(&house, one, true).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.text().await.unwrap(), r#"{"accepted":1}"#);
    let batch = r#"{"orders":[{"order":7,"kind":"refunded","amount":"5.00","refund":"R1","phone":"+86 138-0000-1234"},{"order":7,"kind":"cancelled"}]}"#;
    assert_eq!(post(&house, batch, true).await.status(), 200);
    let list = r#"[{"order":"A2","kind":"refunded"}]"#;
    assert_eq!(post(&house, list, true).await.status(), 200);
    assert_eq!(letters.lock().unwrap().len(), 3);
    let events = events(&letters);
    let ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "orders/A1/paid",
            "orders/7/refunded/R1",
            "orders/7/cancelled",
            "orders/A2/refunded"
        ]
    );
    let sales: Vec<_> = events
        .iter()
        .map(|event| match &event.happening {
            Happening::Sale(sale) => sale,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(sales[0].what, SaleWhat::Paid { amount: Fen(2_990) });
    assert_eq!(sales[0].phone, sales[1].phone);
    assert_eq!(sales[0].phone.as_ref().unwrap().tail, "1234");
    assert_eq!(events[0].at.millis(), 1_772_330_400_000);
    let written = serde_json::to_string(&events).unwrap();
    assert!(!written.contains("13800001234"), "{written}");
}

#[tokio::test]
async fn what_is_not_sound_is_refused_as_a_whole_with_its_place() {
    let (house, letters) = shop_house(Ok(())).await;
    let bad = [
        (r#"{"order":"A1","kind":"paid"}"#, "$: `amount` is missing"),
        (
            r#"{"order":"A1","kind":"paid","amount":29.9}"#,
            "$.amount: an amount is written in yuan",
        ),
        (
            r#"{"order":"A1","kind":"paid","amount":"-1.00"}"#,
            "$.amount: an amount is not negative",
        ),
        (
            r#"{"order":"A1","kind":"bought","amount":"1.00"}"#,
            "$.kind: this is one of paid",
        ),
        (r#"{"order":"","kind":"cancelled"}"#, "$.order: an id may not be empty"),
        (
            r#"{"order":"A1","kind":"cancelled","amount":"1.00"}"#,
            "$.amount: `amount` says nothing here",
        ),
        (
            r#"{"order":"A1","kind":"refunded","amount":"1.00"}"#,
            "$: a refund of an amount needs `refund`",
        ),
        (
            r#"{"order":"A1","kind":"refunded","amount":"0.00","refund":"R"}"#,
            "$: a refund of nothing",
        ),
        (
            r#"{"order":"A1","kind":"paid","amount":"1.00","person":"tg/1"}"#,
            "$.person: `tg` is no gateway",
        ),
        (
            r#"{"order":"A1","kind":"paid","amount":"1.00","person":"7001"}"#,
            "$.person: a person is written GATEWAY/ID",
        ),
        (
            r#"{"order":"A1","kind":"paid","amount":"1.00","phone":"138****1234"}"#,
            "$.phone: this is no phone number",
        ),
        (
            r#"{"order":"A1","kind":"paid","amount":"1.00","fone":"1"}"#,
            "did you mean `phone`",
        ),
        (
            r#"[{"order":"A1","kind":"cancelled"},{"order":"A2"}]"#,
            "$[1]: `kind` is missing",
        ),
        (r#"{"orders":[{"order":"A1","kind":"x"}]}"#, "$.orders[0].kind"),
        (r#"{"order":"A1","order":"A2","kind":"cancelled"}"#, "stands twice"),
        ("nonsense", "line 1 column"),
    ];
    for (body, expected) in bad {
        let (status, error, next) = refused(post(&house, body, true).await).await;
        assert_eq!(status, 400, "{body}");
        assert!(error.contains(expected), "{body}: {error}");
        assert!(!error.contains("138****1234"), "{error}");
        assert_eq!(next, "see docs/orders.md for the form");
    }
    assert!(letters.lock().unwrap().is_empty());
}

#[tokio::test]
async fn only_who_knows_the_secret_tells_orders_and_only_what_is_durable_is_accepted() {
    let order = r#"{"order":"A1","kind":"cancelled"}"#;
    let (house, letters) = shop_house(Ok(())).await;
    let (status, error, _) = refused(post(&house, order, false).await).await;
    assert_eq!((status, error.as_str()), (401, "header webhook-signature is missing"));
    let request = client().post(format!("http://{}/orders", house.address)).body(order);
    let key = WebhookKey::read(&SecretString::from(SECRET)).unwrap();
    let other = headers(Some(&key), "d1", b"another body", noon());
    assert_eq!(request.headers(other).send().await.unwrap().status(), 403);
    assert!(letters.lock().unwrap().is_empty());

    let (full, _) = shop_house(Err(NotAccepted::Full)).await;
    assert_eq!(post(&full, order, true).await.status(), 503);

    let (inbox, _) = inbox_that(Ok(()));
    let closed = open(inbox, |_| ()).await;
    let (status, _, next) = refused(post(&closed, order, true).await).await;
    assert_eq!(status, 404);
    assert!(next.contains("[orders]"), "{next}");
}
