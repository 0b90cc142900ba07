//! Whatever a rule does, it does all of it in the order written, or nothing; and points add up.

use proptest::prelude::*;

use qunying::chat::Moment;
use qunying::community::change::Change;
use qunying::engine::{Dice, Verdict, step};

use super::stage::{World, books, group, house, person, says};

/// Effects, and what each leaves behind: a change or an action of its own.
const SOUND: [(&str, &str); 9] = [
    (r#"{ points = 5 }"#, "points"),
    (r#"{ points = -1, below_zero = true }"#, "points"),
    (r#"{ give = "tea" }"#, "coupon"),
    (r#"{ tag = "茶友" }"#, "tag"),
    (r#"{ untag = "茶友" }"#, "untag"),
    (r#"{ set = { size = "{{ who }}" } }"#, "field"),
    (r#"{ say = "好" }"#, "say"),
    (r#"{ say = ["一", "二"], pick = "rotate", merge = true }"#, "rotate say"),
    (r#"{ remember = true }"#, ""),
];

/// Effects that are refused, each for another reason.
const REFUSED: [&str; 4] = [
    r#"{ points = -100000 }"#,
    r#"{ give = "none-left" }"#,
    r#"{ take = "none-left" }"#,
    r#"{ say = "{{ 1 // (person.orders) }}" }"#,
];

fn playbook(effects: &[String]) -> String {
    format!(
        "[coupon.tea]\nworth = \"1.00\"\nvalid = \"9d\"\nlimit = {{ total = 1000 }}\n\
         [coupon.none-left]\nworth = \"5.00\"\nvalid = \"9d\"\nlimit = {{ budget = \"1.00\" }}\n\
         [[rule]]\nname = \"all\"\non = {{ message = \"来\" }}\nlimit = \"9 per day\"\nthen = [ {} ]\n",
        effects.join(", ")
    )
}

/// What a decision left behind, in order. Actions are told after all changes.
fn left_behind(changes: &[Change], actions: usize) -> Vec<&'static str> {
    let of_change = |change: &Change| match change {
        Change::PointsMoved { .. } => Some("points"),
        Change::CouponGiven { .. } => Some("coupon"),
        Change::CouponTaken { .. } => Some("taken"),
        Change::Tagged { .. } => Some("tag"),
        Change::Untagged { .. } => Some("untag"),
        Change::FieldSet { .. } => Some("field"),
        Change::Fired { scope, .. } if scope.starts_with("rotate") => Some("rotate"),
        Change::Fired { .. } => Some("counted"),
        _ => None,
    };
    let mut left: Vec<_> = changes.iter().filter_map(of_change).collect();
    left.extend(std::iter::repeat_n("say", actions));
    left
}

fn play(effects: &[String]) -> (Vec<&'static str>, Vec<Verdict>) {
    let books = books(&playbook(effects), house());
    let mut world = World::new(books.clone());
    let at = world.at("2026-03-02 10:00");
    world.open(at, "群", &["老陈"]);
    let mut community = world.community().clone();
    let event = qunying::chat::Event {
        id: "one".into(),
        at,
        happening: says(Some("群"), "老陈", "来", 1),
    };
    let stepped = step(&books, &mut community, &event, at, &Dice::of(b"x"));
    let verdicts = stepped
        .decision
        .verdicts
        .into_iter()
        .map(|weighed| weighed.verdict)
        .collect();
    // The same event told again leaves nothing, whatever it did.
    let again = step(&books, &mut community, &event, at, &Dice::of(b"x"));
    assert!(again.decision.changes.is_empty() && again.decision.actions.is_empty());
    (
        left_behind(&stepped.decision.changes, stepped.decision.actions.len()),
        verdicts,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_refused_effect_takes_all_others_with_it(
        sound in proptest::collection::vec(0..SOUND.len(), 1..7),
        refused in proptest::option::of((0..REFUSED.len(), 0_usize..7)),
    ) {
        let mut effects: Vec<String> = sound.iter().map(|place| SOUND[*place].0.to_owned()).collect();
        let Some((which, place)) = refused else {
            let (left, verdicts) = play(&effects);
            prop_assert!(verdicts.iter().all(Verdict::answers), "{verdicts:?}");
            let mut wanted: Vec<&str> = sound.iter().flat_map(|place| SOUND[*place].1.split_whitespace()).collect();
            let shares = sound.iter().filter(|place| SOUND[**place].1 == "rotate say").count();
            let says = wanted.iter().filter(|it| **it == "say").count() - shares.saturating_sub(1);
            wanted.retain(|it| *it != "say");
            wanted.push("counted");
            wanted.extend(std::iter::repeat_n("say", says));
            prop_assert_eq!(left, wanted);
            return Ok(());
        };
        effects.insert(place.min(effects.len()), REFUSED[which].to_owned());
        let (left, verdicts) = play(&effects);
        prop_assert!(left.is_empty(), "{effects:?} left {left:?}");
        prop_assert!(verdicts.iter().all(|verdict| !verdict.answers()), "{verdicts:?}");
    }

    #[test]
    fn points_add_up_and_never_fall_below_zero(moves in proptest::collection::vec((0_usize..2, prop_oneof![1_i64..40, -40_i64..0]), 1..40)) {
        let amounts: Vec<i64> = moves.iter().map(|(_, amount)| *amount).collect();
        let rules: String = amounts
            .iter()
            .enumerate()
            .map(|(n, amount)| format!("[[rule]]\nname = \"r{n}\"\non = {{ message = \"来{n}\" }}\nthen = [ {{ points = {amount} }} ]\n"))
            .collect();
        let mut world = World::new(books(&rules, house()));
        let at = world.at("2026-03-02 10:00");
        world.open(at, "群", &["老陈", "小明"]);
        let mut purses = [0_i64, 0];
        let (mut earned, mut spent) = ([0_i64, 0], [0_i64, 0]);
        for (n, (who, amount)) in moves.iter().enumerate() {
            let at = Moment::from_millis(at.millis() + 1_000 * i64::try_from(n).unwrap());
            world.tell(at, says(Some("群"), ["老陈", "小明"][*who], &format!("来{n}"), n));
            if purses[*who] + amount >= 0 {
                purses[*who] += amount;
                if *amount > 0 { earned[*who] += amount } else { spent[*who] -= amount }
            }
            for (place, name) in ["老陈", "小明"].into_iter().enumerate() {
                let purse = world.community().points().get(&person(name)).cloned().unwrap_or_default();
                prop_assert_eq!((purse.balance, purse.earned, purse.spent), (purses[place], earned[place], spent[place]));
                prop_assert!(purse.balance >= 0 && purse.lines.len() <= 10);
            }
        }
        prop_assert!(world.community().groups().contains_key(&group("群")));
    }
}
