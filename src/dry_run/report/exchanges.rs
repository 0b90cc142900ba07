//! What points were exchanged for, and what it costs the shop.

use serde::Serialize;

use crate::chat::Fen;
use crate::community::Community;
use crate::community::change::Change;
use crate::community::shop::Stage;

/// How exchanging points went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExchangeCount {
    pub made: u64,
    pub handed_out: u64,
    pub called_off: u64,
    /// Of what was exchanged and not called off, at cost; coupons are counted where they are given.
    pub cost: Fen,
}

impl ExchangeCount {
    /// Nobody exchanged anything.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn take(&mut self, change: &Change, community: &Community) {
        match change {
            Change::Exchanged { exchange, .. } => {
                self.made += 1;
                self.cost = self.cost + exchange.cost;
            }
            Change::ExchangeSettled { number, stage } => match stage {
                Stage::HandedOut { .. } => self.handed_out += 1,
                Stage::CalledOff { .. } => {
                    self.called_off += 1;
                    let exchange = community.exchanges().get(number);
                    self.cost = self.cost - exchange.map_or(Fen::ZERO, |it| it.cost);
                }
                Stage::Waits => {}
            },
            _ => {}
        }
    }
}
