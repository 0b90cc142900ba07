//! The conversation: members on the left, the bot indented, what was held back struck with its reason, and beside the
//! bot what a person said then. A line is drawn where the recording ends.

use std::fmt::Write as _;

use super::day::weekday;
use crate::chat::{Lang, Moment};
use crate::dry_run::because::because;
use crate::dry_run::effects::{Effect, Reached, plain};
use crate::dry_run::layout::pad;
use crate::dry_run::report::{Line, Report};
use crate::dry_run::stories::clock_time;

/// The whole of it.
pub fn transcript(out: &mut String, report: &Report, lang: Lang) {
    let several = report.groups.len() > 1;
    let mut date = None;
    let mut ended = false;
    for line in &report.lines {
        if matches!(line, Line::Decided(decided) if !decided.held()) {
            continue;
        }
        if !ended && line.at() > report.to {
            ended = true;
            let _ = writeln!(
                out,
                "{}",
                lang.pick(
                    "┄┄┄┄┄┄┄┄ 记录到此为止，以下是推演 ┄┄┄┄┄┄┄┄",
                    "┄┄┄┄┄┄┄┄ the recording ends here; projection below ┄┄┄┄┄┄┄┄"
                )
            );
        }
        let local = line.at().in_zone(&report.zone);
        if date != Some(local.date()) {
            date = Some(local.date());
            let _ = writeln!(out, "{}  # {}", local.date(), weekday(local.date(), lang));
        }
        let time = pad(&clock_time(local.time()), 8);
        let _ = match line {
            Line::Happened { group, text, .. } => {
                let group = group
                    .as_ref()
                    .filter(|_| several)
                    .map_or(String::new(), |group| format!("〔{group}〕"));
                writeln!(out, "{time}  {group}{text}")
            }
            Line::Effect(effect) => {
                let mark = if effect.failed {
                    lang.pick("✗ 未送达 ", "✗ failed ")
                } else {
                    "▸ "
                };
                writeln!(out, "{time}    {mark}{}", reached(effect, several, report, lang))
            }
            Line::Decided(decided) => {
                let person = decided
                    .person
                    .as_ref()
                    .map_or(String::new(), |who| format!(" {}", who.name));
                let because = because(&decided.verdict, lang, &report.zone);
                writeln!(out, "{time}    ✗ {}{person} — {because}", plain(decided.rule.as_str()))
            }
        };
    }
    if !report.lines.is_empty() {
        out.push('\n');
    }
}

fn reached(effect: &Effect, several: bool, report: &Report, lang: Lang) -> String {
    let group = match &effect.what {
        Reached::Said { group, .. } if several => format!("〔{}〕", group.name),
        _ => String::new(),
    };
    let rule = effect
        .rule
        .as_ref()
        .map_or(String::new(), |rule| format!("   # {}", plain(rule.as_str())));
    let mut said = format!("{group}{}{rule}", effect.what.line(lang));
    if let Some(human) = &effect.human {
        let clock = |at: Moment| clock_time(at.in_zone(&report.zone).time());
        let (by, at, text) = (&human.by.name, clock(human.at), &human.text);
        let minutes = human.at.since(effect.decided_at).as_secs() / 60;
        let _ = match lang {
            Lang::Zh => write!(said, "\n            # 真人当时 {minutes} 分钟后（{at}）{by}：{text}"),
            Lang::En => write!(
                said,
                "\n            # a person then, {minutes} minutes later ({at}), {by}: {text}"
            ),
        };
    }
    said
}
