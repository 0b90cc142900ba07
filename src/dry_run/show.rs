//! A report as an operator reads it. Money first, then disturbance, then every rule, then what matters most.
//!
//! Nothing here depends on the time it is printed, on the terminal or on chance.

use std::fmt::Write as _;

use crate::chat::{Lang, Moment};

use super::because::{because, when};
use super::effects::plain;
use super::layout::{pad, table};
use super::report::closing::{PendingLine, PendingWhat, ReasonLine, Report, RuleLine};
use super::report::notes::percent;
use super::report::{Line, Show};
use super::stories::clock_time;

/// The whole report, down to the level it was made for.
pub fn text(report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    if report.show == Show::Events {
        transcript(&mut out, report, lang);
    }
    head(&mut out, report, lang);
    figures(&mut out, report, lang);
    rules(&mut out, report, lang);
    if report.show >= Show::Rules {
        examples(&mut out, report, lang);
    }
    notes(&mut out, report, lang);
    pending(&mut out, report, lang);
    losses(&mut out, report, lang);
    honesty(&mut out, report, lang);
    out
}

/// For programs: the same content under stable names.
pub fn json(report: &Report) -> serde_json::Value {
    serde_json::to_value(report).expect("plain data serializes")
}

fn head(out: &mut String, report: &Report, lang: Lang) {
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
    let _ = match lang {
        Lang::Zh => writeln!(
            out,
            " {} 条事件 · {} 位群友 · 定时 {} 次{duplicates} · 指纹 {}\n",
            report.inputs, report.people, report.timers, report.short
        ),
        Lang::En => writeln!(
            out,
            " {} events · {} members · {} timers{duplicates} · fingerprint {}\n",
            report.inputs, report.people, report.timers, report.short
        ),
    };
}

fn figures(out: &mut String, report: &Report, lang: Lang) {
    let mut put = |zh: &str, en: &str, first: String, more: Vec<String>| {
        let label = pad(lang.pick(zh, en), lang.pick(10, 16));
        let line = format!(" {label}{}{}", pad(&first, 14), more.join("   "));
        let _ = writeln!(out, "{}", line.trim_end());
    };
    let coupons = report
        .coupons
        .iter()
        .map(|it| format!("{} {}×¥{}", plain(&it.title), it.given, it.each))
        .collect();
    put("最多花费", "cost at most", format!("¥{}", report.ceiling), coupons);
    let speech = &report.speech;
    let mut more = vec![match lang {
        Lang::Zh => format!("占全群 {}", percent(speech.share_permille)),
        Lang::En => format!("{} of all", percent(speech.share_permille)),
    }];
    if let Some((date, count)) = speech.busiest_day {
        more.push(match lang {
            Lang::Zh => format!("最多的一天 {}月{}日 {count} 条", date.month(), date.day()),
            Lang::En => format!("busiest day {date}: {count}"),
        });
    }
    more.push(match lang {
        Lang::Zh => format!("私聊 {} 条 · 店员 {} 条", speech.whispered, speech.told_staff),
        Lang::En => format!("{} private · {} to staff", speech.whispered, speech.told_staff),
    });
    put("发言", "messages", count(speech.said, "条", lang), more);
    let night = &speech.night;
    let more = vec![match lang {
        Lang::Zh => format!("答问 {} 条 · 改到早上 {} 条", night.answers, speech.deferred),
        Lang::En => format!("{} answers · {} put off to the morning", night.answers, speech.deferred),
    }];
    put("夜里主动", "night, unasked", count(night.others, "条", lang), more);
    let (votes, events) = (&report.votes, &report.gatherings);
    let more = match lang {
        Lang::Zh => vec![
            format!("接龙 {} 人次", events.sign_ups),
            format!(
                "投票 {} 次（{} 次有结果，{} 票）",
                votes.opened, votes.won, votes.ballots
            ),
            format!("记下生日 {} 次", report.birthdays_told),
        ],
        Lang::En => vec![
            format!("{} sign-ups", events.sign_ups),
            format!("{} votes ({} won, {} ballots)", votes.opened, votes.won, votes.ballots),
            format!("{} birthdays noted", report.birthdays_told),
        ],
    };
    put("活动", "events", count(events.held, "场", lang), more);
    let reasons = all_reasons(report);
    let held: u64 = reasons.iter().map(|reason| reason.times).sum();
    let more = reasons
        .iter()
        .map(|reason| format!("{} {}", reason.first.label(lang), reason.times))
        .collect();
    put("拦下", "held back", count(held, "次", lang), more);
    out.push('\n');
}

