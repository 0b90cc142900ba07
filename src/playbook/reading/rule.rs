//! `[[rule]]`.

use std::time::Duration;

use crate::chat::{Kind, RuleName};
use crate::playbook::problem::Problems;
use crate::playbook::problem::language::Wanted;
use crate::playbook::rule::Cooldown;
use crate::playbook::trigger::Place;
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::written::{Item, Table};
use crate::playbook::{Effect, Limit, Period, Rule, Scope, Trigger};

use super::book::{Binding, name_place};
use super::draft::{Draft, Thing};
use super::effect::{self, Occasion};
use super::{opening, phrase, sense, trigger, words};

/// A timer missed by more than this does not fire any more.
const LATE: Duration = Duration::from_secs(6 * 3600);

const KINDS: [(&str, Kind); 4] = [
    ("service", Kind::Service),
    ("care", Kind::Care),
    ("value", Kind::Value),
    ("promo", Kind::Promo),
];

const SCOPES: [(&str, Scope); 4] = [
    ("person", Scope::Person),
    ("member", Scope::Member),
    ("group", Scope::Group),
    ("community", Scope::Community),
];

pub(super) fn read<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<Rule> {
    let mut table = item.table(&mut draft.problems)?;
    let line = item.line();
    let name = name(&mut table, binding, draft);
    let by = name.unwrap_or("?");
    let kind = table
        .take("kind")
        .and_then(|item| words::choice(&item, &KINDS, &mut draft.problems));
    let off = table.truth("off", &mut draft.problems).unwrap_or(false);
    let on_item = table.need("on", "on = \"joined\"", &mut draft.problems);
    let on = on_item.map(|item| trigger::list(&item, draft)).unwrap_or_default();
    let gather_item = table.take("gather");
    let gather = gather_item.and_then(|item| words::length(&item, &mut draft.problems));
    let condition_item = table.take("if");
    let named = Vocabulary::of_condition(&on).with_fields(&draft.fields);
    let condition = condition_item.and_then(|item| phrase::condition(&item, &named, &mut draft.problems));
    let opening = opening::read(&mut table, &mut draft.problems);
    let priority = table
        .take("priority")
        .and_then(|item| item.number(-1000, 1000, &mut draft.problems));
    let stop = table.truth("stop", &mut draft.problems).unwrap_or(false);
    let timing = timing(&mut table, scope_of(&on), &mut draft.problems);
    let occasion = Occasion {
        vocabulary: Vocabulary::of_rule(&on, gather.is_some()).with_fields(&draft.fields),
        recallable: !on.is_empty() && on.iter().all(is_group_message),
        by: by.to_owned(),
    };
    let (then, otherwise) = effects(&mut table, &occasion, draft);
    table.finish(&mut draft.problems);
    let rule = Rule {
        name: RuleName::new(format!("{}/{by}", binding.book)),
        line,
        // Whoever asks gets an answer; everything else cares until told otherwise.
        kind: kind.unwrap_or(if answers(&on) { Kind::Service } else { Kind::Care }),
        off,
        on,
        condition,
        gather,
        after: timing.after,
        late: timing.late,
        opening,
        priority: priority.and_then(|n| i32::try_from(n).ok()).unwrap_or(0),
        stop,
        cooldown: timing.cooldown,
        limit: timing.limit,
        then,
        otherwise,
    };
    if let Some(on_item) = on_item {
        sense::rule(&rule, &on_item, binding, draft);
    }
    (name.is_some() && !rule.on.is_empty() && !rule.then.is_empty()).then_some(rule)
}

fn name<'t>(table: &mut Table<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<&'t str> {
    let item = table.need("name", "name = \"greet\"", &mut draft.problems)?;
    let name = item.text(&mut draft.problems)?;
    if name.trim().is_empty() {
        draft.problems.nothing(&item.place(), "name");
        return None;
    }
    draft.define(
        Thing::Rule,
        &format!("{}/{name}", binding.book),
        name_place(Some(&item), table),
    );
    Some(name)
}

