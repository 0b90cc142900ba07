//! What a program of the shop's is told by a call.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Moment;
use super::id::{CallName, GatewayName};

/// What is told. Names are as they were when it was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What kind of event it follows from: `message`, `joined`, `order_paid`, …
    pub event: String,
    pub at: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Named>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Named>,
    /// What wording could name on the occasion: amounts are texts in yuan, moments RFC 3339.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Value>,
    /// The operator's own fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub with: BTreeMap<String, String>,
}

/// A group or a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub id: String,
    pub name: String,
}

impl CallName {
    /// What its part of the outbox goes under. No gateway is called so: their names hold no `/`.
    pub fn outlet(&self) -> GatewayName {
        GatewayName::new(format!("calls/{self}"))
    }
}
