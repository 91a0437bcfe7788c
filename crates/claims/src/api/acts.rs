//! What programs do about claims. Each answers with what stands now; the ETag is its version.

use axum::extract::{Path, State};
use base::Actor;
use web::api::{Body, IfMatch, Tagged};
use web::{Failure, Me};

use crate::Claims;
use crate::claim::ClaimId;
use crate::forms::{
    AmountsDraft, BlameDraft, DecisionDraft, HandOverDraft, PaymentDraft, ReasonDraft, RecoveredDraft, RecoveryDraft,
};
use crate::views::FileView;

type Now = Result<Tagged<FileView>, Failure>;

pub async fn now(claims: &Claims, actor: &Actor, id: &ClaimId) -> Now {
    let file = claims.file(actor, id).await?;
    Ok(Tagged { version: file.listed.claim.version, body: file.into() })
}

/// Sets right what was asked for, before it is decided.
#[utoipa::path(post, path = "/api/v1/claims/{id}/amounts", operation_id = "amend_claim", tag = "claims",
    params(("id" = String, Path), IfMatch), request_body = AmountsDraft,
    responses((status = 200, body = FileView, headers(("etag" = String)))))]
pub async fn amend(
    Me(actor): Me,
    State(claims): State<Claims>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<AmountsDraft>,
) -> Now {
    let id = ClaimId(id);
    claims.amend(&actor, &id, version, &act).await?;
    now(&claims, &actor, &id).await
}

/// Accepts all, a part or nothing of it. What is beyond the caller's limit waits for approval by somebody else.
#[utoipa::path(post, path = "/api/v1/claims/{id}/decide", operation_id = "decide_claim", tag = "claims",
    params(("id" = String, Path), IfMatch), request_body = DecisionDraft,
    responses((status = 200, body = FileView, headers(("etag" = String)))))]
pub async fn decide(
    Me(actor): Me,
    State(claims): State<Claims>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<DecisionDraft>,
) -> Now {
    let id = ClaimId(id);
    claims.decide(&actor, &id, version, &act).await?;
    now(&claims, &actor, &id).await
}

/// Writes down that what was approved has been paid.
#[utoipa::path(post, path = "/api/v1/claims/{id}/pay", operation_id = "pay_claim", tag = "claims",
    params(("id" = String, Path), IfMatch), request_body = PaymentDraft,
    responses((status = 200, body = FileView, headers(("etag" = String)))))]
pub async fn pay(
    Me(actor): Me,
    State(claims): State<Claims>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<PaymentDraft>,
) -> Now {
    let id = ClaimId(id);
    claims.pay(&actor, &id, version, &act).await?;
    now(&claims, &actor, &id).await
}

/// Who answers for it, until the claim is closed.
#[utoipa::path(post, path = "/api/v1/claims/{id}/blame", operation_id = "blame_claim", tag = "claims",
    params(("id" = String, Path), IfMatch), request_body = BlameDraft,
    responses((status = 200, body = FileView, headers(("etag" = String)))))]
pub async fn blame(
    Me(actor): Me,
    State(claims): State<Claims>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<BlameDraft>,
) -> Now {
    let id = ClaimId(id);
    claims.blame(&actor, &id, version, &act).await?;
    now(&claims, &actor, &id).await
}

/// The carrier, or his insurer, is asked to make good for it.
#[utoipa::path(post, path = "/api/v1/claims/{id}/ask-carrier", operation_id = "ask_carrier_of_claim", tag = "claims",
    params(("id" = String, Path), IfMatch), request_body = RecoveryDraft,
    responses((status = 200, body = FileView, headers(("etag" = String)))))]
pub async fn ask_carrier(
    Me(actor): Me,
    State(claims): State<Claims>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<RecoveryDraft>,
) -> Now {
    let id = ClaimId(id);
    claims.ask_carrier(&actor, &id, version, &act).await?;
    now(&claims, &actor, &id).await
}

/// Writes down what came back from the carrier.
#[utoipa::path(post, path = "/api/v1/claims/{id}/recovered", operation_id = "claim_recovered", tag = "claims",
    params(("id" = String, Path), IfMatch), request_body = RecoveredDraft,
    responses((status = 200, body = FileView, headers(("etag" = String)))))]
pub async fn recovered(
    Me(actor): Me,
    State(claims): State<Claims>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<RecoveredDraft>,
) -> Now {
    let id = ClaimId(id);
    claims.recovered(&actor, &id, version, &act).await?;
    now(&claims, &actor, &id).await
}

/// Nothing more comes back from the carrier.
#[utoipa::path(post, path = "/api/v1/claims/{id}/give-up", operation_id = "give_up_claim_recovery", tag = "claims",
    params(("id" = String, Path), IfMatch), request_body = ReasonDraft,
    responses((status = 200, body = FileView, headers(("etag" = String)))))]
pub async fn give_up(
    Me(actor): Me,
    State(claims): State<Claims>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<ReasonDraft>,
) -> Now {
    let id = ClaimId(id);
    claims.give_up(&actor, &id, version, &act.reason).await?;
    now(&claims, &actor, &id).await
}

/// Gives it to somebody else who may handle it.
#[utoipa::path(post, path = "/api/v1/claims/{id}/hand-over", operation_id = "hand_over_claim", tag = "claims",
    params(("id" = String, Path), IfMatch), request_body = HandOverDraft,
    responses((status = 200, body = FileView, headers(("etag" = String)))))]
pub async fn hand_over(
    Me(actor): Me,
    State(claims): State<Claims>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<HandOverDraft>,
) -> Now {
    let id = ClaimId(id);
    claims.hand_over(&actor, &id, version, &act.owner).await?;
    now(&claims, &actor, &id).await
}

/// The customer asks for nothing any more.
#[utoipa::path(post, path = "/api/v1/claims/{id}/withdraw", operation_id = "withdraw_claim", tag = "claims",
    params(("id" = String, Path), IfMatch), request_body = ReasonDraft,
    responses((status = 200, body = FileView, headers(("etag" = String)))))]
pub async fn withdraw(
    Me(actor): Me,
    State(claims): State<Claims>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<ReasonDraft>,
) -> Now {
    let id = ClaimId(id);
    claims.withdraw(&actor, &id, version, &act.reason).await?;
    now(&claims, &actor, &id).await
}

/// Nothing is left to do.
#[utoipa::path(post, path = "/api/v1/claims/{id}/close", operation_id = "close_claim", tag = "claims",
    params(("id" = String, Path), IfMatch),
    responses((status = 200, body = FileView, headers(("etag" = String)))))]
pub async fn close(
    Me(actor): Me,
    State(claims): State<Claims>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
) -> Now {
    let id = ClaimId(id);
    claims.close(&actor, &id, version).await?;
    now(&claims, &actor, &id).await
}
