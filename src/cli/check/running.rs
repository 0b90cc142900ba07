//! What is under way in the running bot, and what another set of playbooks would do to it.

use crate::chat::Lang;
use crate::cli::clock::clock;
use crate::cli::keep::said;
use crate::config::Config;
use crate::dry_run::reload::{self, Reload};
use crate::event_loop::stand;
use crate::playbook::Playbooks;
use crate::store::snapshot;

/// Reads the newest snapshot and the recording after it. Takes no lock and writes nothing, so the bot may run.
pub fn foreseen(books: &Playbooks, config: &Config, lang: Lang) -> Result<Reload, anyhow::Error> {
    let newest = snapshot::newest(&config.places.snapshots)
        .map_err(|error| said(&error, lang))?
        .0;
    let community = stand(&config.places.recording, newest.as_ref().map(|it| it.file.as_path()))
        .map_err(|error| said(&error, lang))?;
    let now = clock().max(community.now());
    Ok(reload::foreseen(books, &community, now))
}
