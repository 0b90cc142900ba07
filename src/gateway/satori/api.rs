//! Asking a Satori server for things, and judging what it answers: the HTTP status is the result.
//!
//! Some methods answer with words that are no JSON; success is success. 500 may come from the middle of doing it, so nobody
//! knows.

use hyper::header::HeaderName;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::{Value, json};

use super::{Account as Ours, Login, Satori, content, decode, standing};
use crate::chat::{Action, Deed, GroupId, MessageId, Moment, Outcome, PersonId, RosterEntry};
use crate::gateway::access::Access;
use crate::gateway::answer::{Account, Confirmed, KnownGroup, Trouble};
use crate::gateway::call::{Caller, Reply};
use crate::gateway::json::{self, Node};
use crate::gateway::judged::{ANSWER_MAX, Judged, of_status, with};
use crate::gateway::token;

/// More pages than any list has.
const PAGES_MAX: usize = 10_000;

/// Judges what became of a call.
pub fn judge(reply: Reply) -> Judged {
    let (status, retry_after, body) = match reply {
        Reply::NeverSent { why } => return Judged::NotNow(format!("the gateway cannot be reached: {why}"), None),
        Reply::Lost { why } => return Judged::Unknown(why),
        Reply::Answered {
            status,
            retry_after,
            body,
        } => (status, retry_after, body),
    };
    if (200..300).contains(&status) {
        return Judged::Ok(json::parse(&body).unwrap_or(Value::Null));
    }
    let told: String = String::from_utf8_lossy(&body)
        .chars()
        .map(|it| if it.is_control() { ' ' } else { it })
        .take(200)
        .collect();
    let with = |words| with(status, words, told.trim());
    match status {
        403 => Judged::NotNow(
            with("the gateway does not take our `token`, or the account may not do this there"),
            None,
        ),
        405 | 501 => Judged::Refused(with("the network or the gateway has no such thing")),
        500 | 504 => Judged::Unknown(with("the gateway broke off")),
        502.. => Judged::NotNow(with("the gateway is in trouble"), retry_after),
        _ => of_status(status, retry_after, told.trim()),
    }
}

impl Satori {
    fn caller(&self) -> Result<&Caller, Judged> {
        match &self.access {
            Access::Http(caller) | Access::Beside { caller, .. } => Ok(caller),
            Access::None | Access::Dial { .. } | Access::Reverse { .. } => Err(Judged::Refused(format!(
                "set `api` in [gateway.{}] to call it",
                self.settings.name
            ))),
        }
    }

    fn shown(&self) -> Result<HeaderMap, Judged> {
        let mut headers = HeaderMap::new();
        if let Some(token) = &self.settings.token {
            let bearer = token::bearer(token);
            let bearer = bearer
                .ok_or_else(|| Judged::NotNow("`token` holds characters no header can carry".to_owned(), None))?;
            headers.insert(AUTHORIZATION, bearer);
        }
        Ok(headers)
    }

    /// Asks which accounts the server holds, unless ours is known.
    pub async fn meet(&self) {
        if self.known().account == Ours::NotTold
            && let Judged::Ok(meta) = self.ask_meta().await
        {
            // A list that cannot be read is asked for again.
            let _ = self.learn(&Node::root(&meta));
        }
    }

    async fn ask_meta(&self) -> Judged {
        let asked = self.caller().and_then(|caller| Ok((caller, self.shown()?)));
        match asked {
            Ok((caller, headers)) => judge(caller.post(Some("v1/meta"), headers, b"{}".to_vec(), ANSWER_MAX).await),
            Err(judged) => judged,
        }
    }

    async fn ours(&self) -> Result<Login, Judged> {
        self.meet().await;
        match &self.known().account {
            Ours::Ours(login) => Ok(login.clone()),
            Ours::NotTold => Err(Judged::NotNow(
                "the gateway does not say which accounts it holds; set `platform` and `bot`".to_owned(),
                None,
            )),
            Ours::Several => Err(Judged::NotNow(
                "the gateway holds several accounts: set `platform` and `bot` to ours".to_owned(),
                None,
            )),
        }
    }

    async fn call(&self, method: &str, params: Value) -> Judged {
        let prepared = async {
            let caller = self.caller()?;
            let login = self.ours().await?;
            let mut headers = self.shown()?;
            for (names, value) in [
                (["satori-platform", "x-platform"], &login.platform),
                (["satori-user-id", "x-self-id"], &login.user),
            ] {
                let value = HeaderValue::from_str(value).map_err(|_| {
                    Judged::NotNow(
                        "`platform` or `bot` holds characters no header can carry".to_owned(),
                        None,
                    )
                })?;
                for name in names {
                    headers.insert(HeaderName::from_static(name), value.clone());
                }
            }
            Ok((caller, headers))
        };
        match prepared.await {
            Ok((caller, headers)) => {
                let body = params.to_string().into_bytes();
                judge(
                    caller
                        .post(Some(&format!("v1/{method}")), headers, body, ANSWER_MAX)
                        .await,
                )
            }
            Err(judged) => judged,
        }
    }

