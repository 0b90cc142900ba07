//! What a store keeps is what there was: every table's rows go out and come back equal, whatever ids and texts hold.

use jiff::civil::date;
use proptest::prelude::*;

use qunying::chat::{
    Action, ActionId, CouponCode, Deed, EventId, Fen, GoodsName, GroupId, IfUnknown, JoinedHow, Kind, Moment, OrderId,
    PersonId, Score, Segment, Tag, TillAsk, TillName, TillOrder,
};
use qunying::community::Community;
use qunying::community::agenda::Due;
use qunying::community::change::{Change, Fact, Occasion};
use qunying::community::coupon::{Coupon, Hold};
use qunying::community::gathering::{Attendance, Gathering, Judgement, Stage as GatheringStage};
use qunying::community::points::Movement;
use qunying::community::question::Met;
use qunying::community::quiz::Quiz;
use qunying::community::referral::{How, Referral, Stage as ReferralStage};
use qunying::community::removal::{Removal, Stage as RemovalStage};
use qunying::community::shop::{Exchange, Stage as ExchangeStage};
use qunying::community::suggestion::{Stage as SuggestionStage, Suggestion, What};
use qunying::community::survey::{Reply, Survey};
use qunying::community::till::{Answered, Told};
use qunying::community::vote::{Nomination, Stage, Vote};

/// Ids and texts with everything in them that a key could trip over.
fn text() -> impl Strategy<Value = String> {
    let nasty = prop_oneof![
        "[\t%/#\n\r\0 ]",
        "%0?[029]?[59]?",
        "(%09|%25|\t|%)",
        "[a-z山野/#]{0,4}",
        "\\PC{0,3}"
    ];
    proptest::collection::vec(nasty, 0..6).prop_map(|parts| parts.concat())
}

