//! What can be wrong with files beside the playbooks. No code of a pool is ever shown.

use super::found::Problems;
use super::kinds::{Code, Place, both};

impl Problems {
    pub fn bad_path(&mut self, place: &Place, path: &str) {
        self.add(
            Code::NotBeside,
            place,
            both(
                format!("「{path}」不是剧本旁边的文件。"),
                format!("`{path}` is no file beside the playbook"),
            ),
            both(
                "写从剧本所在目录算起的路径，不带 ..：券码 \"codes/coffee.txt\"，栏目的目录 \"pieces/tea\"。",
                "write a path from where the playbook stands, without ..: \"codes/coffee.txt\" for codes, \"pieces/tea\" for a column",
            ),
        );
    }

    pub fn not_beside(&mut self, place: &Place, name: &str) {
        self.add(
            Code::NotBeside,
            place,
            both(
                format!("没有 {name}，或读不了。"),
                format!("there is no {name}, or it cannot be read"),
            ),
            both(
                "把文件放到那里，或改正路径；路径从剧本所在目录算起。",
                "put the file there, or correct the path; it counts from where the playbook stands",
            ),
        );
    }

    pub fn bad_code(&mut self, place: &Place, (name, line): (&str, usize)) {
        self.add(
            Code::BadPool,
            place,
            both(
                format!("{name} 第 {line} 行不是券码：太长，或中间有空格。"),
                format!("line {line} of {name} is no code: it is too long, or has a blank in it"),
            ),
            both(
                "一行只写一个券码，注释以 # 开头。",
                "write one code a line; comments begin with #",
            ),
        );
    }

    pub fn code_twice(&mut self, place: &Place, name: &str, (first, again): (usize, usize)) {
        self.add(
            Code::BadPool,
            place,
            both(
                format!("{name} 第 {again} 行和第 {first} 行是同一个券码。"),
                format!("line {again} of {name} is the code of line {first} again"),
            ),
            both(
                "删掉一行：一个码只能给一个人。",
                "take one of them out: a code is for one person",
            ),
        );
    }

    pub fn no_codes(&mut self, place: &Place, name: &str) {
        self.add(
            Code::BadPool,
            place,
            both(format!("{name} 里没有券码。"), format!("{name} holds no code")),
            both("一行写一个券码。", "write one code a line"),
        );
    }

    pub fn needs(&mut self, place: &Place, key: &str, other: &str) {
        self.add(
            Code::Contradiction,
            place,
            both(
                format!("写了 {key} 没写 {other}，{key} 没有用。"),
                format!("`{key}` does nothing without `{other}`"),
            ),
            both(
                format!("补上 {other}，或删掉 {key}。"),
                format!("add `{other}`, or take `{key}` out"),
            ),
        );
    }
}
