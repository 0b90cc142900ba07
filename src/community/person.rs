//! What is remembered of a person across groups.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::{Birthday, DayCounts};
use crate::chat::{Fen, GroupId, Moment, PersonId, Tag};

/// The most fields of one person.
pub const FIELDS_MOST: usize = 32;

/// A customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    #[serde(skip_serializing_if = "str::is_empty")]
    pub name: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Birthday>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<Tag>,
    /// What rules keep of them in the operator's own words. Few: see [`FIELDS_MOST`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<Box<str>, Box<str>>,
    /// The group they were first seen in and still are in, if any: where what concerns them once is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<GroupId>,
    /// When they agreed that birthday and phone are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consented_at: Option<Moment>,
    /// When they last had themselves forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forgotten_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trade: Option<Box<Trade>>,
    /// Where they come from, once it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Box<Origin>>,
    /// The linked account they were heard from last; `None`: the one they go by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_from: Option<PersonId>,
}

impl Person {
    /// Everything that says who they are goes; what they bought stays, and that they want to be left in peace.
    pub fn forget(&mut self, at: Moment) {
        self.name = Box::default();
        self.birthday = None;
        self.fields.clear();
        self.tags.retain(Tag::opts_out);
        self.consented_at = None;
        self.forgotten_at = Some(at);
    }

    /// Whether they asked to be left in peace.
    pub fn opted_out(&self) -> bool {
        self.tags.iter().any(Tag::opts_out)
    }
}

/// Where somebody comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub source: Box<str>,
    /// They said so themselves: it stays for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub told: bool,
}

/// What a person bought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trade {
    /// Orders paid and not wholly refunded.
    pub orders: u32,
    /// Paid less refunded.
    pub spend: Fen,
    pub first_at: Moment,
    pub last_at: Moment,
    /// Orders by day; one wholly refunded counts back on the day it was.
    #[serde(default, skip_serializing_if = "DayCounts::is_empty")]
    pub ordered: DayCounts,
    /// Fen paid by day, less what went back on it.
    #[serde(default, skip_serializing_if = "DayCounts::is_empty")]
    pub spent: DayCounts,
}

impl Trade {
    /// So much of an order went back; with `wholly`, nothing of it is left.
    pub fn went_back(&mut self, (back, wholly): (Fen, bool), day: Date) {
        self.spend = self.spend - back;
        self.spent.add(day, -back.0);
        if wholly {
            self.ordered.add(day, -1);
            self.orders = self.orders.saturating_sub(1);
        }
    }
}
