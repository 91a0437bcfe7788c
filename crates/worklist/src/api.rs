//! The same for programs.

use std::sync::Arc;

use axum::extract::{Path, State};
use base::CustomerId;
use utoipa::OpenApi;
use web::api::Body;
use web::{Answer, Me, Ui, json};

use crate::forms::{DoneForm, LaterForm};
use crate::service::Worklist;
use crate::views::{ActView, DayView, LoadView, ReasonView, RowView, TeamView};

#[derive(OpenApi)]
#[openapi(
    paths(today, done, later, undo, team),
    components(schemas(DayView, RowView, ReasonView, ActView, TeamView, LoadView, DoneForm, LaterForm))
)]
struct Docs;

pub fn openapi() -> Option<serde_json::Value> {
    serde_json::to_value(Docs::openapi()).ok()
}

/// Today's list of whoever asks.
#[utoipa::path(get, path = "/api/v1/worklist", tag = "worklist", responses((status = 200, body = DayView)))]
pub async fn today(ui: Ui, Me(actor): Me, State(worklist): State<Arc<Worklist>>) -> Answer<DayView> {
    json(DayView::of(&ui, worklist.today(&actor, false).await?))
}

/// Logs what was done and takes the customer off the list.
#[utoipa::path(post, path = "/api/v1/worklist/{id}/done", tag = "worklist", params(("id" = String, Path)),
    request_body = DoneForm, responses((status = 200, body = ActView)))]
pub async fn done(
    ui: Ui,
    Me(actor): Me,
    State(worklist): State<Arc<Worklist>>,
    Path(id): Path<String>,
    Body(form): Body<DoneForm>,
) -> Answer<ActView> {
    let act = worklist.done(&actor, &CustomerId(id), form.draft(&ui, actor.today())?).await?;
    json(ActView { act: act.id, customer: act.customer.0 })
}

/// Hides the customer until a day.
#[utoipa::path(post, path = "/api/v1/worklist/{id}/later", tag = "worklist", params(("id" = String, Path)),
    request_body = LaterForm, responses((status = 200, body = ActView)))]
pub async fn later(
    Me(actor): Me,
    State(worklist): State<Arc<Worklist>>,
    Path(id): Path<String>,
    Body(form): Body<LaterForm>,
) -> Answer<ActView> {
    let until = actor.today() + chrono::Duration::days(i64::from(form.days));
    let act = worklist.later(&actor, &CustomerId(id), until).await?;
    json(ActView { act: act.id, customer: act.customer.0 })
}

/// Takes an act back within a minute.
#[utoipa::path(post, path = "/api/v1/worklist/acts/{id}/undo", tag = "worklist", params(("id" = String, Path)),
    responses((status = 200, body = ActView)))]
pub async fn undo(Me(actor): Me, State(worklist): State<Arc<Worklist>>, Path(act): Path<String>) -> Answer<ActView> {
    let customer = worklist.undo(&actor, &act).await?;
    json(ActView { act, customer: customer.0 })
}

/// Who has what left, and what the manager should look at.
#[utoipa::path(get, path = "/api/v1/worklist/team", tag = "worklist", responses((status = 200, body = TeamView)))]
pub async fn team(ui: Ui, Me(actor): Me, State(worklist): State<Arc<Worklist>>) -> Answer<TeamView> {
    let (loads, exceptions) = worklist.team(&actor).await?;
    json(TeamView {
        people: loads.into_iter().map(|load| LoadView::of(&ui, load)).collect(),
        exceptions: exceptions.into_iter().map(|row| RowView::of(&ui, row, actor.today())).collect(),
    })
}
