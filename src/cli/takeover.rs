//! `orders import` and `members import`: a table of elsewhere is taken over, as a whole or not at all, once it was shown
//! what would change.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use comfy_table::{Table, presets};
use serde_json::json;

use super::clock::clock;
use super::live::standing;
use super::outbox::hand_in;
use super::run::secret;
use super::{Ending, Form, Outcome, Setting, Writing};
use crate::chat::takeover::TakeOver;
use crate::chat::{GatewayName, Lang, StaffOrder, fold};
use crate::community::change::Change;
use crate::config::Config;
use crate::engine::{Dice, takeover};
use crate::import::columns::{About, Columns};
use crate::import::sheet::{self, Sheet};
use crate::import::takeover::{Reading, Rejected};
use crate::import::when::Order;

/// How many rejected rows are listed.
const LISTED: usize = 50;

/// A table to take over.
#[derive(Debug, Args)]
pub struct Wanted {
    /// CSV (UTF-8 or GB18030), or a workbook: its first sheet
    table: PathBuf,
    /// Which column holds what: order=COLUMN,amount=COLUMN,…; left out, it is guessed and shown
    #[arg(long)]
    map: Option<String>,
    /// The gateway of ids that name none
    #[arg(long)]
    gateway: Option<String>,
    /// The order of the numbers in dates
    #[arg(long, value_enum, default_value_t)]
    dates: Dates,
    /// Take it over (the bot must run); needs --map. Without it, only what would change is shown
    #[arg(long, requires = "map")]
    apply: bool,
    #[command(flatten)]
    writing: Writing,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Dates {
    #[default]
    Ymd,
    Dmy,
    Mdy,
}

/// Reads a table, shows what would change, and takes it over where that is asked for.
pub fn take_over(about: About, wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let sheet = sheet::read(&wanted.table)
        .map_err(|trouble| anyhow::anyhow!(lang.pick(trouble.in_chinese(), trouble.to_string())))?;
    let columns = match &wanted.map {
        Some(map) => Columns::written(about, map, &sheet.head),
        None => Columns::guessed(about, &sheet.head),
    };
    let columns = columns.map_err(|bad| {
        let (zh, en) = bad.text();
        anyhow::anyhow!(lang.pick(zh, en))
    })?;
    let (mut table, rejected) = read(about, wanted, (&config, lang), (&columns, &sheet))?;
    table.file = wanted
        .table
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    table.why = config.lang.pick("导入的积分", "taken over").to_owned();
    let community = standing(&config, lang)?;
    let changes = match rejected.is_empty() {
        true => takeover::changes(&community, &table, (&config.zone, clock())),
        false => Vec::new(),
    };
    let report = Report {
        columns: &columns,
        rows: sheet.rows.len(),
        rejected: &rejected,
        changes: counted(&changes),
    };
    report.show(wanted, lang)?;
    if !rejected.is_empty() {
        return Ok(Ending::ProblemsFound);
    }
    if !wanted.apply || changes.is_empty() {
        return Ok(Ending::Fine);
    }
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(hand_in(&[StaffOrder::TakeOver(Box::new(table))], &config, lang))
}

fn read(
    about: About,
    wanted: &Wanted,
    (config, lang): (&Config, Lang),
    (columns, sheet): (&Columns, &Sheet),
) -> Result<(TakeOver, Vec<Rejected>), anyhow::Error> {
    let gateways: BTreeSet<GatewayName> = config.gateways.iter().map(|it| it.name().clone()).collect();
    let gateway = wanted.gateway.as_deref().map(GatewayName::new);
    if let Some(unknown) = gateway.as_ref().filter(|name| !gateways.contains(*name)) {
        let known: Vec<&str> = gateways.iter().map(GatewayName::as_str).collect();
        let known = known.join(", ");
        anyhow::bail!(lang.pick(
            format!("没有叫「{unknown}」的网关；配置里有：{known}"),
            format!("`{unknown}` is no gateway; the config has {known}"),
        ));
    }
    // Without numbers there is nothing to make marks of.
    let dice = match columns.has("phone") {
        true => Dice::of(&secret(config, lang)?),
        false => Dice::of(b""),
    };
    let reading = Reading {
        columns,
        zone: &config.zone,
        dice: &dice,
        gateways: &gateways,
        gateway: gateway.as_ref(),
        dates: match wanted.dates {
            Dates::Ymd => Order::Ymd,
            Dates::Dmy => Order::Dmy,
            Dates::Mdy => Order::Mdy,
        },
        now: clock(),
    };
    Ok(reading.read(about, sheet))
}

/// What changes, by kind.
fn counted(changes: &[Change]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for change in changes {
        let kind = match change {
            Change::Named { .. } => "names",
            Change::BirthdaySet { .. } => "birthdays",
            Change::Tagged { .. } => "tags",
            Change::FieldSet { .. } => "fields",
            Change::PointsMoved { .. } => "points",
            Change::PhoneBound { .. } => "phones",
            Change::SaleTold { .. } => "orders",
            Change::Ordered { .. } => "counted",
            Change::Refunded { .. } => "refunds",
            _ => continue,
        };
        *counts.entry(kind).or_insert(0) += 1;
    }
    counts
}

/// What is told before anything is taken over.
#[derive(Debug)]
struct Report<'a> {
    columns: &'a Columns,
    rows: usize,
    rejected: &'a [Rejected],
    changes: BTreeMap<&'static str, usize>,
}

