//! Playbooks as operators write them, and what they are told about their mistakes.
//!
//! `tests/playbooks/*.toml` are playbooks with mistakes, beside what is shown for each in both languages;
//! `UPDATE=1 cargo test --test playbooks` rewrites what is shown.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage has failed")]

#[path = "playbooks/reuse.rs"]
mod reuse;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use qunying::calendar::Workdays;
use qunying::chat::{Capability, Kind, Lang};
use qunying::dry_run::stories;
use qunying::playbook::reading::parse_length;
use qunying::playbook::trigger::{Text, Trigger};
use qunying::playbook::{
    self, Code, Format, House, Manners, Place, Playbooks, Problem, Reading, Severity, Source, check_calendar, read,
    show,
};

fn house(lang: Lang) -> House {
    House {
        name: "山野茶社".to_owned(),
        zone: TimeZone::get("Asia/Shanghai").unwrap(),
        lang,
        staff: Vec::new(),
        staff_group: None,
        manners: Manners {
            quiet: Some((time(22, 30, 0, 0), time(8, 0, 0, 0))),
            per_group_per_day: 20,
            mentions_per_person_per_day: 3,
            promo_one_in: 5,
        },
        // One that tells of nobody's new name and whose lists cannot be read.
        calls: std::collections::BTreeSet::new(),
        gateways: BTreeMap::from([("terminal".into(), {
            use Capability::{ReadMembers, TellCards, TellRenames};
            let mut can = Capability::all();
            can.retain(|it| ![ReadMembers, TellCards, TellRenames].contains(it));
            can
        })]),
        workdays: Workdays::built_in(),
    }
}

fn source(name: &str, text: &str) -> Source {
    Source {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

fn reading(text: &str) -> Reading {
    read(&[source("playbooks/tea.toml", text)], house(Lang::Zh))
}

fn codes(text: &str) -> Vec<&'static str> {
    reading(text).problems.iter().map(|problem| problem.code.id()).collect()
}

fn sound(text: &str) -> Playbooks {
    let sources = [source("playbooks/tea.toml", text)];
    let reading = read(&sources, house(Lang::Zh));
    let shown = show(&reading.problems, &sources, Lang::En, Format::Human);
    reading.sound().unwrap_or_else(|_| panic!("{shown}"))
}

fn in_folder(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect()
}

/// What stands beside playbooks that are called `playbooks/…` and lie in `folder`.
fn beside(sources: &[Source], folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    for wanted in playbook::beside::wanted(sources) {
        let place = root.join(wanted.path.strip_prefix("playbooks/").unwrap());
        let mut files: Vec<PathBuf> = match wanted.folder {
            true => fs::read_dir(&place)
                .into_iter()
                .flatten()
                .map(|it| it.unwrap().path())
                .collect(),
            false => place.is_file().then_some(place).into_iter().collect(),
        };
        files.sort();
        found.extend(files.into_iter().map(|file| {
            let name = file.strip_prefix(&root).unwrap().to_str().unwrap();
            source(&format!("playbooks/{name}"), &fs::read_to_string(&file).unwrap())
        }));
    }
    found
}

fn shipped() -> Vec<Source> {
    let named = |path: &Path| format!("playbooks/{}", path.file_name().unwrap().to_str().unwrap());
    let files = in_folder("playbooks");
    let mut sources: Vec<Source> = files.iter().map(|(path, text)| source(&named(path), text)).collect();
    sources.extend(beside(&sources, "playbooks"));
    sources
}

/// Compares with a file beside the test, or writes it.
fn check(path: &Path, shown: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, shown).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    let lines = expected
        .lines()
        .map(Some)
        .chain([None])
        .zip(shown.lines().map(Some).chain([None]));
    if let Some((at, (was, is))) = lines.enumerate().find(|(_, (was, is))| was != is) {
        panic!(
            "{}:{}: {was:?} is now {is:?}; UPDATE=1 rewrites it",
            path.display(),
            at + 1
        );
    }
}

