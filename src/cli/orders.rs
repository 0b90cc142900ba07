//! `orders`: the shop's orders nobody is known for, and whose they are.

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use serde_json::json;

use super::live::standing;
use super::outbox::hand_in;
use super::{Ending, Form, Outcome, Setting, Writing, takeover};
use crate::chat::{Fen, Lang, OrderId, PersonId, StaffOrder, fold};
use crate::community::Community;
use crate::community::sale::Sale;
use crate::config::Config;
use crate::import::columns::About;

/// `orders`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Only orders nobody is known for
    #[arg(long)]
    unmatched: bool,
    #[command(flatten)]
    writing: Writing,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Take over orders of the past from a table; shows first what would change
    #[command(alias = "导入")]
    Import(takeover::Wanted),
    /// Say whose an order is; with it come all of the same phone (the bot must run)
    Match {
        /// The shop's number of the order
        order: String,
        /// GATEWAY/ID of the customer
        person: String,
    },
}

/// Shows the orders the shop told of, or says whose one is.
pub fn orders(wanted: &Wanted, mut setting: Setting) -> Outcome {
    if let Some(What::Import(table)) = &wanted.what {
        return takeover::take_over(About::Orders, table, setting);
    }
    let config = setting.config()?;
    let community = standing(&config, setting.lang)?;
    match &wanted.what {
        None | Some(What::Import(_)) => list(wanted, (&setting, &config), &community),
        Some(What::Match { order, person }) => {
            let order = found(order, person, &community, setting.lang)?;
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?
                .block_on(hand_in(&[order], &config, setting.lang))
        }
    }
}

fn found(order: &str, person: &str, community: &Community, lang: Lang) -> Result<StaffOrder, anyhow::Error> {
    let (order, person) = (OrderId::new(order), PersonId::new(person));
    let Some(sale) = community.sales().get(&order) else {
        anyhow::bail!(lang.pick(
            format!("没有订单 {order}；运行 qunying orders --unmatched 查看还没认出买家的"),
            format!("there is no order {order}; `qunying orders --unmatched` shows those nobody is known for"),
        ));
    };
    if let Some(owner) = &sale.person {
        anyhow::bail!(lang.pick(
            format!("订单 {order} 已经在 {owner} 名下，不能再换"),
            format!("order {order} is {owner}'s already and stays theirs"),
        ));
    }
    if !sale.is_unmatched() {
        anyhow::bail!(lang.pick(
            format!("订单 {order} 没有可算的金额（没付款，或已全退）"),
            format!("nothing of order {order} counts: it was not paid, or all went back"),
        ));
    }
    if !community.people().contains_key(&person) {
        anyhow::bail!(lang.pick(
            format!("没有见过 {person}；写「网关名/编号」，例如 qq/10001"),
            format!("{person} was never seen; write GATEWAY/ID, like qq/10001"),
        ));
    }
    Ok(StaffOrder::MatchSale { order, person })
}

fn list(wanted: &Wanted, (setting, config): (&Setting, &Config), community: &Community) -> Outcome {
    let lang = setting.lang;
    let shown = |(_, sale): &(&OrderId, &Sale)| !wanted.unmatched || sale.is_unmatched();
    let all: Vec<(&OrderId, &Sale)> = community.sales().iter().filter(shown).collect();
    if wanted.writing.form() == Form::Json {
        let lines: Vec<_> = all
            .iter()
            .map(|(order, sale)| json!({ "order": order, "left": sale.left(), "sale": sale }))
            .collect();
        println!("{}", serde_json::to_string(&lines)?);
        return Ok(Ending::Fine);
    }
    if all.is_empty() {
        let nothing = match wanted.unmatched {
            true => lang.pick("没有认不出买家的订单。", "there is no order nobody is known for."),
            false => lang.pick("店铺还没有报过订单。", "the shop has told of no order yet."),
        };
        anstream::println!("{nothing}");
        return Ok(Ending::Fine);
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(lang.pick(
        ["订单", "付款", "剩余金额", "手机尾号", "买了什么", "买家"],
        ["order", "paid", "left", "phone", "what", "buyer"],
    ));
    for (order, sale) in &all {
        let paid = sale.paid.map_or_else(
            || "–".to_owned(),
            |paid| paid.at.in_zone(&config.zone).strftime("%Y-%m-%d %H:%M").to_string(),
        );
        let buyer = match &sale.person {
            Some(person) => format!("{}（{person}）", community.name_of(None, person)),
            None => lang.pick("还不知道", "not known").to_owned(),
        };
        table.add_row([
            fold::shown(order.as_str()),
            paid,
            sale.left().to_string(),
            sale.phone.as_ref().map_or_else(String::new, |phone| phone.tail.clone()),
            fold::shown(&sale.items.join(" ")),
            buyer,
        ]);
    }
    anstream::println!("{table}");
    let (count, sum) = community
        .unmatched()
        .fold((0_usize, Fen::ZERO), |(count, sum), (_, sale)| {
            (count + 1, sum + sale.left())
        });
    if count > 0 {
        anstream::println!(
            "{}",
            lang.pick(
                format!("{count} 笔、共 {sum} 元还没认出买家。客人可以自己认领（剧本 [claim]），或运行 qunying orders match 订单 网关名/编号"),
                format!("{count}, of {sum} yuan in all, nobody is known for. Members may claim them ([claim] in a playbook), or run `qunying orders match ORDER GATEWAY/ID`"),
            )
        );
    }
    Ok(Ending::Fine)
}
