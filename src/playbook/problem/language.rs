//! Problems with the notation: TOML, keys, types, and the small languages values are written in.

use super::found::{Problems, meant, nearest};
use super::kinds::{Both, Code, Place, both};

/// What a value should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Text,
    Number,
    Truth,
    List,
    Table,
    /// One text or a list of them.
    Words,
    /// What the key's section of docs/playbooks.md shows.
    Either(&'static str, &'static str),
}

impl Wanted {
    fn name(self) -> Both {
        match self {
            Wanted::Text => both("加引号的文字", "a text in quotes"),
            Wanted::Number => both("不加引号的整数", "a whole number without quotes"),
            Wanted::Truth => both("true 或 false", "true or false"),
            Wanted::List => both("方括号列表 [ … ]", "a list [ … ]"),
            Wanted::Table => both("花括号 { 键 = 值 } 或一节 [ … ]", "a table { key = value }"),
            Wanted::Words => both("文字，或文字的列表", "a text or a list of texts"),
            Wanted::Either(zh, en) => both(zh, en),
        }
    }
}

impl Problems {
    /// The TOML parser's own words are English; the Chinese text says what usually helps.
    pub fn syntax(&mut self, place: &Place, said: &str) {
        self.add(
            Code::Syntax,
            place,
            both(format!("这里读不下去（{said}）。"), said.to_owned()),
            both(
                "常见原因：文字没有加英文双引号、引号没有成对、等号或逗号漏写、同一个键写了两次。",
                "texts need quotes, every quote a partner, every key a `=`, and no key may stand twice",
            ),
        );
    }

    /// A Chinese input method left its punctuation outside a text.
    pub fn full_width(&mut self, place: &Place, found: char, instead: &str) {
        self.add(
            Code::FullWidth,
            place,
            both(
                format!("「{found}」是全角标点，TOML 只认半角。"),
                format!("`{found}` is full-width; TOML reads half-width punctuation only"),
            ),
            both(
                format!("改成半角的 {instead}（切换到英文输入法）。"),
                format!("write {instead}"),
            ),
        );
    }

    pub fn unknown_key(&mut self, place: &Place, key: &str, known: &[&str]) {
        self.add(
            Code::UnknownKey,
            place,
            both(
                format!("这里没有叫「{key}」的键。"),
                format!("no key is called `{key}` here"),
            ),
            meant(nearest(key, known.iter().copied()), known),
        );
    }

    pub fn missing_key(&mut self, place: &Place, key: &str, example: &str) {
        self.add(
            Code::MissingKey,
            place,
            both(format!("这里必须写「{key}」。"), format!("`{key}` is needed here")),
            both(format!("例如：{example}"), format!("for example: {example}")),
        );
    }

    pub fn wrong_type(&mut self, place: &Place, key: &str, wanted: Wanted) {
        let name = wanted.name();
        self.add(
            Code::WrongType,
            place,
            both(
                format!("「{key}」的值类型不对。"),
                format!("`{key}` holds something else"),
            ),
            both(format!("请写：{}。", name.zh), format!("write {}", name.en)),
        );
    }

