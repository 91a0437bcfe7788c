//! Asking customers after a while: whether their complaint is really settled, how content they are, how their first week
//! was. Planned by events, skipped only with a reason; an unhappy answer opens the complaint again.

mod api;
pub mod events;
pub mod follow_up;
pub mod forms;
mod jobs;
mod named;
mod pages;
pub mod planning;
pub mod policy;
mod reasons;
pub mod rules;
mod service;
mod store;
mod timeline;
mod views;

use std::sync::Arc;

use base::Permission;
use module::{MenuEntry, MenuGroup, Module};

pub use follow_up::FollowUpId;
pub use jobs::{FollowUpListener, PlanFollowUps, ReopenComplaints};
pub use policy::Policy;
pub use reasons::FollowUpReasons;
pub use service::{FollowUpFile, FollowUps};
pub use store::Which;

/// Read follow-ups of customers.
pub const VIEW: Permission = Permission("follow_ups.view");
/// Ask, say that nobody was reached, and skip.
pub const DO: Permission = Permission("follow_ups.do");

/// What the program registers.
pub fn module(follow_ups: FollowUps) -> Module {
    Module {
        name: "follow_ups",
        locales: Some(texts::locales!()),
        permissions: vec![VIEW, DO],
        routes: pages::routes(api::routes(&follow_ups), &follow_ups),
        menu: vec![MenuEntry {
            group: MenuGroup::Service,
            order: 30,
            href: pages::HERE,
            title_key: "follow_up-title",
            icon: "phone",
            needs: Some(VIEW),
        }],
        timeline: vec![Arc::new(timeline::FollowUpTimeline)],
        listeners: vec![Arc::new(FollowUpListener)],
        jobs: vec![Arc::new(PlanFollowUps(follow_ups.clone())), Arc::new(ReopenComplaints(follow_ups))],
        reasons: vec![Arc::new(FollowUpReasons)],
        settings: vec![policy::setting()],
        records: vec![Arc::new(named::FollowUpNames)],
        openapi: api::openapi(),
        ..Module::default()
    }
}
