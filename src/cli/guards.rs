//! `guards`: which playbooks a guard paused, and letting them go on.

use std::collections::BTreeSet;

use clap::Args;
use comfy_table::{Table, presets};

use super::outbox::hand_in;
use super::{Ending, Form, Outcome, Setting, live};
use crate::chat::{Lang, RuleName, StaffOrder, fold};
use crate::community::Community;
use crate::community::guard::Guarded;
use crate::playbook::guard::{book_of, short_of};

/// `guards`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Let the playbooks these guards paused go on (the bot must run)
    #[arg(long = "release", value_name = "GUARD", num_args = 1..)]
    lift: Option<Vec<String>>,
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// Shows the guards that broke as the recording has them, or releases some.
pub fn guards(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let community = live::standing(&config, lang)?;
    let Some(names) = &wanted.lift else {
        let when = |guarded: &Guarded| {
            let since = guarded.paused_since?.in_zone(&config.zone);
            Some(since.strftime("%Y-%m-%d %H:%M").to_string())
        };
        return list(wanted.format, &community, lang, when);
    };
    let orders = paused(names, &community, lang)?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(hand_in(&orders, &config, lang))
}

/// The paused guards of these names, in full or as they are written; all of them must be.
fn paused(names: &[String], community: &Community, lang: Lang) -> Result<Vec<StaffOrder>, anyhow::Error> {
    let mut meant: BTreeSet<RuleName> = BTreeSet::new();
    for name in names {
        let is_meant = |guard: &&RuleName| guard.as_str() == name || short_of(guard) == name;
        let paused = community.guards().iter().filter(|(_, it)| it.paused_since.is_some());
        let before = meant.len();
        meant.extend(paused.map(|(guard, _)| guard).filter(is_meant).cloned());
        if meant.len() == before && !meant.iter().any(|guard| is_meant(&guard)) {
            anyhow::bail!(lang.pick(
                format!("守卫「{name}」没有暂停任何剧本；运行 qunying guards 查看名字"),
                format!("the guard “{name}” has paused nothing; `qunying guards` shows the names"),
            ));
        }
    }
    Ok(meant
        .into_iter()
        .map(|guard| StaffOrder::ReleaseGuard { guard })
        .collect())
}

fn list(form: Form, community: &Community, lang: Lang, when: impl Fn(&Guarded) -> Option<String>) -> Outcome {
    let guards = community.guards();
    if form == Form::Json {
        println!("{}", serde_json::to_string(guards)?);
        return Ok(Ending::Fine);
    }
    if guards.is_empty() {
        anstream::println!("{}", lang.pick("没有守卫破过。", "no guard has broken."));
        return Ok(Ending::Fine);
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(lang.pick(
        ["守卫", "剧本", "状态", "破过的"],
        ["guard", "playbook", "state", "what broke"],
    ));
    for (name, guarded) in guards {
        let state = match (when(guarded), lang) {
            (Some(since), Lang::Zh) => format!("{since} 起暂停"),
            (Some(since), Lang::En) => format!("paused since {since}"),
            (None, _) => lang.pick("运行中", "running").to_owned(),
        };
        let broken = guarded
            .broken
            .iter()
            .map(|(bound, period)| format!("{bound} ({period})"));
        table.add_row([
            fold::shown(short_of(name)),
            fold::shown(book_of(name)),
            state,
            broken.collect::<Vec<_>>().join(lang.pick("；", "; ")),
        ]);
    }
    anstream::println!("{table}");
    let paused: Vec<&RuleName> = guards
        .iter()
        .filter(|(_, it)| it.paused_since.is_some())
        .map(|(name, _)| name)
        .collect();
    if let Some(first) = paused.first() {
        anstream::println!(
            "{}",
            lang.pick(
                format!(
                    "放行：qunying guards --release {first}，或店员在群里说「放行 {}」。",
                    short_of(first)
                ),
                format!(
                    "let it go on: `qunying guards --release {first}`, or staff say “release {}”.",
                    short_of(first)
                ),
            )
        );
    }
    Ok(Ending::Fine)
}
