//! Every query about customers; those that depend on who asks start from `visible_to`.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Error, Instant, Permission, Refusal as _, Scope, UserId};
use db::dialect::{is_among, rows_per_insert};
use db::packed;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{Condition, ConnectionTrait, IntoActiveModel, QueryOrder, QuerySelect, QueryTrait, Select, SqlErr};

pub mod codes;
pub mod departments;
pub mod figures;
mod list;
pub mod parts;
mod persons;
pub mod touches;
pub mod waiting;

pub use list::{Filter, Sort, count, list};
pub use persons::{left_behind, people, people_called, possible_owners};

use crate::customer::{ActiveModel, Column, Entity, Model};
use crate::{assessment, called, rules};

/// How many values one query asks for.
const IN_ONE_QUERY: usize = 1000;
/// The same where they are one list and not a value each.
const MOST_IN_ONE_QUERY: usize = 20_000;

/// Customers that the actor may see.
pub fn visible_to(actor: &Actor) -> Select<Entity> {
    within(actor, crate::VIEW)
}

/// Customers that a permission of the actor reaches, among those that he may see.
pub fn reached_by(actor: &Actor, permission: Permission) -> Select<Entity> {
    let seen = visible_to(actor);
    match scope_condition(actor, permission) {
        Some(condition) => seen.filter(condition),
        None => seen,
    }
}

/// The ids of the same, for what belongs to a customer; `None`: every customer, and nothing is to be looked up.
pub fn select_ids(actor: &Actor, permission: Permission) -> Option<SelectStatement> {
    let all = |permission| actor.scope(permission) == Some(Scope::All);
    if all(permission) && all(crate::VIEW) {
        return None;
    }
    Some(reached_by(actor, permission).select_only().column(Column::Id).into_query())
}

fn within(actor: &Actor, permission: Permission) -> Select<Entity> {
    match scope_condition(actor, permission) {
        Some(condition) => Entity::find().filter(condition),
        None => Entity::find(),
    }
}

/// `None`: all rows.
fn scope_condition(actor: &Actor, permission: Permission) -> Option<Condition> {
    let own = || match actor.user_id() {
        Some(user) => Condition::any().add(Column::OwnerId.eq(user.clone())),
        None => Condition::any().add(Expr::value(false)),
    };
    match actor.scope(permission) {
        Some(Scope::All) => None,
        Some(Scope::Departments(departments)) => Some(own().add(Column::DepartmentId.is_in(departments))),
        Some(Scope::Own) => Some(own()),
        None => Some(Condition::all().add(Expr::value(false))),
    }
}

/// # Errors
/// `NotFound` when there is none or it is out of the actor's scope.
pub async fn get(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    id: &CustomerId,
) -> Result<Model, Error> {
    if !askable(id.as_str()) {
        return Err(Error::NotFound);
    }
    reached_by(actor, permission).filter(Column::Id.eq(id.as_str())).one(db).await?.ok_or(Error::NotFound)
}

/// PostgreSQL refuses a query that asks for a text with a NUL byte; no record has such an id.
pub(crate) fn askable(id: &str) -> bool {
    !id.contains('\0')
}

/// An instant that somebody sent in microseconds since 1970. PostgreSQL refuses to compare with one before its calendar
/// begins; no record is that old.
pub(crate) fn instant_of(micros: i64) -> Option<Instant> {
    chrono::DateTime::from_timestamp_micros(micros).map(rules::within_calendar)
}

/// As `get`, and nobody else writes the customer until the transaction ends: what follows from its interactions is
/// worked out from all of them.
///
/// # Errors
/// As `get`.
pub async fn hold(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    id: &CustomerId,
) -> Result<Model, Error> {
    if !askable(id.as_str()) {
        return Err(Error::NotFound);
    }
    let one = reached_by(actor, permission).filter(Column::Id.eq(id.as_str()));
    one.lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}

/// Name and owner of those of these customers that the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn named(
    db: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[CustomerId],
) -> Result<BTreeMap<CustomerId, (String, Option<UserId>)>, Error> {
    let mut all = BTreeMap::new();
    for some in ids.chunks(MOST_IN_ONE_QUERY) {
        let some = visible_to(actor).filter(is_among(db, "id", some.iter().map(CustomerId::as_str)));
        let query = some.select_only().columns([Column::Id, Column::Name, Column::OwnerId]).into_query();
        let rows: Vec<(CustomerId, String, Option<UserId>)> =
            packed::rows(db, query, &["id", "name", "owner_id"]).await?;
        all.extend(rows.into_iter().map(|(id, name, owner)| (id, (name, owner))));
    }
    Ok(all)
}

