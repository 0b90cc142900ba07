//! Playbooks that take over others, and what they are in some groups.

use proptest::prelude::*;
use qunying::chat::Lang;
use qunying::dry_run::stories;
use qunying::playbook::{Format, Playbooks, Source, read, show};

use super::{holds_together, house, slip, slipped, source};

const BASE: &str = r#"
template = true
title = "底本"

[constants]
shop = "本店"

[wordings]
hello = "{{ const.shop }}欢迎 {{ who }}"

[[rule]]
name = "问好"
on   = { message = "你好" }
cooldown = "1h"
then = [ { say = { wording = "hello" } } ]

[[rule]]
name = "群规"
on   = { message = "群规" }
then = [ { say = "{{ group.name }}：不发广告" } ]

[coupon.tea]
worth = "5.00"
valid = "3d"
limit = { total = 5 }

[[test]]
name   = "问好有回应"
clock  = "2026-03-02 10:00"
members = ["小明"]
script = "10:00  小明: 你好"
expect = "10:00  群: 本店欢迎 小明"
"#;

fn sources(base: &str, own: &str) -> Vec<Source> {
    vec![source("playbooks/base.toml", base), source("playbooks/tea.toml", own)]
}

fn told(sources: &[Source]) -> String {
    let reading = read(sources, house(Lang::Zh));
    show(&reading.settled(Vec::new(), &[]), sources, Lang::En, Format::Plain)
}

fn sound(sources: &[Source]) -> Playbooks {
    assert_eq!(told(sources), "");
    read(sources, house(Lang::Zh)).sound().unwrap()
}

fn tested(sources: &[Source]) {
    let books = sound(sources);
    for lang in [Lang::Zh, Lang::En] {
        let told = stories::run(&books, "");
        assert_eq!(told.failed(), 0, "{}", told.text(lang));
        assert!(told.passed() > 0);
    }
}

#[test]
fn everything_of_another_playbook_is_taken_over_but_what_is_changed() {
    let own = r#"
extends = "base.toml"
title   = "茶社"
without = ["群规"]

[constants]
shop = "山野茶社"

[[rule]]
name = "问好"
cooldown = "2h"

[[rule]]
name = "再见"
on   = { message = "再见" }
then = [ { say = "{{ who }} 慢走" } ]

[coupon.tea]
worth = "8.00"

[[test]]
name   = "问好有回应"
script = """
10:00  小明: 你好
11:30  小明: 你好
12:00  小明: 你好
12:01  小明: 群规
12:02  小明: 再见
"""
expect = """
10:00  群: 山野茶社欢迎 小明
12:00  群: 山野茶社欢迎 小明
12:02  群: 小明 慢走
"""
"#;
    let sources = sources(BASE, own);
    tested(&sources);
    let books = sound(&sources).books;
    let [book] = books.as_slice() else {
        panic!("a template plays")
    };
    let names: Vec<&str> = book.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["tea/问好", "tea/再见"]);
    assert_eq!((book.rules[0].file.as_str(), book.rules[0].line), ("tea", 9));
    assert_eq!(book.coupons[&"tea".into()].valid_days, 3);
    assert_eq!(book.coupons[&"tea".into()].worth, "8.00".parse().unwrap());
}

#[test]
fn a_rule_that_is_taken_over_stands_where_it_stands() {
    let books = sound(&sources(BASE, "extends = \"base\"\n"));
    let rule = &books.books[0].rules[1];
    assert_eq!(
        (rule.name.as_str(), rule.file.as_str(), rule.line),
        ("tea/群规", "base", 17)
    );
    assert_eq!(books.books[0].stories[0].file, "base");
}

#[test]
fn problems_point_into_the_file_the_text_stands_in() {
    let own = "extends = \"base.toml\"\n[constants]\nshop = 3\n[[rule]]\nname = \"群规\"\nif = \"const.shop == 'x'\"\n";
    let base = BASE.replace("{{ group.name }}：", "{{ group.nam }}：");
    let told = told(&sources(&base, own));
    assert!(told.contains("playbooks/base.toml:20:28: error P22"), "{told}");
    assert!(told.contains("playbooks/tea.toml:6:7: error P43"), "{told}");
}

