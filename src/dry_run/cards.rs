//! What is done with membership cards, in the words of transcripts and tests; and the conditions cards are held to.

use serde::Serialize;

use super::effects::plain;
use crate::chat::{CouponCode, Fen, Lang, PersonId};
use crate::community::change::Change;
use crate::community::membership::How;
use crate::engine::card_term::{CardDeed, CardTerm, Per};

/// What was done with a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CardDone {
    Opened,
    Renewed,
    Used,
    Undone,
    Paused,
    Resumed,
    Cancelled,
    Expired,
}

impl CardDone {
    /// The words a transcript and a test know it by.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            CardDone::Opened => &["开卡", "opens card of"],
            CardDone::Renewed => &["续卡", "renews card of"],
            CardDone::Used => &["核卡", "uses card of"],
            CardDone::Undone => &["撤销核卡", "undoes card of"],
            CardDone::Paused => &["停卡", "pauses card of"],
            CardDone::Resumed => &["复卡", "resumes card of"],
            CardDone::Cancelled => &["退卡", "cancels card of"],
            CardDone::Expired => &["卡到期", "ends card of"],
        }
    }

    pub fn word(self, lang: Lang) -> &'static str {
        let [zh, en] = self.words() else { return "" };
        lang.pick(zh, en)
    }
}

/// What a change does with a card: whose, which, and the money it is about.
pub fn done(change: &Change) -> Option<(CardDone, &PersonId, &CouponCode, Fen)> {
    let nothing = Fen::ZERO;
    Some(match change {
        Change::CardOpened { card } => (CardDone::Opened, &card.person, &card.code, card.paid()),
        Change::CardRenewed { person, code, sold, .. } => (CardDone::Renewed, person, code, sold.paid),
        Change::CardUsed { person, code, how } => (CardDone::Used, person, code, how.cost),
        Change::CardUnused { person, code } => (CardDone::Undone, person, code, nothing),
        Change::CardPaused { person, code, .. } => (CardDone::Paused, person, code, nothing),
        Change::CardResumed { person, code, .. } => (CardDone::Resumed, person, code, nothing),
        Change::CardOver { person, code, over } => {
            let done = match over.how {
                How::Expired => CardDone::Expired,
                How::Cancelled => CardDone::Cancelled,
            };
            (done, person, code, over.back)
        }
        _ => return None,
    })
}

/// What was asked of the desk for cards.
pub fn request(deed: CardDeed, written: &str, lang: Lang) -> String {
    let (zh, en) = match deed {
        CardDeed::Open => ("开卡", "opens a card"),
        CardDeed::Renew => ("续卡", "renews a card"),
        CardDeed::Redeem => ("核卡", "uses a card"),
        CardDeed::Undo => ("撤销核卡", "takes back the use of a card"),
        CardDeed::Pause => ("停卡", "pauses a card"),
        CardDeed::Resume => ("复卡", "goes on with a card"),
        CardDeed::Cancel => ("退卡", "cancels a card"),
        CardDeed::Transfer => ("转卡", "passes a card on"),
        CardDeed::Mine => ("问自己有什么卡", "asks for their own cards"),
        CardDeed::Figures => ("问会员卡数据", "asks what cards came to"),
        CardDeed::Buy => ("下单买卡", "an order for a card"),
    };
    match (written.is_empty(), lang) {
        (true, _) => lang.pick(zh, en).to_owned(),
        (false, Lang::Zh) => format!("{zh}「{}」", plain(written)),
        (false, Lang::En) => format!("{en}: “{}”", plain(written)),
    }
}

