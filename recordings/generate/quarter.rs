//! Three months of one tea shop with two groups, in which members and staff use what the shipped playbooks offer.
//!
//! What matters is written down in `quarter/*.txt`, in the notation of the playbooks' own tests; small talk and daily
//! check-ins are invented around it. **To add to it**, write lines into one of these files, or a file of your own and name
//! it in [`PARTS`]; `UPDATE=1 cargo test --test rehearsal quarter` writes the recording, its truth and its pages anew.
//! Every event's id comes from its group and its second, so lines that are added leave coupons' codes and the winners of
//! draws elsewhere as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, bail};
use jiff::civil::{Date, DateTime, Time, date};
use jiff::tz::TimeZone;
use qunying::chat::{
    Event, EventId, Fen, GatewayName, GroupId, Happening, JoinedHow, LeftHow, Message, MessageId, Moment, Order,
    OrderId, PersonId, Role, Segment,
};
use qunying::dry_run::notation::{Doing, Happens, ScriptLine, read_script};

use super::journal;
use super::people::{BOSS, Chance, GATEWAY};

/// The recording, and what is in it.
pub const NAMES: [&str; 2] = ["a-quarter.jsonl", "a-quarter.jsonl.truth"];

const FIRST: Date = date(2026, 9, 1);
const DAYS: i64 = 91;
const STAFF: &str = "掌柜阿茶";

/// A group as it stands on the first morning.
struct Group {
    wire: &'static str,
    name: &'static str,
    founders: &'static [&'static str],
    /// Messages of small talk a day, at most.
    talk: usize,
}

const GROUPS: [Group; 2] = [
    Group {
        wire: "800001",
        name: "山野老友群",
        founders: &[
            "青禾",
            "阿远",
            "小满妈",
            "溪山",
            "半夏",
            "云朵朵",
            "柚子茶",
            "听雨",
            "山月",
            "木木",
            "晚晴",
            "松间",
            "鹿鸣",
            "阿棠",
        ],
        talk: 9,
    },
    Group {
        wire: "800002",
        name: "山野栏目群",
        founders: &[
            "墨白", "冬青", "一苇", "阿荔", "桥边", "石榴", "苏打", "团子", "半夏", "远行",
        ],
        talk: 5,
    },
];

/// What is told where: a file below `generate/quarter`, and the place of its group in [`GROUPS`]. Each file tells the
/// three months from the beginning, so what belongs together may stand together. One more mechanic is one more line here.
const PARTS: [(&str, usize); 3] = [("friends.txt", 0), ("columns.txt", 1), ("orders.txt", 0)];

/// Who checks in, in which group, from when to when, and on which days not.
const CHECK_INS: [(&str, usize, Date, Date, &[Date]); 4] = [
    ("青禾", 0, date(2026, 9, 2), date(2026, 11, 30), &[date(2026, 10, 16)]),
    ("阿远", 0, date(2026, 9, 7), date(2026, 10, 6), &[date(2026, 9, 17)]),
    (
        "小满妈",
        0,
        date(2026, 10, 12),
        date(2026, 11, 22),
        &[date(2026, 10, 25), date(2026, 11, 8)],
    ),
    ("冬青", 1, date(2026, 9, 14), date(2026, 9, 25), &[]),
];

/// Who says nothing any more from when on, though they stay.
const SILENT: [(&str, Date); 3] = [
    ("松间", date(2026, 9, 5)),
    ("鹿鸣", date(2026, 9, 5)),
    ("晚晴", date(2026, 10, 9)),
];

