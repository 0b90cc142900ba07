//! The conversation: members on the left, the bot indented, what was held back struck with its reason, and beside the
//! bot what a person said then. A line is drawn where the recording ends.

use std::fmt::Write as _;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::day::weekday;
use crate::chat::{Lang, Moment};
use crate::dry_run::because::because;
use crate::dry_run::effects::{Effect, Reached, plain};
use crate::dry_run::layout::pad;
use crate::dry_run::report::{Line, Report};
use crate::dry_run::stories::clock_time;

/// The whole of it.
pub fn transcript(out: &mut String, report: &Report, lang: Lang) {
    let mut page = Page::new(report, lang);
    for line in report.lines.iter().filter_map(|line| printed(line, &report.zone, lang)) {
        page.put(out, &line);
    }
    page.end(out);
}

/// One line as it is printed, with and without the name of its group: how many groups there are, the end tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    at: Moment,
    alone: String,
    /// Left out where it is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    among_several: Option<String>,
}

/// A line of the transcript as it is printed; none for what shows itself in what the bot does.
pub fn printed(line: &Line, zone: &TimeZone, lang: Lang) -> Option<Printed> {
    if matches!(line, Line::Decided(decided) if !decided.held()) {
        return None;
    }
    let alone = words(line, false, zone, lang);
    let among = words(line, true, zone, lang);
    Some(Printed {
        at: line.at(),
        among_several: (among != alone).then_some(among),
        alone,
    })
}

/// What stands between the lines: days, and the end of the recording.
#[derive(Debug)]
pub struct Page<'r> {
    report: &'r Report,
    lang: Lang,
    date: Option<Date>,
    ended: bool,
}

impl<'r> Page<'r> {
    pub fn new(report: &'r Report, lang: Lang) -> Self {
        Self {
            report,
            lang,
            date: None,
            ended: false,
        }
    }

    /// The next line.
    pub fn put(&mut self, out: &mut String, line: &Printed) {
        if !self.ended && line.at > self.report.to {
            self.ended = true;
            let _ = writeln!(
                out,
                "{}",
                self.lang.pick(
                    "┄┄┄┄┄┄┄┄ 记录到此为止，以下是推演 ┄┄┄┄┄┄┄┄",
                    "┄┄┄┄┄┄┄┄ the recording ends here; projection below ┄┄┄┄┄┄┄┄"
                )
            );
        }
        let local = line.at.in_zone(&self.report.zone);
        if self.date != Some(local.date()) {
            self.date = Some(local.date());
            let _ = writeln!(out, "{}  # {}", local.date(), weekday(local.date(), self.lang));
        }
        let words = match &line.among_several {
            Some(words) if self.report.groups.len() > 1 => words,
            _ => &line.alone,
        };
        let _ = writeln!(out, "{}{words}", pad(&clock_time(local.time()), 8));
    }

    /// A blank line, if there was anything.
    pub fn end(&self, out: &mut String) {
        let nothing = self.date.is_none();
        if !nothing {
            out.push('\n');
        }
    }
}

/// What stands behind the time.
fn words(line: &Line, several: bool, zone: &TimeZone, lang: Lang) -> String {
    match line {
        Line::Happened { group, text, .. } => {
            let group = group
                .as_ref()
                .filter(|_| several)
                .map_or(String::new(), |group| format!("〔{group}〕"));
            format!("  {group}{text}")
        }
        Line::Effect(effect) => {
            let mark = if effect.failed {
                lang.pick("✗ 未送达 ", "✗ failed ")
            } else {
                "▸ "
            };
            format!("    {mark}{}", reached(effect, several, zone, lang))
        }
        Line::Decided(decided) => {
            let person = decided
                .person
                .as_ref()
                .map_or(String::new(), |who| format!(" {}", who.name));
            let because = because(&decided.verdict, lang, zone);
            format!("    ✗ {}{person} — {because}", plain(decided.rule.as_str()))
        }
    }
}

fn reached(effect: &Effect, several: bool, zone: &TimeZone, lang: Lang) -> String {
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
        let clock = |at: Moment| clock_time(at.in_zone(zone).time());
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
