//! Why a rule fires or does not: a closed list, written down with numbers, and it adds up whatever happens.

use jiff::civil::date;
use proptest::prelude::*;
use qunying::chat::{Event, Fen, Lang, Moment};
use qunying::community::agenda::{Due, TierTimer};
use qunying::community::referral::{Doubt, Uncounted};
use qunying::dry_run::{Ledger, Options, REHEARSAL_SECRET, Rehearsal, Report, Show};
use qunying::engine::guards::Breach;
use qunying::engine::term::Term;
use qunying::engine::{Dice, Verdict};
use qunying::playbook::Period;
use qunying::playbook::guard::{Amount, Bound, Measure, Per};

use crate::stage::{inputs, shipped, tea};

fn breach() -> Box<Breach> {
    let bound = Bound {
        of: Measure::Spends,
        per: Per::All,
        most: Amount::Money(Fen(100)),
        every: Period::Month,
    };
    Box::new(Breach {
        guard: "tea/guard.money".into(),
        bound,
        becomes: Amount::Money(Fen(200)),
        period: "2026-03".to_owned(),
    })
}

/// One of each. The match below has no wildcard, so a new verdict does not compile until it stands here.
#[allow(clippy::too_many_lines, reason = "one line a verdict: a table")]
fn every_verdict() -> Vec<Verdict> {
    let (until, period, why) = (Moment::START, "ever".to_owned(), String::new());
    let (spent, budget) = (Fen::ZERO, Fen::ZERO);
    let all = vec![
        Verdict::Fired,
        Verdict::Deferred { until },
        Verdict::Merged,
        Verdict::Waits { until },
        Verdict::CoolingDown { until },
        Verdict::LimitReached {
            count: 1,
            period: period.clone(),
        },
        Verdict::AlreadyHad {
            count: 1,
            period: period.clone(),
        },
        Verdict::SoldOut {
            given: 1,
            period: period.clone(),
        },
        Verdict::BudgetSpent { spent, budget, period },
        Verdict::Short { has: 1, needs: 2 },
        Verdict::HasNone,
        Verdict::AlreadyOpen { until },
        Verdict::NotOpen,
        Verdict::AlreadyAsked { until },
        Verdict::Declined { by: "shop/9001".into() },
        Verdict::Lapsed,
        Verdict::ToldAlready { until },
        Verdict::NotNow {
            only: "workdays".to_owned(),
        },
        Verdict::Preempted { by: "tea/greet".into() },
        Verdict::GroupFull { told: 1, limit: 1 },
        Verdict::MentionedEnough { mentions: 1, limit: 1 },
        Verdict::OptedOut { done: false },
        Verdict::TooMuchPromo {
            promo: 1,
            messages: 1,
            one_in: 1,
        },
        Verdict::Guarded(breach()),
        Verdict::Paused {
            guard: "tea/guard.money".into(),
            since: until,
        },
        Verdict::Warned(breach()),
        Verdict::NothingAlike { score: 1, needs: 30 },
        Verdict::ConditionFalse { condition: why.clone() },
        Verdict::Failed { why },
        Verdict::Refused(Box::new(Term::Day)),
        Verdict::Gone,
        Verdict::NobodyThere,
        Verdict::NoNews,
        Verdict::TooLate { minutes: 1 },
        Verdict::IsStaff,
        Verdict::HeldOut,
        Verdict::Off,
        Verdict::NoSuchRule,
        Verdict::GatewayCannot,
        Verdict::NoEvidence {
            nobody: Fen::ZERO,
            everybody: Fen::ZERO,
        },
        Verdict::UnknownMember,
        Verdict::AlreadyCheckedIn { day: date(2026, 3, 2) },
        Verdict::NothingMissed,
        Verdict::NoCard,
        Verdict::TooPlain { letters: 1, needs: 5 },
        Verdict::SaidBefore,
        Verdict::NoCodes { given: 1 },
        Verdict::NoPieces { said: 1 },
        Verdict::Uncounted(Box::new(Uncounted::Yourself)),
        Verdict::Doubted(Box::new(Doubt::SameName { name: String::new() })),
    ];
    for verdict in &all {
        match verdict {
            Verdict::Fired
            | Verdict::Deferred { .. }
            | Verdict::Merged
            | Verdict::Waits { .. }
            | Verdict::CoolingDown { .. }
            | Verdict::LimitReached { .. }
            | Verdict::AlreadyHad { .. }
            | Verdict::SoldOut { .. }
            | Verdict::BudgetSpent { .. }
            | Verdict::Short { .. }
            | Verdict::HasNone
            | Verdict::AlreadyOpen { .. }
            | Verdict::NotOpen
            | Verdict::AlreadyAsked { .. }
            | Verdict::Declined { .. }
            | Verdict::Lapsed
            | Verdict::ToldAlready { .. }
            | Verdict::NotNow { .. }
            | Verdict::Preempted { .. }
            | Verdict::GroupFull { .. }
            | Verdict::MentionedEnough { .. }
            | Verdict::OptedOut { .. }
            | Verdict::TooMuchPromo { .. }
            | Verdict::Guarded(_)
            | Verdict::Paused { .. }
            | Verdict::Warned(_)
            | Verdict::NothingAlike { .. }
            | Verdict::ConditionFalse { .. }
            | Verdict::Failed { .. }
            | Verdict::Refused(_)
            | Verdict::Gone
            | Verdict::NobodyThere
            | Verdict::NoNews
            | Verdict::TooLate { .. }
            | Verdict::IsStaff
            | Verdict::HeldOut
            | Verdict::Off
            | Verdict::NoSuchRule
            | Verdict::GatewayCannot
            | Verdict::NoEvidence { .. }
            | Verdict::UnknownMember
            | Verdict::AlreadyCheckedIn { .. }
            | Verdict::NothingMissed
            | Verdict::NoCard
            | Verdict::TooPlain { .. }
            | Verdict::SaidBefore
            | Verdict::NoCodes { .. }
            | Verdict::NoPieces { .. }
            | Verdict::Uncounted(_)
            | Verdict::Doubted(_) => {}
        }
    }
    all
}