/// Small talk: nothing the bot has to do with.
pub const TALK: [&str; 40] = [
    "早呀，今天泡了白茶",
    "这款香气好高",
    "收到啦，包装很用心",
    "哈哈哈哈",
    "🍵🍵",
    "第一次喝岩茶，惊艳",
    "下雨天就想喝点热的",
    "谢谢掌柜",
    "同求",
    "+1",
    "我也想要",
    "今天手抖水放多了，苦",
    "祝妈妈生日快乐",
    "[图片]",
    "晚安各位茶友",
    "刚到家，先泡一壶",
    "好喝！回购",
    "有点烫嘴，慢慢来",
    "听说这周降温",
    "茶渣可以养花",
    "出差路上想念大家",
    "学到了",
    "桂花开了，满院子都香",
    "今天店里的桂花糕真好吃",
    "周末去爬山，带了一壶热茶",
    "加班，靠它续命",
    "秋天就该喝岩茶",
    "外婆寄来的柿饼，配茶正好",
    "新杯子开张",
    "今天三泡就没味了，下次少放点水",
    "窗外在下雨，屋里在煮茶",
    "孩子睡了，终于能安静喝一口",
    "早市买的栗子，配熟普绝了",
    "办公室的同事也被我带着喝茶了",
    "天冷了，大家多穿点",
    "这泡是昨天剩的，还是甜",
    "银杏黄了，茶社门口那棵最好看",
    "刚下飞机，第一件事烧水",
    "陈皮泡起来",
    "慢慢喝，不着急",
];

/// Writes the recording and its truth into `dir`, as `generate/quarter` below it tells them.
pub fn write_all(dir: &Path) -> anyhow::Result<()> {
    for (name, bytes) in NAMES.iter().zip(files(&dir.join("generate/quarter"))?) {
        std::fs::write(dir.join(name), bytes)?;
    }
    Ok(())
}

/// The recording and its truth, in the order of [`NAMES`].
pub fn files(told: &Path) -> anyhow::Result<[Vec<u8>; 2]> {
    let events = events(told)?;
    let mut recording = Vec::new();
    for (seq, event) in (1..).zip(&events) {
        journal::put(&mut recording, seq, event)?;
    }
    Ok([recording, truth(&events).into_bytes()])
}

/// What is in the recording, counted by month before any program has read it.
pub fn truth(events: &[Event]) -> String {
    let mut counted: BTreeMap<(String, &str), usize> = BTreeMap::new();
    let mut accounts: BTreeSet<&str> = BTreeSet::new();
    let mut paid = 0;
    for event in events {
        let month = event.at.in_zone(&zone()).strftime("%Y-%m").to_string();
        *counted.entry((month, event.happening.kind())).or_default() += 1;
        match &event.happening {
            Happening::Joined { person, .. } | Happening::Found { person, .. } if person.wire() != BOSS => {
                accounts.insert(person.as_str());
            }
            Happening::OrderPaid(order) => paid += order.amount.0,
            _ => {}
        }
    }
    let mut out = format!(
        "events {}\naccounts {}\npaid {}\n",
        events.len(),
        accounts.len(),
        Fen(paid)
    );
    for ((month, kind), count) in counted {
        out.push_str(&format!("{month} {kind} {count}\n"));
    }
    out
}

/// Everything that happens, in order of time.
fn events(told: &Path) -> anyhow::Result<Vec<Event>> {
    let mut quarter = Quarter::default();
    for group in &GROUPS {
        quarter.opens(group);
    }
    for (file, group) in PARTS {
        for line in told_in(&told.join(file))? {
            quarter
                .happens(&GROUPS[group], &line)
                .with_context(|| format!("{file}, line {}", line.line))?;
        }
    }
    for (who, group, from, to, missed) in CHECK_INS {
        quarter.checks_in(who, &GROUPS[group], (from, to), missed);
    }
    for (place, group) in (1..).zip(&GROUPS) {
        quarter.small_talk(group, Chance(place));
    }
    quarter.events.sort_by_key(|event| event.at);
    Ok(quarter.events)
}

/// The lines of one file, in the notation of the tests.
fn told_in(file: &Path) -> anyhow::Result<Vec<ScriptLine>> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let known: Vec<String> = GROUPS
        .iter()
        .flat_map(|group| group.founders)
        .chain([&STAFF])
        .map(|name| (*name).to_owned())
        .collect();
    let (lines, problems) = read_script(&text, 1, FIRST.at(0, 0, 0, 0), &known);
    match problems.first() {
        Some(problem) => bail!(
            "{}, line {}: {:?}: {}",
            file.display(),
            problem.line,
            problem.mistake,
            problem.written
        ),
        None => Ok(lines),
    }
}

fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC)
}

fn person(name: &str) -> PersonId {
    PersonId::at(&GatewayName::new(GATEWAY), if name == STAFF { BOSS } else { name })
}

impl Group {
    fn id(&self) -> GroupId {
        GroupId::at(&GatewayName::new(GATEWAY), self.wire)
    }
}

/// What has been told so far.
#[derive(Default)]
struct Quarter {
    events: Vec<Event>,
    /// How many events a group has in a second.
    at_once: BTreeMap<(&'static str, DateTime), usize>,
    /// Everybody's last order.
    orders: BTreeMap<String, OrderId>,
    /// From when to when somebody is in a group; the founders from the first day on.
    came: BTreeMap<(&'static str, String), Date>,
    went: BTreeMap<(&'static str, String), Date>,
}

impl Quarter {
    fn put(&mut self, group: &Group, at: DateTime, happening: Happening) {
        let before = self.at_once.entry((group.wire, at)).or_default();
        let id = EventId::new(format!(
            "{GATEWAY}/{}/{}-{before}",
            group.wire,
            at.strftime("%m%d%H%M%S")
        ));
        *before += 1;
        let at = Moment::at_local(at, &zone());
        self.events.push(Event { id, at, happening });
    }

    /// The bot comes in and reads who is there.
    fn opens(&mut self, group: &Group) {
        let morning = FIRST.at(8, 0, 0, 0);
        self.put(group, morning, Happening::BotJoined { group: group.id() });
        for name in [STAFF].iter().chain(group.founders) {
            let found = Happening::Found {
                group: group.id(),
                person: person(name),
                name: (*name).to_owned(),
                card: String::new(),
                role: role(name),
                joined_at: None,
            };
            self.put(group, morning, found);
            self.came.insert((group.wire, (*name).to_owned()), FIRST);
        }
        let read = Happening::RosterRead {
            group: group.id(),
            name: group.name.to_owned(),
            members: u32::try_from(group.founders.len() + 1).unwrap_or(0),
        };
        self.put(group, morning, read);
    }

    fn happens(&mut self, group: &Group, line: &ScriptLine) -> anyhow::Result<()> {
        let Happens::Person { name, doing } = &line.happens else {
            bail!("only people do something in this story");
        };
        let at = line.at;
        match doing {
            Doing::Says(words) => self.says(group, at, name, words),
            Doing::Whispers(words) => self.speaks(group, at, (name, None), words),
            Doing::Joins { how, by } => self.joins(group, at, name, (*how, by.as_deref())),
            Doing::Leaves => self.leaves(group, at, name, None),
            Doing::IsRemoved { by } => self.leaves(group, at, name, by.as_deref()),
            Doing::Orders { amount, items, .. } => {
                let number = OrderId::new(at.strftime("T%m%d%H%M%S").to_string());
                self.orders.insert(name.clone(), number.clone());
                let order = order(number, name, *amount, items);
                self.put(group, at, Happening::OrderPaid(order));
            }
            Doing::IsRefunded { amount, .. } => {
                let number = self.orders.get(name).context("nothing was ordered")?.clone();
                self.put(group, at, Happening::Refunded(order(number, name, *amount, &[])));
            }
            other => bail!("this story cannot tell {other:?}"),
        }
        Ok(())
    }

    fn joins(&mut self, group: &Group, at: DateTime, name: &str, (how, by): (JoinedHow, Option<&str>)) {
        let joined = Happening::Joined {
            group: group.id(),
            person: person(name),
            name: name.to_owned(),
            how,
            by: by.map(person),
            inferred: false,
        };
        self.put(group, at, joined);
        self.came.insert((group.wire, name.to_owned()), at.date());
    }

    fn leaves(&mut self, group: &Group, at: DateTime, name: &str, by: Option<&str>) {
        let left = Happening::Left {
            group: group.id(),
            person: person(name),
            how: if by.is_some() { LeftHow::Kicked } else { LeftHow::Left },
            by: by.map(person),
            inferred: false,
        };
        self.put(group, at, left);
        self.went.insert((group.wire, name.to_owned()), at.date());
    }

    fn says(&mut self, group: &Group, at: DateTime, name: &str, words: &str) {
        self.speaks(group, at, (name, Some(group.id())), words);
    }

    /// In private, if it is said in no group.
    fn speaks(&mut self, group: &Group, at: DateTime, (name, place): (&str, Option<GroupId>), words: &str) {
        let before = self.at_once.get(&(group.wire, at)).copied().unwrap_or_default();
        let message = Message {
            group: place,
            from: person(name),
            name: name.to_owned(),
            card: String::new(),
            role: role(name),
            message: MessageId::new(format!("{}{}{before}", group.wire, at.strftime("%m%d%H%M%S"))),
            segments: self.segments(words),
            own: false,
            calls_bot: false,
        };
        self.put(group, at, Happening::Message(message));
    }

    /// `@name` calls somebody who is known.
    fn segments(&self, words: &str) -> Vec<Segment> {
        let called = words.split_once('@').and_then(|(before, after)| {
            let mut names = self.came.keys().map(|(_, name)| name.as_str());
            let name = names.find(|name| after.starts_with(name))?;
            Some((before, name, &after[name.len()..]))
        });
        let text = |text: &str| (!text.is_empty()).then(|| Segment::Text(text.to_owned()));
        match called {
            Some((before, name, after)) => text(before)
                .into_iter()
                .chain([Segment::Mention(person(name))])
                .chain(text(after))
                .collect(),
            None => vec![Segment::Text(words.to_owned())],
        }
    }

    /// Every day but those that are missed, some minutes after eight.
    fn checks_in(&mut self, who: &str, group: &Group, (from, to): (Date, Date), missed: &[Date]) {
        for (day, date) in (1_i8..).zip(from.series(jiff::Span::new().days(1))) {
            if date > to {
                break;
            }
            if !missed.contains(&date) {
                self.says(group, date.at(8, 2 + day % 45, 0, 0), who, "签到");
            }
        }
    }

    fn small_talk(&mut self, group: &Group, mut chance: Chance) {
        let days = FIRST.series(jiff::Span::new().days(1));
        for date in days.take_while(|date| *date < FIRST.saturating_add(jiff::Span::new().days(DAYS))) {
            let here: Vec<String> = self.here(group, date);
            // A day takes the same from chance however many are here: who comes later changes no day before.
            let mut today = Chance(chance.next());
            for _ in 0..=today.below(group.talk) {
                let (who, words, time) = (today.below(here.len()), today.one_of(&TALK), today.time_of_day());
                if let Some(name) = here.get(who) {
                    self.says(group, date.to_datetime(seldom_at_night(time)), name, words);
                }
            }
        }
    }

    /// Who talks in a group on a day: nobody on the day they come.
    fn here(&self, group: &Group, date: Date) -> Vec<String> {
        let is_silent = |name: &str| SILENT.iter().any(|(who, since)| *who == name && date >= *since);
        let names = self.came.iter().filter(|((wire, name), came)| {
            let key = (*wire, name.clone());
            *wire == group.wire
                && (**came < date || **came == FIRST)
                && self.went.get(&key).is_none_or(|went| date < *went)
                && name != STAFF
                && !is_silent(name)
        });
        names.map(|((_, name), _)| name.clone()).collect()
    }
}

fn role(name: &str) -> Role {
    if name == STAFF { Role::Owner } else { Role::Member }
}

fn order(order: OrderId, name: &str, amount: Fen, items: &[String]) -> Order {
    Order {
        order,
        person: person(name),
        amount,
        items: items.to_vec(),
    }
}

/// The small hours belong to the evening before.
fn seldom_at_night(time: Time) -> Time {
    if time.hour() < 5 {
        time.saturating_add(jiff::Span::new().hours(21))
            .min(Time::constant(23, 59, 59, 0))
    } else {
        time
    }
}
