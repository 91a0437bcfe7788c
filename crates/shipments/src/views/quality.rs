//! On-time figures as bars with their interval, each with the way to the lines behind it.

use base::CustomerId;
use texts::format;
use web::Ui;

use crate::pages::quality::QualityQuery;
use crate::views::{lane, mode_name};
use crate::{By, Cell, Clock, Grain, Only, Report, Row, SEVERAL};

/// Width of the bar's drawing; 100 %.
const WIDTH: f64 = 160.0;
/// Rows that one table shows.
const MOST_ROWS: usize = 200;

/// A figure that is never shown without what it is made of.
pub struct FigureView {
    pub rate: String,
    pub interval: String,
    pub on_time: String,
    pub total: String,
    pub late: String,
    /// The figure in words, for those who do not see the bar.
    pub words: String,
    pub bar: Bar,
}

/// Places along the drawing.
pub struct Bar {
    pub rate: String,
    pub low: String,
    pub high: String,
}

pub struct QualityRow {
    pub name: String,
    /// The customer's own figures; empty for anything else.
    pub href: String,
    pub figure: FigureView,
    /// Addresses of the lines behind; empty when no filter can name them.
    pub all_href: String,
    pub late_href: String,
}

/// A customer on a lane by a mode in a month.
pub struct CellView {
    pub customer: String,
    pub lane: String,
    pub mode: String,
    pub month: String,
    pub row: QualityRow,
}

impl FigureView {
    pub fn of(ui: &Ui, row: &Row) -> Self {
        let at = |fraction: f64| format!("{:.1}", fraction * WIDTH);
        let count = |number: u64| format::thousands(i64::try_from(number).unwrap_or(i64::MAX));
        let (rate, interval) = (format::percent(row.rate), interval(row));
        let (on_time, total) = (count(row.on_time), count(row.total));
        let words = [
            ("rate", rate.clone()),
            ("interval", interval.clone()),
            ("on_time", on_time.clone()),
            ("total", total.clone()),
        ];
        Self {
            words: ui.with("quality-figure_words", &words),
            bar: Bar { rate: at(row.rate), low: at(row.low), high: at(row.high) },
            late: count(row.total - row.on_time),
            rate,
            interval,
            on_time,
            total,
        }
    }
}

/// `87.88–89.11%`.
pub fn interval(row: &Row) -> String {
    format!("{:.2}–{}", row.low * 100.0, format::percent(row.high))
}

/// Rows with the most late ones first; months in their order. The number of rows that found no room comes with them.
pub fn rows(ui: &Ui, report: Report, by: By, query: &QualityQuery) -> (Vec<QualityRow>, usize) {
    let mut rows = report.rows;
    if by != By::Month {
        rows.sort_by_key(|row| std::cmp::Reverse(row.total - row.on_time));
    }
    let more = rows.len().saturating_sub(MOST_ROWS);
    rows.truncate(MOST_ROWS);
    (rows.into_iter().map(|row| quality_row(ui, &row, by, query)).collect(), more)
}

fn quality_row(ui: &Ui, row: &Row, by: By, query: &QualityQuery) -> QualityRow {
    let narrowed = narrowed(row, by, query);
    let name = match by {
        _ if row.key == SEVERAL => ui.t("quality-several"),
        By::Mode if row.key.is_empty() => ui.t("quality-not_said"),
        By::Mode => mode_name(ui, &row.key),
        By::Month if row.key.is_empty() => ui.t("quality-not_said"),
        By::Lane => row.key.split_once(" → ").map_or_else(|| row.key.clone(), |(from, to)| lane(from, to)),
        By::Customer | By::Month => row.key.clone(),
    };
    let href = match &row.customer {
        Some(id) => QualityQuery { customer: Some(id.clone()), ..query.clone() }.address(),
        None => String::new(),
    };
    let behind = |only| narrowed.as_ref().map(|narrowed| narrowed.behind(only)).unwrap_or_default();
    QualityRow {
        name,
        href,
        figure: FigureView::of(ui, row),
        all_href: behind(Only::All),
        late_href: behind(Only::Late),
    }
}

/// The question whose answer is this row alone; `None` when it cannot be asked.
fn narrowed(row: &Row, by: By, query: &QualityQuery) -> Option<QualityQuery> {
    let query = query.clone();
    if row.key == SEVERAL {
        return None;
    }
    match by {
        By::Mode => Some(QualityQuery { mode: Some(row.key.parse().ok()?), ..query }),
        By::Customer => Some(QualityQuery { customer: Some(row.customer.clone()?), ..query }),
        By::Month if row.key.is_empty() => None,
        By::Month => Some(QualityQuery { from: row.key.clone(), to: row.key.clone(), ..query }),
        By::Lane => {
            let (origin, destination) =
                row.key.split_once(" → ").filter(|(from, to)| !from.is_empty() && !to.is_empty())?;
            Some(QualityQuery { origin: origin.into(), destination: destination.into(), ..query })
        }
    }
}

impl CellView {
    /// `None` when nothing of it can be judged.
    pub fn of(ui: &Ui, cell: &Cell, query: &QualityQuery) -> Option<Self> {
        let figure = cell.figure.as_ref()?;
        let asked = QualityQuery {
            customer: Some(cell.customer.clone()),
            mode: cell.mode.parse().ok(),
            origin: cell.origin.clone(),
            destination: cell.destination.clone(),
            from: cell.month.clone(),
            to: cell.month.clone(),
            ..query.clone()
        };
        let several = [cell.customer.as_str(), &cell.mode, &cell.origin, &cell.month].contains(&SEVERAL);
        let nameless = cell.mode.is_empty() || cell.origin.is_empty() || cell.destination.is_empty();
        let behind = |only| if several || nameless { String::new() } else { asked.behind(only) };
        let row = QualityRow {
            name: cell.name.clone(),
            href: customer_href(&cell.customer, query),
            figure: FigureView::of(ui, figure),
            all_href: behind(Only::All),
            late_href: behind(Only::Late),
        };
        let month = if cell.month == SEVERAL { ui.t("quality-several") } else { cell.month.clone() };
        let over = if cell.origin == SEVERAL { ui.t("quality-several") } else { lane(&cell.origin, &cell.destination) };
        let customer = if cell.customer.as_str() == SEVERAL { ui.t("quality-several") } else { cell.name.clone() };
        Some(Self { customer, lane: over, mode: mode_name(ui, &cell.mode), month, row })
    }
}

fn customer_href(customer: &CustomerId, query: &QualityQuery) -> String {
    match customer.as_str() {
        SEVERAL => String::new(),
        _ => QualityQuery { customer: Some(customer.clone()), ..query.clone() }.address(),
    }
}

/// What on time means here, in one sentence.
pub fn policy(ui: &Ui, grain: Grain, clock: Clock) -> String {
    let clock = match clock {
        Clock::Day => "quality-policy-day",
        Clock::Timestamp => "quality-policy-timestamp",
    };
    let grain = match grain {
        Grain::Line => "quality-policy-line",
        Grain::Shipment => "quality-policy-shipment",
    };
    ui.t2("quality-policy", ("clock", &ui.t(clock)), ("grain", &ui.t(grain)))
}
