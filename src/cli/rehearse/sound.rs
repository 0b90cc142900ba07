//! The playbooks of a rehearsal, proven sound before it begins.

use crate::cli::Setting;
use crate::cli::books::{Books, sources};
use crate::config::Config;
use crate::playbook::{self, Format, Playbooks};

/// The playbooks, if they are sound; their problems are shown otherwise. Warnings are `check`'s business.
pub fn sound(books: &Books, config: &Config, setting: &Setting) -> Result<Option<Playbooks>, anyhow::Error> {
    let sources = sources(books, config, setting.lang)?;
    match playbook::read(&sources, config.house()).sound() {
        Ok(books) => Ok(Some(books)),
        Err(problems) => {
            anstream::eprint!("{}", playbook::show(&problems, &sources, setting.lang, Format::Human));
            Ok(None)
        }
    }
}
