//! What happens in a test: the script's lines.

use jiff::civil::DateTime;

use super::lines::{Timed, after_colon, after_word, amount, name_first, timed};
use super::problem::{Mistake, Problem};
use crate::chat::Fen;

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptLine {
    /// Local time.
    pub at: DateTime,
    /// In the playbook file, counted from 1.
    pub line: usize,
    pub happens: Happens,
}

/// What a line says happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happens {
    Person {
        name: String,
        doing: Doing,
    },
    /// Somebody gave the group another name.
    GroupRenamed(String),
}

/// What somebody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Nobody says how.
    Joins,
    JoinsInvited {
        by: String,
    },
    JoinsByCode,
    Leaves,
    IsRemoved,
    Says(String),
    Whispers(String),
    /// Quotes the last message of somebody; of the bot, if nobody is named.
    Replies {
        to: Option<String>,
        words: String,
    },
    Orders {
        amount: Fen,
        items: Vec<String>,
    },
    IsRefunded {
        amount: Fen,
    },
    ChangesCard(String),
}

/// Reads a script. `known` are the members from the start; whoever joins is known from then on.
pub fn read_script(
    text: &str,
    first_line: usize,
    clock: DateTime,
    known: &[String],
) -> (Vec<ScriptLine>, Vec<Problem>) {
    let mut known: Vec<String> = known.to_vec();
    let (lines, mut problems) = timed(text, first_line, clock);
    let mut script = Vec::with_capacity(lines.len());
    for line in &lines {
        match happens(line, &known) {
            Ok(happens) => {
                if let Happens::Person { name, .. } = &happens
                    && !known.contains(name)
                {
                    known.push(name.clone());
                }
                script.push(ScriptLine {
                    at: line.at,
                    line: line.line,
                    happens,
                });
            }
            Err(mistake) => problems.push(line.problem(mistake)),
        }
    }
    problems.sort_by_key(|problem| problem.line);
    (script, problems)
}

fn happens(line: &Timed<'_>, known: &[String]) -> Result<Happens, Mistake> {
    if let Some(name) = after_word(line.rest, &["群改名", "group renamed", "group is renamed"]) {
        return Ok(Happens::GroupRenamed(wanted(name)?));
    }
    let (name, rest) = name_first(line.rest, known);
    let name = name.trim_end_matches('*');
    if name.is_empty() {
        return Err(Mistake::Nobody);
    }
    Ok(Happens::Person {
        name: name.to_owned(),
        doing: doing(rest, known)?,
    })
}

fn doing(rest: &str, known: &[String]) -> Result<Doing, Mistake> {
    if let Some(words) = rest.strip_prefix([':', '：']) {
        return Ok(Doing::Says(words.trim().to_owned()));
    }
    if let Some(words) = after_colon(rest, &["私聊", "privately", "private"]) {
        return Ok(Doing::Whispers(words.trim().to_owned()));
    }
    if let Some(rest) = after_word(rest, &["回复", "replies to"]) {
        return replying(rest, known);
    }
    if let Some(how) = after_word(rest, &["进群", "joins"]) {
        return joining(how, known);
    }
    if let Some(rest) = after_word(rest, &["退群", "leaves"]) {
        return alone(rest, Doing::Leaves);
    }
    if let Some(rest) = after_word(rest, &["被移出", "is removed"]) {
        return alone(rest, Doing::IsRemoved);
    }
    if let Some(bill) = after_word(rest, &["下单", "orders"]) {
        let (amount, items) = amount(bill)?;
        return Ok(Doing::Orders {
            amount,
            items: items.split_whitespace().map(str::to_owned).collect(),
        });
    }
    if let Some(bill) = after_word(rest, &["退款", "is refunded"]) {
        let (amount, rest) = amount(bill)?;
        return alone(rest, Doing::IsRefunded { amount });
    }
    if let Some(card) = after_word(rest, &["改名片", "changes card"]) {
        return Ok(Doing::ChangesCard(card.to_owned()));
    }
    Err(Mistake::UnknownDeed)
}

fn replying(rest: &str, known: &[String]) -> Result<Doing, Mistake> {
    if let Some(words) = after_colon(rest, &["机器人", "the bot", "bot"]) {
        let (to, words) = (None, words.trim().to_owned());
        return Ok(Doing::Replies { to, words });
    }
    let (name, rest) = name_first(rest, known);
    let words = rest.strip_prefix([':', '：']).ok_or(Mistake::UnknownDeed)?;
    Ok(Doing::Replies {
        to: Some(wanted(name.trim_end_matches('*'))?),
        words: words.trim().to_owned(),
    })
}

fn joining(how: &str, known: &[String]) -> Result<Doing, Mistake> {
    if how.is_empty() {
        return Ok(Doing::Joins);
    }
    if let Some(rest) = after_word(how, &["扫码", "by code"]) {
        return alone(rest, Doing::JoinsByCode);
    }
    let by = after_word(how, &["邀请人", "invited by"]).ok_or(Mistake::UnknownDeed)?;
    let (name, rest) = name_first(by, known);
    let by = wanted(name.trim_end_matches('*'))?;
    alone(rest, Doing::JoinsInvited { by })
}

/// Nothing may follow.
fn alone(rest: &str, doing: Doing) -> Result<Doing, Mistake> {
    if rest.is_empty() {
        Ok(doing)
    } else {
        Err(Mistake::UnknownDeed)
    }
}

fn wanted(name: &str) -> Result<String, Mistake> {
    if name.is_empty() {
        Err(Mistake::NameMissing)
    } else {
        Ok(name.to_owned())
    }
}
