//! What is wrong with a line, and what to write instead.

use crate::chat::Lang;

/// A line that is not in the notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// In the playbook file, counted from 1.
    pub line: usize,
    /// As it was written.
    pub written: String,
    pub mistake: Mistake,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// It does not begin with a time.
    NoTime,
    /// The day would lie beyond the calendar.
    NoSuchDay,
    /// The date lies before the line before.
    BackInTime,
    /// There is a time but nothing happens at it.
    NothingSaid,
    /// Nobody is named.
    Nobody,
    /// What somebody does is none of the things known.
    UnknownDeed,
    /// An amount is missing, or is none.
    BadAmount,
    /// A name is missing after `改名片`, `群改名`, `邀请人` and the like.
    NameMissing,
    /// It is none of the effects that can be expected.
    UnknownEffect,
    /// `无` stands beside other expectations.
    NothingAndMore,
    /// The process goes down and never comes back.
    StaysDown,
    /// It comes back and was not down.
    NeverDown,
    /// It is down already.
    DownAlready,
    /// What the bot does is none of the things known.
    UnknownBotLine,
    /// What the gateway does is none of the things known.
    UnknownFate,
    /// It is no order staff can give on the command line.
    UnknownCommand,
    /// A till does nothing of the kind.
    UnknownAtTill,
    /// It is nothing that can be so beforehand.
    UnknownGiven,
    /// No playbook has this coupon.
    UnknownCoupon,
    /// The playbook has no such rule, or it counts for nobody.
    UnknownMark,
    UnknownCard,
    UnknownTier,
    /// A birthday is missing, or is none.
    BadBirthday,
    /// It is no day before the test begins.
    BadPast,
    /// Only a member has this.
    NotAMember,
    /// Nobody of this name is a member or does anything.
    Stranger,
    /// No whole number of points.
    BadPoints,
    /// No rule sets such a field.
    UnknownField,
}

