//! Names in a wording, looked up in the vocabulary of the occasion.

use minijinja::machinery::ast::Expr;

use crate::playbook::vocabulary::{Sort, TIME_PARTS};

use super::Walk;

/// The parts `loop` has inside a loop.
const LOOP: &[(&str, Sort)] = &[
    ("index", Sort::Number),
    ("first", Sort::Truth),
    ("last", Sort::Truth),
    ("length", Sort::Number),
];

impl<'w> Walk<'w> {
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
            _ => self.look_up(&path),
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

    fn look_up(&mut self, path: &[&'w str]) -> Sort {
        let Some(vocabulary) = self.vocabulary else {
            return Sort::Any;
        };
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
