//! What would have reached somebody: messages, coupons, names. One line each, and one fingerprint over all of them.
//!
//! A line is made while the run stands at its cause, so it shows people by the names they had then.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::chat::fold::is_invisible;
use crate::chat::{
    CallName, CouponCode, CouponName, Deed, EventId, Fen, GroupId, Kind, Lang, MembershipName, Moment, PersonId,
    RuleName, Segment, TierName, TillName, link_in_words,
};
use crate::community::Community;
use crate::community::change::Change;
use crate::community::tier::Because;
use crate::community::till::Told;

use super::cards::{self, CardDone};
use super::driver::{Entry, What};

/// A person, and what they were called then, fit for a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Who {
    pub id: PersonId,
    pub name: String,
}

/// A group, and what it was called then, fit for a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Where {
    pub id: GroupId,
    pub name: String,
}

/// One thing that would have reached somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// When it would have reached them; later than its cause when it was held back.
    pub at: Moment,
    /// When it was decided.
    pub decided_at: Moment,
    pub cause: EventId,
    /// The rule or mechanic; a coupon names the rule that gave it, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleName>,
    /// What the message was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    #[serde(flatten)]
    pub what: Reached,
    /// The gateway refused it; it reached nobody.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub failed: bool,
    /// It lies beyond the end of the recording. Not part of the fingerprint.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub projected: bool,
    /// What the people who ran the group did then, where the recording has it. Not part of the fingerprint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub human: Option<Human>,
}

/// The first thing staff or the bot's own account said in the group after what the bot would have answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Human {
    pub at: Moment,
    pub by: Who,
    pub text: String,
}

/// What reached whom. Texts are fit for a terminal: line breaks are `⏎`, invisible characters `·`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Reached {
    Said {
        group: Where,
        text: String,
        mentions: Vec<Who>,
    },
    Whispered {
        person: Who,
        text: String,
    },
    /// In the staff group.
    ToldStaff {
        text: String,
    },
    Given {
        person: Who,
        coupon: CouponName,
        worth: Fen,
        code: CouponCode,
        expires_at: Moment,
    },
    TakenBack {
        person: Who,
        coupon: CouponName,
        worth: Fen,
        code: CouponCode,
    },
    /// Staff redeemed it.
    Used {
        person: Who,
        coupon: CouponName,
        worth: Fen,
        code: CouponCode,
    },
    /// They took that back.
    Restored {
        person: Who,
        coupon: CouponName,
        code: CouponCode,
    },
    /// A till keeps it for a checkout.
    Held {
        person: Who,
        coupon: CouponName,
        code: CouponCode,
        until: Moment,
    },
    /// It does no longer.
    Freed {
        person: Who,
        coupon: CouponName,
        code: CouponCode,
    },
    /// Something was done with a membership card, and the money it is about.
    Card {
        person: Who,
        done: CardDone,
        card: MembershipName,
        code: CouponCode,
        money: Fen,
    },
    /// What a till was told.
    ToldTill {
        till: TillName,
        text: String,
    },
    PointsMoved {
        person: Who,
        amount: i64,
        balance: i64,
        why: String,
    },
    FieldSet {
        person: Who,
        field: String,
        value: String,
    },
    GroupRenamed {
        group: Where,
        name: String,
    },
    CardSet {
        person: Who,
        card: String,
    },
    Recalled {
        group: Where,
        message: String,
    },
    Kicked {
        person: Who,
    },
    /// A program of the shop's; a rehearsal calls nobody.
    Called {
        call: CallName,
        with: BTreeMap<String, String>,
    },
    Tagged {
        person: Who,
        tag: String,
    },
    Untagged {
        person: Who,
        tag: String,
    },
    /// Somebody said where they come from.
    SourceKept {
        person: Who,
        source: String,
    },
    /// Somebody is on a higher tier, or a lower one; nothing: on none.
    TierMoved {
        person: Who,
        tier: String,
        up: bool,
    },
}

