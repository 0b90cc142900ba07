//! The keys operators may write: each declared once, beside the reader that asks for it.
//!
//! The reader asks by these declarations and the schema for editors is made from them. A key that is asked for and not
//! declared stops a debug build; one that is declared and never asked for fails a test.

/// One key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub name: &'static str,
    pub shape: Shape,
    pub needed: bool,
    /// What may stand after `=`, in TOML.
    pub example: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

/// What may stand at a key, as far as TOML's own types tell. What a text must say is the reader's business.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Text,
    /// One text or a list of them.
    Texts,
    Truth,
    /// A whole number between two others.
    Number(i64, i64),
    /// An amount or a count: a text, or a whole number.
    TextOrNumber,
    /// Two whole numbers.
    Pair,
    Choice(fn() -> Vec<&'static str>),
    /// A table of one of these kinds. The first key of a kind is its own.
    Table(&'static [&'static [Key]]),
    /// `[thing.NAME]`.
    Named(&'static Shape),
    /// `[[thing]]`.
    List(&'static Shape),
    OneOrMany(&'static Shape),
    Either(&'static [Shape]),
    /// What a mechanic says: key, and what it says in Chinese and English if nothing else is written.
    Phrases(fn() -> &'static [(&'static str, &'static str, &'static str)]),
    /// Codes of warnings, each with a text.
    Codes,
    /// Written in several places, described once.
    Shared(&'static str, &'static Shape),
}

/// A key that may be left out.
pub(crate) const fn key(
    name: &'static str,
    shape: Shape,
    example: &'static str,
    (zh, en): (&'static str, &'static str),
) -> Key {
    Key {
        name,
        shape,
        needed: false,
        example,
        zh,
        en,
    }
}

/// A count.
pub(crate) const COUNT: Shape = Shape::Number(1, 100_000);

impl Key {
    /// One that must be there.
    pub(crate) const fn needed(mut self) -> Self {
        self.needed = true;
        self
    }
}

impl Shape {
    /// The kinds of tables that may stand here.
    pub(crate) fn tables(&'static self) -> &'static [&'static [Key]] {
        match self {
            Shape::Table(kinds) => kinds,
            Shape::List(of) | Shape::OneOrMany(of) | Shape::Shared(_, of) => of.tables(),
            Shape::Either(choices) => choices
                .iter()
                .map(Shape::tables)
                .find(|it| !it.is_empty())
                .unwrap_or(&[]),
            _ => &[],
        }
    }

    /// A key that is declared here.
    pub(crate) fn key(&'static self, name: &str) -> Option<&'static Key> {
        self.tables().iter().copied().flatten().find(|key| key.name == name)
    }

    /// What stands at a key of a table of this shape.
    pub(crate) fn at(&'static self, name: &str) -> &'static Shape {
        match self {
            Shape::Named(of) => of,
            _ => self.key(name).map_or(&Shape::Text, |key| &key.shape),
        }
    }
}
