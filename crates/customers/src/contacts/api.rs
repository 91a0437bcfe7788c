//! Contacts for programs.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use base::{CustomerId, Instant};
use module::Access::Needs;
use module::Routes;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::api::{Body, Changed, Created, IfMatch, Rows, Tagged};
use web::{Answer, Failure, Me};

use super::forms::{ConsentDraft, ContactDraft, RoleDraft};
use super::mask;
use super::service::{ContactFile, Revealed, role_draft};
use crate::api::answers::Made;
use crate::consent::{self, Basis, ConsentAnswer, Purpose};
use crate::contact::{Channel, ContactId, Identity};
use crate::service::Customers;

#[derive(OpenApi)]
#[openapi(
    paths(list, create, show, change, verify, archive, restore, consents, record_consent, reveal),
    components(schemas(ContactView, ContactDraft, RoleDraft, ConsentView, ConsentDraft, Revealed))
)]
pub(crate) struct Docs;

pub(crate) fn add(routes: Routes, customers: &Customers) -> Routes {
    routes
        .get("/api/v1/customers/{id}/contacts", Needs(crate::VIEW), list, customers)
        .post("/api/v1/customers/{id}/contacts", Needs(crate::EDIT), create, customers)
        .get("/api/v1/contacts/{id}", Needs(crate::VIEW), show, customers)
        .add(Method::PUT, "/api/v1/contacts/{id}", Needs(crate::EDIT), change, customers.clone())
        .post("/api/v1/contacts/{id}/verify", Needs(crate::EDIT), verify, customers)
        .post("/api/v1/contacts/{id}/archive", Needs(crate::EDIT), archive, customers)
        .post("/api/v1/contacts/{id}/restore", Needs(crate::EDIT), restore, customers)
        .get("/api/v1/contacts/{id}/consents", Needs(crate::VIEW), consents, customers)
        .post("/api/v1/contacts/{id}/consents", Needs(crate::EDIT), record_consent, customers)
        .post("/api/v1/contacts/{id}/reveal", Needs(crate::VIEW), reveal, customers)
}

/// A contact; numbers and addresses are masked, and of the birthday only whether it is known.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ContactView {
    pub id: String,
    pub customer_id: String,
    /// For `If-Match`.
    pub version: i64,
    pub name: String,
    pub honorific: String,
    pub post: String,
    pub department: String,
    pub identity: Option<Identity>,
    pub roles: Vec<RoleDraft>,
    pub personality: String,
    pub hobbies: Vec<String>,
    pub avoid: String,
    pub has_birthday: bool,
    pub mobile: String,
    pub phone: String,
    pub email: String,
    pub wechat: String,
    pub preferred_channel: Option<Channel>,
    pub inform_every_days: Option<i64>,
    pub notes: String,
    /// What counts now, one of each purpose that was ever asked about.
    pub consents: Vec<ConsentView>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub verified_at: Option<Instant>,
    pub verified_by: String,
    /// When he was found to have left the firm.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub archived_at: Option<Instant>,
    pub archived_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    pub created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Instant,
}

impl From<ContactFile> for ContactView {
    fn from(file: ContactFile) -> Self {
        let contact = file.contact;
        Self {
            hobbies: contact.hobbies(),
            has_birthday: contact.birthday().is_some(),
            roles: file.roles.iter().map(role_draft).collect(),
            consents: file.consents.into_iter().map(ConsentView::from).collect(),
            mobile: mask::number(&contact.mobile),
            phone: mask::number(&contact.phone),
            email: mask::email(&contact.email),
            wechat: mask::number(&contact.wechat),
            id: contact.id,
            customer_id: contact.customer_id.0,
            version: contact.version,
            name: contact.name,
            honorific: contact.honorific,
            post: contact.post,
            department: contact.department,
            identity: contact.identity,
            personality: contact.personality,
            avoid: contact.avoid,
            preferred_channel: contact.preferred_channel,
            inform_every_days: contact.inform_every_days,
            notes: contact.notes,
            verified_at: contact.verified_at,
            verified_by: contact.verified_by,
            archived_at: contact.archived_at,
            archived_by: contact.archived_by,
            created_at: contact.created_at,
            created_by: contact.created_by,
            updated_at: contact.updated_at,
        }
    }
}

/// What a contact said about one use of his data.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentView {
    pub purpose: Purpose,
    pub answer: ConsentAnswer,
    pub basis: Option<Basis>,
    pub channel: Channel,
    pub evidence: String,
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    pub recorded_by: String,
}

