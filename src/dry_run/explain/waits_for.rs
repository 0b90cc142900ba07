//! What a rule waits for and what it is held to, in a few words. Matched exhaustively: a new trigger or a new key of a
//! rule does not build until it is worded here.

use crate::calendar::{SpecialDay, weekday};
use crate::chat::{JoinedHow, Lang};
use crate::dry_run::amendment::written_length;
use crate::dry_run::effects::plain;
use crate::engine::probe::Stage;
use crate::playbook::trigger::{
    Anniversary, Answerer, From, Heard, Inviter, Lacking, Place, Reaches, Silent, Since, Text, Timetable, Unanswered,
    Which,
};
use crate::playbook::{Effect, House, Period, Rule, Scope, Trigger};

/// What a rule waits for.
pub fn waits_for(on: &[Trigger], lang: Lang) -> String {
    let all: Vec<String> = on.iter().map(|trigger| one(trigger, lang)).collect();
    all.join(lang.pick(" 或 ", " or "))
}

fn one(trigger: &Trigger, lang: Lang) -> String {
    match trigger {
        Trigger::Joined { how, by } => {
            let how = how.map_or("", |how| match how {
                JoinedHow::Invited => lang.pick("（受邀请）", " (invited)"),
                JoinedHow::Scanned => lang.pick("（扫码）", " (by code)"),
                JoinedHow::Approved => lang.pick("（经批准）", " (approved)"),
                JoinedHow::Unknown => "",
            });
            let by = by.as_ref().map_or_else(String::new, |by| invited_by(by, lang));
            format!("{}{how}{by}", lang.pick("进群", "somebody joins"))
        }
        Trigger::Left => lang.pick("退群", "somebody leaves").to_owned(),
        Trigger::Renamed => lang.pick("群改名", "the group is renamed").to_owned(),
        Trigger::CardChanged => lang.pick("改名片", "a card changes").to_owned(),
        Trigger::Message(heard) => message(heard, lang),
        Trigger::OrderPaid(which) => match which {
            Which::Any => lang.pick("下单", "an order is paid"),
            Which::First => lang.pick("第一次下单", "somebody's first order is paid"),
            Which::Repeat => lang.pick("再次下单", "an order is paid that is not the first"),
        }
        .to_owned(),
        Trigger::Refunded => lang.pick("退款", "a refund").to_owned(),
        Trigger::Birthday { at, before } => match (before, lang) {
            (0, Lang::Zh) => format!("生日当天 {}", clock(*at)),
            (0, Lang::En) => format!("a birthday, at {}", clock(*at)),
            (days, Lang::Zh) => format!("生日前 {days} 天 {}", clock(*at)),
            (days, Lang::En) => format!("{days} days before a birthday, at {}", clock(*at)),
        },
        Trigger::Anniversary(day) => anniversary(day, lang),
        Trigger::Silent(silent) => silence(*silent, lang),
        Trigger::Unanswered(question) => unanswered(question, lang),
        Trigger::Reaches(marks) => reaches(marks, lang),
        Trigger::At(table) => timetable(table, lang),
        Trigger::Fact { fact, of } => match of {
            Some(of) => format!("{} {of}", fact.word()),
            None => fact.word().to_owned(),
        },
    }
}

fn silence(silent: Silent, lang: Lang) -> String {
    let Silent { of, days, at } = silent;
    let of = match of {
        Lacking::Words => lang.pick("没说话", "nothing said"),
        Lacking::Orders => lang.pick("没下单", "nothing bought"),
    };
    let at = clock(at);
    lang.pick(
        format!("{days} 天{of}，{at} 看"),
        format!("{of} for {days} days, looked for at {at}"),
    )
}

fn unanswered(question: &Unanswered, lang: Lang) -> String {
    let Unanswered { heard, after, by } = question;
    let length = written_length(*after);
    let by = match by {
        Answerer::Staff => lang.pick("店员", "staff"),
        Answerer::Anyone => lang.pick("任何人", "anyone"),
    };
    let asked = message(heard, lang);
    lang.pick(
        format!("{asked}，{length} 没有{by}回答"),
        format!("{asked} and has no answer of {by} for {length}"),
    )
}

