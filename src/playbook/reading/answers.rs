//! `[answers]` and `[[answer]]`.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::chat::alike::{Sentence, Synonyms, bare};
use crate::chat::fold::simplified;
use crate::chat::{PersonId, RuleName, fold};
use crate::playbook::answers::{Answer, Answers};
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::phrases::AnswersPhrases;
use crate::playbook::problem::{Place, Problems};
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::written::{Item, Table};
use crate::playbook::{GroupFilter, Playbook, To, Wording};

use super::book::Binding;
use super::draft::{Draft, Said, Thing};
use super::{effect, named, phrase, picture, silence, words};

/// How near a question must be where nothing is said: for an answer, and for offering one.
const NEARNESS: (i64, i64) = (60, 30);
/// How long a number picks one of those offered.
const OFFER_FOR: Duration = Duration::from_secs(10 * 60);

/// The keys of `[answers]`.
pub(super) const SECTION: &[Key] = &[
    key(
        "threshold",
        Shape::Number(1, 100),
        "60",
        (
            "像到多少分（满分 100）就直接回答。",
            "Alike by so much (of 100), it is answered.",
        ),
    ),
    key(
        "near",
        Shape::Number(1, 100),
        "30",
        (
            "像到多少分就问「您是不是想问」；比 threshold 低。",
            "Alike by so much, up to three are offered; less than `threshold`.",
        ),
    ),
    key(
        "synonyms",
        Shape::List(&named::WORDS),
        r#"[["开门", "营业", "开店"], ["无线", "wifi"]]"#,
        (
            "近义词：一组里的词当成同一个词比较。",
            "Lists of words that say the same.",
        ),
    ),
    key(
        "offer_for",
        Shape::Text,
        r#""10m""#,
        (
            "列出编号后，多久之内回编号有效。",
            "How long a number picks one of those offered.",
        ),
    ),
    key(
        "staff_after",
        Shape::Text,
        r#""10m""#,
        (
            "群里的问题多久没人回答就告诉店员；不写就不告诉。",
            "A question in a group nobody answered for so long is told to the staff; never if left out.",
        ),
    ),
    key(
        "escalate_after",
        Shape::Text,
        r#""20m""#,
        (
            "又过多久还没人回答，再告诉 escalate_to。",
            "So long after that it is told to `escalate_to`.",
        ),
    ),
    key(
        "escalate_to",
        Shape::Texts,
        r#"["boss"]"#,
        (
            "第二次告诉谁：config.toml 里店员的编号；不写就私聊每一位店员。",
            "Who is told then: ids of staff in the config; each of them in private if left out.",
        ),
    ),
    key(
        "figures",
        named::WORDS,
        r#"["问答统计"]"#,
        (
            "店员发这句话，回本月的问答统计。",
            "Staff are answered with this month's figures.",
        ),
    ),
    key(
        "wording",
        Shape::Phrases(|| AnswersPhrases::WORDS),
        r#"{ missing = "{{ who }}，这个我去问问店员" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

/// The keys of `[[answer]]`.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "name",
        Shape::Text,
        r#""hours""#,
        (
            "答案的名字，触发里写 of 用；不写就是头一种问法。",
            "What it is called; the first of `ask` if left out.",
        ),
    ),
    key(
        "ask",
        named::WORDS,
        r#"["几点开门", "营业时间是什么时候"]"#,
        ("几种问法。", "How it is asked, in several ways."),
    )
    .needed(),
    key(
        "keywords",
        named::WORDS,
        r#"["营业时间"]"#,
        (
            "问题里有其中一个就加 60 分，每多一个再加 20 分。",
            "One of these in a question counts 60, each further one 20.",
        ),
    ),
    key(
        "say",
        named::SAID,
        r#""每天 10:00 到 22:00，春节也开。""#,
        ("答案；写几句就随机挑一句。", "The answer; one of several by chance."),
    )
    .needed(),
    key("image", Shape::Text, r#""map.png""#, ("附一张图。", "With a picture.")),
    key(
        "link",
        effect::PAGE,
        r#""https://example.com/menu""#,
        ("附一个链接。", "With a page to open."),
    ),
    key(
        "groups",
        Shape::Texts,
        r#"["山野茶社*"]"#,
        (
            "只在这些群回答；不写就是这个文件的群。",
            "Only in these groups; those of the file if left out.",
        ),
    ),
    key(
        "if",
        Shape::Text,
        r#""person.orders > 0""#,
        ("只回答满足条件的人。", "Only to those for whom this holds."),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Answers> {
    let mut table = item.table(&mut draft.problems)?;
    let problems = &mut draft.problems;
    let threshold = table.take("threshold").and_then(|item| item.number(1, 100, problems));
    let threshold = threshold.unwrap_or(NEARNESS.0);
    let near = table
        .take("near")
        .and_then(|item| item.number(1, threshold, problems))
        .unwrap_or(NEARNESS.1.min(threshold));
    let synonyms = table.take("synonyms").and_then(|item| item.list(problems));
    let lists: Vec<Vec<String>> = synonyms
        .unwrap_or_default()
        .iter()
        .filter_map(|list| words::folded(list, problems))
        .map(|list| list.iter().map(|word| simplified(word)).collect())
        .collect();
    let offer_for = table.length("offer_for", problems).unwrap_or(OFFER_FOR);
    let staff_after = table.length("staff_after", problems);
    let escalate_after = table.length("escalate_after", problems);
    let escalate_to = table.take("escalate_to").map(|item| staff(&item, draft));
    let lang = draft.house.lang;
    let figures = table
        .words("figures", &mut draft.problems)
        .unwrap_or_else(|| lang.pick(vec!["问答统计".to_owned()], vec!["question figures".to_owned()]));
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Answers {
        threshold: u32::try_from(threshold).unwrap_or(100),
        near: u32::try_from(near).unwrap_or(100),
        synonyms: Synonyms::of(lists.iter().map(Vec::as_slice)),
        offer_for,
        staff_after,
        escalate_after,
        escalate_to: escalate_to.unwrap_or_default(),
        figures,
        phrases,
    })
}

/// Ids of staff, as the config has them or as their network does.
fn staff<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Vec<PersonId> {
    let house = draft.house;
    let mut found = Vec::new();
    for (written, entry) in item.texts(&mut draft.problems).unwrap_or_default() {
        let known = house
            .staff
            .iter()
            .find(|person| person.as_str() == written || person.wire() == written);
        match known {
            Some(person) => found.push(person.clone()),
            None => {
                let known: Vec<&str> = house.staff.iter().map(PersonId::as_str).collect();
                draft.problems.not_staff(&entry.place(), written, &known);
            }
        }
    }
    found
}

pub(super) fn one<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<Answer> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let ask = table.need("ask", "ask = [\"几点开门\"]", &mut draft.problems);
    let ask = ask.and_then(|item| named::words(&item, &mut draft.problems));
    let ask: Vec<(&str, Item<'t>)> = ask.unwrap_or_default();
    let name_item = table.take("name");
    let name = name_item.and_then(|item| item.text(&mut draft.problems));
    let name = name.or(ask.first().map(|(text, _)| *text));
    if let Some(name) = name {
        let place = name_item.map_or_else(|| item.key_place(), |item| item.place());
        draft.define(Thing::Answer, name, place);
    }
    let keywords = table.words("keywords", &mut draft.problems).unwrap_or_default();
    let by = name.unwrap_or("answer");
    let vocabulary = Vocabulary::of_answer().with_fields(&draft.fields);
    let say = said(&mut table, (by, &vocabulary), draft);
    let image = table.take("image").and_then(|item| picture::read(&item, draft));
    let link = table.take("link").and_then(|item| effect::link(&item, draft));
    let groups = GroupFilter {
        patterns: table
            .take("groups")
            .and_then(|item| item.texts(&mut draft.problems))
            .unwrap_or_default()
            .into_iter()
            .map(|(text, _)| text.to_owned())
            .collect(),
    };
    if !groups.overlaps(binding.groups) {
        draft.problems.answer_nowhere(&table.place, by);
    }
    let condition = table
        .take("if")
        .and_then(|item| phrase::condition(&item, &vocabulary, &mut draft.problems));
    table.finish(&mut draft.problems);
    Some(Answer {
        name: RuleName::new(format!("{}/answer.{}", binding.book, name?)),
        line: item.line(),
        file: item.file().to_owned(),
        settled: (ask
            .iter()
            .map(|(text, _)| Sentence::new(bare(&simplified(&fold(text))))))
        .collect(),
        ask: ask.into_iter().map(|(text, _)| text.trim().to_owned()).collect(),
        keywords: keywords.iter().map(|word| bare(&simplified(word))).collect(),
        say: say?,
        image,
        link,
        groups,
        condition,
    })
}

fn said<'t>(
    table: &mut Table<'t>,
    (by, vocabulary): (&str, &Vocabulary),
    draft: &mut Draft<'t, '_>,
) -> Option<Vec<Wording>> {
    let item = table.need("say", "say = \"每天 10:00 开门。\"", &mut draft.problems)?;
    let mut wordings = Vec::new();
    for entry in named::wordings(&item, &mut draft.problems) {
        let wording = phrase::wording(&entry, vocabulary, &mut draft.problems);
        draft.said.push(Said {
            item: entry,
            parts: phrase::parts(wording.as_ref()),
            coupons: Vec::new(),
            by: by.to_owned(),
            to: To::Group,
            rule: None,
        });
        wordings.extend(wording);
    }
    (!wordings.is_empty()).then_some(wordings)
}

/// Once the whole set is read, wordings and keywords are taken with the set's synonyms, and answers that stand in each
/// other's way are found.
pub(super) fn settle(books: &mut [Playbook], draft: &mut Draft<'_, '_>) {
    let synonyms = books
        .iter()
        .find_map(|book| Some(book.answers.as_ref()?.synonyms.clone()));
    for book in books.iter_mut() {
        let editions = book.editions.iter_mut().flat_map(|edition| &mut edition.book.faq);
        for answer in book.faq.iter_mut().chain(editions) {
            if let Some(synonyms) = &synonyms {
                for asked in &mut answer.settled {
                    *asked = Sentence::new(synonyms.settle(asked.text()));
                }
                for word in &mut answer.keywords {
                    *word = synonyms.settle(word);
                }
            }
            answer.settled.retain(|asked| !asked.text().is_empty());
            answer.keywords.retain(|word| !word.is_empty());
            answer.keywords.sort();
            answer.keywords.dedup();
        }
    }
    let answers: Vec<(&Playbook, &Answer)> = books
        .iter()
        .flat_map(|book| book.faq.iter().map(move |answer| (book, answer)))
        .collect();
    let places: BTreeMap<&str, Place> = answers
        .iter()
        .filter_map(|(_, answer)| {
            let place = draft.defined.get(&(Thing::Answer, answer.short().to_owned()))?;
            Some((answer.short(), place.clone()))
        })
        .collect();
    if synonyms.is_none()
        && let Some(place) = answers.first().and_then(|(_, answer)| places.get(answer.short()))
    {
        draft.problems.no_answers_section(place);
    }
    for (at, (book, answer)) in answers.iter().enumerate() {
        let Some(place) = places.get(answer.short()) else {
            continue;
        };
        let meets = |(other_book, other): &&(&Playbook, &Answer)| {
            other_book.groups.overlaps(&book.groups) && other.groups.overlaps(&answer.groups)
        };
        let before: Vec<&Answer> = answers[..at].iter().filter(meets).map(|(_, other)| *other).collect();
        against(answer, (&before, place), &mut draft.problems);
    }
}

/// One answer against those before it that play in the same groups.
fn against(answer: &Answer, (before, place): (&[&Answer], &Place), problems: &mut Problems) {
    for word in &answer.keywords {
        if let Some(other) = before.iter().find(|other| other.keywords.contains(word)) {
            problems.shared_keyword(place, word, other.short());
        }
    }
    let surely = answer.condition.is_none();
    let same = |other: &&&Answer| {
        surely
            && other.condition.is_none()
            && !answer.settled.is_empty()
            && answer.settled.iter().all(|text| other.settled.contains(text))
            && answer.keywords.iter().all(|word| other.keywords.contains(word))
    };
    if let Some(other) = before.iter().find(same) {
        problems.answered_by_another(place, answer.short(), other.short());
    }
}
