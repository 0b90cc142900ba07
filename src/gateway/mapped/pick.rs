//! Where something stands in JSON: a path, perhaps with a pattern that cuts the wanted part out of a text.

use regex::Regex;
use serde_json::Value;

use super::bad::BadMapping;

/// A way through JSON: `Data.Content.string`, `items.0.id`, or a JSON pointer (RFC 6901) `/Data/Content/string`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    written: String,
    steps: Vec<String>,
}

impl Path {
    /// Reads a path. Every step has a name.
    pub fn parse(written: &str) -> Result<Self, BadMapping> {
        let bad = || BadMapping::Path(written.to_owned());
        let steps: Vec<String> = match written.strip_prefix('/') {
            Some(pointer) => pointer
                .split('/')
                .map(unescaped)
                .collect::<Option<_>>()
                .ok_or_else(bad)?,
            None => written.split('.').map(str::to_owned).collect(),
        };
        let plain = |step: &String| !step.is_empty() && step.trim() == step && !step.chars().any(char::is_control);
        match steps.iter().all(plain) {
            true => Ok(Self {
                written: written.to_owned(),
                steps,
            }),
            false => Err(bad()),
        }
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// What stands there; null counts as nothing.
    pub fn find<'v>(&self, root: &'v Value) -> Option<&'v Value> {
        let found = self.steps.iter().try_fold(root, |value, step| match value {
            Value::Object(fields) => fields.get(step),
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        })?;
        (!found.is_null()).then_some(found)
    }
}

/// `~1` is a slash and `~0` a tilde; anything else after a tilde is a mistake.
fn unescaped(step: &str) -> Option<String> {
    let mut plain = String::with_capacity(step.len());
    let mut rest = step;
    while let Some(at) = rest.find('~') {
        plain.push_str(&rest[..at]);
        plain.push(match rest.as_bytes().get(at + 1)? {
            b'0' => '~',
            b'1' => '/',
            _ => return None,
        });
        rest = &rest[at + 2..];
    }
    plain.push_str(rest);
    Some(plain)
}

/// One place to look at.
#[derive(Clone, Debug)]
pub struct Place {
    pub path: Path,
    /// What of the text is meant: the first group of the pattern, or all it matches. A text it does not match is
    /// nothing.
    pub pattern: Option<Regex>,
}

/// Places to look at one after another; the first where something stands is meant.
#[derive(Clone, Debug)]
pub struct Pick {
    places: Vec<Place>,
}

impl Pick {
    /// Of at least one place.
    pub fn new(places: Vec<Place>) -> Result<Self, BadMapping> {
        match places.is_empty() {
            true => Err(BadMapping::Pick),
            false => Ok(Self { places }),
        }
    }

    /// A single path.
    pub fn path(written: &str) -> Result<Self, BadMapping> {
        let path = Path::parse(written)?;
        Self::new(vec![Place { path, pattern: None }])
    }

    /// As it was written, for complaints.
    pub fn written(&self) -> String {
        let places: Vec<&str> = self.places.iter().map(|place| place.path.written()).collect();
        places.join(", ")
    }

    /// The text there: of numbers their digits, of flags `true` or `false`.
    pub fn text(&self, root: &Value) -> Option<String> {
        self.places.iter().find_map(|place| place.text(root))
    }

    /// The texts there: the items of a list, or a text taken apart at its commas.
    pub fn list(&self, root: &Value) -> Vec<String> {
        let found = self.places.iter().find_map(|place| match place.path.find(root)? {
            Value::Array(items) if place.pattern.is_none() => Some(items.iter().filter_map(scalar).collect()),
            _ => Some(place.text(root)?.split(',').map(|it| it.trim().to_owned()).collect()),
        });
        let mut found: Vec<String> = found.unwrap_or_default();
        found.retain(|text| !text.is_empty());
        found
    }

    /// Whether a flag is set there: true, a number but 0, or a text that says so.
    pub fn flag(&self, root: &Value) -> bool {
        let text = self.text(root).unwrap_or_default();
        !matches!(text.trim().to_lowercase().as_str(), "" | "0" | "false" | "no")
    }

    /// Whether a number stands there that lost its last digits on the way.
    pub fn is_blurred(&self, root: &Value) -> bool {
        let found = self.places.iter().find_map(|place| place.path.find(root));
        matches!(found, Some(Value::Number(number)) if number.is_f64())
    }
}

impl Place {
    fn text(&self, root: &Value) -> Option<String> {
        let text = scalar(self.path.find(root)?)?;
        let Some(pattern) = &self.pattern else {
            return Some(text);
        };
        let found = pattern.captures(&text)?;
        found.get(1).or(found.get(0)).map(|part| part.as_str().to_owned())
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_through_objects_and_lists() {
        let value = json!({"a": {"b": [1, {"c/d": "x"}]}, "n": null});
        let find = |path: &str| Path::parse(path).unwrap().find(&value).cloned();
        assert_eq!(find("a.b.0"), Some(json!(1)));
        assert_eq!(find("/a/b/1/c~1d"), Some(json!("x")));
        for nowhere in ["a.b.2", "a.c", "n", "a.b.c", "x"] {
            assert_eq!(find(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for bad in ["", ".", "a..b", "a.", "/", "//", "/a~2", "/a~", " a", "a\n"] {
            assert_eq!(Path::parse(bad), Err(BadMapping::Path(bad.to_owned())), "{bad:?}");
        }
    }
}
