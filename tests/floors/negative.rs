//! Each kind of violation is found; what is allowed is left alone.

use super::SourceFile;
use super::judge::judge;
use super::map::House;

const TABLE: &str = "\
//! | floor | what | modules |
//! |---|---|---|
//! | 0 | words | [`chat`], [`calendar`] |
//! | 2 | deciding | [`engine`] |
//! | 3 | outside | [`store`], [`dry_run`] |
//! | 5 | doors | [`web`] |
";

/// What is broken in one file, the other files being those that the house needs, as `line: what it names`.
fn broken(path: &str, text: &str) -> Vec<String> {
    let house = House::read(TABLE).unwrap();
    let source = |path: &str, text: &str| SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let mut sources: Vec<SourceFile> = [
        "src/chat.rs",
        "src/store.rs",
        "src/store/disk.rs",
        "src/store/disk/lock.rs",
        "src/store/row.rs",
        "src/web.rs",
    ]
    .into_iter()
    .filter(|it| *it != path)
    .map(|path| source(path, ""))
    .collect();
    sources.push(source(path, text));
    judge(&house, &sources)
        .into_iter()
        .map(|it| format!("{}: {}", it.line, it.names))
        .collect()
}

#[test]
fn looking_up_is_found_however_it_is_written() {
    let ways = [
        ("use crate::web::Doors;", "crate::web::Doors"),
        (
            "use crate::{chat::Moment, web::{self, hooks::{hook as h}}};",
            "crate::web",
        ),
        ("use crate::web as door;", "crate::web"),
        ("use crate::web::*;", "crate::web"),
        ("use super::web::Doors;", "crate::web::Doors"),
        ("pub use crate::web::Doors;", "crate::web::Doors"),
        ("fn f() { crate::web::open(); }", "crate::web::open"),
        ("fn f() -> crate::web::Doors { g() }", "crate::web::Doors"),
        ("fn f(door: &dyn crate::web::Door) {}", "crate::web::Door"),
        (
            "fn f() { let it = <crate::web::Doors as Default>::default(); }",
            "crate::web::Doors",
        ),
        (
            "fn f() { match x { crate::web::Doors { .. } => {} } }",
            "crate::web::Doors",
        ),
        ("use crate as house; fn f() { house::web::open(); }", "crate::web::open"),
        (
            "use crate::{self as house}; fn f() { house::web::open(); }",
            "crate::web::open",
        ),
        (
            "extern crate self as house; fn f() { house::web::open(); }",
            "crate::web::open",
        ),
        (
            "mod inner { fn f() { super::super::web::open(); } }",
            "crate::web::open",
        ),
        (
            "mod inner { use super::super as top; fn f() { top::web::open(); } }",
            "crate::web::open",
        ),
        ("fn f() { use crate::web as w; }", "crate::web"),
        ("crate::web::open!(1);", "crate::web::open"),
        ("fn f() { assert!(crate::web::open() == 1); }", "crate::web::open"),
        ("macro_rules! m { () => { $crate::web::open() } }", "crate::web::open"),
        (
            "macro_rules! m { () => { use crate::{chat, web::Doors}; } }",
            "crate::web::Doors",
        ),
        ("use crate::*;", "crate"),
        ("use crate::dry_run::Rehearsal;", "crate::dry_run::Rehearsal"),
    ];
    for (text, names) in ways {
        let found = broken("src/store.rs", text);
        assert!(
            found.iter().any(|it| it.ends_with(&format!(": {names}"))),
            "{text}\nfound {found:?}"
        );
    }
}

