//! In the shadow: everything but sending; drafts go out by hand, and never by themselves.

use serde_json::Value;

use super::house::{Bot, CONFIG, House};

/// Lets commands find a bot that listens where there was room.
fn reachable(house: &House, bot: &Bot) {
    house.write(
        "config.toml",
        &format!("{CONFIG}[server]\nlisten = \"127.0.0.1:{}\"\n", bot.port()),
    );
}

fn drafts(house: &House) -> Vec<Value> {
    let answer = house.ask(&["outbox", "--drafts", "--format", "json"]);
    serde_json::from_str(&answer.out).unwrap()
}

fn id(draft: &Value) -> &str {
    draft["action"]["id"].as_str().unwrap()
}

/// Whether a group was spoken to.
fn spoke(said: &str) -> bool {
    said.contains("| 机器人:")
}

const TWO_RULES: &str = r#"
title = "试"
[[rule]]
name = "礼包"
on = { message = "礼包" }
then = [ { say = "一份好礼" } ]
[[rule]]
name = "问好"
on = { message = "你好" }
then = [ { say = "您好呀" } ]
"#;

#[test]
fn nothing_is_sent_in_the_shadow_and_everything_else_happens() {
    let house = House::new(CONFIG);
    let mut bot = house.run_as(&["--shadow"]);
    assert_eq!(bot.post("/hooks/terminal", "小明: 礼包\n小红: 礼包\n").0, 200);
    house.ask(&["outbox", "--drafts"]).is(0, "一份好礼");
    house.ask(&["outbox"]).is(0, "草稿");
    house.ask(&["outbox", "--drafts", "--lang", "en"]).is(0, "written");
    assert_eq!(drafts(&house).len(), 2);
    let metrics = bot.get("/metrics").1;
    assert!(metrics.contains("qunying_drafts"), "{metrics}");
    bot.type_in("小明: 礼包");
    let (code, said) = bot.stop();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("影子运行"), "{said}");
    assert!(!spoke(&said), "something was sent:\n{said}");
    house.ask(&["store", "check"]).is(0, "一致");
    // The recording says so, and shows what would have gone out.
    let recording = std::fs::read_dir(house.dir().join("data/recording")).unwrap();
    let text: String = recording
        .filter_map(|entry| std::fs::read_to_string(entry.unwrap().path()).ok())
        .collect();
    assert!(text.contains("\"shadow\":{\"on\":true}"), "{text}");
    house
        .ask(&["dry-run", "data/recording", "--show", "events"])
        .is(0, "▸ 群: 一份好礼");
}

#[test]
fn drafts_stay_drafts_when_the_bot_goes_live_until_somebody_releases_them() {
    let house = House::new(CONFIG);
    let bot = house.run_as(&["--shadow"]);
    assert_eq!(bot.post("/hooks/terminal", "小明: 礼包\n").0, 200);
    assert_eq!(bot.stop().0, Some(0));
    let old = drafts(&house);

    let mut bot = house.run();
    reachable(&house, &bot);
    assert_eq!(bot.post("/hooks/terminal", "小红: 礼包\n").0, 200);
    // The live answer is the first thing said; the draft is still one.
    bot.until("一份好礼");
    assert_eq!(drafts(&house), old);
    house.ask(&["outbox", "--release", id(&old[0])]).is(0, "已记下。");
    bot.until("一份好礼");
    house.ask(&["outbox", "--release", id(&old[0])]).is(2, "出错：");
    house.ask(&["outbox", "--drafts"]).is(0, "没有草稿。");
    let (_, said) = bot.stop();
    assert_eq!(said.matches("一份好礼").count(), 2, "{said}");
    house.ask(&["store", "check"]).is(0, "一致");
}

#[test]
fn one_several_or_all_of_a_rule_are_released_or_dropped() {
    let house = House::new(CONFIG);
    house.write("playbooks/gift.toml", TWO_RULES);
    let mut bot = house.run_as(&["--shadow"]);
    reachable(&house, &bot);
    let said = "小明: 礼包\n小红: 礼包\n小明: 你好\n小红: 你好\n小刚: 你好\n";
    assert_eq!(bot.post("/hooks/terminal", said).0, 200);
    let all = drafts(&house);
    assert_eq!(all.len(), 5);
    house.ask(&["outbox", "--release"]).is(2, "没有说是哪些");
    house
        .ask(&["outbox", "--release", "nothing"])
        .is(2, "发件箱里没有 nothing");
    house
        .ask(&["outbox", "--release", "--rule", "gift/没有"])
        .is(2, "没有这样的草稿");
    house.ask(&["outbox", "--release", id(&all[0])]).is(0, "已记下。");
    bot.until("一份好礼");
    house
        .ask(&["outbox", "--discard", id(&all[2]), id(&all[3])])
        .is(0, "已记下 2 条。");
    house
        .ask(&["outbox", "--release", "--rule", "gift/问好"])
        .is(0, "已记下。");
    bot.until("您好呀");
    house.ask(&["outbox", "--discard", "--all"]).is(0, "已记下。");
    house.ask(&["outbox"]).is(0, "发件箱是空的。");
    let (code, said) = bot.stop();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("| 机器人:").count(), 2, "{said}");
}

#[test]
fn what_waited_when_the_shadow_fell_is_a_draft_too() {
    let silent = "[manners]\nquiet = \"\"\n[gateway.qq]\nkind = \"onebot11\"\napi = \"http://127.0.0.1:1\"\n";
    let house = House::new(silent);
    let bot = house.run();
    let now = jiff::Timestamp::now().as_second();
    let report = format!(
        r#"{{"time":{now},"self_id":10000,"post_type":"message","message_type":"group","sub_type":"normal","message_id":7,
        "group_id":20,"user_id":30,"message":[{{"type":"text","data":{{"text":"礼包"}}}}],"raw_message":"礼包",
        "sender":{{"user_id":30,"nickname":"小明","role":"member"}}}}"#
    );
    assert_eq!(bot.post("/hooks/qq", &report).0, 204);
    bot.stop();
    house.ask(&["outbox", "--drafts"]).is(0, "没有草稿。");
    let bot = house.run_as(&["--shadow"]);
    assert_eq!(drafts(&house).len(), 1);
    bot.stop();
    let bot = house.run();
    assert_eq!(drafts(&house).len(), 1, "going live sent an old draft");
    bot.stop();
}