#[test]
fn mistakes_are_shown_with_place_reason_and_next_step() {
    for (path, text) in in_folder("tests/playbooks") {
        let name = format!("playbooks/{}", path.file_name().unwrap().to_str().unwrap());
        let mut sources = vec![source(&name, &text)];
        sources.extend(beside(&sources, "tests/playbooks"));
        let reading = read(&sources, house(Lang::Zh));
        let problems = reading.settled(check_calendar(&reading.playbooks, date(2026, 1, 15)), &[]);
        for (lang, extension) in [(Lang::Zh, "zh.txt"), (Lang::En, "en.txt")] {
            let shown = show(&problems, &sources, lang, Format::Human);
            check(&path.with_extension(extension), &shown);
        }
    }
}

#[test]
fn every_mistake_of_a_file_is_told_at_once() {
    let (_, text) = in_folder("tests/playbooks")
        .into_iter()
        .find(|(path, _)| path.ends_with("many.toml"))
        .unwrap();
    assert!(codes(&text).len() >= 15, "{:?}", codes(&text));
}

#[test]
fn every_kind_of_problem_has_an_example() {
    let mut seen: Vec<&str> = Vec::new();
    for (path, text) in in_folder("tests/playbooks") {
        let name = path.display().to_string();
        let reading = read(&[source(&name, &text)], house(Lang::Zh));
        let year = check_calendar(&reading.playbooks, date(2026, 1, 15));
        seen.extend(reading.settled(year, &[]).iter().map(|problem| problem.code.id()));
    }
    let missing: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.id())
        .filter(|id| !seen.contains(id))
        .collect();
    // A second [birthday] takes a second file; see `names_are_unique_over_all_files`.
    // A day is found by playing the year through, a picture by looking into the folder, and what gateways can stands in
    // the config; tests/cli does all three. What is wrong with the files beside a playbook, `beside.toml` shows.
    assert_eq!(missing, ["P26", "P55", "P175", "P84", "P152", "P154", "P155", "P110"]);
}

#[test]
fn codes_are_unique_and_documented() {
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/problems.md")).unwrap();
    let mut ids: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    for code in Code::ALL {
        let heading = format!("## {} {} · {}", code.id(), code.title(Lang::Zh), code.title(Lang::En));
        assert!(
            docs.lines().any(|line| line == heading),
            "docs/problems.md has no line «{heading}»"
        );
    }
    assert_eq!(
        docs.lines().filter(|line| line.starts_with("## P")).count(),
        Code::ALL.len()
    );
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn shipped_playbooks_are_sound_and_pass_the_calendar() {
    for lang in [Lang::Zh, Lang::En] {
        let sources = shipped();
        let reading = read(&sources, house(lang));
        let year = check_calendar(&reading.playbooks, date(2026, 1, 1));
        let left = reading.settled(year, &[]);
        assert_eq!(show(&left, &sources, Lang::En, Format::Human), "");
        for book in &reading.playbooks.books {
            assert!(book.stories.len() >= 4, "{} has too few tests", book.name);
        }
    }
}

#[test]
fn shipped_playbooks_pass_their_own_tests() {
    let playbooks = read(&shipped(), house(Lang::Zh)).playbooks;
    let told = stories::run(&playbooks, "");
    assert_eq!(told.failed(), 0, "{}", told.text(Lang::Zh));
    assert!(told.passed() >= 18, "{}", told.text(Lang::Zh));
    assert!(told.coverage.fired().reaches(100), "{}", told.text(Lang::Zh));
}

#[test]
fn examples_in_the_documents_are_sound() {
    for (file, lang) in [("docs/playbooks.md", Lang::En), ("docs/playbooks.zh-CN.md", Lang::Zh)] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let examples: Vec<&str> = text
            .split("```toml\n")
            .skip(1)
            .map(|rest| rest.split("```").next().unwrap())
            .collect();
        assert!(examples.len() >= 8, "{file}");
        for example in examples {
            let mut sources = vec![source("playbooks/example.toml", example)];
            sources.extend(beside(&sources, "tests/playbooks/sound"));
            let staffed = House {
                staff: vec!["qq/10001".into()],
                calls: ["crm".into()].into(),
                ..house(lang)
            };
            let reading = read(&sources, staffed);
            let shown = show(&reading.settled(Vec::new(), &[]), &sources, Lang::En, Format::Human);
            assert_eq!(shown, "", "{file}:\n{example}");
            let told = stories::run(&reading.playbooks, "");
            assert_eq!(told.failed(), 0, "{file}:\n{}", told.text(Lang::En));
        }
    }
}

