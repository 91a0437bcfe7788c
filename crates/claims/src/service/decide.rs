//! What we say to what the customer asks for, and who lets it be paid.

use approvals::events::Told;
use approvals::{ApprovalId, Ask};
use base::{Actor, Error, Message, UserId};
use db::Tx;
use serde_json::json;

use super::Claims;
use super::work::{OBJECT, Work, of};
use crate::claim::{ClaimId, Model, Status};
use crate::entry::EntryKind;
use crate::forms::{AmountsDraft, BlameDraft, DecisionDraft};
use crate::{HANDLE, PAYOUT, RAISE, VIEW, events, rules};

impl Claims {
    /// Sets right what was asked for, before it is decided.
    ///
    /// # Errors
    /// `Invalid` field by field, `Refused` once it is decided, `Conflict` when somebody was quicker.
    pub async fn amend(&self, actor: &Actor, id: &ClaimId, version: i64, draft: &AmountsDraft) -> Result<Model, Error> {
        self.change(actor, RAISE, id, version, |work| {
            let amounts = rules::amounts(draft, work.claim.currency)?;
            let before = work.claim.asked();
            work.claim = rules::amend(work.claim.clone(), amounts).map_err(Error::refused)?;
            work.enter_money(actor, EntryKind::Amended, "", amounts.asked, None);
            let detail = json!({"before": before, "asked": amounts.asked, "value": amounts.value});
            work.audit("claim.amended", detail);
            Ok(())
        })
        .await
    }

    /// Accepts all, accepts a part, or refuses with a reason. What is beyond one's limit waits for somebody else; what
    /// was asked before is over.
    ///
    /// # Errors
    /// As `amend`; `Refused` when it is paid or closed.
    pub async fn decide(
        &self,
        actor: &Actor,
        id: &ClaimId,
        version: i64,
        draft: &DecisionDraft,
    ) -> Result<Model, Error> {
        let tx = self.db().begin().await?;
        let mut work = Work::open(&tx, actor, HANDLE, id, Some(version)).await?;
        rules::may_decide(&work.claim).map_err(Error::refused)?;
        let (accepted, reason) = rules::accepted(&work.claim, draft)?;
        self.approvals.withdraw_all(&tx, actor, OBJECT, id.as_str()).await?;
        let detail = json!({"decision": draft.decision, "amount": accepted, "reason": reason});
        work.claim = rules::decide(work.claim, draft.decision, accepted, reason.clone(), actor);
        work.audit("claim.decided", detail);
        work.happened(events::DECIDED);
        match accepted {
            None => {
                work.enter(actor, EntryKind::Refused, &reason);
            }
            Some(amount) => {
                work.enter_money(actor, EntryKind::Accepted, &reason, amount, None);
                if self.approvals.may_alone(&tx, actor, PAYOUT, amount).await? {
                    let pay_on = work.workday(&tx, actor, |policy| policy.pay_days).await?;
                    work.claim = rules::approve(work.claim, &actor.name, actor.now, pay_on);
                    work.enter_money(actor, EntryKind::Approved, "", amount, None);
                } else {
                    work.claim.approval_id = Some(self.ask(&tx, actor, &work.claim).await?);
                    work.enter_money(actor, EntryKind::Asked, "", amount, None);
                }
            }
        }
        let saved = work.save(&tx, actor).await?;
        self.db().commit(tx).await?;
        Ok(saved)
    }

    async fn ask(&self, tx: &Tx, actor: &Actor, claim: &Model) -> Result<ApprovalId, Error> {
        let reason = Message::new("claim-approval_reason").with("number", &claim.number).with("what", &claim.what);
        let ask = Ask {
            kind: PAYOUT,
            object: OBJECT,
            object_id: claim.id.as_str(),
            customer: Some(&claim.customer_id),
            amount: claim.decided(),
            reason,
            href: format!("/claims/{}", claim.id),
        };
        self.approvals.ask(tx, actor, ask).await
    }

