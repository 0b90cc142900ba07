//! Charts as SVG. They hold figures, dates and nothing a log says.

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use plotters::coord::Shift;
use plotters::prelude::*;

use crate::chat::{Fen, Moment};
use crate::dry_run::report::detail::{Curve, Hour};

pub const WIDTH: u32 = 960;
const BARS: u32 = 190;
const CLOCK: u32 = 330;
const COST: u32 = 200;
/// Where the plot begins and ends from left to right.
pub const LEFT: u32 = 46;
pub const RIGHT: u32 = 10;
const BOTTOM: u32 = 26;
const TOP: u32 = 10;

/// Units of a column and of an hour on the axes.
const UNIT: i32 = 10;

/// Steps drawn of one curve.
const STEPS: usize = 240;

/// A cap more than so many times what was spent is not drawn.
const FARTHEST: i64 = 6;

pub const INK: RGBColor = RGBColor(0x6b, 0x72, 0x80);
const MEMBERS: RGBColor = RGBColor(0xb6, 0xbc, 0xc6);
const DARK: RGBColor = RGBColor(0x8a, 0x91, 0x9e);
const QUIET: RGBColor = RGBColor(0x5b, 0x5f, 0xc7);
const END: RGBColor = RGBColor(0x37, 0x41, 0x51);
const CAP: RGBColor = RGBColor(0xc2, 0x41, 0x0c);
pub const SPENT: RGBColor = RGBColor(0x0f, 0x76, 0x6e);
/// Service, care, value, promo; each has a shape of its own too.
const KINDS: [RGBColor; 4] = [
    RGBColor(0x25, 0x63, 0xeb),
    RGBColor(0x0f, 0x76, 0x6e),
    RGBColor(0xa1, 0x62, 0x07),
    RGBColor(0xc2, 0x41, 0x0c),
];

/// A day, or a few of them.
#[derive(Clone, Debug)]
pub struct Column {
    pub label: String,
    pub hours: [Hour; 24],
}

impl Column {
    pub fn total(&self) -> Hour {
        let mut total = Hour::default();
        self.hours.iter().for_each(|hour| total.add(hour));
        total
    }
}

/// A sheet that is drawn on.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// What came of drawing on it.
pub type Drawn<'a> = Result<(), DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>>;

/// The SVG of what is drawn on a sheet of this height.
pub fn drawn(height: u32, draw: impl FnOnce(&Area<'_>) -> Result<(), String>) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        let done = draw(&area).and_then(|()| area.present().map_err(|error| error.to_string()));
        done.expect("drawing into memory does not fail");
    }
    svg
}

/// How much was said: members behind, the bot by kind before them.
pub fn bars(columns: &[Column], end: Option<usize>) -> String {
    let most = columns
        .iter()
        .map(|column| column.total())
        .map(|it| it.members.max(it.said()));
    let most = i32::try_from(most.max().unwrap_or(0)).unwrap_or(i32::MAX / 2).max(4);
    drawn(BARS, |area| {
        bars_on(area, columns, (end, most)).map_err(|error| error.to_string())
    })
}

/// A column for each answer, and how often it was given.
pub fn tally(columns: &[(String, usize)]) -> String {
    drawn(BARS, |area| tally_on(area, columns).map_err(|error| error.to_string()))
}

fn tally_on<'a>(area: &Area<'a>, columns: &[(String, usize)]) -> Drawn<'a> {
    let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX / 2);
    let most = columns
        .iter()
        .map(|(_, votes)| number(*votes))
        .max()
        .unwrap_or(0)
        .max(4);
    let across = number(columns.len()).saturating_mul(UNIT).max(UNIT);
    let middles: Vec<i32> = (0..number(columns.len())).map(|at| at * UNIT + UNIT / 2).collect();
    let label = |x: &i32| {
        let column = usize::try_from(x / UNIT).ok().and_then(|at| columns.get(at));
        column.map_or_else(String::new, |(label, _)| label.clone())
    };
    let mut chart = ChartBuilder::on(area)
        .margin_right(RIGHT)
        .margin_top(TOP)
        .x_label_area_size(BOTTOM)
        .y_label_area_size(LEFT)
        .build_cartesian_2d((0..across).with_key_points(middles), 0..most + most / 12 + 1)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.18))
        .axis_style(INK.mix(0.5))
        .label_style(("sans-serif", 15).into_font().color(&INK))
        .y_labels(4)
        .x_label_formatter(&label)
        .draw()?;
    chart.draw_series((0..).step_by(10).zip(columns).map(|(left, (_, votes))| {
        Rectangle::new([(left + 2, 0), (left + UNIT - 2, number(*votes))], SPENT.filled())
    }))?;
    Ok(())
}

