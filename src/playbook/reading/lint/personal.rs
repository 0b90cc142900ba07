//! Asking members for what is theirs. The law on personal information (PIPL, art. 6 and 17) wants little collected, and
//! the purpose told.

use std::sync::LazyLock;

use regex::Regex;

use crate::playbook::problem::Problems;
use crate::playbook::reading::draft::Said;

/// What is asked for, and that it is asked for.
static ASKED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?:告诉|回复|发送|请发|发来|发您|输入|发一下|填写|登记|留下|提供|报一下|报上|私信|留个?)[^。！!？?\n]{0,10}(生日|手机号码?|电话|身份证号?|住址|家庭地址|收货地址|真实姓名)",
        r"(生日|手机号码?|电话|身份证号?|住址|家庭地址|收货地址|真实姓名)[^。！!？?\n]{0,6}(?:告诉|发给|发我|报给|私信|留一下|登记|填一下)",
        r"(?i)\b(?:tell|send|give|reply with)\b[^.!?\n]{0,16}\b(birthday|phone number|id number|address)\b",
    ]
    .iter()
    .map(|pattern| Regex::new(pattern).expect("a fixed pattern"))
    .collect()
});

static WHY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"以便|用于|用来|只用|仅用|方便|好给|好为|为了|送|寄|配送|祝福|惊喜|礼物|准备|联系您|(?i:so that|so we|in order|for your|surprise|gift|deliver)")
        .expect("a fixed pattern")
});

/// Something personal is asked for and nothing says why.
pub(in crate::playbook::reading) fn asked(said: &Said<'_>, problems: &mut Problems) {
    let parts = &said.parts;
    if parts.iter().any(|(_, part)| WHY.is_match(part)) {
        return;
    }
    for (start, part) in parts {
        let found = ASKED
            .iter()
            .find_map(|pattern| pattern.captures(part))
            .and_then(|it| it.get(1));
        if let Some(what) = found {
            let place = said.item.place_in(start + what.start()..start + what.end());
            return problems.asks_personal(&place, what.as_str());
        }
    }
}
