//! What goes out, for people and for programs.

use base::{Actor, Instant};
use serde::Serialize;
use texts::format;
use utoipa::ToSchema;
use web::Ui;

use crate::note::{Model, Origin, Status};
use crate::service::NoteFile;

/// A note as programs see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Feedback)]
pub struct NoteView {
    pub id: String,
    /// Absent when nobody has said which customer is meant, or he is out of the reader's sight.
    pub customer: Option<String>,
    pub customer_called: String,
    pub said_by: String,
    pub words: String,
    pub origin: Origin,
    pub department: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub logged_at: Instant,
    pub logged_by: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Instant>,
    pub status: Status,
    pub answer: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Instant>,
    pub answered_by: String,
    /// Working minutes from note to answer.
    pub answered_minutes: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub told_at: Option<Instant>,
    /// By which interaction the customer was told.
    pub interaction: Option<String>,
    /// Why nothing follows.
    pub reason: String,
    pub version: i64,
}

impl From<NoteFile> for NoteView {
    fn from(file: NoteFile) -> Self {
        let Model { customer_id, .. } = &file.note;
        let customer = customer_id.as_ref().filter(|_| file.customer.is_some()).map(|id| id.0.clone());
        let note = file.note;
        Self {
            customer,
            id: note.id,
            customer_called: note.customer_called,
            said_by: note.said_by,
            words: note.words,
            origin: note.origin,
            department: note.department_id.map(|id| id.0),
            logged_at: note.logged_at,
            logged_by: note.logged_by,
            due_at: note.due_at,
            status: note.status,
            answer: note.answer,
            answered_at: note.answered_at,
            answered_by: note.answered_by,
            answered_minutes: note.answered_minutes,
            told_at: note.told_at,
            interaction: note.interaction_id,
            reason: note.reason,
            version: note.version,
        }
    }
}

/// A note as people read it.
#[derive(Clone, Debug)]
pub struct NoteRow {
    pub id: String,
    pub words: String,
    pub customer: String,
    /// Empty when he is out of sight.
    pub customer_href: String,
    pub is_known: bool,
    pub said_by: String,
    pub logged: String,
    pub department: String,
    pub status: Status,
    pub status_words: String,
    pub tone: &'static str,
    /// What the clock says, in words; empty when it does not run.
    pub clock: String,
    pub clock_tone: &'static str,
    pub answer: String,
    pub answered: String,
    pub told: String,
    pub reason: String,
    pub version: i64,
    pub may_answer: bool,
}

impl NoteRow {
    pub fn of(ui: &Ui, file: NoteFile) -> Self {
        let (clock, clock_tone) = clock(ui, file.minutes_left);
        let note = file.note;
        let by = |at: Option<Instant>, who: &str| match at {
            Some(at) => format!("{} {who}", format::time(at)),
            None => String::new(),
        };
        let answered = match note.answered_minutes {
            Some(minutes) => ui.t2(
                "feedback-answered_line",
                ("when", &by(note.answered_at, &note.answered_by)),
                ("time", &working_time(ui, minutes)),
            ),
            None => String::new(),
        };
        Self {
            customer_href: match (&file.customer, &note.customer_id) {
                (Some(_), Some(id)) => format!("/customers/{id}"),
                _ => String::new(),
            },
            customer: file.customer.map_or(note.customer_called, |brief| brief.name),
            is_known: note.customer_id.is_some(),
            logged: ui.t2("feedback-logged_line", ("when", &format::time(note.logged_at)), ("who", &note.logged_by)),
            department: file.department,
            status: note.status,
            status_words: ui.t(note.status.key()),
            tone: tone(note.status),
            clock,
            clock_tone,
            answered,
            told: by(note.told_at, &note.told_by),
            id: note.id,
            words: note.words,
            said_by: note.said_by,
            answer: note.answer,
            reason: note.reason,
            version: note.version,
            may_answer: file.may_answer,
        }
    }
}

fn tone(status: Status) -> &'static str {
    match status {
        Status::Waiting => "warn",
        Status::Answered => "info",
        Status::Told => "good",
        Status::SetAside => "neutral",
    }
}

fn clock(ui: &Ui, left: Option<i64>) -> (String, &'static str) {
    match left {
        Some(left) if left < 0 => (ui.t1("feedback-over", "time", working_time(ui, -left)), "risk"),
        Some(left) if left <= 60 => (ui.t1("feedback-left", "time", working_time(ui, left)), "warn"),
        Some(left) => (ui.t1("feedback-left", "time", working_time(ui, left)), "neutral"),
        None => (String::new(), "neutral"),
    }
}

/// Working minutes in words.
pub fn working_time(ui: &Ui, minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => ui.t1("feedback-minutes", "minutes", minutes),
        (hours, 0) => ui.t1("feedback-hours", "hours", hours),
        (hours, minutes) => {
            ui.t2("feedback-hours_minutes", ("hours", &hours.to_string()), ("minutes", &minutes.to_string()))
        }
    }
}

/// The first moment that counts for figures of the last 90 days.
pub fn figures_since(actor: &Actor) -> Instant {
    actor.now - chrono::Duration::days(90)
}
