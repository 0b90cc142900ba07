//! Messages that share one bubble: rules that say something to the same group on the same event, where they wish to.
//!
//! While rules are carried out every message is an action of its own, so that a rule that fails takes back its own
//! words and no others; they are put together when all is decided.

use crate::chat::{Action, Deed, GroupId, Kind, Moment, Segment};

use super::decision::Decision;

/// The message another one of this kind may join: decided before it, for the same group and moment.
pub fn host(actions: &[Action], shared: &[usize], (group, kind, due): (&GroupId, Kind, Moment)) -> Option<usize> {
    shared.iter().copied().find(|place| {
        actions.get(*place).is_some_and(|action| {
            action.kind == kind
                && action.due == due
                && matches!(&action.deed, Deed::Say { group: of, .. } if of == group)
        })
    })
}

/// Puts messages that share together, each on its own line, into the first of them. `shared` are the places of those
/// that do, in order. Returns the places that are gone.
pub fn join(decision: &mut Decision, shared: &[usize]) -> Vec<usize> {
    let mut joined = Vec::new();
    for (nth, place) in shared.iter().copied().enumerate() {
        let Some(action) = decision.actions.get(place) else {
            continue;
        };
        let Deed::Say { group, content } = &action.deed else {
            continue;
        };
        let Some(host) = host(&decision.actions, &shared[..nth], (group, action.kind, action.due)) else {
            continue;
        };
        let added = content.clone();
        if let Deed::Say { content, .. } = &mut decision.actions[host].deed {
            content.push(Segment::Text("\n".to_owned()));
            content.extend(added);
            joined.push(place);
        }
    }
    let mut place = 0;
    decision.actions.retain(|_| {
        place += 1;
        !joined.contains(&(place - 1))
    });
    joined
}
