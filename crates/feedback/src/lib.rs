//! What customers say in passing: any employee notes it in one line, a department answers within measured hours, and the
//! customer hears what changed.

mod api;
pub mod events;
mod forms;
mod named;
pub mod note;
mod pages;
mod policy;
mod reasons;
pub mod rules;
mod service;
mod store;
mod timeline;
mod views;

use std::sync::Arc;

use base::Permission;
use module::{MenuEntry, MenuGroup, Module, Setting, SettingField, SettingShape};

pub use forms::{NoteDraft, TellDraft};
pub use note::{NoteId, Origin, Status};
pub use policy::Policy;
pub use reasons::AnsweredFeedback;
pub use service::{Feedback, NoteFile, note_in};
pub use store::{Speed, Which};

/// Write down what a customer said, whoever's customer he is.
pub const LOG: Permission = Permission("feedback.log");
/// Read what customers said: of own customers and own notes, of departments, of all.
pub const VIEW: Permission = Permission("feedback.view");
/// Answer, pass on, set aside, and tell the customer.
pub const ANSWER: Permission = Permission("feedback.answer");

const SETTINGS: &[SettingField] =
    &[SettingField { name: "answer_hours", shape: SettingShape::Whole { least: 1, most: 400 } }];

/// What the program registers.
pub fn module(feedback: Feedback) -> Module {
    Module {
        name: "feedback",
        locales: Some(texts::locales!()),
        permissions: vec![LOG, VIEW, ANSWER],
        routes: pages::routes(api::routes(&feedback), &feedback),
        menu: vec![MenuEntry {
            group: MenuGroup::Service,
            order: 40,
            href: pages::HERE,
            title_key: "feedback-title",
            icon: "message",
            needs: Some(VIEW),
        }],
        timeline: vec![Arc::new(timeline::FeedbackTimeline)],
        reasons: vec![Arc::new(AnsweredFeedback)],
        settings: vec![Setting {
            key: policy::KEY,
            fields: SETTINGS,
            default: serde_json::to_value(Policy::default()).unwrap_or_default(),
        }],
        records: vec![Arc::new(named::FeedbackNames)],
        openapi: api::openapi(),
        ..Module::default()
    }
}
