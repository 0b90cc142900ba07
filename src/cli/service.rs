//! Wires the running bot: doors, event loop, deliveries, member lists, playbook edits, the keyboard, the end.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::books::Books;
use super::clock::clock;
use super::keep::said;
use super::lock::Lock;
use super::signals::Stop;
use super::watch::Watching;
use crate::chat::{Capability, GroupId, Lang};
use crate::community::Community;
use crate::config::Config;
use crate::delivery::Delivery;
use crate::delivery::receiver::Receiver;
use crate::engine::Dice;
use crate::event_loop::{Arose, Edition, Ended, EventLoop, Surroundings};
use crate::gateway::decoded::Arrival;
use crate::gateway::terminal::{Typed, help};
use crate::gateway::{Gateway, Shop, Terminal};
use crate::inbox::{Inbox, Letter};
use crate::intake::Intake;
use crate::intake::archive::Archive;
use crate::intake::socket::Socket;
use crate::metrics::Metrics;
use crate::outlet::Outlets;
use crate::web::{self, Doors, Readiness};

/// How soon a gateway that did not answer is asked for its member lists again.
const ASK_AGAIN: Duration = Duration::from_secs(30);

/// Letters that may wait for the event loop.
const INBOX: usize = 4_096;

/// Everything the bot runs with.
pub struct Service {
    pub config: Config,
    pub edition: Edition,
    pub dice: Dice,
    /// The files, and what of them was looked at: an edit that was not does not come into force.
    pub books: (Books, Option<Arc<Lock>>),
    pub lang: Lang,
    /// Everything but sending.
    pub shadow: bool,
}

impl Service {
    /// Runs until it is told to stop. The order of the end: the doors close and finish what they took in, the event
    /// loop decides and makes durable what is waiting, the deliveries finish the call under way.
    pub async fn run(self, arose: Arose) -> Result<(), anyhow::Error> {
        let Self {
            config,
            edition,
            dice,
            books,
            lang,
            shadow,
        } = self;
        let mut stop = Stop::new();
        reacquaint(&config, &arose.community);
        let config = Arc::new(config);
        let watching = Watching::new(Arc::clone(&config), books, lang);
        let in_force = edition.books.fingerprint.clone();
        let metrics = Arc::new(Metrics::new());
        let (inbox, letters) = Inbox::new(INBOX);
        let (editions, edited) = mpsc::channel(4);
        let (ready, readiness) = watch::channel(Readiness::Starting);
        let listener = bound(&config, lang).await?;
        let address = listener.local_addr()?;
        let ends = Ends::default();
        let (to_read, groups_to_read) = mpsc::unbounded_channel();

        let tasks = TaskTracker::new();
        let outlets = deliveries(&config, (&inbox, &metrics), (&tasks, &ends.deliveries));
        let around = Surroundings {
            letters,
            editions: edited,
            outlets,
            shadow,
            to_read: to_read.clone(),
            metrics: Arc::clone(&metrics),
            clock,
            stop: ends.event_loop.clone(),
        };
        let mut event_loop = tokio::spawn(EventLoop::new(arose, edition, dice.clone(), config.keep, around).run());
        let reading = (Arc::clone(&config), lang);
        tasks.spawn(rosters(reading, inbox.clone(), groups_to_read, ends.deliveries.clone()));
        tasks.spawn(watching.run(in_force, editions, ends.doors.clone()));

        let intake = Intake {
            inbox: inbox.clone(),
            metrics: Arc::clone(&metrics),
            unresolved: Some(to_read),
        };
        dial(&config, &intake, &ends.sockets);
        archives(&config, &intake, (&tasks, &ends.doors));
        let doors = doors(&config, intake, readiness, (ends.sockets.clone(), &dice));
        let serving = web::serve(listener, web::routes(doors), config.limits, metrics, ends.doors.clone());
        let mut serving = tokio::spawn(serving);
        ready.send_replace(Readiness::Ready);
        tracing::info!(%address, "{}", lang.pick("开始接收事件", "taking events in"));
        keyboard(&config, &inbox, lang);

        tokio::select! {
            () = stop.recv() => tracing::info!("{}", lang.pick("正在停止：先做完手上的事", "stopping: what is under way is finished")),
            ended = &mut event_loop => {
                // The loop ends by itself only when the disk fails; nothing may be accepted any more.
                return last_words(ended, lang);
            }
        }
        ready.send_replace(Readiness::Stopping);
        ends.doors.cancel();
        let _ = (&mut serving).await;
        ends.deliveries.cancel();
        tasks.close();
        let _ = tokio::time::timeout(Duration::from_secs(20), tasks.wait()).await;
        ends.sockets.cancel();
        ends.event_loop.cancel();
        last_words(event_loop.await, lang)?;
        let ended = lang.pick("已停止，数据都已落盘", "stopped; everything is on disk");
        tracing::info!("{ended}");
        Ok(())
    }
}

