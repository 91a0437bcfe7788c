//! Working time against somebody who looks at the wall clock once a minute.

use std::sync::Arc;

use base::{Day, Instant};
use calendar::day::DayKind;
use calendar::{Calendar, Hours, Span, SpecialDays, Window};
use chrono::{Datelike, Days, Duration, NaiveTime};
use chrono_tz::Tz;
use proptest::prelude::*;

/// With and without summer time, by an hour and by half an hour, at midnight, and east and west of Greenwich.
const ZONES: [Tz; 7] = [
    Tz::Asia__Shanghai,
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::Australia__Lord_Howe,
    Tz::Africa__Cairo,
    Tz::Asia__Kathmandu,
    Tz::America__St_Johns,
];

/// Minutes that the slow counter follows a clock.
const PATIENCE: i64 = 45 * 24 * 60;

/// What the calendar under test was made of, known to the counter without it.
#[derive(Clone, Debug)]
struct Facts {
    hours: Hours,
    zone: Tz,
    special: SpecialDays,
}

impl Facts {
    fn calendar(&self) -> Calendar {
        Calendar::new(self.hours.clone(), self.zone, Arc::new(self.special.clone()))
    }

    fn windows(&self, day: Day) -> &[Window] {
        match self.special.kinds.get(&day) {
            Some(DayKind::Holiday) => &self.hours.holiday,
            Some(DayKind::MakeUp) => &self.hours.make_up,
            None => self.hours.lines()[day.weekday().num_days_from_monday() as usize],
        }
    }

    /// Whether the wall clock shows a time of a window of this day or of the day before.
    fn works(&self, minute: Instant, holds: &[Span]) -> bool {
        if holds.iter().any(|hold| hold.from <= minute && minute < hold.until) {
            return false;
        }
        let wall = minute.with_timezone(&self.zone).naive_local();
        [wall.date(), wall.date() - Days::new(1)].into_iter().any(|day| {
            let since = (wall - day.and_time(NaiveTime::MIN)).num_minutes();
            self.windows(day)
                .iter()
                .any(|window| (i64::from(window.opens())..i64::from(window.closes())).contains(&since))
        })
    }

    fn count(&self, from: Instant, until: Instant, holds: &[Span]) -> i64 {
        let minutes = (until - from).num_minutes().max(0);
        (0..minutes).filter(|minute| self.works(from + Duration::minutes(*minute), holds)).count() as i64
    }

    fn due(&self, from: Instant, need: i64, holds: &[Span]) -> Option<Instant> {
        let worked = (0..PATIENCE).map(|minute| from + Duration::minutes(minute)).filter(|at| self.works(*at, holds));
        worked
            .take(need as usize)
            .enumerate()
            .last()
            .filter(|(at, _)| *at as i64 == need - 1)
            .map(|(_, at)| at + Duration::minutes(1))
    }
}

fn window() -> impl Strategy<Value = Window> {
    (0_u16..1440, prop_oneof![8 => 1_u16..700, 1 => 700_u16..1440]).prop_map(|(opens, length)| {
        let closes = (opens + length) % 1440;
        format!("{:02}:{:02}-{:02}:{:02}", opens / 60, opens % 60, closes / 60, closes % 60).parse().unwrap()
    })
}

/// Also overlapping ones, which nobody can store: what is open twice still counts once.
fn hours() -> impl Strategy<Value = Hours> {
    let whole: Window = "00:00-24:00".parse().unwrap();
    let line = prop_oneof![
        4 => prop::collection::vec(window(), 0..4),
        1 => Just(vec![whole]),
    ];
    prop::array::uniform9(line).prop_map(Hours::of_lines)
}

/// Minutes around the days on which clocks change, and any others.
fn start() -> impl Strategy<Value = Instant> {
    let day = prop_oneof![
        Just("2026-03-05"),
        Just("2026-03-27"),
        Just("2026-04-02"),
        Just("2026-04-21"),
        Just("2026-10-01"),
        Just("2026-10-22"),
        Just("2026-10-28"),
        Just("2026-12-29"),
        Just("2028-02-27"),
    ];
    (day, 0_i64..6 * 1440).prop_map(|(day, minutes)| {
        day.parse::<Day>().unwrap().and_time(NaiveTime::MIN).and_utc() + Duration::minutes(minutes)
    })
}

