//! Evidence files on the page of their complaint.

use attachments::{AttachmentId, Files};
use axum::extract::{Path, Request, State};
use base::{Actor, Error};
use web::{Form, Me, Page, Ui, redirect};

use super::HERE;
use super::show::{Refused, render};
use crate::complaint::ComplaintId;
use crate::{Complaints, HANDLE, LOG, store};

pub async fn download(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path((id, file)): Path<(String, String)>,
) -> Page {
    Ok(complaints.open_file(&actor, &ComplaintId(id), &AttachmentId(file)).await?)
}

pub async fn add(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    request: Request,
) -> Page {
    let id = ComplaintId(id);
    match complaints.add_file(&actor, &id, request, "").await {
        Ok(_) => Ok(redirect(&format!("{HERE}/{id}#files"))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            render(ui, &actor, &complaints, &id, Some(Refused::file(error))).await
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
    State(complaints): State<Complaints>,
    Path((id, file)): Path<(String, String)>,
    Form(Pressed {}): Form<Pressed>,
) -> Page {
    let id = ComplaintId(id);
    complaints.remove_file(&actor, &id, &AttachmentId(file)).await?;
    Ok(redirect(&format!("{HERE}/{id}#files")))
}

/// The evidence; `None` where nobody keeps any.
pub async fn files(
    ui: &Ui,
    actor: &Actor,
    complaints: &Complaints,
    id: &ComplaintId,
    refused: Option<&Error>,
) -> Result<Option<Files>, Error> {
    let Ok(desk) = complaints.desk() else { return Ok(None) };
    let db = complaints.db().read();
    let reaches = async |permission| actor.has(permission) && store::get(db, actor, permission, id).await.is_ok();
    let (add, remove) = (reaches(LOG).await, reaches(HANDLE).await);
    let own = complaints.files(actor, id).await?;
    let policy = desk.attachments.policy().await?;
    let files = Files::of(ui, &own, policy, &format!("{}/{id}/files", HERE), add).removable(remove);
    Ok(Some(match refused {
        Some(error) => files.with_problem(ui, error),
        None => files,
    }))
}
