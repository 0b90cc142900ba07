//! Decoded reports as lines a reader can compare at a glance.

use qunying::chat::{Event, Happening, Message, Moment, PersonId, Segment};
use qunying::gateway::{Arrival, Decoded, Refusal};

/// When every report of these tests arrives.
pub fn arrival() -> Arrival {
    Arrival {
        at: Moment::from_seconds(1_772_330_400),
        nth: 7,
    }
}

/// One line for each thing a report turned out to be; a refusal with its status.
pub fn tell(decoded: Result<Decoded, Refusal>) -> String {
    let decoded = match decoded {
        Ok(decoded) => decoded,
        Err(refusal) => return format!("{} {refusal}", refusal.status().as_u16()),
    };
    let mut lines: Vec<String> = decoded.events.iter().map(line).collect();
    for roster in &decoded.rosters {
        let members: Vec<&str> = roster.entries.iter().map(|entry| entry.person.wire()).collect();
        lines.push(format!(
            "roster {} «{}»: {}",
            roster.group,
            roster.name,
            members.join(" ")
        ));
    }
    lines.extend(
        decoded
            .set_aside
            .iter()
            .map(|reason| format!("set aside: {}", reason.word())),
    );
    lines.join("\n")
}

/// One event without its id and time.
pub fn line(event: &Event) -> String {
    let by = |by: &Option<PersonId>| by.as_ref().map(|by| format!(" by {}", by.wire())).unwrap_or_default();
    match &event.happening {
        Happening::Message(message) => said(message),
        Happening::Joined {
            group,
            person,
            how,
            by: who,
            ..
        } => {
            format!("{} joined {group} {how:?}{}", person.wire(), by(who))
        }
        Happening::Left {
            group,
            person,
            how,
            by: who,
            ..
        } => {
            format!("{} left {group} {how:?}{}", person.wire(), by(who))
        }
        Happening::GroupRenamed {
            group, name, by: who, ..
        } => format!("{group} renamed «{name}»{}", by(who)),
        Happening::CardChanged {
            group, person, card, ..
        } => format!("{} card in {group} «{card}»", person.wire()),
        Happening::Recalled { group, message, person } => format!("{} recalled {message} in {group}", person.wire()),
        Happening::BotJoined { group } => format!("bot joined {group}"),
        Happening::BotRemoved { group } => format!("bot removed {group}"),
        Happening::OrderPaid(order) => format!("{} paid {} for {:?}", order.person.wire(), order.amount, order.items),
        Happening::Refunded(order) => format!("{} refunded {}", order.person.wire(), order.amount),
        Happening::RosterRead { group, name, members } => format!("{group} read «{name}» {members}"),
        other => format!("{other:?}"),
    }
}

fn said(message: &Message) -> String {
    let place = message.group.as_ref().map_or("private".to_owned(), ToString::to_string);
    let own = if message.own { " (own)" } else { "" };
    format!(
        "{}/{}/{} {:?} in {place}{own}: {}",
        message.from.wire(),
        message.name,
        message.card,
        message.role,
        segments(&message.segments)
    )
}

/// Segments, each in its own brackets.
pub fn segments(row: &[Segment]) -> String {
    row.iter()
        .map(|segment| match segment {
            Segment::Text(words) => format!("«{words}»"),
            Segment::Mention(person) => format!("@{}", person.wire()),
            Segment::MentionAll => "@everybody".to_owned(),
            Segment::Image(place) => format!("image {place}"),
            Segment::File { place, name } => format!("file {name} {place}"),
            Segment::Link { url, title } => format!("link {url} «{title}»"),
            Segment::Reply(message) => format!("reply {message}"),
            Segment::Other(kind) => format!("other {kind}"),
        })
        .collect::<Vec<_>>()
        .join(" ")
}
