//! What other modules may learn: whoever keeps a due time that was computed from the calendar computes it anew.

use base::Event;
use serde_json::json;

/// Hours or days have changed; due times that are not over yet may be others now.
pub const CHANGED: &str = "calendar.changed";

/// The hours of the firm or of a department, and of those that go by them.
pub fn hours_changed(holder: &str) -> Event {
    Event::new(CHANGED, json!({ "hours": holder }))
}

/// Days of a year.
pub fn year_changed(year: i32) -> Event {
    Event::new(CHANGED, json!({ "year": year }))
}
