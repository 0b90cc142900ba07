//! Problems as somebody reads them: an operator at a terminal, a log, an editor, a code-hosting site.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::json;

use crate::chat::Lang;

use super::problem::{Place, Problem, Severity};
use super::reading::{Source, book_name};

/// How problems are written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With the line they are on, for people.
    #[default]
    Human,
    /// The same in colour.
    Coloured,
    /// One line a problem: `path:line:column: error P07: …`.
    Plain,
    /// One JSON array.
    Json,
    /// Workflow commands that put an annotation on the line: `::error file=…`.
    Github,
}

/// Problems in one language and form. `sources` are those that were read; a problem in none of them is shown without
/// its line.
pub fn show(problems: &[Problem], sources: &[Source], lang: Lang, format: Format) -> String {
    let mut shown = String::new();
    if format == Format::Json {
        let all: Vec<_> = problems.iter().map(|problem| as_json(problem, sources, lang)).collect();
        return format!("{}\n", serde_json::Value::Array(all));
    }
    for problem in problems {
        match format {
            Format::Human => shown.push_str(&human(problem, sources, lang, Renderer::plain())),
            Format::Coloured => shown.push_str(&human(problem, sources, lang, Renderer::styled())),
            Format::Plain => shown.push_str(&plain(problem, sources, lang)),
            Format::Github => shown.push_str(&github(problem, sources, lang)),
            Format::Json => {}
        }
        shown.push('\n');
        if matches!(format, Format::Human | Format::Coloured) {
            shown.push('\n');
        }
    }
    shown
}

/// How many there are: `2 个错误，1 个提醒`.
pub fn count(problems: &[Problem], lang: Lang) -> String {
    let errors = problems
        .iter()
        .filter(|problem| problem.severity() == Severity::Error)
        .count();
    let warnings = problems.len() - errors;
    match lang {
        Lang::Zh => format!("{errors} 个错误，{warnings} 个提醒"),
        Lang::En => format!("{errors} error(s), {warnings} warning(s)"),
    }
}

/// A place in a source: which, and bytes on character boundaries.
struct Spot<'s> {
    source: &'s Source,
    span: Range<usize>,
}

impl<'s> Spot<'s> {
    fn of(place: &Place, sources: &'s [Source]) -> Option<Self> {
        match place {
            Place::At { source, start, end } => {
                let source = sources.get(*source)?;
                Some(Self {
                    source,
                    span: clamp(&source.text, *start..*end),
                })
            }
            Place::Line { book, line } => {
                let source = sources.iter().find(|source| book_name(&source.name) == book)?;
                let start: usize = source
                    .text
                    .split_inclusive('\n')
                    .take(line.saturating_sub(1))
                    .map(str::len)
                    .sum();
                let length = source.text[start..].lines().next().unwrap_or_default().trim_end().len();
                Some(Self {
                    source,
                    span: start..start + length,
                })
            }
        }
    }

    /// Line and column of its start, both from 1, the column in characters.
    fn line_and_column(&self) -> (usize, usize) {
        self.counted(self.span.start)
    }

    /// The same of its end.
    fn end(&self) -> (usize, usize) {
        self.counted(self.span.end)
    }

    fn counted(&self, at: usize) -> (usize, usize) {
        let before = &self.source.text[..at];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }
}

/// The renderer panics on a span off a character boundary or past the end.
fn clamp(text: &str, span: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
    start..end
}

fn level(severity: Severity, lang: Lang) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR.with_name(lang.pick("错误", "error")),
        Severity::Warning => Level::WARNING.with_name(lang.pick("提醒", "warning")),
    }
}

fn human(problem: &Problem, sources: &[Source], lang: Lang, renderer: Renderer) -> String {
    let title = level(problem.severity(), lang)
        .primary_title(problem.code.title(lang))
        .id(problem.code.id());
    let help = Level::HELP
        .with_name(lang.pick("建议", "help"))
        .message(problem.next.pick(lang));
    let reason = problem.reason.pick(lang);
    let group = match Spot::of(&problem.place, sources) {
        Some(spot) => title
            .element(
                Snippet::source(spot.source.text.as_str())
                    .path(spot.source.name.as_str())
                    .annotation(AnnotationKind::Primary.span(spot.span.clone()).label(reason)),
            )
            .element(help),
        None => title
            .element(level(problem.severity(), lang).message(reason))
            .element(help),
    };
    renderer.decor_style(DecorStyle::Unicode).render(&[group])
}

fn plain(problem: &Problem, sources: &[Source], lang: Lang) -> String {
    format!(
        "{}: {} {}: {} {}",
        whereabouts(problem, sources),
        lang.pick(
            match problem.severity() {
                Severity::Error => "错误",
                Severity::Warning => "提醒",
            },
            problem.severity().word()
        ),
        problem.code.id(),
        on_one_line(problem.reason.pick(lang)),
        on_one_line(problem.next.pick(lang)),
    )
}

fn whereabouts(problem: &Problem, sources: &[Source]) -> String {
    match (Spot::of(&problem.place, sources), &problem.place) {
        (Some(spot), _) => {
            let (line, column) = spot.line_and_column();
            format!("{}:{line}:{column}", spot.source.name)
        }
        (None, Place::Line { book, line }) => format!("{book}:{line}"),
        (None, Place::At { .. }) => "?".to_owned(),
    }
}

fn on_one_line(text: &str) -> String {
    text.split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}

fn as_json(problem: &Problem, sources: &[Source], lang: Lang) -> serde_json::Value {
    let spot = Spot::of(&problem.place, sources);
    let (line, column) = spot.as_ref().map(Spot::line_and_column).unzip();
    let (end_line, end_column) = spot.as_ref().map(Spot::end).unzip();
    json!({
        "code": problem.code.id(),
        "severity": problem.severity().word(),
        "title": problem.code.title(lang),
        "reason": problem.reason.pick(lang),
        "next": problem.next.pick(lang),
        "file": spot.as_ref().map(|spot| spot.source.name.as_str()),
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "start": spot.as_ref().map(|spot| spot.span.start),
        "end": spot.as_ref().map(|spot| spot.span.end),
    })
}

/// An error on a line of a file, as a workflow command.
pub fn annotation((file, line): (&str, usize), title: &str, text: &str) -> String {
    format!(
        "::error file={},line={line},title={}::{}\n",
        property(file),
        property(title),
        escaped(text)
    )
}

/// A workflow command is one line.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

fn github(problem: &Problem, sources: &[Source], lang: Lang) -> String {
    let place = Spot::of(&problem.place, sources).map(|spot| {
        let (line, column) = spot.line_and_column();
        let (end_line, end_column) = spot.end();
        format!(
            "file={},line={line},endLine={end_line},col={column},endColumn={end_column},",
            property(&spot.source.name)
        )
    });
    format!(
        "::{} {}title={}::{} {}",
        problem.severity().word(),
        place.unwrap_or_default(),
        property(&format!("{} {}", problem.code.id(), problem.code.title(lang))),
        escaped(problem.reason.pick(lang)),
        escaped(problem.next.pick(lang)),
    )
}
