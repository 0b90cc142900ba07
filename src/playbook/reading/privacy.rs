//! `[privacy]`.

use std::collections::BTreeSet;

use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::phrases::PrivacyPhrases;
use crate::playbook::privacy::{PHONE, Personal, Privacy};
use crate::playbook::written::Item;

use super::draft::Draft;
use super::{named, phrase};

const PERSONAL: [(&str, Personal); 2] = [("birthday", Personal::Birthday), ("phone", Personal::Phone)];

/// Nothing is asked for.
const NONE: &str = "none";

/// The keys of `[privacy]`.
pub(super) const KEYS: &[Key] = &[
    key(
        "consent",
        Shape::Texts,
        r#"["birthday", "phone"]"#,
        (
            "哪些要本人同意才记：birthday 生日、phone 手机号。不写就是两样都要；写 \"none\" 都不问。",
            "What is kept only with consent: birthday, phone. Both, if nothing is said; \"none\" asks for neither.",
        ),
    ),
    key(
        "agree",
        named::WORDS,
        r#"["同意记录"]"#,
        ("群友发这句话，同意记下。", "A member who writes this agrees."),
    ),
    key(
        "revoke",
        named::WORDS,
        r#"["撤回同意"]"#,
        (
            "发这句话，撤回同意，已记的生日和手机号当场删掉。",
            "Takes the consent back; birthday and phone are removed at once.",
        ),
    ),
    key(
        "phone",
        named::WORDS,
        r#"["手机"]"#,
        (
            "消息里有这个词和一个手机号，就是告诉我们手机号；存在资料项 phone 里。",
            "A message with this word and a phone number tells theirs; kept in the field `phone`.",
        ),
    ),
    key(
        "mine",
        named::WORDS,
        r#"["我的资料"]"#,
        (
            "发这句话，私聊告诉他记着他什么。",
            "Answered in private with what is known of them.",
        ),
    ),
    key(
        "export",
        named::WORDS,
        r#"["导出我的数据"]"#,
        (
            "发这句话，私聊发给他一份 JSON。",
            "Answered in private with the same as JSON.",
        ),
    ),
    key(
        "forget",
        named::WORDS,
        r#"["忘记我"]"#,
        (
            "发这句话，问一遍是否当真；店员会被提醒去清除旧记录。",
            "Asks whether it is meant; staff are told to clear the recordings.",
        ),
    ),
    key(
        "confirm",
        named::WORDS,
        r#"["确认忘记我"]"#,
        ("十分钟内发这句话，就忘。", "Written within ten minutes, it is done."),
    ),
    key(
        "wording",
        Shape::Phrases(|| PrivacyPhrases::WORDS),
        r#"{ agreed = "{{ who }}，谢谢信任" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Privacy> {
    let mut table = item.table(&mut draft.problems)?;
    let consent = table.take("consent").map(|item| consent(&item, draft));
    let lang = draft.house.lang;
    let mut words = |key, zh: &str, en: &str| table.words_or(key, lang.pick(zh, en), &mut draft.problems);
    let (agree, revoke) = (
        words("agree", "同意记录", "I agree"),
        words("revoke", "撤回同意", "I do not agree any more"),
    );
    let phone = words("phone", "手机", "phone");
    let (mine, export) = (
        words("mine", "我的资料", "my data"),
        words("export", "导出我的数据", "export my data"),
    );
    let (forget, confirm) = (
        words("forget", "忘记我", "forget me"),
        words("confirm", "确认忘记我", "yes, forget me"),
    );
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    draft.fields.insert(PHONE.to_owned());
    Some(Privacy {
        consent: consent.unwrap_or_else(|| [Personal::Birthday, Personal::Phone].into()),
        agree,
        revoke,
        phone,
        mine,
        export,
        forget,
        confirm,
        phrases,
    })
}

fn consent<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> BTreeSet<Personal> {
    let mut asked = BTreeSet::new();
    for (written, place) in item.texts(&mut draft.problems).unwrap_or_default() {
        if written == NONE {
            continue;
        }
        match PERSONAL.iter().find(|(word, _)| *word == written) {
            Some((_, what)) => _ = asked.insert(*what),
            None => draft.problems.not_personal(&place.place(), written),
        }
    }
    asked
}
