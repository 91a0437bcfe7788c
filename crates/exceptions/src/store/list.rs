//! The list, in which a group is one row.

use std::collections::BTreeMap;

use base::{Actor, Cursor, CustomerId, Error, Instant, Page, PageSize, UserId};
use chrono::DateTime;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, Query};
use sea_orm::{Condition, ConnectionTrait, ExprTrait, QueryOrder, QuerySelect};

use super::{customers_seen_by, visible_to};
use crate::exception::{Column, Entity, Kind, Model};

base::words! {
    /// Which of them.
    #[derive(Default)]
    State as "ExceptionState", "exception-state-" {
        /// The customer does not know yet.
        #[default]
        Untold = "untold",
        Open = "open",
        Closed = "closed",
        All = "all",
    }
}

impl State {
    /// Those that wait are told by when they are due, a group as one; the others the newest first.
    fn waits(self) -> bool {
        matches!(self, State::Untold | State::Open)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub state: State,
    pub owner: Option<UserId>,
    pub kind: Option<Kind>,
    pub origin: Option<String>,
    pub destination: Option<String>,
    pub customer: Option<CustomerId>,
    pub shipment: Option<String>,
    pub after: Option<Cursor>,
}

/// What the filter says, of the table by this name.
fn wanted(actor: &Actor, filter: &Filter, table: &str) -> Condition {
    let of = |column: Column| Expr::col((Alias::new(table), column));
    let mut all = Condition::all();
    if let Some(seen) = customers_seen_by(actor) {
        all = all.add(of(Column::CustomerId).in_subquery(seen));
    }
    // As it stands in the indexes, or they are not thought of.
    all = match filter.state {
        State::Untold => all.add(of(Column::ClosedAt).is_null()).add(of(Column::ToldAt).is_null()),
        State::Open => all.add(of(Column::ClosedAt).is_null()),
        State::Closed => all.add(of(Column::ClosedAt).is_not_null()),
        State::All => all,
    };
    let texts = [
        (Column::OwnerId, filter.owner.as_ref().map(UserId::as_str)),
        (Column::Kind, filter.kind.map(Kind::word)),
        (Column::Origin, filter.origin.as_deref()),
        (Column::Destination, filter.destination.as_deref()),
        (Column::CustomerId, filter.customer.as_ref().map(CustomerId::as_str)),
        (Column::ShipmentId, filter.shipment.as_deref()),
    ];
    for (column, value) in texts {
        all = all.add_option(value.map(|value| of(column).eq(value)));
    }
    all
}

/// One row a group, for the first of it, and how many of the group the filter leaves.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    size: PageSize,
) -> Result<Page<(Model, u64)>, Error> {
    const OWN: &str = "shipment_exceptions";
    let mut query = Entity::find().filter(wanted(actor, filter, OWN));
    let waits = filter.state.waits();
    if waits {
        query = query.filter(Expr::exists(earlier_of_group(actor, filter)).not());
    }
    if let Some(after) = &filter.after {
        // A cursor that holds no time is one that somebody made up: it shows nothing.
        let further = instant_of(&after.key).map(|at| match waits {
            true => Condition::all()
                .add(Column::TellBy.gte(at))
                .add(Column::TellBy.gt(at).or(Column::TellBy.eq(at).and(Column::Id.gt(after.id.as_str())))),
            false => Condition::all()
                .add(Column::FoundAt.lte(at))
                .add(Column::FoundAt.lt(at).or(Column::FoundAt.eq(at).and(Column::Id.lt(after.id.as_str())))),
        });
        query = query.filter(further.unwrap_or_else(|| Condition::all().add(Expr::value(false))));
    }
    let query = match waits {
        true => query.order_by_asc(Column::TellBy).order_by_asc(Column::Id),
        false => query.order_by_desc(Column::FoundAt).order_by_desc(Column::Id),
    };
    let rows = query.limit(size.0 + 1).all(db).await?;
    let key = |row: &Model| if waits { row.tell_by } else { row.found_at };
    let page = Page::cut(rows, size, |row| Cursor { key: key(row).timestamp_micros().to_string(), id: row.id.clone() });
    let counts = if waits { counts(db, actor, filter, &page.rows).await? } else { BTreeMap::new() };
    Ok(page.map(|row| {
        let count = counts.get(&row.group_key).copied().unwrap_or(1);
        (row, count)
    }))
}

/// Of the same group and with the same filter, but due before.
fn earlier_of_group(actor: &Actor, filter: &Filter) -> sea_orm::sea_query::SelectStatement {
    let other = |column: Column| Expr::col((Alias::new("other"), column));
    let own = |column: Column| Expr::col((Entity, column));
    let before = other(Column::TellBy)
        .lt(own(Column::TellBy))
        .or(other(Column::TellBy).eq(own(Column::TellBy)).and(other(Column::Id).lt(own(Column::Id))));
    Query::select()
        .expr(Expr::value(1))
        .from_as(Entity, Alias::new("other"))
        .and_where(other(Column::GroupKey).eq(own(Column::GroupKey)))
        .and_where(before)
        .cond_where(wanted(actor, filter, "other"))
        .to_owned()
}

async fn counts(
    db: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    rows: &[Model],
) -> Result<BTreeMap<String, u64>, Error> {
    let keys = rows.iter().map(|row| row.group_key.as_str());
    let counted: Vec<(String, i64)> = Entity::find()
        .select_only()
        .column(Column::GroupKey)
        .column_as(Column::Id.count(), "count")
        .filter(db::dialect::is_among(db, "group_key", keys))
        .filter(wanted(actor, filter, "shipment_exceptions"))
        .group_by(Column::GroupKey)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counted.into_iter().map(|(key, count)| (key, u64::try_from(count).unwrap_or(1))).collect())
}

/// Everything of a group that is not closed, whoever's it is among those that the actor may see; the first due first.
///
/// # Errors
/// When the database does not answer.
pub async fn group(db: &impl ConnectionTrait, actor: &Actor, key: &str, most: u64) -> Result<Vec<Model>, Error> {
    if key.contains('\0') {
        return Ok(Vec::new());
    }
    let own = visible_to(actor).filter(Column::GroupKey.eq(key)).filter(Column::ClosedAt.is_null());
    Ok(own.order_by_asc(Column::TellBy).order_by_asc(Column::Id).limit(most).all(db).await?)
}

/// How many of a customer are open, and how many of those he does not know of.
///
/// # Errors
/// When the database does not answer.
pub async fn open_of(db: &impl ConnectionTrait, actor: &Actor, customer: &CustomerId) -> Result<(u64, u64), Error> {
    let open = || visible_to(actor).filter(Column::CustomerId.eq(customer.clone())).filter(Column::ClosedAt.is_null());
    let count = async |query: Select<Entity>| -> Result<u64, Error> {
        let count: Option<i64> =
            query.select_only().column_as(Column::Id.count(), "count").into_tuple().one(db).await?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
    };
    Ok((count(open()).await?, count(open().filter(Column::ToldAt.is_null())).await?))
}

fn instant_of(micros: &str) -> Option<Instant> {
    let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
    // PostgreSQL refuses to compare with what lies before its calendar.
    (base::Day::from_ymd_opt(1900, 1, 1)? < at.date_naive() && at.date_naive() < base::Day::from_ymd_opt(9999, 1, 1)?)
        .then_some(at)
}
