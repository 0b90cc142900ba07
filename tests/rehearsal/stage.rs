//! What every conversation starts from: a house, playbooks, and the comparison that rewrites itself with `UPDATE=1`.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use jiff::tz::TimeZone;
use qunying::calendar::Workdays;
use qunying::chat::Lang;
use qunying::dry_run::{Input, Losses, Plan, Report, Show};
use qunying::logs::Logs;
use qunying::playbook::{self, House, Manners, Playbooks, Source};

pub fn house() -> House {
    House {
        name: "山野茶社".to_owned(),
        zone: TimeZone::get("Asia/Shanghai").expect("the zone is bundled"),
        lang: Lang::Zh,
        staff: vec!["shop/9001".into()],
        staff_group: None,
        manners: Manners {
            quiet: Some((jiff::civil::time(23, 0, 0, 0), jiff::civil::time(8, 0, 0, 0))),
            per_group_per_day: 12,
            mentions_per_person_per_day: 3,
            promo_one_in: 4,
        },
        gateways: BTreeMap::new(),
        calls: std::collections::BTreeSet::new(),
        workdays: Workdays::built_in(),
    }
}

/// The playbooks as they are shipped.
pub fn shipped() -> Playbooks {
    books(&shipped_files())
}

/// Their files, with what stands beside them.
pub fn shipped_files() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut names: Vec<_> = std::fs::read_dir("playbooks")
        .expect("the playbooks are there")
        .map(|entry| entry.expect("a directory can be listed").path())
        .filter(|path| path.extension().is_some_and(|it| it == "toml"))
        .collect();
    names.sort();
    for path in names {
        let text = std::fs::read_to_string(&path).expect("a playbook can be read");
        sources.push(Source {
            name: path.display().to_string(),
            text,
        });
    }
    for wanted in playbook::beside::wanted(&sources) {
        let mut files: Vec<_> = std::fs::read_dir(&wanted.path)
            .into_iter()
            .flatten()
            .map(|entry| entry.expect("a directory can be listed").path())
            .collect();
        files.sort();
        sources.extend(files.into_iter().map(|path| Source {
            text: std::fs::read_to_string(&path).expect("a piece can be read"),
            name: path.display().to_string(),
        }));
    }
    sources
}

pub fn books(sources: &[Source]) -> Playbooks {
    match playbook::read(sources, house()).sound() {
        Ok(books) => books,
        Err(problems) => panic!("{problems:#?}"),
    }
}

/// One book called `tea`.
pub fn tea(text: &str) -> Playbooks {
    books(&[Source {
        name: "tea.toml".to_owned(),
        text: text.to_owned(),
    }])
}

/// Compares with a file under `tests/rehearsal/golden`; `UPDATE=1` writes it.
#[track_caller]
pub fn golden(name: &str, said: &str) {
    let path = Path::new("tests/rehearsal/golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all("tests/rehearsal/golden").expect("the directory can be made");
        std::fs::write(&path, said).expect("the file can be written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == said,
        "{} differs; look at it and run again with UPDATE=1\n{said}",
        path.display()
    );
}

/// A log of ours, read whole.
pub fn inputs(path: &str) -> (Vec<Input>, Losses) {
    let mut logs = Logs::new("shop".into());
    let mut inputs = Vec::new();
    let file = std::io::BufReader::new(std::fs::File::open(path).expect("the recording is there"));
    logs.read(path, file, &mut |input| {
        inputs.push(input);
        ControlFlow::Continue(())
    })
    .expect("the recording is sound");
    inputs.extend(logs.foreign());
    (inputs, logs.losses().clone())
}

/// A whole run over a shipped recording.
pub fn rehearse(path: &str, books: Playbooks, show: Show, lang: Lang) -> Report {
    let (inputs, losses) = inputs(path);
    let mut report = Plan::new(books, show, lang).run(inputs);
    report.losses = losses;
    report
}
