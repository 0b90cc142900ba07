//! What a book writes once and uses by its name: word lists, wordings, constants, audiences.
//!
//! A list or a wording is used by a table with one key, `{ words = "thanks" }`, which no member can type. Whoever uses it
//! reads the texts that stand under the name, each with its own place; nobody beyond reading learns of names.

use std::collections::BTreeSet;

use toml::de::DeValue;

use crate::chat::Fen;
use crate::playbook::To;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::Problems;
use crate::playbook::problem::language::Wanted;
use crate::playbook::shelf::Shelf;
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::wording::{Condition, Constant, Given};
use crate::playbook::written::Item;

use super::draft::{Draft, Said};
use super::{phrase, words};

/// Words, or the name of a list of them.
pub(super) const WORDS: Shape = Shape::OneOrMany(&Shape::Shared(
    "words",
    &Shape::Either(&[Shape::Text, Shape::Table(&[LIST])]),
));

/// Texts to say, or the name of some.
pub(super) const SAID: Shape = Shape::OneOrMany(&Shape::Shared(
    "wording",
    &Shape::Either(&[Shape::Text, Shape::Table(&[WORDING])]),
));

const LIST: &[Key] = &[key(
    "words",
    Shape::Text,
    r#""thanks""#,
    ("用词表：[words] 里的名字。", "A word list by its name in [words]."),
)
.needed()];

const WORDING: &[Key] = &[key(
    "wording",
    Shape::Text,
    r#""hello""#,
    ("用话术：[wordings] 里的名字。", "Wordings by their name in [wordings]."),
)
.needed()];

pub(super) const WORDINGS: Shape = Shape::Named(&Shape::Texts);

pub(super) const CONSTANTS: Shape = Shape::Named(&Shape::Either(&[
    Shape::Texts,
    Shape::Number(-MOST, MOST),
    Shape::Truth,
    Shape::Table(&[MONEY, DAYS]),
]));

/// The sections of a book.
pub(super) const SECTIONS: [Key; 4] = [
    key(
        "words",
        Shape::Named(&Shape::Texts),
        r#"{ thanks = ["谢谢", "多谢"] }"#,
        (
            "词表：起个名字，触发里写 { words = \"名字\" }。",
            "Word lists, used by their name: { words = \"NAME\" }.",
        ),
    ),
    key(
        "wordings",
        WORDINGS,
        r#"{ hello = "欢迎 {{ who }}" }"#,
        (
            "话术：起个名字，say 里写 { wording = \"名字\" }。",
            "Wordings, said by their name: { wording = \"NAME\" }.",
        ),
    ),
    key(
        "constants",
        CONSTANTS,
        r#"{ shop = "四海小馆", discount = 8 }"#,
        (
            "常量：话术和条件里写 const.名字。金额 { money = \"25.00\" }，天数 { days = \"7d\" }。",
            "Constants, const.NAME in wording and conditions. Amounts { money = \"25.00\" }, days { days = \"7d\" }.",
        ),
    ),
    key(
        "audiences",
        Shape::Named(&Shape::Text),
        r#"{ regulars = "person.orders >= 3" }"#,
        (
            "人群：一个关于人的条件，条件和话术里写 audience.名字。",
            "Audiences: a condition about a person, audience.NAME in conditions and wording.",
        ),
    ),
];

const MONEY: &[Key] = &[key(
    "money",
    Shape::TextOrNumber,
    r#""25.00""#,
    ("金额，单位元。", "An amount in yuan."),
)];

