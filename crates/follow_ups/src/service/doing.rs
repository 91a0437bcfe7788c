//! Asking, not reaching anybody, and not asking at all.

use std::collections::BTreeMap;

use base::{Actor, Error};
use calendar::calendar_of;
use complaints::complaint::ComplaintId;
use customers::forms::InteractionDraft;
use customers::interaction::{self, Direction, InteractionKind, Outcome};
use db::{Tx, audit, outbox};
use feedback::{NoteDraft, Origin};
use serde_json::json;

use super::FollowUps;
use crate::follow_up::{FollowUpId, Model, Occasion, Reopening, Status};
use crate::forms::{DoneDraft, NotReachedDraft, SkipDraft};
use crate::{DO, VIEW, events, planning, rules, store};

impl FollowUps {
    /// The customer was asked: kept as an interaction; his remark goes to a department. When he is not content, his
    /// complaint is opened again, and a department hears of a bad first week.
    ///
    /// # Errors
    /// `Conflict` when somebody was faster, `Invalid` by field, `Refused` when it is not planned any more.
    pub async fn done(&self, actor: &Actor, id: &FollowUpId, version: i64, draft: DoneDraft) -> Result<Model, Error> {
        let (tx, mut follow_up) = self.hold(actor, id, version).await?;
        let problems = rules::problems(follow_up.kind, &draft);
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let logged = customers::log_in(&tx, actor, &follow_up.customer_id, told(&draft)).await?;
        let answers: BTreeMap<_, _> = draft.answers.iter().map(|(word, text)| (word, text.trim())).collect();
        follow_up.answers = json!(answers);
        follow_up.result = draft.result.trim().into();
        follow_up.mood = Some(draft.mood);
        follow_up.satisfied = draft.satisfied;
        follow_up.remark = draft.remark.trim().into();
        let done = finished(follow_up, actor, logged.as_str());
        note_remark(&tx, actor, &done, draft).await?;
        save_done(&tx, actor, &done).await?;
        self.db.commit(tx).await?;
        if done.reopening.is_some()
            && let Err(error) = self.reopen_waiting(actor).await
        {
            // It is written down; the job does it.
            tracing::warn!(%error, "Complaint is opened again later");
        }
        store::get(self.db.read(), actor, VIEW, id).await
    }

    /// Nobody was there: it stays planned, for the next workday.
    ///
    /// # Errors
    /// As `done`.
    pub async fn not_reached(
        &self,
        actor: &Actor,
        id: &FollowUpId,
        version: i64,
        draft: NotReachedDraft,
    ) -> Result<Model, Error> {
        let (tx, mut follow_up) = self.hold(actor, id, version).await?;
        if let Some(problem) = rules::text_problem("text", &draft.text) {
            return Err(Error::Invalid(vec![problem]));
        }
        let tried = outgoing(draft.how, Outcome::NotReached, draft.text);
        customers::log_in(&tx, actor, &follow_up.customer_id, tried).await?;
        let calendar = calendar_of(&tx, follow_up.department_id.as_ref()).await?;
        follow_up.tries += 1;
        follow_up.tried_on = Some(actor.today());
        follow_up.planned_on = rules::next_try(actor.today(), &calendar);
        follow_up.list_order = rules::list_order(follow_up.status, follow_up.planned_on, None);
        store::save(&tx, &follow_up).await?;
        let told = json!({"tries": follow_up.tries, "planned_on": follow_up.planned_on});
        audit::record(&tx, actor, "follow_up.not_reached", "follow_up", id.as_str(), told).await?;
        self.db.commit(tx).await?;
        Ok(Model { version: follow_up.version + 1, ..follow_up })
    }

    /// Nobody asks, and why.
    ///
    /// # Errors
    /// As `done`.
    pub async fn skip(&self, actor: &Actor, id: &FollowUpId, version: i64, draft: SkipDraft) -> Result<Model, Error> {
        let (tx, mut follow_up) = self.hold(actor, id, version).await?;
        if let Some(problem) = rules::text_problem("reason", &draft.reason) {
            return Err(Error::Invalid(vec![problem]));
        }
        follow_up.status = Status::Skipped;
        follow_up.skip_reason = draft.reason.trim().into();
        follow_up.done_at = Some(actor.now);
        follow_up.done_by.clone_from(&actor.name);
        follow_up.list_order = rules::list_order(follow_up.status, follow_up.planned_on, follow_up.done_at);
        store::save(&tx, &follow_up).await?;
        let told = json!({"reason": follow_up.skip_reason, "customer": follow_up.customer_id});
        audit::record(&tx, actor, "follow_up.skipped", "follow_up", id.as_str(), told).await?;
        outbox::add(&tx, actor.now, events::of(events::SKIPPED, &follow_up)).await?;
        self.db.commit(tx).await?;
        Ok(Model { version: follow_up.version + 1, ..follow_up })
    }

