use askama::Template;
use axum::extract::{Path, State};
use base::{Cursor, Instant, Page as Rows, PageSize};
use serde::Deserialize;
use web::{Me, Page, Query, Ui};

use crate::{Access, session};

#[derive(Template)]
#[template(path = "sessions.html")]
struct Sessions {
    ui: Ui,
    /// With the name of the user.
    rows: Vec<(String, session::Model)>,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Audit {
    ui: Ui,
    words: String,
    rows: Vec<db::audit::Model>,
    next: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    q: Option<String>,
    after: Option<String>,
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

pub async fn audit(ui: Ui, Me(actor): Me, State(access): State<Access>, Query(search): Query<Search>) -> Page {
    let words = search.q.unwrap_or_default();
    let size = PageSize::new(None);
    let after = search.after.and_then(|text| Cursor::decode(&text));
    let before = after.and_then(|cursor| Some((cursor.key.parse::<Instant>().ok()?, cursor.id)));
    let rows = access.audit(&actor, before, words.trim(), size.0 + 1).await?;
    let found = Rows::cut(rows, size, |row| Cursor { key: row.at.to_rfc3339(), id: row.id.clone() });
    let next = match found.next {
        Some(after) => {
            let query = serde_urlencoded::to_string([("q", words.as_str()), ("after", &after)]).unwrap_or_default();
            format!("/settings/audit?{query}")
        }
        None => String::new(),
    };
    web::page(Audit { ui, words, rows: found.rows, next })
}
