//! The stage of every conversation: a house, groups, a virtual clock, and what was seen on it.

use std::collections::BTreeMap;

use jiff::civil::time;
use jiff::tz::TimeZone;

use qunying::calendar::Workdays;
use qunying::chat::{
    ActionId, Event, EventId, Fen, GatewayName, GroupId, Happening, JoinedHow, Lang, LeftHow, Message, MessageId,
    Moment, Order, OrderId, PersonId, Role, Segment,
};
use qunying::community::Community;
use qunying::community::change::Change;
use qunying::dry_run::effects::effect_of;
use qunying::dry_run::{Books, Entry, Options, Rehearsal, What};
use qunying::engine::{Dice, Verdict};
use qunying::playbook::{self, House, Manners, Playbooks, Source};

/// The gateway everybody is on.
pub const GATEWAY: &str = "test";

pub fn person(name: &str) -> PersonId {
    PersonId::at(&GatewayName::new(GATEWAY), name)
}

pub fn group(name: &str) -> GroupId {
    GroupId::at(&GatewayName::new(GATEWAY), name)
}

/// A house in Shanghai without quiet hours and with caps nobody meets; 店长 is staff, with a group of their own.
pub fn house() -> House {
    House {
        name: "山野茶社".to_owned(),
        zone: TimeZone::get("Asia/Shanghai").unwrap(),
        lang: Lang::Zh,
        staff: vec![person("店长")],
        staff_group: Some(group("staff")),
        manners: Manners {
            quiet: Some((time(23, 0, 0, 0), time(8, 0, 0, 0))),
            per_group_per_day: 100,
            mentions_per_person_per_day: 100,
            promo_one_in: 1,
        },
        gateways: BTreeMap::new(),
        calls: ["crm".into()].into(),
        workdays: Workdays::built_in(),
    }
}

pub fn books(text: &str, house: House) -> Playbooks {
    books_beside(text, Vec::new(), house)
}

/// The same, with files beside the playbook.
pub fn books_beside(text: &str, beside: Vec<Source>, house: House) -> Playbooks {
    let sources: Vec<Source> = std::iter::once(source(text)).chain(beside).collect();
    let reading = playbook::read(&sources, house);
    let shown = playbook::show(&reading.problems, &sources, Lang::En, playbook::Format::Human);
    reading.sound().unwrap_or_else(|_| panic!("{shown}"))
}

fn source(text: &str) -> Source {
    Source {
        name: "tea.toml".to_owned(),
        text: text.to_owned(),
    }
}

/// When it is seen, the line, and the action it is of.
type Seen = (Moment, String, Option<ActionId>);

/// Plays events and keeps what was seen, in order of time.
pub struct World {
    pub run: Rehearsal,
    zone: TimeZone,
    seen: Vec<Seen>,
    told: u32,
}

impl World {
    pub fn new(books: Playbooks) -> Self {
        let zone = books.house.zone.clone();
        let options = Options {
            books: Books::Recorded,
            ..Options::default()
        };
        Self {
            run: Rehearsal::new(books, Dice::of(b"conversations"), options),
            zone,
            seen: Vec::new(),
            told: 0,
        }
    }

    pub fn at(&self, local: &str) -> Moment {
        Moment::at_local(local.parse().unwrap(), &self.zone)
    }

    /// Something happens and is told at once.
    pub fn tell(&mut self, at: Moment, happening: Happening) {
        self.told += 1;
        let id = EventId::new(format!("told/{}", self.told));
        self.tell_as(&Event { id, at, happening }, at);
    }

    pub fn tell_as(&mut self, event: &Event, told_at: Moment) {
        let Self { run, seen, zone, .. } = self;
        run.feed(event, told_at, &mut |entry| see(seen, &entry, zone));
    }

    /// The same, with the changes that followed.
    pub fn changes(&mut self, at: Moment, happening: Happening) -> Vec<Change> {
        self.told += 1;
        self.repeats(at, happening)
    }

    /// What happened last is told once more.
    pub fn repeats(&mut self, at: Moment, happening: Happening) -> Vec<Change> {
        let id = EventId::new(format!("told/{}", self.told));
        let mut changes = Vec::new();
        self.run.feed(&Event { id, at, happening }, at, &mut |entry| {
            if let What::Change(change) = entry.what {
                changes.push(change.clone());
            }
        });
        changes
    }

    /// What followed of timers until then.
    pub fn between(&mut self, at: Moment) -> Vec<Change> {
        let mut changes = Vec::new();
        self.run.run_until(at, &mut |entry| {
            if let What::Change(change) = entry.what {
                changes.push(change.clone());
            }
        });
        changes
    }

    pub fn run_until(&mut self, at: Moment) {
        let Self { run, seen, zone, .. } = self;
        run.run_until(at, &mut |entry| see(seen, &entry, zone));
    }

