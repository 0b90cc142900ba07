//! Names in a wording, looked up in the vocabulary of the occasion.

use std::ops::Range;

use minijinja::machinery::Span;
use minijinja::machinery::ast::Expr;

use crate::playbook::vocabulary::{Sort, TIME_PARTS, Vocabulary};

/// What is wrong at one place of a wording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The language does not have this, or not for such a value.
    Refused {
        place: Range<usize>,
        zh: String,
        en: String,
    },
    /// Two values that are never compared or calculated with: yuan and days.
    Mixed {
        place: Range<usize>,
        zh: String,
        en: String,
    },
    /// What is asked over the last days, asked in a way that has no answer.
    Window {
        place: Range<usize>,
        zh: String,
        en: String,
    },
    /// There is no such name on this occasion; `known` is what could stand there.
    Unknown {
        place: Range<usize>,
        name: String,
        known: Vec<String>,
    },
}

/// The walk's state.
pub(super) struct Walk<'w> {
    pub source: &'w str,
    pub vocabulary: Option<&'w Vocabulary>,
    /// The loop's own name, inside a loop.
    pub local: Option<&'w str>,
    pub faults: Vec<Fault>,
}

/// The bytes of a span.
pub(super) fn range(span: Span) -> Range<usize> {
    let start = span.start_offset as usize;
    start..(span.end_offset as usize).max(start)
}

/// The parts `loop` has inside a loop.
const LOOP: &[(&str, Sort)] = &[
    ("index", Sort::Number),
    ("first", Sort::Truth),
    ("last", Sort::Truth),
    ("length", Sort::Number),
];

impl<'w> Walk<'w> {
    pub(super) fn refuse(&mut self, place: Range<usize>, zh: &str, en: &str) {
        self.faults.push(Fault::Refused {
            place,
            zh: zh.to_owned(),
            en: en.to_owned(),
        });
    }

    pub(super) fn absent(&mut self, span: Span, zh: &str, en: &str) {
        self.refuse(
            range(span),
            &format!("话术里不能用{zh}。"),
            &format!("{en} is not part of the language"),
        );
    }

    pub(super) fn unknown(&mut self, name: &'w str, known: Vec<&str>) {
        let place = self.place_of(name);
        let known = known.into_iter().map(str::to_owned).collect();
        self.faults.push(Fault::Unknown {
            place,
            name: name.to_owned(),
            known,
        });
    }

    /// The tree's names are slices of the source, so their place is exact.
    pub(super) fn place_of(&self, name: &str) -> Range<usize> {
        let start = (name.as_ptr() as usize).wrapping_sub(self.source.as_ptr() as usize);
        match start.checked_add(name.len()) {
            Some(end) if end <= self.source.len() => start..end,
            _ => 0..self.source.len(),
        }
    }

    pub(super) fn gone(&mut self, span: Span, zh: &str, en: &str) -> Sort {
        self.absent(span, zh, en);
        Sort::Any
    }

    /// A name, with its dots: `group.name`, `event.start.hour`.
    pub(super) fn name(&mut self, tree: &Expr<'w>) -> Sort {
        let mut path = Vec::new();
        let mut rest = tree;
        while let Expr::GetAttr(attribute) = rest {
            path.push(attribute.name);
            rest = &attribute.expr;
        }
        let Expr::Var(root) = rest else {
            return self.gone(tree.span(), "这样的取值", "an attribute of this");
        };
        path.push(root.id);
        path.reverse();
        match (root.id, self.local) {
            (id, Some(local)) if id == local && path.len() == 1 => Sort::Text,
            (id, Some(local)) if id == local => {
                self.unknown(path[1], Vec::new());
                Sort::Any
            }
            ("loop", Some(_)) => self.part(LOOP, &path[1..]),
            _ => match self.look_up(&path) {
                Sort::Window => {
                    let (place, name) = (self.place_of(root.id), root.id);
                    let zh = format!("「{name}」要写明多少天，例如 {name}(\"7d\")。");
                    let en = format!("`{name}` wants a number of days, like {name}(\"7d\")");
                    self.faults.push(Fault::Window { place, zh, en });
                    Sort::Any
                }
                sort => sort,
            },
        }
    }

    fn part(&mut self, parts: &[(&'static str, Sort)], path: &[&'w str]) -> Sort {
        let found = match path {
            [one] => parts.iter().find(|(name, _)| name == one),
            _ => None,
        };
        match (found, path.first()) {
            (Some((_, sort)), _) => *sort,
            (None, Some(first)) => {
                self.unknown(first, parts.iter().map(|(name, _)| *name).collect());
                Sort::Any
            }
            (None, None) => Sort::Any,
        }
    }

    pub(super) fn look_up(&mut self, path: &[&'w str]) -> Sort {
        let Some(vocabulary) = self.vocabulary else {
            return Sort::Any;
        };
        if vocabulary.is_open() {
            return vocabulary.sort(&path.join(".")).unwrap_or(Sort::Any);
        }
        let mut so_far = String::new();
        for (at, step) in path.iter().enumerate() {
            let known = if at == 0 {
                (*step).to_owned()
            } else {
                format!("{so_far}.{step}")
            };
            match vocabulary.sort(&known) {
                Some(Sort::Time) if at + 1 < path.len() => return self.part(TIME_PARTS, &path[at + 1..]),
                Some(sort) if at + 1 == path.len() => return sort,
                Some(_) => {
                    self.unknown(path[at + 1], Vec::new());
                    return Sort::Any;
                }
                None if vocabulary.is_root(&known) => so_far = known,
                None => {
                    self.unknown(step, vocabulary.after(&so_far));
                    return Sort::Any;
                }
            }
        }
        let parts = vocabulary.after(&so_far).join(", ");
        let place = self.place_of(path[path.len() - 1]);
        self.refuse(
            place,
            &format!("「{so_far}」是一组值，请写到具体一项：{parts}。"),
            &format!("`{so_far}` holds several values: {parts}"),
        );
        Sort::Any
    }
}
