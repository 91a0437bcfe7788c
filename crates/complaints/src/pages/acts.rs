//! What people do to a complaint on its page. Each form knows its own fields; anything else is refused.

use axum::extract::{Path, State};
use base::{Actor, Currency, Day, DepartmentId, Error, UserId};
use serde::{Deserialize, Serialize};
use web::{Form, Me, Page, Ui, redirect};

use super::show::{Refused, render};
use super::{HERE, new};
use crate::complaint::{ComplaintId, Model};
use crate::forms::{CauseDraft, SolutionDraft, StepDraft};
use crate::views::{instant, minute};
use crate::words::{Answer, Cause, Channel, Step};
use crate::{Complaints, rules};

/// Shows the complaint as it is now, or the form again with what was typed and what is wrong. `names`: what the service
/// calls a field, and how the form does.
async fn then(
    asked: (Ui, Actor, Complaints, ComplaintId),
    done: Result<Model, Error>,
    typed: impl Serialize,
    names: &[(&str, &str)],
) -> Page {
    let (ui, actor, complaints, id) = asked;
    let error = match done {
        Ok(complaint) => return Ok(redirect(&format!("{HERE}/{}", complaint.id))),
        Err(Error::Invalid(mut problems)) => {
            for problem in &mut problems {
                if let Some((_, name)) = names.iter().find(|(field, _)| *field == problem.field) {
                    (*name).clone_into(&mut problem.field);
                }
            }
            Error::Invalid(problems)
        }
        Err(error @ (Error::Refused(_) | Error::Conflict)) => error,
        Err(error) => return Err(error.into()),
    };
    render(ui, &actor, &complaints, &id, Some(Refused::of(error, typed)?)).await
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepForm {
    version: i64,
    step: Step,
    #[serde(default)]
    step_text: String,
    #[serde(default)]
    told: String,
    #[serde(default)]
    told_how: Option<Channel>,
    #[serde(default)]
    told_at: String,
    #[serde(default)]
    skip_reason: String,
    #[serde(default)]
    answer: Option<Answer>,
    #[serde(default)]
    close_reason: String,
    /// Which of the two buttons was pressed.
    #[serde(default)]
    skip: Option<String>,
}

impl StepForm {
    fn draft(&self, actor: &Actor) -> Result<StepDraft, Error> {
        let told_at = instant(&self.told_at)
            .map_err(|()| Error::Invalid(vec![rules::wrong("told_at", "complaint-no_time")]))?
            // The form says minutes; now is not the future of its own minute.
            .filter(|at| minute(*at) != minute(actor.now));
        let skips = self.skip.is_some();
        if skips && self.skip_reason.trim().is_empty() {
            return Err(Error::Invalid(vec![rules::wrong("skip_reason", "complaint-text_missing")]));
        }
        Ok(StepDraft {
            step: self.step,
            skip_reason: if skips { self.skip_reason.clone() } else { String::new() },
            text: self.step_text.clone(),
            told: self.told.clone(),
            told_how: self.told_how,
            told_at,
            answer: self.answer,
            close_reason: self.close_reason.clone(),
        })
    }
}

pub async fn step(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Form(form): Form<StepForm>,
) -> Page {
    let id = ComplaintId(id);
    let done = match form.draft(&actor) {
        Ok(draft) => complaints.take_step(&actor, &id, form.version, &draft).await,
        Err(error) => Err(error),
    };
    then((ui, actor, complaints, id), done, form, &[("text", "step_text")]).await
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SolutionForm {
    version: i64,
    #[serde(default)]
    solution: String,
    #[serde(default)]
    extra: String,
    #[serde(default)]
    compensation: String,
    #[serde(default)]
    currency: Option<Currency>,
}

pub async fn solution(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Form(form): Form<SolutionForm>,
) -> Page {
    let id = ComplaintId(id);
    let draft = SolutionDraft {
        solution: form.solution.clone(),
        extra: form.extra.clone(),
        compensation: form.compensation.clone(),
        currency: form.currency,
    };
    let done = complaints.propose(&actor, &id, form.version, &draft).await;
    then((ui, actor, complaints, id), done, form, &[]).await
}

/// A button.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pressed {
    version: i64,
}

macro_rules! buttons {
    ($($name:ident $verb:ident)*) => {$(
        pub async fn $name(
            ui: Ui,
            Me(actor): Me,
            State(complaints): State<Complaints>,
            Path(id): Path<String>,
            Form(form): Form<Pressed>,
        ) -> Page {
            let id = ComplaintId(id);
            let done = complaints.$verb(&actor, &id, form.version).await;
            then((ui, actor, complaints, id), done, form, &[]).await
        }
    )*};
}

buttons! { resume resume corrected correct verified verify }

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldForm {
    version: i64,
    #[serde(default)]
    hold_reason: String,
}

pub async fn hold(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Form(form): Form<HoldForm>,
) -> Page {
    let id = ComplaintId(id);
    let done = complaints.hold(&actor, &id, form.version, &form.hold_reason).await;
    then((ui, actor, complaints, id), done, form, &[("reason", "hold_reason")]).await
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignForm {
    version: i64,
    owner: UserId,
    #[serde(default)]
    assign_reason: String,
}

pub async fn assign(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Form(form): Form<AssignForm>,
) -> Page {
    let id = ComplaintId(id);
    let done = complaints.assign(&actor, &id, form.version, &form.owner, &form.assign_reason).await;
    then((ui, actor, complaints, id), done, form, &[]).await
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemarkForm {
    version: i64,
    #[serde(default)]
    remark: String,
}

pub async fn remark(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Form(form): Form<RemarkForm>,
) -> Page {
    let id = ComplaintId(id);
    let done = complaints.remark(&actor, &id, form.version, &form.remark).await;
    then((ui, actor, complaints, id), done, form, &[("text", "remark")]).await
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipmentsForm {
    version: i64,
    #[serde(default)]
    waybills: String,
}

pub async fn shipments(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Form(form): Form<ShipmentsForm>,
) -> Page {
    let id = ComplaintId(id);
    let done = complaints.add_shipments(&actor, &id, form.version, &new::waybills(&form.waybills)).await;
    then((ui, actor, complaints, id), done, form, &[]).await
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseForm {
    version: i64,
    cause: Option<Cause>,
    #[serde(default)]
    cause_text: String,
    #[serde(default)]
    cause_department: Option<DepartmentId>,
    #[serde(default)]
    correction: String,
    #[serde(default)]
    correction_due: Option<Day>,
}

pub async fn cause(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Form(form): Form<CauseForm>,
) -> Page {
    let id = ComplaintId(id);
    let done = match form.cause {
        Some(cause) => {
            let draft = CauseDraft {
                cause,
                text: form.cause_text.clone(),
                department: form.cause_department.clone(),
                correction: form.correction.clone(),
                correction_due: form.correction_due,
            };
            complaints.explain(&actor, &id, form.version, &draft).await
        }
        None => Err(Error::Invalid(vec![rules::wrong("cause", "complaint-choose")])),
    };
    then((ui, actor, complaints, id), done, form, &[("text", "cause_text"), ("department", "cause_department")]).await
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeForm {
    version: i64,
    #[serde(default)]
    number: String,
}

pub async fn merge(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Form(form): Form<MergeForm>,
) -> Page {
    let id = ComplaintId(id);
    let done = match complaints.by_number(&actor, &form.number).await {
        Ok(into) => complaints.merge(&actor, &id, form.version, &into).await,
        Err(error) => Err(error),
    };
    then((ui, actor, complaints, id), done, form, &[]).await
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReopenForm {
    version: i64,
    #[serde(default)]
    reopen_reason: String,
}

pub async fn reopen(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Form(form): Form<ReopenForm>,
) -> Page {
    let id = ComplaintId(id);
    let done = complaints.reopen(&actor, &id, form.version, &form.reopen_reason).await;
    then((ui, actor, complaints, id), done, form, &[("reason", "reopen_reason")]).await
}
