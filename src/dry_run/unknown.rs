//! What only members could decide, after the recording has ended.
//!
//! Nobody is heard there any more, so a vote that closes or an event that is over has no outcome anybody could know. Both
//! ends of what might be are made as communities of their own: nobody says another word, or everybody does.

use crate::chat::{GroupId, PersonId, RuleName};
use crate::community::Community;
use crate::community::agenda::Due;
use crate::community::change::Change;
use crate::community::gathering::{Attendance, Stage};
use crate::community::vote;
use crate::playbook::Playbooks;

/// A timer whose outcome is members' doing.
#[derive(Debug)]
pub struct Unknown {
    /// The mechanic it belongs to.
    pub rule: RuleName,
    /// As things stand.
    pub nobody: Community,
    /// Every customer in the group takes part: in a vote, for the first name put forward.
    pub everybody: Community,
}

/// Somebody signs up for one seat.
fn applies(person: PersonId, place: u32) -> Attendance {
    Attendance {
        person,
        place: Some(place),
        seats: 1,
        note: String::new(),
        came: false,
        waits: true,
        at: None,
        judged: None,
    }
}

impl Unknown {
    #[allow(clippy::too_many_lines, reason = "one arm a timer: a table")]
    /// `None` for timers that need nobody.
    pub fn of(due: &Due, (books, community): (&Playbooks, &Community)) -> Option<Self> {
        let customers = |group: &GroupId| -> Vec<PersonId> {
            let here = community.members_of(group).map(|(person, _)| person);
            here.filter(|person| !books.house.is_staff(person)).cloned().collect()
        };
        let mut everybody = community.clone();
        let rule = match due {
            Due::VoteCloses(id) => {
                let state = community.votes().get(id).filter(|it| it.stage == vote::Stage::Open)?;
                let (book, _) = books.vote(&id.0)?;
                let voters = if state.nominations.is_empty() {
                    Vec::new()
                } else {
                    customers(&id.1)
                };
                for person in voters {
                    everybody.apply(&Change::Balloted {
                        vote: id.clone(),
                        person,
                        choice: 1,
                    });
                }
                format!("{}/vote.{}", book.name, id.0)
            }
            Due::Gathering {
                id,
                stage: Stage::Closed | Stage::Reviewed,
            } => {
                community.gatherings().get(id)?;
                let ((event, group), _) = id;
                let book = books.books.iter().find(|book| book.gatherings.contains_key(event))?;
                for person in customers(group) {
                    everybody.apply(&Change::Attended {
                        gathering: id.clone(),
                        person,
                    });
                }
                format!("{}/event.{event}", book.name)
            }
            Due::SignUpCloses(id) => {
                let state = community.gatherings().get(id)?;
                let ((event, group), _) = id;
                let book = books.books.iter().find(|book| book.gatherings.contains_key(event))?;
                for (place, person) in (state.next_place..).zip(customers(group)) {
                    if community.attendances().contains_key(&(id.clone(), person.clone())) {
                        continue;
                    }
                    everybody.apply(&Change::SignedUp {
                        gathering: id.clone(),
                        attendance: applies(person, place),
                    });
                }
                format!("{}/event.{event}", book.name)
            }
            Due::Draw(id) => {
                let state = community.draws().get(id).filter(|it| it.is_under_way())?;
                let (book, _) = books.draw(&id.0)?;
                let open = state.stage == crate::community::draw::Stage::Open;
                for person in customers(&id.1).into_iter().filter(|_| open) {
                    let key = (id.clone(), person.clone());
                    let mut chances = community.chances().get(&key).cloned().unwrap_or_default();
                    chances.said = chances.said.max(1);
                    everybody.apply(&Change::DrawEntered {
                        draw: id.clone(),
                        person,
                        chances,
                    });
                }
                format!("{}/draw.{}", book.name, id.0)
            }
            Due::Gathering { .. }
            | Due::RemovalLapses(_)
            | Due::Referral(_)
            | Due::Schedule { .. }
            | Due::Carry { .. }
            | Due::Unanswered { .. }
            | Due::CouponEnds { .. }
            | Due::SaleFound { .. }
            | Due::Card(_)
            | Due::Question { .. }
            | Due::OfferLapses { .. }
            | Due::SurveyCloses(_)
            | Due::QuizCloses(_)
            | Due::PointsExpire
            | Due::PointsRemind
            | Due::Linked { .. }
            | Due::Plan
            | Due::Tier(_)
            | Due::Winback(_) => return None,
        };
        Some(Self {
            rule: RuleName::new(rule),
            nobody: community.clone(),
            everybody,
        })
    }
}
