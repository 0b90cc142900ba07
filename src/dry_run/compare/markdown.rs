//! A comparison for a pull request: totals and rules as tables, differences folded away, never longer than a comment may be.

use std::fmt::Write as _;

use jiff::tz::TimeZone;

use super::guards;
use super::show::{conditions, delta, figures, line, money, redeemed, said, sign};
use super::{Comparison, Mark};
use crate::chat::Lang;

/// The most bytes: comments of code-hosting sites take 65,536 characters.
const MOST: usize = 60_000;
/// Room kept for what stands after the differences.
const ENDING: usize = 400;

/// As Markdown.
pub fn text(comparison: &Comparison, lang: Lang, zone: &TimeZone) -> String {
    let mut out = String::new();
    let (old, new) = (&comparison.old, &comparison.new);
    let _ = writeln!(
        out,
        "### {} `{}` → `{}`\n",
        lang.pick("剧本对比", "Playbooks"),
        old.playbooks,
        new.playbooks
    );
    if let Some(conditions) = conditions(comparison, lang) {
        let _ = writeln!(out, "{}\n", cell(&conditions));
    }
    if comparison.is_empty() {
        let _ = writeln!(
            out,
            "{}",
            lang.pick(
                format!("没有不同：{} 处效果逐条相同。", new.effects),
                format!("No difference: all {} effects are the same.", new.effects),
            )
        );
        return out;
    }
    guarded(&mut out, comparison, lang);
    tables(&mut out, comparison, lang);
    wordings(&mut out, comparison, lang);
    differences(&mut out, comparison, lang, zone);
    for hint in &comparison.hints {
        let said = format!("\n> {}\n", cell(&said(hint, lang)));
        if out.len() + said.len() < MOST {
            out.push_str(&said);
        }
    }
    out
}

/// Guards that hold less than before, and those that would break, before anything else.
fn guarded(out: &mut String, comparison: &Comparison, lang: Lang) {
    let loud = |said: &str| format!("> **⚠ {}**\n", cell(said));
    let changes = comparison.guards.iter().map(|change| {
        let said = guards::said(change, lang);
        match change.how.is_loud() {
            true => loud(&said),
            false => format!("> {}\n", cell(&said)),
        }
    });
    let breaks = comparison.breaks.iter().map(|line| loud(&guards::breaks(line, lang)));
    for said in changes.chain(breaks) {
        if out.len() + said.len() < MOST / 4 {
            let _ = writeln!(out, "{said}");
        }
    }
}

fn tables(out: &mut String, comparison: &Comparison, lang: Lang) {
    let (old, new) = (&comparison.old, &comparison.new);
    let heading = lang.pick("| | 原先 | 之后 | 差 |", "| | before | after | difference |");
    let _ = writeln!(out, "{heading}\n|---|--:|--:|--:|");
    let rows = [
        (
            lang.pick("最多花费", "cost at most"),
            format!("¥{}", old.ceiling),
            format!("¥{}", new.ceiling),
            money(old.ceiling, new.ceiling),
        ),
        (
            lang.pick("群里发言", "messages"),
            old.said.to_string(),
            new.said.to_string(),
            delta(old.said, new.said),
        ),
        (
            lang.pick("私聊", "in private"),
            old.whispered.to_string(),
            new.whispered.to_string(),
            delta(old.whispered, new.whispered),
        ),
        (
            lang.pick("夜间主动发言", "night, unasked"),
            old.night.to_string(),
            new.night.to_string(),
            delta(old.night, new.night),
        ),
    ];
    if let Some((before, after)) = redeemed(comparison) {
        let what = lang.pick("预计使用", "likely used");
        let _ = writeln!(out, "| {what} | {before} | {after} | |");
    }
    for (what, before, after, differs) in rows {
        let _ = writeln!(out, "| {what} | {before} | {after} | {differs} |");
    }
    let _ = writeln!(out, "\n{}\n|---|---|---|", lang.pick("| | 规则 | |", "| | rule | |"));
    for rule in comparison.rules.iter().filter(|rule| rule.mark != Mark::Same) {
        let row = format!(
            "| {} | {} | {} |",
            sign(rule.mark),
            cell(rule.rule.as_str()),
            cell(&figures(rule, lang))
        );
        if out.len() + row.len() > MOST / 2 {
            break;
        }
        let _ = writeln!(out, "{row}");
    }
    let same: Vec<&str> = comparison
        .rules
        .iter()
        .filter(|rule| rule.mark == Mark::Same && rule.same > 0)
        .map(|rule| rule.rule.as_str())
        .collect();
    if !same.is_empty() {
        let _ = writeln!(
            out,
            "| = | {} | {} |",
            cell(&clipped(&same.join(", "), 2_000)),
            lang.pick("逐条相同", "all the same")
        );
    }
}

fn wordings(out: &mut String, comparison: &Comparison, lang: Lang) {
    if comparison.wordings.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n**{}**\n\n```diff", lang.pick("文字", "Wording"));
    for change in &comparison.wordings {
        let text = format!(
            "# {} ×{}\n- {}\n+ {}",
            fenced(change.rule.as_str()),
            change.messages,
            fenced(&change.old),
            fenced(&change.new)
        );
        if out.len() + text.len() > MOST / 2 {
            break;
        }
        let _ = writeln!(out, "{text}");
    }
    let _ = writeln!(out, "```");
}

fn differences(out: &mut String, comparison: &Comparison, lang: Lang, zone: &TimeZone) {
    let heads = comparison.heads();
    let title = lang.pick(
        format!("{} 处不同", heads.len()),
        format!("{} differences", heads.len()),
    );
    let _ = writeln!(out, "\n<details><summary>{title}</summary>\n\n```text");
    let mut left = 0_usize;
    for (pair, follow) in &heads {
        let follows = match follow {
            0 => String::new(),
            _ => lang.pick(
                format!("（由此引起 {follow} 处）"),
                format!(" ({follow} more follow from it)"),
            ),
        };
        let text = format!(
            "{}  [{}]{follows}",
            fenced(&line(pair, lang, zone)),
            fenced(pair.rule.as_str())
        );
        if out.len() + text.len() > MOST - ENDING {
            left += 1;
            continue;
        }
        let _ = writeln!(out, "{text}");
    }
    if left > 0 {
        let _ = writeln!(
            out,
            "{}",
            lang.pick(
                format!("…另有 {left} 处；qunying plan … --show events 会全部列出"),
                format!("… {left} more; `qunying plan … --show events` lists all"),
            )
        );
    }
    let _ = writeln!(out, "```\n\n</details>");
}

/// Within a table: nothing that ends a cell, opens a tag or calls somebody.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in crate::dry_run::effects::plain(text).chars() {
        match character {
            '|' => safe.push_str("\\|"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '@' => safe.push_str("@\u{200B}"),
            '`' | '*' | '_' | '[' | ']' | '\\' | '#' => {
                safe.push('\\');
                safe.push(character);
            }
            _ => safe.push(character),
        }
    }
    safe
}

/// Within a fence: nothing that closes it.
fn fenced(text: &str) -> String {
    crate::dry_run::effects::plain(text).replace("```", "'''")
}

fn clipped(text: &str, most: usize) -> String {
    let end = text.floor_char_boundary(most);
    if end < text.len() {
        format!("{}…", &text[..end])
    } else {
        text.to_owned()
    }
}
