//! How a gateway's API is reached: over HTTP, over a WebSocket we open, over one it opens to us, or not at all.

use std::time::Duration;

use reqwest::Url;

use super::call::Caller;
use super::line::Line;
use super::settings::{BadAddress, BadSettings};
use crate::chat::{GatewayName, Moment};

/// What `api` says when the gateway opens the WebSocket to us.
pub const REVERSE: &str = "reverse";

/// How a gateway is called.
#[derive(Debug)]
pub enum Access {
    /// It only reports.
    None,
    Http(Caller),
    /// We open the connection, and open it again.
    Dial {
        address: Url,
        line: Line,
    },
    /// It opens the connection to `/hooks/NAME`.
    Reverse {
        line: Line,
    },
    /// It is called over HTTP and reports over a WebSocket that we open.
    Beside {
        caller: Caller,
        address: Url,
    },
}

impl Access {
    /// Reads `api`: `http://…`, `ws://…` or `reverse`. Nothing is called yet.
    pub fn new(gateway: &GatewayName, api: Option<&str>, timeout: Duration) -> Result<Self, BadSettings> {
        let Some(api) = api.map(str::trim) else {
            return Ok(Access::None);
        };
        if api == REVERSE {
            return Ok(Access::Reverse { line: Line::default() });
        }
        let socket = ["ws://", "wss://"].iter().any(|scheme| {
            api.get(..scheme.len())
                .is_some_and(|it| it.eq_ignore_ascii_case(scheme))
        });
        if !socket {
            return Ok(Access::Http(Caller::new(gateway, api, timeout)?));
        }
        let wrong = |why| BadSettings::Address {
            gateway: gateway.to_string(),
            why,
        };
        let address = Url::parse(api).map_err(|error| wrong(BadAddress::Unreadable(error.to_string())))?;
        let bare = address.username().is_empty() && address.password().is_none() && address.query().is_none();
        match bare && address.fragment().is_none() {
            true => Ok(Access::Dial {
                address,
                line: Line::default(),
            }),
            false => Err(wrong(BadAddress::TooMuch)),
        }
    }

    /// What time it was there, by its last answer over HTTP.
    pub fn told_time(&self) -> Option<Moment> {
        match self {
            Access::Http(caller) | Access::Beside { caller, .. } => caller.told_time(),
            Access::None | Access::Dial { .. } | Access::Reverse { .. } => None,
        }
    }

    /// Over HTTP and no other way.
    pub fn called(gateway: &GatewayName, api: &str, timeout: Duration) -> Result<Self, BadSettings> {
        Ok(Access::Http(Caller::new(gateway, api, timeout)?))
    }

    /// Over HTTP, with a WebSocket for reports at `/v1/events` below the same address, as Satori has it.
    pub fn beside(gateway: &GatewayName, api: &str, timeout: Duration) -> Result<Self, BadSettings> {
        let caller = Caller::new(gateway, api, timeout)?;
        let wrong = |why| BadSettings::Address {
            gateway: gateway.to_string(),
            why,
        };
        let events = format!("{}/v1/events", api.trim_end_matches('/'));
        let mut address = Url::parse(&events).map_err(|error| wrong(BadAddress::Unreadable(error.to_string())))?;
        let scheme = if address.scheme() == "https" { "wss" } else { "ws" };
        match address.set_scheme(scheme) {
            Ok(()) => Ok(Access::Beside { caller, address }),
            Err(()) => Err(wrong(BadAddress::Scheme)),
        }
    }

    /// Where we open a WebSocket, if we do.
    pub fn dialed(&self) -> Option<&Url> {
        match self {
            Access::None | Access::Http(_) | Access::Reverse { .. } => None,
            Access::Dial { address, .. } | Access::Beside { address, .. } => Some(address),
        }
    }

    /// Whether there is a way to call at all.
    pub fn can_call(&self) -> bool {
        !matches!(self, Access::None)
    }

    /// Where calls wait for their answers, if they go over a WebSocket.
    pub fn line(&self) -> Option<&Line> {
        match self {
            Access::None | Access::Http(_) | Access::Beside { .. } => None,
            Access::Dial { line, .. } | Access::Reverse { line } => Some(line),
        }
    }
}
