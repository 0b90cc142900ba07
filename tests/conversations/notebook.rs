//! The notebook: conversations in a text file, each with its playbook, its script, and what followed.
//!
//! ```text
//! === a title
//! clock = 2026-03-02 10:00        when it begins; also `zone`, `members`, `settle` (hours), `cannot`, `quiet`, `caps`
//! --- playbook
//! --- script
//! 10:00  小明 进群                 as in `[[test]]`
//! 10:01  (二群) 小明 进群           in another group
//! 10:02  系统: woke                what nobody in the chat does, see `system`
//! --- expect
//! ```

use std::collections::BTreeMap;
use std::time::Duration;

use qunying::chat::event::Roster;
use qunying::chat::sale::{Sale, SaleWhat};
use qunying::chat::{
    Capability, Event, EventId, Happening, JoinedHow, MessageId, Moment, Order, OrderId, Role, RosterEntry, Segment,
    Source, StaffOrder,
};
use qunying::dry_run::notation::{Doing, Happens, ScriptLine, read_script};
use qunying::engine::{Dice, roster};

use super::stage::{self, World, books_beside, comes, group, house, joins, leaves, order, person, says};
use super::till;

#[derive(Default)]
struct Conversation {
    title: String,
    settings: BTreeMap<String, String>,
    /// By name, in order: `playbook`, `script`, perhaps `playbook 2`, `expect`.
    sections: Vec<(String, String)>,
}

/// Plays every conversation of a file and compares.
#[track_caller]
pub fn check(file: &str) {
    let path = format!("{}/tests/conversations/{file}.txt", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    let (mut rewritten, mut differences) = (String::new(), String::new());
    for mut conversation in parsed(&text) {
        let seen = play(&conversation);
        let said: String = seen.iter().map(|line| format!("{line}\n")).collect();
        if conversation.section("expect").trim_end() != said.trim_end() {
            differences.push_str(&format!("=== {}\n{said}\n", conversation.title));
        }
        conversation.replace("expect", said);
        rewritten.push_str(&conversation.written());
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, rewritten.trim_end().to_owned() + "\n").unwrap();
        return;
    }
    assert!(
        differences.is_empty(),
        "{path} says otherwise; UPDATE=1 rewrites it\n{differences}"
    );
}

fn parsed(text: &str) -> Vec<Conversation> {
    let mut all: Vec<Conversation> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("=== ") {
            all.push(Conversation {
                title: title.to_owned(),
                ..Conversation::default()
            });
            continue;
        }
        let one = all.last_mut().expect("a file begins with a title");
        if let Some(name) = line.strip_prefix("--- ") {
            one.sections.push((name.to_owned(), String::new()));
        } else if let Some((_, section)) = one.sections.last_mut() {
            section.push_str(line);
            section.push('\n');
        } else if let Some((key, value)) = line.split_once(" = ") {
            one.settings.insert(key.to_owned(), value.to_owned());
        }
    }
    all
}

impl Conversation {
    fn section(&self, name: &str) -> &str {
        self.sections
            .iter()
            .find(|(it, _)| it == name)
            .map_or("", |(_, text)| text)
    }

    /// Files beside the playbook: `--- beside codes/coffee.txt`.
    fn beside(&self) -> Vec<Source> {
        let named = self.sections.iter().filter_map(|(name, text)| {
            let name = name.strip_prefix("beside ")?.to_owned();
            let text = text.clone();
            Some(Source { name, text })
        });
        named.collect()
    }

    fn replace(&mut self, name: &str, text: String) {
        match self.sections.iter_mut().find(|(it, _)| it == name) {
            Some((_, old)) => *old = text,
            None => self.sections.push((name.to_owned(), text)),
        }
    }

    fn written(&self) -> String {
        let mut text = format!("=== {}\n", self.title);
        for (key, value) in &self.settings {
            text.push_str(&format!("{key} = {value}\n"));
        }
        for (name, section) in &self.sections {
            text.push_str(&format!("--- {name}\n{}\n", section.trim_end()));
        }
        text + "\n"
    }

    fn setting(&self, key: &str, default: &str) -> String {
        self.settings.get(key).map_or(default, |it| it).to_owned()
    }

    fn house(&self) -> qunying::playbook::House {
        let mut house = house();
        house.zone = jiff::tz::TimeZone::get(&self.setting("zone", "Asia/Shanghai")).unwrap();
        if let Some(cannot) = self.settings.get("cannot") {
            let lacking: Vec<Capability> = cannot
                .split(' ')
                .map(|word| serde_json::from_value(word.into()).unwrap())
                .collect();
            let left = Capability::all()
                .into_iter()
                .filter(|it| !lacking.contains(it))
                .collect();
            house.gateways.insert(stage::GATEWAY.into(), left);
        }
        if let Some(caps) = self.settings.get("caps") {
            let caps: Vec<u32> = caps.split(' ').map(|it| it.parse().unwrap()).collect();
            house.manners.per_group_per_day = caps[0];
            house.manners.mentions_per_person_per_day = caps[1];
            house.manners.promo_one_in = caps[2];
        }
        house
    }
}

