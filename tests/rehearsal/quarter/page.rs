//! The page of the quarter: what was said and done, a section a week. Answers of a kind are told once, what the bot offers
//! by itself once a month; the rest is counted, and so is small talk.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use qunying::chat::{Kind, Lang, Moment};
use qunying::dry_run::because::because;
use qunying::dry_run::effects::{Effect, Reached, plain};
use qunying::dry_run::report::{Decided, Line};
use qunying::dry_run::show::{figures_of, weekday};
use qunying::dry_run::{Report, Show};
use qunying::engine::Verdict;

use super::told::TALK;

/// What is longer is cut.
const LINE_MOST: usize = 50;

/// The whole page; `rehearsed` runs it up to the end of a month, or of the recording.
pub fn page(rehearsed: &dyn Fn(Option<i8>, Show) -> Report, lang: Lang) -> String {
    let report = rehearsed(None, Show::Events);
    let mut page = Page::new(&report, lang);
    page.head();
    for line in &report.lines {
        let date = line.at().date(&report.zone);
        if page.week.is_some_and(|week| week != week_of(date)) {
            page.closes_week();
            if let Some((month, _)) = page.week.filter(|(month, _)| *month != date.month()) {
                page.closes_month(month, Some(&rehearsed(Some(month), Show::Summary)));
            }
        }
        page.opens_week(date);
        page.takes(line);
    }
    page.closes_week();
    if let Some((month, _)) = page.week {
        page.closes_month(month, None);
    }
    page.ends(&rehearsed(None, Show::Summary));
    page.out
}

/// A week, cut where a month ends: the month, and the week's Monday.
fn week_of(date: Date) -> (i8, Date) {
    let back = i64::from(date.weekday().to_monday_zero_offset());
    (date.month(), date.saturating_sub(jiff::Span::new().days(back)))
}

/// Something that happened, and what the bot did and did not do about it at once.
struct Exchange<'r> {
    at: Moment,
    group: Option<&'r str>,
    text: &'r str,
    follows: Vec<&'r Line>,
}

struct Page<'r> {
    report: &'r Report,
    lang: Lang,
    out: String,
    names: Vec<String>,
    week: Option<(i8, Date)>,
    /// The day that is told, and its lines, each with its group.
    day: Option<Date>,
    lines: Vec<(String, String)>,
    waits: Option<Exchange<'r>>,
    /// What the bot's words look like that were shown, ever and this month.
    seen: BTreeSet<String>,
    offered: BTreeSet<String>,
    /// Rules and reasons of silences that were shown.
    silences: BTreeSet<(String, &'static str)>,
    talk: usize,
    same: BTreeMap<String, usize>,
    own: usize,
    /// What staff were told of the month's gatherings.
    reviews: Vec<String>,
}

impl<'r> Page<'r> {
    fn new(report: &'r Report, lang: Lang) -> Self {
        let mut names: BTreeSet<String> = BTreeSet::new();
        for line in &report.lines {
            match line {
                Line::Effect(effect) => names.extend(effect.what.person().map(|who| who.name.clone())),
                Line::Happened { text, .. } => names.extend(spoken(text).map(|(name, _)| name.to_owned())),
                Line::Decided(_) => {}
            }
        }
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Self {
            report,
            lang,
            out: String::new(),
            names,
            week: None,
            day: None,
            lines: Vec::new(),
            waits: None,
            seen: BTreeSet::new(),
            offered: BTreeSet::new(),
            silences: BTreeSet::new(),
            talk: 0,
            same: BTreeMap::new(),
            own: 0,
            reviews: Vec::new(),
        }
    }

