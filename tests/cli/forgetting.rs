//! `export` and `forget`: what is kept of one person, handed out and taken away; proven by looking at every byte on the disk.

use std::path::{Path, PathBuf};

use super::house::House;
use super::ordering::{SECRET, tell};

const CONFIG: &str = r#"
[manners]
quiet = ""
[staff]
ids = ["qq/90000001"]
[gateway.qq]
kind = "onebot11"
api = "http://127.0.0.1:1"
[gateway.shop]
kind = "native"
"#;

const BOOK: &str = r#"
title = "茶"
[privacy]
consent = "none"
[opting_out]
[points]
[birthday]
[coupon.tea]
title = "茶券"
worth = "5.00"
valid = "30d"
limit = { per_person = 3 }
[[rule]]
name = "礼包"
on   = { message = "礼包" }
then = [ { give = "tea" }, { points = 7 }, { say = "{{ who }} 拿走一张茶券", mention = true } ]
[[rule]]
name = "转告"
on   = { matches = '^告诉老板(?<what>.+)$' }
then = [ { say = "{{ who }} 说：{{ captures.what }}", to = "staff" }, { set = { wish = "{{ captures.what }}" } } ]
[[rule]]
name  = "回访"
on    = "points.earned"
after = "3h"
then  = [ { say = "{{ who }}，茶还喝得惯吗？", to = "person" } ]
"#;

/// Who is to be forgotten, and everything that says so.
const ID: &str = "3000471100";
const TRACES: [&str; 8] = [
    ID,
    "柳如烟乙",
    "烟雨楼主",
    "13800137777",
    "八月十五",
    "想喝明前龙井",
    "今天路过没进来",
    "红茶也可以的",
];

fn message(serial: u32, user: &str, (name, card): (&str, &str), words: &str) -> String {
    // Old news is not answered.
    let now = jiff::Timestamp::now().as_second();
    serde_json::json!({
        "time": now, "self_id": 10000, "post_type": "message", "message_type": "group", "sub_type": "normal",
        "message_id": serial, "group_id": 20, "user_id": user.parse::<u64>().unwrap(), "raw_message": words,
        "message": [{"type": "text", "data": {"text": words}}],
        "sender": {"user_id": user.parse::<u64>().unwrap(), "nickname": name, "card": card, "role": "member"},
    })
    .to_string()
}

/// A shop with a few days behind it, and nobody at work.
fn lived() -> House {
    let house = House::new(CONFIG);
    house.write("playbooks/gift.toml", BOOK);
    let bot = house.run();
    let (they, other) = (("柳如烟乙", "烟雨楼主"), ("老王", ""));
    let said = [
        (ID, they, "礼包"),
        (ID, they, "生日 农历八月十五"),
        (ID, they, "手机 13800137777"),
        (ID, they, "告诉老板想喝明前龙井"),
        (ID, they, "今天路过没进来"),
        ("3000471199", other, "礼包"),
        ("3000471199", other, "烟雨楼主人呢"),
        (ID, they, "红茶也可以的"),
    ];
    for (serial, (user, names, words)) in (1..).zip(said) {
        let (status, answer) = bot.post("/hooks/qq", &message(serial, user, names, words));
        assert!(status < 300, "{status} {answer}");
    }
    let (code, words) = bot.stop();
    assert_eq!(code, Some(0), "{words}");
    house
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

/// Every file under the data directory in which one of these stands, byte for byte.
fn traces(house: &House, of: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(&house.dir().join("data")) {
        let bytes = std::fs::read(&file).unwrap();
        let name = file.display().to_string();
        for text in of {
            let stands = bytes.windows(text.len()).any(|it| it == text.as_bytes()) || name.contains(text);
            if stands {
                found.push(format!("{text} in {name}"));
            }
        }
    }
    found
}

fn records(house: &House) -> Vec<serde_json::Value> {
    let mut all = Vec::new();
    let recordings = house.dir().join("data/recording");
    let mut files: Vec<PathBuf> = files(&recordings)
        .into_iter()
        .filter(|it| it.extension().is_some())
        .collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        all.extend(
            text.lines()
                .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()),
        );
    }
    all
}