#[test]
fn the_list_of_reasons_is_written_down_with_its_numbers() {
    let mut numbers: Vec<u8> = every_verdict().iter().map(Verdict::number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), every_verdict().len(), "a number stands for two reasons");
    for (file, lang) in [("docs/dry-run.md", Lang::En), ("docs/dry-run.zh-CN.md", Lang::Zh)] {
        let text = std::fs::read_to_string(file).expect("the document is there");
        let rows = |number: u8| {
            let begin = format!("| {number} | ");
            text.lines()
                .filter(move |line| line.starts_with(&begin))
                .collect::<Vec<_>>()
        };
        for verdict in every_verdict() {
            let row = rows(verdict.number());
            let words = format!(
                "| {} | `{}` | {} |",
                verdict.number(),
                verdict.word(),
                verdict.label(lang)
            );
            assert!(
                row.len() == 1 && row[0].starts_with(&words),
                "{file} lacks a line `{words} …`: {row:?}"
            );
        }
    }
}

fn adds_up(report: &Report, run: &Rehearsal) -> Result<(), TestCaseError> {
    for rule in &report.rules {
        let held: u64 = rule.reasons.iter().map(|reason| reason.times).sum();
        prop_assert_eq!(rule.held, held, "{}", rule.rule);
        let ended = rule.fired + rule.merged + held;
        prop_assert_eq!(rule.triggers, ended + rule.waiting, "{}: {:?}", rule.rule, rule);
        let waits = |due: &Due| match due {
            Due::Carry { rule: of, .. } => *of == rule.rule,
            // Newcomers who must stay a while, and who may come up to their tier again.
            Due::Referral((name, _)) => rule.rule.as_str().ends_with(&format!("/referral.{name}")),
            Due::Tier(TierTimer::Falls(_)) => rule.rule.as_str().ends_with("/tiers"),
            _ => false,
        };
        let waiting = run.pending().iter().filter(|(_, entry)| waits(&entry.what)).count() as u64;
        prop_assert_eq!(rule.waiting, waiting, "{}", rule.rule);
    }
    Ok(())
}

