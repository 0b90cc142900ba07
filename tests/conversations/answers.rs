//! What gateways answer, what staff order about it, and what is told to whom.

use qunying::chat::{Action, Deed, Event, EventId, Happening, Moment, Outcome, StaffOrder, text_of};
use qunying::community::Community;
use qunying::community::outbox::State;
use qunying::engine::{Decision, Dice, step};
use qunying::playbook::Playbooks;

use super::stage::{books, group, house, joins, person, says};

const VOTE: &str = r#"
[vote.name]
open     = ["起群名"]
nominate = ["起名"]
ballot   = ["投"]
open_for = "1h"
then = [ { rename_group = "{{ winner }}" }, { say = "改好了：{{ winner }}" } ]
"#;

/// A community, and everything that happens to it in order.
struct Desk {
    books: Playbooks,
    community: Community,
    now: Moment,
    told: u32,
}

impl Desk {
    fn new(text: &str) -> Self {
        let house = house();
        let now = Moment::at_local("2026-03-02T10:00".parse().unwrap(), &house.zone);
        let mut desk = Self {
            books: books(text, house),
            community: Community::default(),
            now,
            told: 0,
        };
        desk.tell(Happening::BotJoined { group: group("群") });
        for name in ["店长", "小明"] {
            desk.tell(joins("群", name));
        }
        desk
    }

    fn tell(&mut self, happening: Happening) -> Decision {
        self.told += 1;
        self.now = self.now.plus(std::time::Duration::from_secs(1));
        let id = EventId::new(format!("told/{}", self.told));
        let event = Event {
            id,
            at: self.now,
            happening,
        };
        step(
            &self.books,
            &mut self.community,
            &event,
            self.now,
            &Dice::of(b"answers"),
        )
        .decision
    }

    fn answer(&mut self, action: &Action, outcome: Outcome) -> Vec<String> {
        let action = action.id.clone();
        words(&self.tell(Happening::Delivered { action, outcome }).actions)
    }

    /// A vote that 山野 wins; the rename that follows.
    fn renaming(&mut self) -> Action {
        for (from, said) in [("店长", "起群名"), ("小明", "起名 山野"), ("小明", "投1")] {
            self.tell(says(Some("群"), from, said, 1));
        }
        let (due, key, entry) = self.community.next_due().unwrap();
        let event = qunying::engine::due_event(&self.community, due, key, &entry.what);
        self.now = due;
        let decision = step(&self.books, &mut self.community, &event, due, &Dice::of(b"answers")).decision;
        decision.actions.into_iter().next().unwrap()
    }
}

fn words(actions: &[Action]) -> Vec<String> {
    actions
        .iter()
        .map(|action| match &action.deed {
            Deed::Say { group, content } => format!("{}: {}", group.wire(), text_of(content)),
            other => format!("{other:?}"),
        })
        .collect()
}

fn refused() -> Outcome {
    Outcome::Refused {
        why: "没有权限".to_owned(),
    }
}

#[test]
fn what_somebody_has_to_confirm_waits_under_its_name() {
    let mut desk = Desk::new(VOTE);
    let rename = desk.renaming();
    let proposed = |why: &str| Outcome::Proposed {
        proposal: "msgX:zhang".into(),
        why: why.to_owned(),
        again: desk_again(),
    };
    for why in ["proposed", "not confirmed yet"] {
        assert!(
            desk.answer(&rename, proposed(why)).is_empty(),
            "nothing follows from a proposal"
        );
        let pending = &desk.community.outbox()[&rename.id];
        assert_eq!((pending.state, pending.answer.as_str()), (State::Waiting, why));
        assert_eq!(pending.proposal, Some("msgX:zhang".into()));
        assert_eq!(pending.next_at, desk_again());
    }
    // What is written down is read again, and what was written before there were proposals too.
    let pending = desk.community.outbox()[&rename.id].clone();
    let written = serde_json::to_string(&pending).unwrap();
    assert_eq!(
        serde_json::from_str::<qunying::community::outbox::Pending>(&written).unwrap(),
        pending
    );
    let before = written.replace("\"proposal\":\"msgX:zhang\",", "");
    assert_eq!(
        serde_json::from_str::<qunying::community::outbox::Pending>(&before)
            .unwrap()
            .proposal,
        None
    );
    assert_eq!(
        desk.answer(&rename, Outcome::Done { message: None }),
        ["群: 改好了：山野"]
    );
}

fn desk_again() -> qunying::chat::Moment {
    qunying::chat::Moment::from_seconds(1_900_000_000)
}

