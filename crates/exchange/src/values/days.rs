//! Dates as Excel counts them and as people write them.

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// The order of day, month and year where the text alone does not tell, such as `05/01/2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayOrder {
    Dmy,
    Mdy,
    /// Only needed for years of two digits, `26/1/5`.
    Ymd,
}

impl DayOrder {
    pub fn name(self) -> &'static str {
        match self {
            DayOrder::Dmy => "dmy",
            DayOrder::Mdy => "mdy",
            DayOrder::Ymd => "ymd",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [DayOrder::Dmy, DayOrder::Mdy, DayOrder::Ymd].into_iter().find(|known| known.name() == name)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayProblem {
    Unreadable,
    /// Looks like a date, but there is no such day or time.
    Impossible,
    /// Needs the mapping's `day_order`.
    Ambiguous,
    /// Outside 1900 to 2199.
    OutOfRange,
}

impl DayProblem {
    pub fn key(self) -> &'static str {
        match self {
            DayProblem::Unreadable => "import-day_unreadable",
            DayProblem::Impossible => "import-day_impossible",
            DayProblem::Ambiguous => "import-day_ambiguous",
            DayProblem::OutOfRange => "import-day_out_of_range",
        }
    }
}

type Read = Result<(NaiveDateTime, bool), DayProblem>;

/// A number in a workbook: days since the epoch, or 20260105 written as a number.
pub(super) fn from_number(number: &str, since_1904: bool) -> Read {
    if number.len() == 8 && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return from_text(number, None);
    }
    let days: f64 = number.parse().map_err(|_| DayProblem::Unreadable)?;
    if !(0.0..=120_000.0).contains(&days) {
        return Err(DayProblem::OutOfRange);
    }
    // Times are stored as fractions and come back a little off; no file means fractions of a second.
    let seconds = (days * 86_400.0).round() as i64;
    let (day, time) = (seconds / 86_400, seconds % 86_400);
    let epoch = match (since_1904, day) {
        (true, _) => (1904, 1, 1),
        // Excel believes that 1900 was a leap year (kept for files of Lotus 1-2-3): number 60 is a day that never was.
        (false, 0 | 60) => return Err(DayProblem::Impossible),
        (false, 1..60) => (1899, 12, 31),
        (false, _) => (1899, 12, 30),
    };
    let epoch = NaiveDate::from_ymd_opt(epoch.0, epoch.1, epoch.2).ok_or(DayProblem::Unreadable)?;
    let at = epoch.and_time(NaiveTime::MIN) + Duration::days(day) + Duration::seconds(time);
    in_range(at).map(|at| (at, time != 0))
}

/// 2026/1/5, 2026-01-05, 2026.1.5, 20260105, 2026年1月5日, 5-Jan-26, Jan 5, 2026, 05/01/2026 (with an order), each with an
/// optional time 8:05, 08:05:09, 上午8:05, 8:05 PM, 8时5分, `Z` or an offset; five digits are a day number of Excel.
pub(super) fn from_text(text: &str, order: Option<DayOrder>) -> Read {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    if text.len() > 60 {
        return Err(DayProblem::Unreadable);
    }
    let mut cursor = Cursor { rest: text.trim() };
    if is_excel_number(cursor.rest) {
        return from_number(cursor.rest, false);
    }
    let day = cursor.day(order)?;
    let at_end = cursor.rest.trim().is_empty();
    let (time, offset) = if at_end { (NaiveTime::MIN, None) } else { cursor.time()? };
    let at = day.and_time(time);
    let local = match offset {
        // The firm's clock is UTC+8.
        Some(minutes) => at + Duration::minutes(8 * 60 - minutes),
        None => at,
    };
    in_range(local).map(|at| (at, !at_end))
}

fn in_range(at: NaiveDateTime) -> Result<NaiveDateTime, DayProblem> {
    use chrono::Datelike;
    match (1900..2200).contains(&at.year()) {
        true => Ok(at),
        false => Err(DayProblem::OutOfRange),
    }
}

