//! An explanation for people.

use std::fmt::Write as _;

use jiff::tz::TimeZone;

use super::remedy::{Outcome, Tried};
use super::step::{parts, text as step_text, whole};
use super::trace::Case;
use super::waits_for::held_to;
use super::{Explained, Explanation, funnel};
use crate::chat::Lang;
use crate::dry_run::because::because;
use crate::dry_run::effects::plain;
use crate::engine::probe::Stage;
use crate::engine::{Verdict, Weighing};

/// Rules named one by one among those that do not wait for an event.
const NAMED_MOST: usize = 8;

/// The whole answer.
pub fn text(explanation: &Explanation, lang: Lang, zone: &TimeZone) -> String {
    let mut out = String::new();
    if let Some(funnel) = &explanation.funnel {
        let _ = writeln!(out, "{}  {}", plain(funnel.rule.as_str()), funnel.text(lang));
    }
    if explanation.nearest {
        let _ = writeln!(
            out,
            "{}",
            lang.pick(
                "这段时间里没有；最近的一次是：",
                "nothing in that time; the nearest is:"
            )
        );
    }
    if let Some((event, happened)) = &explanation.unheard {
        let _ = writeln!(out, "{}  {}", plain(happened), plain(event.as_str()));
        let _ = writeln!(
            out,
            " {}",
            lang.pick("没有规则听这种事。", "no rule listens to this kind of event.")
        );
    }
    let mut event = None;
    for Explained { case, tried } in &explanation.cases {
        if event != Some(&case.key.event) {
            if !out.is_empty() {
                out.push('\n');
            }
            let _ = writeln!(out, "{}", headline(case, lang));
            event = Some(&case.key.event);
        }
        one(&mut out, case, lang);
        remedies(&mut out, (case, tried), lang, zone);
    }
    elsewhere(&mut out, explanation, lang);
    if explanation.more > 0 {
        let _ = writeln!(
            out,
            "{}",
            lang.pick(
                format!(
                    "另有 {} 次没有列出；用 --at 写得更细（如 --at \"2026-03-02 10:00\"）。",
                    explanation.more
                ),
                format!(
                    "{} more; narrow it down with --at (like --at \"2026-03-02 10:00\")",
                    explanation.more
                ),
            )
        );
    }
    out
}

fn headline(case: &Case, lang: Lang) -> String {
    let zone = &case.house.zone;
    let group = case.group.as_ref().map_or_else(String::new, |group| {
        lang.pick(format!("「{group}」"), format!("[{group}] "))
    });
    let what = match case.happened.as_str() {
        "" => lang.pick("定时到了", "a timer came due"),
        line => line,
    };
    format!(
        "{}  {group}{what}        {} {}",
        whole(case.at, zone),
        lang.pick("事件", "event"),
        plain(case.key.event.as_str())
    )
}

fn one(out: &mut String, case: &Case, lang: Lang) {
    let stands = case.written.as_ref().map(|rule| rule.stand().aside(lang));
    let line = plain(&stands.unwrap_or_default());
    let about = case
        .who
        .as_ref()
        .map_or_else(String::new, |who| format!("  {}", who.name));
    let _ = writeln!(
        out,
        " {} {}{line}{about}",
        lang.pick("规则", "rule"),
        plain(case.key.rule.as_str())
    );
    if let Some((line, groups)) = &case.edition {
        let groups = plain(&groups.join(lang.pick("、", ", ")));
        let told = lang.pick(
            format!("在这个群按第 {line} 行的 [[override]]（{groups}）"),
            format!("in this group by the [[override]] on line {line} ({groups})"),
        );
        let _ = writeln!(out, "  · {told}");
    }
    weighing(out, (case, &case.weighing), case.later.is_none(), lang);
    if let Some(later) = &case.later {
        let zone = &case.house.zone;
        let _ = writeln!(
            out,
            "  {}",
            lang.pick(
                format!("到了 {}：", whole(later.at, zone)),
                format!("at {}:", whole(later.at, zone))
            )
        );
        weighing(out, (case, &later.weighing), true, lang);
    }
    for effect in &case.effects {
        let _ = writeln!(out, "    ▸ {}", effect.what.line(lang));
    }
}

fn weighing(out: &mut String, (case, weighing): (&Case, &Weighing), is_last: bool, lang: Lang) {
    let zone = &case.house.zone;
    let stopped = weighing.stopped_by();
    let fired = matches!(
        weighing.verdict,
        Some(Verdict::Fired | Verdict::Deferred { .. } | Verdict::Waits { .. } | Verdict::Merged)
    );
    let arrow = match &weighing.verdict {
        Some(verdict) if fired => format!("→ {}", because(verdict, lang, zone)),
        Some(verdict) => no(case, &because(verdict, lang, zone), lang),
        None => lang.pick("→ 没有触发".to_owned(), "→ not triggered".to_owned()),
    };
    // The figures stand in the question that stopped it.
    let label = weighing.verdict.as_ref().map(|verdict| verdict.label(lang));
    let short = match label {
        Some(label) => no(case, label, lang),
        None => arrow.clone(),
    };
    let mut told = false;
    for step in &weighing.steps {
        let mark = if step.passed { '✓' } else { '✗' };
        let here = !fired && stopped.is_some_and(|stop| std::ptr::eq(stop, step));
        let end = if here { format!("    {short}") } else { String::new() };
        told |= here;
        let _ = writeln!(out, "  {mark} {}{end}", step_text(step, case, lang));
        for part in parts(step, lang) {
            let _ = writeln!(out, "      {part}");
        }
    }
    if !told {
        let _ = writeln!(out, "  {arrow}");
    }
    if !fired && is_last {
        not_looked_at(out, (case, weighing), lang);
    }
}

