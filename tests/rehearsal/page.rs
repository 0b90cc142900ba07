//! The report as a page: whole, small, harmless, the same every time, and good to look at.

use std::path::PathBuf;

use qunying::chat::{Event, EventId, Happening, JoinedHow, Lang, Message, Moment, Role, Segment};
use qunying::dry_run::compare::{Running, compare};
use qunying::dry_run::html::{Hashed, Provenance, changes, page};
use qunying::dry_run::{Input, Plan, Show};
use qunying::playbook::Playbooks;

use crate::browser::{Browser, Look};
use crate::stage::{inputs, shipped, tea};

const THREE_MONTHS: &str = "recordings/tea-friends.jsonl";

/// Names and words made to do harm.
const HOSTILE: &[&str] = &[
    "</script><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "<a href=\"javascript:alert(1)\">点我</a>",
    "</style><style>*{display:none}</style>",
    "<!--",
    "-->",
    "]]>",
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt;&amp;&#x3c;",
    "\u{202E}gnp.exe\u{2066}",
    "\u{0}\u{1b}[31m红\u{feff}",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "𒐫𒐫𒐫𒐫𒐫𒐫𒐫𒐫𒐫𒐫",
];

fn provenance(command: &str) -> Provenance {
    Provenance {
        command: command.to_owned(),
        version: "qunying test".to_owned(),
        playbooks: "0123".to_owned(),
        files: vec![Hashed {
            name: HOSTILE[0].to_owned(),
            sha256: "00".to_owned(),
        }],
    }
}

fn page_of(books: Playbooks, inputs: Vec<Input>, lang: Lang) -> String {
    let mut plan = Plan::new(books, Show::Summary, lang);
    plan.detailed = true;
    page(&plan.run(inputs), &provenance("qunying dry-run <x>"), lang)
}

fn event(nth: u64, seconds: u64, happening: Happening) -> Input {
    let at = Moment::from_seconds(1_772_340_000 + i64::try_from(seconds).unwrap());
    Input {
        time: at,
        event: Event {
            id: EventId::new(format!("shop/{nth}")),
            at,
            happening,
        },
    }
}

fn said(person: &str, name: &str, words: &str, nth: u64) -> Happening {
    Happening::Message(Message {
        group: Some("shop/1".into()),
        from: person.into(),
        name: name.to_owned(),
        card: String::new(),
        role: Role::Member,
        message: format!("m{nth}").as_str().into(),
        segments: vec![Segment::Text(words.to_owned())],
        own: false,
        calls_bot: false,
    })
}

const ECHO: &str = r#"
title = "<b>试</b>"
[[rule]]
name = "回声"
on = { matches = '(?s)^(?<words>.*)$' }
then = [ { give = "gift" }, { say = "{{ who }}说：{{ captures.words }}" } ]
otherwise = [ { say = "{{ who }}：{{ reason }}" } ]
[[rule]]
name = "欢迎"
on = "joined"
gather = "30s"
then = [ { say = "欢迎 {{ who }}" } ]
[coupon.gift]
title = "<i>礼</i>"
worth = "1"
valid = "30d"
limit = { total = 5 }
"#;

/// Everybody is called something hostile, and says all of it.
fn hostile() -> Vec<Input> {
    let mut inputs = vec![event(
        0,
        0,
        Happening::GroupRenamed {
            group: "shop/1".into(),
            name: HOSTILE[1].to_owned(),
            by: None,
            inferred: false,
        },
    )];
    for (nth, name) in (1..).zip(HOSTILE) {
        let person = format!("shop/{name}{nth}");
        inputs.push(event(
            nth * 100,
            nth * 60,
            Happening::Joined {
                group: "shop/1".into(),
                person: person.as_str().into(),
                name: (*name).to_owned(),
                how: JoinedHow::Invited,
                by: None,
                inferred: false,
            },
        ));
        for (more, words) in (1..).zip(HOSTILE) {
            let nth = nth * 100 + more;
            inputs.push(event(nth, nth * 3600, said(&person, name, words, nth)));
        }
    }
    inputs
}

fn kept(name: &str, page: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, page).unwrap();
    file
}

#[test]
fn the_same_report_is_the_same_page() {
    for lang in [Lang::Zh, Lang::En] {
        let make = || page_of(shipped(), inputs(THREE_MONTHS).0, lang);
        assert!(make() == make(), "the page differs from itself");
    }
}

#[test]
fn everything_an_owner_asks_for_is_there() {
    let page = page_of(shipped(), inputs(THREE_MONTHS).0, Lang::Zh);
    for words in [
        "¥1415.00",
        "生日半价券",
        "演练不知道的事",
        "安静时段 22:00–08:00".replace("22:00", "23:00").as_str(),
        "已领过",
        "每位群友会收到什么",
        "听茗",
        "上限",
        "可复现",
    ] {
        assert!(page.contains(words), "no {words}");
    }
    let english = page_of(shipped(), inputs(THREE_MONTHS).0, Lang::En);
    for words in [
        "Costs at most",
        "What a rehearsal cannot know",
        "quiet hours",
        "already had",
    ] {
        assert!(english.contains(words), "no {words}");
    }
    // Members' own words stay as they are; what the page says itself is in one language.
    assert!(!english.contains("演练不知道"), "Chinese on the English page");
}

