//! What was asked of a mechanic, and its conditions, in words with the values that decided.

use jiff::tz::TimeZone;

use super::cards;
use super::effects::plain;
use crate::chat::{Lang, Moment};
use crate::engine::term::{Request, Term};

/// What was asked.
pub fn request(request: &Request, lang: Lang) -> String {
    match lang {
        Lang::Zh => asked_in_chinese(request),
        Lang::En => asked_in_english(request),
    }
}

fn asked_in_chinese(request: &Request) -> String {
    match request {
        Request::Vote => "要发起投票".to_owned(),
        Request::Close => "时间到，该结束了".to_owned(),
        Request::Nominate { name } => format!("提名「{}」", plain(name)),
        Request::Ballot { choice } => format!("投 {choice} 号"),
        Request::Count => "问票数".to_owned(),
        Request::SignUp { seats } => format!("报名 {seats} 位"),
        Request::SignOff => "取消报名".to_owned(),
        Request::List => "看名单".to_owned(),
        Request::Birthday { told } => format!("报生日「{}」", plain(told)),
        Request::Redeem { written } => format!("核销「{}」", plain(written)),
        Request::Unredeem { written } => format!("撤销核销「{}」", plain(written)),
        Request::Coupons => "问自己有什么券".to_owned(),
        Request::Card { deed, written } => cards::request(*deed, written, Lang::Zh),
        Request::Draw => "要开始抽奖".to_owned(),
        Request::Enter => "参加抽奖".to_owned(),
        Request::EnterByOrder { amount, least } => format!("下单 ¥{amount} 参加抽奖（满 ¥{least} 有一次机会）"),
        Request::Claim => "领奖".to_owned(),
        Request::MovePoints => "加分或扣分".to_owned(),
        Request::Leaders => "看积分榜".to_owned(),
        Request::Exchange { goods } => format!("兑换「{}」", plain(goods)),
        Request::Goods => "看能换什么".to_owned(),
        Request::Exchanges => "看换了还没领的".to_owned(),
        Request::HandOut => "交付兑换的东西".to_owned(),
        Request::CallOff => "取消兑换".to_owned(),
        Request::CheckIn => "签到".to_owned(),
        Request::MakeUp => "补签".to_owned(),
        Request::Days => "看自己的签到".to_owned(),
        Request::Cards => "发补签卡".to_owned(),
        Request::LinkingCode => "要关联码".to_owned(),
        Request::LinkByCode => "写了关联码".to_owned(),
        Request::Link => "要关联两个账号".to_owned(),
        Request::Accounts => "看有哪些账号".to_owned(),
        Request::Part => "要取消关联".to_owned(),
        Request::OptOut => "不想再收到消息".to_owned(),
        Request::OptIn => "想再收到消息".to_owned(),
        Request::Agree => "同意记录".to_owned(),
        Request::Revoke => "撤回同意".to_owned(),
        Request::Mine => "看自己的资料".to_owned(),
        Request::Export => "要一份自己的数据".to_owned(),
        Request::Forget => "要求忘记自己".to_owned(),
        Request::Confirm => "确认忘记".to_owned(),
        Request::Phone => "报手机号".to_owned(),
        Request::Redraw { reason } => format!("要重抽「{}」", plain(reason)),
    }
}

