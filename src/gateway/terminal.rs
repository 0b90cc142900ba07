//! Events are typed, actions are printed: what runs on a fresh machine, before any chat network is connected.
//!
//! Lines come from the keyboard through a [`Reader`], or by HTTP as `text/plain`, or as the native JSON; unsigned, so
//! only from this machine. A person's id is the name that was typed.
//!
//! **Identity.** A typed line is `{gateway}/typed/{milliseconds}-{count}/{line}`: typing it again is a new fact. That a
//! group is there at all is told with ids made of its name alone, so telling it again changes nothing.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::CONTENT_TYPE;

use super::answer::{Account, Alone, KnownGroup, Limits, PICTURE_MAX, Trouble};
use super::call::AGAIN;
use super::decoded::{Arrival, Decoded, Refusal};
use super::native;
use super::settings::{BadSettings, plain_name};
use crate::chat::{
    Action, Capability, Deed, Event, GatewayName, GroupId, Happening, Lang, MessageId, Moment, Outcome, PersonId,
};

pub mod print;
pub mod typed;

pub use typed::{NotTyped, Reader, Typed, help};

/// A `[gateway.NAME]` of kind `terminal`, or the one there is when the config names none.
#[derive(Clone, Debug)]
pub struct TerminalSettings {
    pub name: GatewayName,
    /// The group lines are for until another is named with `#`.
    pub group: String,
    /// What the bot is called; `@` and this name calls it.
    pub bot: String,
    pub lang: Lang,
}

impl TerminalSettings {
    /// A group and a bot with names in `lang`.
    pub fn new(name: GatewayName, lang: Lang) -> Self {
        Self {
            name,
            group: lang.pick("体验群", "tryout").to_owned(),
            bot: lang.pick("机器人", "bot").to_owned(),
            lang,
        }
    }
}

/// The keyboard and the screen.
#[derive(Debug)]
pub struct Terminal {
    settings: TerminalSettings,
}

impl Terminal {
    /// Checks the settings.
    pub fn new(settings: TerminalSettings) -> Result<Self, BadSettings> {
        plain_name(&settings.name)?;
        for (what, name) in [("group", &settings.group), ("bot", &settings.bot)] {
            if name.trim().is_empty() {
                return Err(BadSettings::Empty {
                    gateway: settings.name.to_string(),
                    key: what,
                });
            }
        }
        Ok(Self { settings })
    }

    /// The `NAME` of its `[gateway.NAME]`.
    pub fn name(&self) -> &GatewayName {
        &self.settings.name
    }

    /// Everything that can be printed.
    pub fn capabilities(&self) -> BTreeSet<Capability> {
        let mut can = Capability::all();
        let not = [
            Capability::ReadMembers,
            Capability::TellRenames,
            Capability::TellCards,
            Capability::TellReplies,
        ];
        can.retain(|it| !not.contains(it));
        can
    }

    /// A screen takes no offence.
    pub fn limits(&self) -> Limits {
        Limits {
            per_minute: None,
            burst: u32::MAX,
            group_gap: Duration::ZERO,
            text: None,
            picture: PICTURE_MAX,
            file: PICTURE_MAX,
            pictures_alone: Alone::Never,
            files_alone: true,
        }
    }

    /// A reader for lines typed one after another.
    pub fn reader(&self) -> Reader {
        Reader::new(self.settings.clone())
    }

    /// Reads a posted body: the native JSON if it says so or looks like it, lines otherwise. All of it counts or none.
    pub fn decode(&self, headers: &HeaderMap, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
        let says_json = headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json"));
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        if says_json || matches!(first, Some(b'{' | b'[')) {
            let decoded = native::decode::report(&self.settings.name, None, body, arrived)?;
            let is_account = |event: &Event| matches!(event.happening, Happening::Account { .. });
            return match decoded.events.iter().any(is_account) {
                true => Err(Refusal::Malformed {
                    place: "$".to_owned(),
                    why: "a terminal has no account that logs in or out".to_owned(),
                }),
                false => Ok(decoded),
            };
        }
        let text = str::from_utf8(body).map_err(|error| Refusal::Malformed {
            place: format!("byte {}", error.valid_up_to()),
            why: "this is not UTF-8".to_owned(),
        })?;
        let mut reader = self.reader();
        let mut decoded = Decoded {
            events: reader.opening(arrived.at),
            ..Decoded::default()
        };
        for (index, line) in text.lines().enumerate() {
            match reader.read(line, arrived, index) {
                Ok(Typed::Events(events)) => decoded.events.extend(events),
                Ok(Typed::Help) => {}
                Err(why) => {
                    return Err(Refusal::Malformed {
                        place: format!("line {}", index + 1),
                        why: why.to_string(),
                    });
                }
            }
        }
        Ok(decoded)
    }

    /// Prints an action as a line of chat.
    pub fn perform(&self, action: &Action, now: Moment) -> Outcome {
        let mut screen = anstream::stdout().lock();
        let line = print::line(&action.deed, &self.settings);
        match writeln!(screen, "{line}").and_then(|()| screen.flush()) {
            Ok(()) => Outcome::Done {
                message: match &action.deed {
                    Deed::Say { .. } | Deed::Whisper { .. } => Some(MessageId::new(action.id.as_str())),
                    Deed::RenameGroup { .. }
                    | Deed::SetCard { .. }
                    | Deed::Recall { .. }
                    | Deed::Kick { .. }
                    | Deed::Call { .. } => None,
                },
            },
            Err(error) => Outcome::Postponed {
                why: format!("nothing can be printed: {error}"),
                again: now.plus(AGAIN),
            },
        }
    }

    /// The group there is from the start.
    pub fn groups(&self) -> Vec<KnownGroup> {
        vec![KnownGroup {
            group: GroupId::at(&self.settings.name, &self.settings.group),
            name: self.settings.group.clone(),
            members: None,
        }]
    }

    /// The bot, by its name.
    pub fn account(&self) -> Account {
        Account {
            person: PersonId::at(&self.settings.name, &self.settings.bot),
            name: self.settings.bot.clone(),
        }
    }

    /// Why it has no member lists to read.
    pub fn has_no_lists(&self) -> Trouble {
        Trouble::NotOffered {
            gateway: self.settings.name.to_string(),
            what: "list members",
            next: "type +NAME for everybody who is in the group",
        }
    }
}
