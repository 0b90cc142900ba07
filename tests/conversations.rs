//! Conversations: what members, staff and gateways do to each other, and what the bot says to it.
//!
//! `tests/conversations/*.txt` hold a small playbook, a script in the notation of `[[test]]`, and everything that
//! followed, silences with their reasons included; `UPDATE=1 cargo test --test conversations` rewrites what followed.
//! What must hold for all inputs stands beside them in Rust.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage has failed")]

#[path = "conversations/all_or_nothing.rs"]
mod all_or_nothing;
#[path = "conversations/answers.rs"]
mod answers;
#[path = "conversations/asking.rs"]
mod asking;
#[path = "conversations/cards.rs"]
mod cards;
#[path = "conversations/chance.rs"]
mod chance;
#[path = "conversations/comeback.rs"]
mod comeback;
#[path = "conversations/drawing.rs"]
mod drawing;
#[path = "conversations/hostile.rs"]
mod hostile;
#[path = "conversations/keeping.rs"]
mod keeping;
#[path = "conversations/ladder.rs"]
mod ladder;
#[path = "conversations/ledger.rs"]
mod ledger;
#[path = "conversations/linking.rs"]
mod linking;
#[path = "conversations/lists.rs"]
mod lists;
#[path = "conversations/newcomers.rs"]
mod newcomers;
#[path = "conversations/notebook.rs"]
mod notebook;
#[path = "conversations/pieces.rs"]
mod pieces;
#[path = "conversations/polling.rs"]
mod polling;
#[path = "conversations/renaming.rs"]
mod renaming;
#[path = "conversations/sales.rs"]
mod sales;
#[path = "conversations/seats.rs"]
mod seats;
#[path = "conversations/stage.rs"]
mod stage;
#[path = "conversations/till.rs"]
mod till;

use notebook::check;

#[test]
fn coming_and_going() {
    check("coming_and_going");
}

#[test]
fn timing() {
    check("timing");
}

#[test]
fn fallbacks() {
    check("fallbacks");
}

#[test]
fn effects() {
    check("effects");
}

#[test]
fn manners() {
    check("manners");
}

#[test]
fn trials() {
    check("trials");
}

#[test]
fn guards() {
    check("guards");
}

#[test]
fn coupons_and_orders() {
    check("coupons_and_orders");
}

#[test]
fn orders() {
    check("orders");
}

#[test]
fn removals() {
    check("removals");
}

#[test]
fn questions() {
    check("questions");
}

#[test]
fn suggestions() {
    check("suggestions");
}

#[test]
fn surveys() {
    check("surveys");
}

#[test]
fn quizzes() {
    check("quizzes");
}

#[test]
fn redemption() {
    check("redemption");
}

#[test]
fn memberships() {
    check("memberships");
}

#[test]
fn shop() {
    check("shop");
}

#[test]
fn points() {
    check("points");
}

#[test]
fn check_ins() {
    check("check_ins");
}

#[test]
fn referrals() {
    check("referrals");
}

#[test]
fn pools() {
    check("pools");
}

#[test]
fn columns() {
    check("columns");
}

#[test]
fn tiers() {
    check("tiers");
}

#[test]
fn scores() {
    check("scores");
}

#[test]
fn segments() {
    check("segments");
}

#[test]
fn winback() {
    check("winback");
}

#[test]
fn linking_accounts() {
    check("linking");
}

#[test]
fn opting_out() {
    check("opting_out");
}

#[test]
fn privacy() {
    check("privacy");
}

#[test]
fn votes() {
    check("votes");
}

#[test]
fn draws() {
    check("draws");
}

#[test]
fn gatherings() {
    check("gatherings");
}

#[test]
fn reloads() {
    check("reloads");
}

#[test]
fn birthdays() {
    check("birthdays");
}

#[test]
fn calendar_days() {
    check("calendar_days");
}

#[test]
fn silence() {
    check("silence");
}

#[test]
fn replies() {
    check("replies");
}

#[test]
fn windows() {
    check("windows");
}

#[test]
fn folding() {
    check("folding");
}

#[test]
fn named() {
    check("named");
}
