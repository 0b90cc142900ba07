//! What was so before the hour that is cut out, as far as a test can say it.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use crate::chat::{Fen, GroupId, Moment, PersonId, TierName};
use crate::community::Community;
use crate::community::agenda::Due;
use crate::community::membership::Card;
use crate::engine::mark_scope;
use crate::playbook::{Playbook, Playbooks, Rule, Scope};

use super::aliases::Aliases;

/// The moment the hour begins.
#[derive(Clone, Copy, Debug)]
pub struct Past<'c> {
    pub community: &'c Community,
    pub group: &'c GroupId,
    pub people: &'c BTreeSet<PersonId>,
    pub aliases: &'c Aliases,
    pub books: &'c Playbooks,
    pub from: Moment,
}

impl Past<'_> {
    /// Lines of what is given, for a test in this book.
    pub fn given(&self, book: &Playbook) -> String {
        let mut lines = Vec::new();
        for person in self.people {
            self.person(person, &mut lines);
        }
        for rule in &book.rules {
            self.fired(rule, &mut lines);
        }
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    fn person(&self, id: &PersonId, lines: &mut Vec<String>) {
        let name = self.aliases.name(id);
        if let Some(member) = self.community.member(self.group, id).filter(|it| it.is_here()) {
            lines.extend(member.joined_at.map(|at| format!("{name} 进群 {}", self.when(at))));
            lines.extend(member.spoke_at.map(|at| format!("{name} 发言 {}", self.when(at))));
            let card = crate::chat::fold::shown(&member.card);
            if !card.is_empty() && !card.contains(['#', '\n']) {
                lines.push(format!("{name} 名片 {card}"));
            }
        }
        let Some(person) = self.community.people().get(id) else {
            return;
        };
        if !person.tags.is_empty() {
            let tags: Vec<String> = person.tags.iter().map(ToString::to_string).collect();
            lines.push(format!("{name} 标签 {}", tags.join("、")));
        }
        lines.extend(person.birthday.map(|day| format!("{name} 生日 {}", day.in_chinese())));
        if let Some(trade) = &person.trade {
            // How much each order came to is not remembered; the first carries all of it.
            for nth in 0..trade.orders.min(50) {
                let amount = if nth == 0 { trade.spend } else { Fen::ZERO };
                let at = if nth == 0 { trade.first_at } else { trade.last_at };
                lines.push(format!("{name} 下单 {amount} {}", self.when(at)));
            }
        }
        for (field, value) in person
            .fields
            .iter()
            .filter(|(field, _)| self.books.fields.contains(&***field))
        {
            lines.push(format!("{name} 记下 {field} {value}"));
        }
        if let Some(purse) = self.community.points().get(id).filter(|purse| purse.balance != 0) {
            // What each movement was for is the ledger's; the balance is what decides.
            let last = purse.lines.last().map_or(self.from, |movement| movement.at);
            lines.push(format!("{name} 积分 {} {}", purse.balance, self.when(last)));
        }
        let source = person.source.as_ref().map(|origin| &origin.source);
        lines.extend(source.map(|source| format!("{name} 来源 {source}")));
        let tier = self.community.rungs().get(id).and_then(|rung| rung.tier.as_ref());
        let on_it = |tier: &&TierName| self.books.ladder().is_some_and(|it| it.1.rank(Some(*tier)) > 0);
        lines.extend(tier.filter(on_it).map(|tier| format!("{name} 等级 {tier}")));
        let first = (id.clone(), crate::chat::CouponCode::new(""));
        let held = self
            .community
            .coupons()
            .range(first..)
            .take_while(|((of, _), _)| of == id);
        for (_, held) in held.filter(|(_, held)| self.books.coupon(&held.coupon).is_some()) {
            lines.push(format!("{name} 持券 {} {}", held.coupon, self.when(held.given_at)));
        }
        let known = |card: &&Card| card.over.is_none() && self.books.membership(&card.membership).is_some();
        for card in self.community.cards_of(id).filter(known) {
            let sold_at = card.sales.first().map_or(self.from, |sold| sold.at);
            lines.push(format!("{name} 持卡 {} {}", card.membership, self.when(sold_at)));
        }
    }

    /// What cooldowns and limits remember of a rule.
    fn fired(&self, rule: &Rule, lines: &mut Vec<String>) {
        let scopes = [rule.cooldown.map(|it| it.scope), rule.limit.map(|it| it.scope)];
        let scopes: BTreeSet<_> = scopes.into_iter().flatten().collect();
        let name = rule.name.as_str().split_once('/').map_or("", |(_, name)| name);
        if name.contains(char::is_whitespace) {
            return;
        }
        let mark = |scope, person: Option<&PersonId>| {
            let key = (rule.name.clone(), mark_scope(scope, Some(self.group), person));
            self.community.fired().get(&key)
        };
        let mut told = BTreeSet::new();
        for scope in scopes {
            match scope {
                Scope::Person | Scope::Member => {
                    for person in self.people {
                        if let Some(mark) = mark(scope, Some(person)) {
                            told.insert((
                                format!("{} 触发过 {name}", self.aliases.name(person)),
                                mark.at,
                                mark.count,
                            ));
                        }
                    }
                }
                Scope::Group | Scope::Community => {
                    if let Some(mark) = mark(scope, None) {
                        told.insert((format!("触发过 {name}"), mark.at, mark.count));
                    }
                }
            }
        }
        for (line, at, count) in told {
            for _ in 0..count.clamp(1, 20) {
                lines.push(format!("{line} {}", self.when(at)));
            }
        }
    }

    /// To the minute before, so that it lies in the past still.
    fn when(&self, at: Moment) -> String {
        let local: DateTime = at.min(self.from).in_zone(&self.books.house.zone).datetime();
        local.strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// What a test cannot say.
    pub fn left_out(&self) -> Vec<&'static str> {
        let here = |group: &GroupId| group == self.group;
        let votes = self.community.open_votes(self.group).next().is_some();
        let signed_up = self.community.attendances().keys().any(|(id, _)| here(&id.0.1));
        let waits = self.community.agenda().values().any(|entry| match &entry.what {
            Due::Carry { occasion, .. } => occasion.group.as_ref().is_none_or(here),
            _ => false,
        });
        let all = [(votes, "votes"), (signed_up, "sign-ups"), (waits, "timers")];
        all.into_iter()
            .filter_map(|(is_so, what)| is_so.then_some(what))
            .collect()
    }
}
