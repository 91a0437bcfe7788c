//! What the jobs and the worklist look for.

use base::{Actor, Error, Instant, Permission, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

use super::in_order;
use crate::clocks::{HELD, NEVER};
use crate::complaint::{Column, ComplaintId, Entity, Model};
use crate::words::{Escalation, Status};

/// What one person's worklist looks at: nobody does more in a day.
const MOST: u64 = 300;

/// Those whose next rung has come, the longest overdue first.
///
/// # Errors
/// When the database does not answer.
pub async fn to_escalate(db: &impl ConnectionTrait, now: Instant, rows: u64) -> Result<Vec<ComplaintId>, Error> {
    let due = Entity::find().filter(Column::EscalateOrder.lte(now.timestamp_micros()));
    let ids = due.select_only().column(Column::Id).order_by_asc(Column::EscalateOrder).limit(rows);
    Ok(ids.into_tuple().all(db).await?)
}

/// Those whose due times were worked out by another calendar.
///
/// # Errors
/// When the database does not answer.
pub async fn stale(db: &impl ConnectionTrait, rows: u64) -> Result<Vec<ComplaintId>, Error> {
    let stale = Entity::find().filter(Column::ClocksStale.eq(true));
    Ok(stale.select_only().column(Column::Id).limit(rows).into_tuple().all(db).await?)
}

/// The due times of all open ones are to be worked out anew.
///
/// # Errors
/// When the database refuses the write.
pub async fn outdate(tx: &impl ConnectionTrait) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::ClocksStale, Expr::value(true))
        .filter(Column::DueOrder.lt(crate::clocks::CLOSED))
        .exec(tx)
        .await?;
    Ok(())
}

/// Open ones that the actor may see and that somebody has to look at by then: due, or the law's day.
///
/// # Errors
/// When the database does not answer.
pub async fn pressing(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    person: Option<&UserId>,
    by: Instant,
) -> Result<Vec<Model>, Error> {
    let whose = |select: Select<Entity>| match person {
        Some(person) => select.filter(Column::OwnerId.eq(person.clone())),
        None => select,
    };
    let due = whose(in_order(actor, permission)).filter(Column::DueOrder.lte(by.timestamp_micros()));
    let mut all = due.order_by_asc(Column::DueOrder).limit(MOST).all(db).await?;
    let legal = whose(in_order(actor, permission)).filter(Column::LegalOrder.lt(NEVER));
    for one in legal.order_by_asc(Column::LegalOrder).limit(MOST).all(db).await? {
        if all.iter().all(|known| known.id != one.id) {
            all.push(one);
        }
    }
    Ok(all)
}

/// Those that went up to the manager and are still not done, the most overdue first.
///
/// # Errors
/// When the database does not answer.
pub async fn escalated(db: &impl ConnectionTrait, actor: &Actor, permission: Permission) -> Result<Vec<Model>, Error> {
    let high = [Escalation::Manager, Escalation::HighRisk];
    let open = in_order(actor, permission)
        .filter(Column::Escalation.is_in(high))
        .filter(Column::DueOrder.lt(HELD))
        .filter(Column::Status.is_in([Status::Waiting, Status::Handling]));
    Ok(open.order_by_asc(Column::DueOrder).limit(MOST).all(db).await?)
}
