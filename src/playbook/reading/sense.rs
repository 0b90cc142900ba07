//! What only the whole set shows: names that stand for nothing, words two things answer, amounts that differ; and
//! rules that can be read and still are a mistake.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::{Time, date};
use regex::Regex;

use crate::chat::{Capability, Fen, Fold, Kind};
use crate::playbook::problem::Place as Position;
use crate::playbook::trigger::{From, Place, Text, Timetable};
use crate::playbook::written::Item;
use crate::playbook::{Effect, Rule, To, Trigger};

use super::draft::{Draft, Heard, Ruled, Thing, Use};

/// Names used must stand for something, here or in another file.
pub(super) fn names(draft: &mut Draft<'_, '_>) {
    for used in std::mem::take(&mut draft.uses) {
        let stands = draft.defined.contains_key(&(used.thing, used.written.to_owned()));
        if stands && !matches!(used.thing, Thing::Rule | Thing::OwnEvent) {
            continue;
        }
        let known = known(&used, draft);
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let written = match used.thing {
            // A rule is named with its book or without.
            Thing::Rule => used.written.rsplit('/').next().unwrap_or(used.written),
            _ => used.written,
        };
        if known.contains(&written) {
            continue;
        }
        match used.thing {
            Thing::Vote => draft.problems.unknown_vote(&used.place, used.written, &known),
            Thing::Draw => draft.problems.unknown_draw(&used.place, used.written, &known),
            Thing::Event => draft.problems.unknown_event(&used.place, used.written, &known),
            Thing::OwnEvent => draft.problems.unknown_event_here(&used.place, used.written, &known),
            Thing::Rule => draft.problems.unknown_rule(&used.place, used.written, &known),
            Thing::CheckIn => {
                let what = ("签到", "check-in");
                draft.problems.unknown_play(&used.place, what, used.written, &known);
            }
            Thing::Membership => {
                let what = ("会员卡", "membership card");
                draft.problems.unknown_play(&used.place, what, used.written, &known);
            }
            Thing::Goods => {
                let what = ("商品", "goods");
                draft.problems.unknown_play(&used.place, what, used.written, &known);
            }
            Thing::Column => draft.problems.unknown_column(&used.place, used.written, &known),
            Thing::Referral => draft.problems.unknown_referral(&used.place, used.written, &known),
            Thing::Source => draft.problems.unknown_source(&used.place, used.written, &known),
            Thing::Winback => draft.problems.unknown_winback(&used.place, used.written, &known),
            Thing::Tier => draft.problems.unknown_tier(&used.place, used.written, &known),
            Thing::Survey | Thing::Quiz => draft.problems.unknown_survey(&used.place, used.written, &known),
            Thing::Answer => draft.problems.unknown_answer(&used.place, used.written, &known),
            Thing::Guard => draft.problems.unknown_guard(&used.place, used.written, &known),
            _ => draft.problems.unknown_coupon(&used.place, used.written, &known),
        }
    }
}

/// The names that may stand where this one does.
fn known(used: &Use<'_>, draft: &Draft<'_, '_>) -> Vec<String> {
    let book = used.written.rsplit_once('/').map(|(book, _)| book);
    draft
        .defined
        .iter()
        .filter_map(|((thing, name), place)| match (used.thing, thing) {
            (Thing::OwnEvent, Thing::Event) => same_source(place, &used.place).then_some(name.as_str()),
            (Thing::Guard, Thing::Guard) if !same_source(place, &used.place) => None,
            (Thing::Rule, Thing::Rule) | (Thing::Guard, Thing::Guard) => {
                let (of, rule) = name.split_once('/')?;
                book.is_none_or(|book| book == of).then_some(rule)
            }
            (wanted, thing) => (wanted == *thing).then_some(name.as_str()),
        })
        .map(str::to_owned)
        .collect()
}

fn same_source(one: &Position, other: &Position) -> bool {
    match (one, other) {
        (Position::At { source: one, .. }, Position::At { source: other, .. }) => one == other,
        _ => false,
    }
}

