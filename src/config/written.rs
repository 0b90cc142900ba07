//! The config as it is written: texts are not filled in yet, and know where they stand.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::{Value, json};
use toml::Spanned;

use super::described::{Described, Keys, object};
use super::mapping;
use crate::chat::{Capability, Lang};

/// A text in which `${NAME}` stands for an environment variable.
pub type Text = Spanned<String>;

/// The same for secrets: they do not print.
pub type Secret = Spanned<SecretString>;

fn text(default: &str) -> Text {
    Spanned::new(0..0, default.to_owned())
}

macro_rules! table {
    ($(#[$doc:meta])* $name:ident { $($key:ident: $kind:ty = $default:expr, $zh:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $(pub $key: $kind,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($key: $default,)* }
            }
        }

        impl Described for $name {
            fn shape() -> Value {
                let default = Self::default();
                let mut keys = Keys::default();
                $(keys.add(stringify!($key), &default.$key, ($zh, $en));)*
                object(keys)
            }
        }
    };
}

table! {
    /// The whole file.
    Written {
        community: Community = Community::default(),
            "社群", "The community";
        server: Server = Server::default(),
            "监听", "The HTTP listener";
        store: Store = Store::default(),
            "数据", "Where everything is kept";
        recording: Recording = Recording::default(),
            "录音", "The recording";
        playbooks: Playbooks = Playbooks::default(),
            "剧本", "The playbooks";
        media: Media = Media::default(),
            "素材", "Pictures";
        staff: Staff = Staff::default(),
            "店员", "The staff";
        manners: Manners = Manners::default(),
            "不打扰", "What members are spared";
        delivery: Delivery = Delivery::default(),
            "发送", "Sending";
        roster: Roster = Roster::default(),
            "成员名单", "Member lists";
        gateway: BTreeMap<String, Spanned<Gateway>> = BTreeMap::new(),
            "网关：聊天平台的接口程序；一个都不写就用终端。", "Gateways; with none there is a terminal.";
        orders: Orders = Orders::default(),
            "店铺报来的订单", "Orders the shop tells of";
        till: BTreeMap<String, Spanned<Till>> = BTreeMap::new(),
            "收银台：可以查券、预留、核销的收银机，每台一个令牌。", "Tills that look up, reserve and redeem coupons; each has a token of its own.";
        calls: BTreeMap<String, Spanned<Call>> = BTreeMap::new(),
            "外呼：规则可以告诉的自己的系统；没写在这里的，谁也叫不到。", "Programs of your own that rules may call; nothing else is ever called.";
    }
}

table! {
    /// `[community]`
    Community {
        name: Text = text("我的社群"),
            "社群的名字。", "What the community is called.";
        zone: Text = text("Asia/Shanghai"),
            "时区：「早上九点」是哪里的九点。", "The time zone of every time in the playbooks.";
        lang: Option<Lang> = None,
            "对群友说的语言，zh 或 en；写了，命令行也用它。", "The language members are spoken to in, and the commands.";
        secret: Option<Secret> = None,
            "抽签和券码由它而来，绝不能泄露或更换；不写就自动生成。", "Dice and coupon codes follow from it: never tell, never change; made once if left out.";
        holidays: Option<Text> = None,
            "自己的节假日和调休表。", "Your own table of holidays and make-up workdays.";
    }
}

table! {
    /// `[server]`
    Server {
        listen: Text = text("127.0.0.1:8080"),
            "监听地址；网关没有密钥时只能监听本机。", "Where it listens; without secrets only on this machine.";
        body_limit: usize = 256 << 10,
            "一次请求最多多少字节。", "The longest body, in bytes.";
        connections: usize = 1024,
            "最多同时多少连接。", "Connections at once.";
        connections_per_peer: usize = 64,
            "每个来源最多多少连接。", "Of them from one address.";
        token: Option<Secret> = None,
            "从别的机器看 /metrics、/readyz 要带的令牌。", "Opens the machines' pages to other machines.";
    }
}

table! {
    /// `[store]`
    Store {
        url: Text = text("sled:data"),
            "数据目录，如 sled:data。", "Where everything is kept, like sled:data.";
        snapshots: usize = 7,
            "留几份每日快照，至少 1。", "Daily snapshots kept, at least 1.";
    }
}

table! {
    /// `[recording]`
    Recording {
        dir: Option<Text> = None,
            "目录。", "The directory.";
        keep_days: u32 = 400,
            "录音留多少天；没有快照能代替的永不删除。", "Days of recording kept; none goes before a snapshot covers it.";
    }
}

table! {
    /// `[playbooks]`
    Playbooks {
        dir: Text = text("playbooks"),
            "目录。", "The directory.";
    }
}

