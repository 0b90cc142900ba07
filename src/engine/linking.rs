//! Linking accounts: a member proves that two are theirs by a code, or staff say so; and parting them again.
//!
//! A code is told in private to the account that asks, is used once, within minutes, from another account, and cannot be
//! guessed: fifty bits, and [`GUESSES`] wrong ones an hour. Staff are no customers, so their accounts are not linked.

use crate::chat::{CouponCode, Happening, Kind, Lang, PersonId, RuleName, Segment, fold};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::link::Claim;
use crate::playbook::linking::Linking;
use crate::playbook::{To, Wording, trigger};

use super::draft::Draft;
use super::effects::{self, Speech, answer};
use super::hearing::{Apart, Said, teller};
use super::term::{Request, Term};
use super::verdict::Verdict;
use super::{accounts, matching, referring};

/// How many wrong codes an account may write in an hour.
const GUESSES: u32 = 5;

/// The section as it plays here, and the name its verdicts go under.
type Section<'s> = (&'s Linking, &'s RuleName);

/// Why two accounts are not linked.
enum Unlinkable {
    Already,
    Staff,
    Unknown(PersonId),
    /// Both have other accounts already.
    Both,
}

/// What a message asks for.
enum Wanted {
    Code,
    /// A code that somebody was given.
    Written(CouponCode),
    /// Staff name accounts, or try to.
    Linked(Vec<PersonId>),
    /// Staff name an account; or nobody is named, and it is one's own.
    Parted(Option<PersonId>),
    /// Staff wrote it in no way that can be understood.
    How,
}

/// A message that asks for a code, uses one, or is an order of the staff's.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    let Some((book, linking)) = books.linking() else {
        return;
    };
    let group = said.message.group.as_ref();
    if !draft.hears_in(book, group) {
        return;
    }
    let linking = draft.played(book, group).linking.as_ref().unwrap_or(linking);
    let said = &*said.under(book.fold);
    let Some(wanted) = wanted(draft, linking, said) else {
        return;
    };
    let rule = RuleName::new(format!("{}/linking", book.name));
    let section = (linking, &rule);
    draft.enter(&rule, &said.occasion);
    draft.requested(|| match &wanted {
        Wanted::Code => Request::LinkingCode,
        Wanted::Written(_) => Request::LinkByCode,
        Wanted::Linked(accounts) if accounts.len() < 2 => Request::Accounts,
        Wanted::Linked(_) | Wanted::How => Request::Link,
        Wanted::Parted(_) => Request::Part,
    });
    let verdict = match wanted {
        Wanted::Code => asked(draft, section, said),
        Wanted::Written(code) => written(draft, section, said, &code),
        Wanted::Linked(accounts) => ordered(draft, section, said, &accounts),
        Wanted::Parted(account) => undone(draft, section, said, account),
        Wanted::How => deny(draft, (Term::AccountsNamed, &linking.phrases.how, section), said, []),
    };
    draft.weighed(&rule, Some(&said.message.from), verdict);
    draft.probe.leave();
}

fn wanted(draft: &Draft<'_>, linking: &Linking, said: &Said<'_>) -> Option<Wanted> {
    if let Some(rest) = said.after_word(&linking.claim, Apart::MayJoin) {
        if rest.is_empty() {
            return Some(Wanted::Code);
        }
        let code: String = fold(rest).chars().filter(|it| !matches!(it, ' ' | '-')).collect();
        let looks_like_one = code.chars().count() >= 6 && code.chars().all(|it| it.is_ascii_alphanumeric());
        return (looks_like_one && !said.by_staff).then(|| Wanted::Written(CouponCode::new(code.to_uppercase())));
    }
    let parts = said.after_word(&linking.undo, Apart::MayJoin);
    let rest = parts.or_else(|| said.after_word(&linking.link, Apart::MayJoin))?;
    // What members say after the word is talk.
    if !said.by_staff {
        let parts_own = parts.is_some() && rest.is_empty() && meant(draft).is_empty();
        return parts_own.then_some(Wanted::Parted(None));
    }
    match (meant(draft).as_slice(), parts.is_some()) {
        ([], _) => (rest.is_empty() || looks_like_id(rest)).then_some(Wanted::How),
        ([one], true) => Some(Wanted::Parted(Some(one.clone()))),
        (_, true) => None,
        ([one], false) => Some(Wanted::Linked(vec![one.clone()])),
        ([one, other], false) => Some(Wanted::Linked(vec![one.clone(), other.clone()])),
        _ => Some(Wanted::How),
    }
}

