//! Money first: ceilings, what the operator assumes, what coupons with a threshold bring, and caps that ran out.

use qunying::chat::{Fen, Lang};
use qunying::dry_run::report::caps::CapKind;
use qunying::dry_run::{Plan, Redeem, Report, Show, show};

use crate::stage::{inputs, tea};

const THREE_MONTHS: &str = "recordings/tea-friends.jsonl";

fn packs(limit: &str) -> Report {
    let book = format!(
        r#"
[[rule]]
name = "pack"
on   = {{ contains = "礼包" }}
then = [ {{ give = "small" }} ]

[coupon.small]
title = "小券"
worth = "10.00"
valid = "7d"
min_spend = "50.00"
limit = {{ {limit} }}
"#
    );
    Plan::new(tea(&book), Show::Summary, Lang::Zh).run(inputs(THREE_MONTHS).0)
}

fn refused(report: &Report, reason: &str) -> u64 {
    let of = |it: &&qunying::dry_run::report::closing::ReasonLine| it.reason == reason;
    report.rules[0].reasons.iter().filter(of).map(|it| it.times).sum()
}

/// The figure is one to write into the playbook: with it nobody is refused, with one coupon less somebody is.
#[test]
fn enough_is_enough_and_less_is_not() {
    for personal in ["", "per_person = 1, ", "per_person = \"1 per month\", "] {
        let short = packs(&format!("{personal}budget = \"100.00\""));
        let [cap] = short.caps.as_slice() else {
            panic!("one budget ran out: {:?}", short.caps)
        };
        let CapKind::Budget { budget, enough } = cap.cap else {
            panic!("{cap:?}")
        };
        assert_eq!(budget, Fen(10_000));
        assert_eq!(refused(&short, "budget_spent"), cap.refused);
        let with = |fen: Fen| packs(&format!("{personal}budget = \"{fen}\""));
        assert_eq!(refused(&with(enough), "budget_spent"), 0, "{personal}{enough}");
        assert!(
            refused(&with(Fen(enough.0 - 1_000)), "budget_spent") > 0,
            "{personal}{enough}"
        );
        assert_eq!(with(enough).ceiling, enough);
    }
    let short = packs("per_person = 1, total = 7");
    let CapKind::Total { total, enough } = short.caps[0].cap else {
        panic!("{:?}", short.caps)
    };
    assert_eq!(total, 7);
    assert_eq!(
        refused(&packs(&format!("per_person = 1, total = {enough}")), "sold_out"),
        0
    );
    assert!(refused(&packs(&format!("per_person = 1, total = {}", enough - 1)), "sold_out") > 0);
}

#[test]
fn a_share_that_is_assumed_is_said_to_be_assumed() {
    let mut report = packs("per_person = 1, budget = \"5000.00\"");
    let share = Redeem {
        from_percent: 15,
        to_percent: 35,
    };
    report.redeemed = Some(share.of(report.ceiling));
    let text = show::text(&report, Lang::Zh);
    assert!(
        text.contains("按 15%～35% 的券被使用（这是您的假设，不是演练得出的）"),
        "{text}"
    );
    // Rounded away from the middle, to a whole fen.
    let odd = share.of(Fen(101));
    assert_eq!((odd.low, odd.high), (Fen(15), Fen(36)));
    let turnover = Fen(5_000).times(report.coupons[0].given);
    assert_eq!(report.coupons[0].turnover, Some(turnover));
    assert!(text.contains("让利 20.0%"), "{text}");
}

#[test]
fn a_coupon_nothing_bounds_is_named() {
    let report = packs("per_person = 1");
    assert!(report.coupons[0].uncapped);
    assert!(show::text(&report, Lang::Zh).contains("没有上限"));
}
