//! Why was the bot silent? What was held back in a span of time, ranked, and which rules nothing came near.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::funnel;
use super::{Feed, Setup};
use crate::chat::{EventId, GroupId, Happening, Lang, Moment, RuleName};
use crate::dry_run::because::{because, when};
use crate::dry_run::driver::{Entry, What};
use crate::dry_run::effects::{Reached, Where, effect_of, place, plain, who};
use crate::engine::probe::Stage;
use crate::engine::{Verdict, Weighing};

/// Over which time, and in which group.
#[derive(Clone, Debug)]
pub struct Span {
    pub from: Moment,
    /// Up to but not including.
    pub until: Moment,
    pub group: Option<GroupId>,
}

/// What a silence was made of.
#[derive(Clone, Debug, Serialize)]
pub struct Silence {
    pub from: Moment,
    pub until: Moment,
    pub group: Option<Where>,
    /// What members said.
    pub heard: u64,
    /// What the bot said in groups.
    pub said: u64,
    /// The longest stretch without a word of the bot.
    pub longest: (Moment, Moment),
    /// What held rules back, the most frequent first.
    pub reasons: Vec<Reason>,
    /// Rules that were not weighed at all.
    pub untouched: Vec<Untouched>,
    #[serde(skip)]
    last_said: Moment,
    #[serde(skip)]
    near: BTreeMap<(RuleName, &'static str), Reason>,
    #[serde(skip)]
    far: BTreeMap<RuleName, Untouched>,
}

/// One rule and one reason.
#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    pub rule: RuleName,
    pub reason: &'static str,
    pub times: u64,
    /// The first of them.
    pub at: Moment,
    pub event: EventId,
    pub person: Option<String>,
    pub first: Verdict,
}

/// A rule nothing came near.
#[derive(Clone, Debug, Serialize)]
pub struct Untouched {
    pub rule: RuleName,
    /// Events it was asked about.
    pub seen: u64,
    /// Where the one stopped that came farthest.
    pub stage: Stage,
    #[serde(skip)]
    weighed: bool,
}

/// Runs over everything and looks at the span.
pub fn silence(setup: &Setup, feed: &mut Feed<'_>, span: &Span) -> Silence {
    let mut silence = Silence {
        from: span.from,
        until: span.until,
        group: None,
        heard: 0,
        said: 0,
        longest: (span.from, span.from),
        reasons: Vec::new(),
        untouched: Vec::new(),
        last_said: span.from,
        near: BTreeMap::new(),
        far: BTreeMap::new(),
    };
    let mut run = setup.begun(true);
    feed(&mut |input| {
        let past = input.time >= span.until;
        if past {
            return ControlFlow::Break(());
        }
        run.feed(&input.event, input.time, &mut |entry| silence.take(&entry, span));
        ControlFlow::Continue(())
    });
    let end = Moment::from_millis(span.until.millis() - 1);
    if run.ran_until() < end {
        run.run_until(end, &mut |entry| silence.take(&entry, span));
    }
    silence.close()
}

impl Silence {
    fn take(&mut self, entry: &Entry<'_>, span: &Span) {
        if entry.at < span.from || entry.at >= span.until {
            return;
        }
        let here = |group: Option<&GroupId>| span.group.is_none() || span.group.as_ref() == group;
        // As it is called at the end.
        self.group = span.group.as_ref().map(|group| place(entry.community, group));
        match entry.what {
            What::Input { event, .. } => {
                if let Happening::Message(message) = &event.happening
                    && !message.own
                    && here(message.group.as_ref())
                {
                    self.heard += 1;
                }
                for weighing in entry.trail.iter().filter(|it| here(it.group.as_ref())) {
                    self.weigh(entry, weighing);
                }
            }
            What::Action(_) => {
                if let Some(effect) = effect_of(entry)
                    && let Reached::Said { group, .. } = &effect.what
                    && here(Some(&group.id))
                    && effect.at < span.until
                {
                    self.said += 1;
                    self.stretch(effect.at);
                }
            }
            What::Change(_) | What::Verdict { .. } => {}
        }
    }

    fn stretch(&mut self, at: Moment) {
        let (from, until) = self.longest;
        if at.since(self.last_said) > until.since(from) {
            self.longest = (self.last_said, at);
        }
        self.last_said = self.last_said.max(at);
    }

