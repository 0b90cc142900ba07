//! `on`: what a rule waits for.

mod calendar;
mod message;
mod reaches;
mod silence;

use crate::chat::{JoinedHow, fold};
use crate::playbook::Trigger;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::language::Wanted;
use crate::playbook::trigger::{Fact, Inviter, Which};
use crate::playbook::written::{Item, Table};

use super::draft::{Draft, Thing};
use super::words;

pub(super) use calendar::month_day;

/// What can stand after `on =` as a word.
const PLAIN: [&str; 8] = [
    "joined",
    "left",
    "renamed",
    "card",
    "order",
    "order.first",
    "order.repeat",
    "refund",
];
/// What a table after `on` can be about: one of these, or a message.
const MAIN: [&str; 10] = [
    "joined",
    "fact",
    "birthday",
    "anniversary",
    "festival",
    "silent",
    "unanswered",
    "reaches",
    "at",
    "cron",
];

/// What may stand after `on`, once.
pub(super) const SHAPE: Shape = Shape::Either(&[
    Shape::Choice(|| PLAIN.to_vec()),
    Shape::Choice(facts),
    Shape::Table(&[
        JOINED,
        FACT,
        message::WORDS,
        message::PART,
        message::PATTERN,
        message::MENTION,
        message::QUESTION,
        calendar::BIRTHDAY,
        calendar::ANNIVERSARY,
        calendar::FESTIVAL,
        calendar::SCHEDULED,
        calendar::CRON,
        message::REPLY,
        silence::SILENT,
        silence::UNANSWERED,
        reaches::REACHES,
    ]),
]);

const JOINED: &[Key] = &[
    key(
        "joined",
        Shape::Choice(|| words::known(&HOW)),
        r#""invited""#,
        (
            "怎样进群：invited 被邀请、scanned 扫码、approved 通过申请、anyhow 都行。",
            "How somebody came in: invited, scanned, approved, anyhow.",
        ),
    ),
    key(
        "by",
        Shape::Texts,
        r#""staff""#,
        (
            "谁邀请的：staff 店员、member 群友、anyone 任何人，或名字、编号。",
            "Who invited them: staff, member, anyone, names or ids.",
        ),
    ),
];

const FACT: &[Key] = &[
    key(
        "fact",
        Shape::Choice(facts),
        r#""vote.closed""#,
        ("玩法里发生的事。", "What a mechanic says."),
    ),
    key(
        "of",
        Shape::Text,
        r#""group-name""#,
        ("只要这一个。", "Only the one of this name."),
    ),
];

fn facts() -> Vec<&'static str> {
    Fact::ALL.iter().map(|fact| fact.word()).collect()
}

pub(super) const HOW: [(&str, Option<JoinedHow>); 4] = [
    ("invited", Some(JoinedHow::Invited)),
    ("scanned", Some(JoinedHow::Scanned)),
    ("approved", Some(JoinedHow::Approved)),
    ("anyhow", None),
];

pub(super) fn list<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Vec<Trigger> {
    let entries = item.one_or_many();
    if entries.is_empty() {
        draft.problems.nothing(&item.place(), item.key);
    }
    let mut triggers = Vec::new();
    for entry in entries {
        let trigger = match entry.as_text() {
            Some(word) => plain(&entry, word, draft),
            None if entry.is_table() => table(&entry, draft),
            None => {
                entry.wrong(
                    Wanted::Either("\"joined\" 这样的词，或 { … }", "a word like \"joined\", or { … }"),
                    &mut draft.problems,
                );
                None
            }
        };
        triggers.extend(trigger);
    }
    triggers
}

fn plain<'t>(item: &Item<'t>, word: &str, draft: &mut Draft<'t, '_>) -> Option<Trigger> {
    Some(match word {
        "joined" => Trigger::Joined { how: None, by: None },
        "left" => Trigger::Left,
        "renamed" => Trigger::Renamed,
        "card" => Trigger::CardChanged,
        "order" => Trigger::OrderPaid(Which::Any),
        "order.first" => Trigger::OrderPaid(Which::First),
        "order.repeat" => Trigger::OrderPaid(Which::Repeat),
        "refund" => Trigger::Refunded,
        _ => Trigger::Fact {
            fact: fact(item, word, draft)?,
            of: None,
        },
    })
}

fn fact<'t>(item: &Item<'t>, word: &str, draft: &mut Draft<'t, '_>) -> Option<Fact> {
    let found = Fact::ALL.into_iter().find(|fact| fact.word() == word);
    if found.is_none() {
        let mut known: Vec<&str> = PLAIN.to_vec();
        known.extend(Fact::ALL.iter().map(|fact| fact.word()));
        draft.problems.unknown_trigger(&item.place(), word, &known);
    }
    found
}

