//! Triggers for what did not happen: nobody spoke, bought or answered.

use crate::playbook::Trigger;
use crate::playbook::problem::Problems;
use crate::playbook::reading::draft::Draft;
use crate::playbook::reading::words;
use crate::playbook::trigger::{Answerer, From, Heard, Lacking, Silent, Unanswered};
use crate::playbook::written::{Item, Table};

use super::message;

/// The longest silence: ten years.
const MOST_DAYS: u16 = 3_660;

const LACKING: [(&str, Lacking); 2] = [("words", Lacking::Words), ("orders", Lacking::Orders)];
const ANSWERERS: [(&str, Answerer); 2] = [("staff", Answerer::Staff), ("anyone", Answerer::Anyone)];

pub(super) fn silent(main: &Item<'_>, table: &mut Table<'_>, problems: &mut Problems) -> Option<Trigger> {
    let of = table.take("of").map(|item| words::choice(&item, &LACKING, problems));
    let at = table.take("at").map(|item| words::time(&item, problems));
    if at.is_none() {
        problems.missing_key(&main.place(), "at", "at = \"10:00\"");
    }
    let days = words::days(main, MOST_DAYS, problems)?;
    Some(Trigger::Silent(Silent {
        of: of.unwrap_or(Some(Lacking::Words))?,
        days,
        at: at??,
    }))
}

/// The question may be narrowed as any message may, except by who asks: members do, in groups.
pub(super) fn unanswered<'t>(
    (main, of_message): (&Item<'t>, &[Item<'t>]),
    table: &mut Table<'t>,
    draft: &mut Draft<'t, '_>,
) -> Option<Trigger> {
    let problems = &mut draft.problems;
    let by = table.take("by").map(|item| words::choice(&item, &ANSWERERS, problems));
    let after = words::length(main, problems)?;
    let heard = message::heard(of_message, problems)?;
    Some(Trigger::Unanswered(Unanswered {
        heard: Heard {
            question: true,
            from: From::Member,
            ..heard
        },
        after,
        by: by.unwrap_or(Some(Answerer::Staff))?,
    }))
}
