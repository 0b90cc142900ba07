//! Lines and their times; words, names, colons and amounts within them.

use jiff::civil::{Date, DateTime, Time};

use super::problem::{Mistake, Problem};
use crate::chat::Fen;

/// One line with its time, the rest still text.
pub(super) struct Timed<'t> {
    pub at: DateTime,
    pub line: usize,
    /// What follows the time, without white space around it; never empty.
    pub rest: &'t str,
    pub written: &'t str,
}

impl Timed<'_> {
    pub fn problem(&self, mistake: Mistake) -> Problem {
        Problem {
            line: self.line,
            written: self.written.to_owned(),
            mistake,
        }
    }
}

/// Where the lines read so far have come to.
struct Calendar {
    date: Date,
    /// None after the day was moved: any time of the new day may follow.
    last: Option<Time>,
}

/// Gives every line of a text its date and time. Comments and lines that only move the day are left out.
pub(super) fn timed(text: &str, first_line: usize, clock: DateTime) -> (Vec<Timed<'_>>, Vec<Problem>) {
    let mut calendar = Calendar {
        date: clock.date(),
        last: Some(clock.time()),
    };
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for (offset, whole) in text.lines().enumerate() {
        let line = first_line + offset;
        let written = whole.trim();
        let bare = without_comment(written);
        if bare.is_empty() || is_held_back(bare) {
            continue;
        }
        let problem = |mistake| Problem {
            line,
            written: written.to_owned(),
            mistake,
        };
        match calendar.place(bare) {
            Ok(Placed { at: Some(at), rest }) if !rest.is_empty() => {
                // As a transcript marks what the bot does.
                let rest = rest.strip_prefix('▸').map_or(rest, str::trim_start);
                lines.push(Timed {
                    at,
                    line,
                    rest,
                    written,
                });
            }
            Ok(Placed { at: None, rest: "" }) => {}
            Ok(Placed { at: None, .. }) => problems.push(problem(Mistake::NoTime)),
            // «次日 08:00» alone moves the clock.
            Ok(Placed { at: Some(_), rest: _ }) if calendar.moved_by(bare) => {}
            Ok(Placed { at: Some(_), .. }) => problems.push(problem(Mistake::NothingSaid)),
            Err(mistake) => problems.push(problem(mistake)),
        }
    }
    (lines, problems)
}

/// When the lines of a text are.
pub fn times(text: &str, clock: DateTime) -> Vec<DateTime> {
    timed(text, 1, clock).0.iter().map(|line| line.at).collect()
}

struct Placed<'t> {
    at: Option<DateTime>,
    rest: &'t str,
}

impl Calendar {
    /// Reads the day and the time a line begins with.
    fn place<'t>(&mut self, line: &'t str) -> Result<Placed<'t>, Mistake> {
        let mut rest = line;
        let day = day_move(rest);
        let dated = day.is_some();
        if let Some((day, after)) = day {
            let date = match day {
                DayMove::By(days) => self
                    .date
                    .checked_add(jiff::Span::new().days(days))
                    .map_err(|_| Mistake::NoSuchDay)?,
                DayMove::To(date) if date < self.date => return Err(Mistake::BackInTime),
                DayMove::To(date) => date,
            };
            // The date the clock stands on may be written out; it moves nothing then.
            if date != self.date {
                self.date = date;
                self.last = None;
            }
            rest = after;
        }
        let (word, after) = first_word(rest);
        let Some(time) = time_of_day(word) else {
            return Ok(Placed { at: None, rest });
        };
        if self.last.is_some_and(|last| time < last) {
            // Written out, the day is meant.
            if dated {
                return Err(Mistake::BackInTime);
            }
            self.date = self.date.tomorrow().map_err(|_| Mistake::NoSuchDay)?;
        }
        self.last = Some(time);
        Ok(Placed {
            at: Some(self.date.to_datetime(time)),
            rest: after,
        })
    }

    fn moved_by(&self, line: &str) -> bool {
        day_move(line).is_some()
    }
}