    pub fn unknown_word(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownWord,
            place,
            both(
                format!("「{written}」不在可选的范围里。"),
                format!("`{written}` is not one of the choices"),
            ),
            meant(nearest(written, known.iter().copied()), known),
        );
    }

    pub fn bad_duration(&mut self, place: &Place, written: &str) {
        self.add(
            Code::BadDuration,
            place,
            both(format!("「{written}」不是时长。"), format!("`{written}` is not a length of time")),
            both(
                "写成数字加单位：\"30s\"（秒）、\"5m\"（分）、\"2h\"（时）、\"3d\"（天）、\"2w\"（周），也可以写「3天」。",
                "write a number and a unit: \"30s\", \"5m\", \"2h\", \"3d\", \"2w\"",
            ),
        );
    }

    pub fn not_whole_days(&mut self, place: &Place, written: &str) {
        self.add(
            Code::BadDuration,
            place,
            both(
                format!("「{written}」不是整天。"),
                format!("`{written}` is not a number of whole days"),
            ),
            both(
                "这里按天算，请写 \"3d\" 或「3天」。",
                "this is counted in days; write \"3d\"",
            ),
        );
    }

    pub fn bad_time(&mut self, place: &Place, written: &str) {
        self.add(
            Code::BadTime,
            place,
            both(
                format!("「{written}」不是一天里的时刻。"),
                format!("`{written}` is not a time of day"),
            ),
            both(
                "写成 \"09:00\" 这样的时:分，从 00:00 到 23:59。",
                "write hours and minutes, like \"09:00\"",
            ),
        );
    }

    pub fn bad_money(&mut self, place: &Place, written: &str) {
        self.add(
            Code::BadMoney,
            place,
            both(
                format!("「{written}」不是金额。"),
                format!("`{written}` is not an amount"),
            ),
            both(
                "以元为单位、加引号，最多两位小数，例如 \"25.00\"；不写「元」「¥」和千分位。",
                "write yuan in quotes with at most two decimals, like \"25.00\", without a currency sign",
            ),
        );
    }

    pub fn bad_pattern(&mut self, place: &Place, why: &str) {
        self.add(
            Code::BadPattern,
            place,
            both(
                format!("这个正则表达式不能用（{why}）。"),
                format!("this pattern cannot be used: {why}"),
            ),
            both(
                "括号用半角并成对；不支持前后查找和反向引用；用单引号 '…' 书写可免去反斜杠转义。",
                "check the brackets; look-around and back-references do not exist; write it in single quotes",
            ),
        );
    }

    /// `why` is the calendar's own reason.
    pub fn bad_cron(&mut self, place: &Place, why: Both) {
        self.add(
            Code::BadCron,
            place,
            why,
            both(
                "五段：分 时 日 月 星期，例如 \"30 9 * * MON-FRI\"；六段在最前加秒，七段在最后加年；星期只写英文缩写。能用 { at = \"09:30\", every = \"mon\" } 就不必用 cron。",
                "five fields: minute hour day month weekday, like \"30 9 * * MON-FRI\"; six begin with the second, seven end with the year; weekdays by name only",
            ),
        );
    }

    pub fn bad_day(&mut self, place: &Place, written: &str) {
        self.add(
            Code::BadDay,
            place,
            both(format!("「{written}」不是日子。"), format!("`{written}` is not a day")),
            both(
                "每天写 \"day\"；每周写 \"mon\"…\"sun\" 或它们的列表；每月写 \"1st sat\"、\"last fri\"、\"18\"、\"last day\"；每隔几天写 \"3 days\" 并加上 from = \"2026-03-01\"。",
                "write \"day\", \"mon\" or a list of weekdays, \"1st sat\", \"last fri\", \"18\", \"last day\", or \"3 days\" with from = \"2026-03-01\"",
            ),
        );
    }

    pub fn bad_date(&mut self, place: &Place, written: &str) {
        self.add(
            Code::BadDate,
            place,
            both(format!("「{written}」不是日期。"), format!("`{written}` is not a date")),
            both(
                "写成年-月-日、加引号，例如 \"2026-03-01\"。",
                "write year, month and day in quotes, like \"2026-03-01\"",
            ),
        );
    }

    pub fn bad_limit(&mut self, place: &Place, written: &str) {
        self.add(
            Code::BadLimit,
            place,
            both(
                format!("「{written}」不是次数上限。"),
                format!("`{written}` is not a limit"),
            ),
            both(
                "写成「次数 per 周期」，周期是 day、week、month、year、ever，例如 \"1 per day\"。",
                "write a count and a period (day, week, month, year, ever), like \"1 per day\"",
            ),
        );
    }

    pub fn out_of_range(&mut self, place: &Place, written: &str, least: i64, most: i64) {
        self.add(
            Code::OutOfRange,
            place,
            both(format!("{written} 超出了范围。"), format!("{written} is out of range")),
            both(
                format!("请写 {least} 到 {most} 之间的数。"),
                format!("write {least} to {most}"),
            ),
        );
    }

    pub fn nothing(&mut self, place: &Place, key: &str) {
        self.add(
            Code::Nothing,
            place,
            both(format!("「{key}」里什么都没有。"), format!("`{key}` is empty")),
            both(
                "至少写一项；不需要的话把整个键删掉。",
                "write at least one, or take the key out",
            ),
        );
    }

    pub fn bad_wording(&mut self, place: &Place, why: Both) {
        self.add(
            Code::BadWording,
            place,
            why,
            both(
                "名字写成 {{ who }}，条件写成 {% if … %}…{% endif %}；可用的写法见 docs/playbooks.zh-CN.md「话术」。",
                "names go like {{ who }}, conditions like {% if … %}…{% endif %}; see docs/playbooks.md, “Wording”",
            ),
        );
    }

    pub fn mixed(&mut self, place: &Place, why: Both) {
        self.add(
            Code::Mixed,
            place,
            why,
            both(
                "金额和金额比（money(\"50.00\")），天数和天数比（days(3)），文字加引号；查一查是不是写错了名字。",
                "compare money with money (money(\"50.00\")), days with days (days(3)), put texts in quotes; is it the wrong name?",
            ),
        );
    }

    pub fn bad_window(&mut self, place: &Place, why: Both) {
        self.add(
            Code::BadWindow,
            place,
            why,
            both(
                "例如 spoke(\"7d\")、ordered(\"90d\")、spent(\"90d\")、joined(\"30d\")。",
                "like spoke(\"7d\"), ordered(\"90d\"), spent(\"90d\"), joined(\"30d\")",
            ),
        );
    }

    pub fn unknown_name(&mut self, place: &Place, name: &str, known: &[&str]) {
        let reason = match elsewhere(name) {
            Some((zh, en)) => both(
                format!("这个场合没有「{name}」：{zh}才有。"),
                format!("there is no `{name}` on this occasion; it exists {en}"),
            ),
            None => both(
                format!("这个场合没有「{name}」可用。"),
                format!("there is no `{name}` on this occasion"),
            ),
        };
        self.add(
            Code::UnknownName,
            place,
            reason,
            meant(nearest(name, known.iter().copied()), known),
        );
    }

    pub fn bad_story(&mut self, place: &Place, why: Both) {
        self.add(
            Code::BadStory,
            place,
            why,
            both(
                "写法见 docs/playbooks.zh-CN.md「测试」。",
                "see docs/playbooks.md, “Tests”",
            ),
        );
    }
}