    async fn hold(&self, actor: &Actor, id: &FollowUpId, version: i64) -> Result<(Tx, Model), Error> {
        actor.require(DO)?;
        let tx = self.db.begin().await?;
        // Whoever may not see it learns nothing of what else he may do.
        store::get(&tx, actor, VIEW, id).await?;
        let follow_up = store::get(&tx, actor, DO, id).await?;
        if follow_up.version != version {
            return Err(Error::Conflict);
        }
        rules::may_do(&follow_up).map_err(Error::refused)?;
        Ok((tx, follow_up))
    }
}

fn told(draft: &DoneDraft) -> InteractionDraft {
    let step = draft.next_step.trim();
    InteractionDraft {
        mood: Some(draft.mood),
        next_step: step.into(),
        next_step_on: draft.next_step_on,
        no_next_step: step.is_empty(),
        ..outgoing(draft.how, Outcome::Reached, draft.result.clone())
    }
}

fn outgoing(kind: InteractionKind, outcome: Outcome, text: String) -> InteractionDraft {
    InteractionDraft {
        kind,
        direction: Direction::Outgoing,
        happened_at: None,
        outcome: Some(outcome),
        mood: None,
        text,
        next_step: String::new(),
        next_step_on: None,
        next_step_by: None,
        no_next_step: true,
        shipments: Vec::new(),
        origin: None,
        author: None,
    }
}

/// The remark goes to its department; of a bad first week the department hears in any case.
async fn note_remark(tx: &Tx, actor: &Actor, done: &Model, draft: DoneDraft) -> Result<(), Error> {
    let bad_week = !done.kind.is_about_a_complaint() && rules::is_unhappy(done.mood, done.satisfied);
    let words = match (done.remark.is_empty(), bad_week) {
        (false, _) => draft.remark,
        (true, true) => draft.result,
        (true, false) => return Ok(()),
    };
    let customer = Some(done.customer_id.clone());
    let note = NoteDraft { customer, words, department: draft.department, ..NoteDraft::default() };
    feedback::note_in(tx, actor, note, Origin::FollowUp, Some(done.id.0.clone())).await.map(drop)
}

/// Done by this interaction.
fn finished(mut follow_up: Model, actor: &Actor, interaction: &str) -> Model {
    let unhappy = rules::is_unhappy(follow_up.mood, follow_up.satisfied);
    follow_up.reopening = (unhappy && follow_up.kind.is_about_a_complaint()).then_some(Reopening::Waiting);
    follow_up.status = Status::Done;
    follow_up.interaction_id = Some(interaction.into());
    follow_up.done_at = Some(actor.now);
    follow_up.done_by.clone_from(&actor.name);
    follow_up.list_order = rules::list_order(follow_up.status, follow_up.planned_on, follow_up.done_at);
    follow_up
}

async fn save_done(tx: &Tx, actor: &Actor, done: &Model) -> Result<(), Error> {
    store::save(tx, done).await?;
    let told = json!({"customer": done.customer_id, "mood": done.mood, "satisfied": done.satisfied});
    audit::record(tx, actor, "follow_up.done", "follow_up", done.id.as_str(), told).await?;
    outbox::add(tx, actor.now, events::of(events::DONE, done)).await?;
    if rules::is_unhappy(done.mood, done.satisfied) {
        outbox::add(tx, actor.now, events::of(events::UNHAPPY, done)).await?;
    }
    Ok(())
}

/// Done from the worklist: what was logged there is the result.
///
/// # Errors
/// As `FollowUps::done`.
pub(crate) async fn done_with(
    tx: &Tx,
    actor: &Actor,
    mut planned: Model,
    said: interaction::Model,
) -> Result<(), Error> {
    planned.result = said.text;
    planned.mood = said.mood;
    save_done(tx, actor, &finished(planned, actor, &said.id)).await
}

/// Planned again, because what was logged for it was taken back.
///
/// # Errors
/// `Conflict` when somebody changes it at the same moment.
pub(crate) async fn open_again(tx: &Tx, actor: &Actor, mut done: Model) -> Result<(), Error> {
    done.status = Status::Planned;
    done.list_order = rules::list_order(done.status, done.planned_on, None);
    (done.result, done.mood, done.interaction_id) = (String::new(), None, None);
    (done.done_at, done.done_by, done.reopening) = (None, String::new(), None);
    store::save(tx, &done).await?;
    let told = json!({"customer": done.customer_id});
    audit::record(tx, actor, "follow_up.undone", "follow_up", done.id.as_str(), told).await?;
    match done.object {
        // Opened again in the meantime, the complaint has no use for it.
        Occasion::Complaint => planning::after_complaint(tx, actor, &ComplaintId(done.object_id)).await,
        Occasion::FirstShipment => Ok(()),
    }
}
