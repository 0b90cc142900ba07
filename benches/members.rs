//! Many members: how long a start takes until reports are taken in, and how much memory the process holds then.
//!
//! `cargo bench --bench members [-- MEMBERS…]`. Asserts no time; prints what it measured. Each figure is that of a fresh
//! process: `qunying run` over a directory that was filled before, and this program standing the community up alone.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a measurement reads the clock and may panic"
)]

#[allow(dead_code, reason = "texts are drawn elsewhere")]
#[path = "crowd/chance.rs"]
mod chance;
#[path = "crowd/cpu.rs"]
mod cpu;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::civil::date;
use qunying::calendar::Birthday;
use qunying::chat::{Event, EventId, Fen, GatewayName, GroupId, Happening, JoinedHow, Moment, OrderId, PersonId};
use qunying::community::Community;
use qunying::community::change::Change;
use qunying::event_loop::{LAYOUT, arise};
use qunying::recording::Record;
use qunying::store::{Places, Store};

use chance::Chance;

/// Members of one group.
const IN_A_GROUP: u64 = 500;
/// After this long without anything to do the memory is read.
const REST: Duration = Duration::from_secs(3);

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fill", dir, members] => fill(Path::new(dir), members.parse().unwrap()),
        ["stand", dir] => stand(Path::new(dir)),
        _ => {
            let wanted: Vec<u64> = words.iter().filter_map(|word| word.parse().ok()).collect();
            let wanted = if wanted.is_empty() {
                vec![0, 100_000, 1_000_000]
            } else {
                wanted
            };
            wanted.into_iter().for_each(measure);
        }
    }
}

/// Where `[store] url = "sled:data"` keeps things.
fn places(dir: &Path) -> Places {
    Places::under(&dir.join("data"))
}

/// Everything about so many members.
fn measure(members: u64) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    ourselves(&["fill", &dir.path().display().to_string(), &members.to_string()]);
    println!(
        "{members} members, {} MB in sled",
        size_of(&places(dir.path()).data) >> 20
    );
    ourselves(&["stand", &dir.path().display().to_string()]);
    let (took, resident) = run(dir.path());
    println!(
        "  qunying run: ready after {:.2} s, {} MB resident{}",
        took.as_secs_f64(),
        resident >> 20,
        per(members, resident)
    );
}

fn per(members: u64, resident: u64) -> String {
    match members {
        0 => String::new(),
        _ => format!(
            ", {:.2} KB a member",
            resident.saturating_sub(40 << 20) as f64 / 1024.0 / members as f64
        ),
    }
}

fn ourselves(words: &[&str]) {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(words)
        .status()
        .unwrap();
    assert!(status.success());
}

/// Members as they are after a year: a name and a card each, three in ten told a birthday, two in ten bought something.
fn fill(dir: &Path, members: u64) {
    let gateway = GatewayName::new("shop");
    let mut community = Community::default();
    let mut chance = Chance(7);
    for number in 0..members {
        let group = GroupId::at(&gateway, &(700_000_001 + number / IN_A_GROUP).to_string());
        let person = PersonId::at(&gateway, &(1_000_000_000 + chance.below(9_000_000_000)).to_string());
        let at = Moment::from_seconds(1_772_323_200 + i64::try_from(number).unwrap());
        let mut told = vec![
            Change::Arrived {
                group: group.clone(),
                person: person.clone(),
                at: Some(at),
                how: JoinedHow::Approved,
                by: None,
                day: None,
            },
            Change::Named {
                person: person.clone(),
                name: format!("山野茶友{number}"),
            },
            Change::CardSet {
                group: group.clone(),
                person: person.clone(),
                card: format!("茶友{number}·老客"),
            },
            Change::Spoke {
                group,
                person: person.clone(),
                at,
                day: None,
            },
        ];
        if chance.below(10) < 3 {
            let birthday = Birthday::told("生日 1992-05-08").unwrap();
            told.push(Change::BirthdaySet {
                person: person.clone(),
                birthday,
            });
        }
        if chance.below(10) < 2 {
            let order = OrderId::new(format!("A{number:08}"));
            told.push(Change::Ordered {
                person,
                order,
                amount: Fen(9_900),
                at,
                day: None,
            });
        }
        told.iter().for_each(|change| drop(community.apply(change)));
    }
    let event = Event {
        id: EventId::new("filled"),
        at: Moment::from_seconds(1_772_323_200),
        happening: Happening::Woke {
            down_since: Moment::START,
        },
    };
    let record = Record::of(event.at, event, Vec::new(), Vec::new());
    let (mut store, _) = Store::open(places(dir), LAYOUT, &mut |_| Ok(Vec::new())).unwrap();
    store.append(date(2026, 3, 1), &[record.body()]).unwrap();
    store.refill(community.all_rows().map(|(key, value)| (key.into_bytes(), value)));
    // Closing waits for seconds, not for a million people.
    while store.applied() < store.last_seq() && store.failure().is_none() {
        std::thread::sleep(REST / 10);
    }
    store.close().unwrap();
}

fn stand(dir: &Path) {
    let began = Instant::now();
    let arose = arise(places(dir)).unwrap();
    println!(
        "  the community stands after {:.2} s, {:.2} s CPU ({:?}), {} people, {} MB resident",
        began.elapsed().as_secs_f64(),
        cpu::seconds(),
        arose.start.how,
        arose.community.people().len(),
        resident(std::process::id()) >> 20
    );
    // Taking it apart would only cost time.
    std::mem::forget(arose);
}

/// Starts the bot itself; how long until it is ready, and what it holds after a rest.
fn run(dir: &Path) -> (Duration, u64) {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = format!(
        "[server]\nlisten = \"{free}\"\n[store]\nurl = \"sled:data\"\n[playbooks]\ndir = \"{}/playbooks\"\n[gateway.shop]\nkind = \"onebot11\"\napi = \"http://127.0.0.1:9\"\n",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::write(dir.join("config.toml"), config).unwrap();
    let began = Instant::now();
    let mut bot = Command::new(env!("CARGO_BIN_EXE_qunying"))
        .args(["run", "--config", "config.toml"])
        .current_dir(dir)
        .env("QUNYING_LOG", "error")
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    while !is_ready(free) {
        assert!(bot.try_wait().unwrap().is_none(), "the bot ended");
        std::thread::sleep(Duration::from_millis(5));
    }
    let took = began.elapsed();
    std::thread::sleep(REST);
    let resident = resident(bot.id());
    end(&mut bot);
    (took, resident)
}

fn is_ready(address: SocketAddr) -> bool {
    let mut answer = [0; 16];
    TcpStream::connect(address).is_ok_and(|mut stream| {
        stream
            .write_all(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            .is_ok()
            && stream.read_exact(&mut answer).is_ok()
            && answer.starts_with(b"HTTP/1.1 200")
    })
}

fn end(bot: &mut Child) {
    bot.kill().unwrap();
    bot.wait().unwrap();
}

/// Resident memory of a process in bytes, as the system tells it in pages of 4 KiB.
fn resident(process: u32) -> u64 {
    let pages = std::fs::read_to_string(format!("/proc/{process}/statm")).unwrap_or_default();
    pages
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok())
        .unwrap_or(0)
        << 12
}

fn size_of(dir: &Path) -> u64 {
    walkdir::WalkDir::new(dir)
        .into_iter()
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .map(|data| data.len())
        .sum()
}
