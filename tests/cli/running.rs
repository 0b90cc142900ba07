//! The bot while it runs: events in by keyboard and by HTTP, playbooks edited under it, the end.

use super::house::{CONFIG, House, playbook};

#[test]
fn what_is_typed_is_answered_on_the_screen() {
    let house = House::new(CONFIG);
    let mut bot = house.run();
    bot.type_in("小明: 礼包");
    assert_eq!(bot.until("一份好礼"), "体验群 | 机器人: 一份好礼");
    bot.type_in("什么");
    bot.until("看不懂这一行。输入 ? 查看可以怎么写。");
    bot.type_in("!小明 很多");
    bot.until("「很多」不是金额");
    let (_, said) = bot.stop();
    assert!(
        said.contains("小明在群里说「签到」"),
        "what may be typed is not shown:\n{said}"
    );
}

#[test]
fn what_is_posted_is_durable_before_it_is_answered_and_survives_a_kill() {
    let house = House::new(CONFIG);
    let mut bot = house.run();
    let (status, answer) = bot.post("/hooks/terminal", "小明: 礼包\n小红: 礼包\n");
    // Two facts about the group, which are told with every post, and two messages.
    assert_eq!((status, answer.as_str()), (200, "{\"accepted\":4}"));
    bot.until("一份好礼");
    assert_eq!(bot.get("/readyz").0, 200);
    assert_eq!(bot.post("/hooks/nobody", "x").0, 404);
    assert_eq!(bot.post("/hooks/terminal", "什么").0, 400);
    let metrics = bot.get("/metrics").1;
    assert!(
        metrics.contains("qunying_events_accepted_total{kind=\"message\"} 2"),
        "{metrics}"
    );
    // Dropping the bot kills it without a word.
    drop(bot);
    let (code, said) = house.run().stop();
    assert_eq!(code, Some(0), "{said}");
    house.ask(&["store", "check"]).is(0, "一致");
}

#[test]
fn asked_to_stop_it_finishes_what_is_under_way() {
    let house = House::new(CONFIG);
    let bot = house.run();
    let posted = bot.post("/hooks/terminal", "小明: 礼包");
    assert_eq!(posted.0, 200);
    let (code, said) = bot.stop();
    assert_eq!(code, Some(0), "{said}");
    for words in ["第一次启动", "正在停止", "已停止，数据都已落盘"] {
        assert!(said.contains(words), "no {words} in\n{said}");
    }
    assert!(
        !said.contains('\u{1b}'),
        "escape sequences in what no terminal reads:\n{said}"
    );
    let (_, said) = house.run().stop();
    assert!(said.contains("状态已读入"), "{said}");
}

#[test]
fn a_good_edit_takes_effect_and_a_bad_one_keeps_the_old() {
    let house = House::new(CONFIG);
    let mut bot = house.run();
    house.write("playbooks/gift.toml", &playbook("新的好礼"));
    bot.until("剧本已重新读入");
    bot.post("/hooks/terminal", "小明: 礼包");
    bot.until("机器人: 新的好礼");
    house.write("playbooks/gift.toml", "title = 5\n");
    bot.until("剧本有错，继续使用上一版");
    bot.post("/hooks/terminal", "小红: 礼包");
    bot.until("机器人: 新的好礼");
    // An editor that saves by renaming.
    house.write("playbooks/.gift.toml.new", &playbook("更好的礼"));
    std::fs::rename(
        house.dir().join("playbooks/.gift.toml.new"),
        house.dir().join("playbooks/gift.toml"),
    )
    .unwrap();
    bot.until("剧本已重新读入");
    bot.post("/hooks/terminal", "小刚: 礼包");
    bot.until("机器人: 更好的礼");
}

#[test]
fn a_hang_up_reads_the_playbooks_again() {
    let house = House::new(CONFIG);
    let mut bot = house.run();
    bot.signal("HUP");
    bot.until("剧本已重新读入");
    assert_eq!(bot.get("/readyz").0, 200);
}

#[test]
fn a_second_process_on_the_same_directory_is_refused() {
    let house = House::new(CONFIG);
    let bot = house.run();
    let holder = bot.id().to_string();
    let refused = house.ask(&["run", "--listen", "127.0.0.1:0"]);
    refused.is(2, "占用了此目录。请先停掉它，或为这一个另设目录。");
    assert!(refused.err.contains(&holder), "{refused:?}");
    house
        .ask(&["run", "--listen", "127.0.0.1:0", "--lang", "en"])
        .is(2, "in use by another running qunying");
    assert_eq!(bot.get("/readyz").0, 200);
}

#[test]
fn a_taken_address_is_said_to_be_taken() {
    let (house, other) = (House::new(CONFIG), House::new(CONFIG));
    let bot = house.run();
    let address = format!("127.0.0.1:{}", bot.port());
    other.ask(&["run", "--listen", &address]).is(2, "地址已被占用");
    other
        .ask(&["run", "--listen", &address, "--lang", "en"])
        .is(2, "it is taken by another program");
}

#[test]
fn without_a_secret_it_does_not_listen_to_other_machines() {
    let house = House::new(CONFIG);
    house
        .ask(&["run", "--listen", "0.0.0.0:0"])
        .is(2, "请给它设置密钥，或改为监听 127.0.0.1。");
    house
        .ask(&["run", "--listen", "[::]:0", "--lang", "en"])
        .is(2, "has no secret, but [::]:0 can be reached");
}
