//! Who is who: ids and the names they go by, gathered over all files before anything is decided.

use std::collections::{BTreeMap, BTreeSet};

use super::row::{Fact, Room, Row, What, Who};
use crate::chat::Moment;
use crate::recording::imported::Sure;

/// Everybody of one room, or of all.
#[derive(Clone, Debug, Default)]
struct Known {
    /// The ids that go by a name; none for a name without an id.
    names: BTreeMap<String, BTreeSet<String>>,
    /// When each first spoke.
    spoke: BTreeMap<String, Moment>,
}

/// Everybody of all files.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    all: Known,
    rooms: BTreeMap<String, Known>,
    /// The name each id was first seen under.
    called: BTreeMap<String, String>,
    own: BTreeSet<String>,
    own_names: BTreeSet<String>,
    by_first_words: BTreeMap<String, Vec<(Moment, String)>>,
    /// What stands in quotes in sentences.
    quoted: BTreeSet<String>,
}

/// What is made of a [`Who`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resolved {
    /// As it stands behind the gateway's name.
    pub wire: String,
    pub name: String,
    pub sure: Sure,
    pub own: bool,
}

/// Names in quotes that are kept.
const QUOTED_MOST: usize = 20_000;

/// Ids that are kept for one name: with a second one it says nothing any more.
const SAME_NAME_MOST: usize = 3;

/// What stands before a name that serves as an id.
const NAME: &str = "name:";
/// What stands before an id nobody has: somebody, and nobody knows who.
const NOBODY: &str = "?";
/// The id of the one who made the log, where it is not told.
const OWN: &str = "self";

impl Directory {
    /// Says that an id or a name belongs to the one who made the log.
    pub fn is_own(&mut self, who: &str) {
        self.own.insert(who.to_owned());
    }

    /// Takes note of everybody a row names.
    pub fn note(&mut self, row: &Row) {
        let room = room_key(&row.room);
        match &row.what {
            What::Said { from, own, .. } => {
                if *own {
                    if !from.id.is_empty() {
                        self.own.insert(from.id.clone());
                    }
                    self.own_names.extend(
                        [&from.name, &from.card]
                            .into_iter()
                            .filter(|it| !it.is_empty())
                            .cloned(),
                    );
                }
                self.know(&room, from);
                let key = speaker(from);
                if !key.is_empty() {
                    for known in [self.rooms.entry(room).or_default(), &mut self.all] {
                        let first = known.spoke.entry(key.clone()).or_insert(row.at);
                        *first = row.at.min(*first);
                    }
                }
            }
            What::Sentence { by, text, named, .. } => {
                named.iter().chain([by]).for_each(|who| self.know(&room, who));
                self.quote(text);
            }
            What::Known(everybody) => everybody.iter().for_each(|who| self.know(&room, who)),
            What::Fact(Fact::Joined { members, by, .. } | Fact::Left { members, by, .. }) => {
                members.iter().chain(by).for_each(|who| self.know(&room, who));
            }
            What::Fact(Fact::Card { who, card }) => {
                self.know(&room, who);
                self.know(&room, &Who::new(&who.id, card));
            }
            What::Fact(_) | What::Ready(_) => {}
        }
    }

    /// Names of people who never speak stand in sentences only, mostly in quotes.
    fn quote(&mut self, text: &str) {
        let quoted = text.split(['"', '“', '”', '「', '」']).skip(1).step_by(2);
        for name in quoted.flat_map(|names| names.split('、').chain([names])) {
            if !is_placeholder(name) && self.quoted.len() < QUOTED_MOST {
                self.quoted.insert(name.trim().to_owned());
            }
        }
    }

    fn know(&mut self, room: &str, who: &Who) {
        if who.is_own() {
            return;
        }
        if !who.id.is_empty() && !who.name.is_empty() && !self.called.contains_key(&who.id) {
            self.called.insert(who.id.clone(), who.name.clone());
        }
        for name in [&who.name, &who.card] {
            if is_placeholder(name) {
                continue;
            }
            for known in [self.rooms.entry(room.to_owned()).or_default(), &mut self.all] {
                let ids = known.names.entry(name.clone()).or_default();
                if !who.id.is_empty() && ids.len() < SAME_NAME_MOST {
                    ids.insert(who.id.clone());
                }
            }
        }
    }

