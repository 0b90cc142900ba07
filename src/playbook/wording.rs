//! One language for conditions and wording: minijinja, without anything that could run away.
//!
//! Names stand for what the engine's scene holds; a name it does not hold is an error, never an empty string. Member
//! text is data: it is never parsed as a template. Absent on purpose: macros, assignments, includes, calls, slices,
//! maps, loops over anything but a list that is there.

mod bounds;
mod constant;
mod given;
mod names;
mod parts;
mod print;
mod tags;
pub(super) mod values;
pub(super) mod walk;

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::sync::{Arc, LazyLock, OnceLock};

use minijinja::machinery::ast::Expr;
use minijinja::machinery::{parse, parse_expr};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, Expression, UndefinedBehavior, Value};
use thiserror::Error;

use super::vocabulary::Vocabulary;

pub use given::{Constant, Given};
pub use names::Fault;
pub use parts::Part;
pub use values::{LocalTime, Money, Window};

/// The names a wording or a condition looks up, like `who` and `person.orders`: nothing else need be put into its scene.
#[derive(Clone, Debug, Default)]
pub struct Wanted(pub(super) BTreeSet<String>);

impl Wanted {
    /// Whether a name is looked up, or a part of it, or the whole it is a part of.
    pub fn has(&self, name: &str) -> bool {
        let is_part = |part: &str, of: &str| part.as_bytes().get(of.len()) == Some(&b'.') && part.starts_with(of);
        self.0
            .iter()
            .any(|wanted| wanted == name || is_part(wanted, name) || is_part(name, wanted))
    }

    /// Whether any name that begins like this is looked up.
    pub fn has_any(&self, beginning: &str) -> bool {
        self.0.iter().any(|wanted| wanted.starts_with(beginning)) || self.has(beginning.trim_end_matches('_'))
    }
}

/// A text with `{{ names }}` in it. Books hold hundreds, so one is no more than a place; copying it copies nothing.
#[derive(Clone, Debug)]
pub struct Wording(Arc<Text>);

#[derive(Debug)]
struct Text {
    source: String,
    /// The text as the language takes it.
    printed: String,
    /// Ready to be said, from the first time on: of most phrases that comes never, and a prepared one takes 8 KB.
    prepared: OnceLock<Environment<'static>>,
    wanted: Wanted,
    /// What operators gave the names it uses.
    given: Given,
}

/// An expression that is true or false.
#[derive(Clone, Debug)]
pub struct Condition(Arc<Compiled>);

/// An expression ready to be worked out.
#[derive(Debug)]
pub(super) struct Compiled {
    pub source: String,
    pub expression: Expression<'static, 'static>,
    pub wanted: Wanted,
    /// What operators gave the names it uses.
    pub given: Given,
}

/// Why a text is no wording or no condition.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{reason}")]
pub struct BadWording {
    /// In English.
    pub reason: String,
    /// The same in Chinese.
    pub in_chinese: String,
    /// The byte range in the text, where known.
    pub place: Option<Range<usize>>,
}

/// Why a wording or condition gave nothing for this occasion.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct Unsaid(pub String);

/// The most characters a wording may come to, and the most one may be written with.
const LONGEST: usize = 2_000;
/// The most characters a condition may be written with.
const LONGEST_CONDITION: usize = 20_000;
/// The most bytes a rendering may come to before it is stopped: four a character.
const MOST_BYTES: usize = 4 * LONGEST;

static LANGUAGE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(50_000));
    environment.set_debug(false);
    values::teach(&mut environment);
    environment
});

fn unreadable(error: &Error) -> BadWording {
    // The parser's own limit, which only statements within statements come to.
    if error.detail().is_some_and(|detail| detail.contains("recursion")) {
        return bounds::too_deep(error.range());
    }
    let said = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    BadWording {
        in_chinese: format!("这里读不懂（{said}）。"),
        reason: said,
        place: error.range(),
    }
}

