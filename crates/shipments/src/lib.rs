//! Shipments: who is served on time, what a shipment is worth, and which customers that calls for.

mod conversion;
mod on_time;
mod worth;

mod api;
mod days;
mod draft;
pub mod events;
pub mod figures;
mod filter;
pub mod forms;
mod import;
mod jobs;
pub mod line;
pub mod milestone;
mod named;
mod pages;
mod panel;
mod policy;
pub mod rate;
mod reasons;
mod report;
pub mod rules;
pub mod samples;
mod service;
pub mod shipment;
mod stake;
pub mod store;
mod timeline;
mod views;
mod words;

use std::sync::Arc;

use base::Permission;

pub use conversion::{Rates, Sum};
pub use filter::{Filter, ListFilter};
pub use import::ShipmentImport;
pub use on_time::{By, Clock, Grain, LineFacts, Report, Row, SEVERAL, is_on_time, on_time};
pub use panel::ShipmentPanel;
pub use policy::Policy;
pub use reasons::ShipmentReasons;
pub use report::{Behind, Cell, Everybody, Only, TrendPoint, cells, lines_behind, overdue, report_on_time, trend};
pub use service::{Listed, Outcome, Recorded, ShipmentFile, Shipments};
pub use shipment::ShipmentId;
pub use stake::{AtStake, Basis, value_at_stake, values_at_stake};
pub use timeline::ShipmentTimeline;
pub use words::{MilestoneKind, Mode, PaymentTerm};
pub use worth::{Worth, worth};

pub const VIEW: Permission = Permission("shipments.view");
/// Records shipments, by hand, by program and by file.
pub const EDIT: Permission = Permission("shipments.edit");
/// Changes exchange rates and the reporting currency.
pub const RATES: Permission = Permission("rates.edit");

/// What the program registers.
pub fn module(shipments: Shipments) -> module::Module {
    module::Module {
        name: "shipments",
        locales: Some(texts::locales!()),
        permissions: vec![VIEW, EDIT, RATES],
        routes: pages::routes(api::routes(&shipments), &shipments),
        menu: pages::menu(),
        timeline: vec![Arc::new(ShipmentTimeline)],
        panels: vec![Arc::new(ShipmentPanel)],
        listeners: vec![Arc::new(jobs::KeepFigures)],
        jobs: vec![Arc::new(jobs::MoveFigures { db: shipments.db().clone() })],
        reasons: vec![Arc::new(ShipmentReasons)],
        import_kinds: vec![Arc::new(ShipmentImport)],
        records: vec![Arc::new(named::ShipmentNames), Arc::new(named::RateNames)],
        openapi: api::openapi(),
        ..module::Module::default()
    }
}
