//! What was rehearsed, over which time.

use std::fmt::Write as _;

use crate::chat::{Lang, Moment};
use crate::dry_run::effects::plain;
use crate::dry_run::report::Report;

pub fn head(out: &mut String, report: &Report, lang: Lang) {
    let date = |at: Moment| at.date(&report.zone).to_string();
    let groups = match (report.groups.len(), lang) {
        (0..=3, _) => report.groups.join(lang.pick("、", ", ")),
        (more, Lang::Zh) => format!("{}等 {more} 个群", report.groups[..2].join("、")),
        (more, Lang::En) => format!("{} and {} more groups", report.groups[..2].join(", "), more - 2),
    };
    let mut span = format!("{} → {}", date(report.from), date(report.to));
    if date(report.until) > date(report.to) {
        let _ = match lang {
            Lang::Zh => write!(span, "（记录）→ {}（推演）", date(report.until)),
            Lang::En => write!(span, " (recorded) → {} (projected)", date(report.until)),
        };
    }
    let _ = writeln!(out, "{} · {groups}    {span}", report.community);
    let duplicates = match (report.duplicates, lang) {
        (0, _) => String::new(),
        (n, Lang::Zh) => format!(" · 重复 {n} 条不计"),
        (n, Lang::En) => format!(" · {n} repeated"),
    };
    let left_out = match (report.left_out, lang) {
        (0, _) => String::new(),
        (n, Lang::Zh) => format!(" · 时段外 {n} 条未读入"),
        (n, Lang::En) => format!(" · {n} outside the span left out"),
    };
    let seed = plain(&report.seed);
    let _ = match lang {
        Lang::Zh => writeln!(
            out,
            " {} 条事件 · {} 位群友 · 定时 {} 次{duplicates}{left_out} · 指纹 {} · 种子 {seed}\n",
            report.inputs, report.people, report.timers, report.short
        ),
        Lang::En => writeln!(
            out,
            " {} events · {} members · {} timers{duplicates}{left_out} · fingerprint {} · seed {seed}\n",
            report.inputs, report.people, report.timers, report.short
        ),
    };
}
