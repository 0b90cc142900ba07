//! Who is asked for what stands in the outbox.

use std::sync::Arc;

use crate::chat::{Action, GatewayName, MessageId, Moment, Outcome};
use crate::gateway::{Callee, Confirmed, Gateway, Limits, Presence};

/// A gateway account, or a program of the shop's that rules call.
#[derive(Clone, Debug)]
pub enum Receiver {
    Gateway(Arc<Gateway>),
    Callee(Arc<Callee>),
}

impl Receiver {
    /// What its part of the outbox goes under.
    pub fn outlet(&self) -> GatewayName {
        match self {
            Receiver::Gateway(gateway) => gateway.name().clone(),
            Receiver::Callee(callee) => callee.name().outlet(),
        }
    }

    /// Whether the account is logged in, where that is told; who is called has no account.
    pub fn presence(&self) -> Option<&Presence> {
        match self {
            Receiver::Gateway(gateway) => gateway.presence(),
            Receiver::Callee(_) => None,
        }
    }

    /// Whether the account is logged in, asked; `None` where nobody can say.
    pub async fn is_online(&self) -> Option<bool> {
        match self {
            Receiver::Gateway(gateway) => gateway.is_online().await,
            Receiver::Callee(_) => None,
        }
    }

    /// What one message may hold; who is called is sent no messages.
    pub fn limits(&self) -> Option<Limits> {
        match self {
            Receiver::Gateway(gateway) => Some(gateway.limits()),
            Receiver::Callee(_) => None,
        }
    }

    /// Asks once.
    pub async fn perform(&self, action: &Action, now: Moment) -> Outcome {
        match self {
            Receiver::Gateway(gateway) => gateway.perform(action, now).await,
            Receiver::Callee(callee) => callee.perform(action, now).await,
        }
    }

    /// What became of a proposal that somebody has to confirm.
    pub async fn follow(&self, action: &Action, proposal: &MessageId, now: Moment) -> Outcome {
        match self {
            Receiver::Gateway(gateway) => gateway.follow(action, proposal, now).await,
            Receiver::Callee(_) => Outcome::Refused {
                why: "who is called knows of no proposal".to_owned(),
            },
        }
    }

    /// Reads back whether an action of unknown outcome was done.
    pub async fn confirm(&self, action: &Action) -> Confirmed {
        match self {
            Receiver::Gateway(gateway) => gateway.confirm(action).await,
            Receiver::Callee(_) => Confirmed::CannotTell {
                why: "who is called cannot be read back; it knows repetitions by webhook-id".to_owned(),
            },
        }
    }
}
