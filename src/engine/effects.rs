//! Carries out effects: in the order written, all of them or none.

use std::borrow::Cow;

use crate::chat::fold::is_invisible;
use crate::chat::{Capability, CouponName, Deed, GroupId, Kind, Moment, PersonId, RuleName, Segment};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::person::FIELDS_MOST;
use crate::playbook::effect::{Link, Pick};
use crate::playbook::guard::Measure;
use crate::playbook::points::Award;
use crate::playbook::privacy::{PHONE, Personal};
use crate::playbook::trigger;
use crate::playbook::{Effect, To, Wording};

use super::draft::{Cause, Draft};
use super::guards::{self, Message};
use super::probe::Asked;
use super::scene::scene;
use super::verdict::Verdict;
use super::{
    accounts, alert, by_hand, calling, card_sales, column, coupon, draw, gathering_now, manners, matching, merging,
    opting_out, points, privacy, quiz, removal, survey, tagging, vote, waiting,
};

/// The longest value of a field, in characters.
const FIELD_MAX: usize = 200;

/// Something to be said, before manners and gateways have had their word.
#[derive(Clone, Copy)]
pub struct Speech<'a> {
    pub wording: &'a Wording,
    pub to: To,
    pub mention: bool,
    pub image: Option<&'a str>,
    pub file: Option<&'a str>,
    pub link: Option<&'a Link>,
    /// It may share a message with what other rules say.
    pub merge: bool,
    pub kind: Kind,
}

impl<'a> Speech<'a> {
    /// Words and nothing else.
    pub fn plain(wording: &'a Wording, to: To, kind: Kind) -> Self {
        Self {
            wording,
            to,
            mention: false,
            image: None,
            file: None,
            link: None,
            merge: false,
            kind,
        }
    }

    fn whole(&self, mut content: Vec<Segment>) -> Vec<Segment> {
        content.extend(self.image.map(|image| Segment::Image(image.to_owned())));
        content.extend(self.file.map(|place| Segment::File {
            place: place.to_owned(),
            name: place.rsplit('/').next().unwrap_or(place).to_owned(),
        }));
        content.extend(self.link.map(|link| Segment::Link {
            url: link.url.clone(),
            title: link.title.clone(),
        }));
        content
    }
}

/// What became of something said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spoken {
    /// Until when it is held back, if it is.
    pub held: Option<Moment>,
    /// It joined another rule's message.
    pub merged: bool,
}

/// Which list of a cause is carried out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Then,
    Otherwise,
}

impl Part {
    fn of<'a>(self, cause: &Cause<'a>) -> &'a [Effect] {
        match self {
            Part::Then => cause.then,
            Part::Otherwise => cause.otherwise,
        }
    }

    /// From where on what waits goes on in `then`; nothing of it follows from `otherwise`.
    fn waits_at(self, cause: &Cause<'_>, step: usize) -> usize {
        match self {
            Part::Then => step,
            Part::Otherwise => cause.then.len(),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Part::Then => "then",
            Part::Otherwise => "otherwise",
        }
    }
}

/// What effects came to.
#[derive(Default)]
struct Performed {
    /// Until when what was said is held back, if it is.
    held: Option<Moment>,
    /// What was said joined another rule's message.
    merged: bool,
    /// Who was refused while others were not.
    refused: Vec<Refused>,
}

/// Somebody who drops out, and why.
type Refused = (PersonId, Verdict);

/// Carries out the effects of `cause` from `step` on.
///
/// If one is refused, none happens. A refused coupon, or points that are short, let `otherwise` speak, with `{{ reason }}`; where some of several
/// people were refused, to them.
pub fn carry_out(draft: &mut Draft<'_>, cause: &Cause<'_>, step: usize, occasion: Occasion) -> Verdict {
    if let Err(paused) = guards::may_act(draft, cause) {
        return paused;
    }
    let bookmark = draft.bookmark();
    let mut scratch = occasion.clone();
    match perform(draft, cause, (Part::Then, step), &mut scratch) {
        Ok(Performed { held, merged, refused }) => {
            console(draft, cause, refused, &occasion);
            match held {
                _ if merged => Verdict::Merged,
                Some(until) => Verdict::Deferred { until },
                None => Verdict::Fired,
            }
        }
        Err(verdict) => {
            draft.back_to(bookmark);
            speak_otherwise(draft, cause, &verdict, occasion);
            verdict
        }
    }
}