impl Reached {
    /// The one person it is for; what is said in a group may call several, and is for all.
    pub fn person(&self) -> Option<&Who> {
        match self {
            Reached::Whispered { person, .. }
            | Reached::Given { person, .. }
            | Reached::TakenBack { person, .. }
            | Reached::Used { person, .. }
            | Reached::Restored { person, .. }
            | Reached::Held { person, .. }
            | Reached::Freed { person, .. }
            | Reached::Card { person, .. }
            | Reached::PointsMoved { person, .. }
            | Reached::FieldSet { person, .. }
            | Reached::CardSet { person, .. }
            | Reached::Kicked { person }
            | Reached::Tagged { person, .. }
            | Reached::Untagged { person, .. }
            | Reached::SourceKept { person, .. }
            | Reached::TierMoved { person, .. } => Some(person),
            Reached::Said { .. }
            | Reached::ToldStaff { .. }
            | Reached::ToldTill { .. }
            | Reached::GroupRenamed { .. }
            | Reached::Recalled { .. }
            | Reached::Called { .. } => None,
        }
    }
}

/// What an entry made reach somebody, if anything. A coupon's rule is not known here.
pub fn effect_of(entry: &Entry<'_>) -> Option<Effect> {
    let (at, rule, kind, what) = match entry.what {
        What::Action(action) => {
            let what = of_deed(&action.deed, entry);
            (entry.reaches_at, Some(action.rule.clone()), Some(action.kind), what)
        }
        What::Change(change) => (entry.at, None, None, of_change(change, entry)?),
        What::Input { .. } | What::Verdict { .. } => return None,
    };
    Some(Effect {
        at,
        decided_at: entry.at,
        cause: entry.cause.clone(),
        rule,
        kind,
        what,
        failed: entry.fails,
        projected: false,
        human: None,
    })
}

fn of_deed(deed: &Deed, entry: &Entry<'_>) -> Reached {
    let community = entry.community;
    match deed {
        Deed::Say { group, content } => {
            let text = words(content, community, Some(group));
            if entry.books.house.staff_group.as_ref() == Some(group) {
                return Reached::ToldStaff { text };
            }
            let mentions = content.iter().filter_map(|segment| match segment {
                Segment::Mention(person) => Some(who(community, Some(group), person)),
                _ => None,
            });
            Reached::Said {
                mentions: mentions.collect(),
                group: place(community, group),
                text,
            }
        }
        Deed::Whisper { person, content } => Reached::Whispered {
            person: who(community, None, person),
            text: words(content, community, None),
        },
        Deed::RenameGroup { group, name } => Reached::GroupRenamed {
            group: place(community, group),
            name: plain(name),
        },
        Deed::SetCard { group, person, card } => Reached::CardSet {
            person: who(community, Some(group), person),
            card: plain(card),
        },
        Deed::Recall { group, message } => Reached::Recalled {
            group: place(community, group),
            message: plain(message.as_str()),
        },
        Deed::Call { call, told } => Reached::Called {
            call: call.clone(),
            with: told
                .with
                .iter()
                .map(|(name, text)| (plain(name), plain(text)))
                .collect(),
        },
        Deed::Kick { group, person } => Reached::Kicked {
            person: who(community, Some(group), person),
        },
    }
}

