//! Accounts of one person: whatever is linked and parted in whatever order, nothing is lost and nothing is there twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;

use qunying::chat::{
    CouponCode, Event, EventId, Fen, GatewayName, GroupId, Happening, JoinedHow, LeftHow, Message, MessageId, Moment,
    Order, OrderId, PersonId, Role, Segment, StaffOrder,
};
use qunying::community::Community;
use qunying::community::change::Change;
use qunying::dry_run::What;

use crate::stage::{World, books, house};

const BOOK: &str = r#"
[points]
[linking]
[redemption]
[coupon.tea]
title = "茶券"
worth = "5.00"
valid = "30d"
limit = { per_person = "9 per day" }
[[rule]]
name  = "签到"
on    = { message = "签到" }
limit = "2 per day"
then  = [ { points = 5 }, { tag = "勤" } ]
[[rule]]
name = "花"
on   = { message = "花", in = "anywhere" }
then = [ { points = -4 }, { say = "还剩 {{ person.points }}" } ]
[[rule]]
name = "券"
on   = { message = "券" }
then = [ { give = "tea" } ]
[[rule]]
name  = "来"
on    = "joined"
then  = [ { say = "欢迎", mention = true } ]
[referral.friends]
title = "老友"
ask   = ["我的口令"]
stay  = "1d"
limit = { per_person = "900 per month", total = "9000 per month" }
suspect = "100 per day"
inviter = [ { points = 2 } ]
[[referral.friends.target]]
at   = 2
then = [ { points = 3 } ]
[quiz.tea]
title    = "茶"
open     = ["抢答"]
each     = 2
winners  = 2
open_for = "2h"
[[quiz.tea.question]]
ask    = "明前是哪个节气之前？"
right = ["清明"]
[[quiz.tea.question]]
ask    = "龙井是什么茶？"
right = ["绿茶"]
[[rule]]
name = "是一个人"
on   = "account.linked"
then = [ { points = 1 } ]
"#;

/// Four accounts on two gateways; the first two share a group.
const ACCOUNTS: [&str; 4] = ["test/甲", "test/乙", "other/丙", "other/丁"];

fn account(nth: usize) -> PersonId {
    PersonId::new(ACCOUNTS[nth % ACCOUNTS.len()])
}

fn home_of(account: &PersonId) -> GroupId {
    GroupId::at(&account.gateway(), "群")
}

fn says(account: &PersonId, in_group: bool, words: &str, serial: usize) -> Happening {
    Happening::Message(Message {
        group: in_group.then(|| home_of(account)),
        from: account.clone(),
        name: account.wire().to_owned(),
        card: String::new(),
        role: Role::Member,
        message: MessageId::new(format!("line-{serial}")),
        segments: vec![Segment::Text(words.to_owned())],
        own: false,
        calls_bot: false,
    })
}

fn bought(account: &PersonId, nth: usize) -> Order {
    Order {
        order: OrderId::new(format!("{account}-{nth}")),
        person: account.clone(),
        amount: "30.00".parse().unwrap(),
        items: Vec::new(),
    }
}

fn joins(account: &PersonId) -> Happening {
    Happening::Joined {
        group: home_of(account),
        person: account.clone(),
        name: account.wire().to_owned(),
        how: JoinedHow::Unknown,
        by: None,
        inferred: false,
    }
}

/// Somebody comes in by a member.
fn invited(newcomer: &PersonId, by: &PersonId) -> Happening {
    Happening::Joined {
        group: home_of(by),
        person: newcomer.clone(),
        name: newcomer.wire().to_owned(),
        how: JoinedHow::Invited,
        by: Some(by.clone()),
        inferred: false,
    }
}

fn leaves(account: &PersonId) -> Happening {
    Happening::Left {
        group: home_of(account),
        person: account.clone(),
        how: LeftHow::Left,
        by: None,
        inferred: false,
    }
}

fn happening(what: usize, (one, other): (usize, usize), (nth, serial): (usize, usize)) -> Happening {
    let (who, whom) = (account(one), account(other));
    match what {
        0..=2 => Happening::Ordered(StaffOrder::Link {
            account: whom,
            person: who,
        }),
        3..=5 => Happening::Ordered(StaffOrder::Unlink { account: whom }),
        6 => says(&who, true, "签到", serial),
        7 => says(&who, false, "花", serial),
        8 => says(&who, true, "券", serial),
        9 => Happening::OrderPaid(bought(&who, nth)),
        10 => Happening::Refunded(bought(&who, nth)),
        11 => joins(&who),
        12 => leaves(&who),
        13 => invited(&PersonId::at(&who.gateway(), &format!("新{nth}")), &who),
        14 => says(&who, true, "我的口令", serial),
        15 => says(&PersonId::at(&who.gateway(), "店长"), true, "抢答", serial),
        _ => says(&who, true, ["清明", "绿茶", "红茶"][nth % 3], serial),
    }
}

