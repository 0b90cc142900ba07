//! `explain` and `plan` as they are typed.

use std::path::Path;
use std::process::Command;

use crate::house::{CONFIG, House, playbook};

fn recording(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("recordings")
        .join(name)
        .display()
        .to_string()
}

#[test]
fn explain_answers_in_both_languages_and_under_its_chinese_name() {
    let house = House::new(CONFIG);
    let log = recording("tea-friends.jsonl");
    house.ask(&["explain", &log, "--rule", "礼包"]).is(0, "gift/礼包  看到");
    house.ask(&["解释", &log, "--rule", "礼包"]).is(0, "gift/礼包  看到");
    house
        .ask(&["--lang", "en", "explain", &log, "--rule", "礼包"])
        .is(0, "gift/礼包  seen");
    house
        .ask(&["explain", &log, "--rule", "大礼"])
        .is(2, "剧本里没有规则「大礼」");
    house
        .ask(&["explain", &log, "--rule", "礼包", "--who", "谁也不是"])
        .is(2, "没有叫「谁也不是」的人");
    house
        .ask(&["explain", &log, "--event", "不存在"])
        .is(2, "没有编号为 不存在 的事件");
    house
        .ask(&["explain", &log, "--rule", "礼包", "--at", "昨天"])
        .is(2, "不是时间");
    house.ask(&["explain", &log]).is(2, "--event");
    house
        .ask(&["explain", "nothing.jsonl", "--rule", "礼包"])
        .is(2, "nothing.jsonl");
    house
        .ask(&["explain", &log, "--silence", "2026-04-01..2026-04-03"])
        .is(0, "为什么没说话");
    let json = house.ask(&["explain", &log, "--rule", "礼包", "--format", "json"]);
    json.is(0, "\"cases\":[");
}

#[test]
fn plan_compares_files_revisions_and_locks_what_was_seen() {
    let house = House::new(CONFIG);
    let log = recording("tea-friends.jsonl");
    house.write("new.toml", &playbook("两份好礼"));
    std::fs::create_dir(house.dir().join("next")).unwrap();
    house.write("next/gift.toml", &playbook("两份好礼"));
    let plan = |more: &[&str]| {
        let mut words = vec!["plan", "playbooks", "next", &log];
        words.extend(more);
        house.ask(&words)
    };
    plan(&[]).is(0, "文字 1 处改动");
    plan(&["--exit-code"]).is(2, "~ gift/礼包");
    house
        .ask(&["对比", "playbooks", "playbooks", &log, "--exit-code"])
        .is(0, "没有不同");
    plan(&["--md"]).is(0, "| 群里发言 |");
    plan(&["--format", "json"]).is(0, "\"wordings\":[{");
    house
        .ask(&["plan", "running", "next", &log])
        .is(2, "没有记下生效的剧本");
    house.ask(&["plan", "HEAD~1", "next", &log]).is(2, "HEAD~1:playbooks");
    house
        .ask(&["plan", "--output", "x", "--", "-x", "next", &log])
        .is(2, "-x");
    plan(&["-o", "plan.lock"]).is(0, "");
    // What runs is what was looked at, or nothing.
    house
        .ask(&["run", "--require", "plan.lock", "--listen", "127.0.0.1:0"])
        .is(2, "gift.toml");
    house
        .ask(&["run", "--require", "nothing.lock", "--listen", "127.0.0.1:0"])
        .is(2, "nothing.lock");
    house.write("wrong.lock", "{}");
    house
        .ask(&["run", "--require", "wrong.lock", "--listen", "127.0.0.1:0"])
        .is(2, "wrong.lock");
}

