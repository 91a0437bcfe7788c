//! Every query. Which claims an actor may see is decided in `reached_by`: those of customers that he reaches.

pub mod due;
pub mod list;
pub mod money;

use base::{Actor, CustomerId, DepartmentId, Error, FieldProblem, Message, Permission, UserId};
use calendar::{Calendar, calendar_of};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, SelectStatement};
use sea_orm::{ConnectionTrait, IntoActiveModel, QueryOrder, QuerySelect, Set};
use shipments::shipment;

use crate::claim::{ClaimId, Column, Entity, Model};
use crate::{entry, number};

/// Lines of a claim's history that are read at once.
const MOST_ENTRIES: u64 = 500;

/// Ids of the customers whose claims a permission of the actor reaches; `None`: all.
pub fn customers_reached(actor: &Actor, permission: Permission) -> Option<SelectStatement> {
    customers::store::select_ids(actor, permission)
}

/// Claims that a permission of the actor reaches.
pub fn reached_by(actor: &Actor, permission: Permission) -> Select<Entity> {
    match customers_reached(actor, permission) {
        Some(seen) => Entity::find().filter(Column::CustomerId.in_subquery(seen)),
        None => Entity::find(),
    }
}

/// # Errors
/// `NotFound` when there is none or it is out of the actor's reach.
pub async fn get(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    id: &ClaimId,
) -> Result<Model, Error> {
    if id.as_str().contains('\0') {
        return Err(Error::NotFound);
    }
    reached_by(actor, permission).filter(Column::Id.eq(id.as_str())).one(db).await?.ok_or(Error::NotFound)
}

/// As `get`, and nobody else writes it until the transaction ends.
///
/// # Errors
/// As `get`.
pub async fn lock(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    id: &ClaimId,
) -> Result<Model, Error> {
    if id.as_str().contains('\0') {
        return Err(Error::NotFound);
    }
    let one = reached_by(actor, permission).filter(Column::Id.eq(id.as_str()));
    one.lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}

/// The next number of the year. Whoever asks next waits until this transaction ends; one that is rolled back gives its
/// number back.
///
/// # Errors
/// When the database refuses the write.
pub async fn next_number(tx: &impl ConnectionTrait, year: i64) -> Result<i64, Error> {
    let first = number::ActiveModel { year: Set(year), last: Set(0) };
    let keep = OnConflict::column(number::Column::Year).do_nothing().to_owned();
    number::Entity::insert(first).on_conflict(keep).exec_without_returning(tx).await?;
    let counter = number::Entity::find_by_id(year).lock_exclusive().one(tx).await?;
    let next = counter.ok_or_else(|| Error::Bug("a counter is gone".into()))?.last + 1;
    number::Entity::update_many()
        .col_expr(number::Column::Last, Expr::value(next))
        .filter(number::Column::Year.eq(year))
        .exec(tx)
        .await?;
    Ok(next)
}

/// False when its exception has a claim already.
///
/// # Errors
/// When the database refuses the write.
pub async fn insert(tx: &impl ConnectionTrait, claim: &Model) -> Result<bool, Error> {
    let once = OnConflict::new().do_nothing().to_owned();
    let rows = Entity::insert(claim.clone().into_active_model()).on_conflict(once).exec_without_returning(tx).await?;
    Ok(rows == 1)
}

