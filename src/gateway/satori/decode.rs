//! Reports become events. What is null counts as absent; what is not known is passed over.

use super::content;
use super::{Login, Sighting, standing};
use crate::chat::{
    Event, EventId, GatewayName, GroupId, Happening, JoinedHow, LeftHow, Message, MessageId, Moment, PersonId, Role,
    Segment,
};
use crate::gateway::decoded::{Arrival, Decoded, Refusal, SetAside};
use crate::gateway::json::Node;
use crate::gateway::presence::Standing;
use crate::gateway::signature::fingerprint;

/// What one report is: a fact, or the reason why it is none.
type Fact = Result<Happening, SetAside>;

/// A channel for one person.
const DIRECT: i64 = 1;

/// What one report told.
#[derive(Debug)]
pub struct Told {
    pub decoded: Decoded,
    /// Its number in the gateway's row, by which what was missed is asked for again.
    pub number: Option<i64>,
    /// Where somebody was seen speaking.
    pub sighting: Option<Sighting>,
    /// Whether our account is logged in, where it tells of it.
    pub standing: Option<Standing>,
}

struct Report<'a> {
    gateway: &'a GatewayName,
    root: Node<'a>,
    kind: &'a str,
    body: &'a [u8],
    /// Our account's id.
    own: String,
}

/// Reads one event. `ours` is our account, where it is known; what happened to others is set aside.
pub fn event(
    (gateway, ours): (&GatewayName, Option<&Login>),
    root: Node<'_>,
    body: &[u8],
    arrived: Arrival,
) -> Result<Told, Refusal> {
    root.fields()?;
    let kind = root.need("type")?.text()?;
    let login = whose(&root)?;
    let others = ours.zip(login.as_ref()).is_some_and(|(ours, login)| ours != login);
    let report = Report {
        gateway,
        kind,
        body,
        own: ours
            .or(login.as_ref())
            .map(|login| login.user.clone())
            .unwrap_or_default(),
        root,
    };
    let fact = if others {
        Err(SetAside::NotListenedTo)
    } else {
        report.fact()?
    };
    let at = report
        .whole("timestamp")
        .filter(|&millis| millis > 0)
        .map_or(arrived.at, Moment::from_millis);
    Ok(Told {
        standing: (!others).then(|| standing::of_event(kind, &report.root)).flatten(),
        number: report.whole("sn"),
        sighting: match &fact {
            Ok(Happening::Message(message)) => report.sighting(message)?,
            _ => None,
        },
        decoded: match fact {
            Ok(happening) => Decoded::of(Event {
                id: report.identity()?,
                at,
                happening,
            }),
            Err(reason) => Decoded::without(reason),
        },
    })
}

/// An account in a list of accounts; older servers write its id beside it.
pub fn login(entry: &Node<'_>) -> Result<Option<Login>, Refusal> {
    let user = match entry.get("user") {
        Some(user) => id(&user, "id")?,
        None => None,
    };
    let user = match user {
        Some(user) => Some(user),
        None => id(entry, "self_id")?,
    };
    Ok(words(entry, "platform")
        .zip(user)
        .map(|(platform, user)| Login { platform, user }))
}

/// The account something happened to; what of it does not stand in `login` stands beside that.
fn whose(event: &Node<'_>) -> Result<Option<Login>, Refusal> {
    let within = match event.get("login") {
        Some(entry) => login(&entry)?,
        None => None,
    };
    match within {
        Some(login) => Ok(Some(login)),
        None => {
            let platform = words(event, "platform");
            let user = id(event, "self_id")?;
            Ok(platform.zip(user).map(|(platform, user)| Login { platform, user }))
        }
    }
}

/// An id; an empty one is none.
pub fn id(node: &Node<'_>, key: &str) -> Result<Option<String>, Refusal> {
    match node.get(key) {
        Some(field) if field.value().as_str() == Some("") => Ok(None),
        Some(field) => field.id().map(Some),
        None => Ok(None),
    }
}