impl Mistake {
    /// The reason and the next step.
    #[allow(clippy::too_many_lines, reason = "one arm a mistake: a table")]
    pub fn text(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Mistake::NoTime => (
                "行首要写时间，例如「10:00  小明 进群」；换日写「+1d」「次日 08:00」或「2026-03-08 09:00」。",
                "a line begins with a time, like `10:00  Ming joins`; `+1d`, `next day 08:00` or `2026-03-08 09:00` move the day",
            ),
            Mistake::NoSuchDay => (
                "日历上没有这一天，请写近一点的日期。",
                "the calendar has no such day; write a nearer date",
            ),
            Mistake::BackInTime => (
                "日期比上一行早，请按时间先后写。",
                "this date is before the line above; write lines in order of time",
            ),
            Mistake::NothingSaid => (
                "时间后面没有内容，请写谁做了什么。",
                "nothing follows the time; write who does what",
            ),
            Mistake::Nobody => (
                "没有写是谁，例如「小明: 礼包」。",
                "nobody is named; write like `Ming: pack`",
            ),
            Mistake::UnknownDeed => (
                "不认识这个动作。可以写：进群、退群、被移出、「名字: 说的话」、「名字 私聊: 说的话」、「名字 回复 谁: 说的话」、下单 29.90、退款 29.90、改名片 新名、群改名 新名、撤回。",
                "not something that can happen; write joins, leaves, is removed, `name: words`, `name privately: words`, `name answers X: words`, orders 29.90, is refunded 29.90, changes card X, renames group X or recalls",
            ),
            Mistake::BadAmount => (
                "金额请写成 29.90 这样的元，最多两位小数。",
                "write the amount in yuan like 29.90, at most two decimals",
            ),
            Mistake::NameMissing => ("后面要写名字。", "a name must follow"),
            Mistake::UnknownEffect => (
                "不认识这个预期。可以写：「群: …」「私聊 小明: …」「店员: …」「给 小明 券名」「改群名 …」「改名片 小明 …」「加标签 小明 …」「去标签 小明 …」「升级 小明 …」「降级 小明 …」「来源 小明 …」「撤回 …」或「无」。",
                "not an effect; write `group: …`, `private Ming: …`, `staff: …`, `gives Ming coupon`, `renames group …`, `sets card Ming …`, `tags Ming …`, `untags Ming …`, `raises Ming …`, `lowers Ming …`, `source of Ming …`, `recalls …` or `nothing`",
            ),
            Mistake::NothingAndMore => (
                "「无」表示什么都不会发生，不能和其他预期写在一起。",
                "`nothing` cannot stand beside other expectations",
            ),
            Mistake::StaysDown => (
                "停机之后没有恢复，请在后面写「12:00  机器人 恢复」。",
                "it never comes back; write `12:00  bot comes back` further down",
            ),
            Mistake::NeverDown => (
                "前面没有停机。请先写「10:00  机器人 停机」，或写「机器人 恢复 停了 2h」。",
                "it was not down; write `10:00  bot goes down` first, or `bot comes back after 2h`",
            ),
            Mistake::DownAlready => (
                "机器人已经停机，请先写「机器人 恢复」。",
                "it is down already; write `bot comes back` first",
            ),
            Mistake::UnknownBotLine => (
                "机器人可以：进群、被移出、停机、恢复（或「恢复 停了 2h」）。它说的话写在 expect 里。",
                "the bot joins, is removed, goes down, or comes back [after 2h]; what it says belongs into `expect`",
            ),
            Mistake::UnknownFate => (
                "网关可以：拒绝、发不出、推迟、没回音，说的是下一个动作，后面可以写原因；也可以：掉线、登录。",
                "the gateway refuses, gives up, postpones or does not answer, which is about the next action, and a reason may follow; or it logs out or logs in",
            ),
            Mistake::UnknownCommand => (
                "命令可以是「重试」或「放弃」，说的是最近一个没做成的动作。",
                "a command is `retry` or `drop`, which is about the action given up last",
            ),
            Mistake::UnknownAtTill => (
                "收银台可以：「预留 券码 10m 68」「核销 券码 68」「确认 68」「放开」「撤销 券码」；金额可以不写。",
                "a till says `reserves CODE 10m 68`, `redeems CODE 68`, `confirms 68`, `lets go` or `undoes CODE`; the bill may be left out",
            ),
            Mistake::UnknownGiven => (
                "不认识这个前提。可以写：小明 标签 老客、小明 生日 3月8日、小明 下单 29.90、小明 持券 券名、小明 持卡 卡名、小明 进群 2025-03-01、小明 发言 30天前、小明 名片 新名、小明 积分 120、小明 记下 size XL、小明 等级 gold、小明 来源 tea-fair、小明 触发过 规则名、已发 券名 300张。",
                "not something that can be so beforehand; write `Ming tagged regular`, `Ming birthday 03-08`, `Ming ordered 29.90`, `Ming holds coupon`, `Ming has card month`, `Ming joined 2025-03-01`, `Ming spoke 30d ago`, `Ming card X`, `Ming points 120`, `Ming noted size XL`, `Ming tier gold`, `Ming came from tea-fair`, `Ming fired rule` or `given out coupon 300`",
            ),
            Mistake::UnknownCoupon => (
                "没有这张券，请写剧本里 [coupon.…] 的名字。",
                "no playbook has this coupon; write the name after `coupon.` in its heading",
            ),
            Mistake::UnknownCard => (
                "没有这种会员卡，请写剧本里 [membership.…] 的名字。",
                "no playbook has this card; write the name after `membership.` in its heading",
            ),
            Mistake::UnknownTier => (
                "没有这个等级，请写剧本里 [[tier]] 的 name。",
                "no playbook has this tier; write the `name` of a [[tier]]",
            ),
            Mistake::UnknownMark => (
                "这个剧本里没有这条规则，或者它既没有 cooldown、once 也没有 limit；按人计次的要写是谁：「小明 触发过 规则名」。",
                "this playbook has no such rule, or it has no cooldown, `once` or limit; for one that counts by person write who: `Ming fired rule`",
            ),
            Mistake::BadBirthday => (
                "没有读出生日，请写成「3月15日」「1990-03-15」或「农历八月十五」。",
                "no birthday can be read; write it like `March 15`, `1990-03-15` or `lunar 8-15`",
            ),
            Mistake::BadPast => (
                "日期要写成「2026-02-01」「2026-02-01 18:30」或「30天前」，并且不晚于测试开始的时间。",
                "write a day like `2026-02-01`, `2026-02-01 18:30` or `30d ago`, not later than the test begins",
            ),
            Mistake::NotAMember => (
                "这个人不在 members 里，只有一开始就在群里的人才有进群时间、发言和名片。",
                "only somebody listed in `members` can have joined, spoken or have a card beforehand",
            ),
            Mistake::Stranger => (
                "没有这个人：members、script、expect 里都没有这个名字，请检查拼写，或写进 members。",
                "nobody has this name: it stands in neither `members` nor `script` nor `expect`; check the spelling, or add it to `members`",
            ),
            Mistake::BadPoints => (
                "积分请写成整数，例如「小明 积分 120」，不能是 0。",
                "write a whole number of points other than 0, like `Ming points 120`",
            ),
            Mistake::UnknownField => (
                "没有规则会记下这个资料项，请写某条规则 set 里的名字，例如「小明 记下 size XL」。",
                "no rule sets this field; write a name that stands in the `set` of a rule, like `Ming noted size XL`",
            ),
        };
        lang.pick(zh, en)
    }
}