fn reaches(marks: &Reaches, lang: Lang) -> String {
    match marks {
        Reaches::Orders(marks) => {
            let marks = marks.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
            lang.pick(format!("满 {marks} 单"), format!("order number {marks}"))
        }
        Reaches::Spend(marks) => {
            let marks = marks.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
            lang.pick(format!("累计满 {marks} 元"), format!("{marks} yuan spent in all"))
        }
        Reaches::Points(marks) => {
            let marks = marks.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
            lang.pick(format!("积分满 {marks}"), format!("points come to {marks}"))
        }
    }
}

fn invited_by(by: &Inviter, lang: Lang) -> String {
    let by = match by {
        Inviter::Anyone => lang.pick("有人", "somebody").to_owned(),
        Inviter::Staff => lang.pick("店员", "staff").to_owned(),
        Inviter::Member => lang.pick("群友", "a member").to_owned(),
        Inviter::Named(names) => names.iter().map(|name| plain(name)).collect::<Vec<_>>().join("/"),
    };
    lang.pick(format!("（{by} 邀请的）"), format!(" (invited by {by})"))
}

fn anniversary(day: &Anniversary, lang: Lang) -> String {
    let Anniversary { of, at, before, years } = day;
    let of = match of {
        Since::Joining => lang.pick("入群周年", "the anniversary of joining"),
        Since::FirstOrder => lang.pick("首单周年", "the anniversary of the first order"),
    };
    let years: Vec<String> = years.iter().map(ToString::to_string).collect();
    let years = match (years.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("（第 {} 年）", years.join("、")),
        (false, Lang::En) => format!(" (year {})", years.join(", ")),
    };
    let (at, days) = (clock(*at), days_before(i32::from(*before), lang));
    lang.pick(format!("{of}{years}{days} {at}"), format!("{days}{of}{years}, at {at}"))
}

fn days_before(days: i32, lang: Lang) -> String {
    match (days, lang) {
        (0, _) => String::new(),
        (1.., Lang::Zh) => format!("前 {days} 天"),
        (_, Lang::Zh) => format!("后 {} 天", -days),
        (1.., Lang::En) => format!("{days} days before "),
        (_, Lang::En) => format!("{} days after ", -days),
    }
}

fn message(heard: &Heard, lang: Lang) -> String {
    let place = match heard.place {
        Place::Group => "",
        Place::Private => lang.pick("私聊里", "in private, "),
        Place::Anywhere => lang.pick("群里或私聊里", "anywhere, "),
    };
    let from = match heard.from {
        From::Member => lang.pick("群友", "a member "),
        From::Staff => lang.pick("店员", "staff "),
        From::Anyone => lang.pick("有人", "somebody "),
    };
    let asks = if heard.question {
        lang.pick("（要是问话）", " (a question)")
    } else {
        ""
    };
    let quotes = if heard.reply {
        lang.pick("引用机器人并", "quotes the bot and ")
    } else {
        ""
    };
    let called = if heard.mention {
        lang.pick(" @ 机器人并", "calls the bot and ")
    } else {
        ""
    };
    let listed = |words: &[String]| {
        let quoted: Vec<String> = words
            .iter()
            .map(|word| lang.pick(format!("「{}」", plain(word)), format!("\"{}\"", plain(word))))
            .collect();
        quoted.join("/")
    };
    let says = match &heard.text {
        Text::Anything => lang.pick("说话".to_owned(), "says anything".to_owned()),
        Text::Is(words) => lang.pick(format!("说{}", listed(words)), format!("says {}", listed(words))),
        Text::Contains(words) => lang.pick(
            format!("的话里有{}", listed(words)),
            format!("says something with {}", listed(words)),
        ),
        Text::Matches(regex) => lang.pick(
            format!("的话符合 /{}/", plain(regex.as_str())),
            format!("says something like /{}/", plain(regex.as_str())),
        ),
    };
    format!("{place}{from}{quotes}{called}{says}{asks}")
}

