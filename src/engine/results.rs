//! What a survey came to: bars for choices and numbers, what was written, and who answered what.

use crate::chat::Lang;
use crate::community::survey::Reply;
use crate::playbook::survey::{Kind, Question, letter};

use super::draft::Draft;
use super::survey::Paper;

/// The longest bar, in blocks.
const WIDE: u64 = 10;
/// Texts of one question, and people, that are shown at most.
const SHOWN: usize = 50;
/// Numbers with more values than this have no bar each.
const VALUES: i64 = 10;

/// How many answered, the results by question, and a row for everybody who answered; none where nobody is to be named.
pub(super) fn of(draft: &Draft<'_>, paper: &Paper<'_>) -> (i64, Vec<String>, Vec<String>) {
    let survey = paper.survey;
    let whole: Vec<_> = draft
        .community
        .replies_to(&paper.id)
        .filter(|(_, reply)| reply.is_whole())
        .collect();
    let replies: Vec<&Reply> = whole.iter().map(|(_, reply)| *reply).collect();
    let mut lines = Vec::new();
    for (place, question) in survey.questions.iter().enumerate() {
        lines.push(format!("{}. {}", place + 1, question.ask));
        lines.extend(of_question(draft.lang(), (place, question), &replies));
    }
    let row = |(person, reply): &(&crate::chat::PersonId, &Reply)| {
        let name = draft.community.name_of(Some(&paper.id.1), person);
        let answers = survey.questions.iter().zip(&reply.answers);
        let answers: Vec<String> = answers.map(|(question, kept)| question.shown(kept)).collect();
        format!("{name} | {}", answers.join(" | "))
    };
    let rows = match survey.anonymous {
        true => Vec::new(),
        false => whole.iter().take(SHOWN).map(row).collect(),
    };
    (i64::try_from(replies.len()).unwrap_or(i64::MAX), lines, rows)
}

fn of_question(lang: Lang, (place, question): (usize, &Question), replies: &[&Reply]) -> Vec<String> {
    let kept = kept(place, replies);
    let mut lines = match &question.kind {
        Kind::Choice(_) => Vec::new(),
        Kind::Number(..) => {
            let numbers: Vec<i64> = kept.iter().filter_map(|kept| kept.parse().ok()).collect();
            vec![average(lang, &numbers)]
        }
        Kind::Text(_) => {
            // In no order that could tell who wrote which.
            let mut texts: Vec<&str> = kept;
            texts.sort_unstable();
            texts.into_iter().take(SHOWN).map(|text| format!("· {text}")).collect()
        }
    };
    let counted = counted((place, question), replies).into_iter();
    let labelled = counted.map(|(short, words, votes)| match words.is_empty() {
        true => (short, votes),
        false => (format!("{short}. {words}"), votes),
    });
    lines.extend(bars(lang, &labelled.collect::<Vec<_>>()));
    lines
}

fn kept<'r>(place: usize, replies: &[&'r Reply]) -> Vec<&'r str> {
    let answers = replies.iter().filter_map(|reply| reply.answers.get(place));
    answers.map(String::as_str).collect()
}

/// How often each choice or number was answered: its letter or digits, its words, and how often. Nothing for words, and for
/// numbers there are too many of.
pub fn counted((place, question): (usize, &Question), replies: &[&Reply]) -> Vec<(String, String, usize)> {
    let kept = kept(place, replies);
    let votes = |wanted: &str| kept.iter().filter(|kept| **kept == wanted).count();
    match &question.kind {
        Kind::Choice(choices) => {
            let choices = choices.iter().enumerate();
            let one = |(at, choice): (usize, &String)| (letter(at), choice.clone(), votes(&(at + 1).to_string()));
            choices.map(one).collect()
        }
        Kind::Number(least, most) if most.saturating_sub(*least) <= VALUES => (*least..=*most)
            .map(|value| (value.to_string(), String::new(), votes(&value.to_string())))
            .collect(),
        Kind::Number(..) | Kind::Text(_) => Vec::new(),
    }
}

/// The mean to one place after the point, rounded down, in whole numbers all the way.
fn average(lang: Lang, numbers: &[i64]) -> String {
    let count = i128::try_from(numbers.len()).unwrap_or(i128::MAX);
    let sum: i128 = numbers.iter().map(|number| i128::from(*number)).sum();
    let tenths = (sum * 10).div_euclid(count.max(1));
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, tenth) = (tenths.abs() / 10, tenths.abs() % 10);
    match lang {
        Lang::Zh => format!("平均 {sign}{whole}.{tenth}"),
        Lang::En => format!("average {sign}{whole}.{tenth}"),
    }
}

/// `A. 红茶 ██████ 3（60%）`.
fn bars(lang: Lang, counted: &[(String, usize)]) -> Vec<String> {
    let all: usize = counted.iter().map(|(_, votes)| votes).sum();
    let line = |(label, votes): &(String, usize)| {
        let share = |of: u64| u64::try_from(*votes).unwrap_or(0) * of / u64::try_from(all.max(1)).unwrap_or(1);
        let blocks = usize::try_from(share(WIDE)).unwrap_or(0);
        let bar = "█".repeat(blocks);
        let bar = if blocks > 0 { format!("{bar} ") } else { bar };
        match lang {
            Lang::Zh => format!("{label} {bar}{votes}（{}%）", share(100)),
            Lang::En => format!("{label} {bar}{votes} ({}%)", share(100)),
        }
    };
    counted.iter().map(line).collect()
}
