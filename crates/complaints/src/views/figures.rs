//! The figures as drawings; each says the same in a sentence and stands beside its table.

use std::collections::BTreeSet;

use calendar::WorkingTime;
use calendar::words::working_time;
use chrono::Duration;
use texts::format;
use web::Ui;

use super::excerpt;
use crate::figures::{Figures, LaneFigures, Times, Week, share};
use crate::words::Category;

/// The drawing of weeks, in its own units.
const LEFT: f64 = 36.0;
const WIDTH: f64 = 424.0;
const TOP: f64 = 12.0;
const HEIGHT: f64 = 120.0;
/// Week labels that find room.
const LABELS: usize = 7;
/// Where the bars of lying drawings begin, and how long the longest is.
const BARS_LEFT: f64 = 112.0;
const BARS_WIDTH: f64 = 250.0;
const ROW: f64 = 24.0;
/// Lanes that the heat map shows.
const MOST_LANES: usize = 12;
const CELL: f64 = 32.0;
const HEAT_LEFT: f64 = 132.0;
const HEAT_TOP: f64 = 64.0;
/// Characters of a lane beside its row.
const LANE: usize = 13;

pub struct WeekView {
    pub monday: String,
    pub received: u64,
    pub closed: u64,
    /// Written under the week; empty where there is no room.
    pub label: String,
    pub middle: String,
    pub received_x: String,
    pub received_y: String,
    pub received_height: String,
    pub closed_x: String,
    pub closed_y: String,
    pub closed_height: String,
    pub width: String,
}

pub struct WeeksView {
    pub finding: String,
    pub weeks: Vec<WeekView>,
    /// The number at the upper line.
    pub most: u64,
}

impl WeeksView {
    pub fn of(ui: &Ui, figures: &Figures) -> Self {
        let most = figures.weeks.iter().map(|week| week.received.max(week.closed)).max().unwrap_or_default().max(1);
        let step = WIDTH / figures.weeks.len().max(1) as f64;
        let every = figures.weeks.len().div_ceil(LABELS).max(1);
        let week = |(no, week): (usize, &Week)| {
            let x = LEFT + no as f64 * step;
            let height = |count: u64| share(count, most) * HEIGHT;
            let top = |count: u64| format!("{:.1}", TOP + HEIGHT - height(count));
            WeekView {
                monday: format::day(week.monday),
                label: if no % every == 0 { week.monday.format("%m-%d").to_string() } else { String::new() },
                middle: format!("{:.1}", x + step / 2.0),
                received_x: format!("{:.1}", x + step * 0.12),
                received_y: top(week.received),
                received_height: format!("{:.1}", height(week.received)),
                closed_x: format!("{:.1}", x + step * 0.52),
                closed_y: top(week.closed),
                closed_height: format!("{:.1}", height(week.closed)),
                width: format!("{:.1}", step * 0.36),
                received: week.received,
                closed: week.closed,
            }
        };
        let said = [
            ("weeks", figures.weeks.len().to_string()),
            ("received", figures.received.to_string()),
            ("closed", figures.closed.to_string()),
        ];
        Self {
            finding: ui.with("complaint-figures-weeks", &said),
            weeks: figures.weeks.iter().enumerate().map(week).collect(),
            most,
        }
    }
}

/// A lying bar with its name before and its number behind.
pub struct BarView {
    pub name: String,
    pub number: String,
    pub y: String,
    pub text_y: String,
    pub width: String,
    pub number_x: String,
}

impl BarView {
    fn of(no: usize, name: String, number: String, part: f64) -> Self {
        let y = no as f64 * ROW + 4.0;
        let width = part * BARS_WIDTH;
        Self {
            name,
            number,
            y: format!("{y:.0}"),
            text_y: format!("{:.0}", y + 12.0),
            width: format!("{width:.1}"),
            number_x: format!("{:.1}", BARS_LEFT + width + 6.0),
        }
    }
}

pub struct CauseView {
    pub bar: BarView,
    pub complaints: u64,
    pub share: String,
    pub cumulative: String,
    /// Place of the cumulative share.
    pub x: String,
    pub middle: String,
}

pub struct ParetoView {
    pub finding: String,
    pub rows: Vec<CauseView>,
    pub line: String,
    pub height: String,
}

impl ParetoView {
    /// `None` when no cause is known.
    pub fn of(ui: &Ui, figures: &Figures) -> Option<Self> {
        let first = figures.causes.first()?;
        // The vital few: as many causes as make four fifths.
        let few = figures.causes.iter().position(|row| row.cumulative >= 0.8).unwrap_or_default() + 1;
        let x = |cumulative: f64| format!("{:.1}", BARS_LEFT + cumulative * BARS_WIDTH);
        let middle = |no: usize| format!("{:.0}", no as f64 * ROW + 12.0);
        let rows: Vec<CauseView> = figures
            .causes
            .iter()
            .enumerate()
            .map(|(no, row)| CauseView {
                bar: BarView::of(no, ui.t(row.cause.key()), row.complaints.to_string(), row.share),
                complaints: row.complaints,
                share: format::percent(row.share),
                cumulative: format::percent(row.cumulative),
                x: x(row.cumulative),
                middle: middle(no),
            })
            .collect();
        let said = [
            ("cause", ui.t(first.cause.key())),
            ("count", first.complaints.to_string()),
            ("few", few.to_string()),
            ("share", format::percent(figures.causes.get(few - 1)?.cumulative)),
        ];
        let line: Vec<String> = rows.iter().map(|row| format!("{},{}", row.x, row.middle)).collect();
        Some(Self {
            finding: ui.with("complaint-figures-causes", &said),
            height: format!("{:.0}", rows.len() as f64 * ROW + 4.0),
            line: line.join(" "),
            rows,
        })
    }
}

