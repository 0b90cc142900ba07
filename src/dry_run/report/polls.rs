//! What surveys came to: counts of choices and numbers, for the page. Nobody is named.

use crate::community::survey::Reply;
use crate::dry_run::driver::Rehearsal;
use crate::dry_run::effects::{place, plain};
use crate::engine::results::counted;

/// One survey in one group.
#[derive(Clone, Debug)]
pub struct Poll {
    pub title: String,
    pub group: String,
    pub replies: usize,
    pub questions: Vec<Counted>,
}

/// One question, and how often each answer was given: its letter or digits, its words, and how often.
#[derive(Clone, Debug)]
pub struct Counted {
    pub ask: String,
    pub counts: Vec<(String, String, usize)>,
}

/// Every survey that was open in the run, as it stood at the end.
pub fn polls(run: &Rehearsal) -> Vec<Poll> {
    let (books, community) = (run.books(), run.community());
    let surveys = community.surveys().keys();
    let found = surveys.filter_map(|id| {
        let (_, survey) = books.survey(&id.0)?;
        let whole = community.replies_to(id).filter(|(_, reply)| reply.is_whole());
        let replies: Vec<&Reply> = whole.map(|(_, reply)| reply).collect();
        let questions = survey.questions.iter().enumerate();
        let counts = questions.map(|(place, question)| Counted {
            ask: plain(&question.ask),
            counts: counted((place, question), &replies),
        });
        Some(Poll {
            title: plain(&survey.title),
            group: place(community, &id.1).name,
            replies: replies.len(),
            questions: counts.filter(|it| !it.counts.is_empty()).collect(),
        })
    });
    found.collect()
}
