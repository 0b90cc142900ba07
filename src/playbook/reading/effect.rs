//! `then` and `otherwise`: what is done.

use crate::chat::{CouponName, Tag};
use crate::playbook::effect::{Link, Pick};
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::both;
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::written::{Item, Table};
use crate::playbook::{Effect, To};

use super::draft::{Draft, Said, Thing};
use super::picture;
use super::{alert, call, check_in, column, field, kick, mechanic, membership, named, phrase, points, sense, words};

/// The effects there are.
const DEEDS: [&str; 27] = [
    "say",
    "give",
    "tag",
    "untag",
    "rename_group",
    "set_card",
    "recall",
    "open_vote",
    "close_vote",
    "open_draw",
    "close_draw",
    "open_survey",
    "close_survey",
    "open_quiz",
    "close_quiz",
    "open_event",
    "close_event",
    "alert",
    "kick",
    "call",
    "take",
    "points",
    "make_up",
    "card",
    "set",
    "remember",
    "piece",
];

/// A list of effects, or one.
pub(super) const LIST: Shape = Shape::OneOrMany(&Shape::Shared("effect", &Shape::Table(KINDS)));

const KINDS: &[&[Key]] = &[
    &[
        key(
            "say",
            named::SAID,
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
        key(
            "file",
            Shape::Text,
            r#""menu.pdf""#,
            (
                "附一个文件：素材目录里的文件名，或网址。",
                "With a file: its name in the media folder, or its address.",
            ),
        ),
        key(
            "link",
            PAGE,
            r#""https://example.com/menu""#,
            ("附一个链接。", "With a page to open."),
        ),
        key(
            "pick",
            Shape::Choice(|| words::known(&PICKS)),
            r#""rotate""#,
            (
                "几句里挑哪一句：dice 随机（默认）、rotate 在每个群里轮着来。",
                "Which of several: dice by chance (default), rotate one after the other in each group.",
            ),
        ),
        key(
            "merge",
            Shape::Truth,
            "true",
            (
                "和别的规则在同一件事上说的话合成一条。",
                "Shares one message with what other rules say on the same event.",
            ),
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
    mechanic::OPEN_VOTE,
    mechanic::CLOSE_VOTE,
    mechanic::OPEN_DRAW,
    mechanic::CLOSE_DRAW,
    mechanic::OPEN_SURVEY,
    mechanic::CLOSE_SURVEY,
    mechanic::OPEN_QUIZ,
    mechanic::CLOSE_QUIZ,
    mechanic::OPEN_EVENT,
    mechanic::CLOSE_EVENT,
    alert::KEYS,
    kick::KEYS,
    call::KEYS,
    column::PIECE,
    &[key(
        "take",
        Shape::Text,
        r#""tea""#,
        (
            "收回最近给的、还能用的一张券。",
            "Takes back the coupon given last that can still be used.",
        ),
    )],
    points::KEYS,
    check_in::EFFECT,
    membership::EFFECT,
    &[key(
        "set",
        Shape::Named(&Shape::Text),
        r#"{ size = "XL" }"#,
        (
            "记下资料，以后用 person.fields.名字；空文字是删掉。",
            "Keeps fields of the person, person.fields.NAME from then on; an empty text removes one.",
        ),
    )],
    &[key(
        "remember",
        Shape::Truth,
        "true",
        ("什么也不做，但算触发过一次。", "Does nothing, but the rule has fired."),
    )],
];

/// A page: its address, or that with a title.
pub(super) const PAGE: Shape = Shape::Either(&[Shape::Text, Shape::Table(&[LINK])]);

const LINK: &[Key] = &[
    key(
        "url",
        Shape::Text,
        r#""https://example.com/menu""#,
        ("网址。", "The address."),
    )
    .needed(),
    key("title", Shape::Text, r#""菜单""#, ("标题。", "The title.")),
];

const PICKS: [(&str, Pick); 2] = [("dice", Pick::Dice), ("rotate", Pick::Rotate)];

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
            occasion.vocabulary = after_anything(occasion.vocabulary);
            continue;
        };
        let effect = one(&mut table, &occasion, &given, draft);
        if let Some(effect) = &effect {
            draft
                .asked
                .extend(sense::needs(effect).into_iter().map(|needs| (needs, entry.place())));
        }
        let unfinished = effect.is_none();
        if let Some(Effect::Give { .. }) = &effect {
            occasion.vocabulary = occasion.vocabulary.with_coupon();
            given.extend(table.take("give").and_then(|item| item.as_text()));
        }
        match &effect {
            Some(Effect::Take { .. }) => occasion.vocabulary = occasion.vocabulary.with_coupon(),
            Some(Effect::Card { .. }) => occasion.vocabulary = occasion.vocabulary.with_card(),
            Some(Effect::Points(_)) => occasion.vocabulary = occasion.vocabulary.with_points(),
            Some(_) => {}
            None => occasion.vocabulary = after_anything(occasion.vocabulary),
        }
        effects.extend(effect);
        if !unfinished {
            table.finish(&mut draft.problems);
        }
    }
    effects
}

/// What an effect that cannot be read may have made known.
fn after_anything(vocabulary: Vocabulary) -> Vocabulary {
    vocabulary.with_coupon().with_points().with_card()
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
        "piece" => {
            in_a_group(deed, occasion, draft);
            column::piece(deed, draft)
        }
        "tag" => tag(deed, draft).map(|tag| Effect::Tag { tag }),
        "untag" => {
            let tag = tag(deed, draft)?;
            if tag.opts_out() {
                draft.problems.own_word(&deed.place(), tag.as_str());
            }
            Some(Effect::Untag { tag })
        }
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
            about_a_message(deed, occasion, draft);
            only_true(deed, draft).then_some(Effect::Recall)
        }
        "take" => {
            let coupon = deed.text(&mut draft.problems)?;
            draft.uses(Thing::Coupon, coupon, deed.place());
            Some(Effect::Take {
                coupon: CouponName::new(coupon),
            })
        }
        "points" => points::award(deed, table, occasion, draft),
        "make_up" => check_in::effect(deed, table, draft),
        "card" => membership::effect(deed, table, draft),
        "set" => field::read(deed, occasion, draft),
        "remember" => only_true(deed, draft).then_some(Effect::Remember),
        "alert" => alert::read(deed, table, occasion, draft),
        "call" => call::read(deed, table, occasion, draft),
        "kick" => {
            in_a_group(deed, occasion, draft);
            kick::read(deed, table, occasion, draft)
        }
        _ => {
            in_a_group(deed, occasion, draft);
            mechanic::read(deed, table, draft)
        }
    }
}

