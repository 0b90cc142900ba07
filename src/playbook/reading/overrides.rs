//! `[[override]]`: in some groups a book says and gives something else: other constants and wordings, some rules on or
//! off, and no more than that. Each is the whole book once more with these changes.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::playbook::GroupFilter;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::Problems;
use crate::playbook::written::{Item, Table};

use super::extends::{laid, name_of, replaced};
use super::named;

/// The keys of one.
pub(super) const KEYS: &[Key] = &[
    key(
        "groups",
        Shape::Texts,
        r#"["VIP*"]"#,
        (
            "在哪些群这样改：群名或编号，* 代表任意文字。",
            "The groups it is so in: names or ids, * stands for anything.",
        ),
    )
    .needed(),
    key(
        "constants",
        named::CONSTANTS,
        r#"{ discount = 7 }"#,
        ("换哪些常量。", "Other constants."),
    ),
    key(
        "wordings",
        named::WORDINGS,
        r#"{ hello = "{{ who }}，欢迎" }"#,
        ("换哪些话术。", "Other wordings."),
    ),
    key(
        "off",
        Shape::Texts,
        r#"["群规"]"#,
        ("停用哪些规则。", "Rules switched off."),
    ),
    key(
        "on",
        Shape::Texts,
        r#"["群规"]"#,
        ("启用哪些停用的规则。", "Rules switched on that are off."),
    ),
];

/// The book, and once more for each of its overrides, in their order.
pub(super) fn editions<'t>(whole: &DeTable<'t>) -> Vec<DeTable<'t>> {
    let overrides = whole.get("override").and_then(|value| value.get_ref().as_array());
    let changes = overrides
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.get_ref().as_table());
    let others = changes.map(|change| changed(whole.clone(), change));
    [whole.clone()].into_iter().chain(others).collect()
}

fn changed<'t>(mut whole: DeTable<'t>, change: &DeTable<'t>) -> DeTable<'t> {
    // A test plays in a group of its own, and which book it meets there the group says.
    for section in ["override", "test"] {
        whole.remove(section);
    }
    for section in ["constants", "wordings"] {
        if let (Some(DeValue::Table(base)), Some(DeValue::Table(over))) = (
            whole.get_mut(section).map(Spanned::get_mut),
            change.get(section).map(Spanned::get_ref),
        ) {
            *base = laid(std::mem::take(base), over.clone(), &replaced);
        }
    }
    for (key, off) in [("off", true), ("on", false)] {
        let names = change.get(key).map_or_else(Vec::new, |value| texts(value));
        if let Some(DeValue::Array(rules)) = whole.get_mut("rule").map(Spanned::get_mut) {
            switch(rules, &names, off);
        }
    }
    whole
}

/// The texts of a list, or the one that stands there, each with its place.
fn texts<'v>(value: &'v Spanned<DeValue<'_>>) -> Vec<(&'v str, std::ops::Range<usize>)> {
    match value.get_ref() {
        DeValue::String(text) => vec![(text.as_ref(), value.span())],
        DeValue::Array(entries) => entries
            .iter()
            .filter_map(|entry| Some((entry.get_ref().as_str()?, entry.span())))
            .collect(),
        _ => Vec::new(),
    }
}

fn switch(rules: &mut DeArray<'_>, names: &[(&str, std::ops::Range<usize>)], off: bool) {
    for rule in rules.iter_mut() {
        let named = names.iter().find(|(name, _)| name_of(rule.get_ref()) == Some(name));
        if let Some((_, span)) = named
            && let DeValue::Table(table) = rule.get_mut()
        {
            table.remove("off");
            let key = Spanned::new(span.clone(), "off".into());
            table.insert(key, Spanned::new(span.clone(), DeValue::Boolean(off)));
        }
    }
}

/// The groups of one, once it is made sure that what it changes is there.
pub(super) fn read<'t>(item: &Item<'t>, problems: &mut Problems) -> Option<(GroupFilter, usize)> {
    let mut table = item.table(problems)?;
    let groups = table.need("groups", "groups = [\"VIP*\"]", problems);
    let groups = groups.and_then(|item| item.texts(problems));
    for section in ["constants", "wordings"] {
        changes(&mut table, section, problems);
    }
    for key in ["off", "on"] {
        let names = table
            .take(key)
            .and_then(|item| item.texts(problems))
            .unwrap_or_default();
        let known = rules(item);
        for (name, item) in names.iter().filter(|(name, _)| !known.contains(name)) {
            problems.not_there(&item.place(), name, &known);
        }
    }
    table.finish(problems);
    // Without groups the set is refused; what is changed is looked over all the same.
    let groups = groups.unwrap_or_default();
    let patterns = groups.iter().map(|(text, _)| (*text).to_owned()).collect();
    Some((GroupFilter { patterns }, item.line()))
}

/// Only what the book has can be another in some groups.
fn changes<'t>(table: &mut Table<'t>, section: &'static str, problems: &mut Problems) {
    let Some(written) = table.take(section).and_then(|item| item.table(problems)) else {
        return;
    };
    for item in written.all() {
        if item.shelf.named(section, item.key).is_none() {
            let known: Vec<&str> = item.shelf.section(section).iter().map(|item| item.key).collect();
            problems.not_there(&item.key_place(), item.key, &known);
        }
    }
}

fn rules<'t>(item: &Item<'t>) -> Vec<&'t str> {
    let rules = item.shelf.book.get("rule").and_then(|value| value.get_ref().as_array());
    rules
        .into_iter()
        .flatten()
        .filter_map(|rule| name_of(rule.get_ref()))
        .collect()
}
