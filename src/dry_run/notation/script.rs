//! What happens in a test: the script's lines.

use std::time::Duration;

use jiff::civil::DateTime;

use super::lines::{Timed, after_colon, after_word, amount, first_word, name_first, timed};
use super::problem::{Mistake, Problem};
use super::till::{AtTill, at_till};
use crate::chat::{Fen, JoinedHow};
use crate::dry_run::driver::Fate;
use crate::playbook::reading::parse_length;

/// What the bot itself is called in a script.
const BOT: [&str; 2] = ["机器人", "bot"];

/// What carries the bot's actions out.
const GATEWAY: [&str; 2] = ["网关", "gateway"];

/// What asks for coupons over HTTP.
const TILL: [&str; 2] = ["收银台", "till"];

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
    /// The group has another name, and nobody says who gave it.
    GroupRenamed(String),
    BotJoins,
    BotIsRemoved,
    /// The account is logged out, or in again.
    Account {
        online: bool,
    },
    /// The process stops. What happens until it comes back is told to it then.
    GoesDown,
    /// The process stands again; `after` is how long it was down, where no line said since when.
    ComesBack {
        after: Option<Duration>,
    },
    /// What becomes of the next thing the gateway is asked for.
    NextDelivery(Fate),
    /// The group's member list is read: everybody in it.
    ListRead(Vec<String>),
    /// A till of the shop asks for something.
    AtTill(AtTill),
    /// Staff say on the command line what becomes of the action that was given up last.
    GivenUp(Decided),
}

/// What staff decide about an action that was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    Retry,
    Drop,
}