fn bars_on<'a>(area: &Area<'a>, columns: &[Column], (end, most): (Option<usize>, i32)) -> Drawn<'a> {
    let across = 0..width(columns);
    let mut chart = ChartBuilder::on(area)
        .margin_right(RIGHT)
        .margin_top(TOP)
        .x_label_area_size(BOTTOM)
        .y_label_area_size(LEFT)
        .build_cartesian_2d(across.with_key_points(ticks(columns)), 0..most + most / 12 + 1)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.18))
        .axis_style(INK.mix(0.5))
        .label_style(("sans-serif", 15).into_font().color(&INK))
        .y_labels(4)
        .x_label_formatter(&|x| label(columns, *x))
        .draw()?;
    let number = |count: u64| i32::try_from(count).unwrap_or(i32::MAX / 2);
    chart.draw_series((0..).step_by(10).zip(columns).map(|(left, column)| {
        let height = number(column.total().members);
        Rectangle::new([(left + 1, 0), (left + UNIT - 1, height)], MEMBERS.filled())
    }))?;
    for (left, column) in (0..).step_by(10).zip(columns) {
        let mut below = 0;
        for (count, colour) in column.total().bot.into_iter().zip(KINDS) {
            let top = below + number(count);
            if top > below {
                chart.draw_series([Rectangle::new(
                    [(left + 3, below), (left + UNIT - 3, top)],
                    colour.filled(),
                )])?;
            }
            below = top;
        }
    }
    if let Some(end) = end {
        let at = i32::try_from(end).unwrap_or(0) * UNIT;
        chart.draw_series(DashedLineSeries::new(
            [(at, 0), (at, most + most / 12 + 1)],
            5,
            4,
            END.stroke_width(2),
        ))?;
    }
    Ok(())
}

/// When it was said: a column a day, midnight at the top; members grey, the bot by kind, quiet hours shaded.
pub fn clock(columns: &[Column], end: Option<usize>, quiet: Option<(Time, Time)>) -> String {
    drawn(CLOCK, |area| {
        clock_on(area, columns, (end, quiet)).map_err(|error| error.to_string())
    })
}

/// The whole day in units, and a time of the day from the bottom up.
const DAY: i32 = 24 * UNIT;

fn from_bottom(time: Time) -> i32 {
    let minutes = i32::from(time.hour()) * 60 + i32::from(time.minute());
    DAY - minutes * DAY / (24 * 60)
}

fn clock_on<'a>(area: &Area<'a>, columns: &[Column], (end, quiet): (Option<usize>, Option<(Time, Time)>)) -> Drawn<'a> {
    let wide = width(columns);
    let hours: Vec<i32> = (0..=24).step_by(6).map(|hour| hour * UNIT).collect();
    let mut chart = ChartBuilder::on(area)
        .margin_right(RIGHT)
        .margin_top(TOP)
        .x_label_area_size(BOTTOM)
        .y_label_area_size(LEFT)
        .build_cartesian_2d(
            (0..wide).with_key_points(ticks(columns)),
            (0..DAY).with_key_points(hours),
        )?;
    let bands = match quiet {
        Some((from, until)) if from <= until => vec![(from_bottom(from), from_bottom(until))],
        Some((from, until)) => vec![(from_bottom(from), 0), (DAY, from_bottom(until))],
        None => Vec::new(),
    };
    chart.draw_series(
        bands
            .into_iter()
            .map(|(top, bottom)| Rectangle::new([(0, bottom), (wide, top)], QUIET.mix(0.13).filled())),
    )?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.18))
        .axis_style(INK.mix(0.5))
        .label_style(("sans-serif", 15).into_font().color(&INK))
        .x_label_formatter(&|x| label(columns, *x))
        .y_label_formatter(&|y| format!("{:02}:00", (DAY - y) / UNIT))
        .draw()?;
    let busiest = columns
        .iter()
        .flat_map(|column| column.hours.iter().map(|hour| hour.members));
    let busiest = busiest.max().unwrap_or(0).max(1);
    for (left, column) in (0..).step_by(10).zip(columns) {
        for (top, hour) in (0..24).map(|hour| DAY - hour * UNIT).zip(&column.hours) {
            if hour.members > 0 {
                // Four shades are told apart; a single message must be seen.
                let shade =
                    [0.28, 0.5, 0.75, 1.0][usize::try_from((hour.members * 4 - 1) / busiest).unwrap_or(3).min(3)];
                let cell = [(left + 1, top - UNIT + 1), (left + UNIT - 1, top - 1)];
                chart.draw_series([Rectangle::new(cell, DARK.mix(shade).filled())])?;
            }
        }
    }
    for (left, column) in (0..).step_by(10).zip(columns) {
        for (top, hour) in (0..24).map(|hour| DAY - hour * UNIT).zip(&column.hours) {
            let [service, care, value, promo] = hour.bot.map(|count| count > 0);
            let at = |right, down| (left + right, top - down);
            chart.draw_series(service.then(|| Circle::new(at(3, 3), 3, KINDS[0].filled())))?;
            chart.draw_series(care.then(|| TriangleMarker::new(at(7, 3), 4, KINDS[1].filled())))?;
            let square = Rectangle::new([at(2, 6), at(4, 8)], KINDS[2].filled());
            chart.draw_series(value.then_some(square))?;
            chart.draw_series(promo.then(|| Cross::new(at(7, 7), 3, KINDS[3].stroke_width(2))))?;
        }
    }
    if let Some(end) = end {
        let at = i32::try_from(end).unwrap_or(0) * UNIT;
        chart.draw_series(DashedLineSeries::new([(at, 0), (at, DAY)], 5, 4, END.stroke_width(2)))?;
    }
    Ok(())
}

