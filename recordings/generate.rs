//! Invents the recording of a lively tea shop's groups: newcomers one by one and in bursts, people who leave and come
//! back, birthdays told in many ways, packs, sign-ups, votes, orders, questions, small talk, and names made to do harm.
//!
//! The same flags give the same bytes: chance comes from `--seed` alone. Everybody in it is invented.
//!
//! ```text
//! cargo run --example lively-group -- --months 3 --events 2400 --seed 7 > recordings/tea-friends.jsonl
//! cargo run --example lively-group -- --format onebot11 --from 2026-03-07 --days 1 --events 160 > recordings/onebot11-day.jsonl
//! cargo run --example lively-group -- --quarter recordings
//! cargo run --example lively-group -- --shapes recordings/shapes
//! ```
//!
//! `--quarter` writes a-quarter.jsonl, in which members and staff use what the shipped playbooks offer, and beside it what
//! is in it. What they say stands in `generate/quarter/*.txt`; see `generate/quarter.rs`.
//!
//! `--shapes` writes one short invented history in every form `import` reads, and beside each file what of it the form
//! has kept.

#[path = "generate/journal.rs"]
mod journal;
#[path = "generate/people.rs"]
mod people;
#[allow(dead_code, reason = "the tests of the rehearsal use all of it")]
#[path = "generate/quarter.rs"]
mod quarter;
#[allow(dead_code, reason = "the tests of `import` use all of it")]
#[path = "generate/shapes.rs"]
mod shapes;
#[path = "generate/told.rs"]
mod told;
#[allow(dead_code, reason = "the tests of `import` use all of it")]
#[path = "generate/truth.rs"]
mod truth;
#[path = "generate/wire.rs"]
mod wire;
#[path = "generate/words.rs"]
mod words;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::{Parser, ValueEnum};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use qunying::chat::{
    Event, EventId, Fen, GatewayName, GroupId, Happening, JoinedHow, LeftHow, Message, MessageId, Moment, Order,
    OrderId, PersonId, Role, Segment,
};

use people::{BOSS, Chance, GATEWAY, Person, names};
use words::{BIRTHDAYS, GOODS, HOSTILE, NOMINATIONS, TALK, TITLES};

/// What to invent.
#[derive(Parser, Debug)]
struct Flags {
    /// Groups, each with people of its own.
    #[arg(long, default_value_t = 1)]
    groups: u32,
    /// Months to tell of, unless --days is given.
    #[arg(long, default_value_t = 3)]
    months: u32,
    /// Days to tell of.
    #[arg(long)]
    days: Option<u32>,
    /// About how many events; small talk fills what is missing.
    #[arg(long, default_value_t = 2_400)]
    events: u32,
    /// Chance itself.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// The first day.
    #[arg(long, default_value = "2026-03-01")]
    from: Date,
    #[arg(long, value_enum, default_value_t = Format::Recording)]
    format: Format,
    /// Writes the quarter that is told in `generate/quarter` below this directory into it instead.
    #[arg(long)]
    quarter: Option<PathBuf>,
    /// Writes the fixtures of `import` into this directory instead.
    #[arg(long)]
    shapes: Option<PathBuf>,
}

/// How lines are written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// As our own journal keeps them, events only.
    Recording,
    /// As a OneBot v11 gateway posts them.
    #[value(name = "onebot11")]
    OneBot11,
}

fn main() -> anyhow::Result<()> {
    let flags = Flags::parse();
    if let Some(dir) = &flags.shapes {
        return Ok(told::write_all(dir)?);
    }
    if let Some(dir) = &flags.quarter {
        return quarter::write_all(dir);
    }
    let zone = TimeZone::get("Asia/Shanghai").context("the zone database is built in")?;
    let days = flags.days.unwrap_or(flags.months * 92 / 3);
    let mut world = World {
        zone,
        chance: Chance(flags.seed),
        next: 1,
        planned: BTreeMap::new(),
        groups: Vec::new(),
    };
    for number in 0..flags.groups {
        world.open(number, flags.from);
    }
    // What the plot itself comes to a day, as measured; the rest is small talk.
    let talk = (flags.events / flags.groups.max(1) / days.max(1)).saturating_sub(9);
    let mut out = wire::Wire::new(flags.format, BufWriter::new(io::stdout().lock()));
    let mut date = flags.from;
    for _ in 0..days {
        for group in 0..world.groups.len() {
            world.live(group, date, talk);
        }
        let mut today = world.planned.remove(&date).unwrap_or_default();
        today.sort_by_key(|event| event.at);
        for event in &today {
            out.put(event)?;
            // Gateways repeat themselves now and then.
            if world.chance.one_in(200) {
                out.put(event)?;
            }
        }
        date = date.tomorrow()?;
    }
    out.into_inner().flush()?;
    Ok(())
}

