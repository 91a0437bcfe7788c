//! A customer's months beside everybody's, as two lines and as a table.

use web::Ui;

use crate::on_time::row;
use crate::views::quality::{FigureView, interval};
use crate::{Row, TrendPoint};

/// The drawing, in its own units.
const LEFT: f64 = 44.0;
const WIDTH: f64 = 400.0;
const TOP: f64 = 14.0;
const HEIGHT: f64 = 130.0;

pub struct TrendView {
    /// What the lines say.
    pub finding: String,
    pub own: String,
    pub all: String,
    pub points: Vec<PointView>,
}

pub struct PointView {
    pub month: String,
    /// Written under the line; empty where there is no room.
    pub label: String,
    pub x: String,
    pub y: String,
    pub own: FigureView,
    pub all: String,
    pub all_interval: String,
}

impl TrendView {
    /// `None` when no month can be judged.
    pub fn of(ui: &Ui, points: &[TrendPoint]) -> Option<Self> {
        let (own, all) = (together(points, |point| &point.own)?, together(points, |point| &point.all.whole)?);
        let all_rate = points.first()?.all.rate_like_this(all.rate);
        let said = [
            ("months", points.len().to_string()),
            ("own", texts::format::percent(own.rate)),
            ("all", texts::format::percent(all_rate)),
        ];
        let step = WIDTH / (points.len().max(2) - 1) as f64;
        let x = |at: usize| LEFT + at as f64 * step;
        let y = |rate: f64| TOP + (1.0 - rate) * HEIGHT;
        let line = |rate: fn(&TrendPoint) -> f64| {
            let places = points.iter().enumerate().map(|(at, point)| format!("{:.1},{:.1}", x(at), y(rate(point))));
            places.collect::<Vec<_>>().join(" ")
        };
        let last = points.len() - 1;
        let point = |(at, point): (usize, &TrendPoint)| PointView {
            label: if at % 4 == 0 && at + 2 <= last || at == last { point.month.clone() } else { String::new() },
            month: point.month.clone(),
            x: format!("{:.1}", x(at)),
            y: format!("{:.1}", y(point.own.rate)),
            own: FigureView::of(ui, &point.own),
            all: texts::format::percent(point.all.rate),
            all_interval: point.all.counted.as_ref().map_or_else(|| "–".into(), interval),
        };
        Some(Self {
            finding: ui.with("quality-trend_finding", &said),
            own: line(|point| point.own.rate),
            all: line(|point| point.all.rate),
            points: points.iter().enumerate().map(point).collect(),
        })
    }
}

fn together(points: &[TrendPoint], of: fn(&TrendPoint) -> &Row) -> Option<Row> {
    let sum = |count: fn(&Row) -> u64| points.iter().map(|point| count(of(point))).sum();
    row("all", sum(|row| row.on_time), sum(|row| row.total))
}
