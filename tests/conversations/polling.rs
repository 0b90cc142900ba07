//! Surveys and quizzes: one answer a person whatever the order, never more winners than there are prizes, and telling
//! something again changes nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;

use qunying::chat::{Event, EventId};
use qunying::community::change::Change;

use crate::stage::{World, books, house, leaves, says};

const BOOK: &str = r#"
[survey.group]
title = "群里"
in = "group"
open_for = "2h"
then = [ { points = 5 } ]
[[survey.group.question]]
ask = "哪款？"
choices = ["红茶", "绿茶"]
[survey.alone]
title = "私下"
open_for = "3h"
join = ["参加"]
then = [ { points = 7 } ]
[[survey.alone.question]]
ask = "几分？"
between = [1, 5]
[[survey.alone.question]]
ask = "还有呢？"
[quiz.tea]
title = "竞答"
open_for = "30m"
winners = 2
then = [ { points = 3 } ]
[[quiz.tea.question]]
ask = "一加一？"
right = ["2"]
[[quiz.tea.question]]
ask = "绿茶？"
choices = ["发酵", "不发酵"]
right = ["不发酵"]
"#;

const PEOPLE: [&str; 5] = ["店长", "老陈", "小明", "小红", "小刚"];
const WORDS: [&str; 16] = [
    "发起群里",
    "发起私下",
    "开始竞答",
    "结束群里",
    "结束竞答",
    "群里结果",
    "答 A",
    "答 绿茶",
    "参加",
    "不填了",
    "3",
    "2",
    "b",
    "A",
    "随便",
    "？",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn one_answer_a_person_and_no_prize_too_many(
        steps in proptest::collection::vec((0..PEOPLE.len(), 0..WORDS.len(), any::<bool>(), 0..1_500_u64), 10..80)
    ) {
        let mut world = World::new(books(BOOK, house()));
        let mut at = world.at("2026-03-31 20:00");
        world.open(at, "群", &PEOPLE);
        let mut opened: BTreeMap<String, u32> = BTreeMap::new();
        let mut asked = 0_u32;
        let mut earned: BTreeMap<String, i64> = BTreeMap::new();
        for (serial, (who, what, private, seconds)) in steps.into_iter().enumerate() {
            at = at.plus(std::time::Duration::from_secs(seconds));
            world.run_until(at);
            let place = if private { None } else { Some("群") };
            let event = Event {
                id: EventId::new(format!("step/{serial}")),
                at,
                happening: says(place, PEOPLE[who], WORDS[what], serial),
            };
            for change in world.changes(at, event.happening.clone()) {
                match change {
                    Change::SurveyOpened { survey, .. } => *opened.entry(survey.0.to_string()).or_default() += 1,
                    Change::PointsMoved { person, movement } => {
                        prop_assert!(person.wire() != "店长");
                        *earned.entry(format!("{}+{}", person.wire(), movement.amount)).or_default() += 1;
                    }
                    _ => {}
                }
            }
            for quiz in world.community().quizzes().values() {
                asked = asked.max(quiz.question + 1);
                prop_assert!(quiz.winners.len() <= 2, "{quiz:?}");
                let mut once = quiz.winners.clone();
                once.sort();
                once.dedup();
                prop_assert_eq!(once.len(), quiz.winners.len());
            }
        }
        for (key, times) in &earned {
            let most = match key.rsplit('+').next() {
                Some("5") => opened.get("group").copied().unwrap_or(0),
                Some("7") => opened.get("alone").copied().unwrap_or(0),
                _ => asked,
            };
            prop_assert!(*times <= i64::from(most), "{key} {times} {most}");
        }
        let won: i64 = earned.iter().filter(|(key, _)| key.ends_with("+3")).map(|(_, times)| times).sum();
        prop_assert!(won <= i64::from(asked) * 2);
    }
}

/// A message told again answers nothing again, and whoever left is not counted out of what they said.
#[test]
fn telling_again_changes_nothing() {
    let mut world = World::new(books(BOOK, house()));
    let at = world.at("2026-03-02 10:00");
    world.open(at, "群", &PEOPLE);
    world.tell(at, says(Some("群"), "店长", "发起群里", 1));
    let told = |id: &str| Event {
        id: EventId::new(id),
        at,
        happening: says(Some("群"), "小明", "答 A", 2),
    };
    world.tell_as(&told("once"), at);
    let (replies, points) = (world.community().replies().clone(), world.community().points().clone());
    // Under another id, so that nothing but what is known of the answer keeps it from counting.
    world.tell_as(&told("again"), at);
    assert_eq!(
        (world.community().replies(), world.community().points()),
        (&replies, &points)
    );
    world.tell(at, leaves("群", "小明"));
    assert_eq!(world.community().replies().len(), 1);
}
