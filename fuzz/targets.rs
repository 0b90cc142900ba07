//! What is fuzzed: one function a target, which takes any bytes and must neither panic nor hang.
//!
//! `fuzz_targets/` hands them libFuzzer's inputs; `tests/fuzz.rs` the seeds, so that they cannot rot.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use hyper::HeaderMap;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use minijinja::{Value, context};

use qunying::calendar::Workdays;
use qunying::chat::{Fen, GatewayName, Lang, Moment, Segment};
use qunying::config::Config;
use qunying::dry_run::notation::{read_expectation, read_given, read_script};
use qunying::dry_run::stories;
use qunying::gateway::onebot11::cq;
use qunying::gateway::satori::{Events, content, elements};
use qunying::gateway::wecom::envelope::Seal;
use qunying::gateway::{
    Arrival, Gateway, Native, NativeSettings, OneBot11, OneBot11Settings, OneBot12, OneBot12Settings, Satori,
    SatoriSettings, WeCom, WeComSettings, WechatBot, WechatBotSettings,
};
use qunying::import::csv_map::CsvMap;
use qunying::import::formats::Format as LogForm;
use qunying::import::rows_of;
use qunying::import::source::Context;
use qunying::playbook::vocabulary::{Sort, Vocabulary};
use qunying::playbook::{Condition, Format, House, Manners, Money, Source, Wording, read, show};

/// A playbook file. Whatever it is, it is read or refused, and what is wrong with it can be shown; the tests of one that
/// is sound can be played.
pub fn reader(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let sources = [Source {
        name: "tea.toml".to_owned(),
        text: text.to_owned(),
    }];
    let reading = read(&sources, HOUSE.clone());
    for lang in [Lang::Zh, Lang::En] {
        show(&reading.problems, &sources, lang, Format::Human);
    }
    show(&reading.problems, &sources, Lang::Zh, Format::Json);
    // A year of a cadence, or a settling time of ten, is right and takes long: tests are played where they are short.
    if let Ok(books) = reading.sound()
        && text.len() < 4_096
        && !text.contains("settle")
    {
        stories::run(&books, "").text(Lang::Zh);
    }
}

/// A condition, and the same text as wording: checked against every name there is, then held against a scene with
/// hostile values in it.
pub fn conditions(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(condition) = Condition::parse(text) {
        condition.check(&VOCABULARY);
        drop(condition.holds(&SCENE));
    }
    if let Ok(wording) = Wording::parse(text) {
        wording.check(&VOCABULARY);
        wording.plain_parts();
        drop(wording.render(&SCENE));
    }
}

/// A script, an expectation and what is given, all from the same text.
pub fn notation(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let clock = date(2026, 3, 1).at(10, 0, 0, 0);
    let known = ["小明".to_owned(), "Aunt May".to_owned(), String::new()];
    let lines = text.lines().count();
    let (script, problems) = read_script(text, 1, clock, &known);
    assert!(script.windows(2).all(|pair| pair[0].at <= pair[1].at));
    let (expected, more) = read_expectation(text, 1, clock, &known);
    let (given, most) = read_given(text, 1, clock, &known);
    for problem in problems.iter().chain(&more).chain(&most) {
        assert!((1..=lines).contains(&problem.line));
        problem.mistake.text(Lang::Zh);
    }
    assert!(script.len().max(expected.len()).max(given.len()) <= lines);
}

static HOUSE: LazyLock<House> = LazyLock::new(|| House {
    name: "山野茶社".to_owned(),
    zone: TimeZone::get("Asia/Shanghai").expect("the zone is bundled"),
    lang: Lang::Zh,
    staff: Vec::new(),
    staff_group: None,
    manners: Manners {
        quiet: Some((time(22, 30, 0, 0), time(8, 0, 0, 0))),
        per_group_per_day: 20,
        mentions_per_person_per_day: 3,
        promo_one_in: 5,
    },
    gateways: BTreeMap::new(),
    calls: std::collections::BTreeSet::from(["crm".into()]),
    workdays: Workdays::built_in(),
});

