//! From what is written to what holds. Every problem with a value is found in one go; the environment is read here.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};
use toml::Spanned;

use super::problem::{BadConfig, Place, Why};
use super::written::{self, Events, Ids, Kind, Messages, Secret, Text, Written};
use super::{Config, WrittenPacing, mapping};
use crate::calendar::{DailyTime, Workdays};
use crate::chat::{CallName, Capability, GatewayName, GroupId, Lang, PersonId, TillName};
use crate::gateway::mapped::media::Folder;
use crate::gateway::signature::WebhookKey;
use crate::gateway::wecom::ArchiveSource;
use crate::gateway::{
    BadSettings, Callee, CalleeSettings, Form, Gateway, IdForm, Mapped, MappedSettings, MessageForm, Native,
    NativeSettings, OneBot11, OneBot11Settings, OneBot12, OneBot12Settings, Satori, SatoriSettings, Shelf, Terminal,
    TerminalSettings, WeCom, WeComSettings, WechatBot, WechatBotSettings,
};
use crate::playbook::Manners;
use crate::store::{Keep, Places};
use crate::web::ServerLimits;

/// Days of recording that are kept at most: longer than the calendar reaches back.
const KEEP_DAYS_MAX: u32 = 1_000_000;

/// The shortest token of a till, in characters.
const TOKEN_LEAST: usize = 16;

/// A config on its way from text to [`Config`].
#[derive(Debug)]
pub struct Checking<'t> {
    text: &'t str,
    file: &'t str,
    problems: Vec<BadConfig>,
    /// The media folder, which mapped gateways are told of.
    folder: Folder,
}

impl<'t> Checking<'t> {
    /// `file` is what the text is called in problems.
    pub fn new(text: &'t str, file: &'t str) -> Self {
        Self {
            text,
            file,
            problems: Vec::new(),
            folder: Folder::default(),
        }
    }

    #[allow(clippy::too_many_lines, reason = "one line a section: a table")]
    /// The config, or everything that is wrong with it. A mistake in the TOML itself ends the reading.
    pub fn config(mut self) -> Result<Config, Vec<BadConfig>> {
        let written: Written = match toml::from_str(self.text) {
            Ok(written) => written,
            Err(error) => {
                let place = self.place(&error.span().unwrap_or_default());
                return Err(vec![BadConfig {
                    place,
                    key: None,
                    why: Why::of_toml(error.message()),
                }]);
            }
        };
        let Written {
            community,
            server,
            store,
            recording,
            playbooks,
            media,
            staff,
            manners,
            delivery,
            roster,
            gateway,
            orders,
            till,
            calls,
        } = written;
        let lang = community.lang.unwrap_or_default();
        let shelf = self.shelf(&media);
        (self.folder.dir, self.folder.url) = (shelf.dir.clone(), shelf.url.clone());
        let gateways = self.gateways(&gateway, lang);
        let (staff, staff_group) = self.staff(&staff, &gateways);
        let config = Config {
            name: self.fill("community.name", &community.name),
            zone: self.zone(&community.zone),
            lang,
            lang_is_written: community.lang.is_some(),
            secret: community
                .secret
                .as_ref()
                .map(|secret| self.secret("community.secret", secret)),
            workdays: self.workdays(community.holidays.as_ref()),
            listen: self.address("server.listen", &server.listen),
            limits: ServerLimits {
                body_max: server.body_limit,
                connections: server.connections,
                per_peer: server.connections_per_peer,
                ..ServerLimits::default()
            },
            token: server.token.as_ref().map(|token| self.secret("server.token", token)),
            places: self.places(&store, recording.dir.as_ref()),
            keep: Keep {
                snapshots: NonZeroUsize::new(store.snapshots).unwrap_or(NonZeroUsize::MIN),
                days: recording.keep_days.min(KEEP_DAYS_MAX),
            },
            playbooks: PathBuf::from(self.fill("playbooks.dir", &playbooks.dir)),
            shelf: Arc::new(shelf),
            staff,
            staff_group,
            manners: self.manners(&manners),
            roster_every: self.length("roster.every", &roster.every),
            give_up_after: self.length("delivery.give_up_after", &delivery.give_up_after),
            pacing: self.pacing(&delivery),
            tills: self.tills(&till),
            calls: self.calls(&calls),
            orders: self.orders(&orders),
            gateways,
        };
        self.problems.sort_by_key(|problem| problem.place.at);
        if self.problems.is_empty() {
            Ok(config)
        } else {
            Err(self.problems)
        }
    }

