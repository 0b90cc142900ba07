//! The intelligent robot (智能机器人) in callback mode: the official way to read what is said to a bot in a group.
//!
//! Only what calls the robot is told. An answer to it goes out in one of two ways, once each: in the answer to the
//! callback, at once or as the stream that WeCom then asks for, or POSTed to the `response_url` that came with it, within
//! an hour.

use std::sync::Arc;

use serde_json::{Value, json};

use super::desk::{Chat, Desk, Question};
use crate::chat::{
    Event, EventId, GatewayName, GroupId, Happening, Message, MessageId, Moment, PersonId, Role, Segment,
};
use crate::gateway::decoded::{Arrival, Decoded, Refusal, SetAside};
use crate::gateway::json::{self, Node};

/// The ciphertext of a posted envelope.
pub fn ciphertext(body: &[u8]) -> Result<String, Refusal> {
    let value = json::parse(body)?;
    Ok(Node::root(&value).need("encrypt")?.text()?.to_owned())
}

/// Reads the message that was in an envelope; who waits for an answer is noted at the desk.
pub fn message(gateway: &GatewayName, body: &[u8], arrived: Arrival, desk: &Desk) -> Result<Decoded, Refusal> {
    let value = json::parse(body)?;
    let root = Node::root(&value);
    root.fields()?;
    match root.need("msgtype")?.text()? {
        // WeCom asks how a stream goes on.
        "stream" => {
            let name = root.need("stream")?.need("id")?.id()?;
            desk.asked_again(&name, chat(gateway, &root)?, arrived.at);
            Ok(Decoded {
                set_aside: vec![SetAside::Meta],
                awaited: Some(name),
                ..Decoded::default()
            })
        }
        "event" => Ok(Decoded {
            set_aside: vec![SetAside::NotListenedTo],
            ..Decoded::default()
        }),
        kind => said(gateway, (&root, kind), arrived, desk),
    }
}

/// Where it was asked, where that is told.
fn chat(gateway: &GatewayName, root: &Node<'_>) -> Result<Option<Chat>, Refusal> {
    if let ("group", Some(chat)) = (word(root, "chattype")?, root.get("chatid")) {
        return Ok(Some(Chat::Group(GroupId::at(gateway, &chat.id()?))));
    }
    match root.get("from").and_then(|from| from.get("userid")) {
        Some(user) => Ok(Some(Chat::Private(PersonId::at(gateway, &user.id()?)))),
        None => Ok(None),
    }
}

fn word<'n>(root: &'n Node<'_>, key: &str) -> Result<&'n str, Refusal> {
    Ok(root.get(key).map(|it| it.text()).transpose()?.unwrap_or_default())
}

fn said(
    gateway: &GatewayName,
    (root, kind): (&Node<'_>, &str),
    arrived: Arrival,
    desk: &Desk,
) -> Result<Decoded, Refusal> {
    let wire = root.need("msgid")?.id()?;
    let group = match root.get("chattype").map(|it| it.text()).transpose()? {
        Some("group") => Some(GroupId::at(gateway, &root.need("chatid")?.id()?)),
        _ => None,
    };
    let bot = match root.get("aibotid") {
        Some(bot) => Some(PersonId::at(gateway, &bot.id()?)),
        None => None,
    };
    let mut segments = segments(root, kind)?;
    if group.is_some() {
        without_call(&mut segments, bot.as_ref());
    }
    let from = PersonId::at(gateway, &root.need("from")?.need("userid")?.id()?);
    let event = Event {
        id: EventId::new(format!("{gateway}/aibot/{wire}")),
        at: moment(root, arrived)?,
        happening: Happening::Message(Message {
            calls_bot: group.is_some(),
            group: group.clone(),
            from: from.clone(),
            name: String::new(),
            card: String::new(),
            role: Role::default(),
            message: MessageId::new(&wire),
            segments,
            own: false,
        }),
    };
    let url = root.get("response_url").map(|url| url.text()).transpose()?;
    desk.asked(Question {
        name: wire.clone(),
        chat: match &group {
            Some(group) => Chat::Group(group.clone()),
            None => Chat::Private(from),
        },
        url: url.map(str::to_owned),
        at: arrived.at,
    });
    Ok(Decoded {
        events: vec![event],
        awaited: Some(wire),
        ..Decoded::default()
    })
}

fn moment(root: &Node<'_>, arrived: Arrival) -> Result<Moment, Refusal> {
    Ok(match root.get("create_time").map(|time| time.whole()).transpose()? {
        Some(seconds @ 1..) => Moment::from_seconds(seconds),
        _ => arrived.at,
    })
}

fn segments(root: &Node<'_>, kind: &str) -> Result<Vec<Segment>, Refusal> {
    let part = |of: &Node<'_>, kind: &str| -> Result<Segment, Refusal> {
        let words = |key: &str| match of.get(kind).and_then(|it| it.get(key)) {
            Some(text) => text.text().map(str::to_owned),
            None => Ok(String::new()),
        };
        Ok(match kind {
            "text" | "voice" => Segment::Text(words("content")?),
            "image" => Segment::Image(words("url")?),
            other => Segment::Other(other.to_owned()),
        })
    };
    if kind != "mixed" {
        return Ok(vec![part(root, kind)?]);
    }
    let mixed = root.need("mixed")?;
    let list = mixed.need("msg_item")?;
    let items = list.items().ok_or_else(|| list.wrong("a list is wanted here"))?;
    items
        .map(|item| {
            let kind = item.need("msgtype")?.text()?.to_owned();
            part(&item, &kind)
        })
        .collect()
}

/// In a group the words begin with `@` and the robot's name, which nobody told us: up to the first blank. What it is
/// called becomes a mention, so that the words are only what is meant.
fn without_call(segments: &mut Vec<Segment>, bot: Option<&PersonId>) {
    let Some(Segment::Text(words)) = segments.first_mut() else {
        return;
    };
    let Some(called) = words.trim_start().strip_prefix('@') else {
        return;
    };
    let rest = called.split_once(char::is_whitespace).map_or("", |(_, rest)| rest);
    *words = rest.trim_start().to_owned();
    if let Some(bot) = bot {
        segments.insert(0, Segment::Mention(bot.clone()));
    }
}

/// What a callback is answered with: a stream that is whole with these words and pictures (each as a robot is given one),
/// or that has only begun.
pub fn stream(name: &str, words: Option<&str>, pictures: &[Value]) -> Arc<str> {
    let mut stream = json!({"id": name, "finish": words.is_some(), "content": words.unwrap_or_default()});
    if !pictures.is_empty() {
        stream["msg_item"] = pictures.into();
    }
    json!({"msgtype": "stream", "stream": stream}).to_string().into()
}

/// What is POSTed to a `response_url`.
pub fn later(words: &str) -> Value {
    json!({"msgtype": "markdown", "markdown": {"content": words}})
}
