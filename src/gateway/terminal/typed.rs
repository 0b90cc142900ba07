//! Typed lines become events.

use thiserror::Error;

use super::TerminalSettings;
use crate::chat::{
    BadMoney, Event, EventId, Fen, GroupId, Happening, JoinedHow, Lang, LeftHow, Message, MessageId, Moment, Order,
    OrderId, PersonId, Segment,
};
use crate::gateway::decoded::Arrival;

/// The longest name of a person or group, in characters.
const NAME_MAX: usize = 64;

/// What may be typed, one form a line.
pub fn help(lang: Lang) -> &'static str {
    lang.pick(
        "小明: 签到              小明在群里说「签到」（冒号全角半角都可以，@机器人 可以点名）\n\
         小明 -> 机器人: 你好    小明私聊机器人\n\
         +小明                  小明进群；+小明 by 老王 表示由老王邀请\n\
         -小明                  小明退群\n\
         !小明 29.90 茶叶       小明付款 29.90 元；金额写成 -29.90 表示退款\n\
         #周末群                之后的各行都属于「周末群」\n\
         ?                      显示这段说明",
        "Lin: hello            Lin says hello in the group (@bot calls the bot)\n\
         Lin -> bot: hello     Lin writes to the bot in private\n\
         +Lin                  Lin joins; +Lin by Wang: invited by Wang\n\
         -Lin                  Lin leaves\n\
         !Lin 29.90 tea        Lin pays 29.90; -29.90 is a refund\n\
         #weekend              the following lines are for the group weekend\n\
         ?                     shows this",
    )
}

/// What a line was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Facts; none for an empty line.
    Events(Vec<Event>),
    /// Somebody asked what may be typed.
    Help,
}

/// Why a line means nothing, with what to type instead. Display is English.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotTyped {
    #[error("this is no line of chat; type ? to see what may be typed")]
    NoLine,
    #[error("a name is missing; type ? to see what may be typed")]
    NoName,
    #[error("a name is at most {NAME_MAX} visible characters")]
    LongName,
    #[error("an order is typed like: !小明 29.90 茶叶")]
    Order,
    #[error(transparent)]
    Amount(BadMoney),
    #[error("in private one writes to {0} only")]
    NotTheBot(String),
}

impl NotTyped {
    /// The same in Chinese.
    pub fn in_chinese(&self) -> String {
        match self {
            Self::NoLine => "看不懂这一行。输入 ? 查看可以怎么写。".into(),
            Self::NoName => "少了名字。输入 ? 查看可以怎么写。".into(),
            Self::LongName => format!("名字最多 {NAME_MAX} 个可见字符。"),
            Self::Order => "付款请写成：!小明 29.90 茶叶".into(),
            Self::Amount(bad) => bad.in_chinese(),
            Self::NotTheBot(bot) => format!("私聊只能写给{bot}。"),
        }
    }
}

/// Reads lines one after another and remembers which group they are for.
#[derive(Clone, Debug)]
pub struct Reader {
    settings: TerminalSettings,
    group: String,
}

impl Reader {
    /// Starts in the settings' group.
    pub fn new(settings: TerminalSettings) -> Self {
        Self {
            group: settings.group.clone(),
            settings,
        }
    }

    /// The group lines are for now.
    pub fn group(&self) -> &str {
        &self.group
    }

    /// That the bot is in the current group, and what the group is called.
    pub fn opening(&self, at: Moment) -> Vec<Event> {
        let gateway = &self.settings.name;
        let group = GroupId::at(gateway, &self.group);
        let fact = |what: &str, happening| Event {
            id: EventId::new(format!("{gateway}/{what}/{}", self.group)),
            at,
            happening,
        };
        let named = Happening::RosterRead {
            group: group.clone(),
            name: self.group.clone(),
            members: 0,
        };
        vec![fact("opened", Happening::BotJoined { group }), fact("named", named)]
    }

