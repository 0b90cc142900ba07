//! Parity 对账: whether this build decides as the one did that made a recording.
//!
//! Every record is decided again, in its order, at its moment, with the playbooks that were in force, from the state it
//! was decided in, and compared with what was recorded: every change and every action. Timers, answers, downtime and
//! orders are records themselves, so nothing is assumed. After a difference it goes on from the recorded state, so that
//! one difference is not counted as many.

use serde::Serialize;

use super::accounts::Accounts;
use super::because::when;
use super::driver::{Entry, What};
use super::effects::{Effect, Fingerprint, Reached, effect_of, plain, short_fingerprint};
use super::transcript;
use crate::chat::{Event, Fen, Happening, Lang, Moment};
use crate::community::Community;
use crate::engine::{Decision, Dice, step};
use crate::playbook::{self, Playbooks};
use crate::recording::Record;

/// The characters of a change that are shown.
const SHOWN: usize = 160;

/// A comparison under way.
#[derive(Debug)]
pub struct Parity {
    books: Playbooks,
    dice: Dice,
    lang: Lang,
    /// As recorded, and as this build makes it.
    then: Community,
    now: Community,
    told: (Fingerprint, Fingerprint),
    sum: Sum,
}

/// What a comparison comes to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sum {
    pub records: u64,
    pub actions: u64,
    /// Records after which this build decides otherwise.
    pub differing: u64,
    /// Things that reached somebody only then, and that would only now.
    pub only_then: u64,
    pub only_now: u64,
    pub spent_then: Fen,
    pub spent_now: Fen,
    pub first: Option<Difference>,
    /// Sets of playbooks whose fingerprint is another one now: the config is not what it was, or what is read of them.
    pub other_books: u64,
    /// Sets this build refuses.
    pub refused_books: u64,
    pub fingerprint_then: String,
    pub fingerprint_now: String,
}

/// The first thing that differs, in words.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    pub seq: u64,
    pub at: Moment,
    pub event: String,
    pub then: String,
    pub now: String,
}

impl Parity {
    /// From a community that stands before the first record. `books` hold until the recording names others.
    pub fn new(community: Community, books: Playbooks, dice: Dice, lang: Lang) -> Self {
        Self {
            books,
            dice,
            lang,
            now: community.clone(),
            then: community,
            told: (Fingerprint::default(), Fingerprint::default()),
            sum: Sum::default(),
        }
    }

    /// The next record.
    pub fn take(&mut self, seq: u64, record: &Record) {
        if let Happening::PlaybooksInForce { fingerprint, sources } = &record.event.happening {
            self.take_up(fingerprint, sources);
        }
        let stepped = step(&self.books, &mut self.now, &record.event, record.now, &self.dice);
        record.replay(&mut self.then);
        let recorded = Decision {
            changes: record.changes.clone(),
            actions: record.actions.clone(),
            ..Decision::default()
        };
        let (then, now) = (
            self.effects(&self.then, record, &recorded),
            self.effects(&self.now, record, &stepped.decision),
        );
        then.iter().for_each(|effect| self.told.0.add(effect));
        now.iter().for_each(|effect| self.told.1.add(effect));
        self.sum.records += 1;
        self.sum.actions += record.actions.len() as u64;
        self.sum.spent_then = self.sum.spent_then + worth(&then);
        self.sum.spent_now = self.sum.spent_now + worth(&now);
        let decided = stepped.decision;
        if decided.changes == recorded.changes && decided.actions == recorded.actions {
            return;
        }
        self.sum.differing += 1;
        self.sum.only_then += beyond(&then, &now);
        self.sum.only_now += beyond(&now, &then);
        if self.sum.first.is_none() {
            self.sum.first = Some(self.difference(seq, record, (&then, &now), &decided));
        }
        self.now = self.then.clone();
    }

    /// Closes it.
    pub fn close(mut self) -> Sum {
        self.sum.fingerprint_then = self.told.0.full();
        self.sum.fingerprint_now = self.told.1.full();
        self.sum
    }

