//! The names wording and conditions may use, occasion by occasion. The engine puts exactly these into its scenes.
//!
//! | name | what | when |
//! |---|---|---|
//! | `house.name`, `now` and its parts | the shop; the wall clock | always |
//! | `group.name`, `group.size` | the group it happens in | unless it was said in private |
//! | `who`, `people` | everybody it is about: in one text, as a list | when it is about people |
//! | `person.…`, `member.…` | the one person it is about | unless joiners are gathered |
//! | `spoke("7d")`, `joined("7d")`, `ordered("90d")`, `spent("90d")` | how much in the last days, at most 400 | as `person` and `member` |
//! | `text` | what was said; the new name | `message`; `renamed`, `card` |
//! | `captures.NAME` | the named parts of a pattern | `{ matches = … }` |
//! | `order.…` | what was paid or went back | `order`, `refund` |
//! | `birthday` | as it was told | `birthday`, `birthday.told` |
//! | `festival` | what the day is called | `festival` |
//! | `years`, `since` | how many years, and since when | `anniversary` |
//! | `silent_days` | how long they have been silent | `silent` |
//! | `minutes` | how long nobody answered | `unanswered` |
//! | `mark` | the mark that was reached | `reaches` |
//! | `coupon.…` | the coupon given last | after `give`, `coupon.given` |
//! | `points.…` | the points that moved last, and what is left | after `points`, `points.earned`, `points.spent`, `points.expired`, `points.expiring` |
//! | `goods.…`, `number` | what was exchanged for points | `exchange.made`, `exchange.handed_out`, `exchange.called_off` |
//! | `check_in.…` | the streak, the days in all, what comes next | `checkin.done`, `streak.reached` |
//! | `tier.…` | the tier somebody is on now, and what moved them | `tier.…` |
//! | `tag` | the tag that was put on or taken off | `tag.added`, `tag.removed` |
//! | `source.…` | where a newcomer comes from | `source.told` |
//! | `winback.…`, `silent_days` | the ladder and its step, the silence | `winback.…` |
//! | `reason` | why an effect was refused | `otherwise` |
//! | `about`, `closes`, `needed`, … | the vote; closed: `lines`, `ballots`; won: `winner`, `votes` | `vote.…` |
//! | `column.title`, `piece.…`, `host` | a piece of a column, and who hosts it | `column.said` |
//! | `referral.…` | who brought whom, and how many they brought | `referral.…` |
//! | `answer.name`, `answer.score`, `text` | the answer, how near it was, what was asked | `answer.given`; `text` alone: `answer.missing` |
//! | `number`, `suggestion`, `what`, `stage`, `note` | what a member suggested, and what staff wrote with it | `suggestion.…`, `feedback.given` |
//! | `survey.title`, `closes`, `replies`, `lines` | the survey; the last two where it is closed | `survey.…` |
//! | `quiz.title`, `question`, `right`, `place`; `lines`, `won` | the quiz; who won in all, where it is closed | `quiz.won`; `quiz.closed` |
//! | `event.…`, `seats`, `turnover`, … | the event | `event.…` |

use std::collections::BTreeMap;

use super::rule::Rule;
use super::trigger::{Fact, Heard, Place, Reaches, Text, Timetable, Trigger};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A text; some can be nothing at all (`person.birthday`), which `is none` tells.
    Text,
    Number,
    Money,
    /// A wall-clock time, with the parts in [`TIME_PARTS`].
    Time,
    Truth,
    List,
    /// A number of days: compares with numbers and days, not with money.
    Days,
    /// Counts by day, asked with a length: `spoke("7d")`.
    Window,
    /// Not known before it happens.
    Any,
}

/// What every time has: `event.start.hour`.
pub const TIME_PARTS: &[(&str, Sort)] = &[
    ("date", Sort::Text),
    ("time", Sort::Text),
    ("year", Sort::Number),
    ("month", Sort::Number),
    ("day", Sort::Number),
    ("hour", Sort::Number),
    ("minute", Sort::Number),
    ("weekday", Sort::Text),
];

/// What can be asked over the last days, and what comes out. A window of `7d` is today and the six days before it.
pub const WINDOWS: &[(&str, Sort)] = &[
    ("spoke", Sort::Number),
    ("joined", Sort::Number),
    ("ordered", Sort::Number),
    ("spent", Sort::Money),
];