fn timetable(table: &Timetable, lang: Lang) -> String {
    match table {
        Timetable::Daily { at } => lang.pick(format!("每天 {}", clock(*at)), format!("every day at {}", clock(*at))),
        Timetable::Weekly { days, at } => {
            let called = |(zh, en)| lang.pick(zh, en);
            let days: Vec<&str> = days.iter().map(|day| called(weekday::called(*day))).collect();
            let days = days.join(lang.pick("、", ", "));
            lang.pick(format!("每{days} {}", clock(*at)), format!("{days} at {}", clock(*at)))
        }
        Timetable::Monthly { day, at } => lang.pick(
            format!("每月 {day} {}", clock(*at)),
            format!("every month on {day} at {}", clock(*at)),
        ),
        Timetable::Every { days, from, at } => lang.pick(
            format!("从 {from} 起每 {days} 天 {}", clock(*at)),
            format!("every {days} days from {from}, at {}", clock(*at)),
        ),
        Timetable::Special { days, before, at } => {
            let days: Vec<String> = days.iter().map(|day| special(*day, lang)).collect();
            let days = days.join(lang.pick("、", ", "));
            let (at, before) = (clock(*at), days_before(i32::from(*before), lang));
            lang.pick(format!("{days}{before} {at}"), format!("{before}{days}, at {at}"))
        }
        Timetable::Cron(schedule) => format!("cron {schedule}"),
    }
}

fn special(day: SpecialDay, lang: Lang) -> String {
    match day {
        SpecialDay::Festival(festival) => lang.pick(festival.in_chinese(), festival.in_english()).to_owned(),
        SpecialDay::SolarTerm => lang.pick("节气", "a solar term").to_owned(),
        SpecialDay::HolidayBegins => lang.pick("放假第一天", "the first day off").to_owned(),
        SpecialDay::HolidayEnds => lang.pick("放假最后一天", "the last day off").to_owned(),
        SpecialDay::MakeUpWorkday => lang.pick("补班日", "a make-up workday").to_owned(),
    }
}

fn clock(at: jiff::civil::Time) -> String {
    crate::dry_run::stories::clock_time(at)
}

/// What a rule is held to, by the stage it is asked at: for naming what was not looked at.
pub fn held_to(rule: &Rule, house: &House, lang: Lang) -> Vec<(Stage, String)> {
    let Rule {
        name: _,
        was: _,
        line: _,
        file: _,
        kind,
        off: _,
        on: _,
        condition,
        gather,
        after,
        late: _,
        opening,
        // Whether another rule answers first is not in this one.
        priority: _,
        stop: _,
        cooldown,
        limit,
        then,
        otherwise: _,
    } = rule;
    let mut held = Vec::new();
    let mut put = |stage, zh: String, en: String| held.push((stage, lang.pick(zh, en)));
    for only in opening.written() {
        put(Stage::Late, format!("只在 {only}"), format!("only {only}"));
    }
    if let Some(condition) = condition {
        let text = plain(condition.source());
        put(Stage::Condition, format!("条件 {text}"), format!("if {text}"));
    }
    if let Some(cooldown) = cooldown {
        let length = written_length(cooldown.length);
        put(Stage::Bounds, format!("冷却 {length}"), format!("cooldown {length}"));
    }
    if let Some(limit) = limit {
        let (count, period) = (limit.count, period(limit.period, lang));
        put(
            Stage::Bounds,
            format!("{period}最多 {count} 次（{}）", scope(limit.scope, lang)),
            format!("at most {count} {period} ({})", scope(limit.scope, lang)),
        );
    }
    if let Some(gather) = gather {
        let length = written_length(*gather);
        put(Stage::Window, format!("合并 {length}"), format!("gather {length}"));
    }
    if let Some(after) = after {
        let length = written_length(*after);
        put(Stage::Window, format!("延后 {length}"), format!("after {length}"));
    }
    held.extend(then.iter().filter_map(|effect| by_effect(effect, lang)));
    let speaks = then.iter().any(|effect| matches!(effect, Effect::Say { .. }));
    if speaks && *kind != crate::chat::Kind::Service {
        held.extend(by_manners(house, lang));
    }
    held
}

