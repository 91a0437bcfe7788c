//! What time alone does to complaints.

use std::collections::BTreeSet;

use base::{Actor, Error};
use serde_json::json;

use super::Complaints;
use super::work::Work;
use crate::complaint::ComplaintId;
use crate::words::EntryKind;
use crate::{clocks, events, store};

/// Complaints looked at before the job asks again.
const AT_ONCE: u64 = 500;

impl Complaints {
    /// Works out anew what another calendar has moved, then takes overdue complaints up: the owner first, the manager
    /// some working hours later, then as a high risk. Each rung once, also when the job has slept for days.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_time(&self, actor: &Actor) -> Result<u64, Error> {
        let mut run = Run::default();
        loop {
            let stale = store::due::stale(self.db().read(), AT_ONCE).await?;
            let Some(fresh) = run.not_tried(stale) else { break };
            for id in &fresh {
                let settled = self.settle_anew(actor, id).await;
                run.tried(id, settled.map(|()| true));
            }
        }
        let mut climbed = 0;
        loop {
            let due = store::due::to_escalate(self.db().read(), actor.now, AT_ONCE).await?;
            let Some(fresh) = run.not_tried(due) else { break };
            for id in &fresh {
                let escalated = self.escalate(actor, id).await;
                climbed += u64::from(run.tried(id, escalated));
            }
        }
        run.problem.map_or(Ok(climbed), Err)
    }

    async fn settle_anew(&self, actor: &Actor, id: &ComplaintId) -> Result<(), Error> {
        let tx = self.db().begin().await?;
        let Some(mut work) = gone(Work::open(&tx, actor, crate::VIEW, id, None).await)? else { return Ok(()) };
        clocks::settle(&mut work.complaint, &work.calendar, &work.policy, actor.now)?;
        // Nobody did anything: what people have read stays as it is, so their version holds.
        store::save_clocks(&tx, &work.complaint).await?;
        self.db().commit(tx).await
    }

    async fn escalate(&self, actor: &Actor, id: &ComplaintId) -> Result<bool, Error> {
        let tx = self.db().begin().await?;
        let Some(mut work) = gone(Work::open(&tx, actor, crate::VIEW, id, None).await)? else { return Ok(false) };
        let climbed = clocks::climb(&mut work.complaint, &work.calendar, &work.policy, actor.now)?;
        if !climbed {
            store::save_clocks(&tx, &work.complaint).await?;
            self.db().commit(tx).await?;
            return Ok(false);
        }
        let rung = work.complaint.escalation;
        work.enter(actor, EntryKind::Escalated, rung.word());
        work.happened(events::ESCALATED);
        work.audit("complaint.escalated", json!({"to": rung}));
        work.save(&tx, actor).await?;
        self.db().commit(tx).await?;
        Ok(true)
    }
}

/// One complaint that cannot be taken on must not keep the others waiting, nor the job going round for ever.
#[derive(Default)]
struct Run {
    stuck: BTreeSet<ComplaintId>,
    problem: Option<Error>,
}

impl Run {
    /// `None` when nothing is left to try.
    fn not_tried(&self, ids: Vec<ComplaintId>) -> Option<Vec<ComplaintId>> {
        let fresh: Vec<_> = ids.into_iter().filter(|id| !self.stuck.contains(id)).collect();
        (!fresh.is_empty()).then_some(fresh)
    }

    /// Says whether something was done.
    fn tried(&mut self, id: &ComplaintId, done: Result<bool, Error>) -> bool {
        match done {
            Ok(true) => true,
            Ok(false) => {
                self.stuck.insert(id.clone());
                false
            }
            Err(error) => {
                self.stuck.insert(id.clone());
                self.problem.get_or_insert(error);
                false
            }
        }
    }
}

/// `None` when it is gone.
fn gone(work: Result<Work, Error>) -> Result<Option<Work>, Error> {
    match work {
        Ok(work) => Ok(Some(work)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