    /// Reads one line, the `index`th of what arrived. The error says what to type instead.
    pub fn read(&mut self, line: &str, arrived: Arrival, index: usize) -> Result<Typed, NotTyped> {
        let line = line.trim();
        let id = format!(
            "{}/typed/{}-{}/{index}",
            self.settings.name,
            arrived.at.millis(),
            arrived.nth
        );
        let mut characters = line.chars();
        let first = characters.next();
        let rest = characters.as_str().trim();
        let happening = match first {
            None => return Ok(Typed::Events(Vec::new())),
            Some('?' | '？') if rest.is_empty() => return Ok(Typed::Help),
            Some('#' | '＃') => {
                self.group = name(rest)?.to_owned();
                return Ok(Typed::Events(self.opening(arrived.at)));
            }
            Some('+' | '＋') => self.joined(rest)?,
            Some('-' | '－') => Happening::Left {
                group: self.at_group(),
                person: self.person(rest)?,
                how: LeftHow::Left,
                by: None,
                inferred: false,
            },
            Some('!' | '！') => self.order(rest, &id)?,
            Some(_) => self.message(line, &id)?,
        };
        Ok(Typed::Events(vec![Event {
            id: EventId::new(&id),
            at: arrived.at,
            happening,
        }]))
    }

    fn at_group(&self) -> GroupId {
        GroupId::at(&self.settings.name, &self.group)
    }

    fn person(&self, typed: &str) -> Result<PersonId, NotTyped> {
        Ok(PersonId::at(&self.settings.name, name(typed)?))
    }

    fn joined(&self, rest: &str) -> Result<Happening, NotTyped> {
        let (who, by) = match rest.split_once(" by ") {
            Some((who, by)) => (who, Some(self.person(by)?)),
            None => (rest, None),
        };
        Ok(Happening::Joined {
            group: self.at_group(),
            person: self.person(who)?,
            name: name(who)?.to_owned(),
            how: match by {
                Some(_) => JoinedHow::Invited,
                None => JoinedHow::Unknown,
            },
            by,
            inferred: false,
        })
    }

    fn order(&self, rest: &str, id: &str) -> Result<Happening, NotTyped> {
        let mut words = rest.split_whitespace();
        let (Some(who), Some(yuan)) = (words.next(), words.next()) else {
            return Err(NotTyped::Order);
        };
        let amount: Fen = yuan.parse().map_err(NotTyped::Amount)?;
        let order = Order {
            order: OrderId::new(id),
            person: self.person(who)?,
            amount: if amount < Fen::ZERO { -amount } else { amount },
            items: words.map(str::to_owned).collect(),
        };
        Ok(match amount < Fen::ZERO {
            true => Happening::Refunded(order),
            false => Happening::OrderPaid(order),
        })
    }

    fn message(&self, line: &str, id: &str) -> Result<Happening, NotTyped> {
        let Some((head, said)) = line.split_once([':', '：']) else {
            return Err(NotTyped::NoLine);
        };
        let (who, group) = match head.split_once("->").or_else(|| head.split_once('→')) {
            Some((who, to)) if to.trim() == self.settings.bot => (who, None),
            Some(_) => return Err(NotTyped::NotTheBot(self.settings.bot.clone())),
            None => (head, Some(self.at_group())),
        };
        let from = self.person(who)?;
        let segments = self.segments(said.trim());
        let bot = &self.settings.bot;
        let calls_bot = segments
            .iter()
            .any(|it| matches!(it, Segment::Mention(person) if person.wire() == bot));
        Ok(Happening::Message(Message {
            calls_bot,
            group,
            name: name(who)?.to_owned(),
            card: String::new(),
            role: crate::chat::Role::Member,
            message: MessageId::new(id),
            segments,
            own: from.wire() == self.settings.bot,
            from,
        }))
    }

    /// `@名字` at the start or after a blank calls somebody; the rest is words.
    fn segments(&self, said: &str) -> Vec<Segment> {
        let mut segments = Vec::new();
        let mut words = String::new();
        for part in said.split_inclusive(char::is_whitespace) {
            let called = part
                .strip_prefix('@')
                .map(str::trim_end)
                .filter(|called| !called.is_empty());
            let Some(called) = called else {
                words.push_str(part);
                continue;
            };
            if !words.is_empty() {
                segments.push(Segment::Text(std::mem::take(&mut words)));
            }
            segments.push(match called {
                "所有人" | "all" => Segment::MentionAll,
                called => Segment::Mention(PersonId::at(&self.settings.name, called)),
            });
            words.push_str(&part[1 + called.len()..]);
        }
        if !words.is_empty() {
            segments.push(Segment::Text(words));
        }
        segments
    }
}

/// A name as typed, without the blanks around it.
fn name(typed: &str) -> Result<&str, NotTyped> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(NotTyped::NoName);
    }
    if name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(NotTyped::LongName);
    }
    Ok(name)
}
