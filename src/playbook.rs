//! What operators write, checked: the engine only ever sees what is in here.
//!
//! `written.rs` mirrors the TOML with its places; reading turns it into these types or into problems, all of them at
//! once. Nothing here knows the community, a clock or a file system: sources are handed in as text.

pub mod admission;
pub mod answers;
pub mod beside;
pub mod cadence;
pub mod check_in;
pub mod claim;
pub mod column;
pub mod coupon;
mod crowded;
pub mod draw;
pub mod effect;
pub mod formula;
pub mod gathering;
pub mod guard;
pub mod house;
mod keys;
pub mod keyword;
pub mod linking;
mod mechanics;
pub mod membership;
pub mod opening;
pub mod opting_out;
pub mod phrases;
pub mod picture;
pub mod points;
pub mod pool;
pub mod privacy;
pub mod problem;
pub mod quiz;
pub mod reading;
pub mod redemption;
pub mod referral;
pub mod rule;
mod schema;
pub mod scores;
mod shelf;
pub mod shop;
pub mod show;
pub mod source;
pub mod story;
pub mod suggestions;
pub mod survey;
pub mod tagging;
pub mod telling;
pub mod tier;
pub mod trigger;
pub mod vocabulary;
pub mod vote;
pub mod winback;
pub mod wording;
mod written;
pub mod year;

use std::collections::{BTreeMap, BTreeSet};

use crate::chat::{
    CadenceName, CheckInName, ColumnName, CouponName, DrawName, Fold, GatewayName, GatheringName, GoodsName, GroupId,
    Kind, MembershipName, QuizName, ReferralName, RuleName, SurveyName, VoteName, WinbackName,
};

pub use admission::Admission;
pub use answers::{Answer, Answers};
pub use cadence::Cadence;
pub use check_in::CheckIn;
pub use claim::Claim;
pub use column::Column;
pub use coupon::Coupon;
pub use crowded::check_day;
pub use draw::Draw;
pub use effect::{Effect, To};
pub use gathering::Gathering;
pub use guard::Guard;
pub use house::{House, Manners};
pub use linking::Linking;
pub use membership::{Membership, Memberships};
pub use opening::Opening;
pub use opting_out::OptingOut;
pub use phrases::HousePhrases;
pub use picture::check_pictures;
pub use points::Points;
pub use privacy::Privacy;
pub use problem::{Code, Place, Problem, Severity};
pub use quiz::Quiz;
pub use reading::{Reading, Source, read};
pub use redemption::Redemption;
pub use referral::Referral;
pub use rule::{Limit, Period, Rule, Scope, Stand};
pub use schema::schema;
pub use scores::{Rfm, SuperUsers};
pub use shop::{Counter, Goods};
pub use show::{Format, show};
pub use story::Story;
pub use suggestions::Suggestions;
pub use survey::Survey;
pub use telling::BirthdayTelling;
pub use tier::{Ladder, Tier};
pub use trigger::Trigger;
pub use vote::Vote;
pub use winback::Winback;
pub use wording::{Condition, LocalTime, Money, Part, Wording};
pub use year::check_calendar;

/// Every playbook in force, and the house they play in.
#[derive(Clone, Debug)]
pub struct Playbooks {
    pub books: Vec<Playbook>,
    pub house: House,
    /// What the engine itself says.
    pub phrases: HousePhrases,
    /// The fields rules set on people: what `person.fields` has, set or not.
    pub fields: BTreeSet<String>,
    /// Names this set: the same files and the same house give the same fingerprint.
    pub fingerprint: String,
}

