//! Forms become events. Nothing here has an id that lasts; see the module above for what stands in its place.

use hyper::HeaderMap;
use serde_json::Value;

use super::WechatBot;
use crate::chat::{
    Event, EventId, GroupId, Happening, Message, MessageId, Notice, PersonId, Role, Roster, RosterEntry, Segment,
};
use crate::gateway::decoded::{Arrival, Decoded, Refusal, SetAside};
use crate::gateway::json::{self, Node};
use crate::gateway::multipart::{Part, parts};
use crate::gateway::names::Met;
use crate::gateway::signature::fingerprint;

/// The longest name that is kept, in characters: longer ones lose their ends.
const NAME_MAX: usize = 60;

/// One report.
struct Report<'a> {
    bot: &'a WechatBot,
    parts: Vec<Part>,
    source: Value,
    arrived: Arrival,
}

/// Somebody or some group, as it was met.
struct Found {
    wire: String,
    name: String,
    renamed: bool,
}

/// Reads one report that was let in.
pub fn report(bot: &WechatBot, headers: &HeaderMap, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
    let parts = parts(headers, body)?;
    let source = match parts.iter().find(|part| part.name == "source") {
        Some(part) => json::parse(&part.bytes).map_err(|refusal| within("source", refusal))?,
        None => Value::Null,
    };
    let report = Report {
        bot,
        parts,
        source,
        arrived,
    };
    report.read()
}

/// A complaint about what stands inside a part.
fn within(part: &str, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Malformed { place, why } => Refusal::Malformed {
            place: format!("part {part}, {place}"),
            why,
        },
        other => other,
    }
}

