//! The mapping of a gateway of kind `mapped`: how it is written, and what it means.

use std::collections::BTreeMap;
use std::ops::Range;

use regex::Regex;
use reqwest::header::HeaderName;
use secrecy::SecretString;
use serde_json::json;
use toml::{Spanned, Value};

use super::checking::Checking;
use super::problem::Why;
use super::written::Text;
use crate::gateway::mapped::decode::{Facts, Sort};
use crate::gateway::mapped::pick::{Path, Pick, Place};
use crate::gateway::mapped::send::{self, Judgement, Kind, List, Lists, Request};
use crate::gateway::mapped::sign::{self, Header, Keyed, Recipe};
use crate::gateway::mapped::template::{Body, Hole, Template};
use crate::gateway::mapped::{BadMapping, MappedSettings};
use crate::gateway::signature::{Digits, Hash, WebhookKey};

/// Anything at all, with its place.
type Any = Spanned<Value>;

macro_rules! written {
    ($(#[$doc:meta])* $name:ident { $($key:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Default, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name { $(pub $key: $kind,)* }
    };
}

written! {
    /// `[gateway.NAME.sign]`
    Sign {
        recipe: Option<Text>,
        header: Option<Text>,
        prefix: Option<Text>,
        over: Option<Text>,
        time: Option<Text>,
        id: Option<Text>,
        hash: Option<Text>,
        digits: Option<Text>,
    }
}

written! {
    /// `[gateway.NAME.event]`
    Event {
        list: Option<Text>,
        id: Option<Any>,
        time: Option<Any>,
        kind: Option<Any>,
        kinds: BTreeMap<String, Text>,
        group: Option<Any>,
        group_name: Option<Any>,
        person: Option<Any>,
        name: Option<Any>,
        card: Option<Any>,
        text: Option<Any>,
        prefix: Option<Text>,
        picture: Option<Any>,
        message: Option<Any>,
        reply: Option<Any>,
        mentions: Option<Any>,
        by: Option<Any>,
        own: Option<Any>,
        history: Option<Any>,
        account: Option<Any>,
    }
}

written! {
    /// `[gateway.NAME.send]`
    Send {
        headers: BTreeMap<String, Text>,
        ok: Option<Ok>,
        why: Option<Any>,
        message: Option<Any>,
        say: Option<Asked>,
        whisper: Option<Asked>,
        rename_group: Option<Asked>,
        set_card: Option<Asked>,
        recall: Option<Asked>,
        kick: Option<Asked>,
        say_picture: Option<Asked>,
        say_file: Option<Asked>,
        whisper_picture: Option<Asked>,
        whisper_file: Option<Asked>,
    }
}

written! {
    /// When an answer is a yes.
    Ok {
        path: Option<Text>,
        is: Option<Any>,
    }
}

written! {
    /// One request.
    Asked {
        method: Option<Text>,
        path: Option<Text>,
        body: Option<Any>,
    }
}

written! {
    /// `[gateway.NAME.groups]`, `[gateway.NAME.members]`
    Listed {
        method: Option<Text>,
        path: Option<Text>,
        body: Option<Any>,
        list: Option<Text>,
        group: Option<Any>,
        person: Option<Any>,
        name: Option<Any>,
        card: Option<Any>,
    }
}

/// The tables of one mapping.
#[derive(Debug)]
pub struct Tables<'w> {
    pub sign: Option<&'w Spanned<Sign>>,
    pub event: Option<&'w Spanned<Event>>,
    pub send: Option<&'w Spanned<Send>>,
    pub groups: Option<&'w Spanned<Listed>>,
    pub members: Option<&'w Spanned<Listed>>,
}

fn text() -> serde_json::Value {
    json!({ "type": "string" })
}

/// A path or several, and a body: what stands there is checked by reading it.
fn pick() -> serde_json::Value {
    json!({ "type": ["string", "object", "array"] })
}

