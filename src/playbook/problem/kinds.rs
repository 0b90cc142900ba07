//! The kinds of problems there are, their codes and names, and where a problem can be.

use std::ops::Range;

use crate::chat::Lang;

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Both {
    pub zh: String,
    pub en: String,
}

impl Both {
    /// The text in one of them.
    pub fn pick(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// Puts the two languages together.
pub(crate) fn both(zh: impl Into<String>, en: impl Into<String>) -> Both {
    Both {
        zh: zh.into(),
        en: en.into(),
    }
}

/// Where a problem is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Bytes of the `source`th text handed to `read`. It may be empty; it always lies within the text.
    At { source: usize, start: usize, end: usize },
    /// A line of a book, counted from 1, where only the checked form is at hand.
    Line { book: String, line: usize },
}

impl Place {
    /// Bytes `span` of the `source`th text.
    pub fn at(source: usize, span: Range<usize>) -> Self {
        Place::At {
            source,
            start: span.start,
            end: span.end,
        }
    }
}

/// Whether a playbook is refused for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The set is not put in force.
    Error,
    /// It is put in force; somebody should look.
    Warning,
}

impl Severity {
    /// `error`, `warning`, as the formats for machines write it.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($name:ident $id:literal $severity:ident $zh:literal, $en:literal;)*) => {
        /// The kinds of problems there are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each is explained in docs/problems.md")]
        pub enum Code { $($name,)* }

        impl Code {
            /// Every kind.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// `P01`: never reused for anything else.
            pub fn id(self) -> &'static str {
                match self { $(Code::$name => $id,)* }
            }

            /// Whether a playbook is refused for it.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// What it is called.
            pub fn title(self, lang: Lang) -> &'static str {
                match self { $(Code::$name => lang.pick($zh, $en),)* }
            }
        }
    };
}

