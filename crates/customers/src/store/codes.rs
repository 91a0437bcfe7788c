//! Credit codes that somebody met without reaching their customers, and how often a person did what is limited.

use base::{Actor, CustomerId, Error, Instant, UserId};
use db::audit;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, QueryTrait};

use crate::customer::{Column, Entity};

/// What the audit calls it.
pub const MET: &str = "customer.hidden_code_met";

/// When this person last did what the audit calls `action` since then, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn done_since(
    db: &impl ConnectionTrait,
    person: &UserId,
    action: &str,
    since: Instant,
    most: u64,
) -> Result<Vec<Instant>, Error> {
    use audit::Column::{Action, At, Object, ObjectId};
    let done = audit::Entity::find().filter(Object.eq("user")).filter(ObjectId.eq(person.as_str()));
    let done = done.filter(Action.eq(action)).filter(At.gt(since)).order_by_desc(At).limit(most);
    Ok(done.select_only().column(At).into_tuple().all(db).await?)
}

/// Whether it is this customer's own code.
///
/// # Errors
/// When the database does not answer.
pub async fn is_of(db: &impl ConnectionTrait, id: Option<&CustomerId>, code: &str) -> Result<bool, Error> {
    let Some(id) = id.filter(|id| super::askable(id.as_str())) else { return Ok(false) };
    let own = Entity::find().filter(Column::Id.eq(id.as_str())).filter(Column::CreditCode.eq(code));
    Ok(own.one(db).await?.is_some())
}

/// The customer with this code when the actor does not see him.
///
/// # Errors
/// When the database does not answer.
pub async fn hidden(db: &impl ConnectionTrait, actor: &Actor, code: &str) -> Result<Option<CustomerId>, Error> {
    let seen = super::visible_to(actor).select_only().column(Column::Id).into_query();
    let hidden = Entity::find().filter(Column::CreditCode.eq(code)).filter(Column::Id.not_in_subquery(seen));
    Ok(hidden.one(db).await?.map(|customer| customer.customer_id()))
}
