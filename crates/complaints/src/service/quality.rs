//! The solution and its price, why it happened, and what is done so that it does not happen again.

use approvals::Ask;
use approvals::events::Told;
use base::{Actor, Error, Message, Money};
use db::Tx;
use serde_json::json;

use super::Complaints;
use super::work::{Work, of};
use crate::complaint::{ComplaintId, Model};
use crate::forms::{CauseDraft, SolutionDraft};
use crate::rules::{self, Refusal};
use crate::store;
use crate::words::{CompensationState, EntryKind};

/// What approvals call a complaint.
pub(crate) const OBJECT: &str = "complaint";

impl Complaints {
    /// What the customer gets. An amount beyond the limit waits for somebody else.
    ///
    /// # Errors
    /// `Refused` once it is carried out, `Invalid` field by field.
    pub async fn propose(
        &self,
        actor: &Actor,
        id: &ComplaintId,
        version: i64,
        draft: &SolutionDraft,
    ) -> Result<Model, Error> {
        let tx = self.db().begin().await?;
        let mut work = Work::open(&tx, actor, crate::HANDLE, id, Some(version)).await?;
        self.propose_in(&tx, actor, &mut work, draft).await?;
        let saved = work.save(&tx, actor).await?;
        self.db().commit(tx).await?;
        Ok(saved)
    }

    pub(super) async fn propose_in(
        &self,
        tx: &Tx,
        actor: &Actor,
        work: &mut Work,
        draft: &SolutionDraft,
    ) -> Result<(), Error> {
        rules::is_open(&work.complaint).map_err(Error::refused)?;
        if work.complaint.resolved_at.is_some() {
            return Err(Error::refused(Refusal::CarriedOut));
        }
        let amount = rules::solution(draft, self.approvals.reporting().await?)?;
        let same = work.before.compensation() == amount;
        let complaint = &mut work.complaint;
        draft.solution.trim().clone_into(&mut complaint.solution);
        draft.extra.trim().clone_into(&mut complaint.extra);
        if !same {
            complaint.compensation_minor = amount.map(|amount| amount.minor);
            complaint.compensation_currency = amount.map(|amount| amount.currency);
            complaint.compensation_by = actor.user_id().cloned();
            complaint.compensation_state = self.authority(tx, actor, complaint, amount).await?;
            complaint.compensation_approver = None;
        }
        let text = [complaint.solution.clone(), amount.map(texts::format::money).unwrap_or_default()];
        let text: Vec<String> = text.into_iter().filter(|part| !part.is_empty()).collect();
        let detail = json!({"solution": complaint.solution, "compensation": amount, "extra": complaint.extra});
        work.enter(actor, EntryKind::Solution, &text.join(" · "));
        work.audit("complaint.solution_set", detail);
        Ok(())
    }

    /// Whether the amount may be promised at once; otherwise somebody else is asked. What was asked before is over.
    async fn authority(
        &self,
        tx: &Tx,
        actor: &Actor,
        complaint: &Model,
        amount: Option<Money>,
    ) -> Result<Option<CompensationState>, Error> {
        let id = complaint.id.as_str();
        self.approvals.withdraw_all(tx, actor, OBJECT, id).await?;
        let Some(amount) = amount else { return Ok(None) };
        if self.approvals.may_alone(tx, actor, crate::COMPENSATION, amount).await? {
            return Ok(Some(CompensationState::Free));
        }
        let reason = Message::new("complaint-approval_reason")
            .with("number", &complaint.number)
            .with("solution", &complaint.solution);
        let ask = Ask {
            kind: crate::COMPENSATION,
            object: OBJECT,
            object_id: id,
            customer: Some(&complaint.customer_id),
            amount: Some(amount),
            reason,
            href: format!("/complaints/{id}"),
        };
        self.approvals.ask(tx, actor, ask).await?;
        Ok(Some(CompensationState::Waiting))
    }

