//! A comparison as a page: what it costs more or less, each rule, and both sides of each day next to one another.

use std::collections::BTreeMap;

use askama::Template;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::chats::lines;
use super::policy::{SCRIPT, STYLE, policy};
use super::{HEAVIEST, Provenance};
use crate::chat::Lang;
use crate::dry_run::because::because;
use crate::dry_run::compare::pairs::{How, Pair};
use crate::dry_run::compare::show::{delta, figures, money, redeemed, said, sign};
use crate::dry_run::compare::{Comparison, Mark, RuleChange, guards};
use crate::dry_run::effects::{Effect, plain};
use crate::dry_run::show::weekday;
use crate::dry_run::stories::clock_time;

#[derive(Template)]
#[template(path = "dry_run/html/changes.html", escape = "html")]
struct Page<'a> {
    lang: Lang,
    policy: String,
    style: &'static str,
    script: &'static str,
    comparison: &'a Comparison,
    provenance: &'a Provenance,
    totals: Vec<Total>,
    rules: Vec<RuleRow>,
    same: Vec<(String, u64)>,
    /// Guards that hold less than before, and those that would break.
    loud: Vec<String>,
    hints: Vec<String>,
    days: Vec<Day>,
    left_out: usize,
}

/// A figure before and after.
struct Total {
    label: &'static str,
    old: String,
    new: String,
    delta: String,
}

/// A rule that does something else.
struct RuleRow {
    mark: char,
    class: &'static str,
    name: String,
    figures: String,
}

/// A day on which something differs.
struct Day {
    title: String,
    rows: Vec<Row>,
}

/// One difference: what was, and what would be.
struct Row {
    mark: char,
    class: &'static str,
    rule: String,
    old: Vec<Side>,
    new: Vec<Side>,
    /// Why one side lacks it, and what gave rise to it.
    why: String,
}

/// A message as it stands on one side.
struct Side {
    time: String,
    text: Vec<String>,
}

impl Page<'_> {
    /// One of two wordings.
    fn say<'s>(&self, zh: &'s str, en: &'s str) -> &'s str {
        self.lang.pick(zh, en)
    }
}

/// The page of a comparison.
pub fn changes(comparison: &Comparison, provenance: &Provenance, (zone, lang): (&TimeZone, Lang)) -> String {
    let mut most = 6_000;
    loop {
        let (days, left_out) = days(comparison, (zone, lang), most);
        let (same, others): (Vec<&RuleChange>, Vec<&RuleChange>) =
            comparison.rules.iter().partition(|rule| rule.mark == Mark::Same);
        let page = Page {
            lang,
            policy: policy(),
            style: STYLE,
            script: SCRIPT,
            comparison,
            provenance,
            totals: totals(comparison, lang),
            rules: others.into_iter().map(|rule| rule_row(rule, lang)).collect(),
            same: same.into_iter().filter(|rule| rule.same > 0).map(same_rule).collect(),
            loud: loud(comparison, lang),
            hints: hints(comparison, lang),
            days,
            left_out,
        };
        let page = page.render().expect("writing into memory does not fail");
        if page.len() <= HEAVIEST || most < 50 {
            return page;
        }
        most /= 2;
    }
}

fn loud(comparison: &Comparison, lang: Lang) -> Vec<String> {
    let relaxed = comparison.guards.iter().filter(|change| change.how.is_loud());
    let relaxed = relaxed.map(|change| guards::said(change, lang));
    let breaks = comparison.breaks.iter().map(|line| guards::breaks(line, lang));
    relaxed.chain(breaks).collect()
}

fn hints(comparison: &Comparison, lang: Lang) -> Vec<String> {
    let guards = comparison.guards.iter().filter(|change| !change.how.is_loud());
    let guards = guards.map(|change| guards::said(change, lang));
    guards
        .chain(comparison.hints.iter().map(|hint| plain(&said(hint, lang))))
        .collect()
}