fn keys(texts: &[&str], picks: &[&str]) -> serde_json::Map<String, serde_json::Value> {
    let texts = texts.iter().map(|key| ((*key).to_owned(), text()));
    let picks = picks.iter().map(|key| ((*key).to_owned(), pick()));
    texts.chain(picks).collect()
}

fn closed(properties: serde_json::Map<String, serde_json::Value>) -> serde_json::Value {
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

/// The keys of a table of the schema: any of these, and what may stand there.
pub fn shape(table: &str) -> serde_json::Value {
    let texts = |of: serde_json::Value| json!({ "type": "object", "additionalProperties": of });
    let asked = || {
        let mut properties = keys(&["method", "path"], &[]);
        properties.insert("body".to_owned(), pick());
        closed(properties)
    };
    match table {
        "sign" => {
            let mut properties = keys(&["header", "prefix", "over", "time", "id"], &[]);
            let choice = |words: &[&str]| json!({ "enum": words });
            properties.insert("recipe".to_owned(), choice(&RECIPES));
            properties.insert("hash".to_owned(), choice(&["sha256", "sha1"]));
            properties.insert("digits".to_owned(), choice(&["hex", "base64"]));
            closed(properties)
        }
        "event" => {
            let picks = [
                "id",
                "time",
                "kind",
                "group",
                "group_name",
                "person",
                "name",
                "card",
                "text",
                "picture",
                "message",
                "reply",
                "mentions",
                "by",
                "own",
                "history",
                "account",
            ];
            let mut properties = keys(&["list", "prefix"], &picks);
            let words = Sort::WORDS.map(|(word, _)| word);
            properties.insert("kinds".to_owned(), texts(json!({ "enum": words })));
            closed(properties)
        }
        "send" => {
            let mut properties = keys(&[], &["why", "message"]);
            properties.insert("headers".to_owned(), texts(text()));
            let is = json!({ "type": ["string", "integer", "boolean", "array"] });
            properties.insert(
                "ok".to_owned(),
                closed(
                    [("path".to_owned(), text()), ("is".to_owned(), is)]
                        .into_iter()
                        .collect(),
                ),
            );
            for (word, ..) in Kind::ALL {
                properties.insert(word.to_owned(), asked());
            }
            closed(properties)
        }
        _ => {
            let own = if table == "groups" { "group" } else { "person" };
            let mut properties = keys(&["method", "path", "list"], &[own, "name", "card"]);
            properties.insert("body".to_owned(), pick());
            closed(properties)
        }
    }
}

const RECIPES: [&str; 3] = ["token", "hmac", "standard-webhooks"];

/// One mapping being checked.
struct Reading<'c, 't, 'n> {
    checking: &'c mut Checking<'t>,
    /// `gateway.NAME`
    table: &'n str,
}

/// What the tables mean; everything wrong with them is told.
pub fn read(
    checking: &mut Checking<'_>,
    table: &str,
    tables: &Tables<'_>,
    ((secrets, secrets_at), settings): ((Vec<SecretString>, Range<usize>), &mut MappedSettings),
) {
    let mut reading = Reading { checking, table };
    let Tables {
        sign,
        event,
        send,
        groups,
        members,
    } = tables;
    settings.sign = reading.sign(*sign, (secrets, secrets_at));
    if let Some(event) = event {
        settings.facts = reading.facts(event.as_ref());
    }
    let mut headers = Vec::new();
    if let Some(send) = send.map(AsRef::as_ref) {
        headers = reading.headers(send);
        reading.requests(send, &headers, settings);
        settings.judgement = reading.judgement(send);
    }
    settings.lists = Lists {
        groups: groups.and_then(|it| reading.list(("groups", it), &headers)),
        members: members.and_then(|it| reading.list(("members", it), &headers)),
    };
}

impl From<BadMapping> for Why {
    fn from(bad: BadMapping) -> Self {
        Why::Mapping(bad)
    }
}

