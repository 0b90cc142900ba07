//! What is remembered of draws. What was announced holds: prizes are as they were when it opened.

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::receipt::Receipt;
use super::{Community, Row};
use crate::chat::{CouponName, DrawName, Fen, GroupId, Moment, OrderId, PersonId};

/// One draw: which, in which group. At most one of a kind is under way in a group; the last one is kept.
pub type DrawId = (DrawName, GroupId);

/// A draw from its opening until the last prize is claimed or gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    pub opened_at: Moment,
    /// `None`: staff say when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws_at: Option<Moment>,
    pub prizes: Vec<Prize>,
    pub stage: Stage,
    #[serde(default)]
    pub wins: Vec<Win>,
    /// One for each time it was drawn.
    #[serde(default)]
    pub receipts: Vec<Receipt>,
}

/// One kind of prize, as it was announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prize {
    pub title: String,
    pub stock: u32,
    pub worth: Fen,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<CouponName>,
}

/// Where a draw stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Open,
    /// Drawn; winners have until then to claim.
    Claims {
        until: Moment,
    },
    Over {
        at: Moment,
    },
}

/// One prize one person won.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Win {
    pub person: PersonId,
    /// Its place among the prizes, from 0.
    pub prize: usize,
    pub at: Moment,
    pub fate: Fate,
}

/// What became of a win.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It may be claimed.
    Waits,
    Got {
        at: Moment,
    },
    /// It was not claimed, or could not be given.
    Lapsed {
        at: Moment,
    },
}

/// The chances one person has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chances {
    /// By word.
    pub said: u32,
    /// Points paid for them.
    #[serde(default)]
    pub paid: i64,
    /// A chance for each of these, while it is not refunded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<OrderId>,
}

impl Chances {
    /// How many there are, refunded orders included.
    pub fn count(&self) -> u32 {
        self.said
            .saturating_add(u32::try_from(self.orders.len()).unwrap_or(u32::MAX))
    }
}

impl Draw {
    /// Every prize that is still there, the first kind first.
    pub fn left(&self) -> Vec<usize> {
        let gone = |prize: usize| {
            let wins = self.wins.iter().filter(|win| win.prize == prize);
            wins.filter(|win| !matches!(win.fate, Fate::Lapsed { .. })).count()
        };
        let left = |(place, prize): (usize, &Prize)| {
            let stock = usize::try_from(prize.stock).unwrap_or(usize::MAX);
            std::iter::repeat_n(place, stock.saturating_sub(gone(place)))
        };
        self.prizes.iter().enumerate().flat_map(left).collect()
    }

    /// Whether it is open or has prizes to claim.
    pub fn is_under_way(&self) -> bool {
        !matches!(self.stage, Stage::Over { .. })
    }
}

impl Community {
    /// Everybody's chances in a draw.
    pub fn chances_in(&self, draw: &DrawId) -> impl Iterator<Item = (&PersonId, &Chances)> {
        let first = (draw.clone(), PersonId::new(""));
        self.chances
            .range(first..)
            .take_while(move |((of, _), _)| of == draw)
            .map(|((_, person), chances)| (person, chances))
    }

    /// Changes that are about draws.
    pub(super) fn draw_moves(&mut self, change: &Change) -> Vec<Row> {
        match change {
            Change::DrawOpened { draw, state } => {
                let gone: Vec<PersonId> = self.chances_in(draw).map(|(person, _)| person.clone()).collect();
                let mut rows = Vec::with_capacity(gone.len() + 1);
                for person in gone {
                    let key = (draw.clone(), person);
                    self.chances.remove(&key);
                    rows.push(Row::Chances(key));
                }
                self.draws.insert(draw.clone(), state.clone());
                rows.push(Row::Draws(draw.clone()));
                rows
            }
            Change::DrawEntered { draw, person, chances } => {
                let key = (draw.clone(), person.clone());
                self.chances.insert(key.clone(), chances.clone());
                vec![Row::Chances(key)]
            }
            Change::Drawn { draw, receipt, wins } => self.draw_moved(draw, |state| {
                state.receipts.extend(receipt.as_deref().cloned());
                state.wins.extend(wins.iter().cloned());
            }),
            Change::PrizeSettled { draw, win, fate } => self.draw_moved(draw, |state| {
                if let Some(win) = state.wins.get_mut(*win) {
                    win.fate = *fate;
                }
            }),
            Change::DrawMoved { draw, stage } => self.draw_moved(draw, |state| state.stage = stage.clone()),
            _ => Vec::new(),
        }
    }

    fn draw_moved(&mut self, draw: &DrawId, edit: impl FnOnce(&mut Draw)) -> Vec<Row> {
        let Some(state) = self.draws.get_mut(draw) else {
            return Vec::new();
        };
        edit(state);
        vec![Row::Draws(draw.clone())]
    }
}
