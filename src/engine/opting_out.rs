//! Opting out: whoever asked to be left in peace is called by nobody's rule, written to by none, and spoken about by none.
//!
//! Asked where something is said, so that no rule, mechanic or timer can forget it. What they ask themselves is answered;
//! what a rule does besides speaking is done for them as for everybody: points of an order are theirs, heard of or not.

use std::borrow::Cow;
use std::time::Duration;

use crate::chat::{Action, Deed, GroupId, Happening, Kind, PersonId, RuleName, Segment, Tag};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::outbox::{Pending, State};
use crate::playbook::{Effect, OptingOut, To, trigger};

use super::delivered::settle;
use super::draft::{Draft, cause};
use super::effects::answer;
use super::hearing::{Apart, Said};
use super::matching;
use super::probe::Asked;
use super::scene::listed;
use super::so_far::SoFar;
use super::term::{Request, Term};
use super::verdict::Verdict;

/// Who says again what holds already is told so once in this time.
const TOLD_AGAIN: Duration = Duration::from_secs(24 * 3600);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Out,
    Back,
}

/// Whether somebody opted out, this decision's own changes included.
pub fn is_out(so_far: SoFar<'_>, person: &PersonId) -> bool {
    let known = so_far.community.people().get(person);
    let mut tags: Vec<&Tag> = known.map_or_else(Vec::new, |known| {
        known.tags.iter().filter(|tag| tag.opts_out()).collect()
    });
    for change in so_far.changes {
        match change {
            Change::Tagged { person: of, tag } if of == person && tag.opts_out() => tags.push(tag),
            Change::Untagged { person: of, tag } if of == person => tags.retain(|it| *it != tag),
            _ => {}
        }
    }
    !tags.is_empty()
}

/// Those of an occasion who may hear what a rule says; a verdict for each who may not. `Err` if nobody may.
pub fn audience<'o>(
    draft: &mut Draft<'_>,
    (kind, rule): (Kind, &RuleName),
    occasion: &'o Occasion,
) -> Result<Cow<'o, Occasion>, Verdict> {
    let is_deaf = |person: &PersonId| is_out(draft.so_far(), person) && !asked(draft, kind, (occasion, person));
    let (deaf, people): (Vec<PersonId>, Vec<PersonId>) = occasion.people.iter().cloned().partition(is_deaf);
    if deaf.is_empty() {
        return Ok(Cow::Borrowed(occasion));
    }
    let done = cause(draft, rule, occasion.group.as_ref()).is_some_and(|cause| does_more(cause.then));
    let verdict = Verdict::OptedOut { done };
    for person in &deaf {
        draft.probe.asked(Some(person), false, || Asked::Listens);
    }
    if people.is_empty() && !done {
        return Err(verdict);
    }
    for person in &deaf {
        // A rule with several messages says so once.
        let told =
            |it: &super::Weighed| it.rule == *rule && it.person.as_ref() == Some(person) && it.verdict == verdict;
        if !draft.decision.verdicts.iter().any(told) {
            draft.weighed(rule, Some(person), verdict.clone());
        }
    }
    match people.is_empty() {
        true => Err(verdict),
        false => Ok(Cow::Owned(Occasion {
            people,
            ..occasion.clone()
        })),
    }
}

/// An answer to what they said themselves.
fn asked(draft: &Draft<'_>, kind: Kind, (occasion, person): (&Occasion, &PersonId)) -> bool {
    kind == Kind::Service
        && match &draft.event.happening {
            Happening::Message(message) => message.from == *person,
            // A timer of a rule that heard them.
            _ => occasion.message.is_some(),
        }
}

/// Whether a rule does anything but speak to members.
fn does_more(effects: &[Effect]) -> bool {
    let speaks = |effect: &Effect| {
        matches!(
            effect,
            Effect::Say {
                to: To::Group | To::Person,
                ..
            } | Effect::Remember
        )
    };
    !effects.iter().all(speaks)
}

/// A member opts out, or in again; or staff do it for somebody.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    let Some((book, opting)) = books.opting_out() else {
        return;
    };
    let group = said.message.group.as_ref();
    if !draft.hears_in(book, group) {
        return;
    }
    let opting = draft.played(book, group).opting_out.as_ref().unwrap_or(opting);
    let said = &*said.under(book.fold);
    let way = |words: &[String]| match said.by_staff {
        true => said.after_word(words, Apart::Must).is_some_and(str::is_empty),
        // Whoever writes somebody else's name wants nothing for themselves.
        false => plainly(said, words) && (said.message.calls_bot || said.mentioned().next().is_none()),
    };
    let way = match (way(&opting.words), way(&opting.back)) {
        (true, _) => Way::Out,
        (_, true) => Way::Back,
        _ => return,
    };
    let rule = RuleName::new(format!("{}/opting_out", book.name));
    draft.enter(&rule, &said.occasion);
    draft.requested(|| match way {
        Way::Out => Request::OptOut,
        Way::Back => Request::OptIn,
    });
    let verdict = match said.by_staff {
        true => ordered(draft, (opting, &rule), said, way),
        false => asks(draft, (opting, &rule), said, way),
    };
    draft.weighed(&rule, Some(&said.message.from), verdict);
    draft.probe.leave();
}

/// The whole message is one of these words, said calmly or not.
fn plainly(said: &Said<'_>, words: &[String]) -> bool {
    let bare = said.folded.trim_end_matches(|it: char| !it.is_alphanumeric());
    said.is_one_of(words) || words.iter().any(|word| word == bare)
}