/// Writes it whole. `claim` carries the version that it gets, one more than the stored one.
///
/// # Errors
/// `Conflict` when somebody else changed it since it was read.
pub async fn save(tx: &impl ConnectionTrait, claim: &Model) -> Result<(), Error> {
    let done = Entity::update_many()
        .set(claim.clone().into_active_model().reset_all())
        .filter(Column::Id.eq(claim.id.as_str()))
        .filter(Column::Version.eq(claim.version - 1))
        .exec(tx)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Adds lines to the history, after those that there are.
///
/// # Errors
/// When the database refuses the write.
pub async fn add_entries(tx: &impl ConnectionTrait, claim: &ClaimId, lines: Vec<entry::Model>) -> Result<(), Error> {
    let own = entry::Entity::find().filter(entry::Column::ClaimId.eq(claim.as_str()));
    let last = own.order_by_desc(entry::Column::No).one(tx).await?;
    let first = last.map_or(0, |last| last.no) + 1;
    for (no, line) in (first..).zip(lines) {
        let row = entry::Model { no, ..line };
        entry::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn entries_of(db: &impl ConnectionTrait, id: &ClaimId) -> Result<Vec<entry::Model>, Error> {
    let own = entry::Entity::find().filter(entry::Column::ClaimId.eq(id.as_str()));
    Ok(own.order_by_desc(entry::Column::No).limit(MOST_ENTRIES).all(db).await?)
}

/// What the customer's timeline shows before a point in time, the newest first, with its claim.
///
/// # Errors
/// When the database does not answer.
pub async fn told_before(
    db: &impl ConnectionTrait,
    customer: &CustomerId,
    before: base::Instant,
    rows: u64,
) -> Result<Vec<(entry::Model, Model)>, Error> {
    use entry::Column::{At, ClaimId, CustomerId, Kind, No};
    let own = entry::Entity::find()
        .filter(CustomerId.eq(customer.clone()))
        .filter(At.lt(before))
        .filter(Kind.is_in(entry::EntryKind::ON_TIMELINE));
    let lines = own.order_by_desc(At).order_by_desc(ClaimId).order_by_desc(No).limit(rows).all(db).await?;
    let ids = lines.iter().map(|line| line.claim_id.as_str());
    let claims = Entity::find().filter(db::dialect::is_among(db, "id", ids)).all(db).await?;
    let of = |line: &entry::Model| claims.iter().find(|claim| claim.id == line.claim_id).cloned();
    Ok(lines.into_iter().filter_map(|line| of(&line).map(|claim| (line, claim))).collect())
}

/// The customer's claims, the last raised first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_customer(db: &impl ConnectionTrait, id: &CustomerId, rows: u64) -> Result<Vec<Model>, Error> {
    let own = Entity::find().filter(Column::CustomerId.eq(id.clone()));
    Ok(own.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(rows).all(db).await?)
}

/// Id and number of those of these claims that the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn numbers(db: &impl ConnectionTrait, actor: &Actor, ids: &[String]) -> Result<Vec<(String, String)>, Error> {
    let ids = ids.iter().filter(|id| !id.contains('\0')).map(String::as_str);
    let some = reached_by(actor, crate::VIEW).filter(Column::Id.is_in(ids));
    Ok(some.select_only().columns([Column::Id, Column::Number]).into_tuple().all(db).await?)
}

/// Whether the actor may see the customer's claims.
///
/// # Errors
/// When the database does not answer.
pub async fn reaches(db: &impl ConnectionTrait, actor: &Actor, customer: &CustomerId) -> Result<bool, Error> {
    if !actor.has(crate::VIEW) {
        return Ok(false);
    }
    match customers::store::get(db, actor, crate::VIEW, customer).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Who looks after the customer: owner and department.
///
/// # Errors
/// When the database does not answer.
pub async fn owner_of(
    db: &impl ConnectionTrait,
    customer: &CustomerId,
) -> Result<(Option<UserId>, Option<DepartmentId>), Error> {
    let mut found = exceptions::store::owners(db, &[customer.as_str()]).await?;
    Ok(found.remove(customer).unwrap_or_default())
}

/// The calendar of a department; of one that is gone, the firm's.
///
/// # Errors
/// When the database does not answer.
pub async fn calendar(db: &impl ConnectionTrait, id: Option<&DepartmentId>) -> Result<Calendar, Error> {
    match calendar_of(db, id).await {
        Err(Error::NotFound) => calendar_of(db, None).await,
        found => found,
    }
}

/// The customer's shipment of this waybill, the newest where two sources have it. One of a customer whom the actor may
/// not see is as unknown as one that nobody has.
///
/// # Errors
/// `Invalid` for a waybill that is unknown or another customer's.
pub async fn by_waybill(
    db: &impl ConnectionTrait,
    actor: &Actor,
    customer: &CustomerId,
    waybill: &str,
) -> Result<shipment::Model, Error> {
    use shipment::Column;
    let wrong = |key: &str| {
        let told = Message::new(key).with("waybill", waybill);
        Error::Invalid(vec![FieldProblem::new("waybill", told)])
    };
    if waybill.is_empty() || waybill.contains('\0') {
        return Err(wrong("claim-no_such_waybill"));
    }
    let own =
        shipment::Entity::find().filter(Column::Waybill.eq(waybill)).filter(Column::CustomerId.eq(customer.clone()));
    if let Some(found) = own.order_by_desc(Column::Id).one(db).await? {
        return Ok(found);
    }
    let other = match actor.has(shipments::VIEW) {
        true => shipments::store::visible_to(actor).filter(Column::Waybill.eq(waybill)).one(db).await?,
        false => None,
    };
    Err(wrong(if other.is_some() { "claim-waybill_of_another" } else { "claim-no_such_waybill" }))
}
