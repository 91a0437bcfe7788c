//! The monthly service report of a customer: what we carried, how punctual it was, what went wrong and what we promised
//! to do better. Everything in it is computed from shipments, exceptions and complaints; so it goes out as a page, on
//! paper and as a workbook, and never comes in.

mod book;
pub mod month;
mod pages;
mod panel;
pub mod report;
mod store;

use std::sync::Arc;

use db::Db;
use module::Access::Needs;
use module::{Module, Routes};

pub use month::Month;
pub use panel::ReportPanel;
pub use report::{MonthlyReport, Table};

/// Monthly reports. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ServiceReports {
    db: Db,
}

impl ServiceReports {
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

/// What the program registers. Who sees a customer's complaints sees his report; parts that he may not see are left out.
pub fn module(reports: &ServiceReports) -> Module {
    let may = Needs(complaints::VIEW);
    Module {
        name: "service_reports",
        locales: Some(texts::locales!()),
        routes: Routes::new().get("/customers/{id}/monthly-report", may, pages::show, reports).get(
            "/customers/{id}/monthly-report/xlsx",
            may,
            pages::workbook,
            reports,
        ),
        panels: vec![Arc::new(ReportPanel)],
        ..Module::default()
    }
}