fn asked_in_english(request: &Request) -> String {
    match request {
        Request::Vote => "a vote is wanted".to_owned(),
        Request::Close => "its time is over".to_owned(),
        Request::Nominate { name } => format!("nominates “{}”", plain(name)),
        Request::Ballot { choice } => format!("votes for number {choice}"),
        Request::Count => "asks for the count".to_owned(),
        Request::SignUp { seats } => format!("signs up for {seats}"),
        Request::SignOff => "signs off".to_owned(),
        Request::List => "asks for the list".to_owned(),
        Request::Birthday { told } => format!("tells a birthday: “{}”", plain(told)),
        Request::Redeem { written } => format!("redeems “{}”", plain(written)),
        Request::Unredeem { written } => format!("takes back the redemption of “{}”", plain(written)),
        Request::Coupons => "asks for their own coupons".to_owned(),
        Request::Card { deed, written } => cards::request(*deed, written, Lang::En),
        Request::Draw => "a draw is wanted".to_owned(),
        Request::Enter => "enters the draw".to_owned(),
        Request::EnterByOrder { amount, least } => format!("an order of ¥{amount} (¥{least} is a chance)"),
        Request::Claim => "claims a prize".to_owned(),
        Request::MovePoints => "gives or takes points".to_owned(),
        Request::Leaders => "asks who leads".to_owned(),
        Request::Exchange { goods } => format!("exchanges points for “{}”", plain(goods)),
        Request::Goods => "asks what is to be had for points".to_owned(),
        Request::Exchanges => "asks what was not handed out yet".to_owned(),
        Request::HandOut => "hands out what was exchanged".to_owned(),
        Request::CallOff => "calls off an exchange".to_owned(),
        Request::CheckIn => "checks in".to_owned(),
        Request::MakeUp => "makes up for a day".to_owned(),
        Request::Days => "asks for their days".to_owned(),
        Request::Cards => "hands out make-up cards".to_owned(),
        Request::LinkingCode => "asks for a code to link an account".to_owned(),
        Request::LinkByCode => "writes a code to link an account".to_owned(),
        Request::Link => "two accounts are to be linked".to_owned(),
        Request::Accounts => "asks which accounts there are".to_owned(),
        Request::Part => "accounts are to be parted".to_owned(),
        Request::OptOut => "wants to be left in peace".to_owned(),
        Request::OptIn => "wants to hear from the bot again".to_owned(),
        Request::Agree => "agrees that it is kept".to_owned(),
        Request::Revoke => "takes back the consent".to_owned(),
        Request::Mine => "asks what is known".to_owned(),
        Request::Export => "asks for a copy of their data".to_owned(),
        Request::Forget => "wants to be forgotten".to_owned(),
        Request::Confirm => "confirms being forgotten".to_owned(),
        Request::Phone => "tells a phone number".to_owned(),
        Request::Redraw { reason } => format!("wants it drawn again: “{}”", plain(reason)),
    }
}

/// A condition; the same words say what is required and, where it is not met, what was so instead.
pub fn term(term: &Term, lang: Lang, zone: &TimeZone) -> String {
    match lang {
        Lang::Zh => in_chinese(term, zone),
        Lang::En => in_english(term, zone),
    }
}

/// A condition that was not met, and what was so instead: `要「还没有报名」，已经是第 1 位`.
pub fn missed(missed: &Term, lang: Lang, zone: &TimeZone) -> String {
    let said = term(missed, lang, zone);
    match (said.split_once(lang.pick("：", ": ")), lang) {
        (Some((required, was)), Lang::Zh) => format!("要「{required}」，{was}"),
        (Some((required, was)), Lang::En) => format!("must be “{required}”, {was}"),
        (None, Lang::Zh) => format!("要「{said}」"),
        (None, Lang::En) => format!("must be “{said}”"),
    }
}

