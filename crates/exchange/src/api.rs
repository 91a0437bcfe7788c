//! The same for programs.

use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use base::{Actor, Error, Message};
use serde::Deserialize;
use utoipa::OpenApi;
use web::api::{Created, IfMatch, Paging, Rows, Tagged};
use web::{Answer, Failure, Me, Query, Ui, json};

use crate::batch::{BatchId, Model};
use crate::download;
use crate::mapping::Mapping;
use crate::outcome::{Choices, Counts};
use crate::service::memory::checked_source;
use crate::service::{Imports, Step, USUAL_SOURCE};
use crate::views::{BatchView, ChangeView, ProblemView, ProgressView, ReplacedView, SentenceView, words_of};
use crate::{committed, upload};

/// A request waits so long for the end of a step; after that `at_work` tells how far it is.
const PATIENCE: Duration = Duration::from_secs(8);

#[derive(OpenApi)]
#[openapi(
    paths(list, add, show, commit, refused),
    components(schemas(BatchView, ProgressView, ProblemView, ChangeView, ReplacedView, SentenceView, Counts))
)]
struct Docs;

pub(crate) fn openapi() -> Option<serde_json::Value> {
    serde_json::to_value(Docs::openapi()).ok()
}

/// How the file is to be understood; in a form each may also be a part of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddQuery {
    /// `customers`, `shipments`, `interactions`.
    kind: Option<String>,
    /// Name of a committed mapping such as `scms`, or a mapping as TOML. Without it the proposal is taken,
    /// if it leaves nothing open.
    mapping: Option<String>,
    create_customers: Option<bool>,
    /// Where the records come from; the mapping's source when absent.
    source: Option<String>,
    /// Only for people.
    file_name: Option<String>,
}

/// One's own imports, everybody's with the permission `imports.all`; newest first.
#[utoipa::path(get, path = "/api/v1/imports", tag = "imports", params(Paging),
    responses((status = 200, body = Rows<BatchView>)))]
pub async fn list(
    ui: Ui,
    Me(actor): Me,
    State(imports): State<Imports>,
    Query(paging): Query<Paging>,
) -> Answer<Rows<BatchView>> {
    let page = imports.list(&actor, paging.after()?.as_ref(), paging.size()).await?;
    json(page.map(|batch| view(&ui, &actor, &imports, &batch)).into())
}

/// Uploads a file and checks it: a form with a part `file`, or the file as the whole body. Nothing is written yet.
#[utoipa::path(post, path = "/api/v1/imports", tag = "imports",
    params(("kind" = String, Query), ("mapping" = Option<String>, Query), ("create_customers" = Option<bool>, Query),
        ("source" = Option<String>, Query), ("file_name" = Option<String>, Query)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = BatchView, headers(("etag" = String), ("location" = String))),
        (status = 422, description = "The file or the mapping is refused")))]
pub async fn add(
    ui: Ui,
    Me(actor): Me,
    State(imports): State<Imports>,
    Query(query): Query<AddQuery>,
    request: Request,
) -> Result<Created<BatchView>, Failure> {
    let name = upload::shown_name(query.file_name.as_deref().unwrap_or("file"));
    let mut received = imports.receive(&actor, request, &name).await?;
    let wanted = merged(query, std::mem::take(&mut received.fields))?;
    let kind = wanted.kind.as_deref().ok_or_else(|| Error::invalid("kind", Message::new("import-required")))?;
    let mapping = wanted.mapping.as_deref().map(mapping_of).transpose()?;
    let batch = imports.add(&actor, kind, received).await?;
    let id = batch.id.clone();
    if let Err(error) = understand(&actor, &imports, &batch, mapping, &wanted).await {
        // A program cannot correct the columns by hand: what it sent is not kept.
        imports.give_up(&actor, &id).await?;
        return Err(in_words(&ui, kind, error).into());
    }
    let batch = imports.start(&actor, &id, Step::Check, PATIENCE).await?;
    if let Some(why) = batch.why() {
        return Err(Error::Refused(why.message()).into());
    }
    let location = format!("/api/v1/imports/{id}");
    Ok(Created { location, version: batch.version, body: view(&ui, &actor, &imports, &batch) })
}