fn totals(comparison: &Comparison, lang: Lang) -> Vec<Total> {
    let (old, new) = (&comparison.old, &comparison.new);
    let count = |label, old: u64, new: u64| Total {
        label,
        old: old.to_string(),
        new: new.to_string(),
        delta: delta(old, new),
    };
    let likely = redeemed(comparison).map(|(old, new)| Total {
        label: lang.pick("预计使用", "likely used"),
        old,
        new,
        delta: String::new(),
    });
    let mut totals = vec![
        Total {
            label: lang.pick("最多花费", "costs at most"),
            old: format!("¥{}", old.ceiling),
            new: format!("¥{}", new.ceiling),
            delta: money(old.ceiling, new.ceiling),
        },
        count(lang.pick("群里发言", "messages in groups"), old.said, new.said),
        count(lang.pick("私聊", "in private"), old.whispered, new.whispered),
        count(lang.pick("夜里主动", "at night, unasked"), old.night, new.night),
        count(
            lang.pick("夜里答问", "answers at night"),
            old.night_answers,
            new.night_answers,
        ),
    ];
    if let Some(likely) = likely {
        totals.insert(1, likely);
    }
    totals
}

fn name(rule: &RuleChange) -> String {
    match &rule.was {
        Some(was) => format!("{} ← {}", plain(rule.rule.as_str()), plain(was.as_str())),
        None => plain(rule.rule.as_str()),
    }
}

fn same_rule(rule: &RuleChange) -> (String, u64) {
    (name(rule), rule.same)
}

fn rule_row(rule: &RuleChange, lang: Lang) -> RuleRow {
    RuleRow {
        mark: sign(rule.mark),
        class: match rule.mark {
            Mark::Changed => "so",
            Mark::Added => "yes",
            Mark::Removed => "no",
            Mark::Same => "all",
        },
        name: name(rule),
        figures: figures(rule, lang),
    }
}

/// The days on which something differs, and how many differences are not shown.
fn days(comparison: &Comparison, (zone, lang): (&TimeZone, Lang), most: usize) -> (Vec<Day>, usize) {
    let mut days: BTreeMap<Date, Vec<Row>> = BTreeMap::new();
    let mut left_out = 0;
    for (place, pair) in comparison.pairs.iter().filter(|pair| !pair.is_same()).enumerate() {
        match place < most {
            true => days
                .entry(pair.at().date(zone))
                .or_default()
                .push(row(pair, comparison, (zone, lang))),
            false => left_out += 1,
        }
    }
    let day = |(date, rows): (Date, Vec<Row>)| Day {
        title: format!("{date} {}", weekday(date, lang)),
        rows,
    };
    (days.into_iter().map(day).collect(), left_out)
}

fn row(pair: &Pair, comparison: &Comparison, (zone, lang): (&TimeZone, Lang)) -> Row {
    let (mark, class) = match pair.how {
        How::Same { .. } => ('=', "all"),
        How::Changed { .. } | How::Merged { .. } => ('~', "so"),
        How::Gone { .. } => ('−', "no"),
        How::Added { .. } => ('+', "yes"),
    };
    let day = pair.at().date(zone);
    let side = |effect: &Effect| {
        let local = effect.at.in_zone(zone);
        let time = clock_time(local.time());
        Side {
            // What moved to another day says so.
            time: match local.date() == day {
                true => time,
                false => format!("{:02}-{:02} {time}", local.month(), local.day()),
            },
            text: lines(&effect.what.line(lang)),
        }
    };
    let (old, new) = pair.sides();
    let mut why: Vec<String> = pair
        .because
        .iter()
        .map(|verdict| because(verdict, lang, zone))
        .collect();
    let cause = pair.caused_by.and_then(|place| comparison.pairs.get(place));
    why.extend(cause.map(|cause| {
        let at = crate::dry_run::because::when(cause.at(), zone);
        match lang {
            Lang::Zh => format!("由 {at} {} 引起", plain(cause.rule.as_str())),
            Lang::En => format!("follows from {} at {at}", plain(cause.rule.as_str())),
        }
    }));
    Row {
        mark,
        class,
        rule: plain(pair.rule.as_str()),
        old: old.iter().map(side).collect(),
        new: new.iter().map(side).collect(),
        why: why.join(lang.pick("；", "; ")),
    }
}
