//! Vocabulary: what can happen in a chat and what can be done about it.
//!
//! Everything above speaks in these words. Nothing here reads a clock, a file or the network, and nothing here knows
//! what a playbook is. The serde form of these types is *the* stored form of the recording; `recording::VERSION`
//! counts its versions.

pub mod action;
pub mod alike;
pub mod call;
mod capability;
pub mod event;
pub mod fold;
pub mod id;
pub mod lang;
pub mod moment;
pub mod money;
pub mod question;
pub mod sale;
pub mod score;
pub mod segment;
pub mod takeover;
pub mod till;

pub use action::{Action, Capability, Deed, IfUnknown, Kind, Outcome};
pub use event::{
    Event, Happening, JoinedHow, LeftHow, Message, Notice, Order, Role, Roster, RosterEntry, Source, StaffOrder,
};
pub use fold::{Fold, fold};
pub use id::{
    ActionId, CallName, CouponCode, CouponName, EventId, GatewayName, GroupId, MessageId, OrderId, PersonId, RuleName,
    Tag, TierName, VoteName, WinbackName,
};
pub use id::{
    CadenceName, CheckInName, ColumnName, DrawName, GatheringName, GoodsName, MembershipName, QuizName, ReferralName,
    SurveyName, TillName,
};
pub use lang::Lang;
pub use moment::Moment;
pub use money::{BadMoney, Fen};
pub use score::Score;
pub use segment::{Segment, calling_nobody, is_media_name, link_in_words, text_of};
pub use till::{TillAsk, TillOrder};
