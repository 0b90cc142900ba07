//! Every `[[test]]` of a set of playbooks: played, counted, and told.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::civil::{Date, DateTime, Time};
use serde_json::{Value, json};

use crate::chat::{Lang, Moment};
use crate::engine::Dice;
use crate::playbook::guard::short_of;
use crate::playbook::reading::book_name;
use crate::playbook::{Playbooks, Source, Stand, show};

use super::because::because;
use super::coverage::Coverage;
use super::effects::plain;
use super::layout::{columns, pad};
use super::notation::Problem;
use super::notation::expectation::Wanted;
use super::story::alignment::{Made, Row};
use super::story::{OWN_GUARD, Outcome, play};

/// What all tests came to.
#[derive(Debug)]
pub struct Tests {
    pub outcomes: Vec<Outcome>,
    pub coverage: Coverage,
    zone: jiff::tz::TimeZone,
}

/// Plays every story whose name holds `only` (all of them, if it is empty), with the rehearsal's own dice.
pub fn run(books: &Playbooks, only: &str) -> Tests {
    let dice = Dice::of(super::driver::REHEARSAL_SECRET);
    let mut outcomes = Vec::new();
    for book in &books.books {
        for story in book.stories.iter().filter(|story| story.name.contains(only)) {
            outcomes.push(play(books, book, story, &dice));
        }
    }
    let seen = outcomes.iter().flat_map(|outcome| &outcome.seen).cloned().collect();
    let coverage = Coverage::of(books, &seen);
    Tests {
        outcomes,
        coverage,
        zone: books.house.zone.clone(),
    }
}

