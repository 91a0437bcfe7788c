//! Today: these customers, for these reasons, do this. Owns no reason; gathers those that modules register.

mod api;
mod day;
mod forms;
mod listener;
pub mod mark;
mod pages;
mod rules;
mod service;
mod store;
mod views;

use std::sync::Arc;

use base::Permission;
use module::{Access, MenuEntry, MenuGroup, Module, Routes, Setting, SettingField, SettingShape};

pub use day::{Day, Row};
pub use forms::DoneForm;
pub use listener::TakenBack;
pub use rules::{Policy, Refusal};
pub use service::Worklist;

/// One's own worklist.
pub const OWN: Permission = Permission("worklist.own");
/// Who has what left.
pub const TEAM: Permission = Permission("worklist.team");

pub fn module(worklist: Arc<Worklist>) -> Module {
    let own = Access::Needs(OWN);
    let routes = Routes::new()
        .get("/worklist", own, pages::today, &worklist)
        .post("/worklist/{id}/done", own, pages::done, &worklist)
        .post("/worklist/{id}/later", own, pages::later, &worklist)
        .post("/worklist/acts/{id}/undo", own, pages::undo, &worklist)
        .get("/worklist/team", Access::Needs(TEAM), pages::team, &worklist)
        .get("/api/v1/worklist", own, api::today, &worklist)
        .post("/api/v1/worklist/{id}/done", own, api::done, &worklist)
        .post("/api/v1/worklist/{id}/later", own, api::later, &worklist)
        .post("/api/v1/worklist/acts/{id}/undo", own, api::undo, &worklist)
        .get("/api/v1/worklist/team", Access::Needs(TEAM), api::team, &worklist);
    let entry = |order, href, title_key, icon, needs| MenuEntry {
        group: MenuGroup::Today,
        order,
        href,
        title_key,
        icon,
        needs: Some(needs),
    };
    Module {
        name: "worklist",
        locales: Some(texts::locales!()),
        permissions: vec![OWN, TEAM],
        routes,
        menu: vec![
            entry(0, "/worklist", "worklist-title", "today", OWN),
            entry(1, "/worklist/team", "worklist-team", "users-group", TEAM),
        ],
        settings: vec![Setting {
            key: rules::SETTINGS,
            fields: &[
                SettingField { name: "acts_a_day", shape: SettingShape::Whole { least: 1, most: 50 } },
                SettingField { name: "undo_seconds", shape: SettingShape::Whole { least: 10, most: 3600 } },
            ],
            default: serde_json::to_value(Policy::default()).unwrap_or_default(),
        }],
        listeners: vec![Arc::new(TakenBack)],
        openapi: api::openapi(),
        ..Module::default()
    }
}
