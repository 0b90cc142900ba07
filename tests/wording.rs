//! Wording and conditions: what the language has, what it refuses, and that member text never becomes code.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage has failed")]

use jiff::civil::date;
use jiff::tz::TimeZone;
use minijinja::{Value, context};
use proptest::prelude::*;

use qunying::chat::{Fen, Lang};
use qunying::playbook::phrases::{
    CheckInPhrases, GatheringPhrases, HousePhrases, LinkingPhrases, MembershipPhrases, OptingOutPhrases, PointsPhrases,
    PrivacyPhrases, RedemptionPhrases, SourcePhrases, TagPhrases, TellingPhrases, TierPhrases, VotePhrases,
};
use qunying::playbook::vocabulary::{Sort, Vocabulary};
use qunying::playbook::wording::Fault;
use qunying::playbook::{Condition, LocalTime, Money, Wording};

fn start(lang: Lang) -> Value {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    LocalTime::new(date(2026, 3, 7).at(20, 0, 0, 0).to_zoned(zone).unwrap(), lang).value()
}

fn scene() -> Value {
    context! {
        who => "小明",
        people => vec!["小明", "小红"],
        group => context! { name => "山野茶友会", size => 42 },
        person => context! { orders => 3, spend => Money::value(Fen(9_950)), tags => vec!["老客"], name => "小明" },
        event => context! { start => start(Lang::Zh), title => "问答" },
        coupon => context! { worth => Money::value(Fen(2_500)), min_spend => Money::value(Fen(0)) },
        none_yet => Value::from(()),
    }
}

fn said(wording: &str) -> String {
    Wording::parse(wording)
        .unwrap_or_else(|why| panic!("{wording}: {why}"))
        .render(&scene())
        .unwrap_or_else(|unsaid| format!("✗ {unsaid}"))
}

fn holds(condition: &str) -> String {
    match Condition::parse(condition)
        .unwrap_or_else(|why| panic!("{condition}: {why}"))
        .holds(&scene())
    {
        Ok(truth) => truth.to_string(),
        Err(unsaid) => format!("✗ {unsaid}"),
    }
}

#[test]
fn values_show_as_members_read_them() {
    assert_eq!(said("{{ coupon.worth }} {{ person.spend }}"), "25 99.50");
    assert_eq!(said("{{ event.start }}"), "3月7日（周六）20:00");
    assert_eq!(
        said("{{ event.start | datetime }}|{{ event.start | date }}|{{ event.start | time }}"),
        "3月7日（周六）20:00|3月7日|20:00"
    );
    assert_eq!(said("{{ event.start.weekday }} {{ event.start.hour }}"), "周六 20");
    assert_eq!(
        said("{{ people | join('、') }} {{ people | join }} {{ who | length }}"),
        "小明、小红 小明、小红 2"
    );
    assert_eq!(
        said("{% for one in people %}{{ loop.index }}.{{ one }} {% endfor %}"),
        "1.小明 2.小红"
    );
    assert_eq!(
        said("{% if coupon.min_spend %}满减{% else %}无门槛{% endif %}"),
        "无门槛"
    );
    assert_eq!(said("{{ none_yet | default('未知') }}"), "未知");
    let english = Wording::parse("{{ start }}")
        .unwrap()
        .render(&context! { start => start(Lang::En) });
    assert_eq!(english.unwrap(), "Sat 7 Mar 20:00");
}

#[test]
fn sums_and_comparisons_know_money() {
    assert_eq!(
        said("{{ coupon.worth * 2 }} {{ person.spend - coupon.worth }} {{ group.size + 1 }} {{ 7 // 2 }}"),
        "50 74.50 43 3"
    );
    assert_eq!(holds("person.spend >= 99.5"), "true");
    assert_eq!(holds("person.spend > 99.5 or person.spend < coupon.worth"), "false");
    assert_eq!(holds("25 == coupon.worth and 10 < person.spend < 100"), "true");
    assert_eq!(holds("'老客' in person.tags and '新客' not in person.tags"), "true");
    assert_eq!(
        holds("'茶' in group.name and not (person.orders is odd) == false"),
        "true"
    );
    assert_eq!(said("{{ '多' if person.orders > 2 else '少' }}"), "多");
}

