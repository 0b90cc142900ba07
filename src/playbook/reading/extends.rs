//! `extends`: a book takes everything over from another, with changes. What it writes itself stands in the place of what
//! the other writes under the same name, key by key; what it does not write is as it stands in the other file.
//!
//! Nothing beyond this knows of it: a value tells by its place which file it stands in.

use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};

use crate::chat::Source;
use crate::playbook::beside::is_beside;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::{Place, Problems};
use crate::playbook::shelf::Shelf;
use crate::playbook::wording::Given;
use crate::playbook::written::{Item, Table};

use super::{SHAPE, book};

/// The keys that say so.
pub(super) const KEYS: [Key; 3] = [
    key(
        "extends",
        Shape::Text,
        r#""welcome.toml""#,
        (
            "照另一个剧本来，只写要改的：同名的规则、券、投票、测试等逐个键改。",
            "Everything of another playbook, with changes: what has the same name is changed key by key.",
        ),
    ),
    key(
        "without",
        Shape::Texts,
        r#"["群规", "coupon.newcomer"]"#,
        (
            "不要另一个剧本里的哪些：规则或测试的名字，或「小节.名字」。",
            "What is not taken over: names of rules and tests, or SECTION.NAME.",
        ),
    ),
    key(
        "template",
        Shape::Truth,
        "true",
        (
            "只给别的剧本 extends 用，自己不上场。",
            "For other playbooks to extend; it does not play itself.",
        ),
    ),
];

/// Sections that hold things under names, each with keys of its own.
const NAMED: [&str; 15] = [
    "coupon",
    "vote",
    "draw",
    "survey",
    "quiz",
    "event",
    "cadence",
    "check_in",
    "shop",
    "column",
    "referral",
    "source",
    "admission",
    "winback",
    "membership",
];
/// Sections whose keys are taken one by one.
const KEYED: [&str; 21] = [
    "words",
    "wordings",
    "constants",
    "audiences",
    "allow",
    "birthday",
    "points",
    "exchange",
    "redemption",
    "claim",
    "memberships",
    "tiers",
    "rfm",
    "super_users",
    "tags",
    "sources",
    "answers",
    "suggestions",
    "linking",
    "opting_out",
    "privacy",
];
/// Lists of things with a `name`.
const LISTS: [&str; 5] = ["rule", "answer", "guard", "test", "tier"];

/// A file as it is read.
#[derive(Debug)]
pub(super) struct Whole<'t> {
    pub table: DeTable<'t>,
    /// It is not only there to be extended.
    pub plays: bool,
    /// The file it extends, by its place among the sources.
    pub base: Option<usize>,
}

type Value<'t> = Spanned<DeValue<'t>>;
type Entry<'t> = (Spanned<DeString<'t>>, Value<'t>);
/// What is at a key two tables have.
type Both<'b, 't> = &'b dyn Fn(&str, Value<'t>, Value<'t>) -> Value<'t>;

/// What one file says about others.
struct Said<'o, 't> {
    extends: Option<(usize, Item<'o>)>,
    without: Vec<(&'o str, Item<'o>)>,
    template: bool,
    own: &'o DeTable<'t>,
}

/// Every file with what it takes over; `own` is what each writes itself.
pub(super) fn wholes<'t>(sources: &[Source], own: &[DeTable<'t>], problems: &mut Problems) -> Vec<Whole<'t>> {
    let names: Vec<&str> = sources.iter().map(|source| book::name_of(&source.name)).collect();
    let nothing = Given::default();
    let mut said = Vec::new();
    for (index, table) in own.iter().enumerate() {
        let keys = Table::whole(Shelf::of(sources, table, &nothing), index, &SHAPE);
        said.push(read(keys, (index, table), &names, problems));
    }
    let extended = |index: usize| {
        said.iter()
            .any(|it| it.extends.as_ref().is_some_and(|(base, _)| *base == index))
    };
    let mut wholes = Vec::new();
    for (index, one) in said.iter().enumerate() {
        if one.template && !extended(index) {
            problems.idle_template(&Place::at(index, 0..0), names[index]);
        }
        let base = one.extends.as_ref().filter(|(base, item)| {
            let chained = said[*base].extends.is_some();
            if chained {
                problems.extends_twice(&item.place(), names[*base]);
            }
            !chained
        });
        let table = match base {
            None => one.own.clone(),
            Some((base, _)) => {
                let taken = less(own[*base].clone(), &one.without, problems);
                laid(taken, one.own.clone(), &section)
            }
        };
        wholes.push(Whole {
            table,
            plays: !one.template && !is_beside(&sources[index].name),
            base: base.map(|(base, _)| *base),
        });
    }
    wholes
}

fn read<'o, 't>(
    mut table: Table<'o>,
    (index, own): (usize, &'o DeTable<'t>),
    names: &[&str],
    problems: &mut Problems,
) -> Said<'o, 't> {
    let item = table.take("extends");
    let without = table.take("without");
    if let (Some(without), None) = (&without, &item) {
        problems.without_what(&without.key_place());
    }
    let extends = item.and_then(|item| {
        let wanted = book::name_of(item.text(problems)?);
        let found = names.iter().position(|name| *name == wanted);
        match found {
            Some(base) if base != index => Some((base, item)),
            _ => {
                let others: Vec<&str> = names.iter().copied().filter(|name| *name != names[index]).collect();
                problems.no_such_book(&item.place(), wanted, (wanted == names[index], &others));
                None
            }
        }
    });
    Said {
        extends,
        without: without.and_then(|item| item.texts(problems)).unwrap_or_default(),
        template: table.truth("template", problems).unwrap_or(false),
        own,
    }
}

