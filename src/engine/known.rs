//! What is known of one person, put together: for themselves, and for whoever must answer them.

use jiff::civil::Date;
use serde::Serialize;

use crate::chat::{Fen, Lang, Moment, PersonId};
use crate::community::Community;
use crate::community::membership::Card;
use crate::community::points::Movement;
use crate::community::shop::Stage;
use crate::playbook::Playbooks;

use super::so_far::SoFar;
use super::{coupon, exchanged, opting_out};

/// Everything the community keeps of a person, in the form it is handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Known {
    pub person: PersonId,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consented_at: Option<Moment>,
    pub opted_out: bool,
    pub tags: Vec<String>,
    pub fields: std::collections::BTreeMap<String, String>,
    pub groups: Vec<InGroup>,
    pub orders: u32,
    pub spend: Fen,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_order_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_order_at: Option<Moment>,
    pub points: i64,
    /// The latest lines of the ledger.
    pub ledger: Vec<Movement>,
    pub coupons: Vec<OneCoupon>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<OneCard>,
    /// What they exchanged points for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<OneExchange>,
}

/// Their presence in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InGroup {
    pub group: String,
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub card: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Moment>,
    pub here: bool,
    pub messages: u32,
}

/// A coupon they were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OneCoupon {
    pub code: String,
    pub title: String,
    pub worth: Fen,
    pub given_at: Moment,
    pub expires_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_back_at: Option<Moment>,
}

/// A membership card they have or had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OneCard {
    pub code: String,
    pub title: String,
    pub first: Date,
    pub last: Date,
    pub paid: Fen,
    pub used: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over_at: Option<Moment>,
}

/// Something they exchanged points for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OneExchange {
    pub number: u32,
    pub title: String,
    /// In points.
    pub price: i64,
    pub exchanged_at: Moment,
    pub stage: Stage,
}

impl Known {
    /// `None`: nobody of this id was ever seen.
    pub fn of(community: &Community, books: &Playbooks, person: &PersonId) -> Option<Self> {
        let known = community.people().get(person)?;
        let lang = books.house.lang;
        let trade = known.trade.as_deref();
        let purse = community.points().get(person).cloned().unwrap_or_default();
        let text = |it: &str| crate::chat::fold::shown(it);
        Some(Self {
            person: person.clone(),
            name: text(&known.name),
            birthday: known.birthday.map(|it| lang.pick(it.in_chinese(), it.in_english())),
            consented_at: known.consented_at,
            opted_out: opting_out::is_out(SoFar::of(community), person),
            tags: known.tags.iter().map(ToString::to_string).collect(),
            fields: known
                .fields
                .iter()
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
            groups: in_groups(community, person),
            orders: trade.map_or(0, |trade| trade.orders),
            spend: trade.map_or(Fen::ZERO, |trade| trade.spend),
            first_order_at: trade.map(|trade| trade.first_at),
            last_order_at: trade.map(|trade| trade.last_at),
            points: purse.balance,
            ledger: purse.lines,
            coupons: coupons(community, books, person),
            cards: cards(community, books, person),
            exchanges: exchanges(community, books, person),
        })
    }

    /// What they have of coupons, cards and exchanged goods, counted.
    fn holdings(&self, lang: Lang) -> Vec<(&'static str, String)> {
        let mut holdings = Vec::new();
        let (all, good) = (self.coupons.len(), self.coupons.iter());
        let good = good.filter(|it| it.used_at.is_none() && it.taken_back_at.is_none());
        if all > 0 {
            let good = good.count();
            let said = lang.pick(
                format!("共 {all} 张，未用 {good} 张"),
                format!("{all}, {good} not used"),
            );
            holdings.push((lang.pick("券", "coupons"), said));
        }
        let (all, good) = (self.cards.len(), self.cards.iter().filter(|it| it.over_at.is_none()));
        if all > 0 {
            let good = good.count();
            let said = lang.pick(
                format!("共 {all} 张，没到期 {good} 张"),
                format!("{all}, {good} not over"),
            );
            holdings.push((lang.pick("会员卡", "membership cards"), said));
        }
        let (all, waiting) = (self.exchanges.len(), self.exchanges.iter());
        let waiting = waiting.filter(|it| it.stage == Stage::Waits);
        if all > 0 {
            let waiting = waiting.count();
            let said = lang.pick(
                format!("共 {all} 次，{waiting} 件还没领"),
                format!("{all}, {waiting} not handed out"),
            );
            holdings.push((lang.pick("积分兑换", "exchanges"), said));
        }
        holdings
    }