static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::base().with_coupon().with_reason().with("who", Sort::Text));

static SCENE: LazyLock<Value> = LazyLock::new(|| {
    context! {
        who => "{{ 7 * 7 }}{% raw %}@all",
        people => vec!["小明", "", "\u{202e}红", "{{ who }}"],
        text => "a".repeat(2_000),
        group => context! { name => "茶", size => u32::MAX },
        person => context! { orders => 3, spend => Money::value(Fen(i64::MAX)), tags => vec!["老客"], name => "小明" },
        coupon => context! { worth => Money::value(Fen(2_500)), min_spend => Money::value(Fen(0)), title => "券" },
        now => context! { hour => 23, weekday => "周六" },
    }
});

static WECOM: LazyLock<(Seal, WeCom)> = LazyLock::new(|| {
    let (token, key) = ("QDG6eK".into(), "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C".into());
    let mut settings = WeComSettings::new("wecom".into());
    settings.corp = Some("wx5823bf96d3bd56c7".to_owned());
    settings.token = Some("QDG6eK".into());
    settings.aes_key = Some("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C".into());
    let seal = Seal::new(token, &key).expect("the key has 43 letters");
    (seal, WeCom::new(settings).expect("the settings are whole"))
});

/// What WeCom posts. The first byte says what it is: a body as it comes, an address, a ciphertext, a message in a good
/// envelope (XML, then JSON), a line of the archive.
pub fn wecom(data: &[u8]) {
    let Some((what, bytes)) = data.split_first() else {
        return;
    };
    let (seal, wecom) = &*WECOM;
    let arrived = Arrival {
        at: Moment::from_seconds(1_772_330_400),
        nth: 0,
    };
    let text = String::from_utf8_lossy(bytes);
    let posted = |receiver: &str, envelope: fn(&str) -> String| {
        let ciphertext = seal.encrypt(bytes, receiver, [7; 16]);
        let query = format!(
            "msg_signature={}&timestamp=1772330400&nonce=1",
            seal.signature("1772330400", "1", &ciphertext)
        );
        drop(wecom.decode(Some(&query), envelope(&ciphertext).as_bytes(), arrived));
    };
    match what % 6 {
        0 => drop(wecom.decode(Some("msg_signature=a&timestamp=1772330400&nonce=1"), bytes, arrived)),
        1 => drop(wecom.verify(Some(&text), arrived.at)),
        2 => drop(seal.decrypt(&text)),
        3 => posted("wx5823bf96d3bd56c7", |it| format!("<xml><Encrypt>{it}</Encrypt></xml>")),
        4 => posted("", |it| format!("{{\"encrypt\":\"{it}\"}}")),
        _ => drop(wecom.archived(&text)),
    }
}

/// The readers of logs, by family: each has a target of its own, called `log_` and the family's name.
pub const FAMILIES: [(&str, &[LogForm]); 14] = [
    ("own", &[LogForm::Imported, LogForm::Recording]),
    ("onebot", &[LogForm::OneBot11, LogForm::OneBot12]),
    ("chatlog", &[LogForm::ChatLog]),
    ("weflow", &[LogForm::WeFlow]),
    ("chatlab", &[LogForm::ChatLab]),
    ("wechatmsg", &[LogForm::WeChatMsg]),
    ("pywxdump", &[LogForm::PyWxDump]),
    ("exporter", &[LogForm::WechatExporter]),
    ("gewechat", &[LogForm::GeWeChat]),
    ("qq", &[LogForm::Qce, LogForm::QqText]),
    ("wecom", &[LogForm::WeCom]),
    ("telegram", &[LogForm::Telegram]),
    ("whatsapp", &[LogForm::WhatsApp]),
    ("tables", &[LogForm::CsvMap, LogForm::Roster]),
];