    fn shelf(&mut self, media: &written::Media) -> Shelf {
        Shelf {
            dir: PathBuf::from(self.fill("media.dir", &media.dir)),
            url: media.url.as_ref().and_then(|url| {
                let is_one = |url: &str| {
                    let bare = url.trim_end_matches('/');
                    let read = reqwest::Url::parse(bare).ok()?;
                    let plain = matches!(read.scheme(), "http" | "https") && read.query().is_none();
                    plain.then(|| bare.to_owned())
                };
                self.meant("media.url", url, is_one, Why::NotALink)
            }),
            max: self
                .meant("media.max", &media.max, size, Why::NotASize)
                .unwrap_or_default(),
        }
    }

    fn pacing(&mut self, delivery: &written::Delivery) -> WrittenPacing {
        WrittenPacing {
            per_minute: delivery.per_minute,
            chat_gap: delivery.chat_gap.as_ref().map(|gap| self.gap("delivery.chat_gap", gap)),
            text_max: delivery.text_max,
        }
    }

    fn place(&self, span: &Range<usize>) -> Place {
        let before = self.text.get(..span.start).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&character| character != '\n').count() + 1;
        Place {
            file: self.file.to_owned(),
            at: Some((line, column)),
        }
    }

    pub(super) fn wrong(&mut self, key: &str, span: &Range<usize>, why: Why) {
        let place = self.place(span);
        self.problems.push(BadConfig {
            place,
            key: Some(key.to_owned()),
            why,
        });
    }

    /// A text with its variables filled in.
    pub(super) fn fill(&mut self, key: &str, text: &Text) -> String {
        fill(text.as_ref(), environment).unwrap_or_else(|why| {
            self.wrong(key, &text.span(), why);
            String::new()
        })
    }

    /// The same for a secret, which must hold something.
    fn secret(&mut self, key: &str, secret: &Secret) -> SecretString {
        let filled = match fill(secret.as_ref().expose_secret(), environment) {
            Ok(filled) => filled,
            Err(why) => {
                self.wrong(key, &secret.span(), why);
                return SecretString::default();
            }
        };
        if filled.trim().is_empty() {
            self.wrong(key, &secret.span(), Why::EmptySecret);
        }
        SecretString::from(filled)
    }

    /// A text that means something; what it means, or the reason why not.
    fn meant<T>(
        &mut self,
        key: &str,
        text: &Text,
        read: impl Fn(&str) -> Option<T>,
        why: fn(String) -> Why,
    ) -> Option<T> {
        let before = self.problems.len();
        let filled = self.fill(key, text);
        let meaning = read(&filled);
        if meaning.is_none() && self.problems.len() == before {
            self.wrong(key, &text.span(), why(filled));
        }
        meaning
    }

    fn zone(&mut self, text: &Text) -> TimeZone {
        self.meant("community.zone", text, |name| TimeZone::get(name).ok(), Why::NotAZone)
            .unwrap_or(TimeZone::UTC)
    }

    fn address(&mut self, key: &str, text: &Text) -> SocketAddr {
        let address = self.meant(key, text, |text| text.parse().ok(), Why::NotAnAddress);
        address.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    fn length(&mut self, key: &str, text: &Text) -> Duration {
        let read = crate::playbook::reading::words::parse_length;
        self.meant(key, text, read, Why::NotALength).unwrap_or_default()
    }

    /// A length, or none at all.
    fn gap(&mut self, key: &str, text: &Text) -> Duration {
        let read = |text: &str| match text.trim() {
            "0" | "0s" => Some(Duration::ZERO),
            text => crate::playbook::reading::words::parse_length(text),
        };
        self.meant(key, text, read, Why::NotALength).unwrap_or_default()
    }

    fn manners(&mut self, manners: &written::Manners) -> Manners {
        Manners {
            quiet: self
                .meant("manners.quiet", &manners.quiet, quiet_hours, Why::NotHours)
                .flatten(),
            per_group_per_day: manners.per_group_per_day,
            mentions_per_person_per_day: manners.mentions_per_person_per_day,
            promo_one_in: manners.promo_one_in.max(1),
        }
    }

    fn places(&mut self, store: &written::Store, recording: Option<&Text>) -> Places {
        let dir = |url: &str| {
            url.strip_prefix("sled:")
                .filter(|dir| !dir.is_empty())
                .map(str::to_owned)
        };
        let dir = self
            .meant("store.url", &store.url, dir, Why::NotAStore)
            .unwrap_or_default();
        let mut places = Places::under(Path::new(&dir));
        if let Some(recording) = recording {
            places.recording = PathBuf::from(self.fill("recording.dir", recording));
        }
        places
    }

    fn workdays(&mut self, file: Option<&Text>) -> Workdays {
        let Some(written) = file else {
            return Workdays::built_in();
        };
        let key = "community.holidays";
        let file = self.fill(key, written);
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(source) => {
                self.wrong(key, &written.span(), Why::Holidays { file, source });
                return Workdays::built_in();
            }
        };
        Workdays::read(&text).unwrap_or_else(|bad| {
            for source in bad {
                self.wrong(
                    key,
                    &written.span(),
                    Why::BadHoliday {
                        file: file.clone(),
                        source,
                    },
                );
            }
            Workdays::built_in()
        })
    }

    fn staff(&mut self, staff: &written::Staff, gateways: &[Arc<Gateway>]) -> (Vec<PersonId>, Option<GroupId>) {
        let names: BTreeSet<&str> = gateways.iter().map(|gateway| gateway.name().as_str()).collect();
        let is_known = |id: &str| {
            id.split_once('/')
                .is_some_and(|(name, rest)| names.contains(name) && !rest.is_empty())
        };
        let mut ids = Vec::new();
        for written in &staff.ids {
            // The terminal's staff may stay when a real gateway takes its place, and a recording from elsewhere has its own.
            let whole = |id: &str| {
                id.split_once('/')
                    .is_some_and(|(name, rest)| !name.is_empty() && !rest.is_empty())
            };
            let id = |id: &str| whole(id).then(|| PersonId::new(id));
            ids.extend(self.meant("staff.ids", written, id, Why::NoGateway));
        }
        let group = staff.group.as_ref().and_then(|written| {
            self.meant(
                "staff.group",
                written,
                |id| is_known(id).then(|| GroupId::new(id)),
                Why::NoGateway,
            )
        });
        (ids, group)
    }

    fn orders(&mut self, orders: &written::Orders) -> Vec<SecretString> {
        let mut secrets = Vec::new();
        for written in &orders.secrets {
            let before = self.problems.len();
            let secret = self.secret("orders.secrets", written);
            if let Err(bad) = WebhookKey::read(&secret)
                && self.problems.len() == before
            {
                self.wrong("orders.secrets", &written.span(), Why::Secret(bad));
            }
            secrets.push(secret);
        }
        secrets
    }

    /// Each with a token nobody guesses, and no two with the same.
    fn tills(
        &mut self,
        written: &std::collections::BTreeMap<String, Spanned<written::Till>>,
    ) -> Vec<(TillName, SecretString)> {
        let mut tills: Vec<(TillName, SecretString)> = Vec::new();
        for (name, till) in written {
            let key = format!("till.{name}.token");
            let token = self.secret(&key, &till.as_ref().token);
            let length = token.expose_secret().chars().count();
            let same = tills.iter().any(|(_, it)| it.expose_secret() == token.expose_secret());
            let why = match () {
                // An empty one is told of already.
                () if length == 0 => None,
                () if length < TOKEN_LEAST => Some(Why::ShortToken),
                () if same => Some(Why::SameToken),
                () => None,
            };
            if let Some(why) = why {
                let place = self.place(&till.as_ref().token.span());
                self.problems.push(BadConfig {
                    place,
                    key: Some(key),
                    why,
                });
            }
            tills.push((TillName::new(name), token));
        }
        tills
    }

    fn calls(&mut self, written: &std::collections::BTreeMap<String, Spanned<written::Call>>) -> Vec<Arc<Callee>> {
        let mut callees = Vec::new();
        for (name, call) in written {
            let table = format!("calls.{name}");
            let written::Call { url, secret, timeout } = call.as_ref();
            let before = self.problems.len();
            let url = self.fill(&format!("{table}.url"), url);
            let secret = self.secret(&format!("{table}.secret"), secret);
            let mut settings = CalleeSettings::new(CallName::new(name), url, secret);
            if let Some(timeout) = timeout {
                settings.timeout = self.length(&format!("{table}.timeout"), timeout);
            }
            match Callee::new(&settings) {
                Ok(callee) => callees.push(Arc::new(callee)),
                Err(_) if self.problems.len() > before => {}
                Err(bad) => {
                    let place = self.place(&call.span());
                    let (key, why) = (None, Why::Call(bad));
                    self.problems.push(BadConfig { place, key, why });
                }
            }
        }
        callees
    }

    fn gateways(
        &mut self,
        written: &std::collections::BTreeMap<String, Spanned<written::Gateway>>,
        lang: Lang,
    ) -> Vec<Arc<Gateway>> {
        if written.is_empty() {
            let terminal = Terminal::new(TerminalSettings::new(GatewayName::new("terminal"), lang));
            return terminal.map(|it| Arc::new(Gateway::Terminal(it))).into_iter().collect();
        }
        let mut gateways = Vec::new();
        for (name, gateway) in written {
            let table = format!("gateway.{name}");
            let kind = gateway.as_ref().kind;
            for key in gateway.as_ref().written().filter(|key| !kind.keys().contains(key)) {
                let why = Why::NotOfThisKind {
                    kind: kind.word(),
                    known: kind.keys(),
                };
                self.wrong(&format!("{table}.{key}"), &gateway.span(), why);
            }
            let before = self.problems.len();
            let built = self.gateway((name, &table), gateway.as_ref(), lang);
            match built {
                Ok(gateway) => gateways.push(Arc::new(gateway)),
                // What could not be filled in has been said already.
                Err(_) if self.problems.len() > before => {}
                Err(bad) => {
                    let place = self.place(&gateway.span());
                    self.problems.push(BadConfig {
                        place,
                        key: None,
                        why: Why::Gateway(bad),
                    });
                }
            }
        }
        gateways
    }

    fn gateway(
        &mut self,
        (name, table): (&str, &str),
        written: &written::Gateway,
        lang: Lang,
    ) -> Result<Gateway, BadSettings> {
        let name = GatewayName::new(name);
        let mut text =
            |key: &str, text: &Option<Text>| text.as_ref().map(|it| self.fill(&format!("{table}.{key}"), it));
        let (api, bot, group, platform) = (
            text("api", &written.api),
            text("bot", &written.bot),
            text("group", &written.group),
            text("platform", &written.platform),
        );
        let aliases = written.aliases.iter().flatten();
        let aliases = aliases
            .map(|(name, id)| (name.clone(), self.fill(&format!("{table}.aliases"), id)))
            .collect();
        let mut secret = |key: &str, it: &Secret| self.secret(&format!("{table}.{key}"), it);
        let token = written.token.as_ref().map(|it| secret("token", it));
        let signing = written.secret.as_ref().map(|it| secret("secret", it));
        let secrets = written
            .secrets
            .iter()
            .flatten()
            .map(|it| secret("secrets", it))
            .collect();
        Ok(match written.kind {
            Kind::Terminal => {
                let mut settings = TerminalSettings::new(name, lang);
                settings.group = group.unwrap_or(settings.group);
                settings.bot = bot.unwrap_or(settings.bot);
                Gateway::Terminal(Terminal::new(settings)?)
            }
            Kind::Native => {
                let mut settings = NativeSettings::new(name);
                (settings.api, settings.secrets, settings.bot) = (api, secrets, bot);
                if let Some(can) = &written.can {
                    settings.can = can.iter().copied().collect::<BTreeSet<Capability>>();
                }
                Gateway::Native(Native::new(settings)?)
            }
            Kind::Onebot11 => {
                let mut settings = OneBot11Settings::new(name);
                (settings.api, settings.token, settings.secret) = (api, token, signing);
                settings.ids = match written.ids {
                    None | Some(Ids::Auto) => IdForm::AsItLooks,
                    Some(Ids::Text) => IdForm::Text,
                };
                settings.messages = match written.messages {
                    None | Some(Messages::Segments) => MessageForm::Segments,
                    Some(Messages::Cq) => MessageForm::CqString,
                };
                Gateway::OneBot11(OneBot11::new(settings)?)
            }
            Kind::Onebot12 => onebot12(name, (api, token, signing), (platform, bot))?,
            Kind::Satori => satori(name, (api, token, signing), (platform, bot), written.events)?,
            Kind::Wecom => {
                let mut settings = self.wecom((name, table), written, (api, token, signing));
                settings.lang = lang;
                Gateway::WeCom(Box::new(WeCom::new(settings)?))
            }
            Kind::WechatBot => {
                let mut settings = WechatBotSettings::new(name);
                (settings.api, settings.token, settings.secret) = (api, token, signing);
                (settings.bot, settings.aliases) = (bot, aliases);
                Gateway::WechatBot(WechatBot::new(settings)?)
            }
            Kind::Mapped => {
                let mut settings = MappedSettings::new(name);
                (settings.api, settings.token, settings.bot) = (api, token, bot);
                self.mapping((table, written), (secrets, &mut settings));
                Gateway::Mapped(Box::new(Mapped::new(settings)?))
            }
        })
    }

    /// What only WeCom has.
    fn wecom(
        &mut self,
        (name, table): (GatewayName, &str),
        written: &written::Gateway,
        (api, token, secret): (Option<String>, Option<SecretString>, Option<SecretString>),
    ) -> WeComSettings {
        let mut settings = WeComSettings::new(name);
        settings.api = api.unwrap_or(settings.api);
        (settings.token, settings.secret) = (token, secret);
        let mut text =
            |key: &str, text: &Option<Text>| text.as_ref().map(|it| self.fill(&format!("{table}.{key}"), it));
        (settings.corp, settings.agent) = (text("corp", &written.corp), text("agent", &written.agent));
        let key = |key: &str| format!("{table}.{key}");
        settings.aes_key = written.aes_key.as_ref().map(|it| self.secret(&key("aes_key"), it));
        for (robot, secret) in written.robots.iter().flatten() {
            let secret = self.secret(&key(&format!("robots.{robot}")), secret);
            settings.robots.insert(robot.clone(), secret);
        }
        for (group, robot) in written.bound.iter().flatten() {
            let robot = self.fill(&key(&format!("bound.{group}")), robot);
            settings.groups.insert(group.clone(), robot);
        }
        let command: Vec<String> = written
            .archive_command
            .iter()
            .flatten()
            .map(|it| self.fill(&key("archive_command"), it))
            .collect();
        if let (Some(file), Some(_)) = (&written.archive, &written.archive_command) {
            self.wrong(&key("archive"), &file.span(), Why::NotBoth("archive_command"));
        }
        settings.archive = match &written.archive {
            Some(file) => Some(ArchiveSource::File(PathBuf::from(self.fill(&key("archive"), file)))),
            None => (!command.is_empty()).then_some(ArchiveSource::Command(command)),
        };
        settings.form = match written.form {
            None | Some(written::Form::Text) => Form::Text,
            Some(written::Form::Markdown) => Form::Markdown,
        };
        settings
    }

    /// The tables of a mapping.
    fn mapping(
        &mut self,
        (table, written): (&str, &written::Gateway),
        (secrets, settings): (Vec<SecretString>, &mut MappedSettings),
    ) {
        settings.folder = self.folder.clone();
        let tables = mapping::Tables {
            sign: written.sign.as_ref(),
            event: written.event.as_ref(),
            send: written.send.as_ref(),
            groups: written.groups.as_ref(),
            members: written.members.as_ref(),
        };
        let secrets_at = written.secrets.iter().flatten().next().map(Spanned::span);
        let secrets = (secrets, secrets_at.unwrap_or_default());
        mapping::read(self, table, &tables, (secrets, settings));
    }
}