    /// One line a fact, as a person reads it.
    pub fn lines(&self, books: &Playbooks) -> Vec<String> {
        let lang = books.house.lang;
        let zone = &books.house.zone;
        let day = |at: Moment| at.date(zone).to_string();
        let mut lines = Vec::new();
        let mut put = |label: &str, value: String| {
            if !value.is_empty() {
                lines.push(lang.pick(format!("{label}：{value}"), format!("{label}: {value}")));
            }
        };
        put(lang.pick("名字", "name"), self.name.clone());
        put(lang.pick("生日", "birthday"), self.birthday.clone().unwrap_or_default());
        for (name, value) in &self.fields {
            let label = match name.as_str() {
                crate::playbook::privacy::PHONE => lang.pick("手机", "phone"),
                name => name,
            };
            put(label, value.clone());
        }
        put(lang.pick("标签", "tags"), self.tags.join(lang.pick("、", ", ")));
        let groups: Vec<String> = self
            .groups
            .iter()
            .filter(|it| it.here)
            .map(|it| it.line(lang, day))
            .collect();
        put(lang.pick("所在的群", "groups"), groups.join(lang.pick("、", ", ")));
        if self.orders > 0 {
            let last = self.last_order_at.map(&day).unwrap_or_default();
            let said = lang.pick(
                format!("{} 单共 {} 元，最近 {last}", self.orders, self.spend),
                format!("{}, {} yuan in all, the last on {last}", self.orders, self.spend),
            );
            put(lang.pick("消费", "orders"), said);
        }
        if !self.ledger.is_empty() {
            put(lang.pick("积分", "points"), self.points.to_string());
        }
        for (label, value) in self.holdings(lang) {
            put(label, value);
        }
        put(
            lang.pick("同意记录", "consent"),
            self.consented_at
                .map(&day)
                .unwrap_or_else(|| lang.pick("没有", "none").to_owned()),
        );
        if self.opted_out {
            put(
                lang.pick("消息", "messages"),
                lang.pick("已退订", "opted out").to_owned(),
            );
        }
        lines
    }
}

impl InGroup {
    fn line(&self, lang: Lang, day: impl Fn(Moment) -> String) -> String {
        match self.joined_at {
            Some(at) => lang.pick(
                format!("{}（{} 进群）", self.name, day(at)),
                format!("{} (since {})", self.name, day(at)),
            ),
            None => self.name.clone(),
        }
    }
}

fn in_groups(community: &Community, person: &PersonId) -> Vec<InGroup> {
    let member = |(id, group): (&crate::chat::GroupId, &crate::community::group::Group)| {
        let member = community.member(id, person)?;
        let name = match group.name.as_str() {
            "" => id.wire().to_owned(),
            name => crate::chat::fold::shown(name),
        };
        Some(InGroup {
            group: id.to_string(),
            name,
            card: crate::chat::fold::shown(&member.card),
            joined_at: member.joined_at,
            here: member.is_here(),
            messages: member.spoken,
        })
    };
    community.groups().iter().filter_map(member).collect()
}

fn cards(community: &Community, books: &Playbooks, person: &PersonId) -> Vec<OneCard> {
    let card = |card: &Card| OneCard {
        code: card.code.to_string(),
        title: books
            .membership(&card.membership)
            .map_or_else(|| card.membership.to_string(), |(_, kind)| kind.title.clone()),
        first: card.first,
        last: card.last,
        paid: card.paid(),
        used: card.used,
        over_at: card.over.as_ref().map(|over| over.at),
    };
    community.cards_of(person).map(card).collect()
}

fn coupons(community: &Community, books: &Playbooks, person: &PersonId) -> Vec<OneCoupon> {
    coupon::in_hand(SoFar::of(community), person)
        .map(|given| OneCoupon {
            code: given.code.to_string(),
            title: books
                .coupon(&given.coupon)
                .map_or_else(|| given.coupon.to_string(), |coupon| coupon.title.clone()),
            worth: given.worth,
            given_at: given.given_at,
            expires_at: given.expires_at,
            used_at: given.used.as_ref().map(|used| used.at),
            taken_back_at: given.taken_at,
        })
        .collect()
}

fn exchanges(community: &Community, books: &Playbooks, person: &PersonId) -> Vec<OneExchange> {
    let so_far = SoFar::of(community);
    exchanged::exchanges(so_far)
        .filter(|(_, it)| exchanged::is_theirs(so_far, it, person))
        .map(|(number, it)| OneExchange {
            number,
            title: books
                .goods(&it.goods)
                .map_or_else(|| it.goods.to_string(), |(_, goods)| goods.title.clone()),
            price: it.price,
            exchanged_at: it.at,
            stage: it.stage.clone(),
        })
        .collect()
}