impl Tests {
    /// How many passed.
    pub fn passed(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.passed()).count()
    }

    /// How many failed.
    pub fn failed(&self) -> usize {
        self.outcomes.len() - self.passed()
    }

    /// For people.
    pub fn text(&self, lang: Lang) -> String {
        let mut out = String::new();
        let mut book = "";
        let widest = self
            .outcomes
            .iter()
            .map(|outcome| columns(&plain(&outcome.name)))
            .max()
            .unwrap_or(0)
            .min(48);
        for outcome in &self.outcomes {
            if outcome.book != book {
                book = &outcome.book;
                let _ = writeln!(out, "{}.toml", plain(book));
            }
            let mark = if outcome.passed() { '✓' } else { '✗' };
            let name = pad(&plain(&outcome.name), widest);
            let figures = match lang {
                Lang::Zh => format!("{} 事件 {} 动作", outcome.events, outcome.actions()),
                Lang::En => format!("{} events {} actions", outcome.events, outcome.actions()),
            };
            // A test the book took over stands in another file.
            let file = match outcome.file == outcome.book {
                true => String::new(),
                false => format!("{}.toml ", plain(&outcome.file)),
            };
            let place = match (outcome.passed(), lang) {
                (true, _) => String::new(),
                (false, Lang::Zh) => format!("  {file}第 {} 行", outcome.line),
                (false, Lang::En) => format!("  {file}line {}", outcome.line),
            };
            let _ = writeln!(out, "  {mark} {name}  {figures}{place}");
            out.push_str(&self.failure(outcome, lang));
        }
        let _ = writeln!(out, "{}", self.closing(lang));
        out
    }

    fn closing(&self, lang: Lang) -> String {
        if self.outcomes.is_empty() {
            return lang
                .pick(
                    "没有测试。在剧本里写 [[test]]，例子见 qunying init。",
                    "No tests. Write [[test]] in a playbook; `qunying init` has examples.",
                )
                .to_owned();
        }
        let (passed, failed) = (self.passed(), self.failed());
        let results = match lang {
            Lang::Zh => format!("{passed} 通过 {failed} 失败"),
            Lang::En => format!("{passed} passed {failed} failed"),
        };
        format!("{results} · {}", self.coverage.text(lang))
    }

    /// Why a test failed, in lines set in; nothing for one that passed.
    pub fn failure(&self, outcome: &Outcome, lang: Lang) -> String {
        let mut out = String::new();
        if outcome.passed() {
            return out;
        }
        for Problem { line, written, mistake } in &outcome.problems {
            let _ = writeln!(out, "      {}.toml:{line}  {}", plain(&outcome.book), plain(written));
            let _ = writeln!(out, "        {}", mistake.text(lang));
        }
        let base = outcome.rows.first().map_or(Date::MIN, |row| at(row).date());
        let wide = outcome
            .rows
            .iter()
            .map(|row| columns(&clock(at(row), base, lang)))
            .max()
            .unwrap_or(0);
        for row in &outcome.rows {
            let time = pad(&clock(at(row), base, lang), wide);
            let line = match row {
                Row::Met(made, _) => format!("  ✓   {time}  {}", made.effect.what.line(lang)),
                Row::Missing(wanted) => {
                    format!("{}  {time}  {}", lang.pick("期望", "want"), plain(&wanted.written))
                }
                Row::Unexpected(made) => {
                    let rule = from_rule(made, lang);
                    format!(
                        "{}  {time}  {}{rule}",
                        lang.pick("实际", "got "),
                        made.effect.what.line(lang)
                    )
                }
            };
            let _ = writeln!(out, "      {line}");
            if let Row::Missing(_) = row {
                let nothing = Wanted::nothing(lang);
                if !outcome.rows.iter().any(|row| matches!(row, Row::Unexpected(_))) {
                    let _ = writeln!(out, "      {}  {}  {nothing}", lang.pick("实际", "got "), pad("", wide));
                }
            }
        }
        self.guards(&mut out, outcome, lang);
        self.why(&mut out, outcome, lang);
        out
    }

    /// Guards that broke and should not have, and the other way round.
    fn guards(&self, out: &mut String, outcome: &Outcome, lang: Lang) {
        for broke in &outcome.broken {
            let at = super::because::when(broke.at, &self.zone);
            let (rule, said) = (plain(broke.rule.as_str()), broke.breach.said(lang));
            let place = aside(broke.stands.as_ref(), lang);
            let times = match (broke.times, lang) {
                (1, _) => String::new(),
                (times, Lang::Zh) => format!("，共 {times} 次"),
                (times, Lang::En) => format!(", {times} times"),
            };
            let name = short_of(&broke.breach.guard);
            let (guard, next) = match (name == OWN_GUARD, lang) {
                (true, Lang::Zh) => ("这个测试的 guard".to_owned(), String::new()),
                (true, Lang::En) => ("the guard of this test".to_owned(), String::new()),
                (false, Lang::Zh) => (format!("「{}」", plain(name)), "；本该如此就写 breaks".to_owned()),
                (false, Lang::En) => (
                    format!("“{}”", plain(name)),
                    "; if it should, write `breaks`".to_owned(),
                ),
            };
            let _ = writeln!(
                out,
                "      {}  {at}  {guard} {said}{times}    {rule}{place}{next}",
                lang.pick("破守卫", "broke")
            );
        }
        for guard in &outcome.unbroken {
            let guard = plain(guard);
            let _ = match lang {
                Lang::Zh => writeln!(out, "      没有破  守卫「{guard}」应当破（breaks），却守住了"),
                Lang::En => writeln!(out, "      held    the guard “{guard}” should have broken (breaks)"),
            };
        }
    }

    /// The verdicts that say why something is missing: those of rules that did not fire.
    fn why(&self, out: &mut String, outcome: &Outcome, lang: Lang) {
        if !outcome.rows.iter().any(|row| matches!(row, Row::Missing(_))) {
            return;
        }
        let mut seen = BTreeSet::new();
        for why in &outcome.why {
            if !seen.insert((&why.rule, why.verdict.word())) || seen.len() > 5 {
                continue;
            }
            let whom = why.person.as_ref().map_or(String::new(), |name| format!(" {name}"));
            let place = aside(why.stands.as_ref(), lang);
            let when = super::because::when(why.at, &self.zone);
            let because = because(&why.verdict, lang, &self.zone);
            let _ = writeln!(
                out,
                "      {}  {when}  {}{place}{whom} — {because}",
                lang.pick("为什么", "why "),
                why.rule
            );
        }
    }

    /// One workflow command a failure, which puts it on the line its test stands on, and the figures after them.
    pub fn annotations(&self, sources: &[Source], lang: Lang) -> String {
        let mut out = String::new();
        for outcome in self.outcomes.iter().filter(|outcome| !outcome.passed()) {
            let file = sources.iter().find(|source| book_name(&source.name) == outcome.file);
            let file = file.map_or(outcome.file.as_str(), |source| &source.name);
            let failure = self.failure(outcome, lang);
            out.push_str(&show::annotation((file, outcome.line), &plain(&outcome.name), &failure));
        }
        let _ = writeln!(out, "{}", self.closing(lang));
        out
    }

    /// For programs. Names are stable.
    pub fn json(&self) -> Value {
        let outcomes: Vec<Value> = self.outcomes.iter().map(|outcome| self.outcome_json(outcome)).collect();
        json!({
            "passed": self.passed(),
            "failed": self.failed(),
            "tests": outcomes,
            "coverage": self.coverage.json(),
        })
    }

    fn outcome_json(&self, outcome: &Outcome) -> Value {
        let rows: Vec<Value> = outcome.rows.iter().map(row_json).collect();
        let problems: Vec<Value> = outcome
            .problems
            .iter()
            .map(|problem| {
                json!({
                    "line": problem.line,
                    "written": problem.written,
                    "reason": problem.mistake.text(Lang::En),
                    "reason_zh": problem.mistake.text(Lang::Zh),
                })
            })
            .collect();
        json!({
            "book": outcome.book,
            "name": outcome.name,
            "line": outcome.line,
            "passed": outcome.passed(),
            "events": outcome.events,
            "rows": rows,
            "problems": problems,
            "why": outcome.why,
            "guards": { "broken": outcome.broken, "unbroken": outcome.unbroken },
            "timers_beyond": outcome.beyond,
        })
    }
}

