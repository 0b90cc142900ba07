//! What goes wrong outside, as flags: `--fail`, `--outage`, `--latency`.

use std::time::Duration;

use clap::Args;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span};

use crate::chat::{Lang, Moment};
use crate::dry_run::world::{Failing, Fails, Outage, PARTS, World};

/// The other world.
#[derive(Debug, Args)]
pub struct Outside {
    /// Let some of what is sent fail: send:2%, rename:10%, any:0.5%
    #[arg(long, value_name = "WHAT:SHARE", value_parser = fails)]
    fail: Vec<Fails>,
    /// Be down from a time on for a length: 2026-03-07T12:00/2h
    #[arg(long, value_name = "TIME/LENGTH", value_parser = outage)]
    outage: Vec<Down>,
    /// Let the gateway take this long over everything: 3s
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    latency: Option<Duration>,
}

/// An outage on the community's clock.
#[derive(Clone, Copy, Debug)]
struct Down {
    from: DateTime,
    lasts: Duration,
}

impl Outside {
    /// What was asked for, under the names of the flags.
    pub fn options(&self) -> Vec<(String, String)> {
        let fails = self.fail.iter().map(|it| {
            let what = match it.what {
                Failing::Send => "send",
                Failing::Rename => "rename",
                Failing::Any => "any",
            };
            let (whole, rest) = (it.parts / 10_000, it.parts % 10_000);
            let share = format!("{whole}.{rest:04}");
            format!("{what}:{}%", share.trim_end_matches('0').trim_end_matches('.'))
        });
        let outages = self
            .outage
            .iter()
            .map(|it| format!("{}/{}s", it.from, it.lasts.as_secs()));
        let latency = self.latency.iter().map(|it| format!("{}ms", it.as_millis()));
        let all: [(&str, Vec<String>); 3] = [
            ("fail", fails.collect()),
            ("outage", outages.collect()),
            ("latency", latency.collect()),
        ];
        let told = all.into_iter().filter(|(_, values)| !values.is_empty());
        told.map(|(name, values)| (name.to_owned(), values.join(","))).collect()
    }

    /// On the community's clock.
    pub fn world(&self, zone: &TimeZone, lang: Lang) -> Result<World, anyhow::Error> {
        let outage = |down: &Down| {
            let from = Moment::at_local(down.from, zone);
            Outage {
                from,
                until: from.plus(down.lasts),
            }
        };
        let mut outages: Vec<Outage> = self.outage.iter().map(outage).collect();
        outages.sort_by_key(|outage| outage.from);
        if outages.windows(2).any(|pair| pair[1].from < pair[0].until) {
            anyhow::bail!(lang.pick(
                "两次 --outage 重叠了；请合成一次",
                "two --outage overlap; write them as one"
            ));
        }
        Ok(World {
            fails: self.fail.clone(),
            outages,
            latency: self.latency.unwrap_or_default(),
        })
    }
}

fn fails(text: &str) -> Result<Fails, String> {
    let wrong = || "what fails and how much of it, like send:2%; what: send, rename, any".to_owned();
    let (what, share) = text.split_once(':').ok_or_else(wrong)?;
    let what = match what.trim() {
        "send" => Failing::Send,
        "rename" => Failing::Rename,
        "any" => Failing::Any,
        _ => return Err(wrong()),
    };
    let share = share.trim().strip_suffix('%').ok_or_else(wrong)?;
    let (whole, rest) = share.split_once('.').unwrap_or((share, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || rest.len() > 4 || !digits(whole) || !digits(rest) {
        return Err(wrong());
    }
    // A percent is ten thousand parts of a million.
    let parts: u32 = format!("{whole}{rest:0<4}").parse().map_err(|_| wrong())?;
    match parts <= PARTS {
        true => Ok(Fails { what, parts }),
        false => Err(wrong()),
    }
}

fn outage(text: &str) -> Result<Down, String> {
    let wrong = || "a time and a length, like 2026-03-07T12:00/2h".to_owned();
    let (from, lasts) = text.split_once('/').ok_or_else(wrong)?;
    Ok(Down {
        from: from.trim().parse().map_err(|_| wrong())?,
        lasts: length(lasts)?,
    })
}

fn length(text: &str) -> Result<Duration, String> {
    let wrong = || "a length, like 3s, 90s, 5m, 2h".to_owned();
    let span: Span = text.trim().parse().map_err(|_| wrong())?;
    let length = SignedDuration::try_from(span).map_err(|_| wrong())?;
    Duration::try_from(length).map_err(|_| wrong())
}
