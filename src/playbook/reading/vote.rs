//! `[vote.NAME]`.

use std::time::Duration;

use crate::chat::VoteName;
use crate::playbook::Vote;
use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::phrases::VotePhrases;
use crate::playbook::problem::Problems;
use crate::playbook::problem::language::Wanted;
use crate::playbook::trigger::From;
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::vote::{About, Quorum, Tie};
use crate::playbook::written::{Item, Table};

use super::book::Binding;
use super::draft::{Draft, Heard};
use super::effect::{self, Occasion};
use super::{named, phrase, silence, words};

const ABOUT: [(&str, About); 2] = [("group", About::GroupName), ("title", About::Title)];
const TIES: [(&str, Tie); 3] = [("first", Tie::First), ("dice", Tie::Dice), ("nobody", Tie::Nobody)];
/// The keys of a vote.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "about",
        Shape::Choice(|| words::known(&ABOUT)),
        r#""group""#,
        (
            "投的是什么：group 群名，title 一位群友的头衔。",
            "The group's name, or a member's title.",
        ),
    ),
    key(
        "open",
        named::WORDS,
        r#"["起群名"]"#,
        ("说这句话就开始投票。", "These words open it."),
    ),
    key(
        "nominate",
        named::WORDS,
        r#"["起名"]"#,
        ("提名：这个词，再加名字。", "This word, then a name."),
    ),
    key(
        "ballot",
        named::WORDS,
        r#"["投"]"#,
        ("投票：这个词，再加编号。", "This word, then a number."),
    ),
    key(
        "count",
        named::WORDS,
        r#"["票数"]"#,
        ("查看票数。", "Asks for the running count."),
    ),
    key(
        "callers",
        COUNT,
        "3",
        (
            "几位群友要求才开始；不写就只有店员能开始。",
            "So many members open it; without it only staff do.",
        ),
    ),
    key(
        "nominate_for",
        Shape::Text,
        r#""1d""#,
        ("提名开放多久。", "Nominations are taken for this long."),
    ),
    key(
        "open_for",
        Shape::Text,
        r#""2d""#,
        ("投票一共多久。", "It is open for this long."),
    ),
    key(
        "quorum",
        Shape::TextOrNumber,
        r#""20%""#,
        (
            "至少多少票才算数：百分比或票数。",
            "How many must vote: a share or a number.",
        ),
    ),
    key(
        "tie",
        Shape::Choice(|| words::known(&TIES)),
        r#""first""#,
        (
            "打平时：first 先提名的赢、dice 抽签、nobody 都不算。",
            "A tie: the first nomination wins, the dice decide, nobody wins.",
        ),
    ),
    key(
        "length",
        Shape::Pair,
        "[2, 12]",
        ("名字几个字到几个字。", "Characters in a name."),
    ),
    key(
        "forbidden",
        named::WORDS,
        r#"["官方"]"#,
        ("名字里不许有的词。", "Words no name may hold."),
    ),
    key(
        "per_member",
        COUNT,
        "1",
        ("每人最多提几个。", "Names one member may put forward."),
    ),
    key(
        "then",
        effect::LIST,
        r#"[{ rename_group = "{{ winner }}" }]"#,
        ("有结果后做什么。", "What is done with the winner."),
    )
    .needed(),
    key(
        "wording",
        Shape::Phrases(|| VotePhrases::WORDS),
        r#"{ forbidden = "换一个吧" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

/// How long a vote is open where nothing is said.
const OPEN_FOR: Duration = Duration::from_secs(2 * 24 * 3600);

pub(super) fn read<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<Vote> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let problems = &mut draft.problems;
    let about = table
        .take("about")
        .and_then(|item| words::choice(&item, &ABOUT, problems))
        .unwrap_or(About::GroupName);
    let (open, mut heard) = said(&mut table, "open", &[], problems);
    let (nominate, more) = said(&mut table, "nominate", &["提名"], problems);
    heard.extend(more);
    let (ballot, more) = said(&mut table, "ballot", &["投"], problems);
    heard.extend(more);
    let (count, more) = said(&mut table, "count", &["票数"], problems);
    heard.extend(more);
    let callers = table.count("callers", problems);
    let (nominate_for, open_for) = lengths(&mut table, &item, problems);
    let quorum = table.take("quorum").and_then(|item| quorum(&item, problems));
    let tie = table.take("tie").and_then(|item| words::choice(&item, &TIES, problems));
    let length = table.take("length").and_then(|item| bounds(&item, problems));
    let forbidden = table.words("forbidden", problems).unwrap_or_default();
    let per_member = table.count("per_member", problems);
    let then_item = table.need("then", "then = [ { rename_group = \"{{ winner }}\" } ]", problems);
    let occasion = Occasion {
        vocabulary: Vocabulary::of_vote(about == About::Title),
        recallable: false,
        by: item.key.to_owned(),
        rule: None,
    };
    let then = then_item
        .map(|item| effect::list(&item, &occasion, draft))
        .unwrap_or_default();
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    let by = format!("vote.{}", item.key);
    draft.heard.extend(heard.into_iter().map(|(word, item)| Heard {
        stops: false,
        word,
        item,
        within: false,
        surely: true,
        from: From::Anyone,
        by: by.clone(),
        groups: binding.groups.clone(),
    }));
    Some(Vote {
        name: VoteName::new(item.key),
        line: item.line(),
        about,
        open,
        callers,
        nominate,
        ballot,
        count,
        nominate_for,
        open_for,
        quorum: quorum.unwrap_or(Quorum::Count(1)),
        tie: tie.unwrap_or_default(),
        length: length.unwrap_or((2, 12)),
        forbidden,
        per_member: per_member.unwrap_or(1),
        then,
        phrases,
    })
}

