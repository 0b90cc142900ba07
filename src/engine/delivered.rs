//! What gateways and staff say about actions.

use crate::chat::{
    Action, ActionId, Deed, GatewayName, GroupId, IfUnknown, Lang, Moment, Outcome, RuleName, Segment, StaffOrder,
};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::outbox::{Pending, State};

use super::draft::Draft;
use super::effects::alarm;
use super::guards;
use super::letting_go;
use super::linking;
use super::probe::Asked;
use super::schedule::go_on;
use super::verdict::Verdict;

/// The name alarms go under. A dead alarm raises no alarm.
const ALARM: &str = "house/alarm";

/// A gateway answered for an action.
pub fn delivered(draft: &mut Draft<'_>, id: &ActionId, outcome: &Outcome) {
    let Some(pending) = draft.community.outbox().get(id).cloned() else {
        return;
    };
    let tried = |next_at: Moment, why: &str, unknown: bool| Change::Tried {
        action: id.clone(),
        attempts: pending.attempts + 1,
        next_at,
        answer: why.to_owned(),
        unknown,
        proposal: None,
    };
    match outcome {
        Outcome::Started => {
            let next_at = pending.next_at;
            let attempts = pending.attempts;
            let answer = pending.answer.clone();
            draft.change(Change::Tried {
                action: id.clone(),
                attempts,
                next_at,
                answer,
                unknown: true,
                proposal: None,
            });
        }
        Outcome::PartDone { parts, message } => draft.change(Change::PartSent {
            action: id.clone(),
            parts: *parts,
            message: message.clone(),
        }),
        Outcome::Done { message } => {
            if let (Some(message), Deed::Say { .. } | Deed::Whisper { .. }) = (message, &pending.action.deed) {
                let (chat, message) = (pending.action.deed.chat().to_owned(), message.clone());
                draft.change(Change::BotSaid { chat, message });
            }
            done(draft, &pending.action);
        }
        Outcome::Postponed { why, again } => draft.change(tried(*again, why, false)),
        Outcome::Proposed { proposal, why, again } => draft.change(Change::Tried {
            action: id.clone(),
            attempts: pending.attempts + 1,
            next_at: *again,
            answer: why.clone(),
            unknown: false,
            proposal: Some(proposal.clone()),
        }),
        Outcome::Unknown { why, again } => match pending.action.if_unknown {
            IfUnknown::Resend | IfUnknown::Confirm => draft.change(tried(*again, why, true)),
            IfUnknown::Drop => dead(draft, &pending, why),
        },
        Outcome::Refused { why } | Outcome::GaveUp { why } => dead(draft, &pending, why),
    }
}

/// An account was logged out, or in again: staff are told, on that account too once it is back.
pub fn account(draft: &mut Draft<'_>, gateway: &GatewayName, (online, why): (bool, &str)) {
    let phrases = &draft.books.phrases;
    let wording = match online {
        true => &phrases.account_back,
        false => &phrases.account_away,
    };
    let mut occasion = Occasion::default();
    let facts = [("gateway", gateway.as_str()), ("why", why)];
    let facts = facts.map(|(name, text)| (name.to_owned(), Fact::Text(crate::chat::fold::shown(text))));
    occasion.facts.extend(facts);
    alarm(draft, wording, &RuleName::new(ALARM), &occasion);
}

fn done(draft: &mut Draft<'_>, action: &Action) {
    draft.change(Change::Settled {
        action: action.id.clone(),
    });
    match &action.deed {
        Deed::RenameGroup { group, name } => {
            draft.change(Change::GroupNamed {
                group: group.clone(),
                name: name.clone(),
            });
        }
        Deed::SetCard { group, person, card } => {
            let (group, person, card) = (group.clone(), person.clone(), card.clone());
            draft.change(Change::CardSet { group, person, card });
        }
        Deed::Say { .. } | Deed::Whisper { .. } | Deed::Recall { .. } | Deed::Kick { .. } | Deed::Call { .. } => {}
    }
    go_on(draft, &action.id);
}

/// The action is kept, visible and retryable; staff are told once. What waited for it never happens.
fn dead(draft: &mut Draft<'_>, pending: &Pending, why: &str) {
    let action = &pending.action;
    if pending.state == State::Dead {
        return;
    }
    draft.change(Change::Died {
        action: action.id.clone(),
        answer: why.to_owned(),
    });
    if action.rule.as_str() == ALARM {
        return;
    }
    let deed = describe(draft, &action.deed);
    let mut occasion = Occasion::default();
    occasion.facts.insert("deed".to_owned(), Fact::Text(deed));
    occasion.facts.insert("why".to_owned(), Fact::Text(why.to_owned()));
    alarm(
        draft,
        &draft.books.phrases.action_dead,
        &RuleName::new(ALARM),
        &occasion,
    );
}

