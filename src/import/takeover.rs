//! Rows of a table become customers and orders of the past, or a complaint with its place, reason and next step.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::columns::{About, Columns};
use super::sheet::Sheet;
use super::when::{self, Order as DateOrder};
use crate::calendar::Birthday;
use crate::chat::sale::{Phone, Sale, SaleWhat};
use crate::chat::takeover::{Customer, Past, TakeOver};
use crate::chat::{Fen, GatewayName, Moment, OrderId, PersonId, Tag};
use crate::engine::Dice;

/// What a table is read with.
#[derive(Debug)]
pub struct Reading<'a> {
    pub columns: &'a Columns,
    pub zone: &'a TimeZone,
    /// Makes marks of phone numbers.
    pub dice: &'a Dice,
    pub gateways: &'a BTreeSet<GatewayName>,
    /// Where ids without a gateway belong.
    pub gateway: Option<&'a GatewayName>,
    pub dates: DateOrder,
    /// When what has no time of its own happened.
    pub now: Moment,
}

/// A row that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    pub line: u64,
    pub column: String,
    /// The reason and the next step, in Chinese and in English. Nothing of a phone number is in it.
    pub zh: String,
    pub en: String,
}

/// A row's complaint: whose column, and why in both languages.
type Complaint<'w> = (&'w str, String, String);

/// Words for what happened to an order.
const KINDS: [(&str, &[&str]); 3] = [
    (
        "paid",
        &[
            "paid",
            "付款",
            "已付款",
            "已支付",
            "交易成功",
            "已完成",
            "已发货",
            "已收货",
        ],
    ),
    ("refunded", &["refunded", "退款", "已退款", "退款成功"]),
    (
        "cancelled",
        &["cancelled", "canceled", "取消", "已取消", "已关闭", "交易关闭"],
    ),
];

