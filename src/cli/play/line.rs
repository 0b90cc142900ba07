//! What may be typed: lines of chat, and words for the clock, the reasons and the way back.

use std::time::Duration;

use crate::chat::Lang;
use crate::gateway::terminal::typed;
use crate::playbook::reading::parse_length;

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'t> {
    Nothing,
    Help,
    Quit,
    /// Time passes.
    Push(Duration),
    /// So many steps back.
    Back(usize),
    Why,
    WhyNot(&'t str),
    Rules,
    Save(&'t str),
    /// What the terminal gateway takes.
    Chat(&'t str),
}

impl<'t> Line<'t> {
    /// What a line is. Words stand alone or before a blank, so that «why: …» is somebody called why.
    pub fn read(typed: &'t str) -> Self {
        let typed = typed.trim();
        if let Some(length) = typed.strip_prefix(['+', '＋'])
            && let Some(length) = parse_length(length)
        {
            return Line::Push(length);
        }
        let (word, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
        let rest = rest.trim();
        match (word, rest) {
            ("", _) => Line::Nothing,
            ("help" | "帮助" | "?" | "？", "") => Line::Help,
            ("quit" | "exit" | "退出", "") => Line::Quit,
            ("rules" | "规则", "") => Line::Rules,
            ("why" | "为什么", "") => Line::Why,
            ("为什么不" | "为什么没", rule) if !rule.is_empty() => Line::WhyNot(rule),
            ("why", rest) => match rest.strip_prefix("not ").map(str::trim) {
                Some(rule) if !rule.is_empty() => Line::WhyNot(rule),
                _ => Line::Chat(typed),
            },
            ("back" | "退回" | "退", "") => Line::Back(1),
            ("back" | "退回" | "退", steps) => steps.parse().map_or(Line::Chat(typed), Line::Back),
            (":save" | "：save" | ":保存" | "：保存", name) => Line::Save(name),
            _ => Line::Chat(typed),
        }
    }
}

/// How to play.
pub fn help(lang: Lang) -> String {
    let own = lang.pick(
        "+60s  +1d  +2小时       时间过去这么久，到期的定时都会响\n\
         why                    刚才为什么这样：每条规则问过什么\n\
         why not 规则            这条规则为什么没发，怎样才会发（rules 列出名字）\n\
         back 2                 退回两步\n\
         :save 小红第一天        写成剧本里的 [[test]]，写之前先确认能通过\n\
         quit                   退出（Ctrl-D 也行）",
        "+60s  +1d  +2h        so much time passes; timers that come due fire\n\
         why                   why it came so: what every rule was asked\n\
         why not RULE          why a rule did not fire, and what would have made it (rules lists them)\n\
         back 2                two steps back\n\
         :save first day       writes a [[test]] into the playbook, once it is known to pass\n\
         quit                  ends it (so does Ctrl-D)",
    );
    format!("{}\n{own}", typed::help(lang))
}