/// A code, in private only.
fn asked(draft: &mut Draft<'_>, section: Section<'_>, said: &Said<'_>) -> Verdict {
    let (linking, rule) = section;
    let phrases = &linking.phrases;
    if let Err(why) = draft.is_customer(said.by_staff) {
        tell(draft, (&phrases.staff, section), said, []);
        return why;
    }
    let account = teller(draft, said.message).clone();
    if said.message.group.is_some() {
        let phrase = match accounts::can_be_written(draft, &said.message.from) {
            true => &phrases.in_private,
            false => &phrases.by_staff,
        };
        return deny(draft, (Term::InPrivate, phrase, section), said, []);
    }
    let code = draft.dice.code(&draft.event.id, rule, &format!("claim/{account}"));
    let claim = Claim {
        code: code.clone(),
        until: draft.now.plus(linking.valid),
    };
    let at = draft.now;
    draft.change(Change::ClaimOpened { account, claim, at });
    let minutes = i64::try_from(linking.valid.as_secs() / 60).unwrap_or(i64::MAX).max(1);
    let facts = [
        ("code", Fact::Text(code.to_string())),
        ("minutes", Fact::Number(minutes)),
    ];
    tell(draft, (&phrases.code, section), said, facts)
}

/// A code that somebody was given is written from another account.
fn written(draft: &mut Draft<'_>, section: Section<'_>, said: &Said<'_>, code: &CouponCode) -> Verdict {
    let (linking, rule) = section;
    let phrases = &linking.phrases;
    let account = teller(draft, said.message).clone();
    let (scope, hour) = (format!("guess {account}"), hour_of(draft));
    let had = draft.mark(rule, &scope).filter(|mark| mark.period == hour);
    let had = had.map_or(0, |mark| mark.count);
    let guesses = Term::Guesses { had, most: GUESSES };
    if let Err(why) = draft.holds(had < GUESSES, guesses) {
        tell(draft, (&phrases.too_often, section), said, []);
        return why;
    }
    let given = draft
        .community
        .claim_of(code)
        .filter(|(_, claim)| claim.until >= draft.now);
    let asker = match draft.found(given.map(|(asker, _)| asker.clone()), Term::GoodCode) {
        Ok(asker) => asker,
        Err(why) => {
            draft.change(Change::Fired {
                rule: rule.clone(),
                scope,
                at: draft.now,
                period: hour,
            });
            tell(draft, (&phrases.wrong, section), said, []);
            return why;
        }
    };
    if let Err(why) = draft.holds(asker != account, Term::OtherAccount) {
        tell(draft, (&phrases.same_account, section), said, []);
        return why;
    }
    match linkable(draft, &asker, &account) {
        Err(why) => refused(draft, section, said, &why),
        Ok((account, person)) => {
            draft.change(Change::ClaimClosed { account: asker.clone() });
            link(draft, &account, &person);
            let other = named(draft, teller(draft, said.message));
            warn(draft, section, &asker, other);
            tell(draft, (&phrases.linked, section), said, [])
        }
    }
}

