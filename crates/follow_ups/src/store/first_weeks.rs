//! New customers and their first week.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Day, DepartmentId, Error};
use customers::customer::{Column as OfCustomer, Entity as Customer};
use db::dialect::is_among;
use db::packed;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, QuerySelect, QueryTrait};
use serde::Deserialize;
use shipments::shipment as shipped;

use crate::follow_up::{Column, Entity, Kind, Model, Status};

/// A customer who shipped for the first time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NewCustomer {
    pub id: CustomerId,
    pub department: Option<DepartmentId>,
    pub first_shipped_on: Day,
}

/// Customers whose first shipment lies between these days, and of whom nobody has asked or will ask how it was.
/// `only`: among these.
///
/// # Errors
/// When the database does not answer.
pub async fn unasked(
    db: &impl ConnectionTrait,
    actor: &Actor,
    only: Option<&[CustomerId]>,
    from: Day,
    until: Day,
) -> Result<Vec<NewCustomer>, Error> {
    use shipped::Column::ShippedOn;
    let mut seen = customers::store::visible_to(actor);
    if let Some(only) = only {
        seen = seen.filter(is_among(db, "id", only.iter().map(CustomerId::as_str)));
    }
    // Each is a look into the index by customer and day; to put a month's shipments in the order of their customers
    // takes longer than to ask for every customer of the firm.
    let earlier = shipments_of(Expr::value(1)).and_where(Expr::col(ShippedOn).lt(from)).to_owned();
    let lately = |what: Expr| shipments_of(what).and_where(Expr::col(ShippedOn).between(from, until)).to_owned();
    let same = Expr::col((Entity, Column::CustomerId)).equals((Customer, OfCustomer::Id));
    let asked = Query::select()
        .expr(Expr::value(1))
        .from(Entity)
        .and_where(same)
        .and_where(Expr::col((Entity, Column::Kind)).eq(Kind::FirstWeek))
        .and_where(Expr::col((Entity, Column::Status)).ne(Status::Void))
        .to_owned();
    let first = Expr::SubQuery(None, Box::new(lately(Expr::col(ShippedOn).min()).into()));
    let mut query = seen.select_only().columns([OfCustomer::Id, OfCustomer::DepartmentId]).into_query();
    query
        .expr_as(first, "first")
        .and_where(Expr::exists(earlier).not())
        .and_where(Expr::exists(lately(Expr::value(1))))
        .and_where(Expr::exists(asked).not());
    let mut new: Vec<NewCustomer> = packed::rows(db, query, &["id", "department_id", "first"]).await?;
    new.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(new)
}

/// What is asked of a customer's shipments.
fn shipments_of(what: Expr) -> SelectStatement {
    let same = Expr::col((shipped::Entity, shipped::Column::CustomerId)).equals((Customer, OfCustomer::Id));
    Query::select().expr(what).from(shipped::Entity).and_where(same).to_owned()
}

/// First weeks that are planned, of these customers or of all.
///
/// # Errors
/// When the database does not answer.
pub async fn planned(db: &impl ConnectionTrait, only: Option<&[CustomerId]>) -> Result<Vec<Model>, Error> {
    let mut planned =
        Entity::find().filter(Column::Status.eq(Status::Planned)).filter(Column::Kind.eq(Kind::FirstWeek));
    if let Some(only) = only {
        planned = planned.filter(is_among(db, "customer_id", only.iter().map(CustomerId::as_str)));
    }
    Ok(planned.all(db).await?)
}

/// The day of each customer's first shipment.
///
/// # Errors
/// When the database does not answer.
pub async fn first_days(db: &impl ConnectionTrait, of: &[CustomerId]) -> Result<BTreeMap<CustomerId, Day>, Error> {
    use shipped::Column::{CustomerId as Of, ShippedOn};
    let query = shipped::Entity::find()
        .filter(is_among(db, "customer_id", of.iter().map(CustomerId::as_str)))
        .select_only()
        .column(Of)
        .column_as(ShippedOn.min(), "first")
        .group_by(Of)
        .into_query();
    let rows: Vec<(CustomerId, Day)> = packed::rows(db, query, &["customer_id", "first"]).await?;
    Ok(rows.into_iter().collect())
}
