//! Keywords that are met by accident.

use crate::playbook::Trigger;
use crate::playbook::problem::Problems;
use crate::playbook::reading::draft::Ruled;
use crate::playbook::trigger::{From, Text};

/// A single character anywhere in a message stands in a great many words.
pub(in crate::playbook::reading) fn short(ruled: &Ruled<'_>, problems: &mut Problems) {
    for (trigger, item) in ruled.rule.on.iter().zip(ruled.on.one_or_many()) {
        let Trigger::Message(heard) = trigger else {
            continue;
        };
        if let Text::Contains(words) = &heard.text
            && !heard.mention
            && heard.from != From::Staff
        {
            for word in words.iter().filter(|word| word.chars().count() == 1) {
                problems.short_keyword(&item.place(), word);
            }
        }
    }
}

/// What people say when they say nothing in particular.
const ANYTHING: [&str; 4] = ["好的", "今天天气怎么样", "12345", "ok thanks"];

/// A pattern every message meets.
pub(in crate::playbook::reading) fn everything(ruled: &Ruled<'_>, problems: &mut Problems) {
    for (trigger, item) in ruled.rule.on.iter().zip(ruled.on.one_or_many()) {
        if let Trigger::Message(heard) = trigger
            && let Text::Matches(pattern) = &heard.text
            && !heard.mention
            && ANYTHING.iter().all(|text| pattern.is_match(text))
        {
            problems.matches_everything(&item.place(), pattern.as_str());
        }
    }
}
