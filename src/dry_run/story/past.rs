//! What was so before a test began, as changes to an empty community. Nothing is decided for it.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use crate::calendar::shop_day;
use crate::chat::{
    CouponCode, GatewayName, GroupId, JoinedHow, MembershipName, Moment, OrderId, PersonId, RuleName, Tag,
};
use crate::community::Community;
use crate::community::change::Change;
use crate::community::coupon::Coupon as Held;
use crate::community::membership::{Card, Sold};
use crate::community::person::Origin;
use crate::community::points::Movement;
use crate::community::tier::Because;
use crate::dry_run::notation::given::{Fact, Given, Has};
use crate::dry_run::notation::{Mistake, Problem};
use crate::engine::{coupon, mark_scope, points_until};
use crate::playbook::{Coupon, Playbook, Playbooks, Scope};

/// What points were for, as the ledger has it.
const GIVEN: &str = "given";

/// Where and among which playbooks it was so.
#[derive(Clone, Copy, Debug)]
pub struct Past<'p> {
    pub books: &'p Playbooks,
    pub book: &'p Playbook,
    pub gateway: &'p GatewayName,
    pub group: &'p GroupId,
    pub group_name: &'p str,
    /// The script and what is expected: who is named there is somebody.
    pub told: [&'p str; 2],
    pub begin: Moment,
}