/// What an effect itself needs before it happens.
fn by_effect(effect: &Effect, lang: Lang) -> Option<(Stage, String)> {
    let (zh, en) = match effect {
        Effect::Give { coupon } => (format!("券 {coupon} 的限制"), format!("limits of coupon {coupon}")),
        Effect::Take { coupon } => (format!("手里有券 {coupon}"), format!("a coupon {coupon} in hand")),
        Effect::Points(award) if award.amount < 0 && !award.below_zero => {
            let needs = award.amount.saturating_neg();
            (format!("积分 {needs}"), format!("{needs} points"))
        }
        Effect::OpenVote { vote } => (format!("投票 {vote} 没有开着"), format!("vote {vote} not open")),
        Effect::CloseVote { vote } => (format!("投票 {vote} 开着"), format!("vote {vote} open")),
        Effect::OpenDraw { draw } => (format!("抽奖 {draw} 没有开着"), format!("draw {draw} not open")),
        Effect::CloseDraw { draw } => (format!("抽奖 {draw} 开着"), format!("draw {draw} open")),
        Effect::OpenSurvey { survey } => (format!("问卷 {survey} 没有开着"), format!("survey {survey} not open")),
        Effect::CloseSurvey { survey } => (format!("问卷 {survey} 开着"), format!("survey {survey} open")),
        Effect::OpenQuiz { quiz } => (format!("竞答 {quiz} 没有开着"), format!("quiz {quiz} not open")),
        Effect::CloseQuiz { quiz } => (format!("竞答 {quiz} 开着"), format!("quiz {quiz} open")),
        Effect::OpenEvent { event, .. } => (format!("活动 {event} 没有开着"), format!("event {event} not open")),
        Effect::CloseEvent { event } => (format!("活动 {event} 开着"), format!("event {event} open")),
        Effect::Kick { within: Some(_), .. } => ("店员同意移出".to_owned(), "the staff's consent".to_owned()),
        Effect::Say { .. }
        | Effect::Kick { .. }
        | Effect::Call { .. }
        | Effect::Piece { .. }
        | Effect::Alert { .. }
        | Effect::Points(_)
        | Effect::MakeUp { .. }
        | Effect::Card { .. }
        | Effect::Set { .. }
        | Effect::Remember
        | Effect::Tag { .. }
        | Effect::Untag { .. }
        | Effect::RenameGroup { .. }
        | Effect::SetCard { .. }
        | Effect::Recall => return None,
    };
    Some((Stage::Coupon, lang.pick(zh, en)))
}

fn by_manners(house: &House, lang: Lang) -> Vec<(Stage, String)> {
    let mut held = Vec::new();
    if let Some((from, until)) = house.manners.quiet {
        let hours = format!("{}–{}", clock(from), clock(until));
        held.push(lang.pick(format!("夜间 {hours}"), format!("quiet hours {hours}")));
    }
    let most = house.manners.per_group_per_day;
    held.push(lang.pick(format!("每群每天 {most} 条"), format!("{most} messages a day")));
    held.into_iter().map(|text| (Stage::Speech, text)).collect()
}

/// A period as a rule has it.
pub fn period(period: Period, lang: Lang) -> &'static str {
    let (zh, en) = match period {
        Period::Day => ("每天", "a day"),
        Period::Week => ("每周", "a week"),
        Period::Month => ("每月", "a month"),
        Period::Year => ("每年", "a year"),
        Period::Ever => ("一共", "ever"),
    };
    lang.pick(zh, en)
}

fn scope(scope: Scope, lang: Lang) -> &'static str {
    let (zh, en) = match scope {
        Scope::Person => ("每人", "each person"),
        Scope::Member => ("每个群友", "each member"),
        Scope::Group => ("每个群", "each group"),
        Scope::Community => ("整个社群", "the community"),
    };
    lang.pick(zh, en)
}
