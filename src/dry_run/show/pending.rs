//! What still stands on the agenda after the end.

use std::fmt::Write as _;

use crate::chat::{Fen, Lang};
use crate::dry_run::because::when;
use crate::dry_run::effects::plain;
use crate::dry_run::report::pending::{PendingLine, PendingWhat};
use crate::dry_run::report::{Report, Show};

/// Timers that stand, and what each would cost if it were done as things stand. A summary folds all but the first.
pub fn pending(out: &mut String, report: &Report, lang: Lang) {
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
            "   {}  {}{}",
            when(line.due, &report.zone),
            waits_for(&line.what, lang),
            cost(line, lang)
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

fn cost(line: &PendingLine, lang: Lang) -> String {
    match (line.cost, lang) {
        (Fen::ZERO, _) => String::new(),
        (cost, Lang::Zh) => format!("  若执行：¥{cost}"),
        (cost, Lang::En) => format!("  if done: ¥{cost}"),
    }
}

#[allow(clippy::too_many_lines, reason = "one arm a timer: a table")]
fn waits_for(what: &PendingWhat, lang: Lang) -> String {
    use crate::community::gathering::Stage;
    match what {
        PendingWhat::Schedule { rule } => plain(rule.as_str()),
        PendingWhat::Carry { rule, people } | PendingWhat::Unanswered { rule, people } => {
            let people = people.join(lang.pick("、", ", "));
            format!("{} {}", plain(rule.as_str()), people)
        }
        PendingWhat::Question { people, told } => {
            let people = people.join(lang.pick("、", ", "));
            match (lang, told) {
                (Lang::Zh, 0) => format!("{people} 的问题没人回答就告诉店员"),
                (Lang::Zh, 1) => format!("{people} 的问题没人回答就再告诉一次"),
                (Lang::Zh, _) => format!("{people} 的问题没人回答就算了"),
                (Lang::En, 0) => format!("staff are told of {people}'s question"),
                (Lang::En, 1) => format!("others are told of {people}'s question"),
                (Lang::En, _) => format!("{people}'s question is given up"),
            }
        }
        PendingWhat::OfferLapses { answers, people } => {
            let (answers, people) = (answers.join(lang.pick("、", ", ")), people.join(lang.pick("、", ", ")));
            match lang {
                Lang::Zh => format!("给 {people} 列出的答案不再能选（{}）", plain(&answers)),
                Lang::En => format!("what was offered to {people} lapses ({})", plain(&answers)),
            }
        }
        PendingWhat::RemovalLapses { code } => match lang {
            Lang::Zh => format!("移出群友 {} 没人答复就作废", plain(code)),
            Lang::En => format!("removal {} lapses unless staff agree", plain(code)),
        },
        PendingWhat::SurveyCloses { survey, group } => match lang {
            Lang::Zh => format!("问卷 {} 截止（{group}）", plain(survey)),
            Lang::En => format!("survey {} closes ({group})", plain(survey)),
        },
        PendingWhat::QuizCloses { quiz, group } => match lang {
            Lang::Zh => format!("竞答 {} 这一题截止（{group}）", plain(quiz)),
            Lang::En => format!("quiz {}: this question ends ({group})", plain(quiz)),
        },
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
        PendingWhat::CouponEnds { coupon, people } => {
            let people = people.join(lang.pick("、", ", "));
            match lang {
                Lang::Zh => format!("券 {} 到期提醒 {people}", plain(coupon)),
                Lang::En => format!("coupon {} ends: {people} is reminded", plain(coupon)),
            }
        }
        PendingWhat::Linked { people } => {
            let people = people.join(lang.pick("、", ", "));
            match lang {
                Lang::Zh => format!("{people} 的账号关联"),
                Lang::En => format!("the accounts of {people} are linked"),
            }
        }
        PendingWhat::Plan => lang.pick("排日程", "plans ahead").to_owned(),
    }
}
