//! Rules that can never fire: one before them answers everything they wait for, and lets no other answer.

use crate::chat::Kind;
use crate::playbook::reading::draft::{Draft, Ruled};
use crate::playbook::trigger::{From, Heard, Place, Reaches, Text, Which};
use crate::playbook::{Effect, GroupFilter, Opening, Rule, Trigger};

/// Every rule that is weighed after one that always answers.
pub(in crate::playbook::reading) fn shadowed(rules: &[Ruled<'_>], draft: &mut Draft<'_, '_>) {
    for (at, late) in rules.iter().enumerate() {
        let first = rules.iter().enumerate().find(|(before, first)| {
            comes_first((*before, &first.rule), (at, &late.rule))
                && !first.unsure
                && first.rule.name != late.rule.name
                && always_answers(&first.rule)
                && plays_wherever(&first.groups, &late.groups)
                && answers_all(&first.rule, &late.rule)
        });
        if let Some((_, first)) = first
            && !late.rule.off
            && !late.unsure
        {
            let place = draft.shown(&first.on.place());
            draft
                .problems
                .shadowed(&late.on.place(), first.rule.name.as_str(), &place);
        }
    }
}

/// As the engine sorts them: by priority, then as they are written.
fn comes_first((before, first): (usize, &Rule), (at, late): (usize, &Rule)) -> bool {
    first.priority > late.priority || first.priority == late.priority && before < at
}

/// Nothing but its trigger decides whether it fires, and nobody answers after it. What can run out or be held back does
/// not always answer.
fn always_answers(rule: &Rule) -> bool {
    let surely = |effect: &Effect| match effect {
        Effect::Say { .. } => rule.kind == Kind::Service,
        Effect::Tag { .. } | Effect::Untag { .. } | Effect::Remember | Effect::Set { .. } | Effect::MakeUp { .. } => {
            true
        }
        Effect::Card { .. } => true,
        Effect::Points(award) => award.amount > 0,
        Effect::Give { .. }
        | Effect::Take { .. }
        | Effect::RenameGroup { .. }
        | Effect::SetCard { .. }
        | Effect::Recall
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
        | Effect::Kick { .. }
        | Effect::Call { .. }
        | Effect::Piece { .. }
        | Effect::Alert { .. } => false,
    };
    rule.stop
        && !rule.off
        && rule.condition.is_none()
        && rule.cooldown.is_none()
        && rule.limit.is_none()
        && rule.opening == Opening::default()
        && rule.then.iter().all(surely)
}

fn plays_wherever(first: &GroupFilter, late: &GroupFilter) -> bool {
    let everywhere = |filter: &GroupFilter| filter.patterns.is_empty() || filter.patterns.iter().any(|it| it == "*");
    everywhere(first) || !everywhere(late) && late.patterns.iter().all(|it| first.patterns.contains(it))
}

fn answers_all(first: &Rule, late: &Rule) -> bool {
    let is_answered = |trigger: &Trigger| first.on.iter().any(|other| covers(other, trigger));
    !late.on.is_empty() && late.on.iter().all(is_answered)
}

/// Whatever triggers `late` triggers `first`. Timers come up one rule at a time: there nothing comes first.
fn covers(first: &Trigger, late: &Trigger) -> bool {
    match (first, late) {
        (Trigger::Message(first), Trigger::Message(late)) => hears_all(first, late),
        (Trigger::Joined { how: None, by: None }, Trigger::Joined { .. })
        | (Trigger::Left, Trigger::Left)
        | (Trigger::Renamed, Trigger::Renamed)
        | (Trigger::CardChanged, Trigger::CardChanged)
        | (
            Trigger::OrderPaid(Which::Any),
            Trigger::OrderPaid(_) | Trigger::Reaches(Reaches::Orders(_) | Reaches::Spend(_)),
        )
        | (Trigger::OrderPaid(Which::First), Trigger::OrderPaid(Which::First))
        | (Trigger::OrderPaid(Which::Repeat), Trigger::OrderPaid(Which::Repeat))
        | (Trigger::Refunded, Trigger::Refunded) => true,
        (Trigger::Fact { fact, of }, Trigger::Fact { fact: other, of: only }) => {
            fact == other && (of.is_none() || of == only)
        }
        _ => false,
    }
}

fn hears_all(first: &Heard, late: &Heard) -> bool {
    (first.place == Place::Anywhere || first.place == late.place)
        && (first.from == From::Anyone || first.from == late.from)
        && (!first.mention || late.mention)
        && (!first.question || late.question)
        && (!first.reply || late.reply)
        && first.fold == late.fold
        && fits_all(&first.text, &late.text)
}

fn fits_all(first: &Text, late: &Text) -> bool {
    let within = |words: &[String], text: &String| words.iter().any(|word| text.contains(word.as_str()));
    match (first, late) {
        (Text::Anything, _) => true,
        (Text::Is(words), Text::Is(late)) => late.iter().all(|text| words.contains(text)),
        (Text::Contains(words), Text::Is(late) | Text::Contains(late)) => late.iter().all(|text| within(words, text)),
        (Text::Matches(pattern), Text::Is(late)) => late.iter().all(|text| pattern.is_match(text)),
        (Text::Matches(pattern), Text::Matches(late)) => pattern.as_str() == late.as_str(),
        (Text::Is(_) | Text::Contains(_), _) | (Text::Matches(_), _) => false,
    }
}
