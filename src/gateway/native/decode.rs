//! The native form becomes events. One body is one event, or a list of events that stand or fall together.

use serde_json::Value;

use super::fields::{amount, flag, moment, one_of, only, role, text};
use crate::chat::{
    Event, EventId, GatewayName, GroupId, Happening, JoinedHow, LeftHow, Message, MessageId, Order, OrderId, PersonId,
    Roster, RosterEntry, Segment,
};
use crate::gateway::decoded::{Arrival, Decoded, Refusal};
use crate::gateway::json::{self, Node};
use crate::gateway::signature::fingerprint;

/// The most events one body may hold.
const EVENTS_MAX: usize = 1000;

/// The words `type` may be. docs/native-event.schema.json lists the same.
pub const TYPES: [&str; 13] = [
    "message",
    "joined",
    "left",
    "group_renamed",
    "card_changed",
    "recalled",
    "order_paid",
    "refunded",
    "bot_joined",
    "bot_removed",
    "offline",
    "online",
    "roster",
];

/// One event of a body, and what its id is made from if it brings none.
struct Told<'a> {
    gateway: &'a GatewayName,
    node: Node<'a>,
    delivery: Option<&'a str>,
    body: &'a [u8],
    index: usize,
    arrived: Arrival,
}

/// Reads one report whose signature has been checked. `delivery` is its webhook-id.
pub fn report(
    gateway: &GatewayName,
    delivery: Option<&str>,
    body: &[u8],
    arrived: Arrival,
) -> Result<Decoded, Refusal> {
    let value = json::parse(body)?;
    let root = Node::root(&value);
    let nodes: Vec<Node<'_>> = match root.items() {
        Some(items) => items.collect(),
        None => vec![root.clone()],
    };
    if nodes.len() > EVENTS_MAX {
        return Err(root.wrong(format!("at most {EVENTS_MAX} events are taken at once")));
    }
    let mut decoded = Decoded::default();
    for (index, node) in nodes.into_iter().enumerate() {
        let told = Told {
            gateway,
            node,
            delivery,
            body,
            index,
            arrived,
        };
        told.read(&mut decoded)?;
    }
    Ok(decoded)
}

