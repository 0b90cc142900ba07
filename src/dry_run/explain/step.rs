//! One question in words, with the values that decided.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::trace::Case;
use super::waits_for::waits_for;
use crate::chat::{Lang, Moment};
use crate::community::change::Fact;
use crate::dry_run::amendment::written_length;
use crate::dry_run::because::period_zh;
use crate::dry_run::effects::plain;
use crate::dry_run::terms;
use crate::engine::Asked;
use crate::engine::probe::Step;
use crate::playbook::Part;
use crate::playbook::guard::short_of;

/// What was asked and what the answer was.
pub fn text(step: &Step, case: &Case, lang: Lang) -> String {
    let zone = &case.house.zone;
    let said = match lang {
        Lang::Zh => in_chinese(&step.asked, (case, step.passed), zone),
        Lang::En => in_english(&step.asked, (case, step.passed), zone),
    };
    match &step.person {
        Some(person) if step.person != case.key.person => format!("{said}（{}）", plain(person.wire())),
        _ => said,
    }
}

/// A moment with its date and its year.
pub fn whole(at: Moment, zone: &TimeZone) -> String {
    at.in_zone(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn wanted(case: &Case, lang: Lang) -> String {
    case.written
        .as_ref()
        .map_or_else(String::new, |rule| waits_for(&rule.on, lang))
}

#[allow(clippy::too_many_lines, reason = "one arm a question: a table")]
fn in_chinese(asked: &Asked, (case, passed): (&Case, bool), zone: &TimeZone) -> String {
    match asked {
        Asked::Plays => "剧本在这个群里生效（groups）".to_owned(),
        Asked::Trigger if passed => format!("触发：{}", wanted(case, Lang::Zh)),
        Asked::Trigger => format!("触发：它等的是 {}，这里是另一种事", wanted(case, Lang::Zh)),
        Asked::Mark { had, has, mark } => match mark {
            Some(mark) if passed => format!("够数：从 {} 到 {}，过了 {}", figure(had), figure(has), figure(mark)),
            Some(mark) => format!(
                "够数：有 {}，下一档 {}，差 {}",
                figure(has),
                figure(mark),
                short(has, mark)
            ),
            None => format!("够数：有 {}，最高一档早就过了", figure(has)),
        },
        Asked::Place => "在它听的地方说的（群里或私聊）".to_owned(),
        Asked::Called => "@ 了机器人".to_owned(),
        Asked::Question => "是一句问话（question）".to_owned(),
        Asked::Quotes => "引用了机器人说过的话（reply）".to_owned(),
        Asked::Words if passed => "话对得上".to_owned(),
        Asked::Words => format!("话对得上：它等的是 {}", wanted(case, Lang::Zh)),
        Asked::From => "说话的人对得上（from）".to_owned(),
        Asked::Customer => "不是店员".to_owned(),
        Asked::On => "规则没有停用（off）".to_owned(),
        Asked::First { answered: by } => format!("没有别的规则抢先回应：{by} 已经回应（stop）"),
        Asked::Opening { only: None } => "在它的时段里".to_owned(),
        Asked::Opening { only: Some(only) } => format!("在它的时段里：只在 {only}"),
        Asked::InTime { by, allowed } if by.as_secs() == 0 => {
            format!("及时，最多可晚 {}", written_length(*allowed))
        }
        Asked::InTime { by, allowed } => {
            format!("及时：晚了 {}，最多可晚 {}", roughly(*by), written_length(*allowed))
        }
        Asked::Condition {
            condition,
            parts,
            unsaid,
        } => {
            let alone = alone(parts, Lang::Zh);
            match unsaid {
                Some(why) => format!("条件 {}：算不出来（{}）", plain(condition), plain(why)),
                None => format!("条件 {}{alone}", plain(condition)),
            }
        }
        Asked::Alike { answer, score, needs } if answer.is_empty() => {
            format!("有相近的答案：最近的 {score} 分，至少要 {needs} 分")
        }
        Asked::Alike { answer, score, needs } => {
            format!("和答案「{}」相近：{score} 分，{needs} 分就直接回答", plain(answer))
        }
        Asked::Known => "知道是谁（按人计次；导入的记录丢了名字）".to_owned(),
        Asked::Cooldown { fired_at, length } => match fired_at {
            None => format!("冷却 {}：还没有发过", written_length(*length)),
            Some(at) => format!(
                "冷却 {}：{} 发过，到 {} 为止",
                written_length(*length),
                whole(*at, zone),
                whole(at.plus(*length), zone)
            ),
        },
        Asked::Limit { count, most, period } => format!("次数：{}已经 {count} 次，最多 {most} 次", period_zh(period)),
        Asked::Window { until, shared_by } => {
            format!("等到 {}（到此 {shared_by} 人一起）", whole(*until, zone))
        }
        Asked::Newcomer => "不在已经等着的那一批里".to_owned(),
        Asked::Present { of, here } => format!("还在群里：{of} 人里还有 {here} 人"),
        Asked::Somebody => "有人（或有群）可说".to_owned(),
        Asked::Inside => "机器人还在群里".to_owned(),
        Asked::PerPerson {
            coupon,
            count,
            most,
            period,
        } => {
            format!("券 {coupon} 每人：{}已经 {count} 张，最多 {most} 张", period_zh(period))
        }
        Asked::Piece { column, said, of } => format!("栏目 {column}：{of} 篇里说过 {said} 篇"),
        Asked::Pool { coupon, given, most } => format!("券 {coupon} 的券码：已发 {given} 个，文件里 {most} 个"),
        Asked::Stock {
            coupon,
            given,
            most,
            period,
        } => {
            format!("券 {coupon} 总数：{}已发 {given} 张，最多 {most} 张", period_zh(period))
        }
        Asked::Budget {
            coupon,
            spent,
            worth,
            budget,
            period,
        } => format!(
            "券 {coupon} 额度：{}已用 ¥{spent} + ¥{worth} ≤ ¥{budget}",
            period_zh(period)
        ),
        Asked::Points { has, needs } => format!("积分够：有 {has}，要 {needs}"),
        Asked::InHand { coupon } => format!("手里有能收回的券 {coupon}"),
        Asked::Open {
            name,
            until: Some(until),
        } => format!("{name} 开着，到 {}", whole(*until, zone)),
        Asked::Open { name, until: None } => format!("{name} 没有开着"),
        Asked::Removable { until: None } => "可以移出：不是店员".to_owned(),
        Asked::Removable { until: Some(until) } => format!("没有在问：已在等店员同意，到 {}", whole(*until, zone)),
        Asked::NewsToStaff { until: None } => "店员还没听过这句提醒".to_owned(),
        Asked::NewsToStaff { until: Some(until) } => format!("店员刚听过这句提醒，到 {} 才再说", whole(*until, zone)),
        Asked::Wording { unsaid } => {
            let why = unsaid
                .as_deref()
                .map_or_else(String::new, |why| format!("：{}", plain(why)));
            format!("话写得出来{why}")
        }
        Asked::Quiet { until } => match until {
            None => "不在夜间".to_owned(),
            Some(until) => format!("夜间：改到 {} 才说", whole(*until, zone)),
        },
        Asked::GroupDay { told, limit } => format!("这个群当天已说 {told} 条，上限 {limit} 条"),
        Asked::Promo {
            promo,
            messages,
            one_in,
        } => {
            format!("七天 {messages} 条里有 {promo} 条推广，每 {one_in} 条最多 1 条")
        }
        Asked::Listens => "没有退订".to_owned(),
        Asked::Mentions { mentions, limit } => format!("当天已 @ {mentions} 次，上限 {limit} 次"),
        Asked::Guard(breach) => format!("守卫「{}」：{}", plain(short_of(&breach.guard)), breach.said(Lang::Zh)),
        Asked::Released { guard, since } => format!(
            "剧本没有被暂停：守卫「{}」从 {} 起暂停了它，等店员放行",
            plain(short_of(guard)),
            whole(*since, zone)
        ),
        Asked::Otherwise => "没给成，改说 otherwise".to_owned(),
        Asked::Requested(what) => format!("要的是：{}", terms::request(what, Lang::Zh)),
        Asked::Term(term) => terms::term(term, Lang::Zh, zone),
        Asked::Written => "剧本里还写着它".to_owned(),
        Asked::Agreed { declined_by: Some(by) } => format!("店员同意：{} 拒绝了", plain(by.wire())),
        Asked::Agreed { declined_by: None } => "店员同意：没有人及时答复".to_owned(),
        Asked::Capability { needs } => {
            let (what, instead) = (needs.said(Lang::Zh), needs.instead(Lang::Zh));
            format!("网关做得到：{what}（做不到时：{instead}）")
        }
    }
}

#[allow(clippy::too_many_lines, reason = "one arm a question: a table")]
fn in_english(asked: &Asked, (case, passed): (&Case, bool), zone: &TimeZone) -> String {
    match asked {
        Asked::Plays => "its playbook plays in this group (groups)".to_owned(),
        Asked::Trigger if passed => format!("trigger: {}", wanted(case, Lang::En)),
        Asked::Trigger => format!(
            "trigger: it waits until {}; this is something else",
            wanted(case, Lang::En)
        ),
        Asked::Mark { had, has, mark } => match mark {
            Some(mark) if passed => format!("mark: from {} to {}, over {}", figure(had), figure(has), figure(mark)),
            Some(mark) => format!("mark: {} of {}, {} short", figure(has), figure(mark), short(has, mark)),
            None => format!("mark: {}, the highest was reached long ago", figure(has)),
        },
        Asked::Place => "said where it listens (in the group, in private)".to_owned(),
        Asked::Called => "the bot was called by name".to_owned(),
        Asked::Question => "it is a question (question)".to_owned(),
        Asked::Quotes => "it quotes something the bot said (reply)".to_owned(),
        Asked::Words if passed => "the words match".to_owned(),
        Asked::Words => format!("the words match: it waits until {}", wanted(case, Lang::En)),
        Asked::From => "this person may say it (from)".to_owned(),
        Asked::Customer => "not staff".to_owned(),
        Asked::On => "not switched off (off)".to_owned(),
        Asked::First { answered: by } => format!("no other rule answered first: {by} did (stop)"),
        Asked::Opening { only: None } => "in its hours and days".to_owned(),
        Asked::Opening { only: Some(only) } => format!("in its hours and days: only {only}"),
        Asked::InTime { by, allowed } if by.as_secs() == 0 => {
            format!("in time, {} late allowed", written_length(*allowed))
        }
        Asked::InTime { by, allowed } => {
            format!(
                "in time: late by {}, {} allowed",
                roughly(*by),
                written_length(*allowed)
            )
        }
        Asked::Condition {
            condition,
            parts,
            unsaid,
        } => {
            let alone = alone(parts, Lang::En);
            match unsaid {
                Some(why) => format!("if {}: cannot be made out ({})", plain(condition), plain(why)),
                None => format!("if {}{alone}", plain(condition)),
            }
        }
        Asked::Alike { answer, score, needs } if answer.is_empty() => {
            format!("an answer is near: the nearest by {score}, {needs} needed")
        }
        Asked::Alike { answer, score, needs } => {
            format!("near to the answer `{}`: {score}, given from {needs} on", plain(answer))
        }
        Asked::Known => "it is known who it is (it counts by person; the imported log has lost the name)".to_owned(),
        Asked::Cooldown { fired_at, length } => match fired_at {
            None => format!("cooldown {}: never fired yet", written_length(*length)),
            Some(at) => format!(
                "cooldown {}: fired {}, until {}",
                written_length(*length),
                whole(*at, zone),
                whole(at.plus(*length), zone)
            ),
        },
        Asked::Limit { count, most, period } => format!("limit: {count} times in {period}, {most} allowed"),
        Asked::Window { until, shared_by } => {
            format!("waits until {} ({shared_by} people so far)", whole(*until, zone))
        }
        Asked::Newcomer => "not among those who wait already".to_owned(),
        Asked::Present { of, here } => format!("still in the group: {here} of {of}"),
        Asked::Somebody => "there is somebody (or a group) to say it to".to_owned(),
        Asked::Inside => "the bot is in the group".to_owned(),
        Asked::PerPerson {
            coupon,
            count,
            most,
            period,
        } => {
            format!("coupon {coupon} per person: {count} in {period}, {most} allowed")
        }
        Asked::Piece { column, said, of } => format!("column {column}: {said} of {of} pieces said"),
        Asked::Pool { coupon, given, most } => format!("codes of coupon {coupon}: {given} given, {most} in the file"),
        Asked::Stock {
            coupon,
            given,
            most,
            period,
        } => {
            format!("coupon {coupon} in all: {given} in {period}, {most} allowed")
        }
        Asked::Budget {
            coupon,
            spent,
            worth,
            budget,
            period,
        } => {
            format!("coupon {coupon} budget: ¥{spent} + ¥{worth} ≤ ¥{budget} in {period}")
        }
        Asked::Points { has, needs } => format!("points: {has} of {needs}"),
        Asked::InHand { coupon } => format!("has a coupon {coupon} that can be taken back"),
        Asked::Open {
            name,
            until: Some(until),
        } => format!("{name} is open until {}", whole(*until, zone)),
        Asked::Open { name, until: None } => format!("{name} is not open"),
        Asked::Removable { until: None } => "may be removed: not one of the staff".to_owned(),
        Asked::Removable { until: Some(until) } => {
            format!("not asked about yet: staff have until {} to agree", whole(*until, zone))
        }
        Asked::NewsToStaff { until: None } => "these words are news to staff".to_owned(),
        Asked::NewsToStaff { until: Some(until) } => {
            format!(
                "staff heard these words a moment ago; not again until {}",
                whole(*until, zone)
            )
        }
        Asked::Wording { unsaid } => {
            let why = unsaid
                .as_deref()
                .map_or_else(String::new, |why| format!(": {}", plain(why)));
            format!("its words can be made out{why}")
        }
        Asked::Quiet { until } => match until {
            None => "not in quiet hours".to_owned(),
            Some(until) => format!("quiet hours: said at {} only", whole(*until, zone)),
        },
        Asked::GroupDay { told, limit } => format!("the group heard {told} messages that day, {limit} allowed"),
        Asked::Promo {
            promo,
            messages,
            one_in,
        } => {
            format!("{promo} promotions in {messages} messages over seven days, one in {one_in} allowed")
        }
        Asked::Listens => "has not opted out".to_owned(),
        Asked::Mentions { mentions, limit } => format!("called {mentions} times that day, {limit} allowed"),
        Asked::Guard(breach) => format!("guard “{}”: {}", plain(short_of(&breach.guard)), breach.said(Lang::En)),
        Asked::Released { guard, since } => format!(
            "its playbook is not paused: the guard “{}” paused it at {}, until staff release it",
            plain(short_of(guard)),
            whole(*since, zone)
        ),
        Asked::Otherwise => "refused; `otherwise` is said instead".to_owned(),
        Asked::Requested(what) => format!("asked: {}", terms::request(what, Lang::En)),
        Asked::Term(term) => terms::term(term, Lang::En, zone),
        Asked::Written => "it still stands in the playbooks".to_owned(),
        Asked::Agreed { declined_by: Some(by) } => format!("staff agree: {} declined", plain(by.wire())),
        Asked::Agreed { declined_by: None } => "staff agree: nobody answered in time".to_owned(),
        Asked::Capability { needs } => {
            let (what, instead) = (needs.said(Lang::En), needs.instead(Lang::En));
            format!("the gateway can {what} (where it cannot: {instead})")
        }
    }
}

/// A number, or an amount.
fn figure(figure: &Fact) -> String {
    match figure {
        Fact::Money(amount) => format!("¥{amount}"),
        Fact::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// By how much a figure falls short of a mark.
fn short(has: &Fact, mark: &Fact) -> String {
    match (has, mark) {
        (Fact::Money(has), Fact::Money(mark)) => figure(&Fact::Money(*mark - *has)),
        (Fact::Number(has), Fact::Number(mark)) => mark.saturating_sub(*has).to_string(),
        _ => String::new(),
    }
}

/// The parts of a condition that has several, a line each: `person.orders >= 3：1 ≥ 3 ✗ 差 2`.
pub fn parts(step: &Step, lang: Lang) -> Vec<String> {
    let Asked::Condition { parts, .. } = &step.asked else {
        return Vec::new();
    };
    if parts.len() < 2 {
        return Vec::new();
    }
    let line = |(place, part): (usize, &Part)| {
        let joined = match (place, part.or) {
            (0, _) => "",
            (_, true) => lang.pick("或 ", "or "),
            (_, false) => lang.pick("且 ", "and "),
        };
        let mark = match part.holds {
            Some(true) => '✓',
            Some(false) => '✗',
            None => '?',
        };
        format!("{mark} {joined}{}{}", plain(&part.text), came_to(part, lang))
    };
    parts.iter().enumerate().map(line).collect()
}

/// What a condition of one part came to.
fn alone(parts: &[Part], lang: Lang) -> String {
    match parts {
        [part] => came_to(part, lang),
        _ => String::new(),
    }
}

fn came_to(part: &Part, lang: Lang) -> String {
    let mut text = String::new();
    if !part.values.is_empty() {
        text.push_str(lang.pick("：", ": "));
        text.push_str(&plain(&part.values));
    }
    if let Some(short) = &part.short_by {
        text.push_str(&lang.pick(format!("，差 {short}"), format!(", off by {short}")));
    }
    text
}

fn roughly(length: Duration) -> String {
    if length.as_secs() < 60 {
        return format!("{}s", length.as_secs());
    }
    written_length(Duration::from_secs(length.as_secs() / 60 * 60))
}
