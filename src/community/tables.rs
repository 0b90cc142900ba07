//! The tables the community consists of. One line here is everything a new table needs to be stored, loaded,
//! snapshotted and recounted.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::absence::Absence;
use super::agenda::Entry;
use super::change::SeenMark;
use super::check_in::CheckIns;
use super::climb::Climb;
use super::column::{ColumnId, Drawn};
use super::coupon::{Coupon, Tally};
use super::draw::{Chances, Draw, DrawId};
use super::gathering::{Attendance, Gathering, GatheringId};
use super::group::{Group, Member};
use super::guard::{Guarded, Spoken};
use super::link::{Claim, Link};
use super::membership::{Card, Sums};
use super::outbox::Pending;
use super::person::Person;
use super::points::Purse;
use super::question::Questions;
use super::quiz::{Quiz, QuizId};
use super::referral::{Referral, ReferralId, Referrer};
use super::removal::Removal;
use super::row::Key;
use super::sale::Sale;
use super::shop::Exchange;
use super::suggestion::Suggestion;
use super::survey::{Reply, Survey, SurveyId};
use super::tier::{Cuts, Merit, Rung};
use super::till::Answered;
use super::vote::{Vote, VoteId};
use super::winback::{Outcome, Winback};
use super::{Awaiting, Index, Mark, Standing, Told};
use crate::calendar::DayCounts;
use crate::chat::{
    ActionId, CheckInName, CouponCode, CouponName, Fen, GatewayName, GroupId, MembershipName, MessageId, Moment,
    OrderId, PersonId, RuleName, WinbackName,
};

/// A row that cannot be taken in.
#[derive(Debug, Error)]
pub enum BadRow {
    #[error("the row `{0}` belongs to no table known here")]
    NoTable(String),
    #[error("the key of the row `{0}` cannot be read")]
    BadKey(String),
    #[error("the value of the row `{key}` cannot be read: {source}")]
    BadValue { key: String, source: serde_json::Error },
}

fn written<K: Key, V: Serialize>(letter: char, key: &K, value: &V) -> (String, Vec<u8>) {
    // The values are plain data: maps have text keys and nothing in them can fail to serialize.
    (
        key_text(letter, key),
        serde_json::to_vec(value).expect("plain data serializes"),
    )
}

fn key_text<K: Key>(letter: char, key: &K) -> String {
    let mut text = String::from(letter);
    key.write(&mut text);
    text
}

fn read<K: Key, V: DeserializeOwned>(key: &str, value: &[u8]) -> Result<(K, V), BadRow> {
    let parsed = K::read(&key[1..]).ok_or_else(|| BadRow::BadKey(key.to_owned()))?;
    let value = serde_json::from_slice(value).map_err(|source| BadRow::BadValue {
        key: key.to_owned(),
        source,
    })?;
    Ok((parsed, value))
}

macro_rules! tables {
    ($($(#[$doc:meta])* $letter:literal $table:ident $row:ident: $key:ty => $value:ty;)*) => {
        /// One merchant's world.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Community {
            $(pub(super) $table: BTreeMap<$key, $value>,)*
            pub(super) index: Index,
        }

        /// The place of one value.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Row {
            $($row($key),)*
        }

        impl Community {
            $($(#[$doc])* pub fn $table(&self) -> &BTreeMap<$key, $value> {
                &self.$table
            })*

            /// A row's key as a store writes it, and its value; `None` if the row is gone.
            pub fn stored(&self, row: &Row) -> (String, Option<Vec<u8>>) {
                match row {
                    $(Row::$row(key) => match self.$table.get(key) {
                        Some(value) => {
                            let (key, value) = written($letter, key, value);
                            (key, Some(value))
                        }
                        None => (key_text($letter, key), None),
                    },)*
                }
            }

            /// Everything, in the order of the tables and their keys.
            pub fn all_rows(&self) -> impl Iterator<Item = (String, Vec<u8>)> + '_ {
                std::iter::empty()$(.chain(self.$table.iter().map(|(key, value)| written($letter, key, value))))*
            }

            /// Takes in one row a store kept. [`Community::made_whole`] must follow the last one.
            pub fn restore(&mut self, key: &str, value: &[u8]) -> Result<(), BadRow> {
                match key.chars().next() {
                    $(Some($letter) => {
                        let (key, value) = read(key, value)?;
                        self.$table.insert(key, value);
                    })*
                    _ => return Err(BadRow::NoTable(key.to_owned())),
                }
                Ok(())
            }
        }
    };
}

