//! What people type, made even before it is read: width, case, dashes, and numbers written in Chinese.

use icu_normalizer::ComposingNormalizerBorrowed;

/// NFKC (full-width digits and punctuation become plain), lower case, every kind of dash a `-`, runs of white space
/// one space, none at the ends.
pub(super) fn fold(text: &str) -> String {
    let normal = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    let even: String = normal.chars().flat_map(char::to_lowercase).map(dash).collect();
    even.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn dash(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

/// A number below 100 in digits (`8`, `08`) or Chinese (`八`, `十五`, `二十九`, `廿三`, `卅`). None for anything else.
pub(super) fn number(text: &str) -> Option<u8> {
    if !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let chars: Vec<char> = text.chars().collect();
    match chars.as_slice() {
        ['十'] => Some(10),
        ['廿'] => Some(20),
        ['卅'] => Some(30),
        [one] => digit(*one),
        ['十', one] => Some(10 + digit(*one)?),
        ['廿', one] => Some(20 + digit(*one)?),
        ['卅', one] => Some(30 + digit(*one)?),
        [ten, '十'] => Some(10 * digit(*ten)?),
        [ten, '十', one] => Some(10 * digit(*ten)? + digit(*one)?),
        _ => None,
    }
}

fn digit(c: char) -> Option<u8> {
    let place = "一二三四五六七八九".chars().position(|d| d == c)?;
    u8::try_from(place + 1).ok()
}

/// A year of two or four figures, in digits or Chinese figures (`1990`, `一九九〇`, `二零零五`, `90`).
pub(super) fn year(text: &str) -> Option<i32> {
    let figures: Option<String> = text
        .chars()
        .map(|c| match c {
            '0'..='9' => Some(c),
            '〇' | '零' | '○' => Some('0'),
            other => digit(other).map(|d| char::from(b'0' + d)),
        })
        .collect();
    figures.filter(|f| f.len() == 2 || f.len() == 4)?.parse().ok()
}
