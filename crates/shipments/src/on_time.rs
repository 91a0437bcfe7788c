use std::collections::BTreeMap;

use base::{CustomerId, Day, Instant};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The key of shipments whose lines do not share one lane, mode, month or customer.
pub const SEVERAL: &str = "several";

/// How promised and delivered are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OnTimeClock)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// As calendar days.
    #[default]
    Day,
    /// To the second where both have a time of day, otherwise as calendar days.
    Timestamp,
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OnTimeGrain)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    #[default]
    Line,
    Shipment,
}

/// What a row of the report stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OnTimeBy)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Mode,
    Customer,
    Lane,
    /// Of the promised day.
    Month,
}

/// What the report needs to know of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFacts {
    pub shipment: String,
    pub customer: String,
    pub origin: String,
    pub destination: String,
    pub mode: String,
    pub promised_on: Option<Day>,
    pub promised_at: Option<Instant>,
    pub delivered_on: Option<Day>,
    pub delivered_at: Option<Instant>,
}

impl LineFacts {
    /// Empty when the file did not say it.
    pub fn key(&self, by: By) -> String {
        match by {
            By::Mode => self.mode.clone(),
            By::Customer => self.customer.clone(),
            By::Lane => format!("{} → {}", self.origin, self.destination),
            By::Month => self.promised_on.map(|day| day.format("%Y-%m").to_string()).unwrap_or_default(),
        }
    }
}

/// Whether the line came on or before what was promised; `None` when either date is missing.
pub fn is_on_time(line: &LineFacts, clock: Clock) -> Option<bool> {
    let (promised, delivered) = (line.promised_on?, line.delivered_on?);
    match (clock, line.promised_at, line.delivered_at) {
        (Clock::Timestamp, Some(promised), Some(delivered)) => Some(delivered <= promised),
        _ => Some(delivered <= promised),
    }
}

/// One line of the report: counts, and the rate as a fraction with its 95 % Wilson interval.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = OnTimeRow)]
pub struct Row {
    pub key: String,
    /// Who it is when the key is a customer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub customer: Option<CustomerId>,
    pub on_time: u64,
    pub total: u64,
    pub rate: f64,
    pub low: f64,
    pub high: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = OnTimeReport)]
pub struct Report {
    /// Everything together, key `all`; `None` when nothing can be judged.
    pub all: Option<Row>,
    /// By key; a key of which nothing can be judged has no row.
    pub rows: Vec<Row>,
    /// Lines or shipments that cannot be judged; in no row.
    pub undated: u64,
}

/// Counts what came on time. With `by: None` there are no rows, only the figure for all.
///
/// A shipment is on time when all its lines are. One late line makes it late whatever the others lack; otherwise one
/// line without both dates leaves it undated.
pub fn on_time(lines: &[LineFacts], by: Option<By>, grain: Grain, clock: Clock) -> Report {
    let judged: Vec<(String, Option<bool>)> = match grain {
        Grain::Line => lines.iter().map(|line| (key_of(line, by), is_on_time(line, clock))).collect(),
        Grain::Shipment => whole_shipments(lines, by, clock).into_values().collect(),
    };
    let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let (mut on_time, mut total, mut undated) = (0, 0, 0);
    for (key, verdict) in &judged {
        let Some(good) = verdict else {
            undated += 1;
            continue;
        };
        let count = counts.entry(key).or_default();
        count.0 += u64::from(*good);
        count.1 += 1;
        on_time += u64::from(*good);
        total += 1;
    }
    let rows = match by {
        Some(_) => counts.into_iter().filter_map(|(key, (on_time, total))| row(key, on_time, total)).collect(),
        None => Vec::new(),
    };
    Report { all: row("all", on_time, total), rows, undated }
}

fn key_of(line: &LineFacts, by: Option<By>) -> String {
    by.map(|by| line.key(by)).unwrap_or_default()
}

fn whole_shipments(lines: &[LineFacts], by: Option<By>, clock: Clock) -> BTreeMap<&str, (String, Option<bool>)> {
    let mut shipments = BTreeMap::new();
    for line in lines {
        let (key, verdict) = (key_of(line, by), is_on_time(line, clock));
        let whole = shipments.entry(line.shipment.as_str()).or_insert_with(|| (key.clone(), verdict));
        if whole.0 != key {
            whole.0 = SEVERAL.into();
        }
        whole.1 = match (whole.1, verdict) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (None, _) | (_, None) => None,
            (Some(true), Some(true)) => Some(true),
        };
    }
    shipments
}

/// `None` when nothing can be judged.
pub(crate) fn row(key: &str, on_time: u64, total: u64) -> Option<Row> {
    let interval = models::wilson(on_time, total)?;
    let models::Interval { rate, low, high } = interval;
    Some(Row { key: key.into(), customer: None, on_time, total, rate, low, high })
}
