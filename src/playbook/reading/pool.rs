//! `pool = "codes/coffee.txt"`: codes bought elsewhere.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::chat::CouponCode;
use crate::playbook::beside;
use crate::playbook::pool::{CODE_MAX, CODES_MAX, Pool};
use crate::playbook::written::{Item, Table};

use super::draft::Draft;

/// Staff are told when a tenth of the codes is left, but not of more than so many.
const WARN_MOST: u32 = 50;

pub(super) fn read<'t>(table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<Arc<Pool>> {
    let item = table.take("pool");
    let warn_item = table.take("warn_at");
    let warn_at = warn_item.and_then(|item| item.count(&mut draft.problems));
    let Some(item) = item else {
        if let Some(warn) = warn_item {
            draft.problems.needs(&warn.key_place(), "warn_at", "pool");
        }
        return None;
    };
    let codes = codes(&item, draft)?;
    let tenth = u32::try_from(codes.len() / 10).unwrap_or(u32::MAX);
    Some(Arc::new(Pool {
        warn_at: warn_at.unwrap_or(tenth.clamp(1, WARN_MOST)),
        codes,
    }))
}

/// The lines of the file. No problem shows a code: it names the line.
fn codes<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Vec<CouponCode>> {
    let (name, text) = file(item, draft)?;
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut codes = Vec::new();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{FEFF}').lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.len() > CODE_MAX || line.chars().any(char::is_whitespace) || line.contains('…') {
            draft.problems.bad_code(&item.place(), (&name, number));
        } else if let Some(before) = first.insert(line, number) {
            draft.problems.code_twice(&item.place(), &name, (before, number));
        } else {
            codes.push(CouponCode::new(line));
        }
    }
    if codes.is_empty() {
        draft.problems.no_codes(&item.place(), &name);
    }
    if codes.len() > CODES_MAX {
        draft
            .problems
            .out_of_range(&item.place(), &codes.len().to_string(), 1, 20_000);
    }
    (!codes.is_empty() && codes.len() <= CODES_MAX).then_some(codes)
}

/// A file beside the playbook: what it is called, and what stands in it.
fn file<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<(String, &'t str)> {
    let path = item.text(&mut draft.problems)?;
    let book = draft
        .sources
        .get(item.source())
        .map_or("", |source| source.name.as_str());
    let Some(name) = beside::place(book, path).filter(|name| beside::is_beside(name)) else {
        draft.problems.bad_path(&item.place(), path);
        return None;
    };
    let found = draft.sources.iter().find(|source| source.name == name);
    if found.is_none() {
        draft.problems.not_beside(&item.place(), &name);
    }
    found.map(|source| (name, source.text.as_str()))
}
