use askama::Template;
use axum::extract::State;
use base::{Actor, Cursor, Instant, Page as Rows, PageSize};
use serde::Deserialize;
use web::{Me, Page, Query, Ui};

use super::text_or;
use crate::Access;
use crate::named::Names;

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
    kind: String,
    /// What the record is called, or its id; empty for acts that are about none.
    name: String,
    /// The page of the record, where the reader may open one.
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
    Some((cursor.moment()?, cursor.id))
}

/// `rows` has one more than the page.
pub(crate) fn cut(rows: Vec<db::audit::Model>, size: PageSize) -> Rows<db::audit::Model> {
    Rows::cut(rows, size, |row| Cursor { key: row.at.to_rfc3339(), id: row.id.clone() })
}

fn row(ui: &Ui, entry: db::audit::Model, names: &Names) -> Row {
    let named = names.get(&(entry.object.clone(), entry.object_id.clone()));
    let kind = text_or(ui, &format!("audit-object-{}", entry.object), &entry.object);
    Row {
        at: entry.at,
        who: match entry.actor.starts_with("system:") {
            true => by_program(ui, &entry.actor_name),
            false => entry.actor_name,
        },
        act: text_or(ui, &format!("audit-{}", entry.action.replace('.', "-")), &entry.action),
        kind,
        // Whoever may not see the record, or comes after it is gone, has its id to ask for it by.
        name: named.map_or_else(|| entry.object_id.clone(), |named| named.name.clone()),
        href: named.map_or_else(String::new, |named| named.href.clone()),
    }
}

/// The program, and which part of it where that has a name.
fn by_program(ui: &Ui, name: &str) -> String {
    let (whole, part) = (ui.t("access-the_program"), ui.who(name));
    if part == name { whole } else { format!("{whole} · {part}") }
}

pub async fn list(ui: Ui, Me(actor): Me, State(access): State<Access>, Query(search): Query<Search>) -> Page {
    let words = search.q.unwrap_or_default();
    // Names come in the language of the page.
    let reader = Actor { language: ui.language(), ..actor.clone() };
    let size = PageSize::new(None);
    let before = place(search.after.as_deref());
    let address = |pairs: &[(&str, &str)]| {
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        format!("/settings/audit?{query}")
    };
    let first = if before.is_some() { address(&[("q", &words)]) } else { String::new() };
    let found = cut(access.audit(&actor, before, words.trim(), size.0 + 1).await?, size);
    let next = found.next.map_or_else(String::new, |after| address(&[("q", &words), ("after", &after)]));
    let names = match ui.texts() {
        Some(texts) => access.names_of(&reader, texts, &found.rows).await?,
        None => Names::new(),
    };
    let rows = found.rows.into_iter().map(|entry| row(&ui, entry, &names)).collect();
    web::page(Audit { ui, words, rows, first, next })
}
