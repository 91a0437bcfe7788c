//! What the list of customers shows and sorts by beside the record.

use std::collections::BTreeMap;

use base::{Actor, Day, Error, Permission};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Func, Query};
use sea_orm::{ConnectionTrait, ExprTrait, QuerySelect};

use super::{IN_ONE_QUERY, reached_by};
use crate::customer::{Column, Entity, NO_STEP, UNKNOWN_VALUE};
use crate::figures::{self, Model, Order};
use crate::interaction;

/// Figures of those of these customers that a permission of the actor reaches.
///
/// # Errors
/// When the database does not answer.
pub async fn of_reached(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    ids: &[String],
) -> Result<BTreeMap<String, Model>, Error> {
    let reached = reached_by(actor, permission).select_only().column(Column::Id).filter(Column::Id.is_in(ids));
    let reached: Vec<String> = reached.into_tuple().all(db).await?;
    let rows = figures::Entity::find().filter(figures::Column::CustomerId.is_in(reached)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.customer_id.clone(), row)).collect())
}

/// Only what differs is written: most customers stay where they are from one day to the next.
///
/// # Errors
/// When the database refuses the write.
pub async fn put_orders(tx: &impl ConnectionTrait, orders: &[Order]) -> Result<(), Error> {
    for some in orders.chunks(IN_ONE_QUERY) {
        let ids = some.iter().map(|order| order.customer.as_str());
        let stored: Vec<(String, i64, i64)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Shipments30, Column::ValueOrder])
            .filter(Column::Id.is_in(ids))
            .into_tuple()
            .all(tx)
            .await?;
        let stored: BTreeMap<String, (i64, i64)> = stored.into_iter().map(|(id, one, two)| (id, (one, two))).collect();
        for order in some {
            let wanted = (order.shipments_30, order.value.unwrap_or(UNKNOWN_VALUE));
            if stored.get(order.customer.as_str()).is_none_or(|stored| *stored == wanted) {
                continue;
            }
            Entity::update_many()
                .col_expr(Column::Shipments30, Expr::value(wanted.0))
                .col_expr(Column::ValueOrder, Expr::value(wanted.1))
                .filter(Column::Id.eq(order.customer.as_str()))
                .exec(tx)
                .await?;
        }
    }
    Ok(())
}

/// Finds the earliest open next step of these customers anew, after one was promised, finished or taken back.
///
/// # Errors
/// When the database refuses the write.
pub async fn recount_steps(tx: &impl ConnectionTrait, ids: &[String]) -> Result<(), Error> {
    use interaction::Column as C;
    let of_customer = Expr::col((interaction::Entity, C::CustomerId)).equals((Entity, Column::Id));
    let first = Query::select()
        .expr(Expr::col((interaction::Entity, C::NextStepOn)).min())
        .from(interaction::Entity)
        .and_where(of_customer)
        .and_where(Expr::col((interaction::Entity, C::NextStepDoneAt)).is_null())
        .to_owned();
    let first = Expr::SubQuery(None, Box::new(first.into()));
    for some in ids.chunks(IN_ONE_QUERY) {
        Entity::update_many()
            .col_expr(Column::NextStepDue, Func::coalesce([first.clone(), Expr::value::<Day>(NO_STEP)]).into())
            .filter(Column::Id.is_in(some))
            .exec(tx)
            .await?;
    }
    Ok(())
}
