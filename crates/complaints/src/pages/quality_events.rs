//! Quality events: the list, and one with its complaints and what is done about it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, Day, Error, PageSize, UserId};
use serde::{Deserialize, Serialize};
use texts::format;
use web::{Form, Me, Page, Problems, Query, Ui, page, page_with, redirect};

use super::{figures::beside, problems, sentence};
use crate::forms::{QualityDone, QualityPlan};
use crate::quality_event::{GroupedBy, QualityEventId, QualityStatus};
use crate::service::{QualityFile, QualityListed};
use crate::views::{address, excerpt, or_none};
use crate::{Complaints, HANDLE, rules};

pub const HERE: &str = "/complaints/quality-events";
/// Characters of the customer's words on a row.
const WORDS: usize = 60;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// The open ones when absent.
    status: Option<Which>,
    after: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    #[default]
    Open,
    Closed,
    All,
}

impl Which {
    fn word(self) -> &'static str {
        match self {
            Which::Open => "open",
            Which::Closed => "closed",
            Which::All => "all",
        }
    }

    fn status(self) -> Option<QualityStatus> {
        match self {
            Which::Open => Some(QualityStatus::Open),
            Which::Closed => Some(QualityStatus::Closed),
            Which::All => None,
        }
    }
}

#[derive(Template)]
#[template(path = "quality_events.html")]
struct ListPage {
    ui: Ui,
    pages: Vec<(String, String, bool)>,
    tabs: Vec<(String, String, bool)>,
    rows: Vec<RowView>,
    first: String,
    next: String,
}

/// A quality event in words.
pub struct RowView {
    pub id: String,
    pub title: String,
    pub grouped_by: String,
    pub status: String,
    pub tone: &'static str,
    pub complaints: i64,
    pub owner: String,
    pub correction: String,
    pub due: String,
    pub overdue: bool,
    pub opened: String,
}

impl RowView {
    fn of(ui: &Ui, listed: &QualityListed, today: Day) -> Self {
        let event = &listed.event;
        let over = match event.grouped_by {
            GroupedBy::Lane => format!("{} → {}", event.origin, event.destination),
            GroupedBy::Department => listed.department_name.clone(),
        };
        Self {
            id: event.id.0.clone(),
            title: format!("{} · {over}", ui.t(event.cause.key())),
            grouped_by: ui.t(event.grouped_by.key()),
            status: ui.t(event.status.key()),
            tone: event.status.tone(),
            complaints: listed.complaints,
            owner: if listed.owner_name.is_empty() { ui.t("quality_event-nobody") } else { listed.owner_name.clone() },
            correction: excerpt(&event.correction, WORDS),
            due: format::day(event.correction_due),
            overdue: event.status == QualityStatus::Open && event.correction_due < today,
            opened: format::time(event.opened_at),
        }
    }
}

pub async fn list(ui: Ui, Me(actor): Me, State(complaints): State<Complaints>, Query(query): Query<ListQuery>) -> Page {
    let which = query.status.unwrap_or_default();
    let after = web::api::cursor(query.after.as_deref())?;
    let found = complaints.quality_events(&actor, which.status(), after.as_ref(), PageSize::new(None)).await?;
    let to = |which: Which, after: &str| {
        let status = if which == Which::Open { String::new() } else { which.word().to_owned() };
        address(HERE, &[("status", status), ("after", after.to_owned())])
    };
    let tab = |one: Which, key: &str| (to(one, ""), ui.t(key), one == which);
    page(ListPage {
        pages: beside(&ui, HERE),
        tabs: vec![
            tab(Which::Open, "quality_event-status-open"),
            tab(Which::Closed, "quality_event-status-closed"),
            tab(Which::All, "quality_event-all"),
        ],
        rows: found.rows.iter().map(|row| RowView::of(&ui, row, actor.today())).collect(),
        first: query.after.as_ref().map(|_| to(which, "")).unwrap_or_default(),
        next: found.next.as_ref().map(|after| to(which, after)).unwrap_or_default(),
        ui,
    })
}

#[derive(Template)]
#[template(path = "quality_event.html")]
struct ShowPage {
    ui: Ui,
    row: RowView,
    file: QualityFile,
    made_of: Vec<ComplaintView>,
    owners: Vec<(String, String)>,
    may_handle: bool,
    /// What is wrong with the form as a whole.
    problem: String,
    problems: Problems,
    plan: PlanForm,
    done: String,
    /// When and by whom.
    closed: String,
}

