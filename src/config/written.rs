//! The config as it is written.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer, Error};

use crate::chat::{Capability, Lang};

/// A text in which `${NAME}` stands for an environment variable.
#[derive(Clone, Debug, Default)]
pub struct Filled(pub String);

/// The same for secrets: they do not print.
#[derive(Clone, Debug)]
pub struct FilledSecret(pub SecretString);

/// What `${NAME}` in a text comes to, with variables looked up by `look_up`.
fn fill(text: &str, look_up: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        filled.push_str(&rest[..at]);
        let after = &rest[at + 2..];
        let end = after.find('}').ok_or("`${` without `}`; write ${NAME}")?;
        let name = &after[..end];
        let value = look_up(name)
            .ok_or_else(|| format!("the environment variable {name} is not set; set it, or write the value here"))?;
        filled.push_str(&value);
        rest = &after[end + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl<'de> Deserialize<'de> for Filled {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        fill(&text, environment).map(Self).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for FilledSecret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // A wrong type would otherwise be shown in the error.
        let text = String::deserialize(from).map_err(|_| D::Error::custom("a secret is a text in quotes"))?;
        fill(&text, environment)
            .map(|text| Self(SecretString::from(text)))
            .map_err(D::Error::custom)
    }
}

impl From<&str> for Filled {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

macro_rules! table {
    ($(#[$doc:meta])* $name:ident { $($key:ident: $kind:ty = $default:expr,)* }) => {
        $(#[$doc])*
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $(pub $key: $kind,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($key: $default,)* }
            }
        }
    };
}

table! {
    /// The whole file.
    Written {
        community: Community = Community::default(),
        server: Server = Server::default(),
        store: Store = Store::default(),
        recording: Recording = Recording::default(),
        playbooks: Playbooks = Playbooks::default(),
        staff: Staff = Staff::default(),
        manners: Manners = Manners::default(),
        delivery: Delivery = Delivery::default(),
        roster: Roster = Roster::default(),
        gateway: BTreeMap<String, WrittenGateway> = BTreeMap::new(),
    }
}

table! {
    /// `[community]`
    Community {
        name: Filled = "我的社群".into(),
        zone: Filled = "Asia/Shanghai".into(),
        lang: Lang = Lang::Zh,
        secret: Option<FilledSecret> = None,
        holidays: Option<Filled> = None,
    }
}

table! {
    /// `[server]`
    Server {
        listen: Filled = "127.0.0.1:8080".into(),
        body_limit: usize = 256 << 10,
        connections: usize = 1024,
        connections_per_peer: usize = 64,
        token: Option<FilledSecret> = None,
    }
}

table! {
    /// `[store]`
    Store {
        url: Filled = "sled:data".into(),
        snapshots: usize = 7,
    }
}

table! {
    /// `[recording]`
    Recording {
        dir: Option<Filled> = None,
        keep_days: u32 = 400,
    }
}

table! {
    /// `[playbooks]`
    Playbooks {
        dir: Filled = "playbooks".into(),
    }
}

table! {
    /// `[staff]`
    Staff {
        ids: Vec<Filled> = Vec::new(),
        group: Option<Filled> = None,
    }
}

table! {
    /// `[manners]`
    Manners {
        quiet: Filled = "22:00-08:00".into(),
        per_group_per_day: u32 = 10,
        mentions_per_person_per_day: u32 = 3,
        promo_one_in: u32 = 5,
    }
}

table! {
    /// `[delivery]`
    Delivery {
        per_minute: Option<u32> = None,
        chat_gap: Option<Filled> = None,
        give_up_after: Filled = "2d".into(),
    }
}

table! {
    /// `[roster]`
    Roster {
        every: Filled = "6h".into(),
    }
}

/// `[gateway.NAME]`
#[derive(Debug, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum WrittenGateway {
    Terminal {
        group: Option<Filled>,
        bot: Option<Filled>,
    },
    Native {
        api: Option<Filled>,
        #[serde(default)]
        secrets: Vec<FilledSecret>,
        can: Option<Vec<Capability>>,
        bot: Option<Filled>,
    },
    Onebot11 {
        api: Option<Filled>,
        token: Option<FilledSecret>,
        secret: Option<FilledSecret>,
        #[serde(default)]
        text_ids: bool,
        #[serde(default)]
        cq_strings: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn variables_are_filled_in_and_missing_ones_are_named() {
        let look_up = |name: &str| (name == "TOKEN").then(|| "abc".to_owned());
        assert_eq!(fill("Bearer ${TOKEN}!", look_up).as_deref(), Ok("Bearer abc!"));
        assert!(fill("${NOPE}", look_up).is_err_and(|why| why.contains("NOPE")));
        assert!(fill("${TOKEN", look_up).is_err());
    }
}
