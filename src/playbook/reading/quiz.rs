//! `[quiz.NAME]`.

use std::time::Duration;

use crate::chat::{GatheringName, QuizName};
use crate::playbook::Quiz;
use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::phrases::QuizPhrases;
use crate::playbook::problem::both;
use crate::playbook::quiz::{Question, Try};
use crate::playbook::trigger::From;
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::written::Item;

use super::book::Binding;
use super::draft::{Draft, Thing};
use super::effect::{self, Occasion};
use super::{answered, named, phrase, silence, survey};

/// How long a question may be answered where nothing is said.
const OPEN_FOR: (&str, Duration) = ("5m", Duration::from_secs(5 * 60));

/// The keys of a quiz.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "title",
        Shape::Text,
        r#""茶知识""#,
        ("竞答叫什么。", "What it is called."),
    ),
    key(
        "open",
        named::WORDS,
        r#"["开始竞答"]"#,
        (
            "店员在群里说这句话就开始。",
            "Staff open it with these words in the group.",
        ),
    ),
    key(
        "close",
        named::WORDS,
        r#"["结束竞答"]"#,
        (
            "店员说这句话就提前结束，公布答案。",
            "Staff close it with these words; the answer is told.",
        ),
    ),
    key(
        "event",
        Shape::Text,
        r#""quiz""#,
        (
            "这个活动开始时一起开始：[event.名字]，排期里写的就是它。",
            "It opens when this event of the calendar starts: [event.NAME].",
        ),
    ),
    key(
        "each",
        COUNT,
        "3",
        (
            "每次出几道；下次接着往下出，出完从头来。不写就每次全出。",
            "So many questions each time, going on the next time; all of them if left out.",
        ),
    ),
    key(
        "open_for",
        Shape::Text,
        r#""5m""#,
        ("每道题多久截止。", "How long each question may be answered."),
    ),
    key(
        "winners",
        Shape::Number(1, 100),
        "3",
        (
            "每道题最先答对的几位赢；不写就是一位。",
            "The first so many right answers to each question win; one if left out.",
        ),
    ),
    key(
        "question",
        Shape::List(&Shape::Table(&[QUESTION])),
        r#"[{ ask = "绿茶发酵吗？", right = ["不发酵"] }]"#,
        ("问什么，按先后。", "What is asked, in order."),
    )
    .needed(),
    key(
        "then",
        effect::LIST,
        r#"[{ points = 10 }]"#,
        ("给每位赢家什么。", "Done for each winner."),
    ),
    key(
        "wording",
        Shape::Phrases(|| QuizPhrases::WORDS),
        r#"{ won = "{{ who }}，对啦！" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

const QUESTION: &[Key] = &[
    key("ask", Shape::Text, r#""绿茶发酵吗？""#, ("问题。", "The question.")).needed(),
    key(
        "right",
        Shape::Texts,
        r#"["不发酵", "不"]"#,
        (
            "对的答案，几种写法都行；全半角、大小写、标点、繁简不算。",
            "Right answers; width, case, punctuation and traditional characters do not count.",
        ),
    )
    .needed(),
    key(
        "choices",
        Shape::Texts,
        r#"["发酵", "不发酵"]"#,
        (
            "选择题：每人第一次选的才算；right 写其中一个。",
            "With choices everybody's first one counts; `right` is one of them.",
        ),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<Quiz> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let lang = draft.house.lang;
    let title = table.text("title", &mut draft.problems).unwrap_or(item.key).to_owned();
    let titled = |zh: &str, en: &str| crate::chat::fold(&lang.pick(zh, en).replace("{}", &title));
    let by = format!("quiz.{}", item.key);
    let mut staff = |key, usual: String| {
        let key = (key, &[usual.as_str()][..], From::Staff);
        answered::words(&mut table, key, (&by, binding), draft)
    };
    let open = staff("open", titled("开始{}", "open {}"));
    let close = staff("close", titled("结束{}", "close {}"));
    let event = table.take("event").and_then(|item| {
        let name = item.text(&mut draft.problems)?;
        draft.uses(Thing::Event, name, item.place());
        Some(GatheringName::new(name))
    });
    let each = table.count("each", &mut draft.problems);
    let open_for = table.length("open_for", &mut draft.problems);
    if open_for.is_none() {
        draft.problems.no_deadline(&item.key_place(), ("open_for", OPEN_FOR.0));
    }
    let winners = table
        .take("winners")
        .and_then(|item| item.number(1, 100, &mut draft.problems));
    let listed = table.need(
        "question",
        "question = [{ ask = \"…\", right = [\"…\"] }]",
        &mut draft.problems,
    );
    let listed = listed.and_then(|item| Some((item, item.list(&mut draft.problems)?)));
    let mut questions = Vec::new();
    for entry in listed.iter().flat_map(|(_, entries)| entries) {
        questions.extend(question(entry, draft));
    }
    if let Some((item, entries)) = listed.as_ref().filter(|(_, entries)| entries.is_empty()) {
        survey::counted(item, entries.len(), draft);
    }
    let occasion = Occasion {
        vocabulary: Vocabulary::of_quiz().with_fields(&draft.fields),
        recallable: false,
        by: item.key.to_owned(),
        rule: None,
    };
    let then = table.take("then").map(|item| effect::list(&item, &occasion, draft));
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    let all = questions.len();
    Some(Quiz {
        name: QuizName::new(item.key),
        line: item.line(),
        open,
        close,
        title,
        event,
        each: each
            .and_then(|each| usize::try_from(each).ok())
            .map_or(all, |each| each.min(all)),
        open_for: open_for.unwrap_or(OPEN_FOR.1),
        winners: winners.and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
        questions,
        then: then.unwrap_or_default(),
        phrases,
    })
}

fn question<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Question> {
    let mut table = item.table(&mut draft.problems)?;
    let ask = survey::asked(&mut table, draft);
    let right_item = table.need("right", "right = [\"…\"]", &mut draft.problems);
    let right = right_item.and_then(|item| item.texts(&mut draft.problems));
    let choices = table.take("choices").and_then(|item| survey::choices(&item, draft));
    table.finish(&mut draft.problems);
    let right = right?.into_iter().map(|(text, _)| text.trim().to_owned()).collect();
    let question = Question {
        ask: ask?,
        right,
        choices: choices.unwrap_or_default(),
    };
    let place = right_item.map_or_else(|| item.key_place(), |item| item.place());
    let chosen = question.choices.iter().map(|choice| question.judge(choice));
    if !question.choices.is_empty() && !chosen.into_iter().any(|judged| judged == Try::Right) {
        draft.problems.bad_question(
            &place,
            both("right 里没有一个是选项。", "nothing in `right` is one of the choices"),
            both("照抄其中一个选项。", "write one of the choices as it stands"),
        );
    }
    if question.choices.is_empty() && question.judge(&question.right[0]) == Try::None {
        draft.problems.bad_question(
            &place,
            both(
                "这个答案里没有文字也没有数字，谁都答不对。",
                "there is no letter and no digit in it, so nobody can be right",
            ),
            both("写一个有字的答案。", "write an answer with letters or digits"),
        );
    }
    Some(question)
}
