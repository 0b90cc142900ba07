//! Files and pictures as WeCom takes them: uploaded first, then sent by the id they were given.
//!
//! An id is good for three days and only for whoever uploaded: the application, or one robot. It is kept, so that the same
//! file is uploaded once; where a message with a kept id is refused, the file is uploaded again once.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::api::Ask;
use super::judge::{Judged, judge};
use super::robot::Robot;
use super::token::with_query;
use super::{ANSWER_MAX, WeCom};
use crate::chat::Moment;
use crate::gateway::call::Call;
use crate::gateway::document::Document;
use crate::gateway::multipart;
use crate::gateway::picture::{Picture, Sort};
use crate::gateway::signature::hex;

/// How long an id is kept: an hour less than it is good for.
pub const KEPT: Duration = Duration::from_secs(71 * 3_600);

/// The largest file.
pub const FILE_MAX: u64 = 20 << 20;

/// The smallest one.
const FILE_LEAST: usize = 5;

/// The largest voice message.
const VOICE_MAX: usize = 2 << 20;

/// The largest video, and the largest picture.
const SHOWN_MAX: usize = 10 << 20;

/// What WeCom calls the sorts of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    Image,
    Voice,
    Video,
    File,
}

impl Sorted {
    fn word(self) -> &'static str {
        match self {
            Sorted::Image => "image",
            Sorted::Voice => "voice",
            Sorted::Video => "video",
            Sorted::File => "file",
        }
    }

    /// Told by how the bytes begin; what is too long to be heard or seen is a file.
    fn of(bytes: &[u8], by_robot: bool) -> Self {
        let is_video = bytes.get(4..8) == Some(b"ftyp");
        match bytes {
            [b'#', b'!', b'A', b'M', b'R', ..] if bytes.len() <= VOICE_MAX => Sorted::Voice,
            _ if is_video && !by_robot && bytes.len() <= SHOWN_MAX => Sorted::Video,
            _ => Sorted::File,
        }
    }
}

/// Something to be uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medium {
    sorted: Sorted,
    called: String,
    mime: &'static str,
    bytes: Vec<u8>,
}

impl Medium {
    /// A file of the media folder.
    pub fn file(document: Document, by_robot: bool) -> Result<Self, Judged> {
        let refused = |why: &str| Err(Judged::Refused(why.to_owned()));
        match document.bytes.len() {
            0..FILE_LEAST => refused("WeCom takes no file of less than five bytes"),
            long if long as u64 > FILE_MAX => refused("WeCom takes files of 20 MB at most"),
            _ => Ok(Self {
                sorted: Sorted::of(&document.bytes, by_robot),
                called: document.name,
                mime: "application/octet-stream",
                bytes: document.bytes,
            }),
        }
    }

    /// A picture, whatever it is called.
    pub fn picture(bytes: Vec<u8>) -> Result<Self, Judged> {
        let (called, sort) = match Sort::of(&bytes) {
            Some(Sort::Png) => ("picture.png", Sort::Png),
            Some(Sort::Jpeg) => ("picture.jpg", Sort::Jpeg),
            Some(Sort::Gif | Sort::Webp) | None => {
                return Err(Judged::Refused("WeCom takes PNG and JPEG pictures".to_owned()));
            }
        };
        if bytes.len() > SHOWN_MAX {
            return Err(Judged::Refused("WeCom takes pictures of 10 MB at most".to_owned()));
        }
        Ok(Self {
            sorted: Sorted::Image,
            called: called.to_owned(),
            mime: sort.mime(),
            bytes,
        })
    }

    /// A picture of the media folder.
    pub fn shown(picture: Picture) -> Result<Self, Judged> {
        Self::picture(picture.bytes)
    }

    /// What its id is kept under.
    fn sum(&self) -> String {
        format!(
            "{}/{}/{}",
            self.sorted.word(),
            self.called,
            hex(&Sha256::digest(&self.bytes))
        )
    }

    /// The message, or the attachment, that shows it.
    pub fn message(&self, id: &str) -> Value {
        let word = self.sorted.word();
        json!({"msgtype": word, word: {"media_id": id}})
    }
}

/// The id of a medium, and whether it was given long ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub id: String,
    pub kept: bool,
}

impl WeCom {
    /// Gives a medium to a robot, or to the application, unless that was done lately.
    pub(super) async fn given(&self, robot: Option<&Robot>, medium: &Medium, now: Moment) -> Result<Given, Judged> {
        let files = robot.map_or(&self.files, Robot::files);
        if let Some(id) = files.find(&medium.sum(), now) {
            return Ok(Given { id, kept: true });
        }
        let answer = match self.upload(robot, medium).await {
            Judged::Ok(answer) => answer,
            // Nobody has seen anything yet.
            Judged::Unknown(why) => return Err(Judged::NotNow(format!("the upload: {why}"), None)),
            judged => return Err(judged),
        };
        match answer.get("media_id").and_then(Value::as_str) {
            Some(id) if !id.is_empty() => {
                files.keep(&medium.sum(), id, now);
                Ok(Given {
                    id: id.to_owned(),
                    kept: false,
                })
            }
            _ => Err(Judged::NotNow(
                "WeCom told no id for what was uploaded".to_owned(),
                None,
            )),
        }
    }

    /// Its id is good no more.
    pub(super) fn forget(&self, robot: Option<&Robot>, medium: &Medium) {
        robot.map_or(&self.files, Robot::files).drop_one(&medium.sum());
    }

    async fn upload(&self, robot: Option<&Robot>, medium: &Medium) -> Judged {
        let kind = ("type", medium.sorted.word());
        let (header, body) = multipart::form(&[], ("media", (&medium.called, medium.mime, &medium.bytes)));
        let Some(robot) = robot else {
            return self
                .ask(&Ask::Form(("cgi-bin/media/upload", &[kind]), &header, &body))
                .await;
        };
        let path = with_query(
            "cgi-bin/webhook/upload_media",
            &[("key", robot.key().expose_secret()), kind],
        );
        let call = Call {
            method: hyper::Method::POST,
            path: Some(&path),
            headers: reqwest::header::HeaderMap::from_iter([(reqwest::header::CONTENT_TYPE, header)]),
            body: Some(body),
        };
        judge(self.caller.ask(call, ANSWER_MAX).await)
    }

    /// Lets a robot give a medium to its group.
    pub(super) async fn robot_gives(&self, robot: &Robot, medium: &Medium, now: Moment) -> Judged {
        loop {
            let given = match self.given(Some(robot), medium, now).await {
                Ok(given) => given,
                Err(judged) => return judged,
            };
            let path = with_query("cgi-bin/webhook/send", &[("key", robot.key().expose_secret())]);
            let judged = judge(self.post(&path, &medium.message(&given.id)).await);
            match judged {
                Judged::Refused(_) if given.kept => self.forget(Some(robot), medium),
                judged => return judged,
            }
        }
    }

    /// Lets the application give a medium to one of the staff; `addressed` makes the whole body.
    pub(super) async fn application_gives(
        &self,
        medium: &Medium,
        addressed: impl Fn(Value) -> Value,
        now: Moment,
    ) -> Judged {
        loop {
            let given = match self.given(None, medium, now).await {
                Ok(given) => given,
                Err(judged) => return judged,
            };
            let body = addressed(medium.message(&given.id));
            match self.ask(&Ask::Post("cgi-bin/message/send", &body)).await {
                Judged::Refused(_) if given.kept => self.forget(None, medium),
                judged => return judged,
            }
        }
    }
}
