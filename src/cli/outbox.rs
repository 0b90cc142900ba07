//! `outbox`: what waits to be sent, what was given up, and the drafts of the shadow.

use std::collections::BTreeSet;

use clap::Args;
use comfy_table::{Table, presets};
use secrecy::ExposeSecret;

use super::{Ending, Form, Outcome, Setting, Writing, live};
use crate::chat::{ActionId, Deed, GatewayName, Lang, StaffOrder, fold, text_of};
use crate::community::Community;
use crate::community::absence::Absence;
use crate::community::outbox::{Pending, State};
use crate::config::Config;

/// `outbox`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Only drafts: what would have been sent while the bot ran in the shadow
    #[arg(long)]
    drafts: bool,
    /// Only what follows from this rule
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,
    /// Try dead actions again (the bot must run)
    #[arg(long, value_name = "ACTION", num_args = 1.., conflicts_with_all = ["discard", "release"])]
    retry: Option<Vec<String>>,
    /// Give dead actions or drafts up for good (the bot must run); with --rule or --all: drafts
    #[arg(long, value_name = "ACTION", num_args = 0.., conflicts_with = "release")]
    discard: Option<Vec<String>>,
    /// Send drafts (the bot must run); with --rule or --all instead of ids: all of the rule's, or all there are
    #[arg(long, value_name = "ACTION", num_args = 0..)]
    release: Option<Vec<String>>,
    /// Every draft there is
    #[arg(long, conflicts_with = "rule")]
    all: bool,
    #[command(flatten)]
    writing: Writing,
}

/// Shows the outbox as the recording has it, or orders something about actions in it.
pub fn outbox(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let community = live::standing(&config, setting.lang)?;
    let orders = orders(wanted, &community, setting.lang)?;
    let Some(orders) = orders else {
        return list(wanted, (&setting, &config), &community);
    };
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(hand_in(&orders, &config, setting.lang))
}

/// What is ordered, in the order of the outbox; `None` if nothing is, and the outbox is only looked at.
fn orders(wanted: &Wanted, community: &Community, lang: Lang) -> Result<Option<Vec<StaffOrder>>, anyhow::Error> {
    let (ids, order): (&[String], fn(ActionId) -> StaffOrder) = match (&wanted.retry, &wanted.discard, &wanted.release)
    {
        (Some(ids), _, _) => (ids, |action| StaffOrder::Retry { action }),
        (_, Some(ids), _) => (ids, |action| StaffOrder::Drop { action }),
        (_, _, Some(ids)) => (ids, |action| StaffOrder::Release { action }),
        (None, None, None) => return Ok(None),
    };
    let chosen = match ids {
        [] => whole(wanted, community, lang)?,
        ids => named(ids, wanted.release.is_some(), community, lang)?,
    };
    Ok(Some(chosen.into_iter().map(order).collect()))
}

/// All drafts, or all of one rule.
fn whole(wanted: &Wanted, community: &Community, lang: Lang) -> Result<Vec<ActionId>, anyhow::Error> {
    if !wanted.all && wanted.rule.is_none() {
        anyhow::bail!(lang.pick(
            "没有说是哪些：写上编号，或加 --rule 规则，或加 --all。编号见 qunying outbox --drafts",
            "which ones? Give their ids, or --rule RULE, or --all; `qunying outbox --drafts` shows the ids",
        ));
    }
    let drafts = community
        .outbox_in_order()
        .filter(|pending| pending.state == State::Draft && is_of(pending, wanted));
    let chosen: Vec<ActionId> = drafts.map(|pending| pending.action.id.clone()).collect();
    if chosen.is_empty() {
        anyhow::bail!(lang.pick(
            "没有这样的草稿；qunying outbox --drafts 可以查看",
            "there are no such drafts; `qunying outbox --drafts` shows what there is",
        ));
    }
    Ok(chosen)
}

/// The ones named; all of them must be there, and be drafts where drafts are meant.
fn named(ids: &[String], drafts: bool, community: &Community, lang: Lang) -> Result<Vec<ActionId>, anyhow::Error> {
    let ids: BTreeSet<ActionId> = ids.iter().map(ActionId::new).collect();
    for action in &ids {
        match community.outbox().get(action).map(|pending| pending.state) {
            None => anyhow::bail!(lang.pick(
                format!("发件箱里没有 {action}；运行 qunying outbox 查看编号"),
                format!("there is no {action} in the outbox; `qunying outbox` shows the ids"),
            )),
            Some(state) if drafts && state != State::Draft => anyhow::bail!(lang.pick(
                format!("{action} 不是草稿；放弃过的用 --retry 重试"),
                format!("{action} is no draft; what was given up is tried again with --retry"),
            )),
            Some(_) => {}
        }
    }
    let in_order = community.outbox_in_order().map(|pending| &pending.action.id);
    Ok(in_order.filter(|action| ids.contains(action)).cloned().collect())
}

fn is_of(pending: &Pending, wanted: &Wanted) -> bool {
    wanted
        .rule
        .as_ref()
        .is_none_or(|rule| pending.action.rule.as_str() == rule)
}

