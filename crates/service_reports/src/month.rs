//! A month of the calendar.

use base::{Day, Error, Instant, Message};
use chrono::{Datelike, Duration, Months, NaiveTime};

/// Told by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(Day);

impl Month {
    /// The one that this day is in.
    pub fn of(day: Day) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// The one that was over last: a report is about what can no longer change much.
    pub fn last(today: Day) -> Self {
        Self::of(today).before(1)
    }

    pub fn before(self, months: u32) -> Self {
        Self(self.0.checked_sub_months(Months::new(months)).unwrap_or(self.0))
    }

    /// `2026-11`, of this century or the next: both databases know such days.
    ///
    /// # Errors
    /// `Invalid` when it is none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || Error::invalid("month", Message::new("service_report-no_month"));
        let digits =
            text.bytes().enumerate().all(|(at, byte)| if at == 4 { byte == b'-' } else { byte.is_ascii_digit() });
        if text.len() != 7 || !digits {
            return Err(wrong());
        }
        let day: Day = format!("{text}-01").parse().map_err(|_| wrong())?;
        if (2000..=2200).contains(&day.year()) { Ok(Self(day)) } else { Err(wrong()) }
    }

    /// `2026-11`.
    pub fn code(self) -> String {
        self.0.format("%Y-%m").to_string()
    }

    /// Its first instant and the first one after it, in the firm's zone (UTC+8).
    pub fn bounds(self) -> (Instant, Instant) {
        let begins = |day: Day| (day.and_time(NaiveTime::MIN) - Duration::hours(8)).and_utc();
        (begins(self.0), begins(self.0.checked_add_months(Months::new(1)).unwrap_or(self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_four_digits_and_two() {
        assert_eq!(Month::parse("2026-11").unwrap().code(), "2026-11");
        for wrong in
            ["", "2026", "2026-13", "2026-1", "2026-00", "9999-01", "0001-01", "2026-11-01", "２０２６-11", "2026_11"]
        {
            assert!(Month::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_month_begins_and_ends_at_midnight_of_the_firm() {
        let (from, to) = Month::parse("2026-12").unwrap().bounds();
        assert_eq!(
            (from.to_rfc3339(), to.to_rfc3339()),
            ("2026-11-30T16:00:00+00:00".into(), "2026-12-31T16:00:00+00:00".into())
        );
        assert_eq!(Month::last("2026-01-15".parse().unwrap()).code(), "2025-12");
    }
}
