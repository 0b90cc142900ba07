//! The playbooks of a rehearsal, proven sound before it begins.

use crate::cli::Setting;
use crate::cli::books::{self, Books, sources};
use crate::config::Config;
use crate::playbook::Playbooks;

/// The playbooks a command is about, if they are sound; their problems are shown otherwise.
pub fn sound(books: &Books, config: &Config, setting: &Setting) -> Result<Option<Playbooks>, anyhow::Error> {
    let sources = sources(books, config, setting.lang)?;
    Ok(books::sound(&sources, config, setting.lang))
}
