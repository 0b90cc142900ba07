//! What is sent, with places to be filled in. Values are put into a tree of JSON, never into its text, so nothing a member
//! says can become JSON.

use serde_json::{Map, Value};

use super::bad::BadMapping;

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hole {
    /// The group's id.
    Group,
    /// The person's id.
    Person,
    /// What is said.
    Text,
    /// The ids of those who are called: a list where it stands alone, joined with commas inside a text.
    Mentions,
    /// The same, joined with commas wherever it stands.
    MentionsJoined,
    /// The group's new name.
    Name,
    /// The member's new card.
    Card,
    /// The message that is taken back.
    Message,
    /// The action's id, the same over all attempts.
    Id,
    Token,
    Bot,
    /// Where a picture or a file is fetched from.
    Url,
    /// Where it stands on this machine.
    Path,
    /// Its bytes in base64.
    Data,
    /// The same as a `data:` address.
    DataUrl,
    /// What it is called.
    File,
    /// What it is.
    Mime,
}

impl Hole {
    const ALL: [Hole; 17] = [
        Hole::Group,
        Hole::Person,
        Hole::Text,
        Hole::Mentions,
        Hole::MentionsJoined,
        Hole::Name,
        Hole::Card,
        Hole::Message,
        Hole::Id,
        Hole::Token,
        Hole::Bot,
        Hole::Url,
        Hole::Path,
        Hole::Data,
        Hole::DataUrl,
        Hole::File,
        Hole::Mime,
    ];

    /// As it is written between braces.
    pub fn word(self) -> &'static str {
        match self {
            Hole::Group => "group",
            Hole::Person => "person",
            Hole::Text => "text",
            Hole::Mentions => "mentions",
            Hole::MentionsJoined => "mentions_joined",
            Hole::Name => "name",
            Hole::Card => "card",
            Hole::Message => "message",
            Hole::Id => "id",
            Hole::Token => "token",
            Hole::Bot => "bot",
            Hole::Url => "url",
            Hole::Path => "path",
            Hole::Data => "data",
            Hole::DataUrl => "data_url",
            Hole::File => "file",
            Hole::Mime => "mime",
        }
    }

    fn read(word: &str, allowed: &[Hole]) -> Result<Hole, BadMapping> {
        let found = Self::ALL.into_iter().find(|hole| hole.word() == word);
        found.filter(|hole| allowed.contains(hole)).ok_or_else(|| {
            let known: Vec<String> = allowed.iter().map(|hole| format!("{{{}}}", hole.word())).collect();
            BadMapping::Hole {
                hole: word.to_owned(),
                known: known.join(", "),
            }
        })
    }
}

/// What fills the places of one request.
pub trait Filling {
    /// One value for a place.
    fn value(&self, hole: Hole) -> Value;
}

/// A text with places in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Hole(Hole),
}

impl Template {
    /// Reads `…{hole}…`; `{{` and `}}` are braces that are meant.
    pub fn parse(written: &str, allowed: &[Hole]) -> Result<Self, BadMapping> {
        let mut pieces = Vec::new();
        let mut words = String::new();
        let mut rest = written;
        while let Some(at) = rest.find(['{', '}']) {
            words.push_str(&rest[..at]);
            let here = &rest[at..];
            if let Some(after) = here.strip_prefix("{{") {
                words.push('{');
                rest = after;
            } else if let Some(after) = here.strip_prefix("}}") {
                words.push('}');
                rest = after;
            } else if let Some(after) = here.strip_prefix('{') {
                let (hole, after) = after.split_once('}').ok_or(BadMapping::Unclosed)?;
                if !words.is_empty() {
                    pieces.push(Piece::Words(std::mem::take(&mut words)));
                }
                pieces.push(Piece::Hole(Hole::read(hole.trim(), allowed)?));
                rest = after;
            } else {
                // A closing brace by itself means itself.
                words.push('}');
                rest = &here[1..];
            }
        }
        words.push_str(rest);
        if !words.is_empty() {
            pieces.push(Piece::Words(words));
        }
        Ok(Self { pieces })
    }

    /// Whether a place is in it.
    pub fn holds(&self, hole: Hole) -> bool {
        self.pieces.contains(&Piece::Hole(hole))
    }

    /// The text, each value passed through `escape`.
    pub fn fill(&self, filling: &impl Filling, escape: impl Fn(&str) -> String) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Hole(hole) => text.push_str(&escape(&in_words(&filling.value(*hole)))),
            }
        }
        text
    }

    /// A place that stands alone keeps its kind; inside a text it is text.
    fn value(&self, filling: &impl Filling) -> Value {
        match self.pieces.as_slice() {
            [Piece::Hole(hole)] => filling.value(*hole),
            _ => Value::String(self.fill(filling, str::to_owned)),
        }
    }
}

fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(in_words).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// A JSON body with places in it.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Text(Template),
    Fixed(Value),
    List(Vec<Body>),
    Table(Vec<(String, Body)>),
}

impl Body {
    /// Reads a body; texts are first passed through `fill`, which knows the environment.
    pub fn read<E: From<BadMapping>>(
        written: &toml::Value,
        allowed: &[Hole],
        fill: &mut impl FnMut(&str) -> Result<String, E>,
    ) -> Result<Self, E> {
        Ok(match written {
            toml::Value::String(text) => Body::Text(Template::parse(&fill(text)?, allowed)?),
            toml::Value::Integer(number) => Body::Fixed(Value::from(*number)),
            toml::Value::Float(number) => Body::Fixed(Value::from(*number)),
            toml::Value::Boolean(flag) => Body::Fixed(Value::from(*flag)),
            toml::Value::Datetime(_) => return Err(BadMapping::Date.into()),
            toml::Value::Array(items) => {
                let items = items.iter().map(|item| Body::read(item, allowed, fill));
                Body::List(items.collect::<Result<_, _>>()?)
            }
            toml::Value::Table(table) => {
                let fields = table
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), Body::read(value, allowed, fill)?)));
                Body::Table(fields.collect::<Result<_, E>>()?)
            }
        })
    }

    /// Whether a place is in it anywhere.
    pub fn holds(&self, hole: Hole) -> bool {
        match self {
            Body::Text(template) => template.holds(hole),
            Body::Fixed(_) => false,
            Body::List(items) => items.iter().any(|item| item.holds(hole)),
            Body::Table(fields) => fields.iter().any(|(_, value)| value.holds(hole)),
        }
    }

    /// The JSON with every place filled in.
    pub fn fill(&self, filling: &impl Filling) -> Value {
        match self {
            Body::Text(template) => template.value(filling),
            Body::Fixed(value) => value.clone(),
            Body::List(items) => Value::Array(items.iter().map(|item| item.fill(filling)).collect()),
            Body::Table(fields) => {
                let fields = fields.iter().map(|(key, value)| (key.clone(), value.fill(filling)));
                Value::Object(fields.collect::<Map<_, _>>())
            }
        }
    }
}