/// Only what somebody posted in a group can be taken back.
fn about_a_message(deed: &Item<'_>, occasion: &Occasion, draft: &mut Draft<'_, '_>) {
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
}

/// `recall = true`: there is nothing else to write.
fn only_true<'t>(deed: &Item<'t>, draft: &mut Draft<'t, '_>) -> bool {
    match deed.truth(&mut draft.problems) {
        Some(false) => {
            draft.problems.unknown_word(&deed.place(), "false", &["true"]);
            false
        }
        truth => truth.is_some(),
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
    let image = table.take("image").and_then(|item| picture::read(&item, draft));
    let file = table.take("file").and_then(|item| picture::read(&item, draft));
    let link = table.take("link").and_then(|item| link(&item, draft));
    let pick = table
        .take("pick")
        .and_then(|item| words::choice(&item, &PICKS, &mut draft.problems));
    let merge = table.take("merge");
    if let Some(item) = &merge
        && (mention == Some(true) || to != To::Group)
    {
        let other = if to == To::Group { "mention" } else { "to" };
        draft.problems.contradiction(&item.key_place(), "merge", other);
    }
    let merge = merge.and_then(|item| item.truth(&mut draft.problems)).unwrap_or(false);
    let mut wordings = Vec::new();
    for entry in named::wordings(deed, &mut draft.problems) {
        let wording = phrase::wording(&entry, &occasion.vocabulary, &mut draft.problems);
        draft.said.push(Said {
            item: entry,
            parts: phrase::parts(wording.as_ref()),
            coupons: given.to_vec(),
            by: occasion.by.clone(),
            to,
            rule: occasion.rule,
        });
        wordings.extend(wording);
    }
    (!wordings.is_empty()).then(|| Effect::Say {
        wordings,
        pick: pick.unwrap_or_default(),
        to,
        mention: mention.unwrap_or(false),
        image,
        file,
        link,
        merge,
    })
}

/// `"https://…"`, or that with a title.
pub(super) fn link<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Link> {
    let (address, title) = match item.is_table() {
        false => (*item, None),
        true => {
            let mut table = item.table(&mut draft.problems)?;
            let address = table.need("url", "url = \"https://example.com\"", &mut draft.problems);
            let title = table.text("title", &mut draft.problems);
            table.finish(&mut draft.problems);
            (address?, title)
        }
    };
    let url = address.text(&mut draft.problems)?;
    if !is_address(url) {
        draft.problems.bad_link(&address.place(), url);
        return None;
    }
    Some(Link {
        url: url.to_owned(),
        title: title.unwrap_or_default().to_owned(),
    })
}

/// Whether a text is the whole address of something on the web.
pub(super) fn is_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty())
        && !text.contains(|character: char| character.is_whitespace() || character.is_control())
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
    let about_people = matches!(
        deed.key,
        "give" | "take" | "tag" | "untag" | "points" | "make_up" | "set" | "set_card" | "kick"
    );
    if about_people && !occasion.has_people() {
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
