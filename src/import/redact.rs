//! A log that may be handed on: everybody has another name, the same one everywhere; numbers, addresses and ids are gone.

use std::collections::BTreeMap;

use regex::Regex;
use sha2::{Digest, Sha256};

use super::people::Directory;
use super::row::{Room, Who};
use crate::chat::{
    EventId, GatewayName, GroupId, Happening, Message, MessageId, Notice, PersonId, Segment, StaffOrder,
};
use crate::recording::imported::{Head, Line, Missing, What};

/// How a log is made safe to hand on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Words go too; only how long they were is left, and these.
    pub no_text: bool,
    pub keep: Vec<String>,
}

/// Gives out names.
#[derive(Debug)]
pub struct Redacting {
    wish: Wish,
    gateway: GatewayName,
    /// Nobody without the files can find an id by trying.
    salt: Vec<u8>,
    people: BTreeMap<String, String>,
    groups: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
    /// Names as they stand in words, the longest first, and whose they are.
    names: Option<Regex>,
    whose: BTreeMap<String, String>,
    private: Regex,
}

impl Redacting {
    pub fn new(wish: Wish, gateway: GatewayName, salt: Vec<u8>, directory: &Directory) -> Self {
        let mut whose = BTreeMap::new();
        for name in directory.names() {
            let who = directory.resolve(&Room::default(), &Who::named(name), name);
            whose.insert(name.to_owned(), who.wire);
        }
        let mut names: Vec<&String> = whose.keys().collect();
        names.sort_by_key(|name| (std::cmp::Reverse(name.chars().count()), name.as_str()));
        // A single letter stands in many words; it is a name only where somebody is called by it.
        let patterns: Vec<String> = names
            .iter()
            .map(|name| match name.chars().count() {
                1 => format!("@{}", regex::escape(name)),
                _ => regex::escape(name),
            })
            .collect();
        let names = regex::RegexBuilder::new(&patterns.join("|"))
            .size_limit(256 << 20)
            .build();
        let private = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}|(wxid_|gh_)[A-Za-z0-9_-]+|https?://\S+|[0-9]{7,}|1[3-9][0-9](?:[ -][0-9]{4}){2}";
        Self {
            wish,
            gateway,
            salt,
            people: BTreeMap::new(),
            groups: BTreeMap::new(),
            files: BTreeMap::new(),
            names: names.ok().filter(|_| !patterns.is_empty()),
            whose,
            private: Regex::new(private).expect("the pattern is sound; a test reads it"),
        }
    }

    /// The same line under other names.
    pub fn line(&mut self, line: &mut Line) {
        line.raw.clear();
        line.src.file = self.file(&line.src.file);
        match &mut line.what {
            What::Note(note) => {
                note.id = self.event_id(&note.id);
                note.group = note.group.as_ref().map(|group| self.group(group));
                for person in &mut note.people {
                    *person = self.person(person);
                }
            }
            What::Event(event) => {
                event.id = self.event_id(&event.id);
                self.happening(&mut event.happening);
            }
        }
    }

    /// The head, after every line.
    pub fn head(&mut self, head: &mut Head) {
        head.redacted = true;
        for file in &mut head.files {
            file.file = self.file(&file.file);
        }
        let missing: BTreeMap<GroupId, std::collections::BTreeSet<Missing>> = std::mem::take(&mut head.missing);
        head.missing = missing
            .into_iter()
            .map(|(group, missing)| (self.group(&group), missing))
            .collect();
    }

    fn label(&mut self, wire: &str) -> String {
        let next = self.people.len() + 1;
        self.people
            .entry(wire.to_owned())
            .or_insert_with(|| format!("用户{next:02}"))
            .clone()
    }

    fn person(&mut self, person: &PersonId) -> PersonId {
        let label = self.label(person.wire());
        // Nobody knows who it was, and that is still to be seen.
        let mark = if person.is_unknown() { "?" } else { "" };
        PersonId::at(&self.gateway, &format!("{mark}{label}"))
    }

    fn group(&mut self, group: &GroupId) -> GroupId {
        let next = self.groups.len() + 1;
        let label = self
            .groups
            .entry(group.wire().to_owned())
            .or_insert_with(|| format!("群{next:02}"));
        GroupId::at(&self.gateway, label)
    }

    fn file(&mut self, file: &str) -> String {
        let next = self.files.len() + 1;
        self.files
            .entry(file.to_owned())
            .or_insert_with(|| format!("文件{next}"))
            .clone()
    }

    fn hashed(&self, text: &str) -> String {
        let mut digest = Sha256::new();
        digest.update(&self.salt);
        digest.update(text.as_bytes());
        digest
            .finalize()
            .iter()
            .take(10)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    fn event_id(&self, id: &EventId) -> EventId {
        EventId::new(format!("{}/{}", self.gateway, self.hashed(id.as_str())))
    }

    fn message_id(&self, id: &MessageId) -> MessageId {
        MessageId::new(self.hashed(id.as_str()))
    }

    #[allow(clippy::too_many_lines, reason = "one arm an event: a table")]
    fn happening(&mut self, happening: &mut Happening) {
        match happening {
            Happening::Message(message) => self.message(message),
            Happening::Joined {
                group,
                person,
                name,
                by,
                ..
            } => {
                *name = if name.is_empty() {
                    String::new()
                } else {
                    self.label(person.wire())
                };
                *person = self.person(person);
                *group = self.group(group);
                *by = by.as_ref().map(|by| self.person(by));
            }
            Happening::Left { group, person, by, .. } => {
                (*person, *group) = (self.person(person), self.group(group));
                *by = by.as_ref().map(|by| self.person(by));
            }
            Happening::Found {
                group,
                person,
                name,
                card,
                ..
            } => {
                *name = self.label(person.wire());
                card.clear();
                *person = self.person(person);
                *group = self.group(group);
            }
            Happening::RosterRead { group, name, .. } => {
                *group = self.group(group);
                group.wire().clone_into(name);
            }
            Happening::GroupRenamed { group, name, by, .. } => {
                *group = self.group(group);
                *name = format!("群名{}", &self.hashed(name)[..4]);
                *by = by.as_ref().map(|by| self.person(by));
            }
            Happening::CardChanged {
                group, person, card, ..
            } => {
                *card = if card.is_empty() {
                    String::new()
                } else {
                    format!("名片{}", &self.hashed(card)[..4])
                };
                *person = self.person(person);
                *group = self.group(group);
            }
            Happening::Recalled { group, message, person } => {
                *group = self.group(group);
                *message = self.message_id(message);
                *person = self.person(person);
            }
            Happening::BotJoined { group } | Happening::BotRemoved { group } => *group = self.group(group),
            Happening::OrderPaid(order) | Happening::Refunded(order) => {
                order.person = self.person(&order.person);
                order.order = crate::chat::OrderId::new(self.hashed(order.order.as_str()));
            }
            Happening::Ordered(StaffOrder::Link { account, person }) => {
                *account = self.person(account);
                *person = self.person(person);
            }
            Happening::Ordered(StaffOrder::Unlink { account }) => *account = self.person(account),
            Happening::Account { why, .. } => why.clear(),
            Happening::Noticed { notice, .. } => match notice {
                Notice::SameName { name } => name.clear(),
                Notice::Befriended { person, by } | Notice::Unfriended { person, by, .. } => {
                    *person = self.person(person);
                    *by = self.person(by);
                }
            },
            Happening::Delivered { .. }
            | Happening::CameDue { .. }
            | Happening::Ordered(_)
            | Happening::Woke { .. }
            | Happening::Till(_)
            | Happening::Shadow { .. }
            | Happening::PlaybooksInForce { .. } => {}
        }
    }

    fn message(&mut self, message: &mut Message) {
        message.name = if message.name.is_empty() {
            String::new()
        } else {
            self.label(message.from.wire())
        };
        message.card.clear();
        message.from = self.person(&message.from);
        message.group = message.group.as_ref().map(|group| self.group(group));
        message.message = self.message_id(&message.message);
        for segment in &mut message.segments {
            *segment = match std::mem::replace(segment, Segment::MentionAll) {
                Segment::Text(words) => Segment::Text(self.words(&words)),
                Segment::Mention(person) => Segment::Mention(self.person(&person)),
                Segment::MentionAll => Segment::MentionAll,
                Segment::Image(_) => Segment::Image(String::new()),
                Segment::File { .. } => Segment::File {
                    place: String::new(),
                    name: String::new(),
                },
                // An address may name somebody.
                Segment::Link { title, .. } => Segment::Link {
                    url: String::new(),
                    title: self.words(&title),
                },
                Segment::Reply(message) => Segment::Reply(self.message_id(&message)),
                Segment::Other(word) => Segment::Other(word),
            };
        }
    }

    fn words(&mut self, words: &str) -> String {
        if self.wish.no_text {
            let mut kept: Vec<&str> = self
                .wish
                .keep
                .iter()
                .map(String::as_str)
                .filter(|word| words.contains(word))
                .collect();
            if kept.contains(&words.trim()) {
                return words.trim().to_owned();
            }
            let length = format!("〔{} 字〕", words.chars().count());
            kept.push(&length);
            return kept.join(" ");
        }
        let named = match self.names.clone() {
            None => words.to_owned(),
            Some(names) => names
                .replace_all(words, |found: &regex::Captures<'_>| {
                    let name = &found[0];
                    let (at, name) = match self.whose.contains_key(name) {
                        true => ("", name),
                        false => ("@", name.trim_start_matches('@')),
                    };
                    let wire = self.whose.get(name).cloned().unwrap_or_else(|| name.to_owned());
                    format!("{at}{}", self.label(&wire))
                })
                .into_owned(),
        };
        self.private.replace_all(&named, "***").into_owned()
    }
}