/// A file without what is not wanted of it, and without what it says of itself.
fn less<'t>(mut base: DeTable<'t>, without: &[(&str, Item<'_>)], problems: &mut Problems) -> DeTable<'t> {
    for key in ["extends", "without", "template"] {
        base.remove(key);
    }
    for (name, item) in without {
        if !taken_out(&mut base, name) {
            let known = known(&base);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            problems.not_there(&item.place(), name, &known);
        }
    }
    base
}

fn taken_out(base: &mut DeTable<'_>, name: &str) -> bool {
    if let Some((section, name)) = name.split_once('.')
        && let Some(DeValue::Table(table)) = base.get_mut(section).map(Spanned::get_mut)
        && table.remove(name).is_some()
    {
        return true;
    }
    if KEYED.contains(&name) && base.remove(name).is_some() {
        return true;
    }
    let mut found = false;
    for list in LISTS {
        if let Some(DeValue::Array(entries)) = base.get_mut(list).map(Spanned::get_mut) {
            let others = entries.iter().filter(|entry| name_of(entry.get_ref()) != Some(name));
            let others: DeArray<'_> = others.cloned().collect();
            found |= others.len() < entries.len();
            *entries = others;
        }
    }
    found
}

/// What `without` can name.
fn known(base: &DeTable<'_>) -> Vec<String> {
    let mut known = Vec::new();
    for (key, value) in base {
        match value.get_ref() {
            DeValue::Array(entries) => {
                let names = entries.iter().filter_map(|entry| name_of(entry.get_ref()));
                known.extend(names.map(str::to_owned));
            }
            DeValue::Table(table) => {
                known.extend(
                    table
                        .iter()
                        .map(|(name, _)| format!("{}.{}", key.get_ref(), name.get_ref())),
                );
            }
            _ => {}
        }
    }
    known
}

/// The `name` of a rule or a test.
pub(super) fn name_of<'v>(value: &'v DeValue<'_>) -> Option<&'v str> {
    value.as_table()?.get("name")?.get_ref().as_str()
}

/// One table laid over another: the keys of both in the order of the lower, `both` says what is at a key both have.
pub(super) fn laid<'t>(base: DeTable<'t>, own: DeTable<'t>, both: Both<'_, 't>) -> DeTable<'t> {
    let mut own: Vec<Option<Entry<'t>>> = own.into_iter().map(Some).collect();
    let mut laid: Vec<Entry<'t>> = Vec::new();
    for (key, value) in base {
        let same = own
            .iter_mut()
            .find(|it| it.as_ref().is_some_and(|(own, _)| own.get_ref() == key.get_ref()));
        match same.and_then(Option::take) {
            None => laid.push((key, value)),
            Some((own, over)) => {
                let value = both(own.get_ref(), value, over);
                laid.push((own, value));
            }
        }
    }
    laid.into_iter().chain(own.into_iter().flatten()).collect()
}

/// The upper one as it stands.
pub(super) fn replaced<'t>(_: &str, _: Value<'t>, own: Value<'t>) -> Value<'t> {
    own
}

/// One section laid over the same one of another file.
fn section<'t>(key: &str, base: Value<'t>, own: Value<'t>) -> Value<'t> {
    let span = own.span();
    let value = match (base.into_inner(), own.into_inner()) {
        (DeValue::Table(base), DeValue::Table(own)) if NAMED.contains(&key) => {
            DeValue::Table(laid(base, own, &key_by_key))
        }
        (DeValue::Table(base), DeValue::Table(own)) if KEYED.contains(&key) => {
            DeValue::Table(laid(base, own, &replaced))
        }
        (DeValue::Array(base), DeValue::Array(own)) if LISTS.contains(&key) => {
            let mut own: Vec<Option<Value<'t>>> = own.into_iter().map(Some).collect();
            let mut all = Vec::new();
            for entry in base {
                let same = own.iter_mut().find(|it| {
                    let name = it.as_ref().and_then(|it| name_of(it.get_ref()));
                    name.is_some() && name == name_of(entry.get_ref())
                });
                all.push(match same.and_then(Option::take) {
                    None => entry,
                    Some(over) => key_by_key("", entry, over),
                });
            }
            DeValue::Array(all.into_iter().chain(own.into_iter().flatten()).collect())
        }
        // Of several that fit a group the first counts, so one's own stand before the other's.
        (DeValue::Array(base), DeValue::Array(own)) if key == "override" => {
            DeValue::Array(own.into_iter().chain(base).collect())
        }
        (_, own) => own,
    };
    Spanned::new(span, value)
}

fn key_by_key<'t>(_: &str, base: Value<'t>, own: Value<'t>) -> Value<'t> {
    let span = own.span();
    let value = match (base.into_inner(), own.into_inner()) {
        (DeValue::Table(base), DeValue::Table(own)) => DeValue::Table(laid(base, own, &replaced)),
        (_, own) => own,
    };
    Spanned::new(span, value)
}
