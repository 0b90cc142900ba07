//! What `doctor` can find, in words, each with the next step.

use std::net::SocketAddr;
use std::time::Duration;

use crate::chat::{GatewayName, GroupId, Lang, PersonId};
use crate::gateway::{Account, Trouble};
use crate::web::Exposed;

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    Config,
    Running,
    Exposure,
    Staff,
    StaffGroup,
    /// An account that was logged out when it was told of last.
    Paused,
    Connection,
    Identity,
    Clock,
    Groups,
    Members(GroupId),
    Rights,
}

impl About {
    /// One word, for programs.
    pub fn word(&self) -> &'static str {
        match self {
            About::Config => "config",
            About::Running => "running",
            About::Exposure => "exposure",
            About::Staff => "staff",
            About::StaffGroup => "staff_group",
            About::Paused => "paused",
            About::Connection => "connection",
            About::Identity => "identity",
            About::Clock => "clock",
            About::Groups => "groups",
            About::Members(_) => "members",
            About::Rights => "rights",
        }
    }
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Fine,
    /// Nothing is wrong, or this gateway has no such thing; worth knowing.
    Note,
    /// It works, and somebody should look.
    Warning,
    Failed,
}

impl State {
    /// One word, for programs.
    pub fn word(self) -> &'static str {
        match self {
            State::Fine => "fine",
            State::Note => "note",
            State::Warning => "warning",
            State::Failed => "failed",
        }
    }

    /// What stands before a line.
    pub fn mark(self) -> &'static str {
        match self {
            State::Fine => "✓",
            State::Note => "·",
            State::Warning => "!",
            State::Failed => "✗",
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub about: About,
    pub state: State,
    pub said: String,
    /// What to do, if anything.
    pub next: Option<String>,
}

impl Finding {
    fn new(about: About, state: State, said: String) -> Self {
        Self {
            about,
            state,
            said,
            next: None,
        }
    }

    fn next(self, next: impl Into<String>) -> Self {
        Self {
            next: Some(next.into()),
            ..self
        }
    }

    pub fn config(has_file: bool, lang: Lang) -> Self {
        match has_file {
            true => Self::new(
                About::Config,
                State::Fine,
                lang.pick("配置正确", "the config is sound").into(),
            ),
            false => Self::new(
                About::Config,
                State::Note,
                lang.pick(
                    "没有配置文件，用的是默认的终端",
                    "there is no config file; the terminal stands in",
                )
                .into(),
            )
            .next(lang.pick("运行 qunying init 写一份", "`qunying init` writes one")),
        }
    }

    pub fn paused(said: String, lang: Lang) -> Self {
        Self::new(About::Paused, State::Warning, said).next(lang.pick(
            "在聊天平台重新登录这个账号；登录后自动发出",
            "log the account in again; what waits goes out then",
        ))
    }

    pub fn running(is: bool, listen: SocketAddr, lang: Lang) -> Self {
        match is {
            true => Self::new(
                About::Running,
                State::Fine,
                lang.pick(format!("群营正在 {listen} 运行"), format!("the bot runs at {listen}")),
            ),
            false => Self::new(
                About::Running,
                State::Note,
                lang.pick(format!("{listen} 上没有群营在运行"), format!("no bot runs at {listen}")),
            )
            .next(lang.pick("用 qunying run 启动", "start it with `qunying run`")),
        }
    }

    pub fn exposed(exposed: &Exposed, lang: Lang) -> Self {
        Self::new(
            About::Exposure,
            State::Failed,
            lang.pick(exposed.in_chinese(), exposed.to_string()),
        )
    }

    pub fn staff(count: usize, lang: Lang) -> Self {
        let said = lang.pick(format!("店员 {count} 人"), format!("staff: {count}"));
        Self::new(About::Staff, State::Fine, said)
    }

    pub fn no_staff(lang: Lang) -> Self {
        Self::new(
            About::Staff,
            State::Warning,
            lang.pick(
                "没有店员：没人能下命令，也没人听到警报",
                "there is no staff: nobody gives orders or hears alarms",
            )
            .into(),
        )
        .next(lang.pick("在 [staff] ids 里写「网关名/编号」", "write GATEWAY/ID in [staff] ids"))
    }

    pub fn staff_unseen(people: &[&PersonId], lang: Lang) -> Self {
        let names: Vec<&str> = people.iter().map(|person| person.as_str()).collect();
        Self::new(
            About::Staff,
            State::Warning,
            lang.pick(
                format!("这些店员不在任何群里：{}", names.join("、")),
                format!("these of the staff are in no group: {}", names.join(", ")),
            ),
        )
        .next(lang.pick("核对 [staff] ids 里的编号", "compare the ids in [staff] ids"))
    }

    pub fn no_staff_group(group: &GroupId, lang: Lang) -> Self {
        Self::new(
            About::StaffGroup,
            State::Failed,
            lang.pick(
                format!("机器人不在店员群 {group} 里"),
                format!("the bot is not in the staff's group {group}"),
            ),
        )
        .next(lang.pick(
            "把机器人拉进去，或改 [staff] group",
            "invite it, or change [staff] group",
        ))
    }

    pub fn connection(up: bool, lang: Lang) -> Self {
        match up {
            true => Self::new(
                About::Connection,
                State::Fine,
                lang.pick("WebSocket 已连上", "the WebSocket stands").into(),
            ),
            false => Self::new(
                About::Connection,
                State::Failed,
                lang.pick("WebSocket 连不上", "the WebSocket cannot be opened").into(),
            )
            .next(lang.pick(
                "核对 api 的地址和 token，看网关是否在运行",
                "compare the address in `api` and the token, and see whether the gateway runs",
            )),
        }
    }

