//! What comes in, for people and programs alike.

use base::{Day, Error, FieldProblem, Instant, Message};
use chrono::{Datelike, Duration};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::clock::{Clock, Hold, WorkingTime};
use crate::day::DayKind;
use crate::file::{Reading, Row, name_of};
use crate::rules;
use crate::window::{Hours, line};

/// Most minutes that somebody may ask about: a year of round-the-clock work.
const MOST_MINUTES: u32 = 366 * 24 * 60;
/// Most holds in one question.
const MOST_HOLDS: usize = 200;
/// Most days of a legal clock.
const MOST_DAYS: u32 = 3660;
/// Most days that a program may tell of a year.
const MOST_YEAR_DAYS: usize = 400;

/// A page's form: each line of hours as text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HoursForm {
    pub monday: String,
    pub tuesday: String,
    pub wednesday: String,
    pub thursday: String,
    pub friday: String,
    pub saturday: String,
    pub sunday: String,
    pub holiday: String,
    pub make_up: String,
    pub zone: String,
    pub version: i64,
}

impl HoursForm {
    pub fn of(hours: &Hours, zone: &str, version: i64) -> Self {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday, holiday, make_up] =
            hours.lines().map(line);
        let zone = zone.to_owned();
        Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday, holiday, make_up, zone, version }
    }

    pub fn lines(&self) -> [String; 9] {
        [
            &self.monday,
            &self.tuesday,
            &self.wednesday,
            &self.thursday,
            &self.friday,
            &self.saturday,
            &self.sunday,
            &self.holiday,
            &self.make_up,
        ]
        .map(Clone::clone)
    }

    /// # Errors
    /// `Invalid`, all problems at once.
    pub fn hours(&self) -> Result<Hours, Error> {
        let zone = rules::zone_of(&self.zone).err();
        match rules::hours_of(&self.lines()) {
            Ok(hours) if zone.is_none() => Ok(hours),
            told => Err(Error::Invalid(told.err().into_iter().flatten().chain(zone).collect())),
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VersionForm {
    pub version: i64,
}

/// A day that somebody sets.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DayForm {
    pub day: String,
    pub kind: String,
    pub name: String,
}

impl DayForm {
    /// # Errors
    /// `Invalid`, all problems at once.
    pub fn read(&self, year: i32) -> Result<Row, Error> {
        let day = self.day.trim().parse::<Day>().ok().filter(|day| day.year() == year);
        let day = day.ok_or_else(|| FieldProblem::new("day", Message::new("calendar-day_of_year").with("year", year)));
        let kind = self.kind.parse::<DayKind>().map_err(|_| {
            let allowed = DayKind::ALL.map(|kind| kind.word().to_owned()).to_vec();
            FieldProblem { allowed, ..FieldProblem::new("kind", Message::new("calendar-row_kind")) }
        });
        let name = name_of(&self.name).map_err(|why| FieldProblem::new("name", why));
        match (day, kind, name) {
            (Ok(day), Ok(kind), Ok(name)) => Ok(Row { day, kind, name }),
            (day, kind, name) => {
                Err(Error::Invalid([day.err(), kind.err(), name.err()].into_iter().flatten().collect()))
            }
        }
    }
}

/// What was looked at in a preview, to be taken now.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LoadForm {
    pub year: String,
    pub version: i64,
    /// As `file::written` writes them.
    pub rows: String,
}

/// Hours of the firm or of a department.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursDraft {
    pub hours: Hours,
    /// Name of the IANA time zone.
    pub zone: String,
}

/// All holidays and make-up workdays of a year.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct YearDraft {
    pub days: Vec<DayDraft>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayDraft {
    #[schema(value_type = String, format = Date)]
    pub day: Day,
    pub kind: DayKind,
    /// 1 to 40 characters.
    pub name: String,
}

impl YearDraft {
    /// # Errors
    /// `Invalid` names the first day that cannot be taken: of another year, twice with other words, or without a name.
    pub fn reading(self, year: i32) -> Result<Reading, Error> {
        let mut reading = Reading::default();
        let wrong = |at: usize, why: Message| Error::invalid(&format!("days[{at}]"), why);
        if self.days.len() > MOST_YEAR_DAYS {
            return Err(Error::invalid("days", Message::new("calendar-days_many").with("most", MOST_YEAR_DAYS)));
        }
        for (at, told) in self.days.into_iter().enumerate() {
            let name = name_of(&told.name).map_err(|why| wrong(at, why))?;
            if told.day.year() != year {
                return Err(wrong(at, Message::new("calendar-day_of_year").with("year", year)));
            }
            let row = Row { day: told.day, kind: told.kind, name };
            if reading.rows.insert(told.day, row.clone()).is_some_and(|first| first != row) {
                return Err(wrong(at, Message::new("calendar-row_contradicts").with("day", told.day)));
            }
        }
        Ok(reading)
    }
}

/// A question about a clock.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DueAsk {
    /// By whose hours; the firm's when absent.
    pub department: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub started: Instant,
    /// Working time that is allowed, in minutes.
    pub minutes: u32,
    #[serde(default)]
    pub holds: Vec<HoldAsk>,
    /// When it is looked at; now when absent.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Instant>,
    /// Days of the legal clock beside it, counted from the day after `started` in the firm's zone.
    pub legal_days: Option<u32>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldAsk {
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// Absent: still on hold.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Instant>,
}

impl DueAsk {
    /// The clock, and when it is looked at.
    ///
    /// # Errors
    /// `Invalid` for times beyond our years, holds that end before they begin or come in disorder, and too much of anything.
    pub fn clock(&self, now: Instant) -> Result<(Clock, Instant), Error> {
        let at = self.at.unwrap_or(now);
        let mut problems = Vec::new();
        let mut wrong = |field: &str, key: &str| problems.push(FieldProblem::new(field, Message::new(key)));
        let known = |at: Instant| (2000..=2099).contains(&at.year());
        for (field, told) in [("started", self.started), ("at", at)] {
            if !known(told) {
                wrong(field, "calendar-instant_far");
            }
        }
        if at - self.started > Duration::days(3660) {
            wrong("at", "calendar-instant_far");
        }
        if self.minutes > MOST_MINUTES {
            wrong("minutes", "calendar-minutes_many");
        }
        if self.legal_days.is_some_and(|days| days > MOST_DAYS) {
            wrong("legal_days", "calendar-legal_days_many");
        }
        let ends = |hold: &HoldAsk| hold.until.unwrap_or(Instant::MAX_UTC);
        let disorder = self.holds.windows(2).any(|pair| ends(&pair[0]) > pair[1].from);
        if self.holds.len() > MOST_HOLDS || disorder || self.holds.iter().any(|hold| ends(hold) < hold.from) {
            wrong("holds", "calendar-holds_wrong");
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let holds = self.holds.iter().map(|hold| Hold { from: hold.from, until: hold.until }).collect();
        let allowed = WorkingTime::minutes(self.minutes);
        Ok((Clock { started: self.started, allowed, holds, stopped: None }, at))
    }
}
