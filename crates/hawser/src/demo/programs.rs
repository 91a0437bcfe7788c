//! The firm's other program, with a key of its own, and the file that it sent.

use access::Access;
use axum::body::Body;
use axum::http::Request;
use base::{Actor, Error, UserId};
use chrono::Duration;
use exchange::{Imports, Step};

const NAME: &str = "TMS";
const DAYS: i64 = 90;
const FILE: &str = "customers.csv";

/// A key for the transport management system, and three new customers, one known and one refused that it sent.
/// Nobody learns the secret.
///
/// # Errors
/// When the database or the data folder refuses, or `customers.csv` is broken, which is our mistake.
pub async fn fill(access: &Access, imports: &Imports, actor: &Actor, user: &UserId) -> Result<(), Error> {
    let scopes = [customers::VIEW.0, customers::CREATE.0, shipments::VIEW.0, shipments::EDIT.0, exchange::RUN.0];
    let last_day = actor.today() + Duration::days(DAYS);
    let key = access.create_key(actor, user, NAME, &scopes, last_day).await?;
    let sender = access.identify_key(&key.secret, actor.now).await?.ok_or_else(|| broken("no key"))?;
    let file = include_bytes!("../../../../demo/customers.csv").as_slice();
    let received = imports.receive(&sender, Request::new(Body::from(file)), FILE).await?;
    let batch = imports.add(&sender, "customers", received).await?;
    imports.run(&sender, &batch.id, Step::Check).await?;
    imports.run(&sender, &batch.id, Step::Commit).await.map(drop)
}

fn broken(what: &str) -> Error {
    Error::Bug(format!("demo: {what}"))
}
