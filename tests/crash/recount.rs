//! Counts again what the recording says, line by line, knowing nothing of the program: no record type, no replay, no
//! engine. It goes on from where it stopped, so it can be asked after every round.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::camp::{ASKS, REMIND, limits};
use super::fault::Fault;
use super::sheet;

/// An action waiting, as far as the recording tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub attempts: u64,
    pub state: &'static str,
}

/// What was counted.
#[derive(Clone, Debug, Default)]
pub struct Recount {
    pub records: u64,
    pub events: BTreeSet<String>,
    pub coupons: usize,
    /// Every action ever recorded, by id: the kind of its deed.
    pub actions: BTreeMap<String, String>,
    pub waiting: BTreeMap<String, Waiting>,
    /// Actions whose end is recorded.
    pub settled: BTreeSet<String>,
    /// Actions recorded as done by the far end.
    pub done: BTreeSet<String>,
    /// Actions that may be asked for twice although they rename: the far end said «not now».
    pub put_off: BTreeSet<String>,
    pub timers_fired: usize,
    pub wakes: usize,
    pub faults: Vec<Fault>,
    agenda: BTreeMap<String, i64>,
    /// Since when the process was down, if the last record was that it stands again.
    away_since: Option<i64>,
    now: i64,
    codes: BTreeSet<String>,
    by_person: BTreeMap<(String, String, String), usize>,
    rush: usize,
    budget_fen: i64,
    orders: BTreeMap<String, i64>,
    reminders: BTreeSet<String>,
    /// How far each file has been read: bytes and lines.
    read: BTreeMap<PathBuf, (u64, usize)>,
}

impl Recount {
    /// Counts all of a recording.
    pub fn of(dir: &Path) -> Self {
        let mut recount = Self::default();
        recount.go_on(dir);
        recount
    }

