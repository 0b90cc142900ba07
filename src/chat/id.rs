//! Identity is a type: a group's id cannot be handed over where a person's is wanted.

use std::fmt;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

macro_rules! make_id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(SmolStr);

        impl $name {
            /// Takes the text as it stands.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(SmolStr::new(text))
            }

            /// The text it was made of.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), &self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }
    )*};
}

make_id! {
    /// The `NAME` of a `[gateway.NAME]` in the config: one account on one chat network.
    GatewayName
    /// A group on one gateway account: `gateway/wire-id`.
    GroupId
    /// A customer as one gateway account knows them: `gateway/wire-id`.
    PersonId
    /// What makes an event the same event again. Given by the gateway, or made from the content as its module documents.
    EventId
    /// One thing asked of a gateway: the event that caused it and a number.
    ActionId
    /// A message's id on its gateway, as the wire wrote it.
    MessageId
    /// An order's id in the shop's own system.
    OrderId
    /// `book/rule`: unique over all playbooks in force.
    RuleName
    /// The `NAME` of a `[coupon.NAME]`.
    CouponName
    /// What a member shows to redeem one coupon.
    CouponCode
    /// The `NAME` of a `[vote.NAME]`.
    VoteName
    /// The `NAME` of a `[draw.NAME]`.
    DrawName
    /// The `NAME` of a `[survey.NAME]`.
    SurveyName
    /// The `NAME` of a `[quiz.NAME]`.
    QuizName
    /// The `NAME` of a `[cadence.NAME]`.
    CadenceName
    /// The `NAME` of an `[event.NAME]`: something members gather for.
    GatheringName
    /// The `NAME` of a `[check_in.NAME]`.
    CheckInName
    /// The `NAME` of a `[shop.NAME]`: something points are exchanged for.
    GoodsName
    /// The `NAME` of a `[membership.NAME]`: a card of a month or a year that is redeemed day by day.
    MembershipName
    /// The `NAME` of a `[calls.NAME]` in the config: a program of the shop's that rules may call.
    CallName
    /// The `NAME` of a `[till.NAME]` in the config: one till of the shop.
    TillName
    /// The `NAME` of a `[column.NAME]`.
    ColumnName
    /// The `NAME` of a `[referral.NAME]`.
    ReferralName
    /// A word staff or rules put on a person.
    Tag
    /// The `name` of a `[[tier]]`.
    TierName
    /// The `NAME` of a `[winback.NAME]`.
    WinbackName
}

macro_rules! at_gateway {
    ($($name:ident)*) => {$(
        impl $name {
            /// Joins the gateway's name and the id as the wire wrote it.
            pub fn at(gateway: &GatewayName, wire: &str) -> Self {
                Self::new(format!("{gateway}/{wire}"))
            }

            /// The gateway it belongs to.
            pub fn gateway(&self) -> GatewayName {
                GatewayName::new(self.as_str().split_once('/').map_or("", |(gateway, _)| gateway))
            }

            /// The id as the wire wrote it.
            pub fn wire(&self) -> &str {
                self.as_str().split_once('/').map_or(self.as_str(), |(_, wire)| wire)
            }
        }
    )*};
}

at_gateway! { GroupId PersonId }

impl Tag {
    /// Whoever has one of these opted out, in the words of either language: no rule speaks to them or about them.
    pub const OPTED_OUT: [&str; 2] = ["退订", "unsubscribed"];

    /// Whether its bearer is to be left in peace.
    pub fn opts_out(&self) -> bool {
        Self::OPTED_OUT.contains(&self.as_str())
    }
}

impl PersonId {
    /// Somebody of an imported log whose name and id it has lost. No network writes ids like that.
    pub fn is_unknown(&self) -> bool {
        self.wire().starts_with('?')
    }
}

impl ActionId {
    /// The `n`th action that followed from `cause`. The same cause always gives the same id.
    pub fn of(cause: &EventId, n: usize) -> Self {
        Self::new(format!("{cause}#{n}"))
    }
}
