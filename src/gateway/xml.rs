//! Small XML documents as trees: callbacks, and the network's own messages.

use quick_xml::Reader;
use quick_xml::events::Event;

/// Elements within elements that are followed.
const DEEP: usize = 64;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of this name.
    pub fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    pub fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// Every element of this name, however deep.
    pub fn all<'a>(&'a self, name: &str, found: &mut Vec<&'a Node>) {
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            child.all(name, found);
        }
    }
}

/// Reads one document. Entities that are not XML's own are left out; nothing outside is ever fetched.
pub fn read(text: &str) -> Result<Node, String> {
    tree(text, Foreign::LeftOut)
}

/// The same for what comes in from outside: a document type, or an entity that is not XML's own, is refused.
pub fn read_strictly(text: &str) -> Result<Node, String> {
    tree(text, Foreign::Refused)
}

/// What becomes of what a document declares for itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Foreign {
    LeftOut,
    Refused,
}

fn tree(text: &str, foreign: Foreign) -> Result<Node, String> {
    let mut reader = Reader::from_str(text.trim());
    let mut open: Vec<Node> = vec![Node::default()];
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                if open.len() > DEEP {
                    return Err(format!("more than {DEEP} elements within each other"));
                }
                open.push(node(&start));
            }
            Event::Empty(start) => {
                let node = node(&start);
                if let Some(parent) = open.last_mut() {
                    parent.children.push(node);
                }
            }
            Event::End(_) => {
                let Some(node) = open.pop() else { break };
                match open.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None => return Err("an element is closed that was never opened".to_owned()),
                }
            }
            Event::Text(words) => {
                if let Some(parent) = open.last_mut() {
                    parent.text.push_str(&words);
                }
            }
            Event::CData(words) => {
                if let Some(parent) = open.last_mut() {
                    parent.text.push_str(&words);
                }
            }
            Event::GeneralRef(name) => {
                let letter = letter(&name);
                if letter.is_empty() && foreign == Foreign::Refused {
                    return Err("it names an entity that is not XML's own".to_owned());
                }
                if let Some(parent) = open.last_mut() {
                    parent.text.push_str(&letter);
                }
            }
            Event::DocType(_) if foreign == Foreign::Refused => {
                return Err("it declares a document type".to_owned());
            }
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
        }
    }
    match open.len() {
        1 => Ok(open.pop().unwrap_or_default()),
        _ => Err("it ends in the middle".to_owned()),
    }
}

fn letter(name: &str) -> String {
    let number = name
        .strip_prefix('#')
        .and_then(|digits| match digits.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => digits.parse().ok(),
        });
    match (name, number.and_then(char::from_u32)) {
        (_, Some(letter)) => letter.to_string(),
        ("amp", _) => "&".to_owned(),
        ("lt", _) => "<".to_owned(),
        ("gt", _) => ">".to_owned(),
        ("quot", _) => "\"".to_owned(),
        ("apos", _) => "'".to_owned(),
        _ => String::new(),
    }
}

fn node(start: &quick_xml::events::BytesStart<'_>) -> Node {
    let attributes = start
        .attributes()
        .filter_map(Result::ok)
        .map(|attribute| (attribute.key.as_ref().to_owned(), attribute.value.into_owned()));
    Node {
        name: start.name().as_ref().to_owned(),
        attributes: attributes.collect(),
        ..Node::default()
    }
}
