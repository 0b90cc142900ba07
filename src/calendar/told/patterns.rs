//! The patterns a birthday is told in. They meet folded text only: NFKC, lower case, one space at a time.
//! Word boundaries are ASCII ones, so that they also stand between a Chinese word and an English one.

use std::sync::LazyLock;

use regex::Regex;

macro_rules! pattern {
    ($(#[$doc:meta])* $name:ident = $($part:expr),+ $(,)?) => {
        $(#[$doc])*
        pub(super) static $name: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(&[$($part),+].concat()).expect("a constant pattern, compiled by every test of this module")
        });
    };
}

const CALENDAR_WORDS: &str = "(?:(?P<lunar>(?:农|農|阴|陰|旧|舊)(?:历|曆|歷)|lunar(?: calendar)?)\
                              |(?P<solar>(?:公|阳|陽|新|国|國|西)(?:历|曆|歷)|solar|gregorian))";
const CHINESE_NUMBER: &str =
    "(?:[0-9]{1,2}|[二三]?十[一二三四五六七八九]?|[廿卅][一二三四五六七八九]?|[一二三四五六七八九])";
const ENGLISH_MONTH: &str = "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?\
                             |sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const ENGLISH_DAY: &str = "(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?";
const BIRTHDAY_WORD: &str = "(?:出生日期|出生年月日|出生|生日|生辰|birthday|birth ?date|b-?day|date of birth|dob|born)";

pattern!(CALENDAR = "^", CALENDAR_WORDS, "[的: ]*");
pattern!(
    /// After a calendar named behind the date: the clause is over.
    ENDS = "^的?(?:$|[ ,.。!;~])");
pattern!(CALENDAR_AFTER = "^ ?[(,]? ?", CALENDAR_WORDS, r"\)?");
pattern!(
    CHINESE = r"^(?:(?P<year>[0-9]{4}|[0-9]{2}|[〇零○一二三四五六七八九]{4}|[〇零○一二三四五六七八九]{2}) ?年 ?)?(?:",
    CALENDAR_WORDS,
    r"[的 ]*)?(?P<leap>闰|閏)? ?(?P<month>正|冬|腊|臘|元|",
    CHINESE_NUMBER,
    ") ?月 ?(?P<first_ten>初)?(?P<day>",
    CHINESE_NUMBER,
    ")(?: ?(?:日|号|號))?",
);
pattern!(
    NUMBERS = r"^(?:(?P<year>[0-9]{4}) ?[-./] ?)?(?P<month>[0-9]{1,2}) ?[-./] ?(?P<day>[0-9]{1,2})(?: ?(?:日|号|號))?"
);
pattern!(EIGHT_DIGITS = "^(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})");
pattern!(
    MONTH_DAY = "^",
    ENGLISH_MONTH,
    r"\.? ?",
    ENGLISH_DAY,
    "(?:(?: ?, ?| )(?P<year>[0-9]{4}))?"
);
pattern!(
    DAY_MONTH = "^(?:the )?",
    ENGLISH_DAY,
    " ?(?:of )?",
    ENGLISH_MONTH,
    r"\.?(?:(?:, ?| )(?P<year>[0-9]{4}))?"
);
pattern!(
    LUNAR_ENGLISH =
        "^(?P<leap>leap )?month (?P<month>[0-9]{1,2}) ?,? ?day (?P<day>[0-9]{1,2})(?: of (?P<year>[0-9]{4}))?"
);
pattern!(
    /// More figures or letters directly after a date: it was part of something longer.
    RUNS_ON = "^(?:[-./:]?[0-9]|[a-z])"
);
pattern!(
    /// 「我的农历生日是」 up to where the date begins. Without an owner it must begin a clause, which is looked at in code.
    HEAD = "(?:登记|设置|记录|记下|绑定|更新|修改|录入)?(?:一下)?(?P<own>(?:我|本人|俺|咱)的?|(?-u:\\b)my |(?-u:\\b)i(?: was|'m| am) )?(?:",
    CALENDAR_WORDS,
    "的? ?)?",
    BIRTHDAY_WORD,
    "(?:登记|设置|记录|绑定|改成|改为|更新为|设为|就是|是|为|在|于|日期|(?-u:\\b)is(?-u:\\b)|(?-u:\\b)was(?-u:\\b)|(?-u:\\b)on(?-u:\\b)|(?-u:\\b)the(?-u:\\b)|的|'s|[:,=「\"' -])*",
);
pattern!(
    /// What may follow the date: nothing, a mark, a closing word, or free text after a space.
    TAIL = "^(?:$|[ ,.。!;、~)」\"'…]|[哦啊呀呢啦哈嘛的了噢哟喔]|出生|生的?(?:$|[ ,.。!~]))"
);
pattern!(
    /// 「3/15 人」 and 「3.15 元」 are counts and prices; after a bare pair of numbers only marks may follow.
    LOOSE_TAIL = "^ .*[^ .。!~]"
);
pattern!(SPEAKER = "^(?:我|本人|俺|咱|i(?: was|'m| am))(?:是|的)? ?(?:born )?(?:on )?");
pattern!(
    /// After a date that comes first: whose birthday it is, and the end of it.
    OWN_TAIL = "^(?:就是|是|为|的|(?-u:\\b)is(?-u:\\b)|(?-u:\\b)was(?-u:\\b)| )*(?:(?:我|本人|俺|咱)的?|(?-u:\\b)my )?(?:",
    CALENDAR_WORDS,
    "的?)?",
    "(?:",
    BIRTHDAY_WORD,
    "|生)的?[哦啊呀呢啦哈嘛了噢哟喔]*(?:$|[,.。!;~])",
);
