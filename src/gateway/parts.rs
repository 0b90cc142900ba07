//! A message too long for its network, in parts. There is one rule for every gateway, and each measures in its own unit,
//! characters or bytes: a part ends at the last line end in its second half, else at the last end of a sentence, else at
//! a comma, else at a blank, else between two characters as they are seen. Never inside a mention or the address of a page.
//!
//! Blanks and line ends at a cut are left out; nothing else is lost.

use unicode_segmentation::UnicodeSegmentation as _;

use super::answer::{Alone, Limits, Longest};
use super::picture;
use crate::chat::{Segment, link_in_words};

/// What somebody's name may add to the id they are called by.
const NAME: usize = 32;

/// No limit is smaller: any one character is shorter.
const LEAST: usize = 4;

impl Longest {
    fn most(self) -> usize {
        match self {
            Longest::Characters(most) | Longest::Bytes(most) => most.max(LEAST),
        }
    }

    /// How much of it a text takes. An `@` may yet become the full-width one.
    pub fn weight(self, text: &str) -> usize {
        match self {
            Longest::Characters(_) => text.chars().count(),
            Longest::Bytes(_) => text.len() + 2 * text.matches('@').count(),
        }
    }
}

/// The messages a message goes out as: one, where it is short enough. None of them is empty, unless all of it is.
pub fn parts(content: &[Segment], limits: &Limits) -> Vec<Vec<Segment>> {
    let mut cutting = Cutting {
        longest: limits.text.unwrap_or(Longest::Characters(usize::MAX)),
        parts: Vec::new(),
        part: Vec::new(),
        taken: 0,
    };
    for segment in content {
        match segment {
            Segment::Text(words) => cutting.text(words),
            Segment::Link { url, title } => cutting.link(segment, &format!("\n{}", link_in_words(url, title))),
            Segment::Mention(person) => cutting.whole(segment, cutting.longest.weight(person.wire()) + NAME),
            Segment::MentionAll => cutting.whole(segment, NAME),
            Segment::Image(place) if stands_alone(place, limits.pictures_alone) => {
                cutting.close();
                cutting.part.push(segment.clone());
                cutting.close();
            }
            Segment::File { .. } if limits.files_alone => {
                cutting.close();
                cutting.part.push(segment.clone());
                cutting.close();
            }
            Segment::Image(_) | Segment::File { .. } | Segment::Reply(_) | Segment::Other(_) => {
                cutting.part.push(segment.clone());
            }
        }
    }
    if cutting.parts.is_empty() {
        return vec![content.to_vec()];
    }
    cutting.close();
    cutting.parts
}

fn stands_alone(place: &str, alone: Alone) -> bool {
    match alone {
        Alone::Never => false,
        Alone::OfTheFolder => picture::is_here(place),
        Alone::Always => true,
    }
}

/// A text alone, in pieces.
pub fn split(text: &str, longest: Longest) -> Vec<String> {
    let mut cutting = Cutting {
        longest,
        parts: Vec::new(),
        part: Vec::new(),
        taken: 0,
    };
    cutting.text(text);
    cutting.close();
    let words = cutting.parts.iter().map(|part| crate::chat::text_of(part));
    words.filter(|words| !words.trim().is_empty()).collect()
}

/// How well a text may be cut behind a piece of it, from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Character,
    Blank,
    Clause,
    Sentence,
    /// As good as that of a sentence in the first half of a part, where it would leave the part short.
    Line,
}

impl End {
    fn ends_sentence(self) -> bool {
        self >= End::Sentence
    }
}

/// What is never cut.
struct Piece<'t> {
    text: &'t str,
    weight: usize,
    end: End,
}

impl<'t> Piece<'t> {
    /// One behind which nobody pauses.
    fn inside(text: &'t str, longest: Longest) -> Self {
        Self {
            text,
            weight: longest.weight(text),
            end: End::Character,
        }
    }
}

