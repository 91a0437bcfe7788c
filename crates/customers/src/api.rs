//! The same for programs.

pub(crate) mod answers;
mod asked;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::CustomerId;
use module::Access::Needs;
use module::Routes;
use utoipa::OpenApi;
use web::api::{Body, Changed, Created, IfMatch, Paging, Rows, Tagged};
use web::{Answer, Failure, Me, Query};

use crate::forms::{AddressDraft, CustomerDraft, InteractionDraft};
use crate::interaction::InteractionId;
use crate::service::Customers;
use crate::store::Sort;
use answers::{CustomerView, InteractionView, Made, OfCustomer};
use asked::{CustomerQuery, StageByHand};

#[derive(OpenApi)]
#[openapi(
    paths(list, create, show, change, set_stage, interactions, log, finish_step, reopen_step, take_back),
    components(schemas(
        CustomerView,
        CustomerDraft,
        AddressDraft,
        InteractionView,
        InteractionDraft,
        Made,
        OfCustomer,
        StageByHand,
        Sort
    ))
)]
struct Docs;

pub(crate) fn openapi() -> Option<serde_json::Value> {
    let mut docs = Docs::openapi();
    docs.merge(crate::contacts::api::Docs::openapi());
    serde_json::to_value(docs).ok()
}

pub(crate) fn routes(customers: &Customers) -> Routes {
    crate::contacts::api::add(Routes::new(), customers)
        .get("/api/v1/customers", Needs(crate::VIEW), list, customers)
        .post("/api/v1/customers", Needs(crate::CREATE), create, customers)
        .get("/api/v1/customers/{id}", Needs(crate::VIEW), show, customers)
        .add(axum::http::Method::PUT, "/api/v1/customers/{id}", Needs(crate::EDIT), change, customers.clone())
        .post("/api/v1/customers/{id}/stage", Needs(crate::EDIT), set_stage, customers)
        .get("/api/v1/customers/{id}/interactions", Needs(crate::VIEW), interactions, customers)
        .post("/api/v1/customers/{id}/interactions", Needs(crate::LOG), log, customers)
        .post("/api/v1/interactions/{id}/finish-step", Needs(crate::LOG), finish_step, customers)
        .post("/api/v1/interactions/{id}/reopen-step", Needs(crate::LOG), reopen_step, customers)
        .post("/api/v1/interactions/{id}/take-back", Needs(crate::LOG), take_back, customers)
}

/// Customers that the caller may see, a page at a time.
#[utoipa::path(get, path = "/api/v1/customers", tag = "customers", params(CustomerQuery),
    responses((status = 200, body = Rows<CustomerView>)))]
pub async fn list(
    Me(actor): Me,
    State(customers): State<Customers>,
    Query(query): Query<CustomerQuery>,
) -> Answer<Rows<CustomerView>> {
    let size = query.rows.unwrap_or_default();
    let page = customers.files(&actor, &query.filter()?, size).await?;
    let ids: Vec<String> = page.rows.iter().map(|file| file.customer.id.clone()).collect();
    let mut figures = customers.figures(&actor, &ids).await?;
    web::json(page.map(|file| CustomerView::of(file, &mut figures)).into())
}

/// A new customer.
#[utoipa::path(post, path = "/api/v1/customers", tag = "customers", request_body = CustomerDraft,
    responses((status = 201, body = Made, headers(("etag" = String), ("location" = String)))))]
pub async fn create(
    Me(actor): Me,
    State(customers): State<Customers>,
    Body(draft): Body<CustomerDraft>,
) -> Result<Created<Made>, Failure> {
    let customer = customers.create(&actor, draft).await?;
    let location = format!("/api/v1/customers/{}", customer.id);
    Ok(Created { location, version: customer.version, body: Made { id: customer.id } })
}

/// One customer; the ETag is its version.
#[utoipa::path(get, path = "/api/v1/customers/{id}", tag = "customers", params(("id" = String, Path)),
    responses((status = 200, body = CustomerView, headers(("etag" = String)))))]
