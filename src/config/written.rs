//! The config as it is written: texts are not filled in yet, and know where they stand.

use std::collections::BTreeMap;

use secrecy::SecretString;
use toml::Spanned;

use crate::chat::{Capability, Lang};

/// A text in which `${NAME}` stands for an environment variable.
pub type Text = Spanned<String>;

/// The same for secrets: they do not print.
pub type Secret = Spanned<SecretString>;

fn text(default: &str) -> Text {
    Spanned::new(0..0, default.to_owned())
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
        gateway: BTreeMap<String, Spanned<Gateway>> = BTreeMap::new(),
    }
}

table! {
    /// `[community]`
    Community {
        name: Text = text("我的社群"),
        zone: Text = text("Asia/Shanghai"),
        lang: Option<Lang> = None,
        secret: Option<Secret> = None,
        holidays: Option<Text> = None,
    }
}

table! {
    /// `[server]`
    Server {
        listen: Text = text("127.0.0.1:8080"),
        body_limit: usize = 256 << 10,
        connections: usize = 1024,
        connections_per_peer: usize = 64,
        token: Option<Secret> = None,
    }
}

table! {
    /// `[store]`
    Store {
        url: Text = text("sled:data"),
        snapshots: usize = 7,
    }
}

table! {
    /// `[recording]`
    Recording {
        dir: Option<Text> = None,
        keep_days: u32 = 400,
    }
}

table! {
    /// `[playbooks]`
    Playbooks {
        dir: Text = text("playbooks"),
    }
}

table! {
    /// `[staff]`
    Staff {
        ids: Vec<Text> = Vec::new(),
        group: Option<Text> = None,
    }
}

table! {
    /// `[manners]`
    Manners {
        quiet: Text = text("22:00-08:00"),
        per_group_per_day: u32 = 10,
        mentions_per_person_per_day: u32 = 3,
        promo_one_in: u32 = 5,
    }
}

table! {
    /// `[delivery]`
    Delivery {
        per_minute: Option<u32> = None,
        chat_gap: Option<Text> = None,
        give_up_after: Text = text("2d"),
    }
}

table! {
    /// `[roster]`
    Roster {
        every: Text = text("6h"),
    }
}

/// `[gateway.NAME]`: the keys of every kind in one table, so that a mistake is shown where it stands; which keys a kind
/// has is checked afterwards.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gateway {
    pub kind: Kind,
    pub api: Option<Text>,
    pub token: Option<Secret>,
    pub secret: Option<Secret>,
    pub secrets: Option<Vec<Secret>>,
    pub can: Option<Vec<Capability>>,
    pub group: Option<Text>,
    pub bot: Option<Text>,
    pub ids: Option<Ids>,
    pub messages: Option<Messages>,
}

/// How ids are written in calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ids {
    Auto,
    Text,
}

/// How messages are written in calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Messages {
    Segments,
    Cq,
}

/// Which protocol a gateway speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Terminal,
    Native,
    Onebot11,
}

impl Kind {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Native => "native",
            Self::Onebot11 => "onebot11",
        }
    }

    /// The keys a gateway of this kind may have, besides `kind`.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Terminal => &["group", "bot"],
            Self::Native => &["api", "secrets", "can", "bot"],
            Self::Onebot11 => &["api", "token", "secret", "ids", "messages"],
        }
    }
}

impl Gateway {
    /// The keys that are written.
    pub fn written(&self) -> impl Iterator<Item = &'static str> {
        let Self {
            kind: _,
            api,
            token,
            secret,
            secrets,
            can,
            group,
            bot,
            ids,
            messages,
        } = self;
        [
            ("api", api.is_some()),
            ("token", token.is_some()),
            ("secret", secret.is_some()),
            ("secrets", secrets.is_some()),
            ("can", can.is_some()),
            ("group", group.is_some()),
            ("bot", bot.is_some()),
            ("ids", ids.is_some()),
            ("messages", messages.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, is_written)| is_written.then_some(key))
    }
}
