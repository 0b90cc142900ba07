//! Sales = users × conversion × lifetime value, each with its parts, and how much of all turnover comes from here.

use super::people::Customer;
use super::{Asked, Cell, Span, Table};
use crate::chat::Fen;

/// The share of all turnover a healthy private channel carries, in percent.
const HEALTHY: (i64, i64) = (15, 25);

/// What a span came to.
#[derive(Clone, Copy, Debug, Default)]
struct Came {
    users: i64,
    buyers: i64,
    orders: i64,
    turnover: Fen,
}

impl Came {
    fn to(customers: &[Customer<'_>], span: Span) -> Self {
        let mut came = Self::default();
        for customer in customers {
            let bought = customer.bought(span);
            came.users += i64::from(bought || customer.was_in(span));
            came.buyers += i64::from(bought);
            came.orders += customer.orders(span);
            came.turnover = came.turnover + customer.spent(span);
        }
        came
    }
}

/// A figure of what a span came to: its name for programs and in both languages.
type Row = ((&'static str, &'static str), fn(&Came) -> Cell);

/// The span beside the one before it.
pub fn factors(asked: &Asked<'_>, customers: &[Customer<'_>]) -> Table {
    let lang = asked.lang;
    let columns = [
        ("figure", "", ""),
        ("span", "本期", "this span"),
        ("before", "上期", "the one before"),
    ];
    let mut table = Table::new(
        "factors",
        (
            "用户 × 转化 × 客单 × 频次",
            "Users × conversion × order value × orders each",
        ),
        &columns,
        lang,
    );
    let (now, then) = (
        Came::to(customers, asked.span),
        Came::to(customers, asked.span.before()),
    );
    let rows: [Row; 7] = [
        (("用户", "users"), |it| Cell::Count(it.users)),
        (("买过的", "buyers"), |it| Cell::Count(it.buyers)),
        (("转化率", "conversion"), |it| Cell::Share {
            part: it.buyers,
            of: it.users,
        }),
        (("订单", "orders"), |it| Cell::Count(it.orders)),
        (("每个买家的订单", "orders a buyer"), |it| Cell::Each {
            sum: it.orders,
            of: it.buyers,
        }),
        (("客单价", "order value"), |it| Cell::MoneyEach {
            sum: it.turnover,
            of: it.orders,
        }),
        (("成交额", "turnover"), |it| Cell::Money(it.turnover)),
    ];
    for ((zh, en), figure) in rows {
        table.rows.push(vec![
            Cell::Text(lang.pick(zh, en).to_owned()),
            figure(&now),
            figure(&then),
        ]);
    }
    table.note(
        "成交额 = 用户 × 转化率 × 每个买家的订单 × 客单价；后三项各翻一倍，成交额变成八倍。",
        "turnover = users × conversion × orders a buyer × order value; each of the last three doubled makes it eight times as much",
        lang,
    );
    table
}

/// What a buyer is worth over their time, over everybody who ever bought.
pub fn lifetime(asked: &Asked<'_>, customers: &[Customer<'_>]) -> Table {
    let lang = asked.lang;
    let columns = [("figure", "", ""), ("value", "全部时间", "all time")];
    let mut table = Table::new("lifetime", ("客户终身价值", "Lifetime value"), &columns, lang);
    let trades = customers
        .iter()
        .filter_map(|it| it.trade)
        .filter(|trade| trade.orders > 0);
    let (mut buyers, mut orders, mut spend) = (0_i64, 0_i64, Fen::ZERO);
    let (mut again, mut gaps, mut days) = (0_i64, 0_i64, 0_i64);
    for trade in trades {
        buyers += 1;
        orders += i64::from(trade.orders);
        spend = spend + trade.spend;
        if trade.orders > 1 {
            let (first, last) = (trade.first_at.date(asked.zone), trade.last_at.date(asked.zone));
            again += 1;
            gaps += i64::from(trade.orders) - 1;
            days += i64::from((last - first).get_days());
        }
    }
    let a_year = match days {
        0 => Cell::TooFew,
        days => Cell::Each {
            sum: gaps * 365,
            of: days,
        },
    };
    let rows = [
        (("买过的人", "buyers"), Cell::Count(buyers)),
        (
            ("每人成交", "spent by each"),
            Cell::MoneyEach { sum: spend, of: buyers },
        ),
        (("客单价", "order value"), Cell::MoneyEach { sum: spend, of: orders }),
        (
            ("每人订单", "orders of each"),
            Cell::Each {
                sum: orders,
                of: buyers,
            },
        ),
        (
            ("买过不止一次的", "bought more than once"),
            Cell::Share {
                part: again,
                of: buyers,
            },
        ),
        (("他们一年的订单", "orders a year of these"), a_year),
        (
            ("他们从首单到末单（天）", "days from their first order to their last"),
            Cell::Each { sum: days, of: again },
        ),
    ];
    for ((zh, en), cell) in rows {
        table.rows.push(vec![Cell::Text(lang.pick(zh, en).to_owned()), cell]);
    }
    table
}

/// How much of the shop's whole turnover came from here, if somebody told what that was.
pub fn share(asked: &Asked<'_>, customers: &[Customer<'_>]) -> Option<Table> {
    let (whole, lang) = (asked.turnover?, asked.lang);
    let columns = [("figure", "", ""), ("value", "本期", "this span")];
    let mut table = Table::new("share", ("占全店成交", "Share of all turnover"), &columns, lang);
    let here = Came::to(customers, asked.span).turnover;
    let rows = [
        (("社群成交", "turnover here"), Cell::Money(here)),
        (("全店成交", "turnover of the shop"), Cell::Money(whole)),
        (
            ("占比", "share"),
            Cell::Share {
                part: here.0,
                of: whole.0,
            },
        ),
    ];
    for ((zh, en), cell) in rows {
        table.rows.push(vec![Cell::Text(lang.pick(zh, en).to_owned()), cell]);
    }
    let (low, high) = HEALTHY;
    let hundred = here.0.saturating_mul(100);
    let (zh, en) = if hundred < whole.0.saturating_mul(low) {
        ("低于", "below")
    } else if hundred > whole.0.saturating_mul(high) {
        ("高于", "above")
    } else {
        ("在", "within")
    };
    table.note(
        format!(
            "健康的私域占 {low}%～{high}%，现在{zh}这个范围{}。",
            if zh == "在" { "内" } else { "" }
        ),
        format!("a healthy private channel carries {low}% to {high}%; this one is {en} that"),
        lang,
    );
    Some(table)
}
