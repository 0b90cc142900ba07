//! `call`: a program of the shop's is told.

use crate::chat::CallName;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::written::{Item, Table};
use crate::playbook::{Effect, Wording};

use super::draft::Draft;
use super::effect::Occasion;
use super::phrase;

pub(super) const KEYS: &[Key] = &[
    key(
        "call",
        Shape::Text,
        r#""crm""#,
        (
            "外呼：把这件事告诉自己的系统，config.toml 里的 [calls.名字]。",
            "Tells a program of your own: [calls.NAME] in config.toml.",
        ),
    ),
    key(
        "with",
        Shape::Named(&Shape::Text),
        r#"{ words = "{{ text }}" }"#,
        ("另外带上的内容。", "Fields of your own it is told as well."),
    ),
];

pub(super) fn read<'t>(
    deed: &Item<'t>,
    table: &mut Table<'t>,
    occasion: &Occasion,
    draft: &mut Draft<'t, '_>,
) -> Option<Effect> {
    let with = table.take("with").map(|item| fields(&item, occasion, draft));
    let name = deed.text(&mut draft.problems)?;
    let call = CallName::new(name);
    if !draft.house.calls.contains(&call) {
        let known: Vec<&str> = draft.house.calls.iter().map(CallName::as_str).collect();
        draft.problems.unknown_call(&deed.place(), name, &known);
        return None;
    }
    Some(Effect::Call {
        call,
        with: with.unwrap_or(Some(Vec::new()))?,
    })
}

fn fields<'t>(item: &Item<'t>, occasion: &Occasion, draft: &mut Draft<'t, '_>) -> Option<Vec<(String, Wording)>> {
    let entries = item.table(&mut draft.problems)?.all();
    let mut fields = Vec::with_capacity(entries.len());
    for entry in entries {
        let wording = phrase::wording(&entry, &occasion.vocabulary, &mut draft.problems)?;
        fields.push((entry.key.to_owned(), wording));
    }
    Some(fields)
}