#[allow(clippy::too_many_lines, reason = "one arm a change: a table")]
fn of_change(change: &Change, entry: &Entry<'_>) -> Option<Reached> {
    let community = entry.community;
    Some(match change {
        Change::CouponGiven { coupon, .. } => Reached::Given {
            person: who(community, coupon.group.as_ref(), &coupon.person),
            coupon: coupon.coupon.clone(),
            worth: coupon.worth,
            code: coupon.code.clone(),
            expires_at: coupon.expires_at,
        },
        Change::CouponTaken { person, code, .. } => {
            let coupon = community.coupons().get(&(person.clone(), code.clone()))?;
            Reached::TakenBack {
                person: who(community, coupon.group.as_ref(), person),
                coupon: coupon.coupon.clone(),
                worth: coupon.worth,
                code: code.clone(),
            }
        }
        Change::CouponUsed { person, code, .. } => {
            let coupon = community.coupons().get(&(person.clone(), code.clone()))?;
            Reached::Used {
                person: who(community, coupon.group.as_ref(), person),
                coupon: coupon.coupon.clone(),
                worth: coupon.worth,
                code: code.clone(),
            }
        }
        Change::CouponUnused { person, code } => {
            let coupon = community.coupons().get(&(person.clone(), code.clone()))?;
            Reached::Restored {
                person: who(community, coupon.group.as_ref(), person),
                coupon: coupon.coupon.clone(),
                code: code.clone(),
            }
        }
        Change::CouponHeld { person, code, hold } => {
            let coupon = community.coupons().get(&(person.clone(), code.clone()))?;
            Reached::Held {
                person: who(community, coupon.group.as_ref(), person),
                coupon: coupon.coupon.clone(),
                code: code.clone(),
                until: hold.until,
            }
        }
        Change::CouponFreed { person, code } => {
            let coupon = community.coupons().get(&(person.clone(), code.clone()))?;
            Reached::Freed {
                person: who(community, coupon.group.as_ref(), person),
                coupon: coupon.coupon.clone(),
                code: code.clone(),
            }
        }
        _ if cards::done(change).is_some() => {
            let (done, person, code, money) = cards::done(change)?;
            let known = community.card_of(code);
            let opened = match change {
                Change::CardOpened { card } => Some(&**card),
                _ => None,
            };
            let card = opened.or(known)?;
            Reached::Card {
                person: who(community, card.group.as_ref(), person),
                done,
                card: card.membership.clone(),
                code: code.clone(),
                money,
            }
        }
        Change::TillAnswered { answered } => Reached::ToldTill {
            till: answered.order.till.clone(),
            text: plain(&till_text(&answered.told)),
        },
        Change::PointsMoved { person, movement } => Reached::PointsMoved {
            person: who(community, None, person),
            amount: movement.amount,
            balance: community.points().get(person).map_or(0, |purse| purse.balance),
            why: plain(&movement.why),
        },
        Change::FieldSet { person, field, value } => Reached::FieldSet {
            person: who(community, None, person),
            field: plain(field),
            value: plain(value),
        },
        Change::Tagged { person, tag } => Reached::Tagged {
            person: who(community, None, person),
            tag: plain(tag.as_str()),
        },
        Change::Untagged { person, tag } => Reached::Untagged {
            person: who(community, None, person),
            tag: plain(tag.as_str()),
        },
        // How somebody came in is noted of everybody, and reaches nobody.
        Change::SourceKept { origin, .. } if !origin.told => return None,
        Change::SourceKept { person, origin } => Reached::SourceKept {
            person: who(community, None, person),
            source: plain(&origin.source),
        },
        // A new ladder puts people on it without a word.
        Change::TierMoved {
            because: Because::Placed,
            ..
        } => return None,
        Change::TierMoved { person, from, tier, .. } => {
            let rank = |tier: &Option<TierName>| entry.books.ladder().map_or(0, |it| it.1.rank(tier.as_ref()));
            // Staff hold somebody where they are.
            if from == tier {
                return None;
            }
            Reached::TierMoved {
                person: who(community, None, person),
                tier: plain(tier.as_ref().map_or("—", TierName::as_str)),
                up: rank(from) < rank(tier),
            }
        }
        _ => return None,
    })
}

/// `✅ 茶券（小明） ¥5.00`, or what stands in the way.
fn till_text(told: &Told) -> String {
    let mark = if told.done { "✅" } else { "❌" };
    let lines = told.coupons.iter().map(|line| {
        let name = match line.title.as_str() {
            "" => String::new(),
            title => format!("{title}（{}）", line.owner),
        };
        match line.why {
            None => format!("{name} ¥{}", line.worth),
            Some(_) => format!("{name} {}", line.says).trim_start().to_owned(),
        }
    });
    let says = (!told.says.is_empty()).then(|| told.says.clone());
    let lines: Vec<String> = says.into_iter().chain(lines).collect();
    format!("{mark} {}", lines.join("\n"))
}

/// A person as they are called now.
pub fn who(community: &Community, group: Option<&GroupId>, person: &PersonId) -> Who {
    let person = community.person_of(person);
    let home = || community.people().get(person).and_then(|known| known.home.as_ref());
    let card = group
        .or_else(home)
        .and_then(|group| community.member(group, person))
        .map_or("", |member| &member.card);
    let name = match community.people().get(person) {
        _ if !card.is_empty() => card,
        Some(known) if !known.name.is_empty() => &known.name,
        _ => person.wire(),
    };
    Who {
        id: person.clone(),
        name: short(&plain(name)),
    }
}

