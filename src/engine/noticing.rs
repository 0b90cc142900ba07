//! What gateways tell of their accounts: staff are told what needs them, and rules may wait for the rest.

use crate::chat::{GatewayName, LeftHow, Notice, PersonId, RuleName};
use crate::community::change::{Fact, Occasion};
use crate::playbook::trigger;

use super::draft::Draft;
use super::effects::alarm;
use super::matching;

/// The name alarms go under.
const RULE: &str = "house/alarm";

/// A gateway told something of an account.
pub fn noticed(draft: &mut Draft<'_>, gateway: &GatewayName, notice: &Notice) {
    let phrases = &draft.books.phrases;
    match notice {
        Notice::SameName { name } => {
            let facts = [
                ("gateway", gateway.to_string()),
                ("name", crate::chat::fold::shown(name)),
            ];
            let occasion = Occasion {
                facts: facts.map(|(name, text)| (name.to_owned(), Fact::Text(text))).into(),
                ..Occasion::default()
            };
            alarm(draft, &phrases.same_name, &RuleName::new(RULE), &occasion);
        }
        Notice::Befriended { person, by } => {
            let occasion = between(draft, person, by);
            matching::raise(draft, trigger::Fact::ContactAdded, "", &occasion);
        }
        Notice::Unfriended { person, by, how } => {
            let occasion = between(draft, person, by);
            // What staff did themselves they need not be told.
            if *how == LeftHow::Left {
                alarm(draft, &phrases.contact_lost, &RuleName::new(RULE), &occasion);
            }
            matching::raise(draft, trigger::Fact::ContactLost, "", &occasion);
        }
    }
}

fn between(draft: &Draft<'_>, person: &PersonId, by: &PersonId) -> Occasion {
    let staff = Fact::Text(draft.community.name_of(None, by));
    Occasion {
        group: draft
            .community
            .people()
            .get(person)
            .and_then(|known| known.home.clone()),
        people: vec![person.clone()],
        facts: [("staff".to_owned(), staff)].into(),
        ..Occasion::default()
    }
}
