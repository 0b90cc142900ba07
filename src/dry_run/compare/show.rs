//! A comparison on the terminal: totals first, then each rule with the first of its differences.

use std::fmt::Write as _;

use jiff::tz::TimeZone;

use super::guards::{self, Turn};
use super::pairs::{Differs, How, Pair};
use super::{Comparison, Hint, Mark, RuleChange, WordingChange};
use crate::chat::{Fen, Lang};
use crate::dry_run::because::{because, when};
use crate::dry_run::effects::{Effect, plain};
use crate::dry_run::layout::{columns, pad};
use crate::engine::Verdict;

/// Differences of one rule that are shown unless all are asked for.
const SHOWN: usize = 3;

/// How much is shown, and how.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'z> {
    pub lang: Lang,
    pub zone: &'z TimeZone,
    /// Every difference, follow-ups too.
    pub all: bool,
}

/// For people.
pub fn text(comparison: &Comparison, shown: Shown<'_>) -> String {
    let lang = shown.lang;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{}  {} → {}",
        lang.pick("对比", "plan"),
        comparison.old.playbooks,
        comparison.new.playbooks
    );
    if let Some(conditions) = conditions(comparison, lang) {
        let _ = writeln!(out, " {conditions}");
    }
    if comparison.is_empty() {
        let _ = writeln!(
            out,
            " {}",
            lang.pick(
                format!("没有不同：{} 处效果逐条相同。", comparison.pairs.len()),
                format!("no difference: all {} effects are the same.", comparison.pairs.len()),
            )
        );
        return out;
    }
    totals(&mut out, comparison, lang);
    guarded(&mut out, comparison, lang);
    out.push('\n');
    let widest = comparison
        .rules
        .iter()
        .map(|rule| columns(&name(rule)))
        .max()
        .unwrap_or(0);
    let (same, others): (Vec<&RuleChange>, Vec<&RuleChange>) =
        comparison.rules.iter().partition(|rule| rule.mark == Mark::Same);
    for rule in others {
        let _ = writeln!(
            out,
            "{} {}  {}",
            sign(rule.mark),
            pad(&name(rule), widest),
            figures(rule, lang)
        );
        differences(&mut out, comparison, rule, shown);
    }
    for rule in same.iter().filter(|rule| rule.same > 0) {
        let _ = writeln!(
            out,
            "= {}  {}",
            pad(&name(rule), widest),
            lang.pick(
                format!("{}，逐条相同", rule.same),
                format!("{}, all the same", rule.same)
            )
        );
    }
    wordings(&mut out, &comparison.wordings, lang);
    hints(&mut out, &comparison.hints, lang);
    out
}

/// What stands before a rule.
pub fn sign(mark: Mark) -> char {
    match mark {
        Mark::Changed => '~',
        Mark::Added => '+',
        Mark::Removed => '−',
        Mark::Same => '=',
    }
}

fn name(rule: &RuleChange) -> String {
    match &rule.was {
        Some(was) => format!("{} ← {}", plain(rule.rule.as_str()), plain(was.as_str())),
        None => plain(rule.rule.as_str()),
    }
}

/// What both were run with, where that is not the usual.
pub fn conditions(comparison: &Comparison, lang: Lang) -> Option<String> {
    let named = comparison.options.iter().filter(|(name, _)| *name != "gateway");
    let named: Vec<String> = named.map(|(name, value)| format!("{name} {}", plain(value))).collect();
    (!named.is_empty()).then(|| {
        let named = named.join(lang.pick("，", ", "));
        lang.pick(format!("两边都用：{named}"), format!("both with {named}"))
    })
}

/// What is likely used, where the operator assumes a share: before and after.
pub fn redeemed(comparison: &Comparison) -> Option<(String, String)> {
    let band = |it: super::Redeemed| format!("¥{}–¥{}", it.low, it.high);
    Some((band(comparison.old.redeemed?), band(comparison.new.redeemed?)))
}

fn totals(out: &mut String, comparison: &Comparison, lang: Lang) {
    let (old, new) = (&comparison.old, &comparison.new);
    if let Some((before, after)) = redeemed(comparison) {
        let label = pad(lang.pick("预计使用", "likely used"), 14);
        let _ = writeln!(out, " {label}  {before} → {after}");
    }
    let rows = [
        (
            lang.pick("最多花费", "cost at most"),
            format!("¥{} → ¥{}", old.ceiling, new.ceiling),
            money(old.ceiling, new.ceiling),
        ),
        (
            lang.pick("群里发言", "messages"),
            format!("{} → {}", old.said, new.said),
            delta(old.said, new.said),
        ),
        (
            lang.pick("私聊", "in private"),
            format!("{} → {}", old.whispered, new.whispered),
            delta(old.whispered, new.whispered),
        ),
        (
            lang.pick("夜间主动发言", "night, unasked"),
            format!(
                "{} → {}{}",
                old.night,
                new.night,
                lang.pick(
                    format!("（夜间应答 {} → {}）", old.night_answers, new.night_answers),
                    format!(" (answers {} → {})", old.night_answers, new.night_answers),
                )
            ),
            delta(old.night, new.night),
        ),
    ];
    for (what, figures, delta) in rows {
        let _ = writeln!(out, " {}  {figures}  {delta}", pad(what, 14));
    }
}

