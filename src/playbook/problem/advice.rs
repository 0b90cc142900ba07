//! Warnings: playbooks that can be put in force and probably do something nobody wants.

use jiff::civil::{Date, Time};

use crate::chat::{Capability, Fen, Lang};

use super::found::Problems;
use super::kinds::{Code, Place, both};

impl Problems {
    pub fn greeting(&mut self, place: &Place) {
        self.add(
            Code::Greeting,
            place,
            both(
                "进群就说话，却既没有合并也没有限次：一批人进群会刷屏，退群再进会重复欢迎。",
                "a crowd that joins is greeted one by one, and whoever leaves and returns is greeted again",
            ),
            both(
                "加上 gather = \"30s\"（合并）或 once = \"30d\"（限次）。",
                "add gather = \"30s\" or once = \"30d\"",
            ),
        );
    }

    pub fn untold(&mut self, place: &Place, gateways: &[&str]) {
        self.add(
            Code::Untold,
            place,
            both(
                format!(
                    "网关 {} 不会告诉这件事，在它那里这条规则永远不会触发。",
                    gateways.join("、")
                ),
                format!(
                    "the gateway {} never tells of this, so the rule never fires there",
                    gateways.join(", ")
                ),
            ),
            both(
                "换一种触发，或用 groups 只写别的网关上的群。",
                "wait for something else, or name groups on another gateway in `groups`",
            ),
        );
    }

    pub fn incapable(&mut self, place: &Place, needs: Capability, gateways: &[&str]) {
        let (zh, en) = (needs.said(Lang::Zh), needs.said(Lang::En));
        self.add(
            Code::Incapable,
            place,
            both(
                format!("网关 {} 做不到：{zh}。", gateways.join("、")),
                format!("the gateway {} cannot: {en}", gateways.join(", ")),
            ),
            both(
                format!(
                    "在那里改为：{}。不合适就用 groups 只写别的网关上的群。",
                    needs.instead(Lang::Zh)
                ),
                format!(
                    "there {}; if that will not do, name groups on another gateway in `groups`",
                    needs.instead(Lang::En)
                ),
            ),
        );
    }

    pub fn silent_crowd(&mut self, place: &Place) {
        self.add(
            Code::SilentCrowd,
            place,
            both(
                "第一次到点时，群里沉默已久的人会被一次全说到。",
                "the first time it looks, everybody who has been silent for long is spoken to at once",
            ),
            both(
                "加上 limit = { count = \"5 per day\", per = \"group\" }（剩下的第二天继续），或 gather = \"1m\"（合成一句）。",
                "add limit = { count = \"5 per day\", per = \"group\" }, which takes the rest the next day, or gather = \"1m\", which makes it one message",
            ),
        );
    }

    pub fn no_close(&mut self, place: &Place) {
        self.add(
            Code::NoClose,
            place,
            both(
                "没有写 open_for，按 2 天算。",
                "there is no open_for; it closes after 2 days",
            ),
            both(
                "写明截止时间，例如 open_for = \"2d\"。",
                "say when it closes, like open_for = \"2d\"",
            ),
        );
    }

    pub fn unlimited_promo(&mut self, place: &Place) {
        self.add(
            Code::UnlimitedPromo,
            place,
            both("推广类的群发没有写上限。", "a promotion is broadcast without a limit"),
            both(
                "加上 limit = { count = \"1 per week\", per = \"group\" }；只有广告的群没人看。",
                "add limit = { count = \"1 per week\", per = \"group\" }; nobody reads a group that only advertises",
            ),
        );
    }

    pub fn echo(&mut self, place: &Place, word: &str, said_in: &str) {
        self.add(
            Code::Echo,
            place,
            both(
                format!("机器人自己的话（{said_in}）里就有「{word}」，群友一转述就会再次触发。"),
                format!("the bot's own words ({said_in}) hold `{word}`, so whoever quotes them triggers it again"),
            ),
            both(
                "换一个关键词，或改用整句匹配 message = \"…\"。",
                "choose another word, or use message = \"…\"",
            ),
        );
    }

    pub fn quiet(&mut self, place: &Place, at: Time, until: Time) {
        let (at, until) = (clock(at), clock(until));
        self.add(
            Code::Quiet,
            place,
            both(
                format!("{at} 在免打扰时段里，要等到 {until} 才会发。"),
                format!("{at} lies in quiet hours; it will wait until {until}"),
            ),
            both(format!("改到 {until} 之后。"), format!("move it to {until} or later")),
        );
    }

    /// `first` says where the other one stands: `playbooks/tea.toml:3`.
    pub fn same_words(&mut self, place: &Place, words: &str, first: &str) {
        self.add(
            Code::SameWords,
            place,
            both(
                format!("「{words}」在 {first} 也有回应，两边都会说话。"),
                format!("`{words}` is answered at {first} too"),
            ),
            both("换一个词，或合并成一处。", "use other words, or make one of the two"),
        );
    }

    pub fn amount_differs(&mut self, place: &Place, said: &str, coupon: &str, worth: Fen) {
        self.add(
            Code::AmountDiffers,
            place,
            both(
                format!("话术里写的是 {said}，券「{coupon}」的面额却是 {worth} 元。"),
                format!("it says {said}, but coupon `{coupon}` is worth {worth}"),
            ),
            both(
                "用 {{ coupon.worth }} 代替手写的数字。",
                "write {{ coupon.worth }} instead of the number",
            ),
        );
    }

    pub fn short_month(&mut self, place: &Place, day: &str) {
        self.add(
            Code::ShortMonth,
            place,
            both(
                format!("有的月份没有「{day}」，那个月就不会发生。"),
                format!("some months have no `{day}`; nothing happens then"),
            ),
            both("月底请写 \"last day\"。", "for the end of the month write \"last day\""),
        );
    }

    pub fn rhythm(&mut self, place: &Place, small: usize, big: usize) {
        self.add(
            Code::Rhythm,
            place,
            both(
                format!("每月 {small} 个小活动、{big} 个大活动，不是两小一大。"),
                format!("{small} small and {big} big events a month are not two small and one big"),
            ),
            both(
                "small 写两个，big 写一个。",
                "write two under `small` and one under `big`",
            ),
        );
    }

    pub fn too_close(&mut self, place: &Place, days: (Date, Date), distance: u16) {
        let (one, other) = days;
        self.add(
            Code::TooClose,
            place,
            both(
                format!("{one} 和 {other} 的活动间隔不到 {distance} 天。"),
                format!("the events on {one} and {other} are less than {distance} days apart"),
            ),
            both(
                "错开日子，或把 distance 改小。",
                "move one of them, or make `distance` smaller",
            ),
        );
    }

    pub fn big_first(&mut self, place: &Place, big: Date, small: Date) {
        self.add(
            Code::BigFirst,
            place,
            both(
                format!("{big} 的大活动排在 {small} 的小活动前面，气氛还没有热起来。"),
                format!("the big event on {big} comes before the small one on {small}, which should warm up for it"),
            ),
            both("把大活动放到当月最后。", "put the big event last in the month"),
        );
    }
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
