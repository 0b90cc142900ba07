//! Asking a OneBot for things, and judging what it answers.
//!
//! HTTP 200 is not success: only `status` ok or async together with `retcode` 0 or 1 is. A time limit passed after
//! sending means nobody knows. Some gateways give their own time limit as a failure; its text tells.

use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::{Value, json};

use super::decode::{loose, role};
use super::{OneBot11, encode};
use crate::chat::{Action, Deed, GroupId, MessageId, Moment, Outcome, PersonId, RosterEntry};
use crate::gateway::access::Access;
use crate::gateway::answer::{Account, Confirmed, KnownGroup, Trouble};
use crate::gateway::json::Node;
use crate::gateway::judged::{ANSWER_MAX, Judged, judge, speaks_of_a_timeout};
use crate::gateway::token;

fn judge_body(answer: &Value, told: &str) -> Judged {
    let node = Node::root(answer);
    let status = answer.get("status").and_then(Value::as_str).unwrap_or("");
    let retcode = node.get("retcode").and_then(|code| code.whole().ok());
    match (status, retcode) {
        ("ok" | "async", Some(0 | 1)) => Judged::Ok(answer.get("data").cloned().unwrap_or(Value::Null)),
        ("ok" | "async", None) => Judged::Unknown("success without a retcode".to_owned()),
        (_, Some(1401 | 1403)) => Judged::NotNow(
            format!("the gateway does not take our token; set `token` to its access_token ({told})"),
            None,
        ),
        (_, code) => {
            let code = code.map_or_else(|| "none".to_owned(), |code| code.to_string());
            let why = format!("retcode {code}: {told}");
            match speaks_of_a_timeout(told) {
                true => Judged::Unknown(why),
                false => Judged::Refused(why),
            }
        }
    }
}

impl OneBot11 {
    /// Asks for an action once.
    pub async fn perform(&self, action: &Action, now: Moment) -> Outcome {
        let Some((name, params)) = self.wording(&action.deed) else {
            return Outcome::Refused {
                why: "nothing of the message can be said on this network".to_owned(),
            };
        };
        self.call(name, params).await.outcome(now, |data| {
            let id = Node::root(data).get("message_id")?.id().ok()?;
            Some(MessageId::new(id))
        })
    }

    /// The API's name for a deed, and its parameters.
    fn wording(&self, deed: &Deed) -> Option<(&'static str, Value)> {
        let id = |wire: &str| encode::id(wire, self.settings.ids);
        let message = |content: &[_]| encode::message(content, self.settings.messages);
        Some(match deed {
            Deed::Say { group, content } => (
                "send_group_msg",
                json!({"group_id": id(group.wire()), "message": message(content)?, "auto_escape": false}),
            ),
            Deed::Whisper { person, content } => (
                "send_private_msg",
                json!({"user_id": id(person.wire()), "message": message(content)?, "auto_escape": false}),
            ),
            Deed::RenameGroup { group, name } => (
                "set_group_name",
                json!({"group_id": id(group.wire()), "group_name": name}),
            ),
            Deed::SetCard { group, person, card } => (
                "set_group_card",
                json!({"group_id": id(group.wire()), "user_id": id(person.wire()), "card": card}),
            ),
            Deed::Call { .. } => return None,
            Deed::Recall { message, .. } => ("delete_msg", json!({"message_id": id(message.as_str())})),
            Deed::Kick { group, person } => (
                "set_group_kick",
                json!({"group_id": id(group.wire()), "user_id": id(person.wire()), "reject_add_request": false}),
            ),
        })
    }

