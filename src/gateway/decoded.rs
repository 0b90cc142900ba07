//! What one report from a gateway turned out to be, or why it was turned away.

use hyper::StatusCode;
use thiserror::Error;

use super::presence::{Presence, Standing};
use super::signature::fingerprint;
use super::wecom::envelope::BadSeal;
use crate::chat::{Event, EventId, GatewayName, GroupId, Happening, Moment, Roster};

/// When a report arrived, and the how-manieth it was since the process started. The pair makes ids for reports that
/// carry none and cannot be told twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub at: Moment,
    pub nth: u64,
}

/// What a report held. A mistake anywhere in it refuses the whole report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// In the order they were written.
    pub events: Vec<Event>,
    /// Whole member lists; they are handed in after the events.
    pub rosters: Vec<Roster>,
    /// Understood and answered with success, but nothing follows from it.
    pub set_aside: Vec<SetAside>,
    /// The sender reads a reply in the answer to this report: its name for what it asked.
    pub awaited: Option<String>,
}

impl Decoded {
    /// One event.
    pub fn of(event: Event) -> Self {
        Self {
            events: vec![event],
            ..Self::default()
        }
    }

    /// Nothing, for this reason.
    pub fn without(reason: SetAside) -> Self {
        Self {
            set_aside: vec![reason],
            ..Self::default()
        }
    }
}

/// Why a report, though authentic and well formed, becomes no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetAside {
    /// Heartbeats and the like.
    Meta,
    /// Somebody asks to be let in, or to be a friend: answered by people, not by the bot.
    Request,
    /// A kind of report nobody here listens to, or one newer than this program.
    NotListenedTo,
    /// Somebody joined or left, and the gateway could not say who. Reading the group's list again will tell.
    UnresolvedMember { group: GroupId },
    /// Something about a group or its members is not what it was, and the report does not say what it was. Reading the
    /// group's list again will tell.
    Changed { group: GroupId },
    /// Somebody became a customer's contact, or ceased to be one; nothing happened in a group.
    Contact,
    /// Said under the network's shared anonymous account; it must not collect points for all of them.
    Anonymous,
    /// A hint of the chat network itself, shown in the group but said by nobody.
    SystemHint,
    /// The answer to something we asked over the same connection.
    Answer,
    /// It happened before and is told once more; nothing may follow from it a second time.
    History,
    /// Two are called the same where names are all there is: it could be either's.
    SameName,
}

impl SetAside {
    /// One word, for counters and logs.
    pub fn word(&self) -> &'static str {
        match self {
            SetAside::Meta => "meta",
            SetAside::Request => "request",
            SetAside::NotListenedTo => "not_listened_to",
            SetAside::UnresolvedMember { .. } => "unresolved_member",
            SetAside::Changed { .. } => "changed",
            SetAside::Contact => "contact",
            SetAside::Anonymous => "anonymous",
            SetAside::SystemHint => "system_hint",
            SetAside::Answer => "answer",
            SetAside::History => "history",
            SetAside::SameName => "same_name",
        }
    }
}

/// Why a report was turned away. Nothing of it was kept.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The signature the config asks for is not there.
    #[error("header {header} is missing")]
    Unsigned { header: &'static str },
    /// The signature's time is too far from now, or is no time.
    #[error("header {header} is {problem}")]
    Stale {
        header: &'static str,
        problem: &'static str,
    },
    /// The signature does not fit the body.
    #[error("header {header} does not fit this body")]
    WrongSignature { header: &'static str },
    /// An envelope that was not opened.
    #[error(transparent)]
    Sealed(BadSeal),
    /// Signed or not needing it, but not readable.
    #[error("{place}: {why}")]
    Malformed { place: String, why: String },
    /// This gateway opens no WebSocket to us.
    #[error("this gateway is not one that opens a WebSocket here")]
    NoSocket,
    /// What the config says protects a report does not.
    #[error("header {header} {problem}")]
    Untrusted { header: String, problem: &'static str },
    /// The address it was posted to carries no secret, or another one.
    #[error("the secret in the address is missing or another one")]
    WrongAddress,
    /// Longer than a report may be.
    #[error("the body is longer than {limit} bytes")]
    TooLarge { limit: usize },
}

impl Refusal {
    /// The HTTP status it is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Refusal::Unsigned { .. } | Refusal::Stale { .. } | Refusal::Untrusted { .. } => StatusCode::UNAUTHORIZED,
            Refusal::WrongSignature { .. } | Refusal::WrongAddress => StatusCode::FORBIDDEN,
            Refusal::Sealed(bad) => bad.status(),
            Refusal::Malformed { .. } => StatusCode::BAD_REQUEST,
            Refusal::NoSocket => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// What the one who sent it should do about it.
    pub fn next_step(&self) -> &'static str {
        match self {
            Refusal::Unsigned { .. } => "set the same secret in the gateway's settings and in config.toml",
            Refusal::Stale { .. } => {
                "set the sender's clock and sign each attempt with the current Unix time in seconds"
            }
            Refusal::WrongSignature { .. } => "compare the secret on both sides, and sign the very bytes that are sent",
            Refusal::Sealed(bad) => bad.next_step(),
            Refusal::Malformed { .. } => "see docs/gateways.md for the forms that are read",
            Refusal::NoSocket => {
                "write api = \"reverse\" in its [gateway.NAME] in config.toml, or let it post its reports"
            }
            Refusal::Untrusted { .. } => {
                "compare `secrets` and the recipe under [gateway.NAME.sign] with how the sender signs, and both clocks"
            }
            Refusal::WrongAddress => {
                "let the gateway report to /hooks/NAME?secret=SECRET, with the `secret` of config.toml"
            }
            Refusal::TooLarge { .. } => "send fewer events at once, or raise server.body_limit in config.toml",
        }
    }
}

impl Decoded {
    /// Whether somebody said something in it who is not the account itself.
    fn is_from_people(&self) -> bool {
        let said = |event: &Event| matches!(&event.happening, Happening::Message(message) if !message.own);
        self.events.iter().any(said)
    }

    /// With what a report says about the account itself before everything else, if that is news. Who hears people is
    /// there, whatever was said before.
    #[must_use]
    pub fn with_account(
        mut self,
        (presence, gateway): (&Presence, &GatewayName),
        (standing, body): (Option<Standing>, &[u8]),
        at: Moment,
    ) -> Self {
        let there = self.is_from_people().then(|| Standing::plain(true));
        let Some(standing) = standing.or(there) else {
            return self;
        };
        if presence.is_away() == standing.online {
            let word = if standing.online { "online" } else { "offline" };
            let id = EventId::new(format!("{gateway}/account/{word}/{}", fingerprint(body)));
            if let Some(event) = presence.tells(gateway, standing, (id, at)) {
                self.set_aside.clear();
                self.events.insert(0, event);
            }
        }
        self
    }
}
