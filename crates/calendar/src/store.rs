//! Every query on the calendar.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::department;
use base::{Actor, Day, DepartmentId, Error};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder};

use crate::day::Origin;
use crate::schedule::{self, FIRM};
use crate::working_time::SpecialDays;
use crate::{day, rules, year};

/// Days from one to another, both included, in order.
pub async fn days(db: &impl ConnectionTrait, first: Day, last: Day) -> Result<Vec<day::Model>, Error> {
    use day::{Column, Entity};
    Ok(Entity::find().filter(Column::Day.between(first, last)).order_by_asc(Column::Day).all(db).await?)
}

pub async fn one_day(db: &impl ConnectionTrait, on: Day) -> Result<Option<day::Model>, Error> {
    Ok(day::Entity::find_by_id(on).one(db).await?)
}

/// All that is known, for clocks.
pub async fn special_days(db: &impl ConnectionTrait) -> Result<Arc<SpecialDays>, Error> {
    let kinds = day::Entity::find().all(db).await?.into_iter().map(|day| (day.day, day.kind)).collect();
    let loaded = years(db).await?.into_iter().filter(|year| year.loaded_at.is_some());
    let loaded = loaded.filter_map(|year| i32::try_from(year.year).ok()).collect();
    Ok(Arc::new(SpecialDays { kinds, loaded }))
}

pub async fn years(db: &impl ConnectionTrait) -> Result<Vec<year::Model>, Error> {
    Ok(year::Entity::find().order_by_asc(year::Column::Year).all(db).await?)
}

pub async fn year(db: &impl ConnectionTrait, of: i32) -> Result<Option<year::Model>, Error> {
    Ok(year::Entity::find_by_id(i64::from(of)).one(db).await?)
}

/// Overwrites what is known of these days.
pub async fn put_days(tx: &impl ConnectionTrait, days: Vec<day::Model>) -> Result<(), Error> {
    use day::{ActiveModel, Column, Entity};
    let replace =
        OnConflict::column(Column::Day).update_columns([Column::Kind, Column::Name, Column::Origin]).to_owned();
    for some in days.chunks(db::dialect::rows_per_insert(4)) {
        let rows = some.iter().map(|day| ActiveModel::from(day.clone()).reset_all());
        Entity::insert_many(rows).on_conflict(replace.clone()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// True when there was such a day.
pub async fn remove_day(tx: &impl ConnectionTrait, on: Day) -> Result<bool, Error> {
    Ok(day::Entity::delete_by_id(on).exec(tx).await?.rows_affected > 0)
}

/// Counts the year's version up; a file tells all of a year.
///
/// # Errors
/// `Conflict` when the year has another version than the one that the caller has seen; 0 is a year without a row.
pub async fn touch_year(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    of: i32,
    seen: i64,
    told_by: Origin,
) -> Result<i64, Error> {
    use year::{ActiveModel, Column, Entity};
    let mut row = ActiveModel { year: Set(i64::from(of)), version: Set(seen + 1), ..Default::default() };
    if told_by == Origin::File {
        (row.loaded_at, row.loaded_by) = (Set(Some(actor.now)), Set(actor.name.clone()));
    } else if seen == 0 {
        (row.loaded_at, row.loaded_by) = (Set(None), Set(String::new()));
    }
    let rows = match seen {
        0 => {
            let nothing = OnConflict::column(Column::Year).do_nothing().to_owned();
            Entity::insert(row).on_conflict(nothing).exec_without_returning(tx).await?
        }
        seen => {
            let change = Entity::update_many().set(row).filter(Column::Year.eq(i64::from(of)));
            change.filter(Column::Version.eq(seen)).exec(tx).await?.rows_affected
        }
    };
    if rows == 0 { Err(Error::Conflict) } else { Ok(seen + 1) }
}

/// By holder.
pub async fn schedules(db: &impl ConnectionTrait) -> Result<BTreeMap<String, schedule::Model>, Error> {
    let all = schedule::Entity::find().all(db).await?;
    Ok(all.into_iter().map(|schedule| (schedule.holder.clone(), schedule)).collect())
}

/// # Errors
/// `Conflict` when somebody else has changed it since; version 0 is one that is not there yet.
pub async fn save_schedule(tx: &impl ConnectionTrait, seen: i64, schedule: schedule::Model) -> Result<(), Error> {
    use schedule::{ActiveModel, Column, Entity};
    let holder = schedule.holder.clone();
    let row = ActiveModel::from(schedule).reset_all();
    let rows = match seen {
        0 => {
            let nothing = OnConflict::column(Column::Holder).do_nothing().to_owned();
            Entity::insert(row).on_conflict(nothing).exec_without_returning(tx).await?
        }
        seen => {
            let change = Entity::update_many().set(row).filter(Column::Holder.eq(holder));
            change.filter(Column::Version.eq(seen)).exec(tx).await?.rows_affected
        }
    };
    if rows == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// # Errors
/// As `save_schedule`.
pub async fn remove_schedule(tx: &impl ConnectionTrait, holder: &str, seen: i64) -> Result<(), Error> {
    use schedule::{Column, Entity};
    let gone =
        Entity::delete_many().filter(Column::Holder.eq(holder)).filter(Column::Version.eq(seen)).exec(tx).await?;
    if gone.rows_affected == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// By name.
pub async fn departments(db: &impl ConnectionTrait) -> Result<Vec<department::Model>, Error> {
    use department::{Column, Entity};
    Ok(Entity::find().order_by_asc(Column::Name).order_by_asc(Column::Id).all(db).await?)
}

/// Whose hours a department goes by: its own, those of the nearest department above it that has some, or the firm's.
pub fn holder_for(
    department: Option<&DepartmentId>,
    departments: &[department::Model],
    schedules: &BTreeMap<String, schedule::Model>,
) -> String {
    let mut at = department;
    // A tree deeper than there are departments would be a ring.
    for _ in 0..=departments.len() {
        let Some(id) = at else { break };
        if schedules.contains_key(id.as_str()) {
            return id.0.clone();
        }
        at = departments.iter().find(|one| one.id == *id).and_then(|one| one.parent_id.as_ref());
    }
    FIRM.into()
}

/// The stored hours and zone; the office week where nobody has stored any.
pub fn hours_of(schedule: Option<&schedule::Model>) -> Result<(crate::Hours, chrono_tz::Tz), Error> {
    let Some(schedule) = schedule else {
        return Ok((rules::office_hours(), rules::ZONE));
    };
    let hours = serde_json::from_value(schedule.hours.clone()).map_err(|error| Error::Bug(error.to_string()))?;
    let zone = schedule.zone.parse().map_err(|_| Error::Bug(format!("unknown time zone {}", schedule.zone)))?;
    Ok((hours, zone))
}
