//! Approval: what one person may not do alone is asked of a second one, who answers within his own authority.
//!
//! A module that needs it declares its `Kind`s, tells them to `Approvals::know`, asks `may_alone`, otherwise `ask` in the
//! transaction of its act, and listens to `events::DECIDED` (`events::decided`) to go on.

mod api;
pub mod approval;
pub mod events;
mod forms;
pub mod limit;
mod named;
mod pages;
pub mod rules;
mod service;
mod store;
mod views;

use std::sync::Arc;

use base::Permission;
use module::Access::{Needs, SignedIn};
use module::{MenuEntry, MenuGroup, Module, Routes};

pub use approval::{Answer, ApprovalId, Status};
pub use limit::Authority;
pub use rules::Refusal;
pub use service::{Approvals, Ask, Kind, LimitRow, RoleLimits};

/// Answers what others ask; the reach says about whose customers.
pub const DECIDE: Permission = Permission("approvals.decide");
/// Says how much the holders of each role may grant alone.
pub const LIMITS: Permission = Permission("approvals.limits");

/// What the program registers. The kinds of all modules come by `Approvals::know`.
pub fn module(approvals: Approvals) -> Module {
    let menu = vec![
        MenuEntry {
            group: MenuGroup::Today,
            order: 20,
            href: pages::HERE,
            title_key: "approval-title",
            icon: "check",
            needs: None,
        },
        MenuEntry {
            group: MenuGroup::Settings,
            order: 6,
            href: pages::limits::HERE,
            title_key: "approval-limits",
            icon: "check",
            needs: Some(LIMITS),
        },
    ];
    Module {
        name: "approvals",
        locales: Some(texts::locales!()),
        permissions: vec![DECIDE, LIMITS],
        routes: api::routes(routes(&approvals), &approvals),
        menu,
        records: vec![Arc::new(named::ApprovalNames(approvals))],
        openapi: api::openapi(),
        ..Module::default()
    }
}

fn routes(approvals: &Approvals) -> Routes {
    use pages::limits;
    Routes::new()
        .get("/approvals", SignedIn, pages::list, approvals)
        .get("/approvals/{id}", SignedIn, pages::show, approvals)
        .post("/approvals/{id}/decide", Needs(DECIDE), pages::decide, approvals)
        .post("/approvals/{id}/withdraw", SignedIn, pages::withdraw, approvals)
        .get("/settings/approvals", Needs(LIMITS), limits::list, approvals)
        .get("/settings/approvals/{role}/{kind}", Needs(LIMITS), limits::edit, approvals)
        .post("/settings/approvals/{role}/{kind}", Needs(LIMITS), limits::save, approvals)
}