#[test]
fn nonsense_is_an_error_and_never_a_no() {
    assert_eq!(
        holds("person.orders > 'abc'"),
        "✗ invalid operation: the number 3 and the text “abc” cannot be compared"
    );
    assert_eq!(
        holds("person.spend == 'abc'"),
        "✗ invalid operation: the amount 99.50 and the text “abc” cannot be compared"
    );
    assert!(holds("person.pionts > 3").starts_with('✗'));
    assert!(holds("person.pionts == 3").starts_with('✗'));
    assert!(said("{{ whoo }}").starts_with('✗'));
    assert!(said("{{ none_yet }}").starts_with('✗'));
    assert!(said("{{ who | date }}").starts_with('✗'));
    assert!(said("{{ 1 // 0 }}").starts_with('✗'));
    assert!(said("{{ 9223372036854775807 + 1 }}").starts_with('✗'));
    assert_eq!(
        Condition::parse("person.orders")
            .unwrap()
            .holds(&scene())
            .unwrap_err()
            .0,
        "`person.orders` is 3, not true or false"
    );
}

#[test]
fn what_is_left_out_is_refused() {
    for wording in [
        "{% macro m() %}{% endmacro %}",
        "{% set a = 1 %}",
        "{% set a %}x{% endset %}",
        "{% with a = 1 %}{% endwith %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% block b %}{% endblock %}",
        "{% filter upper %}x{% endfilter %}",
        "{% autoescape true %}x{% endautoescape %}",
        "{% call m() %}{% endcall %}",
        "{% do range(3) %}",
        "{{ range(3) }}",
        "{{ who.upper() }}",
        "{{ namespace() }}",
        "{{ 'x' * 100000000 }}",
        "{{ 2 ** 64 }}",
        "{{ people[0] }}",
        "{{ who[1:2] }}",
        "{{ {'a': 1} }}",
        "{{ (1, 2) }}",
        "{{ who | safe }}",
        "{{ who is mapping }}",
        "{% for a in range(9) %}{% endfor %}",
        "{% for a in people %}{% for b in people %}{% endfor %}{% endfor %}",
        "{% for a in people if a %}{% endfor %}",
        "{% for a in people recursive %}{% endfor %}",
        "{{ 'a' if who }}",
        "{{ who",
        "{% if who %}",
    ] {
        let refused = Wording::parse(wording).expect_err(wording);
        assert!(!refused.in_chinese.is_empty());
        let place = refused.place.unwrap_or(0..0);
        assert!(place.end <= wording.len(), "{wording}: {place:?}");
    }
}

#[test]
fn nothing_grows_beyond_its_cap() {
    assert!(Wording::parse(&"好".repeat(2_001)).is_err());
    let scene = context! { who => "好".repeat(300) };
    let wording = Wording::parse(&"{{ who }}".repeat(7)).unwrap();
    assert_eq!(
        wording.render(&scene).unwrap_err().0,
        "it comes to more than 2000 characters"
    );
    let numbers = context! { n => i64::MAX, text => "x" };
    // A sort only the scene knows is held to the rule when it is said.
    assert!(Wording::parse("{{ text * n }}").unwrap().render(&numbers).is_err());
}

#[test]
fn work_and_memory_are_bounded_whatever_is_written() {
    let people: Vec<String> = (0..20_000).map(|n| format!("群友{n}")).collect();
    let scene = context! { people, who => "好".repeat(2_000) };
    let flood = Wording::parse("{% for one in people %}{{ people | join }}{% endfor %}").unwrap();
    assert!(flood.render(&scene).unwrap_err().0.contains("2000 characters"));
    let idle = Wording::parse("{% for one in people %}{% if one == who %}x{% endif %}{% endfor %}").unwrap();
    assert!(idle.render(&scene).unwrap_err().0.contains("fuel"));
    let long = ["(who ~ who) != who"; 8].join(" and ");
    assert!(Condition::parse(&long).unwrap().holds(&scene).unwrap());
    for deep in [
        format!("{}1 == 1{}", "(".repeat(900), ")".repeat(900)),
        format!("{}true", "not ".repeat(480)),
        format!("{}1 > 0", "-".repeat(1_900)),
        format!("{}1{} == 1", "[".repeat(900), "]".repeat(900)),
    ] {
        // Refused or not: it comes back.
        let _ = Condition::parse(&deep).map(|condition| condition.holds(&scene));
    }
}