fn count(number: u64, measure: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{number} {measure}"),
        Lang::En => number.to_string(),
    }
}

/// The reasons over all rules, the most frequent first.
fn all_reasons(report: &Report) -> Vec<ReasonLine> {
    let mut all: Vec<ReasonLine> = Vec::new();
    for reason in report.rules.iter().flat_map(|rule| &rule.reasons) {
        match all.iter_mut().find(|it| it.reason == reason.reason) {
            Some(it) => it.times += reason.times,
            None => all.push(reason.clone()),
        }
    }
    all.sort_by_key(|reason| (std::cmp::Reverse(reason.times), reason.reason));
    all
}

fn rules(out: &mut String, report: &Report, lang: Lang) {
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
    parts.extend(
        rule.reasons
            .iter()
            .chain(&rule.remarks)
            .map(|it| format!("{} {}", it.first.label(lang), it.times)),
    );
    parts.join(lang.pick("，", ", "))
}

/// Each rule's first effects, and its reasons with their numbers.
fn examples(out: &mut String, report: &Report, lang: Lang) {
    for rule in report.rules.iter().filter(|rule| rule.triggers > 0) {
        let place = match (rule.line, lang) {
            (Some(line), Lang::Zh) => format!("（第 {line} 行）"),
            (Some(line), Lang::En) => format!(" (line {line})"),
            (None, _) => String::new(),
        };
        let _ = writeln!(out, " {}{place}", plain(rule.rule.as_str()));
        for effect in &rule.examples {
            let _ = writeln!(out, "   {}  {}", when(effect.at, &report.zone), effect.what.line(lang));
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
                Lang::Zh => writeln!(out, "   ✗ {} 次 {first}", reason.times),
                Lang::En => writeln!(out, "   ✗ {} × {first}", reason.times),
            };
        }
    }
    out.push('\n');
}

fn notes(out: &mut String, report: &Report, lang: Lang) {
    if report.notes.is_empty() {
        return;
    }
    let _ = match lang {
        Lang::Zh => writeln!(out, " 要紧的 {} 件事", report.notes.len()),
        Lang::En => writeln!(out, " {} thing(s) to look at", report.notes.len()),
    };
    for (place, note) in report.notes.iter().enumerate() {
        let _ = writeln!(
            out,
            " {}. {}",
            place + 1,
            plain(&note.text(lang, |at| when(at, &report.zone)))
        );
    }
    out.push('\n');
}

/// What still stands on the agenda; a summary folds what recurs.
fn pending(out: &mut String, report: &Report, lang: Lang) {
    const SHOWN: usize = 8;
    let all: Vec<&PendingLine> = report
        .pending
        .iter()
        .filter(|line| !matches!(line.what, PendingWhat::Plan))
        .collect();
    if all.is_empty() {
        return;
    }
    let _ = match lang {
        Lang::Zh => writeln!(out, " 记录之后还有 {} 个定时", all.len()),
        Lang::En => writeln!(out, " {} timer(s) stand after the end", all.len()),
    };
    let shown = if report.show >= Show::Rules { all.len() } else { SHOWN };
    for line in all.iter().take(shown) {
        let _ = writeln!(
            out,
            "   {}  {}",
            when(line.due, &report.zone),
            waits_for(&line.what, lang)
        );
    }
    if all.len() > shown {
        let _ = match lang {
            Lang::Zh => writeln!(out, "   另有 {} 个：--show rules", all.len() - shown),
            Lang::En => writeln!(out, "   {} more: --show rules", all.len() - shown),
        };
    }
    out.push('\n');
}

fn waits_for(what: &PendingWhat, lang: Lang) -> String {
    use crate::community::gathering::Stage;
    match what {
        PendingWhat::Schedule { rule } => plain(rule.as_str()),
        PendingWhat::Carry { rule, people } | PendingWhat::Unanswered { rule, people } => {
            let people = people.join(lang.pick("、", ", "));
            format!("{} {}", plain(rule.as_str()), people)
        }
        PendingWhat::VoteCloses { vote, group } => match lang {
            Lang::Zh => format!("投票 {} 截止（{group}）", plain(vote)),
            Lang::En => format!("vote {} closes ({group})", plain(vote)),
        },
        PendingWhat::Gathering {
            event,
            group,
            day,
            stage,
        } => {
            let stage = match stage {
                Stage::Teased => lang.pick("预告", "is announced"),
                Stage::Reminded => lang.pick("提醒", "is reminded of"),
                Stage::Held => lang.pick("开始", "starts"),
                Stage::Closed => lang.pick("结束", "ends"),
                Stage::Reviewed => lang.pick("复盘", "is reviewed"),
            };
            match lang {
                Lang::Zh => format!("活动 {} {day} {stage}（{group}）", plain(event)),
                Lang::En => format!("event {} of {day} {stage} ({group})", plain(event)),
            }
        }
        PendingWhat::Plan => lang.pick("排日程", "plans ahead").to_owned(),
    }
}

