//! Referrals: members bring new people, and both have something of it once the newcomer has stayed.
//!
//! Who came by whom is known from the network, which may say who invited, and from words: everybody has one of their own,
//! and a newcomer may write somebody's within some hours. Whoever was here before, in any group, is no newcomer. Somebody
//! counts who is still there when their time is over; what has counted stays counted.

use sha2::{Digest, Sha256};

use crate::chat::{GroupId, Kind, Moment, PersonId, ReferralName, RuleName, fold};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::group::Member;
use crate::community::referral::{Doubt, How, Referral as Known, ReferralId, Referrer, Stage, Uncounted};
use crate::playbook::effect::{Effect, To};
use crate::playbook::referral::Referral;
use crate::playbook::rule::Period;
use crate::playbook::{Playbook, Wording, trigger};

use super::draft::{Cause, Draft};
use super::effects::{self, Speech, answer};
use super::hearing::{Apart, Said};
use super::verdict::Verdict;
use super::{income, matching, opting_out};

/// Letters and digits nobody mistakes for one another.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A word has so many of them, more where somebody else's begins so.
const WORD_LENGTH: usize = 6;

/// How many rings of who brought whom are followed.
const STEPS_MOST: u32 = 64;

/// A programme, and the book it stands in.
pub(super) type Programme<'a> = (&'a Playbook, &'a Referral);

pub(super) fn rule_of((book, referral): Programme<'_>) -> RuleName {
    RuleName::new(format!("{}/referral.{}", book.name, referral.name))
}

/// The programmes that run in a group.
fn running<'a>(draft: &Draft<'a>, group: &GroupId) -> Vec<Programme<'a>> {
    let of = |book: &'a Playbook| book.referrals.values().map(move |referral| (book, referral));
    draft.books_in(group).flat_map(of).collect()
}

/// One by its name, as it runs in a group.
pub(super) fn programme<'a>(draft: &Draft<'a>, name: &ReferralName, group: &GroupId) -> Option<Programme<'a>> {
    running(draft, group)
        .into_iter()
        .find(|(_, referral)| referral.name == *name)
}

/// Somebody came in, perhaps by somebody.
pub fn came(draft: &mut Draft<'_>, group: &GroupId, person: &PersonId, by: Option<&PersonId>) {
    let Some(inviter) = by else { return };
    for programme in running(draft, group) {
        let verdict = consider(draft, programme, (person, inviter, group), How::Joined);
        draft.weighed(&rule_of(programme), Some(person), verdict);
    }
}

/// Weighs whether somebody may come to count, and notes it.
fn consider(
    draft: &mut Draft<'_>,
    programme: Programme<'_>,
    (person, inviter, group): (&PersonId, &PersonId, &GroupId),
    how: How,
) -> Verdict {
    let (_, referral) = programme;
    let house = &draft.books.house;
    if house.is_staff(person) || house.is_staff(inviter) {
        return Verdict::IsStaff;
    }
    if person.is_unknown() || inviter.is_unknown() {
        return Verdict::UnknownMember;
    }
    let id = (referral.name.clone(), person.clone());
    if let Some(why) = barred(draft, &id, (inviter, group)) {
        return Verdict::Uncounted(Box::new(why));
    }
    let came_at = draft
        .community
        .member(group, person)
        .and_then(|member| member.joined_at)
        .unwrap_or(draft.now);
    let until = came_at.plus(referral.stay).max(draft.now);
    let doubt = doubted(draft, referral, (person, inviter));
    let stage = match &doubt {
        Some(why) => Stage::Doubted {
            code: code(draft),
            why: why.clone(),
        },
        None => Stage::Waiting,
    };
    draft.change(Change::Referred {
        id: id.clone(),
        referral: Known {
            inviter: inviter.clone(),
            group: group.clone(),
            how,
            came_at,
            until,
            stage: stage.clone(),
        },
        day: draft.today(),
    });
    draft.change(Change::Scheduled {
        key: timer(&id),
        due: until,
        what: Due::Referral(id.clone()),
    });
    match doubt {
        None => Verdict::Waits { until },
        Some(why) => {
            ask_staff(draft, programme, &id, (&stage, inviter, group));
            Verdict::Doubted(Box::new(why))
        }
    }
}

