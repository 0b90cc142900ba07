//! Pictures and files in a mapping: what of them can be filled in, and whether a request is content with it.

use std::path::PathBuf;

use serde_json::Value;

use super::send::{Kind, Request, escaped};
use super::template::Hole;
use crate::chat::{Deed, Segment};
use crate::gateway::document::Document;
use crate::gateway::picture::{self, Picture};

/// What only a picture or a file fills in.
pub const HOLES: [Hole; 6] = [Hole::Url, Hole::Path, Hole::Data, Hole::DataUrl, Hole::File, Hole::Mime];

/// What nobody need know more of.
const MIME: &str = "application/octet-stream";

/// Where the media folder stands, for those who fetch from it themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    pub dir: PathBuf,
    /// The address it is served under, without a slash at the end.
    pub url: Option<String>,
}

impl Folder {
    /// The address of what is called so below the folder.
    pub fn url_of(&self, below: &str) -> Option<String> {
        let steps: Vec<String> = below.split('/').map(escaped).collect();
        Some(format!("{}/{}", self.url.as_ref()?, steps.join("/")))
    }

    fn path_of(&self, below: &str) -> Option<String> {
        let path = std::path::absolute(self.dir.join(below)).ok()?;
        path.to_str().map(str::to_owned)
    }
}

/// A picture or a file on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medium {
    is_picture: bool,
    called: String,
    mime: &'static str,
    url: Option<String>,
    path: Option<String>,
    /// Its bytes in base64.
    data: Option<String>,
}

impl Medium {
    /// What a segment shows; nothing, where it shows nothing.
    pub fn of(segment: &Segment, folder: &Folder) -> Option<Self> {
        let (place, is_picture, called) = match segment {
            Segment::Image(place) => (place, true, picture::name(place)),
            Segment::File { place, name } => (place, false, name.as_str()),
            _ => return None,
        };
        if !picture::is_here(place) {
            let has_address = place.starts_with("http://") || place.starts_with("https://");
            return has_address.then(|| Self {
                is_picture,
                called: called.to_owned(),
                mime: MIME,
                url: Some(place.clone()),
                path: None,
                data: None,
            });
        }
        let (below, mime, data) = match is_picture {
            true => {
                let picture = Picture::at(place)?;
                (picture.name.clone(), picture.sort.mime(), picture.base64())
            }
            false => {
                let document = Document::at(place, called)?;
                (picture::below(place).to_owned(), MIME, document.base64())
            }
        };
        Some(Self {
            is_picture,
            called: called.to_owned(),
            mime,
            url: folder.url_of(&below),
            path: folder.path_of(&below),
            data: Some(data),
        })
    }

    /// What stands for a place.
    pub fn value(&self, hole: Hole) -> Value {
        let text = |text: &Option<String>| Value::from(text.as_deref().unwrap_or_default());
        match hole {
            Hole::Url => text(&self.url),
            Hole::Path => text(&self.path),
            Hole::Data => text(&self.data),
            Hole::DataUrl => match &self.data {
                Some(data) => format!("data:{};base64,{data}", self.mime).into(),
                None => "".into(),
            },
            Hole::File => self.called.as_str().into(),
            Hole::Mime => self.mime.into(),
            _ => Value::Null,
        }
    }

    /// Whether everything a request wants to know of it is there.
    fn fills(&self, request: &Request) -> bool {
        let lacks = |hole: Hole| match hole {
            Hole::Url => self.url.is_none(),
            Hole::Path => self.path.is_none(),
            Hole::Data | Hole::DataUrl => self.data.is_none(),
            _ => false,
        };
        !HOLES.into_iter().any(|hole| lacks(hole) && request.holds(hole))
    }

    /// How it is said where it cannot be shown; nothing, where nobody could fetch it.
    pub fn in_words(&self) -> Option<String> {
        let url = self.url.as_ref()?;
        match self.is_picture {
            true => Some(url.clone()),
            false => Some(format!("{} {url}", self.called)),
        }
    }
}

/// The request by which a deed would be shown, and what it shows: for a message that is a picture or a file and nothing
/// else.
pub fn shown(deed: &Deed, folder: &Folder) -> Option<(Kind, Medium)> {
    let (content, by_picture, by_file) = match deed {
        Deed::Say { content, .. } => (content, Kind::SayPicture, Kind::SayFile),
        Deed::Whisper { content, .. } => (content, Kind::WhisperPicture, Kind::WhisperFile),
        Deed::RenameGroup { .. }
        | Deed::SetCard { .. }
        | Deed::Recall { .. }
        | Deed::Kick { .. }
        | Deed::Call { .. } => return None,
    };
    let [segment] = content.as_slice() else { return None };
    let medium = Medium::of(segment, folder)?;
    Some((if medium.is_picture { by_picture } else { by_file }, medium))
}

/// The same, if the request is content with what is known of it.
pub fn fitting<'r>(medium: &Medium, request: Option<&'r Request>) -> Option<&'r Request> {
    request.filter(|request| medium.fills(request))
}

/// A message in words: what is shown nowhere is named with its address. What has none is told as a refusal.
pub fn worded(content: &[Segment], folder: &Folder) -> Result<Vec<Segment>, String> {
    let one = |segment: &Segment| match Medium::of(segment, folder) {
        None => Ok(segment.clone()),
        Some(medium) => match medium.in_words() {
            Some(words) => Ok(Segment::Text(words)),
            None => Err(format!(
                "`{}` can be given to this gateway neither by a request of its own nor by an address; write say_picture or say_file in its mapping, or [media] url",
                medium.called
            )),
        },
    };
    content.iter().map(one).collect()
}

/// Whether somebody who shows this can be given what stands in the media folder.
pub fn takes_the_folder(request: &Request, folder: &Folder) -> bool {
    folder.url.is_some() || !request.holds(Hole::Url)
}