/// An address, what is shown there, and what is shown to us.
type Way = (Option<String>, Option<SecretString>, Option<SecretString>);

fn onebot12(
    name: GatewayName,
    (api, token, secret): Way,
    (platform, bot): (Option<String>, Option<String>),
) -> Result<Gateway, BadSettings> {
    let mut settings = OneBot12Settings::new(name);
    (settings.api, settings.token, settings.secret) = (api, token, secret);
    (settings.platform, settings.bot) = (platform, bot);
    Ok(Gateway::OneBot12(OneBot12::new(settings)?))
}

fn satori(
    name: GatewayName,
    (api, token, secret): Way,
    (platform, bot): (Option<String>, Option<String>),
    events: Option<Events>,
) -> Result<Gateway, BadSettings> {
    let mut settings = SatoriSettings::new(name);
    (settings.api, settings.token, settings.secret) = (api, token, secret);
    (settings.platform, settings.bot) = (platform, bot);
    settings.events = match events {
        None | Some(Events::Websocket) => crate::gateway::satori::Events::Socket,
        Some(Events::Webhook) => crate::gateway::satori::Events::Posted,
    };
    Ok(Gateway::Satori(Satori::new(settings)?))
}

/// `"10MB"`, `"500 KB"`: as files are measured, in steps of 1024.
fn size(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_uppercase();
    let digits = text.trim_end_matches(|character: char| !character.is_ascii_digit());
    let step = match text.get(digits.len()..)?.trim() {
        "B" => 1,
        "KB" | "K" => 1 << 10,
        "MB" | "M" => 1 << 20,
        _ => return None,
    };
    let bytes = digits.parse::<u64>().ok()?.checked_mul(step)?;
    (bytes > 0).then_some(bytes)
}