/// One file.
#[derive(Clone, Debug)]
pub struct Playbook {
    /// The file's name without `.toml`.
    pub name: String,
    pub title: String,
    pub groups: GroupFilter,
    /// How its words are compared with what members type.
    pub fold: Fold,
    pub rules: Vec<Rule>,
    pub coupons: BTreeMap<CouponName, Coupon>,
    pub votes: BTreeMap<VoteName, Vote>,
    pub draws: BTreeMap<DrawName, Draw>,
    pub surveys: BTreeMap<SurveyName, Survey>,
    pub quizzes: BTreeMap<QuizName, Quiz>,
    pub gatherings: BTreeMap<GatheringName, Gathering>,
    pub cadences: BTreeMap<CadenceName, Cadence>,
    pub check_ins: BTreeMap<CheckInName, CheckIn>,
    pub referrals: BTreeMap<ReferralName, Referral>,
    pub columns: BTreeMap<ColumnName, Column>,
    /// In the order written.
    pub guards: Vec<Guard>,
    /// At most one in a whole set.
    pub telling: Option<BirthdayTelling>,
    /// At most one in a whole set.
    pub points: Option<Points>,
    /// What is to be had for points.
    pub goods: BTreeMap<GoodsName, Goods>,
    /// At most one in a whole set is written; where only goods are, what goes without saying.
    pub counter: Option<Counter>,
    pub redemption: Option<Redemption>,
    pub claim: Option<Claim>,
    pub memberships: BTreeMap<MembershipName, Membership>,
    /// At most one is written in a whole set; where only cards are, what goes without saying.
    pub card_desk: Option<Memberships>,
    pub ladder: Option<Ladder>,
    pub rfm: Option<Rfm>,
    pub super_users: Option<SuperUsers>,
    /// At most one in a whole set.
    pub tagging: Option<tagging::Tagging>,
    /// At most one in a whole set; where only sources are written, what goes without saying.
    pub asked_sources: Option<source::Sources>,
    /// In the order written.
    pub sources: Vec<source::Source>,
    pub admissions: BTreeMap<String, Admission>,
    pub winbacks: BTreeMap<WinbackName, Winback>,
    /// At most one in a whole set.
    pub answers: Option<Answers>,
    /// In the order written.
    pub faq: Vec<Answer>,
    /// At most one in a whole set.
    pub suggestions: Option<Suggestions>,
    pub linking: Option<Linking>,
    pub opting_out: Option<OptingOut>,
    pub privacy: Option<Privacy>,
    pub stories: Vec<Story>,
    /// What it is instead in some of its groups; of several that fit the first counts.
    pub editions: Vec<Edition>,
}

/// A book as it plays in some of its groups: with other constants and wordings, some rules on or off.
#[derive(Clone, Debug)]
pub struct Edition {
    pub groups: GroupFilter,
    /// The line its `[[override]]` stands on, counted from 1.
    pub line: usize,
    /// Without tests, and without editions of its own.
    pub book: Playbook,
}

impl Playbook {
    /// What makes it another in a group of this id and name.
    pub fn edition(&self, group: &GroupId, name: &str) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.groups.admits(group, name))
    }

    /// As it plays in a group of this id and name.
    pub fn played_in(&self, group: &GroupId, name: &str) -> &Playbook {
        self.edition(group, name).map_or(self, |edition| &edition.book)
    }

    fn winbacks_of(&self) -> impl Iterator<Item = &Winback> {
        self.winbacks.values()
    }

    /// What its mechanics do beside its rules, each as the kind of thing it is.
    pub fn done_by_mechanics(&self) -> impl Iterator<Item = (Kind, &Effect)> {
        let votes = self.votes.values().flat_map(|vote| &vote.then);
        let surveys = self.surveys.values().flat_map(|survey| &survey.then);
        let quizzes = self.quizzes.values().flat_map(|quiz| &quiz.then);
        let referrals = self.referrals.values().flat_map(Referral::effects);
        let care = votes.chain(surveys).chain(quizzes).chain(referrals);
        let won_back = self.winbacks.values().flat_map(|winback| {
            let steps = winback.steps.iter().flat_map(|step| &step.then);
            steps.map(|effect| (winback.kind, effect))
        });
        care.map(|effect| (Kind::Care, effect)).chain(won_back)
    }

    /// Its rules, those of its editions among them.
    pub fn every_rule_mut(&mut self) -> impl Iterator<Item = &mut Rule> {
        let editions = self.editions.iter_mut().flat_map(|edition| &mut edition.book.rules);
        self.rules.iter_mut().chain(editions)
    }
}

/// Which groups a playbook plays in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFilter {
    /// Names or ids; `*` stands for any run of characters. None at all means every group.
    pub patterns: Vec<String>,
}

impl GroupFilter {
    /// Whether a group of this id and name is meant.
    pub fn admits(&self, group: &GroupId, name: &str) -> bool {
        self.patterns.is_empty()
            || self.patterns.iter().any(|pattern| {
                pattern == "*" || glob(pattern, name) || glob(pattern, group.as_str()) || glob(pattern, group.wire())
            })
    }

    /// Whether a group on this gateway may be meant: ids tell their gateway, names and what stands for anything do not.
    pub fn may_be_on(&self, gateway: &GatewayName) -> bool {
        let on_it = |pattern: &String| match pattern.split_once('/') {
            Some((before, _)) => glob(before, gateway.as_str()),
            None => true,
        };
        self.patterns.is_empty() || self.patterns.iter().any(on_it)
    }

