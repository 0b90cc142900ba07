//! What was played, as a `[[test]]` that passes: it is played as a test first, and what came of it is what is expected.

use std::fmt::Write as _;

use jiff::civil::DateTime;
use thiserror::Error;

use super::Play;
use crate::chat::{Lang, Moment, Source};
use crate::dry_run::driver::REHEARSAL_SECRET;
use crate::dry_run::stories::{clock_time, local};
use crate::dry_run::story::{Made, Row, play};
use crate::engine::Dice;
use crate::playbook::{self, Playbooks, Story};

/// Why nothing was saved. Display is English.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotSaved {
    #[error("nothing was played yet")]
    Nothing,
    #[error("{book}.toml has a test called {name} already; choose another name")]
    Taken { book: String, name: String },
    #[error("this cannot be written as a test: {why}")]
    NoTest { why: String },
}

impl NotSaved {
    /// In the language asked for.
    pub fn text(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::En, _) => self.to_string(),
            (Lang::Zh, NotSaved::Nothing) => "还什么都没有试过".to_owned(),
            (Lang::Zh, NotSaved::Taken { book, name }) => format!("{book}.toml 里已有叫「{name}」的测试，请换一个名字"),
            (Lang::Zh, NotSaved::NoTest { why }) => format!("写不成测试：{why}"),
        }
    }
}

/// What a session is saved as: which book, under which name, and who is staff.
#[derive(Clone, Debug)]
pub struct Wanted<'w> {
    pub book: &'w str,
    pub name: &'w str,
    pub begun_at: Moment,
    pub group: &'w str,
    /// Staff by name.
    pub staff: &'w [String],
}

/// The text of the book with the test at its end. `sources` are those the playbooks were read from.
pub fn saved(play: &Play, sources: &[Source], wanted: &Wanted<'_>) -> Result<(usize, String), NotSaved> {
    let (books, lang) = (play.books(), play.lang());
    if play.script().is_empty() {
        return Err(NotSaved::Nothing);
    }
    let index = place_of(books, sources, wanted)?;
    let no_test = |why: &str| NotSaved::NoTest { why: why.to_owned() };
    let zone = &books.house.zone;
    let begin = local(wanted.begun_at, zone);
    let script: Vec<(DateTime, String)> = play
        .script()
        .iter()
        .map(|(at, line)| (local(*at, zone), line.clone()))
        .collect();
    let settle = play
        .clock()
        .since(play.script().last().map_or(wanted.begun_at, |(at, _)| *at));
    let draft = block(
        wanted,
        begin,
        (&dated(&script, begin), lang.pick("无", "nothing")),
        settle,
    );
    // Played with nothing expected, everything it comes to is unexpected.
    let (read, story) = reread(sources, (index, &draft), (books, wanted))?;
    let played = crate::dry_run::story::play(&read, book_of(&read, wanted), &story, &Dice::of(REHEARSAL_SECRET));
    if let Some(problem) = played.problems.first() {
        return Err(no_test(problem.mistake.text(lang)));
    }
    let made: Vec<(DateTime, String)> = played
        .rows
        .iter()
        .filter_map(|row| match row {
            Row::Unexpected(Made { at, effect, .. }) => Some((*at, expectation(&effect.what.line(lang)))),
            Row::Met(_) | Row::Missing(_) => None,
        })
        .collect();
    let expect = if made.is_empty() {
        lang.pick("无", "nothing").to_owned()
    } else {
        dated(&made, begin)
    };
    let test = block(wanted, begin, (&dated(&script, begin), &expect), settle);
    let (read, story) = reread(sources, (index, &test), (books, wanted))?;
    if !play_passes(&read, wanted, &story) {
        return Err(no_test(lang.pick(
            "重演的结果对不上；请把这几行和结果告诉我们",
            "played again it does not pass; please report these lines",
        )));
    }
    let mut text = sources[index].text.trim_end().to_owned();
    text.push_str("\n\n");
    text.push_str(&test);
    Ok((index, text))
}