/// What one rule shows by itself.
pub(super) fn rule<'t>(ruled: &Ruled<'t>, draft: &mut Draft<'t, '_>) {
    let Ruled { rule, on, .. } = ruled;
    if rule.off {
        return;
    }
    let says = rule.then.iter().any(|effect| matches!(effect, Effect::Say { .. }));
    for (trigger, item) in read_triggers(ruled) {
        untold(trigger, &item, draft);
    }
    if says {
        heard(ruled, draft);
    }
    undone(ruled, draft);
    if says && !ruled.unsure {
        loud(rule, on, draft);
    }
}

/// The triggers of a rule with where they are written. One that cannot be read leaves nobody sure which is which.
fn read_triggers<'r, 't>(ruled: &'r Ruled<'t>) -> Vec<(&'r Trigger, Item<'t>)> {
    let written = ruled.on.one_or_many();
    let items = if written.len() == ruled.rule.on.len() {
        written
    } else {
        vec![ruled.on; ruled.rule.on.len()]
    };
    ruled.rule.on.iter().zip(items).collect()
}

/// Something is said, to many or at a bad time.
fn loud<'t>(rule: &Rule, on: &Item<'t>, draft: &mut Draft<'t, '_>) {
    let is = |wanted: fn(&Trigger) -> bool| rule.on.iter().any(wanted);
    let limited = rule.limit.is_some() || rule.cooldown.is_some();
    if is(|trigger| matches!(trigger, Trigger::Joined { .. })) && rule.gather.is_none() && !limited {
        draft.problems.greeting(&on.place());
    }
    if rule.kind == Kind::Promo && is(|trigger| matches!(trigger, Trigger::At(_))) && !limited {
        draft.problems.unlimited_promo(&on.place());
    }
    if rule.kind != Kind::Service
        && let Some((at, until)) = rule.on.iter().find_map(|trigger| in_quiet(trigger, draft))
    {
        draft.problems.quiet(&on.place(), at, until);
    }
    if is(|trigger| matches!(trigger, Trigger::Silent(_))) && rule.gather.is_none() && !limited {
        draft.problems.silent_crowd(&on.place());
    }
}

/// An effect asks for what a gateway cannot that the rule may play on: something else happens there. Each thing is said
/// once, where it is asked for first.
fn undone(ruled: &Ruled<'_>, draft: &mut Draft<'_, '_>) {
    let mut said = BTreeSet::new();
    for (needed, place) in &ruled.asked {
        let gateways = draft.house.gateways.iter();
        let unable: Vec<&str> = gateways
            .filter(|(name, can)| !can.contains(needed) && ruled.groups.may_be_on(name))
            .map(|(name, _)| name.as_str())
            .collect();
        if !unable.is_empty() && said.insert(*needed) {
            draft.problems.incapable(place, *needed, &unable);
        }
    }
}

/// What a gateway must be able to do for an effect.
pub(super) fn needs(effect: &Effect) -> Vec<Capability> {
    match effect {
        Effect::Say {
            to: To::Group,
            mention: true,
            ..
        } => vec![Capability::Say, Capability::Mention],
        Effect::Say { to: To::Group, .. } => vec![Capability::Say],
        Effect::Say { to: To::Person, .. } => vec![Capability::Whisper],
        Effect::RenameGroup { .. } => vec![Capability::RenameGroup],
        Effect::SetCard { .. } => vec![Capability::SetCard],
        Effect::Recall => vec![Capability::Recall],
        Effect::Kick { .. } => vec![Capability::Kick],
        // Staff are told where they are, whatever gateway the group is on.
        Effect::Say { to: To::Staff, .. }
        | Effect::Give { .. }
        | Effect::Take { .. }
        | Effect::Points(_)
        | Effect::MakeUp { .. }
        | Effect::Card { .. }
        | Effect::Set { .. }
        | Effect::Remember
        | Effect::Tag { .. }
        | Effect::Untag { .. }
        | Effect::OpenVote { .. }
        | Effect::CloseVote { .. }
        | Effect::OpenDraw { .. }
        | Effect::CloseDraw { .. }
        | Effect::OpenSurvey { .. }
        | Effect::CloseSurvey { .. }
        | Effect::OpenQuiz { .. }
        | Effect::CloseQuiz { .. }
        | Effect::OpenEvent { .. }
        | Effect::CloseEvent { .. }
        | Effect::Alert { .. }
        | Effect::Piece { .. }
        | Effect::Call { .. } => Vec::new(),
    }
}

