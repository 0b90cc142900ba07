//! `check --explain CODE`: the section of docs/problems.md, which the program carries with it.

use crate::chat::Lang;
use crate::cli::{Ending, Outcome};
use crate::playbook::Code;

/// Every problem, each in a section: a heading, the severity, then each paragraph in Chinese and in English.
const PAGE: &str = include_str!("../../../docs/problems.md");

/// Prints what a code means.
pub(super) fn explain(code: &str, lang: Lang) -> Outcome {
    let wanted = code.trim().to_ascii_uppercase();
    let Some(found) = Code::ALL.iter().find(|it| it.id() == wanted) else {
        let (first, last) = (Code::ALL.first(), Code::ALL.last());
        let range = [first, last]
            .map(|it| it.map(|it| it.id()).unwrap_or_default())
            .join("–");
        anyhow::bail!(lang.pick(
            format!("没有「{code}」这个编号；编号从 {range}，例如 qunying check --explain P07"),
            format!("no problem has the code `{code}`; they are {range}, like qunying check --explain P07"),
        ));
    };
    anstream::println!("{}", section(PAGE, *found, lang));
    Ok(Ending::Fine)
}

/// The section of a code in one language.
fn section(page: &str, code: Code, lang: Lang) -> String {
    let heading = format!("## {} ", code.id());
    let body = page
        .split("\n## ")
        .find_map(|part| part.strip_prefix(heading.trim_start_matches("## ")))
        .unwrap_or_default();
    let mut blocks = body.split("\n\n").map(str::trim).filter(|it| !it.is_empty()).skip(2);
    let mut said = format!(
        "{} {}（{}）\n",
        code.id(),
        code.title(lang),
        lang.pick(
            match code.severity() {
                crate::playbook::Severity::Error => "错误",
                crate::playbook::Severity::Warning => "提醒",
            },
            code.severity().word()
        )
    );
    if lang == Lang::En {
        said = said.replace('（', " (").replace('）', ")");
    }
    while let Some(block) = blocks.next() {
        let text = if is_example(block) {
            block
        } else {
            let english = blocks.next().unwrap_or(block);
            lang.pick(block, english)
        };
        said.push('\n');
        said.push_str(text.trim_start_matches("```toml\n").trim_end_matches("```").trim_end());
        said.push('\n');
    }
    said
}

/// Examples are for both languages.
fn is_example(block: &str) -> bool {
    block.starts_with("```")
}

#[cfg(test)]
mod tests {
    use super::{PAGE, section};
    use crate::chat::Lang;
    use crate::playbook::Code;

    #[test]
    fn every_code_is_explained_in_both_languages() {
        let is_chinese = |text: &str| text.chars().any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it));
        for code in Code::ALL {
            for lang in [Lang::Zh, Lang::En] {
                let said = section(PAGE, *code, lang);
                let text = said.split_once("\n\n").map_or("", |(_, text)| text);
                let first = text.lines().next().unwrap_or_default();
                assert!(!first.is_empty(), "{} is not explained: {said}", code.id());
                // A Chinese text may begin with a key, an English one may hold a Chinese word.
                let begins: String = first.chars().take(12).collect();
                let fits = if lang == Lang::Zh {
                    is_chinese(first)
                } else {
                    !is_chinese(&begins)
                };
                assert!(fits, "{}: {said}", code.id());
            }
        }
    }
}
