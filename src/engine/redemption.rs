//! Redeeming coupons: staff write a code, or call the member, and the coupon is used. All of them are, or none.
//!
//! What decides is the coupon as it stands, this decision's own changes included, so the same coupon cannot be used
//! twice by two messages, nor by one that names it twice.

use crate::chat::{CouponCode, CouponName, Fen, Kind, Lang, PersonId, RuleName, fold};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::coupon::{Coupon as Given, Use};
use crate::community::liability::{Owed, owed};
use crate::playbook::redemption::Redemption;
use crate::playbook::{To, Wording, trigger};

use super::draft::Draft;
use super::effects::{self, Speech, answer, render};
use super::hearing::{Apart, Said};
use super::probe::Asked;
use super::term::{Request, Term};
use super::usable::{self, Bill, find, line, title};
use super::verdict::Verdict;
use super::{accounts, coupon, matching, usability};

/// How many coupons one message uses at most.
const MOST: usize = 20;

/// What staff wrote after the word.
#[derive(Debug, Default, PartialEq, Eq)]
struct Order {
    codes: Vec<CouponCode>,
    bill: Option<Fen>,
    /// What is neither: the title of a coupon, where a member is called.
    words: Vec<String>,
}

/// One coupon that staff mean, or why it cannot be meant, and how that is said.
type Meant = Result<Given, (Verdict, String)>;

/// A message that uses coupons, takes that back, or asks what there is.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    let Some((book, redemption)) = books.redemption() else {
        return;
    };
    let group = said.message.group.as_ref();
    if !draft.hears_in(book, group) {
        return;
    }
    let redemption = draft.played(book, group).redemption.as_ref().unwrap_or(redemption);
    let said = &*said.under(book.fold);
    let order = if let Some(rest) = said.after_word(&redemption.undo, Apart::MayJoin) {
        Some((rest, Way::Undo))
    } else {
        let used = said.after_word(&redemption.words, Apart::MayJoin);
        used.map(|rest| (rest, Way::Use))
    };
    let asks = !said.by_staff && said.is_one_of(&redemption.ask);
    let owed = said.by_staff && said.is_one_of(&redemption.owed);
    // Most messages are none of these.
    if !asks && !owed && order.is_none() {
        return;
    }
    let rule = RuleName::new(format!("{}/redemption", book.name));
    draft.enter(&rule, &said.occasion);
    let verdict = match order {
        _ if asks => Some(mine(draft, redemption, said, &rule)),
        _ if owed => Some(out(draft, redemption, said, &rule)),
        Some(order) => ordered(draft, (redemption, &rule), said, order),
        None => None,
    };
    if let Some(verdict) = verdict {
        draft.weighed(&rule, Some(&said.message.from), verdict);
    }
    draft.probe.leave();
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Use,
    Undo,
}

/// What becomes of an order; nothing if it is none, for staff talk about redeeming as everybody does.
fn ordered(
    draft: &mut Draft<'_>,
    (redemption, rule): (&Redemption, &RuleName),
    said: &Said<'_>,
    (rest, way): (&str, Way),
) -> Option<Verdict> {
    let order = read(draft, rest);
    let whom: Vec<PersonId> = said.mentioned().cloned().collect();
    let bare = rest.is_empty() && whom.is_empty();
    let phrases = &redemption.phrases;
    if order.codes.is_empty() && whom.is_empty() && !bare {
        return None;
    }
    if bare && !said.by_staff {
        return None;
    }
    let written = crate::chat::fold::shown(rest);
    draft.requested(|| match way {
        Way::Use => Request::Redeem { written },
        Way::Undo => Request::Unredeem { written },
    });
    draft.probe.asked(None, said.by_staff, || Asked::From);
    if !said.by_staff {
        answer(draft, &phrases.staff_only, rule, &said.occasion);
        return Some(Verdict::NobodyThere);
    }
    if let Err(why) = draft.holds(!bare, Term::Named) {
        let mut occasion = said.occasion.clone();
        let word = redemption.words.first().cloned().unwrap_or_default();
        occasion.facts.insert("word".to_owned(), Fact::Text(word));
        answer(draft, &phrases.how, rule, &occasion);
        return Some(why);
    }
    let meant = match by_name(draft, (redemption, way), &order, &whom) {
        Ok(named) => order
            .codes
            .iter()
            .map(|code| by_code(draft, redemption, code))
            .chain(named)
            .collect(),
        Err((why, several)) => {
            tell(draft, (&phrases.several, rule), said, several);
            return Some(why);
        }
    };
    Some(match way {
        Way::Use => use_all(draft, (redemption, rule), said, (meant, order.bill)),
        Way::Undo => undo_all(draft, (redemption, rule), said, meant),
    })
}