#[test]
fn plan_plays_both_sides_as_a_dry_run_would() {
    let house = House::new(CONFIG);
    let log = recording("tea-friends.jsonl");
    let coupon = |worth: u32| {
        playbook("{{ who }} 收好").replace("then = [", "kind = \"service\"\nthen = [ { give = \"c\" },")
            + &format!(
                "[coupon.c]\ntitle = \"券\"\nworth = \"{worth}.00\"\nvalid = \"7d\"\nlimit = {{ per_person = 1, total = 500 }}\n"
            )
    };
    for dir in ["old", "new"] {
        std::fs::create_dir(house.dir().join(dir)).unwrap();
    }
    house.write("old/gift.toml", &coupon(5));
    house.write("new/gift.toml", &coupon(8));
    let plan = |more: &[&str]| {
        let mut words = vec!["plan", "old", "new", &log];
        words.extend(more);
        house.ask(&words)
    };
    // The sums are those of two dry runs with the same flags.
    let flags = [
        "--from",
        "2026-03-10",
        "--to",
        "2026-04-20",
        "--as-if-date",
        "2026-06-01",
        "--until",
        "2026-09-30",
        "--seed",
        "甲",
        "--fail",
        "send:2%",
        "--outage",
        "2026-06-05T12:00/2h",
        "--latency",
        "3s",
        "--redeem",
        "15..35%",
    ];
    let figure = |text: &str, name: &str| {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        (
            value["old"][name].clone(),
            value["new"][name].clone(),
            value[name].clone(),
        )
    };
    let compared = plan(&[&flags[..], &["--json"]].concat());
    compared.is(0, "\"redeemed\":{");
    for (dir, of) in [("old", 0), ("new", 1)] {
        let run = house.ask(&[&["dry-run", &log, "--playbooks", dir, "--format", "json"][..], &flags].concat());
        for name in ["ceiling", "fingerprint", "redeemed", "until"] {
            let (old, new, _) = figure(&compared.out, name);
            let (.., alone) = figure(&run.out, name);
            assert_eq!([old, new][of], alone, "{dir} {name}");
        }
    }
    plan(&flags).is(0, "两边都用：as_if_date 2026-06-01，fail send:2%");
    plan(&flags).is(0, "预计使用");
    // A part of it is looked at; the whole is counted.
    plan(&["--only", "礼包", "--exit-code"]).is(2, "~ gift/礼包");
    plan(&["--only", "没有这条"]).is(2, "没有名叫「没有这条」的规则");
    plan(&["--who", "没有这个人", "--exit-code"]).is(2, "没有与「没有这个人」有关的");
    plan(&["--as-if", "2060-01-01"]).is(2, "2060 年的放假安排");
    house.write("members.csv", "id,name,birthday\nm1,小满,03-12\n");
    plan(&["--members", "members.csv"]).is(0, "members ");
    house.ask(&["dry-run", &log, "--save-state", "state.jsonl"]).is(0, "");
    plan(&["--state", "state.jsonl", "--members", "members.csv"]).is(2, "--members");
    plan(&["--state", "state.jsonl"]).is(0, "state ");
}

#[test]
fn plan_reads_revisions_from_git() {
    let house = House::new(CONFIG);
    let log = recording("tea-friends.jsonl");
    let git = |words: &[&str]| {
        let status = Command::new("git")
            .args([
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.org",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(words)
            .current_dir(house.dir())
            .output()
            .unwrap();
        assert!(status.status.success(), "{status:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    house.write("playbooks/gift.toml", &playbook("两份好礼"));
    house.ask(&["plan", "HEAD", "playbooks", &log]).is(0, "一份好礼");
    house
        .ask(&["plan", "HEAD:playbooks", "playbooks", &log])
        .is(0, "两份好礼");
    house
        .ask(&["plan", "HEAD:playbooks/gift.toml", "HEAD", &log])
        .is(0, "没有不同");
    house.ask(&["plan", "HEAD:elsewhere", "HEAD", &log]).is(2, "没有剧本");
}

#[test]
fn explain_looks_at_the_bot_while_it_runs() {
    let house = House::new(CONFIG);
    house.ask(&["explain", "--live", "--rule", "礼包"]).is(2, "还没有录音");
    house.write(
        "playbooks/gift.toml",
        &playbook("一份好礼").replace("then =", "once = \"1d\"\nthen ="),
    );
    let mut bot = house.run();
    assert_eq!(bot.post("/hooks/terminal", "小明: 礼包\n小明: 礼包\n").0, 200);
    bot.until("一份好礼");
    let answer = house.ask(&["explain", "--live", "--rule", "礼包", "--who", "小明"]);
    answer.is(0, "✗ 冷却 1d");
    answer.is(0, "✓ 去掉 cooldown（once）");
    house
        .ask(&["explain", "--live", "--rule", "礼包", "log.jsonl"])
        .is(2, "--live");
    // An edit since does not change what was in force then.
    house.write("playbooks/gift.toml", &playbook("两份好礼"));
    bot.until("剧本已重新读入");
    let answer = house.ask(&["explain", "--live", "--rule", "礼包", "--who", "小明"]);
    answer.is(0, "✗ 冷却 1d");
    house
        .ask(&["plan", "running", "playbooks", "--format", "json"])
        .is(2, "LOG");
    assert_eq!(bot.stop().0, Some(0));
    let recording = house.dir().join("data/recording").display().to_string();
    house
        .ask(&["plan", "running", "playbooks", &recording])
        .is(0, "没有不同");
}
