//! Columns under random histories: pieces are said in their order, none twice before all were said, advertising keeps its
//! share, and a replay changes nothing.

use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;
use qunying::chat::{Happening, Kind, Moment};
use qunying::community::Community;
use qunying::community::change::Change;
use qunying::playbook::{House, Manners, Playbooks, Source};

use super::stage::{World, books_beside, house, says};

const ONE_IN: u32 = 3;

/// What each piece is called, its kind, and whether it advertises.
const PIECES: [(&str, &str, bool); 5] = [
    ("01", "知识", false),
    ("02", "故事", true),
    ("03", "知识", false),
    ("04", "故事", false),
    ("05", "知识", true),
];

fn playbook(again: bool, mixed: bool) -> Playbooks {
    let mix = if mixed {
        "mix = { \"知识\" = 2, \"故事\" = 1 }"
    } else {
        ""
    };
    let text = format!(
        r#"
[column.tea]
title = "茶课"
pieces = "pieces"
on = {{ every = ["tue", "fri"], at = "20:00" }}
again = {again}
{mix}
[[rule]]
name = "piece"
on = {{ message = "来一篇" }}
then = [ {{ piece = "tea" }} ]
[[rule]]
name = "talk"
kind = "care"
on = {{ message = "早" }}
then = [ {{ say = "早上好" }} ]
"#
    );
    let beside = PIECES.iter().map(|(name, kind, promo)| Source {
        name: format!("pieces/{name}.md"),
        text: format!("+++\ntitle = \"{name}\"\nkind = \"{kind}\"\npromo = {promo}\n+++\n第 {name} 篇。\n"),
    });
    let house = House {
        manners: Manners {
            promo_one_in: ONE_IN,
            ..house().manners
        },
        ..house()
    };
    books_beside(&text, beside.collect(), house)
}

/// Everything that was decided, and the community in the end.
fn play(books: Playbooks, steps: &[(u8, u32)]) -> (Vec<Change>, Community, Vec<String>) {
    let mut world = World::new(books);
    let mut at: Moment = world.at("2026-03-02T10:00");
    world.open(at, "群", &["老陈", "小明"]);
    let mut changes = Vec::new();
    for (n, (what, gap)) in steps.iter().enumerate() {
        at = at.plus(Duration::from_secs(u64::from(*gap)));
        changes.extend(world.between(at));
        let words = ["来一篇", "早", "在吗"][usize::from(*what)];
        let happening: Happening = says(Some("群"), "老陈", words, n);
        changes.extend(world.changes(at, happening));
    }
    let community = world.community().clone();
    (changes, community, world.seen())
}

/// The pieces in the order they were said, in rounds: each ends when the column begins anew.
fn rounds(changes: &[Change]) -> Vec<Vec<String>> {
    let mut rounds = vec![Vec::new()];
    for change in changes {
        match change {
            Change::PieceSaid { piece, .. } => rounds.last_mut().unwrap().push(piece.to_string()),
            Change::ColumnBegun { .. } => rounds.push(Vec::new()),
            _ => {}
        }
    }
    rounds
}

fn is_promo(piece: &str) -> bool {
    PIECES.iter().any(|(name, _, promo)| piece.contains(name) && *promo)
}

fn in_order(rounds: &[Vec<String>], again: bool) {
    for (nth, round) in rounds.iter().enumerate() {
        let mut seen: Vec<&String> = round.iter().collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), round.len(), "a piece twice in {round:?}");
        let whole = nth + 1 < rounds.len();
        assert!(
            !whole || (again && round.len() == PIECES.len()),
            "begun anew after {round:?}"
        );
        // Without advertising, which may be passed over, they stand in the order of their names.
        let plain: Vec<&String> = round.iter().filter(|piece| !is_promo(piece)).collect();
        assert!(plain.is_sorted(), "{plain:?}");
    }
}

/// Of what the group was told in a week, one in so many advertises at most; one a week always may.
fn share_is_held(changes: &[Change]) {
    let mut told: Vec<(Date, Kind)> = Vec::new();
    for change in changes {
        let Change::Told { on, kind, .. } = change else {
            continue;
        };
        if *kind == Kind::Service {
            continue;
        }
        let day: Date = on.parse().unwrap();
        told.push((day, *kind));
        if *kind != Kind::Promo {
            continue;
        }
        let first = day.checked_sub(6.days()).unwrap();
        let week = told.iter().filter(|(on, _)| (first..=day).contains(on));
        let promos = week.clone().filter(|(_, kind)| *kind == Kind::Promo).count();
        let most = (week.count() / ONE_IN as usize).max(1);
        assert!(promos <= most, "{promos} of {most} on {day}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pieces_are_said_in_order_and_none_twice(
        steps in proptest::collection::vec((0_u8..3, 0_u32..200_000), 1..60),
        again: bool,
        mixed: bool,
    ) {
        let (changes, community, seen) = play(playbook(again, mixed), &steps);
        let rounds = rounds(&changes);
        if mixed {
            for round in &rounds {
                let mut once = round.clone();
                once.sort();
                once.dedup();
                prop_assert_eq!(once.len(), round.len());
            }
        } else {
            in_order(&rounds, again);
        }
        share_is_held(&changes);
        let (_, replayed, seen_again) = play(playbook(again, mixed), &steps);
        prop_assert_eq!(community.columns(), replayed.columns());
        prop_assert_eq!(seen, seen_again);
    }
}