impl Past<'_> {
    /// A community in which it is so, and the bot stands in the group. What cannot be so is a problem.
    pub fn community(&self, members: &[String], given: &[Given]) -> (Community, Vec<Problem>) {
        let (mut community, mut problems) = (Community::default(), Vec::new());
        let mut apply = |change: &Change| drop(community.apply(change));
        self.gathered(members, given).iter().for_each(&mut apply);
        for (place, given) in given.iter().enumerate() {
            match self.changes(place, given, members) {
                Ok(changes) => changes.iter().for_each(&mut apply),
                Err(mistake) => problems.push(Problem {
                    line: given.line,
                    written: given.written.clone(),
                    mistake,
                }),
            }
        }
        (community, problems)
    }

    /// The group and who is in it.
    fn gathered(&self, members: &[String], given: &[Given]) -> Vec<Change> {
        let group = || self.group.clone();
        let mut changes = vec![
            Change::GroupEntered { group: group() },
            Change::GroupNamed {
                group: group(),
                name: self.group_name.to_owned(),
            },
            Change::RosterRead {
                group: group(),
                at: self.begin,
            },
        ];
        for name in members {
            let person = PersonId::at(self.gateway, name);
            let joined = given.iter().rev().find_map(|given| match &given.fact {
                Fact::Person {
                    name: of,
                    has: Has::JoinedAt(at),
                } if of == name => Some(*at),
                _ => None,
            });
            changes.push(Change::Named {
                person: person.clone(),
                name: name.clone(),
            });
            changes.push(Change::Arrived {
                group: group(),
                person,
                at: joined.map(|at| self.moment(at)),
                how: JoinedHow::Unknown,
                by: None,
                day: joined.map(DateTime::date),
            });
        }
        changes
    }

    #[allow(clippy::too_many_lines, reason = "one arm a fact: a table")]
    fn changes(&self, place: usize, given: &Given, members: &[String]) -> Result<Vec<Change>, Mistake> {
        let (name, has) = match &given.fact {
            Fact::Person { name, has } => (name, has),
            Fact::GivenOut { coupon, count, at } => {
                let coupon = self.coupon(coupon)?;
                let others = PersonId::at(self.gateway, "others");
                let one = |nth| self.held(coupon, &others, *at, &format!("{place}/{nth}"));
                return Ok((0..*count).map(one).collect());
            }
            Fact::Fired { rule, person, at } => return self.fired(rule, person.as_deref(), *at),
        };
        let is_member = members.contains(name);
        if !is_member && !self.told.iter().any(|text| text.contains(name.as_str())) {
            return Err(Mistake::Stranger);
        }
        if !is_member && matches!(has, Has::JoinedAt(_) | Has::SpokeAt(_) | Has::Card(_)) {
            return Err(Mistake::NotAMember);
        }
        let person = PersonId::at(self.gateway, name);
        let group = self.group.clone();
        Ok(match has {
            Has::Tags(tags) => {
                let tagged = |tag: &String| Change::Tagged {
                    person: person.clone(),
                    tag: Tag::new(tag.as_str()),
                };
                tags.iter().map(tagged).collect()
            }
            Has::Birthday(birthday) => vec![Change::BirthdaySet {
                person,
                birthday: *birthday,
            }],
            Has::Ordered { amount, at } => vec![Change::Ordered {
                person,
                order: OrderId::new(format!("given/{place}")),
                amount: *amount,
                at: self.moment(*at),
                day: Some(at.date()),
            }],
            Has::Coupon { coupon, at } => self.in_hand(self.coupon(coupon)?, &person, *at, &place.to_string()),
            Has::Membership { card, at } => vec![self.with_card(card, person, (*at, place))?],
            Has::SpokeAt(at) => vec![Change::Spoke {
                group,
                person,
                at: self.moment(*at),
                day: Some(at.date()),
            }],
            Has::Card(card) => vec![Change::CardSet {
                group,
                person,
                card: card.clone(),
            }],
            Has::Points { amount, at } => vec![Change::PointsMoved {
                person,
                movement: Movement {
                    at: self.moment(*at),
                    amount: *amount,
                    why: GIVEN.into(),
                    day: Some(at.date()),
                    until: points_until(self.books, at.date()).filter(|_| *amount > 0),
                    ..Movement::default()
                },
            }],
            Has::Source(source) => vec![Change::SourceKept {
                person,
                origin: Origin {
                    source: source.as_str().into(),
                    told: false,
                },
            }],
            Has::Tier(tier) => vec![self.stood_on(tier, person)?],
            Has::Field { field, value } if self.books.fields.contains(field) => vec![Change::FieldSet {
                person,
                field: field.clone(),
                value: value.clone(),
            }],
            Has::Field { .. } => return Err(Mistake::UnknownField),
            // Arrived so.
            Has::JoinedAt(_) => Vec::new(),
        })
    }

    /// Somebody was on a tier before the test begins.
    fn stood_on(&self, tier: &str, person: PersonId) -> Result<Change, Mistake> {
        let ladder = self.books.ladder().map(|(_, ladder)| ladder);
        let mut tiers = ladder.iter().flat_map(|ladder| &ladder.tiers);
        let tier = tiers.find(|it| it.name.as_str() == tier).ok_or(Mistake::UnknownTier)?;
        Ok(Change::TierMoved {
            person,
            from: None,
            tier: Some(tier.name.clone()),
            at: Moment::START,
            because: Because::Placed,
            day: None,
        })
    }

    /// Somebody bought a card before the test begins, at its price.
    fn with_card(&self, card: &str, person: PersonId, (at, place): (DateTime, usize)) -> Result<Change, Mistake> {
        let kind = self.books.membership(&MembershipName::new(card));
        let (_, kind) = kind.ok_or(Mistake::UnknownCard)?;
        let first = shop_day(at, kind.day_starts);
        let sold = Sold {
            at: self.moment(at),
            day: first,
            paid: kind.price,
            order: None,
        };
        let code = CouponCode::new(format!("given-{place}"));
        let card = Card::sold(
            kind.name.clone(),
            (code, person),
            sold,
            (kind.valid.last(first), kind.total),
        );
        Ok(Change::CardOpened { card: Box::new(card) })
    }

    /// In every scope that counts it.
    fn fired(&self, rule: &str, person: Option<&str>, at: DateTime) -> Result<Vec<Change>, Mistake> {
        let name = RuleName::new(format!("{}/{rule}", self.book.name));
        let rule = self.book.rules.iter().find(|rule| rule.name == name);
        let rule = rule.ok_or(Mistake::UnknownMark)?;
        let person = person.map(|name| PersonId::at(self.gateway, name));
        let scopes = [rule.cooldown.map(|it| it.scope), rule.limit.map(|it| it.scope)];
        let scopes: BTreeSet<Scope> = scopes.into_iter().flatten().collect();
        let counts = |scope: &Scope| match scope {
            Scope::Person | Scope::Member => person.is_some(),
            Scope::Group | Scope::Community => person.is_none(),
        };
        let fired = |scope: Scope| Change::Fired {
            rule: name.clone(),
            scope: mark_scope(scope, Some(self.group), person.as_ref()),
            at: self.moment(at),
            period: rule.limit.map_or_else(String::new, |limit| limit.period.of(at.date())),
        };
        let changes: Vec<Change> = scopes.into_iter().filter(counts).map(fired).collect();
        match changes.is_empty() {
            true => Err(Mistake::UnknownMark),
            false => Ok(changes),
        }
    }

    fn coupon(&self, name: &str) -> Result<&Coupon, Mistake> {
        self.books.coupon(&name.into()).ok_or(Mistake::UnknownCoupon)
    }

    fn moment(&self, at: DateTime) -> Moment {
        Moment::at_local(at, &self.books.house.zone)
    }

    /// A coupon somebody has, and the timer that reminds them of it.
    fn in_hand(&self, coupon: &Coupon, person: &PersonId, at: DateTime, nth: &str) -> Vec<Change> {
        let held = self.held(coupon, person, at, nth);
        let timer = match &held {
            Change::CouponGiven { coupon: given, .. } => coupon::reminder(coupon, given, &self.books.house.zone),
            _ => None,
        };
        std::iter::once(held).chain(timer.map(|(_, timer)| timer)).collect()
    }

    fn held(&self, coupon: &Coupon, person: &PersonId, at: DateTime, nth: &str) -> Change {
        let periods = coupon::periods(at.date());
        let coupon = Held {
            code: CouponCode::new(format!("given-{nth}")),
            coupon: coupon.name.clone(),
            person: person.clone(),
            group: Some(self.group.clone()),
            worth: coupon.worth,
            given_at: self.moment(at),
            usable_from: coupon::usable_from(coupon, at.date(), &self.books.house.zone),
            expires_at: coupon::expiry(coupon, at.date(), &self.books.house.zone),
            order: None,
            taken_at: None,
            used: None,
            held: None,
        };
        Change::CouponGiven { coupon, periods }
    }
}
