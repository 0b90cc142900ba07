//! What is said about tiers: members ask for theirs, staff put somebody on one and let go again.

use jiff::civil::Date;

use crate::chat::{PersonId, fold};
use crate::community::agenda::{Due, TierTimer};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::tier::{Because, Pin};
use crate::playbook::Wording;

use super::draft::Draft;
use super::earning;
use super::effects::{answer, one_line, render};
use super::hearing::{Apart, Said};
use super::tier::{Climbed, end_of, falls, is_climber, let_go, rung, shift, stands, tell};
use super::verdict::Verdict;

/// A reason is no longer, in characters.
const WHY_MAX: usize = 60;

/// A message that asks for a tier, or an order of the staff's.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let Some(climbed) = Climbed::of(draft) else { return };
    let group = said.message.group.as_ref();
    if !draft.hears_in(climbed.book, group) {
        return;
    }
    let played = draft.played(climbed.book, group).ladder.as_ref();
    let climbed = Climbed {
        ladder: played.unwrap_or(climbed.ladder),
        ..climbed
    };
    let said = &*said.under(climbed.book.fold);
    let ladder = climbed.ladder;
    let verdict = if said.is_one_of(&ladder.ask) && !said.by_staff {
        Some(mine(draft, climbed, said))
    } else if said.after_word(&ladder.free, Apart::MayJoin).is_some() {
        free(draft, climbed, said)
    } else if let Some(rest) = said.after_word(&ladder.set, Apart::MayJoin) {
        set(draft, climbed, said, rest)
    } else {
        None
    };
    if let Some(verdict) = verdict {
        draft.weighed(&climbed.rule(), Some(&said.message.from), verdict);
    }
}

fn mine(draft: &mut Draft<'_>, climbed: Climbed<'_>, said: &Said<'_>) -> Verdict {
    let person = &said.message.from;
    let phrases = &climbed.ladder.phrases;
    let rung = rung(draft, person);
    let mut lines = Vec::new();
    let mut occasion = said.occasion.clone();
    tell(draft, climbed, person, &mut occasion);
    if let Some(until) = rung.falls_at {
        let ladder = climbed.ladder;
        let now = stands(ladder, &rung);
        let short = ladder
            .at(now)
            .map_or_else(String::new, |tier| earning::missing(draft, ladder, person, tier));
        let lower = ladder.at(earning::rank(draft, ladder, person));
        let lower = lower.map_or_else(|| part(draft, &phrases.nothing, []), |tier| tier.title.clone());
        let facts = [
            ("until", Fact::Moment(until)),
            ("short", Fact::Text(short)),
            ("to", Fact::Text(lower)),
        ];
        lines.push(part(draft, &phrases.falls, facts));
    }
    if let Some(until) = rung.hold.and_then(|hold| hold.until) {
        lines.push(part(draft, &phrases.held, [("until", Fact::Moment(until))]));
    }
    occasion.facts.insert("lines".to_owned(), Fact::List(lines));
    answer(draft, &phrases.mine, &climbed.rule(), &occasion)
}

/// «定级 @小明 金卡 常客 到2026-12-31».
fn set(draft: &mut Draft<'_>, climbed: Climbed<'_>, said: &Said<'_>, rest: &str) -> Option<Verdict> {
    let rule = climbed.rule();
    let phrases = &climbed.ladder.phrases;
    let whom: Option<PersonId> = said.mentioned().next().cloned();
    let bare = rest.is_empty() && whom.is_none();
    // Everybody may talk about tiers; an order names a member, or stands alone.
    if whom.is_none() && !bare {
        return None;
    }
    if !said.by_staff {
        return (!bare).then(|| staff_only(draft, climbed, said));
    }
    let mut occasion = said.occasion.clone();
    let titles: Vec<&str> = climbed.ladder.tiers.iter().map(|tier| tier.title.as_str()).collect();
    let titles = titles.join(draft.lang().pick("、", ", "));
    occasion.facts.insert("tiers".to_owned(), Fact::Text(titles));
    let (person, order) = match (whom, Order::read(rest)) {
        (Some(person), Some(order)) if is_climber(draft, &person) => (person, order),
        _ => {
            let word = climbed.ladder.set.first().cloned().unwrap_or_default();
            occasion.facts.insert("word".to_owned(), Fact::Text(word));
            return Some(answer(draft, &phrases.how, &rule, &occasion));
        }
    };
    let told = fold(&order.tier);
    let tiers = climbed.ladder.tiers.iter();
    let place = tiers.map(|tier| [fold(tier.name.as_str()), fold(&tier.title)]);
    let Some(place) = place.into_iter().position(|called| called.contains(&told)) else {
        occasion.facts.insert("told".to_owned(), Fact::Text(order.tier));
        return Some(answer(draft, &phrases.no_such, &rule, &occasion));
    };
    put(draft, climbed, (&person, &said.message.from), (place + 1, &order));
    tell(draft, climbed, &person, &mut occasion);
    let dated = order.until.map_or_else(String::new, |day| day.to_string());
    for (key, text) in [
        ("name", draft.community.name_of(said.message.group.as_ref(), &person)),
        ("why", order.why),
        ("dated", dated),
    ] {
        occasion.facts.insert(key.to_owned(), Fact::Text(text));
    }
    Some(answer(draft, &phrases.set, &rule, &occasion))
}

