//! The steps in their order, the pause between them, and who sees to it.

use base::{Actor, Error, UserId};
use calendar::Clock;
use serde_json::json;

use super::Complaints;
use super::work::{Work, of};
use crate::complaint::{ComplaintId, Model};
use crate::forms::StepDraft;
use crate::rules::{self, Outcome, Refusal};
use crate::store;
use crate::words::{Answer, EntryKind, Escalation, Status, Step};
use crate::{clocks, events};

impl Complaints {
    /// Does the next step, or leaves it out for a reason.
    ///
    /// # Errors
    /// `Refused` when another step comes first, `Invalid` field by field, `Conflict` when somebody was quicker.
    pub async fn take_step(
        &self,
        actor: &Actor,
        id: &ComplaintId,
        version: i64,
        draft: &StepDraft,
    ) -> Result<Model, Error> {
        let tx = self.db().begin().await?;
        let mut work = Work::open(&tx, actor, crate::HANDLE, id, Some(version)).await?;
        rules::check_step(&work.complaint, draft, actor.now)?;
        let since = store::entries_of(&tx, id).await?.into_iter().find(|line| line.step.is_some()).map(|line| line.at);
        let took = work.calendar.between(since.unwrap_or(work.complaint.received_at), actor.now, &[]).answer;
        enter_step(&mut work, actor, draft, took.num_seconds());
        match draft.skip_reason.trim().is_empty() {
            true => done(&mut work, actor, draft)?,
            false => work.complaint.next_step = rules::after(draft.step),
        }
        work.audit(
            "complaint.step_taken",
            json!({"step": draft.step, "skipped": !draft.skip_reason.trim().is_empty()}),
        );
        let saved = work.save(&tx, actor).await?;
        self.db().commit(tx).await?;
        Ok(saved)
    }

    /// Pauses our clocks; the law's goes on.
    ///
    /// # Errors
    /// `Refused` when it is on hold or closed, `Invalid` without a reason.
    pub async fn hold(&self, actor: &Actor, id: &ComplaintId, version: i64, reason: &str) -> Result<Model, Error> {
        let reason = rules::said("reason", reason)?;
        self.change(actor, crate::HANDLE, id, version, |work| {
            rules::is_open(&work.complaint).map_err(Error::refused)?;
            if matches!(work.complaint.status, Status::OnHold | Status::Resolved) {
                return Err(Error::refused(Refusal::OnHold));
            }
            each_clock(&mut work.complaint, |clock| clock.hold(actor.now))?;
            work.complaint.status = Status::OnHold;
            work.complaint.hold_reason.clone_from(&reason);
            work.enter(actor, EntryKind::Hold, &reason);
            work.audit("complaint.held", of(&work.complaint));
            Ok(())
        })
        .await
    }

    /// # Errors
    /// `Refused` when it is not on hold.
    pub async fn resume(&self, actor: &Actor, id: &ComplaintId, version: i64) -> Result<Model, Error> {
        self.change(actor, crate::HANDLE, id, version, |work| {
            if work.complaint.status != Status::OnHold {
                return Err(Error::refused(Refusal::NotOnHold));
            }
            each_clock(&mut work.complaint, |clock| clock.resume(actor.now))?;
            work.complaint.status = match work.complaint.responded_at {
                Some(_) => Status::Handling,
                None => Status::Waiting,
            };
            work.complaint.hold_reason.clear();
            work.enter(actor, EntryKind::Resume, "");
            work.audit("complaint.resumed", of(&work.complaint));
            Ok(())
        })
        .await
    }

