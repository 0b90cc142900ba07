//! Effects: what a rule does.

use crate::chat::{CouponName, Tag, VoteName};

use super::wording::Wording;

/// One entry of a `then` list.
#[derive(Clone, Debug)]
pub enum Effect {
    /// One of `wordings` is said; which, the dice decide.
    Say {
        wordings: Vec<Wording>,
        to: To,
        mention: bool,
        image: Option<String>,
    },
    Give {
        coupon: CouponName,
    },
    Tag {
        tag: Tag,
    },
    Untag {
        tag: Tag,
    },
    /// What follows in the list waits until the gateway has confirmed it.
    RenameGroup {
        name: Wording,
    },
    /// What follows in the list waits until the gateway has confirmed it.
    SetCard {
        card: Wording,
    },
    /// The message that triggered the rule is taken back.
    Recall,
    OpenVote {
        vote: VoteName,
    },
}

/// Who hears it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum To {
    /// The group it happened in; for a birthday, the person's home group.
    #[default]
    Group,
    /// The person it is about, in private.
    Person,
    /// The staff group, or each of the staff in private.
    Staff,
}