struct Cutting {
    longest: Longest,
    parts: Vec<Vec<Segment>>,
    part: Vec<Segment>,
    taken: usize,
}

impl Cutting {
    fn room(&self) -> usize {
        self.longest.most().saturating_sub(self.taken)
    }

    /// The part is full.
    fn close(&mut self) {
        if let Some(Segment::Text(last)) = self.part.last_mut() {
            last.truncate(last.trim_end().len());
            if last.is_empty() {
                self.part.pop();
            }
        }
        if !self.part.is_empty() {
            self.parts.push(std::mem::take(&mut self.part));
        }
        self.taken = 0;
    }

    /// Something that is not cut; one that is too heavy stands in a part of its own.
    fn whole(&mut self, segment: &Segment, weight: usize) {
        if weight > self.room() && self.taken > 0 {
            self.close();
        }
        self.part.push(segment.clone());
        self.taken += weight;
    }

    fn link(&mut self, segment: &Segment, words: &str) {
        let weight = self.longest.weight(words);
        match weight > self.longest.most() {
            true => self.text(words),
            false => self.whole(segment, weight),
        }
    }

    fn text(&mut self, words: &str) {
        let weight = self.longest.weight(words);
        if weight <= self.room() {
            self.taken += weight;
            self.part.push(Segment::Text(words.to_owned()));
            return;
        }
        let pieces = pieces(words, self.longest);
        let mut rest = &pieces[..];
        loop {
            // A part does not begin with blanks, unless the message does.
            if self.taken == 0 && !self.parts.is_empty() {
                let blanks = rest.iter().take_while(|piece| piece.text.trim().is_empty()).count();
                rest = &rest[blanks..];
            }
            if rest.is_empty() {
                return;
            }
            let (many, last) = self.fitting(rest);
            let (taken, left) = rest.split_at(many);
            if many > 0 {
                let text: String = taken.iter().map(|piece| piece.text).collect();
                self.taken += taken.iter().map(|piece| piece.weight).sum::<usize>();
                self.part.push(Segment::Text(text));
            }
            if last {
                return;
            }
            self.close();
            rest = left;
        }
    }

    /// How many of the pieces the part takes, and whether those are all.
    fn fitting(&self, pieces: &[Piece<'_>]) -> (usize, bool) {
        let mut room = self.room();
        let mut many = 0;
        for piece in pieces {
            match room.checked_sub(piece.weight) {
                Some(left) => (room, many) = (left, many + 1),
                None => break,
            }
        }
        if many == pieces.len() {
            return (many, true);
        }
        let half = self.longest.most() / 2;
        let mut taken = self.taken;
        let ends = pieces[..many].iter().enumerate().map(|(index, piece)| {
            taken += piece.weight;
            match piece.end {
                End::Line if taken <= half => (End::Sentence, index),
                end => (end, index),
            }
        });
        match ends.max() {
            // Rather all of it in the next part than a few characters here.
            Some((End::Character, _)) if self.room() < half => (0, false),
            Some((_, index)) => (index + 1, false),
            None => (0, false),
        }
    }
}

/// A text in what is not cut, none of it heavier than a whole part.
fn pieces(text: &str, longest: Longest) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let address = address(rest);
        let length = match address {
            0 => rest.graphemes(true).next().map_or(rest.len(), str::len),
            length => length,
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        if longest.weight(piece) <= longest.most() {
            add(piece, longest, &mut pieces);
            continue;
        }
        // Longer than a whole part: it cannot stay in one piece.
        for smaller in piece.graphemes(true) {
            match longest.weight(smaller) <= longest.most() {
                true => pieces.push(Piece::inside(smaller, longest)),
                false => {
                    let characters = smaller.split_inclusive(|_| true);
                    pieces.extend(characters.map(|it| Piece::inside(it, longest)));
                }
            }
        }
    }
    pieces
}

