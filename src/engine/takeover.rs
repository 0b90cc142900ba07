//! Takes over what an operator brings from elsewhere. Rules hear nothing of it.
//!
//! It fills what is not known and overwrites nothing a member told or staff gave. The same row again changes nothing,
//! whatever happened since; of points a row with another number moves the difference between both.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use crate::calendar::Birthday;
use crate::chat::takeover::{Customer, TakeOver};
use crate::chat::{Moment, PersonId, RuleName};
use crate::community::Community;
use crate::community::change::Change;
use crate::community::person::FIELDS_MOST;
use crate::community::points::Movement;

use super::sales::{Noting, Rules};

/// Where it is remembered which row of a customer was taken over last, and with how many points.
const ROWS: &str = "import/row";
const POINTS: &str = "import/points";

/// Everything that is different afterwards.
pub fn changes(community: &Community, table: &TakeOver, (zone, now): (&TimeZone, Moment)) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut phones = BTreeMap::new();
    for customer in &table.people {
        if customer_changes(community, (customer, &table.why), now, &mut changes)
            && let Some(phone) = &customer.phone
        {
            phones.insert(phone.mark.clone(), customer.person.clone());
        }
    }
    let mut noting = Noting::new(community, (zone, now), Rules::Silent);
    for (phone, person) in &phones {
        noting.bind(phone, person);
    }
    for past in &table.sales {
        noting.tell(&past.sale, past.at);
    }
    changes.append(&mut noting.changes);
    changes
}

/// `false` if the row was taken over before.
fn customer_changes(
    community: &Community,
    (customer, why): (&Customer, &str),
    now: Moment,
    changes: &mut Vec<Change>,
) -> bool {
    let person = &customer.person;
    let row = fingerprint(customer);
    if marked(community, ROWS, person).is_some_and(|known| known == row) {
        return false;
    }
    let known = community.people().get(person);
    if !customer.name.is_empty() && known.is_none_or(|known| known.name.is_empty()) {
        changes.push(Change::Named {
            person: person.clone(),
            name: customer.name.clone(),
        });
    }
    if known.is_none_or(|known| known.birthday.is_none())
        && let Ok(birthday) = Birthday::written(&customer.birthday)
    {
        changes.push(Change::BirthdaySet {
            person: person.clone(),
            birthday,
        });
    }
    for tag in &customer.tags {
        if known.is_none_or(|known| !known.tags.contains(tag)) {
            changes.push(Change::Tagged {
                person: person.clone(),
                tag: tag.clone(),
            });
        }
    }
    let mut fields = known.map_or(0, |known| known.fields.len());
    for (field, value) in &customer.fields {
        let is_new = known.is_none_or(|known| !known.fields.contains_key(field.as_str()));
        if is_new && !value.is_empty() && fields < FIELDS_MOST {
            fields += 1;
            changes.push(Change::FieldSet {
                person: person.clone(),
                field: field.clone(),
                value: value.clone(),
            });
        }
    }
    if let Some(points) = customer.points {
        let before: i64 = marked(community, POINTS, person)
            .and_then(|told| told.parse().ok())
            .unwrap_or(0);
        if points != before {
            changes.push(Change::PointsMoved {
                person: person.clone(),
                movement: Movement {
                    at: now,
                    amount: points.saturating_sub(before),
                    why: why.into(),
                    ..Movement::default()
                },
            });
            changes.push(mark(POINTS, person, points.to_string(), now));
        }
    }
    changes.push(mark(ROWS, person, row, now));
    true
}

fn marked<'c>(community: &'c Community, what: &str, person: &PersonId) -> Option<&'c str> {
    let key = (RuleName::new(what), person.to_string());
    community.fired().get(&key).map(|mark| mark.period.as_str())
}

fn mark(what: &str, person: &PersonId, period: String, at: Moment) -> Change {
    Change::Fired {
        rule: RuleName::new(what),
        scope: person.to_string(),
        at,
        period,
    }
}

/// Eight bytes tell one row from the one before.
fn fingerprint(customer: &Customer) -> String {
    let row = serde_json::to_vec(customer).expect("plain data serializes");
    let digest = Sha256::digest(&row);
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
