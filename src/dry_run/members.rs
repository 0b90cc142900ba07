//! Who was there before the recording begins: a list of members the operator has.
//!
//! ```csv
//! id,name,birthday,joined,group,opted_out,source
//! 10086,阿明,农历八月十五,2024-05-01,,no,tea-fair
//! ```
//! Only `id` is needed. Without `group` somebody is a member of the first group the recording tells of. Reads no file.

use jiff::civil::Date;

use crate::calendar::Birthday;
use crate::chat::{GatewayName, GroupId, JoinedHow, Lang, Moment, PersonId, Tag, fold};
use crate::community::Community;
use crate::community::change::Change;
use crate::community::person::Origin;

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub person: PersonId,
    pub name: String,
    pub birthday: Option<Birthday>,
    /// The start of the day they came in, if that is known.
    pub joined: Option<Moment>,
    pub group: Option<GroupId>,
    pub opted_out: bool,
    /// Where they come from; empty if nobody knows.
    pub source: String,
}

/// What keeps a list from being used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadList {
    #[error(
        "line 1: there is no column `id`; the first line names the columns: id,name,birthday,joined,group,opted_out,source"
    )]
    NoId,
    #[error("line 1: no column is called `{column}`; there is: id, name, birthday, joined, group, opted_out, source")]
    UnknownColumn { column: String },
    #[error("line {line}: it has {found} fields, the first line has {expected}")]
    Fields { line: u64, found: usize, expected: usize },
    #[error("line {line}: the id is empty; every line needs one")]
    Empty { line: u64 },
    #[error("line {line}: `{text}` is no birthday; write it like 1990-03-15, 3-15 or 农历八月十五")]
    Birthday { line: u64, text: String },
    #[error("line {line}: `{text}` is no date; write it like 2024-05-01")]
    Joined { line: u64, text: String },
    #[error("line {line}: `{text}` is neither yes nor no, which is what `opted_out` says")]
    OptedOut { line: u64, text: String },
}

impl BadList {
    /// In the language asked for.
    pub fn text(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        match self {
            BadList::NoId => {
                "第 1 行：没有 `id` 这一列；第一行写列名：id,name,birthday,joined,group,opted_out,source".to_owned()
            }
            BadList::UnknownColumn { column } => {
                format!("第 1 行：没有叫「{column}」的列；可以写：id、name、birthday、joined、group、opted_out、source")
            }
            BadList::Fields { line, found, expected } => {
                format!("第 {line} 行：有 {found} 个字段，而第一行有 {expected} 个")
            }
            BadList::Empty { line } => format!("第 {line} 行：id 是空的；每行都要有"),
            BadList::Birthday { line, text } => {
                format!("第 {line} 行：「{text}」不是生日；请写成 1990-03-15、3-15 或 农历八月十五")
            }
            BadList::Joined { line, text } => format!("第 {line} 行：「{text}」不是日期；请写成 2024-05-01"),
            BadList::OptedOut { line, text } => {
                format!("第 {line} 行：opted_out（退订）写的是「{text}」；请写 yes 或 no（是、否）")
            }
        }
    }
}

/// Where an id without a gateway belongs, and whose days are meant.
#[derive(Clone, Copy, Debug)]
pub struct Home<'a> {
    pub gateway: &'a GatewayName,
    pub zone: &'a jiff::tz::TimeZone,
}

/// The columns there are, each at its place.
#[derive(Clone, Debug)]
pub struct Columns {
    places: Vec<Column>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Id,
    Name,
    Birthday,
    Joined,
    Group,
    OptedOut,
    Source,
}

impl Columns {
    /// Reads the first line.
    pub fn read<'a>(names: impl Iterator<Item = &'a str>) -> Result<Self, BadList> {
        let mut places = Vec::new();
        for name in names {
            places.push(match name.trim_start_matches('\u{feff}').trim() {
                "id" | "编号" => Column::Id,
                "name" | "名字" | "昵称" => Column::Name,
                "birthday" | "生日" => Column::Birthday,
                "joined" | "进群" | "进群日期" => Column::Joined,
                "group" | "群" => Column::Group,
                "opted_out" | "退订" => Column::OptedOut,
                "source" | "来源" => Column::Source,
                other => {
                    return Err(BadList::UnknownColumn {
                        column: other.to_owned(),
                    });
                }
            });
        }
        match places.contains(&Column::Id) {
            true => Ok(Self { places }),
            false => Err(BadList::NoId),
        }
    }

    /// Reads a further line.
    pub fn row(&self, line: u64, fields: &[&str], home: Home<'_>) -> Result<Known, BadList> {
        if fields.len() != self.places.len() {
            return Err(BadList::Fields {
                line,
                found: fields.len(),
                expected: self.places.len(),
            });
        }
        let field = |wanted: Column| {
            let place = self.places.iter().position(|column| *column == wanted);
            place.map_or("", |place| fields[place].trim())
        };
        let id = field(Column::Id);
        if id.is_empty() {
            return Err(BadList::Empty { line });
        }
        let birthday = field(Column::Birthday);
        let joined = field(Column::Joined);
        let group = field(Column::Group);
        Ok(Known {
            person: match id.contains('/') {
                true => PersonId::new(id),
                false => PersonId::at(home.gateway, id),
            },
            name: field(Column::Name).to_owned(),
            birthday: match birthday {
                "" => None,
                text => Some(Birthday::written(text).map_err(|_| BadList::Birthday {
                    line,
                    text: text.to_owned(),
                })?),
            },
            joined: match joined {
                "" => None,
                text => Some(
                    text.parse::<Date>()
                        .map(|day| Moment::start_of(day, home.zone))
                        .map_err(|_| BadList::Joined {
                            line,
                            text: text.to_owned(),
                        })?,
                ),
            },
            group: match (group, group.contains('/')) {
                ("", _) => None,
                (text, true) => Some(GroupId::new(text)),
                (text, false) => Some(GroupId::at(home.gateway, text)),
            },
            opted_out: match fold(field(Column::OptedOut)).as_str() {
                "" | "no" | "否" | "0" | "false" => false,
                "yes" | "是" | "1" | "true" => true,
                text => {
                    return Err(BadList::OptedOut {
                        line,
                        text: text.to_owned(),
                    });
                }
            },
            source: field(Column::Source).to_owned(),
        })
    }
}

impl Known {
    /// Enters what is known of the person, whatever group they are in.
    pub fn enter(&self, community: &mut Community) {
        let person = self.person.clone();
        if !self.name.is_empty() {
            let name = self.name.clone();
            community.apply(&Change::Named {
                person: person.clone(),
                name,
            });
        }
        if let Some(birthday) = self.birthday {
            let person = person.clone();
            community.apply(&Change::BirthdaySet { person, birthday });
        }
        if self.opted_out {
            let (person, tag) = (person.clone(), Tag::new(Tag::OPTED_OUT[0]));
            community.apply(&Change::Tagged { person, tag });
        }
        if !self.source.is_empty() {
            let origin = Origin {
                source: self.source.as_str().into(),
                told: false,
            };
            community.apply(&Change::SourceKept { person, origin });
        }
    }

    /// Enters them as a member.
    pub fn join(&self, group: &GroupId, community: &mut Community) {
        community.apply(&Change::Arrived {
            group: group.clone(),
            person: self.person.clone(),
            at: self.joined,
            how: JoinedHow::Unknown,
            by: None,
            // Members listed in a file came in on a day of no zone: counts over days leave them to UTC.
            day: None,
        });
    }
}
