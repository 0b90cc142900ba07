//! A till beside the bot: coupons looked up, kept, used and unused over HTTP, answered once that is durable.

use serde_json::{Value, json};

use super::house::{Bot, House};

const CONFIG: &str = r#"
[manners]
quiet = ""
[staff]
ids = ["terminal/店长"]
[till.front]
token = "front-front-front-front"
[till.back]
token = "back-back-back-back-back"
"#;

const BOOK: &str = r#"
title = "券"
[redemption]
[coupon.tea]
title = "茶券"
worth = "5.00"
valid = "30d"
limit = { per_person = 5 }
[coupon.cake]
title = "点心券"
worth = "8.00"
min_spend = "20.00"
valid = "30d"
limit = { per_person = 5 }
[[rule]]
name = "茶"
on   = { message = "茶" }
then = [ { give = "tea" }, { say = "券码 {{ coupon.code }}" } ]
[[rule]]
name = "点心"
on   = { message = "点心" }
then = [ { give = "cake" }, { say = "券码 {{ coupon.code }}" } ]
"#;

fn house() -> House {
    let house = House::new(CONFIG);
    house.write("playbooks/coupons.toml", BOOK);
    house
}

/// Somebody gets a coupon; its code.
fn code(bot: &mut Bot, words: &str) -> String {
    assert_eq!(bot.post("/hooks/terminal", words).0, 200);
    bot.until("券码").rsplit(' ').next().unwrap().to_owned()
}

/// One request of a till under a key.
fn ask(bot: &Bot, (till, deed, key): (&str, &str, &str), body: &Value) -> (u16, Value) {
    let token = format!("{till}-").repeat(if till == "front" { 4 } else { 5 });
    let headers = format!(
        "Authorization: Bearer {}\r\nIdempotency-Key: {key}\r\n",
        token.trim_end_matches('-')
    );
    let (status, answer) = bot.send(
        ("POST", &format!("/api/v1/coupons/{deed}")),
        &headers,
        &body.to_string(),
    );
    (status, serde_json::from_str(&answer).unwrap())
}

fn look(bot: &Bot, code: &str) -> (u16, Value) {
    let path = format!("/api/v1/coupons/{code}");
    let (status, answer) = bot.send(("GET", &path), "Authorization: Bearer front-front-front-front\r\n", "");
    (status, serde_json::from_str(&answer).unwrap())
}

#[test]
fn a_coupon_is_kept_used_once_and_unused() {
    let house = house();
    let mut bot = house.run();
    let tea = code(&mut bot, "小明: 茶");
    let cake = code(&mut bot, "小明: 点心");
    let (status, seen) = look(&bot, &tea);
    assert_eq!(
        (status, &seen["usable"], &seen["coupons"][0]["owner"]),
        (200, &json!(true), &json!("小明"))
    );

    // Without the bill the cake is too little to say; nothing is kept, and each coupon says how it stands.
    let both = json!({ "codes": [tea, cake] });
    let (status, told) = ask(&bot, ("front", "reserve", "a"), &both);
    assert_eq!((status, &told["done"]), (409, &json!(false)));
    assert_eq!(
        (&told["coupons"][0]["ok"], &told["coupons"][1]["why"]),
        (&json!(true), &json!("no_bill"))
    );
    let (status, told) = ask(
        &bot,
        ("front", "reserve", "b"),
        &json!({ "codes": [tea, cake], "bill": "68.00", "minutes": 5 }),
    );
    assert_eq!(
        (status, &told["off"], &told["due"]),
        (200, &json!("13.00"), &json!("55.00"))
    );

    // Another till, and staff in chat, are told that it is kept.
    let (status, told) = ask(&bot, ("back", "redeem", "b"), &json!({ "codes": [tea] }));
    assert_eq!(
        (status, &told["coupons"][0]["why"], &told["coupons"][0]["by"]),
        (409, &json!("held"), &json!("front"))
    );
    bot.post("/hooks/terminal", &format!("店长: 核销 {tea}"));
    bot.until("为收银台「front」留着");

    let (status, told) = ask(&bot, ("front", "confirm", "c"), &json!({ "reservation": "b" }));
    assert_eq!(
        (status, &told["done"], &told["again"]),
        (200, &json!(true), &json!(false))
    );
    // The same request again is the same answer; the same key for another request is none.
    let (status, again) = ask(&bot, ("front", "confirm", "c"), &json!({ "reservation": "b" }));
    assert_eq!(
        (status, &again["done"], &again["again"]),
        (200, &json!(true), &json!(true))
    );
    assert_eq!(again["answered_at"], told["answered_at"]);
    let (status, _) = ask(&bot, ("front", "confirm", "c"), &json!({ "reservation": "a" }));
    assert_eq!(status, 422);

    let (status, told) = ask(&bot, ("back", "redeem", "d"), &json!({ "codes": [tea] }));
    assert_eq!(
        (status, &told["coupons"][0]["why"], &told["coupons"][0]["by"]),
        (409, &json!("was_used"), &json!("front"))
    );
    assert!(
        told["coupons"][0]["says"].as_str().unwrap().contains("已经用过"),
        "{told}"
    );

    // Killed without a word: what was answered stands, and so does what it was told.
    drop(bot);
    let bot = house.run();
    let (status, again) = ask(&bot, ("front", "confirm", "c"), &json!({ "reservation": "b" }));
    assert_eq!((status, &again["again"]), (200, &json!(true)));
    assert_eq!(ask(&bot, ("back", "undo", "e"), &json!({ "codes": [tea] })).0, 200);
    assert_eq!(look(&bot, &tea).1["usable"], json!(true));
    assert_eq!(look(&bot, "NOSUCHCODE1").0, 404);
    drop(bot);
    house.ask(&["coupons"]).is(0, "茶券");
    let counted = house.ask(&["coupons", "--format", "json"]);
    let counted: Value = serde_json::from_str(&counted.out).unwrap();
    assert_eq!(
        (&counted["all"]["count"], &counted["all"]["worth"]),
        (&json!(1), &json!(500))
    );
}

