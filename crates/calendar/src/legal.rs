//! The clock that the law keeps beside ours: calendar days, no windows, no holidays, no hold.

use base::{Day, Instant};
use chrono::Days;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::span::{beginning, wall_clock};

/// Within so many days of receipt. The day after receipt is day 1; it ends at 24:00 of the last day
/// (Provisional Regulations on Express Delivery, article 28: seven days for a complaint).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalClock {
    pub received: Instant,
    pub days: u32,
}

/// What it shows at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegalReading {
    /// The first instant that is too late: 24:00 of the last day.
    pub due_at: Instant,
    pub last_day: Day,
    /// 0 on the day of receipt, then 1, 2, …; also beyond the last.
    pub day: u32,
    /// Days that are not over, this one included; 0 when it is over.
    pub days_left: u32,
}

impl LegalClock {
    /// By the days of this zone. At the end of the calendar it is never due.
    pub fn read(self, zone: Tz, now: Instant) -> LegalReading {
        let received = wall_clock(zone, self.received).date();
        let last_day = received.checked_add_days(Days::new(u64::from(self.days))).unwrap_or(Day::MAX);
        let ends = last_day.checked_add_days(Days::new(1)).and_then(|next| beginning(zone, next));
        let due_at = ends.unwrap_or(Instant::MAX_UTC);
        let passed = wall_clock(zone, now.max(self.received)).date().signed_duration_since(received).num_days();
        let day = u32::try_from(passed).unwrap_or(u32::MAX);
        let days_left = if now >= due_at { 0 } else { self.days.saturating_sub(day).saturating_add(1) };
        LegalReading { due_at, last_day, day, days_left }
    }
}

impl LegalReading {
    pub fn is_over(&self) -> bool {
        self.days_left == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn shown(received: &str, now: &str) -> LegalReading {
        LegalClock { received: at(received), days: 7 }.read(Tz::Asia__Shanghai, at(now))
    }

    #[test]
    fn seven_days_begin_the_day_after_receipt_and_end_at_midnight() {
        // Received on Monday 23 November, 23:59:59 in Shanghai: the last day is Monday the 30th.
        let read = shown("2026-11-23T15:59:59Z", "2026-11-23T15:59:59Z");
        assert_eq!(read.due_at, at("2026-11-30T16:00:00Z"));
        assert_eq!((read.last_day.to_string().as_str(), read.day, read.days_left), ("2026-11-30", 0, 8));
        // One second later it is another day of receipt.
        assert_eq!(shown("2026-11-23T16:00:00Z", "2026-11-23T16:00:00Z").due_at, at("2026-12-01T16:00:00Z"));
    }

    #[test]
    fn it_is_over_at_the_stroke_of_midnight_and_no_holiday_stops_it() {
        let received = "2026-09-30T02:00:00Z";
        assert!(!shown(received, "2026-10-07T15:59:59.999999Z").is_over());
        assert!(shown(received, "2026-10-07T16:00:00Z").is_over());
        assert_eq!(shown(received, "2026-10-05T02:00:00Z").day, 5);
        assert_eq!(shown(received, "2026-10-05T02:00:00Z").days_left, 3);
        assert_eq!(shown(received, "2026-10-20T02:00:00Z").days_left, 0);
    }

    #[test]
    fn a_clock_that_was_set_back_is_still_on_the_day_of_receipt() {
        let read = shown("2026-11-23T02:00:00Z", "2025-11-23T02:00:00Z");
        assert_eq!((read.day, read.days_left, read.is_over()), (0, 8, false));
    }

    #[test]
    fn days_of_23_and_25_hours_are_days() {
        let received = at("2026-10-20T10:00:00Z");
        let read = LegalClock { received, days: 7 }.read(Tz::Europe__Berlin, received);
        assert_eq!(read.due_at, at("2026-10-27T23:00:00Z"));
    }

    #[test]
    fn at_the_end_of_the_calendar_it_is_never_due() {
        let read = LegalClock { received: Instant::MAX_UTC, days: u32::MAX }.read(Tz::Asia__Shanghai, Instant::MAX_UTC);
        assert_eq!(read.due_at, Instant::MAX_UTC);
    }
}
