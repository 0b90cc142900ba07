//! The one notation: what transcripts print, tests are written in.
//!
//! ```text
//! # a comment
//! 10:00     小明 进群 邀请人 阿明        a time, who, what
//! 10:05:30  小明: @机器人 礼包           said in the group; `@name` calls somebody
//! 08:00     小明 私聊: 在吗              a time earlier than the line before: the next day
//! +1d                                   moves the day; so do 次日 and 2026-03-08, alone or before a time
//! 次日 09:00  小明 下单 29.90 明前龙井
//! ```
//! What is expected is written as it is printed: `群: …`, `私聊 小明: …`, `店员: …`, `给 小明 newcomer`,
//! `改群名 …`, `改名片 小明 …`, `加标签 小明 …`; `无` means that nothing happens. `…` (or `...`) stands for any text, `⏎`
//! for a line break. A time without seconds is that minute's first second. Effects of one second are compared in the
//! order they were produced.
//!
//! Every keyword has an English form: joins [invited by X | by code], leaves, privately:, orders, is refunded, changes
//! card, group renamed; group:, private X:, staff:, gives X coupon, renames group, sets card X, tags X, untags X,
//! nothing; next day.

use jiff::civil::{Date, DateTime, Time};

use crate::chat::{Fen, Lang};

pub mod expectation;
pub mod script;

pub use expectation::{Expected, Pattern, read_expectation};
pub use script::{Doing, Happens, ScriptLine, read_script};

/// A line that is not in the notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// In the playbook file, counted from 1.
    pub line: usize,
    /// As it was written.
    pub written: String,
    pub mistake: Mistake,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// It does not begin with a time.
    NoTime,
    /// The day would lie beyond the calendar.
    NoSuchDay,
    /// The date lies before the line before.
    BackInTime,
    /// There is a time but nothing happens at it.
    NothingSaid,
    /// Nobody is named.
    Nobody,
    /// What somebody does is none of the things known.
    UnknownDeed,
    /// An amount is missing, or is none.
    BadAmount,
    /// A name is missing after `改名片`, `群改名`, `邀请人` and the like.
    NameMissing,
    /// It is none of the effects that can be expected.
    UnknownEffect,
    /// `无` stands beside other expectations.
    NothingAndMore,
}

impl Mistake {
    /// The reason and the next step.
    pub fn text(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Mistake::NoTime => (
                "行首要写时间，例如「10:00  小明 进群」；换日写「+1d」「次日 08:00」或「2026-03-08 09:00」。",
                "a line begins with a time, like `10:00  Ming joins`; `+1d`, `next day 08:00` or `2026-03-08 09:00` move the day",
            ),
            Mistake::NoSuchDay => (
                "日历上没有这一天，请写近一点的日期。",
                "the calendar has no such day; write a nearer date",
            ),
            Mistake::BackInTime => (
                "日期比上一行早，请按时间先后写。",
                "this date is before the line above; write lines in order of time",
            ),
            Mistake::NothingSaid => (
                "时间后面没有内容，请写谁做了什么。",
                "nothing follows the time; write who does what",
            ),
            Mistake::Nobody => (
                "没有写是谁，例如「小明: 礼包」。",
                "nobody is named; write like `Ming: pack`",
            ),
            Mistake::UnknownDeed => (
                "不认识这个动作。可以写：进群、退群、被移出、「名字: 说的话」、「名字 私聊: 说的话」、下单 29.90、退款 29.90、改名片 新名、群改名 新名。",
                "not something that can happen; write joins, leaves, is removed, `name: words`, `name privately: words`, orders 29.90, is refunded 29.90, changes card X, or group renamed X",
            ),
            Mistake::BadAmount => (
                "金额请写成 29.90 这样的元，最多两位小数。",
                "write the amount in yuan like 29.90, at most two decimals",
            ),
            Mistake::NameMissing => ("后面要写名字。", "a name must follow"),
            Mistake::UnknownEffect => (
                "不认识这个预期。可以写：「群: …」「私聊 小明: …」「店员: …」「给 小明 券名」「改群名 …」「改名片 小明 …」「加标签 小明 …」「去标签 小明 …」「撤回 …」或「无」。",
                "not an effect; write `group: …`, `private Ming: …`, `staff: …`, `gives Ming coupon`, `renames group …`, `sets card Ming …`, `tags Ming …`, `untags Ming …`, `recalls …` or `nothing`",
            ),
            Mistake::NothingAndMore => (
                "「无」表示什么都不会发生，不能和其他预期写在一起。",
                "`nothing` cannot stand beside other expectations",
            ),
        };
        lang.pick(zh, en)
    }
}

/// One line with its time, the rest still text.
struct Timed<'t> {
    at: DateTime,
    line: usize,
    /// What follows the time, without white space around it; never empty.
    rest: &'t str,
    written: &'t str,
}

impl Timed<'_> {
    fn problem(&self, mistake: Mistake) -> Problem {
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
fn timed(text: &str, first_line: usize, clock: DateTime) -> (Vec<Timed<'_>>, Vec<Problem>) {
    let mut calendar = Calendar {
        date: clock.date(),
        last: Some(clock.time()),
    };
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for (offset, whole) in text.lines().enumerate() {
        let line = first_line + offset;
        let written = whole.trim();
        let bare = without_comment(written);
        if bare.is_empty() {
            continue;
        }
        let problem = |mistake| Problem {
            line,
            written: written.to_owned(),
            mistake,
        };
        match calendar.place(bare) {
            Ok(Placed { at: Some(at), rest }) if !rest.is_empty() => lines.push(Timed {
                at,
                line,
                rest,
                written,
            }),
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
fn first_word(text: &str) -> (&str, &str) {
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim_start()),
        None => (text, ""),
    }
}

/// A `#` at the start, or one with white space on both sides, begins a comment; «报名 #2» is no comment.
fn without_comment(line: &str) -> &str {
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

/// What follows one of `words`, if the text begins with one of them and it ends there or white space follows.
fn after_word<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().find_map(|word| {
        let rest = text.strip_prefix(word)?;
        let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
        ends.then(|| rest.trim_start())
    })
}

/// What follows one of `words` and a colon of either width.
fn after_colon<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().find_map(|word| {
        let rest = text.strip_prefix(word)?.trim_start();
        Some(rest.strip_prefix([':', '：'])?.trim_start())
    })
}

/// Whom a text begins with: the longest known name, else everything before white space or a colon.
fn name_first<'t>(text: &'t str, known: &[String]) -> (&'t str, &'t str) {
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

fn amount(text: &str) -> Result<(Fen, &str), Mistake> {
    let (word, rest) = first_word(text);
    let folded = crate::chat::fold(word);
    let digits = folded.trim_start_matches('¥').trim_end_matches('元');
    match digits.parse::<Fen>() {
        Ok(amount) if amount >= Fen::ZERO => Ok((amount, rest)),
        Ok(_) | Err(_) => Err(Mistake::BadAmount),
    }
}