/// What happened so far, told apart from what the community makes of it.
#[derive(Default)]
struct Kept {
    points: i64,
    given: BTreeSet<CouponCode>,
    /// Newcomers who came by somebody, and those of them who counted.
    came: i64,
    counted: u32,
    /// Wins of the quizzes as they run, by group.
    won: BTreeMap<GroupId, usize>,
    again: Community,
}

impl Kept {
    fn takes(&mut self, world: &mut World, at: Moment, (happening, serial): (Happening, usize)) {
        let id = EventId::new(format!("told/{serial}"));
        let kept = self;
        world.run.feed(&Event { id, at, happening }, at, &mut |entry| {
            if let What::Change(change) = entry.what {
                match change {
                    Change::PointsMoved { movement, .. } => kept.points += movement.amount,
                    Change::Referred { .. } => kept.came += 1,
                    Change::ReferralCounted { .. } => kept.counted += 1,
                    Change::QuizWon { quiz, .. } => *kept.won.entry(quiz.1.clone()).or_default() += 1,
                    Change::QuizAsked { quiz, state } => {
                        kept.won.insert(quiz.1.clone(), state.all_winners().count());
                    }
                    Change::CouponGiven { coupon, .. } => drop(kept.given.insert(coupon.code.clone())),
                    _ => {}
                }
                kept.again.apply(change);
            }
        });
    }
}

/// A store that writes all rows and reads them again has the same community.
fn stored(community: &Community) -> Community {
    let mut again = Community::default();
    for (key, value) in community.all_rows() {
        again.restore(&key, &value).unwrap();
    }
    again.made_whole();
    again
}

fn holds(community: &Community, kept: &Kept) -> Result<(), TestCaseError> {
    let balance: i64 = community.points().values().map(|purse| purse.balance).sum();
    prop_assert_eq!(balance, kept.points);
    for purse in community.points().values() {
        prop_assert_eq!(purse.balance, purse.earned - purse.spent);
        prop_assert!(purse.balance >= 0 && purse.spent >= 0);
    }
    let codes: Vec<&CouponCode> = community.coupons().values().map(|it| &it.code).collect();
    prop_assert_eq!(codes.len(), kept.given.len());
    prop_assert!(codes.into_iter().all(|code| kept.given.contains(code)));
    for ((person, code), coupon) in community.coupons() {
        prop_assert!(coupon.person == *person && coupon.code == *code);
        prop_assert_eq!(community.coupon_of(code), Some(coupon));
    }
    let trades = community.people().values().filter_map(|it| it.trade.as_ref());
    prop_assert!(trades.clone().all(|trade| trade.spend >= Fen::ZERO));
    let spend = trades.clone().fold(Fen::ZERO, |sum, trade| sum + trade.spend);
    let left = community
        .orders()
        .values()
        .fold(Fen::ZERO, |sum, left| sum + (*left).max(Fen::ZERO));
    prop_assert_eq!(spend, left);
    let referrers = community.referrers().values();
    prop_assert_eq!(referrers.clone().map(|it| it.counted).sum::<u32>(), kept.counted);
    let ever = |it: &qunying::calendar::DayCounts| it.between(jiff::civil::Date::MIN, jiff::civil::Date::MAX);
    prop_assert_eq!(referrers.map(|it| ever(&it.came)).sum::<i64>(), kept.came);
    let invited_by = community.referrals().values().map(|it| &it.inviter);
    let won = community
        .quizzes()
        .values()
        .flat_map(|it| it.all_winners().chain(&it.tried));
    let named = community.words().values().map(|(_, whose)| whose);
    for who in invited_by.chain(won).chain(named) {
        prop_assert!(!community.links().contains_key(who), "{} is an account", who);
    }
    for ((_, group), quiz) in community.quizzes() {
        prop_assert_eq!(
            quiz.all_winners().count(),
            kept.won.get(group).copied().unwrap_or_default()
        );
    }
    for account in community.links().keys() {
        prop_assert!(!community.people().contains_key(account) && !community.points().contains_key(account));
        prop_assert!(!community.links().contains_key(community.person_of(account)));
    }
    // Whatever is kept by person is kept of people: links, codes, timers, private chats, the outbox and leaves
    // told before the first join name accounts.
    for (key, _) in community
        .all_rows()
        .filter(|(key, _)| !key.starts_with(['L', 'C', 'd', 'q', 'r', 'y', '8']))
    {
        let linked = community.links().keys().find(|account| key.ends_with(account.as_str()));
        prop_assert!(linked.is_none(), "{} is left", key);
    }
    for (id, group) in community.groups() {
        prop_assert_eq!(group.size as usize, community.members_of(id).count());
    }
    prop_assert!(stored(community) == *community);
    for (one, other) in [
        (community.points() == kept.again.points(), "points"),
        (community.people() == kept.again.people(), "people"),
        (community.members() == kept.again.members(), "members"),
        (community.coupons() == kept.again.coupons(), "coupons"),
        (community.links() == kept.again.links(), "links"),
        (community.referrals() == kept.again.referrals(), "referrals"),
        (community.referrers() == kept.again.referrers(), "referrers"),
        (community.quizzes() == kept.again.quizzes(), "quizzes"),
        (community.fired() == kept.again.fired(), "marks"),
    ] {
        prop_assert!(one, "{} differ when the changes are applied again", other);
    }
    Ok(())
}

