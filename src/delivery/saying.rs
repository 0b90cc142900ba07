//! What is said is made ready for its network: pictures of the media folder are read, and what is too long goes out in
//! parts.
//!
//! The parts are one action. How many of them are out is kept while the process lives, so asking again goes on with the
//! part that failed; after a crash nobody knows, and the action's policy decides about all of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::chat::{Action, ActionId, Deed, MessageId, Outcome, Segment, is_media_name};
use crate::gateway::{Limits, Shelf, Unfit, parts};

/// Of more unfinished actions than this nothing is remembered.
const REMEMBERED: usize = 1000;

/// An action as what is really asked for, one after the other.
pub async fn ready(action: &Action, limits: Limits, shelf: &Arc<Shelf>) -> Result<Vec<Action>, String> {
    let content = match &action.deed {
        Deed::Say { content, .. } | Deed::Whisper { content, .. } => content,
        Deed::RenameGroup { .. }
        | Deed::SetCard { .. }
        | Deed::Recall { .. }
        | Deed::Kick { .. }
        | Deed::Call { .. } => return Ok(vec![action.clone()]),
    };
    let mut whole = Vec::with_capacity(content.len());
    for segment in content {
        whole.push(match segment {
            Segment::Image(name) if is_media_name(name) => {
                if limits.picture == 0 {
                    return Err("this gateway can be given no picture, only its address".to_owned());
                }
                let read = read(shelf, name, limits.picture).await;
                Segment::Image(read.map_err(|unfit| format!("the picture cannot be sent: {unfit}"))?)
            }
            other => other.clone(),
        });
    }
    let parts = parts::parts(&whole, &limits).into_iter();
    Ok(parts.map(|content| with(action, content)).collect())
}

/// Files are read where nobody waits for them.
async fn read(shelf: &Arc<Shelf>, name: &str, most: u64) -> Result<String, Unfit> {
    let (shelf, file, name) = (Arc::clone(shelf), shelf.dir.join(name), name.to_owned());
    let reading = tokio::task::spawn_blocking(move || shelf.picture(&name, most));
    let picture = reading.await.unwrap_or_else(|broken| {
        let why = std::io::Error::other(broken);
        Err(Unfit::Unreadable { file, why })
    });
    picture.map(|picture| picture.place())
}

fn with(action: &Action, content: Vec<Segment>) -> Action {
    let mut action = action.clone();
    match &mut action.deed {
        Deed::Say { content: said, .. } | Deed::Whisper { content: said, .. } => *said = content,
        Deed::RenameGroup { .. }
        | Deed::SetCard { .. }
        | Deed::Recall { .. }
        | Deed::Kick { .. }
        | Deed::Call { .. } => {}
    }
    action
}

/// How many parts of unfinished actions are out, and the id of the first.
#[derive(Debug, Default)]
pub struct Sent {
    actions: BTreeMap<ActionId, (usize, Option<MessageId>)>,
}

impl Sent {
    pub fn parts(&self, action: &ActionId) -> usize {
        self.actions.get(action).map_or(0, |(parts, _)| *parts)
    }

    /// One more is out.
    pub fn went(&mut self, action: &ActionId, message: Option<MessageId>) {
        if self.actions.len() >= REMEMBERED {
            self.actions.pop_first();
        }
        let (parts, first) = self.actions.entry(action.clone()).or_default();
        if *parts == 0 {
            *first = message;
        }
        *parts += 1;
    }

    /// All are out; the id of the first.
    pub fn finished(&mut self, action: &ActionId) -> Option<MessageId> {
        self.actions.remove(action).and_then(|(_, first)| first)
    }
}

/// What became of an action of which part `at` of `all` was not done. Nothing is added where there is one.
pub fn of_part(outcome: Outcome, at: usize, all: usize) -> Outcome {
    let told = |why: String| match (at, all) {
        (_, 1) => why,
        (1, _) => format!("part 1 of {all}: {why}"),
        (_, _) => format!("part {at} of {all}, those before it are sent: {why}"),
    };
    match outcome {
        Outcome::Started | Outcome::Done { .. } | Outcome::Proposed { .. } => outcome,
        Outcome::Refused { why } => Outcome::Refused { why: told(why) },
        Outcome::GaveUp { why } => Outcome::GaveUp { why: told(why) },
        Outcome::Postponed { why, again } => Outcome::Postponed { why: told(why), again },
        Outcome::Unknown { why, again } => Outcome::Unknown { why: told(why), again },
    }
}
