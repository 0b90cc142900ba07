//! Gateways: the programs that speak the chat networks' protocols. They post events to us, we call their API.
//!
//! Reports are decoded by [`Gateway::decode`], which is pure: bytes, headers and the time of arrival in, events or a
//! refusal out. Actions go out through [`Gateway::perform`], which asks exactly once and says what became of it;
//! pacing, retry and the policy for unknown outcomes belong to the delivery loop. Nothing here reads a clock: where an
//! outcome names a moment, it is counted from the `now` the caller gave.
//!
//! The list of kinds is closed and matched without `_`, so a new kind cannot be forgotten anywhere.

use std::collections::BTreeSet;
use std::time::Duration;

use hyper::header::HeaderValue;
use hyper::{HeaderMap, StatusCode};
use secrecy::SecretString;

use crate::chat::{
    Action, ActionId, Capability, GatewayName, GroupId, MessageId, Moment, Outcome, PersonId, Roster, RosterEntry,
};
use crate::community::outbox::Pending;

pub mod access;
pub mod answer;
pub mod call;
pub mod callee;
pub mod decoded;
pub mod document;
pub mod files;
pub mod json;
pub mod judged;
pub mod line;
pub mod mapped;
pub mod multipart;
pub mod names;
pub mod native;
pub mod onebot11;
pub mod onebot12;
pub mod parts;
pub mod picture;
pub mod presence;
pub mod satori;
pub mod settings;
pub mod shelf;
pub mod shop;
pub mod signature;
pub mod terminal;
pub mod token;
pub mod wechatbot;
pub mod wecom;
pub mod xml;

pub use access::Access;
pub use answer::{Account, Confirmed, KnownGroup, Limits, Longest, Trouble};
pub use callee::{BadCall, Callee, CalleeSettings};
pub use decoded::{Arrival, Decoded, Refusal, SetAside};
pub use mapped::{Mapped, MappedSettings};
pub use native::{Native, NativeSettings};
pub use onebot11::{IdForm, MessageForm, OneBot11, OneBot11Settings};
pub use onebot12::{OneBot12, OneBot12Settings};
pub use picture::Picture;
pub use presence::Presence;
pub use satori::{Satori, SatoriSettings};
pub use settings::BadSecret;
pub use settings::BadSettings;
pub use shelf::{Shelf, Unfit};
pub use shop::Shop;
pub use terminal::{Terminal, TerminalSettings};
pub use wechatbot::{WechatBot, WechatBotSettings};
pub use wecom::{Form, WeCom, WeComSettings};

/// What the answer to an accepted report says, where no reply is awaited in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// 200, and how many facts were taken in.
    Counted,
    /// The same, said so that it is no reply to anything.
    NoReply,
    /// This status and nothing else.
    Empty(StatusCode),
}

/// One `[gateway.NAME]` of the config, ready to be spoken with.
#[derive(Debug)]
pub enum Gateway {
    /// Typed and printed; what runs on a fresh machine.
    Terminal(Terminal),
    /// Signed JSON of our own, for shops and bridges.
    Native(Native),
    /// OneBot v11 over HTTP or WebSockets.
    OneBot11(OneBot11),
    /// OneBot v12 over HTTP or WebSockets.
    OneBot12(OneBot12),
    /// Satori v1.
    Satori(Satori),
    /// WeCom: customer groups, staff, robots.
    WeCom(Box<WeCom>),
    /// wechatbot-webhook: forms in, names as addresses.
    WechatBot(WechatBot),
    /// Any other JSON over HTTP, as the config maps it.
    Mapped(Box<Mapped>),
}

impl Gateway {
    /// The `NAME` of its `[gateway.NAME]`.
    pub fn name(&self) -> &GatewayName {
        match self {
            Gateway::Terminal(terminal) => terminal.name(),
            Gateway::Native(native) => native.name(),
            Gateway::OneBot11(onebot) => onebot.name(),
            Gateway::OneBot12(onebot) => onebot.name(),
            Gateway::Satori(satori) => satori.name(),
            Gateway::WeCom(wecom) => wecom.name(),
            Gateway::WechatBot(bot) => bot.name(),
            Gateway::Mapped(mapped) => mapped.name(),
        }
    }

