//! Sign-in, one's own page and the settings about people.

pub mod audit;
pub mod codes;
pub mod departments;
pub mod keys;
pub mod me;
pub mod roles;
pub mod sessions;
pub mod sign_in;
pub mod users;

use axum::http::StatusCode;
use base::{DepartmentId, Error};
use web::{Problems, Ui};

use crate::department;
use crate::rules::Rights;

/// A role's name in the reader's language; the firm's own roles have one name.
fn role_name(ui: &Ui, role: &crate::role::Model) -> String {
    match &role.built_in {
        Some(key) => ui.t(&format!("access-role-{key}")),
        None => role.name.clone(),
    }
}

/// The text of the key where there is one.
fn text_or(ui: &Ui, key: &str, otherwise: &str) -> String {
    match ui.texts().is_some_and(|texts| texts.has(key)) {
        true => ui.t(key),
        false => otherwise.into(),
    }
}

/// What a role may do, one sentence a right.
fn sentences(ui: &Ui, rights: &Rights) -> Vec<String> {
    let reach = |reach: &crate::Reach| ui.t(&format!("access-reach-{reach}"));
    rights
        .iter()
        .map(|(name, far)| ui.t2("access-right", ("what", &ui.permission(name)), ("whose", &reach(far))))
        .collect()
}

/// Options of a select: nothing, then all departments by name.
fn department_options(ui: &Ui, all: &[department::Model]) -> Vec<(String, String)> {
    let none = (String::new(), ui.t("access-no_department"));
    std::iter::once(none).chain(all.iter().map(|one| (one.id.to_string(), one.name.clone()))).collect()
}

fn maybe_department(id: &str) -> Option<DepartmentId> {
    (!id.is_empty()).then(|| DepartmentId(id.into()))
}

/// Whether the reader can correct it in the form that he sent.
fn belongs_to_form(error: &Error) -> bool {
    matches!(error, Error::Invalid(_) | Error::Refused(_) | Error::TooMany { .. })
}

/// How a form comes back: its status, the sentence of each field, and the sentence above.
fn problems(ui: &Ui, error: Option<&Error>) -> (StatusCode, Problems, String) {
    let status = error.map_or(StatusCode::OK, web::answer::status_of);
    match error {
        None => (status, Problems::default(), String::new()),
        Some(Error::Invalid(fields)) => (status, Problems::of(ui, fields), ui.t("error-invalid")),
        Some(error) => (status, Problems::default(), ui.say(&error.message())),
    }
}
