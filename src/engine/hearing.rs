//! Hears what is said: mechanics first, then rules.

use std::borrow::Cow;
use std::time::Duration;

use crate::chat::fold::{folds_by_letter, simplified};
use crate::chat::question::is_question;
use crate::chat::{Fold, Happening, Message, PersonId, Segment, fold, text_of};
use crate::community::change::{Fact, Occasion};
use crate::playbook::Rule;
use crate::playbook::trigger::{From, Heard, Place, Text, Trigger};

use super::draft::Draft;
use super::probe::Asked;
use super::verdict::Verdict;
use super::{
    admission, answers, attending, birthday, card_desk, check_in, claim, draw, granting, guards, income, linking,
    matching, opting_out, points, privacy, promoting, quiz, redemption, referral, removal, shop, sign_up, source,
    suggestions, survey, tagging, unanswered, vote,
};

/// Mechanics do not hear what was said longer ago than this.
const STALE: Duration = Duration::from_secs(6 * 3600);

/// A message as mechanics and rules look at it.
#[derive(Clone, Debug)]
pub struct Said<'a> {
    pub message: &'a Message,
    /// The words, as typed, without the white space around them.
    pub words: String,
    /// The words, folded.
    pub folded: String,
    /// As they are folded here; see [`Said::under`].
    pub fold: Fold,
    /// How much of the words folds letter by letter.
    by_letter: ByLetter,
    pub by_staff: bool,
    /// It quotes something the bot said.
    pub to_bot: bool,
    pub occasion: Occasion,
}

/// How much of a text folds letter by letter, so that the folded text tells how folded parts of it begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ByLetter {
    All,
    /// The first two: nothing joins the first.
    Beginning,
    None,
}

impl ByLetter {
    fn of(words: &str) -> Self {
        let beginning = words.char_indices().nth(2).map_or(words.len(), |(at, _)| at);
        match (folds_by_letter(words), folds_by_letter(&words[..beginning])) {
            (true, _) => Self::All,
            (false, true) => Self::Beginning,
            (false, false) => Self::None,
        }
    }
}

/// Lets every mechanic and every rule hear a message.
pub fn hear(draft: &mut Draft<'_>, message: &Message) {
    let mut words = text_of(&message.segments);
    words.truncate(words.trim_end().len());
    words.drain(..words.len() - words.trim_start().len());
    let said = Said {
        folded: fold(&words),
        fold: Fold::Plain,
        by_letter: ByLetter::of(&words),
        by_staff: [&message.from, teller(draft, message)]
            .into_iter()
            .any(|it| draft.books.house.is_staff(it)),
        to_bot: quotes_bot(draft, message),
        occasion: Occasion {
            group: message.group.clone(),
            people: vec![message.from.clone()],
            text: words.clone(),
            message: Some(message.message.clone()),
            ..Occasion::default()
        },
        words,
        message,
    };
    // A mechanic answers as of now; who is answered a day later is confused. Rules have a `late` of their own.
    let fresh = draft.now.since(draft.event.at) <= STALE;
    if fresh {
        guards::hear(draft, &said);
    }
    if fresh && message.group.is_some() {
        attending::attend(draft, &said);
        vote::hear(draft, &said);
        sign_up::hear(draft, &said);
        draw::hear(draft, &said);
    }
    if fresh {
        removal::hear(draft, &said);
        birthday::hear(draft, &said);
        points::hear(draft, &said);
        check_in::hear(draft, &said);
        granting::hear(draft, &said);
        shop::hear(draft, &said);
        income::hear(draft, &said);
        redemption::hear(draft, &said);
        card_desk::hear(draft, &said);
        claim::hear(draft, &said);
        referral::hear(draft, &said);
        promoting::hear(draft, &said);
        tagging::hear(draft, &said);
        source::hear(draft, &said);
        admission::hear(draft, &said);
        suggestions::hear(draft, &said);
        survey::hear(draft, &said);
        quiz::hear(draft, &said);
        linking::hear(draft, &said);
    }
    // Whoever wants to be left in peace is, however late we hear of it.
    opting_out::hear(draft, &said);
    if fresh {
        privacy::hear(draft, &said);
    }
    matching::each_rule(draft, &said.occasion, |draft, rule| weigh(draft, rule, &said));
    if fresh {
        survey::hear_in_private(draft, &said);
        answers::hear(draft, &said);
        unanswered::hear(draft, &said);
    }
}