#[test]
fn a_rename_is_announced_once_it_is_done() {
    let mut desk = Desk::new(VOTE);
    let rename = desk.renaming();
    assert!(desk.answer(&rename, Outcome::Started).is_empty());
    assert_eq!(desk.community.outbox()[&rename.id].state, State::Unknown);
    let done = || Outcome::Done { message: None };
    assert_eq!(desk.answer(&rename, done()), ["群: 改好了：山野"]);
    assert_eq!(desk.community.groups()[&group("群")].name, "山野");
    assert!(desk.answer(&rename, done()).is_empty(), "told twice, it is done once");
}

#[test]
fn a_rename_that_is_refused_is_told_to_staff_once_and_never_to_the_group() {
    let mut desk = Desk::new(VOTE);
    let rename = desk.renaming();
    let told = desk.answer(&rename, refused());
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("staff: 有一件事没有做成：把群「"), "{told:?}");
    assert!(desk.answer(&rename, refused()).is_empty());
    assert!(desk.answer(&rename, Outcome::GaveUp { why: "x".to_owned() }).is_empty());
}

#[test]
fn an_alarm_that_cannot_be_told_raises_none() {
    let mut desk = Desk::new(VOTE);
    let rename = desk.renaming();
    desk.answer(&rename, refused());
    let alarm = desk.community.outbox_in_order().last().unwrap().action.clone();
    assert!(desk.answer(&alarm, refused()).is_empty());
}

#[test]
fn retried_by_staff_it_goes_on_where_it_stood() {
    let mut desk = Desk::new(VOTE);
    let rename = desk.renaming();
    let retry = |action: &Action| {
        Happening::Ordered(StaffOrder::Retry {
            action: action.id.clone(),
        })
    };
    desk.answer(&rename, Outcome::Started);
    desk.tell(retry(&rename));
    assert_eq!(
        desk.community.outbox()[&rename.id].state,
        State::Unknown,
        "what is under way is not asked for again"
    );
    desk.answer(&rename, refused());
    desk.tell(retry(&rename));
    assert_eq!(desk.community.outbox()[&rename.id].state, State::Waiting);
    assert_eq!(
        desk.answer(&rename, Outcome::Done { message: None }),
        ["群: 改好了：山野"]
    );
}

#[test]
fn dropped_by_staff_it_is_gone_with_all_that_waited_for_it() {
    let mut desk = Desk::new(VOTE);
    let rename = desk.renaming();
    desk.answer(&rename, refused());
    desk.tell(Happening::Ordered(StaffOrder::Drop {
        action: rename.id.clone(),
    }));
    assert!(!desk.community.outbox().contains_key(&rename.id));
    assert!(desk.community.awaiting().is_empty());
    assert!(desk.answer(&rename, Outcome::Done { message: None }).is_empty());
}

#[test]
fn orders_about_what_does_not_exist_change_nothing() {
    let mut desk = Desk::new(VOTE);
    let before = desk.community.outbox().clone();
    for order in [
        StaffOrder::Retry {
            action: "nobody#0".into(),
        },
        StaffOrder::Drop {
            action: "nobody#0".into(),
        },
    ] {
        assert_eq!(desk.tell(Happening::Ordered(order)).changes.len(), 1);
    }
    let outcome = Outcome::Done { message: None };
    let told = Happening::Delivered {
        action: "nobody#0".into(),
        outcome,
    };
    assert!(desk.tell(told).actions.is_empty());
    assert_eq!(*desk.community.outbox(), before);
}

#[test]
fn out_of_a_group_nothing_is_sent_there_any_more() {
    let mut desk = Desk::new(VOTE);
    let rename = desk.renaming();
    let in_group = |desk: &Desk| {
        let mut waiting = desk.community.outbox_in_order();
        waiting.any(|pending| pending.action.deed.group() == Some(&group("群")))
    };
    assert!(in_group(&desk));
    desk.tell(Happening::BotRemoved { group: group("群") });
    assert!(!in_group(&desk));
    assert!(desk.answer(&rename, Outcome::Done { message: None }).is_empty());
    assert_eq!(desk.community.members_of(&group("群")).count(), 0);
    assert_eq!(desk.community.people()[&person("小明")].home, None);
}

#[test]
fn its_own_words_move_nothing() {
    let mut desk = Desk::new(VOTE);
    for place in [Some("群"), None] {
        let Happening::Message(mut message) = says(place, "机器人", "起群名", 9) else {
            unreachable!()
        };
        message.own = true;
        assert!(desk.tell(Happening::Message(message)).actions.is_empty());
    }
    assert!(!desk.community.people().contains_key(&person("机器人")));
}