fn add<'t>(text: &'t str, longest: Longest, pieces: &mut Vec<Piece<'t>>) {
    let before = pieces.last_mut();
    let ended = before.as_ref().is_some_and(|before| before.end.ends_sentence());
    let end = match text {
        "\n" | "\r\n" => End::Line,
        "。" | "！" | "？" | "!" | "?" | "…" => End::Sentence,
        // What closes belongs to the sentence that ends before it.
        "」" | "』" | "”" | "’" | "）" | ")" | "】" | "》" | "\"" if ended => End::Sentence,
        "，" | "、" | "；" | "：" | ";" => End::Clause,
        _ if text.trim().is_empty() => match before.as_ref().map(|before| before.text) {
            Some(".") => End::Sentence,
            Some(",") => End::Clause,
            _ => End::Blank,
        },
        _ => End::Character,
    };
    // «!!» and «。」» are one end, behind the last of them.
    if let Some(before) = before
        && ended
        && end.ends_sentence()
        && before.text.trim() == before.text
    {
        before.end = End::Character;
    }
    pieces.push(Piece {
        end,
        ..Piece::inside(text, longest)
    });
}

/// How many bytes at the beginning are the address of a page.
fn address(text: &str) -> usize {
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return 0;
    }
    let ends = |character: char| !character.is_ascii_graphic() || matches!(character, '<' | '>' | '"');
    text.find(ends).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::chat::{GatewayName, PersonId};

    fn limits(text: Longest) -> Limits {
        Limits {
            per_minute: None,
            burst: 1,
            group_gap: Duration::ZERO,
            text: Some(text),
            picture: 0,
            file: 0,
            pictures_alone: Alone::Never,
            files_alone: true,
        }
    }

    fn cut(text: &str, longest: Longest) -> Vec<String> {
        let words = |part: Vec<Segment>| match &part[..] {
            [Segment::Text(words)] => words.clone(),
            other => panic!("{other:?}"),
        };
        parts(&[Segment::Text(text.to_owned())], &limits(longest))
            .into_iter()
            .map(words)
            .collect()
    }

    #[test]
    fn cuts_are_where_a_reader_pauses() {
        let ten = Longest::Characters(10);
        assert_eq!(cut("今天的茶很好。", ten), ["今天的茶很好。"]);
        assert_eq!(
            cut("早上好！今天有新茶，明天也有。", ten),
            ["早上好！", "今天有新茶，", "明天也有。"]
        );
        assert_eq!(cut("他说：「来了。」我们走吧", ten), ["他说：「来了。」", "我们走吧"]);
        assert_eq!(cut("真好!!!!!!真的真的真的", ten), ["真好!!!!!!", "真的真的真的"]);
        assert_eq!(cut("Tea. Then cake today", ten), ["Tea.", "Then cake", "today"]);
        assert_eq!(
            cut("茶单在https://t.example/a?b=c", Longest::Characters(24)),
            ["茶单在", "https://t.example/a?b=c"]
        );
        assert_eq!(cut("一二三四五六七八九十一二", ten), ["一二三四五六七八九十", "一二"]);
        assert_eq!(cut("一二三。四五六", Longest::Bytes(12)), ["一二三。", "四五六"]);
        // A line end in the second half goes before the end of a sentence, one in the first half does not.
        assert_eq!(cut("一二三四五六\n七。八九十", ten), ["一二三四五六", "七。八九十"]);
        assert_eq!(cut("一二\n三四五六。七八九十", ten), ["一二\n三四五六。", "七八九十"]);
        assert_eq!(split("一二\n三四五六。七八九十", ten), ["一二\n三四五六。", "七八九十"]);
    }

    #[test]
    fn who_is_called_stays_whole_and_pictures_may_stand_alone() {
        let person = PersonId::at(&GatewayName::new("qq"), "10001");
        let content = [
            Segment::Text("一".repeat(60)),
            Segment::Mention(person.clone()),
            Segment::Text("，早".to_owned()),
            Segment::Image("data:image/png;name=a.png;base64,AA==".to_owned()),
        ];
        let mut limits = limits(Longest::Characters(80));
        let text = |words: &str| Segment::Text(words.to_owned());
        let cut = parts(&content, &limits);
        assert_eq!(cut[0], [text(&"一".repeat(60))]);
        assert_eq!(cut[1], [Segment::Mention(person), text("，早"), content[3].clone()]);
        limits.pictures_alone = Alone::OfTheFolder;
        assert_eq!(parts(&content, &limits).len(), 3);
    }

    /// Whatever is written: blanks, marks that join, addresses, emoji, sentences.
    fn writing() -> impl Strategy<Value = String> {
        let bit = prop_oneof![
            "\\PC{0,12}",
            "[。！？!?，,. \\n\\t]{1,5}",
            "https?://[a-z./?&=@]{0,40}",
            Just("👨‍👩‍👧‍👦".to_owned()),
            Just("e\u{301}\u{302}\u{303}\u{304}".to_owned()),
            Just("@所有人 @all".to_owned()),
            any::<String>(),
        ];
        proptest::collection::vec(bit, 0..30).prop_map(|bits| bits.concat())
    }

    fn longest() -> impl Strategy<Value = Longest> {
        prop_oneof![
            (0_usize..80).prop_map(Longest::Characters),
            (0_usize..200).prop_map(Longest::Bytes)
        ]
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_too_long(text in writing(), longest in longest()) {
            let content = [Segment::Text(text.clone())];
            let cut = parts(&content, &limits(longest));
            prop_assert!(!cut.is_empty());
            let mut rest = text.as_str();
            for part in &cut {
                let words = crate::chat::text_of(part);
                prop_assert!(cut.len() == 1 || !words.trim().is_empty(), "an empty part");
                let weight = longest.weight(&crate::chat::calling_nobody(&words));
                prop_assert!(cut.len() == 1 && text.trim().is_empty() || weight <= longest.most(), "{weight}");
                let at = rest.find(&words);
                prop_assert!(at.is_some(), "{words:?} is not in what is left");
                let at = at.unwrap_or_default();
                prop_assert!(rest[..at].trim().is_empty(), "{:?} is lost", &rest[..at]);
                rest = &rest[at + words.len()..];
            }
            prop_assert!(rest.trim().is_empty(), "{rest:?} is lost");
        }

        #[test]
        fn no_character_and_no_address_is_cut(words in "[一-龥。，a ]{0,60}", tail in "[一-龥。， ]{0,60}") {
            let address = "https://tea.example/menu?a=1";
            let family = "👨‍👩‍👧‍👦";
            let text = format!("{words}{family}{address} {tail}{family}");
            let cut = parts(&[Segment::Text(text)], &limits(Longest::Characters(40)));
            let whole = |what: &str| cut.iter().map(|part| crate::chat::text_of(part).matches(what).count()).sum::<usize>();
            prop_assert_eq!(whole(address), 1);
            prop_assert_eq!(whole(family), 2);
        }

        #[test]
        fn everything_stands_in_one_part_and_in_order(bits in proptest::collection::vec(0_u8..5, 0..20)) {
            let person = |n: usize| PersonId::at(&GatewayName::new("qq"), &n.to_string());
            let content: Vec<Segment> = bits.iter().enumerate().map(|(n, kind)| match kind {
                0 => Segment::Mention(person(n)),
                1 => Segment::Link { url: format!("https://t.example/{n}"), title: "菜单".to_owned() },
                2 => Segment::Image(format!("https://t.example/{n}.png")),
                3 => Segment::MentionAll,
                _ => Segment::Text(format!("第{n}句话说完了。")),
            }).collect();
            let longest = Longest::Characters(50);
            let cut = parts(&content, &limits(longest));
            prop_assert_eq!(cut.concat(), content);
        }
    }
}