/// The account a message was said by.
pub fn teller<'m, 'd: 'm>(draft: &Draft<'d>, message: &'m Message) -> &'m PersonId {
    match &draft.told.happening {
        Happening::Message(told) => &told.from,
        _ => &message.from,
    }
}

/// Whether a message answers one of the bot's own, as far as their ids are known.
fn quotes_bot(draft: &Draft<'_>, message: &Message) -> bool {
    let is_own = |quoted| {
        let group = message.group.as_ref();
        let chat = group.map_or_else(|| teller(draft, message).as_str(), |group| group.as_str());
        let own = draft.community.bot_messages().get(chat);
        own.is_some_and(|own| own.contains(quoted))
    };
    message.segments.iter().any(|segment| match segment {
        Segment::Reply(quoted) => is_own(quoted),
        _ => false,
    })
}

/// Whether a message is what is waited for, whoever said it.
pub fn matches(heard: &Heard, said: &Said<'_>) -> bool {
    about_place(heard, said) && matched(heard, said).is_some()
}

fn weigh(draft: &mut Draft<'_>, rule: &Rule, said: &Said<'_>) {
    note(draft, rule, said);
    let mut fitting = rule
        .on
        .iter()
        .filter_map(|trigger| match trigger {
            Trigger::Message(heard) if about_place(heard, said) => Some((heard, matched(heard, said)?)),
            _ => None,
        })
        .peekable();
    if fitting.peek().is_none() {
        return;
    }
    // The same trigger must fit in words and in who may say them: what staff may say must not open to all because
    // something else of the rule is open to all.
    let (for_them, not_for_them): (Vec<_>, Vec<_>) = fitting.partition(|(heard, _)| from_fits(heard, said));
    let Some((_, captures)) = for_them.into_iter().next() else {
        if !not_for_them.is_empty() {
            let verdict = if said.by_staff {
                Verdict::IsStaff
            } else {
                Verdict::NobodyThere
            };
            draft.weighed(&rule.name, Some(&said.message.from), verdict);
        }
        return;
    };
    let mut occasion = said.occasion.clone();
    for (name, text) in captures {
        occasion.facts.insert(format!("captures.{name}"), Fact::Text(text));
    }
    matching::weigh(draft, rule, occasion);
}

/// Notes how far a message came: as far as with the trigger it came farthest with.
fn note(draft: &Draft<'_>, rule: &Rule, said: &Said<'_>) {
    if !draft.probe.is_on() {
        return;
    }
    let answers = rule.on.iter().filter_map(|trigger| match trigger {
        Trigger::Message(heard) => {
            let called = heard.mention.then_some((Asked::Called, said.message.calls_bot));
            let from = (heard.from != From::Anyone).then(|| (Asked::From, from_fits(heard, said)));
            let question = heard
                .question
                .then(|| (Asked::Question, is_question(&simplified(&said.folded))));
            let asked = [
                Some((Asked::Place, listens(heard, said))),
                called,
                question,
                heard.reply.then_some((Asked::Quotes, said.to_bot)),
                Some((Asked::Words, matched(heard, said).is_some())),
                from,
            ];
            Some(asked.into_iter().flatten().collect::<Vec<_>>())
        }
        _ => None,
    });
    let way = |asked: &[(Asked, bool)]| asked.iter().take_while(|(_, passed)| *passed).count();
    let farthest = answers.max_by_key(|asked| way(asked));
    draft.probe.asked(None, farthest.is_some(), || Asked::Trigger);
    for (asked, passed) in farthest.into_iter().flatten() {
        draft.probe.asked(None, passed, || asked);
        if !passed {
            break;
        }
    }
}

fn listens(heard: &Heard, said: &Said<'_>) -> bool {
    match heard.place {
        Place::Group => said.message.group.is_some(),
        Place::Private => said.message.group.is_none(),
        Place::Anywhere => true,
    }
}

fn about_place(heard: &Heard, said: &Said<'_>) -> bool {
    listens(heard, said)
        && (!heard.mention || said.message.calls_bot)
        && (!heard.question || is_question(&simplified(&said.folded)))
        && (!heard.reply || said.to_bot)
}