/// Codes, an amount, words: whatever is a coupon's code is one; whatever looks like one is taken for one, so that a slip
/// is answered.
fn read(draft: &Draft<'_>, rest: &str) -> Order {
    let mut order = Order::default();
    let divides = |character: char| character.is_whitespace() || matches!(character, ',' | '，' | '、' | ';' | '；');
    for written in rest.split(divides).filter(|part| !part.is_empty()) {
        let plain = fold(written);
        let upper = usable::bare(&plain);
        let known = Some(usable::meant(draft, written)).filter(|code| find(draft, code).is_some());
        let looks_like_one = usable::looks_like_code(&upper);
        match (known, amount(&plain).filter(|bill| *bill > Fen::ZERO)) {
            (Some(code), _) => push_new(&mut order.codes, code),
            (None, Some(bill)) => order.bill = Some(bill),
            (None, None) if looks_like_one => push_new(&mut order.codes, CouponCode::new(upper.as_str())),
            (None, None) => order.words.push(plain),
        }
    }
    order.codes.truncate(MOST);
    order
}

fn push_new(codes: &mut Vec<CouponCode>, code: CouponCode) {
    if !codes.contains(&code) {
        codes.push(code);
    }
}

/// `68`, `68.50元`, `¥68`, `0`.
pub fn amount(text: &str) -> Option<Fen> {
    let bare = text.trim_start_matches(['¥', '￥']);
    let bare = bare.strip_suffix(['元', '块']).unwrap_or(bare);
    let bare = bare.strip_suffix("yuan").unwrap_or(bare);
    bare.parse().ok().filter(|amount: &Fen| *amount >= Fen::ZERO)
}

fn by_code(draft: &Draft<'_>, redemption: &Redemption, code: &CouponCode) -> Meant {
    let term = Term::Known {
        code: Some(code.clone()),
    };
    draft.found(find(draft, code), term).map_err(|why| {
        let code = Fact::Text(code.to_string());
        (why, line(draft, &redemption.phrases.unknown, [("code", code)]))
    })
}

/// The one coupon of each member who is called: of the title that is written, the one that ends first. `Err` lists what
/// there is, where it could be several.
fn by_name(
    draft: &Draft<'_>,
    (redemption, way): (&Redemption, Way),
    order: &Order,
    whom: &[PersonId],
) -> Result<Vec<Meant>, (Verdict, Vec<String>)> {
    let title = order.words.concat();
    let mut meant = Vec::new();
    for person in whom {
        let mut fitting: Vec<Given> = coupon::in_hand(draft.so_far(), person)
            .filter_map(|given| find(draft, &given.code))
            .filter(|given| match way {
                Way::Use => given.is_good(draft.now),
                Way::Undo => used_today(draft, given),
            })
            .filter(|given| title.is_empty() || is_called(draft, given, &title))
            .collect();
        fitting.sort_by(|one, other| (one.expires_at, &one.code).cmp(&(other.expires_at, &other.code)));
        let kinds: std::collections::BTreeSet<&CouponName> = fitting.iter().map(|given| &given.coupon).collect();
        let clear = draft.holds(kinds.len() <= 1, Term::OneKind { kinds: kinds.len() });
        clear.map_err(|why| (why, fitting.iter().map(|given| label(draft, given)).collect()))?;
        let first = draft.found(fitting.into_iter().next(), Term::Known { code: None });
        meant.push(first.map_err(|why| {
            let name = draft.community.name_of(None, person);
            let phrase = match way {
                Way::Use => &redemption.phrases.has_none,
                Way::Undo => &redemption.phrases.used_none,
            };
            (why, line(draft, phrase, [("name", Fact::Text(name))]))
        }));
    }
    Ok(meant)
}

fn is_called(draft: &Draft<'_>, given: &Given, title: &str) -> bool {
    let called = draft.books.coupon(&given.coupon).map(|coupon| fold(&coupon.title));
    fold(given.coupon.as_str()) == title || called.is_some_and(|called| called == title)
}

