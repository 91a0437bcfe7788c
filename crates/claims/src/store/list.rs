//! The list.

use base::{Actor, Cursor, CustomerId, Error, Page, PageSize, UserId};
use chrono::SecondsFormat;
use exceptions::exception::Kind;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, ExprTrait, QueryOrder, QuerySelect};

use super::reached_by;
use crate::claim::{Column, Entity, Model, Recovery};
use crate::rules::{CLOSED, order_of};

base::words! {
    /// Which of them.
    #[derive(Default)]
    State as "ClaimState", "claim-state-" {
        #[default]
        Open = "open",
        /// The last day to decide or to pay is over.
        Overdue = "overdue",
        /// The carrier was asked and has not paid all of it.
        Recovering = "recovering",
        Closed = "closed",
        All = "all",
    }
}

impl State {
    /// Those that wait come by what is due first; the others the newest first.
    fn waits(self) -> bool {
        matches!(self, State::Open | State::Overdue)
    }
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: State,
    pub owner: Option<UserId>,
    pub kind: Option<Kind>,
    pub customer: Option<CustomerId>,
    /// Beginning of the number, or the whole waybill.
    pub number: String,
    pub after: Option<Cursor>,
}

fn those(actor: &Actor, filter: &Filter) -> Select<Entity> {
    let all = reached_by(actor, crate::VIEW);
    let all = match filter.state {
        State::Open => all.filter(Column::DueOrder.lt(CLOSED)),
        State::Overdue => all.filter(Column::DueOrder.lt(order_of(actor.today()))),
        State::Recovering => all.filter(Column::Recovery.eq(Recovery::Asked)),
        State::Closed => all.filter(Column::DueOrder.gte(CLOSED)),
        State::All => all,
    };
    let mut wanted = Condition::all()
        .add_option(filter.owner.clone().map(|owner| Column::OwnerId.eq(owner)))
        .add_option(filter.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(filter.customer.clone().map(|customer| Column::CustomerId.eq(customer)));
    if !filter.number.is_empty() {
        let from = Column::Number.gte(&filter.number);
        let number = from.and(Column::Number.lt(format!("{}\u{10ffff}", filter.number)));
        wanted = wanted.add(number.or(Column::Waybill.eq(&filter.number)));
    }
    all.filter(wanted)
}

/// # Errors
/// `Invalid` when the place is none of this list.
pub async fn list(
    db: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    size: PageSize,
) -> Result<Page<Model>, Error> {
    let waits = filter.state.waits();
    let mut query = those(actor, filter);
    if let Some(place) = &filter.after {
        query = query.filter(further(waits, place)?);
    }
    let query = match waits {
        true => query.order_by_asc(Column::DueOrder).order_by_asc(Column::Id),
        false => query.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id),
    };
    let rows = query.limit(size.0 + 1).all(db).await?;
    let key = |row: &Model| match waits {
        true => row.due_order.to_string(),
        false => row.created_at.to_rfc3339_opts(SecondsFormat::Micros, true),
    };
    Ok(Page::cut(rows, size, |row| Cursor { key: key(row), id: row.id.0.clone() }))
}

fn further(waits: bool, place: &Cursor) -> Result<Condition, Error> {
    let id = place.id.as_str();
    if id.contains('\0') {
        return Err(web::api::unknown_place());
    }
    if waits {
        let key: i64 = place.key.parse().map_err(|_| web::api::unknown_place())?;
        let beyond = Column::DueOrder.gt(key).or(Column::DueOrder.eq(key).and(Column::Id.gt(id)));
        return Ok(Condition::all().add(Column::DueOrder.gte(key)).add(beyond));
    }
    let at = place.moment().ok_or_else(web::api::unknown_place)?;
    let beyond = Column::CreatedAt.lt(at).or(Column::CreatedAt.eq(at).and(Column::Id.lt(id)));
    Ok(Condition::all().add(Column::CreatedAt.lte(at)).add(beyond))
}

/// How many of a customer are not closed.
///
/// # Errors
/// When the database does not answer.
pub async fn open_of(db: &impl ConnectionTrait, customer: &CustomerId) -> Result<i64, Error> {
    let open = Entity::find().filter(Column::CustomerId.eq(customer.clone())).filter(Column::DueOrder.lt(CLOSED));
    let count: Option<i64> = open.select_only().column_as(Column::Id.count(), "count").into_tuple().one(db).await?;
    Ok(count.unwrap_or(0))
}