    /// What became of the question that the claim waits for; anything older says nothing any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn settle(&self, tx: &Tx, actor: &Actor, told: &Told) -> Result<(), Error> {
        let id = ClaimId(told.object_id.clone());
        let mut work = match Work::open(tx, actor, VIEW, &id, None).await {
            Err(Error::NotFound) => return Ok(()),
            other => other?,
        };
        if work.claim.status != Status::Waiting || work.claim.approval_id.as_ref() != Some(&told.id) {
            return Ok(());
        }
        let ids = std::slice::from_ref(&told.id);
        let Some(approval) = self.approvals.state_of(tx, ids).await?.remove(&told.id) else { return Ok(()) };
        let amount = work.claim.decided();
        let kind = match approval.status {
            approvals::Status::Approved => {
                let pay_on = work.workday(tx, actor, |policy| policy.pay_days).await?;
                let at = approval.decided_at.unwrap_or(actor.now);
                work.claim = rules::approve(work.claim, &approval.decided_by, at, pay_on);
                EntryKind::Approved
            }
            approvals::Status::Waiting => return Ok(()),
            approvals::Status::Refused | approvals::Status::Withdrawn => {
                work.claim = rules::undecided(work.claim);
                EntryKind::NotApproved
            }
        };
        let line = work.enter(actor, kind, &approval.note);
        line.minor = amount.map(|amount| amount.minor);
        (line.by_id, line.by_name) = (approval.decided_by_id, approval.decided_by);
        let detail = json!({"amount": amount, "status": work.claim.status});
        work.audit("claim.approval_settled", detail);
        work.save(tx, actor).await.map(drop)
    }

    /// Says who answers for it; blame later, until it is closed.
    ///
    /// # Errors
    /// As `amend`.
    pub async fn blame(&self, actor: &Actor, id: &ClaimId, version: i64, draft: &BlameDraft) -> Result<Model, Error> {
        self.change(actor, HANDLE, id, version, |work| {
            let before = work.claim.liable;
            work.claim = rules::blame(work.claim.clone(), draft.liable).map_err(Error::refused)?;
            work.enter(actor, EntryKind::Blamed, draft.liable.word());
            work.audit("claim.blamed", json!({"before": before, "liable": draft.liable}));
            Ok(())
        })
        .await
    }

    /// Gives it to somebody who reaches the customer.
    ///
    /// # Errors
    /// As `amend`, and `Invalid` for somebody who does not.
    pub async fn hand_over(&self, actor: &Actor, id: &ClaimId, version: i64, to: &UserId) -> Result<Model, Error> {
        actor.require(HANDLE)?;
        let claim = crate::store::get(self.db().read(), actor, VIEW, id).await?;
        let people = self.possible_owners(&claim).await?;
        let Some((_, name)) = people.into_iter().find(|(id, _)| id == to) else {
            return Err(Error::invalid("owner", Message::new("claim-owner_cannot")));
        };
        self.change(actor, HANDLE, id, version, |work| {
            let before = work.claim.owner_id.clone();
            work.claim = rules::hand_over(work.claim.clone(), to.clone()).map_err(Error::refused)?;
            work.enter(actor, EntryKind::HandedOver, &name);
            work.audit("claim.handed_over", json!({"before": before, "owner": to}));
            Ok(())
        })
        .await
    }

    /// The customer asks for nothing any more.
    ///
    /// # Errors
    /// `Refused` once money has gone, `Invalid` without a reason.
    pub async fn withdraw(&self, actor: &Actor, id: &ClaimId, version: i64, reason: &str) -> Result<Model, Error> {
        let reason = rules::said("reason", reason)?;
        let tx = self.db().begin().await?;
        let mut work = Work::open(&tx, actor, RAISE, id, Some(version)).await?;
        work.claim = rules::withdraw(work.claim, reason.clone(), actor).map_err(Error::refused)?;
        self.approvals.withdraw_all(&tx, actor, OBJECT, id.as_str()).await?;
        work.enter(actor, EntryKind::Withdrawn, &reason);
        work.audit("claim.withdrawn", json!({"reason": reason}));
        work.happened(events::CLOSED);
        let saved = work.save(&tx, actor).await?;
        self.db().commit(tx).await?;
        Ok(saved)
    }

    /// # Errors
    /// `Refused` while something is left to do.
    pub async fn close(&self, actor: &Actor, id: &ClaimId, version: i64) -> Result<Model, Error> {
        self.change(actor, HANDLE, id, version, |work| {
            work.claim = rules::close(work.claim.clone(), actor).map_err(Error::refused)?;
            work.enter(actor, EntryKind::Closed, "");
            work.audit("claim.closed", of(&work.claim));
            work.happened(events::CLOSED);
            Ok(())
        })
        .await
    }
}