    fn take_up(&mut self, fingerprint: &str, sources: &[crate::chat::Source]) {
        match read(sources, &self.books) {
            Some(books) => {
                self.sum.other_books += u64::from(books.fingerprint != fingerprint);
                self.books = books;
            }
            None => self.sum.refused_books += 1,
        }
    }

    fn effects(&self, community: &Community, record: &Record, decision: &Decision) -> Vec<Effect> {
        let accounts = Accounts::default();
        let entry = |what, reaches_at| Entry {
            at: record.now,
            accounts: &accounts,
            cause: &record.event.id,
            community,
            books: &self.books,
            trail: &[],
            reaches_at,
            fails: false,
            what,
        };
        let changes = decision
            .changes
            .iter()
            .map(|change| entry(What::Change(change), record.now));
        let actions = decision
            .actions
            .iter()
            .map(|action| entry(What::Action(action), record.now.max(action.due)));
        changes.chain(actions).filter_map(|entry| effect_of(&entry)).collect()
    }

    fn difference(
        &self,
        seq: u64,
        record: &Record,
        (then, now): (&[Effect], &[Effect]),
        decided: &Decision,
    ) -> Difference {
        let visible = then.iter().zip(now).position(|(then, now)| then != now).or_else(|| {
            let fewer = then.len().min(now.len());
            (then.len() != now.len()).then_some(fewer)
        });
        let (then, now) = match visible {
            Some(place) => (self.line(then.get(place)), self.line(now.get(place))),
            None => unseen(record, decided, self.lang),
        };
        Difference {
            seq,
            at: record.now,
            event: self.event(&record.event),
            then,
            now,
        }
    }

    fn line(&self, effect: Option<&Effect>) -> String {
        let Some(effect) = effect else {
            return self.lang.pick("什么也没有", "nothing").to_owned();
        };
        let rule = effect.rule.as_ref().map_or(String::new(), |rule| {
            format!("{}{}", self.lang.pick("　规则 ", "  rule "), plain(rule.as_str()))
        });
        format!("{}{rule}", effect.what.line(self.lang))
    }

    fn event(&self, event: &Event) -> String {
        transcript::happened(event, &self.then, self.lang)
            .unwrap_or_else(|| format!("{} {}", event.happening.kind(), plain(event.id.as_str())))
    }
}

/// Reads a set of playbooks as it was recorded, in the house of another.
pub fn read(sources: &[crate::chat::Source], of: &Playbooks) -> Option<Playbooks> {
    let source = |it: &crate::chat::Source| playbook::Source {
        name: it.name.clone(),
        text: it.text.clone(),
    };
    let sources: Vec<_> = sources.iter().map(source).collect();
    playbook::read(&sources, of.house.clone()).sound().ok()
}

fn worth(effects: &[Effect]) -> Fen {
    let given = effects.iter().map(|effect| match effect.what {
        Reached::Given { worth, .. } => worth,
        _ => Fen::ZERO,
    });
    given.sum()
}

/// How many of the first are not among the second.
fn beyond(these: &[Effect], those: &[Effect]) -> u64 {
    let mut left: Vec<&Effect> = those.iter().collect();
    let mut beyond = 0;
    for effect in these {
        match left.iter().position(|other| *other == effect) {
            Some(place) => drop(left.swap_remove(place)),
            None => beyond += 1,
        }
    }
    beyond
}

