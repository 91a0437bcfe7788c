//! Shipment exceptions: what went wrong, found before the customer says so, told to him first, handled, blamed later.

mod api;
pub mod exception;
mod forms;
mod jobs;
mod listener;
mod named;
pub mod notice;
mod pages;
mod panel;
mod policy;
pub mod raise;
mod reasons;
pub mod rules;
mod service;
pub mod store;
mod tell;
pub mod threshold;
mod timeline;
mod views;

use std::sync::Arc;

use base::Permission;
use module::Module;

pub use panel::ExceptionPanel;
pub use policy::Policy;
pub use reasons::ExceptionReasons;
pub use service::{ExceptionDraft, Exceptions, File, Listed, Seen, ThresholdDraft, ThresholdListed};
pub use tell::Way;
pub use timeline::ExceptionTimeline;

pub const VIEW: Permission = Permission("exceptions.view");
/// Logs, tells, hands over, solves.
pub const HANDLE: Permission = Permission("exceptions.handle");
/// Changes tolerances and texts.
pub const RULES: Permission = Permission("exceptions.rules");

/// What the program registers.
pub fn module(exceptions: Exceptions) -> Module {
    Module {
        name: "exceptions",
        locales: Some(texts::locales!()),
        permissions: vec![VIEW, HANDLE, RULES],
        routes: pages::routes(api::routes(&exceptions), &exceptions),
        menu: pages::menu(),
        listeners: vec![Arc::new(listener::WatchShipments)],
        jobs: vec![Arc::new(jobs::WatchPlans { db: exceptions.db().clone() })],
        timeline: vec![Arc::new(ExceptionTimeline)],
        panels: vec![Arc::new(ExceptionPanel)],
        reasons: vec![Arc::new(ExceptionReasons)],
        settings: vec![policy::setting()],
        records: vec![Arc::new(named::ExceptionNames), Arc::new(named::ThresholdNames)],
        openapi: api::openapi(),
        ..Module::default()
    }
}
