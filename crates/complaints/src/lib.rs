//! Complaints: what a customer says went wrong, in his words, and what we do about it in which order and time.

mod api;
mod clocks;
pub mod complaint;
pub mod entry;
pub mod events;
mod evidence;
pub mod figures;
pub mod forms;
mod jobs;
pub mod link;
mod named;
pub mod number;
mod pages;
mod panel;
mod policy;
pub mod quality_event;
mod reasons;
pub mod rules;
pub mod samples;
mod service;
pub mod sheet;
pub mod silent;
pub mod store;
mod timeline;
pub mod told;
mod views;
pub mod words;

use std::sync::Arc;

use base::Permission;
use module::Module;

pub use clocks::CLOSED;
pub use complaint::ComplaintId;
pub use evidence::Desk;
pub use jobs::{CalendarChanged, CompensationDecided, KeepTime};
pub use panel::ComplaintPanel;
pub use policy::{Policy, SETTINGS};
pub use reasons::{ComplaintReasons, QualityReasons, SilentReasons};
pub use service::{ComplaintFile, Complaints, Listed, QualityFile, QualityListed, log_in};
pub use timeline::ComplaintTimeline;

/// Compensation beyond what one may promise alone.
pub const COMPENSATION: approvals::Kind =
    approvals::Kind { name: "compensation", title_key: "complaint-compensation_kind" };

pub const VIEW: Permission = Permission("complaints.view");
/// Writes down that a customer complained.
pub const LOG: Permission = Permission("complaints.log");
/// Works on complaints.
pub const HANDLE: Permission = Permission("complaints.handle");
/// Is told of what is long overdue.
pub const OVERSEE: Permission = Permission("complaints.oversee");
/// Changes what customers are told.
pub const TEXTS: Permission = Permission("complaints.texts");

/// What the program registers.
pub fn module(complaints: Complaints) -> Module {
    Module {
        name: "complaints",
        locales: Some(texts::locales!()),
        permissions: vec![VIEW, LOG, HANDLE, OVERSEE, TEXTS],
        routes: pages::routes(api::routes(&complaints), &complaints),
        menu: pages::menu(),
        timeline: vec![Arc::new(ComplaintTimeline)],
        panels: vec![Arc::new(ComplaintPanel)],
        listeners: vec![Arc::new(CalendarChanged), Arc::new(CompensationDecided(complaints.clone()))],
        jobs: vec![Arc::new(KeepTime(complaints))],
        reasons: vec![Arc::new(ComplaintReasons), Arc::new(QualityReasons), Arc::new(SilentReasons)],
        settings: vec![policy::setting()],
        records: vec![Arc::new(named::ComplaintNames), Arc::new(named::QualityNames)],
        openapi: api::openapi(),
        ..Module::default()
    }
}
