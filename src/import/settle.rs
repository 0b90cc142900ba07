//! Rows become lines: who is meant is settled, sentences are read, what overlaps is merged, what is missing concluded.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use super::align::{self, Entry, Spans};
use super::formats::Format;
use super::people::{Directory, Resolved};
use super::row::{Fact, Room, Row, What, Who};
use super::sentences::{Network, Sentences, cleaning};
use super::summary::Counts;
use crate::chat::{
    Event, EventId, GatewayName, GroupId, Happening, JoinedHow, LeftHow, Message, MessageId, Moment, PersonId, Segment,
    text_of,
};
use crate::recording::imported::{self, Line, Note, Place, Sure};

/// How long after somebody came in their first words may tell who it was.
const FIRST_WORDS: Duration = Duration::from_secs(10 * 60);
/// How long after somebody came in the hint that they are a stranger may follow.
const HINT: Duration = Duration::from_secs(60);
/// How long an id told twice is remembered.
const TOLD_TWICE: Duration = Duration::from_secs(10 * 60);

/// What is known of a file.
#[derive(Clone, Debug)]
pub struct FileNote {
    pub file: String,
    pub format: Format,
    /// Whose sentences it holds; `None`: anybody's.
    pub network: Option<Network>,
}

/// What settling needs and does not change.
#[derive(Debug)]
pub struct Ground<'a> {
    pub gateway: GatewayName,
    pub files: &'a [FileNote],
    pub directory: &'a Directory,
    pub sentences: &'a Sentences,
    pub spans: &'a Spans,
    /// Milliseconds within which two files may tell the same.
    pub bucket: i64,
    /// The room of files that name none.
    pub room: Room,
    /// Rooms whose name changes within the log.
    pub renamed: &'a BTreeSet<String>,
}

/// Rows on their way to lines.
#[derive(Debug)]
pub struct Settling<'a> {
    ground: Ground<'a>,
    pub counts: Counts,
    bucket: Vec<(u32, Row)>,
    /// Ids told lately, and when.
    told: BTreeSet<(String, String)>,
    told_order: VecDeque<(Moment, (String, String))>,
    /// Joins nobody knows the member of yet: the hint that follows may tell.
    pending: Vec<Pending>,
    /// The last of them that a hint named.
    named: Option<Pending>,
    /// Who is in which room, as far as it was told.
    here: BTreeMap<(GroupId, PersonId), bool>,
    taken: BTreeSet<(String, String)>,
    out: Vec<Line>,
}

/// A join whose member nobody knows yet.
#[derive(Clone, Debug)]
struct Pending {
    room: Room,
    /// Its line in `out`, and the event's number among those of its row.
    place: usize,
    nth: usize,
    source: (u32, Row),
    how: JoinedHow,
    by: Option<PersonId>,
}

impl<'a> Settling<'a> {
    pub fn new(ground: Ground<'a>) -> Self {
        Self {
            ground,
            counts: Counts::default(),
            bucket: Vec::new(),
            told: BTreeSet::new(),
            told_order: VecDeque::new(),
            pending: Vec::new(),
            named: None,
            here: BTreeMap::new(),
            taken: BTreeSet::new(),
            out: Vec::new(),
        }
    }

    /// Takes the next row in order of time.
    pub fn take(&mut self, file: u32, row: Row) {
        let moment = |row: &Row| row.at.millis() / self.ground.bucket;
        if self
            .bucket
            .first()
            .is_some_and(|(_, first)| moment(first) != moment(&row))
        {
            self.settle_bucket();
        }
        self.bucket.push((file, row));
    }

    /// Lines nothing that follows can change. Call it after every row.
    pub fn ready(&mut self) -> Vec<Line> {
        match self.pending.is_empty() && self.named.is_none() {
            true => std::mem::take(&mut self.out),
            false => Vec::new(),
        }
    }

    /// Nothing follows.
    pub fn end(&mut self) -> Vec<Line> {
        self.settle_bucket();
        self.give_up(Moment::NEVER);
        std::mem::take(&mut self.out)
    }

    fn settle_bucket(&mut self) {
        let rows = std::mem::take(&mut self.bucket);
        let several = rows.iter().any(|(file, _)| *file != rows[0].0);
        let rows = match several {
            false => rows,
            true => {
                let entries = rows.into_iter().map(|(file, row)| self.entry(file, row)).collect();
                let (merged, same) = align::merge(entries, self.ground.spans, self.ground.bucket);
                self.counts.same += same;
                merged.into_iter().map(|entry| (entry.file, entry.row)).collect()
            }
        };
        for (file, row) in rows {
            self.forget(row.at);
            if self.is_told(file, &row) {
                self.counts.duplicates += 1;
            } else {
                self.settle(file, row);
            }
        }
    }

