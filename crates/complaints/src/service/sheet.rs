//! The card as a file: out with a line in the audit, and in again without losing a word.

use base::{Actor, Error, FieldProblem};
use db::audit;
use serde_json::json;

use super::work::Work;
use super::{Complaints, log_in, quality, together};
use crate::complaint::{ComplaintId, Model};
use crate::sheet::filled::Filled;
use crate::sheet::plan::Plan;
use crate::sheet::{Tongue, book};
use crate::views::card::CardView;
use crate::words::EntryKind;
use crate::{HANDLE, LOG};

impl Complaints {
    /// The card as an XLSX file; that it left is kept.
    ///
    /// # Errors
    /// `NotFound` out of reach.
    pub async fn workbook(&self, actor: &Actor, tongue: Tongue<'_>, id: &ComplaintId) -> Result<Vec<u8>, Error> {
        let file = self.file(actor, id).await?;
        let card = CardView::of(tongue, self.db().read(), actor, &file).await?;
        let bytes = book::workbook(tongue, &card, actor.now)?;
        let tx = self.db().begin().await?;
        let detail = json!({"number": file.complaint.number, "bytes": bytes.len()});
        audit::record(&tx, actor, "complaint.card_taken_out", "complaint", id.as_str(), detail).await?;
        self.db().commit(tx).await?;
        Ok(bytes)
    }

    /// Brings a filled card in: as a new complaint, or what is new on it to the one whose number it has. All of it or
    /// nothing. `seen`: the version that the preview showed.
    ///
    /// # Errors
    /// `Invalid` cell by cell, `Conflict` when somebody changed the complaint since the preview.
    pub async fn bring_in(
        &self,
        actor: &Actor,
        tongue: Tongue<'_>,
        filled: &Filled,
        seen: i64,
    ) -> Result<ComplaintId, Error> {
        let plan = Plan::of(tongue, self, actor, filled).await?;
        if !plan.problems.is_empty() {
            let problem = |(field, message): (crate::sheet::Field, _)| FieldProblem::new(field.word(), message);
            return Err(Error::Invalid(plan.problems.into_iter().map(problem).collect()));
        }
        if plan.version() != seen {
            return Err(Error::Conflict);
        }
        if let Some(complaint) = plan.complaint.as_ref().filter(|_| plan.is_nothing()) {
            return Ok(complaint.id.clone());
        }
        let tx = self.db().begin().await?;
        let (id, version) = match (&plan.complaint, plan.draft.clone()) {
            (Some(complaint), _) => (complaint.id.clone(), complaint.version),
            (None, Some(draft)) => {
                let logged = log_in(&tx, actor, draft).await?;
                (logged.id, logged.version)
            }
            (None, None) => return Err(Error::Bug("a card without complaint and draft".into())),
        };
        let handles = plan.complaint.is_some() || plan.solution.is_some() || plan.cause.is_some();
        let permission = if handles { HANDLE } else { LOG };
        let mut work = Work::open(&tx, actor, permission, &id, Some(version)).await?;
        if let Some(draft) = &plan.solution {
            self.propose_in(&tx, actor, &mut work, draft).await?;
        }
        if let Some(draft) = &plan.cause {
            quality::explain_in(&tx, actor, &mut work, draft).await?;
        }
        if plan.complaint.is_some() && !plan.waybills.is_empty() {
            together::link_in(&tx, actor, &mut work, &plan.waybills).await?;
        }
        for (field, text) in &plan.kept {
            work.enter(actor, EntryKind::Paper, &format!("{}\n{text}", field.word()));
        }
        let fields: Vec<&str> = plan.changes.iter().map(|change| change.field.word()).collect();
        work.audit("complaint.card_brought_in", json!({"new": plan.complaint.is_none(), "cells": fields}));
        let Model { id, .. } = work.save(&tx, actor).await?;
        self.db().commit(tx).await?;
        Ok(id)
    }
}
