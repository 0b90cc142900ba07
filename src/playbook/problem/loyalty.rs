//! Problems with check-ins, the shop of points, and membership cards.

use jiff::civil::Time;

use super::found::{Problems, meant, nearest};
use super::kinds::{Code, Place, both};

impl Problems {
    /// `what` says what it should be: 签到, check-in.
    pub fn unknown_play(&mut self, place: &Place, (zh, en): (&str, &str), name: &str, known: &[&str]) {
        self.add(
            Code::UnknownPlay,
            place,
            both(
                format!("没有叫「{name}」的{zh}。"),
                format!("no {en} has the name `{name}`"),
            ),
            meant(nearest(name, known.iter().copied()), known),
        );
    }

    pub fn day_in_hours(&mut self, place: &Place, (from, until): (Time, Time), starts: Time) {
        let shown = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        let (from, until, starts) = (shown(from), shown(until), shown(starts));
        self.add(
            Code::DayInHours,
            place,
            both(
                format!("一天从 {starts} 算起，正好落在 {from} 到 {until} 里：同一段时间里能签两次。"),
                format!("the day begins at {starts}, within {from} to {until}: one stretch of hours would belong to two days"),
            ),
            both(
                format!("写 day_starts = \"{until}\"，或让时段不跨过 {starts}。"),
                format!("write day_starts = \"{until}\", or hours that do not hold {starts}"),
            ),
        );
    }

    /// `key` earns by what `section` counts, and no playbook has one.
    pub fn earns_nothing(&mut self, place: &Place, key: &str, section: &str) {
        self.add(
            Code::EarnsNothing,
            place,
            both(
                format!("{key} 的积分由 [{section}] 来认定，整套剧本里没有这一节，谁也得不到。"),
                format!("`{key}` earns by what `[{section}]` counts, and no playbook has such a section"),
            ),
            both(
                format!("写上 [{section}]，或去掉 {key}。"),
                format!("write a `[{section}]`, or take `{key}` out"),
            ),
        );
    }

    pub fn small_day(&mut self, place: &Place, per_day: i64, points: i64) {
        self.add(
            Code::SmallDay,
            place,
            both(
                format!("一条发言 {points} 分，一天最多 {per_day} 分：第一条就只能得 {per_day} 分。"),
                format!("a message is worth {points}, and a day {per_day} at most: the first message earns {per_day}"),
            ),
            both(
                "把 per_day 写得不小于 points。",
                "write a `per_day` that is not below `points`",
            ),
        );
    }

    pub fn same_goods(&mut self, place: &Place, title: &str, other: &str) {
        self.add(
            Code::SameGoods,
            place,
            both(
                format!("「{title}」和 [shop.{other}] 叫一个名字，发「兑换 {title}」不知道换哪一样。"),
                format!("`{title}` is what `[shop.{other}]` is called as well: nobody can say which is meant"),
            ),
            both("换一个 title。", "give it another `title`"),
        );
    }

    pub fn costs_untold(&mut self, place: &Place, title: &str) {
        self.add(
            Code::CostsUntold,
            place,
            both(
                format!("「{title}」由店员交付，没写成本：演练算不出它花多少钱。"),
                format!("`{title}` is handed out by staff and has no cost: a dry run cannot count what it comes to"),
            ),
            both(
                "写上 cost = \"15.00\"；不花钱就写 cost = \"0\"。",
                "write cost = \"15.00\", or cost = \"0\" where it costs nothing",
            ),
        );
    }

    pub fn endless_goods(&mut self, place: &Place, title: &str) {
        self.add(
            Code::EndlessGoods,
            place,
            both(
                format!("「{title}」每件都花钱，没有写库存：攒够积分的人有多少，就要花多少。"),
                format!("each `{title}` costs money, and no stock bounds how many are exchanged"),
            ),
            both(
                "写上 stock = 20 或 stock = \"20 per month\"。",
                "write stock = 20, or stock = \"20 per month\"",
            ),
        );
    }

    pub fn coupon_ends_first(&mut self, place: &Place, title: &str, (total, stock): (u32, u32)) {
        self.add(
            Code::CouponEndsFirst,
            place,
            both(
                format!("「{title}」写着有 {stock} 件，它给的券一共只有 {total} 张：后面的人看着有货也换不到。"),
                format!(
                    "`{title}` has a stock of {stock}, and its coupon a total of {total}: those after that are refused"
                ),
            ),
            both(
                "把 stock 写得不大于券的 limit.total。",
                "write a `stock` that is not above the coupon's `limit.total`",
            ),
        );
    }
}
