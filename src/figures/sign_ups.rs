//! Who signed up for what: every event, and the list of one.

use jiff::tz::TimeZone;

use super::pool::group_name;
use super::{Cell, Table};
use crate::chat::{Lang, Moment, fold};
use crate::community::Community;
use crate::community::gathering::{Attendance, Gathering, GatheringId, Stage};

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Looked<'a> {
    pub community: &'a Community,
    pub zone: &'a TimeZone,
    pub lang: Lang,
}

/// Every event that was announced, the next one last.
pub fn gatherings(looked: Looked<'_>) -> Table {
    let lang = looked.lang;
    let columns = [
        ("event", "活动", "event"),
        ("day", "日期", "day"),
        ("group", "群", "group"),
        ("start", "开始", "start"),
        ("stage", "进展", "stage"),
        ("closes", "报名截止", "sign-up closes"),
        ("seats", "报名（位）", "seats"),
        ("waiting", "等待（位）", "waiting"),
        ("came", "到场（人）", "came"),
    ];
    let mut table = Table::new("events", ("活动", "Events"), &columns, lang);
    let mut known: Vec<(&GatheringId, &Gathering)> = looked.community.gatherings().iter().collect();
    known.sort_by_key(|(id, it)| (it.starts_at, *id));
    for (id, gathering) in known {
        let list = || looked.community.attendances_of(id);
        let seats = |waits: bool| {
            let of = list().filter(|it| it.place.is_some() && it.waits == waits);
            Cell::Count(of.map(|it| i64::from(it.seats)).sum())
        };
        let ((name, group), day) = id;
        table.rows.push(vec![
            Cell::Text(fold::shown(name.as_str())),
            Cell::Text(day.clone()),
            Cell::Text(group_name(looked.community, group)),
            Cell::Text(minute(looked, gathering.starts_at)),
            Cell::Text(stage(gathering.stage, lang).to_owned()),
            gathering
                .closes_at
                .map_or(Cell::Nothing, |at| Cell::Text(minute(looked, at))),
            seats(false),
            seats(true),
            Cell::Count(i64::try_from(list().filter(|it| it.came).count()).unwrap_or(i64::MAX)),
        ]);
    }
    table
}

/// Everybody on the lists of these events, those with a seat first; then who waits, who was not chosen, who only came.
pub fn attendees<'i>(looked: Looked<'_>, ids: impl IntoIterator<Item = &'i GatheringId>) -> Table {
    let lang = looked.lang;
    let columns = [
        ("event", "活动", "event"),
        ("day", "日期", "day"),
        ("group", "群", "group"),
        ("place", "序号", "place"),
        ("name", "名字", "name"),
        ("person", "编号", "person"),
        ("seats", "位数", "seats"),
        ("note", "备注", "note"),
        ("state", "状态", "state"),
        ("score", "分数", "score"),
        ("came", "到场", "came"),
        ("signed_up_at", "报名时间", "signed up at"),
    ];
    let mut table = Table::new("sign_ups", ("报名名单", "Sign-ups"), &columns, lang);
    for id in ids {
        let mut list: Vec<&Attendance> = looked.community.attendances_of(id).collect();
        let rank = |it: &Attendance| it.judged.as_ref().map_or(0, |judged| judged.rank);
        list.sort_by_key(|it| (Standing::of(it), it.place, rank(it), it.person.clone()));
        for attendance in list {
            table.rows.push(row(looked, id, attendance));
        }
    }
    table
}

fn row(looked: Looked<'_>, id: &GatheringId, attendance: &Attendance) -> Vec<Cell> {
    let lang = looked.lang;
    let ((name, group), day) = id;
    let score = attendance.judged.as_ref().and_then(|judged| judged.score);
    let came = if attendance.came { lang.pick("是", "yes") } else { "" };
    vec![
        Cell::Text(fold::shown(name.as_str())),
        Cell::Text(day.clone()),
        Cell::Text(group_name(looked.community, group)),
        attendance
            .place
            .map_or(Cell::Nothing, |place| Cell::Count(i64::from(place))),
        Cell::Text(looked.community.name_of(Some(group), &attendance.person)),
        Cell::Text(attendance.person.to_string()),
        Cell::Count(i64::from(attendance.seats)),
        Cell::Text(attendance.note.clone()),
        Cell::Text(Standing::of(attendance).word(lang).to_owned()),
        score.map_or(Cell::Nothing, |score| Cell::Text(score.to_string())),
        Cell::Text(came.to_owned()),
        attendance.at.map_or(Cell::Nothing, |at| Cell::Text(minute(looked, at))),
    ]
}

/// How somebody stands with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Seated,
    Waiting,
    NotChosen,
    /// Not on the list, or not any more, but there.
    OnlyCame,
}

impl Standing {
    fn of(attendance: &Attendance) -> Self {
        match &attendance.judged {
            _ if attendance.has_seat() => Standing::Seated,
            _ if attendance.place.is_some() => Standing::Waiting,
            Some(judged) if !judged.chosen => Standing::NotChosen,
            _ => Standing::OnlyCame,
        }
    }

    fn word(self, lang: Lang) -> &'static str {
        match self {
            Standing::Seated => lang.pick("有位", "seated"),
            Standing::Waiting => lang.pick("等待", "waiting"),
            Standing::NotChosen => lang.pick("未入选", "not chosen"),
            Standing::OnlyCame => lang.pick("没有报名", "not signed up"),
        }
    }
}

fn stage(stage: Stage, lang: Lang) -> &'static str {
    match stage {
        Stage::Teased => lang.pick("已预告", "announced"),
        Stage::Reminded => lang.pick("已提醒", "reminded of"),
        Stage::Held => lang.pick("进行中", "held"),
        Stage::Closed => lang.pick("已结束", "over"),
        Stage::Reviewed => lang.pick("已复盘", "reviewed"),
    }
}

fn minute(looked: Looked<'_>, at: Moment) -> String {
    at.in_zone(looked.zone).strftime("%Y-%m-%d %H:%M").to_string()
}
