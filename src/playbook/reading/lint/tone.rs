//! How a text reads on a phone: its length, its shouting, and whether a person seems to have written it.

use std::sync::LazyLock;

use regex::Regex;

use crate::playbook::problem::Problems;
use crate::playbook::reading::draft::Said;
use crate::playbook::trigger::Timetable;
use crate::playbook::{Effect, Rule, Trigger};

/// Characters that fit on a phone's screen without scrolling: about 18 a line, 20 lines.
const SCREEN: usize = 360;
/// WeCom's group robot takes 2,048 bytes of text, the least of the gateways known; names need some of them.
const BYTES: usize = 1_900;

/// Longer than a screen, or than the narrowest gateway takes.
pub(in crate::playbook::reading) fn length(said: &Said<'_>, problems: &mut Problems) {
    let Some(text) = said.item.as_text() else {
        return;
    };
    let plain: usize = said.parts.iter().map(|(_, part)| part.chars().count()).sum();
    let bytes: usize = said.parts.iter().map(|(_, part)| part.len()).sum();
    if plain > SCREEN || bytes > BYTES {
        problems.too_long_to_read(&said.item.place(), text.chars().count(), SCREEN, BYTES);
    }
}

static SHOUTED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[!！]{3,}").expect("a fixed pattern"));

/// Exclamation marks in a row, or one after every breath.
pub(in crate::playbook::reading) fn exclamations(said: &Said<'_>, problems: &mut Problems) {
    let mut count = 0;
    for (start, part) in &said.parts {
        if let Some(found) = SHOUTED.find(part) {
            let place = said.item.place_in(start + found.start()..start + found.end());
            return problems.shouting(&place);
        }
        count += part.chars().filter(|it| matches!(it, '!' | '！')).count();
    }
    if count > 5 {
        problems.shouting(&said.item.place());
    }
}

/// A timer that says the very same words time and again.
pub(in crate::playbook::reading) fn sameness(said: &Said<'_>, rule: &Rule, problems: &mut Problems) {
    let often = rule.on.iter().any(|trigger| {
        matches!(
            trigger,
            Trigger::At(Timetable::Daily { .. } | Timetable::Weekly { .. } | Timetable::Cron(_))
        )
    });
    let alone = rule.then.iter().any(|effect| match effect {
        Effect::Say { wordings, .. } => wordings.len() == 1 && Some(wordings[0].source()) == said.item.as_text(),
        _ => false,
    });
    let varies = said
        .item
        .as_text()
        .is_some_and(|text| text.contains("{{") || text.contains("{%"));
    if often && alone && !varies && !rule.off && said.is_for_members() {
        problems.same_every_time(&said.item.place());
    }
}

static EVERYBODY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[@＠](?:所有人|全体成员|全体|(?i:all\b|everyone))").expect("a fixed pattern"));

/// Everybody called by name, and nothing limits how often.
pub(in crate::playbook::reading) fn mention_all(said: &Said<'_>, rule: &Rule, problems: &mut Problems) {
    if rule.limit.is_some() || rule.cooldown.is_some() {
        return;
    }
    for (start, part) in &said.parts {
        if let Some(found) = EVERYBODY.find(part) {
            let place = said.item.place_in(start + found.start()..start + found.end());
            problems.mentions_everybody(&place);
        }
    }
}

/// Names that can be nothing: an empty place in the sentence.
const MAY_BE_EMPTY: [&str; 5] = [
    "person.birthday",
    "now.festival",
    "member.invited_by",
    "member.source",
    "event.about",
];

static PRINTED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\{\{-?([^}]*)\}\}").expect("a fixed pattern"));

/// A name that may be empty, printed without a word for that case.
pub(in crate::playbook::reading) fn may_be_empty(said: &Said<'_>, rule: &Rule, problems: &mut Problems) {
    let Some(text) = said.item.as_text() else {
        return;
    };
    let asked: String = text
        .split("{%")
        .skip(1)
        .filter_map(|rest| rest.split("%}").next())
        .collect();
    let condition = rule.condition.as_ref().map_or("", |condition| condition.source());
    for printed in PRINTED.captures_iter(text).filter_map(|found| found.get(1)) {
        let inner = printed.as_str();
        let name = MAY_BE_EMPTY.iter().find(|name| inner.trim().starts_with(**name));
        if let Some(name) = name
            && !inner.contains("default")
            && !asked.contains(name)
            && !condition.contains(name)
        {
            problems.may_be_empty(&said.item.place_in(printed.start()..printed.end()), name);
        }
    }
}
