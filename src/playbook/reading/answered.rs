//! Words a mechanic answers: those the operator wrote are no other's.

use crate::playbook::trigger::From;
use crate::playbook::written::Table;

use super::book::Binding;
use super::draft::{Draft, Heard};
use super::words;

/// The words of one key, or the usual ones. `by` is whose they are; of events, and of surveys, one answers at a time, so
/// the same words at two of them are no quarrel.
pub(super) fn words<'t>(
    table: &mut Table<'t>,
    (key, usual, from): (&'static str, &[&str], From),
    (by, binding): (&str, &Binding<'_>),
    draft: &mut Draft<'t, '_>,
) -> Vec<String> {
    let item = table.take(key);
    let written = item.and_then(|item| words::folded(&item, &mut draft.problems));
    let (Some(item), Some(written)) = (item, written) else {
        return usual.iter().map(|word| (*word).to_owned()).collect();
    };
    for word in &written {
        draft.heard.push(Heard {
            stops: false,
            word: word.clone(),
            item,
            within: false,
            surely: true,
            from,
            by: by.to_owned(),
            groups: binding.groups.clone(),
        });
    }
    written
}
