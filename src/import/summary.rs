//! What an import came to: counted while it goes on, closed once.

pub mod shown;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::formats::Format;
use super::roster::Roster;
use super::sentences::Unknown;
use super::when::Order;
use crate::chat::{GroupId, Happening, LeftHow, Moment, PersonId};
use crate::recording::imported::{self, Line, Missing, Sure};

/// Counted as lines are made.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub from: Option<Moment>,
    pub to: Moment,
    pub messages: u64,
    pub own_messages: u64,
    pub speakers: BTreeSet<PersonId>,
    pub groups: BTreeMap<GroupId, GroupCount>,
    pub leaves: Leaves,
    pub renames: u64,
    pub cards: u64,
    pub notes: BTreeMap<String, u64>,
    pub hints_used: u64,
    pub unknown: Unknown,
    /// Told twice under the same id.
    pub duplicates: u64,
    /// The same row in two files.
    pub same: u64,
}

/// Of one group.
#[derive(Clone, Debug, Default)]
pub struct GroupCount {
    pub name: String,
    pub formats: BTreeSet<Format>,
    pub messages: u64,
    pub sentences: u64,
    pub joins: u64,
    pub joiners: BTreeMap<Sure, u64>,
    pub left: u64,
    pub renames: u64,
    pub cards: u64,
}

/// Who went, by how it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Leaves {
    pub left: u64,
    pub kicked: u64,
    /// Concluded from member lists.
    pub inferred: u64,
}

impl Counts {
    pub fn saw(&mut self, at: Moment, group: Option<&GroupId>, format: Format, name: &str) {
        self.from = Some(self.from.map_or(at, |from| from.min(at)));
        self.to = self.to.max(at);
        if let Some(group) = group {
            let group = self.groups.entry(group.clone()).or_default();
            group.formats.insert(format);
            if group.name.is_empty() {
                name.clone_into(&mut group.name);
            }
        }
    }

    /// Whether anything of a group was seen.
    pub fn knows(&self, group: &GroupId) -> bool {
        self.groups.contains_key(group)
    }

    fn group(&mut self, group: &GroupId) -> &mut GroupCount {
        self.groups.entry(group.clone()).or_default()
    }

    pub fn message(&mut self, group: Option<&GroupId>, from: &PersonId, own: bool) {
        self.messages += 1;
        self.own_messages += u64::from(own);
        if !own {
            self.speakers.insert(from.clone());
        }
        if let Some(group) = group {
            self.group(group).messages += 1;
        }
    }

    pub fn sentence(&mut self, group: Option<&GroupId>) {
        if let Some(group) = group {
            self.group(group).sentences += 1;
        }
    }

    pub fn note(&mut self, kind: &str) {
        *self.notes.entry(kind.to_owned()).or_default() += 1;
    }

    pub fn join(&mut self, group: &GroupId) {
        self.group(group).joins += 1;
    }

    pub fn joiner(&mut self, group: &GroupId, sure: Sure) {
        *self.group(group).joiners.entry(sure).or_default() += 1;
    }

    /// Somebody counted as unknown was found out.
    pub fn known_after_all(&mut self, group: &GroupId) {
        let joiners = &mut self.group(group).joiners;
        if let Some(unknown) = joiners.get_mut(&Sure::Unknown) {
            *unknown = unknown.saturating_sub(1);
        }
        *joiners.entry(Sure::Inferred).or_default() += 1;
    }

    pub fn left(&mut self, group: &GroupId, how: LeftHow, inferred: bool) {
        match (inferred, how) {
            (true, _) => self.leaves.inferred += 1,
            (false, LeftHow::Kicked) => self.leaves.kicked += 1,
            (false, LeftHow::Left | LeftHow::Unknown) => self.leaves.left += 1,
        }
        if how != LeftHow::Kicked {
            self.group(group).left += 1;
        }
    }

    pub fn renamed(&mut self, group: &GroupId, name: &str) {
        self.renames += 1;
        let group = self.group(group);
        group.renames += 1;
        name.clone_into(&mut group.name);
    }

