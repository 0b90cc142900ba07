//! Our own recording: what happened is taken, what the engine made of it is not.

use crate::chat::Happening;
use crate::import::row::ready;
use crate::import::source::{Sink, Source};
use crate::import::trouble::Trouble;
use crate::recording::Happened;
use crate::store::journal::line;

/// Every line's checksum is checked; a line that does not stand it is counted and named.
pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let mut lines = source.lines()?;
    while let Some(text) = lines.line()? {
        if text.trim().is_empty() {
            continue;
        }
        let whole = format!("{text}\n");
        let number = lines.number();
        let happened = match line::parse(whole.as_bytes()) {
            Ok(_) => serde_json::from_str::<Happened>(&whole).map_err(|error| error.to_string()),
            Err(damage) => Err(damage.to_string()),
        };
        match happened {
            Err(why) => source.found.unreadable(number, why),
            Ok(Happened { now, event }) => match event.happening {
                Happening::Delivered { .. }
                | Happening::CameDue { .. }
                | Happening::PlaybooksInForce { .. }
                | Happening::Ordered(_)
                | Happening::Account { .. }
                | Happening::Noticed { .. }
                | Happening::Till(_)
                | Happening::Shadow { .. }
                | Happening::Woke { .. } => source.found.set_aside(event.happening.kind()),
                _ => sink(ready(event, (source.name, number), Some(now)))?,
            },
        }
    }
    Ok(())
}