impl Report<'_> {
    fn part(&self, name: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.name == name)
    }

    fn flag(&self, name: &str) -> bool {
        self.part(name)
            .is_some_and(|part| matches!(&*part.bytes, b"1" | b"true"))
    }

    fn read(&self) -> Result<Decoded, Refusal> {
        let Some(kind) = self.part("type") else {
            return Err(Refusal::Malformed {
                place: "form".to_owned(),
                why: "part `type` is missing".to_owned(),
            });
        };
        match kind.text()? {
            "system_event_login" => {
                let news = self.bot.logged_in(self.own_name());
                Ok(self.account(true, news))
            }
            "system_event_logout" => {
                let news = self.bot.presence().set_away(true);
                Ok(self.account(false, news))
            }
            "friendship" => Ok(aside(SetAside::Request)),
            // It may be a join in words, or a picture the program could not name.
            "unknown" => Ok(aside(SetAside::SystemHint)),
            "text" | "file" | "urlLink" => self.message(kind.text()?),
            kind if kind.starts_with("system_event") || self.flag("isSystemEvent") => Ok(aside(SetAside::Meta)),
            _ => Ok(aside(SetAside::NotListenedTo)),
        }
    }

    /// The account logged in or out; staff hear of it if it is news.
    fn account(&self, online: bool, news: bool) -> Decoded {
        if !news {
            return aside(SetAside::Meta);
        }
        let word = if online { "online" } else { "offline" };
        Decoded {
            events: vec![Event {
                id: self.id(word),
                at: self.arrived.at,
                happening: Happening::Account {
                    gateway: self.bot.name().clone(),
                    online,
                    why: String::new(),
                },
            }],
            ..Decoded::default()
        }
    }

    /// What the account says it is called, at its login.
    fn own_name(&self) -> Option<String> {
        let content = json::parse(&self.part("content")?.bytes).ok()?;
        let user = content.get("user")?;
        let name = user.get("payload").and_then(|it| it.get("name")).or(user.get("name"))?;
        Some(clean(name.as_str()?)).filter(|name| !name.is_empty())
    }

    fn message(&self, kind: &str) -> Result<Decoded, Refusal> {
        let mut decoded = Decoded::default();
        let group = match self.payload("room") {
            Some((passing, room)) => match self.group(passing, room) {
                Some(group) => Some(group),
                None => return Ok(self.same_name(&word(room, "topic"))),
            },
            None => None,
        };
        let Some((passing, from)) = self.payload("from") else {
            return Err(Refusal::Malformed {
                place: "part source, $.from".to_owned(),
                why: "nobody said this".to_owned(),
            });
        };
        if let (Some(group), Some((_, room))) = (&group, self.payload("room")) {
            decoded.rosters.extend(self.roster(group, room));
        }
        let Some(from) = self.person(passing, from) else {
            decoded.set_aside.push(SetAside::SameName);
            return Ok(decoded);
        };
        if let Some(group) = group.as_ref().filter(|group| group.renamed) {
            decoded.events.push(self.renamed(group));
        }
        decoded.events.push(self.said(kind, group, from)?);
        Ok(decoded)
    }

    /// Two groups are called the same: nobody knows which is meant. Staff are told when it is seen first.
    fn same_name(&self, name: &str) -> Decoded {
        let mut decoded = aside(SetAside::SameName);
        if !name.is_empty() && self.bot.groups.is_new_clash(name) {
            decoded.events.push(Event {
                id: self.id("same name"),
                at: self.arrived.at,
                happening: Happening::Noticed {
                    gateway: self.bot.name().clone(),
                    notice: Notice::SameName { name: name.to_owned() },
                },
            });
        }
        decoded
    }

    /// `source.room` or `source.from`: its passing id and what is told of it.
    fn payload(&self, key: &str) -> Option<(&str, &Value)> {
        let whole = self.source.get(key)?;
        let payload = whole.get("payload").unwrap_or(whole);
        let passing = payload.get("id").or_else(|| whole.get("id"))?.as_str()?;
        (!passing.is_empty()).then_some((passing, payload))
    }

    fn group(&self, passing: &str, room: &Value) -> Option<Found> {
        let name = word(room, "topic");
        met(self.bot.groups.meet(passing, &name), name).filter(|group| !group.name.is_empty())
    }

    fn person(&self, passing: &str, person: &Value) -> Option<Found> {
        let name = word(person, "name");
        let address = address(person)?;
        met(self.bot.people.meet(passing, &address), name)
    }

    fn id(&self, what: &str) -> EventId {
        let Arrival { at, nth } = self.arrived;
        let print = fingerprint(what.as_bytes());
        EventId::new(format!("{}/{}-{nth}/{}", self.bot.name(), at.millis(), &print[..16]))
    }

    fn renamed(&self, group: &Found) -> Event {
        Event {
            id: self.id(&format!("renamed\0{}\0{}", group.wire, group.name)),
            at: self.arrived.at,
            happening: Happening::GroupRenamed {
                group: GroupId::at(self.bot.name(), &group.wire),
                name: group.name.clone(),
                by: None,
                inferred: true,
            },
        }
    }

    fn said(&self, kind: &str, group: Option<Found>, from: Found) -> Result<Event, Refusal> {
        let (segments, calls_bot) = self.segments(kind)?;
        let content = self.part("content").map(|part| fingerprint(&part.bytes));
        let place = group.as_ref().map_or("", |group| group.wire.as_str());
        let id = self.id(&[place, &from.wire, kind, content.as_deref().unwrap_or_default()].join("\0"));
        let message = Message {
            group: group.map(|group| GroupId::at(self.bot.name(), &group.wire)),
            from: PersonId::at(self.bot.name(), &from.wire),
            name: from.name,
            card: String::new(),
            role: Role::Member,
            message: MessageId::new(id.as_str()),
            segments,
            own: self.flag("isMsgFromSelf"),
            calls_bot,
        };
        Ok(Event {
            id,
            at: self.arrived.at,
            happening: Happening::Message(message),
        })
    }

    /// What was said, and whether the bot is called in it.
    fn segments(&self, kind: &str) -> Result<(Vec<Segment>, bool), Refusal> {
        let Some(content) = self.part("content") else {
            return Ok((Vec::new(), false));
        };
        let mentioned = self.flag("isMentioned");
        Ok(match kind {
            "text" => {
                let text = content.text()?;
                match self.bot.own_name().and_then(|own| without_call(text, &own)) {
                    Some(rest) => (vec![Segment::Text(rest)], true),
                    None => (vec![Segment::Text(text.to_owned())], mentioned),
                }
            }
            "urlLink" => (vec![link(content)?], mentioned),
            _ => (vec![file(content)], mentioned),
        })
    }

    /// The member list that came along, if it is whole, unmistakable and news.
    fn roster(&self, group: &Found, room: &Value) -> Option<Roster> {
        let list = Node::root(room).get("memberList")?;
        let own = self.bot.own_name();
        let mut entries = Vec::new();
        for member in list.items()? {
            let passing = member.get("id")?.id().ok()?;
            let found = self.person(&passing, member.value())?;
            if own.as_ref() == Some(&found.name) {
                continue;
            }
            entries.push(RosterEntry {
                person: PersonId::at(self.bot.name(), &found.wire),
                name: found.name,
                card: String::new(),
                role: Role::Member,
                joined_at: None,
            });
        }
        let mut people: Vec<&str> = entries.iter().map(|entry| entry.person.as_str()).collect();
        people.sort_unstable();
        let print = fingerprint(people.join("\0").as_bytes());
        (!entries.is_empty() && self.bot.is_news(&group.wire, print)).then(|| Roster {
            group: GroupId::at(self.bot.name(), &group.wire),
            name: group.name.clone(),
            entries,
        })
    }
}