fn from_fits(heard: &Heard, said: &Said<'_>) -> bool {
    match heard.from {
        From::Member => !said.by_staff,
        From::Staff => said.by_staff,
        From::Anyone => true,
    }
}

/// The named captures, if the words fit.
fn matched(heard: &Heard, said: &Said<'_>) -> Option<Vec<(String, String)>> {
    let said = said.under(heard.fold);
    match &heard.text {
        Text::Anything => Some(Vec::new()),
        Text::Is(words) => words.contains(&said.folded).then(Vec::new),
        Text::Contains(words) => words
            .iter()
            .any(|word| said.folded.contains(word.as_str()))
            .then(Vec::new),
        Text::Matches(regex) => {
            let found = regex.captures(&said.folded)?;
            let named = regex.capture_names().flatten();
            Some(
                named
                    .filter_map(|name| Some((name.to_owned(), found.name(name)?.as_str().to_owned())))
                    .collect(),
            )
        }
    }
}

impl<'a> Said<'a> {
    /// The message as a book that folds so compares it.
    pub fn under(&self, fold: Fold) -> Cow<'_, Said<'a>> {
        if self.fold == fold {
            return Cow::Borrowed(self);
        }
        let folded = fold.of(&self.words);
        Cow::Owned(Self {
            folded,
            fold,
            ..self.clone()
        })
    }

    /// The people called by name in it.
    pub fn mentioned(&self) -> impl Iterator<Item = &crate::chat::PersonId> {
        self.message.segments.iter().filter_map(|segment| match segment {
            Segment::Mention(person) => Some(person),
            _ => None,
        })
    }

    /// The whole message is one of these words.
    pub fn is_one_of(&self, words: &[String]) -> bool {
        words.contains(&self.folded)
    }

    /// Spares the search for most messages, which begin with no word of any playbook.
    fn may_begin_with(&self, word: &str) -> bool {
        self.folded.starts_with(word)
            || match self.by_letter {
                ByLetter::All => false,
                ByLetter::Beginning => self.folded.chars().next() == word.chars().next(),
                ByLetter::None => true,
            }
    }

    /// What follows one of these words, as typed; `Some("")` if nothing does. `None` if none of them begins the message.
    ///
    /// With `apart`, the word and what follows must be divided by something that is neither letter nor digit, so that
    /// «起名字好难» nominates nothing.
    pub fn after_word(&self, words: &[String], apart: Apart) -> Option<&str> {
        words
            .iter()
            .filter(|word| self.may_begin_with(word))
            .filter_map(|word| after(&self.words, (word, self.fold), apart))
            .min_by_key(|rest| rest.len())
    }
}

/// Whether a word must stand apart from what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    Must,
    MayJoin,
}

fn after<'t>(text: &'t str, (word, fold): (&str, Fold), apart: Apart) -> Option<&'t str> {
    // Folding changes lengths, so the cut is looked for in the original, a few characters around the word's length.
    let longest = word.chars().count() * 2 + 2;
    let cuts = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .skip(1)
        .take(longest);
    let mut found = None;
    for cut in cuts {
        if fold.of(&text[..cut]) == word {
            found = Some(cut);
        }
    }
    let rest = &text[found?..];
    let begins_apart = rest.chars().next().is_none_or(|first| !first.is_alphanumeric());
    if apart == Apart::Must && !begins_apart && !text[..found?].ends_with(char::is_whitespace) {
        return None;
    }
    Some(rest.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '：' | '「' | '」' | '“' | '”' | '"' | '，' | ',' | '《' | '》')
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ByLetter, Fold};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_096))]

        /// Where the beginning folds by letter, every part of it folds to the same beginning.
        #[test]
        fn the_first_letter_stays_the_first(text in "[a-zＡ-Ｃé國名起가가́\u{200d}\u{fe0f}🎉，。 0-9ß]{1,8}|\\PC{1,8}") {
            let text = text.trim();
            let folds = if ByLetter::of(text) == ByLetter::None { &[][..] } else { &[Fold::Plain, Fold::Simplified] };
            for fold in folds {
                let whole = fold.of(text);
                for (cut, _) in text.char_indices().skip(1) {
                    prop_assert_eq!(fold.of(&text[..cut]).chars().next(), whole.chars().next(), "{:?}", &text[..cut]);
                }
            }
        }
    }
}
