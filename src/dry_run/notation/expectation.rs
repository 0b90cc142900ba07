//! What is expected to follow: patterns over the lines a run produces.

use jiff::civil::DateTime;

use super::lines::{Timed, after_colon, after_word, first_word, name_first, timed, without_comment};
use super::problem::{Mistake, Problem};
use crate::chat::Lang;
use crate::dry_run::cards::CardDone;
use crate::dry_run::effects::Reached;

/// One expected line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Local time, to the second.
    pub at: DateTime,
    /// In the playbook file, counted from 1.
    pub line: usize,
    /// What follows the time, as it was written.
    pub written: String,
    pub what: Wanted,
}

/// What is expected to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    Said(Pattern),
    Whispered {
        person: String,
        text: Pattern,
    },
    ToldStaff(Pattern),
    Given {
        person: String,
        coupon: Pattern,
    },
    TakenBack {
        person: String,
        coupon: Pattern,
    },
    Used {
        person: String,
        coupon: Pattern,
    },
    Restored {
        person: String,
        coupon: Pattern,
    },
    Held {
        person: String,
        coupon: Pattern,
    },
    Freed {
        person: String,
        coupon: Pattern,
    },
    Card {
        done: CardDone,
        person: String,
        card: Pattern,
    },
    ToldTill(Pattern),
    PointsMoved {
        person: String,
        amount: Pattern,
    },
    FieldSet {
        person: String,
        field: Pattern,
    },
    GroupRenamed(Pattern),
    CardSet {
        person: String,
        card: Pattern,
    },
    Recalled(Pattern),
    Kicked {
        person: String,
    },
    Called {
        call: String,
        with: Pattern,
    },
    Tagged {
        person: String,
        tag: Pattern,
    },
    Untagged {
        person: String,
        tag: Pattern,
    },
    Sourced {
        person: String,
        source: Pattern,
    },
    Raised {
        person: String,
        tier: Pattern,
    },
    Lowered {
        person: String,
        tier: Pattern,
    },
}

/// A text in which `…` stands for any run of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<String>);

impl Pattern {
    /// White space counts as one blank; `...` is `…`.
    pub fn new(written: &str) -> Self {
        Self(
            evened(written)
                .replace("...", "…")
                .split('…')
                .map(str::to_owned)
                .collect(),
        )
    }

    /// Whether the whole text is meant.
    pub fn fits(&self, text: &str) -> bool {
        let text = evened(text);
        let Some((first, others)) = self.0.split_first() else {
            return text.is_empty();
        };
        let Some((last, between)) = others.split_last() else {
            return text == *first;
        };
        let begun = text
            .strip_prefix(first.as_str())
            .or_else(|| text.strip_prefix(first.trim_end()));
        let Some(mut rest) = begun else { return false };
        for part in between {
            // A blank beside `…` is layout.
            match rest.find(part.trim()) {
                Some(at) => rest = &rest[at + part.trim().len()..],
                None => return false,
            }
        }
        rest.ends_with(last.as_str()) || rest.ends_with(last.trim_start())
    }
}

fn evened(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads what is expected. No line at all is a problem only for [`crate::dry_run::story`]: `无` must be written.
pub fn read_expectation(
    text: &str,
    first_line: usize,
    clock: DateTime,
    known: &[String],
) -> (Vec<Expected>, Vec<Problem>) {
    let kept: Vec<&str> = text
        .lines()
        .map(|line| if is_nothing(line) { "" } else { line })
        .collect();
    let silent_at = text.lines().position(is_nothing);
    let kept = kept.join("\n");
    let (lines, mut problems) = timed(&kept, first_line, clock);
    let mut expected = Vec::with_capacity(lines.len());
    for line in &lines {
        match wanted(line, known) {
            Ok(what) => expected.push(Expected {
                at: line.at,
                line: line.line,
                written: line.rest.to_owned(),
                what,
            }),
            Err(mistake) => problems.push(line.problem(mistake)),
        }
    }
    if let Some(at) = silent_at
        && !lines.is_empty()
    {
        let written = text.lines().nth(at).unwrap_or_default().trim().to_owned();
        problems.push(Problem {
            line: first_line + at,
            written,
            mistake: Mistake::NothingAndMore,
        });
    }
    problems.sort_by_key(|problem| problem.line);
    (expected, problems)
}

/// Whether a line says that nothing happens.
pub fn is_nothing(line: &str) -> bool {
    let bare = crate::chat::fold(without_comment(line.trim()));
    matches!(bare.as_str(), "无" | "nothing" | "none")
}

/// What is done with somebody, and what is made of whom and what.
type OfSomebody = (&'static [&'static str], fn(String, Pattern) -> Wanted);

