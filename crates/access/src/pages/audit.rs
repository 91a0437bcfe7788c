use askama::Template;
use axum::extract::State;
use base::{Cursor, Instant, Page as Rows, PageSize};
use serde::Deserialize;
use web::{Me, Page, Query, Ui};

use super::text_or;
use crate::Access;

#[derive(Template)]
#[template(path = "audit.html")]
struct Audit {
    ui: Ui,
    words: String,
    rows: Vec<Row>,
    first: String,
    next: String,
}

/// An entry in words.
struct Row {
    at: Instant,
    who: String,
    /// Codes without a text are shown as they are.
    act: String,
    what: String,
    id: String,
    /// The page of the record, where this crate has one.
    href: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    q: Option<String>,
    after: Option<String>,
}

/// Where an entry of the list stands: its time and id.
pub(crate) fn place(after: Option<&str>) -> Option<(Instant, String)> {
    let cursor = Cursor::decode(after?)?;
    Some((cursor.key.parse().ok()?, cursor.id))
}

/// `rows` has one more than the page.
pub(crate) fn cut(rows: Vec<db::audit::Model>, size: PageSize) -> Rows<db::audit::Model> {
    Rows::cut(rows, size, |row| Cursor { key: row.at.to_rfc3339(), id: row.id.clone() })
}

fn row(ui: &Ui, entry: db::audit::Model) -> Row {
    let href = match entry.object.as_str() {
        _ if entry.object_id.is_empty() => String::new(),
        "user" if ui.may(crate::USERS.0) => format!("/settings/users/{}", entry.object_id),
        "role" if ui.may(crate::ROLES.0) => format!("/settings/roles/{}", entry.object_id),
        "department" if ui.may(crate::DEPARTMENTS.0) => format!("/settings/departments/{}", entry.object_id),
        _ => String::new(),
    };
    let who = match entry.actor.strip_prefix("system:") {
        Some(_) => ui.t("access-the_program"),
        None => entry.actor_name,
    };
    let name = entry.detail.get("name").and_then(|name| name.as_str()).unwrap_or_default().to_owned();
    let kind = text_or(ui, &format!("audit-object-{}", entry.object), &entry.object);
    Row {
        at: entry.at,
        who,
        act: text_or(ui, &format!("audit-{}", entry.action.replace('.', "-")), &entry.action),
        what: [kind, name].join(" ").trim_end().to_owned(),
        id: entry.object_id,
        href,
    }
}

pub async fn list(ui: Ui, Me(actor): Me, State(access): State<Access>, Query(search): Query<Search>) -> Page {
    let words = search.q.unwrap_or_default();
    let size = PageSize::new(None);
    let before = place(search.after.as_deref());
    let address = |pairs: &[(&str, &str)]| {
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        format!("/settings/audit?{query}")
    };
    let first = if before.is_some() { address(&[("q", &words)]) } else { String::new() };
    let found = cut(access.audit(&actor, before, words.trim(), size.0 + 1).await?, size);
    let next = found.next.map_or_else(String::new, |after| address(&[("q", &words), ("after", &after)]));
    let rows = found.rows.into_iter().map(|entry| row(&ui, entry)).collect();
    web::page(Audit { ui, words, rows, first, next })
}