#[test]
fn whoever_is_forgotten_stands_nowhere_any_more() {
    let house = lived();
    for trace in TRACES {
        assert_ne!(
            traces(&house, &[trace]),
            Vec::<String>::new(),
            "{trace} was never there"
        );
    }
    let before = records(&house);
    house.ask(&["forget", "柳如烟乙"]).is(0, "加上 --yes");
    assert_eq!(records(&house).len(), before.len(), "asking changes nothing");
    house
        .ask(&["forget", "谁也不是", "--yes"])
        .is(2, "没有 谁也不是 这个人");

    house.ask(&["forget", ID, "--yes"]).is(0, "已忘记 qq/3000471100");
    assert_eq!(traces(&house, &TRACES), Vec::<String>::new());
    let after = records(&house);
    assert_eq!(
        after.len(),
        before.len() + 1,
        "nothing is left out, and the end is written down"
    );
    let numbers = |all: &[serde_json::Value]| all.iter().map(|it| it["seq"].clone()).collect::<Vec<_>>();
    assert_eq!(numbers(&after)[..before.len()], numbers(&before)[..]);
    // Another's words and what is counted stay.
    assert_ne!(
        traces(&house, &["3000471199", "老王", "茶券", "礼包"]),
        Vec::<String>::new()
    );
    house.ask(&["store", "check"]).is(0, "一致");
    let left = house.ask(&["export", "?forgotten-1"]);
    left.is(0, "\"points\": 7");
    left.is(0, "\"worth\": 500");
    assert!(
        left.out.contains("\"opted_out\": true") && !left.out.contains("birthday"),
        "{}",
        left.out
    );
    house.ask(&["forget", ID, "--yes"]).is(2, "没有 3000471100 这个人");

    // The bot goes on, and knows them for a stranger.
    let bot = house.run();
    assert!(bot.post("/hooks/qq", &message(99, ID, ("柳如烟乙", ""), "礼包")).0 < 300);
    assert_eq!(bot.stop().0, Some(0));
    house.ask(&["store", "check"]).is(0, "一致");
    house.ask(&["export", ID]).is(0, "\"points\": 7");
    house
        .ask(&["forget", ID, "--yes", "--lang", "en"])
        .is(0, "qq/3000471100 is forgotten");
    assert_eq!(traces(&house, &TRACES), Vec::<String>::new());
    house.ask(&["store", "check"]).is(0, "一致");
}

#[test]
fn a_bot_that_runs_is_left_alone() {
    let house = lived();
    let bot = house.run();
    house.ask(&["forget", ID, "--yes"]).is(2, "正在");
    house.ask(&["export", ID]).is(0, "今天路过没进来");
    assert_eq!(bot.stop().0, Some(0));
    assert_ne!(traces(&house, &[ID]), Vec::<String>::new());
}

#[test]
fn a_copy_says_everything_that_is_known_and_was_said() {
    let house = lived();
    let copy: serde_json::Value = serde_json::from_str(&house.ask(&["export", "烟雨楼主"]).out).unwrap();
    assert_eq!(copy["person"], "qq/3000471100");
    assert_eq!(copy["birthday"], "农历八月十五");
    assert_eq!(copy["fields"]["phone"], "13800137777");
    assert_eq!(copy["points"], 7);
    assert_eq!(copy["coupons"].as_array().unwrap().len(), 1);
    assert_eq!(copy["groups"][0]["card"], "烟雨楼主");
    assert_eq!(copy["wrote"].as_array().unwrap().len(), 6);
    house
        .ask(&["export", "老王", "-o", "copy.json"])
        .is(0, "已写到 copy.json");
    let written = std::fs::read_to_string(house.dir().join("copy.json")).unwrap();
    assert!(written.contains("烟雨楼主人呢"), "{written}");
}

