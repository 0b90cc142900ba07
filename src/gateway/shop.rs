//! The shop's own system: it tells of orders, and is told nothing. docs/orders.md shows the form.
//!
//! **Identity.** `orders/{order}/paid`, `orders/{order}/cancelled`, `orders/{order}/refunded/{refund}`: told again, under
//! whatever webhook-id, it is the same.
//!
//! **Phones.** A number is turned into a mark before anything keeps it; see [`Dice::phone`].

use std::collections::BTreeSet;

use hyper::HeaderMap;
use secrecy::SecretString;

use super::decoded::{Arrival, Refusal};
use super::json::{self, Node};
use super::native::authenticate;
use super::native::fields::{amount, moment, only};
use super::settings::BadSecret;
use super::signature::WebhookKey;
use crate::chat::sale::{Phone, Sale, SaleWhat};
use crate::chat::{Event, EventId, Fen, GatewayName, Happening, OrderId, PersonId};
use crate::engine::Dice;

/// The most orders of one body.
const ORDERS_MAX: usize = 1_000;

/// The most things of one order that are kept.
const ITEMS_MAX: usize = 50;

/// The one who tells of orders.
#[derive(Debug)]
pub struct Shop {
    keys: Vec<WebhookKey>,
    dice: Dice,
    gateways: BTreeSet<GatewayName>,
}

impl Shop {
    /// `secrets` are Standard Webhooks' (`whsec_…`), any of which may have signed; `gateways` those persons may be of.
    pub fn new(
        secrets: &[SecretString],
        dice: Dice,
        gateways: impl IntoIterator<Item = GatewayName>,
    ) -> Result<Self, BadSecret> {
        Ok(Self {
            keys: secrets.iter().map(WebhookKey::read).collect::<Result<_, _>>()?,
            dice,
            gateways: gateways.into_iter().collect(),
        })
    }

    /// Reads one body: an order, a list of them, or `{"orders": […]}`. All of it, or none.
    pub fn decode(&self, headers: &HeaderMap, body: &[u8], arrived: Arrival) -> Result<Vec<Event>, Refusal> {
        authenticate(&self.keys, headers, body, arrived)?;
        let value = json::parse(body)?;
        let root = Node::root(&value);
        let list = match root.get("orders") {
            Some(list) => {
                only(&root, &["orders"])?;
                list
            }
            None => root.clone(),
        };
        let nodes: Vec<Node<'_>> = match list.items() {
            Some(items) => items.collect(),
            None => vec![list.clone()],
        };
        if nodes.len() > ORDERS_MAX {
            return Err(list.wrong(format!("at most {ORDERS_MAX} orders are taken at once")));
        }
        nodes.iter().map(|node| self.event(node, arrived)).collect()
    }

    fn event(&self, node: &Node<'_>, arrived: Arrival) -> Result<Event, Refusal> {
        only(
            node,
            &["order", "kind", "amount", "refund", "at", "person", "phone", "items"],
        )?;
        let order = OrderId::new(node.need("order")?.id()?);
        let sale = Sale {
            what: what(node)?,
            person: self.person(node)?,
            phone: self.phone(node)?,
            items: items(node)?,
            order,
        };
        Ok(Event {
            id: id_of(&sale),
            at: node.get("at").map_or(Ok(arrived.at), |at| moment(&at))?,
            happening: Happening::Sale(sale),
        })
    }

    fn person(&self, node: &Node<'_>) -> Result<Option<PersonId>, Refusal> {
        let Some(field) = node.get("person") else {
            return Ok(None);
        };
        let id = field.id()?;
        let known = || {
            let names: Vec<&str> = self.gateways.iter().map(GatewayName::as_str).collect();
            names.join(", ")
        };
        match id.split_once('/') {
            Some((gateway, wire)) if self.gateways.contains(&GatewayName::new(gateway)) && !wire.is_empty() => {
                Ok(Some(PersonId::new(&id)))
            }
            Some((gateway, _)) => Err(field.wrong(format!("`{gateway}` is no gateway; there is {}", known()))),
            None => Err(field.wrong(format!(
                "a person is written GATEWAY/ID, the GATEWAY being one of {}",
                known()
            ))),
        }
    }

    fn phone(&self, node: &Node<'_>) -> Result<Option<Phone>, Refusal> {
        let Some(field) = node.get("phone") else {
            return Ok(None);
        };
        // Nothing of the number may stand in an error.
        let phone = self.dice.phone(field.text()?);
        phone
            .map(Some)
            .ok_or_else(|| field.wrong("this is no phone number: 7 to 15 digits in quotes, nothing left out"))
    }
}

fn what(node: &Node<'_>) -> Result<SaleWhat, Refusal> {
    let kind = node.need("kind")?;
    let refund = || node.get("refund").map(|it| it.id()).transpose();
    let without = |key: &str| match node.get(key) {
        Some(field) => Err(field.wrong(format!("`{key}` says nothing here"))),
        None => Ok(()),
    };
    match kind.text()? {
        "paid" => {
            without("refund")?;
            Ok(SaleWhat::Paid { amount: amount(node)? })
        }
        "refunded" => {
            let refund = refund()?.unwrap_or_default();
            let back = node.get("amount").map(|_| amount(node)).transpose()?;
            if back.is_some() && refund.is_empty() {
                return Err(node.wrong(
                    "a refund of an amount needs `refund`, the shop's own id of it: told again it must not count twice",
                ));
            }
            if back.is_some_and(|back| back == Fen::ZERO) {
                return Err(node.wrong("a refund of nothing is none; without `amount` all that is left goes back"));
            }
            Ok(SaleWhat::Refunded { refund, amount: back })
        }
        "cancelled" => {
            without("refund")?;
            without("amount")?;
            Ok(SaleWhat::Cancelled)
        }
        _ => Err(kind.wrong("this is one of paid, refunded, cancelled")),
    }
}

fn items(node: &Node<'_>) -> Result<Vec<String>, Refusal> {
    let Some(list) = node.get("items") else {
        return Ok(Vec::new());
    };
    let items = list.items().ok_or_else(|| list.wrong("items are a list of texts"))?;
    let items: Vec<String> = items
        .map(|item| item.text().map(str::to_owned))
        .collect::<Result<_, _>>()?;
    match items.len() > ITEMS_MAX {
        true => Err(list.wrong(format!("at most {ITEMS_MAX} items are kept of one order"))),
        false => Ok(items),
    }
}

/// What the same thing told again has again.
pub fn id_of(sale: &Sale) -> EventId {
    let (order, word) = (&sale.order, sale.what.word());
    EventId::new(match &sale.what {
        SaleWhat::Refunded { refund, .. } if !refund.is_empty() => format!("orders/{order}/{word}/{refund}"),
        _ => format!("orders/{order}/{word}"),
    })
}