/// A log of another program; where the family reads several forms, the first byte says which. It is read or refused.
pub fn log(family: &str, data: &[u8]) {
    let (_, forms) = FAMILIES
        .iter()
        .find(|(name, _)| *name == family)
        .expect("the family is listed");
    let Some((form, bytes)) = data.split_first() else {
        return;
    };
    let map = CsvMap::read("time=time,sender=sender,text=text,id=id,system=系统消息").expect("the map is sound");
    let context = Context {
        gateway: "log".into(),
        zone: TimeZone::get("Asia/Shanghai").expect("the zone is bundled"),
        dates: None,
        begins: Some(date(2026, 3, 1)),
        csv_map: Some(map),
    };
    drop(rows_of(forms[usize::from(*form) % forms.len()], bytes, &context));
}

/// A message, read as a CQ string and as Satori's elements; what was read and written once is read the same again.
pub fn markup(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let pieces = cq::write(&cq::parse(text));
    assert_eq!(cq::write(&cq::parse(&pieces)), pieces);
    let read = elements::write(&elements::parse(text));
    assert_eq!(elements::write(&elements::parse(&read)), read);
    drop(content::read(&"qq".into(), text));
    // What a member typed never calls anybody and never becomes a tag.
    let said = [Segment::Text(text.to_owned())];
    if let Some(written) = content::write(&said) {
        let is_words = |it: &Segment| matches!(it, Segment::Text(_));
        assert!(content::read(&"qq".into(), &written).iter().all(is_words));
    }
}

/// A form as wechatbot-webhook posts one, its boundary `b`.
pub fn forms(data: &[u8]) {
    let arrived = Arrival {
        at: Moment::START,
        nth: 0,
    };
    let kind = HeaderValue::from_static("multipart/form-data;boundary=b");
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, kind)]);
    let mut settings = WechatBotSettings::new(GatewayName::new("wx"));
    settings.bot = Some("茶小二".to_owned());
    let bot = WechatBot::new(settings).expect("it has nothing that is wrong");
    // What was met once is met again.
    for _ in 0..2 {
        drop(bot.decode(&headers, data, arrived));
    }
}

/// A config with a mapping and a report it is held against, parted by the first NUL.
pub fn mapping(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (config, body) = text.split_once('\0').unwrap_or((text, "{}"));
    let Ok(config) = Config::from_text(config, "config.toml") else {
        return;
    };
    let arrived = Arrival {
        at: Moment::START,
        nth: 0,
    };
    for gateway in &config.gateways {
        drop(gateway.decode(&HeaderMap::new(), None, body.as_bytes(), arrived));
    }
}

/// A report, told to a gateway of each kind: by the first byte over a WebSocket or posted.
pub fn reports(data: &[u8]) {
    let Some((way, body)) = data.split_first() else {
        return;
    };
    let arrived = Arrival {
        at: Moment::START,
        nth: 0,
    };
    for gateway in GATEWAYS.iter() {
        let decoded = match (way % 2, std::str::from_utf8(body)) {
            (0, Ok(frame)) => gateway.heard(frame, arrived),
            _ => gateway.decode(&HeaderMap::new(), None, body, arrived),
        };
        if let Err(refusal) = decoded {
            drop((refusal.to_string(), refusal.status()));
        }
    }
}

static GATEWAYS: LazyLock<Vec<Gateway>> = LazyLock::new(|| {
    let name = || GatewayName::new("qq");
    let mut posted = SatoriSettings::new(name());
    posted.events = Events::Posted;
    vec![
        Gateway::Native(Native::new(NativeSettings::new(name())).expect("it has nothing that is wrong")),
        Gateway::OneBot11(OneBot11::new(OneBot11Settings::new(name())).expect("it has nothing that is wrong")),
        Gateway::OneBot12(OneBot12::new(OneBot12Settings::new(name())).expect("it has nothing that is wrong")),
        Gateway::Satori(Satori::new(posted).expect("it has nothing that is wrong")),
    ]
});