    /// Whether some group may be meant by both.
    pub fn overlaps(&self, other: &GroupFilter) -> bool {
        let meet = |one: &String| other.patterns.iter().any(|other| globs_meet(one, other));
        self.patterns.is_empty() || other.patterns.is_empty() || self.patterns.iter().any(meet)
    }
}

/// Whether some text fits both: how they begin and how they end must go together.
fn globs_meet(one: &str, other: &str) -> bool {
    let ends = |pattern: &str| {
        let (first, _) = pattern.split_once('*')?;
        Some((
            first.to_owned(),
            pattern.rsplit('*').next().unwrap_or_default().to_owned(),
        ))
    };
    match (ends(one), ends(other)) {
        (None, _) => glob(other, one),
        (_, None) => glob(one, other),
        (Some((first, last)), Some((begin, end))) => {
            (first.starts_with(&begin) || begin.starts_with(&first)) && (last.ends_with(&end) || end.ends_with(&last))
        }
    }
}

/// `*` stands for any run of characters, everything else for itself.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((first, others)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let (between, last) = others.rsplit_once('*').unwrap_or(("", others));
    for part in between.split('*') {
        match place_of(part, rest) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Where one short text stands in another. Every message asks about every playbook's groups; preparing a search, as `find`
/// does, takes longer than the search.
fn place_of(part: &str, text: &str) -> Option<usize> {
    match part.len() {
        0 => Some(0),
        length => text
            .as_bytes()
            .windows(length)
            .position(|window| window == part.as_bytes()),
    }
}

impl Playbooks {
    /// A rule and the book it stands in.
    pub fn rule(&self, name: &RuleName) -> Option<(&Playbook, &Rule)> {
        self.books
            .iter()
            .find_map(|book| Some((book, book.rules.iter().find(|rule| rule.name == *name)?)))
    }

    /// A coupon, wherever it is written; names are unique over the set.
    pub fn coupon(&self, name: &CouponName) -> Option<&Coupon> {
        self.books.iter().find_map(|book| book.coupons.get(name))
    }

    /// A vote and the book it stands in.
    pub fn vote(&self, name: &VoteName) -> Option<(&Playbook, &Vote)> {
        self.books.iter().find_map(|book| Some((book, book.votes.get(name)?)))
    }

    /// A draw and the book it stands in.
    pub fn draw(&self, name: &DrawName) -> Option<(&Playbook, &Draw)> {
        self.books.iter().find_map(|book| Some((book, book.draws.get(name)?)))
    }

    /// A survey and the book it stands in.
    pub fn survey(&self, name: &SurveyName) -> Option<(&Playbook, &Survey)> {
        self.books.iter().find_map(|book| Some((book, book.surveys.get(name)?)))
    }

    /// A quiz and the book it stands in.
    pub fn quiz(&self, name: &QuizName) -> Option<(&Playbook, &Quiz)> {
        self.books.iter().find_map(|book| Some((book, book.quizzes.get(name)?)))
    }

    /// A gathering and the book it stands in.
    pub fn gathering(&self, name: &GatheringName) -> Option<(&Playbook, &Gathering)> {
        self.books
            .iter()
            .find_map(|book| Some((book, book.gatherings.get(name)?)))
    }

    /// A column and the book it stands in.
    pub fn column(&self, name: &ColumnName) -> Option<(&Playbook, &Column)> {
        self.books.iter().find_map(|book| Some((book, book.columns.get(name)?)))
    }

    /// A guard, by its full name.
    pub fn guard(&self, name: &RuleName) -> Option<&Guard> {
        self.guards().find(|guard| guard.name == *name)
    }

    /// Every guard of every book, in order.
    pub fn guards(&self) -> impl Iterator<Item = &Guard> {
        self.books.iter().flat_map(|book| &book.guards)
    }

    /// How birthdays are told, and the book it stands in.
    pub fn telling(&self) -> Option<(&Playbook, &BirthdayTelling)> {
        self.books.iter().find_map(|book| Some((book, book.telling.as_ref()?)))
    }

    /// The same, and the book it stands in.
    pub fn coupon_in(&self, name: &CouponName) -> Option<(&Playbook, &Coupon)> {
        self.books.iter().find_map(|book| Some((book, book.coupons.get(name)?)))
    }

    /// How coupons are used, and the book it stands in.
    pub fn redemption(&self) -> Option<(&Playbook, &Redemption)> {
        self.books
            .iter()
            .find_map(|book| Some((book, book.redemption.as_ref()?)))
    }

    /// How orders are claimed, and the book it stands in.
    pub fn claim(&self) -> Option<(&Playbook, &Claim)> {
        self.books.iter().find_map(|book| Some((book, book.claim.as_ref()?)))
    }

    /// A membership card and the book it stands in.
    pub fn membership(&self, name: &MembershipName) -> Option<(&Playbook, &Membership)> {
        self.books
            .iter()
            .find_map(|book| Some((book, book.memberships.get(name)?)))
    }

    /// Every membership card there is.
    pub fn memberships(&self) -> impl Iterator<Item = &Membership> {
        self.books.iter().flat_map(|book| book.memberships.values())
    }

    /// How cards are opened and taken, and the book it stands in: where it is written, else where the first card is.
    pub fn card_desk(&self) -> Option<(&Playbook, &Memberships)> {
        let desks = || {
            self.books
                .iter()
                .filter_map(|book| Some((book, book.card_desk.as_ref()?)))
        };
        desks().find(|(_, desk)| desk.written).or_else(|| desks().next())
    }

    /// The ladder of tiers, and the book it stands in.
    pub fn ladder(&self) -> Option<(&Playbook, &Ladder)> {
        self.books.iter().find_map(|book| Some((book, book.ladder.as_ref()?)))
    }

    /// How customers are scored, and the book it stands in.
    pub fn rfm(&self) -> Option<(&Playbook, &Rfm)> {
        self.books.iter().find_map(|book| Some((book, book.rfm.as_ref()?)))
    }

    /// Who is a super user, and the book it stands in.
    pub fn super_users(&self) -> Option<(&Playbook, &SuperUsers)> {
        self.books
            .iter()
            .find_map(|book| Some((book, book.super_users.as_ref()?)))
    }

    /// How staff tag people, and the book it stands in.
    pub fn tagging(&self) -> Option<(&Playbook, &tagging::Tagging)> {
        self.books.iter().find_map(|book| Some((book, book.tagging.as_ref()?)))
    }

    /// How newcomers tell where they come from, and the book it stands in.
    pub fn sources(&self) -> Option<(&Playbook, &source::Sources)> {
        self.books
            .iter()
            .find_map(|book| Some((book, book.asked_sources.as_ref()?)))
    }

    /// Every ladder of offers, and the book it stands in.
    pub fn winbacks(&self) -> impl Iterator<Item = (&Playbook, &Winback)> {
        let in_book = |book| Playbook::winbacks_of(book).map(move |winback| (book, winback));
        self.books.iter().flat_map(in_book)
    }

    /// A ladder of offers and the book it stands in.
    pub fn winback(&self, name: &WinbackName) -> Option<(&Playbook, &Winback)> {
        self.books
            .iter()
            .find_map(|book| Some((book, book.winbacks.get(name)?)))
    }

    /// How questions are answered, and the book it stands in.
    pub fn answers(&self) -> Option<(&Playbook, &Answers)> {
        self.books.iter().find_map(|book| Some((book, book.answers.as_ref()?)))
    }

    /// How suggestions are taken, and the book it stands in.
    pub fn suggestions(&self) -> Option<(&Playbook, &Suggestions)> {
        self.books
            .iter()
            .find_map(|book| Some((book, book.suggestions.as_ref()?)))
    }

    /// How accounts are linked, and the book it stands in.
    pub fn linking(&self) -> Option<(&Playbook, &Linking)> {
        self.books.iter().find_map(|book| Some((book, book.linking.as_ref()?)))
    }

    /// How members opt out, and the book it stands in.
    pub fn opting_out(&self) -> Option<(&Playbook, &OptingOut)> {
        self.books
            .iter()
            .find_map(|book| Some((book, book.opting_out.as_ref()?)))
    }

    /// What members are asked before it is kept and may ask for, and the book it stands in.
    pub fn privacy(&self) -> Option<(&Playbook, &Privacy)> {
        self.books.iter().find_map(|book| Some((book, book.privacy.as_ref()?)))
    }

    /// Where points are exchanged, and the book it stands in.
    pub fn counter(&self) -> Option<(&Playbook, &Counter)> {
        let all = || {
            let counters = self.books.iter();
            counters.filter_map(|book| Some((book, book.counter.as_ref()?)))
        };
        all().find(|(_, counter)| counter.written).or_else(|| all().next())
    }

    /// Something to be had for points, and the book it stands in.
    pub fn goods(&self, name: &GoodsName) -> Option<(&Playbook, &Goods)> {
        self.books.iter().find_map(|book| Some((book, book.goods.get(name)?)))
    }

    /// How points are asked for, and the book it stands in.
    pub fn points(&self) -> Option<(&Playbook, &Points)> {
        self.books.iter().find_map(|book| Some((book, book.points.as_ref()?)))
    }
}
