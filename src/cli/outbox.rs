//! `outbox`: what waits to be sent, and what was given up.

use clap::Args;
use comfy_table::{Table, presets};
use secrecy::ExposeSecret;

use super::keep::said;
use super::{Ending, Form, Outcome, Setting};
use crate::chat::{ActionId, Deed, StaffOrder, fold, text_of};
use crate::community::Community;
use crate::community::outbox::{Pending, State};
use crate::config::Config;
use crate::event_loop::stand;
use crate::store::snapshot;

/// `outbox`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Try a dead action again (the bot must run)
    #[arg(long, value_name = "ACTION", conflicts_with = "discard")]
    retry: Option<String>,
    /// Give a dead action up for good (the bot must run)
    #[arg(long, value_name = "ACTION")]
    discard: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// Shows the outbox as the recording has it, or orders something about one action.
pub fn outbox(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let order = match (&wanted.retry, &wanted.discard) {
        (Some(action), _) => Some(StaffOrder::Retry {
            action: ActionId::new(action),
        }),
        (None, Some(action)) => Some(StaffOrder::Drop {
            action: ActionId::new(action),
        }),
        (None, None) => None,
    };
    // Looking takes no lock, so it works while the bot runs.
    let newest = snapshot::newest(&config.places.snapshots)
        .map_err(|error| said(&error, setting.lang))?
        .0;
    let community = stand(&config.places.recording, newest.as_ref().map(|it| it.file.as_path()))
        .map_err(|error| said(&error, setting.lang))?;
    match order {
        None => list(wanted, &setting, &community),
        Some(order) => {
            let (StaffOrder::Retry { action } | StaffOrder::Drop { action }) = &order;
            if !community.outbox().contains_key(action) {
                let lang = setting.lang;
                anyhow::bail!(lang.pick(
                    format!("发件箱里没有 {action}；运行 qunying outbox 查看编号"),
                    format!("there is no {action} in the outbox; `qunying outbox` shows the ids"),
                ));
            }
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?
                .block_on(hand_in(&order, &config, &setting))
        }
    }
}

fn list(wanted: &Wanted, setting: &Setting, community: &Community) -> Outcome {
    let waiting: Vec<&Pending> = community.outbox_in_order().collect();
    if wanted.format == Form::Json {
        println!("{}", serde_json::to_string(&waiting)?);
        return Ok(Ending::Fine);
    }
    let lang = setting.lang;
    if waiting.is_empty() {
        anstream::println!("{}", lang.pick("发件箱是空的。", "the outbox is empty."));
        return Ok(Ending::Fine);
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(lang.pick(
        ["编号", "状态", "次数", "不早于", "做什么", "网关的回答"],
        ["id", "state", "tries", "not before", "what", "the gateway's answer"],
    ));
    for pending in waiting {
        let state = match pending.state {
            State::Waiting => lang.pick("等待", "waiting"),
            State::Unknown => lang.pick("不确定", "unknown"),
            State::Dead => lang.pick("已放弃", "dead"),
        };
        table.add_row([
            pending.action.id.to_string(),
            state.to_owned(),
            pending.attempts.to_string(),
            pending.next_at.to_string(),
            what(&pending.action.deed),
            fold::shown(&pending.answer),
        ]);
    }
    anstream::println!("{table}");
    Ok(Ending::Fine)
}

fn what(deed: &Deed) -> String {
    match deed {
        Deed::Say { group, content } => format!("{group} ← {}", fold::shown(&text_of(content))),
        Deed::Whisper { person, content } => format!("{person} ← {}", fold::shown(&text_of(content))),
        Deed::RenameGroup { group, name } => format!("{group} := {name}"),
        Deed::SetCard { group, person, card } => format!("{group} {person} := {card}"),
        Deed::Recall { group, message } => format!("{group} − {message}"),
        Deed::Kick { group, person } => format!("{group} − {person}"),
    }
}

/// Hands an order to the bot that runs.
async fn hand_in(order: &StaffOrder, config: &Config, setting: &Setting) -> Outcome {
    let address = format!("http://{}/api/v1/outbox", config.listen);
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut request = client.post(&address).json(order);
    if let Some(token) = &config.token {
        request = request.bearer_auth(token.expose_secret());
    }
    let lang = setting.lang;
    let answer = request.send().await.map_err(|error| {
        let why = error.without_url();
        anyhow::anyhow!(lang.pick(
            format!("群营没有在 {} 运行（{}）；先运行 qunying run", config.listen, why),
            format!(
                "no bot runs at {} ({}); start it with `qunying run`",
                config.listen, why
            ),
        ))
    })?;
    if answer.status().is_success() {
        anstream::println!("{}", lang.pick("已记下。", "noted."));
        return Ok(Ending::Fine);
    }
    let status = answer.status();
    let refusal = answer.text().await.unwrap_or_default();
    anyhow::bail!(lang.pick(
        format!("群营拒绝了（{status}）：{refusal}"),
        format!("the bot refused ({status}): {refusal}"),
    ))
}
