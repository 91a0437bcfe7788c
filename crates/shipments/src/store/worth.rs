//! Revenue and cost, added up where one rate holds for all of it.

use base::{Currency, CustomerId, Day, Error};
use db::dialect;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, Asterisk, CaseStatement, Query};
use sea_orm::{Condition, ConnectionTrait, ExprTrait, FromQueryResult};

use crate::{line, shipment};

/// Lines of a customer whose amounts are in the same currencies and convert by the same rates.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Added {
    pub customer_id: CustomerId,
    /// `None`: all is in the reporting currency, and no rate is needed.
    pub on_day: Option<Day>,
    pub revenue_currency: Option<Currency>,
    pub cost_currency: Option<Currency>,
    /// Minor units.
    pub revenue: i64,
    pub cost: i64,
    pub lines: i64,
}

/// Of the lines shipped after `from` and up to `until`.
///
/// # Errors
/// When the database does not answer.
pub async fn added(
    db: &impl ConnectionTrait,
    ids: &[CustomerId],
    (from, until): (Day, Day),
    reporting: Currency,
) -> Result<Vec<Added>, Error> {
    let mut all = Vec::new();
    for some in ids.chunks(super::MOST_IN_ONE_QUERY) {
        let query = query(db, some, (from, until), reporting);
        let rows = db.query_all(&query).await?;
        for row in rows {
            all.push(Added::from_query_result(&row, "")?);
        }
    }
    Ok(all)
}

fn query(
    db: &impl ConnectionTrait,
    ids: &[CustomerId],
    (from, until): (Day, Day),
    reporting: Currency,
) -> sea_orm::sea_query::SelectStatement {
    use line::Column::{CostCurrency, CostMinor, RevenueCurrency, RevenueMinor};
    let of_shipment = |column: shipment::Column| Expr::col((shipment::Entity, column));
    let of_line = |column: line::Column| Expr::col((line::Entity, column));
    let at_home =
        |column: line::Column| Condition::any().add(of_line(column).is_null()).add(of_line(column).eq(reporting));
    let home = Condition::all().add(at_home(RevenueCurrency)).add(at_home(CostCurrency)).not();
    let on_day = CaseStatement::new().case(home, of_shipment(shipment::Column::ShippedOn));
    let on = of_line(line::Column::ShipmentId).equals((shipment::Entity, shipment::Column::Id));
    let mut lines = Query::select();
    lines
        .expr_as(of_shipment(shipment::Column::CustomerId), "customer_id")
        .expr_as(on_day, "on_day")
        .expr_as(of_line(RevenueCurrency), "revenue_currency")
        .expr_as(of_line(CostCurrency), "cost_currency")
        .expr_as(of_line(RevenueMinor), "revenue_minor")
        .expr_as(of_line(CostMinor), "cost_minor")
        .from(shipment::Entity)
        .inner_join(line::Entity, on)
        .cond_where(dialect::is_among(db, "shipments.customer_id", ids.iter().map(CustomerId::as_str)))
        .and_where(of_shipment(shipment::Column::ShippedOn).gt(from))
        .and_where(of_shipment(shipment::Column::ShippedOn).lte(until));
    let mut groups = Query::select();
    groups.from_subquery(lines, "lines");
    for name in ["customer_id", "on_day", "revenue_currency", "cost_currency"] {
        groups.column(Alias::new(name)).group_by_col(Alias::new(name));
    }
    groups
        .expr_as(dialect::sum_of(db, "revenue_minor"), "revenue")
        .expr_as(dialect::sum_of(db, "cost_minor"), "cost")
        .expr_as(Expr::col(Asterisk).count(), "lines");
    groups
}
