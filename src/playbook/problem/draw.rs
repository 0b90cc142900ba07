//! What is wrong with a draw.

use super::found::Problems;
use super::kinds::{Code, Place, both};
use super::meaning::or_write;

impl Problems {
    pub fn unknown_draw(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownDraw,
            place,
            both(
                format!("没有叫「{written}」的抽奖。"),
                format!("no draw has the name `{written}`"),
            ),
            or_write(written, known, "draw"),
        );
    }

    pub fn no_claim(&mut self, place: &Place) {
        self.add(
            Code::NoClaim,
            place,
            both(
                "奖品要店员交给人，却没有写领奖期限：没人来领时，奖品一直挂着。",
                "prizes are handed over by staff and there is no time to claim them: what nobody fetches is never free again",
            ),
            both(
                "写上期限，例如 claim_within = \"2d\"；没人领的重抽就再写 unclaimed = \"redraw\"。",
                "say how long they have, like claim_within = \"2d\"; add unclaimed = \"redraw\" to draw again what nobody claims",
            ),
        );
    }

    pub fn rules_untold(&mut self, place: &Place) {
        self.add(
            Code::RulesUntold,
            place,
            both(
                "开始时说的话里没有规则或奖品：抽奖必须事先公布规则、概率和奖品（规范促销行为暂行规定第十三条）。",
                "the opening tells no rules or no prizes; a draw must tell rules, odds and prizes beforehand",
            ),
            both(
                "把 {{ rules }} 和 {{ prizes }} 写进去，例如 {% for line in rules %}{{ line }}{% endfor %}。",
                "put {{ rules }} and {{ prizes }} in, like {% for line in rules %}{{ line }}{% endfor %}",
            ),
        );
    }

    pub fn same_weight(&mut self, place: &Place) {
        self.add(
            Code::SameWeight,
            place,
            both(
                "weight 对谁都一样，有没有它概率都不变。",
                "the weight is the same for everybody, so it changes nothing",
            ),
            both(
                "写和人有关的，例如 weight = \"1 + person.points / 100\"，或去掉它。",
                "write something about the person, like weight = \"1 + person.points / 100\", or take it out",
            ),
        );
    }

    pub fn weight_untold(&mut self, place: &Place) {
        self.add(
            Code::WeightUntold,
            place,
            both(
                "概率按 weight 算，公布的规则里就得说人话；现在公布的是算式本身。",
                "odds go by `weight`, and the rules that are told would show the expression itself",
            ),
            both(
                "加一句 weight_told = \"每 100 积分多一张签\"。",
                "say it in words: weight_told = \"one more ticket for every 100 points\"",
            ),
        );
    }

    pub fn free_chances(&mut self, place: &Place, most: u32) {
        self.add(
            Code::FreeChances,
            place,
            both(
                format!("每人可以有 {most} 次机会，却不要积分也不看订单：人人都会刷屏 {most} 遍。"),
                format!(
                    "{most} chances each cost neither points nor an order: everybody will say the word {most} times"
                ),
            ),
            both(
                "写上 cost（每次多少积分），或去掉 chances，一人一次。",
                "add `cost` (points for each), or take `chances` out: one each",
            ),
        );
    }
}
