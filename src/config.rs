//! `config.toml`: what the maintainer says about the house. Read once at start; the only place that reads the
//! environment (`${NAME}` in any text). Unknown keys are errors. Secrets never appear in an error or a log.

mod checking;
mod described;
mod mapping;
pub mod problem;
mod written;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use secrecy::SecretString;

use crate::calendar::Workdays;
use crate::chat::{GroupId, Lang, PersonId, TillName};
use crate::delivery::Terms;
use crate::delivery::pace::Pacing;
use crate::gateway::{Callee, Gateway, Longest, Shelf};
use crate::playbook::{House, Manners};
use crate::store::{Keep, Places};
use crate::web::ServerLimits;

use checking::Checking;
use problem::{Place, Why};

pub use described::schema;
pub use problem::BadConfig;

/// Everything the config says, checked.
#[derive(Debug)]
pub struct Config {
    pub name: String,
    pub zone: TimeZone,
    /// The language members are spoken to in.
    pub lang: Lang,
    /// It stands in the file, so the commands speak it too; otherwise they follow the terminal.
    pub lang_is_written: bool,
    /// The community's secret: dice and coupon codes follow from it. `None`: one is made and kept beside the data.
    pub secret: Option<SecretString>,
    pub listen: SocketAddr,
    pub limits: ServerLimits,
    /// Opens the machines' pages to other machines.
    pub token: Option<SecretString>,
    pub places: Places,
    pub keep: Keep,
    pub playbooks: PathBuf,
    /// Where the pictures stand that playbooks name.
    pub shelf: Arc<Shelf>,
    pub staff: Vec<PersonId>,
    pub staff_group: Option<GroupId>,
    pub manners: Manners,
    pub workdays: Workdays,
    pub roster_every: Duration,
    pub give_up_after: Duration,
    pub pacing: WrittenPacing,
    pub gateways: Vec<Arc<Gateway>>,
    /// What the shop signs its orders with; without any no orders are taken.
    pub orders: Vec<SecretString>,
    /// Tills that may ask for coupons, and the token each is known by.
    pub tills: Vec<(TillName, SecretString)>,
    /// The programs of the shop's that rules may call.
    pub calls: Vec<Arc<Callee>>,
}

/// What the config says about pacing; what it leaves out is the gateway kind's.
#[derive(Clone, Copy, Debug, Default)]
pub struct WrittenPacing {
    pub per_minute: Option<u32>,
    pub chat_gap: Option<Duration>,
    /// The longest text of one message, in characters.
    pub text_max: Option<u32>,
}

impl Config {
    /// Reads a file. All problems with values are found at once; a mistake in the TOML itself ends the reading.
    pub fn read(file: &Path) -> Result<Self, Vec<BadConfig>> {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|source| {
            let place = Place {
                file: name.clone(),
                at: None,
            };
            vec![BadConfig {
                place,
                key: None,
                why: Why::Unreadable(source),
            }]
        })?;
        Self::from_text(&text, &name)
    }

    /// What holds where there is no file at all: a terminal, the shipped playbooks, data under `data/`.
    pub fn without_file() -> Result<Self, Vec<BadConfig>> {
        Self::from_text("", "config.toml")
    }

    /// Reads a text; `file` is what its errors are called by.
    pub fn from_text(text: &str, file: &str) -> Result<Self, Vec<BadConfig>> {
        Checking::new(text, file).config()
    }

    /// The house the playbooks play in.
    pub fn house(&self) -> House {
        House {
            name: self.name.clone(),
            zone: self.zone.clone(),
            lang: self.lang,
            staff: self.staff.clone(),
            staff_group: self.staff_group.clone(),
            manners: self.manners,
            gateways: self
                .gateways
                .iter()
                .map(|it| (it.name().clone(), it.capabilities()))
                .collect(),
            calls: self.calls.iter().map(|it| it.name().clone()).collect(),
            workdays: self.workdays.clone(),
        }
    }

    /// How programs that rules call are delivered to: they pace themselves with 429.
    pub fn call_terms(&self) -> Terms {
        Terms {
            pacing: Pacing {
                per_minute: None,
                burst: 1,
                chat_gap: Duration::ZERO,
            },
            give_up_after: self.give_up_after,
            text: None,
        }
    }

    /// How a gateway's account is delivered to.
    pub fn terms(&self, gateway: &Gateway) -> Terms {
        let limits = gateway.limits();
        let pacing = Pacing {
            per_minute: self.pacing.per_minute.or(limits.per_minute),
            burst: limits.burst,
            chat_gap: self.pacing.chat_gap.unwrap_or(limits.group_gap),
        };
        let longest = |most| Longest::Characters(usize::try_from(most).unwrap_or(usize::MAX));
        Terms {
            pacing,
            give_up_after: self.give_up_after,
            text: self.pacing.text_max.map(longest),
        }
    }
}
