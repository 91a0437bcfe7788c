//! The firm's calendar, kept and asked.

use std::collections::BTreeMap;

use access::department;
use base::{Actor, Day, DepartmentId, Error, Message};
use chrono::Datelike;
use db::{Db, audit, outbox};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::day::{DayKind, Model, Origin};
use crate::file::{self, Reading, Row};
use crate::rules::{self, Plan, Refusal};
use crate::schedule::{self, FIRM};
use crate::working_time::Calendar;
use crate::{Hours, MANAGE, events, store, year};

/// Working hours, holidays and make-up workdays.
#[derive(Clone, Debug)]
pub struct Calendars {
    db: Db,
}

/// The hours by which somebody goes.
#[derive(Clone, Debug)]
pub struct Held {
    /// Whose page it is: nobody's for the firm.
    pub department: Option<department::Model>,
    /// Who has them: itself, or the one from whom they come.
    pub holder: String,
    pub hours: Hours,
    pub zone: chrono_tz::Tz,
    /// Of its own hours; 0 without any.
    pub version: i64,
}

impl Held {
    pub fn id(&self) -> &str {
        self.department.as_ref().map_or(FIRM, |department| department.id.as_str())
    }

    pub fn is_own(&self) -> bool {
        self.version > 0
    }

    /// The firm's, while nobody has set them.
    pub fn is_default(&self) -> bool {
        self.department.is_none() && !self.is_own()
    }
}

/// A year and what is known of it.
#[derive(Clone, Debug)]
pub struct Year {
    pub year: i32,
    /// 0 while nothing is stored.
    pub version: i64,
    pub loaded: Option<year::Model>,
    pub days: Vec<Model>,
}

/// What taking a file would do, and to which version of its year.
#[derive(Clone, Debug)]
pub struct Preview {
    pub year: i32,
    pub version: i64,
    pub reading: Reading,
    /// `Err`: nothing, for this reason.
    pub plan: Result<Plan, Refusal>,
}

/// By which calendar a department goes, or the firm, inside of whatever transaction asks.
///
/// # Errors
/// `NotFound` for a department that does not exist.
pub async fn calendar_of(db: &impl ConnectionTrait, department: Option<&DepartmentId>) -> Result<Calendar, Error> {
    let departments = store::departments(db).await?;
    if department.is_some_and(|id| departments.iter().all(|one| one.id != *id)) {
        return Err(Error::NotFound);
    }
    let schedules = store::schedules(db).await?;
    let holder = store::holder_for(department, &departments, &schedules);
    let (hours, zone) = store::hours_of(schedules.get(&holder))?;
    Ok(Calendar::new(hours, zone, store::special_days(db).await?))
}

impl Calendars {
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// By which calendar clocks of a department count; without one, by the firm's. Rules take it as a value.
    ///
    /// # Errors
    /// `NotFound` for a department that does not exist.
    pub async fn for_department(&self, department: Option<&DepartmentId>) -> Result<Calendar, Error> {
        calendar_of(self.db.read(), department).await
    }

