//! Clocks in the words of the business, on the calendar of 2026 as the State Council told it.

use std::sync::Arc;

use base::{Day, Instant};
use calendar::day::DayKind;
use calendar::{Calendar, Clock, Hours, SpecialDays, State, Window, WorkingTime};
use chrono::Duration;
use chrono_tz::Tz;

/// Shanghai's wall clock.
fn at(text: &str) -> Instant {
    format!("{text}:00+08:00").replace(' ', "T").parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Nine to twelve and half past one to six, Monday to Friday and on make-up workdays: 7.5 hours.
fn office() -> Calendar {
    let week: Vec<Window> = vec!["09:00-12:00".parse().unwrap(), "13:30-18:00".parse().unwrap()];
    let lines = std::array::from_fn(|line| if line < 5 || line == 8 { week.clone() } else { Vec::new() });
    let holidays = ["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"];
    let mut kinds: std::collections::BTreeMap<Day, DayKind> =
        holidays.into_iter().map(|text| (day(text), DayKind::Holiday)).collect();
    kinds.insert(day("2026-10-10"), DayKind::MakeUp);
    let special = SpecialDays { kinds, loaded: [2026].into() };
    Calendar::new(Hours::of_lines(lines), Tz::Asia__Shanghai, Arc::new(special))
}

fn due(started: &str, hours: u32) -> Option<Instant> {
    Clock::starting(at(started), WorkingTime::hours(hours)).read(&office(), at(started)).due_at
}

#[test]
fn four_hours_do_not_run_at_lunch_nor_at_night() {
    assert_eq!(due("2026-11-23 10:00", 4), Some(at("2026-11-23 15:30")));
    assert_eq!(due("2026-11-23 16:00", 4), Some(at("2026-11-24 11:00")));
    assert_eq!(due("2026-11-20 17:00", 2), Some(at("2026-11-23 10:00")), "a weekend lies between");
}

#[test]
fn what_is_used_up_at_closing_time_is_due_then_and_not_the_next_morning() {
    assert_eq!(due("2026-11-23 16:00", 2), Some(at("2026-11-23 18:00")));
    assert_eq!(due("2026-11-23 16:00", 0), Some(at("2026-11-23 16:00")));
}

#[test]
fn the_national_holiday_stands_still_and_the_saturday_after_it_counts() {
    // 30 September 17:00, 3 hours: 1 h that day, then Thursday 8 October 9:00 to 11:00.
    assert_eq!(due("2026-09-30 17:00", 3), Some(at("2026-10-08 11:00")));
    // Friday 9 October 17:00, 3 hours: Saturday the 10th makes up for a bridge day.
    assert_eq!(due("2026-10-09 17:00", 3), Some(at("2026-10-10 11:00")));
}

#[test]
fn a_clock_pauses_on_hold_and_goes_on_when_it_resumes() {
    let clock = Clock::starting(at("2026-11-23 10:00"), WorkingTime::hours(4));
    let held = clock.hold(at("2026-11-23 11:00")).unwrap();
    let read = held.read(&office(), at("2026-11-25 11:00"));
    assert_eq!((read.state, read.due_at), (State::OnHold, None));
    assert_eq!((read.elapsed, read.left), (WorkingTime::hours(1), WorkingTime::hours(3)));
    let resumed = held.resume(at("2026-11-25 11:00")).unwrap();
    let read = resumed.read(&office(), at("2026-11-25 11:30"));
    assert_eq!((read.state, read.due_at), (State::Running, Some(at("2026-11-25 15:30"))));
    assert_eq!(read.left, WorkingTime::minutes(150));
}

#[test]
fn a_clock_that_is_over_stays_due_when_it_was_and_says_by_how_much() {
    let clock = Clock::starting(at("2026-11-23 09:00"), WorkingTime::hours(1));
    let read = clock.clone().hold(at("2026-11-23 11:00")).unwrap().read(&office(), at("2026-11-24 09:00"));
    assert_eq!(read.due_at, Some(at("2026-11-23 10:00")), "the hold came too late");
    assert_eq!((read.is_over(), read.left.whole_minutes()), (true, -60));
    let stopped = clock.stop(at("2026-11-23 14:30")).unwrap();
    let read = stopped.read(&office(), at("2026-12-24 09:00"));
    assert_eq!((read.state, read.elapsed), (State::Stopped, WorkingTime::hours(4)), "later it shows the same");
}

#[test]
fn one_cannot_hold_twice_nor_resume_what_runs() {
    let clock = Clock::starting(at("2026-11-23 09:00"), WorkingTime::hours(1));
    assert!(clock.clone().resume(at("2026-11-23 10:00")).is_err());
    let held = clock.hold(at("2026-11-23 10:00")).unwrap();
    assert!(held.clone().hold(at("2026-11-23 11:00")).is_err());
    let stopped = held.stop(at("2026-11-23 12:00")).unwrap();
    assert!(stopped.clone().resume(at("2026-11-23 13:00")).is_err());
    assert!(stopped.clone().hold(at("2026-11-23 13:00")).is_err());
    assert!(stopped.stop(at("2026-11-23 13:00")).is_err());
}

#[test]
fn a_machine_whose_clock_is_set_back_neither_gives_nor_takes_time() {
    let clock = Clock::starting(at("2026-11-23 10:00"), WorkingTime::hours(4));
    let read = clock.read(&office(), at("2025-11-23 10:00"));
    assert_eq!((read.elapsed, read.due_at), (WorkingTime::hours(0), Some(at("2026-11-23 15:30"))));
    // Held, then the clock jumps back an hour and somebody resumes: the hold was empty, not negative.
    let held = clock.hold(at("2026-11-23 11:00")).unwrap();
    let resumed = held.resume(at("2026-11-23 10:00")).unwrap();
    assert_eq!(resumed.read(&office(), at("2026-11-23 11:30")).due_at, Some(at("2026-11-23 15:30")));
    // Held again while the clock is still behind: no time is on hold twice.
    let again = resumed.hold(at("2026-11-23 10:30")).unwrap().resume(at("2026-11-23 12:00")).unwrap();
    assert_eq!(again.read(&office(), at("2026-11-23 12:00")).elapsed, WorkingTime::hours(1));
    let stopped = again.stop(at("2026-11-23 09:00")).unwrap();
    assert_eq!(stopped.read(&office(), at("2026-11-23 18:00")).elapsed, WorkingTime::hours(1));
}

#[test]
fn a_clock_that_runs_into_a_year_not_loaded_says_so() {
    let clock = Clock::starting(at("2026-12-31 15:00"), WorkingTime::hours(4));
    let read = clock.read(&office(), at("2026-12-31 16:00"));
    // New Year's Day counts as the Friday that it is: nobody has said that it is a holiday.
    assert_eq!(read.due_at, Some(at("2027-01-01 10:00")));
    assert_eq!(read.unknown_years, [2027]);
    let caution = read.caution().unwrap();
    assert_eq!((caution.key.as_str(), caution.args[0].1.as_str()), ("calendar-years_unknown", "2027"));
    assert_eq!(
        Clock::starting(at("2026-12-01 09:00"), WorkingTime::hours(4))
            .read(&office(), at("2026-12-01 09:00"))
            .caution(),
        None
    );
}

#[test]
fn who_works_every_hour_of_the_year_needs_no_list_of_holidays() {
    let always: Vec<Window> = vec!["00:00-24:00".parse().unwrap()];
    let hours = Hours::of_lines(std::array::from_fn(|_| always.clone()));
    let calendar = Calendar::new(hours, Tz::Asia__Shanghai, Arc::default());
    let read = Clock::starting(at("2026-12-31 20:00"), WorkingTime::hours(48)).read(&calendar, at("2026-12-31 20:00"));
    assert_eq!(read.due_at, Some(at("2027-01-02 20:00")));
    assert!(read.unknown_years.is_empty());
}

#[test]
fn hours_that_never_come_end_a_clock_never_instead_of_searching_for_ever() {
    let calendar = Calendar::new(Hours::default(), Tz::Asia__Shanghai, Arc::default());
    let read = Clock::starting(at("2026-11-23 09:00"), WorkingTime::hours(1)).read(&calendar, at("2026-11-23 09:00"));
    assert_eq!((read.due_at, read.elapsed), (None, WorkingTime::hours(0)));
    assert_eq!(calendar.opens(at("2026-11-23 09:00")).answer, None);
    assert_eq!(calendar.workday_after(day("2026-11-23"), 1).answer, None);
}

#[test]
fn a_follow_up_two_workdays_later_leaves_out_what_is_free() {
    let told = office().workday_after(day("2026-09-30"), 2);
    assert_eq!((told.answer, told.unknown_years.len()), (Some(day("2026-10-09")), 0));
    assert_eq!(office().workday_after(day("2026-10-09"), 1).answer, Some(day("2026-10-10")));
    assert_eq!(office().workday_after(day("2026-10-09"), 0).answer, Some(day("2026-10-09")));
    assert_eq!(office().workday_after(day("2026-12-31"), 1).unknown_years, [2027]);
}

#[test]
fn a_record_keeps_a_clock_as_plain_data() {
    let clock = Clock::starting(at("2026-11-23 10:00"), WorkingTime::hours(4)).hold(at("2026-11-23 11:00")).unwrap();
    let kept = serde_json::to_string(&clock).unwrap();
    assert_eq!(serde_json::from_str::<Clock>(&kept).unwrap(), clock);
    assert!(serde_json::from_str::<Clock>(&kept.replace("14400", "99999999999999999")).is_err());
}

#[test]
fn any_instant_can_be_asked_about() {
    for now in [Instant::MIN_UTC, Instant::MAX_UTC, at("1969-12-31 23:59"), at("2028-02-29 12:00")] {
        let read = Clock::starting(now, WorkingTime::hours(1)).read(&office(), now);
        assert_eq!(read.elapsed.duration(), Duration::zero());
        Clock::starting(at("2026-11-23 10:00"), WorkingTime::hours(1)).read(&office(), now);
    }
}
