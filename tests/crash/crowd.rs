//! Members who all talk at once, and repeat themselves: every fifth report has been posted before.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::camp::SHOP_SECRET;
use super::chance::Chance;

/// One report, as it is posted: as often as need be, always the same.
#[derive(Clone, Debug)]
pub struct Report {
    gateway: &'static str,
    webhook_id: String,
    body: String,
    /// The ids its events have in the recording.
    pub events: Vec<String>,
}

/// What the crowd did.
#[derive(Debug, Default)]
pub struct Tally {
    pub acknowledged: Mutex<BTreeSet<String>>,
    pub posted: AtomicUsize,
    pub repeated: AtomicUsize,
    pub turned_away: AtomicUsize,
    pub answers: AtomicUsize,
}

/// Members at their telephones.
#[derive(Debug)]
pub struct Crowd {
    pub tally: Arc<Tally>,
    address: watch::Sender<Option<SocketAddr>>,
    tasks: JoinSet<()>,
}

/// What all members draw from.
#[derive(Debug)]
struct Plot {
    chance: Mutex<Chance>,
    next: AtomicU64,
    told: Mutex<Vec<Report>>,
    groups: u64,
}

impl Crowd {
    /// So many at once, in so many groups. They wait until there is an address.
    pub fn gather(size: usize, groups: u64, purpose: u64) -> Self {
        let tally = Arc::new(Tally::default());
        let address = watch::Sender::new(None);
        let plot = Arc::new(Plot {
            chance: Mutex::new(Chance::of(purpose)),
            next: AtomicU64::new(1),
            told: Mutex::default(),
            groups,
        });
        let mut tasks = JoinSet::new();
        for _ in 0..size {
            tasks.spawn(talk(Arc::clone(&plot), Arc::clone(&tally), address.subscribe()));
        }
        Self { tally, address, tasks }
    }

    /// The bot listens there now.
    pub fn go(&self, address: SocketAddr) {
        self.address.send_replace(Some(address));
    }

    /// The bot listens nowhere.
    pub fn rest(&self) {
        self.address.send_replace(None);
    }

    /// Events acknowledged so far.
    pub fn acknowledged(&self) -> BTreeSet<String> {
        self.tally.acknowledged.lock().unwrap().clone()
    }

    /// Successful answers so far, repetitions counted.
    pub fn answers(&self) -> usize {
        self.tally.answers.load(Ordering::SeqCst)
    }

    /// Everybody falls silent.
    pub async fn go_home(mut self) -> Arc<Tally> {
        self.tasks.shutdown().await;
        self.tally
    }
}

async fn talk(plot: Arc<Plot>, tally: Arc<Tally>, mut address: watch::Receiver<Option<SocketAddr>>) {
    let mut at = None;
    let mut client = client();
    loop {
        let Ok(there) = address.wait_for(Option::is_some).await.map(|there| *there) else {
            return;
        };
        if at != there {
            // Connections of an earlier life are of no use.
            (at, client) = (there, self::client());
        }
        let (report, again) = plot.next();
        tally.posted.fetch_add(1, Ordering::SeqCst);
        tally.repeated.fetch_add(usize::from(again), Ordering::SeqCst);
        match post(&client, there.unwrap(), &report).await {
            Some(200) => {
                tally.acknowledged.lock().unwrap().extend(report.events.iter().cloned());
                tally.answers.fetch_add(1, Ordering::SeqCst);
            }
            Some(503) => {
                tally.turned_away.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Some(other) => panic!("{other} for {}", report.body),
            // Killed under our hands, or not up yet: nobody knows what became of it.
            None => tokio::time::sleep(Duration::from_millis(2)).await,
        }
    }
}

/// A client without proxies and patience.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(60))
        .build()
        .unwrap()
}

/// Posts once. `None`: no answer came.
pub async fn post(client: &reqwest::Client, address: SocketAddr, report: &Report) -> Option<u16> {
    let seconds = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs()
        .to_string();
    let mut request = client
        .post(match report.gateway {
            "orders" => format!("http://{address}/orders"),
            gateway => format!("http://{address}/hooks/{gateway}"),
        })
        .body(report.body.clone());
    request = request
        .header("webhook-id", &report.webhook_id)
        .header("webhook-timestamp", &seconds);
    if matches!(report.gateway, "shop" | "orders") {
        let signed = format!("{}.{seconds}.{}", report.webhook_id, report.body);
        request = request.header("webhook-signature", signature(&signed));
    }
    request.send().await.ok().map(|answer| answer.status().as_u16())
}

