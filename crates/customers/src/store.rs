//! Every query about customers; those that depend on who asks start from `visible_to`.

use base::{Actor, Cursor, CustomerId, Error, Page, PageSize, Permission, Scope, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Asterisk, LikeExpr};
use sea_orm::{
    Condition, ConnectionTrait, ExprTrait, IntoActiveModel, Order, QueryOrder, QuerySelect, QueryTrait, Select,
};
use serde::{Deserialize, Serialize};

pub mod touches;

use crate::customer::{Column, Entity, Model, Stage};
use crate::{address, assessment, people, rules, tag};

/// The closed set of orders of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    #[default]
    Name,
    /// Changed last first.
    Updated,
    /// Silent longest first.
    LastContact,
    Stage,
}

/// Which customers the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words that all must stand in a name or the credit code.
    pub words: String,
    pub stage: Option<Stage>,
    pub owner: Option<UserId>,
    pub without_owner: bool,
    pub tag: Option<String>,
    /// Only those whose next contact is due today or before.
    pub contact_due: bool,
    pub sort: Sort,
    pub after: Option<Cursor>,
}

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
    reached_by(actor, permission).filter(Column::Id.eq(id.as_str())).one(db).await?.ok_or(Error::NotFound)
}

fn filtered(actor: &Actor, filter: &Filter) -> Select<Entity> {
    let mut query = visible_to(actor);
    for word in rules::words(&filter.words) {
        let escaped = word.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        query = query.filter(Column::SearchKey.like(LikeExpr::new(format!("%{escaped}%")).escape('!')));
    }
    if let Some(stage) = filter.stage {
        query = query.filter(Column::Stage.eq(stage));
    }
    if let Some(owner) = &filter.owner {
        query = query.filter(Column::OwnerId.eq(owner.clone()));
    }
    if filter.without_owner {
        query = query.filter(Column::OwnerId.is_null());
    }
    if let Some(wanted) = &filter.tag {
        let tagged =
            tag::Entity::find().select_only().column(tag::Column::CustomerId).filter(tag::Column::Tag.eq(wanted));
        query = query.filter(Column::Id.in_subquery(tagged.into_query()));
    }
    if filter.contact_due {
        query = query.filter(Column::ContactDueOn.lte(actor.today()));
    }
    query
}

/// # Errors
/// When the database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    size: PageSize,
) -> Result<Page<Model>, Error> {
    let mut query = filtered(actor, filter);
    if let Some(after) = &filter.after {
        query = query.filter(behind(filter.sort, after));
    }
    query = match filter.sort {
        Sort::Name => query.order_by_asc(Column::NameKey).order_by_asc(Column::Id),
        Sort::Updated => query.order_by_desc(Column::UpdatedAt).order_by_desc(Column::Id),
        Sort::LastContact => query.order_by_asc(Column::LastContactOrder).order_by_asc(Column::Id),
        Sort::Stage => query.order_by_asc(Column::Stage).order_by_asc(Column::NameKey).order_by(Column::Id, Order::Asc),
    };
    let rows = query.limit(size.0 + 1).all(db).await?;
    Ok(Page::cut(rows, size, |row| Cursor { key: sort_key(filter.sort, row), id: row.id.clone() }))
}

/// How many the filter leaves, over all pages.
///
/// # Errors
/// When the database does not answer.
pub async fn count(db: &impl ConnectionTrait, actor: &Actor, filter: &Filter) -> Result<i64, Error> {
    let counted = filtered(actor, filter).select_only().column_as(Expr::col(Asterisk).count(), "count");
    Ok(counted.into_tuple().one(db).await?.unwrap_or(0))
}

fn sort_key(sort: Sort, row: &Model) -> String {
    match sort {
        Sort::Name => row.name_key.clone(),
        Sort::Updated => row.updated_at.timestamp_micros().to_string(),
        Sort::LastContact => row.last_contact_order.to_string(),
        Sort::Stage => format!("{}/{}", row.stage, row.name_key),
    }
}