    fn entry(&self, file: u32, row: Row) -> Entry {
        let room = self.room_of(&row);
        let words = |text: &str| {
            let text = text.trim();
            let is_mark = text.is_empty() || (text.starts_with('[') && text.ends_with(']'));
            if is_mark { "[]".to_owned() } else { text.to_owned() }
        };
        let key = match &row.what {
            What::Said { from, segments, .. } => {
                let who = self.ground.directory.resolve(&room, from, "");
                format!("said {} {}", who.wire, words(&text_of(segments)))
            }
            What::Sentence { text, ids, .. } => {
                let people = self.ground.directory.in_room(&room, *ids);
                match self.ground.sentences.read(self.network(file), text, &people) {
                    Some(Fact::Joined { .. }) => "joined".to_owned(),
                    _ => format!("told {}", cleaning::clean(text)),
                }
            }
            What::Ready(lines) => ready_key(lines, &words),
            What::Fact(Fact::Joined { .. }) => "joined".to_owned(),
            What::Fact(fact) => format!("{fact:?}"),
            What::Known(_) => String::new(),
        };
        Entry {
            file,
            room: key_of(&room),
            row,
            key,
        }
    }

    fn forget(&mut self, now: Moment) {
        while let Some((at, _)) = self.told_order.front() {
            if now.since(*at) <= TOLD_TWICE {
                break;
            }
            if let Some((_, key)) = self.told_order.pop_front() {
                self.told.remove(&key);
            }
        }
        self.give_up(now);
    }

    /// No hint came in time. Whoever speaks for the first time soon after is taken for the one who came in.
    fn give_up(&mut self, now: Moment) {
        let is_over = |pending: &Pending| now.since(pending.source.1.at) > HINT;
        self.named = self.named.take().filter(|named| !is_over(named));
        while let Some(place) = self.pending.iter().position(is_over) {
            let pending = self.pending.remove(place);
            if let Some(who) = self.by_first_words(&pending.room, pending.source.1.at) {
                self.give_name(&pending, who);
            }
        }
    }

    /// The same id in the same kind of log, told a moment ago.
    fn is_told(&mut self, file: u32, row: &Row) -> bool {
        let id = match &row.what {
            What::Ready(lines) => lines.first().map(|line| line.id().to_string()).unwrap_or_default(),
            _ => row.id.clone(),
        };
        if id.is_empty() {
            return false;
        }
        let format = match &row.what {
            What::Ready(_) => "",
            _ => self.format(file).word(),
        };
        let key = (format!("{format} {}", key_of(&row.room)), id);
        self.told_order.push_back((row.at, key.clone()));
        !self.told.insert(key)
    }

    fn format(&self, file: u32) -> Format {
        self.ground.files[file as usize].format
    }

    fn network(&self, file: u32) -> Option<Network> {
        self.ground.files[file as usize].network
    }

    fn room_of(&self, row: &Row) -> Room {
        let is_named = !row.room.id.is_empty() || !row.room.name.is_empty() || row.room.private;
        if is_named {
            row.room.clone()
        } else {
            self.ground.room.clone()
        }
    }

    fn group(&self, room: &Room) -> Option<GroupId> {
        (!room.private).then(|| GroupId::at(&self.ground.gateway, &key_of(room)))
    }

    fn person(&self, wire: &str) -> PersonId {
        PersonId::at(&self.ground.gateway, wire)
    }

    fn settle(&mut self, file: u32, row: Row) {
        let room = self.room_of(&row);
        if !matches!(row.what, What::Ready(_)) {
            self.first_sight(file, &row, &room);
            self.counts
                .saw(row.at, self.group(&room).as_ref(), self.format(file), &room.name);
        }
        match &row.what {
            What::Said { .. } => self.said(file, &row, &room),
            What::Sentence { text, by, ids, .. } => {
                let people = self.ground.directory.in_room(&room, *ids);
                self.counts.sentence(self.group(&room).as_ref());
                match self.ground.sentences.read(self.network(file), text, &people) {
                    Some(fact) => {
                        let fact = completed(fact, by);
                        let text = text.clone();
                        self.fact(file, &row, (&room, &fact, &text));
                    }
                    None => {
                        let name = self.ground.files[file as usize].file.clone();
                        self.counts.unknown.meet(text, &name, row.place);
                        let text = text.clone();
                        self.note(file, &row, (&room, "unknown", &[]), &text);
                    }
                }
            }
            What::Fact(fact) => self.fact(file, &row, (&room, fact, "")),
            What::Ready(lines) => {
                for line in lines.clone() {
                    self.counts.ready(&line, self.format(file));
                    self.out.push(line);
                }
            }
            What::Known(_) => {}
        }
    }

