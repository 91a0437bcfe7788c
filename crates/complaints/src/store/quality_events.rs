//! Quality events and the complaints that they are made of.

use base::{Actor, Cursor, Error, Instant, Page, PageSize, Permission, UserId};
use chrono::Duration;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, IntoActiveModel, QueryOrder, QuerySelect};

use super::customers_reached;
use crate::complaint::{self, ComplaintId};
use crate::link;
use crate::quality_event::{Column, Entity, Group, Model, QualityEventId, QualityStatus, counted, member};
use crate::words::{Cause, Status};

/// Open ones of one person's worklist, and complaints that one event shows.
const MOST: u64 = 300;

fn complaints_reached(actor: &Actor, permission: Permission) -> Option<SelectStatement> {
    let seen = customers_reached(actor, permission)?;
    let of_member = |column| Expr::col((member::Entity, column));
    let of_complaint = |column| Expr::col((complaint::Entity, column));
    let mut query = Query::select();
    query
        .expr(of_member(member::Column::EventId))
        .from(member::Entity)
        .inner_join(
            complaint::Entity,
            of_complaint(complaint::Column::Id).equals((member::Entity, member::Column::ComplaintId)),
        )
        .and_where(of_complaint(complaint::Column::CustomerId).in_subquery(seen));
    Some(query)
}

/// Events with a complaint that a permission of the actor reaches.
fn reached_by(actor: &Actor, permission: Permission) -> Select<Entity> {
    match complaints_reached(actor, permission) {
        Some(events) => Entity::find().filter(Column::Id.in_subquery(events)),
        None => Entity::find(),
    }
}

/// # Errors
/// `NotFound` when there is none or it is out of the actor's reach.
pub async fn get(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    id: &QualityEventId,
) -> Result<Model, Error> {
    if id.as_str().contains('\0') {
        return Err(Error::NotFound);
    }
    reached_by(actor, permission).filter(Column::Id.eq(id.as_str())).one(db).await?.ok_or(Error::NotFound)
}

/// The newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    actor: &Actor,
    status: Option<QualityStatus>,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<Model>, Error> {
    let mut query = reached_by(actor, crate::VIEW);
    if let Some(status) = status {
        query = query.filter(Column::Status.eq(status));
    }
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.id.as_str()));
    }
    let rows = query.order_by_desc(Column::Id).limit(size.0 + 1).all(db).await?;
    Ok(Page::cut(rows, size, |row| Cursor { key: String::new(), id: row.id.0.clone() }))
}

/// The open ones that a permission reaches, what is due first; one person's, when he is given.
///
/// # Errors
/// When the database does not answer.
pub async fn open(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    owner: Option<&UserId>,
) -> Result<Vec<Model>, Error> {
    let mut query = reached_by(actor, permission).filter(Column::Status.eq(QualityStatus::Open));
    if let Some(owner) = owner {
        query = query.filter(Column::OwnerId.eq(owner.clone()));
    }
    Ok(query.order_by_asc(Column::CorrectionDue).order_by_asc(Column::Id).limit(MOST).all(db).await?)
}

/// The open ones that nobody owns.
///
/// # Errors
/// When the database does not answer.
pub async fn unowned(db: &impl ConnectionTrait, actor: &Actor, permission: Permission) -> Result<Vec<Model>, Error> {
    let open = reached_by(actor, permission).filter(Column::Status.eq(QualityStatus::Open));
    Ok(open.filter(Column::OwnerId.is_null()).order_by_asc(Column::Id).limit(MOST).all(db).await?)
}