#[test]
fn nothing_a_log_says_becomes_markup() {
    let page = page_of(tea(ECHO), hostile(), Lang::Zh);
    let count = |what: &str| page.matches(what).count();
    assert_eq!(count("<script"), 1);
    assert_eq!(count("</script"), 1);
    assert_eq!(count("<style"), 1);
    assert_eq!(count("</style"), 1);
    assert_eq!(count("<meta"), 5);
    for markup in ["<img", "<svg/", "<base", "<!--", "<a href=\"j", "<b>试", "<i>礼"] {
        assert_eq!(count(markup), 0, "{markup}");
    }
    for invisible in ['\u{202E}', '\u{2066}', '\u{0}', '\u{1b}', '\u{feff}'] {
        assert!(!page.contains(invisible), "{invisible:?} got through");
    }
    // It is there to be read all the same.
    assert!(page.contains("&#60;/script&#62;&#60;script&#62;alert(1)"), "it is gone");
}

#[test]
fn a_redacted_page_names_nobody_and_repeats_nothing_nobody_asked_for() {
    let (inputs, _) = inputs(THREE_MONTHS);
    let mut names = std::collections::BTreeSet::new();
    let mut talk = std::collections::BTreeSet::new();
    for input in &inputs {
        match &input.event.happening {
            Happening::Message(message) => {
                names.insert(message.name.clone());
                names.insert(message.card.clone());
                talk.insert(qunying::chat::text_of(&message.segments));
            }
            Happening::Joined { name, .. } | Happening::Found { name, .. } => drop(names.insert(name.clone())),
            Happening::CardChanged { card, .. } => drop(names.insert(card.clone())),
            _ => {}
        }
    }
    let mut plan = Plan::new(shipped(), Show::Summary, Lang::Zh);
    plan.detailed = true;
    plan.redact = true;
    let page = page(&plan.run(inputs), &provenance("qunying dry-run"), Lang::Zh);
    for name in names.iter().filter(|name| name.chars().count() > 1) {
        assert!(!page.contains(name.as_str()), "{name} is on the page");
    }
    assert!(page.contains("用户07"), "nobody has a number");
    let small_talk = "今天天气真好";
    assert!(!page.contains(small_talk), "{small_talk}");
    let shown = talk
        .iter()
        .filter(|words| words.chars().count() > 9 && page.contains(words.as_str()));
    println!("{:#?}", shown.collect::<Vec<_>>());
    // The same member is the same number, and what was decided is what is decided otherwise.
    assert!(page.contains("¥1415.00"), "another outcome");
}

#[test]
fn a_hundred_thousand_events_fit_into_three_megabytes() {
    let mut inputs = Vec::new();
    for nth in 0..100_000_u64 {
        let person = format!("shop/{}", nth % 3_000);
        let words = match nth % 9 {
            0 => "礼包".to_owned(),
            _ => format!("今天第 {nth} 次说话，说得不长不短，大概就是平常的样子"),
        };
        let happening = said(&person, &format!("客人{}", nth % 3_000), &words, nth);
        inputs.push(event(nth, nth * 70, happening));
    }
    let books = tea(
        "title = \"试\"\n[[rule]]\nname = \"礼包\"\non = { message = \"礼包\" }\nthen = [ { give = \"gift\" }, { say = \"{{ who }}，礼包在这里，请收好，有事随时找我们\" } ]\n[coupon.gift]\ntitle = \"礼\"\nworth = \"1\"\nvalid = \"30d\"\nlimit = { total = 100000 }\n",
    );
    let page = page_of(books, inputs, Lang::Zh);
    assert!(page.len() <= 3_000_000, "{} bytes", page.len());
    // What is not there is counted.
    assert!(page.contains("天没有放进来"), "days are missing silently");
    assert!(page.contains("位收到得更少"), "members are missing silently");
}

fn changes_page(old: &str, new: &str, inputs: &[Input]) -> String {
    let side = |text: &str| {
        let mut running = Running::new(Plan::new(tea(text), Show::Summary, Lang::Zh), None);
        inputs.iter().for_each(|input| running.feed(input));
        running.close()
    };
    let (old, new) = (side(old), side(new));
    let zone = new.books.house.zone.clone();
    changes(&compare(&old, &new), &provenance("qunying plan"), (&zone, Lang::Zh))
}

