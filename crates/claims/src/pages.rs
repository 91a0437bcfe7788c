//! The pages.

pub mod acts;
pub mod files;
pub mod list;
pub mod new;
pub mod show;

use axum::http::StatusCode;
use base::Error;
use module::Access::Needs;
use module::{MenuEntry, MenuGroup, Routes};
use web::{Problems, Ui};

use crate::{Claims, HANDLE, PAY, RAISE, VIEW};

pub const HERE: &str = "/claims";

/// Adds the pages to the module's routes.
pub fn routes(routes: Routes, claims: &Claims) -> Routes {
    let (view, raise, handle) = (Needs(VIEW), Needs(RAISE), Needs(HANDLE));
    routes
        .get(HERE, view, list::list, claims)
        .post(HERE, raise, new::save, claims)
        .get("/claims/new", raise, new::new, claims)
        .get("/claims/{id}", view, show::show, claims)
        .post("/claims/{id}/amounts", raise, acts::amend, claims)
        .post("/claims/{id}/decide", handle, acts::decide, claims)
        .post("/claims/{id}/pay", Needs(PAY), acts::pay, claims)
        .post("/claims/{id}/blame", handle, acts::blame, claims)
        .post("/claims/{id}/ask-carrier", handle, acts::ask_carrier, claims)
        .post("/claims/{id}/recovered", handle, acts::recovered, claims)
        .post("/claims/{id}/give-up", handle, acts::give_up, claims)
        .post("/claims/{id}/hand-over", handle, acts::hand_over, claims)
        .post("/claims/{id}/withdraw", raise, acts::withdraw, claims)
        .post("/claims/{id}/close", handle, acts::close, claims)
        .post("/claims/{id}/files", raise, files::add, claims)
        .get("/claims/{id}/files/{file}", view, files::download, claims)
        .post("/claims/{id}/files/{file}/remove", handle, files::remove, claims)
}

pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry {
        group: MenuGroup::Service,
        order: 3,
        href: HERE,
        title_key: "claim-title",
        icon: "claim",
        needs: Some(VIEW),
    }]
}

/// How a form comes back: its status, the problems of its fields, and the sentence above it.
fn refused(ui: &Ui, error: &Error) -> (StatusCode, Problems, String) {
    match error {
        Error::Invalid(problems) => {
            let whole = problems.iter().find(|problem| matches!(problem.field.as_str(), "form" | "exception"));
            let sentence = whole.map_or_else(|| ui.say(&error.message()), |problem| ui.say(&problem.message));
            (StatusCode::UNPROCESSABLE_ENTITY, Problems::of(ui, problems), sentence)
        }
        Error::Conflict => (StatusCode::CONFLICT, Problems::default(), ui.t("claim-conflict")),
        error => (StatusCode::UNPROCESSABLE_ENTITY, Problems::default(), ui.say(&error.message())),
    }
}

/// Whether the reader can mend it in the form.
fn belongs_to_form(error: &Error) -> bool {
    matches!(error, Error::Invalid(_) | Error::Refused(_) | Error::Conflict)
}

/// Stored words and what people call them.
fn options<W: Copy>(
    ui: &Ui,
    all: &[W],
    word: impl Fn(W) -> &'static str,
    key: impl Fn(W) -> &'static str,
) -> Vec<(String, String)> {
    all.iter().map(|one| (word(*one).to_owned(), ui.t(key(*one)))).collect()
}
