//! What an operator takes over from tables of elsewhere: customers as they are known there, and orders of the past.

use serde::{Deserialize, Serialize};

use super::sale::{Phone, Sale};
use super::{Moment, PersonId, Tag};

/// One table, taken over as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TakeOver {
    /// The file it stood in.
    pub file: String,
    /// What points are for, as it stands in the ledger.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Customer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sales: Vec<Past>,
}

/// An order, and when what is told of it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    pub at: Moment,
    pub sale: Sale,
}

/// A customer as a row tells of them; what it does not tell is left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub person: PersonId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// As `calendar` reads a birthday.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub birthday: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Fields by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, String)>,
}
