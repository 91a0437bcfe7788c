//! HTML routes.

pub mod acts;
pub mod figures;
pub mod group;
pub mod list;
pub mod log;
pub mod rules;
pub mod show;

use axum::http::StatusCode;
use base::Error;
use module::Access::Needs;
use module::{MenuEntry, MenuGroup, Routes};
use web::{Problems, Ui};

use crate::{Exceptions, HANDLE, RULES, VIEW};

pub const HERE: &str = "/exceptions";
pub const SETTINGS: &str = "/settings/exceptions";

pub fn routes(routes: Routes, exceptions: &Exceptions) -> Routes {
    let (view, handle, rule) = (Needs(VIEW), Needs(HANDLE), Needs(RULES));
    routes
        .get("/exceptions", view, list::list, exceptions)
        .post("/exceptions", handle, log::save, exceptions)
        .get("/exceptions/new", handle, log::new, exceptions)
        .get("/exceptions/figures", view, figures::show, exceptions)
        .get("/exceptions/group", view, group::show, exceptions)
        .post("/exceptions/group/tell", handle, group::tell, exceptions)
        .post("/exceptions/group/solve", handle, group::solve, exceptions)
        .get("/exceptions/{id}", view, show::show, exceptions)
        .post("/exceptions/{id}/tell", handle, acts::tell, exceptions)
        .post("/exceptions/{id}/asked", handle, acts::asked, exceptions)
        .post("/exceptions/{id}/start", handle, acts::start, exceptions)
        .post("/exceptions/{id}/solve", handle, acts::solve, exceptions)
        .post("/exceptions/{id}/blame", handle, acts::blame, exceptions)
        .post("/exceptions/{id}/void", handle, acts::void, exceptions)
        .post("/exceptions/{id}/hand-over", handle, acts::hand_over, exceptions)
        .get("/settings/exceptions", rule, rules::show, exceptions)
        .post("/settings/exceptions/thresholds", rule, rules::set, exceptions)
        .post("/settings/exceptions/thresholds/{id}/remove", rule, rules::remove, exceptions)
        .post("/settings/exceptions/notices", rule, rules::set_notices, exceptions)
}

pub fn menu() -> Vec<MenuEntry> {
    let entry = |group, order, href, title_key, icon, needs| MenuEntry {
        group,
        order,
        href,
        title_key,
        icon,
        needs: Some(needs),
    };
    vec![
        entry(MenuGroup::Service, 2, HERE, "exception-title", "warning", VIEW),
        entry(MenuGroup::Settings, 6, SETTINGS, "exception-rules", "settings", RULES),
    ]
}

/// How a form comes back: its status, the problems of its fields, and the sentence above it.
fn refused(ui: &Ui, error: &Error) -> (StatusCode, Problems, String) {
    match error {
        Error::Invalid(problems) => {
            // A problem of what is no field of the form is said above it.
            (StatusCode::UNPROCESSABLE_ENTITY, Problems::of(ui, problems), ui.say(&error.message()))
        }
        Error::Conflict => (StatusCode::CONFLICT, Problems::default(), ui.t("exception-conflict")),
        error => (StatusCode::UNPROCESSABLE_ENTITY, Problems::default(), ui.say(&error.message())),
    }
}

/// Whether the reader can mend it in the form.
fn belongs_to_form(error: &Error) -> bool {
    matches!(error, Error::Invalid(_) | Error::Refused(_) | Error::Conflict)
}
