//! What members had to bear: who was called how often, how much of a week was advertising, how long the bot talked to
//! itself. Messages are counted when they would have been seen, which for those that waited is later than decided.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::chat::{GroupId, Kind, Moment, PersonId};
use crate::dry_run::effects::{Effect, Reached, Who};
use crate::playbook::House;

/// Counted as it goes.
#[derive(Debug, Default)]
pub struct Disturbance {
    /// Decided and not seen yet, by when it will be.
    coming: BTreeMap<(Moment, u64), Effect>,
    decided: u64,
    talking: BTreeMap<GroupId, Monologue>,
    longest: Option<Monologue>,
    weeks: BTreeMap<Date, Week>,
    people: BTreeMap<PersonId, Borne>,
    called: u64,
}

/// Messages of the bot in a row, with no word of a member between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Monologue {
    pub group: String,
    pub messages: u64,
    pub from: Moment,
    pub to: Moment,
}

/// One week's messages in groups, answers left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Week {
    /// Its Monday.
    pub week: Date,
    pub messages: u64,
    pub promo: u64,
}

/// What one person had to bear, and got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Borne {
    pub who: Who,
    /// Times they were called by name, answers included.
    pub mentions: u64,
    pub whispers: u64,
    /// The most in one week of the calendar, and its Monday.
    pub busiest: (Date, u64),
    #[serde(skip)]
    week: (Date, u64),
}

impl Disturbance {
    /// Something was decided. It is counted once its time has come. What staff are told disturbs no member.
    pub fn decided(&mut self, effect: &Effect, house: &House) {
        let mut effect = effect.clone();
        match &mut effect.what {
            Reached::Said { mentions, .. } => mentions.retain(|who| !house.is_staff(&who.id)),
            Reached::Whispered { person, .. } if !house.is_staff(&person.id) => {}
            _ => return,
        }
        self.coming.insert((effect.at, self.decided), effect);
        self.decided += 1;
    }

    /// Something that was decided is not said after all.
    pub fn take_back(&mut self, effect: &Effect) {
        let is_it =
            |coming: &Effect| (coming.at, &coming.cause, &coming.rule) == (effect.at, &effect.cause, &effect.rule);
        self.coming.retain(|_, coming| !is_it(coming));
    }

    /// Everything that members have seen until now. `monday` names the week of a moment.
    pub fn seen_until(&mut self, now: Moment, mut monday: impl FnMut(Moment) -> Date) {
        while let Some(first) = self.coming.first_entry().filter(|first| first.key().0 <= now) {
            let effect = first.remove();
            let week = monday(effect.at);
            match &effect.what {
                Reached::Said { group, mentions, .. } => {
                    if effect.kind != Some(Kind::Service) {
                        let count = self.weeks.entry(week).or_insert(Week {
                            week,
                            messages: 0,
                            promo: 0,
                        });
                        count.messages += 1;
                        count.promo += u64::from(effect.kind == Some(Kind::Promo));
                    }
                    for who in mentions {
                        self.called += 1;
                        self.bears(who, week).mentions += 1;
                    }
                    self.talks(&group.id, &group.name, effect.at);
                }
                Reached::Whispered { person, .. } => self.bears(person, week).whispers += 1,
                _ => {}
            }
        }
    }

    /// A person speaks in a group: the bot is not alone any more.
    pub fn answered(&mut self, group: &GroupId) {
        if let Some(monologue) = self.talking.remove(group) {
            self.keep_longest(monologue);
        }
    }

    /// What nobody has seen yet, the earliest first.
    pub fn coming(&self) -> impl Iterator<Item = &Effect> {
        self.coming.values()
    }

    /// Times anybody was called by name.
    pub fn called(&self) -> u64 {
        self.called
    }

    /// The longest the bot talked alone.
    pub fn longest(&self) -> Option<Monologue> {
        let mut longest = self.longest.clone();
        for monologue in self.talking.values() {
            if longest.as_ref().is_none_or(|it| it.messages < monologue.messages) {
                longest = Some(monologue.clone());
            }
        }
        longest
    }

    /// Every week in which something but answers was said.
    pub fn weeks(&self) -> Vec<Week> {
        self.weeks.values().copied().collect()
    }

    /// Those who had to bear most, and how many had to bear anything.
    pub fn most(&self, count: usize) -> (Vec<Borne>, u64) {
        let mut people: Vec<&Borne> = self.people.values().collect();
        people.sort_by_key(|it| (std::cmp::Reverse(it.mentions + it.whispers), &it.who.id));
        let most = people.into_iter().take(count).cloned().collect();
        (most, self.people.len() as u64)
    }

    fn bears(&mut self, who: &Who, week: Date) -> &mut Borne {
        let borne = self.people.entry(who.id.clone()).or_insert_with(|| Borne {
            who: who.clone(),
            mentions: 0,
            whispers: 0,
            busiest: (week, 0),
            week: (week, 0),
        });
        let count = if borne.week.0 == week { borne.week.1 + 1 } else { 1 };
        borne.week = (week, count);
        if count > borne.busiest.1 {
            borne.busiest = borne.week;
        }
        borne
    }

    fn talks(&mut self, group: &GroupId, name: &str, at: Moment) {
        let monologue = self.talking.entry(group.clone()).or_insert_with(|| Monologue {
            group: name.to_owned(),
            messages: 0,
            from: at,
            to: at,
        });
        monologue.messages += 1;
        monologue.to = at;
    }

    fn keep_longest(&mut self, monologue: Monologue) {
        if self.longest.as_ref().is_none_or(|it| it.messages < monologue.messages) {
            self.longest = Some(monologue);
        }
    }
}