    /// The bot comes into a group and finds people there.
    pub fn open(&mut self, at: Moment, place: &str, members: &[&str]) {
        let group = group(place);
        self.tell(at, Happening::BotJoined { group: group.clone() });
        for name in members {
            let found = Happening::Found {
                group: group.clone(),
                person: person(name),
                name: (*name).to_owned(),
                card: String::new(),
                role: Role::Member,
                joined_at: None,
            };
            self.tell(at, found);
        }
        let name = place.to_owned();
        let members = u32::try_from(members.len()).unwrap();
        self.tell(at, Happening::RosterRead { group, name, members });
    }

    pub fn community(&self) -> &Community {
        self.run.community()
    }

    pub fn seen(mut self) -> Vec<String> {
        self.seen.sort_by_key(|(at, ..)| *at);
        self.seen.into_iter().map(|(_, line, _)| line).collect()
    }
}

/// What is out of the outbox before its time is never seen.
fn see(seen: &mut Vec<Seen>, entry: &Entry<'_>, zone: &TimeZone) {
    if let What::Change(Change::Settled { action }) = entry.what {
        seen.retain(|(at, _, of)| *at <= entry.at || of.as_ref() != Some(action));
    }
    let of = match entry.what {
        What::Action(action) => Some(action.id.clone()),
        _ => None,
    };
    seen.extend(shown(entry, zone).map(|(at, line)| (at, line, of)));
}

/// What an entry shows: what reached somebody, or why it did not.
fn shown(entry: &Entry<'_>, zone: &TimeZone) -> Option<(Moment, String)> {
    let stamp = |at: Moment| at.in_zone(zone).strftime("%m-%d %H:%M:%S").to_string();
    if let What::Verdict { verdict: weighed, .. } = entry.what {
        let quiet = matches!(
            weighed.verdict,
            Verdict::Fired | Verdict::Waits { .. } | Verdict::Deferred { .. } | Verdict::ConditionFalse { .. }
        );
        let whom = weighed
            .person
            .as_ref()
            .map_or(String::new(), |it| format!(" {}", it.wire()));
        let why = match &weighed.verdict {
            Verdict::Failed { why } => format!(" ({why})"),
            _ => String::new(),
        };
        let word = weighed.verdict.word();
        return (!quiet).then(|| {
            let line = format!("{}  ✗ {}{whom}: {word}{why}", stamp(entry.at), weighed.rule);
            (entry.at, line)
        });
    }
    let effect = effect_of(entry)?;
    let place = match entry.what {
        What::Action(action) => match action.deed.group().map(|group| group.wire().to_owned()) {
            Some(place) if place != "群" && place != "staff" => format!("({place}) "),
            _ => String::new(),
        },
        _ => String::new(),
    };
    let line = format!("{}  {place}{}", stamp(effect.at), effect.what.line(Lang::Zh));
    Some((effect.at, line))
}

pub fn says(place: Option<&str>, from: &str, words: &str, serial: usize) -> Happening {
    Happening::Message(Message {
        group: place.map(group),
        from: person(from),
        name: from.to_owned(),
        card: String::new(),
        role: Role::Member,
        message: MessageId::new(format!("line-{serial}")),
        segments: segments(words),
        own: false,
        calls_bot: false,
    })
}

/// `@name ` calls somebody, `[图]` is a picture.
fn segments(words: &str) -> Vec<Segment> {
    if words == "[图]" {
        return vec![Segment::Image("picture".to_owned())];
    }
    let Some((before, rest)) = words.split_once('@') else {
        return vec![Segment::Text(words.to_owned())];
    };
    let (name, after) = rest.split_once(' ').unwrap_or((rest, ""));
    vec![
        Segment::Text(before.to_owned()),
        Segment::Mention(person(name)),
        Segment::Text(after.to_owned()),
    ]
}

pub fn joins(place: &str, name: &str) -> Happening {
    comes(place, name, (JoinedHow::Approved, None))
}

/// Comes into a group in some way, perhaps on somebody's invitation.
pub fn comes(place: &str, name: &str, (how, by): (JoinedHow, Option<&str>)) -> Happening {
    Happening::Joined {
        group: group(place),
        person: person(name),
        name: name.to_owned(),
        how,
        by: by.map(person),
        inferred: false,
    }
}

pub fn leaves(place: &str, name: &str) -> Happening {
    Happening::Left {
        group: group(place),
        person: person(name),
        how: LeftHow::Left,
        by: None,
        inferred: false,
    }
}

pub fn order(id: &str, name: &str, amount: &str) -> Order {
    Order {
        order: OrderId::new(id),
        person: person(name),
        amount: amount.parse::<Fen>().unwrap(),
        items: Vec::new(),
    }
}
