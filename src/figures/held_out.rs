//! What treatments are worth: those who got something against those who were held out to compare with.

use super::{Asked, Cell, Table};
use crate::chat::fold;

/// With fewer than these on either side nothing can be said.
const ENOUGH: i64 = 30;

/// 95 of 100.
const Z: f64 = 1.96;

/// How many there were, and how many of them came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    pub people: i64,
    pub came_back: i64,
}

/// Every ladder of offers, by its name. Those still under way count on neither side.
pub fn held_out(asked: &Asked<'_>) -> Table {
    let lang = asked.lang;
    let columns = [
        ("name", "名称", "name"),
        ("treated", "发了", "treated"),
        ("treated_back", "回来", "came back"),
        ("treated_share", "回来率", "share"),
        ("held_out", "对照", "held out"),
        ("held_out_back", "回来", "came back"),
        ("held_out_share", "回来率", "share"),
        ("effect", "差（95%）", "difference (95%)"),
    ];
    let mut table = Table::new("held_out", ("发了和没发", "Treated and held out"), &columns, lang);
    for (name, outcome) in asked.community.outcomes() {
        let under_way = |held_out: bool| {
            let all = asked.community.winbacks().iter();
            let of = all.filter(|((_, of), it)| of == name && it.over.is_none() && it.held_out == held_out);
            let begun = of.filter(|(_, it)| it.held_out || it.steps > 0);
            i64::try_from(begun.count()).unwrap_or(i64::MAX)
        };
        let treated = Side {
            people: (i64::from(outcome.sent) - under_way(false)).max(0),
            came_back: i64::from(outcome.returned),
        };
        let held_out = Side {
            people: (i64::from(outcome.held_out) - under_way(true)).max(0),
            came_back: i64::from(outcome.held_out_returned),
        };
        let mut row = vec![Cell::Text(fold::shown(name.as_str()))];
        for side in [treated, held_out] {
            row.extend([
                Cell::Count(side.people),
                Cell::Count(side.came_back),
                Cell::Share {
                    part: side.came_back,
                    of: side.people,
                },
            ]);
        }
        row.push(difference(treated, held_out));
        table.rows.push(row);
    }
    if !table.rows.is_empty() {
        table.note(
            format!(
                "一次沉默算一次，从头算起，不分日期；还没结束的不算。回来：说话或下单。差是百分点；范围含 0，就看不出作用；任何一边不到 {ENOUGH} 个，不好说。"
            ),
            format!(
                "each silence counts once, of all time; those still under way do not. came back: spoke or bought. The difference \
                 is in points of percent; one whose range holds 0 may be chance, and fewer than {ENOUGH} on either side are too \
                 few to say"
            ),
            lang,
        );
    }
    table
}

/// The range the difference of two shares lies in with 95 %, after Newcombe: made of Wilson's ranges of both, which hold
/// where few or nearly all came back too.
pub fn difference(treated: Side, held_out: Side) -> Cell {
    if treated.people.min(held_out.people) < ENOUGH {
        return Cell::TooFew;
    }
    let (one, [one_from, one_to]) = (share(treated), wilson(treated));
    let (other, [other_from, other_to]) = (share(held_out), wilson(held_out));
    let difference = one - other;
    let below = (one - one_from).hypot(other_to - other);
    let above = (one_to - one).hypot(other - other_from);
    #[allow(clippy::cast_possible_truncation, reason = "tenths of a percent")]
    let tenths = |share: f64| (share * 1000.0).round() as i64;
    Cell::Points {
        from: tenths(difference - below),
        to: tenths(difference + above),
    }
}

#[allow(clippy::cast_precision_loss, reason = "people of one shop")]
fn share(side: Side) -> f64 {
    side.came_back as f64 / side.people as f64
}

/// Wilson's range of a share.
#[allow(clippy::cast_precision_loss, reason = "people of one shop")]
fn wilson(side: Side) -> [f64; 2] {
    let (n, p) = (side.people as f64, share(side));
    let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let margin = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    [middle - margin, middle + margin]
}
