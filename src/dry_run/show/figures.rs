//! The figures: money first, then what members have to bear, then what came of it.

use std::fmt::Write as _;

use super::guards;
use crate::chat::{Fen, Lang};
use crate::community::liability::Owed;
use crate::dry_run::because::when;
use crate::dry_run::effects::plain;
use crate::dry_run::layout::pad;
use crate::dry_run::report::GatheringCount;
use crate::dry_run::report::caps::{CapKind, CapLine};
use crate::dry_run::report::closing::{ReasonLine, Report};
use crate::dry_run::report::notes::percent;

/// Lines of figures, one subject each.
pub fn figures(out: &mut String, report: &Report, lang: Lang) {
    let mut put = |(zh, en): (&str, &str), first: String, more: Vec<String>| {
        let label = pad(lang.pick(zh, en), lang.pick(10, 16));
        let line = format!(" {label}{}  {}", pad(&first, 12), more.join("   "));
        let _ = writeln!(out, "{}", line.trim_end());
    };
    money(&mut put, report, lang);
    speech(&mut put, report, lang);
    disturbance(&mut put, report, lang);
    outcome(&mut put, report, lang);
    guards::guards(&mut put, report, lang);
    out.push('\n');
}

/// Puts one line: its label in both languages, its figure, and what more there is to say.
pub type Put<'a> = dyn FnMut((&str, &str), String, Vec<String>) + 'a;

/// What membership cards brought, and what they cost.
fn cards(put: &mut Put<'_>, report: &Report, lang: Lang) {
    for card in &report.cards {
        let more = match lang {
            Lang::Zh => format!(
                "{}：开 {} 张、续 {} 次，核 {} 次、成本 ¥{}，最多 ¥{}",
                plain(&card.title),
                card.opened,
                card.renewed,
                card.used,
                card.cost,
                card.ceiling
            ),
            Lang::En => format!(
                "{}: {} opened, {} renewed, used {} times at ¥{}, ¥{} at most",
                plain(&card.title),
                card.opened,
                card.renewed,
                card.used,
                card.cost,
                card.ceiling
            ),
        };
        let uncapped = card
            .uncapped
            .then(|| lang.pick("次数没有上限", "nothing bounds its uses").to_owned());
        let back = (card.back > Fen::ZERO).then(|| match lang {
            Lang::Zh => format!("退 ¥{}", card.back),
            Lang::En => format!("¥{} went back", card.back),
        });
        let more = std::iter::once(more).chain(back).chain(uncapped).collect();
        put(("会员卡收款", "cards brought"), format!("¥{}", card.paid), more);
    }
}

/// What was exchanged for points.
fn exchanged(report: &Report, lang: Lang) -> Option<String> {
    let it = &report.exchanges;
    (!it.is_nothing()).then(|| match lang {
        Lang::Zh => format!(
            "积分兑换 {} 次（交付 {}，取消 {}，成本 ¥{}）",
            it.made, it.handed_out, it.called_off, it.cost
        ),
        Lang::En => format!(
            "{} exchanges of points ({} handed out, {} called off, cost ¥{})",
            it.made, it.handed_out, it.called_off, it.cost
        ),
    })
}