    /// Nothing more will be noted. What was noted of no room belongs to `home`.
    pub fn close(&mut self, home: &str) {
        if let Some(homeless) = self.rooms.remove("") {
            let known = self.rooms.entry(home.to_owned()).or_default();
            for (name, ids) in homeless.names {
                known.names.entry(name).or_default().extend(ids);
            }
            for (who, at) in homeless.spoke {
                let first = known.spoke.entry(who).or_insert(at);
                *first = at.min(*first);
            }
        }
        // The operator may have said a name where there are ids.
        for name in self.own.clone() {
            if let Some(ids) = self.all.names.get(&name) {
                self.own.extend(ids.iter().cloned());
                self.own_names.insert(name);
            } else if let Some(name) = self.called.get(&name) {
                self.own_names.insert(name.clone());
            }
        }
        for (room, known) in &self.rooms {
            let mut order: Vec<(Moment, String)> = known.spoke.iter().map(|(who, at)| (*at, who.clone())).collect();
            order.sort();
            self.by_first_words.insert(room.clone(), order);
        }
    }

    /// Those who spoke for the first time within a span, the earliest first.
    pub fn first_words(&self, room: &Room, from: Moment, until: Moment) -> Vec<String> {
        let Some(order) = self.by_first_words.get(&room_key(room)) else {
            return Vec::new();
        };
        let start = order.partition_point(|(at, _)| *at < from);
        order[start..]
            .iter()
            .take_while(|(at, _)| *at <= until)
            .map(|(_, who)| who.clone())
            .collect()
    }

    /// Every name anybody goes by.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let quoted = self.quoted.iter().filter(|name| !self.all.names.contains_key(*name));
        self.all.names.keys().chain(quoted).map(String::as_str)
    }

    /// Names the one who made the log goes by.
    pub fn own_names(&self) -> impl Iterator<Item = &String> {
        self.own_names.iter()
    }

    /// Everybody as one room knows them. `ids_in_names`: sentences write `name(id)`.
    pub fn in_room(&self, room: &Room, ids_in_names: bool) -> People<'_> {
        People {
            room: self.rooms.get(&room_key(room)),
            all: &self.all,
            ids_in_names,
            joined_by_words: false,
        }
    }

    /// Who somebody is. `nobody` makes an id for those nobody knows.
    pub fn resolve(&self, room: &Room, who: &Who, nobody: &str) -> Resolved {
        if who.is_own() {
            let known = self.own.iter().next();
            let wire = known.cloned().unwrap_or_else(|| OWN.to_owned());
            let name = self.called.get(&wire).or(self.own_names.iter().next());
            return Resolved {
                name: name.cloned().unwrap_or_default(),
                wire,
                sure: Sure::Id,
                own: true,
            };
        }
        if !who.id.is_empty() {
            let name = match who.name.is_empty() {
                true => self.called.get(&who.id).cloned().unwrap_or_default(),
                false => who.name.clone(),
            };
            return Resolved {
                own: self.own.contains(&who.id),
                wire: who.id.clone(),
                name,
                sure: Sure::Id,
            };
        }
        if is_placeholder(&who.name) {
            return Resolved {
                wire: format!("{NOBODY}{nobody}"),
                name: String::new(),
                sure: Sure::Unknown,
                own: false,
            };
        }
        let people = self.in_room(room, false);
        let ids = people.ids(&who.name);
        let own = self.own.contains(&who.name) || ids.iter().any(|id| self.own.contains(*id));
        match ids.as_slice() {
            [] => Resolved {
                wire: name_id(&who.name),
                name: who.name.clone(),
                sure: Sure::Name,
                own,
            },
            [id] => Resolved {
                wire: (*id).clone(),
                name: who.name.clone(),
                sure: Sure::Name,
                own,
            },
            _ => Resolved {
                wire: format!("{NOBODY}{nobody}"),
                name: who.name.clone(),
                sure: Sure::Unknown,
                own: false,
            },
        }
    }
}

/// A name as an id: what cannot be seen is left out, so that it can be written anywhere.
fn name_id(name: &str) -> String {
    let seen: String = name.chars().filter(|letter| !letter.is_control()).take(80).collect();
    format!("{NAME}{seen}")
}

/// The key somebody is counted under before ids are known.
fn speaker(who: &Who) -> String {
    match who.id.is_empty() {
        false => who.id.clone(),
        true if is_placeholder(&who.name) => String::new(),
        true => name_id(&who.name),
    }
}

fn room_key(room: &Room) -> String {
    match room.id.is_empty() {
        false => room.id.clone(),
        true => room.name.clone(),
    }
}

/// Everybody a sentence of one room may mean.
#[derive(Clone, Copy, Debug)]
pub struct People<'a> {
    room: Option<&'a Known>,
    all: &'a Known,
    ids_in_names: bool,
    /// The last of several names is joined to the others by a word, as in «A, B and C».
    joined_by_words: bool,
}

impl<'a> People<'a> {
    /// Nobody at all.
    pub fn known_to(directory: &'a Directory) -> Self {
        directory.in_room(&Room::default(), false)
    }

    /// As a network that joins the last of several names by a word writes them.
    #[must_use]
    pub fn joined_by_words(mut self) -> Self {
        self.joined_by_words = true;
        self
    }

