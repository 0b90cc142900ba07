//! Customers by recency, frequency and money: how many have each three scores, and what they spent.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::people::Customer;
use super::{Asked, Cell, Table};
use crate::chat::Fen;
use crate::community::person::Trade;
use crate::community::tier::Cuts;
use crate::playbook::scores::{CutBy, Rfm};

/// People of the same three scores.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    people: i64,
    spend: Fen,
}

/// Everybody whose orders did not all go back, the best scores first.
pub fn rfm(asked: &Asked<'_>, customers: &[Customer<'_>]) -> Table {
    let lang = asked.lang;
    let columns = [
        ("scores", "R·F·M", "R·F·M"),
        ("r", "最近", "recency"),
        ("f", "次数", "frequency"),
        ("m", "金额", "money"),
        ("people", "人", "people"),
        ("share", "占比", "share"),
        ("spend", "消费", "spent"),
        ("spend_share", "占消费", "share of it"),
    ];
    let mut table = Table::new("rfm", ("客户分层 RFM", "RFM"), &columns, lang);
    let rfm = asked.books.and_then(|books| books.rfm()).map(|(_, rfm)| rfm);
    let bought = customers
        .iter()
        .filter_map(|it| it.trade.filter(|trade| trade.orders > 0));
    let of_each: Vec<[i64; 3]> = bought.map(|trade| figures(asked, rfm, trade, asked.today())).collect();
    let Some((cuts, whose)) = cuts(asked, rfm, &of_each) else {
        return table;
    };
    let day = cuts.made_on.unwrap_or(asked.today());
    let mut parts: BTreeMap<[i64; 3], Part> = BTreeMap::new();
    for trade in customers
        .iter()
        .filter_map(|it| it.trade.filter(|trade| trade.orders > 0))
    {
        let figures = figures(asked, rfm, trade, day);
        let part = parts.entry(cuts.scores(figures)).or_default();
        part.people += 1;
        part.spend = part.spend + Fen(figures[2]);
    }
    let all = parts.values().fold(Part::default(), |sum, part| Part {
        people: sum.people + part.people,
        spend: sum.spend + part.spend,
    });
    for (scores, part) in parts.iter().rev() {
        let [r, f, m] = *scores;
        let cells = [r, f, m].map(Cell::Count);
        table.rows.push(row(&format!("{r}·{f}·{m}"), cells, part, &all));
    }
    let whole = lang.pick("合计", "all");
    table
        .rows
        .push(row(whole, [Cell::Nothing, Cell::Nothing, Cell::Nothing], &all, &all));
    let (zh, en) = whose.told(day);
    table.note(zh, en, lang);
    if let Some(days) = rfm.and_then(|rfm| rfm.days) {
        table.note(
            format!("次数和金额只算最近 {days} 天。"),
            format!("frequency and money are of the last {days} days"),
            lang,
        );
    }
    table
}

fn row(called: &str, scores: [Cell; 3], part: &Part, all: &Part) -> Vec<Cell> {
    let mut cells = vec![Cell::Text(called.to_owned())];
    cells.extend(scores);
    let share = |part: i64, of: i64| Cell::Share { part, of };
    cells.extend([
        Cell::Count(part.people),
        share(part.people, all.people),
        Cell::Money(part.spend),
        share(part.spend.0, all.spend.0),
    ]);
    cells
}

/// Whose cuts divide.
#[derive(Clone, Copy, Debug)]
enum Whose {
    /// The playbook's own, for days up to today.
    Playbook,
    /// Fifths, as they were made last.
    Fifths,
    /// No playbook scores anybody: fifths of today.
    Nobody,
}

impl Whose {
    fn told(self, day: Date) -> (String, String) {
        match self {
            Whose::Playbook => (
                "分界是剧本里 [rfm] 写的，天数数到今天。".to_owned(),
                "the cuts are those of [rfm] in the playbook, and days are counted to today".to_owned(),
            ),
            Whose::Fifths => (
                format!("按 [rfm] 每段五分之一，分界是 {day} 定的，天数数到那天。"),
                format!("fifths, as [rfm] says; the cuts were made on {day}, which days are counted to"),
            ),
            Whose::Nobody => (
                "剧本里没有 [rfm]，这里按今天的全部买家每段五分之一。".to_owned(),
                "no playbook has [rfm], so these are fifths of everybody who bought, made today".to_owned(),
            ),
        }
    }
}

fn cuts(asked: &Asked<'_>, rfm: Option<&Rfm>, of_each: &[[i64; 3]]) -> Option<(Cuts, Whose)> {
    if of_each.is_empty() {
        return None;
    }
    let made = match rfm.map(|rfm| rfm.cuts) {
        Some(CutBy::Fixed {
            recency,
            frequency,
            money,
        }) => Some((
            Cuts {
                recency,
                frequency,
                money,
                made_on: None,
            },
            Whose::Playbook,
        )),
        Some(CutBy::Fifths { .. }) => asked.community.cuts().get(&()).map(|cuts| (*cuts, Whose::Fifths)),
        None => None,
    };
    made.or_else(|| Some((Cuts::fifths(of_each, asked.today())?, Whose::Nobody)))
}

/// Days from the last order to a day, orders, fen; as scores count them.
fn figures(asked: &Asked<'_>, rfm: Option<&Rfm>, trade: &Trade, day: Date) -> [i64; 3] {
    let recency = i64::from((day - trade.last_at.date(asked.zone)).get_days());
    match rfm.and_then(|rfm| rfm.days) {
        None => [recency, i64::from(trade.orders), trade.spend.0],
        Some(days) => {
            let today = asked.today();
            let within = [&trade.ordered, &trade.spent].map(|counts| counts.within(today, days));
            [recency, within[0], within[1]]
        }
    }
}
