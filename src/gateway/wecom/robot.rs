//! Group robots: an address that takes twenty messages a minute and tells nothing.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::api::has_address;
use super::encode::Part;
use super::judge::{Judged, judge};
use super::media::Medium;
use super::token::with_query;
use super::{WeCom, media};
use crate::chat::{Moment, Segment};
use crate::gateway::call::Reply;
use crate::gateway::files::Files;
use crate::gateway::picture::{self, Picture, Sort};
use crate::gateway::signature::hex;

/// Messages a robot may send in a minute.
pub const PER_MINUTE: usize = 20;

const MINUTE: Duration = Duration::from_secs(60);

/// The largest picture a robot takes.
pub const IMAGE_MAX: u64 = 2 << 20;

/// Pictures an intelligent robot shows with one answer.
const SHOWN_MAX: usize = 10;

/// One robot.
#[derive(Debug)]
pub struct Robot {
    key: SecretString,
    /// When it spoke, in the last minute.
    spoke: Mutex<VecDeque<Moment>>,
    /// What it was given.
    files: Files,
}

impl Robot {
    /// Has not spoken yet.
    pub fn new(key: SecretString) -> Self {
        Self {
            key,
            spoke: Mutex::default(),
            files: Files::kept_for(media::KEPT),
        }
    }

    /// What its address is known by.
    pub fn key(&self) -> &SecretString {
        &self.key
    }

    /// What it was given lately.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Takes one of its twenty places; otherwise when the next one is free.
    pub fn take_place(&self, now: Moment) -> Result<(), Moment> {
        let mut spoke = self.spoke.lock().unwrap_or_else(PoisonError::into_inner);
        while spoke.front().is_some_and(|at| now.since(*at) >= MINUTE) {
            spoke.pop_front();
        }
        match spoke.front() {
            Some(oldest) if spoke.len() >= PER_MINUTE => Err(oldest.plus(MINUTE)),
            _ => {
                spoke.push_back(now);
                Ok(())
            }
        }
    }
}

impl WeCom {
    /// Lets a robot say one part.
    pub async fn robot_says(&self, robot: &Robot, part: &Part, now: Moment) -> Judged {
        let body = match part {
            Part::File(document) => {
                return match Medium::file(document.clone(), true) {
                    Ok(medium) => self.robot_gives(robot, &medium, now).await,
                    Err(judged) => judged,
                };
            }
            Part::Image(url) => match self.picture(url).await {
                Ok(body) => body,
                Err(judged) => return judged,
            },
            Part::Text { .. } | Part::Markdown(_) | Part::News { .. } => part.json(),
        };
        let path = with_query("cgi-bin/webhook/send", &[("key", robot.key.expose_secret())]);
        judge(self.post(&path, &body).await)
    }

    /// A picture as a robot takes it: its bytes, and their checksum. One that is no JPEG or PNG, or no address, goes as
    /// what it is called.
    async fn picture(&self, url: &str) -> Result<Value, Judged> {
        if let Some(picture) = Picture::at(url) {
            return match picture.sort {
                Sort::Png | Sort::Jpeg => Ok(image(&picture.bytes)),
                Sort::Gif | Sort::Webp => Err(Judged::Refused("a robot takes PNG and JPEG pictures".to_owned())),
            };
        }
        if !has_address(url) {
            return Ok(Part::Image(url.to_owned()).json());
        }
        let bytes = self.fetched(url).await?;
        match Sort::of(&bytes) {
            Some(Sort::Png | Sort::Jpeg) => Ok(image(&bytes)),
            Some(Sort::Gif | Sort::Webp) | None => Ok(Part::Image(url.to_owned()).json()),
        }
    }

    /// The bytes of a picture with an address.
    pub(super) async fn fetched(&self, url: &str) -> Result<Vec<u8>, Judged> {
        let most = usize::try_from(IMAGE_MAX).unwrap_or(usize::MAX);
        match self.caller.fetch(url, most).await {
            Reply::Answered { status: 200, body, .. } => Ok(body),
            Reply::Answered { status, .. } if status < 500 => {
                Err(Judged::Refused(format!("HTTP {status}: the picture is not there")))
            }
            Reply::Answered { status, .. } => Err(Judged::NotNow(
                format!("HTTP {status}: the picture cannot be fetched"),
                None,
            )),
            Reply::NeverSent { why } | Reply::Lost { why } => {
                Err(Judged::NotNow(format!("the picture cannot be fetched: {why}"), None))
            }
        }
    }
}

/// The pictures of the media folder in a message, as an intelligent robot shows them at the end of its answer; `None` if
/// it cannot show them all.
pub fn pictures(content: &[Segment]) -> Option<Vec<Value>> {
    let here = content.iter().filter_map(|segment| match segment {
        Segment::Image(place) if picture::is_here(place) => Some(Picture::at(place)),
        _ => None,
    });
    let pictures: Vec<Value> = here
        .map(|picture| {
            let picture = picture.filter(|it| matches!(it.sort, Sort::Png | Sort::Jpeg))?;
            Some(image(&picture.bytes))
        })
        .collect::<Option<_>>()?;
    (pictures.len() <= SHOWN_MAX).then_some(pictures)
}

fn image(bytes: &[u8]) -> Value {
    let image = json!({"base64": STANDARD.encode(bytes), "md5": hex(&Md5::digest(bytes))});
    json!({"msgtype": "image", "image": image})
}
