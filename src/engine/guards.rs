//! Guards: what a playbook never does, whatever its rules say. Asked where something is given and where something is said,
//! so that live, dry run and tests cannot differ.
//!
//! What would break a guard that pauses is refused like anything else that is refused: nothing of its rule happens. The
//! verdict is what trips the guard: once all is decided, [`close`] pauses the playbook and tells staff. Paused, a playbook
//! answers whoever asks and does nothing else; what it counts and what it was told stays as it is.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::chat::{GroupId, Kind, Lang, Moment, PersonId, RuleName};
use crate::community::Community;
use crate::community::change::{Change, Fact, Occasion};
use crate::playbook::guard::{Amount, Bound, Live, Measure, Per, book_of, short_of};
use crate::playbook::wording::Wording;
use crate::playbook::{Coupon, Effect, Guard, To};

use super::draft::{Cause, Draft};
use super::effects::alarm;
use super::hearing::{Apart, Said};
use super::levels::{Counted, reached};
use super::probe::Asked;
use super::verdict::Verdict;

/// A bound of a guard, and what it would have come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Breach {
    pub guard: RuleName,
    #[serde(flatten)]
    pub bound: Bound,
    pub becomes: Amount,
    pub period: String,
}

impl Breach {
    /// In a sentence, with the numbers.
    pub fn said(&self, lang: Lang) -> String {
        let Breach {
            bound, becomes, period, ..
        } = self;
        let bound = bound.said(lang);
        match (lang, period.as_str()) {
            (Lang::Zh, "ever") => format!("{bound}，会到 {becomes}"),
            (Lang::Zh, _) => format!("{bound}，{period} 会到 {becomes}"),
            (Lang::En, "ever") => format!("{bound}, would come to {becomes}"),
            (Lang::En, _) => format!("{bound}, would come to {becomes} in {period}"),
        }
    }
}

/// Whether guards let a coupon go to a person. Every guard that counts this coupon is asked, whoever gives it.
pub fn admit_gift(draft: &mut Draft<'_>, coupon: &Coupon, person: &PersonId, rule: &RuleName) -> Result<(), Verdict> {
    let books = draft.books;
    for guard in books.guards().filter(|guard| guard.coupons.contains(&coupon.name)) {
        for bound in guard.bounds.iter().filter(|bound| bound.of == Measure::Spends) {
            let counted = Counted {
                group: None,
                person: Some(person),
                day: draft.today(),
                zone: &books.house.zone,
            };
            hold(draft, (guard, bound), (counted, coupon.worth.0), rule)?;
        }
    }
    Ok(())
}

/// Something to be said in a group, as guards look at it.
#[derive(Clone, Copy, Debug)]
pub struct Message<'m> {
    pub group: &'m GroupId,
    pub kind: Kind,
    pub due: Moment,
    pub called: &'m [PersonId],
    /// In quiet hours, and nobody asked.
    pub night: bool,
}

/// Whether the guards of a rule's playbook let a message out.
pub fn admit_message(draft: &mut Draft<'_>, message: Message<'_>, rule: &RuleName) -> Result<(), Verdict> {
    let books = draft.books;
    let book = books.books.iter().find(|book| book.name == book_of(rule));
    let answers = message.kind == Kind::Service;
    for guard in book.into_iter().flat_map(|book| &book.guards) {
        for bound in &guard.bounds {
            let adds = match bound.of {
                Measure::Spends => false,
                Measure::Says | Measure::Mentions => !answers,
                Measure::AtNight => message.night,
                Measure::Promos => message.kind == Kind::Promo,
            };
            if !adds {
                continue;
            }
            let counted = |person| Counted {
                group: Some(message.group),
                person,
                day: message.due.date(&books.house.zone),
                zone: &books.house.zone,
            };
            match bound.per {
                Per::Person => {
                    for person in message.called {
                        hold(draft, (guard, bound), (counted(Some(person)), 1), rule)?;
                    }
                }
                Per::All | Per::Group => hold(draft, (guard, bound), (counted(None), 1), rule)?,
            }
        }
    }
    Ok(())
}

