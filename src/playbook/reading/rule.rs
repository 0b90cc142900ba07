//! `[[rule]]`.

use std::time::Duration;

use crate::chat::{Kind, RuleName};
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::Problems;
use crate::playbook::problem::language::Wanted;
use crate::playbook::rule::Cooldown;
use crate::playbook::trigger::Place;
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::written::{Item, Table};
use crate::playbook::{Effect, Limit, Period, Rule, Scope, Trigger};

use super::book::{self, Binding, name_place};
use super::draft::{Draft, Ruled, Thing};
use super::effect::{self, Occasion};
use super::{opening, phrase, sense, silence, trigger, words};

/// The keys of a rule.
pub(super) const KEYS: &[Key] = &[
    key(
        "name",
        Shape::Text,
        r#""欢迎新人""#,
        (
            "规则的名字，同一个文件里不重复。",
            "What the rule is called, once in a file.",
        ),
    )
    .needed(),
    key(
        "was",
        Shape::Text,
        r#""欢迎""#,
        (
            "改名前叫什么：它还是原来那条规则，骰子、冷却、次数、等着的都接着算；qunying plan 也据此和旧版对上。",
            "What it was called before it was renamed: it stays the same rule, with its dice, its counts and what waits; `qunying plan` pairs it by this.",
        ),
    ),
    key(
        "kind",
        Shape::Choice(|| words::known(&KINDS)),
        r#""care""#,
        (
            "service 有问必答（不受打扰上限和免打扰时段限制）、care 关怀、value 干货、promo 推广。消息触发的默认 service，其余默认 care。",
            "service answers (no caps, no quiet hours), care, value, promo. Messages trigger service by default, all else care.",
        ),
    ),
    silence::ALLOW,
    book::FOLD,
    key("off", Shape::Truth, "true", ("停用这条规则。", "Switched off.")),
    key(
        "on",
        Shape::OneOrMany(&Shape::Shared("trigger", &trigger::SHAPE)),
        r#""joined""#,
        (
            "触发：等什么发生；可以写几个。",
            "What it waits for; several in a list.",
        ),
    )
    .needed(),
    key(
        "if",
        Shape::Text,
        r#""now.workday""#,
        ("条件，成立才做。", "A condition."),
    ),
    key(
        "gather",
        Shape::Text,
        r#""30s""#,
        (
            "这段时间里的人合并成一次。",
            "Everybody within this length shares one firing.",
        ),
    ),
    key("after", Shape::Text, r#""5m""#, ("过这么久再做。", "That much later.")),
    key(
        "late",
        Shape::Text,
        r#""6h""#,
        (
            "停机错过定时超过这么久就不补了；\"skip\" 从不补。",
            "A timer missed by more than this does not fire any more; \"skip\": never.",
        ),
    ),
    key(
        "between",
        Shape::Texts,
        r#"["09:00", "21:00"]"#,
        (
            "只在这两个时刻之间；可以跨零点。",
            "Only between these times; may cross midnight.",
        ),
    ),
    key("from", Shape::Text, r#""2026-05-01""#, ("第一天。", "The first day.")),
    key(
        "until",
        Shape::Text,
        r#""2026-05-31""#,
        ("最后一天（含）。", "The last day."),
    ),
    key(
        "only_on",
        Shape::Texts,
        r#""workdays""#,
        (
            "只在这些日子：workdays 工作日、weekends 周末、holidays 法定节假日、festivals 节日、mon … sun。",
            "Only on days of one of these kinds: workdays, weekends, holidays, festivals, mon … sun.",
        ),
    ),
    key(
        "priority",
        Shape::Number(-MOST_PRIORITY, MOST_PRIORITY),
        "10",
        (
            "几条规则回应同一件事时，数大的先来。",
            "Of several rules for one event the highest goes first.",
        ),
    ),
    key(
        "stop",
        Shape::Truth,
        "true",
        (
            "它一旦发出，后面的规则不再回应同一件事。",
            "Once it fires, no rule after it answers the same event.",
        ),
    ),
    key(
        "cooldown",
        Shape::Either(&[Shape::Text, Shape::Table(&[COOLDOWN])]),
        r#""1h""#,
        ("冷却：这么久之内不再做第二次。", "Not again within this length."),
    ),
    key(
        "limit",
        Shape::Either(&[Shape::TextOrNumber, Shape::Table(&[LIMIT])]),
        r#""1 per day""#,
        ("次数上限：「次数 per 周期」。", "At most so many times in each period."),
    ),
    key(
        "once",
        Shape::Text,
        r#""30d""#,
        (
            "每位群友这么久之内只一次；\"ever\" 一生一次。",
            "Once in that time for each member; \"ever\": once in a life.",
        ),
    ),
    key(
        "then",
        effect::LIST,
        r#"[{ say = "好" }]"#,
        ("做什么，按先后。", "What is done, in order."),
    )
    .needed(),
    key(
        "otherwise",
        effect::LIST,
        r#"[{ say = "{{ reason }}" }]"#,
        (
            "券没发成、积分不够时改做什么；{{ reason }} 是原因。",
            "Instead, when a coupon was refused or points are short; {{ reason }} says why.",
        ),
    ),
];

const COOLDOWN: &[Key] = &[
    key("for", Shape::Text, r#""1h""#, ("多久。", "How long.")).needed(),
    PER,
];

const LIMIT: &[Key] = &[
    key("count", Shape::TextOrNumber, r#""1 per day""#, ("几次。", "How often.")).needed(),
    PER,
];

const PER: Key = key(
    "per",
    Shape::Choice(|| words::known(&SCOPES)),
    r#""group""#,
    (
        "对谁计算：person 每人（跨群）、member 每位群友、group 每个群、community 整个社群。",
        "For whom it counts: person over all groups, member, group, community.",
    ),
);

/// The highest priority there is.
const MOST_PRIORITY: i64 = 1000;

/// A timer missed by more than this does not fire any more.
const LATE: Duration = Duration::from_secs(6 * 3600);

pub(super) const KINDS: [(&str, Kind); 4] = [
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

#[allow(clippy::too_many_lines, reason = "one line a key: a table")]
pub(super) fn read<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<Rule> {
    let mut table = item.table(&mut draft.problems)?;
    if let Some(fold) = book::fold(&mut table, &mut draft.problems) {
        table.compared(fold);
    }
    let (line, file) = (item.line(), item.file().to_owned());
    let name = name(&mut table, binding, draft);
    let by = name.unwrap_or("?");
    let was = table.text("was", &mut draft.problems).map(str::to_owned);
    let kind = table
        .take("kind")
        .and_then(|item| words::choice(&item, &KINDS, &mut draft.problems));
    silence::read(&mut table, Some(&item), draft);
    let off = table.truth("off", &mut draft.problems).unwrap_or(false);
    let on_item = table.need("on", "on = \"joined\"", &mut draft.problems);
    let before = draft.problems.errors();
    let on = on_item.map(|item| trigger::list(&item, draft)).unwrap_or_default();
    let unheard = on_item.is_none() || draft.problems.errors() > before;
    let gather = table.length("gather", &mut draft.problems);
    let condition_item = table.take("if");
    let named = Vocabulary::of_condition(&on).with_fields(&draft.fields).opened(unheard);
    let condition = condition_item.and_then(|item| phrase::condition(&item, &named, &mut draft.problems));
    let opening = opening::read(&mut table, &mut draft.problems);
    let priority = table
        .take("priority")
        .and_then(|item| item.number(-MOST_PRIORITY, MOST_PRIORITY, &mut draft.problems));
    let stop = table.truth("stop", &mut draft.problems).unwrap_or(false);
    let timing = timing(&mut table, scope_of(&on), &mut draft.problems);
    let unsure = on_item.is_none() || draft.problems.errors() > before;
    let occasion = Occasion {
        vocabulary: Vocabulary::of_rule(&on, gather.is_some())
            .with_fields(&draft.fields)
            .opened(unheard),
        recallable: unheard || on.iter().all(is_group_message),
        by: by.to_owned(),
        rule: on_item.map(|_| draft.rules.len()),
    };
    draft.asked.clear();
    let (then, otherwise) = effects(&mut table, &occasion, draft);
    let asked = std::mem::take(&mut draft.asked);
    table.finish(&mut draft.problems);
    let rule = Rule {
        name: RuleName::new(format!("{}/{by}", binding.book)),
        was,
        line,
        file,
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
        let ruled = Ruled {
            rule: rule.clone(),
            on: on_item,
            condition: condition_item,
            groups: binding.groups.clone(),
            unsure,
            asked,
        };
        sense::rule(&ruled, draft);
        draft.rules.push(ruled);
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
