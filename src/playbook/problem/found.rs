//! Problems as they are found.

use super::kinds::{Both, Code, Place, Severity, both};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub code: Code,
    pub place: Place,
    /// Why it is one.
    pub reason: Both,
    /// What to do about it.
    pub next: Both,
}

impl Problem {
    /// Whether the set is refused for it.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Problems as they are found.
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<Problem>,
}

impl Problems {
    pub(super) fn add(&mut self, code: Code, place: &Place, reason: Both, next: Both) {
        let problem = Problem {
            code,
            place: place.clone(),
            reason,
            next,
        };
        if !self.found.contains(&problem) {
            self.found.push(problem);
        }
    }

    /// How many there are so far.
    pub fn count(&self) -> usize {
        self.found.len()
    }

    /// How many of them a set is refused for.
    pub fn errors(&self) -> usize {
        let is_error = |problem: &&Problem| problem.severity() == Severity::Error;
        self.found.iter().filter(is_error).count()
    }

    /// All of them, in the order of their places.
    pub fn in_order(mut self) -> Vec<Problem> {
        self.found
            .sort_by(|one, other| (&one.place, one.code).cmp(&(&other.place, other.code)));
        self.found
    }
}

/// The name out of `known` that `written` most likely was meant to be.
pub(crate) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    known
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(written, name),
                strsim::jaro_winkler(written, name),
                name,
            )
        })
        .filter(|(steps, alike, name)| {
            let longer = written.chars().count().max(name.chars().count());
            *steps <= longer.div_ceil(3).max(1) && *steps < longer || *alike > 0.85
        })
        .min_by(|one, other| one.0.cmp(&other.0).then(other.1.total_cmp(&one.1)))
        .map(|(_, _, name)| name.to_owned())
}

/// «did you mean», or what there is to choose from.
pub(super) fn meant(near: Option<String>, known: &[&str]) -> Both {
    match (near, known) {
        (Some(near), _) => both(format!("是不是想写「{near}」？"), format!("did you mean `{near}`?")),
        (None, []) => both("请检查拼写。", "check the spelling"),
        (None, _) => both(
            format!("可以写：{}。", known.join("、")),
            format!("there is: {}", known.join(", ")),
        ),
    }
}