/// What differs where nobody sees anything: the first change that is another one.
fn unseen(record: &Record, decided: &Decision, lang: Lang) -> (String, String) {
    let written = |text: Option<String>| {
        let text = text.unwrap_or_else(|| lang.pick("什么也没有", "nothing").to_owned());
        plain(&text.chars().take(SHOWN).collect::<String>())
    };
    fn json<T: Serialize>(value: Option<&T>) -> Option<String> {
        value.and_then(|value| serde_json::to_string(value).ok())
    }
    let most = record.changes.len().max(decided.changes.len());
    if let Some(place) = (0..most).find(|&place| record.changes.get(place) != decided.changes.get(place)) {
        return (
            written(json(record.changes.get(place))),
            written(json(decided.changes.get(place))),
        );
    }
    let most = record.actions.len().max(decided.actions.len());
    let place = (0..most).find(|&place| record.actions.get(place) != decided.actions.get(place));
    let at = place.unwrap_or(0);
    (
        written(json(record.actions.get(at))),
        written(json(decided.actions.get(at))),
    )
}

impl Sum {
    /// Whether nothing differs.
    pub fn agrees(&self) -> bool {
        self.differing == 0 && self.refused_books == 0
    }

    /// One line where nothing differs, three where something does.
    pub fn text(&self, lang: Lang, zone: &jiff::tz::TimeZone) -> String {
        let (then, now) = (
            short_fingerprint(&self.fingerprint_then),
            short_fingerprint(&self.fingerprint_now),
        );
        let Some(first) = &self.first else {
            return self.without_difference(lang, &then);
        };
        let at = when(first.at, zone);
        let Difference { seq, event, .. } = first;
        match lang {
            Lang::Zh => format!(
                "第一处不同：第 {seq} 条，{at} {event}。当时：{}。这一版：{}。\n一共：{} 条里 {} 条不同；只有当时才有的 {} 件，只有这一版才有的 {} 件；券 ¥{} → ¥{}。\n指纹：当时 {then}，这一版 {now}。{}\n",
                first.then,
                first.now,
                self.records,
                self.differing,
                self.only_then,
                self.only_now,
                self.spent_then,
                self.spent_now,
                self.why(lang)
            ),
            Lang::En => format!(
                "first difference: record {seq}, {at} {event}. Then: {}. This build: {}.\nin all: {} of {} records differ; {} things only then, {} only in this build; coupons ¥{} → ¥{}.\nfingerprints: then {then}, this build {now}. {}\n",
                first.then,
                first.now,
                self.differing,
                self.records,
                self.only_then,
                self.only_now,
                self.spent_then,
                self.spent_now,
                self.why(lang)
            ),
        }
    }

    fn without_difference(&self, lang: Lang, fingerprint: &str) -> String {
        let refused = match (self.refused_books, lang) {
            (0, _) => String::new(),
            (_, Lang::Zh) => format!(
                "这一版不接受当时的剧本（{} 次）；用 qunying check 看原因。\n",
                self.refused_books
            ),
            (_, Lang::En) => format!(
                "this build refuses playbooks that were in force ({} times); see `qunying check`.\n",
                self.refused_books
            ),
        };
        let agreed = match lang {
            Lang::Zh => format!(
                "一致：{} 条记录、{} 个动作，零差异，指纹 {fingerprint}。\n",
                self.records, self.actions
            ),
            Lang::En => format!(
                "they agree: {} records, {} actions, no difference, fingerprint {fingerprint}.\n",
                self.records, self.actions
            ),
        };
        refused + &agreed
    }

    /// What the likely cause is.
    fn why(&self, lang: Lang) -> String {
        let (zh, en) = if self.refused_books > 0 {
            (
                "这一版不接受当时的剧本；用 qunying check 看原因。",
                "This build refuses playbooks that were in force; see `qunying check`.",
            )
        } else if self.other_books > 0 {
            (
                "剧本的指纹与当时不同：配置（店员、时区、分寸、网关）改过，或这一版读法不同。",
                "The playbooks have another fingerprint than then: the config (staff, zone, manners, gateways) was changed, or this build reads them otherwise.",
            )
        } else {
            (
                "剧本和配置与当时相同：是引擎的行为变了，或密钥不是当时的。",
                "Playbooks and config are those of then: the engine behaves otherwise, or the secret is another one.",
            )
        };
        lang.pick(zh, en).to_owned()
    }
}
