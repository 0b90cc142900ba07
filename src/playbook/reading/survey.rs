//! `[survey.NAME]`.

use std::time::Duration;

use crate::chat::SurveyName;
use crate::playbook::Survey;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::phrases::SurveyPhrases;
use crate::playbook::problem::both;
use crate::playbook::survey::{Kind, Question, Within};
use crate::playbook::trigger::From;
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::written::{Item, Table};

use super::book::Binding;
use super::draft::Draft;
use super::effect::{self, Occasion};
use super::{answered, named, phrase, silence, words};

const WITHIN: [(&str, Within); 2] = [("private", Within::Private), ("group", Within::Group)];
/// How long a survey is open where nothing is said.
const OPEN_FOR: (&str, Duration) = ("3d", Duration::from_secs(3 * 24 * 3600));
/// The longest text that answers a question, and how long it is where nothing is said.
const LONGEST: (i64, usize) = (2_000, 200);
/// The furthest a number may be.
const FURTHEST: i64 = 1_000_000;
/// The most questions and the most choices of one.
const MOST: usize = 26;

/// The keys of a survey.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "title",
        Shape::Text,
        r#""口味小调查""#,
        ("问卷叫什么。", "What it is called."),
    ),
    key(
        "in",
        Shape::Choice(|| words::known(&WITHIN)),
        r#""private""#,
        (
            "在哪答：private 私聊一题一题问（不写就是它）、group 在群里答。",
            "Where it is answered: private, one question after the other (if left out), or group.",
        ),
    ),
    key(
        "open",
        named::WORDS,
        r#"["发起口味调查"]"#,
        (
            "店员在群里说这句话就发问卷。",
            "Staff open it with these words in the group.",
        ),
    ),
    key(
        "close",
        named::WORDS,
        r#"["结束口味调查"]"#,
        ("店员说这句话就提前结束。", "Staff close it with these words."),
    ),
    key(
        "results",
        named::WORDS,
        r#"["口味调查结果"]"#,
        ("店员说这句话，看到现在为止的结果。", "Staff see how it stands."),
    ),
    key(
        "join",
        named::WORDS,
        r#"["填问卷"]"#,
        (
            "群友发这句话，私聊开始问。",
            "Members take part with these words, in private.",
        ),
    ),
    key(
        "quit",
        named::WORDS,
        r#"["不填了"]"#,
        ("私聊里发这句话就不答了。", "They stop with these words."),
    ),
    key(
        "answer",
        named::WORDS,
        r#"["答"]"#,
        (
            "在群里答：这个词，再加答案；几道题的加题号，如「答2 很好」。",
            "In the group: this word, then the answer; with the question's number where there are several.",
        ),
    ),
    key(
        "open_for",
        Shape::Text,
        r#""3d""#,
        ("开放多久。", "It is open for this long."),
    ),
    key(
        "change",
        Shape::Truth,
        "false",
        (
            "截止前能不能改答案；不写就能。",
            "Whether an answer may be changed while it is open; it may if left out.",
        ),
    ),
    key(
        "anonymous",
        Shape::Truth,
        "true",
        ("结果里不写是谁答的。", "Results name nobody."),
    ),
    key(
        "question",
        Shape::List(&Shape::Table(&[QUESTION])),
        r#"[{ ask = "哪款茶最合口味？", choices = ["红茶", "绿茶"] }]"#,
        ("问什么，按先后。", "What is asked, in order."),
    )
    .needed(),
    key(
        "then",
        effect::LIST,
        r#"[{ say = "多谢", to = "person" }]"#,
        (
            "答完给什么，每人一次；答案改几次都不再给。",
            "Done once for whoever answered everything, however often they change it.",
        ),
    ),
    key(
        "wording",
        Shape::Phrases(|| SurveyPhrases::WORDS),
        r#"{ thanks = "{{ who }}，多谢！" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

const QUESTION: &[Key] = &[
    key("ask", Shape::Text, r#""哪款茶最合口味？""#, ("问题。", "The question.")).needed(),
    key(
        "choices",
        Shape::Texts,
        r#"["红茶", "绿茶"]"#,
        (
            "选一个：回字母、编号或文字。",
            "One of these, by its letter, number or words.",
        ),
    ),
    key(
        "between",
        Shape::Pair,
        "[1, 5]",
        ("回一个数：从几到几。", "A whole number, from the one to the other."),
    ),
    key(
        "longest",
        Shape::Number(1, LONGEST.0),
        "200",
        (
            "随便写：最多几个字；choices、between 都不写就是随便写。",
            "Any words, so many characters at most; what it is without choices and between.",
        ),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<Survey> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let lang = draft.house.lang;
    let problems = &mut draft.problems;
    let title = table.text("title", problems).unwrap_or(item.key).to_owned();
    let within = table
        .take("in")
        .and_then(|item| words::choice(&item, &WITHIN, problems));
    let titled = |zh: &str, en: &str| crate::chat::fold(&lang.pick(zh, en).replace("{}", &title));
    // Stopping is said in private, where nothing of a group is heard.
    let quit = table.words_or("quit", lang.pick("不填了", "stop"), problems);
    let its_own = format!("survey.{}", item.key);
    let mut staff = |key, usual: String| {
        let key = (key, &[usual.as_str()][..], From::Staff);
        answered::words(&mut table, key, (&its_own, binding), draft)
    };
    let open = staff("open", titled("发起{}", "open {}"));
    let close = staff("close", titled("结束{}", "close {}"));
    let results = staff("results", titled("{}结果", "{} results"));
    let shared = format!("survey {}", item.key);
    let mut members = |key, usual: &str| {
        let key = (key, &[usual][..], From::Anyone);
        answered::words(&mut table, key, (&shared, binding), draft)
    };
    let join = members("join", lang.pick("填问卷", "survey"));
    let answer = members("answer", lang.pick("答", "answer"));
    let problems = &mut draft.problems;
    let open_for = table.length("open_for", problems);
    if open_for.is_none() {
        problems.no_deadline(&item.key_place(), ("open_for", OPEN_FOR.0));
    }
    let change = table.truth("change", problems).unwrap_or(true);
    let anonymous = table.truth("anonymous", problems).unwrap_or(false);
    let listed = table.need("question", "question = [{ ask = \"…\" }]", problems);
    let listed = listed.and_then(|item| Some((item, item.list(problems)?)));
    let mut questions = Vec::new();
    for entry in listed.iter().flat_map(|(_, entries)| entries) {
        questions.extend(question(entry, draft));
    }
    if let Some((item, entries)) = &listed {
        counted(item, entries.len(), draft);
    }
    let occasion = Occasion {
        vocabulary: Vocabulary::of_survey().with_fields(&draft.fields),
        recallable: false,
        by: item.key.to_owned(),
        rule: None,
    };
    let then = table.take("then").map(|item| effect::list(&item, &occasion, draft));
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Survey {
        name: SurveyName::new(item.key),
        line: item.line(),
        title,
        within: within.unwrap_or_default(),
        open,
        close,
        results,
        join,
        quit,
        answer,
        open_for: open_for.unwrap_or(OPEN_FOR.1),
        change,
        anonymous,
        questions,
        then: then.unwrap_or_default(),
        phrases,
    })
}

/// Some questions, and no more than there are letters.
pub(super) fn counted<'t>(item: &Item<'t>, count: usize, draft: &mut Draft<'t, '_>) {
    if count == 0 {
        draft.problems.nothing(&item.place(), item.key);
    } else if count > MOST {
        draft
            .problems
            .out_of_range(&item.key_place(), &count.to_string(), 1, MOST as i64);
    }
}

fn question<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Question> {
    let mut table = item.table(&mut draft.problems)?;
    let ask = asked(&mut table, draft);
    let choices = table.take("choices");
    let between = table.take("between");
    let longest = table
        .take("longest")
        .and_then(|item| item.number(1, LONGEST.0, &mut draft.problems));
    if let (Some(choices), Some(between)) = (&choices, &between) {
        draft
            .problems
            .contradiction(&between.key_place(), choices.key, between.key);
    }
    let kind = match (choices, between) {
        (Some(item), _) => Kind::Choice(self::choices(&item, draft)?),
        (None, Some(item)) => {
            let (least, most) = numbers(&item, draft)?;
            Kind::Number(least, most)
        }
        (None, None) => Kind::Text(longest.and_then(|most| usize::try_from(most).ok()).unwrap_or(LONGEST.1)),
    };
    table.finish(&mut draft.problems);
    Some(Question { ask: ask?, kind })
}

/// The words of a question.
pub(super) fn asked<'t>(table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<String> {
    let item = table.need("ask", "ask = \"哪款茶最合口味？\"", &mut draft.problems)?;
    let text = item.text(&mut draft.problems)?.trim();
    if text.is_empty() {
        draft.problems.nothing(&item.place(), item.key);
        return None;
    }
    Some(text.to_owned())
}