#[test]
fn what_cannot_be_extended_is_told() {
    let case = |base: &str, own: &str, wanted: &str| {
        let told = told(&sources(base, own));
        assert!(told.contains(wanted), "{told}");
    };
    case(
        BASE,
        "extends = \"bas.toml\"\n",
        "tea.toml:1:11: error P104: there is no playbook `bas.toml` did you mean `base`?",
    );
    case(
        BASE,
        "extends = \"tea.toml\"\n",
        "tea.toml:1:11: error P104: a playbook cannot extend itself",
    );
    case(
        "extends = \"tea\"\n",
        "extends = \"base\"\n",
        "tea.toml:1:11: error P104: `base.toml` extends another playbook itself",
    );
    case(
        BASE,
        "title = \"x\"\n",
        "base.toml:1:1: warning P102: `base` is a template and no playbook extends it",
    );
    case(
        BASE,
        "extends = \"base\"\nwithout = [\"群归\"]\n",
        "tea.toml:2:12: error P105: nothing is called `群归`, so there is nothing to change did you mean `群规`?",
    );
    case(
        BASE,
        "without = [\"群规\"]\n",
        "tea.toml:1:1: error P104: `without` leaves something out of another playbook, and none is extended",
    );
    let played = BASE.replace("template = true", "");
    case(
        &played,
        "extends = \"base\"\n",
        "tea.toml:1:11: error P11: more than one playbook has `coupon.tea` (playbooks/base.toml:22)",
    );
    assert_eq!(
        told(&sources(
            &played,
            "extends = \"base\"\ngroups = [\"茶\"]\nwithout = [\"coupon.tea\"]\n"
        ))
        .matches("error")
        .count(),
        0
    );
}

const OVERRIDDEN: &str = r#"
title = "老客价"

[constants]
discount = 8

[wordings]
price = "{{ who }}，{{ const.discount }} 折"

[[rule]]
name = "问价"
on   = { message = "老客价" }
then = [ { say = { wording = "price" } } ]

[[rule]]
name = "催单"
on   = { message = "催" }
after = "10m"
then = [ { say = "{{ who }}，{{ const.discount }} 折还在" } ]

[vote.name]
open     = ["起群名"]
open_for = "1h"
then     = [ { say = "{{ const.discount }} 折庆祝" } ]

[vote.name.wording]
opened = "起名啦，{{ const.discount }} 折"

[[override]]
groups    = ["VIP*"]
constants = { discount = 7 }
off       = ["催单"]

[[override]]
groups    = ["VIP 二群", "亲友*"]
constants = { discount = 6 }
wordings  = { price = "{{ who }}，亲友价 {{ const.discount }} 折" }

[[test]]
name    = "平常的群"
clock   = "2026-03-02 10:00"
members = ["店长*", "小明"]
script  = """
10:00  小明: 老客价
10:01  小明: 催
10:02  店长: 起群名
"""
expect  = """
10:00  群: 小明，8 折
10:02  群: 起名啦，8 折
10:11  群: 小明，8 折还在
11:02  群: 投票结束…
"""

[[test]]
name    = "VIP 群，头一处算数"
clock   = "2026-03-02 10:00"
members = ["店长*", "小明"]
group   = "VIP 二群"
script  = """
10:00  小明: 老客价
10:01  小明: 催
10:02  店长: 起群名
"""
expect  = """
10:00  群: 小明，7 折
10:02  群: 起名啦，7 折
11:02  群: 投票结束…
"""

[[test]]
name    = "亲友群"
clock   = "2026-03-02 10:00"
members = ["小明"]
group   = "亲友群"
script  = """
10:00  小明: 老客价
10:01  小明: 催
"""
expect  = """
10:00  群: 小明，亲友价 6 折
10:11  群: 小明，6 折还在
"""
"#;

#[test]
fn in_some_groups_it_is_another() {
    tested(&[source("playbooks/price.toml", OVERRIDDEN)]);
}

#[test]
fn an_override_changes_what_is_there() {
    let bad = "[[override]]\ngroups = [\"新*\"]\nconstants = { discont = 6 }\noff = [\"问介\"]\n[[override]]\noff = [\"问价\"]\n[[override]]\ngroups = [\"文*\"]\nconstants = { discount = \"七\" }\n";
    let text = format!("{OVERRIDDEN}{bad}").replace(
        "{{ const.discount }} 折\"\n\n[[rule]]",
        "{{ const.discount + 0 }} 折\"\n\n[[rule]]",
    );
    let told = told(&[source("playbooks/price.toml", &text)]);
    assert!(
        told.contains(
            "error P105: nothing is called `discont`, so there is nothing to change did you mean `discount`?"
        ),
        "{told}"
    );
    assert!(
        told.contains("error P105: nothing is called `问介`, so there is nothing to change did you mean `问价`?"),
        "{told}"
    );
    assert!(told.contains("error P04"), "{told}");
    assert!(
        told.contains("price.toml:8:23: error P21: only numbers and money"),
        "{told}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_slip_in_either_file_breaks_nothing(which in 0..2_usize, slips in prop::collection::vec(slip(), 1..4)) {
        let own = "extends = \"base.toml\"\nwithout = [\"群规\"]\n[constants]\nshop = \"山野茶社\"\n[[rule]]\nname = \"问好\"\ncooldown = \"2h\"\n";
        let mut sources = sources(BASE, &format!("{own}{}", OVERRIDDEN.replace("[constants]", "[constants.more]")));
        for slip in &slips {
            sources[which].text = slipped(&sources[which].text, slip);
        }
        holds_together(&sources);
    }
}
