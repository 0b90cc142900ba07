//! The whole program, as somebody at a shell meets it: what it prints, how it ends, and that nothing is lost when it does.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and sends reports of just now"
)]

#[path = "cli/accounts.rs"]
mod accounts;
#[path = "cli/advising.rs"]
mod advising;
#[path = "cli/beginning.rs"]
mod beginning;
#[path = "cli/calling.rs"]
mod calling;
#[path = "cli/doctor.rs"]
mod doctor;
#[path = "cli/draw.rs"]
mod draw;
#[path = "cli/events.rs"]
mod events;
#[path = "cli/figures.rs"]
mod figures;
#[path = "cli/forgetting.rs"]
mod forgetting;
#[path = "cli/guarded.rs"]
mod guarded;
#[path = "cli/house.rs"]
mod house;
#[path = "cli/imported.rs"]
mod imported;
#[path = "cli/kept.rs"]
mod kept;
#[path = "cli/media.rs"]
mod media;
#[path = "cli/ordering.rs"]
mod ordering;
#[path = "cli/parity.rs"]
mod parity;
#[path = "cli/planning.rs"]
mod planning;
#[path = "cli/playing.rs"]
mod playing;
#[path = "cli/rehearsed.rs"]
mod rehearsed;
#[path = "cli/reusing.rs"]
mod reusing;
#[path = "cli/running.rs"]
mod running;
#[path = "cli/shadow.rs"]
mod shadow;
#[path = "cli/stories.rs"]
mod stories;
#[path = "cli/till.rs"]
mod till;
#[path = "cli/words.rs"]
mod words;