    /// The firm's hours, then those of all departments by name. Open to everybody.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn all_hours(&self) -> Result<Vec<Held>, Error> {
        let departments = store::departments(self.db.read()).await?;
        let schedules = store::schedules(self.db.read()).await?;
        let all = std::iter::once(None).chain(departments.iter().map(Some));
        all.map(|department| held(department, &departments, &schedules)).collect()
    }

    /// # Errors
    /// `NotFound` for a department that does not exist.
    pub async fn hours(&self, id: &str) -> Result<Held, Error> {
        self.all_hours().await?.into_iter().find(|held| held.id() == id).ok_or(Error::NotFound)
    }

    /// Gives the firm or a department hours of its own. `seen`: the version that the caller has read, 0 for none.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Invalid`, `Conflict`, or a refusal of hours in which nothing is ever done.
    pub async fn set_hours(&self, actor: &Actor, id: &str, seen: i64, hours: Hours, zone: &str) -> Result<i64, Error> {
        actor.require(MANAGE)?;
        let before = self.hours(id).await?;
        let mut problems = rules::hours_problems(&hours);
        let zone = rules::zone_of(zone).map_err(|problem| problems.push(problem));
        let zone = zone.ok().filter(|_| problems.is_empty()).ok_or(Error::Invalid(problems))?;
        rules::has_working_time(&hours).map_err(Error::refused)?;
        let version = seen + 1;
        let as_json = |hours: &Hours| serde_json::to_value(hours).map_err(|error| Error::Bug(error.to_string()));
        let row = schedule::Model {
            holder: id.into(),
            zone: zone.name().into(),
            hours: as_json(&hours)?,
            version,
            changed_at: actor.now,
        };
        let tx = self.db.begin().await?;
        store::save_schedule(&tx, seen, row).await?;
        let was = json!({ "zone": before.zone.name(), "hours": before.hours, "holder": before.holder });
        let detail = json!({ "before": was, "after": { "zone": zone.name(), "hours": hours } });
        audit::record(&tx, actor, "working_hours.changed", "working_hours", id, detail).await?;
        outbox::add(&tx, actor.now, events::hours_changed(id)).await?;
        self.db.commit(tx).await?;
        Ok(version)
    }

    /// Lets a department go by the hours above it again, or the firm by the office week.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` without hours of its own, or `Conflict`.
    pub async fn drop_hours(&self, actor: &Actor, id: &str, seen: i64) -> Result<(), Error> {
        actor.require(MANAGE)?;
        let before = self.hours(id).await?;
        if !before.is_own() {
            return Err(Error::NotFound);
        }
        let tx = self.db.begin().await?;
        store::remove_schedule(&tx, id, seen).await?;
        let detail = json!({ "before": { "zone": before.zone.name(), "hours": before.hours } });
        audit::record(&tx, actor, "working_hours.dropped", "working_hours", id, detail).await?;
        outbox::add(&tx, actor.now, events::hours_changed(id)).await?;
        self.db.commit(tx).await
    }

    /// Years of which something is stored, with the number of their holidays and make-up workdays. Open to everybody.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn years(&self) -> Result<Vec<(year::Model, usize, usize)>, Error> {
        let special = store::special_days(self.db.read()).await?;
        let count = |year: i64, kind: DayKind| {
            special.kinds.iter().filter(|(day, of)| i64::from(day.year()) == year && **of == kind).count()
        };
        let years = store::years(self.db.read()).await?;
        let counted = years.into_iter().map(|year| {
            let (free, worked) = (count(year.year, DayKind::Holiday), count(year.year, DayKind::MakeUp));
            (year, free, worked)
        });
        Ok(counted.collect())
    }

    /// Open to everybody.
    ///
    /// # Errors
    /// `NotFound` for a year that no clock of ours runs into.
    pub async fn year(&self, year: i32) -> Result<Year, Error> {
        let (first, last) = ends(year)?;
        let row = store::year(self.db.read(), year).await?;
        let days = store::days(self.db.read(), first, last).await?;
        let version = row.as_ref().map_or(0, |row| row.version);
        Ok(Year { year, version, loaded: row.filter(|row| row.loaded_at.is_some()), days })
    }

    /// What taking a file for this year would do. Changes nothing.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` for the year, or a refusal of the file as a whole.
    pub async fn preview(&self, actor: &Actor, year: i32, bytes: &[u8]) -> Result<Preview, Error> {
        actor.require(MANAGE)?;
        let reading = file::read(bytes).map_err(Error::refused)?;
        let version = self.year(year).await?.version;
        let plan = rules::plan(year, &reading, &around(self.db.read(), year).await?);
        Ok(Preview { year, version, reading, plan })
    }

    /// Takes what a file tells of a year: all of it or, for a reason, nothing. `seen`: the version of the year that the
    /// caller has looked at, 0 for none.
    ///
    /// # Errors
    /// As `preview`, `Refused` for the lines or the year, `Conflict` when the year has changed since.
    pub async fn load_year(&self, actor: &Actor, year: i32, seen: i64, reading: &Reading) -> Result<Plan, Error> {
        actor.require(MANAGE)?;
        ends(year)?;
        let tx = self.db.begin().await?;
        let plan = rules::plan(year, reading, &around(&tx, year).await?).map_err(Error::refused)?;
        store::touch_year(&tx, actor, year, seen, Origin::File).await?;
        for day in &plan.removed {
            store::remove_day(&tx, day.day).await?;
        }
        let told = plan.added.iter().chain(plan.changed.iter().map(|(_, row)| row));
        store::put_days(&tx, told.map(|row| stored(row, Origin::File)).collect()).await?;
        let detail = json!({
            "added": plan.added.iter().map(told_row).collect::<Vec<_>>(),
            "changed": plan.changed.iter().map(|(before, row)| json!([before, told_row(row)])).collect::<Vec<_>>(),
            "removed": plan.removed,
        });
        audit::record(&tx, actor, "calendar_year.loaded", "calendar_year", &year.to_string(), detail).await?;
        outbox::add(&tx, actor.now, events::year_changed(year)).await?;
        self.db.commit(tx).await?;
        Ok(plan)
    }

    /// Makes a day a holiday or a make-up workday of the firm, whatever files say.
    ///
    /// # Errors
    /// `Forbidden`, `Invalid` for its name, `NotFound` for a year that no clock of ours runs into.
    pub async fn set_day(&self, actor: &Actor, day: Day, kind: DayKind, name: &str) -> Result<(), Error> {
        actor.require(MANAGE)?;
        ends(day.year())?;
        let name = file::name_of(name).map_err(|why| Error::invalid("name", why))?;
        let tx = self.db.begin().await?;
        let before = store::one_day(&tx, day).await?;
        let after = stored(&Row { day, kind, name }, Origin::Hand);
        store::put_days(&tx, vec![after.clone()]).await?;
        let detail = json!({ "before": before, "after": after });
        self.by_hand(&tx, actor, day, "calendar_day.set", detail).await?;
        self.db.commit(tx).await
    }

    /// Makes it an ordinary day of its week again.
    ///
    /// # Errors
    /// `Forbidden`, or `NotFound`.
    pub async fn remove_day(&self, actor: &Actor, day: Day) -> Result<(), Error> {
        actor.require(MANAGE)?;
        let tx = self.db.begin().await?;
        let before = store::one_day(&tx, day).await?.ok_or(Error::NotFound)?;
        store::remove_day(&tx, day).await?;
        self.by_hand(&tx, actor, day, "calendar_day.removed", json!({ "before": before })).await?;
        self.db.commit(tx).await
    }

    /// Whoever looks at a preview of the year learns that it is no longer what he has seen.
    async fn by_hand(
        &self,
        tx: &impl ConnectionTrait,
        actor: &Actor,
        day: Day,
        action: &str,
        detail: serde_json::Value,
    ) -> Result<(), Error> {
        let seen = store::year(tx, day.year()).await?.map_or(0, |year| year.version);
        store::touch_year(tx, actor, day.year(), seen, Origin::Hand).await?;
        audit::record(tx, actor, action, "calendar_year", &day.year().to_string(), detail).await?;
        outbox::add(tx, actor.now, events::year_changed(day.year())).await
    }
}

