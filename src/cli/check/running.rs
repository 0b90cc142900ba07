//! What is under way in the running bot, and what another set of playbooks would do to it.

use crate::chat::Lang;
use crate::cli::clock::clock;
use crate::cli::live;
use crate::config::Config;
use crate::dry_run::reload::{self, Reload};
use crate::playbook::Playbooks;

/// Reads the newest snapshot and the recording after it. Takes no lock and writes nothing, so the bot may run.
pub fn foreseen(books: &Playbooks, config: &Config, lang: Lang) -> Result<Reload, anyhow::Error> {
    let community = live::standing(config, lang)?;
    let now = clock().max(community.now());
    Ok(reload::foreseen(books, &community, now))
}
