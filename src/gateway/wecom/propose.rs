//! Messages to customer groups: proposed to the owner, who confirms them in WeCom (企业群发), and followed until it is
//! known what became of them.

use serde_json::{Value, json};

use super::api::{Ask, has_address, refused};
use super::encode::{self, BROADCAST_MAX};
use super::judge::Judged;
use super::media::Medium;
use super::{Form, WeCom};
use crate::chat::{GroupId, MessageId, Moment, Outcome, Segment};
use crate::gateway::answer::Trouble;
use crate::gateway::call::AGAIN;
use crate::gateway::document::Document;
use crate::gateway::json::Node;
use crate::gateway::picture::{self, Picture};

/// How often it is asked whether the owner confirmed.
const ASK_AGAIN: std::time::Duration = std::time::Duration::from_secs(300);

/// Pictures and files of one message.
const ATTACHED_MAX: usize = 9;

/// Pages of results that are followed.
const PAGES_MAX: usize = 20;

impl WeCom {
    /// Proposes a message to the owner of a customer group.
    pub(super) async fn propose(&self, group: &GroupId, content: &[Segment], now: Moment) -> Outcome {
        if self.token.is_none() {
            return refused("no robot speaks in this group; bind one in `bound`");
        }
        let (attached, said): (Vec<Segment>, Vec<Segment>) = content.iter().cloned().partition(is_attached);
        let words = encode::words(&said, Form::Text);
        if words.is_empty() && attached.is_empty() {
            return refused("nothing of the message can be said in a customer group");
        }
        if attached.len() > ATTACHED_MAX {
            return refused("a message to a customer group has at most nine pictures and files");
        }
        if words.len() > BROADCAST_MAX {
            return refused("a message to a customer group is at most 4000 bytes long; shorten it");
        }
        let owner = match self.chat(group).await {
            Ok(chat) => chat.get("owner").and_then(Value::as_str).unwrap_or_default().to_owned(),
            Err(Trouble::Away { why, .. } | Trouble::Garbled { why, .. }) => {
                return Outcome::Postponed {
                    why,
                    again: now.plus(AGAIN),
                };
            }
            Err(Trouble::Refused { why, .. }) => return Outcome::Refused { why },
            Err(trouble @ Trouble::NotOffered { .. }) => return refused(&trouble.to_string()),
        };
        if owner.is_empty() {
            return refused("this customer group has no owner who could confirm the message");
        }
        let mut body = json!({"chat_type": "group", "sender": owner, "chat_id_list": [group.wire()]});
        if !words.is_empty() {
            body["text"] = json!({"content": words});
        }
        let media = match self.media(&attached).await {
            Ok(media) => media,
            Err(judged) => return judged.outcome(now, |_| Outcome::Done { message: None }),
        };
        let judged = self.proposing(body, &media, now).await;
        judged.outcome(now, |answer| proposed(answer, &owner, now))
    }

    /// Proposes a message with what is attached to it; what WeCom was given long ago it is given once more, if it refuses.
    async fn proposing(&self, mut body: Value, media: &[Medium], now: Moment) -> Judged {
        loop {
            let (mut attached, mut kept) = (Vec::with_capacity(media.len()), false);
            for medium in media {
                match self.given(None, medium, now).await {
                    Ok(given) => {
                        kept |= given.kept;
                        attached.push(medium.message(&given.id));
                    }
                    Err(judged) => return judged,
                }
            }
            if !attached.is_empty() {
                body["attachments"] = attached.into();
            }
            match self
                .ask(&Ask::Post("cgi-bin/externalcontact/add_msg_template", &body))
                .await
            {
                Judged::Refused(_) if kept => media.iter().for_each(|medium| self.forget(None, medium)),
                judged => return judged,
            }
        }
    }

    /// Pictures and files as a message to a customer group brings them.
    async fn media(&self, attached: &[Segment]) -> Result<Vec<Medium>, Judged> {
        let mut media = Vec::with_capacity(attached.len());
        for segment in attached {
            match segment {
                Segment::Image(place) => media.push(match Picture::at(place) {
                    Some(picture) => Medium::shown(picture)?,
                    None => Medium::picture(self.fetched(place).await?)?,
                }),
                Segment::File { place, name } => {
                    if let Some(document) = Document::at(place, name) {
                        media.push(Medium::file(document, false)?);
                    }
                }
                _ => {}
            }
        }
        Ok(media)
    }

    /// What became of a proposal: it is asked once, and until it is known it stays proposed.
    pub async fn follow(&self, group: &GroupId, proposal: &MessageId, now: Moment) -> Outcome {
        let (msgid, owner) = proposal.as_str().split_once(':').unwrap_or((proposal.as_str(), ""));
        let still = |why: String| Outcome::Proposed {
            proposal: proposal.clone(),
            why,
            again: now.plus(ASK_AGAIN),
        };
        let mut cursor = String::new();
        for _ in 0..PAGES_MAX {
            let body = json!({"msgid": msgid, "userid": owner, "limit": 500, "cursor": cursor});
            let ask = Ask::Post("cgi-bin/externalcontact/get_groupmsg_send_result", &body);
            let answer = match self.ask(&ask).await {
                Judged::Ok(answer) => answer,
                Judged::Over(why) | Judged::Refused(why) | Judged::NotNow(why, _) | Judged::Unknown(why) => {
                    return still(format!("it is not known whether {owner} confirmed it in WeCom: {why}"));
                }
            };
            if let Some(status) = status_of(&answer, group.wire()) {
                return match status {
                    1 => Outcome::Done { message: None },
                    2 => refused("WeCom could not send it to this group"),
                    3 => refused("this group has had its broadcast of the day already"),
                    _ => still(waits_for(owner)),
                };
            }
            match answer.get("next_cursor").and_then(Value::as_str) {
                Some(next) if !next.is_empty() => next.clone_into(&mut cursor),
                _ => break,
            }
        }
        still(waits_for(owner))
    }
}

/// One that WeCom can be given; what else stands for a picture or a file is said in words.
fn is_attached(segment: &Segment) -> bool {
    match segment {
        Segment::Image(place) => picture::is_here(place) || has_address(place),
        Segment::File { place, .. } => picture::is_here(place),
        _ => false,
    }
}

fn waits_for(owner: &str) -> String {
    format!("proposed; {owner} has not confirmed it in WeCom yet")
}

/// What WeCom says about one group: 0 not sent, 1 sent, 2 and 3 not possible.
fn status_of(answer: &Value, chat: &str) -> Option<i64> {
    let list = answer.get("send_list")?;
    let root = Node::root(list);
    let of_chat = |entry: &Node<'_>| entry.get("chat_id").is_some_and(|id| id.value().as_str() == Some(chat));
    let entry = root.items()?.find(of_chat)?;
    entry.get("status")?.whole().ok()
}

/// The name of a proposal is WeCom's id and who has to confirm it.
fn proposed(answer: &Value, owner: &str, now: Moment) -> Outcome {
    let failed = answer.get("fail_list").and_then(Value::as_array);
    if failed.is_some_and(|list| !list.is_empty()) {
        return refused("WeCom takes no broadcast for this group");
    }
    match answer.get("msgid").and_then(Value::as_str) {
        Some(msgid) if !msgid.is_empty() => Outcome::Proposed {
            proposal: MessageId::new(format!("{msgid}:{owner}")),
            why: waits_for(owner),
            again: now.plus(ASK_AGAIN),
        },
        _ => Outcome::Unknown {
            why: "the proposal was taken, but WeCom told no id for it".to_owned(),
            again: now.plus(ASK_AGAIN),
        },
    }
}