/// The words of one key, and those of them the operator wrote, for «two answers to the same words».
fn said<'t>(
    table: &mut Table<'t>,
    key: &'static str,
    defaults: &[&str],
    problems: &mut Problems,
) -> (Vec<String>, Vec<(String, Item<'t>)>) {
    let item = table.take(key);
    let words = item.and_then(|item| words::folded(&item, problems));
    match (item, words) {
        (Some(item), Some(words)) => {
            let written = words.iter().map(|word| (word.clone(), item)).collect();
            (words, written)
        }
        _ => (defaults.iter().map(|word| (*word).to_owned()).collect(), Vec::new()),
    }
}

/// How long nominations are taken, and how long the vote is open.
fn lengths<'t>(table: &mut Table<'t>, vote: &Item<'t>, problems: &mut Problems) -> (Duration, Duration) {
    let open_for = table.length("open_for", problems);
    if open_for.is_none() {
        problems.no_close(&vote.key_place());
    }
    let open_for = open_for.unwrap_or(OPEN_FOR);
    let item = table.take("nominate_for");
    let nominate_for = item.and_then(|item| words::length(&item, problems));
    if let (Some(item), Some(length)) = (item, nominate_for)
        && length > open_for
    {
        problems.longer_than(&item.place(), "nominate_for", "open_for");
    }
    (nominate_for.unwrap_or(open_for).min(open_for), open_for)
}

/// `"20%"`, or a number of ballots.
fn quorum(item: &Item<'_>, problems: &mut Problems) -> Option<Quorum> {
    if item.as_number().is_some() {
        return item.count(problems).map(Quorum::Count);
    }
    let percent = item
        .as_text()
        .and_then(|text| crate::chat::fold(text).strip_suffix('%')?.trim().parse::<u32>().ok());
    match percent {
        Some(percent @ 1..=100) => Some(Quorum::Percent(percent)),
        Some(other) => {
            problems.out_of_range(&item.place(), &format!("{other}%"), 1, 100);
            None
        }
        None => {
            item.wrong(
                Wanted::Either(
                    "\"20%\" 这样的文字，或票数（数字）",
                    "a text like \"20%\", or a number of ballots",
                ),
                problems,
            );
            None
        }
    }
}

/// `[2, 12]`.
fn bounds(item: &Item<'_>, problems: &mut Problems) -> Option<(usize, usize)> {
    let entries = item.list(problems)?;
    let [least, most] = entries.as_slice() else {
        item.wrong(Wanted::Either("两个数字 [2, 12]", "two numbers [2, 12]"), problems);
        return None;
    };
    let least = least.number(1, 60, problems)?;
    let most = most.number(least, 60, problems)?;
    Some((usize::try_from(least).ok()?, usize::try_from(most).ok()?))
}