codes! {
    Syntax "P01" Error "TOML 写法有误", "not valid TOML";
    FullWidth "P02" Error "用了全角标点", "full-width punctuation";
    UnknownKey "P03" Error "没有这个键", "unknown key";
    MissingKey "P04" Error "少了一个键", "missing key";
    WrongType "P05" Error "值的类型不对", "value of the wrong type";
    UnknownWord "P06" Error "没有这个选项", "not one of the choices";
    UnknownCoupon "P07" Error "没有这张券", "unknown coupon";
    UnknownVote "P08" Error "没有这个投票", "unknown vote";
    UnknownEvent "P09" Error "没有这个活动", "unknown event";
    UnknownRule "P10" Error "没有这条规则", "unknown rule";
    NameTaken "P11" Error "名字重复", "name used twice";
    BadDuration "P12" Error "时长写法有误", "not a length of time";
    BadTime "P13" Error "时刻写法有误", "not a time of day";
    BadMoney "P14" Error "金额写法有误", "not an amount of money";
    BadPattern "P15" Error "正则表达式有误", "not a usable pattern";
    BadCron "P16" Error "cron 写法有误", "not a cron line";
    BadDay "P17" Error "日子写法有误", "not a day";
    BadLimit "P18" Error "次数上限写法有误", "not a limit";
    OutOfRange "P19" Error "数值超出范围", "number out of range";
    Nothing "P20" Error "这里不能为空", "nothing here";
    BadWording "P21" Error "话术写法有误", "not a wording";
    UnknownName "P22" Error "这里没有这个名字", "unknown name";
    Uncapped "P23" Error "花钱没有上限", "money without a cap";
    UnknownTrigger "P24" Error "没有这种触发", "unknown trigger";
    UnknownDeed "P25" Error "没有这种动作", "unknown effect";
    SecondSection "P26" Error "这一节只能有一个", "a section that can stand only once";
    OutOfPlace "P27" Error "这里做不了这件事", "effect out of place";
    Contradiction "P28" Error "两个键互相矛盾", "keys that contradict";
    BadStory "P29" Error "测试写法有误", "not a test";
    Greeting "P30" Warning "欢迎语可能刷屏", "greetings may flood";
    NoClose "P31" Warning "投票没有截止时间", "vote without a close";
    UnlimitedPromo "P32" Warning "群发没有上限", "broadcast without a limit";
    Echo "P33" Warning "机器人会回应自己的话", "the bot's own words trigger it";
    Quiet "P34" Warning "定时落在免打扰时段", "timer inside quiet hours";
    SameWords "P35" Warning "两处回应同一句话", "two answers to the same words";
    AmountDiffers "P36" Warning "话术金额与券面不符", "amount differs from the coupon";
    ShortMonth "P37" Warning "有的月份没有这一天", "a day some months do not have";
    Rhythm "P38" Warning "不是两小一大", "not two small and one big";
    TooClose "P39" Warning "活动挨得太近", "events too close";
    BigFirst "P40" Warning "大活动排在小活动前面", "the big event comes before the small ones";
    UnknownFestival "P41" Error "没有这个节日", "unknown festival";
    BadDate "P42" Error "日期写法有误", "not a date";
    Mixed "P43" Error "两种值不能放在一起", "values that do not go together";
    BadWindow "P44" Error "天数写法有误", "not a number of days";
    Untold "P45" Warning "网关不会告诉这件事", "a gateway does not tell of it";
    SilentCrowd "P46" Warning "沉默的人一拥而上", "a crowd of silent members at once";
    UnknownTag "P47" Warning "没有规则贴这个标签", "a tag no rule puts on";
    NeverOpen "P51" Error "这条规则永远不会生效", "a rule that never fires";
    BadField "P52" Error "资料项的名字不合适", "not a name for a field";
    BadLink "P53" Error "链接写法有误", "not a link";
    BadImage "P54" Error "图片写法有误", "not a picture";
    UnfitImage "P55" Error "这张图片发不出去", "a picture that cannot be sent";
    SaidAsAddress "P175" Warning "网关只能说出网址", "a gateway only says its address";
    BadSilence "P65" Error "allow 写法有误", "not a silence";
    IdleSilence "P66" Warning "allow 没有起作用", "a silence with nothing to silence";
    Constant "P67" Warning "条件永远一样", "a condition that is always the same";
    Shadowed "P68" Warning "永远轮不到的规则", "a rule others always answer for";
    Endless "P69" Warning "给得没有尽头", "gifts without an end";
    Superlative "P70" Warning "广告法禁用的词", "a word the advertising law forbids";
    Inducement "P71" Warning "诱导分享", "induced sharing";
    LotteryTerms "P72" Warning "抽奖不合规", "a draw against the rules";
    AsksPersonal "P73" Warning "要个人信息没说用途", "personal data asked for without saying why";
    PromosAWeek "P74" Warning "一周里推广太多", "too many promotions in a week";
    TooLong "P75" Warning "一条太长", "too long for a phone";
    NoHumanTone "P76" Warning "没有人味", "no human tone";
    ValidityDiffers "P77" Warning "话术期限与券不符", "validity differs from the coupon";
    Promise "P78" Warning "答应了没人做", "a promise nothing keeps";
    MentionsEverybody "P79" Warning "@所有人没有上限", "everybody is called without a limit";
    MayBeEmpty "P80" Warning "话里可能缺一块", "a name that may be empty";
    Uncooled "P81" Warning "对全群说话没有冷却", "the group is told without a cooldown";
    GreetsAgain "P82" Warning "退群再进会重复欢迎", "whoever returns is greeted again";
    CommonKeyword "P83" Warning "关键词太常见", "a keyword met by accident";
    CrowdedDay "P84" Warning "一天里打扰太多", "too much on one day";
    Stacked "P85" Warning "几张券叠在一起", "coupons that add up";
    MatchesEverything "P87" Warning "正则什么都能对上", "a pattern every message meets";
    BadGuard "P90" Error "守卫写法有误", "not a bound of a guard";
    NeverBreaks "P91" Warning "守卫永远不会破", "a guard that can never break";
    NeverHolds "P92" Warning "守卫一碰就破", "a guard that can never hold";
    UnknownGuard "P93" Error "没有这个守卫", "unknown guard";
    EmptyGuard "P94" Error "守卫什么都没守", "a guard that holds nothing";
    NobodyToAlert "P95" Warning "没有店员可提醒", "no staff to alert";
    UnknownCall "P96" Error "没有这个外呼", "unknown call";
    Unconfirmed "P97" Warning "移出群友不经店员同意", "a member is removed unasked";
    NobodyToAgree "P98" Warning "没有店员可以同意", "no staff to agree";
    UnknownNamed "P100" Error "没有这个词表或话术", "unknown word list or wording";
    Unfit "P101" Error "这里用不了它", "named, and does not fit here";
    Unused "P102" Warning "写了没有用到", "named and used nowhere";
    BadGivenName "P103" Error "常量或人群的名字不合适", "not a name for a constant or an audience";
    BadExtends "P104" Error "不能照它来", "cannot be extended";
    NotThere "P105" Error "没有要改的东西", "nothing of this name to change";
    UnknownPlay "P134" Error "没有这个签到、商品或会员卡", "unknown check-in, goods or membership card";
    DayInHours "P135" Error "一天的界线落在时段里", "the day begins within the hours";
    UnknownDraw "P116" Error "没有这个抽奖", "unknown draw";
    NoClaim "P117" Warning "奖品没有领奖期限", "prizes without a time to claim";
    RulesUntold "P118" Warning "开奖前没有公布规则", "a draw that does not tell its rules";
    FreeChances "P119" Warning "多次机会不要钱也不要积分", "more chances that cost nothing";
    NotBeside "P147" Error "剧本旁边没有这个文件", "no file beside the playbook";
    UnknownReferral "P148" Error "没有这个邀请活动", "unknown referral";
    RewardsNobody "P149" Warning "谁也没有好处", "nobody has anything of it";
    TargetTwice "P150" Error "同一个目标写了两次", "a target that stands twice";
    QuickStay "P151" Warning "留不满一天就算数", "counts within a day";
    BadPool "P152" Error "券码文件有误", "not a file of codes";
    UnknownColumn "P153" Error "没有这个栏目", "unknown column";
    BadPiece "P154" Error "这一篇内容有误", "not a piece of a column";
    Unmixed "P155" Warning "内容的类对不上", "kinds that do not mix";
    ChoosesNothing "P167" Error "选谁还缺一样", "a choice that lacks something";
    ClosesEarly "P168" Error "预告之前就截止了", "closes before it is announced";
    SameWeight "P170" Warning "谁的签都一样多", "a weight that is the same for everybody";
    WeightUntold "P171" Warning "概率没有说人话", "odds told as an expression";
    NeverDecided "P169" Warning "不会有的事", "a fact that never comes";
    EarnsNothing "P156" Warning "永远得不到积分", "points nobody ever earns";
    SmallDay "P157" Warning "一天的上限不够一条", "a day's cap below one message";
    SameGoods "P158" Error "两样商品叫一个名字", "two goods of the same name";
    CostsUntold "P159" Warning "没写成本", "a cost that is not told";
    EndlessGoods "P160" Warning "花钱的商品没有库存上限", "goods that cost money without a stock";
    CouponEndsFirst "P161" Warning "券先发完", "a coupon that ends before the stock";
    BadTiers "P128" Error "等级写法有误", "not a ladder of tiers";
    SkippedTier "P129" Warning "没有人会停在这一级", "a tier nobody ever stands on";
    UnknownTier "P130" Error "没有这个等级", "unknown tier";
    BadScores "P131" Error "评分写法有误", "not a way to score";
    BadSource "P132" Error "来源写法有误", "not a source";
    BadWinback "P133" Error "挽回写法有误", "not a way to win back";
    BadMembership "P162" Error "会员卡写法有误", "not a membership card";
    LosingCard "P163" Warning "会员卡用满就亏", "a card that costs more than it brings";
    UnusableCard "P164" Warning "会员卡用不满", "a card nobody can use up";
    UnboundedCard "P165" Warning "会员卡没有次数上限", "a card nothing bounds";
    SameCard "P166" Error "两张会员卡分不清", "two cards nobody can tell apart";
    Incapable "P110" Warning "网关做不到这件事", "a gateway cannot do this";
    UnknownAnswer "P140" Error "没有这个答案", "unknown answer";
    SharedKeyword "P141" Warning "两个答案同一个关键词", "two answers with the same keyword";
    NeverAnswered "P142" Warning "永远不会给出的答案", "an answer that is never given";
    NoDeadline "P143" Warning "问卷没有截止时间", "a survey or quiz without a deadline";
    BadQuestion "P144" Error "题目写法有误", "not a question that can be asked";
    NotStaff "P145" Warning "不是店员", "none of the staff";
    UnknownSurvey "P146" Error "没有这份问卷或竞答", "unknown survey or quiz";
    OwnWord "P111" Error "退订只能由本人或店员收回", "opting out is taken back by the member or by staff";
    NotPersonal "P112" Error "不是要征得同意的资料", "nothing consent is asked for";
    LooseCode "P125" Error "绑定码有效期太长", "a code that is good too long";
}
