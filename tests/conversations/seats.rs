//! Sign-up under random histories: capacity is never exceeded, everybody who applied is chosen, waiting, declined or gone
//! exactly once, the better score has the seat, and a replay changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use qunying::chat::{Happening, Moment, PersonId};
use qunying::community::Community;
use qunying::community::change::Change;
use qunying::community::gathering::{Attendance, Stage};
use qunying::playbook::Playbooks;

use super::stage::{World, books, house, joins, leaves, order, says};

const PEOPLE: [&str; 6] = ["甲", "乙", "丙", "丁", "戊", "己"];
const CAPACITY: u32 = 3;

fn playbook(by_score: bool, waiting: bool) -> Playbooks {
    let choose = if by_score {
        r#", choose = "person.spend + person.points""#
    } else {
        ""
    };
    let text = format!(
        r#"
[event.trial]
title = "试用"
tease = "1d"
lasts = "1h"
sign_up = {{ capacity = {CAPACITY}, seats_each = 2, waiting = {waiting}, closes = "6h"{choose} }}
[[rule]]
name = "open"
on   = {{ message = "开" }}
then = [ {{ open_event = "trial" }} ]
[[rule]]
name = "close"
on   = {{ message = "收" }}
then = [ {{ close_event = "trial" }} ]
[[rule]]
name = "points"
on   = {{ message = "签到" }}
then = [ {{ points = 7 }} ]
"#
    );
    books(&text, house())
}

#[derive(Clone, Debug)]
enum Step {
    Says(usize, &'static str),
    Buys(usize, u32),
    Joins(usize),
    Leaves(usize),
    Waits(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let words = &["报名", "报名", "报名 2", "取消报名", "签到", "开", "收", "名单"][..];
    let step = prop_oneof![
        8 => (0_usize..6, proptest::sample::select(words)).prop_map(|(who, said)| Step::Says(who, said)),
        2 => (0_usize..6, 1_u32..40).prop_map(|(who, yuan)| Step::Buys(who, yuan)),
        1 => (0_usize..6).prop_map(Step::Joins),
        1 => (0_usize..6).prop_map(Step::Leaves),
        2 => (1_u64..40_000).prop_map(Step::Waits),
    ];
    proptest::collection::vec(step, 1..60)
}

fn happening(step: &Step, n: usize) -> Happening {
    match step {
        Step::Says(who, said) => says(Some("群"), PEOPLE[*who], said, n),
        Step::Buys(who, yuan) => Happening::OrderPaid(order(&format!("o{n}"), PEOPLE[*who], &format!("{yuan}.00"))),
        Step::Joins(who) => joins("群", PEOPLE[*who]),
        Step::Leaves(who) => leaves("群", PEOPLE[*who]),
        Step::Waits(_) => unreachable!("nothing happens"),
    }
}

/// What followed, in order, and the community after each step.
fn play(books: Playbooks, steps: &[Step], mut each: impl FnMut(&Community, &[Change])) -> (Community, Vec<String>) {
    let mut world = World::new(books);
    let mut at = world.at("2026-03-02T10:00");
    world.open(at, "群", &PEOPLE);
    world.tell(at, says(Some("群"), "店长", "开", 9_999));
    for (n, step) in steps.iter().enumerate() {
        at = at.plus(Duration::from_secs(1));
        if let Step::Waits(seconds) = step {
            at = at.plus(Duration::from_secs(*seconds));
            world.run_until(at);
            each(world.community(), &[]);
            continue;
        }
        let changes = world.changes(at, happening(step, n));
        each(world.community(), &changes);
    }
    world.run_until(at.plus(Duration::from_secs(4 * 86_400)));
    each(world.community(), &[]);
    (world.community().clone(), world.seen())
}

fn has_room(community: &Community) {
    for id in community.gatherings().keys() {
        let seated = community.attendances_of(id).filter(|it| it.has_seat());
        let seats: u32 = seated.map(|it| it.seats).sum();
        assert!(seats <= CAPACITY, "{seats} seats of {CAPACITY}");
        let mut places = BTreeSet::new();
        for attendance in community.attendances_of(id).filter(|it| it.place.is_some()) {
            assert!(
                places.insert(attendance.place),
                "two have the place {:?}",
                attendance.place
            );
        }
    }
}

/// Of one seat each, nobody with a seat came to less than somebody who waits or was declined, when it was decided.
fn the_best_have_it(judged: &BTreeMap<PersonId, Attendance>) {
    let score = |it: &Attendance| it.judged.as_ref().unwrap().score;
    let (chosen, others): (Vec<&Attendance>, Vec<&Attendance>) = judged.values().partition(|it| it.has_seat());
    for one in &chosen {
        for other in others.iter().filter(|it| it.seats <= one.seats) {
            assert!(score(one) >= score(other), "{one:?} before {other:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn seats_are_never_given_twice_and_a_replay_changes_nothing(steps in steps(), by_score: bool, waiting: bool) {
        let (community, seen) = play(playbook(by_score, waiting), &steps, |community, _| has_room(community));
        for (id, state) in community.gatherings().iter().filter(|(_, state)| state.stage > Stage::Held) {
            for attendance in community.attendances_of(id) {
                let standings = [
                    attendance.has_seat(),
                    attendance.place.is_some() && attendance.waits,
                    attendance.place.is_none() && attendance.judged.as_ref().is_some_and(|it| !it.chosen),
                    attendance.place.is_none() && attendance.judged.as_ref().is_none_or(|it| it.chosen),
                ];
                prop_assert_eq!(standings.iter().filter(|it| **it).count(), 1);
                // Where seats go by score nobody waits beyond the beginning.
                prop_assert!(!by_score || !standings[1], "{:?} of {:?}", attendance, state);
            }
        }
        let (again, seen_again) = play(playbook(by_score, waiting), &steps, |_, _| {});
        prop_assert_eq!(community.gatherings(), again.gatherings());
        prop_assert_eq!(community.attendances(), again.attendances());
        prop_assert_eq!(seen, seen_again);
    }

    #[test]
    fn the_best_applications_have_the_seats(
        spends in proptest::collection::vec((1_u32..2_000, 1_u32..3), 6),
    ) {
        let mut world = World::new(playbook(true, true));
        let mut at: Moment = world.at("2026-03-02T10:00");
        world.open(at, "群", &PEOPLE);
        world.tell(at, says(Some("群"), "店长", "开", 9_999));
        for (n, (yuan, seats)) in spends.iter().enumerate() {
            at = at.plus(Duration::from_secs(60));
            world.tell(at, happening(&Step::Buys(n, *yuan), n));
            world.tell(at, says(Some("群"), PEOPLE[n], &format!("报名 {seats}"), n));
        }
        world.run_until(world.at("2026-03-03T05:00"));
        let community = world.community();
        let (id, _) = community.gatherings().iter().next().unwrap();
        let judged: BTreeMap<PersonId, Attendance> =
            community.attendances_of(id).map(|it| (it.person.clone(), it.clone())).collect();
        prop_assert_eq!(judged.len(), 6);
        the_best_have_it(&judged);
        let seats: u32 = judged.values().filter(|it| it.has_seat()).map(|it| it.seats).sum();
        prop_assert!(seats >= CAPACITY - 1, "no seat is left that somebody could take");
    }
}
