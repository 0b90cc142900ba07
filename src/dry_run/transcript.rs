//! What happened, in the notation: the members' side of a transcript.

use crate::chat::{Event, GroupId, Happening, JoinedHow, Lang, LeftHow, Message, Order, PersonId};
use crate::community::Community;

use super::effects::{place, plain, who, words};

/// An event as a script line without its time; `None` for what members do not see.
pub fn happened(event: &Event, community: &Community, lang: Lang) -> Option<String> {
    let named = |group, person: &PersonId| who(community, group, person).name;
    Some(match &event.happening {
        Happening::Message(message) => said(message, community, lang),
        Happening::Joined {
            group, person, how, by, ..
        } => {
            let how = match (how, by) {
                (_, Some(by)) => {
                    format!("{}{}", lang.pick(" 邀请人 ", " invited by "), named(Some(group), by))
                }
                (JoinedHow::Scanned, None) => lang.pick(" 扫码", " by code").to_owned(),
                (JoinedHow::Invited | JoinedHow::Approved | JoinedHow::Unknown, None) => String::new(),
            };
            format!("{} {}{how}", named(Some(group), person), lang.pick("进群", "joins"))
        }
        Happening::Left { group, person, how, .. } => {
            let verb = match how {
                LeftHow::Kicked => lang.pick("被移出", "is removed"),
                LeftHow::Left | LeftHow::Unknown => lang.pick("退群", "leaves"),
            };
            format!("{} {verb}", named(Some(group), person))
        }
        Happening::GroupRenamed { name, .. } => format!("{} {}", lang.pick("群改名", "group renamed"), plain(name)),
        Happening::CardChanged { person, card, .. } => {
            let name = without_card(community, person);
            format!("{name} {} {}", lang.pick("改名片", "changes card"), plain(card))
        }
        Happening::OrderPaid(order) => {
            format!(
                "{} {} {}",
                named(None, &order.person),
                lang.pick("下单", "orders"),
                bill(order)
            )
        }
        Happening::Refunded(order) => {
            format!(
                "{} {} {}",
                named(None, &order.person),
                lang.pick("退款", "is refunded"),
                order.amount
            )
        }
        Happening::Recalled { .. }
        | Happening::Found { .. }
        | Happening::RosterRead { .. }
        | Happening::BotJoined { .. }
        | Happening::BotRemoved { .. }
        | Happening::Delivered { .. }
        | Happening::CameDue { .. }
        | Happening::Ordered(_)
        | Happening::Woke { .. }
        | Happening::Shadow { .. }
        | Happening::PlaybooksInForce { .. } => return None,
    })
}

fn said(message: &Message, community: &Community, lang: Lang) -> String {
    let name = who(community, message.group.as_ref(), &message.from).name;
    let text = words(&message.segments, community, message.group.as_ref());
    match (&message.group, lang) {
        (Some(_), _) => format!("{name}: {text}"),
        (None, Lang::Zh) => format!("{name} 私聊: {text}"),
        (None, Lang::En) => format!("{name} privately: {text}"),
    }
}

/// The name on the network: the card is what is just being changed.
fn without_card(community: &Community, person: &PersonId) -> String {
    match community.people().get(person) {
        Some(known) if !known.name.is_empty() => plain(&known.name),
        _ => plain(person.wire()),
    }
}

fn bill(order: &Order) -> String {
    let mut bill = order.amount.to_string();
    for item in &order.items {
        bill.push(' ');
        bill.push_str(&plain(item));
    }
    bill
}

/// The name of the group an event happened in, for transcripts of several groups.
pub fn happened_in(event: &Event, community: &Community) -> Option<String> {
    group_of(event).map(|group| place(community, group).name)
}

/// The group an event happened in, if members see it there.
pub fn group_of(event: &Event) -> Option<&GroupId> {
    Some(match &event.happening {
        Happening::Message(message) => message.group.as_ref()?,
        Happening::Joined { group, .. }
        | Happening::Left { group, .. }
        | Happening::GroupRenamed { group, .. }
        | Happening::CardChanged { group, .. } => group,
        _ => return None,
    })
}