const COUPON: &str = "[coupon.tea]\nworth = \"5.00\"\nvalid = \"3d\"\nlimit = { total = 5 }\n";

fn with_rule(rule: &str) -> String {
    format!("[[rule]]\nname = \"r\"\n{rule}\n{COUPON}")
}

#[test]
fn triggers_are_read() {
    for on in [
        "\"joined\"",
        "\"left\"",
        "\"renamed\"",
        "\"card\"",
        "\"order\"",
        "\"refund\"",
        "\"vote.closed\"",
        "{ fact = \"coupon.given\", of = \"tea\" }",
        "{ joined = \"invited\" }",
        "{ message = \"礼包\" }",
        "{ message = [\"礼包\", \"领\"], from = \"member\", in = \"anywhere\" }",
        "{ contains = \"发票\" }",
        "{ matches = \"^积分(?<n>\\\\d+)$\" }",
        "{ mention = true }",
        "{ contains = \"在吗\", mention = true, from = \"staff\", in = \"private\" }",
        "{ birthday = \"09:00\" }",
        "{ birthday = \"9:00\", before = \"3d\" }",
        "{ at = \"09:00\", every = \"day\" }",
        "{ at = \"09:00\", every = \"mon\" }",
        "{ at = \"09:00\", every = [\"mon\", \"周四\"] }",
        "{ at = \"09:00\", every = \"1st sat\" }",
        "{ at = \"09:00\", every = \"18\" }",
        "{ at = \"09:00\", every = \"last day\" }",
        "{ cron = \"0 30 9 * * MON-FRI\" }",
        "[\"joined\", { message = \"你好\" }, \"order\"]",
    ] {
        let text = with_rule(&format!("on = {on}\ngather = \"30s\"\nthen = [ {{ say = \"好\" }} ]"));
        let books = sound(&text);
        assert_eq!(books.books[0].rules.len(), 1, "{on}");
    }
}

#[test]
fn timing_is_read() {
    let rule = |more: &str| {
        let text = with_rule(&format!("on = \"joined\"\n{more}\nthen = [ {{ say = \"好\" }} ]"));
        sound(&text).books[0].rules[0].clone()
    };
    let shown = |more: &str| {
        let rule = rule(more);
        format!("{:?} {:?} {:?}", rule.late, rule.cooldown, rule.limit)
    };
    assert_eq!(shown("gather = \"30秒\""), "21600s None None");
    assert_eq!(
        shown("once = \"ever\""),
        "21600s None Some(Limit { count: 1, period: Ever, scope: Member })"
    );
    assert_eq!(
        shown("once = \"30天\""),
        "21600s Some(Cooldown { length: 2592000s, scope: Member }) None"
    );
    assert_eq!(
        shown("late = \"skip\"\ncooldown = { for = \"1小时\", per = \"group\" }"),
        "0ns Some(Cooldown { length: 3600s, scope: Group }) None"
    );
    assert_eq!(
        shown("limit = { count = \"2 per 月\", per = \"person\" }"),
        "21600s None Some(Limit { count: 2, period: Month, scope: Person })"
    );
    assert_eq!(
        shown("limit = \"1 per day\""),
        "21600s None Some(Limit { count: 1, period: Day, scope: Member })"
    );
}

#[test]
fn who_asks_gets_an_answer_and_the_rest_cares() {
    let kind =
        |on: &str| sound(&with_rule(&format!("on = {on}\nthen = [ {{ say = \"好\" }} ]"))).books[0].rules[0].kind;
    assert_eq!(kind("{ message = \"你好\" }"), Kind::Service);
    assert_eq!(kind("\"order\""), Kind::Care);
}

