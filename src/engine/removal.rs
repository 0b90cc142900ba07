//! Members who shall be removed: staff are asked, answer in chat, and only then it is done.
//!
//! «同意 K7», «拒绝 K7», “approve K7”, “decline K7”: said by one of the staff, in private or in the staff's own group.
//! Staff are never removed, nobody is asked about twice or removed twice, and what nobody answers lapses. The bot's own
//! account cannot be meant: what it does itself triggers nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::chat::{Capability, Deed, GroupId, Moment, PersonId, RuleName};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::outbox::State;
use crate::community::removal::{Removal, Stage};
use crate::playbook::Wording;

use super::alert::call;
use super::draft::{Cause, Draft};
use super::effects::{alarm, answer, each_or_refused, here, incapable, nobody, one_line, render};
use super::hearing::Said;
use super::probe::Asked;
use super::verdict::Verdict;
use super::waiting::wait_for;

/// The name that what became of a question goes under.
const RULE: &str = "house/kick";

/// Numbers begin anew after this one: a code is typed with a thumb.
const NUMBER_MAX: u32 = 999;

/// The words staff answer with, and whether they agree.
const ANSWERS: [(&str, bool); 5] = [
    ("同意", true),
    ("approve", true),
    ("拒绝", false),
    ("拒絕", false),
    ("decline", false),
];

