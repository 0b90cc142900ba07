//! What is said is made ready for its network: pictures of the media folder are read, and what is too long goes out in
//! parts.
//!
//! The parts are one action. That a part is out is recorded before the next is asked for, so asking again goes on with the
//! part that failed, after a crash too.

use std::sync::Arc;

use crate::chat::{Action, Deed, MessageId, Outcome, Segment, is_media_name};
use crate::gateway::document::Document;
use crate::gateway::{Limits, Shelf, Unfit, parts};

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
            Segment::File { place, name } if is_media_name(place) => {
                if limits.file == 0 {
                    return Err("this gateway can be given no file, only its address".to_owned());
                }
                let read = document(shelf, place, limits.file).await;
                let document = read.map_err(|unfit| format!("the file cannot be sent: {unfit}"))?;
                Segment::File {
                    place: document.place(),
                    name: name.clone(),
                }
            }
            other => other.clone(),
        });
    }
    let parts = parts::parts(&whole, &limits).into_iter();
    Ok(parts.map(|content| with(action, content)).collect())
}

async fn read(shelf: &Arc<Shelf>, name: &str, most: u64) -> Result<String, Unfit> {
    let picture = aside((shelf, name), move |shelf, name| shelf.picture(name, most)).await;
    picture.map(|picture| picture.place())
}

async fn document(shelf: &Arc<Shelf>, name: &str, most: u64) -> Result<Document, Unfit> {
    aside((shelf, name), move |shelf, name| shelf.document(name, most)).await
}

/// Files are read where nobody waits for them.
async fn aside<T: Send + 'static>(
    (shelf, name): (&Arc<Shelf>, &str),
    read: impl FnOnce(&Shelf, &str) -> Result<T, Unfit> + Send + 'static,
) -> Result<T, Unfit> {
    let (shelf, file, name) = (Arc::clone(shelf), shelf.dir.join(name), name.to_owned());
    let reading = tokio::task::spawn_blocking(move || read(&shelf, &name));
    reading.await.unwrap_or_else(|broken| {
        let why = std::io::Error::other(broken);
        Err(Unfit::Unreadable { file, why })
    })
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

/// So many parts are out, and what is behind them is not.
pub fn part_done(parts: usize, message: Option<MessageId>) -> Outcome {
    Outcome::PartDone {
        parts: u32::try_from(parts).unwrap_or(u32::MAX),
        message,
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
        Outcome::Started | Outcome::PartDone { .. } | Outcome::Done { .. } | Outcome::Proposed { .. } => outcome,
        Outcome::Refused { why } => Outcome::Refused { why: told(why) },
        Outcome::GaveUp { why } => Outcome::GaveUp { why: told(why) },
        Outcome::Postponed { why, again } => Outcome::Postponed { why: told(why), again },
        Outcome::Unknown { why, again } => Outcome::Unknown { why: told(why), again },
    }
}
