//! Member lists of two days: who is on the first and not on the second has gone in between, and nobody saw it.

use jiff::civil::Date;
use serde_json::Value;

use super::json::first;
use super::row::Who;

/// The members of a group on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    pub date: Date,
    pub file: String,
    pub members: Vec<Who>,
}

const IDS: [&str; 10] = [
    "id",
    "wxid",
    "user_id",
    "platformId",
    "userid",
    "uin",
    "QQ",
    "QQ号",
    "编号",
    "微信号",
];
const NAMES: [&str; 10] = [
    "name",
    "nickname",
    "nickName",
    "accountName",
    "card",
    "昵称",
    "名字",
    "姓名",
    "群昵称",
    "成员",
];

/// Reads a list: JSON objects, a table with a head, or a name a line.
pub fn read(text: &str) -> Vec<Who> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let list = ["data", "members"]
            .iter()
            .find_map(|key| value.get(*key))
            .unwrap_or(&value);
        let items = list.as_array().into_iter().flatten();
        return items
            .map(|item| Who::new(first(item, &IDS), first(item, &NAMES)))
            .collect();
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(head) = lines.clone().next() else {
        return Vec::new();
    };
    let between = *super::detect::BETWEEN
        .iter()
        .max_by_key(|it| head.bytes().filter(|byte| byte == *it).count())
        .unwrap_or(&b',');
    let cells = |line: &str| super::detect::cells(line, between);
    let head = cells(head);
    let place = |names: &[&str]| {
        head.iter()
            .position(|cell| names.iter().any(|name| name.eq_ignore_ascii_case(cell)))
    };
    let (id, name) = (place(&IDS), place(&NAMES));
    if id.is_none() && name.is_none() {
        return lines
            .map(|line| match cells(line).as_slice() {
                [id, name, ..] => Who::new(id.as_str(), name.as_str()),
                [name] => Who::named(name.as_str()),
                [] => Who::default(),
            })
            .collect();
    }
    let of =
        |cells: &[String], place: Option<usize>| place.and_then(|place| cells.get(place)).cloned().unwrap_or_default();
    lines
        .skip(1)
        .map(cells)
        .map(|cells| Who::new(of(&cells, id), of(&cells, name)))
        .filter(|who| !who.is_nobody())
        .collect()
}
