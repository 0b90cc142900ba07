//! Asking WeCom for things: with the access token, which is exchanged once where it is over.

use hyper::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::{Value, json};

use super::desk::{Answer, Chat, Way};
use super::encode::{self, Part, STREAM_MAX, is_outside};
use super::judge::{Judged, judge};
use super::media::Medium;
use super::robot::{self, Robot};
use super::token::with_query;
use super::{ANSWER_MAX, Form, WeCom, aibot};
use crate::chat::{Action, ActionId, Deed, Moment, Outcome, PersonId, Segment};
use crate::gateway::call::Call;
use crate::gateway::picture::Picture;

/// Parts one message may be cut into.
const PARTS_MAX: usize = 20;

/// What is asked of the API.
#[derive(Clone, Debug)]
pub enum Ask<'a> {
    Get(&'a str, &'a [(&'a str, &'a str)]),
    Post(&'a str, &'a Value),
    /// A form: the path and its query, its content type and its bytes.
    Form((&'a str, &'a [(&'a str, &'a str)]), &'a HeaderValue, &'a [u8]),
}

impl WeCom {
    /// Asks for an action once; a message in parts, each once.
    pub async fn perform(&self, action: &Action, now: Moment) -> Outcome {
        match &action.deed {
            Deed::Say { group, content } => {
                if let Some(outcome) = self.answer(action, content, now).await {
                    return outcome;
                }
                match self.robot_of(group.wire()) {
                    Some(robot) => self.by_robot(&action.id, robot, content, now).await,
                    None => self.propose(group, content, now).await,
                }
            }
            Deed::Whisper { person, content } => match self.answer(action, content, now).await {
                Some(outcome) => outcome,
                None => self.to_staff(&action.id, person, content, now).await,
            },
            Deed::RenameGroup { .. } | Deed::SetCard { .. } | Deed::Recall { .. } | Deed::Kick { .. } => {
                refused("WeCom lets no program do this in a customer group; do it in WeCom")
            }
            Deed::Call { .. } => refused("WeCom calls nobody"),
        }
    }

    /// Answers whoever asked the intelligent robot; `None` if nobody waits for an answer, or not for one like this.
    async fn answer(&self, action: &Action, content: &[Segment], now: Moment) -> Option<Outcome> {
        let (name, chat) = (self.desk.question_of(&action.id)?, Chat::of(&action.deed)?);
        let words = encode::words_beside(content, Form::Markdown);
        let pictures = robot::pictures(content)?;
        if (words.is_empty() && pictures.is_empty()) || words.len() > STREAM_MAX || encode::brings_file(content) {
            return None;
        }
        let answer = Answer {
            stream: Some(aibot::stream(name, Some(&words), &pictures)),
            later: pictures.is_empty(),
        };
        let url = match self.desk.answer((action, &chat), answer, now).await {
            Way::None => return None,
            Way::InTheAnswer => return Some(Outcome::Done { message: None }),
            Way::To(url) => url,
        };
        let body = aibot::later(&words).to_string().into_bytes();
        let judged = judge(self.caller.post_to(&url, HeaderMap::new(), body, ANSWER_MAX).await);
        if matches!(judged, Judged::NotNow(..)) {
            self.desk.give_back(&action.id, url);
        }
        Some(judged.outcome(now, |_| Outcome::Done { message: None }))
    }

    async fn by_robot(&self, action: &ActionId, robot: &Robot, content: &[Segment], now: Moment) -> Outcome {
        let parts = encode::parts(content, self.settings.form);
        if let Some(outcome) = unsayable(&parts) {
            return outcome;
        }
        for (nth, part) in parts.iter().enumerate().skip(self.parts_out(action)) {
            if let Err(again) = robot.take_place(now) {
                self.got_to(action, nth);
                return Outcome::Postponed {
                    why: "this robot spoke twenty times within a minute".to_owned(),
                    again,
                };
            }
            let judged = self.robot_says(robot, part, now).await;
            if !matches!(judged, Judged::Ok(_)) {
                return self.stopped(action, nth, judged, now);
            }
        }
        self.got_to(action, 0);
        Outcome::Done { message: None }
    }