/// A cursor that does not fit the sort is one that somebody made up: it shows nothing.
fn behind(sort: Sort, after: &Cursor) -> Condition {
    let id = after.id.as_str();
    let number = after.key.parse::<i64>().ok();
    let condition = match sort {
        Sort::Name => Some(Column::NameKey.gt(&after.key).or(Column::NameKey.eq(&after.key).and(Column::Id.gt(id)))),
        Sort::Updated => number
            .and_then(chrono::DateTime::from_timestamp_micros)
            .map(|at| Column::UpdatedAt.lt(at).or(Column::UpdatedAt.eq(at).and(Column::Id.lt(id)))),
        Sort::LastContact => number.map(|order| {
            Column::LastContactOrder.gt(order).or(Column::LastContactOrder.eq(order).and(Column::Id.gt(id)))
        }),
        Sort::Stage => after.key.split_once('/').map(|(stage, name)| {
            let same_stage = Column::NameKey.gt(name).or(Column::NameKey.eq(name).and(Column::Id.gt(id)));
            Expr::col(Column::Stage).gt(stage).or(Expr::col(Column::Stage).eq(stage).and(same_stage))
        }),
    };
    Condition::all().add(condition.unwrap_or_else(|| Expr::value(false)))
}

/// The customers that the actor may see of this name or credit code.
///
/// # Errors
/// When the database does not answer.
pub async fn by_name_or_code(db: &impl ConnectionTrait, actor: &Actor, text: &str) -> Result<Vec<Model>, Error> {
    let code = text.trim().to_uppercase();
    let same = Condition::any().add(Column::NameKey.eq(rules::name_key(text))).add(Column::CreditCode.eq(code));
    Ok(visible_to(actor).filter(same).order_by_asc(Column::Id).limit(10).all(db).await?)
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
/// When the database refuses the write.
pub async fn insert(tx: &impl ConnectionTrait, customer: &Model) -> Result<(), Error> {
    Entity::insert(customer.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(())
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
        .await?;
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

/// # Errors
/// When the database refuses the write.
pub async fn replace_parts(
    tx: &impl ConnectionTrait,
    id: &CustomerId,
    tags: &[String],
    addresses: Vec<address::Model>,
) -> Result<(), Error> {
    tag::Entity::delete_many().filter(tag::Column::CustomerId.eq(id.as_str())).exec(tx).await?;
    address::Entity::delete_many().filter(address::Column::CustomerId.eq(id.as_str())).exec(tx).await?;
    for tag in tags {
        let row = tag::Model { customer_id: id.to_string(), tag: tag.clone() };
        tag::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    }
    for row in addresses {
        address::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// # Errors
/// When the database does not answer.
pub async fn tags_of(db: &impl ConnectionTrait, id: &CustomerId) -> Result<Vec<String>, Error> {
    let rows = tag::Entity::find().filter(tag::Column::CustomerId.eq(id.as_str())).order_by_asc(tag::Column::Tag);
    Ok(rows.all(db).await?.into_iter().map(|row| row.tag).collect())
}

/// # Errors
/// When the database does not answer.
pub async fn addresses_of(db: &impl ConnectionTrait, id: &CustomerId) -> Result<Vec<address::Model>, Error> {
    let rows = address::Entity::find().filter(address::Column::CustomerId.eq(id.as_str()));
    Ok(rows.order_by_asc(address::Column::No).all(db).await?)
}

/// The people with these ids.
///
/// # Errors
/// When the database does not answer.
pub async fn people(db: &impl ConnectionTrait, ids: Vec<UserId>) -> Result<Vec<people::Model>, Error> {
    Ok(people::Entity::find().filter(people::Column::Id.is_in(ids.into_iter().map(|id| id.0))).all(db).await?)
}

/// Those who may own customers, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn possible_owners(db: &impl ConnectionTrait) -> Result<Vec<people::Model>, Error> {
    let active = people::Entity::find().filter(people::Column::Status.eq("active"));
    Ok(active.order_by_asc(people::Column::Name).limit(500).all(db).await?)
}

/// Visible customers whose contact is due on or before the actor's day.
///
/// # Errors
/// When the database does not answer.
pub async fn silent(db: &impl ConnectionTrait, actor: &Actor, owner: Option<&UserId>) -> Result<Vec<Model>, Error> {
    let mut query = visible_to(actor).filter(Column::ContactDueOn.lt(actor.today()));
    if let Some(owner) = owner {
        query = query.filter(Column::OwnerId.eq(owner.clone()));
    }
    Ok(query.order_by_asc(Column::ContactDueOn).order_by_asc(Column::Id).all(db).await?)
}
