//! What the chat platform calls inducement: rewards for sharing outside, more chances for sharing, forced sharing.
//!
//! Source: WeChat's rules on external links (微信外部链接内容管理规范, since 2019), “induced sharing and following”.

use std::sync::LazyLock;

use regex::Regex;

use crate::playbook::problem::Problems;
use crate::playbook::reading::draft::Said;

const SHARING: &str = r"(?:转发|分享|转给|发到|晒到|集赞|点赞)";
const OUTSIDE: &str = r"(?:朋友圈|好友|朋友|微信群|别的群|其他群|群聊|集赞|个赞)";
const REWARD: &str = r"(?:领|送|得|获|奖|返|减|免费|红包|优惠|券|礼|机会|抽)";

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        format!("{SHARING}[^。！!？?\n]{{0,12}}{OUTSIDE}[^。！!？?\n]{{0,24}}{REWARD}"),
        format!("{OUTSIDE}[^。！!？?\n]{{0,10}}{SHARING}[^。！!？?\n]{{0,20}}{REWARD}"),
        format!("{REWARD}[^。！!？?\n]{{0,12}}(?:只要|只需|请|需要?){SHARING}[^。！!？?\n]{{0,10}}{OUTSIDE}"),
        r"集(?:满|齐|够)?\s*[0-9一二三四五六七八九十]+\s*个?赞".to_owned(),
        r"(?:不转不是|必须转发|转发(?:后|才)(?:能|可|方)|打卡[^。！!？?\n]{0,8}(?:转发|分享|晒)[^。！!？?\n]{0,8}朋友圈)".to_owned(),
        r"(?i)\b(?:share|forward|repost)\b[^.!?\n]{0,40}\b(?:moments|friends|groups?)\b[^.!?\n]{0,60}\b(?:get|win|receive|earn|coupon|reward|chance|free)".to_owned(),
    ]
    .iter()
    .map(|pattern| Regex::new(pattern).expect("a fixed pattern"))
    .collect()
});

/// The first inducement of a text.
pub(in crate::playbook::reading) fn sharing(said: &Said<'_>, problems: &mut Problems) {
    for (start, part) in &said.parts {
        let found = PATTERNS
            .iter()
            .filter_map(|pattern| pattern.find(part))
            .min_by_key(|it| it.start());
        if let Some(found) = found {
            let place = said.item.place_in(start + found.start()..start + found.end());
            return problems.inducement(&place, found.as_str());
        }
    }
}
