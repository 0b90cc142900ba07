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
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks");
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let sources: Vec<_> = files
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "toml"))
        .map(|file| playbook::Source {
            name: file.file_name().unwrap().to_string_lossy().into_owned(),
            text: std::fs::read_to_string(file).unwrap(),
        })
        .collect();
    let books = playbook::read(&sources, house())
        .sound()
        .expect("the shipped playbooks are sound");
    let sources = sources
        .into_iter()
        .map(|it| chat::Source {
            name: it.name,
            text: it.text,
        })
        .collect();
    Edition {
        books: books.into(),
        sources,
    }
}
