//! Alerts: staff are called to something, whatever the hour.
//!
//! What is only said to staff is said; an alert is marked as one, calls each of them by name in their group, finds them
//! in private when the bot is out of that group, and is not told again in the same words before its time. Like all that
//! staff are told it waits for no quiet hours and counts in no cap.

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::chat::{PersonId, RuleName, Segment};
use crate::community::change::{Change, Fact, Occasion};
use crate::playbook::Wording;

use super::draft::Draft;
use super::effects::{addressed, nobody, render};
use super::probe::Asked;
use super::verdict::Verdict;

/// Alerts the staff; `place` names the effect within its rule.
///
/// Where they were told these very words lately, nothing is told and a verdict says so: the rule fires all the same.
pub fn alert(
    draft: &mut Draft<'_>,
    (rule, place): (&RuleName, &str),
    (wording, every): (&Wording, Duration),
    occasion: &Occasion,
) -> Result<(), Verdict> {
    let words = render(draft, wording, occasion)?;
    if words.is_empty() {
        return Ok(());
    }
    let group = occasion.group.as_ref().map_or("", |group| group.as_str());
    let scope = format!("alert {place} {group}");
    let same = fingerprint(&words);
    let until = draft
        .mark(rule, &scope)
        .filter(|mark| mark.period == same)
        .map(|mark| mark.at.plus(every))
        .filter(|until| *until > draft.now);
    draft
        .probe
        .asked(None, until.is_none(), || Asked::NewsToStaff { until });
    if let Some(until) = until {
        draft.weighed(rule, occasion.people.first(), Verdict::ToldAlready { until });
        return Ok(());
    }
    call(draft, rule, words, occasion)?;
    draft.change(Change::Fired {
        rule: rule.clone(),
        scope,
        at: draft.now,
        // Other words are another period: they are told at once.
        period: same,
    });
    Ok(())
}

/// Tells the staff, by name in their group.
pub fn call(draft: &mut Draft<'_>, rule: &RuleName, words: String, occasion: &Occasion) -> Result<(), Verdict> {
    let mut told = occasion.clone();
    told.facts.insert("alert".to_owned(), Fact::Text(words));
    let words = render(draft, &draft.books.phrases.alert, &told)?;
    let content = match draft.staff_group() {
        Some(group) => {
            let here = |person: &&PersonId| person.gateway() == group.gateway();
            let staff: Vec<PersonId> = draft.books.house.staff.iter().filter(here).cloned().collect();
            match staff.is_empty() {
                true => vec![Segment::Text(words)],
                false => addressed(draft, group, &staff, format!(" {words}")),
            }
        }
        None => vec![Segment::Text(words)],
    };
    match draft.tell_staff(&content, rule, occasion.group.as_ref()) {
        true => Ok(()),
        false => Err(nobody(draft)),
    }
}

/// Eight bytes tell one text from the one before.
fn fingerprint(words: &str) -> String {
    let digest = Sha256::digest(words.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
