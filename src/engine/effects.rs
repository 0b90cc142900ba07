//! Carries out effects: in the order written, all of them or none.

use crate::chat::fold::is_invisible;
use crate::chat::{Capability, Deed, GroupId, Kind, Moment, PersonId, RuleName, Segment};
use crate::community::change::{Change, Fact, Occasion};
use crate::playbook::trigger;
use crate::playbook::{Effect, To, Wording};

use super::draft::{Cause, Draft};
use super::probe::Asked;
use super::scene::scene;
use super::verdict::Verdict;
use super::{coupon, manners, matching, vote};

/// Something to be said, before manners and gateways have had their word.
pub struct Speech<'a> {
    pub wording: &'a Wording,
    pub to: To,
    pub mention: bool,
    pub image: Option<&'a str>,
    pub kind: Kind,
}

/// What effects came to.
#[derive(Default)]
struct Performed {
    /// Until when what was said is held back, if it is.
    held: Option<Moment>,
    /// Who got no coupon while others did.
    refused: Vec<(PersonId, Verdict)>,
}

/// Carries out the effects of `cause` from `step` on.
///
/// If one is refused, none happens. A refused coupon lets `otherwise` speak, with `{{ reason }}`; where some of several
/// people were refused, to them.
pub fn carry_out(draft: &mut Draft<'_>, cause: &Cause<'_>, step: usize, occasion: Occasion) -> Verdict {
    let bookmark = draft.bookmark();
    let mut scratch = occasion.clone();
    match perform(draft, cause, (cause.then, step), &mut scratch) {
        Ok(Performed { held, refused }) => {
            console(draft, cause, refused, &occasion);
            held.map_or(Verdict::Fired, |until| Verdict::Deferred { until })
        }
        Err(verdict) => {
            draft.back_to(bookmark);
            speak_otherwise(draft, cause, &verdict, occasion);
            verdict
        }
    }
}