    /// Gives it to somebody who reaches the customer.
    ///
    /// # Errors
    /// `Invalid` for somebody who does not, `Refused` when it is closed.
    pub async fn assign(
        &self,
        actor: &Actor,
        id: &ComplaintId,
        version: i64,
        owner: &UserId,
        reason: &str,
    ) -> Result<Model, Error> {
        let tx = self.db().begin().await?;
        let mut work = Work::open(&tx, actor, crate::HANDLE, id, Some(version)).await?;
        rules::is_open(&work.complaint).map_err(Error::refused)?;
        let customer = customers::store::get(&tx, actor, crate::HANDLE, &work.complaint.customer_id).await?;
        let owner = super::log::owner(&tx, actor, &customer, Some(owner)).await?;
        let name = match &owner {
            Some(owner) => store::people::names(&tx, [owner.clone()]).await?.remove(owner).unwrap_or_default(),
            None => String::new(),
        };
        work.complaint.owner_id = owner;
        let text = [name.as_str(), reason.trim()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        work.enter(actor, EntryKind::Assigned, &text.join(" · "));
        let change = json!({"before": work.before.owner_id, "after": work.complaint.owner_id});
        work.audit("complaint.assigned", change);
        let saved = work.save(&tx, actor).await?;
        self.db().commit(tx).await?;
        Ok(saved)
    }

    /// Something worth knowing; also how what the customer said is set right, because that itself never changes.
    ///
    /// # Errors
    /// `Invalid` without a text.
    pub async fn remark(&self, actor: &Actor, id: &ComplaintId, version: i64, text: &str) -> Result<Model, Error> {
        let text = rules::said("text", text)?;
        self.change(actor, crate::HANDLE, id, version, |work| {
            work.enter(actor, EntryKind::Remark, &text);
            work.audit("complaint.remarked", json!({"text": text}));
            Ok(())
        })
        .await
    }

    /// Begins a new round: the customer is not content after all.
    ///
    /// # Errors
    /// `Refused` unless it is closed or resolved.
    pub async fn reopen(&self, actor: &Actor, id: &ComplaintId, version: i64, reason: &str) -> Result<Model, Error> {
        let reason = rules::said("reason", reason)?;
        self.change(actor, crate::HANDLE, id, version, |work| {
            if !matches!(work.complaint.status, Status::Closed | Status::Resolved) {
                return Err(Error::refused(Refusal::NotClosed));
            }
            again(work, actor, &reason)
        })
        .await
    }
}

fn enter_step(work: &mut Work, actor: &Actor, draft: &StepDraft, took: i64) {
    let skipped = !draft.skip_reason.trim().is_empty();
    let (kind, text) = match skipped {
        true => (EntryKind::StepSkipped, draft.skip_reason.as_str()),
        false => (EntryKind::StepDone, draft.text.as_str()),
    };
    let line = work.enter(actor, kind, text);
    line.step = Some(draft.step);
    line.took = Some(took);
    if !skipped {
        draft.told.trim().clone_into(&mut line.told);
        line.told_at = (!line.told.is_empty() || draft.told_how.is_some()).then(|| draft.told_at.unwrap_or(actor.now));
        line.told_how = draft.told_how;
    }
}

/// What a step that was done brings with it.
fn done(work: &mut Work, actor: &Actor, draft: &StepDraft) -> Result<(), Error> {
    let complaint = &mut work.complaint;
    complaint.next_step = rules::after(draft.step);
    if rules::responds(draft.step) && complaint.responded_at.is_none() {
        let at = draft.told_at.unwrap_or(actor.now);
        complaint.responded_at = Some(at);
        complaint.response_clock = clocks::stored(&complaint.response()?.stop(at).map_err(Error::refused)?)?;
        complaint.status = Status::Handling;
        // The reminder was about the response; the solution has rungs of its own.
        complaint.escalation = Escalation::None;
    }
    match draft.step {
        Step::Resolve => {
            complaint.resolved_at = Some(actor.now);
            let clock = complaint.resolution()?.stop(actor.now).map_err(Error::refused)?;
            complaint.resolution_clock = clocks::stored(&clock)?;
            complaint.status = Status::Resolved;
            work.happened(events::RESOLVED);
            work.audit("complaint.resolved", of(&work.complaint));
        }
        Step::Confirm => answered(work, actor, draft)?,
        _ => {}
    }
    Ok(())
}

fn answered(work: &mut Work, actor: &Actor, draft: &StepDraft) -> Result<(), Error> {
    let Some(answer) = draft.answer else { return Ok(()) };
    work.complaint.answer = Some(answer);
    work.complaint.answer_at = (answer != Answer::None).then(|| draft.told_at.unwrap_or(actor.now));
    work.complaint.answer_how = draft.told_how;
    work.enter(actor, EntryKind::Answer, answer.word());
    match rules::outcome(answer, &draft.close_reason) {
        Outcome::Closed => {
            work.complaint.status = Status::Closed;
            work.complaint.closed_at = Some(actor.now);
            draft.close_reason.trim().clone_into(&mut work.complaint.close_reason);
            work.enter(actor, EntryKind::Closed, &draft.close_reason);
            work.happened(events::CLOSED);
            work.audit("complaint.closed", json!({"answer": answer, "reason": draft.close_reason.trim()}));
            Ok(())
        }
        Outcome::Again => again(work, actor, &draft.text),
    }
}

/// A new round, whose time for a solution begins now.
fn again(work: &mut Work, actor: &Actor, reason: &str) -> Result<(), Error> {
    rules::begin_again(&mut work.complaint);
    let clock = Clock::starting(actor.now, work.policy.resolve_within(work.complaint.severity));
    work.complaint.resolution_clock = clocks::stored(&clock)?;
    work.enter(actor, EntryKind::Reopened, reason);
    work.happened(events::REOPENED);
    work.audit("complaint.reopened", json!({"reason": reason, "round": work.complaint.round}));
    Ok(())
}

/// Does the same to the clocks that have not stopped.
fn each_clock<R: base::Refusal>(
    complaint: &mut Model,
    change: impl Fn(Clock) -> Result<Clock, R>,
) -> Result<(), Error> {
    for clock in [&mut complaint.response_clock, &mut complaint.resolution_clock] {
        let known: Clock = serde_json::from_value(clock.clone()).map_err(|error| Error::Bug(error.to_string()))?;
        if known.stopped.is_none() {
            *clock = clocks::stored(&change(known).map_err(Error::refused)?)?;
        }
    }
    Ok(())
}