/// What was printed anew does not read: its places mean nothing to anybody.
fn unprintable(error: &Error) -> BadWording {
    BadWording {
        place: None,
        ..unreadable(error)
    }
}

fn too_long(most: usize) -> BadWording {
    BadWording {
        reason: format!("it is longer than {most} characters"),
        in_chinese: format!("超过了 {most} 个字。"),
        place: None,
    }
}

fn is_longer(text: &str, most: usize) -> bool {
    text.char_indices().nth(most).is_some()
}

/// The language with one text to be said.
fn prepared(printed: &str) -> Result<Environment<'static>, Error> {
    let mut environment = LANGUAGE.clone();
    environment.add_template_owned("wording", printed.to_owned())?;
    Ok(environment)
}

fn refused(faults: Vec<Fault>) -> Result<(), BadWording> {
    let refused = faults.into_iter().find(|fault| matches!(fault, Fault::Refused { .. }));
    match refused {
        None => Ok(()),
        Some(Fault::Refused { place, zh, en }) => Err(BadWording {
            reason: en,
            in_chinese: zh,
            place: Some(place),
        }),
        // Only a vocabulary makes these, and parsing has none.
        Some(Fault::Unknown { .. } | Fault::Mixed { .. } | Fault::Window { .. }) => Ok(()),
    }
}

impl Wording {
    /// Reads a text. It is refused if it is not minijinja, uses what is left out of the language, or is too long.
    pub fn parse(source: &str) -> Result<Self, BadWording> {
        Self::with(source, &Given::default())
    }

    /// The same with names an operator gave.
    pub fn with(source: &str, given: &Given) -> Result<Self, BadWording> {
        if is_longer(source, LONGEST) {
            return Err(too_long(LONGEST));
        }
        bounds::check(source, false)?;
        let tree = parse(source, "wording", SyntaxConfig::default()).map_err(|error| unreadable(&error))?;
        refused(walk::statement(source, &tree, None))?;
        let (printed, named) = print::statement(source, &tree, given)?;
        let environment = prepared(&printed).map_err(|error| unprintable(&error))?;
        let template = environment
            .get_template("wording")
            .map_err(|error| unprintable(&error))?;
        let wanted = Wanted(template.undeclared_variables(true).into_iter().collect());
        Ok(Self(Arc::new(Text {
            source: source.to_owned(),
            printed,
            prepared: OnceLock::new(),
            wanted,
            given: given.kept(&named),
        })))
    }

    /// The names it looks up.
    pub fn wanted(&self) -> &Wanted {
        &self.0.wanted
    }

    /// The text as it was written.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The text with its constants written out.
    pub fn written_out(&self) -> String {
        self.0.given.written_out(&self.0.source)
    }

    /// The names it uses that an operator gave.
    pub fn given(&self) -> &Given {
        &self.0.given
    }

    /// Names it uses that are not there on this occasion, and values it uses wrongly.
    pub fn check(&self, vocabulary: &Vocabulary) -> Vec<Fault> {
        match parse(&self.0.source, "wording", SyntaxConfig::default()) {
            Ok(tree) => walk::statement(&self.0.source, &tree, Some(vocabulary)),
            // It was parsed once, so it parses again.
            Err(_) => Vec::new(),
        }
    }

    /// The parts without names in them, each with the byte it begins at.
    pub fn plain_parts(&self) -> Vec<(usize, String)> {
        match parse(&self.0.source, "wording", SyntaxConfig::default()) {
            Ok(tree) => walk::plain_parts(&self.0.source, &tree),
            // It was parsed once, so it parses again.
            Err(_) => Vec::new(),
        }
    }

