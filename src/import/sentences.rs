//! Sentences the network writes into a group, and what they mean. The table is TOML and can be extended.
//!
//! Only rows that are the network's own come here: a member may type a perfect sentence.

pub mod cleaning;
pub mod pattern;
pub mod written;

use std::collections::BTreeMap;

use super::people::People;
use super::row::{Fact, Who};
use super::trouble::Trouble;
use crate::chat::{JoinedHow, LeftHow};
use cleaning::{clean, unquoted};
use pattern::{Fit, Pattern, Slot};
use written::{How, Means, SelfIs, Sentence};

/// The families of networks; each has its own sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    WeChat,
    Qq,
    WhatsApp,
    Telegram,
    /// Bots' own protocols, which say facts.
    Bot,
}

/// The table of sentences.
#[derive(Clone, Debug)]
pub struct Sentences {
    entries: Vec<(Pattern, usize)>,
    written: Vec<Sentence>,
}

const BUILT_IN: &str = include_str!("data/sentences.toml");

impl Sentences {
    /// The built-in table.
    pub fn built_in() -> Self {
        Self::with("", "").expect("the built-in table is sound; a test reads it")
    }

    /// The operator's table before the built-in one: what both know, the operator's says.
    pub fn with(file: &str, text: &str) -> Result<Self, Trouble> {
        let bad = |why: String| Trouble::Sentences {
            file: file.to_owned(),
            why,
        };
        let mut written = written::read(text).map_err(bad)?;
        written.extend(written::read(BUILT_IN).map_err(|why| Trouble::Sentences {
            file: "sentences.toml".to_owned(),
            why,
        })?);
        let mut entries = Vec::new();
        for (place, sentence) in written.iter().enumerate() {
            for says in &sentence.says {
                let patterns = pattern::read(says).map_err(|why| Trouble::Sentences {
                    file: file.to_owned(),
                    why,
                })?;
                entries.extend(patterns.into_iter().map(|pattern| (pattern, place)));
            }
        }
        Ok(Self { entries, written })
    }

    /// What a sentence means; `None` if it is none of the table.
    pub fn read(&self, network: Option<Network>, text: &str, people: &People<'_>) -> Option<Fact> {
        let people = &match network {
            Some(Network::WhatsApp) => people.joined_by_words(),
            _ => *people,
        };
        let text = clean(text);
        let letters: Vec<char> = text.chars().collect();
        // A sentence of the network's is short, whatever names are in it.
        if letters.is_empty() || letters.len() > 4096 {
            return None;
        }
        let shadow = pattern::shadow(&text);
        let mut best: Option<((i32, usize), Fit, usize)> = None;
        for (pattern, place) in &self.entries {
            let on = &self.written[*place].on;
            if network.is_some_and(|network| !on.is_empty() && !on.contains(&network)) {
                continue;
            }
            for fit in pattern.fits(&letters, &shadow) {
                let Some(weight) = weight(&fit, people) else { continue };
                let weight = (weight, pattern.letters());
                if best.as_ref().is_none_or(|(most, _, _)| weight > *most) {
                    best = Some((weight, fit, *place));
                }
            }
        }
        let (_, fit, place) = best?;
        Some(fact(&self.written[place], &fit, people))
    }
}

/// How well what stands in the slots looks like names: known and quoted is best; half a pair of quotes is bad.
fn weight(fit: &Fit, people: &People<'_>) -> Option<i32> {
    let mut weight = 0;
    for (slot, text) in fit {
        if matches!(slot, Slot::Any) {
            continue;
        }
        let inner = unquoted(text);
        let quoted = inner.len() < text.trim().len();
        // A name is one line, and no two quoted ones with words between them.
        if text.trim().is_empty() || text.contains('\n') {
            return None;
        }
        let half = !quoted && (cleaning::opens(text.trim()) || cleaning::closes(text.trim()));
        let known = match slot {
            Slot::By | Slot::Who => people.knows_name(inner) || people.knows_name(inner.trim_start()),
            Slot::Names | Slot::Roster => people.split(inner).iter().all(|name| people.knows_name(&name.name)),
            Slot::Title | Slot::Any => false,
        };
        if half && !known && cleaning::holds_several(text) {
            return None;
        }
        weight += i32::from(quoted) * 2 + i32::from(known) * 3 - i32::from(half) * 4;
    }
    Some(weight)
}

fn fact(sentence: &Sentence, fit: &Fit, people: &People<'_>) -> Fact {
    let mut by = (sentence.by == Some(SelfIs::Own)).then(Who::own);
    let mut members: Vec<Who> = Vec::new();
    let mut roster: Vec<Who> = Vec::new();
    if sentence.who == Some(SelfIs::Own) {
        members.push(Who::own());
    }
    let mut title = String::new();
    for (slot, text) in fit {
        let inner = unquoted(text);
        match slot {
            Slot::By => by = Some(people.one(inner)),
            Slot::Who => members.push(people.one(inner)),
            Slot::Names => members.extend(people.split(inner)),
            Slot::Roster => roster.extend(people.split(inner)),
            Slot::Title => title = inner.to_owned(),
            Slot::Any => {}
        }
    }
    match sentence.means {
        Means::Joined => {
            // Who came in brought nobody.
            let by = by.filter(|by| !by.is_nobody());
            let how = match sentence.how.unwrap_or_default() {
                How::Invited => JoinedHow::Invited,
                How::Scanned => JoinedHow::Scanned,
                How::Approved => JoinedHow::Approved,
                How::Left | How::Kicked | How::Unknown => JoinedHow::Unknown,
            };
            Fact::Joined {
                members,
                by,
                how,
                there: roster,
            }
        }
        Means::Left => {
            let how = match sentence.how.unwrap_or_default() {
                How::Left => LeftHow::Left,
                How::Kicked => LeftHow::Kicked,
                How::Invited | How::Scanned | How::Approved | How::Unknown => LeftHow::Unknown,
            };
            Fact::Left { members, by, how }
        }
        Means::Renamed => Fact::Renamed { name: title, by },
        Means::Recalled => Fact::Recalled {
            message: String::new(),
            by,
        },
        Means::Dissolved => Fact::Dissolved,
        Means::Hint => Fact::Hint { members },
        Means::Other => Fact::Other {
            kind: sentence.kind.clone().unwrap_or_else(|| "other".to_owned()),
            people: by.into_iter().chain(members).collect(),
        },
    }
}

/// How often each sentence was met that the table does not know, and where first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unknown {
    met: BTreeMap<String, (u64, String, u64)>,
    more: u64,
}

/// Different sentences that are kept to be shown.
const KEPT_MOST: usize = 1000;

impl Unknown {
    pub fn meet(&mut self, text: &str, file: &str, place: u64) {
        let text = clean(text);
        if self.met.len() >= KEPT_MOST && !self.met.contains_key(&text) {
            self.more += 1;
            return;
        }
        self.met.entry(text).or_insert_with(|| (0, file.to_owned(), place)).0 += 1;
    }

    /// Different sentences, and all of them.
    pub fn counts(&self) -> (u64, u64) {
        let times: u64 = self.met.values().map(|(times, _, _)| times).sum();
        (self.met.len() as u64 + self.more, times + self.more)
    }

    /// The most frequent first.
    pub fn by_frequency(&self) -> Vec<(&str, u64, &str, u64)> {
        let mut all: Vec<_> = self
            .met
            .iter()
            .map(|(text, (times, file, place))| (text.as_str(), *times, file.as_str(), *place))
            .collect();
        all.sort_by_key(|(text, times, _, _)| (std::cmp::Reverse(*times), *text));
        all
    }
}