/// One group and who is in it.
struct Group {
    id: GroupId,
    here: Vec<Person>,
    gone: Vec<Person>,
    fresh: Vec<String>,
}

/// Everything that was invented so far.
struct World {
    zone: TimeZone,
    chance: Chance,
    next: u64,
    planned: BTreeMap<Date, Vec<Event>>,
    groups: Vec<Group>,
}

impl World {
    fn plan(&mut self, date: Date, time: Time, happening: Happening) {
        let at = Moment::at_local(date.to_datetime(time), &self.zone);
        let id = EventId::new(format!("{GATEWAY}/{:07}", self.next));
        self.next += 1;
        self.planned.entry(date).or_default().push(Event { id, at, happening });
    }

    /// A group that is there when the bot comes into it.
    fn open(&mut self, number: u32, date: Date) {
        let gateway = GatewayName::new(GATEWAY);
        let id = GroupId::at(&gateway, &(700_001 + number).to_string());
        let mut fresh = names(&mut self.chance, 400);
        for (place, hostile) in HOSTILE.iter().enumerate() {
            fresh.insert(fresh.len().saturating_sub(25 + place * 30), (*hostile).to_owned());
        }
        let morning = Time::constant(8, 0, 0, 0);
        self.plan(date, morning, Happening::BotJoined { group: id.clone() });
        self.found(&id, date, (BOSS, "掌柜阿茶"));
        let mut here = Vec::new();
        for place in 0..14 {
            let person = Person::new(number * 100_000 + 10_001 + place, fresh.pop().unwrap_or_default());
            self.found(&id, date, (&person.wire, &person.name));
            here.push(person);
        }
        let name = if number == 0 {
            "山野茶社客友群".to_owned()
        } else {
            format!("山野茶社客友群{}", number + 1)
        };
        self.plan(
            date,
            morning,
            Happening::RosterRead {
                group: id.clone(),
                name,
                members: 15,
            },
        );
        self.groups.push(Group {
            id,
            here,
            gone: Vec::new(),
            fresh,
        });
    }

    fn found(&mut self, group: &GroupId, date: Date, (wire, name): (&str, &str)) {
        let happening = Happening::Found {
            group: group.clone(),
            person: PersonId::at(&GatewayName::new(GATEWAY), wire),
            name: name.to_owned(),
            card: String::new(),
            role: if wire == BOSS { Role::Owner } else { Role::Member },
            joined_at: None,
        };
        self.plan(date, Time::constant(8, 0, 0, 0), happening);
    }

    /// One day of one group.
    fn live(&mut self, group: usize, date: Date, talk: u32) {
        // Whoever leaves today is not heard any more, whoever comes is not heard before.
        self.departures(group, date);
        self.trade(group, date);
        self.gatherings(group, date);
        self.votes(group, date);
        for _ in 0..talk {
            let Some(person) = self.somebody(group) else { continue };
            let words = self.chance.one_of(TALK);
            let time = self.chance.time_of_day();
            self.say(group, (date, time), &person, words);
        }
        self.arrivals(group, date);
    }

    fn somebody(&mut self, group: usize) -> Option<Person> {
        let count = self.groups[group].here.len();
        (count > 0).then(|| self.groups[group].here[self.chance.below(count)].clone())
    }

    fn arrivals(&mut self, group: usize, date: Date) {
        let burst = [7, 21].contains(&date.day()) && date.month() != 4;
        let count = if burst {
            9 + self.chance.below(7)
        } else {
            usize::from(self.chance.one_in(2))
        };
        let mut time = if burst {
            Time::constant(12, 1, 4, 0)
        } else {
            self.chance.time_of_day()
        };
        for _ in 0..count {
            let Some(name) = self.groups[group].fresh.pop() else {
                return;
            };
            let number = u32::try_from(group).unwrap_or(0) * 100_000 + 10_500
                - u32::try_from(self.groups[group].fresh.len()).unwrap_or(0);
            let person = Person::new(number, name);
            self.join(group, date, time, person);
            time = later(time, i64::try_from(self.chance.below(4)).unwrap_or(0));
        }
    }