fn losses(out: &mut String, report: &Report, lang: Lang) {
    const SHOWN: usize = 5;
    let losses = &report.losses;
    if losses.unreadable > 0 {
        let _ = match lang {
            Lang::Zh => writeln!(out, " 读不出 {} 行（共 {} 行）", losses.unreadable, losses.lines),
            Lang::En => writeln!(
                out,
                " {} of {} lines could not be read",
                losses.unreadable, losses.lines
            ),
        };
        for bad in losses.named.iter().take(SHOWN) {
            let _ = writeln!(out, "   {}:{}  {}", plain(&bad.file), bad.line, plain(&bad.why));
        }
        if losses.named.len() > SHOWN {
            let more = losses.unreadable - SHOWN as u64;
            let _ = match lang {
                Lang::Zh => writeln!(out, "   另有 {more} 行：--format json"),
                Lang::En => writeln!(out, "   {more} more: --format json"),
            };
        }
    }
    for (word, times) in &losses.set_aside {
        let _ = match lang {
            Lang::Zh => writeln!(out, " 不采用 {times} 行：{word}"),
            Lang::En => writeln!(out, " {times} lines set aside: {word}"),
        };
    }
    if losses.out_of_order > 0 {
        let _ = match lang {
            Lang::Zh => writeln!(out, " {} 行时间倒退，已按时间排好", losses.out_of_order),
            Lang::En => writeln!(
                out,
                " {} lines stood out of order and were sorted by time",
                losses.out_of_order
            ),
        };
    }
    if let Some((file, line)) = &losses.unfinished {
        let _ = match lang {
            Lang::Zh => writeln!(out, " {} 第 {line} 行没有写完（从未被确认），不计", plain(file)),
            Lang::En => writeln!(
                out,
                " {}:{line} is unfinished (never acknowledged) and left out",
                plain(file)
            ),
        };
    }
}

fn honesty(out: &mut String, report: &Report, lang: Lang) {
    let _ = match lang {
        Lang::Zh => writeln!(
            out,
            " 演练不知道的事：群友会不会回应；券会不会被用（按面值计为上限）；网关会不会限频或失败（没有记录的发送都按成功计）。"
        ),
        Lang::En => writeln!(
            out,
            " What a rehearsal cannot know: whether members answer; whether coupons are used (face value is the ceiling);\n whether the gateway throttles or fails (a send without a recorded answer counts as done)."
        ),
    };
    if report.answers_ignored > 0 {
        let _ = match lang {
            Lang::Zh => writeln!(
                out,
                " 录音里有 {} 条发送结果与本次演练无关，未采用。",
                report.answers_ignored
            ),
            Lang::En => writeln!(
                out,
                " {} recorded answers belong to nothing this run asked for.",
                report.answers_ignored
            ),
        };
    }
}

/// Members on the left, the bot indented, what was held back struck with its reason.
fn transcript(out: &mut String, report: &Report, lang: Lang) {
    let several = report.groups.len() > 1;
    let mut date = None;
    for line in &report.lines {
        let local = line.at().in_zone(&report.zone);
        if date != Some(local.date()) {
            date = Some(local.date());
            let weekday = weekday(local.date(), lang);
            let _ = writeln!(out, "{}  # {weekday}", local.date());
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
                let group = match &effect.what {
                    super::effects::Reached::Said { group, .. } if several => format!("〔{}〕", group.name),
                    _ => String::new(),
                };
                let rule = effect
                    .rule
                    .as_ref()
                    .map_or(String::new(), |rule| format!("   # {}", plain(rule.as_str())));
                writeln!(out, "{time}    ▸ {group}{}{rule}", effect.what.line(lang))
            }
            Line::Held {
                rule, person, verdict, ..
            } => {
                let person = person.as_ref().map_or(String::new(), |person| format!(" {person}"));
                let because = because(verdict, lang, &report.zone);
                writeln!(out, "{time}    ✗ {}{person} — {because}", plain(rule.as_str()))
            }
        };
    }
    if !report.lines.is_empty() {
        out.push('\n');
    }
}

/// `周六`, `Sat`.
pub fn weekday(date: jiff::civil::Date, lang: Lang) -> &'static str {
    let place = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    lang.pick(
        ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    )[place]
}
