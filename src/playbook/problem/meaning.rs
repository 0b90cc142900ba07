//! Problems with what is meant: names that stand for nothing, money without a cap, effects that cannot be.

use super::found::{Problems, meant, nearest};
use super::kinds::{Both, Code, Place, both};

impl Problems {
    pub fn code_for_too_long(&mut self, place: &Place, written: &str) {
        self.add(
            Code::LooseCode,
            place,
            both(
                format!("绑定码 {written} 内都能用，太久了：谁拿到它，谁就能和那个人算在一起。"),
                format!("a code that can be used for {written} is too long about: whoever gets hold of it is one person with its owner"),
            ),
            both("最长写 \"1h\"。", "write \"1h\" at most"),
        );
    }

    pub fn unknown_coupon(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownCoupon,
            place,
            both(
                format!("没有叫「{written}」的券。"),
                format!("no coupon has the name `{written}`"),
            ),
            or_write(written, known, "coupon"),
        );
    }

    pub fn unknown_vote(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownVote,
            place,
            both(
                format!("没有叫「{written}」的投票。"),
                format!("no vote has the name `{written}`"),
            ),
            or_write(written, known, "vote"),
        );
    }

    pub fn unknown_event(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownEvent,
            place,
            both(
                format!("没有叫「{written}」的活动。"),
                format!("no event has the name `{written}`"),
            ),
            or_write(written, known, "event"),
        );
    }

    /// The cadence of a book plans the book's own events; one of another file would never take place.
    pub fn unknown_event_here(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownEvent,
            place,
            both(
                format!("这个文件里没有叫「{written}」的活动。"),
                format!("no event in this file has the name `{written}`"),
            ),
            or_write(written, known, "event"),
        );
    }

    pub fn unknown_rule(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownRule,
            place,
            both(
                format!("没有叫「{written}」的规则。"),
                format!("no rule has the name `{written}`"),
            ),
            meant(nearest(written, known.iter().copied()), known),
        );
    }

    /// `first` says where the name stands already: `playbooks/tea.toml:3`.
    pub fn name_taken(&mut self, place: &Place, written: &str, first: &str) {
        self.add(
            Code::NameTaken,
            place,
            both(
                format!("「{written}」在 {first} 已经用过了。"),
                format!("`{written}` is taken at {first}"),
            ),
            both("换一个名字。", "choose another name"),
        );
    }

    /// `[birthday]` or `[points]` stands a second time.
    pub fn second_section(&mut self, place: &Place, section: &str, first: &str) {
        self.add(
            Code::SecondSection,
            place,
            both(
                format!("{first} 已经有一节 [{section}]。"),
                format!("there is a [{section}] at {first} already"),
            ),
            both("只留一节，其余的删掉。", "keep one of them"),
        );
    }

    pub fn uncapped(&mut self, place: &Place, name: &str) {
        self.add(
            Code::Uncapped,
            place,
            both(
                format!("券「{name}」要花钱，却没有任何上限。"),
                format!("coupon `{name}` costs money and nothing limits how much"),
            ),
            both(
                "加上 limit，例如 limit = { per_person = \"1 per year\", total = 500, budget = \"5000.00 per month\" }，三样至少写一样。",
                "add a limit, like limit = { per_person = \"1 per year\", total = 500, budget = \"5000.00 per month\" }; one of them is enough",
            ),
        );
    }

    pub fn unknown_trigger(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownTrigger,
            place,
            both(
                format!("没有叫「{written}」的触发。"),
                format!("nothing is called `{written}` after `on`"),
            ),
            meant(nearest(written, known.iter().copied()), known),
        );
    }

    pub fn unknown_festival(&mut self, place: &Place, written: &str, known: &[&str]) {
        let next = match nearest(written, known.iter().copied()) {
            Some(near) => meant(Some(near), known),
            None => both(
                "写节日或节气的名字，例如「中秋」「母亲节」「冬至」；或写「节气」「放假」「收假」「补班」。",
                "write a name like \"Mid-Autumn Festival\" or 「冬至」; or \"solar term\", \"holiday\", \"last day off\", \"make-up workday\"",
            ),
        };
        self.add(
            Code::UnknownFestival,
            place,
            both(
                format!("没有叫「{written}」的节日。"),
                format!("no festival is called `{written}`"),
            ),
            next,
        );
    }

    pub fn unknown_deed(&mut self, place: &Place, found: &[&str], known: &[&str]) {
        let reason = match found {
            [] => both("这里没有写要做什么。", "this says nothing to do"),
            [one] => both(
                format!("没有叫「{one}」的动作。"),
                format!("no effect is called `{one}`"),
            ),
            several => both(
                format!("一个花括号里只能做一件事，这里有 {}。", several.join("、")),
                format!("one table is one effect, this one holds {}", several.join(", ")),
            ),
        };
        let near = found.iter().find_map(|word| nearest(word, known.iter().copied()));
        let next = match found.len() {
            0 | 1 => meant(near, known),
            _ => both("拆成几个花括号，按先后排列。", "split it into several tables, in order"),
        };
        self.add(Code::UnknownDeed, place, reason, next);
    }

    pub fn out_of_place(&mut self, place: &Place, reason: Both, next: Both) {
        self.add(Code::OutOfPlace, place, reason, next);
    }

    pub fn longer_than(&mut self, place: &Place, part: &str, whole: &str) {
        self.add(
            Code::Contradiction,
            place,
            both(
                format!("「{part}」比「{whole}」还长。"),
                format!("`{part}` is longer than `{whole}`"),
            ),
            both(
                format!("把「{part}」改短，或把「{whole}」改长。"),
                format!("make `{part}` shorter or `{whole}` longer"),
            ),
        );
    }

    pub fn contradiction(&mut self, place: &Place, one: &str, other: &str) {
        self.add(
            Code::Contradiction,
            place,
            both(
                format!("「{one}」和「{other}」不能同时写。"),
                format!("`{one}` and `{other}` cannot stand together"),
            ),
            both("留下其中一个。", "keep one of them"),
        );
    }
}

pub(super) fn or_write(written: &str, known: &[&str], section: &str) -> Both {
    match nearest(written, known.iter().copied()) {
        Some(near) => meant(Some(near), known),
        None if known.is_empty() => both(
            format!("写一节 [{section}.{written}]。"),
            format!("write a section [{section}.{written}]"),
        ),
        None => both(
            format!("写一节 [{section}.{written}]，或用已有的：{}。", known.join("、")),
            format!(
                "write a section [{section}.{written}], or use one there is: {}",
                known.join(", ")
            ),
        ),
    }
}
