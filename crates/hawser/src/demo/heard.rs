//! What customers of the textbook case said in passing.

use base::{Actor, Error};
use chrono::Duration;
use db::Db;
use feedback::{Feedback, NoteDraft};
use serde::Deserialize;

use super::book::Owners;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heard {
    customer: String,
    words: String,
    said_by: String,
    /// Login of whoever noted it.
    by: String,
    hours_ago: i64,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    answered_hours_ago: i64,
}

/// Writes what was heard, and what departments answered.
///
/// # Errors
/// When the database refuses; a broken `demo.toml` is our mistake.
pub async fn fill(db: &Db, actor: &Actor, owners: &Owners, all: &[Heard]) -> Result<(), Error> {
    let feedback = Feedback::new(db.clone());
    for heard in all {
        let (_, name) = owners.get(&heard.by).ok_or_else(|| Error::Bug(format!("the demo has no {}", heard.by)))?;
        let then = |hours: i64| Actor { now: actor.now - Duration::hours(hours), name: name.clone(), ..actor.clone() };
        let draft = NoteDraft {
            customer_called: heard.customer.clone(),
            words: heard.words.clone(),
            said_by: heard.said_by.clone(),
            ..NoteDraft::default()
        };
        let id = feedback.note(&then(heard.hours_ago), draft).await?;
        if !heard.answer.is_empty() {
            feedback.answer(&then(heard.answered_hours_ago), &id, 1, &heard.answer).await?;
        }
    }
    Ok(())
}