impl Report<'_> {
    fn show(&self, wanted: &Wanted, lang: Lang) -> Result<(), anyhow::Error> {
        if wanted.writing.form() == Form::Json {
            let rejected: Vec<_> = self
                .rejected
                .iter()
                .map(|row| json!({"line": row.line, "column": row.column, "why": lang.pick(&row.zh, &row.en)}))
                .collect();
            println!(
                "{}",
                json!({"rows": self.rows, "map": self.columns.shown(), "unread": self.columns.unread(), "rejected": rejected, "changes": self.changes})
            );
            return Ok(());
        }
        self.head(lang);
        if self.rejected.is_empty() {
            self.told(wanted, lang);
        } else {
            self.refused(lang);
        }
        Ok(())
    }

    fn head(&self, lang: Lang) {
        let (rows, map) = (self.rows, fold::shown(&self.columns.shown()));
        anstream::println!(
            "{}",
            lang.pick(
                format!("{rows} 行。各列：{map}"),
                format!("{rows} rows. Columns: {map}")
            )
        );
        let unread = self.columns.unread();
        if !unread.is_empty() {
            let unread = fold::shown(&unread.join(lang.pick("、", ", ")));
            anstream::println!(
                "{}",
                lang.pick(format!("不读的列：{unread}"), format!("Not read: {unread}"))
            );
        }
    }

    fn refused(&self, lang: Lang) {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(lang.pick(
            ["行", "列", "为什么，怎么办"],
            ["line", "column", "why, and what to do"],
        ));
        for row in self.rejected.iter().take(LISTED) {
            let why = lang.pick(row.zh.as_str(), row.en.as_str());
            table.add_row([row.line.to_string(), fold::shown(&row.column), fold::shown(why)]);
        }
        anstream::println!("{table}");
        let count = self.rejected.len();
        if count > LISTED {
            let more = count - LISTED;
            anstream::println!(
                "{}",
                lang.pick(
                    format!("……还有 {more} 行；加 --json 看全部"),
                    format!("… and {more} more; --json shows all")
                )
            );
        }
        anstream::println!(
            "{}",
            lang.pick(
                format!("{count} 行有问题，所以一行也不会导入。改好再来。"),
                format!("{count} rows are not sound, so nothing is taken over. Mend them and come again."),
            )
        );
    }

    fn told(&self, wanted: &Wanted, lang: Lang) {
        let words = |kind: &str| match kind {
            "names" => lang.pick("名字", "names"),
            "birthdays" => lang.pick("生日", "birthdays"),
            "tags" => lang.pick("标签", "tags"),
            "fields" => lang.pick("字段", "fields"),
            "points" => lang.pick("笔积分", "movements of points"),
            "phones" => lang.pick("个手机号认了主人", "phone numbers that have an owner"),
            "orders" => lang.pick("条订单消息", "things told of orders"),
            "counted" => lang.pick("笔订单计入客人名下", "orders that count for somebody"),
            _ => lang.pick("笔退款", "refunds"),
        };
        let parts = self
            .changes
            .iter()
            .map(|(kind, count)| format!("{count} {}", words(kind)));
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() {
            anstream::println!(
                "{}",
                lang.pick(
                    "什么也不会变：都已经导入过了。",
                    "Nothing changes: all of it was taken over before."
                )
            );
            return;
        }
        let changes = parts.join(lang.pick("，", ", "));
        anstream::println!(
            "{}",
            lang.pick(format!("会改变：{changes}。"), format!("Changes: {changes}."))
        );
        if !wanted.apply {
            let map = fold::shown(&self.columns.shown());
            anstream::println!(
                "{}",
                lang.pick(
                    format!("还没有导入。看着对，就再运行一次，加上：--map \"{map}\" --apply"),
                    format!("Nothing is taken over yet. If it looks right, run it again with: --map \"{map}\" --apply"),
                )
            );
        }
    }
}
