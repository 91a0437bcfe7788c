//! Money that goes to the customer, and money that comes back from the carrier.

use base::{Actor, Error};
use serde_json::json;

use super::Claims;
use crate::claim::{ClaimId, Model};
use crate::entry::EntryKind;
use crate::forms::{PaymentDraft, RecoveredDraft, RecoveryDraft};
use crate::{HANDLE, PAY, events, rules};

impl Claims {
    /// Writes down that what was approved has been paid.
    ///
    /// # Errors
    /// `Refused` before it is approved and the second time, `Invalid` for a day to come, `Conflict` when somebody was
    /// quicker.
    pub async fn pay(&self, actor: &Actor, id: &ClaimId, version: i64, draft: &PaymentDraft) -> Result<Model, Error> {
        let on = rules::past_day("on", draft.on, actor.today())?;
        let reference = rules::line("reference", &draft.reference)?;
        self.change(actor, PAY, id, version, |work| {
            work.claim = rules::pay(work.claim.clone(), on, reference.clone()).map_err(Error::refused)?;
            let paid = work.claim.money(work.claim.paid_minor.unwrap_or(0));
            work.enter_money(actor, EntryKind::Paid, &reference, paid, Some(on));
            work.audit("claim.paid", json!({"paid": paid, "on": on, "reference": reference}));
            work.happened(events::PAID);
            Ok(())
        })
        .await
    }

    /// Asks the carrier, or his insurer, to make good for it.
    ///
    /// # Errors
    /// As `pay`.
    pub async fn ask_carrier(
        &self,
        actor: &Actor,
        id: &ClaimId,
        version: i64,
        draft: &RecoveryDraft,
    ) -> Result<Model, Error> {
        let on = rules::past_day("on", draft.on, actor.today())?;
        let from = rules::line("from", &rules::said("from", &draft.from)?)?;
        self.change(actor, HANDLE, id, version, |work| {
            let amount = rules::amount("amount", &draft.amount, work.claim.currency);
            let amount = amount.map_err(|problem| Error::Invalid(vec![problem]))?;
            work.claim = rules::ask_carrier(work.claim.clone(), from.clone(), amount, on).map_err(Error::refused)?;
            work.enter_money(actor, EntryKind::CarrierAsked, &from, amount, Some(on));
            work.audit("claim.carrier_asked", json!({"from": from, "amount": amount, "on": on}));
            Ok(())
        })
        .await
    }

    /// Writes down what came back.
    ///
    /// # Errors
    /// As `pay`; `Invalid` for more than was asked for.
    pub async fn recovered(
        &self,
        actor: &Actor,
        id: &ClaimId,
        version: i64,
        draft: &RecoveredDraft,
    ) -> Result<Model, Error> {
        let on = rules::past_day("on", draft.on, actor.today())?;
        self.change(actor, HANDLE, id, version, |work| {
            let amount = rules::amount("amount", &draft.amount, work.claim.currency);
            let amount = amount.map_err(|problem| Error::Invalid(vec![problem]))?;
            work.claim = rules::recovered(work.claim.clone(), amount, on)?;
            work.enter_money(actor, EntryKind::Recovered, "", amount, Some(on));
            work.audit("claim.recovered", json!({"amount": amount, "on": on}));
            Ok(())
        })
        .await
    }

    /// Nothing more comes back.
    ///
    /// # Errors
    /// As `pay`.
    pub async fn give_up(&self, actor: &Actor, id: &ClaimId, version: i64, reason: &str) -> Result<Model, Error> {
        let reason = rules::said("reason", reason)?;
        self.change(actor, HANDLE, id, version, |work| {
            work.claim = rules::give_up(work.claim.clone(), reason.clone()).map_err(Error::refused)?;
            work.enter(actor, EntryKind::GivenUp, &reason);
            work.audit("claim.recovery_given_up", json!({"reason": reason}));
            Ok(())
        })
        .await
    }
}
