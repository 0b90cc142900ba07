//! `set`: what is kept of a person in words of the operator's own.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use crate::playbook::Effect;
use crate::playbook::wording::Wording;
use crate::playbook::written::Item;

use super::draft::Draft;
use super::effect::Occasion;
use super::phrase;

/// The longest name of a field, in characters.
const NAME_MAX: usize = 32;

/// The fields all rules of a set may set, known before the first wording is read: one book may name what another sets.
pub(super) fn all<'t>(books: impl Iterator<Item = &'t DeTable<'t>>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for book in books {
        for (_, section) in book {
            in_value(section.get_ref(), &mut found);
        }
    }
    found
}

/// A `set` stands in a list of effects, in a rule or a mechanic.
fn in_value(value: &DeValue<'_>, found: &mut BTreeSet<String>) {
    match value {
        DeValue::Array(entries) => entries.iter().for_each(|entry| in_value(entry.get_ref(), found)),
        DeValue::Table(table) => {
            for (key, entry) in table {
                match entry.get_ref() {
                    DeValue::Table(fields) if key.get_ref() == "set" => {
                        let names = fields.iter().map(|(name, _)| name.get_ref().as_ref());
                        found.extend(names.filter(|name| is_name(name)).map(str::to_owned));
                    }
                    other => in_value(other, found),
                }
            }
        }
        _ => {}
    }
}

/// Wording reaches a field as `person.fields.NAME`, so the name is one word of that language.
fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
    let goes_on = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_';
    begins && name.chars().all(goes_on) && name.chars().count() <= NAME_MAX
}

pub(super) fn read<'t>(deed: &Item<'t>, occasion: &Occasion, draft: &mut Draft<'t, '_>) -> Option<Effect> {
    let table = deed.table(&mut draft.problems)?;
    let entries = table.all();
    if entries.is_empty() {
        draft.problems.nothing(&deed.place(), deed.key);
    }
    let mut fields: Vec<(String, Wording)> = Vec::new();
    for entry in entries {
        if !is_name(entry.key) {
            draft.problems.bad_field(&entry.key_place(), entry.key);
            continue;
        }
        if entry.as_text() == Some("") {
            let nothing = Wording::parse("").ok()?;
            fields.push((entry.key.to_owned(), nothing));
            continue;
        }
        let wording = phrase::wording(&entry, &occasion.vocabulary, &mut draft.problems)?;
        fields.push((entry.key.to_owned(), wording));
    }
    (!fields.is_empty()).then_some(Effect::Set { fields })
}