/// Removes everybody the rule is about, or asks whether they shall be; what follows in the list waits.
///
/// Returns who may not be removed, where others may.
pub fn kick(
    draft: &mut Draft<'_>,
    (cause, step): (&Cause<'_>, usize),
    (reason, within): (&Wording, Option<Duration>),
    occasion: &mut Occasion,
) -> Result<Vec<(PersonId, Verdict)>, Verdict> {
    let group = here(draft, occasion)?;
    let reason = one_line(&render(draft, reason, occasion)?);
    let refused = each_or_refused(draft, occasion, |draft, person, _| removable(draft, &group, person))?;
    if !draft.books.house.can(&group.gateway(), Capability::Kick) {
        let mut told = occasion.clone();
        told.facts.insert("reason".to_owned(), Fact::Text(reason));
        alarm(draft, &draft.books.phrases.kick_by_hand, &cause.name, &told);
        let cannot = incapable(draft, Capability::Kick);
        draft.weighed(&cause.name, None, cannot);
        return Ok(refused);
    }
    for person in occasion.people.clone() {
        let alone = Occasion {
            people: vec![person.clone()],
            ..occasion.clone()
        };
        match within {
            Some(within) => ask(draft, (cause, step), (&reason, within), &alone)?,
            None => {
                let group = group.clone();
                wait_for(draft, Deed::Kick { group, person }, (cause, step), &alone);
            }
        }
    }
    Ok(refused)
}

/// In the group, no staff, and neither asked about nor being removed.
fn removable(draft: &mut Draft<'_>, group: &GroupId, person: &PersonId) -> Result<(), Verdict> {
    if !is_here(draft, group, person) {
        draft
            .probe
            .asked(Some(person), false, || Asked::Present { of: 1, here: 0 });
        return Err(Verdict::Gone);
    }
    let staff = draft.books.house.is_staff(person);
    let asked = removals(draft)
        .into_values()
        .find(|removal| removal.stage == Stage::Asked && removal.group == *group && removal.person == *person);
    let until = asked
        .map(|removal| removal.until)
        .or_else(|| under_way(draft, group, person));
    draft
        .probe
        .asked(Some(person), !staff && until.is_none(), || Asked::Removable { until });
    match until {
        _ if staff => Err(Verdict::IsStaff),
        Some(until) => Err(Verdict::AlreadyAsked { until }),
        None => Ok(()),
    }
}

fn is_here(draft: &Draft<'_>, group: &GroupId, person: &PersonId) -> bool {
    let member = draft.community.member(group, person);
    member.is_some_and(|member| member.is_here())
}

/// When a removal that a gateway is asked for is due; one that was given up is none.
fn under_way(draft: &Draft<'_>, group: &GroupId, person: &PersonId) -> Option<Moment> {
    let is = |account: &PersonId| draft.community.person_of(account) == person;
    let meant = |deed: &Deed| matches!(deed, Deed::Kick { group: of, person: whom } if of == group && is(whom));
    let decided = draft.decision.actions.iter().find(|action| meant(&action.deed));
    let waiting = draft.community.outbox_in_order();
    let mut waiting = waiting.filter(|pending| pending.state != State::Dead && meant(&pending.action.deed));
    decided
        .map(|action| action.due)
        .or_else(|| waiting.next().map(|pending| pending.next_at))
}

/// What was asked, by code, what has been decided so far included.
fn removals(draft: &Draft<'_>) -> BTreeMap<String, Removal> {
    let mut removals = draft.community.removals().clone();
    for change in &draft.decision.changes {
        match change {
            Change::RemovalAsked { code, removal } => drop(removals.insert(code.clone(), removal.clone())),
            Change::RemovalSettled { code, stage } => {
                if let Some(removal) = removals.get_mut(code) {
                    removal.stage = stage.clone();
                }
            }
            _ => {}
        }
    }
    for removal in removals.values_mut() {
        removal.person = draft.community.person_of(&removal.person).clone();
    }
    removals
}

fn ask(
    draft: &mut Draft<'_>,
    (cause, step): (&Cause<'_>, usize),
    (reason, within): (&str, Duration),
    alone: &Occasion,
) -> Result<(), Verdict> {
    let (Some(group), Some(person)) = (&alone.group, alone.people.first()) else {
        return Err(nobody(draft));
    };
    if draft.books.house.staff.is_empty() {
        return Err(nobody(draft));
    }
    let before = removals(draft);
    let last = before.values().max_by_key(|removal| removal.asked_at);
    let last = last.map_or(0, |last| {
        let same_time = before.values().filter(|it| it.asked_at == last.asked_at);
        same_time.map(|it| it.number).max().unwrap_or(last.number)
    });
    let free = |number: &u32| !before.contains_key(&code(*number));
    let number = (1..=NUMBER_MAX)
        .map(|step| (last + step - 1) % NUMBER_MAX + 1)
        .find(free);
    let Some(number) = number else {
        return Err(Verdict::Failed {
            why: format!("{NUMBER_MAX} removals wait for an answer"),
        });
    };
    let (code, until) = (code(number), draft.now.plus(within));
    let mut told = alone.clone();
    told.facts.extend([
        ("reason".to_owned(), Fact::Text(reason.to_owned())),
        ("code".to_owned(), Fact::Text(code.clone())),
        ("until".to_owned(), Fact::Moment(until)),
    ]);
    let words = render(draft, &draft.books.phrases.kick_asked, &told)?;
    call(draft, &cause.name, words, &told)?;
    draft.change(Change::RemovalAsked {
        code: code.clone(),
        removal: Removal {
            group: group.clone(),
            person: person.clone(),
            rule: cause.name.clone(),
            step,
            occasion: alone.clone(),
            number,
            asked_at: draft.now,
            until,
            stage: Stage::Asked,
        },
    });
    draft.change(Change::Scheduled {
        key: timer(&code),
        due: until,
        what: Due::RemovalLapses(code),
    });
    Ok(())
}

fn code(number: u32) -> String {
    format!("K{number}")
}

fn timer(code: &str) -> String {
    format!("kick/{code}")
}

/// Lets staff answer.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let among_staff = match &said.message.group {
        Some(group) => draft.books.house.staff_group.as_ref() == Some(group),
        None => true,
    };
    let Some((agreed, code)) = answered(&said.folded).filter(|_| said.by_staff && among_staff) else {
        return;
    };
    let by = &said.message.from;
    let phrases = &draft.books.phrases;
    let Some(removal) = removals(draft).remove(&code) else {
        return reply(draft, &phrases.kick_unknown, (&code, None), said);
    };
    if removal.stage != Stage::Asked {
        return reply(draft, &phrases.kick_settled, (&code, Some(&removal)), said);
    }
    let (by, at) = (by.clone(), draft.now);
    let possible = is_here(draft, &removal.group, &removal.person)
        && draft.is_inside(&removal.group)
        && !draft.books.house.is_staff(&removal.person)
        && under_way(draft, &removal.group, &removal.person).is_none();
    let (stage, phrase, verdict) = match agreed {
        false => (
            Stage::Declined { by: by.clone(), at },
            &phrases.kick_declined,
            Verdict::Declined { by },
        ),
        true if !possible => (Stage::Withdrawn { at }, &phrases.kick_gone, Verdict::Gone),
        true => (Stage::Agreed { by, at }, &phrases.kick_agreed, Verdict::Fired),
    };
    let done = verdict == Verdict::Fired;
    settle(draft, (&code, &removal), stage, verdict);
    if done {
        carry_out(draft, &removal);
    }
    reply(draft, phrase, (&code, Some(&removal)), said);
}

