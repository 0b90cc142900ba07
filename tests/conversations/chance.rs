//! What must hold for every conversation: limits, tallies, codes, and that nothing depends on how news arrives.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;

use qunying::chat::{Event, EventId, Happening, Moment};
use qunying::engine::Dice;

use super::stage::{World, books, group, house, joins, leaves, order, person, says};

const COUPONS: &str = r#"
[coupon.a]
title = "甲"
worth = "3.00"
valid = "1d"
limit = { per_person = "2 per month", total = 40, budget = "50.00 per month" }
[[rule]]
name = "one"
on   = { message = "礼包" }
then = [ { give = "a" }, { say = "一" } ]
[[rule]]
name = "two"
on   = { message = "双份" }
then = [ { give = "a" }, { give = "a" }, { say = "二" } ]
[[rule]]
name   = "newcomers"
on     = "joined"
gather = "10m"
then   = [ { give = "a" }, { say = "欢迎 {{ who }}" } ]
"#;

const VOTE: &str = r#"
[vote.name]
open     = ["起群名"]
nominate = ["起名"]
ballot   = ["投"]
open_for = "2d"
per_member = 2
then = [ { rename_group = "{{ winner }}" } ]
"#;

#[derive(Clone, Debug)]
enum Step {
    Says(usize, &'static str),
    Joins(usize),
    Leaves(usize),
    Waits(u64),
}

fn steps(words: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0_usize..9, proptest::sample::select(words)).prop_map(|(who, said)| Step::Says(who, said)),
        2 => (0_usize..9).prop_map(Step::Joins),
        1 => (0_usize..9).prop_map(Step::Leaves),
        1 => (1_u64..200_000).prop_map(Step::Waits),
    ];
    proptest::collection::vec(step, 1..most)
}

fn name(who: usize) -> String {
    format!("p{who}")
}

/// The events of a row of steps, a second apart and more.
fn events(steps: &[Step], begin: Moment) -> Vec<Event> {
    let mut at = begin;
    let mut events = Vec::new();
    for (n, step) in steps.iter().enumerate() {
        at = at.plus(Duration::from_secs(1));
        let happening = match step {
            Step::Says(who, said) => says(Some("群"), &name(*who), said, n),
            Step::Joins(who) => joins("群", &name(*who)),
            Step::Leaves(who) => leaves("群", &name(*who)),
            Step::Waits(seconds) => {
                at = at.plus(Duration::from_secs(*seconds));
                continue;
            }
        };
        let id = EventId::new(format!("step/{n}"));
        events.push(Event { id, at, happening });
    }
    events
}

