//! Charts as SVG: a bar a week. They hold figures and dates and no name.

use jiff::ToSpan;
use plotters::prelude::*;

use super::people::customers;
use super::{Asked, Span};
use crate::dry_run::html::charts::{Area, Drawn, INK, LEFT, RIGHT, SPENT, drawn};

/// Weeks drawn.
const WEEKS: i32 = 26;
const HEIGHT: u32 = 220;
/// Units of a week on the axis.
const UNIT: i32 = 10;

const CAME: RGBColor = RGBColor(0x25, 0x63, 0xeb);
const WENT: RGBColor = RGBColor(0xc2, 0x41, 0x0c);

/// One week.
#[derive(Clone, Copy, Debug)]
pub struct Week {
    pub span: Span,
    pub turnover: i64,
    pub came: i64,
    pub went: i64,
}

/// The last weeks up to the last day of the span.
pub fn weeks(asked: &Asked<'_>) -> Vec<Week> {
    let customers = customers(asked);
    let week = |back: i32| {
        let span = Span::until(asked.span.last.saturating_sub((7 * back).days()), 7);
        let mut week = Week {
            span,
            turnover: 0,
            came: 0,
            went: 0,
        };
        for customer in &customers {
            week.turnover += customer.spent(span).0;
            for (_, member) in &customer.groups {
                week.came += member.came.between(span.first, span.last);
                week.went += member.went.between(span.first, span.last);
            }
        }
        week
    };
    (0..WEEKS).rev().map(week).collect()
}

/// What was paid, week by week.
pub fn turnover(weeks: &[Week]) -> String {
    let most = weeks.iter().map(|week| week.turnover).max().unwrap_or(0).max(100);
    let least = weeks.iter().map(|week| week.turnover).min().unwrap_or(0).min(0);
    drawn(HEIGHT, |area| {
        let yuan = |fen: &i64| format!("¥{}", fen / 100);
        bars(area, weeks, ((least, most), &yuan), |week| vec![(week.turnover, SPENT)])
            .map_err(|error| error.to_string())
    })
}

/// Who came and who went, week by week: up and down.
pub fn pool(weeks: &[Week]) -> String {
    let most = weeks.iter().map(|week| week.came).max().unwrap_or(0).max(4);
    let least = weeks.iter().map(|week| -week.went).min().unwrap_or(0).min(-4);
    drawn(HEIGHT, |area| {
        bars(area, weeks, ((least, most), &i64::to_string), |week| {
            vec![(week.came, CAME), (-week.went, WENT)]
        })
        .map_err(|error| error.to_string())
    })
}

/// What a height is called on the axis.
type Label = dyn Fn(&i64) -> String;

fn bars<'a>(
    area: &Area<'a>,
    weeks: &[Week],
    ((least, most), label): ((i64, i64), &Label),
    heights: impl Fn(&Week) -> Vec<(i64, RGBColor)>,
) -> Drawn<'a> {
    let across = UNIT * i32::try_from(weeks.len()).unwrap_or(0).max(1);
    let mut chart = ChartBuilder::on(area)
        .margin_right(RIGHT)
        .margin_top(10)
        .x_label_area_size(26)
        .y_label_area_size(LEFT + 20)
        .build_cartesian_2d(0..across, least..most + most / 12 + 1)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.18))
        .axis_style(INK.mix(0.5))
        .label_style(("sans-serif", 15).into_font().color(&INK))
        .x_labels(9)
        .y_labels(4)
        .x_label_formatter(&|x| {
            let week = usize::try_from(x / UNIT).ok().and_then(|place| weeks.get(place));
            week.map_or_else(String::new, |week| week.span.first.strftime("%m-%d").to_string())
        })
        .y_label_formatter(&label)
        .draw()?;
    for (left, week) in (0..).step_by(10).zip(weeks) {
        let bars = heights(week).into_iter().filter(|(height, _)| *height != 0);
        chart.draw_series(
            bars.map(|(height, colour)| Rectangle::new([(left + 2, 0), (left + UNIT - 2, height)], colour.filled())),
        )?;
    }
    Ok(())
}