fn play(conversation: &Conversation) -> Vec<String> {
    let playbook = conversation.section("playbook");
    let mut world = World::new(books_beside(playbook, conversation.beside(), conversation.house()));
    let clock = conversation.setting("clock", "2026-03-02 10:00");
    let begin = world.at(&clock);
    let members = conversation.setting("members", "店长, 老陈");
    let members: Vec<&str> = members.split(", ").filter(|it| !it.is_empty()).collect();
    world.open(begin, "群", &members);
    let mut places = BTreeMap::new();
    let mut plain = String::new();
    for (n, line) in conversation.section("script").lines().enumerate() {
        match line.split_once(" (") {
            Some((time, rest)) if rest.contains(") ") && !line.contains("系统") => {
                let (place, rest) = rest.split_once(") ").unwrap();
                places.insert(n + 1, place.to_owned());
                plain.push_str(&format!("{time} {rest}\n"));
            }
            _ => plain.push_str(&format!("{line}\n")),
        }
    }
    let known: Vec<String> = members.iter().map(|it| (*it).to_owned()).collect();
    let (script, problems) = read_script(&plain, 1, clock.parse().unwrap(), &known);
    assert!(problems.is_empty(), "{}: {problems:?}", conversation.title);
    let mut last = (begin, None::<Event>);
    let mut reserved = String::new();
    for line in &script {
        let at = world.at(&line.at.to_string());
        let place = places.get(&line.line).map_or("群", |it| it);
        if let Happens::Person {
            name,
            doing: Doing::Says(words),
        } = &line.happens
            && name == "系统"
        {
            system((&mut world, conversation), words, (at, line.line), &mut last);
        } else {
            let happening = match &line.happens {
                Happens::AtTill(at_till) => till::order(at_till, line.line, &mut reserved),
                _ => happening(line, place),
            };
            let mut event = Event {
                id: EventId::new(format!("line/{}", line.line)),
                at,
                happening,
            };
            if let Happening::Message(message) = &mut event.happening {
                world.run_until(at);
                let quoted = quoted(line, &script, &world, place);
                message.segments.splice(0..0, quoted);
            }
            world.tell_as(&event, at);
            last = (at, Some(event));
        }
    }
    let settle: u64 = conversation.setting("settle", "36").parse().unwrap();
    let end = script.last().map_or(begin, |line| world.at(&line.at.to_string()));
    world.run_until(end.plus(Duration::from_secs(settle * 3600)));
    world.seen()
}

/// What a reply quotes: the last message of whoever it answers.
fn quoted(line: &ScriptLine, script: &[ScriptLine], world: &World, place: &str) -> Option<Segment> {
    let Happens::Person {
        doing: Doing::Answers { whom, .. },
        ..
    } = &line.happens
    else {
        return None;
    };
    if whom == "机器人" {
        let said = world.community().bot_messages().get(group(place).as_str())?;
        return said.last().cloned().map(Segment::Reply);
    }
    let mut theirs = script
        .iter()
        .filter(|earlier| earlier.line < line.line)
        .filter(|earlier| matches!(&earlier.happens, Happens::Person { name, doing: Doing::Says(_) } if name == whom));
    Some(Segment::Reply(MessageId::new(format!(
        "line-{}",
        theirs.next_back()?.line
    ))))
}

fn happening(line: &ScriptLine, place: &str) -> Happening {
    let Happens::Person { name, doing } = &line.happens else {
        let Happens::GroupRenamed(name) = &line.happens else {
            unreachable!()
        };
        return Happening::GroupRenamed {
            group: group(place),
            name: name.clone(),
            by: None,
            inferred: false,
        };
    };
    match doing {
        Doing::Joins {
            how: JoinedHow::Unknown,
            by: None,
        } => joins(place, name),
        Doing::Joins { how, by } => comes(place, name, (*how, by.as_deref())),
        Doing::Leaves | Doing::IsRemoved { .. } => leaves(place, name),
        Doing::Says(words) => says(Some(place), name, &words.replace('⏎', "\n"), line.line),
        Doing::Whispers(words) => says(None, name, words, line.line),
        Doing::Answers { words, .. } => says(Some(place), name, words, line.line),
        Doing::Orders { amount, .. } => Happening::OrderPaid(order(&format!("o{}", line.line), name, &yuan(amount))),
        Doing::IsRefunded { amount, .. } => Happening::Refunded(order(&format!("o{}", line.line), name, &yuan(amount))),
        Doing::ChangesCard(card) => Happening::CardChanged {
            group: group(place),
            person: person(name),
            card: card.clone(),
            inferred: false,
        },
        other => unreachable!("{other:?} is for `[[test]]`"),
    }
}

fn yuan(amount: &impl ToString) -> String {
    amount.to_string()
}

fn phone(quoted: &str, line: usize) -> Happening {
    let mut own = says(Some("群"), "机器人", "来了", line);
    if let Happening::Message(message) = &mut own {
        message.own = true;
        let quoted = Segment::Reply(MessageId::new(format!("line-{quoted}")));
        message.segments.insert(0, quoted);
    }
    own
}