    /// What it says in a scene: at most 2,000 characters, the blanks around them taken off.
    pub fn render(&self, scene: &Value) -> Result<String, Unsaid> {
        let mut said = Capped::default();
        // It was prepared once when it was read, so it is again.
        let prepare = || prepared(&self.0.printed).expect("a parsed wording is prepared");
        let outcome = self
            .0
            .prepared
            .get_or_init(prepare)
            .get_template("wording")
            .and_then(|template| template.render_captured_to(scene.clone(), &mut said).map(drop));
        let too_much = || Unsaid(format!("it comes to more than {LONGEST} characters"));
        if said.full {
            return Err(too_much());
        }
        outcome.map_err(|error| Unsaid(plain(&error)))?;
        let said = String::from_utf8_lossy(&said.bytes).trim().to_owned();
        if is_longer(&said, LONGEST) {
            Err(too_much())
        } else {
            Ok(said)
        }
    }
}

/// Reads an expression; `look` finds what may not stand in it.
pub(super) fn compiled(
    source: &str,
    given: &Given,
    look: impl FnOnce(&Expr<'_>) -> Vec<Fault>,
) -> Result<Arc<Compiled>, BadWording> {
    if is_longer(source, LONGEST_CONDITION) {
        return Err(too_long(LONGEST_CONDITION));
    }
    bounds::check(source, true)?;
    let tree = parse_expr(source).map_err(|error| unreadable(&error))?;
    refused(look(&tree))?;
    let (printed, named) = print::expression(&tree, given)?;
    let expression = LANGUAGE
        .compile_expression_owned(printed)
        .map_err(|error| unprintable(&error))?;
    let wanted = Wanted(expression.undeclared_variables(true).into_iter().collect());
    Ok(Arc::new(Compiled {
        source: source.to_owned(),
        expression,
        wanted,
        given: given.kept(&named),
    }))
}

impl Condition {
    /// Reads an expression.
    pub fn parse(source: &str) -> Result<Self, BadWording> {
        Self::with(source, &Given::default())
    }

    /// The same with names an operator gave.
    pub fn with(source: &str, given: &Given) -> Result<Self, BadWording> {
        compiled(source, given, |tree| walk::condition(source, tree, None)).map(Self)
    }

    /// The names it looks up.
    pub fn wanted(&self) -> &Wanted {
        &self.0.wanted
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The names it uses that an operator gave.
    pub fn given(&self) -> &Given {
        &self.0.given
    }

    /// A part of it, or something like it, with the same names given.
    pub fn rewritten(&self, source: &str) -> Result<Self, BadWording> {
        Self::with(source, &self.0.given)
    }

    /// Names it uses that are not there on this occasion, and values it uses wrongly.
    pub fn check(&self, vocabulary: &Vocabulary) -> Vec<Fault> {
        match parse_expr(&self.0.source) {
            Ok(tree) => walk::condition(&self.0.source, &tree, Some(vocabulary)),
            // It was parsed once, so it parses again.
            Err(_) => Vec::new(),
        }
    }

    /// Whether it is true in a scene; anything but true and false is an error.
    pub fn holds(&self, scene: &Value) -> Result<bool, Unsaid> {
        let value = self
            .0
            .expression
            .eval(scene.clone())
            .map_err(|error| Unsaid(plain(&error)))?;
        bool::try_from(value.clone()).map_err(|_| Unsaid(format!("`{}` is {value}, not true or false", self.0.source)))
    }

    /// Its comparisons one by one, each with what it came to in a scene.
    pub fn parts(&self, scene: &Value) -> Vec<Part> {
        let evaluate = |tree: &Expr<'_>| {
            let (printed, _) = print::expression(tree, &self.0.given).ok()?;
            let part = LANGUAGE.compile_expression_owned(printed).ok()?;
            part.eval(scene.clone()).ok()
        };
        match parse_expr(&self.0.source) {
            Ok(tree) => parts::parts(&tree, &self.0.given, &evaluate),
            // It was parsed once, so it parses again.
            Err(_) => Vec::new(),
        }
    }
}

/// An error without the template's own name and line, which mean nothing to anybody.
pub(super) fn plain(error: &Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}

/// Takes bytes until there are too many.
#[derive(Default)]
struct Capped {
    bytes: Vec<u8>,
    full: bool,
}

impl io::Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MOST_BYTES {
            self.full = true;
            return Err(io::Error::other("too long"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
