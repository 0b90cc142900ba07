//! The scene: what wording and conditions can name on an occasion.

use std::collections::BTreeMap;

use minijinja::Value;

use crate::calendar::{self, DayCounts, DayKind, LunarDate, festival};
use crate::chat::{Fen, GroupId, JoinedHow, Lang, Moment, PersonId};
use crate::community::change::{Fact, Occasion};
use crate::community::person::Trade;
use crate::playbook::wording::{LocalTime, Money, Window};

use super::draft::Draft;
use super::points;

/// More names than this are counted, not listed.
const NAMES_LISTED: usize = 12;

/// A value, or values under names.
enum Node {
    Leaf(Value),
    Branch(BTreeMap<String, Node>),
}

/// Everything wording can name now.
pub fn scene(draft: &Draft<'_>, occasion: &Occasion) -> Value {
    let mut root = BTreeMap::new();
    let mut put = |name: &str, value: Value| insert(&mut root, name, value);
    let names: Vec<String> = occasion
        .people
        .iter()
        .map(|person| draft.community.name_of(occasion.group.as_ref(), person))
        .collect();
    put("who", Value::from(listed(&names, draft.lang())));
    put("people", Value::from(names));
    put("text", Value::from(occasion.text.clone()));
    put("house.name", Value::from(draft.books.house.name.clone()));
    put("now", now(draft));
    if let Some(group) = &occasion.group {
        put("group.name", Value::from(group_name(draft, group)));
        put(
            "group.size",
            Value::from(draft.community.groups().get(group).map_or(0, |group| group.size)),
        );
    }
    if let Some(id) = occasion.people.first() {
        person(draft, id, &mut put);
        member(draft, occasion.group.as_ref(), id, &mut put);
    }
    for (name, fact) in &occasion.facts {
        put(name, value(draft, fact));
    }
    whole(Node::Branch(root))
}

/// Names as a sentence has them.
pub fn listed(names: &[String], lang: Lang) -> String {
    let shown = names
        .iter()
        .take(NAMES_LISTED)
        .cloned()
        .collect::<Vec<_>>()
        .join(lang.pick("、", ", "));
    match names.len().checked_sub(NAMES_LISTED) {
        Some(more) if more > 0 => match lang {
            Lang::Zh => format!("{shown}等 {} 位", names.len()),
            Lang::En => format!("{shown} and {more} more"),
        },
        _ => shown,
    }
}

/// A group nobody told the name of is «this group»: members have no use for the wire's id.
fn group_name(draft: &Draft<'_>, group: &GroupId) -> String {
    match draft.group_name(group) {
        "" => draft.lang().pick("本群", "this group").to_owned(),
        name => crate::chat::fold::shown(name),
    }
}

fn person(draft: &Draft<'_>, id: &PersonId, put: &mut impl FnMut(&str, Value)) {
    let person = draft.community.people().get(id);
    let trade = person.and_then(|person| person.trade.as_deref());
    put("person.name", Value::from(draft.community.name_of(None, id)));
    put("person.orders", Value::from(trade.map_or(0, |trade| trade.orders)));
    put(
        "person.spend",
        Value::from_object(Money(trade.map_or(Fen::ZERO, |trade| trade.spend))),
    );
    let purse = points::purse(draft, id);
    put("person.points", Value::from(purse.balance));
    put("person.ledger", Value::from(points::lines(draft, &purse)));
    let mut fields = draft.fields_of(id);
    for field in &draft.books.fields {
        let value = fields.remove(field.as_str()).unwrap_or_default();
        put(&format!("person.fields.{field}"), Value::from(String::from(value)));
    }
    let days_since = |at: Moment| Value::from(draft.now.since(at).as_secs() / 86_400);
    put(
        "person.first_order_days",
        trade.map_or(Value::from(()), |trade| days_since(trade.first_at)),
    );
    put(
        "person.last_order_days",
        trade.map_or(Value::from(()), |trade| days_since(trade.last_at)),
    );
    let counted = |of: fn(&Trade) -> &DayCounts, money| Window {
        counts: trade.map_or_else(DayCounts::default, |trade| of(trade).clone()),
        today: draft.today(),
        money,
    };
    put("ordered", Value::from_object(counted(|trade| &trade.ordered, false)));
    put("spent", Value::from_object(counted(|trade| &trade.spent, true)));
    let tags: Vec<String> =
        person.map_or_else(Vec::new, |person| person.tags.iter().map(ToString::to_string).collect());
    put("person.tags", Value::from(tags));
    let birthday = person
        .and_then(|person| person.birthday)
        .map_or_else(String::new, |birthday| match draft.lang() {
            Lang::Zh => birthday.in_chinese(),
            Lang::En => birthday.in_english(),
        });
    put("person.birthday", Value::from(birthday));
}

