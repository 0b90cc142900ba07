//! `[column.NAME]`, and the rule that says its pieces.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::chat::{ColumnName, Kind, RuleName, Tag};
use crate::playbook::column::{Column, PIECES_MAX, Piece};
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::phrases::ColumnPhrases;
use crate::playbook::written::Item;
use crate::playbook::{Effect, Opening, Rule, Trigger, beside};

use super::book::Binding;
use super::draft::{Draft, Thing};
use super::{phrase, silence, trigger, words};

/// A time missed by more than this, because the process was down, is not made up for.
const LATE: Duration = Duration::from_secs(6 * 3600);

const KINDS: [(&str, Kind); 3] = [("care", Kind::Care), ("value", Kind::Value), ("promo", Kind::Promo)];

/// The keys of a column.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "title",
        Shape::Text,
        r#""茶知识""#,
        ("栏目叫什么。", "What it is called."),
    ),
    key(
        "pieces",
        Shape::Text,
        r#""pieces/tea""#,
        (
            "内容所在的目录，在剧本旁边：一个 .md 文件一篇，按文件名的先后说。",
            "The folder of its pieces, beside the playbook: an .md file each, said in the order of their names.",
        ),
    )
    .needed(),
    key(
        "on",
        Shape::OneOrMany(&Shape::Shared("trigger", &trigger::SHAPE)),
        r#"{ every = ["tue", "fri"], at = "20:00" }"#,
        (
            "什么时候说一篇；不写就由别的规则用 { piece = \"名字\" } 来说。",
            "When a piece is said; without it other rules say them with { piece = \"NAME\" }.",
        ),
    ),
    key(
        "kind",
        Shape::Choice(|| words::known(&KINDS)),
        r#""value""#,
        (
            "value 干货（默认）、care 关怀、promo 推广。",
            "value (default), care or promo.",
        ),
    ),
    key(
        "hosts",
        Shape::Text,
        r#""栏目主持""#,
        (
            "有这个标签的群友轮流主持，话里报他的名字。",
            "Members with this tag host it in turn, and are named.",
        ),
    ),
    key(
        "mix",
        Shape::Named(&Shape::Number(1, 100)),
        "{ knowledge = 2, story = 1 }",
        (
            "几类内容怎么搭配：每 2 篇知识配 1 篇故事；类写在每篇的开头。",
            "How kinds of pieces are mixed, two of this to one of that; each piece says its kind.",
        ),
    ),
    key(
        "again",
        Shape::Truth,
        "true",
        ("说完一轮从头再来。", "It begins anew once all were said."),
    ),
    key(
        "wording",
        Shape::Phrases(|| ColumnPhrases::WORDS),
        r#"{ said = "【{{ column.title }}】{{ piece.text }}" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

/// A column, and the rule that says its pieces, if it says when.
pub(super) fn read<'t>(
    item: Item<'t>,
    binding: &Binding<'_>,
    draft: &mut Draft<'t, '_>,
) -> Option<(Column, Option<Rule>)> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let title = table.text("title", &mut draft.problems).unwrap_or(item.key).to_owned();
    let pieces_item = table.need("pieces", "pieces = \"pieces/tea\"", &mut draft.problems);
    let pieces = pieces_item.and_then(|item| pieces(&item, draft));
    let on = table.take("on").map(|item| trigger::list(&item, draft));
    let kind = table
        .take("kind")
        .and_then(|item| words::choice(&item, &KINDS, &mut draft.problems));
    let hosts = table.text("hosts", &mut draft.problems).map(Tag::new);
    let mix = table.take("mix").map(|item| mix(&item, draft)).unwrap_or_default();
    let again = table.truth("again", &mut draft.problems).unwrap_or(false);
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    let pieces = pieces?;
    if let Some(item) = pieces_item {
        unmixed(&item, (&pieces, &mix), draft);
    }
    let name = ColumnName::new(item.key);
    let rule = on.filter(|on| !on.is_empty()).map(|on| {
        let rule = RuleName::new(format!("{}/column.{name}", binding.book));
        said_by(rule, (&item, &name), (on, kind.unwrap_or(Kind::Value)))
    });
    let column = Column {
        name,
        line: item.line(),
        title,
        pieces,
        hosts,
        mix,
        again,
        phrases,
    };
    Some((column, rule))
}

