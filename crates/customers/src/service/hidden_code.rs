//! Credit codes of customers out of reach. That one is taken has to be said, so that nobody makes the firm twice; but
//! each time is written down, and nobody hears it at will.

use base::{Actor, CustomerId, Error, Refusal as _, UserId};
use chrono::Duration;
use db::{Tx, audit};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::Customers;
use crate::credit_code;
use crate::forms::CustomerDraft;
use crate::rules::Refusal;
use crate::store::codes;

/// Most codes of hidden customers that one person hears of within `WITHIN`, and most contacts whose numbers he sees.
const MOST: usize = 30;
const WITHIN: Duration = Duration::hours(1);

impl Customers {
    /// The code that a person asks about with this draft.
    ///
    /// # Errors
    /// `TooMany` for whoever has heard of too many; what is taken and what is free must look alike to him then.
    pub(super) async fn may_ask_for_code(
        &self,
        actor: &Actor,
        draft: &CustomerDraft,
        of: Option<&CustomerId>,
    ) -> Result<Option<String>, Error> {
        let (Some(person), Ok(code)) = (actor.user_id(), credit_code::checked(&draft.credit_code)) else {
            return Ok(None);
        };
        let db = self.db.read();
        match within_limit(db, actor, person, codes::MET).await {
            Err(error @ Error::TooMany { .. }) if !codes::is_of(db, of, &code).await? => Err(error),
            Ok(()) | Err(Error::TooMany { .. }) => Ok(Some(code)),
            Err(error) => Err(error),
        }
    }

    /// Gives the transaction up and writes down when the error tells of a hidden customer. Returns the error.
    pub(super) async fn answered(
        &self,
        tx: Tx,
        actor: &Actor,
        asked: Option<String>,
        error: Error,
    ) -> Result<Error, Error> {
        // SQLite has one writer at a time, and the next one is ours.
        tx.rollback().await?;
        let (Some(person), Some(code), true) = (actor.user_id(), asked, tells_of_code(&error)) else {
            return Ok(error);
        };
        if let Some(hidden) = codes::hidden(self.db.read(), actor, &code).await? {
            let tx = self.db.begin().await?;
            let detail = json!({"customer": hidden, "credit_code": code});
            audit::record(&tx, actor, codes::MET, "user", person.as_str(), detail).await?;
            self.db.commit(tx).await?;
        }
        Ok(error)
    }
}

/// # Errors
/// `TooMany` for whoever has done what the audit calls `action` too often of late.
pub(crate) async fn within_limit(
    db: &impl ConnectionTrait,
    actor: &Actor,
    person: &UserId,
    action: &str,
) -> Result<(), Error> {
    let done = codes::done_since(db, person, action, actor.now - WITHIN, MOST as u64).await?;
    match done.get(MOST - 1).map(|oldest| *oldest + WITHIN - actor.now) {
        Some(wait) => {
            Err(Error::TooMany { retry_after_seconds: u64::try_from(wait.num_seconds()).unwrap_or(0).max(1) })
        }
        None => Ok(()),
    }
}

fn tells_of_code(error: &Error) -> bool {
    let taken = Refusal::CreditCodeTaken.message();
    matches!(error, Error::Invalid(problems) if problems.iter().any(|problem| problem.message == taken))
}