    /// A group has the name the log gives it from its first row on, unless the log tells of another name later.
    fn first_sight(&mut self, file: u32, row: &Row, room: &Room) {
        let Some(group) = self.group(room) else { return };
        let key = key_of(room);
        let is_named = !room.name.is_empty() && !room.id.is_empty() && !self.ground.renamed.contains(&key);
        if self.counts.knows(&group) || !is_named {
            return;
        }
        let id = EventId::new(format!(
            "{}/{}/{key}/name",
            self.ground.gateway,
            self.format(file).word()
        ));
        let happening = Happening::RosterRead {
            group,
            name: room.name.clone(),
            members: 0,
        };
        let event = Event {
            id,
            at: row.at,
            happening,
        };
        let line = self.line(file, row, imported::What::Event(event), Sure::Id);
        self.out.push(line);
    }

    fn event_id(&self, file: u32, row: &Row, nth: usize) -> EventId {
        let gateway = &self.ground.gateway;
        let format = self.format(file).word();
        let room = key_of(&self.room_of(row));
        let tail = if nth == 0 { String::new() } else { format!("+{nth}") };
        EventId::new(match row.id.is_empty() {
            false => format!("{gateway}/{format}/{room}/{}{tail}", row.id),
            true => format!(
                "{gateway}/{format}/{}:{}{tail}",
                self.ground.files[file as usize].file, row.place
            ),
        })
    }

    fn line(&self, file: u32, row: &Row, what: imported::What, sure: Sure) -> Line {
        Line {
            v: imported::VERSION,
            what,
            sure: sure.max(row.least),
            about: row.about,
            now: None,
            src: Place {
                file: self.ground.files[file as usize].file.clone(),
                row: row.place,
            },
            raw: String::new(),
        }
    }

    fn said(&mut self, file: u32, row: &Row, room: &Room) {
        let What::Said {
            from,
            own,
            role,
            segments,
        } = &row.what
        else {
            return;
        };
        let nobody = self.event_id(file, row, 0).to_string();
        let who = self.ground.directory.resolve(room, from, &nobody);
        let own = *own || who.own;
        let person = self.person(&who.wire);
        let group = self.group(room);
        let words = text_of(segments);
        let calls_bot = !own && (self.ground.directory.own_names()).any(|name| words.contains(&format!("@{name}")))
            || segments
                .iter()
                .any(|it| matches!(it, Segment::Mention(id) if self.is_own(id)));
        self.counts.message(group.as_ref(), &person, own);
        if let Some(group) = &group {
            self.here.insert((group.clone(), person.clone()), true);
        }
        let message = match row.id.is_empty() {
            true => format!("{}:{}", self.ground.files[file as usize].file, row.place),
            false => row.id.clone(),
        };
        let event = Event {
            id: self.event_id(file, row, 0),
            at: row.at,
            happening: Happening::Message(Message {
                group,
                from: person,
                name: who.name,
                card: from.card.clone(),
                role: *role,
                message: MessageId::new(message),
                segments: segments.clone(),
                own,
                calls_bot,
            }),
        };
        let line = self.line(file, row, imported::What::Event(event), who.sure);
        self.out.push(line);
    }

    fn is_own(&self, person: &PersonId) -> bool {
        self.ground
            .directory
            .resolve(&Room::default(), &Who::new(person.wire(), ""), "")
            .own
    }

    fn note(&mut self, file: u32, row: &Row, (room, kind, people): (&Room, &str, &[PersonId]), raw: &str) {
        self.counts.note(kind);
        let note = Note {
            id: self.event_id(file, row, 0),
            at: row.at,
            group: self.group(room),
            kind: kind.to_owned(),
            people: people.to_vec(),
        };
        let mut line = self.line(file, row, imported::What::Note(note), Sure::Id);
        line.raw = raw.to_owned();
        self.out.push(line);
    }

