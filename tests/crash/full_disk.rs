//! A disk that is full for a while: nothing is accepted, nothing acknowledged is lost, and afterwards the same process
//! accepts again.

use std::collections::BTreeSet;

use super::camp::Camp;
use super::crowd::{client, post, report, says};
use super::every_call::{post_all, reports};
use super::kills::{at_rest, calls, last_life};
use super::receiver::{Mood, Receiver};
use super::recount::Recount;
use super::rounds;
use super::shim::{Disk, counted};
use super::until;

/// Fills the disk at the `nth` call after the bot is up, and frees it once something was turned away.
async fn full_from(nth: u64) {
    let receiver = Receiver::open(Mood::Well).await;
    let camp = Camp::pitch(&receiver.address);
    let (count, over) = (camp.at("count"), camp.at("over"));
    let up = {
        let disk = Disk::of(&camp).expect("asked before").with("COUNT", count.display());
        let mut bot = camp.run(disk.environment());
        bot.ready().await;
        let up = counted(&count);
        assert!(bot.stop().await.success());
        std::fs::remove_file(&count).unwrap();
        up
    };
    // A start from a clean directory makes fewer calls than the first one, so the disk is surely full later than that.
    let disk = Disk::of(&camp)
        .expect("asked before")
        .with("COUNT", count.display())
        .with("FAIL_AT", up + nth)
        .with("FAIL_WITH", 28)
        .with("FAIL_UNTIL", over.display());
    let mut bot = camp.run(disk.environment());
    let address = bot.ready().await;
    let client = client();
    let mut acknowledged = BTreeSet::new();
    let mut turned_away = Vec::new();
    for life in 0..400 {
        for report in reports(life) {
            match post(&client, address, &report).await {
                Some(200) => acknowledged.extend(report.events.iter().cloned()),
                Some(503) => turned_away.push(report),
                other => panic!("call {nth}: {other:?}\n{}", bot.words()),
            }
        }
        if !turned_away.is_empty() {
            break;
        }
    }
    assert!(!turned_away.is_empty(), "the disk was never full");
    let mut recount = Recount::of(&camp.recording());
    recount.holds(&acknowledged);
    recount.knows(receiver.heard().keys());
    assert_eq!(recount.faults, [], "while it was full");
    std::fs::write(&over, "").unwrap();
    // It looks for room by itself every two seconds; until then it says 503.
    for report in &turned_away {
        let mut status = None;
        for _ in 0..1_000 {
            status = post(&client, address, report).await;
            if status != Some(503) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(status, Some(200), "call {nth}: {}", bot.words());
        acknowledged.extend(report.events.iter().cloned());
    }
    assert!(bot.ended().is_none(), "it is the same process");
    let _its_derived_state_may_have_fallen_behind = bot.stop().await;
    receiver.new_life(Recount::of(&camp.recording()).settled);
    let mut recount = Recount::default();
    last_life(&camp, &receiver, &mut recount).await;
    at_rest(&camp, &mut recount);
    recount.holds(&acknowledged);
    recount.knows(receiver.heard().keys());
    recount.delivered(&calls(receiver.heard()));
    assert_eq!(
        (recount.faults, receiver.faults()),
        (Vec::new(), Vec::new()),
        "call {nth}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_full_disk_the_same_process_accepts_again() {
    if super::shim::library().is_none() {
        return;
    }
    for round in 0..rounds(3) as u64 {
        full_from(1 + round * 7).await;
    }
}

/// The disk is full while the bot wakes up with timers that fell due: nothing it could not record is sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_at_the_start_sends_nothing_it_did_not_record() {
    if super::shim::library().is_none() {
        return;
    }
    let receiver = Receiver::open(Mood::Well).await;
    let camp = Camp::pitch(&receiver.address);
    let mut bot = camp.run(&[]);
    // Only the reminder is under way: another action would be asked for first and hold the deliverer up.
    let reminder = [report("w1", &[says("r1", 1, "p1", "提醒我")])];
    let acknowledged = post_all(&mut bot, &reminder).await;
    bot.kill();
    let first = Recount::of(&camp.recording());
    let due = *first.agenda().values().min().expect("a reminder stands");
    until("the reminder is due", || {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::SystemTime::UNIX_EPOCH)
            .unwrap();
        now.as_millis() > u128::try_from(due).unwrap()
    })
    .await;
    let mut struck = 0;
    for nth in 1..60 {
        // A far end of its own: what it hears can only be from this life.
        let receiver = Receiver::open(Mood::Well).await;
        let life = Camp::pitch(&receiver.address);
        super::camp::copy_dir(&camp.kept(), &life.kept());
        let over = life.at("over");
        let disk = Disk::of(&life).expect("asked before");
        let disk = disk
            .with("FAIL_AT", nth)
            .with("FAIL_WITH", 28)
            .with("FAIL_UNTIL", over.display());
        let mut bot = life.run(disk.environment());
        let Some(address) = bot.ready_or_gone().await else {
            continue;
        };
        // The answer tells that the bot has been through its waking up; what it let go then is on its way.
        let status = post(&client(), address, &reports(2)[0]).await;
        for _ in 0..100 {
            if receiver
                .heard()
                .keys()
                .any(|action| !first.actions.contains_key(action))
            {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        bot.kill();
        let mut recount = Recount::of(&life.recording());
        recount.holds(&acknowledged);
        recount.knows(receiver.heard().keys());
        assert_eq!(recount.faults, [], "full from call {nth}, {status:?}");
        struck += 1;
        if status == Some(200) {
            break;
        }
    }
    assert!(struck > 0, "no start went far enough");
}
