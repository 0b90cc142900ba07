//! Where what concerns a person once is said: a birthday, an anniversary, a silence of theirs over all groups.

use crate::chat::{GroupId, PersonId};
use crate::community::change::Occasion;
use crate::playbook::{Playbook, Rule};

use super::draft::Draft;
use super::matching;

/// Whether a rule plays in a group.
pub fn plays(draft: &Draft<'_>, rule: &Rule, group: &GroupId) -> bool {
    draft
        .books_in(group)
        .any(|book| book.rules.iter().any(|it| it.name == rule.name))
}

/// Where what concerns a person once is said.
#[derive(Debug)]
pub enum Place {
    Group(GroupId),
    Private,
    /// They were in groups once and are in none now.
    Nowhere,
    /// They are in groups, and the rule plays in none of them.
    OtherBooks,
}

/// A group somebody is in for which `plays` holds: their home, or the first other one.
pub fn home_where(draft: &Draft<'_>, person: &PersonId, plays: impl Fn(&GroupId) -> bool) -> Option<GroupId> {
    let known = draft.community.people().get(person);
    if let Some(home) = known.and_then(|it| it.home.clone()).filter(&plays) {
        return Some(home);
    }
    let mut memberships = draft.community.memberships(person);
    let here = memberships.find(|(group, member)| member.is_here() && draft.is_inside(group) && plays(group));
    here.map(|(group, _)| group.clone())
}

/// Once, in one group: the person's home, or the first other group they are in where the rule plays. Whoever was never in
/// a group and only ever wrote in private is told in private; whoever left is left alone.
pub fn place(draft: &Draft<'_>, rule: &Rule, person: &PersonId) -> Place {
    let everywhere = |book: &Playbook| book.groups.patterns.is_empty();
    let plays = |group: &GroupId| plays(draft, rule, group);
    let home = draft
        .community
        .people()
        .get(person)
        .and_then(|person| person.home.clone());
    if let Some(home) = home.filter(plays) {
        return Place::Group(home);
    }
    let (mut ever, mut now) = (false, false);
    for (group, member) in draft.community.memberships(person) {
        ever = true;
        if member.is_here() && draft.is_inside(group) {
            now = true;
            if plays(group) {
                return Place::Group(group.clone());
            }
        }
    }
    match (ever, now) {
        (false, _) if draft.books.rule(&rule.name).is_some_and(|(book, _)| everywhere(book)) => Place::Private,
        (true, false) => Place::Nowhere,
        _ => Place::OtherBooks,
    }
}

/// The occasion of a person's own day. `None`: they are in none of the rule's groups; of whoever has left all groups a
/// verdict says so.
pub fn occasion(draft: &mut Draft<'_>, rule: &Rule, person: PersonId) -> Option<Occasion> {
    let group = match place(draft, rule, &person) {
        Place::Group(group) => Some(group),
        Place::Private => None,
        Place::Nowhere => {
            matching::gone(draft, rule, &person);
            return None;
        }
        Place::OtherBooks => return None,
    };
    Some(Occasion {
        group,
        people: vec![person],
        ..Occasion::default()
    })
}