const ALWAYS: &[(&str, Sort)] = &[
    ("house.name", Sort::Text),
    ("now.date", Sort::Text),
    ("now.time", Sort::Text),
    ("now.year", Sort::Number),
    ("now.month", Sort::Number),
    ("now.day", Sort::Number),
    ("now.hour", Sort::Number),
    ("now.minute", Sort::Number),
    ("now.weekday", Sort::Text),
    ("now.lunar", Sort::Text),
    ("now.festival", Sort::Text),
    ("now.workday", Sort::Truth),
    ("now.holiday", Sort::Truth),
];
const GROUP: &[(&str, Sort)] = &[("group.name", Sort::Text), ("group.size", Sort::Number)];
const PEOPLE: &[(&str, Sort)] = &[("who", Sort::Text), ("people", Sort::List)];
const ONE_PERSON: &[(&str, Sort)] = &[
    ("person.name", Sort::Text),
    ("person.orders", Sort::Number),
    ("person.spend", Sort::Money),
    ("person.tags", Sort::List),
    ("person.birthday", Sort::Text),
    ("person.points", Sort::Number),
    ("person.ledger", Sort::List),
    ("person.cards", Sort::List),
    ("person.tier", Sort::Text),
    ("person.tier_title", Sort::Text),
    ("person.tier_rank", Sort::Number),
    ("person.tier_next", Sort::Text),
    ("person.tier_missing", Sort::Text),
    ("person.rfm.r", Sort::Number),
    ("person.rfm.f", Sort::Number),
    ("person.rfm.m", Sort::Number),
    ("person.rfm.sum", Sort::Number),
    ("person.source", Sort::Text),
    ("person.source_title", Sort::Text),
    ("person.super", Sort::Truth),
    ("person.super_score", Sort::Number),
    ("person.first_order_days", Sort::Days),
    ("person.last_order_days", Sort::Days),
    ("ordered", Sort::Window),
    ("spent", Sort::Window),
    ("member.card", Sort::Text),
    ("member.joined_days", Sort::Days),
    ("member.silent_days", Sort::Days),
    ("member.spoken", Sort::Number),
    ("member.joins", Sort::Number),
    ("member.here", Sort::Truth),
    ("member.invited_by", Sort::Text),
    ("member.source", Sort::Text),
    ("spoke", Sort::Window),
    ("joined", Sort::Window),
];
const COUPON: &[(&str, Sort)] = &[
    ("coupon.title", Sort::Text),
    ("coupon.worth", Sort::Money),
    ("coupon.min_spend", Sort::Money),
    ("coupon.code", Sort::Text),
    ("coupon.expires", Sort::Time),
];
const POINTS: &[(&str, Sort)] = &[
    ("points.title", Sort::Text),
    ("points.amount", Sort::Number),
    ("points.balance", Sort::Number),
    ("points.why", Sort::Text),
];
const DRAW: &[(&str, Sort)] = &[
    ("draw.title", Sort::Text),
    ("enter", Sort::Text),
    ("claim", Sort::Text),
    ("prizes", Sort::List),
    ("rules", Sort::List),
    ("people_in", Sort::Number),
    ("chances", Sort::Number),
];
const CHANCES: &[(&str, Sort)] = &[
    ("own_chances", Sort::Number),
    ("most", Sort::Number),
    ("cost", Sort::Number),
];
const PRIZE: &[(&str, Sort)] = &[("prize", Sort::Text), ("prize_worth", Sort::Money)];
/// What an answer to whoever asks for their points has.
const POINTS_ASKED: &[(&str, Sort)] = &[
    ("points.title", Sort::Text),
    ("points.balance", Sort::Number),
    ("points.ledger", Sort::List),
    ("points.expiring", Sort::Number),
    ("points.until", Sort::Time),
];
const GOODS: &[(&str, Sort)] = &[("goods.title", Sort::Text), ("goods.price", Sort::Number)];
const GOODS_LEFT: &[(&str, Sort)] = &[("goods.left", Sort::Number), ("goods.per_person", Sort::Number)];
const POINTS_ENDING: &[(&str, Sort)] = &[("points.expiring", Sort::Number), ("points.until", Sort::Time)];
const CHECK_IN: &[(&str, Sort)] = &[
    ("check_in.streak", Sort::Number),
    ("check_in.days", Sort::Number),
    ("check_in.bonus", Sort::Number),
    ("check_in.next", Sort::Number),
    ("check_in.cards", Sort::Number),
    ("check_in.price", Sort::Number),
    ("check_in.per_month", Sort::Number),
    ("check_in.last_days", Sort::Number),
    ("check_in.day", Sort::Text),
    ("check_in.hours", Sort::Text),
    ("check_in.word", Sort::Text),
];
/// What is known of a membership card; its uses left and its days are as it stands now.
const CARD: &[(&str, Sort)] = &[
    ("card.name", Sort::Text),
    ("card.title", Sort::Text),
    ("card.benefit", Sort::Text),
    ("card.owner", Sort::Text),
    ("card.last", Sort::Text),
    ("card.days_left", Sort::Number),
    ("card.total", Sort::Number),
    ("card.left", Sort::Number),
    ("card.used", Sort::Number),
    ("card.today_left", Sort::Number),
    ("card.renewals", Sort::Number),
    ("card.paid", Sort::Money),
];
const SOURCE: &[(&str, Sort)] = &[("source.name", Sort::Text), ("source.title", Sort::Text)];
const WINBACK: &[(&str, Sort)] = &[
    ("winback.name", Sort::Text),
    ("winback.step", Sort::Number),
    ("winback.steps", Sort::Number),
];
const TIER: &[(&str, Sort)] = &[
    ("tier.name", Sort::Text),
    ("tier.title", Sort::Text),
    ("tier.rank", Sort::Number),
    ("tier.benefits", Sort::Text),
    ("tier.next", Sort::Text),
    ("tier.missing", Sort::Text),
];
/// What adds whoever moved.
const TIER_MOVED: &[(&str, Sort)] = &[
    ("tier.from", Sort::Text),
    ("tier.from_title", Sort::Text),
    ("tier.because", Sort::Text),
];
const TIER_LAPSING: &[(&str, Sort)] = &[
    ("tier.until", Sort::Time),
    ("tier.short", Sort::Text),
    ("tier.to_title", Sort::Text),
];
const ORDER: &[(&str, Sort)] = &[
    ("order.id", Sort::Text),
    ("order.amount", Sort::Money),
    ("order.items", Sort::List),
];
/// Of an order that was paid: which of theirs it is, and how many days ago it was paid, for it may be found late.
const PAID: &[(&str, Sort)] = &[("order.nth", Sort::Number), ("order.days", Sort::Days)];
const COLUMN: &[(&str, Sort)] = &[
    ("column.title", Sort::Text),
    ("piece.title", Sort::Text),
    ("piece.kind", Sort::Text),
    ("piece.text", Sort::Text),
    ("host", Sort::Text),
];
const REFERRAL: &[(&str, Sort)] = &[
    ("referral.title", Sort::Text),
    ("referral.newcomer", Sort::Text),
    ("referral.inviter", Sort::Text),
    ("referral.count", Sort::Number),
    ("referral.next", Sort::Number),
    ("referral.left", Sort::Number),
];
const OWED: &[(&str, Sort)] = &[
    ("coupons", Sort::Number),
    ("worth", Sort::Money),
    ("ending", Sort::Number),
    ("worth_ending", Sort::Money),
];