fn used_today(draft: &Draft<'_>, given: &Given) -> bool {
    usable::stays_used(draft, given).is_none()
}

fn use_all(
    draft: &mut Draft<'_>,
    (redemption, rule): (&Redemption, &RuleName),
    said: &Said<'_>,
    (meant, bill): (Vec<Meant>, Option<Fen>),
) -> Verdict {
    let phrases = &redemption.phrases;
    let on = Bill {
        amount: bill,
        several: meant.len() > 1,
        reservation: None,
    };
    let judged = meant.into_iter().map(|meant| {
        let given = meant?;
        match usability::holds(draft, &given, on) {
            Ok(()) => Ok(given),
            Err((why, hindrance)) => {
                let words = usable::said(draft, phrases, &given.code, &hindrance);
                Err((why, format!("{} {words}", label(draft, &given))))
            }
        }
    });
    let used: Vec<Given> = match all_or_refused(judged) {
        Ok(used) => used,
        Err((why, lines)) => {
            tell(draft, (&phrases.refused, rule), said, lines);
            return why;
        }
    };
    for given in &used {
        draft.change(Change::CouponUsed {
            person: given.person.clone(),
            code: given.code.clone(),
            how: Use {
                at: draft.now,
                by: said.message.from.clone(),
                bill,
            },
        });
        coupon::forget_reminder(draft, &given.code);
        told_to_rules(draft, given);
    }
    let off: Fen = used.iter().fold(Fen::ZERO, |sum, given| sum + given.worth);
    let mut occasion = said.occasion.clone();
    let mut put = |name: &str, fact| occasion.facts.insert(name.to_owned(), fact);
    put(
        "lines",
        Fact::List(used.iter().map(|given| shown(draft, given)).collect()),
    );
    put("coupons", Fact::Number(i64::try_from(used.len()).unwrap_or(i64::MAX)));
    put("off", Fact::Money(bill.map_or(off, |bill| off.min(bill))));
    put("bill", Fact::Money(bill.unwrap_or(Fen::ZERO)));
    put(
        "due",
        Fact::Money(bill.map_or(Fen::ZERO, |bill| (bill - off).max(Fen::ZERO))),
    );
    answer(draft, &phrases.used, rule, &occasion)
}

fn undo_all(
    draft: &mut Draft<'_>,
    (redemption, rule): (&Redemption, &RuleName),
    said: &Said<'_>,
    meant: Vec<Meant>,
) -> Verdict {
    let phrases = &redemption.phrases;
    let judged = meant.into_iter().map(|meant| {
        let given = meant?;
        draft
            .holds(used_today(draft, &given), Term::UsedToday)
            .map_err(|why| {
                let (label, words) = (label(draft, &given), line(draft, &phrases.not_today, []));
                (why, format!("{label} {words}"))
            })
            .map(|()| given)
    });
    let restored: Vec<Given> = match all_or_refused(judged) {
        Ok(restored) => restored,
        Err((why, lines)) => {
            tell(draft, (&phrases.not_restored, rule), said, lines);
            return why;
        }
    };
    for given in &restored {
        draft.change(Change::CouponUnused {
            person: given.person.clone(),
            code: given.code.clone(),
        });
        coupon::remind_again(draft, given);
    }
    let lines = restored.iter().map(|given| label(draft, given)).collect();
    tell(draft, (&phrases.restored, rule), said, lines)
}

/// All of them, or the first reason why not, and what is told about each that cannot be.
fn all_or_refused(judged: impl Iterator<Item = Meant>) -> Result<Vec<Given>, (Verdict, Vec<String>)> {
    let (good, bad): (Vec<Meant>, Vec<Meant>) = judged.partition(Result::is_ok);
    let (why, lines): (Vec<Verdict>, Vec<String>) = bad.into_iter().filter_map(Result::err).unzip();
    match why.into_iter().next() {
        None => Ok(good.into_iter().flatten().collect()),
        Some(why) => Err((why, lines)),
    }
}

/// Rules that wait for a coupon to be used.
pub fn told_to_rules(draft: &mut Draft<'_>, given: &Given) {
    let mut occasion = coupon::about(given);
    if let Some(coupon) = draft.books.coupon(&given.coupon) {
        coupon::facts(coupon, given, &mut occasion);
    }
    matching::raise(draft, trigger::Fact::CouponUsed, given.coupon.as_str(), &occasion);
}

