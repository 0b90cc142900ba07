//! Effects the rest of a list waits for: what a gateway must have done first, so that no lie is told.

use crate::chat::{Capability, Deed, Kind, RuleName};
use crate::community::change::{Change, Fact, Occasion};
use crate::playbook::{To, Wording};

use super::draft::{Cause, Draft};
use super::effects::{Speech, alarm, here, incapable, label, nobody, speak};
use super::verdict::Verdict;

/// The member's card is set; `true` if what follows waits for it. Where a gateway cannot, the member is asked to.
pub fn set_card(
    draft: &mut Draft<'_>,
    (cause, step): (&Cause<'_>, usize),
    card: &Wording,
    occasion: &Occasion,
) -> Result<bool, Verdict> {
    let group = here(draft, occasion)?;
    let person = occasion.people.first().cloned().ok_or_else(|| nobody(draft))?;
    let card = label(draft, card, occasion)?;
    let deed = Deed::SetCard {
        group,
        person,
        card: card.clone(),
    };
    if !draft.books.house.can(&deed.gateway(), Capability::SetCard) {
        incapable(draft, Capability::SetCard);
        ask_for_card(draft, &cause.name, occasion, &card)?;
        return Ok(false);
    }
    wait_for(draft, deed, (cause, step), occasion);
    Ok(true)
}

/// A group is renamed; what follows in the list waits for the gateway's word, so that no lie is told. Where the gateway
/// cannot rename, staff are asked to, and what follows never happens.
pub fn rename(
    draft: &mut Draft<'_>,
    (cause, step): (&Cause<'_>, usize),
    name: &Wording,
    occasion: &Occasion,
) -> Result<(), Verdict> {
    let name = label(draft, name, occasion)?;
    let group = here(draft, occasion)?;
    let deed = Deed::RenameGroup {
        group,
        name: name.clone(),
    };
    if draft.books.house.can(&deed.gateway(), Capability::RenameGroup) {
        wait_for(draft, deed, (cause, step), occasion);
        return Ok(());
    }
    let mut told = occasion.clone();
    told.facts.insert("name".to_owned(), Fact::Text(name));
    alarm(draft, &draft.books.phrases.rename_by_hand, &cause.name, &told);
    let cannot = incapable(draft, Capability::RenameGroup);
    draft.weighed(&cause.name, None, cannot);
    Ok(())
}

/// Where a gateway cannot set cards, the member is asked to.
fn ask_for_card(draft: &mut Draft<'_>, rule: &RuleName, occasion: &Occasion, card: &str) -> Result<(), Verdict> {
    let mut asked = occasion.clone();
    asked.facts.insert("card".to_owned(), Fact::Text(card.to_owned()));
    let speech = Speech {
        mention: true,
        ..Speech::plain(&draft.books.phrases.set_your_card, To::Group, Kind::Service)
    };
    match speak(draft, &speech, rule, &asked) {
        // They are not asked; what follows in the list does not wait for them.
        Err(Verdict::OptedOut { .. }) => Ok(()),
        spoken => spoken.map(drop),
    }
}

/// Asks a gateway for something; what follows in the list waits for its word.
pub fn wait_for(draft: &mut Draft<'_>, deed: Deed, (cause, step): (&Cause<'_>, usize), occasion: &Occasion) {
    let action = draft.act(deed, cause.kind, draft.now, &cause.name);
    draft.change(Change::Awaits {
        action,
        rule: cause.name.clone(),
        step: step + 1,
        occasion: occasion.clone(),
    });
}