const REDEEMED: &[(&str, Sort)] = &[
    ("lines", Sort::List),
    ("coupons", Sort::Number),
    ("off", Sort::Money),
    ("bill", Sort::Money),
    ("due", Sort::Money),
];
/// What membership cards of a kind came to.
const CARD_FIGURES: &[(&str, Sort)] = &[
    ("title", Sort::Text),
    ("sold", Sort::Number),
    ("renewed", Sort::Number),
    ("active", Sort::Number),
    ("paused", Sort::Number),
    ("used", Sort::Number),
    ("left", Sort::Number),
    ("paid", Sort::Money),
    ("back", Sort::Money),
    ("cost", Sort::Money),
    ("margin", Sort::Money),
    ("each", Sort::Number),
    ("break_even", Sort::Number),
];
const SURVEY: &[(&str, Sort)] = &[
    ("survey.title", Sort::Text),
    ("closes", Sort::Time),
    ("join", Sort::Text),
    ("answer", Sort::Text),
    ("quit", Sort::Text),
    ("of", Sort::Number),
];
const ASKED: &[(&str, Sort)] = &[
    ("number", Sort::Number),
    ("question", Sort::Text),
    ("choices", Sort::List),
    ("hint", Sort::Text),
];
const QUIZ: &[(&str, Sort)] = &[
    ("question", Sort::Text),
    ("number", Sort::Number),
    ("of", Sort::Number),
    ("choices", Sort::List),
    ("most", Sort::Number),
];
const SUGGESTION: &[(&str, Sort)] = &[
    ("number", Sort::Number),
    ("suggestion", Sort::Text),
    ("what", Sort::Text),
    ("stage", Sort::Text),
    ("note", Sort::Text),
    ("place", Sort::Text),
    ("adopt", Sort::Text),
    ("decline", Sort::Text),
];
const QUESTIONS: &[(&str, Sort)] = &[
    ("asked", Sort::Number),
    ("by_bot", Sort::Number),
    ("by_people", Sort::Number),
    ("average", Sort::Number),
    ("longest", Sort::Number),
    ("told", Sort::Number),
    ("escalated", Sort::Number),
    ("never", Sort::Number),
];
const EVENT: &[(&str, Sort)] = &[
    ("event.title", Sort::Text),
    ("event.about", Sort::Text),
    ("event.start", Sort::Time),
    ("event.end", Sort::Time),
    ("event.big", Sort::Truth),
    ("join", Sort::Text),
    ("capacity", Sort::Number),
    ("seats", Sort::Number),
    ("waiting", Sort::Number),
    ("came", Sort::Number),
    ("messages", Sort::Number),
    ("orders", Sort::Number),
    ("turnover", Sort::Money),
    ("closes", Sort::Time),
    ("applying", Sort::Truth),
];
const VOTE: &[(&str, Sort)] = &[
    ("about", Sort::Text),
    ("nominate", Sort::Text),
    ("ballot", Sort::Text),
    ("count", Sort::Text),
    ("closes", Sort::Time),
    ("needed", Sort::Number),
];
/// What a closed vote adds.
const COUNTED: &[(&str, Sort)] = &[("lines", Sort::List), ("ballots", Sort::Number)];

/// Which names there are on one occasion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    names: BTreeMap<String, Sort>,
    /// What the occasion is could not be read: any name may be there.
    open: bool,
}

impl Vocabulary {
    /// What is there on every occasion in a group.
    pub fn base() -> Self {
        Self::default().and(ALWAYS).and(GROUP)
    }

    fn and(mut self, names: &[(&str, Sort)]) -> Self {
        self.names
            .extend(names.iter().map(|(name, sort)| ((*name).to_owned(), *sort)));
        self
    }

    /// With the names of one more thing.
    pub fn with(mut self, name: &str, sort: Sort) -> Self {
        self.names.insert(name.to_owned(), sort);
        self
    }

    /// Any name may be there besides, if `unread`.
    pub fn opened(mut self, unread: bool) -> Self {
        self.open |= unread;
        self
    }

    /// Whether any name may be there.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// With `coupon.…`.
    pub fn with_coupon(self) -> Self {
        self.and(COUPON)
    }

    /// The same, where a membership card was given before.
    pub fn with_card(self) -> Self {
        self.and(CARD)
    }

    /// With `points.…`.
    pub fn with_points(self) -> Self {
        self.and(POINTS)
    }

