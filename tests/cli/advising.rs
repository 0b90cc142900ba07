//! `advise`: whom to invite, from the live store and from a rehearsal's state.

use super::house::{CONFIG, House};

const BOOK: &str = r#"title = "茶社"
[tags]
[admission.outdoor]
title    = "户外群"
group    = "99*"
audience = "'户外' in person.tags"
[admission.nobody]
title    = "远方群"
group    = "98*"
audience = "person.orders >= 100"
"#;

/// One group, in which staff put tags on two; the other group, in which one of them is.
fn log() -> String {
    let said = |group: u32, user: u32, name: &str, nth: u32, words: &str| {
        let time = 1_772_323_200 + nth * 60;
        format!(
            r#"{{"time":{time},"post_type":"message","message_type":"group","group_id":{group},"user_id":{user},"message_id":{nth},"message":"{words}","sender":{{"nickname":"{name}"}},"self_id":5}}"#
        ) + "\n"
    };
    [
        said(11, 1, "小明", 1, "早"),
        said(11, 2, "小红", 2, "早呀"),
        said(99, 2, "小红", 3, "大家好"),
        said(11, 8, "店长", 4, "标签 [CQ:at,qq=1] 户外"),
        said(11, 8, "店长", 5, "标签 [CQ:at,qq=2] 户外"),
    ]
    .concat()
}

#[test]
fn who_fits_and_is_not_in_the_group_is_named() {
    let house = House::new(&CONFIG.replace("terminal/店长", "log/8"));
    house.write("playbooks/tea.toml", BOOK);
    house.ask(&["advise"]).is(0, "「户外群」可以邀请 0 位");
    house.write("chat.jsonl", &log());
    house
        .ask(&["dry-run", "chat.jsonl", "--save-state", "state.json"])
        .is(0, "");
    let told = house.ask(&["advise", "--state", "state.json"]);
    told.is(0, "「户外群」可以邀请 1 位");
    assert!(told.out.contains("小明") && !told.out.contains("小红"), "{}", told.out);
    assert!(told.out.contains("「远方群」可以邀请 0 位"), "{}", told.out);
    house
        .ask(&["advise", "outdoor", "--state", "state.json", "--lang", "en"])
        .is(0, "户外群: 1 to invite");
    let json = house.ask(&["advise", "outdoor", "--state", "state.json", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["advice"][0]["fitting"][0]["name"], "小明", "{json}");
    assert_eq!(json["advice"].as_array().unwrap().len(), 1, "{json}");
    house
        .ask(&["advise", "nowhere"])
        .is(2, "没有 [admission.nowhere]；有的是：nobody、outdoor");
}
