//! Draws under random histories: stock is never oversold, nobody wins twice where that is forbidden, nobody wins who has
//! left, points never fall below zero, every receipt can be checked from its text, and a replay changes nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;
use qunying::chat::{Deed, Event, EventId, Fen, Happening, Moment, PersonId, text_of};
use qunying::community::Community;
use qunying::community::change::Change;
use qunying::community::draw::{Fate, Stage, Win};
use qunying::community::receipt::Receipt;
use qunying::engine::receipt::check;
use qunying::engine::{Dice, due_event, step};
use qunying::playbook::Playbooks;

use super::stage::{books, group, house, joins, leaves, order, person, says};

const PEOPLE: [&str; 5] = ["甲", "乙", "丙", "丁", "店长"];

fn playbook(again: bool, redraw: bool) -> Playbooks {
    let unclaimed = if redraw { "redraw" } else { "keep" };
    let text = format!(
        r#"
[draw.box]
title = "抽奖"
open = ["开始抽奖"]
close = ["开奖"]
enter = ["抽奖"]
cost = 5
by_order = "20.00"
spoke_within = "20m"
weight = "1 + person.points / 10"
weight_told = "每 10 积分多一张签"
redraw = ["重抽"]
chances = 3
again = {again}
open_for = "2h"
claim_within = "1h"
unclaimed = "{unclaimed}"
redraws = 2
prizes = [ {{ title = "杯子", stock = 1, worth = "88.00" }}, {{ coupon = "tea", stock = 2 }} ]

[draw.now]
title = "当场抽"
open = ["当场抽"]
close = ["当场开"]
enter = ["来一个"]
prizes = [ {{ coupon = "tea", stock = 1 }} ]

[coupon.tea]
title = "茶券"
worth = "5.00"
valid = "7d"
limit = {{ per_person = "1 per month", total = 3 }}

[[rule]]
name = "in"
on   = {{ message = "签到" }}
then = [ {{ points = 8 }} ]
"#
    );
    books(&text, house())
}

struct Camp {
    books: Playbooks,
    community: Community,
    now: Moment,
    again: bool,
    changes: Vec<Change>,
    said: Vec<String>,
    commits: BTreeSet<String>,
}

impl Camp {
    fn new(books: Playbooks, again: bool) -> Self {
        let now = Moment::at_local("2026-03-02T09:00".parse().unwrap(), &house().zone);
        let mut camp = Self {
            books,
            community: Community::default(),
            now,
            again,
            changes: Vec::new(),
            said: Vec::new(),
            commits: BTreeSet::new(),
        };
        camp.tell("bot", Happening::BotJoined { group: group("群") });
        for name in PEOPLE {
            camp.tell(&format!("join {name}"), joins("群", name));
        }
        camp
    }

    fn wait(&mut self, length: Duration) {
        let until = self.now.plus(length);
        while let Some((due, key, entry)) = self.community.next_due().filter(|(due, _, _)| *due <= until) {
            let event = due_event(&self.community, due, key, &entry.what);
            self.decide(&event, due.max(self.community.now()));
        }
        self.now = until;
    }

    fn tell(&mut self, id: &str, happening: Happening) {
        let (id, at) = (EventId::new(id), self.now);
        self.decide(&Event { id, at, happening }, at);
    }

    fn decide(&mut self, event: &Event, now: Moment) {
        let before = self.community.clone();
        let decision = step(&self.books, &mut self.community, event, now, &Dice::of(b"draws")).decision;
        self.changes.extend(decision.changes.iter().cloned());
        for action in decision.actions {
            if let Deed::Say { content, .. } = &action.deed {
                let words = text_of(content);
                self.commits.extend(hashes(&words));
                self.said.push(words);
            }
            self.changes.push(Change::Queued { action });
        }
        self.holds(&before);
    }

