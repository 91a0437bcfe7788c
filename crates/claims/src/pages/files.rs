//! Evidence files on the page of their claim.

use attachments::AttachmentId;
use axum::extract::{Path, Request, State};
use base::Error;
use web::{Form, Me, Page, Ui, redirect};

use super::HERE;
use super::show::{Refused, render};
use crate::Claims;
use crate::claim::ClaimId;

pub async fn download(Me(actor): Me, State(claims): State<Claims>, Path((id, file)): Path<(String, String)>) -> Page {
    Ok(claims.open_file(&actor, &ClaimId(id), &AttachmentId(file)).await?)
}

pub async fn add(
    ui: Ui,
    Me(actor): Me,
    State(claims): State<Claims>,
    Path(id): Path<String>,
    request: Request,
) -> Page {
    let id = ClaimId(id);
    match claims.add_file(&actor, &id, request, "").await {
        Ok(_) => Ok(redirect(&format!("{HERE}/{id}#files"))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            render(ui, &actor, &claims, &id, Some(Refused::File(error))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A button without fields.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pressed {}

pub async fn remove(
    Me(actor): Me,
    State(claims): State<Claims>,
    Path((id, file)): Path<(String, String)>,
    Form(Pressed {}): Form<Pressed>,
) -> Page {
    let id = ClaimId(id);
    claims.remove_file(&actor, &id, &AttachmentId(file)).await?;
    Ok(redirect(&format!("{HERE}/{id}#files")))
}