    /// Asks for an action once.
    pub async fn perform(&self, action: &Action, now: Moment) -> Outcome {
        self.ask_for(&action.deed).await.outcome(now, |data| {
            let first = data.as_array().map_or(Some(data), |messages| messages.first())?;
            let id = Node::root(first).get("id")?.id().ok()?;
            Some(MessageId::new(id))
        })
    }

    async fn ask_for(&self, deed: &Deed) -> Judged {
        let channel = match deed {
            Deed::Say { group, .. } | Deed::RenameGroup { group, .. } | Deed::Recall { group, .. } => {
                self.channel(group).await
            }
            Deed::Whisper { person, .. } => self.private_channel(person).await,
            Deed::Kick { .. } | Deed::SetCard { .. } | Deed::Call { .. } => Ok(String::new()),
        };
        let channel = match channel {
            Ok(channel) => channel,
            Err(judged) => return judged,
        };
        match deed {
            Deed::Say { content, .. } | Deed::Whisper { content, .. } => match content::write(content) {
                Some(content) => {
                    let params = json!({"channel_id": channel, "content": content});
                    self.call("message.create", params).await
                }
                None => Judged::Refused("nothing of the message can be said on this network".to_owned()),
            },
            Deed::RenameGroup { name, .. } => {
                let params = json!({"channel_id": channel, "data": {"name": name}});
                self.call("channel.update", params).await
            }
            Deed::Recall { message, .. } => {
                let params = json!({"channel_id": channel, "message_id": message.as_str()});
                self.call("message.delete", params).await
            }
            Deed::Kick { group, person } => {
                let params = json!({"guild_id": group.wire(), "user_id": person.wire()});
                self.call("guild.member.kick", params).await
            }
            Deed::SetCard { .. } => Judged::Refused("Satori sets nobody's card".to_owned()),
            Deed::Call { .. } => Judged::Refused("Satori calls no program of the shop's".to_owned()),
        }
    }

    /// The channel a group is spoken to in.
    async fn channel(&self, group: &GroupId) -> Result<String, Judged> {
        let guild = group.wire();
        if let Some(channel) = self.known().channels.get(guild) {
            return Ok(channel.clone());
        }
        let found = match self.call("channel.list", json!({"guild_id": guild})).await {
            Judged::Ok(list) => first_channel(&list, guild),
            // A network without channels: its groups are channels.
            Judged::Refused(_) | Judged::Unknown(_) => None,
            Judged::NotNow(why, retry_after) => return Err(Judged::NotNow(why, retry_after)),
        };
        let channel = found.unwrap_or_else(|| guild.to_owned());
        self.known().channels.insert(guild.to_owned(), channel.clone());
        Ok(channel)
    }

    async fn private_channel(&self, person: &PersonId) -> Result<String, Judged> {
        let user = person.wire();
        if let Some(channel) = self.known().privates.get(user) {
            return Ok(channel.clone());
        }
        match self.call("user.channel.create", json!({"user_id": user})).await {
            Judged::Ok(data) => match Node::root(&data).get("id").and_then(|id| id.id().ok()) {
                Some(channel) => {
                    self.known().privates.insert(user.to_owned(), channel.clone());
                    Ok(channel)
                }
                None => Err(Judged::Refused("user.channel.create answered without `id`".to_owned())),
            },
            // Nobody has seen anything yet.
            Judged::Unknown(why) => Err(Judged::NotNow(format!("user.channel.create: {why}"), None)),
            judged => Err(judged),
        }
    }

    /// Reads a group's name or its member list back.
    pub async fn confirm(&self, action: &Action) -> Confirmed {
        let cannot_tell = |why: String| Confirmed::CannotTell { why };
        match &action.deed {
            Deed::RenameGroup { group, name } => {
                let channel = match self.channel(group).await {
                    Ok(channel) => channel,
                    Err(judged) => return cannot_tell(format!("{judged:?}")),
                };
                let asked = self.call("channel.get", json!({"channel_id": channel})).await;
                asked.is_named("channel.get", "name", name)
            }
            Deed::Kick { group, person } => Confirmed::is_out(self.members(group).await, person),
            Deed::Say { .. }
            | Deed::Whisper { .. }
            | Deed::Recall { .. }
            | Deed::SetCard { .. }
            | Deed::Call { .. } => {
                cannot_tell("Satori has no way to read back what was said that every network has".to_owned())
            }
        }
    }

