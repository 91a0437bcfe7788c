//! HTML routes.

pub mod hours;
pub mod import;
pub mod years;

use axum::http::StatusCode;
use base::Error;
use web::{Problems, Ui};

pub const HERE: &str = "/settings/calendar";

/// How a form comes back: its status, the problems of its fields, and the sentence above it.
fn refused(ui: &Ui, error: &Error) -> (StatusCode, Problems, String) {
    let status = match error {
        Error::Conflict => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    match error {
        Error::Invalid(problems) => (status, Problems::of(ui, problems), ui.say(&error.message())),
        Error::Conflict => (status, Problems::default(), ui.t("calendar-conflict")),
        _ => (status, Problems::default(), ui.say(&error.message())),
    }
}

/// Whether the reader can mend it in the form.
fn belongs_to_form(error: &Error) -> bool {
    matches!(error, Error::Invalid(_) | Error::Refused(_) | Error::Conflict)
}