fn list(wanted: &Wanted, (setting, config): (&Setting, &Config), community: &Community) -> Outcome {
    let shown = |pending: &&Pending| (!wanted.drafts || pending.state == State::Draft) && is_of(pending, wanted);
    let waiting: Vec<&Pending> = community.outbox_in_order().filter(shown).collect();
    if wanted.writing.form() == Form::Json {
        println!("{}", serde_json::to_string(&with_absences(&waiting, community)?)?);
        return Ok(Ending::Fine);
    }
    let lang = setting.lang;
    for (gateway, absence) in community.absences() {
        anstream::println!(
            "{}",
            away((gateway, absence), community.waits_for(gateway), (config, lang))
        );
    }
    if waiting.is_empty() {
        let nothing = match (wanted.drafts, &wanted.rule) {
            (true, _) => lang.pick("没有草稿。", "there are no drafts."),
            (false, Some(_)) => lang.pick(
                "发件箱里没有这条规则的动作。",
                "there is nothing of this rule in the outbox.",
            ),
            (false, None) => lang.pick("发件箱是空的。", "the outbox is empty."),
        };
        anstream::println!("{nothing}");
        return Ok(Ending::Fine);
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if wanted.drafts {
        table.set_header(lang.pick(["编号", "写于", "规则", "做什么"], ["id", "written", "rule", "what"]));
    } else {
        table.set_header(lang.pick(
            ["编号", "状态", "次数", "不早于", "做什么", "网关的回答"],
            ["id", "state", "tries", "not before", "what", "the gateway's answer"],
        ));
    }
    for pending in waiting {
        let action = &pending.action;
        if wanted.drafts {
            let written = pending
                .queued_at
                .in_zone(&config.zone)
                .strftime("%m-%d %H:%M")
                .to_string();
            table.add_row([
                action.id.to_string(),
                written,
                action.rule.to_string(),
                what(&action.deed),
            ]);
            continue;
        }
        let state = match pending.state {
            State::Waiting if pending.proposal.is_some() => lang.pick("待人确认", "proposed"),
            State::Waiting => lang.pick("等待", "waiting"),
            State::Unknown => lang.pick("不确定", "unknown"),
            State::Draft => lang.pick("草稿", "draft"),
            State::Dead => lang.pick("已放弃", "dead"),
        };
        table.add_row([
            action.id.to_string(),
            state.to_owned(),
            pending.attempts.to_string(),
            pending.next_at.to_string(),
            what(&action.deed),
            fold::shown(&pending.answer),
        ]);
    }
    anstream::println!("{table}");
    Ok(Ending::Fine)
}

/// `账号「qq」掉线：03-01 10:00 起（被踢下线），3 条等它登录`.
pub(super) fn away(
    (gateway, absence): (&GatewayName, &Absence),
    waiting: usize,
    (config, lang): (&Config, Lang),
) -> String {
    let since = absence.since.in_zone(&config.zone).strftime("%Y-%m-%d %H:%M");
    let why = match (absence.why.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("（{}）", fold::shown(&absence.why)),
        (false, Lang::En) => format!(" ({})", fold::shown(&absence.why)),
    };
    match lang {
        Lang::Zh => format!("账号「{gateway}」从 {since} 起掉线{why}：{waiting} 条等它登录。"),
        Lang::En => format!("the account “{gateway}” is logged out since {since}{why}: {waiting} wait for it."),
    }
}

/// Each action as it is stored, and whose being logged out it waits for.
fn with_absences(waiting: &[&Pending], community: &Community) -> Result<Vec<serde_json::Value>, serde_json::Error> {
    let shown = waiting.iter().map(|pending| {
        let mut value = serde_json::to_value(pending)?;
        let absence = community.absences().get(&pending.action.deed.gateway());
        if let Some(absence) = absence.filter(|_| !pending.waits_for_word()) {
            value["paused"] = serde_json::to_value(absence)?;
        }
        Ok(value)
    });
    shown.collect()
}

fn what(deed: &Deed) -> String {
    match deed {
        Deed::Say { group, content } => format!("{group} ← {}", fold::shown(&text_of(content))),
        Deed::Whisper { person, content } => format!("{person} ← {}", fold::shown(&text_of(content))),
        Deed::RenameGroup { group, name } => format!("{group} := {name}"),
        Deed::SetCard { group, person, card } => format!("{group} {person} := {card}"),
        Deed::Recall { group, message } => format!("{group} − {message}"),
        Deed::Call { call, told } => {
            let fields: Vec<String> = told.with.iter().map(|(name, text)| format!("{name}={text}")).collect();
            fold::shown(format!("{call} ← {} {}", told.event, fields.join(" ")).trim_end())
        }
        Deed::Kick { group, person } => format!("{group} − {person}"),
    }
}

/// Hands orders to the bot that runs, one after the other; each is durable when it is answered.
pub(super) async fn hand_in(orders: &[StaffOrder], config: &Config, lang: Lang) -> Outcome {
    let address = format!("http://{}/api/v1/outbox", config.listen);
    let client = reqwest::Client::builder().no_proxy().build()?;
    for (done, order) in orders.iter().enumerate() {
        let mut request = client.post(&address).json(order);
        if let Some(token) = &config.token {
            request = request.bearer_auth(token.expose_secret());
        }
        let answer = request.send().await.map_err(|error| {
            let why = error.without_url();
            anyhow::anyhow!(lang.pick(
                format!(
                    "群营没有在 {} 运行（{why}），记下了 {done} 条；先运行 qunying run",
                    config.listen
                ),
                format!(
                    "no bot runs at {} ({why}), {done} noted so far; start it with `qunying run`",
                    config.listen
                ),
            ))
        })?;
        if !answer.status().is_success() {
            let status = answer.status();
            let refusal = answer.text().await.unwrap_or_default();
            anyhow::bail!(lang.pick(
                format!("群营拒绝了（{status}），记下了 {done} 条：{refusal}"),
                format!("the bot refused ({status}), {done} noted so far: {refusal}"),
            ));
        }
    }
    anstream::println!(
        "{}",
        match (orders.len(), lang) {
            (1, _) => lang.pick("已记下。", "noted.").to_owned(),
            (more, Lang::Zh) => format!("已记下 {more} 条。"),
            (more, Lang::En) => format!("{more} noted."),
        }
    );
    Ok(Ending::Fine)
}
