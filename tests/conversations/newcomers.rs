//! Newcomers: whatever people do in whatever order, nobody counts twice, nobody counts who was here before or left before
//! their time, ceilings hold, and what has counted stays.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;

use qunying::chat::{Happening, JoinedHow, Moment, PersonId};
use qunying::community::change::Change;
use qunying::community::referral::Stage;

use crate::stage::{World, books, comes, house, leaves, person, says};

const BOOK: &str = r#"
[referral.friends]
stay = "3d"
within = "24h"
suspect = "3 per day"
limit = { per_person = "4 per month", total = "9 per month" }
inviter = [ { give = "thanks" } ]
newcomer = [ { points = 5 } ]
[[referral.friends.target]]
at = 2
then = [ { tag = "推荐官" } ]
[coupon.thanks]
title = "答谢券"
worth = "5.00"
valid = "30d"
limit = { total = 100 }
[[rule]]
name = "counted"
on = "referral.counted"
then = [ { points = 1 } ]
"#;

const OLD: [&str; 2] = ["老陈", "老王"];
const ALL: [&str; 9] = ["老陈", "老王", "甲", "乙", "丙", "丁", "戊", "己", "庚"];

fn step() -> impl Strategy<Value = (usize, usize, usize, u32)> {
    (0..7_usize, 0..ALL.len(), 0..ALL.len(), 0..40_u32)
}

fn happening(world: &World, (what, who, other): (usize, usize, usize), serial: usize) -> Happening {
    let (name, other) = (ALL[who], ALL[other]);
    match what {
        0 | 1 => comes("群", name, (JoinedHow::Invited, Some(other))),
        2 => comes("二群", name, (JoinedHow::Unknown, None)),
        3 => leaves("群", name),
        4 => says(Some("群"), name, "我的邀请口令", serial),
        5 => {
            let key = ("friends".into(), person(other));
            let word = world.community().referrers().get(&key).map(|it| it.word.to_string());
            says(Some("群"), name, &word.unwrap_or_else(|| "ABCDEF".to_owned()), serial)
        }
        _ => {
            let code = serial % 4 + 1;
            let word = ["算数", "不算"][who % 2];
            says(Some("群"), "店长", &format!("{word} Y{code}"), serial)
        }
    }
}

/// What was seen, kept beside the community's own books.
#[derive(Default)]
struct Seen {
    known: BTreeSet<PersonId>,
    counted: BTreeMap<PersonId, PersonId>,
}

impl Seen {
    /// `known` is who was known before this step.
    fn take(&mut self, world: &World, changes: &[Change], at: Moment) -> Result<(), TestCaseError> {
        for change in changes {
            match change {
                Change::Referred { id, referral, .. } => {
                    prop_assert!(
                        !self.known.contains(&id.1) || self.came_lately(world, &id.1, at),
                        "{id:?} was here"
                    );
                    prop_assert!(referral.inviter != id.1);
                }
                Change::ReferralCounted { id, .. } => {
                    let referral = &world.community().referrals()[id];
                    prop_assert!(
                        self.counted.insert(id.1.clone(), referral.inviter.clone()).is_none(),
                        "{id:?} twice"
                    );
                    let member = world.community().member(&referral.group, &id.1).unwrap();
                    let stayed = member.left.is_none_or(|(left_at, _)| left_at >= referral.until);
                    prop_assert!(stayed && member.joins == 1, "{id:?} {member:?}");
                    prop_assert!(!member.is_here() || at >= referral.until);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whoever says a word has come before.
    fn came_lately(&self, world: &World, person: &PersonId, at: Moment) -> bool {
        let member = world.community().member(&crate::stage::group("群"), person);
        member
            .and_then(|it| it.joined_at)
            .is_some_and(|joined_at| at.since(joined_at) <= Duration::from_secs(24 * 3600))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Some five thousand steps.
    #[test]
    fn nobody_counts_twice_and_nobody_who_was_here(steps in proptest::collection::vec(step(), 10..60)) {
        let mut world = World::new(books(BOOK, house()));
        let mut at = world.at("2026-03-02 10:00");
        world.open(at, "群", &["店长", OLD[0], OLD[1]]);
        world.open(at, "二群", &["店长"]);
        let mut seen = Seen::default();
        for (serial, (what, who, other, hours)) in steps.into_iter().enumerate() {
            at = at.plus(Duration::from_secs(u64::from(hours) * 900));
            seen.known = world.community().people().keys().cloned().collect();
            let happening = happening(&world, (what, who, other), serial);
            let changes = world.changes(at, happening);
            seen.take(&world, &changes, at)?;
        }
        let end = at.plus(Duration::from_secs(20 * 24 * 3600));
        world.run_until(end);
        let counted: Vec<_> = world
            .community()
            .referrals()
            .iter()
            .filter(|(_, referral)| matches!(referral.stage, Stage::Counted { .. }))
            .map(|((_, newcomer), referral)| (newcomer.clone(), referral.inviter.clone()))
            .collect();
        for inviter in ALL {
            let theirs = counted.iter().filter(|(_, of)| *of == person(inviter)).count();
            prop_assert!(theirs <= 4, "{inviter} {theirs}");
            let key = ("friends".into(), person(inviter));
            let kept = world.community().referrers().get(&key).map_or(0, |it| it.counted);
            prop_assert_eq!(usize::try_from(kept).unwrap(), theirs);
            // What was promised was given: a coupon each.
            let coupons = world.community().coupons().values().filter(|it| it.person == person(inviter)).count();
            prop_assert_eq!(coupons, theirs);
        }
        prop_assert!(counted.len() <= 9);
        for (newcomer, _) in &counted {
            prop_assert!(!OLD.map(person).contains(newcomer));
            prop_assert_eq!(world.community().points()[newcomer].balance, 6);
        }
    }
}
