//! Two sets of playbooks compared: the same is the same, mirrored it is mirrored, and the sums are those of two dry runs.

use proptest::prelude::*;
use qunying::chat::{Fen, Lang};
use qunying::dry_run::compare::show::Shown;
use qunying::dry_run::compare::{Comparison, Hint, Mark, Running, compare, markdown, show};
use qunying::dry_run::{Input, Plan, Show};
use qunying::playbook::Playbooks;

use crate::stage::{golden, inputs, shipped, tea};

const THREE_MONTHS: &str = "recordings/tea-friends.jsonl";

fn compared(old: Playbooks, new: Playbooks, inputs: &[Input]) -> Comparison {
    let running = |books| Running::new(Plan::new(books, Show::Summary, Lang::Zh), None);
    let (mut before, mut after) = (running(old), running(new));
    for input in inputs {
        before.feed(input);
        after.feed(input);
    }
    compare(&before.close(), &after.close())
}

/// What an operator may edit.
#[derive(Clone, Debug)]
struct Knobs {
    name: &'static str,
    once: Option<u8>,
    gather: Option<u16>,
    after: Option<u8>,
    off: bool,
    words: &'static str,
    kind: &'static str,
    worth: u8,
    per_person: u8,
    budget: Option<u8>,
    extra: bool,
    at: u8,
}

impl Knobs {
    fn books(&self) -> Playbooks {
        let mut rule = format!(
            "[[rule]]\nname = \"{}\"\non = \"joined\"\nkind = \"{}\"\n",
            self.name, self.kind
        );
        rule.extend(self.once.map(|days| format!("once = \"{days}d\"\n")));
        rule.extend(self.gather.map(|seconds| format!("gather = \"{seconds}s\"\n")));
        rule.extend(self.after.map(|hours| format!("after = \"{hours}h\"\n")));
        if self.off {
            rule.push_str("off = true\n");
        }
        let budget = self
            .budget
            .map_or_else(|| "50000".to_owned(), |times| format!("{}", u32::from(times) * 30));
        let extra = if self.extra {
            "[[rule]]\nname = \"thanks\"\non = { fact = \"coupon.given\" }\nkind = \"care\"\nthen = [ { say = \"{{ who }} 收好\" } ]\n"
        } else {
            ""
        };
        tea(&format!(
            "{rule}then = [ {{ say = \"{}\" }} ]\n\
             [[rule]]\nname = \"pack\"\non = {{ message = [\"礼包\", \"领礼包\"], from = \"member\" }}\n\
             then = [ {{ give = \"small\" }}, {{ say = \"{{{{ who }}}}：{{{{ coupon.code }}}}\" }} ]\n\
             [[rule]]\nname = \"morning\"\non = {{ at = \"{:02}:00\", every = \"day\" }}\nthen = [ {{ say = \"早\" }} ]\n\
             {extra}\
             [coupon.small]\ntitle = \"小券\"\nworth = \"{}.00\"\nvalid = \"7d\"\nlimit = {{ per_person = {}, budget = \"{budget}.00 per month\" }}\n",
            self.words, self.at, self.worth, self.per_person
        ))
    }
}

fn knobs() -> impl Strategy<Value = Knobs> {
    let rule = (
        prop_oneof![Just("greet"), Just("welcome")],
        proptest::option::of(1_u8..40),
        proptest::option::of(prop_oneof![Just(20_u16), Just(600)]),
        proptest::option::of(1_u8..30),
        proptest::bool::weighted(0.1),
        prop_oneof![Just("欢迎"), Just("欢迎 {{ who }}")],
        prop_oneof![Just("care"), Just("service"), Just("promo")],
    );
    let rest = (
        1_u8..20,
        1_u8..3,
        proptest::option::of(1_u8..8),
        any::<bool>(),
        7_u8..10,
    );
    (rule, rest).prop_map(
        |((name, once, gather, after, off, words, kind), (worth, per_person, budget, extra, at))| Knobs {
            name,
            once,
            gather,
            after,
            off,
            words,
            kind,
            worth,
            per_person,
            budget,
            extra,
            at,
        },
    )
}

