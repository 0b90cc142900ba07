//! What still stands on the agenda when a run is over.

use serde::Serialize;

use crate::chat::{Fen, Moment, PersonId, RuleName};
use crate::community::agenda::{CardTimer, Due, Entry as AgendaEntry, TierTimer, WinbackTimer};
use crate::community::gathering::Stage;
use crate::dry_run::driver::Rehearsal;
use crate::dry_run::effects::{place, who};
use crate::playbook::answers::short_of;

/// A timer that still stands.
#[derive(Clone, Debug, Serialize)]
pub struct PendingLine {
    pub due: Moment,
    pub key: String,
    pub what: PendingWhat,
    /// What it would give if it were done as things stand at the end, at face value.
    pub cost: Fen,
}

/// What a timer is for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PendingWhat {
    Schedule {
        rule: RuleName,
    },
    /// A rule that waits for its window or its `after`.
    Carry {
        rule: RuleName,
        people: Vec<String>,
    },
    /// A question nobody has answered yet.
    Unanswered {
        rule: RuleName,
        people: Vec<String>,
    },
    /// A question of `[answers]`, and how often it was told.
    Question {
        people: Vec<String>,
        told: u8,
    },
    /// One of several answers may be picked by its number.
    OfferLapses {
        answers: Vec<String>,
        people: Vec<String>,
    },
    /// Staff have not agreed that somebody is removed.
    RemovalLapses {
        code: String,
    },
    SurveyCloses {
        survey: String,
        group: String,
    },
    QuizCloses {
        quiz: String,
        group: String,
    },
    VoteCloses {
        vote: String,
        group: String,
    },
    Draw {
        draw: String,
        group: String,
    },
    Gathering {
        event: String,
        group: String,
        day: String,
        stage: Stage,
    },
    SignUpCloses {
        event: String,
        group: String,
        day: String,
    },
    CouponEnds {
        coupon: String,
        people: Vec<String>,
    },
    /// A membership card ends soon, has ended, or goes on after a pause.
    Card {
        card: String,
        people: Vec<String>,
        timer: CardTimer,
    },
    /// An order was found to be somebody's, and counts next.
    SaleFound {
        order: String,
        people: Vec<String>,
    },
    /// A newcomer will have stayed long enough.
    Referral {
        referral: String,
        people: Vec<String>,
    },
    /// Rules hear that an account was linked, or parted.
    Linked {
        people: Vec<String>,
    },
    PointsExpire,
    PointsRemind,
    /// The planner looks ahead every midnight.
    Plan,
    /// People are looked for who have gone silent, or one of them gets the next offer.
    Winback {
        winback: String,
        people: Vec<String>,
    },
    /// Everybody's tier is judged, or has its month; scores are made anew.
    Tiers(TierTimer),
    /// Somebody falls unless they come up to their tier again, or is let go of by staff.
    TierOf {
        lets_go: bool,
        people: Vec<String>,
    },
}

/// Every timer that stands, the earliest first.
pub fn lines(run: &Rehearsal) -> Vec<PendingLine> {
    run.pending()
        .into_iter()
        .map(|(key, entry)| line(key, entry, run))
        .collect()
}

#[allow(clippy::too_many_lines, reason = "one arm a timer: a table")]
fn line(key: &str, entry: &AgendaEntry, run: &Rehearsal) -> PendingLine {
    let community = run.community();
    let name = |person: &PersonId| who(community, None, person).name;
    let what = match &entry.what {
        Due::Schedule { rule, .. } => PendingWhat::Schedule { rule: rule.clone() },
        Due::Carry { rule, occasion } => PendingWhat::Carry {
            rule: rule.clone(),
            people: occasion.people.iter().map(name).collect(),
        },
        Due::Unanswered { rule, occasion } => PendingWhat::Unanswered {
            rule: rule.clone(),
            people: occasion.people.iter().map(name).collect(),
        },
        Due::Question { occasion, level } => PendingWhat::Question {
            people: occasion.people.iter().map(name).collect(),
            told: *level,
        },
        Due::OfferLapses { answers, occasion } => PendingWhat::OfferLapses {
            answers: answers.iter().map(|name| short_of(name).to_owned()).collect(),
            people: occasion.people.iter().map(name).collect(),
        },
        Due::RemovalLapses(code) => PendingWhat::RemovalLapses { code: code.clone() },
        Due::SurveyCloses((survey, group)) => PendingWhat::SurveyCloses {
            survey: survey.to_string(),
            group: place(community, group).name,
        },
        Due::QuizCloses((quiz, group)) => PendingWhat::QuizCloses {
            quiz: quiz.to_string(),
            group: place(community, group).name,
        },
        Due::VoteCloses((vote, group)) => PendingWhat::VoteCloses {
            vote: vote.to_string(),
            group: place(community, group).name,
        },
        Due::Draw((draw, group)) => PendingWhat::Draw {
            draw: draw.to_string(),
            group: place(community, group).name,
        },
        Due::Gathering {
            id: ((event, group), day),
            stage,
        } => PendingWhat::Gathering {
            event: event.to_string(),
            group: place(community, group).name,
            day: day.clone(),
            stage: *stage,
        },
        Due::SignUpCloses(((event, group), day)) => PendingWhat::SignUpCloses {
            event: event.to_string(),
            group: place(community, group).name,
            day: day.clone(),
        },
        Due::CouponEnds { person, code } => PendingWhat::CouponEnds {
            coupon: community
                .coupon_of(code)
                .map_or_else(|| code.to_string(), |coupon| coupon.coupon.to_string()),
            people: vec![name(person)],
        },
        Due::Card(timer) => {
            let card = community.card_of(timer.code());
            PendingWhat::Card {
                card: card.map_or_else(|| timer.code().to_string(), |card| card.membership.to_string()),
                people: card.map(|card| name(&card.person)).into_iter().collect(),
                timer: timer.clone(),
            }
        }
        Due::SaleFound { order, person } => PendingWhat::SaleFound {
            order: order.to_string(),
            people: vec![name(person)],
        },
        Due::Referral((referral, person)) => PendingWhat::Referral {
            referral: referral.to_string(),
            people: vec![name(person)],
        },
        Due::Linked { person, .. } => PendingWhat::Linked {
            people: vec![name(person)],
        },
        Due::PointsExpire => PendingWhat::PointsExpire,
        Due::PointsRemind => PendingWhat::PointsRemind,
        Due::Plan => PendingWhat::Plan,
        Due::Winback(WinbackTimer::Look(winback)) => PendingWhat::Winback {
            winback: winback.to_string(),
            people: Vec::new(),
        },
        Due::Winback(WinbackTimer::Step { winback, person }) => PendingWhat::Winback {
            winback: winback.to_string(),
            people: vec![name(person)],
        },
        Due::Tier(TierTimer::Falls(person)) => PendingWhat::TierOf {
            lets_go: false,
            people: vec![name(person)],
        },
        Due::Tier(TierTimer::LetGo(person)) => PendingWhat::TierOf {
            lets_go: true,
            people: vec![name(person)],
        },
        Due::Tier(timer) => PendingWhat::Tiers(timer.clone()),
    };
    PendingLine {
        due: entry.due,
        key: crate::dry_run::effects::plain(key),
        what,
        cost: run.cost_of(key, entry),
    }
}
