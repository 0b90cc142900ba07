//! Which playbooks are compared: files, a git revision, or those the bot runs with.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::books::{Books, sources};
use crate::chat::{Happening, Lang, Source};
use crate::config::Config;
use crate::logs::Logs;
use crate::playbook;
use crate::store::journal::days;

/// The word for what the bot runs with.
const RUNNING: &str = "running";

/// Reads what a word on the command line stands for: a path that exists, `running`, or a revision (`HEAD~1`,
/// `HEAD~1:playbooks`).
pub fn sources_of(word: &str, config: &Config, lang: Lang) -> Result<Vec<Source>, anyhow::Error> {
    if Path::new(word).exists() {
        let books = Books {
            paths: vec![PathBuf::from(word)],
        };
        return sources(&books, config, lang);
    }
    if word == RUNNING {
        return running(config, lang);
    }
    revision(word, config, lang)
}

/// The last set the recording says came into force.
fn running(config: &Config, lang: Lang) -> Result<Vec<Source>, anyhow::Error> {
    let dir = &config.places.recording;
    let nothing = || {
        anyhow::anyhow!(lang.pick(
            format!(
                "{} 里没有记下生效的剧本；先运行过 qunying run 才能和 running 对比",
                dir.display()
            ),
            format!(
                "no playbooks in force are recorded in {}; `running` needs that `qunying run` ran once",
                dir.display()
            ),
        ))
    };
    if !dir.is_dir() {
        return Err(nothing());
    }
    for (_, file) in days::list(dir)?.into_iter().rev() {
        let name = file.display().to_string();
        let opened = std::fs::File::open(&file).map_err(|error| super::books::unreadable(&file, &error, lang))?;
        let mut last: Option<Vec<Source>> = None;
        let mut logs = Logs::new("running".into());
        let read = logs.read(&name, std::io::BufReader::new(opened), &mut |input| {
            if let Happening::PlaybooksInForce { sources, .. } = input.event.happening
                && !sources.is_empty()
            {
                last = Some(sources);
            }
            ControlFlow::Continue(())
        });
        read.map_err(|bad| anyhow::anyhow!(bad.text(lang)))?;
        if let Some(sources) = last {
            return Ok(sources);
        }
    }
    Err(nothing())
}

/// `REV` or `REV:PATH`; without a path, the config's playbooks.
fn revision(word: &str, config: &Config, lang: Lang) -> Result<Vec<Source>, anyhow::Error> {
    let (revision, path) = match word.split_once(':') {
        Some((revision, path)) => (revision, path.to_owned()),
        None => (word, config.playbooks.display().to_string()),
    };
    let unknown = |why: &str| {
        anyhow::anyhow!(lang.pick(
            format!("「{word}」不是文件或目录，不是 running，git 里也没有这个版本（{why}）；可以写 HEAD~1 或 HEAD~1:playbooks"),
            format!("`{word}` is no file or directory, not `running`, and no revision git knows ({why}); write something like HEAD~1 or HEAD~1:playbooks"),
        ))
    };
    // A word that begins with a dash would be an option of git's.
    if revision.is_empty() || revision.starts_with('-') {
        return Err(unknown(lang.pick("写法不对", "not a revision")));
    }
    let path = path.trim_start_matches("./").trim_end_matches('/').to_owned();
    git(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]).map_err(|why| unknown(&why))?;
    let files: Vec<String> = if path.ends_with(".toml") {
        vec![path]
    } else {
        let listed =
            git(&["ls-tree", "--name-only", revision, "--", &format!("{path}/")]).map_err(|why| unknown(&why))?;
        let is_playbook = |name: &&str| {
            let file = name.rsplit('/').next().unwrap_or(name);
            file.ends_with(".toml") && !file.starts_with('.')
        };
        listed.lines().filter(is_playbook).map(str::to_owned).collect()
    };
    if files.is_empty() {
        anyhow::bail!(lang.pick(
            format!("版本 {revision} 里没有剧本"),
            format!("revision {revision} holds no playbooks there"),
        ));
    }
    let show = |name: String| -> Result<Source, anyhow::Error> {
        let text = git(&["show", &format!("{revision}:./{name}")]).map_err(|why| unknown(&why))?;
        Ok(Source { name, text })
    };
    let mut sources: Vec<Source> = files.into_iter().map(show).collect::<Result<_, _>>()?;
    for wanted in playbook::beside::wanted(&sources) {
        let place = if wanted.folder {
            format!("{}/", wanted.path)
        } else {
            wanted.path
        };
        // What is not there is reading's to say.
        let listed = git(&["ls-tree", "--name-only", revision, "--", &place]).unwrap_or_default();
        let files = listed.lines().filter(|name| playbook::beside::is_beside(name));
        for file in files {
            sources.push(show(file.to_owned())?);
        }
    }
    Ok(sources)
}

fn git(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git")
        .args(["-c", "core.quotePath=false"])
        .args(arguments)
        .output()
        .map_err(|error| format!("git: {error}"))?;
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(|_| "not UTF-8".to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().next().unwrap_or("git").to_owned())
}