pub(super) fn timer((name, person): &ReferralId) -> String {
    format!("referral/{name}/{person}")
}

/// What keeps somebody from ever counting by this inviter.
fn barred(draft: &Draft<'_>, id: &ReferralId, (inviter, group): (&PersonId, &GroupId)) -> Option<Uncounted> {
    let (name, person) = id;
    if person == inviter {
        return Some(Uncounted::Yourself);
    }
    if let Some(known) = known(draft, id).filter(|known| !matches!(known.stage, Stage::Void { .. })) {
        return Some(Uncounted::Already { by: known.inviter });
    }
    if let Some(steps) = ring(draft, name, (person, inviter)) {
        return Some(Uncounted::Ring { steps });
    }
    if !is_new(draft, group, person) {
        let joins = draft.community.member(group, person).map_or(0, |member| member.joins);
        return Some(Uncounted::NotNew { joins });
    }
    let mut groups = draft.community.memberships(inviter);
    let here = groups.any(|(group, _)| is_here(draft, group, inviter));
    (!here).then_some(Uncounted::InviterGone)
}

fn known(draft: &Draft<'_>, id: &ReferralId) -> Option<Known> {
    let before = draft.community.referrals().get(id).cloned();
    draft
        .decision
        .changes
        .iter()
        .fold(before, |known, change| match change {
            Change::Referred { id: of, referral, .. } if of == id => Some(referral.clone()),
            Change::ReferralStood { id: of, stage } if of == id => known.map(|known| Known {
                stage: stage.clone(),
                ..known
            }),
            Change::ReferralCounted { id: of, at, .. } if of == id => known.map(|known| Known {
                stage: Stage::Counted { at: *at },
                ..known
            }),
            _ => known,
        })
}

/// How many steps up from the inviter the newcomer stands: who brought whom goes in no circle.
fn ring(draft: &Draft<'_>, name: &ReferralName, (person, inviter): (&PersonId, &PersonId)) -> Option<u32> {
    let mut at = inviter.clone();
    for steps in 1..STEPS_MOST {
        at = known(draft, &(name.clone(), at))?.inviter;
        if at == *person {
            return Some(steps);
        }
    }
    None
}

/// Never seen before they came into this group: in no other, not here, and not at the till.
fn is_new(draft: &Draft<'_>, group: &GroupId, person: &PersonId) -> bool {
    let here = draft.community.member(group, person);
    let first_time = here.is_some_and(|member| member.joins == 1 && member.joined_at.is_some());
    let elsewhere = draft.community.memberships(person).any(|(other, _)| other != group);
    let came_at = here.and_then(|member| member.joined_at);
    let trade = draft.community.people().get(person).and_then(|it| it.trade.as_ref());
    let bought_before = trade.is_some_and(|trade| came_at.is_none_or(|came_at| trade.first_at < came_at));
    first_time && !elsewhere && !bought_before
}

fn is_here(draft: &Draft<'_>, group: &GroupId, person: &PersonId) -> bool {
    draft.community.member(group, person).is_some_and(Member::is_here)
}

/// What is for staff to judge.
fn doubted(draft: &Draft<'_>, referral: &Referral, (person, inviter): (&PersonId, &PersonId)) -> Option<Doubt> {
    let name = |person: &PersonId| draft.community.people().get(person).map(|it| fold(&it.name));
    let theirs = name(person).filter(|name| !name.is_empty());
    if theirs.is_some() && theirs == name(inviter) {
        let name = draft.community.name_of(None, person);
        return Some(Doubt::SameName { name });
    }
    let (most, period) = referral.suspect;
    let count = so_far(draft, (&referral.name, inviter), period, |it| &it.came);
    (count >= most).then(|| Doubt::TooMany {
        count: count.saturating_add(1),
        most,
        period: period.of(draft.today()),
    })
}