#[test]
fn what_only_the_whole_set_shows_can_be_allowed_where_it_is_told() {
    let campaigns = fs::read_to_string("tests/playbooks/campaigns.toml").unwrap();
    let told = |text: &str, code: &str| {
        let found = reading(text).settled(Vec::new(), &[]);
        found.iter().filter(|problem| problem.code.id() == code).count()
    };
    for (code, section) in [
        ("P47", "name = \"问标签\""),
        ("P68", "name = \"轮不到\""),
        ("P69", "name = \"签到\""),
        ("P69", "[coupon.daily]"),
        ("P74", "name = \"早市\""),
        ("P85", "[coupon.half]"),
    ] {
        let allow = format!("{section}\nallow = {{ {code} = \"有意的\" }}");
        let allowed = campaigns.replacen(section, &allow, 1);
        assert!(told(&allowed, code) < told(&campaigns, code), "{code} {section}");
        assert_eq!(told(&allowed, "P66"), 0, "{code} {section}");
    }
}

#[test]
fn names_are_unique_over_all_files() {
    let one = source("playbooks/one.toml", &format!("[birthday]\n{COUPON}"));
    let two = source("playbooks/two.toml", &format!("[birthday]\n{COUPON}"));
    let problems = read(&[one.clone(), two], house(Lang::Zh)).problems;
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code.id()).collect();
    assert_eq!(codes, ["P26", "P11"]);
    assert!(
        problems[1].reason.en.contains("playbooks/one.toml:2"),
        "{}",
        problems[1].reason.en
    );
    let again = source("elsewhere/one.toml", "");
    let codes: Vec<&str> = read(&[one, again], house(Lang::Zh))
        .problems
        .iter()
        .map(|problem| problem.code.id())
        .collect();
    assert_eq!(codes, ["P11"]);
}

#[test]
fn names_in_other_files_are_found() {
    let rule = source(
        "a.toml",
        "[[rule]]\nname = \"r\"\non = \"order\"\nthen = [ { give = \"tea\" }, { say = \"{{ coupon.title }}\" } ]\n",
    );
    let coupon = source("b.toml", COUPON);
    assert!(read(&[rule, coupon], house(Lang::Zh)).sound().is_ok());
}

#[test]
fn a_cadence_plans_the_events_of_its_own_file() {
    let cadence = "[cadence.monthly]\nsmall = { on = \"1st sat\", at = \"20:00\", event = \"quiz\" }\n";
    let event = "[event.quiz]\ntitle = \"问答\"\n";
    let apart = [source("a.toml", cadence), source("b.toml", event)];
    let codes: Vec<&str> = read(&apart, house(Lang::Zh))
        .problems
        .iter()
        .map(|it| it.code.id())
        .collect();
    assert_eq!(codes, ["P09"]);
    let together = [source("a.toml", &format!("{cadence}{event}"))];
    assert!(read(&together, house(Lang::Zh)).sound().is_ok());
}

#[test]
fn patterns_meet_what_was_folded() {
    let rule = |pattern: &str| {
        with_rule(&format!(
            "on = {{ matches = '{pattern}' }}\nthen = [ {{ say = \"好\" }} ]"
        ))
    };
    let books = sound(&rule("^VIP(?<n>\\d+)$"));
    let on = &books.books[0].rules[0].on[0];
    let Trigger::Message(heard) = on else { panic!("{on:?}") };
    let Text::Matches(pattern) = &heard.text else {
        panic!("{heard:?}")
    };
    assert!(pattern.is_match("vip7"));
    assert_eq!(codes(&rule("你好！")), ["P02"]);
    assert_eq!(codes(&rule("「(.+)」")), [] as [&str; 0]);
    assert_eq!(codes(&rule("(?=x)")), ["P15"]);
    assert_eq!(codes(&rule("\\w{9999}")), ["P15"]);
    let deep = "(".repeat(99) + &")".repeat(99);
    assert_eq!(codes(&rule(&deep)), ["P15"]);
}

#[test]
fn lengths_of_time_are_read_in_both_languages() {
    let seconds = |text: &str| parse_length(text).map(|length| length.as_secs());
    assert_eq!(seconds("30s"), Some(30));
    assert_eq!(seconds("５分钟"), Some(300));
    assert_eq!(seconds("2 小时"), Some(7_200));
    assert_eq!(seconds("1h30m"), Some(5_400));
    assert_eq!(seconds("3天"), Some(259_200));
    assert_eq!(seconds("2W"), Some(1_209_600));
    for wrong in [
        "",
        "5",
        "0s",
        "-5m",
        "m",
        "5 apples",
        "99999999999999999999d",
        "9999999w",
        "1.5h",
    ] {
        assert_eq!(seconds(wrong), None, "{wrong}");
    }
}

