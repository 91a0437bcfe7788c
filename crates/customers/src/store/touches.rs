//! Interactions of customers.

use std::collections::{BTreeMap, BTreeSet};

use base::{Cursor, CustomerId, Error, Instant, Page, PageSize, UserId};
use db::dialect::rows_per_insert;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveModelTrait, ConnectionTrait, ExprTrait, IntoActiveModel, QueryOrder, QuerySelect, SqlErr};

use crate::interaction::{ActiveModel, Column, Entity, InteractionId, Model, Outcome};
use crate::link;
use crate::rules::Refusal;
use crate::store::figures;

/// # Errors
/// When the database refuses the write.
pub async fn insert(tx: &impl ConnectionTrait, interaction: &Model, shipments: &BTreeSet<String>) -> Result<(), Error> {
    Entity::insert(interaction.clone().into_active_model()).exec_without_returning(tx).await.map_err(repeated)?;
    for shipment in shipments {
        let row = link::Model {
            interaction_id: interaction.id.clone(),
            object: "shipment".into(),
            object_id: shipment.clone(),
        };
        link::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    }
    recount(tx, interaction).await
}

/// Without links.
///
/// # Errors
/// As `insert`.
pub async fn insert_many(tx: &impl ConnectionTrait, interactions: &[Model]) -> Result<(), Error> {
    for some in interactions.chunks(rows_per_insert(<Column as sea_orm::Iterable>::iter().count())) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        Entity::insert_many::<ActiveModel, _>(rows).exec_without_returning(tx).await.map_err(repeated)?;
    }
    let promised = interactions.iter().filter(|row| row.next_step_on.is_some());
    let whose: BTreeSet<String> = promised.map(|row| row.customer_id.0.clone()).collect();
    figures::recount_steps(tx, &whose.into_iter().collect::<Vec<_>>()).await
}

async fn recount(tx: &impl ConnectionTrait, interaction: &Model) -> Result<(), Error> {
    figures::recount_steps(tx, std::slice::from_ref(&interaction.customer_id.0)).await
}

/// The unique index of source and key decides between two imports at the same time.
fn repeated(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(what)) if what.contains("source_key") => {
            Error::refused(Refusal::AlreadyLogged)
        }
        _ => error.into(),
    }
}

/// Writes what an import has changed.
///
/// # Errors
/// `Conflict` when somebody changed it meanwhile.
pub async fn save(tx: &impl ConnectionTrait, interaction: &Model) -> Result<(), Error> {
    let done = Entity::update_many()
        .set(Model { version: interaction.version + 1, ..interaction.clone() }.into_active_model().reset_all())
        .filter(Column::Id.eq(interaction.id.clone()))
        .filter(Column::Version.eq(interaction.version))
        .exec(tx)
        .await?;
    match done.rows_affected {
        0 => Err(Error::Conflict),
        _ => recount(tx, interaction).await,
    }
}

/// What was imported from a source under these keys.
///
/// # Errors
/// When the database does not answer.
pub async fn imported(db: &impl ConnectionTrait, source: &str, keys: &[String]) -> Result<Vec<Model>, Error> {
    let mut all = Vec::new();
    for some in keys.chunks(super::IN_ONE_QUERY) {
        let rows = Entity::find().filter(Column::Source.eq(source)).filter(Column::SourceKey.is_in(some));
        all.extend(rows.all(db).await?);
    }
    Ok(all)
}

/// A customer's interactions, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    customer: &CustomerId,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<Model>, Error> {
    let mut query = Entity::find().filter(Column::CustomerId.eq(customer.clone()));
    if let Some(after) = after {
        let at = after.key.parse().ok().and_then(super::instant_of);
        let older = at.map(|at| {
            let tied = Column::HappenedAt.eq(at).and(Column::Id.lt(after.id.as_str()));
            Column::HappenedAt.lt(at).or(tied)
        });
        query = query.filter(older.filter(|_| super::askable(&after.id)).unwrap_or_else(|| Expr::value(false)));
    }
    let rows = query.order_by_desc(Column::HappenedAt).order_by_desc(Column::Id).limit(size.0 + 1).all(db).await?;
    Ok(Page::cut(rows, size, |row| Cursor { key: row.happened_at.timestamp_micros().to_string(), id: row.id.clone() }))
}

/// The earliest open next step of each of these customers.
///
/// # Errors
/// When the database does not answer.
pub async fn next_steps(db: &impl ConnectionTrait, ids: &[String]) -> Result<BTreeMap<String, Model>, Error> {
    let open = Entity::find()
        .filter(Column::CustomerId.is_in(ids))
        .filter(Column::NextStepOn.is_not_null())
        .filter(Column::NextStepDoneAt.is_null());
    let rows = open.order_by_desc(Column::NextStepOn).order_by_desc(Column::Id).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.customer_id.0.clone(), row)).collect())
}

/// With whom each of these was.
///
/// # Errors
/// When the database does not answer.
pub async fn customers_of(db: &impl ConnectionTrait, ids: &[String]) -> Result<BTreeMap<String, CustomerId>, Error> {
    let some = Entity::find().filter(Column::Id.is_in(ids));
    let rows: Vec<(String, CustomerId)> =
        some.select_only().columns([Column::Id, Column::CustomerId]).into_tuple().all(db).await?;
    Ok(rows.into_iter().collect())
}

