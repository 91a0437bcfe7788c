//! Reports for the terminal and for programs.

use std::process::ExitCode;

use base::Error;
use serde_json::{Value, json};
use shipments::{Clock, Filter, Grain, Row, report_on_time};

use super::{Failed, Opened, language};
use crate::cli::{self, Common, Report};

pub async fn report(common: &Common, report: &Report) -> Result<ExitCode, Failed> {
    let opened = Opened::existing(common).await?;
    match report {
        Report::OnTime { by, grain, clock } => on_time(opened, *by, *grain, *clock).await,
        Report::Stages => stages(opened).await,
    }
}

async fn on_time(
    opened: Opened,
    by: Option<cli::By>,
    grain: cli::Grain,
    clock: cli::Clock,
) -> Result<ExitCode, Failed> {
    let by = by.map(|by| match by {
        cli::By::Mode => shipments::By::Mode,
        cli::By::Customer => shipments::By::Customer,
        cli::By::Lane => shipments::By::Lane,
        cli::By::Month => shipments::By::Month,
    });
    let grain = match grain {
        cli::Grain::Line => Grain::Line,
        cli::Grain::Shipment => Grain::Shipment,
    };
    let clock = match clock {
        cli::Clock::Day => Clock::Day,
        cli::Clock::Timestamp => Clock::Timestamp,
    };
    let told = report_on_time(&opened.db, &opened.actor, by, grain, clock, &Filter::default()).await?;
    let rows: Vec<Row> = match by {
        Some(_) => told.rows.clone(),
        None => told.all.iter().cloned().collect(),
    };
    let json = json!({"rows": rows, "all": told.all, "undated": told.undated, "grain": grain, "clock": clock});
    let mut words: Vec<String> = rows.iter().map(line).collect();
    words.push(opened.texts().with(language(), "report-undated", &[("count", told.undated.to_string())]));
    opened.answer(&json, &words).await
}

fn line(row: &Row) -> String {
    let percent = |share: f64| format!("{:.2} %", share * 100.0);
    let (low, high) = (percent(row.low), percent(row.high));
    format!("{:>9}  {low} – {high}  {:>7} / {:<7} {}", percent(row.rate), row.on_time, row.total, row.key)
}

async fn stages(opened: Opened) -> Result<ExitCode, Failed> {
    let rows = lifecycle::report(&opened.db, &opened.actor).await?;
    let words: Vec<String> = rows
        .iter()
        .map(|row| format!("{:>7}  {}", row.customers, opened.texts().get(language(), row.key.key())))
        .collect();
    let rows: Value = serde_json::to_value(&rows).map_err(|error| Error::Bug(error.to_string()))?;
    opened.answer(&json!({ "rows": rows }), &words).await
}