fn row_json(row: &Row) -> Value {
    let made = |made: &Made| json!({ "at": made.at.to_string(), "line": made.effect.what.line(Lang::Zh), "effect": made.effect, "rule_line": made.stands.as_ref().map(|stands| stands.line) });
    match row {
        Row::Met(it, _) => json!({ "met": made(it) }),
        Row::Unexpected(it) => json!({ "unexpected": made(it) }),
        Row::Missing(wanted) => {
            json!({ "missing": { "at": wanted.at.to_string(), "line": wanted.line, "written": wanted.written } })
        }
    }
}

/// Where a rule stands, in brackets; nothing for a mechanic.
fn aside(stands: Option<&Stand>, lang: Lang) -> String {
    plain(&stands.map(|stands| stands.aside(lang)).unwrap_or_default())
}

fn at(row: &Row) -> DateTime {
    match row {
        Row::Met(made, _) | Row::Unexpected(made) => made.at,
        Row::Missing(wanted) => wanted.at,
    }
}

fn from_rule(made: &Made, lang: Lang) -> String {
    let said = made.stands.as_ref().map(|stands| plain(&stands.said(lang)));
    match (&made.effect.rule, said, lang) {
        (Some(rule), Some(said), Lang::Zh) => format!("    规则 {rule}，{said}"),
        (Some(rule), Some(said), Lang::En) => format!("    rule {rule}, {said}"),
        (Some(rule), None, Lang::Zh) => format!("    玩法 {rule}"),
        (Some(rule), None, Lang::En) => format!("    mechanic {rule}"),
        (None, _, _) => String::new(),
    }
}

/// A time in the notation: the day only where it is another than `base`.
pub fn clock(at: DateTime, base: Date, lang: Lang) -> String {
    let time = clock_time(at.time());
    if at.date() == base {
        time
    } else if base.tomorrow().is_ok_and(|next| next == at.date()) {
        format!("{} {time}", lang.pick("次日", "next day"))
    } else {
        format!("{} {time}", at.date())
    }
}

/// `08:00`, with seconds if there are any.
pub fn clock_time(time: Time) -> String {
    if time.second() == 0 {
        format!("{:02}:{:02}", time.hour(), time.minute())
    } else {
        format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
    }
}

/// A moment on the community's wall clock, to the second.
pub fn local(at: Moment, zone: &jiff::tz::TimeZone) -> DateTime {
    at.in_zone(zone).datetime()
}
