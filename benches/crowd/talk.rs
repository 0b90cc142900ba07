//! An invented crowd: what a OneBot v11 gateway posts of it. Small talk mostly; one message in ten is something a
//! shipped playbook listens for, and now and then somebody comes or goes.

use serde_json::json;

use crate::chance::Chance;

/// Groups, and members in each of them.
pub const GROUPS: u64 = 50;
pub const MEMBERS: u64 = 200;

const TALK: &[&str] = &[
    "早呀，今天泡了白茶",
    "这款香气好高",
    "请问水温多少合适？",
    "店里几点关门？",
    "周末有活动吗",
    "收到啦，包装很用心",
    "哈哈哈哈",
    "🍵🍵",
    "昨天那款还有吗",
    "求推荐口粮茶",
    "盖碗还是紫砂好？",
    "老板在吗",
    "第一次喝岩茶，惊艳",
    "可以寄到外地吗？",
    "怎么存放比较好",
    "谢谢掌柜",
    "下雨天就想喝点热的，山里的春茶不知道开始采了没有，等新茶到了一定要第一时间告诉我们呀",
    "同求",
    "+1",
    "好久没冒泡了",
];
const WANTED: &[&str] = &[
    "礼包",
    "领礼包",
    "生日 3月28",
    "我的生日是农历八月十五",
    "生日 1992-05-08",
    "报名",
    "报名 2",
    "接龙",
    "取消报名",
    "名单",
    "起名 山野茶友会",
    "投1",
    "起群名",
    "祝妈妈生日快乐",
];

/// The `number`th report. The same number always gives the same bytes; `seconds` is the time in it.
pub fn report(number: u64, seconds: i64) -> String {
    let mut chance = Chance(number);
    let group = 700_000_001 + chance.below(GROUPS);
    let member = 1_000_000_001 + (group - 700_000_001) * MEMBERS + chance.below(MEMBERS);
    let notice = |kind: &str, how: &str| {
        json!({
            "time": seconds, "self_id": 9_000, "post_type": "notice", "notice_type": kind, "sub_type": how,
            "group_id": group, "user_id": member, "operator_id": 0, "nth": number,
        })
        .to_string()
    };
    let words = match chance.below(100) {
        0 | 1 => return notice("group_increase", "approve"),
        2 => return notice("group_decrease", "leave"),
        3..13 => chance.one_of(WANTED),
        _ => chance.one_of(TALK),
    };
    json!({
        "time": seconds, "self_id": 9_000, "post_type": "message", "message_type": "group", "sub_type": "normal",
        "message_id": number, "group_id": group, "user_id": member,
        "message": [{ "type": "text", "data": { "text": words } }], "raw_message": words, "font": 0,
        "sender": { "user_id": member, "nickname": format!("茶友{}", member % 100_000), "card": "", "role": "member" },
    })
    .to_string()
}
