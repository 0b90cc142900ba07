//! `coupons`: what is still owed in coupons, by title.

use std::collections::BTreeMap;

use clap::Args;
use comfy_table::{Table, presets};

use super::books::{self, Books};
use super::clock::clock;
use super::{Ending, Form, Outcome, Setting, live};
use crate::chat::{CouponName, Lang, fold};
use crate::community::liability::{Owed, owed};
use crate::playbook;

/// `coupons`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// Shows the coupons members have and can still use, as the recording has them. Takes no lock, so it works while the bot
/// runs.
pub fn coupons(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let community = live::standing(&config, lang)?;
    let kinds = owed(&community, clock(), &config.zone);
    let all = Owed::all(kinds.values());
    if wanted.format == Form::Json {
        println!("{}", serde_json::json!({ "coupons": kinds, "all": all }));
        return Ok(Ending::Fine);
    }
    if kinds.is_empty() {
        anstream::println!("{}", lang.pick("没有未用的券。", "no coupon is out."));
        return Ok(Ending::Fine);
    }
    // Titles are the playbooks'; what is out stays out, whatever they say now.
    let sources = books::sources(&Books::default(), &config, lang).unwrap_or_default();
    let read = playbook::read(&sources, config.house()).playbooks;
    let title = |name: &CouponName| read.coupon(name).map(|coupon| fold::shown(&coupon.title));
    anstream::println!("{}", table(&kinds, all, title, lang));
    Ok(Ending::Fine)
}

fn table(
    kinds: &BTreeMap<CouponName, Owed>,
    all: Owed,
    title: impl Fn(&CouponName) -> Option<String>,
    lang: Lang,
) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(lang.pick(
        [
            "券",
            "券名",
            "未用（张）",
            "面值（元）",
            "本月到期（张）",
            "本月到期（元）",
        ],
        ["coupon", "title", "out", "yuan", "ending this month", "yuan of it"],
    ));
    let row = |name: String, title: String, owed: Owed| {
        [
            name,
            title,
            owed.count.to_string(),
            owed.worth.to_string(),
            owed.ending.to_string(),
            owed.worth_ending.to_string(),
        ]
    };
    for (name, owed) in kinds {
        table.add_row(row(fold::shown(name.as_str()), title(name).unwrap_or_default(), *owed));
    }
    table.add_row(row(lang.pick("合计", "all").to_owned(), String::new(), all));
    table
}
