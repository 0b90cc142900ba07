//! The first screen of a page: money, disturbance, what matters, and what nobody can know beforehand.

use crate::chat::{Fen, Lang};
use crate::dry_run::because::when;
use crate::dry_run::effects::plain;
use crate::dry_run::report::Report;
use crate::dry_run::report::notes::percent;

/// Things that matter which are shown at once.
const AT_ONCE: usize = 3;

/// The first screen.
pub struct First {
    pub from: String,
    pub to: String,
    /// Where timers ran on after the log.
    pub until: Option<String>,
    pub groups: String,
    pub coupons: Vec<Coupon>,
    pub disturbance: Vec<Figure>,
    pub notes: Vec<String>,
    pub further: Vec<String>,
    pub unknown: Vec<String>,
    pub losses: Vec<String>,
}

/// One kind of coupon.
pub struct Coupon {
    pub title: String,
    pub given: u64,
    pub each: Fen,
    pub ceiling: Fen,
}

/// A figure and what it is.
pub struct Figure {
    pub label: &'static str,
    pub value: String,
    pub more: String,
}

impl First {
    pub fn of(report: &Report, lang: Lang) -> Self {
        let date = |at: crate::chat::Moment| at.date(&report.zone).to_string();
        let mut notes: Vec<String> = report
            .notes
            .iter()
            .map(|note| plain(&note.text(lang, |at| when(at, &report.zone))))
            .collect();
        let further = notes.split_off(notes.len().min(AT_ONCE));
        Self {
            from: date(report.from),
            to: date(report.to),
            until: (date(report.until) > date(report.to)).then(|| date(report.until)),
            groups: groups(report, lang),
            coupons: report
                .coupons
                .iter()
                .map(|coupon| Coupon {
                    title: plain(&coupon.title),
                    given: coupon.given,
                    each: coupon.each,
                    ceiling: coupon.ceiling,
                })
                .collect(),
            disturbance: disturbance(report, lang),
            notes,
            further,
            unknown: unknown(report, lang),
            losses: losses(report, lang),
        }
    }
}

fn groups(report: &Report, lang: Lang) -> String {
    match (report.groups.len(), lang) {
        (0..=3, _) => report.groups.join(lang.pick("、", ", ")),
        (more, Lang::Zh) => format!("{}等 {more} 个群", report.groups[..2].join("、")),
        (more, Lang::En) => format!("{} and {} more groups", report.groups[..2].join(", "), more - 2),
    }
}

fn disturbance(report: &Report, lang: Lang) -> Vec<Figure> {
    let speech = &report.speech;
    let figure = |zh, en, value: String, more: String| Figure {
        label: lang.pick(zh, en),
        value,
        more,
    };
    let mut figures = vec![figure(
        "占全群发言",
        "of all talk",
        percent(speech.share_permille),
        match lang {
            Lang::Zh => format!("群友说了 {} 条", speech.members),
            Lang::En => format!("members said {}", speech.members),
        },
    )];
    if let Some((day, count)) = speech.busiest_day {
        figures.push(figure("最多的一天", "busiest day", count.to_string(), day.to_string()));
    }
    figures.push(figure(
        "夜里主动",
        "at night, unasked",
        speech.night.others.to_string(),
        match lang {
            Lang::Zh => format!("答问 {} 条 · 改到早上 {} 条", speech.night.answers, speech.deferred),
            Lang::En => format!(
                "{} answers · {} put off to the morning",
                speech.night.answers, speech.deferred
            ),
        },
    ));
    figures.push(figure(
        "私聊",
        "private",
        speech.whispered.to_string(),
        match lang {
            Lang::Zh => format!("另告诉店员 {} 条", speech.told_staff),
            Lang::En => format!("and {} to staff", speech.told_staff),
        },
    ));
    let held: u64 = report.rules.iter().map(|rule| rule.held).sum();
    figures.push(figure(
        "拦下",
        "held back",
        held.to_string(),
        lang.pick("每一次都有原因，见规则", "each for a reason, see the rules")
            .to_owned(),
    ));
    figures
}

/// What a rehearsal cannot know.
fn unknown(report: &Report, lang: Lang) -> Vec<String> {
    let mut unknown = lang
        .pick(
            [
                "群友会不会回应：记录是定下来的，演练不替任何人说话。",
                "券会不会被用：按面值全部用掉计，这是上限。",
                "网关会不会限频或失败：没有记录的发送都按成功计。",
            ],
            [
                "Whether members answer: a recording is fixed, and nobody is made to speak.",
                "Whether coupons are used: all count at face value, which is the ceiling.",
                "Whether the gateway throttles or fails: a send without a recorded answer counts as done.",
            ],
        )
        .map(str::to_owned)
        .to_vec();
    if report.answers_ignored > 0 {
        unknown.push(match lang {
            Lang::Zh => format!("录音里有 {} 条发送结果与本次演练无关，未采用。", report.answers_ignored),
            Lang::En => format!(
                "{} recorded answers belong to nothing this run asked for.",
                report.answers_ignored
            ),
        });
    }
    if date_after(report) {
        unknown.push(
            lang.pick(
                "记录结束之后的都是推演：只有定时在走，没有人说话。",
                "After the end of the log only timers run: nobody speaks.",
            )
            .to_owned(),
        );
    }
    unknown
}

fn date_after(report: &Report) -> bool {
    report.until.date(&report.zone) > report.to.date(&report.zone)
}

/// What reading could not use.
fn losses(report: &Report, lang: Lang) -> Vec<String> {
    let losses = &report.losses;
    let mut lines = vec![match lang {
        Lang::Zh => format!("读了 {} 行，读不出 {} 行", losses.lines, losses.unreadable),
        Lang::En => format!("{} lines read, {} of them unreadable", losses.lines, losses.unreadable),
    }];
    lines.extend(
        losses
            .named
            .iter()
            .take(10)
            .map(|bad| format!("{}:{} {}", plain(&bad.file), bad.line, plain(&bad.why))),
    );
    lines.extend(losses.set_aside.iter().map(|(word, times)| match lang {
        Lang::Zh => format!("不采用 {times} 行：{word}"),
        Lang::En => format!("{times} lines set aside: {word}"),
    }));
    if losses.out_of_order > 0 {
        lines.push(match lang {
            Lang::Zh => format!("{} 行时间倒退，已按时间排好", losses.out_of_order),
            Lang::En => format!("{} lines out of order, sorted by time", losses.out_of_order),
        });
    }
    if let Some((file, line)) = &losses.unfinished {
        lines.push(match lang {
            Lang::Zh => format!("{} 第 {line} 行没有写完（从未被确认），不计", plain(file)),
            Lang::En => format!("{}:{line} is unfinished (never acknowledged) and left out", plain(file)),
        });
    }
    if report.duplicates > 0 {
        lines.push(match lang {
            Lang::Zh => format!("重复 {} 条，不计", report.duplicates),
            Lang::En => format!("{} told twice, counted once", report.duplicates),
        });
    }
    lines
}