const DAYS: &[Key] = &[key("days", Shape::Text, r#""7d""#, ("天数。", "A number of days."))];

/// The largest number a constant may be.
const MOST: i64 = 1_000_000_000;

/// The longest time a constant may be.
const LONGEST: u16 = 3660;

/// The texts of a list of words, those under a name among them.
pub(super) fn words<'t>(item: &Item<'t>, problems: &mut Problems) -> Option<Vec<(&'t str, Item<'t>)>> {
    let entries = item.one_or_many();
    if entries.is_empty() {
        problems.nothing(&item.place(), item.key);
    }
    let mut texts = Vec::new();
    for entry in entries {
        match entry.is_table() {
            false => texts.extend(entry.texts(problems).unwrap_or_default()),
            true => {
                let list = by_name(&entry, ("words", "words"), problems);
                let list = list.and_then(|list| list.texts(problems)).unwrap_or_default();
                texts.extend(list.into_iter().map(|(text, word)| (text, word.used_by(&entry))));
            }
        }
    }
    (!texts.is_empty()).then_some(texts)
}

/// What is said, texts under a name among them; each is a text.
pub(super) fn wordings<'t>(item: &Item<'t>, problems: &mut Problems) -> Vec<Item<'t>> {
    let entries = item.one_or_many();
    if entries.is_empty() {
        problems.nothing(&item.place(), item.key);
    }
    let mut said = Vec::new();
    for entry in entries {
        if entry.is_table() {
            let named = by_name(&entry, ("wording", "wordings"), problems);
            let texts = named.and_then(|named| named.texts(problems)).unwrap_or_default();
            said.extend(texts.into_iter().map(|(_, text)| text.used_by(&entry)));
        } else if entry.as_text().is_some() {
            said.push(entry);
        } else {
            entry.wrong(Wanted::Words, problems);
        }
    }
    said
}

/// `{ words = "thanks" }`: what stands in the section under this name.
fn by_name<'t>(
    item: &Item<'t>,
    (key, section): (&'static str, &'static str),
    problems: &mut Problems,
) -> Option<Item<'t>> {
    let mut table = item.table(problems)?;
    let name = table.need(key, &format!("{key} = \"thanks\""), problems);
    let name = name.and_then(|name| Some((name.text(problems)?, name)));
    table.finish(problems);
    let (text, name) = name?;
    let found = item.shelf.named(section, text);
    if found.is_none() {
        let known: Vec<&str> = item.shelf.section(section).iter().map(|item| item.key).collect();
        problems.unknown_named(&name.place(), (section, text), &known);
    }
    found
}

/// The constants and audiences of a book, as far as they can be read. `fields` are those of people.
pub(super) fn given<'f>(
    shelf: Shelf<'_>,
    fields: impl IntoIterator<Item = &'f String>,
    problems: &mut Problems,
) -> Given {
    let mut given = Given::default();
    for item in shelf.section("constants") {
        if is_name(&item, "const", problems)
            && let Some(constant) = constant(&item, problems)
        {
            given.constant(item.key, &constant);
        }
    }
    let about_a_person = with(&given, Vocabulary::of_audience().with_fields(fields));
    for item in shelf.section("audiences") {
        if is_name(&item, "audience", problems)
            && let Some(text) = item.text(problems)
        {
            phrase::audience(&item, &given, &about_a_person, problems);
            given.audience(item.key, text);
        }
    }
    given
}

/// A vocabulary with the names a book gives.
pub(super) fn with(given: &Given, vocabulary: Vocabulary) -> Vocabulary {
    given.sorts().fold(vocabulary, |all, (name, sort)| all.with(name, sort))
}

/// Wording reaches it as `const.NAME`, so the name is one word of that language.
fn is_name(item: &Item<'_>, of: &str, problems: &mut Problems) -> bool {
    let one_word = item
        .key
        .chars()
        .all(|character| character.is_alphanumeric() || character == '_');
    let fits = one_word && Condition::parse(&format!("{of}.{}", item.key)).is_ok();
    if !fits {
        problems.bad_given_name(&item.key_place(), item.key, of);
    }
    fits
}