impl Reading<'_> {
    /// All rows, or what is wrong with each that is not sound.
    pub fn read(&self, about: About, sheet: &Sheet) -> (TakeOver, Vec<Rejected>) {
        let mut table = TakeOver::default();
        let mut rejected = Vec::new();
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        for (line, row) in &sheet.rows {
            let key = match about {
                About::Orders => self.order(row).map(|past| {
                    let key = crate::gateway::shop::id_of(&past.sale).to_string();
                    table.sales.push(past);
                    ("order", key)
                }),
                About::Members => self.customer(row).map(|customer| {
                    let key = customer.person.to_string();
                    table.people.push(customer);
                    ("person", key)
                }),
            };
            let sound = key.and_then(|(word, key)| match seen.insert(key, *line) {
                None => Ok(()),
                Some(first) => Err((
                    word,
                    format!("和第 {first} 行是同一个；只留一行"),
                    format!("line {first} is about the same; keep one of them"),
                )),
            });
            if let Err((word, zh, en)) = sound {
                rejected.push(Rejected {
                    line: *line,
                    column: self.columns.name(word).to_owned(),
                    zh,
                    en,
                });
            }
        }
        (table, rejected)
    }

    fn cell<'r>(&self, row: &'r [String], word: &str) -> &'r str {
        self.columns.cell(row, word)
    }

    fn order(&self, row: &[String]) -> Result<Past, Complaint<'static>> {
        let order = self.cell(row, "order");
        if order.is_empty() || order.len() > 256 || order.chars().any(char::is_control) {
            return Err((
                "order",
                "没有订单号；补上，或删掉这一行".to_owned(),
                "there is no order number; add it, or delete the row".to_owned(),
            ));
        }
        let items = self.cell(row, "items").split(['、', ';', '；', '\n']);
        Ok(Past {
            at: self.moment(row)?,
            sale: Sale {
                order: OrderId::new(order),
                what: self.what(row)?,
                person: match self.cell(row, "person") {
                    "" => None,
                    _ => Some(self.person(row)?),
                },
                phone: self.phone(row)?,
                items: items
                    .map(|item| item.trim().to_owned())
                    .filter(|item| !item.is_empty())
                    .collect(),
            },
        })
    }

    fn what(&self, row: &[String]) -> Result<SaleWhat, Complaint<'static>> {
        let told = self.cell(row, "kind");
        let kind = match told {
            "" => Some("paid"),
            told => KINDS
                .iter()
                .find(|(_, words)| words.contains(&told))
                .map(|(kind, _)| *kind),
        };
        match kind {
            Some("paid") => Ok(SaleWhat::Paid {
                amount: self.amount(row)?,
            }),
            Some("refunded") => {
                let refund = self.cell(row, "refund").to_owned();
                let amount = match self.cell(row, "amount") {
                    "" => None,
                    _ => Some(self.amount(row)?),
                };
                if amount.is_some() && refund.is_empty() {
                    return Err((
                        "refund",
                        "退了一部分的，要有退款编号，否则再导入一次会算两次；补上编号，或不写金额（全退）".to_owned(),
                        "a refund of an amount needs its id, else it would count twice; add it, or leave the amount out"
                            .to_owned(),
                    ));
                }
                Ok(SaleWhat::Refunded { refund, amount })
            }
            Some(_) => Ok(SaleWhat::Cancelled),
            None => Err((
                "kind",
                format!("不认识「{told}」；写 付款、退款 或 取消"),
                format!("`{told}` is not known; write paid, refunded or cancelled"),
            )),
        }
    }

    fn amount(&self, row: &[String]) -> Result<Fen, Complaint<'static>> {
        let told = self.cell(row, "amount");
        let plain: String = told
            .trim_start_matches(['¥', '￥'])
            .trim_end_matches('元')
            .chars()
            .filter(|letter| !matches!(letter, ',' | '，' | ' '))
            .collect();
        match plain.parse::<Fen>() {
            Ok(amount) if amount >= Fen::ZERO => Ok(amount),
            _ => Err((
                "amount",
                format!("「{told}」不是金额；写成 29.90 这样的元"),
                format!("`{told}` is no amount; write yuan like 29.90"),
            )),
        }
    }

    fn moment(&self, row: &[String]) -> Result<Moment, Complaint<'static>> {
        let told = self.cell(row, "at");
        if told.is_empty() {
            return Ok(self.now);
        }
        let read = when::zoned(told).or_else(|| {
            let (local, _) = when::local(told, self.dates)?;
            Some(Moment::at_local(local, self.zone))
        });
        match read {
            Some(at) if at <= self.now => Ok(at),
            Some(_) => Err((
                "at",
                format!("「{told}」还没有到；改成付款的时间"),
                format!("`{told}` lies in the future; write when it was paid"),
            )),
            None => Err((
                "at",
                format!("「{told}」不是时间；写成 2026-03-01 10:00"),
                format!("`{told}` is no time; write it like 2026-03-01 10:00"),
            )),
        }
    }

    fn person(&self, row: &[String]) -> Result<PersonId, Complaint<'static>> {
        let told = self.cell(row, "person");
        let known = || {
            let names: Vec<&str> = self.gateways.iter().map(GatewayName::as_str).collect();
            names.join(", ")
        };
        let bad = |zh: String, en: String| Err(("person", zh, en));
        if told.is_empty() || told.chars().any(char::is_control) {
            return bad(
                "没有编号；补上，或删掉这一行".to_owned(),
                "there is no id; add it, or delete the row".to_owned(),
            );
        }
        match (told.split_once('/'), self.gateway) {
            (Some((gateway, wire)), _) if self.gateways.contains(&GatewayName::new(gateway)) && !wire.is_empty() => {
                Ok(PersonId::new(told))
            }
            (Some((gateway, _)), _) => bad(
                format!("没有叫「{gateway}」的网关；有：{}", known()),
                format!("`{gateway}` is no gateway; there is {}", known()),
            ),
            (None, Some(gateway)) => Ok(PersonId::at(gateway, told)),
            (None, None) => bad(
                format!(
                    "「{told}」没有说是哪个网关的；写成 网关名/编号，或加 --gateway（{}）",
                    known()
                ),
                format!(
                    "`{told}` names no gateway; write GATEWAY/ID, or add --gateway ({})",
                    known()
                ),
            ),
        }
    }

    fn phone(&self, row: &[String]) -> Result<Option<Phone>, Complaint<'static>> {
        match self.cell(row, "phone") {
            "" => Ok(None),
            told => self.dice.phone(told).map(Some).ok_or_else(|| {
                (
                    "phone",
                    "不是完整的手机号；写 7～15 位数字，或留空".to_owned(),
                    "this is no whole phone number; write its 7 to 15 digits, or leave it empty".to_owned(),
                )
            }),
        }
    }

    fn customer(&self, row: &[String]) -> Result<Customer, Complaint<'static>> {
        let birthday = self.cell(row, "birthday");
        if !birthday.is_empty()
            && let Err(why) = Birthday::written(birthday)
        {
            return Err((
                "birthday",
                format!("「{birthday}」：{}", why.in_chinese()),
                format!("`{birthday}`: {why}"),
            ));
        }
        let points = match self.cell(row, "points") {
            "" => None,
            told => Some(told.parse().map_err(|_| {
                (
                    "points",
                    format!("「{told}」不是整数；积分写成 120 这样"),
                    format!("`{told}` is no whole number; write points like 120"),
                )
            })?),
        };
        let tags = self.cell(row, "tags").split(['、', ',', '，', ';', '；', '|', '\n']);
        let fields = self.columns.fields();
        Ok(Customer {
            person: self.person(row)?,
            name: self.cell(row, "name").to_owned(),
            birthday: birthday.to_owned(),
            tags: tags
                .map(str::trim)
                .filter(|tag| !tag.is_empty())
                .map(Tag::new)
                .collect(),
            points,
            phone: self.phone(row)?,
            fields: fields
                .map(|(name, word)| (name.to_owned(), self.cell(row, word).to_owned()))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        })
    }
}
