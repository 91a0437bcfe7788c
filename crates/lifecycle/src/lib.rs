//! The relationship stage of a customer, from his shipment days alone.

mod api;
mod flow;
mod jobs;
mod listener;
mod pages;
mod rules;
mod service;
mod standing;
mod store;
mod views;

use std::sync::Arc;

use base::{Actor, Error, Permission};
use module::{Access, MenuEntry, MenuGroup, Module, Routes, Setting, SettingField, SettingShape};

pub use jobs::ReviewStages;
pub use listener::StageListener;
pub use rules::{moves, stage};
pub use service::{Lifecycle, Stages};
pub use standing::{ByHand, HandStage, Move, Policy, Stage, Standing};
pub use views::{MoveRow, StageRow, StagesView};

/// See where customers stand.
pub const VIEW: Permission = Permission("stages.view");

/// What an administrator may change of the policy.
const SETTINGS: &[SettingField] = &[
    SettingField { name: "lost_after_days", shape: SettingShape::Whole { least: 7, most: 1000 } },
    SettingField { name: "lost_after_gaps", shape: SettingShape::Whole { least: 1, most: 20 } },
    SettingField { name: "loyal_shipments", shape: SettingShape::Whole { least: 2, most: 1000 } },
    SettingField { name: "loyal_months", shape: SettingShape::Whole { least: 1, most: 36 } },
    SettingField { name: "loyal_window_months", shape: SettingShape::Whole { least: 1, most: 36 } },
];

/// What the program is told about this module.
pub fn module(lifecycle: Lifecycle) -> Module {
    let view = Access::Needs(VIEW);
    let routes = Routes::new().get("/stages", view, pages::stages, &lifecycle).get(
        "/api/v1/reports/stages",
        view,
        api::stages,
        &lifecycle,
    );
    Module {
        name: "lifecycle",
        locales: Some(texts::locales!()),
        permissions: vec![VIEW],
        routes,
        menu: vec![MenuEntry {
            group: MenuGroup::Customers,
            order: 20,
            href: "/stages",
            title_key: "lifecycle-title",
            icon: "reports",
            needs: Some(VIEW),
        }],
        listeners: vec![Arc::new(StageListener)],
        jobs: vec![Arc::new(ReviewStages(lifecycle))],
        settings: vec![Setting {
            key: service::POLICY,
            fields: SETTINGS,
            default: serde_json::to_value(Policy::default()).unwrap_or_default(),
        }],
        openapi: api::openapi(),
        ..Module::default()
    }
}

/// How many of the customers that the actor may see stand at each stage; every stage has a row.
///
/// # Errors
/// `Forbidden` without the permission.
pub async fn report(db: &db::Db, actor: &Actor) -> Result<Vec<StageRow>, Error> {
    let counts = Lifecycle::new(db.clone()).counts(actor).await?;
    let row = |key: &Stage| StageRow { key: *key, customers: counts.get(key).copied().unwrap_or(0) };
    Ok(Stage::ALL.iter().map(row).collect())
}