/// A text that holds something.
pub fn words(node: &Node<'_>, key: &str) -> Option<String> {
    let text = node.get(key)?.value().as_str()?.to_owned();
    (!text.is_empty()).then_some(text)
}

/// A member's standing, if one of its roles has a name that everybody knows.
pub fn role(member: &Node<'_>) -> Role {
    let Some(roles) = member.get("roles").and_then(|roles| roles.items()) else {
        return Role::Member;
    };
    let named = roles.map(|role| match role.value().as_str() {
        Some(name) => name.to_lowercase(),
        None => ["name", "id"]
            .iter()
            .find_map(|key| words(&role, key))
            .unwrap_or_default()
            .to_lowercase(),
    });
    named
        .map(|name| match name.as_str() {
            "owner" => Role::Owner,
            "admin" | "administrator" => Role::Admin,
            _ => Role::Member,
        })
        .max_by_key(|role| match role {
            Role::Member => 0,
            Role::Admin => 1,
            Role::Owner => 2,
        })
        .unwrap_or_default()
}

impl Report<'_> {
    fn whole(&self, key: &str) -> Option<i64> {
        self.root.get(key)?.whole().ok()
    }

    /// The id of a resource that stands in the event.
    fn id_of(&self, resource: &str) -> Result<Option<String>, Refusal> {
        match self.root.get(resource) {
            Some(resource) => id(&resource, "id"),
            None => Ok(None),
        }
    }

    fn is_direct(&self) -> bool {
        let channel = self.root.get("channel");
        channel.is_some_and(|it| it.get("type").and_then(|kind| kind.whole().ok()) == Some(DIRECT))
    }

    /// A guild is a group; where there is none, the channel is. A channel for one person is none.
    fn group(&self) -> Result<Option<GroupId>, Refusal> {
        let wire = match self.id_of("guild")? {
            Some(guild) => Some(guild),
            None if self.is_direct() => None,
            None => self.id_of("channel")?,
        };
        Ok(wire.map(|wire| GroupId::at(self.gateway, &wire)))
    }

    fn need_group(&self) -> Result<GroupId, Refusal> {
        self.group()?.ok_or_else(|| self.root.wrong("`guild` is missing"))
    }

    fn person(&self, resource: &str) -> Result<Option<PersonId>, Refusal> {
        Ok(self.id_of(resource)?.map(|wire| PersonId::at(self.gateway, &wire)))
    }

    /// The same event told again, after a reconnection or over another way, has the same id; the numbers begin again
    /// whenever the gateway does.
    fn identity(&self) -> Result<EventId, Refusal> {
        let gateway = self.gateway;
        let channel = self.id_of("channel")?.unwrap_or_default();
        let kind = self.kind;
        if let Some(message) = self.id_of("message")? {
            return Ok(EventId::new(match kind {
                "message-created" => format!("{gateway}/c{channel}/{message}"),
                _ => format!("{gateway}/{kind}/c{channel}/{message}"),
            }));
        }
        Ok(EventId::new(match self.whole("timestamp") {
            Some(stamp) => {
                let (guild, user) = (self.id_of("guild")?, self.id_of("user")?);
                let guild = guild.unwrap_or(channel);
                format!("{gateway}/{kind}/{guild}/{}/{stamp}", user.unwrap_or_default())
            }
            None => format!("{gateway}/{kind}/{}", fingerprint(self.body)),
        }))
    }

    fn sighting(&self, message: &Message) -> Result<Option<Sighting>, Refusal> {
        Ok(self.id_of("channel")?.map(|channel| Sighting {
            whom: match &message.group {
                Some(group) => group.wire().to_owned(),
                None => message.from.wire().to_owned(),
            },
            in_private: message.group.is_none(),
            channel,
        }))
    }

    fn fact(&self) -> Result<Fact, Refusal> {
        match self.kind {
            "message-created" => self.message(),
            "message-deleted" => self.recall(),
            "guild-member-added" => self.added(),
            "guild-member-removed" => self.removed(),
            "guild-added" => Ok(Ok(Happening::BotJoined {
                group: self.need_group()?,
            })),
            "guild-removed" => Ok(Ok(Happening::BotRemoved {
                group: self.need_group()?,
            })),
            "guild-updated" | "guild-member-updated" | "channel-updated" => Ok(Err(match self.group()? {
                Some(group) => SetAside::Changed { group },
                None => SetAside::NotListenedTo,
            })),
            "login-added" | "login-removed" | "login-updated" => Ok(Err(SetAside::Meta)),
            "friend-request" | "guild-request" | "guild-member-request" => Ok(Err(SetAside::Request)),
            _ => Ok(Err(SetAside::NotListenedTo)),
        }
    }

    fn message(&self) -> Result<Fact, Refusal> {
        let message = self.root.need("message")?;
        let user = self.root.get("user").or_else(|| message.get("user"));
        let user = user.ok_or_else(|| self.root.wrong("`user` is missing"))?;
        let wire = id(&user, "id")?.ok_or_else(|| user.wrong("`id` is missing"))?;
        let from = PersonId::at(self.gateway, &wire);
        let member = self.root.get("member").or_else(|| message.get("member"));
        let mut segments = content::read(self.gateway, &words(&message, "content").unwrap_or_default());
        let quoted = match message.get("quote") {
            Some(quote) => id(&quote, "id")?,
            None => None,
        };
        if let Some(quoted) = quoted {
            let reply = Segment::Reply(MessageId::new(quoted));
            if !segments.contains(&reply) {
                segments.insert(0, reply);
            }
        }
        let calls = |person: &PersonId| person.wire() == self.own;
        Ok(Ok(Happening::Message(Message {
            group: self.group()?,
            own: calls(&from),
            from,
            name: words(&user, "nick")
                .or_else(|| words(&user, "name"))
                .unwrap_or_default(),
            card: member.as_ref().and_then(|it| words(it, "nick")).unwrap_or_default(),
            role: member.as_ref().map(role).unwrap_or_default(),
            message: MessageId::new(match id(&message, "id")? {
                Some(wire) => wire,
                None => fingerprint(self.body),
            }),
            calls_bot: segments
                .iter()
                .any(|it| matches!(it, Segment::Mention(person) if calls(person))),
            segments,
        })))
    }

    fn recall(&self) -> Result<Fact, Refusal> {
        let (Some(group), Some(person)) = (self.group()?, self.person("user")?) else {
            return Ok(Err(SetAside::NotListenedTo));
        };
        let message = self.root.need("message")?.need("id")?.id()?;
        Ok(Ok(Happening::Recalled {
            group,
            message: MessageId::new(message),
            person,
        }))
    }

    fn added(&self) -> Result<Fact, Refusal> {
        let group = self.need_group()?;
        let Some(person) = self.person("user")? else {
            return Ok(Err(SetAside::UnresolvedMember { group }));
        };
        if person.wire() == self.own {
            return Ok(Ok(Happening::BotJoined { group }));
        }
        let by = self.person("operator")?.filter(|by| *by != person);
        let name = self
            .root
            .get("user")
            .and_then(|user| words(&user, "nick").or_else(|| words(&user, "name")));
        Ok(Ok(Happening::Joined {
            group,
            person,
            name: name.unwrap_or_default(),
            how: JoinedHow::Unknown,
            by,
            inferred: false,
        }))
    }

    fn removed(&self) -> Result<Fact, Refusal> {
        let group = self.need_group()?;
        let Some(person) = self.person("user")? else {
            return Ok(Err(SetAside::UnresolvedMember { group }));
        };
        if person.wire() == self.own {
            return Ok(Ok(Happening::BotRemoved { group }));
        }
        let operator = self.person("operator")?;
        let how = match &operator {
            Some(by) if *by == person => LeftHow::Left,
            Some(_) => LeftHow::Kicked,
            None => LeftHow::Unknown,
        };
        Ok(Ok(Happening::Left {
            group,
            how,
            by: operator.filter(|by| *by != person),
            person,
            inferred: false,
        }))
    }
}
