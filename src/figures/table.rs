//! A table of figures: the same cells for a terminal, for JSON, for a spreadsheet and for a page.

use serde_json::{Value, json};

use crate::chat::{Fen, Lang};
use crate::dry_run::layout;

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What programs call it.
    pub key: &'static str,
    pub title: &'static str,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// There is nothing to say.
    Nothing,
    /// Too few cases to say anything.
    TooFew,
    Text(String),
    Count(i64),
    Money(Fen),
    /// A part of a whole, shown as percent.
    Share {
        part: i64,
        of: i64,
    },
    /// So much for each, shown with two decimals.
    Each {
        sum: i64,
        of: i64,
    },
    /// Money for each.
    MoneyEach {
        sum: Fen,
        of: i64,
    },
    /// From, to: what lies between is as likely as not chance. In tenths.
    Range {
        from: i64,
        to: i64,
    },
    /// The same of a difference of two shares, in tenths of a point of percent.
    Points {
        from: i64,
        to: i64,
    },
}

/// A subject's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What programs call it.
    pub key: &'static str,
    pub title: &'static str,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// What must be known to read it.
    pub notes: Vec<String>,
}

/// A part of a whole in thousandths, rounded half up; the whole must not be 0.
fn permille(part: i64, of: i64) -> i64 {
    rounded(i128::from(part) * 1000, i128::from(of))
}

/// A quotient of which the half is rounded away from zero.
fn rounded(sum: i128, of: i128) -> i64 {
    let half = of.abs() / 2;
    let away = if (sum < 0) == (of < 0) {
        sum.abs() + half
    } else {
        -(sum.abs() + half)
    };
    i64::try_from(away / of.abs()).unwrap_or(i64::MAX)
}

fn with_point(number: i64, decimals: u32) -> String {
    let unit = 10_u64.pow(decimals);
    let sign = if number < 0 { "-" } else { "" };
    let (whole, rest) = (number.unsigned_abs() / unit, number.unsigned_abs() % unit);
    format!("{sign}{whole}.{rest:0width$}", width = decimals as usize)
}

impl Cell {
    /// A text for people.
    pub fn shown(&self, lang: Lang) -> String {
        match self {
            Cell::Nothing | Cell::Share { of: 0, .. } | Cell::Each { of: 0, .. } | Cell::MoneyEach { of: 0, .. } => {
                "—".to_owned()
            }
            Cell::TooFew => lang.pick("太少，不好说", "too few to say").to_owned(),
            Cell::Text(text) => text.clone(),
            Cell::Count(count) => count.to_string(),
            Cell::Money(money) => format!("¥{money}"),
            Cell::Share { part, of } => format!("{}%", with_point(permille(*part, *of), 1)),
            Cell::Each { sum, of } => with_point(rounded(i128::from(*sum) * 100, i128::from(*of)), 2),
            Cell::MoneyEach { sum, of } => format!("¥{}", Fen(rounded(i128::from(sum.0), i128::from(*of)))),
            Cell::Range { from, to } | Cell::Points { from, to } => {
                let signed = |tenths: &i64| format!("{}{}", if *tenths > 0 { "+" } else { "" }, with_point(*tenths, 1));
                lang.pick(
                    format!("{}～{}", signed(from), signed(to)),
                    format!("{} to {}", signed(from), signed(to)),
                )
            }
        }
    }

    /// For programs: exact, money in fen.
    pub fn json(&self) -> Value {
        match self {
            Cell::Nothing => Value::Null,
            Cell::TooFew => json!({"too_few": true}),
            Cell::Text(text) => json!(text),
            Cell::Count(count) => json!(count),
            Cell::Money(money) => json!({"fen": money.0}),
            Cell::Share { part, of } => json!({"part": part, "of": of}),
            Cell::Each { sum, of } => json!({"sum": sum, "of": of}),
            Cell::MoneyEach { sum, of } => json!({"fen": sum.0, "of": of}),
            Cell::Range { from, to } => json!({"from_tenths": from, "to_tenths": to}),
            Cell::Points { from, to } => json!({"from_permille": from, "to_permille": to}),
        }
    }

    /// For a spreadsheet: numbers without a sign of currency or percent, so that it can count on.
    pub fn plain(&self, lang: Lang) -> String {
        match self {
            Cell::Nothing
            | Cell::TooFew
            | Cell::Share { of: 0, .. }
            | Cell::Each { of: 0, .. }
            | Cell::MoneyEach { of: 0, .. } => String::new(),
            Cell::Money(money) => money.to_string(),
            Cell::Share { part, of } => with_point(rounded(i128::from(*part) * 10_000, i128::from(*of)), 4),
            Cell::MoneyEach { .. } => self.shown(lang).trim_start_matches('¥').to_owned(),
            // A spreadsheet takes what begins like this for a formula, and names are what members say they are.
            Cell::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
            _ => self.shown(lang),
        }
    }

    fn is_text(&self) -> bool {
        matches!(self, Cell::Text(_))
    }
}

impl Table {
    /// An empty table.
    pub fn new(
        key: &'static str,
        title: (&'static str, &'static str),
        columns: &[(&'static str, &'static str, &'static str)],
        lang: Lang,
    ) -> Self {
        let column = |(key, zh, en): &(&'static str, &'static str, &'static str)| Column {
            key,
            title: lang.pick(zh, en),
        };
        Self {
            key,
            title: lang.pick(title.0, title.1),
            columns: columns.iter().map(column).collect(),
            rows: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// One more thing that must be known.
    pub fn note(&mut self, zh: impl Into<String>, en: impl Into<String>, lang: Lang) {
        self.notes.push(lang.pick(zh.into(), en.into()));
    }

    /// Whether every cell of a column is a figure.
    pub fn is_figures(&self, column: usize) -> bool {
        column > 0
            && self
                .rows
                .iter()
                .all(|row| row.get(column).is_none_or(|cell| !cell.is_text()))
    }

    /// For a terminal.
    pub fn text(&self, lang: Lang) -> String {
        let mut text = format!("{}\n", self.title);
        if self.rows.is_empty() {
            text += lang.pick("  没有。\n", "  None.\n");
        } else {
            let heading: Vec<&str> = self.columns.iter().map(|it| it.title).collect();
            let rows = self
                .rows
                .iter()
                .map(|row| row.iter().map(|cell| cell.shown(lang)).collect());
            let right: Vec<usize> = (0..self.columns.len()).filter(|it| self.is_figures(*it)).collect();
            text += &layout::table(&heading, rows.collect(), &right);
        }
        for note in &self.notes {
            text += &format!("  · {note}\n");
        }
        text
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let row = |row: &Vec<Cell>| {
            let cells = self.columns.iter().zip(row);
            Value::Object(
                cells
                    .map(|(column, cell)| (column.key.to_owned(), cell.json()))
                    .collect(),
            )
        };
        json!({"title": self.title, "rows": self.rows.iter().map(row).collect::<Vec<_>>(), "notes": self.notes})
    }
}
