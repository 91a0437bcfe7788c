//! A stretch of a day in which work is done, and the stretches of all kinds of days.

use std::fmt;
use std::str::FromStr;

use chrono::Weekday;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

/// Minutes of a day.
pub const DAY: u16 = 24 * 60;

/// From one time of day to another; it belongs to the day on which it opens, also when it closes after midnight.
/// Written `09:00-12:00`, `22:00-06:00`, `00:00-24:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Window {
    opens: u16,
    closes: u16,
}

/// What is wrong with the text of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowProblem {
    /// Not two times of day.
    #[error("calendar-window_unreadable")]
    Unreadable,
    /// There is no such time of day, such as 25:00.
    #[error("calendar-window_no_such_time")]
    NoSuchTime,
    /// Nothing or a whole day, nobody knows.
    #[error("calendar-window_same")]
    Same,
}

impl Window {
    /// Minutes after midnight at which it opens: 0 to 1,439.
    pub fn opens(self) -> u16 {
        self.opens
    }

    /// Minutes after the midnight before it opens; more than 1,440 when it closes on the next day.
    pub fn closes(self) -> u16 {
        self.closes
    }

    pub fn minutes(self) -> u16 {
        self.closes - self.opens
    }
}

impl FromStr for Window {
    type Err = WindowProblem;

    fn from_str(text: &str) -> Result<Self, WindowProblem> {
        let plain: String = text.nfkc().collect();
        let (opens, closes) = plain.split_once(['-', '–', '—', '~', '\u{301c}']).ok_or(WindowProblem::Unreadable)?;
        let (opens, closes) = (time(opens)?, time(closes)?);
        if opens == DAY {
            return Err(WindowProblem::NoSuchTime);
        }
        match closes {
            _ if closes == opens => Err(WindowProblem::Same),
            _ if closes < opens => Ok(Self { opens, closes: closes + DAY }),
            _ => Ok(Self { opens, closes }),
        }
    }
}

/// Minutes after midnight; 24:00 is one, too.
fn time(text: &str) -> Result<u16, WindowProblem> {
    let (hours, minutes) = text.trim().split_once(':').ok_or(WindowProblem::Unreadable)?;
    let number = |text: &str, longest: usize| match text.len() {
        length if (1..=longest).contains(&length) && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse::<u16>().map_err(|_| WindowProblem::Unreadable)
        }
        _ => Err(WindowProblem::Unreadable),
    };
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    let all = hours * 60 + minutes;
    match minutes < 60 && all <= DAY {
        true => Ok(all),
        false => Err(WindowProblem::NoSuchTime),
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let closes = match self.closes {
            late if late > DAY => late - DAY,
            same_day => same_day,
        };
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.opens / 60, self.opens % 60, closes / 60, closes % 60)
    }
}

impl TryFrom<String> for Window {
    type Error = WindowProblem;

    fn try_from(text: String) -> Result<Self, WindowProblem> {
        text.parse()
    }
}

impl From<Window> for String {
    fn from(window: Window) -> Self {
        window.to_string()
    }
}