    /// With the fields rules set, where it is about one person.
    pub fn with_fields<'f>(mut self, fields: impl IntoIterator<Item = &'f String>) -> Self {
        if self.is_root("person") {
            for field in fields {
                self.names.insert(format!("person.fields.{field}"), Sort::Text);
            }
        }
        self
    }

    /// With `reason`.
    pub fn with_reason(self) -> Self {
        self.with("reason", Sort::Text)
    }

    /// Without what only one person has, because several share the occasion.
    fn gathered(mut self) -> Self {
        self.names
            .retain(|name, sort| !name.starts_with("person.") && !name.starts_with("member.") && *sort != Sort::Window);
        self
    }

    /// Without what somebody has in a group only: nobody has a card in a private chat.
    fn without_member(mut self) -> Self {
        self.names
            .retain(|name, _| !name.starts_with("member.") && !matches!(name.as_str(), "spoke" | "joined"));
        self
    }

    /// What one of several triggers guarantees.
    fn common(mut self, other: &Self) -> Self {
        self.names.retain(|name, sort| other.names.get(name) == Some(sort));
        self
    }

    /// What a name stands for.
    pub fn sort(&self, name: &str) -> Option<Sort> {
        self.names.get(name).copied().or(self.open.then_some(Sort::Any))
    }

    /// Whether names of this beginning exist: `group` for `group.name`.
    pub fn is_root(&self, root: &str) -> bool {
        self.open
            || self
                .names
                .keys()
                .any(|name| name.strip_prefix(root).is_some_and(|rest| rest.starts_with('.')))
    }

    /// What may stand after `root` and a dot; for the empty text, first names.
    pub fn after(&self, root: &str) -> Vec<&str> {
        let mut found: Vec<&str> = self
            .names
            .keys()
            .filter_map(|name| match root {
                "" => Some(name.as_str()),
                _ => name.strip_prefix(root)?.strip_prefix('.'),
            })
            .map(|rest| rest.split('.').next().unwrap_or(rest))
            .collect();
        found.dedup();
        found
    }

    /// What the condition of a rule may name: it is weighed for each person alone.
    pub fn of_condition(rule_on: &[Trigger]) -> Self {
        let mut each = rule_on.iter().map(of_trigger);
        let first = each.next().unwrap_or_else(Vocabulary::base);
        each.fold(first, |all, next| all.common(&next))
    }

    /// What the wording of a rule may name before anything was given.
    pub fn of_rule(rule_on: &[Trigger], gathers: bool) -> Self {
        let all = Self::of_condition(rule_on);
        if gathers { all.gathered() } else { all }
    }

    /// The same for a checked rule.
    pub fn of(rule: &Rule) -> Self {
        Self::of_rule(&rule.on, rule.gather.is_some())
    }

    /// What an audience may name: it is about a person in a group.
    pub fn of_audience() -> Self {
        Self::base().and(PEOPLE).and(ONE_PERSON)
    }

    /// What may follow from a referral can name: it is about one of the two.
    pub fn of_referral() -> Self {
        Self::base().and(PEOPLE).and(ONE_PERSON).and(REFERRAL)
    }

    /// What winning somebody back may name.
    pub fn of_winback() -> Self {
        Self::of_audience().and(WINBACK).with("silent_days", Sort::Days)
    }

    /// What the `then` of a survey may name.
    pub fn of_survey() -> Self {
        of_fact(Fact::SurveyAnswered)
    }

    /// What the `then` of a quiz may name.
    pub fn of_quiz() -> Self {
        of_fact(Fact::QuizWon)
    }

    /// What an answer and its condition may name: it is about whoever asks, in a group or in private.
    pub fn of_answer() -> Self {
        about_asker()
    }

    /// What the `then` of a vote may name.
    pub fn of_vote(about_a_member: bool) -> Self {
        let closed = Self::base()
            .and(VOTE)
            .and(COUNTED)
            .with("winner", Sort::Text)
            .with("votes", Sort::Number);
        if about_a_member {
            closed.and(PEOPLE).and(ONE_PERSON)
        } else {
            closed
        }
    }

    /// What a phrase of a mechanic may name, by the mechanic's section and the phrase's key.
    pub fn of_phrase(section: &str, key: &str) -> Self {
        match section {
            "birthday" => of_telling_phrase(key),
            "points" => of_points_phrase(key),
            "redemption" => of_redemption_phrase(key),
            "claim" => of_claim_phrase(key),
            "memberships" => of_card_phrase(key),
            "exchange" => of_exchange_phrase(key),
            "check_in" => of_check_in_phrase(key),
            "referral" => of_referral_phrase(key),
            "column" => of_column_phrase(key),
            "tiers" => of_tier_phrase(key),
            "tags" => of_tag_phrase(key),
            "sources" => of_source_phrase(key),
            "answers" => of_answers_phrase(key),
            "suggestions" => of_suggestions_phrase(key),
            "survey" => of_survey_phrase(key),
            "quiz" => of_quiz_phrase(key),
            "linking" => of_linking_phrase(key),
            "opting_out" => of_opting_out_phrase(key),
            "privacy" => of_privacy_phrase(key),
            "vote" => of_vote_phrase(key),
            "draw" => of_draw_phrase(key),
            "event" => of_event_phrase(key),
            _ => of_house_phrase(key),
        }
    }
}

fn of_telling_phrase(key: &str) -> Vocabulary {
    // A birthday may be told in private, where there is no group.
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE);
    match key {
        "no_such_day" => all.with("told", Sort::Text),
        _ => all.with("birthday", Sort::Text),
    }
}

fn of_redemption_phrase(key: &str) -> Vocabulary {
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE);
    match key {
        "used" => all.and(REDEEMED),
        "refused" | "several" | "mine" => all.with("lines", Sort::List),
        "restored" | "not_restored" => all.with("lines", Sort::List).with("coupons", Sort::Number),
        // Parts of a line, which know of nobody.
        "unknown" => Vocabulary::default().and(ALWAYS).with("code", Sort::Text),
        "has_none" | "used_none" => Vocabulary::default().and(ALWAYS).with("name", Sort::Text),
        "owed" => Vocabulary::default().and(ALWAYS).and(OWED).with("lines", Sort::List),
        "owed_line" => Vocabulary::default().and(ALWAYS).and(OWED).with("title", Sort::Text),
        "held" => Vocabulary::default()
            .and(ALWAYS)
            .with("at", Sort::Time)
            .with("till", Sort::Text),
        "was_used" | "was_taken" | "ended" | "not_yet" | "reservation_ended" => {
            Vocabulary::default().and(ALWAYS).with("at", Sort::Time)
        }
        "below" | "no_bill" => Vocabulary::default().and(ALWAYS).with("least", Sort::Money),
        "alone" | "not_today" | "not_used" | "no_reservation" => Vocabulary::default().and(ALWAYS),
        "how" => all.with("word", Sort::Text),
        _ => all,
    }
}

fn of_points_phrase(key: &str) -> Vocabulary {
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE);
    match key {
        "balance" => all.and(POINTS_ASKED),
        "expiring" => all.and(POINTS).and(POINTS_ENDING),
        "granted" => all
            .and(POINTS)
            .with("name", Sort::Text)
            .with("most", Sort::Number)
            .with("taken", Sort::Truth),
        "how_to_grant" | "too_many" => all.with("most", Sort::Number),
        "has_less" => all.and(POINTS).with("name", Sort::Text).with("most", Sort::Number),
        "spent_already" => all.and(POINTS).with("missing", Sort::Number).with("order", Sort::Text),
        "board" => all
            .with("points.title", Sort::Text)
            .with("lines", Sort::List)
            .with("month", Sort::Truth)
            .with("place", Sort::Number),
        _ => all,
    }
}