fn totals(comparison: &Comparison) -> (u64, u64, u64, u64) {
    comparison
        .rules
        .iter()
        .fold((0, 0, 0, 0), |(same, changed, gone, added), rule| {
            (
                same + rule.same,
                changed + rule.changed,
                gone + rule.gone,
                added + rule.added,
            )
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_two_edits_compare_soundly((one, other) in (knobs(), knobs())) {
        let (inputs, _) = inputs(THREE_MONTHS);
        let inputs = &inputs[..600];
        let (old, new) = (one.books(), other.books());
        let there = compared(old.clone(), new.clone(), inputs);
        let back = compared(new.clone(), old.clone(), inputs);
        // Mirrored.
        prop_assert_eq!(&there.old, &back.new);
        prop_assert_eq!(&there.new, &back.old);
        let (same, changed, gone, added) = totals(&there);
        prop_assert_eq!((same, changed, added, gone), totals(&back));
        prop_assert_eq!(there.is_empty(), back.is_empty());
        for rule in &there.rules {
            let mirrored = back.rules.iter().find(|it| it.rule == rule.rule).expect("both sides name it");
            prop_assert_eq!((rule.old, rule.new), (mirrored.new, mirrored.old));
        }
        // The sums are those of two dry runs.
        for (books, sum) in [(old.clone(), &there.old), (new.clone(), &there.new)] {
            let report = Plan::new(books, Show::Summary, Lang::Zh).run(inputs.to_vec());
            prop_assert_eq!(&report.fingerprint, &sum.fingerprint);
            prop_assert_eq!(report.ceiling, sum.ceiling);
            prop_assert_eq!(report.speech.said, sum.said);
        }
        let worth = |of: fn(&qunying::dry_run::compare::RuleChange) -> Fen| there.rules.iter().map(of).sum::<Fen>();
        prop_assert_eq!(worth(|rule| rule.old.worth), there.old.ceiling);
        prop_assert_eq!(worth(|rule| rule.new.worth), there.new.ceiling);
        prop_assert_eq!(there.rules.iter().map(|rule| rule.old.effects).sum::<u64>(), there.old.effects);
        prop_assert_eq!(there.rules.iter().map(|rule| rule.new.effects).sum::<u64>(), there.new.effects);
        // A cause comes before what follows from it, and is no follow-up itself.
        for pair in &there.pairs {
            if let Some(cause) = pair.caused_by {
                prop_assert!(there.pairs[cause].at() <= pair.at());
                prop_assert!(there.pairs[cause].caused_by.is_none());
            }
        }
        // Nothing differs from itself.
        let itself = compared(old.clone(), old, inputs);
        prop_assert!(itself.is_empty());
        prop_assert_eq!(totals(&itself).0, itself.old.effects);
        prop_assert!(markdown::text(&there, Lang::Zh, &new.house.zone).len() <= 60_000);
    }
}

const OLD: &str = r#"
[[rule]]
name = "欢迎"
on   = "joined"
then = [ { say = "欢迎{{ who }}" } ]

[[rule]]
name = "礼包"
on   = { message = ["礼包", "领礼包", "领取礼包"], from = "member" }
then = [ { give = "small" }, { say = "{{ who }}，券给您了" } ]

[[rule]]
name = "谢谢"
on   = { fact = "coupon.given" }
kind = "care"
then = [ { say = "收好" } ]

[[rule]]
name = "旧的"
on   = { message = "没人说的话" }
then = [ { say = "好" } ]

[coupon.small]
title = "小券"
worth = "5.00"
valid = "7d"
limit = { per_person = 1, budget = "100.00 per year" }
"#;

fn edited() -> String {
    OLD.replace(
        "then = [ { say = \"欢迎{{ who }}\" } ]",
        "gather = \"20s\"\nthen = [ { say = \"欢迎 {{ who }}，请看群公告\" } ]",
    )
    .replace("budget = \"100.00 per year\"", "budget = \"250.00 per year\"")
    .split("[[rule]]\nname = \"旧的\"")
    .enumerate()
    .map(|(place, part)| match place {
        0 => part.to_owned(),
        _ => part[part.find("[coupon").expect("it is there")..].to_owned(),
    })
    .collect()
}

#[test]
fn a_comparison_as_it_is_read() {
    let (inputs, _) = inputs(THREE_MONTHS);
    let comparison = compared(tea(OLD), tea(&edited()), &inputs);
    let zone = shipped().house.zone;
    for (lang, file) in [(Lang::Zh, "plan.zh.txt"), (Lang::En, "plan.en.txt")] {
        let shown = Shown {
            lang,
            zone: &zone,
            all: false,
        };
        golden(file, &show::text(&comparison, shown));
    }
    golden("plan.zh.md", &markdown::text(&comparison, Lang::Zh, &zone));
    // What follows stands under its cause.
    assert!(comparison.pairs.iter().any(|pair| pair.caused_by.is_some()));
    assert!(comparison.heads().len() < comparison.pairs.iter().filter(|pair| !pair.is_same()).count());
}

#[test]
fn a_rule_that_is_only_renamed_is_the_same_rule() {
    let (inputs, _) = inputs(THREE_MONTHS);
    let renamed = OLD.replace("name = \"礼包\"", "name = \"新人礼\"");
    let hinted = compared(tea(OLD), tea(&renamed), &inputs);
    assert!(
        hinted
            .hints
            .iter()
            .any(|hint| matches!(hint, Hint::Renamed { percent: 90.., .. })),
        "{:?}",
        hinted.hints
    );
    let declared = renamed.replace("name = \"新人礼\"", "name = \"新人礼\"\nwas  = \"礼包\"");
    let comparison = compared(tea(OLD), tea(&declared), &inputs);
    assert_eq!(comparison.hints, []);
    let rule = comparison
        .rules
        .iter()
        .find(|rule| rule.rule.as_str() == "tea/新人礼")
        .expect("it is there");
    assert_eq!(
        (rule.mark, rule.changed, rule.gone, rule.added),
        (Mark::Changed, 0, 0, 0)
    );
    assert!(rule.same > 0);
}

#[test]
fn nothing_differs_from_the_shipped_playbooks_but_themselves() {
    let (inputs, _) = inputs(THREE_MONTHS);
    let comparison = compared(shipped(), shipped(), &inputs);
    assert!(comparison.is_empty());
    let zone = shipped().house.zone;
    let text = show::text(
        &comparison,
        Shown {
            lang: Lang::Zh,
            zone: &zone,
            all: false,
        },
    );
    assert!(text.contains("没有不同"), "{text}");
}