    fn head(&mut self) {
        self.out.push_str(self.lang.pick(
            "# 茶社的一个季度\n\n\
             [English](a-quarter-of-a-tea-shop.md)\n\n\
             自带的[剧本](../playbooks)演一遍[三个月的记录](../recordings/a-quarter.jsonl)：一家茶社，两个群，四十来位客人，人和话都是编的，什么也没有发送。\n\
             这一页由测试写成（`tests/rehearsal/quarter.rs`），剧本改了它就跟着改。自己看全部：\n\n\
             ```sh\nqunying dry-run recordings/a-quarter.jsonl --show events\n```\n\n\
             `▸` 是机器人说的、做的，写在引起它的那句话下面；`✗` 是它没有做的，后面是原因，同一种只写头一次。同样的回答只写一次，机器人主动\n\
             招呼的一个月写一次，其余的和闲聊数一数。太长的话截短，`⏎` 是换行。\n",
            "# A quarter of a tea shop\n\n\
             [中文](a-quarter-of-a-tea-shop.zh-CN.md)\n\n\
             The shipped [playbooks](../playbooks) rehearse [three months](../recordings/a-quarter.jsonl): one tea shop, two groups, some forty\n\
             customers. People and words are invented, nothing was sent; the groups speak Chinese. A test writes this page\n\
             (`tests/rehearsal/quarter.rs`), so it changes with the playbooks. All of it:\n\n\
             ```sh\nqunying dry-run recordings/a-quarter.jsonl --show events\n```\n\n\
             `▸` is what the bot says and does, under what gave rise to it; `✗` is what it does not do, with the reason, each kind once.\n\
             Answers of a kind are told once, what it offers by itself once a month; the rest is counted, and so is small talk. What is long\n\
             is cut, `⏎` is a line break.\n",
        ));
    }

    fn opens_week(&mut self, date: Date) {
        let week = week_of(date);
        if self.week == Some(week) {
            return;
        }
        if self.week.is_none_or(|(month, _)| month != week.0) {
            self.offered.clear();
        }
        self.week = Some(week);
        let from = week.1.max(date.first_of_month());
        let to = week
            .1
            .saturating_add(jiff::Span::new().days(6))
            .min(date.last_of_month());
        let heading = match self.lang {
            Lang::Zh if from == to => format!("{}月{}日", from.month(), from.day()),
            Lang::En if from == to => from.strftime("%-d %B").to_string(),
            Lang::Zh => format!("{}月{}日～{}日", from.month(), from.day(), to.day()),
            Lang::En => format!("{} to {}", from.strftime("%-d %B"), to.strftime("%-d %B")),
        };
        self.out.push_str(&format!("\n## {heading}\n\n```text\n"));
    }

    fn closes_week(&mut self) {
        self.flush();
        self.closes_day();
        self.out.push_str("```\n");
        let (often, seldom): (Vec<_>, Vec<_>) = std::mem::take(&mut self.same)
            .into_iter()
            .partition(|(_, times)| *times > 1);
        let (talk, own) = (std::mem::take(&mut self.talk), std::mem::take(&mut self.own));
        let mut parts = Vec::new();
        if talk > 0 {
            parts.push(self.lang.pick(format!("闲聊 {talk} 条"), format!("small talk ×{talk}")));
        }
        parts.extend(often.into_iter().map(|(what, times)| format!("{what} ×{times}")));
        if !seldom.is_empty() {
            let other = self.lang.pick("其他来往", "other exchanges");
            parts.push(format!("{other} ×{}", seldom.len()));
        }
        if own > 0 {
            parts.push(self.lang.pick(
                format!("机器人类似的话 {own} 条"),
                format!("words of the bot's like those above ×{own}"),
            ));
        }
        if !parts.is_empty() {
            let (also, comma, end) = self.lang.pick(("另有：", "、", "。"), ("And: ", ", ", "."));
            self.out.push_str(&format!("\n{also}{}{end}\n", parts.join(comma)));
        }
    }

    /// The month's gatherings, and the money and messages up to then; the last month's are those of the whole.
    fn closes_month(&mut self, month: i8, so_far: Option<&Report>) {
        let heading = match self.lang {
            Lang::Zh => format!("{month} 月底：这个月的两小一大，从开头算起的钱和话"),
            Lang::En => {
                let name = Date::constant(2026, month, 1).strftime("%B");
                format!("The end of {name}: two small events and a big one, money and messages from the beginning")
            }
        };
        self.out.push_str(&format!("\n### {heading}\n\n```text\n"));
        for review in std::mem::take(&mut self.reviews) {
            self.out.push_str(&format!(" {review}\n"));
        }
        let wanted = self.lang.pick(
            ["最多花费", "到头未用", "发言", "活动"],
            ["cost at most", "still out", "messages", "events"],
        );
        let figures = so_far.map(|report| figures_of(report, self.lang)).unwrap_or_default();
        for line in figures.lines() {
            if wanted.iter().any(|label| line.trim_start().starts_with(label)) {
                self.out.push_str(&format!("{line}\n"));
            }
        }
        self.out.push_str("```\n");
    }

