//! Draws: the top prize, and that the rules and the odds are told.
//!
//! Source: the State Administration for Market Regulation's provisions on sales promotion (规范促销行为暂行规定, decree 32 of
//! 2020): art. 13 and 14 want rules, odds and prizes told beforehand; art. 17 caps the top prize at 50,000 yuan.

use std::sync::LazyLock;

use regex::Regex;

use crate::chat::Fen;
use crate::playbook::problem::{Place, Problems};
use crate::playbook::reading::draft::Said;

const TOP_PRIZE: Fen = Fen(5_000_000);

static DRAW: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"抽奖|开奖|大抽奖|幸运抽取|(?i:lucky draw|raffle)").expect("a fixed pattern"));

/// Odds, or how many of how many win; rules, or where they stand.
static TOLD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"规则|概率|中奖率|名额|抽(?:取|出)?\s*[0-9一二两三四五六七八九十百]+\s*[位名个人]|(?i:odds|rules|winners)",
    )
    .expect("a fixed pattern")
});

static AMOUNT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"([0-9]+(?:\.[0-9]{1,2})?)\s*(万)?\s*(?:元|块|yuan)").expect("a fixed pattern"));

/// A book that draws lots tells how somewhere.
pub(in crate::playbook::reading) fn terms(said: &[Said<'_>], problems: &mut Problems) {
    let draws: Vec<&Said<'_>> = said
        .iter()
        .filter(|text| text.is_for_members() && holds(text, &DRAW))
        .collect();
    for text in &draws {
        for (start, part) in &text.parts {
            for found in AMOUNT.captures_iter(part) {
                let (Some(whole), Some(amount)) = (found.get(0), amount(&found)) else {
                    continue;
                };
                if amount > TOP_PRIZE {
                    let place = text.item.place_in(start + whole.start()..start + whole.end());
                    problems.prize_too_large(&place, whole.as_str());
                }
            }
        }
        let told = said
            .iter()
            // What a `[draw.NAME]` opens with is made of its rules.
            .any(|other| other.item.source() == text.item.source() && (is_published(other) || holds(other, &TOLD)));
        if !told {
            problems.draw_untold(&place(text));
        }
    }
}

/// It belongs to a `[draw.NAME]`.
fn is_published(said: &Said<'_>) -> bool {
    said.by == "draw" || said.by.starts_with("draw.")
}

fn holds(said: &Said<'_>, pattern: &Regex) -> bool {
    said.parts.iter().any(|(_, part)| pattern.is_match(part))
}

fn place(said: &Said<'_>) -> Place {
    let found = said.parts.iter().find_map(|(start, part)| {
        let found = DRAW.find(part)?;
        Some(start + found.start()..start + found.end())
    });
    found.map_or_else(|| said.item.place(), |range| said.item.place_in(range))
}

fn amount(found: &regex::Captures<'_>) -> Option<Fen> {
    let Fen(fen) = found.get(1)?.as_str().parse().ok()?;
    let times = if found.get(2).is_some() { 10_000 } else { 1 };
    fen.checked_mul(times).map(Fen)
}
