//! What a customer said, in his own words, and what we made of it.

use base::{CustomerId, DepartmentId, UserId};
use sea_orm::entity::prelude::*;
use serde::Serialize;

base::ids! { NoteId }

base::words! {
    /// How far it has come.
    Status as "FeedbackStatus", "feedback-status-" {
        Waiting = "waiting",
        Answered = "answered",
        Told = "told",
        SetAside = "set_aside",
    }
}

base::words! {
    /// Who brought it.
    Origin as "FeedbackOrigin", "feedback-origin-" { Employee = "employee", FollowUp = "follow_up" }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "feedback")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// `None` while it is not clear which customer is meant.
    pub customer_id: Option<CustomerId>,
    /// As whoever noted it called him.
    pub customer_called: String,
    /// Who said it, as noted.
    pub said_by: String,
    /// His own words; nothing changes them.
    pub words: String,
    pub origin: Origin,
    /// The follow-up that brought it.
    pub origin_id: Option<String>,
    pub department_id: Option<DepartmentId>,
    pub logged_at: DateTimeUtc,
    pub logged_by: String,
    pub logged_by_id: Option<UserId>,
    /// By the working hours of its department; the last of all when those are too short to say.
    pub due_at: Option<DateTimeUtc>,
    /// Sort key of `due_at`: microseconds since 1970.
    pub due_order: i64,
    pub status: Status,
    /// What we do or change about it.
    pub answer: String,
    pub answered_at: Option<DateTimeUtc>,
    pub answered_by: String,
    /// Working time from note to answer.
    pub answered_minutes: Option<i64>,
    pub told_at: Option<DateTimeUtc>,
    pub told_by: String,
    /// By which the customer was told.
    pub interaction_id: Option<String>,
    /// Why nothing follows.
    pub reason: String,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn note_id(&self) -> NoteId {
        NoteId(self.id.clone())
    }
}