/// Of how many complaints each of these is made.
///
/// # Errors
/// When the database does not answer.
pub async fn sizes(
    db: &impl ConnectionTrait,
    events: &[QualityEventId],
) -> Result<std::collections::BTreeMap<QualityEventId, i64>, Error> {
    let ids = events.iter().map(QualityEventId::as_str);
    let rows: Vec<(QualityEventId, i64)> = member::Entity::find()
        .select_only()
        .column(member::Column::EventId)
        .column_as(member::Column::ComplaintId.count(), "complaints")
        .filter(member::Column::EventId.is_in(ids))
        .group_by(member::Column::EventId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Those of its complaints that the actor may see, the last received first.
///
/// # Errors
/// When the database does not answer.
pub async fn complaints_of(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: &QualityEventId,
) -> Result<Vec<complaint::Model>, Error> {
    use complaint::Column::{Id, ReceivedOrder};
    let ids = Query::select()
        .column(member::Column::ComplaintId)
        .from(member::Entity)
        .and_where(member::Column::EventId.eq(id.as_str()))
        .to_owned();
    let own = super::reached_by(actor, crate::VIEW).filter(Id.in_subquery(ids));
    Ok(own.order_by_desc(ReceivedOrder).order_by_desc(Id).limit(MOST).all(db).await?)
}

/// What the complaint is counted by; none before its cause is known, or when it goes on as part of another.
///
/// # Errors
/// When the database does not answer.
pub async fn groups_of(tx: &impl ConnectionTrait, complaint: &complaint::Model) -> Result<Vec<Group>, Error> {
    let (Some(cause), true) = (complaint.cause, complaint.status != Status::Merged) else { return Ok(Vec::new()) };
    let lanes: Vec<(String, String)> = shipments::line::Entity::find()
        .select_only()
        .distinct()
        .columns([shipments::line::Column::Origin, shipments::line::Column::Destination])
        .filter(shipments::line::Column::ShipmentId.in_subquery(shipments_of(&complaint.id)))
        .into_tuple()
        .all(tx)
        .await?;
    let known = lanes.into_iter().filter(|(origin, destination)| !origin.is_empty() && !destination.is_empty());
    let lanes = known.map(|(origin, destination)| Group::Lane { cause, origin, destination });
    let department = complaint.cause_department_id.clone().map(|department| Group::Department { cause, department });
    let mut groups: Vec<Group> = lanes.chain(department).collect();
    groups.sort();
    Ok(groups)
}

fn shipments_of(complaint: &ComplaintId) -> SelectStatement {
    let own = Query::select().column(link::Column::ShipmentId).from(link::Entity).to_owned();
    own.clone().and_where(link::Column::ComplaintId.eq(complaint.as_str())).to_owned()
}

/// Nobody else counts the group until the transaction ends.
///
/// # Errors
/// When the database refuses the write.
pub async fn hold(tx: &impl ConnectionTrait, key: &str) -> Result<(), Error> {
    let row = counted::Model { group_key: key.to_owned() };
    let keep = OnConflict::column(counted::Column::GroupKey).do_nothing().to_owned();
    counted::Entity::insert(row.into_active_model()).on_conflict(keep).exec_without_returning(tx).await?;
    counted::Entity::find_by_id(key.to_owned()).lock_exclusive().one(tx).await?;
    Ok(())
}

/// The group's open event.
///
/// # Errors
/// When the database does not answer.
pub async fn open_of(tx: &impl ConnectionTrait, key: &str) -> Result<Option<Model>, Error> {
    let open = Entity::find().filter(Column::GroupKey.eq(key)).filter(Column::Status.eq(QualityStatus::Open));
    Ok(open.order_by_asc(Column::Id).one(tx).await?)
}

/// Complaints of the group that no event of the group has counted yet, received so many days around this time; the
/// oldest first, with the time of each.
///
/// # Errors
/// When the database does not answer.
pub async fn uncounted(
    tx: &impl ConnectionTrait,
    group: &Group,
    around: Instant,
    days: i64,
) -> Result<Vec<(ComplaintId, i64)>, Error> {
    use complaint::Column::{Cause as Why, CauseDepartmentId, Id, ReceivedOrder, Status as State};
    let (span, middle) = (span_of(days), around.timestamp_micros());
    let known = Query::select()
        .expr(Expr::col((member::Entity, member::Column::ComplaintId)))
        .from(member::Entity)
        .inner_join(Entity, Expr::col((Entity, Column::Id)).equals((member::Entity, member::Column::EventId)))
        .and_where(Expr::col((Entity, Column::GroupKey)).eq(group.key()))
        .to_owned();
    let mut query = complaint::Entity::find()
        .filter(Why.eq(group.cause()))
        .filter(ReceivedOrder.gte(middle - span))
        .filter(ReceivedOrder.lte(middle + span))
        .filter(State.ne(Status::Merged))
        .filter(Id.not_in_subquery(known));
    query = match group {
        Group::Department { department, .. } => query.filter(CauseDepartmentId.eq(department.clone())),
        Group::Lane { origin, destination, .. } => query.filter(Expr::exists(on_lane(origin, destination))),
    };
    let order = query.select_only().columns([Id, ReceivedOrder]).order_by_asc(ReceivedOrder).order_by_asc(Id);
    Ok(order.into_tuple().all(tx).await?)
}

/// Days in microseconds.
pub fn span_of(days: i64) -> i64 {
    Duration::days(days).num_microseconds().unwrap_or(i64::MAX / 4)
}

/// Whether the complaint at hand is about a shipment over this lane.
fn on_lane(origin: &str, destination: &str) -> SelectStatement {
    let of_line = |column| Expr::col((shipments::line::Entity, column));
    let of_link = |column| Expr::col((link::Entity, column));
    Query::select()
        .expr(Expr::value(1))
        .from(link::Entity)
        .inner_join(
            shipments::line::Entity,
            of_line(shipments::line::Column::ShipmentId).equals((link::Entity, link::Column::ShipmentId)),
        )
        .and_where(of_link(link::Column::ComplaintId).equals((complaint::Entity, complaint::Column::Id)))
        .and_where(of_line(shipments::line::Column::Origin).eq(origin))
        .and_where(of_line(shipments::line::Column::Destination).eq(destination))
        .to_owned()
}

/// What is one of them already stays so.
///
/// # Errors
/// When the database refuses the write.
pub async fn add(tx: &impl ConnectionTrait, event: &QualityEventId, complaints: &[ComplaintId]) -> Result<(), Error> {
    use member::Column::{ComplaintId as Complaint, EventId};
    let keep = OnConflict::columns([EventId, Complaint]).do_nothing().to_owned();
    for complaint in complaints {
        let row = member::Model { event_id: event.clone(), complaint_id: complaint.clone() };
        member::Entity::insert(row.into_active_model()).on_conflict(keep.clone()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A complaint that turned out to have another cause is none of those of the open events of other groups.
///
/// # Errors
/// When the database refuses the write.
pub async fn leave_others(tx: &impl ConnectionTrait, complaint: &ComplaintId, groups: &[Group]) -> Result<(), Error> {
    let others = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::Status.eq(QualityStatus::Open))
        .and_where(Column::GroupKey.is_not_in(groups.iter().map(Group::key)))
        .to_owned();
    member::Entity::delete_many()
        .filter(member::Column::ComplaintId.eq(complaint.as_str()))
        .filter(member::Column::EventId.in_subquery(others))
        .exec(tx)
        .await?;
    Ok(())
}

/// # Errors
/// When the database refuses the write.
pub async fn insert(tx: &impl ConnectionTrait, event: &Model) -> Result<(), Error> {
    Entity::insert(event.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// # Errors
/// `Conflict` when somebody changed it since `version`.
pub async fn save(tx: &impl ConnectionTrait, event: &Model, version: i64) -> Result<(), Error> {
    let done = Entity::update_many()
        .set(event.clone().into_active_model().reset_all())
        .filter(Column::Id.eq(event.id.as_str()))
        .filter(Column::Version.eq(version))
        .exec(tx)
        .await?;
    if done.rows_affected == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// Id and cause of those of these events that the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn causes(db: &impl ConnectionTrait, actor: &Actor, ids: &[String]) -> Result<Vec<(String, Cause)>, Error> {
    let ids = ids.iter().filter(|id| !id.contains('\0')).map(String::as_str);
    let some = reached_by(actor, crate::VIEW).filter(Column::Id.is_in(ids));
    Ok(some.select_only().columns([Column::Id, Column::Cause]).into_tuple().all(db).await?)
}