#[test]
fn names_are_looked_up_for_the_occasion() {
    let vocabulary = Vocabulary::base().with("who", Sort::Text).with("lines", Sort::List);
    let faults = |wording: &str| Wording::parse(wording).unwrap().check(&vocabulary);
    assert_eq!(
        faults("{{ who }} {{ group.name }} {{ now.hour }} {% for l in lines %}{{ l }}{% endfor %}"),
        []
    );
    let wording = "你好 {{ group.nmae }}";
    let found = faults(wording);
    let [Fault::Unknown { place, name, known }] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!((&wording[place.clone()], name.as_str()), ("nmae", "nmae"));
    assert_eq!(known, &["name", "size"]);
    for wrong in [
        "{{ lines }}",
        "{{ group }}",
        "{{ who.name }}",
        "{{ now.workday }}",
        "{% for x in who %}{% endfor %}",
        "{{ loop.index }}",
    ] {
        assert_eq!(faults(wrong).len(), 1, "{wrong}");
    }
}

#[test]
fn every_phrase_passes_its_own_check() {
    each("birthday", TellingPhrases::WORDS);
    each("vote", VotePhrases::WORDS);
    each("event", GatheringPhrases::WORDS);
    each("points", PointsPhrases::WORDS);
    each("redemption", RedemptionPhrases::WORDS);
    each("check_in", CheckInPhrases::WORDS);
    each("memberships", MembershipPhrases::WORDS);
    each("tiers", TierPhrases::WORDS);
    each("tags", TagPhrases::WORDS);
    each("sources", SourcePhrases::WORDS);
    each("linking", LinkingPhrases::WORDS);
    each("opting_out", OptingOutPhrases::WORDS);
    each("privacy", PrivacyPhrases::WORDS);
    each("house", HousePhrases::WORDS);
}

fn each(section: &str, words: &[(&str, &str, &str)]) {
    for (key, zh, en) in words {
        for text in [zh, en] {
            let faults = Wording::parse(text)
                .unwrap()
                .check(&Vocabulary::of_phrase(section, key));
            assert_eq!(faults, [], "{section}.{key}: {text}");
        }
    }
}

#[test]
fn chains_may_be_long() {
    let joined = |part: &str, by: &str, count: usize| vec![part; count].join(by);
    for (condition, wanted) in [
        (joined("person.orders == 3", " and ", 700), "true"),
        (joined("person.orders == 4", " or ", 700), "false"),
        (
            format!("{} and group.size == 1", joined("person.orders == 3", " and ", 500)),
            "false",
        ),
        (
            format!("{} and false or true", joined("true or false", " and ", 300)),
            "true",
        ),
        (format!("{} == 600", joined("1", " + ", 600)), "true"),
        (format!("1000{} == 300", " - 1".repeat(700)), "true"),
        (
            format!("person.name ~ {} == person.name", joined("\"\"", " ~ ", 700)),
            "true",
        ),
        (format!("{}true{}", "(".repeat(35), ")".repeat(35)), "true"),
        (format!("{}true", "not ".repeat(18)), "true"),
    ] {
        assert_eq!(holds(&condition), wanted, "{condition}");
        let parsed = Condition::parse(&condition).unwrap();
        assert_eq!(
            parsed.check(
                &Vocabulary::base()
                    .with("person.orders", Sort::Number)
                    .with("person.name", Sort::Text)
            ),
            []
        );
        assert!(!parsed.parts(&scene()).is_empty());
        drop(parsed.clone());
    }
    assert_eq!(
        said(&format!("{{{{ {} }}}}", vec!["\"好\""; 300].join(" ~ "))),
        "好".repeat(300)
    );
}

