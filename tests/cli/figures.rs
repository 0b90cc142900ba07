//! `report`: the figures of the live store and of a rehearsal, in every form.

use super::house::{CONFIG, House};

#[test]
fn the_figures_of_what_the_bot_lived_through() {
    let house = House::new(CONFIG);
    house.ask(&["report"]).is(2, "还没有任何记录");
    let mut bot = house.run();
    bot.type_in("=HYPERLINK(1): 礼包");
    bot.until("一份好礼");
    // Looking takes no lock.
    house.ask(&["report"]).is(0, "用户 × 转化 × 客单 × 频次");
    bot.stop();
    house
        .ask(&["report", "--from", "2026-05-02", "--to", "2026-05-01"])
        .is(2, "请把早的日子写在 --from");
    house.ask(&["report", "--turnover", "很多"]).is(2, "很多");
    house
        .ask(&["report", "--csv", "tables", "--html", "page.html"])
        .is(0, "水池：进、出、净增");
    let page = std::fs::read_to_string(house.dir().join("page.html")).unwrap();
    assert!(page.contains("<svg"), "{page}");
    for key in ["rfm", "tiers", "held_out"] {
        assert!(page.contains(&format!("<section id=\"{key}\">")), "{key}");
        assert!(house.dir().join(format!("tables/{key}.csv")).exists(), "{key}");
    }
    let pool = std::fs::read_to_string(house.dir().join("tables/pool.csv")).unwrap();
    assert!(pool.starts_with("\u{feff}群,期初,进,出,净增,期末\n"), "{pool}");
}

#[test]
fn a_rehearsal_s_state_has_figures_too_and_programs_can_read_them() {
    let house = House::new(CONFIG);
    house.write(
        "chat.jsonl",
        concat!(
            r#"{"time":1772323200,"post_type":"message","message_type":"group","group_id":9,"user_id":1,"message_id":1,"#,
            r#""raw_message":"礼包","message":"礼包","sender":{"nickname":"小明"},"self_id":5}"#,
            "\n"
        ),
    );
    house
        .ask(&["dry-run", "chat.jsonl", "--save-state", "state.json"])
        .is(0, "1 条事件");
    let told = house.ask(&["report", "--state", "state.json", "--json"]);
    told.is(0, "\"health\"");
    for key in ["rfm", "tiers", "held_out"] {
        told.is(0, &format!("\"{key}\":{{"));
    }
    // By the playbooks that are named; without any, nothing is left out.
    house.write(
        "scores.toml",
        "title = \"分\"\n[[tier]]\nname = \"silver\"\ntitle = \"银卡\"\nneeds = { spend = \"20.00\" }\n",
    );
    let named = house.ask(&["report", "--state", "state.json", "--playbooks", "scores.toml"]);
    named.is(0, "没有等级");
    std::fs::remove_dir_all(house.dir().join("playbooks")).unwrap();
    house
        .ask(&["report", "--state", "state.json"])
        .is(0, "剧本里没有 [tiers]。");
    house
        .ask(&["report", "--state", "state.json", "--playbooks", "none.toml"])
        .is(2, "none.toml");
    house
        .ask(&["report", "--state", "chat.jsonl"])
        .is(2, "不是演练的状态文件");
}
