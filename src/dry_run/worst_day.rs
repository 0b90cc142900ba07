//! What all playbooks together do to one person on the worst day of the coming year: played through by the engine
//! itself, once to find the day, and once more with the person's birthday on it.
//!
//! Manners are lifted, so that what they would hold back is counted too. Nobody says anything and nobody orders: what
//! follows from talk and trade is not in it, and is said not to be.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use crate::chat::{
    Deed, Event, EventId, Fen, GatewayName, GroupId, Happening, Lang, Message, MessageId, Moment, PersonId, Role,
    Segment, text_of,
};
use crate::community::change::Change;
use crate::engine::Dice;
use crate::playbook::{Manners, Playbooks};

use super::driver::{Entry, Options, REHEARSAL_SECRET, Rehearsal, What};

/// How many days are looked at.
const DAYS: i64 = 366;

/// The worst day.
#[derive(Clone, Debug, Serialize)]
pub struct WorstDay {
    pub date: Date,
    /// The group it was played in.
    pub group: String,
    /// It is the person's birthday too.
    pub birthday: bool,
    pub messages: Vec<Said>,
    /// Times the person is called by name.
    pub mentions: usize,
    pub coupons: Vec<Given>,
    pub worth: Fen,
}

/// One message the person reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    pub at: DateTime,
    pub rule: String,
    pub private: bool,
    pub text: String,
}

/// One coupon the person is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Given {
    pub coupon: String,
    pub worth: Fen,
}

#[derive(Clone, Debug, Default)]
struct Day {
    messages: Vec<Said>,
    mentions: usize,
    coupons: Vec<Given>,
}

/// The worst of the days after `from`; `None` if nothing is ever said unasked.
pub fn worst_day(books: &Playbooks, from: Date) -> Option<WorstDay> {
    let stage = Stage::new(books, from)?;
    let calm = stage.year(None);
    let heaviest = |days: &BTreeMap<Date, Day>| {
        let weight = |day: &Day| (day.messages.len(), day.mentions, day.coupons.len());
        let all = days.iter().map(|(date, day)| (weight(day), std::cmp::Reverse(*date)));
        all.max().map(|(_, date)| date.0)
    };
    // With nothing at all on the calendar any day is as good as another: the hundredth.
    let date = heaviest(&calm).or_else(|| from.checked_add(jiff::Span::new().days(100)).ok())?;
    let born = stage.year(Some(date));
    let birthday = born.get(&date).map(|day| day.messages.len()) > calm.get(&date).map(|day| day.messages.len());
    let day = born.get(&date).or_else(|| calm.get(&date))?.clone();
    Some(WorstDay {
        date,
        group: stage.name,
        birthday,
        worth: day
            .coupons
            .iter()
            .fold(Fen::ZERO, |sum, given| Fen(sum.0 + given.worth.0)),
        messages: day.messages,
        mentions: day.mentions,
        coupons: day.coupons,
    })
}

/// One group and one person in it.
struct Stage {
    books: Playbooks,
    name: String,
    group: GroupId,
    person: PersonId,
    from: Date,
}

impl Stage {
    fn new(books: &Playbooks, from: Date) -> Option<Self> {
        let gateway = GatewayName::new("foreseen");
        let group = GroupId::at(&gateway, "group");
        let mut books = books.clone();
        books.house.staff.clear();
        books.house.staff_group = Some(GroupId::at(&gateway, "staff"));
        books.house.gateways.clear();
        books.house.manners = Manners {
            quiet: books.house.manners.quiet,
            per_group_per_day: u32::MAX,
            mentions_per_person_per_day: u32::MAX,
            promo_one_in: 1,
        };
        // The group in which most playbooks play.
        let names = books.books.iter().map(|book| {
            let first = book.groups.patterns.first().map_or("*", String::as_str);
            first.replace('*', "群")
        });
        let name = names.max_by_key(|name| {
            books
                .books
                .iter()
                .filter(|book| book.groups.admits(&group, name))
                .count()
        })?;
        Some(Self {
            name,
            person: PersonId::at(&gateway, "person"),
            group,
            books,
            from,
        })
    }