/// A proposal is only good enough when it leaves nothing open; what it leaves open is named field by field.
async fn understand(
    actor: &Actor,
    imports: &Imports,
    batch: &Model,
    mapping: Option<Mapping>,
    wanted: &AddQuery,
) -> Result<(), Error> {
    let mapping = match mapping {
        Some(mapping) => mapping,
        None => batch.mapping()?,
    };
    let source = wanted.source.as_deref().or(mapping.source.as_deref()).unwrap_or(USUAL_SOURCE);
    let source = checked_source(source)?;
    let choices = Choices { create_customers: wanted.create_customers.unwrap_or_default(), source };
    imports.set_columns(actor, &batch.id, &mapping, &choices).await.map(drop)
}

/// Fields and words as the reader calls them.
fn in_words(ui: &Ui, kind: &str, error: Error) -> Error {
    match words_of(ui, kind) {
        Some(words) => words.error(error),
        None => error,
    }
}

fn mapping_of(text: &str) -> Result<Mapping, Error> {
    let parsed = match text.contains(['\n', '=']) {
        true => Mapping::parse(text),
        false => committed::named(text),
    };
    parsed.map_err(|message| Error::invalid("mapping", message))
}

/// Parts of the form say the same as the address; unknown ones are refused.
fn merged(query: AddQuery, fields: std::collections::BTreeMap<String, String>) -> Result<AddQuery, Error> {
    let mut wanted = query;
    for (name, text) in fields.into_iter().filter(|(_, text)| !text.is_empty()) {
        match name.as_str() {
            "kind" => wanted.kind = Some(text),
            "mapping" => wanted.mapping = Some(text),
            "create_customers" => wanted.create_customers = Some(matches!(text.as_str(), "true" | "on" | "1")),
            "source" => wanted.source = Some(text),
            _ => return Err(Error::Refused(Message::new("error-form_unreadable"))),
        }
    }
    Ok(wanted)
}

/// What became of the file so far.
#[utoipa::path(get, path = "/api/v1/imports/{id}", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, body = BatchView, headers(("etag" = String))),
        (status = 404, description = "No such import, or somebody else's")))]
pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(imports): State<Imports>,
    Path(id): Path<String>,
) -> Result<Tagged<BatchView>, Failure> {
    let batch = imports.batch(&actor, &BatchId(id)).await?;
    Ok(Tagged { version: batch.version, body: view(&ui, &actor, &imports, &batch) })
}

/// Writes the whole file or nothing; refused rows are not written. Wants the version in `If-Match`.
#[utoipa::path(post, path = "/api/v1/imports/{id}/commit", tag = "imports",
    params(("id" = String, Path), IfMatch),
    responses((status = 200, body = BatchView, headers(("etag" = String))),
        (status = 409, description = "The import has changed since"),
        (status = 422, description = "Not checked yet, over already, or the data has changed since the check")))]
pub async fn commit(
    ui: Ui,
    Me(actor): Me,
    State(imports): State<Imports>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
) -> Result<Tagged<BatchView>, Failure> {
    let batch = imports.own(&actor, &BatchId(id)).await?;
    if version != batch.version {
        return Err(Error::Conflict.into());
    }
    let batch = imports.start(&actor, &batch.id, Step::Commit, PATIENCE).await?;
    if let Some(why) = batch.why() {
        return Err(Error::Refused(why.message()).into());
    }
    Ok(Tagged { version: batch.version, body: view(&ui, &actor, &imports, &batch) })
}

/// The refused rows as CSV, each with its reason in the reader's language.
#[utoipa::path(get, path = "/api/v1/imports/{id}/refused", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, description = "None")))]
pub async fn refused(
    ui: Ui,
    Me(actor): Me,
    State(imports): State<Imports>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (batch, file) = imports.refused(&actor, &BatchId(id)).await?;
    download::csv(ui, &batch, file)
}

fn view(ui: &Ui, actor: &Actor, imports: &Imports, batch: &Model) -> BatchView {
    BatchView::of(ui, batch, imports.progress(&batch.id), Imports::is_own(actor, batch))
}
