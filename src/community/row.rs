//! Rows: the community as pairs of key and value, so that a store can keep what changed and nothing else.

use crate::chat::Moment;
use crate::chat::id::{
    ActionId, CadenceName, CheckInName, ColumnName, CouponCode, CouponName, DrawName, GatewayName, GatheringName,
    GroupId, MembershipName, OrderId, PersonId, QuizName, ReferralName, RuleName, SurveyName, VoteName, WinbackName,
};

/// A key as a store writes it: readable text, parts divided by a tab.
pub trait Key: Sized + Ord {
    /// The key's parts, in order.
    fn write(&self, to: &mut String);
    /// The inverse of `write`; `None` if the text is not such a key.
    fn read(text: &str) -> Option<Self>;
}

/// A tab divides parts, so a part that holds one is escaped.
fn write_part(part: &str, to: &mut String) {
    if part.contains(['\t', '%']) {
        to.push_str(&part.replace('%', "%25").replace('\t', "%09"));
    } else {
        to.push_str(part);
    }
}

fn read_part(part: &str) -> String {
    if part.contains('%') {
        part.replace("%09", "\t").replace("%25", "%")
    } else {
        part.to_owned()
    }
}

macro_rules! id_keys {
    ($($name:ident)*) => {$(
        impl Key for $name {
            fn write(&self, to: &mut String) {
                write_part(self.as_str(), to);
            }
            fn read(text: &str) -> Option<Self> {
                (!text.contains('\t')).then(|| $name::new(read_part(text)))
            }
        }
    )*};
}

id_keys! { ActionId CadenceName CheckInName ColumnName CouponCode CouponName DrawName GatewayName GatheringName GroupId MembershipName OrderId PersonId ReferralName QuizName RuleName SurveyName VoteName WinbackName }

impl Key for () {
    fn write(&self, _: &mut String) {}
    fn read(text: &str) -> Option<Self> {
        text.is_empty().then_some(())
    }
}

impl Key for String {
    fn write(&self, to: &mut String) {
        write_part(self, to);
    }
    fn read(text: &str) -> Option<Self> {
        (!text.contains('\t')).then(|| read_part(text))
    }
}

impl Key for u32 {
    /// Ten decimal digits: the order of the text is the order of numbers.
    fn write(&self, to: &mut String) {
        to.push_str(&format!("{self:010}"));
    }
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Key for Moment {
    /// Milliseconds in sixteen hexadecimal digits: the order of the text is the order of time.
    fn write(&self, to: &mut String) {
        to.push_str(&format!("{:016x}", self.millis()));
    }
    fn read(text: &str) -> Option<Self> {
        i64::from_str_radix(text, 16).ok().map(Moment::from_millis)
    }
}

impl<A: Key, B: Key> Key for (A, B) {
    fn write(&self, to: &mut String) {
        self.0.write(to);
        to.push('\t');
        self.1.write(to);
    }
    fn read(text: &str) -> Option<Self> {
        // The last part holds no tab, so the first may itself be a pair.
        let (first, second) = text.rsplit_once('\t')?;
        Some((A::read(first)?, B::read(second)?))
    }
}