/// A trigger waits for something a gateway of the house never tells of. Who reads lists of members learns of leaves and
/// names in the end.
fn untold<'t>(trigger: &Trigger, item: &Item<'t>, draft: &mut Draft<'t, '_>) {
    let (needed, from_lists) = match trigger {
        Trigger::Left => (Capability::TellLeaves, true),
        Trigger::Renamed => (Capability::TellRenames, true),
        Trigger::CardChanged => (Capability::TellCards, true),
        Trigger::Message(heard) if heard.reply => (Capability::TellReplies, false),
        _ => return,
    };
    let gateways = draft.house.gateways.iter();
    let silent: Vec<&str> = gateways
        .filter(|(_, can)| !(can.contains(&needed) || from_lists && can.contains(&Capability::ReadMembers)))
        .map(|(name, _)| name.as_str())
        .collect();
    if !silent.is_empty() {
        draft.problems.untold(&item.place(), &silent);
    }
}

/// The time of a timer that lies in quiet hours, and when those are over.
fn in_quiet(trigger: &Trigger, draft: &Draft<'_, '_>) -> Option<(Time, Time)> {
    let manners = &draft.house.manners;
    let quiet = |at: Time| manners.quiet_until(at).map(|until| (at, until));
    match trigger {
        Trigger::Birthday { at, .. } => quiet(*at),
        Trigger::Anniversary(anniversary) => quiet(anniversary.at),
        Trigger::Silent(silent) => quiet(silent.at),
        Trigger::At(
            Timetable::Daily { at }
            | Timetable::Weekly { at, .. }
            | Timetable::Monthly { at, .. }
            | Timetable::Every { at, .. }
            | Timetable::Special { at, .. },
        ) => quiet(*at),
        // A cron line has many times; a month of them tells.
        Trigger::At(Timetable::Cron(schedule)) => {
            let mut next = date(2026, 1, 1).at(0, 0, 0, 0);
            (0..48).find_map(|_| {
                next = schedule.next_after(next)?;
                quiet(next.time())
            })
        }
        _ => None,
    }
}

/// Remembers the words a rule answers. With a condition nobody can say whether two rules ever answer together.
fn heard<'t>(ruled: &Ruled<'t>, draft: &mut Draft<'t, '_>) {
    let rule = &ruled.rule;
    for (trigger, item) in read_triggers(ruled) {
        let Trigger::Message(heard) = trigger else {
            continue;
        };
        let (words, within) = match &heard.text {
            Text::Is(words) if rule.condition.is_none() => (words, false),
            Text::Contains(words) => (words, true),
            _ => continue,
        };
        if heard.place == Place::Private || heard.mention {
            continue;
        }
        for word in words {
            draft.heard.push(Heard {
                word: word.clone(),
                item,
                within,
                surely: rule.condition.is_none() && !ruled.unsure,
                from: heard.from,
                by: rule.name.to_string(),
                groups: ruled.groups.clone(),
                stops: rule.stop,
            });
        }
    }
}

/// The same words answered twice, and words the bot says itself.
pub(super) fn words(draft: &mut Draft<'_, '_>) {
    let heard = std::mem::take(&mut draft.heard);
    let said = Spoken::of(draft);
    for (at, one) in heard.iter().enumerate() {
        let first = heard[..at].iter().find(|other| quarrel(one, other));
        if let Some(first) = first {
            let place = draft.shown(&first.item.place());
            draft.problems.same_words(&one.item.place(), &one.word, &place);
        }
        if one.from != From::Staff {
            echo(one, &said, draft);
        }
    }
}