    fn weigh(&mut self, entry: &Entry<'_>, weighing: &Weighing) {
        let stage = weighing.stopped_by().map_or(Stage::Plays, |step| step.asked.stage());
        let far = self.far.entry(weighing.rule.clone()).or_insert_with(|| Untouched {
            rule: weighing.rule.clone(),
            seen: 0,
            stage,
            weighed: false,
        });
        far.seen += 1;
        far.stage = far.stage.max(stage);
        far.weighed |= weighing.verdict.is_some();
        let Some(verdict) = &weighing.verdict else { return };
        let spoke = matches!(
            verdict,
            Verdict::Fired | Verdict::Deferred { .. } | Verdict::Merged | Verdict::Waits { .. }
        );
        if spoke {
            return;
        }
        let key = (weighing.rule.clone(), verdict.word());
        let reason = self.near.entry(key).or_insert_with(|| Reason {
            rule: weighing.rule.clone(),
            reason: verdict.word(),
            times: 0,
            at: entry.at,
            event: entry.cause.clone(),
            person: weighing
                .person
                .as_ref()
                .map(|person| who(entry.community, weighing.group.as_ref(), person).name),
            first: verdict.clone(),
        });
        reason.times += 1;
    }

    fn close(mut self) -> Self {
        self.stretch(self.until);
        self.reasons = std::mem::take(&mut self.near).into_values().collect();
        // The order of names stands where figures are the same.
        self.reasons.sort_by_key(|reason| std::cmp::Reverse(reason.times));
        self.untouched = std::mem::take(&mut self.far)
            .into_values()
            .filter(|it| !it.weighed)
            .collect();
        self
    }

    /// For people.
    pub fn text(&self, lang: Lang, zone: &TimeZone) -> String {
        let mut out = String::new();
        let group = self.group.as_ref().map_or_else(String::new, |group| {
            lang.pick(format!("   群「{}」", group.name), format!("   group {}", group.name))
        });
        let (from, until) = (when(self.from, zone), when(self.until, zone));
        let _ = writeln!(
            out,
            "{}  {from} → {until}{group}",
            lang.pick("为什么没说话", "why silent")
        );
        let longest = format!("{} → {}", when(self.longest.0, zone), when(self.longest.1, zone));
        let _ = writeln!(
            out,
            " {}",
            lang.pick(
                format!(
                    "群友说了 {} 句，机器人说了 {} 句；最长一段没开口：{longest}",
                    self.heard, self.said
                ),
                format!(
                    "members said {}, the bot {}; longest stretch without a word: {longest}",
                    self.heard, self.said
                ),
            )
        );
        self.ranked(&mut out, lang, zone);
        if self.untouched.is_empty() {
            return out;
        }
        let _ = writeln!(
            out,
            " {}",
            lang.pick("没有一件事轮到的规则：", "rules that nothing came near:")
        );
        for it in &self.untouched {
            let (rule, stage) = (plain(it.rule.as_str()), funnel::named(it.stage, lang));
            let _ = writeln!(
                out,
                "  {}",
                lang.pick(
                    format!("{rule}：看了 {} 件事，走得最远的也不合「{stage}」", it.seen),
                    format!(
                        "{rule}: asked about {} events; the nearest stopped at: {stage}",
                        it.seen
                    ),
                )
            );
        }
        out
    }

    fn ranked(&self, out: &mut String, lang: Lang, zone: &TimeZone) {
        let held: u64 = self.reasons.iter().map(|reason| reason.times).sum();
        if held == 0 {
            let _ = writeln!(out, " {}", lang.pick("没有一次被拦下。", "nothing was held back."));
            return;
        }
        let _ = writeln!(
            out,
            " {}",
            lang.pick(
                format!("拦下 {held} 次，多的在前："),
                format!("held back {held} times, most frequent first:")
            )
        );
        for reason in &self.reasons {
            let person = reason
                .person
                .as_ref()
                .map_or_else(String::new, |person| format!(" {person}"));
            let _ = writeln!(
                out,
                "  {}× {}  {}{}{person} {}  → explain --event {} --rule {}",
                reason.times,
                plain(reason.rule.as_str()),
                because(&reason.first, lang, zone),
                lang.pick("（最先：", " (first:"),
                when(reason.at, zone) + lang.pick("）", ")"),
                plain(reason.event.as_str()),
                plain(reason.rule.as_str()),
            );
        }
    }
}