#[test]
fn looking_down_is_left_alone() {
    let text = "
        use std::fs; use std::collections::HashMap; use tokio::sync::mpsc;
        use crate::chat::{self, Moment}; use crate::engine::*; use self::disk::Lock;
        /// `crate::web::Doors` in words is no path.
        fn f() { crate::engine::step(); chat::fold(); let web = 1; web + 1; let _ = \"crate::web::x\"; }
        async fn g() {}
    ";
    assert_eq!(broken("src/store.rs", text), Vec::<String>::new());
}

#[test]
fn a_child_names_siblings_and_nouns_but_never_calls_back() {
    let allowed = [
        "use super::row::{self, Row};",
        "use super::{Seq, row};",
        "use crate::store::row::encode;",
        "fn f() { super::row::encode(); super::Seq::new(); }",
        "mod tests { use super::parent_of_tests; }",
        "fn own() {} mod tests { use super::*; }",
    ];
    for text in allowed {
        assert_eq!(broken("src/store/disk.rs", text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(
        broken("src/store/disk/lock.rs", "use super::super::row; use super::lock;"),
        Vec::<String>::new()
    );
    let forbidden = [
        ("src/store/disk.rs", "use super::open;", "crate::store::open"),
        ("src/store/disk.rs", "use super::*;", "crate::store"),
        (
            "src/store/disk.rs",
            "use crate::store::{Seq, open as o};",
            "crate::store::open",
        ),
        ("src/store/disk.rs", "fn f() { super::open(); }", "crate::store::open"),
        (
            "src/store/disk.rs",
            "use crate::store; fn f() { store::open(); }",
            "crate::store::open",
        ),
        (
            "src/store/disk/lock.rs",
            "use super::super::open;",
            "crate::store::open",
        ),
        ("src/store/disk/lock.rs", "use super::take;", "crate::store::disk::take"),
        (
            "src/store/disk.rs",
            "mod tests { use super::super::open; }",
            "crate::store::open",
        ),
    ];
    for (path, text, names) in forbidden {
        let found = broken(path, text);
        assert!(
            found.iter().any(|it| it.ends_with(&format!(": {names}"))),
            "{text}\nfound {found:?}"
        );
    }
}

#[test]
fn impurity_is_found_on_pure_floors() {
    let ways = [
        "use std::fs;",
        "use std::{collections::BTreeMap, fs::{File, read}};",
        "use std::{io::stdin, time::{Duration, Instant}};",
        "use std::*;",
        "use std::time::*;",
        "use std::collections::*;",
        "use std as s; fn f() { s::fs::read(1); }",
        "use std::time; fn f() { time::Instant::now(); }",
        "use std::collections as c; fn f() { c::HashMap::new(); }",
        "fn f() { std::env::var(\"X\"); }",
        "fn f() { ::std::process::exit(1); }",
        "fn f() { std::thread::spawn(g); }",
        "fn f(map: std::collections::HashSet<u8>) {}",
        "type Map = std::collections::hash_map::HashMap<u8, u8>;",
        "use std::net::SocketAddr;",
        "use tokio;",
        "fn f() { tokio::spawn(g()); }",
        "use reqwest::Client as Caller;",
        "use hyper::HeaderMap;",
        "fn f() { sled::open(\"x\"); }",
        "fn f() { getrandom::fill(&mut b); }",
        "fn f() { tokio::select! { _ = g() => {} } }",
        "fn f() { assert!(std::fs::exists(1)); }",
        "macro_rules! m { () => { std::time::SystemTime::now() } }",
        "macro_rules! m { () => { async { 1 } } }",
        "async fn f() {}",
        "fn f() { let it = async { 1 }; }",
        "fn f() { let it = async |x| x; }",
        "struct S; impl S { async fn f() {} }",
        "trait T { async fn f(); }",
        "fn f() { unsafe { g() } }",
        "unsafe fn f() {}",
        "struct S; unsafe impl Send for S {}",
        "fn f() { println!(\"x\"); }",
        "#[cfg(not(test))] fn f() { std::fs::read(1); }",
        "#[cfg(test)] mod tests {} fn f() { std::fs::read(1); }",
    ];
    for text in ways {
        for path in [
            "src/chat.rs",
            "src/chat/word.rs",
            "src/dry_run/driver.rs",
            "src/dry_run/driver/clock.rs",
        ] {
            assert!(!broken(path, text).is_empty(), "{path}: {text}");
        }
        assert_eq!(broken("src/web.rs", text), Vec::<String>::new(), "{text}");
        assert_eq!(broken("src/dry_run/report.rs", text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn purity_leaves_alone_what_is_pure() {
    let text = "
        use std::collections::{BTreeMap, BTreeSet}; use std::time::Duration; use std::fmt;
        fn f(process: u8, env: u8) -> u8 { let fs = process; let thread = fs + env; m!(fs, net, sled); thread }
        #[cfg(test)] mod tests { use std::collections::HashMap; use std::fs; #[test] fn t() { println!(\"x\"); } }
        #[test] fn t() { std::fs::read(1); }
    ";
    assert_eq!(broken("src/chat.rs", text), Vec::<String>::new());
}

#[test]
fn a_module_outside_the_table_and_a_mod_rs_are_found() {
    assert_eq!(broken("src/helpers.rs", ""), ["1: helpers"]);
    assert_eq!(broken("src/chat/mod.rs", ""), ["1: mod.rs"]);
    assert!(House::read("//! nothing").is_err());
    assert!(House::read("//! | 0 | a | [`x`] |\n//! | 1 | b | [`x`] |").is_err());
}
