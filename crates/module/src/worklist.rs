//! How modules put customers on today's worklist.

use async_trait::async_trait;
use base::{Actor, CustomerId, Day, Error, Message, UserId};
use db::Db;

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

/// A module's reasons.
#[async_trait]
pub trait ReasonSource: Send + Sync {
    /// Every open reason among the customers that the actor may see. `person` narrows to one person's work.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error>;
}
