//! What of a recording has to be known before its first line is decided: which actions it answers later on, and which
//! codes were given out under it.

use std::collections::BTreeSet;
use std::io::{self, BufRead};
use std::sync::LazyLock;

use regex::bytes::Regex;
use serde::Deserialize;

use crate::chat::ActionId;
use crate::community::change::Change;
use crate::engine::{Codes, membership};
use crate::recording::Record;

/// What a line that matters has in it. Within a text quotation marks are escaped, so nobody can say it.
static MATTERS: LazyLock<Regex> = LazyLock::new(|| {
    // None of them begins with the quotation mark that a line is full of.
    Regex::new(r#"delivered":|coupon_given":|card_opened":"#).expect("it is a regular expression")
});

/// What a recording tells of its own future.
#[derive(Clone, Debug, Default)]
pub struct Foreknown {
    /// The actions it holds an answer for.
    pub answered: BTreeSet<ActionId>,
    /// The codes coupons were given under, and the numbers of cards.
    pub codes: Codes,
}

impl Foreknown {
    /// Looks through one more file. Reads only lines that can hold something; checks nothing.
    pub fn look_through(&mut self, mut reader: impl BufRead) -> io::Result<()> {
        let mut line = Vec::new();
        while {
            line.clear();
            reader.read_until(b'\n', &mut line)? > 0
        } {
            if MATTERS.is_match(&line) {
                self.answer(&line);
                self.given(&line);
            }
        }
        Ok(())
    }

    fn answer(&mut self, line: &[u8]) {
        #[derive(Deserialize)]
        struct Answer {
            event: Told,
        }
        #[derive(Deserialize)]
        struct Told {
            what: What,
        }
        #[derive(Deserialize)]
        struct What {
            delivered: Delivered,
        }
        #[derive(Deserialize)]
        struct Delivered {
            action: ActionId,
        }
        if let Ok(answer) = serde_json::from_slice::<Answer>(line) {
            self.answered.insert(answer.event.what.delivered.action);
        }
    }

    fn given(&mut self, line: &[u8]) {
        let Ok(record) = serde_json::from_slice::<Record>(line) else {
            return;
        };
        let event = &record.event.id;
        for change in &record.changes {
            match change {
                Change::CouponGiven { coupon, .. } => {
                    self.codes.add(event, (&coupon.coupon, &coupon.person), &coupon.code);
                }
                Change::CardOpened { card } => {
                    let name = membership::recorded_as(&card.membership);
                    self.codes.add(event, (&name, &card.person), &card.code);
                }
                _ => {}
            }
        }
    }
}
