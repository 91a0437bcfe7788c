//! Service quality: who is served on time, and the lines behind each figure.

use askama::Template;
use axum::extract::State;
use base::{Actor, CustomerId, Error, Message, PageSize};
use serde::{Deserialize, Serialize};
use web::{Me, Page, Query, Ui, page};

use super::cursor;
use crate::views::quality::{self, CellView, FigureView, QualityRow};
use crate::views::trend::TrendView;
use crate::views::{address, lane, mode_name, mode_options};
use crate::{
    Behind, By, Clock, Filter, Grain, Mode, Only, Shipments, cells, lines_behind, overdue, report_on_time, rules, trend,
};

/// Months of the customer's own line.
const TREND_MONTHS: usize = 24;

/// What each row of the table is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    #[default]
    Mode,
    Customer,
    Lane,
    Month,
    /// Customer × lane × mode × month.
    Cell,
}

impl Show {
    fn by(self) -> Option<By> {
        match self {
            Show::Mode => Some(By::Mode),
            Show::Customer => Some(By::Customer),
            Show::Lane => Some(By::Lane),
            Show::Month => Some(By::Month),
            Show::Cell => None,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QualityQuery {
    pub by: Show,
    pub grain: Grain,
    pub clock: Clock,
    pub customer: Option<CustomerId>,
    pub mode: Option<Mode>,
    pub origin: String,
    pub destination: String,
    /// First and last month of the promised day, `2026-11`.
    pub from: String,
    pub to: String,
    /// Of the lines behind a figure.
    pub only: Only,
    pub after: Option<String>,
}

#[derive(Template)]
#[template(path = "service_quality.html")]
struct QualityPage {
    ui: Ui,
    query: QualityQuery,
    tabs: Vec<(String, String, bool)>,
    modes: Vec<(String, String)>,
    grains: Vec<(&'static str, String)>,
    clocks: Vec<(&'static str, String)>,
    chips: Vec<(String, String)>,
    /// Name of the customer in the filter.
    customer: String,
    finding: String,
    policy: String,
    undated: String,
    undated_href: String,
    /// Promised before today and not delivered; empty when there are none.
    overdue: String,
    all: Option<FigureView>,
    rows: Vec<QualityRow>,
    cells: Vec<CellView>,
    /// Rows that found no room.
    more: String,
    trend: Option<TrendView>,
}

#[derive(Template)]
#[template(path = "behind.html")]
struct BehindPage {
    ui: Ui,
    back: String,
    tabs: Vec<(String, String, bool)>,
    chips: Vec<(String, String)>,
    policy: String,
    rows: Vec<BehindRow>,
    first: String,
    next: String,
}

struct BehindRow {
    line: Behind,
    lane: String,
    mode: String,
    promised: String,
    delivered: String,
    verdict: &'static str,
    tone: &'static str,
}

pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(shipments): State<Shipments>,
    Query(query): Query<QualityQuery>,
) -> Page {
    let db = shipments.db();
    let filter = query.filter()?;
    let (grain, clock) = (query.grain, query.clock);
    let customer = name_of(&shipments, &actor, &query).await?;
    let report = report_on_time(db, &actor, query.by.by(), grain, clock, &filter).await?;
    let overdue = overdue(db, &actor, &filter).await?;
    let undated = texts::format::thousands(i64::try_from(report.undated).unwrap_or(i64::MAX));
    let all = report.all.as_ref().map(|row| FigureView::of(&ui, row));
    let cells: Vec<CellView> = match query.by {
        Show::Cell => cells(db, &actor, grain, clock, &filter).await?,
        _ => Vec::new(),
    }
    .iter()
    .filter_map(|cell| CellView::of(&ui, cell, &query))
    .collect();
    let trend = match &query.customer {
        Some(id) => TrendView::of(&ui, &trend(db, &actor, id, grain, clock, TREND_MONTHS).await?),
        None => None,
    };
    let (rows, more) = match query.by.by() {
        Some(by) => quality::rows(&ui, report, by, &query),
        None => (Vec::new(), 0),
    };
    page(QualityPage {
        tabs: query.tabs(&ui),
        modes: mode_options(&ui),
        grains: vec![("line", ui.t("quality-grain-line")), ("shipment", ui.t("quality-grain-shipment"))],
        clocks: vec![("day", ui.t("quality-clock-day")), ("timestamp", ui.t("quality-clock-timestamp"))],
        chips: query.chips(&ui, &customer, "/service-quality"),
        finding: all.as_ref().map_or_else(|| ui.t("quality-nothing"), |figure| figure.words.clone()),
        policy: quality::policy(&ui, grain, clock),
        undated_href: query.behind(Only::Undated),
        overdue: if overdue == 0 { String::new() } else { texts::format::thousands(overdue) },
        more: if more == 0 { String::new() } else { ui.t1("quality-more", "rows", more) },
        undated,
        all,
        rows,
        cells,
        trend,
        customer,
        query,
        ui,
    })
}

pub async fn behind(
    ui: Ui,
    Me(actor): Me,
    State(shipments): State<Shipments>,
    Query(query): Query<QualityQuery>,
) -> Page {
    let filter = query.filter()?;
    let after = query.after.as_deref().map(cursor);
    let page_of = (after.as_ref(), PageSize::new(None));
    let found = lines_behind(shipments.db(), &actor, &filter, query.only, query.clock, page_of).await?;
    let customer = name_of(&shipments, &actor, &query).await?;
    let next = found.next.as_ref().map(|after| query.lines(query.only, after)).unwrap_or_default();
    let rows = found.rows.into_iter().map(|line| BehindRow::of(&ui, line, actor.today())).collect();
    let tab = |only: Only, key: &str| (query.behind(only), ui.t(key), query.only == only);
    page(BehindPage {
        tabs: vec![
            tab(Only::All, "quality-only-all"),
            tab(Only::OnTime, "quality-only-on_time"),
            tab(Only::Late, "quality-only-late"),
            tab(Only::Undated, "quality-only-undated"),
            tab(Only::Overdue, "quality-only-overdue"),
        ],
        back: query.address(),
        chips: query.chips(&ui, &customer, "/service-quality/lines"),
        policy: match query.only {
            Only::Overdue => ui.t("quality-overdue_rule"),
            _ => quality::policy(&ui, Grain::Line, query.clock),
        },
        first: query.after.as_ref().map(|_| query.behind(query.only)).unwrap_or_default(),
        next,
        rows,
        ui,
    })
}

async fn name_of(shipments: &Shipments, actor: &Actor, query: &QualityQuery) -> Result<String, Error> {
    let Some(id) = &query.customer else {
        return Ok(String::new());
    };
    let found = customers::briefly(shipments.db().read(), actor, std::slice::from_ref(id)).await?.remove(id);
    found.map(|brief| brief.name).ok_or(Error::NotFound)
}

impl BehindRow {
    fn of(ui: &Ui, line: Behind, today: base::Day) -> Self {
        let when = |at: Option<base::Instant>, day: Option<base::Day>| match at {
            Some(at) => texts::format::time(at),
            None => day.map(texts::format::day).unwrap_or_default(),
        };
        let overdue = line.delivered_on.is_none() && line.promised_on.is_some_and(|promised| promised < today);
        let (verdict, tone) = match line.on_time {
            None if overdue => ("shipment-verdict-overdue", "risk"),
            Some(true) => ("shipment-verdict-on_time", "good"),
            Some(false) => ("shipment-verdict-late", "risk"),
            None => ("shipment-verdict-undated", "neutral"),
        };
        Self {
            lane: lane(&line.origin, &line.destination),
            mode: mode_name(ui, &line.mode),
            promised: when(line.promised_at, line.promised_on),
            delivered: when(line.delivered_at, line.delivered_on),
            verdict,
            tone,
            line,
        }
    }
}

impl QualityQuery {
    fn filter(&self) -> Result<Filter, Error> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        for (field, month) in [("from", &self.from), ("to", &self.to)] {
            if !month.is_empty() && !rules::is_month(month) {
                return Err(Error::invalid(field, Message::new("quality-month_unreadable")));
            }
        }
        Ok(Filter {
            customer: self.customer.clone(),
            origin: some(&self.origin),
            destination: some(&self.destination),
            mode: self.mode.map(|mode| mode.word().to_owned()),
            from_month: some(&self.from),
            to_month: some(&self.to),
            ..Filter::default()
        })
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        vec![
            ("by", word(serde_json::to_value(self.by).unwrap_or_default())),
            ("grain", word(serde_json::to_value(self.grain).unwrap_or_default())),
            ("clock", word(serde_json::to_value(self.clock).unwrap_or_default())),
            ("customer", self.customer.clone().map_or_else(String::new, String::from)),
            ("mode", self.mode.map(|mode| mode.word().to_owned()).unwrap_or_default()),
            ("origin", self.origin.trim().to_owned()),
            ("destination", self.destination.trim().to_owned()),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
        ]
    }

    /// The page with these figures.
    pub fn address(&self) -> String {
        address("/service-quality", self.pairs())
    }

    /// The lines behind the figure.
    pub fn behind(&self, only: Only) -> String {
        self.lines(only, "")
    }

    fn lines(&self, only: Only, after: &str) -> String {
        let only = serde_json::to_value(only).unwrap_or_default().as_str().unwrap_or_default().to_owned();
        let mut pairs = self.pairs();
        pairs.extend([("only", only), ("after", after.to_owned())]);
        address("/service-quality/lines", pairs)
    }

    fn tabs(&self, ui: &Ui) -> Vec<(String, String, bool)> {
        let all = [
            (Show::Mode, "quality-by-mode"),
            (Show::Customer, "quality-by-customer"),
            (Show::Lane, "quality-by-lane"),
            (Show::Month, "quality-by-month"),
            (Show::Cell, "quality-by-cell"),
        ];
        let tab = |(by, key): (Show, &str)| (QualityQuery { by, ..self.clone() }.address(), ui.t(key), self.by == by);
        all.into_iter().map(tab).collect()
    }

    /// Filters in force: text, and the page without it.
    fn chips(&self, ui: &Ui, customer: &str, path: &str) -> Vec<(String, String)> {
        let filters = ["customer", "mode", "origin", "destination", "from", "to"];
        let chip = |(name, value): (&'static str, String)| {
            let text = match name {
                "customer" => customer.to_owned(),
                "mode" => self.mode.map(|mode| ui.t(mode.key())).unwrap_or_default(),
                "origin" => ui.t1("shipment-from", "place", value),
                "destination" => ui.t1("shipment-to", "place", value),
                "from" => ui.t1("quality-from", "month", value),
                _ => ui.t1("quality-to", "month", value),
            };
            let without: Vec<_> = self.pairs().into_iter().filter(|(other, _)| *other != name).collect();
            (text, address(path, without))
        };
        let in_force = self.pairs().into_iter().filter(|(name, value)| filters.contains(name) && !value.is_empty());
        in_force.map(chip).collect()
    }

    fn is_mode(&self, code: &str) -> bool {
        self.mode.map_or("", Mode::word) == code
    }

    fn is_grain(&self, code: &str) -> bool {
        (self.grain == Grain::Shipment) == (code == "shipment")
    }

    fn is_clock(&self, code: &str) -> bool {
        (self.clock == Clock::Timestamp) == (code == "timestamp")
    }

    /// The word of the table, for the form.
    fn by_word(&self) -> String {
        self.pairs().into_iter().find(|(name, _)| *name == "by").map(|(_, word)| word).unwrap_or_default()
    }
}
