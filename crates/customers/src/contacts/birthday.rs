//! Birthdays by either calendar, with or without the year.

use base::Day;
use calendar::lunar::{LunarDate, LunarDay};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::Refusal;
use crate::contact::BirthdayCalendar;

/// First year that a contact of ours is born in.
pub const FIRST_YEAR: i32 = 1901;
/// A leap year: a birthday without its year may be on 29 February.
const ANY_YEAR: i32 = 2000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Birthday {
    pub calendar: BirthdayCalendar,
    /// Of a lunar birthday the civil year in which the lunar one begins.
    #[serde(default)]
    pub year: Option<i32>,
    pub month: u8,
    pub day: u8,
    /// In the leap month that follows the lunar month of this number.
    #[serde(default)]
    pub leap: bool,
}

impl Birthday {
    /// # Errors
    /// `NoSuchBirthday` for a day that the calendar does not have, `BirthdayYear` for a year to come or long ago.
    pub fn checked(self, today: Day) -> Result<Self, Refusal> {
        let leap = self.leap && self.calendar == BirthdayCalendar::Solar;
        if self.year.is_some_and(|year| !(FIRST_YEAR..=today.year()).contains(&year)) {
            return Err(Refusal::BirthdayYear);
        }
        let known = match (self.calendar, self.year) {
            (BirthdayCalendar::Solar, year) => self.civil(year.unwrap_or(ANY_YEAR)),
            (BirthdayCalendar::Lunar, Some(year)) => LunarDate { year, at: self.lunar() }.day(),
            // Which months a year has is known with the year only.
            (BirthdayCalendar::Lunar, None) => {
                ((1..=12).contains(&self.month) && (1..=30).contains(&self.day)).then_some(Day::MIN)
            }
        };
        match known {
            None => Err(Refusal::NoSuchBirthday),
            Some(_) if leap => Err(Refusal::NoSuchBirthday),
            Some(day) if self.year.is_some() && day > today => Err(Refusal::BirthdayYear),
            Some(_) => Ok(self),
        }
    }

    fn civil(self, year: i32) -> Option<Day> {
        Day::from_ymd_opt(year, self.month.into(), self.day.into())
    }

    fn lunar(self) -> LunarDay {
        LunarDay { month: self.month, leap: self.leap, day: self.day }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(calendar: BirthdayCalendar, year: Option<i32>, month: u8, day: u8, leap: bool) -> Option<Refusal> {
        let today = "2026-11-23".parse().unwrap();
        Birthday { calendar, year, month, day, leap }.checked(today).err()
    }

    #[test]
    fn a_solar_birthday_is_a_day_of_the_calendar() {
        use BirthdayCalendar::Solar;
        assert_eq!(checked(Solar, Some(1980), 2, 29, false), None);
        assert_eq!(checked(Solar, None, 2, 29, false), None);
        assert_eq!(checked(Solar, Some(1981), 2, 29, false), Some(Refusal::NoSuchBirthday));
        for (month, day) in [(2, 30), (0, 1), (13, 1), (6, 31), (1, 0)] {
            assert_eq!(checked(Solar, None, month, day, false), Some(Refusal::NoSuchBirthday));
        }
        assert_eq!(checked(Solar, Some(1980), 5, 5, true), Some(Refusal::NoSuchBirthday));
        for (year, month) in [(1900, 1), (2026, 12), (2027, 1)] {
            assert_eq!(checked(Solar, Some(year), month, 1, false), Some(Refusal::BirthdayYear));
        }
    }

    #[test]
    fn a_lunar_birthday_in_a_leap_month_needs_a_year_that_has_it() {
        use BirthdayCalendar::Lunar;
        // 2025 has a leap sixth month, 2024 has none; the sixth month of 2025 is short, its leap twin long or short.
        assert_eq!(checked(Lunar, Some(2025), 6, 1, true), None);
        assert_eq!(checked(Lunar, Some(2024), 6, 1, true), Some(Refusal::NoSuchBirthday));
        assert_eq!(checked(Lunar, None, 6, 30, true), None);
        for (month, day) in [(13, 1), (0, 1), (6, 31), (6, 0)] {
            assert_eq!(checked(Lunar, None, month, day, false), Some(Refusal::NoSuchBirthday));
        }
        // The twelfth month of the lunar year 2025 has 29 days.
        assert_eq!(checked(Lunar, Some(2025), 12, 30, false), Some(Refusal::NoSuchBirthday));
    }
}