    fn ends(&mut self, whole: &Report) {
        let heading = self.lang.pick("三个月合起来", "The three months together");
        let figures = figures_of(whole, self.lang);
        // Money and disturbance, and what matters; the tables of rules and timers are for a terminal.
        let paragraphs: Vec<&str> = figures.trim_start().split("\n\n").collect();
        let wanted = self.lang.pick("要紧的", "thing(s) to look at");
        let notes = paragraphs.iter().skip(2).find(|it| it.contains(wanted));
        let shown: Vec<&str> = paragraphs.iter().take(2).chain(notes).copied().collect();
        self.out
            .push_str(&format!("\n## {heading}\n\n```text\n{}\n```\n", shown.join("\n\n")));
    }

    fn takes(&mut self, line: &'r Line) {
        match line {
            Line::Happened { at, group, text } => {
                self.flush();
                self.waits = Some(Exchange {
                    at: *at,
                    group: group.as_deref(),
                    text,
                    follows: Vec::new(),
                });
            }
            Line::Effect(Effect { at, decided_at, .. }) if at == decided_at => self.follows(*at, line),
            Line::Decided(decided) => self.follows(decided.at, line),
            Line::Effect(_) => {
                self.flush();
                self.alone(line);
            }
        }
    }

    /// What is of the same moment follows from what happened then.
    fn follows(&mut self, at: Moment, line: &'r Line) {
        match &mut self.waits {
            Some(exchange) if exchange.at == at => exchange.follows.push(line),
            _ => {
                self.flush();
                self.alone(line);
            }
        }
    }

    fn alone(&mut self, line: &'r Line) {
        if let Some((group, words)) = self.shown(line, true) {
            self.puts(line.at(), group.as_deref(), (&words, &[]));
        }
    }

    fn flush(&mut self) {
        let Some(exchange) = self.waits.take() else { return };
        let (known, own) = (exchange.follows.len(), self.own);
        let follows: Vec<String> = exchange
            .follows
            .iter()
            .filter_map(|line| self.shown(line, false))
            .map(|(_, words)| words)
            .collect();
        // What an exchange shows nothing new of is counted as an exchange.
        self.own = own;
        let said = spoken(exchange.text);
        let is_talk = said.is_some_and(|(_, words)| TALK.contains(&words));
        let is_order = said.is_none() && is_order(exchange.text);
        if is_talk && known == 0 {
            self.talk += 1;
        } else if follows.is_empty() && (is_order || said.is_some() && answered(&exchange)) {
            *self.same.entry(head(exchange.text).to_owned()).or_default() += 1;
        } else {
            self.puts(exchange.at, exchange.group, (&cut(exchange.text), &follows));
        }
    }

    /// What belongs to no group stands where the line before it does.
    fn puts(&mut self, at: Moment, group: Option<&str>, (words, follows): (&str, &[String])) {
        let local = at.in_zone(&self.report.zone);
        if self.day != Some(local.date()) {
            self.closes_day();
            self.day = Some(local.date());
        }
        let group = match (group, self.lines.last()) {
            (Some(group), _) => group.to_owned(),
            (None, Some((before, _))) => before.clone(),
            (None, None) => String::new(),
        };
        let mut lines = format!("{} {}\n", local.strftime("%H:%M"), words);
        for follows in follows {
            lines.push_str(&format!("    {follows}\n"));
        }
        self.lines.push((group, lines));
    }

    /// A day's lines, one group after the other.
    fn closes_day(&mut self) {
        let Some(date) = self.day.take() else { return };
        let lines = std::mem::take(&mut self.lines);
        let day = match self.lang {
            Lang::Zh => format!("{}月{}日 {}", date.month(), date.day(), weekday(date, Lang::Zh)),
            Lang::En => date.strftime("%a %-d %b").to_string(),
        };
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for (group, _) in &lines {
            if !told.insert(group) {
                continue;
            }
            let named = if group.is_empty() {
                String::new()
            } else {
                format!(" 〔{group}〕")
            };
            self.out.push_str(&format!("{day}{named}\n"));
            let theirs = lines.iter().filter(|(of, _)| of == group);
            self.out.extend(theirs.map(|(_, lines)| lines.as_str()));
        }
    }

