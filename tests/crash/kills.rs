//! SIGKILL at random moments under load, again and again on the same directory.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::camp::Camp;
use super::chance::Chance;
use super::crowd::Crowd;
use super::fault::Fault;
use super::receiver::{Answer, Heard, Mood, Receiver};
use super::recount::Recount;
use super::{kills_wanted, until};

/// The calls of each action.
pub fn calls(heard: BTreeMap<String, Heard>) -> BTreeMap<String, Vec<(u32, Answer)>> {
    heard.into_iter().map(|(action, heard)| (action, heard.calls)).collect()
}

/// One life of the bot, and its end: in every fourth case within 50 ms of its start, otherwise after some answers.
pub async fn one_life(camp: &Camp, disk: &[(String, String)], crowd: &Crowd, chance: &mut Chance) {
    let mut bot = camp.run(disk);
    if chance.percent(25) {
        // The length is the fault itself; nothing is waited for.
        tokio::time::sleep(Duration::from_micros(chance.below(50_000))).await;
    } else {
        crowd.go(bot.ready().await);
        let enough = crowd.answers() + usize::try_from(chance.below(90)).unwrap();
        until("enough events are acknowledged", || crowd.answers() >= enough).await;
        tokio::time::sleep(Duration::from_micros(chance.below(4_000))).await;
    }
    bot.kill();
    crowd.rest();
}

/// Timers and actions that have not come to their end.
fn still_to_come(recount: &Recount) -> usize {
    let soon = recount.now() + 3_600_000;
    let timers = recount.agenda().values().filter(|due| **due < soon).count();
    // What renames and was in doubt at a kill waits for somebody to decide: nobody repeats it blindly.
    let in_doubt =
        |action: &String| recount.actions[action] == "rename_group" && recount.waiting[action].state == "unknown";
    timers + recount.waiting.keys().filter(|action| !in_doubt(action)).count()
}

/// A last life in which everything that is waiting comes to its end.
pub async fn last_life(camp: &Camp, receiver: &Receiver, recount: &mut Recount) {
    receiver.turn(Mood::Well);
    let mut bot = camp.run(&[]);
    bot.ready().await;
    let mut left = usize::MAX;
    while left > 0 {
        let before = left;
        until("less is waiting, or nothing at all", || {
            recount.go_on(&camp.recording());
            left = still_to_come(recount);
            left == 0 || left < before
        })
        .await;
    }
    assert!(bot.stop().await.success());
}

/// Everything that can be said about a directory nobody works in.
pub fn at_rest(camp: &Camp, recount: &mut Recount) {
    camp.store_agrees();
    recount.go_on(&camp.recording());
    recount.is_whole(&camp.recording());
    recount.shows(&camp.outbox());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_it_loses_nothing_and_doubles_nothing() {
    let kills = kills_wanted();
    let receiver = Receiver::open(Mood::Moody).await;
    let camp = Camp::pitch(&receiver.address);
    let crowd = Crowd::gather(12, 300, 1);
    let mut chance = Chance::of(2);
    let mut recount = Recount::default();
    for round in 0..kills {
        receiver.new_life(recount.settled.clone());
        one_life(&camp, &[], &crowd, &mut chance).await;
        recount.go_on(&camp.recording());
        recount.holds(&crowd.acknowledged());
        recount.knows(receiver.heard().keys());
        assert_eq!(recount.faults, [], "kill {round}");
        assert_eq!(receiver.faults(), [], "kill {round}");
        if round % 10 == 9 {
            at_rest(&camp, &mut recount);
            assert_eq!(recount.faults, [], "kill {round}");
        }
    }
    let acknowledged = crowd.acknowledged();
    let tally = crowd.go_home().await;
    receiver.new_life(recount.settled.clone());
    last_life(&camp, &receiver, &mut recount).await;
    at_rest(&camp, &mut recount);
    // Once more from the first line, in case an earlier line was changed after it had been counted.
    let mut anew = Recount::of(&camp.recording());
    assert_eq!(
        (anew.records, &anew.settled, &anew.events),
        (recount.records, &recount.settled, &recount.events)
    );
    anew.holds(&acknowledged);
    anew.delivered(&calls(receiver.heard()));
    assert_eq!((&anew.faults, receiver.faults()), (&Vec::<Fault>::new(), Vec::new()));
    assert!(
        anew.agenda().values().all(|due| *due > anew.now()),
        "a timer stands in the past"
    );
    println!(
        "{kills} kills: {} posted ({} repetitions), {} events acknowledged, {} records, {} coupons, {} actions, {} timers, {} lives; 0 lost, 0 doubled",
        tally.posted.load(Ordering::SeqCst),
        tally.repeated.load(Ordering::SeqCst),
        acknowledged.len(),
        anew.records,
        anew.coupons,
        anew.actions.len(),
        anew.timers_fired,
        anew.wakes + 1,
    );
}