    fn holds(&self, before: &Community) {
        for (id, state) in self.community.draws() {
            for (place, prize) in state.prizes.iter().enumerate() {
                let gone = state.wins.iter().filter(|win| win.prize == place);
                let gone = gone.filter(|win| !matches!(win.fate, Fate::Lapsed { .. })).count();
                assert!(gone <= prize.stock as usize, "{} of {}", gone, prize.stock);
            }
            let winners: BTreeSet<&PersonId> = state.wins.iter().map(|win| &win.person).collect();
            if !self.again || id.0.as_str() == "now" {
                assert_eq!(winners.len(), state.wins.len(), "somebody won twice");
            }
            let known = before.draws().get(id).filter(|old| old.opened_at == state.opened_at);
            for Win { person, .. } in state.wins.iter().skip(known.map_or(0, |old| old.wins.len())) {
                let member = self.community.member(&id.1, person).expect("a winner is a member");
                assert!(member.is_here() && !self.books.house.is_staff(person));
            }
            for receipt in &state.receipts {
                assert!(check(receipt).holds(receipt));
                assert_eq!(
                    Receipt::read(&receipt.text()).as_ref(),
                    Ok(receipt),
                    "the text says it all"
                );
                assert!(
                    self.commits.contains(&receipt.commit),
                    "the dice were not bound beforehand"
                );
            }
            if matches!(state.stage, Stage::Over { .. }) {
                assert!(
                    state.wins.iter().all(|win| win.fate != Fate::Waits),
                    "a prize hangs in the air"
                );
            }
        }
        for name in PEOPLE {
            let purse = self.community.points().get(&person(name));
            assert!(purse.is_none_or(|purse| purse.balance >= 0));
        }
        assert!(self.community.coupons().len() <= 3, "more coupons than there are");
    }
}

/// Everything in a text that may be a commit.
fn hashes(words: &str) -> Vec<String> {
    let hex = |part: &&str| part.len() == 64 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts = words.split(|character: char| !character.is_ascii_alphanumeric());
    parts.filter(hex).map(str::to_owned).collect()
}

fn played(script: &[(u8, u8, u16)], (again, redraw): (bool, bool)) -> Camp {
    let mut camp = Camp::new(playbook(again, redraw), again);
    for (nth, (what, who, gap)) in script.iter().enumerate() {
        camp.wait(Duration::from_secs(u64::from(*gap)));
        let who = PEOPLE[usize::from(*who)];
        let said = |words: &str| says(Some("群"), who, words, nth);
        let by_staff = |words: &str| says(Some("群"), "店长", words, nth);
        let bought = |amount: &str| order(&format!("o{}", nth / 4), who, amount);
        let happening = match what {
            0 | 1 => by_staff("开始抽奖"),
            2 => by_staff("开奖"),
            3..=6 => said("抽奖"),
            7 | 8 => said("领奖"),
            9 | 10 => said("签到"),
            11 => leaves("群", who),
            12 => joins("群", who),
            13 => Happening::OrderPaid(bought("30.00")),
            14 => Happening::Refunded(bought("30.00")),
            15 => by_staff("当场抽"),
            16 => said("来一个"),
            17 => by_staff("重抽 联系不上"),
            _ => by_staff("当场开"),
        };
        camp.tell(&format!("e{nth}"), happening);
    }
    camp.wait(Duration::from_secs(86_400));
    camp
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn draws_are_fair_whatever_happens(
        script in proptest::collection::vec((0_u8..19, 0_u8..5, 0_u16..2_400), 1..90),
        again in any::<bool>(),
        redraw in any::<bool>(),
    ) {
        let camp = played(&script, (again, redraw));
        let same = played(&script, (again, redraw));
        prop_assert_eq!(&camp.said, &same.said);
        let mut replayed = Community::default();
        for change in &camp.changes {
            replayed.apply(change);
        }
        prop_assert_eq!(camp.community.draws(), replayed.draws());
        prop_assert_eq!(camp.community.chances(), replayed.chances());
        prop_assert_eq!(camp.community.coupons(), replayed.coupons());
        let worth: Fen = camp.community.coupons().values().map(|coupon| coupon.worth).sum();
        prop_assert!(worth <= Fen(1_500));
    }
}
