//! The leaky pool: who was there, who came, who went, by group and by where they came from.

use std::collections::BTreeMap;

use super::people::was_here_on;
use super::{Asked, Cell, Table};
use crate::chat::{GroupId, JoinedHow, PersonId, fold};
use crate::community::Community;
use crate::community::group::Member;

/// How many inviters are named.
const INVITERS: usize = 10;

#[derive(Clone, Copy, Debug, Default)]
struct Level {
    start: i64,
    came: i64,
    went: i64,
    end: i64,
}

impl Level {
    fn add(&mut self, more: Level) {
        self.start += more.start;
        self.came += more.came;
        self.went += more.went;
        self.end += more.end;
    }

    fn of(member: &Member, asked: &Asked<'_>) -> Self {
        let span = asked.span;
        Self {
            start: was_here_on(member, span.before().last),
            came: member.came.between(span.first, span.last),
            went: member.went.between(span.first, span.last),
            end: was_here_on(member, span.last),
        }
    }

    fn cells(self, name: String) -> Vec<Cell> {
        vec![
            Cell::Text(name),
            Cell::Count(self.start),
            Cell::Count(self.came),
            Cell::Count(self.went),
            Cell::Count(self.came - self.went),
            Cell::Count(self.end),
        ]
    }
}

/// Members who are no staff, with their group.
fn members<'a>(asked: &Asked<'a>) -> impl Iterator<Item = (&'a GroupId, &'a PersonId, &'a Member)> {
    let staff = asked.staff;
    asked
        .community
        .members()
        .iter()
        .filter(move |((_, person), _)| !staff.contains(person))
        .map(|((group, person), member)| (group, person, member))
}

/// What a group is called.
pub fn group_name(community: &Community, group: &GroupId) -> String {
    let name = community.groups().get(group).map_or("", |it| it.name.as_str());
    if name.is_empty() {
        group.to_string()
    } else {
        fold::shown(name)
    }
}

/// Each group, and all of them.
pub fn pool(asked: &Asked<'_>) -> Table {
    let lang = asked.lang;
    let columns = [
        ("group", "群", "group"),
        ("start", "期初", "at the start"),
        ("came", "进", "in"),
        ("went", "出", "out"),
        ("net", "净增", "net"),
        ("end", "期末", "at the end"),
    ];
    let mut table = Table::new("pool", ("水池：进、出、净增", "The pool: in, out, net"), &columns, lang);
    let mut groups: BTreeMap<&GroupId, Level> = BTreeMap::new();
    let mut all = Level::default();
    for (group, _, member) in members(asked) {
        let level = Level::of(member, asked);
        groups.entry(group).or_default().add(level);
        all.add(level);
    }
    for (group, level) in &groups {
        table.rows.push(level.cells(group_name(asked.community, group)));
    }
    if groups.len() > 1 {
        table.rows.push(all.cells(lang.pick("合计", "all").to_owned()));
    }
    table.note(
        "按人次计：一个人在两个群里算两次。期初 + 进 − 出 = 期末。",
        "memberships, not people: who is in two groups counts twice; start + in − out = end",
        lang,
    );
    table
}

/// Where those who came in the span came from, and what became of them.
pub fn sources(asked: &Asked<'_>) -> Table {
    let lang = asked.lang;
    let columns = [
        ("source", "来源", "source"),
        ("came", "进群", "came"),
        ("here", "还在", "still here"),
        ("bought", "本期购买", "bought in the span"),
        ("turnover", "成交额", "turnover"),
    ];
    let mut table = Table::new("sources", ("新人从哪里来", "Where newcomers came from"), &columns, lang);
    let mut how: BTreeMap<&'static str, Vec<(&PersonId, &Member)>> = BTreeMap::new();
    let mut by: BTreeMap<&PersonId, Vec<(&PersonId, &Member)>> = BTreeMap::new();
    for (_, person, member) in members(asked) {
        if member.came.between(asked.span.first, asked.span.last) == 0 {
            continue;
        }
        how.entry(said(member.how, asked)).or_default().push((person, member));
        if let Some(inviter) = &member.by {
            by.entry(inviter).or_default().push((person, member));
        }
    }
    for (source, came) in &how {
        table.rows.push(row((*source).to_owned(), came, asked));
    }
    let mut inviters: Vec<_> = by.into_iter().collect();
    inviters.sort_by_key(|(inviter, came)| (std::cmp::Reverse(came.len()), (*inviter).clone()));
    let more = inviters.len().saturating_sub(INVITERS);
    for (inviter, came) in inviters.iter().take(INVITERS) {
        let name = asked.community.name_of(None, inviter);
        table.rows.push(row(
            lang.pick(format!("{name} 邀请"), format!("by {name}")),
            came,
            asked,
        ));
    }
    if more > 0 {
        table.note(
            format!("另有 {more} 位邀请人没有列出。"),
            format!("{more} more inviters are not listed"),
            lang,
        );
    }
    table
}

fn said(how: JoinedHow, asked: &Asked<'_>) -> &'static str {
    match how {
        JoinedHow::Invited => asked.lang.pick("群友邀请", "invited"),
        JoinedHow::Scanned => asked.lang.pick("扫码", "by the group's code"),
        JoinedHow::Approved => asked.lang.pick("申请通过", "asked and let in"),
        JoinedHow::Unknown => asked.lang.pick("不知道", "nobody said"),
    }
}

fn row(source: String, came: &[(&PersonId, &Member)], asked: &Asked<'_>) -> Vec<Cell> {
    let (first, last) = (asked.span.first, asked.span.last);
    let trade = |person: &PersonId| asked.community.people().get(person).and_then(|it| it.trade.as_deref());
    let trades: Vec<_> = came.iter().filter_map(|(person, _)| trade(person)).collect();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let (of, here) = (
        count(came.len()),
        count(came.iter().filter(|(_, it)| it.is_here()).count()),
    );
    let bought = count(trades.iter().filter(|it| it.ordered.between(first, last) > 0).count());
    vec![
        Cell::Text(source),
        Cell::Count(of),
        Cell::Share { part: here, of },
        Cell::Share { part: bought, of },
        Cell::Money(crate::chat::Fen(
            trades.iter().map(|it| it.spent.between(first, last)).sum(),
        )),
    ]
}