fn effects<'t>(table: &mut Table<'t>, occasion: &Occasion, draft: &mut Draft<'t, '_>) -> (Vec<Effect>, Vec<Effect>) {
    let then = table
        .need("then", "then = [ { say = \"欢迎 {{ who }}\" } ]", &mut draft.problems)
        .map(|item| effect::list(&item, occasion, draft))
        .unwrap_or_default();
    let refused = Occasion {
        vocabulary: occasion.vocabulary.clone().with_reason(),
        ..occasion.clone()
    };
    let otherwise = table
        .take("otherwise")
        .map(|item| effect::list(&item, &refused, draft))
        .unwrap_or_default();
    (then, otherwise)
}

fn is_group_message(trigger: &Trigger) -> bool {
    matches!(trigger, Trigger::Message(heard) if heard.place == Place::Group)
}

fn answers(on: &[Trigger]) -> bool {
    !on.is_empty() && on.iter().all(|trigger| matches!(trigger, Trigger::Message(_)))
}

/// For whom a rule counts where nothing is said: for members where it is about them, for groups where it is not.
fn scope_of(on: &[Trigger]) -> Scope {
    let vocabulary = Vocabulary::of_condition(on);
    match (vocabulary.sort("who").is_some(), vocabulary.is_root("group")) {
        (true, true) => Scope::Member,
        (true, false) => Scope::Person,
        (false, _) => Scope::Group,
    }
}

struct Timing {
    after: Option<Duration>,
    late: Duration,
    cooldown: Option<Cooldown>,
    limit: Option<Limit>,
}

fn timing(table: &mut Table<'_>, scope: Scope, problems: &mut Problems) -> Timing {
    let after = table.length("after", problems);
    let late = table.take("late").and_then(|item| match item.as_text() {
        Some("skip") => Some(Duration::ZERO),
        _ => words::length(&item, problems),
    });
    let (cooldown, limit, once) = (table.take("cooldown"), table.take("limit"), table.take("once"));
    let mut timing = Timing {
        after,
        late: late.unwrap_or(LATE),
        cooldown: cooldown.and_then(|item| read_cooldown(&item, scope, problems)),
        limit: limit.and_then(|item| read_limit(&item, scope, problems)),
    };
    if let Some(once) = once {
        let ever = once.as_text() == Some("ever");
        match (ever, &limit, &cooldown) {
            (true, Some(_), _) => problems.contradiction(&once.key_place(), "once", "limit"),
            (false, _, Some(_)) => problems.contradiction(&once.key_place(), "once", "cooldown"),
            (true, ..) => {
                timing.limit = Some(Limit {
                    count: 1,
                    period: Period::Ever,
                    scope,
                })
            }
            (false, ..) => timing.cooldown = words::length(&once, problems).map(|length| Cooldown { length, scope }),
        }
    }
    timing
}

fn per(table: &mut Table<'_>, scope: Scope, problems: &mut Problems) -> Scope {
    table
        .take("per")
        .and_then(|item| words::choice(&item, &SCOPES, problems))
        .unwrap_or(scope)
}

fn read_cooldown(item: &Item<'_>, scope: Scope, problems: &mut Problems) -> Option<Cooldown> {
    if !item.is_table() {
        return Some(Cooldown {
            length: words::length(item, problems)?,
            scope,
        });
    }
    let mut table = item.table(problems)?;
    let length = table
        .need("for", "for = \"1h\"", problems)
        .and_then(|item| words::length(&item, problems));
    let scope = per(&mut table, scope, problems);
    table.finish(problems);
    Some(Cooldown { length: length?, scope })
}

fn read_limit(item: &Item<'_>, scope: Scope, problems: &mut Problems) -> Option<Limit> {
    if item.is_list() {
        item.wrong(
            Wanted::Either("\"1 per day\" 这样的文字", "a text like \"1 per day\""),
            problems,
        );
        return None;
    }
    if !item.is_table() {
        let (count, period) = words::counted(item, problems)?;
        return Some(Limit { count, period, scope });
    }
    let mut table = item.table(problems)?;
    let counted = table
        .need("count", "count = \"1 per year\"", problems)
        .and_then(|item| words::counted(&item, problems));
    let scope = per(&mut table, scope, problems);
    table.finish(problems);
    let (count, period) = counted?;
    Some(Limit { count, period, scope })
}