#[test]
fn what_is_wrong_with_a_request_is_said_and_nothing_is_done() {
    let house = house();
    let mut bot = house.run();
    let tea = code(&mut bot, "小明: 茶");
    let path = "/api/v1/coupons/redeem";
    let body = json!({ "codes": [tea] }).to_string();
    assert_eq!(bot.send(("POST", path), "Idempotency-Key: a\r\n", &body).0, 401);
    assert_eq!(
        bot.send(
            ("POST", path),
            "Authorization: Bearer no\r\nIdempotency-Key: a\r\n",
            &body
        )
        .0,
        403
    );
    let token = "Authorization: Bearer front-front-front-front\r\n";
    let (status, said) = bot.send(("POST", path), token, &body);
    assert!(status == 400 && said.contains("Idempotency-Key"), "{said}");
    for (deed, body) in [
        ("redeem", json!({ "codes": [] })),
        ("redeem", json!({ "codes": [tea, tea] })),
        ("redeem", json!({ "codes": [tea], "bill": "a lot" })),
        ("redeem", json!({ "codes": [tea], "bill": "-1" })),
        ("redeem", json!({ "code": tea })),
        ("redeem", json!({ "codes": vec![tea.as_str(); 21] })),
        ("reserve", json!({ "codes": [tea], "minutes": 0 })),
        ("reserve", json!({ "codes": [tea], "minutes": 121 })),
        ("confirm", json!({ "codes": [tea] })),
        ("undo", json!({ "codes": [tea], "bill": "1" })),
    ] {
        let (status, said) = ask(&bot, ("front", deed, "x"), &body);
        assert_eq!(status, 400, "{deed} {body}: {said}");
        assert!(said["next"].as_str().is_some_and(|next| !next.is_empty()), "{said}");
    }
    assert_eq!(ask(&bot, ("front", "sell", "x"), &json!({ "codes": [tea] })).0, 404);
    assert_eq!(look(&bot, &tea).1["usable"], json!(true));
    // The log names no code.
    let (_, said) = bot.stop();
    let logged: Vec<&str> = said
        .lines()
        .filter(|line| !line.contains("机器人:") && line.contains(&tea))
        .collect();
    assert!(logged.is_empty(), "{logged:?}");
}

#[test]
fn a_code_spoken_in_a_recording_is_the_same_coupon_in_a_dry_run() {
    let house = house();
    let mut bot = house.run();
    let tea = code(&mut bot, "小明: 茶");
    assert_eq!(ask(&bot, ("front", "reserve", "a"), &json!({ "codes": [tea] })).0, 200);
    assert_eq!(
        ask(&bot, ("front", "confirm", "b"), &json!({ "reservation": "a" })).0,
        200
    );
    bot.post("/hooks/terminal", &format!("店长: 撤销核销 {tea}"));
    bot.until("已撤销核销");
    bot.post("/hooks/terminal", &format!("店长: 核销 {tea}"));
    bot.until("已核销");
    bot.stop();
    let run = house.ask(&["dry-run", "--show", "events", "data/recording"]);
    for line in ["留着 小明 tea", "收银台: ✅ 茶券（小明）", "撤销核销 小明 tea"] {
        assert!(run.out.contains(line), "no {line} in {run:#?}");
    }
    assert_eq!(run.out.matches("核销 小明 tea").count(), 3, "{run:#?}");
}
