//! Conversations with the rehearsal: what an operator types, and what it answers.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "rehearsal/adding_up.rs"]
mod adding_up;
#[path = "rehearsal/browser.rs"]
mod browser;
#[path = "rehearsal/calendar_view.rs"]
mod calendar_view;
#[path = "rehearsal/chained.rs"]
mod chained;
#[path = "rehearsal/clock.rs"]
mod clock;
#[path = "rehearsal/cutting.rs"]
mod cutting;
#[path = "rehearsal/every_word.rs"]
mod every_word;
#[path = "rehearsal/explaining.rs"]
mod explaining;
#[path = "rehearsal/guards.rs"]
mod guards;
#[path = "rehearsal/left_in_peace.rs"]
mod left_in_peace;
#[path = "rehearsal/logs.rs"]
mod logs;
#[path = "rehearsal/looking.rs"]
mod looking;
#[path = "rehearsal/mechanics.rs"]
mod mechanics;
#[path = "rehearsal/money.rs"]
mod money;
#[path = "rehearsal/notation.rs"]
mod notation;
#[path = "rehearsal/page.rs"]
mod page;
#[path = "rehearsal/personal.rs"]
mod personal;
#[path = "rehearsal/planning.rs"]
mod planning;
#[path = "rehearsal/quarter.rs"]
mod quarter;
#[path = "rehearsal/reasons.rs"]
mod reasons;
#[path = "rehearsal/shipped.rs"]
mod shipped;
#[path = "rehearsal/stage.rs"]
mod stage;
#[path = "rehearsal/stories.rs"]
mod stories;
#[path = "rehearsal/supposing.rs"]
mod supposing;
#[path = "rehearsal/telling.rs"]
mod telling;