fn quarrel(one: &Heard<'_>, other: &Heard<'_>) -> bool {
    // Of these one answers at a time.
    let take_turns = |of: &str| one.by.starts_with(of) && other.by.starts_with(of);
    let in_turn = take_turns("event ") || take_turns("survey ");
    let never_together = matches!(
        (one.from, other.from),
        (From::Member, From::Staff) | (From::Staff, From::Member)
    );
    answered_by_both(one, other)
        && one.by != other.by
        && !in_turn
        && !one.stops
        && !other.stops
        && !never_together
        && one.groups.overlaps(&other.groups)
}

/// The same words, or the words of one hold what the other listens for anywhere.
fn answered_by_both(one: &Heard<'_>, other: &Heard<'_>) -> bool {
    match (one.within, other.within) {
        (false, false) => one.word == other.word,
        (false, true) => other.surely && one.word.contains(&other.word),
        (true, false) => one.surely && other.word.contains(&one.word),
        (true, true) => false,
    }
}

/// A keyword anywhere in it; words that are the whole message must be all of it.
fn holds(part: &str, heard: &Heard<'_>) -> bool {
    if heard.within {
        part.contains(&heard.word)
    } else {
        part == heard.word
    }
}

/// Everything the bot says, folded once for all that listens for words in it: each part with the text it stands in.
struct Spoken {
    plain: Vec<(usize, String)>,
    simplified: Vec<(usize, String)>,
}

impl Spoken {
    fn of(draft: &Draft<'_, '_>) -> Self {
        let folded = |fold: Fold| {
            let texts = draft.said.iter().enumerate();
            texts
                .flat_map(|(at, said)| said.parts.iter().map(move |(_, part)| (at, fold.of(part))))
                .collect()
        };
        Self {
            plain: folded(Fold::Plain),
            simplified: folded(Fold::Simplified),
        }
    }
}

fn echo(one: &Heard<'_>, spoken: &Spoken, draft: &mut Draft<'_, '_>) {
    let parts = match one.item.shelf.fold {
        Fold::Plain => &spoken.plain,
        Fold::Simplified => &spoken.simplified,
    };
    let first = parts.iter().find(|(_, part)| holds(part, one));
    let said_in = first
        .and_then(|(at, _)| draft.said.get(*at))
        .map(|said| format!("{} · {}", draft.shown(&said.item.place()), said.by));
    if let Some(said_in) = said_in {
        draft.problems.echo(&one.item.place(), &one.word, &said_in);
    }
}

static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[¥￥]\s*([0-9]+(?:\.[0-9]{1,2})?)|([0-9]+(?:\.[0-9]{1,2})?)\s*(?:元|块|yuan)")
        .expect("a fixed pattern")
});

/// Amounts written by hand beside a coupon of another worth.
pub(super) fn amounts(draft: &mut Draft<'_, '_>) {
    for said in &draft.said {
        let coupons: Vec<_> = said.coupons.iter().filter_map(|name| draft.worth.get(*name)).collect();
        let Some(first) = coupons.first() else {
            continue;
        };
        for (start, part) in &said.parts {
            for found in AMOUNT.captures_iter(part) {
                let amount = found
                    .get(1)
                    .or(found.get(2))
                    .and_then(|digits| digits.as_str().parse::<Fen>().ok());
                let explained = |fen: Fen| {
                    coupons
                        .iter()
                        .any(|coupon| coupon.worth == fen || coupon.min_spend == Some(fen))
                };
                let (Some(amount), Some(whole)) = (amount, found.get(0)) else {
                    continue;
                };
                if !explained(amount) {
                    let place = said.item.place_in(start + whole.start()..start + whole.end());
                    draft
                        .problems
                        .amount_differs(&place, whole.as_str(), first.name.as_str(), first.worth);
                }
            }
        }
    }
}