/// What somebody came to in the period it is now, this decision's own included.
fn so_far(
    draft: &Draft<'_>,
    (name, person): (&ReferralName, &PersonId),
    period: Period,
    of: fn(&Referrer) -> &crate::calendar::DayCounts,
) -> u32 {
    let (first, last) = period.days_around(draft.today());
    let referrer = referrer(draft, name, person);
    u32::try_from(of(&referrer).between(first, last).max(0)).unwrap_or(u32::MAX)
}

fn referrer(draft: &Draft<'_>, name: &ReferralName, person: &PersonId) -> Referrer {
    let key = (name.clone(), person.clone());
    let mut referrer = draft.community.referrers().get(&key).cloned().unwrap_or_default();
    for change in &draft.decision.changes {
        match change {
            Change::Referred { id, referral, day } if id.0 == *name && referral.inviter == *person => {
                referrer.came.add(*day, 1);
            }
            Change::ReferralCounted { id, day, .. }
                if id.0 == *name && known(draft, id).is_some_and(|known| known.inviter == *person) =>
            {
                referrer.counted = referrer.counted.saturating_add(1);
                referrer.counted_on.add(*day, 1);
            }
            Change::ReferralWord {
                referral,
                person: of,
                word,
            } if referral == name && of == person => referrer.word = word.as_str().into(),
            _ => {}
        }
    }
    referrer
}

/// A code no open question has.
fn code(draft: &Draft<'_>) -> String {
    let taken = |code: &str| {
        let before = draft.community.referrals().values().map(|known| &known.stage);
        let here = draft.decision.changes.iter().filter_map(|change| match change {
            Change::Referred { referral, .. } => Some(&referral.stage),
            _ => None,
        });
        let is = |stage: &Stage| matches!(stage, Stage::Doubted { code: of, .. } if of == code);
        before.chain(here).any(is)
    };
    let mut codes = (1_u32..).map(|number| format!("Y{number}"));
    codes.find(|code| !taken(code)).unwrap_or_default()
}

fn ask_staff(
    draft: &mut Draft<'_>,
    programme: Programme<'_>,
    id: &ReferralId,
    (stage, inviter, group): (&Stage, &PersonId, &GroupId),
) {
    let Stage::Doubted { code, why } = stage else { return };
    let mut occasion = about(draft, programme, (id, inviter, group), &id.1);
    let mut put = |name: &str, fact| occasion.facts.insert(name.to_owned(), fact);
    put("code", Fact::Text(code.clone()));
    let phrase = match why {
        Doubt::TooMany { count, most, .. } => {
            put("count", Fact::Number(i64::from(*count)));
            put("most", Fact::Number(i64::from(*most)));
            &programme.1.phrases.too_many
        }
        Doubt::SameName { .. } => &programme.1.phrases.same_name,
    };
    effects::alarm(draft, phrase, &rule_of(programme), &occasion);
}

/// What wording can say, about one of the two.
pub(super) fn about(
    draft: &Draft<'_>,
    (_, referral): Programme<'_>,
    ((name, newcomer), inviter, group): (&ReferralId, &PersonId, &GroupId),
    whom: &PersonId,
) -> Occasion {
    let count = referrer(draft, name, inviter).counted;
    let next = referral.targets.iter().map(|target| target.at).find(|at| *at > count);
    let called = |person: &PersonId| Fact::Text(draft.community.name_of(Some(group), person));
    let facts = [
        ("title", Fact::Text(referral.title.clone())),
        ("newcomer", called(newcomer)),
        ("inviter", called(inviter)),
        ("count", Fact::Number(i64::from(count))),
        ("next", Fact::Number(i64::from(next.unwrap_or(0)))),
        ("left", Fact::Number(i64::from(next.map_or(0, |next| next - count)))),
    ];
    Occasion {
        group: Some(group.clone()),
        people: vec![whom.clone()],
        facts: facts.map(|(name, fact)| (format!("referral.{name}"), fact)).into(),
        ..Occasion::default()
    }
}

