//! A file of the media folder on its way out. As with pictures its bytes travel inside the message.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::picture;

/// What nobody need know more of.
const MIME: &str = "application/octet-stream";

/// A file whose bytes are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it is called; from the shelf with the folders it is in below the media folder.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Document {
    /// Its bytes as text.
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.bytes)
    }

    /// Its address as the protocols know it.
    pub fn address(&self) -> String {
        format!("data:{MIME};base64,{}", self.base64())
    }

    /// Its address inside a message of ours, which tells where it stands in the media folder too.
    pub fn place(&self) -> String {
        format!("{};name={}", self.address(), self.name)
    }

    /// The file a segment holds, if its bytes are here.
    pub fn at(place: &str, name: &str) -> Option<Self> {
        let encoded = address(place)
            .strip_prefix("data:")?
            .strip_prefix(MIME)?
            .strip_prefix(";base64,")?;
        Some(Self {
            name: name.to_owned(),
            bytes: STANDARD.decode(encoded).ok()?,
        })
    }
}

/// The address as the protocols know it.
pub fn address(place: &str) -> &str {
    let bare = picture::is_here(place).then(|| place.split_once(";name=")).flatten();
    bare.map_or(place, |(address, _)| address)
}

/// A file in words, for a network that has none: its name and its address.
pub fn in_words(place: &str, name: &str) -> String {
    match picture::is_here(place) {
        true => name.to_owned(),
        false => format!("{name} {place}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, address};

    #[test]
    fn a_file_and_its_address_are_one() {
        let document = Document {
            name: "菜单.pdf".to_owned(),
            bytes: (0..=255).collect(),
        };
        assert_eq!(Document::at(&document.address(), "菜单.pdf"), Some(document.clone()));
        let kept = Document {
            name: "2026/菜单.pdf".to_owned(),
            bytes: vec![1],
        };
        assert_eq!(
            Document::at(&kept.place(), "菜单.pdf").map(|it| it.bytes),
            Some(vec![1])
        );
        assert_eq!(address(&kept.place()), kept.address());
        assert_eq!(address("https://a.example/x;name=y"), "https://a.example/x;name=y");
        assert_eq!(Document::at("https://tea.example/a.pdf", "a.pdf"), None);
    }
}
