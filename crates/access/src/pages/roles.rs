use askama::Template;
use axum::extract::State;
use web::{Page, Ui};

use super::{role_name, sentences};
use crate::Access;

#[derive(Template)]
#[template(path = "roles.html")]
struct Roles {
    ui: Ui,
    /// Name and sentences.
    roles: Vec<(String, Vec<String>)>,
}

pub async fn list(ui: Ui, State(access): State<Access>) -> Page {
    let all = access.roles().await?;
    let roles = all.iter().map(|(role, rights)| (role_name(&ui, role), sentences(&ui, rights))).collect();
    web::page(Roles { ui, roles })
}
