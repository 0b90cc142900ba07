//! Parity: what ran live is decided again by the same build, and nothing differs.

use super::house::{CONFIG, House};

const GIFTS: &str = r#"
title = "试"
[[rule]]
name = "礼包"
on = { message = "礼包" }
then = [ { give = "gift" }, { say = "{{ who }}，{{ coupon.code }}" } ]
otherwise = [ { say = "{{ who }}，{{ reason }}" } ]
[[rule]]
name = "欢迎"
on = "joined"
gather = "1s"
then = [ { say = "欢迎 {{ who }}" } ]
[coupon.gift]
title = "礼"
worth = "10"
valid = "30d"
limit = { per_person = "1 per year", total = 500 }
[vote.group-name]
open = "给群起名"
nominate = "起名"
ballot = "投"
open_for = "1d"
then = [ { rename_group = "{{ winner }}" }, { say = "从今天起我们叫「{{ winner }}」！" } ]
"#;

/// A life with everything in it: joins, gifts, a vote, orders by staff, edits, a kill, a restart, a shadow.
fn lived() -> House {
    let house = House::new(CONFIG);
    house.write("playbooks/gift.toml", GIFTS);
    let mut bot = house.run();
    let said = "+小明\n+小红\n小明: 礼包\n小明: 礼包\n小红: 礼包\n店长: 给群起名\n小明: 起名 山野茶友会\n小红: 投1\n";
    assert_eq!(bot.post("/hooks/terminal", said).0, 200);
    bot.until("欢迎");
    house.write(
        "playbooks/gift.toml",
        &GIFTS.replace("，{{ coupon.code }}", "：{{ coupon.code }}！"),
    );
    bot.until("剧本已重新读入");
    assert_eq!(bot.post("/hooks/terminal", "+小刚\n小刚: 礼包\n").0, 200);
    // Killed without a word, in the middle of a gathering.
    drop(bot);
    house.write("playbooks/gift.toml", GIFTS);
    let bot = house.run_as(&["--shadow"]);
    house.write(
        "config.toml",
        &format!("{CONFIG}[server]\nlisten = \"127.0.0.1:{}\"\n", bot.port()),
    );
    assert_eq!(bot.post("/hooks/terminal", "+小强\n小强: 礼包\n-小红\n").0, 200);
    house
        .ask(&["outbox", "--release", "--rule", "gift/礼包"])
        .is(0, "已记下");
    let (code, said) = bot.stop();
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = house.run().stop();
    assert_eq!(code, Some(0), "{said}");
    house
}

#[test]
fn the_build_that_ran_agrees_with_itself() {
    let house = lived();
    let agreed = house.ask(&["parity", "--live"]);
    agreed.is(0, "零差异");
    assert_eq!(agreed.out.lines().count(), 1, "{}", agreed.out);
    house.ask(&["parity", "data/recording"]).is(0, "零差异");
    house.ask(&["parity", "--live", "--lang", "en"]).is(0, "no difference");
    let json: serde_json::Value =
        serde_json::from_str(&house.ask(&["parity", "--live", "--format", "json"]).out).unwrap();
    assert_eq!(json["differing"], 0, "{json}");
    assert_eq!(json["fingerprint_then"], json["fingerprint_now"], "{json}");
    // It may be asked while the bot runs.
    let bot = house.run();
    house.ask(&["parity", "--live"]).is(0, "零差异");
    bot.stop();
}

#[test]
fn yesterday_is_compared_from_the_state_it_began_in() {
    let house = lived();
    house.ask(&["parity"]).is(0, "那天没有记录");
    let recording = house.dir().join("data/recording");
    let mut files: Vec<_> = std::fs::read_dir(&recording)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    let text: String = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    files.iter().for_each(|file| std::fs::remove_file(file).unwrap());
    // The first half becomes the day before yesterday's, the second yesterday's.
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let half = lines.len() / 2;
    let today = jiff::Zoned::now().in_tz("Asia/Shanghai").unwrap().date();
    for (back, part) in [(2, &lines[..half]), (1, &lines[half..])] {
        let day = today.checked_sub(jiff::Span::new().days(back)).unwrap();
        std::fs::write(recording.join(format!("recording-{day}.jsonl")), part.concat()).unwrap();
    }
    let answer = house.ask(&["parity"]);
    answer.is(0, "零差异");
    assert!(
        answer.out.contains(&format!("{} 条记录", lines.len() - half)),
        "{}",
        answer.out
    );
}

#[test]
fn a_difference_is_told_in_three_lines() {
    let house = lived();
    house.write(
        "config.toml",
        &CONFIG.replace("[manners]", "[community]\nsecret = \"another\"\n[manners]"),
    );
    let answer = house.ask(&["parity", "--live"]);
    answer.is(1, "第一处不同：");
    assert_eq!(answer.out.lines().count(), 3, "{}", answer.out);
    for words in ["小明: 礼包", "当时：", "这一版：", "条不同", "指纹：", "密钥"] {
        assert!(answer.out.contains(words), "no {words} in\n{}", answer.out);
    }
    let english = house.ask(&["parity", "--live", "--lang", "en"]);
    english.is(1, "first difference: record");
    assert_eq!(english.out.lines().count(), 3, "{}", english.out);
    // Another config is named as the cause.
    house.write(
        "config.toml",
        "[manners]\nquiet = \"\"\n[staff]\nids = [\"terminal/小明\"]\n",
    );
    house.ask(&["parity", "--live"]).is(1, "配置");
}

#[test]
fn a_recording_of_events_only_has_nothing_to_compare() {
    let house = House::new(CONFIG);
    house.write(
        "config.toml",
        &CONFIG.replace("[manners]", "[community]\nsecret = \"s\"\n[manners]"),
    );
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/recordings/tea-friends.jsonl");
    house.ask(&["parity", sample]).is(2, "只有事件");
    house.ask(&["parity", "nothing.jsonl"]).is(2, "出错：");
}
