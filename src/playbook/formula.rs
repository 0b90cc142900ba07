//! An expression that comes to a number: what an application or a chance is worth.

use std::sync::Arc;

use minijinja::Value;
use minijinja::machinery::parse_expr;
use minijinja::value::ValueKind;

use super::vocabulary::Vocabulary;
use super::wording::{BadWording, Compiled, Fault, Given, Unsaid, Wanted, compiled, plain, values, walk};
use crate::chat::Score;

/// An expression that comes to a number or an amount, in the language of conditions.
#[derive(Clone, Debug)]
pub struct Formula(Arc<Compiled>);

impl Formula {
    /// Reads an expression, with names an operator gave.
    pub fn with(source: &str, given: &Given) -> Result<Self, BadWording> {
        compiled(source, given, |tree| walk::formula(source, tree, None)).map(Self)
    }

    /// The names it looks up.
    pub fn wanted(&self) -> &Wanted {
        &self.0.wanted
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Whether it looks nothing up: it is the same for everybody.
    pub fn is_constant(&self) -> bool {
        // Sums and comparisons are calls to our own.
        self.0.wanted.0.iter().all(|name| name.starts_with("__"))
    }

    /// The names it uses that an operator gave.
    pub fn given(&self) -> &Given {
        &self.0.given
    }

    /// Names it uses that are not there on this occasion, and values it uses wrongly.
    pub fn check(&self, vocabulary: &Vocabulary) -> Vec<Fault> {
        match parse_expr(&self.0.source) {
            Ok(tree) => walk::formula(&self.0.source, &tree, Some(vocabulary)),
            // It was parsed once, so it parses again.
            Err(_) => Vec::new(),
        }
    }

    /// What it comes to in a scene; an amount counts in yuan, and beyond the hundredths everything is cut off.
    pub fn comes_to(&self, scene: &Value) -> Result<Score, Unsaid> {
        let value = self
            .0
            .expression
            .eval(scene.clone())
            .map_err(|error| Unsaid(plain(&error)))?;
        score(&value).ok_or_else(|| Unsaid(format!("`{}` is {value}, not a number", self.0.source)))
    }
}

fn score(value: &Value) -> Option<Score> {
    if let Some(amount) = values::money(value) {
        return Some(Score(amount.0));
    }
    if value.kind() != ValueKind::Number {
        return None;
    }
    if let Some(whole) = value.as_i64() {
        return whole.checked_mul(100).map(Score);
    }
    let hundredths = (f64::try_from(value.clone()).ok()? * 100.0).floor();
    // Far within what a float holds exactly.
    (hundredths.abs() < 1e15).then_some(Score(hundredths as i64))
}
