//! What is wrong with a line, and what to write instead.

use crate::chat::Lang;

/// A line that is not in the notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// In the playbook file, counted from 1.
    pub line: usize,
    /// As it was written.
    pub written: String,
    pub mistake: Mistake,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// It does not begin with a time.
    NoTime,
    /// The day would lie beyond the calendar.
    NoSuchDay,
    /// The date lies before the line before.
    BackInTime,
    /// There is a time but nothing happens at it.
    NothingSaid,
    /// Nobody is named.
    Nobody,
    /// What somebody does is none of the things known.
    UnknownDeed,
    /// An amount is missing, or is none.
    BadAmount,
    /// A name is missing after `改名片`, `群改名`, `邀请人` and the like.
    NameMissing,
    /// It is none of the effects that can be expected.
    UnknownEffect,
    /// `无` stands beside other expectations.
    NothingAndMore,
}

impl Mistake {
    /// The reason and the next step.
    pub fn text(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Mistake::NoTime => (
                "行首要写时间，例如「10:00  小明 进群」；换日写「+1d」「次日 08:00」或「2026-03-08 09:00」。",
                "a line begins with a time, like `10:00  Ming joins`; `+1d`, `next day 08:00` or `2026-03-08 09:00` move the day",
            ),
            Mistake::NoSuchDay => (
                "日历上没有这一天，请写近一点的日期。",
                "the calendar has no such day; write a nearer date",
            ),
            Mistake::BackInTime => (
                "日期比上一行早，请按时间先后写。",
                "this date is before the line above; write lines in order of time",
            ),
            Mistake::NothingSaid => (
                "时间后面没有内容，请写谁做了什么。",
                "nothing follows the time; write who does what",
            ),
            Mistake::Nobody => (
                "没有写是谁，例如「小明: 礼包」。",
                "nobody is named; write like `Ming: pack`",
            ),
            Mistake::UnknownDeed => (
                "不认识这个动作。可以写：进群、退群、被移出、「名字: 说的话」、「名字 私聊: 说的话」、下单 29.90、退款 29.90、改名片 新名、群改名 新名。",
                "not something that can happen; write joins, leaves, is removed, `name: words`, `name privately: words`, orders 29.90, is refunded 29.90, changes card X, or group renamed X",
            ),
            Mistake::BadAmount => (
                "金额请写成 29.90 这样的元，最多两位小数。",
                "write the amount in yuan like 29.90, at most two decimals",
            ),
            Mistake::NameMissing => ("后面要写名字。", "a name must follow"),
            Mistake::UnknownEffect => (
                "不认识这个预期。可以写：「群: …」「私聊 小明: …」「店员: …」「给 小明 券名」「改群名 …」「改名片 小明 …」「加标签 小明 …」「去标签 小明 …」「撤回 …」或「无」。",
                "not an effect; write `group: …`, `private Ming: …`, `staff: …`, `gives Ming coupon`, `renames group …`, `sets card Ming …`, `tags Ming …`, `untags Ming …`, `recalls …` or `nothing`",
            ),
            Mistake::NothingAndMore => (
                "「无」表示什么都不会发生，不能和其他预期写在一起。",
                "`nothing` cannot stand beside other expectations",
            ),
        };
        lang.pick(zh, en)
    }
}
