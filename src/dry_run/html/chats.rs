//! The chat of a page: one day of one group on the screen of a phone.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::chat::{GroupId, Lang, Moment};
use crate::dry_run::because::because;
use crate::dry_run::effects::{Effect, Reached, plain};
use crate::dry_run::report::detail::{Bubble, Detail};
use crate::dry_run::show::weekday;
use crate::dry_run::stories::clock_time;

/// The days that are shown, by group.
pub struct Chats {
    pub groups: Vec<GroupDays>,
    /// Days that are not shown for want of room.
    pub left_out: u64,
    days: BTreeMap<(Option<GroupId>, Date), usize>,
}

/// One group's days.
pub struct GroupDays {
    pub name: String,
    pub days: Vec<DayView>,
}

/// One day.
pub struct DayView {
    pub id: usize,
    pub date: Date,
    pub title: String,
    pub doings: u64,
    pub lines: Vec<LineView>,
    /// The days before and after it in the same group.
    pub before: Option<usize>,
    pub after: Option<usize>,
    /// It is the one that is open at first.
    pub opens: bool,
}

/// One line on the screen.
pub struct LineView {
    pub side: &'static str,
    pub time: String,
    pub name: String,
    /// The first character of the name.
    pub face: String,
    /// Which of six colours the face has.
    pub hue: usize,
    pub text: Vec<String>,
    /// What it follows from, or why not.
    pub below: String,
}

impl Chats {
    pub fn of(detail: &Detail, (zone, lang): (&TimeZone, Lang), most: usize) -> Self {
        let chats = &detail.chats;
        let mut ranked: Vec<_> = chats.days.iter().filter(|(_, day)| day.doings > 0).collect();
        let quiet = chats.days.len() - ranked.len();
        ranked.sort_by_key(|(key, day)| (std::cmp::Reverse(day.doings), (*key).clone()));
        let busiest = ranked.first().map(|(key, _)| (*key).clone());
        let mut lines = 0;
        let fits = |day: &crate::dry_run::report::detail::Day| {
            lines += day.lines.len();
            lines <= most
        };
        let mut fits = fits;
        let total = ranked.len() + quiet;
        ranked.retain(|(_, day)| fits(day));
        // What belongs to no group comes last.
        ranked.sort_by_key(|((group, date), _)| (group.is_none(), group.clone(), *date));
        let left_out = chats.left_out + (total - ranked.len()) as u64;
        let mut shown = Self {
            groups: Vec::new(),
            left_out,
            days: BTreeMap::new(),
        };
        let mut group_at_hand = None;
        for (id, (key, day)) in (1..).zip(ranked) {
            if group_at_hand.as_ref() != Some(&key.0) {
                group_at_hand = Some(key.0.clone());
                let name = match &key.0 {
                    Some(_) => day.group.clone(),
                    None => lang.pick("店员和其他", "staff and others").to_owned(),
                };
                shown.groups.push(GroupDays { name, days: Vec::new() });
            }
            shown.days.insert(key.clone(), id);
            let group = shown.groups.last_mut().expect("one was just put there");
            let before = group.days.last_mut().map(|last| {
                last.after = Some(id);
                last.id
            });
            group.days.push(DayView {
                id,
                date: key.1,
                title: format!("{} {}", key.1, weekday(key.1, lang)),
                doings: day.doings,
                lines: day.lines.iter().map(|bubble| line(bubble, zone, lang)).collect(),
                before,
                after: None,
                opens: busiest.as_ref() == Some(key),
            });
        }
        shown
    }

    /// Where an effect can be seen among the others.
    pub fn day_of(&self, effect: &Effect, zone: &TimeZone) -> Option<usize> {
        let date = effect.at.date(zone);
        let group = match &effect.what {
            Reached::Said { group, .. } | Reached::GroupRenamed { group, .. } | Reached::Recalled { group, .. } => {
                Some(group.id.clone())
            }
            _ => None,
        };
        let any = || self.days.iter().find(|((_, day), _)| *day == date).map(|(_, id)| *id);
        self.days.get(&(group, date)).copied().or_else(any)
    }
}

fn line(bubble: &Bubble, zone: &TimeZone, lang: Lang) -> LineView {
    let time = |at: Moment| clock_time(at.in_zone(zone).time());
    let nobody = LineView {
        side: "note",
        time: String::new(),
        name: String::new(),
        face: String::new(),
        hue: 0,
        text: Vec::new(),
        below: String::new(),
    };
    match bubble {
        Bubble::Said(said) => LineView {
            side: if said.own { "own" } else { "them" },
            time: time(said.at),
            face: said.who.name.chars().next().map(String::from).unwrap_or_default(),
            hue: said.who.id.as_str().bytes().map(usize::from).sum::<usize>() % 6,
            name: said.who.name.clone(),
            text: lines(&said.text),
            below: match (said.private, said.own) {
                (true, _) => lang.pick("私聊", "in private").to_owned(),
                (_, true) => lang.pick("真人当时发的", "said by a person then").to_owned(),
                _ => String::new(),
            },
        },
        Bubble::Notice { at, text } => LineView {
            time: time(*at),
            text: lines(text),
            ..nobody
        },
        Bubble::Bot(effect) => bot(effect, time(effect.at), lang),
        Bubble::Held { rule, held } => {
            let person = held
                .person
                .as_ref()
                .map_or(String::new(), |who| format!("{} ", who.name));
            LineView {
                side: "held",
                time: time(held.at),
                name: plain(rule.as_str()),
                below: format!("{person}{}", because(&held.verdict, lang, zone)),
                ..nobody
            }
        }
        Bubble::Folded(count) => LineView {
            side: "fold",
            text: vec![match lang {
                Lang::Zh => format!("略去 {count} 条"),
                Lang::En => format!("{count} left out"),
            }],
            ..nobody
        },
    }
}

fn bot(effect: &Effect, time: String, lang: Lang) -> LineView {
    let (side, name, text) = match &effect.what {
        _ if effect.failed => ("held", effect.what.line(lang), String::new()),
        Reached::Said { text, .. } => ("bot", String::new(), text.clone()),
        Reached::Whispered { person, text } => (
            "bot",
            format!("{} {}", lang.pick("私聊", "to"), person.name),
            text.clone(),
        ),
        Reached::ToldStaff { text } => ("bot", lang.pick("店员", "staff").to_owned(), text.clone()),
        _ => ("deed", String::new(), effect.what.line(lang)),
    };
    LineView {
        side,
        time,
        name,
        face: String::new(),
        hue: 0,
        text: lines(&text),
        below: below(effect, lang),
    }
}

/// The rule, and what is to be known about it.
fn below(effect: &Effect, lang: Lang) -> String {
    let mut below = effect.rule.as_ref().map_or(String::new(), |rule| plain(rule.as_str()));
    if effect.failed {
        below.push_str(lang.pick(" · 没有送达", " · not delivered"));
    }
    if effect.projected {
        below.push_str(lang.pick(" · 推演", " · projected"));
    }
    below
}

/// Line breaks are `⏎` in what is fit for a terminal.
pub fn lines(text: &str) -> Vec<String> {
    text.split('⏎').map(str::to_owned).collect()
}
