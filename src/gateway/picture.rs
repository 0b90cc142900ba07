//! A picture of the media folder on its way out: its bytes travel inside the message, as a `data:` address, and every
//! gateway hands them over as its protocol wants.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How its address begins.
const HERE: &str = "data:";

/// A picture whose bytes are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What the file is called, with the folders it is in below the media folder.
    pub name: String,
    pub sort: Sort,
    pub bytes: Vec<u8>,
}

/// The sorts of pictures that chat networks show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Png,
    Jpeg,
    Gif,
    Webp,
}

impl Sort {
    const ALL: [Sort; 4] = [Sort::Png, Sort::Jpeg, Sort::Gif, Sort::Webp];

    /// Told by how the bytes begin; names may lie.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let webp = || bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Sort::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Sort::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Sort::Gif),
            _ => webp().then_some(Sort::Webp),
        }
    }

    /// `image/png`.
    pub fn mime(self) -> &'static str {
        match self {
            Sort::Png => "image/png",
            Sort::Jpeg => "image/jpeg",
            Sort::Gif => "image/gif",
            Sort::Webp => "image/webp",
        }
    }
}

/// Whether an image's bytes are in its address, which is long then.
pub fn is_here(place: &str) -> bool {
    place.starts_with(HERE)
}

/// What an image is called in words: the file's name, or the address.
pub fn name(place: &str) -> &str {
    match is_here(place) {
        true => last(below(place)),
        false => place,
    }
}

/// What it is called below the media folder; empty where that is not told.
pub fn below(place: &str) -> &str {
    let named = place.strip_prefix(HERE).and_then(|rest| rest.split_once(";name="));
    named.map_or("", |(_, name)| name)
}

fn last(below: &str) -> &str {
    below.rsplit('/').next().unwrap_or(below)
}

impl Picture {
    /// What the file is called, without its folders.
    pub fn called(&self) -> &str {
        last(&self.name)
    }

    /// Its bytes as text.
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.bytes)
    }

    /// Its address as the protocols know it: `data:image/png;base64,…`.
    pub fn address(&self) -> String {
        format!("{HERE}{};base64,{}", self.sort.mime(), self.base64())
    }

    /// Its address inside a message of ours, which tells the name too; last, as a name may hold anything.
    pub fn place(&self) -> String {
        format!("{HERE}{};base64,{};name={}", self.sort.mime(), self.base64(), self.name)
    }

    /// The picture such an address is.
    pub fn at(place: &str) -> Option<Self> {
        let (mime, rest) = place.strip_prefix(HERE)?.split_once(";base64,")?;
        let (encoded, name) = rest.split_once(";name=")?;
        Some(Self {
            name: name.to_owned(),
            sort: Sort::ALL.into_iter().find(|sort| sort.mime() == mime)?,
            bytes: STANDARD.decode(encoded).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Picture, Sort, below, is_here, name};

    #[test]
    fn a_picture_and_its_place_are_one() {
        let picture = Picture {
            name: "茶;name=单 1.png".to_owned(),
            sort: Sort::Webp,
            bytes: (0..=255).collect(),
        };
        assert!(is_here(&picture.place()));
        assert_eq!(Picture::at(&picture.place()), Some(picture.clone()));
        assert_eq!(Picture::at("https://tea.example/a.png"), None);
        assert_eq!(Picture::at(&picture.address()), None);
    }

    #[test]
    fn folders_are_no_part_of_what_it_is_called() {
        let picture = Picture {
            name: "2026/茶.png".to_owned(),
            sort: Sort::Png,
            bytes: Vec::new(),
        };
        assert_eq!((picture.called(), name(&picture.place())), ("茶.png", "茶.png"));
        assert_eq!(below(&picture.place()), "2026/茶.png");
        assert_eq!(
            (name("https://a.example/b"), below("https://a.example/b")),
            ("https://a.example/b", "")
        );
    }

    #[test]
    fn sorts_are_told_by_their_bytes() {
        assert_eq!(Sort::of(b"\x89PNG\r\n\x1a\n.."), Some(Sort::Png));
        assert_eq!(Sort::of(b"\xff\xd8\xff\xe0"), Some(Sort::Jpeg));
        assert_eq!(Sort::of(b"GIF89a"), Some(Sort::Gif));
        assert_eq!(Sort::of(b"RIFF\x10\0\0\0WEBPVP8 "), Some(Sort::Webp));
        assert_eq!(Sort::of(b"RIFF"), None);
        assert_eq!(Sort::of(b"<svg/>"), None);
        assert_eq!(Sort::of(b""), None);
    }
}