    /// One event of a row that may have several.
    fn tell(&mut self, file: u32, row: &Row, (nth, happening, sure): (usize, Happening, Sure), raw: &str) {
        let event = Event {
            id: self.event_id(file, row, nth),
            at: row.at,
            happening,
        };
        let mut line = self.line(file, row, imported::What::Event(event), sure);
        line.raw = raw.to_owned();
        self.out.push(line);
    }

    fn fact(&mut self, file: u32, row: &Row, (room, fact, raw): (&Room, &Fact, &str)) {
        let Some(group) = self.group(room) else {
            return self.note(file, row, (room, "private", &[]), raw);
        };
        match fact {
            Fact::Joined {
                members,
                by,
                how,
                there,
            } => {
                let behind = members.len().max(1);
                self.doer(file, row, (room, by.as_ref(), behind + there.len()), raw);
                self.joined(file, row, (room, (members, by.as_ref(), *how), raw));
                self.present(file, row, (room, there, behind), raw);
            }
            Fact::Left { members, by, how } => {
                self.doer(file, row, (room, by.as_ref(), members.len()), raw);
                self.left(file, row, (room, (members, by.as_ref(), *how), raw));
            }
            Fact::Present { members } => self.present(file, row, (room, members, 0), raw),
            Fact::Renamed { name, by } => {
                self.doer(file, row, (room, by.as_ref(), 1), raw);
                let by = by.as_ref().map(|by| self.ground.directory.resolve(room, by, ""));
                let by = by.filter(|by| by.sure != Sure::Unknown).map(|by| self.person(&by.wire));
                self.counts.renamed(&group, name);
                let renamed = Happening::GroupRenamed {
                    group,
                    name: name.clone(),
                    by,
                    inferred: false,
                };
                self.tell(file, row, (0, renamed, Sure::Id), raw);
            }
            Fact::Card { who, card } => {
                let who = self.ground.directory.resolve(room, who, "");
                self.counts.card(&group);
                let changed = Happening::CardChanged {
                    group,
                    person: self.person(&who.wire),
                    card: card.clone(),
                    inferred: false,
                };
                self.tell(file, row, (0, changed, who.sure), raw);
            }
            Fact::Recalled { message, by } => self.recalled(file, row, (room, message, by.as_ref()), raw),
            Fact::Dissolved => {
                self.counts.note("dissolved");
                self.tell(file, row, (0, Happening::BotRemoved { group }, Sure::Id), raw);
            }
            Fact::Hint { members } => self.hint(file, row, (room, members), raw),
            Fact::Other { kind, people } => {
                let people: Vec<PersonId> = people
                    .iter()
                    .map(|who| self.ground.directory.resolve(room, who, ""))
                    .filter(|who| who.sure != Sure::Unknown)
                    .map(|who| self.person(&who.wire))
                    .collect();
                self.note(file, row, (room, kind, &people), raw);
            }
        }
    }

    /// A recall is an event if it is known what was recalled, and by whom.
    fn recalled(&mut self, file: u32, row: &Row, (room, message, by): (&Room, &str, Option<&Who>), raw: &str) {
        let by = by.map(|by| self.ground.directory.resolve(room, by, ""));
        let by = by.filter(|by| by.sure != Sure::Unknown);
        match (by, self.group(room)) {
            (Some(by), Some(group)) if !message.is_empty() => {
                self.counts.note("recall");
                let recalled = Happening::Recalled {
                    group,
                    message: MessageId::new(message),
                    person: self.person(&by.wire),
                };
                self.tell(file, row, (0, recalled, by.sure), raw);
            }
            (by, _) => {
                let people: Vec<PersonId> = by.iter().map(|by| self.person(&by.wire)).collect();
                self.note(file, row, (room, "recall", &people), raw);
            }
        }
    }