fn of_exchange_phrase(key: &str) -> Vocabulary {
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE).and(POINTS);
    let listed = || {
        let words = [("word", Sort::Text), ("hand_out", Sort::Text), ("call_off", Sort::Text)];
        words
            .into_iter()
            .fold(all.clone().with("lines", Sort::List), |all, (name, sort)| {
                all.with(name, sort)
            })
    };
    match key {
        "exchanged" => all.and(GOODS).with("number", Sort::Number),
        "handed_out" | "called_off" => all.and(GOODS).with("number", Sort::Number).with("name", Sort::Text),
        "several" => listed().with("name", Sort::Text),
        "given" => all.and(GOODS).and(COUPON).with("number", Sort::Number),
        "short" | "had_enough" | "sold_out" => all.and(GOODS).and(GOODS_LEFT),
        _ => listed(),
    }
}

fn of_claim_phrase(key: &str) -> Vocabulary {
    // An order may be claimed in private, where there is no group.
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE);
    match key {
        "how" => all.with("word", Sort::Text),
        "bound" => all.with("orders", Sort::Number).with("amount", Sort::Money),
        "not_found" => all.with("left", Sort::Number),
        "staff_several" => all
            .with("tail", Sort::Text)
            .with("lines", Sort::List)
            .with("person_id", Sort::Text),
        "staff_tries" => all.with("attempts", Sort::Number).with("person_id", Sort::Text),
        _ => all,
    }
}

fn of_card_phrase(key: &str) -> Vocabulary {
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE);
    let of_card = || all.clone().and(CARD);
    match key {
        "bought" => of_card().with("ask", Sort::Text),
        "opened" | "renewed" | "no_pause" | "last_day" | "already_paused" | "not_paused" | "used" | "undone"
        | "nothing_used" | "all_used" | "was_cancelled" | "refund_of_used" | "refund_of_renewal" => of_card(),
        "today_enough" | "week_enough" => of_card()
            .with("count", Sort::Number)
            .with("most", Sort::Number)
            .with("next", Sort::Time)
            .with("ends", Sort::Truth),
        "is_paused" => of_card().with("word", Sort::Text),
        "ended" | "ends" | "has_one" => of_card().with("word", Sort::Text),
        "paused" => of_card().with("most", Sort::Number).with("until", Sort::Text),
        "pause_spent" => of_card().with("most", Sort::Number),
        "resumed" => of_card().with("days", Sort::Number),
        "cancelled" => of_card().with("back", Sort::Money),
        "has_none" => all.with("name", Sort::Text),
        "unknown" => all.with("code", Sort::Text),
        "several" | "mine" => all.with("lines", Sort::List),
        "no_such" => all.with("told", Sort::Text).with("titles", Sort::Text),
        "how" => all.with("word", Sort::Text).with("what", Sort::Text),
        "figures" => Vocabulary::default().and(ALWAYS).with("lines", Sort::List),
        "figures_line" => Vocabulary::default().and(ALWAYS).and(CARD_FIGURES),
        _ => all,
    }
}

fn of_check_in_phrase(key: &str) -> Vocabulary {
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE);
    match key {
        "how_to_give" => all,
        "cards_given" => all.with("cards", Sort::Number),
        _ => all.and(CHECK_IN).and(POINTS),
    }
}

fn of_column_phrase(key: &str) -> Vocabulary {
    let all = Vocabulary::base().and(COLUMN);
    match key {
        "low" => all.with("left", Sort::Number),
        _ => all,
    }
}

fn of_referral_phrase(key: &str) -> Vocabulary {
    // A question may be asked in private; who asks is known everywhere.
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE).and(REFERRAL);
    match key {
        "word" => all.with("word", Sort::Text).with("hours", Sort::Number),
        "progress" => all.with("waiting", Sort::Number).with("lines", Sort::List),
        "noted" | "late" | "yourself" | "already" | "not_new" => all.with("days", Sort::Number),
        "too_many" => all
            .with("code", Sort::Text)
            .with("count", Sort::Number)
            .with("most", Sort::Number),
        "same_name" | "agreed" | "declined" => all.with("code", Sort::Text),
        _ => all,
    }
}

fn of_tier_phrase(key: &str) -> Vocabulary {
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE);
    let of_somebody = || all.clone().with("name", Sort::Text);
    match key {
        "mine" => all.and(TIER).with("lines", Sort::List),
        // Parts of a line, which know of nobody.
        "falls" => Vocabulary::default()
            .and(ALWAYS)
            .with("until", Sort::Time)
            .with("short", Sort::Text)
            .with("to", Sort::Text),
        "held" => Vocabulary::default().and(ALWAYS).with("until", Sort::Time),
        "nothing" => Vocabulary::default().and(ALWAYS),
        "set" => of_somebody()
            .and(TIER)
            .with("why", Sort::Text)
            .with("dated", Sort::Text),
        "freed" => of_somebody().and(TIER),
        "not_held" => of_somebody(),
        "no_such" => all.with("told", Sort::Text).with("tiers", Sort::Text),
        "how" => all.with("word", Sort::Text).with("tiers", Sort::Text),
        _ => all.with("ask", Sort::Text),
    }
}

fn of_tag_phrase(key: &str) -> Vocabulary {
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE);
    match key {
        "added" | "removed" | "shown" => all.with("lines", Sort::List),
        "unknown" => all.with("tag", Sort::Text).with("tags", Sort::Text),
        _ => all.with("word", Sort::Text),
    }
}

fn of_source_phrase(key: &str) -> Vocabulary {
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE).with("told", Sort::Text);
    match key {
        "noted" => all.and(SOURCE),
        _ => all,
    }
}

fn about_asker() -> Vocabulary {
    Vocabulary::default()
        .and(ALWAYS)
        .and(PEOPLE)
        .and(ONE_PERSON)
        .without_member()
        .with("text", Sort::Text)
}

fn of_survey_phrase(key: &str) -> Vocabulary {
    let told = Vocabulary::base().and(SURVEY);
    match key {
        "opened" => told.with("lines", Sort::List),
        "closed" | "results" => told
            .with("replies", Sort::Number)
            .with("lines", Sort::List)
            .with("rows", Sort::List),
        "question" | "again" => told.and(PEOPLE).and(ASKED),
        _ => told.and(PEOPLE),
    }
}