#[test]
fn a_comparison_shows_both_sides_and_runs_nothing_either() {
    let edited = ECHO
        .replace("欢迎 {{ who }}", "您好 {{ who }}")
        .replace("total = 5", "total = 9");
    let page = changes_page(ECHO, &edited, &hostile());
    assert_eq!(
        page,
        changes_page(ECHO, &edited, &hostile()),
        "the page differs from itself"
    );
    for words in ["¥5.00", "¥9.00", "欢迎 ", "您好 ", "逐日对照", "文字改动"] {
        assert!(page.contains(words), "no {words}");
    }
    for (what, times) in [
        ("<script", 1),
        ("</script>", 1),
        ("<style", 1),
        ("<img", 0),
        ("<base", 0),
        ("<!--", 0),
    ] {
        assert_eq!(page.matches(what).count(), times, "{what}");
    }
    assert!(
        changes_page(ECHO, ECHO, &hostile()).contains("逐条相同"),
        "the same is not the same"
    );
    let Some(mut browser) = Browser::start() else { return };
    let file = kept("changes.html", &page);
    for look in [DESKTOP, PHONE] {
        browser.open(&file, look);
        browser.picture(&format!("changes-{}.png", look.width));
        let wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert!(browser.eval(wider).as_i64().unwrap() <= 0, "wider than {}", look.width);
        assert_eq!(browser.trouble(), Vec::<String>::new());
    }
}

const DESKTOP: Look = Look {
    width: 1280,
    height: 900,
    script: true,
};
const PHONE: Look = Look {
    width: 390,
    height: 844,
    script: true,
};

#[test]
fn it_looks_right_in_a_browser_at_every_width_with_and_without_a_script() {
    let Some(mut browser) = Browser::start() else { return };
    let pages = [
        kept("page.html", &page_of(shipped(), inputs(THREE_MONTHS).0, Lang::Zh)),
        kept("hostile.html", &page_of(tea(ECHO), hostile(), Lang::Zh)),
    ];
    for file in &pages {
        for look in [DESKTOP, PHONE] {
            for script in [true, false] {
                browser.open(file, Look { script, ..look });
                let name = file.file_stem().unwrap().to_string_lossy().into_owned();
                browser.picture(&format!("{name}-{}-{script}.png", look.width));
                looks_right(&mut browser, &format!("{name} at {} with script {script}", look.width));
            }
        }
    }
}

/// What holds for every page, however it is looked at.
#[track_caller]
fn looks_right(browser: &mut Browser, of: &str) {
    let wide = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]";
    let [scrolls, fits] = [0, 1].map(|place| browser.eval(wide)[place].as_i64().unwrap());
    assert!(scrolls <= fits, "{of}: {scrolls} wide on a screen of {fits}");
    let number = |browser: &mut Browser, what: &str| browser.eval(what).as_i64().unwrap();
    assert_eq!(number(browser, "document.scripts.length"), 1, "{of}");
    let shown = "[...document.querySelectorAll('.phone')].filter(it => it.offsetHeight > 0).length";
    assert_eq!(number(browser, shown), 1, "{of}: phones that are seen");
    let drawn = "document.querySelectorAll('#time .sheet > svg:first-child rect').length";
    assert!(number(browser, drawn) > 20, "{of}: the charts are empty");
    let away = "[...document.links].filter(it => !it.getAttribute('href').startsWith('#')).length";
    assert_eq!(number(browser, away), 0, "{of}: links that lead away");
    let dead = "[...document.links].filter(it => !document.getElementById(it.hash.slice(1))).length";
    assert_eq!(number(browser, dead), 0, "{of}: links that lead nowhere");
    let armed = "[...document.querySelectorAll('*')].filter(it => [...it.attributes].some(a => a.name.startsWith('on') || a.name === 'style')).length";
    assert_eq!(number(browser, armed), 0, "{of}: elements with handlers or styles");
    let trouble = browser.trouble();
    assert!(trouble.is_empty(), "{of}: {trouble:#?}");
}

#[test]
fn a_script_finds_members_and_turns_days_and_none_is_needed_to_see_them() {
    let Some(mut browser) = Browser::start() else { return };
    let file = kept("used.html", &page_of(shipped(), inputs(THREE_MONTHS).0, Lang::Zh));
    browser.open(&file, DESKTOP);
    assert_eq!(browser.eval("document.querySelector('.find').hidden"), false);
    browser.eval("{const box = document.querySelector('.find input'); box.value = '听茗'; box.dispatchEvent(new Event('input')); 0}");
    let left = "[...document.querySelectorAll('.member')].filter(it => it.offsetHeight > 0).length";
    assert_eq!(browser.eval(left), 1);
    let day = "document.querySelector('.phone:target')?.id ?? ''";
    browser.eval("location.hash = '#d3'; 0");
    assert_eq!(browser.eval(day), "d3");
    browser.eval("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true})); 0");
    assert_eq!(browser.eval(day), "d4");
    browser.open(&file, Look { script: false, ..PHONE });
    assert_eq!(browser.eval("document.querySelector('.find').hidden"), true);
    browser.eval("document.querySelector('.hits a').dispatchEvent(new MouseEvent('click', {bubbles: true})); 0");
    assert_ne!(browser.eval(day), "", "a day that is clicked is not shown");
}
