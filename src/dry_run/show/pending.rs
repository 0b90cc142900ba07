//! What still stands on the agenda after the end.

use std::fmt::Write as _;

use crate::chat::{Fen, Lang};
use crate::community::agenda::{CardTimer, TierTimer};
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
        PendingWhat::Draw { draw, group } => match lang {
            Lang::Zh => format!("抽奖 {} 开奖或领奖截止（{group}）", plain(draw)),
            Lang::En => format!("draw {} is drawn, or its claims end ({group})", plain(draw)),
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
        PendingWhat::SignUpCloses { event, group, day } => match lang {
            Lang::Zh => format!("活动 {} {day} 报名截止（{group}）", plain(event)),
            Lang::En => format!("event {} of {day}: sign-up closes ({group})", plain(event)),
        },
        PendingWhat::PointsExpire => lang
            .pick("没用掉的积分到期", "points that were not spent end")
            .to_owned(),
        PendingWhat::PointsRemind => lang
            .pick("提醒快到期的积分", "who has points that end soon is told")
            .to_owned(),
        PendingWhat::CouponEnds { coupon, people } => {
            let people = people.join(lang.pick("、", ", "));
            match lang {
                Lang::Zh => format!("券 {} 到期提醒 {people}", plain(coupon)),
                Lang::En => format!("coupon {} ends: {people} is reminded", plain(coupon)),
            }
        }
        PendingWhat::Card { card, people, timer } => {
            let (zh, en) = match timer {
                CardTimer::Ending(_) => ("到期提醒", "is reminded that it ends"),
                CardTimer::Ended(_) => ("到期", "has it no longer"),
                CardTimer::Resumes(_) => ("停满自动复卡", "goes on with it"),
            };
            let people = people.join(lang.pick("、", ", "));
            match lang {
                Lang::Zh => format!("会员卡 {} {people} {zh}", plain(card)),
                Lang::En => format!("membership card {}: {people} {en}", plain(card)),
            }
        }
        PendingWhat::SaleFound { order, people } => {
            format!(
                "{} {} → {}",
                lang.pick("订单", "order"),
                plain(order),
                plain(&people.join("、"))
            )
        }
        PendingWhat::Referral { referral, people } => {
            let people = people.join(lang.pick("、", ", "));
            match lang {
                Lang::Zh => format!("邀请 {}：{people} 留满天数", plain(referral)),
                Lang::En => format!("referral {}: {people} has stayed long enough", plain(referral)),
            }
        }
        PendingWhat::Winback { winback, people } => {
            let people = people.join(lang.pick("、", ", "));
            let whom = match people.is_empty() {
                true => lang.pick("找沉默的人", "looks for the silent").to_owned(),
                false => people,
            };
            format!("{} {} {whom}", lang.pick("挽回", "winback"), plain(winback))
        }
        PendingWhat::Tiers(timer) => {
            let (zh, en) = match timer {
                TierTimer::Judge => ("等级评定", "tiers are judged"),
                TierTimer::Month => ("等级当月权益", "the month's benefits of tiers"),
                TierTimer::Cut => ("RFM 分界重算", "RFM is divided anew"),
                TierTimer::Supers => ("超级用户复核", "super users are looked over"),
                TierTimer::Falls(_) | TierTimer::LetGo(_) => ("等级", "tiers"),
            };
            lang.pick(zh, en).to_owned()
        }
        PendingWhat::TierOf { lets_go, people } => {
            let people = people.join(lang.pick("、", ", "));
            match (lets_go, lang) {
                (false, Lang::Zh) => format!("{people} 再不够格就降级"),
                (false, Lang::En) => format!("{people} falls to a lower tier, unless they come up to it"),
                (true, Lang::Zh) => format!("{people} 的定级到期"),
                (true, Lang::En) => format!("{people} is held on a tier no longer"),
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
