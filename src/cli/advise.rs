//! `advise`: whom to invite to which group, as the playbooks' admissions say.

use std::path::PathBuf;

use clap::Args;
use comfy_table::{Table, presets};

use super::books::{self, Books};
use super::clock::clock;
use super::rehearse::state;
use super::{Ending, Form, Outcome, Setting, Writing, live};
use crate::chat::{Lang, fold};
use crate::engine::admission::{Advice, Fitting, advice};

/// `advise`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Of this group alone: an admission's name
    #[arg(id = "admission", value_name = "NAME")]
    name: Option<String>,
    /// Of a rehearsal's saved state instead of the live store
    #[arg(long = "state", value_name = "FILE")]
    saved: Option<PathBuf>,
    #[command(flatten)]
    writing: Writing,
}

/// Shows them, the first to be invited first. Nothing is sent: inviting is done by hand.
pub fn advise(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let Some(books) = books::sound(&books::sources(&Books::default(), &config, lang)?, &config, lang) else {
        return Ok(Ending::ProblemsFound);
    };
    let (community, now) = match &wanted.saved {
        Some(file) => {
            let community = state(file, lang)?.community;
            let now = community.now();
            (community, now)
        }
        None => {
            let community = live::standing(&config, lang)?;
            let now = clock().max(community.now());
            (community, now)
        }
    };
    let mut all = advice(&books, &community, now);
    if let Some(name) = &wanted.name {
        let names: Vec<String> = all.iter().map(|it| it.name.clone()).collect();
        all.retain(|it| it.name == *name);
        if all.is_empty() {
            anyhow::bail!(unknown(name, &names, lang));
        }
    }
    if wanted.writing.form() == Form::Json {
        println!("{}", serde_json::json!({ "advice": all }));
        return Ok(Ending::Fine);
    }
    if all.is_empty() {
        anstream::println!(
            "{}",
            lang.pick(
                "剧本里没有写哪个群邀请谁；写一节 [admission.名字] 就有建议。",
                "no playbook says whom a group is for; write a section [admission.NAME].",
            )
        );
    }
    for advice in &all {
        anstream::println!("{}", in_words(advice, lang));
    }
    Ok(Ending::Fine)
}

fn unknown(name: &str, names: &[String], lang: Lang) -> String {
    match (names.is_empty(), lang) {
        (true, Lang::Zh) => format!("没有 [admission.{name}]；剧本里一节 [admission.…] 也没有"),
        (true, Lang::En) => format!("there is no [admission.{name}]; the playbooks have no such section at all"),
        (false, Lang::Zh) => format!("没有 [admission.{name}]；有的是：{}", names.join("、")),
        (false, Lang::En) => format!("there is no [admission.{name}]; there is: {}", names.join(", ")),
    }
}

fn in_words(advice: &Advice, lang: Lang) -> String {
    let title = fold::shown(&advice.title);
    let count = advice.fitting.len();
    let head = lang.pick(
        format!("「{title}」可以邀请 {count} 位"),
        format!("{title}: {count} to invite"),
    );
    match count {
        0 => head,
        _ => format!("{head}\n{}", table(&advice.fitting, lang)),
    }
}

fn table(fitting: &[Fitting], lang: Lang) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(lang.pick(
        ["", "谁", "等级", "单数", "消费（元）", "编号"],
        ["", "who", "tier", "orders", "spent (yuan)", "id"],
    ));
    for (place, one) in (1..).zip(fitting) {
        table.add_row([
            format!("{place}."),
            fold::shown(&one.name),
            fold::shown(&one.tier),
            one.orders.to_string(),
            one.spend.to_string(),
            one.person.to_string(),
        ]);
    }
    table
}