/// What one has, for comparing; not what was seen, and what is on the agenda.
fn belongings(community: &Community) -> BTreeMap<String, Vec<u8>> {
    let rows = community.all_rows();
    rows.filter(|(key, _)| !key.starts_with(['a', 'x', 'd', 'L', 'q']))
        .collect()
}

fn opened() -> (World, Kept, Moment) {
    let mut house = house();
    house.manners.quiet = None;
    let mut world = World::new(books(BOOK, house));
    let at = world.at("2026-03-10 10:00");
    let mut kept = Kept::default();
    for nth in 0..ACCOUNTS.len() {
        // Of two of a gateway the second came by the first.
        let comes = match nth % 2 {
            0 => joins(&account(nth)),
            _ => invited(&account(nth), &account(nth - 1)),
        };
        kept.takes(&mut world, at, (comes, 1_000_000 + nth));
    }
    (world, kept, at)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Some six thousand steps in random order.
    #[test]
    fn nothing_is_lost_and_nothing_doubled(
        steps in proptest::collection::vec((0..17_usize, (0..4_usize, 0..4_usize), 0..8_usize, 0..9_000_u32), 10..60),
    ) {
        let (mut world, mut kept, mut at) = opened();
        for (serial, (what, whom, nth, seconds)) in steps.into_iter().enumerate() {
            at = at.plus(Duration::from_secs(u64::from(seconds)));
            kept.takes(&mut world, at, (happening(what, whom, (nth, serial)), serial));
            holds(world.community(), &kept)?;
        }
    }

    /// What is linked and parted at once is as it was, to the byte.
    #[test]
    fn parted_at_once_it_is_as_it_was(
        steps in proptest::collection::vec((6..17_usize, (0..4_usize, 0..4_usize), 0..8_usize, 0..9_000_u32), 0..40),
        (one, other) in (0..4_usize, 0..4_usize),
    ) {
        let (mut world, mut kept, mut at) = opened();
        for (serial, (what, whom, nth, seconds)) in steps.into_iter().enumerate() {
            at = at.plus(Duration::from_secs(u64::from(seconds)));
            kept.takes(&mut world, at, (happening(what, whom, (nth, serial)), serial));
        }
        let mut community = world.community().clone();
        let before = belongings(&community);
        community.apply(&Change::Linked { account: account(other), person: account(one), at });
        if one != other {
            prop_assert!(community.links().contains_key(&account(other)));
        }
        community.apply(&Change::Unlinked { account: account(other), at });
        let after = belongings(&community);
        for (key, value) in before.iter().chain(&after) {
            prop_assert_eq!(
                before.get(key).map(|it| String::from_utf8_lossy(it)),
                after.get(key).map(|it| String::from_utf8_lossy(it)),
                "{} (of {:?})", key, String::from_utf8_lossy(value)
            );
        }
    }
}

#[test]
fn who_is_forgotten_stays_forgotten_when_the_accounts_part() {
    let (world, _, at) = opened();
    let mut community = world.community().clone();
    let (one, other) = (account(0), account(2));
    let birthday = qunying::calendar::Birthday::told("生日 3月15").unwrap();
    community.apply(&Change::BirthdaySet {
        person: other.clone(),
        birthday,
    });
    community.apply(&Change::Linked {
        account: other.clone(),
        person: one.clone(),
        at,
    });
    community.apply(&Change::Forgotten {
        person: one.clone(),
        at,
    });
    community.apply(&Change::Unlinked {
        account: other.clone(),
        at,
    });
    for id in [&one, &other] {
        let known = &community.people()[id];
        assert!(known.name.is_empty() && known.birthday.is_none(), "{known:?}");
    }
}

