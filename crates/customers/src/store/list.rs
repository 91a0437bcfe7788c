//! The list of customers: filters, orders, pages.

use base::{Actor, Cursor, Day, DepartmentId, Error, Page, PageSize, UserId};
use chrono::Datelike;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Asterisk, LikeExpr};
use sea_orm::{Condition, ConnectionTrait, ExprTrait, QueryOrder, QuerySelect, QueryTrait, Select};
use serde::{Deserialize, Serialize};
use texts::pinyin;
use utoipa::ToSchema;

use super::visible_to;
use crate::customer::{Column, Entity, Model, NO_STEP, RelationType, Stage};
use crate::{rules, search, tag};

/// The closed set of orders of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CustomerSort)]
pub enum Sort {
    #[default]
    Name,
    /// Changed last first.
    Updated,
    /// Newest first.
    Created,
    /// Silent longest first.
    LastContact,
    Stage,
    /// Most shipments of the last 30 days first.
    Shipments,
    /// Most margin of the last 365 days first, unknown last.
    Value,
    /// Next step due first, those without one last.
    NextStep,
}

impl Sort {
    /// Whether it tells something about shipments.
    pub fn is_of_shipments(self) -> bool {
        matches!(self, Sort::Shipments | Sort::Value)
    }
}

/// Which customers the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words that all must stand in a name or the credit code.
    pub words: String,
    pub stage: Option<Stage>,
    pub owner: Option<UserId>,
    pub without_owner: bool,
    pub department: Option<DepartmentId>,
    pub relation_type: Option<RelationType>,
    /// As it is written in the file.
    pub industry: Option<String>,
    pub tag: Option<String>,
    /// Only those whose next contact is due today or before.
    pub contact_due: bool,
    pub sort: Sort,
    pub after: Option<Cursor>,
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
        Sort::Name => query.order_by_asc(Column::SortName).order_by_asc(Column::Id),
        Sort::Updated => query.order_by_desc(Column::UpdatedAt).order_by_desc(Column::Id),
        // An id begins with the time it was made at.
        Sort::Created => query.order_by_desc(Column::Id),
        Sort::LastContact => query.order_by_asc(Column::LastContactOrder).order_by_asc(Column::Id),
        Sort::Stage => query.order_by_asc(Column::Stage).order_by_asc(Column::SortName).order_by_asc(Column::Id),
        Sort::Shipments => query.order_by_desc(Column::Shipments30).order_by_desc(Column::Id),
        Sort::Value => query.order_by_desc(Column::ValueOrder).order_by_desc(Column::Id),
        Sort::NextStep => query.order_by_asc(Column::NextStepDue).order_by_asc(Column::Id),
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

fn filtered(actor: &Actor, filter: &Filter) -> Select<Entity> {
    let mut query = visible_to(actor);
    for word in rules::words(&filter.words) {
        let spoken = pinyin::patterns(&word).into_iter().map(|pattern| search::Column::Spoken.like(within(&pattern)));
        let fits = spoken.fold(Condition::any().add(search::Column::Words.like(within(&word))), Condition::add);
        let found = search::Entity::find().select_only().column(search::Column::CustomerId).filter(fits);
        query = query.filter(Column::Id.in_subquery(found.into_query()));
    }
    if let Some(wanted) = &filter.tag {
        let tagged =
            tag::Entity::find().select_only().column(tag::Column::CustomerId).filter(tag::Column::Tag.eq(wanted));
        query = query.filter(Column::Id.in_subquery(tagged.into_query()));
    }
    query.filter(same_as(actor, filter))
}

/// Anywhere in a text.
fn within(part: &str) -> LikeExpr {
    let escaped = part.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    LikeExpr::new(format!("%{escaped}%")).escape('!')
}

/// The filters that compare one column.
fn same_as(actor: &Actor, filter: &Filter) -> Condition {
    let all = [
        filter.stage.map(|stage| Column::Stage.eq(stage)),
        filter.owner.as_ref().map(|owner| Column::OwnerId.eq(owner.clone())),
        filter.without_owner.then(|| Column::OwnerId.is_null()),
        filter.department.as_ref().map(|department| Column::DepartmentId.eq(department.clone())),
        filter.relation_type.map(|relation| Column::RelationType.eq(relation)),
        filter.industry.as_ref().map(|industry| Column::Industry.eq(industry.trim())),
        filter.contact_due.then(|| Column::ContactDueOn.lte(actor.today())),
    ];
    all.into_iter().flatten().fold(Condition::all(), Condition::add)
}

fn sort_key(sort: Sort, row: &Model) -> String {
    match sort {
        Sort::Name => row.sort_name.clone(),
        Sort::Updated => row.updated_at.timestamp_micros().to_string(),
        Sort::Created => String::new(),
        Sort::LastContact => row.last_contact_order.to_string(),
        Sort::Stage => format!("{}/{}", row.stage, row.sort_name),
        Sort::Shipments => row.shipments_30.to_string(),
        Sort::Value => row.value_order.to_string(),
        Sort::NextStep => row.next_step_due.to_string(),
    }
}

/// A cursor that does not fit the sort is one that somebody made up: it shows nothing.
fn behind(sort: Sort, after: &Cursor) -> Condition {
    let id = after.id.as_str();
    let number = after.key.parse::<i64>().ok();
    let condition = match sort {
        Sort::Name => Some(later(Column::SortName, after.key.clone(), id)),
        Sort::Updated => number.and_then(super::instant_of).map(|at| earlier(Column::UpdatedAt, at, id)),
        Sort::Created => after.key.is_empty().then(|| Column::Id.lt(id)),
        Sort::LastContact => number.map(|order| later(Column::LastContactOrder, order, id)),
        Sort::Stage => after.key.split_once('/').map(|(stage, name)| {
            let same_stage = later(Column::SortName, name.to_owned(), id);
            Expr::col(Column::Stage).gt(stage).or(Expr::col(Column::Stage).eq(stage).and(same_stage))
        }),
        Sort::Shipments => number.map(|count| earlier(Column::Shipments30, count, id)),
        Sort::Value => number.map(|value| earlier(Column::ValueOrder, value, id)),
        Sort::NextStep => {
            let day = after.key.parse::<Day>().ok().filter(|day| *day <= NO_STEP && day.year() > 0);
            day.map(|day| later(Column::NextStepDue, day, id))
        }
    };
    let askable = super::askable(id) && super::askable(&after.key);
    Condition::all().add(condition.filter(|_| askable).unwrap_or_else(|| Expr::value(false)))
}

fn later(column: Column, key: impl Into<Value> + Clone, id: &str) -> Expr {
    column.gt(key.clone()).or(column.eq(key).and(Column::Id.gt(id)))
}

fn earlier(column: Column, key: impl Into<Value> + Clone, id: &str) -> Expr {
    column.lt(key.clone()).or(column.eq(key).and(Column::Id.lt(id)))
}