#[test]
fn what_nobody_can_read_is_refused_where_it_gets_too_deep() {
    let deep = [
        format!("{}true{}", "(".repeat(60), ")".repeat(60)),
        format!("{}true{}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("{}1 == 1", "-".repeat(9_000)),
        format!("{}true", "not ".repeat(4_000)),
        format!("{}true", "true if true else ".repeat(900)),
        format!("person{} == 1", ".a".repeat(9_000)),
        format!("who{} == \"a\"", " | upper".repeat(2_000)),
        format!("{}true{}", "[".repeat(9_000), "]".repeat(9_000)),
        format!("{}1{}", "(1 + 1 * -".repeat(39), ")".repeat(39)) + " == 1",
    ];
    for condition in deep {
        let Err(why) = Condition::parse(&condition) else {
            // What is still readable is worked out.
            assert!(!holds(&condition).contains("recursion"), "{condition}");
            continue;
        };
        let text: String = condition.chars().take(60).collect();
        assert!(why.reason.contains("stands one within the other"), "{text}: {why}");
        assert!(why.in_chinese.contains("套得太深"), "{text}: {}", why.in_chinese);
        let place = why.place.unwrap_or_else(|| panic!("{text} has no place"));
        assert!(place.start > 10 && place.end <= condition.len(), "{text}: {place:?}");
    }
    let many = vec!["person.orders == 1"; 900].join(" or ");
    let why = Condition::parse(&many).unwrap_err();
    assert!(why.reason.contains("more than 800 parts"), "{why}");
    assert!(
        Wording::parse(&"{% if true %}".repeat(150))
            .unwrap_err()
            .in_chinese
            .contains("套得太深")
    );
}

/// A sum as it is written, and what it comes to; brackets wherever a sum stands in a sum.
fn sum() -> impl Strategy<Value = (String, i64)> {
    let number = (0_i64..100).prop_map(|number| (number.to_string(), number));
    number.prop_recursive(6, 60, 4, |inner| {
        prop::collection::vec((prop::sample::select(vec!["+", "-", "*"]), inner), 1..8).prop_map(|links| {
            // From left to right, each step in no more than the brackets it needs.
            let (mut text, mut sum) = ("0".to_owned(), 0_i64);
            for (op, (other, value)) in links {
                text = match op {
                    "*" => format!("({text}) * ({other})"),
                    _ => format!("{text} {op} ({other})"),
                };
                sum = match op {
                    "+" => sum.wrapping_add(value),
                    "-" => sum.wrapping_sub(value),
                    _ => sum.wrapping_mul(value),
                } % 1_000;
                text = format!("({text}) % 1000");
                sum = sum.rem_euclid(1_000);
            }
            (text, sum)
        })
    })
}

/// What is true and what is false, joined in any way.
fn truth() -> impl Strategy<Value = (String, bool)> {
    let plain = any::<bool>().prop_map(|truth| (truth.to_string(), truth));
    plain.prop_recursive(5, 80, 6, |inner| {
        (
            prop::sample::select(vec![" and ", " or "]),
            prop::collection::vec((any::<bool>(), inner), 1..30),
        )
            .prop_map(|(by, all)| {
                let texts: Vec<String> = all
                    .iter()
                    .map(|(not, (text, _))| {
                        if *not {
                            format!("not ({text})")
                        } else {
                            format!("({text})")
                        }
                    })
                    .collect();
                let mut truths = all.iter().map(|(not, (_, truth))| not ^ truth);
                let whole = if by == " and " {
                    truths.all(|it| it)
                } else {
                    truths.any(|it| it)
                };
                (texts.join(by), whole)
            })
    })
}

fn all_texts(text: &str) -> Value {
    context! { who => text, text => text }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sums_come_to_what_they_come_to((text, value) in sum()) {
        match Condition::parse(&format!("{text} == {value}")) {
            Ok(condition) => prop_assert_eq!(condition.holds(&scene()), Ok(true), "{}", text),
            Err(why) => prop_assert!(why.reason.contains("stands one within the other"), "{}: {}", text, why),
        }
    }

    #[test]
    fn truth_is_joined_as_it_is_written((text, truth) in truth()) {
        match Condition::parse(&text) {
            Ok(condition) => {
                prop_assert_eq!(condition.holds(&scene()), Ok(truth), "{}", text);
                prop_assert!(condition.parts(&scene()).iter().all(|part| part.holds.is_some()));
            }
            Err(why) => prop_assert!(why.reason.contains("stands one within") || why.reason.contains("parts"), "{}: {}", text, why),
        }
    }

    #[test]
    fn what_reads_is_never_too_deep_for_the_machine(pieces in prop::collection::vec(prop::sample::select(vec![
        "(", ")", "not ", "-", "1", "true", " and ", " or ", " + ", " ~ ", " == ", " in ", "[", "]", " if ", " else ", " is none", " | upper",
        "who", ".name", "person", ", ", "\"a\"", "(((((((((((", ")))))))))))", "not not not ", "--------", "1 + 1 * ",
    ]), 0..400)) {
        let text = pieces.concat();
        match Condition::parse(&text) {
            Ok(condition) => {
                condition.check(&Vocabulary::base());
                let _ = condition.holds(&scene());
                condition.parts(&scene());
            }
            Err(why) => prop_assert!(!why.reason.contains("recursion"), "{}: {}", text, why),
        }
    }

    #[test]
    fn any_text_is_parsed_or_refused(text in "\\PC{0,120}") {
        if let Ok(wording) = Wording::parse(&text) {
            wording.check(&Vocabulary::base());
            wording.plain_parts();
            let _ = wording.render(&scene());
        }
        if let Ok(condition) = Condition::parse(&text) {
            condition.check(&Vocabulary::base());
            let _ = condition.holds(&scene());
        }
    }

    #[test]
    fn anything_that_looks_like_code_is_parsed_or_refused(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "{{", "}}", "{%", "%}", "{#", "#}", " who ", " if ", " else ", " endif ", " for ", " in ", " endfor ", "|", "join",
            "date", "(", ")", "[", "]", "'", "\"", "+", "*", "-", "~", ".", "name", " group", "1", " is ", " not ", "none", "and",
            " or ", "==", "<", "好", "\\", "\n", ",", "{", "}", "people", " raw ", " endraw ",
        ]), 0..24)
    ) {
        let text = pieces.concat();
        if let Ok(wording) = Wording::parse(&text) {
            wording.check(&Vocabulary::base());
            let _ = wording.render(&scene());
        }
        if let Ok(condition) = Condition::parse(&text) {
            let _ = condition.holds(&scene());
        }
    }

    #[test]
    fn member_text_is_never_code(name in "(\\PC|\\{\\{|\\}\\}|\\{%|%\\}|who|'|\"|\\\\){0,30}") {
        let scene = all_texts(&name);
        let plain = Wording::parse("[{{ who }}]").unwrap().render(&scene).unwrap();
        prop_assert_eq!(plain, format!("[{name}]"));
        // The same where the wording is printed anew because it compares.
        let compared = Wording::parse("[{% if who == text %}{{ who }}{% else %}?{% endif %}]").unwrap().render(&scene).unwrap();
        prop_assert_eq!(compared, format!("[{name}]"));
    }

    #[test]
    fn plain_text_says_itself(text in "[^{]{0,60}") {
        let said = Wording::parse(&text).unwrap().render(&scene()).unwrap();
        prop_assert_eq!(said.trim(), text.trim());
        let again = format!("{text}{{% if 1 < 2 %}}!{{% endif %}}");
        let said = Wording::parse(&again).unwrap().render(&scene()).unwrap();
        prop_assert!(said.ends_with('!'));
        prop_assert_eq!(said.trim_end_matches('!').trim(), text.trim_end_matches('!').trim());
    }
}
