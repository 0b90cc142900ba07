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
        let in_english = missing.join(", ").replace(['「', '」'], "`");
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

    /// A template no file extends.
    pub fn idle_template(&mut self, place: &Place, name: &str) {
        self.add(
            Code::Unused,
            place,
            both(
                format!("「{name}」写了 template = true，又没有剧本照它来：它不会上场，里面的错也没有查。"),
                format!(
                    "`{name}` is a template and no playbook extends it: it does not play, and nothing in it was checked"
                ),
            ),
            both(
                format!("在另一个剧本里写 extends = \"{name}.toml\"，或去掉 template。"),
                format!("write extends = \"{name}.toml\" in another playbook, or take `template` out"),
            ),
        );
    }

    pub fn no_such_book(&mut self, place: &Place, written: &str, (itself, others): (bool, &[&str])) {
        let reason = match itself {
            true => both("剧本不能照自己来。", "a playbook cannot extend itself"),
            false => both(
                format!("没有叫「{written}.toml」的剧本。"),
                format!("there is no playbook `{written}.toml`"),
            ),
        };
        let next = match others {
            [] => both(
                "两个文件要一起读：把它们放在同一个目录，检查整个目录。",
                "both files are read together: keep them in one folder and name the folder",
            ),
            _ => meant(nearest(written, others.iter().copied()), others),
        };
        self.add(Code::BadExtends, place, reason, next);
    }

    pub fn without_what(&mut self, place: &Place) {
        self.add(
            Code::BadExtends,
            place,
            both(
                "without 是从另一个剧本里去掉什么，这里没有照谁来。",
                "`without` leaves something out of another playbook, and none is extended",
            ),
            both(
                "写上 extends = \"welcome.toml\"，或删掉 without。",
                "write extends = \"welcome.toml\", or take `without` out",
            ),
        );
    }

    pub fn extends_twice(&mut self, place: &Place, base: &str) {
        self.add(
            Code::BadExtends,
            place,
            both(
                format!("「{base}.toml」自己也照另一个剧本来，只能照一层。"),
                format!("`{base}.toml` extends another playbook itself; there is one level only"),
            ),
            both("直接照最底下的那个文件来。", "extend the file it extends"),
        );
    }

    pub fn not_there(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::NotThere,
            place,
            both(
                format!("没有叫「{written}」的，没有什么可改。"),
                format!("nothing is called `{written}`, so there is nothing to change"),
            ),
            meant(nearest(written, known.iter().copied()), known),
        );
    }

    /// Two books have the same thing, because the one extends the other or both extend a third. `name` as `without` has it.
    pub fn taken_over_twice(&mut self, place: &Place, name: &str, at: &str) {
        self.add(
            Code::NameTaken,
            place,
            both(
                format!("照它来的不止一个剧本（或它自己也上场），「{name}」（{at}）就有了两份。"),
                format!("more than one playbook has `{name}` ({at}) by this"),
            ),
            both(
                format!("在其中一个里写 without = [\"{name}\"]。"),
                format!("write without = [\"{name}\"] in one of them"),
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