/// One more, and the bound must still hold; if it does not, what the guard is written to do.
fn hold(
    draft: &mut Draft<'_>,
    (guard, bound): (&Guard, &Bound),
    (counted, more): (Counted<'_>, i64),
    rule: &RuleName,
) -> Result<(), Verdict> {
    let becomes = reached(draft.so_far(), guard, bound, counted)
        .number()
        .saturating_add(more);
    let breach = || Breach {
        guard: guard.name.clone(),
        bound: *bound,
        becomes: bound.of.amount(becomes),
        period: bound.every.of(counted.day),
    };
    let holds = becomes <= bound.most.number();
    draft
        .probe
        .asked(counted.person, holds, || Asked::Guard(Box::new(breach())));
    match guard.live {
        _ if holds => Ok(()),
        Live::Pause => Err(Verdict::Guarded(Box::new(breach()))),
        Live::Warn | Live::Note => {
            draft.weighed(rule, counted.person, Verdict::Warned(Box::new(breach())));
            Ok(())
        }
    }
}

/// The playbook of a rule, if its guards count what it says.
pub fn counting(draft: &Draft<'_>, rule: &RuleName) -> Option<String> {
    let name = book_of(rule);
    let book = draft.books.books.iter().find(|book| book.name == name)?;
    let counts = book.guards.iter().any(Guard::counts_speech);
    counts.then(|| name.to_owned())
}

/// Whether a rule or mechanic may do something of itself: its playbook is not paused. Answers always may.
pub fn running(draft: &Draft<'_>, name: &RuleName, kind: Kind) -> Result<(), Verdict> {
    if kind == Kind::Service {
        return Ok(());
    }
    let book = book_of(name);
    let here = draft
        .decision
        .verdicts
        .iter()
        .find_map(|weighed| match &weighed.verdict {
            Verdict::Guarded(breach) if book_of(&breach.guard) == book => Some((&breach.guard, draft.now)),
            _ => None,
        });
    let Some((guard, since)) = draft.community.paused_by(book).or(here) else {
        return Ok(());
    };
    let guard = guard.clone();
    draft.probe.asked(None, false, || Asked::Released {
        guard: guard.clone(),
        since,
    });
    Err(Verdict::Paused { guard, since })
}

/// Whether effects may be carried out. What only staff hear is never held back.
pub fn may_act(draft: &Draft<'_>, cause: &Cause<'_>) -> Result<(), Verdict> {
    let to_staff = |effect: &Effect| matches!(effect, Effect::Say { to: To::Staff, .. } | Effect::Alert { .. });
    match cause.then.iter().all(to_staff) {
        true => Ok(()),
        false => running(draft, &cause.name, cause.kind),
    }
}

/// What broke in this decision is noted, once a period; whoever is to know is told.
pub fn close(draft: &mut Draft<'_>) {
    let mut noted: BTreeSet<(RuleName, String)> = BTreeSet::new();
    let broken: Vec<(RuleName, Breach)> = draft
        .decision
        .verdicts
        .iter()
        .filter_map(|weighed| match &weighed.verdict {
            Verdict::Guarded(breach) | Verdict::Warned(breach) => Some((weighed.rule.clone(), (**breach).clone())),
            _ => None,
        })
        .collect();
    for (rule, breach) in broken {
        let Some(guard) = draft
            .books
            .guard(&breach.guard)
            .filter(|guard| guard.live != Live::Note)
        else {
            continue;
        };
        let pauses = guard.live == Live::Pause;
        let known = draft.community.guards().get(&guard.name);
        let told = match pauses {
            true => known.is_some_and(|it| it.paused_since.is_some()),
            false => known.is_some_and(|it| it.broken.get(&breach.bound.key()) == Some(&breach.period)),
        };
        // A guard that pauses is told of once, whichever of its bounds broke.
        let bound = if pauses { String::new() } else { breach.bound.key() };
        if told || !noted.insert((guard.name.clone(), bound)) {
            continue;
        }
        draft.change(Change::GuardBroken {
            guard: guard.name.clone(),
            bound: breach.bound.key(),
            period: breach.period.clone(),
            at: draft.now,
            pauses,
        });
        let phrases = &draft.books.phrases;
        let phrase = if pauses {
            &phrases.guard_pauses
        } else {
            &phrases.guard_warns
        };
        let facts = vec![
            ("rule", rule.to_string()),
            ("breach", breach.said(draft.lang())),
            ("because", guard.because.clone().unwrap_or_default()),
        ];
        tell(draft, phrase, &guard.name, facts);
    }
}

fn tell(draft: &mut Draft<'_>, phrase: &Wording, guard: &RuleName, facts: Vec<(&str, String)>) {
    let book = draft.books.books.iter().find(|book| book.name == book_of(guard));
    let title = book.map_or(book_of(guard), |book| book.title.as_str()).to_owned();
    let own = [
        ("guard", short_of(guard).to_owned()),
        ("name", guard.to_string()),
        ("book", title),
    ];
    let mut occasion = Occasion {
        group: draft.event.happening.group().cloned(),
        ..Occasion::default()
    };
    let facts = facts.into_iter().chain(own);
    occasion
        .facts
        .extend(facts.map(|(name, text)| (name.to_owned(), Fact::Text(text))));
    alarm(draft, phrase, guard, &occasion);
}

/// Staff let a paused playbook go on by saying so.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let is_paused = |community: &Community| community.guards().values().any(|it| it.paused_since.is_some());
    if !said.by_staff || !is_paused(draft.community) {
        return;
    }
    let words = ["放行".to_owned(), "release".to_owned()];
    let Some(name) = said.after_word(&words, Apart::Must) else {
        return;
    };
    let is_meant = |guard: &RuleName| guard.as_str() == name || short_of(guard) == name;
    let meant: Vec<RuleName> = draft
        .community
        .guards()
        .keys()
        .filter(|it| is_meant(it))
        .cloned()
        .collect();
    for guard in meant {
        release(draft, &guard);
    }
}

/// A paused playbook goes on. Its guard holds as before.
pub fn release(draft: &mut Draft<'_>, guard: &RuleName) {
    let paused = draft.community.guards().get(guard);
    if paused.is_none_or(|it| it.paused_since.is_none()) {
        return;
    }
    draft.change(Change::GuardReleased { guard: guard.clone() });
    tell(draft, &draft.books.phrases.guard_released, guard, Vec::new());
}

/// Guards that are in no playbook any more, or only warn now, keep nothing paused.
pub fn let_go_what_is_gone(draft: &mut Draft<'_>) {
    let pauses = |name: &RuleName| draft.books.guard(name).is_some_and(|it| it.live == Live::Pause);
    let paused = draft.community.guards().iter();
    let gone: Vec<RuleName> = paused
        .filter(|(name, it)| it.paused_since.is_some() && !pauses(name))
        .map(|(name, _)| name.clone())
        .collect();
    for guard in gone {
        draft.change(Change::GuardReleased { guard });
    }
}
