//! Reading shape X gives the truth without what X loses.

use qunying::recording::imported::{Missing, Sure};

use super::shapes::{self, Joins, Shape};
use super::stage::{Imported, imported, mapped, words};
use super::truth::{PEOPLE, START, Thing, truth};

fn read(shape: &Shape) -> Imported {
    let users = shapes::users();
    let mut files: Vec<(&str, &[u8])> = vec![(shape.file, &shape.bytes)];
    if shape.format == "pywxdump" {
        files.push(("users.json", &users));
    }
    imported(&files).unwrap_or_else(|troubles| panic!("{}: {}", shape.file, words(&troubles)))
}

fn people(of: &dyn Fn(&Thing) -> Vec<usize>) -> Vec<usize> {
    truth().iter().flat_map(|(_, thing)| of(thing)).collect()
}

fn joiners() -> Vec<usize> {
    people(&|thing| match thing {
        Thing::Invited(people, _) => people.clone(),
        Thing::Scanned(who, _) => vec![*who],
        _ => Vec::new(),
    })
}

/// An id as some network writes it.
fn is_id_of(wire: &str, person: usize) -> bool {
    let person = PEOPLE[person];
    wire == person.id || wire.trim_start_matches("user") == person.number.to_string()
}

fn is_name_of(wire: &str, person: usize) -> bool {
    wire == format!("name:{}", PEOPLE[person].name)
}

#[test]
fn every_shape_is_found_by_its_content() {
    for shape in shapes::all() {
        assert_eq!(read(&shape).summary.files[0].format, shape.format, "{}", shape.file);
    }
}

#[test]
fn what_was_said_is_read_from_every_shape() {
    for shape in shapes::all() {
        let found = read(&shape).messages();
        let said: Vec<_> = truth()
            .into_iter()
            .filter_map(|(second, thing)| match thing {
                Thing::Says(who, text) => Some((START + second, who, text)),
                _ => None,
            })
            .collect();
        assert_eq!(found.len(), said.len(), "{}: {found:#?}", shape.file);
        for ((at, name, words), (second, who, text)) in found.iter().zip(&said) {
            let expected = if shape.keeps.seconds { *second } else { second / 60 * 60 };
            assert_eq!((*at, words.as_str()), (expected, *text), "{}", shape.file);
            // Of oneself some shapes tell no name.
            if shape.keeps.names && *who != 0 {
                assert_eq!(name, PEOPLE[*who].name, "{}", shape.file);
            }
        }
    }
}

#[test]
fn who_came_in_is_read_as_far_as_the_shape_tells() {
    for shape in shapes::all() {
        let imported = read(&shape);
        let found = imported.joins();
        let expected = match shape.keeps.joins {
            Joins::Dropped => Vec::new(),
            // Of those who came in together the template hides how many they were.
            Joins::Nameless => joiners().into_iter().filter(|it| *it != 4).collect(),
            Joins::Ids | Joins::Names => joiners(),
        };
        assert_eq!(found.len(), expected.len(), "{}: {found:#?}", shape.file);
        for ((wire, name, sure), person) in found.iter().zip(expected) {
            let known = if shape.keeps.ids {
                is_id_of(wire, person)
            } else {
                is_name_of(wire, person)
            };
            assert!(known, "{}: {wire} is not {}", shape.file, PEOPLE[person].name);
            assert!(
                name.is_empty() && !shape.keeps.names || name == PEOPLE[person].name,
                "{}: {name}",
                shape.file
            );
            match shape.keeps.joins {
                Joins::Ids => assert_eq!(*sure, Sure::Id, "{}", shape.file),
                Joins::Nameless => assert_eq!(*sure, Sure::Inferred, "{}", shape.file),
                _ => assert!(*sure <= Sure::Inferred, "{}", shape.file),
            }
        }
        let missing = &imported.summary.groups[0].missing;
        assert_eq!(
            missing.contains(&Missing::Joins),
            shape.keeps.joins == Joins::Dropped,
            "{}",
            shape.file
        );
        assert_eq!(
            missing.contains(&Missing::Leaves),
            !shape.keeps.leaves,
            "{}",
            shape.file
        );
    }
}

#[test]
fn leaves_renames_and_recalls_are_read_as_far_as_the_shape_tells() {
    for shape in shapes::all() {
        let imported = read(&shape);
        let is = |wire: &String, person: usize| is_id_of(wire, person) || is_name_of(wire, person);
        let (kicked, left) = (imported.leaves(true), imported.leaves(false));
        assert_eq!(kicked.len(), usize::from(shape.keeps.kicks), "{}", shape.file);
        assert!(kicked.iter().all(|wire| is(wire, 7)), "{}: {kicked:?}", shape.file);
        assert_eq!(left.len(), usize::from(shape.keeps.leaves), "{}", shape.file);
        assert!(left.iter().all(|wire| is(wire, 3)), "{}: {left:?}", shape.file);
        let title: &[&str] = if shape.keeps.renames {
            &["山野“茶”友"]
        } else {
            &[]
        };
        assert_eq!(imported.renames(), title, "{}", shape.file);
        let summary = &imported.summary;
        assert_eq!(summary.recalls, u64::from(shape.keeps.recalls), "{}", shape.file);
        assert_eq!(
            summary.unknown_times,
            u64::from(shape.keeps.odd),
            "{}: {:?}",
            shape.file,
            summary.unknown
        );
        assert_eq!(summary.unreadable, 0, "{}", shape.file);
    }
}

#[test]
fn an_import_repeats_itself_byte_for_byte_and_an_imported_log_is_itself() {
    for shape in shapes::all() {
        let first = read(&shape);
        assert!(first.bytes == read(&shape).bytes, "{}", shape.file);
        let again = imported(&[("log.jsonl", &first.bytes)]).unwrap_or_else(|it| panic!("{}", words(&it)));
        assert_eq!(
            String::from_utf8_lossy(&again.bytes),
            String::from_utf8_lossy(&first.bytes),
            "{}",
            shape.file
        );
    }
}

#[test]
fn a_table_is_read_by_the_columns_the_operator_names() {
    let table = "时间;发送者;内容\n2026/3/2 9:00;小桥;早\n2026/3/2 9:01;系统;\"小桥\"邀请\"阿南\"加入了群聊\n坏;x;y\n";
    let imported = mapped(table.as_bytes(), "time=时间,sender=发送者,text=内容,system=系统")
        .unwrap_or_else(|it| panic!("{}", words(&it)));
    assert_eq!(imported.messages(), [(START, "小桥".to_owned(), "早".to_owned())]);
    assert_eq!(imported.joins()[0].1, "阿南");
    assert_eq!(imported.summary.unreadable, 1);
    let Err(troubles) = mapped(table.as_bytes(), "time=时刻,sender=发送者,text=内容") else {
        panic!("the column is not there");
    };
    assert!(words(&troubles).contains("no column `时刻`"), "{}", words(&troubles));
}

/// A laundered log says so in the report's loudest line.
#[test]
fn a_log_that_lost_its_joins_says_so() {
    let shapes = shapes::all();
    let laundered = shapes
        .iter()
        .find(|shape| shape.keeps.joins == Joins::Dropped)
        .expect("there is one");
    let summary = read(laundered).summary;
    let zone = super::stage::context().zone;
    let zh = qunying::import::summary::shown::text(&summary, &zone, qunying::chat::Lang::Zh);
    assert!(zh.contains("0 次进群，但有 8 人发言 —— 这份记录丢了系统消息"), "{zh}");
}