fn held(
    department: Option<&department::Model>,
    departments: &[department::Model],
    schedules: &BTreeMap<String, schedule::Model>,
) -> Result<Held, Error> {
    let holder = store::holder_for(department.map(|one| &one.id), departments, schedules);
    let schedule = schedules.get(&holder);
    let (hours, zone) = store::hours_of(schedule)?;
    let own = department.map_or(FIRM, |one| one.id.as_str()) == holder;
    let version = schedule.filter(|_| own).map_or(0, |schedule| schedule.version);
    Ok(Held { department: department.cloned(), holder, hours, zone, version })
}

/// The first and the last day.
fn ends(year: i32) -> Result<(Day, Day), Error> {
    let known = rules::YEARS.contains(&year);
    let ends = Day::from_ymd_opt(year, 1, 1).zip(Day::from_ymd_opt(year, 12, 31));
    ends.filter(|_| known).ok_or(Error::NotFound)
}

/// What a file for the year may touch.
async fn around(db: &impl ConnectionTrait, year: i32) -> Result<Vec<Model>, Error> {
    let (first, last) = ends(year)?;
    let december = Day::from_ymd_opt(year - 1, 12, 1).unwrap_or(first);
    store::days(db, december, last).await
}

fn stored(row: &Row, origin: Origin) -> Model {
    Model { day: row.day, kind: row.kind, name: row.name.clone(), origin }
}

fn told_row(row: &Row) -> serde_json::Value {
    json!({ "day": row.day, "kind": row.kind, "name": row.name })
}

/// The year of an address.
///
/// # Errors
/// `NotFound` when it names none.
pub fn year_of(text: &str) -> Result<i32, Error> {
    text.parse().ok().filter(|year| rules::YEARS.contains(year)).ok_or(Error::NotFound)
}

/// The year of a form.
///
/// # Errors
/// `Invalid` when it names none.
pub fn typed_year(text: &str) -> Result<i32, Error> {
    let wrong = || {
        let (least, most) = (rules::YEARS.start(), rules::YEARS.end());
        Error::invalid("year", Message::new("calendar-year_wrong").with("least", least).with("most", most))
    };
    text.trim().parse().ok().filter(|year| rules::YEARS.contains(year)).ok_or_else(wrong)
}
