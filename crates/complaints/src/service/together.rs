//! What belongs to a complaint: shipments, and other complaints about the same.

use base::{Actor, Error};
use db::Tx;
use serde_json::json;

use super::Complaints;
use super::work::Work;
use crate::complaint::{ComplaintId, Model};
use crate::rules::{self, Refusal};
use crate::words::{EntryKind, Status};
use crate::{link, store};

impl Complaints {
    /// Adds shipments of the customer by their waybills.
    ///
    /// # Errors
    /// `Invalid` for a waybill that is unknown or another customer's.
    pub async fn add_shipments(
        &self,
        actor: &Actor,
        id: &ComplaintId,
        version: i64,
        waybills: &[String],
    ) -> Result<Model, Error> {
        let tx = self.db().begin().await?;
        let mut work = Work::open(&tx, actor, crate::HANDLE, id, Some(version)).await?;
        link_in(&tx, actor, &mut work, waybills).await?;
        let saved = work.save(&tx, actor).await?;
        self.db().commit(tx).await?;
        Ok(saved)
    }

    /// One complaint goes on as part of another of the same customer. Its number, words and history stay where they
    /// are and can be read; its shipments are those of the other too.
    ///
    /// # Errors
    /// `Refused` for another customer's, itself, or one that is closed or merged already.
    pub async fn merge(
        &self,
        actor: &Actor,
        id: &ComplaintId,
        version: i64,
        into: &ComplaintId,
    ) -> Result<Model, Error> {
        let tx = self.db().begin().await?;
        // In one order whoever merges what, so that two of them never wait for each other.
        let (mut from, mut target) = match id < into {
            true => {
                let from = Work::open(&tx, actor, crate::HANDLE, id, Some(version)).await?;
                (from, Work::open(&tx, actor, crate::HANDLE, into, None).await?)
            }
            false => {
                let target = Work::open(&tx, actor, crate::HANDLE, into, None).await?;
                (Work::open(&tx, actor, crate::HANDLE, id, Some(version)).await?, target)
            }
        };
        may_merge(&from.complaint, &target.complaint).map_err(Error::refused)?;
        let links = store::shipments_of(&tx, id).await?;
        let links = links.into_iter().map(|link| link::Model { complaint_id: into.clone(), ..link });
        store::link(&tx, links.collect()).await?;
        from.complaint.status = Status::Merged;
        from.complaint.next_step = None;
        from.complaint.merged_into = Some(into.clone());
        let (own, other) = (from.complaint.number.clone(), target.complaint.number.clone());
        from.enter(actor, EntryKind::Merged, &other);
        from.audit("complaint.merged", json!({"into": into, "number": other}));
        target.enter(actor, EntryKind::TookIn, &own);
        target.audit("complaint.took_in", json!({"from": id, "number": own}));
        from.save(&tx, actor).await?;
        let saved = target.save(&tx, actor).await?;
        self.db().commit(tx).await?;
        Ok(saved)
    }

    /// The complaint of this number that the actor may handle.
    ///
    /// # Errors
    /// `Invalid` when there is none.
    pub async fn by_number(&self, actor: &Actor, number: &str) -> Result<ComplaintId, Error> {
        actor.require(crate::HANDLE)?;
        let found = store::by_number(self.db().read(), actor, number.trim()).await?;
        found.ok_or_else(|| Error::Invalid(vec![rules::wrong("number", "complaint-no_such_number")]))
    }
}

/// Links these shipments of the customer.
pub(super) async fn link_in(tx: &Tx, actor: &Actor, work: &mut Work, waybills: &[String]) -> Result<(), Error> {
    let id = work.complaint.id.clone();
    let found = store::waybills::of_customer(tx, actor, &work.complaint.customer_id, waybills).await?;
    let known = store::shipments_of(tx, &id).await?.len();
    if found.is_empty() {
        return Err(Error::Invalid(vec![rules::wrong("waybills", "complaint-text_missing")]));
    }
    if known + found.len() > rules::MOST_WAYBILLS {
        return Err(Error::Invalid(vec![rules::wrong("waybills", "complaint-too_many_waybills")]));
    }
    let names: Vec<String> = found.iter().map(|(_, waybill)| waybill.clone()).collect();
    let links =
        found.into_iter().map(|(shipment_id, waybill)| link::Model { complaint_id: id.clone(), shipment_id, waybill });
    store::link(tx, links.collect()).await?;
    work.enter(actor, EntryKind::Shipments, &names.join(", "));
    work.audit("complaint.shipments_added", json!({"waybills": names}));
    Ok(())
}

fn may_merge(from: &Model, into: &Model) -> Result<(), Refusal> {
    if from.customer_id != into.customer_id || from.id == into.id {
        return Err(Refusal::OtherCustomer);
    }
    match (from.status, into.status) {
        (Status::Merged, _) | (_, Status::Merged) => Err(Refusal::Merged),
        (from, into) if !from.is_open() || !into.is_open() => Err(Refusal::Closed),
        _ => Ok(()),
    }
}
