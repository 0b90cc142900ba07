//! Letting go never takes what a rebuild needs.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use jiff::ToSpan as _;
use jiff::civil::date;
use proptest::prelude::*;
use qunying::store::{How, Keep, retention, snapshot};

use super::model::{DAY, LAYOUT, Model, body, open};

/// One record a day from 1 March on; snapshots after these records. Returns the state after each record.
fn days(dir: &Path, count: u64, snapshots: &[u64]) -> Model {
    let (mut store, ..) = open(dir).unwrap();
    let mut model = Model::default();
    for number in 1..=count {
        let body = body(&format!("key{}", number % 5), Some(&number.to_string()));
        let day = DAY.checked_add(i64::try_from(number - 1).unwrap().days()).unwrap();
        let seqs = store.append(day, &[&body]).unwrap();
        store.carry(seqs.start, model.apply(&body));
        if snapshots.contains(&number) {
            snapshot::write(&dir.join("snapshots"), LAYOUT, number, &model.rows).unwrap();
        }
    }
    store.close().unwrap();
    model
}

fn keep(snapshots: usize, days: u32) -> Keep {
    Keep {
        snapshots: NonZeroUsize::new(snapshots).unwrap(),
        days,
    }
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.retain(|name| name != "lock");
    names.sort();
    names
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// After any tidying, with any one of the kept snapshots damaged but the oldest, a rebuild gives the same state.
    #[test]
    fn a_rebuild_after_tidying_gives_the_same(count in 2u64..16, taken in prop::collection::btree_set(1u64..16, 0..5), snapshots in 1usize..4, young in 0u32..16, later in 0i64..30, damaged in any::<bool>()) {
        let dir = tempfile::tempdir().unwrap();
        let taken: Vec<_> = taken.into_iter().filter(|seq| *seq <= count).collect();
        let model = days(dir.path(), count, &taken);
        let (recording, snapshot_dir) = (dir.path().join("recording"), dir.path().join("snapshots"));
        let newest = snapshot_dir.join(format!("snapshot-{}.jsonl", taken.last().unwrap_or(&0)));
        let today = DAY.checked_add(later.days()).unwrap();
        if damaged && !taken.is_empty() {
            fs::write(&newest, "{}").unwrap();
        }
        retention::tidy(&recording, &snapshot_dir, keep(snapshots, young), today).unwrap();
        prop_assert_eq!(retention::tidy(&recording, &snapshot_dir, keep(snapshots, young), today).unwrap(), Vec::<std::path::PathBuf>::new());
        if !damaged && snapshots > 1 && taken.len() >= snapshots {
            fs::remove_file(&newest).unwrap();
        }
        for name in names(&recording) {
            let day: jiff::civil::Date = name["recording-".len()..][..10].parse().unwrap();
            prop_assert!(day >= DAY);
        }
        fs::remove_dir_all(dir.path().join("data")).unwrap();
        let (store, start, learned) = open(dir.path()).unwrap();
        let was_rebuilt = matches!(start.how, How::Rebuilt { .. });
        prop_assert!(was_rebuilt);
        prop_assert_eq!(learned, model);
        store.close().unwrap();
    }
}

#[test]
fn old_days_go_once_a_kept_snapshot_covers_them() {
    let dir = tempfile::tempdir().unwrap();
    days(dir.path(), 8, &[3, 5, 7]);
    let (recording, snapshots) = (dir.path().join("recording"), dir.path().join("snapshots"));
    let tidy = |keep, today| retention::tidy(&recording, &snapshots, keep, today).unwrap();
    assert_eq!(
        tidy(keep(4, 0), date(2027, 1, 1)).len(),
        0,
        "too few snapshots to let anything go"
    );
    assert_eq!(
        tidy(keep(2, 30), date(2026, 3, 9)),
        [snapshots.join("snapshot-3.jsonl")],
        "all days are young"
    );
    let gone = tidy(keep(2, 5), date(2026, 3, 9));
    assert_eq!(
        gone,
        [1, 2, 3].map(|day| recording.join(format!("recording-2026-03-0{day}.jsonl"))),
        "younger days stay"
    );
    tidy(keep(2, 0), date(2027, 1, 1));
    assert_eq!(
        names(&recording),
        [6, 7, 8].map(|day| format!("recording-2026-03-0{day}.jsonl")),
        "what the older snapshot lacks stays"
    );
}
