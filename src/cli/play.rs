//! `try`: a terminal to play members in, with a clock to push. What is typed is what the terminal gateway takes.

mod line;

use std::io::{BufRead, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::DateTime;

use super::books::{Books, sound, sources, unreadable};
use super::clock::clock;
use super::import::How;
use super::replay::Recordings;
use super::{Ending, Outcome, Setting};
use crate::chat::{Event, GatewayName, GroupId, Happening, Lang, Moment, PersonId, Segment, Source};
use crate::dry_run::Input;
use crate::dry_run::because::because;
use crate::dry_run::explain::{Setup, question, show};
use crate::dry_run::play::saving::{Wanted as Saving, saved};
use crate::dry_run::play::{Play, Told, busiest};
use crate::gateway::decoded::Arrival;
use crate::gateway::terminal::TerminalSettings;
use crate::gateway::terminal::typed::{Reader, Typed};
use line::Line;

/// `try`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Playbook files, and recordings to begin in the middle of
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    books: Books,
    /// When it begins, like "2026-03-02 10:00" (default: today at ten)
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    how: How,
    /// The name of the gateway that ids in foreign logs belong to
    #[arg(long, default_value = "log")]
    gateway: String,
}

/// A session at the terminal.
struct Session {
    play: Play,
    reader: Reader,
    gateway: GatewayName,
    /// The group lines are for, where it is one of a recording.
    group: Option<GroupId>,
    begun_at: Moment,
    sources: Vec<Source>,
    told: Vec<Told>,
    typed: u64,
}

/// Plays until the input ends or somebody says so.
pub fn play(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let (meant, logs) = meant(wanted);
    if !logs.is_empty() && wanted.at.is_none() {
        anyhow::bail!(lang.pick(
            "从记录中间开始，要写 --at，如 --at \"2026-03-02 10:00\"",
            "to begin within a recording say when, like --at \"2026-03-02 10:00\"",
        ));
    }
    let sources = sources(&meant, &config, lang)?;
    let Some(books) = sound(&sources, &config, lang) else {
        return Ok(Ending::ProblemsFound);
    };
    let at = begin(wanted, &books.house.zone, lang)?;
    let mut recordings = Recordings::of(&logs, &wanted.how, (&wanted.gateway, lang))?;
    let known = recordings.foreknown(lang)?;
    let mut setup = Setup::of(books, known.answered, lang);
    setup.options.codes = known.codes;
    let mut recorded = Vec::new();
    recordings.feed(&mut |input: Input| {
        if input.time < at {
            recorded.push(input);
            return ControlFlow::Continue(());
        }
        ControlFlow::Break(())
    });
    recordings.read_whole(lang)?;
    let mut session = Session::new(setup, recorded, (at, sources), lang);
    session.greet();
    let terminal = std::io::stdin().is_terminal();
    let mut line = String::new();
    loop {
        if terminal {
            session.prompt();
        }
        line.clear();
        if std::io::stdin().lock().read_line(&mut line)? == 0 {
            return Ok(Ending::Fine);
        }
        if session.answer(line.trim())?.is_break() {
            return Ok(Ending::Fine);
        }
    }
}

/// Playbooks end in `.toml`; anything else is a recording.
fn meant(wanted: &Wanted) -> (Books, Vec<PathBuf>) {
    let is_playbook = |file: &&PathBuf| file.extension().is_some_and(|ending| ending == "toml");
    let (given, logs): (Vec<&PathBuf>, Vec<&PathBuf>) = wanted.files.iter().partition(is_playbook);
    let mut books = wanted.books.clone();
    books.paths.extend(given.into_iter().cloned());
    (books, logs.into_iter().cloned().collect())
}

fn begin(wanted: &Wanted, zone: &jiff::tz::TimeZone, lang: Lang) -> Result<Moment, anyhow::Error> {
    let Some(text) = &wanted.at else {
        let today = clock().date(zone);
        return Ok(Moment::at_local(today.at(10, 0, 0, 0), zone));
    };
    match text.parse::<DateTime>() {
        Ok(at) => Ok(Moment::at_local(at, zone)),
        Err(_) => anyhow::bail!(lang.pick(
            format!("「{text}」不是时间；请写成 2026-03-02 或 \"2026-03-02 10:00\""),
            format!("`{text}` is no time; write it like 2026-03-02 or \"2026-03-02 10:00\""),
        )),
    }
}

impl Session {
    fn new(setup: Setup, recorded: Vec<Input>, (at, sources): (Moment, Vec<Source>), lang: Lang) -> Self {
        let group = busiest_group(&recorded);
        let gateway = group
            .as_ref()
            .map_or_else(|| GatewayName::new("terminal"), GroupId::gateway);
        let mut settings = TerminalSettings::new(gateway.clone(), lang);
        if let Some(group) = &group {
            settings.group = group.wire().to_owned();
        }
        let reader = Reader::new(settings);
        let mut play = Play::new(setup, recorded, at);
        if group.is_none() {
            play.feed(reader.opening(at), true);
        }
        Self {
            play,
            reader,
            gateway,
            group,
            begun_at: at,
            sources,
            told: Vec::new(),
            typed: 0,
        }
    }