/// What ends each part, in the order of the end.
#[derive(Default)]
struct Ends {
    doors: CancellationToken,
    deliveries: CancellationToken,
    /// WebSockets outlive the deliveries, whose last call goes over them.
    sockets: CancellationToken,
    event_loop: CancellationToken,
}

/// Opens the WebSockets that are ours to open, and opens them again.
fn dial(config: &Config, intake: &Intake, stop: &CancellationToken) {
    for gateway in &config.gateways {
        let socket = Socket::new(Arc::clone(gateway), intake.clone(), clock, stop.clone());
        tokio::spawn(socket.dial());
    }
}

/// Reads the archives of gateways that have one.
fn archives(config: &Config, intake: &Intake, (tasks, stop): (&TaskTracker, &CancellationToken)) {
    let beside = config.places.data.parent().unwrap_or_else(|| Path::new("."));
    for gateway in &config.gateways {
        let kept = beside.join(format!("archive-{}.json", gateway.name()));
        let archive = Archive::new(Arc::clone(gateway), intake.clone(), kept, clock, stop.clone());
        tasks.spawn(archive.run());
    }
}

/// Tells the gateways what groups and people were called when they were last heard of.
pub(super) fn reacquaint(config: &Config, community: &Community) {
    for gateway in &config.gateways {
        let name = gateway.name();
        let groups = community.groups().iter().filter(|(id, _)| id.gateway() == *name);
        for (id, group) in groups {
            gateway.learn_group(id, &group.name);
        }
        // It was logged out when we went down, and nobody has said since that it is back.
        if let Some(presence) = gateway.presence().filter(|_| community.absences().contains_key(name)) {
            presence.set_away(true);
        }
        let accounts = community.all_accounts().filter(|(id, _)| id.gateway() == *name);
        for (id, called) in accounts {
            gateway.learn_person(id, called);
        }
    }
}

/// The listener, or why there is none.
async fn bound(config: &Config, lang: Lang) -> Result<TcpListener, anyhow::Error> {
    let listen = config.listen;
    TcpListener::bind(listen).await.map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::AddrInUse => lang.pick("地址已被占用", "it is taken by another program").to_owned(),
            _ => error.to_string(),
        };
        anyhow::anyhow!(lang.pick(
            format!("无法监听 {listen}（{why}）。请改 [server] listen，或加 --listen。"),
            format!("{listen} cannot be listened on ({why}); change [server] listen, or give --listen"),
        ))
    })
}

/// What stands behind the listener.
fn doors(
    config: &Config,
    intake: Intake,
    readiness: watch::Receiver<Readiness>,
    (sockets_stop, dice): (CancellationToken, &Dice),
) -> Doors {
    let mut doors = Doors::new(config.gateways.clone(), intake, clock);
    let gateways = config.gateways.iter().map(|gateway| gateway.name().clone());
    // The secrets were read when the config was checked.
    let shop = Shop::new(&config.orders, dice.clone(), gateways);
    doors.shop = shop.ok().filter(|_| !config.orders.is_empty());
    doors.limits = config.limits;
    doors.token = config.token.clone();
    doors.tills = config.tills.clone();
    doors.zone = config.zone.clone();
    doors.readiness = readiness;
    doors.stop = sockets_stop;
    doors
}

/// How the event loop ended, in the operator's language.
fn last_words(ended: Result<Result<(), Ended>, tokio::task::JoinError>, lang: Lang) -> Result<(), anyhow::Error> {
    match ended {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Ended::Store(error))) => Err(said(&error, lang)),
        Err(broken) => Err(anyhow::anyhow!(lang.pick(
            format!("事件循环出了故障（{broken}）。请报告；重新启动后从录音继续。"),
            format!("the event loop broke ({broken}); please report it. After a restart it goes on from the recording"),
        ))),
    }
}

fn deliveries(
    config: &Config,
    (inbox, metrics): (&Inbox, &Arc<Metrics>),
    (tasks, stop): (&TaskTracker, &CancellationToken),
) -> Outlets {
    let mut outlets = Outlets::default();
    let gateways = config.gateways.iter();
    let gateways = gateways.map(|it| (Receiver::Gateway(Arc::clone(it)), config.terms(it)));
    let callees = config.calls.iter();
    let callees = callees.map(|it| (Receiver::Callee(Arc::clone(it)), config.call_terms()));
    for (receiver, terms) in gateways.chain(callees) {
        let delivery = Delivery {
            releases: outlets.open(receiver.outlet()),
            receiver,
            shelf: Arc::clone(&config.shelf),
            inbox: inbox.clone(),
            terms,
            metrics: Arc::clone(metrics),
            clock,
            stop: stop.clone(),
        };
        tasks.spawn(delivery.run());
    }
    for gateway in &config.gateways {
        let gateway = Arc::clone(gateway);
        outlets.show(move |release| gateway.committed(&release.action, release.pending.as_ref()));
    }
    outlets
}