/// Two choices at least, and none twice.
pub(super) fn choices<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Vec<String>> {
    let texts = item.texts(&mut draft.problems)?;
    let mut choices: Vec<String> = Vec::new();
    for (text, entry) in &texts {
        let text = text.trim();
        let folded = crate::chat::fold(text);
        if choices.iter().any(|other| crate::chat::fold(other) == folded) {
            draft.problems.bad_question(
                &entry.place(),
                both(
                    format!("选项「{text}」写了两次。"),
                    format!("the choice `{text}` stands there twice"),
                ),
                both("去掉一个。", "take one of them out"),
            );
        }
        choices.push(text.to_owned());
    }
    if !(2..=MOST).contains(&choices.len()) {
        draft.problems.bad_question(
            &item.place(),
            both(
                format!("这里有 {} 个选项，要 2 到 {MOST} 个。", choices.len()),
                format!("there are {} choices; 2 to {MOST} are needed", choices.len()),
            ),
            both(
                "多写几个选项；随便写的题不用 choices。",
                "write more of them; a question for any words has no `choices`",
            ),
        );
    }
    Some(choices)
}

fn numbers<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<(i64, i64)> {
    let entries = item.list(&mut draft.problems)?;
    let [least, most] = entries.as_slice() else {
        let wanted = crate::playbook::problem::language::Wanted::Either("两个数字 [1, 5]", "two numbers [1, 5]");
        item.wrong(wanted, &mut draft.problems);
        return None;
    };
    let least = least.number(-FURTHEST, FURTHEST, &mut draft.problems)?;
    let most = most.number(least.saturating_add(1), FURTHEST, &mut draft.problems)?;
    Some((least, most))
}