pub struct TimesView {
    pub finding: String,
    pub rows: Vec<TimeRow>,
    pub bars: Vec<BarView>,
    pub height: String,
}

pub struct TimeRow {
    pub name: String,
    pub p50: String,
    pub p90: String,
    pub counted: u64,
}

/// Working seconds in words.
pub fn time(ui: &Ui, seconds: Option<i64>) -> String {
    seconds.map_or_else(|| "–".into(), |seconds| working_time(ui, WorkingTime::from(Duration::seconds(seconds))))
}

impl TimesView {
    pub fn of(ui: &Ui, figures: &Figures) -> Self {
        let kinds = [("complaint-figures-response", figures.response), ("complaint-figures-closing", figures.closing)];
        let row = |(key, times): (&str, Times)| TimeRow {
            name: ui.t(key),
            p50: time(ui, times.p50),
            p90: time(ui, times.p90),
            counted: times.counted,
        };
        let longest = kinds.iter().filter_map(|(_, times)| times.p90).max().unwrap_or_default();
        let part =
            |seconds: i64| share(u64::try_from(seconds).unwrap_or_default(), u64::try_from(longest).unwrap_or(1));
        let all = kinds.iter().flat_map(|(key, times)| [(*key, "p50", times.p50), (*key, "p90", times.p90)]);
        let known = all.filter_map(|(key, which, seconds)| Some((key, which, seconds?)));
        let bars: Vec<BarView> = known
            .enumerate()
            .map(|(no, (key, which, seconds))| {
                BarView::of(
                    no,
                    format!("{} {which}", ui.t(&format!("{key}_short"))),
                    time(ui, Some(seconds)),
                    part(seconds),
                )
            })
            .collect();
        let said = [("response", time(ui, figures.response.p50)), ("closing", time(ui, figures.closing.p50))];
        Self {
            finding: match bars.is_empty() {
                true => ui.t("complaint-figures-times_none"),
                false => ui.with("complaint-figures-times", &said),
            },
            rows: kinds.into_iter().map(row).collect(),
            height: format!("{:.0}", bars.len() as f64 * ROW + 4.0),
            bars,
        }
    }
}

pub struct HeatView {
    pub finding: String,
    pub columns: Vec<ColumnView>,
    pub rows: Vec<HeatRow>,
    pub width: String,
    pub height: String,
    /// Lanes that found no room.
    pub more: usize,
}

pub struct ColumnView {
    pub name: String,
    pub x: String,
    pub href: String,
}

pub struct HeatRow {
    pub lane: String,
    pub short: String,
    pub y: String,
    pub text_y: String,
    pub cells: Vec<HeatCell>,
    pub complaints: u64,
}

pub struct HeatCell {
    pub count: u64,
    pub x: String,
    pub middle: String,
    /// How dark: 0 to 0.55, so that the number stays readable on it.
    pub depth: String,
}

impl HeatView {
    /// `None` when nothing came in.
    pub fn of(ui: &Ui, figures: &Figures) -> Option<Self> {
        let used: BTreeSet<Category> = figures.lanes.iter().flat_map(|lane| lane.categories.keys().copied()).collect();
        let cells = figures.lanes.iter().flat_map(|lane| lane.categories.iter().map(move |cell| (lane, cell)));
        let (lane, (category, most)) = cells.max_by_key(|(lane, (_, count))| {
            // The first of the worst: an unknown lane last, because nobody can act on it.
            (**count, !lane.origin.is_empty() || !lane.destination.is_empty(), lane.complaints)
        })?;
        let said = [("lane", lane_name(ui, lane)), ("category", ui.t(category.key())), ("count", most.to_string())];
        let x = |no: usize| HEAT_LEFT + no as f64 * CELL;
        let columns = used.iter().enumerate().map(|(no, category)| ColumnView {
            name: ui.t(category.key()),
            x: format!("{:.0}", x(no) + CELL / 2.0),
            href: format!("/complaints?view=all&category={category}"),
        });
        let row = |(no, lane): (usize, &LaneFigures)| {
            let y = HEAT_TOP + no as f64 * ROW;
            let cell = |(no, category): (usize, &Category)| {
                let count = lane.categories.get(category).copied().unwrap_or_default();
                HeatCell {
                    count,
                    x: format!("{:.0}", x(no)),
                    middle: format!("{:.0}", x(no) + CELL / 2.0),
                    depth: format!("{:.2}", share(count, *most) * 0.55),
                }
            };
            HeatRow {
                short: excerpt(&lane_name(ui, lane), LANE),
                lane: lane_name(ui, lane),
                y: format!("{y:.0}"),
                text_y: format!("{:.0}", y + 16.0),
                cells: used.iter().enumerate().map(cell).collect(),
                complaints: lane.complaints,
            }
        };
        let rows: Vec<HeatRow> = figures.lanes.iter().take(MOST_LANES).enumerate().map(row).collect();
        Some(Self {
            finding: ui.with("complaint-figures-lanes", &said),
            width: format!("{:.0}", x(used.len()).max(360.0) + 8.0),
            height: format!("{:.0}", HEAT_TOP + rows.len() as f64 * ROW + 4.0),
            more: figures.lanes.len() - rows.len(),
            columns: columns.collect(),
            rows,
        })
    }
}

fn lane_name(ui: &Ui, lane: &LaneFigures) -> String {
    match (lane.origin.as_str(), lane.destination.as_str()) {
        ("", "") => ui.t("complaint-figures-no_lane"),
        (origin, destination) => {
            let place = |name: &str| if name.is_empty() { "–".to_owned() } else { name.to_owned() };
            format!("{} → {}", place(origin), place(destination))
        }
    }
}
