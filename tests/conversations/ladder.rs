//! The ladder: whatever is paid, sent back and said by staff in whatever order, everybody stands where a simple reckoning
//! from the whole history puts them; and the recorded changes alone lead to the same.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use qunying::chat::{Event, EventId, Happening, Moment};
use qunying::community::Community;
use qunying::community::change::Change;
use qunying::dry_run::What;

use crate::stage::{World, books, house, order, person, says};

const BOOK: &str = r#"
[tiers]
window = "30d"
judge  = { on = "1", at = "09:00", grace = "10d" }
[[tier]]
name = "silver"
needs = { spend = "100.00" }
[[tier]]
name = "gold"
needs = [ { spend = "300.00" }, { orders = 4 } ]
[[rule]]
name = "told"
on   = ["tier.raised", "tier.lowered", "tier.lapsing", "tier.month"]
then = [ { say = "{{ who }}" } ]
"#;

const PEOPLE: [&str; 2] = ["老陈", "小明"];
const NAMES: [&str; 3] = ["", "silver", "gold"];
const ZONE: i64 = 8 * 3600 * 1000;
const DAY: i64 = 24 * 3600 * 1000;

/// One customer as anybody would reckon with paper and pencil.
#[derive(Clone, Debug, Default)]
struct Reckoned {
    /// Day, fen, orders.
    entries: Vec<(i64, i64, i64)>,
    tier: usize,
    falls_at: Option<i64>,
    held: bool,
}

impl Reckoned {
    fn earns(&self, today: i64, more: (i64, i64)) -> usize {
        let counted = self
            .entries
            .iter()
            .filter(|(day, ..)| *day <= today && today - day < 30);
        let (fen, orders) = counted.fold(more, |sum, (_, fen, orders)| (sum.0 + fen, sum.1 + orders));
        match (fen, orders) {
            (_, 4..) | (30_000.., _) => 2,
            (10_000.., _) => 1,
            _ => 0,
        }
    }

    fn rises(&mut self, today: i64) {
        let earned = self.earns(today, (0, 0));
        if !self.held && earned >= self.tier {
            self.tier = earned;
            self.falls_at = None;
        }
    }

    /// Midnights, judgements and ends of grace between two moments.
    fn passes(&mut self, from: i64, to: i64) {
        let mut at = from + 1;
        while at <= to {
            let local = at + ZONE;
            let nine = local.rem_euclid(DAY) == 9 * 3600 * 1000;
            if self.falls_at == Some(at) && !self.held {
                self.falls_at = None;
                self.tier = self.tier.min(self.earns(local.div_euclid(DAY), (0, 0)));
            }
            let first = Moment::from_millis(at)
                .date(&jiff::tz::TimeZone::fixed(jiff::tz::offset(8)))
                .day()
                == 1;
            if nine && first && !self.held && self.tier > 0 {
                match self.earns(local.div_euclid(DAY), (0, 0)) >= self.tier {
                    true => self.falls_at = None,
                    false => self.falls_at = self.falls_at.or(Some(at + 10 * DAY)),
                }
            }
            // Everything of interest comes at nine.
            let next = (local - 9 * 3600 * 1000).div_euclid(DAY) + 1;
            at = next * DAY + 9 * 3600 * 1000 - ZONE;
        }
    }
}

/// What may happen: to whom, what, how much, and after how many seconds.
fn step() -> impl Strategy<Value = (usize, usize, usize, u32)> {
    (0..PEOPLE.len(), 0..8_usize, 0..6_usize, 0..900_000_u32)
}

struct Run {
    world: World,
    all: Vec<Change>,
    serial: usize,
}

impl Run {
    fn tell(&mut self, at: Moment, happening: Happening) {
        self.serial += 1;
        let id = EventId::new(format!("step/{}", self.serial));
        let event = Event { id, at, happening };
        let Self { world, all, .. } = self;
        for _ in 0..2 {
            // The same event told twice is one event.
            world.run.feed(&event, at, &mut |entry| {
                if let What::Change(change) = entry.what {
                    all.push(change.clone());
                }
            });
        }
    }
}

fn stands(community: &Community, name: &str) -> usize {
    let rung = community.rungs().get(&person(name));
    let tier = rung
        .and_then(|rung| rung.tier.as_ref())
        .map_or("", |tier| tier.as_str());
    NAMES.iter().position(|name| *name == tier).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn everybody_stands_where_their_history_puts_them(steps in proptest::collection::vec(step(), 5..40)) {
        let mut world = World::new(books(BOOK, house()));
        let mut at = world.at("2026-03-10 10:00");
        world.open(at, "群", &["店长", "老陈", "小明"]);
        let mut run = Run { world, all: Vec::new(), serial: 0 };
        let mut people = [Reckoned::default(), Reckoned::default()];
        let mut orders: BTreeMap<String, i64> = BTreeMap::new();
        for (who, what, nth, seconds) in steps {
            let before = at.millis();
            at = at.plus(Duration::from_secs(u64::from(seconds) + 1));
            for one in &mut people {
                one.passes(before, at.millis());
            }
            let today = (at.millis() + ZONE).div_euclid(DAY);
            let (name, one) = (PEOPLE[who], &mut people[who]);
            let id = format!("{who}/{nth}");
            match what {
                0..=3 => {
                    let fen = [2_000, 4_000, 8_000, 12_000, 20_000, 31_000][nth];
                    let id = format!("{id}/{}", run.serial);
                    run.tell(at, Happening::OrderPaid(order(&id, name, &format!("{}.00", fen / 100))));
                    orders.insert(id, fen);
                    one.entries.push((today, fen, 1));
                    one.rises(today);
                }
                4 | 5 => {
                    let theirs = orders.iter().filter(|(it, left)| it.starts_with(&format!("{who}/")) && **left > 0);
                    let Some((id, left)) = theirs.map(|(id, left)| (id.clone(), *left)).nth(nth) else { continue };
                    let back = if what == 4 { left } else { (left / 200 * 100).max(100).min(left) };
                    let yuan = format!("{}.{:02}", back / 100, back % 100);
                    run.tell(at, Happening::Refunded(order(&id, name, &yuan)));
                    orders.insert(id, left - back);
                    let whole = i64::from(left == back);
                    one.entries.push((today, -back, -whole));
                    let earned = one.earns(today, (0, 0));
                    if !one.held && earned < one.tier && one.earns(today, (back, whole)) >= one.tier {
                        one.tier = earned;
                        one.falls_at = None;
                    }
                }
                6 => {
                    let tier = NAMES[1 + nth % 2];
                    run.tell(at, says(Some("群"), "店长", &format!("定级 @{name} {tier} 试"), run.serial));
                    one.tier = 1 + nth % 2;
                    one.held = true;
                    one.falls_at = None;
                }
                _ => {
                    run.tell(at, says(Some("群"), "店长", &format!("取消定级 @{name} "), run.serial));
                    if std::mem::take(&mut one.held) {
                        one.rises(today);
                    }
                }
            }
            for (name, one) in PEOPLE.iter().zip(&people) {
                prop_assert_eq!(stands(run.world.community(), name), one.tier, "{} {:?}", name, one);
            }
        }
        let mut again = Community::default();
        for change in &run.all {
            again.apply(change);
        }
        prop_assert_eq!(again.rungs(), run.world.community().rungs());
    }
}
