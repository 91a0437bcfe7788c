//! Every query about contacts. Whether the actor sees the customer is for the caller to ask first.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Error};
use db::audit;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect};

use super::forms::RoleDraft;
use crate::consent::{self, Purpose};
use crate::contact::{Column, ContactId, Entity, Model};
use crate::store::askable;
use crate::{contact_role, people};

/// Entries of a contact's history that are shown.
const HISTORY: u64 = 50;

/// # Errors
/// `NotFound` when there is none.
pub async fn get(db: &impl ConnectionTrait, id: &ContactId) -> Result<Model, Error> {
    if !askable(id.as_str()) {
        return Err(Error::NotFound);
    }
    Entity::find_by_id(id.as_str()).one(db).await?.ok_or(Error::NotFound)
}

/// Those of these that there are.
pub async fn named(db: &impl ConnectionTrait, ids: &[String]) -> Result<Vec<Model>, Error> {
    let ids: Vec<&str> = ids.iter().map(String::as_str).filter(|id| askable(id)).collect();
    Ok(Entity::find().filter(Column::Id.is_in(ids)).all(db).await?)
}

/// Of one customer, by name; those who left are among them.
pub async fn of_customer(db: &impl ConnectionTrait, id: &CustomerId) -> Result<Vec<Model>, Error> {
    let own = Entity::find().filter(Column::CustomerId.eq(id.as_str()));
    Ok(own.order_by_asc(Column::SortName).order_by_asc(Column::Id).all(db).await?)
}

pub async fn count_of(db: &impl ConnectionTrait, id: &CustomerId) -> Result<u64, Error> {
    Ok(Entity::find().filter(Column::CustomerId.eq(id.as_str())).count(db).await?)
}

/// By contact, in the order of the buying centre; one without roles is left out.
pub async fn roles_of(
    db: &impl ConnectionTrait,
    ids: &[String],
) -> Result<BTreeMap<String, Vec<contact_role::Model>>, Error> {
    let mut all: BTreeMap<String, Vec<contact_role::Model>> = BTreeMap::new();
    let mut rows = contact_role::Entity::find().filter(contact_role::Column::ContactId.is_in(ids)).all(db).await?;
    rows.sort_by(|one, other| {
        (one.role, &one.origin, &one.destination).cmp(&(other.role, &other.origin, &other.destination))
    });
    for row in rows {
        all.entry(row.contact_id.clone()).or_default().push(row);
    }
    Ok(all)
}

/// What counts now, by contact and purpose.
pub async fn consents_of(
    db: &impl ConnectionTrait,
    ids: &[String],
) -> Result<BTreeMap<String, Vec<consent::Model>>, Error> {
    let rows = consent::Entity::find().filter(consent::Column::ContactId.is_in(ids));
    let mut last: BTreeMap<(String, Purpose), consent::Model> = BTreeMap::new();
    for row in rows.order_by_asc(consent::Column::No).all(db).await? {
        last.insert((row.contact_id.clone(), row.purpose), row);
    }
    let mut all: BTreeMap<String, Vec<consent::Model>> = BTreeMap::new();
    for ((contact, _), row) in last {
        all.entry(contact).or_default().push(row);
    }
    Ok(all)
}

/// All that one contact ever said, newest first.
pub async fn told_by(db: &impl ConnectionTrait, id: &ContactId) -> Result<Vec<consent::Model>, Error> {
    let own = consent::Entity::find().filter(consent::Column::ContactId.eq(id.as_str()));
    let order = own.order_by_desc(consent::Column::RecordedAt).order_by_asc(consent::Column::Purpose);
    Ok(order.order_by_desc(consent::Column::No).all(db).await?)
}

/// The last word on one purpose.
pub async fn last_told(
    db: &impl ConnectionTrait,
    id: &ContactId,
    purpose: Purpose,
) -> Result<Option<consent::Model>, Error> {
    let own = consent::Entity::find().filter(consent::Column::ContactId.eq(id.as_str()));
    let own = own.filter(consent::Column::Purpose.eq(purpose));
    Ok(own.order_by_desc(consent::Column::No).limit(1).one(db).await?)
}