    /// What it can be asked for. Empty where the config names no address to ask at.
    pub fn capabilities(&self) -> BTreeSet<Capability> {
        match self {
            Gateway::Terminal(terminal) => terminal.capabilities(),
            Gateway::Native(native) => native.capabilities(),
            Gateway::OneBot11(onebot) => onebot.capabilities(),
            Gateway::OneBot12(onebot) => onebot.capabilities(),
            Gateway::Satori(satori) => satori.capabilities(),
            Gateway::WeCom(wecom) => wecom.capabilities(),
            Gateway::WechatBot(bot) => bot.capabilities(),
            Gateway::Mapped(mapped) => mapped.capabilities(),
        }
    }

    /// How fast its kind may be asked.
    pub fn limits(&self) -> Limits {
        match self {
            Gateway::Terminal(terminal) => terminal.limits(),
            Gateway::Native(native) => native.limits(),
            Gateway::OneBot11(onebot) => onebot.limits(),
            Gateway::OneBot12(onebot) => onebot.limits(),
            Gateway::Satori(satori) => satori.limits(),
            Gateway::WeCom(wecom) => wecom.limits(),
            Gateway::WechatBot(bot) => bot.limits(),
            Gateway::Mapped(mapped) => mapped.limits(),
        }
    }

    /// Whether it only says the address of a picture of the media folder, or of a file, though it could be fetched.
    pub fn only_says(&self, is_picture: bool) -> bool {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::Satori(_)
            | Gateway::WeCom(_)
            | Gateway::WechatBot(_) => false,
            Gateway::Mapped(mapped) => mapped.only_says(is_picture),
        }
    }

    /// Whether its reports must carry a signature. One that need not may only be reached from this machine.
    pub fn is_signed(&self) -> bool {
        match self {
            Gateway::Terminal(_) => false,
            Gateway::Native(native) => native.is_signed(),
            Gateway::OneBot11(onebot) => onebot.is_signed(),
            Gateway::OneBot12(onebot) => onebot.is_signed(),
            Gateway::Satori(satori) => satori.is_signed(),
            // What is not sealed is never taken.
            Gateway::WeCom(_) => true,
            Gateway::WechatBot(bot) => bot.is_signed(),
            Gateway::Mapped(mapped) => mapped.is_signed(),
        }
    }

    /// Whether a report may come in at all, told from the address it is posted to: asked before its body is read.
    pub fn lets_in(&self, query: Option<&str>) -> Result<(), Refusal> {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::Satori(_)
            | Gateway::WeCom(_)
            | Gateway::Mapped(_) => Ok(()),
            Gateway::WechatBot(bot) => bot.admits(query),
        }
    }

    /// The longest report it may bring where that is more than the listener's own limit.
    pub fn report_max(&self) -> usize {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::Satori(_)
            | Gateway::WeCom(_)
            | Gateway::Mapped(_) => 0,
            Gateway::WechatBot(_) => wechatbot::REPORT_MAX,
        }
    }

    /// Whether its account is logged in, where it tells.
    pub fn presence(&self) -> Option<&Presence> {
        match self {
            Gateway::Terminal(_) | Gateway::WeCom(_) => None,
            Gateway::Native(native) => Some(native.presence()),
            Gateway::OneBot11(onebot) => Some(onebot.presence()),
            Gateway::OneBot12(onebot) => Some(onebot.presence()),
            Gateway::Satori(satori) => Some(satori.presence()),
            Gateway::WechatBot(bot) => Some(bot.presence()),
            Gateway::Mapped(mapped) => Some(mapped.presence()),
        }
    }

    /// What a group is called that was known before the process started.
    pub fn learn_group(&self, group: &GroupId, name: &str) {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::Satori(_)
            | Gateway::WeCom(_) => {}
            Gateway::WechatBot(bot) => bot.learn_group(group.wire(), name),
            Gateway::Mapped(mapped) => mapped.learn_group(group.wire(), name),
        }
    }

    /// The same for a person.
    pub fn learn_person(&self, person: &PersonId, name: &str) {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::Satori(_)
            | Gateway::WeCom(_) => {}
            Gateway::WechatBot(bot) => bot.learn_person(person.wire(), name),
            Gateway::Mapped(mapped) => mapped.learn_person(person.wire(), name),
        }
    }

    /// What its sender expects for «accepted».
    pub fn accepted(&self) -> Accepted {
        match self {
            Gateway::Terminal(_) | Gateway::Native(_) | Gateway::Mapped(_) => Accepted::Counted,
            // It would take `success` for a yes to whatever was asked.
            Gateway::WechatBot(_) => Accepted::NoReply,
            // OneBot takes any body as an order; Satori reads none.
            Gateway::OneBot11(_) | Gateway::OneBot12(_) | Gateway::Satori(_) => Accepted::Empty(StatusCode::NO_CONTENT),
            Gateway::WeCom(_) => Accepted::Empty(StatusCode::OK),
        }
    }

    /// What the answer to a report says where its sender reads a reply there, by the sender's own name for what it asked.
    /// Waits a moment for what the playbooks say.
    pub async fn reply(&self, awaited: &str, now: Moment) -> Option<Vec<u8>> {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::Satori(_) => None,
            Gateway::WeCom(wecom) => wecom.reply(awaited, now).await,
        }
    }

    /// What the outbox holds of an action now; nothing of it: it is done or given up. For those who tell a waiting sender
    /// what is coming.
    pub fn committed(&self, action: &ActionId, pending: Option<&Pending>) {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::Satori(_) => {}
            Gateway::WeCom(wecom) => wecom.committed(action, pending),
        }
    }

    /// The answer to a network's question whether an address is ours; `None` where nothing of the kind is asked.
    pub fn verify(&self, query: Option<&str>, at: Moment) -> Option<Result<Vec<u8>, Refusal>> {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::Satori(_) => None,
            Gateway::WeCom(wecom) => wecom.verify(query, at),
        }
    }

    /// Reads one report: the signature over the raw bytes first, then the bytes. `arrived.at` is what a signature's
    /// age is measured against, and the moment of facts that tell none. `query` is what stands after the `?` of the
    /// address; some senders sign there.
    pub fn decode(
        &self,
        headers: &HeaderMap,
        query: Option<&str>,
        body: &[u8],
        arrived: Arrival,
    ) -> Result<Decoded, Refusal> {
        match self {
            Gateway::Terminal(terminal) => terminal.decode(headers, body, arrived),
            Gateway::Native(native) => native.decode(headers, body, arrived),
            Gateway::OneBot11(onebot) => onebot.decode(headers, body, arrived),
            Gateway::OneBot12(onebot) => onebot.decode(headers, query, body, arrived),
            Gateway::Satori(satori) => satori.decode(headers, body, arrived),
            Gateway::WeCom(wecom) => wecom.decode(query, body, arrived),
            Gateway::WechatBot(bot) => bot.decode(headers, body, arrived),
            Gateway::Mapped(mapped) => mapped.decode(headers, body, arrived),
        }
    }

    /// How it is called, where that is not always the same way.
    pub fn access(&self) -> &Access {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::WeCom(_) => &Access::None,
            Gateway::OneBot11(onebot) => onebot.access(),
            Gateway::OneBot12(onebot) => onebot.access(),
            Gateway::Satori(satori) => satori.access(),
        }
    }

    /// Whether it may open a WebSocket to us: only one whose `api` is `reverse` does, and it shows its token. `query` is
    /// what stands after the `?` of the address.
    pub fn admits(&self, headers: &HeaderMap, query: Option<&str>) -> Result<(), Refusal> {
        if !matches!(self.access(), Access::Reverse { .. }) {
            return Err(Refusal::NoSocket);
        }
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::Satori(_)
            | Gateway::WeCom(_) => Err(Refusal::NoSocket),
            Gateway::OneBot11(onebot) => onebot.admits(headers, query),
            Gateway::OneBot12(onebot) => onebot.admits(headers, query),
        }
    }

    /// The subprotocol that is taken of those offered with these headers.
    pub fn subprotocol(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::OneBot11(_)
            | Gateway::Satori(_)
            | Gateway::WeCom(_) => None,
            Gateway::OneBot12(onebot) => onebot.subprotocol(headers),
        }
    }

    /// What is sent first on a WebSocket that we opened.
    pub fn greeting(&self) -> Option<String> {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::WeCom(_) => None,
            Gateway::Satori(satori) => Some(satori.greeting()),
        }
    }

    /// The sign of life its protocol wants on a WebSocket, and how often.
    pub fn beat(&self) -> Option<(Duration, String)> {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::WeCom(_) => None,
            Gateway::Satori(satori) => Some(satori.beat()),
        }
    }

    /// What is shown when we open the WebSocket.
    pub fn token(&self) -> Option<&SecretString> {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::WeCom(_) => None,
            Gateway::OneBot11(onebot) => onebot.token(),
            Gateway::OneBot12(onebot) => onebot.token(),
            Gateway::Satori(_) => None,
        }
    }

    /// Reads one frame of a WebSocket that stands: an answer goes to whoever waits for it, a report is decoded.
    pub fn heard(&self, frame: &str, arrived: Arrival) -> Result<Decoded, Refusal> {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::WeCom(_) => Err(Refusal::NoSocket),
            Gateway::OneBot11(onebot) => onebot.heard(frame, arrived),
            Gateway::OneBot12(onebot) => onebot.heard(frame, arrived),
            Gateway::Satori(satori) => satori.heard(frame, arrived),
        }
    }

    /// Learns what it can do, where the protocol tells and it is not known yet.
    pub async fn meet(&self) {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::OneBot11(_)
            | Gateway::WeCom(_) => {}
            Gateway::OneBot12(onebot) => onebot.meet().await,
            Gateway::Satori(satori) => satori.meet().await,
        }
    }

    /// Whether its API answers at all, where nothing else can be asked there that changes nothing. Sends nothing.
    pub async fn reach(&self) -> Option<Result<(), Trouble>> {
        match self {
            Gateway::Terminal(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::Satori(_)
            | Gateway::WeCom(_) => None,
            Gateway::Native(native) => native.reach().await,
            Gateway::WechatBot(bot) => bot.reach().await,
            Gateway::Mapped(mapped) => mapped.reach().await,
        }
    }

    /// Whether its account is logged in, asked of a gateway that can say so. `None`: it cannot, or does not answer.
    pub async fn is_online(&self) -> Option<bool> {
        match self {
            Gateway::Terminal(_) | Gateway::Native(_) | Gateway::WeCom(_) | Gateway::Mapped(_) => None,
            Gateway::OneBot11(onebot) => onebot.is_online().await,
            Gateway::OneBot12(onebot) => onebot.is_online().await,
            Gateway::Satori(satori) => satori.is_online().await,
            Gateway::WechatBot(bot) => Some(bot.reach().await?.is_ok()),
        }
    }

    /// What time it was at the gateway by its last answer over HTTP.
    pub fn told_time(&self) -> Option<Moment> {
        match self {
            Gateway::Terminal(_) => None,
            Gateway::Native(native) => native.told_time(),
            Gateway::OneBot11(onebot) => onebot.access().told_time(),
            Gateway::OneBot12(onebot) => onebot.access().told_time(),
            Gateway::Satori(satori) => satori.access().told_time(),
            Gateway::WechatBot(bot) => bot.told_time(),
            Gateway::Mapped(mapped) => mapped.told_time(),
            Gateway::WeCom(wecom) => wecom.told_time(),
        }
    }

    /// Asks for an action once. Never waits longer than the settings' time limit; `again` in the outcome is counted
    /// from `now`.
    pub async fn perform(&self, action: &Action, now: Moment) -> Outcome {
        self.meet().await;
        let Some(needed) = action.deed.needs() else {
            return Outcome::Refused {
                why: format!("gateway {} calls nobody", self.name()),
            };
        };
        if !self.capabilities().contains(&needed) {
            return Outcome::Refused {
                why: format!("gateway {} cannot do this ({needed:?})", self.name()),
            };
        }
        match self {
            Gateway::Terminal(terminal) => terminal.perform(action, now),
            Gateway::Native(native) => native.perform(action, now).await,
            Gateway::OneBot11(onebot) => onebot.perform(action, now).await,
            Gateway::OneBot12(onebot) => onebot.perform(action, now).await,
            Gateway::Satori(satori) => satori.perform(action, now).await,
            Gateway::WeCom(wecom) => wecom.perform(action, now).await,
            Gateway::WechatBot(bot) => bot.perform(action, now).await,
            Gateway::Mapped(mapped) => mapped.perform(action, now).await,
        }
    }

    /// Reads back whether an action of unknown outcome was done. Changes nothing.
    pub async fn confirm(&self, action: &Action) -> Confirmed {
        match self {
            Gateway::Terminal(_) => Confirmed::CannotTell {
                why: "what was printed cannot be read back".to_owned(),
            },
            Gateway::Native(_) => Confirmed::CannotTell {
                why: "the native form has no way to read back; the receiver knows repetitions by webhook-id".to_owned(),
            },
            Gateway::OneBot11(onebot) => onebot.confirm(action).await,
            Gateway::OneBot12(onebot) => onebot.confirm(action).await,
            Gateway::Satori(satori) => satori.confirm(action).await,
            Gateway::WechatBot(_) | Gateway::Mapped(_) => Confirmed::CannotTell {
                why: "what was sent cannot be read back".to_owned(),
            },
            Gateway::WeCom(_) => Confirmed::CannotTell {
                why: "WeCom has no way to read back what was said".to_owned(),
            },
        }
    }

    /// What became of a proposal that somebody on the network has to confirm. Changes nothing.
    pub async fn follow(&self, action: &Action, proposal: &MessageId, now: Moment) -> Outcome {
        match (self, action.deed.group()) {
            (Gateway::WeCom(wecom), Some(group)) => wecom.follow(group, proposal, now).await,
            (
                Gateway::Terminal(_)
                | Gateway::Native(_)
                | Gateway::WechatBot(_)
                | Gateway::Mapped(_)
                | Gateway::OneBot11(_)
                | Gateway::OneBot12(_)
                | Gateway::Satori(_)
                | Gateway::WeCom(_),
                _,
            ) => Outcome::Refused {
                why: format!("gateway {} knows of no proposal", self.name()),
            },
        }
    }

    /// Some of the groups the account is in, or all; only the first asks for the list where it can be helped.
    pub async fn known(&self, only: Option<&BTreeSet<GroupId>>) -> Result<Vec<KnownGroup>, Trouble> {
        let Some(only) = only else {
            return self.groups().await;
        };
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::Satori(_) => {
                let mut groups = self.groups().await?;
                groups.retain(|known| only.contains(&known.group));
                Ok(groups)
            }
            Gateway::WeCom(wecom) => Ok(wecom.known(only)),
        }
    }

    /// A group's whole list with its name, the bot's own account included where the network lists it.
    pub async fn roster(&self, known: &KnownGroup) -> Result<Roster, Trouble> {
        match self {
            Gateway::Terminal(_)
            | Gateway::Native(_)
            | Gateway::WechatBot(_)
            | Gateway::Mapped(_)
            | Gateway::OneBot11(_)
            | Gateway::OneBot12(_)
            | Gateway::Satori(_) => Ok(Roster {
                group: known.group.clone(),
                name: known.name.clone(),
                entries: self.members(&known.group).await?,
            }),
            Gateway::WeCom(wecom) => wecom.roster(&known.group).await,
        }
    }

    /// The groups the account is in.
    pub async fn groups(&self) -> Result<Vec<KnownGroup>, Trouble> {
        match self {
            Gateway::Terminal(terminal) => Ok(terminal.groups()),
            Gateway::Native(native) => Err(native.has_no_lists("list groups")),
            Gateway::OneBot11(onebot) => onebot.groups().await,
            Gateway::OneBot12(onebot) => onebot.groups().await,
            Gateway::Satori(satori) => satori.groups().await,
            Gateway::WeCom(wecom) => wecom.groups().await,
            Gateway::WechatBot(bot) => Ok(bot.groups()),
            Gateway::Mapped(mapped) => mapped.groups().await,
        }
    }

    /// A group's member list, the bot's own account included where the network lists it.
    pub async fn members(&self, group: &GroupId) -> Result<Vec<RosterEntry>, Trouble> {
        match self {
            Gateway::Terminal(terminal) => Err(terminal.has_no_lists()),
            Gateway::Native(native) => Err(native.has_no_lists("list members")),
            Gateway::OneBot11(onebot) => onebot.members(group).await,
            Gateway::OneBot12(onebot) => onebot.members(group).await,
            Gateway::Satori(satori) => satori.members(group).await,
            Gateway::WeCom(wecom) => Ok(wecom.roster(group).await?.entries),
            Gateway::WechatBot(bot) => Err(bot.has_no_lists()),
            Gateway::Mapped(mapped) => mapped.members(group).await,
        }
    }

    /// The account the bot speaks with.
    pub async fn who_am_i(&self) -> Result<Account, Trouble> {
        match self {
            Gateway::Terminal(terminal) => Ok(terminal.account()),
            Gateway::Native(native) => native.account(),
            Gateway::OneBot11(onebot) => onebot.who_am_i().await,
            Gateway::OneBot12(onebot) => onebot.who_am_i().await,
            Gateway::Satori(satori) => satori.who_am_i().await,
            Gateway::WeCom(wecom) => wecom.who_am_i().await,
            Gateway::WechatBot(bot) => bot.account(),
            Gateway::Mapped(mapped) => mapped.account(),
        }
    }
}
