//! Staff draw again what nobody has fetched, with a reason everybody reads.
//!
//! It is a draw of its own, with a receipt of its own, whose commit was told with the result before. Whoever won before is
//! not drawn again, nor who has left; prizes that were claimed stay claimed.

use crate::chat::fold;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::draw::{Draw as State, Fate, Stage, Win};
use crate::playbook::Wording;

use super::draft::Draft;
use super::draw::{Held, fate, refuse, reply, state, timer, told};
use super::drawing;
use super::hearing::{Apart, Said};
use super::term::{Request, Term};
use super::verdict::Verdict;

/// Staff said the word, perhaps a winner by name, and why.
pub fn on_word(draft: &mut Draft<'_>, held: &Held<'_>, said: &Said<'_>) {
    let reason = reason(held, said);
    draft.requested(|| Request::Redraw { reason: reason.clone() });
    let Some(state) = state(draft, &held.id) else { return };
    let mut shown = told(draft, held, &state, said.occasion.clone());
    let gone = match meant(draft, held, (&state, said), &reason) {
        Ok(gone) => gone,
        Err(refusal) => {
            let word = held.draw.redraw.first().cloned().unwrap_or_default();
            shown.facts.insert("redraw".to_owned(), Fact::Text(word));
            return refuse(draft, held, refusal, &shown);
        }
    };
    draw_again(draft, held, (&state, gone), (reason, shown));
}

/// What follows the word, without who is called by name in it.
fn reason(held: &Held<'_>, said: &Said<'_>) -> String {
    let rest = said.after_word(&held.draw.redraw, Apart::Must).unwrap_or_default();
    fold::shown(rest).trim_matches([' ', '：', ':', '，', ',']).to_owned()
}

/// The wins whose prizes are drawn again: of those called by name, else all that are not claimed.
fn meant<'d>(
    draft: &mut Draft<'_>,
    held: &Held<'d>,
    (state, said): (&State, &Said<'_>),
    reason: &str,
) -> Result<Vec<(usize, Win)>, (Verdict, &'d Wording)> {
    let phrases = &held.draw.phrases;
    draft
        .holds(!reason.is_empty(), Term::Reason)
        .map_err(|why| (why, &phrases.redraw_how))?;
    let drawn = !state.receipts.is_empty() && state.stage != Stage::Open;
    let called: Vec<_> = said
        .mentioned()
        .map(|it| draft.community.person_of(it).clone())
        .collect();
    let theirs = |win: &Win| called.is_empty() || called.contains(draft.community.person_of(&win.person));
    let wins = state.wins.iter().enumerate();
    let wins: Vec<(usize, Win)> = wins
        .filter(|(_, win)| theirs(win))
        .map(|(place, win)| (place, win.clone()))
        .collect();
    if !called.is_empty() {
        let last = wins.last().map(|(_, win)| win.fate);
        let last = draft
            .found(last, Term::Won)
            .map_err(|why| (why, &phrases.nothing_left))?;
        let waits = wins.iter().any(|(_, win)| win.fate == Fate::Waits);
        draft
            .holds(waits, Term::Unclaimed { fate: fate(last) })
            .map_err(|why| (why, &phrases.nothing_left))?;
    }
    let gone: Vec<(usize, Win)> = wins.into_iter().filter(|(_, win)| win.fate == Fate::Waits).collect();
    let left = if drawn { gone.len() + state.left().len() } else { 0 };
    draft
        .holds(left > 0, Term::PrizesLeft { left })
        .map_err(|why| (why, &phrases.nothing_left))?;
    let had = drawing::entries(draft, held, state).len();
    draft
        .holds(had > 0, Term::Entrants { had })
        .map_err(|why| (why, &phrases.nobody_left))?;
    Ok(gone)
}

fn draw_again(
    draft: &mut Draft<'_>,
    held: &Held<'_>,
    (before, gone): (&State, Vec<(usize, Win)>),
    (reason, mut shown): (String, Occasion),
) {
    for (place, _) in &gone {
        draft.change(Change::PrizeSettled {
            draw: held.id.clone(),
            win: *place,
            fate: Fate::Lapsed { at: draft.now },
        });
    }
    let Some(state) = state(draft, &held.id) else { return };
    let was = gone.iter().map(|(_, win)| drawing::line(draft, held, (before, win)));
    let mut lines: Vec<String> = was.collect();
    let titles = state.left().into_iter().skip(gone.len());
    lines.extend(titles.filter_map(|prize| state.prizes.get(prize).map(|it| it.title.clone())));
    shown.facts.insert("winners".to_owned(), Fact::List(lines));
    shown.facts.insert("reason".to_owned(), Fact::Text(reason));
    reply(draft, held, &held.draw.phrases.redrawn, &shown);
    if draft.on_agenda(&timer(&held.id)).is_some() {
        draft.change(Change::Unscheduled { key: timer(&held.id) });
    }
    drawing::draw(draft, held, &state);
}