/// A group as it is called now.
pub fn place(community: &Community, group: &GroupId) -> Where {
    let name = match community.groups().get(group) {
        Some(known) if !known.name.is_empty() => &known.name,
        _ => group.wire(),
    };
    Where {
        id: group.clone(),
        name: short(&plain(name)),
    }
}

/// A message's words on one line, as they would be seen.
pub fn words(content: &[Segment], community: &Community, group: Option<&GroupId>) -> String {
    words_naming(content, |person| who(community, group, person).name)
}

/// The same, with people called by what `called` says.
pub fn words_naming(content: &[Segment], called: impl Fn(&PersonId) -> String) -> String {
    let mut words = String::new();
    for segment in content {
        match segment {
            // A called name brings a blank of its own.
            Segment::Text(text) if words.ends_with(' ') => words.push_str(text.trim_start_matches(' ')),
            Segment::Text(text) => words.push_str(text),
            Segment::Mention(person) => {
                words.push('@');
                words.push_str(&called(person));
                words.push(' ');
            }
            Segment::MentionAll => words.push_str("@all "),
            Segment::Image(_) => words.push_str("[image]"),
            Segment::File { name, .. } => words.push_str(&format!("[{name}]")),
            Segment::Link { url, title } => {
                words.push('\n');
                words.push_str(&link_in_words(url, title));
            }
            Segment::Reply(_) => {}
            Segment::Other(kind) => {
                words.push('[');
                words.push_str(kind);
                words.push(']');
            }
        }
    }
    let words: Vec<&str> = words.lines().map(str::trim).collect();
    plain(words.join("\n").trim())
}

/// A text that cannot move a cursor, colour a terminal or hide: line breaks become `⏎`, other invisible characters `·`.
pub fn plain(text: &str) -> String {
    let seen = |character| match character {
        '\n' => '⏎',
        // Chooses between text and picture form of the character before; it hides nothing.
        '\u{FE0F}' => character,
        _ if is_invisible(character) => '·',
        _ => character,
    };
    text.chars().map(seen).collect()
}

/// A long name, cut in the middle.
fn short(name: &str) -> String {
    const LONGEST: usize = 24;
    let count = name.chars().count();
    if count <= LONGEST {
        return name.to_owned();
    }
    let head: String = name.chars().take(LONGEST / 2).collect();
    let tail: String = name.chars().skip(count - LONGEST / 3).collect();
    format!("{head}…{tail}")
}

impl Reached {
    /// The same, with people called by their ids, as a test that is written anew knows them.
    #[must_use]
    pub fn by_id(&self) -> Reached {
        let mut reached = self.clone();
        if let Reached::Whispered { person, .. }
        | Reached::Given { person, .. }
        | Reached::Card { person, .. }
        | Reached::CardSet { person, .. }
        | Reached::Kicked { person }
        | Reached::Tagged { person, .. }
        | Reached::Untagged { person, .. }
        | Reached::SourceKept { person, .. }
        | Reached::TierMoved { person, .. } = &mut reached
        {
            person.id.wire().clone_into(&mut person.name);
        }
        reached
    }

