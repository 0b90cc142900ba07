//! Help, exit codes, and what is said when something is wrong: in the language asked for.

use super::house::{CONFIG, House, playbook};

#[test]
fn help_is_whole_in_both_languages() {
    let house = House::new(CONFIG);
    let chinese = house.ask(&["--help"]);
    chinese.is(0, "用法：qunying");
    for english in ["Usage", "Commands", "Options", "Print", "default", "possible"] {
        assert!(!chinese.out.contains(english), "{english} in\n{}", chinese.out);
    }
    let english = house.ask(&["--lang", "en", "--help"]);
    english.is(0, "Usage: qunying");
    let is_chinese = |text: &str| {
        text.chars()
            .any(|character| ('\u{4e00}'..='\u{9fff}').contains(&character))
    };
    assert!(!is_chinese(&english.out), "{}", english.out);
    // Every command has both, one line for one line.
    let commands = |text: &str, heading: &str| -> Vec<String> {
        let below = text
            .lines()
            .skip_while(|line| *line != heading)
            .skip(1)
            .take_while(|line| !line.is_empty());
        below
            .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
            .collect()
    };
    let listed = commands(&english.out, "Commands:");
    assert_eq!(listed, commands(&chinese.out, "命令:"));
    for command in listed.iter().filter(|command| *command != "help") {
        let page = house.ask(&[command, "--help"]);
        page.is(0, "用法：");
        let about = page.out.lines().next().unwrap();
        assert!(is_chinese(about), "{command} is explained in English only: {about}");
        // The explanation stands beside an option or below it.
        let lines: Vec<&str> = page.out.lines().chain([""]).collect();
        for pair in lines.windows(2).filter(|pair| pair[0].trim_start().starts_with('-')) {
            assert!(pair.iter().any(|line| is_chinese(line)), "{command}: {}", pair[0]);
        }
    }
}

#[test]
fn check_ends_with_0_1_or_2() {
    let house = House::new(CONFIG);
    house.ask(&["check"]).is(0, "1 个剧本，1 条规则");
    house.write("playbooks/bad.toml", &playbook("{{ nobody }}"));
    house.ask(&["check"]).is(1, "bad.toml");
    house
        .ask(&["check", "-p", "nope"])
        .is(2, "出错：nope：无法读取（文件不存在）。");
    house
        .ask(&["check", "-p", "nope", "--lang", "en"])
        .is(2, "error: nope: No such file or directory");
    house
        .ask(&["--config", "nope.toml", "check"])
        .is(2, "请创建它，或用 --config 指定另一个。");
    house.write("config.toml", "[server]\nlisten = \"here\"\n");
    house.ask(&["check"]).is(
        2,
        "出错：config.toml 第 2 行第 10 列：server.listen：「here」不是地址。",
    );
    house
        .ask(&["check", "--lang=en"])
        .is(2, "error: config.toml:2:10: server.listen: \"here\" is no address");
}

#[test]
fn a_code_is_explained_in_the_language_asked_for() {
    let house = House::new(CONFIG);
    house
        .ask(&["check", "--explain", "p07"])
        .is(0, "P07 没有这张券（错误）");
    house.ask(&["--lang", "en", "check", "--explain", "P07"]).is(
        0,
        "P07 unknown coupon (error)\n\nNo playbook has a `[coupon.NAME]` of this name.",
    );
    house.ask(&["check", "--explain", "P00"]).is(2, "没有「P00」这个编号");
}

#[test]
fn a_single_file_is_checked_among_its_neighbours() {
    let house = House::new(CONFIG);
    house.write("playbooks/bad.toml", &playbook("{{ nobody }}"));
    let give = "[[rule]]\nname = \"g\"\non = \"order\"\nthen = [ { give = \"tea\" } ]\n";
    house.write("playbooks/give.toml", give);
    let tea = "[coupon.tea]\nworth = \"5.00\"\nvalid = \"3d\"\nlimit = { total = 5 }\n";
    house.write("playbooks/tea.toml", tea);
    house.ask(&["check", "playbooks/give.toml"]).is(0, "0 个错误");
    house.ask(&["check", "playbooks/bad.toml"]).is(1, "bad.toml:5:22");
    house.write("apart.toml", give);
    house.ask(&["check", "apart.toml"]).is(1, "[coupon.tea]");
    house.ask(&["check", "nope.toml"]).is(2, "nope.toml：无法读取");
}

#[test]
fn the_schema_is_printed() {
    let house = House::new(CONFIG);
    house.ask(&["schema"]).is(0, "群营剧本");
    house.ask(&["schema", "config"]).is(0, "per_group_per_day");
    house.ask(&["schema", "shop"]).is(2, "可以写：playbook、config");
}

#[test]
fn run_refuses_playbooks_with_mistakes() {
    let house = House::new(CONFIG);
    house.write("playbooks/bad.toml", "title = 5\n");
    house.ask(&["run", "--listen", "127.0.0.1:0"]).is(1, "bad.toml");
}

#[test]
fn mistakes_at_the_shell_are_said_in_the_language_of_the_shell() {
    let house = House::new(CONFIG);
    house
        .ask(&["outbx"])
        .is(2, "出错：没有「outbx」这个命令。\n  您是不是想写：outbox\n");
    house
        .ask(&["check", "--format", "xml"])
        .is(2, "的值「xml」不对。\n  可以写：human、json、github\n");
    house.ask(&["check", "--nope"]).is(2, "出错：没有「--nope」这个参数。");
    house.ask(&["backup"]).is(2, "出错：少了参数 <DIR>。");
    house.ask(&["outbox", "--retry", "a", "--discard", "b"]).is(2, "不能和");
    house.ask(&["check", "-p"]).is(2, "后面少了值。");
    house
        .ask(&["--lang", "en", "outbx"])
        .is(2, "error: unrecognized subcommand 'outbx'");
}

#[test]
fn the_config_decides_the_language_unless_it_is_asked_for() {
    let house = House::new("[community]\nlang = \"en\"\n");
    house.ask(&["check"]).is(0, "1 playbooks, 1 rules");
    house.ask(&["check", "--lang", "zh"]).is(0, "1 个剧本");
}

#[test]
fn completions_are_printed_for_every_shell() {
    let house = House::new(CONFIG);
    for (shell, sign) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef qunying"),
        ("fish", "complete -c qunying"),
    ] {
        house.ask(&["completions", shell]).is(0, sign);
    }
    house.ask(&["completions", "dos"]).is(2, "可以写：");
}

#[test]
fn the_version_is_said() {
    House::new(CONFIG)
        .ask(&["--version"])
        .is(0, concat!("qunying ", env!("CARGO_PKG_VERSION")));
}
