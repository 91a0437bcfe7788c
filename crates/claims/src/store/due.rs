//! What the worklist looks for.

use base::{Actor, Day, Error, Permission, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

use super::reached_by;
use crate::claim::{Column, Model};
use crate::rules;

/// What one person's worklist looks at: nobody does more in a day.
const MOST: u64 = 300;

/// Those that are due by then, the longest overdue first.
///
/// # Errors
/// When the database does not answer.
pub async fn by(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    person: Option<&UserId>,
    day: Day,
) -> Result<Vec<Model>, Error> {
    let due = reached_by(actor, permission).filter(Column::DueOrder.lte(rules::order_of(day)));
    let due = match person {
        Some(person) => due.filter(Column::OwnerId.eq(person.clone())),
        None => due,
    };
    Ok(due.order_by_asc(Column::DueOrder).order_by_asc(Column::Id).limit(MOST).all(db).await?)
}