/// What somebody has: in private; where that cannot be, in the group and without the codes.
fn mine(draft: &mut Draft<'_>, redemption: &Redemption, said: &Said<'_>, rule: &RuleName) -> Verdict {
    let person = &said.message.from;
    draft.requested(|| Request::Coupons);
    let in_private = said.message.group.is_none() || accounts::can_be_written(draft, person);
    let mut good: Vec<&Given> = coupon::in_hand(draft.so_far(), person)
        .filter(|given| given.is_good(draft.now))
        .collect();
    good.sort_by(|one, other| (one.expires_at, &one.code).cmp(&(other.expires_at, &other.code)));
    let zone = &draft.books.house.zone;
    let lines = good.iter().map(|given| {
        let until = given.expires_at.in_zone(zone).strftime("%Y-%m-%d").to_string();
        let code = if in_private { given.code.as_str() } else { "" };
        format!("{code} {} ¥{} → {until}", title(draft, given), given.worth)
            .trim_start()
            .to_owned()
    });
    let mut occasion = said.occasion.clone();
    occasion.facts.insert("lines".to_owned(), Fact::List(lines.collect()));
    let speech = Speech::plain(&redemption.phrases.mine, To::Person, Kind::Service);
    match effects::speak(draft, &speech, rule, &occasion) {
        Ok(_) => Verdict::Fired,
        Err(verdict) => verdict,
    }
}

/// What is out, by kind, for staff. Before this decision: a question gives and takes nothing.
fn out(draft: &mut Draft<'_>, redemption: &Redemption, said: &Said<'_>, rule: &RuleName) -> Verdict {
    let phrases = &redemption.phrases;
    let kinds = owed(draft.community, draft.now, &draft.books.house.zone);
    let lines = kinds.iter().map(|(name, owed)| {
        let coupon = draft.books.coupon(name);
        let title = coupon.map_or_else(|| name.to_string(), |coupon| coupon.title.clone());
        let facts = sums(*owed).into_iter().chain([("title", Fact::Text(title))]);
        let occasion = Occasion {
            facts: facts.map(|(name, fact)| (name.to_owned(), fact)).collect(),
            ..Occasion::default()
        };
        render(draft, &phrases.owed_line, &occasion).unwrap_or_default()
    });
    let lines = lines.collect();
    let mut occasion = said.occasion.clone();
    let facts = sums(Owed::all(kinds.values()))
        .into_iter()
        .chain([("lines", Fact::List(lines))]);
    occasion.facts.extend(facts.map(|(name, fact)| (name.to_owned(), fact)));
    answer(draft, &phrases.owed, rule, &occasion)
}

fn sums(owed: Owed) -> [(&'static str, Fact); 4] {
    let number = |count: u64| Fact::Number(i64::try_from(count).unwrap_or(i64::MAX));
    [
        ("coupons", number(owed.count)),
        ("worth", Fact::Money(owed.worth)),
        ("ending", number(owed.ending)),
        ("worth_ending", Fact::Money(owed.worth_ending)),
    ]
}

fn tell(draft: &mut Draft<'_>, (phrase, rule): (&Wording, &RuleName), said: &Said<'_>, lines: Vec<String>) -> Verdict {
    let mut occasion = said.occasion.clone();
    let coupons = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    occasion.facts.insert("coupons".to_owned(), Fact::Number(coupons));
    occasion.facts.insert("lines".to_owned(), Fact::List(lines));
    answer(draft, phrase, rule, &occasion)
}

/// `K7QF2M9XAB 生日券（小明） ¥25.00`: of a coupon that was used, for what can still be used stays between its owner and the
/// till.
fn shown(draft: &Draft<'_>, given: &Given) -> String {
    format!("{} {} ¥{}", given.code, label(draft, given), given.worth)
}

/// `生日券（小明）`.
fn label(draft: &Draft<'_>, given: &Given) -> String {
    let title = title(draft, given);
    let name = draft.community.name_of(given.group.as_ref(), &given.person);
    match draft.lang() {
        Lang::Zh => format!("{title}（{name}）"),
        Lang::En => format!("{title} ({name})"),
    }
}
