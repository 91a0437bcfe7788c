//! Complaints by the hundred thousand: most long closed, some open, a few overdue.

use base::{Actor, Error, Id};
use chrono::Duration;
use complaints::complaint::{Entity, Model};
use complaints::forms::ComplaintDraft;
use complaints::words::{Category, Channel, Severity, Status};
use complaints::{CLOSED, ComplaintId};
use customers::customer;
use db::Db;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::bulk::{make_indexes, put, take_indexes, tidied};

/// Complaints that are in memory at once.
const AT_ONCE: usize = 50_000;
/// Of so many one is open, and of so many open ones one is overdue.
const OPEN: usize = 33;
const OVERDUE: usize = 6;

/// Writes as many as are still missing.
///
/// # Errors
/// When the database refuses.
pub async fn fill(db: &Db, actor: &Actor, count: usize) -> Result<(), Error> {
    let there = Entity::find().count(db.read()).await?;
    let there = usize::try_from(there).unwrap_or(usize::MAX);
    if there >= count {
        return Ok(());
    }
    let of = customer::Entity::find().filter(customer::Column::DepartmentId.is_not_null());
    let of = of.order_by_asc(customer::Column::Id).limit(10_000).all(db.read()).await?;
    let template = template(db, actor, of.first().ok_or(Error::NotFound)?).await?;
    let indexes = take_indexes(db, &["complaints"]).await?;
    for from in (there..count).step_by(AT_ONCE) {
        let some = (from..count.min(from + AT_ONCE)).map(|number| made(actor, &template, &of, number));
        put::<Entity>(db, some.collect()).await?;
    }
    make_indexes(db, indexes).await?;
    tidied(db).await
}

/// What a complaint looks like that has just come in; it is not kept.
async fn template(db: &Db, actor: &Actor, of: &customer::Model) -> Result<Model, Error> {
    let draft = ComplaintDraft {
        customer: of.customer_id(),
        department: of.department_id.clone(),
        contact: None,
        channel: Channel::Phone,
        category: Category::Damage,
        severity: Severity::Normal,
        express: false,
        words: "纸箱又破了，桌角磕掉一块".into(),
        wish: "赔一个新的".into(),
        received_at: None,
        owner: None,
        waybills: Vec::new(),
        repeat_of: None,
    };
    let tx = db.begin().await?;
    let model = complaints::log_in(&tx, actor, draft).await?;
    tx.rollback().await?;
    Ok(model)
}

fn made(actor: &Actor, template: &Model, of: &[customer::Model], number: usize) -> Model {
    let whose = &of[number % of.len()];
    let ago = Duration::minutes(number as i64 % 1_500_000);
    let received = actor.now - ago;
    let mut one = Model {
        id: ComplaintId(Id::numbered(actor.now, number as u64).into_text()),
        customer_id: whose.customer_id(),
        owner_id: whose.owner_id.clone(),
        number: format!("B-2026-{number:07}"),
        number_no: 1_000_000 + number as i64,
        category: Category::ALL[number % Category::ALL.len()],
        severity: Severity::ALL[number % 7 % Severity::ALL.len()],
        received_at: received,
        received_order: received.timestamp_micros(),
        ..template.clone()
    };
    if number.is_multiple_of(OPEN) {
        let late = (number / OPEN).is_multiple_of(OVERDUE);
        let due = actor.now + if late { -Duration::hours(30) } else { Duration::hours(50) } + ago / 1000;
        one.due_order = due.timestamp_micros();
        one.response_due = Some(due);
        one.escalate_order = CLOSED;
        one.status = [Status::Waiting, Status::Handling][number / OPEN % 2];
    } else {
        one.status = Status::Closed;
        one.closed_at = Some(received + Duration::hours(20));
        one.next_step = None;
        (one.due_order, one.legal_order, one.escalate_order) = (CLOSED, CLOSED, CLOSED);
    }
    one
}
