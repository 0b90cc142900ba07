//! Asking a OneBot v12 for things, and judging what it answers.
//!
//! Everything but a wrong token is HTTP 200; only `status` ok with `retcode` 0 is success. The numbers are the
//! specification's: 1xxxx the call is wrong, 2xxxx the implementation is, 3xxxx what it rests on is.

use std::collections::BTreeSet;

use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::{Value, json};

use super::{Offer, OneBot12, decode, encode};
use crate::chat::{Action, Deed, GroupId, MessageId, Moment, Outcome, PersonId, Role, RosterEntry, Segment};
use crate::gateway::access::Access;
use crate::gateway::answer::{Account, Confirmed, KnownGroup, Trouble};
use crate::gateway::document::{self, Document};
use crate::gateway::json::Node;
use crate::gateway::judged::{ANSWER_MAX, Judged, judge, speaks_of_a_timeout};
use crate::gateway::picture::{self, Picture};
use crate::gateway::token;

fn judge_body(answer: &Value, told: &str) -> Judged {
    let node = Node::root(answer);
    let status = answer.get("status").and_then(Value::as_str).unwrap_or("");
    let Some(code) = node.get("retcode").and_then(|code| code.whole().ok()) else {
        return match status {
            "ok" => Judged::Unknown("success without a retcode".to_owned()),
            _ => Judged::Refused(format!("retcode none: {told}")),
        };
    };
    let why = format!("retcode {code}: {told}");
    match (status, code) {
        ("ok", 0) => Judged::Ok(answer.get("data").cloned().unwrap_or(Value::Null)),
        (_, 10101) => Judged::NotNow(
            format!("{why}; the gateway holds several accounts: set `platform` and `bot` to ours"),
            None,
        ),
        (_, 10102) => Judged::NotNow(
            format!("{why}; the gateway does not hold the account that `platform` and `bot` name"),
            None,
        ),
        // Its own mistake, or the network's, in the middle of doing it.
        (_, 20001..=20999 | 33000..=33999) => Judged::Unknown(why),
        // «I am tired.»
        (_, 36000..=36999) => Judged::NotNow(why, None),
        _ if speaks_of_a_timeout(told) => Judged::Unknown(why),
        _ => Judged::Refused(why),
    }
}

/// A member of ours among what was found.
fn field(entry: &Node<'_>, key: &str) -> String {
    let value = entry.get(key).and_then(|field| field.value().as_str());
    value.unwrap_or_default().to_owned()
}

impl OneBot12 {
    /// Asks what the implementation can do, unless it has said so since it connected.
    pub async fn meet(&self) {
        if !self.access.can_call() || *self.offer() != Offer::NotAsked {
            return;
        }
        let told = match self.call("get_supported_actions", json!({})).await {
            Judged::Ok(data) => {
                let actions = data.as_array().into_iter().flatten();
                let actions: BTreeSet<String> = actions.filter_map(|it| it.as_str().map(str::to_owned)).collect();
                match actions.is_empty() {
                    true => Offer::NotTold,
                    false => Offer::Actions(actions),
                }
            }
            Judged::Refused(_) => Offer::NotTold,
            // It is asked again next time.
            Judged::NotNow(..) | Judged::Unknown(_) => return,
        };
        *self.offer() = told;
    }

    /// Asks for an action once.
    pub async fn perform(&self, action: &Action, now: Moment) -> Outcome {
        let asked = match &action.deed {
            Deed::Say { group, content } => {
                let to = json!({"detail_type": "group", "group_id": group.wire()});
                self.say(to, content, now).await
            }
            Deed::Whisper { person, content } => {
                let to = json!({"detail_type": "private", "user_id": person.wire()});
                self.say(to, content, now).await
            }
            Deed::RenameGroup { group, name } => {
                let params = json!({"group_id": group.wire(), "group_name": name});
                self.call("set_group_name", params).await
            }
            Deed::Recall { message, .. } => {
                self.call("delete_message", json!({"message_id": message.as_str()}))
                    .await
            }
            Deed::Kick { group, person } => {
                let params = json!({"group_id": group.wire(), "user_list": [person.wire()]});
                self.call("wx.delete_groupmember", params).await
            }
            Deed::SetCard { .. } => Judged::Refused("OneBot v12 sets nobody's card".to_owned()),
            Deed::Call { .. } => Judged::Refused("OneBot v12 calls no program of the shop's".to_owned()),
        };
        asked.outcome(now, |data| {
            let id = Node::root(data).get("message_id")?.id().ok()?;
            Some(MessageId::new(id))
        })
    }

    async fn say(&self, to: Value, content: &[Segment], now: Moment) -> Judged {
        let was_given = self.files.knows(content, now);
        match self.say_once(&to, content, now).await {
            // A file that was given long ago may be gone by now; nothing of a refused message is out.
            Judged::Refused(_) if was_given => {
                self.files.forget(content);
                self.say_once(&to, content, now).await
            }
            judged => judged,
        }
    }