tables! {
    /// Facts about the whole; one row.
    'a' standing Standing: () => Standing;
    'p' people People: PersonId => Person;
    'g' groups Groups: GroupId => Group;
    'm' members Members: (GroupId, PersonId) => Member;
    /// Accounts that left a group in which nobody had seen them, and when.
    '8' departures Departures: (GroupId, PersonId) => Moment;
    /// What was paid less what went back.
    'o' orders Orders: OrderId => Fen;
    /// What the shop told of its orders.
    'Y' sales Sales: OrderId => Sale;
    /// Whose a phone number is, by its mark.
    'P' phones Phones: String => PersonId;
    'c' coupons Coupons: (PersonId, CouponCode) => Coupon;
    /// What tills asked lately and were told, by `till/key`.
    'j' tills Tills: String => Answered;
    't' tallies Tallies: (CouponName, String) => Tally;
    /// What cooldowns and limits count, by rule and scope.
    'f' fired Fired: (RuleName, String) => Mark;
    'l' points Points: PersonId => Purse;
    /// What each order earned in points, less what was taken back.
    '1' order_points OrderPoints: OrderId => i64;
    /// What was exchanged for points, by number.
    '2' exchanges Exchanges: u32 => Exchange;
    'I' check_ins CheckIns: (CheckInName, PersonId) => CheckIns;
    /// Membership cards, and what those of a kind came to.
    'H' cards Cards: (PersonId, CouponCode) => Card;
    'X' card_sums CardSums: MembershipName => Sums;
    'v' votes Votes: VoteId => Vote;
    /// Each voter's choice, counted from 1.
    'b' ballots Ballots: (VoteId, PersonId) => u32;
    /// Who asked for a vote to be opened, and when.
    'w' calls Calls: (VoteId, PersonId) => Moment;
    'D' draws Draws: DrawId => Draw;
    /// What each person has in the draw of a group.
    'E' chances Chances: (DrawId, PersonId) => Chances;
    /// Members who shall be removed, by the code staff answer with.
    'z' removals Removals: String => Removal;
    /// Who came by whom.
    'R' referrals Referrals: ReferralId => Referral;
    /// What everybody came to by inviting.
    'F' referrers Referrers: ReferralId => Referrer;
    /// Whose word a word is.
    'N' words Words: String => ReferralId;
    /// Which pieces of columns each group has had.
    'K' columns Columns: ColumnId => Drawn;
    'e' gatherings Gatherings: GatheringId => Gathering;
    's' attendances Attendances: (GatheringId, PersonId) => Attendance;
    'd' agenda Agenda: String => Entry;
    'q' outbox Outbox: ActionId => Pending;
    'r' awaiting Awaiting: ActionId => Awaiting;
    /// What rules were called before, the first name first.
    'J' former_names FormerNames: RuleName => Vec<RuleName>;
    /// By group and day.
    'n' told Told: (GroupId, String) => Told;
    /// By person and day.
    'k' mentioned Mentioned: (PersonId, String) => u32;
    /// What playbooks with guards said, by playbook and group.
    'h' spoken Spoken: (String, GroupId) => Spoken;
    /// Whom playbooks with guards called by name, by playbook and person.
    'i' called Called: (String, PersonId) => DayCounts;
    /// Questions and who answered them, by group and month.
    'Q' questions Questions: (GroupId, String) => Questions;
    'U' surveys Surveys: SurveyId => Survey;
    'A' replies Replies: (SurveyId, PersonId) => Reply;
    'Z' quizzes Quizzes: QuizId => Quiz;
    /// Suggestions and feedback of members, by number.
    'S' suggestions Suggestions: u32 => Suggestion;
    /// Guards that broke once.
    'u' guards Guards: RuleName => Guarded;
    /// The tiers people stand on.
    'T' rungs Rungs: PersonId => Rung;
    /// How people moved between tiers.
    '6' climbs Climbs: PersonId => Climb;
    /// What counts for the scores of people.
    'M' merits Merits: PersonId => Merit;
    /// Where the five parts of all customers divide; one row.
    'V' cuts Cuts: () => Cuts;
    /// Who is, or was last, on which ladder of offers.
    'G' winbacks Winbacks: (PersonId, WinbackName) => Winback;
    /// What those ladders came to.
    'O' outcomes Outcomes: WinbackName => Outcome;
    /// Ids of the bot's newest messages, the oldest first, by group or person.
    'y' bot_messages BotMessages: String => Vec<MessageId>;
    /// Accounts that belong to somebody who goes by another one.
    'L' links Links: PersonId => Link;
    /// Codes that were given to link another account with, by who was given them.
    'C' claims Claims: PersonId => Claim;
    /// Orders paid by an account while it was somebody's: whose they are.
    'B' booked Booked: OrderId => PersonId;
    /// Accounts that are logged out.
    'W' absences Absences: GatewayName => Absence;
    /// Marks of events, by when they were decided: one row a turn, and always beside the last one.
    'x' seen Seen: Moment => Vec<SeenMark>;
}

