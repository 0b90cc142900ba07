//! Whoever asked an intelligent robot waits here: for the answer to the callback, then for the stream that is asked for
//! again and again, then for what goes to its address.
//!
//! **How an answer goes.** The callback waits a moment for words. If they are only coming, it opens a stream, and WeCom
//! asks about once a second how that goes on, for six minutes. Words are out once a callback or such a question has
//! fetched them: nobody who merely put them here says that they are. What nobody fetches in time is taken back under the
//! same lock and goes another way, so nothing goes both ways. Whoever asks again is told the same again.
//!
//! **What is coming** is what the outbox holds for a question, as the event loop tells ([`Desk::committed`]): where
//! nothing is, a callback is answered with nothing and a stream ends at once.
//!
//! Held in memory only. After a restart the outbox tells again what is coming, and a stream that WeCom still asks for has
//! shown nothing yet: what is coming goes into it, otherwise it ends with a word about the restart.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::chat::{Action, ActionId, Deed, GatewayName, GroupId, Lang, Moment, PersonId};
use crate::community::outbox::Pending;

/// How long a `response_url` may be used.
const URL_LASTS: Duration = Duration::from_secs(3_600);

/// How long a callback waits for its answer at WeCom.
const CALLBACK_LASTS: Duration = Duration::from_secs(5);

/// How long a stream is kept open: WeCom asks for six minutes, and the end must still be asked for.
const STREAM_LASTS: Duration = Duration::from_secs(340);

/// A stream that was not asked for during this time is asked for no more.
const ASKED_EVERY: Duration = Duration::from_secs(10);

/// How long after a restart the outbox may need to tell what is coming.
const STANDING_UP: Duration = Duration::from_secs(5);

/// How many questions are remembered at most.
const QUESTIONS_MAX: usize = 10_000;

/// Where somebody asked, and where an answer belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chat {
    Group(GroupId),
    Private(PersonId),
}

impl Chat {
    /// Where a deed says something.
    pub fn of(deed: &Deed) -> Option<Self> {
        match deed {
            Deed::Say { group, .. } => Some(Chat::Group(group.clone())),
            Deed::Whisper { person, .. } => Some(Chat::Private(person.clone())),
            Deed::RenameGroup { .. }
            | Deed::SetCard { .. }
            | Deed::Recall { .. }
            | Deed::Kick { .. }
            | Deed::Call { .. } => None,
        }
    }
}

/// Somebody who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// WeCom's name for it: the message's id, which the stream of the answer is called by too.
    pub name: String,
    pub chat: Chat,
    /// Where one answer may be POSTed.
    pub url: Option<String>,
    pub at: Moment,
}

/// An answer, as far as it fits each way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The message that ends the stream.
    pub stream: Option<Arc<str>>,
    /// Whether it may go to the address.
    pub later: bool,
}

/// A way for an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Way {
    /// It went out in the answer to a callback.
    InTheAnswer,
    /// It is to be POSTed here, once.
    To(String),
    /// Nobody waits for it.
    None,
}

/// What a callback is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Nothing,
    /// Words are coming: ask again.
    GoesOn,
    Said(Arc<str>),
    /// No words are coming in this stream.
    Ends(End),
}

/// Why a stream ends without words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// What was coming went another way, or was given up.
    Nothing,
    /// It takes too long for a stream.
    Later,
    /// We were restarted, and nothing is coming any more.
    Restarted,
}

impl End {
    /// What is shown.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            End::Nothing => "",
            End::Later => lang.pick(
                "还要一会儿，稍后另行回复。",
                "This takes a while; the answer comes later.",
            ),
            End::Restarted => lang.pick(
                "刚才重新启动过，没能回答，请再说一次。",
                "There was a restart before the answer; please say it again.",
            ),
        }
    }
}

#[derive(Debug)]
struct Asked {
    question: Question,
    stage: Stage,
    /// Known only because its stream is asked for: it was asked before a restart.
    orphan: bool,
}

#[derive(Clone, Debug)]
enum Stage {
    /// The callback was taken in and asks for its words in a moment. Should it be lost meanwhile, WeCom brings it again.
    Callback,
    /// Its stream is open, and was asked for last then.
    Open(Moment),
    Said {
        message: Arc<str>,
        fetched: bool,
    },
    Ended(End),
    /// It was answered with nothing.
    Silent,
}

/// The questions by WeCom's names for them.
#[derive(Debug)]
pub struct Desk {
    /// What the ids of events begin with that are such questions.
    prefix: String,
    inside: Mutex<Inside>,
    /// Turns whenever something moved that somebody may wait for.
    moved: watch::Sender<()>,
    /// How long a callback waits for words.
    patience: Duration,
    /// How long words wait to be fetched.
    grace: Duration,
}