    fn garbled(&self, what: &'static str, why: String) -> Trouble {
        Trouble::Garbled {
            gateway: self.settings.name.to_string(),
            what,
            why,
        }
    }

    async fn ask(&self, what: &'static str, method: &str, params: Value) -> Result<Value, Trouble> {
        let gateway = self.settings.name.to_string();
        if !self.access.can_call() {
            return Err(Trouble::NotOffered {
                gateway,
                what,
                next: "set `api` to the address of the server",
            });
        }
        self.call(method, params).await.found(gateway, what)
    }

    /// Every entry of a list that comes in pages.
    async fn pages(&self, what: &'static str, method: &str, params: Value) -> Result<Vec<Value>, Trouble> {
        let mut entries = Vec::new();
        let mut params = params;
        for _ in 0..PAGES_MAX {
            let mut page = self.ask(what, method, params.clone()).await?;
            let next = page.get("next").and_then(Value::as_str).unwrap_or("").to_owned();
            match page.get_mut("data").map(Value::take) {
                Some(Value::Array(data)) => entries.extend(data),
                _ => return Err(self.garbled(what, "data is not a list".to_owned())),
            }
            if next.is_empty() || params["next"] == next.as_str() {
                break;
            }
            params["next"] = next.into();
        }
        Ok(entries)
    }

    fn id(&self, what: &'static str, entry: &Node<'_>) -> Result<String, Trouble> {
        let wire = entry.need("id").and_then(|id| id.id());
        wire.map_err(|refusal| self.garbled(what, refusal.to_string()))
    }

    /// The groups the account is in.
    pub async fn groups(&self) -> Result<Vec<KnownGroup>, Trouble> {
        const WHAT: &str = "list groups";
        let entries = self.pages(WHAT, "guild.list", json!({})).await?;
        let known = |entry: &Value| {
            let entry = Node::root(entry);
            Ok(KnownGroup {
                group: GroupId::at(&self.settings.name, &self.id(WHAT, &entry)?),
                name: decode::words(&entry, "name").unwrap_or_default(),
                members: None,
            })
        };
        entries.iter().map(known).collect()
    }

    /// A group's member list, the bot's own account included where the network lists it.
    pub async fn members(&self, group: &GroupId) -> Result<Vec<RosterEntry>, Trouble> {
        const WHAT: &str = "list members";
        let params = json!({"guild_id": group.wire()});
        let entries = self.pages(WHAT, "guild.member.list", params).await?;
        let member = |entry: &Value| {
            let entry = Node::root(entry);
            let user = entry.get("user").unwrap_or_else(|| entry.clone());
            let joined = entry.get("joined_at").and_then(|time| time.whole().ok());
            Ok(RosterEntry {
                person: PersonId::at(&self.settings.name, &self.id(WHAT, &user)?),
                name: decode::words(&user, "nick")
                    .or_else(|| decode::words(&user, "name"))
                    .unwrap_or_default(),
                card: decode::words(&entry, "nick").unwrap_or_default(),
                role: decode::role(&entry),
                joined_at: joined.filter(|&millis| millis > 0).map(Moment::from_millis),
            })
        };
        entries.iter().map(member).collect()
    }

    /// Whether the account is logged in, asked.
    pub async fn is_online(&self) -> Option<bool> {
        let Judged::Ok(login) = self.call("login.get", json!({})).await else {
            return None;
        };
        let login = Node::root(&login);
        match standing::of_login(&login) {
            Some(standing) => Some(standing.online),
            // Where no status is told, a login that is there is one.
            None => (!standing::is_told(&login)).then_some(true),
        }
    }

    /// The account the bot speaks with.
    pub async fn who_am_i(&self) -> Result<Account, Trouble> {
        const WHAT: &str = "name its own account";
        let login = self.ask(WHAT, "login.get", json!({})).await?;
        let login = Node::root(&login);
        let user = login
            .need("user")
            .map_err(|refusal| self.garbled(WHAT, refusal.to_string()))?;
        Ok(Account {
            person: PersonId::at(&self.settings.name, &self.id(WHAT, &user)?),
            name: decode::words(&user, "nick")
                .or_else(|| decode::words(&user, "name"))
                .unwrap_or_default(),
        })
    }
}

/// The guild's channel of its own id, or its first one for texts.
fn first_channel(list: &Value, guild: &str) -> Option<String> {
    let root = Node::root(list);
    let channels = root.get("data")?.items()?;
    let mut first = None;
    for channel in channels {
        let id = channel.get("id").and_then(|id| id.id().ok());
        if id.as_deref() == Some(guild) {
            return id;
        }
        let is_for_texts = channel.get("type").is_none_or(|kind| kind.whole() == Ok(0));
        if first.is_none() && is_for_texts {
            first = id;
        }
    }
    first
}