/// 20000 to 99999 with an optional fraction: 1954 to 2173.
fn is_excel_number(text: &str) -> bool {
    let (days, part) = text.split_once('.').unwrap_or((text, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    days.len() == 5 && !days.starts_with(['0', '1']) && all_digits(days) && all_digits(part)
}

struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn day(&mut self, order: Option<DayOrder>) -> Result<NaiveDate, DayProblem> {
        if let Some(month) = self.month() {
            self.skip(&[' ', '.', '-', '/']);
            let day = self.number(2)?;
            self.skip(&[',', ' ', '-', '/']);
            let year = self.year()?;
            return day_of(year, month, day);
        }
        let digits = self.digits();
        match digits.len() {
            8 => day_of(number(&digits[..4])?, number(&digits[4..6])?, number(&digits[6..])?),
            4 => self.month_and_day(number(digits)?),
            1 | 2 => self.day_first(digits, order),
            _ => Err(DayProblem::Unreadable),
        }
    }

    /// After a year of four digits.
    fn month_and_day(&mut self, year: u32) -> Result<NaiveDate, DayProblem> {
        let separator = self.one_of(&['-', '/', '.', '年']).ok_or(DayProblem::Unreadable)?;
        self.skip(&[' ']);
        let month = match self.month() {
            Some(month) => month,
            None => self.number(2)?,
        };
        let second = if separator == '年' { '月' } else { separator };
        self.skip(&[' ']);
        self.one_of(&[second]).ok_or(DayProblem::Unreadable)?;
        self.skip(&[' ']);
        let day = self.number(2)?;
        if separator == '年' {
            self.one_of(&['日', '号']);
        }
        day_of(year, month, day)
    }

    fn day_first(&mut self, first: &str, order: Option<DayOrder>) -> Result<NaiveDate, DayProblem> {
        let first_number = number(first)?;
        let separator = self.one_of(&['-', '/', '.', ' ', '年']);
        self.skip(&[' ']);
        if let Some(month) = self.month() {
            self.skip(&['-', '/', '.', ' ', ',']);
            return day_of(self.year()?, month, first_number);
        }
        let separator = separator.filter(|c| *c != ' ').ok_or(DayProblem::Unreadable)?;
        let second = self.number(2)?;
        let next = if separator == '年' { '月' } else { separator };
        self.one_of(&[next]).ok_or(DayProblem::Unreadable)?;
        let last = self.digits();
        match (separator, order, last.len()) {
            ('年', _, 1 | 2) => {
                self.one_of(&['日', '号']);
                day_of(full_year(first_number), second, number(last)?)
            }
            (_, Some(DayOrder::Ymd), 1 | 2) => day_of(full_year(first_number), second, number(last)?),
            (_, Some(DayOrder::Dmy), 2 | 4) => day_of(year_of(last)?, second, first_number),
            (_, Some(DayOrder::Mdy), 2 | 4) => day_of(year_of(last)?, first_number, second),
            (_, _, 1 | 2 | 4) => Err(DayProblem::Ambiguous),
            _ => Err(DayProblem::Unreadable),
        }
    }

    /// The time and, when it is given, its offset from UTC in minutes.
    fn time(&mut self) -> Result<(NaiveTime, Option<i64>), DayProblem> {
        self.skip(&[' ', 't', ',']);
        let mut half = self.half();
        self.skip(&[' ']);
        let hour = self.number(2)?;
        self.one_of(&[':', '时', '点']).ok_or(DayProblem::Unreadable)?;
        let minute = self.number(2)?;
        self.one_of(&['分']);
        let mut second = 0;
        if self.one_of(&[':']).is_some() || self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            second = self.number(2)?;
            self.one_of(&['秒']);
            if self.one_of(&['.']).is_some() {
                self.digits();
            }
        }
        self.skip(&[' ']);
        half = half.or_else(|| self.half());
        let offset = self.offset()?;
        if !self.rest.trim().is_empty() {
            return Err(DayProblem::Unreadable);
        }
        let hour = match (half, hour) {
            (Some(_), 0 | 13..) => return Err(DayProblem::Impossible),
            (Some(Half::Morning), 12) => 0,
            (Some(Half::Morning) | None, hour) | (Some(Half::Afternoon), hour @ 12) => hour,
            (Some(Half::Afternoon), hour) => hour + 12,
        };
        let time = NaiveTime::from_hms_opt(hour, minute, second).ok_or(DayProblem::Impossible)?;
        Ok((time, offset))
    }

    fn half(&mut self) -> Option<Half> {
        for (word, half) in
            [("上午", Half::Morning), ("下午", Half::Afternoon), ("am", Half::Morning), ("pm", Half::Afternoon)]
        {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return Some(half);
            }
        }
        None
    }

    fn offset(&mut self) -> Result<Option<i64>, DayProblem> {
        self.skip(&[' ']);
        if let Some(rest) = self.rest.strip_prefix('z') {
            self.rest = rest;
            return Ok(Some(0));
        }
        let sign = match self.one_of(&['+', '-']) {
            Some('-') => -1,
            Some(_) => 1,
            None => return Ok(None),
        };
        let digits = self.digits();
        let (hours, minutes) = match digits.len() {
            4 => (number(&digits[..2])?, number(&digits[2..])?),
            1 | 2 => match self.one_of(&[':']) {
                Some(_) => (number(digits)?, self.number(2)?),
                None => (number(digits)?, 0),
            },
            _ => return Err(DayProblem::Unreadable),
        };
        match hours <= 14 && minutes < 60 {
            true => Ok(Some(sign * i64::from(hours * 60 + minutes))),
            false => Err(DayProblem::Impossible),
        }
    }

    /// An English month, short or full.
    fn month(&mut self) -> Option<u32> {
        const MONTHS: [&str; 12] = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        let end = self.rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(self.rest.len());
        let word = &self.rest[..end];
        let at = MONTHS
            .iter()
            .position(|month| word == *month || word == &month[..3] || word == "sept" && *month == "september")?;
        self.rest = &self.rest[end..];
        u32::try_from(at + 1).ok()
    }

    fn year(&mut self) -> Result<u32, DayProblem> {
        year_of(self.digits())
    }

    fn number(&mut self, most_digits: usize) -> Result<u32, DayProblem> {
        let digits = self.digits();
        match (1..=most_digits).contains(&digits.len()) {
            true => number(digits),
            false => Err(DayProblem::Unreadable),
        }
    }

    fn digits(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits
    }

    fn one_of(&mut self, wanted: &[char]) -> Option<char> {
        let c = self.rest.chars().next().filter(|c| wanted.contains(c))?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn skip(&mut self, unwanted: &[char]) {
        self.rest = self.rest.trim_start_matches(unwanted);
    }
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

fn number(digits: &str) -> Result<u32, DayProblem> {
    digits.parse().map_err(|_| DayProblem::Unreadable)
}

fn year_of(digits: &str) -> Result<u32, DayProblem> {
    match digits.len() {
        4 => number(digits),
        2 => Ok(full_year(number(digits)?)),
        _ => Err(DayProblem::Unreadable),
    }
}

/// 00 to 69 are 2000 to 2069, 70 to 99 are 1970 to 1999.
fn full_year(two_digits: u32) -> u32 {
    if two_digits < 70 { 2000 + two_digits } else { 1900 + two_digits }
}

fn day_of(year: u32, month: u32, day: u32) -> Result<NaiveDate, DayProblem> {
    let year = i32::try_from(year).map_err(|_| DayProblem::Unreadable)?;
    NaiveDate::from_ymd_opt(year, month, day).ok_or(DayProblem::Impossible)
}
