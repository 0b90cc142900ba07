//! `then` and `otherwise`: what is done.

use crate::chat::{CouponName, Tag, VoteName};
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::both;
use crate::playbook::problem::language::Wanted;
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::written::{Item, Table};
use crate::playbook::{Effect, To};

use super::draft::{Draft, Said, Thing};
use super::{phrase, words};

/// The effects there are.
const DEEDS: [&str; 8] = [
    "say",
    "give",
    "tag",
    "untag",
    "rename_group",
    "set_card",
    "recall",
    "open_vote",
];

/// A list of effects, or one.
pub(super) const LIST: Shape = Shape::OneOrMany(&Shape::Shared("effect", &Shape::Table(KINDS)));

const KINDS: &[&[Key]] = &[
    &[
        key(
            "say",
            Shape::Texts,
            r#""欢迎""#,
            ("说话；写几句就随机挑一句。", "Says it; one of several by chance."),
        ),
        key(
            "to",
            Shape::Choice(|| words::known(&HEARERS)),
            r#""group""#,
            (
                "对谁说：group 群里、person 私聊本人、staff 店员。",
                "To whom: group, person, staff.",
            ),
        ),
        key(
            "mention",
            Shape::Truth,
            "true",
            ("同时 @ 本人。", "Calls them by name."),
        ),
        key(
            "image",
            Shape::Text,
            r#""https://example.com/tea.jpg""#,
            ("附一张图。", "With a picture."),
        ),
    ],
    &[key(
        "give",
        Shape::Text,
        r#""tea""#,
        ("给一张券：[coupon.名字]。", "Gives a coupon: [coupon.NAME]."),
    )],
    &[key("tag", Shape::Text, r#""老客""#, ("贴标签。", "Puts a tag on."))],
    &[key("untag", Shape::Text, r#""老客""#, ("撕标签。", "Takes a tag off."))],
    &[key(
        "rename_group",
        Shape::Text,
        r#""茶友会""#,
        (
            "改群名；后面的动作等改好了才做。",
            "Renames the group; what follows waits for it.",
        ),
    )],
    &[key(
        "set_card",
        Shape::Text,
        r#""茶博士""#,
        (
            "改群昵称；后面的动作等改好了才做。",
            "Sets a card; what follows waits for it.",
        ),
    )],
    &[key(
        "recall",
        Shape::Truth,
        "true",
        ("撤回触发的那条消息。", "Takes the message back."),
    )],
    &[key(
        "open_vote",
        Shape::Text,
        r#""group-name""#,
        ("开始投票：[vote.名字]。", "Opens a vote: [vote.NAME]."),
    )],
];

const HEARERS: [(&str, To); 3] = [("group", To::Group), ("person", To::Person), ("staff", To::Staff)];

/// What is known about the occasion effects are carried out on.
#[derive(Clone, Debug)]
pub(super) struct Occasion {
    pub vocabulary: Vocabulary,
    /// Somebody said something in a group that could be taken back.
    pub recallable: bool,
    /// Whose effects these are, for a problem.
    pub by: String,
    /// The rule's place among those read.
    pub rule: Option<usize>,
}

impl Occasion {
    fn has_people(&self) -> bool {
        self.vocabulary.sort("who").is_some()
    }
}

/// A list of effects, in order: what a coupon's wording may name depends on what was given before.
pub(super) fn list<'t>(item: &Item<'t>, occasion: &Occasion, draft: &mut Draft<'t, '_>) -> Vec<Effect> {
    let mut occasion = occasion.clone();
    let mut given = Vec::new();
    let mut effects = Vec::new();
    let entries = item.one_or_many();
    if entries.is_empty() {
        draft.problems.nothing(&item.place(), item.key);
    }
    for entry in entries {
        let Some(mut table) = entry.table(&mut draft.problems) else {
            continue;
        };
        let effect = one(&mut table, &occasion, &given, draft);
        let unfinished = effect.is_none();
        if let Some(Effect::Give { .. }) = &effect {
            occasion.vocabulary = occasion.vocabulary.with_coupon();
            given.extend(table.take("give").and_then(|item| item.as_text()));
        }
        effects.extend(effect);
        if !unfinished {
            table.finish(&mut draft.problems);
        }
    }
    effects
}

fn one<'t>(table: &mut Table<'t>, occasion: &Occasion, given: &[&'t str], draft: &mut Draft<'t, '_>) -> Option<Effect> {
    let deeds: Vec<Item<'t>> = DEEDS.iter().filter_map(|deed| table.take(deed)).collect();
    let [deed] = deeds.as_slice() else {
        let found: Vec<&str> = match deeds.as_slice() {
            [] => table.all().iter().map(|item| item.key).take(1).collect(),
            several => several.iter().map(|item| item.key).collect(),
        };
        let place = table.all().first().map_or_else(|| table.place.clone(), Item::key_place);
        let place = deeds.get(1).map_or(place, Item::key_place);
        draft.problems.unknown_deed(&place, &found, &DEEDS);
        return None;
    };
    needs_people(deed, occasion, draft);
    match deed.key {
        "say" => say(deed, table, (occasion, given), draft),
        "give" => {
            let coupon = deed.text(&mut draft.problems)?;
            draft.uses(Thing::Coupon, coupon, deed.place());
            Some(Effect::Give {
                coupon: CouponName::new(coupon),
            })
        }
        "tag" => tag(deed, draft).map(|tag| Effect::Tag { tag }),
        "untag" => tag(deed, draft).map(|tag| Effect::Untag { tag }),
        "rename_group" => {
            in_a_group(deed, occasion, draft);
            let name = phrase::wording(deed, &occasion.vocabulary, &mut draft.problems)?;
            Some(Effect::RenameGroup { name })
        }
        "set_card" => {
            in_a_group(deed, occasion, draft);
            let card = phrase::wording(deed, &occasion.vocabulary, &mut draft.problems)?;
            Some(Effect::SetCard { card })
        }
        "recall" => {
            if !occasion.recallable {
                draft.problems.out_of_place(
                    &deed.key_place(),
                    both(
                        "只有群里的消息才能撤回，这条规则不是由群消息触发的。",
                        "only a message in a group can be taken back, and none triggers this",
                    ),
                    both(
                        "把 on 改成群消息，或去掉 recall。",
                        "trigger it by a message, or take `recall` out",
                    ),
                );
            }
            match deed.truth(&mut draft.problems)? {
                true => Some(Effect::Recall),
                false => {
                    draft.problems.unknown_word(&deed.place(), "false", &["true"]);
                    None
                }
            }
        }
        _ => {
            in_a_group(deed, occasion, draft);
            let vote = deed.text(&mut draft.problems)?;
            draft.uses(Thing::Vote, vote, deed.place());
            Some(Effect::OpenVote {
                vote: VoteName::new(vote),
            })
        }
    }
}

fn say<'t>(
    deed: &Item<'t>,
    table: &mut Table<'t>,
    (occasion, given): (&Occasion, &[&'t str]),
    draft: &mut Draft<'t, '_>,
) -> Option<Effect> {
    let to = table
        .take("to")
        .and_then(|item| {
            let to = words::choice(&item, &HEARERS, &mut draft.problems)?;
            if to == To::Person && !occasion.has_people() {
                nobody(&item, draft);
            }
            Some(to)
        })
        .unwrap_or_default();
    let mention = table.take("mention").and_then(|item| {
        if !occasion.has_people() {
            nobody(&item, draft);
        }
        item.truth(&mut draft.problems)
    });
    let image = table.text("image", &mut draft.problems).map(str::to_owned);
    let entries = deed.one_or_many();
    if entries.is_empty() {
        draft.problems.nothing(&deed.place(), deed.key);
    }
    let mut wordings = Vec::new();
    for entry in entries {
        if entry.as_text().is_none() {
            entry.wrong(Wanted::Words, &mut draft.problems);
            continue;
        }
        wordings.extend(phrase::wording(&entry, &occasion.vocabulary, &mut draft.problems));
        draft.said.push(Said {
            item: entry,
            coupons: given.to_vec(),
            by: occasion.by.clone(),
            to,
            rule: occasion.rule,
        });
    }
    (!wordings.is_empty()).then(|| Effect::Say {
        wordings,
        to,
        mention: mention.unwrap_or(false),
        image,
    })
}

fn tag<'t>(deed: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Tag> {
    let text = deed.text(&mut draft.problems)?.trim();
    if text.is_empty() {
        draft.problems.nothing(&deed.place(), deed.key);
        return None;
    }
    Some(Tag::new(text))
}

fn needs_people<'t>(deed: &Item<'t>, occasion: &Occasion, draft: &mut Draft<'t, '_>) {
    if matches!(deed.key, "give" | "tag" | "untag" | "set_card") && !occasion.has_people() {
        nobody(deed, draft);
    }
}

fn in_a_group<'t>(deed: &Item<'t>, occasion: &Occasion, draft: &mut Draft<'t, '_>) {
    if !occasion.vocabulary.is_root("group") {
        draft.problems.out_of_place(
            &deed.key_place(),
            both("这条规则不一定发生在群里。", "this does not always happen in a group"),
            both(
                "把触发改成只在群里（in = \"group\"）。",
                "let it be triggered in groups only (in = \"group\")",
            ),
        );
    }
}

fn nobody<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) {
    draft.problems.out_of_place(
        &item.key_place(),
        both(
            "这条规则不针对任何人（例如定时），不知道给谁。",
            "this is about nobody (a timer, for example)",
        ),
        both(
            "换一种针对人的触发，如 joined、message、birthday、order。",
            "use a trigger that is about people: joined, message, birthday, order",
        ),
    );
}
