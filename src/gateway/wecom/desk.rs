//! Whoever asked an intelligent robot waits here: for the answer to the callback, then for what goes to its address.
//!
//! Held in memory only. After a restart nobody waits any more, and an answer that comes then is refused.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::chat::{ActionId, EventId, Moment};

/// How long a `response_url` may be used.
const URL_LASTS: Duration = Duration::from_secs(3_600);

/// How many questions are remembered at most.
const QUESTIONS_MAX: usize = 10_000;

/// Somebody who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// WeCom's name for it: the message's id, which the stream of the answer is called by too.
    pub name: String,
    pub event: EventId,
    /// Where one answer may be POSTed.
    pub url: Option<String>,
    pub at: Moment,
}

/// A way for an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Way {
    /// It went out in the answer to the callback.
    InTheAnswer,
    /// It is to be POSTed here, once.
    To(String),
    /// Nobody waits for it.
    None,
}

#[derive(Debug)]
struct Asked {
    question: Question,
    callback: Callback,
    /// What was answered in it: a callback that is repeated gets the same again.
    answered: Option<String>,
}

/// Whether the callback still waits for its answer.
#[derive(Debug)]
enum Callback {
    /// It was taken in and will ask for its words in a moment. Should it be lost meanwhile, WeCom brings it again.
    Coming,
    Waits(oneshot::Sender<String>),
    Over,
}

/// The questions by WeCom's names for them.
#[derive(Debug)]
pub struct Desk {
    inside: Mutex<BTreeMap<String, Asked>>,
    /// How long a callback waits for words.
    patience: Duration,
}

impl Desk {
    /// Nobody asked yet.
    pub fn new(patience: Duration) -> Self {
        Self {
            inside: Mutex::default(),
            patience,
        }
    }

    fn inside(&self) -> MutexGuard<'_, BTreeMap<String, Asked>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody asked. The same question again changes nothing.
    pub fn asked(&self, question: Question) {
        let mut inside = self.inside();
        let since = question.at;
        inside.retain(|_, asked| since.since(asked.question.at) < URL_LASTS);
        if inside.len() >= QUESTIONS_MAX {
            return;
        }
        inside.entry(question.name.clone()).or_insert(Asked {
            question,
            callback: Callback::Coming,
            answered: None,
        });
    }

    /// The words for the answer to a callback, if they come soon enough.
    pub async fn words_for(&self, name: &str) -> Option<String> {
        let mut waiting = {
            let mut inside = self.inside();
            let asked = inside.get_mut(name)?;
            if let Some(words) = &asked.answered {
                return Some(words.clone());
            }
            let (callback, waiting) = oneshot::channel();
            asked.callback = Callback::Waits(callback);
            waiting
        };
        if let Ok(words) = tokio::time::timeout(self.patience, &mut waiting).await {
            return words.ok();
        }
        // Words that were handed over in this very moment must not be lost.
        waiting.close();
        waiting.try_recv().ok()
    }

    /// Hands an answer over, or says where it goes. An action answers the event it follows from.
    pub fn answer(&self, action: &ActionId, words: &str, now: Moment) -> Way {
        let Some((cause, _)) = action.as_str().rsplit_once('#') else {
            return Way::None;
        };
        let mut inside = self.inside();
        let Some(asked) = inside.values_mut().find(|asked| asked.question.event.as_str() == cause) else {
            return Way::None;
        };
        let age = now.since(asked.question.at);
        let is_heard = match std::mem::replace(&mut asked.callback, Callback::Over) {
            Callback::Coming => age < self.patience,
            Callback::Waits(callback) => callback.send(words.to_owned()).is_ok(),
            Callback::Over => false,
        };
        if is_heard {
            asked.answered = Some(words.to_owned());
            return Way::InTheAnswer;
        }
        match asked.question.url.take() {
            Some(url) if age < URL_LASTS => Way::To(url),
            _ => Way::None,
        }
    }

    /// A POST that never left: the address may be used after all.
    pub fn give_back(&self, action: &ActionId, url: String) {
        let cause = action.as_str().rsplit_once('#').map(|(cause, _)| cause);
        let mut inside = self.inside();
        let asked = inside
            .values_mut()
            .find(|asked| Some(asked.question.event.as_str()) == cause);
        if let Some(asked) = asked {
            asked.question.url = Some(url);
        }
    }
}