/// `"22:00-08:00"`; nothing at all means that no hours are quiet.
fn quiet_hours(text: &str) -> Option<Option<(Time, Time)>> {
    let time = |text: &str| DailyTime::parse(text.trim()).ok().map(DailyTime::time);
    if text.trim().is_empty() {
        return Some(None);
    }
    let (from, until) = text.split_once('-')?;
    let (from, until) = (time(from)?, time(until)?);
    (from != until).then_some(Some((from, until)))
}

/// What `${NAME}` in a text comes to, with variables looked up by `look_up`.
fn fill(text: &str, look_up: impl Fn(&str) -> Option<String>) -> Result<String, Why> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        filled.push_str(&rest[..at]);
        let after = &rest[at + 2..];
        let end = after.find('}').ok_or(Why::Unclosed)?;
        let name = &after[..end];
        filled.push_str(&look_up(name).ok_or_else(|| Why::NotSet(name.to_owned()))?);
        rest = &after[end + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

/// What a text comes to with the environment filled in.
pub(super) fn filled(text: &str) -> Result<String, Why> {
    fill(text, environment)
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests {
    use super::{Why, fill, size};

    #[test]
    fn sizes_have_a_unit() {
        let read = [
            "10MB",
            "500 kb",
            "1b",
            "2M",
            "0MB",
            "10",
            "MB",
            "1.5MB",
            "-1MB",
            "99999999999999999999MB",
            "",
        ]
        .map(size);
        assert_eq!(read[..4], [Some(10 << 20), Some(500 << 10), Some(1), Some(2 << 20)]);
        assert!(read[4..].iter().all(Option::is_none), "{read:?}");
    }

    #[test]
    fn variables_are_filled_in_and_missing_ones_are_named() {
        let look_up = |name: &str| (name == "TOKEN").then(|| "abc".to_owned());
        assert_eq!(fill("Bearer ${TOKEN}!", look_up).ok().as_deref(), Some("Bearer abc!"));
        assert!(matches!(fill("${NOPE}", look_up), Err(Why::NotSet(name)) if name == "NOPE"));
        assert!(matches!(fill("${TOKEN", look_up), Err(Why::Unclosed)));
    }
}
