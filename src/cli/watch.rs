//! Playbooks are read again when a file changes or on SIGHUP. A bad edit keeps the last good ones, and says so.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::books::Books;
use super::lock::Lock;
use super::run;
use super::signals::HangUp;
use crate::chat::Lang;
use crate::config::Config;
use crate::event_loop::Edition;

/// Editors write a file in several steps; the reading waits until they are done.
const SETTLE: Duration = Duration::from_millis(300);

/// Watches from the moment it is made.
#[derive(Debug)]
pub struct Watching {
    config: Arc<Config>,
    books: Books,
    required: Option<Arc<Lock>>,
    lang: Lang,
    changes: mpsc::Receiver<()>,
    hang_up: HangUp,
    /// Watching ends when it is dropped.
    _watcher: Option<RecommendedWatcher>,
}

impl Watching {
    /// Called within the runtime, before the bot says that it is ready.
    pub fn new(config: Arc<Config>, (books, required): (Books, Option<Arc<Lock>>), lang: Lang) -> Self {
        let (changed, changes) = mpsc::channel::<()>(1);
        let watcher = watcher(books.places(&config), changed, lang);
        Self {
            config,
            books,
            required,
            lang,
            changes,
            hang_up: HangUp::new(),
            _watcher: watcher,
        }
    }

    /// Hands every good edit to the event loop until told to stop. `in_force` is the fingerprint of the playbooks read at
    /// start: an edit between that reading and the watching is noticed by it.
    pub async fn run(mut self, in_force: String, editions: mpsc::Sender<Edition>, stop: CancellationToken) {
        let missed = self.read().filter(|edition| edition.books.fingerprint != in_force);
        if let Some(edition) = missed
            && editions.send(edition).await.is_err()
        {
            return;
        }
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.hang_up.recv() => {}
                change = self.changes.recv() => {
                    if change.is_none() {
                        // Without a watcher, SIGHUP still works.
                        tokio::select! { () = stop.cancelled() => return, () = self.hang_up.recv() => {} }
                    }
                    tokio::time::sleep(SETTLE).await;
                    while self.changes.try_recv().is_ok() {}
                }
            }
            let Some(edition) = self.read() else { continue };
            tracing::info!(fingerprint = %edition.books.fingerprint, "{}", self.lang.pick("剧本已重新读入", "playbooks are read again"));
            if editions.send(edition).await.is_err() {
                return;
            }
        }
    }

    /// The playbooks as they are now, if they are sound; otherwise what is wrong with them is said.
    fn read(&self) -> Option<Edition> {
        let lang = self.lang;
        match run::edition(&self.books, &self.config, self.required.as_deref(), lang) {
            Ok(Some(edition)) => Some(edition),
            Ok(None) => {
                tracing::error!(
                    "{}",
                    lang.pick(
                        "剧本有错，继续使用上一版",
                        "the playbooks have mistakes; those of before stay in force",
                    )
                );
                None
            }
            Err(error) => {
                tracing::error!(%error, "{}", lang.pick(
                    "剧本读不出来，继续使用上一版",
                    "the playbooks cannot be read; those of before stay in force",
                ));
                None
            }
        }
    }
}

/// The folders of what stands beside the playbooks when watching begins.
fn folders(places: &[PathBuf]) -> Vec<PathBuf> {
    let dirs = places.iter().filter(|place| place.is_dir());
    let within = dirs.flat_map(|dir| std::fs::read_dir(dir).into_iter().flatten());
    let direct: Vec<PathBuf> = within
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    let deeper = direct
        .iter()
        .flat_map(|dir| std::fs::read_dir(dir).into_iter().flatten());
    let deeper: Vec<PathBuf> = deeper
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    direct.into_iter().chain(deeper).collect()
}

/// Watches directories, not files: an editor that saves by renaming would be lost sight of.
fn watcher(places: &[PathBuf], changed: mpsc::Sender<()>, lang: Lang) -> Option<RecommendedWatcher> {
    let told = move |event: notify::Result<notify::Event>| {
        let matters = event.is_ok_and(|event| !event.kind.is_access());
        if matters {
            // A change that waits already covers this one.
            let _ = changed.try_send(());
        }
    };
    let mut watcher = notify::recommended_watcher(told)
        .inspect_err(|error| {
            tracing::warn!(%error, "{}", lang.pick(
                "剧本改动无法自动发现，改完请发送 SIGHUP",
                "playbooks are not watched; send SIGHUP after an edit",
            ))
        })
        .ok()?;
    let folders = folders(places);
    for place in places.iter().chain(&folders) {
        let dir = if place.is_dir() {
            place.as_path()
        } else {
            crate::store::disk::parent(place)
        };
        if let Err(error) = watcher.watch(dir, RecursiveMode::NonRecursive) {
            tracing::warn!(%error, dir = %dir.display(), "{}", lang.pick(
                "这个目录的改动无法自动发现，改完请发送 SIGHUP",
                "this directory is not watched; send SIGHUP after an edit",
            ));
        }
    }
    Some(watcher)
}