#[test]
fn the_fingerprint_names_texts_and_house() {
    let print = |text: &str, lang| read(&[source("a.toml", text)], house(lang)).playbooks.fingerprint;
    assert_eq!(print("title = \"a\"", Lang::Zh), print("title = \"a\"", Lang::Zh));
    assert_ne!(print("title = \"a\"", Lang::Zh), print("title = \"b\"", Lang::Zh));
    assert_ne!(print("title = \"a\"", Lang::Zh), print("title = \"a\"", Lang::En));
    assert_eq!(print("", Lang::Zh).len(), 12);
}

#[test]
fn a_broken_line_does_not_hide_the_mistakes_of_the_others() {
    let text = "[[rule]]\nname = \"a\"\non = \"joind\"\nthen = [ { say = 3 } ]\n\n[[rule]\nname = \"b\"\n";
    let found = codes(text);
    assert!(found.contains(&"P01"), "{found:?}");
    assert!(found.contains(&"P05"), "{found:?}");
}

#[test]
fn a_test_knows_the_lines_its_texts_stand_on() {
    let text = "[[test]]\nname = \"t\"\nclock = \"2026-03-01 10:00\"\nscript = \"\"\"\n10:00  小明 进群\n\"\"\"\nexpect = \"无\"\n";
    let books = sound(text);
    let story = &books.books[0].stories[0];
    assert_eq!((story.line, story.script_line, story.expect_line), (1, 5, 7));
    assert_eq!(story.script, "10:00  小明 进群\n");
}

#[test]
fn machine_formats_name_file_line_and_column() {
    let text = "title = \"茶\"\n[[rule]]\nname = \"r\"\non = \"order\"\nthen = [ { give = \"teas\" } ]\n[coupon.tea]\nworth = \"5.00\"\nvalid = \"3d\"\nlimit = { total = 5 }\n";
    let sources = [source("playbooks/tea.toml", text)];
    let problems = read(&sources, house(Lang::En)).problems;
    assert_eq!(
        show(&problems, &sources, Lang::En, Format::Plain),
        "playbooks/tea.toml:5:19: error P07: no coupon has the name `teas` did you mean `tea`?\n"
    );
    assert_eq!(
        show(&problems, &sources, Lang::En, Format::Github),
        "::error file=playbooks/tea.toml,line=5,endLine=5,col=19,endColumn=25,title=P07 unknown coupon::no coupon has the name `teas` did you mean `tea`?\n"
    );
    let json: serde_json::Value = serde_json::from_str(&show(&problems, &sources, Lang::Zh, Format::Json)).unwrap();
    assert_eq!(json[0]["code"], "P07");
    assert_eq!(
        (json[0]["line"].as_u64(), json[0]["column"].as_u64()),
        (Some(5), Some(19))
    );
    assert_eq!(json[0]["reason"], "没有叫「teas」的券。");
}

fn lies_within(problem: &Problem, sources: &[Source]) -> bool {
    match &problem.place {
        Place::At { source, start, end } => {
            let text = &sources[*source].text;
            start <= end && text.is_char_boundary(*start) && text.is_char_boundary(*end) && *end <= text.len()
        }
        Place::Line { .. } => true,
    }
}

/// Reads, shows in every form, and holds what must always hold.
fn holds_together(sources: &[Source]) {
    let reading = read(sources, house(Lang::Zh));
    for problem in &reading.problems {
        assert!(lies_within(problem, sources), "{problem:?}");
        assert!(!problem.reason.zh.is_empty() && !problem.next.zh.is_empty());
    }
    for format in [
        Format::Human,
        Format::Coloured,
        Format::Plain,
        Format::Json,
        Format::Github,
    ] {
        show(&reading.problems, sources, Lang::Zh, format);
    }
    check_calendar(&reading.playbooks, date(2026, 11, 1));
    let refused = reading
        .problems
        .iter()
        .any(|problem| problem.severity() == Severity::Error);
    assert_eq!(reading.sound().is_err(), refused);
}

