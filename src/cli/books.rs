//! Which playbook files a command is about.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::chat::{Lang, Source};
use crate::config::Config;
use crate::config::problem::refused;
use crate::playbook::{self, Format, Playbooks};

/// Which playbooks a command is about.
#[derive(Clone, Debug, Default, Args)]
pub struct Books {
    /// Playbook files or directories (default: the config's)
    #[arg(long = "playbooks", short = 'p', value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

impl Books {
    /// The files or directories meant: those given, or the config's directory.
    pub fn places<'a>(&'a self, config: &'a Config) -> &'a [PathBuf] {
        if self.paths.is_empty() {
            std::slice::from_ref(&config.playbooks)
        } else {
            &self.paths
        }
    }
}

/// Reads the files meant, a directory's in the order of their names. `lang` is what errors are said in.
pub fn sources(books: &Books, config: &Config, lang: Lang) -> Result<Vec<Source>, anyhow::Error> {
    let mut files = Vec::new();
    for place in books.places(config) {
        if place.is_dir() {
            files.extend(within(place).map_err(|error| unreadable(place, &error, lang))?);
        } else {
            files.push(place.clone());
        }
    }
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).map_err(|error| unreadable(&file, &error, lang))?;
        Ok(Source {
            name: file.display().to_string(),
            text,
        })
    };
    let mut sources: Vec<Source> = files.into_iter().map(read).collect::<Result<_, anyhow::Error>>()?;
    sources.extend(beside(&sources, lang)?);
    Ok(sources)
}

/// What stands beside the playbooks, a folder's files in the order of their names. What is not there is reading's to say.
fn beside(sources: &[Source], lang: Lang) -> Result<Vec<Source>, anyhow::Error> {
    let mut files = Vec::new();
    for wanted in playbook::beside::wanted(sources) {
        let place = PathBuf::from(&wanted.path);
        match wanted.folder {
            true if place.is_dir() => {
                let entries = std::fs::read_dir(&place).map_err(|error| unreadable(&place, &error, lang))?;
                let mut within: Vec<String> = entries
                    .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                    .filter(|name| playbook::beside::is_beside(name) && !name.starts_with('.'))
                    .map(|name| format!("{}/{name}", wanted.path))
                    .collect();
                within.sort();
                files.extend(within);
            }
            false if place.is_file() && playbook::beside::is_beside(&wanted.path) => files.push(wanted.path),
            _ => {}
        }
    }
    let read = |name: String| {
        let text = std::fs::read_to_string(&name).map_err(|error| unreadable(Path::new(&name), &error, lang))?;
        Ok(Source { name, text })
    };
    files.into_iter().map(read).collect()
}

/// The playbooks, if they are sound; their problems are shown otherwise. Warnings are `check`'s business.
pub fn sound(sources: &[Source], config: &Config, lang: Lang) -> Option<Playbooks> {
    match playbook::read(sources, config.house()).sound() {
        Ok(books) => Some(books),
        Err(problems) => {
            anstream::eprint!("{}", playbook::show(&problems, sources, lang, Format::Human));
            None
        }
    }
}

/// The playbooks of a directory. What begins with a dot is an editor's business.
fn within(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let is_hidden = |path: &Path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'))
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml") && !is_hidden(path))
        .collect();
    files.sort();
    Ok(files)
}

pub fn unreadable(place: &Path, error: &io::Error, lang: Lang) -> anyhow::Error {
    let place = place.display();
    anyhow::anyhow!(lang.pick(
        format!(
            "{place}：无法读取（{}）。请写一个剧本文件，或放剧本的目录。",
            refused(error)
        ),
        format!("{place}: {error}; name a playbook file or a directory of them"),
    ))
}
