//! One file.

use std::collections::BTreeMap;

use crate::playbook::problem::Place;
use crate::playbook::written::{Item, Table};
use crate::playbook::{GroupFilter, Playbook};

use super::draft::{Draft, Thing};
use super::{cadence, coupon, gathering, points, rule, story, telling, vote};

/// What every part of a book needs to know about it.
#[derive(Debug)]
pub(super) struct Binding<'b> {
    pub book: &'b str,
    pub groups: &'b GroupFilter,
}

/// The file's name without its directory and `.toml`.
pub(crate) fn name_of(path: &str) -> &str {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.strip_suffix(".toml").unwrap_or(file)
}

pub(super) fn read<'t>(path: &'t str, mut table: Table<'t>, draft: &mut Draft<'t, '_>) -> Playbook {
    let name = name_of(path);
    let whole = table.place.clone();
    draft.define(Thing::Book, name, whole);
    let title = table.text("title", &mut draft.problems).unwrap_or(name).to_owned();
    let groups = groups(&mut table, draft);
    let binding = Binding {
        book: name,
        groups: &groups,
    };
    let coupons = named(table.take("coupon"), Thing::Coupon, draft, coupon::read);
    for (name, coupon) in &coupons {
        draft
            .worth
            .entry(name.as_str().to_owned())
            .or_insert_with(|| coupon.clone());
    }
    let telling = table.take("birthday").and_then(|item| {
        draft.define(Thing::Telling, "birthday", item.key_place());
        telling::read(item, draft)
    });
    let points = table.take("points").and_then(|item| {
        draft.define(Thing::Points, "points", item.key_place());
        points::read(item, draft)
    });
    let votes = named(table.take("vote"), Thing::Vote, draft, |item, draft| {
        vote::read(item, &binding, draft)
    });
    let gatherings = named(table.take("event"), Thing::Event, draft, |item, draft| {
        gathering::read(item, &binding, draft)
    });
    let cadences = named(table.take("cadence"), Thing::Cadence, draft, cadence::read);
    let rules = each(table.take("rule"), draft, |item, draft| {
        rule::read(item, &binding, draft)
    });
    let stories = each(table.take("test"), draft, |item, draft| {
        story::read(item, &binding, draft)
    });
    table.finish(&mut draft.problems);
    Playbook {
        name: name.to_owned(),
        title,
        groups,
        rules,
        coupons: keyed(coupons),
        votes: keyed(votes),
        gatherings: keyed(gatherings),
        cadences: keyed(cadences),
        telling,
        points,
        stories,
    }
}

fn groups<'t>(table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> GroupFilter {
    let patterns = table
        .take("groups")
        .and_then(|item| item.texts(&mut draft.problems))
        .unwrap_or_default();
    GroupFilter {
        patterns: patterns.iter().map(|(text, _)| (*text).to_owned()).collect(),
    }
}

/// `[thing.NAME]`, each under its own name.
fn named<'t, 'h, T>(
    item: Option<Item<'t>>,
    thing: Thing,
    draft: &mut Draft<'t, 'h>,
    mut read: impl FnMut(Item<'t>, &mut Draft<'t, 'h>) -> Option<T>,
) -> Vec<(String, T)> {
    let Some(table) = item.and_then(|item| item.table(&mut draft.problems)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in table.all() {
        draft.define(thing, entry.key, entry.key_place());
        if let Some(one) = read(entry, draft) {
            found.push((entry.key.to_owned(), one));
        }
    }
    found
}

fn keyed<Name: for<'a> From<&'a str> + Ord, T>(found: Vec<(String, T)>) -> BTreeMap<Name, T> {
    found
        .into_iter()
        .map(|(name, one)| (Name::from(name.as_str()), one))
        .collect()
}

/// `[[thing]]`.
fn each<'t, 'h, T>(
    item: Option<Item<'t>>,
    draft: &mut Draft<'t, 'h>,
    mut read: impl FnMut(Item<'t>, &mut Draft<'t, 'h>) -> Option<T>,
) -> Vec<T> {
    let entries = item.and_then(|item| item.list(&mut draft.problems)).unwrap_or_default();
    let mut found = Vec::new();
    for entry in entries {
        found.extend(read(entry, draft));
    }
    found
}

/// Where a `name` stands, or the table when there is none.
pub(super) fn name_place(item: Option<&Item<'_>>, table: &Table<'_>) -> Place {
    item.map_or_else(|| table.place.clone(), Item::place)
}
