//! Problems with guards.

use crate::chat::Lang;
use crate::playbook::guard::Bound;

use super::found::{Problems, meant, nearest};
use super::kinds::{Both, Code, Place, both};

impl Problems {
    pub fn bad_guard(&mut self, place: &Place, reason: Both, example: &str) {
        self.add(
            Code::BadGuard,
            place,
            reason,
            both(format!("写成 {example} 这样。"), format!("write it like {example}")),
        );
    }

    pub fn bound_twice(&mut self, place: &Place, bound: &Bound) {
        self.add(
            Code::BadGuard,
            place,
            both(
                format!("「{}」在这个守卫里写了两次。", bound.key()),
                format!("`{}` stands twice in this guard", bound.key()),
            ),
            both("留下其中一个。", "keep one of them"),
        );
    }

    pub fn empty_guard(&mut self, place: &Place, name: &str) {
        self.add(
            Code::EmptyGuard,
            place,
            both(
                format!("守卫「{name}」没有写要守住什么。"),
                format!("guard `{name}` does not say what it holds down"),
            ),
            both(
                "写上 spends（花费）、says（发言）、at_night（夜间发言）、mentions（点名）、promos（推广）中的至少一样，例如 spends = \"3000.00 per month\"。",
                "write one of spends, says, at_night, mentions and promos, like spends = \"3000.00 per month\"",
            ),
        );
    }

    pub fn unknown_guard(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownGuard,
            place,
            both(
                format!("这个文件里没有叫「{written}」的守卫。"),
                format!("no guard in this file has the name `{written}`"),
            ),
            meant(nearest(written, known.iter().copied()), known),
        );
    }

    pub fn never_breaks(&mut self, place: &Place, bound: &Bound, why: Both) {
        self.add(
            Code::NeverBreaks,
            place,
            both(
                format!("「{}」永远不会破：{}。", bound.said(Lang::Zh), why.zh),
                format!("“{}” can never break: {}", bound.said(Lang::En), why.en),
            ),
            both(
                "把数改小，或去掉它；有意留着就用 allow 写明原因。",
                "make the number smaller or take it out; if it is meant, say why with `allow`",
            ),
        );
    }

    pub fn never_holds(&mut self, place: &Place, bound: &Bound, why: Both) {
        self.add(
            Code::NeverHolds,
            place,
            both(
                format!("「{}」一碰就破：{}。", bound.said(Lang::Zh), why.zh),
                format!("“{}” can never hold: {}", bound.said(Lang::En), why.en),
            ),
            both(
                "把数改大，或去掉做这件事的规则。",
                "make the number larger, or take out the rules that do this",
            ),
        );
    }
}
