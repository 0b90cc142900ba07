//! `doctor`: asks every gateway of the config who it is and what it sees, and says what to do about what is wrong.
//!
//! Only reads: nothing is sent to anybody, nothing is stored, the running bot is not disturbed.

mod finding;
mod shown;

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::clock::clock;
use super::outbox::away as away_line;
use super::service::reacquaint;
use super::{Ending, Form, Outcome, Setting};
use crate::chat::{Capability, GroupId, Lang, Role, RosterEntry};
use crate::config::Config;
use crate::event_loop::stand;
use crate::gateway::access::Access;
use crate::gateway::{Account, Gateway, KnownGroup, Trouble};
use crate::inbox::{Inbound, Inbox};
use crate::intake::Intake;
use crate::intake::socket::Socket;
use crate::metrics::Metrics;
use crate::store::snapshot;

use finding::{About, Finding, State};

/// The longest a gateway is looked at.
const LOOK_MAX: Duration = Duration::from_secs(60);

/// The longest one question may take.
const ASK_MAX: Duration = Duration::from_secs(25);

/// A connection we open is there in this time or not at all.
const CONNECT_MAX: Duration = Duration::from_secs(12);

/// The most groups whose member lists are read.
const GROUPS_READ: usize = 20;

/// How far a gateway's clock may be off before signatures are refused; a fifth of it is worth a word.
const SKEW_MAX: Duration = Duration::from_secs(300);

/// `doctor`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// What was seen of one gateway.
#[derive(Debug)]
struct Seen {
    gateway: Arc<Gateway>,
    account: Option<Account>,
    groups: Vec<(KnownGroup, Option<Role>)>,
    findings: Vec<Finding>,
}

