//! Every query on marks.

use base::{CustomerId, Error, Instant, UserId};
use db::dialect::is_among;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, IntoActiveModel};

use crate::mark::{ActiveModel, Column, Entity, Model};

/// Customers that one query asks for.
const IN_ONE_QUERY: usize = 20_000;

/// The marks that may still hide something: of these customers, not undone.
pub async fn in_force(db: &impl ConnectionTrait, customers: &[CustomerId]) -> Result<Vec<Model>, Error> {
    let mut found = Vec::new();
    for some in customers.chunks(IN_ONE_QUERY) {
        let marks = Entity::find()
            .filter(is_among(db, "customer_id", some.iter().map(CustomerId::as_str)))
            .filter(Column::UndoneAt.is_null())
            .all(db)
            .await?;
        found.extend(marks);
    }
    Ok(found)
}

/// Acts that were done since this instant, whether or not the customer was reached: person and act, each act once.
pub async fn done_since(
    db: &impl ConnectionTrait,
    since: Instant,
    person: Option<&UserId>,
) -> Result<Vec<(Option<UserId>, String)>, Error> {
    let mut query = Entity::find()
        .filter(Column::MadeAt.gte(since))
        .filter(Column::InteractionId.is_not_null())
        .filter(Column::UndoneAt.is_null());
    if let Some(person) = person {
        query = query.filter(Column::Person.eq(person.0.clone()));
    }
    let mut acts: Vec<_> = query.all(db).await?.into_iter().map(|mark| (mark.person, mark.act_id)).collect();
    acts.sort();
    acts.dedup();
    Ok(acts)
}

pub async fn of_act(db: &impl ConnectionTrait, act: &str) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().filter(Column::ActId.eq(act)).filter(Column::UndoneAt.is_null()).all(db).await?)
}

pub async fn add(tx: &impl ConnectionTrait, marks: Vec<Model>) -> Result<(), Error> {
    let rows = marks.into_iter().map(|mark| ActiveModel { ..mark.into_active_model().reset_all() });
    Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// The acts that this interaction told of.
pub async fn take_back_told_by(tx: &impl ConnectionTrait, interaction: &str, now: Instant) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::UndoneAt, Expr::value(now))
        .filter(Column::InteractionId.eq(interaction))
        .filter(Column::UndoneAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// True for whoever takes the act back first.
pub async fn take_back(tx: &impl ConnectionTrait, act: &str, now: Instant) -> Result<bool, Error> {
    let taken = Entity::update_many()
        .col_expr(Column::UndoneAt, Expr::value(now))
        .filter(Column::ActId.eq(act))
        .filter(Column::UndoneAt.is_null())
        .exec(tx)
        .await?;
    Ok(taken.rows_affected > 0)
}
