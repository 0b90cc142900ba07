//! `accounts`: which accounts belong to one person, linking two and parting them.

use std::collections::BTreeMap;

use clap::Args;

use super::outbox::hand_in;
use super::{Ending, Form, Outcome, Setting, live};
use crate::chat::{Lang, Moment, PersonId, StaffOrder, fold};
use crate::community::Community;

/// `accounts`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// The second account belongs to the person of the first (the bot must run)
    #[arg(long, value_names = ["ACCOUNT", "ACCOUNT"], num_args = 2, conflicts_with = "unlink")]
    link: Option<Vec<String>>,
    /// This account is a person of its own again (the bot must run)
    #[arg(long, value_name = "ACCOUNT")]
    unlink: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// Shows the people with several accounts as the recording has them, or hands an order in.
pub fn accounts(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let community = live::standing(&config, lang)?;
    let order = match (wanted.link.as_deref(), &wanted.unlink) {
        (Some([one, other]), _) => linked(&community, (one, other), lang)?,
        (_, Some(account)) => parted(&community, account, lang)?,
        _ => {
            let when = |at: Moment| at.in_zone(&config.zone).strftime("%Y-%m-%d %H:%M").to_string();
            return list(wanted.format, &community, lang, when);
        }
    };
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(hand_in(&[order], &config, lang))
}

/// Both must be known, and whoever is linked must have no accounts of their own.
fn linked(community: &Community, (one, other): (&str, &str), lang: Lang) -> Result<StaffOrder, anyhow::Error> {
    let (one, other) = (known(community, one, lang)?, known(community, other, lang)?);
    let (first, second) = (community.person_of(&one), community.person_of(&other));
    if first == second {
        anyhow::bail!(lang.pick(
            format!("「{one}」和「{other}」已经是同一个人的"),
            format!("`{one}` and `{other}` are one person's already"),
        ));
    }
    let several = |person: &PersonId| community.linked_to(person).next().is_some();
    if several(first) && several(second) {
        anyhow::bail!(lang.pick(
            "两边都关联了别的账号：先用 --unlink 取消一边的".to_owned(),
            "both have other accounts linked: unlink those of one first, with --unlink".to_owned(),
        ));
    }
    Ok(StaffOrder::Link {
        account: other,
        person: one,
    })
}

fn parted(community: &Community, account: &str, lang: Lang) -> Result<StaffOrder, anyhow::Error> {
    let account = known(community, account, lang)?;
    if !community.links().contains_key(&account) {
        anyhow::bail!(lang.pick(
            format!("「{account}」没有关联到别的账号；运行 qunying accounts 查看"),
            format!("`{account}` is linked to no other account; `qunying accounts` shows those that are"),
        ));
    }
    Ok(StaffOrder::Unlink { account })
}

fn known(community: &Community, written: &str, lang: Lang) -> Result<PersonId, anyhow::Error> {
    let id = PersonId::new(written);
    if community.people().contains_key(&id) || community.links().contains_key(&id) {
        return Ok(id);
    }
    anyhow::bail!(lang.pick(
        format!("没有见过账号「{written}」；写成「网关名/编号」，例如 qq/10001"),
        format!("the account `{written}` was never seen; write `gateway/id`, like qq/10001"),
    ))
}

fn list(form: Form, community: &Community, lang: Lang, when: impl Fn(Moment) -> String) -> Outcome {
    let mut people: BTreeMap<&PersonId, Vec<(&PersonId, Moment)>> = BTreeMap::new();
    for (account, link) in community.links() {
        people.entry(&link.person).or_default().push((account, link.since));
    }
    if form == Form::Json {
        let people: BTreeMap<&PersonId, BTreeMap<&PersonId, Moment>> = people
            .into_iter()
            .map(|(person, linked)| (person, linked.into_iter().collect()))
            .collect();
        println!("{}", serde_json::to_string(&people)?);
        return Ok(Ending::Fine);
    }
    if people.is_empty() {
        anstream::println!("{}", lang.pick("没有关联的账号。", "no accounts are linked."));
        return Ok(Ending::Fine);
    }
    let name = |account: &PersonId| fold::shown(community.account_name(account));
    for (person, linked) in people {
        anstream::println!("{person}  {}", name(person));
        for (account, since) in linked {
            let since = match lang {
                Lang::Zh => format!("{} 起", when(since)),
                Lang::En => format!("since {}", when(since)),
            };
            anstream::println!("  {account}  {}  {since}", name(account));
        }
    }
    Ok(Ending::Fine)
}
