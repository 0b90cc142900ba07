//! Is the group alive, and does it bear what it is told: who speaks, what the bot says, who leaves after promotions.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use super::pool::group_name;
use super::{Asked, Cell, Table};
use crate::chat::{GroupId, PersonId};
use crate::community::Told;

/// Each group.
pub fn health(asked: &Asked<'_>) -> Table {
    let lang = asked.lang;
    let columns = [
        ("group", "群", "group"),
        ("members", "群友", "members"),
        ("spoke", "说过话", "spoke"),
        ("messages", "群友发言", "their messages"),
        ("bot", "机器人主动发言", "the bot's own"),
        ("promo", "其中推广", "promotions"),
        ("answers", "机器人回答", "its answers"),
        ("left_on_promo", "推广当天和次日离开／天", "left a day at promotions"),
        ("left_else", "其余日子离开／天", "left a day else"),
    ];
    let mut table = Table::new("health", ("消息健康", "Message health"), &columns, lang);
    for (group, known) in asked.community.groups() {
        if known.inside {
            table.rows.push(row(group, asked));
        }
    }
    table
}

fn row(group: &GroupId, asked: &Asked<'_>) -> Vec<Cell> {
    let span = asked.span;
    let told = told(group, asked);
    let (mut all, mut promotions) = (Told::default(), BTreeSet::new());
    for (day, told) in &told {
        all.messages += told.messages;
        all.promo += told.promo;
        all.service += told.service;
        if told.promo > 0 {
            promotions.extend(
                [*day, day.saturating_add(1.day())]
                    .into_iter()
                    .filter(|day| span.has(*day)),
            );
        }
    }
    let (mut here, mut spoke, mut messages, mut left, mut left_on_promo) = (0, 0, 0, 0, 0);
    let first = (group.clone(), PersonId::new(""));
    let members = asked
        .community
        .members()
        .range(first..)
        .take_while(|((of, _), _)| of == group);
    for (_, member) in members.filter(|((_, person), _)| !asked.staff.contains(person)) {
        let said = member.spoke.between(span.first, span.last);
        here += i64::from(member.is_here());
        spoke += i64::from(said > 0);
        messages += said;
        left += member.went.between(span.first, span.last);
        left_on_promo += promotions
            .iter()
            .map(|day| member.went.between(*day, *day))
            .sum::<i64>();
    }
    let days = i64::try_from(promotions.len()).unwrap_or(0);
    let count = |number: u32| Cell::Count(i64::from(number));
    vec![
        Cell::Text(group_name(asked.community, group)),
        Cell::Count(here),
        Cell::Count(spoke),
        Cell::Count(messages),
        count(all.messages),
        Cell::Share {
            part: i64::from(all.promo),
            of: i64::from(all.messages),
        },
        count(all.service),
        Cell::Each {
            sum: left_on_promo,
            of: days,
        },
        Cell::Each {
            sum: left - left_on_promo,
            of: i64::from(span.days()) - days,
        },
    ]
}

/// What the bot said in a group, by day of the span.
fn told(group: &GroupId, asked: &Asked<'_>) -> Vec<(Date, Told)> {
    let first = (group.clone(), String::new());
    let days = asked
        .community
        .told()
        .range(first..)
        .take_while(|((of, _), _)| of == group);
    days.filter_map(|((_, day), told)| Some((day.parse::<Date>().ok()?, *told)))
        .filter(|(day, _)| asked.span.has(*day))
        .collect()
}
