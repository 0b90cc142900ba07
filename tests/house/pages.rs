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

/// The first figures a reader sees are those of the program as it stands; `UPDATE=1` rewrites them.
#[test]
fn the_readmes_show_the_figures_of_today() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, lang) in [("README.md", "en"), ("README.zh-CN.md", "zh")] {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_qunying"))
            .args(["--lang", lang, "dry-run", "recordings/tea-friends.jsonl"])
            .current_dir(root)
            .output()
            .unwrap();
        let figures: String = String::from_utf8(run.stdout)
            .unwrap()
            .lines()
            .take(8)
            .map(|line| format!("{line}\n"))
            .collect();
        let page = std::fs::read_to_string(root.join(name)).unwrap();
        let (before, rest) = page.split_once("```text\n我的社群").unwrap();
        let (_, after) = rest.split_once("```").unwrap();
        let now = format!("{before}```text\n{figures}```{after}");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(root.join(name), &now).unwrap();
        } else {
            assert!(
                page == now,
                "{name} shows other figures; look at them and run again with UPDATE=1\n{figures}"
            );
        }
    }
}