/// An action in words an operator understands.
fn describe(draft: &Draft<'_>, deed: &Deed) -> String {
    let zh = draft.lang() == Lang::Zh;
    let group = |id: &crate::chat::GroupId| draft.group_label(id);
    let text = |content: &[Segment]| crate::chat::fold::shown(&crate::chat::text_of(content));
    match deed {
        Deed::Say { group: id, content } if zh => format!("在「{}」说「{}」", group(id), text(content)),
        Deed::Say { group: id, content } => format!("say “{}” in “{}”", text(content), group(id)),
        Deed::Whisper { person, content } if zh => {
            format!("私聊 {} 说「{}」", draft.community.name_of(None, person), text(content))
        }
        Deed::Whisper { person, content } => {
            format!("tell {} “{}”", draft.community.name_of(None, person), text(content))
        }
        Deed::RenameGroup { group: id, name } if zh => format!("把群「{}」改名为「{name}」", group(id)),
        Deed::RenameGroup { group: id, name } => format!("rename “{}” to “{name}”", group(id)),
        Deed::SetCard {
            group: id,
            person,
            card,
        } if zh => {
            format!(
                "把 {} 的群昵称改为「{card}」",
                draft.community.name_of(Some(id), person)
            )
        }
        Deed::SetCard {
            group: id,
            person,
            card,
        } => {
            format!(
                "set the card of {} to “{card}”",
                draft.community.name_of(Some(id), person)
            )
        }
        Deed::Recall { group: id, .. } if zh => format!("撤回「{}」里的一条消息", group(id)),
        Deed::Recall { group: id, .. } => format!("take back a message in “{}”", group(id)),
        Deed::Call { call, .. } if zh => format!("外呼「{call}」"),
        Deed::Call { call, .. } => format!("call “{call}”"),
        Deed::Kick { group: id, person } if zh => {
            format!("把 {} 移出「{}」", draft.community.name_of(Some(id), person), group(id))
        }
        Deed::Kick { group: id, person } => {
            format!(
                "remove {} from “{}”",
                draft.community.name_of(Some(id), person),
                group(id)
            )
        }
    }
}

/// Staff decided about a dead action, a draft, or a paused playbook.
pub fn ordered(draft: &mut Draft<'_>, order: &StaffOrder) {
    match order {
        // Only what was given up: what still waits or is under way might be done twice.
        StaffOrder::Retry { action } => {
            let is_dead = |pending: &Pending| pending.state == State::Dead;
            if !draft.community.outbox().get(action).is_some_and(is_dead) {
                return;
            }
            let (action, next_at) = (action.clone(), draft.now);
            draft.change(Change::Tried {
                action,
                attempts: 0,
                next_at,
                answer: String::new(),
                unknown: false,
                proposal: None,
            });
        }
        StaffOrder::Release { action } => {
            let is_draft = |pending: &Pending| pending.state == State::Draft;
            if draft.community.outbox().get(action).is_some_and(is_draft) {
                let (action, at) = (action.clone(), draft.now);
                draft.change(Change::Released { action, at });
            }
        }
        StaffOrder::ReleaseGuard { guard } => guards::release(draft, guard),
        StaffOrder::Forgotten { person } => letting_go::let_go(draft, person),
        StaffOrder::Link { account, person } => linking::by_order(draft, (account, Some(person))),
        StaffOrder::Unlink { account } => linking::by_order(draft, (account, None)),
        StaffOrder::Drop { action } => {
            if draft.community.outbox().contains_key(action) {
                settle(draft, action);
            }
        }
    }
}

/// The bot is out of a group: what was still to be done there never is.
pub fn withdraw(draft: &mut Draft<'_>, group: &GroupId) {
    let actions: Vec<Action> = draft
        .community
        .outbox_in_order()
        .filter(|pending| pending.action.deed.group() == Some(group))
        .map(|pending| pending.action.clone())
        .collect();
    for action in actions {
        settle(draft, &action.id);
        draft.probe.asked(None, false, || Asked::Inside);
        draft.weighed(&action.rule, None, Verdict::Gone);
    }
}

/// Out of the outbox, and what waited for it with it.
pub fn settle(draft: &mut Draft<'_>, action: &ActionId) {
    draft.change(Change::Settled { action: action.clone() });
    if draft.community.awaiting().contains_key(action) {
        draft.change(Change::AwaitsNot { action: action.clone() });
    }
}