/// On which occasions a name exists, for names that exist on some.
fn elsewhere(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "who" | "people" => (
            "针对人的触发（进群、消息、生日、下单……）",
            "where a trigger is about people",
        ),
        "person" => (
            "只针对一个人、没有 gather 的规则里",
            "where a rule is about one person and gathers nobody",
        ),
        "member" => (
            "发生在群里、只针对一个人、没有 gather 的规则里",
            "in groups, where a rule is about one person and gathers nobody",
        ),
        "ordered" | "spent" => (
            "只针对一个人、没有 gather 的规则里",
            "where a rule is about one person and gathers nobody",
        ),
        "spoke" | "joined" => (
            "发生在群里、只针对一个人、没有 gather 的规则里",
            "in groups, where a rule is about one person and gathers nobody",
        ),
        "group" => ("发生在群里的规则中", "where something happens in a group"),
        "coupon" => ("同一串动作里先 give 之后", "after `give` in the same list"),
        "reason" => ("otherwise 里", "in `otherwise`"),
        "const" => ("写了 [constants] 的文件里", "in a file with a section [constants]"),
        "audience" => (
            "写了 [audiences] 的文件里、人群自己的条件之外",
            "in a file with a section [audiences], and in no audience itself",
        ),
        "text" => ("消息触发的规则里", "where a message triggers"),
        "captures" => (
            "{ matches = … } 触发、并且有命名分组的规则里",
            "where { matches = … } has named groups",
        ),
        "order" => ("下单或退款触发的规则里", "where an order or refund triggers"),
        "birthday" => ("生日触发的规则里", "where a birthday triggers"),
        "festival" => ("节日触发的规则里", "where a festival triggers"),
        "years" | "since" => ("周年触发的规则里", "where an anniversary triggers"),
        "silent_days" => ("沉默触发的规则里", "where a silence triggers"),
        "minutes" => ("没人回答触发的规则里", "where an unanswered question triggers"),
        "mark" => ("达到门槛触发的规则里", "where a mark is reached"),
        "winner" | "votes" => ("投票有结果时", "where a vote was won"),
        "event" => ("活动触发的规则里", "where an event triggers"),
        _ => return None,
    })
}
