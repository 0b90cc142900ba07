//! The shipped playbooks, and a house for them to play in.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::tz::TimeZone;
use qunying::calendar::Workdays;
use qunying::chat::{self, Lang};
use qunying::event_loop::Edition;
use qunying::playbook::{self, House, Manners};

/// A house whose gateways can do everything, and which has no quiet hours: a measurement comes out the same at night.
fn house() -> House {
    House {
        name: "山野茶社".to_owned(),
        zone: TimeZone::get("Asia/Shanghai").expect("the zone database is built in"),
        lang: Lang::Zh,
        staff: vec!["shop/9001".into()],
        staff_group: None,
        manners: Manners {
            quiet: None,
            per_group_per_day: 12,
            mentions_per_person_per_day: 3,
            promo_one_in: 4,
        },
        gateways: BTreeMap::new(),
        calls: std::collections::BTreeSet::new(),
        workdays: Workdays::built_in(),
    }
}

/// The playbooks under `playbooks/`, in the order of their names.
pub fn shipped() -> Edition {
    edition(|_| true)
}

/// Those of them whose file is wanted, with what stands beside them.
pub fn edition(wanted: impl Fn(&str) -> bool) -> Edition {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks");
    let read = |name: String| chat::Source {
        text: std::fs::read_to_string(dir.join(&name)).unwrap(),
        name,
    };
    let playbook = |name: &String| name.ends_with(".toml") && wanted(name);
    let mut sources: Vec<chat::Source> = names(&dir).into_iter().filter(playbook).map(read).collect();
    for beside in playbook::beside::wanted(&sources) {
        let within = |name| format!("{}/{name}", beside.path);
        let files: Vec<String> = match beside.folder {
            true => names(&dir.join(&beside.path)).into_iter().map(within).collect(),
            false => vec![beside.path],
        };
        sources.extend(files.into_iter().map(read));
    }
    let books = playbook::read(&sources, house())
        .sound()
        .expect("the shipped playbooks are sound");
    Edition {
        books: books.into(),
        sources,
    }
}

/// The names of what a folder holds, in order.
fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
