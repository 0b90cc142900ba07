//! A report as an operator reads it. Money first, then disturbance, then every rule, then what matters most.
//!
//! Nothing here depends on the time it is printed, on the terminal or on chance.

mod chances;
mod day;
pub mod figures;
pub mod guards;
mod head;
pub mod losses;
mod notes;
mod pending;
mod records;
mod rules;
mod transcript;

use crate::chat::Lang;

use super::report::{Report, Show};

pub use day::weekday;
pub use records::{after, before, of_line, records};
pub use transcript::{Page, Printed, printed};

/// The whole report, down to the level it was made for.
pub fn text(report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    if report.show == Show::Events {
        transcript::transcript(&mut out, report, lang);
    }
    out.push_str(&figures_of(report, lang));
    out
}

/// What stands below the transcript.
pub fn figures_of(report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    head::head(&mut out, report, lang);
    figures::figures(&mut out, report, lang);
    chances::chances(&mut out, report, lang);
    rules::rules(&mut out, report, lang);
    if report.show >= Show::Rules {
        rules::examples(&mut out, report, lang);
    }
    notes::notes(&mut out, report, lang);
    pending::pending(&mut out, report, lang);
    losses::losses(&mut out, report, lang);
    losses::honesty(&mut out, report, lang);
    out
}

/// For programs: the same content under stable names.
pub fn json(report: &Report) -> serde_json::Value {
    serde_json::to_value(report).expect("plain data serializes")
}
