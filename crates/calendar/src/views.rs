//! What goes out, for people and programs alike.

use base::{Day, Instant};
use serde::Serialize;
use utoipa::ToSchema;
use web::Ui;

use crate::clock::{Reading, State};
use crate::day;
use crate::legal::LegalReading;
use crate::service::{Held, Year};
use crate::window::Hours;
use crate::words;
use crate::working_time::Calendar;

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HoursView {
    /// `firm`, or the department's id.
    pub id: String,
    pub name: String,
    /// Whose hours these are: its own `id`, or another's.
    pub holder: String,
    pub hours: Hours,
    /// Name of the IANA time zone.
    pub zone: String,
    /// Of its own hours, for `If-Match`; 0 without any.
    pub version: i64,
}

impl HoursView {
    pub fn of(ui: &Ui, held: Held) -> Self {
        Self {
            id: held.id().to_owned(),
            name: words::holder(ui, &held),
            zone: held.zone.name().to_owned(),
            version: held.version,
            holder: held.holder,
            hours: held.hours,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct YearView {
    pub year: i32,
    /// Whether a file told all of it; otherwise clocks that run into it say that they do not know its holidays.
    pub loaded: bool,
    /// For `If-Match`; 0 while nothing is stored.
    pub version: i64,
    pub days: Vec<day::Model>,
}

impl From<Year> for YearView {
    fn from(year: Year) -> Self {
        Self { year: year.year, loaded: year.loaded.is_some(), version: year.version, days: year.days }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct YearRow {
    pub year: i64,
    pub loaded: bool,
    pub version: i64,
    pub holidays: usize,
    pub make_up_workdays: usize,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DueView {
    pub state: State,
    /// Null while it is on hold with time left, or when it is not within ten years.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Instant>,
    /// Whole minutes of working time.
    pub elapsed_minutes: i64,
    /// Negative when it is over.
    pub left_minutes: i64,
    pub over: bool,
    /// Years into which it runs although their holidays are not loaded; their days counted by their weekdays.
    pub unknown_years: Vec<i32>,
    /// The same in words, in the caller's language.
    pub caution: Option<String>,
    pub legal: Option<LegalView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LegalView {
    /// The first instant that is too late.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Instant,
    /// It ends at 24:00 of this day.
    #[schema(value_type = String, format = Date)]
    pub last_day: Day,
    /// 0 on the day of receipt.
    pub day: u32,
    pub days_left: u32,
    pub over: bool,
}

impl DueView {
    pub fn of(ui: &Ui, reading: &Reading, legal: Option<LegalReading>) -> Self {
        Self {
            state: reading.state,
            due_at: reading.due_at,
            elapsed_minutes: reading.elapsed.whole_minutes(),
            left_minutes: reading.left.whole_minutes(),
            over: reading.is_over(),
            unknown_years: reading.unknown_years.clone(),
            caution: reading.caution().map(|caution| ui.say(&caution)),
            legal: legal.map(LegalView::from),
        }
    }
}

impl From<LegalReading> for LegalView {
    fn from(read: LegalReading) -> Self {
        Self {
            due_at: read.due_at,
            last_day: read.last_day,
            day: read.day,
            days_left: read.days_left,
            over: read.is_over(),
        }
    }
}

/// A day of a year's page.
#[derive(Clone, Debug)]
pub struct DayRow {
    pub day: Day,
    pub weekday: String,
    pub lunar: String,
    pub kind: String,
    pub tone: &'static str,
    pub name: String,
    pub origin: String,
    /// When the firm works on it.
    pub windows: String,
}

impl DayRow {
    pub fn of(ui: &Ui, firm: &Calendar, stored: &day::Model) -> Self {
        let tone = if stored.kind == day::DayKind::Holiday { "good" } else { "warn" };
        Self {
            day: stored.day,
            weekday: words::weekday(ui, stored.day),
            lunar: words::lunar(ui, stored.day),
            kind: words::kind(ui, stored.kind),
            tone,
            name: stored.name.clone(),
            origin: words::origin(ui, stored.origin),
            windows: words::windows(ui, firm.windows_on(stored.day)),
        }
    }
}
