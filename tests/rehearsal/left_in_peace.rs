//! Whoever opted out and says no more is left in peace: by all shipped playbooks at once, whatever the others do and
//! whatever comes due. Staff are told of them; nobody else is.

use std::time::Duration;

use proptest::prelude::*;
use qunying::chat::{
    Deed, Event, EventId, GroupId, Happening, JoinedHow, LeftHow, Message, MessageId, Moment, Order, OrderId, PersonId,
    Role, Segment,
};
use qunying::dry_run::{Books, Options, Rehearsal, What};
use qunying::engine::Dice;

use crate::stage::{house, shipped};

/// Nobody else, and nothing that is said, is called like them.
const NAMES: [&str; 5] = ["白鹭一号", "白鹭二号", "白鹭三号", "白鹭四号", "白鹭五号"];

/// Things members write: of each shipped mechanic one.
const WORDS: [&str; 16] = [
    "早上好",
    "签到",
    "礼包",
    "我的积分",
    "我的券",
    "我的等级",
    "生日 5月9日",
    "生日 农历四月初八",
    "手机 13800001234",
    "邀请口令",
    "我的邀请",
    "建议 多上些白茶",
    "几点开门？",
    "参加抽奖",
    "报名",
    "投1",
];

/// What staff write.
const ORDERS: [&str; 6] = [
    "开始抽奖",
    "开始竞答",
    "发起口味调查",
    "给群起名",
    "结束竞答",
    "口味调查结果",
];

/// Its name has what shipped playbooks look for in one.
fn place() -> GroupId {
    GroupId::new("shop/700001")
}

fn member(nth: usize) -> PersonId {
    PersonId::new(format!("shop/100{nth}"))
}

fn says(from: &PersonId, name: &str, words: &str, serial: usize) -> Happening {
    Happening::Message(Message {
        group: Some(place()),
        from: from.clone(),
        name: name.to_owned(),
        card: String::new(),
        role: Role::Member,
        message: MessageId::new(format!("m{serial}")),
        segments: vec![Segment::Text(words.to_owned())],
        own: false,
        calls_bot: false,
    })
}

/// One thing that happens; words of whoever is silent are none.
fn happening(
    what: usize,
    (who, whom): (usize, usize),
    (nth, serial): (usize, usize),
    out: &[usize],
) -> Option<Happening> {
    let (group, person, name) = (place(), member(who), NAMES[who].to_owned());
    Some(match what {
        0..=5 if out.contains(&who) => return None,
        0..=5 => says(&person, &name, WORDS[nth % WORDS.len()], serial),
        6 => says(&house().staff[0], "掌柜", ORDERS[nth % ORDERS.len()], serial),
        7 => Happening::OrderPaid(Order {
            order: OrderId::new(format!("o{serial}")),
            person,
            amount: "88.00".parse().unwrap(),
            items: Vec::new(),
        }),
        8 => Happening::Left {
            group,
            person,
            how: LeftHow::Left,
            by: None,
            inferred: false,
        },
        _ => Happening::Joined {
            group,
            person,
            name,
            how: JoinedHow::Invited,
            by: (who != whom).then(|| member(whom)),
            inferred: false,
        },
    })
}

/// The members out of these an action reaches or names, staff's own messages left out.
fn reached(deed: &Deed, out: &[usize]) -> Vec<usize> {
    let staff = &house().staff;
    let (content, to) = match deed {
        Deed::Say { content, .. } => (content, None),
        Deed::Whisper { content, person } if !staff.contains(person) => (content, Some(person)),
        _ => return Vec::new(),
    };
    let is_reached = |nth: &&usize| {
        let person = member(**nth);
        let named = content.iter().any(|segment| match segment {
            Segment::Mention(of) => *of == person,
            Segment::Text(text) => text.contains(NAMES[**nth]),
            _ => false,
        });
        named || to == Some(&person)
    };
    out.iter().filter(is_reached).copied().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn whoever_opted_out_is_neither_called_nor_written_to_nor_named(
        before in prop::collection::vec((0..10_usize, (0..5_usize, 0..5_usize), 0..64_usize, 0..40_u64), 0..25),
        after in prop::collection::vec((0..10_usize, (0..5_usize, 0..5_usize), 0..64_usize, 0..40_u64), 1..40),
        out in prop::sample::subsequence(vec![0_usize, 1, 2, 3, 4], 1..4),
    ) {
        let options = Options { books: Books::Recorded, ..Options::default() };
        let mut run = Rehearsal::new(shipped(), Dice::of(b"peace"), options);
        let mut at = Moment::at_local("2026-04-20T10:00:00".parse().unwrap(), &house().zone);
        let mut serial = 0;
        let mut tell = |at: Moment, happening: Happening, peace: bool| {
            serial += 1;
            let mut found = Vec::new();
            let event = Event { id: EventId::new(format!("t{serial}")), at, happening };
            run.feed(&event, at, &mut |entry| {
                if let What::Action(action) = entry.what && peace {
                    found.extend(reached(&action.deed, &out).into_iter().map(|nth| (nth, format!("{:?}", action.deed))));
                }
            });
            found
        };
        tell(at, Happening::BotJoined { group: place() }, false);
        tell(at, Happening::RosterRead { group: place(), name: "老友栏目 VIP 群".to_owned(), members: 0 }, false);
        for (nth, (what, whom, word, hours)) in before.into_iter().enumerate() {
            at = at.plus(Duration::from_secs(3600 * hours + 60));
            if let Some(happening) = happening(what, whom, (word, nth), &[]) {
                tell(at, happening, false);
            }
        }
        for nth in &out {
            at = at.plus(Duration::from_secs(60));
            tell(at, says(&member(*nth), NAMES[*nth], "退订", 1000 + nth), false);
        }
        // What was said on their last word is out before anything else happens.
        at = at.plus(Duration::from_secs(60));
        for (nth, (what, whom, word, hours)) in after.into_iter().enumerate() {
            at = at.plus(Duration::from_secs(3600 * hours + 60));
            let Some(happening) = happening(what, whom, (word, 2000 + nth), &out) else { continue };
            let found = tell(at, happening, true);
            prop_assert!(found.is_empty(), "{found:?}");
        }
    }
}
