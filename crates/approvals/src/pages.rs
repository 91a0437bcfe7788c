//! What waits and what was decided, and one of them to answer.

pub mod limits;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, Error, PageSize};
use web::{Form, Me, Page, Problems, Query, Ui, page, page_with, redirect};

use crate::DECIDE;
use crate::approval::{ApprovalId, Status};
use crate::forms::Decision;
use crate::service::{Approvals, id_of};
use crate::views::{self, ApprovalView};

pub const HERE: &str = "/approvals";

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "approvals.html")]
struct List {
    ui: Ui,
    waiting: Vec<ApprovalView>,
    decided: Vec<ApprovalView>,
    /// Further pages show only what was decided.
    is_first: bool,
    next: String,
}

#[derive(Template)]
#[template(path = "approval.html")]
struct Show {
    ui: Ui,
    view: ApprovalView,
    may_decide: bool,
    may_withdraw: bool,
    /// Why the reader cannot answer it himself; empty when he can or need not.
    hindrance: String,
    note: String,
    form: Problems,
    problem: String,
}

impl List {
    fn customer(&self, view: &ApprovalView) -> String {
        view.customer.clone().unwrap_or_default()
    }
}

impl Show {
    fn customer_href(&self) -> String {
        self.view.customer_id.as_ref().map(|id| format!("/customers/{id}")).unwrap_or_default()
    }

    fn withdraw_href(&self) -> String {
        format!("{HERE}/{}/withdraw", self.view.id)
    }

    fn customer(&self) -> String {
        self.view.customer.clone().unwrap_or_default()
    }
}

pub async fn list(ui: Ui, Me(actor): Me, State(approvals): State<Approvals>, Query(query): Query<ListQuery>) -> Page {
    let after = web::api::cursor(query.after.as_deref())?;
    let waiting = match after {
        Some(_) => Vec::new(),
        None => approvals.waiting(&actor).await?,
    };
    let decided = approvals.decided(&actor, after.as_ref(), PageSize::default()).await?;
    let next = decided.next.map_or_else(String::new, |after| format!("{HERE}?after={after}"));
    page(List {
        waiting: views::views(&ui, &approvals, &actor, waiting).await?,
        decided: views::views(&ui, &approvals, &actor, decided.rows).await?,
        is_first: after.is_none(),
        next,
        ui,
    })
}

pub async fn show(ui: Ui, Me(actor): Me, State(approvals): State<Approvals>, Path(id): Path<String>) -> Page {
    shown(ui, &actor, &approvals, &ApprovalId(id), String::new(), None).await
}

pub async fn decide(
    ui: Ui,
    Me(actor): Me,
    State(approvals): State<Approvals>,
    Path(id): Path<String>,
    Form(typed): Form<Decision>,
) -> Page {
    let id = ApprovalId(id);
    match approvals.decide(&actor, &id, typed.answer, &typed.note).await {
        Ok(_) => Ok(redirect(&format!("{HERE}/{id}"))),
        Err(error) => again(ui, &actor, &approvals, &id, typed.note, error).await,
    }
}

pub async fn withdraw(ui: Ui, Me(actor): Me, State(approvals): State<Approvals>, Path(id): Path<String>) -> Page {
    let id = ApprovalId(id);
    match approvals.withdraw(&actor, &id).await {
        Ok(_) => Ok(redirect(&format!("{HERE}/{id}"))),
        Err(error) => again(ui, &actor, &approvals, &id, String::new(), error).await,
    }
}

/// Who comes second sees what happened.
async fn again(ui: Ui, actor: &Actor, approvals: &Approvals, id: &ApprovalId, note: String, error: Error) -> Page {
    match error {
        Error::Invalid(_) | Error::Refused(_) | Error::Conflict => {
            shown(ui, actor, approvals, id, note, Some(&error)).await
        }
        error => Err(error.into()),
    }
}

async fn shown(
    ui: Ui,
    actor: &Actor,
    approvals: &Approvals,
    id: &ApprovalId,
    note: String,
    error: Option<&Error>,
) -> Page {
    let row = approvals.get(actor, id).await?;
    let waits = row.status == Status::Waiting;
    let own = row.asked_by_id == id_of(actor);
    let hindrance = match waits && actor.has(DECIDE) {
        true => approvals.hindrance(actor, &row).await?,
        false => None,
    };
    let (form, problem) = match error {
        Some(Error::Invalid(problems)) => (Problems::of(&ui, problems), String::new()),
        Some(error) => (Problems::default(), ui.say(&error.message())),
        None => (Problems::default(), String::new()),
    };
    let status = error.map_or(StatusCode::OK, web::answer::status_of);
    let view = views::view(&ui, approvals, actor, row).await?;
    let may_decide = waits && actor.has(DECIDE) && hindrance.is_none();
    // The same sentence is not said twice.
    let hindrance = hindrance.filter(|_| problem.is_empty()).map(|why| ui.say(&base::Refusal::message(&why)));
    page_with(
        status,
        Show {
            view,
            may_decide,
            may_withdraw: waits && own,
            hindrance: hindrance.unwrap_or_default(),
            note,
            form,
            problem,
            ui,
        },
    )
}
