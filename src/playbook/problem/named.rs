//! Problems with what a book keeps under names of its own, and with what it takes over from another.

use super::found::{Problems, meant, nearest};
use super::kinds::{Both, Code, Place, both};

/// What the sections hold, as operators call it.
fn called(section: &str) -> Both {
    match section {
        "words" => both("词表", "word list"),
        "wordings" => both("话术", "wording"),
        "constants" => both("常量", "constant"),
        _ => both("人群", "audience"),
    }
}

impl Problems {
    pub fn unknown_named(&mut self, place: &Place, (section, written): (&str, &str), known: &[&str]) {
        let what = called(section);
        let next = match known {
            [] => both(
                format!("在这个文件里写一节 [{section}]，把「{written}」加进去。"),
                format!("add `{written}` to a section [{section}] of this file"),
            ),
            _ => meant(nearest(written, known.iter().copied()), known),
        };
        self.add(
            Code::UnknownNamed,
            place,
            both(
                format!("[{section}] 里没有叫「{written}」的{}。", what.zh),
                format!("[{section}] holds no {} called `{written}`", what.en),
            ),
            next,
        );
    }

    /// `at` is where it stands: `playbooks/tea.toml:3`.
    pub fn unfit(&mut self, place: &Place, (name, at): (&str, &str), missing: &[String]) {
        let missing: Vec<String> = missing.iter().map(|name| format!("「{name}」")).collect();
        let in_english = missing.join(", ").replace('「', "`").replace('」', "`");
        self.add(
            Code::Unfit,
            place,
            both(
                format!("「{name}」（{at}）里用了{}，这里没有。", missing.join("、")),
                format!("`{name}` ({at}) names {in_english}, which is not there on this occasion"),
            ),
            both(
                "给这里单写一句（一个条件），或把那些名字从中去掉。",
                "write one of its own for this place, or take those names out of it",
            ),
        );
    }

    pub fn unused(&mut self, place: &Place, section: &str, name: &str) {
        let (what, how) = (called(section), used_as(section, name));
        self.add(
            Code::Unused,
            place,
            both(
                format!("{}「{name}」没有用到。", what.zh),
                format!("the {} `{name}` is used nowhere", what.en),
            ),
            both(
                format!("用 {how} 来用它，或删掉。"),
                format!("use it as {how}, or take it out"),
            ),
        );
    }

    pub fn bad_given_name(&mut self, place: &Place, written: &str, of: &str) {
        self.add(
            Code::BadGivenName,
            place,
            both(
                format!("「{written}」不能当名字：话术里要写成 {of}.{written}。"),
                format!("`{written}` cannot be a name: wording would say {of}.{written}"),
            ),
            both(
                "名字写一个词：中文或英文字母、数字、下划线，不用数字开头，例如 shop、店名。",
                "write one word of letters, digits and `_` that begins with no digit, like shop",
            ),
        );
    }
}

fn used_as(section: &str, name: &str) -> String {
    match section {
        "words" => format!("{{ words = \"{name}\" }}"),
        "wordings" => format!("{{ wording = \"{name}\" }}"),
        "constants" => format!("const.{name}"),
        _ => format!("audience.{name}"),
    }
}