#[test]
fn every_shipped_recording_adds_up() {
    let mut recordings = 0;
    for entry in std::fs::read_dir("recordings").expect("the recordings are there") {
        let path = entry.expect("a directory can be listed").path();
        if path.extension().is_none_or(|it| it != "jsonl") {
            continue;
        }
        recordings += 1;
        let (inputs, _) = inputs(&path.display().to_string());
        let mut run = Rehearsal::new(shipped(), Dice::of(REHEARSAL_SECRET), Options::default());
        let mut ledger = Ledger::new(Show::Summary, Lang::Zh);
        for input in &inputs {
            run.feed(&input.event, input.time, &mut |entry| ledger.take(&entry));
        }
        adds_up(&ledger.close(&run), &run).expect("it adds up");
    }
    assert!(recordings >= 2);
}

/// A playbook in which everything can go wrong.
const TIGHT: &str = r#"
[[rule]]
name   = "greet"
on     = "joined"
gather = "60s"
once   = "7d"
then   = [ { give = "newcomer" }, { say = "欢迎 {{ who }}", mention = true } ]

[[rule]]
name  = "pack"
on    = { message = "礼包" }
limit = "2 per day"
then  = [ { give = "pack" }, { say = "给 {{ who }}" } ]
otherwise = [ { say = "{{ reason }}" } ]

[[rule]]
name = "later"
on   = { message = "提醒我" }
after = "20m"
kind = "promo"
then = [ { say = "时间到" } ]

[[rule]]
name = "rich"
on   = "order"
if   = "person.spend >= 50"
then = [ { say = "谢谢惠顾", mention = true } ]

[[rule]]
name = "bye"
on   = "left"
then = [ { say = "走了 {{ who }}", to = "staff" } ]

[[rule]]
name = "off"
on   = { message = "礼包" }
off  = true
then = [ { say = "不会说" } ]

[coupon.newcomer]
title = "新人券"
worth = "5.00"
valid = "7d"
limit = { per_person = 1, total = 4 }

[coupon.pack]
title = "礼包"
worth = "10.00"
valid = "7d"
limit = { per_person = "1 per day", budget = "50.00 per month" }
"#;

/// What somebody does, after how many seconds, and when the log says it happened.
fn script() -> impl Strategy<Value = Vec<(u8, u8, u32, u8)>> {
    proptest::collection::vec((0_u8..9, 0_u8..7, 0_u32..40_000, 0_u8..20), 1..120)
}

fn event(nth: usize, (what, who, at, odd): (u8, u8, i64, u8)) -> Event {
    let (group, person) = (format!("shop/{}", 1 + who % 2), format!("shop/{}", 100 + who));
    let said = |words: &str| {
        format!(
            r#"{{"message":{{"group":"{group}","from":"{person}","name":"客{who}","message":"{nth}","segments":[{{"text":"{words}"}}]}}}}"#
        )
    };
    let what = match what {
        0 | 1 => format!(
            r#"{{"joined":{{"group":"{group}","person":"{person}","name":"客{who}","how":"unknown","by":null,"inferred":false}}}}"#
        ),
        2 => format!(r#"{{"left":{{"group":"{group}","person":"{person}","how":"left","by":null,"inferred":false}}}}"#),
        3 | 4 => said("礼包"),
        5 => said("提醒我"),
        6 => format!(r#"{{"order_paid":{{"order":"o{nth}","person":"{person}","amount":3000,"items":[]}}}}"#),
        7 => said("天气真好"),
        _ => said("礼包"),
    };
    // Now and then an id comes twice, and an event is told late.
    let id = if odd == 0 { nth.saturating_sub(1) } else { nth };
    let at = if odd == 1 { at - 10 * 3_600_000 } else { at };
    serde_json::from_str(&format!(r#"{{"id":"e{id}","at":{at},"what":{what}}}"#)).expect("an event")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_happens_adds_up(script in script()) {
        let books = tea(TIGHT);
        let mut run = Rehearsal::new(books, Dice::of(REHEARSAL_SECRET), Options::default());
        let mut ledger = Ledger::new(Show::Events, Lang::Zh);
        let mut now = 1_772_323_200_000_i64;
        for (nth, (what, who, gap, odd)) in script.into_iter().enumerate() {
            now += i64::from(gap) * 1_000;
            let event = event(nth, (what, who, now, odd));
            run.feed(&event, Moment::from_millis(now), &mut |entry| ledger.take(&entry));
        }
        let report = ledger.close(&run);
        adds_up(&report, &run)?;
        let given: Fen = run.community().coupons().values().map(|coupon| coupon.worth).sum();
        prop_assert_eq!(report.ceiling, given);
    }
}