    /// The line as transcripts print it and tests expect it.
    pub fn line(&self, lang: Lang) -> String {
        match (self, lang) {
            (Reached::Said { text, .. }, Lang::Zh) => format!("群: {text}"),
            (Reached::Said { text, .. }, Lang::En) => format!("group: {text}"),
            (Reached::Whispered { person, text }, Lang::Zh) => format!("私聊 {}: {text}", person.name),
            (Reached::Whispered { person, text }, Lang::En) => format!("private {}: {text}", person.name),
            (Reached::ToldStaff { text }, Lang::Zh) => format!("店员: {text}"),
            (Reached::ToldStaff { text }, Lang::En) => format!("staff: {text}"),
            (Reached::Given { person, coupon, .. }, Lang::Zh) => format!("给 {} {coupon}", person.name),
            (Reached::Given { person, coupon, .. }, Lang::En) => format!("gives {} {coupon}", person.name),
            (Reached::TakenBack { person, coupon, .. }, Lang::Zh) => format!("收回 {} {coupon}", person.name),
            (Reached::TakenBack { person, coupon, .. }, Lang::En) => format!("takes back {} {coupon}", person.name),
            (Reached::Used { person, coupon, .. }, Lang::Zh) => format!("核销 {} {coupon}", person.name),
            (Reached::Used { person, coupon, .. }, Lang::En) => format!("redeems {} {coupon}", person.name),
            (Reached::Restored { person, coupon, .. }, Lang::Zh) => format!("撤销核销 {} {coupon}", person.name),
            (Reached::Restored { person, coupon, .. }, Lang::En) => format!("restores {} {coupon}", person.name),
            (Reached::Held { person, coupon, .. }, Lang::Zh) => format!("留着 {} {coupon}", person.name),
            (Reached::Held { person, coupon, .. }, Lang::En) => format!("holds {} {coupon}", person.name),
            (Reached::Freed { person, coupon, .. }, Lang::Zh) => format!("放开 {} {coupon}", person.name),
            (Reached::Freed { person, coupon, .. }, Lang::En) => format!("lets go {} {coupon}", person.name),
            (Reached::Card { person, done, card, .. }, _) => format!("{} {} {card}", done.word(lang), person.name),
            (Reached::ToldTill { text, .. }, Lang::Zh) => format!("收银台: {text}"),
            (Reached::ToldTill { text, .. }, Lang::En) => format!("till: {text}"),
            (Reached::PointsMoved { person, amount, .. }, Lang::Zh) => format!("积分 {} {amount:+}", person.name),
            (Reached::PointsMoved { person, amount, .. }, Lang::En) => format!("points {} {amount:+}", person.name),
            (Reached::FieldSet { person, field, value }, Lang::Zh) => format!("记下 {} {field} {value}", person.name),
            (Reached::FieldSet { person, field, value }, Lang::En) => format!("notes {} {field} {value}", person.name),
            (Reached::GroupRenamed { name, .. }, Lang::Zh) => format!("改群名 {name}"),
            (Reached::GroupRenamed { name, .. }, Lang::En) => format!("renames group {name}"),
            (Reached::CardSet { person, card }, Lang::Zh) => format!("改名片 {} {card}", person.name),
            (Reached::CardSet { person, card }, Lang::En) => format!("sets card {} {card}", person.name),
            (Reached::Recalled { message, .. }, Lang::Zh) => format!("撤回 {message}"),
            (Reached::Recalled { message, .. }, Lang::En) => format!("recalls {message}"),
            (Reached::Kicked { person }, Lang::Zh) => format!("移出 {}", person.name),
            (Reached::Kicked { person }, Lang::En) => format!("removes {}", person.name),
            (Reached::Called { call, with }, _) => {
                let fields: String = with.iter().map(|(name, text)| format!(" {name}={text}")).collect();
                format!("{} {call}{fields}", lang.pick("外呼", "calls"))
            }
            (Reached::Tagged { person, tag }, Lang::Zh) => format!("加标签 {} {tag}", person.name),
            (Reached::Tagged { person, tag }, Lang::En) => format!("tags {} {tag}", person.name),
            (Reached::Untagged { person, tag }, Lang::Zh) => format!("去标签 {} {tag}", person.name),
            (Reached::Untagged { person, tag }, Lang::En) => format!("untags {} {tag}", person.name),
            (Reached::SourceKept { person, source }, _) => {
                format!("{} {} {source}", lang.pick("来源", "source of"), person.name)
            }
            (Reached::TierMoved { person, tier, up }, _) => {
                let deed = match up {
                    true => lang.pick("升级", "raises"),
                    false => lang.pick("降级", "lowers"),
                };
                format!("{deed} {} {tier}", person.name)
            }
        }
    }
}

/// SHA-256 over effects as canonical JSON lines: the same lines, the same fingerprint.
#[derive(Clone, Debug, Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds one effect.
    pub fn add(&mut self, effect: &Effect) {
        self.0
            .update(serde_json::to_vec(effect).expect("plain data serializes"));
        self.0.update(b"\n");
    }

    /// All 64 hex digits.
    pub fn full(&self) -> String {
        let digest = self.0.clone().finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The first eight digits of a fingerprint, as it is shown: `7c1e-40ab`.
pub fn short_fingerprint(full: &str) -> String {
    match (full.get(..4), full.get(4..8)) {
        (Some(first), Some(second)) => format!("{first}-{second}"),
        _ => full.to_owned(),
    }
}
