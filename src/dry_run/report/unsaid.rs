//! What was decided and is taken back before anybody has seen it: somebody opted out, or the bot was removed from the group.

use std::collections::BTreeMap;

use super::lines;
use super::night::is_night;
use super::tally::Tally;
use crate::chat::{ActionId, Kind, Moment};
use crate::dry_run::effects::{Effect, Reached};
use crate::playbook::Playbooks;

/// Messages that wait, by their action, each with its line of the transcript.
#[derive(Debug, Default)]
pub struct Unsaid(BTreeMap<ActionId, (Effect, Option<lines::Place>)>);

impl Unsaid {
    /// Something was decided that is seen later only.
    pub fn waits(&mut self, action: &ActionId, effect: &Effect, place: Option<lines::Place>) {
        self.0.insert(action.clone(), (effect.clone(), place));
    }

    /// An action is out of the outbox. If its time had not come, it is counted no more.
    pub fn settled(&mut self, (action, now): (&ActionId, Moment), tally: &mut Tally, books: &Playbooks) {
        let Some((effect, place)) = self.0.remove(action).filter(|(effect, _)| effect.at > now) else {
            return;
        };
        if let Some(place) = place {
            tally.lines.take_back(place);
        }
        tally.disturbance.take_back(&effect);
        tally.effects = tally.effects.saturating_sub(1);
        tally.deferred = tally.deferred.saturating_sub(1);
        if let Some(count) = effect.rule.as_ref().and_then(|rule| tally.rules.get_mut(rule)) {
            count.messages = count.messages.saturating_sub(1);
            count.deferred = count.deferred.saturating_sub(1);
            count.examples.retain(|shown| *shown != effect);
        }
        match &effect.what {
            Reached::Said { .. } => {
                tally.said = tally.said.saturating_sub(1);
                let date = tally.today.date_of(effect.at, books);
                if let Some(said) = tally.per_day.get_mut(&date) {
                    *said = said.saturating_sub(1);
                }
            }
            Reached::Whispered { .. } => tally.whispered = tally.whispered.saturating_sub(1),
            _ => return,
        }
        if is_night(effect.at, books) && effect.kind != Some(Kind::Service) {
            tally.night.others = tally.night.others.saturating_sub(1);
        }
    }
}