/// What the bot asked of its gateways, as `gateway: deed`.
fn asked(world: &mut World, at: Moment, happening: Happening, serial: usize) -> Vec<String> {
    let mut asked = Vec::new();
    let id = EventId::new(format!("asked/{serial}"));
    world.run.feed(&Event { id, at, happening }, at, &mut |entry| {
        if let What::Action(action) = entry.what {
            asked.push(serde_json::to_string(&action.deed).unwrap());
        }
    });
    asked
}

#[test]
fn whoever_is_in_a_group_by_both_accounts_is_greeted_once_and_called_by_the_one_that_is_there() {
    let (mut world, mut kept, at) = opened();
    let (one, other, far) = (account(0), account(1), account(2));
    for (n, account) in [&other, &far].into_iter().enumerate() {
        let link = Happening::Ordered(StaffOrder::Link {
            account: account.clone(),
            person: one.clone(),
        });
        kept.takes(&mut world, at, (link, n));
    }
    let size = |world: &World, account: &PersonId| world.community().groups()[&home_of(account)].size;
    assert_eq!((size(&world, &one), size(&world, &far)), (1, 2));
    // One account goes and returns: the person was there all the time.
    assert_eq!(asked(&mut world, at, leaves(&other), 1), Vec::<String>::new());
    assert_eq!(asked(&mut world, at, joins(&other), 2), Vec::<String>::new());
    assert_eq!(size(&world, &one), 1);
    // Both go: one person is gone; the one that returns is called, not the other.
    asked(&mut world, at, leaves(&other), 3);
    asked(&mut world, at, leaves(&one), 4);
    assert_eq!(size(&world, &one), 0);
    let greeted = asked(&mut world, at, joins(&other), 5);
    assert_eq!(greeted.len(), 1, "{greeted:?}");
    assert!(greeted[0].contains(r#"{"mention":"test/乙"}"#), "{greeted:?}");
    // In private they are written to where they were heard last.
    let at = at.plus(Duration::from_secs(1));
    asked(&mut world, at, says(&far, true, "签到", 6), 6);
    let answered = asked(&mut world, at, says(&far, false, "花", 7), 7);
    assert!(
        answered.iter().any(|deed| deed.contains(r#""person":"other/丙""#)),
        "{answered:?}"
    );
}

#[test]
fn a_code_is_needed_is_used_once_and_guessing_ends() {
    let (mut world, _, at) = opened();
    let (one, other, thief) = (account(0), account(2), account(3));
    let mut serial = 0;
    let mut tells = |world: &mut World, at: Moment, who: &PersonId, words: &str| {
        serial += 1;
        asked(world, at, says(who, false, words, serial), serial).join("\n")
    };
    assert!(tells(&mut world, at, &one, "绑定账号").contains("分钟内有效"));
    let code = world.community().claims()[&one].code.clone();
    for _ in 0..5 {
        assert!(tells(&mut world, at, &thief, "绑定账号 ABCDEF2345").contains("不对"));
    }
    // From here on even the right one is refused, for an hour.
    assert!(tells(&mut world, at, &thief, &format!("绑定账号 {code}")).contains("一小时"));
    assert!(tells(&mut world, at, &one, &format!("绑定账号 {code}")).contains("另一个账号"));
    let linked = tells(&mut world, at, &other, &format!("绑定账号 {code}"));
    assert!(
        linked.contains("关联好了") && linked.contains("回复「取消关联」"),
        "{linked}"
    );
    assert_eq!(world.community().person_of(&other), &one);
    assert!(world.community().claims().is_empty());
    let at = at.plus(Duration::from_secs(3600));
    assert!(tells(&mut world, at, &thief, &format!("绑定账号 {code}")).contains("不对"));
    // A code that nobody used in time.
    assert!(tells(&mut world, at, &one, "绑定账号").contains("分钟内有效"));
    let late = world.community().claims()[&one].code.clone();
    let at = at.plus(Duration::from_secs(601));
    assert!(tells(&mut world, at, &thief, &format!("绑定账号 {late}")).contains("过期"));
    assert!(tells(&mut world, at, &other, "取消关联").contains("已取消关联"));
    assert!(world.community().links().is_empty());
    let staff = PersonId::at(&GatewayName::new("test"), "店长");
    assert!(tells(&mut world, at, &staff, "绑定账号").contains("店员的账号不关联"));
}
