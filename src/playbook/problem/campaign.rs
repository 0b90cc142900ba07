//! Warnings only the whole set shows: rules others answer for, gifts without an end, advertising and coupons that add up.

use crate::chat::Fen;

use super::found::{Problems, meant, nearest};
use super::kinds::{Code, Place, both};

impl Problems {
    /// `first` says where the other rule stands: `playbooks/tea.toml:3`.
    pub fn shadowed(&mut self, place: &Place, by: &str, first: &str) {
        self.add(
            Code::Shadowed,
            place,
            both(
                format!("规则 {by}（{first}）先回应同样的事，又写了 stop，这一条永远轮不到。"),
                format!("rule {by} ({first}) answers all of this first and has `stop`, so this one never fires"),
            ),
            both(
                "把这一条的 priority 写得更高，或让那一条少管一些（if、更窄的触发），或去掉 stop。",
                "give this one a higher `priority`, let the other answer less (`if`, a narrower trigger), or take its `stop` out",
            ),
        );
    }

    pub fn unknown_tag(&mut self, place: &Place, tag: &str, known: &[&str]) {
        self.add(
            Code::UnknownTag,
            place,
            both(
                format!("没有规则贴「{tag}」这个标签，谁都不会有。"),
                format!("no rule puts the tag `{tag}` on, so nobody has it"),
            ),
            match known {
                [] => both(
                    format!("在某条规则里写 {{ tag = \"{tag}\" }}；导入来的标签写 allow。"),
                    format!("write {{ tag = \"{tag}\" }} in a rule; `allow` it if it comes from elsewhere"),
                ),
                _ => meant(nearest(tag, known.iter().copied()), known),
            },
        );
    }

    pub fn endless_points(&mut self, place: &Place, earned: i64) {
        self.add(
            Code::Endless,
            place,
            both(
                format!("群友想做几次就做几次，每次得 {earned} 分，没有上限。"),
                format!("members can do this as often as they like and earn {earned} points each time"),
            ),
            both(
                "加上 limit = { count = \"1 per day\", per = \"person\" }，或 once = \"1d\"。",
                "add limit = { count = \"1 per day\", per = \"person\" }, or once = \"1d\"",
            ),
        );
    }

    /// `counted` is how many in a period and how many periods a year has; `money` what one is worth, and what a person
    /// may come to in a year.
    pub fn endless_coupon(&mut self, place: &Place, name: &str, counted: (u32, i64), money: (Fen, Fen)) {
        let ((count, times), (worth, most)) = (counted, money);
        self.add(
            Code::Endless,
            place,
            both(
                format!(
                    "券「{name}」只按人限量，没有总数也没有预算：一位群友一年最多 {times} × {count} × ¥{worth} = ¥{most}，有几位就乘几。"
                ),
                format!(
                    "coupon `{name}` is limited for each person only, with neither a total nor a budget: {times} × {count} × ¥{worth} = ¥{most} a year for every member there is"
                ),
            ),
            both(
                "加上 total = 500 或 budget = \"5000.00 per month\"。",
                "add total = 500 or budget = \"5000.00 per month\"",
            ),
        );
    }

    pub fn promos_a_week(&mut self, place: &Place, times: u32, parts: &str, most: u32) {
        self.add(
            Code::PromosAWeek,
            place,
            both(
                format!("同一个群一周里最多会有 {times} 条推广：{parts}；超过 {most} 条就没人看了。"),
                format!("one group gets up to {times} promotions in a week: {parts}; more than {most} are not read"),
            ),
            both(
                "少发几条，或合成一条；加上 limit = { count = \"1 per week\", per = \"group\" }。",
                "send fewer, or make one of several; add limit = { count = \"1 per week\", per = \"group\" }",
            ),
        );
    }

    /// The worst bill: how much it is, and how much of it is taken off.
    pub fn stacked(&mut self, place: &Place, parts: &str, (bill, off): (Fen, Fen)) {
        let percent = off.0.saturating_mul(100) / bill.0.max(1);
        self.add(
            Code::Stacked,
            place,
            both(
                format!("一位群友可以同时有这几张，叠在 ¥{bill} 的账单上：{parts} = ¥{off}，减掉 {percent}%。"),
                format!("one member can hold all of these on a bill of ¥{bill}: {parts} = ¥{off}, {percent} % off"),
            ),
            both(
                "把 min_spend 写高，或给不能同用的券写 alone = true，核销时就不放行；有意的写 allow。",
                "raise `min_spend`, or write `alone = true` in a coupon that keeps no company: it is refused beside others; `allow` it if it is meant",
            ),
        );
    }
}