/// Somebody left. Before their time it does not count; after it, it did.
pub fn left(draft: &mut Draft<'_>, group: &GroupId, person: &PersonId) {
    for programme in running(draft, group) {
        let id = (programme.1.name.clone(), person.clone());
        let theirs = known(draft, &id).filter(|it| it.group == *group && it.stage.is_open());
        let Some(referral) = theirs.filter(|it| draft.now < it.until) else {
            continue;
        };
        draft.change(Change::Unscheduled { key: timer(&id) });
        let why = early(&referral, draft.now);
        void(draft, programme, (&id, &referral), why);
    }
}

fn early(referral: &Known, left_at: Moment) -> Uncounted {
    let hours = |length: std::time::Duration| length.as_secs() / 3600;
    Uncounted::Left {
        hours: hours(left_at.since(referral.came_at)),
        stay: hours(referral.until.since(referral.came_at)),
    }
}

fn void(draft: &mut Draft<'_>, programme: Programme<'_>, (id, referral): (&ReferralId, &Known), why: Uncounted) {
    let stage = Stage::Void {
        at: draft.now,
        why: why.clone(),
    };
    draft.change(Change::ReferralStood { id: id.clone(), stage });
    let verdict = Verdict::Uncounted(Box::new(why));
    draft.weighed(&rule_of(programme), Some(&id.1), verdict);
    let occasion = about(draft, programme, (id, &referral.inviter, &referral.group), &id.1);
    matching::raise(draft, trigger::Fact::ReferralVoid, id.0.as_str(), &occasion);
}

/// A newcomer's time is over.
pub fn came_due(draft: &mut Draft<'_>, id: &ReferralId) {
    // The timer of an account somebody was linked by may be another's, and come early.
    let is_time = |known: &Known| known.stage.is_open() && known.until <= draft.now;
    let Some(referral) = known(draft, id).filter(is_time) else {
        return;
    };
    let Some(programme) = programme(draft, &id.0, &referral.group) else {
        let rule = RuleName::new(format!("referral.{}", id.0));
        return draft.weighed(&rule, Some(&id.1), Verdict::NoSuchRule);
    };
    // Staff have not said; they still may.
    if let Stage::Doubted { why, .. } = &referral.stage {
        let verdict = Verdict::Doubted(Box::new(why.clone()));
        return draft.weighed(&rule_of(programme), Some(&id.1), verdict);
    }
    settle(draft, programme, (id, &referral));
}

/// It counts, or it does not.
fn settle(draft: &mut Draft<'_>, programme: Programme<'_>, (id, referral): (&ReferralId, &Known)) {
    let member = draft.community.member(&referral.group, &id.1);
    // Who left without a word, or after their time, is known from the list.
    let left_at = member.and_then(|member| member.left).map(|(at, _)| at);
    if let Some(left_at) = left_at.filter(|at| *at < referral.until) {
        let why = early(referral, left_at);
        return void(draft, programme, (id, referral), why);
    }
    if let Some(why) = full(draft, programme.1, &referral.inviter) {
        return void(draft, programme, (id, referral), why);
    }
    draft.change(Change::ReferralCounted {
        id: id.clone(),
        at: draft.now,
        day: draft.today(),
    });
    draft.weighed(&rule_of(programme), Some(&id.1), Verdict::Fired);
    let (_, terms) = programme;
    let pair = (id, &referral.inviter, &referral.group);
    reward(draft, programme, pair, (&terms.newcomer, &id.1));
    reward(draft, programme, pair, (&terms.inviter, &referral.inviter));
    income::did(draft, income::Did::Invited, &referral.inviter);
    let occasion = about(draft, programme, pair, &id.1);
    matching::raise(draft, trigger::Fact::ReferralCounted, id.0.as_str(), &occasion);
    let count = referrer(draft, &id.0, &referral.inviter).counted;
    if let Some(target) = terms.targets.iter().find(|target| target.at == count) {
        reward(draft, programme, pair, (&target.then, &referral.inviter));
        let occasion = about(draft, programme, pair, &referral.inviter);
        matching::raise(draft, trigger::Fact::ReferralReached, id.0.as_str(), &occasion);
    }
}

