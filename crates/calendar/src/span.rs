//! Stretches of real time, and how the wall clock of a zone becomes one.

use base::{Day, Instant};
use chrono::{Days, Duration, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use crate::window::Window;

/// From one instant to just before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub from: Instant,
    pub until: Instant,
}

impl Span {
    pub fn length(self) -> Duration {
        self.until - self.from
    }

    /// What of it lies within another.
    pub fn within(self, other: Span) -> Option<Span> {
        let (from, until) = (self.from.max(other.from), self.until.min(other.until));
        (from < until).then_some(Span { from, until })
    }
}

/// While the wall clock of the zone, on this day and after its midnight, shows a time of the window. Usually one
/// span. An hour that the clock leaves out in spring is in none, one that it shows twice in autumn is in twice.
pub fn spans_of(zone: Tz, day: Day, window: Window) -> Vec<Span> {
    let midnight = day.and_time(NaiveTime::MIN);
    let at = |minutes: u16| midnight.checked_add_signed(Duration::minutes(i64::from(minutes)));
    match (at(window.opens()), at(window.closes())) {
        (Some(from), Some(until)) => spans_between(zone, from, until),
        _ => Vec::new(),
    }
}

/// The day in this zone, from its first instant on.
pub fn beginning(zone: Tz, day: Day) -> Option<Instant> {
    let next = day.checked_add_days(Days::new(1))?;
    let spans = spans_between(zone, day.and_time(NaiveTime::MIN), next.and_time(NaiveTime::MIN));
    spans.first().map(|span| span.from)
}

/// The firm's wall clock at an instant; at the ends of the calendar, that of Greenwich.
pub fn wall_clock(zone: Tz, instant: Instant) -> NaiveDateTime {
    let there = instant.naive_utc();
    there.checked_add_signed(offset(zone, there)).unwrap_or(there)
}

fn spans_between(zone: Tz, from: NaiveDateTime, until: NaiveDateTime) -> Vec<Span> {
    let day = Duration::days(1);
    let (Some(before), Some(after)) = (from.checked_sub_signed(day), until.checked_add_signed(day)) else {
        return Vec::new();
    };
    let (first, last) = (offset(zone, before), offset(zone, after));
    let shifted = |by: Duration| {
        let span = Some((from.checked_sub_signed(by)?, until.checked_sub_signed(by)?));
        span.map(|(from, until)| Span { from: Utc.from_utc_datetime(&from), until: Utc.from_utc_datetime(&until) })
    };
    if first == last {
        return shifted(first).into_iter().collect();
    }
    let change = Utc.from_utc_datetime(&change_between(zone, before, after));
    let old = shifted(first).and_then(|span| span.within(Span { from: Instant::MIN_UTC, until: change }));
    let new = shifted(last).and_then(|span| span.within(Span { from: change, until: Instant::MAX_UTC }));
    old.into_iter().chain(new).collect()
}

/// When the zone changes its clocks, to the second; it does so once between these two.
fn change_between(zone: Tz, before: NaiveDateTime, after: NaiveDateTime) -> NaiveDateTime {
    let new = offset(zone, after);
    let (mut old, mut seconds) = (0, (after - before).num_seconds());
    while seconds - old > 1 {
        let middle = old.midpoint(seconds);
        match offset(zone, before + Duration::seconds(middle)) == new {
            true => seconds = middle,
            false => old = middle,
        }
    }
    before + Duration::seconds(seconds)
}

fn offset(zone: Tz, utc: NaiveDateTime) -> Duration {
    Duration::seconds(i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(zone: Tz, day: &str, window: &str) -> Vec<(String, String)> {
        let told = |instant: Instant| instant.format("%m-%d %H:%M").to_string();
        let spans = spans_of(zone, day.parse().unwrap(), window.parse().unwrap());
        spans.into_iter().map(|span| (told(span.from), told(span.until))).collect()
    }

    fn pair(from: &str, until: &str) -> (String, String) {
        (from.into(), until.into())
    }

    #[test]
    fn a_window_in_shanghai_is_eight_hours_earlier_in_greenwich() {
        assert_eq!(spans(Tz::Asia__Shanghai, "2026-11-23", "09:00-12:00"), [pair("11-23 01:00", "11-23 04:00")]);
        assert_eq!(spans(Tz::Asia__Shanghai, "2026-11-23", "22:00-06:00"), [pair("11-23 14:00", "11-23 22:00")]);
    }

    #[test]
    fn the_night_shift_is_an_hour_longer_in_autumn_and_shorter_in_spring() {
        let hours = |day: &str| {
            let all = spans_of(Tz::Europe__Berlin, day.parse().unwrap(), "22:00-06:00".parse().unwrap());
            all.into_iter().map(|span| span.length().num_hours()).sum::<i64>()
        };
        assert_eq!([hours("2026-03-28"), hours("2026-10-24"), hours("2026-06-01")], [7, 9, 8]);
    }

    #[test]
    fn an_hour_that_the_clock_leaves_out_is_not_worked_and_one_shown_twice_is_worked_twice() {
        assert_eq!(spans(Tz::Europe__Berlin, "2026-03-29", "02:00-03:00"), []);
        let twice = [pair("10-25 00:10", "10-25 00:20"), pair("10-25 01:10", "10-25 01:20")];
        assert_eq!(spans(Tz::Europe__Berlin, "2026-10-25", "02:10-02:20"), twice);
    }

    #[test]
    fn a_day_begins_at_one_where_its_midnight_is_left_out() {
        let day = "2026-04-24".parse().unwrap();
        let begins = beginning(Tz::Africa__Cairo, day).map(|begins| wall_clock(Tz::Africa__Cairo, begins).to_string());
        assert_eq!(begins.as_deref(), Some("2026-04-24 01:00:00"));
        let shanghai = beginning(Tz::Asia__Shanghai, day).map(|begins| begins.to_string());
        assert_eq!(shanghai.as_deref(), Some("2026-04-23 16:00:00 UTC"));
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_trouble() {
        for day in [Day::MIN, Day::MAX] {
            assert!(spans_of(Tz::Asia__Shanghai, day, "22:00-06:00".parse().unwrap()).len() < 2);
            assert_eq!(beginning(Tz::America__New_York, day), None);
        }
        assert_eq!(wall_clock(Tz::Asia__Shanghai, Instant::MAX_UTC), Instant::MAX_UTC.naive_utc());
    }
}
