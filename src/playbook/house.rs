//! The house the playbooks play in: what the config says about the community, as far as deciding needs it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::calendar::Workdays;
use crate::chat::{CallName, Capability, GatewayName, GroupId, Lang, PersonId};

/// The community's own facts.
#[derive(Clone, Debug)]
pub struct House {
    pub name: String,
    pub zone: TimeZone,
    pub lang: Lang,
    /// In the order of the config; never counted as customers.
    pub staff: Vec<PersonId>,
    /// Where staff are told things; without it each is told in private.
    pub staff_group: Option<GroupId>,
    pub manners: Manners,
    /// What each gateway can do. A gateway that is not listed can do everything (a recording of one we do not have).
    pub gateways: BTreeMap<GatewayName, BTreeSet<Capability>>,
    /// The programs of the shop's that rules may call.
    pub calls: BTreeSet<CallName>,
    pub workdays: Workdays,
}

/// What the engine refuses to do to members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manners {
    /// From, until; may cross midnight. What is not an answer waits until it is over.
    pub quiet: Option<(Time, Time)>,
    /// Messages a group hears in a day, answers not counted.
    pub per_group_per_day: u32,
    /// Times a person is called by name in a day, answers not counted.
    pub mentions_per_person_per_day: u32,
    /// At most one promotion in this many messages, over seven days.
    pub promo_one_in: u32,
}

impl House {
    /// Whether somebody may give orders.
    pub fn is_staff(&self, person: &PersonId) -> bool {
        self.staff.contains(person)
    }

    /// Whether a gateway can do something.
    pub fn can(&self, gateway: &GatewayName, what: Capability) -> bool {
        self.gateways
            .get(gateway)
            .is_none_or(|capabilities| capabilities.contains(&what))
    }
}

impl Manners {
    /// When quiet hours that hold at `time` are over; `None` when it is not quiet.
    pub fn quiet_until(&self, time: Time) -> Option<Time> {
        let (from, until) = self.quiet?;
        let quiet = if from <= until {
            (from..until).contains(&time)
        } else {
            time >= from || time < until
        };
        quiet.then_some(until)
    }
}