table! {
    /// `[media]`
    Media {
        dir: Text = text("media"),
            "素材目录：剧本里 image 写的文件名在这里找。", "Where the pictures stand that playbooks name.";
        max: Text = text("10MB"),
            "一张图片最多多大，如 500KB、10MB。", "The largest picture, like 500KB or 10MB.";
        url: Option<Text> = None,
            "别的程序从哪个网址取素材目录里的文件；mapped 网关发图片、文件时用。", "The address other programs fetch the files of the media folder from; for pictures and files by mapped gateways.";
    }
}

table! {
    /// `[staff]`
    Staff {
        ids: Vec<Text> = Vec::new(),
            "店员，写「网关名/编号」。", "The staff, as GATEWAY/ID.";
        group: Option<Text> = None,
            "店员群：发给店员的话都说在这里。", "The staff's own group, where they are told things.";
    }
}

table! {
    /// `[manners]`
    Manners {
        quiet: Text = text("22:00-08:00"),
            "这段时间不主动说话，留到早上；\"\" 是没有。", "Hours of silence; \"\" for none.";
        per_group_per_day: u32 = 10,
            "每个群每天最多主动说几句。", "Unasked messages in a group a day.";
        mentions_per_person_per_day: u32 = 3,
            "每人每天最多被 @ 几次。", "How often one person is called a day.";
        promo_one_in: u32 = 5,
            "每几句里最多一句推广。", "At most one promotion in so many messages.";
    }
}

table! {
    /// `[delivery]`
    Delivery {
        per_minute: Option<u32> = None,
            "每分钟最多发几条；不写由网关类型决定。", "Messages a minute; the gateway's kind decides otherwise.";
        chat_gap: Option<Text> = None,
            "同一个群两条之间至少隔多久。", "The least time between two messages to one group.";
        text_max: Option<u32> = None,
            "一条消息最多多少字，更长的分几条发；不写由网关类型决定。", "The most characters of one message, longer ones go out in parts; the gateway's kind decides otherwise.";
        give_up_after: Text = text("2d"),
            "多久发不出去就放弃，等人处理。", "When an action is given up and waits for a person.";
    }
}

table! {
    /// `[roster]`
    Roster {
        every: Text = text("6h"),
            "多久核对一次成员名单。", "How often member lists are compared.";
    }
}

/// `[gateway.NAME]`: the keys of every kind in one table, so that a mistake is shown where it stands; which keys a kind
/// has is checked afterwards.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gateway {
    pub kind: Kind,
    pub api: Option<Text>,
    pub token: Option<Secret>,
    pub secret: Option<Secret>,
    pub secrets: Option<Vec<Secret>>,
    pub can: Option<Vec<Capability>>,
    pub group: Option<Text>,
    pub bot: Option<Text>,
    pub platform: Option<Text>,
    pub events: Option<Events>,
    pub ids: Option<Ids>,
    pub messages: Option<Messages>,
    pub aliases: Option<BTreeMap<String, Text>>,
    pub sign: Option<Spanned<mapping::Sign>>,
    pub event: Option<Spanned<mapping::Event>>,
    pub send: Option<Spanned<mapping::Send>>,
    pub groups: Option<Spanned<mapping::Listed>>,
    pub members: Option<Spanned<mapping::Listed>>,
    pub corp: Option<Text>,
    pub aes_key: Option<Secret>,
    pub agent: Option<Text>,
    pub robots: Option<BTreeMap<String, Secret>>,
    pub bound: Option<BTreeMap<String, Text>>,
    pub form: Option<Form>,
    pub archive: Option<Text>,
    pub archive_command: Option<Vec<Text>>,
}

table! {
    /// `[orders]`
    Orders {
        secrets: Vec<Secret> = Vec::new(),
            "Standard Webhooks 密钥 whsec_…，可以写几个以便更换；不写就不收订单。", "Standard Webhooks secrets, whsec_…; several while one is replaced. None: no orders are taken.";
    }
}

/// `[till.NAME]`
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Till {
    pub token: Secret,
}

impl Described for Till {
    fn shape() -> Value {
        let mut keys = Keys::default();
        let token = (
            "收银台的令牌，至少 16 个字符，用 openssl rand -base64 32 生成。",
            "The till's token, 16 characters at least; made with openssl rand -base64 32.",
        );
        keys.set("token", Secret::shape(), token);
        let mut one = object(keys);
        one["required"] = json!(["token"]);
        one
    }
}

/// `[calls.NAME]`
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    pub url: Text,
    pub secret: Secret,
    pub timeout: Option<Text>,
}

