//! One language for conditions and wording: minijinja, without anything that could run away.
//!
//! Names stand for what the engine's scene holds; a name it does not hold is an error, never an empty string. Member
//! text is data: it is never parsed as a template.

use std::sync::LazyLock;

use minijinja::{Environment, Expression, UndefinedBehavior, Value};
use thiserror::Error;

/// A text with `{{ names }}` in it.
#[derive(Clone, Debug)]
pub struct Wording {
    source: String,
    environment: Environment<'static>,
}

/// An expression that is true or false.
#[derive(Debug)]
pub struct Condition {
    source: String,
    expression: Expression<'static, 'static>,
}

impl Clone for Condition {
    fn clone(&self) -> Self {
        // It was parsed once, so it parses again.
        Self::parse(&self.source).expect("a parsed condition parses")
    }
}

/// Why a text is no wording or no condition.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{reason}")]
pub struct BadWording {
    pub reason: String,
    /// The byte range in the text, where known.
    pub place: Option<std::ops::Range<usize>>,
}

/// Why a wording or condition gave nothing for this occasion.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct Unsaid(pub String);

/// The most characters a wording may come to.
const LONGEST: usize = 2_000;

static LANGUAGE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(50_000));
    environment
});

fn bad(error: &minijinja::Error) -> BadWording {
    BadWording {
        reason: error.to_string(),
        place: error.range(),
    }
}

impl Wording {
    /// Reads a text.
    pub fn parse(source: &str) -> Result<Self, BadWording> {
        let mut environment = LANGUAGE.clone();
        environment
            .add_template_owned("wording", source.to_owned())
            .map_err(|error| bad(&error))?;
        Ok(Self {
            source: source.to_owned(),
            environment,
        })
    }

    /// The text as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What it says in a scene.
    pub fn render(&self, scene: &Value) -> Result<String, Unsaid> {
        let said = self
            .environment
            .get_template("wording")
            .and_then(|template| template.render(scene.clone()))
            .map_err(|error| Unsaid(error.to_string()))?;
        match said.char_indices().nth(LONGEST) {
            Some(_) => Err(Unsaid(format!("it comes to more than {LONGEST} characters"))),
            None => Ok(said),
        }
    }
}

impl Condition {
    /// Reads an expression.
    pub fn parse(source: &str) -> Result<Self, BadWording> {
        let expression = LANGUAGE
            .compile_expression_owned(source.to_owned())
            .map_err(|error| bad(&error))?;
        Ok(Self {
            source: source.to_owned(),
            expression,
        })
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it is true in a scene; anything but true and false is an error.
    pub fn holds(&self, scene: &Value) -> Result<bool, Unsaid> {
        let value = self
            .expression
            .eval(scene.clone())
            .map_err(|error| Unsaid(error.to_string()))?;
        bool::try_from(value.clone()).map_err(|_| Unsaid(format!("`{}` is {value}, not true or false", self.source)))
    }
}

/// Money, as wording names it.
#[derive(Clone, Copy, Debug)]
pub struct Money(pub crate::chat::Fen);
impl minijinja::value::Object for Money {}
/// A time on the community's clock, as wording names it.
#[derive(Clone, Debug)]
pub struct LocalTime {
    pub at: jiff::Zoned,
    pub lang: crate::chat::Lang,
}
impl minijinja::value::Object for LocalTime {}
