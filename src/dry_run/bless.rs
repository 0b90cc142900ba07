//! Expectations written anew from what a test came to. Nothing else in the file is touched, and of the expectation only
//! the lines that did not hold.

use std::ops::Range;

use jiff::civil::{Date, DateTime};

use crate::chat::{CouponCode, Lang};
use crate::playbook::Story;

use super::effects::Reached;
use super::notation::{is_nothing, times};
use super::stories::clock_time;
use super::story::alignment::{Made, Row};

/// What a story's expectation should say, without the quotes around it.
pub fn expectation(story: &Story, rows: &[Row], lang: Lang) -> String {
    let wanted = lines(story, rows, lang);
    if wanted.is_empty() {
        return format!("{}\n", lang.pick("无", "nothing"));
    }
    let kept = with_what_is_no_line(story, rows, &wanted);
    // A line's day may follow from the line before it; if that one is gone, days are written out.
    match times(&kept, story.clock)
        .into_iter()
        .eq(wanted.iter().map(|line| line.at))
    {
        true => kept,
        false => dated(&wanted, story.clock.date()),
    }
}

/// One line the new expectation has.
struct Line<'s> {
    at: DateTime,
    /// Where it stands in the old one, if it held; else what it says.
    kept: Option<(usize, &'s str)>,
    says: String,
}

fn lines<'s>(story: &'s Story, rows: &[Row], lang: Lang) -> Vec<Line<'s>> {
    let codes: Vec<&CouponCode> = rows.iter().filter_map(code).collect();
    let line = |row: &Row| match row {
        Row::Missing(_) => None,
        Row::Met(made, wanted) => {
            let whole = story.expect.lines().nth(wanted.line - story.expect_line)?;
            Some(Line {
                at: made.at,
                kept: Some((wanted.line, whole)),
                says: wanted.written.clone(),
            })
        }
        Row::Unexpected(made) => Some(Line {
            at: made.at,
            kept: None,
            says: says(made, &codes, lang),
        }),
    };
    rows.iter().filter_map(line).collect()
}

fn code(row: &Row) -> Option<&CouponCode> {
    match row {
        Row::Met(made, _) | Row::Unexpected(made) => match &made.effect.what {
            Reached::Given { code, .. } => Some(code),
            _ => None,
        },
        Row::Missing(_) => None,
    }
}

/// What was made, as it is expected: a coupon's code is chance, so any will do; a `#` that would begin a comment is no
/// part of what is compared.
fn says(made: &Made, codes: &[&CouponCode], lang: Lang) -> String {
    let mut line = made.effect.what.by_id().line(lang);
    for code in codes {
        line = line.replace(code.as_str(), "…");
    }
    line.replace(" # ", " … ")
}

/// The old text with what did not hold taken out and what came put in; comments and lines that move the day stay.
fn with_what_is_no_line(story: &Story, rows: &[Row], wanted: &[Line<'_>]) -> String {
    let is_line = |number: usize, whole: &str| {
        let of_row = |row: &Row| match row {
            Row::Met(_, wanted) | Row::Missing(wanted) => wanted.line == number,
            Row::Unexpected(_) => false,
        };
        rows.iter().any(of_row) || is_nothing(whole)
    };
    let held = |line: &Line<'_>, number: usize| line.kept.is_some_and(|(at, _)| at == number);
    let mut text = String::new();
    let mut wanted = wanted.iter();
    let mut date = story.clock.date();
    for (offset, whole) in story.expect.lines().enumerate() {
        let number = story.expect_line + offset;
        if !is_line(number, whole) {
            text.push_str(whole);
            text.push('\n');
        } else if wanted.clone().any(|line| held(line, number)) {
            for line in wanted.by_ref() {
                text.push_str(&put(line, &mut date));
                if held(line, number) {
                    break;
                }
            }
        }
    }
    text.extend(wanted.map(|line| put(line, &mut date)));
    text
}

fn put(line: &Line<'_>, date: &mut Date) -> String {
    match line.kept {
        Some((_, whole)) => {
            *date = line.at.date();
            format!("{whole}\n")
        }
        None => written(line, date),
    }
}

fn dated(wanted: &[Line<'_>], mut date: Date) -> String {
    wanted.iter().map(|line| written(line, &mut date)).collect()
}

fn written(line: &Line<'_>, date: &mut Date) -> String {
    let time = clock_time(line.at.time());
    let day = match line.at.date() {
        day if day == *date => String::new(),
        day => format!("{day} "),
    };
    *date = line.at.date();
    format!("{day}{time}  {}\n", line.says)
}

/// A file with texts in place of others. `edits` are bytes and what stands there then; they do not overlap.
pub fn edited(file: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(span, _)| span.start);
    let mut text = file.to_owned();
    for (span, instead) in edits.into_iter().rev() {
        text.replace_range(span, &instead);
    }
    text
}

/// A text of several lines as TOML writes it: as it is between `'''`, if `like` is written so and it can be, else between
/// `"""`.
pub fn toml_text(text: &str, like: &str) -> String {
    if like.starts_with("'''") && !text.contains("'''") {
        return format!("'''\n{text}'''");
    }
    let text = text.replace('\\', "\\\\").replace("\"\"\"", "\"\"\\\"");
    format!("\"\"\"\n{text}\"\"\"")
}
