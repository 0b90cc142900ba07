//! Problems of answers, surveys and quizzes.

use super::found::{Problems, meant, nearest};
use super::kinds::{Both, Code, Place, both};

impl Problems {
    pub fn unknown_answer(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownAnswer,
            place,
            both(
                format!("没有叫「{written}」的答案。"),
                format!("no answer has the name `{written}`"),
            ),
            meant(nearest(written, known.iter().copied()), known),
        );
    }

    pub fn shared_keyword(&mut self, place: &Place, word: &str, other: &str) {
        self.add(
            Code::SharedKeyword,
            place,
            both(
                format!("关键词「{word}」在答案「{other}」里也有：只说到它的问题两边一样像，谁都不会直接回答。"),
                format!(
                    "the keyword `{word}` is one of the answer `{other}` too: a question with nothing else is as near to both, and neither is given"
                ),
            ),
            both(
                "只留在一个答案里，或换成更长、更具体的词。",
                "leave it to one of them, or use a longer word",
            ),
        );
    }

    pub fn answered_by_another(&mut self, place: &Place, name: &str, other: &str) {
        self.add(
            Code::NeverAnswered,
            place,
            both(
                format!("「{name}」的每一种问法、每一个关键词，答案「{other}」都有：它永远不会单独给出。"),
                format!("the answer `{other}` has every wording and keyword of `{name}`, which is never given alone"),
            ),
            both(
                "合成一个答案，或给它不一样的问法。",
                "make one answer of both, or give it wordings of its own",
            ),
        );
    }

    pub fn answer_nowhere(&mut self, place: &Place, name: &str) {
        self.add(
            Code::NeverAnswered,
            place,
            both(
                format!("「{name}」的 groups 和这个文件的 groups 没有共同的群。"),
                format!("the `groups` of `{name}` and those of its file have no group in common"),
            ),
            both(
                "改其中一个 groups，或把答案放到别的文件。",
                "change one of them, or move the answer to another file",
            ),
        );
    }

    /// Nothing of the set says that questions are answered.
    pub fn no_answers_section(&mut self, place: &Place) {
        self.add(
            Code::NeverAnswered,
            place,
            both(
                "整套剧本里没有 [answers]，这些答案没有人会给。",
                "no playbook has a section [answers], so nobody gives these answers",
            ),
            both(
                "在其中一个文件里写一节 [answers]，空着也行。",
                "write a section [answers] in one of the files; it may be empty",
            ),
        );
    }

    pub fn unknown_survey(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownSurvey,
            place,
            both(
                format!("没有叫「{written}」的问卷或竞答。"),
                format!("no survey or quiz has the name `{written}`"),
            ),
            meant(nearest(written, known.iter().copied()), known),
        );
    }

    pub fn no_deadline(&mut self, place: &Place, usual: (&str, &str)) {
        self.add(
            Code::NoDeadline,
            place,
            both(
                format!("没有写多久截止，按 {} 算。", usual.1),
                format!("nothing says for how long it is open; {} is taken", usual.1),
            ),
            both(
                format!("写上 {} = \"{}\"。", usual.0, usual.1),
                format!("write {} = \"{}\"", usual.0, usual.1),
            ),
        );
    }

    pub fn bad_question(&mut self, place: &Place, why: Both, next: Both) {
        self.add(Code::BadQuestion, place, why, next);
    }

    pub fn not_staff(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::NotStaff,
            place,
            both(
                format!("「{written}」不是 config.toml 里的店员，告诉不到。"),
                format!("`{written}` is none of the staff in the config, so nobody is told"),
            ),
            meant(nearest(written, known.iter().copied()), known),
        );
    }
}