    /// Every day of the year on which something is said, but the first, on which the person comes.
    fn year(&self, birthday: Option<Date>) -> BTreeMap<Date, Day> {
        let zone = self.books.house.zone.clone();
        let begin = Moment::at_local(self.from.at(8, 0, 0, 0), &zone);
        let last = self.from.checked_add(jiff::Span::new().days(DAYS)).unwrap_or(self.from);
        let mut run = Rehearsal::new(self.books.clone(), Dice::of(REHEARSAL_SECRET), Options::default());
        let mut days: BTreeMap<Date, Day> = BTreeMap::new();
        let mut told = |entry: Entry<'_>| self.tally(&entry, &mut days);
        let inputs = [
            Some(self.found(birthday)),
            Some(self.listed()),
            birthday.and_then(|date| self.told(date)),
        ];
        for (at, happening) in inputs.into_iter().flatten().enumerate() {
            let id = EventId::new(format!("foreseen/{at}"));
            let event = Event {
                id,
                at: begin,
                happening,
            };
            run.feed(&event, begin, &mut told);
        }
        run.run_until(Moment::start_of(last, &zone), &mut told);
        days.retain(|date, _| *date > self.from);
        days
    }

    /// There since the same day two years ago, so that anniversaries fall on it too.
    fn found(&self, birthday: Option<Date>) -> Happening {
        let day = birthday.unwrap_or(self.from);
        let joined = day.checked_sub(jiff::Span::new().years(2)).unwrap_or(day);
        Happening::Found {
            group: self.group.clone(),
            person: self.person.clone(),
            name: "小明".to_owned(),
            card: String::new(),
            role: Role::Member,
            joined_at: Some(Moment::start_of(joined, &self.books.house.zone)),
        }
    }

    /// The group has a name, which decides what plays in it.
    fn listed(&self) -> Happening {
        Happening::RosterRead {
            group: self.group.clone(),
            name: self.name.clone(),
            members: 1,
        }
    }

    /// The birthday in the words the playbooks listen for, if they do.
    fn told(&self, date: Date) -> Option<Happening> {
        let (_, telling) = self.books.telling()?;
        let word = telling.words.first()?;
        let said = format!("{word} {}月{}日", date.month(), date.day());
        Some(Happening::Message(Message {
            group: Some(self.group.clone()),
            from: self.person.clone(),
            name: "小明".to_owned(),
            card: String::new(),
            role: Role::Member,
            message: MessageId::new("foreseen/birthday"),
            segments: vec![Segment::Text(said)],
            own: false,
            calls_bot: false,
        }))
    }

    fn tally(&self, entry: &Entry<'_>, days: &mut BTreeMap<Date, Day>) {
        let zone = &self.books.house.zone;
        match entry.what {
            What::Action(action) => {
                let (content, private) = match &action.deed {
                    Deed::Say { group, content } if *group == self.group => (content, false),
                    Deed::Whisper { person, content } if *person == self.person => (content, true),
                    _ => return,
                };
                let at = action.due.in_zone(zone).datetime();
                let day = days.entry(at.date()).or_default();
                let called = Segment::Mention(self.person.clone());
                day.mentions += content
                    .iter()
                    .filter(|it| **it == called || **it == Segment::MentionAll)
                    .count();
                day.messages.push(Said {
                    at,
                    rule: action.rule.to_string(),
                    private,
                    text: text_of(content),
                });
            }
            What::Change(Change::CouponGiven { coupon, .. }) => {
                let date = entry.at.in_zone(zone).date();
                let written = self.books.coupon(&coupon.coupon);
                days.entry(date).or_default().coupons.push(Given {
                    coupon: written.map_or_else(|| coupon.coupon.to_string(), |it| it.title.clone()),
                    worth: coupon.worth,
                });
            }
            _ => {}
        }
    }
}

impl WorstDay {
    /// For people.
    pub fn text(&self, lang: Lang) -> String {
        let birthday = if self.birthday {
            lang.pick("（正好是生日）", " (and a birthday)")
        } else {
            ""
        };
        let mut text = lang.pick(
            format!(
                "一位群友未来一年最热闹的一天：{}{birthday}，听到 {} 句，被 @ {} 次，得券 {} 张共 {} 元\n",
                self.date,
                self.messages.len(),
                self.mentions,
                self.coupons.len(),
                self.worth
            ),
            format!(
                "the fullest day of the coming year for one member: {}{birthday}, {} messages, called {} times, {} coupons worth {} yuan\n",
                self.date,
                self.messages.len(),
                self.mentions,
                self.coupons.len(),
                self.worth
            ),
        );
        for said in &self.messages {
            let private = if said.private {
                lang.pick("私聊 ", "privately ")
            } else {
                ""
            };
            let words: String = said.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let short: String = words.chars().take(40).collect();
            let more = if words.chars().count() > 40 { "…" } else { "" };
            text.push_str(&format!(
                "  {}  {private}{}: {short}{more}\n",
                said.at.strftime("%H:%M"),
                said.rule
            ));
        }
        for given in &self.coupons {
            text.push_str(&format!(
                "  {} {} {}\n",
                lang.pick("券", "coupon"),
                given.coupon,
                given.worth
            ));
        }
        text
    }
}
