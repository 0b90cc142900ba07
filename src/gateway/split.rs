//! Long texts for networks that take short ones.

/// Where a sentence ends, best first: a line, then a full stop, then anything that parts words.
const ENDS: [&[char]; 3] = [
    &['\n'],
    &['。', '！', '？', '!', '?', '…', '；', ';'],
    &['，', ',', '、', '：', ' ', '\u{3000}'],
];

/// The text in pieces of at most `most` bytes, cut where a sentence ends if there is such a place in the second half of
/// a piece, and never within a character. Blanks and line ends at a cut are left out.
pub fn split(text: &str, most: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.len() > most {
        // A limit below one character would go nowhere.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let (piece, after) = rest.split_at(cut(rest, most).max(first));
        push(&mut pieces, piece.trim_end());
        rest = after.trim_start();
    }
    push(&mut pieces, rest);
    pieces
}

fn push<'t>(pieces: &mut Vec<&'t str>, piece: &'t str) {
    if !piece.is_empty() {
        pieces.push(piece);
    }
}

/// How much of a text that is too long goes into the first piece.
fn cut(text: &str, most: usize) -> usize {
    let whole = text.floor_char_boundary(most);
    let room = &text[..whole];
    for ends in ENDS {
        let end = room.char_indices().rev().find(|(_, letter)| ends.contains(letter));
        if let Some((at, letter)) = end
            && at + letter.len_utf8() > most / 2
        {
            return at + letter.len_utf8();
        }
    }
    whole
}