/// What it costs.
pub fn money(put: &mut Put<'_>, report: &Report, lang: Lang) {
    let mut spent: Vec<String> = report
        .coupons
        .iter()
        .map(|it| {
            let given = format!("{} {}×¥{}", plain(&it.title), it.given, it.each);
            match it.taken_back {
                0 => given,
                back => lang.pick(
                    format!("{given}（收回 {back} 张 ¥{}，余 ¥{}）", it.worth_back, it.ceiling),
                    format!("{given} ({back} taken back, ¥{}; ¥{} left)", it.worth_back, it.ceiling),
                ),
            }
        })
        .collect();
    spent.extend(exchanged(report, lang));
    put(("最多花费", "cost at most"), format!("¥{}", report.ceiling), spent);
    cards(put, report, lang);
    if let Some(redeemed) = report.redeemed {
        let (from, to) = (redeemed.assumed.from_percent, redeemed.assumed.to_percent);
        let said = match lang {
            Lang::Zh => format!("按 {from}%～{to}% 的券被使用（这是您的假设，不是演练得出的）"),
            Lang::En => format!("if {from}% to {to}% of coupons are used (your assumption, not a finding)"),
        };
        put(
            ("估计花费", "cost, assumed"),
            format!("¥{}～{}", redeemed.low, redeemed.high),
            vec![said],
        );
    }
    if let Some(runs) = &report.runs {
        let (cost, said) = (runs.cost, runs.said);
        let more = match lang {
            Lang::Zh => vec![
                format!("{} 副骰子：最少、中间、最多", runs.runs),
                format!("发言 {}～{} 条", said.min, said.max),
            ],
            Lang::En => vec![
                format!("least, middle, most of {} runs", runs.runs),
                format!("{} to {} messages", said.min, said.max),
            ],
        };
        put(
            ("靠运气", "by chance"),
            format!("¥{} / ¥{} / ¥{}", cost.min, cost.median, cost.max),
            more,
        );
    }
    owed(put, report, lang);
    for coupon in &report.coupons {
        let (Some(min_spend), Some(turnover), Some(permille)) =
            (coupon.min_spend, coupon.turnover, coupon.discount_permille)
        else {
            continue;
        };
        let permille = percent(u64::try_from(permille).unwrap_or(0));
        let (title, each) = (plain(&coupon.title), coupon.each);
        let said = match lang {
            Lang::Zh => format!("「{title}」满 ¥{min_spend} 减 ¥{each}，全部用掉至少带来这些流水，让利 {permille}"),
            Lang::En => {
                format!("{title}: ¥{each} off ¥{min_spend}; all of them used bring at least this, {permille} off")
            }
        };
        put(("至少流水", "turnover"), format!("¥{turnover}"), vec![said]);
    }
    for cap in &report.caps {
        let (figure, said) = ran_out(cap, report, lang);
        put(("上限用完", "cap ran out"), figure, vec![said]);
    }
}

/// What members have at the end and can still use.
fn owed(put: &mut Put<'_>, report: &Report, lang: Lang) {
    if report.owed.is_empty() {
        return;
    }
    let all = Owed::all(report.owed.iter().map(|line| &line.owed));
    let mut more = vec![lang.pick(format!("{} 张", all.count), format!("{} coupons", all.count))];
    if all.ending > 0 {
        more.push(lang.pick(
            format!("其中当月到期 {} 张 ¥{}", all.ending, all.worth_ending),
            format!("{} of them, ¥{}, end that month", all.ending, all.worth_ending),
        ));
    }
    put(("到头未用", "still out"), format!("¥{}", all.worth), more);
}

fn ran_out(cap: &CapLine, report: &Report, lang: Lang) -> (String, String) {
    let (had, enough) = match (cap.cap, lang) {
        (CapKind::Budget { budget, enough }, _) => (format!("¥{budget}"), format!("¥{enough}")),
        (CapKind::Total { total, enough }, Lang::Zh) => (format!("{total} 张"), format!("{enough} 张")),
        (CapKind::Total { total, enough }, Lang::En) => (total.to_string(), enough.to_string()),
    };
    let (rule, since) = (plain(cap.rule.as_str()), when(cap.since, &report.zone));
    let (people, refused, first) = (cap.people, cap.refused, &cap.first.name);
    let period = match cap.period.as_str() {
        "ever" => lang.pick("一共", "in all").to_owned(),
        period => period.to_owned(),
    };
    let said = match lang {
        Lang::Zh => {
            format!("{rule}（{period}）{since} 用完，{people} 人被拒 {refused} 次，最先是 {first}；{enough} 才够")
        }
        Lang::En => format!(
            "{rule} ({period}) at {since}; {people} people refused {refused} times, {first} first; {enough} would be enough"
        ),
    };
    (had, said)
}

/// How much is said.
pub fn speech(put: &mut Put<'_>, report: &Report, lang: Lang) {
    let speech = &report.speech;
    let mut more = vec![match lang {
        Lang::Zh => format!("占全群 {}", percent(speech.share_permille)),
        Lang::En => format!("{} of all", percent(speech.share_permille)),
    }];
    let daily = format!("{}.{}", speech.per_day_tenths / 10, speech.per_day_tenths % 10);
    more.push(match lang {
        Lang::Zh => format!("每天 {daily} 条"),
        Lang::En => format!("{daily} a day"),
    });
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
    put(("发言", "messages"), count(speech.said, "条", lang), more);
    let night = &speech.night;
    let more = vec![match lang {
        Lang::Zh => format!("答问 {} 条 · 改到早上 {} 条", night.answers, speech.deferred),
        Lang::En => format!("{} answers · {} put off to the morning", night.answers, speech.deferred),
    }];
    put(("夜里主动", "night, unasked"), count(night.others, "条", lang), more);
}

