//! `config.toml`: what the maintainer says about the house. Read once at start; the only place that reads the
//! environment (`${NAME}` in any text). Unknown keys are errors. Secrets never appear in an error or a log.

mod written;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use crate::calendar::{DailyTime, Workdays};
use crate::chat::{Capability, GatewayName, GroupId, Lang, PersonId};
use crate::delivery::Terms;
use crate::delivery::pace::Pacing;
use crate::gateway::{
    BadSettings, Gateway, Native, NativeSettings, OneBot11, OneBot11Settings, Terminal, TerminalSettings,
};
use crate::playbook::{House, Manners};
use crate::store::{Keep, Places};
use crate::web::ServerLimits;

use written::{Written, WrittenGateway};

/// Everything the config says, checked.
#[derive(Debug)]
pub struct Config {
    pub name: String,
    pub zone: TimeZone,
    pub lang: Lang,
    /// The community's secret: dice and coupon codes follow from it. `None`: one is made and kept beside the data.
    pub secret: Option<SecretString>,
    pub listen: SocketAddr,
    pub limits: ServerLimits,
    /// Opens the machines' pages to other machines.
    pub token: Option<SecretString>,
    pub places: Places,
    pub keep: Keep,
    pub playbooks: PathBuf,
    pub staff: Vec<PersonId>,
    pub staff_group: Option<GroupId>,
    pub manners: Manners,
    pub workdays: Workdays,
    pub roster_every: Duration,
    pub give_up_after: Duration,
    pub pacing: WrittenPacing,
    pub gateways: Vec<Arc<Gateway>>,
}

/// What the config says about pacing; what it leaves out is the gateway kind's.
#[derive(Clone, Copy, Debug, Default)]
pub struct WrittenPacing {
    pub per_minute: Option<u32>,
    pub chat_gap: Option<Duration>,
}

/// Why a config cannot be used.
#[derive(Debug, Error)]
pub enum BadConfig {
    #[error("{file}: cannot be read: {source}; create it, or name another with --config")]
    Unreadable { file: String, source: std::io::Error },
    /// The TOML itself. The line's text is not shown, as it may hold a secret.
    #[error("{file}:{line}:{column}: {why}")]
    Syntax {
        file: String,
        line: usize,
        column: usize,
        why: String,
    },
    #[error("{file}: [{key}] {why}")]
    Value { file: String, key: String, why: String },
    #[error("{file}: {source}")]
    Gateway { file: String, source: BadSettings },
}

impl Config {
    /// Reads a file. All problems with values are found at once; a mistake in the TOML itself ends the reading.
    pub fn read(file: &Path) -> Result<Self, Vec<BadConfig>> {
        let text = std::fs::read_to_string(file).map_err(|source| {
            vec![BadConfig::Unreadable {
                file: file.display().to_string(),
                source,
            }]
        })?;
        Self::from_text(&text, &file.display().to_string())
    }

    /// What holds where there is no file at all: a terminal, the shipped playbooks, data under `data/`.
    pub fn without_file() -> Result<Self, Vec<BadConfig>> {
        Self::from_text("", "config.toml")
    }

    /// Reads a text; `file` is what its errors are called by.
    pub fn from_text(text: &str, file: &str) -> Result<Self, Vec<BadConfig>> {
        let written: Written = toml::from_str(text).map_err(|error| vec![syntax(text, file, &error)])?;
        Checking {
            file: file.to_owned(),
            problems: Vec::new(),
        }
        .config(written)
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
            workdays: self.workdays.clone(),
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
        Terms {
            pacing,
            give_up_after: self.give_up_after,
        }
    }
}

fn syntax(text: &str, file: &str, error: &toml::de::Error) -> BadConfig {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = text.get(..at).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&character| character != '\n').count() + 1;
    BadConfig::Syntax {
        file: file.to_owned(),
        line,
        column,
        why: error.message().to_owned(),
    }
}

struct Checking {
    file: String,
    problems: Vec<BadConfig>,
}