#[derive(Debug, Default)]
struct Inside {
    questions: BTreeMap<String, Asked>,
    /// What the outbox holds for each: where it goes, and from when.
    coming: BTreeMap<String, BTreeMap<ActionId, (Chat, Moment)>>,
}

impl Inside {
    fn is_coming(&self, asked: &Asked) -> bool {
        let Question { name, chat, at, .. } = &asked.question;
        let soon = |(to, due): &(Chat, Moment)| to == chat && due.since(*at) < STREAM_LASTS;
        self.coming.get(name).is_some_and(|actions| actions.values().any(soon))
    }

    /// The same question again changes nothing.
    fn note(&mut self, question: Question, stage: Stage, orphan: bool) {
        let since = question.at;
        self.questions
            .retain(|_, asked| since.since(asked.question.at) < URL_LASTS);
        if self.questions.len() < QUESTIONS_MAX {
            self.questions.entry(question.name.clone()).or_insert(Asked {
                question,
                stage,
                orphan,
            });
        }
    }

    /// What a callback can be told at once; `None`: words are coming.
    fn told(&mut self, name: &str, now: Moment) -> Option<Told> {
        let Some(asked) = self.questions.get(name) else {
            return Some(Told::Nothing);
        };
        let age = now.since(asked.question.at);
        let standing_up = asked.orphan && age < STANDING_UP;
        let coming = standing_up || self.is_coming(asked);
        let end = match (coming, asked.orphan) {
            (true, _) => (age >= STREAM_LASTS).then_some(End::Later),
            (false, true) => Some(End::Restarted),
            (false, false) => Some(End::Nothing),
        };
        let asked = self.questions.get_mut(name)?;
        match (&mut asked.stage, end) {
            (Stage::Said { message, fetched }, _) => {
                *fetched = true;
                Some(Told::Said(Arc::clone(message)))
            }
            (Stage::Ended(end), _) => Some(Told::Ends(*end)),
            (Stage::Silent, _) => Some(Told::Nothing),
            (Stage::Callback, Some(_)) => {
                asked.stage = Stage::Silent;
                Some(Told::Nothing)
            }
            (Stage::Open(_), Some(end)) => {
                asked.stage = Stage::Ended(end);
                Some(Told::Ends(end))
            }
            (Stage::Callback | Stage::Open(_), None) => None,
        }
    }
}

impl Desk {
    /// Nobody asked yet. Questions are events `{gateway}/aibot/{name}`.
    pub fn new(gateway: &GatewayName, patience: Duration, grace: Duration) -> Self {
        Self {
            prefix: format!("{gateway}/aibot/"),
            inside: Mutex::default(),
            moved: watch::Sender::new(()),
            patience,
            grace,
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The question an action answers: actions are called by the event they follow from.
    pub fn question_of<'a>(&self, action: &'a ActionId) -> Option<&'a str> {
        let (cause, _) = action.as_str().rsplit_once('#')?;
        cause.strip_prefix(&self.prefix)
    }

    /// Somebody asked.
    pub fn asked(&self, question: Question) {
        self.inside().note(question, Stage::Callback, false);
        self.moved.send_replace(());
    }

    /// WeCom asks how a stream goes on; one that is not known was opened before a restart.
    pub fn asked_again(&self, name: &str, chat: Option<Chat>, now: Moment) {
        let mut inside = self.inside();
        match (inside.questions.get_mut(name), chat) {
            (Some(asked), _) => {
                if let Stage::Open(last) = &mut asked.stage {
                    *last = now;
                }
            }
            (None, Some(chat)) => {
                let question = Question {
                    name: name.to_owned(),
                    chat,
                    url: None,
                    at: now,
                };
                inside.note(question, Stage::Open(now), true);
            }
            (None, None) => {}
        }
        drop(inside);
        self.moved.send_replace(());
    }

    /// What the outbox holds of an action now; nothing of it: it is done or given up.
    pub fn committed(&self, action: &ActionId, pending: Option<&Pending>) {
        let Some(name) = self.question_of(action) else { return };
        let mut inside = self.inside();
        let pending = pending.filter(|pending| !pending.waits_for_word());
        match pending.and_then(|pending| Some((Chat::of(&pending.action.deed)?, pending.action.due))) {
            Some(coming) => {
                let actions = inside.coming.entry(name.to_owned()).or_default();
                actions.insert(action.clone(), coming);
            }
            None => {
                let actions = inside.coming.get_mut(name);
                if actions.is_some_and(|actions| actions.remove(action).is_some() && actions.is_empty()) {
                    inside.coming.remove(name);
                }
            }
        }
        drop(inside);
        self.moved.send_replace(());
    }

