//! Claims: what a customer asks for when something went wrong with his goods, what we pay, and what comes back from the
//! carrier.

mod api;
pub mod claim;
pub mod entry;
pub mod events;
pub mod forms;
mod listener;
mod named;
pub mod number;
mod pages;
mod panel;
mod policy;
mod reasons;
pub mod rules;
mod service;
pub mod store;
mod timeline;
mod views;

use std::sync::Arc;

use base::Permission;
use module::Module;

pub use claim::ClaimId;
pub use listener::PayoutDecided;
pub use panel::ClaimPanel;
pub use policy::{Policy, SETTINGS};
pub use reasons::ClaimReasons;
pub use service::{Apart, ClaimFile, Claims, CustomerCost, Listed};
pub use timeline::ClaimTimeline;

/// A payout beyond what one may promise alone.
pub const PAYOUT: approvals::Kind = approvals::Kind { name: "claim_payout", title_key: "claim-payout_kind" };

pub const VIEW: Permission = Permission("claims.view");
/// Writes down what a customer asks for, and adds evidence.
pub const RAISE: Permission = Permission("claims.raise");
/// Decides, asks carriers, closes.
pub const HANDLE: Permission = Permission("claims.handle");
/// Writes down what was paid.
pub const PAY: Permission = Permission("claims.pay");

/// What the program registers.
pub fn module(claims: Claims) -> Module {
    Module {
        name: "claims",
        locales: Some(texts::locales!()),
        permissions: vec![VIEW, RAISE, HANDLE, PAY],
        routes: pages::routes(api::routes(&claims), &claims),
        menu: pages::menu(),
        timeline: vec![Arc::new(ClaimTimeline)],
        panels: vec![Arc::new(ClaimPanel(claims.clone()))],
        listeners: vec![Arc::new(PayoutDecided(claims))],
        reasons: vec![Arc::new(ClaimReasons)],
        settings: vec![policy::setting()],
        records: vec![Arc::new(named::ClaimNames)],
        openapi: api::openapi(),
        ..Module::default()
    }
}
