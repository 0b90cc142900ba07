//! What counts as a question. No model, a word list: an operator can read here, and in docs/playbooks.md, why a message
//! was taken for one.

use std::sync::LazyLock;

use regex::Regex;

/// A message that ends with one of these asks.
const ENDINGS: &[&str] = &["吗", "呢", "么"];

/// A message that holds one of these asks, wherever it stands.
const ASKING: &[&str] = &[
    "请问",
    "怎么",
    "咋",
    "什么时候",
    "啥时候",
    "多少",
    "多久",
    "几点",
    "几号",
    "几块",
    "哪里",
    "哪儿",
    "哪个",
    "哪款",
    "哪天",
    "为什么",
    "为啥",
    "有没有",
    "是不是",
    "能不能",
    "可不可以",
    "要不要",
    "会不会",
    "如何",
    "求问",
    "谁知道",
];

/// Any of them: one search for all.
static ASKS: LazyLock<Regex> = LazyLock::new(|| Regex::new(&ASKING.join("|")).expect("they are plain words"));

/// An English message that begins with one of these words asks.
const OPENINGS: &[&str] = &[
    "what",
    "when",
    "where",
    "who",
    "which",
    "why",
    "how",
    "can i",
    "can you",
    "could you",
    "do you",
    "does",
    "is there",
    "are there",
    "is it",
    "may i",
];

/// Whether a message asks something. `folded` is as [`super::fold()`] leaves it.
///
/// A question mark asks if it ends a word and something is asked before it: «？？？» alone asks nothing, and neither does
/// the one in a link.
pub fn is_question(folded: &str) -> bool {
    if !folded.chars().any(char::is_alphanumeric) {
        return false;
    }
    let said = folded.trim_end_matches(|character: char| !character.is_alphanumeric() && character != '?');
    marked(folded)
        || ENDINGS.iter().any(|ending| said.ends_with(ending))
        || ASKS.is_match(folded)
        || OPENINGS.iter().any(|opening| begins(folded, opening))
}

fn marked(folded: &str) -> bool {
    folded.match_indices('?').any(|(at, _)| {
        let next = folded[at + 1..].chars().next();
        at > 0 && !next.is_some_and(|next| next.is_ascii_alphanumeric() || matches!(next, '=' | '&' | '/'))
    })
}

fn begins(folded: &str, opening: &str) -> bool {
    folded
        .strip_prefix(opening)
        .is_some_and(|rest| rest.starts_with([' ', '\'']))
}
