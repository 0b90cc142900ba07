//! Whether our account is logged in, by what the server says of a login.

use crate::gateway::json::Node;
use crate::gateway::presence::Standing;

/// What `Login.status` may be. Who is only connecting, or connecting again, is where they were before.
mod status {
    pub const OFFLINE: i64 = 0;
    pub const ONLINE: i64 = 1;
    pub const DISCONNECT: i64 = 3;
}

/// What a login says of itself; `None`: nothing, or that it is on its way.
pub fn of_login(login: &Node<'_>) -> Option<Standing> {
    let out = |why: &str| Standing {
        online: false,
        why: why.to_owned(),
    };
    match told(login)? {
        status::ONLINE => Some(Standing::plain(true)),
        status::OFFLINE => Some(out("OFFLINE")),
        status::DISCONNECT => Some(out("DISCONNECT")),
        _ => None,
    }
}

/// Whether it says anything; many servers leave it out.
pub fn is_told(login: &Node<'_>) -> bool {
    told(login).is_some()
}

fn told(login: &Node<'_>) -> Option<i64> {
    login.get("status")?.whole().ok()
}

/// What an event says of the login it happened to.
pub fn of_event(kind: &str, event: &Node<'_>) -> Option<Standing> {
    let login = event.get("login");
    match kind {
        "login-removed" => Some(Standing {
            online: false,
            why: kind.to_owned(),
        }),
        "login-added" if !login.as_ref().is_some_and(is_told) => Some(Standing::plain(true)),
        "login-added" | "login-updated" => of_login(&login?),
        _ => None,
    }
}