/// Two accounts of one person, on two networks, and everything that says so besides: the phones orders were placed with,
/// their last digits, the word newcomers say.
const OTHER_ID: &str = "ruyan-83";
const MANY_TRACES: [&str; 11] = [
    ID,
    OTHER_ID,
    "柳如烟乙",
    "烟雨楼主",
    "烟雨小号",
    "13900246810",
    "农历八月十五",
    "想喝明前龙井",
    "多进一些白毫银针",
    "红茶也可以的",
    "希望包装小一点",
];
const TAILS: [&str; 2] = ["7777", "6810"];

const MANY_BOOK: &str = r#"
[linking]
[claim]
[suggestions]
[referral.friends]
title = "老友"
ask   = ["我的口令"]
stay  = "7d"
limit = { per_person = "9 per month", total = "90 per month" }
inviter = [ { points = 1 } ]
[survey.taste]
title     = "口味"
in        = "group"
open      = ["发起口味调查"]
open_for  = "2d"
[[survey.taste.question]]
ask = "还有什么想说的？"
"#;

/// A shop both accounts were at, which told of orders, and nobody at work.
fn shopped() -> House {
    let orders = format!("[orders]\nsecrets = [\"{SECRET}\"]\n[gateway.wx]\nkind = \"native\"\n");
    let house = House::new(&format!("{CONFIG}{orders}"));
    house.write("playbooks/gift.toml", &format!("{BOOK}{MANY_BOOK}"));
    let bot = house.run();
    let serial = std::cell::Cell::new(1000);
    let says = |user: &str, names: (&str, &str), words: &str| {
        serial.set(serial.get() + 1);
        let (status, answer) = bot.post("/hooks/qq", &message(serial.get(), user, names, words));
        assert!(status < 300, "{status} {answer}");
    };
    let (they, staff) = (("柳如烟乙", "烟雨楼主"), ("掌柜", ""));
    says(ID, they, "礼包");
    let other = |id: &str, words: &str| {
        serde_json::json!({"type": "message", "id": id, "group": "t1", "person": OTHER_ID, "name": "烟雨小号", "text": words})
            .to_string()
    };
    for (id, words) in [
        ("w1", "礼包"),
        ("w2", "生日 农历八月十五"),
        ("w3", "告诉老板想喝明前龙井"),
    ] {
        let (status, answer) = bot.post("/hooks/wx", &other(id, words));
        assert!(status < 300, "{status} {answer}");
    }
    // Orders: by id and phone; by the same phone alone; by one they only told in the chat; somebody else's.
    let told = format!(
        r#"[{{"order":"T1","kind":"paid","amount":"29.90","person":"qq/{ID}","phone":"13800137777","items":["给柳如烟乙的茶杯"]}},
        {{"order":"T2","kind":"paid","amount":"15.00","phone":"+86 138-0013-7777"}},
        {{"order":"T3","kind":"paid","amount":"20.00","phone":"13900246810"}},
        {{"order":"T4","kind":"paid","amount":"40.00","phone":"13700005555"}}]"#
    );
    assert_eq!(tell(&bot, &told), 200);
    says("90000001", staff, &format!("关联 qq/{ID} wx/{OTHER_ID}"));
    says(ID, they, "手机 13900246810");
    says(ID, they, "建议 多进一些白毫银针");
    says(ID, they, "我的口令");
    says("90000001", staff, "发起口味调查");
    says(ID, they, "答1 希望包装小一点");
    says(ID, they, "红茶也可以的");
    let (code, words) = bot.stop();
    assert_eq!(code, Some(0), "{words}");
    house
}

/// What stands in the recording under a name.
fn recorded(of: &serde_json::Value, name: &str, found: &mut Vec<String>) {
    match of {
        serde_json::Value::Object(members) => {
            found.extend(members.get(name).and_then(|it| it.as_str()).map(str::to_owned));
            members.values().for_each(|it| recorded(it, name, found));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|it| recorded(it, name, found)),
        _ => {}
    }
}

