//! How long and how deep an expression may be: reading one takes a piece of the stack for every level, and nobody can read
//! a hundred brackets either. Chains (`a and b and c …`) are flat, however many links they have.

use std::ops::Range;

use minijinja::machinery::{Span, Token, tokenize};
use minijinja::syntax::SyntaxConfig;

use super::BadWording;
use super::names::range;

/// The most links of one kind in one expression: `and` and the like, sums, comparisons.
const MOST_LINKS: usize = 800;
/// The most brackets one within the other.
const DEEPEST: usize = 40;
/// The most of what stands before or after one value: `not not x`, `x | upper | lower`, `a.b.c`.
const MOST_AROUND: usize = 20;
/// The most `if … else` in one condition.
const MOST_CHOICES: usize = 20;

/// What a text has had of each so far.
#[derive(Default)]
struct Counted {
    links: usize,
    sums: usize,
    comparisons: usize,
    open: usize,
    choices: usize,
    before: usize,
    after: usize,
}

/// Refuses a text nobody could read, before it is parsed.
pub(super) fn check(source: &str, is_condition: bool) -> Result<(), BadWording> {
    let mut counted = Counted::default();
    for token in tokenize(source, is_condition, SyntaxConfig::default()) {
        // What is no token is a problem of the parser's.
        let Ok((token, span)) = token else { return Ok(()) };
        counted.take(&token, is_condition);
        counted.judge(span)?;
    }
    Ok(())
}

impl Counted {
    fn take(&mut self, token: &Token<'_>, is_condition: bool) {
        match token {
            Token::Minus | Token::Ident("not") => {
                self.sums += usize::from(matches!(token, Token::Minus));
                self.before += 1;
                self.after = 0;
                return;
            }
            Token::Ident("is") | Token::Pipe | Token::Dot => self.after += 1,
            Token::Ident("if") if is_condition => self.choices += 1,
            Token::Ident("and" | "or") | Token::Tilde => {
                self.links += 1;
                self.after = 0;
            }
            Token::Plus | Token::Mul | Token::Div | Token::FloorDiv | Token::Pow | Token::Mod => {
                self.sums += 1;
                self.after = 0;
            }
            Token::Ident("in") | Token::Eq | Token::Ne | Token::Gt | Token::Gte | Token::Lt | Token::Lte => {
                self.comparisons += 1;
                self.after = 0;
            }
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => self.open += 1,
            Token::ParenClose | Token::BracketClose | Token::BraceClose => self.open = self.open.saturating_sub(1),
            Token::TemplateData(_)
            | Token::VariableStart
            | Token::VariableEnd
            | Token::BlockStart
            | Token::BlockEnd
            | Token::Comma => self.after = 0,
            _ => {}
        }
        self.before = 0;
    }

    fn judge(&self, span: Span) -> Result<(), BadWording> {
        if self.links.max(self.sums).max(self.comparisons) > MOST_LINKS {
            return Err(too_many(range(span)));
        }
        let deep = self.open > DEEPEST || self.choices > MOST_CHOICES;
        match deep || self.before > MOST_AROUND || self.after > MOST_AROUND {
            true => Err(too_deep(Some(range(span)))),
            false => Ok(()),
        }
    }
}

/// Too much stands one within the other.
pub(super) fn too_deep(place: Option<Range<usize>>) -> BadWording {
    BadWording {
        reason: "too much stands one within the other here; take brackets out, or make it several rules".to_owned(),
        in_chinese: "这里一层套一层，套得太深；去掉多余的括号，或拆成几条规则。".to_owned(),
        place,
    }
}

fn too_many(place: Range<usize>) -> BadWording {
    BadWording {
        reason: format!(
            "there are more than {MOST_LINKS} parts; look for one of many words with `in [\"…\", \"…\"]`, or make it several rules"
        ),
        in_chinese: format!("超过了 {MOST_LINKS} 个部分；几个词里有一个就行的写 in [\"…\", \"…\"]，或拆成几条规则。"),
        place: Some(place),
    }
}