fn constant(item: &Item<'_>, problems: &mut Problems) -> Option<Constant> {
    if item.is_table() {
        let mut table = item.table(problems)?;
        let (money, days) = (table.take("money"), table.take("days"));
        let constant = match (money, days) {
            (Some(money), None) => money.money(problems).map(|amount: Fen| Constant::Money(amount)),
            (None, Some(days)) => words::days(&days, LONGEST, problems).map(Constant::Days),
            (Some(_), Some(days)) => {
                problems.contradiction(&days.key_place(), "money", "days");
                return None;
            }
            (None, None) => {
                problems.missing_key(&item.place(), "money", "money = \"25.00\"");
                None
            }
        };
        table.finish(problems);
        return constant;
    }
    if item.is_list() {
        let texts = item.texts(problems)?;
        return Some(Constant::List(
            texts.iter().map(|(text, _)| (*text).to_owned()).collect(),
        ));
    }
    match (item.as_text(), item.as_number(), item.as_truth()) {
        (Some(text), ..) if text.trim().is_empty() => {
            problems.nothing(&item.place(), item.key);
            None
        }
        (Some(text), ..) => Some(Constant::Text(text.to_owned())),
        (_, Some(_), _) => item.number(-MOST, MOST, problems).map(Constant::Number),
        (_, _, Some(truth)) => Some(Constant::Truth(truth)),
        _ => {
            let wanted = Wanted::Either(
                "文字、整数、true / false、文字的列表，或 { money = \"25.00\" }、{ days = \"7d\" }",
                "a text, a whole number, true or false, a list of texts, { money = \"25.00\" } or { days = \"7d\" }",
            );
            item.wrong(wanted, problems);
            None
        }
    }
}

/// Texts under a name are read by members too; and what nobody uses is told.
pub(super) fn looked_over<'t>(shelf: Shelf<'t>, source: usize, draft: &mut Draft<'t, '_>) {
    for item in shelf.section("constants") {
        if item.as_text().is_some() {
            draft.said.push(Said {
                item,
                coupons: Vec::new(),
                by: format!("const.{}", item.key),
                to: To::Group,
                rule: None,
            });
        }
    }
    // Read where they are used; those nobody uses, here.
    for item in ["words", "wordings"].iter().flat_map(|section| shelf.section(section)) {
        item.texts(&mut draft.problems);
    }
    // In some groups it has others of the same names.
    if draft.again {
        return;
    }
    let mut used = Used::default();
    for (_, value) in shelf.book {
        used.look(value.get_ref());
    }
    for section in ["words", "wordings", "constants", "audiences"] {
        for item in shelf
            .section(section)
            .into_iter()
            .filter(|item| item.source() == source)
        {
            if !used.has(section, item.key) {
                draft.problems.unused(&item.key_place(), section, item.key);
            }
        }
    }
}

/// What a book names somewhere.
#[derive(Default)]
struct Used {
    words: BTreeSet<String>,
    wordings: BTreeSet<String>,
    /// Every text that might name a constant or an audience.
    texts: Vec<String>,
}

impl Used {
    fn look(&mut self, value: &DeValue<'_>) {
        match value {
            DeValue::String(text) if text.contains("const.") || text.contains("audience.") => {
                self.texts.push(text.as_ref().to_owned());
            }
            DeValue::Array(entries) => entries.iter().for_each(|entry| self.look(entry.get_ref())),
            DeValue::Table(table) => {
                for (key, entry) in table {
                    match (key.get_ref().as_ref(), entry.get_ref()) {
                        ("words", DeValue::String(name)) => _ = self.words.insert(name.as_ref().to_owned()),
                        ("wording", DeValue::String(name)) => _ = self.wordings.insert(name.as_ref().to_owned()),
                        (_, other) => self.look(other),
                    }
                }
            }
            _ => {}
        }
    }

    fn has(&self, section: &str, name: &str) -> bool {
        let named = |of: &str| {
            let whole = format!("{of}.{name}");
            let ends = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
            self.texts.iter().any(|text| {
                text.match_indices(&whole)
                    .any(|(at, _)| ends(&text[at + whole.len()..]))
            })
        };
        match section {
            "words" => self.words.contains(name),
            "wordings" => self.wordings.contains(name),
            "constants" => named("const"),
            _ => named("audience"),
        }
    }
}
