//! Message elements: text with tags in it, as Satori writes every message.
//!
//! `parse(write(x)) == x` for all elements of plain names in which no two texts touch, none is empty and none begins or
//! ends with blanks that hold a line break: readers drop those. What is no whole tag is text; a tag that closes nothing is
//! dropped; one that is never closed reaches to the end. Tags nested deeper than anybody means are read as if they were
//! not there, what stands between them is kept.

use std::collections::BTreeMap;

/// Tags within tags that are believed.
const DEPTH_MAX: usize = 32;

/// One element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    Text(String),
    Tag {
        name: String,
        /// A key without a value is `true`, `no-key` is `false`.
        attributes: BTreeMap<String, String>,
        children: Vec<Element>,
    },
}

impl Element {
    /// A tag with one attribute and nothing in it.
    pub fn with(name: &str, key: &str, value: &str) -> Self {
        Element::Tag {
            name: name.to_owned(),
            attributes: BTreeMap::from([(key.to_owned(), value.to_owned())]),
            children: Vec::new(),
        }
    }

    /// A tag alone.
    pub fn bare(name: &str) -> Self {
        Element::Tag {
            name: name.to_owned(),
            attributes: BTreeMap::new(),
            children: Vec::new(),
        }
    }
}

/// A tag that was opened and not closed yet.
#[derive(Debug, Default)]
struct Open {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Element>,
}

#[derive(Debug)]
struct Reader {
    /// The first is the whole message.
    open: Vec<Open>,
    /// Names of the tags opened beyond the depth that is believed.
    deep: Vec<String>,
}

/// Reads a message. Never fails.
pub fn parse(content: &str) -> Vec<Element> {
    let mut reader = Reader {
        open: vec![Open::default()],
        deep: Vec::new(),
    };
    let mut words = String::new();
    let mut rest = content;
    let mut comments = true;
    while let Some(start) = rest.find('<') {
        words.push_str(&rest[..start]);
        rest = &rest[start..];
        if comments && let Some(inside) = rest.strip_prefix("<!--") {
            if let Some(end) = inside.find("-->") {
                reader.text(&mut words);
                rest = &inside[end + 3..];
                continue;
            }
            comments = false;
        }
        match tag(&rest[1..]) {
            Some((inside, after)) => {
                reader.text(&mut words);
                reader.tag(inside);
                rest = after;
            }
            None => {
                words.push('<');
                rest = &rest[1..];
            }
        }
    }
    words.push_str(rest);
    reader.text(&mut words);
    reader.end()
}

/// What stands in a tag, after its `<`, and what follows its `>`.
fn tag(text: &str) -> Option<(&str, &str)> {
    let begins = |first: char| first.is_alphabetic() || first == '/';
    if !text.starts_with(begins) {
        return None;
    }
    let end = text.find(['<', '>'])?;
    text[end..].strip_prefix('>').map(|after| (&text[..end], after))
}

impl Reader {
    fn here(&mut self) -> &mut Vec<Element> {
        if self.open.is_empty() {
            self.open.push(Open::default());
        }
        let last = self.open.len() - 1;
        &mut self.open[last].children
    }

    /// Texts end at tags; the blanks with a line break at their ends are for whoever reads the source.
    fn text(&mut self, words: &mut String) {
        let whole = unescape(&std::mem::take(words));
        let mut words = whole.as_str();
        let after = words.trim_start();
        if words[..words.len() - after.len()].contains('\n') {
            words = after;
        }
        let before = words.trim_end();
        if words[before.len()..].contains('\n') {
            words = before;
        }
        if words.is_empty() {
            return;
        }
        match self.here().last_mut() {
            // Only a comment or a dropped tag parted them.
            Some(Element::Text(text)) => text.push_str(words),
            _ => self.here().push(Element::Text(words.to_owned())),
        }
    }

    fn tag(&mut self, inside: &str) {
        if let Some(name) = inside.strip_prefix('/') {
            return self.close(name.trim());
        }
        let (inside, is_empty) = match inside.strip_suffix('/') {
            Some(inside) => (inside, true),
            None => (inside, false),
        };
        let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        let opened = Open {
            name: name.to_owned(),
            attributes: read_attributes(attributes),
            children: Vec::new(),
        };
        match (is_empty, self.open.len() > DEPTH_MAX) {
            (true, _) => self.here().push(opened.closed()),
            (false, false) => self.open.push(opened),
            (false, true) => self.deep.push(opened.name),
        }
    }

    fn close(&mut self, name: &str) {
        if let Some(deepest) = self.deep.last() {
            if deepest == name {
                self.deep.pop();
            }
            return;
        }
        if self.open.len() > 1
            && let Some(open) = self.open.pop_if(|open| open.name == name)
        {
            self.here().push(open.closed());
        }
    }

    fn end(mut self) -> Vec<Element> {
        while self.open.len() > 1
            && let Some(open) = self.open.pop()
        {
            self.here().push(open.closed());
        }
        std::mem::take(self.here())
    }
}

impl Open {
    fn closed(self) -> Element {
        Element::Tag {
            name: self.name,
            attributes: self.attributes,
            children: self.children,
        }
    }
}

/// `key`, `no-key`, `key="value"` or `key='value'`; the first of two equal keys counts.
fn read_attributes(text: &str) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest
            .find(|it: char| it == '=' || it.is_whitespace())
            .unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let value = after.strip_prefix('=').and_then(|value| {
            let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
            value[1..].split_once(quote)
        });
        rest = match value {
            Some((value, after)) => {
                attributes.entry(key.to_owned()).or_insert_with(|| unescape(value));
                after
            }
            None => {
                if let Some(key) = key.strip_prefix("no-") {
                    attributes.entry(key.to_owned()).or_insert_with(|| "false".to_owned());
                } else if !key.is_empty() {
                    attributes.entry(key.to_owned()).or_insert_with(|| "true".to_owned());
                }
                after.strip_prefix('=').unwrap_or(after)
            }
        }
        .trim_start();
    }
    attributes
}

/// Writes a message. A name or key that a tag cannot carry is left out, never written raw; what stands in such a tag is
/// kept.
pub fn write(elements: &[Element]) -> String {
    let mut content = String::new();
    for element in elements {
        write_one(element, &mut content);
    }
    content
}

fn write_one(element: &Element, content: &mut String) {
    let (name, attributes, children) = match element {
        Element::Text(words) => return content.push_str(&escape(words)),
        Element::Tag {
            name,
            attributes,
            children,
        } => (name, attributes, children),
    };
    let is_plain = is_plain(name);
    if is_plain {
        content.push('<');
        content.push_str(name);
        for (key, value) in attributes.iter().filter(|(key, _)| self::is_plain(key)) {
            content.push_str(&format!(" {key}=\"{}\"", escape(value)));
        }
        content.push_str(if children.is_empty() { "/>" } else { ">" });
    }
    for child in children {
        write_one(child, content);
    }
    if is_plain && !children.is_empty() {
        content.push_str(&format!("</{name}>"));
    }
}

/// Letters, digits and `-` or `_`, a letter first.
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// In one pass, so that `&amp;lt;` is the four characters `&lt;` and never a bracket.
fn unescape(text: &str) -> String {
    /// `&#x10ffff;` is the longest that means something.
    const LONGEST: usize = 10;
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().take(LONGEST).position(|byte| byte == b';');
        let meant = end.and_then(|end| Some((meaning(&rest[1..end])?, end + 1)));
        let (character, length) = meant.unwrap_or(('&', 1));
        plain.push(character);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain
}

fn meaning(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}