/// Those who were refused while others were not hear `otherwise`, together if for the same reason.
fn console(draft: &mut Draft<'_>, cause: &Cause<'_>, refused: Vec<Refused>, occasion: &Occasion) {
    let mut by_reason: Vec<(Verdict, Vec<PersonId>)> = Vec::new();
    for (person, verdict) in refused {
        draft.weighed(&cause.name, Some(&person), verdict.clone());
        let kind = std::mem::discriminant(&verdict);
        match by_reason.iter_mut().find(|(it, _)| std::mem::discriminant(it) == kind) {
            Some((_, people)) => people.push(person),
            None => by_reason.push((verdict, vec![person])),
        }
    }
    for (verdict, people) in by_reason {
        let theirs = Occasion {
            people,
            ..occasion.clone()
        };
        speak_otherwise(draft, cause, &verdict, theirs);
    }
}

/// `otherwise`, with the manners of the rule it belongs to. If it is refused itself, a verdict says so.
fn speak_otherwise(draft: &mut Draft<'_>, cause: &Cause<'_>, verdict: &Verdict, mut occasion: Occasion) {
    let held = matches!(verdict, Verdict::Guarded(_)) && cause.kind != Kind::Service;
    if cause.otherwise.is_empty() || held {
        return;
    }
    let Some(reason) = reason(draft, verdict) else { return };
    occasion.facts.insert("reason".to_owned(), Fact::Text(reason));
    draft.probe.asked(None, true, || Asked::Otherwise);
    let bookmark = draft.bookmark();
    if let Err(why_not) = perform(draft, cause, (Part::Otherwise, 0), &mut occasion) {
        draft.back_to(bookmark);
        draft.weighed(&cause.name, occasion.people.first(), why_not);
    }
}

/// Says one of a mechanic's own phrases to the group of the occasion, as an answer.
pub fn answer(draft: &mut Draft<'_>, wording: &Wording, rule: &RuleName, occasion: &Occasion) -> Verdict {
    let to = if occasion.group.is_some() {
        To::Group
    } else {
        To::Person
    };
    match speak(draft, &Speech::plain(wording, to, Kind::Service), rule, occasion) {
        Ok(_) => Verdict::Fired,
        Err(verdict) => verdict,
    }
}

/// Tells the staff one of the house's own phrases.
pub fn alarm(draft: &mut Draft<'_>, wording: &Wording, rule: &RuleName, occasion: &Occasion) {
    let speech = Speech::plain(wording, To::Staff, Kind::Service);
    if let Err(verdict) = speak(draft, &speech, rule, occasion) {
        draft.weighed(rule, None, verdict);
    }
}

/// What a refused member is told; `None` for refusals that are not about the member.
fn reason(draft: &Draft<'_>, verdict: &Verdict) -> Option<String> {
    let phrases = &draft.books.phrases;
    let reason = match verdict {
        Verdict::AlreadyHad { .. } => &phrases.already_had,
        Verdict::SoldOut { .. } | Verdict::NoCodes { .. } => &phrases.sold_out,
        Verdict::BudgetSpent { .. } => &phrases.budget_spent,
        Verdict::Guarded(breach) if breach.bound.of == Measure::Spends => &phrases.budget_spent,
        Verdict::Short { .. } => &phrases.short,
        Verdict::HasNone => &phrases.has_none,
        Verdict::AlreadyOpen { .. } => &phrases.already_open,
        Verdict::NotOpen => &phrases.not_open,
        _ => return None,
    };
    render(draft, reason, &Occasion::default()).ok()
}