struct ComplaintView {
    id: String,
    number: String,
    words: String,
    customer: String,
    customer_id: String,
    status: String,
    tone: &'static str,
    received: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanForm {
    version: i64,
    #[serde(default)]
    correction: String,
    #[serde(default)]
    correction_due: String,
    #[serde(default)]
    owner: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoneForm {
    version: i64,
    #[serde(default)]
    done: String,
}

pub async fn show(ui: Ui, Me(actor): Me, State(complaints): State<Complaints>, Path(id): Path<String>) -> Page {
    render(ui, &actor, &complaints, &QualityEventId(id), None, Typed::Nothing).await
}

/// What somebody sent that was not taken.
enum Typed {
    Nothing,
    Plan(PlanForm),
    Done(DoneForm),
}

async fn render(
    ui: Ui,
    actor: &Actor,
    complaints: &Complaints,
    id: &QualityEventId,
    error: Option<Error>,
    typed: Typed,
) -> Page {
    let file = complaints.quality_file(actor, id).await?;
    let owners = complaints.possible_quality_owners().await?;
    let event = &file.listed.event;
    let (mut plan, mut done) = (
        PlanForm {
            version: event.version,
            correction: event.correction.clone(),
            correction_due: event.correction_due.to_string(),
            owner: event.owner_id.clone().map_or_else(String::new, String::from),
        },
        event.done.clone(),
    );
    match typed {
        Typed::Nothing => {}
        Typed::Plan(form) => plan = PlanForm { version: event.version, ..form },
        Typed::Done(form) => done = form.done,
    }
    let status = match &error {
        None => StatusCode::OK,
        Some(Error::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(_) => StatusCode::CONFLICT,
    };
    let owners = owners.into_iter().map(|(id, name)| (id.0, name)).collect();
    let whole = ShowPage {
        row: RowView::of(&ui, &file.listed, actor.today()),
        made_of: file.made_of.iter().map(|one| ComplaintView::of(&ui, one)).collect(),
        owners: or_none(ui.t("quality_event-nobody"), owners),
        may_handle: actor.has(HANDLE) && event.status == QualityStatus::Open,
        problem: sentence(&ui, error.as_ref()),
        problems: problems(&ui, error.as_ref()),
        closed: event
            .closed_at
            .map(|at| format!("{} {}", format::time(at), ui.who(&event.closed_by)))
            .unwrap_or_default(),
        plan,
        done,
        file,
        ui,
    };
    page_with(status, whole)
}

impl ComplaintView {
    fn of(ui: &Ui, listed: &crate::Listed) -> Self {
        let complaint = &listed.complaint;
        Self {
            id: complaint.id.0.clone(),
            number: complaint.number.clone(),
            words: excerpt(&complaint.words, WORDS),
            customer: listed.customer_name.clone(),
            customer_id: complaint.customer_id.0.clone(),
            status: ui.t(complaint.status.key()),
            tone: complaint.status.tone(),
            received: format::time(complaint.received_at),
        }
    }
}

pub async fn plan(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Form(form): Form<PlanForm>,
) -> Page {
    let id = QualityEventId(id);
    let outcome = match form.correction_due.trim().parse::<Day>() {
        Ok(correction_due) => {
            let owner = Some(form.owner.trim()).filter(|owner| !owner.is_empty()).map(|owner| UserId(owner.into()));
            let plan = QualityPlan { correction: form.correction.clone(), correction_due, owner };
            complaints.plan_quality(&actor, &id, form.version, &plan).await
        }
        // Whether there is such an event is nobody's business who does not reach it.
        Err(_) => match complaints.quality_file(&actor, &id).await {
            Ok(_) => Err(Error::Invalid(vec![rules::wrong("correction_due", "complaint-correction_due_missing")])),
            Err(error) => Err(error),
        },
    };
    then(ui, actor, complaints, id, outcome.map(drop), Typed::Plan(form)).await
}

pub async fn close(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Form(form): Form<DoneForm>,
) -> Page {
    let id = QualityEventId(id);
    let done = QualityDone { done: form.done.clone() };
    let outcome = complaints.close_quality(&actor, &id, form.version, &done).await;
    then(ui, actor, complaints, id, outcome.map(drop), Typed::Done(form)).await
}

async fn then(
    ui: Ui,
    actor: Actor,
    complaints: Complaints,
    id: QualityEventId,
    outcome: Result<(), Error>,
    typed: Typed,
) -> Page {
    match outcome {
        Ok(()) => Ok(redirect(&format!("{HERE}/{id}"))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::Conflict)) => {
            render(ui, &actor, &complaints, &id, Some(error), typed).await
        }
        Err(error) => Err(error.into()),
    }
}