fn table<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Trigger> {
    let mut table = item.table(&mut draft.problems)?;
    let mains: Vec<Item<'t>> = MAIN.iter().filter_map(|key| table.take(key)).collect();
    let of_message: Vec<Item<'t>> = message::MAIN.iter().filter_map(|key| table.take(key)).collect();
    let Some(main) = mains.first().or(of_message.first()) else {
        let first = table.all().first().map(|item| (item.key_place(), item.key));
        let (place, key) = first.unwrap_or((table.place, ""));
        let known: Vec<&str> = MAIN.iter().chain(message::MAIN).copied().collect();
        draft.problems.unknown_trigger(&place, key, &known);
        return None;
    };
    // The time of day of these stands at `at` too.
    let timed = matches!(main.key, "anniversary" | "festival" | "silent");
    let second = mains.iter().skip(1).find(|item| !(timed && item.key == "at"));
    let stray = of_message
        .first()
        .filter(|_| !mains.is_empty() && main.key != "unanswered");
    if let Some(second) = second.or(stray) {
        draft.problems.contradiction(&second.key_place(), main.key, second.key);
        return None;
    }
    let trigger = match main.key {
        "joined" => joined(main, &mut table, draft),
        "fact" => of_fact(main, &mut table, draft),
        "birthday" => calendar::birthday(main, &mut table, &mut draft.problems),
        "anniversary" => calendar::anniversary(main, &mut table, &mut draft.problems),
        "festival" => calendar::festival(main, &mut table, &mut draft.problems),
        "silent" => silence::silent(main, &mut table, &mut draft.problems),
        "unanswered" => silence::unanswered((main, &of_message), &mut table, draft),
        "reaches" => reaches::read(main, &mut table, &mut draft.problems),
        "at" => calendar::scheduled(main, &mut table, draft),
        "cron" => calendar::cron(main, &mut draft.problems),
        _ => message::read(&of_message, &mut table, draft),
    };
    table.finish(&mut draft.problems);
    trigger
}

fn joined<'t>(main: &Item<'t>, table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<Trigger> {
    let by = table.take("by").map(|item| inviter(&item, draft));
    let how = words::choice(main, &HOW, &mut draft.problems)?;
    match by {
        None => Some(Trigger::Joined { how, by: None }),
        Some(by) => Some(Trigger::Joined { how, by: Some(by?) }),
    }
}

pub(super) fn inviter<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Inviter> {
    match item.as_text() {
        Some("anyone") => return Some(Inviter::Anyone),
        Some("staff") => return Some(Inviter::Staff),
        Some("member") => return Some(Inviter::Member),
        _ => {}
    }
    let names = item.texts(&mut draft.problems)?;
    Some(Inviter::Named(names.into_iter().map(|(name, _)| fold(name)).collect()))
}

fn of_fact<'t>(main: &Item<'t>, table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<Trigger> {
    let of = table.take("of");
    let fact = fact(main, main.text(&mut draft.problems)?, draft)?;
    let thing = match fact {
        Fact::CouponGiven | Fact::CouponUsed => Some(Thing::Coupon),
        Fact::ReferralCounted | Fact::ReferralVoid | Fact::ReferralReached => Some(Thing::Referral),
        Fact::PieceSaid => Some(Thing::Column),
        Fact::MembershipOpened
        | Fact::MembershipRenewed
        | Fact::MembershipRedeemed
        | Fact::MembershipPaused
        | Fact::MembershipResumed
        | Fact::MembershipEnding
        | Fact::MembershipEnded => Some(Thing::Membership),
        Fact::BirthdayTold
        | Fact::PointsEarned
        | Fact::PointsSpent
        | Fact::ContactAdded
        | Fact::ContactLost
        | Fact::PointsExpired
        | Fact::PointsExpiring
        | Fact::AccountLinked
        | Fact::AccountUnlinked
        | Fact::AnswerMissing
        | Fact::OptedOut
        | Fact::OptedIn
        | Fact::SuperUser
        | Fact::TagAdded
        | Fact::TagRemoved => None,
        Fact::SourceTold => Some(Thing::Source),
        Fact::WinbackSent | Fact::WinbackReturned => Some(Thing::Winback),
        Fact::TierRaised | Fact::TierLowered | Fact::TierLapsing | Fact::TierMonth => Some(Thing::Tier),
        Fact::CheckedIn | Fact::StreakReached => Some(Thing::CheckIn),
        Fact::SuggestionMade
        | Fact::SuggestionAdopted
        | Fact::SuggestionDeclined
        | Fact::SuggestionDone
        | Fact::FeedbackGiven => None,
        Fact::Exchanged | Fact::HandedOut | Fact::CalledOff => Some(Thing::Goods),
        Fact::AnswerGiven => Some(Thing::Answer),
        Fact::SurveyOpened | Fact::SurveyAnswered | Fact::SurveyClosed => Some(Thing::Survey),
        Fact::QuizWon | Fact::QuizClosed => Some(Thing::Quiz),
        Fact::VoteOpened | Fact::VoteClosed | Fact::VoteFailed => Some(Thing::Vote),
        Fact::DrawOpened | Fact::DrawDrawn | Fact::DrawWon | Fact::DrawClaimed | Fact::DrawUnclaimed => {
            Some(Thing::Draw)
        }
        Fact::EventTeased
        | Fact::EventOpened
        | Fact::EventClosed
        | Fact::EventReviewed
        | Fact::SignedUp
        | Fact::EventSignUpClosed
        | Fact::EventChosen
        | Fact::EventDeclined => Some(Thing::Event),
    };
    let of = of.and_then(|item| {
        let name = item.text(&mut draft.problems)?;
        match thing {
            Some(thing) => draft.uses(thing, name, item.place()),
            // A tag is any word.
            None if matches!(fact, Fact::TagAdded | Fact::TagRemoved) => {}
            None => draft.problems.contradiction(&item.key_place(), "of", fact.word()),
        }
        Some(name.to_owned())
    });
    Some(Trigger::Fact { fact, of })
}