/// Reads the member lists at start, every few hours, and when a group asks for it. Many gateways announce no leaves.
///
/// A gateway that does not answer (it may start after us) is asked again soon.
async fn rosters(
    (config, lang): (Arc<Config>, Lang),
    inbox: Inbox,
    mut asked: mpsc::UnboundedReceiver<GroupId>,
    stop: CancellationToken,
) {
    let lists: Vec<Arc<Gateway>> = config
        .gateways
        .iter()
        .filter(|gateway| gateway.capabilities().contains(&Capability::ReadMembers))
        .cloned()
        .collect();
    let mut due = vec![tokio::time::Instant::now(); lists.len()];
    loop {
        let next = due
            .iter()
            .min()
            .copied()
            .unwrap_or_else(|| tokio::time::Instant::now() + config.roster_every);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep_until(next) => {
                for (gateway, due) in lists.iter().zip(&mut due) {
                    if *due <= tokio::time::Instant::now() {
                        let read = read_lists(gateway, &inbox, (None, lang)).await;
                        let rest = if read { config.roster_every.max(ASK_AGAIN) } else { ASK_AGAIN };
                        *due = tokio::time::Instant::now() + rest;
                    }
                }
            }
            group = asked.recv() => {
                let Some(group) = group else { return };
                let mut groups = BTreeSet::from([group]);
                while let Ok(group) = asked.try_recv() {
                    groups.insert(group);
                }
                for gateway in &lists {
                    let theirs: BTreeSet<GroupId> =
                        groups.iter().filter(|group| group.gateway() == *gateway.name()).cloned().collect();
                    if !theirs.is_empty() {
                        read_lists(gateway, &inbox, (Some(&theirs), lang)).await;
                    }
                }
            }
        }
    }
}

/// Reads the lists of some groups, or of all; `false` if the gateway did not answer.
async fn read_lists(gateway: &Gateway, inbox: &Inbox, (only, lang): (Option<&BTreeSet<GroupId>>, Lang)) -> bool {
    let (own, groups) = match (gateway.who_am_i().await, gateway.known(only).await) {
        (Ok(account), Ok(groups)) => (account.person, groups),
        (Err(trouble), _) | (_, Err(trouble)) => {
            tracing::warn!(%trouble, "{}", lang.pick(
                "成员名单读不到，稍后再试",
                "the member lists cannot be read; this is tried again soon",
            ));
            return false;
        }
    };
    let mut all_read = true;
    for known in groups {
        let mut roster = match gateway.roster(&known).await {
            Ok(roster) => roster,
            Err(trouble) => {
                tracing::warn!(group = %known.group, %trouble, "{}", lang.pick(
                    "这个群的成员名单读不到，稍后再试",
                    "a member list cannot be read; this is tried again soon",
                ));
                all_read = false;
                continue;
            }
        };
        // An empty list is a gateway that does not know yet, not a group everybody left.
        if roster.entries.is_empty() {
            continue;
        }
        roster.entries.retain(|entry| entry.person != own);
        if inbox.accept(Letter::Roster(roster)).await.is_err() {
            return false;
        }
    }
    all_read
}

/// Lines typed into a terminal become events.
fn keyboard(config: &Config, inbox: &Inbox, lang: Lang) {
    let terminal = config.gateways.iter().find_map(|gateway| match gateway.as_ref() {
        Gateway::Terminal(terminal) => Some(terminal),
        _ => None,
    });
    let Some(terminal) = terminal else { return };
    anstream::println!("{}", help(lang));
    let typed = typing(terminal, inbox.clone(), lang);
    tokio::spawn(typed);
}

fn typing(terminal: &Terminal, inbox: Inbox, lang: Lang) -> impl Future<Output = ()> + use<> {
    let mut reader = terminal.reader();
    let (lines, mut read) = mpsc::channel::<String>(64);
    // The standard input cannot be read without a thread of its own; it ends with the process.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if lines.blocking_send(line).is_err() {
                return;
            }
        }
    });
    async move {
        let opening = reader.opening(clock());
        if inbox.accept(Letter::Events(opening)).await.is_err() {
            return;
        }
        let mut nth = 0;
        while let Some(line) = read.recv().await {
            nth += 1;
            match reader.read(&line, Arrival { at: clock(), nth }, 0) {
                Ok(Typed::Events(events)) if events.is_empty() => {}
                Ok(Typed::Events(events)) => {
                    if let Err(refused) = inbox.accept(Letter::Events(events)).await {
                        anstream::eprintln!("{}", lang.pick(refused.in_chinese().to_owned(), refused.to_string()));
                    }
                }
                Ok(Typed::Help) => anstream::println!("{}", help(lang)),
                Err(why) => anstream::eprintln!("{}", lang.pick(why.in_chinese(), why.to_string())),
            }
        }
    }
}