/// `同意 k7`, folded: whether they agree, and the code.
fn answered(folded: &str) -> Option<(bool, String)> {
    let (rest, agreed) = ANSWERS
        .iter()
        .find_map(|(word, agreed)| Some((folded.strip_prefix(word)?, *agreed)))?;
    let digits = rest.trim().strip_prefix('k')?;
    let number: u32 = (1..=3).contains(&digits.len()).then(|| digits.parse().ok()).flatten()?;
    Some((agreed, code(number)))
}

fn carry_out(draft: &mut Draft<'_>, removal: &Removal) {
    let Removal {
        group,
        person,
        rule,
        step,
        occasion,
        ..
    } = removal.clone();
    let Some(cause) = super::draft::cause(draft, &rule, Some(&group)) else {
        return draft.weighed(&rule, Some(&person), Verdict::NoSuchRule);
    };
    wait_for(draft, Deed::Kick { group, person }, (&cause, step), &occasion);
}

/// It is over, one way or another.
fn settle(draft: &mut Draft<'_>, (code, removal): (&str, &Removal), stage: Stage, verdict: Verdict) {
    draft.change(Change::RemovalSettled {
        code: code.to_owned(),
        stage,
    });
    draft.change(Change::Unscheduled { key: timer(code) });
    match &verdict {
        Verdict::Declined { by } => draft.probe.asked(None, false, || Asked::Agreed {
            declined_by: Some(by.clone()),
        }),
        Verdict::Lapsed => draft.probe.asked(None, false, || Asked::Agreed { declined_by: None }),
        Verdict::Gone => draft.probe.asked(None, false, || Asked::Present { of: 1, here: 0 }),
        _ => {}
    }
    draft.weighed(&RuleName::new(RULE), Some(&removal.person), verdict);
}

/// Says something to whoever answered, where they did.
fn reply(draft: &mut Draft<'_>, phrase: &Wording, (code, removal): (&str, Option<&Removal>), said: &Said<'_>) {
    let mut occasion = said.occasion.clone();
    occasion.facts.insert("code".to_owned(), Fact::Text(code.to_owned()));
    if let Some(removal) = removal {
        let who = draft.community.name_of(Some(&removal.group), &removal.person);
        let group = draft.group_label(&removal.group);
        occasion.facts.extend([
            ("who".to_owned(), Fact::Text(who)),
            ("group.name".to_owned(), Fact::Text(group)),
        ]);
    }
    let rule = RuleName::new(RULE);
    match answer(draft, phrase, &rule, &occasion) {
        Verdict::Fired => {}
        why_not => draft.weighed(&rule, Some(&said.message.from), why_not),
    }
}

/// Nobody answered in time: nothing is done, and staff are told.
pub fn lapse(draft: &mut Draft<'_>, code: &str) {
    let Some(removal) = removals(draft).remove(code) else {
        return;
    };
    if removal.stage != Stage::Asked {
        return;
    }
    settle(
        draft,
        (code, &removal),
        Stage::Lapsed { at: draft.now },
        Verdict::Lapsed,
    );
    let mut told = removal.occasion.clone();
    told.facts.insert("code".to_owned(), Fact::Text(code.to_owned()));
    alarm(draft, &draft.books.phrases.kick_lapsed, &RuleName::new(RULE), &told);
}

/// The rule that asked is gone: nothing is done, whatever staff answer.
pub fn withdraw(draft: &mut Draft<'_>) {
    let open: Vec<(String, Removal)> = draft
        .community
        .removals()
        .iter()
        .filter(|(_, removal)| removal.stage == Stage::Asked)
        .filter(|(_, removal)| super::draft::cause(draft, draft.now_called(&removal.rule), None).is_none())
        .map(|(code, removal)| (code.clone(), removal.clone()))
        .collect();
    for (code, removal) in open {
        let stage = Stage::Withdrawn { at: draft.now };
        settle(draft, (&code, &removal), stage, Verdict::NoSuchRule);
    }
}