/// # Errors
/// `NotFound` when there is none.
pub async fn get(db: &impl ConnectionTrait, id: &InteractionId) -> Result<Model, Error> {
    if !super::askable(id.as_str()) {
        return Err(Error::NotFound);
    }
    Entity::find_by_id(id.as_str()).one(db).await?.ok_or(Error::NotFound)
}

/// False when it had been finished before.
///
/// # Errors
/// When the database refuses the write.
pub async fn finish_step(tx: &impl ConnectionTrait, interaction: &Model, now: Instant) -> Result<bool, Error> {
    let done = Entity::update_many()
        .col_expr(Column::NextStepDoneAt, Expr::value(now))
        .col_expr(Column::Version, Expr::value(interaction.version + 1))
        .filter(Column::Id.eq(interaction.id.clone()))
        .filter(Column::NextStepOn.is_not_null())
        .filter(Column::NextStepDoneAt.is_null())
        .exec(tx)
        .await?;
    recount(tx, interaction).await?;
    Ok(done.rows_affected == 1)
}

/// Opens a step again that was finished at this moment; finished by another act it stays finished.
///
/// # Errors
/// When the database refuses the write.
pub async fn reopen_step(tx: &impl ConnectionTrait, interaction: &Model, finished_at: Instant) -> Result<bool, Error> {
    let done = Entity::update_many()
        .col_expr(Column::NextStepDoneAt, Expr::value(None::<Instant>))
        .col_expr(Column::Version, Expr::value(interaction.version + 1))
        .filter(Column::Id.eq(interaction.id.clone()))
        .filter(Column::NextStepDoneAt.eq(finished_at))
        .exec(tx)
        .await?;
    recount(tx, interaction).await?;
    Ok(done.rows_affected == 1)
}

/// Opens the steps again that were finished by the act that logged this interaction, at its moment.
///
/// # Errors
/// When the database refuses the write.
pub async fn reopen_steps_of(tx: &impl ConnectionTrait, interaction: &Model) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::NextStepDoneAt, Expr::value(None::<Instant>))
        .filter(Column::CustomerId.eq(interaction.customer_id.clone()))
        .filter(Column::NextStepDoneAt.eq(interaction.created_at))
        .exec(tx)
        .await?;
    recount(tx, interaction).await
}

/// Those of these interactions that this person logged since then.
///
/// # Errors
/// When the database does not answer.
pub async fn logged_by(
    db: &impl ConnectionTrait,
    person: &UserId,
    since: Instant,
    ids: &[String],
) -> Result<Vec<Model>, Error> {
    let own = Entity::find().filter(Column::Id.is_in(ids)).filter(Column::ById.eq(person.clone()));
    Ok(own.filter(Column::CreatedAt.gte(since)).all(db).await?)
}

/// With what it told about.
///
/// # Errors
/// When the database refuses the write.
pub async fn delete(tx: &impl ConnectionTrait, interaction: &Model) -> Result<(), Error> {
    let id = interaction.id.as_str();
    link::Entity::delete_many().filter(link::Column::InteractionId.eq(id)).exec(tx).await?;
    Entity::delete_many().filter(Column::Id.eq(id)).exec(tx).await?;
    recount(tx, interaction).await
}

/// When somebody of the customer was last spoken or written to (see `rules::is_contact`).
///
/// # Errors
/// When the database does not answer.
pub async fn last_contact(db: &impl ConnectionTrait, customer: &CustomerId) -> Result<Option<Instant>, Error> {
    let contact = Column::Outcome.is_null().or(Column::Outcome.ne(Outcome::NotReached));
    let of_customer = Entity::find().filter(Column::CustomerId.eq(customer.clone())).filter(contact);
    Ok(of_customer.order_by_desc(Column::HappenedAt).one(db).await?.map(|last| last.happened_at))
}

/// Which shipments these interactions told about, by interaction.
///
/// # Errors
/// When the database does not answer.
pub async fn shipments_told(db: &impl ConnectionTrait, ids: &[String]) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for some in ids.chunks(super::IN_ONE_QUERY) {
        let rows = link::Entity::find()
            .filter(link::Column::InteractionId.is_in(some))
            .filter(link::Column::Object.eq("shipment"));
        for row in rows.order_by_asc(link::Column::ObjectId).all(db).await? {
            all.entry(row.interaction_id).or_default().push(row.object_id);
        }
    }
    Ok(all)
}

/// A customer's interactions before a time, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn before(
    db: &impl ConnectionTrait,
    customer: &CustomerId,
    before: Instant,
    rows: u64,
) -> Result<Vec<Model>, Error> {
    Ok(Entity::find()
        .filter(Column::CustomerId.eq(customer.clone()))
        .filter(Column::HappenedAt.lt(before))
        .order_by_desc(Column::HappenedAt)
        .order_by_desc(Column::Id)
        .limit(rows)
        .all(db)
        .await?)
}

/// A customer's open next steps, the earliest first.
///
/// # Errors
/// When the database does not answer.
pub async fn open_steps_of(db: &impl ConnectionTrait, customer: &CustomerId) -> Result<Vec<Model>, Error> {
    Ok(Entity::find()
        .filter(Column::CustomerId.eq(customer.clone()))
        .filter(Column::NextStepOn.is_not_null())
        .filter(Column::NextStepDoneAt.is_null())
        .order_by_asc(Column::NextStepOn)
        .order_by_asc(Column::Id)
        .limit(50)
        .all(db)
        .await?)
}