    async fn to_staff(&self, action: &ActionId, person: &PersonId, content: &[Segment], now: Moment) -> Outcome {
        if is_outside(person.wire()) {
            return refused("an application cannot write to a customer; let one of the staff do it");
        }
        let Some(agent) = &self.settings.agent else {
            return refused("set `agent` to write to staff");
        };
        let parts = encode::parts(content, Form::Text);
        if let Some(outcome) = unsayable(&parts) {
            return outcome;
        }
        for (nth, part) in parts.iter().enumerate().skip(self.parts_out(action)) {
            let judged = self.application_says(part, (agent, person), now).await;
            match &judged {
                Judged::Ok(answer) if is_named(answer, "invaliduser") => {
                    let why = "nobody in the application's visible range has this user id".to_owned();
                    return self.stopped(action, nth, Judged::Refused(why), now);
                }
                Judged::Ok(_) => {}
                _ => return self.stopped(action, nth, judged, now),
            }
        }
        self.got_to(action, 0);
        Outcome::Done { message: None }
    }

    /// Lets the application say one part.
    async fn application_says(&self, part: &Part, (agent, person): (&str, &PersonId), now: Moment) -> Judged {
        let addressed = |mut body: Value| {
            body["touser"] = json!(person.wire());
            body["agentid"] = agent
                .parse::<i64>()
                .map_or_else(|_| json!(agent), |number| json!(number));
            body
        };
        let medium = match part {
            Part::Image(place) => self.pictured(place).await,
            Part::File(document) => Some(Medium::file(document.clone(), false)),
            Part::Text { .. } | Part::Markdown(_) | Part::News { .. } => None,
        };
        match medium {
            Some(Ok(medium)) => self.application_gives(&medium, addressed, now).await,
            Some(Err(judged)) => judged,
            None => {
                let body = addressed(part.json());
                self.ask(&Ask::Post("cgi-bin/message/send", &body)).await
            }
        }
    }

    /// A picture as the application gives it; one that is no JPEG or PNG, or has no address, goes as what it is called.
    async fn pictured(&self, place: &str) -> Option<Result<Medium, Judged>> {
        if let Some(picture) = Picture::at(place) {
            return Some(Medium::shown(picture));
        }
        if !has_address(place) {
            return None;
        }
        match self.fetched(place).await {
            Ok(bytes) => Medium::picture(bytes).ok().map(Ok),
            Err(judged) => Some(Err(judged)),
        }
    }

    /// A message stopped at a part. What is out stays out: the next attempt goes on from there.
    fn stopped(&self, action: &ActionId, nth: usize, judged: Judged, now: Moment) -> Outcome {
        self.got_to(action, nth);
        judged.outcome(now, |_| Outcome::Done { message: None })
    }

    /// Asks once, and once more with another token if the first was over.
    pub async fn ask(&self, ask: &Ask<'_>) -> Judged {
        let Some(token) = &self.token else {
            return Judged::Refused("set `corp` and `secret` to call WeCom".to_owned());
        };
        let mut over = None;
        loop {
            let access = match token.get(&self.caller, over.as_ref()).await {
                Ok(access) => access,
                Err(judged) => return judged,
            };
            let judged = judge(self.asked(ask, &access).await);
            match judged {
                Judged::Over(_) if over.is_none() => over = Some(access),
                judged => return judged,
            }
        }
    }

    async fn asked(&self, ask: &Ask<'_>, access: &secrecy::SecretString) -> crate::gateway::call::Reply {
        let access = ("access_token", secrecy::ExposeSecret::expose_secret(access));
        match ask {
            Ask::Get(path, pairs) => {
                let pairs: Vec<(&str, &str)> = [access].into_iter().chain(pairs.iter().copied()).collect();
                self.caller.get(&with_query(path, &pairs), ANSWER_MAX).await
            }
            Ask::Post(path, body) => self.post(&with_query(path, &[access]), body).await,
            Ask::Form((path, pairs), kind, body) => {
                let pairs: Vec<(&str, &str)> = [access].into_iter().chain(pairs.iter().copied()).collect();
                let call = Call {
                    method: Method::POST,
                    path: Some(&with_query(path, &pairs)),
                    headers: HeaderMap::from_iter([(CONTENT_TYPE, (*kind).clone())]),
                    body: Some(body.to_vec()),
                };
                self.caller.ask(call, ANSWER_MAX).await
            }
        }
    }
}

/// Whether it stands somewhere on the web.
pub fn has_address(place: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| place.starts_with(scheme))
}

/// Whether a list of names in an answer holds any; some are texts with bars between them.
fn is_named(answer: &Value, key: &str) -> bool {
    match answer.get(key) {
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        _ => false,
    }
}

fn unsayable(parts: &[Part]) -> Option<Outcome> {
    match parts.len() {
        0 => Some(refused("nothing of the message can be said on this network")),
        1..=PARTS_MAX => None,
        _ => Some(refused(
            "the message is longer than twenty messages of WeCom; shorten it",
        )),
    }
}

/// No, for good.
pub fn refused(why: &str) -> Outcome {
    Outcome::Refused { why: why.to_owned() }
}