/// Whoever asked for the code is told that it was used, where they asked for it.
fn warn(draft: &mut Draft<'_>, (linking, rule): Section<'_>, asker: &PersonId, account: String) {
    let mut occasion = Occasion {
        people: vec![asker.clone()],
        ..Occasion::default()
    };
    occasion.facts.insert("account".to_owned(), Fact::Text(account));
    put_words(linking, &mut occasion);
    let speech = Speech::plain(&linking.phrases.told, To::Person, Kind::Service);
    if let Err(verdict) = effects::speak(draft, &speech, rule, &occasion) {
        draft.weighed(rule, Some(asker), verdict);
    }
}

/// Staff link two accounts, or ask which somebody has.
fn ordered(draft: &mut Draft<'_>, section: Section<'_>, said: &Said<'_>, named: &[PersonId]) -> Verdict {
    let phrases = &section.0.phrases;
    let (one, other) = match named {
        [one, other] => (one, other),
        [one] if is_known(draft, one) => {
            let person = draft.community.person_of(one).clone();
            let lines = listed(draft, &person);
            let name = Fact::Text(draft.community.name_of(None, &person));
            let facts = [("name", name), ("lines", lines)];
            return in_private(draft, (&phrases.accounts, section), said, facts);
        }
        [one] => return refused(draft, section, said, &Unlinkable::Unknown(one.clone())),
        _ => return deny(draft, (Term::AccountsNamed, &phrases.how, section), said, []),
    };
    match linkable(draft, one, other) {
        Err(why) => refused(draft, section, said, &why),
        Ok((account, person)) => {
            link(draft, &account, &person);
            let names = [("name", &person), ("account", &account)];
            let facts = names.map(|(key, id)| (key, Fact::Text(self::named(draft, id))));
            tell(draft, (&phrases.linked_by_staff, section), said, facts)
        }
    }
}

/// Staff part two accounts, or somebody parts their own.
fn undone(draft: &mut Draft<'_>, section: Section<'_>, said: &Said<'_>, account: Option<PersonId>) -> Verdict {
    let phrases = &section.0.phrases;
    let account = account.unwrap_or_else(|| teller(draft, said.message).clone());
    let linked: Vec<PersonId> = match draft.community.links().contains_key(&account) {
        true => vec![account],
        false => draft.community.linked_to(&account).cloned().collect(),
    };
    if let Err(why) = draft.holds(!linked.is_empty(), Term::Linked) {
        tell(draft, (&phrases.not_linked, section), said, []);
        return why;
    }
    match linked.as_slice() {
        [account] => {
            let name = Fact::Text(named(draft, account));
            part(draft, account);
            tell(draft, (&phrases.unlinked, section), said, [("account", name)])
        }
        _ if said.by_staff => {
            let lines = Fact::List(linked.iter().map(|it| shown(draft, it)).collect());
            in_private(draft, (&phrases.which, section), said, [("lines", lines)])
        }
        // Which of them they did not mean, nobody knows but they: all of it is undone.
        several => {
            let names: Vec<String> = several.iter().map(|it| named(draft, it)).collect();
            for account in several {
                part(draft, account);
            }
            let names = Fact::Text(names.join(draft.lang().pick("、", ", ")));
            tell(draft, (&phrases.unlinked, section), said, [("account", names)])
        }
    }
}

/// Which of the two goes over to the other: the second, unless it has accounts already.
fn linkable(draft: &Draft<'_>, one: &PersonId, other: &PersonId) -> Result<(PersonId, PersonId), Unlinkable> {
    let community = draft.community;
    if let Some(unknown) = [one, other].into_iter().find(|account| !is_known(draft, account)) {
        return Err(Unlinkable::Unknown(unknown.clone()));
    }
    let (first, second) = (community.person_of(one), community.person_of(other));
    let staff = |person: &PersonId| {
        let mut all = std::iter::once(person).chain(community.linked_to(person));
        all.any(|it| draft.books.house.is_staff(it))
    };
    let several = |person: &PersonId| community.linked_to(person).next().is_some();
    match (first, second) {
        _ if first == second => Err(Unlinkable::Already),
        _ if staff(first) || staff(second) => Err(Unlinkable::Staff),
        _ if several(first) && several(second) => Err(Unlinkable::Both),
        _ if several(second) => Ok((first.clone(), second.clone())),
        _ => Ok((second.clone(), first.clone())),
    }
}

