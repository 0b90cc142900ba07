//! `[suggestions]`.

use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::phrases::SuggestionsPhrases;
use crate::playbook::suggestions::Suggestions;
use crate::playbook::written::Item;

use super::draft::Draft;
use super::{named, phrase};

/// The longest text where nothing is said, in characters.
const LONGEST: u32 = 500;

/// The keys of `[suggestions]`.
pub(super) const KEYS: &[Key] = &[
    key(
        "suggest",
        named::WORDS,
        r#"["建议"]"#,
        (
            "群友发「建议 多放几把椅子」，记一条建议，给一个编号。",
            "Members write “suggest MORE CHAIRS”; it gets a number.",
        ),
    ),
    key(
        "feedback",
        named::WORDS,
        r#"["反馈"]"#,
        (
            "群友发「反馈 茶有点淡」，记一条反馈。",
            "Members write “feedback THE TEA WAS WEAK”.",
        ),
    ),
    key(
        "mine",
        named::WORDS,
        r#"["我的建议"]"#,
        (
            "发这句话，看自己提过的和进展。",
            "Answered with one's own, and how far they came.",
        ),
    ),
    key(
        "list",
        named::WORDS,
        r#"["建议列表"]"#,
        (
            "店员发这句话，看还没办完的。",
            "Staff are answered with those that are not settled.",
        ),
    ),
    key(
        "look",
        named::WORDS,
        r#"["已看"]"#,
        (
            "店员发「已看 12」：告诉提的人看过了。",
            "Staff write “seen 12”: whoever made it is told.",
        ),
    ),
    key(
        "adopt",
        named::WORDS,
        r#"["采纳"]"#,
        (
            "店员发「采纳 12 下周就换」：采纳，后面的话一起告诉提的人。",
            "Staff write “adopt 12 NEXT WEEK”; what follows is told too.",
        ),
    ),
    key(
        "decline",
        named::WORDS,
        r#"["婉拒"]"#,
        (
            "店员发「婉拒 12 地方不够」：不采纳。",
            "Staff write “refuse 12 NO ROOM”: it is not adopted.",
        ),
    ),
    key(
        "done",
        named::WORDS,
        r#"["办好"]"#,
        (
            "店员发「办好 12」：采纳的已经做到。",
            "Staff write “done 12”: what was adopted is done.",
        ),
    ),
    key(
        "each_day",
        COUNT,
        "5",
        ("每人每天最多几条。", "So many of one person in a day."),
    ),
    key(
        "longest",
        Shape::Number(10, 2_000),
        "500",
        ("一条最多几个字。", "Characters in one at most."),
    ),
    key(
        "wording",
        Shape::Phrases(|| SuggestionsPhrases::WORDS),
        r#"{ made = "{{ who }}，记下了（{{ number }} 号）" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Suggestions> {
    let mut table = item.table(&mut draft.problems)?;
    let lang = draft.house.lang;
    let mut words = |key, zh: &str, en: &str| table.words_or(key, lang.pick(zh, en), &mut draft.problems);
    let (suggest, feedback) = (
        words("suggest", "建议", "suggest"),
        words("feedback", "反馈", "feedback"),
    );
    let (mine, list) = (
        words("mine", "我的建议", "my suggestions"),
        words("list", "建议列表", "suggestions"),
    );
    let (look, adopt) = (words("look", "已看", "seen"), words("adopt", "采纳", "adopt"));
    let (decline, done) = (words("decline", "婉拒", "refuse"), words("done", "办好", "done"));
    let each_day = table.count("each_day", &mut draft.problems).unwrap_or(5);
    let longest = table
        .take("longest")
        .and_then(|item| item.number(10, 2_000, &mut draft.problems));
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Suggestions {
        suggest,
        feedback,
        mine,
        list,
        look,
        adopt,
        decline,
        done,
        each_day,
        longest: longest
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(LONGEST as usize),
        phrases,
    })
}
