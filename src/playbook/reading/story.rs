//! `[[test]]`.

use std::ops::Range;
use std::time::Duration;

use jiff::civil::DateTime;

use crate::playbook::Story;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::{Problems, both};
use crate::playbook::written::Item;

use super::book::Binding;
use super::draft::{Draft, Thing};
use super::guard;

/// The keys of a test.
pub(super) const KEYS: &[Key] = &[
    key(
        "name",
        Shape::Text,
        r#""进群有欢迎""#,
        ("测试的名字。", "What the test is called."),
    )
    .needed(),
    key(
        "clock",
        Shape::Text,
        r#""2026-03-01 10:00""#,
        ("从什么时候开始。", "When it begins."),
    )
    .needed(),
    key(
        "members",
        Shape::Texts,
        r#"["店长*", "小明"]"#,
        (
            "一开始就在群里的人，带 * 的是店员。",
            "Who is there from the start; * marks staff.",
        ),
    ),
    key("group", Shape::Text, r#""测试群""#, ("群名。", "The group's name.")),
    key(
        "given",
        Shape::Text,
        r#""小明 标签 老客""#,
        (
            "开始之前就成立的事：标签、生日、订单、持有的券……一行一件。",
            "What is so beforehand: tags, birthdays, orders, coupons held; one line each.",
        ),
    ),
    key(
        "script",
        Shape::Text,
        r#""10:00  小明 进群""#,
        ("发生了什么，一行一件。", "What happens, one line each."),
    )
    .needed(),
    key(
        "expect",
        Shape::Text,
        r#""无""#,
        (
            "应当发生什么；什么都不发生写「无」。",
            "What must come of it; “nothing” for nothing.",
        ),
    )
    .needed(),
    key(
        "settle",
        Shape::Text,
        r#""1d""#,
        ("最后一行之后再走多久。", "How long to go on after the last line."),
    ),
    key(
        "only",
        Shape::Texts,
        r#"["欢迎"]"#,
        ("只看这些规则。", "Only these rules are compared."),
    ),
    key(
        "breaks",
        Shape::Texts,
        r#"["钱"]"#,
        (
            "这些守卫应当被碰破；没写在这里的守卫破了，测试就不通过。",
            "Guards that must break; a test in which another one breaks fails.",
        ),
    ),
    key(
        "guard",
        Shape::Table(&[guard::BOUNDS]),
        r#"{ spends = "10.00 ever", at_night = "0 per day" }"#,
        (
            "只在这个测试里守的数，写法同 [[guard]]。",
            "Bounds of this test alone, written as in [[guard]].",
        ),
    ),
];

const SETTLE: Duration = Duration::from_secs(36 * 3600);

pub(super) fn read<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<Story> {
    let mut table = item.table(&mut draft.problems)?;
    let problems = &mut draft.problems;
    let name = table
        .need("name", "name = \"新人进群有欢迎\"", problems)
        .and_then(|item| Some((item.text(problems)?, item.place())));
    let clock = table
        .need("clock", "clock = \"2026-03-01 10:00\"", problems)
        .and_then(|item| clock(&item, problems));
    let members = table
        .take("members")
        .and_then(|item| item.texts(problems))
        .unwrap_or_default()
        .into_iter()
        .map(|(name, _)| name.trim().to_owned())
        .collect();
    let group = table
        .text("group", problems)
        .map_or_else(|| any_group(binding), str::to_owned);
    let given = table.take("given");
    let given = given.and_then(|item| Some((item.text(problems)?.to_owned(), item.first_line())));
    let (given, given_line) = given.unwrap_or_default();
    let script = table.need("script", "script = \"\"\"\n10:00  小明 进群\n\"\"\"", problems);
    let expect = table.need("expect", "expect = \"\"\"\n无\n\"\"\"", problems);
    let settle = table.length("settle", problems).unwrap_or(SETTLE);
    let only = table
        .take("only")
        .and_then(|item| item.texts(problems))
        .unwrap_or_default();
    let breaks = table
        .take("breaks")
        .and_then(|item| item.texts(problems))
        .unwrap_or_default();
    let own_guard = table.take("guard");
    let script = script.and_then(|item| Some((item.text(problems)?.to_owned(), item.first_line())));
    let expect = expect.and_then(|item| expectation(&item, problems));
    table.finish(problems);
    for (rule, item) in &only {
        draft.uses(Thing::Rule, rule, item.place());
    }
    for (guard, item) in &breaks {
        draft.uses(Thing::Guard, guard, item.place());
    }
    let own_guard = own_guard.map(|item| guard::of_test(&item, draft)).unwrap_or_default();
    let (name, place) = name?;
    draft.define(Thing::Story, &format!("{}/{name}", binding.book), place);
    let ((script, script_line), (expect, expect_line, expect_span)) = (script?, expect?);
    Some(Story {
        name: name.to_owned(),
        line: item.line(),
        file: item.file().to_owned(),
        clock: clock?,
        members,
        group,
        given,
        given_line,
        script,
        script_line,
        expect,
        expect_line,
        expect_span,
        settle,
        only: only.iter().map(|(rule, _)| (*rule).to_owned()).collect(),
        breaks: breaks.iter().map(|(guard, _)| (*guard).to_owned()).collect(),
        guard: own_guard,
    })
}

/// A group this book plays in.
fn any_group(binding: &Binding<'_>) -> String {
    let patterns = &binding.groups.patterns;
    match patterns
        .iter()
        .find(|pattern| !pattern.contains('*'))
        .or(patterns.first())
    {
        Some(pattern) if pattern != "*" => pattern.replace('*', "测试"),
        _ => "测试群".to_owned(),
    }
}

fn clock(item: &Item<'_>, problems: &mut Problems) -> Option<DateTime> {
    let text = item.text(problems)?;
    let read = DateTime::strptime("%Y-%m-%d %H:%M", text).or_else(|_| DateTime::strptime("%Y-%m-%d %H:%M:%S", text));
    if read.is_err() {
        problems.bad_story(
            &item.place(),
            both(
                format!("「{text}」不是日期和时刻，请写成 \"2026-03-01 10:00\"。"),
                format!("`{text}` is not a date and a time; write it like \"2026-03-01 10:00\""),
            ),
        );
    }
    read.ok()
}

/// An empty expectation is forgotten more often than meant.
fn expectation(item: &Item<'_>, problems: &mut Problems) -> Option<(String, usize, Range<usize>)> {
    let text = item.text(problems)?;
    if text.trim().is_empty() {
        problems.bad_story(
            &item.place(),
            both(
                "expect 是空的；期望什么都不发生，请写「无」。",
                "`expect` is empty; for “nothing happens” write 无 or nothing",
            ),
        );
    }
    Some((text.to_owned(), item.first_line(), item.span()))
}
