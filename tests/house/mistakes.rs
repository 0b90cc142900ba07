//! What is said of a config with mistakes: the place, the reason, the next step, in both languages, and no secret ever.

use qunying::config::Config;

/// Everything said about a text: English, Chinese, and what a developer would print.
fn said(text: &str) -> (Vec<String>, Vec<String>, String) {
    let bad = Config::from_text(text, "config.toml").unwrap_err();
    let english = bad.iter().map(ToString::to_string).collect();
    let chinese = bad.iter().map(|it| it.in_chinese()).collect();
    (english, chinese, format!("{bad:?}"))
}

fn check(text: &str, english: &str, chinese: &str) {
    let (en, zh, _) = said(text);
    assert_eq!(en.join("\n"), english, "{text}");
    assert_eq!(zh.join("\n"), chinese, "{text}");
}

#[test]
fn an_unknown_key_is_shown_where_it_stands_with_those_there_are() {
    check(
        "[playbooks]\ndri = \"x\"",
        "config.toml:2:1: there is no key dri; there are dir",
        "config.toml 第 2 行第 1 列：没有「dri」这个键。可以写：dir。",
    );
}

#[test]
fn a_wrong_type_says_what_is_wanted() {
    check(
        "[server]\nconnections = \"many\"",
        "config.toml:2:15: this is of the wrong kind; a whole number, 0 or more is wanted here",
        "config.toml 第 2 行第 15 列：类型不对，这里应该写一个整数（0 或更大）。",
    );
}

#[test]
fn broken_toml_is_placed() {
    check(
        "[server\nlisten = 1",
        "config.toml:1:8: this is not TOML (unclosed table, expected `]`); is a quote, a bracket or an equals sign missing?",
        "config.toml 第 1 行第 8 列：不是正确的 TOML（unclosed table, expected `]`）。是否少了引号、括号或等号？",
    );
}

#[test]
fn every_missing_variable_is_named_at_once() {
    check(
        "[community]\nname = \"${QUNYING_TEST_NOT_SET}\"\nsecret = \"${QUNYING_TEST_NOT_SET_EITHER}\"",
        "config.toml:2:8: community.name: the environment variable QUNYING_TEST_NOT_SET is not set; set it, or write the value here\n\
         config.toml:3:10: community.secret: the environment variable QUNYING_TEST_NOT_SET_EITHER is not set; set it, or write the value here",
        "config.toml 第 2 行第 8 列：community.name：环境变量 QUNYING_TEST_NOT_SET 没有设置。请设置它，或把值直接写在这里。\n\
         config.toml 第 3 行第 10 列：community.secret：环境变量 QUNYING_TEST_NOT_SET_EITHER 没有设置。请设置它，或把值直接写在这里。",
    );
}

#[test]
fn all_values_that_mean_nothing_are_found_in_one_go() {
    let text = "[community]\nzone = \"Mars\"\n[server]\nlisten = \"here\"\n[store]\nurl = \"pg:x\"\n[manners]\nquiet = \"9-9\"\n\
                [roster]\nevery = \"often\"\n[staff]\nids = [\"10001\", \"terminal/a\"]\ngroup = \"x\"";
    let (english, chinese, _) = said(text);
    let keys = [
        "community.zone",
        "server.listen",
        "store.url",
        "manners.quiet",
        "roster.every",
        "staff.ids",
        "staff.group",
    ];
    assert_eq!(english.len(), keys.len(), "{english:#?}");
    for ((english, chinese), key) in english.iter().zip(&chinese).zip(keys) {
        assert!(english.contains(key) && english.contains("write"), "{english}");
        assert!(chinese.contains(key) && chinese.contains("请写成"), "{chinese}");
    }
}

#[test]
fn a_key_of_another_kind_of_gateway_is_refused() {
    check(
        "[gateway.qq]\nkind = \"onebot11\"\nsecrets = [\"hushhush\"]",
        "config.toml:1:1: gateway.qq.secrets: a gateway of kind onebot11 has no such key; it has api, token, secret, ids, messages",
        "config.toml 第 1 行第 1 列：gateway.qq.secrets：onebot11 网关没有这个键。可以写：api、token、secret、ids、messages。",
    );
}

#[test]
fn wecoms_keys_need_each_other() {
    let wecom = |rest: &str| format!("[gateway.wecom]\nkind = \"wecom\"\n{rest}");
    check(
        &wecom("secret = \"hushhush\""),
        "config.toml:1:1: [gateway.wecom]: `secret` says nothing without `corp`; write both or neither",
        "config.toml 第 1 行第 1 列：[gateway.wecom]：只写 secret、不写 corp 没有意义。请两个都写，或都不写。",
    );
    check(
        &wecom("token = \"hush\"\naes_key = \"hush\""),
        "config.toml:1:1: [gateway.wecom] aes_key: it is no EncodingAESKey; copy the 43 letters and digits from the admin console",
        "config.toml 第 1 行第 1 列：[gateway.wecom] aes_key：不是 EncodingAESKey。请从管理后台复制那 43 个字母和数字。",
    );
    check(
        &wecom("robots = { ops = \"hush\" }\nbound = { wrX = \"opps\" }"),
        "config.toml:1:1: [gateway.wecom] bound: there is no robot \"opps\"; add it to `robots`, or name one of ops",
        "config.toml 第 1 行第 1 列：[gateway.wecom] bound：没有叫「opps」的机器人。请把它写进 robots，或改用：ops。",
    );
    check(
        &wecom("archive = \"a\"\narchive_command = [\"b\"]"),
        "config.toml:3:11: gateway.wecom.archive: this and archive_command exclude each other; keep one",
        "config.toml 第 3 行第 11 列：gateway.wecom.archive：不能同时写这个和 archive_command。请只留一个。",
    );
}

