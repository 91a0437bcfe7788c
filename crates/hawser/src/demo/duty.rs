//! When the demo's firm works: public holidays as the State Council named them, and a department that is there longer.

use access::Access;
use base::{Actor, Error};
use calendar::{Calendars, Hours};
use db::Db;
use serde::Deserialize;

/// Years that `holidays.csv` tells.
const YEARS: [i32; 2] = [2025, 2026];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    department: String,
    hours: Hours,
}

/// # Errors
/// When the database refuses, or `holidays.csv` is broken, which is our mistake.
pub async fn fill(db: &Db, access: &Access, actor: &Actor, duties: &[Duty]) -> Result<(), Error> {
    let calendars = Calendars::new(db.clone());
    let told = calendar::file::read(include_bytes!("../../../../demo/holidays.csv"));
    let told = told.map_err(|problem| Error::Bug(format!("holidays.csv: {problem}")))?;
    for year in YEARS {
        calendars.load_year(actor, year, 0, &told).await?;
    }
    let departments = access.departments().await?;
    for duty in duties {
        if let Some(department) = departments.iter().find(|department| department.name == duty.department) {
            let hours = duty.hours.clone();
            calendars.set_hours(actor, department.id.as_str(), 0, hours, calendar::rules::ZONE.name()).await?;
        }
    }
    Ok(())
}
