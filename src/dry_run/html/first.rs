//! The first screen of a page: money, disturbance, what matters, and what nobody can know beforehand.

use crate::chat::{Fen, Lang};
use crate::dry_run::because::when;
use crate::dry_run::effects::plain;
use crate::dry_run::report::Report;
use crate::dry_run::show::{figures, guards, losses};

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
    /// What more there is to say of money.
    pub money: Vec<Figure>,
    pub disturbance: Vec<Figure>,
    pub notes: Vec<String>,
    pub further: Vec<String>,
    pub unknown: Vec<&'static str>,
    pub ignored: Option<String>,
    pub losses: Vec<String>,
}

/// One kind of coupon.
pub struct Coupon {
    pub title: String,
    pub given: u64,
    pub taken_back: u64,
    pub each: Fen,
    pub ceiling: Fen,
}

/// A figure and what it is.
pub struct Figure {
    pub label: String,
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
                    taken_back: coupon.taken_back,
                    each: coupon.each,
                    ceiling: coupon.ceiling,
                })
                .collect(),
            money: figures(report, lang, &[figures::money]).split_off(1),
            disturbance: figures(
                report,
                lang,
                &[figures::speech, figures::disturbance, figures::outcome, guards::guards],
            ),
            notes,
            further,
            unknown: losses::unknown(report, lang),
            ignored: losses::ignored(report, lang),
            losses: read(report, lang),
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

/// The lines of figures a terminal shows too; the first of each stands large above them.
fn figures(report: &Report, lang: Lang, each: &[fn(&mut figures::Put<'_>, &Report, Lang)]) -> Vec<Figure> {
    let mut rows = Vec::new();
    let mut put = |(zh, en): (&str, &str), value: String, more: Vec<String>| {
        let (label, more) = (lang.pick(zh, en).to_owned(), more.join(" · "));
        rows.push(Figure { label, value, more });
    };
    each.iter().for_each(|lines| lines(&mut put, report, lang));
    rows
}

/// What reading could not use.
fn read(report: &Report, lang: Lang) -> Vec<String> {
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
