//! Messages in our words, and back.

use super::elements::{self, Element};
use crate::chat::{GatewayName, MessageId, PersonId, Segment, calling_nobody, link_in_words};
use crate::gateway::picture::Picture;

/// What a message says.
pub fn read(gateway: &GatewayName, content: &str) -> Vec<Segment> {
    let mut reader = Reader {
        gateway,
        segments: Vec::new(),
    };
    reader.all(&elements::parse(content));
    reader.segments
}

struct Reader<'a> {
    gateway: &'a GatewayName,
    segments: Vec<Segment>,
}

impl Reader<'_> {
    fn all(&mut self, elements: &[Element]) {
        for element in elements {
            self.one(element);
        }
    }

    fn text(&mut self, words: &str) {
        match self.segments.last_mut() {
            Some(Segment::Text(text)) => text.push_str(words),
            _ => self.segments.push(Segment::Text(words.to_owned())),
        }
    }

    /// What stands in a paragraph is parted from what stands before it and after it.
    fn line_break(&mut self) {
        match self.segments.last_mut() {
            Some(Segment::Text(text)) if !text.ends_with('\n') => text.push('\n'),
            Some(_) | None => {}
        }
    }

    fn one(&mut self, element: &Element) {
        let (name, attributes, children) = match element {
            Element::Text(words) => return self.text(words),
            Element::Tag {
                name,
                attributes,
                children,
            } => (name.as_str(), attributes, children),
        };
        let told = |key: &str| {
            attributes
                .get(key)
                .map(String::as_str)
                .filter(|value| !value.is_empty())
        };
        let segment = match name {
            "br" => return self.text("\n"),
            "p" | "message" | "blockquote" => {
                self.line_break();
                self.all(children);
                return self.line_break();
            }
            "at" => match (told("type"), told("id")) {
                (Some("all" | "here"), _) => Some(Segment::MentionAll),
                (_, Some(wire)) => Some(Segment::Mention(PersonId::at(self.gateway, wire))),
                _ => None,
            },
            "img" | "image" => told("src")
                .or(told("url"))
                .map(|place| Segment::Image(place.to_owned())),
            "quote" => match told("id") {
                // What it quotes was said by somebody else.
                None => return,
                Some(id) => Some(Segment::Reply(MessageId::new(id))),
            },
            "author" => return,
            "a" => told("href").map(|url| Segment::Link {
                url: url.to_owned(),
                title: title(children, url),
            }),
            "audio" | "video" | "file" | "emoji" | "face" | "sharp" | "button" => None,
            _ => return self.all(children),
        };
        self.segments
            .push(segment.unwrap_or_else(|| Segment::Other(name.to_owned())));
    }
}

/// The words of a link, unless they are its address.
fn title(children: &[Element], url: &str) -> String {
    fn gather(elements: &[Element], words: &mut String) {
        for element in elements {
            match element {
                Element::Text(text) => words.push_str(text),
                Element::Tag { children, .. } => gather(children, words),
            }
        }
    }
    let mut words = String::new();
    gather(children, &mut words);
    match words == url {
        true => String::new(),
        false => words,
    }
}

/// A message as it is written, or `None` if nothing of it can be said on this network.
pub fn write(content: &[Segment]) -> Option<String> {
    let mut elements = Vec::new();
    for segment in content {
        match segment {
            Segment::Text(words) => lines(&calling_nobody(words), &mut elements),
            Segment::Mention(person) => elements.push(Element::with("at", "id", person.wire())),
            Segment::MentionAll => elements.push(Element::with("at", "type", "all")),
            Segment::Image(place) => elements.push(match Picture::at(place) {
                Some(picture) => Element::with("img", "src", &picture.address()),
                None => Element::with("img", "src", place),
            }),
            Segment::File { place, name } => elements.push(Element::Tag {
                name: "file".to_owned(),
                attributes: [("src".to_owned(), place.clone()), ("title".to_owned(), name.clone())].into(),
                children: Vec::new(),
            }),
            // Where a link is no element of the network, only its words would be left.
            Segment::Link { url, title } => lines(&format!("\n{}", link_in_words(url, title)), &mut elements),
            Segment::Reply(message) => elements.push(Element::with("quote", "id", message.as_str())),
            // Whatever it was, its data was not kept.
            Segment::Other(_) => {}
        }
    }
    (!elements.is_empty()).then(|| elements::write(&elements))
}

/// Readers drop line breaks beside tags and blanks, and some drop empty lines: those are written as elements.
fn lines(words: &str, elements: &mut Vec<Element>) {
    let mut text = String::new();
    let mut before = None;
    let mut characters = words.chars().peekable();
    while let Some(character) = characters.next() {
        let is_blank = |it: Option<char>| it.is_none_or(char::is_whitespace);
        if character == '\n' && (is_blank(before) || is_blank(characters.peek().copied())) {
            if !text.is_empty() {
                elements.push(Element::Text(std::mem::take(&mut text)));
            }
            elements.push(Element::bare("br"));
        } else {
            text.push(character);
        }
        before = Some(character);
    }
    if !text.is_empty() {
        elements.push(Element::Text(text));
    }
}
