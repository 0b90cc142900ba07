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
fn run_refuses_playbooks_with_mistakes() {
    let house = House::new(CONFIG);
    house.write("playbooks/bad.toml", "title = 5\n");
    house.ask(&["run", "--listen", "127.0.0.1:0"]).is(1, "bad.toml");
}

#[test]
fn mistakes_at_the_shell_are_said_in_the_language_of_the_shell() {
    let house = House::new(CONFIG);
    house
        .ask(&["chek"])
        .is(2, "出错：没有「chek」这个命令。\n  您是不是想写：check\n");
    house
        .ask(&["check", "--format", "xml"])
        .is(2, "的值「xml」不对。\n  可以写：human、json、github\n");
    house.ask(&["check", "--nope"]).is(2, "出错：没有「--nope」这个参数。");
    house.ask(&["backup"]).is(2, "出错：少了参数 <DIR>。");
    house.ask(&["outbox", "--retry", "a", "--discard", "b"]).is(2, "不能和");
    house.ask(&["check", "-p"]).is(2, "后面少了值。");
    house
        .ask(&["--lang", "en", "chek"])
        .is(2, "error: unrecognized subcommand 'chek'");
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