/// The most that was spent in one period of the cap.
pub fn most_spent(curve: &Curve) -> Fen {
    let mut periods: BTreeMap<&str, Fen> = BTreeMap::new();
    for (_, worth, period) in &curve.spent {
        let spent = periods.entry(period).or_default();
        *spent = *spent + *worth;
    }
    periods.into_values().max().unwrap_or_default()
}

/// Whether the cap is within the chart.
pub fn cap_is_drawn(curve: &Curve) -> bool {
    let Fen(most) = most_spent(curve);
    curve
        .cap
        .is_some_and(|(Fen(cap), _)| cap <= most.saturating_mul(FARTHEST))
}

/// What one kind of coupon cost in each period of its cap, the cap, and where it ran out.
pub fn cost(curve: &Curve, (from, to): (Moment, Moment), zone: &TimeZone) -> String {
    drawn(COST, |area| {
        cost_on(area, curve, (from, to), zone).map_err(|error| error.to_string())
    })
}

fn cost_on<'a>(area: &Area<'a>, curve: &Curve, (from, to): (Moment, Moment), zone: &TimeZone) -> Drawn<'a> {
    let steps = steps(curve, from, to);
    let highest = steps.iter().map(|(_, spent)| *spent).max().unwrap_or(0);
    // A cap far away would press the curve flat; the caption says how far.
    let cap = curve.cap.map(|(Fen(cap), _)| cap).filter(|_| cap_is_drawn(curve));
    let top = highest.max(cap.unwrap_or(0)).max(100);
    let (left, right) = (from.millis(), to.millis().max(from.millis() + 1));
    let mut chart = ChartBuilder::on(area)
        .margin_right(RIGHT + 14)
        .margin_top(TOP)
        .x_label_area_size(BOTTOM)
        .y_label_area_size(LEFT + 20)
        .build_cartesian_2d(left..right, 0..top + top / 10)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.18))
        .axis_style(INK.mix(0.5))
        .label_style(("sans-serif", 15).into_font().color(&INK))
        .x_labels(6)
        .y_labels(4)
        .x_label_formatter(&|millis| {
            let local = Moment::from_millis(*millis).in_zone(zone);
            format!("{:02}-{:02}", local.month(), local.day())
        })
        .y_label_formatter(&|fen| format!("¥{}", fen / 100))
        .draw()?;
    let line = steps.iter().map(|(at, spent)| (at.millis(), *spent));
    chart.draw_series(AreaSeries::new(line.clone(), 0, SPENT.mix(0.12)))?;
    chart.draw_series(LineSeries::new(line, SPENT.stroke_width(2)))?;
    if let Some(cap) = cap {
        chart.draw_series(DashedLineSeries::new(
            [(left, cap), (right, cap)],
            6,
            4,
            CAP.stroke_width(2),
        ))?;
    }
    let out = curve.ran_out.values().map(|at| {
        let spent = steps
            .iter()
            .rev()
            .find(|(step, _)| step <= at)
            .map_or(0, |(_, spent)| *spent);
        Cross::new((at.millis(), spent), 6, CAP.stroke_width(3))
    });
    chart.draw_series(out)?;
    Ok(())
}

/// The corners of the curve, thinned out evenly where there are too many.
fn steps(curve: &Curve, from: Moment, to: Moment) -> Vec<(Moment, i64)> {
    let mut corners = vec![(from, 0)];
    let (mut spent, mut period) = (0_i64, None);
    for (at, Fen(worth), counts_in) in &curve.spent {
        let before = match period.replace(counts_in) {
            Some(last) if last == counts_in => spent,
            // A new period begins with nothing spent.
            Some(_) => {
                corners.push((*at, spent));
                0
            }
            None => 0,
        };
        corners.push((*at, before));
        spent = before.saturating_add(*worth);
        corners.push((*at, spent));
    }
    corners.push((to, spent));
    let each = corners.len().div_ceil(STEPS).max(1);
    let last = corners.len() - 1;
    let kept = corners.into_iter().enumerate();
    kept.filter(|(place, _)| place % each == 0 || *place == last)
        .map(|(_, corner)| corner)
        .collect()
}

fn width(columns: &[Column]) -> i32 {
    i32::try_from(columns.len()).unwrap_or(i32::MAX / UNIT).max(1) * UNIT
}

fn ticks(columns: &[Column]) -> Vec<i32> {
    let each = columns.len().div_ceil(9).max(1);
    let left = (0..width(columns)).step_by(10);
    left.step_by(each).collect()
}

fn label(columns: &[Column], x: i32) -> String {
    let place = usize::try_from(x / UNIT).unwrap_or(0);
    columns
        .get(place)
        .map_or_else(String::new, |column| column.label.clone())
}