impl Checking {
    fn config(mut self, written: Written) -> Result<Config, Vec<BadConfig>> {
        let lang = written.community.lang;
        let zone = self.zone(&written.community.zone.0);
        let listen = self.parsed("server", "listen", &written.server.listen.0);
        let manners = self.manners(&written);
        let gateways = self.gateways(&written, lang);
        let (staff, staff_group) = self.staff(&written, &gateways);
        let places = self.places(&written);
        let workdays = self.workdays(written.community.holidays.as_ref().map(|file| file.0.as_str()));
        let roster_every = self.length("roster", "every", &written.roster.every.0);
        let give_up_after = self.length("delivery", "give_up_after", &written.delivery.give_up_after.0);
        let chat_gap = written
            .delivery
            .chat_gap
            .as_ref()
            .map(|gap| self.length("delivery", "chat_gap", &gap.0));
        let limits = ServerLimits {
            body_max: written.server.body_limit,
            ..ServerLimits::default()
        };
        let limits = ServerLimits {
            connections: written.server.connections,
            per_peer: written.server.connections_per_peer,
            ..limits
        };
        let secret = written
            .community
            .secret
            .map(|secret| self.secret("community", secret.0));
        let token = written.server.token.map(|token| self.secret("server", token.0));
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        Ok(Config {
            name: written.community.name.0,
            zone,
            lang,
            secret,
            listen,
            limits,
            token,
            places,
            keep: Keep {
                snapshots: NonZeroUsize::new(written.store.snapshots).unwrap_or(NonZeroUsize::MIN),
                days: written.recording.keep_days,
            },
            playbooks: PathBuf::from(written.playbooks.dir.0),
            staff,
            staff_group,
            manners,
            workdays,
            roster_every,
            give_up_after,
            pacing: WrittenPacing {
                per_minute: written.delivery.per_minute,
                chat_gap,
            },
            gateways,
        })
    }

    fn wrong(&mut self, key: &str, why: impl Into<String>) {
        self.problems.push(BadConfig::Value {
            file: self.file.clone(),
            key: key.to_owned(),
            why: why.into(),
        });
    }

    fn secret(&mut self, table: &str, secret: SecretString) -> SecretString {
        if secret.expose_secret().trim().is_empty() {
            self.wrong(table, "a secret is empty; remove the key or give it a value");
        }
        secret
    }

    fn zone(&mut self, name: &str) -> TimeZone {
        TimeZone::get(name).unwrap_or_else(|_| {
            self.wrong(
                "community",
                format!("zone = \"{name}\" is no time zone; write one like \"Asia/Shanghai\""),
            );
            TimeZone::UTC
        })
    }

    fn parsed(&mut self, table: &str, key: &str, text: &str) -> SocketAddr {
        text.parse().unwrap_or_else(|_| {
            self.wrong(
                table,
                format!("{key} = \"{text}\" is no address; write one like \"127.0.0.1:8080\""),
            );
            SocketAddr::from(([127, 0, 0, 1], 0))
        })
    }

    fn length(&mut self, table: &str, key: &str, text: &str) -> Duration {
        crate::playbook::reading::words::parse_length(text).unwrap_or_else(|| {
            self.wrong(
                table,
                format!("{key} = \"{text}\" is no length of time; write one like \"30s\", \"6h\" or \"2d\""),
            );
            Duration::ZERO
        })
    }

    fn manners(&mut self, written: &Written) -> Manners {
        let manners = &written.manners;
        let quiet = match manners.quiet.0.as_str() {
            "" => None,
            text => match text.split_once('-').map(|(from, until)| (time(from), time(until))) {
                Some((Some(from), Some(until))) if from != until => Some((from, until)),
                _ => {
                    self.wrong(
                        "manners",
                        format!("quiet = \"{text}\" is no span of hours; write one like \"22:00-08:00\""),
                    );
                    None
                }
            },
        };
        Manners {
            quiet,
            per_group_per_day: manners.per_group_per_day,
            mentions_per_person_per_day: manners.mentions_per_person_per_day,
            promo_one_in: manners.promo_one_in.max(1),
        }
    }

    fn places(&mut self, written: &Written) -> Places {
        let url = &written.store.url.0;
        let dir = url
            .strip_prefix("sled:")
            .filter(|dir| !dir.is_empty())
            .unwrap_or_else(|| {
                self.wrong(
                    "store",
                    format!("url = \"{url}\" is no store known here; write \"sled:DIRECTORY\""),
                );
                "data"
            });
        let mut places = Places::under(Path::new(dir));
        if let Some(recording) = &written.recording.dir {
            places.recording = PathBuf::from(&recording.0);
        }
        places
    }

