//! What was rehearsed, over which time.

use std::fmt::Write as _;

use crate::chat::{Lang, Moment};
use crate::dry_run::effects::plain;
use crate::dry_run::report::closing::{Began, Report};

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
    let moved = match (report.moved_days, lang) {
        (None, _) => String::new(),
        (Some(days), Lang::Zh) if days % 7 == 0 => format!("\n 记录整体移动 {} 周（星期几不变）", days / 7),
        (Some(days), Lang::Zh) => format!("\n 记录整体移动 {days} 天（星期几变了）"),
        (Some(days), Lang::En) if days % 7 == 0 => format!("\n moved by {} weeks; weekdays are kept", days / 7),
        (Some(days), Lang::En) => format!("\n moved by {days} days; weekdays are not kept"),
    };
    let began = match (report.began_with, lang) {
        (Began::Empty, Lang::Zh) => {
            "起点：空的，没有人领过券，没有生日，没有冷却（--members、--state 可以给出）".to_owned()
        }
        (Began::Empty, Lang::En) => {
            "begins empty: no coupons had, no birthdays, no cooldowns (--members and --state tell them)".to_owned()
        }
        (Began::Members(n), Lang::Zh) => format!("起点：{n} 位群友的名单，没有人领过券，没有冷却"),
        (Began::Members(n), Lang::En) => format!("begins with a list of {n} members; no coupons had, no cooldowns"),
        (Began::State, Lang::Zh) => "起点：上一段演练的结尾".to_owned(),
        (Began::State, Lang::En) => "begins where another rehearsal stood".to_owned(),
    };
    let _ = match lang {
        Lang::Zh => writeln!(
            out,
            " {} 条事件 · {} 位群友 · 定时 {} 次{duplicates}{left_out} · 指纹 {} · 种子 {seed}\n {began}{moved}\n",
            report.inputs, report.people, report.timers, report.short
        ),
        Lang::En => writeln!(
            out,
            " {} events · {} members · {} timers{duplicates}{left_out} · fingerprint {} · seed {seed}\n {began}{moved}\n",
            report.inputs, report.people, report.timers, report.short
        ),
    };
}
