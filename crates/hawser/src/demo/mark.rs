//! Whose database it is: the demo's people never come into the house of a firm.

use base::{Actor, Error, Instant, Message};
use customers::Customers;
use db::{Db, audit};
use serde::{Deserialize, Serialize};

use super::{Person, freight};
use crate::program::Program;

const MARK: &str = "demo";

/// Written before anything else of the demo, so that one that was interrupted goes on.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Mark {
    since: Option<Instant>,
}

/// Marks an empty database, or one that an older program made, as the demo's own.
///
/// # Errors
/// `Invalid` with a sentence when the database holds anything that is not the demo's.
pub async fn claim(db: &Db, program: &Program, actor: &Actor) -> Result<(), Error> {
    let mark: Mark = db::settings::get(db.read(), MARK).await?;
    if mark.since.is_some() {
        return Ok(());
    }
    if !is_empty(db, program, actor).await? && !is_older_demo(db, program, actor).await? {
        return Err(Error::invalid("", Message::new("cli-demo_not_ours")));
    }
    let tx = db.begin().await?;
    db::settings::put(&tx, actor, MARK, &Mark { since: Some(actor.now) }).await?;
    db.commit(tx).await
}

async fn is_empty(db: &Db, program: &Program, actor: &Actor) -> Result<bool, Error> {
    let (users, _) = program.access.users(actor).await?;
    let customers = Customers::new(db.clone()).count(actor, &customers::store::Filter::default()).await?;
    Ok(users.is_empty() && customers == 0)
}

/// Made before there was a mark: all its people were created by the command line, and its shipments are there.
async fn is_older_demo(db: &Db, program: &Program, actor: &Actor) -> Result<bool, Error> {
    let shipments = super::kind(program, "shipments")?;
    if !shipments.sources(db).await?.iter().any(|source| source == freight::SOURCE) {
        return Ok(false);
    }
    let (users, _) = program.access.users(actor).await?;
    for Person { login, .. } in super::read()?.people {
        let Some(user) = users.iter().find(|user| user.login == login) else {
            return Ok(false);
        };
        let told = audit::latest(db.read(), None, user.id.as_str(), 500).await?;
        if !told.iter().any(|entry| entry.action == "user.created" && entry.actor.starts_with("system:")) {
            return Ok(false);
        }
    }
    Ok(true)
}
