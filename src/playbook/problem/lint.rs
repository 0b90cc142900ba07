//! Warnings about what should not be said, asked or promised, and about rules that fire too often or never.

use super::found::Problems;
use super::kinds::{Code, Place, both};

impl Problems {
    pub fn bad_silence(&mut self, place: &Place, written: &str, known: bool, reason: bool) {
        let why = match (known, reason) {
            (false, _) => both(
                format!("没有「{written}」这个提醒编号；错误不能消声，只有提醒可以。"),
                format!("`{written}` is no warning; only warnings can be silenced, errors cannot"),
            ),
            _ => both(
                format!("消声「{written}」没有写理由。"),
                format!("no reason is given for silencing `{written}`"),
            ),
        };
        self.add(
            Code::BadSilence,
            place,
            why,
            both(
                "写成 allow = { P70 = \"为什么可以\" }，理由给以后看的人。",
                "write allow = { P70 = \"why this may be\" }; the reason is for whoever looks later",
            ),
        );
    }

    pub fn idle_silence(&mut self, place: &Place, code: Code) {
        let id = code.id();
        self.add(
            Code::IdleSilence,
            place,
            both(
                format!("这里已经没有 {id} 需要消声。"),
                format!("there is no {id} here to be silenced"),
            ),
            both(
                "把它删掉，免得以后盖住真的问题。",
                "take it out, before it hides a real one",
            ),
        );
    }

    pub fn constant(&mut self, place: &Place, condition: &str, always: bool) {
        let why = match always {
            true => both(
                format!("「{condition}」永远成立，写了等于没写。"),
                format!("`{condition}` always holds, so it decides nothing"),
            ),
            false => both(
                format!("「{condition}」永远不会成立，这条规则从来不会触发。"),
                format!("`{condition}` never holds, so the rule never fires"),
            ),
        };
        self.add(
            Code::Constant,
            place,
            why,
            both(
                "改成想要的条件，或把 if 删掉。",
                "write the condition that is meant, or take `if` out",
            ),
        );
    }

    pub fn superlative(&mut self, place: &Place, word: &str, law: &str) {
        let (zh, en) = match law {
            "14" => ("商标法第十四条", "Trademark Law, art. 14"),
            "17" => (
                "广告法第十七条（不得涉及疾病治疗）",
                "Advertising Law, art. 17, on curing illness",
            ),
            "25" => (
                "广告法第二十五条（不得承诺收益）",
                "Advertising Law, art. 25, on promising profit",
            ),
            _ => ("广告法第九条（极限词）", "Advertising Law, art. 9, on superlatives"),
        };
        self.add(
            Code::Superlative,
            place,
            both(
                format!("「{word}」不能用在广告里：{zh}。"),
                format!("`{word}` must not stand in an advertisement ({en})"),
            ),
            both(
                "换成说得清的事实，例如产地、年份、数量；确有依据的，写 allow = { P70 = \"依据\" }。",
                "say a fact instead (where from, which year, how many); if there is proof, allow = { P70 = \"the proof\" }",
            ),
        );
    }

    pub fn inducement(&mut self, place: &Place, said: &str) {
        self.add(
            Code::Inducement,
            place,
            both(
                format!("「{said}」是诱导分享：以奖励、机会换转发，平台会封链接甚至封号。"),
                format!("`{said}` is induced sharing: the platform blocks links and accounts for it"),
            ),
            both(
                "奖励群里的行为（签到、晒单、提建议），不奖励往外转发。",
                "reward what members do here (check in, show, suggest), not sharing outside",
            ),
        );
    }

    pub fn prize_too_large(&mut self, place: &Place, said: &str) {
        self.add(
            Code::LotteryTerms,
            place,
            both(
                format!("抽奖的最高奖不得超过 5 万元，这里是 {said}。"),
                format!("the top prize of a draw is 50,000 yuan at most, this says {said}"),
            ),
            both("把奖品改小（规范促销行为暂行规定第十七条）。", "make the prize smaller"),
        );
    }

    pub fn draw_untold(&mut self, place: &Place) {
        self.add(
            Code::LotteryTerms,
            place,
            both(
                "抽奖没有写明规则：几个名额或中奖概率、什么时候开奖、奖品是什么。",
                "a draw must tell its rules: how many win or the odds, when it is drawn, the prizes",
            ),
            both(
                "在话里写上，例如「抽 3 位，8 月 1 日 20:00 开奖」，或写明规则在哪里看。",
                "say so, like “3 winners, drawn on 1 August at 20:00”, or where the rules are",
            ),
        );
    }

    pub fn asks_personal(&mut self, place: &Place, what: &str) {
        self.add(
            Code::AsksPersonal,
            place,
            both(
                format!("向群友要「{what}」，却没有说用来做什么。"),
                format!("it asks for `{what}` and does not say what for"),
            ),
            both(
                "在同一句话里写明用途，例如「方便生日当天送券」；群里要手机号、地址的，请改为私聊。",
                "say what for in the same text, like “so we can surprise you”; ask for numbers and addresses in private",
            ),
        );
    }

    pub fn too_long_to_read(&mut self, place: &Place, length: usize, screen: usize, bytes: usize) {
        self.add(
            Code::TooLong,
            place,
            both(
                format!("这一条有 {length} 个字，手机上一屏看不完（约 {screen} 字），有的网关也发不出去（{bytes} 字节）。"),
                format!("{length} characters do not fit on a phone's screen (about {screen}) or through every gateway ({bytes} bytes)"),
            ),
            both("拆成几条，或只说要紧的。", "split it, or say only what matters"),
        );
    }

