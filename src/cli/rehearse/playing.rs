//! How logs are played, as flags: what `dry-run` does to one set of playbooks, `plan` does to two.

use std::collections::BTreeMap;

use clap::Args;
use jiff::civil::Date;

use super::beginning::Beginning;
use super::outside::Outside;
use crate::chat::{Lang, Moment};
use crate::cli::import::How;
use crate::cli::run::secret;
use crate::config::Config;
use crate::dry_run::{AsIf, Focus, Plan, Redeem, Show, Span, State};
use crate::engine::Dice;
use crate::playbook::Playbooks;

/// The last moment of a day is this much before the next.
const MILLISECOND: std::time::Duration = std::time::Duration::from_millis(1);

/// How logs are played.
#[derive(Debug, Args)]
pub struct Playing {
    /// Leave out what was recorded before this day
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Leave out what was recorded after this day
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// Run timers up to the end of this day, beyond the end of the logs
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    /// Show only this rule; the run is whole all the same
    #[arg(long = "only", value_name = "RULE", id = "only_rule")]
    only: Vec<String>,
    /// Show only what concerns this person, by id or a part of the name
    #[arg(long, value_name = "NAME")]
    who: Vec<String>,
    /// The share of coupons you expect to be used, like 15..35%
    #[arg(long, value_name = "FROM..TO%", value_parser = redeem)]
    redeem: Option<Redeem>,
    /// Throw other dice: the same word, the same throws
    #[arg(long, value_name = "WORD", conflicts_with = "live_dice")]
    seed: Option<String>,
    /// As if the recording had begun on this day: moved by whole weeks, to the same weekday on it or after
    #[arg(long, value_name = "DATE", conflicts_with = "as_if_date")]
    as_if: Option<Date>,
    /// As if the recording had begun on this very day, whatever weekday that is
    #[arg(long, value_name = "DATE")]
    as_if_date: Option<Date>,
    #[command(flatten)]
    beginning: Beginning,
    #[command(flatten)]
    world: Outside,
    #[command(flatten)]
    pub how: How,
    /// The name of the gateway that ids in foreign logs belong to
    #[arg(long, default_value = "log")]
    pub gateway: String,
    /// Throw the community's own dice instead of the rehearsal's: for comparing with what really happened
    #[arg(long)]
    live_dice: bool,
}

/// `15..35%`, or one share for both ends.
fn redeem(text: &str) -> Result<Redeem, String> {
    let bare = text.trim().trim_end_matches('%');
    let (from, to) = bare.split_once("..").unwrap_or((bare, bare));
    let percent = |end: &str| {
        end.trim()
            .trim_end_matches('%')
            .parse::<u8>()
            .ok()
            .filter(|it| *it <= 100)
    };
    match (percent(from), percent(to)) {
        (Some(from_percent), Some(to_percent)) if from_percent <= to_percent => Ok(Redeem {
            from_percent,
            to_percent,
        }),
        _ => Err("two whole percentages, the smaller first, like 15..35%".to_owned()),
    }
}

impl Playing {
    /// The rehearsal of one set of playbooks.
    pub fn plan(&self, books: Playbooks, show: Show, (config, lang): (&Config, Lang)) -> Result<Plan, anyhow::Error> {
        let start = |day: Date| Moment::start_of(day, &config.zone);
        let end = |day: Date| start(day.tomorrow().unwrap_or(day));
        let mut plan = Plan::new(books, show, lang);
        if let Some(word) = &self.seed {
            plan = plan.seeded(word);
        }
        if self.live_dice {
            plan.dice = Dice::of(&secret(config, lang)?);
            "live".clone_into(&mut plan.seed);
        }
        plan.span = Span {
            from: self.from.map(start),
            to: self.to.map(end),
        };
        plan.until = self.until.map(|day| end(day).minus(MILLISECOND));
        plan.focus = self.focus();
        plan.redeem = self.redeem;
        plan.as_if = self.as_if.map(AsIf::Weeks).or(self.as_if_date.map(AsIf::Days));
        plan.options.world = self.world.world(&config.zone, lang)?;
        plan.options.members = self.beginning.members((&self.gateway, &config.zone), lang)?;
        Ok(plan)
    }

    /// Which rules and people are shown.
    pub fn focus(&self) -> Focus {
        Focus {
            only: self.only.clone(),
            who: self.who.clone(),
        }
    }

    /// Where another rehearsal stood, if it is gone on from.
    pub fn state(&self, lang: Lang) -> Result<Option<State>, anyhow::Error> {
        self.beginning.state(lang)
    }

    /// A mistyped rule shows nothing.
    pub fn no_such_rule(&self, lang: Lang) -> anyhow::Error {
        let only = self.only.join(lang.pick("、", ", "));
        anyhow::anyhow!(lang.pick(
            format!("没有名叫「{only}」的规则；不加 --only 再运行一次可以看到所有规则名"),
            format!("no rule is called {only}; run without --only to see their names"),
        ))
    }

    /// So does a person who is not there.
    pub fn no_such_person(&self, lang: Lang) -> anyhow::Error {
        let who = self.who.join(lang.pick("、", ", "));
        anyhow::anyhow!(lang.pick(
            format!("记录里没有与「{who}」有关的；请写编号或名字的一部分"),
            format!("nothing in the recording concerns {who}; write an id or a part of the name"),
        ))
    }

    /// What was asked for that decides what comes out, under the names of the flags. What is only shown is not in it.
    pub fn options(&self, lang: Lang) -> Result<BTreeMap<String, String>, anyhow::Error> {
        let mut options = BTreeMap::from([("gateway".to_owned(), self.gateway.clone())]);
        let dates = [
            ("from", self.from),
            ("to", self.to),
            ("until", self.until),
            ("as_if", self.as_if),
            ("as_if_date", self.as_if_date),
        ];
        for (name, date) in dates {
            options.extend(date.map(|date| (name.to_owned(), date.to_string())));
        }
        options.extend(self.seed.clone().map(|word| ("seed".to_owned(), word)));
        options.extend(self.live_dice.then(|| ("live_dice".to_owned(), "true".to_owned())));
        let redeem = |it: Redeem| ("redeem".to_owned(), format!("{}..{}%", it.from_percent, it.to_percent));
        options.extend(self.redeem.map(redeem));
        options.extend(self.world.options());
        options.extend(self.beginning.options(lang)?);
        Ok(options)
    }
}