enum DayMove {
    By(i64),
    To(Date),
}

fn day_move(line: &str) -> Option<(DayMove, &str)> {
    for word in ["次日", "第二天", "next day"] {
        if let Some(rest) = line.strip_prefix(word) {
            return Some((DayMove::By(1), rest.trim_start()));
        }
    }
    let (word, rest) = first_word(line);
    let folded = crate::chat::fold(word);
    if let Some(days) = folded.strip_prefix('+') {
        let digits = days.strip_suffix('d').or_else(|| days.strip_suffix('天'))?;
        return Some((DayMove::By(i64::from(digits.parse::<u16>().ok()?)), rest));
    }
    let mut parts = folded.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some((DayMove::To(date), rest))
}

/// `9:00`, `09:00`, `09:00:30`, in any width.
fn time_of_day(word: &str) -> Option<Time> {
    let folded = crate::chat::fold(word);
    let mut parts = folded.split(':');
    let mut part = |lengths: std::ops::RangeInclusive<usize>| {
        let digits = parts.next()?;
        let fits = lengths.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| digits.parse::<i8>().ok()).flatten()
    };
    let (hour, minute) = (part(1..=2)?, part(2..=2)?);
    let second = match folded.matches(':').count() {
        1 => 0,
        2 => part(2..=2)?,
        _ => return None,
    };
    Time::new(hour, minute, second, 0).ok()
}

/// The first word and what follows it, without the white space between.
pub(super) fn first_word(text: &str) -> (&str, &str) {
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim_start()),
        None => (text, ""),
    }
}

/// A `#` at the start, or one with white space on both sides, begins a comment; «报名 #2» is no comment.
pub(super) fn without_comment(line: &str) -> &str {
    if line.starts_with('#') {
        return "";
    }
    let begins = |(at, _): &(usize, &str)| {
        line[..*at].ends_with(char::is_whitespace) && line[at + 1..].chars().next().is_none_or(char::is_whitespace)
    };
    match line.match_indices('#').find(begins) {
        Some((at, _)) => line[..at].trim_end(),
        None => line,
    }
}

/// A transcript's line about something that did not happen: it says nothing a test could use.
fn is_held_back(line: &str) -> bool {
    first_word(line).1.starts_with('✗')
}

/// What follows one of `words`, if the text begins with one of them and it ends there or white space follows.
pub(super) fn after_word<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().find_map(|word| {
        let rest = text.strip_prefix(word)?;
        let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
        ends.then(|| rest.trim_start())
    })
}

/// What follows one of `words` and a colon of either width.
pub(super) fn after_colon<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().find_map(|word| {
        let rest = text.strip_prefix(word)?.trim_start();
        Some(rest.strip_prefix([':', '：'])?.trim_start())
    })
}

/// Whom a text begins with: the longest known name, else everything before white space or a colon.
pub(super) fn name_first<'t>(text: &'t str, known: &[String]) -> (&'t str, &'t str) {
    let ends = |rest: &str| {
        rest.chars()
            .next()
            .is_none_or(|next| next.is_whitespace() || matches!(next, ':' | '：'))
    };
    let longest = known
        .iter()
        .filter(|name| !name.is_empty() && text.strip_prefix(name.as_str()).is_some_and(ends))
        .max_by_key(|name| name.len());
    let end = match longest {
        Some(name) => name.len(),
        None => text
            .find(|c: char| c.is_whitespace() || matches!(c, ':' | '：'))
            .unwrap_or(text.len()),
    };
    (&text[..end], text[end..].trim_start())
}

pub(super) fn amount(text: &str) -> Result<(Fen, &str), Mistake> {
    let (word, rest) = first_word(text);
    let folded = crate::chat::fold(word);
    let digits = folded.trim_start_matches('¥').trim_end_matches('元');
    match digits.parse::<Fen>() {
        Ok(amount) if amount >= Fen::ZERO => Ok((amount, rest)),
        Ok(_) | Err(_) => Err(Mistake::BadAmount),
    }
}