pub async fn add_consent(tx: &impl ConnectionTrait, consent: consent::Model) -> Result<(), Error> {
    consent::Entity::insert(consent.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn insert(tx: &impl ConnectionTrait, contact: &Model) -> Result<(), Error> {
    Entity::insert(contact.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn replace_roles(tx: &impl ConnectionTrait, id: &str, roles: &[RoleDraft]) -> Result<(), Error> {
    contact_role::Entity::delete_many().filter(contact_role::Column::ContactId.eq(id)).exec(tx).await?;
    let row = |one: &RoleDraft| contact_role::Model {
        contact_id: id.to_owned(),
        role: one.role,
        origin: one.origin.clone(),
        destination: one.destination.clone(),
    };
    if !roles.is_empty() {
        let rows = roles.iter().map(|one| row(one).into_active_model());
        contact_role::Entity::insert_many::<contact_role::ActiveModel, _>(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Writes what people edit, and whether he is there.
///
/// # Errors
/// `Conflict` when somebody changed the contact since `version`.
pub async fn save(tx: &impl ConnectionTrait, contact: &Model, version: i64) -> Result<(), Error> {
    let done = Entity::update_many()
        .col_expr(Column::Name, Expr::value(contact.name.clone()))
        .col_expr(Column::SortName, Expr::value(contact.sort_name.clone()))
        .col_expr(Column::Honorific, Expr::value(contact.honorific.clone()))
        .col_expr(Column::Post, Expr::value(contact.post.clone()))
        .col_expr(Column::Department, Expr::value(contact.department.clone()))
        .col_expr(Column::Identity, Expr::value(contact.identity))
        .col_expr(Column::Personality, Expr::value(contact.personality.clone()))
        .col_expr(Column::Hobbies, Expr::value(contact.hobbies.clone()))
        .col_expr(Column::Avoid, Expr::value(contact.avoid.clone()))
        .col_expr(Column::BirthdayCalendar, Expr::value(contact.birthday_calendar))
        .col_expr(Column::BirthdayYear, Expr::value(contact.birthday_year))
        .col_expr(Column::BirthdayMonth, Expr::value(contact.birthday_month))
        .col_expr(Column::BirthdayDay, Expr::value(contact.birthday_day))
        .col_expr(Column::BirthdayLeap, Expr::value(contact.birthday_leap))
        .col_expr(Column::Mobile, Expr::value(contact.mobile.clone()))
        .col_expr(Column::Phone, Expr::value(contact.phone.clone()))
        .col_expr(Column::Email, Expr::value(contact.email.clone()))
        .col_expr(Column::Wechat, Expr::value(contact.wechat.clone()))
        .col_expr(Column::PreferredChannel, Expr::value(contact.preferred_channel))
        .col_expr(Column::InformEveryDays, Expr::value(contact.inform_every_days))
        .col_expr(Column::Notes, Expr::value(contact.notes.clone()))
        .col_expr(Column::ArchivedAt, Expr::value(contact.archived_at))
        .col_expr(Column::ArchivedBy, Expr::value(contact.archived_by.clone()))
        .col_expr(Column::UpdatedAt, Expr::value(contact.updated_at))
        .col_expr(Column::Version, Expr::value(version + 1))
        .filter(Column::Id.eq(contact.id.clone()))
        .filter(Column::Version.eq(version))
        .exec(tx)
        .await?;
    if done.rows_affected == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// That somebody made sure changes nothing that another one edits.
pub async fn save_verified(tx: &impl ConnectionTrait, actor: &Actor, id: &str) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::VerifiedAt, Expr::value(actor.now))
        .col_expr(Column::VerifiedBy, Expr::value(actor.name.clone()))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// What was done to a contact, newest first.
pub async fn history(db: &impl ConnectionTrait, id: &ContactId) -> Result<Vec<audit::Model>, Error> {
    use audit::Column as C;
    let own = audit::Entity::find().filter(C::Object.eq("contact")).filter(C::ObjectId.eq(id.as_str()));
    Ok(own.order_by_desc(C::At).order_by_desc(C::Id).limit(HISTORY).all(db).await?)
}

/// Of one person only one act at a time goes on until the transaction ends: a limit counts what is written.
pub async fn hold_person(tx: &impl ConnectionTrait, id: &base::UserId) -> Result<(), Error> {
    people::Entity::find_by_id(id.as_str()).lock_exclusive().one(tx).await?;
    Ok(())
}
