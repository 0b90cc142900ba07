//! Callbacks become events: members of customer groups coming and going, and what staff write to the application.
//!
//! WeCom tells of customer groups what changed, often who, never what was said. Whatever it leaves open is asked for by
//! reading the group's list again: a change without its members, a new owner or name, and a version that does not follow
//! the last one known.

use super::standings::Standings;
use crate::chat::{
    Event, EventId, GatewayName, GroupId, Happening, JoinedHow, LeftHow, Message, MessageId, Moment, Notice, PersonId,
    Role, Segment,
};
use crate::gateway::decoded::{Arrival, Decoded, Refusal, SetAside};
use crate::gateway::json::plain_id;
use crate::gateway::signature::fingerprint;
use crate::gateway::xml::{self, Node};

/// What makes an event without a message id the same again, in this order.
const IDENTITY: [&str; 12] = [
    "FromUserName",
    "CreateTime",
    "Event",
    "EventKey",
    "ChatId",
    "ChangeType",
    "UpdateDetail",
    "LastMemVer",
    "CurMemVer",
    "UserID",
    "ExternalUserID",
    "AgentID",
];

/// Members one callback may name.
const MEMBERS_MAX: usize = 2_000;

/// The ciphertext of a posted envelope. What else stands in it is as unproven as the address.
pub fn ciphertext(body: &str) -> Result<String, Refusal> {
    let document = document(body)?;
    match field(&document, "Encrypt") {
        "" => Err(wrong("Encrypt", "it is missing")),
        text => Ok(text.to_owned()),
    }
}

fn document(text: &str) -> Result<Node, Refusal> {
    let tree = xml::read_strictly(text).map_err(|why| wrong("xml", why))?;
    tree.child("xml").cloned().ok_or_else(|| wrong("xml", "it is missing"))
}

fn wrong(place: &str, why: impl Into<String>) -> Refusal {
    Refusal::Malformed {
        place: place.to_owned(),
        why: why.into(),
    }
}

fn field<'n>(document: &'n Node, key: &str) -> &'n str {
    document.text_of(key)
}

/// One callback that was opened.
struct Callback<'a> {
    gateway: &'a GatewayName,
    xml: Node,
    at: Moment,
}

/// Reads the message that was in an envelope.
pub fn message(gateway: &GatewayName, text: &str, arrived: Arrival, standings: &Standings) -> Result<Decoded, Refusal> {
    let xml = document(text)?;
    let at = match field(&xml, "CreateTime").parse() {
        Ok(seconds @ 1..) => Moment::from_seconds(seconds),
        _ => arrived.at,
    };
    let callback = Callback { gateway, xml, at };
    match callback.field("MsgType") {
        "event" => callback.event(standings),
        "" => Err(wrong("MsgType", "it is missing")),
        _ => callback.said(),
    }
}

