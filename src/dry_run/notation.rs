//! The one notation: what transcripts print, tests are written in.
//!
//! ```text
//! # a comment
//! 10:00     小明 进群 邀请人 阿明        a time, who, what
//! 10:05:30  小明: @机器人 礼包           said in the group; `@name` calls somebody
//! 08:00     小明 私聊: 在吗              a time earlier than the line before: the next day
//! +1d                                   moves the day; so do 次日 and 2026-03-08, alone or before a time
//! 次日 09:00  小明 下单 29.90 明前龙井
//! ```
//! What is expected is written as it is printed: `群: …`, `私聊 小明: …`, `店员: …`, `给 小明 newcomer`,
//! `改群名 …`, `改名片 小明 …`, `加标签 小明 …`; `无` means that nothing happens. `…` (or `...`) stands for any text, `⏎`
//! for a line break. A time without seconds is that minute's first second. Effects of one second are compared in the
//! order they were produced.
//!
//! Every keyword has an English form: joins [invited by X | by code], leaves, privately:, orders, is refunded, changes
//! card, group renamed; group:, private X:, staff:, gives X coupon, renames group, sets card X, tags X, untags X,
//! nothing; next day.

pub mod expectation;
mod lines;
pub mod problem;
pub mod script;

pub use expectation::{Expected, Pattern, read_expectation};
pub use problem::{Mistake, Problem};
pub use script::{Doing, Happens, ScriptLine, read_script};
