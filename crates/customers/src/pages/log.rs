//! What the forms of the customer page do.

use axum::extract::{Path, State};
use base::{CustomerId, Error};
use serde::Deserialize;
use web::{Form, Me, Page, Ui};

use super::show::{Refused, ShowQuery, render};
use crate::interaction::InteractionId;
use crate::service::Customers;
use crate::views::file::TypedLog;

pub async fn log(
    ui: Ui,
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Form(typed): Form<TypedLog>,
) -> Page {
    let id = CustomerId(id);
    let logged = match typed.draft() {
        Ok(draft) => customers.log(&actor, &id, draft).await,
        Err(error) => Err(error),
    };
    match logged {
        Ok(_) => Ok(web::redirect(&format!("/customers/{id}?said=logged"))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            let refused = Refused { log: Some(typed), error: Some(error), ..Refused::default() };
            render(ui, &customers, &actor, &id, ShowQuery::default(), refused).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn step_done(Me(actor): Me, State(customers): State<Customers>, Path(id): Path<String>) -> Page {
    let id = InteractionId(id);
    let customer = customers.finish_next_step(&actor, &id).await?;
    Ok(web::redirect(&format!("/customers/{customer}?said=step_done&step={id}")))
}

pub async fn step_open(Me(actor): Me, State(customers): State<Customers>, Path(id): Path<String>) -> Page {
    let customer = customers.reopen_next_step(&actor, &InteractionId(id)).await?;
    Ok(web::redirect(&format!("/customers/{customer}?said=step_open")))
}

/// What was taken back stands in the form, so that it can be told anew.
pub async fn take_back(ui: Ui, Me(actor): Me, State(customers): State<Customers>, Path(id): Path<String>) -> Page {
    let was = customers.take_back(&actor, &InteractionId(id)).await?;
    let customer = was.customer_id.clone();
    let typed = Refused { log: Some(TypedLog::again(was)), taken_back: true, ..Refused::default() };
    render(ui, &customers, &actor, &customer, ShowQuery::default(), typed).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StageForm {
    #[serde(default)]
    stage: String,
    #[serde(default)]
    reason: String,
}

pub async fn set_stage(
    ui: Ui,
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Form(form): Form<StageForm>,
) -> Page {
    let id = CustomerId(id);
    let stage = form.stage.parse().map_err(|_| Error::Refused(base::Message::new("error-form_unreadable")))?;
    match customers.set_stage_by_hand(&actor, &id, stage, &form.reason).await {
        Ok(()) => Ok(web::redirect(&format!("/customers/{id}?tab=file&said=stage_set"))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            let stage = Some((form.stage, form.reason));
            let refused = Refused { stage, error: Some(error), ..Refused::default() };
            render(ui, &customers, &actor, &id, ShowQuery::default(), refused).await
        }
        Err(error) => Err(error.into()),
    }
}
