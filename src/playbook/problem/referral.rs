//! What can be wrong with a referral programme.

use super::found::{Problems, meant, nearest};
use super::kinds::{Code, Place, both};

impl Problems {
    pub fn unknown_referral(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownReferral,
            place,
            both(
                format!("没有叫「{written}」的 [referral.…]。"),
                format!("no [referral.…] has the name `{written}`"),
            ),
            meant(nearest(written, known.iter().copied()), known),
        );
    }

    pub fn rewards_nobody(&mut self, place: &Place) {
        self.add(
            Code::RewardsNobody,
            place,
            both(
                "邀请了新朋友，邀请人和新朋友都没有好处。",
                "bringing somebody is worth nothing to either of the two",
            ),
            both(
                "写上 inviter = [{ give = \"…\" }] 或 newcomer = […]；礼由别的规则给，就用 allow 写明。",
                "write inviter = [{ give = \"…\" }] or newcomer = […]; if other rules reward it, say so with `allow`",
            ),
        );
    }

    pub fn target_twice(&mut self, place: &Place, at: u32) {
        self.add(
            Code::TargetTwice,
            place,
            both(
                format!("满 {at} 位的礼写了两次。"),
                format!("what {at} people are worth stands twice"),
            ),
            both("合成一条，或改掉一个数。", "make one of them, or change a number"),
        );
    }

    pub fn quick_stay(&mut self, place: &Place) {
        self.add(
            Code::QuickStay,
            place,
            both(
                "新朋友留不满一天就算数：进来领了就走的也给。",
                "a newcomer counts within a day: whoever comes, takes and goes is rewarded as well",
            ),
            both(
                "写成 stay = \"7d\" 这样的天数；有意的就用 allow 写明。",
                "write days, like stay = \"7d\"; if it is meant, say why with `allow`",
            ),
        );
    }

    pub fn not_in_referral(&mut self, place: &Place) {
        self.out_of_place(
            place,
            both(
                "邀请的礼里不能改群名、改名片、移出群友、撤回：它们要等网关答复，礼是给两个人的，谁也不等谁。",
                "what a referral is worth cannot rename, set cards, remove or recall: those wait for a gateway, and it is for two people of whom neither waits",
            ),
            both(
                "另写一条 on = \"referral.counted\" 的规则来做。",
                "do it in a rule of its own, on = \"referral.counted\"",
            ),
        );
    }
}