/// Every file in which one of these stands with no letter or digit beside it.
fn alone(house: &House, of: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(&house.dir().join("data")) {
        let bytes = std::fs::read(&file).unwrap();
        for text in of {
            let beside = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
            let places = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(text.as_bytes()));
            let mut alone = places.filter(|at| !beside(at.checked_sub(1)) && !beside(Some(at + text.len())));
            if alone.next().is_some() {
                found.push(format!("{text} in {}", file.display()));
            }
        }
    }
    found
}

#[test]
fn whoever_has_several_accounts_is_forgotten_with_all_of_them_and_their_phones() {
    let house = shopped();
    for trace in MANY_TRACES {
        assert_ne!(
            traces(&house, &[trace]),
            Vec::<String>::new(),
            "{trace} was never there"
        );
    }
    let all = serde_json::Value::from(records(&house));
    let (mut marks, mut words) = (Vec::new(), Vec::new());
    recorded(&all, "mark", &mut marks);
    recorded(&all, "word", &mut words);
    let tails_of = |tail: &str| {
        let mut tails = Vec::new();
        recorded(&all, "tail", &mut tails);
        tails.iter().filter(|it| *it == tail).count()
    };
    assert!(tails_of("7777") >= 2 && tails_of("6810") >= 1 && tails_of("5555") >= 1);
    assert_eq!(words.len(), 1, "{words:?}");
    marks.sort();
    marks.dedup();
    assert_eq!(marks.len(), 3, "two phones of theirs, one of somebody else's");
    assert_ne!(alone(&house, &TAILS), Vec::<String>::new());

    let asked = house.ask(&["forget", OTHER_ID]);
    asked.is(0, "要忘记的是 柳如烟乙（qq/3000471100）");
    asked.is(0, "绑定着的 1 个账号一起忘记：烟雨小号（wx/ruyan-83）");
    house
        .ask(&["forget", "烟雨小号", "--lang", "en"])
        .is(0, "Linked accounts are forgotten too: 烟雨小号 (wx/ruyan-83)");
    let paid = |house: &House| {
        let report = house.ask(&["report", "--format", "json"]).out;
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        report["figures"]["factors"].clone()
    };
    let before = paid(&house);

    house
        .ask(&["forget", OTHER_ID, "--yes"])
        .is(0, "已忘记 qq/3000471100、wx/ruyan-83");
    assert_eq!(traces(&house, &MANY_TRACES), Vec::<String>::new());
    assert_eq!(traces(&house, &[&words[0]]), Vec::<String>::new());
    assert_eq!(alone(&house, &TAILS), Vec::<String>::new());
    let left: Vec<_> = marks
        .iter()
        .filter(|mark| !traces(&house, &[mark]).is_empty())
        .collect();
    assert_eq!(left.len(), 1, "the phone of somebody else is theirs to keep");
    assert_ne!(alone(&house, &["5555"]), Vec::<String>::new());
    // Money stays without the person.
    assert_eq!(paid(&house), before);
    house.ask(&["store", "check"]).is(0, "一致");
    let copy = house.ask(&["export", "?forgotten-1"]);
    copy.is(0, "\"spend\": 4490");
    assert!(!copy.out.contains("birthday"), "{}", copy.out);
    house.ask(&["orders", "--unmatched"]).is(0, "T3");

    // What the shop tells later finds the order, and makes the phone nobody's again.
    let bot = house.run();
    let refund = r#"{"order":"T1","kind":"refunded","amount":"9.90","refund":"R1","phone":"13800137777"}"#;
    assert_eq!(tell(&bot, refund), 200);
    assert_eq!(bot.stop().0, Some(0));
    house.ask(&["export", "?forgotten-1"]).is(0, "\"spend\": 3500");
    let all = records(&house);
    let refunded = all
        .iter()
        .find(|it| it["event"]["id"] == "orders/T1/refunded/R1")
        .unwrap();
    assert!(!refunded["changes"].to_string().contains("phone"), "{refunded}");
    house.ask(&["store", "check"]).is(0, "一致");
}