/// The customers that the actor may see of this name or credit code.
///
/// # Errors
/// When the database does not answer.
pub async fn by_name_or_code(db: &impl ConnectionTrait, actor: &Actor, text: &str) -> Result<Vec<Model>, Error> {
    if !askable(text) {
        return Ok(Vec::new());
    }
    let code = text.trim().to_uppercase();
    let same = Condition::any().add(Column::NameKey.eq(rules::name_key(text))).add(Column::CreditCode.eq(code));
    Ok(visible_to(actor).filter(same).order_by_asc(Column::Id).limit(10).all(db).await?)
}

/// Everything that is called like one of these keys (see `rules::name_key`).
///
/// # Errors
/// When the database does not answer.
pub async fn called(
    db: &impl ConnectionTrait,
    keys: impl IntoIterator<Item = String>,
) -> Result<Vec<called::Model>, Error> {
    use called::Column::{CustomerId, Kind, NameKey};
    let keys: Vec<String> = keys.into_iter().collect();
    let mut all: Vec<called::Model> = Vec::new();
    for some in keys.chunks(MOST_IN_ONE_QUERY) {
        let rows = called::Entity::find().filter(is_among(db, "name_key", some.iter().map(String::as_str)));
        let query = rows.select_only().columns([CustomerId, Kind, NameKey]).into_query();
        all.extend(packed::rows::<called::Model>(db, query, &["customer_id", "kind", "name_key"]).await?);
    }
    all.sort_by(|one, other| one.customer_id.cmp(&other.customer_id));
    Ok(all)
}

/// Those of these customers that a permission of the actor reaches.
///
/// # Errors
/// When the database does not answer.
pub async fn reached(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    ids: &[String],
) -> Result<Vec<Model>, Error> {
    let mut all = Vec::new();
    for some in ids.chunks(IN_ONE_QUERY) {
        let some = is_among(db, "id", some.iter().map(String::as_str));
        all.extend(reached_by(actor, permission).filter(some).all(db).await?);
    }
    Ok(all)
}

/// The ids of those, which is all that a file of a million rows needs to know of them.
///
/// # Errors
/// When the database does not answer.
pub async fn ids_reached(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    ids: &[String],
) -> Result<Vec<CustomerId>, Error> {
    let mut all = Vec::new();
    for some in ids.chunks(MOST_IN_ONE_QUERY) {
        let some = is_among(db, "id", some.iter().map(String::as_str));
        let query = reached_by(actor, permission).filter(some).select_only().column(Column::Id).into_query();
        all.extend(packed::rows::<(CustomerId,)>(db, query, &["id"]).await?.into_iter().map(|(id,)| id));
    }
    Ok(all)
}

/// These customers, whoever may see them: for the rule that a file makes no second customer beside a hidden one.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn whoever_sees(db: &impl ConnectionTrait, ids: &[String]) -> Result<Vec<Model>, Error> {
    let mut all = Vec::new();
    for some in ids.chunks(IN_ONE_QUERY) {
        all.extend(Entity::find().filter(Column::Id.is_in(some)).all(db).await?);
    }
    Ok(all)
}

/// Moves the last contact forward; a later one that somebody else logged meanwhile stays.
///
/// # Errors
/// When the database refuses the write.
pub(crate) async fn advance_contact(tx: &impl ConnectionTrait, customer: &Model) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::LastContactAt, Expr::value(customer.last_contact_at))
        .col_expr(Column::LastContactOrder, Expr::value(customer.last_contact_order))
        .col_expr(Column::ContactDueOn, Expr::value(customer.contact_due_on))
        .filter(Column::Id.eq(customer.id.clone()))
        .filter(Column::LastContactOrder.lt(customer.last_contact_order))
        .exec(tx)
        .await?;
    Ok(())
}

/// Whether another customer, whoever may see it, has the code.
///
/// # Errors
/// When the database does not answer.
pub async fn code_taken(db: &impl ConnectionTrait, code: &str, but: Option<&CustomerId>) -> Result<bool, Error> {
    let mut query = Entity::find().filter(Column::CreditCode.eq(code));
    if let Some(id) = but {
        query = query.filter(Column::Id.ne(id.as_str()));
    }
    Ok(query.one(db).await?.is_some())
}

/// # Errors
/// `Invalid` when another customer has the credit code.
pub async fn insert(tx: &impl ConnectionTrait, customer: &Model) -> Result<(), Error> {
    Entity::insert(customer.clone().into_active_model()).exec_without_returning(tx).await.map_err(taken)?;
    Ok(())
}