/// `sale paid ID 1.00`, `sale refunded ID 1.00 refund R`, `sale cancelled ID`, with `phone NUMBER` or `person NAME` behind it.
fn sale(what: &str, id: &str, rest: &[&str]) -> Happening {
    let (amount, rest) = match rest {
        [amount, rest @ ..] if amount.contains('.') => (Some(amount.parse().unwrap()), rest),
        rest => (None, rest),
    };
    let after = |word: &str| {
        let at = rest.iter().position(|it| *it == word)?;
        Some(rest[at + 1..].join(" "))
    };
    Happening::Sale(Sale {
        order: OrderId::new(id),
        what: match what {
            "paid" => SaleWhat::Paid {
                amount: amount.unwrap(),
            },
            "refunded" => SaleWhat::Refunded {
                refund: after("refund").unwrap_or_default(),
                amount,
            },
            _ => SaleWhat::Cancelled,
        },
        person: after("person").map(|name| person(&name)),
        phone: after("phone").map(|number| Dice::of(b"phones").phone(&number).unwrap()),
        items: vec!["茶".to_owned()],
    })
}

fn account(word: &str) -> Happening {
    Happening::Account {
        why: String::new(),
        gateway: stage::GATEWAY.into(),
        online: word == "back",
    }
}

/// `sale …`, `staff match ID A`, `again`, `same again`, `account away`, `account back`, `bot removed`, `bot joins`, `woke`, `list A B*C`, `order ID A 1.00`, `refund ID A 1.00`,
/// `recall A LINE`, `phone quotes LINE` (staff answer with the bot's account), `late 3 joins A`, `late 3 leaves A`, `late 3 says A words`, `playbook 2`, `open 二群 A B`.
#[allow(clippy::too_many_lines, reason = "one arm a word: a table")]
fn system(
    (world, conversation): (&mut World, &Conversation),
    words: &str,
    (at, line): (Moment, usize),
    last: &mut (Moment, Option<Event>),
) {
    let parts: Vec<&str> = words.split(' ').collect();
    let told = |at, happening| Event {
        id: EventId::new(format!("system/{line}")),
        at,
        happening,
    };
    let place = group("群");
    let event = match parts.as_slice() {
        ["same", "again"] => last.1.clone().unwrap(),
        ["again"] => told(at, last.1.clone().unwrap().happening),
        ["bot", "removed"] => told(at, Happening::BotRemoved { group: place }),
        ["bot", "removed", place] => told(at, Happening::BotRemoved { group: group(place) }),
        ["bot", "joins"] => told(at, Happening::BotJoined { group: place }),
        ["account", word] => told(at, account(word)),
        ["woke"] => told(at, Happening::Woke { down_since: last.0 }),
        ["recall", name, line] => told(
            at,
            Happening::Recalled {
                group: place,
                message: MessageId::new(format!("line-{line}")),
                person: person(name),
            },
        ),
        ["phone", "quotes", quoted] => told(at, phone(quoted, line)),
        ["order", id, name, amount, items @ ..] => {
            let items = items.join(" ");
            let items = items.split('、').filter(|item| !item.is_empty()).map(str::to_owned);
            let order = Order {
                items: items.collect(),
                ..order(id, name, amount)
            };
            told(at, Happening::OrderPaid(order))
        }
        ["refund", id, name, amount] => told(at, Happening::Refunded(order(id, name, amount))),
        ["sale", what, id, rest @ ..] => told(at, sale(what, id, rest)),
        ["staff", "match", id, name] => told(
            at,
            Happening::Ordered(StaffOrder::MatchSale {
                order: OrderId::new(id),
                person: person(name),
            }),
        ),
        ["late", hours, rest @ ..] => {
            let then = at.minus(Duration::from_secs(hours.parse::<u64>().unwrap() * 3600));
            match rest {
                ["joins", name] => told(then, joins("群", name)),
                ["leaves", name] => told(then, leaves("群", name)),
                ["says", name, words] => told(then, says(Some("群"), name, words, line)),
                other => panic!("{other:?}"),
            }
        }
        ["open", place, names @ ..] => return world.open(at, place, names),
        ["playbook", n] => {
            let text = conversation.section(&format!("playbook {n}")).to_owned();
            let sources = vec![Source {
                name: "tea.toml".to_owned(),
                text,
            }];
            let fingerprint = (*n).to_owned();
            told(at, Happening::PlaybooksInForce { fingerprint, sources })
        }
        ["list", names @ ..] => {
            let entries = names.iter().map(|name| entry(name)).collect();
            let name = "群".to_owned();
            let list = Roster {
                group: place,
                name,
                entries,
            };
            world.run_until(at);
            for event in roster::differences(&world.community().clone(), &list, at) {
                world.tell_as(&event, at);
            }
            return;
        }
        other => panic!("{other:?}"),
    };
    world.tell_as(&event, at);
    last.0 = at;
}

/// `小明*阿明`: 小明, whose card is 阿明.
fn entry(written: &str) -> RosterEntry {
    let (name, card) = written.split_once('*').unwrap_or((written, ""));
    RosterEntry {
        person: person(name),
        name: name.to_owned(),
        card: card.to_owned(),
        role: Role::Member,
        joined_at: None,
    }
}
