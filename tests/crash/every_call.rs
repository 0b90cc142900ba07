//! Killed at the n-th call that writes, syncs or names; and that call failing instead. Over a start, some events and a
//! stop, from an empty directory and from one left by a kill.

use std::collections::BTreeSet;

use super::camp::{Bot, Camp, copy_dir};
use super::crowd::{Report, client, paid, post, report, says};
use super::kills::at_rest;
use super::receiver::{Mood, Receiver};
use super::recount::Recount;
use super::rounds;
use super::shim::{Disk, counted};

/// What happens in one small life.
pub fn reports(life: u64) -> Vec<Report> {
    let id = |nth: u64| format!("s{life}-{nth}");
    let mut reports: Vec<Report> = (0..4)
        .map(|nth| report(&id(nth), &[says(&id(nth), nth, &format!("p{nth}"), "领券")]))
        .collect();
    reports.push(report(&id(4), &[says(&id(4), 40, "p1", "提醒我")]));
    reports.push(paid(&format!("w{life}"), &format!("o{life}"), "p1", "12.30"));
    let three: Vec<_> = (5..8).map(|nth| says(&id(nth), nth, "p2", "预算券")).collect();
    reports.push(report(&id(5), &three));
    reports
}

/// Posts everything to a bot that may die meanwhile; gives what was acknowledged.
pub async fn post_all(bot: &mut Bot, reports: &[Report]) -> BTreeSet<String> {
    let mut acknowledged = BTreeSet::new();
    let Some(address) = bot.ready_or_gone().await else {
        return acknowledged;
    };
    let client = client();
    for report in reports {
        match post(&client, address, report).await {
            Some(200) => acknowledged.extend(report.events.iter().cloned()),
            Some(503) | None => {}
            Some(other) => panic!("{other}"),
        }
    }
    acknowledged
}

/// Begins a life under a disk that strikes; the bot is gone when this returns.
async fn struck(camp: &Camp, disk: &Disk, reports: &[Report]) -> BTreeSet<String> {
    let mut bot = camp.run(disk.environment());
    let acknowledged = post_all(&mut bot, reports).await;
    if bot.ended().is_none() {
        let _status = bot.stop().await;
    }
    acknowledged
}

/// The life after: it starts by itself, takes everything again, and all is there once.
async fn afterwards(camp: &Camp, reports: &[Report], acknowledged: &BTreeSet<String>, what: &str) {
    let mut bot = camp.run(&[]);
    let all = post_all(&mut bot, reports).await;
    assert_eq!(
        all.len(),
        reports.iter().map(|report| report.events.len()).sum::<usize>(),
        "{what}: {}",
        bot.words()
    );
    assert!(bot.stop().await.success(), "{what}");
    let mut recount = Recount::default();
    at_rest(camp, &mut recount);
    recount.holds(acknowledged);
    recount.holds(&all);
    assert_eq!(recount.faults, [], "{what}");
}

/// A directory as a kill left it, with something to replay and something to send.
async fn dirty(receiver: &Receiver) -> (Camp, BTreeSet<String>) {
    let camp = Camp::pitch(&receiver.address);
    let mut bot = camp.run(&[]);
    let acknowledged = post_all(&mut bot, &reports(900)).await;
    assert!(!acknowledged.is_empty());
    bot.kill();
    (camp, acknowledged)
}

/// A fresh copy of where each strike begins.
fn start_from(receiver: &Receiver, dirty: Option<&Camp>) -> Camp {
    let camp = Camp::pitch(&receiver.address);
    if let Some(dirty) = dirty {
        copy_dir(&dirty.kept(), &camp.kept());
    }
    camp
}

/// How many watched calls a whole small life makes.
async fn calls_in_a_life(receiver: &Receiver, dirty: Option<&Camp>) -> u64 {
    let camp = start_from(receiver, dirty);
    let count = camp.at("count");
    let disk = Disk::of(&camp).expect("asked before").with("COUNT", count.display());
    struck(&camp, &disk, &reports(1)).await;
    counted(&count)
}

/// Strikes at some calls (at all of them if enough kills are asked for) and looks at what is left.
async fn at_every_call(begin_dirty: bool, points: usize, hows: &[&[(&str, &str)]]) {
    if super::shim::library().is_none() {
        return;
    }
    let receiver = Receiver::open(Mood::Well).await;
    let before = if begin_dirty {
        Some(dirty(&receiver).await)
    } else {
        None
    };
    let before_camp = before.as_ref().map(|(camp, _)| camp);
    let calls = calls_in_a_life(&receiver, before_camp).await;
    let stride = calls.div_ceil(rounds(points) as u64).max(1);
    let mut struck_at = 0;
    for (turn, nth) in (1..=calls).step_by(usize::try_from(stride).unwrap()).enumerate() {
        // With a stride of one every way is tried at every call, else they take turns.
        let ways = if stride == 1 { hows.len() } else { 1 };
        for way in 0..ways {
            let how = hows[(turn + way) % hows.len()];
            let camp = start_from(&receiver, before_camp);
            let mut disk = Disk::of(&camp).expect("asked before");
            for (name, value) in how {
                disk = disk.with(
                    name,
                    if *value == "n" {
                        nth.to_string()
                    } else {
                        (*value).to_owned()
                    },
                );
            }
            let reports = reports(1);
            let mut acknowledged = struck(&camp, &disk, &reports).await;
            acknowledged.extend(before.iter().flat_map(|(_, acknowledged)| acknowledged.clone()));
            afterwards(
                &camp,
                &reports,
                &acknowledged,
                &format!("call {nth} of {calls}, {how:?}, dirty: {begin_dirty}"),
            )
            .await;
            struck_at += 1;
        }
    }
    println!("struck {struck_at} times over {calls} calls (dirty: {begin_dirty}): nothing lost");
}

const KILLS: [&[(&str, &str)]; 3] = [
    &[("KILL_AT", "n"), ("KILL_HOW", "before")],
    &[("KILL_AT", "n"), ("KILL_HOW", "torn")],
    &[("KILL_AT", "n"), ("KILL_HOW", "after")],
];

/// EIO is 5, ENOSPC 28.
const FAILURES: [&[(&str, &str)]; 2] = [
    &[("FAIL_AT", "n"), ("FAIL_WITH", "5")],
    &[("FAIL_AT", "n"), ("FAIL_WITH", "28")],
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_call_from_an_empty_directory_loses_nothing() {
    at_every_call(false, 20, &KILLS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_call_from_a_directory_a_kill_left_loses_nothing() {
    at_every_call(true, 20, &KILLS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_call_that_fails_loses_nothing() {
    at_every_call(false, 14, &FAILURES).await;
    at_every_call(true, 14, &FAILURES).await;
}
