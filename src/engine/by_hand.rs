//! What a gateway cannot do by itself is asked of people.

use crate::chat::{Capability, GroupId, RuleName};
use crate::community::change::{Fact, Occasion};

use super::draft::Draft;
use super::effects::{alarm, incapable};

/// Where a gateway cannot say anything at will, staff are asked to say it.
pub fn say(draft: &mut Draft<'_>, rule: &RuleName, (group, words): (&GroupId, String), occasion: &Occasion) {
    let mut told = occasion.clone();
    told.group = Some(group.clone());
    told.facts.insert("words".to_owned(), Fact::Text(words));
    alarm(draft, &draft.books.phrases.say_by_hand, rule, &told);
    let cannot = incapable(draft, Capability::Say);
    draft.weighed(rule, None, cannot);
}
