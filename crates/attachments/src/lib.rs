//! Evidence: files that people add to a complaint, a claim or an exception, kept by their hash in the data folder.
//!
//! The module that owns the object registers the routes and checks who may see it before it calls anything here:
//!
//! - `GET …/{id}/files/{file}` → `Attachments::get`, then `Attachments::open`
//! - `POST …/{id}/files` → `Attachments::receive`, then `Attachments::add` in its transaction; `turned_away` answers a
//!   refusal. The form comes from `files.html` (`Files`); the address of a route that receives a file ends in `/files`.
//! - `POST …/{id}/files/{file}/remove` → `Attachments::remove` in its transaction

pub mod attachment;
pub mod blob;
mod count;
mod folder;
mod jobs;
mod kind;
mod name;
pub mod rules;
mod serve;
mod service;
mod sniff;
mod store;
mod upload;
mod views;

use std::sync::Arc;

use module::{Module, Setting, SettingField, SettingShape};

pub use attachment::AttachmentId;
pub use folder::Blobs;
pub use kind::Kind;
pub use rules::{Policy, Refusal};
pub use serve::turned_away;
pub use service::{Attachments, Fault, Holder, Missing};
pub use store::kept as kept_blobs;
pub use upload::Received;
pub use views::{AttachmentView, FileRow, Files};

const SETTINGS: &[SettingField] = &[
    SettingField { name: "most_megabytes", shape: SettingShape::Whole { least: 1, most: 100 } },
    SettingField { name: "most_files", shape: SettingShape::Whole { least: 1, most: 500 } },
];

/// What the program registers. No routes: the modules that own the objects have them.
pub fn module(attachments: Attachments) -> Module {
    Module {
        name: "attachments",
        locales: Some(texts::locales!()),
        jobs: vec![Arc::new(jobs::RemoveUnused(attachments))],
        settings: vec![Setting {
            key: rules::POLICY,
            fields: SETTINGS,
            default: serde_json::to_value(Policy::default()).unwrap_or_default(),
        }],
        ..Module::default()
    }
}