impl Community {
    /// Makes the indexes that are not stored. Called once after the last [`Community::restore`].
    pub fn made_whole(&mut self) {
        self.index = Index {
            due: self
                .agenda
                .iter()
                .map(|(key, entry)| (entry.due, key.clone()))
                .collect(),
            outbox: self
                .outbox
                .iter()
                .map(|(id, pending)| (pending.number, id.clone()))
                .collect(),
            seen: self.seen.values().flatten().copied().collect(),
            gatherings: self
                .gatherings
                .iter()
                .filter(|(_, gathering)| gathering.stage.is_open())
                .map(|(id, gathering)| (id.0.1.clone(), gathering.starts_at, id.clone()))
                .collect(),
            unreviewed: self
                .gatherings
                .iter()
                .filter(|(_, gathering)| gathering.stage != super::gathering::Stage::Reviewed)
                .map(|(id, _)| id.clone())
                .collect(),
            votes: self
                .votes
                .iter()
                .filter(|(_, vote)| vote.stage == super::vote::Stage::Open)
                .map(|((name, group), _)| (group.clone(), name.clone()))
                .collect(),
            unmatched: self
                .sales
                .iter()
                .filter(|(_, sale)| sale.is_unmatched())
                .map(|(order, _)| order.clone())
                .collect(),
            ownerless: self
                .sales
                .iter()
                .filter_map(|(order, sale)| sale.ownerless(order))
                .collect(),
            memberships: (self.members.keys())
                .map(|(group, person)| (person.clone(), group.clone()))
                .collect(),
            codes: self
                .coupons
                .keys()
                .map(|(person, code)| (code.clone(), person.clone()))
                .collect(),
            cards: self
                .cards
                .keys()
                .map(|(person, code)| (code.clone(), person.clone()))
                .collect(),
            accounts: self
                .links
                .iter()
                .map(|(account, link)| (link.person.clone(), account.clone()))
                .collect(),
            tills: self.tills.iter().map(|(id, it)| (it.at, id.clone())).collect(),
        };
    }

    /// Facts about the whole.
    pub fn facts(&self) -> Standing {
        self.standing.get(&()).cloned().unwrap_or_default()
    }

    /// The moment of the last event.
    pub fn now(&self) -> Moment {
        self.standing.get(&()).map_or(Moment::START, |standing| standing.clock)
    }
}
