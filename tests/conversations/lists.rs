//! Member lists: what two readings tell, and what one must never tell.

use std::time::Duration;

use qunying::chat::{Happening, Moment, Role, Roster, RosterEntry};
use qunying::engine::roster::differences;

use super::stage::{World, books, group, house, leaves, person};

const WELCOME: &str = r#"
[[rule]]
name = "welcome"
on   = "joined"
then = [ { say = "欢迎 {{ who }}" } ]
"#;

fn entry(name: &str, card: &str, joined_at: Option<Moment>) -> RosterEntry {
    RosterEntry {
        person: person(name),
        name: name.to_owned(),
        card: card.to_owned(),
        role: Role::Member,
        joined_at,
    }
}

fn read(world: &mut World, entries: Vec<RosterEntry>, at: Moment) -> usize {
    let list = Roster {
        group: group("群"),
        name: "群".to_owned(),
        entries,
    };
    let told = differences(world.community(), &list, at);
    for event in &told {
        world.tell_as(event, at);
    }
    told.len()
}

#[test]
fn who_joined_days_ago_by_the_lists_own_word_is_not_greeted_now() {
    let mut world = World::new(books(WELCOME, house()));
    let at = world.at("2026-03-02T10:00");
    world.open(at, "群", &["老陈"]);
    let long_ago = at.minus(Duration::from_secs(3 * 86_400));
    let just_now = at.minus(Duration::from_secs(600));
    let list = vec![
        entry("老陈", "", None),
        entry("小明", "", Some(long_ago)),
        entry("小红", "红红", Some(just_now)),
    ];
    let at = at.plus(Duration::from_secs(60));
    assert_eq!(
        read(&mut world, list.clone(), at),
        4,
        "two joins, a card, and that it was read"
    );
    assert_eq!(
        read(&mut world, list, at.plus(Duration::from_secs(60))),
        1,
        "the same list again is no news"
    );
    assert_eq!(
        world
            .community()
            .member(&group("群"), &person("小明"))
            .unwrap()
            .joined_at,
        Some(long_ago)
    );
    assert_eq!(
        &*world.community().member(&group("群"), &person("小红")).unwrap().card,
        "红红"
    );
    assert_eq!(
        world.seen(),
        [
            "03-02 10:01:00  ✗ tea/welcome 小明: too_late",
            "03-02 10:01:00  群: 欢迎 小红",
        ]
    );
}

#[test]
fn a_list_that_names_the_day_of_the_first_joining_still_shows_a_return() {
    let mut world = World::new(books(WELCOME, house()));
    let at = world.at("2026-03-02T10:00");
    world.open(at, "群", &["老陈", "小明"]);
    world.tell(at.plus(Duration::from_secs(60)), leaves("群", "小明"));
    let later = at.plus(Duration::from_secs(3600));
    let first = Some(at.minus(Duration::from_secs(86_400)));
    read(
        &mut world,
        vec![entry("老陈", "", None), entry("小明", "", first)],
        later,
    );
    assert_eq!(world.seen(), ["03-02 11:00:00  群: 欢迎 小明"]);
}

#[test]
fn an_empty_list_tells_nothing_and_one_person_twice_is_one() {
    let mut world = World::new(books(WELCOME, house()));
    let at = world.at("2026-03-02T10:00");
    world.open(at, "群", &["老陈"]);
    assert_eq!(read(&mut world, Vec::new(), at), 0);
    let twice = vec![
        entry("老陈", "", None),
        entry("小明", "", None),
        entry("小明", "", None),
    ];
    read(&mut world, twice, at.plus(Duration::from_secs(60)));
    assert_eq!(world.community().groups()[&group("群")].size, 2);
    assert_eq!(world.seen(), ["03-02 10:01:00  群: 欢迎 小明"]);
}

#[test]
fn found_again_by_a_bot_that_was_away_nobody_has_come_twice() {
    let mut world = World::new(books(WELCOME, house()));
    let at = world.at("2026-03-02T10:00");
    let joined = Some(at.minus(Duration::from_secs(86_400)));
    world.tell(at, Happening::BotJoined { group: group("群") });
    read(&mut world, vec![entry("小明", "", joined)], at);
    world.tell(
        at.plus(Duration::from_secs(60)),
        Happening::BotRemoved { group: group("群") },
    );
    world.tell(
        at.plus(Duration::from_secs(120)),
        Happening::BotJoined { group: group("群") },
    );
    read(
        &mut world,
        vec![entry("小明", "", joined)],
        at.plus(Duration::from_secs(180)),
    );
    assert_eq!(
        world.community().member(&group("群"), &person("小明")).unwrap().joins,
        1
    );
    assert!(world.seen().is_empty());
}