fn refused(draft: &mut Draft<'_>, section: Section<'_>, said: &Said<'_>, why: &Unlinkable) -> Verdict {
    let phrases = &section.0.phrases;
    match why {
        Unlinkable::Already => deny(draft, (Term::NotLinked, &phrases.already, section), said, []),
        Unlinkable::Staff => deny(draft, (Term::Customers, &phrases.staff, section), said, []),
        Unlinkable::Both => deny(draft, (Term::OneAlone, &phrases.both, section), said, []),
        Unlinkable::Unknown(account) => {
            let term = Term::SeenBefore {
                account: account.clone(),
            };
            let account = Fact::Text(account.to_string());
            deny(draft, (term, &phrases.unknown, section), said, [("account", account)])
        }
    }
}

fn link(draft: &mut Draft<'_>, account: &PersonId, person: &PersonId) {
    draft.change(Change::Linked {
        account: account.clone(),
        person: person.clone(),
        at: draft.now,
    });
    soon(draft, (person, account), true);
}

fn part(draft: &mut Draft<'_>, account: &PersonId) {
    let person = draft.community.person_of(account).clone();
    draft.change(Change::Unlinked {
        account: account.clone(),
        at: draft.now,
    });
    referring::parted(draft, account);
    soon(draft, (&person, account), false);
}

/// Rules hear of it once it is so: what they name is then what both have.
fn soon(draft: &mut Draft<'_>, (person, account): (&PersonId, &PersonId), on: bool) {
    draft.change(Change::Scheduled {
        key: format!("linked/{account}"),
        due: draft.now,
        what: Due::Linked {
            person: person.clone(),
            account: account.clone(),
            on,
        },
    });
}

/// Rules that wait for it.
pub fn told(draft: &mut Draft<'_>, (person, account): (&PersonId, &PersonId), on: bool) {
    let home = draft
        .community
        .people()
        .get(person)
        .and_then(|known| known.home.clone());
    let mut occasion = Occasion {
        group: home,
        people: vec![person.clone()],
        ..Occasion::default()
    };
    let name = Fact::Text(named(draft, account));
    occasion.facts.insert("account".to_owned(), name);
    let fact = match on {
        true => trigger::Fact::AccountLinked,
        false => trigger::Fact::AccountUnlinked,
    };
    matching::raise(draft, fact, "", &occasion);
    if on {
        referring::linked(draft, (person, account));
    }
}

/// Staff link or part accounts outside the chat; what makes no sense changes nothing.
pub fn by_order(draft: &mut Draft<'_>, (account, person): (&PersonId, Option<&PersonId>)) {
    match person {
        Some(person) => {
            if let Ok((account, person)) = linkable(draft, person, account) {
                link(draft, &account, &person);
            }
        }
        None if draft.community.links().contains_key(account) => part(draft, account),
        None => {}
    }
}