const OF_SOMEBODY: [OfSomebody; 14] = [
    (&["给", "gives"], |person, coupon| Wanted::Given { person, coupon }),
    (&["收回", "takes back"], |person, coupon| Wanted::TakenBack {
        person,
        coupon,
    }),
    (&["核销", "redeems"], |person, coupon| Wanted::Used { person, coupon }),
    (&["撤销核销", "restores"], |person, coupon| Wanted::Restored {
        person,
        coupon,
    }),
    (&["留着", "holds"], |person, coupon| Wanted::Held { person, coupon }),
    (&["放开", "lets go"], |person, coupon| Wanted::Freed {
        person,
        coupon,
    }),
    (&["积分", "points"], |person, amount| Wanted::PointsMoved {
        person,
        amount,
    }),
    (&["记下", "notes"], |person, field| Wanted::FieldSet { person, field }),
    (&["改名片", "sets card"], |person, card| Wanted::CardSet {
        person,
        card,
    }),
    (&["加标签", "tags"], |person, tag| Wanted::Tagged { person, tag }),
    (&["去标签", "untags"], |person, tag| Wanted::Untagged { person, tag }),
    (&["来源", "source of"], |person, source| Wanted::Sourced {
        person,
        source,
    }),
    (&["升级", "raises"], |person, tier| Wanted::Raised { person, tier }),
    (&["降级", "lowers"], |person, tier| Wanted::Lowered { person, tier }),
];

const CARDS: [CardDone; 8] = [
    CardDone::Opened,
    CardDone::Renewed,
    CardDone::Used,
    CardDone::Undone,
    CardDone::Paused,
    CardDone::Resumed,
    CardDone::Cancelled,
    CardDone::Expired,
];

fn wanted(line: &Timed<'_>, known: &[String]) -> Result<Wanted, Mistake> {
    let rest = line.rest;
    if let Some(text) = after_colon(rest, &["群", "group"]) {
        return Ok(Wanted::Said(Pattern::new(text)));
    }
    if let Some(text) = after_colon(rest, &["店员", "staff"]) {
        return Ok(Wanted::ToldStaff(Pattern::new(text)));
    }
    if let Some(text) = after_colon(rest, &["收银台", "till"]) {
        return Ok(Wanted::ToldTill(Pattern::new(text)));
    }
    if let Some(rest) = after_word(rest, &["私聊", "private"]) {
        let (person, text) = name_first(rest, known);
        let text = text.strip_prefix([':', '：']).ok_or(Mistake::UnknownEffect)?;
        return Ok(Wanted::Whispered {
            person: somebody(person)?,
            text: Pattern::new(text),
        });
    }
    if let Some(name) = after_word(rest, &["改群名", "renames group"]) {
        return Ok(Wanted::GroupRenamed(Pattern::new(name)));
    }
    if let Some(message) = after_word(rest, &["撤回", "recalls"]) {
        return Ok(Wanted::Recalled(Pattern::new(if message.is_empty() {
            "…"
        } else {
            message
        })));
    }
    for done in CARDS {
        if let Some(rest) = after_word(rest, done.words()) {
            let (person, card) = whom_and_what(rest, known)?;
            return Ok(Wanted::Card { done, person, card });
        }
    }
    for (words, made) in OF_SOMEBODY {
        if let Some(rest) = after_word(rest, words) {
            let (person, what) = whom_and_what(rest, known)?;
            return Ok(made(person, what));
        }
    }
    if let Some(rest) = after_word(rest, &["外呼", "calls"]) {
        let (call, with) = first_word(rest);
        if call.is_empty() {
            return Err(Mistake::NameMissing);
        }
        return Ok(Wanted::Called {
            call: call.to_owned(),
            with: Pattern::new(with),
        });
    }
    if let Some(rest) = after_word(rest, &["移出", "removes"]) {
        return Ok(Wanted::Kicked {
            person: somebody(name_first(rest, known).0)?,
        });
    }
    Err(Mistake::UnknownEffect)
}