    fn workdays(&mut self, file: Option<&str>) -> Workdays {
        let Some(file) = file else { return Workdays::built_in() };
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) => {
                self.wrong("community", format!("holidays = \"{file}\" cannot be read: {error}"));
                return Workdays::built_in();
            }
        };
        Workdays::read(&text).unwrap_or_else(|bad| {
            for problem in bad {
                self.wrong("community", format!("holidays = \"{file}\": {problem}"));
            }
            Workdays::built_in()
        })
    }

    fn staff(&mut self, written: &Written, gateways: &[Arc<Gateway>]) -> (Vec<PersonId>, Option<GroupId>) {
        let names: BTreeSet<&str> = gateways.iter().map(|gateway| gateway.name().as_str()).collect();
        let known = |id: &str| id.split_once('/').is_some_and(|(gateway, _)| names.contains(gateway));
        let mut staff = Vec::new();
        for id in &written.staff.ids {
            if !known(&id.0) && !id.0.starts_with("terminal/") {
                self.wrong(
                    "staff",
                    format!(
                        "ids: \"{}\" names no gateway; write GATEWAY/ID, like \"qq/10001\"",
                        id.0
                    ),
                );
            }
            staff.push(PersonId::new(&id.0));
        }
        let group = written.staff.group.as_ref().map(|group| {
            if !known(&group.0) {
                self.wrong(
                    "staff",
                    format!("group = \"{}\" names no gateway; write GATEWAY/ID", group.0),
                );
            }
            GroupId::new(&group.0)
        });
        (staff, group)
    }

    fn gateways(&mut self, written: &Written, lang: Lang) -> Vec<Arc<Gateway>> {
        let mut gateways = Vec::new();
        for (name, gateway) in &written.gateway {
            match build(GatewayName::new(name), gateway, lang) {
                Ok(gateway) => gateways.push(Arc::new(gateway)),
                Err(source) => self.problems.push(BadConfig::Gateway {
                    file: self.file.clone(),
                    source,
                }),
            }
        }
        if written.gateway.is_empty() {
            match Terminal::new(TerminalSettings::new(GatewayName::new("terminal"), lang)) {
                Ok(terminal) => gateways.push(Arc::new(Gateway::Terminal(terminal))),
                Err(source) => self.problems.push(BadConfig::Gateway {
                    file: self.file.clone(),
                    source,
                }),
            }
        }
        gateways
    }
}

fn time(text: &str) -> Option<Time> {
    DailyTime::parse(text.trim()).ok().map(DailyTime::time)
}

fn build(name: GatewayName, written: &WrittenGateway, lang: Lang) -> Result<Gateway, BadSettings> {
    Ok(match written {
        WrittenGateway::Terminal { group, bot } => {
            let mut settings = TerminalSettings::new(name, lang);
            settings.group = group.as_ref().map_or(settings.group, |group| group.0.clone());
            settings.bot = bot.as_ref().map_or(settings.bot, |bot| bot.0.clone());
            Gateway::Terminal(Terminal::new(settings)?)
        }
        WrittenGateway::Native { api, secrets, can, bot } => {
            let mut settings = NativeSettings::new(name);
            settings.api = api.as_ref().map(|api| api.0.clone());
            settings.secrets = secrets.iter().map(|secret| secret.0.clone()).collect();
            settings.bot = bot.as_ref().map(|bot| bot.0.clone());
            if let Some(can) = can {
                settings.can = can.iter().copied().collect::<BTreeSet<Capability>>();
            }
            Gateway::Native(Native::new(settings)?)
        }
        WrittenGateway::Onebot11 {
            api,
            token,
            secret,
            text_ids,
            cq_strings,
        } => {
            let mut settings = OneBot11Settings::new(name);
            settings.api = api.as_ref().map(|api| api.0.clone());
            settings.token = token.as_ref().map(|token| token.0.clone());
            settings.secret = secret.as_ref().map(|secret| secret.0.clone());
            if *text_ids {
                settings.ids = crate::gateway::IdForm::Text;
            }
            if *cq_strings {
                settings.messages = crate::gateway::MessageForm::CqString;
            }
            Gateway::OneBot11(OneBot11::new(settings)?)
        }
    })
}
