//! Lists and the board.

use base::{Actor, Cursor, CustomerId, DepartmentId, Error, Page, PageSize};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, QueryOrder, QuerySelect, QueryTrait};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{in_order, reached_by};
use crate::clocks::{CLOSED, NEVER};
use crate::complaint::{Column, Entity, Model};
use crate::words::{Category, Severity, Status};

/// Cards in one column of the board.
pub const IN_COLUMN: u64 = 20;
/// Beyond this many a column or tab is only said to have more.
pub const MOST_COUNTED: i64 = 200;

/// Which complaints a list is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ComplaintView)]
pub enum View {
    /// Not closed; what is due first comes first.
    #[default]
    Open,
    /// Open and mine.
    Mine,
    /// Open and beyond the due time.
    Overdue,
    /// The law's clock runs; its last day first.
    Legal,
    /// Closed ones too; the last received first.
    All,
}

impl View {
    pub const ALL: [View; 5] = [View::Open, View::Mine, View::Overdue, View::Legal, View::All];

    pub fn word(self) -> &'static str {
        match self {
            View::Open => "open",
            View::Mine => "mine",
            View::Overdue => "overdue",
            View::Legal => "legal",
            View::All => "all",
        }
    }

    fn sorted_by(self) -> (Column, sea_orm::Order) {
        match self {
            View::Open | View::Mine | View::Overdue => (Column::DueOrder, sea_orm::Order::Asc),
            View::Legal => (Column::LegalOrder, sea_orm::Order::Asc),
            View::All => (Column::ReceivedOrder, sea_orm::Order::Desc),
        }
    }

    fn key_of(self, complaint: &Model) -> i64 {
        match self {
            View::Open | View::Mine | View::Overdue => complaint.due_order,
            View::Legal => complaint.legal_order,
            View::All => complaint.received_order,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub view: View,
    pub category: Option<Category>,
    pub severity: Option<Severity>,
    pub status: Option<Status>,
    pub department: Option<DepartmentId>,
    pub customer: Option<CustomerId>,
    /// Beginning of the number.
    pub number: String,
    pub after: Option<Cursor>,
}

/// What the filter says, of those that the actor may see; in no order.
fn those(actor: &Actor, filter: &Filter) -> Select<Entity> {
    let mut query = match (&filter.customer, filter.view) {
        // Of all that ever were, few may be his.
        (Some(_), _) | (None, View::All) => reached_by(actor, crate::VIEW),
        (None, _) => in_order(actor, crate::VIEW),
    };
    let now = actor.now.timestamp_micros();
    query = match filter.view {
        View::Open => query.filter(Column::DueOrder.lt(CLOSED)),
        View::Mine => match actor.user_id() {
            Some(user) => query.filter(Column::OwnerId.eq(user.clone())).filter(Column::DueOrder.lt(CLOSED)),
            None => query.filter(Expr::value(false)),
        },
        View::Overdue => query.filter(Column::DueOrder.lt(now)),
        View::Legal => query.filter(Column::LegalOrder.lt(NEVER)),
        View::All => query,
    };
    if let Some(category) = filter.category {
        query = query.filter(Column::Category.eq(category));
    }
    if let Some(severity) = filter.severity {
        query = query.filter(Column::Severity.eq(severity));
    }
    if let Some(status) = filter.status {
        query = query.filter(Column::Status.eq(status));
    }
    if let Some(department) = &filter.department {
        query = query.filter(Column::DepartmentId.eq(department.clone()));
    }
    if let Some(customer) = &filter.customer {
        query = query.filter(Column::CustomerId.eq(customer.clone()));
    }
    if !filter.number.is_empty() {
        let from = Column::Number.gte(&filter.number);
        query = query.filter(from).filter(Column::Number.lt(format!("{}\u{10ffff}", filter.number)));
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
    let (column, order) = filter.view.sorted_by();
    let mut query = those(actor, filter);
    if let Some(place) = &filter.after {
        let key: i64 = place.key.parse().map_err(|_| web::api::unknown_place())?;
        let (id, up) = (place.id.clone(), order == sea_orm::Order::Asc);
        let beyond = if up { column.gt(key) } else { column.lt(key) };
        let beside = if up { Column::Id.gt(id) } else { Column::Id.lt(id) };
        // The first part alone is what an index can begin at.
        let from = if up { column.gte(key) } else { column.lte(key) };
        query = query.filter(from).filter(beyond.or(beside));
    }
    let rows = query.order_by(column, order.clone()).order_by(Column::Id, order).limit(size.0 + 1).all(db).await?;
    let cursor_of = |row: &Model| Cursor { key: filter.view.key_of(row).to_string(), id: row.id.0.clone() };
    Ok(Page::cut(rows, size, cursor_of))
}

/// How many, at most `MOST_COUNTED`.
///
/// # Errors
/// When the database does not answer.
pub async fn count(db: &impl ConnectionTrait, actor: &Actor, filter: &Filter) -> Result<i64, Error> {
    let (column, _) = filter.view.sorted_by();
    let some = those(actor, filter).select_only().column(column).limit(MOST_COUNTED as u64).into_query();
    counted(db, some).await
}

async fn counted(db: &impl ConnectionTrait, some: SelectStatement) -> Result<i64, Error> {
    let count = Expr::col(sea_orm::sea_query::Asterisk).count();
    let whole = Query::select().expr(count).from_subquery(some, Alias::new("some")).to_owned();
    let row = db.query_one(&whole).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0))
}

/// One column of the board.
#[derive(Clone, Debug)]
pub struct InStatus {
    pub status: Status,
    /// At most `MOST_COUNTED`.
    pub count: i64,
    /// What is due first.
    pub rows: Vec<Model>,
}

/// # Errors
/// When the database does not answer.
pub async fn board(db: &impl ConnectionTrait, actor: &Actor, filter: &Filter) -> Result<Vec<InStatus>, Error> {
    let mut columns = Vec::new();
    for status in Status::OPEN {
        let own = Filter { status: Some(status), after: None, ..filter.clone() };
        let count = count(db, actor, &own).await?;
        let rows = match count {
            0 => Vec::new(),
            _ => list(db, actor, &own, PageSize(IN_COLUMN)).await?.rows,
        };
        columns.push(InStatus { status, count, rows });
    }
    Ok(columns)
}
