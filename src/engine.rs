//! Decides. Never reads the store, the clock or the network, and never touches the community.
//!
//! Three functions are the whole of it:
//! [`observe`] takes note of what an event says about the world; [`decide`] weighs every rule and mechanic and says
//! what follows; [`step`] does one after the other and applies both. Live, dry run and tests call `step`.

mod accounts;
pub mod admission;
mod alert;
mod anniversary;
mod answers;
mod attending;
pub mod birthday;
mod by_hand;
mod calling;
mod card_deeds;
mod card_desk;
mod card_lists;
mod card_order;
mod card_sales;
pub mod card_term;
mod card_timers;
mod check_in;
mod choosing;
mod claim;
mod codes;
mod column;
pub mod coupon;
pub mod decision;
pub mod delivered;
pub mod dice;
mod draft;
mod draw;
mod draw_terms;
mod drawing;
mod earning;
mod effects;
mod exchanged;
mod expiry;
pub mod gathering;
mod gathering_now;
mod granting;
pub mod guards;
mod hearing;
mod income;
pub mod known;
mod letting_go;
pub mod levels;
mod linking;
mod manners;
mod matching;
pub mod membership;
mod merging;
mod naming;
mod noticing;
pub mod observing;
pub mod opting_out;
mod place;
pub mod points;
mod pool;
mod privacy;
pub mod probe;
mod promoting;
mod quiz;
mod reaching;
pub mod receipt;
mod redemption;
mod redrawing;
mod referral;
mod referring;
mod reload;
mod removal;
pub mod results;
pub mod roster;
pub mod sales;
mod scene;
mod schedule;
mod scores;
mod seating;
mod shop;
mod sign_up;
mod silence;
mod so_far;
mod source;
mod staff_order;
mod suggestions;
mod survey;
mod tagging;
pub mod takeover;
pub mod term;
mod tier;
pub mod till;
mod unanswered;
mod usability;
mod usable;
pub mod verdict;
pub mod vote;
mod waiting;
mod winback;

use crate::chat::{Event, Happening, Moment};
use crate::community::change::{Change, SeenMark};
use crate::community::{Community, Row};
use crate::playbook::Playbooks;

pub use codes::Codes;
pub use decision::Decision;
pub use dice::Dice;
pub use expiry::until as points_until;
pub use matching::mark_scope;
pub use observing::observe;
pub use probe::{Asked, Probe, Weighing};
pub use schedule::due_event;
pub use verdict::{Verdict, Weighed};

use draft::Draft;

/// A decision that has been applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stepped {
    /// What was noted and what followed; without any change, the event had been seen before.
    pub decision: Decision,
    /// The rows that are different now.
    pub rows: Vec<Row>,
}

/// Takes note of an event, decides it, and moves the community accordingly.
///
/// An event seen before comes to nothing: no change, no action, and nothing to record.
pub fn step(books: &Playbooks, community: &mut Community, event: &Event, now: Moment, dice: &Dice) -> Stepped {
    stepped(books, community, event, now, (dice, Probe::default()))
}

/// The same step, with every question asked on the way in the decision's trail.
pub fn probed(books: &Playbooks, community: &mut Community, event: &Event, now: Moment, dice: &Dice) -> Stepped {
    stepped(books, community, event, now, (dice, Probe::on()))
}

fn stepped(
    books: &Playbooks,
    community: &mut Community,
    event: &Event,
    now: Moment,
    (dice, probe): (&Dice, Probe),
) -> Stepped {
    if community.has_seen(SeenMark::of(&event.id)) {
        return Stepped::default();
    }
    let mut rows = Vec::new();
    let noted = observe(community, event, now, &books.house.zone);
    for change in &noted.changes {
        rows.extend(community.apply(change));
    }
    let became = sales::became(community, &noted.changes, event);
    let event = became.as_ref().unwrap_or(event);
    let followed = match noted.news {
        true => quarantined(event, || weigh_all(books, community, event, now, (dice, probe))),
        false => Decision::default(),
    };
    for change in &followed.changes {
        rows.extend(community.apply(change));
    }
    for action in &followed.actions {
        rows.extend(community.apply(&Change::Queued { action: action.clone() }));
    }
    let mut trail = followed.trail;
    for weighing in &mut trail {
        weighing.changes.start += noted.changes.len();
        weighing.changes.end += noted.changes.len();
    }
    let mut changes = noted.changes;
    changes.extend(followed.changes);
    Stepped {
        decision: Decision {
            changes,
            actions: followed.actions,
            verdicts: followed.verdicts,
            trail,
        },
        rows,
    }
}