/// The windows of a line such as `09:00-12:00, 13:30-18:00`, in the order of the day. An empty line has none.
///
/// # Errors
/// What is wrong with the first window that is none.
pub fn windows(line: &str) -> Result<Vec<Window>, WindowProblem> {
    // NFKC makes the full-width comma and semicolon plain ones; the enumeration comma stays.
    let plain: String = line.nfkc().collect();
    let parts = plain.split([',', ';', '\u{3001}', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let mut all = parts.map(Window::from_str).collect::<Result<Vec<_>, _>>()?;
    all.sort_unstable();
    Ok(all)
}

/// As `windows` reads it.
pub fn line(windows: &[Window]) -> String {
    windows.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// When work is done on each kind of day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = WorkingHours)]
pub struct Hours {
    /// Each window is written `09:00-12:00`; one that closes after midnight, `22:00-06:00`, belongs to the day it opens.
    #[schema(value_type = Vec<String>)]
    pub monday: Vec<Window>,
    #[schema(value_type = Vec<String>)]
    pub tuesday: Vec<Window>,
    #[schema(value_type = Vec<String>)]
    pub wednesday: Vec<Window>,
    #[schema(value_type = Vec<String>)]
    pub thursday: Vec<Window>,
    #[schema(value_type = Vec<String>)]
    pub friday: Vec<Window>,
    #[schema(value_type = Vec<String>)]
    pub saturday: Vec<Window>,
    #[schema(value_type = Vec<String>)]
    pub sunday: Vec<Window>,
    /// On holidays, whatever the weekday.
    #[schema(value_type = Vec<String>)]
    pub holiday: Vec<Window>,
    /// On make-up workdays, whatever the weekday.
    #[schema(value_type = Vec<String>)]
    pub make_up: Vec<Window>,
}

impl Hours {
    /// Names of the lines, in the order of `lines`.
    pub const NAMES: [&'static str; 9] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "holiday", "make_up"];

    /// The days of the week from Monday, then holidays, then make-up workdays.
    pub fn lines(&self) -> [&[Window]; 9] {
        [
            &self.monday,
            &self.tuesday,
            &self.wednesday,
            &self.thursday,
            &self.friday,
            &self.saturday,
            &self.sunday,
            &self.holiday,
            &self.make_up,
        ]
    }

    /// In the order of `lines`.
    pub fn of_lines(lines: [Vec<Window>; 9]) -> Self {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday, holiday, make_up] = lines;
        Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday, holiday, make_up }
    }

    pub fn on(&self, weekday: Weekday) -> &[Window] {
        self.lines()[weekday.num_days_from_monday() as usize]
    }

    /// Whether it makes a difference which day is a holiday.
    pub fn heed_holidays(&self) -> bool {
        self.lines().iter().any(|line| *line != self.monday.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_written_as_people_write_it() {
        for (told, kept) in [
            ("09:00-12:00", "09:00-12:00"),
            (" 9:00 – 18:30 ", "09:00-18:30"),
            ("22:00-06:00", "22:00-06:00"),
            ("22:00-24:00", "22:00-24:00"),
            ("22:00-00:00", "22:00-24:00"),
            ("00:00-24:00", "00:00-24:00"),
            ("９：００～１２：００", "09:00-12:00"),
        ] {
            let window: Window = told.parse().unwrap();
            assert_eq!(window.to_string(), kept);
            assert_eq!(kept.parse(), Ok(window));
        }
        assert_eq!("22:00-06:00".parse::<Window>().map(Window::minutes), Ok(480));
    }

    #[test]
    fn a_time_that_no_day_has_is_refused() {
        for told in ["25:00-26:00", "09:00-25:00", "09:60-10:00", "24:00-06:00", "09:00-24:01"] {
            assert_eq!(told.parse::<Window>(), Err(WindowProblem::NoSuchTime), "{told}");
        }
        for told in ["", "9-12", "09:00", "09:00-12:00-13:00", "-1:00-12:00", "09:000-12:00", "a:b-c:d", "+9:00-12:00"]
        {
            assert_eq!(told.parse::<Window>(), Err(WindowProblem::Unreadable), "{told}");
        }
        assert_eq!("09:00-09:00".parse::<Window>(), Err(WindowProblem::Same));
    }

    #[test]
    fn a_line_holds_several_windows_in_the_order_of_the_day() {
        let read = windows("13:30-18:00，09:00-12:00、 20:00-21:00").unwrap();
        assert_eq!(line(&read), "09:00-12:00, 13:30-18:00, 20:00-21:00");
        assert_eq!(windows("  "), Ok(Vec::new()));
        assert_eq!(windows("09:00-12:00 13:30-18:00"), Err(WindowProblem::Unreadable));
    }
}