impl Reading<'_, '_, '_> {
    fn name(&self) -> String {
        self.table.strip_prefix("gateway.").unwrap_or(self.table).to_owned()
    }

    fn wrong(&mut self, key: &str, span: Range<usize>, why: impl Into<Why>) {
        let key = format!("{}.{key}", self.table);
        self.checking.wrong(&key, &span, why.into());
    }

    /// What a text means, or the problem told.
    fn meant<T>(&mut self, key: &str, text: &Text, read: impl FnOnce(&str) -> Result<T, BadMapping>) -> Option<T> {
        let filled = self.checking.fill(&format!("{}.{key}", self.table), text);
        match read(&filled) {
            Ok(meaning) => Some(meaning),
            Err(bad) => {
                self.wrong(key, text.span(), bad);
                None
            }
        }
    }

    fn word<T: Copy>(&mut self, key: &str, text: Option<&Text>, words: &[(&str, T)]) -> Option<T> {
        self.meant(key, text?, |word| choose(word, words))
    }

    fn sign(
        &mut self,
        written: Option<&Spanned<Sign>>,
        (secrets, secrets_at): (Vec<SecretString>, Range<usize>),
    ) -> Option<Recipe> {
        let Some(written) = written else {
            if !secrets.is_empty() {
                self.wrong("secrets", secrets_at, BadMapping::NoRecipe(self.name()));
            }
            return None;
        };
        let (span, sign) = (written.span(), written.as_ref());
        if secrets.is_empty() {
            self.wrong("sign", span, BadMapping::NoSecret(self.name()));
            return None;
        }
        let words = RECIPES.map(|word| (word, word));
        let Some(recipe) = &sign.recipe else {
            self.wrong("sign", span, BadMapping::Missing("recipe"));
            return None;
        };
        match self.word("sign.recipe", Some(recipe), &words)? {
            "token" => {
                let header = match &sign.header {
                    Some(header) => self.meant("sign.header", header, Header::parse)?,
                    None => Header::parse("Authorization").ok()?,
                };
                Some(Recipe::Token { header, secrets })
            }
            "hmac" => self
                .keyed(sign, span, secrets)
                .map(|keyed| Recipe::Hmac(Box::new(keyed))),
            _ => {
                let keys: Result<Vec<_>, _> = secrets.iter().map(WebhookKey::read).collect();
                match keys {
                    Ok(keys) => Some(Recipe::StandardWebhooks { keys }),
                    Err(why) => {
                        let gateway = self.name();
                        let key = "secrets";
                        let bad = crate::gateway::BadSettings::Secret { gateway, key, why };
                        self.wrong("sign", span, Why::Gateway(bad));
                        None
                    }
                }
            }
        }
    }

    fn keyed(&mut self, sign: &Sign, span: Range<usize>, secrets: Vec<SecretString>) -> Option<Keyed> {
        let Some(header) = &sign.header else {
            self.wrong("sign", span, BadMapping::Missing("header"));
            return None;
        };
        let header = self.meant("sign.header", header, Header::parse);
        let time = sign
            .time
            .as_ref()
            .map(|time| self.meant("sign.time", time, Header::parse));
        let id = sign.id.as_ref().map(|id| self.meant("sign.id", id, Header::parse));
        let over = match &sign.over {
            Some(over) => {
                let parts = self.meant("sign.over", over, sign::over)?;
                if parts.contains(&sign::Over::Time) && time.is_none() {
                    self.wrong("sign.over", over.span(), BadMapping::NoTime);
                }
                parts
            }
            None => vec![sign::Over::Body],
        };
        let hashes = [("sha256", Hash::Sha256), ("sha1", Hash::Sha1)];
        let forms = [("hex", Digits::Hex), ("base64", Digits::Base64)];
        let prefix = sign
            .prefix
            .as_ref()
            .map(|it| self.checking.fill(&format!("{}.sign.prefix", self.table), it));
        Some(Keyed {
            header: header?,
            prefix: prefix.unwrap_or_default(),
            over,
            time: time.flatten(),
            id: id.flatten(),
            hash: self
                .word("sign.hash", sign.hash.as_ref(), &hashes)
                .unwrap_or(Hash::Sha256),
            digits: self
                .word("sign.digits", sign.digits.as_ref(), &forms)
                .unwrap_or(Digits::Hex),
            secrets,
        })
    }

    fn facts(&mut self, event: &Event) -> Facts {
        let mut pick =
            |key: &str, any: &Option<Any>| any.as_ref().and_then(|any| self.pick(&format!("event.{key}"), any));
        let mut facts = Facts {
            list: None,
            id: pick("id", &event.id),
            time: pick("time", &event.time),
            kind: pick("kind", &event.kind),
            kinds: BTreeMap::new(),
            group: pick("group", &event.group),
            group_name: pick("group_name", &event.group_name),
            person: pick("person", &event.person),
            name: pick("name", &event.name),
            card: pick("card", &event.card),
            text: pick("text", &event.text),
            prefix: event.prefix.as_ref().map(|prefix| prefix.as_ref().clone()),
            picture: pick("picture", &event.picture),
            message: pick("message", &event.message),
            reply: pick("reply", &event.reply),
            mentions: pick("mentions", &event.mentions),
            by: pick("by", &event.by),
            own: pick("own", &event.own),
            history: pick("history", &event.history),
            account: pick("account", &event.account),
        };
        facts.list = event
            .list
            .as_ref()
            .and_then(|list| self.meant("event.list", list, Path::parse));
        for (kind, word) in &event.kinds {
            if let Some(sort) = self.word("event.kinds", Some(word), &Sort::WORDS) {
                facts.kinds.insert(kind.clone(), sort);
            }
        }
        facts
    }

    /// A path, a table with a path and a pattern, or a list of them.
    fn pick(&mut self, key: &str, any: &Any) -> Option<Pick> {
        let places = match any.as_ref() {
            Value::Array(items) => items.iter().map(place).collect(),
            one => place(one).map(|place| vec![place]),
        };
        match places.and_then(Pick::new) {
            Ok(pick) => Some(pick),
            Err(bad) => {
                self.wrong(key, any.span(), bad);
                None
            }
        }
    }

    fn headers(&mut self, send: &Send) -> Vec<(HeaderName, Template)> {
        let mut headers = Vec::new();
        for (name, value) in &send.headers {
            let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
                self.wrong("send.headers", value.span(), BadMapping::Header(name.clone()));
                continue;
            };
            let allowed = &[Hole::Token, Hole::Bot];
            if let Some(template) = self.meant("send.headers", value, |text| Template::parse(text, allowed)) {
                headers.push((header, template));
            }
        }
        headers
    }

    fn requests(&mut self, send: &Send, headers: &[(HeaderName, Template)], settings: &mut MappedSettings) {
        for (word, kind, allowed) in Kind::ALL {
            let asked = match kind {
                Kind::Say => &send.say,
                Kind::Whisper => &send.whisper,
                Kind::RenameGroup => &send.rename_group,
                Kind::SetCard => &send.set_card,
                Kind::Recall => &send.recall,
                Kind::Kick => &send.kick,
                Kind::SayPicture => &send.say_picture,
                Kind::SayFile => &send.say_file,
                Kind::WhisperPicture => &send.whisper_picture,
                Kind::WhisperFile => &send.whisper_file,
            };
            let Some(asked) = asked else { continue };
            if let Some(request) = self.request((&format!("send.{word}"), allowed), asked, headers) {
                settings.requests.insert(kind, request);
            }
        }
    }

    fn request(
        &mut self,
        (key, allowed): (&str, &[Hole]),
        asked: &Asked,
        headers: &[(HeaderName, Template)],
    ) -> Option<Request> {
        let method = match &asked.method {
            Some(method) => self.meant(&format!("{key}.method"), method, send::method)?,
            None if asked.body.is_none() => hyper::Method::GET,
            None => hyper::Method::POST,
        };
        let path = match &asked.path {
            Some(path) => self.meant(&format!("{key}.path"), path, |text| Template::parse(text, allowed))?,
            None => Template::parse("", allowed).ok()?,
        };
        let body = match &asked.body {
            Some(body) => Some(self.body(&format!("{key}.body"), body, allowed)?),
            None => None,
        };
        let headers = headers.to_vec();
        Some(Request {
            method,
            path,
            headers,
            body,
        })
    }

    fn body(&mut self, key: &str, written: &Any, allowed: &[Hole]) -> Option<Body> {
        let mut fill = |text: &str| super::checking::filled(text);
        match Body::read(written.as_ref(), allowed, &mut fill) {
            Ok(body) => Some(body),
            Err(why) => {
                self.wrong(key, written.span(), why);
                None
            }
        }
    }

    fn judgement(&mut self, send: &Send) -> Judgement {
        let mut judgement = Judgement {
            ok: None,
            why: send.why.as_ref().and_then(|why| self.pick("send.why", why)),
            message: send
                .message
                .as_ref()
                .and_then(|message| self.pick("send.message", message)),
        };
        if let Some(Ok { path, is }) = &send.ok {
            let path = path
                .as_ref()
                .and_then(|path| self.meant("send.ok.path", path, Path::parse));
            let is = is.as_ref().map(AsRef::as_ref);
            let wanted = match is {
                Some(Value::Array(items)) => items.iter().map(in_words).collect(),
                Some(one) => vec![in_words(one)],
                None => vec!["true".to_owned()],
            };
            judgement.ok = path.map(|path| (path, wanted));
        }
        judgement
    }

    fn list(&mut self, (word, written): (&str, &Spanned<Listed>), headers: &[(HeaderName, Template)]) -> Option<List> {
        let Listed {
            method,
            path,
            body,
            list,
            group,
            person,
            name,
            card,
        } = written.as_ref();
        let asked = Asked {
            method: method.clone(),
            path: path.clone(),
            body: body.clone(),
        };
        let (own, id, allowed): (_, _, &[Hole]) = match word {
            "groups" => ("group", group, &[Hole::Token, Hole::Bot]),
            _ => ("person", person, &[Hole::Group, Hole::Token, Hole::Bot]),
        };
        let request = self.request((word, allowed), &asked, headers);
        let (Some(list), Some(id)) = (list, id) else {
            let missing = if list.is_none() { "list" } else { own };
            self.wrong(word, written.span(), BadMapping::Missing(missing));
            return None;
        };
        let list = self.meant(&format!("{word}.list"), list, Path::parse);
        let id = self.pick(&format!("{word}.{own}"), id);
        let mut pick =
            |key: &str, any: &Option<Any>| any.as_ref().and_then(|any| self.pick(&format!("{word}.{key}"), any));
        let (name, card) = (pick("name", name), pick("card", card));
        Some(List {
            request: request?,
            list: list?,
            id: id?,
            name,
            card,
        })
    }
}

fn choose<T: Copy>(word: &str, words: &[(&str, T)]) -> Result<T, BadMapping> {
    let found = words.iter().find(|(known, _)| *known == word);
    found.map(|(_, meaning)| *meaning).ok_or_else(|| BadMapping::Word {
        word: word.to_owned(),
        known: words.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", "),
    })
}

fn place(written: &Value) -> Result<Place, BadMapping> {
    match written {
        Value::String(path) => Ok(Place {
            path: Path::parse(path)?,
            pattern: None,
        }),
        Value::Table(table) if table.keys().all(|key| matches!(key.as_str(), "path" | "match")) => {
            let text = |key: &str| table.get(key).and_then(Value::as_str);
            let pattern = text("match").map(|pattern| {
                Regex::new(pattern).map_err(|error| BadMapping::Pattern {
                    pattern: pattern.to_owned(),
                    why: error.to_string().lines().last().unwrap_or_default().trim().to_owned(),
                })
            });
            Ok(Place {
                path: Path::parse(text("path").ok_or(BadMapping::Missing("path"))?)?,
                pattern: pattern.transpose()?,
            })
        }
        _ => Err(BadMapping::Pick),
    }
}

fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