    /// What a callback is answered with, waiting a moment for words that are coming.
    pub async fn told(&self, name: &str, now: Moment) -> Told {
        let mut moved = self.moved.subscribe();
        let until = Instant::now() + self.patience;
        loop {
            moved.borrow_and_update();
            let told = self.inside().told(name, now);
            if let Some(told) = told {
                self.moved.send_replace(());
                return told;
            }
            if !matches!(timeout_at(until, moved.changed()).await, Ok(Ok(()))) {
                break;
            }
        }
        let mut inside = self.inside();
        // Words that were put here in this very moment must not be lost.
        if let Some(told) = inside.told(name, now) {
            drop(inside);
            self.moved.send_replace(());
            return told;
        }
        if let Some(asked) = inside.questions.get_mut(name) {
            asked.stage = Stage::Open(now);
        }
        Told::GoesOn
    }

    /// Puts an answer where it is fetched from, or says where it goes.
    pub async fn answer(&self, (action, chat): (&Action, &Chat), answer: Answer, now: Moment) -> Way {
        let Some(name) = self.question_of(&action.id) else {
            return Way::None;
        };
        if now.since(action.due) < STREAM_LASTS {
            self.heard_of(name).await;
        }
        let Some(before) = self.put(name, chat, answer.stream.as_ref(), now) else {
            return self.address(name, chat, answer.later, now);
        };
        self.moved.send_replace(());
        self.until(|| self.is_fetched(name)).await;
        match self.take_back(name, before) {
            true => self.address(name, chat, answer.later, now),
            false => Way::InTheAnswer,
        }
    }

    /// Right after a restart nobody has asked for a stream yet that was open before it.
    async fn heard_of(&self, name: &str) {
        self.until(|| self.inside().questions.contains_key(name)).await;
    }

    /// Waits for something, as long as words wait to be fetched.
    async fn until(&self, is_so: impl Fn() -> bool) {
        let mut moved = self.moved.subscribe();
        let until = Instant::now() + self.grace;
        loop {
            moved.borrow_and_update();
            if is_so() || !matches!(timeout_at(until, moved.changed()).await, Ok(Ok(()))) {
                return;
            }
        }
    }

    /// Puts words into a stream somebody will ask for; what was there before. `None`: nobody asks for it.
    fn put(&self, name: &str, chat: &Chat, message: Option<&Arc<str>>, now: Moment) -> Option<Stage> {
        let mut inside = self.inside();
        let asked = inside
            .questions
            .get_mut(name)
            .filter(|asked| asked.question.chat == *chat)?;
        let age = now.since(asked.question.at);
        let is_asked_for = match &asked.stage {
            Stage::Callback => age < CALLBACK_LASTS,
            Stage::Open(last) => age < STREAM_LASTS && now.since(*last) < ASKED_EVERY,
            Stage::Said { .. } | Stage::Ended(_) | Stage::Silent => false,
        };
        let said = Stage::Said {
            message: Arc::clone(message?),
            fetched: false,
        };
        is_asked_for.then(|| std::mem::replace(&mut asked.stage, said))
    }

    fn is_fetched(&self, name: &str) -> bool {
        let inside = self.inside();
        let stage = inside.questions.get(name).map(|asked| &asked.stage);
        matches!(stage, Some(Stage::Said { fetched: true, .. }))
    }

    /// Takes words back that nobody fetched; `false` if somebody did after all.
    fn take_back(&self, name: &str, before: Stage) -> bool {
        let mut inside = self.inside();
        let Some(asked) = inside.questions.get_mut(name) else {
            return true;
        };
        if matches!(asked.stage, Stage::Said { fetched: true, .. }) {
            return false;
        }
        // They go another way, so nothing is coming here any more.
        asked.stage = match before {
            Stage::Callback => Stage::Silent,
            Stage::Open(_) | Stage::Said { .. } | Stage::Ended(_) | Stage::Silent => Stage::Ended(End::Nothing),
        };
        true
    }

    /// The address of a question, which may be used once.
    fn address(&self, name: &str, chat: &Chat, fits: bool, now: Moment) -> Way {
        let mut inside = self.inside();
        let asked = inside.questions.get_mut(name);
        let Some(asked) = asked.filter(|asked| fits && asked.question.chat == *chat) else {
            return Way::None;
        };
        let age = now.since(asked.question.at);
        match asked.question.url.take() {
            Some(url) if age < URL_LASTS => Way::To(url),
            _ => Way::None,
        }
    }

    /// A POST that never left: the address may be used after all.
    pub fn give_back(&self, action: &ActionId, url: String) {
        let Some(name) = self.question_of(action) else { return };
        if let Some(asked) = self.inside().questions.get_mut(name) {
            asked.question.url = Some(url);
        }
    }
}
