//! Calls: a program of the shop's is told what happened. Only what the config names is ever called.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::chat::call::{Named, Told};
use crate::chat::{CallName, Deed};
use crate::community::change::{Fact, Occasion};
use crate::playbook::Wording;

use super::draft::{Cause, Draft};
use super::effects::render;
use super::verdict::Verdict;

/// Puts a call into the outbox.
pub fn call(
    draft: &mut Draft<'_>,
    cause: &Cause<'_>,
    (call, with): (&CallName, &[(String, Wording)]),
    occasion: &Occasion,
) -> Result<(), Verdict> {
    let mut fields = BTreeMap::new();
    for (name, wording) in with {
        fields.insert(name.clone(), render(draft, wording, occasion)?);
    }
    let group = occasion.group.as_ref();
    let mut facts: BTreeMap<String, Value> = occasion
        .facts
        .iter()
        .map(|(name, fact)| (name.clone(), value(fact)))
        .collect();
    if !occasion.text.is_empty() {
        facts.insert("text".to_owned(), Value::from(occasion.text.as_str()));
    }
    let told = Told {
        event: draft.event.happening.kind().to_owned(),
        at: draft.now,
        group: group.map(|id| Named {
            id: id.to_string(),
            name: draft.group_name(id).to_owned(),
        }),
        people: occasion
            .people
            .iter()
            .map(|id| Named {
                id: id.to_string(),
                name: draft.community.name_of(group, id),
            })
            .collect(),
        facts,
        with: fields,
    };
    let deed = Deed::Call {
        call: call.clone(),
        told: Box::new(told),
    };
    draft.act(deed, cause.kind, draft.now, &cause.name);
    Ok(())
}

fn value(fact: &Fact) -> Value {
    match fact {
        Fact::Text(text) => Value::from(text.as_str()),
        Fact::Number(number) => Value::from(*number),
        Fact::Money(fen) => Value::from(fen.to_string()),
        Fact::Moment(moment) => Value::from(moment.to_string()),
        Fact::List(lines) => Value::from(lines.clone()),
        Fact::Truth(truth) => Value::from(*truth),
    }
}