/// What members have to bear.
pub fn disturbance(put: &mut Put<'_>, report: &Report, lang: Lang) {
    let speech = &report.speech;
    let most: Vec<String> = speech
        .most
        .iter()
        .map(|it| {
            let (times, week) = (it.mentions + it.whispers, it.busiest.1);
            match lang {
                Lang::Zh => format!("{} {times}（一周最多 {week}）", it.who.name),
                Lang::En => format!("{} {times} (at most {week} a week)", it.who.name),
            }
        })
        .collect();
    if !most.is_empty() {
        put(("被@最多", "called most"), count(speech.called, "次", lang), most);
    }
    let promo: u64 = speech.weeks.iter().map(|week| week.promo).sum();
    let share = |week: &&crate::dry_run::report::disturbance::Week| (week.promo * 1000).checked_div(week.messages);
    let worst = speech
        .weeks
        .iter()
        .filter(|week| week.promo > 0)
        .rev()
        .max_by_key(share);
    let worst = worst.map(|week| match lang {
        Lang::Zh => format!(
            "占比最高的一周从 {} 起：{}/{} 条（答问不计）",
            week.week, week.promo, week.messages
        ),
        Lang::En => format!(
            "highest share in the week of {}: {}/{} (answers left out)",
            week.week, week.promo, week.messages
        ),
    });
    if let Some(worst) = worst {
        put(("推广", "promotion"), count(promo, "条", lang), vec![worst]);
    }
    if let Some(longest) = &speech.monologue {
        let (from, to) = (when(longest.from, &report.zone), when(longest.to, &report.zone));
        put(
            ("最长独白", "bot alone"),
            count(longest.messages, "条", lang),
            vec![format!("{from} → {to} {}", longest.group)],
        );
    }
    let humans = report.humans;
    if let Some(minutes) = humans.median_minutes {
        let said = match lang {
            Lang::Zh => format!(
                "机器人要接话的 {} 次里，真人半小时内说过话的次数；一半在 {minutes} 分钟内",
                humans.asked
            ),
            Lang::En => format!(
                "of {} answers, a person spoke within half an hour; half of them within {minutes} minutes",
                humans.asked
            ),
        };
        put(
            ("真人当时", "people then"),
            count(humans.answered, "次", lang),
            vec![said],
        );
    }
}

/// `（入选 10 份，落选 13 份）`, where seats went by score.
fn chosen(events: &GatheringCount, lang: Lang) -> String {
    match (events.chosen, events.declined) {
        (0, 0) => String::new(),
        (chosen, declined) => lang.pick(
            format!("（入选 {chosen} 份，落选 {declined} 份）"),
            format!(" ({chosen} chosen, {declined} declined)"),
        ),
    }
}

