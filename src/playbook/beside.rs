//! Files beside the playbooks: codes bought elsewhere, pieces of a column. A playbook names them by a path from where it
//! stands; they are sources like the playbooks themselves, so a recording has them too.

use std::collections::BTreeSet;

use toml::de::DeTable;

use crate::chat::Source;

/// What such a file's name ends with. Everything else is a playbook.
const ENDINGS: [&str; 2] = [".txt", ".md"];

/// Whether a source is no playbook.
pub fn is_beside(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// What playbooks want beside them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    pub path: String,
    /// Everything in it that is no playbook.
    pub folder: bool,
}

/// Everything some playbooks want, each once. What cannot be read is left to reading.
pub fn wanted(sources: &[Source]) -> Vec<Wanted> {
    let mut wanted = BTreeSet::new();
    for source in sources.iter().filter(|source| !is_beside(&source.name)) {
        let (table, _) = DeTable::parse_recoverable(&source.text);
        for (section, key, folder) in [("coupon", "pool", false), ("column", "pieces", true)] {
            let named = table.get_ref().get(section).and_then(|it| it.get_ref().as_table());
            let paths = named.into_iter().flatten().filter_map(|(_, one)| {
                let text = one.get_ref().as_table()?.get(key)?.get_ref().as_str()?.to_owned();
                place(&source.name, &text)
            });
            wanted.extend(paths.map(|path| Wanted { path, folder }));
        }
    }
    wanted.into_iter().collect()
}

/// Where a path leads that stands in a playbook; `None` if it leads out of the playbook's directory.
pub fn place(book: &str, path: &str) -> Option<String> {
    let path = path.trim().trim_end_matches('/');
    let inside = !path.is_empty()
        && !path.starts_with(['/', '\\'])
        && !path.contains(':')
        && path.split(['/', '\\']).all(|part| !matches!(part, ".." | "." | ""));
    let dir = book.rfind(['/', '\\']).map_or("", |at| &book[..=at]);
    inside.then(|| format!("{dir}{path}"))
}