    /// What the second person said of the compensation that waits for him; anything older says nothing any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn settle_compensation(&self, tx: &Tx, actor: &Actor, told: &Told) -> Result<(), Error> {
        let id = ComplaintId(told.object_id.clone());
        let mut work = match Work::open(tx, actor, crate::VIEW, &id, None).await {
            Err(Error::NotFound) => return Ok(()),
            other => other?,
        };
        let last = self.approvals.of(tx, OBJECT, id.as_str()).await?.into_iter().next();
        let waits = work.complaint.compensation_state == Some(CompensationState::Waiting);
        let Some(approval) = last.filter(|last| waits && last.id == told.id) else { return Ok(()) };
        let (state, line) = match approval.status {
            approvals::Status::Approved => (CompensationState::Approved, EntryKind::Approved),
            _ => (CompensationState::Refused, EntryKind::NotApproved),
        };
        work.complaint.compensation_state = Some(state);
        work.complaint.compensation_approver.clone_from(&approval.decided_by_id);
        let amount = work.complaint.compensation();
        let text = [amount.map(texts::format::money).unwrap_or_default(), approval.note.clone()];
        let text: Vec<String> = text.into_iter().filter(|part| !part.is_empty()).collect();
        let line = work.enter(actor, line, &text.join(" · "));
        (line.by_id, line.by_name) = (approval.decided_by_id, approval.decided_by);
        work.audit("complaint.compensation_settled", json!({"compensation": amount, "state": state}));
        work.save(tx, actor).await.map(drop)
    }

    /// Says why it happened; also of one that is closed.
    ///
    /// # Errors
    /// `Invalid` field by field.
    pub async fn explain(
        &self,
        actor: &Actor,
        id: &ComplaintId,
        version: i64,
        draft: &CauseDraft,
    ) -> Result<Model, Error> {
        let tx = self.db().begin().await?;
        let mut work = Work::open(&tx, actor, crate::HANDLE, id, Some(version)).await?;
        explain_in(&tx, actor, &mut work, draft).await?;
        let saved = work.save(&tx, actor).await?;
        self.db().commit(tx).await?;
        Ok(saved)
    }

    /// The correction is done.
    ///
    /// # Errors
    /// `Refused` when there is none.
    pub async fn correct(&self, actor: &Actor, id: &ComplaintId, version: i64) -> Result<Model, Error> {
        self.change(actor, crate::HANDLE, id, version, |work| {
            if work.complaint.correction.is_empty() {
                return Err(Error::refused(Refusal::NoCorrection));
            }
            work.complaint.correction_done_at = Some(actor.now);
            work.complaint.correction_done_by = actor.user_id().cloned();
            work.complaint.correction_verified_at = None;
            work.complaint.correction_verified_by = None;
            work.enter(actor, EntryKind::CorrectionDone, "");
            work.audit("complaint.correction_done", of(&work.complaint));
            Ok(())
        })
        .await
    }

    /// Somebody else has looked: the correction works.
    ///
    /// # Errors
    /// `Refused` before it is done, and by whoever did it.
    pub async fn verify(&self, actor: &Actor, id: &ComplaintId, version: i64) -> Result<Model, Error> {
        self.change(actor, crate::HANDLE, id, version, |work| {
            rules::may_verify(&work.complaint, actor.user_id()).map_err(Error::refused)?;
            work.complaint.correction_verified_at = Some(actor.now);
            work.complaint.correction_verified_by = actor.user_id().cloned();
            work.enter(actor, EntryKind::CorrectionVerified, "");
            work.audit("complaint.correction_verified", of(&work.complaint));
            Ok(())
        })
        .await
    }
}

pub(super) async fn explain_in(tx: &Tx, actor: &Actor, work: &mut Work, draft: &CauseDraft) -> Result<(), Error> {
    rules::check_cause(draft)?;
    if let Some(department) = &draft.department
        && store::people::department(tx, department).await?.is_none()
    {
        return Err(Error::Invalid(vec![rules::wrong("department", "complaint-department_missing")]));
    }
    let complaint = &mut work.complaint;
    complaint.cause = Some(draft.cause);
    draft.text.trim().clone_into(&mut complaint.cause_text);
    complaint.cause_department_id.clone_from(&draft.department);
    if complaint.correction != draft.correction.trim() {
        // Another correction has to be done and verified anew.
        draft.correction.trim().clone_into(&mut complaint.correction);
        complaint.correction_done_at = None;
        complaint.correction_done_by = None;
        complaint.correction_verified_at = None;
        complaint.correction_verified_by = None;
    }
    complaint.correction_due = draft.correction_due.filter(|_| !complaint.correction.is_empty());
    let text = [draft.text.trim(), draft.correction.trim()];
    let text: Vec<&str> = text.into_iter().filter(|part| !part.is_empty()).collect();
    work.enter(actor, EntryKind::Cause, &text.join(" · "));
    work.audit("complaint.cause_found", json!({"cause": draft.cause, "department": draft.department}));
    Ok(())
}