fn opened(text: &str) -> (World, Moment) {
    let mut world = World::new(books(text, house()));
    let begin = world.at("2026-03-25T10:00");
    world.open(begin, "群", &["店长", "p0", "p1", "p2", "p3"]);
    (world, begin)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_limit_of_a_coupon_is_ever_passed(steps in steps(&["礼包", "双份", "早"], 300)) {
        let (mut world, begin) = opened(COUPONS);
        for event in events(&steps, begin) {
            world.tell_as(&event, event.at);
        }
        let end = world.community().now().plus(Duration::from_secs(86_400));
        world.run_until(end);
        let zone = house().zone;
        let (mut by_month, mut by_person, mut codes) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        let given = world.community().coupons();
        for coupon in given.values() {
            let date = coupon.given_at.date(&zone);
            *by_month.entry((date.year(), date.month())).or_insert(0_i64) += coupon.worth.0;
            *by_person.entry((coupon.person.clone(), date.year(), date.month())).or_insert(0) += 1;
            codes.insert(coupon.code.clone());
        }
        prop_assert!(given.len() <= 40);
        prop_assert!(by_month.values().all(|worth| *worth <= 5000), "{:?}", by_month);
        prop_assert!(by_person.values().all(|count| *count <= 2), "{:?}", by_person);
        prop_assert_eq!(codes.len(), given.len());
        let key = ("a".into(), "ever".to_owned());
        let tally = world.community().tallies().get(&key).map_or(0, |tally| tally.given);
        prop_assert_eq!(usize::try_from(tally).unwrap(), given.len());
    }

    #[test]
    fn the_count_of_a_vote_is_what_anybody_would_count(
        steps in steps(&["起名 山野", "起名 半日闲", "起名 听雨", "投1", "投２号", "投 3", "投4", "投票", "早"], 120),
    ) {
        let (mut world, begin) = opened(VOTE);
        world.tell(begin, says(Some("群"), "店长", "起群名", 999));
        let closes = begin.plus(Duration::from_secs(2 * 86_400));
        // Counted by hand: who was there at the opening and never came back in, their last good number, if they are here.
        let mut here: BTreeSet<usize> = (0..4).collect();
        let mut newly: BTreeSet<usize> = BTreeSet::new();
        let (mut names, mut put, mut choices) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        for event in events(&steps, begin).into_iter().filter(|event| event.at < closes) {
            let who = |id: &qunying::chat::PersonId| id.wire()[1..].parse::<usize>().unwrap();
            match &event.happening {
                Happening::Joined { person, .. } => {
                    if here.insert(who(person)) {
                        newly.insert(who(person));
                    }
                }
                Happening::Left { person, .. } => {
                    here.remove(&who(person));
                }
                Happening::Message(message) => {
                    let from = who(&message.from);
                    // Nobody told of their joining: they were there, for all anybody knows.
                    if here.insert(from) {
                        newly.remove(&from);
                    }
                    let said = qunying::chat::text_of(&message.segments);
                    if newly.contains(&from) {
                    } else if let Some(new) = said.strip_prefix("起名 ") {
                        let count = put.entry(from).or_insert(0);
                        if !names.contains(&new.to_owned()) && *count < 2 {
                            names.push(new.to_owned());
                            *count += 1;
                        }
                    } else if let Some(number) = ["投1", "投２号", "投 3", "投4"].iter().position(|it| *it == said)
                        && number < names.len()
                    {
                        choices.insert(from, number);
                    }
                }
                _ => unreachable!(),
            }
            world.tell_as(&event, event.at);
        }
        world.run_until(closes.plus(Duration::from_secs(1)));
        let mut counted = vec![0_u32; names.len()];
        for (who, number) in &choices {
            if here.contains(who) {
                counted[*number] += 1;
            }
        }
        let best = counted.iter().copied().max().unwrap_or(0);
        let first = counted.iter().position(|votes| *votes == best);
        let vote = &world.community().votes()[&("name".into(), group("群"))];
        prop_assert_eq!(vote.nominations.iter().map(|it| it.name.clone()).collect::<Vec<_>>(), names.clone());
        match (&vote.stage, best) {
            (qunying::community::vote::Stage::Failed { .. }, 0) => {}
            (qunying::community::vote::Stage::Won { winner, votes, .. }, best) if best > 0 => {
                prop_assert_eq!((winner, *votes), (&names[first.unwrap()], best));
            }
            (stage, best) => prop_assert!(false, "{:?} with {}", stage, best),
        }
    }

    #[test]
    fn how_news_is_cut_into_turns_changes_nothing(
        steps in steps(&["礼包", "双份", "起群名", "起名 山野", "投1"], 80),
        pauses in proptest::collection::vec(0_u64..100_000, 80),
    ) {
        let text = format!("{COUPONS}{VOTE}");
        let play = |pauses: &[u64]| {
            let (mut world, begin) = opened(&text);
            for (n, event) in events(&steps, begin).iter().enumerate() {
                // Timers may be run at any moment before the next news; here they are, there they are not.
                let pause = pauses.get(n).copied().unwrap_or(0);
                let until = world.community().now().plus(Duration::from_secs(pause));
                world.run_until(until.min(event.at.minus(Duration::from_millis(1))));
                world.tell_as(event, event.at);
            }
            let end = world.community().now().plus(Duration::from_secs(3 * 86_400));
            world.run_until(end);
            let rows: Vec<_> = world.community().all_rows().collect();
            (world.seen(), rows)
        };
        prop_assert_eq!(play(&[]), play(&pauses));
    }

    #[test]
    fn what_was_paid_and_what_went_back_adds_up(told in proptest::collection::vec((0_usize..4, any::<bool>(), 0_i64..9), 1..40)) {
        let (mut world, begin) = opened("[[rule]]\nname = \"x\"\non = \"refund\"\nthen = [ { tag = \"x\" } ]\n");
        let (mut left, mut refunded_first) = (BTreeMap::<usize, i64>::new(), BTreeMap::<usize, i64>::new());
        for (n, (id, back, yuan)) in told.iter().enumerate() {
            let at = begin.plus(Duration::from_secs(n as u64 + 1));
            let told = order(&format!("o{id}"), "p0", &format!("{yuan}.00"));
            let (happening, yuan) = match back {
                true => (Happening::Refunded(told), *yuan),
                false => (Happening::OrderPaid(told), *yuan),
            };
            match (back, left.get(id).copied()) {
                (true, Some(before)) => drop(left.insert(*id, (before - yuan).max(0))),
                (true, None) => *refunded_first.entry(*id).or_insert(0) += yuan,
                (false, None) => drop(left.insert(*id, (yuan - refunded_first.get(id).copied().unwrap_or(0)).max(0))),
                (false, Some(_)) => {}
            }
            world.tell(at, happening);
        }
        let trade = world.community().people()[&person("p0")].trade.clone().unwrap_or_default();
        prop_assert_eq!(trade.spend.0, left.values().sum::<i64>() * 100);
        let worth_something = u32::try_from(left.values().filter(|left| **left > 0).count()).unwrap();
        prop_assert!(trade.orders >= worth_something);
        prop_assert!(trade.orders <= u32::try_from(left.len()).unwrap());
    }
}

#[test]
fn codes_differ_over_many_thousands() {
    let dice = Dice::of(b"codes");
    let (rule, mut codes) = ("tea/gift".into(), BTreeSet::new());
    for n in 0..50_000 {
        codes.insert(dice.code(
            &EventId::new(format!("event/{}", n / 10)),
            &rule,
            &format!("a/p{}", n % 10),
        ));
    }
    assert_eq!(codes.len(), 50_000);
}