/// Which file the test goes into; as it stands now, with what was saved before.
fn place_of(books: &Playbooks, sources: &[Source], wanted: &Wanted<'_>) -> Result<usize, NotSaved> {
    let standing = playbook::read(sources, books.house.clone()).playbooks;
    let is_it = |source: &Source| crate::playbook::reading::book_name(&source.name) == wanted.book;
    let book = standing.books.iter().find(|book| book.name == wanted.book);
    let (Some(index), Some(book)) = (sources.iter().position(is_it), book) else {
        return Err(NotSaved::NoTest {
            why: format!("{}.toml?", wanted.book),
        });
    };
    if book.stories.iter().any(|story| story.name == wanted.name) {
        return Err(NotSaved::Taken {
            book: book.name.clone(),
            name: wanted.name.to_owned(),
        });
    }
    Ok(index)
}

fn play_passes(books: &Playbooks, wanted: &Wanted<'_>, story: &Story) -> bool {
    play(books, book_of(books, wanted), story, &Dice::of(REHEARSAL_SECRET)).passed()
}

fn book_of<'b>(books: &'b Playbooks, wanted: &Wanted<'_>) -> &'b playbook::Playbook {
    let own = books.books.iter().find(|book| book.name == wanted.book);
    own.expect("the book was read from the same file")
}

/// The set with the test in it, and the test.
fn reread(
    sources: &[Source],
    (index, test): (usize, &str),
    (books, wanted): (&Playbooks, &Wanted<'_>),
) -> Result<(Playbooks, Story), NotSaved> {
    let mut sources = sources.to_vec();
    let source = &mut sources[index];
    source.text = format!("{}\n\n{test}", source.text.trim_end());
    let lang = books.house.lang;
    let read = playbook::read(&sources, books.house.clone())
        .sound()
        .map_err(|problems| NotSaved::NoTest {
            why: problems
                .first()
                .map_or_else(String::new, |problem| problem.reason.pick(lang).to_owned()),
        })?;
    let story = book_of(&read, wanted)
        .stories
        .iter()
        .find(|story| story.name == wanted.name)
        .cloned();
    let story = story.ok_or_else(|| NotSaved::NoTest {
        why: wanted.name.to_owned(),
    })?;
    Ok((read, story))
}

/// Lines with their times; the day only where it is another than that of the line before.
fn dated(lines: &[(DateTime, String)], begin: DateTime) -> String {
    let mut day = begin.date();
    let mut text = Vec::with_capacity(lines.len());
    for (at, line) in lines {
        let date = if at.date() == day {
            String::new()
        } else {
            format!("{} ", at.date())
        };
        day = at.date();
        text.push(format!("{date}{}  {line}", clock_time(at.time())));
    }
    text.join("\n")
}

/// A line as it is expected: what would be read as a comment is any text.
fn expectation(line: &str) -> String {
    line.replace(" #", " …").replace("# ", "… ")
}

fn block(wanted: &Wanted<'_>, begin: DateTime, (script, expect): (&str, &str), settle: std::time::Duration) -> String {
    let mut text = String::from("[[test]]\n");
    let _ = writeln!(text, "name = {}", quoted(wanted.name));
    let _ = writeln!(text, "clock = \"{} {}\"", begin.date(), clock_time(begin.time()));
    if !wanted.staff.is_empty() {
        let staff: Vec<String> = wanted.staff.iter().map(|name| quoted(&format!("{name}*"))).collect();
        let _ = writeln!(text, "members = [{}]", staff.join(", "));
    }
    let _ = writeln!(text, "group = {}", quoted(wanted.group));
    if settle.as_secs() > 0 {
        let _ = writeln!(
            text,
            "settle = \"{}\"",
            crate::dry_run::amendment::written_length(settle)
        );
    }
    let _ = writeln!(text, "script = \"\"\"\n{}\n\"\"\"", lines(script));
    let _ = writeln!(text, "expect = \"\"\"\n{}\n\"\"\"", lines(expect));
    text
}

/// As one line between quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// As it stands between three quotes.
fn lines(text: &str) -> String {
    text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"")
}
