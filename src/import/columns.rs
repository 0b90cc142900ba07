//! Which column holds what: as the operator says, or as the heads let guess.

use std::collections::BTreeMap;

/// What a table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Orders,
    Members,
}

/// What stands before the name of a field of a person's.
const FIELD: &str = "field.";

/// A thing a column may hold: its word, whether it must be there, and what heads call it.
type Thing = (&'static str, bool, &'static [&'static str]);

const ORDERS: [Thing; 8] = [
    ("order", true, &["order", "订单", "订单号", "订单编号", "单号"]),
    (
        "amount",
        true,
        &["amount", "金额", "实付", "实付金额", "付款金额", "实收金额"],
    ),
    ("kind", false, &["kind", "状态", "订单状态", "类型"]),
    ("refund", false, &["refund", "退款编号", "退款单号"]),
    ("at", false, &["at", "time", "时间", "付款时间", "下单时间", "支付时间"]),
    ("person", false, &["person", "id", "编号", "客户编号"]),
    ("phone", false, &["phone", "手机", "手机号", "电话", "联系电话"]),
    ("items", false, &["items", "商品", "商品名称", "买了什么"]),
];

const MEMBERS: [Thing; 6] = [
    ("person", true, &["person", "id", "编号", "微信号", "QQ", "QQ号"]),
    ("name", false, &["name", "名字", "姓名", "昵称"]),
    ("birthday", false, &["birthday", "生日", "出生日期"]),
    ("tags", false, &["tags", "标签"]),
    ("points", false, &["points", "积分"]),
    ("phone", false, &["phone", "手机", "手机号", "电话"]),
];

impl About {
    fn things(self) -> &'static [Thing] {
        match self {
            About::Orders => &ORDERS,
            About::Members => &MEMBERS,
        }
    }

    /// The words a mapping may use.
    pub fn words(self) -> Vec<&'static str> {
        let words = self.things().iter().map(|(word, _, _)| *word);
        let fields = (self == About::Members).then_some("field.NAME");
        words.chain(fields).collect()
    }
}

/// Which column holds what, by the thing's word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    of: BTreeMap<String, usize>,
    head: Vec<String>,
}

/// What is wrong with a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadMap {
    /// This part is no `thing=column`.
    Part(String),
    UnknownThing {
        word: String,
        known: String,
    },
    NoColumn {
        column: String,
        has: String,
    },
    /// It must be there, and is not.
    Missing {
        word: String,
        has: String,
    },
}

impl BadMap {
    /// In both languages, Chinese first.
    pub fn text(&self) -> (String, String) {
        match self {
            BadMap::Part(part) => (
                format!("「{part}」看不懂；请写成 字段=列名，用逗号隔开"),
                format!("`{part}` is not understood; write THING=COLUMN, divided by commas"),
            ),
            BadMap::UnknownThing { word, known } => (
                format!("没有「{word}」这个字段；可以写：{known}"),
                format!("there is no `{word}`; there is {known}"),
            ),
            BadMap::NoColumn { column, has } => (
                format!("表里没有「{column}」这一列；有：{has}"),
                format!("the table has no column `{column}`; it has {has}"),
            ),
            BadMap::Missing { word, has } => (
                format!("不知道哪一列是 {word}；请用 --map {word}=列名 说明，表里有：{has}"),
                format!("no column is known to hold {word}; say it with --map {word}=COLUMN, of {has}"),
            ),
        }
    }
}

impl Columns {
    /// As the operator wrote it: `order=订单号,amount=实付`.
    pub fn written(about: About, text: &str, head: &[String]) -> Result<Self, BadMap> {
        let mut columns = Self {
            of: BTreeMap::new(),
            head: head.to_vec(),
        };
        let known = about.words();
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            let (word, column) = part.split_once('=').ok_or_else(|| BadMap::Part(part.to_owned()))?;
            let (word, column) = (word.trim(), column.trim());
            let is_field = about == About::Members && word.len() > FIELD.len() && word.starts_with(FIELD);
            if !is_field && !known.contains(&word) {
                return Err(BadMap::UnknownThing {
                    word: word.to_owned(),
                    known: known.join(", "),
                });
            }
            let place = head.iter().position(|name| name == column);
            let place = place.ok_or_else(|| BadMap::NoColumn {
                column: column.to_owned(),
                has: head.join(", "),
            })?;
            columns.of.insert(word.to_owned(), place);
        }
        columns.whole(about)
    }

    /// As the heads let guess.
    pub fn guessed(about: About, head: &[String]) -> Result<Self, BadMap> {
        let mut columns = Self {
            of: BTreeMap::new(),
            head: head.to_vec(),
        };
        for (word, _, names) in about.things() {
            let place = names
                .iter()
                .find_map(|name| head.iter().position(|cell| cell.eq_ignore_ascii_case(name)));
            columns.of.extend(place.map(|place| ((*word).to_owned(), place)));
        }
        columns.whole(about)
    }

    fn whole(self, about: About) -> Result<Self, BadMap> {
        let missing = about
            .things()
            .iter()
            .find(|(word, needed, _)| *needed && !self.of.contains_key(*word));
        match missing {
            Some((word, _, _)) => Err(BadMap::Missing {
                word: (*word).to_owned(),
                has: self.head.join(", "),
            }),
            None => Ok(self),
        }
    }

    /// As an operator would write it.
    pub fn shown(&self) -> String {
        let parts = self
            .of
            .iter()
            .map(|(word, place)| format!("{word}={}", self.head[*place]));
        parts.collect::<Vec<_>>().join(",")
    }

    /// Columns nothing is read from.
    pub fn unread(&self) -> Vec<&str> {
        let read = |place: &usize| self.of.values().any(|it| it == place);
        let all = self.head.iter().enumerate();
        all.filter(|(place, name)| !read(place) && !name.is_empty())
            .map(|(_, name)| name.as_str())
            .collect()
    }

    pub fn has(&self, word: &str) -> bool {
        self.of.contains_key(word)
    }

    /// The cell of a thing; empty where there is none.
    pub fn cell<'r>(&self, row: &'r [String], word: &str) -> &'r str {
        let place = self.of.get(word);
        place.and_then(|place| row.get(*place)).map_or("", String::as_str)
    }

    /// What the column of a thing is called.
    pub fn name<'a>(&'a self, word: &'a str) -> &'a str {
        self.of.get(word).map_or(word, |place| self.head[*place].as_str())
    }

    /// Names of fields, each with its column's word.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.of
            .keys()
            .filter_map(|word| Some((word.strip_prefix(FIELD)?, word.as_str())))
    }
}
