use askama::Template;
use axum::extract::{Path, State};
use web::{Me, Page, Ui};

use crate::{Access, session};

#[derive(Template)]
#[template(path = "sessions.html")]
struct Sessions {
    ui: Ui,
    /// With the name of the user.
    rows: Vec<(String, session::Model)>,
}

pub async fn list(ui: Ui, Me(actor): Me, State(access): State<Access>) -> Page {
    let names = access.user_names().await?;
    let name = |row: &session::Model| names.iter().find(|(id, _)| *id == row.user_id).map(|(_, name)| name.clone());
    let sessions = access.all_sessions(&actor).await?;
    let rows = sessions.into_iter().map(|row| (name(&row).unwrap_or_default(), row)).collect();
    web::page(Sessions { ui, rows })
}

pub async fn end(Me(actor): Me, State(access): State<Access>, Path(session): Path<String>) -> Page {
    access.end_session(&actor, &session).await?;
    Ok(web::redirect("/settings/sessions"))
}