impl Callback<'_> {
    fn field(&self, key: &str) -> &str {
        field(&self.xml, key)
    }

    fn id(&self, key: &str) -> Result<&str, Refusal> {
        let text = self.field(key);
        plain_id(text).map_err(|why| wrong(key, why))?;
        Ok(text)
    }

    /// `{gateway}/event/{SHA-256}` of what WeCom says two tellings of one event have in common.
    fn identity(&self) -> String {
        let mut parts: Vec<&str> = IDENTITY.iter().map(|key| self.field(key)).collect();
        parts.extend(self.members());
        format!("{}/event/{}", self.gateway, fingerprint(parts.join("\n").as_bytes()))
    }

    fn one(&self, id: impl AsRef<str>, happening: Happening) -> Event {
        Event {
            id: EventId::new(id),
            at: self.at,
            happening,
        }
    }

    /// Written to the application by one of the staff.
    fn said(&self) -> Result<Decoded, Refusal> {
        let segments = match self.field("MsgType") {
            "text" => vec![Segment::Text(
                self.xml.child("Content").map_or("", |it| &it.text).to_owned(),
            )],
            "image" => vec![Segment::Image(self.field("PicUrl").to_owned())],
            "link" => vec![Segment::Link {
                url: self.field("Url").to_owned(),
                title: self.field("Title").to_owned(),
            }],
            kind => vec![Segment::Other(kind.to_owned())],
        };
        let wire = self.id("MsgId")?;
        let id = format!("{}/message/{wire}", self.gateway);
        Ok(events(vec![self.one(id, self.written(wire, segments)?)]))
    }

    fn written(&self, message: &str, segments: Vec<Segment>) -> Result<Happening, Refusal> {
        Ok(Happening::Message(Message {
            group: None,
            from: PersonId::at(self.gateway, self.id("FromUserName")?),
            name: String::new(),
            card: String::new(),
            role: Role::default(),
            message: MessageId::new(message),
            segments,
            own: false,
            calls_bot: false,
        }))
    }

    fn event(&self, standings: &Standings) -> Result<Decoded, Refusal> {
        match self.field("Event") {
            "change_external_chat" => self.group(standings),
            // A button of the application's menu says what the console wrote for it.
            "click" => {
                let key = self.field("EventKey").to_owned();
                let id = self.identity();
                let wire = id.rsplit('/').next().unwrap_or_default().to_owned();
                Ok(events(vec![
                    self.one(&id, self.written(&wire, vec![Segment::Text(key)])?),
                ]))
            }
            "change_external_contact" => self.contact(),
            _ => Ok(aside(SetAside::NotListenedTo)),
        }
    }

    /// A customer and one of the staff came to know each other, or parted.
    fn contact(&self) -> Result<Decoded, Refusal> {
        let kind = self.field("ChangeType");
        if !matches!(
            kind,
            "add_external_contact" | "del_external_contact" | "del_follow_user"
        ) {
            return Ok(aside(SetAside::Contact));
        }
        let (person, by) = (self.id("ExternalUserID")?, self.id("UserID")?);
        let (person, by) = (PersonId::at(self.gateway, person), PersonId::at(self.gateway, by));
        let notice = match kind {
            "add_external_contact" => Notice::Befriended { person, by },
            "del_follow_user" => Notice::Unfriended {
                person,
                by,
                how: LeftHow::Left,
            },
            _ => Notice::Unfriended {
                person,
                by,
                how: LeftHow::Kicked,
            },
        };
        let gateway = self.gateway.clone();
        let happening = Happening::Noticed { gateway, notice };
        Ok(events(vec![self.one(self.identity(), happening)]))
    }

    fn members(&self) -> impl Iterator<Item = &str> {
        let list = self.xml.child("MemChangeList");
        let items = list.into_iter().flat_map(|list| &list.children);
        let named = items.map(|item| item.text.trim());
        // Some senders write the ids with commas between them.
        let text = list.map_or("", |list| list.text.trim()).split(',').map(str::trim);
        named.chain(text).filter(|id| !id.is_empty())
    }

    /// Something about a customer group.
    fn group(&self, standings: &Standings) -> Result<Decoded, Refusal> {
        let group = GroupId::at(self.gateway, self.id("ChatId")?);
        let read_again = || SetAside::Changed { group: group.clone() };
        match (self.field("ChangeType"), self.field("UpdateDetail")) {
            ("create", _) => {
                standings.changed(&group, "", self.field("CurMemVer"));
                Ok(events(vec![self.one(self.identity(), Happening::BotJoined { group })]))
            }
            ("dismiss", _) => {
                standings.gone(&group);
                Ok(events(vec![self.one(self.identity(), Happening::BotRemoved { group })]))
            }
            ("update", detail @ ("add_member" | "del_member")) => {
                let follows = standings.changed(&group, self.field("LastMemVer"), self.field("CurMemVer"));
                let mut decoded = events(self.moved(&group, detail == "add_member")?);
                if decoded.events.is_empty() {
                    decoded.set_aside.push(SetAside::UnresolvedMember { group });
                } else if !follows {
                    decoded.set_aside.push(read_again());
                }
                Ok(decoded)
            }
            ("update", "change_owner" | "change_name") => {
                standings.changed(&group, "", "");
                Ok(aside(read_again()))
            }
            _ => Ok(aside(SetAside::NotListenedTo)),
        }
    }

    /// Who came or went; nobody if the callback does not say.
    fn moved(&self, group: &GroupId, came: bool) -> Result<Vec<Event>, Refusal> {
        let identity = self.identity();
        let mut moved = Vec::new();
        for wire in self.members().take(MEMBERS_MAX) {
            plain_id(wire).map_err(|why| wrong("MemChangeList", why))?;
            let (group, person) = (group.clone(), PersonId::at(self.gateway, wire));
            let happening = match came {
                true => Happening::Joined {
                    group,
                    person,
                    name: String::new(),
                    how: match self.field("JoinScene") {
                        "0" => JoinedHow::Invited,
                        "3" => JoinedHow::Scanned,
                        _ => JoinedHow::Unknown,
                    },
                    by: None,
                    inferred: false,
                },
                false => Happening::Left {
                    group,
                    person,
                    how: match self.field("QuitScene") {
                        "0" => LeftHow::Left,
                        "1" => LeftHow::Kicked,
                        _ => LeftHow::Unknown,
                    },
                    by: None,
                    inferred: false,
                },
            };
            moved.push(self.one(format!("{identity}/{wire}"), happening));
        }
        Ok(moved)
    }
}

fn events(events: Vec<Event>) -> Decoded {
    Decoded {
        events,
        ..Decoded::default()
    }
}

fn aside(reason: SetAside) -> Decoded {
    Decoded {
        set_aside: vec![reason],
        ..Decoded::default()
    }
}