    pub fn knows_name(&self, name: &str) -> bool {
        !name.is_empty()
            && (self.room.is_some_and(|room| room.names.contains_key(name)) || self.all.names.contains_key(name))
    }

    fn ids(&self, name: &str) -> Vec<&'a String> {
        let within = self
            .room
            .and_then(|room| room.names.get(name))
            .filter(|ids| !ids.is_empty());
        let ids = within.or_else(|| self.all.names.get(name));
        ids.into_iter().flatten().collect()
    }

    /// One person's name: a blank in front is the network's, unless somebody is called so.
    pub fn one(&self, text: &str) -> Who {
        if matches!(text.trim(), "你" | "您" | "我" | "You" | "you") && !self.knows_name(text) {
            return Who::own();
        }
        if self.ids_in_names
            && let Some((name, id)) = name_and_id(text)
        {
            return Who::new(id, name.trim());
        }
        if self.knows_name(text) {
            return Who::named(text);
        }
        let text = if self.knows_name(text.trim_end()) {
            text.trim_end()
        } else {
            text.trim()
        };
        match is_placeholder(text) {
            true => Who::default(),
            false => Who::named(text),
        }
    }

    /// Several names in a row. What separates them also stands within names, so the longest known names go first; what
    /// is left over belongs to the name before it.
    pub fn split(&self, text: &str) -> Vec<Who> {
        let whole = self.one(text);
        if self.knows_name(&whole.name) || whole.is_nobody() || whole.is_own() {
            return vec![whole];
        }
        let mark = if text.contains('、') { "、" } else { ", " };
        let mut pieces: Vec<&str> = text.split(mark).collect();
        // `"a"、"b"`: the outer quotes are gone already.
        let quoted = text.contains("\"、\"") || text.contains("”、“");
        if quoted {
            pieces = pieces.iter().map(|piece| piece.trim_matches(['"', '“', '”'])).collect();
        }
        let joined = |from: usize, to: usize| pieces[from..to].join(mark);
        let mut names: Vec<Who> = Vec::new();
        let mut from = 0;
        while from < pieces.len() {
            let ends = from + 1..=pieces.len().min(from + 12);
            // With ids the first that closes is one person's; without, the longest known name is.
            let longest = match self.ids_in_names {
                true => ends.clone().find(|to| name_and_id(&joined(from, *to)).is_some()),
                false => None,
            };
            let longest = longest.or_else(|| ends.rev().find(|to| self.knows_name(&joined(from, *to))));
            let to = longest.unwrap_or(from + 1);
            let mut name = joined(from, to);
            from = to;
            // A mark at the end, or twice in a row, is part of the name before it.
            while longest.is_none() && pieces.get(from).is_some_and(|piece| piece.is_empty()) {
                name.push_str(mark);
                from += 1;
            }
            let both = match from == pieces.len() && longest.is_none() {
                true => self.two(&name, pieces.len() > 1),
                false => None,
            };
            match both {
                Some((one, other)) => names.extend([self.one(one), self.one(other)]),
                None => names.push(self.one(&name)),
            }
        }
        names
    }

    /// The last of several names may be joined to the one before it by a word, and a name may hold that word: one of
    /// both is known, or the network always writes so.
    fn two<'t>(&self, text: &'t str, ends_list: bool) -> Option<(&'t str, &'t str)> {
        const WORDS: [&str; 5] = [" and ", " & ", "和", "與", "及"];
        let pairs = || {
            WORDS
                .iter()
                .flat_map(|word| text.match_indices(word))
                .map(|(at, word)| (text[..at].trim(), text[at + word.len()..].trim()))
                .filter(|(one, other)| !one.is_empty() && !other.is_empty())
        };
        let both = pairs().find(|(one, other)| self.knows_name(one) && self.knows_name(other));
        let either = || pairs().find(|(one, other)| self.knows_name(one) || self.knows_name(other));
        let always = || pairs().next().filter(|_| ends_list && self.joined_by_words);
        both.or_else(either).or_else(always)
    }
}

/// `name(id)`, the id being what the network makes: letters, digits, and few signs.
fn name_and_id(text: &str) -> Option<(&str, &str)> {
    let (name, id) = text.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let is_id = id.len() >= 4
        && id.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-@.".contains(&byte));
    is_id.then_some((name, id))
}

/// Whether a name stands for somebody the log lost.
pub fn is_placeholder(name: &str) -> bool {
    let templates = [
        "$username$",
        "$names$",
        "$adder$",
        "$from$",
        "$others$",
        "$kickoutname$",
        "$remark$",
    ];
    let name = name.trim();
    name.is_empty() || templates.contains(&name) || matches!(name, "未知" | "未知用户")
}
