//! The wizard: choose a file, say which column is what, look at what will happen, commit. Works without script.

pub mod columns;
mod columns_form;
mod field_row;

use std::time::Duration;

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use base::{Actor, Cursor, Error, PageSize};
use web::{Me, Page, Query, Ui};

use crate::batch::{self, BatchId};
use crate::download;
use crate::limits;
use crate::outcome::Counts;
use crate::service::{Imports, Step};
use crate::upload::Received;
use crate::views::BatchView;

/// A step that takes longer goes on behind a page that shows how far it is.
const PATIENCE: Duration = Duration::from_secs(4);
/// How often that page asks, seconds.
const ASK_AGAIN: &str = "2";

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    after: Option<String>,
}

/// The address of a form that sends a file carries the token, because the form's own fields come too late.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    #[serde(rename = "csrf")]
    _csrf: Option<String>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowQuery {
    /// `1` after a commit that did nothing because the data had changed.
    again: Option<u8>,
}

#[derive(Template)]
#[template(path = "imports.html")]
struct List {
    ui: Ui,
    rows: Vec<Row>,
    next: String,
    /// Somebody who sees other people's imports wants to know whose they are.
    whose: bool,
}

struct Row {
    batch: batch::Model,
    counts: Option<Counts>,
    at_work: bool,
}

#[derive(Template)]
#[template(path = "import_new.html")]
struct New {
    ui: Ui,
    /// Name and title.
    kinds: Vec<(&'static str, String)>,
    chosen: String,
    problem: String,
    limit: u64,
}

#[derive(Template)]
#[template(path = "import.html")]
struct Show {
    ui: Ui,
    view: BatchView,
    own: bool,
    has_refused: bool,
    /// Kinds without a source in their key do not speak of one.
    has_source: bool,
    again: bool,
}

#[derive(Template)]
#[template(path = "import_progress.html")]
struct AtWork {
    ui: Ui,
    view: BatchView,
    step: String,
    percent: Option<u8>,
}

pub async fn list(ui: Ui, Me(actor): Me, State(imports): State<Imports>, Query(query): Query<ListQuery>) -> Page {
    let after = query.after.as_deref().and_then(Cursor::decode);
    let page = imports.list(&actor, after.as_ref(), PageSize::new(None)).await?;
    let row = |batch: batch::Model| Row {
        counts: batch.outcome().map(|outcome| outcome.counts),
        at_work: imports.progress(&batch.id).is_some(),
        batch,
    };
    let next = page.next.map_or_else(String::new, |after| format!("/imports?after={after}"));
    let rows = page.rows.into_iter().map(row).collect();
    web::page(List { ui, rows, next, whose: actor.has(crate::ALL) })
}

pub async fn new(ui: Ui, Me(actor): Me, State(imports): State<Imports>) -> Page {
    new_page(ui, &actor, &imports, "", None)
}

fn new_page(ui: Ui, actor: &Actor, imports: &Imports, chosen: &str, error: Option<&Error>) -> Page {
    let kinds: Vec<_> =
        imports.kinds(actor).iter().map(|kind| (kind.name(), ui.t(&format!("import-kind-{}", kind.name())))).collect();
    let chosen = match (chosen, kinds.first()) {
        ("", Some((first, _))) => (*first).to_owned(),
        (chosen, _) => chosen.to_owned(),
    };
    let status = error.map_or(StatusCode::OK, web::answer::status_of);
    let problem = error.map_or_else(String::new, |error| first_sentence(&ui, error));
    let limit = limits::FILE_BYTES / 1024 / 1024;
    web::page_with(status, New { ui, kinds, chosen, problem, limit })
}

/// The sentence of a form with one thing wrong.
fn first_sentence(ui: &Ui, error: &Error) -> String {
    match error {
        Error::Invalid(problems) => problems.first().map_or_else(|| ui.say(&error.message()), |it| ui.say(&it.message)),
        other => ui.say(&other.message()),
    }
}

pub async fn upload(
    ui: Ui,
    Me(actor): Me,
    State(imports): State<Imports>,
    Query(_): Query<Token>,
    request: Request,
) -> Page {
    let mut chosen = String::new();
    let added = match imports.receive(&actor, request, "").await {
        Ok(received) => {
            chosen = received.fields.get("kind").cloned().unwrap_or_default();
            begin(&actor, &imports, &chosen, received).await
        }
        Err(error) => Err(error),
    };
    match added {
        Ok(batch) => Ok(web::redirect(&format!("/imports/{}/columns", batch.id))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => new_page(ui, &actor, &imports, &chosen, Some(&error)),
        Err(error) => Err(error.into()),
    }
}

/// With the columns of the last file that had these headers.
async fn begin(actor: &Actor, imports: &Imports, kind: &str, received: Received) -> Result<batch::Model, Error> {
    let batch = imports.add(actor, kind, received).await?;
    let sample = imports.sample(&batch, None).await?;
    imports.recall(actor, batch, &sample).await
}

pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(imports): State<Imports>,
    Path(id): Path<String>,
    Query(query): Query<ShowQuery>,
) -> Page {
    let batch = imports.batch(&actor, &BatchId(id)).await?;
    let own = Imports::is_own(&actor, &batch);
    let view = BatchView::of(&ui, &batch, imports.progress(&batch.id), own);
    if let Some(at_work) = view.at_work.clone() {
        let step = ui.t(&format!("import-step-{}", at_work.step));
        let mut page = web::page(AtWork { ui, view, step, percent: at_work.percent })?;
        page.headers_mut().insert(header::REFRESH, HeaderValue::from_static(ASK_AGAIN));
        return Ok(page);
    }
    if own && batch.state == batch::State::Uploaded {
        return Ok(web::redirect(&format!("/imports/{}/columns", batch.id)));
    }
    let has_refused = own && imports.refused(&actor, &batch.id).await.is_ok();
    let has_source = imports.kind(&actor, &batch.kind).is_ok_and(|kind| kind.has_source());
    web::page(Show { ui, view, own, has_refused, has_source, again: query.again.is_some() })
}

pub async fn commit(Me(actor): Me, State(imports): State<Imports>, Path(id): Path<String>) -> Page {
    let id = BatchId(id);
    let batch = imports.start(&actor, &id, Step::Commit, PATIENCE).await?;
    if batch.why().is_some_and(|why| why.key == "import-changed_since_preview") {
        // The reader sees at once what the file would do now.
        imports.start(&actor, &id, Step::Check, PATIENCE).await?;
        return Ok(web::redirect(&format!("/imports/{id}?again=1")));
    }
    Ok(to_batch(&id))
}

pub async fn give_up(Me(actor): Me, State(imports): State<Imports>, Path(id): Path<String>) -> Page {
    imports.give_up(&actor, &BatchId(id)).await?;
    Ok(web::redirect("/imports"))
}

pub async fn refused(ui: Ui, Me(actor): Me, State(imports): State<Imports>, Path(id): Path<String>) -> Page {
    let (batch, file) = imports.refused(&actor, &BatchId(id)).await?;
    download::csv(ui, &batch, file)
}

fn to_batch(id: &BatchId) -> Response {
    web::redirect(&format!("/imports/{id}"))
}
