//! Guards: which held, how near they came, and which broke.

use crate::chat::Lang;
use crate::dry_run::because::when;
use crate::dry_run::effects::plain;
use crate::dry_run::report::Report;
use crate::dry_run::report::guards::{BoundLine, GuardLine};
use crate::playbook::guard::short_of;

use super::figures::Put;

/// A line for each bound, and one for what a pause held back.
pub fn guards(put: &mut Put<'_>, report: &Report, lang: Lang) {
    for guard in &report.guards {
        let name = plain(short_of(&guard.guard));
        for line in &guard.bounds {
            let mark = if line.broken.is_some() { '✗' } else { '✓' };
            let said = bound(line, (guard, report), lang);
            put(("守卫", "guard"), format!("{mark} {name}"), vec![said]);
        }
        if let Some(since) = guard.paused_since {
            let (since, held) = (when(since, &report.zone), guard.held_back);
            let released = guard.released_at.map(|at| when(at, &report.zone));
            let said = match (lang, released) {
                (Lang::Zh, None) => format!("从 {since} 起剧本只答问，另拦下 {held} 次；等店员放行"),
                (Lang::Zh, Some(at)) => format!("从 {since} 起剧本只答问，另拦下 {held} 次；{at} 店员放行"),
                (Lang::En, None) => {
                    format!("from {since} on its playbook only answers, {held} more held back; staff release it")
                }
                (Lang::En, Some(at)) => {
                    format!(
                        "from {since} on its playbook only answers, {held} more held back; staff released it at {at}"
                    )
                }
            };
            put(("", ""), format!("  {name}"), vec![said]);
        }
    }
}

/// One bound in a sentence.
fn bound(line: &BoundLine, (guard, report): (&GuardLine, &Report), lang: Lang) -> String {
    let allows = line.bound.said(lang);
    let Some(broken) = &line.broken else {
        return match (&line.highest, lang) {
            (None, Lang::Zh) => format!("{allows}：守住，一次也没有用到"),
            (None, Lang::En) => format!("{allows}: held, nothing of it happened"),
            (Some(highest), _) => {
                let (reached, at) = (highest.reached, when(highest.at, &report.zone));
                let of = highest.person.as_ref().map(|it| it.name.clone());
                let of = of.or(highest.group.as_ref().map(|it| it.name.clone()));
                let of = of.map_or_else(String::new, |name| format!(" {name}"));
                match lang {
                    Lang::Zh => format!("{allows}：守住，最高 {reached}（{at}{of}）"),
                    Lang::En => format!("{allows}: held, at most {reached} ({at}{of})"),
                }
            }
        };
    };
    let (at, rule) = (when(broken.at, &report.zone), plain(broken.rule.as_str()));
    let (becomes, worst, times) = (broken.first.becomes, broken.worst, broken.times);
    match (lang, guard.pauses) {
        (Lang::Zh, true) => format!("{allows}：{at} {rule} 会让它到 {becomes}，拦下 {times} 次"),
        (Lang::Zh, false) => format!("{allows}：{at} {rule} 让它到 {becomes}，共 {times} 次，最高 {worst}"),
        (Lang::En, true) => format!("{allows}: {rule} at {at} would take it to {becomes}; held back {times} times"),
        (Lang::En, false) => format!("{allows}: {rule} at {at} took it to {becomes}; {times} times, at most {worst}"),
    }
}