fn day(at: Moment, zone: &TimeZone) -> String {
    at.in_zone(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[allow(clippy::too_many_lines, reason = "one arm a condition: a table")]
fn in_chinese(term: &Term, zone: &TimeZone) -> String {
    match term {
        Term::MemberSince { here: false, .. } => "开始前就在群里：现在不在群里".to_owned(),
        Term::MemberSince {
            joined_at: Some(joined_at),
            opened_at,
            ..
        } => format!(
            "开始前就在群里：{} 进群，{} 开始",
            day(*joined_at, zone),
            day(*opened_at, zone)
        ),
        Term::MemberSince { opened_at, .. } => format!("开始前就在群里：{} 开始", day(*opened_at, zone)),
        Term::NominationsUntil { until } => format!("还在提名：到 {} 为止", day(*until, zone)),
        Term::Length {
            length,
            shortest,
            longest,
        } => format!("名字 {shortest}–{longest} 个字：有 {length} 个字"),
        Term::Wholesome { holds: None } => "没有不许用的字眼".to_owned(),
        Term::Wholesome { holds: Some(word) } => format!("没有不许用的字眼：有「{}」", plain(word)),
        Term::NewName { listed_as: None } => "还没有人提过".to_owned(),
        Term::NewName { listed_as: Some(place) } => format!("还没有人提过：已经是 {place} 号"),
        Term::NamesEach { had, most } => format!("每人最多提 {most} 个：已经提了 {had} 个"),
        Term::Listed { choice, of } => format!("有这个编号：要 {choice} 号，一共 {of} 个"),
        Term::Wishes { had, needed } => format!("够人想要：有 {had} 人，要 {needed} 人"),
        Term::Whom => "说明是给谁的（@ 一位群友）".to_owned(),
        Term::Quorum { had, needed } => format!("票数够：有 {had} 票，要 {needed} 票"),
        Term::Lead { leading } => format!("有一个领先：并列第一的有 {leading} 个"),
        Term::NotYetIn { place: None } => "还没有报名".to_owned(),
        Term::NotYetIn { place: Some(place) } => format!("还没有报名：已经是第 {place} 位"),
        Term::SeatsEach { wanted, most } => format!("每人最多 {most} 位：要 {wanted} 位"),
        Term::Room {
            taken,
            wanted,
            capacity: Some(capacity),
        } => format!("还有位子：已有 {taken} 位，要 {wanted} 位，一共 {capacity} 位"),
        Term::Room { taken, wanted, .. } => format!("还有位子：已有 {taken} 位，要 {wanted} 位，不限人数"),
        Term::SignUpOpen { until } => format!("还能报名：{} 截止", day(*until, zone)),
        Term::Chosen { .. } => chosen_in_chinese(term),
        Term::SignedUp => "报过名".to_owned(),
        Term::Day => "有这一天".to_owned(),
        Term::NewDay => "和已经记着的不同".to_owned(),
        Term::Corrections { made, most } => format!("一年最多改 {most} 次：今年已经改了 {made} 次"),
        Term::Named => "写了券码，或 @ 了人".to_owned(),
        Term::Known { code: Some(code) } => format!("有这张券：{}", plain(code.as_str())),
        Term::Known { code: None } => "手里有这样的券".to_owned(),
        Term::OneKind { kinds } => format!("清楚是哪一种券：有 {kinds} 种"),
        Term::Unused { used_at: None } => "没有用过".to_owned(),
        Term::Unused { used_at: Some(at) } => format!("没有用过：{} 用掉了", day(*at, zone)),
        Term::Kept { taken_at: None } => "没有被收回".to_owned(),
        Term::Kept { taken_at: Some(at) } => format!("没有被收回：{} 收回了", day(*at, zone)),
        Term::Lasts { until, .. } => format!("没有过期：到 {} 为止", day(*until, zone)),
        Term::Begun { from } => format!("已经能用：从 {} 起", day(*from, zone)),
        Term::Free { held_until: None } => "没有被收银台留着".to_owned(),
        Term::Free {
            held_until: Some(until),
        } => format!("没有被收银台留着：留到 {}", day(*until, zone)),
        Term::Alone { coupon } => format!("一单只用一张（{} 不与别的券同用）", plain(coupon)),
        Term::MinSpend {
            bill: Some(bill),
            least,
            ..
        } => format!("满 ¥{least} 可用：这一单 ¥{bill}"),
        Term::MinSpend { least, .. } => format!("满 ¥{least} 可用：没有写金额"),
        Term::UsedToday => "今天用掉的".to_owned(),
        Term::Card(term) => cards::in_chinese(term),
        Term::Chances { had, most } => format!("每人最多 {most} 次机会：已有 {had} 次"),
        Term::Entrants { had } => format!("有人参加：{had} 次机会"),
        Term::Reason => "写明了原因".to_owned(),
        Term::PrizesLeft { left } => format!("有奖品可以重抽：{left} 份"),
        Term::Won => "中了奖".to_owned(),
        Term::Unclaimed { fate: "claimed" } => "还没领：已经领过".to_owned(),
        Term::Unclaimed { fate: "lapsed" } => "还没领：过期了".to_owned(),
        Term::Unclaimed { .. } => "还没领".to_owned(),
        Term::InStock { given, most } => format!("还有货：一共 {most} 件，换走了 {given} 件"),
        Term::Share { had, most } => format!("每人最多换 {most} 件：已经换了 {had} 件"),
        Term::Letters { letters, needs } => format!("至少 {needs} 个不同的字：有 {letters} 个"),
        Term::New => "今天还没有说过".to_owned(),
        Term::NotCheckedIn { day } => format!("这一天还没有签到：{day}"),
        Term::Missed {
            missed: Some(missed),
            days,
        } => format!("最近 {days} 天里有漏签：{missed}"),
        Term::Missed { missed: None, days } => format!("最近 {days} 天里有漏签：没有"),
        Term::MakeUpCard { cards } => format!("有补签卡，或能用积分补：有 {cards} 张卡"),
        Term::Treated { percent } => format!("不在什么也不发的那 {percent}% 里（对照组）"),
        Term::AccountsNamed => "写清楚是哪两个账号".to_owned(),
        Term::InPrivate => "在私聊里说".to_owned(),
        Term::Reachable => "能私聊到本人".to_owned(),
        Term::Guesses { had, most } => format!("一小时最多写错 {most} 次：已经错了 {had} 次"),
        Term::GoodCode => "有这个码，没有用过，没有过期".to_owned(),
        Term::OtherAccount => "从另一个账号写：是要码的那个账号".to_owned(),
        Term::SeenBefore { account } => format!("见过这个账号：{}", plain(account.as_str())),
        Term::NotLinked => "还不是同一个人的".to_owned(),
        Term::Customers => "都不是店员的账号".to_owned(),
        Term::OneAlone => "至少一边没有关联过别的账号".to_owned(),
        Term::Linked => "有关联的账号".to_owned(),
        Term::OptedOut { wanted, is } => match (wanted, is) {
            (false, false) => "还没有退订".to_owned(),
            (false, true) => "还没有退订：已经退订了".to_owned(),
            (true, true) => "退订了".to_owned(),
            (true, false) => "退订了：没有退订".to_owned(),
        },
        Term::Consented { wanted, since } => match (wanted, since) {
            (false, None) => "还没有同意过".to_owned(),
            (false, Some(since)) => format!("还没有同意过：{} 同意了", day(*since, zone)),
            (true, None) => "同意过：没有".to_owned(),
            (true, Some(since)) => format!("同意过：{} 同意了", day(*since, zone)),
        },
        Term::AskedBefore { asked_at: None } => "十分钟内要求过忘记自己：没有".to_owned(),
        Term::AskedBefore { asked_at: Some(at) } => format!("十分钟内要求过忘记自己：上次在 {}", day(*at, zone)),
    }
}

#[allow(clippy::too_many_lines, reason = "one arm a condition: a table")]
fn in_english(term: &Term, zone: &TimeZone) -> String {
    match term {
        Term::MemberSince { here: false, .. } => "in the group since before it began: not in it now".to_owned(),
        Term::MemberSince {
            joined_at: Some(joined_at),
            opened_at,
            ..
        } => format!(
            "in the group since before it began: joined {}, begun {}",
            day(*joined_at, zone),
            day(*opened_at, zone)
        ),
        Term::MemberSince { opened_at, .. } => {
            format!("in the group since before it began: begun {}", day(*opened_at, zone))
        }
        Term::NominationsUntil { until } => format!("nominations are open: until {}", day(*until, zone)),
        Term::Length {
            length,
            shortest,
            longest,
        } => format!("{shortest} to {longest} characters: {length}"),
        Term::Wholesome { holds: None } => "no forbidden word in it".to_owned(),
        Term::Wholesome { holds: Some(word) } => format!("no forbidden word in it: “{}” is", plain(word)),
        Term::NewName { listed_as: None } => "nobody put it forward yet".to_owned(),
        Term::NewName { listed_as: Some(place) } => format!("nobody put it forward yet: it is number {place}"),
        Term::NamesEach { had, most } => format!("{most} names each at most: {had} already"),
        Term::Listed { choice, of } => format!("there is such a number: {choice} of {of}"),
        Term::Wishes { had, needed } => format!("enough wish it: {had} of {needed}"),
        Term::Whom => "it is said who it is for (a member called by name)".to_owned(),
        Term::Quorum { had, needed } => format!("enough ballots: {had} of {needed}"),
        Term::Lead { leading } => format!("one name leads: {leading} do"),
        Term::NotYetIn { place: None } => "not signed up yet".to_owned(),
        Term::NotYetIn { place: Some(place) } => format!("not signed up yet: number {place} on the list"),
        Term::SeatsEach { wanted, most } => format!("{most} seats each at most: {wanted} wanted"),
        Term::Room {
            taken,
            wanted,
            capacity: Some(capacity),
        } => format!("room left: {taken} taken, {wanted} wanted, {capacity} in all"),
        Term::Room { taken, wanted, .. } => format!("room left: {taken} taken, {wanted} wanted, no limit"),
        Term::SignUpOpen { until } => format!("sign-up is open: until {}", day(*until, zone)),
        Term::Chosen { .. } => chosen_in_english(term),
        Term::SignedUp => "signed up".to_owned(),
        Term::Day => "there is such a day".to_owned(),
        Term::NewDay => "another day than the one known".to_owned(),
        Term::Corrections { made, most } => format!("{most} corrections a year at most: {made} made"),
        Term::Named => "a code, or a member called by name".to_owned(),
        Term::Known { code: Some(code) } => format!("there is such a coupon: {}", plain(code.as_str())),
        Term::Known { code: None } => "has such a coupon".to_owned(),
        Term::OneKind { kinds } => format!("it is clear which kind of coupon: there are {kinds}"),
        Term::Unused { used_at: None } => "not used yet".to_owned(),
        Term::Unused { used_at: Some(at) } => format!("not used yet: used {}", day(*at, zone)),
        Term::Kept { taken_at: None } => "not taken back".to_owned(),
        Term::Kept { taken_at: Some(at) } => format!("not taken back: taken back {}", day(*at, zone)),
        Term::Lasts { until, .. } => format!("not expired: good until {}", day(*until, zone)),
        Term::Begun { from } => format!("can be used already: from {}", day(*from, zone)),
        Term::Free { held_until: None } => "not kept by a till".to_owned(),
        Term::Free {
            held_until: Some(until),
        } => format!("not kept by a till: kept until {}", day(*until, zone)),
        Term::Alone { coupon } => format!("one coupon a bill ({} goes with no other)", plain(coupon)),
        Term::MinSpend {
            bill: Some(bill),
            least,
            ..
        } => format!("a bill of ¥{least} at least: ¥{bill}"),
        Term::MinSpend { least, .. } => format!("a bill of ¥{least} at least: none told"),
        Term::UsedToday => "used today".to_owned(),
        Term::Card(term) => cards::in_english(term),
        Term::Chances { had, most } => format!("{most} chances each at most: {had} already"),
        Term::Entrants { had } => format!("somebody takes part: {had} chances"),
        Term::Reason => "a reason is told".to_owned(),
        Term::PrizesLeft { left } => format!("prizes are there to be drawn again: {left}"),
        Term::Won => "has won something".to_owned(),
        Term::Unclaimed { fate: "claimed" } => "not claimed yet: it was".to_owned(),
        Term::Unclaimed { fate: "lapsed" } => "not claimed yet: the time is over".to_owned(),
        Term::Unclaimed { .. } => "not claimed yet".to_owned(),
        Term::InStock { given, most } => format!("some is left: {given} of {most} given"),
        Term::Share { had, most } => format!("{most} each at most: {had} already"),
        Term::Letters { letters, needs } => format!("{needs} different letters at least: {letters}"),
        Term::New => "not said yet today".to_owned(),
        Term::NotCheckedIn { day } => format!("not checked in on this day yet: {day}"),
        Term::Missed {
            missed: Some(missed),
            days,
        } => format!("one of the last {days} days was missed: {missed}"),
        Term::Missed { missed: None, days } => format!("one of the last {days} days was missed: none"),
        Term::MakeUpCard { cards } => format!("has a make-up card, or may pay with points: {cards} cards"),
        Term::Treated { percent } => format!("not of the {percent}% who get nothing (the hold-out)"),
        Term::AccountsNamed => "it is said which two accounts".to_owned(),
        Term::InPrivate => "said in private".to_owned(),
        Term::Reachable => "can be written to in private".to_owned(),
        Term::Guesses { had, most } => format!("{most} wrong codes an hour at most: {had} already"),
        Term::GoodCode => "there is such a code, not used and not over".to_owned(),
        Term::OtherAccount => "written from another account: it is the one that asked for the code".to_owned(),
        Term::SeenBefore { account } => format!("the account was seen before: {}", plain(account.as_str())),
        Term::NotLinked => "not one person's yet".to_owned(),
        Term::Customers => "no account of the staff's".to_owned(),
        Term::OneAlone => "one of the two has no linked accounts yet".to_owned(),
        Term::Linked => "has linked accounts".to_owned(),
        Term::OptedOut { wanted, is } => match (wanted, is) {
            (false, false) => "not opted out yet".to_owned(),
            (false, true) => "not opted out yet: is".to_owned(),
            (true, true) => "opted out".to_owned(),
            (true, false) => "opted out: is not".to_owned(),
        },
        Term::Consented { wanted, since } => match (wanted, since) {
            (false, None) => "has not agreed yet".to_owned(),
            (false, Some(since)) => format!("has not agreed yet: did {}", day(*since, zone)),
            (true, None) => "has agreed: did not".to_owned(),
            (true, Some(since)) => format!("has agreed: did {}", day(*since, zone)),
        },
        Term::AskedBefore { asked_at: None } => "asked to be forgotten within ten minutes: did not".to_owned(),
        Term::AskedBefore { asked_at: Some(at) } => {
            format!("asked to be forgotten within ten minutes: last {}", day(*at, zone))
        }
    }
}

/// What somebody's application came to, beside the lowest that was enough.
fn chosen_in_chinese(term: &Term) -> String {
    let Term::Chosen {
        score,
        cut,
        rank,
        of,
        capacity,
        ..
    } = term
    else {
        return String::new();
    };
    let score = score.map_or_else(|| "分数算不出来".to_owned(), |score| format!("{score} 分"));
    let cut = cut.map_or_else(String::new, |cut| format!("，入选最低 {cut} 分"));
    let seats = capacity.map_or_else(String::new, |capacity| format!("，{capacity} 个名额"));
    format!("分数够入选：{score}，{of} 份申请里第 {rank} 名{cut}{seats}")
}

fn chosen_in_english(term: &Term) -> String {
    let Term::Chosen {
        score,
        cut,
        rank,
        of,
        capacity,
        ..
    } = term
    else {
        return String::new();
    };
    let score = score.map_or_else(|| "no score".to_owned(), |score| format!("score {score}"));
    let cut = cut.map_or_else(String::new, |cut| format!(", the lowest chosen {cut}"));
    let seats = capacity.map_or_else(String::new, |capacity| format!(", {capacity} seats"));
    format!("among the best applications: {score}, number {rank} of {of}{cut}{seats}")
}
