//! Modelled power loss: of what was written since the last sync, each 4 KiB page survives or not, by chance.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use super::camp::Camp;
use super::chance::Chance;
use super::crowd::Crowd;
use super::kills::{at_rest, calls, last_life, one_life};
use super::receiver::{Mood, Receiver};
use super::recount::Recount;
use super::rounds;
use super::shim::{Disk, names_are_sure, power_loss};

/// Lives of one community before another is begun: first creation is the time of most files.
const LIVES: usize = 5;

/// What became of one community.
#[derive(Debug, Default)]
struct Came {
    acknowledged: usize,
    posted: usize,
    records: u64,
    losses: usize,
}

/// A community's few lives, each ended by a kill, most of them by a loss of power as well.
async fn lives(number: u64, count: usize) -> Came {
    let receiver = Receiver::open(Mood::Moody).await;
    let camp = Camp::pitch(&receiver.address);
    if number % 2 == 1 {
        camp.tell_secret();
    }
    let disk = Disk::remembering(&camp).expect("asked before");
    let crowd = Crowd::gather(8, 200, 1_000 + number);
    let mut chance = Chance::of(2_000 + number);
    let mut settled = BTreeSet::new();
    let mut losses = 0;
    for life in 0..count {
        receiver.new_life(std::mem::take(&mut settled));
        names_are_sure(&camp);
        one_life(&camp, disk.environment(), &crowd, &mut chance).await;
        // In every fifth case the machine goes on: then what was written and not synced is the next life's to sync.
        if !chance.percent(20) {
            let percent = [0, 20, 50, 80, 100][usize::try_from(chance.below(5)).unwrap()];
            power_loss(&camp, percent, &mut chance);
            losses += 1;
        }
        // What an unfinished batch left is not cut off yet, and what was never acknowledged may be gone: counted anew.
        let mut recount = Recount::of(&camp.recording());
        recount.holds(&crowd.acknowledged());
        recount.knows(receiver.heard().keys());
        assert_eq!(recount.faults, [], "community {number}, life {life}");
        assert_eq!(receiver.faults(), [], "community {number}, life {life}");
        settled = recount.settled;
    }
    let acknowledged = crowd.acknowledged();
    let tally = crowd.go_home().await;
    receiver.new_life(settled);
    let mut recount = Recount::default();
    last_life(&camp, &receiver, &mut recount).await;
    at_rest(&camp, &mut recount);
    recount.holds(&acknowledged);
    recount.delivered(&calls(receiver.heard()));
    assert_eq!(
        (recount.faults, receiver.faults()),
        (Vec::new(), Vec::new()),
        "community {number}, at the end"
    );
    Came {
        acknowledged: acknowledged.len(),
        posted: tally.posted.load(Ordering::SeqCst),
        records: recount.records,
        losses,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_the_loss_of_power() {
    if super::shim::library().is_none() {
        return;
    }
    let wanted = rounds(25);
    let mut came = Came::default();
    for number in 0..wanted.div_ceil(LIVES) {
        let next = lives(number as u64, LIVES.min(wanted - number * LIVES)).await;
        came.acknowledged += next.acknowledged;
        came.posted += next.posted;
        came.records += next.records;
        came.losses += next.losses;
    }
    println!(
        "power lost {} times in {wanted} lives: {came:?}; 0 lost, 0 doubled",
        came.losses
    );
}