pub async fn show(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
) -> Result<Tagged<CustomerView>, Failure> {
    let file = customers.file(&actor, &CustomerId(id)).await?;
    let mut figures = customers.figures(&actor, std::slice::from_ref(&file.customer.id)).await?;
    Ok(Tagged { version: file.customer.version, body: CustomerView::of(file, &mut figures) })
}

/// Replaces what people edit. `If-Match` names the version that the caller read; a newer one is a conflict.
#[utoipa::path(put, path = "/api/v1/customers/{id}", tag = "customers", request_body = CustomerDraft,
    params(("id" = String, Path), IfMatch),
    responses((status = 204, headers(("etag" = String)))))]
pub async fn change(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Body(draft): Body<CustomerDraft>,
) -> Result<Changed, Failure> {
    customers.change(&actor, &CustomerId(id), version, draft).await?;
    Ok(Changed { version: version + 1 })
}

/// Sets a relationship stage that does not follow from shipments.
#[utoipa::path(post, path = "/api/v1/customers/{id}/stage", tag = "customers", params(("id" = String, Path)),
    request_body = StageByHand, responses((status = 204)))]
pub async fn set_stage(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Body(by_hand): Body<StageByHand>,
) -> Result<StatusCode, Failure> {
    customers.set_stage_by_hand(&actor, &CustomerId(id), by_hand.stage, &by_hand.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was said with a customer, newest first.
#[utoipa::path(get, path = "/api/v1/customers/{id}/interactions", tag = "customers",
    params(("id" = String, Path), Paging), responses((status = 200, body = Rows<InteractionView>)))]
pub async fn interactions(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Answer<Rows<InteractionView>> {
    let after = paging.after()?;
    let page = customers.interactions(&actor, &CustomerId(id), after.as_ref(), paging.size()).await?;
    let told = customers.shipments_told(&page.rows).await?;
    let view = |row| InteractionView::of(row, &told);
    web::json(page.map(view).into())
}

/// Logs an interaction; its next step is compulsory or explicitly none.
#[utoipa::path(post, path = "/api/v1/customers/{id}/interactions", tag = "customers", params(("id" = String, Path)),
    request_body = InteractionDraft, responses((status = 201, body = Made)))]
pub async fn log(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Body(draft): Body<InteractionDraft>,
) -> Result<(StatusCode, Json<Made>), Failure> {
    let logged = customers.log(&actor, &CustomerId(id), draft).await?;
    Ok((StatusCode::CREATED, Json(Made { id: logged.0 })))
}

/// The next step that was promised in an interaction is done.
#[utoipa::path(post, path = "/api/v1/interactions/{id}/finish-step", tag = "customers", params(("id" = String, Path)),
    responses((status = 200, body = OfCustomer)))]
pub async fn finish_step(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
) -> Answer<OfCustomer> {
    let customer = customers.finish_next_step(&actor, &InteractionId(id)).await?;
    web::json(OfCustomer { customer: customer.0 })
}

/// Opens a next step again that was finished a moment ago.
#[utoipa::path(post, path = "/api/v1/interactions/{id}/reopen-step", tag = "customers", params(("id" = String, Path)),
    responses((status = 200, body = OfCustomer)))]
pub async fn reopen_step(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
) -> Answer<OfCustomer> {
    let customer = customers.reopen_next_step(&actor, &InteractionId(id)).await?;
    web::json(OfCustomer { customer: customer.0 })
}

/// Takes back an interaction that the caller logged within the last day, and gives what it was.
#[utoipa::path(post, path = "/api/v1/interactions/{id}/take-back", tag = "customers", params(("id" = String, Path)),
    responses((status = 200, body = InteractionView)))]
pub async fn take_back(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
) -> Answer<InteractionView> {
    let was = customers.take_back(&actor, &InteractionId(id)).await?;
    web::json(InteractionView::of(was, &BTreeMap::new()))
}