fn of_quiz_phrase(key: &str) -> Vocabulary {
    let asked = Vocabulary::base().with("quiz.title", Sort::Text).and(QUIZ);
    match key {
        // What is right is not to be told before its time.
        "asked" => asked.with("closes", Sort::Time),
        "won" => asked.and(PEOPLE).with("place", Sort::Number),
        "closed" => Vocabulary::base()
            .with("quiz.title", Sort::Text)
            .with("lines", Sort::List)
            .with("won", Sort::Number),
        _ => asked.with("right", Sort::Text).with("winners", Sort::Text),
    }
}

fn of_suggestions_phrase(key: &str) -> Vocabulary {
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE);
    match key {
        "same" | "unknown" => all.with("number", Sort::Number),
        "enough" => all.with("most", Sort::Number),
        "too_long" => all.with("longest", Sort::Number),
        "not_so" => all.with("number", Sort::Number).with("stage", Sort::Text),
        "moved" => all
            .with("number", Sort::Number)
            .with("stage", Sort::Text)
            .with("name", Sort::Text),
        "list" | "mine" => all.with("lines", Sort::List),
        _ => all.and(SUGGESTION),
    }
}

fn of_answers_phrase(key: &str) -> Vocabulary {
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE);
    match key {
        "figures" => Vocabulary::default()
            .and(ALWAYS)
            .and(QUESTIONS)
            .with("month", Sort::Text)
            .with("lines", Sort::List),
        "nearest" => all.with("lines", Sort::List),
        "told_staff" | "escalated" => all
            .with("lines", Sort::List)
            .with("minutes", Sort::Number)
            .with("place", Sort::Text),
        _ => all.with("text", Sort::Text),
    }
}

fn of_linking_phrase(key: &str) -> Vocabulary {
    let words = ["word", "link", "undo"].into_iter();
    let all = words.fold(Vocabulary::default().and(ALWAYS).and(PEOPLE), |all, word| {
        all.with(word, Sort::Text)
    });
    match key {
        "code" => all.with("code", Sort::Text).with("minutes", Sort::Number),
        "told" | "unlinked" | "unknown" => all.with("account", Sort::Text),
        "linked_by_staff" => all.with("name", Sort::Text).with("account", Sort::Text),
        "which" => all.with("lines", Sort::List),
        "accounts" => all.with("name", Sort::Text).with("lines", Sort::List),
        _ => all,
    }
}

fn of_opting_out_phrase(key: &str) -> Vocabulary {
    // It may be said in private, where there is no group.
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE);
    match key {
        "out_for" | "back_for" => all.with("name", Sort::Text),
        "whom" => all.with("word", Sort::Text),
        _ => all.with("back", Sort::Text),
    }
}

fn of_privacy_phrase(key: &str) -> Vocabulary {
    // Parts of a sentence, which know of nobody.
    if matches!(key, "birthday" | "birthday_for" | "phone" | "phone_for") {
        return Vocabulary::default().and(ALWAYS);
    }
    let words = ["agree", "revoke", "forget", "confirm"];
    let all = Vocabulary::default().and(ALWAYS).and(PEOPLE);
    let all = words.into_iter().fold(all, |all, word| all.with(word, Sort::Text));
    match key {
        "ask" => all.with("what", Sort::Text).with("why", Sort::Text),
        "phone_noted" => all.with("tail", Sort::Text),
        "forget_asked" => all.with("accounts", Sort::Text),
        "mine" => all.with("lines", Sort::List),
        "exported" => all.with("data", Sort::Text),
        "forget_staff" => all.with("id", Sort::Text),
        _ => all,
    }
}

fn of_vote_phrase(key: &str) -> Vocabulary {
    let answer = Vocabulary::base().and(PEOPLE);
    match key {
        "opened" => Vocabulary::base().and(VOTE),
        "commit" => Vocabulary::base().and(VOTE).with("commit", Sort::Text),
        "drawn" => Vocabulary::base()
            .and(VOTE)
            .and(COUNTED)
            .with("winner", Sort::Text)
            .with("receipt", Sort::Text),
        "called" => answer.with("callers", Sort::Number).with("needed", Sort::Number),
        "already" => answer.with("closes", Sort::Time),
        "whom" => answer.with("open", Sort::Text),
        "running" => answer.and(VOTE).and(COUNTED),
        "failed" | "tied" => Vocabulary::base().and(VOTE).and(COUNTED),
        "balloted" | "changed" => answer
            .and(VOTE)
            .with("number", Sort::Number)
            .with("nomination", Sort::Text),
        "no_such" => answer.and(VOTE).with("number", Sort::Number),
        _ => of_nomination(key, answer.and(VOTE)),
    }
}

fn of_draw_phrase(key: &str) -> Vocabulary {
    let told = Vocabulary::base().and(DRAW);
    let answer = told.clone().and(PEOPLE);
    match key {
        "opened" => told.with("commit", Sort::Text),
        "already_open" => answer,
        "drawn" => told
            .with("winners", Sort::List)
            .with("receipt", Sort::Text)
            .with("list", Sort::Text)
            .with("until", Sort::Time)
            .with("commit", Sort::Text),
        "redraw_how" => answer.with("redraw", Sort::Text),
        "redrawn" => answer.with("winners", Sort::List).with("reason", Sort::Text),
        "nobody" | "redraws" | "unclaimed" => told.with("winners", Sort::List),
        "entered" | "entered_already" => answer.and(CHANCES),
        "short" => answer.and(CHANCES).with("has", Sort::Number),
        "claimed" | "claimed_already" | "too_late" | "not_given" => answer.and(PRIZE),
        _ => answer,
    }
}

fn of_nomination(key: &str, all: Vocabulary) -> Vocabulary {
    let named = all.clone().with("nomination", Sort::Text);
    match key {
        "nominated" => named.with("number", Sort::Number),
        "same" => named.with("number", Sort::Number).with("first", Sort::Text),
        "length" => named.with("shortest", Sort::Number).with("longest", Sort::Number),
        "enough" => named.with("most", Sort::Number),
        "forbidden" | "nominations_over" => named,
        // Whoever may not vote is told so when nominating and when voting.
        _ => all,
    }
}