/// Effects in order.
#[allow(clippy::too_many_lines, reason = "one arm an effect: a table")]
fn perform(
    draft: &mut Draft<'_>,
    cause: &Cause<'_>,
    (part, from): (Part, usize),
    occasion: &mut Occasion,
) -> Result<Performed, Verdict> {
    let mut done = Performed::default();
    for (step, effect) in part.of(cause).iter().enumerate().skip(from) {
        match effect {
            Effect::Say { .. } => match say(draft, cause, (part, step, effect), occasion) {
                Ok(spoken) => {
                    done.held = done.held.max(spoken.held);
                    done.merged |= spoken.merged;
                }
                // Not a word to them; what else the rule does is done all the same.
                Err(Verdict::OptedOut { done: true }) => {}
                Err(verdict) => return Err(verdict),
            },
            Effect::Give { coupon } => done.refused.extend(give(draft, coupon, &cause.name, occasion)?),
            Effect::Take { coupon } => done.refused.extend(take(draft, coupon, occasion)?),
            Effect::Points(award) => done.refused.extend(move_points(draft, award, &cause.name, occasion)?),
            Effect::Card { card, paid } => card_sales::give(draft, (card, *paid), occasion)?,
            Effect::MakeUp { check_in, cards } => {
                for person in &occasion.people {
                    draft.change(Change::MakeUpCards {
                        check_in: check_in.clone(),
                        person: person.clone(),
                        amount: i32::try_from(*cards).unwrap_or(i32::MAX),
                    });
                }
            }
            Effect::Set { fields } => set(draft, fields, occasion)?,
            Effect::Remember => {}
            Effect::Tag { tag } => tagging::tag(draft, tag, occasion),
            Effect::Untag { tag } => tagging::untag(draft, tag, occasion),
            Effect::RenameGroup { name } => {
                waiting::rename(draft, (cause, part.waits_at(cause, step)), name, occasion)?;
                return Ok(done);
            }
            Effect::SetCard { card } => {
                if waiting::set_card(draft, (cause, part.waits_at(cause, step)), card, occasion)? {
                    return Ok(done);
                }
            }
            Effect::Recall => {
                if let (Some(_), Some(message)) = (&occasion.group, occasion.message.clone()) {
                    let group = here(draft, occasion)?;
                    draft.act(Deed::Recall { group, message }, cause.kind, draft.now, &cause.name);
                }
            }
            Effect::OpenVote { vote } => {
                let group = here(draft, occasion)?;
                vote::open(draft, vote, &group, occasion.people.first())?;
            }
            Effect::CloseVote { vote } => {
                let group = here(draft, occasion)?;
                vote::close_now(draft, &(vote.clone(), group))?;
            }
            Effect::OpenDraw { draw } => {
                let group = here(draft, occasion)?;
                draw::open(draft, &(draw.clone(), group))?;
            }
            Effect::CloseDraw { draw } => {
                let group = here(draft, occasion)?;
                draw::draw_now(draft, &(draw.clone(), group))?;
            }
            Effect::OpenSurvey { survey } => survey::open(draft, survey, &here(draft, occasion)?)?,
            Effect::CloseSurvey { survey } => survey::close_now(draft, survey, &here(draft, occasion)?)?,
            Effect::OpenQuiz { quiz } => quiz::open(draft, quiz, &here(draft, occasion)?)?,
            Effect::CloseQuiz { quiz } => quiz::close_now(draft, quiz, &here(draft, occasion)?)?,
            Effect::OpenEvent { event, starts } => {
                let group = here(draft, occasion)?;
                gathering_now::open_now(draft, event, &group, *starts)?;
            }
            Effect::CloseEvent { event } => {
                let group = here(draft, occasion)?;
                gathering_now::close_now(draft, event, &group)?;
            }
            Effect::Piece { column } => {
                let spoken = column::say(draft, cause, column, occasion)?;
                done.held = done.held.max(spoken.held);
            }
            Effect::Call { call, with } => calling::call(draft, cause, (call, with), occasion)?,
            Effect::Kick { reason, within } => {
                let refused = removal::kick(draft, (cause, part.waits_at(cause, step)), (reason, *within), occasion)?;
                done.refused.extend(refused);
                return Ok(done);
            }
            Effect::Alert { wording, every } => {
                let place = format!("{}/{step}", part.word());
                alert::alert(draft, (&cause.name, &place), (wording, *every), occasion)?;
            }
        }
    }
    Ok(done)
}

fn say(
    draft: &mut Draft<'_>,
    cause: &Cause<'_>,
    (part, step, effect): (Part, usize, &Effect),
    occasion: &Occasion,
) -> Result<Spoken, Verdict> {
    let Effect::Say {
        wordings,
        pick,
        to,
        mention,
        image,
        file,
        link,
        merge,
    } = effect
    else {
        return Ok(Spoken::default());
    };
    let wording = match pick {
        Pick::Dice => by_dice(draft, wordings, &cause.name, step),
        Pick::Rotate => in_turn(draft, wordings, &cause.name, (part, step, occasion)),
    };
    let speech = Speech {
        wording,
        to: *to,
        mention: *mention,
        image: image.as_deref(),
        file: file.as_deref(),
        link: link.as_ref(),
        merge: *merge,
        kind: cause.kind,
    };
    speak(draft, &speech, &cause.name, occasion)
}