/// Ceilings: of one person, and of all.
fn full(draft: &Draft<'_>, referral: &Referral, inviter: &PersonId) -> Option<Uncounted> {
    let counted = |person: &PersonId, period| so_far(draft, (&referral.name, person), period, |it| &it.counted_on);
    if let Some((most, period)) = referral.per_person {
        let count = match period {
            Period::Ever => referrer(draft, &referral.name, inviter).counted,
            _ => counted(inviter, period),
        };
        let named = period.of(draft.today());
        if count >= most {
            return Some(Uncounted::Full {
                count,
                most,
                period: named,
            });
        }
    }
    let (most, period) = referral.total?;
    let of_this = |(name, _): &&(ReferralName, PersonId)| *name == referral.name;
    let everybody = draft.community.referrers().keys().filter(of_this);
    let count = everybody.fold(0_u32, |sum, (_, person)| {
        sum.saturating_add(match period {
            Period::Ever => referrer(draft, &referral.name, person).counted,
            _ => counted(person, period),
        })
    });
    (count >= most).then(|| Uncounted::AllFull {
        count,
        most,
        period: period.of(draft.today()),
    })
}

/// What one of the two has of it. What cannot be given is told to staff: it was earned.
pub(super) fn reward(
    draft: &mut Draft<'_>,
    programme: Programme<'_>,
    (id, inviter, group): (&ReferralId, &PersonId, &GroupId),
    (then, whom): (&[Effect], &PersonId),
) {
    if then.is_empty() {
        return;
    }
    let rule = rule_of(programme);
    let cause = Cause {
        name: rule.clone(),
        kind: Kind::Care,
        then,
        otherwise: &[],
    };
    let occasion = about(draft, programme, (id, inviter, group), whom);
    let mut told = occasion.clone();
    // Whoever wants to be left in peace is not spoken about, to the other of the two either.
    for (name, person) in [("referral.newcomer", &id.1), ("referral.inviter", inviter)] {
        if person != whom && opting_out::is_out(draft.so_far(), person) {
            let somebody = draft.lang().pick("一位朋友", "a friend");
            told.facts.insert(name.to_owned(), Fact::Text(somebody.to_owned()));
        }
    }
    let verdict = effects::carry_out(draft, &cause, 0, told);
    let done = verdict.answers();
    draft.weighed(&rule, Some(whom), verdict);
    if !done {
        effects::alarm(draft, &programme.1.phrases.not_given, &rule, &occasion);
    }
}

/// Words of newcomers, questions of members, and what staff say.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    if draft.books.books.iter().all(|book| book.referrals.is_empty()) {
        return;
    }
    if said.by_staff {
        return judge(draft, said);
    }
    let home = || {
        let known = draft.community.people().get(&said.message.from)?;
        known.home.clone()
    };
    let Some(group) = said.message.group.clone().or_else(home) else {
        return;
    };
    for programme in running(draft, &group) {
        let said = &*said.under(programme.0.fold);
        let person = &said.message.from;
        let verdict = if said.is_one_of(&programme.1.ask) {
            tell_word(draft, programme, (person, &group))
        } else if said.is_one_of(&programme.1.mine) {
            tell_progress(draft, programme, (said, &group))
        } else if let Some(inviter) = named(draft, programme.1, said) {
            by_word(draft, programme, (said, &inviter, &group))
        } else {
            continue;
        };
        draft.weighed(&rule_of(programme), Some(person), verdict);
    }
}

