//! `backup`, `restore`, `store check`: what is kept on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Ending, Outcome, Setting};
use crate::chat::Lang;
use crate::event_loop::{arise, stand};
use crate::store::{self, How, StoreError};

/// An error of the store in the operator's language.
pub(super) fn said(error: &StoreError, lang: Lang) -> anyhow::Error {
    anyhow::anyhow!(lang.pick(error.in_chinese(), error.to_string()))
}

/// Copies what a rebuild needs, consistent though the bot runs.
pub fn backup(dir: &Path, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let made = store::backup(&config.places, dir).map_err(|error| said(&error, lang))?;
    anstream::println!(
        "{}",
        lang.pick(
            format!(
                "已备份到 {}：到第 {} 条记录，{} 个文件",
                dir.display(),
                made.last_seq,
                made.files.len()
            ),
            format!(
                "backed up to {}: up to record {}, {} files",
                dir.display(),
                made.last_seq,
                made.files.len()
            ),
        )
    );
    Ok(Ending::Fine)
}

/// Puts a backup where nothing is.
pub fn restore(dir: &Path, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let made = store::restore(dir, &config.places).map_err(|error| said(&error, lang))?;
    anstream::println!(
        "{}",
        lang.pick(
            format!("已恢复到第 {} 条记录；下次启动时会自动重建状态", made.last_seq),
            format!(
                "restored up to record {}; the state is rebuilt at the next start",
                made.last_seq
            ),
        )
    );
    Ok(Ending::Fine)
}

/// Recounts the state from the recordings and compares it with the derived one.
pub fn recount(mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let records = store::Journal::check(&config.places.recording).map_err(|error| said(&error, lang))?;
    let arose = arise(config.places.clone()).map_err(|error| said(&error, lang))?;
    let snapshots = store::snapshot::list(&config.places.snapshots).map_err(|error| said(&error, lang))?;
    let whole_recording = stand(&config.places.recording, None);
    let recounted = match whole_recording {
        Ok(community) => community,
        // The beginning was let go by the retention: the oldest snapshot takes its place.
        Err(StoreError::Gone { .. }) => {
            let oldest = snapshots.last().map(|(_, file)| file.as_path());
            stand(&config.places.recording, oldest).map_err(|error| said(&error, lang))?
        }
        Err(error) => return Err(said(&error, lang)),
    };
    let kept: BTreeMap<String, Vec<u8>> = arose.community.all_rows().collect();
    let counted: BTreeMap<String, Vec<u8>> = recounted.all_rows().collect();
    let rows = kept.len();
    let keys: BTreeSet<&String> = kept.keys().chain(counted.keys()).collect();
    let differing: Vec<String> = keys
        .into_iter()
        .filter(|key| kept.get(*key) != counted.get(*key))
        .map(|key| key.replace('\t', " "))
        .collect();
    let rebuilt = matches!(arose.start.how, How::Rebuilt { .. });
    arose.store.close().map_err(|error| said(&error, lang))?;
    if rebuilt {
        anstream::println!(
            "{}",
            lang.pick(
                "状态数据不可用，已由录音重建。",
                "the derived state was unusable and has been rebuilt."
            )
        );
    }
    if differing.is_empty() {
        anstream::println!(
            "{}",
            lang.pick(
                format!("一致：{records} 条记录，{rows} 行状态"),
                format!("they agree: {records} records, {rows} rows of state"),
            )
        );
        return Ok(Ending::Fine);
    }
    for key in differing.iter().take(20) {
        anstream::println!("{} {key}", lang.pick("不一致：", "differs:"));
    }
    anstream::println!(
        "{}",
        lang.pick(
            format!(
                "共 {} 行不一致；请保留录音，删除状态目录 {}，重新启动即可重建",
                differing.len(),
                config.places.data.display()
            ),
            format!(
                "{} rows differ; keep the recording, remove {}, and start again to rebuild",
                differing.len(),
                config.places.data.display()
            ),
        )
    );
    Ok(Ending::ProblemsFound)
}