fn asks(draft: &mut Draft<'_>, (opting, rule): (&OptingOut, &RuleName), said: &Said<'_>, way: Way) -> Verdict {
    let person = &said.message.from;
    let phrases = &opting.phrases;
    let mut occasion = said.occasion.clone();
    let back = opting.back.first().cloned().unwrap_or_default();
    occasion.facts.insert("back".to_owned(), Fact::Text(back));
    let (is, wanted) = (is_out(draft.so_far(), person), way == Way::Back);
    if is != wanted
        && let Err(cooling) = told_again(draft, rule, (person, way))
    {
        return cooling;
    }
    if let Err(why) = draft.holds(is == wanted, Term::OptedOut { is, wanted }) {
        match way {
            Way::Out => answer(draft, &phrases.already_out, rule, &occasion),
            Way::Back => answer(draft, &phrases.not_out, rule, &occasion),
        };
        return why;
    }
    turn(draft, person, way, said.message.group.as_ref());
    match way {
        Way::Out => answer(draft, &phrases.out, rule, &occasion),
        Way::Back => answer(draft, &phrases.back, rule, &occasion),
    }
}

/// That it holds already is told; whoever insists is not talked to all day.
fn told_again(draft: &mut Draft<'_>, rule: &RuleName, (person, way): (&PersonId, Way)) -> Result<(), Verdict> {
    let scope = match way {
        Way::Out => format!("out {person}"),
        Way::Back => format!("back {person}"),
    };
    let fired_at = draft.mark(rule, &scope).map(|mark| mark.at);
    let told = fired_at.map(|at| at.plus(TOLD_AGAIN));
    let until = told.filter(|until| draft.now < *until);
    draft.probe.asked(None, until.is_none(), || Asked::Cooldown {
        fired_at,
        length: TOLD_AGAIN,
    });
    if let Some(until) = until {
        return Err(Verdict::CoolingDown { until });
    }
    draft.change(Change::Fired {
        rule: rule.clone(),
        scope,
        at: draft.now,
        period: String::new(),
    });
    Ok(())
}

/// Staff opt out whom they call by name.
fn ordered(draft: &mut Draft<'_>, (opting, rule): (&OptingOut, &RuleName), said: &Said<'_>, way: Way) -> Verdict {
    let whom: Vec<PersonId> = said
        .mentioned()
        .filter(|person| !draft.books.house.is_staff(person))
        .cloned()
        .collect();
    let words = match way {
        Way::Out => &opting.words,
        Way::Back => &opting.back,
    };
    let mut occasion = said.occasion.clone();
    let group = said.message.group.as_ref();
    let names: Vec<String> = whom.iter().map(|it| draft.community.name_of(group, it)).collect();
    let facts = [
        ("name", listed(&names, draft.lang())),
        ("word", words.first().cloned().unwrap_or_default()),
    ];
    occasion
        .facts
        .extend(facts.map(|(name, text)| (name.to_owned(), Fact::Text(text))));
    if let Err(why) = draft.holds(!whom.is_empty(), Term::Whom) {
        answer(draft, &opting.phrases.whom, rule, &occasion);
        return why;
    }
    for person in &whom {
        if is_out(draft.so_far(), person) != (way == Way::Out) {
            turn(draft, person, way, group);
        }
    }
    match way {
        Way::Out => answer(draft, &opting.phrases.out_for, rule, &occasion),
        Way::Back => answer(draft, &opting.phrases.back_for, rule, &occasion),
    }
}

fn turn(draft: &mut Draft<'_>, person: &PersonId, way: Way, group: Option<&GroupId>) {
    let fact = match way {
        Way::Out => {
            let tag = Tag::new(draft.lang().pick(Tag::OPTED_OUT[0], Tag::OPTED_OUT[1]));
            let person = person.clone();
            draft.change(Change::Tagged { person, tag });
            trigger::Fact::OptedOut
        }
        Way::Back => {
            for tag in Tag::OPTED_OUT {
                let (person, tag) = (person.clone(), Tag::new(tag));
                let known = draft.community.people().get(&person);
                if known.is_some_and(|known| known.tags.contains(&tag)) {
                    draft.change(Change::Untagged { person, tag });
                }
            }
            trigger::Fact::OptedIn
        }
    };
    if way == Way::Out {
        withdraw(draft, person);
    }
    let occasion = Occasion {
        group: group.cloned(),
        people: vec![person.clone()],
        ..Occasion::default()
    };
    matching::raise(draft, fact, "", &occasion);
}

/// What was decided before they opted out and has not been said yet: theirs alone is dropped, of others' they drop out.
fn withdraw(draft: &mut Draft<'_>, person: &PersonId) {
    let unsaid = |pending: &&Pending| {
        matches!(pending.state, State::Waiting | State::Draft)
            && pending.attempts == 0
            && pending.action.kind != Kind::Service
            && is_to(&pending.action.deed, person)
    };
    let unsaid: Vec<Action> = draft
        .community
        .outbox_in_order()
        .filter(unsaid)
        .map(|pending| pending.action.clone())
        .collect();
    for action in unsaid {
        settle(draft, &action.id);
        draft.enter(&action.rule, &Occasion::default());
        draft.probe.asked(Some(person), false, || Asked::Listens);
        draft.weighed(&action.rule, Some(person), Verdict::OptedOut { done: false });
        draft.probe.leave();
        if let Deed::Say { group, mut content } = action.deed {
            content.retain(|segment| *segment != Segment::Mention(person.clone()));
            let calls_others = content.iter().any(|segment| matches!(segment, Segment::Mention(_)));
            if calls_others {
                draft.act(Deed::Say { group, content }, action.kind, action.due, &action.rule);
            }
        }
    }
}

fn is_to(deed: &Deed, person: &PersonId) -> bool {
    match deed {
        Deed::Whisper { person: of, .. } => of == person,
        Deed::Say { content, .. } => content.contains(&Segment::Mention(person.clone())),
        _ => false,
    }
}