    fn lang(&self) -> Lang {
        self.play.lang()
    }

    fn time(&self) -> String {
        let at = self.play.clock().in_zone(&self.play.books().house.zone);
        let form = if at.second() == 0 {
            "%Y-%m-%d %H:%M"
        } else {
            "%Y-%m-%d %H:%M:%S"
        };
        at.strftime(form).to_string()
    }

    fn greet(&self) {
        let group = GroupId::at(&self.gateway, self.reader.group());
        let known = self
            .play
            .community()
            .groups()
            .get(&group)
            .map(|group| group.name.clone());
        let name = known
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| self.reader.group().into());
        let members = self.play.community().members_of(&group).count();
        let time = self.time();
        anstream::println!(
            "{}",
            self.lang().pick(
                format!("试玩 {time}   群「{name}」{members} 人   什么也不会发送；help 看怎么玩"),
                format!("try {time}   group {name}, {members} people   nothing is sent; `help` tells how"),
            )
        );
    }

    fn prompt(&self) {
        anstream::print!("{} › ", self.time());
        // A terminal that went away ends the input too.
        let _ = std::io::stdout().flush();
    }

    fn answer(&mut self, typed: &str) -> Result<ControlFlow<()>, anyhow::Error> {
        match Line::read(typed) {
            Line::Nothing => {}
            Line::Help => anstream::println!("{}", line::help(self.lang())),
            Line::Quit => return Ok(ControlFlow::Break(())),
            Line::Push(length) => {
                let told = self.play.push(length);
                anstream::println!("{}", self.time());
                if told.is_empty() {
                    anstream::println!("  {}", self.lang().pick("（没有定时到期）", "(no timer came due)"));
                }
                self.tell(told);
            }
            Line::Back(steps) => {
                let taken = self.play.back(steps);
                let time = self.time();
                anstream::println!(
                    "{}",
                    self.lang().pick(
                        format!("退回 {taken} 步，现在 {time}"),
                        format!("{taken} steps back; it is {time}")
                    )
                );
            }
            Line::Why => self.why(),
            Line::WhyNot(rule) => self.why_not(rule),
            Line::Rules => {
                for rule in self.play.books().books.iter().flat_map(|book| &book.rules) {
                    anstream::println!("  {}", crate::dry_run::effects::plain(rule.name.as_str()));
                }
            }
            Line::Save(name) => self.save(name)?,
            Line::Chat(text) => self.chat(text),
        }
        Ok(ControlFlow::Continue(()))
    }

    fn why(&self) {
        match self.play.why() {
            None => anstream::println!("  {}", self.lang().pick("还什么都没有发生", "nothing happened yet")),
            Some(answer) => self.explained(answer),
        }
    }

    fn why_not(&self, rule: &str) {
        match question::rule(self.play.books(), rule) {
            Ok(rule) => self.explained(self.play.why_not(rule)),
            Err(cannot) => anstream::println!("  {}", cannot.text(self.lang())),
        }
    }

    fn explained(&self, answer: Result<crate::dry_run::explain::Explanation, question::Unanswerable>) {
        let zone = &self.play.books().house.zone;
        match answer {
            Ok(explanation) => anstream::print!("{}", show::text(&explanation, self.lang(), zone)),
            Err(cannot) => anstream::println!("  {}", cannot.text(self.lang())),
        }
    }

    fn chat(&mut self, text: &str) {
        self.typed += 1;
        let arrived = Arrival {
            at: self.play.clock(),
            nth: self.typed,
        };
        let text = self.named_group(text);
        let known = self.group.is_some();
        match self.reader.read(&text, arrived, 0) {
            Ok(Typed::Help) => anstream::println!("{}", line::help(self.lang())),
            Ok(Typed::Events(events)) => {
                let turned = text.starts_with(['#', '＃']);
                if turned && known {
                    // A group of the recording is there already.
                    return;
                }
                let events = events.into_iter().map(|event| self.resolved(event)).collect();
                let told = self.play.feed(events, turned);
                self.tell(told);
            }
            Err(not) => anstream::println!("  {}", self.lang().pick(not.in_chinese(), not.to_string())),
        }
    }

    /// `#群名` of a recording's group goes by the group's id.
    fn named_group(&self, text: &str) -> String {
        let Some(name) = text.strip_prefix(['#', '＃']).map(str::trim) else {
            return text.to_owned();
        };
        let wanted = crate::chat::fold(name);
        let groups = self.play.community().groups().iter();
        let mut called =
            groups.filter(|(id, group)| id.gateway() == self.gateway && crate::chat::fold(&group.name) == wanted);
        called
            .next()
            .map_or_else(|| text.to_owned(), |(id, _)| format!("#{}", id.wire()))
    }

    /// Whoever is typed by a name that somebody of the recording has is that person.
    fn resolved(&self, mut event: Event) -> Event {
        if self.group.is_none() {
            return event;
        }
        let group = GroupId::at(&self.gateway, self.reader.group());
        let meant = |person: &mut PersonId| {
            if let Some(known) = self.play.called(&group, person.wire()) {
                *person = known;
            }
        };
        match &mut event.happening {
            Happening::Message(message) => {
                meant(&mut message.from);
                for segment in &mut message.segments {
                    if let Segment::Mention(person) = segment {
                        meant(person);
                    }
                }
            }
            Happening::Joined { person, by, .. } => {
                meant(person);
                by.iter_mut().for_each(meant);
            }
            Happening::Left { person, .. } => meant(person),
            Happening::OrderPaid(order) | Happening::Refunded(order) => meant(&mut order.person),
            _ => {}
        }
        event
    }

    fn tell(&mut self, told: Vec<Told>) {
        let lang = self.lang();
        let zone = self.play.books().house.zone.clone();
        let now = self.play.clock();
        for it in &told {
            match it {
                Told::Effect(effect) => {
                    let line = effect.what.line(lang);
                    let when = if effect.at > now {
                        let at = crate::dry_run::because::when(effect.at, &zone);
                        lang.pick(format!("（{at} 才说）"), format!(" (not before {at})"))
                    } else if effect.at < now {
                        format!("  [{}]", crate::dry_run::because::when(effect.at, &zone))
                    } else {
                        String::new()
                    };
                    anstream::println!("  ‹ {line}{when}");
                }
                Told::Held {
                    rule, person, verdict, ..
                } => {
                    let person = person.as_ref().map_or_else(String::new, |person| format!(" {person}"));
                    let rule = crate::dry_run::effects::plain(rule.as_str());
                    anstream::println!("  ✗ {rule}{person} — {}", because(verdict, lang, &zone));
                }
            }
        }
        self.told.extend(told);
    }

    fn save(&mut self, name: &str) -> Result<(), anyhow::Error> {
        let lang = self.lang();
        if name.is_empty() {
            anstream::println!(
                "  {}",
                lang.pick("要有名字：:save 小红第一天", "it needs a name: :save first day")
            );
            return Ok(());
        }
        let group = GroupId::at(&self.gateway, self.reader.group());
        let known = self.play.community().groups().get(&group).map(|it| it.name.to_string());
        let group = known
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| self.reader.group().to_owned());
        let staff: Vec<String> = self.staff();
        let book = busiest(self.play.books(), &self.told).unwrap_or_default().to_owned();
        let wanted = Saving {
            book: &book,
            name,
            begun_at: self.begun_at,
            group: &group,
            staff: &staff,
        };
        match saved(&self.play, &self.sources, &wanted) {
            Ok((index, text)) => {
                let source = &mut self.sources[index];
                let file = PathBuf::from(&source.name);
                std::fs::write(&file, &text).map_err(|error| unreadable(&file, &error, lang))?;
                source.text = text;
                let from_log = self.group.is_some();
                anstream::println!(
                    "  {}",
                    lang.pick(
                        format!(
                            "已写进 {} 的 [[test]]「{name}」，并已通过{}",
                            file.display(),
                            if from_log {
                                "（从空群开始，不带记录里的人）"
                            } else {
                                ""
                            }
                        ),
                        format!(
                            "written to {} as the [[test]] {name}, which passes{}",
                            file.display(),
                            if from_log {
                                " (it begins with an empty group)"
                            } else {
                                ""
                            }
                        ),
                    )
                );
            }
            Err(not) => anstream::println!("  {}", not.text(lang)),
        }
        Ok(())
    }

    /// Staff who were played, by name.
    fn staff(&self) -> Vec<String> {
        let house = &self.play.books().house;
        let here = house.staff.iter().filter(|person| person.gateway() == self.gateway);
        here.map(|person| person.wire().to_owned())
            .filter(|name| {
                self.play
                    .script()
                    .iter()
                    .any(|(_, line)| line.starts_with(name.as_str()))
            })
            .collect()
    }
}

/// The group members said most in.
fn busiest_group(recorded: &[Input]) -> Option<GroupId> {
    let mut said: std::collections::BTreeMap<&GroupId, u64> = std::collections::BTreeMap::new();
    for input in recorded {
        if let Happening::Message(message) = &input.event.happening
            && let Some(group) = &message.group
        {
            *said.entry(group).or_default() += 1;
        }
    }
    said.into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(group, _)| group.clone())
}