/// What somebody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    Joins {
        how: JoinedHow,
        by: Option<String>,
    },
    Leaves,
    IsRemoved {
        by: Option<String>,
    },
    Says(String),
    /// Answers the last message of somebody; of the bot, if nobody else is called so.
    Answers {
        whom: String,
        words: String,
    },
    Whispers(String),
    Orders {
        order: Option<String>,
        amount: Fen,
        items: Vec<String>,
    },
    IsRefunded {
        order: Option<String>,
        amount: Fen,
    },
    ChangesCard(String),
    RenamesGroup(String),
    /// Takes a message back: the last one of `whose`, or their own.
    Recalls {
        whose: Option<String>,
    },
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
    let mut down = None;
    for line in &lines {
        match happens(line, &known).and_then(|happens| standing(happens, &mut down, line)) {
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
    problems.extend(down.map(|line| line.problem(Mistake::StaysDown)));
    problems.sort_by_key(|problem| problem.line);
    (script, problems)
}

/// Whoever comes back was down, and whoever goes down comes back.
fn standing<'l, 't>(
    happens: Happens,
    down: &mut Option<&'l Timed<'t>>,
    line: &'l Timed<'t>,
) -> Result<Happens, Mistake> {
    match &happens {
        Happens::GoesDown if down.is_some() => return Err(Mistake::DownAlready),
        Happens::GoesDown => *down = Some(line),
        Happens::ComesBack { after: None } if down.is_none() => return Err(Mistake::NeverDown),
        Happens::ComesBack { after: Some(_) } if down.is_some() => return Err(Mistake::DownAlready),
        Happens::ComesBack { .. } => *down = None,
        _ => {}
    }
    Ok(happens)
}

fn happens(line: &Timed<'_>, known: &[String]) -> Result<Happens, Mistake> {
    let is_somebody = |words: &[&str]| words.iter().any(|word| known.iter().any(|name| name == word));
    if let Some(name) = after_word(line.rest, &["群改名", "group renamed", "group is renamed"]) {
        return Ok(Happens::GroupRenamed(wanted(name)?));
    }
    if let Some(rest) = after_word(line.rest, &BOT).filter(|_| !is_somebody(&BOT)) {
        return of_the_bot(rest);
    }
    if let Some(rest) = after_word(line.rest, &GATEWAY).filter(|_| !is_somebody(&GATEWAY)) {
        return match rest {
            "掉线" | "logs out" => Ok(Happens::Account { online: false }),
            "登录" | "logs in" => Ok(Happens::Account { online: true }),
            _ => Ok(Happens::NextDelivery(fate(rest)?)),
        };
    }
    if let Some(rest) = after_word(line.rest, &TILL).filter(|_| !is_somebody(&TILL)) {
        return Ok(Happens::AtTill(at_till(rest)?));
    }
    if let Some(names) = after_word(line.rest, &["名单", "member list"]) {
        let names = names
            .split_whitespace()
            .map(|name| name.trim_end_matches('*').to_owned());
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        return match names.is_empty() {
            true => Err(Mistake::NameMissing),
            false => Ok(Happens::ListRead(names)),
        };
    }
    if let Some(order) = after_word(line.rest, &["命令", "command"]) {
        return match order {
            "重试" | "retry" => Ok(Happens::GivenUp(Decided::Retry)),
            "放弃" | "drop" => Ok(Happens::GivenUp(Decided::Drop)),
            _ => Err(Mistake::UnknownCommand),
        };
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

fn of_the_bot(rest: &str) -> Result<Happens, Mistake> {
    let unless_more = |rest: &str, happens| match rest.is_empty() {
        true => Ok(happens),
        false => Err(Mistake::UnknownBotLine),
    };
    if let Some(rest) = after_word(rest, &["进群", "joins"]) {
        return unless_more(rest, Happens::BotJoins);
    }
    if let Some(rest) = after_word(rest, &["被移出", "is removed"]) {
        return unless_more(rest, Happens::BotIsRemoved);
    }
    if let Some(rest) = after_word(rest, &["停机", "goes down"]) {
        return unless_more(rest, Happens::GoesDown);
    }
    let Some(rest) = after_word(rest, &["恢复", "comes back"]) else {
        return Err(Mistake::UnknownBotLine);
    };
    let after = match after_word(rest, &["停了", "after"]) {
        Some(length) => Some(parse_length(length).ok_or(Mistake::UnknownBotLine)?),
        None => None,
    };
    match (after, rest.is_empty()) {
        (None, false) => Err(Mistake::UnknownBotLine),
        _ => Ok(Happens::ComesBack { after }),
    }
}

fn fate(rest: &str) -> Result<Fate, Mistake> {
    let why = |why: &str| why.to_owned();
    if let Some(rest) = after_word(rest, &["拒绝", "refuses"]) {
        return Ok(Fate::Refused { why: why(rest) });
    }
    if let Some(rest) = after_word(rest, &["发不出", "gives up"]) {
        return Ok(Fate::GaveUp { why: why(rest) });
    }
    if let Some(rest) = after_word(rest, &["推迟", "postpones"]) {
        return Ok(Fate::Postponed { why: why(rest) });
    }
    if let Some(rest) = after_word(rest, &["没回音", "does not answer"]) {
        return Ok(Fate::Unknown { why: why(rest) });
    }
    Err(Mistake::UnknownFate)
}

fn doing(rest: &str, known: &[String]) -> Result<Doing, Mistake> {
    if let Some(words) = rest.strip_prefix([':', '：']) {
        return Ok(Doing::Says(words.trim().to_owned()));
    }
    if let Some(words) = after_colon(rest, &["私聊", "privately", "private"]) {
        return Ok(Doing::Whispers(words.trim().to_owned()));
    }
    if let Some(rest) = after_word(rest, &["回复", "answers"]) {
        let (whom, words) = name_first(rest, known);
        let words = words.strip_prefix([':', '：']).ok_or(Mistake::UnknownDeed)?;
        return Ok(Doing::Answers {
            whom: wanted(whom.trim_end_matches('*'))?,
            words: words.trim().to_owned(),
        });
    }
    if let Some(how) = after_word(rest, &["进群", "joins"]) {
        return joining(how, known);
    }
    if let Some(rest) = after_word(rest, &["退群", "leaves"]) {
        return alone(rest, Doing::Leaves);
    }
    if let Some(rest) = after_word(rest, &["被移出", "is removed"]) {
        let by = somebody_after(rest, &["操作人", "by"], known)?;
        return Ok(Doing::IsRemoved { by });
    }
    if let Some(bill) = after_word(rest, &["下单", "orders"]) {
        let (order, bill) = numbered(bill);
        let (amount, items) = amount(bill)?;
        return Ok(Doing::Orders {
            order,
            amount,
            items: items.split_whitespace().map(str::to_owned).collect(),
        });
    }
    if let Some(bill) = after_word(rest, &["退款", "is refunded"]) {
        let (order, bill) = numbered(bill);
        let (amount, rest) = amount(bill)?;
        return alone(rest, Doing::IsRefunded { order, amount });
    }
    if let Some(card) = after_word(rest, &["改名片", "changes card"]) {
        return Ok(Doing::ChangesCard(card.to_owned()));
    }
    if let Some(name) = after_word(rest, &["群改名", "renames group"]) {
        return Ok(Doing::RenamesGroup(wanted(name)?));
    }
    if let Some(whose) = after_word(rest, &["撤回", "recalls"]) {
        let whose = whose.trim_end_matches('*');
        let whose = (!whose.is_empty()).then(|| whose.to_owned());
        return Ok(Doing::Recalls { whose });
    }
    Err(Mistake::UnknownDeed)
}

/// `#A12 29.90`: the order's own number, where one is written.
fn numbered(bill: &str) -> (Option<String>, &str) {
    let (first, rest) = first_word(bill);
    match first.strip_prefix('#') {
        Some(number) if !number.is_empty() => (Some(number.to_owned()), rest),
        _ => (None, bill),
    }
}

fn joining(how: &str, known: &[String]) -> Result<Doing, Mistake> {
    let ways = [
        (["扫码", "by code"], JoinedHow::Scanned),
        (["审核通过", "approved"], JoinedHow::Approved),
        (["受邀", "invited"], JoinedHow::Invited),
    ];
    let words = ["邀请人", "invited by", "by"];
    let found = ways.iter().find_map(|(words, how_word)| {
        let rest = after_word(how, words)?;
        Some((*how_word, rest))
    });
    // `invited by X` names who, not only how.
    if let Some(rest) = after_word(how, &words) {
        let by = somebody_after(how, &words, known)?;
        return match rest.is_empty() {
            true => Err(Mistake::NameMissing),
            false => Ok(Doing::Joins {
                how: JoinedHow::Invited,
                by,
            }),
        };
    }
    let (how, rest) = found.unwrap_or((JoinedHow::Unknown, how));
    let by = somebody_after(rest, &words, known)?;
    Ok(Doing::Joins { how, by })
}

/// Nothing, or one of `words` and a name.
fn somebody_after(rest: &str, words: &[&str], known: &[String]) -> Result<Option<String>, Mistake> {
    if rest.is_empty() {
        return Ok(None);
    }
    let rest = after_word(rest, words).ok_or(Mistake::UnknownDeed)?;
    let (name, rest) = name_first(rest, known);
    let name = wanted(name.trim_end_matches('*'))?;
    match rest.is_empty() {
        true => Ok(Some(name)),
        false => Err(Mistake::UnknownDeed),
    }
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
