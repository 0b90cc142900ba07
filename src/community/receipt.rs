//! Receipts of the dice: what it takes to check a draw afterwards, as a small text anybody can keep.
//!
//! ```text
//! qunying-draw 1
//! rule naming-vote/vote.group-name
//! occasion shop/700001 2026-03-05T02:00:00Z
//! commit 6b1c…            told when it opened: SHA-256 of secret, rule and occasion, a line each
//! entry 1 山野茶友会        everything that could be drawn
//! entry 3 半日闲
//! secret 9f0e…            told when it was drawn
//! winner 3 半日闲          in the order they were drawn
//! ```

use serde::{Deserialize, Serialize};

/// The first line: what it is, and the version of how it is drawn.
const HEAD: &str = "qunying-draw 1";

/// One draw, and everything it can be checked with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub rule: String,
    /// Which draw of the rule it was.
    pub occasion: String,
    pub commit: String,
    /// What could be drawn, in order of its bytes.
    pub entries: Vec<String>,
    pub secret: String,
    pub winners: Vec<String>,
}

/// What is wrong with a text that is no receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoReceipt {
    /// It begins otherwise.
    Head { found: String },
    /// A line is none of those a receipt has.
    Line { number: usize, line: String },
    /// A word that must stand there once does not, or stands there twice.
    Once { word: &'static str },
    /// Nothing could be drawn, or nothing was.
    Nothing { word: &'static str },
    /// The same entry stands there twice.
    Twice { entry: String },
}

impl Receipt {
    /// The text. Every part is one line: what breaks lines is a blank in it.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        let mut put = |word: &str, value: &str| {
            let value = value.replace(['\n', '\r'], " ");
            text.push_str(&format!("{word} {value}\n"));
        };
        put("rule", &self.rule);
        put("occasion", &self.occasion);
        put("commit", &self.commit);
        self.entries.iter().for_each(|entry| put("entry", entry));
        put("secret", &self.secret);
        self.winners.iter().for_each(|winner| put("winner", winner));
        text
    }

    /// Reads a text back. Blank lines, and blanks at the end of a line, count for nothing.
    pub fn read(text: &str) -> Result<Self, NoReceipt> {
        let text = text.trim_start_matches('\u{FEFF}');
        let mut lines = (1..)
            .zip(text.lines())
            .map(|(number, line)| (number, line.trim_end()))
            .filter(|(_, line)| !line.is_empty());
        match lines.next() {
            Some((_, HEAD)) => {}
            other => {
                let found = other.map_or_else(String::new, |(_, line)| line.to_owned());
                return Err(NoReceipt::Head { found });
            }
        }
        let mut parts: [(&'static str, Vec<String>); 6] =
            ["rule", "occasion", "commit", "entry", "secret", "winner"].map(|word| (word, Vec::new()));
        for (number, line) in lines {
            let split = line.split_once(' ');
            let part = split.and_then(|(word, value)| {
                let (_, values) = parts.iter_mut().find(|(it, _)| *it == word)?;
                Some((values, value))
            });
            let Some((values, value)) = part else {
                let line = line.to_owned();
                return Err(NoReceipt::Line { number, line });
            };
            values.push(value.to_owned());
        }
        let [rule, occasion, commit, entries, secret, winners] = parts;
        let receipt = Self {
            rule: once(rule)?,
            occasion: once(occasion)?,
            commit: once(commit)?,
            entries: some(entries)?,
            secret: once(secret)?,
            winners: some(winners)?,
        };
        let mut seen = std::collections::BTreeSet::new();
        match receipt.entries.iter().find(|entry| !seen.insert(*entry)) {
            Some(entry) => Err(NoReceipt::Twice { entry: entry.clone() }),
            None => Ok(receipt),
        }
    }
}

fn once((word, mut values): (&'static str, Vec<String>)) -> Result<String, NoReceipt> {
    match (values.pop(), values.is_empty()) {
        (Some(value), true) => Ok(value),
        _ => Err(NoReceipt::Once { word }),
    }
}

fn some((word, values): (&'static str, Vec<String>)) -> Result<Vec<String>, NoReceipt> {
    match values.is_empty() {
        true => Err(NoReceipt::Nothing { word }),
        false => Ok(values),
    }
}