impl Described for Call {
    fn shape() -> Value {
        let mut keys = Keys::default();
        keys.set("url", Text::shape(), ("外呼的网址。", "Where it is called."));
        keys.set(
            "secret",
            Secret::shape(),
            (
                "Standard Webhooks 密钥：whsec_…",
                "The Standard Webhooks secret it is signed with: whsec_….",
            ),
        );
        keys.set(
            "timeout",
            Text::shape(),
            ("最多等多久。", "How long one call may take."),
        );
        let mut one = object(keys);
        one["required"] = json!(["url", "secret"]);
        one
    }
}

/// How ids are written in calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ids {
    Auto,
    Text,
}

/// How messages are written in calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Messages {
    Segments,
    Cq,
}

/// How events come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Events {
    Websocket,
    Webhook,
}

/// How messages of a WeCom robot are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    Text,
    Markdown,
}

/// Which protocol a gateway speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Terminal,
    Native,
    Onebot11,
    Onebot12,
    Satori,
    #[serde(rename = "wechatbot-webhook")]
    WechatBot,
    Mapped,
    Wecom,
}

impl Described for Gateway {
    /// One shape for each kind, with the keys that kind has.
    fn shape() -> Value {
        let about = |kind: Kind| {
            let mut keys = Keys::default();
            keys.set(
                "kind",
                json!({ "const": kind.word() }),
                ("网关的类型。", "What kind of gateway it is."),
            );
            for key in kind.keys() {
                let (shape, about) = Self::key(key);
                keys.set(key, shape, about);
            }
            let mut one = object(keys);
            one["required"] = json!(["kind"]);
            one
        };
        json!({ "anyOf": Kind::ALL.map(about) })
    }
}

impl Gateway {
    /// What stands at a key, whichever kind has it.
    fn key(key: &str) -> (Value, (&'static str, &'static str)) {
        if let Some(told) = Self::key_of_one_kind(key) {
            return told;
        }
        match key {
            "api" => (
                Text::shape(),
                (
                    "网关的接口：http 地址；OneBot 也可以是 ws 地址，或 reverse（网关连过来）；wecom 不写就是企业微信的官方地址。",
                    "Where the gateway is called: an http address; for OneBot also a ws address, or reverse where it opens a WebSocket to us; for wecom WeCom's own unless written.",
                ),
            ),
            "token" => (
                Secret::shape(),
                (
                    "调用网关用的 access_token；wecom：回调的 Token。",
                    "Sent with every call; for wecom the callback's Token.",
                ),
            ),
            "secret" => (
                Secret::shape(),
                (
                    "网关上报用的签名密钥；wecom：应用的 Secret。",
                    "What its reports are signed with; for wecom the application's Secret.",
                ),
            ),
            "secrets" => (
                Vec::<Secret>::shape(),
                (
                    "Standard Webhooks 密钥，可以写几个以便更换。",
                    "Several while one is replaced.",
                ),
            ),
            "can" => (
                Vec::<Capability>::shape(),
                ("它做得到什么；不写是都行。", "What it can do; everything if left out."),
            ),
            "group" => (Text::shape(), ("打字的群。", "The group lines are for.")),
            "bot" => (Text::shape(), ("机器人的编号或名字。", "The bot's own id or name.")),
            "platform" => (
                Text::shape(),
                (
                    "机器人所在的平台，与 bot 一起写；网关上有几个账号时必须写。",
                    "The network the bot's account is on; needed with `bot` where the gateway holds several.",
                ),
            ),
            "ids" => (
                Ids::shape(),
                (
                    "编号：auto 像数字就写数字，text 一律写文字。",
                    "Numbers where they look like it, or always texts.",
                ),
            ),
            _ => (
                Messages::shape(),
                ("消息：segments 或 cq（CQ 码）。", "As segments, or as CQ strings."),
            ),
        }
    }

