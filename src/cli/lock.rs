//! `plan.lock`: which playbooks were looked at, over which logs, with which engine. `run --require` starts only those.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::books::unreadable;
use crate::chat::{Fen, Lang, Source};
use crate::dry_run::compare::{Comparison, Sum};
use crate::event_loop::Edition;

/// The form this program writes and reads.
const FORM: u32 = 1;

/// What was looked at.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Lock {
    pub plan: u32,
    pub engine: String,
    pub old: Looked,
    pub new: Looked,
    /// SHA-256 of each log, by the name it was given under.
    pub logs: BTreeMap<String, String>,
    pub options: BTreeMap<String, String>,
    pub totals: Totals,
}

/// One set of playbooks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Looked {
    /// Over the texts and the facts of the config that deciding depends on.
    pub fingerprint: String,
    /// SHA-256 of each file, by its name.
    pub files: BTreeMap<String, String>,
    /// What it came to.
    pub effects: String,
}

/// What the comparison came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Totals {
    pub ceiling: (Fen, Fen),
    pub said: (u64, u64),
    pub night: (u64, u64),
    pub different: u64,
}

impl Lock {
    /// Of a comparison that was made. `logs` are the files, `options` what was asked for.
    pub fn of(
        comparison: &Comparison,
        (old, new): (&[Source], &[Source]),
        logs: BTreeMap<String, String>,
        options: BTreeMap<String, String>,
    ) -> Self {
        let looked = |sources: &[Source], sum: &Sum| Looked {
            fingerprint: sum.playbooks.clone(),
            files: sources
                .iter()
                .map(|it| (file_name(&it.name), digest(it.text.as_bytes())))
                .collect(),
            effects: sum.fingerprint.clone(),
        };
        let (before, after) = (&comparison.old, &comparison.new);
        Self {
            plan: FORM,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            old: looked(old, before),
            new: looked(new, after),
            logs,
            options,
            totals: Totals {
                ceiling: (before.ceiling, after.ceiling),
                said: (before.said, after.said),
                night: (before.night, after.night),
                different: comparison.pairs.iter().filter(|pair| !pair.is_same()).count() as u64,
            },
        }
    }

    /// Reads one back.
    pub fn read(file: &Path, lang: Lang) -> Result<Self, anyhow::Error> {
        let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error, lang))?;
        let lock: Self = serde_json::from_str(&text).map_err(|error| {
            let file = file.display();
            anyhow::anyhow!(lang.pick(
                format!("{file} 不是 qunying plan -o 写出的文件（{error}）"),
                format!("{file} is no file that `qunying plan -o` wrote ({error})"),
            ))
        })?;
        if lock.plan != FORM {
            anyhow::bail!(lang.pick(
                format!(
                    "{} 的格式是 {}，这个版本读 {FORM}；请重新运行 qunying plan -o",
                    file.display(),
                    lock.plan
                ),
                format!(
                    "{} has form {}, this program reads {FORM}; run `qunying plan -o` again",
                    file.display(),
                    lock.plan
                ),
            ));
        }
        Ok(lock)
    }

    /// Writes it down.
    pub fn write(&self, file: &Path, lang: Lang) -> Result<(), anyhow::Error> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        std::fs::write(file, text).map_err(|error| unreadable(file, &error, lang))
    }

    /// Whether these playbooks are the ones that were looked at; why not, otherwise.
    pub fn admits(&self, edition: &Edition, lang: Lang) -> Result<(), anyhow::Error> {
        let engine = env!("CARGO_PKG_VERSION");
        if self.engine != engine {
            anyhow::bail!(lang.pick(
                format!(
                    "对比是用 {} 版做的，现在是 {engine} 版；请用这个版本重新运行 qunying plan -o",
                    self.engine
                ),
                format!(
                    "the plan was made with version {}, this is {engine}; run `qunying plan -o` again with it",
                    self.engine
                ),
            ));
        }
        let now: BTreeMap<String, String> = edition
            .sources
            .iter()
            .map(|it| (file_name(&it.name), digest(it.text.as_bytes())))
            .collect();
        let differ: Vec<&str> = now
            .keys()
            .chain(self.new.files.keys())
            .filter(|name| now.get(*name) != self.new.files.get(*name))
            .map(String::as_str)
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect();
        if !differ.is_empty() {
            let listed = differ.join(lang.pick("、", ", "));
            anyhow::bail!(lang.pick(
                format!("这些剧本和对比时看过的不一样：{listed}。请重新运行 qunying plan -o，看过再上线"),
                format!("these playbooks are not the ones that were looked at: {listed}; run `qunying plan -o` again and look"),
            ));
        }
        if edition.books.fingerprint != self.new.fingerprint {
            anyhow::bail!(lang.pick(
                "剧本没变，但配置里影响决定的部分（店员、礼貌、网关、时区）和对比时不一样。请用现在的配置重新运行 qunying plan -o".to_owned(),
                "the playbooks are the same, but what the config says about staff, manners, gateways or the zone is not; run `qunying plan -o` again with this config".to_owned(),
            ));
        }
        Ok(())
    }
}

/// SHA-256, in hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A playbook goes by its file's name, wherever the file lies.
fn file_name(path: &str) -> String {
    Path::new(path)
        .file_name()
        .map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}