/// A rule says nothing; a mechanic that refuses may well say so.
fn no(case: &Case, why: &str, lang: Lang) -> String {
    let not_done = match case.written {
        Some(_) => lang.pick("没有发出", "not sent"),
        None => lang.pick("没有办成", "not done"),
    };
    lang.pick(format!("→ {not_done}（{why}）"), format!("→ {not_done} ({why})"))
}

/// What stands behind the question that stopped it.
fn not_looked_at(out: &mut String, (case, weighing): (&Case, &Weighing), lang: Lang) {
    let Some(rule) = &case.written else { return };
    let stage = weighing.stopped_by().map_or(Stage::Speech, |step| step.asked.stage());
    let behind: Vec<String> = held_to(rule, &case.house, lang)
        .into_iter()
        .filter(|(at, _)| *at > stage)
        .map(|(_, text)| text)
        .collect();
    if behind.is_empty() {
        return;
    }
    let listed = behind.join(lang.pick("、", ", "));
    let _ = writeln!(
        out,
        "    {}",
        lang.pick(
            format!("— 后面的没有再看：{listed}"),
            format!("— not looked at any more: {listed}"),
        )
    );
}

fn remedies(out: &mut String, (case, tried): (&Case, &[Tried]), lang: Lang, zone: &TimeZone) {
    if case.fired() || case.waits() {
        return;
    }
    let fires = |it: &&Tried| matches!(it.outcome, Outcome::Fires { .. });
    let (helps, others): (Vec<&Tried>, Vec<&Tried>) = tried.iter().partition(fires);
    let (title, comes_off) = match case.written {
        Some(_) => (
            lang.pick("怎样才会发出", "what would have made it fire"),
            lang.pick("发出", "sent"),
        ),
        None => (
            lang.pick("怎样才会办成", "what would have made it happen"),
            lang.pick("办成", "done"),
        ),
    };
    if tried.is_empty() {
        let _ = writeln!(
            out,
            "  {title}{}",
            match case.written {
                Some(_) => lang.pick(
                    "：这不是改这条规则的哪一处就能变的。",
                    ": no single change of this rule could"
                ),
                None => lang.pick(
                    "：这不是改剧本的哪一处就能变的。",
                    ": no single change of the playbook could"
                ),
            }
        );
        return;
    }
    if helps.is_empty() {
        let _ = writeln!(
            out,
            "  {title}{}",
            lang.pick(
                format!("：试了 {} 种改法，只改一处都不会：", tried.len()),
                format!(": none of the {} single changes tried would have:", tried.len()),
            )
        );
    } else {
        let _ = writeln!(out, "  {title}{}", lang.pick("（逐条重演过）：", " (each was run):"));
    }
    for it in helps {
        let Outcome::Fires { at } = it.outcome else { continue };
        let _ = writeln!(
            out,
            "    ✓ {}{}",
            it.edit.written(lang),
            lang.pick(
                format!(" → {} {comes_off}", whole(at, zone)),
                format!(" → {comes_off} {}", whole(at, zone))
            )
        );
    }
    for it in others {
        let why = match &it.outcome {
            Outcome::Still { verdict } => because(verdict, lang, zone),
            Outcome::Waits => lang.pick("记录结束时还在等", "still waiting at the end").to_owned(),
            Outcome::Fires { .. } | Outcome::NotReached => lang.pick("没有触发", "not triggered").to_owned(),
        };
        let _ = writeln!(
            out,
            "    ✗ {}{}",
            it.edit.written(lang),
            lang.pick(format!(" 也不会（{why}）"), format!(" would not ({why})"))
        );
    }
}

fn elsewhere(out: &mut String, explanation: &Explanation, lang: Lang) {
    let all = &explanation.elsewhere;
    if all.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        " {}",
        lang.pick(
            format!("另有 {} 条规则不等这样的事：", all.len()),
            format!("{} other rules do not wait for this:", all.len()),
        )
    );
    for it in all.iter().take(NAMED_MOST) {
        let stage = funnel::named(it.stopped_by.asked.stage(), lang);
        let rule = plain(it.rule.as_str());
        let _ = writeln!(
            out,
            "  ✗ {}",
            lang.pick(format!("{rule}：不合「{stage}」"), format!("{rule}: not so: {stage}"))
        );
    }
    if all.len() > NAMED_MOST {
        let _ = writeln!(
            out,
            "  {}",
            lang.pick(
                format!("还有 {} 条；用 --rule 指定一条来看", all.len() - NAMED_MOST),
                format!("{} more; name one with --rule", all.len() - NAMED_MOST),
            )
        );
    }
}