/// What is held down less than before stands out; a terminal shows it in red, a pipe gets it plain.
const LOUD: (&str, &str) = ("\x1b[1;31m", "\x1b[0m");

/// Guards that differ, and those that would break.
fn guarded(out: &mut String, comparison: &Comparison, lang: Lang) {
    let loud = |said: String| format!("{}⚠ {said}{}", LOUD.0, LOUD.1);
    for change in &comparison.guards {
        let said = guards::said(change, lang);
        let line = match change.how {
            _ if change.how.is_loud() => loud(said),
            Turn::Added => format!("+ {said}"),
            _ => format!("~ {said}"),
        };
        let _ = writeln!(out, " {line}");
    }
    for line in &comparison.breaks {
        let _ = writeln!(out, " {}", loud(guards::breaks(line, lang)));
    }
}

/// `+12`, `−3`, nothing where it is the same.
pub fn delta(old: u64, new: u64) -> String {
    match new.cmp(&old) {
        std::cmp::Ordering::Greater => format!("+{}", new - old),
        std::cmp::Ordering::Less => format!("−{}", old - new),
        std::cmp::Ordering::Equal => String::new(),
    }
}

/// `+¥40.00`, with a warning where it is much more.
pub fn money(old: Fen, new: Fen) -> String {
    let more = Fen(new.0 - old.0);
    match more.0 {
        0 => String::new(),
        1.. if old.0 > 0 && more.0 * 2 >= old.0 => format!("+¥{more}  ⚠ +{}%", more.0 * 100 / old.0),
        1.. => format!("+¥{more}"),
        _ => format!("−¥{}", Fen(-more.0)),
    }
}

/// A rule's figures on one line.
pub fn figures(rule: &RuleChange, lang: Lang) -> String {
    let (old, new) = (&rule.old, &rule.new);
    let mut parts = Vec::new();
    if old.worth != new.worth {
        parts.push(format!(
            "¥{} → ¥{}  {}",
            old.worth,
            new.worth,
            money(old.worth, new.worth)
        ));
    }
    if old.messages != new.messages {
        parts.push(lang.pick(
            format!(
                "{} → {} 条  {}",
                old.messages,
                new.messages,
                delta(old.messages, new.messages)
            ),
            format!(
                "{} → {} messages  {}",
                old.messages,
                new.messages,
                delta(old.messages, new.messages)
            ),
        ));
    }
    if old.people != new.people {
        parts.push(lang.pick(
            format!("打扰 {} → {} 人次", old.people, new.people),
            format!("disturbs {} → {} people", old.people, new.people),
        ));
    }
    if old.night != new.night {
        parts.push(lang.pick(
            format!("夜间 {} → {}", old.night, new.night),
            format!("at night {} → {}", old.night, new.night),
        ));
    }
    if rule.mark == Mark::Removed {
        parts.push(lang.pick("规则删除", "rule removed").to_owned());
    }
    let differ = rule.changed + rule.gone + rule.added;
    if differ == 0 && rule.mark == Mark::Changed {
        parts.push(lang.pick(
            format!("写法改了，{} 处效果逐条相同", rule.same),
            format!("written otherwise; all {} effects are the same", rule.same),
        ));
    } else if differ > 0 {
        parts.push(lang.pick(
            format!(
                "相同 {}  改 {}  增 {}  减 {}",
                rule.same, rule.changed, rule.added, rule.gone
            ),
            format!("= {}  ~ {}  + {}  − {}", rule.same, rule.changed, rule.added, rule.gone),
        ));
    }
    parts.join("   ")
}

fn differences(out: &mut String, comparison: &Comparison, rule: &RuleChange, shown: Shown<'_>) {
    let words_only =
        |pair: &Pair| matches!(&pair.how, How::Changed { what, .. } if what.iter().all(|it| *it == Differs::Words));
    // Words are listed once, with their template.
    let listed = comparison.wordings.iter().any(|change| change.rule == rule.rule);
    let heads: Vec<(&Pair, u64)> = if shown.all {
        let all = comparison.pairs.iter().filter(|pair| !pair.is_same());
        all.map(|pair| (pair, 0)).collect()
    } else {
        comparison.heads()
    };
    let own = heads.into_iter().filter(|(pair, _)| pair.rule == rule.rule);
    let own: Vec<(&Pair, u64)> = own
        .filter(|(pair, _)| shown.all || !listed || !words_only(pair))
        .collect();
    let most = if shown.all { own.len() } else { SHOWN };
    for (pair, follow) in own.iter().take(most) {
        let _ = writeln!(
            out,
            "    {}{}",
            line(pair, shown.lang, shown.zone),
            following(*follow, shown.lang)
        );
    }
    if own.len() > most {
        let _ = writeln!(
            out,
            "    {}",
            shown.lang.pick(
                format!("另有 {} 处：--show events", own.len() - most),
                format!("{} more: --show events", own.len() - most),
            )
        );
    }
    let follow_ups = comparison
        .pairs
        .iter()
        .filter(|pair| pair.rule == rule.rule && pair.caused_by.is_some())
        .count();
    if own.is_empty() && follow_ups > 0 && !shown.all {
        let _ = writeln!(
            out,
            "    {}",
            shown.lang.pick(
                format!("这 {follow_ups} 处都由别处的改动引起"),
                format!("all {follow_ups} follow from what changed elsewhere"),
            )
        );
    }
}

