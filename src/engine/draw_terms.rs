//! What is told of a draw when it opens: the prizes, the rules, the odds. It is made from the very keys that decide, so
//! what is told and what is done cannot differ.

use std::time::Duration;

use crate::chat::{Fen, Lang, Moment};
use crate::community::draw::Draw as State;
use crate::playbook::Draw;
use crate::playbook::draw::{Unclaimed, Weight};

use super::draft::Draft;

/// `紫砂壶 ×1（价值 800 元）`, a line for each prize.
pub fn prizes(draft: &Draft<'_>, state: &State) -> Vec<String> {
    let line = |prize: &crate::community::draw::Prize| {
        let (title, stock) = (&prize.title, prize.stock);
        match (prize.worth > Fen::ZERO, draft.lang()) {
            (true, Lang::Zh) => format!("{title} ×{stock}（价值 {} 元）", yuan(prize.worth)),
            (true, Lang::En) => format!("{title} ×{stock} (worth {} yuan)", yuan(prize.worth)),
            (false, _) => format!("{title} ×{stock}"),
        }
    };
    state.prizes.iter().map(line).collect()
}

/// The rules and the odds, a line each.
pub fn lines(draft: &Draft<'_>, draw: &Draw, state: &State) -> Vec<String> {
    let lang = draft.lang();
    let mut lines = vec![
        entering(draw, lang),
        drawing(draft, draw, state),
        odds(draw, state, lang),
    ];
    lines.extend(claiming(draw, lang));
    lines
}

fn entering(draw: &Draw, lang: Lang) -> String {
    let entry = &draw.entry;
    let mut ways = Vec::new();
    if let Some(word) = entry.words.first() {
        let cost = entry.cost.map_or_else(String::new, |cost| {
            lang.pick(format!("，每次 {cost} 积分"), format!(", {cost} points each time"))
        });
        ways.push(lang.pick(
            format!("发「{word}」参加{cost}"),
            format!("say “{word}” to enter{cost}"),
        ));
    }
    if let Some(least) = entry.by_order.map(yuan) {
        ways.push(lang.pick(
            format!("期间每下一单满 {least} 元自动有一次机会"),
            format!("every order of {least} yuan or more is a chance"),
        ));
    }
    if let Some(within) = entry.spoke_within {
        let length = length(within, lang);
        ways.push(lang.pick(
            format!("开奖前 {length}内在群里说过话的自动有一次机会"),
            format!("whoever spoke here within {length} before has a chance"),
        ));
    }
    let most = lang.pick(
        format!("每人最多 {} 次机会", entry.most),
        format!("{} chances each at most", entry.most),
    );
    ways.push(most);
    let ways = ways.join(lang.pick("；", "; "));
    lang.pick(format!("参加：{ways}。"), format!("Entering: {ways}."))
}

fn drawing(draft: &Draft<'_>, draw: &Draw, state: &State) -> String {
    let lang = draft.lang();
    let word = draw.close.first().map_or("", String::as_str);
    match state.draws_at {
        Some(at) => {
            let at = minute(draft, at);
            lang.pick(
                format!("开奖：{at}，由骰子决定；店员不参加，退群的不算。"),
                format!("Drawn: {at}, by dice; staff take no part, nor who has left."),
            )
        }
        None => lang.pick(
            format!("开奖：店员说「{word}」时，由骰子决定；店员不参加，退群的不算。"),
            format!("Drawn: when staff say “{word}”, by dice; staff take no part, nor who has left."),
        ),
    }
}

fn odds(draw: &Draw, state: &State, lang: Lang) -> String {
    let all: u64 = state.prizes.iter().map(|prize| u64::from(prize.stock)).sum();
    let once = match draw.again {
        true => lang.pick("一人可以中几次", "one person may win several times"),
        false => lang.pick("一人只中一次", "nobody wins twice"),
    };
    let Some(weight) = &draw.weight else {
        return lang.pick(
            format!("概率：共 {all} 份奖品，每次机会中奖的概率相同，都是 {all} ÷ 总机会数（不足 {all} 次时人人有奖）；{once}。"),
            format!(
                "Odds: {all} prizes; every chance is as good as any other, {all} in the number of chances (with fewer than {all}, all win); {once}."
            ),
        );
    };
    let (told, most) = (&weight.told, Weight::MOST);
    lang.pick(
        format!("概率：共 {all} 份奖品，每张签抽中的概率相同；一次机会几张签，开奖时算：{told}（至少 1 张，最多 {most} 张）；{once}。"),
        format!(
            "Odds: {all} prizes; every ticket is as good as any other; tickets for a chance, counted when it is drawn: {told} (at least 1, {most} at most); {once}."
        ),
    )
}

fn claiming(draw: &Draw, lang: Lang) -> Option<String> {
    let claim = draw.claim.as_ref()?;
    let word = claim.words.first()?;
    let within = length(claim.within, lang);
    let then = match claim.unclaimed {
        Unclaimed::Redraw { most } => lang.pick(
            format!("在没中的人里重抽，最多 {most} 次"),
            format!("are drawn again among those who did not win, {most} times at most"),
        ),
        Unclaimed::Keep => lang.pick("收回".to_owned(), "go back".to_owned()),
    };
    Some(lang.pick(
        format!("领奖：中奖后 {within}内发「{word}」；过期没领的{then}。"),
        format!("Claiming: say “{word}” within {within}; prizes not claimed {then}."),
    ))
}

/// Whole yuan without the fen that are none.
fn yuan(amount: Fen) -> String {
    let text = amount.to_string();
    text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
}

/// `2 小时`.
fn length(length: Duration, lang: Lang) -> String {
    let seconds = length.as_secs();
    let units = [
        (86_400, ("天", "days")),
        (3_600, ("小时", "hours")),
        (60, ("分钟", "minutes")),
        (1, ("秒", "seconds")),
    ];
    let fits = units
        .iter()
        .find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    let (unit, (zh, en)) = fits.copied().unwrap_or((1, ("秒", "seconds")));
    format!("{} {}", seconds / unit, lang.pick(zh, en))
}

fn minute(draft: &Draft<'_>, at: Moment) -> String {
    at.in_zone(&draft.books.house.zone)
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}
