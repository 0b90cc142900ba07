//! Same recording, same playbooks, same secret: the same changes and actions, byte for byte. A real bot is lived through
//! three lives (two ended by SIGKILL) under changing languages and time zones, its playbooks are edited while it runs, and
//! what it recorded is then decided again by the engine alone.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may panic")]
#![allow(
    dead_code,
    reason = "the camp and the crowd are those of tests/crash.rs, which uses all of them"
)]

use std::path::Path;

use qunying::chat::{Happening, Moment};
use qunying::community::Community;
use qunying::config::Config;
use qunying::engine::{Dice, due_event, step};
use qunying::playbook::{self, Playbooks, Source};
use qunying::recording::Record;

#[path = "crash/camp.rs"]
mod camp;
#[path = "crash/chance.rs"]
mod chance;
#[path = "crash/crowd.rs"]
mod crowd;
#[path = "crash/fault.rs"]
mod fault;
#[path = "crash/receiver.rs"]
mod receiver;
#[path = "crash/sheet.rs"]
mod sheet;

use camp::{Bot, Camp};
use crowd::Crowd;
use receiver::{Mood, Receiver};

/// Waits for a condition, looking again and again; nothing depends on how long each look takes.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..30_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    panic!("waited in vain until {what}");
}

/// Surroundings that must not matter.
const PLACES: [[(&str, &str); 4]; 3] = [
    [
        ("LANG", "zh_CN.UTF-8"),
        ("LC_ALL", "zh_CN.UTF-8"),
        ("TZ", "Asia/Shanghai"),
        ("AAA", "1"),
    ],
    [
        ("TZ", "America/New_York"),
        ("ZZZ", "2"),
        ("LC_ALL", "C"),
        ("LANG", "de_DE"),
    ],
    [
        ("AAA", "3"),
        ("TZ", "Pacific/Kiritimati"),
        ("LANG", ""),
        ("LC_ALL", "tr_TR.UTF-8"),
    ],
];