fn following(follow: u64, lang: Lang) -> String {
    match follow {
        0 => String::new(),
        _ => lang.pick(
            format!("   由此引起 {follow} 处"),
            format!("   {follow} more follow from it"),
        ),
    }
}

/// One difference: `− 03-12 09:00 给 小明 birthday（额度用完：…）`.
pub fn line(pair: &Pair, lang: Lang, zone: &TimeZone) -> String {
    let why = |verdict: &Option<Verdict>| match verdict {
        Some(verdict) if !matches!(verdict, Verdict::Fired | Verdict::Deferred { .. }) => lang.pick(
            format!("（{}）", because(verdict, lang, zone)),
            format!(" ({})", because(verdict, lang, zone)),
        ),
        _ => String::new(),
    };
    let told = |effect: &Effect| format!("{} {}", when(effect.at, zone), effect.what.line(lang));
    match &pair.how {
        How::Same { old, .. } => format!("= {}", told(old)),
        How::Gone { old } => format!("− {}{}", told(old), why(&pair.because)),
        How::Added { new } => format!(
            "+ {}{}",
            told(new),
            match why(&pair.because).as_str() {
                "" => String::new(),
                because => lang.pick(format!(" 原先{because}"), format!(", before:{because}")),
            }
        ),
        How::Merged { old, new } => {
            let first = old.first().or_else(|| new.first()).map(told).unwrap_or_default();
            lang.pick(
                format!("~ {} 条 → {} 条  {first}", old.len(), new.len()),
                format!("~ {} → {}  {first}", old.len(), new.len()),
            )
        }
        How::Changed { old, new, what } => {
            let mut parts = Vec::new();
            if what.contains(&Differs::Time) {
                parts.push(format!("{} → {}", when(old.at, zone), when(new.at, zone)));
            } else {
                parts.push(when(new.at, zone));
            }
            let (before, after) = (old.what.line(lang), new.what.line(lang));
            if before == after {
                parts.push(after);
            } else {
                parts.push(format!("{before} → {after}"));
            }
            let others: Vec<&str> = what.iter().filter_map(|it| named(*it, lang)).collect();
            if !others.is_empty() {
                parts.push(lang.pick(format!("（{}）", others.join("、")), format!("({})", others.join(", "))));
            }
            format!("~ {}", parts.join("  "))
        }
    }
}

/// What differs, where the line itself does not show it.
fn named(what: Differs, lang: Lang) -> Option<&'static str> {
    match what {
        Differs::Time | Differs::Words | Differs::Coupon => None,
        Differs::Mentions => Some(lang.pick("点名的人不同", "others are called")),
        Differs::Worth => Some(lang.pick("面额不同", "worth differs")),
        Differs::Validity => Some(lang.pick("有效期不同", "validity differs")),
        Differs::Kind => Some(lang.pick("kind 不同", "kind differs")),
    }
}

fn wordings(out: &mut String, wordings: &[WordingChange], lang: Lang) {
    if wordings.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n{}",
        lang.pick(
            format!("文字 {} 处改动：", wordings.len()),
            format!("{} wordings differ:", wordings.len())
        )
    );
    for change in wordings {
        let times = lang.pick(
            format!("（{} 条只有文字不同）", change.messages),
            format!(" ({} messages differ in words only)", change.messages),
        );
        let _ = writeln!(out, "  {}{times}", plain(change.rule.as_str()));
        let _ = writeln!(out, "    − {}", plain(&change.old));
        let _ = writeln!(out, "    + {}", plain(&change.new));
    }
}

fn hints(out: &mut String, hints: &[Hint], lang: Lang) {
    for hint in hints {
        let _ = writeln!(out, "{}", said(hint, lang));
    }
}

/// A hint in words.
pub fn said(hint: &Hint, lang: Lang) -> String {
    match hint {
        Hint::Renamed { old, new, percent } => {
            let was = old.as_str().split_once('/').map_or(old.as_str(), |(_, name)| name);
            lang.pick(
                format!("「{old}」和「{new}」有 {percent}% 的效果相同；如果只是改名，请在新规则里写 was = \"{was}\"。"),
                format!("{percent}% of what {old} and {new} do is the same; if it was renamed, write was = \"{was}\" in the new rule"),
            )
        }
        Hint::NeverFired { rule } => lang.pick(
            format!("删掉的「{rule}」在这份记录里没有发过，这里看不出删掉它会少什么。"),
            format!("{rule}, which is gone, never fired here: these logs cannot show what is lost with it"),
        ),
    }
}