fn of_event_phrase(key: &str) -> Vocabulary {
    let told = Vocabulary::base().and(EVENT);
    let answer = told.clone().and(PEOPLE);
    match key {
        "teased" | "reminded" | "opened" | "closed" | "review" => told,
        "sign_ups" => told.with("lines", Sort::List),
        "chosen" => answer.with("lines", Sort::List).with("applied", Sort::Number),
        "joined" | "waits" | "applied" | "already" => {
            answer.with("place", Sort::Number).with("own_seats", Sort::Number)
        }
        "seats" => answer.with("most", Sort::Number).with("own_seats", Sort::Number),
        "full" => answer.with("own_seats", Sort::Number),
        "list" => answer.with("lines", Sort::List),
        _ => answer,
    }
}

fn of_house_phrase(key: &str) -> Vocabulary {
    let all = Vocabulary::base();
    match key {
        "set_your_card" => all.and(PEOPLE).with("card", Sort::Text),
        "rename_by_hand" => all.with("name", Sort::Text),
        "kick_asked" => all
            .and(PEOPLE)
            .with("reason", Sort::Text)
            .with("code", Sort::Text)
            .with("until", Sort::Time),
        "kick_by_hand" => all.and(PEOPLE).with("reason", Sort::Text),
        _ if key.starts_with("kick_") => all.and(PEOPLE).with("code", Sort::Text),
        "guard_pauses" | "guard_warns" | "guard_released" => ["guard", "book", "rule", "breach", "because", "name"]
            .into_iter()
            .fold(all, |all, name| all.with(name, Sort::Text)),
        "admission" => Vocabulary::default()
            .and(ALWAYS)
            .and(PEOPLE)
            .with("title", Sort::Text)
            .with("count", Sort::Number)
            .with("lines", Sort::List),
        "alert" => Vocabulary::default().and(ALWAYS).with("alert", Sort::Text),
        "say_by_hand" => all.with("words", Sort::Text),
        "same_name" => all.with("gateway", Sort::Text).with("name", Sort::Text),
        "contact_lost" => all.and(PEOPLE).with("staff", Sort::Text),
        "account_away" => all.with("gateway", Sort::Text).with("why", Sort::Text),
        "account_back" => all.with("gateway", Sort::Text),
        "vote_withdrawn" | "draw_withdrawn" => all.with("name", Sort::Text),
        "prize_not_given" => all.and(PEOPLE).and(DRAW).and(PRIZE),
        "survey_withdrawn" => all.with("name", Sort::Text).with("replies", Sort::Number),
        "event_withdrawn" => all
            .with("name", Sort::Text)
            .with("start", Sort::Time)
            .with("seats", Sort::Number),
        "pool_low" => Vocabulary::default()
            .and(ALWAYS)
            .with("title", Sort::Text)
            .with("left", Sort::Number)
            .with("worth", Sort::Money),
        "coupon_ends" => Vocabulary::default().and(ALWAYS).and(PEOPLE).and(COUPON),
        "refund_of_used" => all.and(PEOPLE).and(COUPON).with("order", Sort::Text),
        "action_dead" => all.with("deed", Sort::Text).with("why", Sort::Text),
        _ => all,
    }
}

fn of_trigger(trigger: &Trigger) -> Vocabulary {
    let about_one = || Vocabulary::base().and(PEOPLE).and(ONE_PERSON);
    match trigger {
        Trigger::Joined { .. } | Trigger::Left => about_one(),
        // The new name; who gave it is not always said.
        Trigger::Renamed => Vocabulary::base().with("text", Sort::Text),
        Trigger::CardChanged => about_one().with("text", Sort::Text),
        Trigger::At(Timetable::Special { .. }) => Vocabulary::base().with("festival", Sort::Text),
        Trigger::At(_) => Vocabulary::base(),
        Trigger::Message(heard) => of_message(heard),
        Trigger::OrderPaid(_) => about_one().and(ORDER).and(PAID),
        Trigger::Refunded => about_one().and(ORDER),
        Trigger::Birthday { .. } => about_one().with("birthday", Sort::Text),
        Trigger::Anniversary(_) => about_one().with("years", Sort::Number).with("since", Sort::Time),
        Trigger::Silent(_) => about_one().with("silent_days", Sort::Days),
        Trigger::Unanswered(wanted) => of_message(&wanted.heard).with("minutes", Sort::Number),
        Trigger::Reaches(Reaches::Orders(_)) => about_one().and(ORDER).and(PAID).with("mark", Sort::Number),
        Trigger::Reaches(Reaches::Spend(_)) => about_one().and(ORDER).and(PAID).with("mark", Sort::Money),
        Trigger::Reaches(Reaches::Points(_)) => of_fact(Fact::PointsEarned).with("mark", Sort::Number),
        Trigger::Fact { fact, .. } => of_fact(*fact),
    }
}

fn of_message(heard: &Heard) -> Vocabulary {
    let mut all = Vocabulary::default()
        .and(ALWAYS)
        .and(PEOPLE)
        .and(ONE_PERSON)
        .with("text", Sort::Text);
    if heard.place == Place::Group {
        all = all.and(GROUP);
    } else {
        all = all.without_member();
    }
    if let Text::Matches(pattern) = &heard.text {
        for name in pattern.capture_names().flatten() {
            all = all.with(&format!("captures.{name}"), Sort::Text);
        }
    }
    all
}

