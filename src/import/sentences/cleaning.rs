//! What surrounds a sentence and is none of it.

/// Quotes that open, and those that close. Straight ones do both.
const OPENS: [char; 5] = ['"', '“', '「', '『', '＂'];
const CLOSES: [char; 5] = ['"', '”', '」', '』', '＂'];

pub fn opens(text: &str) -> bool {
    text.starts_with(OPENS)
}

pub fn closes(text: &str) -> bool {
    text.ends_with(CLOSES)
}

/// Whether more than one pair of quotes is in it.
pub fn holds_several(text: &str) -> bool {
    text.chars()
        .filter(|letter| OPENS.contains(letter) || CLOSES.contains(letter))
        .count()
        > 2
}

/// The text without blanks around it and one pair of quotes.
pub fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let mut letters = text.chars();
    let (Some(first), Some(last)) = (letters.next(), letters.next_back()) else {
        return text;
    };
    if OPENS.contains(&first) && CLOSES.contains(&last) {
        letters.as_str()
    } else {
        text
    }
}

/// The sentence itself: without marks of programs in front, what can be pressed behind it, and pictures within.
pub fn clean(text: &str) -> String {
    let mut text = pictures(text.trim_start_matches(['\u{200e}', '\u{200f}', '\u{feff}']));
    for prefix in [
        "[系统消息]",
        "[系统]",
        "【系统】",
        "[System]",
        "系统消息:",
        "系统消息：",
    ] {
        if let Some(rest) = text.strip_prefix(prefix) {
            text = rest.trim_start().to_owned();
        }
    }
    loop {
        let before = text.len();
        let trimmed = text.trim();
        let mut rest = trimmed;
        for behind in [
            "$revoke$",
            "撤销",
            "撤銷",
            "Undo",
            "重新编辑",
            "重新編輯",
            "Re-edit",
            "Edit",
            "查看详情",
        ] {
            if let Some(shorter) = rest.strip_suffix(behind)
                && shorter.ends_with([' ', '\u{a0}', '\u{3000}', '>'])
            {
                rest = shorter.trim_end();
            }
        }
        let rest = rest.strip_suffix(['。', '.']).unwrap_or(rest);
        text = rest.to_owned();
        if text.len() == before {
            return text;
        }
    }
}

/// `<span class="emoji emoji1f338"></span>` is a letter, `<img …/>` nothing.
fn pictures(text: &str) -> String {
    if !text.contains('<') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        plain.push_str(&rest[..start]);
        let tag = &rest[start..];
        let taken = emoji(tag).or_else(|| image(tag));
        match taken {
            Some((letters, after)) => {
                plain.push_str(&letters);
                rest = after;
            }
            None => {
                plain.push('<');
                rest = &tag[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn emoji(tag: &str) -> Option<(String, &str)> {
    let rest = tag.strip_prefix("<span class=\"emoji emoji")?;
    let (code, after) = rest.split_once("\">")?;
    let after = after.strip_prefix("</span>")?;
    let mut letters = String::new();
    let mut code = code;
    while !code.is_empty() {
        // A sign beyond the first plane has five digits and begins with 1; the others have four.
        let length = if code.starts_with('1') { 5 } else { 4 };
        let (digits, more) = code.split_at_checked(length)?;
        letters.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
        code = more;
    }
    Some((letters, after))
}

fn image(tag: &str) -> Option<(String, &str)> {
    let rest = tag.strip_prefix("<img ")?;
    let (_, after) = rest.split_once("/>")?;
    Some((String::new(), after.trim_start()))
}
