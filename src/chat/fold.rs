//! Folding: what members type and what operators wrote are made alike before they are compared.

use std::borrow::Cow;

use std::sync::LazyLock;

use icu_normalizer::ComposingNormalizerBorrowed;

const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();

/// How far a playbook wants what members type and what it says itself made alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fold {
    #[default]
    Plain,
    /// Traditional characters compare as their simplified forms.
    Simplified,
}

impl Fold {
    /// The folded text.
    pub fn of(self, text: &str) -> String {
        let folded = fold(text);
        match self {
            Fold::Plain => folded,
            Fold::Simplified => simplified(&folded),
        }
    }

    /// Folded further, for «is this the same name?».
    pub fn name(self, name: &str) -> String {
        let folded = fold_name(name);
        match self {
            Fold::Plain => folded,
            Fold::Simplified => simplified(&folded),
        }
    }
}

/// Pairs of a traditional character and its simplified form, in order. A simplified form is nobody's traditional one, so
/// doing it twice is doing it once; one character stays one character.
static TRADITIONAL: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let pairs = include_str!("data/traditional.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    let pairs = pairs.flat_map(|line| line.split(' ')).filter_map(|pair| {
        let mut characters = pair.chars();
        Some((characters.next()?, characters.next()?))
    });
    pairs.collect()
});

/// The first and the last of the common Chinese characters.
const COMMON: (char, char) = ('\u{4E00}', '\u{9FFF}');

/// The simplified form of every common Chinese character, the first one's first: nearly all that is typed is among them.
static SIMPLIFIED: LazyLock<Vec<char>> = LazyLock::new(|| (COMMON.0..=COMMON.1).map(looked_up).collect());

fn looked_up(character: char) -> char {
    let table = &*TRADITIONAL;
    match table.binary_search_by_key(&character, |(from, _)| *from) {
        Ok(at) => table[at].1,
        Err(_) => character,
    }
}

/// Every traditional character as its simplified form. Character by character: whether 「乾」 is dry or a hexagram does
/// not matter where both sides are treated alike.
pub fn simplified(text: &str) -> String {
    let common = &*SIMPLIFIED;
    let one = |character: char| {
        let place = u32::from(character).checked_sub(u32::from(COMMON.0));
        match place.and_then(|place| common.get(usize::try_from(place).ok()?)) {
            Some(simple) => *simple,
            None if character.is_ascii() => character,
            None => looked_up(character),
        }
    };
    text.chars().map(one).collect()
}

/// NFKC, lower case, no invisible characters, runs of white space as one blank, none at the ends. Folding what is folded
/// already changes nothing.
///
/// The original stays with the event; only comparisons see the folded form.
pub fn fold(text: &str) -> String {
    if text.chars().all(is_plain) {
        return text.to_ascii_lowercase();
    }
    // What is invisible keeps joining signs apart, and lower case may have signs join that upper case does not: so it
    // goes before signs are put in order, and they are put in order once more at the end.
    let visible: Cow<'_, str> = match text.chars().any(is_dropped) {
        true => Cow::Owned(text.chars().filter(|&character| !is_dropped(character)).collect()),
        false => Cow::Borrowed(text),
    };
    let lowered = lower(&NFKC.normalize(&visible));
    match NFKC.normalize(&lowered) {
        Cow::Borrowed(_) => lowered,
        Cow::Owned(joined) => joined,
    }
}

/// Lower case, runs of white space as one blank, none at the ends.
fn lower(normal: &str) -> String {
    let mut lowered = String::with_capacity(normal.len());
    let mut gap = false;
    for character in normal.chars() {
        if character.is_whitespace() {
            gap = !lowered.is_empty();
            continue;
        }
        if gap {
            lowered.push(' ');
            gap = false;
        }
        match is_plain(character) {
            true => lowered.push(character.to_ascii_lowercase()),
            false => lowered.extend(character.to_lowercase()),
        }
    }
    lowered
}

/// Whether folding goes letter by letter: then a part at the beginning, folded, is how the folded whole begins. Where
/// signs join the letter before them it does not.
pub fn folds_by_letter(text: &str) -> bool {
    let alone = |character: char| !is_dropped(character) && character.to_lowercase().len() == 1;
    text.chars().all(is_plain)
        || text.chars().all(alone) && NFKC.is_normalized(text) && NFKC.is_normalized(&lower(text))
}

/// What most texts consist of: visible ASCII and common Chinese characters. They are normal as they stand, and only
/// ASCII has another case, so the tables need not be asked.
fn is_plain(character: char) -> bool {
    character.is_ascii_graphic() || (COMMON.0..=COMMON.1).contains(&character)
}

/// White space is a gap, though some of it counts as control characters.
fn is_dropped(character: char) -> bool {
    !is_plain(character) && is_invisible(character) && !character.is_whitespace()
}

/// Folds further, for «is this the same name?»: only letters and digits are left.
pub fn fold_name(text: &str) -> String {
    let folded = fold(text);
    let telling: String = folded.chars().filter(|character| character.is_alphanumeric()).collect();
    NFKC.normalize(&telling).into_owned()
}

/// Control characters, zero-width marks and bidirectional overrides: they change how a text looks, not what it says.
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// A name as it may be shown: invisible characters and line breaks gone, at most 40 characters.
pub fn shown(name: &str) -> String {
    let clean: String = name.chars().filter(|&character| !is_invisible(character)).collect();
    let clean = clean.trim();
    match clean.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean.to_owned(),
    }
}
