//! What membership cards come to in a run: what was taken for them, how often they were used, and what they cost at most.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::chat::{CouponCode, Fen, MembershipName};
use crate::community::Community;
use crate::community::change::Change;
use crate::community::membership::How;
use crate::playbook::Playbooks;

/// One kind of card.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CardLine {
    pub card: String,
    pub title: String,
    pub opened: u64,
    pub renewed: u64,
    pub paid: Fen,
    pub back: Fen,
    pub used: u64,
    /// What those uses cost.
    pub cost: Fen,
    /// What the cards sold in the run cost if they are used as often as they may be, and what others were used for.
    pub ceiling: Fen,
    /// Nothing bounds how often it is used.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub uncapped: bool,
}

/// One card: what it may cost by what was sold in the run, and what it did cost.
#[derive(Clone, Copy, Debug, Default)]
struct Promised {
    most: Fen,
    cost: Fen,
}

/// Counts cards while a run goes on.
#[derive(Clone, Debug, Default)]
pub struct Cards {
    kinds: BTreeMap<MembershipName, CardLine>,
    each: BTreeMap<CouponCode, (MembershipName, Promised)>,
}

impl Cards {
    /// Takes note of a change.
    pub fn take(&mut self, change: &Change, community: &Community, books: &Playbooks) {
        let name = match change {
            Change::CardOpened { card } => Some(&card.membership),
            Change::CardRenewed { code, .. }
            | Change::CardUsed { code, .. }
            | Change::CardUnused { code, .. }
            | Change::CardOver { code, .. } => community.card_of(code).map(|card| &card.membership),
            _ => None,
        };
        let Some(name) = name else { return };
        let kind = books.membership(name).map(|(_, kind)| kind);
        let most = kind.and_then(|kind| kind.most_cost()).unwrap_or(Fen::ZERO);
        let each = kind.map_or(Fen::ZERO, |kind| kind.cost);
        let line = self.kinds.entry(name.clone()).or_default();
        let mut of = |code: &CouponCode, edit: &dyn Fn(&mut Promised)| {
            let (_, promised) = self
                .each
                .entry(code.clone())
                .or_insert_with(|| (name.clone(), Promised::default()));
            edit(promised);
        };
        match change {
            Change::CardOpened { card } => {
                line.opened += 1;
                line.paid = line.paid + card.paid();
                of(&card.code, &|it| it.most = it.most + most);
            }
            Change::CardRenewed { code, sold, .. } => {
                line.renewed += 1;
                line.paid = line.paid + sold.paid;
                of(code, &|it| it.most = it.most + most);
            }
            Change::CardUsed { code, how, .. } => {
                line.used += 1;
                line.cost = line.cost + how.cost;
                of(code, &|it| it.cost = it.cost + how.cost);
            }
            Change::CardUnused { code, .. } => {
                line.used = line.used.saturating_sub(1);
                line.cost = line.cost - each;
                of(code, &|it| it.cost = it.cost - each);
            }
            // What went back is owed no more.
            Change::CardOver { code, over, .. } if over.how == How::Cancelled => {
                line.back = line.back + over.back;
                of(code, &|it| it.most = Fen::ZERO);
            }
            _ => {}
        }
    }

    /// Every kind there was anything of.
    pub fn lines(&self, books: &Playbooks) -> Vec<CardLine> {
        let line = |(name, line): (&MembershipName, &CardLine)| {
            let kind = books.membership(name).map(|(_, kind)| kind);
            let of_kind = self.each.values().filter(|(of, _)| of == name);
            CardLine {
                card: name.to_string(),
                title: kind.map_or_else(|| name.to_string(), |kind| kind.title.clone()),
                ceiling: of_kind.map(|(_, it)| it.most.max(it.cost)).sum(),
                uncapped: kind.is_some_and(|kind| kind.most_cost().is_none()),
                ..line.clone()
            }
        };
        self.kinds.iter().map(line).collect()
    }
}
