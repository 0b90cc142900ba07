//! `check --on LOG`: how many messages of a recording the keywords meet.

use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::chat::{Happening, Lang, text_of};
use crate::cli::import::How;
use crate::cli::replay::Recordings;
use crate::playbook::Problem;
use crate::playbook::keyword::{Keyword, Measure};

/// Warnings about keywords that are met by accident.
pub(super) fn keywords(
    keywords: &[Keyword],
    logs: &[PathBuf],
    (how, lang): (&How, Lang),
) -> Result<Vec<Problem>, anyhow::Error> {
    let mut measure = Measure::of(keywords);
    let mut recordings = Recordings::of(logs, how, ("log", lang))?;
    recordings.feed(&mut |input| {
        if let Happening::Message(message) = &input.event.happening
            && !message.own
        {
            measure.hears(&text_of(&message.segments));
        }
        ControlFlow::Continue(())
    });
    recordings.read_whole(lang)?;
    Ok(measure.problems())
}
