//! What staff write after a word: a number, and words besides. Whom they mean they call by name.

use crate::chat::fold;

/// The words of an order, without the people who are called in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The first number: `20`, `+20`, `20分`, `x2`.
    pub number: Option<i64>,
    /// Everything else, as typed.
    pub words: String,
}

/// Reads what follows the word.
pub fn read(rest: &str) -> Told {
    let mut told = Told::default();
    for part in rest.split_whitespace() {
        match number(part).filter(|_| told.number.is_none()) {
            Some(number) => told.number = Some(number),
            None if told.words.is_empty() => part.clone_into(&mut told.words),
            None => told.words = format!("{} {part}", told.words),
        }
    }
    told
}

fn number(part: &str) -> Option<i64> {
    let plain = fold(part);
    let digits = plain.trim_start_matches(['+', 'x', '×']);
    let digits = digits.trim_end_matches(['分', '张', '个', '次', '天']);
    let whole = !digits.is_empty() && digits.chars().all(|it| it.is_ascii_digit());
    digits.parse().ok().filter(|_| whole)
}