/// # Errors
/// As `insert`.
pub async fn insert_many(tx: &impl ConnectionTrait, customers: &[Model]) -> Result<(), Error> {
    for some in customers.chunks(rows_per_insert(<Column as sea_orm::Iterable>::iter().count())) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        Entity::insert_many::<ActiveModel, _>(rows).exec_without_returning(tx).await.map_err(taken)?;
    }
    Ok(())
}

/// Two people may give the same code at the same time; the unique index decides.
fn taken(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(what)) if what.contains("credit_code") => {
            Error::invalid("credit_code", rules::Refusal::CreditCodeTaken.message())
        }
        _ => error.into(),
    }
}

/// Writes what people edit; stage and contact times belong to others.
///
/// # Errors
/// `Conflict` when somebody changed the customer since `version`.
pub async fn save(tx: &impl ConnectionTrait, customer: &Model, version: i64) -> Result<(), Error> {
    let done = Entity::update_many()
        .col_expr(Column::Name, Expr::value(customer.name.clone()))
        .col_expr(Column::NameKey, Expr::value(customer.name_key.clone()))
        .col_expr(Column::SearchKey, Expr::value(customer.search_key.clone()))
        .col_expr(Column::SortName, Expr::value(customer.sort_name.clone()))
        .col_expr(Column::ShortName, Expr::value(customer.short_name.clone()))
        .col_expr(Column::FormerNames, Expr::value(customer.former_names.clone()))
        .col_expr(Column::EnglishName, Expr::value(customer.english_name.clone()))
        .col_expr(Column::CreditCode, Expr::value(customer.credit_code.clone()))
        .col_expr(Column::Industry, Expr::value(customer.industry.clone()))
        .col_expr(Column::Size, Expr::value(customer.size))
        .col_expr(Column::RelationType, Expr::value(customer.relation_type))
        .col_expr(Column::Source, Expr::value(customer.source.clone()))
        .col_expr(Column::OwnerId, Expr::value(customer.owner_id.clone()))
        .col_expr(Column::DepartmentId, Expr::value(customer.department_id.clone()))
        .col_expr(Column::RhythmDays, Expr::value(customer.rhythm_days))
        .col_expr(Column::ContactDueOn, Expr::value(customer.contact_due_on))
        .col_expr(Column::Notes, Expr::value(customer.notes.clone()))
        .col_expr(Column::UpdatedAt, Expr::value(customer.updated_at))
        .col_expr(Column::Version, Expr::value(version + 1))
        .filter(Column::Id.eq(customer.id.clone()))
        .filter(Column::Version.eq(version))
        .exec(tx)
        .await
        .map_err(taken)?;
    if done.rows_affected == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// # Errors
/// When the database refuses the write.
pub async fn save_contact(tx: &impl ConnectionTrait, customer: &Model) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::LastContactAt, Expr::value(customer.last_contact_at))
        .col_expr(Column::LastContactOrder, Expr::value(customer.last_contact_order))
        .col_expr(Column::ContactDueOn, Expr::value(customer.contact_due_on))
        .filter(Column::Id.eq(customer.id.clone()))
        .exec(tx)
        .await?;
    Ok(())
}

/// # Errors
/// When the database refuses the write.
pub async fn save_stage(tx: &impl ConnectionTrait, customer: &Model) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Stage, Expr::value(customer.stage))
        .col_expr(Column::StageSince, Expr::value(customer.stage_since))
        .col_expr(Column::StageReason, Expr::value(customer.stage_reason.clone()))
        .col_expr(Column::StageReviewOn, Expr::value(customer.stage_review_on))
        .filter(Column::Id.eq(customer.id.clone()))
        .exec(tx)
        .await?;
    Ok(())
}

/// # Errors
/// When the database refuses the write.
pub async fn put_assessment(tx: &impl ConnectionTrait, row: assessment::Model) -> Result<(), Error> {
    use assessment::Column as C;
    let replace = sea_orm::sea_query::OnConflict::columns([C::CustomerId, C::Kind])
        .update_columns([C::Value, C::Score, C::Reasons, C::AsOf, C::ReviewOn])
        .to_owned();
    assessment::Entity::insert(row.into_active_model()).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// # Errors
/// When the database does not answer.
pub async fn assessments_of(db: &impl ConnectionTrait, id: &CustomerId) -> Result<Vec<assessment::Model>, Error> {
    let own = assessment::Entity::find().filter(assessment::Column::CustomerId.eq(id.as_str()));
    Ok(own.order_by_asc(assessment::Column::Kind).all(db).await?)
}
