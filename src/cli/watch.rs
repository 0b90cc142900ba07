//! Playbooks are read again when a file changes or on SIGHUP. A bad edit keeps the last good ones, and says so.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::books::Books;
use super::run;
use crate::chat::Lang;
use crate::config::Config;
use crate::event_loop::Edition;

/// Editors write a file in several steps; the reading waits until they are done.
const SETTLE: Duration = Duration::from_millis(300);

/// Hands every good edit to the event loop until told to stop.
pub async fn playbooks(
    config: Arc<Config>,
    (books, lang): (Books, Lang),
    editions: mpsc::Sender<Edition>,
    stop: CancellationToken,
) {
    let (changed, mut changes) = mpsc::channel::<()>(1);
    let _watcher = watcher(books.places(&config), changed, lang);
    let mut hang_up = HangUp::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = hang_up.recv() => {}
            change = changes.recv() => {
                if change.is_none() {
                    // Without a watcher, SIGHUP still works.
                    tokio::select! { () = stop.cancelled() => return, () = hang_up.recv() => {} }
                }
                tokio::time::sleep(SETTLE).await;
                while changes.try_recv().is_ok() {}
            }
        }
        match run::edition(&books, &config, lang) {
            Ok(Some(edition)) => {
                tracing::info!(fingerprint = %edition.books.fingerprint, "{}", lang.pick("剧本已重新读入", "playbooks are read again"));
                if editions.send(edition).await.is_err() {
                    return;
                }
            }
            Ok(None) => tracing::error!(
                "{}",
                lang.pick(
                    "剧本有错，继续使用上一版",
                    "the playbooks have mistakes; those of before stay in force",
                )
            ),
            Err(error) => tracing::error!(%error, "{}", lang.pick(
                "剧本读不出来，继续使用上一版",
                "the playbooks cannot be read; those of before stay in force",
            )),
        }
    }
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
    for place in places {
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

/// SIGHUP, where there is one.
struct HangUp {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl HangUp {
    fn new() -> Self {
        Self {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok(),
        }
    }

    async fn recv(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal {
            signal.recv().await;
            return;
        }
        std::future::pending::<()>().await;
    }
}
