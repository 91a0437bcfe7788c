//! The report on the screen, on paper and as a file.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use base::{CustomerId, Error};
use db::audit;
use serde::Deserialize;
use serde_json::json;
use texts::Texts;
use web::{Me, Page, Query, Ui, page};

use crate::month::Month;
use crate::report::MonthlyReport;
use crate::{ServiceReports, book};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportQuery {
    /// `2026-11`; the last whole month when absent.
    month: Option<String>,
}

impl ReportQuery {
    fn month(&self, actor: &base::Actor) -> Result<Month, Error> {
        self.month.as_deref().map_or_else(|| Ok(Month::last(actor.today())), Month::parse)
    }
}

#[derive(Template)]
#[template(path = "monthly_report.html")]
struct ReportPage {
    ui: Ui,
    report: MonthlyReport,
    customer: CustomerId,
    made: String,
}

impl ReportPage {
    fn month(&self) -> String {
        self.report.month.code()
    }

    fn address(&self) -> String {
        format!("/customers/{}/monthly-report", self.customer)
    }

    fn workbook(&self) -> String {
        format!("{}/xlsx?month={}", self.address(), self.month())
    }
}

fn texts_of(ui: &Ui) -> Result<&Texts, Error> {
    ui.texts().ok_or_else(|| Error::Bug("no texts".into()))
}

pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(reports): State<ServiceReports>,
    Path(id): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Page {
    let customer = CustomerId(id);
    let month = query.month(&actor)?;
    let texts = texts_of(&ui)?;
    let report = reports.report(&actor, (texts, ui.language()), &customer, month).await?;
    let made = book::made_words(texts, ui.language(), &report);
    page(ReportPage { report, customer, made, ui })
}

pub async fn workbook(
    ui: Ui,
    Me(actor): Me,
    State(reports): State<ServiceReports>,
    Path(id): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Page {
    let customer = CustomerId(id);
    let month = query.month(&actor)?;
    let texts = texts_of(&ui)?;
    let report = reports.report(&actor, (texts, ui.language()), &customer, month).await?;
    let bytes = book::workbook(texts, ui.language(), &report, actor.now)?;
    let tx = reports.db.begin().await?;
    let detail = json!({"month": month.code(), "bytes": bytes.len()});
    audit::record(&tx, &actor, "service_report.taken_out", "customer", customer.as_str(), detail).await?;
    reports.db.commit(tx).await?;
    let headers = [
        (header::CONTENT_TYPE, XLSX.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"service-report-{}.xlsx\"", month.code())),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
