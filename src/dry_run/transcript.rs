//! What happened, in the notation: the members' side of a transcript.

use crate::chat::{
    CouponCode, Event, Fen, GroupId, Happening, JoinedHow, Lang, LeftHow, Message, Order, PersonId, TillAsk,
};
use crate::community::Community;

use super::effects::{place, plain, who, words_naming};

/// What people are called in a transcript.
pub trait Naming {
    /// In a group.
    fn called(&self, group: Option<&GroupId>, person: &PersonId) -> String;
    /// On the network, while the card is what is just being changed.
    fn without_card(&self, person: &PersonId) -> String;
}

impl Naming for Community {
    fn called(&self, group: Option<&GroupId>, person: &PersonId) -> String {
        who(self, group, person).name
    }

    fn without_card(&self, person: &PersonId) -> String {
        match self.people().get(person) {
            Some(known) if !known.name.is_empty() => plain(&known.name),
            _ => plain(person.wire()),
        }
    }
}

/// An event as a script line without its time; `None` for what a script cannot say.
#[allow(clippy::too_many_lines, reason = "one arm an event: a table")]
pub fn happened(event: &Event, names: &impl Naming, lang: Lang) -> Option<String> {
    let named = |group, person: &PersonId| names.called(group, person);
    Some(match &event.happening {
        Happening::Message(message) => said(message, names, lang),
        Happening::Joined {
            group, person, how, by, ..
        } => {
            let way = match (how, by) {
                (JoinedHow::Scanned, _) => lang.pick(" 扫码", " by code"),
                (JoinedHow::Approved, _) => lang.pick(" 审核通过", " approved"),
                (JoinedHow::Invited, None) => lang.pick(" 受邀", " invited"),
                (JoinedHow::Invited, Some(_)) | (JoinedHow::Unknown, _) => "",
            };
            let by = by.as_ref().map_or_else(String::new, |by| {
                format!("{}{}", lang.pick(" 邀请人 ", " invited by "), named(Some(group), by))
            });
            format!("{} {}{way}{by}", named(Some(group), person), lang.pick("进群", "joins"))
        }
        Happening::Left {
            group, person, how, by, ..
        } => {
            let verb = match how {
                LeftHow::Kicked => lang.pick("被移出", "is removed"),
                LeftHow::Left | LeftHow::Unknown => lang.pick("退群", "leaves"),
            };
            let by = by.as_ref().filter(|_| *how == LeftHow::Kicked);
            let by = by.map_or_else(String::new, |by| {
                format!("{}{}", lang.pick(" 操作人 ", " by "), named(Some(group), by))
            });
            format!("{} {verb}{by}", named(Some(group), person))
        }
        Happening::GroupRenamed {
            group,
            name,
            by: Some(by),
            ..
        } => {
            let verb = lang.pick("群改名", "renames group");
            format!("{} {verb} {}", named(Some(group), by), plain(name))
        }
        Happening::GroupRenamed { name, .. } => format!("{} {}", lang.pick("群改名", "group renamed"), plain(name)),
        Happening::CardChanged { person, card, .. } => {
            let name = names.without_card(person);
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
        Happening::Recalled { group, person, .. } => {
            format!("{} {}", named(Some(group), person), lang.pick("撤回", "recalls"))
        }
        Happening::BotJoined { .. } => lang.pick("机器人 进群", "bot joins").to_owned(),
        Happening::BotRemoved { .. } => lang.pick("机器人 被移出", "bot is removed").to_owned(),
        Happening::Woke { down_since } => {
            let length = event.at.since(*down_since).as_secs().max(1);
            format!("{} {length}s", lang.pick("机器人 恢复 停了", "bot comes back after"))
        }
        Happening::Account { online: false, .. } => lang.pick("网关 掉线", "gateway logs out").to_owned(),
        Happening::Account { online: true, .. } => lang.pick("网关 登录", "gateway logs in").to_owned(),
        Happening::Till(order) => at_till(&order.ask, lang),
        Happening::Found { .. }
        | Happening::Noticed { .. }
        | Happening::RosterRead { .. }
        | Happening::Delivered { .. }
        | Happening::CameDue { .. }
        | Happening::Ordered(_)
        | Happening::Shadow { .. }
        | Happening::PlaybooksInForce { .. } => return None,
    })
}

/// Whether an event can be told as a line of a script at all.
pub fn is_seen(happening: &Happening) -> bool {
    !matches!(
        happening,
        Happening::Found { .. }
            | Happening::RosterRead { .. }
            | Happening::Delivered { .. }
            | Happening::CameDue { .. }
            | Happening::Ordered(_)
            | Happening::Shadow { .. }
            | Happening::PlaybooksInForce { .. }
    )
}

fn at_till(ask: &TillAsk, lang: Lang) -> String {
    let listed = |codes: &[CouponCode]| {
        codes
            .iter()
            .map(|code| plain(code.as_str()))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let on = |bill: &Option<Fen>| bill.map_or_else(String::new, |bill| format!(" {bill}"));
    let does = match ask {
        TillAsk::Reserve { codes, bill, minutes } => {
            let verb = lang.pick("预留", "reserves");
            format!("{verb} {} {minutes}m{}", listed(codes), on(bill))
        }
        TillAsk::Redeem { codes, bill } => format!("{} {}{}", lang.pick("核销", "redeems"), listed(codes), on(bill)),
        TillAsk::Confirm { bill, .. } => format!("{}{}", lang.pick("确认", "confirms"), on(bill)),
        TillAsk::Release { .. } => lang.pick("放开", "lets go").to_owned(),
        TillAsk::Undo { codes } => format!("{} {}", lang.pick("撤销", "undoes"), listed(codes)),
    };
    format!("{} {does}", lang.pick("收银台", "till"))
}

fn said(message: &Message, names: &impl Naming, lang: Lang) -> String {
    let group = message.group.as_ref();
    let name = names.called(group, &message.from);
    let text = words_naming(&message.segments, |person| names.called(group, person));
    let text = match message.calls_bot {
        true => format!("{} {text}", lang.pick("@机器人", "@bot")).trim_end().to_owned(),
        false => text,
    };
    match (&message.group, lang) {
        (Some(_), _) => format!("{name}: {text}"),
        (None, Lang::Zh) => format!("{name} 私聊: {text}"),
        (None, Lang::En) => format!("{name} privately: {text}"),
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
