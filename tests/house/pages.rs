//! Pages lead where they say, and every page exists in both languages.

use std::path::{Path, PathBuf};

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = |dir: PathBuf| std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = listed(root.to_path_buf())
        .chain(listed(root.join("docs")))
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    pages.sort();
    pages
}

#[test]
fn every_link_within_the_project_leads_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split([')', '#']).next())
        {
            let is_within = !link.is_empty() && !link.contains("://");
            if is_within && !page.parent().unwrap().join(link).exists() {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_page_is_there_in_both_languages() {
    let pages = pages();
    for page in &pages {
        let name = page.file_name().unwrap().to_string_lossy().into_owned();
        // The codes are explained in both languages on one page; the figures are for maintainers, on one page.
        if matches!(name.as_str(), "problems.md" | "performance.md") {
            continue;
        }
        let stem = name.trim_end_matches(".md").trim_end_matches(".zh-CN");
        for other in [format!("{stem}.md"), format!("{stem}.zh-CN.md")] {
            assert!(page.with_file_name(&other).exists(), "{name} has no {other}");
        }
    }
}