pub fn in_chinese(term: &CardTerm) -> String {
    match term {
        CardTerm::Named => "写了卡号，或 @ 了一位".to_owned(),
        CardTerm::Known { code: Some(code) } => format!("有这张卡：{}", plain(code.as_str())),
        CardTerm::Known { code: None } => "有这样的卡".to_owned(),
        CardTerm::Kind { told } if told.is_empty() => "清楚是哪一种卡".to_owned(),
        CardTerm::Kind { told } => format!("有这种卡：「{}」", plain(told)),
        CardTerm::OneKind { kinds } => format!("清楚是哪一种卡：有 {kinds} 种"),
        CardTerm::NoneYet { last } => format!("手里没有这种卡：已有一张到 {last}"),
        CardTerm::Own => "是本人的卡".to_owned(),
        CardTerm::ByMember => "这种卡群友可以自己核".to_owned(),
        CardTerm::Runs {
            over: Some(How::Cancelled),
            ..
        } => "没有退掉：已经退了".to_owned(),
        CardTerm::Runs { last, .. } => format!("没有到期：到 {last} 为止"),
        CardTerm::Going { paused_at: None } => "没有停着".to_owned(),
        CardTerm::Going { paused_at: Some(_) } => "没有停着：正停着".to_owned(),
        CardTerm::Paused => "正停着".to_owned(),
        CardTerm::Pausable { most: 0, .. } => "可以停卡：这种卡不能停".to_owned(),
        CardTerm::Pausable { had, most } => format!("最多停 {most} 天：停过 {had} 天"),
        CardTerm::DayToSpare { last } => format!("还有没用的一天：到 {last} 为止"),
        CardTerm::Uses { per, had, most } => {
            let per = match per {
                Per::Day => "一天",
                Per::Week => "一周",
                Per::Card => "一共",
            };
            format!("{per}最多 {most} 次：用过 {had} 次")
        }
        CardTerm::UsedToday => "今天核过".to_owned(),
        CardTerm::Back { back, paid } => format!("退款不超过收款：收过 ¥{paid}，要退 ¥{back}"),
        CardTerm::PassedOn => "可以转给别人：会员卡都不能".to_owned(),
    }
}

pub fn in_english(term: &CardTerm) -> String {
    match term {
        CardTerm::Named => "a number, or one member called by name".to_owned(),
        CardTerm::Known { code: Some(code) } => format!("there is such a card: {}", plain(code.as_str())),
        CardTerm::Known { code: None } => "has such a card".to_owned(),
        CardTerm::Kind { told } if told.is_empty() => "it is clear which kind of card".to_owned(),
        CardTerm::Kind { told } => format!("there is such a kind of card: “{}”", plain(told)),
        CardTerm::OneKind { kinds } => format!("it is clear which kind of card: there are {kinds}"),
        CardTerm::NoneYet { last } => format!("has no card of the kind: has one until {last}"),
        CardTerm::Own => "the card is their own".to_owned(),
        CardTerm::ByMember => "members may use such a card by their own word".to_owned(),
        CardTerm::Runs {
            over: Some(How::Cancelled),
            ..
        } => "not cancelled: it was".to_owned(),
        CardTerm::Runs { last, .. } => format!("not over: good until {last}"),
        CardTerm::Going { paused_at: None } => "not paused".to_owned(),
        CardTerm::Going { paused_at: Some(_) } => "not paused: it is".to_owned(),
        CardTerm::Paused => "paused".to_owned(),
        CardTerm::Pausable { most: 0, .. } => "can be paused: this kind cannot".to_owned(),
        CardTerm::Pausable { had, most } => format!("paused for {most} days at most: {had} already"),
        CardTerm::DayToSpare { last } => format!("a day left that a pause would spare: good until {last}"),
        CardTerm::Uses { per, had, most } => {
            let per = match per {
                Per::Day => "a day",
                Per::Week => "a week",
                Per::Card => "in all",
            };
            format!("{most} uses {per} at most: {had} already")
        }
        CardTerm::UsedToday => "used today".to_owned(),
        CardTerm::Back { back, paid } => format!("no more goes back than was taken: ¥{back} of ¥{paid}"),
        CardTerm::PassedOn => "can be passed on: no membership card can".to_owned(),
    }
}
