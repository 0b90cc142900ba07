//! What a gateway can do, in words, and what happens where it cannot. One table, so that `check`, `doctor`, `explain` and
//! the documents say the same.

use super::Lang;
use super::action::Capability;

impl Capability {
    /// What it is, as an operator says it.
    pub fn said(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Capability::Say => ("在群里说话", "say something"),
            Capability::Whisper => ("私聊", "write in private"),
            Capability::Mention => ("点名", "call by name"),
            Capability::RenameGroup => ("改群名", "rename a group"),
            Capability::SetCard => ("改名片", "set a card"),
            Capability::Recall => ("撤回", "take back a message"),
            Capability::Kick => ("移出群", "remove somebody"),
            Capability::ReadMembers => ("读取成员", "read the members"),
            Capability::TellLeaves => ("告诉谁退群", "tell who left"),
            Capability::TellRenames => ("告诉群改名", "tell of a group's new name"),
            Capability::TellCards => ("告诉改名片", "tell of a new card"),
            Capability::TellReplies => ("告诉引用了哪条", "tell which message is quoted"),
        };
        lang.pick(zh, en)
    }

    /// What happens on a gateway that cannot.
    pub fn instead(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Capability::Say => ("请店员替它在群里说", "staff are asked to say it in the group"),
            Capability::Whisper => (
                "在群里点名说；不在任何群里的人就不说",
                "it is said in the group, by name; to whom is in no group it is not said",
            ),
            Capability::Mention => ("把名字写在话里", "the names are written into the words"),
            Capability::RenameGroup => (
                "请店员手动改，后面的动作不再进行",
                "staff are asked to do it by hand, and what waits for it never happens",
            ),
            Capability::SetCard => ("在群里请本人自己改", "the member is asked in the group to change it"),
            Capability::Recall => ("放弃，并告诉店员", "it is given up and staff are told"),
            Capability::Kick => ("请店员动手", "staff are asked to do it by hand"),
            Capability::ReadMembers => (
                "只从一条条报告里知道谁在群里",
                "who is in a group is known from its reports alone",
            ),
            Capability::TellLeaves => (
                "比对成员名单得知；读不到名单就不知道",
                "member lists are compared; without them nobody knows",
            ),
            Capability::TellRenames => (
                "比对名单得知；读不到名单就不知道",
                "lists are compared; without them nobody knows",
            ),
            Capability::TellCards => (
                "比对成员名单得知；读不到名单就不知道",
                "member lists are compared; without them nobody knows",
            ),
            Capability::TellReplies => (
                "等引用回复的规则不触发",
                "rules that wait for a quoted reply do not fire",
            ),
        };
        lang.pick(zh, en)
    }
}