    pub fn card(&mut self, group: &GroupId) {
        self.cards += 1;
        self.group(group).cards += 1;
    }

    /// A line that was normalised before.
    pub fn ready(&mut self, line: &Line, format: Format) {
        self.saw(line.at(), super::row::group_of(line), format, "");
        match &line.what {
            imported::What::Note(note) if note.kind == "unknown" => {
                self.unknown.meet(&line.raw, &line.src.file, line.src.row);
                self.note(&note.kind);
            }
            imported::What::Note(note) => self.note(&note.kind),
            imported::What::Event(event) => match &event.happening {
                Happening::Message(message) => self.message(message.group.as_ref(), &message.from, message.own),
                Happening::Joined { group, .. } => {
                    self.join(group);
                    self.joiner(group, line.sure);
                }
                Happening::Left {
                    group, how, inferred, ..
                } => self.left(group, *how, *inferred),
                Happening::GroupRenamed { group, name, .. } => self.renamed(group, name),
                Happening::CardChanged { group, .. } => self.card(group),
                Happening::Recalled { .. } => self.note("recall"),
                Happening::Found { .. } => self.note("present"),
                Happening::RosterRead { group, name, .. } => name.clone_into(&mut self.group(group).name),
                other => self.note(other.kind()),
            },
        }
    }

    /// What cannot be told from a group's log: what its form does not always tell and was not seen either.
    pub fn missing(&self, told_before: &BTreeMap<GroupId, BTreeSet<Missing>>) -> BTreeMap<GroupId, BTreeSet<Missing>> {
        let all = [
            Missing::Joins,
            Missing::Leaves,
            Missing::Renames,
            Missing::Cards,
            Missing::Orders,
        ];
        let of_group = |(id, group): (&GroupId, &GroupCount)| {
            let seen = |missing: Missing| match missing {
                Missing::Joins => group.joins > 0,
                Missing::Leaves => group.left > 0,
                // A form that shows the network's lines shows a new name among them.
                Missing::Renames => group.renames > 0 || group.sentences > 0,
                Missing::Cards => group.cards > 0,
                Missing::Orders => false,
            };
            let told = |missing: &Missing| {
                let before = told_before.get(id);
                group.formats.iter().any(|format| match (format, before) {
                    (Format::Imported, Some(before)) => !before.contains(missing),
                    (format, _) => format.tells().contains(missing),
                })
            };
            let missing: BTreeSet<Missing> = all.into_iter().filter(|it| !told(it) && !seen(*it)).collect();
            (id.clone(), missing)
        };
        self.groups
            .iter()
            .map(of_group)
            .filter(|(_, missing)| !missing.is_empty())
            .collect()
    }
}

/// One file, as it was read.
#[derive(Clone, Debug, Serialize)]
pub struct FileSummary {
    pub file: String,
    pub format: &'static str,
    pub title: &'static str,
    pub made_by: String,
    pub encoding: &'static str,
    pub rows: u64,
    /// How dates were read, where they could be read in several orders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<Order>,
    pub unreadable: u64,
    /// The first hundred rows that could not be read, and why.
    pub named: Vec<(u64, String)>,
    pub set_aside: BTreeMap<String, u64>,
    /// The same bytes as a file before; passed over.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub repeated: bool,
}

impl FileSummary {
    /// A member list.
    pub fn roster(roster: &Roster) -> Self {
        Self {
            file: roster.file.clone(),
            format: Format::Roster.word(),
            title: Format::Roster.title(),
            made_by: format!("{} {}", Format::Roster.title(), roster.date),
            encoding: "UTF-8",
            rows: roster.members.len() as u64,
            dates: None,
            unreadable: 0,
            named: Vec::new(),
            set_aside: BTreeMap::new(),
            repeated: false,
        }
    }
}

