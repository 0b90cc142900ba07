//! What is kept on disk: backup, restore, the check, and the outbox.

use super::house::{CONFIG, House};

/// A gateway that nobody answers for, so that what is sent to it waits.
const SILENT: &str = "[manners]\nquiet = \"\"\n[gateway.qq]\nkind = \"onebot11\"\napi = \"http://127.0.0.1:1\"\n";

/// What a OneBot gateway posts when somebody says `礼包` now.
fn gift() -> String {
    // Old news is not answered.
    let now = jiff::Timestamp::now().as_second();
    GIFT.replace("NOW", &now.to_string())
}

const GIFT: &str = r#"{"time":NOW,"self_id":10000,"post_type":"message","message_type":"group","sub_type":"normal",
  "message_id":7,"group_id":20,"user_id":30,"message":[{"type":"text","data":{"text":"礼包"}}],"raw_message":"礼包",
  "sender":{"user_id":30,"nickname":"小明","role":"member"}}"#;

#[test]
fn a_backup_taken_while_it_runs_can_be_put_back() {
    let house = House::new(CONFIG);
    let bot = house.run();
    assert_eq!(bot.post("/hooks/terminal", "+小明\n小明: 礼包").0, 200);
    house.ask(&["backup", "copy"]).is(0, "已备份到 copy");
    house.ask(&["backup", "copy"]).is(2, "不是空的");
    assert_eq!(bot.post("/hooks/terminal", "小明: 礼包").0, 200);
    let (code, said) = bot.stop();
    assert_eq!(code, Some(0), "{said}");
    house.ask(&["restore", "copy"]).is(2, "任何内容都不会被覆盖");

    let copy = house.dir().join("copy");
    let other = House::new(CONFIG);
    other.ask(&["restore", copy.to_str().unwrap()]).is(0, "已恢复到第");
    other.ask(&["store", "check"]).is(0, "一致");
    other.ask(&["store", "check", "--lang", "en"]).is(0, "they agree");
    let (code, said) = other.run().stop();
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_damaged_recording_is_named_with_its_line() {
    let house = House::new(CONFIG);
    let bot = house.run();
    assert_eq!(bot.post("/hooks/terminal", "小明: 礼包").0, 200);
    bot.stop();
    let recording = house.dir().join("data/recording");
    let files = std::fs::read_dir(&recording)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let file = files
        .into_iter()
        .find(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("小明", "小红", 1)).unwrap();
    let damaged = house.ask(&["store", "check"]);
    damaged.is(2, "录音已损坏：校验和与内容不符。");
    house
        .ask(&["store", "check", "--lang", "en"])
        .is(2, "the checksum does not fit the line");
}

#[test]
fn what_waits_is_listed() {
    let house = House::new(SILENT);
    house.ask(&["outbox"]).is(0, "发件箱是空的。");
    let bot = house.run();
    let (status, answer) = bot.post("/hooks/qq", &gift());
    assert_eq!(status, 204, "{answer}");
    let listed = house.ask(&["outbox"]);
    listed.is(0, "qq/20 ← 一份好礼");
    assert!(
        listed.out.contains("等待") && listed.out.contains("网关的回答"),
        "{}",
        listed.out
    );
    house.ask(&["outbox", "--lang", "en"]).is(0, "the gateway's answer");
    let json: serde_json::Value = serde_json::from_str(&house.ask(&["outbox", "--format", "json"]).out).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 1, "{json}");
    house
        .ask(&["outbox", "--discard", "nothing"])
        .is(2, "发件箱里没有 nothing");
    assert_eq!(bot.stop().0, Some(0));
    // What was not sent waits over a restart.
    house.ask(&["outbox"]).is(0, "一份好礼");
}

#[test]
fn an_order_about_the_outbox_reaches_the_bot_that_runs() {
    let house = House::new(SILENT);
    let bot = house.run();
    house.write(
        "config.toml",
        &format!("{SILENT}[server]\nlisten = \"127.0.0.1:{}\"\n", bot.port()),
    );
    assert_eq!(bot.post("/hooks/qq", &gift()).0, 204);
    let json: serde_json::Value = serde_json::from_str(&house.ask(&["outbox", "--format", "json"]).out).unwrap();
    let action = json[0]["action"]["id"].as_str().unwrap().to_owned();
    house.ask(&["outbox", "--discard", &action]).is(0, "已记下。");
    bot.stop();
    house.ask(&["outbox", "--discard", &action]).is(2, "出错：");
}