    fn joined(
        &mut self,
        file: u32,
        row: &Row,
        (room, (members, by, how), raw): (&Room, (&[Who], Option<&Who>, JoinedHow), &str),
    ) {
        let Some(group) = self.group(room) else { return };
        let by = by.map(|by| self.ground.directory.resolve(room, by, ""));
        let by = by.filter(|by| by.sure != Sure::Unknown).map(|by| self.person(&by.wire));
        // Somebody came in, even if the log does not say who.
        let members = if members.is_empty() { &[Who::default()] } else { members };
        // What only a comparison of lists says is no news of those who are known to be in.
        let told = row.least == Sure::Id || !raw.is_empty();
        let mut fresh = 0;
        for (nth, who) in members.iter().enumerate() {
            let nobody = self.event_id(file, row, nth).to_string();
            let who = self.ground.directory.resolve(room, who, &nobody);
            let person = self.person(&who.wire);
            let key = (group.clone(), person.clone());
            if !told && self.here.get(&key) == Some(&true) {
                continue;
            }
            self.taken.insert((key_of(room), who.wire.clone()));
            self.here.insert(key, true);
            fresh += 1;
            let happening = match who.own {
                true => Happening::BotJoined { group: group.clone() },
                false => Happening::Joined {
                    group: group.clone(),
                    person,
                    name: who.name.clone(),
                    how,
                    by: by.clone(),
                    inferred: who.sure.max(row.least) == Sure::Inferred,
                },
            };
            if who.sure == Sure::Unknown && who.name.is_empty() {
                self.pending.push(Pending {
                    room: room.clone(),
                    place: self.out.len(),
                    nth,
                    source: (file, row.clone()),
                    how,
                    by: by.clone(),
                });
            }
            if who.own {
                self.counts.note("own_join");
            } else {
                self.counts.joiner(&group, who.sure.max(row.least));
            }
            self.tell(file, row, (nth, happening, who.sure), raw);
        }
        if fresh > 0 {
            self.counts.join(&group);
        }
    }

    /// Who spoke soon after for the first time in the log, and is not known to have come in otherwise.
    fn by_first_words(&self, room: &Room, at: Moment) -> Option<Resolved> {
        let candidates = self.ground.directory.first_words(room, at, at.plus(FIRST_WORDS));
        let wire = candidates
            .into_iter()
            .find(|wire| !self.taken.contains(&(key_of(room), wire.clone())))?;
        let who = match wire.strip_prefix("name:") {
            Some(name) => Who::named(name),
            None => Who::new(&wire, ""),
        };
        let who = self.ground.directory.resolve(room, &who, "");
        (!who.own).then_some(who)
    }

    /// A hint right after a join that lost its names says who it was. One that names more people than the join had
    /// places for makes places: a template hides how many there were.
    fn hint(&mut self, file: u32, row: &Row, (room, members): (&Room, &[Who]), raw: &str) {
        let mut used = false;
        for who in members {
            let who = self.ground.directory.resolve(room, who, "");
            if who.sure == Sure::Unknown || self.taken.contains(&(key_of(room), who.wire.clone())) {
                continue;
            }
            if let Some(place) = self.pending.iter().position(|pending| pending.room == *room) {
                let pending = self.pending.remove(place);
                self.give_name(&pending, who);
                self.named = Some(pending);
                used = true;
            } else if let Some(named) = self.named.clone().filter(|named| named.room == *room) {
                self.one_more(named, who);
                used = true;
            }
        }
        self.counts.hints_used += u64::from(used);
        self.note(file, row, (room, "hint", &[]), raw);
    }

    fn give_name(&mut self, pending: &Pending, who: Resolved) {
        self.taken.insert((key_of(&pending.room), who.wire.clone()));
        let whom = self.person(&who.wire);
        let line = &mut self.out[pending.place];
        line.sure = Sure::Inferred;
        if let imported::What::Event(event) = &mut line.what
            && let Happening::Joined {
                group,
                person,
                name,
                inferred,
                ..
            } = &mut event.happening
        {
            self.here.remove(&(group.clone(), person.clone()));
            self.here.insert((group.clone(), whom.clone()), true);
            *person = whom;
            *name = who.name;
            *inferred = true;
            self.counts.known_after_all(group);
        }
    }

    fn one_more(&mut self, mut named: Pending, who: Resolved) {
        named.nth += 1;
        let Some(group) = self.group(&named.room) else { return };
        self.taken.insert((key_of(&named.room), who.wire.clone()));
        self.counts.joiner(&group, Sure::Inferred);
        let joined = Happening::Joined {
            group,
            person: self.person(&who.wire),
            name: who.name,
            how: named.how,
            by: named.by.clone(),
            inferred: true,
        };
        let (file, row) = named.source.clone();
        self.tell(file, &row, (named.nth, joined, Sure::Inferred), "");
        // It happened when the others came in: its line stands beside theirs.
        named.place += 1;
        if let Some(line) = self.out.pop() {
            self.out.insert(named.place, line);
        }
        let behind = self.pending.iter_mut().filter(|pending| pending.place >= named.place);
        behind.for_each(|pending| pending.place += 1);
        self.named = Some(named);
    }

