//! The one notation: what transcripts print, tests are written in.
//!
//! ```text
//! # a comment
//! 10:00     小明 进群 邀请人 阿明        a time, who, what
//! 10:05:30  小明: @机器人 礼包           said in the group; `@name` calls somebody
//! 08:00     小明 私聊: 在吗              a time earlier than the line before: the next day
//! +1d                                   moves the day; so do 次日 and 2026-03-08, alone or before a time
//! 次日 09:00  小明 下单 #A12 29.90 明前龙井
//! 09:05     机器人 停机                  until 机器人 恢复; what happens meanwhile is told then
//! 09:06     收银台 核销 K7QF2M9XAB 68    over HTTP; so are 预留, 确认, 放开 and 撤销
//! 09:10     网关 拒绝 不是群主           about the next action; so are 发不出, 推迟, 没回音
//! ```
//! What is expected is written as it is printed: `群: …`, `私聊 小明: …`, `店员: …`, `给 小明 newcomer`,
//! `改群名 …`, `改名片 小明 …`, `加标签 小明 …`; `无` means that nothing happens. `…` (or `...`) stands for any text, `⏎`
//! for a line break. A time without seconds is that minute's first second. Effects of one second are compared in the
//! order they were produced.
//!
//! What is so from the start has no time: `小明 标签 老客`, `小明 生日 农历八月十五`, `小明 下单 29.90 2026-02-01`,
//! `小明 持券 newcomer 30天前`, `小明 持卡 month 30天前`, `小明 进群 2025-03-01`, `小明 发言 90天前`, `小明 名片 小明·老客`, `已发 newcomer 300张`.
//!
//! Every keyword has an English form; docs/playbooks.md has both in one table.

pub mod expectation;
pub mod given;
mod lines;
pub mod problem;
pub mod script;
pub mod till;

pub use expectation::{Expected, Pattern, is_nothing, read_expectation};
pub use given::read_given;
pub use lines::times;
pub use problem::{Mistake, Problem};
pub use script::{Decided, Doing, Happens, ScriptLine, read_script};