/// Those who were refused while others were not hear `otherwise`, together if for the same reason.
fn console(draft: &mut Draft<'_>, cause: &Cause<'_>, refused: Vec<(PersonId, Verdict)>, occasion: &Occasion) {
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
    if cause.otherwise.is_empty() {
        return;
    }
    let Some(reason) = reason(draft, verdict) else { return };
    occasion.facts.insert("reason".to_owned(), Fact::Text(reason));
    draft.probe.asked(None, true, || Asked::Otherwise);
    let bookmark = draft.bookmark();
    if let Err(why_not) = perform(draft, cause, (cause.otherwise, 0), &mut occasion) {
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
    let speech = Speech {
        wording,
        to,
        mention: false,
        image: None,
        kind: Kind::Service,
    };
    match speak(draft, &speech, rule, occasion) {
        Ok(_) => Verdict::Fired,
        Err(verdict) => verdict,
    }
}

/// Tells the staff one of the house's own phrases.
pub fn alarm(draft: &mut Draft<'_>, wording: &Wording, rule: &RuleName, occasion: &Occasion) {
    let speech = Speech {
        wording,
        to: To::Staff,
        mention: false,
        image: None,
        kind: Kind::Service,
    };
    if let Err(verdict) = speak(draft, &speech, rule, occasion) {
        draft.weighed(rule, None, verdict);
    }
}

/// What a refused member is told; `None` for refusals that are not about the member.
fn reason(draft: &Draft<'_>, verdict: &Verdict) -> Option<String> {
    let phrases = &draft.books.phrases;
    let reason = match verdict {
        Verdict::AlreadyHad { .. } => &phrases.already_had,
        Verdict::SoldOut { .. } => &phrases.sold_out,
        Verdict::BudgetSpent { .. } => &phrases.budget_spent,
        _ => return None,
    };
    render(draft, reason, &Occasion::default()).ok()
}

/// Effects in order.
fn perform(
    draft: &mut Draft<'_>,
    cause: &Cause<'_>,
    (effects, from): (&[Effect], usize),
    occasion: &mut Occasion,
) -> Result<Performed, Verdict> {
    let mut done = Performed::default();
    for (step, effect) in effects.iter().enumerate().skip(from) {
        match effect {
            Effect::Say {
                wordings,
                to,
                mention,
                image,
            } => {
                let choice = choose(draft, wordings, &cause.name, step);
                let speech = Speech {
                    wording: choice,
                    to: *to,
                    mention: *mention,
                    image: image.as_deref(),
                    kind: cause.kind,
                };
                done.held = done.held.max(speak(draft, &speech, &cause.name, occasion)?);
            }
            Effect::Give { coupon } => done.refused.extend(give(draft, coupon, &cause.name, occasion)?),
            Effect::Tag { tag } => tag_all(draft, occasion, |person| Change::Tagged {
                person,
                tag: tag.clone(),
            }),
            Effect::Untag { tag } => tag_all(draft, occasion, |person| Change::Untagged {
                person,
                tag: tag.clone(),
            }),
            Effect::RenameGroup { name } => {
                let name = label(draft, name, occasion)?;
                let group = here(draft, occasion)?;
                rename(draft, (cause, step), (group, name, occasion));
                return Ok(done);
            }
            Effect::SetCard { card } => {
                let group = here(draft, occasion)?;
                let person = occasion.people.first().cloned().ok_or_else(|| nobody(draft))?;
                let card = label(draft, card, occasion)?;
                let deed = Deed::SetCard {
                    group,
                    person,
                    card: card.clone(),
                };
                if !draft.books.house.can(&deed.gateway(), Capability::SetCard) {
                    ask_for_card(draft, &cause.name, occasion, &card)?;
                    continue;
                }
                wait_for(draft, deed, (cause, step), occasion);
                return Ok(done);
            }
            Effect::Recall => {
                if let (Some(_), Some(message)) = (&occasion.group, occasion.message.clone()) {
                    let group = here(draft, occasion)?;
                    draft.act(Deed::Recall { group, message }, cause.kind, draft.now, &cause.name);
                }
            }
            Effect::OpenVote { vote } => {
                let group = here(draft, occasion)?;
                vote::open(draft, vote, &group, None);
            }
        }
    }
    Ok(done)
}

fn tag_all(draft: &mut Draft<'_>, occasion: &Occasion, change: impl Fn(PersonId) -> Change) {
    for person in &occasion.people {
        draft.change(change(person.clone()));
    }
}

/// The group it happened in, if the bot is in it still.
fn here(draft: &Draft<'_>, occasion: &Occasion) -> Result<GroupId, Verdict> {
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

fn nobody(draft: &Draft<'_>) -> Verdict {
    draft.probe.asked(None, false, || Asked::Somebody);
    Verdict::NobodyThere
}

fn incapable(draft: &Draft<'_>, needs: Capability) -> Verdict {
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
fn label(draft: &Draft<'_>, wording: &Wording, occasion: &Occasion) -> Result<String, Verdict> {
    let name = one_line(&render(draft, wording, occasion)?);
    match name
        .chars()
        .all(|character| character.is_whitespace() || is_invisible(character))
    {
        true => Err(unsayable(draft, "the name comes to nothing".to_owned())),
        false => Ok(name),
    }
}

/// A group is renamed; what follows in the list waits for the gateway's word, so that no lie is told. Where the gateway
/// cannot rename, staff are asked to, and what follows never happens.
fn rename(
    draft: &mut Draft<'_>,
    (cause, step): (&Cause<'_>, usize),
    (group, name, occasion): (GroupId, String, &Occasion),
) {
    let deed = Deed::RenameGroup {
        group,
        name: name.clone(),
    };
    if draft.books.house.can(&deed.gateway(), Capability::RenameGroup) {
        return wait_for(draft, deed, (cause, step), occasion);
    }
    let mut told = occasion.clone();
    told.facts.insert("name".to_owned(), Fact::Text(name));
    alarm(draft, &draft.books.phrases.rename_by_hand, &cause.name, &told);
    let cannot = incapable(draft, Capability::RenameGroup);
    draft.weighed(&cause.name, None, cannot);
}

/// Where a gateway cannot set cards, the member is asked to.
fn ask_for_card(draft: &mut Draft<'_>, rule: &RuleName, occasion: &Occasion, card: &str) -> Result<(), Verdict> {
    let mut asked = occasion.clone();
    asked.facts.insert("card".to_owned(), Fact::Text(card.to_owned()));
    let wording = &draft.books.phrases.set_your_card;
    let speech = Speech {
        wording,
        to: To::Group,
        mention: true,
        image: None,
        kind: Kind::Service,
    };
    speak(draft, &speech, rule, &asked).map(drop)
}

fn wait_for(draft: &mut Draft<'_>, deed: Deed, (cause, step): (&Cause<'_>, usize), occasion: &Occasion) {
    let action = draft.act(deed, cause.kind, draft.now, &cause.name);
    draft.change(Change::Awaits {
        action,
        rule: cause.name.clone(),
        step: step + 1,
        occasion: occasion.clone(),
    });
}

/// Gives a coupon to everybody it is about. Returns who was refused: they drop out. If all are, nothing happens.
fn give(
    draft: &mut Draft<'_>,
    name: &crate::chat::CouponName,
    rule: &RuleName,
    occasion: &mut Occasion,
) -> Result<Vec<(PersonId, Verdict)>, Verdict> {
    let coupon = draft.books.coupon(name).ok_or(Verdict::NoSuchRule)?;
    let everybody = std::mem::take(&mut occasion.people);
    let mut refused = Vec::new();
    for person in everybody {
        match coupon::give(draft, coupon, &person, (occasion, rule)) {
            Ok(given) => {
                coupon::facts(coupon, &given, occasion);
                occasion.people.push(person);
            }
            Err(verdict) => refused.push((person, verdict)),
        }
    }
    if occasion.people.is_empty() {
        return Err(refused
            .into_iter()
            .next()
            .map_or_else(|| nobody(draft), |(_, verdict)| verdict));
    }
    matching::raise(draft, trigger::Fact::CouponGiven, name.as_str(), occasion);
    Ok(refused)
}

fn choose<'w>(draft: &Draft<'_>, wordings: &'w [Wording], rule: &RuleName, step: usize) -> &'w Wording {
    let sides = u64::try_from(wordings.len()).unwrap_or(1);
    let choice = if sides > 1 {
        draft.dice.throw(&draft.event.id, rule, &format!("say/{step}"), sides)
    } else {
        0
    };
    // Reading refuses a `say` without wording, so the first is always there.
    wordings
        .get(usize::try_from(choice).unwrap_or(0))
        .unwrap_or(&wordings[0])
}

fn render(draft: &Draft<'_>, wording: &Wording, occasion: &Occasion) -> Result<String, Verdict> {
    let said = wording
        .render(&scene(draft, occasion))
        .map_err(|unsaid| unsayable(draft, unsaid.to_string()))?;
    Ok(said.trim().to_owned())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Says something. `Ok` tells until when it is held back, if it is.
pub fn speak(
    draft: &mut Draft<'_>,
    speech: &Speech<'_>,
    rule: &RuleName,
    occasion: &Occasion,
) -> Result<Option<Moment>, Verdict> {
    let words = render(draft, speech.wording, occasion)?;
    if words.is_empty() {
        return Ok(None);
    }
    let due = manners::earliest(draft, speech.kind);
    draft.probe.asked(None, true, || Asked::Quiet {
        until: (due > draft.now).then_some(due),
    });
    match (speech.to, &occasion.group) {
        (To::Group, Some(group)) => say_in_group(draft, (speech, rule), (group, due, words), occasion)?,
        (To::Group | To::Person, _) => whisper(draft, (speech, rule), (due, words), occasion)?,
        (To::Staff, _) => {
            let content = with_image(vec![Segment::Text(words)], speech.image);
            let heard = draft.tell_staff(&content, rule, occasion.group.as_ref());
            return if heard { Ok(None) } else { Err(nobody(draft)) };
        }
    }
    Ok((due > draft.now).then_some(due))
}

fn say_in_group(
    draft: &mut Draft<'_>,
    (speech, rule): (&Speech<'_>, &RuleName),
    (group, due, words): (&GroupId, Moment, String),
    occasion: &Occasion,
) -> Result<(), Verdict> {
    within(draft, group)?;
    manners::admit(draft, group, speech.kind, due)?;
    let called = if speech.mention {
        manners::callable(draft, &occasion.people, (speech.kind, due), rule)
    } else {
        Vec::new()
    };
    let content = if called.is_empty() {
        vec![Segment::Text(words)]
    } else {
        addressed(draft, group, &called, format!(" {words}"))
    };
    let on = manners::day_of(draft, due);
    draft.act(
        Deed::Say {
            group: group.clone(),
            content: with_image(content, speech.image),
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
    });
    Ok(())
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
        if draft.books.house.can(&person.gateway(), Capability::Whisper) {
            let content = with_image(vec![Segment::Text(words.clone())], speech.image);
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
                wording: speech.wording,
                mention: true,
                image: speech.image,
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

fn with_image(mut content: Vec<Segment>, image: Option<&str>) -> Vec<Segment> {
    content.extend(image.map(|image| Segment::Image(image.to_owned())));
    content
}
