//! Negative controls with a real bot: one part of what makes it reliable is taken out, and the recount must see it.
//!
//! - The sync is taken out by a disk that only pretends to (the shim swallows fsync and fdatasync).
//! - The memory of what was seen is taken out of a copy of the data: sled and snapshots removed, and in the recording
//!   every «accepted» mark renamed, with checksums made anew. The program itself is the same.
//! - The record of what is to be sent is taken out in the same way: the recording's records lose their actions.
//!
//! What cannot be taken out of a process from outside (a timer's row, a coupon's count) is controlled on doctored
//! recordings, in `seeded_faults`.

use std::collections::BTreeSet;

use serde_json::json;

use super::camp::Camp;
use super::chance::Chance;
use super::every_call::{post_all, reports};
use super::fault::Fault;
use super::kills::{calls, last_life};
use super::receiver::{Mood, Receiver};
use super::recount::Recount;
use super::sheet;
use super::shim::{Disk, names_are_sure, power_loss};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_sync_a_loss_of_power_loses_what_was_acknowledged() {
    for (pretends, expected) in [(true, true), (false, false)] {
        let receiver = Receiver::open(Mood::Well).await;
        let camp = Camp::pitch(&receiver.address);
        let Some(mut disk) = Disk::remembering(&camp) else {
            return;
        };
        if pretends {
            disk = disk.with("NO_SYNC", 1);
        }
        // Then the store itself makes every directory: the hardest case for their names.
        camp.tell_secret();
        names_are_sure(&camp);
        let mut bot = camp.run(disk.environment());
        let acknowledged = post_all(&mut bot, &reports(1)).await;
        assert!(!acknowledged.is_empty());
        bot.kill();
        power_loss(&camp, 0, &mut Chance::of(3));
        let mut recount = Recount::of(&camp.recording());
        recount.holds(&acknowledged);
        let lost: Vec<Fault> = acknowledged
            .iter()
            .map(|event| Fault::LostAcknowledged { event: event.clone() })
            .collect();
        assert_eq!(
            recount.faults,
            if expected { lost } else { Vec::new() },
            "a disk that pretends: {pretends}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_memory_of_what_was_seen_facts_count_twice() {
    let receiver = Receiver::open(Mood::Well).await;
    let camp = Camp::pitch(&receiver.address);
    let mut bot = camp.run(&[]);
    let acknowledged = post_all(&mut bot, &reports(1)).await;
    assert!(bot.stop().await.success());
    camp.remove_derived();
    sheet::doctor(&camp.recording(), |record| {
        for change in record["changes"].as_array_mut().into_iter().flatten() {
            if let Some(accepted) = change.get_mut("accepted") {
                accepted["id"] = json!(format!("forgotten/{}", accepted["id"].as_str().unwrap()));
            }
        }
    });
    let mut bot = camp.run(&[]);
    assert_eq!(post_all(&mut bot, &reports(1)).await, acknowledged);
    bot.kill();
    let faults: BTreeSet<String> = Recount::of(&camp.recording())
        .faults
        .into_iter()
        .filter_map(|fault| match fault {
            Fault::DecidedTwice { event } => Some(event),
            _ => None,
        })
        .collect();
    assert_eq!(faults, acknowledged);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_record_of_what_is_to_be_sent_it_is_never_sent() {
    for taken_out in [true, false] {
        let receiver = Receiver::open(Mood::Silent).await;
        let camp = Camp::pitch(&receiver.address);
        let mut bot = camp.run(&[]);
        post_all(&mut bot, &reports(1)[..4]).await;
        bot.kill();
        let owed = Recount::of(&camp.recording()).actions;
        assert_eq!(owed.len(), 4);
        camp.remove_derived();
        sheet::doctor(&camp.recording(), |record| {
            if taken_out {
                record["actions"] = json!([]);
            }
        });
        receiver.new_life(BTreeSet::new());
        // The call that hung when the bot was killed was made; what was behind it was not.
        let mut recount = Recount::default();
        last_life(&camp, &receiver, &mut recount).await;
        recount.actions = owed;
        recount.faults.clear();
        recount.delivered(&calls(receiver.heard()));
        let undelivered = recount
            .faults
            .iter()
            .filter(|fault| matches!(fault, Fault::NotDelivered { .. }))
            .count();
        if taken_out {
            assert!(undelivered >= 3, "{:?}", recount.faults);
        } else {
            assert_eq!(recount.faults, []);
        }
    }
}