/// One change to a text: cut out, put in, or doubled.
#[derive(Clone, Debug)]
enum Slip {
    Cut(usize, usize),
    Put(usize, String),
    Double(usize, usize),
}

fn slip() -> impl Strategy<Value = Slip> {
    prop_oneof![
        (any::<usize>(), 1..12_usize).prop_map(|(at, length)| Slip::Cut(at, length)),
        (any::<usize>(), "[\"'{}\\[\\]=,.#，“”：%a-z0-9\n 礼\\\\-]{1,4}").prop_map(|(at, text)| Slip::Put(at, text)),
        (any::<usize>(), 1..60_usize).prop_map(|(at, length)| Slip::Double(at, length)),
    ]
}

fn slipped(text: &str, slip: &Slip) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let place = |at: usize| at % (characters.len() + 1);
    match slip {
        Slip::Cut(at, length) => {
            let start = place(*at);
            let end = (start + length).min(characters.len());
            characters.drain(start..end);
        }
        Slip::Put(at, more) => {
            let start = place(*at);
            characters.splice(start..start, more.chars());
        }
        Slip::Double(at, length) => {
            let start = place(*at);
            let end = (start + length).min(characters.len());
            let again = characters[start..end].to_vec();
            characters.splice(start..start, again);
        }
    }
    characters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_slip_of_the_keyboard_never_breaks_reading(book in any::<usize>(), slips in prop::collection::vec(slip(), 1..4)) {
        let mut sources = shipped();
        let book = book % sources.len();
        for slip in &slips {
            sources[book].text = slipped(&sources[book].text, slip);
        }
        holds_together(&sources);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        holds_together(&[source("any.toml", &text)]);
    }
}

#[test]
fn what_a_gateway_cannot_do_is_a_warning_that_says_what_happens_instead() {
    let text = "title = \"茶\"\n[[rule]]\nname = \"hello\"\non = { message = \"你好\" }\n\
                then = [ { say = \"悄悄话\", to = \"person\" }, { set_card = \"{{ who }}·茶友\" }, { say = \"好\" } ]\n";
    let mut house = house(Lang::Zh);
    house
        .gateways
        .insert("wx".into(), BTreeSet::from([Capability::Say, Capability::RenameGroup]));
    let reading = read(&[source("tea.toml", text)], house);
    let told: Vec<String> = reading
        .problems
        .iter()
        .filter(|it| it.code == Code::Incapable)
        .map(|it| {
            format!(
                "{} {} {}",
                it.code.id(),
                it.reason.pick(Lang::En),
                it.next.pick(Lang::Zh)
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "P110 the gateway wx cannot: write in private 在那里改为：在群里点名说；不在任何群里的人就不说。不合适就用 groups 只写别的网关上的群。",
            "P110 the gateway wx cannot: set a card 在那里改为：在群里请本人自己改。不合适就用 groups 只写别的网关上的群。",
        ]
    );
}

#[test]
fn what_a_gateway_cannot_do_is_shown_at_the_effect_and_only_where_the_rule_plays() {
    let text = |groups: &str| {
        format!(
            "title = \"茶\"\n{groups}\n[[rule]]\nname = \"hello\"\non = {{ message = \"你好\" }}\nthen = [\n  {{ say = \"好\" }},\n  \
             {{ set_card = \"{{{{ who }}}}·茶友\" }},\n]\n"
        )
    };
    let places = |groups: &str| {
        let mut house = house(Lang::Zh);
        house.gateways.insert("wx".into(), BTreeSet::from([Capability::Say]));
        let sources = [source("tea.toml", &text(groups))];
        let reading = read(&sources, house);
        let told = reading.problems.iter().filter(|it| it.code == Code::Incapable);
        let line = |place: &Place| match place {
            Place::At { start, .. } => sources[0].text[..*start].lines().count(),
            Place::Line { line, .. } => *line,
        };
        told.map(|it| line(&it.place)).collect::<Vec<_>>()
    };
    assert_eq!(places(""), [8]);
    assert_eq!(places("groups = [\"qq/*\"]"), Vec::<usize>::new());
    assert_eq!(places("groups = [\"qq/*\", \"wx/1\"]"), [8]);
    assert_eq!(places("groups = [\"茶友*\"]"), [8]);
}