/// One change for every table, all with these texts for ids.
#[allow(clippy::too_many_lines, reason = "one of each change: a table")]
fn changes(ids: &[String]) -> Vec<Change> {
    let text = |n: usize| ids[n % ids.len()].clone();
    let (group, person) = (GroupId::new(text(0)), PersonId::new(text(1)));
    let at = Moment::from_millis(1_772_000_000_000);
    let vote = (text(2).as_str().into(), group.clone());
    let gathering = ((text(3).as_str().into(), group.clone()), text(4));
    let facts = [(text(5), Fact::Text(text(6)))].into();
    let occasion = Occasion {
        group: Some(group.clone()),
        people: vec![person.clone()],
        text: text(7),
        facts,
        ..Occasion::default()
    };
    let action = ActionId::new(text(8));
    let coupon = Coupon {
        code: CouponCode::new(text(9)),
        coupon: text(2).as_str().into(),
        person: person.clone(),
        group: Some(group.clone()),
        worth: Fen(5),
        given_at: at,
        expires_at: at,
        order: None,
        usable_from: None,
        taken_at: None,
        used: None,
        held: None,
    };
    let answered = Answered {
        at,
        order: TillOrder {
            till: TillName::new(text(3)),
            key: text(4),
            ask: TillAsk::Release { reservation: text(5) },
        },
        told: Told::default(),
    };
    let referral = Referral {
        inviter: PersonId::new(text(6)),
        group: group.clone(),
        how: How::Word,
        came_at: at,
        until: at,
        stage: ReferralStage::Waiting,
    };
    let removal = Removal {
        group: group.clone(),
        person: person.clone(),
        rule: text(6).as_str().into(),
        step: 1,
        occasion: occasion.clone(),
        number: 7,
        asked_at: at,
        until: at,
        stage: RemovalStage::Declined { by: person.clone(), at },
    };
    let state = Vote {
        about: Some(person.clone()),
        opened_at: at,
        nominate_until: at,
        closes_at: at,
        entitled: 3,
        nominations: vec![Nomination {
            name: text(5),
            folded: text(6),
            by: person.clone(),
        }],
        stage: Stage::Open,
    };
    let held = Gathering {
        big: true,
        starts_at: at,
        ends_at: at,
        stage: GatheringStage::Teased,
        next_place: 1,
        messages: 0,
        orders: 0,
        turnover: Fen::ZERO,
        closes_at: Some(at),
    };
    let attendance = Attendance {
        person: person.clone(),
        place: Some(1),
        seats: 2,
        note: text(7),
        came: false,
        waits: true,
        at: Some(at),
        judged: Some(Judgement {
            score: Some(Score(1250)),
            rank: 1,
            chosen: true,
        }),
    };
    let due = Due::Carry {
        rule: text(3).as_str().into(),
        occasion: occasion.clone(),
    };
    let deed = Deed::Say {
        group: group.clone(),
        content: vec![Segment::Text(text(6))],
    };
    let queued = Action {
        id: action.clone(),
        deed,
        kind: Kind::Care,
        due: at,
        if_unknown: IfUnknown::Resend,
        rule: text(3).as_str().into(),
    };
    vec![
        Change::Accepted {
            id: EventId::new(text(0)),
            at,
        },
        Change::GroupNamed {
            group: group.clone(),
            name: text(5),
        },
        Change::Arrived {
            group: group.clone(),
            person: person.clone(),
            at: Some(at),
            how: JoinedHow::Scanned,
            by: Some(PersonId::new(text(8))),
            day: None,
        },
        Change::CardSet {
            group: group.clone(),
            person: person.clone(),
            card: text(6),
        },
        Change::Named {
            person: person.clone(),
            name: text(7),
        },
        Change::Tagged {
            person: person.clone(),
            tag: Tag::new(text(9)),
        },
        Change::Ordered {
            person: person.clone(),
            order: OrderId::new(text(4)),
            amount: Fen(7),
            at,
            day: None,
        },
        Change::FieldSet {
            person: person.clone(),
            field: text(6),
            value: text(3),
        },
        Change::PointsMoved {
            person: person.clone(),
            movement: Movement {
                at,
                amount: -7,
                why: text(2).into(),
                day: Some(date(2026, 3, 2)),
                until: Some(date(2027, 3, 31)),
                order: Some(OrderId::new(text(8))),
                by: Some(person.clone()),
                ..Movement::default()
            },
        },
        Change::CouponGiven {
            coupon,
            periods: vec![text(5), "ever".to_owned()],
        },
        Change::CouponHeld {
            person: person.clone(),
            code: CouponCode::new(text(9)),
            hold: Hold {
                till: TillName::new(text(3)),
                reservation: text(4),
                until: at,
            },
        },
        Change::TillAnswered { answered },
        Change::ReferralWord {
            referral: text(2).as_str().into(),
            person: person.clone(),
            word: text(7),
        },
        Change::Referred {
            id: (text(2).as_str().into(), person.clone()),
            referral,
            day: date(2026, 3, 2),
        },
        Change::ReferralCounted {
            id: (text(2).as_str().into(), person.clone()),
            at,
            day: date(2026, 3, 2),
        },
        Change::CouponTaken {
            person: person.clone(),
            code: CouponCode::new(text(9)),
            at,
            periods: vec![text(5), "ever".to_owned()],
        },
        Change::Fired {
            rule: text(3).as_str().into(),
            scope: text(4),
            at,
            period: text(5),
        },
        Change::VoteCalled {
            vote: (text(9).as_str().into(), group.clone()),
            by: person.clone(),
            at,
        },
        Change::VoteOpened {
            vote: (text(2).as_str().into(), group.clone()),
            state,
        },
        Change::Balloted {
            vote,
            person: person.clone(),
            choice: 1,
        },
        Change::RemovalAsked { code: text(5), removal },
        Change::SurveyOpened {
            survey: (text(2).as_str().into(), group.clone()),
            state: Survey {
                opened_at: at,
                closes_at: at,
                open: true,
            },
        },
        Change::SurveyReplied {
            survey: (text(2).as_str().into(), group.clone()),
            person: person.clone(),
            reply: Reply {
                answers: vec![text(5)],
                begun: vec![text(6), String::new()],
                at,
                rewarded: true,
            },
        },
        Change::QuizAsked {
            quiz: (text(3).as_str().into(), group.clone()),
            state: Quiz {
                opened_at: at,
                open: true,
                question: 3,
                left: 1,
                closes_at: at,
                winners: vec![person.clone()],
                tried: [person.clone()].into(),
                before: vec![person.clone()],
            },
        },
        Change::Talked {
            person: person.clone(),
            day: date(2026, 3, 2),
            words: 77,
            amount: 2,
        },
        Change::Exchanged {
            number: 3,
            exchange: Exchange {
                goods: GoodsName::new(text(4)),
                person: person.clone(),
                group: Some(group.clone()),
                price: 100,
                cost: Fen(1_500),
                at,
                day: date(2026, 3, 2),
                stage: ExchangeStage::Waits,
            },
        },
        Change::ExchangeSettled {
            number: 3,
            stage: ExchangeStage::HandedOut {
                at,
                by: Some(person.clone()),
            },
        },
        Change::SuggestionMade {
            number: 12,
            suggestion: Suggestion {
                what: What::Feedback,
                person: person.clone(),
                group: Some(group.clone()),
                text: text(6),
                at,
                stage: SuggestionStage::Received,
                moved: None,
            },
        },
        Change::SuggestionMoved {
            number: 12,
            stage: SuggestionStage::LookedAt,
            by: person.clone(),
            at,
        },
        Change::QuestionMet {
            group: group.clone(),
            month: text(6),
            met: Met::ByStaff {
                person: person.clone(),
                after: 5,
            },
        },
        Change::GatheringPlanned {
            gathering: gathering.clone(),
            state: held,
        },
        Change::SignedUp { gathering, attendance },
        Change::Scheduled {
            key: text(8),
            due: at,
            what: due,
        },
        Change::Queued { action: queued },
        Change::Awaits {
            action,
            rule: text(3).as_str().into(),
            step: 1,
            occasion,
        },
        Change::Told {
            group,
            on: text(5),
            kind: Kind::Care,
            mentions: vec![person],
            at,
            book: Some(text(6)),
            night: true,
        },
        Change::GuardBroken {
            guard: text(4).as_str().into(),
            bound: text(5),
            period: text(6),
            at,
            pauses: true,
        },
    ]
}

proptest! {
    #[test]
    fn rows_come_back_as_they_went(ids in proptest::collection::vec(proptest::collection::vec(text(), 1..10), 1..5)) {
        let mut community = Community::default();
        let mut row_by_row = std::collections::BTreeMap::new();
        for ids in &ids {
            for change in changes(ids) {
                for row in community.apply(&change) {
                    match community.stored(&row) {
                        (key, Some(value)) => { row_by_row.insert(key, value); }
                        (key, None) => { row_by_row.remove(&key); }
                    }
                }
            }
        }
        let mut restored = Community::default();
        for (key, value) in &row_by_row {
            restored.restore(key, value).unwrap();
        }
        restored.made_whole();
        prop_assert_eq!(&restored, &community);
        prop_assert_eq!(row_by_row.into_iter().collect::<std::collections::BTreeMap<_, _>>(), community.all_rows().collect());
    }
}
