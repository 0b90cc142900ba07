//! OneBot v11 reports as a gateway posted them: read by what reads them live.
//!
//! A join names an id only; the name somebody has when they first speak is theirs, as live the gateway would be asked.

use std::collections::BTreeMap;

use crate::chat::{Happening, Moment, PersonId};
use crate::gateway::decoded::Arrival;
use crate::gateway::onebot11::decode;
use crate::import::json;
use crate::import::row::ready;
use crate::import::source::{Found, Sink, Source};
use crate::import::trouble::Trouble;

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let gateway = source.context.gateway.clone();
    let mut names: BTreeMap<PersonId, String> = BTreeMap::new();
    json::records(source, &mut |_, (nth, text), _| {
        let at = Moment::START;
        for event in decode::report(&gateway, text.as_bytes(), Arrival { at, nth })
            .unwrap_or_default()
            .events
        {
            if let Happening::Message(message) = event.happening
                && !message.name.is_empty()
            {
                names.entry(message.from).or_insert(message.name);
            }
        }
        Ok(())
    })?;
    source.found = Found::default();
    let mut at = Moment::START;
    json::records(source, &mut |source, (nth, text), _| {
        let decoded = match decode::report(&gateway, text.as_bytes(), Arrival { at, nth }) {
            Ok(decoded) => decoded,
            Err(refusal) => {
                source.found.unreadable(nth, refusal.to_string());
                return Ok(());
            }
        };
        for aside in &decoded.set_aside {
            source.found.set_aside(aside.word());
        }
        for mut event in decoded.events {
            at = event.at;
            if let Happening::Joined { person, name, .. } = &mut event.happening
                && name.is_empty()
                && let Some(known) = names.get(person)
            {
                name.clone_from(known);
            }
            sink(ready(event, (source.name, nth), None))?;
        }
        Ok(())
    })
}
