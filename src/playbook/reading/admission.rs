//! `[admission.NAME]`.

use crate::playbook::GroupFilter;
use crate::playbook::admission::Admission;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::written::Item;

use super::draft::Draft;
use super::{named, phrase};

/// The keys of an `[admission.NAME]`.
pub(super) const KEYS: &[Key] = &[
    key(
        "title",
        Shape::Text,
        r#""户外茶友群""#,
        ("叫什么；不写就是名字。", "What it is called; its name if left out."),
    ),
    key(
        "group",
        Shape::Texts,
        r#""户外茶友*""#,
        (
            "哪个群：群名或编号，* 代表任意文字。",
            "Which group: its name or id, * stands for anything.",
        ),
    )
    .needed(),
    key(
        "audience",
        Shape::Text,
        r#""'户外' in person.tags and person.orders >= 1""#,
        (
            "给谁的：一个关于人的条件。",
            "Whom it is for: a condition about a person.",
        ),
    )
    .needed(),
    key(
        "ask",
        named::WORDS,
        r#"["户外群邀请谁"]"#,
        (
            "店员发这句话，回该邀请谁、还不在群里的人；不写是「邀请名单 名字」。",
            "Staff write this and are answered with those who fit and are not in it; “invite list NAME” if left out.",
        ),
    ),
    key(
        "most",
        Shape::Number(1, 100),
        "20",
        (
            "一次最多列几位；不写是 20。",
            "How many are listed at most; 20 if left out.",
        ),
    ),
];

const MOST: usize = 20;

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Admission> {
    let mut table = item.table(&mut draft.problems)?;
    let title = table.text("title", &mut draft.problems).unwrap_or(item.key).to_owned();
    let group = table.need("group", "group = \"户外茶友*\"", &mut draft.problems);
    let group = group.and_then(|item| item.texts(&mut draft.problems));
    let about_a_person = Vocabulary::of_audience().with_fields(&draft.fields);
    let audience = table
        .need("audience", "audience = \"person.orders >= 1\"", &mut draft.problems)
        .and_then(|item| phrase::condition(&item, &about_a_person, &mut draft.problems));
    let word = draft.house.lang.pick("邀请名单", "invite list");
    let plain = crate::chat::fold(&format!("{word} {}", item.key));
    let ask = table.words("ask", &mut draft.problems).unwrap_or_else(|| vec![plain]);
    let most = table
        .take("most")
        .and_then(|item| item.number(1, 100, &mut draft.problems));
    table.finish(&mut draft.problems);
    Some(Admission {
        name: item.key.to_owned(),
        title,
        group: GroupFilter {
            patterns: group?.iter().map(|(text, _)| (*text).to_owned()).collect(),
        },
        audience: audience?,
        ask,
        most: most.and_then(|most| usize::try_from(most).ok()).unwrap_or(MOST),
    })
}