    async fn say_once(&self, to: &Value, content: &[Segment], now: Moment) -> Judged {
        let mut to = to.clone();
        let mut ready = Vec::with_capacity(content.len());
        for segment in content {
            match segment {
                Segment::Image(place) if picture::is_here(place) => match self.given(place, now).await {
                    Ok(segment) => ready.push(segment),
                    Err(judged) => return judged,
                },
                Segment::Image(place) if place.contains("://") => match self.uploaded(place).await {
                    Ok(segment) => ready.push(segment),
                    Err(not_now) => return not_now,
                },
                Segment::File { place, name } => match self.handed_over(place, name).await {
                    Ok(segment) => ready.push(segment),
                    Err(judged) => return judged,
                },
                other => ready.push(other.clone()),
            }
        }
        let Some(message) = encode::message(&ready) else {
            return Judged::Refused("nothing of the message can be said on this network".to_owned());
        };
        to["message"] = message;
        self.call("send_message", to).await
    }

    /// A picture of the media folder as the implementation calls it; it is given it once a day.
    async fn given(&self, place: &str, now: Moment) -> Result<Segment, Judged> {
        if let Some(file) = self.files.find(place, now) {
            return Ok(Segment::Image(file));
        }
        if !self.offers("upload_file") {
            return Err(Judged::Refused("this gateway takes no files (upload_file)".to_owned()));
        }
        let Some(picture) = Picture::at(place) else {
            return Err(Judged::Refused("the picture cannot be read".to_owned()));
        };
        let params = json!({"type": "data", "name": picture.called(), "data": picture.base64()});
        match self.call("upload_file", params).await {
            Judged::Ok(data) => match Node::root(&data).get("file_id").and_then(|id| id.id().ok()) {
                Some(file) => {
                    self.files.keep(place, &file, now);
                    Ok(Segment::Image(file))
                }
                None => Err(Judged::Refused("upload_file answered without `file_id`".to_owned())),
            },
            Judged::Refused(why) => Err(Judged::Refused(format!("upload_file: {why}"))),
            Judged::NotNow(why, retry_after) => Err(Judged::NotNow(format!("upload_file: {why}"), retry_after)),
            // Nobody has seen anything yet.
            Judged::Unknown(why) => Err(Judged::NotNow(format!("upload_file: {why}"), None)),
        }
    }

    /// A file as the implementation calls it. Where it takes none, a file with an address is said in words.
    async fn handed_over(&self, place: &str, name: &str) -> Result<Segment, Judged> {
        let document = Document::at(place, name);
        if !self.offers("upload_file") {
            return match document {
                Some(_) => Err(Judged::Refused("this gateway takes no files (upload_file)".to_owned())),
                None => Ok(Segment::Text(document::in_words(place, name))),
            };
        }
        let params = match &document {
            Some(document) => json!({"type": "data", "name": name, "data": document.base64()}),
            None => json!({"type": "url", "name": name, "url": place}),
        };
        match self.call("upload_file", params).await {
            Judged::Ok(data) => match Node::root(&data).get("file_id").and_then(|id| id.id().ok()) {
                Some(file) => Ok(Segment::File {
                    place: file,
                    name: name.to_owned(),
                }),
                None => Err(Judged::Refused("upload_file answered without `file_id`".to_owned())),
            },
            Judged::Refused(why) => Err(Judged::Refused(format!("upload_file: {why}"))),
            Judged::NotNow(why, retry_after) => Err(Judged::NotNow(format!("upload_file: {why}"), retry_after)),
            // Nobody has seen anything yet.
            Judged::Unknown(why) => Err(Judged::NotNow(format!("upload_file: {why}"), None)),
        }
    }

    /// A picture as the implementation calls it, or its address where it takes no files.
    async fn uploaded(&self, url: &str) -> Result<Segment, Judged> {
        let in_words = || Segment::Text(url.to_owned());
        if !self.offers("upload_file") {
            return Ok(in_words());
        }
        let name = url
            .rsplit('/')
            .next()
            .filter(|name| !name.is_empty())
            .unwrap_or("image");
        let params = json!({"type": "url", "name": name, "url": url});
        match self.call("upload_file", params).await {
            Judged::Ok(data) => Ok(match Node::root(&data).get("file_id").and_then(|id| id.id().ok()) {
                Some(file) => Segment::Image(file),
                None => in_words(),
            }),
            Judged::Refused(_) => Ok(in_words()),
            Judged::NotNow(why, retry_after) => Err(Judged::NotNow(why, retry_after)),
            // Nobody has seen anything yet.
            Judged::Unknown(why) => Err(Judged::NotNow(format!("upload_file: {why}"), None)),
        }
    }