    /// Counts what came since the last time. An unfinished end is left for the next time.
    pub fn go_on(&mut self, dir: &Path) {
        for file in sheet::files(dir) {
            let (mut at, mut line_number) = self.read.get(&file).copied().unwrap_or_default();
            let bytes = sheet::bytes_from(&file, at);
            let mut rest = &bytes[..];
            while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                let Some(record) = sheet::read_line(&rest[..end]) else {
                    // Not whole: an interrupted write if nothing whole of a later batch follows; the program says which.
                    break;
                };
                rest = &rest[end + 1..];
                at += end as u64 + 1;
                line_number += 1;
                self.record(&record);
            }
            self.read.insert(file, (at, line_number));
        }
    }

    /// After the program has opened and cut the recording there must be nothing left that is not whole.
    pub fn is_whole(&mut self, dir: &Path) {
        for file in sheet::files(dir) {
            let length = std::fs::metadata(&file).unwrap().len();
            let (at, line) = self.read.get(&file).copied().unwrap_or_default();
            if at != length {
                let file = file.display().to_string();
                self.faults.push(Fault::NotARecord { file, line: line + 1 });
            }
        }
    }

    /// Everything acknowledged is there.
    pub fn holds(&mut self, acknowledged: &BTreeSet<String>) {
        let lost: Vec<&String> = acknowledged.difference(&self.events).collect();
        self.faults.extend(
            lost.into_iter()
                .map(|event| Fault::LostAcknowledged { event: event.clone() }),
        );
    }

    /// The outbox shown is the one counted.
    pub fn shows(&mut self, outbox: &[Value]) {
        let mut counted = self.waiting.clone();
        for pending in outbox {
            let action = pending["action"]["id"].as_str().unwrap().to_owned();
            let same = counted
                .remove(&action)
                .is_some_and(|waiting| pending["attempts"] == waiting.attempts && pending["state"] == waiting.state);
            if !same {
                self.faults.push(Fault::OutboxDiffers { action });
            }
        }
        self.faults
            .extend(counted.into_keys().map(|action| Fault::OutboxDiffers { action }));
    }

    /// Whatever was asked for stands in a record: nothing was let go before it was durable.
    pub fn knows<'a>(&mut self, heard: impl IntoIterator<Item = &'a String>) {
        for action in heard {
            if !self.actions.contains_key(action) {
                self.faults.push(Fault::NotRecorded { action: action.clone() });
            }
        }
    }

    /// Every action was asked for, but for those a crash left in doubt that must not be repeated blindly.
    pub fn delivered(&mut self, calls: &BTreeMap<String, Vec<(u32, super::receiver::Answer)>>) {
        for (action, deed) in &self.actions {
            let asked = calls.get(action).map_or(&[][..], Vec::as_slice);
            let in_doubt = deed == "rename_group" && self.waiting.contains_key(action);
            if asked.is_empty() && !in_doubt {
                self.faults.push(Fault::NotDelivered { action: action.clone() });
            }
            let blind = asked
                .iter()
                .filter(|(_, answer)| *answer != super::receiver::Answer::Refused)
                .count();
            if deed == "rename_group" && blind > 1 {
                self.faults.push(Fault::RepeatedBlindly { action: action.clone() });
            }
        }
        for action in self.done.clone() {
            if !calls.contains_key(&action) {
                self.faults.push(Fault::NotDelivered { action });
            }
        }
    }

    /// Timers that are still to come.
    pub fn agenda(&self) -> &BTreeMap<String, i64> {
        &self.agenda
    }

    /// The clock of the last record.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// One record.
    pub fn record(&mut self, record: &Value) {
        let seq = record["seq"].as_u64().unwrap_or(0);
        if seq != self.records + 1 {
            self.faults.push(Fault::OutOfOrder {
                expected: self.records + 1,
                found: seq,
            });
        }
        self.records = seq;
        let now = record["now"].as_i64().unwrap();
        if now < self.now {
            self.faults.push(Fault::ClockBackwards { seq });
        }
        let event = &record["event"];
        let id = event["id"].as_str().unwrap().to_owned();
        if !self.events.insert(id.clone()) {
            self.faults.push(Fault::DecidedTwice { event: id.clone() });
        }
        self.timers(event, now);
        self.now = self.now.max(now);
        let changes = record["changes"].as_array().map_or(&[][..], Vec::as_slice);
        for change in changes {
            let (kind, what) = change.as_object().unwrap().iter().next().unwrap();
            self.change(kind, what);
        }
        let actions = record["actions"].as_array().map_or(&[][..], Vec::as_slice);
        for action in actions {
            let action_id = action["id"].as_str().unwrap().to_owned();
            let deed = action["deed"].as_object().unwrap().keys().next().unwrap().clone();
            self.actions.insert(action_id.clone(), deed);
            self.waiting.insert(
                action_id,
                Waiting {
                    attempts: 0,
                    state: "waiting",
                },
            );
        }
        self.answers(&event["what"], &id, (changes, actions));
        self.outcome(&event["what"]["delivered"]);
    }

    /// Whatever stood on the agenda for a time before this record had its turn first.
    fn timers(&mut self, event: &Value, now: i64) {
        let what = &event["what"];
        self.wakes += usize::from(!what["woke"].is_null());
        let due_before: Vec<(String, i64)> = self
            .agenda
            .iter()
            .filter(|(_, due)| **due <= now)
            .map(|(key, due)| (key.clone(), *due))
            .collect();
        let came = &what["came_due"];
        if came.is_null() {
            // Timers that fell due while the process was away follow the news that it is back, and which playbooks decide.
            let until = match (what["woke"]["down_since"].as_i64(), self.away_since.take()) {
                (Some(down_since), _) => *self.away_since.insert(down_since),
                (None, Some(down_since)) if !what["playbooks_in_force"].is_null() => down_since,
                _ => now,
            };
            for (key, _) in due_before.into_iter().filter(|(_, due)| *due <= until) {
                self.faults.push(Fault::TimerLost { key });
            }
            return;
        }
        let (key, due) = (came["key"].as_str().unwrap(), came["due"].as_i64().unwrap());
        if self.agenda.get(key) != Some(&due) {
            self.faults.push(Fault::TimerFromNowhere { key: key.to_owned() });
        }
        if due_before.iter().any(|(_, earlier)| *earlier < due) {
            self.faults.push(Fault::TimerOutOfTurn { key: key.to_owned() });
        }
        self.away_since = None;
        self.agenda.remove(key);
        self.timers_fired += 1;
    }

    fn change(&mut self, kind: &str, what: &Value) {
        let text = |name: &str| what[name].as_str().unwrap_or_default().to_owned();
        match kind {
            "scheduled" => {
                self.agenda.insert(text("key"), what["due"].as_i64().unwrap());
            }
            "unscheduled" => {
                self.agenda.remove(&text("key"));
            }
            "coupon_given" => self.coupon(&what["coupon"]),
            "ordered" => {
                let (order, amount) = (text("order"), what["amount"].as_i64().unwrap());
                if self.orders.insert(order.clone(), amount).is_some() {
                    self.faults.push(Fault::OrderMiscounted { order });
                }
            }
            "settled" => {
                self.waiting.remove(&text("action"));
                self.settled.insert(text("action"));
            }
            "died" => {
                if let Some(waiting) = self.waiting.get_mut(&text("action")) {
                    waiting.state = "dead";
                }
            }
            "tried" => {
                if let Some(waiting) = self.waiting.get_mut(&text("action")) {
                    waiting.attempts = what["attempts"].as_u64().unwrap();
                    waiting.state = if what["unknown"] == true { "unknown" } else { "waiting" };
                }
            }
            _ => {}
        }
    }

    fn coupon(&mut self, coupon: &Value) {
        let text = |name: &str| coupon[name].as_str().unwrap().to_owned();
        let (name, person, code) = (text("coupon"), text("person"), text("code"));
        self.coupons += 1;
        if !self.codes.insert(code.clone()) {
            self.faults.push(Fault::CodeTwice { code });
        }
        // The community's zone is Asia/Shanghai: eight hours before UTC, the whole year.
        let day = (coupon["given_at"].as_i64().unwrap() + 8 * 3_600_000).div_euclid(86_400_000);
        let (period, most) = match name.as_str() {
            "daily" => (day.to_string(), 1),
            "rush" => ("ever".to_owned(), limits::RUSH_PER_PERSON),
            _ => ("ever".to_owned(), usize::MAX),
        };
        let had = self
            .by_person
            .entry((name.clone(), person.clone(), period))
            .or_default();
        *had += 1;
        if *had > most {
            self.faults.push(Fault::OverPerson {
                coupon: name.clone(),
                person,
            });
        }
        if name == "rush" {
            self.rush += 1;
            if self.rush > limits::RUSH_TOTAL {
                self.faults.push(Fault::OverTotal { coupon: name.clone() });
            }
        }
        if name == "budget" {
            self.budget_fen += limits::BUDGET_WORTH_FEN;
            if self.budget_fen > limits::BUDGET_FEN || coupon["worth"] != limits::BUDGET_WORTH_FEN {
                self.faults.push(Fault::OverBudget { coupon: name });
            }
        }
    }

    /// What must be answered is answered in the same record; a reminder with a timer now and a message when it comes.
    fn answers(&mut self, what: &Value, id: &str, (changes, actions): (&[Value], &[Value])) {
        let said = &what["message"]["segments"][0]["text"];
        let unanswered = match said.as_str() {
            Some(text) if ASKS.contains(&text) => actions.is_empty(),
            Some(REMIND) => {
                let key = changes.iter().find_map(|change| change["scheduled"]["key"].as_str());
                key.is_none_or(|key| !self.reminders.insert(key.to_owned()))
            }
            _ => what["came_due"]["key"]
                .as_str()
                .is_some_and(|key| self.reminders.remove(key) && actions.is_empty()),
        };
        if unanswered {
            self.faults.push(Fault::Unanswered { event: id.to_owned() });
        }
    }

    fn outcome(&mut self, delivered: &Value) {
        let Some(action) = delivered["action"].as_str() else {
            return;
        };
        let outcome = &delivered["outcome"];
        if !outcome["done"].is_null() {
            self.done.insert(action.to_owned());
        }
        if !outcome["postponed"].is_null() {
            self.put_off.insert(action.to_owned());
        }
    }
}
