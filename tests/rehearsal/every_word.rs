//! Whatever members and staff say in whatever order, with the shipped playbooks: every decision that held something back
//! names its reason, `explain` finds the same one, and knows the name it was decided under.

use proptest::prelude::*;
use qunying::chat::{Event, Moment};
use qunying::dry_run::Input;
use serde_json::json;

use crate::explaining::{every_silence_is_explained, setup};
use crate::stage::shipped;

const START: i64 = 1_772_323_200_000;
const STAFF: u32 = 9_001;

/// Words that playbooks listen for. A `@` in one is a member called by name.
const SAYINGS: [&str; 122] = [
    "早",
    "茶怎么泡？",
    "几点开门",
    "停车方便吗",
    "可以寄快递吗",
    "礼包",
    "会员日",
    "我来主持",
    "给群起名",
    "起名 山野茶友会",
    "起名 野",
    "投1",
    "投9",
    "票数",
    "评头衔",
    "头衔 @ 茶博士",
    "选1",
    "头衔票数",
    "报名",
    "报名 2",
    "取消报名",
    "名单",
    "生日 3月5日",
    "生日 2月30日",
    "我的生日是农历八月十五",
    "签到",
    "打卡",
    "补签",
    "补签 3",
    "我的签到",
    "发补签卡 @ 2",
    "我的积分",
    "我的券",
    "核销",
    "核销 ABCDE12345",
    "核销 @",
    "核销 @ 进群大礼包",
    "核销 @ 升级礼券 100",
    "撤销核销 ABCDE12345",
    "撤销核销 @",
    "绑定 1234",
    "绑定 手机尾号 1234",
    "绑定账号",
    "绑定账号 ABCDE12345",
    "关联 @",
    "关联 shop/101 shop/102",
    "取消关联",
    "退订",
    "退订 @",
    "恢复订阅",
    "同意记录",
    "撤回同意",
    "手机 13800001234",
    "我的资料",
    "导出我的数据",
    "忘记我",
    "确认忘记我",
    "邀请口令",
    "我的邀请",
    "标签 @ 户外",
    "标签 @",
    "取消标签 @ 户外",
    "看标签 @",
    "户外群邀请谁",
    "暗号 茶展",
    "茶展",
    "来自 茶展",
    "开始抽奖",
    "抽奖",
    "开奖",
    "领奖",
    "重抽",
    "开始竞答",
    "结束竞答",
    "绿茶",
    "A",
    "1",
    "福建",
    "发起口味调查",
    "填问卷",
    "结束口味调查",
    "3",
    "5",
    "随便说说",
    "建议 多进点白茶",
    "建议 1 采纳",
    "采纳 1",
    "我的建议",
    "我的等级",
    "超级用户",
    "积分商城",
    "兑换",
    "兑换 山野马克杯",
    "兑换 茶点券",
    "兑换 没有的",
    "我的兑换",
    "已取 1",
    "已取 @",
    "待取",
    "取消兑换 1",
    "加分 @ 20 帮忙",
    "加分 @",
    "扣分 @ 5 重复领取",
    "积分榜",
    "我的卡",
    "开卡 @ 茶月卡",
    "开卡 @",
    "续卡 @ 茶月卡",
    "核卡 @",
    "撤销核卡 @",
    "停卡 @",
    "复卡 @",
    "退卡 @",
    "转卡 @",
    "会员卡数据",
    "申请试用",
    "退出试用",
    "试用名单",
    "开始招募",
    "重抽 没人领",
    "重抽 @ 人走了",
    "今天的茶真香大家都来尝尝",
];

fn said(nth: usize, (who, at): (u32, i64), in_group: bool, words: &str, whom: u32) -> Input {
    let mut segments = Vec::new();
    for (place, part) in words.split('@').enumerate() {
        if place > 0 {
            segments.push(json!({"mention": format!("shop/{whom}")}));
        }
        if !part.is_empty() {
            segments.push(json!({"text": part}));
        }
    }
    let group = in_group.then_some("shop/1");
    let message = json!({
        "group": group, "from": format!("shop/{who}"), "name": format!("客{who}"),
        "message": nth.to_string(), "segments": segments,
    });
    event(nth, at, &json!({ "message": message }))
}

fn came(nth: usize, who: u32, at: i64, joins: bool) -> Input {
    let person = format!("shop/{who}");
    let what = match joins {
        true => {
            json!({"joined": {"group": "shop/1", "person": person, "name": format!("客{who}"), "how": "unknown", "by": "shop/101", "inferred": false}})
        }
        false => json!({"left": {"group": "shop/1", "person": person, "how": "left", "by": null, "inferred": false}}),
    };
    event(nth, at, &what)
}

fn event(nth: usize, at: i64, what: &serde_json::Value) -> Input {
    let event = json!({"id": format!("shop/e{nth}"), "at": at, "what": what});
    let event: Event = serde_json::from_value(event).expect("an event");
    let time = Moment::from_millis(at);
    Input { event, time }
}

/// What is said or done (the last two: coming and going), by whom, whether in the group, after how many seconds.
type Deed = (usize, u32, bool, u32);

fn history() -> impl Strategy<Value = Vec<Deed>> {
    // Mostly minutes, sometimes hours, so that days pass and what runs comes to its end.
    let gap = prop_oneof![4 => 0_u32..900, 1 => 3_600_u32..40_000];
    proptest::collection::vec(
        (0..SAYINGS.len() + 4, 0_u32..8, proptest::bool::weighted(0.8), gap),
        20..160,
    )
}

fn played(history: Vec<Deed>) -> Vec<Input> {
    let mut at = START;
    let mut inputs = Vec::new();
    for (nth, (what, who, in_group, gap)) in history.into_iter().enumerate() {
        at += i64::from(gap) * 1_000;
        let whom = 101 + u32::try_from(what % 6).unwrap_or(0);
        // Of what is said, a quarter is said by staff, whose words start most things.
        let who = if who > 5 { STAFF } else { 101 + who };
        inputs.push(match SAYINGS.get(what) {
            Some(words) => said(nth, (who, at), in_group, words, whom),
            None => came(nth, 101 + who % 6, at, what % 2 == 0),
        });
    }
    inputs
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_said_every_silence_is_explained(history in history()) {
        every_silence_is_explained(&setup(shipped()), &played(history));
    }
}
