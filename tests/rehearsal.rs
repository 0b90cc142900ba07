//! Conversations with the rehearsal: what an operator types, and what it answers.

#[path = "rehearsal/stage.rs"]
mod stage;

#[path = "rehearsal/shipped.rs"]
mod shipped;