fn facts(about: Instant) -> impl Strategy<Value = Facts> {
    let day = about.date_naive();
    let kind = prop_oneof![Just(DayKind::Holiday), Just(DayKind::MakeUp)];
    let special = prop::collection::btree_map(
        (0_u64..30).prop_map(move |after| day - Days::new(3) + Days::new(after)),
        kind,
        0..12,
    );
    (hours(), prop::sample::select(ZONES.to_vec()), special).prop_map(|(hours, zone, kinds)| Facts {
        hours,
        zone,
        special: SpecialDays { kinds, loaded: [2026].into() },
    })
}

fn holds(about: Instant) -> impl Strategy<Value = Vec<Span>> {
    let hold = (-1000_i64..8000, -500_i64..3000).prop_map(move |(after, length)| {
        let from = about + Duration::minutes(after);
        Span { from, until: from + Duration::minutes(length) }
    });
    prop::collection::vec(hold, 0..4)
}

fn question() -> impl Strategy<Value = (Facts, Instant, Vec<Span>)> {
    start().prop_flat_map(|from| (facts(from), Just(from), holds(from)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    #[test]
    fn working_time_is_what_somebody_counts_minute_by_minute((facts, from, holds) in question(), minutes in 0_i64..9 * 1440) {
        let until = from + Duration::minutes(minutes);
        let told = facts.calendar().between(from, until, &holds).answer;
        prop_assert_eq!(told, Duration::minutes(facts.count(from, until, &holds)));
    }

    #[test]
    fn a_clock_is_due_at_the_minute_that_the_counter_names((facts, from, holds) in question(), need in 1_i64..6000) {
        let told = facts.calendar().after(from, Duration::minutes(need), &holds).answer;
        match facts.due(from, need, &holds) {
            Some(due) => prop_assert_eq!(told, Some(due)),
            // The counter has lost patience.
            None => prop_assert!(told.is_none_or(|told| told > from + Duration::minutes(PATIENCE))),
        }
    }

    #[test]
    fn what_is_due_and_what_has_passed_agree((facts, from, holds) in question(), need in 0_i64..6000, seconds in 0_i64..60) {
        let calendar = facts.calendar();
        let need = Duration::minutes(need) + Duration::seconds(seconds);
        if let Some(due) = calendar.after(from, need, &holds).answer {
            prop_assert_eq!(calendar.between(from, due, &holds).answer, need);
            let before = due - Duration::milliseconds(1);
            prop_assert!(before < from || calendar.between(from, before, &holds).answer < need);
        }
    }

    #[test]
    fn the_next_opening_is_the_first_minute_that_is_worked((facts, from, _) in question()) {
        let calendar = facts.calendar();
        let told = calendar.opens(from).answer;
        prop_assert_eq!(calendar.is_open(from), told == Some(from));
        prop_assert_eq!(calendar.is_open(from), facts.works(from, &[]));
        match facts.due(from, 1, &[]) {
            Some(due) => prop_assert_eq!(told, Some(due - Duration::minutes(1))),
            None => prop_assert!(told.is_none_or(|told| told >= from + Duration::minutes(PATIENCE))),
        }
    }
}

#[test]
fn the_counter_knows_an_office_week() {
    let week: Vec<Window> = vec!["09:00-12:00".parse().unwrap(), "13:30-18:00".parse().unwrap()];
    let lines = std::array::from_fn(|line| if line < 5 || line == 8 { week.clone() } else { Vec::new() });
    let facts = Facts { hours: Hours::of_lines(lines), zone: Tz::Asia__Shanghai, special: SpecialDays::default() };
    let monday: Instant = "2026-11-22T16:00:00Z".parse().unwrap();
    assert_eq!(facts.count(monday, monday + Duration::days(7), &[]), 5 * 450);
    assert_eq!(monday.with_timezone(&facts.zone).weekday(), chrono::Weekday::Mon);
}
