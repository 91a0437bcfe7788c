//! How modules put customers on today's worklist.

use async_trait::async_trait;
use base::{Actor, CustomerId, Day, Error, Message, UserId};
use db::{Db, Tx};

/// How soon, in this order on equal value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    Overdue,
    Today,
    Soon,
}

/// Why a customer needs something, what to do, until when, and how we know.
#[derive(Clone, Debug)]
pub struct Reason {
    pub customer: CustomerId,
    /// Who should do it: the customer's owner, or the one who promised the next step. `None`: nobody owns the customer.
    pub person: Option<UserId>,
    /// `next_step_due`, `late_untold`, …: stable, part of the API.
    pub kind: &'static str,
    /// The same kind with the same mark is the same piece of work: done once, it does not come back.
    pub mark: String,
    pub reason: Message,
    pub act: Message,
    pub evidence: Message,
    /// Where the evidence can be read; empty when the customer page is the place.
    pub evidence_href: String,
    pub due: Day,
}

/// A reason that is being done or taken back.
#[derive(Clone, Copy, Debug)]
pub struct Doing<'a> {
    pub kind: &'a str,
    pub mark: &'a str,
    pub customer: &'a CustomerId,
    /// What was logged for it.
    pub interaction: &'a str,
}

/// A module's reasons.
#[async_trait]
pub trait ReasonSource: Send + Sync {
    /// Every open reason among the customers that the actor may see. `person` narrows to one person's work.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error>;

    /// Of which kind of another source's reason this one says the same and more, and of what: the mark's text before
    /// its first `/`. Of the two only this one is shown.
    fn instead_of(&self, _reason: &Reason) -> Option<(&'static str, String)> {
        None
    }

    /// The reason's act was done: runs in the transaction that logs the interaction with this id.
    /// Called for every source; one that does not know the reason's kind leaves it alone.
    ///
    /// # Errors
    /// Any error undoes the act.
    async fn done(&self, _tx: &Tx, _actor: &Actor, _reason: &Doing<'_>) -> Result<(), Error> {
        Ok(())
    }

    /// The act was taken back.
    ///
    /// # Errors
    /// Any error keeps it done.
    async fn undone(&self, _tx: &Tx, _actor: &Actor, _reason: &Doing<'_>) -> Result<(), Error> {
        Ok(())
    }
}
