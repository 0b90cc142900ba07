//! The scene: what wording and conditions can name on an occasion.

use std::collections::BTreeMap;

use minijinja::Value;

use crate::calendar::{self, DayCounts, DayKind, LunarDate, festival};
use crate::chat::{Fen, GroupId, JoinedHow, Lang, Moment, PersonId};
use crate::community::change::{Fact, Occasion};
use crate::community::person::Trade;
use crate::playbook::wording::{LocalTime, Money, Wanted, Window};

use super::draft::Draft;
use super::{membership, points, scores, source, tier};

/// More names than this are counted, not listed.
const NAMES_LISTED: usize = 12;

/// A value, or values under names.
enum Node {
    Leaf(Value),
    Branch(BTreeMap<String, Node>),
}

/// A scene being set: what nobody looks up is not worked out.
struct Setting<'w> {
    wanted: &'w Wanted,
    root: BTreeMap<String, Node>,
}

impl Setting<'_> {
    fn put(&mut self, name: &str, value: impl FnOnce() -> Value) {
        if self.wanted.has(name) {
            insert(&mut self.root, name, value());
        }
    }
}

/// What wording can name now, as far as this one does.
pub fn scene(draft: &Draft<'_>, occasion: &Occasion, wanted: &Wanted) -> Value {
    let mut setting = Setting {
        wanted,
        root: BTreeMap::new(),
    };
    let named = |person| draft.community.name_of(occasion.group.as_ref(), person);
    let names = || occasion.people.iter().map(named).collect::<Vec<String>>();
    setting.put("who", || Value::from(listed(&names(), draft.lang())));
    setting.put("people", || Value::from(names()));
    setting.put("text", || Value::from(occasion.text.clone()));
    setting.put("house.name", || Value::from(draft.books.house.name.clone()));
    if wanted.has("now") {
        now(draft, &mut setting);
    }
    if let Some(group) = &occasion.group {
        setting.put("group.name", || Value::from(group_name(draft, group)));
        setting.put("group.size", || {
            Value::from(draft.community.groups().get(group).map_or(0, |group| group.size))
        });
    }
    if let Some(id) = occasion.people.first() {
        if ["person", "ordered", "spent"].into_iter().any(|name| wanted.has(name)) {
            person(draft, id, &mut setting);
        }
        if ["member", "spoke", "joined"].into_iter().any(|name| wanted.has(name)) {
            member(draft, occasion.group.as_ref(), id, &mut setting);
        }
    }
    for (name, fact) in &occasion.facts {
        setting.put(name, || value(draft, fact));
    }
    whole(Node::Branch(setting.root))
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

fn person(draft: &Draft<'_>, id: &PersonId, setting: &mut Setting<'_>) {
    let person = draft.community.people().get(id);
    let trade = person.and_then(|person| person.trade.as_deref());
    setting.put("person.name", || Value::from(draft.community.name_of(None, id)));
    setting.put("person.orders", || Value::from(trade.map_or(0, |trade| trade.orders)));
    setting.put("person.spend", || {
        Value::from_object(Money(trade.map_or(Fen::ZERO, |trade| trade.spend)))
    });
    setting.put("person.points", || Value::from(points::purse(draft, id).balance));
    setting.put("person.cards", || Value::from(membership::names(draft, id)));
    setting.put("person.ledger", || {
        Value::from(points::lines(draft, &points::purse(draft, id)))
    });
    if setting.wanted.has("person.fields") {
        let mut fields = draft.fields_of(id);
        for field in &draft.books.fields {
            let value = fields.remove(field.as_str()).unwrap_or_default();
            setting.put(&format!("person.fields.{field}"), || Value::from(String::from(value)));
        }
    }
    climbed(draft, id, setting);
    let since = |at: fn(&Trade) -> Moment| {
        trade.map_or(Value::from(()), |trade| {
            Value::from(draft.now.since(at(trade)).as_secs() / 86_400)
        })
    };
    setting.put("person.first_order_days", || since(|trade| trade.first_at));
    setting.put("person.last_order_days", || since(|trade| trade.last_at));
    let counted = |of: fn(&Trade) -> &DayCounts, money| {
        Value::from_object(Window {
            counts: trade.map_or_else(DayCounts::default, |trade| of(trade).clone()),
            today: draft.today(),
            money,
        })
    };
    setting.put("ordered", || counted(|trade| &trade.ordered, false));
    setting.put("spent", || counted(|trade| &trade.spent, true));
    setting.put("person.tags", || {
        let tags = person.map_or_else(Vec::new, |person| person.tags.iter().map(ToString::to_string).collect());
        Value::from(tags)
    });
    setting.put("person.birthday", || {
        let birthday = person.and_then(|person| person.birthday);
        Value::from(birthday.map_or_else(String::new, |birthday| match draft.lang() {
            Lang::Zh => birthday.in_chinese(),
            Lang::En => birthday.in_english(),
        }))
    });
}

/// Tiers, scores, and where they come from.
fn climbed(draft: &Draft<'_>, id: &PersonId, setting: &mut Setting<'_>) {
    if setting.wanted.has_any("person.tier") {
        let tier = tier::shown(draft, id);
        setting.put("person.tier", || Value::from(tier.name));
        setting.put("person.tier_title", || Value::from(tier.title));
        setting.put("person.tier_rank", || Value::from(tier.rank));
        setting.put("person.tier_next", || Value::from(tier.next));
        setting.put("person.tier_missing", || Value::from(tier.missing));
    }
    if setting.wanted.has("person.rfm") {
        let [r, f, m] = scores::rfm(draft, id);
        for (name, score) in [("r", r), ("f", f), ("m", m), ("sum", r + f + m)] {
            setting.put(&format!("person.rfm.{name}"), || Value::from(score));
        }
    }
    setting.put("person.source", || Value::from(source::shown(draft, id).0));
    setting.put("person.source_title", || Value::from(source::shown(draft, id).1));
    setting.put("person.super", || Value::from(scores::super_user(draft, id).0));
    setting.put("person.super_score", || Value::from(scores::super_user(draft, id).1));
}

fn member(draft: &Draft<'_>, group: Option<&GroupId>, id: &PersonId, setting: &mut Setting<'_>) {
    let Some(member) = group.and_then(|group| draft.community.member(group, id)) else {
        return;
    };
    setting.put("member.card", || Value::from(crate::chat::fold::shown(&member.card)));
    setting.put("member.joins", || Value::from(member.joins));
    setting.put("member.spoken", || Value::from(member.spoken));
    setting.put("member.here", || Value::from(member.is_here()));
    setting.put("member.invited_by", || {
        let host = member.by.as_ref();
        Value::from(host.map_or_else(String::new, |host| draft.community.name_of(group, host)))
    });
    setting.put("member.source", || Value::from(source(member.how)));
    let days = |since: Option<Moment>| Value::from(since.map_or(0, |at| draft.now.since(at).as_secs() / 86_400));
    setting.put("member.joined_days", || days(member.joined_at));
    setting.put("member.silent_days", || days(member.spoke_at.max(member.joined_at)));
    let counted = |counts: &DayCounts| {
        Value::from_object(Window {
            counts: counts.clone(),
            today: draft.today(),
            money: false,
        })
    };
    setting.put("spoke", || counted(&member.spoke));
    setting.put("joined", || counted(&member.came));
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

fn now(draft: &Draft<'_>, setting: &mut Setting<'_>) {
    let local = draft.local();
    let today = local.date();
    let lang = draft.lang();
    setting.put("now.date", || Value::from(today.to_string()));
    setting.put("now.time", || Value::from(local.strftime("%H:%M").to_string()));
    setting.put("now.minute", || Value::from(local.minute()));
    setting.put("now.year", || Value::from(today.year()));
    setting.put("now.hour", || Value::from(local.hour()));
    setting.put("now.day", || Value::from(today.day()));
    setting.put("now.month", || Value::from(today.month()));
    setting.put("now.weekday", || {
        let (zh, en) = calendar::weekday::called(today.weekday());
        Value::from(lang.pick(zh, en))
    });
    setting.put("now.lunar", || {
        let day = LunarDate::of(today);
        Value::from(day.map_or_else(|_| String::new(), |day| lang.pick(day.in_chinese(), day.in_english())))
    });
    setting.put("now.festival", || {
        let festivals: Vec<&str> = festival::festivals_on(today)
            .into_iter()
            .map(|festival| lang.pick(festival.in_chinese(), festival.in_english()))
            .collect();
        Value::from(festivals.join(lang.pick("、", ", ")))
    });
    let worked = || draft.books.house.workdays.kind_of(today);
    setting.put("now.workday", || Value::from(worked().is_worked()));
    setting.put("now.holiday", || Value::from(matches!(worked(), DayKind::Holiday(_))));
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