    pub fn shouting(&mut self, place: &Place) {
        self.add(
            Code::NoHumanTone,
            place,
            both("感叹号太多，像在喊。", "so many exclamation marks shout"),
            both("留一个就够。", "one is enough"),
        );
    }

    pub fn same_every_time(&mut self, place: &Place) {
        self.add(
            Code::NoHumanTone,
            place,
            both(
                "定时说一模一样的话，群友很快就不看了。",
                "a timer that says the very same words is not read for long",
            ),
            both(
                "多写几句（say = [\"…\", \"…\"]），或带上 {{ now.weekday }}、{{ now.lunar }} 这样的变化。",
                "write several (say = [\"…\", \"…\"]), or something that changes, like {{ now.weekday }}",
            ),
        );
    }

    pub fn mentions_everybody(&mut self, place: &Place) {
        self.add(
            Code::MentionsEverybody,
            place,
            both(
                "@ 所有人，却没有上限。",
                "everybody is called, and nothing limits how often",
            ),
            both(
                "加上 limit = { count = \"1 per month\", per = \"group\" }；最好不用。",
                "add limit = { count = \"1 per month\", per = \"group\" }; better not at all",
            ),
        );
    }

    pub fn may_be_empty(&mut self, place: &Place, name: &str) {
        self.add(
            Code::MayBeEmpty,
            place,
            both(
                format!("「{name}」可能是空的，这句话就会缺一块。"),
                format!("`{name}` may be empty, and the sentence would have a hole"),
            ),
            both(
                format!("写成 {{% if {name} %}}…{{% endif %}}。"),
                format!("write {{% if {name} %}}…{{% endif %}}"),
            ),
        );
    }

    pub fn validity_differs(&mut self, place: &Place, said: &str, coupon: &str, days: u16) {
        self.add(
            Code::ValidityDiffers,
            place,
            both(
                format!("话术里写的是「{said}」，券「{coupon}」的有效期却是 {days} 天。"),
                format!("it says `{said}`, but coupon `{coupon}` is valid for {days} days"),
            ),
            both(
                "用 {{ coupon.expires | date }} 代替手写的期限。",
                "write {{ coupon.expires | date }} instead",
            ),
        );
    }

    pub fn promise(&mut self, place: &Place, said: &str) {
        self.add(
            Code::Promise,
            place,
            both(
                format!("话里答应了「{said}」，却没有任何定时在那天触发。"),
                format!("it promises `{said}`, and no timer ever fires then"),
            ),
            both(
                "加一条定时规则，或改掉这句话。",
                "add a rule for that day, or take the promise out",
            ),
        );
    }

    pub fn greets_again(&mut self, place: &Place) {
        self.add(
            Code::GreetsAgain,
            place,
            both(
                "退群再进的人会再被欢迎一次。",
                "whoever leaves and comes back is greeted again",
            ),
            both(
                "加上 once = \"30d\" 或 once = \"ever\"。",
                "add once = \"30d\" or once = \"ever\"",
            ),
        );
    }

    pub fn uncooled(&mut self, place: &Place) {
        self.add(
            Code::Uncooled,
            place,
            both(
                "这件事一小时里可能发生很多次，每次都对全群说话。",
                "this can happen many times in an hour, and the whole group is told each time",
            ),
            both(
                "加上 cooldown = { for = \"1h\", per = \"group\" }、gather，或改成 to = \"person\"。",
                "add cooldown = { for = \"1h\", per = \"group\" }, `gather`, or to = \"person\"",
            ),
        );
    }

    pub fn short_keyword(&mut self, place: &Place, word: &str) {
        self.add(
            Code::CommonKeyword,
            place,
            both(
                format!("「{word}」只有一个字，很多平常话里都有它。"),
                format!("`{word}` is a single character; a great many messages hold it"),
            ),
            both(
                "写长一些，或改用整句匹配 message = \"…\"；用 check --on 录音 看看会撞上多少。",
                "make it longer, or use message = \"…\"; check --on RECORDING counts how many it meets",
            ),
        );
    }

    /// `share` is in tenths of a percent; `example` is one of the messages.
    pub fn common_keyword(&mut self, place: &Place, word: &str, (hits, all): (u64, u64), example: &str) {
        let share = hits * 1000 / all.max(1);
        let share = format!("{}.{}", share / 10, share % 10);
        self.add(
            Code::CommonKeyword,
            place,
            both(
                format!("「{word}」在这份记录里撞上 {hits} 条消息，占 {share}%，例如「{example}」。"),
                format!("`{word}` meets {hits} messages of this recording, {share} %, like “{example}”"),
            ),
            both(
                "写长一些，或改用整句匹配 message = \"…\"。",
                "make it longer, or use message = \"…\"",
            ),
        );
    }

    pub fn matches_everything(&mut self, place: &Place, pattern: &str) {
        self.add(
            Code::MatchesEverything,
            place,
            both(
                format!("正则「{pattern}」什么话都能对上。"),
                format!("the pattern `{pattern}` is met by every message"),
            ),
            both(
                "用 ^ 和 $ 围住要等的话；要听所有消息，写 { mention = true }。",
                "put ^ and $ around what is meant; for every message there is { mention = true }",
            ),
        );
    }
}