/// A fault of ours in one decision costs that one event: it is kept as noted, nothing follows from it, and the verdict
/// says so. Deciding touches nothing, so there is nothing half done to clean up.
fn quarantined(event: &Event, decide: impl FnOnce() -> Decision) -> Decision {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(decide)).unwrap_or_else(|_| {
        let mut nothing = Decision::default();
        let why = format!("a fault in the engine; please report it with the event {}", event.id);
        nothing.weighed(&crate::chat::RuleName::new("engine"), None, Verdict::Failed { why });
        nothing
    })
}

/// What follows from an event the community has taken note of.
pub fn decide(books: &Playbooks, community: &Community, event: &Event, now: Moment, dice: &Dice) -> Decision {
    weigh_all(books, community, event, now, (dice, Probe::default()))
}

fn weigh_all(
    books: &Playbooks,
    community: &Community,
    event: &Event,
    now: Moment,
    (dice, probe): (&Dice, Probe),
) -> Decision {
    let told = event;
    let event = &*accounts::meant(community, told);
    let mut draft = Draft::new(books, community, event, now, dice);
    draft.told = told;
    draft.probe = probe;
    match &event.happening {
        Happening::Message(message) => hearing::hear(&mut draft, message),
        Happening::CameDue { due, key } => schedule::came_due(&mut draft, *due, key),
        Happening::PlaybooksInForce { .. } => schedule::take_up(&mut draft),
        Happening::Delivered { action, outcome } => delivered::delivered(&mut draft, action, outcome),
        Happening::Account { gateway, online, why } => delivered::account(&mut draft, gateway, (*online, why)),
        Happening::Noticed { gateway, notice } => noticing::noticed(&mut draft, gateway, notice),
        Happening::Till(order) => till::asked(&mut draft, order),
        Happening::Ordered(order) => delivered::ordered(&mut draft, order),
        Happening::OrderPaid(order) => {
            attending::sold(&mut draft, order);
            draw::ordered(&mut draft, order);
            card_sales::ordered(&mut draft, order);
            income::ordered(&mut draft, order);
            matching::plain(&mut draft);
        }
        Happening::BotJoined { .. } => schedule::plan(&mut draft),
        Happening::Left { group, person, .. } => {
            referral::left(&mut draft, group, person);
            sign_up::gone(&mut draft, group, person);
            matching::plain(&mut draft);
        }
        Happening::BotRemoved { group } => delivered::withdraw(&mut draft, group),
        Happening::Joined { group, person, by, .. } => {
            source::joined(&mut draft);
            referral::came(&mut draft, group, person, by.as_ref());
            matching::plain(&mut draft);
        }
        Happening::GroupRenamed { .. } | Happening::CardChanged { .. } => matching::plain(&mut draft),
        Happening::Refunded(order) => {
            coupon::claw_back(&mut draft, order);
            card_sales::claw_back(&mut draft, order);
            income::ordered(&mut draft, order);
            matching::plain(&mut draft);
        }
        Happening::RosterRead { .. } => schedule::plan(&mut draft),
        Happening::Recalled { group, message, .. } => {
            unanswered::taken_back(&mut draft, group, message);
            answers::taken_back(&mut draft, group, message);
        }
        // Whose it is nobody knows, or nothing of it counts.
        Happening::Sale(_) => {}
        Happening::Found { .. } | Happening::Woke { .. } | Happening::Shadow { .. } => {}
    }
    winback::reacts(&mut draft);
    tier::settle(&mut draft);
    scores::settle(&mut draft);
    guards::close(&mut draft);
    draft.decided()
}