fn aside(reason: SetAside) -> Decoded {
    Decoded {
        set_aside: vec![reason],
        ..Decoded::default()
    }
}

fn met(met: Met, name: String) -> Option<Found> {
    match met {
        Met::One { id, renamed } => Some(Found {
            wire: id,
            name,
            renamed,
        }),
        Met::Shared => None,
    }
}

/// Where a person is written to: the remark the operator gave, or the name they gave themselves.
fn address(person: &Value) -> Option<String> {
    let (remark, name) = (word(person, "alias"), word(person, "name"));
    match (remark.is_empty(), name.is_empty()) {
        (false, _) => Some(format!("r/{remark}")),
        (true, false) => Some(format!("n/{name}")),
        (true, true) => None,
    }
}

fn word(payload: &Value, key: &str) -> String {
    clean(payload.get(key).and_then(Value::as_str).unwrap_or_default())
}

/// A name as it can be part of an id.
fn clean(name: &str) -> String {
    let seen = name.chars().filter(|character| !character.is_control());
    seen.take(NAME_MAX).collect::<String>().trim().to_owned()
}

/// The text without `@own`, if it stands there as a word of its own.
fn without_call(text: &str, own: &str) -> Option<String> {
    let call = format!("@{own}");
    let at = text.find(&call)?;
    let after = &text[at + call.len()..];
    let ends = after.chars().next().is_none_or(char::is_whitespace);
    ends.then(|| format!("{}{}", &text[..at], after.trim_start()))
}

fn link(content: &Part) -> Result<Segment, Refusal> {
    let link = json::parse(&content.bytes).map_err(|refusal| within("content", refusal))?;
    let told = |key: &str| link.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(match told("url") {
        url if url.is_empty() => Segment::Other("urlLink".to_owned()),
        url => Segment::Link {
            url,
            title: told("title"),
        },
    })
}

/// Of a file its name is kept, or what it is.
fn file(content: &Part) -> Segment {
    let mime = content.mime.as_deref().unwrap_or_default();
    let name = clean(content.file.as_deref().unwrap_or_default());
    match mime.split_once('/') {
        Some(("image", _)) if !name.is_empty() => Segment::Image(name),
        Some((sort @ ("image" | "audio" | "video"), _)) => Segment::Other(sort.to_owned()),
        _ => Segment::Other("file".to_owned()),
    }
}
