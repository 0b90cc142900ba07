//! What can be wrong with a column and its pieces.

use super::found::{Problems, meant, nearest};
use super::kinds::{Code, Place, both};
use crate::playbook::column::{NoPiece, PIECE_MAX};

impl Problems {
    pub fn unknown_column(&mut self, place: &Place, written: &str, known: &[&str]) {
        self.add(
            Code::UnknownColumn,
            place,
            both(
                format!("没有叫「{written}」的 [column.…]。"),
                format!("no [column.…] has the name `{written}`"),
            ),
            meant(nearest(written, known.iter().copied()), known),
        );
    }

    pub fn bad_piece(&mut self, place: &Place, file: &str, why: &NoPiece) {
        let (zh, en) = match why {
            NoPiece::Front(words) => (
                format!("{file} 开头 +++ 之间读不懂（{words}）。"),
                format!("what stands between +++ in {file} cannot be read ({words})"),
            ),
            NoPiece::Empty => (format!("{file} 是空的。"), format!("{file} is empty")),
            NoPiece::TooLong(length) => (
                format!("{file} 有 {length} 字，一篇最多 {PIECE_MAX} 字。"),
                format!("{file} has {length} characters, {PIECE_MAX} are allowed"),
            ),
        };
        self.add(
            Code::BadPiece,
            place,
            both(zh, en),
            both(
                "开头可以写 +++、title = \"标题\"、kind = \"类\"、promo = true、+++，下面是正文。",
                "it may begin with +++, title = \"…\", kind = \"…\", promo = true, +++; the text follows",
            ),
        );
    }

    pub fn nothing_of_kind(&mut self, place: &Place, kind: &str) {
        self.add(
            Code::Unmixed,
            place,
            both(
                format!("mix 里有「{kind}」，没有一篇是这一类。"),
                format!("`mix` has `{kind}`, and no piece is of this kind"),
            ),
            both(
                format!("给几篇写上 kind = \"{kind}\"，或从 mix 里去掉它。"),
                format!("write kind = \"{kind}\" in some pieces, or take it out of `mix`"),
            ),
        );
    }

    pub fn kind_not_mixed(&mut self, place: &Place, piece: &str, kind: &str) {
        self.add(
            Code::Unmixed,
            place,
            both(
                format!("「{piece}」这篇的类是「{kind}」，mix 里没有，按一份算。"),
                format!(
                    "the piece `{piece}` is of the kind `{kind}`, which `mix` does not have; it counts as one share"
                ),
            ),
            both(
                "在 mix 里写上它，或改那篇的 kind。",
                "add it to `mix`, or change the piece's `kind`",
            ),
        );
    }
}