/// Keeps what the operator wants to know of everybody it is about.
fn set(draft: &mut Draft<'_>, fields: &[(String, Wording)], occasion: &Occasion) -> Result<(), Verdict> {
    for (field, wording) in fields {
        let value: String = one_line(&render(draft, wording, occasion)?)
            .chars()
            .take(FIELD_MAX)
            .collect();
        for person in &occasion.people {
            if field == PHONE && privacy::withheld(draft, person, Personal::Phone) {
                continue;
            }
            let known = draft.fields_of(person);
            if !value.is_empty() && !known.contains_key(field.as_str()) && known.len() >= FIELDS_MOST {
                return Err(unsayable(draft, format!("a person has {FIELDS_MOST} fields at most")));
            }
            draft.change(Change::FieldSet {
                person: person.clone(),
                field: field.clone(),
                value: value.clone(),
            });
        }
    }
    Ok(())
}

/// The group it happened in, if the bot is in it still.
pub fn here(draft: &Draft<'_>, occasion: &Occasion) -> Result<GroupId, Verdict> {
    let Some(group) = &occasion.group else {
        return Err(nobody(draft));
    };
    within(draft, group)?;
    Ok(group.clone())
}

/// The bot must be in the group.
fn within(draft: &Draft<'_>, group: &GroupId) -> Result<(), Verdict> {
    let inside = draft.is_inside(group);
    draft.probe.asked(None, inside, || Asked::Inside);
    match inside {
        true => Ok(()),
        false => Err(Verdict::Gone),
    }
}

pub fn nobody(draft: &Draft<'_>) -> Verdict {
    draft.probe.asked(None, false, || Asked::Somebody);
    Verdict::NobodyThere
}

pub fn incapable(draft: &Draft<'_>, needs: Capability) -> Verdict {
    draft.probe.asked(None, false, || Asked::Capability { needs });
    Verdict::GatewayCannot
}

fn unsayable(draft: &Draft<'_>, why: String) -> Verdict {
    draft.probe.asked(None, false, || Asked::Wording {
        unsaid: Some(why.clone()),
    });
    Verdict::Failed { why }
}

/// A name for a group or a member: one line, and something to be seen in it.
pub fn label(draft: &Draft<'_>, wording: &Wording, occasion: &Occasion) -> Result<String, Verdict> {
    let name = one_line(&render(draft, wording, occasion)?);
    match name
        .chars()
        .all(|character| character.is_whitespace() || is_invisible(character))
    {
        true => Err(unsayable(draft, "the name comes to nothing".to_owned())),
        false => Ok(name),
    }
}

/// Does something for everybody it is about. Returns who was refused: they drop out. If all are, nothing happens.
pub fn each_or_refused<'d>(
    draft: &mut Draft<'d>,
    occasion: &mut Occasion,
    mut one: impl FnMut(&mut Draft<'d>, &PersonId, &mut Occasion) -> Result<(), Verdict>,
) -> Result<Vec<Refused>, Verdict> {
    let everybody = std::mem::take(&mut occasion.people);
    let mut refused = Vec::new();
    for person in everybody {
        match one(draft, &person, occasion) {
            Ok(()) => occasion.people.push(person),
            // A guard is not about one of them: nothing of it is done.
            Err(guarded @ Verdict::Guarded(_)) => return Err(guarded),
            Err(verdict) => refused.push((person, verdict)),
        }
    }
    match refused.first() {
        Some((_, verdict)) if occasion.people.is_empty() => Err(verdict.clone()),
        None if occasion.people.is_empty() => Err(nobody(draft)),
        _ => Ok(refused),
    }
}

fn give(
    draft: &mut Draft<'_>,
    name: &CouponName,
    rule: &RuleName,
    occasion: &mut Occasion,
) -> Result<Vec<Refused>, Verdict> {
    let coupon = draft.books.coupon(name).ok_or(Verdict::NoSuchRule)?;
    let refused = each_or_refused(draft, occasion, |draft, person, occasion| {
        let given = coupon::give(draft, coupon, person, (occasion, rule))?;
        coupon::facts(coupon, &given, occasion);
        Ok(())
    })?;
    matching::raise(draft, trigger::Fact::CouponGiven, name.as_str(), occasion);
    Ok(refused)
}

