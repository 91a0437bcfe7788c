//! Sign-in, one's own page and the settings about people.

pub mod departments;
pub mod me;
pub mod roles;
pub mod sessions;
pub mod sign_in;
pub mod users;

use base::DepartmentId;

use crate::department;
use crate::rules::Rights;

/// A role's name in the reader's language; the firm's own roles have one name.
fn role_name(ui: &web::Ui, role: &crate::role::Model) -> String {
    match &role.built_in {
        Some(key) => ui.t(&format!("access-role-{key}")),
        None => role.name.clone(),
    }
}

fn permission_name(ui: &web::Ui, permission: &str) -> String {
    ui.t(&format!("permission-{}", permission.replace('.', "-")))
}

/// What a role may do, one sentence a right.
fn sentences(ui: &web::Ui, rights: &Rights) -> Vec<String> {
    let reach = |reach: &crate::Reach| ui.t(&format!("access-reach-{reach}"));
    rights
        .iter()
        .map(|(name, far)| ui.t2("access-right", ("what", &permission_name(ui, name)), ("whose", &reach(far))))
        .collect()
}

/// Options of a select: nothing, then all departments by name.
fn department_options(ui: &web::Ui, all: &[department::Model]) -> Vec<(String, String)> {
    let none = (String::new(), ui.t("access-no_department"));
    std::iter::once(none).chain(all.iter().map(|one| (one.id.clone(), one.name.clone()))).collect()
}

fn maybe_department(text: Option<String>) -> Option<DepartmentId> {
    text.filter(|id| !id.is_empty()).map(DepartmentId)
}