/// Looks at everything and shows it. Problems end with 1.
pub fn doctor(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let has_file = setting.file.exists();
    let config = setting.config()?;
    let lang = setting.lang;
    // What the bot itself heard of helps those gateways that keep no list.
    let newest = snapshot::newest(&config.places.snapshots).ok();
    let newest = newest.and_then(|(newest, _)| newest);
    let mut paused = Vec::new();
    if config.places.recording.is_dir()
        && let Ok(community) = stand(&config.places.recording, newest.as_ref().map(|it| it.file.as_path()))
    {
        reacquaint(&config, &community);
        let away = community.absences().iter();
        paused.extend(away.map(|absence| {
            let said = away_line(absence, community.waits_for(absence.0), (&config, lang));
            Finding::paused(said, lang)
        }));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (house, seen) = runtime.block_on(async {
        let seen = look(&config, lang).await;
        (house(&config, (has_file, lang), &seen).await, seen)
    });
    let house: Vec<Finding> = house.into_iter().chain(paused).collect();
    runtime.shutdown_background();
    let text = match wanted.format {
        Form::Json => shown::json(&house, &seen),
        Form::Human | Form::Github => shown::human(&house, &seen, lang),
    };
    anstream::print!("{text}");
    let all = house.iter().chain(seen.iter().flat_map(|seen| &seen.findings));
    match all.into_iter().any(|finding| finding.state == State::Failed) {
        true => Ok(Ending::ProblemsFound),
        false => Ok(Ending::Fine),
    }
}

/// Every gateway, side by side, in the order of the config.
async fn look(config: &Config, lang: Lang) -> Vec<Seen> {
    let mut looking = JoinSet::new();
    for (nth, gateway) in config.gateways.iter().cloned().enumerate() {
        let staff: Vec<_> = config.staff.clone();
        looking.spawn(async move {
            let mut seen = Seen {
                gateway: Arc::clone(&gateway),
                account: None,
                groups: Vec::new(),
                findings: Vec::new(),
            };
            if timeout(LOOK_MAX, examine(&mut seen, &staff, lang)).await.is_err() {
                seen.findings.push(Finding::slow(LOOK_MAX, lang));
            }
            (nth, seen)
        });
    }
    let mut seen = Vec::new();
    while let Some(one) = looking.join_next().await {
        // A look that broke is not there; `look` itself has nothing that breaks.
        seen.extend(one);
    }
    seen.sort_by_key(|(nth, _)| *nth);
    seen.into_iter().map(|(_, seen)| seen).collect()
}

async fn examine(seen: &mut Seen, staff: &[crate::chat::PersonId], lang: Lang) {
    let gateway = Arc::clone(&seen.gateway);
    let stop = CancellationToken::new();
    let _hang_up = stop.clone().drop_guard();
    if !connect(seen, &stop, lang).await {
        return;
    }
    // What it can do is asked where the protocol tells.
    let _ = timeout(ASK_MAX, gateway.meet()).await;
    if let Some(reached) = gateway.reach().await {
        let finding = match reached {
            Ok(()) => Finding::reached(lang),
            Err(trouble) => Finding::trouble(About::Connection, &trouble, lang),
        };
        let failed = finding.state == State::Failed;
        seen.findings.push(finding);
        if failed {
            return;
        }
    }
    let account = asked(gateway.who_am_i()).await;
    match account {
        Ok(account) => {
            seen.findings.push(Finding::identity(&account, lang));
            seen.account = Some(account);
        }
        Err(trouble) => {
            let away = matches!(trouble, Trouble::Away { .. });
            seen.findings.push(Finding::trouble(About::Identity, &trouble, lang));
            // Who does not answer once would only be waited for again.
            if away {
                return;
            }
        }
    }
    skew(seen, lang);
    let groups = match asked(gateway.groups()).await {
        Ok(groups) => groups,
        Err(trouble) => {
            seen.findings.push(Finding::trouble(About::Groups, &trouble, lang));
            return;
        }
    };
    seen.findings.push(Finding::groups(groups.len(), lang));
    rights(seen, groups, staff, lang).await;
    skew(seen, lang);
}

/// A question with a limit of its own.
async fn asked<T>(question: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    timeout(ASK_MAX, question).await.unwrap_or_else(|_elapsed| {
        Err(Trouble::Away {
            gateway: String::new(),
            what: "this",
            why: format!("no answer within {ASK_MAX:?}"),
        })
    })
}

/// The connection, where one must stand before anything can be asked; `false` if nothing can be.
async fn connect(seen: &mut Seen, stop: &CancellationToken, lang: Lang) -> bool {
    let gateway = Arc::clone(&seen.gateway);
    match gateway.access() {
        Access::None | Access::Http(_) | Access::Beside { .. } => true,
        Access::Reverse { .. } => {
            seen.findings.push(Finding::comes_to_us(gateway.name(), lang));
            false
        }
        Access::Dial { line, .. } => {
            let (inbox, letters) = Inbox::new(64);
            tokio::spawn(forget(letters));
            let intake = Intake::new(inbox, Arc::new(Metrics::new()));
            tokio::spawn(Socket::new(Arc::clone(&gateway), intake, clock, stop.clone()).dial());
            let up = async {
                while !line.is_up() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            };
            let up = timeout(CONNECT_MAX, up).await.is_ok();
            seen.findings.push(Finding::connection(up, lang));
            up
        }
    }
}

/// Reports that come meanwhile are the running bot's business, which has a connection of its own.
async fn forget(mut letters: tokio::sync::mpsc::Receiver<Inbound>) {
    while let Some(letter) = letters.recv().await {
        let _ = letter.answer.send(Ok(()));
    }
}

/// How far the gateway's clock is off, once it told.
fn skew(seen: &mut Seen, lang: Lang) {
    if seen.findings.iter().any(|finding| finding.about == About::Clock) {
        return;
    }
    if let Some(told) = seen.gateway.told_time() {
        let skew = told.millis() - clock().millis();
        seen.findings.push(Finding::clock(skew, SKEW_MAX, lang));
    }
}

/// What the bot is in each group, and whether staff are seen there.
async fn rights(seen: &mut Seen, groups: Vec<KnownGroup>, staff: &[crate::chat::PersonId], lang: Lang) {
    let gateway = Arc::clone(&seen.gateway);
    let can = gateway.capabilities();
    let mut people = std::collections::BTreeSet::new();
    let mut read = 0;
    for group in groups {
        let list = match can.contains(&Capability::ReadMembers) && read < GROUPS_READ {
            true => Some(asked(gateway.members(&group.group)).await),
            false => None,
        };
        let role = match list {
            Some(Ok(members)) => {
                read += 1;
                people.extend(members.iter().map(|member| member.person.clone()));
                seen.account.as_ref().and_then(|account| role_of(account, &members))
            }
            Some(Err(trouble)) => {
                let finding = Finding::trouble(About::Members(group.group.clone()), &trouble, lang);
                seen.findings.push(finding);
                None
            }
            None => None,
        };
        seen.groups.push((group, role));
    }
    if read == 0 {
        return;
    }
    let powerless: Vec<&GroupId> = seen
        .groups
        .iter()
        .filter(|(_, role)| *role == Some(Role::Member))
        .map(|(group, _)| &group.group)
        .collect();
    let needs_rights = [Capability::RenameGroup, Capability::SetCard, Capability::Kick];
    if !powerless.is_empty() && needs_rights.iter().any(|need| can.contains(need)) {
        seen.findings.push(Finding::powerless(&powerless, lang));
    }
    if read == seen.groups.len() {
        let here = staff.iter().filter(|person| person.gateway() == *gateway.name());
        let unseen: Vec<_> = here.filter(|person| !people.contains(*person)).collect();
        if !unseen.is_empty() {
            seen.findings.push(Finding::staff_unseen(&unseen, lang));
        }
    }
}

fn role_of(account: &Account, members: &[RosterEntry]) -> Option<Role> {
    let own = members.iter().find(|member| member.person == account.person);
    own.map(|member| member.role)
}

/// What is not one gateway's: the config, the listener, the staff.
async fn house(config: &Config, (has_file, lang): (bool, Lang), seen: &[Seen]) -> Vec<Finding> {
    let mut findings = vec![Finding::config(has_file, lang)];
    findings.push(Finding::running(is_running(config).await, config.listen, lang));
    let exposed = crate::web::check_exposure(config.listen, config.gateways.iter().map(AsRef::as_ref));
    if let Err(exposed) = exposed {
        findings.push(Finding::exposed(&exposed, lang));
    }
    findings.push(match config.staff.len() {
        0 => Finding::no_staff(lang),
        count => Finding::staff(count, lang),
    });
    if let Some(group) = &config.staff_group {
        let own = seen.iter().find(|seen| *seen.gateway.name() == group.gateway());
        let listed = own.filter(|seen| !seen.groups.is_empty());
        if listed.is_some_and(|seen| seen.groups.iter().all(|(known, _)| known.group != *group)) {
            findings.push(Finding::no_staff_group(group, lang));
        }
    }
    findings.extend(unmatched(config, lang));
    findings
}

/// Orders of the shop's nobody is known for, as far as the recording can be read.
fn unmatched(config: &Config, lang: Lang) -> Option<Finding> {
    if config.orders.is_empty() || !config.places.recording.is_dir() {
        return None;
    }
    let community = super::live::standing(config, lang).ok()?;
    Some(Finding::unmatched(community.unmatched().count(), lang))
}

/// Whether the bot itself answers where the config says it listens.
async fn is_running(config: &Config) -> bool {
    let mut address = config.listen;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let asking = async {
        let client = reqwest::Client::builder().no_proxy().build().ok()?;
        let answer = client.get(format!("http://{address}/healthz")).send().await.ok()?;
        Some(answer.status().is_success())
    };
    let answer = timeout(Duration::from_secs(3), asking).await;
    matches!(answer, Ok(Some(true)))
}