/// What came of it.
#[allow(clippy::too_many_lines, reason = "one line a subject: a table")]
pub fn outcome(put: &mut Put<'_>, report: &Report, lang: Lang) {
    let (votes, events) = (&report.votes, &report.gatherings);
    let mut more = match lang {
        Lang::Zh => vec![
            format!("接龙 {} 人次{}", events.sign_ups, chosen(events, lang)),
            format!(
                "投票 {} 次（{} 次有结果，{} 票）",
                votes.opened, votes.won, votes.ballots
            ),
            format!("记下生日 {} 次", report.birthdays_told),
        ],
        Lang::En => vec![
            format!("{} sign-ups{}", events.sign_ups, chosen(events, lang)),
            format!("{} votes ({} won, {} ballots)", votes.opened, votes.won, votes.ballots),
            format!("{} birthdays noted", report.birthdays_told),
        ],
    };
    let draws = &report.draws;
    if !draws.is_empty() {
        more.push(match lang {
            Lang::Zh => format!(
                "抽奖 {} 次（{} 次机会，{} 份中奖，领了 {}，作废 {}，奖品 ¥{}）",
                draws.opened, draws.entries, draws.won, draws.claimed, draws.lapsed, draws.worth
            ),
            Lang::En => format!(
                "{} draws ({} chances, {} won, {} claimed, {} lapsed, prizes ¥{})",
                draws.opened, draws.entries, draws.won, draws.claimed, draws.lapsed, draws.worth
            ),
        });
    }
    put(("活动", "events"), count(events.held, "场", lang), more);
    for line in &report.winbacks {
        let (name, it) = (plain(&line.winback), line.outcome);
        let more = match lang {
            Lang::Zh => vec![
                format!("回来 {} 人", it.returned),
                format!("对照组 {} 人，回来 {} 人", it.held_out, it.held_out_returned),
            ],
            Lang::En => vec![
                format!("{} came back", it.returned),
                format!("held out {}, {} of them came back", it.held_out, it.held_out_returned),
            ],
        };
        let sent = match lang {
            Lang::Zh => format!("{name} {} 人", it.sent),
            Lang::En => format!("{name} {}", it.sent),
        };
        put(("挽回", "won back"), sent, more);
    }
    questions(put, report, lang);
    surveys(put, report, lang);
    let reasons = all_reasons(report);
    let held: u64 = reasons.iter().map(|reason| reason.times).sum();
    let more = reasons
        .iter()
        .map(|reason| format!("{} {}", reason.first.label(lang), reason.times))
        .collect();
    put(("拦下", "held back"), count(held, "次", lang), more);
    if report.failed_sends > 0 {
        let said = lang.pick(
            "演练中被网关拒绝，没有送达（不计入发言）",
            "refused by the gateway in this rehearsal; they reached nobody",
        );
        put(
            ("未送达", "not delivered"),
            count(report.failed_sends, "条", lang),
            vec![said.to_owned()],
        );
    }
    if let Some(beyond) = report.projection {
        let said = match lang {
            Lang::Zh => format!(
                "私聊 {} 条 · 券 {} 张 ¥{}（已计入以上各项；记录之后没有群友说话）",
                beyond.whispered, beyond.coupons, beyond.worth
            ),
            Lang::En => format!(
                "{} private · {} coupons ¥{} (counted above; nobody speaks after the recording)",
                beyond.whispered, beyond.coupons, beyond.worth
            ),
        };
        put(("其中推演", "projected"), count(beyond.said, "条", lang), vec![said]);
    }
}

/// Who answered questions, and how soon.
fn questions(put: &mut Put<'_>, report: &Report, lang: Lang) {
    let questions = &report.questions;
    if questions.is_nothing() {
        return;
    }
    let people = questions.by_staff + questions.by_members;
    let average = (questions.waited / people.max(1)).div_ceil(60);
    let longest = questions.longest.div_ceil(60);
    let more = match lang {
        Lang::Zh => vec![
            format!("自动回答 {}", questions.by_bot),
            format!("店员先答 {}，群友先答 {}", questions.by_staff, questions.by_members),
            format!("真人平均 {average} 分钟，最久 {longest} 分钟"),
            format!("提醒店员 {}，升级 {}", questions.told, questions.escalated),
            format!("一直没人答 {}", questions.never),
        ],
        Lang::En => vec![
            format!("{} by the bot", questions.by_bot),
            format!(
                "{} by staff first, {} by members",
                questions.by_staff, questions.by_members
            ),
            format!("people took {average} minutes on average, {longest} at most"),
            format!("staff told {}, others {}", questions.told, questions.escalated),
            format!("{} never answered", questions.never),
        ],
    };
    put(("提问", "questions"), count(questions.asked, "次", lang), more);
}

/// Who was asked, and who won.
fn surveys(put: &mut Put<'_>, report: &Report, lang: Lang) {
    let surveys = &report.surveys;
    if surveys.is_nothing() {
        return;
    }
    let more = match lang {
        Lang::Zh => vec![
            format!("收到 {} 份", surveys.replies),
            format!("竞答 {} 题，{} 人次答对", surveys.questions, surveys.winners),
        ],
        Lang::En => vec![
            format!("{} replies", surveys.replies),
            format!("{} quiz questions, {} won", surveys.questions, surveys.winners),
        ],
    };
    put(("问卷", "surveys"), count(surveys.surveys, "份", lang), more);
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
