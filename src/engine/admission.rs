//! Admission: who should be invited to which group, and is not in it yet. Selection before invitation: the higher tier
//! first, repeat buyers before buyers, buyers before prospects, the one who spent more before the one who spent less.

use std::cmp::Reverse;

use serde::Serialize;

use crate::chat::{Event, EventId, Fen, GroupId, Happening, Lang, LeftHow, Moment, PersonId, RuleName};
use crate::community::Community;
use crate::community::change::{Fact, Occasion};
use crate::playbook::Playbooks;
use crate::playbook::admission::Admission;

use super::dice::Dice;

use super::draft::Draft;
use super::effects::answer;
use super::hearing::Said;
use super::scene::scene;
use super::{opting_out, tier};

/// Staff ask whom to invite.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    if !said.by_staff {
        return;
    }
    for book in &draft.books.books {
        let said = &*said.under(book.fold);
        for admission in book.admissions.values().filter(|it| said.is_one_of(&it.ask)) {
            let rule = RuleName::new(format!("{}/admission.{}", book.name, admission.name));
            let fitting = who_fits(draft, admission);
            let lines = fitting.iter().take(admission.most).enumerate();
            let lines = lines.map(|(place, one)| one.line(place + 1, draft.lang())).collect();
            let mut occasion = said.occasion.clone();
            let count = i64::try_from(fitting.len()).unwrap_or(i64::MAX);
            for (name, fact) in [
                ("title", Fact::Text(admission.title.clone())),
                ("count", Fact::Number(count)),
                ("lines", Fact::List(lines)),
            ] {
                occasion.facts.insert(name.to_owned(), fact);
            }
            let verdict = answer(draft, &draft.books.phrases.admission, &rule, &occasion);
            draft.weighed(&rule, Some(&said.message.from), verdict);
        }
    }
}

/// Which group it is about, and who should be invited to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    pub name: String,
    pub title: String,
    pub fitting: Vec<Fitting>,
}

/// What every admission of the playbooks says now. Nothing moves.
pub fn advice(books: &Playbooks, community: &Community, now: Moment) -> Vec<Advice> {
    let event = Event {
        id: EventId::new("look/admission/1"),
        at: now,
        happening: Happening::Woke { down_since: now },
    };
    let dice = Dice::of(b"look");
    let draft = Draft::new(books, community, &event, now, &dice);
    let all = books.books.iter().flat_map(|book| book.admissions.values());
    let advised = all.map(|admission| Advice {
        name: admission.name.clone(),
        title: admission.title.clone(),
        fitting: who_fits(&draft, admission),
    });
    advised.collect()
}

/// Somebody who should be invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fitting {
    pub person: PersonId,
    pub name: String,
    /// The tier they are on, if on any.
    pub tier: String,
    pub rank: usize,
    pub orders: u32,
    pub spend: Fen,
}

impl Fitting {
    fn line(&self, place: usize, lang: Lang) -> String {
        let Self {
            name,
            tier,
            orders,
            spend,
            ..
        } = self;
        let spend = crate::playbook::Money(*spend);
        let tier = match tier.is_empty() {
            true => String::new(),
            false => format!(" {tier}"),
        };
        match (orders, lang) {
            (0, Lang::Zh) => format!("{place}. {name}{tier} 还没下过单"),
            (0, Lang::En) => format!("{place}. {name}{tier}, no order yet"),
            (_, Lang::Zh) => format!("{place}. {name}{tier} {orders} 单 ¥{spend}"),
            (_, Lang::En) => format!("{place}. {name}{tier}, {orders} orders ¥{spend}"),
        }
    }
}

/// Everybody the group is for who is in another group of ours and not in it; who left it by themselves, or was removed, is
/// not asked again.
pub fn who_fits(draft: &Draft<'_>, admission: &Admission) -> Vec<Fitting> {
    let groups = draft.community.groups().iter().filter(|(_, group)| group.inside);
    let (meant, others): (Vec<&GroupId>, Vec<&GroupId>) = groups
        .map(|(id, _)| id)
        .partition(|id| admission.group.admits(id, draft.group_name(id)));
    let customer = |person: &&PersonId| tier::is_climber(draft, person) && !opting_out::is_out(draft.so_far(), person);
    let known = draft.community.people().iter().filter(|(person, _)| customer(person));
    let mut fitting: Vec<Fitting> = known
        .filter_map(|(person, known)| {
            let not_in = meant.iter().all(|group| {
                let member = draft.community.member(group, person);
                member.is_none_or(|it| it.left.is_some_and(|(_, how)| how == LeftHow::Unknown))
            });
            let here = |group: &&&GroupId| draft.community.member(group, person).is_some_and(|it| it.is_here());
            let home = others.iter().find(here).filter(|_| not_in)?;
            let occasion = Occasion {
                group: Some((**home).clone()),
                people: vec![person.clone()],
                ..Occasion::default()
            };
            let scene = scene(draft, &occasion, admission.audience.wanted());
            let trade = known.trade.as_deref();
            let tier = tier::shown(draft, person);
            matches!(admission.audience.holds(&scene), Ok(true)).then(|| Fitting {
                person: person.clone(),
                name: draft.community.name_of(Some(home), person),
                tier: tier.title,
                rank: tier.rank,
                orders: trade.map_or(0, |trade| trade.orders),
                spend: trade.map_or(Fen::ZERO, |trade| trade.spend),
            })
        })
        .collect();
    let stage = |one: &Fitting| one.orders.min(2);
    fitting.sort_by(|one, other| {
        let key = |it: &Fitting| {
            (
                Reverse(it.rank),
                Reverse(stage(it)),
                Reverse(it.spend),
                it.person.clone(),
            )
        };
        key(one).cmp(&key(other))
    });
    fitting
}