#[allow(clippy::too_many_lines, reason = "one arm a fact: a table")]
fn of_fact(fact: Fact) -> Vocabulary {
    let base = Vocabulary::base();
    match fact {
        Fact::CouponGiven | Fact::CouponUsed => base.and(PEOPLE).and(ONE_PERSON).and(COUPON),
        Fact::BirthdayTold => Vocabulary::default()
            .and(ALWAYS)
            .and(PEOPLE)
            .and(ONE_PERSON)
            .without_member()
            .with("birthday", Sort::Text),
        Fact::ContactAdded | Fact::ContactLost => Vocabulary::default()
            .and(ALWAYS)
            .and(PEOPLE)
            .and(ONE_PERSON)
            .without_member()
            .with("staff", Sort::Text),
        Fact::AccountLinked | Fact::AccountUnlinked => Vocabulary::default()
            .and(ALWAYS)
            .and(PEOPLE)
            .and(ONE_PERSON)
            .without_member()
            .with("account", Sort::Text),
        Fact::Exchanged | Fact::HandedOut | Fact::CalledOff => Vocabulary::default()
            .and(ALWAYS)
            .and(PEOPLE)
            .and(ONE_PERSON)
            .without_member()
            .and(POINTS)
            .and(GOODS)
            .with("number", Sort::Number),
        Fact::PointsEarned | Fact::PointsSpent | Fact::PointsExpired | Fact::PointsExpiring => {
            let told = Vocabulary::default()
                .and(ALWAYS)
                .and(PEOPLE)
                .and(ONE_PERSON)
                .without_member();
            let told = told.and(POINTS);
            match fact {
                Fact::PointsExpiring => told.and(POINTS_ENDING),
                _ => told,
            }
        }
        Fact::CheckedIn | Fact::StreakReached => {
            let told = Vocabulary::default()
                .and(ALWAYS)
                .and(PEOPLE)
                .and(ONE_PERSON)
                .without_member();
            let told = told.and(CHECK_IN).and(POINTS);
            match fact {
                Fact::StreakReached => told.with("mark", Sort::Number),
                _ => told,
            }
        }
        Fact::ReferralCounted | Fact::ReferralVoid | Fact::ReferralReached => Vocabulary::of_referral(),
        Fact::PieceSaid => base.and(COLUMN),
        Fact::MembershipOpened
        | Fact::MembershipRenewed
        | Fact::MembershipRedeemed
        | Fact::MembershipPaused
        | Fact::MembershipEnding => base.and(PEOPLE).and(ONE_PERSON).and(CARD),
        Fact::MembershipResumed => base
            .and(PEOPLE)
            .and(ONE_PERSON)
            .and(CARD)
            .with("card.days", Sort::Number),
        Fact::MembershipEnded => base.and(PEOPLE).and(ONE_PERSON).and(CARD).with("card.how", Sort::Text),
        Fact::TierRaised | Fact::TierLowered => base.and(PEOPLE).and(ONE_PERSON).and(TIER).and(TIER_MOVED),
        Fact::TierLapsing => base.and(PEOPLE).and(ONE_PERSON).and(TIER).and(TIER_LAPSING),
        Fact::TierMonth => base.and(PEOPLE).and(ONE_PERSON).and(TIER),
        Fact::SuperUser => base.and(PEOPLE).and(ONE_PERSON),
        Fact::TagAdded | Fact::TagRemoved => base.and(PEOPLE).and(ONE_PERSON).with("tag", Sort::Text),
        Fact::SourceTold => base.and(PEOPLE).and(ONE_PERSON).and(SOURCE),
        Fact::WinbackSent => Vocabulary::of_winback(),
        Fact::WinbackReturned => Vocabulary::of_audience()
            .and(WINBACK)
            .with("winback.by", Sort::Text)
            .with("winback.days", Sort::Number),
        Fact::AnswerGiven => about_asker()
            .with("answer.name", Sort::Text)
            .with("answer.score", Sort::Number),
        Fact::AnswerMissing => about_asker(),
        Fact::SurveyOpened => base.and(SURVEY).with("lines", Sort::List),
        Fact::SurveyAnswered => base.and(PEOPLE).and(ONE_PERSON).and(SURVEY),
        Fact::SurveyClosed => base.and(SURVEY).with("replies", Sort::Number).with("lines", Sort::List),
        Fact::QuizWon => base
            .and(PEOPLE)
            .and(ONE_PERSON)
            .with("quiz.title", Sort::Text)
            .and(QUIZ)
            .with("right", Sort::Text)
            .with("place", Sort::Number),
        Fact::QuizClosed => base
            .with("quiz.title", Sort::Text)
            .with("lines", Sort::List)
            .with("won", Sort::Number),
        Fact::SuggestionMade
        | Fact::SuggestionAdopted
        | Fact::SuggestionDeclined
        | Fact::SuggestionDone
        | Fact::FeedbackGiven => Vocabulary::default()
            .and(ALWAYS)
            .and(PEOPLE)
            .and(ONE_PERSON)
            .without_member()
            .and(SUGGESTION),
        Fact::OptedOut | Fact::OptedIn => Vocabulary::default()
            .and(ALWAYS)
            .and(PEOPLE)
            .and(ONE_PERSON)
            .without_member(),
        Fact::VoteOpened => base.and(VOTE),
        Fact::VoteClosed => base
            .and(VOTE)
            .and(COUNTED)
            .with("winner", Sort::Text)
            .with("votes", Sort::Number),
        Fact::VoteFailed => base.and(VOTE).and(COUNTED),
        Fact::DrawOpened => base.and(DRAW),
        Fact::DrawDrawn => base.and(DRAW).with("winners", Sort::List),
        Fact::DrawWon | Fact::DrawClaimed | Fact::DrawUnclaimed => {
            base.and(DRAW).and(PEOPLE).and(ONE_PERSON).and(PRIZE)
        }
        Fact::EventTeased | Fact::EventOpened | Fact::EventClosed | Fact::EventReviewed | Fact::EventSignUpClosed => {
            base.and(EVENT)
        }
        Fact::SignedUp => base
            .and(EVENT)
            .and(PEOPLE)
            .and(ONE_PERSON)
            .with("place", Sort::Number)
            .with("own_seats", Sort::Number),
        Fact::EventChosen | Fact::EventDeclined => base
            .and(EVENT)
            .and(PEOPLE)
            .and(ONE_PERSON)
            .with("place", Sort::Number)
            .with("own_seats", Sort::Number)
            .with("score", Sort::Number),
    }
}
