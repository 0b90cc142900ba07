//! Problems with tiers, scores, sources and winning people back.

use super::found::{Problems, meant, nearest};
use super::kinds::{Both, Code, Place, both};

impl Problems {
    pub fn bad_tiers(&mut self, place: &Place, reason: Both, example: &str) {
        self.add(
            Code::BadTiers,
            place,
            reason,
            both(format!("写成 {example} 这样。"), format!("write it like {example}")),
        );
    }

    pub fn skipped_tier(&mut self, place: &Place, lower: &str, higher: &str) {
        self.add(
            Code::SkippedTier,
            place,
            both(
                format!("够得上「{lower}」的人也都够得上排在后面的「{higher}」，没有人会停在这一级。"),
                format!(
                    "whoever comes up to `{lower}` comes up to `{higher}` after it too, so nobody ever stands here"
                ),
            ),
            both(
                "从低到高写，越往后要求越高。",
                "write tiers from the lowest to the highest, each asking for more",
            ),
        );
    }

    pub fn unknown_tier(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownTier,
            place,
            both(
                format!("没有叫「{written}」的等级。"),
                format!("no tier has the name `{written}`"),
            ),
            match known {
                [] => both(
                    format!("先写一节 [[tier]]，name = \"{written}\"。"),
                    format!("write a [[tier]] with name = \"{written}\" first"),
                ),
                _ => meant(nearest(written, known.iter().copied()), known),
            },
        );
    }

    pub fn bad_scores(&mut self, place: &Place, reason: Both, example: &str) {
        self.add(
            Code::BadScores,
            place,
            reason,
            both(format!("写成 {example} 这样。"), format!("write it like {example}")),
        );
    }

    pub fn bad_source(&mut self, place: &Place, reason: Both) {
        self.add(
            Code::BadSource,
            place,
            reason,
            both(
                "写上 words = [\"茶展\"]（新人说的暗号）、how = \"scanned\"、by = \"member\" 或 groups = [\"门店*\"] 中的至少一样。",
                "write one of words = [\"tea fair\"], how = \"scanned\", by = \"member\" and groups = [\"shop*\"]",
            ),
        );
    }

    pub fn unknown_source(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::BadSource,
            place,
            both(
                format!("没有叫「{written}」的来源。"),
                format!("no source has the name `{written}`"),
            ),
            match known {
                [] => both(
                    format!("先写一节 [source.{written}]。"),
                    format!("write a [source.{written}] first"),
                ),
                _ => meant(nearest(written, known.iter().copied()), known),
            },
        );
    }

    pub fn bad_winback(&mut self, place: &Place, reason: Both, example: &str) {
        self.add(
            Code::BadWinback,
            place,
            reason,
            both(format!("写成 {example} 这样。"), format!("write it like {example}")),
        );
    }

    pub fn unknown_winback(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::BadWinback,
            place,
            both(
                format!("没有叫「{written}」的挽回。"),
                format!("no [winback.…] has the name `{written}`"),
            ),
            meant(nearest(written, known.iter().copied()), known),
        );
    }
}