    fn left(
        &mut self,
        file: u32,
        row: &Row,
        (room, (members, by, how), raw): (&Room, (&[Who], Option<&Who>, LeftHow), &str),
    ) {
        let Some(group) = self.group(room) else { return };
        let by = by.map(|by| self.ground.directory.resolve(room, by, ""));
        let by = by.filter(|by| by.sure != Sure::Unknown).map(|by| self.person(&by.wire));
        let told = row.least == Sure::Id || !raw.is_empty();
        for (nth, who) in members.iter().enumerate() {
            let nobody = self.event_id(file, row, nth).to_string();
            let who = self.ground.directory.resolve(room, who, &nobody);
            let person = self.person(&who.wire);
            let key = (group.clone(), person.clone());
            if !told && self.here.get(&key) == Some(&false) {
                continue;
            }
            self.here.insert(key, false);
            self.taken.remove(&(key_of(room), who.wire.clone()));
            let happening = match who.own {
                true => Happening::BotRemoved { group: group.clone() },
                false => Happening::Left {
                    group: group.clone(),
                    person,
                    how,
                    by: by.clone().filter(|_| how == LeftHow::Kicked),
                    inferred: !told,
                },
            };
            self.counts.left(&group, how, !told);
            self.tell(file, row, (nth, happening, who.sure), raw);
        }
    }

    /// Whoever is told to have done something is in the group, and is called as it was told: they may never speak.
    fn doer(&mut self, file: u32, row: &Row, (room, by, nth): (&Room, Option<&Who>, usize), raw: &str) {
        let (Some(group), Some(by)) = (self.group(room), by) else {
            return;
        };
        let who = self.ground.directory.resolve(room, by, "");
        let is_known = self.here.contains_key(&(group, self.person(&who.wire)));
        if !is_known && !who.name.is_empty() {
            self.present(file, row, (room, std::slice::from_ref(by), nth), raw);
        }
    }

    fn present(&mut self, file: u32, row: &Row, (room, members, from): (&Room, &[Who], usize), raw: &str) {
        let Some(group) = self.group(room) else { return };
        for (nth, who) in members.iter().enumerate() {
            let who = self.ground.directory.resolve(room, who, "");
            if who.own || who.sure == Sure::Unknown {
                continue;
            }
            let person = self.person(&who.wire);
            self.here.insert((group.clone(), person.clone()), true);
            self.counts.note("present");
            let found = Happening::Found {
                group: group.clone(),
                person,
                name: who.name.clone(),
                card: String::new(),
                role: crate::chat::Role::Member,
                joined_at: None,
            };
            self.tell(file, row, (from + nth, found, who.sure), raw);
        }
    }
}

/// A recall's row belongs to whoever recalled, where the sentence has lost the name.
fn completed(fact: Fact, by: &Who) -> Fact {
    match fact {
        Fact::Recalled { message, by: told } => Fact::Recalled {
            message,
            by: match by.id.is_empty() {
                false => Some(by.clone()),
                true => told.filter(|told| !told.is_nobody()),
            },
        },
        other => other,
    }
}

/// A room's key, and its wire id: its id, or its name.
pub fn key_of(room: &Room) -> String {
    match room.id.is_empty() {
        false => room.id.clone(),
        true => room.name.clone(),
    }
}

fn ready_key(lines: &[Line], words: &impl Fn(&str) -> String) -> String {
    // A group's name may stand before the row it was first seen with.
    let is_row = |line: &&Line| !matches!(&line.what, imported::What::Event(event) if matches!(event.happening, Happening::RosterRead { .. }));
    let Some(first) = lines.iter().find(is_row) else {
        return String::new();
    };
    match &first.what {
        imported::What::Event(event) => match &event.happening {
            Happening::Message(message) => {
                format!("said {} {}", message.from.wire(), words(&text_of(&message.segments)))
            }
            Happening::Joined { .. } => "joined".to_owned(),
            _ if !first.raw.is_empty() => format!("told {}", cleaning::clean(&first.raw)),
            other => format!("{other:?}"),
        },
        imported::What::Note(_) => format!("told {}", cleaning::clean(&first.raw)),
    }
}
