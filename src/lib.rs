//! qunying 群营 runs a merchant's chat groups from text files, and can prove beforehand what it will do.
//!
//! **An operator can prove, on the group's own history and before anything is sent, exactly what a playbook will say,
//! give, cost and break; afterwards every send and every silence can be explained.**
//!
//! ```text
//! gateway ──webhook──▶ decode ─▶ Event ─┐
//! agenda  ──came due──────────▶ Event ──┼─▶ step ─▶ Decision ─▶ record ─▶ deliver ─▶ gateway
//! staff   ──order─────────────▶ Event ──┘  (pure)   changes    one sync   outbox
//!                                                   actions       │  └──▶ sled (derived state, behind)
//!                                                   verdicts      └─────▶ dry run (pure, offline)
//! ```
//!
//! # The house has floors; everything looks only down
//!
//! | floor | what | modules |
//! |---|---|---|
//! | 0 | vocabulary | [`chat`], [`calendar`] |
//! | 1 | what operators write; what we remember | [`playbook`], [`community`] |
//! | 2 | deciding; the recording's stored form | [`engine`], [`recording`] |
//! | 3 | the outside, and the rehearsal | [`store`], [`gateway`], [`metrics`], [`inbox`], [`outlet`], [`dry_run`] |
//! | 4 | loops, how reports come in, what logs from outside become, and what it all came to | [`event_loop`], [`delivery`], [`intake`], [`logs`], [`import`], [`figures`] |
//! | 5 | doors | [`web`] |
//! | 6 | wiring | [`config`] |
//! | 7 | the command line | [`cli`] |
//!
//! Floors 0 to 2 and the dry run's driver are pure: no IO, no clock, no chance, no hash order. `tests/floors.rs` proves
//! the direction and the purity, `.clippy.toml` forbids the rest.
//!
//! # What holds
//!
//! - Deciding is a function: [`engine::step`] takes the playbooks, the community, one event, the moment and the dice, and
//!   gives changes, actions and verdicts. Live, dry run, tests and recovery call the same function.
//! - [`community::Community::apply`] is the only thing that moves the state.
//! - An event is accepted when its record is durable, or not at all. The recording is the truth; sled can be lost.
//! - Recorded changes are applied again at start, never decided again: a newer engine cannot rewrite the past.
//! - Timers fire with their due time, before any later event is decided.
//! - Same recording, same playbooks, same secret: the same actions, byte for byte.
//! - Money-like state is exactly once. A message whose sending is unknown follows its action's policy.
//!
//! # Reading order
//!
//! [`chat::event`] and [`chat::action`] (the words), [`engine`] (the spine), [`playbook::rule`] (what operators can say),
//! [`community`] (what is remembered), [`event_loop`] (how it becomes durable), [`delivery`] (how it goes out),
//! [`dry_run`] (how it is rehearsed).

pub mod calendar;
pub mod chat;
#[allow(
    clippy::disallowed_methods,
    reason = "the clock and the terminal's language enter here"
)]
pub mod cli;
pub mod community;
#[allow(clippy::disallowed_methods, reason = "the environment enters here")]
pub mod config;
#[allow(clippy::disallowed_methods, reason = "pace has chance in it")]
pub mod delivery;
pub mod dry_run;
pub mod engine;
#[allow(clippy::disallowed_methods, reason = "the time a commit takes is measured here")]
pub mod event_loop;
pub mod figures;
pub mod gateway;
pub mod import;
pub mod inbox;
#[allow(clippy::disallowed_methods, reason = "the silence of a connection is measured here")]
pub mod intake;
pub mod logs;
pub mod metrics;
pub mod outlet;
pub mod playbook;
pub mod recording;
pub mod store;
#[allow(clippy::disallowed_methods, reason = "the age of a connection is measured here")]
pub mod web;