fn signature(signed: &str) -> String {
    let key = STANDARD.decode(SHOP_SECRET.trim_start_matches("whsec_")).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(signed.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// A report of `gateway` that holds one event (an object with an `id`) or several.
pub fn report(webhook_id: &str, events: &[Value]) -> Report {
    let ids = events
        .iter()
        .map(|event| format!("camp/{}", event["id"].as_str().unwrap()))
        .collect();
    let body = if let [event] = events {
        event.to_string()
    } else {
        Value::from(events).to_string()
    };
    Report {
        gateway: "camp",
        webhook_id: webhook_id.to_owned(),
        body,
        events: ids,
    }
}

/// Somebody says something in a group.
pub fn says(id: &str, group: u64, person: &str, text: &str) -> Value {
    let group = format!("g{group}");
    json!({"type": "message", "id": id, "group": group, "person": person, "name": person, "text": text})
}

/// Money came in at the shop; the event's id follows from the webhook's.
pub fn paid(webhook_id: &str, order: &str, person: &str, amount: &str) -> Report {
    let body = json!({"type": "order_paid", "order": order, "person": person, "amount": amount}).to_string();
    let events = vec![format!("shop/{webhook_id}/0")];
    Report {
        gateway: "shop",
        webhook_id: webhook_id.to_owned(),
        body,
        events,
    }
}

/// An order told by `POST /orders`, placed with a phone.
pub fn ordered(webhook_id: &str, order: &str, phone: &str, amount: &str) -> Report {
    let body = json!({"order": order, "kind": "paid", "phone": phone, "amount": amount}).to_string();
    Report {
        gateway: "orders",
        webhook_id: webhook_id.to_owned(),
        body,
        events: vec![format!("orders/{order}/paid")],
    }
}

impl Plot {
    /// The next report, and whether it has been posted before.
    fn next(&self) -> (Report, bool) {
        let mut chance = self.chance.lock().unwrap();
        let mut told = self.told.lock().unwrap();
        if !told.is_empty() && chance.percent(20) {
            // Half of the repetitions are of something just posted, perhaps still under way.
            let recent = if chance.percent(50) { 16 } else { u64::MAX };
            let place = chance.below((told.len() as u64).min(recent));
            let place = told.len() - 1 - usize::try_from(place).unwrap();
            return (told[place].clone(), true);
        }
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let report = self.invent(&mut chance, number);
        told.push(report.clone());
        (report, false)
    }

    fn invent(&self, chance: &mut Chance, number: u64) -> Report {
        let (id, group) = (format!("e{number}"), chance.below(self.groups));
        let person = format!("p{}", chance.below(150));
        let say = |text: &str| report(&id, &[says(&id, group, &person, text)]);
        match chance.below(100) {
            0..25 => say("领券"),
            25..31 => say("预算券"),
            31..40 => say("每日券"),
            40..52 => say("提醒我"),
            52..64 => {
                let (group, person) = (format!("g{group}"), format!("n{number}"));
                report(
                    &id,
                    &[json!({"type": "joined", "id": id, "group": group, "person": person, "name": person})],
                )
            }
            64..74 => {
                let amount = format!("{}.{:02}", chance.below(500), number % 100);
                paid(&format!("w{number}"), &format!("o{number}"), &person, &amount)
            }
            // The same order told as another event: it must count once all the same.
            74..78 => paid(
                &format!("w{number}"),
                &format!("o{}", 1 + chance.below(number)),
                &person,
                "1.00",
            ),
            78..81 => report(&id, &[says(&id, group % 60, "boss", "给群起名")]),
            81..86 => report(
                &id,
                &[says(&id, group % 60, &person, &format!("起名 营地{}", number % 7))],
            ),
            86..92 => report(&id, &[says(&id, group % 60, &person, "投1")]),
            92..96 => {
                let events: Vec<Value> = (0..3)
                    .map(|nth| {
                        says(
                            &format!("{id}-{nth}"),
                            group,
                            &format!("p{}", chance.below(150)),
                            "领券",
                        )
                    })
                    .collect();
                report(&id, &events)
            }
            _ => say("今天天气不错"),
        }
    }
}
