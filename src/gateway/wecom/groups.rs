//! Customer groups: which there are, who is in them, and who we are.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::WeCom;
use super::api::Ask;
use super::judge::Judged;
use super::standings::Fresh;
use crate::chat::{GroupId, Moment, PersonId, Role, Roster, RosterEntry};
use crate::gateway::answer::{Account, KnownGroup, Trouble};
use crate::gateway::json::Node;

/// Groups on one page.
const PAGE: u32 = 1_000;

/// Pages that are followed at most.
const PAGES_MAX: usize = 1_000;

/// How often a list that may be older than a callback is read before it is believed.
const READINGS: usize = 3;

impl WeCom {
    /// The customer groups of everybody the application may see.
    pub async fn groups(&self) -> Result<Vec<KnownGroup>, Trouble> {
        const WHAT: &str = "list groups";
        let mut groups = Vec::new();
        let mut cursor = String::new();
        for _ in 0..PAGES_MAX {
            let body = json!({"status_filter": 0, "limit": PAGE, "cursor": cursor});
            let answer = self
                .told(WHAT, &Ask::Post("cgi-bin/externalcontact/groupchat/list", &body))
                .await?;
            let root = Node::root(&answer);
            for entry in root
                .get("group_chat_list")
                .and_then(|list| list.items())
                .into_iter()
                .flatten()
            {
                let wire = entry.need("chat_id").and_then(|id| id.id());
                let wire = wire.map_err(|refusal| self.garbled(WHAT, refusal.to_string()))?;
                groups.push(KnownGroup {
                    group: GroupId::at(&self.settings.name, &wire),
                    name: String::new(),
                    members: None,
                });
            }
            cursor = text(&root, "next_cursor");
            if cursor.is_empty() {
                break;
            }
        }
        Ok(groups)
    }

    /// The same for some groups, without asking: what is no customer group is left out.
    pub fn known(&self, only: &BTreeSet<GroupId>) -> Vec<KnownGroup> {
        only.iter()
            .filter(|group| self.robot_of(group.wire()).is_none())
            .map(|group| KnownGroup {
                group: group.clone(),
                name: String::new(),
                members: None,
            })
            .collect()
    }

    /// A group's name, owner and members. A list that may be older than the last callback is read again a little later.
    pub async fn roster(&self, group: &GroupId) -> Result<Roster, Trouble> {
        let mut readings = 0;
        loop {
            readings += 1;
            let chat = self.chat(group).await?;
            let root = Node::root(&chat);
            let version = text(&root, "member_version");
            if readings < READINGS && self.standings.fresh(group, &version) == Fresh::Perhaps {
                tokio::time::sleep(self.settings.settle).await;
                continue;
            }
            self.standings.read(group, &version);
            return Ok(Roster {
                group: group.clone(),
                name: text(&root, "name"),
                entries: self.entries(&root)?,
            });
        }
    }

    fn entries(&self, chat: &Node<'_>) -> Result<Vec<RosterEntry>, Trouble> {
        const WHAT: &str = "list members";
        let owner = text(chat, "owner");
        let admins = chat.get("admin_list").and_then(|list| list.items());
        let admins: BTreeSet<String> = admins
            .into_iter()
            .flatten()
            .map(|admin| text(&admin, "userid"))
            .collect();
        let members = chat.get("member_list").and_then(|list| list.items());
        members
            .into_iter()
            .flatten()
            .map(|member| {
                let wire = member.need("userid").and_then(|id| id.id());
                let wire = wire.map_err(|refusal| self.garbled(WHAT, refusal.to_string()))?;
                let joined = member.get("join_time").and_then(|time| time.whole().ok());
                Ok(RosterEntry {
                    person: PersonId::at(&self.settings.name, &wire),
                    name: text(&member, "name"),
                    card: text(&member, "group_nickname"),
                    role: match () {
                        () if wire == owner => Role::Owner,
                        () if admins.contains(&wire) => Role::Admin,
                        () => Role::Member,
                    },
                    joined_at: joined.filter(|seconds| *seconds > 0).map(Moment::from_seconds),
                })
            })
            .collect()
    }

    /// Everything WeCom tells of one customer group.
    pub(super) async fn chat(&self, group: &GroupId) -> Result<Value, Trouble> {
        const WHAT: &str = "list members";
        let body = json!({"chat_id": group.wire(), "need_name": 1});
        let mut answer = self
            .told(WHAT, &Ask::Post("cgi-bin/externalcontact/groupchat/get", &body))
            .await?;
        match answer.get_mut("group_chat").map(Value::take) {
            Some(chat @ Value::Object(_)) => Ok(chat),
            _ => Err(self.garbled(WHAT, "`group_chat` is missing".to_owned())),
        }
    }

    /// The application, as WeCom calls it. That it answers at all shows that corp, secret and agent fit.
    pub async fn who_am_i(&self) -> Result<Account, Trouble> {
        const WHAT: &str = "name its own account";
        let account = |wire: &str, name: &str| Account {
            person: PersonId::at(&self.settings.name, wire),
            name: name.to_owned(),
        };
        let Some(agent) = &self.settings.agent else {
            return Ok(account("robot", self.settings.name.as_str()));
        };
        let answer = self
            .told(WHAT, &Ask::Get("cgi-bin/agent/get", &[("agentid", agent)]))
            .await?;
        Ok(account(&format!("agent-{agent}"), &text(&Node::root(&answer), "name")))
    }

    async fn told(&self, what: &'static str, ask: &Ask<'_>) -> Result<Value, Trouble> {
        let gateway = self.settings.name.to_string();
        if self.token.is_none() {
            return Err(Trouble::NotOffered {
                gateway,
                what,
                next: "set `corp` and `secret`",
            });
        }
        match self.ask(ask).await {
            Judged::Ok(answer) => Ok(answer),
            Judged::Refused(why) => Err(Trouble::Refused { gateway, what, why }),
            Judged::Over(why) | Judged::NotNow(why, _) | Judged::Unknown(why) => {
                Err(Trouble::Away { gateway, what, why })
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
}

fn text(node: &Node<'_>, key: &str) -> String {
    let field = node.get(key);
    field
        .and_then(|field| field.value().as_str().map(str::to_owned))
        .unwrap_or_default()
}