    /// Comes in, and does what newcomers do.
    fn join(&mut self, group: usize, date: Date, time: Time, person: Person) {
        let (how, by) = match self.chance.below(3) {
            0 => (JoinedHow::Scanned, None),
            1 => (JoinedHow::Invited, self.somebody(group).map(|it| it.id())),
            _ => (JoinedHow::Unknown, None),
        };
        let id = self.groups[group].id.clone();
        let name = person.name.clone();
        self.plan(
            date,
            time,
            Happening::Joined {
                group: id,
                person: person.id(),
                name,
                how,
                by,
                inferred: false,
            },
        );
        if self.chance.below(10) < 7 {
            let words = self
                .chance
                .one_of(&["礼包", "礼包", "礼包", "领礼包", " 礼包 ", "领取礼包", "礼包怎么领呀"]);
            let wait = 40 + i64::try_from(self.chance.below(1_500)).unwrap_or(0);
            self.say(group, (date, later(time, wait)), &person, words);
        }
        if self.chance.one_in(12) {
            let day = self.days_after(date, 5);
            self.say(group, (day, Time::constant(20, 15, 0, 0)), &person, "礼包");
        }
        if self.chance.one_in(2) {
            let words = self.chance.one_of(BIRTHDAYS);
            let day = self.days_after(date, 6);
            let time = self.chance.time_of_day();
            self.say(group, (day, time), &person, words);
        }
        self.groups[group].here.push(person);
    }

    fn days_after(&mut self, date: Date, most: usize) -> Date {
        let days = i64::try_from(1 + self.chance.below(most)).unwrap_or(1);
        date.checked_add(jiff::Span::new().days(days)).unwrap_or(date)
    }

    fn departures(&mut self, group: usize, date: Date) {
        if self.chance.one_in(4) && self.groups[group].here.len() > 12 {
            let place = self.chance.below(self.groups[group].here.len());
            let person = self.groups[group].here.remove(place);
            let how = if self.chance.one_in(8) {
                LeftHow::Kicked
            } else {
                LeftHow::Left
            };
            let time = self.chance.time_of_day();
            let id = self.groups[group].id.clone();
            self.plan(
                date,
                time,
                Happening::Left {
                    group: id,
                    person: person.id(),
                    how,
                    by: None,
                    inferred: false,
                },
            );
            self.groups[group].gone.push(person);
        }
        if self.chance.one_in(9)
            && let Some(person) = self.groups[group].gone.pop()
        {
            // In the evening, so that nobody comes back before they leave.
            self.join(group, date, Time::constant(22, 40, 0, 0), person);
        }
    }

    fn trade(&mut self, group: usize, date: Date) {
        let count = self.chance.below(3);
        for _ in 0..count {
            let Some(person) = self.somebody(group) else { return };
            let order = OrderId::new(format!("A{:06}", self.next));
            let amount = Fen(i64::try_from(1_900 + self.chance.below(260) * 100).unwrap_or(0));
            let items = vec![self.chance.one_of(GOODS).to_owned()];
            let paid = Order {
                order,
                person: person.id(),
                amount,
                items,
            };
            let time = self.chance.time_of_day();
            if self.chance.one_in(15) {
                let back = self.days_after(date, 4);
                self.plan(back, Time::constant(15, 30, 0, 0), Happening::Refunded(paid.clone()));
            }
            self.plan(date, time, Happening::OrderPaid(paid));
        }
        if self.chance.one_in(11)
            && let Some(person) = self.somebody(group)
        {
            let card = format!("{}·常客", person.name);
            let id = self.groups[group].id.clone();
            let time = self.chance.time_of_day();
            self.plan(
                date,
                time,
                Happening::CardChanged {
                    group: id,
                    person: person.id(),
                    card,
                    inferred: false,
                },
            );
        }
    }