fn member(draft: &Draft<'_>, group: Option<&GroupId>, id: &PersonId, put: &mut impl FnMut(&str, Value)) {
    let Some(member) = group.and_then(|group| draft.community.member(group, id)) else {
        return;
    };
    put("member.card", Value::from(crate::chat::fold::shown(&member.card)));
    put("member.joins", Value::from(member.joins));
    put("member.spoken", Value::from(member.spoken));
    put("member.here", Value::from(member.is_here()));
    let host = member.by.as_ref();
    put(
        "member.invited_by",
        Value::from(host.map_or_else(String::new, |host| draft.community.name_of(group, host))),
    );
    put("member.source", Value::from(source(member.how)));
    let days = member.joined_at.map_or(0, |at| draft.now.since(at).as_secs() / 86_400);
    put("member.joined_days", Value::from(days));
    let quiet_since = member.spoke_at.max(member.joined_at);
    let quiet_days = quiet_since.map_or(0, |at| draft.now.since(at).as_secs() / 86_400);
    put("member.silent_days", Value::from(quiet_days));
    let counted = |counts: &DayCounts| Window {
        counts: counts.clone(),
        today: draft.today(),
        money: false,
    };
    put("spoke", Value::from_object(counted(&member.spoke)));
    put("joined", Value::from_object(counted(&member.came)));
}

/// How somebody came in, in the words of `on = { joined = … }`.
fn source(how: JoinedHow) -> &'static str {
    match how {
        JoinedHow::Invited => "invited",
        JoinedHow::Scanned => "scanned",
        JoinedHow::Approved => "approved",
        JoinedHow::Unknown => "",
    }
}

fn now(draft: &Draft<'_>) -> Value {
    let local = draft.local();
    let today = local.date();
    let lang = draft.lang();
    let lunar =
        LunarDate::of(today).map_or_else(|_| String::new(), |day| lang.pick(day.in_chinese(), day.in_english()));
    let festivals: Vec<&str> = festival::festivals_on(today)
        .into_iter()
        .map(|festival| lang.pick(festival.in_chinese(), festival.in_english()))
        .collect();
    let worked = draft.books.house.workdays.kind_of(today);
    let (zh, en) = calendar::weekday::called(today.weekday());
    let weekday = lang.pick(zh, en);
    let mut fields = BTreeMap::new();
    fields.insert("date".to_owned(), Node::Leaf(Value::from(today.to_string())));
    fields.insert(
        "time".to_owned(),
        Node::Leaf(Value::from(local.strftime("%H:%M").to_string())),
    );
    fields.insert("minute".to_owned(), Node::Leaf(Value::from(local.minute())));
    fields.insert("year".to_owned(), Node::Leaf(Value::from(today.year())));
    fields.insert("hour".to_owned(), Node::Leaf(Value::from(local.hour())));
    fields.insert("day".to_owned(), Node::Leaf(Value::from(today.day())));
    fields.insert("month".to_owned(), Node::Leaf(Value::from(today.month())));
    fields.insert("weekday".to_owned(), Node::Leaf(Value::from(weekday)));
    fields.insert("lunar".to_owned(), Node::Leaf(Value::from(lunar)));
    fields.insert(
        "festival".to_owned(),
        Node::Leaf(Value::from(festivals.join(lang.pick("、", ", ")))),
    );
    fields.insert("workday".to_owned(), Node::Leaf(Value::from(worked.is_worked())));
    fields.insert(
        "holiday".to_owned(),
        Node::Leaf(Value::from(matches!(worked, DayKind::Holiday(_)))),
    );
    whole(Node::Branch(fields))
}

fn value(draft: &Draft<'_>, fact: &Fact) -> Value {
    match fact {
        Fact::Text(text) => Value::from(text.clone()),
        Fact::Number(number) => Value::from(*number),
        Fact::Money(fen) => Value::from_object(Money(*fen)),
        Fact::Moment(moment) => Value::from_object(time(draft, *moment)),
        Fact::List(lines) => Value::from(lines.clone()),
        Fact::Truth(truth) => Value::from(*truth),
    }
}

fn time(draft: &Draft<'_>, moment: Moment) -> LocalTime {
    LocalTime {
        at: moment.in_zone(&draft.books.house.zone),
        lang: draft.lang(),
    }
}

/// Puts a value under a dotted name; a later value of the same name wins.
fn insert(into: &mut BTreeMap<String, Node>, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            into.insert(name.to_owned(), Node::Leaf(value));
        }
        Some((first, rest)) => {
            let branch = into
                .entry(first.to_owned())
                .or_insert_with(|| Node::Branch(BTreeMap::new()));
            if let Node::Leaf(_) = branch {
                *branch = Node::Branch(BTreeMap::new());
            }
            if let Node::Branch(fields) = branch {
                insert(fields, rest, value);
            }
        }
    }
}

fn whole(node: Node) -> Value {
    match node {
        Node::Leaf(value) => value,
        Node::Branch(fields) => {
            let fields: BTreeMap<String, Value> = fields.into_iter().map(|(name, node)| (name, whole(node))).collect();
            Value::from_object(fields)
        }
    }
}