    async fn call(&self, name: &str, params: Value) -> Judged {
        let mut call = json!({"action": name, "params": params});
        if let (Some(platform), Some(bot)) = (&self.settings.platform, &self.settings.bot) {
            call["self"] = json!({"platform": platform, "user_id": bot});
        }
        let caller = match &self.access {
            Access::None | Access::Beside { .. } => {
                return Judged::Refused(format!("set `api` in [gateway.{}] to call it", self.settings.name));
            }
            Access::Http(caller) => caller,
            Access::Dial { line, .. } | Access::Reverse { line } => {
                return judge(line.ask(call, self.settings.timeout).await, judge_body);
            }
        };
        let mut headers = HeaderMap::new();
        if let Some(token) = &self.settings.token {
            let Some(bearer) = token::bearer(token) else {
                return Judged::NotNow("`token` holds characters no header can carry".to_owned(), None);
            };
            headers.insert(AUTHORIZATION, bearer);
        }
        let body = call.to_string().into_bytes();
        judge(caller.post(None, headers, body, ANSWER_MAX).await, judge_body)
    }

    /// Reads a group's name or its member list back.
    pub async fn confirm(&self, action: &Action) -> Confirmed {
        let cannot_tell = |why: String| Confirmed::CannotTell { why };
        match &action.deed {
            Deed::RenameGroup { group, name } => {
                let asked = self.call("get_group_info", json!({"group_id": group.wire()})).await;
                asked.is_named("get_group_info", "group_name", name)
            }
            Deed::Kick { group, person } => Confirmed::is_out(self.members(group).await, person),
            Deed::Say { .. }
            | Deed::Whisper { .. }
            | Deed::Recall { .. }
            | Deed::SetCard { .. }
            | Deed::Call { .. } => cannot_tell("OneBot v12 has no way to read back what was said".to_owned()),
        }
    }

    async fn ask(&self, what: &'static str, name: &str, params: Value) -> Result<Value, Trouble> {
        let gateway = self.settings.name.to_string();
        if !self.access.can_call() {
            return Err(Trouble::NotOffered {
                gateway,
                what,
                next: "set `api` to the address of its API, or to \"reverse\"",
            });
        }
        self.meet().await;
        self.call(name, params).await.found(gateway, what)
    }

    fn garbled(&self, what: &'static str, why: String) -> Trouble {
        Trouble::Garbled {
            gateway: self.settings.name.to_string(),
            what,
            why,
        }
    }

    fn list<'a>(&self, what: &'static str, data: &'a Value) -> Result<impl Iterator<Item = Node<'a>>, Trouble> {
        Node::root(data)
            .items()
            .ok_or_else(|| self.garbled(what, "data is not a list".to_owned()))
    }

    fn id(&self, what: &'static str, entry: &Node<'_>, key: &str) -> Result<String, Trouble> {
        let wire = entry.need(key).and_then(|id| id.id());
        wire.map_err(|refusal| self.garbled(what, refusal.to_string()))
    }

    /// The groups the account is in.
    pub async fn groups(&self) -> Result<Vec<KnownGroup>, Trouble> {
        const WHAT: &str = "list groups";
        let data = self.ask(WHAT, "get_group_list", json!({})).await?;
        self.list(WHAT, &data)?
            .map(|entry| {
                Ok(KnownGroup {
                    group: GroupId::at(&self.settings.name, &self.id(WHAT, &entry, "group_id")?),
                    name: field(&entry, "group_name"),
                    members: None,
                })
            })
            .collect()
    }

    /// A group's member list, the bot's own account included.
    pub async fn members(&self, group: &GroupId) -> Result<Vec<RosterEntry>, Trouble> {
        const WHAT: &str = "list members";
        let params = json!({"group_id": group.wire()});
        let data = self.ask(WHAT, "get_group_member_list", params).await?;
        self.list(WHAT, &data)?
            .map(|entry| {
                Ok(RosterEntry {
                    person: PersonId::at(&self.settings.name, &self.id(WHAT, &entry, "user_id")?),
                    name: field(&entry, "user_name"),
                    card: field(&entry, "user_displayname"),
                    role: Role::Member,
                    joined_at: None,
                })
            })
            .collect()
    }

    /// Whether the account is logged in, where the implementation says so.
    pub async fn is_online(&self) -> Option<bool> {
        let data = self.ask("say how it is", "get_status", json!({})).await.ok()?;
        decode::online(&data, self.settings.bot.as_deref())
    }

    /// The account the bot speaks with.
    pub async fn who_am_i(&self) -> Result<Account, Trouble> {
        const WHAT: &str = "name its own account";
        let data = self.ask(WHAT, "get_self_info", json!({})).await?;
        let root = Node::root(&data);
        Ok(Account {
            person: PersonId::at(&self.settings.name, &self.id(WHAT, &root, "user_id")?),
            name: field(&root, "user_name"),
        })
    }
}
