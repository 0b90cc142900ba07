//! Questions: whatever is asked in whatever order, a message is answered once at most, and the figures add up.

use proptest::prelude::*;

use qunying::chat::alike::{SAME, Sentence, Synonyms, bare};
use qunying::chat::{Deed, Happening, fold};
use qunying::community::agenda::Due;
use qunying::community::change::Change;

use crate::stage::{World, books, house, says};

const BOOK: &str = r#"
[answers]
synonyms = [["开门", "营业"]]
staff_after = "10m"
escalate_after = "20m"
[[answer]]
ask = ["几点开门吗"]
say = "10 点。"
[[answer]]
ask = ["几点关门吗"]
keywords = ["打烊"]
say = "22 点。"
"#;

const PEOPLE: [&str; 4] = ["店长", "老陈", "小明", "小红"];
const WORDS: [&str; 9] = [
    "几点营业吗",
    "几点门吗",
    "几点打烊？",
    "1",
    "2",
    "有红茶吗",
    "@老陈 可以的",
    "好的",
    "问答统计",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn nobody_is_answered_twice(steps in proptest::collection::vec((0..PEOPLE.len(), 0..WORDS.len(), 0..4_000_u64), 5..60)) {
        let mut world = World::new(books(BOOK, house()));
        let mut at = world.at("2026-03-30 10:00");
        world.open(at, "群", &PEOPLE);
        for (serial, (who, what, seconds)) in steps.into_iter().enumerate() {
            at = at.plus(std::time::Duration::from_secs(seconds));
            let changes = world.changes(at, says(Some("群"), PEOPLE[who], WORDS[what], serial));
            let answers = changes.iter().filter(|change| matches!(
                change,
                Change::Queued { action } if matches!(action.deed, Deed::Say { .. })
                    && action.rule.as_str().contains("/answer")
                    && !matches!(&action.deed, Deed::Say { group, .. } if group.wire() == "staff")
            ));
            prop_assert!(answers.count() <= 1, "{changes:?}");
            let waits = world.community().agenda().values();
            let asked_by_staff = waits.filter(|entry| matches!(
                &entry.what,
                Due::Question { occasion, .. } if occasion.people.iter().any(|it| it.wire() == "店长")
            ));
            prop_assert_eq!(asked_by_staff.count(), 0);
        }
        for questions in world.community().questions().values() {
            prop_assert!(questions.longest <= questions.waited);
        }
        let sum = |of: fn(&qunying::community::question::Questions) -> u32| -> u32 {
            world.community().questions().values().map(of).sum()
        };
        // Counted by months: what is told at the end of one is escalated in the next.
        prop_assert!(sum(|it| it.escalated) <= sum(|it| it.told));
        prop_assert!(sum(|it| it.by_bot) + sum(|it| it.by_people()) <= sum(|it| it.asked));
    }

    #[test]
    fn points_are_of_a_hundred(said in "\\PC{0,40}", asked in "\\PC{0,40}") {
        let (said, asked) = (bare(&fold(&said)), bare(&fold(&asked)));
        let score = Sentence::new(said.clone()).alike(&Sentence::new(asked.clone()));
        prop_assert!(score <= SAME);
        prop_assert_eq!(score == SAME, said == asked && !said.is_empty());
    }

    #[test]
    fn settling_twice_is_settling_once(text in "[开门营业店几点wifi]{0,12}") {
        let lists = [vec!["开门".to_owned(), "营业".to_owned()], vec!["wifi".to_owned(), "点".to_owned()]];
        let synonyms = Synonyms::of(lists.iter().map(Vec::as_slice));
        let once = synonyms.settle(&text);
        prop_assert_eq!(synonyms.settle(&once), once);
    }
}

/// A message of the same id told again is no second question.
#[test]
fn a_message_told_twice_asks_once() {
    let mut world = World::new(books(BOOK, house()));
    let at = world.at("2026-03-02 10:00");
    world.open(at, "群", &PEOPLE);
    let event = qunying::chat::Event {
        id: qunying::chat::EventId::new("once"),
        at,
        happening: Happening::clone(&says(Some("群"), "小明", "有红茶吗", 1)),
    };
    world.tell_as(&event, at);
    world.tell_as(&event, at);
    let asked: u32 = world.community().questions().values().map(|it| it.asked).sum();
    assert_eq!(asked, 1);
}