/// Who came in, by how surely it is known who.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Joins {
    /// How often somebody came in; several may come at once.
    pub times: u64,
    pub people: u64,
    pub id: u64,
    pub name: u64,
    pub inferred: u64,
    pub unknown: u64,
}

/// A sentence the table does not know.
#[derive(Clone, Debug, Serialize)]
pub struct UnknownLine {
    pub text: String,
    pub times: u64,
    pub file: String,
    pub row: u64,
}

/// One group.
#[derive(Clone, Debug, Serialize)]
pub struct GroupSummary {
    pub group: GroupId,
    pub name: String,
    pub messages: u64,
    pub joins: u64,
    pub missing: BTreeSet<Missing>,
}

/// What an import came to.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    pub files: Vec<FileSummary>,
    pub zone: String,
    pub from: Option<Moment>,
    pub to: Option<Moment>,
    pub messages: u64,
    pub own_messages: u64,
    /// Whose messages start no rule.
    pub own: Vec<String>,
    pub speakers: u64,
    pub groups: Vec<GroupSummary>,
    pub joins: Joins,
    pub leaves: Leaves,
    pub renames: u64,
    pub cards: u64,
    pub recalls: u64,
    pub pats: u64,
    pub hints: u64,
    pub hints_used: u64,
    /// Known sentences that are no events, by kind.
    pub others: BTreeMap<String, u64>,
    pub unknown_kinds: u64,
    pub unknown_times: u64,
    pub unknown: Vec<UnknownLine>,
    pub duplicates: u64,
    pub same: u64,
    pub unreadable: u64,
    /// Lines written.
    pub lines: u64,
    pub redacted: bool,
}

impl Summary {
    /// Closes the counts.
    pub fn of(counts: &Counts, missing: &BTreeMap<GroupId, BTreeSet<Missing>>, files: Vec<FileSummary>) -> Self {
        let mut joins = Joins::default();
        for group in counts.groups.values() {
            joins.times += group.joins;
            let of = |sure| group.joiners.get(&sure).copied().unwrap_or(0);
            joins.id += of(Sure::Id);
            joins.name += of(Sure::Name);
            joins.inferred += of(Sure::Inferred);
            joins.unknown += of(Sure::Unknown);
        }
        joins.people = joins.id + joins.name + joins.inferred + joins.unknown;
        let mut others = counts.notes.clone();
        let mut take = |kind: &str| others.remove(kind).unwrap_or(0);
        let (recalls, pats, hints, _) = (take("recall"), take("pat"), take("hint"), take("unknown"));
        let (unknown_kinds, unknown_times) = counts.unknown.counts();
        let groups = counts.groups.iter().map(|(id, group)| GroupSummary {
            group: id.clone(),
            name: group.name.clone(),
            messages: group.messages,
            joins: group.joins,
            missing: missing.get(id).cloned().unwrap_or_default(),
        });
        let unknown = counts.unknown.by_frequency().into_iter();
        Self {
            unreadable: files.iter().map(|file| file.unreadable).sum(),
            files,
            zone: String::new(),
            from: counts.from,
            to: counts.from.map(|_| counts.to),
            messages: counts.messages,
            own_messages: counts.own_messages,
            own: Vec::new(),
            speakers: counts.speakers.len() as u64,
            groups: groups.collect(),
            joins,
            leaves: counts.leaves,
            renames: counts.renames,
            cards: counts.cards,
            recalls,
            pats,
            hints,
            hints_used: counts.hints_used,
            others,
            unknown_kinds,
            unknown_times,
            unknown: unknown
                .map(|(text, times, file, row)| UnknownLine {
                    text: text.to_owned(),
                    times,
                    file: file.to_owned(),
                    row,
                })
                .collect(),
            duplicates: counts.duplicates,
            same: counts.same,
            lines: 0,
            redacted: false,
        }
    }

    /// What is missing in every group.
    pub fn missing_everywhere(&self, missing: Missing) -> bool {
        !self.groups.is_empty() && self.groups.iter().all(|group| group.missing.contains(&missing))
    }
}