fn surroundings(nth: usize) -> Vec<(String, String)> {
    PLACES[nth]
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The bodies of a recording, each as it was written: the line without its checksum, version, number and batch. A line
/// that is being written while we look has no end yet, and does not count.
fn bodies(dir: &Path) -> Vec<String> {
    let mut bodies = Vec::new();
    for file in sheet::files(dir) {
        let text = std::fs::read(file).unwrap();
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        for line in str::from_utf8(&text[..whole]).unwrap().lines() {
            let at = line.find("\"now\":").unwrap();
            bodies.push(format!("{{{}", &line[at..]));
        }
    }
    bodies
}

/// The engine alone, fed what a recording says came from outside.
struct Again {
    books: Playbooks,
    community: Community,
    dice: Dice,
    written: Vec<String>,
    woke_at: Option<Moment>,
}

impl Again {
    /// As a recording and the config it was made under say.
    fn of(camp: &Camp) -> Vec<String> {
        let config = Config::read(&camp.at("config.toml")).unwrap();
        let secret = std::fs::read_to_string(camp.at("kept/data/secret"))
            .or_else(|_| std::fs::read_to_string(camp.at("kept/secret")));
        let nothing = playbook::read(&[], config.house()).sound().unwrap();
        let mut again = Self {
            books: nothing,
            community: Community::default(),
            dice: Dice::of(secret.unwrap().trim().as_bytes()),
            written: Vec::new(),
            woke_at: None,
        };
        for body in bodies(&camp.recording()) {
            again.feed(Record::read(&body).unwrap(), &config);
        }
        again.written
    }

    fn feed(&mut self, told: Record, config: &Config) {
        match &told.event.happening {
            // Made anew from the agenda, before whatever comes after it.
            Happening::CameDue { .. } => return self.ring(told.now),
            Happening::Woke { down_since } => {
                self.ring(*down_since);
                self.woke_at = Some(told.now);
            }
            Happening::PlaybooksInForce { sources, .. } => {
                // Playbooks edited while the process was down decide the timers it missed.
                if self.woke_at != Some(told.now) {
                    self.ring(told.now);
                }
                let sources: Vec<Source> = sources
                    .iter()
                    .map(|it| Source {
                        name: it.name.clone(),
                        text: it.text.clone(),
                    })
                    .collect();
                self.books = playbook::read(&sources, config.house()).sound().unwrap();
            }
            _ => self.ring(told.now),
        }
        let event = told.event;
        let decision = step(&self.books, &mut self.community, &event, told.now, &self.dice).decision;
        self.written
            .push(Record::of(told.now, event, decision.changes, decision.actions).body());
    }

    /// Every timer due until then, each at its own time, or at the clock's if that is later.
    fn ring(&mut self, until: Moment) {
        while let Some((due, key, entry)) = self.community.next_due().filter(|(due, _, _)| *due <= until) {
            let event = due_event(&self.community, due, key, &entry.what);
            let now = due.max(self.community.now());
            let decision = step(&self.books, &mut self.community, &event, now, &self.dice).decision;
            assert!(!decision.changes.is_empty(), "{} fired twice", event.id.as_str());
            self.written
                .push(Record::of(now, event, decision.changes, decision.actions).body());
        }
    }
}

fn records(camp: &Camp) -> usize {
    bodies(&camp.recording()).len()
}

/// Reminders are worded otherwise from now on.
fn reword(camp: &Camp, words: &str) {
    let file = camp.at("playbooks/camp.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("时间到", words).replace("到点啦", words)).unwrap();
}

/// Some more events, then an edit of the playbooks under the running bot, then some more.
async fn live(bot: &mut Bot, camp: &Camp, crowd: &Crowd, edit: Option<&str>) {
    crowd.go(bot.ready().await);
    let enough = crowd.answers() + 60;
    until("enough events are acknowledged", || crowd.answers() >= enough).await;
    if let Some(words) = edit {
        reword(camp, words);
        let sets = |camp: &Camp| {
            bodies(&camp.recording())
                .iter()
                .filter(|body| body.contains("playbooks_in_force"))
                .count()
        };
        let before = sets(camp);
        until("the edited playbooks are in force", || sets(camp) > before).await;
    }
    let enough = crowd.answers() + 60;
    until("enough events are acknowledged", || crowd.answers() >= enough).await;
    let timers = |camp: &Camp| {
        bodies(&camp.recording())
            .iter()
            .filter(|body| body.contains("\"came_due\""))
            .count()
    };
    let before = timers(camp);
    until("a timer has come in this life", || timers(camp) > before).await;
}

/// A camp that has lived, and rests. `edits` are made while each life goes on, `while_down` before the last.
async fn lived(edits: [Option<&str>; 3], while_down: Option<&str>) -> Camp {
    let receiver = Receiver::open(Mood::Moody).await;
    let camp = Camp::pitch(&receiver.address);
    let crowd = Crowd::gather(6, 60, 9);
    for (nth, edit) in edits.into_iter().enumerate() {
        receiver.new_life(Default::default());
        if let Some(words) = while_down.filter(|_| nth == 2) {
            reword(&camp, words);
        }
        let mut bot = camp.run(&surroundings(nth));
        live(&mut bot, &camp, &crowd, edit).await;
        crowd.rest();
        if nth < 2 {
            bot.kill();
        } else {
            receiver.turn(Mood::Well);
            assert!(bot.stop().await.success());
        }
    }
    crowd.go_home().await;
    camp
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_recording_decided_again_is_the_same_byte_for_byte() {
    let camp = lived([None, Some("到点啦"), None], Some("别忘了")).await;
    let told = bodies(&camp.recording());
    let again = Again::of(&camp);
    for (nth, (told, again)) in told.iter().zip(&again).enumerate() {
        assert_eq!(told, again, "record {}", nth + 1);
    }
    assert_eq!(told.len(), again.len());
    for what in [
        "came_due",
        "woke",
        "delivered",
        "coupon_given",
        "playbooks_in_force",
        "order_paid",
        "vote_opened",
    ] {
        assert!(
            told.iter().any(|body| body.contains(&format!("\"{what}\""))),
            "no {what} among {} records",
            told.len()
        );
    }
    println!("{} records decided again: the same bytes", told.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn language_zone_and_environment_change_nothing_in_a_dry_run() {
    let camp = lived([None, None, None], None).await;
    let recording = camp.recording().display().to_string();
    let mut outputs = Vec::new();
    for nth in 0..PLACES.len() {
        let words = [
            "dry-run",
            &recording,
            "--format",
            "json",
            "--live-dice",
            "--show",
            "events",
            "--lang",
            "zh",
        ];
        let mut command = camp.qunying(&words);
        command.env_clear().envs(surroundings(nth));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        outputs.push(String::from_utf8(output.stdout).unwrap());
    }
    assert!(
        outputs.iter().all(|output| *output == outputs[0]),
        "a rehearsal depends on its surroundings"
    );
    // The community's own dice were thrown, so every code given live is given again.
    let codes: Vec<String> = bodies(&camp.recording())
        .iter()
        .map(|body| serde_json::from_str::<serde_json::Value>(body).unwrap())
        .flat_map(|record| record["changes"].as_array().cloned().unwrap_or_default())
        .filter_map(|change| change["coupon_given"]["coupon"]["code"].as_str().map(str::to_owned))
        .collect();
    assert!(codes.len() > 20, "{}", codes.len());
    for code in &codes {
        assert!(
            outputs[0].contains(code),
            "{code} was given live and is missing in the rehearsal"
        );
    }
    println!(
        "{} records rehearsed three times: the same bytes, with all {} coupons",
        records(&camp),
        codes.len()
    );
}
