//! Problems with membership cards.

use crate::chat::Fen;

use super::found::Problems;
use super::kinds::{Both, Code, Place, both};

impl Problems {
    pub fn bad_membership(&mut self, place: &Place, reason: Both, example: &str) {
        self.add(
            Code::BadMembership,
            place,
            reason,
            both(format!("写成 {example} 这样。"), format!("write it like {example}")),
        );
    }

    pub fn losing_card(&mut self, place: &Place, (uses, cost): (u32, Fen), price: Fen) {
        self.add(
            Code::LosingCard,
            place,
            both(
                format!("用满 {uses} 次，成本 {cost} 元，卖价只有 {price} 元。"),
                format!("used {uses} times it costs {cost} yuan, and is sold for {price}"),
            ),
            both(
                "提高 price，或减少 total、per_day、per_week；有意让利就写 allow 说明。",
                "raise its price, or lower `total`, `per_day` or `per_week`; if it is meant, say so with `allow`",
            ),
        );
    }

    pub fn unusable_card(&mut self, place: &Place, total: u32, days: u32) {
        self.add(
            Code::UnusableCard,
            place,
            both(
                format!("写了一共 {total} 次，可天天来用也只用得到 {days} 次。"),
                format!("it promises {total} uses, and whoever comes every day has {days}"),
            ),
            both(
                "延长 valid，或减少 total，或放宽 per_day、per_week。",
                "let it last longer, lower `total`, or allow more in a day or a week",
            ),
        );
    }

    pub fn unbounded_card(&mut self, place: &Place, name: &str) {
        self.add(
            Code::UnboundedCard,
            place,
            both(
                format!("「{name}」想用几次就用几次，成本没有上限。"),
                format!("`{name}` can be used any number of times, and nothing bounds what it costs"),
            ),
            both(
                "写上 per_day = 1、per_week 或 total 中的一样。",
                "write one of per_day = 1, per_week and total",
            ),
        );
    }

    pub fn same_card(&mut self, place: &Place, name: &str, first: &str) {
        self.add(
            Code::SameCard,
            place,
            both(
                format!("{first} 那张卡也叫「{name}」：店员和订单说的是哪一张，分不清。"),
                format!("the card at {first} goes by `{name}` too: nobody can tell which one staff or an order mean"),
            ),
            both(
                "换一个 title，或把 goods 里重复的去掉。",
                "give it another title, or take what both have out of `goods`",
            ),
        );
    }
}
