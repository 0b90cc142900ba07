//! `[referral.NAME]`.

use std::time::Duration;

use crate::chat::ReferralName;
use crate::playbook::effect::Effect;
use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::phrases::ReferralPhrases;
use crate::playbook::problem::Problems;
use crate::playbook::referral::{Referral, Target};
use crate::playbook::rule::Period;
use crate::playbook::trigger::From;
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::written::{Item, Table};

use super::book::Binding;
use super::draft::{Draft, Heard};
use super::effect::{self, Occasion};
use super::{named, phrase, silence, words};

/// A newcomer may say whose word brought them for so long, where nothing is written.
const WITHIN: Duration = Duration::from_secs(24 * 3600);

/// More than so many by one person are for staff to judge, where nothing is written.
const SUSPECT: (u32, Period) = (5, Period::Day);

/// The keys of a programme.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "title",
        Shape::Text,
        r#""老友带新友""#,
        ("活动叫什么。", "What it is called."),
    ),
    key(
        "ask",
        named::WORDS,
        r#"["我的邀请口令"]"#,
        (
            "群友发这句话，私聊回他的邀请口令。",
            "Members who say so are told their own word in private.",
        ),
    ),
    key(
        "mine",
        named::WORDS,
        r#"["我的邀请"]"#,
        (
            "群友发这句话，回他邀请了几位。",
            "Members who say so are told how far they are.",
        ),
    ),
    key(
        "within",
        Shape::Text,
        r#""24h""#,
        (
            "新朋友进群后多久之内写口令才算；不写是 24 小时。",
            "So long after coming a newcomer may write somebody's word; 24 hours if left out.",
        ),
    ),
    key(
        "stay",
        Shape::Text,
        r#""7d""#,
        ("留满多久才算数。", "Whoever stays so long counts."),
    )
    .needed(),
    key(
        "newcomer",
        effect::LIST,
        r#"[{ give = "welcome" }]"#,
        ("算数时，新朋友得到什么。", "What the newcomer has of it."),
    ),
    key(
        "inviter",
        effect::LIST,
        r#"[{ give = "thanks" }]"#,
        ("算数时，邀请人得到什么。", "What whoever invited them has of it."),
    ),
    key(
        "target",
        Shape::List(&Shape::Table(&[TARGET])),
        r#"[{ at = 3, then = [{ tag = "推荐官" }] }]"#,
        (
            "邀请满几位，邀请人另外得到什么。",
            "What whoever brought so many has besides.",
        ),
    ),
    key(
        "limit",
        Shape::Table(&[CAPS]),
        r#"{ per_person = "10 per month", total = "100 per month" }"#,
        ("上限，两样至少写一样。", "Ceilings, one of the two at least."),
    )
    .needed(),
    key(
        "suspect",
        Shape::TextOrNumber,
        r#""5 per day""#,
        (
            "一个人带来超过几位就先请店员看；不写是一天 5 位。",
            "More than so many by one person are for staff to judge; 5 a day if left out.",
        ),
    ),
    key(
        "wording",
        Shape::Phrases(|| ReferralPhrases::WORDS),
        r#"{ noted = "{{ who }}，记下啦" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

const TARGET: &[Key] = &[
    key("at", COUNT, "3", ("满几位。", "How many.")).needed(),
    key(
        "then",
        effect::LIST,
        r#"[{ tag = "推荐官" }]"#,
        ("做什么。", "What is done."),
    )
    .needed(),
];

const CAPS: &[Key] = &[
    key(
        "per_person",
        Shape::TextOrNumber,
        r#""10 per month""#,
        ("一个人最多算几位。", "How many of one person count."),
    ),
    key(
        "total",
        Shape::TextOrNumber,
        r#""100 per month""#,
        ("一共最多算几位。", "How many count in all."),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<Referral> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let title = table.text("title", &mut draft.problems).unwrap_or(item.key).to_owned();
    let by = format!("referral.{}", item.key);
    let ask = said(
        &mut table,
        ("ask", "我的邀请口令", "my invitation word"),
        (&by, binding),
        draft,
    );
    let mine = said(
        &mut table,
        ("mine", "我的邀请", "my invitations"),
        (&by, binding),
        draft,
    );
    let within = table.length("within", &mut draft.problems).unwrap_or(WITHIN);
    let stay = table
        .need("stay", "stay = \"7d\"", &mut draft.problems)
        .and_then(|item| stayed(&item, draft));
    let newcomer = table.take("newcomer").map(|item| effects(&item, &by, draft));
    let inviter = table.take("inviter").map(|item| effects(&item, &by, draft));
    let targets = targets(&mut table, &by, draft);
    let (per_person, total) = caps(&mut table, &item, draft);
    let suspect = table
        .take("suspect")
        .and_then(|item| words::counted(&item, &mut draft.problems))
        .unwrap_or(SUSPECT);
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    if newcomer.is_none() && inviter.is_none() && targets.is_empty() {
        draft.problems.rewards_nobody(&item.key_place());
    }
    Some(Referral {
        name: ReferralName::new(item.key),
        line: item.line(),
        title,
        ask,
        mine,
        within,
        stay: stay?,
        newcomer: newcomer.unwrap_or_default(),
        inviter: inviter.unwrap_or_default(),
        targets,
        per_person,
        total,
        suspect,
        phrases,
    })
}

/// How long they must stay. Within a day it is no stay.
fn stayed(item: &Item<'_>, draft: &mut Draft<'_, '_>) -> Option<Duration> {
    let stay = words::length(item, &mut draft.problems)?;
    if stay < Duration::from_secs(24 * 3600) {
        draft.problems.quick_stay(&item.place());
    }
    Some(stay)
}

/// The words of one key; those the operator wrote quarrel with whoever else answers them.
fn said<'t>(
    table: &mut Table<'t>,
    (key, zh, en): (&'static str, &str, &str),
    (by, binding): (&str, &Binding<'_>),
    draft: &mut Draft<'t, '_>,
) -> Vec<String> {
    let Some(item) = table.take(key) else {
        return vec![draft.house.lang.pick(zh, en).to_owned()];
    };
    let words = words::folded(&item, &mut draft.problems).unwrap_or_default();
    draft.heard.extend(words.iter().map(|word| Heard {
        stops: false,
        word: word.clone(),
        item,
        within: false,
        surely: true,
        from: From::Anyone,
        by: by.to_owned(),
        groups: binding.groups.clone(),
    }));
    words
}

/// What follows. Nothing of it waits for a gateway: it is for two people, and neither waits for the other.
fn effects<'t>(item: &Item<'t>, by: &str, draft: &mut Draft<'t, '_>) -> Vec<Effect> {
    let occasion = Occasion {
        vocabulary: Vocabulary::of_referral().with_fields(&draft.fields),
        recallable: false,
        by: by.to_owned(),
        rule: None,
    };
    let effects = effect::list(item, &occasion, draft);
    let waits = |effect: &Effect| {
        matches!(
            effect,
            Effect::RenameGroup { .. } | Effect::SetCard { .. } | Effect::Kick { .. } | Effect::Recall
        )
    };
    if effects.iter().any(waits) {
        draft.problems.not_in_referral(&item.place());
    }
    effects.into_iter().filter(|effect| !waits(effect)).collect()
}

/// Each number once, the smallest first.
fn targets<'t>(table: &mut Table<'t>, by: &str, draft: &mut Draft<'t, '_>) -> Vec<Target> {
    let entries = table
        .take("target")
        .and_then(|item| item.list(&mut draft.problems))
        .unwrap_or_default();
    let mut targets: Vec<Target> = Vec::new();
    for entry in entries {
        let Some(mut table) = entry.table(&mut draft.problems) else {
            continue;
        };
        let at_item = table.need("at", "at = 3", &mut draft.problems);
        let at = at_item.and_then(|item| item.count(&mut draft.problems));
        let then = table
            .need("then", "then = [ { tag = \"推荐官\" } ]", &mut draft.problems)
            .map(|item| effects(&item, by, draft))
            .unwrap_or_default();
        table.finish(&mut draft.problems);
        let (Some(at), Some(at_item)) = (at, at_item) else {
            continue;
        };
        if targets.iter().any(|target| target.at == at) {
            draft.problems.target_twice(&at_item.place(), at);
        } else {
            targets.push(Target { at, then });
        }
    }
    targets.sort_by_key(|target| target.at);
    targets
}

type Caps = (Option<(u32, Period)>, Option<(u32, Period)>);

/// A limit that stands there and cannot be read is a problem of its own, not an absent one.
fn caps<'t>(table: &mut Table<'t>, whole: &Item<'t>, draft: &mut Draft<'t, '_>) -> Caps {
    let Some(item) = table.take("limit") else {
        draft.problems.uncapped(&whole.key_place(), whole.key);
        return (None, None);
    };
    let problems: &mut Problems = &mut draft.problems;
    let before = problems.count();
    let Some(mut table) = item.table(problems) else {
        return (None, None);
    };
    let per_person = table
        .take("per_person")
        .and_then(|item| words::counted(&item, problems));
    let total = table.take("total").and_then(|item| words::counted(&item, problems));
    table.finish(problems);
    if per_person.is_none() && total.is_none() && problems.count() == before {
        problems.uncapped(&item.key_place(), whole.key);
    }
    (per_person, total)
}
