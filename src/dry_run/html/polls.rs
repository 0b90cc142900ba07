//! Surveys on the page: a chart for each question that can be counted.

use crate::dry_run::report::polls::{Counted, Poll};

use super::charts;

/// One survey.
pub struct Shown<'a> {
    pub poll: &'a Poll,
    pub questions: Vec<Question<'a>>,
}

/// One question, its chart, and what its letters stand for.
pub struct Question<'a> {
    pub counted: &'a Counted,
    pub chart: String,
}

/// All of them.
pub fn shown(polls: &[Poll]) -> Vec<Shown<'_>> {
    polls
        .iter()
        .map(|poll| Shown {
            poll,
            questions: poll.questions.iter().map(question).collect(),
        })
        .collect()
}

fn question(counted: &Counted) -> Question<'_> {
    let columns = counted.counts.iter().map(|(short, _, votes)| (short.clone(), *votes));
    Question {
        counted,
        chart: charts::tally(&columns.collect::<Vec<_>>()),
    }
}
