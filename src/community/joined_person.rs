//! Two people as one, and parted again: who they are, and what they bought.

use super::joining::either;
use super::person::{Person, Trade};
use crate::chat::Fen;

pub fn join_people(own: &Person, brought: &Person) -> Person {
    let Person {
        name,
        birthday,
        tags,
        fields,
        home,
        consented_at,
        forgotten_at,
        trade,
        source,
        heard_from: _,
    } = brought;
    let mut all = fields.clone();
    all.extend(own.fields.clone());
    Person {
        name: if own.name.is_empty() { name } else { &own.name }.clone(),
        birthday: own.birthday.or(*birthday),
        tags: own.tags.union(tags).cloned().collect(),
        fields: all,
        home: own.home.as_ref().or(home.as_ref()).cloned(),
        consented_at: own.consented_at.or(*consented_at),
        forgotten_at: own.forgotten_at.max(*forgotten_at),
        trade: either(own.trade.as_ref(), trade.as_ref(), |own, brought| {
            Box::new(join_trades(own, brought))
        }),
        source: own.source.as_ref().or(source.as_ref()).cloned(),
        heard_from: own.heard_from.clone(),
    }
}

fn join_trades(own: &Trade, brought: &Trade) -> Trade {
    Trade {
        orders: own.orders.saturating_add(brought.orders),
        spend: own.spend + brought.spend,
        first_at: own.first_at.min(brought.first_at),
        last_at: own.last_at.max(brought.last_at),
        ordered: own.ordered.and(&brought.ordered),
        spent: own.spent.and(&brought.spent),
    }
}

/// A tag or a field that was taken away while they were one is away for both.
pub fn part_people(now: &Person, own: Option<&Person>, brought: Option<&Person>) -> (Option<Person>, Option<Person>) {
    let Some(brought) = brought else {
        return (Some(now.clone()), None);
    };
    let nobody = Person::default();
    let before = own.unwrap_or(&nobody);
    let (kept, back) = part_trades(now.trade.as_deref(), before.trade.as_deref(), brought.trade.as_deref());
    let only_theirs = |tag: &&crate::chat::Tag| brought.tags.contains(*tag) && !before.tags.contains(*tag);
    let as_brought = |key: &str, value: &str| {
        brought.fields.get(key).is_some_and(|it| **it == *value) && !before.fields.contains_key(key)
    };
    let told_by_them = before.birthday.is_none() && now.birthday == brought.birthday;
    let came_with_them = before.source.is_none() && now.source == brought.source;
    let left = Person {
        birthday: now.birthday.filter(|_| !told_by_them),
        tags: now.tags.iter().filter(|tag| !only_theirs(tag)).cloned().collect(),
        fields: now
            .fields
            .iter()
            .filter(|(key, value)| !as_brought(key, value))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        trade: kept.map(Box::new),
        source: now.source.clone().filter(|_| !came_with_them),
        ..now.clone()
    };
    let theirs = Person {
        tags: brought.tags.intersection(&now.tags).cloned().collect(),
        fields: brought
            .fields
            .iter()
            .filter(|(key, _)| now.fields.contains_key(*key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        trade: back.map(Box::new),
        ..brought.clone()
    };
    (Some(left), Some(theirs))
}

/// Never more than there is, whoever's orders went back meanwhile.
fn part_trades(now: Option<&Trade>, own: Option<&Trade>, brought: Option<&Trade>) -> (Option<Trade>, Option<Trade>) {
    let (Some(now), Some(brought)) = (now, brought) else {
        return (now.cloned(), None);
    };
    let back = Trade {
        orders: brought.orders.min(now.orders),
        spend: brought.spend.min(now.spend.max(Fen::ZERO)),
        ..brought.clone()
    };
    let left = Trade {
        orders: now.orders - back.orders,
        spend: now.spend - back.spend,
        first_at: own.map_or(now.first_at, |own| own.first_at),
        last_at: now.last_at,
        ordered: now.ordered.less(&brought.ordered),
        spent: now.spent.less(&brought.spent),
    };
    let nothing = own.is_none() && left.orders == 0 && left.spend == Fen::ZERO;
    ((!nothing).then_some(left), Some(back))
}
