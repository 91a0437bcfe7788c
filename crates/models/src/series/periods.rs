use chrono::{Datelike, Days, Months, NaiveDate};

use crate::Wrong;
use crate::wrong::finite;

/// How long a period of a series is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Monday to Sunday; a season has 52.
    Week,
    /// A season has 12.
    Month,
}

/// More periods than any firm has books for.
const MOST_PERIODS: usize = 6_000;

impl Length {
    pub fn season(self) -> usize {
        match self {
            Length::Week => 52,
            Length::Month => 12,
        }
    }

    /// The first day of the period that holds the day.
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        match self {
            Length::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
            Length::Month => day - Days::new(u64::from(day.day0())),
        }
    }

    pub fn next(self, start: NaiveDate) -> NaiveDate {
        match self {
            Length::Week => start + Days::new(7),
            Length::Month => start + Months::new(1),
        }
    }

    /// First days of `count` periods from the one that holds `day`.
    pub fn starts(self, day: NaiveDate, count: usize) -> Vec<NaiveDate> {
        std::iter::successors(Some(self.start(day)), |start| Some(self.next(*start))).take(count).collect()
    }
}

/// A series of whole periods, without gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub length: Length,
    pub starts: Vec<NaiveDate>,
    pub values: Vec<f64>,
    /// Rows of a period at an end that the data do not fill; left out.
    pub cut_off: usize,
}

/// Adds up what happened in each period. Periods without anything are zeros; the first and the last are left out when the
/// data, which reach from the first day to `end`, do not fill them.
///
/// # Errors
/// Names the row of a value that is negative or no number; `TooFew` when no whole period is left, `TooMany`
/// from more than 6,000 on, `TooLarge` when the sum of a period is no number.
pub fn by_period(happened: &[(NaiveDate, f64)], length: Length, end: Option<NaiveDate>) -> Result<Series, Wrong> {
    for (at, (_, value)) in happened.iter().enumerate() {
        crate::wrong::not_negative(*value, at + 1, "value")?;
    }
    let too_few = Wrong::TooFew { what: "whole periods", found: 0, needed: 2 };
    let first = happened.iter().map(|(day, _)| *day).min().ok_or(too_few.clone())?;
    let last = happened.iter().map(|(day, _)| *day).max().ok_or(too_few.clone())?;
    let last = end.unwrap_or(last);
    if ![first, last].iter().all(|day| (1..=9999).contains(&day.year())) {
        return Err(too_few);
    }
    let from = match length.start(first) == first {
        true => first,
        false => length.next(length.start(first)),
    };
    // The first day after the last whole period.
    let until = length.start(last + Days::new(1));
    let days = (until - from).num_days();
    let least = if length == Length::Week { 7 } else { 28 };
    if days < 2 * least {
        return Err(too_few);
    }
    let starts: Vec<NaiveDate> = std::iter::successors(Some(from), |start| Some(length.next(*start)))
        .take_while(|start| *start < until)
        .collect();
    if starts.len() > MOST_PERIODS {
        return Err(Wrong::TooMany { what: "whole periods", found: starts.len(), most: MOST_PERIODS });
    }
    let mut values = vec![0.0; starts.len()];
    let mut cut_off = 0;
    for (day, value) in happened {
        match *day >= from && *day < until {
            true => values[starts.partition_point(|start| start <= day) - 1] += value,
            false => cut_off += 1,
        }
    }
    values.iter().try_for_each(|value| finite(*value, "value").map(drop))?;
    Ok(Series { length, starts, values, cut_off })
}

/// A regressor for a festival that moves through the calendar, such as the Spring Festival: of each period the share of its
/// days that lie from `before` days before one of its `days` to `after` days after it.
pub fn festival(starts: &[NaiveDate], length: Length, days: &[NaiveDate], before: u32, after: u32) -> Vec<f64> {
    let (before, after) = (i64::from(before), i64::from(after));
    let share = |start: &NaiveDate| {
        let count = (length.next(*start) - *start).num_days();
        let near = |day: NaiveDate| days.iter().any(|one| (-before..=after).contains(&(day - *one).num_days()));
        start.iter_days().take(count as usize).filter(|day| near(*day)).count() as f64 / count as f64
    };
    starts.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn months_that_the_data_do_not_fill_are_left_out_and_empty_ones_are_zero() {
        let happened = [
            (on(2025, 1, 15), 1.0),
            (on(2025, 2, 1), 2.0),
            (on(2025, 2, 28), 3.0),
            (on(2025, 4, 30), 4.0),
            (on(2025, 5, 2), 9.0),
        ];
        let found = by_period(&happened, Length::Month, None).unwrap();
        assert_eq!(found.starts, [on(2025, 2, 1), on(2025, 3, 1), on(2025, 4, 1)]);
        assert_eq!((found.values, found.cut_off), (vec![5.0, 0.0, 4.0], 2));
        let filled = by_period(&happened, Length::Month, Some(on(2025, 5, 31))).unwrap();
        assert_eq!(filled.values.last(), Some(&9.0));
    }

    #[test]
    fn weeks_begin_on_monday() {
        let happened = [(on(2026, 11, 23), 1.0), (on(2026, 11, 29), 1.0), (on(2026, 12, 6), 1.0)];
        let found = by_period(&happened, Length::Week, None).unwrap();
        assert_eq!((found.starts[0], found.values), (on(2026, 11, 23), vec![2.0, 1.0]));
    }

    #[test]
    fn the_spring_festival_moves_between_january_and_february() {
        // 2025-01-29 and 2026-02-17, seven days before to seven after.
        let days = [on(2025, 1, 29), on(2026, 2, 17)];
        let months = Length::Month.starts(on(2025, 1, 1), 14);
        let found = festival(&months, Length::Month, &days, 7, 7);
        assert_eq!((found[0], found[1]), (10.0 / 31.0, 5.0 / 28.0));
        assert_eq!((found[12], found[13]), (0.0, 15.0 / 28.0));
        assert!(found[2..12].iter().all(|share| *share == 0.0));
    }

    #[test]
    fn one_period_is_no_series() {
        assert!(matches!(by_period(&[(on(2025, 1, 1), 1.0)], Length::Month, None), Err(Wrong::TooFew { .. })));
        assert!(matches!(by_period(&[], Length::Month, None), Err(Wrong::TooFew { .. })));
        let long = [(on(1900, 1, 1), 1.0), (on(2100, 1, 1), 1.0)];
        let refused = by_period(&long, Length::Week, None).unwrap_err();
        assert_eq!(refused, Wrong::TooMany { what: "whole periods", found: 10435, most: 6000 });
        let huge = [(on(2025, 1, 1), f64::MAX), (on(2025, 1, 2), f64::MAX), (on(2025, 3, 1), 1.0)];
        assert_eq!(by_period(&huge, Length::Month, None), Err(Wrong::TooLarge { field: "value" }));
        let negative = [(on(2025, 1, 1), 1.0), (on(2025, 3, 1), -1.0)];
        assert_eq!(by_period(&negative, Length::Month, None), Err(Wrong::Negative { row: 2, field: "value" }));
    }
}
