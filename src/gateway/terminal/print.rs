//! Actions as lines of chat.

use super::TerminalSettings;
use crate::chat::{Deed, Segment, calling_nobody, link_in_words};
use crate::gateway::picture;

const GROUP: &str = "\x1b[36m";
const BOT: &str = "\x1b[1;32m";
const PLAIN: &str = "\x1b[0m";

/// One line (or more, where the message has line breaks), with colours that anstream takes out where none are shown.
pub fn line(deed: &Deed, settings: &TerminalSettings) -> String {
    let lang = settings.lang;
    let bot = format!("{BOT}{}{PLAIN}", clean(&settings.bot));
    let place = |name: &str| format!("{GROUP}{}{PLAIN}", clean(name));
    match deed {
        Deed::Say { group, content } => format!("{} | {bot}: {}", place(group.wire()), words(content)),
        Deed::Whisper { person, content } => {
            let private = lang.pick("私聊 ", "private, ");
            format!(
                "{} | {bot}: {}",
                place(&format!("{private}{}", person.wire())),
                words(content)
            )
        }
        Deed::RenameGroup { group, name } => {
            let name = clean(name);
            let what = lang.pick(
                format!("把群名改为「{name}」"),
                format!("renamed the group to \"{name}\""),
            );
            format!("{} | {bot} {what}", place(group.wire()))
        }
        Deed::SetCard { group, person, card } => {
            let (person, card) = (clean(person.wire()), clean(card));
            let what = lang.pick(
                format!("把 {person} 的群名片设为「{card}」"),
                format!("set the card of {person} to \"{card}\""),
            );
            format!("{} | {bot} {what}", place(group.wire()))
        }
        Deed::Recall { group, message } => {
            let message = clean(message.as_str());
            let what = lang.pick(format!("撤回了消息 {message}"), format!("took back message {message}"));
            format!("{} | {bot} {what}", place(group.wire()))
        }
        Deed::Call { call, .. } => format!("{bot} → {}", clean(call.as_str())),
        Deed::Kick { group, person } => {
            let person = clean(person.wire());
            let what = lang.pick(
                format!("把 {person} 移出了群"),
                format!("removed {person} from the group"),
            );
            format!("{} | {bot} {what}", place(group.wire()))
        }
    }
}

fn words(content: &[Segment]) -> String {
    let mut words = String::new();
    for segment in content {
        match segment {
            Segment::Text(text) => words.push_str(&calling_nobody(&clean(text))),
            Segment::Mention(person) => words.push_str(&calling_nobody(&format!("@{} ", clean(person.wire())))),
            Segment::MentionAll => words.push_str("@所有人 "),
            Segment::Image(place) => words.push_str(&format!("[{}]", clean(picture::name(place)))),
            Segment::Link { url, title } => words.push_str(&clean(&format!("\n{}", link_in_words(url, title)))),
            Segment::File { name, .. } => words.push_str(&format!("[{}]", clean(name))),
            Segment::Reply(_) | Segment::Other(_) => {}
        }
    }
    words
}

/// Text from members must not move the cursor, change colours or turn the writing direction around.
fn clean(text: &str) -> String {
    let is_harmless = |&character: &char| {
        !matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
            && (!character.is_control() || character == '\n')
    };
    text.chars()
        .filter(is_harmless)
        .collect::<String>()
        .replace('\n', "\n    ")
}