impl Told<'_> {
    fn read(&self, decoded: &mut Decoded) -> Result<(), Refusal> {
        let kind = self.node.need("type")?;
        let happening = match kind.text()? {
            "message" => self.message()?,
            "joined" => self.joined()?,
            "left" => self.left()?,
            "group_renamed" => self.group_renamed()?,
            "card_changed" => self.card_changed()?,
            "recalled" => self.recalled()?,
            "order_paid" => Happening::OrderPaid(self.order()?),
            "refunded" => Happening::Refunded(self.order()?),
            "bot_joined" => {
                self.only(&["group"])?;
                Happening::BotJoined { group: self.group()? }
            }
            "bot_removed" => {
                self.only(&["group"])?;
                Happening::BotRemoved { group: self.group()? }
            }
            "offline" => {
                self.only(&["why"])?;
                self.account(false)?
            }
            "online" => {
                self.only(&[])?;
                self.account(true)?
            }
            "roster" => {
                decoded.rosters.push(self.roster()?);
                return Ok(());
            }
            _ => return Err(kind.wrong(format!("this is one of {}", TYPES.join(", ")))),
        };
        decoded.events.push(Event {
            id: self.event_id()?,
            at: self
                .node
                .get("time")
                .map_or(Ok(self.arrived.at), |time| moment(&time))?,
            happening,
        });
        Ok(())
    }

    fn only(&self, own: &[&str]) -> Result<(), Refusal> {
        let known: Vec<&str> = ["type", "id", "time"].iter().chain(own).copied().collect();
        only(&self.node, &known)
    }

    fn event_id(&self) -> Result<EventId, Refusal> {
        let (gateway, index) = (self.gateway, self.index);
        Ok(EventId::new(match (self.node.get("id"), self.delivery) {
            (Some(id), _) => format!("{gateway}/{}", id.id()?),
            (None, Some(delivery)) => format!("{gateway}/{delivery}/{index}"),
            (None, None) if self.node.get("time").is_some() => {
                format!("{gateway}/body/{}/{index}", fingerprint(self.body))
            }
            (None, None) => {
                format!(
                    "{gateway}/arrived/{}-{}/{index}",
                    self.arrived.at.millis(),
                    self.arrived.nth
                )
            }
        }))
    }

    /// The account behind the sender logged out, or in again.
    fn account(&self, online: bool) -> Result<Happening, Refusal> {
        Ok(Happening::Account {
            gateway: self.gateway.clone(),
            online,
            why: text(&self.node, "why")?,
        })
    }

    fn group(&self) -> Result<GroupId, Refusal> {
        Ok(GroupId::at(self.gateway, &self.node.need("group")?.id()?))
    }

    fn person(&self) -> Result<PersonId, Refusal> {
        Ok(PersonId::at(self.gateway, &self.node.need("person")?.id()?))
    }

    fn by(&self) -> Result<Option<PersonId>, Refusal> {
        let by = self.node.get("by").map(|by| by.id()).transpose()?;
        Ok(by.map(|wire| PersonId::at(self.gateway, &wire)))
    }

    fn message(&self) -> Result<Happening, Refusal> {
        self.only(&[
            "group",
            "person",
            "name",
            "card",
            "role",
            "message",
            "text",
            "segments",
            "own",
            "calls_bot",
        ])?;
        let group = self.node.get("group").map(|group| group.id()).transpose()?;
        let message = match self.node.get("message") {
            Some(message) => MessageId::new(message.id()?),
            None => MessageId::new(self.event_id()?.as_str()),
        };
        Ok(Happening::Message(Message {
            group: group.map(|wire| GroupId::at(self.gateway, &wire)),
            from: self.person()?,
            name: text(&self.node, "name")?,
            card: text(&self.node, "card")?,
            role: role(&self.node)?,
            message,
            segments: self.segments()?,
            own: flag(&self.node, "own")?,
            calls_bot: flag(&self.node, "calls_bot")?,
        }))
    }

    fn segments(&self) -> Result<Vec<Segment>, Refusal> {
        match (self.node.get("text"), self.node.get("segments")) {
            (Some(_), Some(_)) => Err(self.node.wrong("a message has `text` or `segments`, not both")),
            (None, None) => Err(self.node.wrong("a message has `text` or `segments`")),
            (Some(_), None) => Ok(vec![Segment::Text(text(&self.node, "text")?)]),
            (None, Some(list)) => list
                .items()
                .ok_or_else(|| list.wrong("segments are a list"))?
                .map(|item| self.segment(&item))
                .collect(),
        }
    }

    fn segment(&self, item: &Node<'_>) -> Result<Segment, Refusal> {
        const FORMS: &str = "a segment is a text or one of {\"text\":…} {\"mention\":…} {\"mention_all\":true} {\"image\":…} {\"reply\":…} {\"other\":…}";
        if let Value::String(words) = item.value() {
            return Ok(Segment::Text(words.clone()));
        }
        let mut fields = item.fields()?.iter();
        let (Some((key, _)), None) = (fields.next(), fields.next()) else {
            return Err(item.wrong(FORMS));
        };
        let value = item.need(key)?;
        Ok(match key.as_str() {
            "text" => Segment::Text(value.text()?.to_owned()),
            "mention" => Segment::Mention(PersonId::at(self.gateway, &value.id()?)),
            "mention_all" if value.value() == &Value::Bool(true) => Segment::MentionAll,
            "image" => Segment::Image(value.text()?.to_owned()),
            "reply" => Segment::Reply(MessageId::new(value.id()?)),
            "other" => Segment::Other(value.text()?.to_owned()),
            _ => return Err(item.wrong(FORMS)),
        })
    }

    fn joined(&self) -> Result<Happening, Refusal> {
        self.only(&["group", "person", "name", "how", "by"])?;
        let words = [
            ("invited", JoinedHow::Invited),
            ("scanned", JoinedHow::Scanned),
            ("approved", JoinedHow::Approved),
            ("unknown", JoinedHow::Unknown),
        ];
        Ok(Happening::Joined {
            group: self.group()?,
            person: self.person()?,
            name: text(&self.node, "name")?,
            how: one_of(&self.node, "how", &words, JoinedHow::Unknown)?,
            by: self.by()?,
            inferred: false,
        })
    }

    fn left(&self) -> Result<Happening, Refusal> {
        self.only(&["group", "person", "how", "by"])?;
        let words = [
            ("left", LeftHow::Left),
            ("kicked", LeftHow::Kicked),
            ("unknown", LeftHow::Unknown),
        ];
        Ok(Happening::Left {
            group: self.group()?,
            person: self.person()?,
            how: one_of(&self.node, "how", &words, LeftHow::Unknown)?,
            by: self.by()?,
            inferred: false,
        })
    }

    fn group_renamed(&self) -> Result<Happening, Refusal> {
        self.only(&["group", "name", "by"])?;
        self.node.need("name")?;
        Ok(Happening::GroupRenamed {
            group: self.group()?,
            name: text(&self.node, "name")?,
            by: self.by()?,
            inferred: false,
        })
    }

    fn card_changed(&self) -> Result<Happening, Refusal> {
        self.only(&["group", "person", "card"])?;
        self.node.need("card")?;
        Ok(Happening::CardChanged {
            group: self.group()?,
            person: self.person()?,
            card: text(&self.node, "card")?,
            inferred: false,
        })
    }

    fn recalled(&self) -> Result<Happening, Refusal> {
        self.only(&["group", "person", "message"])?;
        Ok(Happening::Recalled {
            group: self.group()?,
            message: MessageId::new(self.node.need("message")?.id()?),
            person: self.person()?,
        })
    }

    fn order(&self) -> Result<Order, Refusal> {
        self.only(&["order", "person", "amount", "items"])?;
        let items = match self.node.get("items") {
            None => Vec::new(),
            Some(list) => list
                .items()
                .ok_or_else(|| list.wrong("items are a list of texts"))?
                .map(|item| item.text().map(str::to_owned))
                .collect::<Result<_, _>>()?,
        };
        Ok(Order {
            order: OrderId::new(self.node.need("order")?.id()?),
            person: self.person()?,
            amount: amount(&self.node)?,
            items,
        })
    }

    fn roster(&self) -> Result<Roster, Refusal> {
        self.only(&["group", "name", "members"])?;
        let members = self.node.need("members")?;
        Ok(Roster {
            group: self.group()?,
            name: text(&self.node, "name")?,
            entries: members
                .items()
                .ok_or_else(|| members.wrong("members are a list"))?
                .map(|member| self.entry(&member))
                .collect::<Result<_, _>>()?,
        })
    }

    fn entry(&self, member: &Node<'_>) -> Result<RosterEntry, Refusal> {
        only(member, &["person", "name", "card", "role", "joined_at"])?;
        Ok(RosterEntry {
            person: PersonId::at(self.gateway, &member.need("person")?.id()?),
            name: text(member, "name")?,
            card: text(member, "card")?,
            role: role(member)?,
            joined_at: member.get("joined_at").map(|time| moment(&time)).transpose()?,
        })
    }
}