/// The accounts a message names, in its order: called by name, or written as `gateway/id`, or as the id alone where only
/// one account has it.
fn meant(draft: &Draft<'_>) -> Vec<PersonId> {
    let Happening::Message(message) = &draft.told.happening else {
        return Vec::new();
    };
    let mut meant = Vec::new();
    for segment in &message.segments {
        match segment {
            Segment::Mention(account) => meant.push(account.clone()),
            Segment::Text(text) => {
                let divides = |it: char| it.is_whitespace() || matches!(it, ',' | '，' | '、' | ';' | '；');
                meant.extend(text.split(divides).filter_map(|written| known(draft, written)));
            }
            _ => {}
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    meant.retain(|account| seen.insert(account.clone()));
    meant
}

fn is_known(draft: &Draft<'_>, account: &PersonId) -> bool {
    draft
        .community
        .people()
        .contains_key(draft.community.person_of(account))
}

fn known(draft: &Draft<'_>, written: &str) -> Option<PersonId> {
    let community = draft.community;
    // One that nobody has is told so.
    if written.contains('/') {
        return Some(PersonId::new(written));
    }
    let is_id = written.len() >= 4
        && written
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "-_@.".contains(it));
    if !is_id {
        return None;
    }
    let mut all = community.all_accounts().filter(|(id, _)| id.wire() == written);
    let (only, another) = (all.next(), all.next());
    only.filter(|_| another.is_none()).map(|(id, _)| id.clone())
}

/// Somebody wanted to name an account, and none is called so.
fn looks_like_id(rest: &str) -> bool {
    rest.split_whitespace()
        .any(|word| word.contains('/') || (word.len() >= 4 && word.chars().all(|it| it.is_ascii_alphanumeric())))
}

fn hour_of(draft: &Draft<'_>) -> String {
    draft.local().strftime("%Y-%m-%dT%H").to_string()
}

/// What an account is called, and on which gateway it is.
pub fn named(draft: &Draft<'_>, account: &PersonId) -> String {
    let name = match draft.community.account_name(account) {
        "" => account.wire().to_owned(),
        called => crate::chat::fold::shown(called),
    };
    match draft.lang() {
        Lang::Zh => format!("{name}（{}）", account.gateway()),
        Lang::En => format!("{name} ({})", account.gateway()),
    }
}

/// `qq/10001 小明`.
fn shown(draft: &Draft<'_>, account: &PersonId) -> String {
    format!(
        "{account} {}",
        crate::chat::fold::shown(draft.community.account_name(account))
    )
    .trim_end()
    .to_owned()
}

fn listed(draft: &Draft<'_>, person: &PersonId) -> Fact {
    let all = std::iter::once(person).chain(draft.community.linked_to(person));
    Fact::List(all.map(|account| shown(draft, account)).collect())
}

fn put_words(linking: &Linking, occasion: &mut Occasion) {
    let words = [
        ("word", &linking.claim),
        ("link", &linking.link),
        ("undo", &linking.undo),
    ];
    for (name, words) in words {
        let first = words.first().cloned().unwrap_or_default();
        occasion.facts.insert(name.to_owned(), Fact::Text(first));
    }
}

fn said_with<const N: usize>(linking: &Linking, said: &Said<'_>, facts: [(&str, Fact); N]) -> Occasion {
    let mut occasion = said.occasion.clone();
    put_words(linking, &mut occasion);
    let facts = facts.map(|(name, fact)| (name.to_owned(), fact));
    occasion.facts.extend(facts);
    occasion
}

fn tell<const N: usize>(
    draft: &mut Draft<'_>,
    (phrase, (linking, rule)): (&Wording, Section<'_>),
    said: &Said<'_>,
    facts: [(&str, Fact); N],
) -> Verdict {
    answer(draft, phrase, rule, &said_with(linking, said, facts))
}

/// Tells that it is not done; the verdict is the condition that was not met.
fn deny<const N: usize>(
    draft: &mut Draft<'_>,
    (term, phrase, section): (Term, &Wording, Section<'_>),
    said: &Said<'_>,
    facts: [(&str, Fact); N],
) -> Verdict {
    let why = draft.refuses(term);
    tell(draft, (phrase, section), said, facts);
    why
}

/// Ids are no business of a group's.
fn in_private<const N: usize>(
    draft: &mut Draft<'_>,
    (phrase, (linking, rule)): (&Wording, Section<'_>),
    said: &Said<'_>,
    facts: [(&str, Fact); N],
) -> Verdict {
    let speech = Speech::plain(phrase, To::Person, Kind::Service);
    match effects::speak(draft, &speech, rule, &said_with(linking, said, facts)) {
        Ok(_) => Verdict::Fired,
        Err(verdict) => verdict,
    }
}
