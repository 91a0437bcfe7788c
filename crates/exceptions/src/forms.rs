//! What comes in from pages.

use base::{Error, FieldProblem, Instant, Message};
use chrono::{Duration, NaiveDateTime};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as Wrong, StrDeserializer};

use crate::exception::{FoundBy, Kind, Liable};
use crate::service::ExceptionDraft;

/// The firm's clocks are at UTC+8.
const ZONE_HOURS: i64 = 8;
const MINUTE: &str = "%Y-%m-%dT%H:%M";

/// What any act on one exception says; each takes what it needs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActForm {
    pub version: i64,
    pub how: String,
    /// In the firm's zone, to the minute; empty for now.
    pub told_at: String,
    pub text: String,
    pub asked_at: String,
    pub solution: String,
    pub solved_by: String,
    pub liable: String,
    pub why: String,
    pub owner: String,
}

/// What somebody writes down on a shipment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogForm {
    pub shipment: String,
    pub line: String,
    pub kind: String,
    pub found_by: String,
    pub happened_at: String,
    pub what: String,
    pub customer_asked_at: String,
}

impl LogForm {
    /// # Errors
    /// `Invalid` for a time or a word that is none.
    pub fn draft(&self) -> Result<ExceptionDraft, Error> {
        let mut problems = Vec::new();
        let mut time = |field: &str, text: &str| match instant(field, text) {
            Ok(at) => at,
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        let happened_at = time("happened_at", &self.happened_at);
        let customer_asked_at = time("customer_asked_at", &self.customer_asked_at);
        let (kind, found_by) = (word::<Kind>("kind", &self.kind), word::<FoundBy>("found_by", &self.found_by));
        match (kind, found_by) {
            (Ok(kind), Ok(found_by)) if problems.is_empty() => Ok(ExceptionDraft {
                shipment: Some(self.shipment.clone()),
                source: None,
                waybill: None,
                customer: None,
                line: self.line.clone(),
                kind,
                found_by,
                happened_at,
                what: self.what.clone(),
                customer_asked_at,
            }),
            (kind, found_by) => {
                problems.extend(kind.err());
                problems.extend(found_by.err());
                Err(Error::Invalid(problems))
            }
        }
    }
}

/// A time that somebody typed; `None` for an empty field.
///
/// # Errors
/// The problem of a text that is no time.
pub fn instant(field: &str, text: &str) -> Result<Option<Instant>, FieldProblem> {
    if text.is_empty() {
        return Ok(None);
    }
    let local = NaiveDateTime::parse_from_str(text, MINUTE).ok();
    let at = local.and_then(|local| local.and_utc().checked_sub_signed(Duration::hours(ZONE_HOURS)));
    at.map(Some).ok_or_else(|| FieldProblem::new(field, Message::new("exception-time_unreadable")))
}

/// A word of a closed set that somebody chose.
///
/// # Errors
/// The problem of a word that is none, or of none chosen.
pub fn word<'a, T: Deserialize<'a>>(field: &str, text: &'a str) -> Result<T, FieldProblem> {
    let read: StrDeserializer<'a, Wrong> = text.into_deserializer();
    T::deserialize(read).map_err(|_| FieldProblem::new(field, Message::new("exception-choose_one")))
}

/// Who answers for it; `None` when nothing was chosen.
///
/// # Errors
/// `Invalid` for a word that is none.
pub fn liable(field: &str, text: &str) -> Result<Option<Liable>, Error> {
    match text {
        "" => Ok(None),
        text => word(field, text).map(Some).map_err(|problem| Error::Invalid(vec![problem])),
    }
}