/// Whose word a message has in it.
fn named(draft: &Draft<'_>, referral: &Referral, said: &Said<'_>) -> Option<PersonId> {
    let divides = |character: char| !character.is_ascii_alphanumeric();
    let parts = said.words.split(divides).filter(|part| part.len() >= WORD_LENGTH);
    let whose = |part: &str| draft.community.words().get(&part.to_ascii_uppercase());
    parts
        .filter_map(whose)
        .find(|(name, _)| *name == referral.name)
        .map(|(_, person)| person.clone())
}

/// Somebody's own word. It is no secret: whoever says it says who invited them.
fn tell_word(draft: &mut Draft<'_>, programme: Programme<'_>, (person, group): (&PersonId, &GroupId)) -> Verdict {
    let name = &programme.1.name;
    let known = referrer(draft, name, person).word;
    let word = if known.is_empty() {
        let word = new_word(draft, name, person);
        draft.change(Change::ReferralWord {
            referral: name.clone(),
            person: person.clone(),
            word: word.clone(),
        });
        word
    } else {
        known.to_string()
    };
    let id = (name.clone(), person.clone());
    let mut occasion = about(draft, programme, (&id, person, group), person);
    let hours = programme.1.within.as_secs() / 3600;
    let facts = [
        ("word", Fact::Text(word)),
        ("hours", Fact::Number(i64::try_from(hours).unwrap_or(0))),
    ];
    occasion.facts.extend(facts.map(|(name, fact)| (name.to_owned(), fact)));
    let speech = Speech::plain(&programme.1.phrases.word, To::Person, Kind::Service);
    match effects::speak(draft, &speech, &rule_of(programme), &occasion) {
        Ok(_) => Verdict::Fired,
        Err(verdict) => verdict,
    }
}

/// Made of who they are and nothing secret, so that a rehearsal knows the words that were said.
fn new_word(draft: &Draft<'_>, name: &ReferralName, person: &PersonId) -> String {
    let digest = Sha256::digest(format!("referral word\n{name}\n{person}").as_bytes());
    let letters: String = digest
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect();
    let lengths = WORD_LENGTH..letters.len();
    let words = lengths.map(|length| letters[..length].to_owned());
    let mut free = words.filter(|word| !draft.community.words().contains_key(word));
    free.next().unwrap_or(letters)
}