fn take(draft: &mut Draft<'_>, name: &CouponName, occasion: &mut Occasion) -> Result<Vec<Refused>, Verdict> {
    let coupon = draft.books.coupon(name).ok_or(Verdict::NoSuchRule)?;
    each_or_refused(draft, occasion, |draft, person, occasion| {
        let taken = coupon::take(draft, coupon, person)?;
        coupon::facts(coupon, &taken, occasion);
        Ok(())
    })
}

/// Every movement is a fact of its own: what one person has left is no other's.
fn move_points(
    draft: &mut Draft<'_>,
    award: &Award,
    rule: &RuleName,
    occasion: &mut Occasion,
) -> Result<Vec<Refused>, Verdict> {
    let mut moved = Vec::new();
    let refused = each_or_refused(draft, occasion, |draft, person, occasion| {
        let mut alone = Occasion {
            people: vec![person.clone()],
            ..occasion.clone()
        };
        let had = points::purse(draft, person).balance;
        let amount = points::award(draft, award, person, (&mut alone, rule))?;
        occasion.facts.clone_from(&alone.facts);
        moved.push((had, amount, alone));
        Ok(())
    })?;
    for (had, amount, alone) in moved {
        points::told(draft, &alone, (had, amount));
    }
    Ok(refused)
}

/// One of several wordings, as the dice fall for a rule's step.
pub fn by_dice<'w>(draft: &Draft<'_>, wordings: &'w [Wording], rule: &RuleName, step: usize) -> &'w Wording {
    let sides = u64::try_from(wordings.len()).unwrap_or(1);
    let choice = if sides > 1 {
        draft
            .dice
            .throw(&draft.event.id, &draft.first_name(rule), &format!("say/{step}"), sides)
    } else {
        0
    };
    nth(wordings, usize::try_from(choice).unwrap_or(0))
}

/// One wording after the other in each group; where it stands is remembered as a firing of its own.
fn in_turn<'w>(
    draft: &mut Draft<'_>,
    wordings: &'w [Wording],
    rule: &RuleName,
    (part, step, occasion): (Part, usize, &Occasion),
) -> &'w Wording {
    let group = occasion.group.as_ref().map_or("", |group| group.as_str());
    let scope = format!("rotate {}/{step} {group}", part.word());
    let said = draft.mark(rule, &scope).map_or(0, |mark| mark.count);
    draft.change(Change::Fired {
        rule: rule.clone(),
        scope,
        at: draft.now,
        period: "ever".to_owned(),
    });
    nth(wordings, usize::try_from(said).unwrap_or(0) % wordings.len().max(1))
}

fn nth(wordings: &[Wording], place: usize) -> &Wording {
    // Reading refuses a `say` without wording, so the first is always there.
    wordings.get(place).unwrap_or(&wordings[0])
}

pub fn render(draft: &Draft<'_>, wording: &Wording, occasion: &Occasion) -> Result<String, Verdict> {
    let said = wording
        .render(&scene(draft, occasion, wording.wanted()))
        .map_err(|unsaid| unsayable(draft, unsaid.to_string()))?;
    Ok(said.trim().to_owned())
}

pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Says something.
pub fn speak(
    draft: &mut Draft<'_>,
    speech: &Speech<'_>,
    rule: &RuleName,
    occasion: &Occasion,
) -> Result<Spoken, Verdict> {
    let heard = match speech.to {
        To::Staff => Cow::Borrowed(occasion),
        To::Group | To::Person => opting_out::audience(draft, (speech.kind, rule), occasion)?,
    };
    let occasion = &*heard;
    let words = render(draft, speech.wording, occasion)?;
    if words.is_empty() {
        return Ok(Spoken::default());
    }
    if speech.to != To::Staff {
        guards::running(draft, rule, speech.kind)?;
    }
    let due = manners::earliest(draft, speech.kind);
    draft.probe.asked(None, true, || Asked::Quiet {
        until: (due > draft.now).then_some(due),
    });
    let mut merged = false;
    match (speech.to, &occasion.group) {
        (To::Group, Some(group)) => merged = say_in_group(draft, (speech, rule), (group, due, words), occasion)?,
        (To::Group | To::Person, _) => whisper(draft, (speech, rule), (due, words), occasion)?,
        (To::Staff, _) => {
            let content = speech.whole(vec![Segment::Text(words)]);
            return match draft.tell_staff(&content, rule, occasion.group.as_ref()) {
                true => Ok(Spoken::default()),
                false => Err(nobody(draft)),
            };
        }
    }
    let held = (due > draft.now).then_some(due);
    Ok(Spoken { held, merged })
}