    pub fn reached(lang: Lang) -> Self {
        let said = lang.pick("它的接口有回应", "its API answers");
        Self::new(About::Connection, State::Fine, said.into())
    }

    pub fn comes_to_us(name: &GatewayName, lang: Lang) -> Self {
        Self::new(
            About::Connection,
            State::Note,
            lang.pick(
                "这个网关自己连过来，这里问不到它",
                "this gateway connects to us and cannot be asked from here",
            )
            .into(),
        )
        .next(lang.pick(
            format!("运行 qunying run，看日志里有没有 {name} 连上"),
            format!("start `qunying run` and see in the log whether {name} connects"),
        ))
    }

    pub fn identity(account: &Account, lang: Lang) -> Self {
        let (name, person) = (&account.name, &account.person);
        let said = lang.pick(format!("账号 {name}（{person}）"), format!("account {name} ({person})"));
        Self::new(About::Identity, State::Fine, said)
    }

    pub fn groups(count: usize, lang: Lang) -> Self {
        match count {
            0 => Self::new(
                About::Groups,
                State::Warning,
                lang.pick(
                    "机器人不在任何群里，或还没听到过",
                    "the bot is in no group, or has not heard of one yet",
                )
                .into(),
            )
            .next(lang.pick(
                "把它拉进一个群，在群里说句话",
                "invite it into a group and say something there",
            )),
            _ => Self::new(
                About::Groups,
                State::Fine,
                lang.pick(format!("{count} 个群"), format!("groups: {count}")),
            ),
        }
    }

    pub fn powerless(groups: &[&GroupId], lang: Lang) -> Self {
        let names: Vec<&str> = groups.iter().map(|group| group.as_str()).collect();
        Self::new(
            About::Rights,
            State::Warning,
            lang.pick(
                format!(
                    "机器人在这些群里只是普通成员，改群名、改名片、移出群会被拒绝：{}",
                    names.join("、")
                ),
                format!(
                    "the bot is an ordinary member of these groups, where renaming, cards and removing are refused: {}",
                    names.join(", ")
                ),
            ),
        )
        .next(lang.pick("请群主把它设为管理员", "ask the owner to make it an admin"))
    }

    pub fn clock(skew: i64, most: Duration, lang: Lang) -> Self {
        let seconds = skew / 1000;
        let off = u64::try_from(seconds.abs()).unwrap_or(u64::MAX);
        let said = match seconds.signum() {
            0 => lang.pick("时钟一致".to_owned(), "its clock agrees with ours".to_owned()),
            1 => lang.pick(format!("它的时钟快 {off} 秒"), format!("its clock is {off} s ahead")),
            _ => lang.pick(format!("它的时钟慢 {off} 秒"), format!("its clock is {off} s behind")),
        };
        let next = lang.pick("两边都打开 NTP 对时", "let both sides keep time by NTP");
        match off {
            _ if off > most.as_secs() => Self::new(About::Clock, State::Failed, said).next(next),
            _ if off > most.as_secs() / 5 => Self::new(About::Clock, State::Warning, said).next(next),
            _ => Self::new(About::Clock, State::Fine, said),
        }
    }

    pub fn slow(most: Duration, lang: Lang) -> Self {
        let most = most.as_secs();
        Self::new(
            About::Connection,
            State::Failed,
            lang.pick(format!("{most} 秒还没看完"), format!("not done after {most} seconds")),
        )
        .next(lang.pick(
            "看网关的日志，它答得太慢",
            "see the gateway's log; it answers too slowly",
        ))
    }

    /// Why a question got no answer. What a gateway does not offer is not wrong.
    pub fn trouble(about: About, trouble: &Trouble, lang: Lang) -> Self {
        let what = match &about {
            About::Members(group) => lang.pick(format!("{group} 的成员名单"), format!("the member list of {group}")),
            About::Connection => lang.pick("接口".to_owned(), "its API".to_owned()),
            About::Groups => lang.pick("群列表".to_owned(), "the list of groups".to_owned()),
            _ => lang.pick("账号".to_owned(), "the account".to_owned()),
        };
        let not_told = match &about {
            About::Identity => "在配置里用 bot 写明机器人的编号",
            _ => "让对方推送名单，或等群里有人说话",
        };
        match trouble {
            Trouble::NotOffered { next, .. } => Self::new(
                about,
                State::Note,
                lang.pick(
                    format!("这个网关不告诉{what}"),
                    format!("this gateway does not tell {what}"),
                ),
            )
            .next(lang.pick(not_told, *next)),
            Trouble::Refused { why, .. } => Self::new(
                about,
                State::Failed,
                lang.pick(
                    format!("网关拒绝给出{what}：{why}"),
                    format!("the gateway refused {what}: {why}"),
                ),
            )
            .next(lang.pick("看它的日志，核对账号的权限", "see its log, and what its account may do")),
            Trouble::Away { why, .. } => Self::new(
                about,
                State::Failed,
                lang.pick(
                    format!("问{what}没有回答：{why}"),
                    format!("no answer about {what}: {why}"),
                ),
            )
            .next(lang.pick(
                "看网关是否在运行、已登录，核对 api 和 token",
                "see whether the gateway runs and is logged in; compare `api` and `token`",
            )),
            Trouble::Garbled { why, .. } => Self::new(
                about,
                State::Failed,
                lang.pick(
                    format!("{what}的回答看不懂：{why}"),
                    format!("the answer about {what} makes no sense: {why}"),
                ),
            )
            .next(lang.pick(
                "核对 kind 和 api 是否写对",
                "compare `kind` and `api` with what really runs there",
            )),
        }
    }
}