    /// How a line of the bot's is told, and in which group, if there is something new in it.
    fn shown(&mut self, line: &Line, alone: bool) -> Option<(Option<String>, String)> {
        match line {
            Line::Happened { .. } => None,
            Line::Effect(effect) => self.said(effect, alone),
            Line::Decided(decided) => self.held(decided),
        }
    }

    fn said(&mut self, effect: &Effect, alone: bool) -> Option<(Option<String>, String)> {
        let (group, to, text) = match &effect.what {
            Reached::Said { group, text, .. } => (Some(group.name.clone()), String::new(), text.clone()),
            Reached::Whispered { person, text } => {
                let to = self
                    .lang
                    .pick(format!("（私聊 {}）", person.name), format!("(to {}) ", person.name));
                (None, to, text.clone())
            }
            Reached::GroupRenamed { .. } | Reached::CardSet { .. } => {
                (None, String::new(), effect.what.line(self.lang))
            }
            _ => return None,
        };
        let rule = effect.rule.as_ref().map_or("", |rule| rule.as_str());
        if rule.starts_with("two-small-one-big/event.") && to.contains("掌柜") && !self.reviews.contains(&text) {
            self.reviews.push(text);
            return None;
        }
        let looks = format!("{rule} {}", self.looks(&text));
        let calls = matches!(&effect.what, Reached::Said { mentions, .. } if !mentions.is_empty());
        let offers = calls || matches!(effect.kind, Some(Kind::Value | Kind::Promo));
        let told = if alone && offers {
            &mut self.offered
        } else {
            &mut self.seen
        };
        if told.insert(looks) {
            return Some((group, cut(&format!("▸ {to}{text}"))));
        }
        self.own += 1;
        None
    }

    fn held(&mut self, decided: &Decided) -> Option<(Option<String>, String)> {
        if !decided.held() || matches!(decided.verdict, Verdict::ConditionFalse { .. }) {
            return None;
        }
        let rule = plain(decided.rule.as_str());
        if !self.silences.insert((rule.clone(), decided.verdict.word())) {
            return None;
        }
        let who = decided
            .person
            .as_ref()
            .map_or(String::new(), |who| format!(" {}", who.name));
        let because = because(&decided.verdict, self.lang, &self.report.zone);
        Some((None, format!("✗ {rule}{who} — {because}")))
    }

    /// Words without what differs from time to time: names, numbers, codes.
    fn looks(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for name in &self.names {
            text = text.replace(name.as_str(), "·");
        }
        let groups = self.report.groups.iter();
        for group in groups {
            text = text.replace(group.as_str(), "·");
        }
        text.retain(|letter| !letter.is_ascii_alphanumeric());
        match text.split_once('】') {
            // What stands under a title is something else each time.
            Some((title, _)) if text.starts_with('【') => title.to_owned(),
            _ => text.replace("·、", ""),
        }
    }
}

/// Who says what, in a line of somebody's words, in a group or in private.
fn spoken(text: &str) -> Option<(&str, &str)> {
    let (name, words) = text.split_once(": ")?;
    match name.split_once(' ') {
        None => Some((name, words)),
        Some((name, "私聊" | "privately")) => Some((name, words)),
        Some(_) => None,
    }
}

fn is_order(text: &str) -> bool {
    matches!(text.split(' ').nth(1), Some("下单" | "orders"))
}

/// Whether the bot did something about it.
fn answered(exchange: &Exchange<'_>) -> bool {
    exchange.follows.iter().any(|line| !matches!(line, Line::Decided(_)))
}

/// What a line is counted as: its first word without numbers, or what was done.
fn head(text: &str) -> &str {
    match spoken(text) {
        Some((_, words)) if !text.split(": ").next().unwrap_or_default().contains(' ') => {
            let word = words.split(' ').next().unwrap_or_default();
            match word.trim_end_matches(|letter: char| letter.is_ascii_digit()) {
                "" => word,
                bare => bare,
            }
        }
        // Orders, and what is said in private.
        _ => text.split([' ', ':']).nth(1).unwrap_or_default(),
    }
}

fn cut(words: &str) -> String {
    match words.char_indices().nth(LINE_MOST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}