/// Tells whether it joined a message another rule says; then it counts as none.
fn say_in_group(
    draft: &mut Draft<'_>,
    (speech, rule): (&Speech<'_>, &RuleName),
    (group, due, words): (&GroupId, Moment, String),
    occasion: &Occasion,
) -> Result<bool, Verdict> {
    within(draft, group)?;
    if !draft.books.house.can(&group.gateway(), Capability::Say) {
        by_hand::say(draft, rule, (group, words), occasion);
        return Ok(false);
    }
    if speech.merge {
        let host = merging::host(&draft.decision.actions, &draft.shared, (group, speech.kind, due));
        draft.shared.push(draft.decision.actions.len());
        if host.is_some() {
            let deed = Deed::Say {
                group: group.clone(),
                content: speech.whole(vec![Segment::Text(words)]),
            };
            draft.act(deed, speech.kind, due, rule);
            return Ok(true);
        }
    }
    manners::admit(draft, group, speech.kind, due)?;
    let called = if speech.mention {
        manners::callable(draft, &occasion.people, (speech.kind, due), rule)
    } else {
        Vec::new()
    };
    let night = is_night(draft, due) && occasion.message.is_none();
    let message = Message {
        group,
        kind: speech.kind,
        due,
        called: &called,
        night,
    };
    guards::admit_message(draft, message, rule)?;
    let content = if called.is_empty() {
        vec![Segment::Text(words)]
    } else {
        addressed(draft, group, &called, format!(" {words}"))
    };
    let (on, book) = (manners::day_of(draft, due), guards::counting(draft, rule));
    draft.act(
        Deed::Say {
            group: group.clone(),
            content: speech.whole(content),
        },
        speech.kind,
        due,
        rule,
    );
    draft.change(Change::Told {
        group: group.clone(),
        on,
        kind: speech.kind,
        mentions: called,
        at: due,
        night: night && book.is_some(),
        book,
    });
    Ok(false)
}

fn is_night(draft: &Draft<'_>, at: Moment) -> bool {
    let local = at.in_zone(&draft.books.house.zone);
    draft.books.house.manners.quiet_until(local.time()).is_some()
}

/// In private, where the gateway can; else in the group the person is in, by name.
fn whisper(
    draft: &mut Draft<'_>,
    (speech, rule): (&Speech<'_>, &RuleName),
    (due, words): (Moment, String),
    occasion: &Occasion,
) -> Result<(), Verdict> {
    if occasion.people.is_empty() {
        return Err(nobody(draft));
    }
    for person in &occasion.people {
        if accounts::can_be_written(draft, person) {
            let content = speech.whole(vec![Segment::Text(words.clone())]);
            draft.act(
                Deed::Whisper {
                    person: person.clone(),
                    content,
                },
                speech.kind,
                due,
                rule,
            );
        } else {
            draft.probe.asked(Some(person), false, || Asked::Capability {
                needs: Capability::Whisper,
            });
            let home = draft.community.people().get(person).and_then(|it| it.home.clone());
            let group = occasion
                .group
                .clone()
                .or(home)
                .ok_or_else(|| incapable(draft, Capability::Whisper))?;
            let alone = Occasion {
                people: vec![person.clone()],
                ..occasion.clone()
            };
            let speech = Speech {
                mention: true,
                ..*speech
            };
            say_in_group(draft, (&speech, rule), (&group, due, words.clone()), &alone)?;
        }
    }
    Ok(())
}

/// Words with people called by name before them; on a gateway that cannot call, their names are written.
pub fn addressed(draft: &Draft<'_>, group: &GroupId, people: &[PersonId], words: String) -> Vec<Segment> {
    let can = draft.books.house.can(&group.gateway(), Capability::Mention);
    let mut content: Vec<Segment> = Vec::with_capacity(people.len() + 1);
    for person in people {
        content.push(if can {
            Segment::Mention(person.clone())
        } else {
            Segment::Text(format!("@{} ", draft.community.name_of(Some(group), person)))
        });
    }
    content.push(Segment::Text(words));
    content
}
