//! Every rule with its figures, and closer: its first effects and its reasons.

use std::fmt::Write as _;

use crate::chat::Lang;
use crate::dry_run::because::{because, when};
use crate::dry_run::effects::plain;
use crate::dry_run::evidence;
use crate::dry_run::layout::table;
use crate::dry_run::report::Show;
use crate::dry_run::report::closing::{Report, RuleLine};

/// The table of rules.
pub fn rules(out: &mut String, report: &Report, lang: Lang) {
    let heading = lang.pick(
        ["规则", "触发", "发出", "合并", "拦下", "等待", "说明"],
        ["rule", "triggers", "fired", "merged", "held", "waiting", "remarks"],
    );
    let number = |n: u64| if n == 0 { "–".to_owned() } else { n.to_string() };
    let row = |rule: &RuleLine| {
        let figures = [rule.triggers, rule.fired, rule.merged, rule.held, rule.waiting];
        let mut row = vec![plain(rule.rule.as_str())];
        row.extend(figures.into_iter().map(number));
        row.push(remark(rule, lang));
        row
    };
    let rows = report.rules.iter().map(row).collect();
    out.push_str(&table(&heading, rows, &[1, 2, 3, 4, 5]));
    out.push('\n');
}

fn remark(rule: &RuleLine, lang: Lang) -> String {
    let mut parts = Vec::new();
    if rule.off {
        parts.push(lang.pick("停用", "off").to_owned());
    } else if let Some(missing) = rule.no_evidence.first() {
        let said = evidence::said(*missing, lang);
        parts.push(lang.pick(format!("⚠ 无法判断：{said}"), format!("⚠ cannot be judged: {said}")));
    } else if rule.triggers == 0 && rule.line.is_some() {
        parts.push(lang.pick("⚠ 从未触发", "⚠ never triggered").to_owned());
    }
    if rule.coupons > 0 {
        parts.push(match lang {
            Lang::Zh => format!("{} 张 ¥{}", rule.coupons, rule.worth),
            Lang::En => format!("{} coupons ¥{}", rule.coupons, rule.worth),
        });
    }
    if rule.messages > 0 {
        parts.push(match lang {
            Lang::Zh => format!("{} 条", rule.messages),
            Lang::En => format!("{} messages", rule.messages),
        });
    }
    if rule.deferred > 0 {
        parts.push(match lang {
            Lang::Zh => format!("{} 条改期", rule.deferred),
            Lang::En => format!("{} put off", rule.deferred),
        });
    }
    if rule.carried > 0 {
        parts.push(match lang {
            Lang::Zh => format!("{} 次从上一段等到现在", rule.carried),
            Lang::En => format!("{} waited since before", rule.carried),
        });
    }
    if rule.projected > 0 {
        parts.push(match lang {
            Lang::Zh => format!("推演 {} 次", rule.projected),
            Lang::En => format!("{} projected", rule.projected),
        });
    }
    parts.extend(
        rule.reasons
            .iter()
            .chain(&rule.remarks)
            .map(|it| format!("{} {}", it.first.label(lang), it.times)),
    );
    parts.join(lang.pick("，", ", "))
}

/// Each rule's first effects, and its reasons with their numbers.
pub fn examples(out: &mut String, report: &Report, lang: Lang) {
    for rule in report.rules.iter().filter(|rule| rule.triggers > 0) {
        let place = rule.stands().map(|stands| stands.aside(lang)).unwrap_or_default();
        let _ = writeln!(out, " {}{}", plain(rule.rule.as_str()), plain(&place));
        for effect in &rule.examples {
            let projected = match effect.projected {
                true => lang.pick("  〔推演〕", "  [projected]"),
                false => "",
            };
            let _ = writeln!(
                out,
                "   {}  {}{projected}",
                when(effect.at, &report.zone),
                effect.what.line(lang)
            );
        }
        let more = (rule.messages + rule.coupons).saturating_sub(rule.examples.len() as u64);
        if more > 0 && report.show < Show::Events {
            let _ = match lang {
                Lang::Zh => writeln!(out, "   另有约 {more} 条：--show events"),
                Lang::En => writeln!(out, "   about {more} more: --show events"),
            };
        }
        for reason in rule.reasons.iter().chain(&rule.remarks) {
            let first = because(&reason.first, lang, &report.zone);
            let _ = match lang {
                Lang::Zh => writeln!(out, "   ✗ {} 次 {first}（原因 {}）", reason.times, reason.number),
                Lang::En => writeln!(out, "   ✗ {} × {first} (reason {})", reason.times, reason.number),
            };
        }
    }
    out.push('\n');
}