#[test]
fn a_secret_is_never_in_what_is_said() {
    let texts = [
        "[gateway.x]\nkind = \"wecom\"\nrobots = { ops = \" \" }",
        "[gateway.x]\nkind = \"wecom\"\nrobots = [\"hushhush\"]",
        "[gateway.x]\nkind = \"wecom\"\ntoken = \"hushhush\"\naes_key = \"hushhush\"",
        "[gateway.x]\nkind = \"wecom\"\nsecret = \"hushhush\"",
        "[community]\nsecret = \"\"",
        "[server]\ntoken = \"  \"",
        "[gateway.qq]\nkind = \"onebot11\"\nsecret = \"\"",
        "[gateway.qq]\nkind = \"onebot11\"\ntoken = \" \"",
        "[gateway.x]\nkind = \"native\"\nsecrets = [\"\"]",
        // A wrong type at a secret's key, and a secret at somebody else's key.
        "[community]\nsecret = [\"hushhush\"]",
        "[server]\ntoken = { is = \"hushhush\" }",
        "[gateway.x]\nkind = \"native\"\nsecrets = \"hushhush\"",
        "[gateway.x]\nkind = \"native\"\nsecrets = [\"hushhush\"]",
        "[gateway.x]\nkind = \"native\"\nsecrets = [\"hushhush\", 5]",
        "[gateway.x]\nkind = \"onebot11\"\nsecrets = \"hushhush\"",
        "[gateway.x]\nkind = \"onebot11\"\napi = \"http://bot:hushhush@127.0.0.1\"",
        "[gateway.x]\nkind = \"onebot11\"\napi = \"http://127.0.0.1/?access_token=hushhush\"",
        "[server]\ntoken = \"hushhush\"\nlisten = 5",
        "[server]\ntoken = \"hushhush",
        "[server]\ntoken = \"hushhush${\"",
        "[server]\ntoken = hushhush",
        "[server]\ntoken = \"hushhush\"\ntoken = \"hushhush\"",
    ];
    for text in texts {
        let (english, chinese, debug) = said(text);
        for said in english.iter().chain(&chinese).chain([&debug]) {
            assert!(!said.contains("hush"), "{text}\nsaid {said}");
        }
    }
}

#[test]
fn an_empty_secret_protects_nothing_and_is_refused() {
    check(
        "[gateway.qq]\nkind = \"onebot11\"\nsecret = \"\"",
        "config.toml:3:10: gateway.qq.secret: a secret is empty; remove the key or give it a value",
        "config.toml 第 3 行第 10 列：gateway.qq.secret：密钥是空的。请删去这个键，或给它一个值。",
    );
}

#[test]
fn a_file_that_is_not_there_says_what_to_do() {
    let bad = Config::read(std::path::Path::new("/nowhere/config.toml")).unwrap_err();
    let [bad] = bad.as_slice() else { panic!("{bad:?}") };
    assert!(
        bad.to_string().ends_with("create it, or name another with --config"),
        "{bad}"
    );
    assert_eq!(
        bad.in_chinese(),
        "/nowhere/config.toml：无法读取（文件不存在）。请创建它，或用 --config 指定另一个。"
    );
}

#[test]
fn mistakes_in_a_mapping_are_told_together_with_their_places() {
    let text = "[gateway.x]\nkind = \"mapped\"\n[gateway.x.sign]\nrecipe = \"token\"\n[gateway.x.event]\nperson = \"a..b\"\n\
                text = { path = \"t\", match = \"(\" }\ngroup = 5\nkinds = { 1 = \"mesage\" }\n[gateway.x.send]\n\
                say = { method = \"post\", path = \"send\" }\nkick = { path = \"{text}\", body = { on = 1979-05-27 } }\n";
    let (english, chinese, _) = said(text);
    let expected = [
        "config.toml:3:1: gateway.x.sign: nothing is signed without a secret; write secrets = [\"${NAME}\"] in [gateway.x]",
        "config.toml:6:10: gateway.x.event.person: \"a..b\" is no path; write names with dots between, like Data.Content.string, or /Data/Content/string",
        "config.toml:7:8: gateway.x.event.text: \"(\" is no pattern (error: unclosed group)",
        "config.toml:8:9: gateway.x.event.group: a path stands here, a table with `path` and `match`, or a list of them",
        "config.toml:9:15: gateway.x.event.kinds: there is no mesage; write one of message, picture, other, joined, left, group_renamed, card_changed, recalled, bot_joined, bot_removed, members_changed, online, offline, ignore",
        "config.toml:11:18: gateway.x.send.say.method: \"post\" is no method; write GET, POST, PUT, PATCH or DELETE",
        "config.toml:12:17: gateway.x.send.kick.path: nothing stands for {text} here; there are {group}, {person}, {id}, {token}, {bot}",
    ];
    assert_eq!(english, expected);
    assert_eq!(
        chinese[1],
        "config.toml 第 6 行第 10 列：gateway.x.event.person：「a..b」不是路径。请用点连起名字，如 Data.Content.string，或写成 /Data/Content/string。"
    );
    let (english, ..) = said("[gateway.x]\nkind = \"mapped\"\nsecrets = [\"hushhush\"]\n");
    assert_eq!(
        english,
        [
            "config.toml:3:12: gateway.x.secrets: reports are signed with `secrets`; say how under [gateway.x.sign], or take `secrets` away"
        ]
    );
}