/// Puts somebody on a place and holds them there.
fn put(
    draft: &mut Draft<'_>,
    climbed: Climbed<'_>,
    (person, by): (&PersonId, &PersonId),
    (place, order): (usize, &Order),
) {
    let until = order.until.map(|day| end_of(day, &draft.books.house.zone));
    if rung(draft, person).falls_at.is_some() {
        falls(draft, person, None);
    }
    let key = timer_of(person);
    match until {
        Some(due) => draft.change(Change::Scheduled {
            key,
            due,
            what: Due::Tier(TierTimer::LetGo(person.clone())),
        }),
        None if draft.on_agenda(&key).is_some() => draft.change(Change::Unscheduled { key }),
        None => {}
    }
    if climbed.ladder.rank(rung(draft, person).tier.as_ref()) != place {
        shift(draft, climbed, person, (place, Because::Staff));
    }
    draft.change(Change::TierHeld {
        person: person.clone(),
        hold: Some(Pin {
            by: by.clone(),
            why: order.why.as_str().into(),
            until,
        }),
    });
}

fn timer_of(person: &PersonId) -> String {
    format!("tiers/held/{person}")
}

fn free(draft: &mut Draft<'_>, climbed: Climbed<'_>, said: &Said<'_>) -> Option<Verdict> {
    let person = said.mentioned().next().cloned()?;
    if !said.by_staff {
        return Some(staff_only(draft, climbed, said));
    }
    let name = draft.community.name_of(said.message.group.as_ref(), &person);
    let mut occasion = said.occasion.clone();
    occasion.facts.insert("name".to_owned(), Fact::Text(name));
    let phrases = &climbed.ladder.phrases;
    if rung(draft, &person).hold.is_none() {
        return Some(answer(draft, &phrases.not_held, &climbed.rule(), &occasion));
    }
    let key = timer_of(&person);
    if draft.on_agenda(&key).is_some() {
        draft.change(Change::Unscheduled { key });
    }
    let_go(draft, climbed, &person);
    tell(draft, climbed, &person, &mut occasion);
    Some(answer(draft, &phrases.freed, &climbed.rule(), &occasion))
}

fn staff_only(draft: &mut Draft<'_>, climbed: Climbed<'_>, said: &Said<'_>) -> Verdict {
    let mut occasion = said.occasion.clone();
    let ask = climbed.ladder.ask.first().cloned().unwrap_or_default();
    occasion.facts.insert("ask".to_owned(), Fact::Text(ask));
    answer(draft, &climbed.ladder.phrases.staff_only, &climbed.rule(), &occasion)
}

/// One of the short phrases a line is made of.
fn part<const N: usize>(draft: &Draft<'_>, phrase: &Wording, facts: [(&str, Fact); N]) -> String {
    let occasion = Occasion {
        facts: facts.map(|(name, fact)| (name.to_owned(), fact)).into(),
        ..Occasion::default()
    };
    render(draft, phrase, &occasion).unwrap_or_default()
}

/// What staff wrote after the word.
#[derive(Debug)]
struct Order {
    tier: String,
    why: String,
    /// The last day of it.
    until: Option<Date>,
}

impl Order {
    /// A tier, a reason, and perhaps until when: `到2026-12-31`, `until 2026-12-31`.
    fn read(rest: &str) -> Option<Self> {
        let rest = one_line(rest).replace("until ", "until");
        let mut words = rest.split(' ').filter(|word| !word.is_empty());
        let tier = words.next()?.to_owned();
        let (mut why, mut until): (Vec<&str>, Option<Date>) = (Vec::new(), None);
        for word in words {
            let day = word.strip_prefix('到').or_else(|| word.strip_prefix("until"));
            match day.and_then(|day| day.parse().ok()) {
                Some(day) => until = Some(day),
                None => why.push(word),
            }
        }
        let why: String = why.join(" ").chars().take(WHY_MAX).collect();
        (!why.is_empty()).then_some(Self { tier, why, until })
    }
}
