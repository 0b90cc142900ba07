//! Coupons: given, used, run out, and what is still owed.

use std::collections::BTreeMap;

use super::{Asked, Cell, Table};
use crate::chat::{CouponName, Fen};
use crate::community::coupon::Coupon;

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    given: i64,
    worth: Fen,
    used: i64,
    used_worth: Fen,
    bills: Fen,
    run_out: i64,
    taken: i64,
    open: i64,
    owed: Fen,
}

/// Each coupon there is, and all of them.
pub fn coupons(asked: &Asked<'_>) -> Table {
    let lang = asked.lang;
    let columns = [
        ("coupon", "券", "coupon"),
        ("given", "发出", "given"),
        ("worth", "面值", "worth"),
        ("used", "核销", "used"),
        ("used_worth", "核销面值", "worth used"),
        ("bills", "带来账单", "on bills of"),
        ("run_out", "过期未用", "run out"),
        ("taken", "收回", "taken back"),
        ("open", "现在未用", "open now"),
        ("owed", "现在欠着", "owed now"),
    ];
    let mut table = Table::new("coupons", ("券", "Coupons"), &columns, lang);
    let mut each: BTreeMap<&CouponName, Sums> = BTreeMap::new();
    for coupon in asked.community.coupons().values() {
        count(each.entry(&coupon.coupon).or_default(), coupon, asked);
    }
    for (name, sums) in &each {
        table.rows.push(vec![
            Cell::Text(name.to_string()),
            Cell::Count(sums.given),
            Cell::Money(sums.worth),
            Cell::Count(sums.used),
            Cell::Money(sums.used_worth),
            Cell::Money(sums.bills),
            Cell::Count(sums.run_out),
            Cell::Count(sums.taken),
            Cell::Count(sums.open),
            Cell::Money(sums.owed),
        ]);
    }
    table
}

fn count(sums: &mut Sums, coupon: &Coupon, asked: &Asked<'_>) {
    let in_span = |at: crate::chat::Moment| asked.span.has(at.date(asked.zone));
    let now = asked.community.now();
    if in_span(coupon.given_at) {
        sums.given += 1;
        sums.worth = sums.worth + coupon.worth;
    }
    if let Some(used) = coupon.used.as_ref().filter(|used| in_span(used.at)) {
        sums.used += 1;
        sums.used_worth = sums.used_worth + coupon.worth;
        sums.bills = sums.bills + used.bill.unwrap_or_default();
    }
    let over = coupon.used.is_none() && coupon.taken_at.is_none() && coupon.expires_at < now;
    sums.run_out += i64::from(over && in_span(coupon.expires_at));
    sums.taken += i64::from(coupon.taken_at.is_some_and(in_span));
    if coupon.is_good(now) {
        sums.open += 1;
        sums.owed = sums.owed + coupon.worth;
    }
}
