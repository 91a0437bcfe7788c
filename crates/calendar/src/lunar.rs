//! The traditional Chinese calendar: lunar dates, birthdays kept by them, and festivals. By GB/T 33661-2017.

use base::Day;
use chrono::Datelike;
use icu_calendar::Date;
use icu_calendar::cal::ChineseTraditional;
use icu_calendar::types::Month;

/// Lunar years of which every month is known; the months of later years are not settled by observatories yet.
const FIRST: i32 = 1901;
const LAST: i32 = 2099;

/// A day of a lunar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LunarDate {
    /// The civil year in which the lunar year begins.
    pub year: i32,
    pub at: LunarDay,
}

/// A day of any lunar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct LunarDay {
    /// 1 to 12.
    pub month: u8,
    /// In the leap month that follows the month of this number.
    pub leap: bool,
    /// 1 to 30.
    pub day: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Festival {
    Spring,
    DragonBoat,
    MidAutumn,
}

impl Festival {
    pub const ALL: [Festival; 3] = [Festival::Spring, Festival::DragonBoat, Festival::MidAutumn];

    /// Of its name.
    pub fn key(self) -> &'static str {
        match self {
            Festival::Spring => "calendar-festival-spring",
            Festival::DragonBoat => "calendar-festival-dragon_boat",
            Festival::MidAutumn => "calendar-festival-mid_autumn",
        }
    }

    pub fn at(self) -> LunarDay {
        let (month, day) = match self {
            Festival::Spring => (1, 1),
            Festival::DragonBoat => (5, 5),
            Festival::MidAutumn => (8, 15),
        };
        LunarDay { month, leap: false, day }
    }

    /// Its day in a civil year; each of them falls into the one in which the lunar year begins.
    pub fn in_year(self, year: i32) -> Option<Day> {
        LunarDate { year, at: self.at() }.day()
    }
}

impl LunarDate {
    /// `None` outside of the lunar years 1901 to 2099.
    pub fn of(day: Day) -> Option<Self> {
        let (month, of_month) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
        // Beyond the years of the crate's own range it would fail; ours lie well within.
        let iso = Date::try_new_iso(day.year(), month, of_month).ok()?;
        let lunar = iso.to_calendar(ChineseTraditional::new());
        let year = lunar.year().cyclic()?.related_iso;
        let month = lunar.month();
        let at = LunarDay { month: month.number(), leap: month.to_input().is_leap(), day: lunar.day_of_month().0 };
        (FIRST..=LAST).contains(&year).then_some(Self { year, at })
    }

    /// The civil day. `None` when that year has no such month or day, or is not known.
    pub fn day(self) -> Option<Day> {
        let known = (FIRST..=LAST).contains(&self.year) && (1..=12).contains(&self.at.month);
        let month = if self.at.leap { Month::leap(self.at.month) } else { Month::new(self.at.month) };
        let date =
            known.then(|| Date::try_new(self.year.into(), month, self.at.day, ChineseTraditional::new()).ok())??;
        let iso = date.to_calendar(icu_calendar::Iso);
        Day::from_ymd_opt(iso.year().extended_year(), iso.month().number().into(), iso.day_of_month().0.into())
    }
}

impl LunarDay {
    /// The civil day on which a birthday is kept in a lunar year. In a year without its leap month it is kept in the
    /// month before, and in a month without its 30th on the 29th.
    pub fn birthday_in(self, year: i32) -> Option<Day> {
        let plain = Self { leap: false, ..self };
        let earlier = |at: Self| Self { day: at.day.saturating_sub(1), ..at };
        let last = self.day == 30;
        [Some(self), last.then(|| earlier(self)), Some(plain), last.then(|| earlier(plain))]
            .into_iter()
            .flatten()
            .find_map(|at| LunarDate { year, at }.day())
    }

    /// The birthday on this day or the next one after it.
    pub fn next_birthday(self, day: Day) -> Option<Day> {
        let years = day.year() - 1..=day.year() + 1;
        years.filter_map(|year| self.birthday_in(year)).find(|kept| *kept >= day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn kept(month: u8, leap: bool, on: u8, year: i32) -> String {
        LunarDay { month, leap, day: on }.birthday_in(year).map(|day| day.to_string()).unwrap_or_default()
    }

    #[test]
    fn festivals_fall_on_the_days_that_the_state_council_named() {
        // From its notices on holidays of these years.
        for (year, spring, boat, autumn) in [
            (2019, "2019-02-05", "2019-06-07", "2019-09-13"),
            (2020, "2020-01-25", "2020-06-25", "2020-10-01"),
            (2023, "2023-01-22", "2023-06-22", "2023-09-29"),
            (2025, "2025-01-29", "2025-05-31", "2025-10-06"),
            (2026, "2026-02-17", "2026-06-19", "2026-09-25"),
        ] {
            let days =
                Festival::ALL.map(|festival| festival.in_year(year).map(|day| day.to_string()).unwrap_or_default());
            assert_eq!(days, [spring, boat, autumn]);
        }
    }

    #[test]
    fn a_birthday_in_a_leap_month_is_kept_in_the_month_before_when_the_year_has_none() {
        // 2025 has a leap sixth month, 2026 has none.
        assert_eq!(LunarDate::of(day("2025-07-25")).map(|lunar| (lunar.at.month, lunar.at.leap)), Some((6, true)));
        assert_eq!(kept(6, true, 1, 2025), "2025-07-25");
        assert_eq!(kept(6, true, 1, 2026), kept(6, false, 1, 2026));
        // Born in the ordinary sixth month, it is kept there also in a year that has both.
        assert_eq!(kept(6, false, 1, 2025), "2025-06-25");
    }

    #[test]
    fn a_birthday_on_the_30th_is_kept_on_the_29th_of_a_short_month() {
        // The twelfth month of the lunar year 2025 has 29 days: its last is the eve of 17 February 2026.
        assert_eq!(kept(12, false, 30, 2025), "2026-02-16");
        assert_eq!(kept(12, false, 29, 2025), "2026-02-16");
        assert_eq!(kept(12, false, 31, 2025), "");
    }

    #[test]
    fn the_next_birthday_may_lie_in_the_lunar_year_before() {
        let last_month = LunarDay { month: 12, leap: false, day: 8 };
        let next = last_month.next_birthday(day("2026-01-02")).map(|day| day.to_string());
        assert_eq!(next.as_deref(), Some("2026-01-26"));
        assert_eq!(last_month.next_birthday(day("2026-01-26")), Some(day("2026-01-26")));
        assert_eq!(
            last_month.next_birthday(day("2026-01-27")).map(|day| day.to_string()).as_deref(),
            Some("2027-01-15")
        );
    }

    #[test]
    fn every_day_of_two_centuries_comes_back() {
        for day in day("1901-02-19").iter_days().take_while(|day| day.year() < 2100) {
            let there = LunarDate::of(day);
            assert_eq!(there.and_then(LunarDate::day), Some(day), "{there:?}");
        }
    }

    #[test]
    fn years_that_nobody_has_settled_have_no_lunar_dates() {
        assert_eq!(LunarDate::of(day("1901-02-18")), None);
        assert_eq!(LunarDate::of(day("2101-01-01")), None);
        assert_eq!(LunarDate::of(Day::MAX), None);
        assert_eq!(Festival::Spring.in_year(2100), None);
        assert_eq!(LunarDate { year: 2026, at: LunarDay { month: 13, leap: false, day: 1 } }.day(), None);
    }
}