/// The rule a column is said by.
fn said_by(name: RuleName, (item, column): (&Item<'_>, &ColumnName), (on, kind): (Vec<Trigger>, Kind)) -> Rule {
    Rule {
        name,
        was: None,
        line: item.line(),
        file: item.file().to_owned(),
        kind,
        off: false,
        on,
        condition: None,
        gather: None,
        after: None,
        late: LATE,
        opening: Opening::default(),
        priority: 0,
        stop: false,
        cooldown: None,
        limit: None,
        then: vec![Effect::Piece { column: column.clone() }],
        otherwise: Vec::new(),
    }
}

/// The files of a folder beside the playbook.
fn pieces<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Vec<Piece>> {
    let path = item.text(&mut draft.problems)?;
    let book = draft
        .sources
        .get(item.source())
        .map_or("", |source| source.name.as_str());
    let Some(folder) = beside::place(book, path) else {
        draft.problems.bad_path(&item.place(), path);
        return None;
    };
    let within = |name: &str| {
        let rest = name
            .strip_prefix(folder.as_str())
            .and_then(|rest| rest.strip_prefix('/'));
        rest.is_some_and(|rest| !rest.contains('/') && rest.ends_with(".md"))
    };
    let sources = draft.sources;
    let mut files: Vec<_> = sources.iter().filter(|source| within(&source.name)).collect();
    files.sort_by(|one, other| one.name.cmp(&other.name));
    if files.is_empty() {
        draft.problems.not_beside(&item.place(), &format!("{folder}/*.md"));
        return None;
    }
    if files.len() > PIECES_MAX {
        draft
            .problems
            .out_of_range(&item.place(), &files.len().to_string(), 1, 2_000);
    }
    let mut pieces = Vec::new();
    for file in files {
        match Piece::read(&file.name, &file.text) {
            Ok(piece) => pieces.push(piece),
            Err(why) => draft.problems.bad_piece(&item.place(), &file.name, &why),
        }
    }
    Some(pieces)
}

fn mix(item: &Item<'_>, draft: &mut Draft<'_, '_>) -> BTreeMap<String, u32> {
    let Some(shares) = item.table(&mut draft.problems) else {
        return BTreeMap::new();
    };
    let mut mix = BTreeMap::new();
    for share in shares.all() {
        if let Some(count) = share.number(1, 100, &mut draft.problems) {
            mix.insert(share.key.to_owned(), u32::try_from(count).unwrap_or(1));
        }
    }
    mix
}

/// Kinds that are mixed and of which there is nothing, and pieces of a kind that is not.
fn unmixed(item: &Item<'_>, (pieces, mix): (&[Piece], &BTreeMap<String, u32>), draft: &mut Draft<'_, '_>) {
    if mix.is_empty() {
        return;
    }
    for kind in mix
        .keys()
        .filter(|kind| pieces.iter().all(|piece| piece.kind != **kind))
    {
        draft.problems.nothing_of_kind(&item.place(), kind);
    }
    if let Some(piece) = pieces.iter().find(|piece| !mix.contains_key(&piece.kind)) {
        draft.problems.kind_not_mixed(&item.place(), &piece.name, &piece.kind);
    }
}

pub(super) const PIECE: &[Key] = &[key(
    "piece",
    Shape::Text,
    r#""tea-class""#,
    (
        "说一篇栏目：[column.名字]。",
        "Says the next piece of a column: [column.NAME].",
    ),
)];

/// `{ piece = "tea-class" }`.
pub(super) fn piece<'t>(deed: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Effect> {
    let name = deed.text(&mut draft.problems)?;
    draft.uses(Thing::Column, name, deed.place());
    Some(Effect::Piece {
        column: ColumnName::new(name),
    })
}