fn whom_and_what(rest: &str, known: &[String]) -> Result<(String, Pattern), Mistake> {
    let (person, what) = name_first(rest, known);
    if what.is_empty() {
        return Err(Mistake::NameMissing);
    }
    Ok((somebody(person)?, Pattern::new(what)))
}

fn somebody(name: &str) -> Result<String, Mistake> {
    let name = name.trim_end_matches('*');
    if name.is_empty() {
        Err(Mistake::Nobody)
    } else {
        Ok(name.to_owned())
    }
}

impl Wanted {
    /// Whether this is what reached somebody. People are known by the name they are shown with, or their id.
    pub fn is(&self, reached: &Reached) -> bool {
        let same = |name: &str| {
            reached
                .person()
                .is_some_and(|who| name == who.name || name == who.id.wire())
        };
        match (self, reached) {
            (Wanted::Said(text), Reached::Said { text: said, .. }) => text.fits(said),
            (Wanted::ToldStaff(text), Reached::ToldStaff { text: said }) => text.fits(said),
            (Wanted::ToldTill(text), Reached::ToldTill { text: said, .. }) => text.fits(said),
            (Wanted::Whispered { person, text }, Reached::Whispered { text: said, .. }) => {
                same(person) && text.fits(said)
            }
            (Wanted::Given { person, coupon }, Reached::Given { coupon: of, .. })
            | (Wanted::TakenBack { person, coupon }, Reached::TakenBack { coupon: of, .. })
            | (Wanted::Used { person, coupon }, Reached::Used { coupon: of, .. })
            | (Wanted::Restored { person, coupon }, Reached::Restored { coupon: of, .. })
            | (Wanted::Held { person, coupon }, Reached::Held { coupon: of, .. })
            | (Wanted::Freed { person, coupon }, Reached::Freed { coupon: of, .. }) => {
                same(person) && coupon.fits(of.as_str())
            }
            (
                Wanted::Card { done, person, card },
                Reached::Card {
                    done: of, card: name, ..
                },
            ) => done == of && same(person) && card.fits(name.as_str()),
            (Wanted::PointsMoved { person, amount }, Reached::PointsMoved { amount: moved, .. }) => {
                same(person) && amount.fits(&format!("{moved:+}"))
            }
            (Wanted::FieldSet { person, field }, Reached::FieldSet { field: name, value, .. }) => {
                same(person) && field.fits(&format!("{name} {value}"))
            }
            (Wanted::GroupRenamed(name), Reached::GroupRenamed { name: new, .. }) => name.fits(new),
            (Wanted::CardSet { person, card }, Reached::CardSet { card: new, .. }) => same(person) && card.fits(new),
            (Wanted::Recalled(pattern), Reached::Recalled { message, .. }) => pattern.fits(message),
            (Wanted::Called { call, with }, Reached::Called { call: of, with: fields }) => {
                let fields: Vec<String> = fields.iter().map(|(name, text)| format!("{name}={text}")).collect();
                call == of.as_str() && with.fits(&fields.join(" "))
            }
            (Wanted::Kicked { person }, Reached::Kicked { .. }) => same(person),
            (Wanted::Tagged { person, tag }, Reached::Tagged { tag: put, .. })
            | (Wanted::Untagged { person, tag }, Reached::Untagged { tag: put, .. }) => same(person) && tag.fits(put),
            (Wanted::Sourced { person, source }, Reached::SourceKept { source: of, .. }) => {
                same(person) && source.fits(of)
            }
            (Wanted::Raised { person, tier }, Reached::TierMoved { tier: of, up: true, .. })
            | (
                Wanted::Lowered { person, tier },
                Reached::TierMoved {
                    tier: of, up: false, ..
                },
            ) => same(person) && tier.fits(of),
            _ => false,
        }
    }

    /// The words for «nothing».
    pub fn nothing(lang: Lang) -> &'static str {
        lang.pick("（无）", "(nothing)")
    }
}