    /// What stands at a key that only one kind has.
    fn key_of_one_kind(key: &str) -> Option<(Value, (&'static str, &'static str))> {
        Some(match key {
            "events" => (
                Events::shape(),
                (
                    "事件怎么来：websocket（我们连过去）或 webhook（它发过来）。",
                    "How events come: over a WebSocket we open, or posted.",
                ),
            ),
            "sign" => (mapping::shape(key), ("报告怎样签名。", "How its reports are signed.")),
            "event" => (
                mapping::shape(key),
                ("报告里什么在哪里。", "Where things stand in its reports."),
            ),
            "send" => (mapping::shape(key), ("怎样请它做事。", "How it is asked for things.")),
            "groups" | "members" => (mapping::shape(key), ("怎样读名单。", "How a list is read.")),
            "aliases" => (
                json!({ "type": "object", "additionalProperties": Text::shape() }),
                (
                    "没看见的改名：\"现在的名字\" = \"编号\"。",
                    "What was renamed unseen: \"NAME NOW\" = \"ID\".",
                ),
            ),
            "corp" => (Text::shape(), ("企业 ID（CorpID）。", "The CorpID.")),
            "aes_key" => (
                Secret::shape(),
                ("回调的 EncodingAESKey。", "The callback's EncodingAESKey."),
            ),
            "agent" => (
                Text::shape(),
                ("应用的 AgentId，写在引号里。", "The application's AgentId, in quotes."),
            ),
            "robots" => (
                named(Secret::shape()),
                (
                    "群机器人：名字 = webhook 的 key。",
                    "Group robots: NAME = the webhook's key.",
                ),
            ),
            "bound" => (
                named(Text::shape()),
                (
                    "哪个群由哪个机器人说话：群编号 = 机器人的名字。",
                    "Which robot speaks in a group: the group's id = the robot's name.",
                ),
            ),
            "form" => (
                Form::shape(),
                (
                    "机器人的消息：text 或 markdown（微信里看不到）。",
                    "A robot's messages: as text, or as markdown, which WeChat does not show.",
                ),
            ),
            "archive" => (
                Text::shape(),
                (
                    "会话存档：从这个文件的末尾读，一行一条。",
                    "The message archive: the end of this file, one message a line.",
                ),
            ),
            "archive_command" => (
                Vec::<Text>::shape(),
                (
                    "会话存档：或读这个命令的输出。",
                    "The message archive: or what this command prints.",
                ),
            ),
            _ => return None,
        })
    }
}

impl Described for Ids {
    fn shape() -> Value {
        json!({ "enum": ["auto", "text"] })
    }
}

impl Described for Events {
    fn shape() -> Value {
        json!({ "enum": ["websocket", "webhook"] })
    }
}

impl Described for Form {
    fn shape() -> Value {
        json!({ "enum": ["text", "markdown"] })
    }
}

/// A table whose keys are names.
fn named(shape: Value) -> Value {
    json!({ "type": "object", "additionalProperties": shape })
}

impl Described for Messages {
    fn shape() -> Value {
        json!({ "enum": ["segments", "cq"] })
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 8] = [
        Kind::Terminal,
        Kind::Native,
        Kind::Onebot11,
        Kind::Onebot12,
        Kind::Satori,
        Kind::WechatBot,
        Kind::Mapped,
        Kind::Wecom,
    ];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Native => "native",
            Self::Onebot11 => "onebot11",
            Self::Onebot12 => "onebot12",
            Self::Satori => "satori",
            Self::WechatBot => "wechatbot-webhook",
            Self::Mapped => "mapped",
            Self::Wecom => "wecom",
        }
    }

    /// The keys a gateway of this kind may have, besides `kind`.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Terminal => &["group", "bot"],
            Self::Native => &["api", "secrets", "can", "bot"],
            Self::Onebot11 => &["api", "token", "secret", "ids", "messages"],
            Self::Onebot12 => &["api", "token", "secret", "platform", "bot"],
            Self::Satori => &["api", "token", "secret", "events", "platform", "bot"],
            Self::WechatBot => &["api", "token", "secret", "bot", "aliases"],
            Self::Mapped => &[
                "api", "token", "secrets", "bot", "sign", "event", "send", "groups", "members",
            ],
            Self::Wecom => &[
                "api",
                "corp",
                "token",
                "aes_key",
                "secret",
                "agent",
                "robots",
                "bound",
                "form",
                "archive",
                "archive_command",
            ],
        }
    }
}

impl Gateway {
    /// The keys that are written.
    pub fn written(&self) -> impl Iterator<Item = &'static str> {
        let Self {
            kind: _,
            api,
            token,
            secret,
            secrets,
            can,
            group,
            bot,
            platform,
            events,
            ids,
            messages,
            aliases,
            sign,
            event,
            send,
            groups,
            members,
            corp,
            aes_key,
            agent,
            robots,
            bound,
            form,
            archive,
            archive_command,
        } = self;
        [
            ("api", api.is_some()),
            ("token", token.is_some()),
            ("secret", secret.is_some()),
            ("secrets", secrets.is_some()),
            ("can", can.is_some()),
            ("group", group.is_some()),
            ("bot", bot.is_some()),
            ("platform", platform.is_some()),
            ("events", events.is_some()),
            ("ids", ids.is_some()),
            ("messages", messages.is_some()),
            ("aliases", aliases.is_some()),
            ("sign", sign.is_some()),
            ("event", event.is_some()),
            ("send", send.is_some()),
            ("groups", groups.is_some()),
            ("members", members.is_some()),
            ("corp", corp.is_some()),
            ("aes_key", aes_key.is_some()),
            ("agent", agent.is_some()),
            ("robots", robots.is_some()),
            ("bound", bound.is_some()),
            ("form", form.is_some()),
            ("archive", archive.is_some()),
            ("archive_command", archive_command.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, is_written)| is_written.then_some(key))
    }
}