    async fn call(&self, name: &str, params: Value) -> Judged {
        let caller = match &self.access {
            Access::None | Access::Beside { .. } => {
                return Judged::Refused(format!("set `api` in [gateway.{}] to call it", self.settings.name));
            }
            Access::Http(caller) => caller,
            Access::Dial { line, .. } | Access::Reverse { line } => {
                let call = json!({"action": name, "params": params});
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
        judge(
            caller
                .post(Some(name), headers, params.to_string().into_bytes(), ANSWER_MAX)
                .await,
            judge_body,
        )
    }

    /// Reads a group's name, a card or the member list back, past the gateway's own memory of them.
    pub async fn confirm(&self, action: &Action) -> Confirmed {
        let id = |wire: &str| encode::id(wire, self.settings.ids);
        let (name, params, key, wanted) = match &action.deed {
            Deed::RenameGroup { group, name } => (
                "get_group_info",
                json!({"group_id": id(group.wire()), "no_cache": true}),
                "group_name",
                name,
            ),
            Deed::SetCard { group, person, card } => (
                "get_group_member_info",
                json!({"group_id": id(group.wire()), "user_id": id(person.wire()), "no_cache": true}),
                "card",
                card,
            ),
            Deed::Kick { group, person } => return Confirmed::is_out(self.members(group).await, person),
            Deed::Say { .. } | Deed::Whisper { .. } | Deed::Recall { .. } | Deed::Call { .. } => {
                return Confirmed::CannotTell {
                    why: "OneBot v11 has no reliable way to read back what was said".to_owned(),
                };
            }
        };
        self.call(name, params).await.is_named(name, key, wanted)
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
        self.call(name, params).await.found(gateway, what)
    }

    fn list<'a>(&self, what: &'static str, data: &'a Value) -> Result<impl Iterator<Item = Node<'a>>, Trouble> {
        Node::root(data)
            .items()
            .ok_or_else(|| self.garbled(what, "data is not a list".to_owned()))
    }

    fn garbled(&self, what: &'static str, why: String) -> Trouble {
        Trouble::Garbled {
            gateway: self.settings.name.to_string(),
            what,
            why,
        }
    }

    /// The groups the account is in.
    pub async fn groups(&self) -> Result<Vec<KnownGroup>, Trouble> {
        const WHAT: &str = "list groups";
        let data = self.ask(WHAT, "get_group_list", json!({"no_cache": true})).await?;
        self.list(WHAT, &data)?
            .map(|entry| {
                let wire = entry.need("group_id").and_then(|id| id.id());
                let wire = wire.map_err(|refusal| self.garbled(WHAT, refusal.to_string()))?;
                Ok(KnownGroup {
                    group: GroupId::at(&self.settings.name, &wire),
                    name: field(&entry, "group_name"),
                    members: entry
                        .get("member_count")
                        .and_then(|count| u32::try_from(count.whole().ok()?).ok()),
                })
            })
            .collect()
    }

    /// A group's member list, the bot's own account included.
    pub async fn members(&self, group: &GroupId) -> Result<Vec<RosterEntry>, Trouble> {
        const WHAT: &str = "list members";
        let params = json!({"group_id": encode::id(group.wire(), self.settings.ids), "no_cache": true});
        let data = self.ask(WHAT, "get_group_member_list", params).await?;
        self.list(WHAT, &data)?
            .map(|entry| {
                let wire = entry.need("user_id").and_then(|id| id.id());
                let wire = wire.map_err(|refusal| self.garbled(WHAT, refusal.to_string()))?;
                let joined = entry.get("join_time").and_then(|time| time.whole().ok());
                Ok(RosterEntry {
                    person: PersonId::at(&self.settings.name, &wire),
                    name: field(&entry, "nickname"),
                    card: field(&entry, "card"),
                    role: role(&field(&entry, "role")),
                    joined_at: joined.filter(|&seconds| seconds > 0).map(Moment::from_seconds),
                })
            })
            .collect()
    }

    /// Whether the account is logged in, where the gateway says so.
    pub async fn is_online(&self) -> Option<bool> {
        let data = self.ask("say how it is", "get_status", json!({})).await.ok()?;
        data.get("online")?.as_bool()
    }

    /// The account the bot speaks with.
    pub async fn who_am_i(&self) -> Result<Account, Trouble> {
        const WHAT: &str = "name its own account";
        let data = self.ask(WHAT, "get_login_info", json!({})).await?;
        let root = Node::root(&data);
        let wire = root.need("user_id").and_then(|id| id.id());
        let wire = wire.map_err(|refusal| self.garbled(WHAT, refusal.to_string()))?;
        Ok(Account {
            person: PersonId::at(&self.settings.name, &wire),
            name: field(&root, "nickname"),
        })
    }
}

fn field(entry: &Node<'_>, key: &str) -> String {
    entry.get(key).map(|field| loose(field.value())).unwrap_or_default()
}