impl From<consent::Model> for ConsentView {
    fn from(row: consent::Model) -> Self {
        Self {
            purpose: row.purpose,
            answer: row.answer,
            basis: row.basis,
            channel: row.channel,
            evidence: row.evidence,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
        }
    }
}

/// A customer's contacts by name; those who left the firm come last.
#[utoipa::path(get, path = "/api/v1/customers/{id}/contacts", tag = "contacts", operation_id = "list_contacts",
    params(("id" = String, Path)), responses((status = 200, body = Rows<ContactView>)))]
pub async fn list(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
) -> Answer<Rows<ContactView>> {
    let files = customers.contacts(&actor, &CustomerId(id)).await?;
    web::json(Rows::whole(files.into_iter().map(ContactView::from).collect()))
}

/// A new contact of a customer.
#[utoipa::path(post, path = "/api/v1/customers/{id}/contacts", tag = "contacts", operation_id = "create_contact",
    params(("id" = String, Path)), request_body = ContactDraft,
    responses((status = 201, body = Made, headers(("etag" = String), ("location" = String)))))]
pub async fn create(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Body(draft): Body<ContactDraft>,
) -> Result<Created<Made>, Failure> {
    let contact = customers.create_contact(&actor, &CustomerId(id), draft).await?;
    let location = format!("/api/v1/contacts/{}", contact.id);
    Ok(Created { location, version: contact.version, body: Made { id: contact.id } })
}

/// One contact; the ETag is its version.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", tag = "contacts", operation_id = "show_contact",
    params(("id" = String, Path)), responses((status = 200, body = ContactView, headers(("etag" = String)))))]
pub async fn show(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
) -> Result<Tagged<ContactView>, Failure> {
    let file = customers.contact(&actor, &ContactId(id)).await?;
    Ok(Tagged { version: file.contact.version, body: file.into() })
}

/// Replaces what people edit. Numbers, addresses and the birthday stay when they are absent or masked as they were shown.
#[utoipa::path(put, path = "/api/v1/contacts/{id}", tag = "contacts", operation_id = "change_contact",
    request_body = ContactDraft, params(("id" = String, Path), IfMatch),
    responses((status = 204, headers(("etag" = String)))))]
pub async fn change(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Body(draft): Body<ContactDraft>,
) -> Result<Changed, Failure> {
    customers.change_contact(&actor, &ContactId(id), version, draft).await?;
    Ok(Changed { version: version + 1 })
}

/// The caller made sure that everything about the contact is still so.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/verify", tag = "contacts", operation_id = "verify_contact",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn verify(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    customers.verify_contact(&actor, &ContactId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The contact has left the firm; he stays on file.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/archive", tag = "contacts", operation_id = "archive_contact",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn archive(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    customers.archive_contact(&actor, &ContactId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The contact is at the firm after all, or again.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/restore", tag = "contacts", operation_id = "restore_contact",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn restore(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    customers.restore_contact(&actor, &ContactId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All that a contact ever said about the use of his data, newest first.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/consents", tag = "contacts", operation_id = "list_consents",
    params(("id" = String, Path)), responses((status = 200, body = Rows<ConsentView>)))]
pub async fn consents(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
) -> Answer<Rows<ConsentView>> {
    let told = customers.consents(&actor, &ContactId(id)).await?;
    web::json(Rows::whole(told.into_iter().map(ConsentView::from).collect()))
}

/// Writes down what a contact said about one use of his data; what he said before is kept.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/consents", tag = "contacts", operation_id = "record_consent",
    params(("id" = String, Path)), request_body = ConsentDraft, responses((status = 204)))]
pub async fn record_consent(
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Body(draft): Body<ConsentDraft>,
) -> Result<StatusCode, Failure> {
    customers.record_consent(&actor, &ContactId(id), draft).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is masked elsewhere. Each time is written down and counts against the caller's limit of the hour.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/reveal", tag = "contacts", operation_id = "reveal_contact",
    params(("id" = String, Path)), responses((status = 200, body = Revealed)))]
pub async fn reveal(Me(actor): Me, State(customers): State<Customers>, Path(id): Path<String>) -> Answer<Revealed> {
    let revealed = customers.reveal_contact(&actor, &ContactId(id)).await?;
    Ok(Json(revealed))
}