    /// Members answer what the two-small-one-big playbook announces.
    fn gatherings(&mut self, group: usize, date: Date) {
        let week = (date.day() - 1) / 7 + 1;
        let (word, start) = match (date.weekday(), week) {
            // Three days before the third and the fourth Saturday.
            (jiff::civil::Weekday::Wednesday, _) => match nth_saturday(date) {
                3 => ("报名", Time::constant(20, 4, 0, 0)),
                4 => ("预约", Time::constant(19, 3, 0, 0)),
                _ => return,
            },
            (jiff::civil::Weekday::Saturday, 1) => ("选 B", Time::constant(20, 2, 0, 0)),
            (jiff::civil::Weekday::Saturday, 3) => ("这款回甘真好", Time::constant(20, 10, 0, 0)),
            (jiff::civil::Weekday::Saturday, 4) => ("下单了！", Time::constant(19, 6, 0, 0)),
            _ => return,
        };
        let mut time = start;
        for turn in 0..(7 + self.chance.below(5)) {
            let Some(person) = self.somebody(group) else { return };
            let words = match (word, turn) {
                ("报名", 2) => "报名 2",
                ("报名", 4) => "接龙",
                ("报名", 5) => "报名 2 不吃甜",
                ("报名", 8) => "取消报名",
                ("报名", 9) => "名单",
                _ => word,
            };
            self.say(group, (date, time), &person, words);
            if word == "下单了！" {
                let order = Order {
                    order: OrderId::new(format!("S{:06}", self.next)),
                    person: person.id(),
                    amount: Fen(9_900),
                    items: vec!["会员专场·明前龙井".to_owned()],
                };
                self.plan(date, later(time, 20), Happening::OrderPaid(order));
            }
            time = later(time, 25 + i64::try_from(self.chance.below(200)).unwrap_or(0));
        }
    }

    fn votes(&mut self, group: usize, date: Date) {
        let morning = Time::constant(10, 0, 0, 0);
        match (date.month(), date.day()) {
            (3, 10) => {
                let boss = Person::boss();
                self.say(group, (date, morning), &boss, "给群起名");
                self.ballots(group, date, (NOMINATIONS, "起名 ", "投"));
            }
            (4, 14) => {
                let Some(person) = self.somebody(group) else { return };
                let segments = vec![Segment::Text("评头衔 ".to_owned()), Segment::Mention(person.id())];
                self.post(group, (date, morning), &Person::boss(), segments);
                self.ballots(group, date, (TITLES, "头衔 ", "选"));
            }
            (5, 12) => {
                for minutes in 0..3 {
                    let place = usize::try_from(minutes).unwrap_or(0);
                    let Some(person) = self.groups[group].here.get(place).cloned() else {
                        return;
                    };
                    self.say(group, (date, later(morning, minutes * 90)), &person, "起群名");
                }
                self.ballots(group, date, (NOMINATIONS, "提名 ", "投"));
            }
            _ => {}
        }
    }

    fn ballots(&mut self, group: usize, date: Date, (names, nominate, ballot): (&[&str], &str, &str)) {
        let mut time = Time::constant(10, 20, 0, 0);
        for name in names {
            let Some(person) = self.somebody(group) else { return };
            self.say(group, (date, time), &person, &format!("{nominate}{name}"));
            time = later(time, 240);
        }
        let voters: Vec<Person> = self.groups[group].here.iter().take(16).cloned().collect();
        for voter in voters {
            // Most like the first name.
            let choice = 1 + self.chance.below(names.len()) * self.chance.below(2);
            self.say(group, (date, time), &voter, &format!("{ballot}{choice}"));
            time = later(time, 150);
        }
    }

    fn say(&mut self, group: usize, at: (Date, Time), person: &Person, words: &str) {
        self.post(group, at, person, vec![Segment::Text(words.to_owned())]);
    }

    fn post(&mut self, group: usize, (date, time): (Date, Time), person: &Person, segments: Vec<Segment>) {
        let message = Message {
            group: Some(self.groups[group].id.clone()),
            from: person.id(),
            name: person.name.clone(),
            card: String::new(),
            role: if person.wire == BOSS { Role::Owner } else { Role::Member },
            message: MessageId::new(self.next.to_string()),
            segments,
            own: false,
            calls_bot: false,
        };
        self.plan(date, time, Happening::Message(message));
    }
}

/// Which Saturday of the month the coming one is.
fn nth_saturday(wednesday: Date) -> i8 {
    wednesday
        .checked_add(jiff::Span::new().days(3))
        .map_or(0, |saturday| (saturday.day() - 1) / 7 + 1)
}

/// Seconds later, but not beyond the day.
fn later(time: Time, seconds: i64) -> Time {
    time.saturating_add(jiff::Span::new().seconds(seconds))
        .min(Time::constant(23, 59, 59, 0))
}