/// How far somebody is.
fn tell_progress(draft: &mut Draft<'_>, programme: Programme<'_>, (said, group): (&Said<'_>, &GroupId)) -> Verdict {
    let person = &said.message.from;
    let id = (programme.1.name.clone(), person.clone());
    let facts = about(draft, programme, (&id, person, group), person).facts;
    let theirs =
        draft.community.referrals().iter().filter(|((name, _), known)| {
            *name == programme.1.name && known.inviter == *person && known.stage.is_open()
        });
    let zone = &draft.books.house.zone;
    let theirs: Vec<_> = theirs.collect();
    let waiting = i64::try_from(theirs.len()).unwrap_or(i64::MAX);
    // Whoever wants to be left in peace counts, and is not spoken about.
    let named = theirs
        .iter()
        .filter(|((_, newcomer), _)| !opting_out::is_out(draft.so_far(), newcomer));
    let lines: Vec<String> = named
        .map(|((_, newcomer), known)| {
            let day = known.until.in_zone(zone).strftime("%m-%d").to_string();
            format!("{} → {day}", draft.community.name_of(Some(&known.group), newcomer))
        })
        .collect();
    let mut occasion = said.occasion.clone();
    occasion.facts.extend(facts);
    occasion.facts.insert("waiting".to_owned(), Fact::Number(waiting));
    occasion.facts.insert("lines".to_owned(), Fact::List(lines));
    answer(draft, &programme.1.phrases.progress, &rule_of(programme), &occasion)
}

/// Somebody wrote somebody's word.
fn by_word(
    draft: &mut Draft<'_>,
    programme: Programme<'_>,
    (said, inviter, group): (&Said<'_>, &PersonId, &GroupId),
) -> Verdict {
    let person = &said.message.from;
    if said.message.group.is_none() && !is_here(draft, group, person) {
        return Verdict::NobodyThere;
    }
    let since = draft
        .community
        .member(group, person)
        .and_then(|member| member.joined_at)
        .map(|joined_at| draft.now.since(joined_at));
    let hours = |length: std::time::Duration| length.as_secs() / 3600;
    let within = programme.1.within;
    let verdict = match since {
        Some(since) if since > within && is_new(draft, group, person) && person != inviter => {
            Verdict::Uncounted(Box::new(Uncounted::Late {
                hours: hours(since),
                within: hours(within),
            }))
        }
        _ => consider(draft, programme, (person, inviter, group), How::Word),
    };
    let phrases = &programme.1.phrases;
    let phrase: Option<&Wording> = match &verdict {
        Verdict::Waits { .. } | Verdict::Doubted(_) => Some(&phrases.noted),
        Verdict::Uncounted(why) => Some(match **why {
            Uncounted::Late { .. } => &phrases.late,
            Uncounted::Yourself => &phrases.yourself,
            Uncounted::Already { .. } => &phrases.already,
            _ => &phrases.not_new,
        }),
        _ => None,
    };
    if let Some(phrase) = phrase {
        let id = (programme.1.name.clone(), person.clone());
        let mut occasion = about(draft, programme, (&id, inviter, group), person);
        occasion.message.clone_from(&said.occasion.message);
        let days = programme.1.stay.as_secs() / (24 * 3600);
        occasion
            .facts
            .insert("days".to_owned(), Fact::Number(i64::try_from(days).unwrap_or(0)));
        let _ = answer(draft, phrase, &rule_of(programme), &occasion);
    }
    verdict
}

/// Staff say of a doubted one whether it counts: 「算数 Y3」, 「不算 Y3」.
fn judge(draft: &mut Draft<'_>, said: &Said<'_>) {
    let words = |zh: &str, en: &str| vec![zh.to_owned(), en.to_owned()];
    let (code, counts) = match said.after_word(&words("算数", "count"), Apart::MayJoin) {
        Some(code) => (code, true),
        None => match said.after_word(&words("不算", "void"), Apart::MayJoin) {
            Some(code) => (code, false),
            None => return,
        },
    };
    let code = fold(code).to_uppercase();
    let asked = |known: &Known| matches!(&known.stage, Stage::Doubted { code: of, .. } if *of == code);
    let found = draft.community.referrals().iter().find(|(_, known)| asked(known));
    let Some((id, referral)) = found.map(|(id, known)| (id.clone(), known.clone())) else {
        return;
    };
    let Some(programme) = programme(draft, &id.0, &referral.group) else {
        return;
    };
    let phrases = &programme.1.phrases;
    let by = said.message.from.clone();
    let phrase = match counts {
        false => {
            draft.change(Change::Unscheduled { key: timer(&id) });
            void(draft, programme, (&id, &referral), Uncounted::Declined { by });
            &phrases.declined
        }
        true => {
            let stage = Stage::Waiting;
            draft.change(Change::ReferralStood { id: id.clone(), stage });
            if draft.now >= referral.until {
                settle(draft, programme, (&id, &referral));
            }
            &phrases.agreed
        }
    };
    let mut occasion = about(draft, programme, (&id, &referral.inviter, &referral.group), &id.1);
    occasion.group.clone_from(&said.message.group);
    if occasion.group.is_none() {
        occasion.people = vec![said.message.from.clone()];
    }
    occasion.facts.insert("code".to_owned(), Fact::Text(code));
    let _ = answer(draft, phrase, &rule_of(programme), &occasion);
}
